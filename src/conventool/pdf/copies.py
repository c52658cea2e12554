"""The copies of one document: the first is converted, the PDF of the others is made of its PDF.

Documents belong together where their print copies differ in nothing but headers and footers. For each pair of marks
the first document that needs it is converted as well, and teaches how the one mark becomes the other, unless its own
first copy changed so does not look and read the same. Of those that come afterwards, the first and then every fortieth
are converted all the same and compared, pixel for pixel and as text. A difference ends this way for the rest of the
run, and what was made by it is made again by LibreOffice.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

from conventool.core.errors import TemplateError
from conventool.core.problems import Place, Problem, Severity
from conventool.pdf.check import UnfitError
from conventool.pdf.jobs import Job, Result
from conventool.pdf.mark import MarkChange, learn, rewrite, same_pictures, same_texts
from conventool.pdf.tasks import Preparation, Task

if TYPE_CHECKING:
    from conventool.pdf.pool import Pool

__all__ = ["Copies"]

_SAMPLED, _FIRST_SAMPLE = 40, 2
"""One in so many is converted all the same, from the first behind the teacher on."""
_IN_VAIN = 50
"""After so many teachers of whom no copy profited the marks are held to be each adherent's own."""
_REMEMBERED = 256
"""So many documents are remembered, the newest, in case another copy of theirs comes."""


@dataclass(eq=False)
class _Family:
    """The copies of one document.

    Attributes:
        first: the copy that is converted.
        pdf: what LibreOffice made of it, once it is there.
        failed: whether LibreOffice makes none.
        waiting: copies whose PDF will be made of that one.
        converted: teachers that LibreOffice converted before the first, with their PDF.
    """

    first: Task
    pdf: bytes | None = None
    failed: bool = False
    waiting: list[Task] = field(default_factory=list)
    converted: list[tuple[Task, bytes]] = field(default_factory=list)


@dataclass(eq=False)
class _Pair:
    """Two marks, and what is known of turning the one into the other.

    Attributes:
        teacher: the copy that is converted to learn it.
        learned: whether that is over.
        change: what was learned; None if it cannot be done.
        copies: how many have come, the teacher and the samples included.
        waiting: copies that wait for the teacher.
    """

    teacher: Task | None = None
    learned: bool = False
    change: MarkChange | None = None
    copies: int = 0
    waiting: list[Task] = field(default_factory=list)


