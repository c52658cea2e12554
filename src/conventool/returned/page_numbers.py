"""The numbers that the pages of a PDF say of themselves, held against their order and against how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

__all__ = ["PageNumber", "miscounted"]


_SURE = 2
"""Pages: where more say the same number, nobody counted them."""


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
    """The numbers that do not follow those before, or say another number of pages; one where all say that other.

    Where all pages say the same, as a browser prints the fields of a Word file, nothing is said.

    Args:
        numbers: in the order of the pages.
        pages: how many there are, with those that say no number.
        starts: at what numbers sections may begin to count anew.
        sections: how many there are.
    """
    said = {one.said for one in numbers}
    if len(said) == 1 and (len(numbers) > _SURE or (len(numbers) > 1 and set(numbers[0].said) == {1})):
        return
    steps = Counter(one.said[0] - rank for rank, one in enumerate(numbers))
    usual = max(steps, key=lambda step: (steps[step], step == 1), default=1)
    totals = {total for one in numbers for total in one.said[1:]}
    are_wrong = len(totals) == 1 and sections == 1 and totals.isdisjoint({len(numbers), pages})
    before = 0
    for rank, one in enumerate(numbers):
        number, *total = one.said
        follows = number in {before + 1, rank + usual} or (sections > 1 and number in starts)
        is_total = are_wrong or sections > 1 or {*total} <= {len(numbers), pages}
        if not (follows and is_total and number <= max(total, default=number)) or (are_wrong and not rank):
            yield one
        before = number
