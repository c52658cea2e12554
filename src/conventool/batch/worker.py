"""The work on rows, a few dozen at a time: by the program itself, or by each of its worker processes."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from conventool.batch.digests import Digests
from conventool.core.problems import Problem, Severity
from conventool.core.row import Row
from conventool.core.workers import chunks
from conventool.documents.fillers import Made, open_maker
from conventool.dossier.entries import Entry, File, Tally, place_line, told
from conventool.files.plan import compare
from conventool.files.writing import Drafts
from conventool.template.bindings import Bound
from conventool.word.template import Mode

__all__ = ["Accepted", "Examined", "Order", "Workshop"]

_PUT_TOGETHER = 100
"""Adherents whose documents are flushed to the disk at a time: some megabytes."""
_FILLED_TOGETHER = 20
"""Adherents whose documents are filled before they are written: as much as the processor has at hand."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a workshop is asked: all that a worker process must be told.

    Attributes:
        template: name or folder of the template, or a bare Word form.
        output: folder of the documents.
        controls: whether filled controls stay controls.
        force: may files that differ be replaced?
        writes: or is it only to be told what would be written?
        today: the day that dates are judged by.
    """

    template: str
    output: Path
    controls: Mode
    force: bool
    writes: bool
    today: date


class Accepted(NamedTuple):
    """A row that can become documents.

    Attributes:
        identities: keys that no other row of the list may have.
        names: of its files.
        place: of the row, in words.
        pickled: its entry and what is bound to it, on their way to the production.
    """

    identities: tuple[str, ...]
    names: tuple[str, ...]
    place: str
    pickled: bytes

    @staticmethod
    def unpickled(pickled: bytes) -> tuple[Entry, Bound]:
        """What is on its way to the production."""
        head, keys, bound, annexes = pickle.loads(pickled)  # noqa: S301 (this program pickled it)
        bound = Bound._make(bound)
        files = tuple(map(File, keys, bound.files))
        return Entry._make((*head, files, tuple(File("", name) for name in annexes))), bound


class Examined(NamedTuple):
    """What became of some rows: for each what was accepted, or its problems; and all problems counted."""

    rows: list[Accepted | tuple[Problem, ...]]
    tally: Tally


class Workshop:
    """A template compiled once, ready for any number of rows.

    Args:
        order: what is asked.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self._maker = open_maker(order.template, order.today)
        self._document = self._maker.document
        self._folder = os.path.join(order.output, "")  # noqa: PTH118 (a Path takes as long to make as to look at)
        self._keys = tuple(self._maker.copies)
        self._digests = Digests()
        self._marks_fit = False

    def examine(self, rows: Sequence[tuple[int, Row]]) -> Examined:
        """Check rows, given with their ranks, as far as the values of every control."""
        tally = Tally()
        found = self._maker.make(rows)
        for (_, row), (made, problems) in zip(rows, found, strict=True):
            problems.extend(self._misfits(made.bound, row) if made else ())
            tally.add(problems)
        outcomes = [self._outcome(rank, row, *one) for (rank, row), one in zip(rows, found, strict=True)]
        return Examined(outcomes, tally)

    def _outcome(
        self, rank: int, row: Row, made: Made | None, problems: Sequence[Problem]
    ) -> Accepted | tuple[Problem, ...]:
        if made is None or any(problem.severity is Severity.ERROR for problem in problems):
            return tuple(problems)
        head = rank, made.nom, made.appellation, made.code_postal, place_line(row.place), told(problems)
        parts = head, self._keys, tuple(made.bound), made.annexes
        pickled = pickle.dumps(parts, pickle.HIGHEST_PROTOCOL)
        return Accepted(made.identities, made.bound.files, str(row.place), pickled)

    def _misfits(self, bound: Bound, row: Row) -> list[Problem]:
        """What the controls will not accept, told of the row; once, though it stands in every copy.

        What tells the copies apart is the same for every row: where it fitted once, one copy stands for all that say
        nothing of their own.
        """
        alike = self._marks_fit and not any(bound.own)
        copies = islice(self._maker.unfold(bound), 1 if alike else None)
        found = [problem for copy in copies for problem in self._document.check(copy.values, self._order.controls)]
        self._marks_fit = not found
        placed = (problem._replace(place=row.place._replace(control=problem.place.control)) for problem in found)
        return list(dict.fromkeys(placed))

    def produce(self, pickled: Sequence[bytes]) -> list[Entry]:
        """Fill the documents of rows that were accepted, and put on disk those that are not there yet.

        While some are on their way to the disk, the next are filled.

        Raises:
            OutputError: the folder cannot be read or written.
        """
        entries: list[Entry] = []
        with ExitStack() as begun, ThreadPoolExecutor(1) as thread:
            putting: Future[None] | None = None
            for some in chunks(pickled, _PUT_TOGETHER):
                drafts = begun.enter_context(Drafts())
                entries += self._drafted(some, drafts)
                if putting:
                    putting.result()
                putting = thread.submit(drafts.put)
            if putting:
                putting.result()
        return entries

    def _drafted(self, pickled: Sequence[bytes], drafts: Drafts) -> Iterator[Entry]:
        """Fill the documents of rows, and write those that are not there yet beside their places."""
        for few in chunks(pickled, _FILLED_TOGETHER):
            new: dict[str, bytes] = {}
            sound = [Accepted.unpickled(one) for one in few]
            filled = [self._filled(bound) for _, bound in sound]
            for (entry, _), copies in zip(sound, filled, strict=True):
                yield entry._replace(files=tuple(self._files(entry, copies, new)))
            if self._order.writes:
                for path, data in new.items():
                    drafts.add(path, data)

    def _filled(self, bound: Bound) -> list[bytes]:
        return [self._document.fill(copy.values, self._order.controls) for copy in self._maker.unfold(bound)]

    def _files(self, entry: Entry, copies: Sequence[bytes], new: dict[str, bytes]) -> Iterator[File]:
        for file, data, digest in zip(entry.files, copies, self._digests(copies), strict=True):
            path = self._folder + file.name
            action = compare(path, data, force=self._order.force)
            if action.writes:
                new[path] = data
            status = "planned" if action.writes and not self._order.writes else action.value
            yield File(file.copy, file.name, digest, len(data), status)
