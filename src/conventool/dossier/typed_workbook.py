"""The tracking workbook as people left it: what stands in each cell, the order and widths of columns, other sheets."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from errno import EINVAL
from pathlib import Path
from typing import Any, NamedTuple

from conventool.dossier.facts import FactValue, Formula
from conventool.dossier.tracking_columns import is_ours, read_key, read_key_header
from conventool.files.reading import naming, open_file

__all__ = ["TypedBook", "TypedLine", "UnreadableBookError", "read_book"]

_HEAD_WITHIN = 10
"""Lines in which the headers are looked for: somebody may have put a title above them."""
_NOT_CARRIED = ("xl/comments", "xl/threadedComments", "xl/charts", "xl/pivotTables", "xl/media")
"""Parts of a workbook that the next one would not hold."""
_DIGIT, _BESIDE = 7, 5
"""Pixels of a digit, and of what a column's width has beside its characters (ISO/IEC 29500-1, 18.3.1.13)."""


class UnreadableBookError(Exception):
    """The workbook is none, is damaged, or has lost its sheet."""


class TypedLine(NamedTuple):
    """A line of the workbook.

    Attributes:
        sheet: in which it is.
        number: of the line, from 1.
        adherent: its number in the dossier; None where the hidden column does not tell.
        identity: its key, as the hidden column tells.
        sums: by header, the checksum of what the program wrote; empty where the hidden column does not tell.
        values: what stands there now, by header.
    """

    sheet: str
    number: int
    adherent: int | None
    identity: str
    sums: Mapping[str, str]
    values: Mapping[str, FactValue]


class TypedBook(NamedTuple):
    """A workbook.

    Attributes:
        lines: of all its tracking sheets.
        arrangement: header and width of its columns, in their order.
        sheets: name and cells of those that people added.
        copies: of these, the names of those that have the headers of a tracking sheet.
        holds_more: does it hold notes, pictures, charts, joined cells or lines above its headers, which are not read?
    """

    lines: list[TypedLine]
    arrangement: list[tuple[str, float | None]]
    sheets: list[tuple[str, list[list[FactValue]]]]
    copies: list[str]
    holds_more: bool


def read_book(path: Path) -> TypedBook:
    """Read a workbook.

    Raises:
        UnreadableBookError: it is damaged, or holds no tracking sheet.
        OSError: the system fails while it is read, which says nothing of the workbook.
    """
    from openpyxl import load_workbook  # type: ignore[import-untyped]  # noqa: PLC0415 (slow to import, and seldom needed)

    try:
        with naming(path), open_file(path) as file:  # ours to close: openpyxl leaves a damaged workbook open
            with zipfile.ZipFile(file) as archive:
                holds_more = any(_is_more(name, archive) for name in archive.namelist())
            book = load_workbook(file)
    except OSError as error:
        if error.errno in {None, EINVAL}:  # of a zip that points behind its end
            raise UnreadableBookError from error
        raise
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, SyntaxError) as error:
        raise UnreadableBookError from error  # openpyxl has no exception of its own for a damaged part
    lines: list[TypedLine] = []
    arrangement: list[tuple[str, float | None]] = []
    theirs = []
    ours = _ours(book.worksheets)
    for sheet in book.worksheets:
        if sheet not in ours:
            theirs.append((sheet.title, [[_value(cell) for cell in row] for row in sheet.iter_rows()]))
        elif head := _head(sheet):
            arrangement = arrangement or head.arrangement(sheet)
            lines += _lines(sheet, head)
            above = (
                (cell.value for row in sheet.iter_rows(max_row=head.row - 1) for cell in row) if head.row > 1 else ()
            )
            holds_more = holds_more or bool(sheet.merged_cells.ranges) or any(value is not None for value in above)
    if not arrangement:
        raise UnreadableBookError
    copies = [sheet.title for sheet in book.worksheets if sheet not in ours and _head(sheet)]
    return TypedBook(lines, arrangement, theirs, copies, holds_more)


