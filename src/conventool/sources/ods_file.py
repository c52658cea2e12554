"""``.ods`` → sheets, read as a stream (OpenDocument 1.3, part 3): the file itself says what each cell shows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from conventool.core.problems import Place
from conventool.core.row import Cell, TypedCell
from conventool.files.reading import unreadable
from conventool.sources.formulas import NOT_AVAILABLE
from conventool.sources.number_formats import GENERAL
from conventool.sources.sheets import MOST_COLUMNS, Line, Sheet, dated, local_name, numbered
from conventool.text.french import NBSP

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

__all__ = ["read_sheets"]

_CONTENT = "content.xml"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_MOST_ALIKE = 1_000
"""How often the same line may stand one under the other: a file may say that one is repeated without end."""


class _Head(NamedTuple):
    """A sheet as its first tag tells it."""

    name: str
    style: str


def read_sheets(path: Path) -> list[Sheet]:
    """Read which sheets a workbook has.

    Args:
        path: the workbook.

    Returns:
        Its sheets in the order of their tabs; their lines are read when asked for.

    Raises:
        KeyError, ValueError, ParseError, BadZipFile: it is damaged, told now or while lines are read.
        UnreadableError: one line is repeated beyond reason, told when it is reached.
    """
    heads: list[_Head] = []
    hidden: set[str] = set()
    for event, element, _ in _walk(path):
        if event == "start" and element.tag == f"{_TABLE}table":
            heads.append(_Head(element.get(f"{_TABLE}name", ""), element.get(f"{_TABLE}style-name", "")))
        elif event == "end" and element.tag == f"{_STYLE}style":
            shown = (child.get(f"{_TABLE}display", "true") for child in element)
            if "false" in shown:
                hidden.add(element.get(f"{_STYLE}name", ""))
    return [
        Sheet(head.name, head.style not in hidden, partial(_lines, path, rank), partial(_hidden_columns, path, rank))
        for rank, head in enumerate(heads)
    ]


def _walk(path: Path) -> Iterator[tuple[str, Element, int]]:
    """The starts of sheets, the ends of styles, columns and rows, each with its sheet's rank; all else is forgotten."""
    from xml.etree.ElementTree import iterparse  # noqa: PLC0415 (expat fetches nothing, and bounds expansion)

    parents: list[Element] = []
    rank = -1
    with zipfile.ZipFile(path) as archive, archive.open(_CONTENT) as data:
        for event, element in iterparse(data, ("start", "end")):  # noqa: S314
            if event == "start":
                parents.append(element)
                # a table inside a cell, or in a chart's data, is none of the sheets
                if element.tag == f"{_TABLE}table" and parents[-2].tag == f"{_OFFICE}spreadsheet":
                    rank += 1
                    yield event, element, rank
                continue
            parents.pop()
            if element.tag in _KEPT_WHOLE:
                yield event, element, rank
                parents[-1].clear()


_KEPT_WHOLE = {f"{_STYLE}style", f"{_TABLE}table-column", f"{_TABLE}table-row"}


def _lines(path: Path, wanted: int) -> Iterator[Line]:
    below = 1
    for event, row, rank in _walk(path):
        if rank > wanted:
            return
        if event == "start" or rank < wanted or row.tag != f"{_TABLE}table-row":
            continue
        first, times = below, int(row.get(f"{_TABLE}number-rows-repeated", 1))
        below += times
        cells = _cells(row)
        if not any(cells):
            continue
        if times > _MOST_ALIKE:
            message = f"La ligne {first} de ce classeur est répétée {times} fois."
            raise unreadable(message, "Supprimez les lignes en trop.", Place(file=str(path), line=first))
        hidden = row.get(f"{_TABLE}visibility", "visible") != "visible"
        yield from (Line(number, cells, hidden) for number in range(first, below))


def _hidden_columns(path: Path, wanted: int) -> set[int]:
    """The columns that a sheet does not show, told before its first row (19.752)."""
    hidden: set[int] = set()
    after = 0
    for _, element, rank in _walk(path):
        if rank == wanted and element.tag == f"{_TABLE}table-row":
            break
        if rank == wanted and element.tag == f"{_TABLE}table-column":
            first, after = after, after + int(element.get(f"{_TABLE}number-columns-repeated", 1))
            if element.get(f"{_TABLE}visibility", "visible") != "visible":
                hidden.update(range(first, min(after, MOST_COLUMNS)))
    return hidden


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
    kinds = {value for key, value in element.items() if key.endswith("}value-type")}
    shown = "\n".join(_paragraph(child) for child in element if child.tag == f"{_TEXT}p").strip()
    if "error" in kinds:
        return TypedCell(None, shown or NOT_AVAILABLE)
    if "boolean" in kinds:
        value = element.get(f"{_OFFICE}boolean-value") == "true"
        return TypedCell(value, shown or ("VRAI" if value else "FAUX"))
    if "date" in kinds:
        return dated(datetime.fromisoformat(element.get(f"{_OFFICE}date-value", "")), shown)
    if kinds & {"float", "percentage", "currency"}:
        cell = numbered(element.get(f"{_OFFICE}value", ""), GENERAL)
        shown = re.sub(r"(?<=\d)%", f"{NBSP}%", shown)  # as in every other workbook
        return cell._replace(shown=shown, number_format="") if shown and shown != cell.shown else cell
    return shown or element.get(f"{_OFFICE}string-value", "").strip()


def _paragraph(element: Element) -> str:
    """The text of a paragraph: spaces and tabs are elements (6.1.3 to 6.1.5), a note is none of it."""
    pieces = [element.text or ""]
    for child in element:
        match local_name(child.tag):
            case "s":
                pieces.append(" " * int(child.get(f"{_TEXT}c", 1)))
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
