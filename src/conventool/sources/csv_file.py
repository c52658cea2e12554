"""CSV → a table: charset and separator found by content, lines as an editor counts them.

Excel in French saves with semicolons, as cp1252 or as UTF-8 with a byte order mark; others use commas or tabs.
"""

from __future__ import annotations

import csv
from functools import partial
from typing import TYPE_CHECKING, TextIO

from conventool.core.problems import Place
from conventool.files.reading import file_trouble, unreadable
from conventool.sources.charsets import find_charset
from conventool.sources.head import is_header, known_cells
from conventool.sources.own_columns import ADHERENTS, OwnColumns
from conventool.sources.sheets import Line
from conventool.sources.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

__all__ = ["open_csv"]

_CHUNK = 1 << 20
_SAMPLE = 30
_LONGEST = 1 << 20
_SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}


def open_csv(path: Path, mapping: Mapping[str, object], own: OwnColumns = ADHERENTS) -> Table:
    """Open a CSV file.

    Args:
        path: the file; it is read as a stream, however long it is.
        mapping: by header, what the user decided of columns: with the right separator these are found.
        own: what headers mean to the template.

    Returns:
        Its table.

    Raises:
        UnreadableError: it cannot be opened, or a quoted value never ends (told when that line is reached).
    """
    charset = _charset(path)
    separator = _find_separator(path, charset, is_header(mapping, own))
    described = f"CSV, {charset.upper().replace('-SIG', ' avec BOM')}, séparateur {_SEPARATORS[separator]}"
    return Table(Place(file=str(path)), lambda: _lines(path, charset, separator), described)


def _lines(path: Path, charset: str, separator: str) -> Iterator[Line]:
    """The lines; one whose quoted values hold line breaks has the number of its first."""
    try:
        with path.open(encoding=charset, errors="replace", newline="") as file:
            reader = csv.reader(_bounded(file), delimiter=separator, strict=True)
            number = 1
            for cells in reader:
                yield Line(number, [cell.strip() for cell in cells])
                number = reader.line_num + 1
    except OSError as error:
        raise file_trouble(error, path) from error
    except csv.Error as error:
        hint = "Vérifiez les guillemets : chacun doit être fermé, et doublé s’il est dans une valeur."
        raise unreadable("Cette ligne n’est pas du CSV lisible.", hint, Place(str(path), line=number)) from error


def _bounded(file: TextIO) -> Iterator[str]:
    """The lines of a file; one without end is not taken into memory."""
    while line := file.readline(_LONGEST):
        if len(line) == _LONGEST:
            raise csv.Error
        yield line


def _charset(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return find_charset(iter(partial(file.read, _CHUNK), b""))
    except OSError as error:
        raise file_trouble(error, path) from error


def _find_separator(path: Path, charset: str, knows: Callable[[str], bool]) -> str:
    """The separator that makes the most known headers appear on one line, else the most columns."""

    def merit(separator: str) -> tuple[int, int]:
        known = columns = 0
        with path.open(encoding=charset, errors="replace", newline="") as file:
            sample = csv.reader(_bounded(file), delimiter=separator)
            for cells, _ in zip(sample, range(_SAMPLE), strict=False):
                known, columns = max(known, known_cells(map(str.strip, cells), knows)), max(columns, len(cells))
        return known, columns

    try:
        return max(_SEPARATORS, key=merit)
    except OSError as error:
        raise file_trouble(error, path) from error
    except csv.Error:
        return ";"
