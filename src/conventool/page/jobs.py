"""Work that takes longer than an answer may: a list, some returned documents. One thread each, told as it goes on."""

from __future__ import annotations

import secrets
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conventool.core.errors import ConventoolError, ExitCode
from conventool.core.problems import Problem, Severity
from conventool.core.report import Report, Table

__all__ = ["Done", "Job", "outcome"]

_MOST_PROBLEMS, _MOST_NOTICES = 200, 20
_WRITTEN = frozenset({"created", "identical", "replaced"})


@dataclass(frozen=True)
class Done:
    """What came of some work, as a screen shows it: plain values, nothing that is read from a file later.

    Attributes:
        summary: its figures.
        texts: what a person reads first.
        tables: what is best read in columns; of a list, what its columns were taken for.
        problems: the first of them, errors first, and of each kind of notice.
        more_problems: how many are left out that are no notices.
        notices: by code, how many there are.
        documents: status and path of each document.
        files: what else was written.
        fields: of a template, what it asks for.
        well: was everything produced?
    """

    summary: Mapping[str, Any]
    texts: Sequence[str]
    tables: Sequence[Table]
    problems: Sequence[Problem]
    more_problems: int
    notices: Mapping[str, int]
    documents: Sequence[tuple[str, Path]]
    files: Sequence[Path]
    fields: Sequence[Mapping[str, Any]]
    well: bool

    @classmethod
    def of(cls, report: Report) -> Done:
        """All that a screen needs of a report."""
        grave: list[Problem] = []
        notices = defaultdict[str, list[Problem]](list)
        for problem in report.problems:
            (notices[problem.code] if problem.severity is Severity.NOTICE else grave).append(problem)
        grave.sort(key=lambda problem: problem.severity is not Severity.ERROR)
        columns = getattr(report, "recognised", {})
        understood = [Table("Colonnes comprises", ("Colonne", "Champ"), tuple(columns.items()))] if columns else []
        return cls(
            report.summary, report.texts, (*report.tables, *understood),
            [*grave[:_MOST_PROBLEMS], *(one for same in notices.values() for one in same[:_MOST_NOTICES])],
            max(0, len(grave) - _MOST_PROBLEMS), {code: len(same) for code, same in notices.items()},
            [(document.status, document.path) for document in report.documents],
            [path for path in report.files.values() if path and path.is_file()],
            report.own.get("fields", ()), report.exit_code is ExitCode.DONE,
        )  # fmt: skip

    @property
    def written(self) -> Sequence[Path]:
        """The documents that are there now as this work made them."""
        return [path for status, path in self.documents if status in _WRITTEN]


class Job(threading.Thread):
    """Some work going on, or done. It is the [Watch][conventool.core.watch.Watch] of its own command.

    Args:
        work: what is to be done.

    Attributes:
        name: what nobody guesses.
        stage: what is being done.
        expected: the steps of a stage that does not tell how many it has.
        total: the steps of this stage, where that is known.
        steps: those that are done.
        done: what came of it, once it is.
    """

    def __init__(self, work: Callable[[Job], Report]) -> None:
        super().__init__(name=secrets.token_urlsafe(12), daemon=True)
        self._work = work
        self.stage = "Lecture"
        self.expected: int | None = None
        self.total: int | None = None
        self.steps = 0
        self.done: Done | None = None

    def run(self) -> None:
        """Do it."""
        self.done = outcome(lambda: self._work(self))

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins."""
        self.stage, self.total, self.steps = stage, self.expected if total is None else total, 0

    def step(self, number: int, /) -> None:
        """More steps are done."""
        self.steps = min(self.steps + number, self.total or sys.maxsize)


def outcome(work: Callable[[], Report]) -> Done:
    """Do some work, whatever comes of it."""
    try:
        return Done.of(work())
    except ConventoolError as error:
        return Done.of(Report("page", problems=error.problems, exit_code=error.exit_code))
    except Exception as error:  # whatever it is, it is ours; what a person gave is not shown again
        message = f"Le programme s’est trompé ({type(error).__name__}) ; vos données n’y sont pour rien."
        return Done.of(Report("page", problems=[Problem("bug", message)], exit_code=ExitCode.BUG))
