"""A data file's bytes, or in French why they cannot be had."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import file_digest
from typing import TYPE_CHECKING

from conventool.core.errors import UnreadableError, reason
from conventool.core.problems import Place, Problem

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

__all__ = [
    "NO_FILE",
    "file_sha256",
    "file_trouble",
    "is_folder",
    "is_unchanged",
    "naming",
    "open_file",
    "read_bytes",
    "refuse_device",
    "unreadable",
]


def unreadable(message: str, hint: str | None, place: Place) -> UnreadableError:
    """Make the error that stops the reading of a file (exit 3).

    Args:
        message: what is wrong, in French.
        hint: what to do about it, in French.
        place: where in which file.

    Returns:
        The error, to be raised.
    """
    return UnreadableError(Problem("unreadable", message, hint, place=place))


def file_trouble(error: OSError, path: Path) -> UnreadableError:
    """Say in French why the system refuses a file.

    Args:
        error: what the system answered.
        path: the file asked for.

    Returns:
        The error, to be raised.
    """
    place = Place(file=str(path))
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return unreadable("Ce fichier n’existe pas.", "Vérifiez le nom et le dossier.", place)
    if is_folder(path):
        return unreadable("C’est un dossier, et il faut ici un fichier.", None, place)
    if isinstance(error, PermissionError):
        hint = "Fermez-le s’il est ouvert dans un autre logiciel, ou demandez le droit de le lire."
        return unreadable("Ce fichier ne peut pas être ouvert : accès refusé.", hint, place)
    return unreadable(f"Ce fichier ne peut pas être lu : {reason(error)}.", None, place)


def is_folder(path: Path) -> bool:
    """Whether there is a folder; where nobody may look there is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def open_file(path: Path) -> BufferedReader:
    """Open a file to read its bytes; what may give no end of them, or none, is not waited for.

    Raises:
        OSError: it cannot be opened, or is no file but a device, a pipe or a folder.
    """
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        mode = os.fstat(file).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(mode):
            raise OSError(NO_FILE)
        return os.fdopen(file, "rb")
    except OSError:
        os.close(file)
        raise


NO_FILE = "c’est un périphérique ou un tube, et il faut ici un fichier"


def refuse_device(path: Path) -> None:
    """Refuse what may give no end of bytes, or none: neither a file nor a folder.

    Raises:
        UnreadableError: it is a device or a pipe.
    """
    try:
        ordinary = not path.exists() or path.is_file() or path.is_dir()
    except OSError:  # whoever opens it will say so
        return
    if not ordinary:
        hint = "Copiez d’abord ce qu’il donne dans un fichier."
        message = "C’est un périphérique ou un tube, et il faut ici un fichier."
        raise unreadable(message, hint, Place(file=str(path)))


def read_bytes(path: Path, limit: int) -> bytes:
    """Read a whole file of a sane size.

    Args:
        path: the file.
        limit: the size in bytes above which it is refused unread.

    Returns:
        Its bytes.

    Raises:
        UnreadableError: the system refuses, or the file is too big.
    """
    try:
        with open_file(path) as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise file_trouble(error, path) from error
    if len(data) > limit:
        hint = "Pour une très longue liste, préférez un fichier CSV."
        raise unreadable(f"Ce fichier dépasse {limit // 1_000_000} Mo.", hint, Place(file=str(path)))
    return data


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let what the system refuses name a file: an open file has no name to it."""
    try:
        yield
    except OSError as error:
        if error.errno and not error.filename:
            error.filename = str(path)
        raise


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    with naming(path), open_file(path) as file:
        return file_digest(file, "sha256").hexdigest()


def is_unchanged(path: Path, sha256: str, size: int) -> bool:
    """Whether a file still has this checksum and this size in bytes."""
    try:
        return path.stat().st_size == size and file_sha256(path) == sha256
    except OSError:
        return False
