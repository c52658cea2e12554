"""The fewest changes that make a document's words of its template's: an edit distance that knows slots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from conventool.returned.confusables import skeleton
from conventool.returned.matching import Matcher
from conventool.returned.story_pattern import Word

__all__ = ["Step", "fewest_changes"]

Step: TypeAlias = "tuple[int | None, int | None]"
"""Ranks of a word wanted and of one given that are one. A word wanted alone is missing; one given alone is strange."""

_LARGE = 400_000  # cells: beyond, a coarser comparison, of whole documents that have little in common
_STRANGE, _MISPLACED, _IN_SLOT, _EMPTY_SLOT, _NEVER = 1.0, 0.3, 0.02, 0.1, 4.0


def fewest_changes(matching: Matcher) -> list[Step]:
    """The steps from the words wanted to those given, in order."""
    large = len(matching.wanted) * len(matching.given) > _LARGE
    return list(_coarse(matching)) if large else _fine(matching)


def _coarse(matching: Matcher) -> Iterator[Step]:
    """The fewest changes, blind to what a slot may hold; for texts that have little in common."""
    from rapidfuzz.distance import Indel  # noqa: PLC0415 (unaltered documents never need it)

    wanted = [word.key if word.slot is None else f"\0{rank}" for rank, word in enumerate(matching.wanted)]
    given = [skeleton(token[0]) for token in matching.given]
    for step in Indel.opcodes(wanted, given):
        words = range(step.src_start, step.src_end)
        tokens = range(step.dest_start, step.dest_end)
        if step.tag == "equal":
            yield from zip(words, tokens, strict=True)
            continue
        slot = next((rank for rank in words if matching.wanted[rank].slot), None)
        yield from ((rank, None) for rank in words if rank != slot)
        yield from ((slot, token) for token in tokens)


def _fine(matching: Matcher) -> list[Step]:
    """The fewest changes, a slot taking in whatever stands in it."""
    costs = _costs(matching)
    steps: list[Step] = []
    row, column = len(matching.wanted), len(matching.given)
    while row or column:
        step, rows, columns = _last_step(matching, costs, row, column)
        steps.append(step)
        row, column = row - rows, column - columns
    return steps[::-1]


def _last_step(  # noqa: PLR0911 (one for each step there is)
    matching: Matcher, costs: Sequence[Sequence[float]], row: int, column: int
) -> tuple[Step, int, int]:
    """The step by which the least cost of a cell came about, and how far back it leads."""
    word = matching.wanted[row - 1] if row else None
    here, left = costs[row][column], costs[row][column - 1] if column else None
    if word is None:
        return (None, column - 1), 0, 1
    if word.slot is None:
        if column and matching.same(word, column - 1) and here == costs[row - 1][column - 1]:
            return (row - 1, column - 1), 1, 1
        if left is not None and here == left + _STRANGE:
            return (None, column - 1), 0, 1
        return (row - 1, None), 1, 0
    if left is not None:
        if here == costs[row - 1][column - 1] + _price(matching, word, column - 1, is_first=True):
            return (row - 1, column - 1), 1, 1
        price = _price(matching, word, column - 1, is_first=False)
        if here == left + price:
            return (row - 1 if price < _STRANGE else None, column - 1), 0, 1
    return (row - 1, None), 1, 0


def _costs(matching: Matcher) -> list[list[float]]:
    """The least cost of turning so many words wanted into so many given."""
    count = len(matching.given)
    costs = [[column * _STRANGE for column in range(count + 1)]]
    for word in matching.wanted:
        above = costs[-1]
        row = [above[0] + (_STRANGE if word.slot is None else _EMPTY_SLOT)]
        for column in range(count):
            if word.slot is None:
                best = min(above[column + 1], row[column]) + _STRANGE
                row.append(min(best, above[column]) if matching.same(word, column) else best)
            else:
                first = above[column] + _price(matching, word, column, is_first=True)
                further = row[column] + _price(matching, word, column, is_first=False)
                row.append(min(above[column + 1] + _EMPTY_SLOT, first, further))
        costs.append(row)
    return costs


def _price(matching: Matcher, word: Word, given: int, *, is_first: bool) -> float:
    """What it costs to take a word given as the first, or a further one, of a slot's value."""
    owner = matching.owners[given]
    if owner is word.slot:
        return 0.0
    if owner is not None or word.slot in matching.spans:
        return _STRANGE
    if word.slot and word.slot.is_sign and matching.given[given][0][0].isalnum():  # a bullet is no word
        return _NEVER
    begins = matching.begins_line(given)
    if is_first:
        return 0.0 if begins is word.is_first else _IN_SLOT
    return _MISPLACED if begins and matching.lines_are_paragraphs else _IN_SLOT
