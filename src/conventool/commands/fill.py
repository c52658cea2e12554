"""What each command does, every stage named in order."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from conventool.adherent.adherent import Adherent, read_adherent
from conventool.core.clock import today
from conventool.core.errors import ExitCode, UsageError
from conventool.core.problems import Place, Problem
from conventool.core.report import DocumentDone, Report
from conventool.core.row import Row
from conventool.documents.form_values import fill_row, is_word_form
from conventool.files.filenames import safe_name
from conventool.files.plan import Planned, Wanted, plan
from conventool.files.reading import unreadable
from conventool.files.writing import make_folder, remove_leftovers, write_together
from conventool.register.communes import Register
from conventool.sources import refuse_table
from conventool.sources.yaml_file import read_yaml
from conventool.template.bindings import Binder
from conventool.template.folder import TemplateFolder, find_template
from conventool.word.template import Mode, Template

if TYPE_CHECKING:
    from conventool.documents.pdf_files import Paper, Printer, Sheet
    from conventool.pdf.jobs import Annex

__all__ = ["FillOptions", "fill"]


class FillOptions(NamedTuple):
    """What ``fill`` is asked.

    Attributes:
        template: name or folder of the template, or a bare Word form, whose data are addresses and values.
        output: folder of the result.
        controls: whether filled controls stay controls.
        force: may files that differ be replaced?
        dry_run: tell, and write nothing.
        paper: what PDF files are wanted besides, or instead.
    """

    template: str
    output: Path
    controls: Mode = "keep"
    force: bool = False
    dry_run: bool = False
    paper: Paper | None = None


def fill(source: Path, options: FillOptions) -> Report:
    """One adherent's YAML → its copies on disk.

    Raises:
        ConventoolError: the source or the template cannot be read, or the result cannot be written.
    """
    started = time.perf_counter()
    row = _only_row(source)
    if is_word_form(options.template):
        return _fill_form(source, row, options, started)
    template = TemplateFolder.open(find_template(options.template))
    adherent, problems = read_adherent(row, Register.open(), today=today())
    if adherent is None:
        return Report("fill", _summary((), 0, started), problems=problems, exit_code=ExitCode.PROBLEMS)
    document, apercu = template.document, template.manifest.apercu
    copies = list(Binder(template, document.suffix).copies(adherent))
    wanted = {
        copy.cle: Wanted(options.output / copy.fichier, template.fill(copy.values, options.controls)) for copy in copies
    }
    texts = [document.paragraph(apercu, copies[0].values)] if apercu else []
    annexes, absent = _annexes(template, row, adherent) if options.paper else ((), [])
    documents, doubts, code = _deliver(adherent.nom, wanted, options, annexes)
    problems = [*problems, *absent, *doubts]
    return Report("fill", _summary(documents, 1, started), documents, problems, texts, exit_code=code)


def _annexes(template: TemplateFolder, row: Row, adherent: Adherent) -> tuple[tuple[Annex, ...], list[Problem]]:
    """The template's annexes and the adherent's own; and which of the template's are not there."""
    from conventool.documents.pdf_files import annexes_in, annexes_of  # noqa: PLC0415 (most documents stay in Word)

    annexes, absent = annexes_of(template)
    return annexes + annexes_in(row.folder, adherent.annexes), absent


def _fill_form(source: Path, row: Row, options: FillOptions, started: float) -> Report:
    """One row of addresses and values → one document, named after the form and the data."""
    form = Template.open(options.template)
    data, problems = fill_row(form, row, options.controls)
    if data is None:
        return Report("fill", _summary((), 0, started), problems=problems, exit_code=ExitCode.PROBLEMS)
    name = safe_name(f"{Path(options.template).stem}_{source.stem}", form.suffix)
    documents, doubts, code = _deliver(source.stem, {"": Wanted(options.output / name, data)}, options)
    return Report("fill", _summary(documents, 1, started), documents, [*problems, *doubts], exit_code=code)


