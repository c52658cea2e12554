"""``.ods`` → sheets, read as a stream (OpenDocument 1.3, part 3): the file itself says what each cell shows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from conventool.core.problems import Place
from conventool.core.row import Cell, TypedCell
from conventool.files.reading import unreadable
from conventool.sources.formulas import NOT_AVAILABLE
from conventool.sources.number_formats import GENERAL
from conventool.sources.sheets import (
    MOST_COLUMNS,
    MOST_ELEMENTS,
    MOST_UNWRITTEN,
    Bounded,
    Line,
    Sheet,
    dated,
    local_name,
    numbered,
)
from conventool.text.french import NBSP

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO
    from xml.etree.ElementTree import Element

__all__ = ["read_sheets"]

_CONTENT = "content.xml"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_MOST_ALIKE = 1_000
"""How often the same line may stand one under the other: a file may say that one is repeated without end."""
_MOST_REPEATED = 500_000
"""Cells of a sheet that hold something and are not written out."""


def read_sheets(path: Path) -> list[Sheet]:
    """Read which sheets a workbook has.

    Args:
        path: the workbook.

    Returns:
        Its sheets in the order of their tabs; their lines are read when asked for.

    Raises:
        KeyError, ValueError, ExpatError, ParseError, BadZipFile: it is damaged, told now or while lines are read.
        UnreadableError: a table stands inside a cell, or one line is repeated beyond reason, told when it is reached.
    """
    outline = _Outline(path)
    with zipfile.ZipFile(path) as archive, archive.open(_CONTENT) as data:
        outline.read(data)
    return [
        Sheet(name, style not in outline.hidden, partial(_lines, path, rank), partial(frozenset, columns))
        for rank, (name, style, columns) in enumerate(outline.tables)
    ]


class _Outline:
    """What stands around the rows of a workbook.

    Attributes:
        tables: of each sheet its name, its style, and the columns that it does not show (19.752), from 0.
        hidden: the styles of sheets that have no tab (20.267).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._depth = 0
        self._style = ""
        self._column = 0
        self.tables: list[tuple[str, str, set[int]]] = []
        self.hidden: set[str] = set()

    def read(self, data: IO[bytes]) -> None:
        """Look at the tags of the whole document; nothing is built of it."""
        from xml.parsers.expat import ParserCreate  # noqa: PLC0415 (expat fetches nothing, and bounds expansion)

        parser = ParserCreate(namespace_separator="}")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.ParseFile(data)

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == _TABLE_TAG:
            self._depth += 1
            self._column = 0
            if self._depth > 1:
                message = "Un tableau se trouve dans une cellule d’un autre."
                hint = "Enregistrez la liste seule, en CSV."
                raise unreadable(message, hint, Place(file=str(self._path)))
            self.tables.append((attributes.get(_named("name"), ""), attributes.get(_named("style-name"), ""), set()))
        elif tag == _COLUMN_TAG and self._depth:
            first, times = self._column, int(attributes.get(_named("number-columns-repeated"), 1))
            self._column += times
            if attributes.get(_named("visibility"), "visible") != "visible":
                self.tables[-1][2].update(range(first, min(self._column, MOST_COLUMNS)))
        elif tag == _STYLE_TAG:
            self._style = attributes.get(f"{tag[: -len('style')]}name", "")
        elif attributes.get(_named("display")) == "false":
            self.hidden.add(self._style)

    def _end(self, tag: str) -> None:
        if tag == _TABLE_TAG:
            self._depth -= 1


def _named(name: str) -> str:
    """An attribute of tables, as expat names it."""
    return f"{_TABLE[1:]}{name}"


_TABLE_TAG, _COLUMN_TAG = _named("table"), _named("table-column")
_STYLE_TAG = "urn:oasis:names:tc:opendocument:xmlns:style:1.0}style"


