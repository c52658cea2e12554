"""Letters of a font that nobody knows here, told by their shapes beside the shapes that letters have in print.

``letter_shapes.png`` has a row for each letter and digit: the shapes that it has in some hundred families of fonts
of every class, those alike made one (`tools/build_letter_shapes.py`). A letter of a font is nearer to a shape of its
own row than to any of another. So two letters drawn for each other are found together: crossed, they fit better than
as they are called; and one that is drawn as another is found by itself. ``letter_margins.tsv`` says of each two letters
how near the one comes to the shapes of the other in fonts in print (`tools/build_letter_margins.py`): a letter that
comes nearer yet, and whose font is no odd one, is drawn as the other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import combinations
from statistics import median
from string import ascii_lowercase, ascii_uppercase, digits
from typing import TYPE_CHECKING, TypeAlias

from conventool.returned.proof_sheets import BASE_LINE, SAME, unlikeness

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = [
    "GROUPS",
    "MARGINS",
    "SHAPE",
    "SHAPES",
    "SHEET",
    "USUAL_SHAPES",
    "distances",
    "misdrawn_letters",
    "plain_digits",
    "shapes_of",
]

GROUPS = (ascii_lowercase, ascii_uppercase, digits)
"""Letters that are held against each other."""
SHEET = "letter_shapes.png"
"""Shapes in print: from above, a row for each of `GROUPS`' letters."""
SHAPES, USUAL_SHAPES = 22, 16
"""Those of one letter, and how many of them, the first, may be what another letter is drawn as."""
MARGINS = "letter_margins.tsv"
"""How near letters in print come to the shapes of others, in percent of how near to their own."""
_CROSSED = 0.15
"""By what share two letters must fit better crossed."""
_NEARER, _NEAREST = 0.8, 0.85
"""Below what share of the margin in print, and of its own distance at most, a letter is drawn as another."""
_USUAL, _OTHER = 1.5, 0.42
"""A letter is at most so many times as far from the shape that it is drawn as as its font's letters usually are from
theirs; or, in an odd font, by that share nearer than to its own."""
_ALIKE = ("Il1", "O0o")
"""Letters that are one picture in many fonts, and that a reader tells by their words."""
_LOW, _HIGH = "acemnorsuvwxz", "ABDEFHKLMNPRTXZ123457"
"""Letters as high as an x, and those as high as an H."""
_X_HEIGHT, _H_TO_X = 11.0, 1.4
_ABOVE = 20
SHAPE = (20, 28)
"""Pixels of a shape: its width, and its height, of which 20 are above the base line."""
_BLUR = 0.8
_INKED = 160
"""What is darker is ink."""
_MASK = [255 if grey < _INKED else 0 for grey in range(256)]

_Distances: TypeAlias = Mapping[str, Mapping[str, float]]


def misdrawn_letters(cells: Mapping[str, Image]) -> set[str]:
    """The letters and digits of a font that are drawn as others.

    Args:
        cells: by letter, its proof.
    """
    shapes = shapes_of(cells)
    found = {char for pair in _twins(cells) for char in pair}
    for group in GROUPS:
        own = {char: shapes[char] for char in group if char in shapes}
        found |= _misdrawn(distances(own, group))
    return found


def plain_digits(cells: Mapping[str, Image]) -> set[str]:
    """The digits of a font that are nearer to themselves than to any other.

    Args:
        cells: by letter, its proof.
    """
    shapes = shapes_of(cells)
    far = distances({char: shapes[char] for char in digits if char in shapes}, digits)
    return {char for char, row in far.items() if row[char] == min(row.values())}


def _misdrawn(far: _Distances) -> set[str]:
    """The letters that fit better crossed with another, or as another.

    Args:
        far: by letter, how far it is from each.
    """
    found = set()
    for one, other in combinations(far, 2):
        straight = far[one][one] + far[other][other]
        if far[one][other] + far[other][one] < (1 - _CROSSED) * straight:
            found |= {one, other}
    usual, margins = _USUAL * median([row[one] for one, row in far.items()] or [0]), _margins()
    for one, row in far.items():
        odd = max(usual, (1 - _OTHER) * row[one])
        if any(distance < min(margins[one, other] * row[one], odd) for other, distance in row.items()):
            found.add(one)
    return found


