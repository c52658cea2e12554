"""A returned PDF beside the one that was sent: the pages of both as pictures, pixel by pixel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from conventool.returned.pdf_foreign import Zones, differing_places
from conventool.returned.pdf_glyphs import Box, Glyph
from conventool.returned.pdf_pages import Page
from conventool.returned.pdf_structure import structure_foreign

__all__ = ["PageDifference", "differences", "is_alike", "is_drawn_alike", "is_same_print"]

_SAME_PRINT = 0.1
"""The share of a page's points that may differ in the same print: what is written by hand covers no more."""
_MOST_PLACES = 12
"""Places of a page: where more differ, letters were set anew, be it by less than a point."""
_MOVED = 0.05
"""The share of a page's letters that may stand elsewhere in the same print: a hair to a side, in one set anew."""
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
        and all(is_alike(one, other) for one, other in zip(pages, sent, strict=True))
        and _laid_over(path, pages) == _laid_over(sent_path, sent)
    )


def is_alike(one: Page, other: Page) -> bool:
    """Whether two pages are of one size, say the same and are drawn the same to the last pixel."""
    return (
        (one.width, one.height, one.is_turned) == (other.width, other.height, other.is_turned)
        and one.text_layer == other.text_layer
        and one.image.tobytes() == other.image.tobytes()
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
    if one.image.size != other.image.size or _moved(one, other) > _MOVED:
        return 1.0
    places = differing_places(one.image, other.image)
    differing = sum(box.width * box.height for box in places)
    return differing / float(one.width * one.height) if len(places) <= _MOST_PLACES else 1.0


def _moved(one: Page, other: Page) -> float:
    """The share of a page's letters that do not stand where they stood, to a thousandth of a point."""
    here, there = _letters(one), _letters(other)
    return (there - here).total() / max(1, there.total())


def _letters(page: Page) -> Counter[tuple[str, float]]:
    letters = (glyph for line in page.lines for glyph in line.glyphs if glyph.char.strip())
    return Counter((glyph.char, round(glyph.box.left, 3)) for glyph in letters)


def differences(
    pages: Sequence[Page], sent: Sequence[Page], added: Iterable[tuple[int, Glyph]]
) -> Iterator[PageDifference]:
    """The places where the pages of the same print differ, but for what was written by hand.

    Args:
        pages: of the returned PDF.
        sent: of the one that was sent.
        added: what was written by hand, with the number of its page.
    """
    written: dict[int, list[Box]] = {}
    for number, glyph in added:
        left, top, right, bottom = glyph.box
        around = Box(left - _AROUND, top - _AROUND, right + _AROUND, bottom + _AROUND)
        written.setdefault(number, []).append(around)
    for page, other in zip(pages, sent, strict=False):
        for box in differing_places(page.image, other.image):
            if not any(box.meets(one) for one in written.get(page.number, ())):
                yield PageDifference(page.number, box)
