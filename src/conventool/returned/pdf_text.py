"""The text layer of a PDF as stories: lines joined, headers and footers told from the text that runs on.

PDFium reads it (``pypdfium2``): in the order in which it was written, so that cells stay whole, and fast enough for
hundreds of files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, reduce
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeAlias

from conventool.core.errors import UnreadableError
from conventool.returned.alignment import matches
from conventool.returned.by_hand import first_dots, is_date, is_formula, on_dots, segments
from conventool.returned.drawn_digits import misnamed_digits
from conventool.returned.font_proofs import FontsRead, read_fonts
from conventool.returned.page_comparison import differences, is_same_print
from conventool.returned.pdf_foreign import Zones, drawn_otherwise, page_foreign, rare_fonts
from conventool.returned.pdf_glyphs import Box, Line
from conventool.returned.pdf_opening import read_pdf
from conventool.returned.pdf_pages import Page
from conventool.returned.pdf_structure import structure_foreign
from conventool.returned.split_rows import Placed, in_order_of_cells
from conventool.returned.story_pattern import StoryPattern
from conventool.returned.template_pattern import TemplatePattern
from conventool.returned.wrapped_lines import joined_lines
from conventool.text.stories import Story, StoryKind, levelled, squeezed
from conventool.word.foreign import Foreign
from conventool.word.printed_stories import without_leaders

__all__ = ["PdfLayout"]

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_BROKEN = re.compile("(\\w+)(?:-[ ]*\r?\n\\s*|[\ufffe\x02]\\s*)(?=(\\w+))")  # PDFium's signs for a hyphen at its end
_RAISED = re.compile(r"(?<=\b1)\s+(?=er\b)")  # "1er": PDFium may end a line before raised letters
_BULLETS = "•◦▪‣\uf0b7\uf0a7"
_HIGHEST_BULLET = 5.5
"""Points."""
_NUMBERS = (
    r"\d+(\D{1,6})\d+\s*$", r"()\d+\s*$", r"^\s*()\d+(?!\w)", r"$()",
    r"(?<!\w)\d+(\D{1,6})\d+(?!\w)", r"(?<!\w)()\d+(?!\w)",
)  # fmt: skip
_MOST_LINES = 3
_JOINT = 10
"""Characters of the end of a line, and of the beginning of the next, by which they are known to follow each other."""
_LONGEST_INSERT = 40
"""Lines of a note or a text box."""
_CLOSE = 75
_SURE, _WHOLE = 12, 8
_NEXT = 60.0


_Column: TypeAlias = tuple[float, float]


@dataclass
class _Sheet:
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

    @property
    def own(self) -> Iterator[Line]:
        """All lines that are the document's."""
        return iter((*self.printed, *self.apart, *self.margin))


