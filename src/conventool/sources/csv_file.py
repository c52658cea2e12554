"""CSV → a table: charset and separator found by content, lines as an editor counts them.

Excel in French saves with semicolons, as cp1252 or as UTF-8 with a byte order mark; others use commas or tabs.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from typing import TYPE_CHECKING, TextIO

from conventool.core.problems import Place
from conventool.files.reading import file_trouble, unreadable
from conventool.sources.table import Line, Table, count_known

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["open_csv"]

_CHUNK = 1 << 20
_SAMPLE = 30
_LONGEST = 1 << 20
_SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_LEGACY = ("cp1252", "cp850", "mac_roman")
_FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ’‘“”«»°€–—…\u00a0")


def open_csv(path: Path) -> Table:
    """Open a CSV file.

    Args:
        path: the file; it is read as a stream, however long it is.

    Returns:
        Its table.

    Raises:
        UnreadableError: it cannot be opened, or a quoted value never ends (told when that line is reached).
    """
    charset = _find_charset(path)
    separator = _find_separator(path, charset)
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


def _find_charset(path: Path) -> str:
    """UTF-8 if all of the file is; else the old charset that makes the most French of it."""
    utf8 = codecs.getincrementaldecoder("utf-8")()
    counted: Counter[int] = Counter()
    is_utf8 = True
    try:
        with path.open("rb") as file:
            start = file.read(4)
            for bom, charset in _BOMS.items():
                if start.startswith(bom):
                    return charset
            file.seek(0)
            while chunk := file.read(_CHUNK):
                counted.update(chunk.translate(None, _ASCII))
                is_utf8 = is_utf8 and _decodes(utf8, chunk)
    except OSError as error:
        raise file_trouble(error, path) from error
    if is_utf8 and _decodes(utf8, b"", final=True):
        return "utf-8"
    return max(_LEGACY, key=lambda charset: _frenchness(counted, charset))


_ASCII = bytes(range(0x80))


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _frenchness(counted: Counter[int], charset: str) -> int:
    """How many of the counted bytes are letters or signs of French in this charset."""
    return sum(count for byte, count in counted.items() if bytes([byte]).decode(charset, "replace") in _FRENCH)


def _find_separator(path: Path, charset: str) -> str:
    """The separator that makes the most names of fields appear on one line, else the most columns."""

    def merit(separator: str) -> tuple[int, int]:
        known = columns = 0
        with path.open(encoding=charset, errors="replace", newline="") as file:
            sample = csv.reader(_bounded(file), delimiter=separator)
            for cells, _ in zip(sample, range(_SAMPLE), strict=False):
                known, columns = max(known, count_known(cells)), max(columns, len(cells))
        return known, columns

    try:
        return max(_SEPARATORS, key=merit)
    except csv.Error:
        return ";"
