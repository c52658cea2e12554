"""``fill``: one adherent → its copies. It is a list of one, of which all files are written or none.

Its data are a file's; or those of a dossier, for an amendment or a letter beside the convention that was made of them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from conventool.batch.options import RunOptions
from conventool.commands.batch import run_rows
from conventool.core.clock import today
from conventool.core.errors import UsageError
from conventool.core.problems import Place, Problem
from conventool.core.report import Report
from conventool.core.row import Row, RowSource
from conventool.core.watch import NOBODY
from conventool.documents.fillers import Filler, open_filler
from conventool.dossier.database import NAME
from conventool.files.reading import unreadable
from conventool.sources import refuse_table, with_fixed
from conventool.sources.yaml_file import read_yaml

__all__ = ["RunOptions", "fill", "fill_from_dossier"]


def fill(source: Path, options: RunOptions) -> Report:
    """One adherent's YAML → its copies on disk, all of them or none.

    Args:
        source: the file.
        options: what is asked.

    Raises:
        ConventoolError: the source or the template cannot be read, or the result cannot be written.
    """
    only = _only_row(source)
    day = today()
    filler = _opened(options, day, source.stem)
    rows = RowSource(str(source), "YAML", lambda: iter([only]), {})
    return _filled(rows, filler, options, day, source.stem)


def fill_from_dossier(folder: Path, name: str, options: RunOptions) -> Report:
    """What the dossier of a folder knows of one adherent → a document beside its convention, in the same folder.

    Args:
        folder: that ``batch`` or ``fill`` wrote.
        name: of the adherent, its INSEE code or its SIREN.
        options: what is asked; the values of ``fixed`` are taken before those of the dossier.

    Raises:
        ConventoolError: there is no dossier, the adherent is none of it or several, the template cannot be read or is
            that of the convention itself, or the result cannot be written.
    """
    from conventool.documents.known import read_known  # noqa: PLC0415 (most documents are made of a file)

    day = today()
    filler = _opened(options, day, None)
    known = read_known(folder, name, filler, options.fixed, day, writes=not options.dry_run)
    rows = RowSource(str(folder / NAME), "dossier", lambda: iter([known.row]), {})
    options = options._replace(output=folder, beside=known.adherent.number)
    report = _filled(rows, filler, options, day, known.adherent.nom)
    report.problems = [*known.problems, *(known.explained(one) for one in report.problems)]
    return report


def _opened(options: RunOptions, day: date, alone: str | None) -> Filler:
    name, pieces = options.name, options.pieces
    return open_filler(options.template, day, options.controls, alone=alone, name=name, pieces=pieces)


def _filled(rows: RowSource, filler: Filler, options: RunOptions, day: date, alone: str) -> Report:
    """Make the documents of the only row, and show the paragraph that is to be read first."""
    if options.fixed:  # what columns mean a catalogue says too, which few need
        rows = with_fixed(rows, options.fixed, filler.own, addresses=filler.addresses)
    report = run_rows("fill", rows, filler, options._replace(strict=True, alone=alone), NOBODY, day=day)
    texts = _preview(filler, next(iter(rows))) if report.summary["accepted"] else []
    documents = tuple(document for document in report.documents if document.status != "conflict")
    return Report(
        "fill", report.summary, documents, list(report.problems), texts,
        exit_code=report.exit_code, template=report.template, files=report.files,
    )  # fmt: skip


def _only_row(source: Path) -> Row:
    """The only adherent of a file.

    Raises:
        UnreadableError: it holds none.
        UsageError: it holds several.
    """
    refuse_table(source)
    rows = list(read_yaml(source))
    place = Place(file=str(source))
    if not rows:
        raise unreadable("Ce fichier ne contient aucun adhérent.", None, place)
    if len(rows) > 1:
        message = f"Ce fichier contient {len(rows)} adhérents ; « fill » en attend un."
        raise UsageError(Problem("several-adherents", message, f"Écrivez : conventool batch {source}", place=place))
    return rows[0]


def _preview(filler: Filler, row: Row) -> list[str]:
    """The filled paragraphs that the template wants a person to read first, of each piece that is written."""
    [(made, _)] = filler.make([(1, row)])
    written = {ready.template: ready for ready in reversed(made.documents)} if made else {}
    return [
        piece.document.paragraph(piece.manifest.apercu, written[piece.document].said)
        for piece in filler.pieces.values()
        if piece.manifest.apercu and piece.document in written
    ]