class PdfLayout:
    """A PDF as its template tells its texts apart.

    Args:
        path: of the PDF.
        pages: its pages.
        template: whose headers and footers are looked for on each page; its annexes are left out, as far as they are
            whole.
        sent: the pages of the PDF that was sent, where it is there.
    """

    def __init__(self, path: Path, pages: Sequence[Page], template: TemplatePattern, sent: Sequence[Page] = ()) -> None:
        folder = template.folder
        annexes: dict[str, Page] = {}
        for annex in folder.manifest.annexes:
            annexes |= _pages_by_text(folder.folder / annex.fichier)
        self._path, self._pages, self._template, self._sent = path, pages, template, sent
        self._annexes = [(page, annexes[key]) for page in pages if (key := squeezed(page.text)) in annexes]
        own = [page for page in pages if squeezed(page.text) not in annexes]
        columns = _columns(own, template)
        self._sheets = [_sheet(page, template, columns.get(round(page.width))) for page in own]

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """The body, then each distinct header and footer, then each page put behind the last."""
        return _stories(self._sheets, self._template)

    @cached_property
    def foreign(self) -> tuple[Foreign, ...]:
        """What its pages draw besides their text, or otherwise than it says."""
        return tuple(self._foreign())

    def _foreign(self) -> Iterator[Foreign]:
        sheets = self._sheets
        yield from (one for sheet in sheets for one in sheet.foreign)
        zones = {sheet.page.number: _zones(sheet, self._template) for sheet in sheets}
        for sheet in sheets:
            printed = [line.glyphs for line in sheet.own]
            added = [glyph for line in sheet.added for glyph in line.glyphs]
            around, ruled = zones[sheet.page.number], self._template.layout.ruled
            yield from page_foreign(sheet.page, printed, added, around, ruled=ruled)
        yield from (one for sheet in sheets for one in _out_of_order(sheet))
        yield from (one for sheet in sheets for one in _false_bullets(sheet))
        lines = {sheet.page.number: [line.glyphs for line in sheet.printed] for sheet in sheets}
        yield from rare_fonts(lines, self._template.layout.emphases, self._template.fixed_text)
        yield from drawn_otherwise([sheet.page for sheet in sheets])
        yield from (one for sheet in sheets for one in _misnamed(sheet, zones[sheet.page.number], self._fonts.known))
        yield from self._misnamed_letters()
        beyond = {page.number: _annex_zones(page) for page, _ in self._annexes}
        yield from structure_foreign(self._path, self._pages, zones, beyond)
        yield from (one for page, template in self._annexes for one in _unlike_annex(page, template))
        yield from _mixed(sheets, self._template)
        if self._sent:
            yield from self._unlike_sent(zones)

    @cached_property
    def _fonts(self) -> FontsRead:
        glyphs = (one for sheet in self._sheets for line in sheet.own for one in line.glyphs)
        return read_fonts(self._pages[0].file, {(one.font, one.char) for one in glyphs})

    def _misnamed_letters(self) -> Iterator[Foreign]:
        """What the fonts themselves draw otherwise than they name it."""
        for name, chars in groupby(self._fonts.misnamed, itemgetter(0)):
            shown = "".join(char for _, char in chars)
            what = f"la police « {name} », qui dessine d’autres signes que ceux qu’elle nomme"
            yield Foreign("drawn-otherwise", what, shown.strip(), under="Toutes les pages")

    def _unlike_sent(self, zones: Mapping[int, Zones]) -> Iterator[Foreign]:
        """Where its pages do not look like those that were sent, signatures and margins apart."""
        if not is_same_print(self._pages, self._sent):
            what = "un autre programme les a imprimées de nouveau ; leurs images ne se comparent pas au PDF envoyé"
            yield Foreign("reprinted", what, under="Toutes les pages")
            return
        added = [(sheet.page.number, glyph) for sheet in self._sheets for line in sheet.added for glyph in line.glyphs]
        headings = _Headings(self._sheets, self._template)
        for number, box in differences(self._pages, self._sent, added):
            if number not in zones or not zones[number].allow(box):
                under = headings.at(number, box)
                words = "".join(headings.words_in(number, box))
                where = f"Page {number}, {under}" if under else f"Page {number}"
                yield Foreign("unlike-sent", "un dessin autre que dans le PDF envoyé", words, under=where)


class _Headings:
    """The articles of a PDF's pages, by the template's.

    Args:
        sheets: the pages, their lines told apart.
        template: the template.
    """

    def __init__(self, sheets: Sequence[_Sheet], template: TemplatePattern) -> None:
        passages = [(squeezed(passage.text), passage.heading) for passage in template.body.passages]
        self._lines = {sheet.page.number: sheet.printed for sheet in sheets}
        self._begun: list[tuple[int, float, str]] = []
        for sheet in sheets:
            for line in sheet.printed:
                key = squeezed(levelled(line.text.translate(_LIGATURES)))
                heading = next((heading for text, heading in passages if text == key == squeezed(heading)), "")
                if heading:
                    self._begun.append((sheet.page.number, _box(line).top, heading))

    def at(self, number: int, box: Box) -> str:
        """The article that a place stands in; empty before the first."""
        before = [heading for page, top, heading in self._begun if (page, top) <= (number, box.bottom)]
        return before[-1] if before else ""

    def words_in(self, number: int, box: Box) -> Iterator[str]:
        """The characters at a place."""
        for line in self._lines.get(number, ()):
            yield from (glyph.char for glyph in line.glyphs if glyph.box.meets(box))


