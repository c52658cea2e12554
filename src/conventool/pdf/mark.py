"""Turn the PDF of one copy of a convention into that of another, without LibreOffice.

The copies of a document differ by one line of text a page: the mark that says whose copy it is. How LibreOffice draws
each mark is learned from two of its PDF files, with the places of the letters as it worked them out; in the PDF of
another document the one is then replaced by the other, written in the codes that its fonts give to the letters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

import pikepdf
import pypdfium2

from conventool.pdf.fonts import font_name
from conventool.pdf.pdfium import ALONE

__all__ = ["MarkChange", "learn", "rewrite", "same_pictures", "same_texts"]

# LibreOffice writes one text object (ISO 32000-1, 9.4) over some lines, its strings as hexadecimal codes of glyphs
_BEGIN, _END = "BT", "ET"
_FONT_OR_STRING = re.compile(r"/(?P<font>\S+)(?= \S+ Tf)|(?<!<)<(?P<codes>(?:[0-9A-Fa-f]{2})+)>(?!>)")
_FONT_OR_GLYPHS = re.compile(r"/\{(?P<font>[^{}]+)\}(?= \S+ Tf)|‹(?P<glyphs>[^‹›]+)›")
_MAPPED = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<((?:[0-9A-Fa-f]{4})+)>\s*$", re.MULTILINE)  # a line of bfchar
_ONE_BYTE = re.compile(rb"begincodespacerange\s*<00>\s*<FF>\s*endcodespacerange", re.IGNORECASE)
_DOTS_PER_POINT = 100 / 72


@dataclass(frozen=True, slots=True)
class MarkChange:
    """How a page draws the mark of one copy, and how it would draw that of another.

    Attributes:
        before: lines of a page's content, with fonts by name and glyphs by their text and width.
        after: the lines to put in their place.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]


class _UnknownFontError(Exception):
    """A font whose codes cannot be told, or that lacks a glyph."""


@dataclass(frozen=True, slots=True)
class _Font:
    """A simple font of a page: its name, and the glyph of each code as its text in hexadecimal and its width."""

    name: str
    glyphs: dict[int, str]

    @property
    def codes(self) -> dict[str, int]:
        """The code of each glyph.

        Raises:
            _UnknownFontError: two codes look alike.
        """
        codes = {glyph: code for code, glyph in self.glyphs.items()}
        if len(codes) < len(self.glyphs):
            raise _UnknownFontError
        return codes


def learn(first: pikepdf.Pdf, other: pikepdf.Pdf) -> MarkChange | None:
    """What turns the pages of one copy into those of another.

    Args:
        first: the PDF of a document, as LibreOffice made it.
        other: that of another copy of the same document.

    Returns:
        The change of a page; None unless it is the same on each page, in one place, and nothing else differs.
    """
    if len(first.pages) != len(other.pages):
        return None
    try:
        pairs = zip(map(_readable, first.pages), map(_readable, other.pages), strict=True)
        changes = {_change(before, after) for before, after in pairs}
    except _UnknownFontError:
        return None
    return changes.pop() if len(changes) == 1 else None


def rewrite(pdf: pikepdf.Pdf, change: MarkChange) -> bool:
    """Change the mark on each page of a PDF.

    Args:
        pdf: as LibreOffice made it; to be thrown away where this fails.
        change: what was learned of two other PDF files.

    Returns:
        Whether it was done: each page has exactly one place that is as ``change.before``, and the fonts have all the
        glyphs.
    """
    written: dict[tuple[int, int], tuple[bytes, bytes]] = {}
    try:
        for page in pdf.pages:
            fonts = page.obj.Resources.get("/Font", pikepdf.Dictionary())
            if fonts.objgen not in written or not fonts.is_indirect:  # LibreOffice's pages share one
                encode = _encoder(_fonts(page))
                before, after = (f"\n{encode(lines)}\n".encode("latin-1") for lines in (change.before, change.after))
                written[fonts.objgen] = before, after
            before, after = written[fonts.objgen]
            content = page.Contents.read_bytes()
            if content.count(before) != 1:
                return False
            page.Contents.write(content.replace(before, after))
    except _UnknownFontError:
        return False
    return True


def same_pictures(one: bytes, other: bytes) -> bool:
    """Whether two PDF files look the same, pixel for pixel, at 100 dots an inch."""
    with ALONE, pypdfium2.PdfDocument(one) as first, pypdfium2.PdfDocument(other) as second:
        return len(first) == len(second) and all(
            _picture(page) == _picture(second[rank]) for rank, page in enumerate(first)
        )


