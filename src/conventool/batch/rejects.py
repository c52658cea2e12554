"""Rows that became nothing, given back as they came, each with the reasons: to be corrected and read again.

What an error rests on must survive the way: a CSV is given back as CSV, a workbook as a workbook whose cells keep their
types and formats, YAML as YAML. The reasons come first, so that cells beyond the last header keep their place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from conventool.core.problems import Problem, Severity, bound
from conventool.core.row import REASONS, REJECTS_HEAD, Cell, shown
from conventool.dossier.run_view import Rejected
from conventool.files.csv_text import BOM_UTF8, csv_line
from conventool.files.workbook import xlsx_writer
from conventool.sources.formulas import harmless

__all__ = ["write"]

_WORKBOOK, _YAML = ".xlsx", ".yaml"

Rows = Callable[[], Iterable[Rejected]]


def write(file: IO[bytes], suffix: str, headers: Sequence[str], rejected: Rows) -> None:
    """Write the file of rejected rows.

    Args:
        file: receives it.
        suffix: of its name, which tells of which kind it is: CSV unless a workbook or YAML.
        headers: of the source, if it is a table.
        rejected: gives the rows, as often as it is called.
    """
    if suffix in {_YAML, ".yml"}:
        file.writelines(_yaml(rejected))
        return
    headers = headers or list(dict.fromkeys(name for one in rejected() for name in _flat(one.given, ())))
    if suffix == _WORKBOOK:
        _write_workbook(file, headers, rejected)
    else:
        file.writelines(_csv(headers, rejected))


def _reasons(one: Rejected) -> list[str]:
    return [_reason(problem) for problem in one.problems if problem.severity is Severity.ERROR]


def _reason(problem: Problem) -> str:
    """One problem on one line, with what it is about."""
    column = problem.place.column
    about = column.rstrip(" :\u00a0") if isinstance(column, str) else problem.field  # a question ends so
    where = f"{about} : " if about else ""
    return bound(where) + _told(problem)


def _told(problem: Problem) -> str:
    return bound(" ".join(text for text in (problem.message, problem.hint) if text))


def _cells(one: Rejected, headers: Sequence[str]) -> Sequence[Cell]:
    """The cells of a row of a table; those of a row of YAML, under the names of its fields."""
    if one.cells:
        return one.cells
    flat = _flat(one.given, ())
    return [flat.get(header, "") for header in headers]


def _flat(given: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, str]:
    """A row of YAML as a table would hold it, nested fields joined by ``_``."""
    flat: dict[str, str] = {}
    for name, value in given.items():
        here = (*path, name)
        if isinstance(value, Mapping):
            flat |= _flat(value, here)
        elif isinstance(value, list):
            flat["_".join(here)] = ", ".join(map(str, value))
        else:
            flat["_".join(here)] = str({None: "", True: "VRAI", False: "FAUX"}.get(value, value))
    return flat


# --- CSV ---------------------------------------------------------------------------------------------------


def _csv(headers: Sequence[str], rejected: Rows) -> Iterator[bytes]:
    """No cell begins a formula."""
    yield BOM_UTF8
    yield csv_line([REASONS, *map(harmless, headers)])
    for one in rejected():
        cells = (harmless(shown(cell)) for cell in _cells(one, headers))
        yield csv_line([harmless(" | ".join(_reasons(one))), *cells])


# --- YAML --------------------------------------------------------------------------------------------------


def _yaml(rejected: Rows) -> Iterator[bytes]:
    """A list of adherents as they were written, with the reasons above each."""
    yield f"{REJECTS_HEAD}\n".encode()
    for one in rejected():
        reasons = "".join(f"# {line}\n" for reason in _reasons(one) for line in reason.splitlines())
        entry = one.text.replace("\n", "\n  ") if one.text else "{}"
        yield f"\n{reasons}- {entry}\n".encode()


# --- Workbook ----------------------------------------------------------------------------------------------


def _write_workbook(file: IO[bytes], headers: Sequence[str], rejected: Rows) -> None:
    """A sheet whose cells have the types that they had; each fault is also a note on its cell."""
    from conventool.sources.cell_writer import CellWriter, cell_text  # noqa: PLC0415 (most lists are no workbooks)

    options = {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    with xlsx_writer(file, options, "Lignes à corriger") as book:
        sheet = book.add_worksheet("À corriger")
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for column, header in enumerate([REASONS, *headers]):
            sheet.write_string(0, column, cell_text(header), head)
        sheet.set_column(0, 0, _REASONS_WIDTH, book.add_format({"text_wrap": True, "valign": "top"}))
        sheet.set_column(1, len(headers), 20)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        writer = CellWriter(book, sheet)
        for row, one in enumerate(rejected(), 1):
            reasons = cell_text("\n".join(_reasons(one)))
            sheet.set_row(row, _height(reasons))
            sheet.write_string(row, 0, reasons)
            for column, cell in enumerate(_cells(one, headers), 1):
                writer.write(row, column, cell)
            for column, about in _by_column(one, headers).items():
                sheet.write_comment(row, column, cell_text("\n".join(about)), {"x_scale": 3, "y_scale": 1.5})


_REASONS_WIDTH = 60
"""Of the column of reasons, in characters."""


def _height(reasons: str) -> float:
    """Of a row in points: not every program makes room for wrapped lines by itself."""
    lines = sum(1 + len(line) // _REASONS_WIDTH for line in reasons.split("\n"))
    return min(400, 15.0 * lines)


def _by_column(one: Rejected, headers: Sequence[str]) -> dict[int, list[str]]:
    """The errors of a row that are about a cell, by the column of that cell in the file written."""
    found: dict[int, list[str]] = {}
    for problem in one.problems:
        if problem.severity is Severity.ERROR and problem.place.column in headers:
            column = headers.index(str(problem.place.column)) + 1
            found.setdefault(column, []).append(_told(problem))
    return found
