"""The pattern of a template's filled documents: its fixed text, and between its stretches the slots that values fill.

What the manifest gives every adherent alike, such as the signatories of the other parties, is fixed text too.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, NamedTuple, TypeAlias

from conventool.adherent.fields import TEXT_LIMIT
from conventool.adherent.kinds import KINDS
from conventool.core.problems import Problem
from conventool.returned.confusables import skeleton
from conventool.returned.item_pattern import ItemPattern, curled, spaced
from conventool.template.bindings import Binder
from conventool.template.fields import Champ
from conventool.template.folder import TemplateFolder
from conventool.text.stories import Mark, MarkKind, Span, Story, StoryKind, levelled, squeezed
from conventool.word.controls import Control, Document
from conventool.word.field_results import instruction
from conventool.word.foreign import Foreign, foreign_content
from conventool.word.package import Package
from conventool.word.page_layout import PageLayout, page_layout
from conventool.word.repetitions import Repetition
from conventool.word.stories import read_stories
from conventool.word.values import Blank, Filling, Value, prepare

__all__ = ["Passage", "Slot", "StoryPattern", "TemplatePattern", "Word", "template_pattern"]

_DATE = r"(?:[^\W\d]{5,8}\s+)?\d{1,2}(?:er)?\s*[^\W\d]{3,9}\.?\s*\d{4}|\d{1,4}[/.\-]\d{1,2}[/.\-]\d{2,4}"
_LINE = r"[.…_\s]*"
_WORDS: Mapping[str, str] = {
    "forme": "|".join(
        re.escape(label).replace(r"\ ", r"\s+")
        for label in sorted((kind.label for kind in KINDS.values() if kind.label), key=len, reverse=True)
    )
    + "|.+?",
    "nom_lien": r"de\s+la|de\s+l’|du|des|de|d’|",
    "commune_lien": r"à|au|aux",
    "commune": r"[^,(]+(?:\([^()\d]+\)\s*)?",
    "ville": r"[^,(]+(?:\([^()\d]+\)\s*)?",
    "code_postal": r"\d{5}",
    "sise": r"sise?",
    "representee": r"représentée?",
    "designee": r"désignée?",
    "autorise": r"autorisée?",
    "representant": r"(?:Madame|Monsieur)\s.+",
    "fonction": r".+,",
    "decision_date": _DATE,
    "signatures": rf"(?:le\s+)?(?:{_DATE})|{_LINE}",
    "reconduction": r"tacite|expresse",
    "protection.sort": rf"(?i:restitution|suppression)|{_LINE}",
}
"""What may stand for each word of an adherent, or those below it, where not just anything can: a pattern of text."""

_EMPTY_BOXES = "☐□▢◻⬜❏❑❒\uf0a8"
_BOXES = {"checked": rf"[^\s{_EMPTY_BOXES}]", "unchecked": rf"[{_EMPTY_BOXES}]"}
_BOX = r"\S"
_FREE = r".*"
_ANYTHING = r".+"
_BRACES = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_LITERAL = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_FILTER = re.compile(rf"\s*\|\s*(\w+)(?:\(\s*({_LITERAL})\s*\))?")
_OWN_OF = re.compile(rf"champs\.(?P<name>\w+)(?P<filters>(?:{_FILTER.pattern})*)(?:\s+or\s+\w+)?")
_KEEP_THE_VALUE = frozenset(["majuscule", "upper", "lower", "initiale", "initiales", "euros", "date_longue"])
_PICTURES = frozenset(["nombre", "date"])
_DIGITS = r"[-−]?\d[\d\s.,]*(?:\s*€)?"
_WORD_OF = re.compile(r"adherent\.(?P<path>\w+(?:\.\w+)?)(?:\s+or\s+\w+)?")
_DAY_PRINTED = rf"(?:{_DATE}|[\d\s./:-]*)"
_COUNTED = r"[\divxlcIVXLC.]*"
_PRINTED = {
    **dict.fromkeys(("CREATEDATE", "DATE", "PRINTDATE", "SAVEDATE", "TIME"), _DAY_PRINTED),
    **dict.fromkeys(("NOTEREF", "PAGEREF", "SEQ"), _COUNTED),
    "FILENAME": r"[^\n]{1,300}\.[A-Za-z]{3,4}",
}
"""What Word prints for a field on its own."""
_COPYING = ("champ TOC", "champ STYLEREF")
"""How the names of fields begin that copy headings."""
_PAGE_NUMBER = re.compile(r"\d+\s*$")
_TRANSPARENT = frozenset({"group", "repeat", "repeat-item", "building-block", "citation", "other"})
_SHORTEST_ANCHOR = 8

_Filled: TypeAlias = "tuple[int, int, str | Slot]"
"""Where something stands in a text, and what: a text that is the same for all, or a slot."""


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A place for a value.

    Attributes:
        address: of the control, as the manifest has it.
        tag: of the control.
        alias: of the control.
        prompt: what it shows empty, without white space.
        pattern: what may stand in it, its prompt left out; the words of the adherent are its named groups.
        words: the paths of these words, by group.
        is_mark: whether one of a few texts stands here that tell the copies apart, or nothing.
        choices: what its list proposes and its prompt, without white space; none where it has no list.
        date_format: how its control writes a day, empty where it is no date.
        repeated: for a field, what its result is made of the values by address, where that is known.
        may_be_old: whether Word alone renews it, so that it may be old.
        own: by group, the fields of the template's own that stand in it.
        pictures: by group, the filter and the picture that such a field is written with.
        items: of a repeating section, what each of its elements says.
        in_paragraphs: is each line of its value a paragraph?
        empty_box: what a checkbox shows while it is not ticked; empty where there is none.
        language: in which its control writes a day.
    """

    address: str
    tag: str | None
    alias: str | None
    prompt: str
    pattern: str
    words: Mapping[str, str] = field(default_factory=dict)
    is_mark: bool = False
    choices: frozenset[str] = frozenset()
    date_format: str = ""
    repeated: Callable[[Mapping[str, str]], str | None] | None = None
    may_be_old: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    items: ItemPattern | None = None
    in_paragraphs: bool = False
    empty_box: str = ""
    language: str = ""

    @property
    def label(self) -> str:
        """How a person calls it."""
        return self.alias or self.address

    @property
    def longest(self) -> int:
        """How many characters a value may have: those of a few fields, or any number where no field is told."""
        return 3 * TEXT_LIMIT if self.words else sys.maxsize

    def picture(self, group: str) -> str:
        """How a day is written in one of its groups."""
        way, picture = self.pictures.get(group, ("", ""))
        return picture if way == "date" else self.date_format

    def compared(self, text: str) -> str:
        """A value as others are held against it: of a box only its state, whatever sign shows it."""
        if not self.empty_box:
            return text
        return "☐" if text.strip() in {"", self.empty_box, *_EMPTY_BOXES} else "☒"

    def is_control(self, span: Span) -> bool:
        """Whether a control of a document is this one: it has its tag, or without any its title."""
        return span.tag == self.tag if span.tag else bool(span.alias) and span.alias == self.alias

    def accepts(self, text: str, *, on_paper: bool) -> bool:
        """Whether a text may stand here: a value, or the prompt that nobody replaced; on paper lines end anywhere."""
        if self.items is not None:
            return self.items.split(text, on_paper=on_paper) is not None
        return self.match(text) is not None or self.shows_prompt(text) or (self.is_mark and not text.strip())

    def match(self, text: str) -> re.Match[str] | None:
        """The words of the adherent in a value, by the groups of ``words``; None where it is no such value."""
        text = curled(text.strip())
        return _match(self.pattern, text) if len(text) <= self.longest else None

    def search(self, text: str) -> re.Match[str] | None:
        """The first place in a text that could be a value, as whole words."""
        return re.search(rf"(?<!\w)(?:{self.pattern})(?!\w)", curled(text), re.DOTALL)

    def shows_prompt(self, text: str) -> bool:
        """Whether this is the prompt, which nobody replaced."""
        begins_alike = bool(self.prompt) and text.lstrip().startswith(self.prompt[0])  # cheaper, and mostly false
        return begins_alike and squeezed(text) == self.prompt