def _as_read(line: Line, bullets: str) -> str:
    """The text of a line without the bullet that begins it; PDFium may hold two lines for one."""
    lines = levelled(line.text.translate(_LIGATURES)).split("\n")
    return "\n".join(re.sub(f"^[{re.escape(bullets)}]" if bullets else "^", "", one.lstrip(" ")) for one in lines)


def _stories(sheets: Sequence[_Sheet], template: TemplatePattern) -> tuple[Story, ...]:
    """The body, the headers and footers, and the pages after the last that has any: they were put there."""
    vocabulary = {word for pattern in template.stories for passage in pattern.passages for word in _words(passage.text)}
    bullets = "".join(char for char in _BULLETS if not any(char in p.text for p in template.body.passages))
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
    body = _BROKEN.sub(lambda broken: _rejoined(broken, vocabulary), "".join(texts))
    starts = [0]
    for text in texts[:-1]:
        starts.append(starts[-1] + len(text))
    edges = dict.fromkeys((kind, text) for sheet in sheets for kind, text in sheet.edges.items())
    around = [Story(kind, f"{text}\n", pages=(0,)) for kind, text in edges]
    body_story = Story("body", body, pages=tuple(starts))
    around += (Story(kind, "\n", pages=(0,)) for kind in _lacking(sheets[:count], template))
    return body_story, *around, *_inserts(sheets, template), *(Story("page", text) for text in added)


def _is_own_page(sheet: _Sheet, template: TemplatePattern) -> bool:
    """Whether a page has the template's header or footer, or may be without; what is behind the last was put there."""
    kinds: tuple[StoryKind, ...] = ("header", "footer")
    marks = template.layout.marks
    return bool(sheet.edges) or not (marks.are_filled or any(marks.are_due(kind, sheet.page.number) for kind in kinds))


def _lacking(sheets: Sequence[_Sheet], template: TemplatePattern) -> Iterator[StoryKind]:
    """The kinds of header and footer that a page lacks."""
    kinds: tuple[StoryKind, ...] = ("header", "footer")
    for kind in kinds:
        due = (sheet for sheet in sheets if template.layout.marks.are_due(kind, sheet.page.number))
        if any(kind not in sheet.edges for sheet in due):
            yield kind


def _cell_by_cell(pages: list[list[tuple[Line, str]]], template: TemplatePattern) -> list[list[tuple[Line, str]]]:
    """The lines of some pages, those of a row that goes on to the next page read cell by cell, on its first page."""
    tables, flow = template.layout.tables, "".join(one.key for one in template.body.passages).replace("\0", "")
    if not tables:
        return pages
    lines = [(rank, *part) for rank, page in enumerate(pages) for one in page for part in _cells(*one)]
    placed = [Placed(rank, _box(line), squeezed(text)) for rank, line, text in lines]

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


def _inserts(sheets: Sequence[_Sheet], template: TemplatePattern) -> Iterator[Story]:
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


# --- Annexes -----------------------------------------------------------------------------------------------


@cache
def _pages_by_text(path: Path) -> dict[str, Page]:
    """The pages of an annex by their text without white space; none of a file that cannot be read, told elsewhere."""
    try:
        return {squeezed(page.text): page for page in read_pdf(path)}
    except UnreadableError:
        return {}


def _annex_zones(page: Page) -> Zones:
    """On a page of an annex, all beyond its text is margin."""
    boxes = [glyph.box for line in page.lines for glyph in line.glyphs]
    return Zones(reduce(Box.around, boxes) if boxes else Box(0, 0, page.width, page.height), None)


