"""One command at a time writes in a folder, whichever it is, and none removes what another has not finished."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from conventool.dossier import database
from conventool.files.writing import writing_in
from in_process import command
from writing_commands import COMMANDS, make_world, state_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="a lock’s file cannot be read")]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    make_world(folder)
    return folder


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - {"fill, done before"}))  # which has nothing to write
def test_a_folder_in_which_another_command_writes_is_left_alone(
    name: str, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shutil.copytree(world, tmp_path / "world"))
    monkeypatch.setattr(database, "PATIENCE", 0)  # those that note something in a dossier wait for the other
    words = COMMANDS[name].split()
    written = next(folder for folder in ("neuf", "ouvert", "ancien", "lot") if any(folder in word for word in words))
    with writing_in(Path(written)):
        unfinished = Path(written, ".conventool-autre.tmp")
        unfinished.write_bytes(b"la moiti")
        before = state_of(Path())
        refused = command(*words, "--json")
        assert refused.code == 4
        assert [one["message"] for one in refused.told["problems"] if one["code"] == "unwritable"] == [
            "Une autre commande conventool écrit en ce moment dans ce dossier."
        ]
        assert state_of(Path()) == before
    assert not unfinished.exists()
    assert command(*words).code in {0, 1}
