"""The PDF files of a run: LibreOffice works while the next documents are filled, and does nothing twice.

What a PDF was made of stands in the dossier as soon as it is made, so that a run that was stopped goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from types import TracebackType
from typing import NamedTuple

from conventool.batch.worker import Recorded
from conventool.core.problems import Place, Problem
from conventool.core.watch import Watch
from conventool.core.workers import chunks
from conventool.documents.pdf_files import Paper, Printer, Sheet, ToPrint, annexes_in, annexes_of
from conventool.documents.signatures import fields_by_copy
from conventool.dossier.dossier import Dossier
from conventool.dossier.reading import Folder
from conventool.dossier.records import Piece, problems_from, problems_json
from conventool.files.plan import DIFFERS
from conventool.files.reading import is_unchanged
from conventool.files.scratch import scratch_folder
from conventool.pdf.jobs import Annex
from conventool.template.folder import TemplateFolder

__all__ = ["PdfStage"]


class _Wanted(NamedTuple):
    recorded: Recorded
    piece: Piece
    made_of: str
    following: tuple[Piece, ...] = ()


class PdfStage:
    """Makes the PDF files of adherents as these are recorded.

    Args:
        pieces: by key, the pieces of the template; the first names the annexes of every document.
        paper: what PDF files are asked for.
        folder: the output folder.
        home: the folder where the paths of the data's annexes begin.
        force: may files that differ be replaced?
        dry_run: is it only to be told what would be made?
        name: of the template.

    Raises:
        ProgramError: LibreOffice is missing, does not answer, or is too old.
        UsageError, TemplateError: see [fields_by_copy][conventool.documents.signatures.fields_by_copy].

    Attributes:
        problems: annexes of the template that are absent.
        documents: the folder where the Word documents are to be written.
        settled: will the same command find nothing to make again?
    """

    def __init__(
        self,
        pieces: Mapping[str, TemplateFolder],
        paper: Paper,
        folder: Path,
        home: Path,
        *,
        force: bool,
        dry_run: bool,
        name: str = "",
    ) -> None:
        annexes, self.problems = annexes_of(next(iter(pieces.values()), None))
        self._piece_of = {copy: key for key, piece in pieces.items() for copy in piece.manifest.exemplaires}
        self._pieces = pieces
        self._fields = fields_by_copy(pieces, name) if paper.to_sign else {}
        self._printer = None if dry_run else Printer(paper.profile, annexes, force=force, jobs=paper.jobs)
        self._only = paper.only
        self._folder = folder
        self._home = home
        self._told: set[tuple[int, Problem]] = set()
        self._together = _TOGETHER if any(piece.manifest.suit for piece in pieces.values()) else 1
        self._held = ExitStack()
        self._aside = self._held.enter_context(scratch_folder()) if self._together > 1 else folder
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
                    pdfs = [piece.as_pdf() for piece in self._printed(one) if piece.status != "conflict"]
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
        for number, some in enumerate(chunks(recorded, self._together)):
            wanted = [asked for one in some for asked in self._wanted_of(printer, one, known, dossier)]
            yield from self._with_following(printer, wanted, self._aside / str(number), dossier)
            if number >= _KEPT and self._together > 1:
                rmtree(self._aside / str(number - _KEPT), ignore_errors=True)
            watch.step(len(some))

    def _wanted_of(
        self, printer: Printer, one: Recorded, known: Folder, dossier: Dossier
    ) -> Iterator[ToPrint[_Wanted]]:
        """What is to be made of an adherent, without what follows its documents."""
        self._note_annexes(printer, one, dossier)
        annexes = annexes_in(self._home, one.annexes)
        # a document that could not be written is another one's: no PDF is made of that
        pieces = [piece for piece in self._printed(one) if piece.status != "conflict"]
        known_of = {piece: self._known(piece, known) for piece in pieces}
        # one that is there and was not noted may be of a run that was stopped; since one copy is made of another's, it
        # comes out the same again only where all are made
        unnoted = any(
            before is None and (self._folder / piece.as_pdf().path).exists() for piece, before in known_of.items()
        )
        for piece, before in known_of.items():
            pdf = piece.as_pdf()
            following = self._following(one, piece)
            checksums, fields = [other.sha256 for other in following], self._fields.get(piece.copy, ())
            made_of = printer.source(piece.sha256, annexes, checksums, fields)
            if before and before.made_of == made_of and not unnoted:
                self._keep(one, piece, before, dossier)
                continue
            document, path = self.documents / piece.path, self._folder / pdf.path
            outdated = before is not None and (unnoted or before.document != piece.sha256 or bool(following))
            asked = _Wanted(one, piece, made_of, following)
            yield ToPrint(asked, document, path, pdf.path, annexes, fields, replaces=outdated)

    def _known(self, piece: Piece, known: Folder) -> Piece | None:
        """The PDF of a document that a run noted, if it is there and nobody has changed it."""
        before = known.piece_at(piece.as_pdf().path)
        path = self._folder / piece.as_pdf().path
        return before if before is not None and is_unchanged(path, before.sha256, before.bytes) else None

    def _printed(self, one: Recorded) -> list[Piece]:
        """The documents of an adherent that have PDF files of their own."""
        return [piece for piece in one.pieces if piece.copy not in self._piece_of or not self._suit(piece)]

    def _suit(self, piece: Piece) -> str | None:
        """Key of the piece that a document follows."""
        return self._pieces[self._piece_of[piece.copy]].manifest.suit

    def _following(self, one: Recorded, piece: Piece) -> tuple[Piece, ...]:
        """The documents that a PDF ends with."""
        key = self._piece_of.get(piece.copy)
        return tuple(other for other in one.pieces if key and other.copy in self._piece_of and self._suit(other) == key)

    def _with_following(
        self, printer: Printer, wanted: list[ToPrint[_Wanted]], aside: Path, dossier: Dossier
    ) -> Iterator[ToPrint[_Wanted]]:
        """The same, with the PDF files that each ends with; where one of those fails, so does the whole."""
        following = dict.fromkeys(other for asked in wanted for other in asked.key.following)
        if not following:
            yield from wanted
            return
        aside.mkdir()
        targets = {self.documents / other.path: aside / f"{rank}.pdf" for rank, other in enumerate(following)}
        made = printer.print_aside(targets)
        for asked in wanted:
            results = [made[self.documents / other.path] for other in asked.key.following]
            failed = [problem for result in results if not result.done for problem in result.problems]
            if failed:
                self._note(asked.key, Sheet(asked.path, "failed", problems=tuple(failed)), dossier)
                continue
            titles = (self._pieces[self._piece_of[other.copy]].manifest.titre for other in asked.key.following)
            behind = tuple(Annex(one.job.target, title) for one, title in zip(results, titles, strict=True))
            yield replace(asked, annexes=(*behind, *asked.annexes))

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
        """Note what became of a PDF; one that lacked a font or Math is made again the next time."""
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


_TOGETHER = 50
"""Adherents whose following pieces become PDF files in one go."""
_KEPT = 3
"""So many goes later their PDF files are in those that they follow."""
_TO_MAKE_AGAIN = {"font-missing", "formula-missing"}


def _placed(problem: Problem, row: Place) -> Problem:
    """What is to be said of a PDF, at the row of its adherent; of a file that is in the way, at that file."""
    if problem.code == DIFFERS:
        return problem
    name = problem.place.context or Path(problem.place.file or "").name
    return problem._replace(place=row._replace(context=name))