def _unlike_annex(page: Page, template: Page) -> Iterator[Foreign]:
    """What a page draws otherwise than the template's annex that has its text."""
    if page.image.tobytes() == template.image.tobytes():
        return
    zones, under = _annex_zones(template), f"Page {page.number}"
    if is_same_print([page], [template]):
        if any(not zones.allow(box) for _, box in differences([page], [template], ())):
            yield Foreign("drawn-otherwise", "un dessin autre que dans l’annexe du modèle", under=under)
        return
    here, there = (list(page_foreign(one, [line.glyphs for line in one.lines], (), zones)) for one in (page, template))
    known = {one[:2] for one in there}
    yield from (one for one in here if one[:2] not in known)


# --- One page ----------------------------------------------------------------------------------------------


def _sheet(page: Page, template: TemplatePattern, column: _Column | None) -> _Sheet:
    """Tell the lines of a page apart."""
    written = [line for line in page.lines if line.glyphs]
    block = _block(written, template, column)
    lines = [part for line in written for part in _without_beside(line, block)]
    by_hand = {id(line): list(segments(line)) for line in lines if _may_be_by_hand(line, template)}
    sheet = _Sheet(page, [line for line in lines if id(line) not in by_hand], column)
    _take_inserts(sheet, template)
    for kind in ("header", "footer"):
        _take_edge(sheet, kind, template)
        if kind not in sheet.edges and not template.layout.marks.are_due(kind, page.number):
            _take_number(sheet)
    zones = _zones(sheet, template)
    for line in lines:
        parts = by_hand.get(id(line), [])
        over = [on_dots(sheet.printed, _box(part)) for part in parts]
        if all(dots or zones.allow(_box(part)) for dots, part in zip(over, parts, strict=True)):
            for part, dots in zip(parts, over, strict=True):
                _add(sheet, part, dots)
        else:
            del by_hand[id(line)]
    edges = set(map(id, (*sheet.margin, *sheet.apart)))
    sheet.printed = [line for line in lines if id(line) not in by_hand and id(line) not in edges]
    for line in [line for line in sheet.printed if not _box(line).meets(zones.block)]:
        sheet.printed.remove(line)
        sheet.added.append(line)
        words = " ".join(line.text.split())
        what, under = f"« {words} » dans la marge", f"Page {page.number}"
        sheet.foreign.append(Foreign("foreign-content", what, squeezed(words), under=under))
    return sheet


def _without_beside(line: Line, block: Box) -> Iterator[Line]:
    """A line, and apart from it what was added in the margin beside it, as initials are."""
    parts = list(segments(line))
    beside = [part for part in parts if is_formula(part.text) and _is_beside(_box(part), block)]
    if beside and len(beside) < len(parts):
        rest = [part for part in parts if part not in beside]
        yield Line(" ".join(part.text for part in rest), [glyph for part in rest for glyph in part.glyphs])
        yield from beside
    else:
        yield line


def _is_beside(box: Box, block: Box) -> bool:
    return box.left > block.right or box.right < block.left


def _may_be_by_hand(line: Line, template: TemplatePattern) -> bool:
    """Whether a line is what is added by hand, and no paragraph of the template, as "Fait à …, le [date]." may be."""
    if not all(is_formula(part.text) and squeezed(part.text) not in template.fixed_text for part in segments(line)):
        return False
    text = levelled(line.text.translate(_LIGATURES))
    own = (passage for passage in template.body.passages if passage.slots and passage.key.strip("\0"))
    return not any(matches(StoryPattern("body", (passage,)), text) for passage in own)


def _add(sheet: _Sheet, part: Line, over: Line | None) -> None:
    """Take a text as added by hand; a date over dots is the value that they stand for."""
    sheet.added.append(part)
    words = " ".join(part.text.split())
    if over is not None and is_date(words):
        over.text = re.sub(r"[.…_·]{4,}|…{2,}", words, over.text, count=1)
    sheet.foreign.append(Foreign("by-hand", f"« {words} »", squeezed(words), under=f"Page {sheet.page.number}"))


def _box(line: Line) -> Box:
    return line.box or Box(0, 0, 0, 0)


def _columns(pages: Sequence[Page], template: TemplatePattern) -> dict[int, _Column]:
    """By width of the page, from where to where its text stands: between its margins, and the lines surely its own."""
    found: dict[int, _Column] = dict(template.layout.columns)
    for page in pages:
        for line in page.lines:
            if line.glyphs and _is_own(line, template):
                left, right = found.get(round(page.width), (_box(line).left, _box(line).right))
                found[round(page.width)] = min(left, _box(line).left), max(right, _box(line).right)
    return found


