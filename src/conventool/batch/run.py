"""A run: rows → documents in their places, each chunk of rows noted in the dossier as soon as its files are there.

A worker checks rows, fills their documents and writes these beside their places. Here rows are compared with those
before them; what is accepted is put in place and noted, all of a chunk or nothing. A run that is killed leaves whole
files and a dossier that tells of them; the same command does what is still to be done.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from conventool.batch.options import RunOptions
from conventool.batch.outputs import refuse_in_the_way, write_outputs
from conventool.batch.reconcile import reconcile, superseded_problem
from conventool.batch.report import BatchReport, report_of
from conventool.batch.worker import Checked, Filled, NumberedRow, Order, Recorded, Worker
from conventool.core.errors import OutputError
from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import Row, RowSource, TypedCell, shown
from conventool.core.threads import Call
from conventool.core.watch import Watch
from conventool.core.workers import Workers, chunks
from conventool.documents.fillers import Filler
from conventool.dossier.database import NAME, connect_for_writing
from conventool.dossier.dossier import Beside, Dossier, Known
from conventool.dossier.facts import FactValue
from conventool.dossier.records import BY_FILE, Facts, Piece, Run
from conventool.dossier.run_view import RunView
from conventool.dossier.tracking_columns import as_day, columns, fact_listed
from conventool.files.plan import conflict
from conventool.files.reading import unreadable
from conventool.files.writing import Drafts
from conventool.template.folder import hidden_by

if TYPE_CHECKING:
    from conventool.batch.pdf_stage import PdfStage

__all__ = ["check", "produce"]

_TOGETHER = 100
"""Rows checked, filled and put in place at a time: some megabytes of documents."""


def produce(rows: RowSource, run: Run, filler: Filler, options: RunOptions, watch: Watch) -> BatchReport:
    """Make the documents of every sound row, and what goes with them.

    Args:
        rows: the source.
        run: all that the documents depend on.
        filler: of the template.
        options: what is asked.
        watch: told how the work goes on.

    Raises:
        ConventoolError: the source cannot be read, or the folder cannot be written. What was put on disk before is
            whole, and the same command goes on from there.
    """
    numbered = _numbered(rows)
    with ExitStack() as held:
        pdfs = held.enter_context(_pdf_stage(rows, filler, options)) if options.paper else None
        database = held.enter_context(connect_for_writing(options.output, writes=not options.dry_run, patience=0))
        folder = pdfs.documents if pdfs else options.output
        workers = held.enter_context(_workers(run, filler, options, folder))
        dossier = Dossier(database, Path(rows.file))
        if options.rejects and not options.force and not dossier.is_interrupted():
            refuse_in_the_way(dossier, options.rejects)
        with dossier.transaction():
            dossier.begin(run, given_back=rows.given_back, beside=_beside(filler, options))
            dossier.add_problems(0, [*_beforehand(filler, options.output), *(pdfs.problems if pdfs else ())])
        watch.begin("Production", None)
        recording = _Recording(dossier, options, filler, rows.unknown)
        recorded = recording.of(workers.map(Worker.fill, chunks(numbered, _TOGETHER)))
        if pdfs:
            pdfs.make(recorded, dossier, watch)
        else:
            for _ in recorded:
                watch.step(1)
        with dossier.transaction():  # which rows are hidden, or left aside, is known once all were read
            dossier.add_problems(0, [*rows.problems, *recording.unwritten()])
        return _ended(dossier, rows, filler, options, run.day, settled=pdfs is None or pdfs.settled)


def check(
    rows: RowSource, run: Run, filler: Filler, options: RunOptions, watch: Watch, *, database: sqlite3.Connection
) -> BatchReport:
    """Tell every problem of every row; nothing is filled or written.

    Args:
        rows: the source.
        run: all that the documents depend on.
        filler: of the template.
        options: what is asked.
        watch: told how the work goes on.
        database: of a dossier that nobody keeps.

    Raises:
        ConventoolError: the source or the template cannot be read.
    """
    numbered = _numbered(rows)
    dossier = Dossier(database, Path(rows.file))
    watch.begin("Vérification", None)
    with _workers(run, filler, options, Path()) as workers, dossier.transaction():
        dossier.begin(run, given_back=rows.given_back, beside=_beside(filler, options))
        dossier.add_problems(0, _beforehand(filler, options.output))
        recording = _Recording(dossier, options, filler, rows.unknown)
        for some, checked in workers.map(Worker.check, chunks(numbered, _TOGETHER)):
            with Drafts() as none:
                recording.admit(some, Filled(checked, none))
            watch.step(len(some))
        dossier.add_problems(0, [*rows.problems, *recording.unwritten()])
    view = RunView(database, dossier.run, dossier.source, options.beside)
    report = report_of(run.command, view, rows, options.output, {})
    report.summary = {**report.summary, "documents": 0}
    report.documents, report.folder = (), None
    return report


def _beside(filler: Filler, options: RunOptions) -> Beside | None:
    """Whose convention the documents stand beside."""
    if options.beside is None or filler.template is None:
        return None
    return Beside(options.beside, filler.template.manifest.titre)


def _numbered(rows: RowSource) -> Iterator[NumberedRow]:
    """The rows with their ranks.

    Raises:
        UnreadableError: there is none.
    """
    numbered = enumerate(rows, 1)
    first = next(numbered, None)
    if first is None:
        hint = "Ajoutez une ligne par adhérent ; dans un classeur, voyez si --sheet nomme la bonne feuille."
        raise unreadable("Cette liste ne contient aucun adhérent.", hint, Place(file=rows.file))
    return chain([first], numbered)


def _workers(run: Run, filler: Filler, options: RunOptions, folder: Path) -> Workers[Worker]:
    order = Order(options._replace(fixed={}), folder, run.day)  # the rows have those values already
    return Workers(Worker(order, filler), Worker, order, options.jobs)


def _beforehand(filler: Filler, output: Path) -> Iterator[Problem]:
    """What is to be said of the template and the output folder."""
    if filler.template and (hidden := hidden_by(filler.folder)):
        yield hidden
    yield from filler.told_beforehand
    old = output / _OLD_MANIFEST
    if os.path.isfile(old):  # noqa: PTH113 (pathlib raises where no name may be so long)
        message = "Ce manifeste d’une version précédente n’est plus lu ; les documents, eux, sont reconnus."
        yield Problem("old-manifest", message, place=Place(file=str(old)), severity=Severity.NOTICE)


_OLD_MANIFEST = "manifeste.json"


def _pdf_stage(rows: RowSource, filler: Filler, options: RunOptions) -> PdfStage:
    from conventool.batch.pdf_stage import PdfStage  # noqa: PLC0415 (most documents stay in Word)

    assert options.paper
    return PdfStage(
        filler.pieces, options.paper, options.output, rows.folder, force=options.force, dry_run=options.dry_run,
        name=filler.name,
    )  # fmt: skip


class _Recording:
    """Takes rows that were checked and filled, compares them with those before, and notes them in the dossier.

    Args:
        dossier: of the output folder.
        options: what is asked.
        filler: of the template.
        unknown: by rank in the cells of a row, the headers that mean nothing to the template.
    """

    def __init__(self, dossier: Dossier, options: RunOptions, filler: Filler, unknown: Mapping[int, str]) -> None:
        self._dossier = dossier
        self._options = options
        own = columns(filler.copies, {}) if unknown else []
        self._listed = [(rank, *fact_listed(header, own)) for rank, header in unknown.items()]
        copies = [(copy, piece.manifest) for piece in filler.pieces.values() for copy in piece.manifest.exemplaires]
        self._following = {copy for copy, manifest in copies if manifest.suit}
        self._announced = {copy: manifest.annonce for copy, manifest in copies if manifest.annonce}
        self._without = 0
        self._pdf_only = options.paper is not None and options.paper.only

    def of(self, filled: Iterable[tuple[list[NumberedRow], Filled]]) -> Iterator[Recorded]:
        """Put the documents of each chunk in place, note its rows, and tell of the adherents that were accepted.

        Raises:
            OutputError: the folder cannot be written.
        """
        for rows, one in _flushed(filled):
            with one.drafts as drafts, self._dossier.transaction():
                recorded = self.admit(rows, one)
                drafts.put()
            yield from recorded

    def admit(self, rows: Iterable[NumberedRow], filled: Filled) -> list[Recorded]:
        """Note rows: those that can be accepted beside the others, and those that cannot."""
        admitted, told = [], []
        for (rank, row), checked in zip(rows, filled.rows, strict=True):
            recorded, besides = self._noted(rank, row, checked, filled.drafts)
            told += [(rank, problem) for problem in (*checked.problems, *besides)]
            if recorded:
                admitted.append(recorded)
        self._dossier.add_ranked(told)
        return admitted

    def _noted(self, rank: int, row: Row, checked: Checked, drafts: Drafts) -> tuple[Recorded | None, list[Problem]]:
        """Note a row; None where it is rejected, and what is to be said of it besides what its data say."""
        if checked.facts is None:
            self._dossier.reject(rank, row)
            return None, []
        known = self._dossier.known(checked.facts.identities, [piece.path for piece in checked.pieces])
        clash = self._clash(checked.facts, checked.pieces, known, row)
        if clash is None:
            return self._accepted(rank, row, checked, checked.facts, known)
        for draft in checked.drafts:
            drafts.drop(draft)
        self._dossier.reject(rank, row)
        return None, [clash]

    def _clash(self, facts: Facts, pieces: Sequence[Piece], known: Known, row: Row) -> Problem | None:
        """Why a sound row cannot be accepted beside those before it."""
        of_a_file = facts.identities[0].startswith(BY_FILE)
        if not of_a_file and self._dossier.is_another(known):
            message, hint = "Ces données sont celles d’un autre adhérent.", "Ôtez de « --set » ce qui le désigne."
            return Problem("unknown-adherent", message, hint, value=facts.nom, place=row.place)
        before = self._dossier.clash(known)
        if before is None:
            return None
        where = before.place._replace(file=before.place.file and Path(before.place.file).name)
        if before.same_adherent and not of_a_file:
            message = f"Cet adhérent est déjà dans la liste ({where})."
            return Problem("duplicate-adherent", message, "Gardez une seule des deux lignes.", place=row.place)
        message = f"Ses documents auraient le même nom que ceux d’une autre ligne ({where})."
        hint = "Précisez l’un des deux noms ; ou complétez « fichier », dans le manifeste du modèle, ou « --name »."
        return Problem("same-file-name", message, hint, value=pieces[0].path, place=row.place)

    def _accepted(
        self, rank: int, row: Row, checked: Checked, facts: Facts, known: Known
    ) -> tuple[Recorded, list[Problem]]:
        """Note an adherent; what it becomes, and what is to be said of that.

        Raises:
            OutputError: it is the only one, and another file is in the place of one of its documents.
        """
        in_the_way = [
            conflict(self._options.output / piece.path) for piece in checked.pieces if piece.status == "conflict"
        ]
        if in_the_way and self._options.alone:
            raise OutputError(*in_the_way)
        pieces = self._on_paper(checked.pieces) if self._pdf_only else checked.pieces
        self._without += self._announced.keys() - {piece.copy for piece in checked.pieces} != set()
        adherent, superseded = self._dossier.accept(
            rank, row.place, facts, pieces, known=known, annexes=checked.annexes
        )
        listed = {**dict(self._said_besides(row)), **facts.contact}
        if listed and not self._options.beside:
            self._dossier.note_listed(adherent, listed)
        told = [] if self._options.prune else [superseded_problem(one, row.place) for one in superseded]
        return Recorded(adherent, rank, row.place, checked.pieces, checked.annexes), [*told, *in_the_way]

    def _said_besides(self, row: Row) -> Iterator[tuple[str, FactValue]]:
        """What a row says in the columns that mean nothing to the template, for the tracking workbook."""
        for rank, name, is_date in self._listed:
            cell = row.cells[rank] if rank < len(row.cells) else ""
            typed = cell.value if isinstance(cell, TypedCell) and isinstance(cell.value, date | bool) else None
            value = shown(cell).strip() if typed is None else typed
            if value != "":
                yield name, as_day(value) if is_date else value

    def _on_paper(self, pieces: Iterable[Piece]) -> tuple[Piece, ...]:
        """The PDF files that are kept in the place of documents: those that follow others are in theirs."""
        return tuple(piece.as_pdf() for piece in pieces if piece.copy not in self._following)

    def unwritten(self) -> Iterator[Problem]:
        """Tell once of the pieces that the template announces, and that were not written for some."""
        if self._without:
            announced = " ".join(dict.fromkeys(self._announced.values()))
            whom = "un adhérent" if self._without == 1 else f"{self._without} adhérents"
            message = f"Sans services choisis, des pièces ne sont pas écrites pour {whom}. {announced}"
            yield Problem("no-service", message, severity=Severity.NOTICE)


def _flushed(filled: Iterable[tuple[list[NumberedRow], Filled]]) -> Iterator[tuple[list[NumberedRow], Filled]]:
    """The same, each chunk once its documents have reached the disk; meanwhile the next one is filled."""
    waiting: deque[tuple[list[NumberedRow], Filled, Call[None]]] = deque()
    for rows, one in filled:
        waiting.append((rows, one, Call(one.drafts.flush)))
        if len(waiting) > 1:
            before, flushed, flush = waiting.popleft()
            flush.result()
            yield before, flushed
    for before, flushed, flush in waiting:
        flush.result()
        yield before, flushed


def _ended(
    dossier: Dossier, rows: RowSource, filler: Filler, options: RunOptions, today: date, *, settled: bool
) -> BatchReport:
    """Compare the folder with what the run wanted, write what goes with the documents, and tell of it all."""
    view = RunView(dossier.database, dossier.run, dossier.source, options.beside)
    files: dict[str, Path | None] = {}
    with dossier.transaction():
        whole = not (rows.given_back or options.chooses)
        dossier.add_problems(0, reconcile(dossier, view, options, whole=whole))
        if not options.dry_run:
            written = write_outputs(
                dossier, view, options.output, rows, options.rejects, force=options.force, today=today
            )
            files = {"dossier": options.output / NAME, **written.files}
            if options.paper and options.paper.to_sign:
                from conventool.batch.signers import write_signers  # noqa: PLC0415 (most documents stay in Word)

                signers, unreachable = write_signers(dossier, view.papers(), options.output, filler.pieces)
                files |= signers
                dossier.add_problems(0, unreachable)
            dossier.add_problems(0, written.problems)
            settled = settled and not written.problems and not view.statuses()["conflict"]
            dossier.end(written.written_at if settled else None, written.rejects)
    return report_of(dossier.command, view, rows, options.output, files)
