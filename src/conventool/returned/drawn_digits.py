"""Whether each digit of a PDF looks like the one that its text layer says, whatever its font claims to draw.

A font that draws other letters than it names makes no word that can be read, and one that does so here and there is
seen by their shapes (`pdf_foreign.drawn_otherwise`). A 5 that is a 9 throughout reads well. So each digit is cut out of
the picture of its page and held against those of the fonts that every PDF reader has (ISO 32000-1, 9.6.2.2).
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from io import BytesIO
from operator import sub
from typing import TYPE_CHECKING, TypeAlias

from conventool.returned.pdf_glyphs import Box, Glyph
from conventool.returned.pdf_pages import Page

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["STANDARD_FONTS", "Sight", "difference", "misnamed_digits", "sight_of"]

Sight: TypeAlias = bytes
"""A digit as it is seen: its greys, line by line, from 0 (ink) to 255."""

_SCALE = 4
_WIDE, _HIGH = 8, 12
_LOWEST = 3.0
"""Points: a digit that is lower cannot be told from others."""
_LEAST_CONTRAST = 60
_ALIKE = 35.0
"""How far, out of 255, two sights of one digit in two fonts may be from each other on average."""
_NEARER = 16.0
"""By how much nearer a digit must be to another than to its own."""
_NEARER_FOR_A_ONE = 32.0
"""In slanted fonts a 1 is like a 7."""
_NOTHING_LIKE = 85.0
_WIDEST = 1.25
"""Width over height; two digits in the place of one are wider."""
STANDARD_FONTS = (
    "Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Times-Roman", "Times-Bold", "Times-Italic", "Courier",
    "Courier-Bold",
)  # fmt: skip
"""Text fonts that no PDF need bring along."""


def misnamed_digits(page: Page, glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """The digits of a page that look like others, or like none.

    Args:
        page: the page.
        glyphs: those of its characters that nothing may be written over.
    """
    digits = [one for one in glyphs if one.char in string.digits and one.box.height >= _LOWEST]
    image = page.render(_SCALE) if digits else None
    for digit in digits:
        if image is not None and (place := _ink(image, digit.box)) is not None:
            wide, high = place.width, place.height
            if wide > _WIDEST * high or _looks_like_another(digit.char, sight_of(image, place)):
                yield digit


def _ink(image: Image, box: Box) -> Box | None:
    """The place of a digit's ink in a picture; None where there is nearly none, which is told elsewhere."""
    left, top, right, bottom = (int(edge * _SCALE) for edge in box)
    left, top = max(left - 1, 0), max(top - 1, 0)
    right, bottom = min(right + 2, image.width), min(bottom + 2, image.height)
    if left >= right or top >= bottom:
        return None
    cut = image.crop((left, top, right, bottom))
    darkest, lightest = _extremes(cut)
    if lightest - darkest < _LEAST_CONTRAST:
        return None
    middle, is_light = (darkest + lightest) // 2, _is_light(cut)
    inked = cut.point([255 * ((grey < middle) is is_light) for grey in range(256)]).getbbox()
    return Box(left + inked[0], top + inked[1], left + inked[2], top + inked[3]) if inked else None


def sight_of(image: Image, place: Box) -> Sight:
    """A digit or letter as it is seen, black on white."""
    from PIL.Image import Resampling  # noqa: PLC0415 (for PDFs only)

    left, top, right, bottom = map(int, place)
    is_light = _is_light(image.crop((left - 2, top - 2, right + 2, bottom + 2)))
    small = image.resize((_WIDE, _HIGH), Resampling.BOX, box=(left, top, right, bottom))
    return small.tobytes().translate(_stretched(*_extremes(small), is_light=is_light))


def _extremes(image: Image) -> tuple[int, int]:
    greys = image.tobytes()
    return min(greys), max(greys)


def _is_light(image: Image) -> bool:
    """Whether two corners of a picture at least are nearer to its lightest point than to its darkest."""
    greys, (darkest, lightest) = image.tobytes(), _extremes(image)
    corners = (greys[0], greys[image.width - 1], greys[-image.width], greys[-1])
    return sum(2 * corner > darkest + lightest for corner in corners) >= 2


@lru_cache(maxsize=4096)
def _stretched(darkest: int, lightest: int, *, is_light: bool) -> bytes:
    """The table that makes what is darkest black and what is lightest white; the other way round on a dark ground."""
    width = max(lightest - darkest, 1)
    greys = [min(max((grey - darkest) * 255 // width, 0), 255) for grey in range(256)]
    return bytes(greys if is_light else [255 - grey for grey in greys])


def _looks_like_another(char: str, sight: Sight) -> bool:
    """Whether a digit is nearer to another one, in any font that all readers have, or far from all."""
    own = _distance(char, sight)
    if own <= _ALIKE:
        return False
    other = min(_distance(one, sight) for one in string.digits if one != char)
    return other < own - (_NEARER_FOR_A_ONE if char == "1" else _NEARER) or min(own, other) > _NOTHING_LIKE


def _distance(char: str, sight: Sight) -> float:
    """How far a sight is from a digit, in the font that draws it most alike."""
    return min(difference(known, sight) for known in _known()[char])


def difference(one: Sight, other: Sight) -> float:
    """How far two sights are from each other on average, out of 255."""
    total: int = sum(map(abs, map(sub, one, other)))
    return total / len(one)


@cache
def _known() -> dict[str, list[Sight]]:
    """By digit, how the fonts that every reader has draw it."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)
    import pypdfium2  # noqa: PLC0415 (likewise)

    found: dict[str, list[Sight]] = {digit: [] for digit in string.digits}
    for name in STANDARD_FONTS:
        with pikepdf.new() as pdf, BytesIO() as out:
            page = pdf.add_blank_page(page_size=(200, 60))
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name(f"/{name}")
            )
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
            page.Contents = pikepdf.Stream(pdf, f"BT /F 11 Tf 6 Tc 10 20 Td ({string.digits}) Tj ET".encode())
            pdf.save(out)
            drawn = Page(1, pypdfium2.PdfDocument(out.getvalue())[0], is_turned=False)
            image = drawn.render(_SCALE)
            for glyph in (one for line in drawn.lines for one in line.glyphs):
                if (place := _ink(image, glyph.box)) is not None:
                    found[glyph.char].append(sight_of(image, place))
    return found
