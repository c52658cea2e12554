"""The fields of a template's own that a filled document says, as a data file would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import Row
from conventool.returned.comparison import Comparison
from conventool.returned.extraction import iso_day
from conventool.returned.said_words import day_said
from conventool.returned.slots import Slot
from conventool.returned.wrapped_lines import unwrapped
from conventool.returned.written_dates import says_a_day
from conventool.template.field_values import FieldReader, label
from conventool.template.fields import Champ
from conventool.text.dates import date_or_none
from conventool.text.french import fold
from conventool.text.number_pictures import number_in_picture
from conventool.text.numbers import NumberError, parse_number
from conventool.text.stories import LINE_END

__all__ = ["own_fields"]

_DOTS = ".…_ \u00a0"


def own_fields(pieces: Sequence[Comparison], place: Place) -> tuple[dict[str, Any], list[Problem]]:
    """Read the template's own fields in the pieces of one adherent.

    Args:
        pieces: each beside its template, the convention first.
        place: of the convention, for the problems.

    Returns:
        By name, what it says: texts and lists, as ``fill`` takes them; and what is missing or wrong in them.
    """
    manifest = pieces[0].template.folder.manifest
    said: dict[str, Any] = {}
    controls: dict[str, str] = {}
    problems = []
    unread: set[str] = set()
    slots = [(piece, slot) for piece in pieces for slot in piece.template.slots.values()]
    for one, slot in slots:
        for group, name in slot.own.items():
            value = _said(slot, group, one, manifest.champs[name])
            if value is None:
                continue
            is_day = manifest.champs[name].type == "date" and date_or_none(value)
            if manifest.champs[name].type == "date" and not (is_day or says_a_day(slot.picture(group))):
                at = place._replace(file=str(one.path), control=slot.address)
                problems.append(_unread(label(name, manifest.champs[name]), value, at))
                unread.add(name)
                continue
            if said.setdefault(name, value) != value:
                called = label(name, manifest.champs[name])
                message = f"« {called} » est ici « {value} », et ailleurs « {said[name]} »."
                at = place._replace(file=str(one.path), control=slot.address)
                hint = "Vérifiez lequel est juste."
                problems.append(Problem("not-reproduced", message, hint, name, str(value), at, Severity.WARNING))
            controls.setdefault(name, slot.address)
    _, _, found = FieldReader(manifest.champs, adherent=False).read(Row(said, place))
    for problem in found:
        if problem.severity is not Severity.NOTICE and problem.field not in unread - said.keys():
            control = controls.get((problem.field or "").partition(".")[0])
            problems.append(problem._replace(place=place._replace(control=control)))
    return said, problems


def _unread(called: str, shown: str, place: Place) -> Problem:
    message = f"« {called} » : le document n’en imprime que « {shown} », qui ne dit pas le jour."
    return Problem("not-read-back", message, "Complétez les données à la main.", place=place, severity=Severity.NOTICE)


def _said(slot: Slot, group: str, comparison: Comparison, champ: Champ) -> Any:
    """What a slot says of a field; None where it says nothing, or still shows its prompt."""
    text = comparison.values.get(slot.address, "")
    if slot.items is not None:
        items = slot.items.split(text, on_paper=not comparison.returned.is_word) or []
        return [_element(item, champ.champs, slot, comparison) for item in items] or None
    match = None if slot.shows_prompt(text) else slot.match(text)
    if match is None:
        return None
    return _written(champ, match[group or 0] or "", slot, comparison, slot.pictures.get(group, ("", "")))


def _element(
    item: Mapping[str, str], champs: Mapping[str, Champ], slot: Slot, comparison: Comparison
) -> dict[str, Any]:
    values = {name: _written(champs[name], text, slot, comparison) for name, text in item.items() if name in champs}
    return {name: value for name, value in values.items() if value is not None}


def _written(
    champ: Champ, text: str, slot: Slot, comparison: Comparison, written: tuple[str, str] = ("", "")
) -> str | None:
    """A value as a data file has it, each of its lines on its own; ``written`` is the filter and the picture."""
    way, picture = written
    text = unwrapped(text.strip()).replace(LINE_END, "\n")
    if champ.type == "oui-non":
        return {"": None, "☐": "non"}.get(text and slot.compared(text), "oui")
    if not text.strip(_DOTS):
        return None
    if champ.type == "date":
        return iso_day(day_said(comparison, slot, text, picture))
    if way == "nombre" or champ.type in {"entier", "montant"}:
        return _figures(text, picture)
    return next((choice for choice in champ.choix if fold(choice) == fold(text)), text)


def _figures(text: str, picture: str) -> str:
    """A number as a data file has it; what is none as it is."""
    with suppress(NumberError):
        number = number_in_picture(text, picture) if picture else parse_number(text)
        return text if number is None else str(number).replace(".", ",")
    return text
