"""Work that takes longer than an answer may: a list, some returned documents. One thread each, told as it goes on."""

from __future__ import annotations

import secrets
import sys
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conventool.core.errors import ConventoolError, ExitCode
from conventool.core.problems import Problem, Severity
from conventool.core.report import Report, Table

__all__ = ["Done", "Job", "Jobs"]

_MOST_PROBLEMS, _MOST_NOTICES = 200, 20
_MOST_JOBS = 50


@dataclass(frozen=True)
class Done:
    """What came of some work, as a screen shows it: plain values, nothing that is read from a file later.

    Attributes:
        command: that did it.
        summary: its figures.
        texts: what a person reads first.
        tables: what is best read in columns.
        problems: the first of them, errors first, and of each kind of notice.
        more_problems: how many are left out that are no notices.
        notices: by code, how many there are.
        documents: status and path of each document.
        files: by what it is, where else something was written.
        columns: by header, the field that each column of a list was taken for.
        well: was everything produced?
    """

    command: str
    summary: Mapping[str, Any]
    texts: Sequence[str]
    tables: Sequence[Table]
    problems: Sequence[Problem]
    more_problems: int
    notices: Mapping[str, int]
    documents: Sequence[tuple[str, Path]]
    files: Mapping[str, Path]
    columns: Mapping[str, str]
    well: bool

    @classmethod
    def of(cls, report: Report) -> Done:
        """All that a screen needs of a report."""
        grave: list[Problem] = []
        notices = defaultdict[str, list[Problem]](list)
        for problem in report.problems:
            (notices[problem.code] if problem.severity is Severity.NOTICE else grave).append(problem)
        grave.sort(key=lambda problem: problem.severity is not Severity.ERROR)
        first = [*grave[:_MOST_PROBLEMS], *(one for same in notices.values() for one in same[:_MOST_NOTICES])]
        return cls(
            report.command, dict(report.summary), tuple(report.texts), tuple(report.tables),
            first, max(0, len(grave) - _MOST_PROBLEMS), {code: len(same) for code, same in notices.items()},
            [(document.status, document.path) for document in report.documents],
            {name: path for name, path in report.files.items() if path and path.is_file()},
            dict(getattr(report, "recognised", {})), report.exit_code is ExitCode.DONE,
        )  # fmt: skip


@dataclass
class Job:
    """Some work going on, or done. It is the [Watch][conventool.core.watch.Watch] of its own command.

    Attributes:
        title: what the screen calls it.
        stage: what is being done.
        expected: the steps of a stage that does not tell how many it has.
        total: the steps of this stage, where that is known.
        steps: those that are done.
        done: what came of it, once it is.
    """

    title: str
    stage: str = "Lecture"
    expected: int | None = None
    total: int | None = None
    steps: int = 0
    done: Done | None = None
    thread: threading.Thread | None = field(default=None, repr=False)

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins."""
        self.stage, self.total, self.steps = stage, self.expected if total is None else total, 0

    def step(self, number: int, /) -> None:
        """More steps are done."""
        self.steps = min(self.steps + number, self.total or sys.maxsize)


class Jobs:
    """Those of this server, by a name that nobody guesses; the oldest are forgotten."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, Job] = OrderedDict()

    def start(self, title: str, work: Callable[[Job], Report]) -> str:
        """Begin some work; its name."""
        job, name = Job(title), secrets.token_urlsafe(12)
        job.thread = threading.Thread(target=_do, args=(job, work), daemon=True)
        self._jobs[name] = job
        while len(self._jobs) > _MOST_JOBS:
            self._jobs.popitem(last=False)
        job.thread.start()
        return name

    def get(self, name: str) -> Job | None:
        """The work of that name."""
        return self._jobs.get(name)

    @property
    def going_on(self) -> bool:
        """Is any work not done?"""
        return any(job.done is None for job in self._jobs.values())

    def wait(self) -> None:
        """Until all of it is done."""
        for job in list(self._jobs.values()):
            if job.thread:
                job.thread.join()


def outcome(work: Callable[[], Report], command: str) -> Done:
    """Do some work, whatever comes of it."""
    try:
        return Done.of(work())
    except ConventoolError as error:
        return Done.of(Report(command, problems=error.problems, exit_code=error.exit_code))
    except Exception as error:  # whatever it is, it is ours; what a person gave is not shown again
        message = f"Le programme s’est trompé ({type(error).__name__}) ; vos données n’y sont pour rien."
        return Done.of(Report(command, problems=[Problem("bug", message)], exit_code=ExitCode.BUG))


def _do(job: Job, work: Callable[[Job], Report]) -> None:
    job.done = outcome(lambda: work(job), job.title)
