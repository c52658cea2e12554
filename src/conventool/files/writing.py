"""Files written whole or not at all. The only room that touches the output folder."""

from __future__ import annotations

import os
import platform
import re
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from errno import EIO
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, TypeVar

from conventool.core.errors import OutputError, culprit, lacks_room, reason
from conventool.core.problems import Place, Problem
from conventool.files.plan import A_LINK, Planned, Wanted, plan

__all__ = [
    "Draft",
    "Drafts",
    "alone_in",
    "drafting",
    "is_written_in",
    "make_folder",
    "remove",
    "remove_leftovers",
    "write_as_planned",
    "write_together",
    "writing_in",
]

AnyPath = TypeVar("AnyPath", str, Path)

_PREFIX = ".conventool-"
_AT_WORK = f"{_PREFIX}en-cours"
_FEW = 10
# bytes as they are on Windows, and no program started meanwhile inherits the file
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)


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


@contextmanager
def alone_in(folder: Path, patience: float = 0) -> Iterator[None]:
    """Keep other runs from writing in a folder meanwhile. The system lifts the lock however this process ends.

    A share that knows no locks is written to without one.

    Args:
        folder: the folder.
        patience: seconds to wait for another command to end.

    Raises:
        OutputError: another command is at work there.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 (only a list needs it)

    path = folder / _AT_WORK
    lock = FileLock(path, timeout=patience, fallback_to_soft=False)
    with suppress(OSError, NotImplementedError):
        try:
            lock.acquire()
        except Timeout as error:
            if path.exists():  # else it is the folder that refuses, and it will say so when it is written in
                message = "Une autre commande conventool écrit en ce moment dans ce dossier."
                hint = "Relancez celle-ci quand l’autre aura fini."
                raise OutputError(Problem("unwritable", message, hint, place=Place(file=str(folder)))) from error
    try:
        yield
    finally:
        if lock.is_locked:
            if sys.platform != "win32":  # where the file goes with the lock
                remove(path)
            lock.release()


def is_written_in(folder: Path) -> bool:
    """Whether another command writes in a folder, or was killed there before it had tidied up."""
    return (folder / _AT_WORK).exists()


@contextmanager
def writing_in(folder: Path, patience: float = 0) -> Iterator[None]:
    """Have a folder to oneself: it is made if need be, and rid of what killed runs left unfinished in it.

    Args:
        folder: the folder.
        patience: seconds to wait for another command to end.

    Raises:
        OutputError: it cannot be made, or another command is at work there.
    """
    make_folder(folder)
    with alone_in(folder, patience):
        remove_leftovers(folder)
        try:
            yield
        finally:
            remove_leftovers(folder)


def write_as_planned(files: Sequence[Wanted], *, force: bool) -> list[Planned]:
    """Write files, all or none, with the folders that they need; those that are there already stay as they are.

    Args:
        files: the files wanted.
        force: may files that differ be replaced?

    Returns:
        What became of each.

    Raises:
        OutputError: files that differ are in the way and may not be replaced, another command writes in a folder of
            them, or the disk refuses.
    """
    planned = plan(files, force=force)
    changed = {one.wanted.path: one.wanted.data for one in planned if one.action.writes}
    with ExitStack() as held:
        for folder in sorted({path.parent for path in changed}):
            held.enter_context(writing_in(folder))
        if changed:
            write_together(changed)
    return planned


def write_together(files: Mapping[AnyPath, bytes]) -> None:
    """Write files, given by path; see [Drafts][conventool.files.writing.Drafts]."""
    with Drafts() as drafts:
        for path, data in files.items():
            drafts.add(path, data)
        drafts.flush()
        drafts.put()


class Drafts:
    """Files written beside their places, then each put there in one step: at any moment the old file or the new one.

    None is put in place before all have reached the disk: when it is full everything stays as it was, and not even a
    power cut leaves a torn file. They are written first and flushed after, so that the system flushes them together.
    At the end of the context those that were not put in place are gone.

    Drafts may be written by one process and put in place by another: pickled, they are closed files.
    """

    def __init__(self) -> None:
        self._token = os.urandom(8).hex()
        self._places: dict[str, str] = {}  # by draft, its place; texts, since a Path takes longer to make than a file
        self._new: set[str] = set()  # the drafts in whose place there was nothing
        self._number = 0
        self._open: dict[str, int] = {}  # by draft, its open file; only the first few stay open

    def __enter__(self) -> Drafts:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Remove what was not put in place, after an interruption too."""
        self.close()
        for leftover in self._places:
            remove(Path(leftover))

    def __getstate__(self) -> dict[str, object]:
        """The names of closed files are what another process can use."""
        self.close()
        return self.__dict__

    def add(self, path: str | Path, data: bytes, *, new: bool = False) -> str:
        """Write a file beside its place; the folder exists.

        Args:
            path: its place.
            data: its bytes.
            new: is there nothing in its place?

        Returns:
            The name of the draft, by which it may be dropped.

        Raises:
            OutputError: the disk is full, or the folder refuses.
        """
        place = os.fspath(path)
        folder = os.path.dirname(place)  # noqa: PTH120
        beside = os.path.join(folder, f"{_PREFIX}{self._token}-{self._number}.tmp")  # noqa: PTH118
        self._number += 1
        self._places[beside] = place
        if new:
            self._new.add(beside)
        try:
            file = self._open[beside] = os.open(beside, _NEW_FILE, 0o666)
            _write(file, data)
            if len(self._open) > _FEW:
                os.close(self._open.pop(beside))
        except OSError as error:
            raise _refused(Path(place), error) from error
        return beside

    def drop(self, draft: str) -> None:
        """Remove a draft that is not wanted any more."""
        del self._places[draft]
        if draft in self._open:
            os.close(self._open.pop(draft))
        remove(Path(draft))

    def flush(self) -> None:
        """See the files to the disk.

        Raises:
            OutputError: the disk is full.
        """
        place = next(iter(self._places.values()), "")
        try:
            _flush(list(self._places), self._open)
        except OSError as error:
            raise _refused(Path(place), error) from error

    def put(self) -> None:
        """Put each file in its place.

        Raises:
            OutputError: another program holds a file open that is to be replaced.
        """
        self.close()  # Windows moves no file that is open
        for draft, place in list(self._places.items()):
            try:
                os.replace(draft, place) if draft in self._new else _replace(draft, place)  # noqa: PTH105
            except OSError as error:
                raise _refused(Path(place), error) from error
            del self._places[draft]

    def close(self) -> None:
        """Close the files that are open."""
        while self._open:
            os.close(self._open.popitem()[1])


