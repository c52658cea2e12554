"""Whether the fonts of a PDF draw the letters that they name, whatever word these make.

Each font is asked itself: every letter, digit and blank that it names is drawn alone, large, on a page of its own (a
proof). What is named a blank must draw nothing; a letter or a digit must not look more like another one, in the fonts
that every PDF reader has (ISO 32000-1, 9.6.2.2), than like itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from sys import maxunicode
from typing import TYPE_CHECKING, Any

from conventool.returned.drawn_digits import STANDARD_FONTS, Sight, difference, sight_of
from conventool.returned.pdf_pages import Box, Page, font_name
from conventool.returned.pdf_structure import fonts_of

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["misnamed_letters"]

_CELL, _COLUMNS, _SIZE = 48, 24, 24
"""Points: of the square in which a code is drawn, and of the letter in it; squares in a row."""
_MOST_CODES = 1_000
_ALIKE, _NEARER = 45.0, 22.0
"""How far, out of 255, a letter may be from its own sight; by how much nearer it must be to another's."""
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789éèêëàâäùûüîïôöçÉÈÀÇœŒ"
_ALIKE_GROUPS = ("0oO", "1lIi|", "lj", "cCçÇ", "sS5", "vVyY", "wW", "xX", "zZ2", "uU", "kK", "pP", "jJ", "mM", "nh",
                 "gq9", "ïîi", "ëêéèe", "äâàa", "üûùu", "öôo", "ÉÈE", "ÀA", "fF", "tT", "rR", "bB6", "æœŒ")  # fmt: skip
"""Letters that are drawn alike but for their size or an accent."""


def misnamed_letters(path: Path, used: Collection[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The letters and digits that a font of a PDF draws as others, and the blanks that it draws.

    Args:
        path: of the PDF.
        used: by name of the font, the characters that its pages show.

    Yields:
        The name of the font and the character; a blank is ``" "``.
    """
    for name, char, sight in _proofs(path):
        if sight is not None and (char == " " or ((name, char) in used and _looks_like_another(char, sight))):
            yield name, char


def _proofs(path: Path) -> Iterator[tuple[str, str, Sight | None]]:
    """Each code that the fonts of a PDF name: the font, what the code is called, how it is drawn."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)
    import pypdfium2  # noqa: PLC0415 (likewise)

    with pikepdf.open(path) as pdf, pikepdf.new() as sheets, BytesIO() as out:
        kept = []
        for font in fonts_of(pdf):
            if codes := _codes(font):
                kept.append((font_name(str(font.get("/BaseFont", "/"))[1:]), codes))
                own = font if font.is_indirect else pdf.make_indirect(font)
                _add_sheet(sheets, sheets.copy_foreign(own), codes)
        sheets.save(out)
        document = pypdfium2.PdfDocument(out.getvalue()) if kept else ()
    for (name, codes), page in zip(kept, document, strict=True):
        for char, sight in _cells(Page(1, page, is_turned=False), codes):
            yield name, char, sight


_CHAR = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<((?:[0-9A-Fa-f]{2}){2,})>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{2,4})>\s*<((?:[0-9A-Fa-f]{2}){2,})>")
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)endbf", re.DOTALL)


def _codes(font: Any) -> dict[str, str]:
    """By code, in hexadecimal, the one character that a font names it (9.10.3); of a font of drawings none."""
    names = font.get("/ToUnicode")
    if font.get("/Subtype") == "/Type3" or not hasattr(names, "read_bytes"):
        return {}
    found: dict[str, str] = {}
    for kind, body in _SECTION.findall(names.read_bytes()):
        if kind == b"bfchar":
            found |= {code.decode(): _text(name) for code, name in _CHAR.findall(body)}
        else:
            for first, last, name in _RANGE.findall(body):
                begin, count = int(first, 16), min(int(last, 16) - int(first, 16) + 1, _MOST_CODES)
                text = _text(name)
                for step in range(count):
                    found[f"{begin + step:0{len(first)}X}"] = text[:-1] + chr(min(ord(text[-1]) + step, maxunicode))
    return {code: name for code, name in list(found.items())[:_MOST_CODES] if name in _LETTERS or not name.strip()}


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


def _cells(page: Page, codes: Mapping[str, str]) -> Iterator[tuple[str, Sight | None]]:
    """What each code of a proof is called, and how it is drawn; None where nothing is."""
    image = page.image
    for rank, char in enumerate(codes.values()):
        row, column = divmod(rank, _COLUMNS)
        cell = Box(column * _CELL, row * _CELL, (column + 1) * _CELL, (row + 1) * _CELL)
        yield char if char.strip() else " ", _sight_in(image, cell)


def _sight_in(image: Image, cell: Box) -> Sight | None:
    left, top, right, bottom = map(int, cell)
    inked = image.crop((left, top, right, bottom)).point([255 if grey < 128 else 0 for grey in range(256)]).getbbox()
    if inked is None:
        return None
    return sight_of(image, Box(left + inked[0], top + inked[1], left + inked[2], top + inked[3]))


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
    import pikepdf  # noqa: PLC0415 (for PDFs only)
    import pypdfium2  # noqa: PLC0415 (likewise)

    codes = {f"{char.encode('cp1252')[0]:02X}": char for char in _LETTERS}
    with pikepdf.new() as sheets, BytesIO() as out:
        for name in STANDARD_FONTS:
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name(f"/{name}"),
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )  # fmt: skip
            _add_sheet(sheets, font, codes)
        sheets.save(out)
        document = pypdfium2.PdfDocument(out.getvalue())
    found: dict[str, list[Sight]] = {}
    for page in document:
        for char, sight in _cells(Page(1, page, is_turned=False), codes):
            found.setdefault(char, []).extend([] if sight is None else [sight])
    return found
