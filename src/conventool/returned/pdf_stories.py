"""The text layer of a PDF as stories: the lines of its pages joined, rows over two pages read cell by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from conventool.returned.by_hand import segments
from conventool.returned.pdf_glyphs import Line, box_of, spelled
from conventool.returned.pdf_sheets import Sheet
from conventool.returned.split_rows import Placed, in_order_of_cells
from conventool.returned.template_pattern import TemplatePattern
from conventool.returned.wrapped_lines import joined_lines
from conventool.text.stories import Story, StoryKind, squeezed
from conventool.word.printed_stories import without_leaders

__all__ = ["BULLETS", "stories_of"]

BULLETS = "•◦▪‣\uf0b7\uf0a7"
"""The signs that are bullets in a text layer."""
_BROKEN = re.compile("(\\w+)(?:-[ ]*\r?\n\\s*|[\ufffe\x02]\\s*)(?=(\\w+))")  # PDFium's signs for a hyphen at its end
_RAISED = re.compile(r"(?<=\b1)\s+(?=er\b)")  # "1er": PDFium may end a line before raised letters
_JOINT = 10
"""Characters of the end of a line, and of the beginning of the next, by which they are known to follow each other."""


def _as_read(line: Line, bullets: str) -> str:
    """The text of a line without the bullet that begins it; PDFium may hold two lines for one."""
    lines = spelled(line).split("\n")
    return "\n".join(re.sub(f"^[{re.escape(bullets)}]" if bullets else "^", "", one.lstrip(" ")) for one in lines)


def stories_of(sheets: Sequence[Sheet], template: TemplatePattern) -> tuple[Story, ...]:
    """The body, the headers and footers, and the pages after the last that has any: they were put there."""
    vocabulary = {word for pattern in template.stories for passage in pattern.passages for word in _words(passage.text)}
    bullets = "".join(char for char in BULLETS if not any(char in p.text for p in template.body.passages))
    count = max((rank for rank, sheet in enumerate(sheets, 1) if _is_own_page(sheet, template)), default=0)
    pages: list[list[tuple[Line, str]]] = []
    for sheet in sheets:
        read = [(line, _as_read(line, bullets)) for line in sheet.printed]
        if template.layout.leaders:
            read = [(line, without_leaders(text)) for line, text in read]
        kept = _without_head_rows([text for _, text in read], template.layout.repeated if pages else frozenset())
        pages.append(read[len(read) - len(kept) :])
    texts: list[str] = []
    for sheet, read in zip(sheets, _cell_by_cell(pages, template), strict=True):
        reach = template.layout.columns.get(round(sheet.page.width))
        text = joined_lines(read, reach and reach[1]) if read else "\n"
        texts.append(_RAISED.sub("", text))
    texts, added = (texts[:count], texts[count:]) if count else (texts, [])
    whole = partial(_BROKEN.sub, lambda broken: _rejoined(broken, vocabulary))
    body = whole("".join(texts))
    starts = [0]
    for text in texts[:-1]:
        starts.append(starts[-1] + len(text))
    edges = dict.fromkeys((kind, text) for sheet in sheets for kind, text in sheet.edges.items())
    around = [Story(kind, f"{whole(text)}\n", pages=(0,)) for kind, text in edges]
    body_story = Story("body", body, pages=tuple(starts))
    around += (Story(kind, "\n", pages=(0,)) for kind in _lacking(sheets[:count], template))
    inserts = (replace(one, text=whole(one.text)) for one in _inserts(sheets, template))
    return body_story, *around, *inserts, *(Story("page", text) for text in added)


def _is_own_page(sheet: Sheet, template: TemplatePattern) -> bool:
    """Whether a page has the template's header or footer, or may be without; what is behind the last was put there."""
    kinds: tuple[StoryKind, ...] = ("header", "footer")
    marks = template.layout.marks
    return bool(sheet.edges) or not (marks.are_filled or any(marks.are_due(kind, sheet.page.number) for kind in kinds))


def _lacking(sheets: Sequence[Sheet], template: TemplatePattern) -> Iterator[StoryKind]:
    """The kinds of header and footer that a page lacks."""
    kinds: tuple[StoryKind, ...] = ("header", "footer")
    for kind in kinds:
        due = (sheet for sheet in sheets if template.layout.marks.are_due(kind, sheet.page.number))
        if any(kind not in sheet.edges for sheet in due):
            yield kind


def _cell_by_cell(pages: list[list[tuple[Line, str]]], template: TemplatePattern) -> list[list[tuple[Line, str]]]:
    """The lines of some pages, those of a row that goes on to the next page read cell by cell, on its first page."""
    if template.has_cells:
        pages = [[part for one in page for part in _cells(*one)] for page in pages]
    tables, flow = template.layout.tables, "".join(one.key for one in template.body.passages).replace("\0", "")
    if not tables:
        return pages
    lines = [(rank, *part) for rank, page in enumerate(pages) for one in page for part in _cells(*one)]
    placed = [Placed(rank, box_of(line), squeezed(text)) for rank, line, text in lines]

    def is_of_table(keys: Sequence[str]) -> bool:
        return 2 * sum(len(key) for key in keys if key in tables) >= sum(map(len, keys))

    def follows(one: str, other: str) -> bool:
        return one[-_JOINT:] + other[:_JOINT] in flow

    order = in_order_of_cells(placed, follows, is_of_table)
    if order == sorted(order):
        return pages
    ordered: list[list[tuple[Line, str]]] = [[] for _ in pages]
    page = len(pages)
    for rank in reversed(order):
        own, line, text = lines[rank]
        page = min(page, own)  # what stands before a line of a page is that page's too
        ordered[page].insert(0, (line, text))
    return ordered


def _cells(line: Line, text: str) -> Iterator[tuple[Line, str]]:
    """The parts of a line that stand far from each other, each as it is read; PDFium joins cells of one line each."""
    parts = list(segments(line))
    if len(parts) < 2 or squeezed("".join(part.text for part in parts)) != squeezed(text):
        yield line, text
    else:
        yield from ((part, part.text) for part in parts)


def _inserts(sheets: Sequence[Sheet], template: TemplatePattern) -> Iterator[Story]:
    """The notes as one story, and each text box, once if it comes again on each page."""
    found = dict.fromkeys(insert for sheet in sheets for insert in sheet.inserts)
    for rank, pattern in enumerate(template.stories):
        if texts := [text for of, text in found if of == rank]:
            yield Story(pattern.kind, "".join(texts), pages=(0,))


def _without_head_rows(lines: list[str], repeated: frozenset[str]) -> list[str]:
    """The lines of a page that a table goes on to, without the rows that it repeats there."""
    text = ""
    for count, line in enumerate(lines, 1):
        text += squeezed(line)
        if text in repeated:
            return _without_head_rows(lines[count:], repeated)
        if not any(row.startswith(text) for row in repeated):
            break
    return lines


def _rejoined(broken: re.Match[str], vocabulary: set[str]) -> str:
    """A word that a line's end cut in two: whole if the template has it so, else with its hyphen."""
    return broken[1] + ("" if broken[1] + broken[2] in vocabulary else "-")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
