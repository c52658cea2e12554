"""The lines of a PDF's page told apart: what runs on, headers and footers, notes and text boxes, what was added."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations, groupby, pairwise
from statistics import median
from typing import TypeAlias

from conventool.returned.alignment import matches
from conventool.returned.by_hand import (
    day_in,
    first_dots,
    is_formula,
    is_signatory,
    names_in,
    on_dots,
    part_of,
    parties_in,
    segments,
)
from conventool.returned.pdf_edges import EDGES, edge_texts, take_edge, take_number
from conventool.returned.pdf_foreign import Zones
from conventool.returned.pdf_glyphs import Box, Glyph, Line, box_of, spelled
from conventool.returned.pdf_inserts import take_inserts
from conventool.returned.pdf_pages import Page
from conventool.returned.right_to_left import left_to_right
from conventool.returned.story_pattern import StoryPattern
from conventool.returned.template_pattern import TemplatePattern
from conventool.text.stories import StoryKind, squeezed
from conventool.word.foreign import Foreign

__all__ = ["Sheet", "columns_of", "names_of", "sheet_of", "zones_of"]

_INITIAL = 2.5
"""How many times as high as others of its line a letter is that begins a paragraph and is several lines high."""
_SURE, _WHOLE = 12, 8
_NEXT = 60.0
_INITIALS = 3
_ALIGNED = 6.0
"""Points."""
_MOST_MOVED = 5
"""Lines: where more stand elsewhere than they are read, a page has an order of its own."""


_Column: TypeAlias = tuple[float, float]


@dataclass
class Sheet:
    """One page, its lines told apart.

    Attributes:
        page: the page.
        printed: the lines of the text that runs on.
        edges: by kind, the text of its header or footer without page numbers.
        added: the lines that were added by hand.
        foreign: what is to be told of it.
        margin: the lines of its header and footer.
        apart: the lines of its notes and text boxes.
        inserts: what each note and text box says, by the rank of its story among the template's.
        column: from where to where the lines of such pages reach.
        numbers: what its headers and footers say is its number, and that of all pages.
        moved: the lines that stand above others which they follow in the text.
    """

    page: Page
    printed: list[Line]
    column: _Column | None = None
    edges: dict[StoryKind, str] = field(default_factory=dict)
    added: list[Line] = field(default_factory=list)
    foreign: list[Foreign] = field(default_factory=list)
    margin: list[Line] = field(default_factory=list)
    apart: list[Line] = field(default_factory=list)
    inserts: list[tuple[int, str]] = field(default_factory=list)
    numbers: list[tuple[int, ...]] = field(default_factory=list)
    moved: list[Line] = field(default_factory=list)

    @property
    def own(self) -> Iterator[Line]:
        """All lines that are the document's."""
        return iter((*self.printed, *self.apart, *self.margin))

    @property
    def parted(self) -> Iterator[Glyph]:
        """The characters that begin a line of the text beside one that stands apart, or the reverse."""
        apart = [*self.apart, *self.margin]
        for lines, others in ((self.printed, apart), (apart, self.printed)):
            for box, glyph in [(box_of(line), line.glyphs[0]) for line in lines]:
                left = (box_of(one) for one in others)
                if any(one.right < box.left and one.top < glyph.y and box.top < one.bottom for one in left):
                    yield glyph


def names_of(pages: Sequence[Page], template: TemplatePattern) -> frozenset[str]:
    """The names that a document says among lines of its own: what is added may repeat them.

    What is added among these lines themselves is no addition of signing, and told.
    """
    return names_in([line.text for page in pages for line in _lines_between(page, template)])


def _lines_between(page: Page, template: TemplatePattern) -> Iterator[Line]:
    """The lines of a page that are surely the template's, and those between them, above the place of signatures."""
    lines = [line for line in page.lines if line.glyphs]
    sure = [box_of(line) for line in lines if _is_own(line, template)]
    block, end = reduce(Box.around, sure) if sure else None, first_dots(page) or page.height
    yield from (one for one in lines if block and block.around(box_of(one)) == block and box_of(one).bottom < end)


