"""Many documents to PDF: in calls of about a hundred, by one LibreOffice per worker, whatever it does to us.

The caller's thread prepares the copies and hands out the results; each worker thread starts LibreOffice on a batch,
judges each PDF as it appears and puts it in place. A worker that fails ends the run, a document that fails does not.
"""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from conventool.core.errors import OutputError, ProgramError, TemplateError, reason
from conventool.core.problems import Place, Problem
from conventool.files.writing import write_atomically
from conventool.pdf.check import UnfitError, finish
from conventool.pdf.jobs import Job, Profile, Result
from conventool.pdf.office import Office, end, find_office
from conventool.word.print_copy import Copier, PrintCopy

__all__ = ["convert"]

_BATCH = 100  # a start costs as much as a dozen documents; LibreOffice silently drops all beyond 247
_WORTH_A_START = 12
_AHEAD = 2  # batches prepared for each worker
_START_AGAIN = 81  # its exit status when a new profile asks for it
_STARTS = 3
_BARREN_CALLS = 4  # in a row, with nothing ever made: it is not the documents
_POLL = 0.1
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of our own is made in it)
_ROOM = 1 << 28


@dataclass(slots=True)
class _Task:
    """A document on its way."""

    job: Job
    copy: PrintCopy
    scratch: Path
    retried: bool = False
    why: str = ""


def convert(
    documents: Iterable[Job],
    *,
    profile: Profile = Profile.PDFA_2B,
    jobs: int = 1,
    on_done: Callable[[Result], None] | None = None,
    office: Office | None = None,
) -> Iterator[Result]:
    """Convert Word documents to PDF; each is judged, then put in place in one step.

    Args:
        documents: what to convert; taken as the work goes on, so they may be made meanwhile.
        profile: the kind of PDF.
        jobs: how many LibreOffices work at once; one for each core is best.
        on_done: told each result when it is known.
        office: the LibreOffice to use, else the one that is found.

    Yields:
        The result of each job, as they finish.

    Raises:
        ProgramError: LibreOffice is missing, or fails whatever it is given.
        OutputError: a PDF cannot be put in place.
    """
    with _folder(None) as copies, _folder(_memory()) as desks:
        run = _Run(copies, desks, office or find_office(), profile, max(1, jobs))
        try:
            for result in _results(run, documents):
                if on_done is not None:
                    on_done(result)
                yield result
        finally:  # done, interrupted or given up: no process and no file stays behind
            run.stop()


