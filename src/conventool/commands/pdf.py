"""``conventool pdf``: Word documents that exist → PDF files beside them."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from conventool.batch.signers import write_signers
from conventool.core.clock import seconds_since
from conventool.core.errors import ExitCode, UsageError
from conventool.core.problems import Place, Problem, Severity
from conventool.core.report import DocumentDone, Report
from conventool.core.watch import Watch
from conventool.documents.pdf_files import Printer, Sheet, ToPrint, exit_code_of
from conventool.documents.signatures import fields_by_copy
from conventool.dossier.database import NAME, connect, refusing
from conventool.dossier.dossier import Dossier, note_pdf
from conventool.dossier.reading import Folder
from conventool.dossier.records import Piece
from conventool.files.documents_in import WORD, documents_in, skipped_folders
from conventool.files.reading import file_sha256
from conventool.files.writing import writing_in
from conventool.pdf.jobs import SignatureField
from conventool.pdf.profiles import Profile
from conventool.template import DEFAULT
from conventool.template.folder import TemplateFolder, find_template

__all__ = ["PdfOptions", "pdf"]


@dataclass(frozen=True, slots=True)
class PdfOptions:
    """What ``pdf`` is asked.

    Attributes:
        profile: the kind of PDF.
        output: folder of the PDF files, if not beside each document.
        force: may files that differ be replaced?
        jobs: how many LibreOffices work at once; 0 for one on each core.
        to_sign: do they get empty signature fields?
        template: name or folder of the template that says where, and who signs.
    """

    profile: Profile = Profile.PDFA_2B
    output: Path | None = None
    force: bool = False
    jobs: int = 0
    to_sign: bool = False
    template: str = DEFAULT


def pdf(documents: Sequence[Path], options: PdfOptions, watch: Watch) -> Report:
    """Word documents → a PDF of the same name for each; a folder means those that it holds.

    Raises:
        ConventoolError: LibreOffice is missing, there is no document, two PDF files would have one name, or a folder
            cannot be written.
    """
    started = time.perf_counter()
    skipped = skipped_folders(documents)
    documents = documents_in(documents, WORD)
    targets = _targets(documents, options.output)
    pieces = TemplateFolder.open(find_template(options.template)).pieces if options.to_sign else {}
    fields = next(iter(fields_by_copy(pieces, options.template).values())) if options.to_sign else ()
    printer = Printer(options.profile, force=options.force, jobs=options.jobs)
    with ExitStack() as held:
        for folder in sorted({target.parent for target in targets}):
            held.enter_context(writing_in(folder))
        sheets = _converted(documents, targets, printer, fields, watch)
        _note(documents, sheets, printer, fields)
        files, told = _signers(documents, sheets, pieces) if options.to_sign else ({}, [])
    report = _report([(documents[rank], sheets[rank]) for rank in sorted(sheets)], printer.program, started)
    report.exit_code = max(report.exit_code, ExitCode.PROBLEMS) if skipped else report.exit_code
    report.files, report.problems = files, [*skipped, *report.problems, *told]
    return report


def _converted(
    documents: Sequence[Path],
    targets: Sequence[Path],
    printer: Printer,
    fields: tuple[SignatureField, ...],
    watch: Watch,
) -> dict[int, Sheet]:
    """What became of the PDF of each document, by its rank."""
    watch.begin("Conversion", len(documents))
    wanted = (
        ToPrint(rank, document, target, str(document), fields=fields)
        for rank, (document, target) in enumerate(zip(documents, targets, strict=True))
    )
    sheets: dict[int, Sheet] = {}
    with closing(printer.print(wanted)) as made:
        for rank, sheet in made:
            sheets[rank] = sheet
            watch.step(1)
    return sheets


def _note(
    documents: Sequence[Path], sheets: Mapping[int, Sheet], printer: Printer, fields: tuple[SignatureField, ...]
) -> None:
    """Note the PDF files in the dossiers of their folders, as far as these know the documents."""
    beside = _beside(documents, sheets)
    for folder in {sheet.path.parent for _, sheet in beside}:
        if (database := connect(folder)) is None:
            continue
        with refusing(folder / NAME):
            for document, sheet in beside:
                if sheet.there and sheet.path.parent == folder:
                    digest = file_sha256(document)
                    made_of = printer.source(digest, fields=fields)
                    pdf = Piece("", sheet.path.name, sheet.sha256, sheet.bytes, sheet.status, made_of, digest)
                    note_pdf(database, document.name, pdf)


def _beside(documents: Sequence[Path], sheets: Mapping[int, Sheet]) -> list[tuple[Path, Sheet]]:
    """The documents whose PDF is beside them, and what became of that."""
    return [(documents[rank], sheet) for rank, sheet in sheets.items() if sheet.path.parent == documents[rank].parent]


def _signers(
    documents: Sequence[Path], sheets: Mapping[int, Sheet], pieces: Mapping[str, TemplateFolder]
) -> tuple[dict[str, Path | None], list[Problem]]:
    """Write who signs the PDF files, beside those whose adherent a dossier knows.

    Raises:
        OutputError: a folder cannot be written.
    """
    files: dict[str, Path | None] = {}
    problems = []
    unknown = {sheet.path for sheet in sheets.values() if sheet.there}
    for folder in sorted({sheet.path.parent for _, sheet in _beside(documents, sheets)}):
        if (database := connect(folder)) is None:
            continue
        with refusing(folder / NAME):
            papers = [paper for paper in Folder(database, folder).papers() if folder / paper.path in unknown]
            if not papers:
                continue
            unknown -= {folder / paper.path for paper in papers}
            written, told = write_signers(Dossier(database, folder), papers, folder, pieces)
            files |= {key if key not in files else f"{key} {folder}": path for key, path in written.items()}
            problems += told
    if unknown:
        message = "Aucun dossier de suivi ne dit de qui sont ces documents : leurs signataires ne sont pas écrits."
        hint = "Faites leurs PDF par « fill » ou « batch », avec la même option."
        place = Place(file=str(min(unknown)))
        problems.append(Problem("signers-unknown", message, hint, place=place, severity=Severity.NOTICE))
    return files, problems


def _targets(documents: Sequence[Path], output: Path | None) -> list[Path]:
    """Where each PDF goes.

    Raises:
        UsageError: two of them would be one file, or a document would be overwritten.
    """
    targets = [(output or document.parent) / f"{document.stem}.pdf" for document in documents]
    often = Counter(os.path.normcase(target.absolute()) for target in targets)
    problems = [
        Problem("same-file-name", _CLASH, f"Le PDF serait {target}.", place=Place(file=str(document)))
        for document, target in zip(documents, targets, strict=True)
        if often[os.path.normcase(target.absolute())] > 1 or document == target
    ]
    if problems:
        raise UsageError(*problems)
    return targets


_CLASH = "Le PDF de ce document aurait le nom d’un autre fichier donné ; convertissez-les dans deux dossiers."


def _report(made: Sequence[tuple[Path, Sheet]], program: str, started: float) -> Report:
    there = [(document, sheet) for document, sheet in made if sheet.there]
    statuses = Counter(sheet.status for _, sheet in made)
    summary = {
        "program": program,
        "documents": len(there),
        **{status: statuses[status] for status in ("created", "identical", "replaced")},
        "failed": statuses["failed"] + statuses["conflict"],
        "seconds": seconds_since(started),
    }
    return Report(
        "pdf",
        summary,
        [
            DocumentDone(document.stem, "", sheet.path, "pdf", sheet.status, sheet.sha256, sheet.bytes)
            for document, sheet in there
        ],
        [problem for _, sheet in made for problem in sheet.problems],
        [program],
        exit_code=exit_code_of(sheet for _, sheet in made),
    )
