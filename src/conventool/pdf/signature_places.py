"""Where signatures go on the finished pages of a document: the empty space below a text of each signatory's block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from math import ceil, floor
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from conventool.pdf.jobs import SignatureField
from conventool.pdf.pdfium import ALONE

__all__ = ["Box", "NoPlaceError", "Place", "find_places"]

_LEAST_WIDTH, _LEAST_HEIGHT = 70.0, 34.0
"""Points: what is signed in a smaller box cannot be read."""
_MOST_WIDTH, _MOST_HEIGHT = 190.0, 90.0
"""Points: the free end of a page is no place for one signature."""
_CLEAR, _APART = 4.0, 10.0
"""Points between a box and what is printed above and below it; and what is beside it: signatures stay apart."""
_THIN = 4.0
"""Points: a rule is no wider."""


_ELSE = " ; corrigez le document dans Word, ou faites son PDF sans « --signature »"


class NoPlaceError(Exception):
    """A document has no place for a signature; the reason is in French."""


class Box(NamedTuple):
    """A rectangle of a page in points, from its lower left corner, as PDF has it."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        """Half way from left to right."""
        return (self.left + self.right) / 2

    def is_beside(self, other: Box) -> bool:
        """Whether both have a height in common."""
        return self.bottom < other.top and other.bottom < self.top

    def holds(self, other: Box) -> bool:
        """Whether another lies in this one."""
        return (
            self.left <= other.left
            and self.bottom <= other.bottom
            and self.right >= other.right
            and self.top >= other.top
        )


class Place(NamedTuple):
    """Where something is.

    Attributes:
        field: the field that goes there, or whose text stands there.
        page: the rank of the page, from 0.
        box: on that page.
    """

    field: SignatureField
    page: int
    box: Box


def find_places(data: bytes, fields: Sequence[SignatureField]) -> list[Place]:
    """Where fields go on the pages of a document.

    Each goes into the first space below its text that is empty and large enough, in the column of that text: up to half
    way to the text of the signatory beside it, to a rule, or to the margin of the page.

    Args:
        data: the PDF, without annexes.
        fields: what is to be placed.

    Returns:
        A place for each, clear of all that is printed; none at all where the document has none of their texts.

    Raises:
        NoPlaceError: it has only some of the texts, has one several times, or has no such space.
    """
    with ALONE, pypdfium2.PdfDocument(data) as document:
        pages = [_Page(page) for page in document]
        found = [_occurrences(pages, field, str) or _occurrences(pages, field, _lowered) for field in fields]
        if not any(found):
            return []
        counts = [f"« {field.text} » ({len(some)} fois)" for field, some in zip(fields, found, strict=True)]
        if any(len(some) != 1 for some in found):
            raise NoPlaceError(
                f"les textes de ses signatures y sont attendus une fois chacun : {', '.join(counts)}{_ELSE}"
            )
        texts = [place for some in found for place in some]
        return [one._replace(box=pages[one.page].space_below(one, texts)) for one in texts]


def _occurrences(pages: Sequence[_Page], field: SignatureField, written: Callable[[str], str]) -> list[Place]:
    """Where the text of a field stands, as it is written, or in whatever case a style prints it."""
    return [Place(field, rank, box) for rank, page in enumerate(pages) for box in page.boxes_of(field.text, written)]


def _lowered(text: str) -> str:
    """A text in lower case, of the same length."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


