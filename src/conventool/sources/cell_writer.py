"""The way back of a cell: into a workbook, with the type and the format that it was read with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from conventool.core.row import Cell, TypedCell
from conventool.sources.formulas import ERRORS, NOT_AVAILABLE
from conventool.sources.number_formats import GENERAL
from conventool.sources.row_builder import shows_day
from conventool.sources.sheets import dated, numbered
from conventool.text.cleaning import NOT_IN_XML

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["LONGEST", "CellWriter", "cell_text"]

LONGEST = 32_767
"""Characters that a cell holds."""


class CellWriter:
    """Writes cells with their types and formats."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self._book = book
        self._sheet = sheet
        self._formats: dict[str, Any] = {}

    def write(self, row: int, column: int, cell: Cell) -> None:
        """Write a cell."""
        if isinstance(cell, str):
            if cell:
                self._sheet.write_string(row, column, cell_text(cell))
            return
        self._write_typed(row, column, cell)

    def _write_typed(self, row: int, column: int, cell: TypedCell) -> None:
        value = cell.value
        if value is None:  # a formula that failed, or was never calculated
            failed = cell.shown if cell.shown in ERRORS and cell.shown.startswith("#") else NOT_AVAILABLE
            self._sheet.write_formula(row, column, f"={failed}", None, failed)
        elif isinstance(value, bool):
            self._sheet.write_boolean(row, column, value)
        elif isinstance(value, date):
            self._sheet.write_datetime(
                row, column, value, self._format(cell.number_format or _day_format(value, cell.shown))
            )
        elif cell.number_format or cell.shown == numbered(str(value), GENERAL).shown:
            self._sheet.write_number(row, column, value, self._format(cell.number_format))
        else:  # what the file showed of it has no code: it is what counts
            self._sheet.write_string(row, column, cell_text(cell.shown))

    def _format(self, code: str) -> Any:
        if code not in self._formats:
            self._formats[code] = self._book.add_format({"num_format": code or "General"})
        return self._formats[code]


_DAY_FORMATS = (
    *("dd/mm/yyyy", "dd/mm/yy", "d mmmm yyyy", "dddd d mmmm yyyy", "d mmm yyyy", "d-mmm-yy", "yyyy-mm-dd"),
    *("dd/mm/yyyy hh:mm", "mmm yyyy", "mmm-yy", "mmm yy", "mmmm yyyy", "mm/yyyy", "yyyy-mm", "yyyy", "d mmm", "d-mmm"),
    *("d mmmm", "dd/mm", "hh:mm"),
)
"""Usual codes of dates; those that show the whole day come first."""


def _day_format(value: date, shown: str) -> str:
    """The code for a date of a file that has none: one that shows the same, else one that shows as much of the day."""
    found = next((code for code in _DAY_FORMATS if dated(value, None, code).shown == shown), None)
    return found or (_DAY_FORMATS[0] if not shown or shows_day(shown, value) else "mmm yyyy")


def cell_text(text: str) -> str:
    """The text as a cell can hold it."""
    return NOT_IN_XML.sub("", text)[:LONGEST]
