"""The text of a Word document as paper shows it: with the numbers of lists, notes and pages, and in capitals."""

from __future__ import annotations

import re
from functools import cached_property

from lxml import etree

from conventool.text.stories import NO_CONTROL, Span, Story
from conventool.word.labels import RunningLabels
from conventool.word.looks import Layout
from conventool.word.names import W15, attribute, child, is_word, local, word_iter
from conventool.word.notes import called_notes, note_numbers
from conventool.word.package import Package
from conventool.word.page_layout import has_leaders
from conventool.word.references import included_document
from conventool.word.stories import PAGE_FIELDS, StoryReader, read_stories

__all__ = ["read_printed_stories", "without_leaders"]

_CAPITALS = frozenset({"en capitales", "en petites capitales"})
_OF_SYMBOLS = re.compile("[\ue000-\uf8ff•◦▪‣]")
"""A bullet that a font of symbols draws, or that another like it may stand for."""
_LEADERS = re.compile(r"[.…_·-]{3,}|…{2,}")


def read_printed_stories(package: Package) -> tuple[Story, ...]:
    """Read every text of a document that is not empty, as `read_stories` does, as it is printed.

    The number of a page is a span of no length, for it is the printer's. Those of headers and footers are left out.

    Raises:
        TemplateError: a part is missing or malformed.
    """
    return read_stories(package, accepted=True, reader=_PrintedReader)


def without_leaders(text: str) -> str:
    """A text without dots and lines to be written on: those that tabs draw cannot be told from those that are typed."""
    return _LEADERS.sub(" ", text)


class _PrintedReader(StoryReader):
    """Reads the stories of one part as they are printed."""

    _repeating = 0  # how many repeating sections are around

    @cached_property
    def _labels(self) -> RunningLabels:
        return self._looks.running_labels()

    @cached_property
    def _dotted(self) -> bool:
        return has_leaders(self._package)

    def key_of(self, paragraph: etree._Element) -> str | None:  # noqa: ARG002
        """No paragraph: what it prints depends on those before it."""
        return None

    def begin_paragraph(self, layout: Layout) -> None:
        if not layout.numbering:
            return
        label, pattern = self._labels.label(*layout.numbering, repeated=self._repeating > 0)
        if _OF_SYMBOLS.fullmatch(label):
            self._mark_place("BULLET")
        elif label:
            start = self._story.length
            self._story.add(label)
            if pattern:
                self._mark_place(f"LABEL {pattern}", start)
            self._story.add(" ")

    def sign(self, element: etree._Element, text: str) -> None:
        text = text if _CAPITALS.isdisjoint(self._state.look.drawn) else text.upper()
        super().sign(element, without_leaders(text) if self._dotted else text)

    def paragraph(self, element: etree._Element) -> None:
        """Read a paragraph; one in a frame, which has its own place on the page, is a text box (17.3.1.11).

        A note that has no place for its number gets it from LibreOffice all the same.
        """
        note = element.getparent()
        if note is not None and element is child(note, "p") and _lacks_number(note):
            self._mark_place("NOTE")
        if child(child(element, "pPr"), "framePr") is None or self._story.kind == "box":
            super().paragraph(element)
        else:
            self.apart(element, super().paragraph)

    def table(self, element: etree._Element) -> None:
        """Read a table; one that text runs around is a text box (17.4.57)."""
        if child(child(element, "tblPr"), "tblpPr") is None or self._story.kind == "box":
            self.children(element)
        else:
            self.apart(element, self.children)

    def note(self, element: etree._Element) -> None:
        """Read a note, if any text calls it: others are not printed."""
        if (local(element), attribute(element, "id") or "") in called_notes(self._package):
            self.children(element)

    def imported_file(self, element: etree._Element) -> None:
        """Read the text of a Word document inside this one, which is printed where it stands (17.17.2.1)."""
        file = included_document(self._package, self._part, element)
        for story in read_stories(file, accepted=True, reader=_IncludedReader) if file else ():
            if story.kind == "body":
                self._story.texts.append(story.text)
                self._story.length += len(story.text)

    def control(self, element: etree._Element) -> None:
        """Read a control; how many paragraphs a repeating section prints, and with which numbers, depends on values."""
        repeating = child(child(element, "sdtPr"), "repeatingSection", W15) is not None
        self._repeating += repeating
        super().control(element)
        self._repeating -= repeating

    def note_mark(self, element: etree._Element) -> None:
        kind = local(element).removesuffix("Reference").removesuffix("Ref")
        holder = element if local(element).endswith("Reference") else next(element.iterancestors(f"{{*}}{kind}"), None)
        number = note_numbers(self._package).get((kind, attribute(holder, "id") or ""))
        if number:
            self.sign(element, number)
        elif number is not None:
            self._mark_place("NOTE")

    def _name_field(self, start: int, code: list[str]) -> None:
        """A field that prints the number of a page in the text is a span, also in a control; others as ever."""
        kind = next(iter("".join(code).upper().split()), "")
        if kind in PAGE_FIELDS and self._story.kind not in {"header", "footer"} and not self._fields:
            self._mark_place(f"PRINTED-{kind}")
        else:
            super()._name_field(start, code)

    def _mark_place(self, kind: str, start: int | None = None) -> None:
        """Note where a sign is printed that is not known here, or of which only the kind is."""
        story = self._story
        name, alias = f"champ {kind}#{len(story.spans)}", f"Champ {kind.partition(' ')[0]}"
        start = story.length if start is None else start
        story.spans.append(Span(start, story.length, name, alias, self._part, NO_CONTROL))


class _IncludedReader(_PrintedReader):
    """Reads a document inside another; those inside it are not printed."""

    def imported_file(self, element: etree._Element) -> None:
        """No text."""


def _lacks_number(holder: etree._Element) -> bool:
    """Is it a note, and no line between notes and text, that has no place for its number (17.11.6, 17.11.13)?"""
    is_note = is_word(holder, "footnote", "endnote") and attribute(holder, "type") in {None, "normal"}
    return is_note and next(word_iter(holder, "footnoteRef", "endnoteRef"), None) is None
