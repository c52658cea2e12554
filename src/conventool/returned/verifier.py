"""The verdict on each returned document, by its template and by what was sent; many are shared among processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from conventool.core.errors import ConventoolError, reason
from conventool.core.problems import Problem, Severity
from conventool.core.report import DocumentDone
from conventool.core.watch import Watch
from conventool.core.workers import Workers, chunks
from conventool.files.reading import file_sha256
from conventool.returned.adherent_files import AdherentFile, adherent_file, file_problems
from conventool.returned.alterations import alterations, group_alike
from conventool.returned.comparison import Comparison, best_template, known_patterns, unknown_template
from conventool.returned.confusables import skeleton
from conventool.returned.contributions import contribution_problems
from conventool.returned.documents import SAVE_AS, Returned, ScannedError, left_aside
from conventool.returned.expectations import Expected, as_sent, copy_of, nearest, unexpected
from conventool.returned.following import misplaced_pages, missing_pieces, named_in, pieces_of_others
from conventool.returned.font_names import UnnamedLettersError
from conventool.returned.joined import joined_copies
from conventool.returned.other_documents import joined_problem, without_joined
from conventool.returned.said_words import signature_days
from conventool.returned.signatures import signature_problems, signatures_of, signed_days
from conventool.returned.template_pattern import TemplatePattern
from conventool.returned.value_problems import value_problems

__all__ = ["Outcome", "Sent", "Task", "as_it_was_sent", "held_together", "unverified", "verify_all"]

_TOGETHER = 20
_WORTH_SHARING = 200
"""Word documents: with fewer, other processes would only just have begun."""
_A_PDF = 5
"""Word documents that are verified in the time of a PDF."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A document as a batch produced it.

    Attributes:
        number: of its adherent in the dossier.
        adherent: its name, which a commune and its CCAS may have both.
        copy: key of the copy or the piece that it is.
        path: where it was written.
        sha256: of its bytes.
        document: of a PDF, the checksum of the Word document that it shows.
    """

    number: int
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
class Outcome:
    """What became of one file.

    Attributes:
        document: its status among others.
        problems: what is said of it.
        read: what stands in its controls, and the folder of their template; None where it was not compared.
        signed: by party, the day that it says it was signed, in ISO 8601.
        held: what is asked of it to hold it against the other files of its adherent, where there may be some.
    """

    document: DocumentDone
    problems: tuple[Problem, ...]
    read: tuple[Path, Mapping[str, str]] | None = None
    signed: Mapping[str, str] = field(default_factory=dict)
    held: AdherentFile | None = None


class _Verdict(NamedTuple):
    """What a document is found to be.

    Attributes:
        status: `intact`, `doubtful`, `altered`, `unknown` or `unreadable`.
        problems: what is said of it.
        copy: key of the copy that it says it is.
        read: as an `Outcome` has it.
        signed: as an `Outcome` has it.
        held: as an `Outcome` has it.
        name: of the adherent, as the document says it.
    """

    status: str
    problems: Sequence[Problem] = ()
    copy: str = ""
    read: tuple[Path, Mapping[str, str]] | None = None
    signed: Mapping[str, str] = {}
    held: AdherentFile | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """All that a process must be told.

    Attributes:
        template: its name or folder; None for all known ones.
        sent: what was sent.
        expected: by template, what must stand in the blanks.
        word_files: by document of another word processor, the Word file that was made of it.
        today: the day that dates are judged by.
    """

    template: str | None
    sent: Mapping[str, Sent]
    expected: Mapping[str, Sequence[Expected]]
    word_files: Mapping[Path, Path]
    today: date


def verify_all(
    files: Sequence[Path], templates: Sequence[TemplatePattern], task: Task, jobs: int | None, watch: Watch
) -> Iterator[Outcome]:
    """The verified files in order, shared among processes where there are enough of them."""
    watch.begin("Vérification", len(files))
    verifier = _Verifier(templates, task)
    work = sum(_A_PDF if _format(file) == "pdf" else 1 for file in files)
    jobs = 1 if work < _WORTH_SHARING else jobs or 0
    with Workers(verifier, _Verifier.of, task, jobs) as workers:
        for chunk, verified in workers.map(_Verifier.verified, chunks(files, _TOGETHER)):
            yield from verified
            watch.step(len(chunk))


def held_together(verified: Sequence[Outcome], templates: Sequence[TemplatePattern]) -> list[Outcome]:
    """What became of some files, with what they say of each other: an intact one that others contradict is doubtful."""
    told: dict[str | None, list[Problem]] = {}
    for problem in file_problems(filter(None, (one.held for one in verified)), templates):
        told.setdefault(problem.place.file, []).append(problem)
    return [_with_problems(one, told.get(str(one.document.path), ())) for one in verified]


def _with_problems(verified: Outcome, problems: Sequence[Problem]) -> Outcome:
    doubtful = verified.document.status == "intact" and any(one.severity is Severity.WARNING for one in problems)
    document = verified.document._replace(status="doubtful") if doubtful else verified.document
    return replace(verified, document=document, problems=(*verified.problems, *problems)) if problems else verified


def as_it_was_sent(sent: Mapping[str, Sent], path: Path, checksum: str) -> Sent | None:
    """What a document was when it was sent: it has its name, or its bytes; those of another's are not its own."""
    return sent.get(path.name) or sent.get(checksum) or sent.get(path.stem)


