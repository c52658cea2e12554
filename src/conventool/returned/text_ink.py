"""Whether the ink at each character's place is the character's own: a page beside what it would be with its text alone.

The same program draws both, so that where nothing covers, cuts or crosses a character the pictures are the same to the
last pixel. Where they differ, the two are looked at closer, whatever ground they stand on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from conventool.returned.pdf_glyphs import Box, Glyph
from conventool.returned.pdf_pages import Page

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["altered_glyphs", "beside_text", "inked_places", "unnamed_ink"]

_INK = 24
"""How far, out of 255, two pictures of a page may differ at one point and look alike."""
_CELL = 6
"""Points: ink no farther apart hangs together."""
_SCALE, _MARGIN = 3, 2
"""Pixels for a point where a character is looked at closer, and around it."""
_ALTERED = 0.06
"""The share of a character's ink that may be missing, or be added, farther than a pixel from where it should be."""
_LEAST_CONTRAST = 24
_DARK, _PALE = 160, 230
"""What is darker than the first is a letter's ink; what is lighter than the second is none at all."""
_AROUND = 1
"""Points around a character that its ink may reach."""
_DOTS = ".…_·"
"""What dates and signatures are written over."""
_LEAST = 1.5
"""Points: what is smaller is a blur at a letter's edge."""


