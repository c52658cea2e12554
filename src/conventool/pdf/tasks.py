"""A document on its way through LibreOffice: read, copied for printing, and written where LibreOffice reads it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from conventool.core.errors import OutputError, TemplateError, reason
from conventool.core.problems import Place, Problem
from conventool.files.reading import open_file
from conventool.pdf.jobs import Job
from conventool.word.print_copy import Copier, PrintCopy

__all__ = ["Preparation", "Task"]


@dataclass(slots=True, eq=False)
class Task:
    """A document on its way.

    Attributes:
        job: what was asked.
        copy: what LibreOffice gets.
        source: the file that LibreOffice reads.
        retried: whether it failed once already.
        failure: why it failed, in French.
        is_at_fault: whether LibreOffice did its work, and the document cannot become what was asked.
        again: whether its PDF is in place already and is made anew.
    """

    job: Job
    copy: PrintCopy
    source: Path
    retried: bool = False
    failure: str = ""
    is_at_fault: bool = False
    again: bool = False


@dataclass(slots=True)
class Preparation:
    """Makes tasks of jobs.

    Attributes:
        folder: where the copies for LibreOffice are written.
    """

    folder: Path
    _copier: Copier = field(default_factory=Copier)
    _numbers: Iterator[int] = field(default_factory=count)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def task(self, job: Job) -> Task:
        """Read a job's document and make its print copy.

        Raises:
            TemplateError: it is no sound Word document, or cannot be read.
        """
        data = job.document if isinstance(job.document, bytes) else _read(job.document)
        with self._lock:
            return Task(job, self._copier.copy(data, job.name), self.folder / f"{next(self._numbers):08}.docx")

    @staticmethod
    def write(task: Task) -> None:
        """Write a task's print copy where LibreOffice will read it.

        Raises:
            OutputError: the temporary folder is full.
        """
        try:
            task.source.write_bytes(task.copy.data)
        except OSError as error:
            message = f"La copie à convertir ne peut pas être écrite : {reason(error)}."
            hint = "Libérez de la place dans le dossier temporaire, ou désignez-en un autre par la variable TMPDIR."
            place = Place(file=str(task.source.parent))
            raise OutputError(Problem("unwritable", message, hint, place=place)) from error


def _read(path: Path) -> bytes:
    try:
        with open_file(path) as file:
            return file.read()
    except OSError as error:
        message, place = f"Le document ne peut pas être lu : {reason(error)}.", Place(file=str(path))
        raise TemplateError(Problem("unreadable", message, "Vérifiez le chemin.", place=place)) from error