def unverified(path: Path) -> Outcome:
    """A file of a format that is not read: nobody may take it for verified."""
    problem = left_aside(path, "not-verified", "vérifié")
    return Outcome(DocumentDone("", "", path, _format(path), "unverified", "", 0), (problem,))


@dataclass(frozen=True)
class _Verifier:
    """All that is needed to verify one file after the other."""

    templates: Sequence[TemplatePattern]
    task: Task

    @classmethod
    def of(cls, task: Task) -> _Verifier:
        """Make one ready.

        Raises:
            TemplateError: a template cannot be read, or is not sound.
        """
        return cls(known_patterns(task.template), task)

    @cached_property
    def written(self) -> Mapping[int, frozenset[str]]:
        """By number of the adherent in the dossier, the keys of the copies and pieces that were written for it."""
        found: dict[int, set[str]] = {}
        for one in self.task.sent.values():
            found.setdefault(one.number, set()).add(one.copy)
        return {number: frozenset(keys) for number, keys in found.items()}

    def verified(self, paths: Iterable[Path]) -> list[Outcome]:
        """Verify some files; one that cannot be read is a problem of its own and stops no other."""
        return [self._verified(path) for path in paths]

    def _verified(self, path: Path) -> Outcome:
        try:
            size, checksum = path.stat().st_size, file_sha256(path)
        except OSError as error:
            problem = Problem("unreadable", f"Ce document ne peut pas être lu ({reason(error)}).")
            return Outcome(DocumentDone("", "", path, _format(path), "unreadable", "", 0), (_at_file(problem, path),))
        sent = as_it_was_sent(self.task.sent, path, checksum)
        if sent and sent.sha256 == checksum:
            verdict = _Verdict("intact", held=self._sent_file(path, sent))
        else:
            verdict = self._examined(path, sent)
        if path in self.task.word_files:
            verdict = _as_converted(verdict, path)
        if _format(path) == "pdf" and verdict.status != "unreadable":
            verdict = _with_signatures(verdict, path)
        adherent, copy = (sent.adherent, sent.copy) if sent else ("", verdict.copy)
        document = DocumentDone(adherent, copy, path, _format(path), verdict.status, checksum, size)
        problems = tuple(_at_file(problem, path) for problem in verdict.problems)
        return Outcome(document, problems, verdict.read, verdict.signed, verdict.held)

    def _examined(self, path: Path, sent: Sent | None) -> _Verdict:
        try:
            returned = Returned(path, self._paper(path, sent), self.task.word_files.get(path))
            if not self.task.expected and returned.is_drawn_as_sent:
                return _Verdict("intact")
            copies = joined_copies(returned, self.templates)
            names = {key: name for one in self.templates for key, name in one.folder.manifest.exemplaires.items()}
            verdicts = {names[key]: self._copy_verdict(copy, key, sent) for key, copy in copies}
            return _joined(verdicts) if verdicts else self._judged(returned, sent)
        except UnnamedLettersError as error:  # nobody can vouch for it, and nothing is wrong with the file
            return _Verdict("doubtful", [one._replace(severity=Severity.WARNING) for one in error.problems])
        except ScannedError as error:
            told = [one._replace(severity=Severity.WARNING) for one in error.problems]
            return _Verdict("doubtful", list(group_alike(told)), sent.copy if sent else "", self._as_expected(sent))
        except ConventoolError as error:
            return _Verdict("unreadable", error.problems)

    def _copy_verdict(self, copy: Returned, key: str, sent: Sent | None) -> _Verdict:
        """What one copy of a PDF that joins some is found to be, held against the one that a dossier has.

        Args:
            copy: its pages.
            key: of the copy.
            sent: what was sent under the name of the file; without it, that is looked for by the adherent's name.
        """
        said = skeleton(copy.key)
        known = {
            one.path: one
            for one in self.task.sent.values()
            if one.copy == key and (one.number == sent.number if sent else skeleton(one.adherent) in said)
        }
        near = [one for one in known.values() if one.is_there]
        near = [one for one in near if _format(one.path) == "pdf"] or near
        if len(near) > 1:
            near.sort(key=lambda one: len(Returned(self._as_sent(one).path).words ^ copy.words))
        own = near[0] if near else None
        paper = self._paper(copy.path, own)
        return self._judged(copy.beside(paper) if paper else copy, own)

    def _judged(self, returned: Returned, sent: Sent | None) -> _Verdict:
        """What a document is found to be.

        Raises:
            ConventoolError: it cannot be read.
        """
        returned, joined = without_joined(returned, self.templates)
        comparisons = [best_template(part, templates) for part, templates in returned.parted(self.templates)]
        comparison, *following = comparisons
        if comparison is None:
            return _Verdict("unknown", [unknown_template(self.templates)])
        pieces = (comparison, *filter(None, following))
        problems = [problem for piece in pieces for problem in self._told(piece, sent)]
        due = self._due(comparison, sent)
        problems += [*missing_pieces(pieces, due), *pieces_of_others(pieces)]
        problems += misplaced_pages(pieces)
        problems += (one for other in joined for one in (joined_problem(other), *alterations(other)))
        problems += self._of_another_version(comparison, sent)
        grave = any(problem.severity is Severity.ERROR for problem in problems)
        doubtful = any(problem.severity is Severity.WARNING for problem in problems)
        status = "altered" if grave else "doubtful" if doubtful else "intact"
        read = comparison.template.folder.folder, comparison.values
        signed = signature_days(comparison)
        said = not (self.task.expected or self.task.sent)  # else each is held against what it should say
        held = adherent_file(pieces, self.templates, copy_of(comparison), due, says=said)
        held = held._replace(name=sent.adherent, number=sent.number) if held and sent else held
        shown = None if status == "intact" else read
        return _Verdict(status, problems, copy_of(comparison), shown, signed, held, named_in(comparison))

    def _of_another_version(self, comparison: Comparison, sent: Sent | None) -> Iterator[Problem]:
        """Whether a document was filled from an earlier version of its template, and what was sent was not."""
        if not comparison.version:
            return
        message = f"Rempli d’après une version antérieure du modèle, « {comparison.version} »"
        known = self._known(sent)
        if known and known.template.folder.folder != comparison.template.folder.folder:
            message += ", alors que ce qui a été envoyé l’était d’après une autre."
            yield Problem("earlier-template", message, "Redemandez l’exemplaire qui a été envoyé.")
        else:
            yield Problem("earlier-template", f"{message}.", severity=Severity.NOTICE)

    def _as_expected(self, sent: Sent | None) -> tuple[Path, Mapping[str, str]]:
        """The template's folder and the values of what a picture shows: what was sent under its name, else a blank."""
        known = self._known(sent)
        return (known.template.folder.folder, known.values) if known else (self.templates[0].folder.folder, {})

    def _known(self, sent: Sent | None) -> Comparison | None:
        """What was sent, beside its template; None where it is not there any more."""
        document = self._as_sent(sent) if sent else None
        return best_template(Returned(document.path), self.templates) if document and document.is_there else None

    def _sent_file(self, path: Path, sent: Sent) -> AdherentFile | None:
        """What is asked of a file that is as it was sent, to hold it against others of its adherent."""
        for folder in (one.folder for one in self.templates if one.folder.others):
            due = self.written[sent.number]
            if sent.copy in folder.others:
                return AdherentFile(path, folder.folder, sent.adherent, (sent.copy,), due=due, number=sent.number)
            if sent.copy in folder.manifest.exemplaires:
                inside = folder.others.keys() & due if _format(path) == "pdf" else ()
                pieces = (folder.key, *inside)
                return AdherentFile(path, folder.folder, sent.adherent, pieces, sent.copy, due=due, number=sent.number)
        return None

    def _due(self, convention: Comparison, sent: Sent | None) -> frozenset[str] | None:
        """The keys of the pieces that were written for the adherent of a convention; None where that is not known."""
        if sent is not None:
            return self.written[sent.number]
        folder = convention.template.folder
        _, near = nearest(convention, self.task.expected.get(convention.template.key, ()))
        if near.rank is None:
            return None
        wanted = {key: self.task.expected.get(f"{folder.folder}, {key}", ()) for key in folder.others}
        return frozenset(key for key, ones in wanted.items() if any(one.rank == near.rank for one in ones))

    def _told(self, comparison: Comparison, sent: Sent | None) -> Iterator[Problem]:
        """What is said of a document, or of one piece of it."""
        if sent and not comparison.template.folder.is_first and sent.copy != comparison.template.folder.key:
            key = comparison.template.folder.key
            whole = sent if _format(sent.path) == "pdf" else None  # it has the piece's pages
            sent = next((one for one in self.task.sent.values() if (one.number, one.copy) == (sent.number, key)), whole)
        surprising = list(self._unexpected(comparison, sent))
        errors = (problem for problem in surprising if problem.severity is Severity.ERROR)
        told = {address for problem in errors for address in comparison.beside(problem.field or "")}
        impossible = [problem for problem in value_problems(comparison) if problem.field not in told]
        graver = {problem.field for problem in impossible} - {None}
        yield from (*alterations(comparison), *impossible, *(one for one in surprising if one.field not in graver))

    def _paper(self, path: Path, sent: Sent | None) -> Path | None:
        """The PDF that was sent, where a document is one and that still is as it was sent."""
        is_paper = sent is not None and _format(path) == _format(sent.path) == "pdf" and path != sent.path
        return sent.path if sent and is_paper and sent.is_there else None

    def _as_sent(self, sent: Sent) -> Sent:
        """The Word document that a PDF was made of, which is sooner read; the PDF where that has changed."""
        document = self.task.sent.get(sent.document, sent)
        return document if document.is_there else sent

    def _unexpected(self, comparison: Comparison, sent: Sent | None) -> Iterator[Problem]:
        """The values that are not those of the data, else of the document as it was sent, else of the catalogue."""
        if self.task.expected:
            yield from unexpected(comparison, self.task.expected[comparison.template.key])
            return
        if sent and (document := self._as_sent(sent)).is_there:
            template = next(one for one in self.templates if one.key == comparison.template.key)
            texts = as_sent(document.path, sent.adherent, sent.copy, template)
            yield from unexpected(comparison, [texts])
            return
        yield from contribution_problems(comparison, self.templates, self.task.today)
        if self.task.sent and not (sent and sent.path == comparison.path):
            why = "celui du lot a disparu ou changé" if sent else "aucun du lot ne porte son nom"
            message, hint = f"Les valeurs de ce document n’ont pas été comparées : {why}.", "Comparez-les avec --data."
            yield Problem("not-compared", message, hint, severity=Severity.WARNING)


