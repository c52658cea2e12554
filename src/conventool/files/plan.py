"""The files wanted, held against those on disk: what to create, what to leave, what to replace. Reads, never writes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from errno import EISDIR
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import NamedTuple

from conventool.core.errors import OutputError, reason
from conventool.core.problems import Place, Problem
from conventool.core.report import DocumentDone
from conventool.files.reading import NO_FILE

__all__ = ["A_LINK", "DIFFERS", "Action", "Planned", "Wanted", "compare", "conflict", "plan"]

A_LINK = "c’est un lien vers un autre fichier"
DIFFERS = "file-differs"
"""Code of the problem that another file is in the place of a wanted one."""


class Action(StrEnum):
    """What a wanted file asks for; the value is what became of it once that was done."""

    CREATE = "created"
    IDENTICAL = "identical"
    REPLACE = "replaced"
    CONFLICT = "conflict"

    @property
    def writes(self) -> bool:
        """Is the file to be written?"""
        return self is Action.CREATE or self is Action.REPLACE


class Wanted(NamedTuple):
    """A file to have on disk: where, and its bytes."""

    path: Path
    data: bytes


class Planned(NamedTuple):
    """A wanted file and what it asks for."""

    wanted: Wanted
    action: Action

    def done(self, adherent: str = "") -> DocumentDone:
        """The file as a report tells it, once it is there; ``adherent`` is the name of whose it is."""
        path, data = self.wanted
        return DocumentDone(adherent, "", path, path.suffix[1:], self.action.value, sha256(data).hexdigest(), len(data))


def compare(path: str | Path, data: bytes, *, force: bool) -> Action:
    """Hold one wanted file against the disk.

    Args:
        path: where it is to be; a text in long lists, for to make a Path takes longer than to look.
        data: its bytes.
        force: may a file that differs be replaced?

    Raises:
        OutputError: what stands there cannot be read, or is a folder.
    """
    try:
        found = os.lstat(path)
        is_link = S_ISLNK(found.st_mode)
        if is_link and not os.path.exists(path):  # noqa: PTH110
            raise OSError(A_LINK)
        found = os.stat(path) if is_link else found  # noqa: PTH116
        if S_ISDIR(found.st_mode):
            raise IsADirectoryError(EISDIR, "")
        if not S_ISREG(found.st_mode):
            raise OSError(NO_FILE)
        if found.st_size == len(data) and Path(path).read_bytes() == data:
            return Action.IDENTICAL
        if is_link:
            raise OSError(A_LINK)
    except FileNotFoundError:
        return Action.CREATE
    except OSError as error:
        message = f"Rien ne peut être écrit à cet endroit : {reason(error)}."
        place = Place(file=str(path))
        raise OutputError(Problem("unwritable", message, "Choisissez un autre dossier.", place=place)) from error
    return Action.REPLACE if force else Action.CONFLICT


def plan(files: Sequence[Wanted], *, force: bool) -> list[Planned]:
    """Hold every wanted file against the disk.

    Args:
        files: the files wanted.
        force: may files that differ be replaced?

    Raises:
        OutputError: files that differ are in the way and may not be replaced: all of them are named.
    """
    planned = [Planned(wanted, compare(wanted.path, wanted.data, force=force)) for wanted in files]
    conflicts = [one.wanted.path for one in planned if one.action is Action.CONFLICT]
    if conflicts:
        raise OutputError(*(conflict(path) for path in conflicts))
    return planned


def conflict(path: Path) -> Problem:
    """Tell of a file that is in the way."""
    return Problem(
        DIFFERS,
        "Un fichier différent porte déjà ce nom.",
        "Ajoutez --force pour le remplacer, ou choisissez un autre dossier avec --output.",
        place=Place(file=str(path)),
    )
