"""``batch``: a list → the documents of every sound row. ``validate``: its problems alone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from conventool import __version__
from conventool.batch.finished import finished_before
from conventool.batch.options import RunOptions
from conventool.batch.report import BatchReport
from conventool.batch.run import check, produce
from conventool.core.clock import seconds_since, today
from conventool.core.errors import OutputError, TemplateError, UnreadableError
from conventool.core.problems import Place, Problem, Severity, decodable
from conventool.core.row import RowSource
from conventool.core.watch import Watch
from conventool.documents.fillers import Filler, open_filler
from conventool.dossier.database import NAME, connect_aside, connect_copy, refusing
from conventool.dossier.records import Run
from conventool.files.reading import file_sha256, file_trouble
from conventool.sources import read_rows
from conventool.sources.choice import chosen
from conventool.sources.own_columns import OwnColumns

if TYPE_CHECKING:
    from conventool.documents.pdf_files import Paper

__all__ = ["RunOptions", "batch", "count_rows", "default_paper", "open_list", "run_rows", "validate"]


def batch(source: Path, options: RunOptions, watch: Watch) -> BatchReport:
    """A list of adherents → their copies on disk, the rows rejected, and the dossier of the folder.

    Args:
        source: a CSV, a workbook, a YAML list or a folder of YAML files.
        options: what is asked.
        watch: told how the work goes on.

    Raises:
        ConventoolError: the list or the template cannot be read, or the result cannot be written. What was put on disk
            before is whole, and the same command goes on from there.
    """
    day = today()
    filler, rows = _opened(source, options, day)
    return run_rows("batch", rows, filler, options, watch, day=day)


def count_rows(source: Path, options: RunOptions) -> int:
    """Count the rows of a list, for whoever shows how far a run is: they are read once more.

    Raises:
        ConventoolError: the list or the template cannot be read.
    """
    _, rows = _opened(source, options, today())
    return sum(1 for _ in rows)


def _opened(source: Path, options: RunOptions, day: date) -> tuple[Filler, RowSource]:
    """What makes documents of rows, and the rows of a list."""
    filler = open_filler(options.template, day, options.controls, name=options.name, pieces=options.pieces)
    return filler, open_list(source, options, filler.own, addresses=filler.addresses)


def default_paper(*, to_sign: bool = False) -> Paper:
    """The PDF files that ``--pdf`` alone asks for, or with ``--signature champs``."""
    from conventool.documents.pdf_files import Paper  # noqa: PLC0415 (most documents stay in Word)

    return Paper(to_sign=to_sign)


def run_rows(
    command: str, rows: RowSource, filler: Filler, options: RunOptions, watch: Watch, *, day: date
) -> BatchReport:
    """Make the documents of rows, unless that was done before.

    Raises:
        ConventoolError: see [batch][conventool.commands.batch.batch].
    """
    started = time.perf_counter()
    _refuse_folder(options.rejects)
    if not options.allow_revisions:
        _refuse_revisions(filler)
    if options.paper and options.paper.to_sign:
        _refuse_unsigned(filler)
    run = _describe(command, rows, filler, options, day)
    report = finished_before(run, rows, options, watch)
    if report is None and options.strict:
        with refusing(options.output / NAME):
            checked = check(rows, run, filler, options, watch, database=connect_copy(options.output))
        report = checked if checked.summary["rejected"] else None
    report = report or produce(rows, run, filler, options, watch)
    report.template = {"name": run.template, "folder": run.template_folder}
    return _timed(report, started)


def validate(source: Path, options: RunOptions, watch: Watch) -> BatchReport:
    """A list of adherents → every problem of every row; nothing is written.

    Raises:
        ConventoolError: the list or the template cannot be read.
    """
    started = time.perf_counter()
    day = today()
    filler, rows = _opened(source, options, day)
    run = _describe("validate", rows, filler, options, day)
    report = check(rows, run, filler, options, watch, database=connect_aside())
    report.template = {"name": run.template, "folder": run.template_folder}
    return _timed(report, started)


def open_list(source: Path, options: RunOptions, own: OwnColumns, *, addresses: bool = False) -> RowSource:
    """Open a list as the options say.

    Raises:
        UnreadableError: it cannot be read, or lacks columns without which no row can be accepted.
        UsageError: the options do not fit it.
    """
    rows = read_rows(
        source, sheet=options.sheet, columns=options.columns, addresses=addresses, fixed=options.fixed,
        visible_only=options.visible_only, own=own,
    )  # fmt: skip
    rows = chosen(rows, options.lines, options.only)
    if rows.incomplete and any(True for _ in rows):  # of an empty list another thing is to be said
        raise UnreadableError(rows.incomplete, *rows.problems)
    return rows


def _refuse_folder(rejects_file: Path | None) -> None:
    """Say at once, not when all is written, that the rejected rows cannot go there."""
    if rejects_file and os.path.isdir(rejects_file):  # noqa: PTH112 (pathlib raises where no name may be so long)
        hint = f"Donnez le nom d’un fichier : {rejects_file / 'rejets.csv'}"
        raise OutputError(Problem("unwritable", "Un dossier porte ce nom.", hint, place=Place(file=str(rejects_file))))


def _refuse_revisions(filler: Filler) -> None:
    """No original is made of a text that is still being discussed."""
    for problem in filler.told_beforehand:
        if problem.code == "tracked-change":
            hint = f"{problem.hint} Pour remplir tout de même, par exemple un projet : --allow-revisions."
            raise TemplateError(problem._replace(hint=hint, severity=Severity.ERROR))


def _refuse_unsigned(filler: Filler) -> None:
    """Say at once that the template does not tell where to sign."""
    from conventool.documents.signatures import fields_by_copy  # noqa: PLC0415 (most documents stay in Word)

    fields_by_copy(filler.pieces, filler.name)


def _timed(report: BatchReport, started: float) -> BatchReport:
    report.summary = {**report.summary, "seconds": seconds_since(started)}
    return report


# --- What the documents of a run depend on -----------------------------------------------------------------


def _describe(command: str, rows: RowSource, filler: Filler, options: RunOptions, day: date) -> Run:
    """Name all that the documents of a run depend on.

    Raises:
        UnreadableError: a file cannot be read.
    """
    chosen = {
        "controls": options.controls,
        "sheet": options.sheet,
        "columns": _digest(options.columns) if options.columns else None,
        "fixed": "\n".join(f"{field}={value}" for field, value in options.fixed.items()) or None,
        "rows": "visible" if options.visible_only else None,
        "lines": options.lines,
        "only": options.only,
        "alone": options.alone,
        "name": options.name,
        "pieces": ",".join(options.pieces or ()) or None,
        "titles": "\n".join(f"{key}={title}" for key, title in _titles(filler, options)) or None,
        "listed": "\n".join(rows.unknown.values()) or None,
        **(_on_paper(filler, options.paper) if options.paper else {}),
    }
    source = Path(rows.file)
    return Run(
        command=command,
        source=decodable(os.path.basename(os.path.abspath(source))),  # noqa: PTH100, PTH119 (of « . » and « .. » too)
        source_sha256=_digest(source),
        template=filler.name,
        template_folder=decodable(str(filler.folder)),
        template_sha256=sha256("".join(map(_digest, filler.parts)).encode()).hexdigest(),
        copies=filler.copies if options.beside is None else {},
        options={name: decodable(value) for name, value in chosen.items() if value},
        day=day,
        version=__version__,
        terms=filler.template.manifest.terms_as_json if filler.template and options.beside is None else None,
    )


def _titles(filler: Filler, options: RunOptions) -> Iterator[tuple[str, str]]:
    """By key, the title of each piece beside the first; without one, of a template that stands beside a convention."""
    if options.beside is not None and filler.template:
        yield "", filler.template.manifest.titre
        return
    for key, piece in filler.pieces.items():
        if piece is not filler.template:
            yield key, piece.manifest.titre


def _on_paper(filler: Filler, paper: Paper) -> dict[str, str | None]:
    from conventool.documents.pdf_files import annexes_of  # noqa: PLC0415 (most documents stay in Word)

    annexes, _ = annexes_of(filler.template)
    digests = " ".join(_digest(annex.path) for annex in annexes)
    return {"pdf": paper.profile.value, "pdf_only": "true" if paper.only else None, "annexes": digests or None,
            "signature": "champs" if paper.to_sign else None}  # fmt: skip


def _digest(path: Path) -> str:
    """Checksum of a file, or of the files in a folder and their names."""
    try:
        if not path.is_dir():
            return file_sha256(path)
        inside = "".join(f"{file.name} {file_sha256(file)}\n" for file in sorted(path.iterdir()) if file.is_file())
    except OSError as error:
        raise file_trouble(error, path) from error
    return sha256(os.fsencode(inside)).hexdigest()
