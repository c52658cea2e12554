"""Ended while LibreOffice, other processes of ours or a server are at work: nothing torn, nothing left."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from conventool.core.errors import ProgramError
from conventool.pdf.office import find_office
from writing_commands import is_sound, make_world, state_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")]

KILLS = int(os.environ.get("CONVENTOOL_KILLS_WITH_OTHERS", "1"))
"""How often each command is ended; each takes some seconds."""
ENDS = ("SIGTERM", "SIGKILL", "SIGINT", "SIGHUP", "SIGQUIT")
COMMANDS = {
    "fill --pdf": "fill adherent.yaml -o neuf --pdf",
    "pdf": "pdf lot",
    "verify --images": "verify revenus --dossier ouvert --images neuf --force",
    "batch --jobs 2": "batch liste.csv -o neuf --jobs 2",
    "page": "page --no-browser",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        find_office()
    except ProgramError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("world")
    make_world(folder)
    return folder


def begun(line: str, home: Path) -> subprocess.Popen[str]:
    """A command at work in a folder, in a session of its own."""
    (home.parent / "tmp").mkdir(exist_ok=True)
    told = {"TMPDIR": str(home.parent / "tmp"), "SOURCE_DATE_EPOCH": "1782864000"}  # 1 July 2026
    return subprocess.Popen(
        [sys.executable, "-m", "conventool", *line.split()], cwd=home, text=True, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | told,
    )  # fmt: skip


def of_session(leader: int) -> list[int]:
    """The processes of a session."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rpartition(")")[2].split()[3]) == leader:
                    found.append(int(entry.name))
            except (OSError, IndexError):
                continue
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_others_work_for_ends(name: str, world: Path, tmp_path: Path) -> None:
    line, home = COMMANDS[name], shutil.copytree(world, tmp_path / "whole")
    started = time.monotonic()
    process = begun(line, home)
    if name == "page":
        time.sleep(3)
        process.terminate()
    process.communicate(timeout=120)
    seconds, whole, code = time.monotonic() - started, words(home), process.returncode
    chance = random.Random(f"5962 {name}")
    for number in range(KILLS):
        end = ENDS[(number + len(name)) % len(ENDS)]
        home = shutil.copytree(world, tmp_path / str(number))
        process = begun(line, home)
        try:
            process.wait(chance.uniform(0.3, 0.9) * seconds)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, getattr(signal, end))
        err = process.communicate(timeout=120)[1]
        assert "Traceback" not in err, (name, end, err)
        until = time.monotonic() + 30
        while of_session(process.pid) and time.monotonic() < until:
            time.sleep(0.05)
        assert of_session(process.pid) == [], (name, end)
        assert end == "SIGKILL" or not [path for path in state_of(home) if ".conventool-" in path], (name, end)
        assert words(home).items() <= whole.items(), (name, end)
        assert is_sound(home), (name, end)
        if name != "page":
            again = begun(line, home)
            again.communicate(timeout=120)
            assert (again.returncode, words(home)) == (code, whole), (name, end)
    left = [path.name for path in (tmp_path / "tmp").iterdir() if not path.name.startswith("etilqs")]
    assert left == [] or (name == "page" and "SIGKILL" in ENDS[:KILLS]), left


def words(home: Path) -> dict[str, bytes]:
    """The files of a folder; of a PDF, which is of its moment, its pages."""
    whole = {path: data for path, data in state_of(home).items() if ".conventool-" not in path}
    return {path: _pages(data) if path.endswith(".pdf") else data for path, data in whole.items()}


def _pages(data: bytes) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        return b"\f".join(page.Contents.read_bytes() for page in pdf.pages)
