"""A returned text laid beside its template's: what stands in each hole, and every place where the fixed text differs.

Paragraphs without holes find their places by themselves; what lies between two of them is matched as a whole, and only
what does not match is compared word by word. An unaltered document never comes to the last step.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

from conventool.returned.lookalikes import is_alike
from conventool.returned.shape import Hole, Shape
from conventool.stories import Story, squeezed

__all__ = ["Aligned", "Edit", "EditKind", "align", "matches"]

EditKind: TypeAlias = Literal["changed", "inserted", "deleted", "moved", "alike"]

_TOKEN = re.compile(r"\w+|[^\w\s]")
_LARGE = 400_000  # cells: beyond, a coarser comparison, of whole documents that have little in common
_STRANGE, _MISPLACED, _IN_HOLE, _EMPTY_HOLE = 1.0, 0.3, 0.02, 0.1
_GREEDY = frozenset({"adresse", "nom_lien"})  # as long as may be: a comma and an "à" in a street are the street's
_SHORTEST_MOVED = 4


@dataclass(frozen=True, slots=True)
class Edit:
    """One place where the fixed text differs.

    Attributes:
        kind: what was done; ``alike`` changes no letter that a reader could see.
        old: the template's words, empty for an insertion.
        new: the document's.
        before: the fixed word before.
        after: the fixed word after.
        passage: rank of the template's paragraph.
        at: where it is in the document's text.
    """

    kind: EditKind
    old: str
    new: str
    before: str
    after: str
    passage: int
    at: int


@dataclass
class Aligned:
    """A story of a document laid beside one of its template.

    Attributes:
        values: by address, the text in each hole.
        edits: where the fixed text differs, in order.
        starts: where the template's paragraphs begin in the document: place and rank.
    """

    values: dict[str, str] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    starts: list[tuple[int, int]] = field(default_factory=list)

    def passage_at(self, at: int) -> int:
        """The template's paragraph that a place of the document belongs to."""
        place = bisect_right(self.starts, (at, 1 << 30)) - 1
        return self.starts[place][1] if place >= 0 else 0


def align(shape: Shape, story: Story) -> Aligned:
    """Lay a document's text beside its template's.

    Args:
        shape: of the template's story.
        story: of the document.
    """
    aligned = Aligned()
    kept, moved = _anchored(shape, story)
    for index, start, end in moved:
        words = shape.passages[index].text
        aligned.edits.append(Edit("moved", words, " ".join(story.text[start:end].split()), "", "", index, start))
    gone = sorted((start, end) for _, start, end in moved)
    elsewhere = {index for index, _, _ in moved}
    ends = [(-1, 0, 0), *kept, (len(shape.passages), len(story.text), len(story.text))]
    for (before, _, start), (after, end, _) in pairwise(ends):
        passages = [index for index in range(before + 1, after) if index not in elsewhere]
        _compare(shape, passages, _Region.of(story, start, end, gone), aligned, max(before, 0))
    aligned.starts = sorted([*aligned.starts, *((start, index) for index, start, _ in kept)])
    _join_moves(shape, aligned)
    aligned.edits.sort(key=lambda edit: (edit.passage, edit.at))
    return aligned


def matches(shape: Shape, text: str) -> bool:
    """Whether a text is the template's, its holes filled."""
    region = _Region.of(Story(shape.kind, text), 0, len(text))
    return _Comparison(shape, range(len(shape.passages)), region, 0).match() is not None


_Anchor: TypeAlias = tuple[int, int, int]  # rank of the paragraph, where it begins and ends in the document's text


def _anchored(shape: Shape, story: Story) -> tuple[list[_Anchor], list[_Anchor]]:
    """The paragraphs without holes that the document holds once: those in order, and those out of it."""
    positions = [index for index, char in enumerate(story.text) if not char.isspace()]
    key = squeezed(story.text)
    found: list[_Anchor] = []
    for index, wanted in shape.anchors.items():
        at = key.find(wanted)
        if at >= 0 and key.find(wanted, at + 1) < 0:
            found.append((index, positions[at], positions[at + len(wanted) - 1] + 1))
    kept = _longest_in_order(found)
    ranks = {index for index, _, _ in kept}
    return kept, [anchor for anchor in found if anchor[0] not in ranks]


