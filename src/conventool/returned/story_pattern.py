"""A story of a template as paragraphs of fixed text and slots, and what its fields copy from the headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from conventool.returned.confusables import skeleton
from conventool.returned.item_pattern import spaced
from conventool.returned.slots import COUNTED, FREE, Slot, field_name
from conventool.text.stories import Mark, Span, Story, StoryKind, levelled, squeezed
from conventool.word.repetitions import Repetition

__all__ = ["Filled", "Passage", "StoryPattern", "Word", "copies_headings", "story_patterns"]

_COPYING = ("champ TOC", "champ STYLEREF")
"""How the names of fields begin that copy headings."""
_PAGE_NUMBER = re.compile(r"\d+\s*$")
_SHORTEST_ANCHOR = 8
_LONGEST_IN_BLOCK = 80
"""Characters of a paragraph where one signs."""
_DOTS = re.compile(r"[.…_·]{4,}(?!\s*\d+\s*$)")
_NUMBER = re.compile(r"(?<![\d\0])\d{2,}(?![\d\0])")

Filled: TypeAlias = "tuple[int, int, str | Slot]"
"""Where something stands in a text, and what: a text that is the same for all, or a slot."""


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
        """As a person reads it, a slot by its name in brackets, a bullet as such."""
        shown = (item if isinstance(item, str) else "• " if item.is_sign else f"[{item.label}]" for item in self.items)
        return "".join(shown).strip()

    @cached_property
    def source(self) -> str:
        """Its text as it is spaced, a NUL for each slot."""
        return "".join(item if isinstance(item, str) else "\0" for item in self.items)

    @property
    def stretches(self) -> list[str]:
        """Its fixed text between its slots."""
        return [item for item in self.items if isinstance(item, str)]

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
        shown: of the marks, those that a reader sees in the fixed text, each with the heading under which it is.
    """

    kind: StoryKind
    passages: tuple[Passage, ...]
    marks: tuple[Mark, ...] = ()
    under: str = ""
    shown: tuple[tuple[str, Mark], ...] = ()

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
    def signing(self) -> int | None:
        """Rank of the first paragraph of the place of signatures; None where there is none.

        It has the first date of signing, or else, under the last heading, the first date or dots behind which no
        paragraph is long.
        """
        dated = [rank for rank, one in enumerate(self.passages) if any(slot.is_signing_day for slot in one.slots)]
        if dated or self.kind != "body":
            return dated[0] if dated else None
        ends = [rank for rank, one in enumerate(self.passages) if one.heading != self.passages[-1].heading]
        longs = [rank for rank, one in enumerate(self.passages) if len(one.key) > _LONGEST_IN_BLOCK]
        last = max([-1, *ends, *longs]) + 1
        return next((rank for rank, one in enumerate(self.passages) if rank >= last and _is_dated(one)), None)

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """All its slots, in order."""
        return tuple(slot for passage in self.passages for slot in passage.slots)

    @cached_property
    def numbers(self) -> tuple[tuple[str, int], ...]:
        """Each number of its fixed text of which no value is a part, with the rank of its paragraph."""
        return tuple((found, rank) for rank, one in enumerate(self.passages) for found in _NUMBER.findall(one.source))

    @cached_property
    def fixed(self) -> tuple[str, ...]:
        """The text before, between and after the slots, without white space."""
        return tuple("".join(passage.key for passage in self.passages).split("\0"))


def _is_dated(passage: Passage) -> bool:
    return any(slot.is_day for slot in passage.slots) or _DOTS.search(passage.source) is not None


def _words(passage: Passage, rank: int) -> Iterator[Word]:
    slots = iter(passage.slots)
    tokens = list(re.finditer(r"\0|\w+|[^\w\s]", passage.source))
    for place, token in enumerate(tokens):
        slot = next(slots) if token[0] == "\0" else None
        yield Word(
            token[0], skeleton(token[0]), rank, token.start(), token.end(), slot, place == 0, place == len(tokens) - 1
        )


def story_patterns(drafts: Sequence[tuple[Story, list[Filled], list[Span]]]) -> Iterator[StoryPattern]:
    """The pattern of each story, of its blanks and of the paragraphs that its fields copy from the body."""
    paragraphs = [one for story, blanks, _ in drafts if story.kind == "body" for one in _paragraphs(story, blanks)]
    for story, blanks, copying in drafts:
        copied = [
            one for span in copying for one in _stale_table(story, span, blanks) or _copied(story, span, paragraphs)
        ]
        filled = sorted([*blanks, *copied], key=lambda blank: blank[0])
        marks = [piece for mark in story.marks for piece in _cut(mark, story, filled)]
        shown = tuple(_shown(marks, story, filled))
        yield StoryPattern(story.kind, tuple(_passages(story, filled)), tuple(marks), story.under, shown)