@lru_cache(maxsize=4096)
def _match(pattern: str, text: str) -> re.Match[str] | None:
    """Whether a text is of a pattern: the copies of an adherent, and those who judge them, ask it many times."""
    return re.fullmatch(pattern, text, re.DOTALL)


@dataclass(frozen=True)
class Passage:
    """A paragraph of the template: fixed stretches and slots.

    Attributes:
        items: in order.
        heading: of the article that it stands in, empty before the first.
        after_empty: how many empty paragraphs stand before it.
    """

    items: tuple[str | Slot, ...]
    heading: str
    after_empty: int = 0

    @cached_property
    def key(self) -> str:
        """Its fixed text without white space, a NUL for each slot."""
        return "".join(squeezed(item) if isinstance(item, str) else "\0" for item in self.items)

    @cached_property
    def text(self) -> str:
        """As a person reads it, a slot by its name in brackets."""
        return "".join(item if isinstance(item, str) else f"[{item.label}]" for item in self.items).strip()

    @cached_property
    def source(self) -> str:
        """Its text as it is spaced, a NUL for each slot."""
        return "".join(item if isinstance(item, str) else "\0" for item in self.items)

    @property
    def slots(self) -> list[Slot]:
        """Its slots."""
        return [item for item in self.items if isinstance(item, Slot)]


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a sign of a template's fixed text, or a slot.

    Attributes:
        text: the word; a NUL for a slot.
        key: equal for words that are drawn alike.
        passage: rank of its paragraph.
        start: where it begins in the paragraph's source.
        end: where it ends.
        slot: the slot.
        is_first: of its paragraph.
        is_last: of its paragraph.
    """

    text: str
    key: str
    passage: int
    start: int
    end: int
    slot: Slot | None
    is_first: bool
    is_last: bool


@dataclass(frozen=True)
class StoryPattern:
    """One story of a template.

    Attributes:
        kind: which.
        passages: its paragraphs that are not empty.
        marks: what is hidden or commented in the template itself.
        under: for a text box, the heading under which it is.
    """

    kind: StoryKind
    passages: tuple[Passage, ...]
    marks: tuple[Mark, ...] = ()
    under: str = ""

    @cached_property
    def anchors(self) -> dict[int, str]:
        """The paragraphs without slots that occur once: their text finds its place by itself."""
        whole = "".join(passage.key for passage in self.passages)
        return {
            index: passage.key
            for index, passage in enumerate(self.passages)
            if "\0" not in passage.key and len(passage.key) >= _SHORTEST_ANCHOR and whole.count(passage.key) == 1
        }

    @cached_property
    def words(self) -> tuple[tuple[Word, ...], ...]:
        """The words of each paragraph, and its slots."""
        return tuple(tuple(_words(passage, rank)) for rank, passage in enumerate(self.passages))

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All its slots, in order."""
        return tuple(slot for passage in self.passages for slot in passage.slots)

    @cached_property
    def fixed(self) -> tuple[str, ...]:
        """The text before, between and after the slots, without white space."""
        return tuple("".join(passage.key for passage in self.passages).split("\0"))


