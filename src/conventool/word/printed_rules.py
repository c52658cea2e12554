"""The thin rules that a document draws where it has no letters, and whether it raises letters, as paper shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from conventool.text.stories import levelled, squeezed
from conventool.word.names import attribute, child, tags, value_of, word_iter
from conventool.word.page_layout import has_leaders
from conventool.word.placement import number
from conventool.word.sections import shown_parts
from conventool.word.styles import is_default, styles_by_id, with_bases
from conventool.word.text_walker import visible_text

if TYPE_CHECKING:
    from lxml import etree

    from conventool.word.package import Package

__all__ = ["PrintedRules", "printed_rules"]

_NOTES = ("footnoteReference", "endnoteReference")
_DRAWN = ("drawing", "pict", "object", "pgBorders", *_NOTES)
"""What rules may be drawn by, or beside, anywhere on a page."""
_LEVEL = ("top", "bottom", "between")
_SIDES = ("left", "right", "bar")
_NONE = frozenset({None, "nil", "none"})
_AROUND = 12.0
"""Points by which a line is higher than its letters at most, in common spacing."""


class PrintedRules(NamedTuple):
    """Where rules stand that are not drawn under letters.

    Attributes:
        beside: paragraphs with a rule above or below, without white space.
        of_margins: do headers or footers have any?
        reach: how far from the letters of such a paragraph, in points.
        anywhere: are there others, as those of tables and drawings?
        raised: are letters raised or lowered, or notes called?
    """

    beside: tuple[str, ...] = ()
    of_margins: bool = False
    reach: float = 0.0
    anywhere: bool = False
    raised: bool = False


def printed_rules(package: Package) -> PrintedRules:
    """The rules that a document draws by its borders (ISO/IEC 29500-1, 17.3.1.24), and whether by anything else.

    Raises:
        TemplateError: a part is missing or malformed.
    """
    styles_part = package.part_of("styles")
    styles = styles_by_id(package.root(styles_part) if styles_part else None)
    beside, of_margins, reach, anywhere = list[str](), False, 0.0, has_leaders(package)
    raised = False
    for part, kind in shown_parts(package).items():
        root = package.root(part)
        used = [root, *_used(root, styles)]
        raised |= any(next(word_iter(one, "vertAlign", "position", *_NOTES), None) is not None for one in used)
        anywhere |= kind == "note" or next(word_iter(root, *_DRAWN), None) is not None
        anywhere |= any(_has_underline(one) for one in used[1:]) or any(map(_is_underlined_blank, word_iter(root, "r")))
        anywhere |= any(_draws(table, styles) for table in word_iter(root, "tbl"))
        for paragraph in word_iter(root, "p"):
            borders = list(_borders(paragraph, styles))
            if any(_is_drawn(one, *_SIDES) for one in borders):
                anywhere = True
            level = [one for one in borders if _is_drawn(one, *_LEVEL)]
            if level:
                text = squeezed(levelled(visible_text(paragraph)))
                reach = max(reach, *(number(attribute(one, "space"), 0) for border in level for one in border))
                of_margins |= kind != "body"
                beside += [text] if kind == "body" else []
                anywhere |= not text
    return PrintedRules(tuple(dict.fromkeys(beside)), of_margins, reach + _AROUND, anywhere, raised)


def _used(root: etree._Element, styles: Mapping[str, etree._Element]) -> Iterator[etree._Element]:
    """The styles that a part wears, with those that they are based on, but for those of tables."""
    named = {attribute(one, "val") for one in word_iter(root, "pStyle", "rStyle")}
    named |= {name for name, style in styles.items() if is_default(style) and attribute(style, "type") == "paragraph"}
    yield from {id(style): style for name in named for style in with_bases(styles, name)}.values()


def _borders(paragraph: etree._Element, styles: Mapping[str, etree._Element]) -> Iterator[etree._Element]:
    """What says which rules are around a paragraph."""
    properties = child(paragraph, "pPr")
    for holder in (paragraph, *with_bases(styles, value_of(properties, "pStyle"))):
        borders = child(child(holder, "pPr"), "pBdr")
        if borders is not None:
            yield borders


def _is_drawn(borders: etree._Element, *sides: str) -> bool:
    return any(attribute(one, "val") not in _NONE for one in borders.iterchildren(*tags(*sides)))


def _has_underline(style: etree._Element) -> bool:
    return any(attribute(one, "val") not in _NONE for one in word_iter(style, "u"))


def _is_underlined_blank(run: etree._Element) -> bool:
    """Whether a run underlines what is no letter, as a line to write on is made."""
    look = child(run, "rPr")
    underlined = look is not None and _has_underline(look)
    return underlined and (next(word_iter(run, "tab"), None) is not None or not visible_text(run).strip())


def _draws(table: etree._Element, styles: Mapping[str, etree._Element]) -> bool:
    """Whether a table draws rules or grounds, by itself, its cells, or its style."""
    properties = child(table, "tblPr")
    named = value_of(properties, "tblStyle") or _default_of_tables(styles)
    holders: Sequence[etree._Element] = (table, *with_bases(styles, named))
    borders = (one for holder in holders for one in word_iter(holder, "tblBorders", "tcBorders", "pBdr"))
    is_ruled = any(attribute(one, "val") not in _NONE for border in borders for one in border)
    return is_ruled or any(next(word_iter(one, "shd"), None) is not None for one in holders)


def _default_of_tables(styles: Mapping[str, etree._Element]) -> str | None:
    return next((name for name, one in styles.items() if is_default(one) and attribute(one, "type") == "table"), None)
