"""Temporary folders: gone when a run ends, and swept by the next run when this one was killed."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import FileLock

__all__ = ["fast_folder", "scratch_folder", "sweep"]

_PREFIX = "conventool-pdf-"
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of our own is made in it)
_ENOUGH = 1 << 28  # bytes
_ABANDONED = 3600  # seconds
_PIPES = Path("/tmp")  # noqa: S108 (where LibreOffice puts them, whatever TMPDIR says)


def fast_folder() -> Path | None:
    """A folder in memory, for LibreOffice's settings and the PDF files of a few moments; None if there is none.

    LibreOffice waits for the disk three times a document. A temporary folder that the user chose is respected.
    """
    if "TMPDIR" in os.environ or tempfile.gettempdir() != "/tmp":  # noqa: S108 (only compared)
        return None
    with suppress(OSError):
        if shutil.disk_usage(_SHARED_MEMORY).free >= _ENOUGH and os.access(_SHARED_MEMORY, os.W_OK):
            return _SHARED_MEMORY
    return None


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """A new folder that only this user may enter, removed at the end.

    Its lock, a file beside it, is held meanwhile: a folder whose lock is free is that of a run that was killed.

    Args:
        parent: where to make it; without one, the system's temporary folder.
    """
    sweep()
    folder = (parent or Path(tempfile.gettempdir())).resolve() / f"{_PREFIX}{secrets.token_hex(8)}"
    lock = _lock_of(folder)
    try:
        with lock:
            folder.mkdir(mode=0o700)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)


def sweep() -> None:
    """Remove what killed runs of this user left: temporary folders, and sockets of LibreOffice that nobody answers."""
    for parent in {Path(tempfile.gettempdir()).resolve(), _SHARED_MEMORY}:
        for path in parent.glob(f"{_PREFIX}*"):
            if path.suffix != ".lock":
                _remove_abandoned(path)
            elif not path.with_suffix("").exists():
                _remove_old(path)
    if hasattr(os, "geteuid"):
        for pipe in _PIPES.glob(f"OSL_PIPE_{os.geteuid()}_*"):
            if _unanswered(pipe):
                pipe.unlink(missing_ok=True)


def _lock_of(folder: Path) -> FileLock:
    from filelock import FileLock  # noqa: PLC0415 (it takes its time, and only a PDF needs it)

    return FileLock(f"{folder}.lock", blocking=False, mode=0o600, fallback_to_soft=False)


def _remove_abandoned(folder: Path) -> None:
    from filelock import Timeout  # noqa: PLC0415 (likewise)

    lock = _lock_of(folder)
    with suppress(OSError, Timeout, NotImplementedError), lock:
        shutil.rmtree(folder, ignore_errors=True)
        Path(lock.lock_file).unlink(missing_ok=True)


def _remove_old(lock: Path) -> None:
    """Remove a lock without a folder, unless it is so new that its folder may be about to be made."""
    with suppress(OSError):
        if time.time() - lock.stat().st_mtime > _ABANDONED:
            lock.unlink()


def _unanswered(pipe: Path) -> bool:
    """Does nobody listen at this socket? One that cannot be asked is left alone."""
    try:
        with closing(socket.socket(socket.AF_UNIX)) as asking:
            asking.connect(str(pipe))
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False