def _words(passage: Passage, rank: int) -> Iterator[Word]:
    slots = iter(passage.slots)
    tokens = list(re.finditer(r"\0|\w+|[^\w\s]", passage.source))
    for place, token in enumerate(tokens):
        slot = next(slots) if token[0] == "\0" else None
        yield Word(
            token[0], skeleton(token[0]), rank, token.start(), token.end(), slot, place == 0, place == len(tokens) - 1
        )


class _Drawn(NamedTuple):
    """What a document draws besides its text, and what it draws in other fonts than those of text, by kind and text."""

    foreign: tuple[Foreign, ...]
    signs: Counter[tuple[MarkKind, str]]


@dataclass(frozen=True)
class TemplatePattern:
    """A template as documents filled from it are held against.

    Attributes:
        name: of its folder.
        folder: the template.
        stories: the patterns of its texts.
        copies: the values that tell the copies apart, by the copy's key, then by address.
        foreign: what it draws besides its text.
        layout: how its pages are laid out.
    """

    name: str
    folder: TemplateFolder
    stories: tuple[StoryPattern, ...]
    copies: Mapping[str, Mapping[str, str]]
    foreign: tuple[Foreign, ...] = ()
    layout: PageLayout = field(default_factory=PageLayout)

    def drawn(self, values: Mapping[str, str]) -> tuple[Foreign, ...]:
        """What a document with some values draws besides its text: elements of repeating sections, signs of boxes."""
        return self._filled(values).foreign

    def signs(self, values: Mapping[str, str]) -> Counter[tuple[MarkKind, str]]:
        """What such a document draws in other fonts than those of text, by kind and text."""
        return self._filled(values).signs

    def _filled(self, values: Mapping[str, str]) -> _Drawn:
        """A document with as many elements as the values say, and with such boxes."""
        filled: dict[str, bool | list[dict[str, Value]]] = {}
        for slot in self.slots.values():
            items = slot.items.split(values.get(slot.address, ""), on_paper=False) if slot.items else None
            if items is not None and len(items) != 1:
                filled[slot.address] = [{}] * len(items)
            if slot.empty_box not in {"", "☐"}:  # of a font of its own
                filled[slot.address] = slot.compared(values.get(slot.address, "")) == "☒"
        if not filled:
            return _Drawn(self.foreign, Counter())
        key = tuple((address, value if isinstance(value, bool) else len(value)) for address, value in filled.items())
        if key not in self._drawn:
            package = Package(self.folder.document.fill(filled), self.name)
            marks = (mark for story in read_stories(package) for mark in story.marks)
            signs = Counter((mark.kind, squeezed(mark.text)) for mark in marks)
            self._drawn[key] = _Drawn(tuple(foreign_content(package)), signs)
        return self._drawn[key]

    @cached_property
    def _drawn(self) -> dict[tuple[tuple[str, int], ...], _Drawn]:
        """By the numbers of elements and the states of boxes, what a document draws; a list has few of these."""
        return {}

    @property
    def key(self) -> str:
        """Tells it from all others: its folder, and which of its pieces it is."""
        return f"{self.folder.folder}, {self.folder.key}"

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of the main text, whichever way they are drawn."""
        return frozenset(word.key for words in self.body.words for word in words if word.text.isalpha())

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """All slots, by address."""
        return {slot.address: slot for pattern in self.stories for slot in pattern.slots}

    @cached_property
    def dated(self) -> dict[str, Slot]:
        """The slots, by address, that tell a day: of the decision, or of a signature."""
        dated = ("decision_date", "signatures.")
        return {a: slot for a, slot in self.slots.items() if any(w.startswith(dated) for w in slot.words.values())}

    @cached_property
    def fixed_text(self) -> str:
        """All its fixed text without white space, a NUL for each slot."""
        return "\0".join(passage.key for pattern in self.stories for passage in pattern.passages)

    @cached_property
    def body_text(self) -> str:
        """The fixed text of its main text, likewise."""
        return "\0".join(passage.key for passage in self.body.passages)

    @cached_property
    def paragraphs(self) -> frozenset[str]:
        """The paragraphs of its main text that have no slots, without white space."""
        return frozenset(passage.key for passage in self.body.passages if not passage.slots)

    @cached_property
    def neighbours(self) -> tuple[tuple[str, ...], ...]:
        """The addresses of slots with no fixed text between them: where one ends, only controls can tell."""
        groups: list[list[str]] = []
        for pattern in self.stories:
            for slot, before in zip(pattern.slots, pattern.fixed, strict=False):
                if before or slot is pattern.slots[0]:
                    groups.append([])
                groups[-1].append(slot.address)
        return tuple(map(tuple, groups))

    @property
    def body(self) -> StoryPattern:
        """The main text."""
        return next(pattern for pattern in self.stories if pattern.kind == "body")


def template_pattern(folder: TemplateFolder) -> TemplatePattern:
    """Work out the pattern of a template's filled documents.

    Raises:
        TemplateError: the template is not sound.
    """
    package = Package.open(folder.folder / folder.manifest.document)
    controls = Document(package).controls
    binder = Binder(folder)
    constants = binder.constants()
    copies = {key: {a: levelled(str(value)) for a, value in own.items()} for key, own in binder.marks().items()}
    index_of = {(site.part, site.rank): index for index, control in enumerate(controls) for site in control.sites}
    served = {folder.document.find(address).address: address for address in folder.manifest.controles}

    def filling_of(index: int) -> str | Slot:
        address = served.get(controls[index].address, controls[index].address)
        return _filling(folder, controls[index], address, constants, copies)

    fields = folder.document.repetitions(folder.manifest.controles)
    drafts: list[tuple[Story, list[_Filled], list[Span]]] = []
    for story in read_stories(package):
        blanks: list[_Filled] = []
        copying = [span for span in story.spans if _copies_headings(span, fields)]
        for span in story.spans:
            if (blanks and span.start < blanks[-1][1]) or span in copying:
                continue
            index = index_of.get((span.part, span.rank))
            if index is None:
                filling = _field(span, story.text[span.start : span.end], fields, filling_of)
            elif controls[index].address in served and controls[index].kind == "repeat":
                filling = _section(folder, controls[index], served[controls[index].address], story, index_of)
            else:
                filling = None if _is_part_of_text(controls[index], served) else filling_of(index)
            if filling is not None:
                blanks.append((span.start, span.end, filling))
        drafts.append((story, blanks, copying))
    foreign, layout = tuple(foreign_content(package)), page_layout(package)
    return TemplatePattern(folder.folder.name, folder, tuple(_patterns(drafts)), copies, foreign, layout)


def _is_part_of_text(control: Control, served: Mapping[str, str]) -> bool:
    """Is what stands in a control the template's text, or other controls? So if it is rich, and left as it is."""
    return control.kind in _TRANSPARENT or (control.kind == "rich" and control.filled and control.address not in served)


