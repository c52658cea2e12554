"""Output folders as an outsider sees them: the documents, and the dossier read by SQLite alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

__all__ = ["documents_in", "told_by"]

_FOR_PEOPLE = ("suivi.", "rejets")


def documents_in(folder: Path) -> dict[str, bytes]:
    """The files below a folder by name, but its dossier and what goes with it."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.name: path.read_bytes() for path in files if not path.name.startswith(_FOR_PEOPLE)}


def told_by(folder: Path) -> dict[str, Any]:
    """What the dossier of a folder tells, by table; it must be sound."""
    database = sqlite3.connect(f"{(folder / 'suivi.sqlite').resolve().as_uri()}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    with closing(database):
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = ("run", "adherent", "piece", "rejected", "problem")
        return {table: [dict(row) for row in database.execute(f"SELECT * FROM {table}")] for table in tables}
