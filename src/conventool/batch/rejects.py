"""Rows that became nothing, given back as they came, each with the reasons: to be corrected and read again."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from io import StringIO

from conventool.core.problems import Problem, Severity
from conventool.core.row import Row, Value
from conventool.dossier.entries import Rejected
from conventool.sources.columns import REASONS
from conventool.sources.formulas import harmless
from conventool.sources.table import as_text

__all__ = ["cells_of", "written"]


def cells_of(row: Row) -> Mapping[str, str]:
    """The cells of a row, by header; one of YAML as a table would hold it, nested fields joined by ``_``."""
    return row.cells or dict(_flat(row.values, ()))


def _flat(values: Mapping[str, Value], path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, (*path, name))
        elif isinstance(value, (list, tuple)):
            yield "_".join((*path, name)), ", ".join(map(str, value))
        else:
            yield "_".join((*path, name)), as_text(value)  # type: ignore[arg-type]  # the sequences are above


def written(headers: Collection[str], rejected: Collection[Rejected]) -> Iterator[bytes]:
    """Write the file of rejects: for a spreadsheet in French, semicolons and UTF-8 with a byte order mark.

    Args:
        headers: of the source, if it is a table.
        rejected: the rows.

    Yields:
        Its bytes.
    """
    headers = [header for header in headers if header != REASONS] or list(
        dict.fromkeys(header for one in rejected for header in one.cells)
    )
    yield "\ufeff".encode()
    yield _line([*headers, REASONS])
    for one in rejected:
        reasons = " | ".join(_reason(problem) for problem in one.problems if problem.severity is Severity.ERROR)
        yield _line([*(harmless(one.cells.get(header, "")) for header in headers), harmless(reasons)])


def _line(cells: Iterable[str]) -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def _reason(problem: Problem) -> str:
    """One problem on one line, with what it is about."""
    column = problem.place.column
    where = f"{column} : " if isinstance(column, str) else f"{problem.field} : " if problem.field else ""
    return where + " ".join(text for text in (problem.message, problem.hint) if text)