def _replace(draft: str | Path, place: str | Path) -> None:
    """Put a draft in its place; it takes the rights of a file that is there, and its owner where the system lets us.

    Raises:
        OSError: the system refuses, or there is a link, in whose place nobody expects a file.
    """
    try:
        there = os.lstat(place)
    except FileNotFoundError:
        pass
    else:
        if stat.S_ISLNK(there.st_mode):
            raise OSError(A_LINK)
        with suppress(OSError, AttributeError):  # Windows has neither
            os.chown(draft, there.st_uid, there.st_gid)
        os.chmod(draft, there.st_mode & 0o777)  # noqa: PTH101
    os.replace(draft, place)  # noqa: PTH105


def _write(file: int, data: bytes) -> None:
    """Write all of it: the system may take less at a time, as where the disk is about to be full."""
    written = os.write(file, data)
    while written < len(data):
        written += os.write(file, memoryview(data)[written:])


def _flush(paths: Sequence[str], opened: Mapping[str, int]) -> None:
    """See files of one folder to the disk, some of which are open.

    A flush of each costs the file system a commit each; where there is syncfs(2), one call does for all, though it
    flushes what others have written there too. It tells of failed writes since Linux 5.8.
    """
    syncfs = _syncfs() if len(paths) > _FEW else None
    for path in paths[:1] if syncfs else paths:
        file = opened[path] if path in opened else os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            if syncfs is None:
                os.fsync(file)
            elif syncfs(file) != 0:
                raise OSError(EIO, os.strerror(EIO))
        finally:
            if path not in opened:
                os.close(file)


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
            _replace(self.path, path)
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
        with suppress(OSError):  # of what it still held back, and nobody wants any more
            draft.file.close()
        remove(draft.path)


def remove_leftovers(folder: Path) -> None:
    """Remove the unfinished files that killed runs left in a folder, for who has the folder to itself."""
    leftovers: list[str] = []
    with suppress(OSError), os.scandir(folder) as entries:  # one at a time: pathlib holds all names, and there are many
        leftovers = [one.path for one in entries if one.name.startswith(_PREFIX) and one.name.endswith(".tmp")]
    for leftover in leftovers:
        with suppress(OSError):
            os.unlink(leftover)  # noqa: PTH108 (a name as the system gave it)


def remove(path: Path) -> None:
    """Remove a file that this program wrote and that is of no more use, if the system lets it."""
    try:
        path.unlink(missing_ok=True)
    except OSError:  # the folder vanished, or refuses: the message about the file itself says so
        return


_LOOK = "Vérifiez la place libre et le dossier de sortie"


def _refused(path: Path, error: OSError) -> OutputError:
    """Say in French why the system refuses to write, and where: a file beside, or the folder for temporary files."""
    there = culprit(error, path)
    if not there.name.startswith(_PREFIX):  # what the user knows nothing of
        path = there
    if isinstance(error, PermissionError):
        hint = "Fermez-le s’il est ouvert dans Word, ou choisissez un autre dossier avec --output."
        message = "Ce fichier ne peut pas être écrit : accès refusé."
    else:
        message = f"Ce fichier ne peut pas être écrit : {reason(error)}."
        where = f"Faites de la place dans {path if path.is_dir() else path.parent}" if lacks_room(error) else _LOOK
        hint = f"{where} ; rien d’incomplet n’a été laissé."
    return OutputError(Problem("unwritable", message, hint, place=Place(file=str(path))))
