"""The exit codes the program promises, and the one family of exceptions that carries them.

Bad data is not an exception: it is a [Problem][conventool.core.problems.Problem], collected and reported with the
others. What is raised here means that the work cannot go on at all.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conventool.core.problems import Problem

__all__ = [
    "ConventoolError",
    "ExitCode",
    "FillError",
    "MisreadError",
    "OutputError",
    "ProgramError",
    "TemplateError",
    "UnreadableError",
    "UsageError",
    "culprit",
    "lacks_memory",
    "lacks_room",
    "reason",
]


class ExitCode(IntEnum):
    """What the process tells its caller; scripts rely on these numbers."""

    DONE = 0
    PROBLEMS = 1
    USAGE = 2
    UNREADABLE = 3
    UNWRITABLE = 4
    OUTSIDE_PROGRAM = 5
    BUG = 70
    INTERRUPTED = 130


class ConventoolError(Exception):
    """Something outside the data stops the work.

    Carries the problems to show, in French, as the user reads them, and the exit code that they mean.
    """

    exit_code = ExitCode.PROBLEMS

    def __init__(self, *problems: Problem) -> None:
        self.problems: tuple[Problem, ...] = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    def __reduce__(self) -> tuple[type[ConventoolError], tuple[Problem, ...]]:
        """Let it travel from a worker process with its problems."""
        return type(self), self.problems


class MisreadError(ValueError):
    """A text that cannot be read as what it should be; it says why, in French.

    Attributes:
        code: a problem code.
        hint: what to write instead, in French.
    """

    def __init__(self, code: str, message: str, hint: str) -> None:
        self.code = code
        self.hint = hint
        super().__init__(message)


class UsageError(ConventoolError):
    """The command line asks for something that cannot be (exit 2)."""

    exit_code = ExitCode.USAGE


class UnreadableError(ConventoolError):
    """A file given as input cannot be read, or must not be trusted (exit 3)."""

    exit_code = ExitCode.UNREADABLE


class TemplateError(UnreadableError):
    """A Word document or its manifest cannot serve as a template (exit 3)."""


class FillError(ConventoolError):
    """Values do not suit the controls they are meant for (exit 1); nothing was produced."""


class OutputError(ConventoolError):
    """The output folder refuses, or holds another file (exit 4)."""

    exit_code = ExitCode.UNWRITABLE


class ProgramError(ConventoolError):
    """An outside program, LibreOffice, is missing or failed (exit 5)."""

    exit_code = ExitCode.OUTSIDE_PROGRAM


_REASONS = {
    "EACCES": "accès refusé",
    "EPERM": "accès refusé",
    "EEXIST": "un fichier porte ce nom",
    "ENOENT": "introuvable",
    "ENOTDIR": "un fichier se trouve là où il faudrait un dossier",
    "EISDIR": "un dossier porte ce nom",
    "ENOSPC": "le disque est plein",
    "EFBIG": "la taille des fichiers est limitée ici",
    "EROFS": "le disque est en lecture seule",
    "ENAMETOOLONG": "le nom ou le chemin est trop long",
    "ELOOP": "des liens se renvoient l’un à l’autre",
    "EIO": "le disque répond mal",
    "EPIPE": "le programme suivant n’écoute plus",
    "EDQUOT": "le quota de place est atteint",
    "ESTALE": "le partage réseau a changé pendant ce temps",
    "ETIMEDOUT": "le partage réseau ne répond pas",
    "EHOSTDOWN": "le partage réseau ne répond pas",
    "EHOSTUNREACH": "le partage réseau ne répond pas",
    "ENOTCONN": "le partage réseau ne répond pas",
    "EBUSY": "un autre programme l’utilise",
    "ETXTBSY": "un autre programme l’utilise",
    "EAGAIN": "un autre programme l’utilise",
    "EMFILE": "trop de fichiers sont ouverts à la fois",
    "ENFILE": "trop de fichiers sont ouverts à la fois",
    "ENOMEM": "la mémoire manque",
    "EINVAL": "ce nom ne convient pas à ce disque",
    "EILSEQ": "ce nom ne convient pas à ce disque",
    "ENXIO": "ce périphérique ne répond pas",
    "ENODEV": "ce périphérique ne répond pas",
    "EXDEV": "ce n’est pas le même disque",
    "EMLINK": "le disque n’admet pas plus de liens",
    "ENOLCK": "le partage réseau n’admet pas plus de verrous",
    "ENOTSUP": "ce disque ne sait pas le faire",
    "EOPNOTSUPP": "ce disque ne sait pas le faire",
}
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_LEAST_FREE = 1 << 20
"""Bytes: a disk with fewer is the one that is full."""


def reason(error: OSError) -> str:
    """Why the system refuses, in French where it is one of the usual reasons.

    Args:
        error: what the system answered.
    """
    if _lacks_temporary_folder(error):
        return "aucun dossier temporaire n’est utilisable"
    name = errno.errorcode.get(error.errno or 0, "")
    if name in _REASONS:
        return _REASONS[name]
    if sys.platform == "win32" and error.strerror:  # in the language of the user
        return error.strerror
    return f"erreur {name or error.errno} du système" if error.errno else str(error)


def lacks_memory(error: BaseException) -> bool:
    """Whether it is for want of memory that something failed, or a library of the program could not be loaded."""
    match error:
        case MemoryError():
            return True
        case OSError():
            return error.errno == errno.ENOMEM
        case ImportError():  # in the words of the C library
            return any(words in str(error) for words in ("failed to map", "annot allocate memory"))
    return False


def lacks_room(error: OSError) -> bool:
    """Whether there is no room left for what is to be written, or no folder where temporary files can be."""
    return error.errno in _FULL or _lacks_temporary_folder(error)


def _lacks_temporary_folder(error: OSError) -> bool:
    return error.errno == errno.ENOENT and not error.filename  # of Python's tempfile, which tried several


def culprit(error: OSError, path: Path) -> Path:
    """What an error is about: the path that it names, or the folder for temporary files where that one is full.

    Args:
        error: what the system answered.
        path: what was to be read or written.
    """
    if error.filename:
        return Path(os.fsdecode(error.filename))
    if error.errno in _FULL:
        import tempfile  # noqa: PLC0415 (only here)

        with suppress(OSError):
            temporary = Path(tempfile.gettempdir())
            if _is_full(temporary) and not _is_full(path.parent):
                return temporary
    return path


def _is_full(folder: Path) -> bool:
    import shutil  # noqa: PLC0415 (only here)

    return shutil.disk_usage(folder).free < _LEAST_FREE