class Copies:
    """Decides of each task whether LibreOffice converts it, and makes the PDF of those that it does not.

    Args:
        pool: converts, puts in place, and is told the results.
        preparation: makes the tasks of those that are made again.
    """

    def __init__(self, pool: Pool, preparation: Preparation) -> None:
        self._pool = pool
        self._preparation = preparation
        self._lock = threading.RLock()
        self._families: OrderedDict[bytes, _Family] = OrderedDict()
        self._pairs: dict[tuple[bytes, bytes], _Pair] = {}
        self._members: dict[Task, tuple[_Family, _Pair]] = {}
        self._rewritten: list[Job] = []
        self._unused = 0  # teachers since the last copy that profited
        self._ended = False

    def admit(self, task: Task) -> bool:
        """Take a new task in; must LibreOffice convert it?"""
        with self._lock:
            if self._ended:
                return True
            family = self._families.get(task.copy.body)
            if family is None:
                family = self._families[task.copy.body] = _Family(task)
                if len(self._families) > _REMEMBERED:
                    self._families.popitem(last=False)
            if task is not family.first and task.copy.margins == family.first.copy.margins:
                return True  # the same document once more
            marks = family.first.copy.margins, task.copy.margins
            if marks not in self._pairs and self._unused >= _IN_VAIN:
                return True
            pair = self._pairs.setdefault(marks, _Pair())
            self._members[task] = family, pair
            if task is family.first:
                return True
            pair.copies += 1
            return pair.copies % _SAMPLED == _FIRST_SAMPLE or not self._place(task)

    def made(self, task: Task, file: Path) -> bool:
        """LibreOffice made the PDF of a task; is its result told here, now or later?

        Raises:
            UnfitError: the PDF is not what was asked.
            OutputError: it cannot be put in place.
        """
        with self._lock:
            if self._ended or task not in self._members:
                return False
            family, _ = self._members[task]
            pdf = file.read_bytes()
            if task is family.first:
                self._pool.finish(task, pdf)
                family.pdf = pdf
                del self._members[task]
                self._first_known(family)
            elif family.pdf is None and not family.failed:
                family.converted.append((task, pdf))
            else:
                self._compare(task, pdf)
            return True

    def failed(self, task: Task) -> None:
        """LibreOffice makes no PDF of a task: what waited for it goes another way."""
        with self._lock:
            if self._ended or task not in self._members:
                return
            family, pair = self._members.pop(task)
            if task is family.first:
                family.failed = True
                self._first_known(family)
            elif pair.teacher is task and not pair.learned:
                pair.teacher = None
                self._place_all(pair.waiting)

    def _place(self, task: Task) -> bool:
        """Make the PDF of a copy, or have it wait for what it is made of; False if LibreOffice must convert it."""
        family, pair = self._members[task]
        if family.failed or (pair.learned and pair.change is None):
            return False
        if pair.teacher is None:
            pair.teacher = task
            self._unused += 1
            return False
        if not pair.learned:
            pair.waiting.append(task)
            return True
        if family.pdf is None:
            family.waiting.append(task)
            return True
        return self._make(task)

    def _place_all(self, waiting: list[Task]) -> None:
        tasks, waiting[:] = list(waiting), []
        self._pool.put([task for task in tasks if not self._place(task)])

    def _first_known(self, family: _Family) -> None:
        """The first copy is converted, or never will be: the others can go on."""
        self._tell_converted(family)
        waiting, family.waiting = family.waiting, []
        self._pool.put([task for task in waiting if not self._make(task)])

    def _tell_converted(self, family: _Family) -> None:
        while family.converted:
            task, pdf = family.converted.pop(0)
            try:
                self._compare(task, pdf)
            except UnfitError as error:
                task.failure = f"le PDF produit ne convient pas : {error}"
                self._pool.tell_failure(task)

    def _make(self, task: Task) -> bool:
        """Make the PDF of a copy of that of the first; False if that cannot be done."""
        family, pair = self._members[task]
        if family.pdf is None or pair.change is None or not self._pool.rewrite(task, family.pdf, pair.change):
            return False
        if task is not pair.teacher:
            self._unused = 0
        self._note(task)
        return True

    def _compare(self, task: Task, pdf: bytes) -> None:
        """Tell the result of a copy that was converted; learn by it, or see that this way is still right.

        The PDF put in place is made of the first copy's all the same, so that two runs give the same bytes.
        """
        family, pair = self._members[task]
        if pair.teacher is task and not pair.learned:
            self._learn(task, pdf)
            same = None if pair.change is None else True
        else:
            same = None if self._ended else _same(family.pdf, pair.change, pdf)
            if same is None:  # it could not be made so: the next is compared in its place
                pair.copies = _FIRST_SAMPLE - 1
        if not (same and self._make(task)):
            self._pool.finish(task, pdf, *([_difference(task.job)] if same is False else []))
            del self._members[task]
        if same is False:
            self._end()

    def _learn(self, task: Task, pdf: bytes) -> None:
        """Learn by a copy that was converted; those that waited for it go on, with another teacher if need be."""
        family, pair = self._members[task]
        if family.pdf is None:
            pair.teacher = None
        else:
            pair.change, pair.learned = _learned(family.pdf, pdf), True
        self._place_all(pair.waiting)

    def _note(self, task: Task) -> None:
        del self._members[task]
        task.source.unlink(missing_ok=True)
        self._rewritten.append(task.job)

    def _end(self) -> None:
        """Go this way no more: what waits is converted, what was made of another PDF is made again."""
        self._ended = True
        families = {family: None for family, _ in self._members.values()}
        lists = [*(family.waiting for family in families), *(pair.waiting for pair in self._pairs.values())]
        self._pool.put([task for waiting in lists for task in waiting])
        for waiting in lists:
            waiting.clear()
        for family in families:
            self._tell_converted(family)
        jobs, self._rewritten = self._rewritten, []
        self._pool.expect(len(jobs))
        for job in jobs:
            try:
                task = self._preparation.task(job)
            except TemplateError as error:
                self._pool.tell(Result(job, error.problems, again=True))
            else:
                task.again = True
                self._pool.put([task])


def _learned(first: bytes, other: bytes) -> MarkChange | None:
    """What turns the one into the other; None where that cannot be told, or would make another PDF."""
    with pikepdf.open(BytesIO(first)) as one, pikepdf.open(BytesIO(other)) as two:
        change = learn(one, two)
    return None if _same(first, change, other) is False else change


def _same(first: bytes | None, change: MarkChange | None, converted: bytes) -> bool | None:
    """Whether the first copy's PDF with another mark looks and reads as the converted copy; None if it has none."""
    made = _rewritten(first, change)
    return None if made is None else same_pictures(made, converted) and same_texts(made, converted)


def _rewritten(first: bytes | None, change: MarkChange | None) -> bytes | None:
    """The first copy's PDF with another mark; None if it cannot have it."""
    if first is None or change is None:
        return None
    with pikepdf.open(BytesIO(first)) as pdf:
        if not rewrite(pdf, change):
            return None
        out = BytesIO()
        pdf.save(out, compress_streams=False, fix_metadata_version=False)
    return out.getvalue()


def _difference(job: Job) -> Problem:
    message = (
        "Tiré de celui d’un autre exemplaire, ce PDF n’aurait pas été le même : "
        "les PDF faits ainsi sont refaits par LibreOffice."
    )
    return Problem("copies-converted", message, place=Place(file=job.name), severity=Severity.WARNING)
