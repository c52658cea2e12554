"""The text of a Word document, with what is tracked, hidden or commented told apart (ISO/IEC 29500-1, 17.3 and 17.13).

Page numbers are left out: they are the printer's, not the author's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lxml import etree

from conventool.text.stories import Mark, MarkKind, Span, Story, StoryKind, levelled
from conventool.word.controls import content_of, sdt_elements
from conventool.word.names import attribute, child, is_on, local, value_of, word_children, word_iter
from conventool.word.package import Package
from conventool.word.text_walker import TextWalker, visible_text

__all__ = ["read_stories"]

_PARTS: dict[str, StoryKind] = {"header": "header", "footer": "footer", "footnotes": "note", "endnotes": "note"}
_INSERTED = ("ins", "moveTo")
_PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_TINY = 6  # half-points: three points, which nobody reads
_NEARLY_WHITE = 0xF0
_levelled = lru_cache(maxsize=4096)(levelled)  # hundreds of documents say mostly the same


def read_stories(package: Package, *, accepted: bool = False) -> tuple[Story, ...]:
    """Read every text of a document that is not empty, each distinct header, footer and text box once.

    Args:
        package: the document.
        accepted: with tracked changes accepted; otherwise the text is the one before them.

    Raises:
        TemplateError: a part is missing or malformed.
    """
    main = package.main_part
    related = [(kind.rpartition("/")[2], target) for kind, target in package.relationships(main)]
    related = [(kind, target) for kind, target in dict.fromkeys(related) if target in package.entries]
    of_kind = dict(related)
    styles = _styles(package, of_kind["styles"]) if "styles" in of_kind else _Styles(None)
    comments = _comments(package.parse(of_kind["comments"])) if "comments" in of_kind else {}
    found: list[Story] = []
    for kind, part in [("body", main), *related]:
        if part == main or kind in _PARTS:
            reader = _StoryReader(part, styles, comments, accepted=accepted)
            found += reader.stories(package.parse(part), "body" if part == main else _PARTS[kind])
    seen: set[tuple[str, str]] = set()
    return tuple(
        story
        for story in found
        if (story.text.strip() or story.marks or story.kind == "body")
        and not ((story.kind, story.text) in seen or seen.add((story.kind, story.text)))  # type: ignore[func-returns-value]
    )


class _Styles:
    """What the styles of a document say of a text: hidden, or a heading. A style is looked at when a text has it."""

    def __init__(self, root: etree._Element | None) -> None:
        styles = word_children(root, "style") if root is not None else ()
        self._own = {attribute(style, "styleId") or "": style for style in styles}
        self._known: dict[str, tuple[bool, bool]] = {}

    def hide(self, name: str | None) -> bool:
        """Whether a style hides its text."""
        return name is not None and self._of(name)[0]

    def is_heading(self, name: str | None) -> bool:
        """Whether a style is a heading's."""
        return name is not None and self._of(name)[1]

    def _of(self, name: str) -> tuple[bool, bool]:
        known = self._known.get(name)
        if known is None:
            chain = list(self._chain(name))
            hidden = any(_hides(child(style, "rPr")) for style in chain)
            level = next((v for style in chain if (v := value_of(child(style, "pPr"), "outlineLvl"))), "9")
            known = self._known[name] = hidden, level.isdecimal() and int(level) < 9
        return known

    def _chain(self, name: str) -> Iterator[etree._Element]:
        """A style and those it is based on."""
        seen: set[str] = set()
        while name in self._own and name not in seen:
            seen.add(name)
            yield self._own[name]
            name = value_of(self._own[name], "basedOn") or ""


_known_styles: dict[bytes, _Styles] = {}
_MOST_KNOWN = 16


def _styles(package: Package, part: str) -> _Styles:
    """What the styles say: mostly the same in hundreds of documents."""
    data = package.read(part)
    if data not in _known_styles:
        if len(_known_styles) >= _MOST_KNOWN:
            _known_styles.clear()
        _known_styles[data] = _Styles(package.parse(part))
    return _known_styles[data]


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
        text = _levelled(text)
        self.texts.append(text)
        self.length += len(text)

    def mark(self, kind: MarkKind, text: str, author: str | None, at: int) -> None:
        """Note a mark; the runs of one change are one mark."""
        if self.marks and kind != "comment":
            last = self.marks[-1]
            end = last.at + (len(last.text) if kind == "deleted" else 0)
            if (last.kind, last.author) == (kind, author) and at in {end, last.at}:
                self.marks[-1] = Mark(kind, last.text + text, author, last.at)
                return
        self.marks.append(Mark(kind, text, author, at))

    def story(self) -> Story:
        marks = tuple(mark for mark in self.marks if mark.kind == "comment" or mark.text.strip())
        spans = tuple(sorted(self.spans, key=lambda span: (span.start, -span.end)))
        return Story(self.kind, "".join(self.texts), spans, marks, tuple(self.headings), under=self.under)


@dataclass(frozen=True, slots=True)
class _State:
    """What holds for an element because of what it stands in."""

    hidden: bool = False
    change: MarkKind | None = None
    author: str | None = None
    muted: bool = False


