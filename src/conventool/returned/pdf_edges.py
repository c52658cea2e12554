"""The header and the footer of a PDF's page, told from its other lines, without the numbers of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from conventool.returned.alignment import matches
from conventool.returned.pdf_glyphs import Line, box_of, spelled
from conventool.returned.story_pattern import StoryPattern
from conventool.returned.template_pattern import TemplatePattern
from conventool.text.stories import StoryKind, squeezed
from conventool.word.labels import LETTERED, counted
from conventool.word.page_layout import PageLayout

if TYPE_CHECKING:
    from conventool.returned.pdf_sheets import Sheet

__all__ = ["EDGES", "edge_texts", "take_edge", "take_number"]

EDGES: tuple[StoryKind, ...] = "header", "footer"
"""What stands above and below the text of a page."""
_NUMBERS = (
    r"\d+(\D{1,6})\d+\s*$", r"()\d+\s*$", r"^\s*()\d+(?!\w)", r"$()",
    r"(?<!\w)\d+(\D{1,6})\d+(?!\w)", r"(?<!\w)()\d+(?!\w)",
)  # fmt: skip
_LETTERED = re.compile(r"(?<!\w)(?:[ivxlc]+|[IVXLC]+|[a-z]{1,2}|[A-Z]{1,2})(?!\w)")
"""A number of a page in letters."""
_MOST_LINES, _SHORT_LINE = 3, 40
"""Lines of a header or a footer, unless it has more text: then one for each so many characters of a paragraph."""
_CLOSE = 75
"""Out of 100: a text that is as near as that to a header or a footer is one that was changed."""
_NEXT = 60.0
"""Points: lines that are farther apart are of no one header or footer."""


class _Edge(NamedTuple):
    """The lines of a page that are its header or its footer.

    Attributes:
        start: the rank of the first.
        end: that behind the last.
        bare: what they say, without page numbers.
        said: these numbers: of the page, and of all.
    """

    start: int
    end: int
    bare: str
    said: tuple[int, ...] = ()


def take_edge(sheet: Sheet, kind: StoryKind, template: TemplatePattern) -> None:
    """Take the header or footer out of a page's lines, without its page numbers.

    A text that is nearly the template's header or footer is taken for one, so that its alteration is told as such.
    """
    patterns = [pattern for pattern in template.stories if pattern.kind == kind]
    if not patterns:
        return
    lines = [spelled(line) for line in sheet.printed]
    counts = range(1, min(max(map(_line_count, patterns)), len(lines)) + 1)
    tops = [box_of(line).top for line in sheet.printed]

    def is_one(start: int, end: int) -> bool:
        return all(abs(one - other) < _NEXT for one, other in pairwise(tops[start:end]))

    ends = [(0, count) for count in counts] + [(len(lines) - count, len(lines)) for count in counts]
    ends = [window for window in ends if is_one(*window)]
    inside = [(start, start + count) for count in counts for start in range(1, len(lines) - count)]
    lettered = template.layout.lettered
    found = (
        _edge(lines, ends, patterns, lettered=lettered)
        or _edge(lines, inside, patterns, lettered=lettered)
        or _edge_by_place(sheet, kind, patterns, lettered=lettered)
        or _near_edge(lines, ends, kind, template)
    )
    if found is not None:
        sheet.edges[kind] = found.bare
        while found is not None and found.bare == sheet.edges[kind]:
            start, end, _, said = found
            sheet.numbers += [said] if said else []
            sheet.margin += sheet.printed[start:end]
            del sheet.printed[start:end]
            found = _beside(sheet, patterns, template)


def _edge_by_place(sheet: Sheet, kind: StoryKind, patterns: Sequence[StoryPattern], *, lettered: bool) -> _Edge | None:
    """A header or a footer among whose lines others were written: the highest or the lowest, which are put together."""
    rows = _rows(sheet.printed)
    rows = rows if kind == "header" else rows[::-1]
    for count in range(1, min(max(map(_line_count, patterns)), len(rows)) + 1):
        own = [line for row in (rows[:count] if kind == "header" else rows[:count][::-1]) for line in row]
        found = _edge([spelled(line) for line in own], [(0, len(own))], patterns, lettered=lettered)
        if found is not None:
            mine = set(map(id, own))
            at = max(rank for rank, line in enumerate(sheet.printed) if id(line) in mine) + 1 - len(own)
            sheet.printed = [line for line in sheet.printed if id(line) not in mine]
            sheet.printed[at:at] = own
            return found._replace(start=at, end=at + len(own))
    return None


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Some lines from the top, those of one height together, from the left."""
    placed = sorted(lines, key=lambda line: line.glyphs[0].y)
    rows: list[list[Line]] = []
    for line in placed:
        if rows and abs(rows[-1][0].glyphs[0].y - line.glyphs[0].y) < 1:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: box_of(line).left) for row in rows]


