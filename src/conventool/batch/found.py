"""What a batch is asked, what its rows turn out to be, and what is reported of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from conventool.batch.report import BatchReport, Lazy
from conventool.batch.seen import Seen
from conventool.batch.spool import Spool
from conventool.batch.worker import Accepted
from conventool.core.errors import ExitCode
from conventool.core.problems import Problem, decodable
from conventool.core.report import DocumentDone
from conventool.core.row import RowSource
from conventool.documents.pdf_files import Paper
from conventool.dossier.entries import Entry, Rejected, Tally, in_order
from conventool.files.plan import DIFFERS
from conventool.word.template import Mode

__all__ = ["NOBODY", "BatchOptions", "Found", "Outcome", "Unwatched", "Watch"]


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What ``batch`` is asked.

    Attributes:
        template: name or folder of the template.
        output: folder of the result.
        controls: whether filled controls stay controls.
        force: may documents that differ be replaced?
        dry_run: tell, and write nothing.
        strict: write nothing if a row is rejected.
        jobs: how many processes; 0 for one on each core.
        rejects: the file of rejects, if not in the output folder.
        sheet: of a workbook.
        columns: a file that says which header means which field.
        fixed: by field, the value of every row.
        visible_only: whether rows that a sheet does not show are left out.
        paper: what PDF files are wanted besides, or instead.
    """

    template: str
    output: Path
    controls: Mode = "keep"
    force: bool = False
    dry_run: bool = False
    strict: bool = False
    jobs: int = 1
    rejects: Path | None = None
    sheet: str | None = None
    columns: Path | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)
    visible_only: bool = False
    paper: Paper | None = None


class Watch(Protocol):
    """Who looks on while it goes."""

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins, of so many adherents if that is known."""

    def step(self, number: int, /) -> None:
        """So many more are done."""


class Unwatched:
    """Nobody looks on."""

    def begin(self, stage: str, total: int | None) -> None:
        """Nothing to show."""

    def step(self, number: int, /) -> None:
        """Nothing to show."""


NOBODY = Unwatched()


@dataclass
class Found:
    """What the rows of a list turned out to be, and what became of them.

    Attributes:
        rows: the list.
        accepted: what is to be produced: an entry with its values, pickled.
        rejected: what is not.
        entries: what was produced.
        seen: whom and which file names the list holds.
        tally: every problem, counted.
        statuses: the documents produced, counted.
        problems: what concerns the whole list.
        doubtful: is there a PDF that may come out another way? The same command then makes it again.
    """

    rows: RowSource
    accepted: Spool[bytes] = field(default_factory=Spool)
    rejected: Spool[Rejected] = field(default_factory=Spool)
    entries: Spool[Entry] = field(default_factory=Spool)
    seen: Seen = field(default_factory=Seen)
    tally: Tally = field(default_factory=Tally)
    statuses: Counter[str] = field(default_factory=Counter)
    problems: Sequence[Problem] = ()
    doubtful: bool = False

    def add(self, entry: Entry, folder: Path) -> None:
        """Note what was produced."""
        self.entries.append(entry)
        for file in entry.files:
            self.statuses[file.status] += 1
        self.tally.add(entry.conflicts(folder))

    def outcome(self) -> Outcome:
        """All that is to be reported."""
        planned = Lazy(len(self.accepted), lambda: (Accepted.unpickled(one)[0] for one in self.accepted))
        return Outcome(self.rows, self.entries or planned, self.rejected, self.tally, self.statuses, self.problems)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a list, now or in an earlier run.

    Attributes:
        rows: the list.
        entries: what was accepted.
        rejected: what was not.
        tally: every problem, counted.
        statuses: the documents, counted.
        problems: what concerns the whole list.
    """

    rows: RowSource
    entries: Collection[Entry]
    rejected: Collection[Rejected]
    tally: Tally
    statuses: Counter[str]
    problems: Sequence[Problem] = ()

    def report(self, command: str, folder: Path, files: Mapping[str, Path]) -> BatchReport:
        """Tell of it.

        Args:
            command: its name.
            folder: of the documents.
            files: what else was written, by what it is.
        """
        conflicts, failed = self.statuses["conflict"], self.statuses["failed"]
        documents = self.statuses.total() - failed
        summary = {
            "adherents": len(self.entries) + len(self.rejected),
            "accepted": len(self.entries),
            "rejected": len(self.rejected),
            "documents": documents - conflicts,
            **{status: self.statuses[status] for status in ("created", "identical", "replaced")},
            **({"conflicts": conflicts} if conflicts else {}),
            **({"failed": failed} if failed else {}),
        }
        return BatchReport(
            command,
            summary,
            Lazy(documents, lambda: self._documents(folder)),
            Lazy(self.tally.total(), lambda: self._problems(folder)),
            exit_code=self._exit_code(),
            tally=self.tally.placed(self._placed),
            source=self.rows.described,
            recognised=self.rows.recognised,
            folder=folder if documents else None,
            files=files,
        )

    def _exit_code(self) -> ExitCode:
        if self.statuses["failed"]:
            return ExitCode.OUTSIDE_PROGRAM
        if self.statuses["conflict"]:
            return ExitCode.UNWRITABLE
        return ExitCode.PROBLEMS if self.rejected else ExitCode.DONE

    def _documents(self, folder: Path) -> Iterator[DocumentDone]:
        for entry in self.entries:
            for file in entry.files:
                path = folder / file.name
                if file.sha256 or (file.status == "planned" and path.suffix == ".pdf"):
                    yield DocumentDone(
                        entry.adherent, file.copy, path, path.suffix[1:], file.status, file.sha256, file.bytes
                    )

    def _problems(self, folder: Path) -> Iterator[Problem]:
        yield from (*self.rows.problems, *self.problems)
        for one in in_order(self.entries, self.rejected):
            yield from map(self._placed, one.problems)
            if isinstance(one, Entry):
                yield from one.conflicts(folder)

    def _placed(self, problem: Problem) -> Problem:
        """A problem of the list, whose place names the file as the user did."""
        source, name = Path(self.rows.file), problem.place.file
        if not name or name == self.rows.file or problem.code == DIFFERS:
            return problem
        file = source if decodable(source.name) == name else source / Path(name).name
        return problem._replace(place=problem.place._replace(file=str(file)))
