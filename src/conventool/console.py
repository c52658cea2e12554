"""A report as a person reads it, or as JSON. The only room that prints."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any, cast

from conventool.french import NBSP, grouped
from conventool.problems import NOWHERE, Problem, Severity, printable
from conventool.report import DocumentDone, Report

if TYPE_CHECKING:
    from conventool.batch.found import Watch
    from conventool.batch.report import BatchReport
    from conventool.lookup import CommunesReport
    from conventool.report import DataReport
    from conventool.screen import Piece

__all__ = ["progress", "show", "show_problems"]

_STATUSES = {
    "created": ("créé", "green"),
    "identical": ("inchangé", "dim"),
    "replaced": ("remplacé", "yellow"),
    "planned": ("à écrire", "cyan"),
    "intact": ("intact", "green"),
    "doubtful": ("à revoir", "yellow"),
    "altered": ("modifié", "bold red"),
    "changed": ("changé", "yellow"),
    "unknown": ("inconnu", "yellow"),
    "unreadable": ("non lu", "red"),
}
_CHANGE = re.compile(r"(?P<old>« .* ») → (?P<new>« .* »)$", re.DOTALL)
_MOST_LISTED = 30
_LONGEST = 200
_SEVERITIES = {
    Severity.ERROR: ("Erreur", "bold red"),
    Severity.WARNING: ("Attention", "black on yellow"),  # yellow alone cannot be read on white
    Severity.NOTICE: ("Note", "cyan"),
}


def show(report: Report, *, as_json: bool, quiet: bool) -> None:
    """Print a report: results to stdout, problems to stderr.

    Args:
        report: what was done.
        as_json: print exactly one JSON object, and nothing else.
        quiet: print problems only, and of those what a person must look at.
    """
    if as_json:
        # ASCII passes through every code page; whoever reads JSON undoes the escapes
        sys.stdout.writelines(report.json_pieces())
        return
    if report.shape == "list":
        _show_batch(cast("BatchReport", report), quiet=quiet)
        return
    if report.shape == "data":
        sys.stdout.write(cast("DataReport", report).raw)  # data for a file: no line of it is broken
    if not quiet:
        for text in report.texts:
            _write(sys.stdout, text)
            _write(sys.stdout)
        for table in report.tables:
            from conventool import screen  # noqa: PLC0415 (only some reports hold tables)

            screen.table(sys.stdout, table)
        _show_documents(report.documents)
        if report.shape == "communes":
            _show_communes(cast("CommunesReport", report))
    shown = [problem for problem in report.problems if not quiet or problem.severity is not Severity.NOTICE]
    show_problems(shown)


def show_problems(problems: Iterable[Problem]) -> None:
    """Print problems to stderr: where, what, what to write instead. The defaults and repairs come first, together."""
    problems = list(problems)
    notices = [problem for problem in problems if problem.severity is Severity.NOTICE]
    if notices:
        _write(sys.stderr)
        _write(sys.stderr, ("À savoir :", _SEVERITIES[Severity.NOTICE][1]))
        for line in dict.fromkeys(_notice(notice, notices) for notice in notices):
            _write(sys.stderr, f"- {line}", indent=2)
    for problem in problems:
        if problem.severity is not Severity.NOTICE:
            _show_problem(problem)


def _notice(notice: Problem, all_of_them: Sequence[Problem]) -> str:
    """A notice in a line; the same one about several controls names them together."""
    controls = [other.place.control for other in all_of_them if other.message == notice.message and other.place.control]
    return f"{notice.message.rstrip('.')} : {', '.join(controls)}." if controls else notice.message


def _show_documents(documents: Collection[DocumentDone]) -> None:
    planned = any(document.status == "planned" for document in documents)
    listed = [one for one in documents if one.status != "intact" or len(documents) <= _MOST_LISTED]
    head = "Seraient écrits dans " if planned else "Dossier "
    for folder, inside in groupby(listed, lambda document: document.path.parent):
        _write(sys.stdout, head, (str(folder), "bold"), whole=True)
        for document in inside:
            word, style = _STATUSES[document.status]
            _write(sys.stdout, (f"{word:<9}", style), document.path.name, indent=2, whole=True)


def _show_communes(report: CommunesReport) -> None:
    for found in report.found:
        codes = f"  INSEE {found['code']}, code postal {', '.join(found['codes_postaux']) or 'inconnu'}"
        _write(sys.stdout, (found["nom"], "bold"), codes)
        population = found["population"]
        details = {
            "s’écrit": f"« commune {found['de']} », « {found['a']} »",
            "population": population and f"{population:,} habitants".replace(",", NBSP),
            "SIREN": found["siren"] and grouped(found["siren"]),
            "EPCI": found["epci"] and found["epci"]["nom"],
            "anciens noms": ", ".join(found["anciens_noms"]),
        }
        for name, value in details.items():
            if value:
                _write(sys.stdout, f"{name:<13}{value}", indent=2)
    if report.found:
        _write(sys.stdout)
        _write(sys.stdout, (report.attribution, "dim"))


def _show_problem(problem: Problem) -> None:
    place = str(problem.place)
    _write(sys.stderr)
    _write(sys.stderr, _SEVERITIES[problem.severity], f" [{problem.code}]", f" {place}" if place else "")
    _write(sys.stderr, *_coloured(problem.message), indent=2)
    if problem.value is not None and problem.value not in problem.message:
        cut = "…" * (len(problem.value) > _LONGEST)
        _write(sys.stderr, f"Valeur : {problem.value[:_LONGEST]}{cut}", indent=2)
    if problem.hint:
        _write(sys.stderr, (problem.hint, "green"), indent=2)


def _coloured(message: str) -> Iterator[Piece]:
    """A message; a change of words, in the colours of a diff."""
    change = _CHANGE.search(message)
    if change is None:
        yield message
        return
    yield message[: change.start()]
    yield change["old"], "red"
    yield " → "
    yield change["new"], "green"


def _write(stream: IO[str], *pieces: Piece, indent: int = 0, whole: bool = False) -> None:
    """Print a text in its own paragraph; an empty line if there is none.

    What is not a terminal, a file or another program, gets one line: it can be searched, and does not wait for Rich.

    Args:
        stream: where.
        pieces: the text, parts of it with their styles.
        indent: so many spaces before each line.
        whole: may the lines of a terminal not be broken here?
    """
    if _is_plain(stream):
        text = "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
        stream.write(f"{' ' * indent}{printable(text.expandtabs())}\n")
        return
    from conventool import screen  # noqa: PLC0415 (it is waited for by people only)

    screen.paragraph(stream, pieces, indent=indent, whole=whole)


def _is_plain(stream: IO[str]) -> bool:
    """Is it certain that no terminal shows this?"""
    return not stream.isatty() and _FORCED.isdisjoint(os.environ)


_FORCED = frozenset({"FORCE_COLOR", "TTY_COMPATIBLE"})  # Rich obeys them where there is no terminal


# --- A list ------------------------------------------------------------------------------------------------

_KINDS_OF_FILE = {"rejets": "Lignes à corriger", "suivi": "Tableau de suivi", "manifeste": "Manifeste"}


def _show_batch(report: BatchReport, *, quiet: bool) -> None:
    """A list's report: figures and files to stdout, problems by kind to stderr, a few of each."""
    if not quiet:
        columns = ", ".join(f"{header} → {field}" for header, field in report.recognised.items())
        _write(sys.stdout, f"Lu : {report.source}" + (f". Colonnes : {columns}" if columns else ""))
        for line in _figures(report.summary):
            _write(sys.stdout, (line, "bold"))
        if report.folder:
            _write(sys.stdout, f"Dossier : {report.folder}")
        for kind, path in report.files.items():
            _write(sys.stdout, f"{_KINDS_OF_FILE[kind]} : {path}")
    _show_tally(report, quiet=quiet)