def _patterns(drafts: Sequence[tuple[Story, list[_Filled], list[Span]]]) -> Iterator[StoryPattern]:
    """The pattern of each story, of its blanks and of the paragraphs that its fields copy from the body."""
    paragraphs = [one for story, blanks, _ in drafts if story.kind == "body" for one in _paragraphs(story, blanks)]
    for story, blanks, copying in drafts:
        copied = [
            one for span in copying for one in _stale_table(story, span, blanks) or _copied(story, span, paragraphs)
        ]
        passages = _passages(story, sorted([*blanks, *copied], key=lambda blank: blank[0]))
        yield StoryPattern(story.kind, tuple(passages), story.marks, story.under)


def _paragraphs(story: Story, blanks: Sequence[_Filled]) -> Iterator[tuple[str, list[_Filled]]]:
    """The paragraphs of a story in which something is filled, with the places of that in them."""
    start = 0
    for line in story.text.split("\n"):
        inside = [(b - start, e - start, f) for b, e, f in blanks if start <= b and e <= start + len(line)]
        if inside:
            yield line, inside
        start += len(line) + 1


def _copied(story: Story, span: Span, paragraphs: Sequence[tuple[str, list[_Filled]]]) -> Iterator[_Filled]:
    """What Word renews in a field that copies headings: what is filled in them, and the numbers of their pages."""
    start = span.start
    for rank, line in enumerate(story.text[span.start : span.end].split("\n")):
        text = _PAGE_NUMBER.sub("", line)
        found = next((one for one in paragraphs if one[0].strip() and text.rstrip().endswith(one[0].strip())), None)
        if found is not None:
            heading, inside = found
            shift = start + len(text.rstrip()) - len(heading.rstrip())
            for begin, end, filling in inside:
                yield shift + begin, shift + end, _copy_of(filling, f"{span.tag} {rank} {begin} ({span.part})", span)
        if text != line:
            address = f"{span.tag} {rank} ({span.part})"
            yield start + len(text), start + len(line), Slot(address, None, span.alias, "", _COUNTED)
        start += len(line) + 1


