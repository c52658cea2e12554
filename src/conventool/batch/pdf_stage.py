"""The PDF files of a list: LibreOffice works while the next documents are filled, and does nothing twice.

What a PDF was made of is registered with it. While a run goes on a journal in the folder tells it, so that a run that
was stopped goes on from there; at the end the manifest does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO

import orjson

from conventool.batch.found import BatchOptions
from conventool.core.problems import Place, Problem
from conventool.documents.pdf_files import Paper, Printer, Sheet, ToPrint, annexes_in, annexes_of
from conventool.dossier.entries import Entry, File, as_json, problem_of, told
from conventool.dossier.manifest import Manifest, is_unchanged
from conventool.files.plan import DIFFERS
from conventool.files.writing import appending, remove
from conventool.pdf.jobs import Annex
from conventool.template.folder import TemplateFolder

__all__ = ["Press"]

_JOURNAL = ".conventool-pdf.jsonl"

Done = Callable[[Entry, tuple[Problem, ...]], None]


@dataclass(slots=True)
class _Pending:
    """An adherent some of whose PDF files are under way."""

    entry: Entry
    annexes: tuple[Annex, ...]
    under_way: int = 0
    papers: dict[str, File] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Press:
    """Takes adherents whose documents are written, and gives them back with their PDF files.

    Args:
        template: names the annexes, where there is one.
        options: what is asked.
        paper: what PDF files are asked for.
        earlier: the folder's register.
        home: the folder where the paths of the data's annexes begin.

    Raises:
        ProgramError: LibreOffice is missing, does not answer, or is too old.

    Attributes:
        problems: annexes of the template that are absent.
        doubtful: is there a PDF that would come out another way without any of its files changing?
        documents: the folder where the Word documents are to be written.
    """

    def __init__(
        self, template: TemplateFolder | None, options: BatchOptions, paper: Paper, earlier: Manifest | None, home: Path
    ) -> None:
        annexes, self.problems = annexes_of(template)
        self.doubtful = bool(self.problems)
        self._printer = (
            None if options.dry_run else Printer(paper.profile, annexes, force=options.force, jobs=paper.jobs)
        )
        self._only = paper.only
        self._home = home
        self._folder = options.output
        self._journal = options.output / _JOURNAL
        self._known = {file.name: file for file in (*_registered(earlier), *_noted(self._journal))}
        self._pending: deque[_Pending] = deque()
        self._held = ExitStack()
        self.documents = options.output
        if paper.only:
            aside = TemporaryDirectory(prefix="conventool-", ignore_cleanup_errors=True)
            self.documents = Path(self._held.enter_context(aside))

    def __enter__(self) -> Press:
        """Take it to work."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Clear away the documents that nobody asked to keep."""
        self._held.close()

    def print(self, entries: Iterable[Entry], done: Done) -> None:
        """Make the PDF files of adherents, as these come.

        Args:
            entries: the adherents; their documents are written.
            done: told each adherent with its PDF files and what is to be said of them, in the order of the list.

        Raises:
            ProgramError: LibreOffice fails whatever it is given.
            OutputError: a PDF cannot be put in place.
        """
        if self._printer is None:
            for entry in entries:
                done(self._planned(entry), ())
            return
        with appending(self._journal) as journal, closing(self._printer.print(self._wanted(entries, done))) as made:
            for (pending, file), sheet in made:
                self._take(pending, file, sheet, journal)
                self._release(done)
            self._release(done)

    def forget(self) -> None:
        """The manifest tells now what the journal told."""
        remove(self._journal)

    def _planned(self, entry: Entry) -> Entry:
        papers = tuple(File(file.copy, _paper_name(file)) for file in entry.files if file.status != "conflict")
        return entry._replace(files=papers if self._only else (*entry.files, *papers))

    def _wanted(self, entries: Iterable[Entry], done: Done) -> Iterator[ToPrint[tuple[_Pending, File]]]:
        """What is to be made; what is there already is not."""
        for entry in entries:
            pending = _Pending(entry, annexes_in(self._home, (annex.name for annex in entry.annexes)))
            # a document that could not be written is another one's: no PDF is made of that
            for file in (file for file in entry.files if file.status != "conflict"):
                there = self._still_there(pending, file)
                if there:
                    pending.papers[file.copy] = there
            missing = [file for file in entry.files if file.status != "conflict" and file.copy not in pending.papers]
            pending.under_way = len(missing)
            self._pending.append(pending)
            for file in missing:
                path = self._folder / _paper_name(file)
                yield ToPrint((pending, file), self.documents / file.name, path, path.name, pending.annexes)
            self._release(done)

    def _still_there(self, pending: _Pending, file: File) -> File | None:
        """The PDF of a document, if it was made of the same and nobody changed it since."""
        assert self._printer
        known = self._known.get(_paper_name(file))
        if (
            known
            and known.source == self._printer.source(file.sha256, pending.annexes)
            and is_unchanged(self._folder, known)
        ):
            self._drop(file)
            place = Place(**pending.entry.place)
            for problem in map(problem_of, orjson.loads(known.told)):
                pending.problems.append(problem._replace(place=place._replace(context=problem.place.context)))
            return known._replace(copy=file.copy, status="identical")
        return None

    def _take(self, pending: _Pending, file: File, sheet: Sheet, journal: IO[str]) -> None:
        """Note what became of a PDF; one that lacked a font, which may be there the next time, is made again then."""
        assert self._printer
        place = Place(**pending.entry.place)
        problems = [
            one._replace(place=place._replace(context=Path(one.place.file or "").name)) for one in sheet.problems
        ]
        settled = sheet.there and all(one.code != "font-missing" for one in problems)
        source = self._printer.source(file.sha256, pending.annexes) if settled else ""
        made = File(file.copy, sheet.path.name, sheet.sha256, sheet.bytes, sheet.status, source, told(problems))
        pending.papers[file.copy] = made
        pending.problems += problems
        self.doubtful |= not settled
        pending.under_way -= 1
        self._drop(file)
        if source:
            line = {"path": made.name, "sha256": made.sha256, "bytes": made.bytes, "source": source, "told": made.told}
            journal.write(f"{as_json(line)}\n")
            journal.flush()

    def _drop(self, file: File) -> None:
        if self._only:
            remove(self.documents / file.name)

    def _release(self, done: Done) -> None:
        """Tell the adherents at the head that have all their PDF files."""
        while self._pending and not self._pending[0].under_way:
            pending = self._pending.popleft()
            entry = pending.entry
            papers = tuple(pending.papers[file.copy] for file in entry.files if file.copy in pending.papers)
            # the copies have their annexes in common; of a file that differs the entry tells by its status
            problems = tuple(dict.fromkeys(one for one in pending.problems if one.code != DIFFERS))
            entry = entry._replace(
                files=papers if self._only else (*entry.files, *papers),
                told=told([*entry.problems, *problems]),
                annexes=tuple(map(self._as_it_is, entry.annexes)),
            )
            done(entry, problems)

    def _as_it_is(self, annex: File) -> File:
        """An annex with what tells whether it is the same the next time; an absent one is not."""
        assert self._printer
        path = self._home / annex.name
        try:
            return annex._replace(sha256=self._printer.digest(path), bytes=path.stat().st_size, status="identical")
        except OSError:
            return annex._replace(status="failed")


def _paper_name(file: File) -> str:
    return f"{Path(file.name).stem}.pdf"


def _registered(earlier: Manifest | None) -> Iterator[File]:
    for _, entry in earlier.entries() if earlier else ():
        yield from (file for file in entry.files if file.source)


def _noted(journal: Path) -> Iterator[File]:
    """What a run noted that was stopped; its last line may be torn."""
    with suppress(FileNotFoundError), journal.open(encoding="utf-8", errors="replace") as lines:
        for text in lines:
            with suppress(ValueError, TypeError, KeyError):
                line = orjson.loads(text)
                yield File("", line["path"], line["sha256"], line["bytes"], "identical", line["source"], line["told"])
