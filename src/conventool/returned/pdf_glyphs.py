"""The characters of a PDF's page as PDFium draws them, each with its place, and the lines that they make."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any, NamedTuple
from unicodedata import category

from conventool.text.stories import levelled

__all__ = ["Box", "Glyph", "Line", "box_of", "font_name", "lines_of", "outline_modes", "spelled"]

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_LINE_END, _RETURN = 10, 13
_FAINTEST = 64
"""Opacity, out of 255: what is less so is not there to be read."""
_HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})  # PDFium's own signs for a hyphen at a line's end among them
_BLANK = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_LEAST_INK = 0.2
"""Points: what a blank is drawn as is no higher, or no wider; the hyphen of a light font is twice as high."""
_SPOILT_FI = 0xCF00  # what Ghostscript 10 makes of the end of an ffi


class Box(NamedTuple):
    """A rectangle of a page, in points from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    def around(self, other: Box) -> Box:
        """The least rectangle that holds both."""
        return Box(
            min(self.left, other.left), min(self.top, other.top),
            max(self.right, other.right), max(self.bottom, other.bottom),
        )  # fmt: skip

    def meets(self, other: Box) -> bool:
        """Whether the two have a place in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )  # fmt: skip

    def pixels(self, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """What it covers of a picture of the page of one pixel for each point: none, where it is beside the page."""
        width, height = size
        left, right = (min(max(edge, 0), width) for edge in (int(self.left), int(self.right) + 1))
        top, bottom = (min(max(edge, 0), height) for edge in (int(self.top), int(self.bottom) + 1))
        return left, top, right, bottom


class Glyph(NamedTuple):
    """A character that a page draws.

    Attributes:
        char: what the text layer says that it is.
        box: the place of its ink.
        x: where it begins on its base line.
        y: the height of its base line, from the top.
        font: the name of the font that draws it, without the tag of a subset.
        shape: width and height of its ink, and how far it is right of where it begins and above its base line, in
            thousandths of its line's height.
        is_painted: whether it is drawn at all, and not only there to be searched for.
        is_outlined: whether a pen follows its outline, as it does to make letters bold.
        rank: its place in the text layer.
    """

    char: str
    box: Box
    x: float
    y: float
    font: str
    shape: tuple[int, ...]
    is_painted: bool = True
    is_outlined: bool = False
    rank: int = 0


@dataclass(slots=True)
class Line:
    """Characters that follow each other in the text layer, up to the end of a line.

    Attributes:
        text: with its spaces.
        glyphs: those that are not white.
        disguised: those that are called blank or nothing, and are drawn.
        others: those that are drawn and no letters or signs of text: hyphens at its end, signs of private use.
    """

    text: str = ""
    glyphs: list[Glyph] = field(default_factory=list)
    disguised: list[str] = field(default_factory=list)
    others: list[Glyph] = field(default_factory=list)

    @property
    def box(self) -> Box | None:
        """The place of its ink; None for a line without any."""
        if not self.glyphs:
            return None
        lefts, tops, rights, bottoms = zip(*(glyph.box for glyph in self.glyphs), strict=True)
        return Box(min(lefts), min(tops), max(rights), max(bottoms))


def box_of(line: Line) -> Box:
    """The place of a line; that of nothing for one without ink."""
    return line.box or Box(0, 0, 0, 0)


def spelled(line: Line) -> str:
    """The text of a line, without ligatures and odd blanks; PDFium may hold two lines for one."""
    return levelled(line.text.translate(_LIGATURES))


def outline_modes() -> set[int]:
    """The ways of drawing text whose outline a pen follows (9.3.6)."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    return {pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE}


