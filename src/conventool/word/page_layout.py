"""How the pages of a document are laid out, as far as its text on paper depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from conventool.text.stories import levelled, squeezed
from conventool.word.names import attribute, child, is_on, word_iter
from conventool.word.placement import number
from conventool.word.text_walker import visible_text

if TYPE_CHECKING:
    from lxml import etree

    from conventool.word.package import Package

__all__ = ["PageLayout", "page_layout"]

_TWIPS = 20
"""In a point."""
_WIDEST = 1584
"""Points that Word lets a page have."""


class PageLayout(NamedTuple):
    """Where text stands on pages, and what is printed again on each.

    Attributes:
        columns: by width of the page, in whole points, from where to where text reaches: between its margins.
        repeated: the rows that a table repeats on each page it goes on to, without white space.
        ruled: has it tables, whose rules may cross?
    """

    columns: Mapping[int, tuple[float, float]] = {}
    repeated: frozenset[str] = frozenset()
    ruled: bool = False


def page_layout(package: Package) -> PageLayout:
    """The layout that the sections of a document and its tables ask for (ISO/IEC 29500-1, 17.6.11 and 17.4.78).

    Raises:
        TemplateError: its main part is missing or malformed.
    """
    root = package.root(package.main_part)
    columns: dict[int, tuple[float, float]] = {}
    for width, left, right in _sections(root):
        known = columns.get(round(width), (left, right))
        columns[round(width)] = min(left, known[0]), max(right, known[1])
    repeated = frozenset(filter(None, map(_key, _head_rows(root))))
    return PageLayout(columns, repeated, next(word_iter(root, "tbl"), None) is not None)


def _sections(root: etree._Element) -> Iterator[tuple[float, float, float]]:
    """The width of the pages of each section, and where its margins end, in points."""
    for section in word_iter(root, "sectPr"):
        size, margins = child(section, "pgSz"), child(section, "pgMar")
        width, left, right = (
            number(attribute(one, name), 0) / _TWIPS
            for one, name in ((size, "w"), (margins, "left"), (margins, "right"))
        )
        if left < width - right < _WIDEST:
            yield width, left, width - right


def _head_rows(root: etree._Element) -> Iterator[etree._Element]:
    for row in word_iter(root, "tr"):
        if is_on(child(row, "trPr"), "tblHeader"):
            yield row


def _key(row: etree._Element) -> str:
    return squeezed(levelled(visible_text(row)))
