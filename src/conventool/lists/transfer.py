"""A list brought into the columns of the workbook to fill in: nothing lost, nothing corrected.

A cell goes to the column of its field as it is. What holds several fields is taken apart as ``batch`` does it; where
that cannot be, it goes whole into one of their columns: so what is wrong stays wrong, and ``batch`` tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from conventool.adherent.commune_words import chosen_commune, postal_digits
from conventool.adherent.fields import FIELDS
from conventool.adherent.kinds import find_kind
from conventool.adherent.needs import chosen_in
from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import Cell, Row, RowSource, TypedCell, Value, shown
from conventool.lists.columns import COMMUNAL, Column, column_of, is_read
from conventool.register.communes import Commune, Register, place_key
from conventool.sources.cell_writer import LONGEST
from conventool.sources.own_columns import OwnColumns
from conventool.text.numbers import yes_or_no

__all__ = ["Brought", "bring", "choice"]


class Brought(NamedTuple):
    """A list in the columns of the workbook.

    Attributes:
        columns: those offered, and those that the list has besides.
        kept: the headers of its columns that are not read.
        rows: the cells of each row: of the columns, of those kept, and what stood beyond the headers.
        problems: what is to be said of the list.
    """

    columns: list[Column]
    kept: list[str]
    rows: list[list[Cell]]
    problems: list[Problem]


def bring(source: RowSource, offered: Sequence[Column], own: OwnColumns, register: Register) -> Brought:
    """Bring a list into columns.

    Args:
        source: the list.
        offered: the columns of the workbook.
        own: what headers mean to the template.
        register: the official register.

    Raises:
        UnreadableError: the list cannot be read.
    """
    lines: list[_Line] = []
    problems: list[Problem] = []
    for row in source:
        if row.problems and not row.values and not row.cells:
            problems += row.problems  # of a folder, a file that cannot be read
        else:
            lines.append(_choosing(_line(row, source.fields), register))
            problems += _cut(row)
    _part_services(lines, own)
    found = dict.fromkeys(path for line in lines for path in line.fields)
    columns = _with_others(offered, found, own)
    known = {column.field for column in columns}
    strays = [path for path in found if path not in known]
    aside = [rank for rank, fields in enumerate(source.fields) if not fields]
    aside = [rank for rank in aside if source.headers[rank] or any(line.cell(rank) for line in lines)]
    kept = [source.headers[rank] or f"(colonne {rank + 1})" for rank in aside]
    kept = [_unread(header, own) for header in (*kept, *(path.replace(".", "_") for path in strays))]
    rows = [
        [*_in_columns(line, columns), *map(line.cell, aside), *(line.fields.get(path, "") for path in strays),
         *line.cells[len(source.headers) :]]
        for line in lines
    ]  # fmt: skip
    return Brought(columns, kept, rows, [*_told(kept, source), *problems])


def _in_columns(line: _Line, columns: Iterable[Column]) -> Iterator[Cell]:
    for one in columns:
        cell = line.fields.get(one.field, "")
        yield _dated(cell) if one.check.kind == "date" else cell


def _cut(row: Row) -> Iterator[Problem]:
    """Tell of texts that a cell of a workbook cannot hold whole."""
    for cell in row.cells:
        if len(shown(cell)) > LONGEST:
            message = f"Une cellule de cette ligne compte {len(shown(cell))} caractères : la fin en est coupée."
            yield Problem("too-long", message, f"Un classeur en tient {LONGEST} ; abrégez-la.", place=row.place)


class _Line(NamedTuple):
    """A row on its way: by path of its field, each cell; and all the cells of its table."""

    fields: dict[str, Cell]
    cells: Sequence[Cell]

    def cell(self, rank: int) -> Cell:
        """The cell of a column of the table."""
        return self.cells[rank] if rank < len(self.cells) else ""


# --- From a row to fields ----------------------------------------------------------------------------------

_WHOLE = ("representant.nom", "commune", "decision.numero")
"""Where a cell that holds several fields goes if it cannot be taken apart."""


def _line(row: Row, columns: Sequence[tuple[str, ...]]) -> _Line:
    line = _Line({}, row.cells)
    alone = [fields[0] for fields in columns if len(fields) == 1]
    spoilt = {problem.field for problem in row.problems if problem.code == "shared-cell"}
    for rank, fields in enumerate(columns):
        if len(fields) == 1 and alone.count(fields[0]) == 1 and (cell := line.cell(rank)):
            line.fields[fields[0]] = cell
    values = {path: value for path, value in _flat(row.values, from_table=bool(row.cells)) if value}
    for rank, fields in enumerate(columns):
        if len(fields) > 1 and (text := shown(line.cell(rank))) and spoilt & set(fields):
            values[next((path for path in _WHOLE if path in fields), fields[-1])] = text
    line.fields.update((path, value) for path, value in values.items() if path not in line.fields)
    return line


def _flat(values: Mapping[str, Value], above: str = "", *, from_table: bool) -> Iterator[tuple[str, str]]:
    """Each value of a row with the path of its field, as a list would write it."""
    for name, value in values.items():
        path = f"{above}{name}"
        if path == "services" and not from_table and not isinstance(value, str):
            yield path, " ; ".join(_services(value))
        elif isinstance(value, Mapping):
            yield from _flat(value, f"{path}.", from_table=from_table)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            inner = {str(rank): one for rank, one in enumerate(value, 1) if isinstance(one, Mapping)}
            yield from _flat(inner, f"{path}.", from_table=from_table)
            if texts := [_text(one) for one in value if not isinstance(one, Mapping)]:
                yield path, " ; ".join(texts)
        else:
            yield path, _text(value)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else str(value)


def _services(value: Value) -> Iterator[str]:
    """The services of a YAML file as a cell says them: « parapheur », « sauvegarde × 50 »."""
    for item in value if isinstance(value, Sequence) else [value]:
        if not isinstance(item, Mapping):
            yield _text(item)
            continue
        for name, said in item.items():
            much = _text(said.get("quantite") if isinstance(said, Mapping) else said)
            chosen = yes_or_no(much) if much else True
            if chosen is not False:
                yield f"{name} × {much}" if chosen is None else name


def _part_services(lines: Sequence[_Line], own: OwnColumns) -> None:
    """Put the services of one column into a column each, if every row names nothing but services, each once."""
    parted = [_by_service(shown(line.fields.get("services", "")), own) for line in lines]
    if all(one is not None for one in parted):
        for line, services in zip(lines, parted, strict=True):
            line.fields.pop("services", None)
            line.fields.update(services or {})


def _by_service(text: str, own: OwnColumns) -> dict[str, str] | None:
    """By the path of each service, what its cell says; None where a name is not that of one, or comes twice."""
    said = {}
    chosen = list(chosen_in(text))
    for one in chosen:
        meaning = own.own_meaning_of(one.nom)
        is_none = one.quantite is not None and yes_or_no(one.quantite) is False  # « × 0 » would be a no
        if meaning is not None and meaning.fields[0].startswith("services.") and not is_none:
            said[meaning.fields[0]] = one.quantite or "oui"
    return said if len(said) == len(chosen) else None


# --- A commune and its code --------------------------------------------------------------------------------


def choice(commune: Commune) -> str:
    """A commune as a cell offers it: « Armentières (59017) »."""
    return f"{commune.nom} ({commune.code})"


def _choosing(line: _Line, register: Register) -> _Line:
    """The row with its INSEE code in the cell of its commune, where that says the same."""
    code, town, name, postal = (
        shown(line.fields.get(path, "")) for path in ("code_insee", "commune", "nom", "code_postal")
    )
    commune = register.by_code(code) if code else None
    if commune is None:
        return line
    kind = find_kind(shown(line.fields.get("forme", "")))
    same_name = not name or place_key(name) == place_key(commune.nom) or (kind and kind.key not in COMMUNAL)
    same_town = not town or place_key(town) == place_key(commune.nom) or chosen_commune(town, register) == commune
    same_postal = not postal or postal_digits(postal) in commune.codes_postaux
    if same_name and same_town and same_postal:
        line.fields["commune"] = choice(commune)
        del line.fields["code_insee"]
    return line


# --- The columns -------------------------------------------------------------------------------------------


def _with_others(offered: Sequence[Column], found: Iterable[str], own: OwnColumns) -> list[Column]:
    """The columns, with those for the fields that the list has besides."""
    columns = [one for one in offered if "services" not in found or not one.field.startswith("services.")]
    for path in found:
        if any(column.field == path for column in columns):
            continue
        if path in FIELDS and own.adherent:
            column = column_of(path, own)
        elif (like := _like(path, columns)) is not None:
            column = like
        else:
            continue
        if is_read(column, own):
            columns.insert(_place(path, columns), column)
    return columns


_LIST = re.compile(r"\w+\.\d+\.")
"""How the path of a field in an element begins."""


def _place(path: str, columns: Sequence[Column]) -> int:
    """Where one more column goes: a code before its commune, an element behind those of its list, others at the end."""
    beside = [
        rank
        for rank, one in enumerate(columns)
        if _LIST.match(one.field) and one.field.partition(".")[0] == path.partition(".")[0]
    ]
    if path == "code_insee":
        beside = [rank - 1 for rank, one in enumerate(columns) if one.field == "commune"]
    return beside[-1] + 1 if beside else len(columns)


def _like(path: str, columns: Iterable[Column]) -> Column | None:
    """The column of one more element of a list: as that of the first."""
    name, _, rest = path.partition(".")
    number, _, inner = rest.partition(".")
    first = next((one for one in columns if one.field == f"{name}.1.{inner}"), None)
    if first is None:
        return None
    header = re.sub(r"(?<=[ _])1(?=[ _])", number, first.header, count=1)
    return first._replace(field=path, header=header, shown=False)


def _unread(header: str, own: OwnColumns) -> str:
    """The header of a column that is not read, such that it is not read in the workbook either."""
    return f"(non lue) {header}" if own.meaning_of(header) else header


_DAY = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


def _dated(cell: Cell) -> Cell:
    """A date cell that shows what a text says, where that is a date as a French spreadsheet shows it."""
    match = _DAY.fullmatch(cell) if isinstance(cell, str) else None
    try:
        day = date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        return cell
    return TypedCell(day, shown(cell), "dd/mm/yyyy") if day and day.year >= _OLDEST else cell


_OLDEST = 1901
"""The first year that a spreadsheet counts whole, and as the calendar does."""


def _told(kept: Sequence[str], source: RowSource) -> Iterator[Problem]:
    """What is said of the list, and which of its columns are kept without being read."""
    unknown = [
        one for one in source.problems if one.code == "unknown-field" and one.value and one.value in ", ".join(kept)
    ]
    yield from (problem for problem in source.problems if problem not in unknown)
    if kept:
        one, s = len(kept) == 1, "" if len(kept) == 1 else "s"
        what = "Une colonne qui n’est pas lue est gardée" if one else "Des colonnes qui ne sont pas lues sont gardées"
        message = f"{what} à droite, telle{s} quelle{s} : {', '.join(f'« {header} »' for header in kept)}."
        severity = Severity.WARNING if unknown else Severity.NOTICE
        hint = next((problem.hint for problem in unknown), None)
        yield Problem(
            "column-kept", message, hint, value=", ".join(kept), place=Place(file=source.file), severity=severity
        )
