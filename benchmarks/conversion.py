"""How long 300 conventions take to become PDF files, beside what LibreOffice does by itself.

    python benchmarks/conversion.py [--documents 300]

Four ways over the same documents: this converter with one and with two workers, everything included (copies, checks,
finishing, putting in place), to PDF/A-2b; one stock ``soffice --convert-to pdf`` over the files, in calls that it can
take; and one process per file, of which only a sample is run. On a busy machine the processors' time says more than
the clock (Windows does not tell it of other processes).
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from conventool import Template
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job
from conventool.pdf.office import Office, find_office

CONVENTION = Path(__file__).parents[1] / "templates" / "convention-services-numeriques" / "convention.docx"
MOST = 247  # documents that one call of LibreOffice takes
SAMPLE = 15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=300)
    count = parser.parse_args().documents
    office = find_office()
    with TemporaryDirectory() as folder:
        files = list(documents(Path(folder), count))
        stock(office, [files[:1]], Path(folder))  # the first start makes the settings and fills the disk's cache
        one_by_one = [[file] for file in files[:SAMPLE]]
        at_once = [files[start : start + MOST] for start in range(0, count, MOST)]
        rows = [
            (f"one process per file ({len(one_by_one)} run)", stock(office, one_by_one, Path(folder))),
            ("stock, files at once", stock(office, at_once, Path(folder))),
            ("conventool, one worker", ours(files, 1)),
            ("conventool, two workers", ours(files, 2)),
        ]
    print(f"LibreOffice {office.version}, {os.cpu_count()} cores, {platform.machine()}, {count} documents\n")
    print(f"{'method':32}{'ms a document':>15}{'documents/s':>13}{'times':>7}{'processor ms':>14}")
    for name, cost in rows:
        rate, times = 1 / cost.seconds, rows[0][1].seconds / cost.seconds
        print(f"{name:32}{cost.seconds * 1000:15.0f}{rate:13.1f}{times:7.1f}{cost.processor * 1000:14.0f}")


def documents(folder: Path, count: int) -> Iterator[Path]:
    template = Template.open(CONVENTION)
    for number in range(count):
        file = folder / f"convention-{number:03}.docx"
        file.write_bytes(template.fill({"tag:nom": f"Commune {number}", "tag:code_postal": f"(59{number:03})"}))
        yield file


def stock(office: Office, calls: list[list[Path]], folder: Path) -> Cost:
    """What everyone types; but for a profile of its own."""
    with measured(sum(map(len, calls))) as cost:
        for files in calls:
            command = [str(office.command), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
            command += ["--convert-to", "pdf", "--outdir", str(folder / "stock"), *map(str, files)]
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    assert all((folder / "stock" / file.with_suffix(".pdf").name).exists() for files in calls for file in files)
    return cost


def ours(files: list[Path], workers: int) -> Cost:
    """This converter."""
    with measured(len(files)) as cost:
        jobs = (Job(file, file.with_suffix(".pdf")) for file in files)
        assert all(result.done for result in convert(jobs, jobs=workers))
    return cost


@dataclass
class Cost:
    """What a document costs: seconds on the clock, and seconds of processors, LibreOffice's included."""

    seconds: float = 0
    processor: float = 0


@contextmanager
def measured(documents: int) -> Iterator[Cost]:
    cost, before = Cost(), os.times()
    yield cost
    after = os.times()
    cost.seconds = (after.elapsed - before.elapsed) / documents
    cost.processor = (sum(after[:4]) - sum(before[:4])) / documents


if __name__ == "__main__":
    main()
