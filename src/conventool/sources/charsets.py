"""The charset of a text file, found in its bytes: the programs of an office have each their own."""

from __future__ import annotations

import codecs
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["find_charset"]

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_LEGACY = ("cp1252", "cp850", "mac_roman")
_FRENCH = frozenset("àâäçéèêëîïôöùûüÿœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ’‘“”«»°€–—…\u00a0")
_ASCII = bytes(range(0x80))


def find_charset(chunks: Iterable[bytes]) -> str:
    """Tell in which charset a text was saved.

    Args:
        chunks: its bytes, whole and in order; the first holds at least four of them where there are as many.

    Returns:
        UTF-8 or UTF-16 if its first bytes or all of it say so; else the old charset that makes the most French of it.
    """
    utf8 = codecs.getincrementaldecoder("utf-8")()
    counted: Counter[int] = Counter()
    is_utf8 = first = True
    for chunk in chunks:
        if first and (unicode := _by_start(chunk)):
            return unicode
        first = False
        counted.update(chunk.translate(None, _ASCII))
        is_utf8 = is_utf8 and _decodes(utf8, chunk)
    if is_utf8 and _decodes(utf8, b"", final=True):
        return "utf-8"
    return max(_LEGACY, key=lambda charset: _frenchness(counted, charset))


def _by_start(chunk: bytes) -> str | None:
    """The charset that a byte order mark names; or UTF-16 without one, whose letters have every other byte empty."""
    for mark, charset in _BOMS.items():
        if chunk.startswith(mark):
            return charset
    start = chunk[:64]
    even, odd = start[::2], start[1::2]
    if len(start) >= 4 and 2 * odd.count(0) > len(odd) and 0 not in even:
        return "utf-16-le"
    return "utf-16-be" if len(start) >= 4 and 2 * even.count(0) > len(even) and 0 not in odd else None


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _frenchness(counted: Counter[int], charset: str) -> int:
    """How many of the counted bytes are letters or signs of French in this charset."""
    return sum(count for byte, count in counted.items() if bytes([byte]).decode(charset, "replace") in _FRENCH)
