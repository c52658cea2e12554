"""A report as a person reads it, or as JSON. The only room that prints."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, TypeAlias, cast

from rich.console import Console
from rich.segment import Segment
from rich.text import Text

from conventool.cli import plain, tally
from conventool.core.problems import Problem, Severity, bound
from conventool.core.report import DocumentDone, Report, Table
from conventool.core.watch import NOBODY
from conventool.text.french import NBSP, grouped
from conventool.text.numbers import number_text, plural

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, RenderableType
    from rich.table import Table as RichTable

    from conventool.batch.report import BatchReport
    from conventool.commands.communes import CommunesReport
    from conventool.core.report import DataReport
    from conventool.core.watch import Watch

__all__ = ["progress", "show", "show_problems"]

_CHANGE = re.compile(r"(?P<old>« .* ») → (?P<new>« .* »)$", re.DOTALL)
_LONGEST = 200
_LONGEST_SAID = 60
"""Characters of a value by which a message is known to say it already, maybe shortened."""
_MOST_HELD = 2**20
"""Characters of a JSON object that are held in memory until it is whole; of a longer one a file is made."""
_MOST_NAMED = 3
_GLUE = "\ue000"
"""Stands for a non-breaking space until it is shown: Rich breaks lines at any space."""
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
        with SpooledTemporaryFile(_MOST_HELD, "w+", encoding="utf-8") as whole:  # a dossier may fail while it is told
            whole.writelines(report.json_pieces())
            whole.seek(0)
            copyfileobj(whole, sys.stdout)  # ASCII passes through every code page; JSON's readers undo the escapes
        return
    if report.shape == "list":
        _show_batch(cast("BatchReport", report), quiet=quiet)
        return
    if report.shape == "data":
        sys.stdout.write(cast("DataReport", report).raw)  # data for a file: no line of it is broken
    if not quiet:
        out = _console(sys.stdout)
        for text in report.texts:
            _print(out, Text(text))
            out.print()
        if report.template and report.documents:
            _print(out, Text(plain.template_line(report)))
        for table in report.tables:
            _show_table(out, table)
        _show_documents(out, report.documents)
        if signers := report.files.get("signers"):
            _print(out, Text(f"Signataires : {signers}"))
        if report.shape == "communes":
            _show_communes(out, cast("CommunesReport", report))
    shown = [problem for problem in report.problems if not quiet or problem.severity is not Severity.NOTICE]
    show_problems(shown)


MOST_TOLD = 20
"""Problems of a kind that are shown whole; of those after them, the number."""


def show_problems(problems: Iterable[Problem]) -> None:
    """Print problems to stderr: where, what, what to write instead. The defaults and repairs come first, together."""
    err = _console(sys.stderr)
    problems = list(problems)
    notices = [problem for problem in problems if problem.severity is Severity.NOTICE]
    if notices:
        err.print(Text("\nÀ savoir :", style=_SEVERITIES[Severity.NOTICE][1]))
        lines = list(plain.notices(notices))
        if len(lines) > MOST_TOLD:
            more = counted(len(lines) - MOST_TOLD, "autre")
            lines = [*lines[:MOST_TOLD], f"… et {more} ; --json les donne tous."]
        for line in lines:
            _print(err, Text(f"- {line}"), indent=2)
    gathered = _gathered(problem for problem in problems if problem.severity is not Severity.NOTICE)
    shown = _shown(gathered)
    for (_, _, files, _), ones in groupby(shown, _under_one_head):
        _show_alike(err, [problem for problem, _ in ones], files)
    for (severity, code), number in (_by_code(gathered) - _by_code(shown)).items():
        word, style = _SEVERITIES[severity]
        more = f" [{code}] : encore {counted(number, 'autre')} ; --json les donne tous."
        err.print()
        _print(err, Text.assemble((word, style), more))


_Gathered: TypeAlias = tuple[Problem, tuple[str, ...]]
"""A problem, and the files that have the very same."""


def _gathered(problems: Iterable[Problem]) -> list[_Gathered]:
    """Each problem once, with the files that have it."""
    groups: dict[Problem, dict[str, None]] = {}
    for problem in problems:
        alike = problem._replace(place=problem.place._replace(file=None))
        groups.setdefault(alike, {})[problem.place.file or ""] = None
    return [(alike, tuple(filter(None, files))) for alike, files in groups.items()]


def _by_code(gathered: Iterable[_Gathered]) -> Counter[tuple[Severity, str]]:
    return Counter((problem.severity, problem.code) for problem, _ in gathered)


def _shown(gathered: Sequence[_Gathered]) -> list[_Gathered]:
    """Of each code some: the first of every file before a second one of any."""
    named: set[str] = set()
    first, further = list[int](), list[int]()
    for rank, (_, files) in enumerate(gathered):
        (further if named.issuperset(files) else first).append(rank)
        named.update(files)
    told: Counter[tuple[Severity, str]] = Counter()
    shown = set()
    for rank in [*first, *further]:
        problem = gathered[rank][0]
        told[problem.severity, problem.code] += 1
        if told[problem.severity, problem.code] <= MOST_TOLD:
            shown.add(rank)
    return [gathered[rank] for rank in sorted(shown)]


def _show_documents(out: Console, documents: Collection[DocumentDone]) -> None:
    for head, folder, lines in plain.by_folder(documents):
        out.print(Text.assemble(head, (str(folder), "bold")), soft_wrap=True)
        for word, style, name in lines:
            out.print(Text.assemble("  ", (word, style), name), soft_wrap=True)


def _inhabitants(found: Mapping[str, Any]) -> str:
    """How many, and which of INSEE's populations that is."""
    number = number_text(found["population"])
    return f"{number} habitants (population {found['population_nature']} {found['population_annee']})"


