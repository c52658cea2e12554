"""Whether the fonts of a PDF draw the letters that they name, whatever word these make.

Each font is asked itself: every letter, digit and blank that it names is drawn alone, large, on a page of its own (a
proof). What is named a blank must draw nothing. A letter or a digit must be drawn as it is in the font of that name
that is installed here, or another to which most letters are equal; where none is, it must not look more like another
letter, in the fonts that every PDF reader has (ISO 32000-1, 9.6.2.2), than like itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from sys import maxunicode
from typing import TYPE_CHECKING, Any, NamedTuple

from conventool.returned.drawn_digits import STANDARD_FONTS, Sight, difference, sight_of
from conventool.returned.pdf_pages import Box, Page, font_name
from conventool.returned.pdf_structure import fonts_of

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["misnamed_letters"]

_CELL, _COLUMNS, _SIZE = 48, 24, 24
"""Points: of the square in which a code is drawn, and of the letter in it; squares in a row."""
_MOST_CODES = 1_000
_UNNAMED = "\0"
_SAME = 0.04
"""By what share of its ink a letter of one font may differ in two proofs; "a" and "à" differ by more."""
_SAME_FONT = 0.9
"""The share of its letters that are equal in two versions of one font."""
_ALIKE, _NEARER = 45.0, 22.0
"""How far, out of 255, a letter may be from its own sight; by how much nearer it must be to another's."""
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789éèêëàâäùûüîïôöçÉÈÀÇœŒ"
_ALIKE_GROUPS = ("0oO", "1lIi|", "lj", "cCçÇ", "sS5", "vVyY", "wW", "xX", "zZ2", "uU", "kK", "pP", "jJ", "mM", "nh",
                 "gq9", "ïîi", "ëêéèe", "äâàa", "üûùu", "öôo", "ÉÈE", "ÀA", "fF", "tT", "rR", "bB6", "æœŒ")  # fmt: skip
"""Letters that are drawn alike but for their size or an accent."""
_USUAL_FONTS = tuple(
    f"{family}{style}"
    for family in ("Carlito", "LiberationSans", "LiberationSerif", "Calibri", "Arial", "TimesNewRoman", "DejaVuSans")
    for style in ("", "-Bold", "-Italic", "-BoldItalic")
)
"""Fonts that documents are written in, as far as they are installed."""


class _Proof(NamedTuple):
    """A code of a font, drawn alone: what it is called (a blank is ``" "``), and its picture."""

    char: str
    cell: Image


def misnamed_letters(path: Path, used: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The letters and digits that a font of a PDF draws as others, and the blanks that it draws.

    Args:
        path: of the PDF.
        used: by name of the font, the characters that its pages show.

    Yields:
        The name of the font and the character; a blank is ``" "``.
    """
    for name, proofs in _proofs(path):
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


def _reference(name: str, proofs: Sequence[_Proof]) -> _Reference | None:
    """The font installed here that most letters of a font are equal to: the one of its name, or a usual one."""
    letters = {one.char: one for one in proofs if one.char in _LETTERS}
    found, most = None, len(letters) / 2
    for candidate in (name, *_USUAL_FONTS) if letters else ():
        cells = _installed(candidate)
        equal = sum(char not in cells or _unlikeness(one, cells[char]) <= _SAME for char, one in letters.items())
        if equal > most:
            found, most = _Reference(cells, equal >= _SAME_FONT * len(letters)), equal
        if found and found.is_same_font:
            break
    return found


def _is_misdrawn(proof: _Proof, reference: _Reference) -> bool:
    """Whether a letter is another one than in a font that is known; what is no letter is not compared.

    In a font that is only much like it (another version, another maker's) each letter may differ a little from its own,
    but is by far nearer to it than to any other.
    """
    own = _unlikeness(proof, reference.cells[proof.char]) if proof.char in reference.cells else 0.0
    if own <= _SAME or reference.is_same_font:
        return own > _SAME
    others = (cell for char, cell in reference.cells.items() if char != proof.char)
    return any(2 * _unlikeness(proof, cell) < own for cell in others)


def _unlikeness(proof: _Proof, cell: Image) -> float:
    """By what share of a letter's ink a code is drawn otherwise."""
    from PIL import ImageChops  # noqa: PLC0415 (for PDFs only)

    if cell.tobytes() == proof.cell.tobytes():
        return 0.0
    levels = ImageChops.difference(proof.cell, cell).histogram()
    ink = sum((255 - grey) * count for grey, count in enumerate(cell.histogram()))
    return sum(level * count for level, count in enumerate(levels)) / ink if ink else 1.0


@lru_cache(maxsize=64)
def _installed(name: str) -> Mapping[str, Image]:
    """By letter, how the font of a name draws it, or the one that stands for it where it is not installed."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    described = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name(f"/{name}"), Flags=32, ItalicAngle=0, Ascent=0,
        Descent=0, CapHeight=0, StemV=160 if "Bold" in name else 80, FontBBox=pikepdf.Array([0, 0, 1000, 1000]),
    )  # fmt: skip
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=pikepdf.Name(f"/{name}"),
        Encoding=pikepdf.Name.WinAnsiEncoding, FontDescriptor=described,
    )  # fmt: skip
    with pikepdf.new() as sheets:
        _add_sheet(sheets, font, _WIN_ANSI)
        (page,) = _drawn(sheets)
    return {proof.char: proof.cell for proof in _cells(page, _WIN_ANSI.values())}


_WIN_ANSI = {f"{char.encode('cp1252')[0]:02X}": char for char in _LETTERS}


def _proofs(path: Path) -> Iterator[tuple[str, list[_Proof]]]:
    """By name of each font of a PDF, its codes that name a letter, a digit or a blank."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with pikepdf.open(path) as pdf, pikepdf.new() as sheets:
        kept = []
        for font in fonts_of(pdf):
            if codes := _codes(font):
                kept.append((font_name(str(font.get("/BaseFont", "/"))[1:]), codes))
                own = font if font.is_indirect else pdf.make_indirect(font)
                _add_sheet(sheets, sheets.copy_foreign(own), codes)
        pages = _drawn(sheets) if kept else []
    for (name, codes), page in zip(kept, pages, strict=True):
        chars = _read_back(page, codes) if _UNNAMED in codes.values() else list(codes.values())
        yield name, [one for one in _cells(page, chars) if one.char == " " or one.char in _LETTERS]


def _drawn(sheets: Any) -> list[Page]:
    """The pages of some proofs, as PDFium draws them."""
    import pypdfium2  # noqa: PLC0415 (for PDFs only)

    with BytesIO() as out:
        sheets.save(out)
        return [Page(1, page, is_turned=False) for page in pypdfium2.PdfDocument(out.getvalue())]


def _read_back(page: Page, codes: Mapping[str, str]) -> list[str]:
    """What each code of a proof is called: those without a name as PDFium calls them, unless they are drawn alike."""
    found = list(codes.values())
    cells = [proof.cell.tobytes() for proof in _cells(page, found)]
    missing = Counter(cells).most_common(1)[0][0]
    for glyph in (one for line in page.lines for one in line.glyphs):
        rank = int(glyph.y // _CELL) * _COLUMNS + int(glyph.x // _CELL)
        if rank < len(found) and found[rank] == _UNNAMED and cells[rank] != missing:
            found[rank] = glyph.char
    return found


_CHAR = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<((?:[0-9A-Fa-f]{2}){2,})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{2,4})>\s*<((?:[0-9A-Fa-f]{2}){2,})>")
_LISTED = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<[0-9A-Fa-f]{2,4}>\s*\[([^\]]*)\]")
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)