def sheet_of(
    page: Page, template: TemplatePattern, column: _Column | None, names: frozenset[str] = frozenset()
) -> Sheet:
    """Tell the lines of a page apart.

    Args:
        page: the page.
        template: the template.
        column: from where to where the lines of pages as wide reach.
        names: those that the document says.
    """
    written = [line for line in page.lines if line.glyphs]
    told = list[Foreign]()
    if template.right_to_left:
        written, told = left_to_right(written, f"Page {page.number}")
    if template.layout.initials:
        written = [part for line in written for part in _without_initial(line)]
    block = _block(written, template, column)
    counts = _line_counts(written, block, template.layout.counted_by)
    lines = [part for line in written if line not in counts for part in _without_beside(line, block, names)]
    by_hand = {id(line): list(segments(line)) for line in lines if _may_be_by_hand(line, lines, template, names)}
    by_hand |= {id(line): [line] for line in _signatories(page, lines, template, names)}
    by_hand |= {id(line): [line] for line in _in_stamps(page, lines, by_hand, names)}
    sheet = Sheet(page, [line for line in lines if id(line) not in by_hand], column, margin=counts, foreign=told)
    sheet.inserts, sheet.apart = take_inserts(sheet.printed, template)
    for kind in EDGES:
        take_edge(sheet, kind, template)
    for kind in EDGES:
        if kind not in sheet.edges and not template.layout.marks.are_due(kind, page.number):
            take_number(sheet, template.layout)
    zones = zones_of(sheet, template)
    kept = _take_by_hand(sheet, lines, by_hand, zones)
    edges = set(map(id, (*sheet.margin, *sheet.apart)))
    sheet.printed = [line for line in kept if id(line) not in edges]
    _take_beyond(sheet, zones)
    _put_in_place(sheet, upright=template.layout.upright)
    return sheet


def _take_by_hand(
    sheet: Sheet, lines: Sequence[Line], by_hand: Mapping[int, Sequence[Line]], zones: Zones
) -> list[Line]:
    """Take out the lines that may be added by hand and stand where that may be; the others are given back."""
    kept = []
    for line in lines:
        parts = by_hand.get(id(line), ())
        over = [on_dots(sheet.printed, box_of(part)) for part in parts]
        if not parts or not all(dots or zones.allow(box_of(part)) for dots, part in zip(over, parts, strict=True)):
            kept.append(line)
            continue
        for part, dots in zip(parts, over, strict=True):
            _add(sheet, part, dots)
    return kept


def _put_in_place(sheet: Sheet, *, upright: bool) -> None:
    """Find the fewest lines that stand above others which they follow in the text, and read them where they stand.

    Lines that run upwards are left out where text of the template may.
    """
    boxes = [
        (rank, box_of(line))
        for rank, line in enumerate(sheet.printed)
        if not (upright and all(map(sheet.page.is_upright, line.glyphs)))
    ]
    against: dict[int, set[int]] = {}
    for (rank, box), (later, other) in combinations(boxes, 2):
        if other.bottom < box.top and min(box.right, other.right) > max(box.left, other.left):
            against.setdefault(rank, set()).add(later)
            against.setdefault(later, set()).add(rank)
    moved = set[int]()
    while any(against.values()):
        worst = max(against, key=lambda rank: (len(against[rank]), rank))
        moved.add(worst)
        for beside in against.pop(worst):
            against[beside].discard(worst)
    sheet.moved = [sheet.printed[rank] for rank in sorted(moved)]
    if len(moved) <= _MOST_MOVED:
        sheet.printed = [line for rank, line in enumerate(sheet.printed) if rank not in moved]
        for line in sorted(sheet.moved, key=lambda line: -box_of(line).top):
            below = (at for at, one in enumerate(sheet.printed) if box_of(one).top > box_of(line).top)
            sheet.printed.insert(next(below, len(sheet.printed)), line)


def _take_beyond(sheet: Sheet, zones: Zones) -> None:
    """Take out, and tell, the lines that stand in the margins."""
    for line in [line for line in sheet.printed if not box_of(line).meets(zones.block)]:
        sheet.printed.remove(line)
        sheet.added.append(line)
        words = " ".join(line.text.split())
        what, under = f"« {words} » dans la marge", f"Page {sheet.page.number}"
        sheet.foreign.append(Foreign("foreign-content", what, squeezed(words), under=under, at=box_of(line)))