def _show_communes(out: Console, report: CommunesReport) -> None:
    """What was found, first of all what is called just so."""
    shows = {"communes": _show_places, "epci": _show_epci, "departements": _show_departements}
    for name in sorted(shows, key=lambda name: name not in report.exact):
        shows[name](out, report)
    if report.found or report.epci or report.departements:
        out.print(Text(f"\n{report.attribution}", style="dim"))


def _show_places(out: Console, report: CommunesReport) -> None:
    for found in report.found:
        codes = f"  INSEE {found['code']}, code postal {', '.join(found['codes_postaux']) or 'inconnu'}"
        _print(out, Text.assemble((found["nom"], "bold"), codes))
        details = {
            "s’écrit": f"« commune {found['de']} », « {found['a']} »",
            "population": found["population"] and _inhabitants(found),
            "SIREN": found["siren"] and grouped(found["siren"]),
            "EPCI": found["epci"] and found["epci"]["nom"],
            "anciens noms": ", ".join(found["anciens_noms"]),
        }
        _print_details(out, details)


def _show_epci(out: Console, report: CommunesReport) -> None:
    for epci in report.epci:
        _print(out, Text.assemble((epci["nom"], "bold"), f"  SIREN {grouped(epci['siren'])}"))
        population = f"{epci['communes']} communes, {_inhabitants(epci)}"
        _print_details(
            out, {"forme": epci["forme"], "s’écrit": f"« {epci['denomination']} »", "population": population}
        )


def _show_departements(out: Console, report: CommunesReport) -> None:
    for departement in report.departements:
        _print(out, Text.assemble((departement["nom"], "bold"), f"  département {departement['code']}"))
        _print_details(out, {"s’écrit": f"« Le Département {departement['de']} »"})


def _print_details(out: Console, details: Mapping[str, object]) -> None:
    for name, value in details.items():
        if value:
            _print(out, Text(f"{name:<13}{value}"), indent=2)


def _show_table(out: Console, table: Table) -> None:
    """Columns as wide as the terminal allows; what is too long goes on below."""
    from rich.box import SIMPLE  # noqa: PLC0415 (only some reports hold tables)
    from rich.table import Table as RichTable  # noqa: PLC0415

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
    from rich.table import Table as RichTable  # noqa: PLC0415

    inner = RichTable.grid(padding=(0, 1, 0, 0))
    inner.add_column(style="dim", no_wrap=True)
    inner.add_column(overflow="fold")
    for line in text.split("\n"):
        label, _, value = line.partition("\t")
        inner.add_row(Text(label), Text(value))
    return inner


