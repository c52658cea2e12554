"""Rows that became nothing, given back as they came, each with the reasons: to be corrected and read again."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from io import StringIO

from conventool.core.problems import Problem, Severity
from conventool.core.row import REASONS, Row, Value, shown
from conventool.dossier.entries import Rejected
from conventool.sources.formulas import harmless

__all__ = ["cells_of", "written"]


def cells_of(row: Row) -> Mapping[str, str]:
    """What the cells of a row show, by rank; of a row of YAML by field, as a table would hold it: ``decision_date``."""
    if row.cells:
        return {str(rank): shown(cell) for rank, cell in enumerate(row.cells)}
    return dict(_flat(row.values, ()))


def _flat(values: Mapping[str, Value], path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, (*path, name))
        elif isinstance(value, (list, tuple)):
            yield "_".join((*path, name)), ", ".join(map(str, value))
        else:
            yield "_".join((*path, name)), _as_text(value)  # type: ignore[arg-type]  # the sequences are above


def _as_text(value: str | bool | date | None) -> str:
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    return value.isoformat() if isinstance(value, date) else value or ""


def written(headers: Collection[str], rejected: Collection[Rejected]) -> Iterator[bytes]:
    """Write the file of rejects: for a spreadsheet in French, semicolons and UTF-8 with a byte order mark.

    Args:
        headers: of the source, if it is a table.
        rejected: the rows.

    Yields:
        Its bytes.
    """
    keys = [str(rank) for rank in range(len(headers))]
    keys = keys or list(dict.fromkeys(key for one in rejected for key in one.cells))
    yield "\ufeff".encode()
    yield _line([*map(harmless, headers or keys), REASONS])
    for one in rejected:
        reasons = " | ".join(_reason(problem) for problem in one.problems if problem.severity is Severity.ERROR)
        yield _line([*(harmless(one.cells.get(key, "")) for key in keys), harmless(reasons)])


def _line(cells: Iterable[str]) -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def _reason(problem: Problem) -> str:
    """One problem on one line, with what it is about."""
    column = problem.place.column
    where = f"{column} : " if isinstance(column, str) else f"{problem.field} : " if problem.field else ""
    return where + " ".join(text for text in (problem.message, problem.hint) if text)
