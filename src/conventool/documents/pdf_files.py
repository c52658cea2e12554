"""PDF files beside the documents: made by LibreOffice, then held against what stands there, as documents are."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from conventool.core.clock import source_date
from conventool.core.errors import ExitCode
from conventool.core.problems import Place, Problem, Severity
from conventool.core.workers import cores
from conventool.files.plan import DIFFERS, compare, conflict
from conventool.files.reading import file_sha256
from conventool.files.writing import write_together
from conventool.pdf.jobs import Annex, Job, Result, SignatureField
from conventool.pdf.profiles import Profile
from conventool.template.folder import TemplateFolder

__all__ = ["Paper", "Printer", "Sheet", "ToPrint", "annexes_in", "annexes_of", "exit_code_of"]

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Paper:
    """What PDF files are asked for.

    Attributes:
        profile: the kind of PDF.
        only: is the PDF alone kept, not the Word document?
        jobs: how many LibreOffices work at once; 0 for one on each core.
        to_sign: do they get empty signature fields?
    """

    profile: Profile = Profile.PDFA_2B
    only: bool = False
    jobs: int = 0
    to_sign: bool = False


@dataclass(frozen=True, slots=True)
class ToPrint(Generic[K]):
    """A document to make a PDF of.

    Attributes:
        key: what the caller knows it by.
        document: its bytes, or where it is.
        path: where the PDF is wanted; the folder exists.
        name: how messages call it.
        annexes: what is put behind it, after what is put behind all.
        fields: the signature fields that it gets.
        replaces: may a file that stands there be replaced, since this program made it and nobody changed it?
    """

    key: K
    document: Path
    path: Path
    name: str
    annexes: tuple[Annex, ...] = ()
    fields: tuple[SignatureField, ...] = ()
    replaces: bool = False


class Sheet(NamedTuple):
    """What became of a PDF.

    Attributes:
        path: where it was wanted.
        status: ``created``, ``identical``, ``replaced``, ``conflict`` (another file is in its place), ``failed``;
            ``planned`` in a dry run.
        sha256: of its bytes, in hexadecimal.
        bytes: its size.
        problems: why there is none, or what a person should look at.
    """

    path: Path
    status: str
    sha256: str = ""
    bytes: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def there(self) -> bool:
        """Is it on disk?"""
        return self.status in _ON_DISK


_ON_DISK = {"created", "identical", "replaced"}


def annexes_of(template: TemplateFolder | None) -> tuple[tuple[Annex, ...], list[Problem]]:
    """The annexes that a template's manifest names; a bare Word form has none.

    Returns:
        Those that are there, and a warning for each that is not: told once, not for every document.
    """
    if template is None:
        return (), []
    named = [Annex(template.folder / one.fichier, one.titre, one.liens) for one in template.manifest.annexes]
    problems = [_absent(template, rank, annex) for rank, annex in enumerate(named) if not annex.path.is_file()]
    return tuple(annex for annex in named if annex.path.is_file()), problems


def annexes_in(folder: Path, names: Iterable[str]) -> tuple[Annex, ...]:
    """The annexes that an adherent's data name, those that are there; each is called after its file.

    Args:
        folder: where their paths begin.
        names: as the data give them.
    """
    paths = (folder / name for name in names)
    return tuple(Annex(path, path.stem) for path in paths if os.path.isfile(path))  # noqa: PTH113 (never raises)


def _absent(template: TemplateFolder, rank: int, annex: Annex) -> Problem:
    message = f"L’annexe « {annex.title} » est absente ({annex.path}) ; les PDF sont faits sans elle."
    place = template.row.where(("annexes", rank, "fichier"))
    hint = "Mettez ce fichier en place, puis relancez la même commande."
    return Problem("annex-missing", message, hint, place=place, severity=Severity.WARNING)


class Printer:
    """A LibreOffice that answers, and how PDF files are to be.

    Args:
        profile: the kind of PDF.
        annexes: what is put behind each document.
        force: may files that differ be replaced?
        jobs: how many LibreOffices work at once; 0 for one on each core.

    Raises:
        ProgramError: LibreOffice is missing, does not answer, or is too old.
        UsageError: ``SOURCE_DATE_EPOCH`` names no moment.
    """

    def __init__(self, profile: Profile, annexes: tuple[Annex, ...] = (), *, force: bool = False, jobs: int = 0):
        from conventool.pdf.office import find_office  # noqa: PLC0415 (only a PDF needs it)

        self._profile = profile
        self._annexes = annexes
        self._force = force
        self._jobs = jobs or cores()
        self._office = find_office()
        source_date()  # one that is none is told before anything is converted
        self._digests: dict[Path, str] = {}

    @property
    def program(self) -> str:
        """What converts, with its version."""
        return f"LibreOffice {self._office.version}"

    def source(
        self,
        document: str,
        annexes: tuple[Annex, ...] = (),
        following: Iterable[str] = (),
        fields: Iterable[SignatureField] = (),
    ) -> str:
        """A checksum of all that a PDF is made of: the document, the profile, the annexes and LibreOffice's version.

        Args:
            document: the checksum of the Word document.
            annexes: what is put behind it, after what is put behind all.
            following: the checksums of the Word documents that are put behind it as PDF.
            fields: the signature fields that it gets.
        """
        parts = [document, self._profile.value, self._office.version]
        parts += [f"{annex.title} {self.digest(annex.path)}" for annex in (*self._annexes, *annexes)]
        parts += following
        parts += [f"{field.name} {field.text}" for field in fields]
        return sha256("\n".join(parts).encode()).hexdigest()

    def digest(self, path: Path) -> str:
        """Checksum of an annex; empty of one that cannot be read: each document tells of that."""
        if path not in self._digests:
            try:
                self._digests[path] = file_sha256(path)
            except OSError:
                self._digests[path] = ""
        return self._digests[path]

    def print_aside(self, documents: Mapping[Path, Path]) -> dict[Path, Result]:
        """Make PDF files that others are to end with, and nothing else: no annexes, nothing compared.

        Args:
            documents: by Word document, where its PDF goes; the folder exists.

        Returns:
            By Word document, what became of it.

        Raises:
            ProgramError: LibreOffice fails whatever it is given.
        """
        from conventool.pdf.convert import convert  # noqa: PLC0415 (only a PDF needs it)

        document_of = {target: document for document, target in documents.items()}
        jobs = (Job(document, target) for target, document in document_of.items())
        made = convert(jobs, profile=self._profile, jobs=self._jobs, office=self._office)
        return {document_of[result.job.target]: result for result in made}

    def print(self, wanted: Iterable[ToPrint[K]]) -> Generator[tuple[K, Sheet], None, None]:
        """Make PDF files, as the documents come. A file that differs is replaced by force only.

        Yields:
            For each, as they finish, its key and what became of it; again where a PDF had to be made anew.

        Raises:
            ProgramError: LibreOffice fails whatever it is given.
            OutputError: a PDF cannot be put in place.
        """
        from conventool.files.scratch import scratch_folder  # noqa: PLC0415 (likewise)
        from conventool.pdf.convert import convert  # noqa: PLC0415 (only a PDF needs it)

        under_way: dict[Path, ToPrint[K]] = {}
        with scratch_folder() as aside:
            jobs = self._ordered(wanted, under_way, aside)
            for result in convert(jobs, profile=self._profile, jobs=self._jobs, office=self._office):
                one = under_way[result.job.target]  # it stays: a result may come again
                yield one.key, self._settled(result, one)

    def _ordered(self, wanted: Iterable[ToPrint[K]], under_way: dict[Path, ToPrint[K]], aside: Path) -> Iterator[Job]:
        """The jobs. Where a file stands already the PDF is made aside, to be held against it."""
        for rank, one in enumerate(wanted):
            target = one.path
            if target.exists():
                target = aside / str(rank) / target.name
                target.parent.mkdir()
            under_way[target] = one
            yield Job(one.document, target, annexes=(*self._annexes, *one.annexes), fields=one.fields)

    def _settled(self, result: Result, one: ToPrint[K]) -> Sheet:
        job, path = result.job, one.path
        problems = tuple(
            problem._replace(place=Place(file=one.name)) if problem.place.file == job.name else problem
            for problem in result.problems
        )
        if not result.done:
            return Sheet(path, "failed", problems=problems)
        status = "created" if job.target == path else self._replaced(job.target, one)
        if status == "conflict":
            problems = (*problems, conflict(path))
        return Sheet(path, status, result.sha256, result.size, problems)

    def _replaced(self, made: Path, one: ToPrint[K]) -> str:
        data = made.read_bytes()
        made.unlink()
        action = compare(one.path, data, force=self._force or one.replaces)
        if action.writes:
            write_together({one.path: data})
        return action.value


def exit_code_of(sheets: Iterable[Sheet]) -> ExitCode:
    """What the process tells its caller of PDF files: the gravest of what became of them."""
    codes = {problem.code for sheet in sheets if not sheet.there for problem in sheet.problems}
    if "conversion-failed" in codes:
        return ExitCode.OUTSIDE_PROGRAM
    if codes - {DIFFERS}:
        return ExitCode.UNREADABLE
    return ExitCode.UNWRITABLE if codes else ExitCode.DONE
