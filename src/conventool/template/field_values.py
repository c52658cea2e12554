"""A row → the values of the fields that its template declares, by a Pydantic model made of the declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema, create_model

from conventool.adherent.contact import is_contact
from conventool.adherent.fields import CONTACT, Given
from conventool.adherent.plausibility import is_placeholder
from conventool.adherent.reading import printable
from conventool.core.problems import Problem, Severity
from conventool.core.row import Path as Way
from conventool.core.row import Row, dotted
from conventool.template.fields import Champ, FieldValue
from conventool.text.cleaning import clean, damage, looks_alike
from conventool.text.dates import long_date
from conventool.text.french import NBSP
from conventool.text.numbers import number_text, plural
from conventool.text.suggestions import closest, did_you_mean
from conventool.word.values import Blank

__all__ = ["ABSENT", "FieldReader", "field_definitions", "label", "shown"]

ABSENT = Blank("")
"""What a field holds that was left empty: nothing is printed, and in Word the control stays to be filled."""


def label(name: str, champ: Champ) -> str:
    """How people call a field."""
    return champ.libelle or name


def shown(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return long_date(value)
    return value if isinstance(value, str) else number_text(value)


def field_definitions(champs: Mapping[str, Champ]) -> dict[str, Any]:
    """The fields of a Pydantic model, each under a name that no attribute of a model has; its alias is its own name."""
    return {f"champ_{rank}": _definition(name, champ) for rank, (name, champ) in enumerate(champs.items())}


def _definition(name: str, champ: Champ) -> tuple[Any, Any]:
    about: dict[str, Any] = {"alias": name, "title": label(name, champ)}
    if champ.type != "liste":
        default = champ.defaut if champ.defaut is not None else False if champ.type == "oui-non" else ABSENT
        extra = {"default": shown(default)} if champ.defaut is not None else {}
        schema = {**champ.json_type, "examples": [champ.example], **extra}
        annotation: Any = Annotated[Any, BeforeValidator(champ.read), WithJsonSchema(schema)]
        return annotation, Field(... if champ.required else default, **about)
    item = create_model("Element", __config__=_CONFIG, **field_definitions(champ.champs))
    least = champ.min if champ.min is not None else int(champ.required)
    return list[item], Field(... if champ.required else [], min_length=least, max_length=champ.max, **about)


_CONFIG = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class FieldReader:
    """Reads the fields of a template in rows.

    Args:
        champs: as the manifest declares them.
        adherent: are there the fields of an adherent besides?
    """

    def __init__(self, champs: Mapping[str, Champ], *, adherent: bool) -> None:
        self._champs, self._adherent = champs, adherent
        self._model = create_model("Champs", __config__=_CONFIG, **field_definitions(champs))

    def read(self, row: Row) -> tuple[Mapping[str, FieldValue] | None, Row, list[Problem]]:
        """Take the template's own fields of a row.

        Returns:
            The values of all fields, or None if any problem is an error; what is left of the row, for an adherent; and
            the problems of these fields, each at its place.
        """
        rest = {name: value for name, value in row.values.items() if name not in self._champs}
        reading = _Reading(row)
        given = reading.cleaned(self._champs, row.values, (), ())
        values = self._validated(given, reading)
        unknown = [name for name in rest if not self._is_adherents(name)]
        reading.report_unknown(unknown, self._champs)
        rest = {name: value for name, value in rest.items() if name not in unknown}
        rest |= self._contact(values or {})
        wrong = any(problem.severity is Severity.ERROR for problem in reading.problems)
        return None if wrong else values, row._replace(values=rest), reading.problems

    def parsed(self, given: Mapping[str, Any]) -> Mapping[str, FieldValue]:
        """The values of fields that are sound as they are given.

        Raises:
            ValidationError: they are not.
        """
        return _by_name(self._model.model_validate(given), self._champs)

    def _is_adherents(self, name: str) -> bool:
        """May this be a field of the adherent? Only a field that is near to one of the template's own is not."""
        return self._adherent and (name in Given.model_fields or closest(name, self._champs) is None)

    def _contact(self, values: Mapping[str, FieldValue]) -> Mapping[str, str]:
        """By what the adherent is reached, where a field of the template's own of that name says it."""
        own = {name: values.get(name) for name in CONTACT if name in self._champs} if self._adherent else {}
        return {name: text for name, text in own.items() if isinstance(text, str) and is_contact(name, text)}

    def _validated(self, given: Mapping[str, Any], reading: _Reading) -> Mapping[str, FieldValue] | None:
        try:
            found = self._model.model_validate(given)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                reading.report(detail, self._champs)
            return None
        for name, champ in self._champs.items():
            if champ.defaut is not None and name not in given:
                reading.assume(name, champ)
        return _by_name(found, self._champs)


