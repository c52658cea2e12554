"""Killed or told to end at any moment, over every command that writes: nothing torn, nothing left, the same again."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dossiers import documents_in, told_by

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="needs signals")]

ROOT = Path(__file__).parents[1]
KILLS = int(os.environ.get("CONVENTOOL_KILLS", "16"))
"""How often in all; each takes some two seconds. The whole number is 200, before a release."""
ENDS = [
    getattr(signal, name) for name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT") if hasattr(signal, name)
]
RETURNED = Path(__file__).parent / "cases" / "returns" / "sound.docx"
FORM = Path(__file__).parent / "documents" / "kinds_in_runs.docx"
COMMANDS: dict[str, list[str]] = {
    "fill": ["fill", str(ROOT / "examples" / "adherent.yaml"), "-o", "OUT"],
    "batch": ["batch", "LIST", "-o", "OUT"],
    "batch --jobs 2": ["batch", "LIST", "-o", "OUT", "--jobs", "2"],
    "adopt": ["adopt", str(FORM), "-o", "OUT"],
    "read": ["read", str(RETURNED), "-o", "OUT/lu.csv"],
    "check": ["check", "convention-services-numeriques", "--annotate", "OUT/copie.docx"],
}
HEAD = "forme;nom;adresse;code_postal;commune;representant_civilite;representant_prenom;representant_nom;decision_date"


def ran(arguments: list[str], home: Path, out: Path) -> subprocess.Popen[str]:
    told = [word.replace("OUT", str(out)).replace("LIST", str(home / "liste.csv")) for word in arguments]
    return subprocess.Popen(
        [sys.executable, "-m", "conventool", *told, "-q"], cwd=ROOT, text=True, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=os.environ | {"TMPDIR": str(home / "tmp")},
    )  # fmt: skip


def alive(group: int) -> bool:
    """Is any process of a session still there?"""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if int((entry / "stat").read_text().rpartition(")")[2].split()[3]) == group:
                    return True
            except (OSError, IndexError):
                continue
    return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes there")
def test_every_end_is_an_end(tmp_path: Path) -> None:
    lines = [
        f"syndicat mixte;Eaux {n};1 rue Haute;59280;Armentières;Madame;Camille;MARTIN;2026-03-12" for n in range(300)
    ]
    (tmp_path / "liste.csv").write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    (tmp_path / "tmp").mkdir()
    whole, seconds = {}, {}
    for name, arguments in COMMANDS.items():
        started = time.perf_counter()
        process = ran(arguments, tmp_path, tmp_path / name / "sortie")
        process.communicate()
        assert process.returncode in {0, 1}, name
        whole[name], seconds[name] = documents_in(tmp_path / name / "sortie"), time.perf_counter() - started
    chance = random.Random(5962)
    for number in range(KILLS):
        name, how = list(COMMANDS)[number % len(COMMANDS)], ENDS[number % len(ENDS)]
        out = tmp_path / str(number) / "sortie"
        process = ran(COMMANDS[name], tmp_path, out)
        try:
            process.wait(chance.uniform(0.2, 1.0) * seconds[name])
        except subprocess.TimeoutExpired:
            (os.kill if number % 2 else os.killpg)(process.pid, how)
        err = process.communicate(timeout=60)[1]
        assert "Traceback" not in err, (number, name, how, err)
        found = documents_in(out) if out.exists() else {}
        unfinished = {path for path in found if path.startswith(".conventool-")}
        assert how is signal.SIGKILL or not unfinished, (number, name, how)
        assert {path: data for path, data in found.items() if path not in unfinished}.items() <= whole[name].items()
        deadline = time.monotonic() + 20
        while alive(process.pid):
            assert time.monotonic() < deadline, (number, name, how)
            time.sleep(0.05)
        again = ran(COMMANDS[name], tmp_path, out)
        again.communicate()
        assert documents_in(out) == whole[name], (number, name, how)
        assert not list(out.glob(".conventool-*"))
        if (out / "suivi.sqlite").exists():
            told_by(out)
        shutil.rmtree(out)
    assert [path for path in (tmp_path / "tmp").iterdir() if not path.name.startswith("etilqs")] == []
