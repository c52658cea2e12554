"""The pattern of a template's filled documents: its fixed text, and between its stretches the slots that values fill.

What the manifest gives every adherent alike, such as the signatories of the other parties, is fixed text too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from conventool.core.problems import Problem
from conventool.returned.right_to_left import is_right_to_left, without_right_to_left
from conventool.returned.slots import Slot, at_control, at_field, at_section, is_label
from conventool.returned.story_pattern import Filled, StoryPattern, copies_headings, story_patterns
from conventool.template.bindings import Binder
from conventool.template.folder import TemplateFolder
from conventool.text.stories import MarkKind, Span, Story, levelled, squeezed
from conventool.word.controls import Control
from conventool.word.document import Document
from conventool.word.foreign import Foreign
from conventool.word.foreign_package import foreign_content
from conventool.word.package import Package
from conventool.word.page_layout import PageLayout, page_layout
from conventool.word.printed_rules import PrintedRules, printed_rules
from conventool.word.printed_stories import read_printed_stories
from conventool.word.stories import read_stories
from conventool.word.values import Value, prepare

__all__ = ["TemplatePattern", "template_pattern"]

_TRANSPARENT = frozenset({"group", "repeat", "repeat-item", "building-block", "citation", "other"})


class _Drawn(NamedTuple):
    """What a document draws besides its text, and what it draws in other fonts than those of text, by kind and text.

    The numbers of its lists that depend on its values are those which paper shows.
    """

    foreign: tuple[Foreign, ...]
    signs: Counter[tuple[MarkKind, str]]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class TemplatePattern:
    """A template as documents filled from it are held against.

    Attributes:
        name: of its folder.
        folder: the template.
        stories: the patterns of its texts.
        copies: the values that tell the copies apart, by the copy's key, then by address.
        is_printed: whether its texts are as paper shows them, with the numbers of lists and notes.
        right_to_left: the letters of words that are written so, which are left out of these.
    """

    name: str
    folder: TemplateFolder
    stories: tuple[StoryPattern, ...]
    copies: Mapping[str, Mapping[str, str]]
    is_printed: bool = False
    right_to_left: str = ""

    @cached_property
    def foreign(self) -> tuple[Foreign, ...]:
        """What it draws besides its text."""
        return tuple(foreign_content(self.folder.document.package))

    @cached_property
    def layout(self) -> PageLayout:
        """How its pages are laid out."""
        return page_layout(self.folder.document.package)

    def drawn(self, values: Mapping[str, str]) -> tuple[Foreign, ...]:
        """What a document with some values draws besides its text: elements of repeating sections, signs of boxes."""
        return self._filled(values).foreign

    def signs(self, values: Mapping[str, str]) -> Counter[tuple[MarkKind, str]]:
        """What such a document draws in other fonts than those of text, or in capitals, by kind and text."""
        texts = self._texts(values) if self.layout.capitals else {}
        return self._filled(values, texts).signs

    def _texts(self, values: Mapping[str, str]) -> dict[str, str]:
        """Those of some values that their controls take as texts."""
        controls = {control.address: control for control in self.folder.document.controls if control.parent is None}
        meant = {address: self.folder.document.meant(address) for address in values}
        found = ((address, ones[0]) for address, ones in meant.items() if ones and ones[0].address in controls)
        return {address: values[address] for address, one in found if _is_accepted(one, values[address])}

    def labels(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The numbers of lists that depend on how many elements such a document has, in order, on paper."""
        return self._filled(values).labels

    def _filled(self, values: Mapping[str, str], texts: Mapping[str, str] = {}) -> _Drawn:
        """A document with as many elements as the values say, with such boxes, and with some texts."""
        filled: dict[str, str | bool | list[dict[str, Value]]] = dict(texts)
        for slot in self.slots.values():
            items = slot.items.split(values.get(slot.address, ""), on_paper=self.is_printed) if slot.items else None
            if items is not None and len(items) != 1:
                filled[slot.address] = [{}] * len(items)
            if slot.empty_box not in {"", "☐"}:  # of a font of its own
                filled[slot.address] = slot.compared(values.get(slot.address, "")) == "☒"
        if not filled and not self._has_labels:
            return _Drawn(self.foreign, Counter())
        if texts:
            return self._read(filled)
        key = tuple((address, len(value) if isinstance(value, list) else value) for address, value in filled.items())
        if key not in self._drawn:
            self._drawn[key] = self._read(filled)
        return self._drawn[key]

    def _read(self, filled: Mapping[str, Value]) -> _Drawn:
        package = Package(self.folder.document.fill(filled), self.name)
        marks = (mark for story in read_stories(package) for mark in story.marks)
        signs = Counter((mark.kind, squeezed(mark.text)) for mark in marks)
        labels = tuple(_labels_in(package)) if self._has_labels else ()
        return _Drawn(tuple(foreign_content(package)), signs, labels)

    @cached_property
    def _has_labels(self) -> bool:
        return any(slot.is_label or (slot.items and slot.items.labels) for slot in self.slots.values())

    @cached_property
    def _drawn(self) -> dict[tuple[tuple[str, object], ...], _Drawn]:
        """By the numbers of elements and the states of boxes, what a document draws; a list has few of these."""
        return {}

    @property
    def key(self) -> str:
        """Tells it from all others: its folder, and which of its pieces it is."""
        return f"{self.folder.folder}, {self.folder.key}"

    @cached_property
    def on_paper(self) -> TemplatePattern:
        """The same template as its documents say it in print."""
        if self.is_printed:
            return self
        constants, read = Binder(self.folder).constants(), read_printed_stories(self.folder.document.package)
        capitals = _capitals(self.folder) if self.layout.capitals else frozenset()
        stories = _story_patterns(self.folder, read, constants, self.copies, capitals=capitals)
        sources = (one.source for pattern in stories for one in pattern.passages)
        letters = "".join(filter(is_right_to_left, "".join(sources)))
        if letters:
            stories = tuple(map(without_right_to_left, stories))
        return replace(self, stories=stories, is_printed=True, right_to_left=letters)

    @cached_property
    def rules(self) -> PrintedRules:
        """The rules that its documents draw in print, and whether they raise letters."""
        return printed_rules(Package.open(self.folder.folder / self.folder.manifest.document))

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

    @cached_property
    def has_cells(self) -> bool:
        """Has a repeating section cells, whose values nothing but their places parts?"""
        items = (slot.items for slot in self.slots.values() if slot.items)
        return any(not squeezed(words) for one in items for words in one.fixed[1:-1])

    @cached_property
    def struck(self) -> frozenset[str]:
        """What it strikes out itself, without white space."""
        marks = (mark for pattern in self.stories for mark in pattern.marks)
        return frozenset(squeezed(mark.text) for mark in marks if mark.kind == "struck")

    @cached_property
    def touching(self) -> frozenset[str]:
        """The addresses of slots beside others without as much as a space: on paper two of them are one word."""
        passages = (passage for pattern in self.stories for passage in pattern.passages)
        pairs = (pair for passage in passages for pair in pairwise(passage.items))
        return frozenset(one.address for pair in pairs if _are_slots(pair) for one in pair if isinstance(one, Slot))

    @property
    def body(self) -> StoryPattern:
        """The main text."""
        return next(pattern for pattern in self.stories if pattern.kind == "body")