def _beside(sheet: Sheet, patterns: Sequence[StoryPattern], template: TemplatePattern) -> _Edge | None:
    """A header or footer more, of a sheet that shows two pages beside each other."""
    if sheet.page.width < sheet.page.height:
        return None
    lines = [spelled(line) for line in sheet.printed]
    counts = range(1, min(_MOST_LINES, len(lines)) + 1)
    windows = [(at, at + count) for count in counts for at in range(len(lines) - count + 1)]
    found = _edge(lines, windows, patterns, lettered=template.layout.lettered)
    return None if found and squeezed(found.bare) in template.paragraphs else found


def _line_count(pattern: StoryPattern) -> int:
    """How many lines a header or a footer may have."""
    return max(_MOST_LINES, sum(1 + len(passage.key) // _SHORT_LINE for passage in pattern.passages))


def take_number(sheet: Sheet, layout: PageLayout) -> None:
    """Take out the number of a page that stands above or below its text by itself."""
    kinds, last = ("decimal", *(LETTERED if layout.lettered else ())), sheet.page.number
    numbers = {last, *(start + rank for start in layout.starts for rank in range(last))}
    shown = {counted(number, kind) for number in numbers for kind in kinds}
    for line in sheet.printed[:1] + sheet.printed[-1:]:
        if line.text.strip(" -–—/") in shown:
            sheet.margin.append(line)
            sheet.printed.remove(line)
            return


def _edge(
    lines: Sequence[str], windows: Sequence[tuple[int, int]], patterns: Sequence[StoryPattern], *, lettered: bool
) -> _Edge | None:
    """The lines that are a header or footer, and their text without page numbers, which may be in letters."""
    for start, end in windows:
        text = " ".join(lines[start:end])
        for pattern in patterns:
            for bare, said in _without_numbers(text, lettered=lettered):
                if bare.strip() and matches(pattern, bare):
                    return _Edge(start, end, bare, said)
    return None


def _without_numbers(text: str, *, lettered: bool) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A header or a footer without what may be the number of its page, and that of all; both, if they are figures."""
    for number in _NUMBERS:
        found = re.search(number, text)
        yield re.sub(number, r"\1", text, count=1), tuple(map(int, re.findall(r"\d+", found[0] if found else "")))
    for found in _LETTERED.finditer(text) if lettered else ():
        bare = text[: found.start()] + text[found.end() :]
        yield from ((one, ()) for one in (bare, re.sub(_NUMBERS[-1], "", bare, count=1)))


def _near_edge(
    lines: Sequence[str], windows: Sequence[tuple[int, int]], kind: StoryKind, template: TemplatePattern
) -> _Edge | None:
    """The lines that are nearly a header or footer."""
    near: tuple[float, int, int, str] = (_CLOSE, 0, 0, "")
    for start, end in windows:
        bare = re.sub(_NUMBERS[0], r"\1", " ".join(lines[start:end]), count=1)
        if squeezed(bare) in template.paragraphs:
            continue
        likeness = max((_likeness(bare, known) for known in edge_texts(template, kind)), default=0.0)
        if likeness > near[0]:
            near = likeness, start, end, bare
    return _Edge(*near[1:]) if near[3] else None


def edge_texts(template: TemplatePattern, kind: StoryKind) -> Iterator[str]:
    """What the headers or footers of each copy print."""
    for own in template.copies.values() or [{}]:
        for pattern in template.stories:
            if pattern.kind == kind:
                items = [item for passage in pattern.passages for item in passage.items]
                yield "".join(item if isinstance(item, str) else own.get(item.address, "") for item in items)


def _likeness(text: str, known: str) -> float:
    """How near a text is to another, out of 100; nothing is near to what is twice as long."""
    if not known.strip() or not 0.5 < len(text) / len(known) < 2:
        return 0.0
    from rapidfuzz.fuzz import ratio  # noqa: PLC0415 (only where a header or footer is not the template's)

    return ratio(squeezed(text), squeezed(known))
