"""Signs that the document's font lacks: drawn by another font, or by none, which leaves an empty frame.

LibreOffice says neither. Only signs that French prose does not use are looked at.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import pikepdf

from conventool.core.problems import Place, Problem, Severity
from conventool.pdf.fonts import font_name, is_asked_for

__all__ = ["sign_problems"]

_MAPPED = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<((?:[0-9A-Fa-f]{4})+)>\s*$", re.MULTILINE)  # a line of bfchar
_OF_PROSE = re.compile(r"[\x00-\u017f\u02bc\u2010-\u203a\u20ac\u2122\u2116\ue000-\uf8ff\ufb00-\ufb02\s]*")
_BOXES = re.compile(r"[\u25a0-\u25ff\u2610-\u2612\u2713-\u2718]*")  # any font may draw them
_WINDOWS_SYMBOLS = 0xF000  # where the codes of a symbolic font stand in its table of characters (ISO 32000-1, 9.6.6.4)
_TOLD = 20


class _Sign(NamedTuple):
    """A sign of a PDF that prose does not use.

    Attributes:
        text: the sign.
        font: the name of the font.
        is_drawn: whether the font has it.
    """

    text: str
    font: str
    is_drawn: bool


def sign_problems(fonts: Iterable[pikepdf.Object], families: Collection[str], name: str) -> list[Problem]:
    """A warning for the signs that no font draws, a notice for those that another font than the document's draws.

    Args:
        fonts: the font objects of a PDF.
        families: the fonts that the document asks for.
        name: how messages call the document.
    """
    signs = [sign for font in fonts for sign in _signs(font)]
    undrawn = sorted({sign.text for sign in signs if not sign.is_drawn})
    drawn = {sign for sign in signs if sign.is_drawn and not _BOXES.fullmatch(sign.text)}
    others = sorted(sign for sign in drawn if not is_asked_for(sign.font, families))
    place = Place(file=name)
    problems = []
    if undrawn:
        told = "Aucune police de cet ordinateur n’a ces signes, un cadre est imprimé à leur place"
        message = f"{told} : {_listed(undrawn)}."
        hint = "Écrivez-les autrement, ou installez une police qui les a, puis convertissez de nouveau."
        problems.append(Problem("sign-missing", message, hint, place=place, severity=Severity.WARNING))
    if others:
        drawing = ", ".join(sorted({sign.font for sign in others}))
        listed = _listed([sign.text for sign in others])
        message = f"La police du document n’a pas ces signes, {drawing} les dessine : {listed}."
        problems.append(Problem("sign-missing", message, place=place, severity=Severity.NOTICE))
    return problems


def _listed(signs: list[str]) -> str:
    shown = [f"« {sign} » (U+{ord(sign[0]):04X})" for sign in dict.fromkeys(signs)]
    return ", ".join(shown[:_TOLD]) + ("…" if len(shown) > _TOLD else "")


def _signs(font: pikepdf.Object) -> Iterator[_Sign]:
    """The signs of a font."""
    if "/ToUnicode" in font and (unusual := _unusual(font.ToUnicode.read_bytes())):
        file = font.get("/FontDescriptor", pikepdf.Dictionary()).get("/FontFile2")
        empty = _without_glyph(file.read_bytes(), unusual) if file is not None else set()
        for code, text in unusual.items():
            yield _Sign(text, font_name(font), code not in empty)


@lru_cache(maxsize=64)
def _unusual(mapping: bytes) -> dict[int, str]:
    """The codes that a map says to be signs that prose does not use; the copies of a document have the same maps."""
    codes = _MAPPED.findall(mapping)
    mapped = {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace") for code, text in codes}
    return {code: text for code, text in mapped.items() if not _OF_PROSE.fullmatch(text)}


def _without_glyph(file: bytes, codes: Collection[int]) -> set[int]:
    """The codes for which a TrueType font has nothing but what it draws for what it lacks, its glyph 0."""
    try:
        tables = {
            file[at : at + 4]: slice(*(start, start + length))
            for at in range(12, 12 + 16 * struct.unpack_from(">H", file, 4)[0], 16)
            for start, length in [struct.unpack_from(">II", file, at + 8)]
        }
        glyphs, places = file[tables[b"glyf"]], file[tables[b"loca"]]
        long = struct.unpack_from(">h", file[tables[b"head"]], 50)[0]
        scale, kind = (1, "I") if long else (2, "H")
        ends = [scale * one for (one,) in struct.iter_unpack(f">{kind}", places)]
        glyph_of = dict(_characters(file[tables[b"cmap"]]))
        lacking = glyphs[ends[0] : ends[1]]
        found = {code: glyph_of.get(code, glyph_of.get(_WINDOWS_SYMBOLS + code, 0)) for code in codes}
        return {code for code, glyph in found.items() if glyphs[ends[glyph] : ends[glyph + 1]] == lacking}
    except (KeyError, IndexError, struct.error):  # a font of another make
        return set()


def _characters(cmap: bytes) -> Iterator[tuple[int, int]]:
    """The codes of a font's characters and their glyphs (ISO/IEC 14496-22, 5.2.1, formats 0, 4 and 6)."""
    for rank in range(struct.unpack_from(">H", cmap, 2)[0]):
        at = struct.unpack_from(">I", cmap, 8 + 8 * rank)[0]
        form = struct.unpack_from(">H", cmap, at)[0]
        if form == 0:
            yield from enumerate(cmap[at + 6 : at + 262])
        elif form == 6:
            first, count = struct.unpack_from(">HH", cmap, at + 6)
            yield from enumerate(struct.unpack_from(f">{count}H", cmap, at + 10), first)
        elif form == 4:
            yield from _segments(cmap, at)


def _segments(cmap: bytes, at: int) -> Iterator[tuple[int, int]]:
    count = struct.unpack_from(">H", cmap, at + 6)[0] // 2
    starts = (at + 14, at + 16 + 2 * count, at + 16 + 4 * count, at + 16 + 6 * count)
    lasts, firsts, shifts, offsets = (struct.unpack_from(f">{count}H", cmap, start) for start in starts)
    start_of_offsets = at + 16 + 6 * count
    for rank, (first, last, shift, offset) in enumerate(zip(firsts, lasts, shifts, offsets, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                where = start_of_offsets + 2 * rank + offset + 2 * (code - first)
                glyph = struct.unpack_from(">H", cmap, where)[0]
            yield code, (glyph + shift) & 0xFFFF
