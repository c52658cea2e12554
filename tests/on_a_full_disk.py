"""Runs commands on a small disk in memory, full but for some bytes; test_full_disk.py starts it in namespaces."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from in_process import command
from writing_commands import is_sound, state_of

DISK = Path("/mnt")
MEGABYTES = 8


def main() -> None:
    world = Path(sys.argv[1])
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(DISK)], check=True)
    os.environ["TMPDIR"] = str(DISK / "tmp")
    os.environ["SOURCE_DATE_EPOCH"] = "1782864000"  # 1 July 2026
    json.dump([tried(order["line"], order["left"], world) for order in json.load(sys.stdin)], sys.stdout)


def tried(line: str, left: int, world: Path) -> dict[str, Any]:
    """Run a command line with that many bytes left, then with room; what came of it."""
    words = line.split()
    whole = prepared(world)
    code = command(*words).code
    wanted = state_of(whole)
    prepared(world)
    before = state_of(DISK)
    fill_up(left)
    done = command(*words)
    (DISK / "full").unlink()
    found = state_of(DISK)
    torn = [path for path, data in found.items() if data not in (before.get(path), wanted.get(path))]
    torn += [] if is_sound(DISK) else ["a dossier or a workbook"]
    again = command(*words).code
    after = state_of(DISK)
    different = [path for path in wanted if after.get(path) != wanted[path]]
    different += [path for path in after.keys() - wanted.keys() if not path.endswith((".lock", "en-cours"))]
    return {
        "code": done.code, "err": done.err, "whole": code, "torn": torn, "again": again, "different": different
    }  # fmt: skip


def prepared(world: Path) -> Path:
    """The world, and nothing else, on the disk."""
    os.chdir("/")
    for path in DISK.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(world, DISK, dirs_exist_ok=True)
    (DISK / "tmp").mkdir()
    os.chdir(DISK)
    return DISK


def fill_up(left: int) -> None:
    """Take all that the disk has but some bytes."""
    with (DISK / "full").open("wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(bytes(4096))
        file.truncate(max(0, file.tell() - left))


if __name__ == "__main__":
    main()
