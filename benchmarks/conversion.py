"""How long 300 conventions take to become PDF files, beside what LibreOffice does by itself.

    python benchmarks/conversion.py [--documents 300] [--rounds 1]

Four ways over the same documents: this converter with one and with two workers, everything included (copies, checks,
finishing, putting in place), to tagged PDF/A-2b; one stock ``soffice --convert-to pdf`` over the files, in calls that
it can take; and one process per file, of which a sample is run: a part of it before each of the others and the rest at
the end, so that all suffer alike from a machine that is busy for a while. The stock ways start on settings that are
there already, this converter makes its own each time. On a busy machine the processors' time says more than the clock
(Windows does not tell it of other processes).
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from conventool import Template
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job
from conventool.pdf.office import Office, find_office

CONVENTION = Path(__file__).parents[1] / "templates" / "convention-services-numeriques" / "convention.docx"
MOST = 247  # documents that one call of LibreOffice takes
SAMPLE = 6  # documents of the sample run at a time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=1, help="how many times all is run")
    options = parser.parse_args()
    office = find_office()
    one_each, at_once, one_worker, two_workers = costs = [Cost() for _ in range(4)]
    with TemporaryDirectory() as folder:
        files = list(documents(Path(folder), options.documents))
        stock(office, [files[:1]], Path(folder), Cost())  # makes the settings, fills the disk's cache
        sample = cycle(files)
        calls = [files[start : start + MOST] for start in range(0, len(files), MOST)]
        for _ in range(options.rounds):
            one_by_one(office, sample, Path(folder), one_each)
            stock(office, calls, Path(folder), at_once)
            one_by_one(office, sample, Path(folder), one_each)
            ours(files, 1, one_worker)
            one_by_one(office, sample, Path(folder), one_each)
            ours(files, 2, two_workers)
            one_by_one(office, sample, Path(folder), one_each)
    names = (f"one process per file ({one_each.documents} run)", "stock, files at once",
             "conventool, one worker", "conventool, two workers")  # fmt: skip
    print(f"LibreOffice {office.version}, {os.cpu_count()} cores, {platform.machine()}, {len(files)} documents\n")
    print(f"{'method':36}{'ms a document':>15}{'documents/s':>13}{'times':>7}{'processor ms':>14}")
    for name, cost in zip(names, costs, strict=True):
        each = cost.seconds / cost.documents
        times = one_each.seconds / one_each.documents / each
        print(f"{name:36}{each * 1000:15.0f}{1 / each:13.1f}{times:7.1f}{cost.processor / cost.documents * 1000:14.0f}")


def documents(folder: Path, count: int) -> Iterator[Path]:
    template = Template.open(CONVENTION)
    for number in range(count):
        file = folder / f"convention-{number:03}.docx"
        file.write_bytes(template.fill({"tag:nom": f"Commune {number}", "tag:code_postal": f"(59{number:03})"}))
        yield file


def one_by_one(office: Office, files: Iterator[Path], folder: Path, cost: Cost) -> None:
    """A part of the sample."""
    stock(office, [[file] for file in islice(files, SAMPLE)], folder, cost)


def stock(office: Office, calls: list[list[Path]], folder: Path, cost: Cost) -> None:
    """What everyone types; but for a profile of its own."""
    made = folder / "stock"
    with measured(cost, sum(map(len, calls))):
        for files in calls:
            command = [str(office.command), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
            command += ["--convert-to", "pdf", "--outdir", str(made), *map(str, files)]
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    assert all((made / f"{file.stem}.pdf").exists() for files in calls for file in files)
    shutil.rmtree(made)


def ours(files: list[Path], workers: int, cost: Cost) -> None:
    """This converter."""
    with TemporaryDirectory(dir=files[0].parent) as folder, measured(cost, len(files)):
        jobs = (Job(file, Path(folder) / f"{file.stem}.pdf") for file in files)
        assert all(result.done for result in convert(jobs, jobs=workers))


@dataclass
class Cost:
    """What documents cost: seconds on the clock, and seconds of processors, LibreOffice's included."""

    documents: int = 0
    seconds: float = 0
    processor: float = 0


@contextmanager
def measured(cost: Cost, documents: int) -> Iterator[None]:
    before = os.times()
    yield
    after = os.times()
    cost.documents += documents
    cost.seconds += after.elapsed - before.elapsed
    cost.processor += sum(after[:4]) - sum(before[:4])


if __name__ == "__main__":
    main()
