"""Workbooks → a table: the sheet that is the list, or a question where several may be."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from conventool.core.errors import UsageError
from conventool.core.problems import Place, Problem, Severity
from conventool.files.reading import file_trouble, unreadable
from conventool.sources.file_kinds import FileKind
from conventool.sources.sheets import Line, Sheet
from conventool.sources.table import Table
from conventool.text.french import fold
from conventool.text.suggestions import listed

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["open_sheets", "open_workbook"]

Likeness = Callable[[Iterator[Line]], int]

_EXPANDED_LIMIT = 500_000_000
"""Bytes that a workbook may have unzipped: it is read as a stream, except for the texts that its cells share."""


def open_workbook(
    path: Path, kind: FileKind, sheet: str | None, likeness: Likeness, aside: Collection[str] = ()
) -> Table:
    """Open a sheet of a workbook.

    Args:
        path: the workbook.
        kind: what it is.
        sheet: name of the sheet, case and accents forgiven; by default the visible one that looks most like a
            list, or the first that is not empty.
        aside: names of sheets, folded, that are no list.
        likeness: tells how much the lines of a sheet look like a list of adherents; 0 for not at all.

    Returns:
        Its table.

    Raises:
        UnreadableError: it is protected, damaged, empty, or expands beyond reason.
        UsageError: it has no such sheet, or several that look like a list.
    """
    with _damage_reported(path):
        if kind is not FileKind.XLS:
            _refuse_bomb(path)
        sheets = [one for one in _reader(kind)(path) if fold(one.name) not in aside]
        problems = []
        if sheet is None:
            chosen = _only_list(sheets, path, likeness)
            problems = _hidden_lists(sheets, path, likeness)
        else:
            chosen = _of_name(sheets, path, sheet)
        hidden = chosen.hidden_columns()
    if kind is FileKind.XLSB:
        problems.append(_without_formats(path))
    place = Place(file=str(path), sheet=chosen.name)
    described = f"classeur {kind.value}, feuille {chosen.name}"
    return Table(place, partial(_lines, path, chosen), described, tuple(problems), hidden)


def open_sheets(path: Path, kind: FileKind, names: Mapping[str, str]) -> dict[str, Table]:
    """Open the sheets of a workbook that have some names, by what these names mean.

    Args:
        path: the workbook, which was opened before.
        kind: what it is.
        names: by the name of a sheet, folded, what it means.

    Raises:
        UnreadableError: the workbook is damaged.
    """
    with _damage_reported(path):
        sheets = _reader(kind)(path)
    found = {}
    for sheet in sheets:
        if fold(sheet.name) in names:
            place = Place(file=str(path), sheet=sheet.name)
            found[names[fold(sheet.name)]] = Table(place, partial(_lines, path, sheet), f"feuille {sheet.name}")
    return found


def _reader(kind: FileKind) -> Callable[[Path], list[Sheet]]:
    """The reader of a kind of workbook; each is loaded when it is needed."""
    if kind is FileKind.XLSX:
        from conventool.sources.xlsx_file import read_sheets  # noqa: PLC0415
    elif kind is FileKind.ODS:
        from conventool.sources.ods_file import read_sheets  # noqa: PLC0415
    elif kind is FileKind.XLS:
        from conventool.sources.xls_file import read_sheets  # noqa: PLC0415
    else:
        from conventool.sources.xlsb_file import read_sheets  # noqa: PLC0415
    return read_sheets


def _lines(path: Path, sheet: Sheet) -> Iterator[Line]:
    with _damage_reported(path):
        yield from sheet.lines()


@contextmanager
def _damage_reported(path: Path) -> Iterator[None]:
    """Say in French why a workbook cannot be read, be it found when it is opened or when a sheet of it is."""
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 (only here)

    place = Place(file=str(path))
    damages = (ParseError, OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
    lookups = (KeyError, IndexError, ValueError, StopIteration, OverflowError)
    try:
        yield
    except BaseException as error:
        if isinstance(error, OSError) and error.errno:
            raise file_trouble(error, path) from error
        name = type(error).__name__
        if name == "PasswordError":
            hint = "Ouvrez-le, ôtez le mot de passe (Fichier, Informations, Protéger), enregistrez."
            raise unreadable("Ce classeur est protégé par un mot de passe.", hint, place) from error
        # calamine and expat have their own exceptions, and a panic of Rust is none of Python's
        known = isinstance(error, (*damages, *lookups)) or name in _DAMAGES
        if not known or isinstance(error, GeneratorExit):
            raise
        hint = "Rouvrez-le dans le tableur et enregistrez-le de nouveau, en .xlsx ou en .csv."
        raise unreadable("Ce classeur est abîmé, ou n’en est pas un malgré son nom.", hint, place) from error


_DAMAGES = {"CalamineError", "PanicException", "ZipError", "ExpatError"}


def _refuse_bomb(path: Path) -> None:
    """Refuse a zip that says it expands beyond reason."""
    with zipfile.ZipFile(path) as archive:
        expanded = sum(part.file_size for part in archive.infolist())
    if expanded > _EXPANDED_LIMIT:
        hint = "Enregistrez la liste seule, en CSV."
        raise unreadable("Ce classeur est trop gros une fois décompressé.", hint, Place(file=str(path)))


def _only_list(sheets: Sequence[Sheet], path: Path, likeness: Likeness) -> Sheet:
    visible = [sheet for sheet in sheets if sheet.visible]
    if not visible:
        raise unreadable("Ce classeur n’a aucune feuille de calcul visible.", None, Place(file=str(path)))
    likenesses = [likeness(sheet.lines()) for sheet in visible]
    most = max(likenesses)
    candidates = [sheet for sheet, found in zip(visible, likenesses, strict=True) if found == most > 0]
    if len(candidates) > 1:
        message = f"Plusieurs feuilles de ce classeur ont l’air d’une liste : {_names(candidates)}."
        hint = f'Dites laquelle lire, par exemple : --sheet "{candidates[-1].name}".'
        raise UsageError(Problem("ambiguous-sheet", message, hint, place=Place(file=str(path))))
    if not candidates:
        candidates = [sheet for sheet in visible if any(sheet.lines())] or visible
    return candidates[0]


def _hidden_lists(sheets: Sequence[Sheet], path: Path, likeness: Likeness) -> list[Problem]:
    """Tell of sheets that are not shown and look like a list: nobody who sees the workbook misses them."""
    hidden = [sheet for sheet in sheets if not sheet.visible and likeness(sheet.lines()) > 1]
    if not hidden:
        return []
    message = f"Ce classeur a aussi, sans la montrer, une liste qui n’est pas lue : {_names(hidden)}."
    hint = f'Pour la lire : --sheet "{hidden[0].name}".'
    return [Problem("hidden-sheet", message, hint, place=Place(file=str(path)), severity=Severity.WARNING)]


def _of_name(sheets: Sequence[Sheet], path: Path, name: str) -> Sheet:
    for sheet in sheets:
        if fold(sheet.name) == fold(name):
            return sheet
    message = f"Le classeur n’a pas de feuille « {name} »."
    hint = f"Ses feuilles : {listed(sheet.name for sheet in sheets)}."
    raise UsageError(Problem("unknown-sheet", message, hint, value=name, place=Place(file=str(path))))


def _without_formats(path: Path) -> Problem:
    message = "D’un classeur xlsb ne sont lus ni le format des nombres, ni ce qui est masqué ou en échec."
    hint = "Enregistrez-le en .xlsx si l’un d’eux importe."
    return Problem("old-workbook", message, hint, place=Place(file=str(path)), severity=Severity.WARNING)


def _names(sheets: Sequence[Sheet]) -> str:
    return ", ".join(f"« {sheet.name} »" for sheet in sheets)
