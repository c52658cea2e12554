"""What one run did, as its dossier tells it: figures, documents, problems, rejected rows. Few are in memory."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from conventool.core.problems import Place, Problem, Severity
from conventool.core.report import DocumentDone
from conventool.core.row import Cell
from conventool.dossier.reading import PIECE_COLUMNS, PROBLEM_COLUMNS, Paper, papers_of, problems_where
from conventool.dossier.records import Piece, cells_from, object_from, place_from, problem_from

__all__ = ["Noticed", "Rejected", "RunView", "Tally"]

_EXAMPLES = 3
"""Problems of a kind that are shown."""


class Noticed(NamedTuple):
    """How often something was noted of a field, and the first time."""

    code: str
    field: str | None
    number: int
    example: Problem


class Tally(NamedTuple):
    """Problems counted by kind, with the first few of each: all that a screen has room for.

    Attributes:
        kinds: severity, code, how many, the first ones; the gravest and most frequent kinds first.
        notices: of the notices, how often each field has each code.
    """

    kinds: Sequence[tuple[Severity, str, int, tuple[Problem, ...]]] = ()
    notices: Sequence[Noticed] = ()

    def total(self) -> int:
        """How many problems there are."""
        return sum(number for _, _, number, _ in self.kinds)


class Rejected(NamedTuple):
    """A row that became nothing.

    Attributes:
        rank: of the row in its source, from 1.
        place: of the row.
        given: its data as the row gave them.
        cells: of a table, its cells in the order of the headers.
        text: of YAML, how the row is written.
        problems: why it was rejected, and what else was to be said.
    """

    rank: int
    place: Place
    given: Mapping[str, Any]
    cells: tuple[Cell, ...]
    text: str
    problems: tuple[Problem, ...]


class RunView:
    """What one run did.

    Args:
        database: of the dossier.
        run: its number.
        source: its data file, as the user names it today.
        adherent: number of the one beside whose convention it made documents; None where it made conventions.
    """

    def __init__(self, database: sqlite3.Connection, run: int, source: Path, adherent: int | None = None) -> None:
        self._database = database
        self._run = run
        self._source = source
        self._whose = "adherent.run = ?1" if adherent is None else f"adherent.id = {adherent} AND ?1"
        self._of_one = adherent is not None

    @property
    def accepted(self) -> int:
        """How many adherents it accepted."""
        return int(not self.rejected) if self._of_one else self._number("SELECT count(*) FROM adherent WHERE run = ?")

    @property
    def rejected(self) -> int:
        """How many rows it rejected."""
        return self._number("SELECT count(*) FROM rejected WHERE run = ?")

    def statuses(self) -> Counter[str]:
        """How many documents have each status."""
        rows = self._database.execute(
            "SELECT piece.status, count(*) FROM adherent JOIN piece ON piece.adherent = adherent.id"
            f" WHERE {self._whose} AND piece.run = ?1 AND piece.state = 'current' GROUP BY piece.status",
            (self._run,),
        )
        return Counter(dict(rows))

    def documents(self, folder: Path) -> Iterator[DocumentDone]:
        """Its files, in the order of the rows; those that were not written are left out."""
        for nom, *values in self._database.execute(
            f"SELECT adherent.nom, {PIECE_COLUMNS} FROM adherent JOIN piece ON piece.adherent = adherent.id"
            f" WHERE {self._whose} AND piece.run = ?1 AND piece.state = 'current' AND piece.status != 'failed'"
            " ORDER BY adherent.rank, piece.path LIKE '%.pdf', piece.position",
            (self._run,),
        ):
            piece = Piece(*values)
            path = folder / piece.path
            yield DocumentDone(nom, piece.key, path, piece.format, piece.status, piece.sha256, piece.bytes)

    def papers(self) -> Iterator[Paper]:
        """Its PDF files that are there, in the order of the rows."""
        return papers_of(self._database, self._run)

    def problems(self) -> Iterator[Problem]:
        """Everything that was said: of the whole source first, then of each row in order."""
        return problems_where(self._database, self._source, "run = ? ORDER BY rank, id", self._run)

    def tally(self) -> Tally:
        """The same, counted by kind."""
        counts = self._database.execute(
            "SELECT severity, code, count(*) FROM problem WHERE run = ? GROUP BY severity, code", (self._run,)
        ).fetchall()
        gravity = list(Severity)
        counts.sort(key=lambda kind: (gravity.index(Severity(kind[0])), -kind[2], kind[1]))
        kinds = [(Severity(kind[0]), kind[1], kind[2], self._examples(kind[0], kind[1])) for kind in counts]
        return Tally(kinds, list(self._notices()))

    def _notices(self) -> Iterator[Noticed]:
        """How often each field has each code; SQLite gives the other columns of the row that holds the least number."""
        for code, field, number, _, *values in self._database.execute(
            f"SELECT code, field, count(*), min(id), {PROBLEM_COLUMNS} FROM problem"
            " WHERE run = ? AND severity = 'notice' GROUP BY code, field ORDER BY count(*) DESC, min(id)",
            (self._run,),
        ):
            yield Noticed(code, field, number, problem_from(tuple(values), self._source))

    def _examples(self, severity: str, code: str) -> tuple[Problem, ...]:
        where = "run = ? AND severity = ? AND code = ? ORDER BY rank, id LIMIT ?"
        return tuple(problems_where(self._database, self._source, where, self._run, severity, code, _EXAMPLES))

    def rejected_rows(self) -> Iterator[Rejected]:
        """The rows that became nothing, in order."""
        for rank, place, given, cells, text in self._database.execute(
            "SELECT rank, place, given, cells, text FROM rejected WHERE run = ? ORDER BY rank", (self._run,)
        ):
            of_row = problems_where(self._database, self._source, "run = ? AND rank = ? ORDER BY id", self._run, rank)
            found = tuple(of_row)
            yield Rejected(rank, place_from(place, self._source), object_from(given), cells_from(cells), text, found)

    def files(self) -> Iterator[tuple[str, str, int, bool]]:
        """Path, checksum and size of each of its files; then of each annexe of its data, told by True."""
        join = f"JOIN adherent ON adherent.id = adherent WHERE {self._whose}"
        yield from self._database.execute(
            f"SELECT path, sha256, bytes, 0 FROM piece {join} AND piece.run = ?1 AND piece.state = 'current'"
            f" UNION ALL SELECT path, sha256, bytes, 1 FROM annexe {join}",
            (self._run,),
        )

    def _number(self, query: str) -> int:
        return int(self._database.execute(query, (self._run,)).fetchone()[0])
