"""A font's own names beside those by which its text is copied: its encoding, the map in its file, its glyphs' names."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from string import ascii_lowercase, digits
from typing import Any

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from pikepdf import Array, Dictionary, Name

from conventool.returned.font_proofs import read_fonts
from conventool.returned.glyph_names import named_otherwise

ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SIGNS = {**dict(zip(digits, ENGLISH, strict=True)), **{char: char for char in ascii_lowercase}}
"""By character, the name of its glyph in the Adobe Glyph List."""
EXCHANGED = {**{char: char for char in SIGNS}, "5": "6", "6": "5"}
"""By character, how a lying map of names calls it."""
HONEST = {char: char for char in SIGNS}


def file(names: Mapping[str, str], *, mapped: bool = True) -> bytes:
    """An OpenType font with CFF outlines, each glyph a square."""
    glyphs = [".notdef", *names.values()]
    pen = T2CharStringPen(500, None)
    for step, point in enumerate(((0, 0), (0, 400), (400, 400), (400, 0))):
        (pen.lineTo if step else pen.moveTo)(point)
    pen.closePath()
    square = pen.getCharString()
    font = FontBuilder(1000, isTTF=False)
    font.setupGlyphOrder(glyphs)
    font.setupCharacterMap({ord(char): name for char, name in names.items()} if mapped else {0xE000: glyphs[1]})
    font.setupCFF("Test", {}, dict.fromkeys(glyphs, square), {})
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (500, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupPost(keepGlyphNames=True)
    out = BytesIO()
    font.font.save(out)
    return out.getvalue()


def wide(pdf: pikepdf.Pdf, data: bytes, moved: bytes | None = None) -> Any:
    """A font of two bytes whose codes are the numbers of its glyphs, or are moved by a map to others."""
    described = Dictionary(Type=Name.FontDescriptor, FontFile3=pdf.make_stream(data, Subtype=Name.OpenType))
    inner = Dictionary(Subtype=Name.CIDFontType2, FontDescriptor=described, CIDToGIDMap=Name.Identity)
    if moved is not None:
        inner.CIDToGIDMap = pdf.make_stream(moved)
    return Dictionary(Subtype=Name.Type0, Encoding=Name("/Identity-H"), DescendantFonts=Array([inner]))


def by_glyph(said: Mapping[str, str]) -> dict[str, str]:
    """By code of such a font, what a map of names says."""
    return {f"{rank:04X}": said[char] for rank, char in enumerate(SIGNS, 1)}


def single(*differences: Any, **more: Any) -> Any:
    return Dictionary(Subtype=Name.Type1, Encoding=Dictionary(Differences=Array(list(differences)), **more))


def by_byte(said: Mapping[str, str]) -> dict[str, str]:
    return {f"{ord(char):02X}": said[char] for char in SIGNS}


@pytest.mark.parametrize("mapped", [True, False], ids=["by its map", "by the names of its glyphs"])
def test_the_file_of_a_font_is_asked(mapped: bool) -> None:
    with pikepdf.new() as pdf:
        font = wide(pdf, file(SIGNS, mapped=mapped))
        assert named_otherwise(font, by_glyph(HONEST)) == set()
        assert named_otherwise(font, by_glyph(EXCHANGED)) == {"5", "6"}


def test_codes_moved_to_other_glyphs() -> None:
    glyphs = [0, *(list(SIGNS).index(EXCHANGED[char]) + 1 for char in SIGNS)]
    with pikepdf.new() as pdf:
        font = wide(pdf, file(SIGNS), b"".join(one.to_bytes(2, "big") for one in glyphs))
        assert named_otherwise(font, by_glyph(HONEST)) == {"5", "6"}
        assert named_otherwise(font, by_glyph(EXCHANGED)) == set()


def test_glyphs_that_are_only_counted_say_nothing() -> None:
    counted = {char: f"g{rank}" for rank, char in enumerate(SIGNS)}
    lettered = dict(zip(SIGNS, reversed(SIGNS.values()), strict=True))
    with pikepdf.new() as pdf:
        for names in (counted, lettered):
            assert named_otherwise(wide(pdf, file(names, mapped=False)), by_glyph(EXCHANGED)) == set()


def test_the_encoding_of_single_bytes_is_asked() -> None:
    font = single(48, *(Name(f"/{name}") for name in ENGLISH), 97, *(Name(f"/{char}") for char in ascii_lowercase))
    assert named_otherwise(font, by_byte(HONEST)) == set()
    assert named_otherwise(font, by_byte(EXCHANGED)) == {"5", "6"}
    plain = single(53, Name.six, BaseEncoding=Name.WinAnsiEncoding)
    assert named_otherwise(plain, by_byte(HONEST)) == {"5"}


def test_small_capitals_are_the_same_letters() -> None:
    font = single(97, *(Name(f"/{char.upper()}.sc") for char in ascii_lowercase))
    assert named_otherwise(font, by_byte(HONEST)) == set()


def test_the_encoding_in_a_type_1_file_is_asked() -> None:
    lines = "\n".join(f"dup {ord(char)} /{name} put" for char, name in SIGNS.items())
    with pikepdf.new() as pdf:
        described = Dictionary(FontFile=pdf.make_stream(f"/Encoding 256 array\n{lines}\nreadonly def".encode()))
        font = Dictionary(Subtype=Name.Type1, FontDescriptor=described)
        assert named_otherwise(font, by_byte(HONEST)) == set()
        assert named_otherwise(font, by_byte(EXCHANGED)) == {"5", "6"}


@pytest.mark.parametrize("data", [b"", b"OTTO", bytes(64), file(SIGNS)[:400]])
def test_a_file_that_cannot_be_read_says_nothing(data: bytes) -> None:
    with pikepdf.new() as pdf:
        assert named_otherwise(wide(pdf, data), by_glyph(EXCHANGED)) == set()


def test_a_range_of_names_that_is_shifted() -> None:
    """The map of names of a standard font says each digit from 5 on one too low: its encoding tells another."""
    with pikepdf.new() as pdf:
        names = b"3 beginbfrange <61> <7A> <0061> <30> <34> <0030> <36> <39> <0035> endbfrange"
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        font.ToUnicode = pdf.make_stream(names)
        page = pdf.add_blank_page()
        page.Resources = Dictionary(Font=Dictionary(F=pdf.make_indirect(font)))
        out = BytesIO()
        pdf.save(out)
    used = {("Helvetica", char) for char in SIGNS}
    assert read_fonts(out.getvalue(), used).misnamed == tuple(("Helvetica", char) for char in "5678")