def _codes(font: Any) -> dict[str, str]:
    """By code, in hexadecimal, the one character that a font names it (9.10.3).

    A font of single bytes without a map of names has all its codes, without names; a font of drawings has none.
    """
    if font.get("/Subtype") == "/Type3":
        return {}
    names = font.get("/ToUnicode")
    if not hasattr(names, "read_bytes"):
        return {} if font.get("/Subtype") == "/Type0" else {f"{code:02X}": _UNNAMED for code in range(256)}
    found: dict[str, str] = {}
    for kind, body in _SECTION.findall(names.read_bytes()):
        if kind == b"bfchar":
            found |= {code.decode(): _text(name) for code, name in _CHAR.findall(body)}
        else:
            found |= _ranges(body)
    wanted = {code: char for code, char in found.items() if char in _LETTERS or not char.strip()}
    return dict(list(wanted.items())[:_MOST_CODES])


def _ranges(body: bytes) -> Iterator[tuple[str, str]]:
    """The codes of ranges that follow each other, and the character that each names."""
    for first, last, name in _RANGE.findall(body):
        begin, count = int(first, 16), min(int(last, 16) - int(first, 16) + 1, _MOST_CODES)
        for step in range(count):
            yield f"{begin + step:0{len(first)}X}", _text(name)[:-1] + chr(min(ord(_text(name)[-1]) + step, maxunicode))
    for first, names in _LISTED.findall(body):
        for step, name in enumerate(re.findall(rb"<((?:[0-9A-Fa-f]{2})+)>", names)):
            yield f"{int(first, 16) + step:0{len(first)}X}", _text(name)


def _text(name: bytes) -> str:
    return bytes.fromhex(name.decode()).decode("utf-16-be", "replace")


def _add_sheet(sheets: Any, font: Any, codes: Collection[str]) -> None:
    """A page with each code of a font in a square of its own."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    rows = -(-len(codes) // _COLUMNS)
    page = sheets.add_blank_page(page_size=(_COLUMNS * _CELL, rows * _CELL))
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    shown = []
    for rank, code in enumerate(codes):
        row, column = divmod(rank, _COLUMNS)
        left, bottom = column * _CELL + _CELL // 4, (rows - row - 1) * _CELL + _CELL // 3
        shown.append(f"BT /F {_SIZE} Tf 1 0 0 1 {left} {bottom} Tm <{code}> Tj ET")
    page.Contents = pikepdf.Stream(sheets, "\n".join(shown).encode())


def _cells(page: Page, chars: Iterable[str]) -> Iterator[_Proof]:
    """The codes of a proof, by what they are called."""
    image = page.image
    for rank, char in enumerate(chars):
        row, column = divmod(rank, _COLUMNS)
        cell = image.crop((column * _CELL, row * _CELL, (column + 1) * _CELL, (row + 1) * _CELL))
        yield _Proof(char if char.strip() else " ", cell)


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
        for char, cell in _installed(name).items():
            found.setdefault(char, []).extend(sight for sight in [_sight_of(cell)] if sight is not None)
    return found
