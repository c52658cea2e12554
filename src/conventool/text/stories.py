"""The text of a document as a reader meets it, whatever the format: stories, what stands in them, what hides there.

What programs rewrite on saving is levelled here: the kinds of space, soft hyphens, hyphens that do not break, the
composition of accents.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["LINE_END", "NO_CONTROL", "Mark", "MarkKind", "Span", "Story", "StoryKind", "levelled", "squeezed"]

NO_CONTROL = -1
"""The rank of a field among controls."""

LINE_END = "\v"
"""Ends a line within a paragraph of a Word file, as Word itself has it; white space like any other."""

StoryKind: TypeAlias = Literal["body", "box", "header", "footer", "note", "page"]
MarkKind: TypeAlias = Literal["inserted", "deleted", "hidden", "struck", "drawn", "comment"]

_SPACES = "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_LEVELLING = str.maketrans(
    {
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys("\r\v\f\u0085\u2028\u2029", "\n"),
        "\u00ad": None,
        "\u1680": "\N{HORIZONTAL BAR}",  # a space by its name, and drawn as a line
        "\u2010": "-",
        "\u2011": "-",
    }
)


@dataclass(frozen=True, slots=True)
class Span:
    """A content control in a story's text, or a field.

    Attributes:
        start: where its text begins in the story's.
        end: where it ends.
        tag: its tag; for a field its name.
        alias: its title.
        part: the part of the file where it stands.
        rank: its rank among the controls of that part; ``NO_CONTROL`` for a field.
        day: of a date chosen in its calendar and shown as such, the day in ISO 8601; else empty.
        repeats: is it a repeating section?
    """

    start: int
    end: int
    tag: str | None
    alias: str | None
    part: str
    rank: int
    day: str = ""
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reader of the printed text would not see as such.

    Attributes:
        kind: a tracked insertion or deletion, a text that is hidden, struck out or drawn otherwise, a comment.
        text: its words.
        author: who made it, where the file says so.
        at: where it stands in the story's text.
        how: how a text is drawn otherwise, in French.
    """

    kind: MarkKind
    text: str
    author: str | None
    at: int
    how: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """A text that runs by itself: the body, a text box, a footer, a page put behind the others.

    Attributes:
        kind: which.
        text: its words, a newline after each paragraph, ``LINE_END`` where a line of a Word file ends before.
        spans: the content controls in it, in order.
        marks: what is tracked, hidden or commented.
        headings: where each heading begins, and its text.
        pages: where each page begins, for a format that has pages.
        under: for a text box, the heading under which it is.
    """

    kind: StoryKind
    text: str
    spans: tuple[Span, ...] = ()
    marks: tuple[Mark, ...] = ()
    headings: tuple[tuple[int, str], ...] = ()
    pages: tuple[int, ...] = ()
    under: str = ""


def levelled(text: str) -> str:
    """The text without what programs rewrite on saving."""
    text = text.translate(_LEVELLING)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def squeezed(text: str) -> str:
    """The text without any white space: the key under which two settings of the same words are equal."""
    return "".join(text.split())
