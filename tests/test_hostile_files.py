"""Damaged and hostile files through every command that takes them: exit 0 to 5 only, in time, in little memory."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import FrameType

import pytest

from conventool.core.errors import ConventoolError
from conventool.template.folder import find_template
from in_process import command
from writing_commands import make_world

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="the system measures otherwise")]

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases"
RETURNS = CASES / "returns"
MADE_BY_OTHERS = {
    "revenu.docx": RETURNS / "sound.docx",
    "kinds.docx": Path(__file__).parent / "documents" / "kinds_in_runs.docx",
    "revenu.pdf": RETURNS / "pdf" / "sound.pdf",
    "adherents.xls": Path(__file__).parent / "data" / "adherents.xls",
    "formules.ods": CASES / "formules-en-echec.ods",
    "loin.xlsx": CASES / "hostile" / "far_nodim.xlsx",
    "revenu.doc": CASES / "returned-mixed" / "annoeullin.doc",
    "revenu.odt": CASES / "returned-mixed" / "bersee.odt",
    "revenu.rtf": CASES / "returned-mixed" / "camphin.rtf",
}
SETTINGS = 'template = "convention-services-numeriques"\noutput = "out"\njobs = 1\n[set]\nreconduction = "tacite"\n'
COMMANDS: dict[str, list[str]] = {
    "revenu.docx": ["inspect F", "verify F", "read F", "adopt F -o out", "fill adherent.yaml -t F -o out"],
    "kinds.docx": ["inspect F", "verify F", "read F", "adopt F -o out", "fill adherent.yaml -t F -o out"],
    "revenu.pdf": ["verify F", "read F"],
    "signe.pdf": ["verify F", "verify F --dossier ouvert"],
    "liste.csv": ["validate F", "batch F -o out"],
    "adherent.yaml": ["validate F", "fill F -o out", "validate liste.csv --columns F"],
    "adherents.xls": ["validate F"],
    "formules.ods": ["validate F"],
    "loin.xlsx": ["validate F"],
    "conventool.toml": ["validate liste.csv"],
    "courriel.yaml": ["courriels lot --modele F"],
    "convention/template.yaml": ["validate adherent.yaml -t convention", "modele -t convention"],
    "convention/catalogue.yaml": ["participations services.csv -t convention -o out"],
    "lot/suivi.sqlite": ["suivi lot", "echeances lot", "courriels lot --modele courriel.yaml",
                         "verify kinds.docx --dossier lot", "batch liste.csv -o lot"],
    "lot/suivi.xlsx": ["suivi lot", "batch liste.csv -o lot"],
}  # fmt: skip
"""Command lines by the file that is damaged in a copy of the world."""
CONVERTED = ("revenu.doc", "revenu.odt", "revenu.rtf")
"""Files that LibreOffice may convert, so that few of them are tried."""
FILES, SECONDS, MEGABYTES = int(os.environ.get("HOSTILE_FILES", "300")), 10, 500


def damaged(chance: random.Random, data: bytes) -> bytes:
    """A file with some bytes changed, lost, doubled or moved; of a zip also inside of its parts."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        out = BytesIO()
        with zipfile.ZipFile(BytesIO(data)) as sound, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
            names = sound.namelist()
            struck = set(chance.sample(names, min(len(names), chance.randrange(1, 3))))
            for name in names:
                part = sound.read(name)
                if name not in struck or chance.random() < 0.9:
                    made.writestr(name, damaged_text(chance, part) if name in struck else part)
        return out.getvalue()
    return damaged_text(chance, data)


def damaged_text(chance: random.Random, data: bytes) -> bytes:
    for _ in range(chance.randrange(1, 6)):
        at, length = chance.randrange(len(data) + 1), chance.randrange(1, 60)
        piece = data[at : at + length]
        match chance.randrange(6):
            case 0:
                data = data[:at] + chance.randbytes(length) + data[at + length :]
            case 1:
                data = data[:at] + data[at + length :]
            case 2:
                data = data[:at] + piece * chance.randrange(2, 400) + data[at:]
            case 3:
                data = data[: max(1, at)]
            case 4:
                data = data[:at] + chance.choice([b"99999999999", b"-1", b"\0", b"<!DOCTYPE x>", b"\xff"]) + data[at:]
            case _:
                data = data.replace(b"1", chance.choice([b"0", b"99999999", b""]), 3)
        data = data or b"x"
    return data


@pytest.fixture
def bounded() -> Iterator[None]:
    """What takes longer than some seconds of processor is stopped, and is a failure of its own."""

    def late(_: int, __: FrameType | None) -> None:
        raise AssertionError(f"more than {SECONDS} s of processor")

    before = signal.signal(signal.SIGPROF, late)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sound file of each kind."""
    home = tmp_path_factory.mktemp("world")
    make_world(home)
    for name, path in MADE_BY_OTHERS.items():
        shutil.copy(path, home / name)
    shutil.copytree(find_template("convention-services-numeriques"), home / "convention")
    (home / "conventool.toml").write_text(SETTINGS, encoding="utf-8")
    signing = pytest.importorskip("signing")
    (home / "signe.pdf").write_bytes(signing.signed(signing.with_fields(home / "revenu.pdf")))
    return home


def test_damaged_files_end_in_an_exit_code_of_ours(
    bounded: None, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(5962)
    names = list(COMMANDS)
    codes: set[int] = set()
    for number in range(FILES):
        name = names[number % len(names)]
        home = shutil.copytree(world, tmp_path / "home")
        monkeypatch.chdir(home)
        Path(name).write_bytes(damaged(chance, Path(name).read_bytes()))
        codes |= {judged(line.replace("F", name), number) for line in COMMANDS[name]}
        monkeypatch.chdir(tmp_path)
        shutil.rmtree(home)
    assert {1, 3} <= codes


@pytest.mark.parametrize("name", CONVERTED)
def test_damaged_files_that_are_converted_too(
    name: str, bounded: None, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(f"5962 {name}")
    monkeypatch.chdir(tmp_path)
    for number in range(FILES // 300):
        Path(name).write_bytes(damaged(chance, (world / name).read_bytes()))
        assert judged(f"verify {name}", number) in {1, 3}


def judged(line: str, number: int) -> int:
    """The exit code of a command, which takes no more than it may."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here (proc(5))
    before = _kilobytes("VmRSS")
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        code, told = command(*line.split(), "-q")[::2]
    except ConventoolError as error:  # of the settings, before any command begins
        code, told = error.exit_code, str(error)
    signal.setitimer(signal.ITIMER_PROF, 0)
    assert code in range(6), (number, line, told)
    assert _kilobytes("VmHWM") - before < MEGABYTES * 1_000, (number, line)
    return int(code)


def _kilobytes(line: str) -> int:
    """What the system says of this process's memory."""
    found = re.search(rf"{line}:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found
    return int(found[1])
