"""A returned text laid beside its template's: what stands in each slot, and every place where the fixed text differs.

A document that kept its controls and whose text between them is the template's is known at a glance. In any other,
paragraphs without slots find their places by themselves; what lies between two of them is matched as a whole, and only
what does not match is compared word by word.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import TypeAlias

from conventool.returned.diff import Diff
from conventool.returned.edits import Alignment, Edit
from conventool.returned.matching import Match, Matcher, Region
from conventool.returned.story_pattern import StoryPattern
from conventool.text.stories import Story, squeezed

__all__ = ["align", "matches"]

_SHORTEST_MOVED = 4


def align(pattern: StoryPattern, story: Story) -> Alignment:
    """Lay a document's text beside its template's.

    Args:
        pattern: of the template's story.
        story: of the document.
    """
    values = _untouched(pattern, story)
    if values is not None:
        return Alignment(values)
    alignment = Alignment()
    kept, moved = _anchored(pattern, story)
    for index, start, end in moved:
        words = pattern.passages[index].text
        alignment.edits.append(Edit("moved", words, " ".join(story.text[start:end].split()), "", "", index, start))
    gone = sorted((start, end) for _, start, end in moved)
    elsewhere = {index for index, _, _ in moved}
    ends = [(-1, 0, 0), *kept, (len(pattern.passages), len(story.text), len(story.text))]
    for (before, _, start), (after, end, _) in pairwise(ends):
        passages = [index for index in range(before + 1, after) if index not in elsewhere]
        if passages or story.text[start:end].strip():
            _compare(pattern, passages, Region.of(story, start, end, gone), alignment, max(before, 0))
    alignment.starts = sorted([*alignment.starts, *((start, index) for index, start, _ in kept)])
    _join_moves(pattern, alignment)
    alignment.edits.sort(key=lambda edit: (edit.passage, edit.at))
    return alignment


def matches(pattern: StoryPattern, text: str) -> bool:
    """Whether a text of a PDF is the template's, its slots filled."""
    region = Region.of(Story(pattern.kind, text, pages=(0,)), 0, len(text))
    return Matcher(pattern, range(len(pattern.passages)), region, 0).match() is not None


def _untouched(pattern: StoryPattern, story: Story) -> dict[str, str] | None:
    """The value of each slot if all controls are in their places, and the text between them is the template's."""
    if story.marks:
        return None
    at, values, spans = 0, {}, iter(story.spans)
    for slot, fixed in zip(pattern.slots, pattern.fixed, strict=False):
        span = next((span for span in spans if slot.is_control(span)), None)
        if span is None or span.start < at or squeezed(story.text[at : span.start]) != fixed:
            return None
        values[slot.address] = story.text[span.start : span.end].strip()
        at = span.end
    return values if squeezed(story.text[at:]) == pattern.fixed[-1] else None


_Anchor: TypeAlias = tuple[int, int, int]  # rank of the paragraph, where it begins and ends in the document's text


def _anchored(pattern: StoryPattern, story: Story) -> tuple[list[_Anchor], list[_Anchor]]:
    """The paragraphs without slots that the document holds once: those in order, and those out of it."""
    key, positions = squeezed(story.text), cache(_positions)
    found: list[_Anchor] = []
    for index, wanted in pattern.anchors.items():
        at = key.find(wanted)
        if at >= 0 and key.find(wanted, at + 1) < 0:
            spaced = pattern.passages[index].source.strip()
            if (start := story.text.find(spaced)) >= 0:  # set as the template sets it, as most are
                found.append((index, start, start + len(spaced)))
            else:
                position = positions(story.text)
                found.append((index, position(at), position(at + len(wanted) - 1) + 1))
    kept = _longest_in_order(found)
    ranks = {index for index, _, _ in kept}
    return kept, [anchor for anchor in found if anchor[0] not in ranks]


def _positions(text: str) -> Callable[[int], int]:
    """Where in a text stands what is at some place of it without white space."""
    words = [match.span() for match in re.finditer(r"\S+", text)]
    before = list(accumulate((end - start for start, end in words), initial=0))

    def position(at: int) -> int:
        word = bisect_right(before, at) - 1
        return words[word][0] + at - before[word]

    return position


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


def _compare(pattern: StoryPattern, passages: Sequence[int], region: Region, alignment: Alignment, before: int) -> None:
    """Compare some paragraphs with the stretch of text that must be theirs."""
    if not passages and not region.text.strip():
        return
    differing = Diff(pattern, passages, region, before)
    matched = differing.match()
    if matched is None:
        differing.report(alignment)
    else:
        alignment.values |= matched.values
        differing.report_alike(matched.pairs, alignment)
        alignment.starts += [(region.origins[0] if region.origins else 0, index) for index in passages[:1]]


def _join_moves(pattern: StoryPattern, alignment: Alignment) -> None:
    """Make one move of what was deleted in one place and inserted in another, its slots' values with it."""
    for lost in [edit for edit in alignment.edits if edit.kind == "deleted"]:
        has_slots = bool(pattern.passages[lost.passage].slots) and lost.old == pattern.passages[lost.passage].text
        for put in [edit for edit in alignment.edits if edit.kind == "inserted"]:
            same = len(squeezed(lost.old)) >= _SHORTEST_MOVED and squeezed(put.new) == squeezed(lost.old)
            matched = Match({}, []) if same else None
            if matched is None and has_slots:
                alone = Region.of(Story(pattern.kind, put.new), 0, len(put.new))
                matched = Matcher(pattern, [lost.passage], alone, lost.passage).match()
            if matched is not None:
                alignment.values |= matched.values
                alignment.edits.remove(lost)
                alignment.edits.remove(put)
                alignment.edits.append(Edit("moved", put.new, put.new, "", "", lost.passage, put.at))
                break
