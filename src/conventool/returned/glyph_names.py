"""What the fonts of a PDF call their glyphs themselves, beside the names by which their text is copied and searched.

A font has its own names in three places: the encoding of a font of single bytes (ISO 32000-1, 9.6.6), the names of
glyphs in its file (the ``post`` table, the charset of CFF, the encoding of Type 1), and the map from Unicode to glyphs
in it. Where they call a letter another one than the map of names does, one of the two lies. Many files name their
glyphs without a meaning, by numbers or by letters that only count them: names most of which contradict the map say
nothing.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import Any

from conventool.returned.proof_sheets import is_letter

__all__ = ["named_otherwise"]

_NAMED = re.compile(rb"dup\s+(\d+)\s*/(\S+)\s+put")
_CLEAR_TEXT = 20_000
"""Bytes of a Type 1 file in which its encoding is."""
_SYMBOLS = 0xF000
"""Where the map of a symbol font has its codes."""
_CODES = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}


def named_otherwise(font: Any, codes: Mapping[str, str]) -> set[str]:
    """The letters and digits that a font calls others, in its encoding or in its file.

    Args:
        font: of a PDF.
        codes: by code, in hexadecimal, the text by which it is copied.
    """
    found: set[str] = set()
    for own in (_encoded(font), _named_by_file(font, codes)):
        both = [(char, names) for code, char in codes.items() if (names := own.get(code)) and is_letter(char)]
        odd = [char for char, names in both if char.casefold() not in names]
        if 2 * len(odd) < len(both):
            found.update(odd)
    return found


def _letters(names: Collection[str]) -> set[str]:
    """Some letters or digits, capitals as small ones; none where other texts are among them."""
    return {name.casefold() for name in names} if all(map(is_letter, names)) else set()


def _of_glyph(name: str) -> set[str]:
    """The letter that the name of a glyph says: ``five``, ``uni0035``, ``a.sc``."""
    from fontTools.agl import toUnicode  # noqa: PLC0415 (for PDFs only)

    return _letters([toUnicode(name)])


def _encoded(font: Any) -> dict[str, set[str]]:
    """By code, the letter that the encoding of a font of single bytes says."""
    if font.get("/Subtype") == "/Type0":
        return {}
    encoding = font.get("/Encoding")
    is_described = hasattr(encoding, "keys")
    base = _CODES.get(str(encoding.get("/BaseEncoding")) if is_described else str(encoding))
    found = {}
    if base:
        found = {f"{code:02X}": _letters([bytes([code]).decode(base, "replace")]) for code in range(256)}
    code = 0
    for one in encoding.get("/Differences", []) if is_described else ():
        if str(one).startswith("/"):
            found[f"{code:02X}"] = _of_glyph(str(one)[1:])
            code += 1
        else:
            code = int(one)
    return found


# --- Files of fonts ----------------------------------------------------------------------------------------


def _named_by_file(font: Any, codes: Collection[str]) -> dict[str, set[str]]:
    """By code, the letters that the file of a font says; none of an odd one, and none that cannot be read."""
    from fontTools.cffLib import CFFFontSet  # noqa: PLC0415 (for PDFs only)
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 (likewise)
    from pikepdf import PdfError  # noqa: PLC0415 (likewise)

    is_wide = font.get("/Subtype") == "/Type0"
    inner = font.DescendantFonts[0] if is_wide else font
    described = inner.get("/FontDescriptor", {})
    try:
        if "/FontFile" in described:
            return dict(_type_1(described["/FontFile"].read_bytes()))
        if "/FontFile2" in described or described.get("/FontFile3", {}).get("/Subtype") == "/OpenType":
            data = described.get("/FontFile2", described.get("/FontFile3")).read_bytes()
            file = TTFont(BytesIO(data), lazy=True)
            glyphs = _wide(font, inner, codes) if is_wide else _single(file, font, codes)
            return {code: names for code, glyph in glyphs.items() if (names := _of_file(file, glyph))}
        if "/FontFile3" in described:
            fonts = CFFFontSet()
            fonts.decompile(BytesIO(described["/FontFile3"].read_bytes()), None)
            return dict(_cff(fonts[0], font, codes, is_wide=is_wide))
    except (PdfError, TTLibError, LookupError, AttributeError, ValueError, AssertionError, TypeError, struct.error):
        return {}
    return {}


def _type_1(data: bytes) -> Iterator[tuple[str, set[str]]]:
    """What the encoding of a Type 1 file says."""
    for code, name in _NAMED.findall(data[:_CLEAR_TEXT]):
        yield f"{int(code) & 0xFF:02X}", _of_glyph(name.decode("latin-1"))


def _cff(file: Any, font: Any, codes: Collection[str], *, is_wide: bool) -> Iterator[tuple[str, set[str]]]:
    """What the charset of a CFF file says, by its encoding; one whose glyphs are numbers says nothing."""
    if hasattr(file, "ROS"):
        return
    if is_wide:
        for code in codes if str(font.get("/Encoding")) in _WHOLE else ():
            yield code, _of_glyph(file.charset[int(code, 16)])
    elif isinstance(file.Encoding, list) and "/Encoding" not in font:
        for number, name in enumerate(file.Encoding):
            yield f"{number:02X}", _of_glyph(name)


_WHOLE = frozenset({"/Identity-H", "/Identity-V"})


def _wide(font: Any, inner: Any, codes: Collection[str]) -> dict[str, int]:
    """By code of a font of two bytes, the number of its glyph (9.7.4.2)."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    if str(font.get("/Encoding")) not in _WHOLE:
        return {}
    moved = inner.get("/CIDToGIDMap")
    if not isinstance(moved, pikepdf.Stream):
        return {code: int(code, 16) for code in codes}
    data = moved.read_bytes()
    places = ((code, 2 * int(code, 16)) for code in codes)
    return {code: int.from_bytes(data[place : place + 2], "big") for code, place in places}


def _single(file: Any, font: Any, codes: Collection[str]) -> dict[str, int]:
    """By code of a TrueType font of single bytes, the number of its glyph (9.6.6.4)."""
    maps = {(one.platformID, one.platEncID): one.cmap for one in file["cmap"].tables}
    encoded = _encoded(font)
    found = {}
    for code in codes:
        number = int(code, 16)
        names = [*encoded.get(code, ())]
        glyph = (
            maps.get((3, 0), {}).get(_SYMBOLS + number)
            or maps.get((3, 0), {}).get(number)
            or (None if names else maps.get((1, 0), {}).get(number))
        )
        if glyph is not None:
            found[code] = file.getGlyphID(glyph)
    return found


def _of_file(file: Any, glyph: int) -> set[str]:
    """The letters that a TrueType or OpenType file says of a glyph: by its map from Unicode, else by its name."""
    name = file.getGlyphName(glyph)
    unicode = {chr(code) for code, one in (file["cmap"].getBestCmap() or {}).items() if one == name}
    return _letters(unicode) if unicode else _of_glyph(name)
