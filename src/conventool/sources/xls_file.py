"""``.xls`` → sheets, by xlrd: how a number is shown, which rows and columns are hidden, which formulas failed.

xlrd names the cells of [MS-XLS] by constants; the format that shows a cell is that of its extended format (2.4.353).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from conventool.core.row import Cell, TypedCell
from conventool.sources.number_formats import BUILT_IN, GENERAL
from conventool.sources.sheets import Line, Sheet, numbered

if TYPE_CHECKING:
    from pathlib import Path

    from xlrd.book import Book  # type: ignore[import-untyped]

__all__ = ["read_sheets"]


def read_sheets(path: Path) -> list[Sheet]:
    """Read which sheets a workbook has.

    Args:
        path: the workbook.

    Returns:
        Its sheets in the order of their tabs, those of charts and macros left out.

    Raises:
        ValueError: it is damaged.
    """
    import xlrd  # type: ignore[import-untyped] # noqa: PLC0415 (only here)

    try:
        book = xlrd.open_workbook(
            file_contents=path.read_bytes(), formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
    except OSError:
        raise
    except Exception as error:  # a file that is no workbook may lead it anywhere
        raise ValueError(str(error)) from error
    return [
        Sheet(sheet.name, sheet.visibility == 0, partial(_lines, book, rank), partial(_hidden_columns, book, rank))
        for rank, sheet in enumerate(book.sheets())
    ]


def _hidden_columns(book: Book, rank: int) -> set[int]:
    return {column for column, about in book.sheet_by_index(rank).colinfo_map.items() if about.hidden}


def _lines(book: Book, rank: int) -> Iterator[Line]:
    sheet = book.sheet_by_index(rank)
    for row in range(sheet.nrows):
        cells = [_cell(book, rank, row, column) for column in range(sheet.row_len(row))]
        if any(cells):
            about = sheet.rowinfo_map.get(row)
            yield Line(row + 1, cells, about is not None and bool(about.hidden))


def _cell(book: Book, rank: int, row: int, column: int) -> Cell:
    import xlrd  # noqa: PLC0415 (only here)

    sheet = book.sheet_by_index(rank)
    value = sheet.cell_value(row, column)
    match sheet.cell_type(row, column):
        case xlrd.XL_CELL_TEXT:
            return str(value).strip()
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            code = _format(book, sheet.cell_xf_index(row, column))
            return numbered(repr(value), code, since_1904=bool(book.datemode))
        case xlrd.XL_CELL_BOOLEAN:
            return TypedCell(bool(value), "VRAI" if value else "FAUX")
        case xlrd.XL_CELL_ERROR:
            return TypedCell(None, xlrd.error_text_from_code.get(value, "#N/A"))
    return ""


def _format(book: Book, style: int) -> str:
    """The number format of an extended format; those that the file need not write are the program's own."""
    key = book.xf_list[style].format_key
    written = book.format_map.get(key)
    return BUILT_IN.get(key) or (written.format_str if written else GENERAL)
