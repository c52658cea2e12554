"""Where the words that are told of stand on the pages of a PDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from conventool.returned.pdf_glyphs import Box, Glyph
from conventool.returned.pdf_pages import Page
from conventool.text.stories import levelled, squeezed

__all__ = ["Passage", "Reading"]

_SHORT = 8
"""Letters: fewer than these are found as words of their own only."""
_LEFT_OUT = re.compile(r"\[[^\]]*\]|…")
"""What a message leaves out, and the names of blanks."""
_CUT, _LONGEST_CUT = "[…]", 10_000
"""What stands where a message leaves out the middle of a passage, and how many letters that may be."""
_SAME_LINE = 3.0
"""Points."""


class Passage(NamedTuple):
    """Words on a page.

    Attributes:
        page: its number.
        boxes: around them, one for each line.
    """

    page: int
    boxes: list[Box]

    def meets(self, places: Sequence[Box]) -> bool:
        """Whether it has a place in common with some."""
        return any(box.meets(place) for box in self.boxes for place in places)


class Reading:
    """The letters of some pages in their order.

    Args:
        pages: they.
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = {page.number: page for page in pages}
        self._glyphs = [(page.number, glyph) for page in pages for line in page.lines for glyph in line.glyphs]
        self._text = "".join(levelled(glyph.char)[:1] or "\0" for _, glyph in self._glyphs)

    def passages(self, words: str, *, under: str = "", page: int = 0) -> Iterator[Passage]:
        """Where some words stand, or the longest piece of them that a message gives.

        Args:
            words: with or without white space; a few letters are looked for as words of their own only.
            under: the heading that they stand under; found nowhere below it, many letters may be elsewhere.
            page: the number of their page, if it is known.
        """
        wanted = max((squeezed(levelled(piece)) for piece in _LEFT_OUT.split(words)), key=len)
        start = max(self._text.find(squeezed(levelled(under))), 0)
        found = list(self._spans(words, wanted)) if wanted else []
        below = [span for span in found if span[0] >= start]
        for at, end in below or found if len(wanted) >= _SHORT else below:
            number = self._glyphs[at][0]
            if page in {0, number} and (len(wanted) >= _SHORT or (self._is_apart(at) and self._is_apart(end))):
                glyphs = [glyph for on, glyph in self._glyphs[at:end] if on == number]
                yield Passage(number, list(_boxes(glyphs)))

    def _spans(self, words: str, longest: str) -> Iterator[tuple[int, int]]:
        """Where a passage that a message cuts begins and ends, else where the longest piece of it does."""
        pieces = [re.escape(squeezed(levelled(piece))) for piece in words.split(_CUT)]
        whole = re.compile(f".{{0,{_LONGEST_CUT}}}?".join(pieces), re.DOTALL)
        found = [one.span() for one in whole.finditer(self._text)]
        yield from found or (one.span() for one in re.finditer(re.escape(longest), self._text))

    def marked(self, char: str) -> Iterator[Passage]:
        """The pages that have a character, with a frame around it, or around all of a line."""
        for number in self.pages:
            glyphs = [glyph for on, glyph in self._glyphs if on == number and glyph.char == char]
            if glyphs:
                yield Passage(number, list(_boxes(glyphs)))

    def _is_apart(self, at: int) -> bool:
        """Whether a word ends before a letter: another sign, a space or the end of a line is between the two."""
        if not 0 < at < len(self._glyphs):
            return True
        (_, before), (_, after) = self._glyphs[at - 1 : at + 1]
        joined = after.rank == before.rank + 1 and before.char.isalnum() and after.char.isalnum()
        return not joined or abs(after.y - before.y) > _SAME_LINE


def _boxes(glyphs: Sequence[Glyph]) -> Iterator[Box]:
    """A box around the characters of each line."""
    box: Box | None = None
    height = 0.0
    for glyph in glyphs:
        if box is not None and abs(glyph.y - height) > _SAME_LINE:
            yield box
            box = None
        box = glyph.box if box is None else box.around(glyph.box)
        height = glyph.y
    if box is not None:
        yield box
