"""Which lines of a PDF end because the next word found no room on them, and not because somebody ended them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from conventool.returned.pdf_glyphs import Line

__all__ = ["WRAPPED", "joined_lines", "unwrapped"]

WRAPPED = "\r\n"
"""Between two lines of which the second goes on where the first had no room; a newline alone ends a line."""

_SPACE = 0.2
"""The width of a space, as a part of its line's height: the narrowest of usual fonts, the whole line being taller."""


def joined_lines(lines: Sequence[tuple[Line, str]], edge: float | None) -> str:
    """The text of some lines of a page.

    Args:
        lines: in order, each with its text as it is read.
        edge: where the page's text ends on the right, in points; None where that is not known.
    """
    return "".join(_with_ends(lines, edge))


def _with_ends(lines: Sequence[tuple[Line, str]], edge: float | None) -> Iterator[str]:
    for (line, text), (following, _) in pairwise(lines):
        yield text.rstrip(" ") if _is_full(line, following, edge) else text
        yield WRAPPED if _is_full(line, following, edge) else "\n"
    if lines:
        yield f"{lines[-1][1]}\n"


def _is_full(line: Line, following: Line, edge: float | None) -> bool:
    """Had the first word of the next line no room at the end of a line? Else the space between them is often left."""
    here, there = line.box, following.box
    if line.text.endswith(" "):
        return True
    if edge is None or here is None or there is None or there.left >= here.right or there.top < here.top:
        return False
    word = following.glyphs[: len(following.text.split(maxsplit=1)[0])]
    width = max(glyph.box.right for glyph in word) - there.left
    return here.right + _SPACE * (here.bottom - here.top) + width > edge


def unwrapped(text: str) -> str:
    """A value without the ends of lines that only the page's width made."""
    return text.replace(WRAPPED, " ")
