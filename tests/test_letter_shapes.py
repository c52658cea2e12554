"""Letters exchanged throughout in a font that is not installed: found by their shapes; no sincere letter is doubted."""

from __future__ import annotations

import struct
from collections.abc import Callable
from copy import deepcopy
from importlib.resources import files
from io import BytesIO
from itertools import permutations
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from PIL import ImageOps
from PIL.Image import Image, Resampling, Transform

import conventool.returned
from conventool.commands.verify import VerifyOptions, verify
from conventool.returned.font_names import by_glyph
from conventool.returned.font_proofs import read_fonts
from conventool.returned.letter_shapes import GROUPS, MARGINS, misdrawn_letters
from conventool.returned.proof_sheets import BASE_LINE, add_sheet, installed_file, installed_letters
from test_returned_drawing import tables
from test_returned_hiding import DATA, PDF

FONTS = [name for name in ("Carlito", "Carlito-Bold", "Carlito-Italic")
         if installed_letters(name)["a"].tobytes() != installed_letters("Helvetica")["a"].tobytes()]  # fmt: skip
"""Fonts of this machine that are none of those that every reader has."""
EXCHANGES = ("eo", "ce", "il", "nu", "ae", "tf", "bh", "35", "38", "01", "69")


@pytest.mark.parametrize("font", FONTS)
def test_sincere_letters_are_not_doubted(font: str) -> None:
    letters = installed_letters(font)
    assert misdrawn_letters(letters) == set()
    assert misdrawn_letters({char: cell for char, cell in letters.items() if char in "Article 35"}) == set()


@pytest.mark.slow
@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("pair", EXCHANGES)
def test_exchanged_letters_are_found(font: str, pair: str) -> None:
    letters, one, other = installed_letters(font), pair[0], pair[1]
    assert {one, other} <= misdrawn_letters({**letters, one: letters[other], other: letters[one]})


@pytest.mark.parametrize("font", FONTS)
def test_one_picture_under_two_letters_is_found(font: str) -> None:
    letters = installed_letters(font)
    assert {"5", "9"} <= misdrawn_letters({**letters, "5": letters["9"]})


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("pair", ["59", "71", "AE", "TL"])
def test_a_letter_drawn_as_one_that_is_not_used_is_found(font: str, pair: str) -> None:
    letters, called, drawn = installed_letters(font), pair[0], pair[1]
    others = {char: cell for char, cell in letters.items() if char != drawn}
    assert misdrawn_letters({**others, called: letters[drawn]}) == {called}


@pytest.mark.slow
@pytest.mark.parametrize("font", FONTS)
def test_most_digits_drawn_as_one_that_is_not_used_are_found(font: str) -> None:
    """Of 90 pairs; a 3 drawn as an 8, a 9 as a 3 of some fonts are nearer to themselves than fonts in print come."""
    letters = {char: installed_letters(font)[char] for char in digits}
    found = 0
    for called, drawn in permutations(digits, 2):
        others = {char: cell for char, cell in letters.items() if char != drawn}
        found += misdrawn_letters({**others, called: letters[drawn]}) == {called}
    assert found >= 78


def test_there_is_a_margin_between_each_two_letters() -> None:
    lines = (files(conventool.returned) / MARGINS).read_text(encoding="utf-8").splitlines()
    table = {one: shares for one, *shares in map(str.split, lines)}
    assert list(table) == [char for group in GROUPS for char in group]
    for group in GROUPS:
        for one in group:
            assert len(table[one]) == len(group)
            assert all(0 < int(share) <= 150 for share in table[one])