class _Page:
    """A page: its text without white space, and the places of its characters and drawings."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._page, self._text = page, page.get_textpage()
        self._whole = "".join(self._text.get_text_range().split())

    @cached_property
    def _signs(self) -> list[tuple[str, Box]]:
        """Its characters, each with the room that its font gives to any; they take some time to read."""
        chars = (chr(pdfium.FPDFText_GetUnicode(self._text, rank)) for rank in range(self._text.count_chars()))
        signs = [(rank, char) for rank, char in enumerate(chars) if char.isprintable() and not char.isspace()]
        return [(char, self._box(rank)) for rank, char in signs]

    def boxes_of(self, text: str, written: Callable[[str], str]) -> Iterator[Box]:
        """Where a text stands, whatever white space and ends of lines are in it."""
        wanted = written("".join(text.split()))
        if wanted not in written(self._whole):
            return
        key = written("".join(char for char, _ in self._signs))
        at = key.find(wanted)
        while at >= 0:
            boxes = (box for _, box in self._signs[at : at + len(wanted)])
            lefts, bottoms, rights, tops = zip(*boxes, strict=True)
            yield Box(min(lefts), min(bottoms), max(rights), max(tops))
            at = key.find(wanted, at + 1)

    def space_below(self, text: Place, texts: Iterable[Place]) -> Box:
        """The empty space below a text of a signature.

        Raises:
            NoPlaceError: there is none that is large enough.
        """
        printed, drawn = [box for _, box in self._signs], list(self._drawings())
        left, right, lowest = _column(text, texts, printed, drawn, self._page.get_width())
        width = min(right - left, _MOST_WIDTH)
        left = min(max(text.box.middle - width / 2, left), right - width)
        in_the_way = [
            box for box in (*printed, *drawn)
            if box.left < left + width + _CLEAR and left - _CLEAR < box.right
            and box.bottom < text.box.bottom - 1 and not box.holds(text.box)
        ]  # fmt: skip
        ceiling = text.box.bottom
        for box in [*sorted(in_the_way, key=lambda box: -box.top), Box(left, lowest, right, lowest)]:
            height = ceiling - max(box.top, lowest) - 2 * _CLEAR
            if height >= _LEAST_HEIGHT and width >= _LEAST_WIDTH:
                top = ceiling - _CLEAR
                return _whole(Box(left, top - min(height, _MOST_HEIGHT), left + width, top))
            ceiling = min(ceiling, box.bottom)
        raise NoPlaceError(f"sous « {text.field.text} », aucun espace vide n’est assez grand pour une signature{_ELSE}")

    def _box(self, rank: int) -> Box:
        loose = pdfium.FS_RECTF()
        pdfium.FPDFText_GetLooseCharBox(self._text, rank, loose)
        return Box(loose.left, loose.bottom, loose.right, loose.top)

    def _drawings(self) -> Iterator[Box]:
        """The places of rules, grounds and pictures."""
        for item in self._page.get_objects(max_depth=1):
            if item.type != pdfium.FPDF_PAGEOBJ_TEXT:
                yield Box(*item.get_bounds())


def _whole(box: Box) -> Box:
    """The largest rectangle of whole points in another: platforms round each in its own way."""
    return Box(ceil(box.left), ceil(box.bottom), floor(box.right), floor(box.top))


def _column(
    text: Place, texts: Iterable[Place], printed: Sequence[Box], drawn: Sequence[Box], width: float
) -> tuple[float, float, float]:
    """How far to the left, to the right and down the space below a text may reach."""
    own = text.box
    frames = [box for box in drawn if box.holds(own)]
    beside = [one.box.middle for one in texts if one.page == text.page and one is not text and one.box.is_beside(own)]
    borders = [(own.middle + middle) / 2 for middle in beside]
    borders += [box.middle for box in drawn if box.right - box.left <= _THIN and box.is_beside(own)]
    edge = min(box.left for box in printed)
    lefts = [edge, *(box.left for box in frames)]
    rights = [max(width - edge, *(box.right for box in printed)), *(box.right for box in frames)]
    left = max([*lefts, *(border for border in borders if border < own.middle)])
    right = min([*rights, *(border for border in borders if border > own.middle)])
    lowest = max([_MARGIN, *(box.bottom for box in frames)])
    return left + _APART, right - _APART, lowest


_MARGIN = 28.0
"""Points at the foot of a page that printers leave white."""
