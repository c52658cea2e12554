"""The dossier of an output folder, written as a run goes on: whom it accepted, what it made, what it rejected.

What a run replaces is kept and marked as superseded; files are never removed here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from conventool.core.problems import Place, Problem
from conventool.core.row import Row
from conventool.dossier.facts import FactValue, fact_json
from conventool.dossier.records import (
    BESIDE,
    Facts,
    Piece,
    Run,
    as_json,
    cells_json,
    object_from,
    place_from,
    place_json,
    problem_values,
    stem_of,
)

__all__ = ["Beside", "Clash", "Dossier", "Known", "Superseded", "note_pdf"]


class Beside(NamedTuple):
    """What a run makes beside the convention of an adherent: an amendment, a letter.

    Attributes:
        adherent: its number in the dossier.
        title: of the template.
    """

    adherent: int
    title: str


class Known(NamedTuple):
    """What the dossier knows of a row before it is accepted: of a list that is new, nothing.

    Attributes:
        adherents: numbers of those that have one of its keys, those of the first key first.
        stems: of the names of its documents.
        any_file: is anything known of files of these names?
    """

    adherents: tuple[int, ...]
    stems: tuple[str, ...]
    any_file: bool


class Clash(NamedTuple):
    """Why a row cannot be accepted beside another one.

    Attributes:
        same_adherent: are the two the same adherent? Else only their files would have the same name.
        place: of the row accepted before.
    """

    same_adherent: bool
    place: Place


class Superseded(NamedTuple):
    """Files that a new row of their adherent replaces by others.

    Attributes:
        nom: of the adherent.
        paths: below the folder.
    """

    nom: str
    paths: tuple[str, ...]


class Dossier:
    """The dossier of a folder while one run writes in it.

    Args:
        database: as [connect_for_writing][conventool.dossier.database.connect_for_writing] gives it.
        source: the data file of the run, as the user named it.
    """

    def __init__(self, database: sqlite3.Connection, source: Path) -> None:
        self.database = database
        self.source = source
        self.run = 0
        self.command = ""
        self._beside: Beside | None = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept, or nothing of it."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self.database.in_transaction:  # a full disk has ended it already
                self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")

    def is_interrupted(self) -> bool:
        """Whether the last run never came to its end: it may have written files for people that are not noted."""
        last = self.database.execute("SELECT accepted IS NULL FROM run ORDER BY id DESC LIMIT 1").fetchone()
        return bool(last and last[0])

    def begin(self, run: Run, *, given_back: bool, beside: Beside | None = None) -> None:
        """A run begins.

        Args:
            run: all that its documents depend on.
            given_back: is its source a file of rejected rows? It then goes on where the run ended that rejected them.
            beside: whose convention its documents stand beside; None where it makes conventions.
        """
        self.command, self._beside = run.command, beside
        parent = self._rejecting(run.source) if given_back else None
        told = run._replace(
            copies=as_json(run.copies),  # type: ignore[arg-type]  # as the columns hold them
            options=as_json(run.options),  # type: ignore[arg-type]
            day=run.day.isoformat(),  # type: ignore[arg-type]
            terms=as_json(run.terms) if run.terms else None,  # type: ignore[arg-type]
        )
        columns = ", ".join(run._fields)
        self.run = self._insert(
            f"INSERT INTO run ({columns}, key, parent) VALUES ({'?, ' * len(told)}?, ?)",
            (*told, run.key, parent),
        )
        self.database.execute("CREATE TEMP TABLE IF NOT EXISTS lineage (run INTEGER PRIMARY KEY)")
        self.database.execute("DELETE FROM lineage")
        self.database.execute(
            "WITH RECURSIVE above (id) AS (VALUES (?) UNION SELECT run.parent FROM run JOIN above USING (id)"
            " WHERE run.parent IS NOT NULL) INSERT INTO lineage SELECT id FROM above",
            (self.run,),
        )

    def _rejecting(self, source: str) -> int | None:
        """The last run that wrote this file of rejected rows; of a file under another name, the last that wrote one."""
        found = self.database.execute(
            "SELECT id FROM run WHERE rejects IS NOT NULL ORDER BY rejects = ? DESC, id DESC", (source,)
        ).fetchone()
        return found[0] if found else None

    # ---------------------------------------------------------------------------------------- rows

    def known(self, identities: Sequence[str], paths: Iterable[str]) -> Known:
        """What is known of the adherent of a row and of files of the names of its documents.

        Args:
            identities: of its adherent, keys that no other has.
            paths: of its documents.
        """
        query = f"SELECT key, adherent FROM identity WHERE key IN ({', '.join('?' * len(identities))})"
        owners = dict(self.database.execute(query, identities))
        adherents = tuple(dict.fromkeys(owners[key] for key in identities if key in owners)) if owners else ()
        stems = tuple(stem_of(path) for path in paths)
        query = f"SELECT 1 FROM piece WHERE stem IN ({', '.join('?' * len(stems))}) LIMIT 1"
        return Known(adherents, stems, self.database.execute(query, stems).fetchone() is not None)

    def clash(self, known: Known) -> Clash | None:
        """Which row accepted before, by this run or those whose rejected rows it goes on with, forbids to accept one.

        Args:
            known: of its adherent and its documents.
        """
        if self._beside:
            return self._clash_beside(self._beside, known.stems)
        among = ", ".join("?" * len(known.adherents))
        query = "SELECT place FROM adherent JOIN lineage USING (run)"
        query += f" WHERE adherent.id IN ({among}) AND state = 'current'"
        found = known.adherents and self.database.execute(query, known.adherents).fetchone()
        if found:
            return Clash(True, place_from(found[0], self.source))
        if not known.any_file:
            return None
        found = self.database.execute(
            "SELECT adherent.place FROM piece JOIN adherent ON adherent.id = piece.adherent"
            " JOIN lineage USING (run)"
            f" WHERE piece.stem IN ({', '.join('?' * len(known.stems))}) AND piece.state = 'current'"
            f" AND adherent.id NOT IN ({among})",
            (*known.stems, *known.adherents),
        ).fetchone()
        return Clash(False, place_from(found[0], self.source)) if found else None

    def _clash_beside(self, beside: Beside, stems: Sequence[str]) -> Clash | None:
        """Whose file another document would take: another adherent's, or its own of another template."""
        found = self.database.execute(
            "SELECT adherent.place FROM piece JOIN adherent ON adherent.id = piece.adherent"
            f" WHERE piece.stem IN ({', '.join('?' * len(stems))}) AND piece.state = 'current'"
            " AND NOT (adherent.id = ? AND substr(piece.copy, 1, ?) = ?)",
            (*stems, beside.adherent, len(beside.title) + 1, beside.title + BESIDE),
        ).fetchone()
        return Clash(False, place_from(found[0], self.source)) if found else None

    def is_another(self, known: Known) -> bool:
        """Whether the data of a document beside a convention are another adherent's."""
        return self._beside is not None and self._beside.adherent not in known.adherents

    def accept(
        self, rank: int, place: Place, facts: Facts, pieces: Sequence[Piece], *, known: Known, annexes: Sequence[str]
    ) -> tuple[int, list[Superseded]]:
        """Note an adherent and its documents, in the place of what is known of the same adherent.

        Returns:
            Its number, and the files that are superseded.
        """
        if self._beside:
            self.add_pieces(self._beside.adherent, pieces)
            return self._beside.adherent, []
        columns = (self.run, rank, facts.nom, facts.appellation, facts.code_postal, place_json(place, self.source))
        values = (*columns, facts.given, facts.understood)
        superseded: list[Superseded] = []
        if known.adherents:
            adherent, *others = known.adherents
            self._forget_problems(adherent)
            self.database.execute(
                "UPDATE adherent SET (run, rank, nom, appellation, code_postal, place, given, understood, state)"
                " = (?, ?, ?, ?, ?, ?, ?, ?, 'current') WHERE id = ?",
                (*values, adherent),
            )
            superseded += [*self._supersede_pieces(adherent, pieces), *map(self._supersede, others)]
            self.database.execute(_BACK, (adherent,))
            self._free_identities(adherent, facts.identities)
            self.database.execute("DELETE FROM annexe WHERE adherent = ?", (adherent,))
        else:
            adherent = self._insert(f"INSERT INTO adherent VALUES (NULL{', ?' * 8}, 'current')", values)
        self.database.executemany(
            "INSERT OR REPLACE INTO identity VALUES (?, ?)", [(key, adherent) for key in facts.identities]
        )
        if known.any_file:
            superseded += self._take_over(adherent, pieces)
        self.add_pieces(adherent, pieces)
        if annexes:
            noted = [(adherent, path) for path in annexes]
            self.database.executemany("INSERT OR IGNORE INTO annexe VALUES (?, ?, '', 0)", noted)
        return adherent, [one for one in superseded if one.paths]

    def add_pieces(self, adherent: int, pieces: Sequence[Piece]) -> None:
        """Note files of an adherent.

        Where one is known, of one that is only planned nothing is noted; of one that could not be written, that alone:
        what is known of the file in its place still holds.
        """
        noted: dict[str, list[tuple[object, ...]]] = {}
        title = self._beside.title + BESIDE if self._beside else ""
        for piece in pieces:
            told_less = piece.status == "conflict" or (piece.status == "planned" and not piece.sha256)
            noted.setdefault("IGNORE" if told_less else "REPLACE", []).append((
                adherent, piece.path, self.run, piece.position, stem_of(piece.path), title + piece.copy, piece.sha256,
                piece.bytes, piece.status, piece.made_of, piece.document, piece.said,
            ))  # fmt: skip
        for verb, values in noted.items():
            self.database.executemany(f"INSERT OR {verb} INTO piece VALUES ({'?, ' * 12}'current')", values)
        if conflicts := [piece for piece in pieces if piece.status == "conflict"]:
            self.database.executemany(
                "UPDATE piece SET run = ?, position = ?, status = 'conflict', state = 'current'"
                " WHERE adherent = ? AND path = ?",
                [(self.run, piece.position, adherent, piece.path) for piece in conflicts],
            )

    def note_listed(self, adherent: int, values: Mapping[str, FactValue]) -> None:
        """Note what a list says besides, by name of a fact; what people typed since is kept."""
        self.database.executemany(
            "INSERT INTO fact VALUES (?, ?, ?, 'command') ON CONFLICT DO UPDATE SET value = excluded.value"
            " WHERE source != 'typed'",
            [(adherent, name, fact_json(value)) for name, value in values.items()],
        )

    def note_annexe(self, adherent: int, path: str, sha256: str, size: int) -> None:
        """Note a file that the PDF files of an adherent end with; its checksum is empty where it is absent."""
        self.database.execute("INSERT OR REPLACE INTO annexe VALUES (?, ?, ?, ?)", (adherent, path, sha256, size))

    def add_problems(self, rank: int, problems: Iterable[Problem]) -> None:
        """Note what is to be said of a row, or of the whole source if ``rank`` is 0."""
        self.add_ranked((rank, problem) for problem in problems)

    def add_ranked(self, problems: Iterable[tuple[int, Problem]]) -> None:
        """The same of many rows, each problem with the rank of its row."""
        self.database.executemany(
            "INSERT INTO problem VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(self.run, rank, *problem_values(problem, self.source)) for rank, problem in problems],
        )

    def reject(self, rank: int, row: Row) -> None:
        """Note a row that became nothing."""
        self.database.execute(
            "INSERT INTO rejected VALUES (?, ?, ?, ?, ?, ?)",
            (self.run, rank, place_json(row.place, self.source), as_json(row.values), cells_json(row.cells), row.text),
        )

    # ---------------------------------------------------------------------------------------- superseding

    def _free_identities(self, adherent: int, identities: Sequence[str]) -> None:
        """Take from an adherent the number or the code that was corrected: it is free for the one it belongs to."""
        kinds = {_is_number(key) for key in identities}
        before = self.database.execute("SELECT key FROM identity WHERE adherent = ?", (adherent,)).fetchall()
        freed = [key for key in before if _is_number(key[0]) in kinds]
        self.database.executemany("DELETE FROM identity WHERE key = ?", freed)

    def _forget_problems(self, adherent: int) -> None:
        self.database.execute(
            "DELETE FROM problem WHERE (run, rank) IN (SELECT run, rank FROM adherent WHERE id = ?)", (adherent,)
        )

    def _supersede_pieces(self, adherent: int, wanted: Sequence[Piece]) -> Iterator[Superseded]:
        """Mark the files of an adherent that are not wanted any more, nor are PDF files of those that are.

        Those beside its convention go only where nothing of it is wanted.
        """
        stems = {stem_of(piece.path) for piece in wanted}
        rows = self.database.execute(
            "SELECT path, stem, copy FROM piece WHERE adherent = ? AND state = 'current' AND sha256 != ''", (adherent,)
        )
        paths = tuple(path for path, stem, copy in rows if stem not in stems and not (stems and BESIDE in copy))
        self.database.executemany(
            "UPDATE piece SET state = 'superseded' WHERE adherent = ? AND path = ?", [(adherent, p) for p in paths]
        )
        (nom,) = self.database.execute("SELECT nom FROM adherent WHERE id = ?", (adherent,)).fetchone()
        yield Superseded(nom, paths)

    def _supersede(self, adherent: int) -> Superseded:
        """Mark an adherent and its files."""
        (found,) = self._supersede_pieces(adherent, ())
        self.database.execute("UPDATE adherent SET state = 'superseded' WHERE id = ?", (adherent,))
        return found

    def _take_over(self, adherent: int, pieces: Sequence[Piece]) -> list[Superseded]:
        """Give an adherent the places of its files, and the PDF files that stand beside these.

        Returns:
            Of the adherents to whom one of the places belonged until now, the files that remain.
        """
        owners: dict[int, None] = {}
        for piece in pieces:
            if piece.status == "conflict":
                continue
            stem = stem_of(piece.path)
            found = self.database.execute(
                "SELECT adherent FROM piece WHERE stem = ? AND adherent != ? AND state = 'current' AND sha256 != ''",
                (stem, adherent),
            )
            owners |= dict.fromkeys(owner for (owner,) in found)
            self.database.execute(
                "DELETE FROM piece WHERE stem = ? AND path = ? AND adherent != ? AND sha256 != ''",
                (stem, piece.path, adherent),
            )
            self.database.execute(
                "UPDATE OR REPLACE piece SET adherent = ?, state = 'current' WHERE stem = ? AND sha256 != ''",
                (adherent, stem),
            )
        return [self._supersede(owner) for owner in owners]

    def absent(self) -> Iterator[tuple[int, dict[str, Any], Place]]:
        """The adherents of earlier runs of the same list that this one has not accepted.

        The list is a file by its name; of a workbook, the same sheet of it.

        Yields:
            The number of each, its data as given, and the place of its row.
        """
        rows = self.database.execute(
            "SELECT adherent.id, adherent.given, adherent.place FROM adherent JOIN run ON run.id = adherent.run"
            " JOIN run AS this ON this.id = ?1 AND this.source = run.source"
            " AND json_extract(this.options, '$.sheet') IS json_extract(run.options, '$.sheet')"
            " WHERE run.id != ?1 AND run.command = 'batch' AND state = 'current' ORDER BY run.id, adherent.rank",
            (self.run,),
        )
        return ((adherent, object_from(given), place_from(place, self.source)) for adherent, given, place in rows)

    def supersede_absent(self, kept: Iterable[int]) -> list[Superseded]:
        """Mark these adherents, but those that are kept, and their files."""
        still = set(kept)
        return [self._supersede(adherent) for adherent, *_ in list(self.absent()) if adherent not in still]

    def forget_piece(self, path: str) -> None:
        """A superseded file is not there any more."""
        self.database.execute(
            "DELETE FROM piece WHERE stem = ? AND path = ? AND state = 'superseded'", (stem_of(path), path)
        )

    # ---------------------------------------------------------------------------------------- the end

    def end(self, settled: int | None, rejects: tuple[str, str] | None) -> None:
        """The run has ended.

        Args:
            settled: when every file was as the dossier tells, in nanoseconds since 1970; None if one is not.
            rejects: name and checksum of the file of rejected rows, where there is one.
        """
        name, digest = rejects or (None, None)
        self.database.execute(
            "UPDATE run SET accepted = (SELECT count(*) FROM adherent WHERE run = ?1), settled = ?2,"
            " rejects = ?3, rejects_sha256 = ?4 WHERE id = ?1",
            (self.run, settled, name, digest),
        )

    def output_known(self, path: str) -> str | None:
        """The checksum of a file for people, as this program last wrote it."""
        found = self.database.execute("SELECT sha256 FROM output WHERE path = ?", (path,)).fetchone()
        return found[0] if found else None

    def note_output(self, path: str, digest: str) -> None:
        """Note a file for people as it is written."""
        self.database.execute("INSERT OR REPLACE INTO output VALUES (?, ?)", (path, digest))

    def _insert(self, statement: str, values: Sequence[object]) -> int:
        number = self.database.execute(statement, tuple(values)).lastrowid
        assert number is not None
        return number


_BACK = f"UPDATE piece SET state = 'current' WHERE adherent = ? AND instr(copy, '{BESIDE}')"
"""What stands beside a convention is there again with it."""


def _is_number(identity: str) -> bool:
    """Whether a key of an adherent is its SIREN; else it is its kind, with a code or a name."""
    return identity.startswith("siren ")


def note_pdf(database: sqlite3.Connection, document: str, pdf: Piece) -> None:
    """Note a PDF that was made outside a run, beside a document that the dossier knows; of another one, nothing.

    Args:
        database: of the dossier of their folder.
        document: path of the Word document below the folder.
        pdf: the file; its copy and its position are those of the document.
    """
    database.execute(
        "INSERT OR REPLACE INTO piece SELECT adherent, ?, run, position, stem, copy, ?, ?, ?, ?, ?, '[]', state"
        " FROM piece WHERE stem = ? AND path = ? AND state = 'current'",
        (pdf.path, pdf.sha256, pdf.bytes, pdf.status, pdf.made_of, pdf.document, stem_of(document), document),
    )
