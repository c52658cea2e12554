"""The work on rows that processes can share: check them, fill their documents, write these beside their places.

Whether a row is accepted is known only where all rows are known; so the documents are put in place there.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from conventool.batch.options import RunOptions
from conventool.core.problems import Place, Problem, Severity
from conventool.core.workers import chunks
from conventool.documents.fillers import Filler, Made, NumberedRow, Outcome, open_filler
from conventool.dossier.records import Facts, Piece
from conventool.files.plan import Action, compare
from conventool.files.writing import Drafts

__all__ = ["Checked", "Filled", "NumberedRow", "Order", "Recorded", "Worker"]

_FILLED_TOGETHER = 20
"""Adherents whose documents are filled before they are compared and written: as many as the processor's cache holds."""
_FILLED_BYTES = 16 << 20
"""Of documents that are held in memory together: of a form with large pictures, those of fewer adherents."""


class Order(NamedTuple):
    """What a worker is asked: all that another process must be told.

    Attributes:
        options: what is asked of the run.
        output: folder of the documents, which may be put aside until their PDF files are made.
        today: the day that dates are judged by.
    """

    options: RunOptions
    output: Path
    today: date


class Checked(NamedTuple):
    """What a row turned out to be.

    Attributes:
        problems: all of them; if one is an error the row becomes nothing.
        facts: of its adherent; None if the row becomes nothing.
        pieces: its documents, as far as they are made.
        annexes: files that its PDF files end with.
        drafts: the documents that are written beside their places.
    """

    problems: tuple[Problem, ...]
    facts: Facts | None = None
    pieces: tuple[Piece, ...] = ()
    annexes: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()


class Filled(NamedTuple):
    """Some rows, and their documents beside their places."""

    rows: list[Checked]
    drafts: Drafts


class Recorded(NamedTuple):
    """An adherent whose documents are in place and in the dossier.

    Attributes:
        adherent: its number in the dossier.
        rank: of its row in the source.
        place: of its row.
        pieces: its documents.
        annexes: files that its PDF files end with, as its data name them.
    """

    adherent: int
    rank: int
    place: Place
    pieces: tuple[Piece, ...]
    annexes: tuple[str, ...]


class Worker:
    """A template compiled once, ready for any number of rows.

    Args:
        order: what is asked.
        filler: of the template, where it is open already.

    Raises:
        TemplateError: the template is missing, or is not sound.
    """

    def __init__(self, order: Order, filler: Filler | None = None) -> None:
        self._order = order
        self._folder = os.path.join(order.output, "")  # noqa: PTH118 (to make a Path for each file takes longer)
        options = order.options
        self._filler = filler or open_filler(
            options.template, order.today, options.controls,
            alone=options.alone, name=options.name, pieces=options.pieces,
        )  # fmt: skip
        bytes_of_one = sum(map(os.path.getsize, self._filler.parts)) * len(self._filler.copies)
        self._together = max(1, min(_FILLED_TOGETHER, _FILLED_BYTES // max(1, bytes_of_one)))

    def check(self, rows: Sequence[NumberedRow]) -> list[Checked]:
        """Check rows as far as the values of every control; nothing is filled."""
        return [self._checked(made, problems) for made, problems in self._made(rows)]

    def fill(self, rows: Sequence[NumberedRow]) -> Filled:
        """Check rows, fill the documents of those that are sound, and write beside their places those that are new.

        Raises:
            OutputError: the folder cannot be read or written.
        """
        with ExitStack() as undone:
            drafts = undone.enter_context(Drafts())
            checked: list[Checked] = []
            for some in chunks(self._made(rows), self._together):
                documents = [[document.fill() for document in one.documents] if one else () for one, _ in some]
                for (one, problems), copies in zip(some, documents, strict=True):
                    checked.append(self._written(one, copies, problems, drafts) if one else Checked(tuple(problems)))
            drafts.close()
            undone.pop_all()  # whoever receives the drafts puts them in place
        return Filled(checked, drafts)

    def _made(self, rows: Sequence[NumberedRow]) -> list[Outcome]:
        """What each row becomes: None if any problem is an error; and all its problems."""
        found: list[Outcome] = []
        for made, problems in self._filler.make(rows):
            wrong = any(problem.severity is Severity.ERROR for problem in problems)
            assert made or wrong, "a row is never rejected without an error"
            found.append((None if wrong else made, problems))
        return found

    def _checked(self, made: Made | None, problems: Sequence[Problem]) -> Checked:
        if made is None:
            return Checked(tuple(problems))
        pieces = tuple(Piece(one.cle, one.fichier, position=rank) for rank, one in enumerate(made.documents))
        return Checked(tuple(problems), made.facts, pieces, made.annexes)

    def _written(self, made: Made, documents: Sequence[bytes], problems: Sequence[Problem], drafts: Drafts) -> Checked:
        """The row with its documents as they will be known; those that are new are written beside their places."""
        pieces, written = [], []
        for rank, (one, data) in enumerate(zip(made.documents, documents, strict=True)):
            path = self._folder + one.fichier
            action = compare(path, data, force=self._order.options.force)
            status = action.value
            if action.writes and not self._order.options.dry_run:
                written.append(drafts.add(path, data, new=action is Action.CREATE))
            elif action.writes:
                status = "planned"
            digest = "" if action is Action.CONFLICT else sha256(data).hexdigest()
            pieces.append(Piece(one.cle, one.fichier, digest, len(data), status, position=rank))
        return Checked(tuple(problems), made.facts, tuple(pieces), made.annexes, tuple(written))
