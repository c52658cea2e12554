"""The pages of a PDF as PDFium draws them: each character with its place, each line, and the picture of the page."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from itertools import groupby, pairwise
from math import degrees, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from unicodedata import category

from conventool.core.errors import UnreadableError, reason
from conventool.core.problems import Place, Problem

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Box", "Drawing", "Glyph", "Line", "Page", "font_name", "opened", "read_pdf", "unreadable"]

_LINE_END, _RETURN = 10, 13
_DEEPEST = 8
_FAINTEST = 64
"""Opacity, out of 255: what is less so is not there to be read."""
_HYPHENS = frozenset({0x02, 0xAD, 0xFFFE})  # PDFium's own signs for a hyphen at a line's end among them
_BLANK = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_LEAST_INK = 0.5
"""Points: what a blank is drawn as is no higher."""
_ASKED = 60
"""Characters of a page that are asked how they are turned."""
_FAR_OFF = 1e5
"""Points: beyond any page."""
_MOST_SEGMENTS = 20_000
_LEAST_SLANT, _MOST_SLANT, _TINY = 0.1, 0.5, 1e-6
"""How far to the right what is one point higher is drawn in slanted letters."""
_WIDENED = 1e4
"""How many times what clips a text is made larger, from the middle of the text."""
_SPOILT_FI = 0xCF00  # what Ghostscript 10 makes of the end of an ffi

_Matrix: TypeAlias = tuple[float, float, float, float, float, float]
_AS_IT_IS: _Matrix = (1, 0, 0, 1, 0, 0)


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


class Drawing(NamedTuple):
    """Something that a page draws beside text.

    Attributes:
        box: its place.
        is_picture: whether it is one, or else a stroke of a path.
        is_upright: whether all its edges are upright or flat, as those of a rule or a coloured cell are.
    """

    box: Box
    is_picture: bool
    is_upright: bool


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
        return list(_lines(self._text, self.height))

    @property
    def pictures(self) -> list[Box]:
        """The places of the pictures on it."""
        return [drawing.box for drawing in self.drawings if drawing.is_picture]

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
        import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

        matrix = pdfium.FS_MATRIX()
        known = pdfium.FPDFText_GetMatrix(self._text, glyph.rank, matrix)
        return bool(known) and not matrix.b and _LEAST_SLANT < matrix.c / max(matrix.d, _TINY) < _MOST_SLANT

    @cached_property
    def drawings(self) -> list[Drawing]:
        """What it draws beside text; of a path, each of its strokes."""
        return list(_drawings(self._page, self.height))

    @cached_property
    def text_alone(self) -> Page:
        """The same page as it would be with its text alone."""
        alone = Page(self.number, self._page.pdf[self.number - 1], is_turned=self.is_turned, is_bare=True)
        for item in _items(alone._page):
            _leave_text(item)
        return alone

    def fill_letters(self) -> None:
        """Draw its letters in black from now on, filled and not outlined (9.3.6)."""
        import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

        for item in _items(self._page):
            if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_TEXT:
                pdfium.FPDFPageObj_SetFillColor(item, 0, 0, 0, 255)
                if pdfium.FPDFTextObj_GetTextRenderMode(item) in _outlines():
                    pdfium.FPDFTextObj_SetTextRenderMode(item, pdfium.FPDF_TEXTRENDERMODE_FILL)


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


def _outlines() -> set[int]:
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    return {pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE}


def _items(page: Any) -> Iterator[Any]:
    """All that a page draws, in order, what its forms hold included."""
    return (item for item, _ in _items_with_matrix(page))


def _items_with_matrix(page: Any) -> Iterator[tuple[Any, _Matrix]]:
    """The same, each with what its coordinates become on the page."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    def walk(item: Any, matrix: _Matrix, depth: int) -> Iterator[tuple[Any, _Matrix]]:
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inner = _product(_matrix_of(item), matrix)
            for rank in range(pdfium.FPDFFormObj_CountObjects(item)):
                yield from walk(pdfium.FPDFFormObj_GetObject(item, rank), inner, depth + 1)
        else:
            yield item, matrix

    for rank in range(pdfium.FPDFPage_CountObjects(page)):
        yield from walk(pdfium.FPDFPage_GetObject(page, rank), _AS_IT_IS, 0)


def _matrix_of(item: Any) -> _Matrix:
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    own = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, own)
    return own.a, own.b, own.c, own.d, own.e, own.f


