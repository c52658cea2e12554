"""``.xlsb`` → sheets, by calamine: it tells neither how a number is shown nor which rows are hidden.

Calamine makes room for every cell between the first of a sheet and the last, and ends the process where there is none
for them: one cell at the far corner is enough. So it reads in a process of its own, whose memory is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from conventool.core.errors import ProgramError
from conventool.core.problems import Place
from conventool.core.row import Cell, TypedCell
from conventool.core.workers import Apart
from conventool.files.reading import unreadable
from conventool.sources.number_formats import GENERAL
from conventool.sources.sheets import FAR_CELLS, Line, Sheet, dated, numbered

if TYPE_CHECKING:
    from pathlib import Path

    from python_calamine import CalamineSheet

__all__ = ["read_sheets"]

_MEMORY = 400_000_000
"""Bytes for calamine: some fifteen million cells, with or without anything in them."""
_TOGETHER = 100_000
"""Cells that are handed over at a time."""


def read_sheets(path: Path) -> list[Sheet]:
    """Read which sheets a workbook has.

    Args:
        path: the workbook.

    Returns:
        Its sheets in the order of their tabs, those of charts and macros left out.

    Raises:
        CalamineError, ValueError: it is damaged.
        UnreadableError: its sheets are out of all measure, told now or while lines are read.
    """
    try:
        reader = Apart(_Reader, path, _MEMORY)
        sheets = reader.call(_Reader.sheets, None)
    except ProgramError as error:
        raise unreadable(*FAR_CELLS, Place(file=str(path))) from error
    return [Sheet(name, visible, partial(_lines, path, reader, name)) for name, visible in sheets]


def _lines(path: Path, reader: Apart[_Reader], name: str) -> Iterator[Line]:
    try:
        begun = reader.call(_Reader.begin, name)
        while some := reader.call(_Reader.go_on, begun):
            yield from (line for line in some if line.cells)
    except ProgramError as error:
        raise unreadable(*FAR_CELLS, Place(file=str(path), sheet=name)) from error


class _Reader:
    """A workbook in the process that reads it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begun: list[Iterator[Line]] = []
        self._width = 1

    def sheets(self, _: None) -> list[tuple[str, bool]]:
        """Name and visibility of each sheet."""
        from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 (only here)

        with self._path.open("rb") as file, _without_panic():  # by its content: its name may be that of another kind
            self._workbook = CalamineWorkbook.from_filelike(file)
        return [
            (sheet.name, sheet.visible == SheetVisibleEnum.Visible)
            for sheet in self._workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        ]

    def begin(self, name: str) -> int:
        """Begin to read a sheet; the number by which that goes on."""
        with _without_panic():
            sheet = self._workbook.get_sheet_by_name(name)
        self._begun.append(_lines_of(sheet))
        self._width = max(self._width, sheet.width)
        return len(self._begun) - 1

    def go_on(self, begun: int) -> list[Line]:
        """Some more lines of a sheet; an empty list at its end."""
        with _without_panic():
            return list(islice(self._begun[begun], max(1, _TOGETHER // self._width)))


class _without_panic:  # noqa: N801 (used as a function is)
    """A panic of Rust, which is no ``Exception`` and cannot travel to another process, as an error that can."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        """Tell of a panic as of any damage."""
        if error is not None and not isinstance(error, Exception):
            raise ValueError(str(error)) from None


def _lines_of(sheet: CalamineSheet) -> Iterator[Line]:
    before = [""] * (sheet.start[1] if sheet.start else 0)  # empty columns before the table are not given
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [*before, *map(_cell, row)]
        while cells and not cells[-1]:
            cells.pop()
        yield Line(number, cells)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return TypedCell(value, "VRAI" if value else "FAUX")
    if isinstance(value, date):
        return dated(value, None)
    if isinstance(value, int | float):
        return numbered(repr(value), GENERAL)
    return str(value)
