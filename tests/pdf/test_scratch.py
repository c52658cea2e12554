"""What a run leaves when it is killed goes with the next; what a run at work has stays."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from conventool.files import scratch
from conventool.files.scratch import scratch_folder, sweep

HELD = """
import sys
from conventool.files.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "Armentières.docx").write_bytes(b"x")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def run(tmp_path: Path) -> subprocess.Popen[str]:
    """Another run at work, whose temporary folder is in ``tmp_path``."""
    environment = os.environ | {"TMPDIR": str(tmp_path), "TEMP": str(tmp_path)}
    command = [sys.executable, "-c", HELD]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def test_it_is_for_this_user_alone_and_goes_at_the_end(scratch_root: Path) -> None:
    with scratch_folder() as folder:
        assert folder.parent == scratch_root
        if sys.platform != "win32":
            assert [path.stat().st_mode & 0o077 for path in scratch_root.iterdir()] == [0, 0]
    assert list(scratch_root.iterdir()) == []


def test_it_goes_after_an_error_too(scratch_root: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch_folder():
        1 / 0  # noqa: B018
    assert list(scratch_root.iterdir()) == []


def test_what_a_run_at_work_has_stays(
    run: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run.stdout is not None
    folder = Path(run.stdout.readline().strip())
    sweep()
    assert (folder / "Armentières.docx").exists()
    run.communicate("")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_goes(
    run: subprocess.Popen[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run.stdout is not None
    folder = Path(run.stdout.readline().strip())
    run.kill()
    run.communicate()
    (tmp_path / "another’s").mkdir()
    assert (folder / "Armentières.docx").exists()
    sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["another’s"]


def test_a_lock_without_a_folder_goes_once_it_is_old(scratch_root: Path) -> None:
    for name in ("old", "new"):
        (scratch_root / f"conventool-pdf-{name}.lock").touch()
    os.utime(scratch_root / "conventool-pdf-old.lock", (1, 1))
    sweep()
    assert [path.name for path in scratch_root.iterdir()] == ["conventool-pdf-new.lock"]


@pytest.mark.skipif(sys.platform == "win32", reason="there LibreOffice uses named pipes, which end with it")
def test_sockets_that_nobody_answers_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this user, of LibreOffice; one that a LibreOffice at work listens to stays."""
    name = f"OSL_PIPE_{os.geteuid()}_"
    with TemporaryDirectory(dir="/tmp") as short:  # the path of a socket has a hundred characters at most
        folder = Path(short)
        monkeypatch.setattr(scratch, "_PIPES", folder)
        with socket.socket(socket.AF_UNIX) as dead:
            dead.bind(str(folder / f"{name}dead"))
        with socket.socket(socket.AF_UNIX) as answering:
            answering.bind(str(folder / f"{name}answering"))
            answering.listen()
            (folder / "OSL_PIPE_99999_another").touch()
            sweep()
        assert {path.name for path in folder.iterdir()} == {f"{name}answering", "OSL_PIPE_99999_another"}
