"""Rows of tables that go on to the next page of a PDF, whose cells are read one after the other.

The text layer has what each cell says on the first page, then the rest of each on the next. Where the lines around
the end of a page stand in columns, they are read column by column if more of them then follow each other as in the
template.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from conventool.returned.pdf_glyphs import Box

__all__ = ["Placed", "in_order_of_cells"]

_STACKED = 100_000.0
"""Points from the top of a page to that of the next, as if they hung together."""
_SLACK = 2.0
"""Points by which the lines of two cells of a row may begin at different heights."""
_MOST_ROWS = 8
"""Places on a page where a row may begin, counted from its end."""


class Placed(NamedTuple):
    """A line of text.

    Attributes:
        page: rank of its page.
        box: its place.
        key: its text without white space.
    """

    page: int
    box: Box
    key: str

    @property
    def top(self) -> float:
        """How far down it begins, all pages hanging together."""
        return self.page * _STACKED + self.box.top

    @property
    def bottom(self) -> float:
        """How far down it ends, likewise."""
        return self.page * _STACKED + self.box.bottom


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table that stands on several pages.

    Attributes:
        start: rank of its first line.
        end: rank of the line after its last.
        order: its lines, cell by cell.
        gain: how many more of its lines follow each other so.
    """

    start: int
    end: int
    order: Sequence[int]
    gain: int


def in_order_of_cells(
    lines: Sequence[Placed], follows: Callable[[str, str], bool], is_of_table: Callable[[Sequence[str]], bool]
) -> list[int]:
    """The ranks of some lines in the order in which they are read.

    Args:
        lines: in the order of the text layer.
        follows: whether the template has the second text behind the first.
        is_of_table: whether some texts may be those of a table.
    """
    return _Reading(lines, cache(follows), is_of_table).order(range(len(lines)))


@dataclass(frozen=True)
class _Reading:
    """Finds the rows among some lines; see `in_order_of_cells`."""

    lines: Sequence[Placed]
    follows: Callable[[str, str], bool]
    is_of_table: Callable[[Sequence[str]], bool]

    def order(self, ranks: Sequence[int]) -> list[int]:
        """Some of the lines, each row that is split among them cell by cell."""
        rows: list[_Row] = []
        for at in range(1, len(ranks)):
            before, after = self.lines[ranks[at - 1]], self.lines[ranks[at]]
            if before.page == after.page or self.follows(before.key, after.key):
                continue
            going_on = rows.pop() if rows and rows[-1].end == at else None
            found = max(self._rows(ranks, at, going_on), key=lambda row: row.gain, default=going_on)
            if going_on and found and found.gain <= going_on.gain:
                found = going_on
            if found and found.gain > 0:
                rows.append(found)
        ordered, done = list[int](), 0
        for row in rows:
            ordered += [*ranks[done : row.start], *row.order]
            done = row.end
        return [*ordered, *ranks[done:]]

    def _rows(self, ranks: Sequence[int], at: int, going_on: _Row | None) -> Iterator[_Row]:
        """What may be a row that is split at a place, or goes on there."""
        for start in [going_on.start] if going_on else self._starts(ranks, at):
            for end in self._ends(ranks, at):
                columns = self._columns(ranks[start:end])
                if len(columns) > 1 and self.is_of_table([self.lines[rank].key for rank in ranks[start:end]]):
                    order = [rank for column in columns for rank in self.order(column)]
                    around = ranks[max(start - 1, 0) : start], ranks[end : end + 1]
                    gain = self._joints(order, *around) - self._joints(ranks[start:end], *around)
                    yield _Row(start, end, order, gain)

    def _starts(self, ranks: Sequence[int], at: int) -> Iterator[int]:
        """Where a row may begin: where a line stands above the one before, those beside it included."""
        first = at - 1
        while first and self.lines[ranks[first - 1]].page == self.lines[ranks[at - 1]].page:
            first -= 1
        page = [self.lines[rank] for rank in ranks[first:at]]
        jumps = [line.top for before, line in pairwise(page) if line.top < before.bottom - _SLACK]
        for top in dict.fromkeys(jumps[: -_MOST_ROWS - 1 : -1]):
            start = next(rank for rank, line in enumerate(page) if line.top >= top - _SLACK)
            if all(line.top >= top - _SLACK for line in page[start:]):
                yield first + start

    def _ends(self, ranks: Sequence[int], at: int) -> Iterator[int]:
        """Where a row may end that goes on to a page: where all lines behind stand below all before."""
        last = at
        while last < len(ranks) and self.lines[ranks[last]].page == self.lines[ranks[at]].page:
            last += 1
        page = [self.lines[rank] for rank in ranks[at:last]]
        lowest = page[0].bottom
        for count, line in enumerate(page):
            if count and all(one.top >= lowest - _SLACK for one in page[count:]):
                yield at + count
            lowest = max(lowest, line.bottom)
        yield last

    def _columns(self, ranks: Sequence[int]) -> list[list[int]]:
        """Some lines by the columns that they stand in, from left to right."""
        columns: list[tuple[float, float, list[int]]] = []
        for rank in ranks:
            left, _, right, _ = self.lines[rank].box
            met = [one for one in columns if one[0] < right and left < one[1]]
            columns = [one for one in columns if one not in met]
            inside = sorted([rank, *(other for *_, others in met for other in others)], key=list(ranks).index)
            columns.append((min([left, *(one[0] for one in met)]), max([right, *(one[1] for one in met)]), inside))
        return [inside for _, _, inside in sorted(columns)]

    def _joints(self, order: Sequence[int], before: Sequence[int], after: Sequence[int]) -> int:
        """How many lines are followed by one that follows them in the template too."""
        keys = [self.lines[rank].key for rank in (*before, *order, *after)]
        return sum(self.follows(one, other) for one, other in pairwise(keys))
