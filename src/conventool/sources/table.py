"""A table → rows: the line of headers found, columns recognised, each cell with its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import NamedTuple, TypeAlias

from conventool.core.problems import Place, Problem
from conventool.core.row import Path, Row, RowSource, Value
from conventool.files.reading import unreadable
from conventool.sources.columns import Columns, field_of, recognise
from conventool.sources.failed_cells import ERRORS
from conventool.sources.formulas import restored

__all__ = ["Cell", "Line", "Table", "as_text", "count_known", "open_table"]

Cell: TypeAlias = "str | bool | date | None"

_HEADER_WITHIN = 30
"""How many lines of title may stand above the headers."""


class Line(NamedTuple):
    """One line of a table: its number as an editor or the sheet counts, its cells."""

    number: int
    cells: Sequence[Cell]


class Table(NamedTuple):
    """A table that can be read from its beginning, as often as one likes.

    Attributes:
        place: its file and sheet.
        lines: begins to read its lines.
        described: what kind of file it was taken for, in French.
    """

    place: Place
    lines: Callable[[], Iterator[Line]]
    described: str


def open_table(table: Table, mapping: Mapping[str, str | None], *, addresses: bool = False) -> RowSource:
    """Recognise the columns of a table.

    Args:
        table: any table.
        mapping: what the user decided of the columns, by header.
        addresses: whether headers are addresses of controls, each taken as it is.

    Returns:
        Its rows.

    Raises:
        UnreadableError: there is no line of headers, no column is known, or two hold the same field.
    """
    header = _find_header(table, addresses=addresses)
    headers = _told_apart(header.cells)
    place = Place(table.place.file, table.place.sheet, header.number)
    if addresses:
        columns = Columns(tuple(_address(header, mapping) for header in headers), {}, ())
    else:
        columns = recognise(headers, place, mapping)
    paths: list[Path | None] = [
        None if not field else (field,) if addresses else tuple(field.split(".")) for field in columns.fields
    ]
    layout = _Layout(table, header.number, headers, paths, columns.defaults)
    return RowSource(
        file=table.place.file or "",
        described=f"{table.described}, en-têtes ligne {header.number}",
        read=layout.rows,
        recognised={header: field for header, field in zip(headers, columns.fields, strict=True) if field},
        headers=headers,
        problems=columns.problems,
    )


def _address(header: str, mapping: Mapping[str, str | None]) -> str | None:
    """The address of a control that a column holds; none for a column without a header."""
    return mapping.get(header, None if header.startswith("(colonne ") else header)


def count_known(cells: Sequence[Cell]) -> int:
    """Count the cells of a line that name a field."""
    return sum(1 for cell in cells if isinstance(cell, str) and field_of(cell))


def _find_header(table: Table, *, addresses: bool) -> Line:
    """The line of headers: that with the most names of fields, among the first; else the first of all."""
    first = [line for line in islice(table.lines(), _HEADER_WITHIN) if any(line.cells)]
    if not first:
        raise unreadable("Cette table est vide.", "La première ligne doit nommer les colonnes.", table.place)
    return first[0] if addresses else max(first, key=lambda line: count_known(line.cells))


def _told_apart(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The headers, each with a name of its own, so that a row can be given back by them."""
    headers: list[str] = []
    for number, cell in enumerate(cells, 1):
        header = as_text(cell) or f"(colonne {number})"
        headers.append(f"{header} ({number})" if header in headers else header)
    return tuple(headers)


class _Layout:
    """Where the fields stand in each line of a table."""

    def __init__(
        self,
        table: Table,
        header_line: int,
        headers: tuple[str, ...],
        paths: Sequence[Path | None],
        defaults: Mapping[str, str],
    ) -> None:
        self._table = table
        self._header_line = header_line
        self._headers = headers
        self._paths = paths
        self._defaults = defaults
        self._header_of = {path: header for path, header in zip(paths, headers, strict=True) if path}

    def rows(self) -> Iterator[Row]:
        for number, cells in self._table.lines():
            if number > self._header_line and any(cell not in {None, ""} for cell in cells):
                yield self._row(Line(number, [restored(cell) if isinstance(cell, str) else cell for cell in cells]))

    def _row(self, line: Line) -> Row:
        values: dict[str, Value] = dict(self._defaults)
        failed: list[Path] = []
        for path, cell in zip(self._paths, line.cells, strict=False):
            if path and cell in ERRORS:
                failed.append(path)
            elif path and cell not in {None, ""}:
                _set(values, path, cell)
        place = Place(self._table.place.file, self._table.place.sheet, line.number)
        places = _CellPlaces(self._header_of, place)
        problems = (*self._beyond(line, place), *map(partial(_failed, places), failed))
        cells = dict(zip(self._headers, map(as_text, line.cells), strict=False))
        return Row(values, place, places, problems, cells, places)

    def _beyond(self, line: Line, place: Place) -> tuple[Problem, ...]:
        """What to say of cells that no header stands above."""
        beyond = [cell for cell in line.cells[len(self._headers) :] if cell not in {None, ""}]
        if not beyond:
            return ()
        message = f"Cette ligne a {len(line.cells)} cellules, pour {len(self._headers)} colonnes."
        hint = "Une valeur qui contient le séparateur doit être entre guillemets."
        return (Problem("extra-cells", message, hint, value=as_text(beyond[0]), place=place),)


class _CellPlaces(Mapping[Path, Place]):
    """The address of each cell of a row, made when it is asked for."""

    __slots__ = ("_header_of", "_place")

    def __init__(self, header_of: Mapping[Path, str], place: Place) -> None:
        self._header_of = header_of
        self._place = place

    def __getitem__(self, path: Path) -> Place:
        place = self._place
        return Place(place.file, place.sheet, place.line, self._header_of[path])

    def __contains__(self, path: object) -> bool:
        return path in self._header_of

    def __iter__(self) -> Iterator[Path]:
        return iter(self._header_of)

    def __len__(self) -> int:
        return len(self._header_of)


def _failed(places: Mapping[Path, Place], path: Path) -> Problem:
    message = "La formule de cette cellule a échoué dans le tableur."
    hint = "Corrigez-la, ou mettez la valeur à sa place."
    return Problem("failed-cell", message, hint, ".".join(map(str, path)), place=places[path])


def _set(values: dict[str, Value], path: Path, cell: Cell) -> None:
    *sections, name = path
    for section in sections:
        inner = values.setdefault(str(section), {})
        assert isinstance(inner, dict)
        values = inner
    values[str(name)] = cell


def as_text(cell: Cell) -> str:
    """A cell as a text file would hold it."""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    return cell.isoformat() if isinstance(cell, date) else cell or ""
