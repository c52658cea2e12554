"""The ink of a page that is no text: what lies over its letters or beside them, what is no rule; where two differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from conventool.returned.pdf_glyphs import Box, Glyph
from conventool.returned.pdf_pages import Page
from conventool.returned.text_ink import altered_glyphs, beside_text, inked_places

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["HIGH", "INK", "NEAR", "THIN", "differing_places", "joined", "laid_over", "unexplained", "unseen_pictures"]

INK = 24
"""How far, out of 255, two pictures of a page may differ at one point and look alike."""
THIN = 4.0
"""Points: a rule or a border is no higher, or no wider."""
_LONG, HIGH = 24.0, 13.0
"""Points: the rules between the cells of a table are at least so long, or so high; the strokes of a letter are not."""
NEAR = 15.0
"""Points between parts of one thing at most."""
_EDGE = 3
"""Pixels across which the edge of a coloured cell or of a frame is drawn."""
_SPECK = 12.0
"""Points: a sign drawn beside a letter, as a point or a minus is, is no wider; a rule is."""
_LOW_CELL = 8.0
"""Points: a coloured cell is at least so high, on a page that was made half as large too."""
_READABLE = 3
"""Points: lower letters cannot be read."""
_TWO_LINES, _TOUCHING = 45.0, 2.5
"""Points: an upright stroke no higher, and no farther from a digit, reads as one more."""


def laid_over(page: Page, glyphs: Sequence[Glyph]) -> tuple[list[Glyph], ...]:
    """The characters that a line goes through, those that a drawing changes or stands beside, and others not whole."""
    struck: dict[Glyph, None] = {}
    over: dict[Glyph, None] = {}
    altered = dict.fromkeys(altered_glyphs(page, glyphs))
    for box, *_ in page.drawings:
        over |= dict.fromkeys(glyph for glyph in altered if box.meets(glyph.box))
        if box.height <= THIN and box.width <= _SPECK:
            over |= dict.fromkeys(glyph for glyph in glyphs if _is_beside(box, glyph))
        if box.width <= THIN and HIGH <= box.height <= _TWO_LINES and not _is_border(box, page):
            over |= dict.fromkeys(glyph for glyph in glyphs if _is_beside(box, glyph, _TOUCHING))
        if box.height <= THIN < box.width:
            struck |= dict.fromkeys(glyph for glyph in glyphs if glyph.char.isalnum() and box.meets(_core(glyph)))
    seen = (struck, over.keys() - struck.keys(), altered.keys() - over.keys() - struck.keys())
    return tuple([glyph for glyph in glyphs if glyph in one] for one in seen)


def _core(glyph: Glyph) -> Box:
    """The middle of a character, from its left to its right."""
    middle, reach = (glyph.box.top + glyph.box.bottom) / 2, glyph.box.height / 4
    return glyph.box._replace(top=middle - reach, bottom=middle + reach)


def _is_border(box: Box, page: Page) -> bool:
    """Whether an upright rule is one of a table or a frame: it ends at flat ones, and goes on or is at their end."""
    around = Box(box.left - 1, box.top - 1, box.right + 1, box.bottom + 1)
    flat = [one for one, *_ in page.drawings if one.height <= THIN and one.width >= _LONG and one.meets(around)]
    ends = any(one.left > box.left - _EDGE or one.right < box.right + _EDGE for one in flat)
    return bool(flat) and (ends or any(_goes_on(box, one) for one, *_ in page.drawings))


def _goes_on(box: Box, other: Box) -> bool:
    """Whether an upright rule stands above or below another, as those between the cells of one column do."""
    apart = max(other.top - box.bottom, box.top - other.bottom)
    return other.width <= THIN and abs(other.left - box.left) < 1 and -1 < apart < _TWO_LINES


def unseen_pictures(page: Page, glyphs: Sequence[Glyph]) -> Iterator[Box]:
    """The pictures on a text of which nothing is seen: another program may be able to draw what this one cannot."""
    over = [box for box in page.pictures if any(box.meets(_core(glyph)) for glyph in glyphs)]
    ink = beside_text(page) if over else None
    for box in over:
        if ink and not ink.crop(box.pixels(ink.size)).getbbox():
            yield box


def _is_beside(box: Box, glyph: Glyph, reach: float = 4) -> bool:
    """Whether a small drawing reads as a sign before or behind a letter or digit; below its line it is a rule."""
    near = -2 < box.left - glyph.box.right < reach or -2 < glyph.box.left - box.right < reach
    return glyph.char.isalnum() and near and glyph.box.top < box.bottom and box.top < glyph.y


def unexplained(page: Page, *, ruled: bool) -> list[Box]:
    """The places of ink that is neither text nor a thin rule; nor, where there may be some, rules that cross."""
    from PIL import ImageDraw  # noqa: PLC0415 (for PDFs only)

    rest = beside_text(page).copy()
    thick = _thick(rest)
    if thick and ruled:
        draw = ImageDraw.Draw(rest)
        for box in _rules(page):
            left, top, right, bottom = box
            around = (left - 1, top - 1, right + 1, bottom + 1)
            if min(box.width, box.height) <= THIN:
                draw.rectangle(around, fill=0)
            else:
                draw.rectangle(around, outline=0, width=_EDGE)
                _clear_ground(rest, page, box)
        thick = _thick(rest)
    return thick


def _clear_ground(mask: Image, page: Page, box: Box) -> None:
    """Take the one colour that fills a rectangle out of a mask, and its letters: what else is drawn on it stays."""
    from PIL import ImageChops, ImageDraw  # noqa: PLC0415 (for PDFs only)

    place = left, top, right, bottom = box.pixels(mask.size)
    if left == right or top == bottom:
        return
    ground = page.image.crop(place)
    counts = ground.histogram()
    usual = counts.index(max(counts))
    other = ground.point([255 if abs(grey - usual) > INK else 0 for grey in range(256)])
    draw = ImageDraw.Draw(other)
    for line in page.lines:
        for glyph in (one.box for one in line.glyphs if one.box.meets(box)):
            draw.rectangle(
                (glyph.left - left - 1, glyph.top - top - 1, glyph.right - left + 1, glyph.bottom - top + 1), fill=0
            )
    mask.paste(ImageChops.darker(mask.crop(place), other), place)


def _thick(mask: Image) -> list[Box]:
    """The places of ink that is no thin rule, those near each other as one: a stroke as long as a letter is no rule."""
    blobs = inked_places(mask) if mask.getbbox() else ()
    return joined((box for box in blobs if not _is_rule(mask, box)), NEAR)


def _is_rule(mask: Image, box: Box) -> bool:
    """Whether some ink is a thin rule, whole or of dots: across it nearly always looks the same, as letters do not."""
    if box.height > THIN and (box.width > THIN or box.height < HIGH):
        return False
    if min(box.width, box.height) < _READABLE:
        return True
    inside = mask.crop((int(box.left), int(box.top), int(box.right), int(box.bottom)))
    data, wide = inside.tobytes(), inside.width
    flat = box.height <= THIN
    across = (data[x::wide] for x in range(wide)) if flat else (data[y : y + wide] for y in range(0, len(data), wide))
    inked = Counter(one for one in across if any(one))
    return 4 * max(inked.values(), default=0) >= 3 * inked.total()


def joined(boxes: Iterable[Box], reach: float) -> list[Box]:
    """Some places, those no farther from each other than so many points as one."""
    found: list[Box] = []
    for box in boxes:
        around = Box(box.left - reach, box.top - reach, box.right + reach, box.bottom + reach)
        near = [one for one in found if one.meets(around)]
        found = [one for one in found if one not in near] + [reduce(Box.around, near, box)]
    return found


def _rules(page: Page) -> Iterator[Box]:
    """The straight rules that are drawn one by one, as those between the cells of a table are, and coloured cells."""
    for box, is_picture, is_upright in page.drawings:
        flat, upright = box.height <= THIN and box.width >= _LONG, box.width <= THIN and box.height >= HIGH
        cell = is_upright and box.width >= _LONG and box.height >= _LOW_CELL
        if not is_picture and (flat or upright or cell):
            yield box


def differing_places(one: Image, other: Image) -> list[Box]:
    """Where two pictures of a page differ, the largest place first; none where they are not of one size."""
    from PIL import ImageChops  # noqa: PLC0415 (for PDFs only)

    if one.size != other.size:
        return []
    mask = ImageChops.difference(one, other).point([255 if level > INK else 0 for level in range(256)])
    return sorted(inked_places(mask), key=lambda box: -box.width * box.height)
