"""The line of headers of a table, found among titles, groups of columns and rows of values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from conventool.core.row import shown
from conventool.sources.formulas import restored
from conventool.sources.own_columns import ADHERENTS, OwnColumns
from conventool.sources.sheets import Line
from conventool.text.french import fold

__all__ = ["Top", "find_top", "is_header", "known_cells", "likeness_to_list"]

_LOOKED_AT = 60
"""How many lines that are not empty are looked at: titles may stand above the headers, and values below tell more."""

_HEADER_WITHIN = 30

Knows = Callable[[str], bool]
"""Whether a text is the header of a column that is known."""


class Top(NamedTuple):
    """The first lines of a table.

    Attributes:
        line: the line of headers; of two, the lower.
        headers: the texts of its cells, with what a line of wider headers says above them where that tells more.
        below: the lines after it.
    """

    line: Line
    headers: tuple[str, ...]
    below: Sequence[Line]


def is_header(mapping: Mapping[str, object], own: OwnColumns = ADHERENTS) -> Knows:
    """Make the test by which the headers of a table are known: what the user decided, and what rules say."""
    is_decided = _is_decided(mapping)
    return lambda text: is_decided(text) or own.meaning_of(text) is not None or own.is_left_aside(text)


def _is_decided(mapping: Mapping[str, object]) -> Knows:
    decided = {fold(header) for header in mapping}
    return lambda text: fold(text) in decided


def known_cells(cells: Iterable[object], knows: Knows) -> int:
    """Count the cells of a line that are the header of a known column."""
    return sum(1 for cell in cells if isinstance(cell, str) and cell and knows(restored(cell)))


def find_top(
    lines: Iterable[Line], mapping: Mapping[str, object], own: OwnColumns = ADHERENTS, *, addresses: bool = False
) -> Top | None:
    """Find the line of headers.

    Args:
        lines: of a table, from its first.
        mapping: by header, what the user decided of columns: the line with most of these it is.
        own: what headers mean to the template.
        addresses: whether headers may be any text: then the first line that is not empty it is.

    Returns:
        It; the first line that fills most of the table's width where none is known. None for an empty table.
    """
    first = [line for line in islice(lines, _LOOKED_AT) if any(line.cells)]
    if not first:
        return None
    chosen = 0 if addresses else _rank_of_header(first[:_HEADER_WITHIN], mapping, own)
    line = first[chosen]
    above = first[chosen - 1] if chosen and first[chosen - 1].number == line.number - 1 else None
    headers = [restored(shown(cell)) for cell in line.cells]
    if above and not addresses:
        headers = _below_wider(headers, [restored(shown(cell)) for cell in above.cells], mapping, own)
    return Top(line, tuple(headers), first[chosen + 1 :])


def _below_wider(
    headers: Sequence[str], above: Sequence[str], mapping: Mapping[str, object], own: OwnColumns
) -> list[str]:
    """The headers with those of the line above: « Nom » below « Signataire » is « Nom (Signataire) ».

    A cell that is empty below a text is the lower half of a cell that is two lines high.
    """
    if known_cells(above, is_header(mapping, own)) == 0 and len([text for text in above if text]) < 2:
        return list(headers)  # a title
    is_decided = _is_decided(mapping)
    found, wider = [], ""
    for rank in range(max(len(headers), len(above))):
        header = headers[rank] if rank < len(headers) else ""
        text = above[rank] if rank < len(above) else ""
        wider = text or wider
        both = f"{header} ({wider})"
        tells_more = wider and own.meaning_of(both) not in {None, own.meaning_of(header)}
        if own.own_meaning_of(header) and not own.own_meaning_of(both):  # it is the template's own word
            tells_more = False
        found.append(text if not header else both if tells_more and not is_decided(header) else header)
    return found


def likeness_to_list(
    lines: Iterator[Line], mapping: Mapping[str, object], own: OwnColumns = ADHERENTS, *, addresses: bool = False
) -> int:
    """Tell how much the lines of a sheet look like a list of adherents.

    Returns:
        2 for a list that says who signs, where or when, or gives two of the template's own fields; 1 for some known
        headers, as a sheet of choices or of prices may have; 0 for none, or for nothing below them. Where the user
        decided on columns, a sheet that has any of them is the list; where headers may be any text, one with a line
        below its first.
    """
    top = find_top(lines, mapping, own, addresses=addresses)
    if top is None or not top.below:
        return 0
    if addresses or mapping:
        return 2 if addresses or known_cells(top.headers, _is_decided(mapping)) else 0
    meanings = [meaning for header in top.headers if (meaning := own.meaning_of(header))]
    fields = {field for meaning in meanings for field in meaning.fields}
    if len(fields & _TELLING) >= 2 or sum(own.own_meaning_of(header) is not None for header in top.headers) >= 2:
        return 2
    return 1 if len(fields) >= 2 or len(meanings) == _filled(top.line) else 0


_TELLING = {"adresse", "representant.civilite", "representant.prenom", "representant.nom", "decision.date"}


def _rank_of_header(lines: Sequence[Line], mapping: Mapping[str, object], own: OwnColumns) -> int:
    """The line with most known headers: of all if most of its cells are known, else only the first that is wide."""
    counted = [known_cells(line.cells, _is_decided(mapping)) for line in lines]
    if any(counted):
        return counted.index(max(counted))
    widest = max(map(_filled, lines))
    first_wide = next(rank for rank, line in enumerate(lines) if 2 * _filled(line) >= widest)
    knows = is_header({}, own)
    known = [known_cells(line.cells, knows) for line in lines]
    eligible = [rank for rank, line in enumerate(lines) if rank == first_wide or 2 * known[rank] > _filled(line)]
    best = max(eligible, key=lambda rank: known[rank])
    if not known[best]:
        return first_wide
    below = best + 1  # of two lines of headers the lower is that of the columns
    is_header_too = below < len(lines) and 2 <= known[below] == _filled(lines[below])
    return below if is_header_too and lines[below].number == lines[best].number + 1 else best


def _filled(line: Line) -> int:
    return sum(map(bool, line.cells))
