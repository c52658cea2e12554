"""Files written whole or not at all. The only room that touches the output folder."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from secrets import token_hex

from conventool.errors import OutputError, reason
from conventool.problems import Place, Problem

__all__ = ["make_folder", "remove_leftovers", "write_atomically", "write_together"]

_PREFIX = ".conventool-"
_ABANDONED = 3600
"""After so many seconds nobody is writing to a file any more."""


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


def remove_leftovers(folder: Path) -> None:
    """Remove the unfinished files that a killed run may have left in a folder, not those of a run at work now."""
    if not folder.is_dir():
        return
    for leftover in folder.glob(f"{_PREFIX}*.tmp"):
        with suppress(OSError):  # another run may have removed it by now
            if time.time() - leftover.stat().st_mtime > _ABANDONED:
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
