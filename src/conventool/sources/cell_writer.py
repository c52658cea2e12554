"""The way back of a cell: into a workbook, with the type and the format that it was read with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from conventool.core.row import Cell, TypedCell
from conventool.sources.formulas import ERRORS, NOT_AVAILABLE
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
            self._sheet.write_datetime(row, column, value, self._format(cell.number_format or "dd/mm/yyyy"))
        else:
            self._sheet.write_number(row, column, value, self._format(cell.number_format))

    def _format(self, code: str) -> Any:
        if code not in self._formats:
            self._formats[code] = self._book.add_format({"num_format": code or "General"})
        return self._formats[code]


def cell_text(text: str) -> str:
    """The text as a cell can hold it."""
    return NOT_IN_XML.sub("", text)[:LONGEST]
