"""Every commune of France, three copies each, from a CSV to the disk: rates, memory, and the run that finds all done.

    python benchmarks/batch.py [--communes 1000] [--folder FOLDER]
    python benchmarks/batch.py --epci 600
    python benchmarks/batch.py --processor [--against /elsewhere/src] [--communes 5000] [--turns 3] [--folder /dev/shm]

The list is generated: the communes are the register's, the people invented. Each run is a process of its own, as a user
starts it. Beside it the same bytes are written plainly, by a program that knows them already, and again with the care
that a run takes (written beside, flushed to the disk, renamed); every clock stops when the bytes are on the disk. A
disk and a virtual machine have moods that change within a minute: plain writing is measured before the run and after
it, and the mean counts. docxtpl's rate is taken from ``benchmarks/fill.py``, on a sample. Only ratios mean anything:
they are of one run on one machine. Nothing is deleted before all is measured; ``benchmarks/fill.py`` says why.

``--processor`` compares this version with docxtpl, and with another version if one is named, by processor seconds, in
turns, the least of three: what a machine that others use can still tell. Of docxtpl a sample is enough, for it takes as
long for each document; of the others the whole list, whose start-up counts less the longer it is.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from conventool.adherent.name import EPCI_TYPES
from conventool.files.writing import write_together
from conventool.register.communes import Commune, Register

HEADERS = ["Forme", "Code INSEE", "Code postal", "Adresse", "Civilité", "Prénom", "Nom du représentant", "CM du"]
FIRST = ["Camille", "Dominique", "Éléonore", "François", "Inès", "Jean-Noël", "Maëlle"]
LAST = ["MARTIN", "LE GOFF", "d’HŒUR", "LEFÈVRE", "DUPONT-DURAND"]
NO_COMMUNES = ("977", "978", "986", "989")
"""What the register lists overseas that is no commune, and that no list can have as one."""
TOGETHER = 300


class Measure(NamedTuple):
    """What some work took: seconds, seconds of processors, and the greatest memory of one of its processes, in MiB."""

    seconds: float
    processor: float
    memory: float = 0


def write_list(path: Path, communes: int) -> int:
    """The list, and beside it what one of its columns means; how many rows it has."""
    rows = [one for one in Register.open() if one.codes_postaux and not one.code.startswith(NO_COMMUNES)][:communes]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(HEADERS)
        for rank, commune in enumerate(rows):
            person = ["Madame", "Monsieur"][rank % 2], FIRST[rank % len(FIRST)], LAST[rank % len(LAST)]
            street = f"{rank % 97 + 1} place de la Mairie"
            day = f"2026-03-{rank % 28 + 1:02}"
            out.writerow(["commune", commune.code, commune.codes_postaux[0], street, *person, day])
    path.with_suffix(".yaml").write_text("CM du: decision.date\n", encoding="utf-8")
    return len(rows)


def write_epci_list(path: Path, epci: int) -> int:
    """The same of intercommunalities, by their names, each with its seat in its most populated commune."""
    register = Register.open()
    kinds = {dgcl: kind for kind, types in EPCI_TYPES.items() for dgcl in types}
    seats: dict[str, Commune] = {}
    for commune in sorted(register, key=lambda one: one.population or 0):
        if commune.epci and commune.codes_postaux:
            seats[commune.epci] = commune
    rows = [(one, seats[one.siren]) for one in register.epci() if one.siren in seats][:epci]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(["Forme", "Nom", "Commune", *HEADERS[2:]])
        for rank, (one, seat) in enumerate(rows):
            person = ["Madame", "Monsieur"][rank % 2], FIRST[rank % len(FIRST)], LAST[rank % len(LAST)]
            street, day = f"{rank % 97 + 1} place de la Mairie", f"2026-03-{rank % 28 + 1:02}"
            out.writerow([kinds[one.type], one.nom, seat.nom, seat.codes_postaux[0], street, *person, day])
    path.with_suffix(".yaml").write_text("CM du: decision.date\n", encoding="utf-8")
    return len(rows)


def compare_epci(folder: Path, adherents: int) -> None:
    """A list of intercommunalities beside one of as many communes: the least processor seconds of five runs."""
    adherents = write_epci_list(folder / "epci.csv", adherents)
    write_list(folder / "communes.csv", adherents)
    least = dict.fromkeys(("communes", "epci"), float("inf"))
    with one_core():
        for turn in range(5):
            for what in least:
                measure = run(folder / f"{what}.csv", folder / f"{what}-{turn}", 1)
                least[what] = min(least[what], measure.processor)
    ratio = least["epci"] / least["communes"]
    print(f"{adherents} communes {least['communes']:.2f} s, as many EPCI {least['epci']:.2f} s: {ratio:.2f} times")


def compare_versions(folder: Path, communes: int, other: Path | None, turns: int) -> None:
    """The processor time of a document: by this version, perhaps another one, and docxtpl; the least of turns."""
    documents = 3 * write_list(folder / "list.csv", communes)
    sources = {"this version": None, **({"the other": other} if other else {})}
    least = dict.fromkeys((*sources, "docxtpl"), float("inf"))
    with one_core():
        for turn in range(turns):
            for what, source in sources.items():
                measure = run(folder / "list.csv", folder / f"{what} {turn}", 1, source=source)
                least[what] = min(least[what], measure.processor / documents)
            least["docxtpl"] = min(least["docxtpl"], docxtpl(folder)["processor"])
    for what, seconds in least.items():
        rate = f"{least['the other'] / seconds:>7.2f} × the other" if other else ""
        times = f"{least['docxtpl'] / seconds:>7.1f} × docxtpl"
        print(f"{what:<14}{seconds * 1e6:>8.0f} µs of processor a document{times}{rate}")


def write_long_list(path: Path, rows: int) -> None:
    """A list of as many syndicats as one likes, no two of one name."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(["Forme", "Nom", "Commune", *HEADERS[2:]])
        for rank in range(rows):
            person = ["Madame", "Monsieur"][rank % 2], FIRST[rank % len(FIRST)], LAST[rank % len(LAST)]
            seat = ["Armentières", "59280", f"{rank % 97 + 1} place de la Mairie"]
            out.writerow(["syndicat mixte", f"des eaux {rank}", *seat, *person, "2026-03-12"])
    path.with_suffix(".yaml").write_text("CM du: decision.date\n", encoding="utf-8")


