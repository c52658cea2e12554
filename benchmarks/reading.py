"""Reading a list, and nothing else: rows a second and memory, of the same list as CSV and as a workbook.

    python benchmarks/reading.py [--rows 35000] [--folder FOLDER]

The list is generated: the communes are the register's, again and again, the people invented. Each reading is a process
of its own. Only ratios mean anything: they are of one run on one machine. To compare two versions of the program, give
each its ``PYTHONPATH`` and the same ``--folder``: a list that is there already is not made again, and others that stand
there, such as ``35000-list.ods`` made by LibreOffice of one of them, are read too.
"""

from __future__ import annotations

import argparse
import csv
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=35_000)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        print(f"{'':12} {'rows/s':>10} {'peak MiB':>10}")
        for name, write in WRITERS.items():
            path = folder / f"{asked.rows}-{name}"
            if not path.exists():
                write(path, asked.rows)
        for path in sorted(folder.glob(f"{asked.rows}-*")):
            done = subprocess.run([sys.executable, "-c", READ, str(path)], check=True, capture_output=True, text=True)
            number, seconds, memory = map(float, done.stdout.split())
            assert number == asked.rows, number
            print(f"{path.name.partition('-')[2]:12} {number / seconds:10,.0f} {memory:10,.0f}")


if __name__ == "__main__":
    main()
