"""The pages of a PDF as PDFium draws them: lines, drawings, and the picture of each."""

from __future__ import annotations

import ctypes
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conventool.returned.pdf_drawings import Drawing, drawings_of, items_of
from conventool.returned.pdf_glyphs import Box, Glyph, Line, lines_of, outline_modes

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Page"]

_PAGE_WIDE = 0.6
"""The share of a page that is covered by pictures where it is no text."""
_FAR_OFF = 1e5
"""Points: beyond any page."""
_LEAST_SLANT, _MOST_SLANT, _TINY = 0.1, 0.5, 1e-6
"""How far to the right what is one point higher is drawn in slanted letters."""
_WIDENED = 1e4
"""How many times what clips a text is made larger, from the middle of the text."""


class Page:
    """One page; what it holds is read when it is asked for.

    Args:
        number: counted from one.
        is_turned: whether it had to be turned for its text to run from left to right.
        is_bare: whether what is laid over it is left out: annotations, form fields.
        page: as PDFium has it.
        file: the PDF that it is of, its letters named.

    Attributes:
        width: in points.
        height: in points.
    """

    def __init__(
        self, number: int, page: Any, *, is_turned: bool, is_bare: bool = False, file: Path | bytes = b""
    ) -> None:
        self.number, self.is_turned, self._page, self._is_bare, self.file = number, is_turned, page, is_bare, file
        self.width, self.height = page.get_size()

    @cached_property
    def lines(self) -> list[Line]:
        """In the order of the text layer."""
        return list(lines_of(self._text, self.height))

    @property
    def pictures(self) -> list[Box]:
        """The places of the pictures on it."""
        return [drawing.box for drawing in self.drawings if drawing.is_picture]

    @property
    def is_scanned(self) -> bool:
        """Whether it is a picture, or two beside each other: they cover most of it, or all its letters."""
        pictures = self.pictures
        if sum(box.width * box.height for box in pictures) > _PAGE_WIDE * float(self.width * self.height):
            return True
        glyphs = [glyph.box for line in self.lines for glyph in line.glyphs] if pictures else []
        return bool(glyphs) and all(any(box.meets(picture) for picture in pictures) for box in glyphs)

    @cached_property
    def _text(self) -> Any:
        return self._page.get_textpage()

    @property
    def text_layer(self) -> str:
        """Its text layer as it lies in the file."""
        return str(self._text.get_text_range())

    @property
    def text(self) -> str:
        """Its text layer."""
        return "\n".join(line.text for line in self.lines).strip("\n")

    @cached_property
    def image(self) -> Image:
        """Its picture in greys, one pixel for each point."""
        return self.render(1)

    def render(self, scale: float, *, grey: bool = True) -> Image:
        """Its picture, so many pixels for each point."""
        is_whole = not self._is_bare
        drawn = self._page.render(scale=scale, grayscale=grey, draw_annots=is_whole, may_draw_forms=is_whole)
        image: Image = drawn.to_pil()
        return image.convert("L" if grey else "RGB")

    def is_slanted(self, glyph: Glyph) -> bool:
        """Whether a character of it is slanted, as letters are where their font has no italics (9.4.4)."""
        matrix = self._matrix(glyph)
        return not matrix.b and _LEAST_SLANT < matrix.c / max(matrix.d, _TINY) < _MOST_SLANT

    def is_upright(self, glyph: Glyph) -> bool:
        """Whether a character of it is turned by a quarter, as in text that runs upwards."""
        matrix = self._matrix(glyph)
        return bool(abs(matrix.a) < _TINY < abs(matrix.b))

    def stretch(self, glyph: Glyph) -> float:
        """How many times as wide a character of it is drawn as its font has it (9.4.4)."""
        matrix = self._matrix(glyph)
        return matrix.a / matrix.d if matrix.a > 0 and matrix.d > 0 else 1.0

    def passage_of(self, glyph: Glyph) -> int:
        """The number of the passage that a character of it is in, by which the structure of its file names it.

        It is -1 where there is none, or where the passage is marked as no text (ISO 32000-1, 14.7.4.2 and 14.8.2.2).
        """
        import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

        shown = pdfium.FPDFText_GetTextObject(self._text, glyph.rank)
        marks = (pdfium.FPDFPageObj_GetMark(shown, rank) for rank in range(pdfium.FPDFPageObj_CountMarks(shown)))
        return -1 if any(map(_is_artifact, marks)) else int(pdfium.FPDFPageObj_GetMarkedContentID(shown))

    def _matrix(self, glyph: Glyph) -> Any:
        """How a character of it is drawn; all nought where that is not known."""
        import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._text, glyph.rank, matrix)
        return matrix

    @cached_property
    def drawings(self) -> list[Drawing]:
        """What it draws beside text; of a path, each of its strokes."""
        return list(drawings_of(self._page, self.height))

    @cached_property
    def text_alone(self) -> Page:
        """The same page as it would be with its text alone."""
        alone = Page(self.number, self._page.pdf[self.number - 1], is_turned=self.is_turned, is_bare=True)
        for item in items_of(alone._page):
            _leave_text(item)
        return alone

    def fill_letters(self) -> bool:
        """Draw its letters in black from now on, filled and not outlined (9.3.6); whether any were not drawn so."""
        import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

        colour, outlines, were_otherwise = [ctypes.c_uint() for _ in range(4)], outline_modes(), False
        for item in items_of(self._page):
            if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_TEXT:
                pdfium.FPDFPageObj_GetFillColor(item, *colour)
                if [one.value for one in colour] != [0, 0, 0, 255]:
                    pdfium.FPDFPageObj_SetFillColor(item, 0, 0, 0, 255)
                    were_otherwise = True
                if pdfium.FPDFTextObj_GetTextRenderMode(item) in outlines:
                    pdfium.FPDFTextObj_SetTextRenderMode(item, pdfium.FPDF_TEXTRENDERMODE_FILL)
                    were_otherwise = True
        return were_otherwise


def _is_artifact(mark: Any) -> bool:
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    size, name = ctypes.c_ulong(), ctypes.create_string_buffer(64)
    pdfium.FPDFPageObjMark_GetName(mark, ctypes.cast(name, ctypes.POINTER(pdfium.FPDF_WCHAR)), len(name), size)
    return name.raw[: max(size.value - 2, 0)].decode("utf-16-le", "replace") == "Artifact"


def _leave_text(item: Any) -> None:
    """Put what is no text far off its page; of text, widen what clips it."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_TEXT:
        pdfium.FPDFPageObj_Transform(item, 1, 0, 0, 1, _FAR_OFF, 0)
        return
    corners = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(item, *corners)
    left, bottom, right, top = (corner.value for corner in corners)
    x, y = (left + right) / 2 * (1 - _WIDENED), (bottom + top) / 2 * (1 - _WIDENED)
    pdfium.FPDFPageObj_TransformClipPath(item, _WIDENED, 0, 0, _WIDENED, x, y)