def _rows(path: Path, wanted: int) -> Iterator[Element]:
    """The rows of a sheet, each forgotten once it was looked at."""
    from xml.etree.ElementTree import iterparse  # noqa: PLC0415 (expat fetches nothing, and bounds expansion)

    rank = 0
    with zipfile.ZipFile(path) as archive, archive.open(_CONTENT) as data:
        elements = 0
        for _, element in iterparse(Bounded(data)):  # noqa: S314
            elements += 1
            if elements > MOST_ELEMENTS:
                raise ValueError("a row without end")
            if element.tag == f"{_TABLE}table-row":
                if rank == wanted:
                    yield element
                element.clear()
                elements = 0
            elif element.tag == f"{_TABLE}table":
                rank += 1
                if rank > wanted:
                    return


def _lines(path: Path, wanted: int) -> Iterator[Line]:
    below, unwritten, repeated = 1, 0, 0
    for row in _rows(path, wanted):
        first, times = below, int(row.get(f"{_TABLE}number-rows-repeated", 1))
        below += times
        cells = _cells(row)
        if not any(cells):
            continue
        if times > 1 or len(cells) > len(row):
            unwritten += times * len(cells) - len(row)
            repeated += times * sum(map(bool, cells)) - len(row)
        if times > _MOST_ALIKE or unwritten > MOST_UNWRITTEN or repeated > _MOST_REPEATED:
            message = f"La ligne {first} de ce classeur est répétée {times} fois, sur {len(cells)} colonnes."
            raise unreadable(message, "Supprimez les lignes en trop.", Place(file=str(path), line=first))
        hidden = row.get(f"{_TABLE}visibility", "visible") != "visible"
        yield from (Line(number, cells, hidden) for number in range(first, below))


def _cells(row: Element) -> list[Cell]:
    """The cells of a row; what stands several times side by side is written once (19.675)."""
    cells: list[Cell] = []
    empty = 0
    for element in row:
        if element.tag not in _CELLS:
            continue
        times = int(element.get(f"{_TABLE}number-columns-repeated", 1))
        cell = _cell(element)
        if not cell:
            empty += times
            continue
        times = min(times, MOST_COLUMNS - len(cells) - empty)
        if times > 0:
            cells += [""] * empty + [cell] * times
            empty = 0
    return cells


_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}


def _cell(element: Element) -> Cell:
    """A cell by its type (19.389); LibreOffice adds one for formulas that failed."""
    shown = "\n".join(_paragraph(child) for child in element if child.tag == _PARAGRAPH).strip()
    if element.get(_ERROR_TYPE) == "error":
        return TypedCell(None, shown or NOT_AVAILABLE)
    match element.get(_TYPE):
        case "boolean":
            value = element.get(f"{_OFFICE}boolean-value") == "true"
            return TypedCell(value, shown or ("VRAI" if value else "FAUX"))
        case "date":
            return dated(datetime.fromisoformat(element.get(f"{_OFFICE}date-value", "")), shown)
        case "float" | "percentage" | "currency":
            cell = numbered(element.get(f"{_OFFICE}value", ""), GENERAL)
            shown = _PERCENT.sub(f"{NBSP}%", shown)  # as in every other workbook
            return cell._replace(shown=shown, number_format="") if shown and shown != cell.shown else cell
    return shown or element.get(f"{_OFFICE}string-value", "").strip()


_TYPE, _PARAGRAPH = f"{_OFFICE}value-type", f"{_TEXT}p"
_ERROR_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_MOST_SPACES = 1_000
_PERCENT = re.compile(r"(?<=\d)%")


def _paragraph(element: Element) -> str:
    """The text of a paragraph: spaces and tabs are elements (6.1.3 to 6.1.5), a note is none of it."""
    if not len(element):
        return element.text or ""
    pieces = [element.text or ""]
    for child in element:
        match local_name(child.tag):
            case "s":
                pieces.append(" " * min(int(child.get(f"{_TEXT}c", 1)), _MOST_SPACES))
            case "tab":
                pieces.append("\t")
            case "line-break":
                pieces.append("\n")
            case "annotation" | "note":
                pass
            case _:
                pieces.append(_paragraph(child))
        pieces.append(child.tail or "")
    return "".join(pieces)
