"""``.xlsx`` and ``.xlsm`` → sheets, read as a stream (ISO/IEC 29500-1, 18): what is shown, hidden, or failed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache, partial
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, NamedTuple

from conventool.core.problems import Place
from conventool.core.row import Cell, TypedCell
from conventool.files.reading import unreadable
from conventool.sources.formulas import NOT_AVAILABLE
from conventool.sources.number_formats import BUILT_IN, GENERAL
from conventool.sources.sheets import (
    FAR_CELLS,
    MOST_COLUMNS,
    MOST_UNWRITTEN,
    Line,
    Sheet,
    children_of,
    dated,
    local_name,
    numbered,
)

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

__all__ = ["read_sheets"]

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_TRUE = {"1", "true"}
_LARGEST_PART, _LARGEST_TEXTS = 16_000_000, 100_000_000
"""Bytes of a part that is read whole: of one about the workbook, of the texts that its cells share."""


class _Workbook(NamedTuple):
    """What the cells of every sheet refer to."""

    path: Path
    texts: Sequence[str]
    formats: Sequence[str]
    since_1904: bool


def read_sheets(path: Path) -> list[Sheet]:
    """Read which sheets a workbook has, and what they share.

    Args:
        path: the workbook.

    Returns:
        Its sheets in the order of their tabs, those of charts left out; their lines are read when asked for.

    Raises:
        KeyError, ValueError, ParseError, BadZipFile: it is damaged, told now or while lines are read.
    """
    with zipfile.ZipFile(path) as archive:
        main = next(target for kind, target in _relations(archive, "").values() if kind == "officeDocument")
        relations = _relations(archive, main)
        by_kind = dict(relations.values())
        parts = set(archive.namelist())
        root = _root(archive, main)
        settings = next(_named(root, "workbookPr"), None)
        workbook = _Workbook(
            path,
            _shared_texts(archive, by_kind["sharedStrings"]) if by_kind.get("sharedStrings") in parts else (),
            _formats(_root(archive, by_kind["styles"])) if by_kind.get("styles") in parts else (),
            settings is not None and settings.get("date1904") in _TRUE,
        )
        sheets = []
        for sheet in _named(root, "sheet"):
            kind, part = relations[_attribute(sheet, "id")]
            if kind == "worksheet":
                visible = sheet.get("state", "visible") == "visible"
                lines, columns = _Lines(workbook, part), partial(_hidden_columns, path, part)
                sheets.append(Sheet(sheet.get("name", ""), visible, lines, columns))
    return sheets


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """By identifier, the kind of each relation of a part (of the package, for ""), and the part that it leads to."""
    name = join(dirname(part), "_rels", f"{part.rpartition('/')[2]}.rels")
    return {
        relation.get("Id", ""): (
            relation.get("Type", "").rpartition("/")[2],
            normpath(join("/", dirname(part), relation.get("Target", ""))).lstrip("/"),
        )
        for relation in _named(_root(archive, name), "Relationship")
    }


def _root(archive: zipfile.ZipFile, part: str) -> Element:
    from xml.etree.ElementTree import fromstring  # noqa: PLC0415 (expat fetches nothing, and bounds expansion)

    if archive.getinfo(part).file_size > _LARGEST_PART:
        raise ValueError(part)
    return fromstring(archive.read(part))  # noqa: S314


def _named(element: Element, name: str) -> Iterator[Element]:
    """The elements of a name, whatever their namespace."""
    return (one for one in element.iter() if local_name(one.tag) == name)


def _attribute(element: Element, name: str) -> str:
    """An attribute with a namespace, whatever that is."""
    return next((value for key, value in element.items() if key.endswith(f"}}{name}")), "")


def _shared_texts(archive: zipfile.ZipFile, part: str) -> list[str]:
    if archive.getinfo(part).file_size > _LARGEST_TEXTS:
        raise ValueError(part)
    with archive.open(part) as data:
        return [_text(item) for item in children_of(data, "sst", "si")]


def _text(item: Element) -> str:
    """A text, of one piece or of several with their own look; not how it is pronounced (18.4.6)."""
    pieces = []
    for child in item:
        name = local_name(child.tag)
        if name == "t":
            pieces.append(child.text or "")
        elif name == "r":
            pieces.extend(run.text or "" for run in child if local_name(run.tag) == "t")
    text = "".join(pieces)
    if "_x" in text:
        text = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)
    return text.strip()


def _formats(styles: Element) -> list[str]:
    """The number format of each style that a cell may name (18.8.10)."""
    written = {form.get("numFmtId"): form.get("formatCode", GENERAL) for form in _named(styles, "numFmt")}
    used = next(_named(styles, "cellXfs"), None)
    numbers = [form.get("numFmtId", "0") for form in used] if used is not None else []
    return [written.get(number) or BUILT_IN.get(int(number), GENERAL) for number in numbers]


class _Lines:
    """The lines of one sheet; called to begin to read them."""

    def __init__(self, workbook: _Workbook, part: str) -> None:
        self._workbook = workbook
        self._part = part

    def __call__(self) -> Iterator[Line]:
        with zipfile.ZipFile(self._workbook.path) as archive, archive.open(self._part) as data:
            number = unwritten = 0
            for row in children_of(data, "sheetData", "row"):
                number = int(row.get("r", number + 1))
                cells = self._cells(row)
                unwritten += len(cells) - len(row)
                if unwritten > MOST_UNWRITTEN:
                    raise unreadable(*FAR_CELLS, Place(file=str(self._workbook.path), line=number))
                if any(cells):
                    yield Line(number, cells, _is_hidden(row))

    def _cells(self, row: Element) -> list[Cell]:
        """The cells of a row, each at the place that it names (18.3.1.4)."""
        cells: list[Cell] = []
        for element in row:
            reference = element.get("r")
            place = _column(reference.rstrip("0123456789")) if reference else len(cells)
            if (cell := self._cell(element)) and place < MOST_COLUMNS:
                if place > len(cells):
                    cells.extend([""] * (place - len(cells)))
                cells[place:] = [cell]
            elif not reference:
                cells.append("")
        return cells

    def _cell(self, element: Element) -> Cell:
        """A cell by its type (18.18.11)."""
        value, formula = None, False
        for child in element:
            tag = child.tag
            if tag.endswith("}v"):
                value = child.text
            elif tag.endswith("}f"):
                formula = True
            elif tag.endswith("}is"):
                return _text(child)
        kind = element.get("t", "n")
        if kind == "str":
            return (value or "").strip()
        if not value:
            return TypedCell(None, NOT_AVAILABLE) if formula else ""
        return self._typed(kind, value, int(element.get("s", 0)))

    def _typed(self, kind: str, value: str, style: int) -> Cell:
        workbook = self._workbook
        code = workbook.formats[style] if style < len(workbook.formats) else GENERAL
        match kind:
            case "s":
                return workbook.texts[int(value)]
            case "n":
                return numbered(value, code, since_1904=workbook.since_1904)
            case "b":
                return TypedCell(value in _TRUE, "VRAI" if value in _TRUE else "FAUX")
            case "e":
                return TypedCell(None, value)
            case "d":
                return dated(datetime.fromisoformat(value), None, code)
        raise ValueError(kind)


def _hidden_columns(path: Path, part: str) -> set[int]:
    """The columns that a sheet does not show, told before its first row (18.3.1.13)."""
    from xml.etree.ElementTree import iterparse  # noqa: PLC0415 (expat fetches nothing, and bounds expansion)

    hidden: set[int] = set()
    with zipfile.ZipFile(path) as archive, archive.open(part) as data:
        for _, element in iterparse(data, ("start",)):  # noqa: S314
            name = local_name(element.tag)
            if name == "sheetData":
                break
            if name == "col" and element.get("hidden") in _TRUE:
                hidden.update(range(int(element.get("min", 1)) - 1, min(int(element.get("max", 1)), MOST_COLUMNS)))
    return hidden


def _is_hidden(row: Element) -> bool:
    return row.get("hidden") in _TRUE or (row.get("customHeight") in _TRUE and float(row.get("ht", 1)) == 0)


@lru_cache(maxsize=MOST_COLUMNS)
def _column(letters: str) -> int:
    """The rank of a column from its letters, from 0: "A", "Z", "AA"."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number - 1