def compare_memory(folder: Path, rows: int) -> None:
    """The peak memory of a list and of one a tenth as long, filled and noted as a run does, but not written."""
    for number in (rows // 10, rows):
        write_long_list(folder / "long.csv", number)
        measure = run(folder / "long.csv", folder / "out", 1, "--dry-run")
        print(f"{number:,} rows of CSV: {measure.memory:.0f} MiB, {measure.seconds:.0f} s")


def run(list_file: Path, output: Path, jobs: int, *options: str, source: Path | None = None) -> Measure:
    """One run of the program, or of that in another ``src``; its time and memory alone are looked at."""
    columns = list_file.with_suffix(".yaml")
    command = [sys.executable, "-m", "conventool", "batch", str(list_file), "-o", str(output), "-q", "-j", str(jobs)]
    environment = os.environ | ({"PYTHONPATH": str(source.resolve())} if source else {})
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled once
    command += options
    script = (
        "import json, resource, subprocess, sys, time\n"
        "started = time.perf_counter()\n"
        "code = subprocess.call(sys.argv[1:], stderr=subprocess.DEVNULL)\n"
        "seconds, used = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([code, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))"
    )
    os.sync()
    done = subprocess.run(
        [sys.executable, "-c", script, *command, "--columns", str(columns)],
        check=True, capture_output=True, text=True, env=environment,
    )  # fmt: skip
    code, *found = json.loads(done.stdout)
    if code:
        raise SystemExit(f"the run ended with {code}")
    return Measure(*found)


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


def plainly(files: dict[Path, bytes]) -> None:
    for path, data in files.items():
        path.write_bytes(data)


def writing(how: Callable[[dict[Path, bytes]], None], source: Path, folder: Path) -> Measure:
    """What it takes to write the documents of ``source`` again; the clock stands while they are read."""
    files = sorted(source.glob("*.docx"))
    folder.mkdir()
    os.sync()
    seconds = processor = 0.0
    for start in range(0, len(files), TOGETHER):
        known = {folder / file.name: file.read_bytes() for file in files[start : start + TOGETHER]}
        started, worked = time.perf_counter(), time.process_time()
        how(known)
        if start + TOGETHER >= len(files):
            os.sync()
        seconds += time.perf_counter() - started
        processor += time.process_time() - worked
    return Measure(seconds, processor)


def docxtpl(folder: Path) -> dict[str, float]:
    """Documents a second, and processor seconds of one."""
    program = Path(__file__).with_name("fill.py")
    command = [sys.executable, str(program), "--only", "docxtpl", "--documents", "60", "--folder", str(folder)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return dict(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--communes", type=int, default=40_000, help="at most so many")
    parser.add_argument("--folder", type=Path, help="where to work; on the disk to be measured")
    parser.add_argument("--epci", type=int, help="compare so many intercommunalities with as many communes, no more")
    parser.add_argument("--memory", type=int, help="the memory of a list of so many rows and of a tenth, no more")
    parser.add_argument("--processor", action="store_true", help="compare processor time with docxtpl's, no more")
    parser.add_argument("--against", type=Path, help="the folder `src` of another version, to be compared with too")
    parser.add_argument("--turns", type=int, default=3, help="of these comparisons")
    arguments = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        if arguments.epci:
            compare_epci(folder, arguments.epci)
            return
        if arguments.processor or arguments.against:
            compare_versions(folder, arguments.communes, arguments.against, arguments.turns)
            return
        if arguments.memory:
            compare_memory(folder, arguments.memory)
            return
        adherents = write_list(folder / "list.csv", arguments.communes)
        documents = 3 * adherents
        print(f"{adherents:,} adherents, {documents:,} documents\n")
        both = run(folder / "list.csv", folder / "two", 2)
        with one_core():
            sample = docxtpl(folder)["rate"]
            before = writing(plainly, folder / "two", folder / "before")
            first = run(folder / "list.csv", folder / "one", 1)
            again = run(folder / "list.csv", folder / "one", 1)
            after = writing(plainly, folder / "one", folder / "after")
            careful = writing(write_together, folder / "one", folder / "careful")
        plain = Measure((before.seconds + after.seconds) / 2, (before.processor + after.processor) / 2)
        print(f"{'':<28}{'documents/s':>12}{'× docxtpl':>11}{'× writing':>11}{'CPU µs each':>13}{'peak MiB':>10}")
        for title, measure in (
            ("batch, one core", first),
            ("batch --jobs 2, two cores", both),
            ("again, nothing to do", again),
            ("plain writing, before", before),
            ("plain writing, after", after),
            ("writing with the same care", careful),
        ):
            rate = documents / measure.seconds
            peak = f"{measure.memory:.0f}" if measure.memory else ""
            print(
                f"{title:<28}{rate:>12,.0f}{rate / sample:>11.0f}{plain.seconds / measure.seconds:>11.2f}"
                f"{measure.processor / documents * 1e6:>13.0f}{peak:>10}"
            )
        print(f"{'docxtpl (a sample)':<28}{sample:>12,.0f}{1:>11}{sample * plain.seconds / documents:>11.3f}")
        print(f"\nThe second run is {first.seconds / again.seconds:.1f} times as quick as the first.")


if __name__ == "__main__":
    main()