def _without_beside(line: Line, block: Box, names: Collection[str]) -> Iterator[Line]:
    """A line, and apart from it what was added in the margin beside it, as initials are."""
    parts = list(segments(line))
    beside = [part for part in parts if is_formula(part.text, names) and _is_beside(box_of(part), block)]
    if beside and len(beside) < len(parts):
        yield _joined([part for part in parts if part not in beside])
        yield from beside
    else:
        yield line


def _without_initial(line: Line) -> Iterator[Line]:
    """A line, and apart from it the letters that begin a paragraph and are much higher than the others."""
    usual = median([glyph.box.height for glyph in line.glyphs if glyph.char.isalnum()] or [0])

    def is_initial(glyph: Glyph) -> bool:
        return glyph.char.isalnum() and glyph.box.height > _INITIAL * usual

    parts = [part_of(line, list(run)) for _, run in groupby(line.glyphs, is_initial)]
    initials = [part for part in parts if is_initial(part.glyphs[0])]
    yield from initials
    yield _joined([part for part in parts if part not in initials]) if initials else line


def _joined(parts: Sequence[Line]) -> Line:
    return Line(" ".join(part.text for part in parts), [glyph for part in parts for glyph in part.glyphs])


def _line_counts(lines: Sequence[Line], block: Box, counted_by: int) -> list[Line]:
    """The numbers of lines in the margin, if one of so many lines has one: each such a step above the one before."""
    beside = [line for line in lines if line.text.strip().isdecimal() and _is_beside(box_of(line), block)]
    beside.sort(key=lambda line: box_of(line).top)
    counts = [int(line.text) for line in beside]
    steps = (other - one == counted_by or other == counted_by for one, other in pairwise(counts))
    return beside if counted_by and all(steps) and not any(count % counted_by for count in counts) else []


def _is_beside(box: Box, block: Box) -> bool:
    return box.left > block.right or box.right < block.left


def _may_be_by_hand(line: Line, lines: Sequence[Line], template: TemplatePattern, names: Collection[str]) -> bool:
    """Whether one of some lines is what is added by hand.

    A paragraph of the template, as "Fait à …, le [date]." may be, is not, unless all like it are drawn before.
    """
    parts = [part.text for part in segments(line)]
    if not all(is_formula(one, names) and not _is_fixed(squeezed(one), template) for one in parts):
        return False
    text = spelled(line)
    passages = (passage for story in template.stories for passage in story.passages)
    own = [
        pattern
        for passage in passages
        if passage.slots and passage.key.strip("\0") and matches(pattern := StoryPattern("body", (passage,)), text)
    ]
    before = (spelled(one) for one in lines[: lines.index(line)] if own)
    return sum(any(matches(pattern, one) for pattern in own) for one in before) >= len(own)


def _signatories(page: Page, lines: Sequence[Line], template: TemplatePattern, names: frozenset[str]) -> Iterator[Line]:
    """The lines that name who signs and were added where one does: drawn before all else, or behind the page's footer.

    Those of the document itself, in its block of signatures, are drawn between the two.
    """
    rank, start = template.body.signing, first_dots(page)
    if rank is None or start is None:
        return
    edges = [_letters(mark) for kind in EDGES for mark in edge_texts(template, kind)]
    own = [_letters(spelled(line)) for line in lines]
    ends = [at for at, text in enumerate(own) if len(text) >= _WHOLE and any(text in edge for edge in edges)]
    floor = box_of(lines[ends[-1]]).top if ends else page.height
    places = list(map(box_of, lines))
    above = next((at for at, place in enumerate(places) if place.top < start), 0)
    first = next((at for at, place in enumerate(places) if at >= above and start <= place.top), len(lines))
    behind = ends[-1] + 1 if ends and ends[-1] > first else len(lines)
    headings = [word for one in template.body.passages for word in (one.heading, one.text.partition(" ")[0])]
    block = [stretch for one in template.body.passages[rank:] for stretch in one.stretches]
    parties = (names - names_in(headings)) | parties_in(block)
    for line in (*lines[:above], *lines[behind:]):
        if start <= box_of(line).top and box_of(line).bottom < floor and is_signatory(line.text, parties):
            yield line


