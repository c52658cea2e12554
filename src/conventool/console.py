"""A report as a person reads it, or as JSON. The only room that prints."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from typing import IO

from rich.console import Console
from rich.text import Text

from conventool.french import NBSP, grouped
from conventool.lookup import CommunesReport
from conventool.problems import Problem, Severity
from conventool.report import DataReport, DocumentDone, Report

__all__ = ["show", "show_problems"]

_STATUSES = {
    "created": ("créé", "green"),
    "identical": ("inchangé", "dim"),
    "replaced": ("remplacé", "yellow"),
    "planned": ("à écrire", "cyan"),
    "intact": ("intact", "green"),
    "doubtful": ("à revoir", "yellow"),
    "altered": ("modifié", "bold red"),
    "unknown": ("inconnu", "yellow"),
    "unreadable": ("illisible", "red"),
}
_CHANGE = re.compile(r"(?P<old>« .* ») → (?P<new>« .* »)$", re.DOTALL)
_MOST_LISTED = 30
_BEFORE_SIGN = re.compile(r"(?<=«) | (?=[»:;?!])")
_GLUE = "\ue000"
"""Stands for a non-breaking space while lines are broken: Rich breaks them at any space."""
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
    if isinstance(report, DataReport):
        sys.stdout.write(report.raw)  # data for a file: no line of it is broken
    if not quiet:
        out = _console(sys.stdout)
        for text in report.texts:
            _print(out, Text(text))
            out.print()
        _show_documents(out, report.documents)
        if isinstance(report, CommunesReport):
            _show_communes(out, report)
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
            _print(err, Text(f"- {notice.message}"), indent=2)
    for problem in problems:
        if problem.severity is not Severity.NOTICE:
            _show_problem(err, problem)


def _show_documents(out: Console, documents: Sequence[DocumentDone]) -> None:
    if not documents:
        return
    folder = documents[0].path.parent
    out.print(Text.assemble("Dossier ", (str(folder), "bold")))
    for document in documents:
        if document.status == "intact" and len(documents) > _MOST_LISTED:
            continue
        word, style = _STATUSES[document.status]
        out.print(Text.assemble("  ", (f"{word:<9}", style), document.path.name), soft_wrap=True)


def _show_communes(out: Console, report: CommunesReport) -> None:
    for found in report.found:
        codes = f"  INSEE {found['code']}, code postal {', '.join(found['codes_postaux']) or 'inconnu'}"
        _print(out, Text.assemble((found["nom"], "bold"), codes))
        population = found["population"]
        details = {
            "s’écrit": f"« commune {found['de']} », « {found['a']} »",
            "population": population and f"{population:,} habitants".replace(",", NBSP),
            "SIREN": found["siren"] and grouped(found["siren"]),
            "EPCI": found["epci"] and found["epci"]["nom"],
            "anciens noms": ", ".join(found["anciens_noms"]),
        }
        for name, value in details.items():
            if value:
                _print(out, Text(f"{name:<13}{value}"), indent=2)
    if report.found:
        out.print(Text(f"\n{report.attribution}", style="dim"))


def _show_problem(err: Console, problem: Problem) -> None:
    word, style = _SEVERITIES[problem.severity]
    place = str(problem.place)
    head = Text.assemble((word, style), f" [{problem.code}]", f" {place}" if place else "")
    err.print()
    _print(err, head)
    _print(err, _coloured(problem.message), indent=2)
    if problem.value is not None and problem.value not in problem.message:
        _print(err, Text(f"Valeur : {problem.value}"), indent=2)
    if problem.hint:
        _print(err, Text(problem.hint, style="green"), indent=2)


def _coloured(message: str) -> Text:
    """A message; a change of words, in the colours of a diff."""
    text, change = Text(message), _CHANGE.search(message)
    if change:
        text.stylize("red", *change.span("old"))
        text.stylize("green", *change.span("new"))
    return text


def _print(console: Console, text: Text, indent: int = 0) -> None:
    """Print a text in its own paragraph, wrapped and indented, with French spacing and no spaces at line ends."""
    glued = _BEFORE_SIGN.sub(_GLUE, text.plain).replace(NBSP, _GLUE)  # of the same length: styles stay where they are
    for line in Text(glued, style=text.style, spans=text.spans).wrap(console, console.width - indent):
        line.rstrip()
        spaced = Text(line.plain.replace(_GLUE, NBSP), style=line.style, spans=line.spans)
        console.print(Text(" " * indent).append_text(spaced), soft_wrap=True)


def _console(stream: IO[str]) -> Console:
    """A console that marks nothing up by itself: names and numbers of the data keep their look."""
    return Console(file=stream, highlight=False, markup=False, emoji=False)