def _stale_table(story: Story, span: Span, blanks: Sequence[_Filled]) -> list[_Filled]:
    """A table of contents that does not say the template's headings: it may stay so, or be renewed. None of another."""
    shown = story.text[span.start : span.end]
    headings = [(start, start + len(story.text[start:].partition("\n")[0])) for start, _ in story.headings]
    said = [" ".join(story.text[start:end].split()) for start, end in headings]
    lines = [" ".join(_PAGE_NUMBER.sub("", line).split()) for line in shown.split("\n")]
    if not said or all(line.endswith(tuple(said)) for line in lines if line):
        return []
    renewed = "".join(f"(?:.{{0,20}}?{_heading(story, *one, blanks)}[\\s.…]*{_COUNTED}\\s*)?" for one in headings)
    pattern = rf"{spaced(levelled(shown))}|(?=\S){renewed}"
    slot = Slot(f"{span.tag} ({span.part})", span.tag, span.alias, "", pattern, in_paragraphs=True)
    return [(span.start, span.end, slot)]


def _heading(story: Story, start: int, end: int, blanks: Sequence[_Filled]) -> str:
    """A pattern for a heading, whatever is filled in it."""
    pattern = ""
    for begin, ended, _ in blanks:
        if start <= begin and ended <= end:
            pattern, start = f"{pattern}{spaced(story.text[start:begin])}.{{0,300}}?", ended
    return pattern + spaced(story.text[start:end])


