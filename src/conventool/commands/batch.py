"""A list → the documents of every sound row, every stage named in order.

First the whole list is checked, then what is sound is written. Between the two it waits in temporary files, so that
memory does not grow with the list. What a run did is registered at its very end: until then the same command does what
is still to be done, and after that it has nothing to do.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from conventool.batch.found import BatchOptions, Found, Watch
from conventool.batch.pdf_stage import Press
from conventool.batch.registers import REJECTS, file_key, identify, register, still_done
from conventool.batch.rejects import cells_of
from conventool.batch.report import BatchReport
from conventool.batch.seen import Seen
from conventool.batch.worker import Accepted, Order, Workshop
from conventool.core.clock import today
from conventool.core.errors import OutputError, UnreadableError
from conventool.core.problems import Place, Problem
from conventool.core.row import Row, RowSource
from conventool.core.workers import Crew, chunks
from conventool.documents.fillers import open_maker
from conventool.documents.form_values import is_word_form
from conventool.dossier.entries import Entry, Rejected
from conventool.dossier.manifest import Manifest
from conventool.files.reading import unreadable
from conventool.files.writing import alone_in, make_folder, remove_leftovers
from conventool.sources import read_rows

__all__ = ["BatchOptions", "batch", "validate"]

_TOGETHER = 50
"""Rows examined at a time."""


def batch(source: Path, options: BatchOptions, watch: Watch) -> BatchReport:
    """A list of adherents → their copies on disk, the rows rejected, and the registers of the folder.

    Raises:
        ConventoolError: the list or the template cannot be read, or the result cannot be written. What was put on disk
            before is whole, and the same command goes on from there.
    """
    started = time.perf_counter()
    _refuse_folder(options.rejects)
    maker = open_maker(options.template, today())
    rows = _open_list(source, options, addresses=maker.addresses)
    run = identify(source, maker, options)
    earlier = Manifest.find(options.output)
    if earlier and (done := still_done(run, earlier, rows, options, watch)):
        return _timed(done, started)
    with ExitStack() as held:
        paper = options.paper
        press = held.enter_context(Press(maker.template, options, paper, earlier, rows.folder)) if paper else None
        folder = press.documents if press else options.output
        crew = held.enter_context(Crew(Workshop, _order(options, folder, writes=not options.dry_run), options.jobs))
        found = _examine(rows, crew, watch)
        if options.strict and found.rejected:
            return _timed(found.outcome().report("batch", options.output, {}), started)
        if not options.dry_run:
            make_folder(options.output)
            held.enter_context(alone_in(options.output))
            remove_leftovers(options.output, older_than=0)
            earlier = Manifest.find(options.output)  # another run may have ended meanwhile
        produced = _produced(found, crew, options.output, watch, press)
        files: dict[str, Path] = {}
        if options.dry_run:
            deque(produced, maxlen=0)
        else:
            files = register(found, produced, run, earlier, options)
            if press:
                press.forget()
    return _timed(found.outcome().report("batch", options.output, files), started)


def validate(source: Path, options: BatchOptions, watch: Watch) -> BatchReport:
    """A list of adherents → every problem of every row; nothing is written.

    Raises:
        ConventoolError: the list or the template cannot be read.
    """
    started = time.perf_counter()
    rows = _open_list(source, options, addresses=is_word_form(options.template))
    with Crew(Workshop, _order(options, options.output, writes=False), options.jobs) as crew:
        return _timed(_examine(rows, crew, watch).outcome().report("validate", options.output, {}), started)


def _open_list(source: Path, options: BatchOptions, *, addresses: bool) -> RowSource:
    """Open a list as the options say.

    Raises:
        UnreadableError: it cannot be read, or lacks columns without which no row can be accepted.
        UsageError: the options do not fit it.
    """
    rows = read_rows(
        source, sheet=options.sheet, columns=options.columns, addresses=addresses, fixed=options.fixed,
        visible_only=options.visible_only,
    )  # fmt: skip
    if rows.incomplete and any(True for _ in rows):  # of an empty list another thing is to be said
        raise UnreadableError(rows.incomplete, *rows.problems)
    return rows


def _refuse_folder(rejects: Path | None) -> None:
    """Say at once, not when all is written, that the rejects cannot go there."""
    if rejects and os.path.isdir(rejects):  # noqa: PTH112 (pathlib raises where no name may be so long)
        hint = f"Donnez le nom d’un fichier : {rejects / REJECTS}"
        raise OutputError(Problem("unwritable", "Un dossier porte ce nom.", hint, place=Place(file=str(rejects))))


def _order(options: BatchOptions, folder: Path, *, writes: bool) -> Order:
    return Order(options.template, folder, options.controls, options.force, writes, today())


def _examine(rows: RowSource, crew: Crew[Order], watch: Watch) -> Found:
    """Check every row, and every row against those before it.

    Raises:
        UnreadableError: there is none.
    """
    found = Found(rows)
    watch.begin("Vérification", None)
    for chunk, examined in crew.do("examine", chunks(enumerate(rows, 1), _TOGETHER)):
        found.tally.merge(examined.tally)
        for (rank, row), outcome in zip(chunk, examined.rows, strict=True):
            if isinstance(outcome, Accepted):
                _admit(found, rank, row, outcome)
            else:
                found.rejected.append(Rejected(rank, row.place, outcome, cells_of(row)))
        watch.step(len(chunk))
    found.tally.add(rows.problems)
    if not (found.accepted or found.rejected):
        hint = "Ajoutez une ligne par adhérent ; dans un classeur, voyez si --sheet nomme la bonne feuille."
        raise unreadable("Cette liste ne contient aucun adhérent.", hint, Place(file=rows.file))
    return found


def _admit(found: Found, rank: int, row: Row, accepted: Accepted) -> None:
    """Take an adherent whose like was not met before; where two would be one, the second is rejected."""
    clash = _clash(found.seen, row.place, accepted)
    if clash is None:
        found.accepted.append(accepted.pickled)
        return
    found.tally.add([clash])
    entry, _ = Accepted.unpickled(accepted.pickled)
    found.rejected.append(Rejected(rank, row.place, (*entry.problems, clash), cells_of(row)))


def _clash(seen: Seen, place: Place, accepted: Accepted) -> Problem | None:
    names = [file_key(name) for name in accepted.names]
    if seen.add((*accepted.identities, *names), accepted.place):
        return None
    if before := seen.find(accepted.identities):
        message, hint = f"Cet adhérent est déjà dans la liste ({before}).", "Gardez une seule des deux lignes."
        return Problem("duplicate-adherent", message, hint, place=place)
    message = f"Ses documents auraient le même nom que ceux d’un autre adhérent ({seen.find(names) or place})."
    hint = "Précisez l’un des deux noms ; ou complétez « fichier », dans le manifeste du modèle."
    return Problem("same-file-name", message, hint, value=accepted.names[0], place=place)


def _produced(found: Found, crew: Crew[Order], folder: Path, watch: Watch, press: Press | None) -> Iterator[Entry]:
    """Have what is sound filled and written, and printed where that is asked; and tell of each adherent."""
    watch.begin("Production", len(found.accepted))
    blocks = crew.do("produce", found.accepted.blocks())
    if press is None:
        for chunk, entries in blocks:
            for entry in entries:
                found.add(entry, folder)
                yield entry
            watch.step(len(chunk))
        return

    def done(entry: Entry, problems: Sequence[Problem]) -> None:
        found.add(entry, folder)
        found.tally.add(problems)
        watch.step(1)

    found.problems = press.problems
    found.tally.add(press.problems)
    press.print((entry for _, entries in blocks for entry in entries), done)
    found.doubtful = press.doubtful
    yield from found.entries


def _timed(report: BatchReport, started: float) -> BatchReport:
    report.summary = {**report.summary, "seconds": round(time.perf_counter() - started, 3)}
    return report
