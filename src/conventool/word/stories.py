"""The text of a Word document, with what is tracked, hidden or commented told apart (ISO/IEC 29500-1, 17.3 and 17.13).

Page numbers are left out: they are the printer's, not the author's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from conventool.stories import Mark, MarkKind, Span, Story, StoryKind, levelled
from conventool.word.controls import content_of, visible_text
from conventool.word.names import MC, WORD, attribute, child, value_of, word_children, word_iter
from conventool.word.package import Package

__all__ = ["read_stories"]

_PARTS: dict[str, StoryKind] = {"header": "header", "footer": "footer", "footnotes": "note", "endnotes": "note"}
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_FALLBACK = f"{{{MC}}}Fallback"
_SHOWN = {"tab": " ", "ptab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_SKIPPED = frozenset({"rPr", "pPr", "sdtPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx"})
_INSERTED, _DELETED = ("ins", "moveTo"), ("del", "moveFrom")
_PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_OFF = frozenset({"0", "false", "off"})
_TINY = 6  # half-points: three points, which nobody reads
_NEARLY_WHITE = 0xF0


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
    roots = {kind: package.parse(target) for kind, target in related if kind in {"styles", "comments"}}
    styles, comments = _Styles(roots.get("styles")), _comments(roots.get("comments"))
    found: list[Story] = []
    for kind, part in [("body", main), *related]:
        if part == main or kind in _PARTS:
            teller = _Teller(part, styles, comments, accepted=accepted)
            found += teller.tell(package.parse(part), "body" if part == main else _PARTS[kind])
    seen: set[tuple[str, str]] = set()
    return tuple(
        story
        for story in found
        if (story.text.strip() or story.marks or story.kind == "body")
        and not ((story.kind, story.text) in seen or seen.add((story.kind, story.text)))  # type: ignore[func-returns-value]
    )


class _Styles:
    """What the styles of a document say of a text: hidden, or a heading."""

    def __init__(self, root: etree._Element | None) -> None:
        self.hidden: set[str] = set()
        self.headings: set[str] = set()
        styles = list(word_children(root, "style")) if root is not None else []
        based_on = {attribute(style, "styleId") or "": value_of(style, "basedOn") for style in styles}
        own = {attribute(style, "styleId") or "": style for style in styles}
        for name in own:
            chain, at = [], name
            while at in own and at not in chain:
                chain.append(at)
                at = based_on[at] or ""
            if any(_hides(child(own[one], "rPr")) for one in chain):
                self.hidden.add(name)
            level = next((v for one in chain if (v := value_of(child(own[one], "pPr"), "outlineLvl"))), "9")
            if level.isdecimal() and int(level) < 9:
                self.headings.add(name)


@dataclass
class _Telling:
    """One story as it is told."""

    kind: StoryKind
    out: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[Span] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)

    def say(self, text: str) -> None:
        text = levelled(text)
        self.out.append(text)
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
        return Story(self.kind, "".join(self.out), spans, marks, tuple(self.headings))


@dataclass(frozen=True, slots=True)
class _State:
    """What holds for an element because of what it stands in."""

    hidden: bool = False
    change: MarkKind | None = None
    author: str | None = None
    muted: bool = False


class _Teller:
    """Tells the stories of one part, the text boxes after the text that they stand in."""

    def __init__(
        self, part: str, styles: _Styles, comments: dict[str, tuple[str | None, str]], *, accepted: bool
    ) -> None:
        self._part, self._styles, self._comments, self._accepted = part, styles, comments, accepted
        self._fields: list[list[str]] = []
        self._told: list[_Telling] = []

    def tell(self, root: etree._Element, kind: StoryKind) -> Iterator[Story]:
        self._ranks = {sdt: rank for rank, sdt in enumerate(word_iter(root, "sdt"))}
        self._begin(root, kind)
        return (telling.story() for telling in self._told)

    def _begin(self, root: etree._Element, kind: StoryKind) -> None:
        telling = _Telling(kind)
        self._told.append(telling)
        outer, self._fields = self._fields, []
        self._children(root, telling, _State())
        self._fields = outer

    def _children(self, element: etree._Element, telling: _Telling, state: _State) -> None:
        for inner in element:
            self._element(inner, telling, state)

    def _element(self, element: etree._Element, telling: _Telling, state: _State) -> None:  # noqa: C901, PLR0912 (one branch for each element of the format)
        name = _name(element.tag)
        if name in {"t", "delText"}:
            self._say(element.text or "", telling, state)
        elif name in _SHOWN:
            self._say(_SHOWN[name], telling, state)
        elif name == "r":
            self._children(element, telling, self._in_run(element, state))
        elif name == "p":
            self._paragraph(element, telling, state)
        elif name in _SKIPPED:
            return
        elif name == "sdt":
            self._control(element, telling, state)
        elif name in _INSERTED or name in _DELETED:
            change: MarkKind = "inserted" if name in _INSERTED else "deleted"
            inner = _State(state.hidden, change, attribute(element, "author"), state.muted)
            self._children(element, telling, inner)
        elif name == "tr":
            row_hidden = _is_on(child(child(element, "trPr"), "hidden"))
            self._children(
                element, telling, _State(state.hidden or row_hidden, state.change, state.author, state.muted)
            )
        elif name == "sym":
            self._say(_symbol(element), telling, state)
        elif name == "fldChar":
            self._field(attribute(element, "fldCharType"))
        elif name == "instrText" and self._fields:
            self._fields[-1].append(element.text or "")
        elif name == "fldSimple":
            self._fields.append([attribute(element, "instr") or "", ""])
            self._children(element, telling, state)
            self._fields.pop()
        elif name == "commentReference":
            author, text = self._comments.get(attribute(element, "id") or "", (None, ""))
            telling.mark("comment", text, author, telling.length)
        elif name == "txbxContent":
            self._begin(element, "box")
        elif element.tag == _FALLBACK:  # the same drawing for older programs: only its boxes are read
            self._children(element, telling, _State(muted=True))
        else:
            self._children(element, telling, state)

    def _paragraph(self, element: etree._Element, telling: _Telling, state: _State) -> None:
        style = value_of(child(element, "pPr"), "pStyle")
        start, first = telling.length, len(telling.out)
        if style in self._styles.hidden:
            state = _State(hidden=True, change=state.change, author=state.author, muted=state.muted)
        self._children(element, telling, state)
        text = " ".join("".join(telling.out[first:]).split())
        if text and style in self._styles.headings:
            telling.headings.append((start, text))
        if not state.muted:
            telling.say("\n")

    def _control(self, sdt: etree._Element, telling: _Telling, state: _State) -> None:
        content = content_of(sdt)
        if content is None:
            return
        start, properties = telling.length, child(sdt, "sdtPr")
        self._children(content, telling, state)
        tag, alias = value_of(properties, "tag") or None, value_of(properties, "alias") or None
        telling.spans.append(Span(start, telling.length, tag, alias, self._part, self._ranks[sdt]))

    def _in_run(self, run: etree._Element, state: _State) -> _State:
        look = child(run, "rPr")
        if look is None or not len(look) or state.hidden:
            return state
        hidden = _hides(look, value_of(look, "rStyle") in self._styles.hidden)
        return _State(True, state.change, state.author, state.muted) if hidden else state

    def _say(self, text: str, telling: _Telling, state: _State) -> None:
        if not text or state.muted or self._in_skipped_field():
            return
        if state.change is not None:
            telling.mark(state.change, text, state.author, telling.length)
            if (state.change == "inserted") is not self._accepted:
                return
        if state.hidden:
            telling.mark("hidden", text, None, telling.length)
            return
        telling.say(text)

    def _field(self, kind: str | None) -> None:
        """A complex field: its code, then its result (17.16.18)."""
        if kind == "begin":
            self._fields.append([])
        elif kind == "separate" and self._fields:
            self._fields[-1].append("")
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _in_skipped_field(self) -> bool:
        """Inside a field's code, or in the result of a page number."""
        return any(
            not code or code[-1] != "" or _PAGE_FIELDS & set("".join(code).upper().split()[:1]) for code in self._fields
        )