def _copy_of(filling: str | Slot, address: str, span: Span) -> str | Slot:
    if isinstance(filling, str):
        return filling
    copied = replace(filling, address=address, tag=None, alias=span.alias, pattern=_FREE, words={}, is_mark=False)
    return replace(copied, own={}, repeated=lambda values: values.get(filling.address), may_be_old=True)


def _section(
    folder: TemplateFolder, section: Control, address: str, story: Story, index_of: Mapping[tuple[str, int], int]
) -> Slot:
    """The slot of a repeating section, whose elements are each the first one with other values."""
    controls, manifest = folder.document.controls, folder.manifest
    at = controls.index(section)
    own = {"": name for name, champ in manifest.champs.items() if champ is manifest.list_in(address)}  # noqa: B035 (one)
    fields = {
        control.address: name
        for name in manifest.names_in(address) or ()
        for control in folder.document.find_all(name, section)
    }
    spans = [
        (span, controls[index_of[span.part, span.rank]]) for span in story.spans if (span.part, span.rank) in index_of
    ]
    first = next(span for span, control in spans if control.parent == at)
    inside = [(span, fields[control.address]) for span, control in spans if control.address in fields]
    inside = [(span, name) for span, name in inside if first.start <= span.start and span.end <= first.end]
    # what holds whole paragraphs, as a cell does, ends the last of them
    ends = [first.start, *(span.end - story.text[span.start : span.end].endswith("\n") for span, _ in inside)]
    starts = [*(span.start for span, _ in inside), first.end]
    fixed = tuple(story.text[end:start] for end, start in zip(ends, starts, strict=True))
    lists = {fields[one.address] for one in controls if one.address in fields and folder.document.is_list_item(one)}
    holders = frozenset((span.tag, span.alias) for span, _ in inside)
    items = ItemPattern(fixed, tuple(name for _, name in inside), frozenset(lists), holders)
    return Slot(address, section.tag, section.alias, "", _FREE, items=items, own=own)


