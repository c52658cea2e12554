"""What fails under every command that writes: any call of the system, the files open; a signal at any call.

Whatever fails is told by exit code 3 or 4 and by its path, never as a traceback or a bug; every file is as it was or as
it should be; and the same command completes the work.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dossiers import told_by
from writing_commands import BAD_ROW, COMMANDS, FIELDS, ROW, is_sound, state_of

TESTS = Path(__file__).parent
COMPILER = shutil.which("cc")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="calls are made to fail as Linux has them"),
    pytest.mark.skipif(COMPILER is None, reason="needs a compiler"),
]
TRIALS = int(os.environ.get("CONVENTOOL_TRIALS", "1"))
"""How many calls of each command fail, of each kind of fault."""
MOST_MEMORY = 32
"""Megabytes that a command may take beyond those of its start, at most."""
ENDS = ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")
LOCK = ".conventool-en-cours"
PARTIAL = ("read", "verify", "check")
"""Commands that tell of a file that they cannot read and go on with the others."""


class Server:
    """Commands in copies of one folder, see ``fault_server.py``."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        library, self.world, self.place = folder / "failing_calls.so", folder / "world", folder / "place"
        self.world.mkdir()
        source = TESTS / "failing_calls.c"
        subprocess.run([str(COMPILER), "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        told = {
            "LD_PRELOAD": str(library),
            "TMPDIR": str(self.place / "tmp"),
            "SOURCE_DATE_EPOCH": "1782864000",  # 1 July 2026
            "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]),
        }
        self._process = subprocess.Popen(
            [sys.executable, str(TESTS / "fault_server.py"), str(self.world), str(self.place)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | told,
        )  # fmt: skip
        assert self._process.stdout
        assert self._process.stdout.readline() == "{}\n"

    def run(self, line: str, **order: Any) -> dict[str, Any]:
        """Run a command line; its exit code, what it printed, how many calls counted."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"line": line, **order}) + "\n")
        self._process.stdin.flush()
        done: dict[str, Any] = json.loads(self._process.stdout.readline())
        return done

    @cache  # noqa: B019 (as long as the tests of this file)
    def whole(self, line: str, kind: str) -> tuple[int, int, Mapping[str, bytes]]:
        """What an undisturbed run gives: its exit code, how many calls counted, the files."""
        done = self.run(line, fail=f"{kind} 0 0 0")
        assert done["code"] in {0, 1}, done
        return done["code"], int(done["calls"]), state_of(self.place)

    def end(self) -> None:
        """No more orders."""
        self._process.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("faults") / "server")
    yield server
    server.end()


def judge(server: Server, name: str, what: dict[str, Any]) -> int:
    """Run a command with a fault, then without: both must end well. The exit code of the first."""
    line = f"{COMMANDS[name]} --json"
    code, _, whole = server.whole(line, "count")
    done = server.run(line, **what)
    told = (name, what, done)
    assert done["code"] in {3, 4, code} or (done["code"] == 1 and COMMANDS[name].startswith(PARTIAL)), told
    assert done["err"] == "", told
    if done["code"] in {3, 4}:
        problems = json.loads(done["out"])["problems"]
        assert any(one["severity"] == "error" and (one["place"] or "memory" in what) for one in problems), told
    check_files(server, whole, told, partial=done["code"] == 1)
    assert not unfinished(server), told
    complete(server, line, told)
    return int(done["code"])


def unfinished(server: Server) -> list[str]:
    """The files that a command began and did not put in their place."""
    return [path for path in state_of(server.place) if ".conventool-" in path and not path.endswith(LOCK)]


def check_files(server: Server, whole: Mapping[str, bytes], told: object, *, partial: bool = False) -> None:
    """Every file is as it was before or as it should be."""
    before = state_of(server.world)
    for path, data in state_of(server.place).items():
        if ".conventool-" not in path and not path.startswith("tmp/") and not partial:
            assert data in (before.get(path), whole.get(path)), (path, told)
    assert is_sound(server.place), told


def complete(server: Server, line: str, told: object) -> None:
    """The same command, undisturbed, completes the work and leaves nothing besides."""
    code, _, whole = server.whole(line, "count")
    again = server.run(line, again=True)
    assert again["code"] == code, (told, again)
    found = state_of(server.place)  # the empty file of a lock that nobody holds may stay
    assert {path: data for path, data in found.items() if not path.endswith((".lock", LOCK))} == whole, told


def chosen(calls: int, name: str) -> list[int]:
    """Some calls of a command, always the same."""
    return sorted(random.Random(f"5962 {name}").sample(range(1, calls + 1), min(calls, TRIALS)))


@pytest.mark.parametrize("name", COMMANDS)
def test_calls_that_write_fail(server: Server, name: str) -> None:
    calls = server.whole(f"{COMMANDS[name]} --json", "count")[1]
    for at in chosen(calls, name):
        judge(server, name, {"fail": f"error {at} {errno.EIO} 0"})
        judge(server, name, {"fail": f"error {at} {errno.ENOSPC} 1"})


@pytest.mark.parametrize("name", COMMANDS)
def test_calls_that_read_fail(server: Server, name: str) -> None:
    calls = server.whole(f"{COMMANDS[name]} --json", "read")[1]
    for at in chosen(calls, name):
        judge(server, name, {"fail": f"read {at} {errno.EIO} 0"})


@pytest.mark.parametrize("name", COMMANDS)
def test_no_more_files_may_be_open(server: Server, name: str) -> None:
    assert {judge(server, name, {"files": more}) for more in (0, 2)} <= {0, 1, 3, 4}


@pytest.mark.parametrize("name", COMMANDS)
def test_memory_runs_out(server: Server, name: str) -> None:
    for megabytes in random.Random(f"5962 {name}").sample(range(MOST_MEMORY), min(2 * TRIALS, MOST_MEMORY)):
        judge(server, name, {"memory": megabytes << 20})


@pytest.mark.parametrize("name", COMMANDS)
def test_a_signal_comes_at_a_call(server: Server, name: str) -> None:
    """Before the call or right after it: nothing torn, and nothing left once the same command has run again."""
    line = f"{COMMANDS[name]} --json"
    code, calls, whole = server.whole(line, "count")
    chance = random.Random(f"5962 {name}")
    for number in range(2 * TRIALS):
        at, end, is_after = chance.randint(1, calls), ENDS[(number + len(name)) % len(ENDS)], chance.randint(0, 1)
        done = server.run(line, fail=f"signal {at} {getattr(signal, end):d} {is_after}")
        told = (name, at, end, done)
        assert done["code"] in ({-signal.SIGKILL} if end == "SIGKILL" else {130, code}), told
        assert "Traceback" not in done["err"], told
        check_files(server, whole, told)
        assert end == "SIGKILL" or not unfinished(server), told
        complete(server, line, told)


def content(folder: Path) -> dict[str, bytes]:
    """The files of an output folder, but its dossier, and the unfinished ones and the lock of a killed command."""
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    return {
        path.name: path.read_bytes() for path in there if not path.name.startswith((".conventool-", "suivi.sqlite"))
    }


@pytest.mark.parametrize(
    ("line", "adherents"), [("fill adherent.yaml -o neuf", 1), ("batch longue.csv -o neuf", 109)], ids=["fill", "batch"]
)
def test_killed_at_fifty_calls_nothing_is_torn_and_the_same_command_completes_the_work(
    server: Server, line: str, adherents: int
) -> None:
    """Spread over all the calls that write, of one adherent and of a list that is committed in two parts."""
    rows = [ROW.format(1).replace("Eaux 1", f"Eaux {number}") for number in range(109)]
    (server.world / "longue.csv").write_text("\n".join([FIELDS, *rows, BAD_ROW]), encoding="utf-8")
    done, neuf = server.run(line, fail="count 0 0 0"), server.place / "neuf"
    code, calls, whole = done["code"], int(done["calls"]), content(neuf)
    assert len(whole) > 3 * adherents
    chance, halfway = random.Random(f"59 {line}"), 0
    for number in range(50):
        at = 1 + chance.randrange(number * calls // 50, (number + 1) * calls // 50)
        killed = server.run(line, fail=f"signal {at} {signal.SIGKILL:d} {number % 2}")
        assert killed["code"] == -signal.SIGKILL, (at, killed)
        found = content(neuf)
        assert found.items() <= whole.items(), at
        halfway += neuf.is_dir() and len(found) < len(whole)
        assert is_sound(server.place), at
        assert server.run(line, again=True)["code"] == code, at
        assert content(neuf) == whole, at
        assert not [path.name for path in neuf.glob(".conventool-*") if path.name != LOCK], at
        told = told_by(neuf)
        assert len(told["adherent"]) == adherents, at
        assert len([piece for piece in told["piece"] if piece["state"] == "current"]) == 3 * adherents, at
    assert halfway > 5
