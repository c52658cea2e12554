"""Proofs of fonts: each code drawn alone, large, in a square of its own, beside what the installed fonts draw."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from operator import mul
from sys import maxunicode
from typing import TYPE_CHECKING, Any, NamedTuple

from conventool.returned.pdf_pages import Page

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "BASE_LINE",
    "LETTERS",
    "SAME",
    "UNNAMED",
    "USUAL_FONTS",
    "Proof",
    "add_sheet",
    "cells",
    "codes_of",
    "drawn_sheets",
    "installed_file",
    "installed_font",
    "installed_letters",
    "is_letter",
    "read_back",
    "text_of",
    "to_unicode",
    "unlikeness",
]

_CELL, _COLUMNS, _SIZE = 48, 24, 24
"""Points: of the square in which a code is drawn, and of the letter in it; squares in a row."""
BASE_LINE = _CELL - _CELL // 3
"""Where letters stand in their square, from its top."""
_MOST_CODES = 1_000
_LAST_CODE = 0xFFFF
UNNAMED = "\0"
"""What a code is called of which its font says nothing."""
SAME = 0.04
"""By what share of its ink a letter of one font may differ in two proofs; "a" and "à" differ by more."""
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789éèêëàâäùûüîïôöçÉÈÀÇœŒ"
"""Those that French is written in."""


USUAL_FONTS = tuple(
    f"{family}{style}"
    for family in ("Carlito", "LiberationSans", "LiberationSerif", "Calibri", "Arial", "TimesNewRoman", "DejaVuSans")
    for style in ("", "-Bold", "-Italic", "-BoldItalic")
)
"""Fonts that documents are written in, as far as they are installed."""


class Proof(NamedTuple):
    """A code of a font, drawn alone: what it is called (a blank is ``" "``), and its picture."""

    char: str
    cell: Image


def is_letter(text: str) -> bool:
    """Whether a text is one letter or digit of French."""
    return len(text) == 1 and text in LETTERS


# --- What a font names -------------------------------------------------------------------------------------

_CHAR = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<((?:[0-9A-Fa-f]{2}){2,})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{2,4})>\s*<((?:[0-9A-Fa-f]{2}){2,})>")
_LISTED = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<[0-9A-Fa-f]{2,4}>\s*\[([^\]]*)\]")
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)


def to_unicode(font: Any) -> dict[str, str] | None:
    """By code, in hexadecimal, the text that a font names it (9.10.3); None where it has no map of names."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    names = font.get("/ToUnicode")
    if not isinstance(names, pikepdf.Stream):
        return None
    found: dict[str, str] = {}
    for kind, body in _SECTION.findall(names.read_bytes()):
        if kind == b"bfchar":
            found |= {code.decode().upper(): text_of(name) for code, name in _CHAR.findall(body)}
        else:
            found |= _ranges(body)
    return found


def _ranges(body: bytes) -> Iterator[tuple[str, str]]:
    """The codes of ranges that follow each other, and the character that each names."""
    for first, last, name in _RANGE.findall(body):
        begin, count = int(first, 16), min(int(last, 16) - int(first, 16) + 1, _MOST_CODES)
        for step in range(count):
            last_char = chr(min(ord(text_of(name)[-1]) + step, maxunicode))
            yield f"{begin + step:0{len(first)}X}", text_of(name)[:-1] + last_char
    for first, names in _LISTED.findall(body):
        for step, name in enumerate(re.findall(rb"<((?:[0-9A-Fa-f]{2})+)>", names)):
            yield f"{int(first, 16) + step:0{len(first)}X}", text_of(name)


def text_of(name: bytes) -> str:
    """The text that some hexadecimal digits of a map of names are."""
    return bytes.fromhex(name.decode()).decode("utf-16-be", "replace")


def codes_of(font: Any) -> list[str]:
    """The codes that a font has widths for, in hexadecimal (9.6.2, 9.7.4.3)."""
    if font.get("/Subtype") != "/Type0":
        first, last = int(font.get("/FirstChar", 0)), min(int(font.get("/LastChar", 255)), 255)
        return [f"{code:02X}" for code in range(first, last + 1)]
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    widths = list(font.DescendantFonts[0].get("/W", []))
    found: list[int] = []
    while len(widths) > 1:
        first, second = int(widths.pop(0)), widths.pop(0)
        if isinstance(second, pikepdf.Array):
            found += range(first, first + len(second))
        else:
            found += range(first, min(int(second) + 1, _LAST_CODE))
            widths.pop(0)
    return [f"{code:04X}" for code in found]


# --- Sheets ------------------------------------------------------------------------------------------------


