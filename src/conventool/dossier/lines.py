"""What each line of a register says, as JSON holds it, and how a text is checked for saying that and no less.

The checks are asked to be strict: no number is taken for a text, no text for a number.
"""

from __future__ import annotations

from typing import NotRequired

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from conventool.core.problems import Severity

__all__ = ["ADHERENT", "HEAD", "KEY", "REJECTED", "FileLine", "HeadLine", "PlaceLine", "ProblemLine"]


class HeadLine(TypedDict):
    """The beginning of a register; see [written][conventool.dossier.manifest.written]."""

    format: int
    version: str
    workbook: str


class KeyLine(TypedDict):
    """What a line tells of a run besides the [Run][conventool.dossier.manifest.Run] itself."""

    key: str


class PlaceLine(TypedDict, total=False):
    """A [Place][conventool.core.problems.Place], without what is empty."""

    file: str
    sheet: str
    line: int
    column: int | str
    part: str
    control: str
    context: str


class ProblemLine(TypedDict):
    """A [Problem][conventool.core.problems.Problem], without what is empty."""

    severity: Severity
    code: str
    message: str
    hint: NotRequired[str]
    field: NotRequired[str]
    value: NotRequired[str]
    place: NotRequired[PlaceLine]


class FileLine(TypedDict):
    """A [File][conventool.dossier.entries.File]; ``format`` is the suffix of its name."""

    copy: NotRequired[str]
    path: str
    format: NotRequired[str]
    sha256: str
    bytes: int
    source: NotRequired[str]
    warnings: NotRequired[list[ProblemLine]]


class AdherentLine(TypedDict):
    """An [Entry][conventool.dossier.entries.Entry] and the key of its run."""

    run: str
    row: int
    adherent: str
    appellation: str
    code_postal: str
    place: PlaceLine
    documents: list[FileLine]
    annexes: NotRequired[list[FileLine]]
    problems: list[ProblemLine]


class RejectedLine(TypedDict):
    """A [Rejected][conventool.dossier.entries.Rejected], without its cells, and the key of its run."""

    run: str
    row: int
    place: PlaceLine
    problems: list[ProblemLine]


HEAD = TypeAdapter(HeadLine)
KEY = TypeAdapter(KeyLine)
ADHERENT = TypeAdapter(AdherentLine)
REJECTED = TypeAdapter(RejectedLine)