def _joined(copies: Mapping[str, _Verdict]) -> _Verdict:
    """What a PDF is found to be that joins some copies, by how each is called: what its worst one is."""
    verdicts = list(copies.values())
    problems = [_of_joined(list(copies), {skeleton(one.name): one.name for one in verdicts if one.name})]
    for name, verdict in copies.items():
        for one in verdict.problems:
            message = f"Exemplaire « {name} », {one.message[:1].lower()}{one.message[1:]}"
            problems.append(one._replace(message=message))
    found = [one.status for one in verdicts] + ["altered" for one in problems[:1] if one.severity is Severity.ERROR]
    worst = max(found, key=_GRAVITY.index)
    read = next((one.read for one in verdicts if one.status == worst), None)
    return _Verdict(
        worst, problems, read=read, signed={party: day for one in verdicts for party, day in one.signed.items()}
    )


def _of_joined(copies: Sequence[str], adherents: Mapping[str, str]) -> Problem:
    """What is said of a PDF that joins some copies, of one adherent or of several."""
    if len(adherents) > 1:
        message = f"Ce PDF joint des exemplaires de plusieurs adhérents : {', '.join(adherents.values())}."
        return Problem("mixed-copies", message, "Redemandez les exemplaires de chacun.")
    message = f"Ce PDF joint {len(copies)} exemplaires, vérifiés chacun : {', '.join(copies)}."
    return Problem("joined-copies", message, severity=Severity.NOTICE)


_GRAVITY = ("intact", "doubtful", "unknown", "altered")


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
