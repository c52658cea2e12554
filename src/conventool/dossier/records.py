"""What a dossier holds, as values, and how they become the JSON of its texts."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache, wraps
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Any, NamedTuple, TypeVar

import orjson

from conventool.core.problems import Place, Problem, Severity, decodable
from conventool.core.row import Cell, TypedCell

__all__ = [
    "BESIDE",
    "BY_FILE",
    "Facts",
    "Piece",
    "Run",
    "as_json",
    "cells_from",
    "cells_json",
    "object_from",
    "or_damaged",
    "place_from",
    "place_json",
    "problem_from",
    "problem_values",
    "problems_from",
    "problems_json",
    "stem_of",
    "value_from",
]


T = TypeVar("T")


def or_damaged(decode: Callable[..., T]) -> Callable[..., T]:
    """What decodes a text of a dossier, made to tell of one of another form as SQLite tells of any damage."""

    @wraps(decode)
    def decoded(*args: Any) -> T:
        try:
            return decode(*args)
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise sqlite3.DataError(f"not as this program writes: {error}") from error

    return decoded


class Run(NamedTuple):
    """A run of the program: all that its documents depend on.

    Attributes:
        command: ``fill`` or ``batch``.
        source: name of the data file.
        source_sha256: of its bytes.
        template: name of the template.
        template_folder: where that is.
        template_sha256: of its manifest and its document.
        copies: by key, whose each copy is.
        options: the options that the documents depend on.
        day: that dates are judged by.
        version: of this program.
        terms: the rules of deadlines that the template gives, as JSON holds them; None where it gives none.
    """

    command: str
    source: str
    source_sha256: str
    template: str
    template_folder: str
    template_sha256: str
    copies: Mapping[str, str]
    options: Mapping[str, str | None]
    day: date
    version: str
    terms: Mapping[str, Any] | None = None

    @property
    def key(self) -> str:
        """A short name, equal for two runs that must give the same documents, on whatever day and wherever."""
        inputs = {name: value for name, value in self._asdict().items() if name not in _BESIDE}
        return sha256(orjson.dumps(inputs)).hexdigest()[:16]


_BESIDE = {"command", "template_folder", "day"}


BY_FILE = "fichier "
"""How the identity of what is no adherent begins, which is known by its file."""

BESIDE = ":"
"""In the ``copy`` of a document beside a convention, between the title of its template and the key of the copy."""


class Facts(NamedTuple):
    """What is kept of an adherent.

    Attributes:
        nom: what its documents are called after.
        appellation: what it is, with its article.
        code_postal: of its seat.
        identities: keys that no other adherent has.
        given: its data as its row gave them, as JSON.
        understood: the same as they were understood, as JSON.
        contact: by what it is reached, as far as its data say it: by the name of a fact.
    """

    nom: str
    appellation: str
    code_postal: str
    identities: tuple[str, ...]
    given: str
    understood: str
    contact: Mapping[str, str] = {}


class Piece(NamedTuple):
    """One file of an adherent.

    Attributes:
        copy: key of whose copy it is; of one beside the convention, behind the title of its template.
        path: below the folder.
        sha256: of its bytes, in hexadecimal; empty where the file on disk is not this one.
        bytes: its size.
        status: ``created``, ``identical``, ``replaced``, ``conflict`` (another file is in its place), ``failed`` (a PDF
            that LibreOffice could not make); ``planned`` in a dry run.
        made_of: of a PDF, a checksum of all that it is made of; empty where it is to be made again in any case.
        document: of a PDF, the checksum of the Word document that it is made of.
        position: of its copy among those of the adherent, from 0.
        said: of a PDF, what is to be said of it, as JSON.
    """

    copy: str
    path: str
    sha256: str = ""
    bytes: int = 0
    status: str = "planned"
    made_of: str = ""
    document: str = ""
    position: int = 0
    said: str = "[]"

    @property
    def beside(self) -> str:
        """Of a document made for an adherent beside its convention, the title of its template; else empty."""
        return self.copy.rpartition(BESIDE)[0]

    @property
    def key(self) -> str:
        """Key of whose copy it is, among those of its own template."""
        return self.copy.rpartition(BESIDE)[2]

    @property
    def format(self) -> str:
        """``docx``, ``docm`` or ``pdf``."""
        return self.path.rpartition(".")[2]

    def as_pdf(self) -> Piece:
        """The PDF of this document, not made yet."""
        return Piece(self.copy, f"{self.path.rpartition('.')[0]}.pdf", position=self.position)


def stem_of(path: str) -> str:
    """The name of a file by which a PDF and its document, and two files of one name on Windows, are told to be one."""
    return path.rpartition(".")[0].casefold()


def as_json(value: object) -> str:
    """A value as JSON on one line; dates as ISO 8601, named tuples as objects."""
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return value._asdict() if hasattr(value, "_asdict") else list(value)
    return str(value)


@lru_cache(maxsize=64)  # what is said of a row is said of few places
def place_json(place: Place, source: Path) -> str:
    """A place as JSON, without what is empty.

    Of a file of the source only the name is kept, wherever that is today.
    """
    told: dict[str, Any] = {name: value for name, value in zip(place._fields, place, strict=True) if value is not None}
    if place.file:
        told["file"], ours = _file_of(place.file, source)
        if ours:
            told["source"] = True
    return as_json(told)


@lru_cache(maxsize=64)  # rows come from one file, or from few
def _file_of(file: str, source: Path) -> tuple[str, bool]:
    """What a file is called in the dossier, and whether it is of the source."""
    path = PurePath(file)
    ours = source in {path, path.parent}
    return decodable(path.name if ours else file), ours


@or_damaged
def place_from(text: str, source: Path | None) -> Place:
    """The place that such JSON tells of; a file of the source is called as the user calls it now."""
    told = orjson.loads(text)
    if told.pop("source", False) and source:
        told["file"] = _named_today(told["file"], source)
    return Place(**told)


def cells_json(cells: Iterable[Cell]) -> str:
    """The cells of a table's row as JSON: a text, or an object for a cell with a type."""
    return as_json([cell if isinstance(cell, str) else _typed(cell) for cell in cells])


