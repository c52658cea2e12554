"""Killed at any moment: nothing is torn, the dossier opens, and the same command completes the work."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from dossiers import documents_in, told_by

EXAMPLE = Path(__file__).parents[1] / "examples" / "adherent.yaml"


def command(output: Path) -> list[str]:
    return [sys.executable, "-m", "conventool", "fill", str(EXAMPLE), "-o", str(output), "-q"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_fill_killed_at_any_moment_leaves_whole_files_and_a_sound_dossier(tmp_path: Path) -> None:
    started = time.perf_counter()
    subprocess.run(command(tmp_path / "whole"), check=True, capture_output=True)
    seconds = time.perf_counter() - started
    wanted = documents_in(tmp_path / "whole")
    assert len(wanted) == 3
    moments = random.Random(5962)
    survived = begun = 0
    for number in range(50):
        output = tmp_path / str(number)
        process = subprocess.Popen(command(output), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with suppress(subprocess.TimeoutExpired):
            process.wait(moments.uniform(0.3, 1.02) * seconds)
        survived += process.poll() is not None
        process.kill()
        process.wait()
        whole = {name: data for name, data in documents_in(output).items() if not name.startswith(".conventool-")}
        assert whole.items() <= wanted.items(), number
        begun += output.exists()
        if (output / "suivi.sqlite").exists() and (output / "suivi.sqlite").stat().st_size:
            told_by_after_recovery(output)
        subprocess.run(command(output), check=True, capture_output=True)
        assert documents_in(output) == wanted, number
        assert len([piece for piece in told_by(output)["piece"] if piece["state"] == "current"]) == 3
        assert not list(output.glob(".conventool-*"))
    assert survived < 25
    assert begun > 2


def told_by_after_recovery(output: Path) -> None:
    """What a killed run had begun to write is taken back by SQLite when the dossier is opened for writing."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(output / "suivi.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
