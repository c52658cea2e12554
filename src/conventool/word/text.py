"""The text of a document, paragraph by paragraph, and the words around each control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from conventool.word.controls import Control
from conventool.word.document import Document
from conventool.word.field_results import repeats
from conventool.word.fields import fields
from conventool.word.form_fields import marks_of
from conventool.word.labels import Labels
from conventool.word.line_breaks import numbering_of
from conventool.word.names import ancestor, attribute, in_fallback, is_word, own, value_of, word_iter
from conventool.word.text_walker import ControlSkipper, visible_text

__all__ = [
    "Paragraph",
    "Surroundings",
    "beside",
    "paragraph_around",
    "paragraphs",
    "surroundings",
    "text_lines",
    "text_outside_controls",
]


class Paragraph(NamedTuple):
    """One paragraph.

    Attributes:
        part: the part where it stands.
        number: its rank among the part's paragraphs, from 1.
        text: what a reader sees, without its bullet.
        bullet: its bullet and a space, where it has one.
        element: the ``w:p``.
    """

    part: str
    number: int
    text: str
    bullet: str
    element: etree._Element


class Surroundings(NamedTuple):
    """Where a control stands, as a reader finds it.

    Attributes:
        part: the part.
        paragraph: rank of the paragraph that holds it, or of the first that it holds; None in an empty one.
        before: the words of the paragraph that precede it.
        after: those that follow.
        cell: the paragraphs of the table cell where it stands; empty outside tables.
        since: of the words before, those that follow the last other control or field.
        beside: what the nearest cell with words says, on its left or else above it; empty outside tables.
    """

    part: str
    paragraph: int | None
    before: str
    after: str
    cell: tuple[str, ...]
    since: str
    beside: str


def paragraphs(document: Document) -> Iterator[Paragraph]:
    """Every paragraph in the order of the parts, the main text first; comments are no text of the document."""
    bullets = _Bullets(document)
    for part, root in document.roots.items():
        if is_word(root, "comments"):
            continue
        for number, element in _numbered(root):
            yield Paragraph(part, number, _ParagraphText(element).text, bullets.of(element), element)


def text_lines(document: Document) -> Iterator[tuple[str, Paragraph | None]]:
    """The whole text, to be kept beside a document so that a diff shows what a change of it changes.

    Returns:
        One paragraph a line, with the paragraph: empty ones left out, bullets written out. Headers, footers and notes
        follow the main text, each after an empty line of no paragraph. A line break inside makes a line more.
    """
    part = document.package.main_part
    for paragraph in paragraphs(document):
        if not paragraph.text:
            continue
        if paragraph.part != part:
            part = paragraph.part
            yield "", None
        for line in (paragraph.bullet + paragraph.text).split("\n"):
            yield line, paragraph


def text_outside_controls(root: etree._Element) -> list[tuple[int, str]]:
    """The text of a part without what stands in controls or repeats them: what filling must leave as it was.

    Returns:
        Rank and text of each paragraph where anything is left.
    """
    return [
        (number, text)
        for number, paragraph in _numbered(root)
        if ancestor(paragraph, "sdt") is None
        if (text := _ParagraphText(paragraph, without_controls=True).text)
    ]


def paragraph_around(document: Document, index: int, texts: Mapping[int, str]) -> str:
    """The paragraph that a control stands in, or that it holds, as it will read once some controls are filled.

    Args:
        document: the template's.
        index: the control's.
        texts: what the controls will show, by index; the others show what they do now.
    """
    shown = {document.element(site): text for other, text in texts.items() for site in document.controls[other].sites}
    control = document.element(document.controls[index].sites[0])
    holder = ancestor(control, "p")
    return visible_text(control if holder is None else holder, shown).strip()


def surroundings(document: Document) -> dict[str, Surroundings]:
    """Where each control stands, by its address."""
    numbers = {part: {p: number for number, p in _numbered(root)} for part, root in document.roots.items()}
    return {
        control.address: _surroundings_of(control, document.element(control.sites[0]), numbers[control.part])
        for control in document.controls
    }


def _surroundings_of(control: Control, sdt: etree._Element, numbers: dict[etree._Element, int]) -> Surroundings:
    holder = ancestor(sdt, "p")
    paragraph = holder if holder is not None else next(word_iter(sdt, "p"), None)
    around = _ParagraphText(holder, sdt) if holder is not None else None
    cell = ancestor(sdt, "tc")
    return Surroundings(
        part=control.part,
        paragraph=numbers.get(paragraph) if paragraph is not None else None,
        before=around.text if around is not None else "",
        after=around.after if around is not None else "",
        cell=tuple(text for p in word_iter(cell, "p") if (text := _ParagraphText(p).text)) if cell is not None else (),
        since=around.since if around is not None else "",
        beside=_beside(control, sdt),
    )


def beside(document: Document, control: Control) -> str:
    """What the nearest cell with words says, on the left of a control or else above it; empty outside tables."""
    return _beside(control, document.element(control.sites[0]))


def _beside(control: Control, sdt: etree._Element) -> str:
    holder = ancestor(sdt, "tc")
    cell = next(word_iter(sdt, "tc"), None) if control.level == "cell" else holder
    row = ancestor(cell, "tr")
    table = ancestor(row, "tbl")
    if cell is None or row is None or table is None:
        return ""
    beside, rows = own(row, "tc"), own(table, "tr")
    column = beside.index(cell)
    above = [cells[column] for one in rows[: rows.index(row)] if len(cells := own(one, "tc")) > column]
    nearest = (*reversed(beside[:column]), *reversed(above))
    return next((text for one in nearest if (text := _text_of_cell(one))), "")


def _text_of_cell(cell: etree._Element) -> str:
    texts = (_ParagraphText(paragraph, without_controls=True).text for paragraph in word_iter(cell, "p"))
    return " ".join(" ".join(texts).split())


def _numbered(root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """The paragraphs that a reader sees once: a text box's second twin is left out."""
    seen = (p for p in word_iter(root, "p") if not in_fallback(p))
    yield from enumerate(seen, 1)


