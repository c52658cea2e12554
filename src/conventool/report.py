"""What a command did, computed once; the console renders it as text or JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from conventool import __version__
from conventool.errors import ExitCode
from conventool.problems import Problem, Severity

__all__ = ["DataReport", "DocumentDone", "Report"]


@dataclass(frozen=True, slots=True)
class DocumentDone:
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


@dataclass
class Report:
    """What a command did.

    Attributes:
        command: its name.
        summary: its figures, as ``--json`` gives them.
        documents: the files of the result.
        problems: everything found, in the order it was found.
        texts: what a person reads first, such as the filled paragraph of the parties.
        exit_code: what the process will tell its caller.
    """

    command: str
    summary: Mapping[str, Any] = field(default_factory=dict)
    documents: Sequence[DocumentDone] = ()
    problems: Sequence[Problem] = ()
    texts: Sequence[str] = ()
    exit_code: ExitCode = ExitCode.DONE

    @property
    def errors(self) -> list[Problem]:
        """The problems that kept something from being produced."""
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]

    def as_json(self) -> dict[str, Any]:
        """The one object that ``--json`` prints."""
        return {
            "command": self.command,
            "version": __version__,
            "exit_code": int(self.exit_code),
            "summary": dict(self.summary),
            "documents": [asdict(document) | {"path": str(document.path)} for document in self.documents],
            "problems": [_problem(problem) for problem in self.problems],
        }


@dataclass
class DataReport(Report):
    """What a command read, for a data file.

    Attributes:
        data: each adherent's fields.
        raw: the text for the standard output, exactly as it stands; empty where a file was written.
    """

    data: Sequence[Mapping[str, Any]] = ()
    raw: str = ""

    def as_json(self) -> dict[str, Any]:
        """The one object that ``--json`` prints, the data in it."""
        return Report.as_json(self) | {"adherents": list(self.data)}


def _problem(problem: Problem) -> dict[str, Any]:
    place = {key: value for key, value in asdict(problem.place).items() if value is not None or key in _ALWAYS}
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "field": problem.field,
        "value": problem.value,
        "place": place,
    }


_ALWAYS = ("file", "sheet", "line", "column")
