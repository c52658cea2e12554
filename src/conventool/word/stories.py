"""The text of a Word document, with what is tracked, hidden or commented told apart (ISO/IEC 29500-1, 17.3 and 17.13).

Page numbers are left out: they are the printer's, not the author's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from lxml import etree

from conventool.text.stories import LINE_END, NO_CONTROL, Mark, MarkKind, Span, Story, StoryKind, levelled
from conventool.word.cascade import by_name
from conventool.word.controls import calendar_of, content_of, control_elements
from conventool.word.form_fields import form_data, shown_sign
from conventool.word.looks import (
    NO_CONTEXT,
    PLAIN,
    SEEN_OF_BLANKS,
    Context,
    Layout,
    Look,
    Looks,
    contexts_of,
    document_looks,
)
from conventool.word.names import W15, attribute, child, is_on, is_word, local, shown_alternative, value_of, word_iter
from conventool.word.package import Package
from conventool.word.repetitions import field_name
from conventool.word.sections import shown_parts
from conventool.word.text_walker import TextWalker, box_sign, visible_text
from conventool.word.values import date_text

__all__ = ["PAGE_FIELDS", "StoryReader", "read_stories"]

_INSERTED = ("ins", "moveTo")
PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
"""The fields that print the number of a page, or of all."""
_LONE_HYPHEN = re.compile(r"(?<![^\W\d_])\u00ad|\u00ad(?![^\W\d_])")
"""A soft hyphen that parts no word: Word draws it wherever it stands."""
_levelled = lru_cache(maxsize=4096)(levelled)  # hundreds of documents say mostly the same


def read_stories(
    package: Package, *, accepted: bool = False, reader: type[StoryReader] | None = None
) -> tuple[Story, ...]:
    """Read every text of a document that is not empty, each distinct header, footer and text box once.

    Args:
        package: the document.
        accepted: with tracked changes accepted; otherwise the text is the one before them.
        reader: what reads its parts; None for the text as Word stores it.

    Raises:
        TemplateError: a part is missing or malformed.
    """
    looks, part_of_comments = document_looks(package), package.part_of("comments")
    comments = _comments(package.root(part_of_comments)) if part_of_comments else {}
    found: list[Story] = []
    for part, kind in shown_parts(package).items():
        reading = (reader or StoryReader)(package, part, looks, comments, accepted=accepted)
        found += reading.stories(package.root(part), kind)
    distinct: dict[object, Story] = {}
    for story in found:
        if story.text.strip() or story.marks or story.kind == "body":
            controls = tuple((span.tag, span.alias) for span in story.spans)
            distinct.setdefault((story.kind, story.text, controls), story)
    return tuple(distinct.values())


@dataclass
class _StoryBuilder:
    """One story while it is read."""

    kind: StoryKind
    under: str = ""
    texts: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[Span] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)

    def add(self, text: str) -> None:
        text = _levelled(text) if text != LINE_END else text
        self.texts.append(text)
        self.length += len(text)

    def mark(self, kind: MarkKind, text: str, author: str | None, at: int, how: str = "") -> None:
        """Note a mark; the runs of one change are one mark."""
        if self.marks and kind != "comment":
            last = self.marks[-1]
            end = last.at + (len(last.text) if kind in {"deleted", "struck", "drawn"} else 0)
            if (last.kind, last.author, last.how) == (kind, author, how) and at in {end, last.at}:
                self.marks[-1] = Mark(kind, last.text + text, author, last.at, how)
                return
        self.marks.append(Mark(kind, text, author, at, how))

    def story(self) -> Story:
        seen = ("comment", "struck", "drawn")  # a line through a blank is seen, that it is hidden is not
        marks = tuple(mark for mark in self.marks if mark.kind in seen or mark.text.strip())
        spans = tuple(sorted(self.spans, key=lambda span: (span.start, -span.end)))
        return Story(self.kind, "".join(self.texts), spans, marks, tuple(self.headings), under=self.under)


@dataclass(frozen=True, slots=True)
class _State:
    """What holds for an element because of what it stands in."""

    look: Look = PLAIN
    change: MarkKind | None = None
    author: str | None = None
    muted: bool = False


_BODY = _State()
"""In nothing that changes anything."""


class StoryReader(TextWalker):
    """Reads the stories of one part, each text box after the text in which it is anchored.

    Args:
        package: the document.
        part: the name of the part.
        looks: of the document's text.
        comments: by number, author and words of each comment.
        accepted: whether tracked changes count as accepted.
    """

    def __init__(
        self,
        package: Package,
        part: str,
        looks: Looks,
        comments: dict[str, tuple[str | None, str]],
        *,
        accepted: bool,
    ) -> None:
        self._package, self._part = package, part
        self._looks, self._comments, self._accepted = looks, comments, accepted
        self._contexts = contexts_of(package)
        self._state, self._context = _BODY, NO_CONTEXT
        self._stories: list[_StoryBuilder] = []
        self._begun: list[tuple[etree._Element, int]] = []  # the fields around that have marks, and where each begins
        self._in_control = 0  # how many controls are around
        self._names: Counter[str] = Counter()  # of the fields so far
        self._fields: list[list[str]] = []  # of each field around: the pieces of its code, then "" in its result

    def stories(self, root: etree._Element, kind: StoryKind) -> Iterator[Story]:
        """The stories of the part, the first of that kind."""
        self._ranks = {sdt: rank for rank, sdt in enumerate(control_elements(root))}
        self._story = _StoryBuilder(kind)
        self._stories.append(self._story)
        self.children(root)
        return (builder.story() for builder in self._stories)

    def sign(self, element: etree._Element, text: str) -> None:
        """Add some characters, unless they do not show."""
        story, state = self._story, self._state
        if state.muted or (self._fields and self._in_skipped_field()):
            if not state.muted and self._fields[-1][-1:] != [""] and is_word(element, "t"):  # no code of Word's own
                story.mark("hidden", text, None, story.length)
            return
        if text == "\n":
            text = LINE_END if attribute(element, "type") in {None, "textWrapping"} else " "
        else:
            text = text.replace("\n", " ")
        if state.change is not None:
            story.mark(state.change, text, state.author, story.length)
            if (state.change == "inserted") is not self._accepted:
                return
        if state.look.hidden:
            story.mark("hidden", text, None, story.length)
            return
        is_symbol = is_word(element, "sym") and box_sign(element) is None
        drawn = (f"en police « {attribute(element, 'font')} »",) if is_symbol else state.look.drawn
        if state.look.struck:
            story.mark("struck", text, None, story.length)
        elif (drawn or "\u00ad" in text) and (how := list(_seen(text, drawn))):
            story.mark("drawn", text, None, story.length, ", ".join(how))
        story.add(text)

    def run(self, element: etree._Element) -> None:
        """Read a run by its look."""
        look = self._looks.of(element, self._context)
        if look == self._state.look:
            self.children(element)
        else:
            hidden = look.hidden or self._state.look.hidden
            self._with(replace(self._state, look=look._replace(hidden=hidden)), element)

    def paragraph(self, element: etree._Element) -> None:
        """Read a paragraph, or find it among those of other documents: hundreds say mostly the same."""
        key = self.key_of(element) if self._state is _BODY and not self._fields else None
        found = self._looks.paragraphs.get(key) if key else None
        if found is not None:
            context, texts = found
            self._contexts[element] = context
            self._story.texts += texts
            self._story.length += sum(map(len, texts))
            self._end_paragraph(len(self._story.texts) - len(texts), context, len(self._stories))
            return
        story, first, boxes, before = self._story, len(self._story.texts), len(self._stories), self._besides_text()
        outer, self._context = self._context, self._looks.around(element, self._contexts)
        self.begin_paragraph(self._context.layout)
        self.children(element)
        context, self._context = self._context, outer
        if key and self._besides_text() == before:
            self._looks.remember(key, context, story.texts[first:])
        self._end_paragraph(first, context, boxes)

    def key_of(self, paragraph: etree._Element) -> str | None:
        """What a paragraph is known by whose text is the same wherever it stands; None for any other."""
        return self._looks.key_of(paragraph)

    def begin_paragraph(self, layout: Layout) -> None:
        """Visit the beginning of a paragraph, before what it holds."""

    def _besides_text(self) -> object:
        """All that a paragraph may have besides text: equal before and after one that has text only."""
        story = self._story
        return len(story.spans), len(story.marks), story.marks[-1:], len(self._stories), len(self._fields)

    def _end_paragraph(self, first: int, context: Context, boxes: int) -> None:
        """End a paragraph whose text begins with a piece of the story's, and boxes with one of the part's."""
        story = self._story
        if context.layout.is_heading and (text := " ".join("".join(story.texts[first:]).split())):
            story.headings.append((story.length - sum(map(len, story.texts[first:])), text))
            for box in self._stories[boxes:]:
                box.under = text
        if not self._state.muted:
            story.texts.append("\n")
            story.length += 1

    def row(self, element: etree._Element) -> None:
        """Read a row of a table, which may be hidden."""
        hidden = self._state.look.hidden or is_on(child(element, "trPr"), "hidden")
        self._with(replace(self._state, look=Look(hidden)), element)

    def control(self, element: etree._Element) -> None:
        """Read a control, and note where it stands."""
        content = content_of(element)
        story, start, described = self._story, self._story.length, child(element, "sdtPr")
        properties = {} if described is None else by_name(reversed(described))  # of two of one name the first counts
        self._in_control += 1
        if content is not None:
            self.children(content)
        self._in_control -= 1
        tag, alias = (attribute(properties.get(name), "val") or None for name in ("tag", "alias"))
        day = _chosen_day(properties["date"], content) if "date" in properties else ""
        repeats = f"{{{W15}}}repeatingSection" in properties
        story.spans.append(Span(start, story.length, tag, alias, self._part, self._ranks[element], day, repeats))

    def change(self, element: etree._Element) -> None:
        """Read a tracked change."""
        kind: MarkKind = "inserted" if local(element) in _INSERTED else "deleted"
        self._with(replace(self._state, change=kind, author=attribute(element, "author")), element)

    def deleted_text(self, element: etree._Element) -> None:
        """Read a text that a tracked change takes out."""
        if element.text:
            self.sign(element, element.text)

    def comment_reference(self, element: etree._Element) -> None:
        """Note a comment."""
        author, text = self._comments.get(attribute(element, "id") or "", (None, ""))
        self._story.mark("comment", text, author, self._story.length)

    def note_mark(self, element: etree._Element) -> None:
        """Look at how the number of a note is drawn where the note is called: it is no text, and is set higher."""
        run = element.getparent()
        if run is None or not local(element).endswith("Reference"):
            return
        look = self._state.look
        how = list(look.drawn) + ([] if self._looks.is_raised(run, self._context) else ["à la hauteur du texte"])
        kind: MarkKind = "hidden" if look.hidden else "struck" if look.struck else "drawn"
        if how or kind != "drawn":
            self._story.mark(kind, "(appel de note)", None, self._story.length, ", ".join(how))

    def imported_file(self, element: etree._Element) -> None:  # noqa: ARG002
        """Nobody can have read its text, which Word takes in when it opens this document."""
        self._story.mark("hidden", "contenu d’un autre fichier", None, max(self._story.length - 1, 0))

    def box(self, element: etree._Element) -> None:
        """Read a text box as a story of its own."""
        self.apart(element, self.children)

    def apart(self, element: etree._Element, read: Callable[[etree._Element], None]) -> None:
        """Read an element as a text box."""
        outer = self._story, self._fields, self._state
        _, under = self._story.headings[-1] if self._story.headings else (0, "")
        self._story, self._fields, self._state = _StoryBuilder("box", under), [], _BODY
        self._stories.append(self._story)
        read(element)
        self._story, self._fields, self._state = outer

    def alternatives(self, element: etree._Element) -> None:
        """Of those that Word does not show, as twins of a drawing, only the boxes are read, whose text may differ."""
        shown = shown_alternative(element)
        for one in element:
            self._with(self._state if one is shown else _State(muted=True), one)

    def field_mark(self, element: etree._Element) -> None:
        """A complex field: its code, then its result (17.16.18)."""
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._begun.append((element, self._story.length))
            if sign := shown_sign(element):
                self.sign(element, sign)
            self._fields.append([])
        elif kind == "separate" and self._fields:
            self._fields[-1].append("")
        elif kind == "end" and self._fields:
            code = self._fields.pop()
            begin, start = self._begun.pop()
            if begin in self._ranks:
                name = value_of(form_data(begin), "name") or None
                self._story.spans.append(Span(start, self._story.length, name, None, self._part, self._ranks[begin]))
            else:
                self._name_field(start, code)

    def field_code(self, element: etree._Element) -> None:
        """Note a piece of a field’s code."""
        if self._fields:
            self._fields[-1].append(element.text or "")

    def simple_field(self, element: etree._Element) -> None:
        """Read a field that holds its result."""
        start = self._story.length
        self._fields.append([attribute(element, "instr") or "", ""])
        self.children(element)
        self._name_field(start, self._fields.pop())

    def _name_field(self, start: int, code: list[str]) -> None:
        """A field that ends has a name, unless it stands in another or in a control; the beginning is its result's."""
        if not self._fields and not self._in_control:
            text = "".join(code)
            name = f"champ {field_name(text, self._names)}"
            alias = f"Champ {text.split(maxsplit=1)[0].upper()}" if text.strip() else None
            self._story.spans.append(Span(start, self._story.length, name, alias, self._part, NO_CONTROL))

    def _with(self, state: _State, element: etree._Element) -> None:
        """Read what stands in an element that changes the state."""
        outer, self._state = self._state, state
        self.children(element)
        self._state = outer

    def _in_skipped_field(self) -> bool:
        """Inside a field's code, or in the result of a page number."""
        return any(
            not code or code[-1] != "" or PAGE_FIELDS & set("".join(code).upper().split()[:1]) for code in self._fields
        )


