"""A stretch of a document's text that is not its template's: where it differs, and what its slots hold all the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from conventool.returned.confusables import is_alike
from conventool.returned.edit_distance import Step, fewest_changes
from conventool.returned.edits import Alignment, Edit, EditKind
from conventool.returned.matching import Match, Matcher
from conventool.returned.slots import Slot
from conventool.text.stories import squeezed

__all__ = ["Diff"]


class Diff(Matcher):
    """Paragraphs of the template, and a stretch of text that is not quite theirs."""

    _rewritten: Mapping[int, int] = MappingProxyType({})
    """By paragraph of which few words are left, the first of those in a row; while these are made one edit."""

    def report(self, alignment: Alignment) -> None:
        """Add the values found and the edits needed."""
        steps = fewest_changes(self)
        alignment.rewritten |= self._as_blocks(steps)
        steps, lost = self._without_lost_paragraphs(steps, alignment)
        for wanted, given in steps:
            if wanted is not None and given is not None:
                place = self.region.origins[self.given[given].start()]
                alignment.starts.append((place, self.wanted[wanted].passage))
        for run in self._runs(steps):
            edit = self._edit(steps, run)
            if squeezed(edit.old) != squeezed(edit.new):
                alignment.edits.append(edit)
        self.report_alike(steps, alignment)
        self._take_values(steps, lost, alignment)

    def _as_blocks(self, steps: Sequence[Step]) -> dict[int, Edit]:
        """By paragraph that was rewritten, the edit that replaces it and those around it as one."""
        self._rewritten = dict(self._few_words_left(steps))
        apart = list(self._apart(steps)) if self._rewritten else []
        edits = {edit.passage: edit for edit in (self._edit(apart, run) for run in self._runs(apart))}
        blocks = {rank: edits[first] for rank, first in self._rewritten.items() if first in edits}
        self._rewritten = {}
        return blocks

    def _few_words_left(self, steps: Sequence[Step]) -> Iterator[tuple[int, int]]:
        """The paragraphs of which fewer than half of the words are left, each with the first of those in a row."""
        both = (wanted for wanted, given in steps if wanted is not None and given is not None)
        kept = Counter(self.wanted[wanted].passage for wanted in both)
        fixed = Counter(word.passage for word in self.wanted)
        few = {rank for rank in self.passages if kept[rank] * 2 < fixed[rank] and self._is_fixed(rank)}
        for is_rewritten, group in groupby(self.passages, few.__contains__):
            ranks = list(group)
            if is_rewritten and any(kept[rank] for rank in ranks):
                yield from ((rank, ranks[0]) for rank in ranks)

    def _apart(self, steps: Sequence[Step]) -> Iterator[Step]:
        """The steps; the words that a rewritten paragraph shares with the new text by chance are no longer one."""
        for wanted, given in steps:
            if wanted is None or self.wanted[wanted].passage not in self._rewritten:
                yield wanted, given
                continue
            if self.wanted[wanted].slot is None:
                yield wanted, None
            if given is not None:
                yield None, given

    def _is_fixed(self, passage: int) -> bool:
        """Whether a paragraph has no slot, or but a bullet of paper."""
        return all(slot.is_sign for slot in self.pattern.passages[passage].slots)

    def report_alike(self, steps: Sequence[Step], alignment: Alignment) -> None:
        """Add an edit for the words that are drawn like the template's and are not, those side by side in one."""
        differing = [
            wanted is not None
            and given is not None
            and self.wanted[wanted].slot is None
            and self.wanted[wanted].text != self.given[given][0]
            for wanted, given in steps
        ]
        for is_alike_run, ranks in groupby(range(len(steps)), key=differing.__getitem__):
            if is_alike_run:
                run = list(ranks)
                alignment.edits.append(self._edit(steps, range(run[0], run[-1] + 1)))

    def _without_lost_paragraphs(self, steps: list[Step], alignment: Alignment) -> tuple[list[Step], set[int]]:
        """The steps but those of paragraphs of which no fixed word is left, and these: they are lost as wholes."""
        fixed = {word.passage for word in self.wanted if word.slot is None}
        left = {
            self.wanted[wanted].passage
            for wanted, given in steps
            if wanted is not None and given is not None and self.wanted[wanted].slot is None
        }
        lost = fixed - left
        if not lost:
            return steps, set()
        replaced = len(lost) == 1 and len(self.passages) == 1 and not self.pattern.passages[min(lost)].slots
        if replaced and self.given:
            return steps, set()
        place = self.region.origins[0] if self.region.origins else 0
        alignment.edits += [Edit("deleted", self.pattern.passages[i].text, "", "", "", i, place) for i in sorted(lost)]
        rest = [
            (None if wanted is not None and self.wanted[wanted].passage in lost else wanted, given)
            for wanted, given in steps
        ]
        return [step for step in rest if step != (None, None)], lost

    def _runs(self, steps: Sequence[Step]) -> Iterator[range]:
        """The steps that differ, in stretches. One word in common does not part two changes of one paragraph."""
        start = end = -1
        passage: int | None = None
        for rank, (wanted, given) in enumerate(steps):
            in_slot = wanted is not None and self.wanted[wanted].slot is not None
            if in_slot or (wanted is not None and given is not None):
                if start >= 0 and (in_slot or rank > end):
                    yield range(start, end)
                    start = -1
                continue
            here = self.wanted[wanted].passage if wanted is not None else passage
            here = self._rewritten.get(here, here) if here is not None else None
            if start >= 0 and passage is not None and here != passage:
                yield range(start, end)
                start = -1
            if start < 0:
                start, passage = rank, None
            passage = here if passage is None else passage
            end = rank + 1
        if start >= 0:
            yield range(start, end)

    def _edit(self, steps: Sequence[Step], run: range) -> Edit:
        """What was done in one stretch of steps."""
        wanted = [w for w, _ in (steps[rank] for rank in run) if w is not None]
        given = [g for _, g in (steps[rank] for rank in run) if g is not None]
        before = next((steps[rank] for rank in range(run.start - 1, -1, -1)), (None, None))
        after = next((steps[rank] for rank in range(run.stop, len(steps))), (None, None))
        if given and not wanted:
            given = self._slid(given)
        old = self._source(wanted[0], wanted[-1]) if wanted else ""
        new = self.text(given[0], given[-1] + 1) if given else ""
        old, new = " ".join(old.replace("\0", "[…]").split()), " ".join(new.split())
        kind: EditKind = "inserted" if not old else "deleted" if not new else "changed"
        if is_alike(old, new):
            kind = "alike"
        if kind == "inserted" and before[0] is not None and self._spaced(before[0], +1):
            old = " "  # between the words before and after, where what was put in may stand without
        first = given[0] if given else after[1]
        at = self.region.origins[self.given[first].start()] if first is not None else self._end()
        return Edit(kind, old, new, *self._around(wanted, given, before, after), self._passage(wanted, before), at)

    def _slid(self, given: list[int]) -> list[int]:
        """The same insertion told from the start of its line, where its words allow it: "Entre :", not ": Entre"."""
        for step in (-1, 1):
            first, end = given[0], given[-1] + 1
            while not self.begins_line(first) and abs(first - given[0]) < len(given):
                leaving, entering = (end - 1, first - 1) if step < 0 else (first, end)
                if entering == len(self.given) or self.given[entering][0] != self.given[leaving][0]:
                    break
                first, end = first + step, end + step
            if self.begins_line(first):
                return list(range(first, end))
        return given

    def _source(self, first: int, last: int) -> str:
        one, other = self.wanted[first], self.wanted[last]
        if one.passage != other.passage and one.passage in self._rewritten:
            block = [rank for rank in self._rewritten if one.passage <= rank <= other.passage]
            return " ".join(self.pattern.passages[rank].text for rank in block)
        if one.passage != other.passage:
            return f"{self._source(first, first)} … {self._source(last, last)}"
        return self.pattern.passages[one.passage].source[one.start : other.end]

    def _around(self, wanted: list[int], given: list[int], before: Step, after: Step) -> tuple[str, str]:
        """The words before and after an edit, with their spaces, as far as its paragraph goes."""
        left = right = ""
        if before[1] is not None and not (given and self.begins_line(given[0]) and self.lines_are_paragraphs):
            start = self.given[before[1]].start()
            end = self.given[given[0]].start() if given else self.given[before[1]].end()
            space = "" if given else " " * (not wanted or self._spaced(wanted[0], -1))
            left = self.region.text[start:end] + space
        if after[1] is not None and not (self.begins_line(after[1]) and self.lines_are_paragraphs):
            start = self.given[given[-1]].end() if given else self.given[after[1]].start()
            space = "" if given else " " * (bool(wanted) and self._spaced(wanted[-1], +1))
            right = space + self.region.text[start : self.given[after[1]].end()]
        return re.sub(r"\s+", " ", left), re.sub(r"\s+", " ", right)

    def _spaced(self, wanted: int, side: int) -> bool:
        """Whether the template has a space on this side of a word."""
        word = self.wanted[wanted]
        source = self.pattern.passages[word.passage].source
        return (source[word.start - 1 : word.start] if side < 0 else source[word.end : word.end + 1]).isspace()

    def _passage(self, wanted: list[int], before: Step) -> int:
        if wanted:
            return self.wanted[wanted[0]].passage
        return self.wanted[before[0]].passage if before[0] is not None else self.before

    def _end(self) -> int:
        return self.region.origins[-1] if self.region.origins else len(self.region.story.text)

    def _take_values(self, steps: Sequence[Step], lost: set[int], alignment: Alignment) -> None:
        """Keep what stands in each slot; what cannot be part of its value was put in beside it."""
        held: dict[int, list[int]] = {
            rank: [] for rank, word in enumerate(self.wanted) if word.slot and word.passage not in lost
        }
        for wanted, given in steps:
            if wanted in held and given is not None:
                held[wanted].append(given)
        for group in self._neighbours(list(held)):
            ranks = [rank for slot in group for rank in held[slot]]
            matched = self._values_of(group, range(ranks[0], ranks[-1] + 1)) if ranks else None
            if matched is not None:
                alignment.values |= matched.values
                for rank in group:
                    del held[rank]
        for rank, ranks in held.items():
            slot = self.wanted[rank].slot
            assert slot is not None  # those of ``held`` are slots
            value = self.text(ranks[0], ranks[-1] + 1) if ranks else ""
            start, end = self._part_of(slot, value)
            alignment.values[slot.address] = value[start:end]
            for extra, before, after in ((value[:start], "", value[start:end]), (value[end:], value[start:end], "")):
                if extra.strip():
                    at = self.region.origins[self.given[ranks[0]].start()] + value.index(extra)
                    words = " ".join(extra.split())
                    around = f"{before} " if before else "", f" {after}" if after else ""
                    alignment.edits.append(Edit("inserted", "", words, *around, self.wanted[rank].passage, at))

    def _values_of(self, group: range, given: range) -> Match | None:
        """The values of neighbours that share some words, one of them perhaps with a text that cannot be its value."""
        for slot in [None, *(self.wanted[rank].slot for rank in group)]:
            self.misfilled = slot
            matched = self.match_some(group, given)
            if matched is not None:
                return matched
        return None

    @staticmethod
    def _neighbours(slots: Sequence[int]) -> Iterator[range]:
        """The slots between which no fixed word stands, together."""
        start = 0
        for end in range(1, len(slots) + 1):
            if end == len(slots) or slots[end] != slots[end - 1] + 1:
                yield range(slots[start], slots[end - 1] + 1)
                start = end

    def _part_of(self, slot: Slot, value: str) -> tuple[int, int]:
        """The part of a text that can be the slot's value."""
        if slot in self.spans:
            return 0, len(value)
        line = value.partition("\n")[0] if self.lines_are_paragraphs and not slot.in_paragraphs else value
        found = None if self._accepts(slot, line) else slot.search(line)
        if slot.is_sign and found is not None:
            return 0, 0  # a bullet is nothing or one sign: words are those of the text beside it
        return found.span() if found and found[0] else (0, len(line))
