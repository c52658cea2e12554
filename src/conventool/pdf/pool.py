"""The worker threads of a run, what they share, and what the caller's thread asks of them."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from shutil import disk_usage

import pikepdf

from conventool.core.errors import ProgramError, TemplateError
from conventool.core.problems import Place, Problem
from conventool.core.threads import Call
from conventool.files.writing import write_together
from conventool.pdf.calls import Calls
from conventool.pdf.check import UnfitError, finish, opened
from conventool.pdf.copies import Copies
from conventool.pdf.jobs import Job, Result
from conventool.pdf.mark import MarkChange, rewrite
from conventool.pdf.office import Office
from conventool.pdf.profiles import Profile
from conventool.pdf.tasks import Preparation, Task

__all__ = ["Pool"]

_BATCH = 100  # documents a call: a start costs as much as six of them; LibreOffice silently drops all beyond 247
_FIRST_BATCH = 25  # each is twice as long as the one before: all workers soon have something to do, and end together
_WORTH_A_START = 12
_AHEAD = 2  # batches prepared for each worker
_LEAST_ROOM = 1 << 20  # bytes: a document and its PDF take more
_EMPTY_CALLS = 4  # in a row, without any PDF in the whole run: it is not the documents


class Pool:
    """Workers that convert; each has a LibreOffice and a folder of its own.

    Args:
        preparation: makes tasks of jobs.
        folder: the workers' folders are made in it.
        office: the LibreOffice to use.
        profile: the kind of PDF.
        jobs: how many workers at most.
        rewriting: whether the PDF of a document's other copies may be made of that of its first.
    """

    def __init__(
        self, preparation: Preparation, folder: Path, office: Office, profile: Profile, jobs: int, *, rewriting: bool
    ) -> None:
        self.office = office
        self.profile = profile
        self.stopped = threading.Event()
        self.unfinished = 0
        self._preparation = preparation
        self._folder = folder
        self._jobs = jobs
        self._copies = Copies(self, preparation) if rewriting else None
        self._changed = threading.Condition()
        self._waiting: deque[Task] = deque()
        self._under_way = 0  # tasks handed to LibreOffice or waiting for it
        self._share: int | None = None
        self._results: queue.SimpleQueue[Result | BaseException] = queue.SimpleQueue()
        self._workers: list[Call[None]] = []
        self._successes = 0
        self._empty_calls = 0

    # --------------------------------------------------------------------------- the caller's side

    def add(self, job: Job) -> None:
        """Take a job in; one whose document is none has its result at once.

        Raises:
            MemoryError: there is none for one more worker.
            OutputError: the temporary folder is full.
        """
        self.expect(1)
        try:
            task = self._preparation.task(job)
        except TemplateError as error:
            self.tell(Result(job, error.problems))
            return
        if self._copies is None or self._copies.admit(task):
            self.put([task])
        if len(self._workers) < self._jobs and self._under_way > len(self._workers) * _WORTH_A_START:
            folder = self._folder / f"worker-{len(self._workers)}"
            self._workers.append(Call(partial(self._work, folder)))

    def close(self) -> None:
        """No job will come any more: the tasks that wait are shared out evenly."""
        with self._changed:
            rounds = -(-len(self._waiting) // (self._jobs * _BATCH)) or 1
            self._share = max(_WORTH_A_START, -(-len(self._waiting) // (self._jobs * rounds)))
            self._changed.notify_all()

    def next_result(self) -> Result:
        """Wait for a result; raises what ended a worker."""
        while True:
            with suppress(queue.Empty):  # a wait without end could not be interrupted on Windows
                result = self._results.get(timeout=0.5)
                break
            for worker in self._workers:
                if worker.has_ended:  # without a word, if it could not begin
                    worker.result()
        if isinstance(result, BaseException):
            raise result
        self.expect(-1)
        return result

    @property
    def results_ready(self) -> bool:
        """Is there a result to hand out?"""
        return not self._results.empty()

    @property
    def far_ahead(self) -> bool:
        """Are enough tasks prepared?"""
        return self._under_way >= self._jobs * _BATCH * _AHEAD

    def stop(self) -> None:
        """End every LibreOffice and every worker."""
        self.stopped.set()
        with self._changed:
            self._changed.notify_all()
        for worker in self._workers:
            with suppress(MemoryError):  # of a worker that could not begin
                worker.result()

    # --------------------------------------------------------------------------- the workers' side

    def _work(self, folder: Path) -> None:
        try:
            calls, size = Calls(self, folder), _FIRST_BATCH
            while batch := self._take(size):
                calls.convert(batch)
                size = min(2 * size, _BATCH)
        except BaseException as error:  # the caller's thread raises it
            self._results.put(error)

    def _take(self, size: int) -> list[Task]:
        """The next batch: one of such a size, or the share of what is left; empty when there is no more."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.stopped.is_set() or self._share is not None or len(self._waiting) >= size
            )
            size = 0 if self.stopped.is_set() else self._share or size
            return [self._waiting.popleft() for _ in range(min(size, len(self._waiting)))]

    def expect(self, number: int) -> None:
        """So many more results will come."""
        with self._changed:
            self.unfinished += number

    def put(self, tasks: Iterable[Task]) -> None:
        """Have tasks converted by LibreOffice.

        Raises:
            OutputError: the temporary folder is full.
        """
        for task in tasks:
            self._preparation.write(task)
            with self._changed:
                self._under_way += 1
                self._waiting.append(task)
                self._changed.notify_all()

    def made(self, task: Task, pdf: Path) -> None:
        """Take the PDF that LibreOffice made of a task.

        Raises:
            UnfitError: it is not what was asked.
            OutputError: it cannot be put in place.
        """
        if self._copies is None or not self._copies.made(task, pdf):
            self.finish(task, pdf.read_bytes())
        self._leave()
        task.source.unlink(missing_ok=True)

    def finish(self, task: Task, data: bytes, *problems: Problem) -> None:
        """Check the PDF of a task, complete it, put it in place and tell the result, with these problems.

        Raises:
            UnfitError: it is not what was asked.
            OutputError: it cannot be put in place.
        """
        with opened(data) as pdf:
            self._deliver(task, pdf, data, problems)

    def rewrite(self, task: Task, data: bytes, change: MarkChange) -> bool:
        """Do the same with the PDF of another copy, in which the mark is changed; False if that cannot be done.

        Raises:
            OutputError: it cannot be put in place.
        """
        with suppress(UnfitError), opened(data) as pdf:
            if rewrite(pdf, change):
                self._deliver(task, pdf, data)
                return True
        return False

    def _deliver(self, task: Task, pdf: pikepdf.Pdf, made: bytes, problems: Iterable[Problem] = ()) -> None:
        finished = finish(pdf, made, task.job, task.copy, self.profile)
        write_together({task.job.target: finished.data})
        digest = sha256(finished.data).hexdigest()
        told = (*finished.problems, *problems)
        self.tell(Result(task.job, told, finished.pages, digest, len(finished.data), task.again))

    def give_up(self, task: Task) -> None:
        """Take note that LibreOffice makes no PDF of a task."""
        self.tell_failure(task)
        if self._copies is not None:
            self._copies.failed(task)
        self._leave()

    def tell_failure(self, task: Task) -> None:
        """Tell why there is no PDF of a task."""
        message = f"Ce document n’a pas pu être converti en PDF, même seul : {task.failure}."
        hint = "Ouvrez-le dans LibreOffice pour voir ce qu’il a, corrigez-le, puis recommencez."
        problem = Problem("conversion-failed", message, hint, place=Place(file=task.job.name))
        self.tell(Result(task.job, (problem,), again=task.again))

    def tell(self, result: Result) -> None:
        """A result is known."""
        if result.done:
            self._successes += 1
        self._results.put(result)

    def count_call(self, *, empty: bool, message: str) -> None:
        """Count the calls that made nothing.

        Raises:
            ProgramError: so many of them that it cannot be the documents.
        """
        self._empty_calls = self._empty_calls + 1 if empty else 0
        if self._empty_calls >= _EMPTY_CALLS and not self._successes:
            said = f" Il a dit : {message}" if message else ""
            hint = f"Vérifiez qu’il s’ouvre et convertit un document, ou réinstallez-le.{said}"
            if disk_usage(self._folder).free < _LEAST_ROOM:
                hint = "libérez-y de la place, ou désignez-en un autre par la variable TMPDIR."
                hint = f"Le dossier temporaire est plein ({self._folder.parent}) : {hint}{said}"
            message = (
                f"LibreOffice {self.office.version} a échoué {self._empty_calls} fois de suite sans rien produire."
            )
            raise ProgramError(Problem("office-failed", message, hint, place=Place(file=str(self.office.command))))

    def _leave(self) -> None:
        with self._changed:
            self._under_way -= 1
