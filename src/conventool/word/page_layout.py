"""How the pages of a document are laid out, as far as its text on paper depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from conventool.text.stories import StoryKind, levelled, squeezed
from conventool.word.labels import LETTERED
from conventool.word.names import attribute, child, is_on, local, tags, value_of, word_iter
from conventool.word.placement import number
from conventool.word.sections import margins, shown_parts
from conventool.word.styles import styles_by_id
from conventool.word.text_walker import visible_text

if TYPE_CHECKING:
    from lxml import etree

    from conventool.word.package import Package

__all__ = ["PageLayout", "has_leaders", "page_layout"]

_TWIPS = 20
"""In a point."""
_SIDES = ("left", "right")
"""Of what is around a paragraph: rules there cross those above and below it, or below the paragraph before."""
_LEVEL = frozenset({"lrTb", "lrTbV", "tb"})
_WIDEST = 1584
"""Points that Word lets a page have."""


class Marks(NamedTuple):
    """Which pages have headers and footers with words.

    Attributes:
        unmarked: those that have none: by kind and pages, as `Margin` has them.
        apart: the pages that have their own: ``first``, ``even``.
        sections: how many there are.
        are_filled: has any of them a control, whose words only a filled document has?
    """

    unmarked: frozenset[tuple[StoryKind, str]] = frozenset()
    apart: frozenset[str] = frozenset()
    sections: int = 1
    are_filled: bool = False

    def are_due(self, kind: StoryKind, page: int) -> bool:
        """Whether a page, counted from one, has a header or a footer with words; False where that is not known."""
        if self.sections > 1:
            return all(of != kind for of, _ in self.unmarked)
        pages = "first" if page == 1 and "first" in self.apart else "even" if page % 2 == 0 else "default"
        return (kind, pages if pages in self.apart else "default") not in self.unmarked


class PageLayout(NamedTuple):
    """Where text stands on pages, and what is printed again on each.

    Attributes:
        columns: by width of the page, in whole points, from where to where text reaches: between its margins.
        repeated: the rows that a table repeats on each page it goes on to, without white space.
        tables: what its tables say, without white space.
        marks: which pages have headers and footers.
        emphases: words that are set in bold, in italics or in another font than those around, without white space.
        leaders: do tabs print dots or lines in it?
        ruled: has it tables, frames, pages with borders or coloured grounds, whose rules may cross?
        initials: do paragraphs begin with letters that are several lines high?
        counted_by: of how many lines one is numbered in the margin; 0 for none.
        stretched: are letters of it wider or narrower than their font has them?
        capitals: is any of it printed in capitals that is not typed so?
        lettered: are its pages counted in letters or roman numbers?
        upright: does text of it run upwards or downwards?
        apart_labels: are numbers or bullets of its lists set in another font than the text behind them?
        blanks: how many pages may be without text, for one ends where another did.
        starts: at what numbers sections begin to count their pages, where that is said.
    """

    columns: Mapping[int, tuple[float, float]] = {}
    repeated: frozenset[str] = frozenset()
    tables: str = ""
    marks: Marks = Marks()
    emphases: frozenset[str] = frozenset()
    leaders: bool = False
    ruled: bool = False
    initials: bool = False
    counted_by: int = 0
    stretched: bool = False
    capitals: bool = False
    lettered: bool = False
    upright: bool = False
    apart_labels: bool = False
    blanks: int = 0
    starts: frozenset[int] = frozenset()


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
    styles = package.part_of("styles")
    numbering = package.part_of("numbering")
    levels = word_iter(package.root(numbering), "lvl") if numbering else ()
    parts = [*shown_parts(package), *filter(None, [styles])]
    ruling = {name for name, one in styles_by_id(package.root(styles) if styles else None).items() if _has_rules(one)}
    tables = "\0".join(map(_key, word_iter(root, "tbl")))
    framed = any(child(section, "pgBorders") is not None for section in word_iter(root, "sectPr"))
    ruled = framed or any(_is_ruled(package.root(part), ruling) for part in shown_parts(package))
    emphases = frozenset(text for part in shown_parts(package) for text in _emphases(package.root(part)))
    frames, counts = word_iter(root, "framePr"), word_iter(root, "lnNumType")
    return PageLayout(
        columns, repeated, tables, _marks(package), emphases, has_leaders(package), ruled,
        initials=any(attribute(one, "dropCap") not in {None, "none"} for one in frames),
        counted_by=next((int(number(attribute(one, "countBy"), 0)) for one in counts), 0),
        stretched=any(_has_wide_letters(package.root(part)) for part in parts),
        lettered=any((attribute(one, "fmt") or "decimal") in LETTERED for one in word_iter(root, "pgNumType")),
        upright=any(_has_upright_text(package.root(part)) for part in parts),
        blanks=_blanks(root),
        starts=frozenset(int(number(attribute(one, "start"), 1)) for one in word_iter(root, "pgNumType")),
        apart_labels=any(_is_emphasis(level) for level in levels),
        capitals=any(next(word_iter(package.root(part), "caps", "smallCaps"), None) is not None for part in parts),
    )  # fmt: skip


def _blanks(root: etree._Element) -> int:
    """How often a page is ended that has no text yet (17.3.1.23, 17.3.3.1, 17.6.22)."""
    blanks, is_blank = 0, False
    for element in word_iter(root, "t", "br", "pageBreakBefore", "sectPr", "tbl", "drawing", "pict"):
        kind = local(element)
        if _ends_page(element):
            blanks += is_blank
            is_blank = True
        elif kind not in {"br", "pageBreakBefore", "sectPr"} and (kind != "t" or (element.text or "").strip()):
            is_blank = False
    return blanks


def _ends_page(element: etree._Element) -> bool:
    """Does a break, a paragraph or a section end the page before it?"""
    kind = local(element)
    if kind == "sectPr":
        return (value_of(element, "type") or "nextPage") not in {"continuous", "nextColumn"}
    return attribute(element, "type") == "page" if kind == "br" else is_on(element.getparent(), "pageBreakBefore")


def _has_upright_text(root: etree._Element) -> bool:
    """Whether cells or sections of a part have text that runs upwards or downwards (17.4.72)."""
    return any((attribute(one, "val") or "lrTb") not in _LEVEL for one in word_iter(root, "textDirection"))


def _has_wide_letters(root: etree._Element) -> bool:
    """Whether letters of a part, or of its styles, are stretched or squeezed (17.3.2.43)."""
    return any(child(look, "w") is not None for look in word_iter(root, "rPr"))


def _emphases(root: etree._Element) -> Iterator[str]:
    """The words of a part that are set apart in their paragraph, in small letters; "" for any in a control."""
    for paragraph in word_iter(root, "p"):
        for is_apart, runs in groupby(word_iter(paragraph, "r"), key=_is_emphasis):
            if is_apart:
                found = list(runs)
                yield "".join(filter(str.isalnum, "".join(map(visible_text, found)))).casefold()
                if any(next(run.iterancestors(*tags("sdt")), None) is not None for run in found):
                    yield ""


def _is_emphasis(run: etree._Element) -> bool:
    properties = child(run, "rPr")
    return any(child(properties, name) is not None for name in ("b", "i", "rFonts", "rStyle"))


def has_leaders(package: Package) -> bool:
    """Whether tabs of a document are drawn as dots or lines (17.3.1.37).

    Raises:
        TemplateError: a part is missing or malformed.
    """
    parts = filter(None, [*shown_parts(package), package.part_of("styles")])
    tabs = (tab for part in parts for tab in word_iter(package.root(part), "tab"))
    return any((attribute(tab, "leader") or "none") != "none" for tab in tabs)


def _marks(package: Package) -> Marks:
    around = margins(package)
    unmarked = {(one.kind, one.pages) for one in around if not one.part or not _has_words(package.root(one.part))}
    apart = frozenset(one.pages for one in around) - {"default"}
    roots = [package.root(part) for part in {one.part for one in around} if part]
    are_filled = any(next(word_iter(root, "sdt"), None) is not None for root in roots)
    return Marks(frozenset(unmarked), apart, len({one.section for one in around}), are_filled)


def _has_words(root: etree._Element) -> bool:
    """Whether a header or a footer says more than the number of its page."""
    return any(map(str.isalpha, visible_text(root)))


def _is_ruled(root: etree._Element, styles: set[str]) -> bool:
    """Whether a part draws tables, text boxes, or what is around paragraphs, by themselves or by one of some styles."""
    if next(word_iter(root, "tbl", "txbxContent"), None) is not None or any(map(_has_ground, word_iter(root, "rPr"))):
        return True
    return any(_has_rules(one) or value_of(child(one, "pPr"), "pStyle") in styles for one in word_iter(root, "p"))


def _has_ground(look: etree._Element | None) -> bool:
    """Whether letters stand on a colour or in a frame (17.3.2.15, 17.3.2.32, 17.3.2.4)."""
    return any(child(look, name) is not None for name in ("highlight", "shd", "bdr"))


def _has_rules(holder: etree._Element) -> bool:
    """Whether a paragraph or a style has rules at its sides or a colour behind its text (17.3.1.24, 17.3.1.31)."""
    properties = child(holder, "pPr")
    borders, ground = child(properties, "pBdr"), child(properties, "shd")
    upright = any(child(borders, name) is not None for name in _SIDES)
    return upright or (attribute(ground, "fill") or "auto") != "auto" or _has_ground(child(holder, "rPr"))


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