class _StoryReader(TextWalker):
    """Reads the stories of one part, each text box after the text in which it is anchored.

    Args:
        part: the name of the part.
        styles: what its styles say.
        comments: by number, author and words of each comment.
        accepted: whether tracked changes count as accepted.
    """

    def __init__(
        self, part: str, styles: _Styles, comments: dict[str, tuple[str | None, str]], *, accepted: bool
    ) -> None:
        self._part, self._styles, self._comments, self._accepted = part, styles, comments, accepted
        self._state = _State()
        self._stories: list[_StoryBuilder] = []
        self._fields: list[list[str]] = []  # of each field around: the pieces of its code, then "" in its result

    def stories(self, root: etree._Element, kind: StoryKind) -> Iterator[Story]:
        """The stories of the part, the first of that kind."""
        self._ranks = {sdt: rank for rank, sdt in enumerate(sdt_elements(root))}
        self._story = _StoryBuilder(kind)
        self._stories.append(self._story)
        self.children(root)
        return (builder.story() for builder in self._stories)

    def sign(self, element: etree._Element, text: str) -> None:  # noqa: ARG002
        story, state = self._story, self._state
        if state.muted or (self._fields and self._in_skipped_field()):
            return
        text = text.replace("\n", " ")
        if state.change is not None:
            story.mark(state.change, text, state.author, story.length)
            if (state.change == "inserted") is not self._accepted:
                return
        if state.hidden:
            story.mark("hidden", text, None, story.length)
            return
        story.add(text)

    def run(self, element: etree._Element) -> None:
        look = None if self._state.hidden else child(element, "rPr")
        if look is not None and len(look) and _hides(look, self._styles.hide(value_of(look, "rStyle"))):
            self._with(replace(self._state, hidden=True), element)
        else:
            self.children(element)

    def paragraph(self, element: etree._Element) -> None:
        style = value_of(child(element, "pPr"), "pStyle")
        story, start, first, boxes = self._story, self._story.length, len(self._story.texts), len(self._stories)
        if self._styles.hide(style):
            self._with(replace(self._state, hidden=True), element)
        else:
            self.children(element)
        if self._styles.is_heading(style) and (text := " ".join("".join(story.texts[first:]).split())):
            story.headings.append((start, text))
            for box in self._stories[boxes:]:
                box.under = text
        if not self._state.muted:
            story.add("\n")

    def row(self, element: etree._Element) -> None:
        hidden = self._state.hidden or is_on(child(element, "trPr"), "hidden")
        self._with(replace(self._state, hidden=hidden), element)

    def control(self, element: etree._Element) -> None:
        content = content_of(element)
        if content is None:
            return
        story, start, properties = self._story, self._story.length, child(element, "sdtPr")
        self.children(content)
        tag, alias = value_of(properties, "tag") or None, value_of(properties, "alias") or None
        story.spans.append(Span(start, story.length, tag, alias, self._part, self._ranks[element]))

    def change(self, element: etree._Element) -> None:
        kind: MarkKind = "inserted" if local(element) in _INSERTED else "deleted"
        self._with(replace(self._state, change=kind, author=attribute(element, "author")), element)

    def deleted_text(self, element: etree._Element) -> None:
        if element.text:
            self.sign(element, element.text)

    def comment_reference(self, element: etree._Element) -> None:
        author, text = self._comments.get(attribute(element, "id") or "", (None, ""))
        self._story.mark("comment", text, author, self._story.length)

    def imported_file(self, element: etree._Element) -> None:  # noqa: ARG002
        """Nobody can have read its text, which Word takes in when it opens this document."""
        self._story.mark("hidden", "contenu d’un autre fichier", None, max(self._story.length - 1, 0))

    def box(self, element: etree._Element) -> None:
        outer = self._story, self._fields, self._state
        _, under = self._story.headings[-1] if self._story.headings else (0, "")
        self._story, self._fields, self._state = _StoryBuilder("box", under), [], _State()
        self._stories.append(self._story)
        self.children(element)
        self._story, self._fields, self._state = outer

    def fallback(self, element: etree._Element) -> None:
        """The same drawing for older programs: only its boxes are read, whose text may differ."""
        self._with(_State(muted=True), element)

    def field_mark(self, element: etree._Element) -> None:
        """A complex field: its code, then its result (17.16.18)."""
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._fields.append([])
        elif kind == "separate" and self._fields:
            self._fields[-1].append("")
        elif kind == "end" and self._fields:
            self._fields.pop()

    def field_code(self, element: etree._Element) -> None:
        if self._fields:
            self._fields[-1].append(element.text or "")

    def simple_field(self, element: etree._Element) -> None:
        self._fields.append([attribute(element, "instr") or "", ""])
        self.children(element)
        self._fields.pop()

    def _with(self, state: _State, element: etree._Element) -> None:
        """Read what stands in an element that changes the state."""
        outer, self._state = self._state, state
        self.children(element)
        self._state = outer

    def _in_skipped_field(self) -> bool:
        """Inside a field's code, or in the result of a page number."""
        return any(
            not code or code[-1] != "" or _PAGE_FIELDS & set("".join(code).upper().split()[:1]) for code in self._fields
        )


def _hides(look: etree._Element | None, by_style: bool = False) -> bool:
    """Whether a look keeps a text from being read: hidden, white on white, or a point high."""
    if look is None:
        return by_style
    size, colour = value_of(look, "sz"), value_of(look, "color")
    if child(look, "vanish") is not None:
        return is_on(look, "vanish")
    if by_style:
        return True
    if size is not None and size.isdecimal() and int(size) <= _TINY:
        return True
    shading = child(look, "shd")
    fill = attribute(shading, "fill") if shading is not None else None
    return _is_white(colour) and (fill in {None, "auto"} or _is_white(fill))


def _is_white(colour: str | None) -> bool:
    try:
        return colour is not None and len(colour) == 6 and min(bytes.fromhex(colour)) >= _NEARLY_WHITE
    except ValueError:
        return False


def _comments(root: etree._Element) -> dict[str, tuple[str | None, str]]:
    """Author and words of each comment, by its number."""
    return {
        attribute(comment, "id") or "": (attribute(comment, "author"), " ".join(visible_text(comment).split()))
        for comment in word_iter(root, "comment")
    }
