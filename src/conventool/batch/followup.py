"""The workbook in which people follow what becomes of the conventions: a line for each adherent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count, islice
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from conventool.batch.entries import Entry, File
from conventool.clock import source_date

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

__all__ = ["NAME", "write"]

NAME = "suivi.xlsx"

_ROWS = 1_000_000
"""Adherents on a sheet, where Excel has room for 1 048 576 rows."""

_OLDEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first day that a zip can tell: the date of a workbook that is given none."""


def write(file: IO[bytes], copies: Mapping[str, str], entries: Iterable[Entry]) -> None:
    """Write the workbook.

    Args:
        file: receives it.
        copies: by key, whose each copy is: a column of links, and one for the date of that party's signature.
        entries: the adherents; each is written as it comes.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 (only a batch needs it)
    from xlsxwriter.worksheet import Worksheet  # noqa: PLC0415

    class PlainWorksheet(Worksheet):  # type: ignore[misc]  # the library is not typed throughout
        """Takes formulas as they are: thirty searches for newer functions in each would take most of the time."""

        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
            return formula.removeprefix("=")

    created = source_date() or _OLDEST
    with TemporaryDirectory(prefix="conventool-", ignore_cleanup_errors=True) as aside:
        workbook = Workbook(file, {"constant_memory": True, "tmpdir": aside})
        workbook.set_properties({"title": "Suivi des conventions", "created": created.replace(tzinfo=None)})
        waiting = iter(entries)
        for number in count(1):
            worksheet = workbook.add_worksheet(f"Suivi {number}" if number > 1 else "Suivi", PlainWorksheet)
            sheet = _Sheet(workbook, worksheet, copies)
            if sheet.fill(waiting) < _ROWS:
                break
        workbook.close()


class _Sheet:
    """One sheet: its columns, then its rows, each written once and never gone back to."""

    def __init__(self, workbook: Workbook, worksheet: Worksheet, copies: Mapping[str, str]) -> None:
        self._sheet = worksheet
        self._copies = copies
        self._link = workbook.add_format({"font_color": "#0563C1", "underline": 1})
        head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
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
        self._last_column = len(columns) - 1
        self._sheet.freeze_panes(1, 1)

    def fill(self, entries: Iterable[Entry]) -> int:
        """Write as many adherents as there is room for; tell how many there were."""
        row = 0
        for row, entry in enumerate(islice(entries, _ROWS), 1):
            self._fill_row(row, entry)
        self._sheet.autofilter(0, 0, row, self._last_column)
        return row

    def _fill_row(self, row: int, entry: Entry) -> None:
        files = {file.copy: file for file in reversed(entry.files)}  # of a document and its PDF, the document
        for column, text in enumerate((entry.adherent, entry.appellation, entry.code_postal)):
            self._sheet.write_string(row, column, text)
        for column, (copy, whose) in enumerate(self._copies.items(), 3):
            if copy in files:
                # a formula, for Excel refuses a sheet with more than 65 530 links
                shown = whose.replace('"', '""')
                link = f'=HYPERLINK("{quote(files[copy].name)}","{shown}")'
                self._sheet.write_formula(row, column, link, self._link, whose)
        self._sheet.write_string(row, 3 + len(self._copies), _state(entry.files))
        self._sheet.write_string(row, self._last_column, "\n".join(entry.messages))


def _state(files: Sequence[File]) -> str:
    if any(file.status == "conflict" for file in files):
        return "Non écrite : un autre fichier porte ce nom"
    if any(file.status == "failed" for file in files):
        return "PDF non produit"
    return "À signer"
