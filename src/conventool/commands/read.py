"""Filled documents back into data, ready for ``fill`` and ``batch``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import perf_counter
from typing import Any

from conventool.adherent.fields import FIELDS
from conventool.core.clock import seconds_since, today
from conventool.core.errors import ExitCode, UsageError
from conventool.core.problems import Problem, Severity
from conventool.core.report import DataReport, exit_code_of
from conventool.core.watch import NOBODY, Watch
from conventool.files.csv_text import BOM_UTF8, csv_line
from conventool.files.documents_in import documents_in, other_files, skipped_folders
from conventool.files.plan import Wanted
from conventool.files.workbook import xlsx_writer
from conventool.files.writing import write_as_planned
from conventool.pdf.to_word import as_word
from conventool.register.communes import Register
from conventool.returned.comparison import Comparison, known_patterns
from conventool.returned.documents import left_aside
from conventool.returned.read_back import Convention, read_one, together
from conventool.sources.formulas import harmless
from conventool.sources.yaml_file import yaml_text

__all__ = ["ReadOptions", "read"]

_FORMATS = (".yaml", ".yml", ".csv", ".xlsx")
_UNREADABLE = frozenset({"scanned", "unreadable", "unsafe-document"})


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What ``read`` is asked.

    Attributes:
        template: name or folder of the template; None to find it among those of the program.
        output: the file to write, told by its suffix; None for YAML on the standard output.
        force: may a file that differs be replaced?
    """

    template: str | None = None
    output: Path | None = None
    force: bool = False


def read(paths: Sequence[Path], options: ReadOptions, watch: Watch = NOBODY) -> DataReport:
    """Read the data of filled documents; the copies of one adherent are one.

    Args:
        paths: documents, and folders of them.
        options: what else is asked.
        watch: told how the work goes on.

    Raises:
        ConventoolError: a template cannot be read, there is no document, or the result cannot be written.
    """
    started = perf_counter()
    _refuse_other_formats(options.output)
    others = other_files(paths)
    files, templates, register = documents_in(paths, others=others), known_patterns(options.template), Register.open()
    now = today()
    problems: list[Problem] = skipped_folders(paths)
    conventions: list[Convention] = []
    loose: list[Comparison] = []
    with as_word([*files, *others]) as word_files:
        files += filter(word_files.get, others)
        watch.begin("Lecture", len(files))
        for file in files:
            convention, pieces, wrong = read_one(file, word_files.get(file), templates, register, now)
            watch.step(1)
            problems += wrong
            conventions += [convention] if convention else []
            loose += pieces
        problems += (left_aside(file, "not-read", "lu") for file in others if file not in word_files)
    found, told = together(conventions, loose, register, now)
    problems += told
    if options.output and found:
        _write(options.output, found, force=options.force)
    raw = _yaml(found).decode("utf-8") if found and not options.output else ""
    unreadable = not found and all(problem.code in _UNREADABLE for problem in problems)
    code = ExitCode.UNREADABLE if unreadable else exit_code_of(problems, {Severity.ERROR, Severity.WARNING})
    summary = {"documents": len(files), "adherents": len(found), "seconds": seconds_since(started)}
    written = {"data": options.output} if options.output and found else {}
    return DataReport("read", summary, problems=problems, exit_code=code, files=written, data=found, raw=raw)


# --- Writing -----------------------------------------------------------------------------------------------


def _refuse_other_formats(path: Path | None) -> None:
    """Say at once, not when all is read, that the data cannot be written so."""
    if path and path.suffix.lower() not in _FORMATS:
        message = f"Un fichier « {path.suffix} » ne peut pas être écrit ici."
        raise UsageError(Problem("unknown-format", message, f"Formats possibles : {', '.join(_FORMATS)}."))


def _write(path: Path, found: Sequence[Mapping[str, Any]], *, force: bool) -> None:
    """Write the data in the format that the file's name says.

    Raises:
        OutputError: another file is in the way, or the folder refuses.
    """
    match path.suffix.lower():
        case ".csv":
            data = b"".join([BOM_UTF8, *(csv_line(map(harmless, line)) for line in _table(found))])
        case ".xlsx":
            data = _workbook(found)
        case _:
            data = _yaml(found)
    write_as_planned([Wanted(path, data)], force=force)


def _yaml(found: Sequence[Mapping[str, Any]]) -> bytes:
    content: Any = [dict(one) for one in found] if len(found) > 1 else dict(found[0])
    return yaml_text(content).encode("utf-8")


def _table(found: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    """A header, then a line for each adherent; the columns that hold nothing are left out."""
    rows = [dict(_flat(one)) for one in found]
    columns = [path for path in FIELDS if any(path in row for row in rows)]
    columns += [path for path in dict.fromkeys(path for row in rows for path in row) if path not in columns]
    yield [path.replace(".", "_") for path in columns]
    yield from ([row.get(path, "") for path in columns] for row in rows)


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        if isinstance(value, list):
            yield from _flat({str(rank): item for rank, item in enumerate(value, 1)}, f"{prefix}{name}.")
        elif isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)


def _workbook(found: Sequence[Mapping[str, Any]]) -> bytes:
    """Every cell a text, so that no postal code loses its zero."""
    out = BytesIO()
    with xlsx_writer(out, {"in_memory": True}) as workbook:
        sheet, bold, text = (
            workbook.add_worksheet("Adhérents"),
            workbook.add_format({"bold": True}),
            workbook.add_format({"num_format": "@"}),
        )
        for rank, line in enumerate(_table(found)):
            for column, cell in enumerate(line):
                sheet.write_string(rank, column, cell, text if rank else bold)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()
