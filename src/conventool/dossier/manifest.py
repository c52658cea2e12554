"""The register of an output folder: which runs produced what, every file with its checksum.

It is JSON, with one adherent on each line, so that a register of any length is read and written as a stream. Nothing
in it depends on the clock or the machine: the same runs give the same bytes.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TypeVar

import orjson
from pydantic import TypeAdapter

from conventool import __version__
from conventool.core.errors import UnreadableError
from conventool.core.problems import Place, Problem
from conventool.dossier.entries import Entry, File, Rejected, as_json, place_line, problem_line, problem_of
from conventool.dossier.lines import ADHERENT, HEAD, KEY, REJECTED, FileLine, HeadLine
from conventool.files.reading import file_trouble

__all__ = ["NAME", "Manifest", "Run", "changes", "file_sha256", "is_touched", "is_unchanged", "written"]

NAME = "manifeste.json"

_FORMAT = 1
_NOTHING = "[]"
_HEAD = f'{{"format": {_FORMAT}, '
_ADHERENTS, _REJECTED, _END = '], "adherents": [', '], "rejected": [', "]}"
_CLOSING = "]"
_PROBLEMS = ', "problems": '

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the program: all that its documents depend on, and how it ended.

    Attributes:
        source: name of the list.
        source_sha256: of its bytes.
        template: name of the template.
        template_sha256: of its manifest and its document.
        copies: by key, whose each copy is.
        options: the options that the documents depend on.
        complete: was everything written, no other file being in the way?
        rejects: checksum of the file of rejects, where there is one.
        version: of this program.
    """

    source: str
    source_sha256: str
    template: str
    template_sha256: str
    copies: Mapping[str, str]
    options: Mapping[str, str | None]
    complete: bool
    rejects: str | None
    version: str

    @property
    def key(self) -> str:
        """A short name, equal for runs that must give the same documents."""
        inputs = {name: value for name, value in asdict(self).items() if name not in {"complete", "rejects"}}
        return sha256(as_json(inputs).encode()).hexdigest()[:16]


_RUN = TypeAdapter(Run)


class Manifest:
    """A register on disk.

    Args:
        path: of the file.

    Raises:
        UnreadableError: it is no register of this program.

    Attributes:
        path: of the file.
        workbook: checksum of the workbook that goes with it.
        runs: by key, the runs it tells of, the last one last.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.workbook = self._head()["workbook"]
        self.runs = dict(self._section(_HEAD, _run))

    @classmethod
    def find(cls, folder: Path) -> Manifest | None:
        """The register of a folder; None where there is none."""
        path = folder / NAME
        return cls(path) if os.path.isfile(path) else None  # noqa: PTH113 (pathlib raises where no name may be so long)

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Every adherent, with the key of its run."""
        return self._section(_ADHERENTS, _entry)

    def rejected(self) -> Iterator[tuple[str, Rejected]]:
        """Every row rejected, with the key of its run."""
        return self._section(_REJECTED, _rejected)

    def settled(self, run: str) -> int:
        """When all the files of a run were what is told of them, in nanoseconds; 0 where nobody knows.

        That is when the register was written, at the end of its last run. What that one did not look at may have been
        altered before.
        """
        return self.path.stat().st_mtime_ns if run == next(reversed(self.runs), None) else 0

    def _head(self) -> HeadLine:
        """What the first line says, if the last one is there too: a register that lost its end tells of too little."""
        end = deque([(1, b"")], maxlen=1)
        try:
            with self.path.open("rb") as file:
                head = HEAD.validate_json(f"{file.readline().decode().rstrip()}]}}", strict=True)
                end.extend(enumerate(file, 2))
        except OSError as error:
            raise file_trouble(error, self.path) from error
        except ValueError as error:
            raise self._refused(1) from error
        number, last = end.pop()
        if last.rstrip() != _END.encode():
            raise self._refused(number)
        return head

    def _section(self, opening: str, read: Callable[[str], T]) -> Iterator[T]:
        """What is read from each line of a section; no line after it is looked at."""
        number, inside = 0, False
        try:
            with self.path.open("rb") as file:
                for told in file:
                    number += 1
                    line = told.decode().rstrip()
                    if not inside:
                        inside = line.startswith(opening)
                    elif line.startswith(_CLOSING):
                        return
                    else:
                        yield read(line.removesuffix(","))
        except OSError as error:
            raise file_trouble(error, self.path) from error
        except ValueError as error:
            raise self._refused(number) from error
        raise self._refused(number)

    def _refused(self, line: int) -> UnreadableError:
        message, place = "Ce n’est pas un manifeste de conventool.", Place(str(self.path), line=line)
        hint = "Rétablissez-le, ou supprimez-le : les documents, eux, ne risquent rien."
        return UnreadableError(Problem("unreadable", message, hint, place=place))