@lru_cache(maxsize=1024)
def _name(tag: object) -> str:
    """The local name of a WordprocessingML or mathematical element; empty for any other node."""
    namespace, _, name = str(tag).rpartition("}") if isinstance(tag, str) else ("", "", "")
    return name if namespace[1:] in WORD or (namespace[1:] == _MATH and name == "t") else ""


def _is_on(toggle: etree._Element | None) -> bool:
    return toggle is not None and (attribute(toggle, "val") or "true") not in _OFF


def _hides(look: etree._Element | None, by_style: bool = False) -> bool:
    """Whether a look keeps a text from being read: hidden, white on white, or a point high."""
    if look is None:
        return by_style
    vanish, size, colour = child(look, "vanish"), value_of(look, "sz"), value_of(look, "color")
    if vanish is not None or by_style:
        return by_style if vanish is None else _is_on(vanish)
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


def _symbol(element: etree._Element) -> str:
    """A character given by its number in a font, often in the private area (17.3.3.30)."""
    try:
        return chr(int(attribute(element, "char") or "", 16))
    except (ValueError, OverflowError):
        return ""


def _comments(root: etree._Element | None) -> dict[str, tuple[str | None, str]]:
    """Author and words of each comment, by its number."""
    if root is None:
        return {}
    return {
        attribute(comment, "id") or "": (attribute(comment, "author"), " ".join(visible_text(comment).split()))
        for comment in word_iter(root, "comment")
    }