def _under_one_head(gathered: _Gathered) -> tuple[Severity, str, tuple[str, ...], tuple[str, str | None]]:
    """What problems that follow each other have in common, to be told once: all but what happened."""
    problem, files = gathered
    return problem.severity, problem.code, files, (str(problem.place), problem.hint)


def _show_alike(err: Console, problems: Sequence[Problem], files: Sequence[str]) -> None:
    """Print problems of one kind at one place, what to do about them once."""
    (word, style), hint = _SEVERITIES[problems[0].severity], problems[0].hint
    place = str(problems[0].place._replace(file=", ".join(files[:_MOST_NAMED]) or None))
    place += f" et {counted(len(files) - _MOST_NAMED, 'autre')}" if len(files) > _MOST_NAMED else ""
    err.print()
    _print(err, Text.assemble((word, style), f" [{problems[0].code}]", f" {place}" if place else ""))
    for problem in problems:
        _print(err, _coloured(problem.message), indent=2)
        if problem.value is not None and problem.value[:_LONGEST_SAID] not in problem.message:
            cut = "…" * (len(problem.value) > _LONGEST)
            _print(err, Text(f"Valeur : {problem.value[:_LONGEST]}{cut}"), indent=2)
    if hint:
        _print(err, Text(hint, style="green"), indent=2)


def _coloured(message: str) -> Text:
    """A message; a change of words, in the colours of a diff."""
    text, change = Text(message), _CHANGE.search(message)
    if change:
        text.stylize("red", *change.span("old"))
        text.stylize("green", *change.span("new"))
    return text


def _print(console: Console, text: Text, indent: int = 0) -> None:
    """Print a text in its own paragraph, indented; a terminal gets lines with French spacing and no spaces at ends.

    What is not a terminal, a file or another program, gets one line: it can be searched.
    """
    if not console.is_terminal:
        console.print(Text(" " * indent).append_text(text), soft_wrap=True)
        return
    for line in _spaced(text).wrap(console, console.width - indent):
        line.rstrip()
        console.print(Text(" " * indent).append_text(line), soft_wrap=True)


def _spaced(text: Text) -> Text:
    """The text, whose lines are not broken where French puts a space that does not break."""
    glued = bound(text.plain).replace(NBSP, _GLUE)  # of the same length: styles stay where they are
    return Text(glued, style=text.style, spans=text.spans)


class _Console(Console):
    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Render with nothing in it that a terminal would obey, but what is Rich's own."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(_visible(segment.text), segment.style)

    def on_broken_pipe(self) -> None:
        """Let the caller say what it means; Rich would end the program with an exit code of its own."""
        raise  # noqa: PLE0704 (Rich calls this while it handles the BrokenPipeError)


def _visible(text: str) -> str:
    return plain.visible(text.replace(_GLUE, NBSP))


def _console(stream: IO[str]) -> Console:
    """A console that marks nothing up by itself: names and numbers of the data keep their look."""
    return _Console(file=stream, highlight=False, markup=False, emoji=False)


# --- A list ------------------------------------------------------------------------------------------------

_KINDS_OF_FILE = {"rejects": "Lignes à corriger", "workbook": "Tableau de suivi", "signers": "Signataires"}
"""What else a run writes, as far as people open it."""


def _show_batch(report: BatchReport, *, quiet: bool) -> None:
    """A list's report: figures and files to stdout, problems by kind to stderr, a few of each."""
    if not quiet:
        out = _console(sys.stdout)
        columns = ", ".join(f"{header} → {field}" for header, field in report.recognised.items())
        _print(out, Text(f"Lu : {report.source}" + (f". Colonnes : {columns}" if columns else "")))
        for line in _figures(report.summary):
            _print(out, Text(line, style="bold"))
        if report.template:
            _print(out, Text(plain.template_line(report)))
        if report.folder:
            _print(out, Text(f"Dossier : {report.folder}"))
        for kind, name in _KINDS_OF_FILE.items():
            if path := report.files.get(kind):
                _print(out, Text(f"{name} : {path}"))
    _show_tally(report, quiet=quiet)


