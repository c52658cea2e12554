"""A report as a person reads it, or as JSON. The only room that prints."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from typing import IO

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from conventool.french import NBSP, grouped
from conventool.lookup import CommunesReport
from conventool.problems import Problem, Severity
from conventool.report import DocumentDone, Report, Table

__all__ = ["show", "show_problems"]

_STATUSES = {
    "created": ("créé", "green"),
    "identical": ("inchangé", "dim"),
    "replaced": ("remplacé", "yellow"),
    "planned": ("à écrire", "cyan"),
}
_BEFORE_SIGN = re.compile(r"(?<=«) | (?=[»:;?!])")
_SPACES = "\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_LONGEST = 200
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
    if not quiet:
        out = _console(sys.stdout)
        for text in report.texts:
            _print(out, Text(text))
            out.print()
        for table in report.tables:
            _show_table(out, table)
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
        for line in dict.fromkeys(_notice(notice, notices) for notice in notices):
            _print(err, Text(f"- {_visible(line)}"), indent=2)
    for problem in problems:
        if problem.severity is not Severity.NOTICE:
            _show_problem(err, problem)


def _notice(notice: Problem, all_of_them: Sequence[Problem]) -> str:
    """A notice in a line; the same one about several controls names them together."""
    controls = [other.place.control for other in all_of_them if other.message == notice.message and other.place.control]
    return f"{notice.message.rstrip('.')} : {', '.join(controls)}." if controls else notice.message


def _show_documents(out: Console, documents: Sequence[DocumentDone]) -> None:
    if not documents:
        return
    folder = documents[0].path.parent
    planned = any(document.status == "planned" for document in documents)
    out.print(Text.assemble("Seraient écrits dans " if planned else "Dossier ", (str(folder), "bold")), soft_wrap=True)
    for document in documents:
        word, style = _STATUSES[document.status]
        out.print(Text.assemble("  ", (f"{word:<9}", style), document.path.name), soft_wrap=True)


def _show_communes(out: Console, report: CommunesReport) -> None:
    for found in report.found:
        codes = f"  INSEE {found['code']}, code postal {', '.join(found['codes_postaux']) or 'inconnu'}"
        _print(out, Text.assemble((found["nom"], "bold"), codes))
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
                _print(out, Text(f"{name:<13}{value}"), indent=2)
    if report.found:
        out.print(Text(f"\n{report.attribution}", style="dim"))


def _show_table(out: Console, table: Table) -> None:
    """Columns as wide as the terminal allows; what is too long goes on below."""
    grid = RichTable(
        title=table.title,
        title_justify="left",
        title_style="bold",
        box=SIMPLE,
        show_edge=False,
        pad_edge=False,
        leading=1 if any("\n" in cell for row in table.rows for cell in row) else 0,
    )
    for rank, head in enumerate(table.columns):
        grid.add_column(head, overflow="fold", ratio=None if rank == 0 else 1, style="bold" if rank == 0 else None)
    for row in table.rows:
        grid.add_row(*map(_cell, row))
    out.print(grid)
    out.print()


def _cell(text: str) -> Text | RichTable:
    """A cell; lines that begin with a label and a tab keep their labels in a column of their own."""
    if "\t" not in text:
        return Text(text)
    inner = RichTable.grid(padding=(0, 1, 0, 0))
    inner.add_column(style="dim", no_wrap=True)
    inner.add_column(overflow="fold")
    for line in text.split("\n"):
        label, _, value = line.partition("\t")
        inner.add_row(Text(label), Text(value))
    return inner


def _show_problem(err: Console, problem: Problem) -> None:
    word, style = _SEVERITIES[problem.severity]
    place = _visible(str(problem.place))
    head = Text.assemble((word, style), f" [{problem.code}]", f" {place}" if place else "")
    err.print()
    _print(err, head)
    _print(err, Text(_visible(problem.message)), indent=2)
    if problem.value is not None and problem.value not in problem.message:
        value = _visible(problem.value)
        _print(err, Text(f"Valeur : {value[:_LONGEST]}{'…' * (len(value) > _LONGEST)}"), indent=2)
    if problem.hint:
        _print(err, Text(_visible(problem.hint), style="green"), indent=2)


def _visible(text: str) -> str:
    """The text with nothing in it that a terminal would obey."""
    return "".join(char if char.isprintable() or char in _SPACES else f"\\u{ord(char):04x}" for char in text)


def _print(console: Console, text: Text, indent: int = 0) -> None:
    """Print a text in its own paragraph, indented; a terminal gets lines with French spacing and no spaces at ends.

    What is not a terminal, a file or another program, gets one line: it can be searched.
    """
    if not console.is_terminal:
        console.print(Text(" " * indent).append_text(text), soft_wrap=True)
        return
    glued = _BEFORE_SIGN.sub(_GLUE, text.plain).replace(NBSP, _GLUE)  # of the same length: styles stay where they are
    for line in Text(glued, style=text.style, spans=text.spans).wrap(console, console.width - indent):
        line.rstrip()
        spaced = Text(line.plain.replace(_GLUE, NBSP), style=line.style, spans=line.spans)
        console.print(Text(" " * indent).append_text(spaced), soft_wrap=True)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Let the caller say what it means; Rich would end the program with an exit code of its own."""
        raise  # noqa: PLE0704 (Rich calls this while it handles the BrokenPipeError)


def _console(stream: IO[str]) -> Console:
    """A console that marks nothing up by itself: names and numbers of the data keep their look."""
    return _Console(file=stream, highlight=False, markup=False, emoji=False)