def _typed(cell: TypedCell) -> dict[str, Any]:
    kind = type(cell.value).__name__ if cell.value is not None else None
    return {**cell._asdict(), "type": kind}


@or_damaged
def cells_from(text: str) -> tuple[Cell, ...]:
    """The cells that such JSON tells of."""
    return tuple(cell if isinstance(cell, str) else _cell_from(cell) for cell in orjson.loads(text))


def _cell_from(told: dict[str, Any]) -> TypedCell:
    kind, value = told.pop("type"), told.pop("value")
    if kind in _DATES:
        value = _DATES[kind].fromisoformat(value)
    return TypedCell(value, **told)


_DATES: Mapping[str, type[date]] = {"date": date, "datetime": datetime}


def problems_json(problems: Iterable[Problem]) -> str:
    """Problems as JSON."""
    return as_json(list(problems))


@or_damaged
def problems_from(text: str) -> list[Problem]:
    """The problems that such JSON tells of."""
    return [
        Problem(**{**told, "place": Place(**told["place"]), "severity": Severity(told["severity"])})
        for told in orjson.loads(text)
    ]


def _named_today(name: str, source: Path) -> str:
    """A file of a source, or of another one that a run has read before: that one is known by its name only."""
    if decodable(source.name) == name:
        return str(source)
    return str(source / name) if os.path.isdir(source) else name  # noqa: PTH112 (pathlib raises for too long a name)


def problem_values(problem: Problem, source: Path) -> tuple[str | None, ...]:
    """A problem as the columns of its table."""
    code, *texts, place, severity = problem
    return (str(severity), code, *[text and decodable(text) for text in texts], place_json(place, source))


@or_damaged
def object_from(text: str) -> dict[str, Any]:
    """The object that such JSON tells of: data by field, copies or options by name.

    Raises:
        DataError: it tells of none, so that the dossier is damaged.
    """
    told = orjson.loads(text)
    if not isinstance(told, dict):
        raise TypeError(text)
    return told


@or_damaged
def value_from(text: str) -> Any:
    """Whatever such JSON tells of.

    Raises:
        DataError: it is no JSON, so that the dossier is damaged.
    """
    return orjson.loads(text)


@or_damaged
def problem_from(values: tuple[Any, ...], source: Path | None) -> Problem:
    """The problem that such columns tell of."""
    severity, code, message, hint, field, value, place = values
    return Problem(code, message, hint, field, value, place_from(place, source), Severity(severity))