@cache
def _margins() -> Mapping[tuple[str, str], float]:
    """By two letters, below what of its own distance the one is from the other if it is drawn as that."""
    lines = files(__package__).joinpath(MARGINS).read_text(encoding="utf-8").splitlines()
    found = {}
    pairs = ((one, group) for group in GROUPS for one in group)
    for (one, others), line in zip(pairs, lines, strict=True):
        for other, share in zip(others, line.split()[1:], strict=True):
            found[one, other] = 0.0 if one == other else min(_NEAREST, _NEARER * int(share) / 100)
    return found


def _twins(cells: Mapping[str, Image]) -> Iterator[tuple[str, str]]:
    """The letters that have one picture, but for those that have it in sincere fonts: I and l, a and A in capitals."""
    inks = {char: 255 * len(data) - sum(data) for char, cell in cells.items() for data in [cell.tobytes()]}
    for one, other in combinations(cells, 2):
        is_near = abs(inks[one] - inks[other]) <= SAME * inks[other]
        if is_near and not _are_alike(one, other) and unlikeness(cells[one], cells[other]) <= SAME:
            yield one, other


def _are_alike(one: str, other: str) -> bool:
    return one.casefold() == other.casefold() or any(one in alike and other in alike for alike in _ALIKE)


def distances(shapes: Mapping[str, Image], group: str) -> dict[str, dict[str, float]]:
    """By letter, how far it is from each letter of its group: 0 where they are one, 1 without a point in common."""
    from PIL import Image, ImageChops  # noqa: PLC0415 (for PDFs only)

    sheet, inks = _sheet(group)
    wide, high = SHAPE
    found = {}
    for char, shape in shapes.items():
        rows, ink = shape.tobytes(), sum(shape.tobytes())
        line = b"".join(rows[at : at + wide] * SHAPES for at in range(0, len(rows), wide))
        tiles = Image.frombytes("L", sheet.size, line * len(group))
        means = _means(ImageChops.difference(tiles, sheet))
        far = [wide * high * mean / (ink + own) for mean, own in zip(means, inks, strict=True)]
        starts = {other: SHAPES * rank for rank, other in enumerate(group)}
        found[char] = {other: min(far[start : start + USUAL_SHAPES]) for other, start in starts.items()}
        found[char][char] = min(far[starts[char] : starts[char] + SHAPES])
    return found


@cache
def _sheet(group: str) -> tuple[Image, Sequence[float]]:
    """The shapes of a group's letters in print, and how much ink each has."""
    from PIL import Image  # noqa: PLC0415 (for PDFs only)

    wide, high = SHAPE
    with Image.open(BytesIO(files(__package__).joinpath(SHEET).read_bytes())) as whole:
        first = "".join(GROUPS).index(group[0])
        sheet = whole.crop((0, high * first, wide * SHAPES, high * (first + len(group))))
    return sheet, [wide * high * mean for mean in _means(sheet)]


def _means(sheet: Image) -> tuple[float, ...]:
    """How light the shapes of a sheet are on average, line by line."""
    data = sheet.convert("F").reduce(SHAPE).tobytes()
    return struct.unpack(f"={len(data) // 4}f", data)


def shapes_of(cells: Mapping[str, Image]) -> dict[str, Image]:
    """The shapes of a font's letters, ink light on dark, as high as if an x was as high in every font.

    Those that draw nothing have none.

    Args:
        cells: by letter, its proof.
    """
    from PIL import ImageChops, ImageFilter  # noqa: PLC0415 (for PDFs only)
    from PIL.Image import Resampling, Transform  # noqa: PLC0415 (likewise)

    boxes = {char: box for char, cell in cells.items() if (box := cell.point(_MASK).getbbox())}
    (wide, high), scale = SHAPE, _X_HEIGHT / _x_height(boxes)
    found = {}
    for char, (left, _, right, _) in boxes.items():
        middle, reach = (left + right) / 2, wide / 2 / scale
        area = (middle - reach, BASE_LINE - _ABOVE / scale, middle + reach, BASE_LINE + (high - _ABOVE) / scale)
        cut = cells[char].transform(SHAPE, Transform.EXTENT, area, Resampling.BILINEAR, fillcolor=255)
        found[char] = ImageChops.invert(cut).filter(ImageFilter.GaussianBlur(_BLUR))
    return found


def _x_height(boxes: Mapping[str, tuple[int, int, int, int]]) -> float:
    """How high an x is in a font, by the middle one of its letters."""
    low = [BASE_LINE - boxes[char][1] for char in _LOW if char in boxes]
    high = [(BASE_LINE - boxes[char][1]) / _H_TO_X for char in _HIGH if char in boxes]
    heights = sorted(low or high)
    return max(heights[len(heights) // 2], 1) if heights else _X_HEIGHT
