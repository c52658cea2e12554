"""Is a returned document still the one that was sent? Every alteration with its place, and what hides in the file."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

from conventool.core.clock import today
from conventool.core.errors import ConventoolError, ExitCode, OutputError, reason
from conventool.core.problems import Place, Problem, Severity
from conventool.core.report import DocumentDone, Report
from conventool.core.watch import NOBODY, Watch
from conventool.core.workers import Workers, chunks
from conventool.dossier.changes import changes
from conventool.dossier.database import NAME, connect, connect_for_writing, no_dossier, refusing
from conventool.dossier.dossier import Dossier
from conventool.dossier.reading import Folder
from conventool.dossier.returns import CameBack, note_returns
from conventool.dossier.tracking import bring_together
from conventool.files.plan import conflict
from conventool.files.reading import file_sha256
from conventool.pdf.to_word import as_word
from conventool.returned.alterations import alterations
from conventool.returned.documents import (
    SAVE_AS,
    Comparison,
    Returned,
    best_template,
    known_patterns,
    other_files,
    returned_files,
    skipped_folders,
    unknown_template,
)
from conventool.returned.expectations import (
    Expected,
    as_sent,
    copy_of,
    expected,
    nearest,
    unexpected,
    value_problems,
)
from conventool.returned.extraction import signature_days
from conventool.returned.following import misplaced_pages, missing_pieces, pieces_of_others
from conventool.returned.signatures import signature_problems, signatures_of, signed_days
from conventool.returned.template_pattern import TemplatePattern
from conventool.template.folder import TemplateFolder

__all__ = ["VerifyOptions", "verify"]

_TOGETHER = 20
_WORTH_SHARING = 200
"""Word documents: with fewer, other processes would only just have begun."""
_A_PDF = 5
"""Word documents that are verified in the time of a PDF."""


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """What ``verify`` is asked.

    Attributes:
        template: name or folder of the template; None to find it among those of the program.
        data: the adherents' data, to hold the values against.
        dossier: the folder in which the documents were made.
        jobs: processes to share a folder among; None for one on each core.
        images: folder for a picture of each difference, and a page that lists them.
        force: may pictures that are there be replaced?
    """

    template: str | None = None
    data: Path | None = None
    dossier: Path | None = None
    jobs: int | None = None
    images: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class _Sent:
    """A document as a batch produced it; of a PDF, ``document`` is the checksum of the Word document that it shows."""

    adherent: str
    copy: str
    path: Path
    sha256: str
    document: str

    @property
    def is_there(self) -> bool:
        """Whether the batch's own file still is what it was."""
        try:
            return file_sha256(self.path) == self.sha256
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one file.

    Attributes:
        document: its status among others.
        problems: what is said of it.
        read: what stands in its controls, and the folder of their template; None where it was not compared.
        signed: by party, the day that it says it was signed, in ISO 8601.
    """

    document: DocumentDone
    problems: tuple[Problem, ...]
    read: tuple[Path, Mapping[str, str]] | None = None
    signed: Mapping[str, str] = field(default_factory=dict)


class _Verdict(NamedTuple):
    """What a document is found to be.

    Attributes:
        status: one of `_TOLD`.
        problems: what is said of it.
        copy: key of the copy that it says it is.
        read: as an `_Outcome` has it.
        signed: as an `_Outcome` has it.
    """

    status: str
    problems: Sequence[Problem] = ()
    copy: str = ""
    read: tuple[Path, Mapping[str, str]] | None = None
    signed: Mapping[str, str] = {}


@dataclass(eq=False, repr=False)
class VerifyReport(Report):
    """What became of returned documents.

    Attributes:
        dossier: of the folder where they were made, if that is known.
    """

    dossier: Folder | None = None

    def as_json(self) -> dict[str, Any]:
        """The one object that ``--json`` prints; with what the dossier knows, where there is one.

        Raises:
            UnreadableError: the dossier is damaged.
        """
        told = Report.as_json(self)
        if self.dossier is None:
            return told
        with refusing(self.dossier.path / NAME):
            return told | {"dossier": self.dossier.as_json()}


def verify(paths: Sequence[Path], options: VerifyOptions, watch: Watch = NOBODY) -> Report:
    """Hold returned documents against their templates.

    Args:
        paths: documents, and folders of them; with a dossier there may be none: then all that it knows.
        options: what else is asked.
        watch: told how the work goes on.

    Raises:
        ConventoolError: a template, the data or the dossier cannot be read, or there is no document.
    """
    started, now = perf_counter(), today()
    _refuse_pictures(options)
    folder, given = _opened(options.dossier) if options.dossier else None, bool(paths)
    sent = _sent(folder) if folder else {}
    changed = list(changes(folder)) if folder and not paths else []
    if folder and not paths:
        paths = [one.path for name, one in sent.items() if name == one.path.name and one.path.is_file()]
    files = returned_files(paths) if paths or not changed else []
    differing = {problem.place.file for problem in changed}
    templates = known_patterns(options.template)
    wanted, unsound = expected(templates, options.data, now) if options.data else ({}, [])
    others = other_files(paths)
    with as_word([*files, *others]) as word_files:
        order = _Task(options.template, sent, wanted, word_files)
        found = _verify_all([*files, *filter(word_files.get, others)], templates, order, options.jobs, watch)
        verified = [_with_rewriting(one, differing) for one in found]
        drawn = _write_pictures(options, verified, word_files, now) if options.images else []
    verified += [_unverified(file) for file in others if file not in word_files]
    problems = [*changed, *unsound, *skipped_folders(paths), *(problem for one in verified for problem in one.problems)]
    code = _exit_code(verified, problems)
    summary, documents = _summary(verified, changed, started), [one.document for one in verified]
    noted, written = _note(folder.path, verified, sent, now) if folder and given else ([], {})
    problems += noted
    code = max(code, ExitCode.PROBLEMS) if any(one.code in _DATES for one in noted) else code
    return VerifyReport(
        "verify", summary, documents, problems, [_told(summary)], exit_code=code,
        files={**written, **{path.name: path for path in drawn}}, dossier=folder,
    )  # fmt: skip


_DATES = {"date-order", "tracking-contradiction"}


def _note(
    path: Path, verified: Sequence[_Outcome], sent: Mapping[str, _Sent], now: date
) -> tuple[list[Problem], dict[str, Path | None]]:
    """Tell the dossier what came back, and write its workbook again; of its own files nothing is noted.

    Returns:
        What is to be said of it, and the files written, by what they are.

    Raises:
        OutputError: the folder cannot be written.
    """
    returned = []
    for one in verified:
        document = one.document
        known = sent.get(document.sha256) or sent.get(document.path.name) or sent.get(document.path.stem)
        if known and document.path.resolve() != known.path.resolve():
            returned.append(CameBack(document.path, known.path.name, known.copy, document.status, one.signed))
    with connect_for_writing(path, writes=True) as database:
        dossier = Dossier(database, path)
        with dossier.transaction():
            problems = note_returns(dossier, path, returned, now)
            tracked = bring_together(dossier, path, now)
    return [*problems, *tracked.problems], {"dossier": path / NAME, "workbook": tracked.path}


def _exit_code(verified: Sequence[_Outcome], problems: Sequence[Problem]) -> ExitCode:
    bad = any(problem.severity is not Severity.NOTICE for problem in problems)
    unreadable = bool(verified) and all(one.document.status == "unreadable" for one in verified)
    return ExitCode.UNREADABLE if unreadable else ExitCode.PROBLEMS if bad else ExitCode.DONE


def _unverified(path: Path) -> _Outcome:
    """A file of a format that is not read: nobody may take it for verified."""
    message, hint = "Ce fichier n’a pas été vérifié : il n’est ni un .docx ni un PDF.", SAVE_AS
    if path.is_symlink() and not path.exists():
        message, hint = "Ce fichier n’a pas été vérifié : c’est un lien qui ne mène nulle part.", "Donnez le fichier."
    problem = Problem("not-verified", message, hint, place=Place(file=str(path)), severity=Severity.WARNING)
    return _Outcome(DocumentDone("", "", path, _format(path), "unverified", "", 0), (problem,))


def _refuse_pictures(options: VerifyOptions) -> None:
    """Say at once, not when all is verified, that there are pictures already."""
    if options.images is None or options.force:
        return
    from conventool.returned.pictures import PAGE  # noqa: PLC0415 (only where pictures are asked for)

    if (options.images / PAGE).exists():
        raise OutputError(conflict(options.images / PAGE))


def _write_pictures(
    options: VerifyOptions, verified: Sequence[_Outcome], word_files: Mapping[Path, Path], now: date
) -> list[Path]:
    """Draw what differs in the documents that are not intact.

    Returns:
        The files written.

    Raises:
        ConventoolError: LibreOffice is missing or failed, or the folder refuses.
    """
    from conventool.returned.pictures import Doubt, write_pictures  # noqa: PLC0415 (only where pictures are asked for)

    doubts = [
        Doubt(one.document.path, word_files.get(one.document.path, one.document.path),
              TemplateFolder.open(one.read[0]), one.read[1], _TOLD[one.document.status][0], one.problems)
        for one in verified
        if one.read and one.document.status in {"altered", "doubtful"}
    ]  # fmt: skip
    return write_pictures(options.images, doubts, now, force=options.force) if options.images else []


def _with_rewriting(verified: _Outcome, differing: Container[str | None]) -> _Outcome:
    """What was saved again is not what the batch produced, even where its text is."""
    document = verified.document
    if document.status == "intact" and str(document.path) in differing:
        return _Outcome(document._replace(status="changed"), verified.problems)
    return verified


@dataclass(frozen=True, slots=True)
class _Task:
    """All that a process must be told.

    Attributes:
        template: its name or folder; None for all known ones.
        sent: what was sent.
        expected: by template, what must stand in the blanks.
        word_files: by document of another word processor, the Word file that was made of it.
    """

    template: str | None
    sent: Mapping[str, _Sent]
    expected: Mapping[str, Sequence[Expected]]
    word_files: Mapping[Path, Path]


def _verify_all(
    files: Sequence[Path], templates: Sequence[TemplatePattern], order: _Task, jobs: int | None, watch: Watch
) -> Iterator[_Outcome]:
    """The verified files in order, shared among processes where there are enough of them."""
    watch.begin("Vérification", len(files))
    verifier = _Verifier(templates, order.sent, order.expected, order.word_files)
    work = sum(_A_PDF if _format(file) == "pdf" else 1 for file in files)
    jobs = 1 if work < _WORTH_SHARING else jobs or 0
    with Workers(verifier, _Verifier.of, order, jobs) as workers:
        for chunk, verified in workers.map(_Verifier.verified, chunks(files, _TOGETHER)):
            yield from verified
            watch.step(len(chunk))


@dataclass(frozen=True, slots=True)
class _Verifier:
    """All that is needed to verify one file after the other."""

    templates: Sequence[TemplatePattern]
    sent: Mapping[str, _Sent]
    expected: Mapping[str, Sequence[Expected]]
    word_files: Mapping[Path, Path]

    @classmethod
    def of(cls, order: _Task) -> _Verifier:
        """Make one ready.

        Raises:
            TemplateError: a template cannot be read, or is not sound.
        """
        return cls(known_patterns(order.template), order.sent, order.expected, order.word_files)

    def verified(self, paths: Iterable[Path]) -> list[_Outcome]:
        """Verify some files; one that cannot be read is a problem of its own and stops no other."""
        return [self._verified(path) for path in paths]

    def _verified(self, path: Path) -> _Outcome:
        try:
            size, checksum = path.stat().st_size, file_sha256(path)
        except OSError as error:
            problem = Problem("unreadable", f"Ce document ne peut pas être lu ({reason(error)}).")
            return _Outcome(DocumentDone("", "", path, _format(path), "unreadable", "", 0), (_at_file(problem, path),))
        sent = self._find_sent(path, checksum)
        verdict = _Verdict("intact") if sent and sent.sha256 == checksum else self._examined(path, sent)
        if path in self.word_files:
            verdict = _as_converted(verdict, path)
        if _format(path) == "pdf" and verdict.status != "unreadable":
            verdict = _with_signatures(verdict, path)
        adherent, copy = (sent.adherent, sent.copy) if sent else ("", verdict.copy)
        document = DocumentDone(adherent, copy, path, _format(path), verdict.status, checksum, size)
        return _Outcome(
            document, tuple(_at_file(problem, path) for problem in verdict.problems), verdict.read, verdict.signed
        )

    def _find_sent(self, path: Path, checksum: str) -> _Sent | None:
        """What a document was when it was sent: it has its bytes, or its name."""
        return self.sent.get(checksum) or self.sent.get(path.name) or self.sent.get(path.stem)

    def _examined(self, path: Path, sent: _Sent | None) -> _Verdict:
        try:
            returned = Returned(self.word_files.get(path, path), self._paper(path, sent))
            if not self.expected and returned.is_drawn_as_sent:
                return _Verdict("intact")
            parts = list(returned.parted(self.templates))
            comparisons = [best_template(part, templates) for part, templates in parts]
        except ConventoolError as error:
            return _Verdict("unreadable", error.problems)
        comparison, *following = comparisons
        if comparison is None:
            return _Verdict("unknown", [unknown_template(self.templates)])
        pieces = (comparison, *filter(None, following))
        problems = [problem for piece in pieces for problem in self._told(piece, sent)]
        problems += [*missing_pieces(pieces, self._due(comparison, sent)), *pieces_of_others(pieces)]
        problems += misplaced_pages(pieces)
        grave = any(problem.severity is Severity.ERROR for problem in problems)
        doubtful = any(problem.severity is Severity.WARNING for problem in problems)
        status = "altered" if grave else "doubtful" if doubtful else "intact"
        if comparison.version:
            message = f"Rempli d’après une version antérieure du modèle, « {comparison.version} »."
            problems.append(Problem("earlier-template", message, severity=Severity.NOTICE))
        read = comparison.template.folder.folder, comparison.values
        signed = signature_days(comparison)
        return _Verdict(status, problems, copy_of(comparison), None if status == "intact" else read, signed)

    def _due(self, convention: Comparison, sent: _Sent | None) -> frozenset[str] | None:
        """The keys of the pieces that were written for the adherent of a convention; None where that is not known."""
        if sent is not None:
            return frozenset(one.copy for one in self.sent.values() if one.adherent == sent.adherent)
        folder = convention.template.folder
        _, near = nearest(convention, self.expected.get(convention.template.key, ()))
        if near.rank is None:
            return None
        wanted = {key: self.expected.get(f"{folder.folder}, {key}", ()) for key in folder.others}
        return frozenset(key for key, ones in wanted.items() if any(one.rank == near.rank for one in ones))

    def _told(self, comparison: Comparison, sent: _Sent | None) -> Iterator[Problem]:
        """What is said of a document, or of one piece of it."""
        if sent and not comparison.template.folder.is_first and sent.copy != comparison.template.folder.key:
            key = comparison.template.folder.key
            sent = next((one for one in self.sent.values() if (one.adherent, one.copy) == (sent.adherent, key)), None)
        surprising = list(self._unexpected(comparison, sent))
        told = {problem.field for problem in surprising}
        impossible = [problem for problem in value_problems(comparison) if problem.field not in told]
        yield from (*alterations(comparison), *impossible, *surprising)

    def _paper(self, path: Path, sent: _Sent | None) -> Path | None:
        """The PDF that was sent, where a document is one and that still is as it was sent."""
        is_paper = sent is not None and _format(path) == _format(sent.path) == "pdf" and path != sent.path
        return sent.path if sent and is_paper and sent.is_there else None

    def _as_sent(self, sent: _Sent) -> _Sent:
        """The Word document that a PDF was made of, which is sooner read; the PDF where that has changed."""
        document = self.sent.get(sent.document, sent)
        return document if document.is_there else sent

    def _unexpected(self, comparison: Comparison, sent: _Sent | None) -> Iterator[Problem]:
        """The values that are not those of the data, or without data those of the document as it was sent."""
        if self.expected:
            yield from unexpected(comparison, self.expected[comparison.template.key])
        elif sent and (document := self._as_sent(sent)).is_there:
            texts = as_sent(document.path, sent.adherent, sent.copy, comparison.template)
            yield from unexpected(comparison, [texts])
        elif self.sent and not (sent and sent.path == comparison.path):
            why = "celui du lot a disparu ou changé" if sent else "aucun du lot ne porte son nom"
            message, hint = f"Les valeurs de ce document n’ont pas été comparées : {why}.", "Comparez-les avec --data."
            yield Problem("not-compared", message, hint, severity=Severity.WARNING)


def _as_converted(verdict: _Verdict, path: Path) -> _Verdict:
    """What a document of another word processor is found to be: nobody vouches for what its conversion left out."""
    message = f"Ce document ({path.suffix.lower()}) a été lu tel que LibreOffice l’enregistre au format Word."
    problem = Problem("converted", message, f"Pour un verdict entier : {SAVE_AS[0].lower()}{SAVE_AS[1:]}",
                      severity=Severity.WARNING)  # fmt: skip
    status = "doubtful" if verdict.status == "intact" else verdict.status
    return verdict._replace(status=status, problems=[*verdict.problems, problem])


def _with_signatures(verdict: _Verdict, path: Path) -> _Verdict:
    """What a PDF is found to be, its electronic signatures read too: a broken one is an alteration."""
    signatures = signatures_of(path)
    if not signatures and signatures is not None:
        return verdict
    problems = list(signature_problems(path, signatures))
    broken = any(problem.severity is Severity.ERROR for problem in problems)
    status = "altered" if broken and verdict.status != "unknown" else verdict.status
    signed = {**verdict.signed, **signed_days(signatures)}
    return verdict._replace(status=status, problems=[*verdict.problems, *problems], signed=signed)


def _format(path: Path) -> str:
    return path.suffix[1:].lower()


def _at_file(problem: Problem, path: Path) -> Problem:
    return problem._replace(place=problem.place._replace(file=str(path)))


# --- The dossier, and the summary --------------------------------------------------------------------------


def _opened(path: Path) -> Folder:
    """The dossier of a folder.

    Raises:
        UnreadableError: there is none, or it is damaged.
    """
    database = connect(path)
    if database is None:
        raise no_dossier(path)
    return Folder(database, path)


def _sent(folder: Folder) -> dict[str, _Sent]:
    """The documents of a dossier, by checksum and by name with and without a suffix: Word's may return as PDF."""
    sent: dict[str, _Sent] = {}
    with refusing(folder.path / NAME):
        for adherent, piece in folder.pieces():
            one = _Sent(adherent, piece.key, folder.path / piece.path, piece.sha256, piece.document)
            sent[piece.path] = sent[piece.sha256] = one
            sent.setdefault(one.path.stem, one)
    return sent


def _summary(verified: Sequence[_Outcome], changed: Iterable[Problem], started: float) -> dict[str, Any]:
    statuses = [one.document.status for one in verified]
    return {
        "documents": len(statuses),
        **{status: statuses.count(status) for status in _TOLD if status != "missing"},
        "missing": sum(problem.code == "file-missing" for problem in changed),
        "seconds": round(perf_counter() - started, 3),
    }


_TOLD = {
    "intact": ("intact", "intacts"),
    "doubtful": ("à regarder", "à regarder"),
    "altered": ("modifié", "modifiés"),
    "unknown": ("sans modèle connu", "sans modèle connu"),
    "unreadable": ("illisible", "illisibles"),
    "unverified": ("non vérifié", "non vérifiés"),
    "changed": ("enregistré de nouveau", "enregistrés de nouveau"),
    "missing": ("disparu", "disparus"),
}


def _told(summary: Mapping[str, Any]) -> str:
    """The figures in a sentence."""
    counts = [f"{summary[status]} {words[summary[status] > 1]}" for status, words in _TOLD.items() if summary[status]]
    plural = "s" if summary["documents"] > 1 else ""
    return f"{summary['documents']} document{plural} vérifié{plural} : {', '.join(counts) or 'rien'}."
