"""The workbook in which people follow what becomes of the conventions: a line for each adherent.

XlsxWriter makes it with a single line, the model. Those of a list are that line again with other texts, each written as
its adherent comes: so a list of any length takes little memory and hardly any time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from typing import IO, TYPE_CHECKING
from urllib.parse import quote
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from conventool.core.clock import source_date
from conventool.core.workers import chunks
from conventool.dossier.entries import Entry, File
from conventool.text.cleaning import NOT_IN_XML

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

__all__ = ["NAME", "write"]

NAME = "suivi.xlsx"

_ROWS = 1_000_000
"""Adherents on a sheet, where Excel has room for 1 048 576 rows."""
_TOGETHER = 100
"""Lines compressed at a time."""

_OLDEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first day that a zip can tell: the date of a workbook that is given none."""

_LINKS_AT = 3
"""The column of the first link, from 0: name, kind and postal code come before."""
_OTHERS = _LINKS_AT + 2
"""Cells of a line besides the links; after them come the state and what was assumed."""
_HEAD_HEIGHT = 48
"""Of the headers, in points: three lines, which not every program makes room for by itself."""
_A4 = 9
"""As ISO/IEC 29500-1, 18.3.1.63, counts paper."""

_SHEET = "xl/worksheets/sheet"
_LINES = re.compile(r'<row r="2".*</row>')  # below the headers
_CELL = re.compile(r"<c .*?</c>")
_ITS_ROW = re.compile(r'(?<= r=")([A-Z]*)2(?=")')
_SLOT = re.compile(r" ?slot-([a-z0-9]+);")
_LONGEST = 32_767
"""Characters that a cell holds."""
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""What Excel would read as a character's number (ISO/IEC 29500-1, 22.9.2.19)."""


def write(file: IO[bytes], copies: Mapping[str, str], entries: Iterable[Entry], number: int) -> None:
    """Write the workbook.

    Args:
        file: receives it.
        copies: by key, whose each copy is: a column of links, and one for the date of that party's signature.
        entries: the adherents; each is written as it comes.
        number: how many they are.
    """
    waiting = iter(entries)
    with ZipFile(BytesIO(_pattern(copies, number))) as pattern, ZipFile(file, "w", ZIP_DEFLATED) as workbook:
        for part in pattern.infolist():
            text = pattern.read(part)
            if not part.filename.startswith(_SHEET):
                workbook.writestr(part, text)
                continue
            with workbook.open(part, "w", force_zip64=number > _ROWS // 2) as sheet:
                sheet.writelines(_filled(text.decode(), copies, islice(waiting, _ROWS)) if number else [text])
    assert next(waiting, None) is None, "there are more adherents than was said"


def _pattern(copies: Mapping[str, str], number: int) -> bytes:
    """The workbook with the model alone on each sheet."""
    from xlsxwriter import Workbook  # noqa: PLC0415 (only a batch needs it)

    pattern, created = BytesIO(), source_date() or _OLDEST
    with Workbook(pattern, {"constant_memory": True}) as workbook:
        workbook.set_properties({"title": "Suivi des conventions", "created": created.replace(tzinfo=None)})
        for rank, start in enumerate(range(0, number or 1, _ROWS), 1):
            _lay_out(workbook, f"Suivi {rank}" if rank > 1 else "Suivi", copies, min(number - start, _ROWS))
    return pattern.getvalue()


def _lay_out(workbook: Workbook, name: str, copies: Mapping[str, str], number: int) -> None:
    """A sheet for so many adherents: its columns, the model, and whatever in its last row."""
    sheet = workbook.add_worksheet(name)
    link = workbook.add_format({"font_color": "#0563C1", "underline": 1})
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    date = workbook.add_format({"num_format": "dd/mm/yyyy"})
    columns: list[tuple[str, int, Format | None]] = [
        ("Adhérent", 34, None),
        ("Forme", 26, None),
        ("Code postal", 8, None),
        *((f"Exemplaire {whose}", min(30, max(16, len(whose) + 1)), None) for whose in copies.values()),
        ("État", 24, None),
        *((f"Signée par {whose} le", 16, date) for whose in copies.values()),
        ("Ce qui a été supposé", 80, None),
    ]
    for column, (title, width, form) in enumerate(columns):
        sheet.set_column(column, column, width, form)
        sheet.write_string(0, column, title, head)
    sheet.set_row(0, _HEAD_HEIGHT)
    sheet.freeze_panes(1, 1)
    # on paper: as wide as a page of A4 lies, the headers on each
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, number, len(columns) - 1)
    if number:
        for column, slot in ((0, "adherent"), (1, "appellation"), (2, "postal")):
            sheet.write_string(1, column, f" slot-{slot};")  # with the space the cell is told to keep its own
        for rank, whose in enumerate(copies.values()):
            # a formula, for Excel refuses a sheet with more than 65 530 links
            shown = whose.replace('"', '""')
            sheet.write_formula(1, _LINKS_AT + rank, f'=HYPERLINK("slot-{rank};","{shown}")', link, whose)
        sheet.write_string(1, _LINKS_AT + len(copies), "slot-etat;")
        sheet.write_string(1, len(columns) - 1, " slot-suppose;")
    if number > 1:
        sheet.write_blank(number, 0, None, date)


