"""Folders of returned documents that nobody could look into are named, and the command does not end with 0."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from errno import EACCES, ESTALE
from pathlib import Path
from typing import Any

import pytest

from in_process import command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
SOUND = Path(__file__).parent / "cases" / "returns" / "sound.docx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "retours"
    (home / "secret").mkdir(parents=True)
    shutil.copy(SOUND, home)
    shutil.copy(SOUND, home / "secret")
    (tmp_path / "ailleurs").mkdir()
    shutil.copy(SOUND, tmp_path / "ailleurs")
    return home


def refusing(where: Path, number: int) -> Callable[..., Any]:
    """What stands for ``os.scandir`` where a folder refuses: whoever runs the tests may enter every folder."""
    scandir = os.scandir

    def looked(path: Any = ".") -> Any:
        if Path(path) == where:
            raise OSError(number, os.strerror(number), str(path))
        return scandir(path)

    return looked


@pytest.mark.parametrize("name", ["read", "verify"])
@pytest.mark.parametrize(("number", "words"), [(EACCES, "accès refusé"), (ESTALE, "le partage réseau")])
def test_a_folder_that_cannot_be_entered_is_named(
    name: str, number: int, words: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "scandir", refusing(folder / "secret", number))
    said = command(name, folder, "--json")
    assert said.code == 1
    (problem,) = (one for one in said.told["problems"] if one["code"] == "folder-skipped")
    assert problem["place"]["file"] == str(folder / "secret")
    assert words in problem["message"]
    monkeypatch.setattr(os, "scandir", refusing(folder, number))
    alone = command(name, folder, "--json")
    assert alone.code != 0
    assert str(folder) in alone.out


@pytest.mark.parametrize("name", ["read", "verify"])
def test_a_linked_folder_is_named_and_one_that_is_given_is_read(name: str, folder: Path) -> None:
    (folder / "lien").symlink_to(folder.parent / "ailleurs")
    said = command(name, folder, "--json")
    assert said.code == 1
    assert [one["place"]["file"] for one in said.told["problems"] if one["code"] == "folder-skipped"] == [
        str(folder / "lien")
    ]
    assert command(name, folder / "lien").code == 0


@pytest.mark.parametrize("name", ["read", "verify"])
def test_what_has_vanished_is_named(name: str, folder: Path) -> None:
    said = command(name, folder / "sound.docx", folder / "parti", "--json")
    assert said.code == 1
    assert any(one["place"].get("file") == str(folder / "parti") for one in said.told["problems"])