def _figures(summary: Mapping[str, Any]) -> Iterator[str]:
    adherents = counted(summary["adherents"], "adhérent", "adhérents")
    accepted, rejected = (counted(summary[key], word, f"{word}s") for key, word in _VERDICTS.items())
    yield f"{adherents} : {accepted}, {rejected}."
    if summary["documents"]:
        documents = counted(summary["documents"], "document", "documents")
        parts = (counted(summary.get(key, 0), *words) for key, words in _FATES.items() if summary.get(key))
        seconds = f"{summary['seconds']:.1f}".replace(".", ",")
        yield f"{documents} ({', '.join(parts) or 'à écrire'}) en {seconds} s."


_VERDICTS = {"accepted": "accepté", "rejected": "rejeté"}
_FATES = {
    "created": ("créé", "créés"),
    "identical": ("inchangé", "inchangés"),
    "replaced": ("remplacé", "remplacés"),
    "conflicts": ("non écrit, un autre fichier étant à sa place", "non écrits, d’autres fichiers étant à leur place"),
    "failed": ("non converti en PDF", "non convertis en PDF"),
}


def counted(number: int, one: str, several: str) -> str:
    """A number and its noun; French counts as several from two on."""
    return f"{number:,} ".replace(",", NBSP) + (one if number < 2 else several)


def _show_tally(report: BatchReport, *, quiet: bool) -> None:
    """The problems in a table by kind."""
    groups = [group for group in report.tally.groups() if not quiet or group[0] is not Severity.NOTICE]
    if not groups:
        return
    from conventool import screen  # noqa: PLC0415

    screen.tally(
        sys.stderr,
        (
            (_SEVERITIES[severity], f"{number:,}".replace(",", NBSP), list(_told(severity, code, number, examples)))
            for severity, code, number, examples in groups
        ),
    )


def _told(severity: Severity, code: str, number: int, examples: Sequence[Problem]) -> Iterator[Piece]:
    """Problems of one kind, by a few of them."""
    yield f"[{code}]", "dim"
    for problem in examples[:1] if severity is Severity.NOTICE else examples:
        place = f"{problem.place} : " if problem.place != NOWHERE else ""
        yield f"\n{place}{problem.message}"
        if problem.hint:
            yield f"\n  {problem.hint}", "green"
    if number > len(examples):
        yield "\n…", "dim"


@contextmanager
def progress(*, shown: bool, unit: str = "adhérents") -> Iterator[Watch]:
    """Show how a long work goes on, on stderr; nothing where that is no terminal.

    Args:
        shown: may anything be shown?
        unit: what is counted.
    """
    from conventool.batch.found import Unwatched  # noqa: PLC0415 (only a list needs what follows)

    if not shown or _is_plain(sys.stderr):
        yield Unwatched()
        return
    from conventool.progress import Bar  # noqa: PLC0415
    from conventool.screen import open_console  # noqa: PLC0415

    err = open_console(sys.stderr)
    with Bar(err, unit) if err.is_terminal else nullcontext(Unwatched()) as watch:
        yield watch
