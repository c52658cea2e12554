"""What a page of a PDF draws beside text: pictures, and the strokes of its paths, each with its place."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import sqrt
from typing import Any, NamedTuple, TypeAlias

from conventool.returned.pdf_glyphs import Box

__all__ = ["Drawing", "drawings_of", "items_of"]

_DEEPEST = 8
_MOST_SEGMENTS = 20_000

_Matrix: TypeAlias = tuple[float, float, float, float, float, float]
_AS_IT_IS: _Matrix = (1, 0, 0, 1, 0, 0)


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


def items_of(page: Any) -> Iterator[Any]:
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


def drawings_of(page: Any, height: float) -> Iterator[Drawing]:
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