def _is_own(line: Line, template: TemplatePattern) -> bool:
    """Whether a line is surely the template's: it begins or ends with a stretch of it, or is a paragraph of it."""
    key = squeezed(levelled(line.text.translate(_LIGATURES)))
    if len(key) < _SURE:
        return len(key) >= _WHOLE and key in template.paragraphs
    return any(stretch in template.body_text for stretch in (key[:_SURE], key[-_SURE:]))


def _block(lines: Sequence[Line], template: TemplatePattern, column: _Column | None) -> Box:
    """The place of the text: of the lines that are surely the template's own, and of those set like them around."""
    sure = [_box(line) for line in lines if _is_own(line, template)]
    others = [_box(line) for line in lines if not _is_own(line, template)]
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


def _misnamed(sheet: _Sheet, zones: Zones, known: Collection[str]) -> Iterator[Foreign]:
    """The digits of a page that are drawn as others, but for those of known fonts, or that a signature may lie over."""
    page = sheet.page
    digits = (one for line in sheet.own for one in line.glyphs if one.char.isdigit() and one.font not in known)
    upright = (one for one in digits if not page.is_slanted(one))
    free = [glyph for glyph in upright if zones.signature is None or glyph.box.top < zones.signature]
    if odd := "".join(misnamed_digits(page, free)):
        what = "des chiffres qui se voient autrement qu’ils ne sont écrits dans le fichier"
        yield Foreign("drawn-otherwise", what, odd, under=f"Page {page.number}")


def _out_of_order(sheet: _Sheet) -> Iterator[Foreign]:
    """The lines of a page that stand above others which they follow in the text."""
    moved, before = [], list[Box]()
    for line in sheet.printed:
        box = _box(line)
        above = (one for one in before if box.bottom < one.top and min(box.right, one.right) > max(box.left, one.left))
        if next(above, None) is not None:
            moved.append(squeezed(line.text))
        before.append(box)
    if moved:
        what = "des lignes qui ne se lisent pas dans l’ordre où elles sont écrites"
        yield Foreign("drawn-otherwise", what, "".join(moved), under=f"Page {sheet.page.number}")


def _false_bullets(sheet: _Sheet) -> Iterator[Foreign]:
    """Signs that are called bullets, and are as high as letters."""
    glyphs = (glyph for line in sheet.page.lines for glyph in (*line.glyphs, *line.others))
    if any(glyph.char in _BULLETS and glyph.box.height > _HIGHEST_BULLET for glyph in glyphs):
        what = "un ou plusieurs signes que le fichier dit des puces, et qui n’en sont pas"
        yield Foreign("drawn-otherwise", what, under=f"Page {sheet.page.number}")


def _zones(sheet: _Sheet, template: TemplatePattern) -> Zones:
    block = reduce(Box.around, map(_box, sheet.apart), _block(sheet.printed, template, sheet.column))
    return Zones(block, first_dots(sheet.page))


def _mixed(sheets: Sequence[_Sheet], template: TemplatePattern) -> Iterator[Foreign]:
    """Pages of another copy among those of one."""
    marks = {key: {squeezed(text) for text in own.values()} for key, own in template.copies.items()}
    said: dict[int, str] = {}
    for sheet in sheets:
        text = squeezed(levelled("".join(sheet.edges.values())))
        own = [key for key, texts in marks.items() if texts and all(one in text for one in texts)]
        if len(own) == 1:
            said[sheet.page.number] = own[0]
    usual = Counter(said.values()).most_common(1)
    for number, key in said.items():
        if key != usual[0][0]:
            yield Foreign("mixed-copies", "une page d’un autre exemplaire", under=f"Page {number}")


