"""The workbook in which people follow what becomes of the conventions: a line for each adherent."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count, islice
from typing import IO, TYPE_CHECKING

from conventool.batch.entries import Entry, File

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["NAME", "write"]

NAME = "suivi.xlsx"

_ROWS = 1_000_000
"""Adherents on a sheet, where Excel has room for 1 048 576 rows."""

_OLDEST = 315_532_800
"""1 January 1980, the first day that a zip can tell: the date of a workbook that is given none."""


def write(file: IO[bytes], copies: Mapping[str, str], entries: Iterable[Entry]) -> None:
    """Write the workbook.

    Args:
        file: receives it.
        copies: by key, whose each copy is: a column of links, and one for the date of that party's signature.
        entries: the adherents.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 (only a batch needs it)
    from xlsxwriter.worksheet import Worksheet  # noqa: PLC0415

    class RowByRow(Worksheet):  # type: ignore[misc]  # the library is not typed throughout
        """Takes rows as XML, whole: cell by cell, they take a tenth of the time of a long list."""

        def add_row(self, row: int, cells: Iterable[str]) -> None:
            self._write_single_row(row)  # the row before, where the library still holds it
            self.fh.write(f'<row r="{row + 1}">{"".join(cells)}</row>')
            self.dim_rowmax = row

    workbook = Workbook(file, {"constant_memory": True})
    created = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", _OLDEST)), UTC)
    workbook.set_properties({"title": "Suivi des conventions", "created": created.replace(tzinfo=None)})
    waiting = iter(entries)
    for number in count(1):
        worksheet = workbook.add_worksheet(f"Suivi {number}" if number > 1 else "Suivi", RowByRow)
        sheet = _Sheet(workbook, worksheet, copies)
        if sheet.fill(waiting) < _ROWS:
            break
    workbook.close()


class _Sheet:
    """One sheet: its columns, then its rows, each written once and never gone back to."""

    def __init__(self, workbook: Workbook, worksheet: Worksheet, copies: Mapping[str, str]) -> None:
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415

        self._sheet = worksheet
        self._copies = copies
        head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        link = workbook.add_format({"font_color": "#0563C1", "underline": 1})
        date = workbook.add_format({"num_format": "dd/mm/yyyy"})
        columns: list[tuple[str, int, Format | None]] = [
            ("Adhérent", 34, None),
            ("Forme", 26, None),
            ("Code postal", 8, None),
            *((f"Exemplaire {whose}", 16, None) for whose in copies.values()),
            ("État", 24, None),
            *((f"Signée par {whose} le", 16, date) for whose in copies.values()),
            ("Ce qui a été supposé", 80, None),
        ]
        for column, (title, width, form) in enumerate(columns):
            self._sheet.set_column(column, column, width, form)
            self._sheet.write_string(0, column, title, head)
        self._link = link._get_xf_index()  # noqa: SLF001 (a row as XML names its styles by number)
        self._names = [xl_col_to_name(column) for column in range(len(columns))]
        self._sheet.freeze_panes(1, 1)

    def fill(self, entries: Iterable[Entry]) -> int:
        """Write as many adherents as there is room for; tell how many there were."""
        row = 0
        for row, entry in enumerate(islice(entries, _ROWS), 1):
            self._fill_row(row, entry)
        self._sheet.autofilter(0, 0, row, len(self._names) - 1)
        return row

    def _fill_row(self, row: int, entry: Entry) -> None:
        files = {file.copy: file for file in reversed(entry.files)}  # of a document and its PDF, the document
        nothing = [""] * len(self._copies)
        cells = [
            *map(_text, (entry.adherent, entry.appellation, entry.code_postal)),
            *(self._linked(files[copy].name, whose) if copy in files else "" for copy, whose in self._copies.items()),
            _text(_state(entry.files)),
            *nothing,
            _text("\n".join(entry.messages)),
        ]
        named = zip(self._names, cells, strict=True)
        self._sheet.add_row(row, (f'<c r="{name}{row + 1}"{cell}</c>' for name, cell in named if cell))

    def _linked(self, name: str, shown: str) -> str:
        """A link as a formula, for Excel refuses a sheet with more than 65 530 links of the other sort."""
        formula = 'HYPERLINK("{}","{}")'.format(name, shown.replace('"', '""'))
        return f' s="{self._link}" t="str"><f>{_escaped(formula)}</f><v>{_escaped(shown)}</v>'


def _text(text: str) -> str:
    """What is in a cell that holds a text (ISO/IEC 29500-1, 18.3.1.53); nothing for none."""
    if not text:
        return ""
    text = _UNFIT.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{space}>{_escaped(text)}</t></is>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, and what would be taken for its replacement (22.9.2.19)."""


def _state(files: Sequence[File]) -> str:
    if any(file.status == "conflict" for file in files):
        return "Non écrite : un autre fichier porte ce nom"
    if any(file.status == "failed" for file in files):
        return "PDF non produit"
    return "À signer"
