"""A report as a person reads it, or as JSON. The only room that prints."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import IO

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from conventool.problems import Problem, Severity
from conventool.report import DocumentDone, Report

__all__ = ["show", "show_problems"]

_STATUSES = {
    "created": ("créé", "green"),
    "identical": ("inchangé", "dim"),
    "replaced": ("remplacé", "yellow"),
    "planned": ("à écrire", "cyan"),
}
_SEVERITIES = {
    Severity.ERROR: ("Erreur", "bold red"),
    Severity.WARNING: ("Attention", "bold yellow"),
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
        sys.stdout.write(json.dumps(report.as_json(), indent=2) + "\n")
        return
    if not quiet:
        out = _console(sys.stdout)
        for text in report.texts:
            out.print(Padding(Text(text), (0, 0, 1, 0)))
        _show_documents(out, report.documents)
    shown = [problem for problem in report.problems if not quiet or problem.severity is not Severity.NOTICE]
    show_problems(shown)


def show_problems(problems: Iterable[Problem]) -> None:
    """Print problems to stderr: where, what, what to write instead. The defaults and repairs come first, together."""
    err = _console(sys.stderr)
    problems = list(problems)
    notices = [problem for problem in problems if problem.severity is Severity.NOTICE]
    if notices:
        err.print(Text("\nÀ savoir :", style=_SEVERITIES[Severity.NOTICE][1]))
        for notice in notices:
            err.print(Padding(Text(f"- {notice.message}"), (0, 0, 0, 2)))
    for problem in problems:
        if problem.severity is not Severity.NOTICE:
            _show_problem(err, problem)


def _show_documents(out: Console, documents: Sequence[DocumentDone]) -> None:
    if not documents:
        return
    folder = documents[0].path.parent
    out.print(Text.assemble("Dossier ", (str(folder), "bold")))
    for document in documents:
        word, style = _STATUSES[document.status]
        out.print(Text.assemble("  ", (f"{word:<9}", style), document.path.name), soft_wrap=True)


def _show_problem(err: Console, problem: Problem) -> None:
    word, style = _SEVERITIES[problem.severity]
    place = str(problem.place)
    head = Text.assemble((word, style), f" [{problem.code}]", f" {place}" if place else "")
    err.print()
    err.print(head, soft_wrap=True)
    err.print(Padding(Text(problem.message), (0, 0, 0, 2)))
    if problem.value is not None and problem.value not in problem.message:
        err.print(Padding(Text(f"Valeur : {problem.value}"), (0, 0, 0, 2)))
    if problem.hint:
        err.print(Padding(Text(problem.hint, style="green"), (0, 0, 0, 2)))


def _console(stream: IO[str]) -> Console:
    """A console that marks nothing up by itself: names and numbers of the data keep their look."""
    return Console(file=stream, highlight=False, markup=False, emoji=False)