@contextmanager
def _folder(place: Path | None) -> Iterator[Path]:
    with TemporaryDirectory(prefix="conventool-", dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve()


def _memory() -> Path | None:
    """A folder in memory for LibreOffice to work in, which waits for the disk three times a document; None if none.

    It holds its settings and the PDF files of a few moments. A temporary folder that the user chose is respected.
    """
    if "TMPDIR" in os.environ or tempfile.gettempdir() != "/tmp":  # noqa: S108 (only compared)
        return None
    with suppress(OSError):
        if shutil.disk_usage(_SHARED_MEMORY).free >= _ROOM and os.access(_SHARED_MEMORY, os.W_OK):
            return _SHARED_MEMORY
    return None


def _results(run: _Run, documents: Iterable[Job]) -> Iterator[Result]:
    copier = Copier()
    for rank, job in enumerate(documents):
        task = _prepare(copier, job, run.copies / f"{rank:08}.docx")
        if isinstance(task, Result):
            yield task
            continue
        run.put(task)
        while run.results_ready or run.far_ahead:
            yield run.next_result()
    run.close()
    while run.unfinished:
        yield run.next_result()


def _prepare(copier: Copier, job: Job, scratch: Path) -> _Task | Result:
    """Write the copy for LibreOffice, or tell why the document is none."""
    try:
        data = job.document if isinstance(job.document, bytes) else _read(job.document)
        copy = copier.copy(data, job.name)
    except TemplateError as error:
        return Result(job, error.problems)
    try:
        scratch.write_bytes(copy.data)
    except OSError as error:
        message = f"La copie à convertir ne peut pas être écrite : {reason(error)}."
        hint = "Libérez de la place dans le dossier temporaire, ou désignez-en un autre par la variable TMPDIR."
        raise OutputError(Problem("unwritable", message, hint, place=Place(file=str(scratch.parent)))) from error
    return _Task(job, copy, scratch)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message, place = f"Le document ne peut pas être lu : {reason(error)}.", Place(file=str(path))
        raise TemplateError(Problem("unreadable", message, "Vérifiez le chemin.", place=place)) from error


@dataclass
class _Run:
    """What the workers share: tasks that wait, results that are known."""

    copies: Path
    desks: Path
    office: Office
    profile: Profile
    jobs: int
    unfinished: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    _waiting: deque[_Task] = field(default_factory=deque)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _share: int | None = None
    _results: queue.SimpleQueue[Result | BaseException] = field(default_factory=queue.SimpleQueue)
    _workers: list[threading.Thread] = field(default_factory=list)
    _successes: int = 0
    _barren: int = 0

    # --------------------------------------------------------------------------- the caller's side

    def put(self, task: _Task) -> None:
        """Hand in a task."""
        self.unfinished += 1
        with self._changed:
            self._waiting.append(task)
            self._changed.notify_all()
        if len(self._workers) < self.jobs and self.unfinished > len(self._workers) * _WORTH_A_START:
            worker = threading.Thread(target=self._work, args=(self.desks / f"desk-{len(self._workers)}",))
            self._workers.append(worker)
            worker.start()

    def close(self) -> None:
        """No task will come any more: what waits is shared out evenly."""
        with self._changed:
            rounds = -(-len(self._waiting) // (self.jobs * _BATCH)) or 1
            self._share = max(_WORTH_A_START, -(-len(self._waiting) // (self.jobs * rounds)))
            self._changed.notify_all()

    def next_result(self) -> Result:
        """Wait for a result; raises what ended a worker."""
        while True:
            with suppress(queue.Empty):  # a wait without end could not be interrupted on Windows
                result = self._results.get(timeout=0.5)
                break
        if isinstance(result, BaseException):
            raise result
        self.unfinished -= 1
        return result

    @property
    def results_ready(self) -> bool:
        """Is there a result to hand out?"""
        return not self._results.empty()

    @property
    def far_ahead(self) -> bool:
        """Are enough tasks prepared?"""
        return self.unfinished >= self.jobs * _BATCH * _AHEAD

    def stop(self) -> None:
        """End every LibreOffice and every worker."""
        self.stopped.set()
        with self._changed:
            self._changed.notify_all()
        for worker in self._workers:
            worker.join()

    # --------------------------------------------------------------------------- the workers' side

    def _work(self, desk: Path) -> None:
        try:
            calls = _Calls(self, desk)
            while batch := self._take():
                calls.convert(batch)
        except BaseException as error:  # the caller's thread raises it
            self._results.put(error)

    def _take(self) -> list[_Task]:
        """The next batch: a full one, or the share of what is left; empty when there is no more."""
        with self._changed:
            self._changed.wait_for(
                lambda: self.stopped.is_set() or self._share is not None or len(self._waiting) >= _BATCH
            )
            size = 0 if self.stopped.is_set() else self._share or _BATCH
            return [self._waiting.popleft() for _ in range(min(size, len(self._waiting)))]

    def tell(self, result: Result) -> None:
        """A result is known."""
        if result.done:
            self._successes += 1
        self._results.put(result)

    def judge_call(self, *, barren: bool, words: str) -> None:
        """Count the calls that made nothing.

        Raises:
            ProgramError: so many of them that it cannot be the documents.
        """
        self._barren = self._barren + 1 if barren else 0
        if self._barren >= _BARREN_CALLS and not self._successes:
            message = f"LibreOffice {self.office.version} a échoué {self._barren} fois de suite sans rien produire."
            said = f" Il a dit : {words}" if words else ""
            hint = f"Vérifiez qu’il s’ouvre et convertit un document, ou réinstallez-le.{said}"
            raise ProgramError(Problem("office-failed", message, hint, place=Place(file=str(self.office.command))))


@dataclass
class _Outcome:
    """What a call left: tasks whose PDF is unfit, tasks without one in order, and whether LibreOffice ended well."""

    unfit: list[_Task]
    missing: list[_Task]
    clean: bool

    def suspects(self) -> list[_Task]:
        """The documents at fault: after a crash those behind the first one missing were not reached."""
        return self.unfit + (self.missing if self.clean else self.missing[:1])

    def unreached(self) -> list[_Task]:
        """The documents that LibreOffice did not come to."""
        return [] if self.clean else self.missing[1:]


@dataclass
class _Calls:
    """One worker's calls of LibreOffice, and the folder that is its own."""

    run: _Run
    desk: Path

    def convert(self, batch: list[_Task]) -> None:
        """Convert a batch. A document at fault is tried once more alone, then given up; the others go on."""
        groups = [batch]
        while groups:
            group = groups.pop()
            outcome = self._call(group)
            if self.run.stopped.is_set():
                return
            suspects, unreached = outcome.suspects(), outcome.unreached()
            barren = len(suspects) + len(unreached) == len(group)
            self.run.judge_call(barren=barren, words=self.run.office.last_words(self.desk))
            for task in suspects:
                if task.retried:
                    self.run.tell(_given_up(task))
                else:
                    task.retried = True
                    groups.append([task])
            if unreached:
                groups.append(unreached)

    def _call(self, group: list[_Task]) -> _Outcome:
        """One call, started again as long as it asks for that."""
        for _ in range(_STARTS):
            waiting = {f"{task.scratch.stem}.pdf": task for task in group}
            unfit: list[_Task] = []
            status = self._watch(group, waiting, unfit)
            if status != _START_AGAIN:
                break
        if status != 0:
            self.run.office.forget(self.desk)
        for task in waiting.values():
            task.why = _reason(status, self.run.office)
        return _Outcome(unfit, list(waiting.values()), clean=status == 0)

    def _watch(self, group: list[_Task], waiting: dict[str, _Task], unfit: list[_Task]) -> int | None:
        """Run LibreOffice, taking each PDF out of ``waiting`` as it appears; its exit status, None if it hung."""
        process = self.run.office.start([task.scratch for task in group], self.desk, self.run.profile)
        made = self.desk / "made"
        heard = time.monotonic()
        try:
            while (status := process.poll()) is None and not self.run.stopped.is_set():
                # the last one may still be on its way
                if self._settle(sorted(made.glob("*.pdf"))[:-1], waiting, unfit):
                    heard = time.monotonic()
                if time.monotonic() - heard > self.run.office.patience:
                    break
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL)
        finally:
            end(process)
        self._settle(sorted(made.glob("*.pdf")), waiting, unfit)
        return status

    def _settle(self, files: list[Path], waiting: dict[str, _Task], unfit: list[_Task]) -> bool:
        """Judge the PDF files and put the sound ones in place; were there any?"""
        for file in files:
            task = waiting.pop(file.name, None)
            if task is None or self.run.stopped.is_set():
                continue
            try:
                finished = finish(file, task.job, task.copy, self.run.profile)
            except UnfitError as error:
                task.why = f"le PDF produit ne convient pas : {error}"
                unfit.append(task)
            else:
                write_atomically(task.job.target, finished.data)
                digest = sha256(finished.data).hexdigest()
                self.run.tell(Result(task.job, finished.problems, finished.pages, digest, len(finished.data)))
                task.scratch.unlink()
            file.unlink()
        return bool(files)


def _reason(status: int | None, office: Office) -> str:
    if status is None:
        return f"LibreOffice n’a rien produit en {office.patience:g} secondes"
    return f"LibreOffice s’est interrompu (code {status})" if status else "LibreOffice n’a rien produit"


def _given_up(task: _Task) -> Result:
    message = f"Ce document n’a pas pu être converti en PDF, même seul : {task.why}."
    hint = "Ouvrez-le dans LibreOffice pour voir ce qu’il a, corrigez-le, puis recommencez."
    return Result(task.job, (Problem("conversion-failed", message, hint, place=Place(file=task.job.name)),))