def _longest_in_order(anchors: Sequence[_Anchor]) -> list[_Anchor]:
    """The most anchors that follow each other in both texts (patience sorting)."""
    ends: list[int] = []
    piles: list[int] = []
    previous: list[int] = []
    for rank, (_, start, end) in enumerate(anchors):
        pile = bisect_left(ends, start + 1)
        previous.append(piles[pile - 1] if pile else -1)
        if pile == len(piles):
            piles.append(rank)
            ends.append(end)
        elif end < ends[pile]:
            piles[pile], ends[pile] = rank, end
    kept: list[_Anchor] = []
    at = piles[-1] if piles else -1
    while at >= 0:
        kept.append(anchors[at])
        at = previous[at]
    return kept[::-1]


# --- Between two anchors -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Region:
    """A stretch of the document's text, what was moved there left out."""

    story: Story
    text: str
    origins: Sequence[int]

    @classmethod
    def of(cls, story: Story, start: int, end: int, gone: Sequence[tuple[int, int]] = ()) -> _Region:
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

    def controls_of(self, holes: Sequence[Hole]) -> dict[Hole, tuple[int, int]]:
        """Where the controls of the holes are, as far as the document still has them."""
        first, last = (self.origins[0], self.origins[-1]) if self.origins else (0, -1)
        inside = [span for span in self.story.spans if first <= span.start and span.end <= last + 1]
        found = {}
        for hole in holes:
            mine = [s for s in inside if (s.tag == hole.tag if s.tag else s.alias and s.alias == hole.alias)]
            if len(mine) == 1:
                start = bisect_left(self.origins, mine[0].start)
                found[hole] = start, start + mine[0].end - mine[0].start
        return found


def _compare(shape: Shape, passages: Sequence[int], region: _Region, aligned: Aligned, before: int) -> None:
    """Compare some paragraphs with the stretch of text that must be theirs."""
    if not passages and not region.text.strip():
        return
    comparison = _Comparison(shape, passages, region, before)
    values = comparison.match()
    if values is None:
        comparison.report(aligned)
    else:
        aligned.values |= values
        aligned.starts += [(region.origins[0] if region.origins else 0, index) for index in passages[:1]]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word or a sign of the template's fixed text, or a hole."""

    text: str
    passage: int
    start: int
    end: int
    hole: Hole | None
    is_first: bool
    is_last: bool


_Step: TypeAlias = "tuple[int | None, int | None]"  # rank of the word wanted, rank of the word given


