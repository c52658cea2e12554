"""Is a returned document still the one that was sent? Every alteration with its place, and what hides in the file."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any, ParamSpec, TypeVar

from conventool.core.clock import seconds_since, today
from conventool.core.errors import ConventoolError, ExitCode, OutputError
from conventool.core.problems import Problem, Severity
from conventool.core.report import Report, exit_code_of
from conventool.core.watch import NOBODY, Watch
from conventool.dossier.changes import changes
from conventool.dossier.database import NAME, connect, connect_for_writing, no_dossier, refusing
from conventool.dossier.dossier import Dossier
from conventool.dossier.reading import Folder
from conventool.dossier.returns import CameBack, note_returns
from conventool.dossier.tracking import bring_together
from conventool.files.documents_in import PICTURES, documents_in, other_files, skipped_folders
from conventool.files.plan import conflict
from conventool.pdf.to_word import as_word
from conventool.returned.comparison import known_patterns
from conventool.returned.expectations import expected
from conventool.returned.verifier import Outcome, Sent, Task, as_it_was_sent, held_together, unverified, verify_all
from conventool.template.folder import TemplateFolder

__all__ = ["VerifyOptions", "verify"]

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


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


@dataclass(eq=False, repr=False)
class VerifyReport(Report):
    """What became of returned documents.

    Attributes:
        dossier: of the folder where they were made, if that is known.
    """

    dossier: Folder | None = None

    def own_keys(self) -> dict[str, Any]:
        """What the dossier knows, where there is one.

        Raises:
            UnreadableError: the dossier is damaged.
        """
        if self.dossier is None:
            return {}
        with refusing(self.dossier.path / NAME):
            return {"dossier": self.dossier.as_json()}


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
    others, failed = other_files(paths), list[ConventoolError]()
    files = documents_in(paths, others=others) if paths or not changed else []
    differing = {problem.place.file for problem in changed}
    templates = known_patterns(options.template)
    wanted, unsound = expected(templates, options.data, now) if options.data else ({}, [])
    with as_word([*files, *others]) as word_files:
        task = Task(options.template, sent, wanted, word_files, now)
        found = verify_all([*files, *filter(word_files.get, others)], templates, task, options.jobs, watch)
        verified = [_with_rewriting(one, differing) for one in found]
        verified = held_together(verified, templates) if given else verified
        verified += [unverified(file) for file in others if file not in word_files]
        drawn = _tried(failed, _write_pictures, options, verified, word_files, now) or []
    noted, written = (_tried(failed, _note, folder.path, verified, sent, now) if folder and given else None) or ([], {})
    problems = [*changed, *unsound, *skipped_folders(paths), *(problem for one in verified for problem in one.problems)]
    code = _exit_code(verified, problems, noted, failed)
    problems += [*noted, *(problem for error in failed for problem in error.problems)]
    summary, documents = _summary(verified, changed, started), [one.document for one in verified]
    return VerifyReport(
        "verify", summary, documents, problems, [_told(summary), *map(_to_open, drawn[:1])], exit_code=code,
        files={**written, **{path.name: path for path in drawn}}, dossier=folder,
    )  # fmt: skip


def _exit_code(
    verified: Sequence[Outcome],
    problems: Sequence[Problem],
    noted: Sequence[Problem],
    failed: Sequence[ConventoolError],
) -> ExitCode:
    """The gravest of what was found, what the dossier says of it, and what failed afterwards."""
    unreadable = verified and all(one.document.status == "unreadable" for one in verified)
    code = ExitCode.UNREADABLE if unreadable else exit_code_of(problems, {Severity.ERROR, Severity.WARNING})
    if any(one.code in _DATES for one in noted):
        code = max(code, ExitCode.PROBLEMS)
    return max([code, *(error.exit_code for error in failed)])


_DATES = {"date-order", "tracking-contradiction"}


def _tried(
    failed: list[ConventoolError],
    work: Callable[Arguments, Result],
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Result | None:
    """Do what follows the verdicts; should it fail, they are told all the same, and why it failed is kept."""
    try:
        return work(*arguments, **named)
    except ConventoolError as error:
        failed.append(error)
        return None


def _note(
    path: Path, verified: Sequence[Outcome], sent: Mapping[str, Sent], now: date
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
        known = as_it_was_sent(sent, document.path, document.sha256)
        if known and document.path.resolve() != known.path.resolve():
            returned.append(CameBack(document.path, known.path.name, known.copy, document.status, one.signed))
    with connect_for_writing(path, writes=True) as database:
        dossier = Dossier(database, path)
        with dossier.transaction():
            problems = note_returns(dossier, path, returned, now)
            tracked = bring_together(dossier, path, now)
    return [*problems, *tracked.problems], {"dossier": path / NAME, "workbook": tracked.path}


def _refuse_pictures(options: VerifyOptions) -> None:
    """Say at once, not when all is verified, that there are pictures already."""
    if options.images is None or options.force:
        return
    if (options.images / PICTURES).exists():
        hint = "Ajoutez --force pour le remplacer, ou donnez un autre dossier à --images."
        raise OutputError(conflict(options.images / PICTURES)._replace(hint=hint))


def _write_pictures(
    options: VerifyOptions, verified: Sequence[Outcome], word_files: Mapping[Path, Path], now: date
) -> list[Path]:
    """Draw what differs in the documents that are not intact.

    Returns:
        The files written; none where no pictures are asked for.

    Raises:
        ConventoolError: LibreOffice is missing or failed, or the folder refuses.
    """
    if options.images is None:
        return []
    from conventool.returned.pictures import Doubt, write_pictures  # noqa: PLC0415 (only where pictures are asked for)

    doubts = [
        Doubt(one.document.path, word_files.get(one.document.path, one.document.path),
              TemplateFolder.open(one.read[0]) if one.read else None, one.read[1] if one.read else {},
              _TOLD[one.document.status][0], one.problems)
        for one in verified
        if one.document.status not in {"intact", "changed"}
    ]  # fmt: skip
    return write_pictures(options.images, doubts, now, force=options.force)


def _with_rewriting(verified: Outcome, differing: Container[str | None]) -> Outcome:
    """What was saved again is not what the batch produced, even where its text is."""
    document = verified.document
    if document.status == "intact" and str(document.path) in differing:
        return Outcome(document._replace(status="changed"), verified.problems)
    return verified


def _opened(path: Path) -> Folder:
    """The dossier of a folder.

    Raises:
        UnreadableError: there is none, or it is damaged.
    """
    database = connect(path)
    if database is None:
        raise no_dossier(path)
    return Folder(database, path)


def _sent(folder: Folder) -> dict[str, Sent]:
    """The documents of a dossier, by checksum and by name with and without a suffix: Word's may return as PDF."""
    sent: dict[str, Sent] = {}
    with refusing(folder.path / NAME):
        for number, adherent, piece in folder.pieces():
            one = Sent(number, adherent, piece.key, folder.path / piece.path, piece.sha256, piece.document)
            sent[piece.path] = sent[piece.sha256] = one
            sent.setdefault(one.path.stem, one)
    return sent


def _summary(verified: Sequence[Outcome], changed: Iterable[Problem], started: float) -> dict[str, Any]:
    statuses = [one.document.status for one in verified]
    return {
        "documents": len(statuses),
        **{status: statuses.count(status) for status in _TOLD if status != "missing"},
        "missing": sum(problem.code == "file-missing" for problem in changed),
        "seconds": seconds_since(started),
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


def _to_open(page: Path) -> str:
    """Where the page of the pictures is, as a person finds it."""
    return f"Ce qui diffère, en images : {page.resolve()}\nOuvrez cette page d’un double-clic."


def _told(summary: Mapping[str, Any]) -> str:
    """The figures in a sentence."""
    counts = {status: f"{summary[status]} {words[summary[status] > 1]}" for status, words in _TOLD.items()}
    told = [count for status, count in counts.items() if summary[status] and status != "unverified"]
    number, aside = summary["documents"] - summary["unverified"], summary["unverified"]
    plural = "s" if number > 1 else ""
    others = f" ; {counts['unverified']}" if aside else ""
    return f"{number} document{plural} vérifié{plural} : {', '.join(told) or 'rien'}{others}."