def lines_of(text: Any, height: float) -> Iterator[Line]:
    """The lines of a page as PDFium parts them."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    line, glyphs = Line(), _Glyphs(text, height)
    read: list[tuple[str, Glyph | None]] = []
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code == _LINE_END:
            yield _ordered(line, read)
            line, read = Line(), []
        elif code != _RETURN:
            char = _unswapped(code)
            glyph = None
            if not char.isspace() and char.isprintable():
                glyph = glyphs.read(index, char)
                line.glyphs.append(glyph)
            elif glyphs.has_ink(index):
                glyph = glyphs.read(index, char)
                line.others.append(glyph)
                if category(char) in _BLANK and not (code in _HYPHENS and _is_flat(glyph)):
                    line.disguised.append(char)
            read.append((char, glyph))
    yield _ordered(line, read)


def _is_flat(glyph: Glyph) -> bool:
    """Whether a character is a stroke, as a hyphen is."""
    return glyph.box.height < glyph.box.width


def _unswapped(code: int) -> str:
    """A character; of a ligature Ghostscript writes the letters with their bytes exchanged: U+7400 for a t."""
    letter = code >> 8
    if code == _SPOILT_FI:
        return "fi"
    return chr(letter if not code & 0xFF and letter < 0x7F and chr(letter).isalpha() else code)


class _Glyphs:
    """Reads the characters of one page, into the same few numbers of C.

    Args:
        text: the text layer of a page.
        height: of the page.
    """

    def __init__(self, text: Any, height: float) -> None:
        import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

        self._pdfium, self._text, self._height = pdfium, text, height
        self._box, self._origin = ([ctypes.c_double() for _ in range(count)] for count in (4, 2))
        self._loose = pdfium.FS_RECTF()
        self._fonts: dict[int, str] = {}
        self._painted: dict[int, bool] = {}
        self._outlines = outline_modes()

    def read(self, index: int, char: str) -> Glyph:
        """A character by its rank in the text layer."""
        pdfium, text, height, loose = self._pdfium, self._text, self._height, self._loose
        pdfium.FPDFText_GetCharBox(text, index, *self._box)
        pdfium.FPDFText_GetLooseCharBox(text, index, loose)
        pdfium.FPDFText_GetCharOrigin(text, index, *self._origin)
        left, right, bottom, top = (number.value for number in self._box)
        x, y = (number.value for number in self._origin)
        scale = 1_000 / max(loose.top - loose.bottom, 0.1)
        measures = (right - left, top - bottom, left - x, top - y)
        shape = tuple([round(measure * scale) for measure in measures])
        box, shown = Box(left, height - top, right, height - bottom), pdfium.FPDFText_GetTextObject(text, index)
        is_outlined = pdfium.FPDFTextObj_GetTextRenderMode(shown) in self._outlines
        return Glyph(char, box, x, height - y, self._font(shown), shape, self._is_painted(shown), is_outlined, index)

    def has_ink(self, index: int) -> bool:
        """Whether a character, whatever it is called, is drawn as something."""
        if self._pdfium.FPDFText_IsGenerated(self._text, index):
            return False
        self._pdfium.FPDFText_GetCharBox(self._text, index, *self._box)
        left, right, bottom, top = (number.value for number in self._box)
        return min(right - left, top - bottom) > _LEAST_INK  # a blank has no height, or no width where it is turned

    def _is_painted(self, shown: Any) -> bool:
        """Whether a piece of text is filled or outlined, no clip of others (9.3.6), and not all but transparent."""
        pdfium, address = self._pdfium, ctypes.cast(shown, ctypes.c_void_p).value or 0
        if address not in self._painted:
            red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
            has_colour = pdfium.FPDFPageObj_GetFillColor(shown, red, green, blue, alpha)
            is_drawn = pdfium.FPDFTextObj_GetTextRenderMode(shown) in {pdfium.FPDF_TEXTRENDERMODE_FILL, *self._outlines}
            is_faint = has_colour and alpha.value < _FAINTEST
            self._painted[address] = is_drawn and not is_faint
        return self._painted[address]

    def _font(self, shown: Any) -> str:
        pdfium = self._pdfium
        font = pdfium.FPDFTextObj_GetFont(shown)
        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        if address not in self._fonts:
            self._fonts[address] = _font_name(font) if address else ""
        return self._fonts[address]


def _font_name(font: Any) -> str:
    """The name of a font."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    name_of = getattr(pdfium, "FPDFFont_GetBaseFontName", None) or pdfium.FPDFFont_GetFontName
    size = name_of(font, None, 0)
    buffer = ctypes.create_string_buffer(size)
    name_of(font, buffer, size)
    return font_name(buffer.value.decode("utf-8", "replace"))


def font_name(name: str) -> str:
    """The name of a font without the tag of its subset: six letters (ISO 32000-1, 9.6.4)."""
    return re.sub(r"^[A-Z]{6}\+", "", name)


def _ordered(line: Line, read: Sequence[tuple[str, Glyph | None]]) -> Line:
    """A line with its words from left to right, as they are drawn, whatever their order in the file.

    Args:
        line: its text is still missing.
        read: its characters, each as it is drawn; None for one that is not.
    """
    line.text = "".join(char for char, _ in read)
    words = [list(word) for is_word, word in groupby(read, key=lambda one: not one[0].isspace()) if is_word]
    drawn = [(glyphs[0], word) for word in words if (glyphs := [glyph for _, glyph in word if glyph])]
    if len(words) < 2 or len(drawn) < len(words):
        return line
    level = drawn[0][0].y
    if any(abs(first.y - level) > 1 for first, _ in drawn) or all(a.x < b.x for (a, _), (b, _) in pairwise(drawn)):
        return line
    drawn.sort(key=lambda one: one[0].x)
    line.text = " ".join("".join(char for char, _ in word) for _, word in drawn)
    own = set(map(id, line.glyphs))
    line.glyphs = [glyph for _, word in drawn for _, glyph in word if glyph and id(glyph) in own]
    return line
