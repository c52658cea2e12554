"""What every data file becomes: rows of plain values, each with the place it came from."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from conventool.core.problems import NOWHERE, Place, Problem

__all__ = ["REASONS", "REJECTS_HEAD", "Cell", "Path", "Row", "RowSource", "TypedCell", "Value", "dotted", "shown"]

REASONS = "Motifs du rejet"
"""Header of the column that tells why rows were rejected, in the file in which they are given back."""

REJECTS_HEAD = "# Adhérents rejetés : à corriger, puis à redonner à conventool."
"""First line of a YAML file of rejected rows."""

Value: TypeAlias = "str | bool | date | Mapping[str, Value] | Sequence[Value] | None"
"""A text exactly as the user wrote it, never a number: "02100" stays "02100".

A date or a truth value only where the file's own type says so (a workbook's cell); of a workbook's number, what
the sheet shows. None is an empty cell or null.
"""

Path: TypeAlias = "tuple[str | int, ...]"
"""The way to a value: ``("representant", "nom")``."""


def dotted(way: Path) -> str:
    """The way as problems name a field: ``representant.nom``; ranks from 0."""
    return ".".join(map(str, way))


class TypedCell(NamedTuple):
    """A workbook's cell that is no text.

    Attributes:
        value: what it holds; None where it holds nothing to read: its formula failed, or was never calculated.
        shown: what the sheet shows of it, as in a French spreadsheet: ``01000``, ``5,5 %``, ``#N/A``.
        number_format: the code that makes one of the other (ISO/IEC 29500-1, 18.8.31); empty where the file has none
            or none is known.
    """

    value: bool | int | float | date | datetime | None
    shown: str
    number_format: str = ""


Cell: TypeAlias = "str | TypedCell"
"""A cell of a table: a text, empty for an empty cell, or a cell with a type."""


def shown(cell: Cell) -> str:
    """What a cell shows."""
    return cell if isinstance(cell, str) else cell.shown


class Row(NamedTuple):
    """One adherent's data as the file gives it, nothing checked yet.

    Attributes:
        values: nested fields, as in a YAML file; a table's ``representant_nom`` is nested too.
        place: where the row begins.
        places: the place of each value that has one of its own.
        problems: what the file's reader found wrong in this row (a duplicate key, a wrong charset).
        cells: for a table, every cell of the row as read, in the order of the source's headers, to be given back in a
            file of rejects; more than there are headers where the row is too long, fewer where it is short.
        keys: the place of each field's name, where the file writes it beside the value.
        text: of a row of YAML, how it is written.
        texts: what the sheet shows of each value that is no text: a date, a truth value.
    """

    values: Mapping[str, Value]
    place: Place = NOWHERE
    places: Mapping[Path, Place] = {}
    problems: tuple[Problem, ...] = ()
    cells: Sequence[Cell] = ()
    keys: Mapping[Path, Place] = {}
    texts: Mapping[Path, str] = {}
    text: str = ""

    @property
    def folder(self) -> pathlib.Path:
        """The folder where the paths that it names begin: that of its file."""
        return pathlib.Path(self.place.file or "").parent

    def with_values(self, fixed: Mapping[tuple[str, ...], Value]) -> Row:
        """The same row with other values, each at a path."""
        values = _copied(self.values)
        for (*sections, name), value in fixed.items():
            section = values
            for key in sections:
                inner = section.get(key)
                inner = inner if isinstance(inner, dict) else {}
                section[key] = inner
                section = inner
            section[name] = value
        return self._replace(values=values)

    def where(self, path: Path) -> Place:
        """The place of the value at ``path``, else of the nearest that holds it, else of the row."""
        return _nearest(self.places, path, self.place)

    def where_named(self, path: Path) -> Place:
        """The place of the field's name at ``path``, else of the nearest that holds it, else of the row."""
        return _nearest(self.keys, path, self.place)


def _nearest(places: Mapping[Path, Place], path: Path, row: Place) -> Place:
    """The place at a path, or at the longest beginning of it that has one; else that of the row."""
    while path and path not in places:
        path = path[:-1]
    return places[path] if path else row


def _copied(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: _copied(value) if isinstance(value, Mapping) else value for name, value in values.items()}


@dataclass(eq=False, repr=False)
class RowSource:
    """Rows of a file, read again from the file each time they are asked for.

    Attributes:
        file: the file, as the user named it.
        described: what it was taken for, in French: ``CSV, UTF-8, séparateur «;», en-têtes ligne 1``.
        read: begins to read the rows.
        recognised: the field that each known column holds, by header, in their order; empty for YAML.
        headers: all the headers of a table, as they are written, for a file with the same columns; empty for YAML. The
            column of reasons, in a file of rejects that is given back, is not among them, nor its cells in the rows.
        fields: for each of these headers, the paths of the fields that its column holds; none for one left aside.
        unknown: by their ranks in the cells of a row, the headers that mean nothing to the template.
        given_back: whether these are rows that a run rejected, with their reasons.
        problems: what is to be said of the table as a whole: of its columns at once, of rows that were left out or are
            hidden once all rows were read.
        incomplete: the columns without which no row can be accepted, where some are missing.
    """

    file: str
    described: str
    read: Callable[[], Iterator[Row]]
    recognised: Mapping[str, str]
    headers: tuple[str, ...] = ()
    fields: tuple[tuple[str, ...], ...] = ()
    unknown: Mapping[int, str] = field(default_factory=dict)
    given_back: bool = False
    problems: Sequence[Problem] = ()
    incomplete: Problem | None = None

    @property
    def is_folder(self) -> bool:
        """Is it a folder of files, each with its own lines?"""
        return pathlib.Path(self.file).is_dir()

    @property
    def folder(self) -> pathlib.Path:
        """The folder where the paths that its rows name begin."""
        file = pathlib.Path(self.file)
        return file if self.is_folder else file.parent

    def __iter__(self) -> Iterator[Row]:
        """The rows, from the first."""
        return self.read()
