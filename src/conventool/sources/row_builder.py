"""The cells of a line → the values of a row: each by its type, those that cannot be taken told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from conventool.adherent.person import gender_of_civility
from conventool.adherent.split_cells import split_cell
from conventool.core.problems import Place, Problem
from conventool.core.row import Cell, Path, TypedCell, Value, dotted
from conventool.sources.example_cells import is_example
from conventool.sources.formulas import ERRORS, text_of_formula
from conventool.sources.own_columns import Meaning

__all__ = ["CellPlaces", "RowBuilder", "shows_day"]


class RowBuilder:
    """The values of a row, and what was wrong with its cells."""

    __slots__ = ("_addresses", "_places", "problems", "texts", "values")

    def __init__(self, places: Mapping[Path, Place], *, addresses: bool) -> None:
        self._places = places
        self._addresses = addresses
        self.values: dict[str, Value] = {}
        self.texts: dict[Path, str] = {}
        self.problems: list[Problem] = []

    def set(self, path: Path, value: Value) -> None:
        """Give a field its value."""
        *sections, name = path
        values = self.values
        for section in sections:
            inner = values.setdefault(str(section), {})
            assert isinstance(inner, dict)
            values = inner
        values[str(name)] = value

    def take(self, path: Path, cell: Cell) -> None:
        """Take a cell as the value of a field."""
        if isinstance(cell, str):
            if cell in ERRORS:
                self._refuse("failed-cell", path, cell, _FAILED, "Corrigez-la, ou mettez la valeur à sa place.")
            elif is_example(cell) and not self._addresses:
                self.refuse_example([dotted(path)], cell)
            else:
                self.set(path, text_of_formula(cell) if cell.startswith("=") else cell)
        elif cell.value is None:
            self._refuse("failed-cell", path, cell.shown, _FAILED, "Corrigez-la, ou mettez la valeur à sa place.")
        else:
            self._take_typed(path, cell, cell.value)

    def _take_typed(self, path: Path, cell: TypedCell, value: bool | float | date) -> None:
        if isinstance(value, bool):
            self.set(path, value)
            self.texts[path] = cell.shown
        elif not isinstance(value, date):
            if cell.shown:
                self.set(path, cell.shown)
        elif self._addresses or shows_day(cell.shown, value):
            self.set(path, value.date() if isinstance(value, datetime) else value)
            self.texts[path] = cell.shown
        else:
            message = f"Cette cellule montre « {cell.shown} », et le tableur l’a prise pour le {value:%d/%m/%Y}."
            hint = "Écrivez la date entière ; si ce n’en est pas une, mettez la cellule au format Texte et retapez-la."
            self._refuse("ambiguous-date", path, cell.shown, message, hint)

    def part(self, meaning: Meaning, text: str) -> None:
        """Take a cell that holds several fields."""
        parts = split_cell(meaning.fields, text)
        if parts is None:
            message = f"« {text} » ne se laisse pas partager entre {len(meaning.fields)} champs."
            hint = _HOW_TO_SHARE.get(meaning.fields[0], _HOW_TO_SHARE["representant.nom"])
            for field in meaning.fields:
                self._refuse("shared-cell", tuple(field.split(".")), text, message, hint)
            return
        if self._says_another_civility(parts):  # whoever reads the name tells it
            parts = {**parts, "representant.nom": f"{parts[_CIVILITY]} {parts.get('representant.nom', '')}".strip()}
            parts = {field: value for field, value in parts.items() if field != _CIVILITY}
        for field, value in parts.items():
            self.set(tuple(field.split(".")), value)

    def _says_another_civility(self, parts: Mapping[str, str]) -> bool:
        """Whether a cell names a person by another civilité than the column of these does."""
        person = self.values.get("representant")
        given = person.get("civilite") if isinstance(person, Mapping) else None
        told = parts.get(_CIVILITY)
        if not (told and isinstance(given, str)):
            return False
        return gender_of_civility(told) is not gender_of_civility(given)

    def refuse_example(self, fields: Sequence[str], text: str) -> None:
        """Refuse a cell that still shows what to write, in a row of which others were filled in."""
        message = f"« {text} » est encore l’exemple."
        hint = "Écrivez la valeur de l’adhérent, ou videz la cellule ; si toute la ligne est un exemple, supprimez-la."
        for field in fields:
            self._refuse("example-left", tuple(field.split(".")), text, message, hint)

    def _refuse(self, code: str, path: Path, value: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code, message, hint, dotted(path), value, self._places[path]))


_CIVILITY = "representant.civilite"
_FAILED = "La formule de cette cellule n’a pas de valeur : elle a échoué dans le tableur, ou n’y a jamais été calculée."
_HOW_TO_SHARE = {
    **dict.fromkeys(
        ["code_postal", "commune"], "Écrivez par exemple « 59280 Armentières », ou faites-en deux colonnes."
    ),
    **dict.fromkeys(
        ["decision.numero", "decision.date"],
        "Écrivez par exemple « n° 2026-12 du 27/03/2026 », ou faites-en deux colonnes.",
    ),
    "representant.nom": (
        "Écrivez par exemple « Mme Jeanne MARTIN », le nom en capitales, ou faites-en plusieurs colonnes."
    ),
}


def shows_day(text: str, day: date) -> bool:
    """Whether a date can be read from what its cell shows: what is not there, the spreadsheet has made up."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    if day.day not in numbers:
        return False
    numbers.remove(day.day)
    return day.year in numbers or day.year % 100 in numbers or f"{day:%Y%m%d}" in text


class CellPlaces(Mapping[Path, Place]):
    """The address of each cell of a row, made when it is asked for."""

    __slots__ = ("_header_of", "_place")

    def __init__(self, header_of: Mapping[Path, str], place: Place) -> None:
        self._header_of = header_of
        self._place = place

    def __getitem__(self, path: Path) -> Place:
        """The place of the cell that holds a field."""
        place = self._place
        return Place(place.file, place.sheet, place.line, self._header_of[path])

    def __contains__(self, path: object) -> bool:
        """Whether a column holds this field."""
        return path in self._header_of

    def __iter__(self) -> Iterator[Path]:
        """The fields that columns hold."""
        return iter(self._header_of)

    def __len__(self) -> int:
        """How many fields columns hold."""
        return len(self._header_of)
