"""The one way into an output folder: its lock, and the database of its dossier.

One command writes in a folder at a time, by a lock of our own: SQLite's locks promise little on a network share. The
database keeps a rollback journal, so that a run that is killed leaves the last chunk it had committed.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path

from conventool.core.errors import ConventoolError, OutputError, UnreadableError
from conventool.core.problems import Place, Problem
from conventool.files.writing import writing_in

__all__ = ["NAME", "connect", "connect_aside", "connect_copy", "connect_for_writing", "no_dossier", "refusing"]

NAME = "suivi.sqlite"
PATIENCE = 15.0
"""Seconds in which a command has noted something in a large dossier, and written its workbook."""
_VERSION = 2
"""``user_version`` of ``schema.sql``; a dossier of version 1 becomes one of version 2 when it is written in."""
_CACHE = 6_000
"""KiB of the database held in memory, however long a list is."""


@contextmanager
def connect_for_writing(folder: Path, *, writes: bool, patience: float | None = None) -> Iterator[sqlite3.Connection]:
    """Open the dossier of an output folder for one run.

    The folder is made if need be, kept from other commands meanwhile, and rid of what killed runs left unfinished.

    Args:
        folder: the output folder.
        writes: False for a dry run: what it notes goes into a copy that nobody keeps, and nothing is made.
        patience: seconds to wait for another command to end; None for as long as one takes that notes something.

    Raises:
        OutputError: the folder cannot be written, or another command is at work there.
        UnreadableError: the dossier is damaged, or a newer version of the program has written it.
    """
    if not writes:
        with refusing(folder / NAME):
            yield connect_copy(folder)
        return
    with writing_in(folder, PATIENCE if patience is None else patience), refusing(folder / NAME):
        yield _migrated(_connected(folder / NAME))


def connect(folder: Path) -> sqlite3.Connection | None:
    """Open the dossier of a folder to read in it; None where there is none, or an empty file.

    Raises:
        UnreadableError: it is damaged, or a newer version of the program has written it.
    """
    path = folder / NAME
    if not os.path.isfile(path) or not os.path.getsize(path):  # noqa: PTH113, PTH202 (pathlib raises on a long name)
        return None
    with refusing(path):
        return _as_of_today(_connected(path))


def no_dossier(folder: Path) -> UnreadableError:
    """The error of a folder that a command has to know, and that has no dossier."""
    hint = f"Donnez le dossier que « batch » ou « fill » a écrit : il contient {NAME}."
    return UnreadableError(Problem("unreadable", "Ce dossier n’a pas de suivi.", hint, place=Place(str(folder))))


class _Connection(sqlite3.Connection):
    """One that is closed with its last reader: a report reads from it after its run."""

    def __del__(self) -> None:
        """Close it, if it was opened."""
        with suppress(sqlite3.ProgrammingError):
            self.close()


def _connection(path: Path | str) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, factory=_Connection)
    database.execute(f"PRAGMA cache_size = -{_CACHE}")
    database.execute("PRAGMA foreign_keys = ON")
    return database


def _connected(path: Path | None) -> sqlite3.Connection:
    """A connection to a dossier, made where there is none; without a path, to one that nobody keeps."""
    database = _connection(path or "")
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        database.close()
        raise _newer(path or Path(NAME))
    if version == 0:
        if database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            raise sqlite3.DatabaseError("a database of another program")
        _make_tables(database)
    elif path:
        _refuse_foreign(database, path)
    return database


def _refuse_foreign(database: sqlite3.Connection, path: Path) -> None:
    """Refuse a dossier that this program cannot have written so: it may have been made to mislead.

    Raises:
        DatabaseError: it holds what acts or values of any type, or adherents of a run that is not there.
        UnreadableError: it names a file that is not in its folder.
    """
    if database.execute(_FOREIGN).fetchone():
        raise sqlite3.DatabaseError("not the tables of a dossier")
    if database.execute("SELECT 1 FROM adherent WHERE run NOT IN (SELECT id FROM run) LIMIT 1").fetchone():
        raise sqlite3.DatabaseError("an adherent of no run")
    outside = database.execute(
        "SELECT path FROM piece WHERE path GLOB '*[/\\:]*' OR path IN ('', '.', '..')"
    ).fetchone()
    if outside:
        message = f"Ce dossier de suivi a été modifié : il nomme un fichier hors de son dossier, « {outside[0]} »."
        raise UnreadableError(Problem("path-outside", message, _RESTORE, place=Place(file=str(path))))


_FOREIGN = """
    SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view') UNION ALL
    SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND NOT strict
