"""The elements of a template's lists on sheets of their own: joined to the rows of the list as numbered columns.

Such a sheet is called as the field is. One of its columns has the header of a column of the list, and says to which row
each element belongs; the others are the fields of an element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import Cell, shown
from conventool.files.reading import unreadable
from conventool.sources.columns import unknown_columns
from conventool.sources.head import find_top
from conventool.sources.sheets import Line
from conventool.sources.table import Table, Wishes
from conventool.text.french import fold
from conventool.text.suggestions import listed

__all__ = ["with_elements"]


def with_elements(table: Table, sheets: Mapping[str, Table], wishes: Wishes) -> Table:
    """The list with a column more for each field of each element.

    Args:
        table: the list.
        sheets: by the label of a field, the sheet of its elements.
        wishes: how the list is read.

    Raises:
        UnreadableError: a sheet has no column in common with the list, or a value of it stands on two rows.
    """
    top = find_top(table.lines(), wishes.mapping, wishes.own)
    for label, sheet in sheets.items() if top else ():
        assert top is not None
        joined = _read(label, sheet, top.headers, wishes)
        lines = partial(_lines, table, top.line.number, len(top.headers), joined)
        problems = (*table.problems, *joined.problems, *_unmatched(table, top.line.number, joined))
        table = table._replace(lines=lines, problems=problems)
        top = find_top(table.lines(), wishes.mapping, wishes.own)
    return table


@dataclass(frozen=True)
class _Elements:
    """The elements of one sheet.

    Attributes:
        place: of the sheet.
        key: rank, in the list, of the column that says whose each element is.
        headers: of their fields.
        cells: by what that column says, the cells of each element.
        problems: columns that are left aside.
    """

    place: Place
    key: int
    headers: Sequence[str]
    cells: Mapping[str, Sequence[Sequence[Cell]]]
    problems: tuple[Problem, ...]
    label: str

    @property
    def most(self) -> int:
        """The number of elements of the row that has most."""
        return max(map(len, self.cells.values()), default=0)

    def of(self, line: Line) -> list[Cell]:
        """The cells that a line of the list gets."""
        own = self.cells.get(_key(line, self.key), ())
        blank: list[Cell] = [""] * ((self.most - len(own)) * len(self.headers))
        return [cell for element in own for cell in element] + blank


def _key(line: Line, rank: int) -> str:
    return fold(shown(line.cells[rank])) if rank < len(line.cells) else ""


def _read(label: str, sheet: Table, list_headers: Sequence[str], wishes: Wishes) -> _Elements:
    filled = [line for line in sheet.lines() if any(line.cells)]
    headers = [shown(cell) for cell in filled[0].cells] if filled else []
    place = sheet.place._replace(line=filled[0].number if filled else 1)
    wanted = [fold(header) for header in list_headers]
    key = next((rank for rank, header in enumerate(headers) if header and fold(header) in wanted), None)
    if key is None:
        message = (
            f"Rien ne dit à quelle ligne de la liste vont les éléments de la feuille «\u00a0{sheet.place.sheet}\u00a0»."
        )
        hint = f"Donnez-lui une colonne de la liste, par exemple {listed(filter(None, list_headers[:2]))}."
        raise unreadable(message, hint, place)
    fields = {
        rank: header
        for rank, header in enumerate(headers)
        if rank != key and header and wishes.own.own_meaning_of(f"{label} 1 {header}")
    }
    unknown = [header for rank, header in enumerate(headers) if header and rank != key and rank not in fields]
    cells: dict[str, list[Sequence[Cell]]] = {}
    for line in filled[1:]:
        element = [line.cells[rank] if rank < len(line.cells) else "" for rank in fields]
        if any(element):
            cells.setdefault(_key(line, key), []).append(element)
    told = (unknown_columns(place, unknown, ()),) if unknown else ()
    return _Elements(place, wanted.index(fold(headers[key])), [*fields.values()], cells, told, label)


def _lines(table: Table, header_line: int, width: int, elements: _Elements) -> Iterator[Line]:
    """The lines of the list; cells beyond its headers stay beyond them, to be told."""
    named = [f"{elements.label} {rank} {header}" for rank in range(1, elements.most + 1) for header in elements.headers]
    for line in table.lines():
        more: Sequence[Cell] = ()
        if line.number == header_line:
            more = named
        elif line.number > header_line and any(line.cells):
            more = elements.of(line)
        cells = [*line.cells, *[""] * (width - len(line.cells))] if more else line.cells
        yield line._replace(cells=[*cells[:width], *more, *cells[width:]])


def _unmatched(table: Table, header_line: int, elements: _Elements) -> Iterator[Problem]:
    """Elements without a row.

    Raises:
        UnreadableError: a value by which elements find their row stands on two.
    """
    seen: dict[str, int] = {}
    for line in table.lines():
        key = _key(line, elements.key)
        if line.number <= header_line or key not in elements.cells:
            continue
        if key in seen:
            value = shown(line.cells[elements.key])
            message = f"«\u00a0{value}\u00a0» est sur deux lignes de la liste, {seen[key]} et {line.number}."
            hint = "Distinguez-les dans les deux feuilles, par un numéro par exemple : à laquelle vont ses éléments ?"
            raise unreadable(message, hint, elements.place)
        seen[key] = line.number
    lost = [key for key in elements.cells if key not in seen]
    if lost:
        message = f"Ces éléments n’ont pas de ligne dans la liste, et sont laissés de côté : {listed(lost)}."
        hint = "Écrivez la même valeur dans les deux feuilles."
        yield Problem("row-left-aside", message, hint, place=elements.place, severity=Severity.WARNING)