def _filled(sheet: str, copies: Mapping[str, str], entries: Iterable[Entry]) -> Iterator[bytes]:
    """A sheet, the model replaced by a line for each adherent."""
    model = _LINES.search(sheet)
    assert model, "XlsxWriter no longer writes a row as it did"
    yield sheet[: model.start()].encode()
    line = _Line(model[0].partition("</row>")[0], tuple(copies))
    for few in chunks(enumerate(entries, 2), _TOGETHER):
        yield "".join(line.of(row, entry) for row, entry in few).encode()
    yield sheet[model.end() :].encode()


class _Line:
    """The model's line, ready to be written again.

    Args:
        model: its text.
        copies: the keys of the columns of links.
    """

    def __init__(self, model: str, copies: Sequence[str]) -> None:
        slotted = _SLOT.sub(r"%(\1)s", _ITS_ROW.sub(r"\1%(row)d", model.replace("%", "%%")))
        self._opening = slotted.partition("<c ")[0]
        self._cells = _CELL.findall(slotted)
        assert len(self._cells) == len(copies) + _OTHERS, "XlsxWriter no longer writes cells as it did"
        self._copies = copies
        self._written: dict[tuple[str, ...], str] = {}

    def of(self, row: int, entry: Entry) -> str:
        """An adherent's line."""
        names = {file.copy: file.name for file in reversed(entry.files)}  # of a document and its PDF, the document
        there = tuple(copy for copy in self._copies if copy in names)
        if there not in self._written:
            self._written[there] = self._with_links(there)
        slots: dict[str, object] = {
            "row": row,
            "adherent": _text(entry.adherent),
            "appellation": _text(entry.appellation),
            "postal": _text(entry.code_postal),
            "etat": _state(entry.files),
            "suppose": _text(" ".join(entry.messages)),  # a line break would need a taller row
        }
        slots |= {str(rank): quote(names[copy]) for rank, copy in enumerate(self._copies) if copy in names}
        return self._written[there] % slots

    def _with_links(self, there: Sequence[str]) -> str:
        """The line where some copies are there, and others, of another template, are not."""
        last = _LINKS_AT + len(self._copies)
        links = [cell for copy, cell in zip(self._copies, self._cells[_LINKS_AT:last], strict=True) if copy in there]
        return "".join((self._opening, *self._cells[:_LINKS_AT], *links, *self._cells[last:], "</row>"))


def _text(text: str) -> str:
    """A text as a cell holds it."""
    return escape(_LIKE_AN_ESCAPE.sub("_x005F_", NOT_IN_XML.sub("", text[:_LONGEST])))


def _state(files: Sequence[File]) -> str:
    if any(file.status == "conflict" for file in files):
        return "Non écrite : un autre fichier porte ce nom"
    if any(file.status == "failed" for file in files):
        return "PDF non produit"
    return "À signer"
