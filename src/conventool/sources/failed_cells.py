"""Cells whose formula failed: ``#N/A``, ``#REF!``. Nobody means them, and none may be printed or taken for empty."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from posixpath import join, normpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

__all__ = ["ERRORS", "failed_cells"]

ERRORS = frozenset(
    {
        *("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
        *("#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!", "#N/D", "#PROPAGATION!", "#CALCUL!"),
        *(f"Err{between}{number}" for between in (":", "\u00a0:") for number in range(501, 541)),
    }
)
"""What Excel and LibreOffice show of a formula that failed, in English and in French."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_MOST = 1_000_000
"""Failed cells that are looked for: a file may say that one is repeated without end."""


def failed_cells(path: Path, sheet: str) -> Mapping[int, Mapping[int, str]]:
    """Find the failed cells of a sheet, which its reader gives as empty.

    Args:
        path: an ``.xlsx``, ``.xlsm`` or ``.ods`` that was opened before, and expands within reason.
        sheet: its name.

    Returns:
        By row and column, both from 1, what the cell shows.
    """
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 (few workbooks come so far)

    found: dict[int, dict[int, str]] = defaultdict(dict)
    with suppress(KeyError, ParseError, ValueError, zipfile.BadZipFile), zipfile.ZipFile(path) as archive:
        failed = _failed_in_ods if path.suffix.lower() == ".ods" else _failed_in_excel
        for row, column, text in islice(failed(archive, sheet), _MOST):
            found[row][column] = text
    return found


# --- Excel -------------------------------------------------------------------------------------------------


def _failed_in_excel(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int, str]]:
    """The cells of type "e" (ISO/IEC 29500-1, 18.18.11)."""
    part = _part_of(archive, sheet)
    for cell in _elements(archive, part, "c") if _is_marked(archive, part, b't="e"') else ():
        reference = _REFERENCE.fullmatch(cell.get("r", ""))
        if cell.get("t") == "e" and reference:
            yield int(reference[2]), _column(reference[1]), cell.findtext("{*}v") or "#N/A"


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part that a sheet is (ISO/IEC 29500-1, 18.2.19).

    Raises:
        KeyError: there is none.
    """
    sheets = {one.get("name"): _local(one, "id") for one in _elements(archive, "xl/workbook.xml", "sheet")}
    relations = _elements(archive, "xl/_rels/workbook.xml.rels", "Relationship")
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    return normpath(join("/xl", targets[sheets[sheet]]))[1:]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


# --- LibreOffice -------------------------------------------------------------------------------------------


def _failed_in_ods(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int, str]]:
    """The cells that LibreOffice marks; OpenDocument 1.3 itself (part 3, 19.389) has no type for them.

    What stands in several rows or columns side by side is written once, with their number (19.675, 19.680).
    """
    below = 1
    for row in _rows_in_ods(archive, sheet) if _is_marked(archive, "content.xml", b'value-type="error"') else ():
        first, below = below, below + _times(row, "rows")
        right = 1
        for cell in row:
            left, right = right, right + _times(cell, "columns")
            if any(key.endswith("}value-type") and value == "error" for key, value in cell.items()):
                shown = cell.findtext("{*}p") or "#N/A"
                yield from ((number, column, shown) for number in range(first, below) for column in range(left, right))


def _rows_in_ods(archive: zipfile.ZipFile, sheet: str) -> Iterator[Element]:
    """The rows of a sheet, each forgotten once it was looked at."""
    from xml.etree.ElementTree import iterparse  # noqa: PLC0415 (expat fetches nothing, and bounds expansion)

    wanted = False
    with archive.open("content.xml") as data:
        for event, element in iterparse(data, ("start", "end")):  # noqa: S314
            if element.tag == f"{_TABLE}table":
                wanted = event == "start" and element.get(f"{_TABLE}name") == sheet
            elif element.tag == f"{_TABLE}table-row" and event == "end":
                if wanted:
                    yield element
                element.clear()


def _times(element: Element, what: str) -> int:
    return int(element.get(f"{_TABLE}number-{what}-repeated", 1))


# -----------------------------------------------------------------------------------------------------------


def _is_marked(archive: zipfile.ZipFile, part: str, mark: bytes) -> bool:
    """Whether any cell may have failed: hardly a sheet has one, and to look is quick."""
    end = b""
    with archive.open(part) as data:
        while chunk := data.read(1 << 20):
            if mark in end + chunk:
                return True
            end = chunk[-len(mark) :]
    return False


def _elements(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[Element]:
    """The elements of a name in a part, each forgotten once it was looked at."""
    from xml.etree.ElementTree import iterparse  # noqa: PLC0415 (expat fetches nothing, and bounds expansion)

    with archive.open(part) as data:
        for _, element in iterparse(data):  # noqa: S314
            found = element.tag.rpartition("}")[2]
            if found == name:
                yield element
            if found in {name, "row"}:
                element.clear()


def _local(element: Element, name: str) -> str | None:
    """An attribute, whatever its namespace."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), None)