def _ours(sheets: Sequence[Any]) -> list[Any]:
    """The sheets that the program wrote: by name; where somebody renamed it, the first that has its headers too."""
    named = [sheet for sheet in sheets if is_ours(sheet.title)]
    if any(_head(sheet) for sheet in named):
        return named
    return [*named, *(sheet for sheet in sheets if sheet not in named and _head(sheet))][: len(named) + 1]


def _is_more(part: str, archive: zipfile.ZipFile) -> bool:
    """Whether a part holds notes, pictures or shapes; LibreOffice adds to each sheet a drawing of nothing."""
    if part.startswith("xl/drawings/drawing"):
        return b"Anchor" in archive.read(part)
    return part.startswith(_NOT_CARRIED)


class _Head(NamedTuple):
    """The headers of a sheet.

    Attributes:
        row: in which they are.
        titles: by rank of the column, from 0; each once.
        key: rank of the hidden column; None if it is not there.
        written: the headers that the checksums are of.
    """

    row: int
    titles: Mapping[int, str]
    key: int | None
    written: Sequence[str]

    def arrangement(self, sheet: Any) -> list[tuple[str, float | None]]:
        """Header of each column, and its width in characters."""
        widths = {}
        for one in sheet.column_dimensions.values():
            if one.width and one.min:
                characters = max(0, round(one.width * _DIGIT) - _BESIDE) / _DIGIT
                widths.update(dict.fromkeys(range(one.min, (one.max or one.min) + 1), characters))
        return [(title, widths.get(rank + 1)) for rank, title in self.titles.items()]


def _head(sheet: Any) -> _Head | None:
    """The line of headers: the one that holds the hidden column's, else « Adhérent » and « État »."""
    for number, row in enumerate(sheet.iter_rows(max_row=_HEAD_WITHIN), 1):
        texts = ["" if (value := _value(cell)) is None else str(value).strip() for cell in row]
        written = [read_key_header(text) for text in texts]
        key = next((rank for rank, told in enumerate(written) if told is not None), None)
        if key is None and not {"Adhérent", "État"} <= set(texts):
            continue
        headers = (written[key] or []) if key is not None else []
        return _Head(number, _named(texts, key, sheet), key, headers)
    return None


def _named(texts: Sequence[str], key: int | None, sheet: Any) -> dict[int, str]:
    """A name for each column that holds something: one without a header, or with the header of another, gets one."""
    titles: dict[int, str] = {}
    for rank, text in enumerate(texts):
        if rank == key:
            continue
        if not text and not any(
            cell.value is not None for (cell,) in sheet.iter_rows(min_col=rank + 1, max_col=rank + 1)
        ):
            continue
        name, again = text or f"Sans titre {rank + 1}", 2
        while name in titles.values():
            name, again = f"{text or 'Sans titre'} ({again})", again + 1
        titles[rank] = name
    return titles


def _lines(sheet: Any, head: _Head) -> Iterator[TypedLine]:
    for number, row in enumerate(sheet.iter_rows(min_row=head.row + 1), head.row + 1):
        cells = {title: _value(row[rank]) for rank, title in head.titles.items()}
        told = read_key(str(row[head.key].value or "")) if head.key is not None else None
        if told is None and all(value is None for value in cells.values()):
            continue
        adherent, identity, sums = told or (None, "", [])
        written = dict(zip(head.written, sums, strict=False)) if len(sums) == len(head.written) else {}
        yield TypedLine(sheet.title, number, adherent, identity, written, cells)


def _value(cell: Any) -> FactValue:
    """What a cell holds; of what no cell of ours can hold, its text."""
    from openpyxl.utils.escape import unescape  # type: ignore[import-untyped]  # noqa: PLC0415

    value = cell.value
    if value is None or value == "":
        return None
    if cell.data_type == "f":
        return Formula(getattr(value, "text", value))
    if isinstance(value, str):
        return str(unescape(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value if isinstance(value, bool | int | float | datetime | date | time) else str(value)