def _copies_headings(span: Span, fields: Mapping[tuple[str, str], Repetition]) -> bool:
    """Is it a field that copies headings, and is it not known which?"""
    return (span.tag or "").startswith(_COPYING) and (span.part, _field_name(span)) not in fields


def _field_name(span: Span) -> str:
    return (span.tag or "").removeprefix("champ ")


def _field(
    span: Span,
    shown: str,
    fields: Mapping[tuple[str, str], Repetition],
    filling_of: Callable[[int], str | Slot],
) -> str | Slot | None:
    """What stands at a field: what it repeats, or what Word puts there; None where it is text like any other."""
    name = _field_name(span)
    kind = name.split(maxsplit=1)[0].partition("#")[0].upper() if name.strip() else ""
    slot = Slot(f"{span.tag} ({span.part})", span.tag, span.alias, squeezed(levelled(shown)), _FREE)
    if kind in _PRINTED:
        return replace(slot, prompt="", pattern=_PRINTED[kind])
    if kind == "IF":
        results = [levelled(text) for text in instruction(name.rpartition("#")[0]).arguments[-2:]]
        known = squeezed(levelled(shown)) in map(squeezed, results)
        return replace(slot, prompt="", pattern="(?:" + "|".join(map(spaced, results)) + ")") if known else None
    field = fields.get((span.part, name))
    if field is None:
        return None
    if field.is_fixed:
        return levelled(field.text(lambda _: None) or "")

    def repeated(values: Mapping[str, str]) -> str | None:
        def value(index: int) -> str | None:
            filling = filling_of(index)
            return filling if isinstance(filling, str) else values.get(filling.address)

        return field.text(value)

    return replace(slot, repeated=repeated)


def _filling(
    folder: TemplateFolder,
    control: Control,
    address: str,
    constants: Mapping[str, Any],
    copies: Mapping[str, Mapping[str, str]],
) -> str | Slot:
    """What stands at a control: a text that is the same for all, or a slot."""
    if control.kind == "checkbox":
        wanted = prepare(control, constants[address], runs=True) if address in constants else None
        pattern = _BOXES.get(wanted.form, _BOX) if isinstance(wanted, Filling) else _BOX
        alone = _OWN_OF.fullmatch(_BRACES.sub(r"\1", _source(folder, address) or ""))
        empty, own = folder.document.empty_box(control), {"": alone["name"]} if alone else {}
        return Slot(address, control.tag, control.alias, "", pattern, own=own, empty_box=empty)
    if address in constants and not isinstance(constants[address], Blank):
        filling = prepare(control, constants[address], runs=True)
        if not isinstance(filling, Problem):
            return levelled("".join(filling.pieces))
    prompt = squeezed(levelled(control.placeholder or ""))
    choices = frozenset([prompt, *(squeezed(levelled(item.text)) for item in control.items)]) - {""}
    choices = choices if control.items else frozenset()
    in_paragraphs = folder.document.is_list_item(control)
    slot = Slot(address, control.tag, control.alias, prompt, _FREE, choices=choices, in_paragraphs=in_paragraphs)
    if control.kind == "date":
        slot = replace(slot, date_format=control.date_format or "", language=control.language or "")
    marks = [own[address] for own in copies.values() if address in own]
    if marks:
        return replace(slot, pattern="(?:" + "|".join(map(spaced, marks)) + ")", is_mark=True)
    source = _source(folder, address)
    return _with_words(slot, source, folder.manifest.champs) if source is not None else slot


