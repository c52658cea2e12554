"""What a batch knows of each row: the documents it became, or why it became none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from heapq import merge
from pathlib import Path, PurePath
from typing import Any, NamedTuple, cast

import orjson

from conventool.core.problems import Place, Problem, Severity, decodable
from conventool.dossier.lines import PlaceLine, ProblemLine
from conventool.files.plan import conflict

__all__ = [
    "Entry",
    "File",
    "Rejected",
    "Tally",
    "as_json",
    "in_order",
    "place_line",
    "problem_line",
    "problem_of",
    "told",
]


class File(NamedTuple):
    """One file of an adherent.

    Attributes:
        copy: key of whose copy it is.
        name: in the output folder.
        sha256: of its bytes, in hexadecimal.
        bytes: its size.
        status: ``created``, ``identical``, ``replaced``, ``conflict`` (another file is in its place), ``failed`` (a PDF
            that LibreOffice could not make); ``planned``.
        source: of a PDF, a checksum of all that it is made of; empty where it is to be made anew in any case.
        told: of a PDF, warnings, as JSON.
    """

    copy: str
    name: str
    sha256: str = ""
    bytes: int = 0
    status: str = "planned"
    source: str = ""
    told: str = "[]"


class Entry(NamedTuple):
    """An adherent that was accepted.

    Attributes:
        rank: of its row in the list, from 1.
        adherent: its name.
        appellation: what it is, with its article.
        code_postal: of its seat.
        place: of its row, as an object of JSON.
        told: warnings and notices, as JSON: they travel far, and few are looked at.
        files: its documents.
        annexes: files that its PDF files end with, by their paths in the data; ``planned`` where there is no PDF.
    """

    rank: int
    adherent: str
    appellation: str
    code_postal: str
    place: PlaceLine
    told: str
    files: tuple[File, ...]
    annexes: tuple[File, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Warnings and notices."""
        return tuple(map(problem_of, orjson.loads(self.told)))

    @property
    def messages(self) -> list[str]:
        """What they say."""
        return [line["message"] for line in orjson.loads(self.told)]

    def conflicts(self, folder: Path) -> list[Problem]:
        """The problems of its documents in whose place there is another file."""
        return [conflict(folder / file.name) for file in self.files if file.status == "conflict"]


class Rejected(NamedTuple):
    """A row that became nothing.

    Attributes:
        rank: of the row in the list, from 1.
        place: of the row.
        problems: all of them, errors among them.
        cells: the row as it was read, by header, to be given back.
    """

    rank: int
    place: Place
    problems: tuple[Problem, ...]
    cells: Mapping[str, str]


def as_json(value: object) -> str:
    """A value as JSON on one line."""
    return orjson.dumps(value).decode()


def told(problems: Iterable[Problem]) -> str:
    """Problems as JSON."""
    return as_json([problem_line(problem) for problem in problems])


def problem_line(problem: Problem) -> ProblemLine:
    """A problem as an object of JSON, without what is empty."""
    line: dict[str, Any] = {
        "severity": problem.severity.value,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "field": problem.field,
        "value": problem.value,
        "place": place_line(problem.place),
    }
    return cast("ProblemLine", {name: value for name, value in line.items() if value})


def problem_of(line: ProblemLine) -> Problem:
    """The problem that such an object tells of."""
    place, severity = Place(**line.get("place", {})), Severity(line["severity"])
    return Problem(
        line["code"], line["message"], line.get("hint"), line.get("field"), line.get("value"), place, severity
    )


def place_line(place: Place) -> PlaceLine:
    """A place as an object of JSON, without what is empty; of the file its name alone, wherever it is today."""
    line: dict[str, Any] = {"file": _bare_name(place.file)} if place.file else {}
    for name in ("sheet", "line", "column", "part", "control", "context"):
        value = getattr(place, name)
        if value is not None:
            line[name] = value
    return cast("PlaceLine", line)


@lru_cache(maxsize=16)  # a list is one file
def _bare_name(file: str) -> str:
    """The name of a file without its folders, as JSON can hold it."""
    return decodable(PurePath(file).name)


class Tally:
    """Problems counted by kind, with the first few of each: all that a screen has room for."""

    EXAMPLES = 3

    def __init__(self) -> None:
        self._groups: dict[tuple[Severity, str], tuple[int, tuple[Problem, ...]]] = {}

    def add(self, problems: Iterable[Problem]) -> None:
        """Count problems."""
        for problem in problems:
            self._count((problem.severity, problem.code), 1, (problem,))

    def add_told(self, told: str) -> None:
        """Count problems told as JSON; of most that is all there is to do."""
        for line in orjson.loads(told):
            kind = Severity(line["severity"]), line["code"]
            _, kept = self._groups.get(kind, (0, ()))
            self._count(kind, 1, (problem_of(line),) if len(kept) < self.EXAMPLES else ())

    def merge(self, other: Tally) -> None:
        """Count what another has counted, after what is counted here."""
        for key, (count, examples) in other._groups.items():
            self._count(key, count, examples)

    def _count(self, key: tuple[Severity, str], count: int, examples: tuple[Problem, ...]) -> None:
        counted, kept = self._groups.get(key, (0, ()))
        if len(kept) < self.EXAMPLES:
            kept = (kept + examples)[: self.EXAMPLES]
        self._groups[key] = counted + count, kept

    def placed(self, placed: Callable[[Problem], Problem]) -> Tally:
        """The same, each example with the place that it is given."""
        tally = Tally()
        for key, (count, examples) in self._groups.items():
            tally._count(key, count, tuple(map(placed, examples)))
        return tally

    def total(self) -> int:
        """How many problems there are."""
        return sum(count for count, _ in self._groups.values())

    def groups(self) -> list[tuple[Severity, str, int, tuple[Problem, ...]]]:
        """Severity, code, how many, the first ones; the gravest and most frequent kinds first."""
        gravity = list(Severity)
        found = [(severity, code, *group) for (severity, code), group in self._groups.items()]
        return sorted(found, key=lambda group: (gravity.index(group[0]), -group[2], group[1]))


def in_order(*lists: Iterable[Entry | Rejected]) -> Iterator[Entry | Rejected]:
    """Rows accepted and rejected, each list in its order, as they stand in the source."""
    return merge(*lists, key=lambda one: one.rank)
