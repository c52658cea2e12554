"""What a command did, computed once; the console renders it as text or JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from conventool import __version__
from conventool.core.errors import ExitCode
from conventool.core.problems import Problem, Severity, bound

__all__ = ["DataReport", "DocumentDone", "Report", "Table", "document_as_json", "exit_code_of", "problem_as_json"]


class DocumentDone(NamedTuple):
    """One file of the result.

    Attributes:
        adherent: name of the adherent.
        copy: key of whose copy it is.
        path: where it is.
        format: ``docx``, ``docm`` or ``pdf``.
        status: ``created``, ``identical``, ``replaced``; ``planned`` in a dry run.
        sha256: of its bytes, in hexadecimal.
        bytes: its size.
    """

    adherent: str
    copy: str
    path: Path
    format: str
    status: str
    sha256: str
    bytes: int


class Table(NamedTuple):
    """Rows of cells for a person to read; a cell may hold several lines.

    Attributes:
        title: what it shows.
        columns: the heads of the columns; the first one's first line is what the row is about.
        rows: the cells. A cell's lines may each begin with a label and a tab.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(eq=False, repr=False)
class Report:
    """What a command did.

    Attributes:
        command: its name.
        summary: its figures, as ``--json`` gives them.
        documents: the files of the result.
        problems: everything found, in the order it was found.
        texts: what a person reads first, such as the filled paragraph of the parties.
        tables: what is best read in columns.
        exit_code: what the process will tell its caller.
        template: name and folder of the template that served, where one did.
        files: by what it is, where else something was written.
        settings: the file of settings that served, where there is one.
        own: by key, what the object of ``--json`` holds for this command alone, as plain values.
    """

    shape: ClassVar[str] = "documents"
    """How it is shown: files with what was assumed; a list's figures; communes."""

    command: str
    summary: Mapping[str, Any] = field(default_factory=dict)
    documents: Collection[DocumentDone] = ()
    problems: Collection[Problem] = ()
    texts: Sequence[str] = ()
    tables: Sequence[Table] = ()
    exit_code: ExitCode = ExitCode.DONE
    template: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path | None] = field(default_factory=dict)
    settings: Path | None = None
    own: Mapping[str, Any] = field(default_factory=dict)

    @property
    def errors(self) -> list[Problem]:
        """The problems that kept something from being produced."""
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]

    @property
    def uneventful(self) -> bool:
        """Is there nothing in it that a person must look at? Of a list, too long to look through, that is not said."""
        return self.shape != "list" and all(problem.severity is Severity.NOTICE for problem in self.problems)

    def json_head(self) -> dict[str, Any]:
        """What ``--json`` says first."""
        return {
            "command": self.command,
            "version": __version__,
            "exit_code": int(self.exit_code),
            "summary": dict(self.summary),
            "template": dict(self.template) or None,
            "settings": self.settings and str(self.settings),
            "files": {name: path and str(path) for name, path in self.files.items()},
        }

    def own_keys(self) -> dict[str, Any]:
        """What that object holds for this command alone."""
        return dict(self.own)

    def as_json(self) -> dict[str, Any]:
        """The one object that ``--json`` prints."""
        return {
            **self.json_head(),
            **self.own_keys(),
            "documents": [document_as_json(document) for document in self.documents],
            "problems": [problem_as_json(problem) for problem in self.problems],
        }

    def json_pieces(self) -> Iterator[str]:
        """The text of that object, piece by piece."""
        import json  # noqa: PLC0415 (most reports are told in words)

        yield json.dumps(self.as_json(), indent=2)
        yield "\n"


@dataclass(eq=False, repr=False)
class DataReport(Report):
    """What a command read, for a data file.

    Attributes:
        data: each adherent's fields.
        raw: the text for the standard output, exactly as it stands; empty where a file was written.
    """

    shape = "data"

    data: Sequence[Mapping[str, Any]] = ()
    raw: str = ""

    def own_keys(self) -> dict[str, Any]:
        """The data, and what else the command tells."""
        return {"adherents": list(self.data), **self.own}


def exit_code_of(problems: Iterable[Problem], bad: Collection[Severity] = (Severity.ERROR,)) -> ExitCode:
    """What the process tells its caller where some problems are all that there is to tell: is one of them bad?"""
    return ExitCode.PROBLEMS if any(one.severity in bad for one in problems) else ExitCode.DONE


def document_as_json(document: DocumentDone) -> dict[str, Any]:
    """A document as every ``--json`` gives it."""
    return document._asdict() | {"path": str(document.path)}


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """A problem as every ``--json`` gives it."""
    place = {key: value for key, value in problem.place._asdict().items() if value is not None or key in _ALWAYS}
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "message": bound(problem.message),
        "hint": problem.hint and bound(problem.hint),
        "field": problem.field,
        "value": problem.value,
        "place": place,
    }


_ALWAYS = ("file", "sheet", "line", "column")