class _Comparison:
    """Some paragraphs of the template, and the stretch of text that must be theirs."""

    def __init__(self, shape: Shape, passages: Sequence[int], region: _Region, before: int) -> None:
        self._shape, self._passages, self._region, self._before = shape, passages, region, before
        self._wanted = [word for index in passages for word in _words(shape, index)]
        self._given = list(_TOKEN.finditer(region.text))
        self._spans = region.controls_of([word.hole for word in self._wanted if word.hole])
        self._owners = [self._owner(token) for token in self._given]
        self._lines_are_paragraphs = not region.story.pages
        self._lost: set[int] = set()

    def _owner(self, token: re.Match[str]) -> Hole | None:
        """The hole in whose control a word stands, where the document still has its controls."""
        return next((hole for hole, (start, end) in self._spans.items() if start <= token.start() < end), None)

    def _text(self, first: int, end: int) -> str:
        return self._region.text[self._given[first].start() : self._given[end - 1].end()] if first < end else ""

    def _begins_line(self, given: int) -> bool:
        start = self._given[given].start()
        return given == 0 or "\n" in self._region.text[self._given[given - 1].end() : start]

    def _same(self, word: _Word, given: int) -> bool:
        return self._given[given][0] == word.text and self._owners[given] is None

    # ------------------------------------------------------------------------------------ without a difference

    def match(self) -> dict[str, str] | None:
        """The value of each hole if the fixed text is all there and nothing else is; None otherwise."""
        return self._match(range(len(self._wanted)), range(len(self._given)))

    def _match(self, wanted: range, given: range) -> dict[str, str] | None:
        """The same for some of the words wanted and some of those given."""
        ends = self._ends_of_all(wanted, given)
        if ends is None:
            return None
        starts = [given.start, *ends]
        holes = [(self._wanted[rank].hole, start, end) for rank, start, end in zip(wanted, starts, ends, strict=False)]
        return {hole.address: self._text(start, end) for hole, start, end in holes if hole}

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
        word = self._wanted[wanted]
        if word.hole is None:
            if given < all_given.stop and self._same(word, given):
                yield given + 1
        elif word.hole in self._spans:
            end = given
            while end < all_given.stop and self._owners[end] is word.hole:
                end += 1
            if end > given or not self._region.text[slice(*self._spans[word.hole])].strip():
                yield end
        else:
            following = self._wanted[wanted + 1] if wanted + 1 < all_wanted.stop else None
            ends = list(range(given if following else all_given.stop, all_given.stop + 1))
            if following and following.hole is None:
                ends = [end for end in ends if end < all_given.stop and self._same(following, end)]
            yield from self._ends_of_value(word, word.hole, given, ends)

    def _ends_of_value(self, word: _Word, hole: Hole, given: int, ends: list[int]) -> Iterator[int]:
        if word.is_last:
            ends.sort(key=lambda end: end < len(self._given) and not self._begins_line(end))
        elif hole.choices:
            ends.sort(key=lambda end: -len(text) if (text := squeezed(self._text(given, end))) in hole.choices else 0)
        elif not _GREEDY.isdisjoint(hole.words.values()):
            ends.reverse()
        for end in ends:
            text = self._text(given, end)
            if not (self._lines_are_paragraphs and "\n" in text) and hole.accepts(text):
                yield end

    # --------------------------------------------------------------------------------------- with differences

    def report(self, aligned: Aligned) -> None:
        """Add the values found and the edits needed."""
        large = len(self._wanted) * len(self._given) > _LARGE
        steps = self._without_lost_paragraphs(list(self._coarse() if large else self._fine()), aligned)
        for wanted, given in steps:
            if wanted is not None and given is not None:
                place = self._region.origins[self._given[given].start()]
                aligned.starts.append((place, self._wanted[wanted].passage))
        for run in self._runs(steps):
            edit = self._edit(steps, run)
            if squeezed(edit.old) != squeezed(edit.new):
                aligned.edits.append(edit)
        self._take_values(steps, aligned)

    def _without_lost_paragraphs(self, steps: list[_Step], aligned: Aligned) -> list[_Step]:
        """The steps but those of paragraphs of which no fixed word is left: these are lost as wholes."""
        fixed = {word.passage for word in self._wanted if word.hole is None}
        left = {
            self._wanted[wanted].passage
            for wanted, given in steps
            if wanted is not None and given is not None and self._wanted[wanted].hole is None
        }
        lost = fixed - left
        if not lost:
            return steps
        replaced = len(lost) == 1 and len(self._passages) == 1 and "\0" not in self._shape.passages[min(lost)].key
        if replaced and self._given:
            return steps
        place = self._region.origins[0] if self._region.origins else 0
        aligned.edits += [Edit("deleted", self._shape.passages[i].text, "", "", "", i, place) for i in sorted(lost)]
        self._lost = lost
        rest = [
            (None if wanted is not None and self._wanted[wanted].passage in lost else wanted, given)
            for wanted, given in steps
        ]
        return [step for step in rest if step != (None, None)]

    def _runs(self, steps: Sequence[_Step]) -> Iterator[range]:
        """The steps that differ, in stretches. One word in common does not part two changes of one paragraph."""
        start = end = -1
        passage: int | None = None
        for rank, (wanted, given) in enumerate(steps):
            in_hole = wanted is not None and self._wanted[wanted].hole is not None
            if in_hole or (wanted is not None and given is not None):
                if start >= 0 and (in_hole or rank > end):
                    yield range(start, end)
                    start = -1
                continue
            here = self._wanted[wanted].passage if wanted is not None else passage
            if start >= 0 and passage is not None and here != passage:
                yield range(start, end)
                start = -1
            if start < 0:
                start, passage = rank, None
            passage = here if passage is None else passage
            end = rank + 1
        if start >= 0:
            yield range(start, end)

    def _edit(self, steps: Sequence[_Step], run: range) -> Edit:
        """What was done in one stretch of steps."""
        wanted = [w for w, _ in (steps[rank] for rank in run) if w is not None]
        given = [g for _, g in (steps[rank] for rank in run) if g is not None]
        before = next((steps[rank] for rank in range(run.start - 1, -1, -1)), (None, None))
        after = next((steps[rank] for rank in range(run.stop, len(steps))), (None, None))
        if given and not wanted:
            given = self._slid(given)
        old = self._source(wanted[0], wanted[-1]) if wanted else ""
        new = self._text(given[0], given[-1] + 1) if given else ""
        old, new = " ".join(old.split()), " ".join(new.split())
        kind: EditKind = "inserted" if not old else "deleted" if not new else "changed"
        if is_alike(old, new):
            kind = "alike"
        first = given[0] if given else after[1]
        at = self._region.origins[self._given[first].start()] if first is not None else self._end()
        return Edit(kind, old, new, *self._around(wanted, given, before, after), self._passage(wanted, before), at)

    def _slid(self, given: list[int]) -> list[int]:
        """The same insertion told from the start of its line, where its words allow it: "Entre :", not ": Entre"."""
        for step in (-1, 1):
            first, end = given[0], given[-1] + 1
            while not self._begins_line(first) and abs(first - given[0]) < len(given):
                leaving, entering = (end - 1, first - 1) if step < 0 else (first, end)
                if entering == len(self._given) or self._given[entering][0] != self._given[leaving][0]:
                    break
                first, end = first + step, end + step
            if self._begins_line(first):
                return list(range(first, end))
        return given

    def _source(self, first: int, last: int) -> str:
        one, other = self._wanted[first], self._wanted[last]
        if one.passage != other.passage:
            return f"{self._source(first, first)} … {self._source(last, last)}"
        items = self._shape.passages[one.passage].items
        return "".join(item if isinstance(item, str) else "\0" for item in items)[one.start : other.end]

    def _around(self, wanted: list[int], given: list[int], before: _Step, after: _Step) -> tuple[str, str]:
        """The words before and after an edit, with their spaces, as far as its paragraph goes."""
        left = right = ""
        if before[1] is not None and not (given and self._begins_line(given[0]) and self._lines_are_paragraphs):
            start = self._given[before[1]].start()
            end = self._given[given[0]].start() if given else self._given[before[1]].end()
            space = "" if given else " " * (not wanted or self._spaced(wanted[0], -1))
            left = self._region.text[start:end] + space
        if after[1] is not None and not (self._begins_line(after[1]) and self._lines_are_paragraphs):
            start = self._given[given[-1]].end() if given else self._given[after[1]].start()
            space = "" if given else " " * (bool(wanted) and self._spaced(wanted[-1], +1))
            right = space + self._region.text[start : self._given[after[1]].end()]
        return re.sub(r"\s+", " ", left), re.sub(r"\s+", " ", right)

    def _spaced(self, wanted: int, side: int) -> bool:
        """Whether the template has a space on this side of a word."""
        word = self._wanted[wanted]
        items = self._shape.passages[word.passage].items
        source = "".join(item if isinstance(item, str) else "\0" for item in items)
        return (source[word.start - 1 : word.start] if side < 0 else source[word.end : word.end + 1]).isspace()

    def _passage(self, wanted: list[int], before: _Step) -> int:
        if wanted:
            return self._wanted[wanted[0]].passage
        return self._wanted[before[0]].passage if before[0] is not None else self._before

    def _end(self) -> int:
        return self._region.origins[-1] if self._region.origins else len(self._region.story.text)

    def _take_values(self, steps: Sequence[_Step], aligned: Aligned) -> None:
        """Keep what stands in each hole; what cannot be part of its value was put in beside it."""
        held: dict[int, list[int]] = {
            rank: [] for rank, word in enumerate(self._wanted) if word.hole and word.passage not in self._lost
        }
        for wanted, given in steps:
            if wanted in held and given is not None:
                held[wanted].append(given)
        for group in self._neighbours(list(held)):
            ranks = [rank for hole in group for rank in held[hole]]
            values = self._match(group, range(ranks[0], ranks[-1] + 1)) if ranks else None
            if values is not None:
                aligned.values |= values
                for rank in group:
                    del held[rank]
        for rank, ranks in held.items():
            hole = self._wanted[rank].hole
            assert hole is not None  # those of ``held`` are holes
            value = self._text(ranks[0], ranks[-1] + 1) if ranks else ""
            start, end = self._part_of(hole, value)
            aligned.values[hole.address] = value[start:end]
            for extra, before, after in ((value[:start], "", value[start:end]), (value[end:], value[start:end], "")):
                if extra.strip():
                    at = self._region.origins[self._given[ranks[0]].start()] + value.index(extra)
                    words = " ".join(extra.split())
                    around = f"{before} " if before else "", f" {after}" if after else ""
                    aligned.edits.append(Edit("inserted", "", words, *around, self._wanted[rank].passage, at))

    @staticmethod
    def _neighbours(holes: Sequence[int]) -> Iterator[range]:
        """The holes between which no fixed word stands, together."""
        start = 0
        for end in range(1, len(holes) + 1):
            if end == len(holes) or holes[end] != holes[end - 1] + 1:
                yield range(holes[start], holes[end - 1] + 1)
                start = end

    def _part_of(self, hole: Hole, value: str) -> tuple[int, int]:
        """The part of a text that can be the hole's value."""
        if hole in self._spans:
            return 0, len(value)
        line = value.partition("\n")[0] if self._lines_are_paragraphs else value
        found = None if hole.accepts(line) else hole.search(line)
        return found.span() if found and found[0] else (0, len(line))

    def _coarse(self) -> Iterator[_Step]:
        """The fewest changes, blind to what a hole may hold; for texts that have little in common."""
        from rapidfuzz.distance import Indel  # noqa: PLC0415 (unaltered documents never need it)

        wanted = [word.text if word.hole is None else f"\0{rank}" for rank, word in enumerate(self._wanted)]
        given = [token[0] for token in self._given]
        for step in Indel.opcodes(wanted, given):
            words = range(step.src_start, step.src_end)
            tokens = range(step.dest_start, step.dest_end)
            if step.tag == "equal":
                yield from zip(words, tokens, strict=True)
                continue
            hole = next((rank for rank in words if self._wanted[rank].hole), None)
            yield from ((rank, None) for rank in words if rank != hole)
            yield from ((hole, token) for token in tokens)

    def _fine(self) -> list[_Step]:
        """The fewest changes, a hole taking in whatever stands in it."""
        costs = self._costs()
        steps: list[_Step] = []
        row, column = len(self._wanted), len(self._given)
        while row or column:
            step, rows, columns = self._last_step(costs, row, column)
            steps.append(step)
            row, column = row - rows, column - columns
        return steps[::-1]

    def _last_step(  # noqa: PLR0911 (one for each step there is)
        self, costs: Sequence[Sequence[float]], row: int, column: int
    ) -> tuple[_Step, int, int]:
        """The step by which the least cost of a cell came about, and how far back it leads."""
        word = self._wanted[row - 1] if row else None
        here, left = costs[row][column], costs[row][column - 1] if column else None
        if word is None:
            return (None, column - 1), 0, 1
        if word.hole is None:
            if column and self._same(word, column - 1) and here == costs[row - 1][column - 1]:
                return (row - 1, column - 1), 1, 1
            if left is not None and here == left + _STRANGE:
                return (None, column - 1), 0, 1
            return (row - 1, None), 1, 0
        if left is not None:
            if here == costs[row - 1][column - 1] + self._price(word, column - 1, is_first=True):
                return (row - 1, column - 1), 1, 1
            price = self._price(word, column - 1, is_first=False)
            if here == left + price:
                return (row - 1 if price < _STRANGE else None, column - 1), 0, 1
        return (row - 1, None), 1, 0

    def _costs(self) -> list[list[float]]:
        """The least cost of turning so many words wanted into so many given."""
        count = len(self._given)
        costs = [[column * _STRANGE for column in range(count + 1)]]
        for word in self._wanted:
            above = costs[-1]
            row = [above[0] + (_STRANGE if word.hole is None else _EMPTY_HOLE)]
            for column in range(count):
                if word.hole is None:
                    best = min(above[column + 1], row[column]) + _STRANGE
                    row.append(min(best, above[column]) if self._same(word, column) else best)
                else:
                    first = above[column] + self._price(word, column, is_first=True)
                    further = row[column] + self._price(word, column, is_first=False)
                    row.append(min(above[column + 1] + _EMPTY_HOLE, first, further))
            costs.append(row)
        return costs

    def _price(self, word: _Word, given: int, *, is_first: bool) -> float:
        """What it costs to take a word given as the first, or a further one, of a hole's value."""
        owner = self._owners[given]
        if owner is word.hole:
            return 0.0
        if owner is not None or word.hole in self._spans:
            return _STRANGE
        begins = self._begins_line(given)
        if is_first:
            return 0.0 if begins is word.is_first else _IN_HOLE
        return _MISPLACED if begins and self._lines_are_paragraphs else _IN_HOLE


