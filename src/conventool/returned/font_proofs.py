"""Whether the fonts of a PDF draw the letters that they name, whatever word these make.

Each font is asked itself: every letter, digit and blank that it names is drawn alone, large, on a page of its own (a
proof). What is named a blank must draw nothing. A letter or a digit must be drawn as it is in the font of that name
that is installed here, or another to which most letters are equal; where none is, it must not look more like another
letter, in the fonts that every PDF reader has (ISO 32000-1, 9.6.2.2), than like itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from conventool.returned.drawn_digits import STANDARD_FONTS, Sight, difference, sight_of
from conventool.returned.pdf_pages import Box, font_name, opened
from conventool.returned.pdf_structure import fonts_of
from conventool.returned.proof_sheets import (
    SAME,
    UNNAMED,
    USUAL_FONTS,
    Proof,
    add_sheet,
    cells,
    drawn_sheets,
    installed_letters,
    is_letter,
    read_back,
    to_unicode,
    unlikeness,
)

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["misnamed_letters"]

_SAME_FONT = 0.9
"""The share of its letters that are equal in two versions of one font."""
_ALIKE, _NEARER = 45.0, 22.0
"""How far, out of 255, a letter may be from its own sight; by how much nearer it must be to another's."""
_ALIKE_GROUPS = ("0oO", "1lIi|", "lj", "cCçÇ", "sS5", "vVyY", "wW", "xX", "zZ2", "uU", "kK", "pP", "jJ", "mM", "nh",
                 "gq9", "ïîi", "ëêéèe", "äâàa", "üûùu", "öôo", "ÉÈE", "ÀA", "fF", "tT", "rR", "bB6", "æœŒ")  # fmt: skip
"""Letters that are drawn alike but for their size or an accent."""


def misnamed_letters(file: Path | bytes, used: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The letters and digits that a font of a PDF draws as others, and the blanks that it draws.

    Args:
        file: the PDF.
        used: by name of the font, the characters that its pages show.

    Yields:
        The name of the font and the character; a blank is ``" "``.
    """
    for name, proofs in _proofs(file):
        shown = [one for one in proofs if (name, one.char) in used]
        reference = _reference(name, shown)
        for char, cell in proofs if reference is None else [one for one in proofs if one.char == " "]:
            sight = _sight_of(cell)
            known_otherwise = (name, char) in used and sight is not None and _looks_like_another(char, sight)
            if (char == " " and sight is not None) or known_otherwise:
                yield name, char
        yield from ((name, one.char) for one in shown if reference and _is_misdrawn(one, reference))


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
        return own > SAME
    others = (cell for char, cell in reference.cells.items() if char != proof.char)
    return any(2 * unlikeness(proof.cell, cell) < own for cell in others)


def _proofs(file: Path | bytes) -> Iterator[tuple[str, list[Proof]]]:
    """By name of each font of a PDF, its codes that name a letter, a digit or a blank."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with pikepdf.open(opened(file)) as pdf, pikepdf.new() as sheets:
        kept = []
        for font in fonts_of(pdf):
            if codes := _codes(font):
                kept.append((font_name(str(font.get("/BaseFont", "/"))[1:]), codes))
                own = font if font.is_indirect else pdf.make_indirect(font)
                add_sheet(sheets, sheets.copy_foreign(own), codes)
        pages = drawn_sheets(sheets) if kept else []
    for (name, codes), page in zip(kept, pages, strict=True):
        chars = read_back(page, codes.values()) if UNNAMED in codes.values() else list(codes.values())
        yield name, [one for one in cells(page, chars) if one.char == " " or is_letter(one.char)]


def _codes(font: Any) -> dict[str, str]:
    """By code, in hexadecimal, the one letter, digit or blank that a font names it.

    A font of single bytes without a map of names has all its codes, without names; a font of drawings has none.
    """
    if font.get("/Subtype") == "/Type3":
        return {}
    names = to_unicode(font)
    if names is None:
        return {} if font.get("/Subtype") == "/Type0" else {f"{code:02X}": UNNAMED for code in range(256)}
    return {code: char for code, char in names.items() if is_letter(char) or not char.strip()}


def _sight_of(cell: Image) -> Sight | None:
    """How a letter is seen; None where nothing is drawn."""
    inked = cell.point([255 if grey < 128 else 0 for grey in range(256)]).getbbox()
    return sight_of(cell, Box(*inked)) if inked else None


# --- Sights that are known ---------------------------------------------------------------------------------


def _looks_like_another(char: str, sight: Sight) -> bool:
    """Whether a letter is nearer to another one, in any font that all readers have, than to itself."""
    known, own = _known(), 255.0
    for one in known[char]:
        own = min(own, difference(one, sight))
        if own <= _ALIKE:
            return False
    same = {char, *(one for group in _ALIKE_GROUPS if char in group for one in group)}
    others = (difference(one, sight) for other, sights in known.items() if other not in same for one in sights)
    return min(others) < own - _NEARER


@cache
def _known() -> dict[str, list[Sight]]:
    """By letter, how the fonts that every reader has draw it."""
    found: dict[str, list[Sight]] = {}
    for name in STANDARD_FONTS:
        for char, cell in installed_letters(name).items():
            found.setdefault(char, []).extend(sight for sight in [_sight_of(cell)] if sight is not None)
    return found
