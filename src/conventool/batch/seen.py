"""What was met before in a list, and where, at a cost in memory that does not grow with the list."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from weakref import finalize

__all__ = ["Seen"]

_CACHE = 32_000
"""KiB of keys held in memory: those of a list of every commune; a longer one is looked up in the file."""


class Seen:
    """Keys met before. They are kept by SQLite in a temporary file without a name."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        finalize(self, self._database.close)
        self._database.execute("pragma journal_mode = off")
        self._database.execute(f"pragma cache_size = -{_CACHE}")
        self._database.execute("create table seen (key text primary key, place text, row integer) without rowid")
        self._database.execute("begin")
        self._row = 0

    def find(self, keys: Iterable[str]) -> str | None:
        """Where the first of these keys that is known was met."""
        for key in keys:
            found = self._database.execute("select place from seen where key = ?", (key,)).fetchone()
            if found:
                return str(found[0])
        return None

    def add(self, keys: Sequence[str], place: str) -> bool:
        """Remember the keys of a row, if all are new and no two are the same; tell whether they were."""
        self._row += 1
        insert = f"insert or ignore into seen values {', '.join(['(?, ?, ?)'] * len(keys))}"  # noqa: S608 (no data in it)
        values = [value for key in keys for value in (key, place, self._row)]
        if self._database.execute(insert, values).rowcount == len(keys):
            return True
        self._database.executemany("delete from seen where key = ? and row = ?", [(key, self._row) for key in keys])
        return False