def written(
    workbook: str,
    runs: Iterable[Run],
    entries: Iterable[tuple[str, Entry]],
    rejected: Iterable[tuple[str, Rejected]],
) -> Iterator[bytes]:
    """Write a register.

    Args:
        workbook: checksum of the workbook.
        runs: what it tells of.
        entries: every adherent, with the key of its run.
        rejected: every row rejected, with the key of its run.

    Yields:
        Its bytes.
    """
    head = as_json({"version": __version__, "workbook": workbook})
    yield f'{_HEAD}{head.removeprefix("{").removesuffix("}")}, "runs": ['.encode()
    yield from _listed(as_json({"key": run.key, **asdict(run)}) for run in runs)
    yield f"\n{_ADHERENTS}".encode()
    yield from _listed(_entry_line(key, entry) for key, entry in entries)
    yield f"\n{_REJECTED}".encode()
    yield from _listed(as_json({"run": key, **_rejected_line(one)}) for key, one in rejected)
    yield f"\n{_END}\n".encode()


def _listed(lines: Iterable[str]) -> Iterator[bytes]:
    before = "\n"
    for line in lines:
        yield f"{before}{line}".encode()
        before = ",\n"


# --- What a line says --------------------------------------------------------------------------------------


def _entry_line(run: str, entry: Entry) -> str:
    files = [
        {
            "copy": file.copy,
            "path": file.name,
            "format": file.name.rpartition(".")[2],
            "sha256": file.sha256,
            "bytes": file.bytes,
            **({"source": file.source} if file.source else {}),
            **({"warnings": orjson.loads(file.told)} if file.told != _NOTHING else {}),
        }
        for file in entry.files
        if file.status not in {"conflict", "failed"}
    ]
    annexes = [
        {"path": annex.name, "sha256": annex.sha256, "bytes": annex.bytes}
        for annex in entry.annexes
        if annex.status != "planned"
    ]
    line = {
        "run": run,
        "row": entry.rank,
        "adherent": entry.adherent,
        "appellation": entry.appellation,
        "code_postal": entry.code_postal,
        "place": entry.place,
        "documents": files,
        **({"annexes": annexes} if annexes else {}),
    }
    return f"{as_json(line).removesuffix('}')}{_PROBLEMS}{entry.told}}}"


def _entry(text: str) -> tuple[str, Entry]:
    line = ADHERENT.validate_json(text, strict=True)
    return line["run"], Entry(
        rank=line["row"],
        adherent=line["adherent"],
        appellation=line["appellation"],
        code_postal=line["code_postal"],
        place=line["place"],
        told=text.partition(_PROBLEMS)[2].removesuffix("}"),  # no text within holds that: its quotes are escaped
        files=tuple(map(_file, line["documents"])),
        annexes=tuple(map(_file, line.get("annexes", ()))),
    )


def _file(line: FileLine) -> File:
    copy, source, warnings = line.get("copy", ""), line.get("source", ""), line.get("warnings")
    told = as_json(warnings) if warnings else _NOTHING
    return File(copy, line["path"], line["sha256"], line["bytes"], "identical", source, told)


def _rejected_line(rejected: Rejected) -> dict[str, object]:
    return {
        "row": rejected.rank,
        "place": place_line(rejected.place),
        "problems": [problem_line(problem) for problem in rejected.problems],
    }


def _rejected(text: str) -> tuple[str, Rejected]:
    line = REJECTED.validate_json(text, strict=True)
    problems = tuple(map(problem_of, line["problems"]))
    return line["run"], Rejected(line["row"], Place(**line["place"]), problems, {})


def _run(text: str) -> tuple[str, Run]:
    return KEY.validate_json(text, strict=True)["key"], _RUN.validate_json(text, strict=True)


# --- Is what was produced still there? ---------------------------------------------------------------------


def changes(path: Path) -> Iterator[Problem]:
    """Hold the files of a register against what was produced.

    Args:
        path: of the register.

    Yields:
        A problem for each file that is missing (``file-missing``) or differs (``file-changed``).

    Raises:
        UnreadableError: it is no register of this program.
    """
    for _, entry in Manifest(path).entries():
        for file in entry.files:
            found = path.parent / file.name
            if not found.is_file():
                yield _change("file-missing", "Ce document a disparu.", entry, found)
            elif not is_unchanged(path.parent, file):
                yield _change("file-changed", "Ce document n’est plus celui qui a été produit.", entry, found)


def _change(code: str, message: str, entry: Entry, path: Path) -> Problem:
    hint = "Relancez la commande qui l’a produit, avec --force s’il faut le remplacer."
    return Problem(code, message, hint, value=entry.adherent, place=Place(file=str(path)))


def is_unchanged(folder: Path, file: File) -> bool:
    """Whether a file on disk still is what was produced."""
    path = folder / file.name
    try:
        return path.stat().st_size == file.bytes and file_sha256(path) == file.sha256
    except OSError:
        return False


def is_touched(folder: Path, file: File, since: int) -> bool:
    """Whether a file is gone, has another size, or was written, renamed or put there since a moment."""
    try:
        found = os.stat(f"{folder}{os.sep}{file.name}")  # noqa: PTH116 (to make a Path takes longer than to look)
    except OSError:
        return True
    # the time of change too, which nobody can set back; on Windows it is that of creation, which a copy has anew
    return found.st_size != file.bytes or max(found.st_mtime_ns, found.st_ctime_ns) >= since


def file_sha256(path: Path) -> str:
    """Checksum of a file, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