def _are_slots(items: tuple[str | Slot, ...]) -> bool:
    return all(isinstance(item, Slot) for item in items)


def _labels_in(package: Package) -> Iterator[str]:
    """The numbers of lists in a document that depend on how many elements it has."""
    for story in read_printed_stories(package):
        yield from (story.text[span.start : span.end] for span in story.spans if is_label(span))


def template_pattern(folder: TemplateFolder) -> TemplatePattern:
    """Work out the pattern of a template's filled documents.

    Raises:
        TemplateError: the template is not sound.
    """
    binder = Binder(folder)
    constants, marks = binder.constants(), binder.marks()
    copies = {key: {a: levelled(str(value)) for a, value in own.items()} for key, own in marks.items()}
    stories = _story_patterns(folder, read_stories(folder.document.package), constants, copies)
    return TemplatePattern(folder.folder.name, folder, stories, copies)


def _story_patterns(
    folder: TemplateFolder,
    stories: Iterable[Story],
    constants: Mapping[str, Value],
    copies: Mapping[str, Mapping[str, str]],
    *,
    capitals: Collection[str] = (),
) -> tuple[StoryPattern, ...]:
    """The patterns of a template's stories, given by address what every document says, and each copy of its own.

    The values of some addresses are printed in capitals.
    """
    controls = folder.document.controls
    index_of = {(site.part, site.rank): index for index, control in enumerate(controls) for site in control.sites}
    served = {folder.document.find(address).address: address for address in folder.manifest.controles}

    def filling_of(index: int) -> str | Slot:
        address = served.get(controls[index].address, controls[index].address)
        filling = at_control(folder, controls[index], address, constants, copies)
        if controls[index].address not in capitals:
            return filling
        return filling.upper() if isinstance(filling, str) else filling.as_capitals

    def filling_at(story: Story, span: Span) -> str | Slot | None:
        index = index_of.get((span.part, span.rank))
        if index is None:
            return at_field(span, story.text[span.start : span.end], fields, filling_of)
        if controls[index].address in served and controls[index].kind == "repeat":
            return at_section(folder, controls[index], served[controls[index].address], story, index_of)
        return None if _is_part_of_text(controls[index], served) else filling_of(index)

    fields = folder.document.repetitions(folder.manifest.controles)
    drafts: list[tuple[Story, list[Filled], list[Span]]] = []
    for story in stories:
        copying = [span for span in story.spans if copies_headings(span, fields)]
        drafts.append((story, _blanks(story, copying, filling_at), copying))
    return tuple(story_patterns(drafts))


