"""What each line of a register says, as JSON holds it, and how a text is checked for saying that and no less."""

from __future__ import annotations

from typing import NotRequired

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict

from conventool.problems import Severity

__all__ = ["ADHERENT", "HEAD", "REJECTED", "RUN", "FileLine", "HeadLine", "PlaceLine", "ProblemLine"]

_as_it_is = with_config(ConfigDict(strict=True))
"""No number is taken for a text, no text for a number."""


@_as_it_is
class HeadLine(TypedDict):
    """The beginning of a register; see [written][conventool.batch.manifest.written]."""

    format: int
    version: str
    workbook: str


@_as_it_is
class RunLine(TypedDict):
    """A [Run][conventool.batch.manifest.Run] and its key."""

    key: str
    source: str
    source_sha256: str
    template: str
    template_sha256: str
    copies: dict[str, str]
    options: dict[str, str | None]
    complete: bool
    rejects: str | None
    version: str


@_as_it_is
class PlaceLine(TypedDict, total=False):
    """A [Place][conventool.problems.Place], without what is empty."""

    file: str
    sheet: str
    line: int
    column: int | str
    part: str
    control: str
    context: str


@_as_it_is
class ProblemLine(TypedDict):
    """A [Problem][conventool.problems.Problem], without what is empty."""

    severity: Severity
    code: str
    message: str
    hint: NotRequired[str]
    field: NotRequired[str]
    value: NotRequired[str]
    place: NotRequired[PlaceLine]


@_as_it_is
class FileLine(TypedDict):
    """A [File][conventool.batch.entries.File]; ``format`` is the suffix of its name."""

    copy: NotRequired[str]
    path: str
    format: NotRequired[str]
    sha256: str
    bytes: int
    source: NotRequired[str]
    warnings: NotRequired[list[ProblemLine]]


@_as_it_is
class AdherentLine(TypedDict):
    """An [Entry][conventool.batch.entries.Entry] and the key of its run."""

    run: str
    row: int
    adherent: str
    appellation: str
    code_postal: str
    place: PlaceLine
    documents: list[FileLine]
    annexes: NotRequired[list[FileLine]]
    problems: list[ProblemLine]


@_as_it_is
class RejectedLine(TypedDict):
    """A [Rejected][conventool.batch.entries.Rejected], without its cells, and the key of its run."""

    run: str
    row: int
    place: PlaceLine
    problems: list[ProblemLine]


HEAD = TypeAdapter(HeadLine)
RUN = TypeAdapter(RunLine)
ADHERENT = TypeAdapter(AdherentLine)
REJECTED = TypeAdapter(RejectedLine)
