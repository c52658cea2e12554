"""``.xls`` and ``.xlsb`` → sheets, by calamine: it tells neither how a number is shown nor which rows are hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from conventool.core.row import Cell, TypedCell
from conventool.sources.number_formats import GENERAL
from conventool.sources.sheets import Line, Sheet, dated, numbered

if TYPE_CHECKING:
    from pathlib import Path

    from python_calamine import CalamineSheet

__all__ = ["read_sheets"]


def read_sheets(path: Path) -> list[Sheet]:
    """Read which sheets a workbook has.

    Args:
        path: the workbook.

    Returns:
        Its sheets in the order of their tabs, those of charts and macros left out.

    Raises:
        CalamineError: it is damaged. Where the reader panics, that is its own exception, which is no ``Exception``.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 (only here)

    with path.open("rb") as file:  # by its content: its name may be that of another kind
        workbook = CalamineWorkbook.from_filelike(file)
    return [
        Sheet(
            sheet.name,
            sheet.visible == SheetVisibleEnum.Visible,
            partial(_lines, workbook.get_sheet_by_name(sheet.name)),
        )
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
    ]


def _lines(sheet: CalamineSheet) -> Iterator[Line]:
    before = [""] * (sheet.start[1] if sheet.start else 0)  # empty columns before the table are not given
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [*before, *map(_cell, row)]
        if any(cells):
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
