"""Some paragraphs of a template laid on a stretch of text: what is in each slot, if nothing else differs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from conventool.returned.confusables import skeleton
from conventool.returned.slots import Slot
from conventool.returned.story_pattern import StoryPattern, Word
from conventool.returned.wrapped_lines import WRAPPED
from conventool.text.stories import Story, squeezed

__all__ = ["Match", "Matcher", "Region"]

_NO_WIDTH = "\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_TOKEN = re.compile(rf"\w(?:[\w{_NO_WIDTH}]*\w)?|[^\w\s]")
_GREEDY = frozenset({"adresse", "nom_lien"})  # as long as may be: a comma and an "à" in a street are the street's


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the document's text, what was moved there left out."""

    story: Story
    text: str
    origins: Sequence[int]

    @classmethod
    def of(cls, story: Story, start: int, end: int, gone: Sequence[tuple[int, int]] = ()) -> Region:
        """The stretch from ``start`` to ``end``."""
        inside = [cut for cut in gone if start <= cut[0] < end]
        if not inside:
            return cls(story, story.text[start:end], range(start, end))
        origins: list[int] = []
        for cut in inside:
            origins += range(start, cut[0])
            start = cut[1]
        origins += range(start, end)
        return cls(story, "".join(story.text[origin] for origin in origins), origins)

    def controls_of(self, slots: Sequence[Slot]) -> dict[Slot, tuple[int, int]]:
        """Where the controls of the slots are, as far as the document still has them."""
        first, last = (self.origins[0], self.origins[-1]) if self.origins else (0, -1)
        inside = [span for span in self.story.spans if first <= span.start and span.end <= last + 1]
        found = {}
        for slot in slots:
            alike = [one for one in slots if (one.tag, one.alias) == (slot.tag, slot.alias)]
            mine = [span for span in inside if slot.is_control(span)]
            if len(mine) == len(alike):  # those of one tag follow each other as the template's do
                span = mine[alike.index(slot)]
                start = bisect_left(self.origins, span.start)
                found[slot] = start, start + span.end - span.start
        return found


class Match(NamedTuple):
    """A text that is the template's.

    Attributes:
        values: by address, the text in each slot.
        pairs: each word wanted with the word given that is it, or is drawn alike; a slot with none.
    """

    values: dict[str, str]
    pairs: list[tuple[int, int | None]]