def _drawings(page: Any, height: float) -> Iterator[Drawing]:
    """All that a page draws beside text, in order; a path by its strokes."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    corners = [ctypes.c_float() for _ in range(4)]
    for item, matrix in _items_with_matrix(page):
        kind = pdfium.FPDFPageObj_GetType(item)
        strokes = list(_strokes(item)) if kind == pdfium.FPDF_PAGEOBJ_PATH else []
        inner, wide = _product(_matrix_of(item), matrix), _stroke_width(item) if strokes else 0.0
        for stroke in strokes:
            placed = _placed(stroke.edges, inner, height, wide)
            yield Drawing(placed, is_picture=False, is_upright=stroke.is_upright)
        if kind != pdfium.FPDF_PAGEOBJ_TEXT and not strokes and pdfium.FPDFPageObj_GetBounds(item, *corners):
            left, bottom, right, top = (corner.value for corner in corners)
            placed = _placed((left, bottom, right, top), matrix, height)
            yield Drawing(placed, is_picture=kind == pdfium.FPDF_PAGEOBJ_IMAGE, is_upright=False)


def _placed(edges: tuple[float, float, float, float], matrix: _Matrix, height: float, wide: float = 0) -> Box:
    """The place on a page of a rectangle, given by its left, lower, right and upper edge, and widened by a pen."""
    a, b, c, d, e, f = matrix
    left, bottom, right, top = edges
    wide *= sqrt(abs(a * d - b * c))
    xs = [a * x + c * y + e for x in (left, right) for y in (bottom, top)]
    ys = [b * x + d * y + f for x in (left, right) for y in (bottom, top)]
    return Box(min(xs) - wide / 2, height - max(ys) - wide / 2, max(xs) + wide / 2, height - min(ys) + wide / 2)


def _strokes(path: Any) -> Iterator[_Stroke]:
    """Each stroke of a path (8.5.2); none where there are very many."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    x, y = ctypes.c_float(), ctypes.c_float()
    stroke = _Stroke()
    count = pdfium.FPDFPath_CountSegments(path)
    for rank in range(count if count <= _MOST_SEGMENTS else 0):
        segment = pdfium.FPDFPath_GetPathSegment(path, rank)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO and stroke.points:
            yield stroke
            stroke = _Stroke()
        stroke.is_curved |= kind == pdfium.FPDF_SEGMENT_BEZIERTO
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        stroke.points.append((x.value, y.value))
    if stroke.points:
        yield stroke


@dataclass(slots=True)
class _Stroke:
    """A part of a path that is drawn without lifting the pen.

    Attributes:
        points: where it turns, or what its curves bend to.
        is_curved: whether it has a curve.
    """

    points: list[tuple[float, float]] = field(default_factory=list)
    is_curved: bool = False

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """The left, lower, right and upper one of the rectangle around it."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def is_upright(self) -> bool:
        """Whether it goes straight, up and down or to the left and the right."""
        turns = pairwise(self.points)
        return not self.is_curved and all(x == next_x or y == next_y for (x, y), (next_x, next_y) in turns)


def _stroke_width(path: Any) -> float:
    """How wide the pen of a path is; 0 where it is filled only."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    mode, is_stroked, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    pdfium.FPDFPath_GetDrawMode(path, mode, is_stroked)
    pdfium.FPDFPageObj_GetStrokeWidth(path, width)
    return width.value if is_stroked.value else 0.0


