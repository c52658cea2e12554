"""A returned PDF beside the one that was sent: the pages of both as pictures, pixel by pixel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from conventool.returned.page_ink import differing_places
from conventool.returned.pdf_foreign import Zones
from conventool.returned.pdf_glyphs import Box, Glyph, box_of
from conventool.returned.pdf_pages import Page
from conventool.returned.pdf_structure import structure_foreign

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["PageDifference", "differences", "is_drawn_alike", "is_same_page", "is_same_print"]

_SAME_PRINT = 0.1
"""The share of a page's points that may differ in the same print: what is written by hand covers no more."""
_MOST_PLACES = 12
"""Places of a page: where more differ, letters were set anew, be it by less than a point."""
_SCALE, _REACH = 6, 9
"""Pixels for a point where a place is looked at closer; across how many of them the edge of a letter may stand, which
programs draw by their fonts' hints."""
_BLUR = 3
"""How many of them the edge of a letter may be wide."""
_STRIP = 144
"""How many of them are looked at together."""
_CLOSER_INK = 64
"""How far, out of 255, the points of two pictures may differ there."""
_PLACES = 50
"""Places for a point: of the letters that no other program set again, nearly all stand at the same."""
_ASIDE, _LEVEL = 2.0, 0.05
"""Points: how far on its line a letter may stand in the same print made anew, and how far from it."""
_WHITE = 255
_AROUND = 3.0
"""Points around what was added by hand that it may cover."""
_EVERYWHERE = Zones(Box(0, 0, 10_000, 10_000), None)


class PageDifference(NamedTuple):
    """A place where a returned page does not look like the one that was sent.

    Attributes:
        page: its number.
        box: the place.
    """

    page: int
    box: Box


def is_drawn_alike(path: Path, pages: Sequence[Page], sent_path: Path, sent: Sequence[Page]) -> bool:
    """Whether two PDFs show the same: the same pictures and the same text layer, and nothing laid over one alone.

    Args:
        path: of the returned PDF.
        pages: its pages.
        sent_path: of the one that was sent.
        sent: its pages.
    """
    return (
        len(pages) == len(sent)
        and all(is_same_page(one, other) for one, other in zip(pages, sent, strict=True))
        and _laid_over(path, pages) == _laid_over(sent_path, sent)
    )


def is_same_page(one: Page, other: Page) -> bool:
    """Whether two pages are of one size, say the same and are drawn the same to the last pixel.

    Their pictures have the same places, too: one of them may be such as only other programs can draw.
    """
    return (
        (one.width, one.height, one.is_turned) == (other.width, other.height, other.is_turned)
        and one.text_layer == other.text_layer
        and one.image.tobytes() == other.image.tobytes()
        and one.pictures == other.pictures
    )


def _laid_over(path: Path, pages: Sequence[Page]) -> list[object]:
    return list(structure_foreign(path, pages, {page.number: _EVERYWHERE for page in pages}))


