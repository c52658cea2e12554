"""Thin rules of a PDF's page that stand where its template draws none: a line to write on, a bar in an empty place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conventool.returned.page_ink import THIN, joined
from conventool.returned.pdf_foreign import Zones
from conventool.returned.pdf_glyphs import Box, Line, box_of, spelled
from conventool.returned.pdf_pages import Page
from conventool.returned.text_ink import beside_text, inked_places
from conventool.text.stories import squeezed
from conventool.word.printed_rules import PrintedRules

__all__ = ["stray_rules"]

_LEAST = 4.0
"""Points: what is smaller is a blur, or told as a sign beside letters."""
_JOINED = 1.0
"""Points between the parts of one rule."""
_ABOVE, _BELOW = 1.0, 6.0
"""Points from the base line of letters within which a rule underlines them, be it twice."""
_UNDERLINED = 0.5
"""The share of a rule that has letters over it where it underlines them."""
_TELLING = 12
"""Characters of a line by which its paragraph is known."""


def stray_rules(
    page: Page, printed: Sequence[Line], margin: Sequence[Line], zones: Zones, rules: PrintedRules
) -> Iterator[Box]:
    """The places of thin rules that are no border of a paragraph, and under no letters.

    Args:
        page: the page; of one that shows two beside each other nothing is said.
        printed: the lines of its text.
        margin: those of its header and footer.
        zones: where something may be added by hand.
        rules: those that its template draws.
    """
    if rules.anywhere or page.width > page.height:
        return
    bordered = [box_of(line) for line in printed if _is_of(line, rules.beside)]
    if rules.of_margins:
        bordered += map(box_of, margin)
    glyphs = [glyph for line in page.lines for glyph in line.glyphs]
    for box in _thin_ink(page):
        if zones.allow(box):
            continue
        over = sum(
            min(one.box.right, box.right) - max(one.box.left, box.left)
            for one in glyphs
            if one.box.left < box.right and box.left < one.box.right and -_ABOVE < box.top - one.y < _BELOW
        )
        if over < _UNDERLINED * box.width and not any(_is_beside(box, one, rules.reach) for one in bordered):
            yield box


def _thin_ink(page: Page) -> Iterator[Box]:
    """The thin rules that are to be seen: those that are drawn as such, their parts as one, and what looks like one."""
    ink = beside_text(page)
    drawn = joined((box for box, *_ in page.drawings if min(box.width, box.height) <= THIN), _JOINED)
    looked = (box for box in inked_places(ink) if not any(box.meets(one) for one in drawn))
    for box in (*drawn, *looked):
        is_thin = min(box.width, box.height) <= THIN and max(box.width, box.height) >= _LEAST
        if is_thin and ink.crop(box.pixels(ink.size)).getbbox():
            yield box


def _is_of(line: Line, paragraphs: Sequence[str]) -> bool:
    """Whether a line is of one of some paragraphs, by its beginning or its end."""
    key = squeezed(spelled(line))
    ends = key[:_TELLING], key[-_TELLING:]
    return any(one in text for text in paragraphs for one in ends)


def _is_beside(box: Box, line: Box, reach: float) -> bool:
    """Whether a rule is above or below a whole line, no farther than so many points, as a border is."""
    spans = box.height <= THIN and box.left < line.left + 1 and box.right > line.right - 1
    return spans and max(line.top - box.bottom, box.top - line.bottom) <= reach