def _blanks(
    story: Story, passed_over: Collection[Span], filling_at: Callable[[Story, Span], str | Slot | None]
) -> list[Filled]:
    """The places of a story that something fills; one inside another is part of that."""
    blanks: list[Filled] = []
    for span in story.spans:
        if (blanks and span.start < blanks[-1][1]) or span in passed_over:
            continue
        if (filling := filling_at(story, span)) is not None:
            blanks.append((span.start, span.end, filling))
    return blanks


def _capitals(folder: TemplateFolder) -> frozenset[str]:
    """The addresses of a template's controls whose values are printed in capitals, whichever way that is asked for."""
    controls = {control.address: control for control in folder.document.controls}
    samples = {address: _sample(control) for address, control in controls.items() if control.parent is None}
    accepted = {address: text for address, text in samples.items() if _is_accepted(controls[address], text)}
    package = Package(folder.document.fill(accepted), folder.folder.name)
    filled = Document(package).controls
    index_of = {(site.part, site.rank): index for index, control in enumerate(filled) for site in control.sites}
    found = set()
    for story in read_printed_stories(package):
        for span in story.spans:
            index = index_of.get((span.part, span.rank))
            if index is not None and story.text[span.start : span.end].isupper():
                found.add(filled[index].address)
    return frozenset(found & accepted.keys())


def _sample(control: Control) -> Value:
    """A value in small letters."""
    if control.kind == "date":
        return date(2026, 3, 12)
    return next((item.text for item in control.items if not item.text.isupper()), "x")


def _is_accepted(control: Control, value: Value) -> bool:
    return control.kind != "checkbox" and not isinstance(prepare(control, value, runs=True), Problem)


def _is_part_of_text(control: Control, served: Mapping[str, str]) -> bool:
    """Is what stands in a control the template's text, or other controls? So if it is rich, and left as it is."""
    return control.kind in _TRANSPARENT or (control.kind == "rich" and control.filled and control.address not in served)