def _product(one: _Matrix, other: _Matrix) -> _Matrix:
    """Two transformations after each other (ISO 32000-1, 8.3.4)."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def read_pdf(path: Path, sent: Path | None = None) -> list[Page]:
    """The pages of a PDF, turned upright, its letters named where its fonts do not name them.

    Args:
        path: of the PDF.
        sent: the PDF that was sent, where it is there: what its fonts draw is known.

    Raises:
        UnreadableError: the file is no sound PDF, or is locked, or its letters are without a name.
    """
    import pikepdf  # noqa: PLC0415 (a library of several megabytes, for PDFs only)
    import pypdfium2  # noqa: PLC0415 (likewise)

    try:
        document, turns, file = _document_of(path, sent)
    except OSError as error:
        raise unreadable(path, f"Ce PDF ne peut pas être lu ({reason(error)}).", None) from error
    except pikepdf.PdfError as error:
        hint = "Donnez-en une copie intacte."
        raise unreadable(path, "Ce fichier n’est pas un PDF, ou il est abîmé.", hint) from error
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise unreadable(
                path, "Ce PDF est protégé par un mot de passe.", "Donnez-en une copie sans mot de passe."
            ) from error
        hint = "Donnez-en une copie intacte."
        raise unreadable(path, "Ce fichier n’est pas un PDF, ou il est abîmé.", hint) from error
    if document.get_formtype():
        document.init_forms()
    numbered = enumerate(zip(document, turns, strict=True), 1)
    return [Page(number, page, is_turned=bool(turn), file=file) for number, (page, turn) in numbered]


def _document_of(path: Path, sent: Path | None) -> tuple[Any, list[int], Path | bytes]:
    """A PDF as PDFium has it, upright, its letters named; how its pages were turned; the file that it was read from.

    Raises:
        UnreadableError: it is too large, or its letters are without a name.
        OSError, PdfError, PdfiumError: it cannot be read.
    """
    import pypdfium2  # noqa: PLC0415 (for PDFs only)

    from conventool.pdf.limits import is_excessive  # noqa: PLC0415 (likewise)

    if is_excessive(path):  # it says too why the file cannot be opened, which PDFium does not
        hint = "Demandez-en une copie imprimée au format PDF, ou numérisée."
        raise unreadable(path, "Ce PDF est démesuré une fois décompressé.", hint)
    document = pypdfium2.PdfDocument(path)
    file = _named(path, document, sent)
    if file is not path:
        document = pypdfium2.PdfDocument(file)
    turns = [_turn(page) for page in document]
    if any(turns) or not all(map(_is_plain, document)):
        document = pypdfium2.PdfDocument(_upright(file, turns))
    return document, turns, file


def _named(path: Path, document: Any, sent: Path | None) -> Path | bytes:
    """A PDF, with names for its letters where its fonts do not name them.

    Raises:
        UnnamedLettersError: some letters are not known.
    """
    from conventool.returned.font_names import has_names, unnamed_letters, with_names  # noqa: PLC0415 (it reads pages)

    if has_names("".join(page.get_textpage().get_text_range() for page in document)):
        return path
    named = with_names(path, sent)
    if named is None:
        return path
    if problem := unnamed_letters(path, named):
        raise problem
    return named


def opened(file: Path | bytes) -> Path | BytesIO:
    """A file on the disk or in memory, as libraries open it."""
    return file if isinstance(file, Path) else BytesIO(file)


def unreadable(path: Path, message: str, hint: str | None) -> UnreadableError:
    """The error for a file that cannot be read."""
    return UnreadableError(Problem("unreadable", message, hint, place=Place(file=str(path))))


def _turn(page: Any) -> int:
    """By how many degrees a page must be turned clockwise for its text to run from left to right."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 (for PDFs only)

    text = page.get_textpage()
    count = text.count_chars()
    angles = Counter(
        round(-degrees(pdfium.FPDFText_GetCharAngle(text, index)) / 90) % 4 * 90
        for index in range(0, count, max(count // _ASKED, 7))
        if not chr(pdfium.FPDFText_GetUnicode(text, index)).isspace()
    )
    return angles.most_common(1)[0][0] if angles else int(page.get_rotation())


def _is_plain(page: Any) -> bool:
    """Whether a page is shown as it is described: whole, from its lower left corner, not turned."""
    shown = page.get_cropbox()
    return shown == page.get_mediabox() and tuple(shown[:2]) == (0, 0) and not page.get_rotation()


def _upright(file: Path | bytes, turns: Sequence[int]) -> bytes:
    """The file with its pages drawn upright, as much of them as is shown, from their lower left corner."""
    import pikepdf  # noqa: PLC0415 (for such pages only)

    with pikepdf.open(opened(file)) as pdf:
        for page, turn in zip(pdf.pages, turns, strict=True):
            left, bottom, right, top = _shown(page)
            matrix = {
                0: (1, 0, 0, 1, -left, -bottom),
                90: (0, -1, 1, 0, -bottom, right),
                180: (-1, 0, 0, -1, right, top),
                270: (0, 1, -1, 0, top, -left),
            }[turn]
            page.contents_add(pikepdf.Stream(pdf, b"q %g %g %g %g %g %g cm" % matrix), prepend=True)
            page.contents_add(pikepdf.Stream(pdf, b"Q"))
            width, height = right - left, top - bottom
            page.mediabox = pikepdf.Array([0, 0, *((height, width) if turn in {90, 270} else (width, height))])
            for name in ("/CropBox", "/TrimBox", "/BleedBox", "/ArtBox"):
                if name in page.obj:
                    del page.obj[name]
            page.obj["/Rotate"] = 0
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


def _shown(page: Any) -> tuple[float, float, float, float]:
    """The part of a page that is shown: its crop box, as far as it lies on the page (14.11.2)."""
    boxes = [sorted(float(x) for x in box[0::2]) + sorted(float(y) for y in box[1::2])
             for box in (list(page.mediabox), list(page.cropbox))]  # fmt: skip
    (left, right, bottom, top), (left_2, right_2, bottom_2, top_2) = boxes
    return max(left, left_2), max(bottom, bottom_2), min(right, right_2), min(top, top_2)


def _lines(text: Any, height: float) -> Iterator[Line]:
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
        self._outlines = _outlines()

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
        _, _, bottom, top = (number.value for number in self._box)
        return top - bottom > _LEAST_INK

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
