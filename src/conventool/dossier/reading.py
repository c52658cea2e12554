"""A dossier as it is read: what a run did, and all that a folder holds. Few rows at a time are held in memory."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from conventool.core.problems import Place, Problem, Severity
from conventool.core.report import DocumentDone, problem_as_json
from conventool.core.row import Cell
from conventool.core.workers import chunks
from conventool.deadlines.terms import Mode, Terms, from_json
from conventool.dossier.facts import (
    MAIL,
    Fact,
    FactValue,
    fact_value,
    facts_from,
    facts_of,
    own_headers,
    phone_in,
    stray_lines,
)
from conventool.dossier.records import (
    BESIDE,
    Piece,
    cells_from,
    object_from,
    place_from,
    problem_from,
    stem_of,
    value_from,
)

__all__ = ["Folder", "Followed", "Noticed", "Paper", "Rejected", "RunView", "Tally"]

_PROBLEM = "problem.severity, problem.code, problem.message, problem.hint, problem.field, problem.value, problem.place"
_PIECE = ", ".join(f"piece.{name}" for name in Piece._fields)
_EXAMPLES = 3
_TOGETHER = 100
"""Adherents that are read at a time: of each table once, for to ask takes longer than to read."""
_ADHERENTS = "SELECT id, run, nom, appellation, code_postal, state, understood FROM adherent WHERE id IN ({})"
_IDENTITIES = (  # the last of an adherent counts
    "SELECT adherent, key FROM identity WHERE adherent IN ({}) ORDER BY key LIKE 'siren %' DESC, key DESC"
)
_FACTS = "SELECT adherent, name, value, source FROM fact WHERE adherent IN ({}) ORDER BY adherent, name"
_PIECES = (
    f"SELECT adherent, {_PIECE} FROM piece JOIN adherent ON adherent.id = piece.adherent"
    " WHERE adherent IN ({}) AND adherent.state = piece.state ORDER BY adherent, position, piece.run, path"
)
_SAID = (
    "SELECT adherent.id, message FROM adherent JOIN problem USING (run, rank)"
    " WHERE adherent.id IN ({}) AND state = 'current' AND severity != 'error' ORDER BY problem.id"
)


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

    def groups(self) -> list[tuple[Severity, str, int, tuple[Problem, ...]]]:
        """Severity, code, how many, the first ones."""
        return list(self.kinds)

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


class Paper(NamedTuple):
    """A PDF of an adherent, and what its signatory is reached by.

    Attributes:
        nom: of the adherent.
        copy: key of whose copy it is.
        path: below the folder.
        understood: the data of the adherent.
        mail: addresses, as they were typed in the workbook or given in the data; empty without.
        phone: numbers, likewise.
    """

    nom: str
    copy: str
    path: str
    understood: Mapping[str, Any]
    mail: str
    phone: str


def _papers(database: sqlite3.Connection, run: int | None) -> Iterator[Paper]:
    for number, nom, understood, copy, path in database.execute(
        "SELECT adherent.id, nom, understood, copy, path FROM adherent JOIN piece ON piece.adherent = adherent.id"
        " WHERE piece.state = 'current' AND piece.sha256 != '' AND path LIKE '%.pdf'"
        " AND CASE WHEN ?1 IS NULL THEN NOT instr(copy, ?2)"  # of all that is there, the conventions
        " ELSE piece.run = ?1 AND (adherent.run = ?1 OR instr(copy, ?2)) END ORDER BY adherent.run, rank, position",
        (run, BESIDE),
    ):
        known = facts_of(database, number)
        mail, phone = known[MAIL].value if MAIL in known else "", phone_in(known)
        data = object_from(understood)
        yield Paper(nom, copy.rpartition(BESIDE)[2], path, data, str(mail or ""), str(phone or ""))


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
            f"SELECT adherent.nom, {_PIECE} FROM adherent JOIN piece ON piece.adherent = adherent.id"
            f" WHERE {self._whose} AND piece.run = ?1 AND piece.state = 'current' AND piece.status != 'failed'"
            " ORDER BY adherent.rank, piece.path LIKE '%.pdf', piece.position",
            (self._run,),
        ):
            piece = Piece(*values)
            path = folder / piece.path
            yield DocumentDone(nom, piece.key, path, piece.format, piece.status, piece.sha256, piece.bytes)

    def papers(self) -> Iterator[Paper]:
        """Its PDF files that are there, in the order of the rows."""
        return _papers(self._database, self._run)

    def problems(self) -> Iterator[Problem]:
        """Everything that was said: of the whole source first, then of each row in order."""
        for row in self._database.execute(
            f"SELECT {_PROBLEM} FROM problem WHERE run = ? ORDER BY rank, id",
            (self._run,),
        ):
            yield problem_from(row, self._source)

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
            f"SELECT code, field, count(*), min(id), {_PROBLEM} FROM problem"
            " WHERE run = ? AND severity = 'notice' GROUP BY code, field ORDER BY count(*) DESC, min(id)",
            (self._run,),
        ):
            yield Noticed(code, field, number, problem_from(tuple(values), self._source))

    def _examples(self, severity: str, code: str) -> tuple[Problem, ...]:
        rows = self._database.execute(
            f"SELECT {_PROBLEM} FROM problem WHERE run = ? AND severity = ? AND code = ? ORDER BY rank, id LIMIT ?",
            (self._run, severity, code, _EXAMPLES),
        )
        return tuple(problem_from(row, self._source) for row in rows)

    def rejected_rows(self) -> Iterator[Rejected]:
        """The rows that became nothing, in order."""
        for rank, place, given, cells, text in self._database.execute(
            "SELECT rank, place, given, cells, text FROM rejected WHERE run = ? ORDER BY rank", (self._run,)
        ):
            problems = self._database.execute(
                f"SELECT {_PROBLEM} FROM problem WHERE run = ? AND rank = ? ORDER BY id",
                (self._run, rank),
            )
            found = tuple(problem_from(row, self._source) for row in problems)
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


class Followed(NamedTuple):
    """An adherent as a line of the tracking workbook tells it.

    Attributes:
        nom: its name.
        appellation: what it is, with its article.
        code_postal: of its seat.
        superseded: is it one that no list names any more?
        pieces: its files.
        messages: the warnings and notices of its row.
        number: in the dossier.
        identity: a key that no other adherent has; the one that stays when a SIREN is added.
        copies: by key, whose each of its copies is.
        understood: its data.
        facts: what became of its convention, by name.
        terms: the rules of its deadlines, and how a convention is renewed where the data do not say; None without.
    """

    nom: str
    appellation: str
    code_postal: str
    superseded: bool
    pieces: tuple[Piece, ...]
    messages: tuple[str, ...]
    number: int = 0
    identity: str = ""
    copies: Mapping[str, str] = {}
    understood: Mapping[str, Any] = {}
    facts: Mapping[str, Fact] = {}
    terms: tuple[Terms, Mode] | None = None


class Folder:
    """All that a folder holds.

    Args:
        database: of its dossier.
        path: of the folder.
    """

    def __init__(self, database: sqlite3.Connection, path: Path) -> None:
        self._database = database
        self.path = path

    def titles(self) -> dict[str, str]:
        """By key, the title of each piece beside the copies of a convention; what was made later has it as its key."""
        rows = self._database.execute("SELECT options FROM run ORDER BY id")
        lines = (line for (options,) in rows for line in (object_from(options).get("titles") or "").splitlines())
        return {key or title: title for key, _, title in (line.partition("=") for line in lines)}

    def listed(self) -> list[str]:
        """The headers of the lists that mean nothing to the templates, each once."""
        rows = self._database.execute("SELECT options FROM run ORDER BY id").fetchall()
        return list(
            dict.fromkeys(h for (options,) in rows for h in object_from(options).get("listed", "").split("\n") if h)
        )

    def copies(self) -> dict[str, str]:
        """By key, whose each copy is, of all the runs."""
        rows = self._database.execute("SELECT copies FROM run ORDER BY id")
        return {key: whose for (copies,) in rows for key, whose in object_from(copies).items()}

    def as_json(self) -> dict[str, list[dict[str, Any]]]:
        """The runs, the adherents with their files, and the rejected rows, for a program."""
        return {
            "runs": list(self._rows("run", ("copies", "options"))),
            "adherents": [
                one | {"documents": self._documents_of(one["id"]), "problems": self._problems_of(one)}
                for one in self._rows("adherent", ("place", "given", "understood"))
            ],
            "rejected": [
                {key: one[key] for key in ("run", "rank", "place", "given")} | {"problems": self._problems_of(one)}
                for one in self._rows("rejected", ("place", "given"))
            ],
        }

    def _rows(self, table: str, json: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """The rows of a table by column, some of which hold JSON."""
        rows = self._database.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in rows.description]
        for row in rows.fetchall():
            told = dict(zip(names, row, strict=True))
            yield told | {name: object_from(told[name]) for name in json}

    def _documents_of(self, adherent: int) -> list[dict[str, Any]]:
        pieces = [*self._pieces_of(adherent, "current"), *self._pieces_of(adherent, "superseded")]
        return [
            {
                "copy": piece.copy,
                "path": piece.path,
                "format": piece.format,
                "sha256": piece.sha256,
                "bytes": piece.bytes,
            }
            for piece in pieces
        ]

    def _problems_of(self, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        problems = self._database.execute(
            f"SELECT {_PROBLEM} FROM problem WHERE run = ? AND rank = ? ORDER BY id", (row["run"], row["rank"])
        )
        return [problem_as_json(problem_from(problem, None)) for problem in problems]

    def run_settled(self, key: str) -> tuple[int, int, str | None] | None:
        """The last run with this key that has left every file as the dossier tells.

        Returns:
            Its number, when that was, and the name of its file of rejected rows; None if there is none, or a later one
            has read the same source, or has taken over an adherent or its files.
        """
        found = self._database.execute(
            "SELECT id, settled, rejects FROM run WHERE key = ? AND settled IS NOT NULL"
            " AND accepted = (SELECT count(*) FROM adherent WHERE adherent.run = run.id AND state = 'current')"
            " AND NOT EXISTS (SELECT 1 FROM run AS later WHERE later.source = run.source AND later.id > run.id)",
            (key,),
        ).fetchone()
        return tuple(found) if found else None

    def adherents(self, *, noted: bool = False) -> Iterator[Followed]:
        """Every adherent: as people sorted them, then as runs and their rows come; superseded ones last.

        Args:
            noted: only those of whose conventions something was noted.
        """
        rules = {
            run: (object_from(copies), from_json(object_from(terms)) if terms else None)
            for run, copies, terms in self._database.execute("SELECT id, copies, terms FROM run").fetchall()
        }
        ranked = self._database.execute(
            "SELECT id FROM adherent LEFT JOIN line ON line.adherent = adherent.id"
            f" WHERE {'adherent.id IN (SELECT adherent FROM fact)' if noted else 'true'}"
            " ORDER BY position IS NULL, position, state = 'superseded', run, rank"
        )
        for some in chunks(ranked, _TOGETHER):
            numbers = [number for (number,) in some]
            adherents, identities = self._of_each(_ADHERENTS, numbers), dict(self._each(_IDENTITIES, numbers))
            pieces, said = self._of_each(_PIECES, numbers), self._of_each(_SAID, numbers)
            facts = self._of_each(_FACTS, numbers)
            for number in numbers:
                ((run, nom, appellation, code_postal, state, understood),) = adherents[number]
                files = tuple(map(Piece._make, pieces.get(number, ())))
                messages = tuple(message for (message,) in said.get(number, ()))
                named, key = (nom, appellation, code_postal), identities.get(number, "")
                copies, terms = rules[run]
                data, known = object_from(understood), facts_from(facts.get(number, ()))
                yield Followed(*named, state == "superseded", files, messages, number, key, copies, data, known, terms)

    def _each(self, query: str, adherents: Sequence[int]) -> Iterable[tuple[Any, ...]]:
        """What a query tells of some adherents."""
        return self._database.execute(query.format(", ".join("?" * len(adherents))), adherents)

    def _of_each(self, query: str, adherents: Sequence[int]) -> dict[int, list[Any]]:
        """The same by adherent: some rows of each."""
        found: dict[int, list[Any]] = {}
        for number, *values in self._each(query, adherents):
            found.setdefault(number, []).append(values)
        return found

    def given(self, adherent: int) -> dict[str, Any]:
        """The data of an adherent, as its row gave them."""
        row = self._database.execute("SELECT given FROM adherent WHERE id = ?", (adherent,)).fetchone()
        return object_from(row[0])

    def papers(self) -> Iterator[Paper]:
        """Every PDF that is there, as runs and their rows come."""
        return _papers(self._database, None)

    def template_of(self, adherent: int) -> str:
        """The name of the template of an adherent's convention."""
        query = "SELECT template FROM run JOIN adherent ON adherent.run = run.id WHERE adherent.id = ?"
        return str(self._database.execute(query, (adherent,)).fetchone()[0])

    def has_pdf(self) -> bool:
        """Has any copy a PDF?"""
        (found,) = self._database.execute("SELECT EXISTS (SELECT 1 FROM piece WHERE path LIKE '%.pdf')").fetchone()
        return bool(found)

    def arrangement(self) -> list[tuple[str, float | None]]:
        """The columns of the workbook as people arranged them: header and width."""
        return list(own_headers(self._database))

    def strays(self) -> Iterator[dict[str, FactValue]]:
        """The lines of the workbook that are nobody's, by header."""
        return stray_lines(self._database)

    def sheets(self) -> Iterator[tuple[str, list[list[FactValue]]]]:
        """The sheets that people added to the workbook."""
        for name, lines in self._database.execute("SELECT name, lines FROM sheet ORDER BY position"):
            yield name, [[fact_value(text) for text in line] for line in value_from(lines)]

    def _pieces_of(self, adherent: int, state: str) -> Iterator[Piece]:
        rows = self._database.execute(
            f"SELECT {_PIECE} FROM piece WHERE adherent = ? AND state = ? ORDER BY position, run",
            (adherent, state),
        )
        return map(Piece._make, rows)

    def pieces(self, state: str = "current") -> Iterator[tuple[str, Piece]]:
        """Each file that is there, with the name of its adherent."""
        rows = self._database.execute(
            f"SELECT adherent.nom, {_PIECE} FROM adherent JOIN piece ON piece.adherent = adherent.id"
            " WHERE piece.state = ? AND piece.sha256 != '' ORDER BY adherent.run, adherent.rank, piece.path",
            (state,),
        )
        return ((nom, Piece(*values)) for nom, *values in rows)

    def piece_at(self, path: str) -> Piece | None:
        """The file that the dossier knows at a path."""
        row = self._database.execute(
            f"SELECT {_PIECE} FROM piece WHERE stem = ? AND path = ? AND sha256 != '' ORDER BY state",
            (stem_of(path), path),
        ).fetchone()
        return Piece(*row) if row else None

    def outdated(self, run: int | None = None) -> Iterator[tuple[str, str]]:
        """Each PDF that was made of another Word document than the one beside it: its adherent's name, and its path.

        Args:
            run: only those of the adherents that this run accepted.
        """
        return iter(
            self._database.execute(
                "SELECT adherent.nom, pdf.path FROM adherent JOIN piece AS pdf ON pdf.adherent = adherent.id"
                " JOIN piece AS word ON word.adherent = pdf.adherent AND word.stem = pdf.stem AND word.path != pdf.path"
                " WHERE pdf.document != '' AND word.sha256 NOT IN ('', pdf.document) AND pdf.state = 'current'"
                " AND pdf.sha256 != '' AND word.state = 'current' AND ?1 IN (adherent.run, word.run, 0)"
                " ORDER BY adherent.run, adherent.rank, pdf.path",
                (run or 0,),
            ).fetchall()
        )
