"""What a batch did: as long as the list, and read from where it lies each time it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from conventool.core.report import Report, document_as_json, problem_as_json
from conventool.dossier.entries import Tally

__all__ = ["BatchReport", "Lazy"]

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


@dataclass
class BatchReport(Report):
    """What a batch did.

    Attributes:
        tally: its problems counted by kind.
        source: what the list was taken for.
        recognised: the field that each known column holds, by header.
        folder: of the documents.
        files: what else was written, by what it is.
    """

    shape = "list"

    tally: Tally = field(default_factory=Tally)
    source: str = ""
    recognised: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    files: Mapping[str, Path] = field(default_factory=dict)

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