def _take_edge(sheet: _Sheet, kind: StoryKind, template: TemplatePattern) -> None:
    """Take the header or footer out of a page's lines, without its page numbers.

    A text that is nearly the template's header or footer is taken for one, so that its alteration is told as such.
    """
    patterns = [pattern for pattern in template.stories if pattern.kind == kind]
    if not patterns:
        return
    lines = [levelled(line.text.translate(_LIGATURES)) for line in sheet.printed]
    counts = range(1, min(_MOST_LINES, len(lines)) + 1)
    ends = [(0, count) for count in counts] + [(len(lines) - count, len(lines)) for count in counts]
    inside = [(start, start + count) for count in counts for start in range(1, len(lines) - count)]
    found = _edge(lines, ends, patterns) or _near_edge(lines, ends, kind, template) or _edge(lines, inside, patterns)
    if found is not None:
        start, end, text = found
        sheet.edges[kind] = text
        sheet.margin += sheet.printed[start:end]
        del sheet.printed[start:end]


def _take_number(sheet: _Sheet) -> None:
    """Take out the number of a page that stands above or below its text by itself."""
    for line in sheet.printed[:1] + sheet.printed[-1:]:
        if line.text.strip(" -–—/") == str(sheet.page.number):
            sheet.margin.append(line)
            sheet.printed.remove(line)
            return


def _take_inserts(sheet: _Sheet, template: TemplatePattern) -> None:
    """Take the notes and the text boxes that stand on a page out of its lines; one that was altered stays there."""
    for rank, pattern in enumerate(template.stories):
        parts = [(one,) for one in pattern.passages] if pattern.kind == "note" else [pattern.passages]
        for part in parts if pattern.kind in {"note", "box"} else ():
            found = _insert(sheet.printed, StoryPattern(pattern.kind, part))
            if found is not None:
                sheet.inserts.append((rank, "".join(f"{line.text}\n" for line in sheet.printed[found])))
                sheet.apart += sheet.printed[found]
                del sheet.printed[found]


def _insert(lines: Sequence[Line], pattern: StoryPattern) -> slice | None:
    """Where some lines are all that a note or a text box says; the last such place."""
    first, *_ = pattern.fixed
    texts = [levelled(line.text.translate(_LIGATURES)) for line in lines]
    for start in range(len(texts) - 1, -1, -1):
        text = ""
        for end in range(start + 1, min(start + _LONGEST_INSERT, len(texts)) + 1):
            text += f"{texts[end - 1]}\n"
            key = squeezed(text)
            if not (first.startswith(key) or key.startswith(first)):
                break
            if len(key) >= len(first) and matches(pattern, text):
                return slice(start, end)
    return None


def _edge(
    lines: Sequence[str], windows: Sequence[tuple[int, int]], patterns: Sequence[StoryPattern]
) -> tuple[int, int, str] | None:
    """The lines that are a header or footer, and their text without page numbers."""
    for start, end in windows:
        text = " ".join(lines[start:end])
        for pattern in patterns:
            for number in _NUMBERS:
                bare = re.sub(number, r"\1", text, count=1)
                if bare.strip() and matches(pattern, bare):
                    return start, end, bare
    return None


def _near_edge(
    lines: Sequence[str], windows: Sequence[tuple[int, int]], kind: StoryKind, template: TemplatePattern
) -> tuple[int, int, str] | None:
    """The lines that are nearly a header or footer."""
    near: tuple[float, int, int, str] = (_CLOSE, 0, 0, "")
    for start, end in windows:
        bare = re.sub(_NUMBERS[0], r"\1", " ".join(lines[start:end]), count=1)
        if squeezed(bare) in template.paragraphs:
            continue
        likeness = max((_likeness(bare, known) for known in _marks(template, kind)), default=0.0)
        if likeness > near[0]:
            near = likeness, start, end, bare
    return near[1:] if near[3] else None


def _marks(template: TemplatePattern, kind: StoryKind) -> Iterator[str]:
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


def _rejoined(broken: re.Match[str], vocabulary: set[str]) -> str:
    """A word that a line's end cut in two: whole if the template has it so, else with its hyphen."""
    return broken[1] + ("" if broken[1] + broken[2] in vocabulary else "-")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