def _cut(mark: Mark, story: Story, blanks: Sequence[Filled]) -> Iterator[Mark]:
    """A mark of a story's text by what is fixed of it and what is filled: a value is not drawn as its prompt is."""
    end = mark.at + len(mark.text)
    edges = {edge for begin, ended, _ in blanks for edge in (begin, ended) if mark.at < edge < end}
    if not edges or not _is_of_text(mark, story):
        yield mark
        return
    for start, stop in pairwise(sorted({mark.at, end, *edges})):
        yield replace(mark, text=story.text[start:stop], at=start)


def _is_of_text(mark: Mark, story: Story) -> bool:
    """Whether what a mark says is part of a story's text, as what is hidden is not."""
    text = story.text[mark.at : mark.at + len(mark.text)]
    return mark.kind in {"struck", "drawn"} and squeezed(text) == squeezed(levelled(mark.text))


def _shown(marks: Sequence[Mark], story: Story, blanks: Sequence[Filled]) -> Iterator[tuple[str, Mark]]:
    """What is struck out or drawn otherwise of a story's text, where nothing is filled."""
    for mark in marks:
        end = mark.at + len(mark.text)
        is_fixed = not any(begin < end and mark.at < ended for begin, ended, _ in blanks)
        if is_fixed and mark.text.strip() and _is_of_text(mark, story):
            yield next((text for start, text in reversed(story.headings) if start <= mark.at), ""), mark


def _paragraphs(story: Story, blanks: Sequence[Filled]) -> Iterator[tuple[str, list[Filled]]]:
    """The paragraphs of a story in which something is filled, with the places of that in them."""
    start = 0
    for line in story.text.split("\n"):
        inside = [(b - start, e - start, f) for b, e, f in blanks if start <= b and e <= start + len(line)]
        if inside:
            yield line, inside
        start += len(line) + 1


def _copied(story: Story, span: Span, paragraphs: Sequence[tuple[str, list[Filled]]]) -> Iterator[Filled]:
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
            yield start + len(text), start + len(line), Slot(address, None, span.alias, "", COUNTED)
        start += len(line) + 1


def _stale_table(story: Story, span: Span, blanks: Sequence[Filled]) -> list[Filled]:
    """A table of contents that does not say the template's headings: it may stay so, or be renewed. None of another."""
    shown = story.text[span.start : span.end]
    headings = [(start, start + len(story.text[start:].partition("\n")[0])) for start, _ in story.headings]
    said = [" ".join(story.text[start:end].split()) for start, end in headings]
    lines = [" ".join(_PAGE_NUMBER.sub("", line).split()) for line in shown.split("\n")]
    if not said or all(line.endswith(tuple(said)) for line in lines if line):
        return []
    renewed = "".join(f"(?:.{{0,20}}?{_heading(story, *one, blanks)}[\\s.…]*{COUNTED}\\s*)?" for one in headings)
    pattern = rf"{spaced(levelled(shown))}|(?=\S){renewed}"
    slot = Slot(f"{span.tag} ({span.part})", span.tag, span.alias, "", pattern, in_paragraphs=True)
    return [(span.start, span.end, slot)]


def _heading(story: Story, start: int, end: int, blanks: Sequence[Filled]) -> str:
    """A pattern for a heading, whatever is filled in it."""
    pattern = ""
    for begin, ended, _ in blanks:
        if start <= begin and ended <= end:
            pattern, start = f"{pattern}{spaced(story.text[start:begin])}.{{0,300}}?", ended
    return pattern + spaced(story.text[start:end])


def _copy_of(filling: str | Slot, address: str, span: Span) -> str | Slot:
    if isinstance(filling, str):
        return filling
    copied = replace(filling, address=address, tag=None, alias=span.alias, pattern=FREE, words={}, is_mark=False)
    return replace(copied, own={}, repeated=lambda values: values.get(filling.address), may_be_old=True)


def copies_headings(span: Span, fields: Mapping[tuple[str, str], Repetition]) -> bool:
    """Is it a field that copies headings, and is it not known which?"""
    return (span.tag or "").startswith(_COPYING) and (span.part, field_name(span)) not in fields


def _passages(story: Story, blanks: Sequence[Filled]) -> Iterator[Passage]:
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
