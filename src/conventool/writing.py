"""Files written whole or not at all. The only room that touches the output folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from conventool.errors import OutputError
from conventool.problems import Place, Problem

__all__ = ["Draft", "drafting", "make_folder", "remove", "remove_leftovers", "write_atomically", "write_together"]

_PREFIX = ".conventool-"


def make_folder(folder: Path) -> None:
    """Make a folder and those above it.

    Raises:
        OutputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refused(folder, error) from error


def write_atomically(path: Path, data: bytes) -> None:
    """Write one file; see [write_together][conventool.writing.write_together]."""
    write_together({path: data})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files beside their places, then put each there in one step: at any moment the old file or the new one.

    None is put in place before all have reached the disk: when it is full everything stays as it was, and not even a
    power cut leaves a torn file. They are written first and flushed after, so that the system flushes them together.

    Args:
        files: the bytes by path, a few hundred at most; the folders exist.

    Raises:
        OutputError: the disk is full, the folder refuses, or another program holds a file open.
    """
    beside = {path: path.with_name(f"{_PREFIX}{token_hex(8)}.tmp") for path in files}
    path = next(iter(files), Path())
    try:
        with ExitStack() as opened:
            handles = []
            for path, data in files.items():
                handles.append(opened.enter_context(beside[path].open("xb")))
                handles[-1].write(data)
            for path, handle in zip(files, handles, strict=True):  # noqa: B007 (the except clause names it)
                handle.flush()
                os.fsync(handle.fileno())
        for path in files:
            beside[path].replace(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:  # after an interruption too; what was put in place is no longer beside
        for leftover in beside.values():
            _discard(leftover)


class Draft:
    """A file being written beside its place, as a stream: of any length, and seen by nobody before it is put there.

    Attributes:
        path: of the draft.
        file: receives the bytes.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{_PREFIX}{token_hex(8)}.tmp"
        self.file: BinaryIO = self.path.open("x+b")

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


def remove(path: Path) -> None:
    """Remove a file that this program wrote and that is of no more use."""
    _discard(path)


def remove_leftovers(folder: Path) -> None:
    """Remove the unfinished files that a killed run may have left in a folder."""
    if folder.is_dir():
        for leftover in folder.glob(f"{_PREFIX}*.tmp"):
            _discard(leftover)


def _discard(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:  # the folder vanished, or refuses: the message about the file itself says so
        return


def _refused(path: Path, error: OSError) -> OutputError:
    """Say in French why the system refuses to write."""
    if isinstance(error, PermissionError):
        hint = "Fermez-le s’il est ouvert dans Word, ou choisissez un autre dossier avec --output."
        message = "Ce fichier ne peut pas être écrit : accès refusé."
    elif isinstance(error, (FileExistsError, NotADirectoryError)):
        message, hint = "Ce dossier ne peut pas être créé : un fichier porte ce nom.", "Choisissez-en un autre."
    else:
        message = f"Ce fichier ne peut pas être écrit ({error.strerror or error})."
        hint = "Vérifiez la place libre et le dossier de sortie ; rien d’incomplet n’a été laissé."
    return OutputError(Problem("unwritable", message, hint, place=Place(file=str(path))))
