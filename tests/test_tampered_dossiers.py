"""A dossier that somebody else has changed: read as far as it is one of ours, else refused; nothing in it acts."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from in_process import command
from writing_commands import make_world

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="makes links and pipes")]

COMMANDS = ("suivi lot", "courriels lot --modele courriel.yaml", "batch liste.csv -o lot", "echeances lot")
Tamper = Callable[[Path], object]


def sql(*lines: str) -> Tamper:
    def tamper(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            for line in lines:
                database.execute(line)

    return tamper


def beside(end: str, data: bytes) -> Tamper:
    return lambda path: path.with_name(path.name + end).write_bytes(data)


def replaced(name: str, make: Callable[[Path], object]) -> Tamper:
    def tamper(path: Path) -> None:
        path.with_name(name).unlink(missing_ok=True)
        make(path.with_name(name))

    return tamper


JOURNAL = bytes.fromhex("d9d505f920a163d7")
TAMPERED: dict[str, tuple[Tamper, set[int]]] = {
    "a trigger": (sql("CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM adherent; END"), {3}),
    "a view for a table": (sql("ALTER TABLE piece RENAME TO other", "CREATE VIEW piece AS SELECT * FROM other"), {3}),
    "a view that loads": (sql("CREATE VIEW other AS SELECT load_extension('x')"), {3}),
    "a virtual table": (sql("CREATE VIRTUAL TABLE other USING fts5(a)"), {3}),
    "a column that is owed": (sql("ALTER TABLE adherent ADD COLUMN other TEXT NOT NULL DEFAULT 'x'"), {0, 1, 3}),
    "a negative version": (sql("PRAGMA user_version=-5"), {3}),
    "a version to come": (sql("PRAGMA user_version=2147483647"), {3}),
    "an application": (sql("PRAGMA application_id=12345"), {0, 1}),
    "a table gone": (sql("DROP TABLE problem"), {3}),
    "a table forgotten": (sql("PRAGMA writable_schema=1", "DELETE FROM sqlite_master WHERE name='problem'"), {3}),
    "a broken schema": (sql("PRAGMA writable_schema=1", "UPDATE sqlite_master SET sql='CREATE' WHERE name='run'"), {3}),
    "no run": (sql("PRAGMA foreign_keys=0", "DELETE FROM run"), {3}),
    "a name that commands": (sql("UPDATE adherent SET nom=char(8238)||char(27)||'[2J=1+1'"), {0, 1}),
    "a long name": (sql("UPDATE adherent SET nom=CAST(zeroblob(1000000) AS TEXT)"), {0, 1}),
    "a negative rank": (sql("UPDATE adherent SET rank=-9223372036854775808 + id"), {0, 1}),
    "large pages": (sql("PRAGMA page_size=65536", "VACUUM"), {0, 1}),
    "a journal of junk": (beside("-journal", JOURNAL + b"\xff" * 4000), {0, 1, 3}),
    "a log of junk": (beside("-wal", b"\x37\x7f\x06\x82" + b"\xff" * 4000), {0, 1, 3}),
    "an empty file": (replaced("suivi.sqlite", lambda path: path.touch()), {0, 1, 3}),
    "a pipe": (replaced("suivi.sqlite", os.mkfifo), {3, 4}),
    "a full device": (replaced("suivi.sqlite", lambda path: path.symlink_to("/dev/full")), {3, 4}),
    "a folder": (replaced("suivi.sqlite", Path.mkdir), {3, 4}),
    "a workbook that is a pipe": (replaced("suivi.xlsx", os.mkfifo), {0, 4}),
    "a workbook on a device": (replaced("suivi.xlsx", lambda path: path.symlink_to("/dev/full")), {0, 4}),
    "a lock that is a folder": (replaced(".conventool-en-cours", Path.mkdir), {0, 1, 4}),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    make_world(folder)
    return folder


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_dossier(name: str, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tamper, codes = TAMPERED[name]
    monkeypatch.chdir(shutil.copytree(world, tmp_path / "world"))
    tamper(Path("lot", "suivi.sqlite"))
    for line in COMMANDS:
        said = command(*line.split(), "-q")
        assert said.code in codes, (line, said)
        assert said.code in {0, 1} or said.err.count("\n  "), (line, said)
        assert "\x1b" not in said.err


def test_a_lock_that_is_a_link_leaves_what_it_leads_to(tmp_path: Path) -> None:
    """Whoever may write in the folder must not have another file emptied."""
    example, victim, folder = Path(__file__).parents[1] / "examples" / "adherent.yaml", tmp_path / "a", tmp_path / "out"
    folder.mkdir()
    victim.write_text("précieux", encoding="utf-8")
    (folder / ".conventool-en-cours").symlink_to(victim)
    assert command("fill", example, "-o", folder, "-q").code == 0
    assert victim.read_text(encoding="utf-8") == "précieux"
