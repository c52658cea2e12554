"""How fast returned documents are verified and read: as a user starts it, on one core and on all that are there.

    python benchmarks/returned.py [--documents 600] [--folder FOLDER] [--against /elsewhere/src] [--turns 3]

Half of the documents keep their controls, the other half only their text; one in ten has a word of its fixed text
changed. Each run is a process of its own, the start of Python and the end of the report included. On a busy machine
the processors' time says more than the clock (Windows does not tell it of other processes); with the folder ``src`` of
another version, that time of both is compared, in turns, the least of each.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from conventool.adherent.adherent import read_adherent
from conventool.core.row import Row
from conventool.register.communes import Register
from conventool.template import DEFAULT
from conventool.template.bindings import Binder
from conventool.template.folder import TemplateFolder, find_template

CHANGE = ("au moins 3 mois", "au moins 1 mois")
DECIDED = date(2026, 3, 12)
PERSON = {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--folder", type=Path, help="where to work; on the disk to be measured")
    parser.add_argument("--against", type=Path, help="the folder `src` of another version, to be compared with")
    parser.add_argument("--turns", type=int, default=3, help="of that comparison")
    arguments = parser.parse_args()
    cores = os.cpu_count() or 1
    print(f"{platform.machine()}, {cores} cores; Python {platform.python_version()}")
    print(f"{arguments.documents} documents\n")
    with TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name) / "retours"
        folder.mkdir()
        altered = write(folder, arguments.documents)
        if arguments.against:
            compare_versions(folder, altered, arguments.against, arguments.turns)
            return
        print(f"{'':<24}{'seconds':>9}{'processor s':>13}{'documents/s':>13}")
        for jobs in sorted({1, cores}):
            seconds, processor = run("verify", str(folder), "--jobs", str(jobs), found=altered)
            line(f"verify --jobs {jobs}", arguments.documents, seconds, processor)
        seconds, processor = run("read", str(folder), "-o", str(Path(name) / "lu.csv"), found=0)
        line("read", arguments.documents, seconds, processor)


def compare_versions(folder: Path, altered: int, other: Path, turns: int) -> None:
    """The processor seconds of this version and of another, on one core, the least of turns."""
    commands = {
        "verify": (["verify", str(folder), "--jobs", "1"], altered),
        "read": (["read", str(folder), "-o", str(folder.parent / "lu.csv"), "--force"], 0),
    }
    for name, (command, found) in commands.items():
        both = [[run(*command, found=found, source=source)[1] for source in (None, other)] for _ in range(turns)]
        own, others = map(min, zip(*both, strict=True))
        print(f"{name:<8}{own:>7.2f} s of processor, the other {others:.2f}: {own / others:.2f} times")


def write(folder: Path, count: int) -> int:
    """The documents; how many of them are altered."""
    template, register = TemplateFolder.open(find_template(DEFAULT)), Register.open()
    binder = Binder(template)
    communes = [commune for commune in register if commune.codes_postaux][: count // 3 + 1]
    altered = 0
    for rank in range(count):
        commune = communes[rank // 3]
        fields: dict[str, Any] = {
            "forme": "commune", "code_insee": commune.code, "code_postal": commune.codes_postaux[0],
            "adresse": f"{rank // 3 + 1} place de la Mairie", "representant": PERSON,
            "decision": {"date": DECIDED.isoformat()},
        }  # fmt: skip
        adherent, problems = read_adherent(Row(fields), register, today=DECIDED)
        if adherent is None:
            raise SystemExit("\n".join(map(str, problems)))
        copy = list(binder.copies(adherent))[rank % 3]
        data = template.document.fill(copy.values, "unwrap" if rank % 2 else "keep")
        if rank % 10 == 9:
            data, altered = changed(data), altered + 1
        (folder / f"{rank:04}.docx").write_bytes(data)
    return altered


def changed(data: bytes) -> bytes:
    """The document with a word of its fixed text changed."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(CHANGE[0].encode(), CHANGE[1].encode()))
    return out.getvalue()


def run(command: str, *arguments: str, found: int, source: Path | None = None) -> tuple[float, float]:
    """Seconds by the clock and of the processors; what was found must be what was planted."""
    environment = os.environ | ({"PYTHONPATH": str(source.resolve())} if source else {})
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once
    started, before = time.perf_counter(), os.times()
    done = subprocess.run(
        [sys.executable, "-m", "conventool", command, *arguments, "--json"],
        check=False, capture_output=True, text=True, encoding="utf-8", env=environment,
    )  # fmt: skip
    seconds, after = time.perf_counter() - started, os.times()
    codes = [problem["code"] for problem in json.loads(done.stdout)["problems"]]
    if codes != ["altered-text"] * found:
        raise SystemExit(done.stdout[-2_000:])
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, used


def line(title: str, documents: int, seconds: float, processor: float) -> None:
    print(f"{title:<24}{seconds:>9.2f}{processor:>13.2f}{documents / seconds:>13.0f}")


if __name__ == "__main__":
    main()
