"""The text of a Word document, with what is tracked, hidden or commented told apart (ISO/IEC 29500-1, 17.3 and 17.13).

Page numbers are left out: they are the printer's, not the author's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import ClassVar, TypeAlias

from lxml import etree

from conventool.text.stories import Mark, MarkKind, Span, Story, StoryKind, levelled
from conventool.word.controls import content_of, visible_text
from conventool.word.names import MC, attribute, child, local, tags, value_of, word_children, word_iter
from conventool.word.package import Package

__all__ = ["read_stories"]

_PARTS: dict[str, StoryKind] = {"header": "header", "footer": "footer", "footnotes": "note", "endnotes": "note"}
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_SHOWN = {"tab": " ", "ptab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_SKIPPED = frozenset({"rPr", "pPr", "sdtPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx"})
_INSERTED, _DELETED = ("ins", "moveTo"), ("del", "moveFrom")
_PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_OFF = frozenset({"0", "false", "off"})
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
    """What the styles of a document say of a text: hidden, or a heading. A style is looked at when a text has it."""

    def __init__(self, root: etree._Element | None) -> None:
        styles = word_children(root, "style") if root is not None else ()
        self._own = {attribute(style, "styleId") or "": style for style in styles}
        self._known: dict[str, tuple[bool, bool]] = {}

    def hide(self, name: str | None) -> bool:
        """Whether a style hides its text."""
        return name is not None and self._of(name)[0]

    def head(self, name: str | None) -> bool:
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
class _Telling:
    """One story as it is told."""

    kind: StoryKind
    under: str = ""
    out: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[Span] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)

    def say(self, text: str) -> None:
        text = _levelled(text)
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
        return Story(self.kind, "".join(self.out), spans, marks, tuple(self.headings), under=self.under)


@dataclass(frozen=True, slots=True)
class _State:
    """What holds for an element because of what it stands in."""

    hidden: bool = False
    change: MarkKind | None = None
    author: str | None = None
    muted: bool = False


_Tell: TypeAlias = "Callable[[_Teller, etree._Element], None]"


def _by_tag(tells: Mapping[str, _Tell]) -> dict[object, _Tell]:
    """By the whole tag, in both editions of the format."""
    return {tag: tell for name, tell in tells.items() for tag in tags(name)}


class _Teller:
    """Tells the stories of one part, the text boxes after the text that they stand in."""

    def __init__(
        self, part: str, styles: _Styles, comments: dict[str, tuple[str | None, str]], *, accepted: bool
    ) -> None:
        self._part, self._styles, self._comments, self._accepted = part, styles, comments, accepted
        self._state = _State()
        self._told: list[_Telling] = []
        self._fields: list[list[str]] = []

    def tell(self, root: etree._Element, kind: StoryKind) -> Iterator[Story]:
        self._ranks = {sdt: rank for rank, sdt in enumerate(word_iter(root, "sdt"))}
        self._telling = _Telling(kind)
        self._told.append(self._telling)
        self._children(root)
        return (telling.story() for telling in self._told)

    def _children(self, element: etree._Element) -> None:
        for inner in element:
            self._TELLS.get(inner.tag, _Teller._children)(self, inner)

    def _with(self, state: _State, element: etree._Element) -> None:
        """Tell what stands in an element that changes the state."""
        outer, self._state = self._state, state
        self._children(element)
        self._state = outer

    def _text(self, element: etree._Element) -> None:
        self._say(element.text or "")

    def _sign(self, element: etree._Element) -> None:
        self._say(_SHOWN[local(element)])

    def _symbol(self, element: etree._Element) -> None:
        """A character given by its number in a font, often in the private area (17.3.3.30)."""
        with suppress(ValueError, OverflowError):
            self._say(chr(int(attribute(element, "char") or "", 16)))

    def _nothing(self, element: etree._Element) -> None:
        """Pass over what describes, and says nothing."""

    def _run(self, run: etree._Element) -> None:
        look = None if self._state.hidden else child(run, "rPr")
        if look is not None and len(look) and _hides(look, self._styles.hide(value_of(look, "rStyle"))):
            self._with(replace(self._state, hidden=True), run)
        else:
            self._children(run)

    def _paragraph(self, paragraph: etree._Element) -> None:
        style = value_of(child(paragraph, "pPr"), "pStyle")
        telling, start, first, boxes = self._telling, self._telling.length, len(self._telling.out), len(self._told)
        if self._styles.hide(style):
            self._with(replace(self._state, hidden=True), paragraph)
        else:
            self._children(paragraph)
        if self._styles.head(style) and (text := " ".join("".join(telling.out[first:]).split())):
            telling.headings.append((start, text))
            for box in self._told[boxes:]:
                box.under = text
        if not self._state.muted:
            telling.say("\n")

    def _row(self, row: etree._Element) -> None:
        hidden = self._state.hidden or _is_on(child(child(row, "trPr"), "hidden"))
        self._with(replace(self._state, hidden=hidden), row)

    def _control(self, sdt: etree._Element) -> None:
        content = content_of(sdt)
        if content is None:
            return
        telling, start, properties = self._telling, self._telling.length, child(sdt, "sdtPr")
        self._children(content)
        tag, alias = value_of(properties, "tag") or None, value_of(properties, "alias") or None
        telling.spans.append(Span(start, telling.length, tag, alias, self._part, self._ranks[sdt]))

    def _change(self, element: etree._Element) -> None:
        """A tracked change: an insertion or a deletion, be it of a move."""
        change: MarkKind = "inserted" if local(element) in _INSERTED else "deleted"
        self._with(replace(self._state, change=change, author=attribute(element, "author")), element)

    def _comment(self, reference: etree._Element) -> None:
        author, text = self._comments.get(attribute(reference, "id") or "", (None, ""))
        self._telling.mark("comment", text, author, self._telling.length)

    def _import(self, _: etree._Element) -> None:
        """Another file, which Word takes in when it opens this one (17.17.2.1): nobody can have read its text."""
        self._telling.mark("hidden", "contenu d’un autre fichier", None, max(self._telling.length - 1, 0))

    def _box(self, element: etree._Element) -> None:
        outer = self._telling, self._fields, self._state
        _, under = self._telling.headings[-1] if self._telling.headings else (0, "")
        self._telling, self._fields, self._state = _Telling("box", under), [], _State()
        self._told.append(self._telling)
        self._children(element)
        self._telling, self._fields, self._state = outer

    def _fallback(self, element: etree._Element) -> None:
        """The same drawing for older programs: only its boxes are read."""
        self._with(_State(muted=True), element)

    def _field(self, element: etree._Element) -> None:
        """A complex field: its code, then its result (17.16.18)."""
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._fields.append([])
        elif kind == "separate" and self._fields:
            self._fields[-1].append("")
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _field_code(self, element: etree._Element) -> None:
        if self._fields:
            self._fields[-1].append(element.text or "")

    def _simple_field(self, element: etree._Element) -> None:
        self._fields.append([attribute(element, "instr") or "", ""])
        self._children(element)
        self._fields.pop()

    def _in_skipped_field(self) -> bool:
        """Inside a field's code, or in the result of a page number."""
        return any(
            not code or code[-1] != "" or _PAGE_FIELDS & set("".join(code).upper().split()[:1]) for code in self._fields
        )

    def _say(self, text: str) -> None:
        telling, state = self._telling, self._state
        if not text or state.muted or (self._fields and self._in_skipped_field()):
            return
        if state.change is not None:
            telling.mark(state.change, text, state.author, telling.length)
            if (state.change == "inserted") is not self._accepted:
                return
        if state.hidden:
            telling.mark("hidden", text, None, telling.length)
            return
        telling.say(text)

    _TELLS: ClassVar = _by_tag(
        {
            **dict.fromkeys(("t", "delText"), _text),
            **dict.fromkeys(_SHOWN, _sign),
            **dict.fromkeys(_SKIPPED, _nothing),
            **dict.fromkeys((*_INSERTED, *_DELETED), _change),
            "r": _run,
            "p": _paragraph,
            "tr": _row,
            "sdt": _control,
            "sym": _symbol,
            "fldChar": _field,
            "instrText": _field_code,
            "fldSimple": _simple_field,
            "commentReference": _comment,
            "txbxContent": _box,
            "altChunk": _import,
        }
    ) | {f"{{{_MATH}}}t": _text, f"{{{MC}}}Fallback": _fallback}


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


def _comments(root: etree._Element) -> dict[str, tuple[str | None, str]]:
    """Author and words of each comment, by its number."""
    return {
        attribute(comment, "id") or "": (attribute(comment, "author"), " ".join(visible_text(comment).split()))
        for comment in word_iter(root, "comment")
    }
