"""The shape of a table: how many cells its rows have, and over how many columns each is (ISO/IEC 29500-1, 17.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from lxml import etree

from conventool.word.names import W15, child, own, value_of, word_iter

__all__ = ["shape_of"]


def shape_of(table: etree._Element) -> str:
    """How many cells the rows of a table have: moved from row to row, the same words say something else.

    Where cells are joined, over how many columns each is: a head over one column more says something else too. Empty
    where rows are repeated, as often as the values say.
    """
    if next(table.iter(f"{{{W15}}}repeatingSection"), None) is not None:
        return ""
    rows = own(table, "tr")
    is_plain = next(word_iter(table, "gridSpan", "gridBefore"), None) is None
    shapes = [str(len(own(row, "tc"))) for row in rows] if is_plain else _joined_shapes(rows)
    return ", ".join(f"{len(list(same))} × {shape}" for shape, same in groupby(shapes))


def _joined_shapes(rows: Iterable[etree._Element]) -> Iterator[str]:
    """Over how many columns each cell of some rows is; columns of the grid at which no cell ends are none."""
    ends_of_rows = [list(_cell_ends(row)) for row in rows]
    places = sorted({end for ends in ends_of_rows for end in ends})
    for ends in ends_of_rows:
        spans = [places.index(end) - places.index(start) for start, end in pairwise(ends)]
        yield str(len(spans)) if set(spans) <= {1} else "+".join(map(str, spans))


def _cell_ends(row: etree._Element) -> Iterator[int]:
    """Where the cells of a row begin, and each of them ends, in columns of the grid (17.4.17)."""
    at = _count(child(row, "trPr"), "gridBefore", 0)
    yield at
    for cell in own(row, "tc"):
        at += _count(child(cell, "tcPr"), "gridSpan", 1)
        yield at


def _count(properties: etree._Element | None, name: str, otherwise: int) -> int:
    said = value_of(properties, name) or ""
    return int(said) if said.isdecimal() else otherwise