def _only_row(source: Path) -> Row:
    refuse_table(source)
    rows = list(read_yaml(source))
    if not rows:
        raise unreadable("Ce fichier ne contient aucun adhérent.", None, Place(file=str(source)))
    if len(rows) > 1:
        message = f"Ce fichier contient {len(rows)} adhérents ; « fill » en attend un."
        raise UsageError(
            Problem("several-adherents", message, f"Écrivez : conventool batch {source}", place=Place(file=str(source)))
        )
    return rows[0]


def _deliver(
    adherent: str, copies: Mapping[str, Wanted], options: FillOptions, annexes: tuple[Annex, ...] = ()
) -> tuple[list[DocumentDone], list[Problem], ExitCode]:
    """Put the copies in place, on paper too where that is asked.

    Returns:
        Each file, what is to be said of the PDF files, and the exit code they mean.
    """
    if options.paper is None:
        return _put(adherent, copies, options), [], ExitCode.DONE
    return _deliver_on_paper(adherent, copies, options, options.paper, annexes)


def _deliver_on_paper(
    adherent: str,
    copies: Mapping[str, Wanted],
    options: FillOptions,
    paper: Paper,
    annexes: tuple[Annex, ...],
) -> tuple[list[DocumentDone], list[Problem], ExitCode]:
    """Put the copies in place and print them; LibreOffice is looked for before anything is written."""
    from conventool.documents.pdf_files import Printer, exit_code_of  # noqa: PLC0415 (most documents stay in Word)

    printer = None if options.dry_run else Printer(paper.profile, annexes, force=options.force)
    documents = [] if paper.only else _put(adherent, copies, options)
    sheets = _print(printer, copies, paper, options.output)
    documents += [
        DocumentDone(adherent, cle, sheet.path, "pdf", sheet.status, sheet.sha256, sheet.bytes)
        for cle, sheet in sheets.items()
        if sheet.there or sheet.status == "planned"
    ]
    problems = dict.fromkeys(problem for sheet in sheets.values() for problem in sheet.problems)
    return documents, list(problems), exit_code_of(sheets.values())


def _print(printer: Printer | None, copies: Mapping[str, Wanted], paper: Paper, folder: Path) -> dict[str, Sheet]:
    """The PDF of each copy, in the order of the copies; only planned if there is no printer."""
    from conventool.documents.pdf_files import Sheet, ToPrint  # noqa: PLC0415

    targets = {cle: one.path.with_suffix(".pdf") for cle, one in copies.items()}
    if printer is None:
        return {cle: Sheet(target, "planned") for cle, target in targets.items()}
    if paper.only:
        make_folder(folder)
        remove_leftovers(folder)
    wanted = (
        ToPrint(cle, one.data, targets[cle], str(targets[cle] if paper.only else one.path))
        for cle, one in copies.items()
    )
    with closing(printer.print(wanted)) as made:
        sheets = dict(made)
    return {cle: sheets[cle] for cle in targets}


def _put(adherent: str, copies: Mapping[str, Wanted], options: FillOptions) -> list[DocumentDone]:
    """Put in place what is missing or changed, and tell of each copy."""
    planned = plan(list(copies.values()), force=options.force)
    files = {one.wanted.path: one.wanted.data for one in planned if one.action.writes}
    if not options.dry_run:
        make_folder(options.output)
        remove_leftovers(options.output)
        if files:
            write_together(files)
    return [_done(adherent, cle, one, options) for cle, one in zip(copies, planned, strict=True)]


def _done(adherent: str, cle: str, planned: Planned, options: FillOptions) -> DocumentDone:
    path, data = planned.wanted.path, planned.wanted.data
    status = "planned" if options.dry_run and planned.action.writes else planned.action.value
    return DocumentDone(adherent, cle, path, path.suffix[1:], status, sha256(data).hexdigest(), len(data))


def _summary(documents: Iterable[DocumentDone], accepted: int, started: float) -> Mapping[str, object]:
    statuses = [document.status for document in documents]
    return {
        "adherents": 1,
        "accepted": accepted,
        "rejected": 1 - accepted,
        "documents": len(statuses),
        **{status: statuses.count(status) for status in ("created", "identical", "replaced")},
        "seconds": round(time.perf_counter() - started, 3),
    }