def _words(shape: Shape, passage: int) -> Iterator[_Word]:
    """The words of a paragraph and its holes."""
    items = shape.passages[passage].items
    source = "".join(item if isinstance(item, str) else "\0" for item in items)
    holes = iter(shape.passages[passage].holes)
    tokens = list(re.finditer(r"\0|\w+|[^\w\s]", source))
    for rank, token in enumerate(tokens):
        hole = next(holes) if token[0] == "\0" else None
        yield _Word(token[0], passage, token.start(), token.end(), hole, rank == 0, rank == len(tokens) - 1)


def _join_moves(shape: Shape, aligned: Aligned) -> None:
    """Make one move of what was deleted in one place and inserted in another, its holes' values with it."""
    for lost in [edit for edit in aligned.edits if edit.kind == "deleted"]:
        holed = bool(shape.passages[lost.passage].holes) and lost.old == shape.passages[lost.passage].text
        for put in [edit for edit in aligned.edits if edit.kind == "inserted"]:
            same = len(squeezed(lost.old)) >= _SHORTEST_MOVED and squeezed(put.new) == squeezed(lost.old)
            values: Mapping[str, str] | None = {} if same else None
            if values is None and holed:
                alone = _Region.of(Story(shape.kind, put.new), 0, len(put.new))
                values = _Comparison(shape, [lost.passage], alone, lost.passage).match()
            if values is not None:
                aligned.values |= values
                aligned.edits.remove(lost)
                aligned.edits.remove(put)
                aligned.edits.append(Edit("moved", put.new, put.new, "", "", lost.passage, put.at))
                break