def _in_stamps(page: Page, lines: Sequence[Line], by_hand: Container[int], names: Collection[str]) -> Iterator[Line]:
    """The lines that belong to what is added with the one above or below: a name over "Reçu le 3 avril 2026".

    Where one signs, they may be the document's own, and are not looked for.
    """
    start = first_dots(page)
    added = [line for line in lines if id(line) in by_hand]
    for line in lines if added else ():
        box = box_of(line)
        if id(line) not in by_hand and (start is None or box.bottom < start):
            stamp = [one for one in added if _are_stacked(box, box_of(one))]
            if any(is_formula(f"{one.text} {line.text}", names) for one in stamp):
                yield line


def _are_stacked(box: Box, other: Box) -> bool:
    """Whether two lines stand close above each other, and begin together or have one middle."""
    high, low = sorted((box, other), key=lambda one: one.top)
    gap, aside = low.top - high.bottom, box.left - other.left
    is_level = min(abs(aside), abs(aside + (box.width - other.width) / 2)) < _ALIGNED
    return is_level and -1 < gap < max(box.height, other.height)


def _letters(text: str) -> str:
    return re.sub(r"[\d\W]", "", text)


def _is_fixed(key: str, template: TemplatePattern) -> bool:
    """Whether a text is the template's: a paragraph, or a part of one longer than initials, which stand in any word."""
    return key in template.paragraphs or (len(key) > _INITIALS and key in template.fixed_text)


def _add(sheet: Sheet, part: Line, over: Line | None) -> None:
    """Take a text as added by hand; a date over dots is the value that they stand for."""
    sheet.added.append(part)
    words = " ".join(part.text.split())
    day = day_in(words)
    if over is not None and day:
        over.text = re.sub(r"[.…_·]{4,}|…{2,}", day, over.text, count=1)
    sheet.foreign.append(Foreign("by-hand", f"« {words} »", squeezed(words), under=f"Page {sheet.page.number}"))


def columns_of(pages: Sequence[Page], template: TemplatePattern) -> dict[int, _Column]:
    """By width of the page, from where to where its text stands: between its margins, and the lines surely its own."""
    found: dict[int, _Column] = dict(template.layout.columns)
    for page in pages:
        for line in page.lines:
            if line.glyphs and _is_own(line, template):
                left, right = found.get(round(page.width), (box_of(line).left, box_of(line).right))
                found[round(page.width)] = min(left, box_of(line).left), max(right, box_of(line).right)
    return found


def _is_own(line: Line, template: TemplatePattern) -> bool:
    """Whether a line is surely the template's: it begins or ends with a stretch of it, or is a paragraph of it."""
    key = squeezed(spelled(line))
    if len(key) < _SURE:
        return len(key) >= _WHOLE and key in template.paragraphs
    return any(stretch in template.body_text for stretch in (key[:_SURE], key[-_SURE:]))


def _block(lines: Sequence[Line], template: TemplatePattern, column: _Column | None) -> Box:
    """The place of the text: of the lines that are surely the template's own, and of those set like them around."""
    sure = [box_of(line) for line in lines if _is_own(line, template)]
    others = [box_of(line) for line in lines if not _is_own(line, template)]
    if not sure:
        return Box(0, 0, 10_000, 10_000)
    block = reduce(Box.around, sure)
    if column:
        block = block._replace(left=min(block.left, column[0]), right=max(block.right, column[1]))
    for _ in range(len(others)):
        beside = [box for box in others if _continues(block, box) and block.around(box) != block]
        if not beside:
            break
        block = reduce(Box.around, beside, block)
    return block


def _continues(block: Box, box: Box) -> bool:
    """Whether a line stands between the edges of a text, and not far above or below it."""
    gap = max(box.top - block.bottom, block.top - box.bottom)
    return box.left >= block.left - 5 and box.right <= block.right + 5 and gap < _NEXT


def zones_of(sheet: Sheet, template: TemplatePattern) -> Zones:
    """The places of a page where something may be added by hand."""
    block = reduce(Box.around, map(box_of, sheet.apart), _block(sheet.printed, template, sheet.column))
    return Zones(block, first_dots(sheet.page))