def same_texts(one: bytes, other: bytes) -> bool:
    """Whether two PDF files read the same, what is white on white included."""
    with ALONE, pypdfium2.PdfDocument(one) as first, pypdfium2.PdfDocument(other) as second:
        return [page.get_textpage().get_text_range() for page in first] == [
            page.get_textpage().get_text_range() for page in second
        ]


def _picture(page: pypdfium2.PdfPage) -> tuple[int, int, bytes]:
    bitmap = page.render(scale=_DOTS_PER_POINT)
    return bitmap.width, bitmap.height, bytes(bitmap.buffer)


def _change(before: Sequence[str], after: Sequence[str]) -> MarkChange | None:
    """The lines that differ, with the whole text objects that they are in; None where there are none."""
    if before == after:
        return None
    start = _common(before, after)
    end = min(_common(before[::-1], after[::-1]), min(len(before), len(after)) - start)
    while start and before[start] != _BEGIN:
        start -= 1
    while end and before[-end - 1] != _END:
        end -= 1
    lines = tuple(before[start : len(before) - end]), tuple(after[start : len(after) - end])
    if not all(len(one) > 1 and one[0] == _BEGIN and one[-1] == _END for one in lines):
        return None
    return MarkChange(*lines)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _readable(page: pikepdf.Page) -> list[str]:
    """The lines of a page's content, with fonts by name and glyphs by what they are, not by the codes of this PDF.

    Raises:
        _UnknownFontError: a font's codes cannot be told.
    """
    fonts = _fonts(page)
    font: _Font | None = None

    def read(found: re.Match[str]) -> str:
        nonlocal font
        if found["font"]:
            font = fonts.get(found["font"])
            return f"/{{{font.name}}}" if font else found[0]
        if font is None:
            raise _UnknownFontError
        try:
            return f"‹{' '.join(font.glyphs[code] for code in bytes.fromhex(found['codes']))}›"
        except KeyError:
            raise _UnknownFontError from None

    return _FONT_OR_STRING.sub(read, page.Contents.read_bytes().decode("latin-1")).split("\n")


def _encoder(fonts: dict[str, _Font]) -> Callable[[Sequence[str]], str]:
    """What writes readable lines in the codes of a page's fonts; it raises ``_UnknownFontError`` where it cannot."""
    names = {font.name: (resource, font) for resource, font in fonts.items()}
    if len(names) < len(fonts):  # two parts of one font: which has a glyph is not told
        raise _UnknownFontError
    codes: dict[str, int] = {}

    def write(found: re.Match[str]) -> str:
        nonlocal codes
        try:
            if found["font"]:
                resource, font = names[found["font"]]
                codes = font.codes
                return f"/{resource}"
            return f"<{bytes(codes[glyph] for glyph in found['glyphs'].split(' ')).hex().upper()}>"
        except KeyError:
            raise _UnknownFontError from None

    return lambda lines: _FONT_OR_GLYPHS.sub(write, "\n".join(lines))


def _fonts(page: pikepdf.Page) -> dict[str, _Font]:
    """The fonts of a page by the names that its content calls them."""
    return {name[1:]: _font(font) for name, font in page.obj.Resources.get("/Font", pikepdf.Dictionary()).items()}


def _font(font: pikepdf.Object) -> _Font:
    """Read what each code stands for.

    Raises:
        _UnknownFontError: the font is not of LibreOffice's simple kind.
    """
    if not {"/ToUnicode", "/Widths", "/FirstChar", "/BaseFont"} <= set(font.keys()):
        raise _UnknownFontError
    glyphs = _glyphs(font.ToUnicode.read_bytes(), font.Widths.unparse(resolved=True), int(font.FirstChar))
    return _Font(font_name(font), glyphs)


@lru_cache(maxsize=64)
def _glyphs(mapping: bytes, widths: bytes, first: int) -> dict[int, str]:
    """The glyph of each code, by what a font says of them; the copies of a document say the same.

    Raises:
        _UnknownFontError: the codes are not of one byte each, or the widths are not told in one place.
    """
    if not _ONE_BYTE.search(mapping) or b"beginbfrange" in mapping or b"R" in widths:
        raise _UnknownFontError
    each = widths.decode().strip("[ ]").split()
    codes = ((int(code, 16), text.decode().upper()) for code, text in _MAPPED.findall(mapping))
    return {code: f"{text}:{each[code - first]}" for code, text in codes if 0 <= code - first < len(each)}
