"""A list whose adherents choose services, all pieces written, beside the same list without: rates, memory.

    python benchmarks/pieces.py [--communes 600] [--folder FOLDER]
    python benchmarks/pieces.py --memory 30000 [--written] [--folder FOLDER]

The first compares, by processor seconds, in turns, the least of three: the copies alone of adherents who choose nothing
(``--pieces convention``), the same when the template's pieces are asked for and none is due, and the whole file of
adherents who choose two to five services. The second tells the peak memory of a list with services and of one a tenth
as long, filled and noted as a run does; not written, unless that is asked for: 30,000 adherents have 5 GB of files.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import tempfile
from pathlib import Path

from batch import Measure, one_core, run, write_list, write_long_list

CHOICES = (
    "parapheur ; actes",
    "parapheur ; sauvegarde × {n} ; intervention × 6",
    "actes ; convocations ; messagerie",
    "parapheur ; actes ; convocations ; sauvegarde × {n} ; messagerie",
)
COPIES, PIECES = 3, 5


def with_services(path: Path) -> Path:
    """The same list, whose adherents choose services, beside it."""
    target = path.with_name(f"services-{path.name}")
    target.with_suffix(".yaml").write_text(path.with_suffix(".yaml").read_text("utf-8"), "utf-8")
    with (
        path.open(encoding="utf-8-sig", newline="") as source,
        target.open("w", encoding="utf-8-sig", newline="") as to,
    ):
        out = csv.writer(to, delimiter=";")
        for rank, row in enumerate(csv.reader(source, delimiter=";")):
            chosen = CHOICES[rank % len(CHOICES)].format(n=rank % 500 + 1)
            out.writerow([*row, chosen, rank % 90, rank % 9_000] if rank else [*row, "Services", "Agents", "PMUN"])
    return target


def compare_rates(folder: Path, communes: int) -> None:
    """The processor time of a document, with pieces and without."""
    adherents = write_list(folder / "list.csv", communes)
    bare, whole = folder / "list.csv", with_services(folder / "list.csv")
    runs = {
        "the copies alone": (bare, ("--pieces", "convention"), COPIES),
        "pieces, none due": (bare, (), COPIES),
        "all pieces": (whole, (), COPIES + PIECES),
    }
    least = dict.fromkeys(runs, Measure(0, float("inf")))
    with one_core():
        for turn in range(3):
            for what, (source, options, _) in runs.items():
                measure = run(source, folder / f"{what} {turn}", 1, *options)
                least[what] = min(least[what], measure, key=lambda one: one.processor)
    alone = least["the copies alone"].processor
    print(f"{adherents:,} adherents\n\n{'':<20}{'processor s':>12}{'µs a document':>15}{'rate':>7}{'peak MiB':>10}")
    for what, (_, _, documents) in runs.items():
        measure = least[what]
        each, rate = measure.processor / adherents / documents, alone / COPIES * documents / measure.processor
        print(f"{what:<20}{measure.processor:>12.2f}{each * 1e6:>15.0f}{rate:>7.2f}{measure.memory:>10.0f}")


def compare_memory(folder: Path, rows: int, *, written: bool) -> None:
    """The peak memory of a list with services, and of one a tenth as long."""
    options = () if written else ("--dry-run",)
    for number in (rows // 10, rows):
        write_long_list(folder / "long.csv", number)
        measure = run(with_services(folder / "long.csv"), folder / f"out {number}", 1, *options)
        shutil.rmtree(folder / f"out {number}", ignore_errors=True)
        documents = number * (COPIES + PIECES)
        print(f"{number:,} adherents, {documents:,} documents: {measure.memory:.0f} MiB, {measure.seconds:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--communes", type=int, default=600, help="at most so many")
    parser.add_argument("--folder", type=Path, help="where to work")
    parser.add_argument("--memory", type=int, help="the memory of a list of so many rows and of a tenth, no more")
    parser.add_argument("--written", action="store_true", help="with --memory: write the files, too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        if arguments.memory:
            compare_memory(Path(name), arguments.memory, written=arguments.written)
        else:
            compare_rates(Path(name), arguments.communes)


if __name__ == "__main__":
    main()