"""


def _migrated(database: sqlite3.Connection) -> sqlite3.Connection:
    """A dossier whose tables are those of this version; what an earlier one held is kept."""
    if database.execute("PRAGMA user_version").fetchone()[0] < _VERSION:
        _make_tables(database, "ALTER TABLE run ADD COLUMN terms TEXT;")
    return database


def _make_tables(database: sqlite3.Connection, first: str = "") -> None:
    """Make the tables that are not there, after what changes those that are: all of it or nothing."""
    schema = files(__package__).joinpath("schema.sql").read_text("utf-8")
    database.executescript(f"BEGIN; {first} {schema} COMMIT;")


def _as_of_today(database: sqlite3.Connection) -> sqlite3.Connection:
    """A dossier to read in; of an earlier version, a copy that is migrated, for reading writes nothing."""
    if database.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
        return database
    copy = _connection("")
    database.backup(copy)
    database.close()
    return _migrated(copy)


def connect_aside() -> sqlite3.Connection:
    """A new dossier that nobody keeps, in a temporary file that goes with the connection."""
    return _connected(None)


def connect_copy(folder: Path) -> sqlite3.Connection:
    """A copy of the dossier of a folder that nobody keeps.

    Raises:
        UnreadableError: it is damaged, or a newer version of the program has written it.
    """
    there = connect(folder)
    if there is None:
        return connect_aside()
    copy = _connection("")
    there.backup(copy)
    there.close()
    return copy


@contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Tell in French why SQLite stops.

    Raises:
        OutputError: the disk is full or refuses.
        UnreadableError: the file is damaged, or no dossier.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # a mistake of ours, not of the file
    except sqlite3.Error as error:
        raise _refused(error, path) from error


_OF_THE_DISK = {
    sqlite3.SQLITE_FULL: "le disque est plein",
    sqlite3.SQLITE_IOERR: "le disque répond mal",
    sqlite3.SQLITE_READONLY: "il est en lecture seule",
    sqlite3.SQLITE_CANTOPEN: "il ne peut pas être ouvert",
    sqlite3.SQLITE_PERM: "accès refusé",
    sqlite3.SQLITE_BUSY: "un autre programme l’utilise",
    sqlite3.SQLITE_LOCKED: "un autre programme l’utilise",
}


def _refused(error: Exception, path: Path) -> ConventoolError:
    place = Place(file=str(path))
    why = _OF_THE_DISK.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)  # the low byte of an extended code
    if why:
        message, hint = f"Le dossier de suivi ne peut pas être écrit : {why}.", "Vérifiez la place libre et les droits."
        return OutputError(Problem("unwritable", message, hint, place=place))
    message = "Ce fichier est abîmé, ou n’est pas un dossier de suivi de conventool."
    return UnreadableError(Problem("unreadable", message, _RESTORE, place=place))


_RESTORE = (
    "Rétablissez-le d’une sauvegarde, ou renommez-le : la même commande en refera un. Les documents ne risquent rien."
)


def _newer(path: Path) -> UnreadableError:
    message = "Ce dossier de suivi vient d’une version plus récente de conventool."
    hint = "Installez cette version, ou choisissez un autre dossier avec --output."
    return UnreadableError(Problem("unreadable", message, hint, place=Place(file=str(path))))