class Matcher:
    """Some paragraphs of the template, and the stretch of text that must be theirs.

    Args:
        pattern: the template's story.
        passages: ranks of the paragraphs.
        region: the stretch of text.
        before: rank of the paragraph that precedes them.

    Attributes:
        wanted: the words of the paragraphs.
        given: those of the text.
        spans: where in the text the controls of the slots are, as far as it still has them.
        owners: for each word given, the slot in whose control it stands.
        lines_are_paragraphs: or does a line end where the page does?
        misfilled: the slot that may hold a text of which no part can be its value.
    """

    def __init__(self, pattern: StoryPattern, passages: Sequence[int], region: Region, before: int) -> None:
        self.pattern, self.passages, self.region, self.before = pattern, passages, region, before
        self.wanted = [word for index in passages for word in pattern.words[index]]
        self.spans = self._controls([word.slot for word in self.wanted if word.slot])
        edges = {0, len(region.text), *(edge for span in self.spans.values() for edge in span)}
        if region.story.pages:
            edges.update(self._seams())
        self.given = [
            word for start, end in pairwise(sorted(edges)) for word in _TOKEN.finditer(region.text, start, end)
        ]
        self.owners: list[Slot | None] = [None] * len(self.given)
        self._keys = [skeleton(token[0]) for token in self.given]
        starts = self._starts = [token.start() for token in self.given]
        for slot, (start, end) in self.spans.items():
            inside = range(bisect_left(starts, start), bisect_left(starts, end))
            self.owners[inside.start : inside.stop] = [slot] * len(inside)
        self.lines_are_paragraphs = not region.story.pages
        self.misfilled: Slot | None = None
        self._by_lines = False  # is a slot empty only where an empty paragraph stands, has each paragraph its lines?

    def _controls(self, slots: Sequence[Slot]) -> dict[Slot, tuple[int, int]]:
        """Where the slots are that can be told without the words around: by their controls, or by their few texts."""
        found = self.region.controls_of(slots)
        marks = {slot: slot.search(self.region.text) for slot in slots if slot.is_mark and slot not in found}
        return found | {slot: match.span() for slot, match in marks.items() if match}

    def _seams(self) -> Iterator[int]:
        """Where in a PDF a fixed word may begin or end inside what reads as one: beside a value, without space."""
        begun, ended = set[str](), set[str]()
        for word in self.wanted:
            source = self.pattern.passages[word.passage].source
            if word.slot is None and word.text.isalnum():
                begun |= {word.text} if source[word.start - 1 : word.start] == "\0" else set()
                ended |= {word.text} if source[word.end : word.end + 1] == "\0" else set()
        known = {word.text for word in self.wanted} if begun or ended else set()
        for token in _TOKEN.finditer(self.region.text) if known else ():
            if token[0] not in known:
                yield from (token.end() - len(one) for one in begun if token[0].endswith(one))
                yield from (token.start() + len(one) for one in ended if token[0].startswith(one))

    def text(self, first: int, end: int) -> str:
        """The text from one word given up to another."""
        return self.region.text[self.given[first].start() : self.given[end - 1].end()] if first < end else ""

    def begins_line(self, given: int) -> bool:
        """Whether a word given is the first of its line."""
        start = self.given[given].start()
        return given == 0 or "\n" in self.region.text[self.given[given - 1].end() : start]

    def _how_run_on(self, given: int) -> int:
        """How far from a paragraph's first a word given is: 0 after a line's end, 1 where one was wrapped, 2 inside."""
        if given in {0, len(self.given)}:
            return 0
        between = self.region.text[self.given[given - 1].end() : self.given[given].start()]
        return 2 if "\n" not in between else int("\n" not in between.replace(WRAPPED, ""))

    def _may_begin(self, given: int, end: int) -> bool:
        """Whether a paragraph may begin at a word given: on paper at the beginning of a line."""
        return self.lines_are_paragraphs or given == end or self.begins_line(given)

    def _is_filled_line(self, word: Word, given: int) -> bool:
        """Whether a slot that is a paragraph holds words: left empty, it leaves a paragraph without any."""
        if not (word.is_first and word.is_last and self.lines_are_paragraphs):
            return False
        start = self.given[given - 1].end() if given else 0
        end = self.given[given].start() if given < len(self.given) else len(self.region.text)
        empty = self.region.text.count("\n", start, end) - (1 if given else 0)
        return empty <= self.pattern.passages[word.passage].after_empty

    def same(self, word: Word, given: int) -> bool:
        """Whether a word given is the one wanted, or drawn alike; what stands in a control is no fixed text."""
        return self._keys[given] == word.key and self.owners[given] is None

    def match(self) -> Match | None:
        """The value of each slot if the fixed text is all there and nothing else is; None otherwise."""
        return self.match_some(range(len(self.wanted)), range(len(self.given)))

    def match_some(self, wanted: range, given: range) -> Match | None:
        """The same for some of the words wanted and some of those given."""
        ends = None
        slots = [slot for rank in wanted if (slot := self.wanted[rank].slot)]
        if any(slot.items for slot in slots) if self.lines_are_paragraphs else slots:
            self._by_lines = True
            ends = self._ends_of_all(wanted, given)
            self._by_lines = False
        if ends is None:
            ends = self._ends_of_all(wanted, given)
        if ends is None:
            return None
        starts = [given.start, *ends]
        values: dict[str, str] = {}
        pairs: list[tuple[int, int | None]] = []
        for rank, start, end in zip(wanted, starts, ends, strict=False):
            slot = self.wanted[rank].slot
            if slot is None:
                pairs.append((rank, start))
            else:
                pairs.append((rank, None))
                values[slot.address] = self.text(start, end)
        return Match(values, pairs)

    def _ends_of_all(self, wanted: range, given: range) -> list[int] | None:
        """Where each word wanted ends among those given. No dead end is entered twice: the search stays short."""
        if not wanted:
            return None if given else []
        ends: list[int] = []
        choices = [self._ends(wanted, wanted.start, given, given.start)]
        dead: set[tuple[int, int]] = set()
        while choices:
            end = next(choices[-1], None)
            if end is None:
                choices.pop()
                if ends:
                    dead.add((len(choices), ends.pop()))
            elif (len(choices), end) not in dead:
                ends.append(end)
                if len(ends) < len(wanted):
                    choices.append(self._ends(wanted, wanted.start + len(ends), given, end))
                elif end == given.stop:
                    return ends
                else:
                    ends.pop()
        return None

    def _ends(self, all_wanted: range, wanted: int, all_given: range, given: int) -> Iterator[int]:
        """Where a word wanted may end that begins at a word given, the likeliest end first."""
        word = self.wanted[wanted]
        if self._by_lines and word.is_first and not self._may_begin(given, all_given.stop):
            return
        if word.slot is None:
            if given < all_given.stop and self.same(word, given):
                yield given + 1
        elif word.slot in self.spans:
            end = given
            while end < all_given.stop and self.owners[end] is word.slot:
                end += 1
            if end > given or not self.region.text[slice(*self.spans[word.slot])].strip():
                yield end
        else:
            following = self.wanted[wanted + 1] if wanted + 1 < all_wanted.stop else None
            last = all_given.stop
            if given < last:
                last = min(last, bisect_right(self._starts, self._starts[given] + word.slot.longest))
            ends = list(range(given if following else all_given.stop, last + 1))
            if following and following.slot is None:
                ends = [end for end in ends if end < all_given.stop and self.same(following, end)]
            yield from self._ends_of_value(word, word.slot, given, ends)

    def _ends_of_value(self, word: Word, slot: Slot, given: int, ends: list[int]) -> Iterator[int]:
        if slot.items is not None and self.lines_are_paragraphs:
            ends = [end for end in reversed(ends) if end in {given, len(self.given)} or self.begins_line(end)]
        elif self._is_filled_line(word, given):
            ends = [end for end in ends if end > given or not self._by_lines]
            ends.sort(key=lambda end: (end == given, end < len(self.given) and not self.begins_line(end)))
        elif word.is_last:
            ends.sort(key=self._how_run_on)
        elif slot.choices:
            ends.sort(key=lambda end: -len(text) if (text := squeezed(self.text(given, end))) in slot.choices else 0)
        elif not _GREEDY.isdisjoint(slot.words.values()):
            ends.reverse()
        for end in ends:
            text = self.text(given, end)
            if self.lines_are_paragraphs and "\n" in text and not (slot.items or slot.in_paragraphs):
                continue
            if self._accepts(slot, text) or (slot is self.misfilled and text and not slot.search(text)):
                yield end

    def _accepts(self, slot: Slot, text: str) -> bool:
        return slot.accepts(text, on_paper=not self.lines_are_paragraphs)