def _by_name(found: BaseModel, champs: Mapping[str, Champ]) -> dict[str, Any]:
    values = {name: getattr(found, f"champ_{rank}") for rank, name in enumerate(champs)}
    return {
        name: [_by_name(item, champs[name].champs) for item in value] if isinstance(value, list) else value
        for name, value in values.items()
    }


class _Reading:
    """One row on its way into the model."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self._ways: dict[Way, Way] = {}
        self._spoilt = {problem.field for problem in row.problems}
        self.problems: list[Problem] = []

    # --- what goes into the model

    def cleaned(self, champs: Mapping[str, Champ], raw: Mapping[str, Any], way: Way, loc: Way) -> dict[str, Any]:
        """The values that are not empty, by field; those that no document can hold are told and left out.

        Args:
            champs: the fields that are there.
            raw: the values.
            way: where these stand in the row.
            loc: where they stand in the model.
        """
        found: dict[str, Any] = {}
        for name, value in raw.items():
            champ = champs.get(name)
            here, inside = (*way, name), (*loc, name)
            self._ways[inside] = here
            if champ is None:
                if loc:  # in an element all fields are the list's own
                    found[name] = value
            elif champ.type == "liste":
                found |= {name: items} if (items := self._items(champ, value, here, inside)) is not None else {}
            elif (kept := self._value(champ, value, here)) is not None:
                found[name] = kept
        return found

    def _items(self, champ: Champ, raw: Any, way: Way, loc: Way) -> Any:
        """The elements of a list; those of a table stand by their number, and may leave numbers out."""
        if raw is None or raw == "":
            return None
        numbered = isinstance(raw, Mapping) and bool(self._row.cells)
        elements: list[tuple[str | int, Any]] = []
        if numbered:
            elements = sorted(raw.items(), key=lambda item: int(item[0]))
        elif isinstance(raw, Sequence) and not isinstance(raw, str):
            elements = list(enumerate(raw))
        else:
            return raw
        items = []
        for rank, (number, element) in enumerate(elements):
            self._ways[*loc, rank] = (*way, number)
            is_element = isinstance(element, Mapping)
            items.append(self.cleaned(champ.champs, element, (*way, number), (*loc, rank)) if is_element else element)
        return items

    def _value(self, champ: Champ, raw: Any, way: Way) -> Any:
        """A value as the model reads it; None for an empty one."""
        if isinstance(raw, date | bool) and champ.type in {"texte", "choix"}:
            raw = self._row.texts.get(way, str(raw))  # a text is written as the sheet shows it
        if not isinstance(raw, str):
            return raw
        field = dotted(way)
        if unusable := damage(raw):
            code, message, hint = unusable
            self._refuse(code, way, message, hint, raw)
            return None
        lines = [clean(line) for line in raw.rstrip("\n").split("\n")]
        text = "\n".join(line for line, _ in lines)
        repairs = list(dict.fromkeys(repair for _, made in lines for repair in made))
        if repairs and not looks_alike(raw, text):
            message = f"« {printable(raw.strip())} » est lu « {text} » ({', '.join(repairs)})."
            self._tell("repaired", way, message, raw)
        if text and not _is_value(champ, text) and is_placeholder(text, field):
            self._tell("placeholder", way, f"« {text} » ne dit rien : ce champ est tenu pour vide.", raw)
            return None
        return text or None

    # --- what is to be said

    def report(self, detail: Any, champs: Mapping[str, Champ]) -> None:
        """Tell one of Pydantic's findings."""
        loc: Way = detail["loc"]
        way = self._way(loc)
        field, champ = dotted(way), _champ_at(loc, champs)
        if field in self._spoilt:
            return
        error, value = detail.get("ctx", {}).get("error"), detail["input"]
        written = printable(str(value)) if isinstance(value, str | int | date) else None
        name = label(str(loc[-1]), champ) if champ else str(loc[-1])
        match detail["type"]:
            case "missing":
                self._missing(way, name, champ)
            case "value_error":
                self._refuse(error.code, way, f"{name} : {error}", error.hint, written)
            case "extra_forbidden":
                siblings = _champ_at(loc[:-2], champs)
                self.report_unknown([str(loc[-1])], siblings.champs if siblings else champs, way[:-1])
            case "too_short" | "too_long":
                least, most = detail["ctx"].get("min_length"), detail["ctx"].get("max_length")
                bound = f"au moins {least}" if least is not None else f"au plus {most}"
                elements = plural(least or most, "élément")
                message = f"{name} : il faut {bound} {elements}, il y en a {len(value)}."
                self._refuse("out-of-bounds", way, message, "Ajoutez ou ôtez des éléments.", None)
            case _:
                hint = "Écrivez chaque élément après un tiret, avec ses champs en retrait."
                self._refuse("bad-value", way, f"{name} : une liste d’éléments est attendue.", hint, written)

    def report_unknown(self, names: Sequence[str], champs: Mapping[str, Champ], way: Way = ()) -> None:
        """Tell of fields that do not exist."""
        for name in names:
            hint = did_you_mean(name, champs) or f"Champs possibles ici : {', '.join(champs)}."
            place = self._row.where_named((*way, name))
            message = f"Le champ « {printable(name)} » n’existe pas."
            self.problems.append(Problem("unknown-field", message, hint, dotted((*way, name)), place=place))
            if meant := closest(name, champs):
                self._spoilt.add(dotted((*way, meant)))
        if names:  # what one was meant for is then not missing
            self.problems = [
                one for one in self.problems if one.code != "missing-field" or one.field not in self._spoilt
            ]

    def assume(self, name: str, champ: Champ) -> None:
        """Tell the default that was taken."""
        message = f"Faute d’indication, «{NBSP}{label(name, champ)}{NBSP}» est «{NBSP}{shown(champ.defaut)}{NBSP}»."
        place = self._row.where_named((name,))
        self.problems.append(Problem("filled-in", message, field=name, place=place, severity=Severity.NOTICE))

    def _missing(self, way: Way, name: str, champ: Champ | None) -> None:
        place = self._row.where_named(way)
        example = f", par exemple « {champ.example} »" if champ and champ.type != "liste" else ""
        if not self._row.cells:
            hint = f"Ajoutez « {dotted(way)} »{example}."
        elif isinstance(place.column, str):
            hint = f"Remplissez la colonne « {place.column} »{example}."
        else:
            hint = f"Ajoutez une colonne « {name} »{example}."
        self.problems.append(Problem("missing-field", f"Il manque « {name} ».", hint, dotted(way), place=place))

    def _refuse(self, code: str, way: Way, message: str, hint: str | None, value: str | None) -> None:
        field = dotted(way)
        self._spoilt.add(field)
        written = value and printable(value)
        self.problems.append(Problem(code, message, hint, field, written, self._row.where(way)))

    def _tell(self, code: str, way: Way, message: str, value: str) -> None:
        place, severity = self._row.where(way), Severity.NOTICE
        self.problems.append(Problem(code, printable(message), None, dotted(way), printable(value), place, severity))

    def _way(self, loc: Way) -> Way:
        """Where a place in the model stands in the row."""
        for end in range(len(loc), 0, -1):
            if loc[:end] in self._ways:
                return (*self._ways[loc[:end]], *loc[end:])
        return loc


def _champ_at(loc: Way, champs: Mapping[str, Champ]) -> Champ | None:
    found = None
    for part in loc:
        if isinstance(part, str):
            found = champs.get(part)
            champs = found.champs if found else {}
    return found


def _is_value(champ: Champ, text: str) -> bool:
    """Is a text a value of a field that takes few? « x » is a yes, though elsewhere it stands for nothing."""
    try:
        return champ.type != "texte" and champ.read(text) is not None
    except ValueError:
        return False
