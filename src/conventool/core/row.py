"""What every data file becomes: rows of plain values, each with the place it came from."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

from conventool.core.problems import NOWHERE, Place, Problem

__all__ = ["Path", "Row", "RowSource", "Value"]

Value: TypeAlias = "str | bool | date | Mapping[str, Value] | Sequence[Value] | None"
"""A text exactly as the user wrote it, never a number: "02100" stays "02100".

A date or a truth value only where the file's own type says so (a workbook's cell). None is an empty cell
or null.
"""

Path: TypeAlias = "tuple[str | int, ...]"
"""The way to a value: ``("representant", "nom")``."""


class Row(NamedTuple):
    """One adherent's data as the file gives it, nothing checked yet.

    Attributes:
        values: nested fields, as in a YAML file; a table's ``representant_nom`` is nested too.
        place: where the row begins.
        places: the place of each value that has one of its own.
        problems: what the file's reader found wrong in this row (a duplicate key, a wrong charset).
        cells: for a table, every cell of the row as read, by header, to be given back in a file of rejects.
        keys: the place of each field's name, where the file writes it beside the value.
    """

    values: Mapping[str, Value]
    place: Place = NOWHERE
    places: Mapping[Path, Place] = {}
    problems: tuple[Problem, ...] = ()
    cells: Mapping[str, str] = {}
    keys: Mapping[Path, Place] = {}

    @property
    def folder(self) -> pathlib.Path:
        """The folder where the paths that it names begin: that of its file."""
        return pathlib.Path(self.place.file or "").parent

    def where(self, path: Path) -> Place:
        """The place of the value at ``path``, else of the nearest that holds it, else of the row."""
        while path:
            if path in self.places:
                return self.places[path]
            path = path[:-1]
        return self.place

    def where_named(self, path: Path) -> Place:
        """The place of the field's name at ``path``, else of the nearest that holds it, else of the row."""
        while path:
            if path in self.keys:
                return self.keys[path]
            path = path[:-1]
        return self.place


@dataclass(eq=False, repr=False)
class RowSource:
    """Rows of a file, read again from the file each time they are asked for.

    Attributes:
        file: the file, as the user named it.
        described: what it was taken for, in French: ``CSV, UTF-8, séparateur «;», en-têtes ligne 1``.
        read: begins to read the rows.
        recognised: the field that each known column holds, by header, in their order; empty for YAML.
        headers: all the headers of a table, for a file with the same columns; empty for YAML.
        problems: what is to be said of the columns.
    """

    file: str
    described: str
    read: Callable[[], Iterator[Row]]
    recognised: Mapping[str, str]
    headers: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def folder(self) -> pathlib.Path:
        """The folder where the paths that its rows name begin."""
        file = pathlib.Path(self.file)
        return file if file.is_dir() else file.parent

    def __iter__(self) -> Iterator[Row]:
        """The rows, from the first."""
        return self.read()
