"""Every commune of France, three copies each, from a CSV to the disk: rates, memory, and the run that finds all done.

    python benchmarks/batch.py [--communes 1000] [--folder FOLDER]

The list is generated: the communes are the register's, the people invented. Each run is a process of its own, as a user
starts it. Beside it the same bytes are written plainly, by a program that knows them already, and again with the care
that a run takes (written beside, flushed to the disk, renamed). docxtpl's rate is taken from ``benchmarks/fill.py``, on
a sample. Only ratios mean anything: they are of one run on one machine.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from conventool.communes import Register
from conventool.writing import write_together

HEADERS = ["Forme", "Code INSEE", "Code postal", "Adresse", "Civilité", "Prénom", "Nom du représentant", "CM du"]
FIRST = ["Camille", "Dominique", "Éléonore", "François", "Inès", "Jean-Noël", "Maëlle"]
LAST = ["MARTIN", "LE GOFF", "d’HŒUR", "LEFÈVRE", "DUPONT-DURAND"]
TOGETHER = 300


@dataclass
class Measure:
    """What a run took: seconds, and the greatest memory of one of its processes, in MiB."""

    seconds: float
    memory: float


def write_list(path: Path, communes: int) -> int:
    """The list; how many rows it has."""
    rows = [commune for commune in Register.open() if commune.codes_postaux][:communes]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(HEADERS)
        for rank, commune in enumerate(rows):
            person = ["Madame", "Monsieur"][rank % 2], FIRST[rank % len(FIRST)], LAST[rank % len(LAST)]
            street = f"{rank % 97 + 1} place de la Mairie"
            day = f"2026-03-{rank % 28 + 1:02}"
            out.writerow(["commune", commune.code, commune.codes_postaux[0], street, *person, day])
    return len(rows)


def run(source: Path, output: Path, jobs: int) -> Measure:
    """One run of the program; it is the only child whose memory is looked at."""
    columns = source.with_suffix(".yaml")
    columns.write_text("CM du: decision.date\n", encoding="utf-8")
    command = [sys.executable, "-m", "conventool", "batch", str(source), "-o", str(output), "-q", "-j", str(jobs)]
    script = (
        "import json, resource, subprocess, sys, time\n"
        "started = time.perf_counter()\n"
        "code = subprocess.call(sys.argv[1:], stderr=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024\n"
        "print(json.dumps([code, time.perf_counter() - started, used]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command, "--columns", str(columns)], check=True, capture_output=True, text=True
    )
    code, seconds, memory = json.loads(done.stdout)
    if code:
        raise SystemExit(f"the run ended with {code}")
    return Measure(seconds, memory)


@contextmanager
def one_core() -> Iterator[None]:
    """Keep to one core, children too."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def plainly(files: list[Path], folder: Path) -> None:
    for file in files:
        (folder / file.name).write_bytes(file.read_bytes())


def with_care(files: list[Path], folder: Path) -> None:
    for start in range(0, len(files), TOGETHER):
        write_together({folder / file.name: file.read_bytes() for file in files[start : start + TOGETHER]})


def reading(files: list[Path], _: Path) -> None:
    for file in files:
        file.read_bytes()


def writing(how: Callable[[list[Path], Path], None], source: Path, folder: Path) -> float:
    """Seconds to write the documents of ``source`` again, the reading of them taken off."""
    files = sorted(source.glob("*.docx"))
    seconds = []
    for work in (reading, how):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        os.sync()
        started = time.perf_counter()
        work(files, folder)
        seconds.append(time.perf_counter() - started)
    shutil.rmtree(folder)
    return seconds[1] - seconds[0]


def docxtpl_rate() -> float:
    command = [sys.executable, str(Path(__file__).with_name("fill.py")), "--only", "docxtpl", "--documents", "60"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return float(found["rate"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--communes", type=int, default=40_000, help="at most so many")
    parser.add_argument("--folder", type=Path, help="where to work; on the disk to be measured")
    arguments = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        adherents = write_list(folder / "list.csv", arguments.communes)
        documents = 3 * adherents
        print(f"{adherents:,} adherents, {documents:,} documents\n")
        with one_core():
            docxtpl = docxtpl_rate()
            first = run(folder / "list.csv", folder / "out", 1)
            again = run(folder / "list.csv", folder / "out", 1)
            plain = writing(plainly, folder / "out", folder / "copy")
            careful = writing(with_care, folder / "out", folder / "copy")
        shutil.rmtree(folder / "out")
        both = run(folder / "list.csv", folder / "out", 2)
        print(f"{'':<28}{'documents/s':>12}{'× docxtpl':>11}{'× writing':>11}{'peak MiB':>10}")
        for title, seconds, memory in (
            ("batch, one core", first.seconds, first.memory),
            ("batch --jobs 2, two cores", both.seconds, both.memory),
            ("again, nothing to do", again.seconds, again.memory),
            ("plain writing", plain, 0),
            ("writing with the same care", careful, 0),
            ("docxtpl (sample)", documents / docxtpl, 0),
        ):
            rate = documents / seconds
            peak = f"{memory:.0f}" if memory else ""
            print(f"{title:<28}{rate:>12,.0f}{rate / docxtpl:>11.0f}{plain / seconds:>11.2f}{peak:>10}")
        print(f"\nThe second run is {first.seconds / again.seconds:.1f} times as quick as the first.")


if __name__ == "__main__":
    main()
