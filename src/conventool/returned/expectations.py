"""What stands in the blanks of a returned document, held against what should: data, or the document as it was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nsmallest
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from conventool.core.problems import Problem, Severity
from conventool.register.communes import Register
from conventool.returned.comparison import Comparison
from conventool.returned.confusables import is_alike, skeleton
from conventool.returned.documents import Returned
from conventool.returned.slots import Slot
from conventool.returned.template_pattern import TemplatePattern
from conventool.sources import read_rows
from conventool.template.bindings import Binder, Conditions
from conventool.template.data import Data, DataReader, own_columns
from conventool.template.field_values import ABSENT
from conventool.text.stories import levelled, squeezed
from conventool.word.controls import Control
from conventool.word.values import Blank, Value, prepare

__all__ = [
    "Expected",
    "as_sent",
    "controls_of",
    "copy_of",
    "differing_values",
    "expected",
    "nearest",
    "printed",
    "told_apart",
    "unexpected",
]


_LIKELIEST = 12
"""How many of the adherents that a document may be of are compared with it closely: more than one has copies."""
_TELLING = frozenset({"nom", "adresse", "representant"})
"""The words that tell an adherent from the others."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What one copy for one adherent must say.

    Attributes:
        adherent: its name.
        copy: key of the copy.
        values: by address, the text that its control prints; those left for a person to write are missing.
        keys: each address with the skeleton of its text.
        rank: of its row in the data, by which the pieces of one adherent are told; None for a file as it was sent.
    """

    adherent: str
    copy: str
    values: Mapping[str, str]
    keys: frozenset[tuple[str, str]]
    rank: int | None = None

    @classmethod
    def of(cls, adherent: str, copy: str, texts: Mapping[str, str | None], rank: int | None = None) -> Expected:
        """Leave out what a person is to write: None, or a line of dots."""
        values = {a: text for a, text in texts.items() if text is not None and (text.strip(".…_ \n") or not text)}
        return cls(adherent, copy, values, frozenset((a, skeleton(text)) for a, text in values.items()), rank)


def copy_of(comparison: Comparison) -> str:
    """Key of the copy that the document says it is; empty where it does not say."""
    for key, own in comparison.template.copies.items():
        if own and all(squeezed(comparison.values.get(address, "")) == squeezed(text) for address, text in own.items()):
            return key
    return ""


def expected(
    templates: Iterable[TemplatePattern], data: Path, today: date
) -> tuple[dict[str, list[Expected]], list[Problem]]:
    """What each copy of each adherent's document must say.

    Args:
        templates: the templates that the documents may be of.
        data: the file that they were filled from.
        today: the day that dates are judged by.

    Returns:
        By the template's key, what its documents must say; and what is wrong with the adherents left out.

    Raises:
        ConventoolError: the data cannot be read.
    """
    register = Register.open()
    wanted: dict[str, list[Expected]] = {}
    unsound: dict[int, list[Problem]] = {}
    read: set[int] = set()
    for template in templates:
        reader = DataReader.of(template.folder, register, today)
        given: dict[int, Data] = {}
        for rank, row in enumerate(
            read_rows(data, own=own_columns(template.folder.manifest, template.folder.catalogue))
        ):
            one, problems = reader.read(row)
            if one is None:
                unsound[rank] = min(unsound.get(rank, problems), problems, key=len)  # of the template that it is for
            else:
                given[rank] = one
                read.add(rank)
        wanted[template.key] = list(_copies(template, given))
    told = (problem for rank, problems in unsound.items() if rank not in read for problem in problems)
    return wanted, [problem for problem in told if problem.severity is Severity.ERROR]


def _copies(template: TemplatePattern, given: Mapping[int, Data]) -> Iterator[Expected]:
    binder = Binder(template.folder)
    slots = controls_of(template)
    conditions = Conditions({"": template.folder})
    for rank, data in given.items():
        adherent = data.adherent
        for copy in binder.copies(*data) if conditions.met(*data) else ():
            texts = printed(template, copy.values, slots)
            yield Expected.of(adherent.nom if adherent else copy.fichier, copy.cle, texts, rank)


def controls_of(template: TemplatePattern) -> dict[str, list[tuple[str, Control]]]:
    """By address of the manifest, the slots that its value goes to and their controls: all those of one tag."""
    found = {}
    for address in template.folder.manifest.controles:
        first, *others = template.folder.document.find_all(address)
        found[address] = [(address, first), *((control.address, control) for control in others)]
    return found


def printed(
    template: TemplatePattern, values: Mapping[str, Value], slots: Mapping[str, Sequence[tuple[str, Control]]]
) -> dict[str, str | None]:
    """What values of the manifest's controls print, by the address of each slot that they go to.

    Args:
        template: which they are written into.
        values: by address of the manifest.
        slots: of the template, as `controls_of` gives them.
    """
    found: dict[str, str | None] = {}
    for address, value in values.items():
        texts = {slot: _printed(template, slot, control, value) for slot, control in slots[address]}
        if isinstance(value, date):  # a text of the same tag shows it as its date control does
            shown = next((texts[slot] for slot, control in slots[address] if control.kind == "date"), None)
            texts = {slot: shown if text is None else text for slot, text in texts.items()}
        found |= texts
    return found


def _printed(template: TemplatePattern, address: str, control: Control, value: Value) -> str | None:
    """What a value prints; None where a person is to write, or where it is no text."""
    if value is ABSENT:  # an optional field that was left empty is no line to write on
        return ""
    filling = Problem("blank", "") if isinstance(value, Blank) else prepare(control, value, runs=True)
    if isinstance(filling, Problem):
        return None
    if filling.form in {"checked", "unchecked"}:
        return "☒" if filling.form == "checked" else "☐"
    if filling.form == "items":
        return _printed_items(template, address, control, filling.items)
    return levelled("".join(filling.pieces))


def _printed_items(
    template: TemplatePattern, address: str, section: Control, items: Sequence[Mapping[str, Value]]
) -> str | None:
    """What the elements of a repeating section print; None where a part of them is no text."""
    pattern = template.slots[address].items
    if pattern is None:
        return None
    find = template.folder.document.find
    printed = [
        {name: _printed(template, address, find(name, section), value) for name, value in item.items()}
        for item in items
    ]
    told = [{name: text for name, text in item.items() if text is not None} for item in printed]
    drawn = any(map(template.folder.document.draws_box, template.folder.document.first_item(section)))
    return levelled(pattern.text(told)) if told == printed and not drawn else None


def as_sent(path: Path, adherent: str, copy: str, template: TemplatePattern) -> Expected:
    """What the batch's own file says, or the pages of a PDF that are of a piece of it.

    Raises:
        ConventoolError: it cannot be read.
    """
    *_, (returned, _) = Returned(path).parted([template])
    comparison = Comparison.of(returned, template)
    slots = comparison.template.slots  # on paper there are more
    texts = {
        address: None if slots[address].shows_prompt(text) else slots[address].compared(text)
        for address, text in comparison.values.items()
        if address in slots
    }
    return Expected.of(adherent, copy, texts)


def nearest(comparison: Comparison, candidates: Sequence[Expected]) -> tuple[list[str], Expected]:
    """The adherent and copy that a document is nearest to, and the addresses of its values that are not theirs."""
    values = _compared(comparison)
    keys = frozenset((address, skeleton(text)) for address, text in values.items())
    likeliest = nsmallest(_LIKELIEST, candidates, key=lambda one: len(one.keys - keys))
    return min(
        ((_differing(comparison.template, values, one), one) for one in likeliest),
        key=lambda found: len(found[0]),
        default=([], Expected.of("", "", {})),
    )


def _compared(comparison: Comparison) -> dict[str, str]:
    slots = comparison.template.slots
    return {a: slots[a].compared(text) for a, text in comparison.values.items() if a in slots}


def unexpected(comparison: Comparison, candidates: Sequence[Expected]) -> Iterator[Problem]:
    """The values of a document that are not those expected of the adherent and copy that it is nearest to."""
    slots, values = comparison.template.slots, _compared(comparison)
    if not candidates and comparison.template.folder.is_first:  # none is complete for this template
        message = "Les valeurs de ce document n’ont pas été comparées : les données n’ont pas tout ce qu’il demande."
        hint = "Donnez-lui les siennes, ou comparez-le avec --dossier."
        yield Problem("not-compared", message, hint, severity=Severity.WARNING)
        return
    differing, near = nearest(comparison, candidates)
    telling = {address for address in values if not _TELLING.isdisjoint(slots[address].words.values())}
    if not candidates or (telling and telling <= set(differing)):
        message = "Aucun adhérent prévu n’a ce nom, cette adresse ou ce représentant."
        yield Problem("not-in-data", message, "Vérifiez d’où vient ce document.")
        return
    for label, address, wanted, found in told_apart(comparison, differing, near):
        message = f"{label} : « {wanted} » → « {found} »"
        hint = f"Vérifiez ce qui était prévu pour « {near.adherent} »."
        yield Problem("altered-value", message, hint, address, found)
    yield from _cut_words(comparison, near)


def _cut_words(comparison: Comparison, wanted: Expected) -> Iterator[Problem]:
    """The values of a Word document that are those wanted but for a blank in a word or a number, or one that is gone.

    A blank of another kind, or the end of a line for a blank, is none of these.
    """
    slots = comparison.template.slots
    for address, text in _compared(comparison).items() if comparison.returned.is_word else ():
        slot, before = slots[address], wanted.values.get(address, text)
        if before != text and slot.items is None and is_alike(before, text) and _words(before) != _words(text):
            before, found = (" ".join(one.split()) for one in (before, text))
            message = f"{slot.label} : « {found} », au lieu de « {before} » : un blanc change ce qui s’y lit."
            yield Problem("altered-value", message, "Vérifiez ce passage.", address, found, severity=Severity.WARNING)


def _words(text: str) -> list[str]:
    """The words and signs of a text, by how they are drawn."""
    return [skeleton(word) for word in re.findall(r"\w+|[^\w\s]", text)]


Elements: TypeAlias = "Callable[[Slot, str], Sequence[Mapping[str, str]] | None]"
"""Gives the elements of a repeating section of a document."""


def told_apart(
    comparison: Comparison, differing: Sequence[str], wanted: Expected, elements: Elements | None = None
) -> Iterator[tuple[str, str, str, str]]:
    """The values of a document that differ from those wanted, as people are told of them.

    Args:
        comparison: the document beside its template.
        differing: the addresses of these values.
        wanted: what it must say.
        elements: of a repeating section; None to tell them apart by the template's words alone.

    Yields:
        How the control is called, its address, what is wanted and what is found: of a repeating section the elements
        that differ, on paper the values side by side as one, for nothing parts them.
    """
    slots, values = comparison.template.slots, _compared(comparison)
    split = elements or (lambda slot, text: slot.items.split(text, on_paper=True) if slot.items else None)
    for group in dict.fromkeys(map(comparison.beside, differing)):
        ones = [address for address in group if address in differing]
        before, after = (" ".join(filter(None, (said[a].strip() for a in ones))) for said in (wanted.values, values))
        if len(ones) == 1:
            before, after = _elements_apart(slots[ones[0]], before, after, split)
        yield ", ".join(slots[address].label for address in ones), ones[0], before, after


def _elements_apart(slot: Slot, wanted: str, found: str, split: Elements) -> tuple[str, str]:
    """Two values that differ; of those of a repeating section, the elements that do."""
    texts = (re.sub(r"\n{2,}", "\n", text) for text in (wanted, found))  # a row and an element both end a line
    before, after = (split(slot, text) if slot.items else None for text in texts)
    if before is None or after is None:
        return wanted, found
    gone, new = (
        [text for one in some if one not in others and (text := " ".join(filter(None, one.values())))]
        for some, others in ((before, after), (after, before))
    )
    return (" / ".join(gone), " / ".join(new)) if gone or new else (wanted, found)


def differing_values(comparison: Comparison, wanted: Expected) -> list[str]:
    """The addresses whose value in a document is not the one wanted."""
    return _differing(comparison.template, _compared(comparison), wanted)


def _differing(template: TemplatePattern, values: Mapping[str, str], wanted: Expected) -> list[str]:
    """The addresses whose value is another; values side by side are compared as one, for nothing parts them on paper.

    A value left for a person to write parts those around it.
    """
    differing, slots = list[str](), template.slots
    said = {a: t.upper() if a in slots and slots[a].in_capitals else t for a, t in wanted.values.items()}
    for group in template.neighbours:
        for is_wanted, run in groupby(group, key=lambda address: address in wanted.values and address in values):
            addresses = list(run)
            if is_wanted and not _alike(addresses, values, said):
                differing += [address for address in addresses if not _alike([address], values, said)]
    return differing


def _alike(addresses: Sequence[str], values: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Whether two sets of values are drawn alike, joined."""
    return is_alike("".join(values[a] for a in addresses), "".join(wanted[a] for a in addresses))
