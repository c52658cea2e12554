"""A dossier as it is read: all that a folder holds. Few rows at a time are held in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from conventool.core.problems import Problem
from conventool.core.report import problem_as_json
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
    object_from,
    problem_from,
    stem_of,
    value_from,
)

__all__ = ["PIECE_COLUMNS", "PROBLEM_COLUMNS", "Folder", "Followed", "Paper", "papers_of", "problems_where"]

PROBLEM_COLUMNS = (
    "problem.severity, problem.code, problem.message, problem.hint, problem.field, problem.value, problem.place"
)
PIECE_COLUMNS = ", ".join(f"piece.{name}" for name in Piece._fields)
_TOGETHER = 100
"""Adherents that are read at a time: of each table once, for to ask takes longer than to read."""
_ADHERENTS = "SELECT id, run, nom, appellation, code_postal, state, understood FROM adherent WHERE id IN ({})"
_IDENTITIES = (  # the last of an adherent counts
    "SELECT adherent, key FROM identity WHERE adherent IN ({}) ORDER BY key LIKE 'siren %' DESC, key DESC"
)
_FACTS = "SELECT adherent, name, value, source FROM fact WHERE adherent IN ({}) ORDER BY adherent, name"
_PIECES = (
    f"SELECT adherent, {PIECE_COLUMNS} FROM piece JOIN adherent ON adherent.id = piece.adherent"
    " WHERE adherent IN ({}) AND adherent.state = piece.state ORDER BY adherent, position, piece.run, path"
)
_SAID = (
    "SELECT adherent.id, message FROM adherent JOIN problem USING (run, rank)"
    " WHERE adherent.id IN ({}) AND state = 'current' AND severity != 'error' ORDER BY problem.id"
)


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


def papers_of(database: sqlite3.Connection, run: int | None) -> Iterator[Paper]:
    """The PDF files that a run made and that are there; of None all those of conventions."""
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


def problems_where(database: sqlite3.Connection, source: Path | None, where: str, *values: object) -> Iterator[Problem]:
    """The problems that a dossier keeps.

    Args:
        database: of the dossier.
        source: the data file of their run, as the user names it today; None for its name of then.
        where: an SQL condition, and the order.
        values: of its parameters.

    Raises:
        DataError: one is not as this program writes it, so that the dossier is damaged.
    """
    for row in database.execute(f"SELECT {PROBLEM_COLUMNS} FROM problem WHERE {where}", values):
        yield problem_from(row, source)


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
        found = problems_where(self._database, None, "run = ? AND rank = ? ORDER BY id", row["run"], row["rank"])
        return [problem_as_json(problem) for problem in found]

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
        return papers_of(self._database, None)

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
            f"SELECT {PIECE_COLUMNS} FROM piece WHERE adherent = ? AND state = ? ORDER BY position, run",
            (adherent, state),
        )
        return map(Piece._make, rows)

    def pieces(self, state: str = "current") -> Iterator[tuple[int, str, Piece]]:
        """Each file that is there, with its adherent's number and name: a commune and its CCAS have one name."""
        rows = self._database.execute(
            f"SELECT adherent.id, adherent.nom, {PIECE_COLUMNS} FROM adherent"
            " JOIN piece ON piece.adherent = adherent.id WHERE piece.state = ? AND piece.sha256 != ''"
            " ORDER BY adherent.run, adherent.rank, piece.path",
            (state,),
        )
        return ((number, nom, Piece(*values)) for number, nom, *values in rows)

    def piece_at(self, path: str) -> Piece | None:
        """The file that the dossier knows at a path."""
        row = self._database.execute(
            f"SELECT {PIECE_COLUMNS} FROM piece WHERE stem = ? AND path = ? AND sha256 != '' ORDER BY state",
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
