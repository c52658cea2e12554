"""The line of headers of a table, found among titles, groups of columns and rows of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from conventool.core.row import shown
from conventool.sources.formulas import restored
from conventool.sources.headers import is_left_aside, meaning_of
from conventool.sources.sheets import Line
from conventool.text.french import fold

__all__ = ["LOOKED_AT", "Top", "find_top", "is_header", "is_list", "known_cells"]

LOOKED_AT = 60
"""How many lines that are not empty are looked at: titles may stand above the headers, and values below tell more."""

_HEADER_WITHIN = 30

Knows = Callable[[str], bool]
"""Whether a text is the header of a column that is known."""


class Top(NamedTuple):
    """The first lines of a table.

    Attributes:
        line: the line of headers.
        above: the texts of the line just above it.
        below: the lines after it.
        known: how many of its headers are known.
    """

    line: Line
    above: Sequence[str]
    below: Sequence[Line]
    known: int


def is_header(mapping: Mapping[str, object]) -> Knows:
    """Make the test by which the headers of a table are known: what the user decided, and what rules say."""
    is_decided = _is_decided(mapping)
    return lambda text: is_decided(text) or meaning_of(text) is not None or is_left_aside(text)


def _is_decided(mapping: Mapping[str, object]) -> Knows:
    decided = {fold(header) for header in mapping}
    return lambda text: fold(text) in decided


def known_cells(cells: Iterable[object], knows: Knows) -> int:
    """Count the cells of a line that are the header of a known column."""
    return sum(1 for cell in cells if isinstance(cell, str) and cell and knows(restored(cell)))


def find_top(lines: Iterable[Line], mapping: Mapping[str, object], *, addresses: bool = False) -> Top | None:
    """Find the line of headers.

    Args:
        lines: of a table, from its first.
        mapping: by header, what the user decided of columns: the line with most of these it is.
        addresses: whether headers may be any text: then the first line that is not empty it is.

    Returns:
        It; the first line that fills most of the table's width where none is known. None for an empty table.
    """
    first = [line for line in islice(lines, LOOKED_AT) if any(line.cells)]
    if not first:
        return None
    within = first[:_HEADER_WITHIN]
    chosen = 0 if addresses else _rank_of_header(within, mapping)
    line = first[chosen]
    above = first[chosen - 1] if chosen and first[chosen - 1].number == line.number - 1 else None
    texts = [shown(cell) for cell in above.cells] if above else []
    return Top(line, texts, first[chosen + 1 :], known_cells(line.cells, is_header(mapping)))


def is_list(lines: Iterator[Line], mapping: Mapping[str, object], *, addresses: bool = False) -> bool:
    """Whether the lines of a sheet look like a list of adherents: known headers, and something below them.

    Where the user decided on columns, a sheet without any of these is not the list.
    """
    top = find_top(lines, mapping, addresses=addresses)
    if top is None or not top.below:
        return False
    if mapping and not addresses:
        return known_cells(top.line.cells, _is_decided(mapping)) > 0
    return addresses or top.known >= 2 or top.known == _filled(top.line)


def _rank_of_header(lines: Sequence[Line], mapping: Mapping[str, object]) -> int:
    """The line with most known headers: of all if most of its cells are known, else only the first that is wide."""
    counted = [known_cells(line.cells, _is_decided(mapping)) for line in lines]
    if any(counted):
        return counted.index(max(counted))
    widest = max(map(_filled, lines))
    first_wide = next(rank for rank, line in enumerate(lines) if 2 * _filled(line) >= widest)
    knows = is_header({})
    known = [known_cells(line.cells, knows) for line in lines]
    eligible = [rank for rank, line in enumerate(lines) if rank == first_wide or 2 * known[rank] > _filled(line)]
    best = max(eligible, key=lambda rank: known[rank])
    return best if known[best] else first_wide


def _filled(line: Line) -> int:
    return sum(map(bool, line.cells))
