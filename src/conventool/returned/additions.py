"""What signing adds among the text of a Word file at the place of signatures, told apart from what alters it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from conventool.returned.by_hand import day_in, is_formula, is_signatory, names_in, parties_in
from conventool.returned.edits import Alignment, Edit
from conventool.returned.story_pattern import StoryPattern
from conventool.text.stories import LINE_END, Story, squeezed
from conventool.word.foreign import Foreign

__all__ = ["signing_length", "take_additions"]

_ON_ITS_LINE = re.compile(rf"(?:[^\n{LINE_END}]*(?<![.…_·])[.…_·]{{2,}})?[^\S\n{LINE_END}]*")
"""What may stand before an addition on its line: nothing, or dots to write on."""
_AFTER = re.compile(rf"[.…_·]*[^\S\n{LINE_END}]*(?:[\n{LINE_END}]|$)")
_BEHIND_DOTS = re.compile(r"(?P<dots>\s*[.…_·]{2,})\s*(?P<words>[^.…_·].*?)[\s.…_·]*")


def take_additions(pattern: StoryPattern, story: Story, alignment: Alignment) -> tuple[Foreign, ...]:
    """Take out of a story's edits what signing adds where one signs, and from behind the dots of a date.

    Args:
        pattern: of the template's story.
        story: of the document.
        alignment: of both; what is taken is neither among its edits nor in its values afterwards.

    Returns:
        What was taken, in order.
    """
    first = pattern.signing
    if first is None or story.pages:
        return ()
    near = [edit for edit in alignment.edits if edit.kind == "inserted" and edit.passage >= first - 1]
    dated = [slot for one in pattern.passages[first:] for slot in one.slots if slot.is_day]
    behind = [
        (slot, found) for slot in dated if (found := _BEHIND_DOTS.fullmatch(alignment.values.get(slot.address, "")))
    ]
    if not near and not behind:
        return ()
    vocabulary = _Vocabulary(pattern, alignment, story.text[: near[0].at] if near else story.text)
    taken = []
    for edit in near:
        lines = list(_lines(story, edit))
        if all(vocabulary.has(line) for line in lines):
            alignment.edits.remove(edit)
            taken += lines
    for slot, found in behind:
        if day_in(found["words"]) is None and vocabulary.has(found["words"]):
            alignment.values[slot.address] = found["dots"].strip()
            taken.append(" ".join(found["words"].split()))
    under = pattern.passages[first].heading
    return tuple(Foreign("by-hand", f"« {line} »", squeezed(line), story.kind, under) for line in taken)


class _Vocabulary:
    """What may be added to a document where one signs: what is said before, and whom the block of signatures names."""

    def __init__(self, pattern: StoryPattern, alignment: Alignment, before: str) -> None:
        above, block = pattern.passages[: pattern.signing], pattern.passages[pattern.signing :]
        values = [alignment.values.get(slot.address, "") for one in above for slot in one.slots]
        fixed = [stretch for one in block for stretch in one.stretches]
        self._names = names_in(before.splitlines())
        self._parties = parties_in([*values, *fixed])

    def has(self, line: str) -> bool:
        """Whether a line is a formula of signing, or says who signs."""
        return is_formula(line, self._names) or is_signatory(line, self._parties)


def _lines(story: Story, edit: Edit) -> Iterator[str]:
    """The lines that were added, and an empty one where they stand neither by themselves nor behind dots."""
    rest = len(squeezed(edit.new))
    counts = accumulate(not char.isspace() for char in story.text[edit.at :])
    end = edit.at + next((rank for rank, count in enumerate(counts, 1) if count == rest), 0)
    lines = [" ".join(line.split()) for line in re.split(rf"[\n{LINE_END}]", story.text[edit.at : end])]
    start = max(story.text.rfind(sign, 0, edit.at) for sign in ("\n", LINE_END)) + 1
    is_apart = _ON_ITS_LINE.fullmatch(story.text, start, edit.at) and _AFTER.match(story.text, end)
    yield from (line for line in lines if line)
    if not is_apart:
        yield ""


def signing_length(pattern: StoryPattern, alignment: Alignment, added: Sequence[Foreign]) -> int:
    """How many characters stand in a story from the place of signatures on, white space aside; 0 without one."""
    if pattern.signing is None:
        return 0
    block = pattern.passages[pattern.signing :]
    values = (squeezed(alignment.values.get(slot.address, "")) for one in block for slot in one.slots)
    fixed = (one.key.replace("\0", "") for one in block)
    return sum(map(len, (*fixed, *values, *(one.text for one in added))))
