"""The exit codes the program promises, and the one family of exceptions that carries them.

Bad data is not an exception: it is a [Problem][conventool.core.problems.Problem], collected and reported with the
others. What is raised here means that the work cannot go on at all.
"""

from __future__ import annotations

import errno
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conventool.core.problems import Problem

__all__ = [
    "ConventoolError",
    "ExitCode",
    "FillError",
    "OutputError",
    "ProgramError",
    "TemplateError",
    "UnreadableError",
    "UsageError",
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
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.EEXIST: "un fichier porte ce nom",
    errno.ENOENT: "introuvable",
    errno.ENOTDIR: "un fichier se trouve là où il faudrait un dossier",
    errno.EISDIR: "un dossier porte ce nom",
    errno.ENOSPC: "le disque est plein",
    errno.EFBIG: "la taille des fichiers est limitée ici",
    errno.EROFS: "le disque est en lecture seule",
    errno.ENAMETOOLONG: "le nom ou le chemin est trop long",
    errno.ELOOP: "des liens se renvoient l’un à l’autre",
    errno.EIO: "le disque répond mal",
    errno.EPIPE: "le programme suivant n’écoute plus",
}


def reason(error: OSError) -> str:
    """Why the system refuses, in French where it is one of the usual reasons.

    Args:
        error: what the system answered.
    """
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)