def _source(folder: TemplateFolder, address: str) -> str | None:
    """The expression of a control, as the manifest writes it."""
    controles: Any = folder.row.values.get("controles")
    source = controles.get(address) if isinstance(controles, Mapping) else None
    return source if isinstance(source, str) else None


def _with_words(slot: Slot, source: str, champs: Mapping[str, Champ]) -> Slot:
    """The slot with what its expression may print: literal text, words of the adherent, fields of its own."""
    pieces = _BRACES.split(source)
    pattern, words, own = spaced(pieces[0]), {}, {}
    pictures: dict[str, tuple[str, str]] = {}
    for rank, (expression, literal) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True)):
        word = _WORD_OF.fullmatch(expression)
        field_of = _OWN_OF.fullmatch(expression)
        filters = _filters(field_of["filters"]) if field_of else None
        if field_of is not None and filters is not None and field_of["name"] in champs:
            own[f"w{rank}"] = field_of["name"]
            pictures |= {f"w{rank}": (name, text) for name, text in filters if name in _PICTURES}
            written = _FREE if filters else _own_pattern(champs[field_of["name"]])
            pattern += _beside(f"(?P<w{rank}>{written})", filters)
        elif word is None:
            pattern += f"(?:{_FREE})"
        else:
            path = words[f"w{rank}"] = word["path"]
            pattern += f"(?P<w{rank}>{_WORDS.get(path) or _WORDS.get(path.partition('.')[0], _ANYTHING)})"
        pattern += spaced(literal)
    return replace(slot, pattern=pattern, words=words, own=own, pictures=pictures)


def _filters(written: str) -> list[tuple[str, str]] | None:
    """The filters of a field and what each is given; None where one of them makes a value that cannot be read back."""
    found = [(name, _unquoted(text)) for name, text in _FILTER.findall(written)]
    return found if all(name in {*_KEEP_THE_VALUE, *_PICTURES, *_BESIDE} for name, _ in found) else None


_BESIDE = {"avant": "(?:{text}{value})?", "apres": "(?:{value}{text})?"}
"""What stands beside a value if there is one."""


def _beside(pattern: str, filters: Sequence[tuple[str, str]]) -> str:
    for name, text in filters:
        pattern = _BESIDE[name].format(text=spaced(text), value=pattern) if name in _BESIDE else pattern
    return pattern


def _unquoted(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1])


def _own_pattern(champ: Champ) -> str:
    """What may stand for a field of the template's own."""
    pattern = _DIGITS if champ.type in {"entier", "montant"} else _FREE
    return pattern if champ.required else f"{pattern}|{_LINE}"


def _passages(story: Story, blanks: Sequence[_Filled]) -> Iterator[Passage]:
    """The story cut into paragraphs, each into fixed stretches and slots."""
    heading, headings, empty = "", list(story.headings), 0
    items: list[str | Slot] = []
    at = start = 0
    for begin, end, filling in [*blanks, (len(story.text), len(story.text), "")]:
        *ended, rest = story.text[at:begin].split("\n")
        for line in ended:
            items.append(line)
            while headings and headings[0][0] <= start:
                heading = headings.pop(0)[1]
            if any(isinstance(item, Slot) or item.strip() for item in items):
                yield Passage(_joined(items), heading, empty)
                empty = -1
            empty += 1
            at += len(line) + 1
            items, start = [], at
        items += [rest, filling]
        at = end - story.text[begin:end].endswith("\n")  # what holds a whole paragraph ends one
    if any(isinstance(item, Slot) or item.strip() for item in items):
        yield Passage(_joined(items), heading, empty)


def _joined(items: Sequence[str | Slot]) -> tuple[str | Slot, ...]:
    joined: list[str | Slot] = []
    for item in items:
        if isinstance(item, str) and joined and isinstance(joined[-1], str):
            joined[-1] += item
        elif item:
            joined.append(item)
    return tuple(joined)