def add_sheet(sheets: Any, font: Any, codes: Iterable[str]) -> None:
    """Add to a PDF a page with each code of a font in a square of its own; a thousand at most."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    codes = list(codes)[:_MOST_CODES]
    rows = -(-len(codes) // _COLUMNS)
    page = sheets.add_blank_page(page_size=(_COLUMNS * _CELL, rows * _CELL))
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    shown = []
    for rank, code in enumerate(codes):
        row, column = divmod(rank, _COLUMNS)
        left, bottom = column * _CELL + _CELL // 4, (rows - row - 1) * _CELL + _CELL // 3
        shown.append(f"BT /F {_SIZE} Tf 1 0 0 1 {left} {bottom} Tm <{code}> Tj ET")
    page.Contents = pikepdf.Stream(sheets, "\n".join(shown).encode())


def drawn_sheets(sheets: Any) -> list[Page]:
    """The pages of some proofs, as PDFium draws them."""
    import pypdfium2  # noqa: PLC0415 (for PDFs only)

    with BytesIO() as out:
        sheets.save(out)
        return [Page(1, page, is_turned=False) for page in pypdfium2.PdfDocument(out.getvalue())]


def cells(page: Page, chars: Iterable[str]) -> Iterator[Proof]:
    """The codes of a proof, by what they are called."""
    image = page.image
    for rank, char in zip(range(_MOST_CODES), chars, strict=False):
        row, column = divmod(rank, _COLUMNS)
        cell = image.crop((column * _CELL, row * _CELL, (column + 1) * _CELL, (row + 1) * _CELL))
        yield Proof(char if char.strip() else " ", cell)


def read_back(page: Page, names: Collection[str]) -> list[str]:
    """What each code of a proof is called: those without a name as PDFium calls them, unless they are drawn alike."""
    found = list(names)[:_MOST_CODES]
    pictures = [proof.cell.tobytes() for proof in cells(page, found)]
    missing = Counter(pictures).most_common(1)[0][0]
    for glyph in (one for line in page.lines for one in line.glyphs):
        rank = int(glyph.y // _CELL) * _COLUMNS + int(glyph.x // _CELL)
        if rank < len(found) and found[rank] == UNNAMED and pictures[rank] != missing:
            found[rank] = glyph.char
    return found


def unlikeness(one: Image, known: Image) -> float:
    """By what share of the ink of a known picture another is drawn otherwise."""
    from PIL import ImageChops  # noqa: PLC0415 (for PDFs only)

    if one.tobytes() == known.tobytes():
        return 0.0
    levels, greys = ImageChops.difference(one, known).histogram(), known.histogram()
    ink = sum(map(mul, reversed(greys), range(256)))
    return sum(map(mul, levels, range(256))) / ink if ink else 1.0


# --- The fonts that are installed --------------------------------------------------------------------------

_WIN_ANSI = {f"{char.encode('cp1252')[0]:02X}": char for char in LETTERS}


def installed_font(name: str) -> Any:
    """A font that a PDF only names: the installed one of that name draws it, or the one that stands for it."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    described = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name(f"/{name}"), Flags=32, ItalicAngle=0, Ascent=0,
        Descent=0, CapHeight=0, StemV=160 if "Bold" in name else 80, FontBBox=pikepdf.Array([0, 0, 1000, 1000]),
    )  # fmt: skip
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.TrueType, BaseFont=pikepdf.Name(f"/{name}"),
        Encoding=pikepdf.Name.WinAnsiEncoding, FontDescriptor=described,
    )  # fmt: skip


def installed_file(name: str) -> bytes:
    """The file of the font of a name, or of the one that stands for it where it is not installed."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)
    import pypdfium2  # noqa: PLC0415 (likewise)
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (likewise)

    with pikepdf.new() as sheets, BytesIO() as out:
        add_sheet(sheets, installed_font(name), ["61"])
        sheets.save(out)
        page = pypdfium2.PdfDocument(out.getvalue())[0]
        font = pdfium.FPDFTextObj_GetFont(pdfium.FPDFPage_GetObject(page, 0))
        size = ctypes.c_size_t()
        pdfium.FPDFFont_GetFontData(font, None, 0, size)
        data = (ctypes.c_uint8 * size.value)()
        pdfium.FPDFFont_GetFontData(font, data, size, size)
        return bytes(data)


@lru_cache(maxsize=64)
def installed_letters(name: str) -> Mapping[str, Image]:
    """By letter, how the font of a name draws it, or the one that stands for it where it is not installed."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with pikepdf.new() as sheets:
        add_sheet(sheets, installed_font(name), _WIN_ANSI)
        (page,) = drawn_sheets(sheets)
    return {proof.char: proof.cell for proof in cells(page, _WIN_ANSI.values())}
