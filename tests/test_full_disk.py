"""A disk that really is full, and files that may not grow: exit code 4, nothing torn, done once there is room."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from writing_commands import COMMANDS, make_world, state_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="disks are mounted otherwise")]

UNSHARE = shutil.which("unshare")
RUN = Path(__file__).with_name("on_a_full_disk.py")
KILOBYTES = (0, 60)
"""What is left on the disk; the last is too little for documents, and enough for what is written about them."""
TRIED = ("fill", "batch, in a dossier", "adopt", "classeur", "suivi", "courriels")
"""Commands that write each in another way."""


def on_a_disk(home: Path, *orders: dict[str, Any]) -> list[dict[str, Any]]:
    """Have commands run on a small disk of their own, see ``on_a_full_disk.py``; what came of each."""
    done = subprocess.run(
        [str(UNSHARE), "--user", "--map-root-user", "--mount", sys.executable, str(RUN), str(home)],
        input=json.dumps(orders), capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    make_world(folder)
    return folder


def can_mount() -> bool:
    """Whether this user may mount a disk in memory, in a namespace."""
    mounting = ["--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return (
        UNSHARE is not None and subprocess.run([UNSHARE, *mounting], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not can_mount(), reason="no disk may be mounted here")
def test_a_disk_that_is_full(world: Path, tmp_path: Path) -> None:
    orders = [{"line": COMMANDS[name], "left": left << 10} for name in TRIED for left in KILOBYTES]
    full = 0
    for order, done in zip(orders, on_a_disk(world, *orders), strict=True):
        told = (order, done)
        assert done["code"] in {4, done["whole"]}, told
        assert "Traceback" not in done["err"], told
        if done["code"] == 4:
            full += 1
            assert "disque est plein" in done["err"], told
            assert not done["torn"], told
        assert done["again"] == done["whole"], told
        assert not done["different"], told
    assert full >= len(TRIED)


@pytest.mark.parametrize("name", ["fill", "adopt", "read", "suivi"])
def test_files_that_may_not_grow(name: str, world: Path, tmp_path: Path) -> None:
    """As under a quota of the shell: RLIMIT_FSIZE, whose signal Python ignores."""
    place = shutil.copytree(world, tmp_path / "world")
    words = COMMANDS[name].split()
    limited = "import resource as r, sys; r.setrlimit(r.RLIMIT_FSIZE, (300, 300)); sys.argv[0] = 'conventool'"
    begun = "from conventool.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", f"{limited}; {begun}", *words], cwd=place, capture_output=True, text=True, check=False,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 4, (name, done)
    assert re.search("ne peut pas être écrit|la taille des fichiers est limitée", done.stderr), (name, done)
    assert "Traceback" not in done.stderr, (name, done)
    before = state_of(world)
    assert not {path for path, data in state_of(place).items() if before.get(path) != data}, name