def altered_glyphs(page: Page, glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """The characters whose ink is covered in part, cut, or added to; a line below them is not looked at.

    Args:
        page: the page.
        glyphs: those of its characters that nothing may be written over.
    """
    suspects = list(_differing(page, list(_without_leaders(glyphs))))
    if not suspects:
        return
    shown, text = page.render(_SCALE), page.text_alone.render(_SCALE)
    for glyph in suspects:
        left, top, right, bottom = (int(edge * _SCALE) for edge in glyph.box)
        on_line = int(glyph.y * _SCALE) if glyph.y > glyph.box.top + 1 else bottom
        place = (left - _MARGIN, top - _MARGIN, right + _MARGIN + 1, min(bottom, on_line) + 1)
        if not _is_own(shown.crop(place), text.crop(place), is_bold=glyph.is_outlined):
            yield glyph


def _without_leaders(glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """The characters but for dots in a row."""
    for rank, glyph in enumerate(glyphs):
        around = (*glyphs[max(rank - 1, 0) : rank], *glyphs[rank + 1 : rank + 2])
        if glyph.char not in _DOTS or not any(one.char in _DOTS for one in around):
            yield glyph


def _differing(page: Page, glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """The characters at whose place a page does not look as its text alone does, and those that a pen follows.

    Signs that are no letters are held against the text in black, so that one that is white on white is told.
    """
    from PIL import ImageChops  # noqa: PLC0415 (for PDFs only)

    def unlike(text: Image) -> Image | None:
        difference = ImageChops.difference(page.image, text).point(_above(_INK))
        return difference if difference.getbbox() else None

    of_letters = of_signs = unlike(page.text_alone.image)
    if page.text_alone.fill_letters():
        of_signs = unlike(page.text_alone.render(1))
    for glyph in glyphs:
        left, top, right, bottom = map(int, glyph.box)
        differs = of_letters if glyph.char.isalnum() else of_signs
        if glyph.is_outlined or (differs and differs.crop((left, top, right + 1, bottom + 1)).getbbox()):
            yield glyph


def _is_own(shown: Image, text: Image, *, is_bold: bool) -> bool:
    """Whether a character is seen as it is drawn alone, be it on a coloured ground.

    Args:
        shown: the place of it, in greys.
        text: the same place with its text alone, filled.
        is_bold: whether a pen follows its outline; it makes hairlines, only grey in the text alone, as dark as stems.
    """
    from PIL import ImageChops, ImageFilter  # noqa: PLC0415 (for PDFs only)

    ink = text.point(_below(128))
    whole, reach = (text.point(_below(_PALE)), 5) if is_bold else (ink, 3)
    wanted, greys = ink.tobytes(), shown.tobytes()
    count = len(wanted) - wanted.count(0)
    inside = sum(grey for grey, own in zip(greys, wanted, strict=True) if own)
    outside = sum(greys) - inside
    if not 0 < count < len(wanted):
        return count > 0
    figure, ground = inside / count, outside / (len(wanted) - count)
    if abs(figure - ground) < _LEAST_CONTRAST:
        return False
    middle = round((figure + ground) / 2)
    seen = shown.point(_below(middle) if figure < ground else _above(middle))
    near_seen, near_ink = seen.filter(ImageFilter.MaxFilter(3)), whole.filter(ImageFilter.MaxFilter(reach))
    missing, added = (_ink_of(ImageChops.subtract(*pair)) for pair in ((ink, near_seen), (seen, near_ink)))
    return max(missing, added) <= _ALTERED * count


def _ink_of(mask: Image) -> int:
    """How many points of a mask are white, its margin apart; in a damaged file there may be nothing inside."""
    right, lower = max(mask.width - _MARGIN, _MARGIN), max(mask.height - _MARGIN, _MARGIN)
    inner = mask.crop((_MARGIN, _MARGIN, right, lower))
    return len(inner.tobytes()) - inner.tobytes().count(0)


@lru_cache(maxsize=1)  # of one page after the other, several ask
def beside_text(page: Page) -> Image:
    """White where a page shows ink that is not its text's, pale or not, else black; one pixel for each point."""
    from PIL import ImageChops, ImageFilter  # noqa: PLC0415 (for PDFs only)

    text = page.text_alone.image.point(_below(_PALE)).filter(ImageFilter.MaxFilter(3))
    return ImageChops.subtract(page.image.point(_below(_PALE)), text)


def unnamed_ink(page: Page) -> Iterator[Box]:
    """The places of ink that a font of a page draws, and that is none of its characters, looked at closer too.

    At a pixel for each point PDFium moves a thin stem by up to two pixels.
    """
    rest = _beside_characters(page, 1)
    places = inked_places(rest) if rest.getbbox() else ()
    for box in places:
        if max(box.width, box.height) >= _LEAST:
            place = [int(edge * _SCALE) for edge in box]
            if _beside_characters(page, _SCALE).crop((place[0], place[1], place[2], place[3])).getbbox():
                yield box


def _beside_characters(page: Page, scale: int) -> Image:
    """White where the text of a page has ink beside its characters, else black."""
    from PIL import ImageDraw  # noqa: PLC0415 (for PDFs only)

    text = page.text_alone.image if scale == 1 else page.text_alone.render(scale)
    rest = text.point(_below(_DARK))
    draw = ImageDraw.Draw(rest)
    for left, top, right, bottom in (one.box for line in page.lines for one in (*line.glyphs, *line.others)):
        around = (left - _AROUND, top - _AROUND, right + _AROUND, bottom + _AROUND)
        draw.rectangle([edge * scale for edge in around], fill=0)
    return rest


def inked_places(mask: Image) -> Iterator[Box]:
    """The rectangles around ink that hangs together, to a few points."""
    columns, rows = -(-mask.width // _CELL), -(-mask.height // _CELL)
    small = mask.reduce(_CELL).point([255 if level else 0 for level in range(256)])
    data = small.tobytes()
    left = {rank for rank, value in enumerate(data) if value}
    while left:
        group, edge = set(), [left.pop()]
        while edge:
            cell = edge.pop()
            group.add(cell)
            row, column = divmod(cell, columns)
            for near in _cells_around(row, column, rows, columns):
                if near in left:
                    left.remove(near)
                    edge.append(near)
        xs, ys = [cell % columns for cell in group], [cell // columns for cell in group]
        area = (min(xs) * _CELL, min(ys) * _CELL, (max(xs) + 1) * _CELL, (max(ys) + 1) * _CELL)
        inner = mask.crop(area).getbbox()
        if inner:
            yield Box(area[0] + inner[0], area[1] + inner[1], area[0] + inner[2], area[1] + inner[3])


def _cells_around(row: int, column: int, rows: int, columns: int) -> Iterator[int]:
    for y in range(max(row - 1, 0), min(row + 2, rows)):
        for x in range(max(column - 1, 0), min(column + 2, columns)):
            yield y * columns + x


def _below(level: int) -> list[int]:
    """The table that makes what is darker white, and all else black."""
    return [255 if grey < level else 0 for grey in range(256)]


def _above(level: int) -> list[int]:
    """The table that makes what is lighter white, and all else black."""
    return [255 if grey > level else 0 for grey in range(256)]
