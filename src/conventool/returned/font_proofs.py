"""Whether the fonts of a PDF draw the letters that they name, whatever word these make.

Each font is asked itself: every letter, digit and blank that it names is drawn alone, large, on a page of its own (a
proof). What is named a blank must draw nothing. A letter or a digit must be drawn as it is in the font of that name
that is installed here, or another to which most letters are equal; where none is, it must not look more like another
letter than like itself (`letter_shapes`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from conventool.returned.letter_shapes import misdrawn_letters
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
_INKED = 128
"""What is darker is ink, and no blur."""


class FontsRead(NamedTuple):
    """What the fonts of a PDF draw.

    Attributes:
        misnamed: names of fonts, each with a letter or digit that it draws as another, or a blank that it draws.
        known: the names of those whose letters are all as an installed font draws them.
    """

    misnamed: tuple[tuple[str, str], ...]
    known: frozenset[str]


def read_fonts(file: Path | bytes, used: Collection[tuple[str, str]]) -> FontsRead:
    """Hold what the fonts of a PDF draw against what they call it.

    Args:
        file: the PDF.
        used: by name of the font, the characters that its pages show.
    """
    misnamed: list[tuple[str, str]] = []
    known: set[str] = set()
    others: set[str] = set()
    for name, proofs in _proofs(file):
        shown = [one for one in proofs if (name, one.char) in used]
        reference = _reference(name, shown)
        if reference is None:
            found = misdrawn_letters({one.char: one.cell for one in shown if one.char != " "})
        else:
            found = {one.char for one in shown if _is_misdrawn(one, reference)}
        if any(one.char == " " and min(one.cell.tobytes()) < _INKED for one in proofs):
            found.add(" ")
        misnamed += [(name, char) for char in sorted(found)]
        (known if reference and reference.is_same_font and not found else others).add(name)
    return FontsRead(tuple(misnamed), frozenset(known - others))


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


def _proofs(file: Path | bytes) -> Iterator[tuple[str, list[Proof]]]:
    """By name of each font of a PDF, its codes that name a letter, a digit or a blank."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with pikepdf.open(opened(file)) as pdf, pikepdf.new() as sheets:
        kept = []
        for font in fonts_of(pdf):
            name, codes = font_name(str(font.get("/BaseFont", "/"))[1:]), _codes(font)
            if codes:
                kept.append((name, codes))
                own = font if font.is_indirect else pdf.make_indirect(font)
                add_sheet(sheets, sheets.copy_foreign(own), codes)
            else:
                yield name, []
        pages = drawn_sheets(sheets) if kept else []
    for (name, codes), page in zip(kept, pages, strict=True):
        chars = read_back(page, codes.values()) if UNNAMED in codes.values() else codes.values()
        yield name, [one for one in cells(page, chars) if one.char == " " or is_letter(one.char)]


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
