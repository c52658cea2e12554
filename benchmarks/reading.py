"""Reading a list, and nothing else: rows a second and memory, of the same list as CSV and as a workbook.

    python benchmarks/reading.py [--rows 35000] [--folder FOLDER]
    python benchmarks/reading.py --against /elsewhere/src [--batch] [--rows 3000] [--folder /dev/shm/lists]

The list is generated: the communes are the register's, again and again, the people invented. Each reading is a process
of its own. Only ratios mean anything: they are of one run on one machine. A list that is in the folder already is not
made again, and others that stand there, such as ``35000-list.ods`` made by LibreOffice of one of them, are read too.

``--against`` compares this version with another one, by processor seconds, the least of some turns: reading alone, or
with ``--batch`` the whole way to the documents, which are written in the folder of the lists.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path

import xlsxwriter

from conventool.register.communes import Register

HEADERS = ["Forme", "Code INSEE", "Code postal", "Adresse", "Civilité", "Prénom", "Nom du représentant",
           "Date de délibération"]  # fmt: skip
FIRST = ["Camille", "Dominique", "Éléonore", "François", "Inès", "Jean-Noël", "Maëlle"]
LAST = ["MARTIN", "LE GOFF", "d’HŒUR", "LEFÈVRE", "DUPONT-DURAND"]

TURNS = 3

READ = """
import resource, sys, time
from pathlib import Path
from conventool.sources import read_rows
started = time.perf_counter()
number = sum(1 for _ in read_rows(Path(sys.argv[1])))
seconds = time.perf_counter() - started
print(number, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def rows(number: int) -> Iterator[tuple[list[str], date]]:
    """The texts of each row, and its date."""
    communes = cycle(commune for commune in Register.open() if commune.codes_postaux)
    for rank, commune in enumerate(islice(communes, number)):
        person = ["Madame", "Monsieur"][rank % 2], FIRST[rank % len(FIRST)], LAST[rank % len(LAST)]
        street = f"{rank + 1} place de la Mairie"
        yield (
            ["commune", commune.code, commune.codes_postaux[0], street, *person],
            date(2025, 1, 1) + timedelta(rank % 365),
        )


def write_csv(path: Path, number: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(HEADERS)
        out.writerows([*texts, f"{day:%d/%m/%Y}"] for texts, day in rows(number))


def write_xlsx(path: Path, number: int) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet, dated = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, HEADERS)
    for line, (texts, day) in enumerate(rows(number), 1):
        sheet.write_row(line, 0, texts)
        sheet.write_datetime(line, len(texts), day, dated)
    book.close()


def write_shared(path: Path, number: int) -> None:
    """As Excel itself writes: its texts in a part of their own, some numbers for texts."""
    book = xlsxwriter.Workbook(path)
    sheet, dated = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    five = book.add_format({"num_format": "00000"})
    sheet.write_row(0, 0, HEADERS)
    for line, (texts, day) in enumerate(rows(number), 1):
        sheet.write_row(line, 0, texts)
        sheet.write_number(line, 2, int(texts[2]), five)
        sheet.write_datetime(line, len(texts), day, dated)
    book.close()


WRITERS = {"list.csv": write_csv, "inline.xlsx": write_xlsx, "shared.xlsx": write_shared}


def processor_seconds(command: list[str], source: str) -> float:
    """The processor seconds of a command, by the version of the program in that folder."""
    script = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime)"
    )
    environment = {**os.environ, "PYTHONPATH": source}
    done = subprocess.run(
        [sys.executable, "-c", script, *command], check=True, capture_output=True, text=True, env=environment
    )
    return float(done.stdout)


def compare(paths: list[Path], versions: tuple[str, str], *, batch: bool) -> None:
    """How this version does beside another: their processor seconds, and the rate of the one by that of the other."""
    print(f"{'':12} {'other, s':>10} {'this, s':>10} {'rate':>10}")
    for path in paths:
        least = dict.fromkeys(versions, float("inf"))
        for _ in range(TURNS):
            for source in versions:
                with tempfile.TemporaryDirectory(dir=path.parent) as output:
                    command = [sys.executable, "-c", READ, str(path)]
                    if batch:
                        options = ["-o", output, "-q", "-j", "1"]
                        command = [sys.executable, "-m", "conventool", "batch", str(path), *options]
                    least[source] = min(least[source], processor_seconds(command, source))
        other, this = (least[source] for source in versions)
        print(f"{path.name.partition('-')[2]:12} {other:10.2f} {this:10.2f} {other / this:10.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=35_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--against", help="the folder `src` of another version")
    parser.add_argument("--batch", action="store_true", help="compare the whole way to the documents")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        for name, write in WRITERS.items():
            path = folder / f"{asked.rows}-{name}"
            if not path.exists():
                write(path, asked.rows)
        paths = sorted(folder.glob(f"{asked.rows}-*"))
        if asked.against:
            compare(paths, (asked.against, str(Path(__file__).parents[1] / "src")), batch=asked.batch)
            return
        print(f"{'':12} {'rows/s':>10} {'peak MiB':>10}")
        for path in paths:
            done = subprocess.run([sys.executable, "-c", READ, str(path)], check=True, capture_output=True, text=True)
            number, seconds, memory = map(float, done.stdout.split())
            assert number == asked.rows, number
            print(f"{path.name.partition('-')[2]:12} {number / seconds:10,.0f} {memory:10,.0f}")


if __name__ == "__main__":
    main()