def is_same_print(pages: Sequence[Page], sent: Sequence[Page]) -> bool:
    """Whether most pages are the same print, so that what differs was changed afterwards.

    Another program sets every letter elsewhere: its pages cannot be held against those that were sent.
    """
    shares = sorted(_share(one, other) for one, other in zip(pages, sent, strict=False))
    return bool(shares) and shares[(len(shares) - 1) // 2] <= _SAME_PRINT


def _share(one: Page, other: Page) -> float:
    """The share of two pages, by area, that lies in places where they differ."""
    if one.image.size != other.image.size:
        return 1.0
    places = differing_places(one.image, other.image)
    if len(places) > _MOST_PLACES or (places and _is_set_anew(one, other)):
        return 1.0
    return sum(box.width * box.height for box in places) / float(one.width * one.height)


def _is_set_anew(one: Page, other: Page) -> bool:
    """Whether most letters of a page stand elsewhere than on the other, be it by a small part of a point."""
    here, there = ([_place(glyph) for line in page.lines for glyph in line.glyphs] for page in (one, other))
    same = set(here)
    return 2 * sum(place in same for place in there) < len(there)


def _place(glyph: Glyph) -> tuple[str, int, int]:
    return glyph.char, round(glyph.x * _PLACES), round(glyph.y * _PLACES)


def differences(
    pages: Sequence[Page], sent: Sequence[Page], added: Iterable[tuple[int, Glyph]], zones: Mapping[int, Zones]
) -> Iterator[PageDifference]:
    """The places where the pages of the same print differ, but for what was written by hand, or may be there.

    Letters that are where they were, looked at closer, do not: other programs smooth their edges otherwise. Nor do
    those that stand a little farther on their line, as in a document that LibreOffice prints without being prepared
    for paper: each is held against itself, and what is around them is white on both.

    Args:
        pages: of the returned PDF.
        sent: of the one that was sent.
        added: what was written by hand, with the number of its page.
        zones: by number of the page, where something may be added by hand.
    """
    written: dict[int, list[Box]] = {}
    for number, glyph in added:
        left, top, right, bottom = glyph.box
        around = Box(left - _AROUND, top - _AROUND, right + _AROUND, bottom + _AROUND)
        written.setdefault(number, []).append(around)
    for page, other in zip(pages, sent, strict=False):
        by_hand, zone = written.get(page.number, ()), zones.get(page.number)
        places = [
            box
            for box in differing_places(page.image, other.image)
            if not any(box.meets(one) for one in by_hand) and not (zone and zone.allow(box))
        ]
        if places:
            closer = page.render(_SCALE), other.render(_SCALE)
            for box in places:
                if _differ_closer(*closer, box) and not _is_set_aside(page, other, *closer, box):
                    yield PageDifference(page.number, box)


def _differ_closer(one: Image, other: Image, box: Box) -> bool:
    """Whether two pages differ at a place, looked at closer, by more than the edges of the same letters set again.

    It is looked at in strips, from the top: most that differ do so in the first.
    """
    left, top, right, bottom = (int(edge * _SCALE) for edge in box)
    for upper in range(top, bottom, _STRIP):
        lower = min(upper + _STRIP, bottom)
        place = (max(left - _REACH, 0), max(upper - _REACH, 0), right + _REACH, lower + _REACH)
        here, there = one.crop(place), other.crop(place)
        if _is_beyond(here, there) or _is_beyond(there, here):
            return True
    return False


def _is_set_aside(page: Page, other: Page, one: Image, there: Image, box: Box) -> bool:
    """Whether a place differs in this alone, that its letters stand a little farther on their lines than on the other.

    Args:
        page: the returned page.
        other: the one that was sent.
        one: the picture of the first, `_SCALE` pixels for a point.
        there: that of the second.
        box: the place.
    """
    near = _REACH / _SCALE
    around = Box(box.left - near, box.top - near, box.right + near, box.bottom + near)
    lines, others = ([line for line in which.lines if box_of(line).meets(around)] for which in (page, other))
    if not lines or [line.text for line in lines] != [line.text for line in others]:
        return False
    letters = [[glyph for line in some for glyph in (*line.glyphs, *line.others)] for some in (lines, others)]
    if len(letters[0]) != len(letters[1]) or not all(map(_is_aside, *letters)):
        return False
    whole = reduce(Box.around, map(box_of, [*lines, *others]), around)  # a letter that its edge cuts looks otherwise
    left, right = (int(edge * _SCALE) for edge in (whole.left - near, whole.right + near))
    place = left, int(around.top * _SCALE), right, int(around.bottom * _SCALE)
    here, again = one.crop(place), _set_again(there, zip(*letters, strict=True)).crop(place)
    return not (_is_beyond(here, again) or _is_beyond(again, here))


def _is_aside(here: Glyph, there: Glyph) -> bool:
    """Whether a letter stands where another one does, or a little farther on its line, in the same font and size."""
    same = (here.char, here.font, here.is_painted, here.is_outlined) == (
        there.char, there.font, there.is_painted, there.is_outlined,
    )  # fmt: skip
    return same and abs(here.x - there.x) <= _ASIDE and abs(here.y - there.y) <= _LEVEL


def _set_again(picture: Image, pairs: Iterable[tuple[Glyph, Glyph]]) -> Image:
    """The picture of a page with some of its letters taken off and set where others stand.

    Args:
        picture: of the page, `_SCALE` pixels for a point.
        pairs: where each letter is to stand, and where it does.
    """
    from PIL import ImageChops  # noqa: PLC0415 (for PDFs only)

    again = picture.copy()
    moved = []
    for here, there in pairs:
        left, top, right, bottom = (int(edge * _SCALE) for edge in there.box)
        place = (left - _BLUR, top - _BLUR, right + _BLUR + 1, bottom + _BLUR + 1)
        moved.append((place[0] + round((here.x - there.x) * _SCALE), place[1], picture.crop(place)))
        again.paste(_WHITE, place)
    for left, top, letter in moved:
        beneath = again.crop((left, top, left + letter.width, top + letter.height))
        again.paste(ImageChops.darker(beneath, letter), (left, top))
    return again


def _is_beyond(one: Image, other: Image) -> bool:
    """Whether some point of a picture is darker or lighter than all that are near it in another."""
    from PIL import ImageChops, ImageFilter  # noqa: PLC0415 (for PDFs only)

    darkest = lightest = other
    for _ in range(_REACH // 2):  # sooner than one filter as wide
        darkest, lightest = darkest.filter(ImageFilter.MinFilter(3)), lightest.filter(ImageFilter.MaxFilter(3))
    beyond = ImageChops.lighter(ImageChops.subtract(darkest, one), ImageChops.subtract(one, lightest))
    return max(beyond.tobytes()) > _CLOSER_INK
