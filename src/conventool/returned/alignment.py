"""A returned text laid beside its template's: what stands in each hole, and every place where the fixed text differs.

A document that kept its controls and whose text between them is the template's is known at a glance. In any other,
paragraphs without holes find their places by themselves; what lies between two of them is matched as a whole, and only
what does not match is compared word by word.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TypeAlias

from conventool.returned.diff import Differing
from conventool.returned.edits import Aligned, Edit
from conventool.returned.matching import Matched, Matching, Region
from conventool.returned.template_pattern import Shape
from conventool.text.stories import Story, squeezed

__all__ = ["align", "matches"]

_SHORTEST_MOVED = 4


def align(shape: Shape, story: Story) -> Aligned:
    """Lay a document's text beside its template's.

    Args:
        shape: of the template's story.
        story: of the document.
    """
    values = _untouched(shape, story)
    if values is not None:
        return Aligned(values)
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
        if passages or story.text[start:end].strip():
            _compare(shape, passages, Region.of(story, start, end, gone), aligned, max(before, 0))
    aligned.starts = sorted([*aligned.starts, *((start, index) for index, start, _ in kept)])
    _join_moves(shape, aligned)
    aligned.edits.sort(key=lambda edit: (edit.passage, edit.at))
    return aligned


def matches(shape: Shape, text: str) -> bool:
    """Whether a text is the template's, its holes filled."""
    region = Region.of(Story(shape.kind, text), 0, len(text))
    return Matching(shape, range(len(shape.passages)), region, 0).match() is not None


def _untouched(shape: Shape, story: Story) -> dict[str, str] | None:
    """The value of each hole if all controls are in their places, and the text between them is the template's."""
    if story.marks:
        return None
    at, values, spans = 0, {}, iter(story.spans)
    for hole, fixed in zip(shape.holes, shape.fixed, strict=False):
        span = next((span for span in spans if hole.is_control(span)), None)
        if span is None or span.start < at or squeezed(story.text[at : span.start]) != fixed:
            return None
        values[hole.address] = story.text[span.start : span.end].strip()
        at = span.end
    return values if squeezed(story.text[at:]) == shape.fixed[-1] else None


_Anchor: TypeAlias = tuple[int, int, int]  # rank of the paragraph, where it begins and ends in the document's text


def _anchored(shape: Shape, story: Story) -> tuple[list[_Anchor], list[_Anchor]]:
    """The paragraphs without holes that the document holds once: those in order, and those out of it."""
    words = [match.span() for match in re.finditer(r"\S+", story.text)]
    before = list(accumulate((end - start for start, end in words), initial=0))
    key = squeezed(story.text)

    def position(at: int) -> int:
        word = bisect_right(before, at) - 1
        return words[word][0] + at - before[word]

    found: list[_Anchor] = []
    for index, wanted in shape.anchors.items():
        at = key.find(wanted)
        if at >= 0 and key.find(wanted, at + 1) < 0:
            found.append((index, position(at), position(at + len(wanted) - 1) + 1))
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


def _compare(shape: Shape, passages: Sequence[int], region: Region, aligned: Aligned, before: int) -> None:
    """Compare some paragraphs with the stretch of text that must be theirs."""
    if not passages and not region.text.strip():
        return
    differing = Differing(shape, passages, region, before)
    matched = differing.match()
    if matched is None:
        differing.report(aligned)
    else:
        aligned.values |= matched.values
        differing.tell_alike(matched.pairs, aligned)
        aligned.starts += [(region.origins[0] if region.origins else 0, index) for index in passages[:1]]


def _join_moves(shape: Shape, aligned: Aligned) -> None:
    """Make one move of what was deleted in one place and inserted in another, its holes' values with it."""
    for lost in [edit for edit in aligned.edits if edit.kind == "deleted"]:
        holed = bool(shape.passages[lost.passage].holes) and lost.old == shape.passages[lost.passage].text
        for put in [edit for edit in aligned.edits if edit.kind == "inserted"]:
            same = len(squeezed(lost.old)) >= _SHORTEST_MOVED and squeezed(put.new) == squeezed(lost.old)
            matched = Matched({}, []) if same else None
            if matched is None and holed:
                alone = Region.of(Story(shape.kind, put.new), 0, len(put.new))
                matched = Matching(shape, [lost.passage], alone, lost.passage).match()
            if matched is not None:
                aligned.values |= matched.values
                aligned.edits.remove(lost)
                aligned.edits.remove(put)
                aligned.edits.append(Edit("moved", put.new, put.new, "", "", lost.passage, put.at))
                break
