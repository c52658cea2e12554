"""What a run did: as long as its list, and read from the dossier each time it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from conventool.core.errors import ExitCode
from conventool.core.report import DocumentDone, Report, document_as_json, problem_as_json
from conventool.core.row import RowSource
from conventool.dossier.database import NAME, refusing
from conventool.dossier.run_view import RunView, Tally

__all__ = ["BatchReport", "Lazy", "report_of"]

T = TypeVar("T")


class Lazy(Collection[T], Generic[T]):
    """Items that are made when they are read, as often as that is.

    Args:
        length: how many there are.
        begin: begins to make them.
    """

    def __init__(self, length: int, begin: Callable[[], Iterable[T]]) -> None:
        self._length = length
        self._begin = begin

    def __len__(self) -> int:
        """How many there are."""
        return self._length

    def __iter__(self) -> Iterator[T]:
        """The items, from the first."""
        return iter(self._begin())

    def __contains__(self, item: object) -> bool:
        """Whether an item is among them."""
        return any(item == other for other in self)


@dataclass(eq=False, repr=False)
class BatchReport(Report):
    """What a run did.

    Attributes:
        tally: its problems counted by kind.
        source: what the list was taken for.
        recognised: the field that each known column holds, by header.
        folder: of the documents.
    """

    shape = "list"

    tally: Tally = field(default_factory=Tally)
    source: str = ""
    recognised: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None

    def json_pieces(self) -> Iterator[str]:
        """The one object that ``--json`` prints, piece by piece, a document or a problem on each line."""
        yield json.dumps(self.json_head(), indent=2).removesuffix("\n}")
        yield ',\n  "documents": ['
        yield from _listed(map(document_as_json, self.documents))
        yield '],\n  "problems": ['
        yield from _listed(map(problem_as_json, self.problems))
        yield "]\n}\n"


def _listed(items: Iterable[dict[str, object]]) -> Iterator[str]:
    before = "\n    "
    for item in items:
        yield f"{before}{json.dumps(item)}"
        before = ",\n    "


def _read(path: Path, items: Iterable[T]) -> Iterator[T]:
    """Read items from the dossier; a disk that fails meanwhile is told as it is everywhere."""
    with refusing(path):
        yield from items


def report_of(
    command: str, view: RunView, rows: RowSource, folder: Path, files: Mapping[str, Path | None], *, again: bool = False
) -> BatchReport:
    """Tell what a run did.

    Args:
        command: its name.
        view: of the run.
        rows: its source.
        folder: of the documents.
        files: what was written besides.
        again: was it done before, and nothing was to be done now?
    """
    statuses, tally = view.statuses(), view.tally()
    if again:
        statuses = type(statuses)(identical=statuses.total())
    path = files.get("dossier") or folder / NAME
    conflicts, failed, rejected = statuses["conflict"], statuses["failed"], view.rejected
    documents = statuses.total() - failed - conflicts
    summary: dict[str, Any] = {
        "adherents": view.accepted + rejected,
        "accepted": view.accepted,
        "rejected": rejected,
        "documents": documents,
        **{status: statuses[status] for status in ("created", "identical", "replaced")},
        **({"conflicts": conflicts} if conflicts else {}),
        **({"failed": failed} if failed else {}),
    }
    return BatchReport(
        command,
        summary,
        Lazy(documents, lambda: _read(path, _documents(view, folder, again=again))),
        Lazy(tally.total(), lambda: _read(path, view.problems())),
        exit_code=_exit_code(failed=failed, conflicts=conflicts, rejected=rejected),
        files=files,
        tally=tally,
        source=rows.described,
        recognised=rows.recognised,
        folder=folder if documents or conflicts else None,
    )


def _documents(view: RunView, folder: Path, *, again: bool) -> Iterator[DocumentDone]:
    for document in view.documents(folder):
        yield document._replace(status="identical") if again else document


def _exit_code(*, failed: int, conflicts: int, rejected: int) -> ExitCode:
    if failed:
        return ExitCode.OUTSIDE_PROGRAM
    if conflicts:
        return ExitCode.UNWRITABLE
    return ExitCode.PROBLEMS if rejected else ExitCode.DONE
