"""What was met before in a list, and where, at a cost in memory that does not grow with the list."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from weakref import finalize

__all__ = ["Seen"]


class Seen:
    """Keys met before. They are kept by SQLite in a temporary file without a name."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        finalize(self, self._database.close)
        self._database.execute("pragma journal_mode = off")
        self._database.execute("create table seen (key text primary key, place text) without rowid")
        self._database.execute("begin")

    def find(self, keys: Iterable[str]) -> str | None:
        """Where the first of these keys that is known was met."""
        for key in keys:
            found = self._database.execute("select place from seen where key = ?", (key,)).fetchone()
            if found:
                return str(found[0])
        return None

    def add(self, keys: Iterable[str], place: str) -> None:
        """Remember keys that are new."""
        self._database.executemany("insert into seen values (?, ?)", ((key, place) for key in keys))
