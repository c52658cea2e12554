"""Runs commands, each in a new copy of one folder and in a process that has all modules imported already.

Started as a program with two folders: one to make the world in, one where its copies are. Each line that it reads is an
order, each line that it writes what became of it; ``Server`` in ``test_faults.py`` speaks with it.
"""

from __future__ import annotations

import ctypes
import json
import os
import pkgutil
import resource
import shutil
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import conventool
from conventool.__main__ import main as conventool_main
from conventool.cli.app import main as begun_main
from writing_commands import make_world

SECONDS = 300


def main() -> None:
    world, place = Path(sys.argv[1]), Path(sys.argv[2])
    (place / "tmp").mkdir(parents=True)  # where the environment says that temporary files go
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for module in pkgutil.walk_packages(conventool.__path__, "conventool."):
        if not module.name.startswith("conventool.page") and not module.name.endswith("__main__"):
            import_module(module.name)
    make_world(world)
    print(json.dumps({}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(ran(json.loads(line), world, place)), file=answers, flush=True)


def ran(order: dict[str, Any], world: Path, place: Path) -> dict[str, Any]:
    """Run a command as ordered; its exit code, what it printed, how many calls counted."""
    if not order.get("again"):
        shutil.rmtree(place)
        shutil.copytree(world, place)
        (place / "tmp").mkdir()
    files = [os.memfd_create(name) for name in ("out", "err", "calls")]
    child = os.fork()
    if child == 0:
        os.dup2(files[0], 1)
        os.dup2(files[1], 2)
        os._exit(begin(order, place, files[2]))
    _, status = os.waitpid(child, 0)
    told: dict[str, Any] = {"code": os.waitstatus_to_exitcode(status)}
    for name, file in zip(("out", "err", "calls"), files, strict=True):
        os.lseek(file, 0, os.SEEK_SET)
        with os.fdopen(file, "rb") as read:
            told[name] = read.read().decode("utf-8", "backslashreplace")
    return told


def begin(order: dict[str, Any], place: Path, calls: int) -> int:
    """The command itself, with its fault; its exit code."""
    library = ctypes.CDLL(None)
    os.chdir(place)
    signal.alarm(SECONDS)  # which ends a command that waits without end
    sys.argv = ["conventool", *order["line"].split()]
    if "files" in order:
        most = files_open() + order["files"]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if "memory" in order:
        most = memory_taken() + order["memory"]
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    if "fail" in order:
        library.fail_at(f"{order['fail']} {place}".encode())
    code = 99
    try:
        begun_main() if "memory" in order else conventool_main()  # which asks for what its imports need
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # nothing else may come out of it
        traceback.print_exc()
    if "fail" in order:
        os.write(calls, str(library.calls_counted()).encode())
        library.fail_at(None)
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def memory_taken() -> int:
    """The bytes of this process's addresses."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def files_open() -> int:
    """The number that the next open file would have, were there no gaps."""
    return 1 + max(int(file.name) for file in Path("/proc/self/fd").iterdir())


if __name__ == "__main__":
    main()
