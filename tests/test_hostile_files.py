"""Damaged and hostile files through every command that takes them: exit 0 to 5 only, in time, in little memory."""

from __future__ import annotations

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

from in_process import command

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="the system measures otherwise")]

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases"
SOUND = {
    ".docx": [CASES / "returns" / "sound.docx", Path(__file__).parent / "documents" / "kinds_in_runs.docx"],
    ".pdf": [CASES / "returns" / "pdf" / "sound.pdf"],
    ".csv": [ROOT / "examples" / "communes.csv"],
    ".yaml": [ROOT / "examples" / "adherent.yaml"],
    ".xls": [Path(__file__).parent / "data" / "adherents.xls"],
    ".ods": [CASES / "formules-en-echec.ods"],
    ".xlsx": [CASES / "hostile" / "far_nodim.xlsx"],
}
COMMANDS: dict[str, list[list[str]]] = {
    ".docx": [["inspect", "F"], ["verify", "F"], ["read", "F"], ["adopt", "F", "-o", "O"], ["fill", "E", "-t", "F"]],
    ".pdf": [["verify", "F"], ["read", "F"]],
    ".csv": [["validate", "F"], ["batch", "F", "-o", "O"]],
    ".yaml": [["validate", "F"], ["fill", "F", "-o", "O"], ["validate", "L", "--columns", "F"]],
    ".xls": [["validate", "F"]],
    ".ods": [["validate", "F"]],
    ".xlsx": [["validate", "F"]],
}
FILES, SECONDS, MEGABYTES = 300, 10, 500


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


def test_damaged_files_end_in_an_exit_code_of_ours(bounded: None, tmp_path: Path) -> None:
    chance = random.Random(5962)
    kinds = sorted(SOUND)
    codes: set[int] = set()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here (proc(5))
    before = _kilobytes("VmRSS")
    for number in range(FILES):
        kind = kinds[number % len(kinds)]
        source, out = tmp_path / f"f{number}{kind}", tmp_path / "out"
        source.write_bytes(damaged(chance, chance.choice(SOUND[kind]).read_bytes()))
        meant = {
            "F": source,
            "O": out,
            "E": ROOT / "examples" / "adherent.yaml",
            "L": ROOT / "examples" / "communes.csv",
        }
        for asked in COMMANDS[kind]:
            arguments = [meant.get(word, word) for word in asked]
            if asked[0] == "fill" and "-o" not in asked:
                arguments += ["-o", out]
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            said = command(*arguments, "-q")
            signal.setitimer(signal.ITIMER_PROF, 0)
            assert said.code in range(6), (number, arguments, said.err)
            codes.add(said.code)
            shutil.rmtree(out, ignore_errors=True)
        source.unlink()
    assert {1, 3} <= codes
    assert _kilobytes("VmHWM") - before < MEGABYTES * 1_000


def _kilobytes(line: str) -> int:
    """What the system says of this process's memory."""
    found = re.search(rf"{line}:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found
    return int(found[1])
