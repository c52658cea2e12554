"""One worker's calls of LibreOffice: start it on some documents, take what it makes, find the document at fault."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conventool.pdf.check import UnfitDocumentError, UnfitError
from conventool.pdf.office import Office, kill
from conventool.pdf.tasks import Task

if TYPE_CHECKING:
    from conventool.pdf.pool import Pool

__all__ = ["Calls"]

_START_AGAIN = 81  # LibreOffice's exit status when a new profile asks for it
_STARTS = 3
_POLL = 0.1  # seconds


@dataclass
class _Outcome:
    """What a call left: tasks whose PDF is unfit, tasks without one in order, and whether LibreOffice ended well."""

    unfit: list[Task]
    missing: list[Task]
    clean: bool

    def suspects(self) -> list[Task]:
        """The documents at fault: after a crash those behind the first one missing were not reached."""
        return self.unfit + (self.missing if self.clean else self.missing[:1])

    def unreached(self) -> list[Task]:
        """The documents that LibreOffice did not come to."""
        return [] if self.clean else self.missing[1:]


class Calls:
    """The calls of one worker.

    Args:
        pool: takes what is made.
        folder: the worker's own: LibreOffice's settings, its temporary files and the PDF files of the moment.
    """

    def __init__(self, pool: Pool, folder: Path) -> None:
        self._pool = pool
        self._folder = folder

    def convert(self, batch: list[Task]) -> None:
        """Convert a batch. A document at fault is tried once more alone, then given up; the others go on."""
        renewing = [task for task in batch if task.copy.tables]
        groups = [group for group in (renewing, [task for task in batch if not task.copy.tables]) if group]
        while groups:
            group = groups.pop()
            outcome = self._call(group)
            if self._pool.stopped.is_set():
                return
            suspects, unreached = outcome.suspects(), outcome.unreached()
            empty = len(suspects) + len(unreached) == len(group) and not any(task.is_at_fault for task in group)
            self._pool.count_call(empty=empty, message=self._pool.office.last_message(self._folder))
            for task in suspects:
                if task.retried:
                    self._pool.give_up(task)
                else:
                    task.retried = True
                    groups.append([task])
            if unreached:
                groups.append(unreached)

    def _call(self, group: list[Task]) -> _Outcome:
        """One call, started again as long as LibreOffice asks for that."""
        for _ in range(_STARTS):
            waiting = {f"{task.source.stem}.pdf": task for task in group}
            unfit: list[Task] = []
            status = self._watch(group, waiting, unfit)
            if status != _START_AGAIN:
                break
        if status != 0:
            self._pool.office.reset(self._folder)
        for task in waiting.values():
            task.failure = _reason(status, self._pool.office)
        return _Outcome(unfit, list(waiting.values()), clean=status == 0)

    def _watch(self, group: list[Task], waiting: dict[str, Task], unfit: list[Task]) -> int | None:
        """Run LibreOffice, taking each PDF out of ``waiting`` as it appears; its exit status, None if it hung.

        Args:
            group: tasks all with tables of contents, or all without.
            waiting: the tasks whose PDF is not there yet, by its name.
            unfit: gets the tasks whose PDF is not what was asked.
        """
        office = self._pool.office
        sources, renewing = [task.source for task in group], group[0].copy.tables
        process = office.start(sources, self._folder, self._pool.profile, renewing=renewing)
        made = self._folder / "made"
        last_seen = time.monotonic()
        try:
            while (status := process.poll()) is None and not self._pool.stopped.is_set():
                # the newest one may still be on its way
                if self._take(sorted(made.glob("*.pdf"))[:-1], waiting, unfit):
                    last_seen = time.monotonic()
                if time.monotonic() - last_seen > office.timeout:
                    break
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL)
        finally:
            kill(process)
        self._take(sorted(made.glob("*.pdf")), waiting, unfit)
        return status

    def _take(self, files: Iterable[Path], waiting: dict[str, Task], unfit: list[Task]) -> bool:
        """Hand in the PDF files that LibreOffice made; were there any?"""
        any_there = False
        for file in files:
            any_there = True
            task = waiting.pop(file.name, None)
            if task is None or self._pool.stopped.is_set():
                continue
            try:
                self._pool.made(task, file)
            except UnfitError as error:
                task.failure = f"le PDF produit ne convient pas : {error}"
                task.is_at_fault = isinstance(error, UnfitDocumentError)
                unfit.append(task)
            file.unlink()
        return any_there


def _reason(status: int | None, office: Office) -> str:
    if status is None:
        return f"LibreOffice n’a rien produit en {office.timeout:g} secondes"
    return f"LibreOffice s’est interrompu (code {status})" if status else "LibreOffice n’a rien produit"