def _figures(summary: Mapping[str, Any]) -> Iterator[str]:
    adherents = counted(summary["adherents"], "adhérent")
    accepted, rejected = (counted(summary[key], word) for key, word in _VERDICTS.items())
    yield f"{adherents} : {accepted}, {rejected}."
    if summary["documents"]:
        documents = counted(summary["documents"], "document")
        parts = (counted(summary.get(key, 0), *words) for key, words in _FATES.items() if summary.get(key))
        seconds = f"{summary['seconds']:.1f}".replace(".", ",")
        yield f"{documents} ({', '.join(parts) or 'à écrire'}) en {seconds} s."


_VERDICTS = {"accepted": "accepté", "rejected": "rejeté"}
_FATES = {
    "created": ("créé",),
    "identical": ("inchangé",),
    "replaced": ("remplacé",),
    "conflicts": ("non écrit, un autre fichier étant à sa place", "non écrits, d’autres fichiers étant à leur place"),
    "failed": ("non converti en PDF", "non convertis en PDF"),
}


def counted(number: int, one: str, several: str | None = None) -> str:
    """A number and its noun; ``several`` is the plural, where the common rules do not make it."""
    return f"{number_text(number)} {plural(number, one, several)}"


def _show_tally(report: BatchReport, *, quiet: bool) -> None:
    """What was repaired and assumed, then a table of the problems by kind; lines where no terminal shows them."""
    err = _console(sys.stderr)
    changes = [] if quiet else list(tally.changes_told(report.tally))
    if changes:
        err.print()
    for title, fields in changes:
        _print(err, Text.assemble((title, "bold cyan"), f" : {fields}."))
    kinds = list(tally.kinds_told(report.tally, quiet=quiet))
    if kinds and err.is_terminal:
        _show_kinds(err, kinds)
        return
    for kind in kinds:
        err.print()
        _print(err, Text(f"{_SEVERITIES[kind.severity][0]}, {kind.number} : {kind.words} [{kind.code}]"))
        for line in _example_lines(kind):
            _print(err, line, indent=2)


def _show_kinds(err: Console, kinds: Sequence[tally.Kind]) -> None:
    from rich import box  # noqa: PLC0415 (only a list needs tables)
    from rich.table import Table as RichTable  # noqa: PLC0415

    grid = RichTable(box=box.SIMPLE, pad_edge=False, show_edge=False)
    grid.add_column("Gravité", no_wrap=True)
    grid.add_column("Nombre", justify="right", no_wrap=True)
    grid.add_column("Problème", ratio=1)
    for kind in kinds:
        word, style = _SEVERITIES[kind.severity]
        head = Text.assemble((kind.words, "bold"), " ", (f"[{kind.code}]", "dim"))
        lines = [head, *_example_lines(kind)]
        grid.add_row(Text(word, style=style), kind.number, _spaced(Text("\n").join(lines)))
    err.print()
    err.print(grid)


def _example_lines(kind: tally.Kind) -> Iterator[Text]:
    for problem in kind.examples:
        yield Text(_visible(tally.told(problem)))
        if problem.hint:
            yield Text(_visible(f"  {problem.hint}"), style="green")
    if kind.more:
        yield Text("…", style="dim")


@contextmanager
def progress(*, shown: bool, unit: str) -> Iterator[Watch]:
    """Show how a long work goes on, on stderr; nothing where that is no terminal.

    Args:
        shown: may anything be shown?
        unit: what is counted.
    """
    err = _console(sys.stderr)
    if not shown or not err.is_terminal:
        yield NOBODY
        return
    from conventool.cli.progress import Bar  # noqa: PLC0415

    with Bar(err, unit) as bar:
        yield bar
