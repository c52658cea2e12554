"""The PDF files of a run: LibreOffice works while the next documents are filled, and does nothing twice.

What a PDF was made of stands in the dossier as soon as it is made, so that a run that was stopped goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from conventool.batch.worker import Recorded
from conventool.core.problems import Place, Problem
from conventool.core.watch import Watch
from conventool.documents.pdf_files import Paper, Printer, Sheet, ToPrint, annexes_in, annexes_of
from conventool.dossier.dossier import Dossier
from conventool.dossier.reading import Folder
from conventool.dossier.records import Piece, problems_from, problems_json
from conventool.files.plan import DIFFERS
from conventool.files.reading import is_unchanged
from conventool.pdf.scratch import scratch_folder
from conventool.template.folder import TemplateFolder

__all__ = ["PdfStage"]


class _Wanted(NamedTuple):
    recorded: Recorded
    piece: Piece
    made_of: str


class PdfStage:
    """Makes the PDF files of adherents as these are recorded.

    Args:
        template: names the annexes of every document, where there is one.
        paper: what PDF files are asked for.
        folder: the output folder.
        home: the folder where the paths of the data's annexes begin.
        force: may files that differ be replaced?
        dry_run: is it only to be told what would be made?

    Raises:
        ProgramError: LibreOffice is missing, does not answer, or is too old.

    Attributes:
        problems: annexes of the template that are absent.
        documents: the folder where the Word documents are to be written.
        settled: will the same command find nothing to make again?
    """

    def __init__(
        self, template: TemplateFolder | None, paper: Paper, folder: Path, home: Path, *, force: bool, dry_run: bool
    ) -> None:
        annexes, self.problems = annexes_of(template)
        self._printer = None if dry_run else Printer(paper.profile, annexes, force=force, jobs=paper.jobs)
        self._only = paper.only
        self._folder = folder
        self._home = home
        self._told: set[tuple[int, Problem]] = set()
        self._held = ExitStack()
        self.settled = not self.problems
        self.documents = folder
        if paper.only:
            self.documents = self._held.enter_context(scratch_folder())

    def __enter__(self) -> PdfStage:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Remove the Word documents that nobody asked to keep."""
        self._held.close()

    def make(self, recorded: Iterable[Recorded], dossier: Dossier, watch: Watch) -> None:
        """Make the PDF files of adherents as they come, and note each in the dossier.

        Raises:
            ProgramError: LibreOffice fails whatever it is given.
            OutputError: a PDF cannot be put in place.
        """
        if self._printer is None:
            for one in recorded:
                with dossier.transaction():
                    pdfs = [piece.as_pdf() for piece in one.pieces if piece.status != "conflict"]
                    dossier.add_pieces(one.adherent, pdfs)
                watch.step(1)
            return
        wanted = self._wanted(self._printer, recorded, dossier, watch)
        with closing(self._printer.print(wanted)) as made:
            for asked, sheet in made:
                self._note(asked, sheet, dossier)

    def _wanted(
        self, printer: Printer, recorded: Iterable[Recorded], dossier: Dossier, watch: Watch
    ) -> Iterator[ToPrint[_Wanted]]:
        """What is to be made; what is there already is not."""
        known = Folder(dossier.database, self._folder)
        for one in recorded:
            self._note_annexes(printer, one, dossier)
            annexes = annexes_in(self._home, one.annexes)
            # a document that could not be written is another one's: no PDF is made of that
            for piece in (piece for piece in one.pieces if piece.status != "conflict"):
                pdf = piece.as_pdf()
                before, made_of = known.piece_at(pdf.path), printer.source(piece.sha256, annexes)
                path = self._folder / pdf.path
                ours = before is not None and is_unchanged(path, before.sha256, before.bytes)
                if before and ours and before.made_of == made_of:
                    self._keep(one, piece, before, dossier)
                    continue
                document = self.documents / piece.path
                outdated = ours and before is not None and before.document != piece.sha256
                yield ToPrint(_Wanted(one, piece, made_of), document, path, pdf.path, annexes, replaces=outdated)
            watch.step(1)

    def _note_annexes(self, printer: Printer, one: Recorded, dossier: Dossier) -> None:
        """Note what tells whether an annexe is the same the next time; an absent one is not."""
        for name in one.annexes:
            path = self._home / name
            digest = printer.digest(path)
            with dossier.transaction():
                dossier.note_annexe(one.adherent, name, digest, path.stat().st_size if digest else 0)

    def _keep(self, one: Recorded, piece: Piece, before: Piece, dossier: Dossier) -> None:
        """A PDF that was made of the same, and that nobody has changed since."""
        with dossier.transaction():
            dossier.add_pieces(
                one.adherent, [before._replace(copy=piece.copy, position=piece.position, status="identical")]
            )
            dossier.add_problems(
                one.rank,
                self._news(one, (_placed(problem, one.place) for problem in problems_from(before.said))),
            )

    def _note(self, one: _Wanted, sheet: Sheet, dossier: Dossier) -> None:
        """Note what became of a PDF; one that lacked a font, which may be there the next time, is made again then."""
        recorded = one.recorded
        problems = [_placed(problem, recorded.place) for problem in sheet.problems]
        settled = sheet.there and all(problem.code not in _TO_MAKE_AGAIN for problem in problems)
        self.settled &= settled
        pdf = one.piece.as_pdf()._replace(
            sha256=sheet.sha256 if sheet.there else "",
            bytes=sheet.bytes,
            status=sheet.status,
            made_of=one.made_of if settled else "",
            document=one.piece.sha256,
            said=problems_json(problems),
        )
        with dossier.transaction():
            dossier.add_pieces(recorded.adherent, [pdf])
            dossier.add_problems(recorded.rank, self._news(recorded, problems))

    def _news(self, recorded: Recorded, problems: Iterable[Problem]) -> Iterator[Problem]:
        """What was not said yet of an adherent, whose copies have much in common."""
        for problem in problems:
            if (recorded.rank, problem) not in self._told:
                self._told.add((recorded.rank, problem))
                yield problem


_TO_MAKE_AGAIN = {"font-missing"}


def _placed(problem: Problem, row: Place) -> Problem:
    """What is to be said of a PDF, at the row of its adherent; of a file that is in the way, at that file."""
    if problem.code == DIFFERS:
        return problem
    name = problem.place.context or Path(problem.place.file or "").name
    return problem._replace(place=row._replace(context=name))
