"""A table → rows: columns recognised, each cell with its address, what is no row left out and told."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import REASONS, Cell, Path, Row, RowSource, shown
from conventool.files.reading import unreadable
from conventool.sources.columns import Columns, Head, recognise, unknown_columns
from conventool.sources.communes_alone import says_no_kind, suppose_communes
from conventool.sources.example_cells import is_example
from conventool.sources.formulas import ERRORS, restored
from conventool.sources.head import Top, find_top
from conventool.sources.own_columns import ADHERENTS, Meaning, OwnColumns
from conventool.sources.row_builder import CellPlaces, RowBuilder
from conventool.sources.sheets import Line
from conventool.text.french import fold
from conventool.text.suggestions import and_others, listed

__all__ = ["Table", "Wishes", "open_table"]


class Table(NamedTuple):
    """A table that can be read from its beginning, as often as one likes.

    Attributes:
        place: its file and sheet.
        lines: begins to read its lines.
        described: what kind of file it was taken for, in French.
        problems: what is to be said of the file.
        hidden_columns: those that the sheet does not show, from 0.
    """

    place: Place
    lines: Callable[[], Iterator[Line]]
    described: str
    problems: tuple[Problem, ...] = ()
    hidden_columns: Collection[int] = ()


class Wishes(NamedTuple):
    """How the user wants a table to be read.

    Attributes:
        mapping: by header, what a column holds; None to leave it aside.
        fixed: by field, the value of every row.
        addresses: whether headers are addresses of a document's controls, in the place of fields.
        visible_only: whether rows that a sheet does not show are left out.
        own: what headers mean to the template.
    """

    mapping: Mapping[str, Meaning | None]
    fixed: Mapping[str, str]
    addresses: bool = False
    visible_only: bool = False
    own: OwnColumns = ADHERENTS


def open_table(table: Table, wishes: Wishes) -> RowSource:
    """Recognise the columns of a table.

    Args:
        table: any table.
        wishes: how it is to be read.

    Returns:
        Its rows.

    Raises:
        UnreadableError: there is no line of headers, no column is known, or two hold the same field.
    """
    top = find_top(table.lines(), wishes.mapping, wishes.own, addresses=wishes.addresses)
    if top is None:
        raise unreadable("Cette table est vide.", "La première ligne doit nommer les colonnes.", table.place)
    written = top.headers
    headers = _told_apart(written)
    if wishes.addresses:
        columns = _addresses(headers, written, wishes, table.place._replace(line=top.line.number))
    else:
        columns = _recognised(table, top, headers, wishes)
    layout = _Layout(table, top.line, headers, columns, wishes)
    kept = [rank for rank, header in enumerate(columns.headers) if fold(header) != fold(REASONS)]
    return RowSource(
        file=table.place.file or "",
        described=f"{table.described}, en-têtes ligne {top.line.number}",
        read=layout.rows,
        recognised={
            header: " + ".join(meaning.fields)
            for header, meaning in zip(headers, columns.meanings, strict=True)
            if meaning
        },
        headers=tuple(columns.headers[rank] for rank in kept),
        fields=tuple(meaning.fields if (meaning := columns.meanings[rank]) else () for rank in kept),
        unknown={rank: headers[at] for rank, at in enumerate(kept) if headers[at] in columns.unknown},
        given_back=any(fold(header) == fold(REASONS) for header in written),
        problems=layout.problems,
        incomplete=columns.incomplete,
    )


def _recognised(table: Table, top: Top, headers: tuple[str, ...], wishes: Wishes) -> Columns:
    """What each column holds; and where none says what the adherents are, whether all of them are communes."""
    head = _head(table.place, top, headers)
    columns = recognise(head, wishes.mapping, wishes.fixed, wishes.own)
    if not (columns.incomplete and wishes.own.adherent and says_no_kind(columns, headers)):
        return columns
    given_back = any(fold(header) == fold(REASONS) for header in top.headers)
    rows = _Layout(table, top.line, headers, columns, wishes).rows()
    refusal, why = suppose_communes(rows, given_back=given_back)
    if refusal is None:
        of_communes = recognise(head, wishes.mapping, wishes.fixed, wishes.own, kind="commune", why=why)
        missing = of_communes.incomplete  # of the other columns
        return columns._replace(incomplete=missing) if missing else of_communes
    hint = f"{columns.incomplete.hint} {refusal}".rstrip()
    return columns._replace(incomplete=columns.incomplete._replace(hint=hint))


def _addresses(headers: Sequence[str], written: Sequence[str], wishes: Wishes, place: Place) -> Columns:
    """The columns of a bare form; those that mean no control are left aside and told.

    Raises:
        UnreadableError: none means any.
    """
    meanings = [_address(header, wishes) for header in headers]
    unknown = [
        header
        for header, meaning in zip(headers, meanings, strict=True)
        if meaning and not wishes.own.is_address(meaning.fields[0])
    ]
    known = tuple(None if header in unknown else one for header, one in zip(headers, meanings, strict=True))
    if unknown and not any(known):
        hint = f"Les en-têtes sont les adresses des contrôles : {listed(wishes.own.labels)}."
        raise unreadable("Aucune colonne ne répond à un contrôle du document.", hint, place)
    told = [unknown_columns(place, unknown, wishes.own.labels)] if unknown else []
    return Columns(known, tuple(written), wishes.fixed, tuple(told), unknown=tuple(unknown))


def _address(header: str, wishes: Wishes) -> Meaning | None:
    """The address of a control that a column holds; none for one without a header, of reasons, or fixed besides."""
    if header.startswith("(colonne ") or fold(header) == fold(REASONS):
        return None
    meaning = wishes.mapping.get(header, Meaning((header,)))
    return None if meaning and meaning.fields[0] in wishes.fixed else meaning


def _told_apart(written: Sequence[str]) -> tuple[str, ...]:
    """The headers, each with a name of its own, so that one can be spoken of."""
    headers: list[str] = []
    for number, text in enumerate(written, 1):
        header = re.sub(r"\s*\n\s*", " ", text) or f"(colonne {number})"
        headers.append(f"{header} ({number})" if header in headers else header)
    return tuple(headers)


def _head(place: Place, top: Top, headers: Sequence[str]) -> Head:
    """The headers with values that stand below them."""
    samples = [
        [shown(line.cells[rank]) for line in top.below if rank < len(line.cells)] for rank in range(len(headers))
    ]
    return Head(place._replace(line=top.line.number), headers, top.headers, samples)


class _Layout:
    """Where the fields stand in each line of a table.

    Attributes:
        problems: of the file and its columns, and once the rows were read what is to be said of all of them.
    """

    def __init__(
        self, table: Table, header_line: Line, headers: tuple[str, ...], columns: Columns, wishes: Wishes
    ) -> None:
        self._table = table
        self._header_line = header_line.number
        self._written = [shown(cell) for cell in header_line.cells if cell]
        self._headers = headers
        self._wishes = wishes
        self._defaults = [(_path(field, wishes), value) for field, value in columns.defaults.items()]
        shared = _shared(columns.meanings)
        self._single: list[Path | None] = [
            None if meaning is None or meaning in shared else _path(meaning.fields[0], wishes)
            for meaning in columns.meanings
        ]
        self._known = [meaning is not None for meaning in columns.meanings]
        self._shared = [(rank, one) for rank, one in enumerate(columns.meanings) if one and one in shared]
        self._shared.sort(key=lambda column: column[1].rank)
        self._header_of = {
            _path(field, wishes): header
            for header, meaning in zip(headers, columns.meanings, strict=True)
            for field in (meaning.fields if meaning else ())
        }
        self._reasons = next((rank for rank, header in enumerate(headers) if fold(header) == fold(REASONS)), None)
        self._of_columns = (*table.problems, *columns.problems, *self._hidden_columns(columns))
        self.problems: list[Problem] = list(self._of_columns)

    def rows(self) -> Iterator[Row]:
        """The rows, from the first; then what is to be said of all of them."""
        hidden: list[int] = []
        aside: list[Line] = []
        for line in self._table.lines():
            if line.number <= self._header_line or not any(line.cells):
                continue
            if self._is_aside(line) or self._is_example(line):
                aside.append(line)
                continue
            if line.hidden:
                hidden.append(line.number)
                if self._wishes.visible_only:
                    continue
            yield self._row(line)
        self.problems[:] = [*self._of_columns, *self._hidden(hidden), *self._aside(aside)]

    # --- a row

    def _row(self, line: Line) -> Row:
        cells = [restored(cell) if isinstance(cell, str) and cell[:1] == "'" else cell for cell in line.cells]
        place = Place(self._table.place.file, self._table.place.sheet, line.number)
        places = CellPlaces(self._header_of, place)
        row = RowBuilder(places, addresses=self._wishes.addresses)
        for path, value in self._defaults:
            row.set(path, value)
        for field, cell in zip(self._single, cells, strict=False):
            if field and cell:
                row.take(field, cell)
        if self._shared:
            self._take_shared(row, cells)
        problems = (*self._beyond(cells, place), *row.problems)
        if self._reasons is not None:
            del cells[self._reasons : self._reasons + 1]
        return Row(row.values, place, places, problems, cells, places, row.texts)

    def _take_shared(self, row: RowBuilder, cells: Sequence[Cell]) -> None:
        """Take the cells that hold several fields, and the fields that several cells make."""
        street: list[str] = []
        for rank, meaning in self._shared:
            text = shown(cells[rank]) if rank < len(cells) else ""
            if text in ERRORS:
                row.take(tuple(meaning.fields[0].split(".")), text)
            elif text and meaning.fields == ("adresse",) and not is_example(text):
                street.append(text)
            elif text and is_example(text):
                row.refuse_example(meaning.fields, text)
            elif text:
                row.part(meaning, text)
        if street:
            number, rest = (street[0], street[1:]) if re.fullmatch(_HOUSE_NUMBER, street[0]) else ("", street)
            row.take(("adresse",), " ".join(filter(None, (number, ", ".join(rest)))))

    def _beyond(self, cells: Sequence[Cell], place: Place) -> tuple[Problem, ...]:
        """What to say of cells that no header stands above."""
        beyond = [cell for cell in cells[len(self._headers) :] if cell]
        if not beyond:
            return ()
        several = "s" if len(beyond) > 1 else ""
        message = f"Cette ligne a {len(beyond)} cellule{several} de plus que l’en-tête."
        hint = "Une valeur qui contient le séparateur doit être entre guillemets."
        if place.sheet:
            hint = "Donnez un en-tête à la colonne de trop, ou videz-la."
        return (Problem("extra-cells", message, hint, value=shown(beyond[0]), place=place),)

    # --- what is no row

    def _is_aside(self, line: Line) -> bool:
        """Whether a line is a total, a note below the table, or its headers again."""
        first = _first(line)
        if line.number == self._header_line + 1 and _ANSWER.fullmatch(first):  # SurveyMonkey's second line
            return all(_ANSWER.fullmatch(shown(cell)) for cell in line.cells if cell)
        if first == self._written[0]:
            return [shown(cell) for cell in line.cells if cell] == self._written
        if not _ASIDE.match(first):
            return False
        filled = sum(map(bool, line.cells))
        return 2 * filled <= len(self._headers) if _TOTAL.match(first) else filled == 1 < len(self._headers) - 1

    def _is_example(self, line: Line) -> bool:
        """Whether all that known columns say is an example: « ex. : Armentières »."""
        if self._wishes.addresses:
            return False
        said = (shown(cell) for known, cell in zip(self._known, line.cells, strict=False) if known and cell)
        return is_example(next(said, "")) and all(map(is_example, said))

    def _aside(self, lines: Sequence[Line]) -> list[Problem]:
        if not lines:
            return []
        named = ", ".join(f"{line.number} (« {_first(line)} »)" for line in lines[:_NAMED])
        more = and_others(len(lines) - _NAMED)
        where = f"ligne{'s' if len(lines) > 1 else ''} {named}{more}"
        message = f"Total, note, exemple ou en-têtes répétés, non un adhérent : {where}."
        return [Problem("row-left-aside", message, place=self._table.place, severity=Severity.NOTICE)]

    def _hidden_columns(self, columns: Columns) -> list[Problem]:
        hidden = [
            f"« {header} »"
            for rank, (header, meaning) in enumerate(zip(self._headers, columns.meanings, strict=True))
            if meaning and rank in self._table.hidden_columns
        ]
        if not hidden:
            return []
        message = f"Colonne masquée dans la feuille, lue comme les autres : {', '.join(hidden)}."
        return [Problem("hidden-columns", message, place=self._table.place, severity=Severity.NOTICE)]

    def _hidden(self, numbers: Sequence[int]) -> list[Problem]:
        if not numbers:
            return []
        named = ", ".join(map(str, numbers[:_NAMED])) + (" …" if len(numbers) > _NAMED else "")
        one = len(numbers) == 1
        what = "Une ligne masquée ou filtrée" if one else f"{len(numbers)} lignes masquées ou filtrées"
        if self._wishes.visible_only:
            message = f"{what} {'est laissée' if one else 'sont laissées'} de côté : {named}."
            return [Problem("hidden-rows", message, place=self._table.place, severity=Severity.NOTICE)]
        message = f"{what} {'est lue comme une autre' if one else 'sont lues comme les autres'} : {named}."
        hint = "Pour ne lire que ce que la feuille montre : --visible."
        return [Problem("hidden-rows", message, hint, place=self._table.place, severity=Severity.WARNING)]


_NAMED = 20
_HOUSE_NUMBER = r"\d+ ?(?:bis|ter|quater|[A-Za-z])?"
_ANSWER = re.compile(r"(?:open-ended )?response|réponse(?: ouverte| libre)?", re.IGNORECASE)
_TOTAL = re.compile(r"(?:sous[- ])?tota(?:l|ux)\b", re.IGNORECASE)
_ASIDE = re.compile(rf"{_TOTAL.pattern}|\(?\*|n\.? ?b\b|sources?\b|notes?\b|légende\b", re.IGNORECASE)


def _first(line: Line) -> str:
    """What the first cell shows that is not empty."""
    return next(shown(cell) for cell in line.cells if cell)


def _path(field: str, wishes: Wishes) -> Path:
    return (field,) if wishes.addresses else tuple(field.split("."))


def _shared(meanings: Sequence[Meaning | None]) -> list[Meaning]:
    """The columns that hold several fields, or only a part of one."""
    known = [meaning for meaning in meanings if meaning]
    several = [meaning for meaning in known if len(meaning.fields) > 1]
    parts = [meaning for meaning in known if meaning.fields == ("adresse",)]
    return several + (parts if len(parts) > 1 else [])
