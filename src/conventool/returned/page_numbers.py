"""The numbers that the pages of a PDF say of themselves, held against their order and against how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

__all__ = ["PageNumber", "miscounted"]


class PageNumber(NamedTuple):
    """What a header or a footer says is the number of its page.

    Attributes:
        page: which page of the file says it, counted from one.
        said: its number, and that of all where it is said too.
    """

    page: int
    said: tuple[int, ...]


def miscounted(
    numbers: Sequence[PageNumber], pages: int, starts: Collection[int], *, sections: int
) -> Iterator[PageNumber]:
    """The numbers that do not follow those before, or say another number of pages.

    Where all pages say the same, as a browser prints the fields of a Word file, nothing is said.

    Args:
        numbers: in the order of the pages.
        pages: how many there are, with those that say no number.
        starts: at what numbers sections may begin to count anew.
        sections: how many there are.
    """
    if len(numbers) > 1 and len({one.said for one in numbers}) == 1:
        return
    steps = Counter(one.said[0] - rank for rank, one in enumerate(numbers))
    usual = max(steps, key=lambda step: (steps[step], step == 1), default=1)
    before = 0
    for rank, (_, (number, *totals)) in enumerate(numbers):
        follows = number - rank == usual or (sections > 1 and number in {*starts, before + 1})
        counts = sections > 1 or all(number <= total and total in {len(numbers), pages} for total in totals)
        if not (follows and counts):
            yield numbers[rank]
        before = number
