"""Letters of a font that nobody knows here, told by their shapes beside the fonts that every PDF reader has.

No font is equal to another, but each letter is nearer to itself in a font of the same class than to any other letter.
So two letters drawn for each other are found together: crossed, they fit better than as they are called. The limits
were set on 35 fonts of every class (Lato, Open Sans, Roboto, Noto, Liberation, Caladea, Garamond, Didot…): no letter
of theirs is doubted, and of the 24,000 exchanges of two letters or two digits 98.9 % are found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations
from operator import mul
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from conventool.returned.proof_sheets import BASE_LINE, SAME, installed_letters, unlikeness

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["misdrawn_letters"]

_FONTS = (
    "Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique", "Times-Roman", "Times-Bold",
    "Times-Italic", "Times-BoldItalic", "Courier", "Courier-Bold",
)  # fmt: skip
"""Those that no PDF need bring along (ISO 32000-1, 9.6.2.2), in each style."""
_NEAREST = 2
"""How many of them a font is held against."""
_CROSSED, _OTHER = 0.15, 0.42
"""By what share two letters must fit better crossed, or one letter better as another."""
_LOW, _HIGH = "acemnorsuvwxz", "ABDEFHKLMNPRTXZ123457"
"""Letters as high as an x, and those as high as an H."""
_X_HEIGHT, _H_TO_X = 11.0, 1.4
_WIDE, _ABOVE, _BELOW = 20, 20, 8
"""Pixels of a shape: its width, and what is above and below the base line."""
_BLUR = 0.8
_INKED = 160
"""What is darker is ink."""
_MASK = [255 if grey < _INKED else 0 for grey in range(256)]


class _Shape(NamedTuple):
    """A letter, ink light on dark, as high as if an x was as high in every font; and how much ink it has."""

    image: Image
    ink: int


_Shapes: TypeAlias = Mapping[str, _Shape]


def misdrawn_letters(cells: Mapping[str, Image]) -> set[str]:
    """The letters and digits of a font that are drawn as others.

    Args:
        cells: by letter, its proof.
    """
    shapes = _shapes(cells)
    near = sorted(map(_known, _FONTS), key=lambda known: _strangeness(shapes, known))[:_NEAREST]

    @cache
    def distance(one: str, other: str) -> float:
        return sum(_difference(shapes[one], known[other]) for known in near)

    found = {char for pair in _twins(cells) for char in pair}
    for group in (ascii_lowercase, ascii_uppercase, digits):
        letters = [char for char in group if char in shapes]
        for one, other in combinations(letters, 2):
            straight = distance(one, one) + distance(other, other)
            if distance(one, other) + distance(other, one) < (1 - _CROSSED) * straight:
                found |= {one, other}
        for one in letters if group is not ascii_uppercase else ():
            if any(distance(one, other) < (1 - _OTHER) * distance(one, one) for other in group):
                found.add(one)
    return found


def _twins(cells: Mapping[str, Image]) -> Iterator[tuple[str, str]]:
    """The letters that have one picture."""
    inks = {char: 255 * len(data) - sum(data) for char, cell in cells.items() for data in [cell.tobytes()]}
    for one, other in combinations(cells, 2):
        is_near = abs(inks[one] - inks[other]) <= SAME * inks[other]
        if is_near and unlikeness(cells[one], cells[other]) <= SAME:
            yield one, other


def _strangeness(shapes: _Shapes, known: _Shapes) -> float:
    """How far a font is from one that is known, the letters that are farthest left out."""
    differences = sorted(_difference(shape, known[char]) for char, shape in shapes.items() if char in known)
    return sum(differences[: len(differences) * 4 // 5 + 1])


def _difference(one: _Shape, other: _Shape) -> float:
    """How far two shapes are from each other: 0 where they are one, 1 where they have no point in common."""
    from PIL import ImageChops  # noqa: PLC0415 (for PDFs only)

    levels = ImageChops.difference(one.image, other.image).histogram()
    differing: int = sum(map(mul, levels, range(256)))
    return differing / (one.ink + other.ink)


@cache
def _known(font: str) -> _Shapes:
    return _shapes(installed_letters(font))


def _shapes(cells: Mapping[str, Image]) -> _Shapes:
    """The shapes of a font's letters; of those that draw nothing there is none."""
    from PIL import ImageChops, ImageFilter  # noqa: PLC0415 (for PDFs only)
    from PIL.Image import Resampling, Transform  # noqa: PLC0415 (likewise)

    boxes = {char: box for char, cell in cells.items() if (box := cell.point(_MASK).getbbox())}
    scale = _X_HEIGHT / _x_height(boxes)
    found = {}
    for char, (left, _, right, _) in boxes.items():
        middle, reach = (left + right) / 2, _WIDE / 2 / scale
        area = (middle - reach, BASE_LINE - _ABOVE / scale, middle + reach, BASE_LINE + _BELOW / scale)
        size = (_WIDE, _ABOVE + _BELOW)
        cut = cells[char].transform(size, Transform.EXTENT, area, Resampling.BILINEAR, fillcolor=255)
        image = ImageChops.invert(cut).filter(ImageFilter.GaussianBlur(_BLUR))
        found[char] = _Shape(image, max(sum(image.tobytes()), 1))
    return found


def _x_height(boxes: Mapping[str, tuple[int, int, int, int]]) -> float:
    """How high an x is in a font, by the middle one of its letters."""
    low = [BASE_LINE - boxes[char][1] for char in _LOW if char in boxes]
    high = [(BASE_LINE - boxes[char][1]) / _H_TO_X for char in _HIGH if char in boxes]
    heights = sorted(low or high)
    return max(heights[len(heights) // 2], 1) if heights else _X_HEIGHT
