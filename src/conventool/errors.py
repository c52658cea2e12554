"""The exit codes the program promises, and the one family of exceptions that carries them.

Bad data is not an exception: it is a [Problem][conventool.problems.Problem], collected and reported with the
others. What is raised here means that the work cannot go on at all.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conventool.problems import Problem

__all__ = [
    "ConventoolError",
    "ExitCode",
    "FillError",
    "OutputError",
    "ProgramError",
    "TemplateError",
    "UnreadableError",
    "UsageError",
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