def forms_of_f(other: str, width: float = 1.0) -> bytes:
    """A PDF in Carlito with two forms of an f: its own, and another letter in this width."""
    drawn = TTFont(BytesIO(installed_file("Carlito")))
    names, glyphs = drawn.getBestCmap(), drawn["glyf"]
    form = deepcopy(glyphs[names[ord(other)]])
    form.coordinates.scale((width, 1))
    glyphs[names[ord("ß")]], drawn["hmtx"][names[ord("ß")]] = form, drawn["hmtx"][names[ord(other)]]
    with BytesIO() as out:
        drawn.save(out)
        data = out.getvalue()
    with pikepdf.new() as pdf, BytesIO() as out:
        font = by_glyph(pdf, data)
        font.BaseFont = pikepdf.Name.Carlito
        codes = {char: f"{drawn.getGlyphID(names[ord(char)]):04X}" for char in f"{ascii_lowercase}ß"}
        lines = "\n".join(f"<{code}> <{ord('f' if char == 'ß' else char):04X}>" for char, code in codes.items())
        font.ToUnicode = pdf.make_stream(f"{len(codes)} beginbfchar\n{lines}\nendbfchar".encode())
        add_sheet(pdf, pdf.make_indirect(font), codes.values())
        pdf.save(out)
        return out.getvalue()


@pytest.mark.skipif("Carlito" not in FONTS, reason="Carlito is not installed")
@pytest.mark.parametrize(("other", "width", "doubted"), [("f", 1.0, ""), ("f", 1.08, ""), ("t", 1.0, "f")])
def test_a_second_form_of_a_letter_is_no_other_letter(other: str, width: float, doubted: str) -> None:
    used = {("Carlito", char) for char in ascii_lowercase}
    assert "".join(char for _, char in read_fonts(forms_of_f(other, width), used).misnamed) == doubted


@pytest.mark.parametrize("font", FONTS)
def test_letters_that_are_one_picture_in_many_fonts_are_not_doubted(font: str) -> None:
    letters = installed_letters(font)
    assert misdrawn_letters({**letters, "l": letters["I"], "0": letters["O"]}) == set()


@pytest.mark.parametrize("font", FONTS)
def test_small_capitals_are_not_doubted(font: str) -> None:
    """A font whose small letters are capitals, as high as its x."""
    letters = installed_letters(font)
    small = {
        char: scaled(letters[char.upper()], height(letters["H"]) / height(letters["x"])) for char in ascii_lowercase
    }
    assert misdrawn_letters({**letters, **small}) == set()


def height(cell: Image) -> float:
    """How high a letter is above its base line, in pixels."""
    box = ImageOps.invert(cell).getbbox()
    assert box is not None
    return BASE_LINE - box[1]


def scaled(cell: Image, ratio: float) -> Image:
    """A letter drawn smaller where it stands on its base line."""
    area = (0, BASE_LINE * (1 - ratio), cell.width * ratio, BASE_LINE + (cell.height - BASE_LINE) * ratio)
    return cell.transform(cell.size, Transform.EXTENT, area, Resampling.BILINEAR, fillcolor=255)


def smaller(font: Any) -> None:
    """All the letters of a font are drawn smaller: it is equal to none that is known."""
    data = font.FontDescriptor.FontFile2.read_bytes()
    head = dict(tables(data))[b"head"]
    (units,) = struct.unpack_from(">H", head, 18)
    font.FontDescriptor.FontFile2.write(data.replace(head, head[:18] + struct.pack(">H", units * 11 // 10) + head[20:]))


def exchanged(one: str, other: str) -> Callable[[Any], None]:
    """Two characters are called by each other's name."""

    def change(font: Any) -> None:
        names = font.ToUnicode.read_bytes()
        first, second = (b"> <%04X>" % ord(char) for char in (one, other))
        names = names.replace(first, b"> <0000>").replace(second, first).replace(b"> <0000>", second)
        font.ToUnicode.write(names)

    return change


def status(path: Path, *changes: Callable[[Any], None]) -> str:
    with pikepdf.open(PDF) as pdf:
        fonts = {font.objgen: font for page in pdf.pages for font in page.Resources.Font.values()}
        for font in fonts.values():
            for change in changes:
                change(font)
        pdf.save(path)
    return next(iter(verify([path], VerifyOptions(data=DATA, jobs=1)).documents)).status


@pytest.mark.slow
def test_a_font_that_nobody_knows(tmp_path: Path) -> None:
    """Its words are those of the template; what it draws is told where that is another word."""
    assert status(tmp_path / "sincere.pdf", smaller) == "intact"
    swapped = [status(tmp_path / f"{pair}.pdf", smaller, exchanged(*pair)) for pair in ("56", "38")]
    assert set(swapped) == {"altered"}
