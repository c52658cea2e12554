"""Files written whole or not at all. The only room that touches the output folder."""

from __future__ import annotations

import os
import platform
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from errno import EIO
from functools import cache
from io import FileIO
from pathlib import Path
from typing import IO, TypeVar

from conventool.errors import OutputError, reason
from conventool.problems import Place, Problem

__all__ = [
    "Draft",
    "appending",
    "drafting",
    "make_folder",
    "remove",
    "remove_leftovers",
    "write_atomically",
    "write_together",
]

AnyPath = TypeVar("AnyPath", str, Path)

_PREFIX = ".conventool-"
_ABANDONED = 3600
"""After so many seconds nobody is writing to a file any more."""
_FEW = 10


def make_folder(folder: Path) -> None:
    """Make a folder and those above it.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"Ce dossier ne peut pas être créé : {reason(error)}."
        place = Place(file=str(folder))
        raise OutputError(
            Problem("unwritable", message, "Choisissez-en un autre avec --output.", place=place)
        ) from error


def write_atomically(path: Path, data: bytes) -> None:
    """Write one file; see [write_together][conventool.writing.write_together]."""
    write_together({path: data})


def write_together(files: Mapping[AnyPath, bytes]) -> None:
    """Write files beside their places, then put each there in one step: at any moment the old file or the new one.

    None is put in place before all have reached the disk: when it is full everything stays as it was, and not even a
    power cut leaves a torn file. They are written first and flushed after, so that the system flushes them together.

    Args:
        files: the bytes by path, a few hundred at most; the folders exist.

    Raises:
        OutputError: the disk is full, the folder refuses, or another program holds a file open.
    """
    token = os.urandom(8).hex()
    beside: dict[AnyPath, str] = {}  # texts: the files of a long list are written in less time than a Path is made
    path: str | Path = ""
    try:
        with ExitStack() as opened:
            handles = []
            for rank, (path, data) in enumerate(files.items()):
                beside[path] = os.path.join(os.path.dirname(path), f"{_PREFIX}{token}-{rank}.tmp")  # noqa: PTH118, PTH120
                handles.append(opened.enter_context(open(beside[path], "xb", buffering=0)))  # noqa: PTH123
                _write(handles[-1], data)
            _flush(handles)
        for path in files:
            os.replace(beside[path], path)  # noqa: PTH105
            del beside[path]
    except OSError as error:
        raise _refused(Path(path), error) from error
    finally:  # after an interruption too
        for leftover in beside.values():
            _discard(Path(leftover))


def _write(file: FileIO, data: bytes) -> None:
    """Write all of it: the system may take less at a time, as where the disk is about to be full."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def _flush(handles: Sequence[FileIO]) -> None:
    """See files to the disk.

    A flush of each costs the file system a commit each; where there is syncfs(2), one call does for all, though it
    flushes what others have written there too. It tells of failed writes since Linux 5.8.
    """
    syncfs = _syncfs() if len(handles) > _FEW else None
    if syncfs is None:
        for handle in handles:
            os.fsync(handle.fileno())
        return
    for handle in {os.fstat(handle.fileno()).st_dev: handle for handle in handles}.values():
        if syncfs(handle.fileno()) != 0:
            raise OSError(EIO, os.strerror(EIO))


@cache
def _syncfs() -> Callable[[int], int] | None:
    release = re.match(r"(\d+)\.(\d+)", platform.release()) if sys.platform == "linux" else None
    if release is None or (int(release[1]), int(release[2])) < (5, 8):
        return None
    import ctypes  # noqa: PLC0415 (only a long list needs it)

    function: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "syncfs", None)
    return function


class Draft:
    """A file being written beside its place, as a stream: of any length, and seen by nobody before it is put there.

    Attributes:
        path: of the draft.
        file: receives the bytes.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{_PREFIX}{os.urandom(8).hex()}.tmp"
        self.file: IO[bytes] = self.path.open("x+b")

    def finish(self) -> None:
        """See it to the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def put(self, path: Path) -> None:
        """Put it in its place, in one step.

        Raises:
            OutputError: another program holds the file open that is there.
        """
        try:
            self.path.replace(path)
        except OSError as error:
            raise _refused(path, error) from error


@contextmanager
def drafting(folder: Path) -> Iterator[Draft]:
    """Begin a file in a folder; it is gone at the end unless it was put in its place.

    Raises:
        OutputError: the disk is full, or the folder refuses.
    """
    try:
        draft = Draft(folder)
    except OSError as error:
        raise _refused(folder, error) from error
    try:
        yield draft
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        draft.file.close()
        _discard(draft.path)


@contextmanager
def appending(path: Path) -> Iterator[IO[str]]:
    """Go on with a file of lines, on a line of its own: the last one may be torn.

    Raises:
        OutputError: the disk is full, or the folder refuses.
    """
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write("\n")
            yield file
    except OSError as error:
        raise _refused(path, error) from error


def remove(path: Path) -> None:
    """Remove a file that this program wrote and that is of no more use."""
    _discard(path)


def remove_leftovers(folder: Path, *, older_than: float = _ABANDONED) -> None:
    """Remove the unfinished files that a killed run may have left in a folder, not those of a run at work now.

    Args:
        folder: where they may be.
        older_than: their age in seconds; 0 for who has the folder to itself.
    """
    if not folder.is_dir():
        return
    for leftover in folder.glob(f"{_PREFIX}*.tmp"):
        with suppress(OSError):  # another run may have removed it by now
            if time.time() - leftover.stat().st_mtime > older_than:
                leftover.unlink()


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # the folder vanished, or refuses: the message about the file itself says so
        return


def _refused(path: Path, error: OSError) -> OutputError:
    """Say in French why the system refuses to write."""
    if isinstance(error, PermissionError):
        hint = "Fermez-le s’il est ouvert dans Word, ou choisissez un autre dossier avec --output."
        message = "Ce fichier ne peut pas être écrit : accès refusé."
    else:
        message = f"Ce fichier ne peut pas être écrit : {reason(error)}."
        hint = "Vérifiez la place libre et le dossier de sortie ; rien d’incomplet n’a été laissé."
    return OutputError(Problem("unwritable", message, hint, place=Place(file=str(path))))