class _ParagraphText(ControlSkipper):
    """The text of a paragraph, without that of text boxes anchored in it.

    Args:
        paragraph: the ``w:p``.
        around: a control in it: its own text is left out, and what follows it kept apart.
        without_controls: whether the text of all controls is left out, and of the fields that may repeat it.

    Attributes:
        text: the text, or what precedes the control.
        since: of that, what follows the last other control or field.
        after: what follows it.
    """

    def __init__(
        self, paragraph: etree._Element, around: etree._Element | None = None, *, without_controls: bool = False
    ) -> None:
        self.text = self.since = self.after = ""
        self._around, self._passed, self._without_controls = around, False, without_controls
        self._repeating = {one.begin for one in fields(paragraph) if repeats(one.code)} if without_controls else set()
        self.children(paragraph)

    def shown(self, text: str) -> None:
        if self._passed:
            self.after += text
        else:
            self.text += text
            self.since += text

    def control(self, element: etree._Element) -> None:
        super().control(element)
        self._begin_anew()

    def _begin_anew(self) -> None:
        """Another control or field has ended; one that holds the control itself is no other."""
        if not self._passed:
            self.since = ""

    def skips(self, control: etree._Element) -> bool:
        self._passed = self._passed or control is self._around
        return self._without_controls or control is self._around

    def field_mark(self, element: etree._Element) -> None:
        marks = marks_of(element) if element in self._repeating else None
        if marks is not None:
            self._end = marks.end
        else:
            super().field_mark(element)
        if attribute(element, "fldCharType") == "end":
            self._begin_anew()

    def simple_field(self, element: etree._Element) -> None:
        if element not in self._repeating:
            self.children(element)

    def paragraph(self, element: etree._Element) -> None:
        """Leave it: that of a text box, or one where none may stand, is read by itself."""


class _Bullets:
    """The bullets of a document's lists (ISO/IEC 29500-1, 17.9): numbers, which shift with the list, are left out."""

    def __init__(self, document: Document) -> None:
        numbering = document.package.part_of("numbering")
        self._levels = Labels.of(document.root(numbering) if numbering else None).levels
        self._styles = document.styles

    def of(self, paragraph: etree._Element) -> str:
        """The bullet and a space; nothing where there is none."""
        numbering = numbering_of(paragraph, self._styles) if self._levels else None
        level = self._levels.get((value_of(numbering, "numId") or "", value_of(numbering, "ilvl") or "0"))
        if value_of(level, "numFmt") != "bullet":
            return ""
        sign = value_of(level, "lvlText") or "•"
        return "• " if "\ue000" <= sign <= "\uf8ff" else f"{sign} "  # Symbol's private characters
