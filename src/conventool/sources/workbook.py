"""Workbooks → a table: .xlsx, .xlsm, .xlsb, .xls and .ods, with real dates."""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

from conventool.core.errors import UsageError
from conventool.core.problems import Place, Problem
from conventool.files.reading import file_trouble, unreadable
from conventool.sources.failed_cells import failed_cells
from conventool.sources.table import Cell, Line, Table, count_known
from conventool.text.french import NBSP, fold
from conventool.text.suggestions import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

__all__ = ["open_workbook"]

_TELLING = {".xlsx", ".xlsm", ".ods"}
"""Workbooks that tell which of their formulas failed where it can be looked up."""
_EXPANDED_LIMIT = 500_000_000
_MOST_CELLS = 20_000_000
"""How many cells a sheet may span: the reader makes room for each, be it empty."""
_DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+[0-9]+:)?([A-Z]+)([0-9]+)"')
_FILLED_CELL = re.compile(rb'<c r="([A-Z]+)([0-9]+)"[^>]*[^/]><[^/]')
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_workbook(path: Path, sheet: str | None) -> Table:
    """Open a sheet of a workbook.

    Args:
        path: the workbook.
        sheet: name of the sheet, case and accents forgiven; by default the visible one, among the first
            lines of which most names of fields are found.

    Returns:
        Its table.

    Raises:
        UnreadableError: it cannot be opened, is protected, damaged, or expands beyond reason.
        UsageError: it has no such sheet.
    """
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 (only here)

    with _troubles_told(path):
        _refuse_bomb(path)
        _refuse_far_cells(path)
        chosen = _choose(CalamineWorkbook.from_path(path), path, sheet)
    place = Place(file=str(path), sheet=chosen.name)
    failed = failed_cells(path, chosen.name) if path.suffix.lower() in _TELLING else {}
    return Table(place, lambda: _lines(chosen, failed), f"classeur {path.suffix.lower()[1:]}, feuille {chosen.name}")


@contextmanager
def _troubles_told(path: Path) -> Iterator[None]:
    """Say in French why a workbook cannot be read, be it found when it is opened or when a sheet of it is."""
    from python_calamine import CalamineError, PasswordError  # noqa: PLC0415 (only here)

    place, start = Place(file=str(path)), b""
    try:
        with path.open("rb") as file:
            start = file.read(8)
        yield
    except BaseException as error:
        if isinstance(error, OSError) and error.errno:
            raise file_trouble(error, path) from error
        damages = (CalamineError, OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
        if not isinstance(error, damages) and type(error).__name__ != "PanicException":  # Rust's, and no Exception
            raise
        if isinstance(error, PasswordError) or (start == _COMPOUND_FILE and path.suffix.lower() != ".xls"):
            hint = "Ouvrez-le, ôtez le mot de passe (Fichier, Informations, Protéger), enregistrez."
            raise unreadable("Ce classeur est protégé par un mot de passe.", hint, place) from error
        hint = "Rouvrez-le dans le tableur et enregistrez-le de nouveau, en .xlsx ou en .csv."
        raise unreadable("Ce classeur est abîmé, ou n’en est pas un malgré son nom.", hint, place) from error


def _refuse_bomb(path: Path) -> None:
    """Refuse a zip that says it expands beyond reason; the reader would hold all of it in memory."""
    if path.suffix.lower() == ".xls":
        return
    with zipfile.ZipFile(path) as archive:
        expanded = sum(part.file_size for part in archive.infolist())
    if expanded > _EXPANDED_LIMIT:
        hint = "Enregistrez la liste seule, en CSV."
        raise unreadable("Ce classeur est trop gros une fois décompressé.", hint, Place(file=str(path)))


def _refuse_far_cells(path: Path) -> None:
    """Refuse a sheet with a value so far from its list that no memory could hold what lies between.

    Its announced dimension also counts cells that are merely coloured, so that it only says where to look.
    """
    if path.suffix.lower() not in {".xlsx", ".xlsm"}:
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            with archive.open(name) as part:
                announced = _DIMENSION.findall(part.read(4096))
            if _span(announced) > _MOST_CELLS and _span(_FILLED_CELL.findall(archive.read(name))) > _MOST_CELLS:
                message = "Une feuille de ce classeur a une valeur très loin des autres."
                hint = "Supprimez ce qui s’y trouve à l’écart, ou enregistrez la liste seule, en CSV."
                raise unreadable(message, hint, Place(file=str(path)))


def _span(corners: list[tuple[bytes, bytes]]) -> int:
    """How many cells lie between the first of a sheet and the farthest of these, in columns and in rows."""
    columns = max((_column_number(letters) for letters, _ in corners), default=0)
    return columns * max((int(row) for _, row in corners), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _choose(workbook: CalamineWorkbook, path: Path, sheet: str | None) -> CalamineSheet:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 (only here)

    tables = [
        metadata
        for metadata in workbook.sheets_metadata
        if metadata.typ == SheetTypeEnum.WorkSheet
        and (sheet is not None or metadata.visible == SheetVisibleEnum.Visible)
    ]
    if not tables:
        raise unreadable("Ce classeur n’a aucune feuille de calcul visible.", None, Place(file=str(path)))
    if sheet is None:
        return max(
            (workbook.get_sheet_by_name(metadata.name) for metadata in tables),
            key=lambda candidate: max((count_known(line.cells) for line in _first_lines(candidate)), default=0),
        )
    for metadata in tables:
        if fold(metadata.name) == fold(sheet):
            return workbook.get_sheet_by_name(metadata.name)
    message = f"Le classeur n’a pas de feuille «{NBSP}{sheet}{NBSP}»."
    hint = f"Ses feuilles{NBSP}: {listed(metadata.name for metadata in tables)}."
    raise UsageError(Problem("unknown-sheet", message, hint, value=sheet, place=Place(file=str(path))))


def _first_lines(sheet: CalamineSheet) -> Iterator[Line]:
    return (line for line, _ in zip(_lines(sheet, {}), range(30), strict=False))


def _lines(sheet: CalamineSheet, failed: Mapping[int, Mapping[int, str]]) -> Iterator[Line]:
    first = sheet.start[1] + 1 if sheet.start else 1  # empty columns before the table are not given
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_cell(cell) for cell in row]
        for column, text in failed.get(number, {}).items():
            if 0 <= column - first < len(cells):
                cells[column - first] = text
        yield Line(number, cells)


def _cell(value: object) -> Cell:
    """A cell's value as a person sees it: whole numbers without decimals, dates without hours."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace(".", ",")
