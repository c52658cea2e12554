"""Whether the fonts of a PDF draw the letters that they name, whatever word these make.

Each font is asked itself: every letter, digit and blank that it names is drawn alone, large, on a page of its own (a
proof). What is named a blank must draw nothing. A letter or a digit must be drawn as it is in the font of that name
that is installed here, or another to which most letters are equal; where none is, it must not look more like another
letter than like itself (`letter_shapes`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import digits
from typing import TYPE_CHECKING, Any, NamedTuple

from conventool.returned.glyph_names import named_otherwise
from conventool.returned.letter_shapes import misdrawn_letters, plain_digits
from conventool.returned.pdf_glyphs import font_name
from conventool.returned.pdf_opening import opened
from conventool.returned.pdf_resources import fonts_of
from conventool.returned.proof_sheets import (
    SAME,
    UNNAMED,
    USUAL_FONTS,
    Proof,
    add_sheet,
    cells,
    codes_of,
    drawn_sheets,
    installed_letters,
    is_letter,
    read_back,
    to_unicode,
    unlikeness,
)

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["FontsRead", "read_fonts"]

_SAME_FONT = 0.9
"""The share of its letters that are equal in two versions of one font."""
_OTHERWISE = 0.1
"""By what share of its ink a letter of the same font may differ in another file of it; "e" and "é" differ by more."""
_FORM = 2
"""How many times as far as from its usual form another form of a letter is from every other letter."""
_INKED = 128
"""What is darker is ink, and no blur."""


class FontsRead(NamedTuple):
    """What the fonts of a PDF draw.

    Attributes:
        misnamed: names of fonts, each with a letter or digit that it draws as another, or a blank that it draws.
        plain: names of fonts, each with a digit that it draws as itself: as an installed font does, or by its shape.
        forms: names of fonts, each with a letter that it draws in several ways, by a code of its own for each.
    """

    misnamed: tuple[tuple[str, str], ...]
    plain: frozenset[tuple[str, str]]
    forms: frozenset[tuple[str, str]]


def read_fonts(file: Path | bytes, used: Collection[tuple[str, str]]) -> FontsRead:
    """Hold what the fonts of a PDF draw against what they call it.

    Args:
        file: the PDF.
        used: by name of the font, the characters that its pages show.
    """
    misnamed: list[tuple[str, str]] = []
    plain: dict[tuple[str, str], bool] = {}
    forms: set[tuple[str, str]] = set()
    for name, proofs, named in _proofs(file):
        shown = [one for one in proofs if (name, one.char) in used]
        pictures, reference = _pictures(shown), _reference(name, shown)
        if reference is None:
            found = _misdrawn(pictures)
        else:
            odd = (one for one in shown if _is_misdrawn(one, reference))
            found = {one.char for one in odd if not _is_form(one, pictures[one.char], reference)}
        found |= {char for char in named if (name, char) in used}
        if any(one.char == " " and min(one.cell.tobytes()) < _INKED for one in proofs):
            found.add(" ")
        misnamed += [(name, char) for char in sorted(found)]
        forms |= {(name, char) for char, some in pictures.items() if char.isalpha() and len(some) > 1}
        seen = set(digits) if reference and reference.is_same_font else _plain(pictures)
        for digit in pictures.keys() & set(digits):
            plain[name, digit] = plain.get((name, digit), True) and digit in seen - found
    sound = frozenset(key for key, is_plain in plain.items() if is_plain)
    return FontsRead(tuple(misnamed), sound, frozenset(forms - set(misnamed)))


class _Reference(NamedTuple):
    """A font that most letters of another are equal to: by letter its picture, and whether nearly all are."""

    cells: Mapping[str, Image]
    is_same_font: bool


def _reference(name: str, proofs: Sequence[Proof]) -> _Reference | None:
    """The font installed here that most letters of a font are equal to: the one of its name, or a usual one."""
    letters = {one.char: one for one in proofs if is_letter(one.char)}
    found, most = None, len(letters) / 2
    for candidate in (name, *USUAL_FONTS) if letters else ():
        known = installed_letters(candidate)
        equal = sum(char not in known or unlikeness(one.cell, known[char]) <= SAME for char, one in letters.items())
        if equal > most:
            found, most = _Reference(known, equal >= _SAME_FONT * len(letters)), equal
        if found and found.is_same_font:
            break
    return found


def _pictures(proofs: Iterable[Proof]) -> dict[str, list[Image]]:
    """By letter, the ways in which the codes of a font draw it: one, unless it has forms for some words."""
    found: dict[str, dict[bytes, Image]] = {}
    for one in proofs:
        if one.char != " ":
            found.setdefault(one.char, {})[one.cell.tobytes()] = one.cell
    return {char: list(cells.values()) for char, cells in found.items()}


def _misdrawn(pictures: Mapping[str, Sequence[Image]]) -> set[str]:
    """The letters of a font that nobody knows that are drawn as others, in one of their forms at least."""
    forms = max(map(len, pictures.values()), default=0)
    ways = ({char: cells[min(rank, len(cells) - 1)] for char, cells in pictures.items()} for rank in range(forms))
    return {char for way in ways for char in misdrawn_letters(way)}


def _plain(pictures: Mapping[str, Sequence[Image]]) -> set[str]:
    """The digits of a font that have one form, and look like no other digit."""
    return plain_digits({char: cells[0] for char, cells in pictures.items() if len(cells) == 1})


def _is_misdrawn(proof: Proof, reference: _Reference) -> bool:
    """Whether a letter is another one than in a font that is known; what is no letter is not compared.

    In a font that is only much like it (another version, another maker's) each letter may differ a little from its own,
    but is by far nearer to it than to any other.
    """
    own = unlikeness(proof.cell, reference.cells[proof.char]) if proof.char in reference.cells else 0.0
    if own <= SAME or reference.is_same_font:
        return own > _OTHERWISE
    others = (cell for char, cell in reference.cells.items() if char != proof.char)
    return any(2 * unlikeness(proof.cell, cell) < own for cell in others)


def _is_form(proof: Proof, pictures: Sequence[Image], reference: _Reference) -> bool:
    """Whether a picture is one more form of a letter whose usual form is known, as an f before another may have.

    It is by far nearer to that than to any other letter; digits have no such forms.
    """
    if not proof.char.isalpha() or proof.char not in reference.cells:
        return False
    usual = reference.cells[proof.char]
    own, others = unlikeness(proof.cell, usual), (cell for cell in reference.cells.values() if cell is not usual)
    is_known = any(unlikeness(one, usual) <= SAME for one in pictures)
    return is_known and all(_FORM * own < unlikeness(proof.cell, cell) for cell in others)


def _proofs(file: Path | bytes) -> Iterator[tuple[str, list[Proof], set[str]]]:
    """By name of each font of a PDF, its codes that name a letter, a digit or a blank, and those it calls otherwise."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with pikepdf.open(opened(file)) as pdf, pikepdf.new() as sheets:
        kept = []
        for font in fonts_of(pdf):
            name, codes = font_name(str(font.get("/BaseFont", "/"))[1:]), _codes(font)
            if codes:
                kept.append((name, codes, named_otherwise(font, codes)))
                own = font if font.is_indirect else pdf.make_indirect(font)
                add_sheet(sheets, sheets.copy_foreign(own), codes)
            else:
                yield name, [], set()
        pages = drawn_sheets(sheets) if kept else []
    for (name, codes, named), page in zip(kept, pages, strict=True):
        chars = read_back(page, codes.values()) if UNNAMED in codes.values() else codes.values()
        yield name, [one for one in cells(page, chars) if one.char == " " or is_letter(one.char)], named


def _codes(font: Any) -> dict[str, str]:
    """By code, in hexadecimal, the one letter, digit or blank that a font names it; those without a name too.

    A font of drawings has none, nor has one of more than 256 codes without a map of names.
    """
    if font.get("/Subtype") == "/Type3":
        return {}
    names = to_unicode(font)
    if font.get("/Subtype") == "/Type0":
        return {code: char for code, char in (names or {}).items() if _is_judged(char)}
    codes = (f"{code:02X}" for code in range(256)) if names is None else codes_of(font)
    least = "" if "/Encoding" in font else "20"  # below, PDFium calls a code without a name by no letter
    unnamed = dict.fromkeys((code for code in codes if code >= least and code not in (names or {})), UNNAMED)
    return {code: char for code, char in (names or {}).items() if _is_judged(char)} | unnamed


def _is_judged(char: str) -> bool:
    return is_letter(char) or not char.strip()