def _seen(text: str, drawn: Iterable[str]) -> Iterator[str]:
    """How a text is drawn otherwise: of a blank, only what shows in it."""
    is_blank = not text.strip()
    yield from (how for how in drawn if not is_blank or how.startswith(SEEN_OF_BLANKS))
    if _LONE_HYPHEN.search(text):
        yield "précédé d’un trait d’union"


def _comments(root: etree._Element) -> dict[str, tuple[str | None, str]]:
    """Author and words of each comment, by its number."""
    return {
        attribute(comment, "id") or "": (attribute(comment, "author"), " ".join(visible_text(comment).split()))
        for comment in word_iter(root, "comment")
    }


def _chosen_day(typed: etree._Element, content: etree._Element | None) -> str:
    """The day that a date control stores, in ISO 8601, where its text is that day; else nothing.

    What people read is the text. It is that day as the control writes it, or its figures in whatever order:
    "3/12/2026" is the 12th of March where that is what was chosen.
    """
    stored, picture, language = calendar_of(typed)
    if not stored:
        return ""
    with suppress(ValueError):
        day, text = date.fromisoformat(stored), levelled(visible_text(content)).strip()
        figures = sorted(map(int, re.findall(r"\d+", text))) if re.fullmatch(r"[\d\s./-]+", text) else []
        if figures in [sorted((day.day, day.month, year)) for year in (day.year, day.year % 100)]:
            return stored
        return stored if text == levelled("".join(date_text(day, picture, language))) else ""
    return ""
