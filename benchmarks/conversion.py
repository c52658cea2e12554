"""How long 300 conventions take to become PDF files, beside what LibreOffice does by itself.

    python benchmarks/conversion.py [--documents 300] [--rounds 1] [--compare]
    python benchmarks/conversion.py --starts

The documents are the three copies of a hundred adherents. Six ways over the same of them: this converter with one and
with two workers, everything included (print copies, checks, completion, putting in place), to tagged PDF/A-2b, each as
it was (every document converted) and as it is (the first copy converted, the PDF of the two others made of its PDF);
one stock ``soffice --convert-to pdf`` over the files, in calls that it can take; and one process per file, of which a
sample is run: a part of it before each of the others and the rest at the end, so that all suffer alike from a machine
that is busy for a while. The stock ways start on settings that are there already, this converter makes its own each
time. On a busy machine the processors' time says more than the clock; Windows does not tell it of other processes, and
Linux not of those that are confined: ``--unconfined`` converts without the second wall around LibreOffice.

``--compare`` then compares each PDF of the new way with that of the old, pixel for pixel; two of three are made of
another copy's. ``--starts`` times nothing but LibreOffice's start, with one document: on settings that name its
version, as this converter writes them, and on settings that name another, where LibreOffice tries out its graphics.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from conventool import Template
from conventool.pdf.confinement import Confinement
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job
from conventool.pdf.mark import same_pictures
from conventool.pdf.office import Office, find_office
from conventool.pdf.profiles import Profile

CONVENTION = Path(__file__).parents[1] / "templates" / "convention-services-numeriques" / "convention.docx"
MOST = 247  # documents that one call of LibreOffice takes
COPIES = ("La Fibre Numérique 59 62", "CDG 59", "La Collectivité")
SAMPLE = 6  # documents of the sample run at a time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=1, help="how many times all is run")
    parser.add_argument("--compare", action="store_true", help="are the PDF files of both ways the same pictures?")
    parser.add_argument("--unconfined", action="store_true", help="tell the processors' time of this converter's ways")
    parser.add_argument("--starts", action="store_true", help="how long does a start of LibreOffice take?")
    options = parser.parse_args()
    office = find_office()
    if options.starts:
        starts(office)
        return
    if options.unconfined:
        office = replace(office, confinement=Confinement("none"))
    one_each, at_once, *own = costs = [Cost() for _ in range(6)]
    ways = [(workers, rewriting) for workers in (1, 2) for rewriting in (False, True)]
    with TemporaryDirectory() as folder:
        files = list(documents(Path(folder), options.documents))
        stock(office, [files[:1]], Path(folder), Cost())  # makes the settings, fills the disk's cache
        sample = cycle(files)
        calls = [files[start : start + MOST] for start in range(0, len(files), MOST)]
        for _ in range(options.rounds):
            one_by_one(office, sample, Path(folder), one_each)
            stock(office, calls, Path(folder), at_once)
            one_by_one(office, sample, Path(folder), one_each)
            for (workers, rewriting), cost in zip(ways, own, strict=True):
                ours(office, files, workers, cost, rewriting=rewriting)
                one_by_one(office, sample, Path(folder), one_each)
        if options.compare:
            compare(files)
    names = [f"one process per file ({one_each.documents} run)", "stock, files at once"]
    names += [f"{workers} worker(s), {'first copy' if rewriting else 'all'} converted" for workers, rewriting in ways]
    print(f"LibreOffice {office.version}, {os.cpu_count()} cores, {platform.machine()}, {len(files)} documents\n")
    print(f"{'method':36}{'ms a document':>15}{'documents/s':>13}{'times':>7}{'processor ms':>14}")
    for name, cost in zip(names, costs, strict=True):
        each = cost.seconds / cost.documents
        times = one_each.seconds / one_each.documents / each
        print(f"{name:36}{each * 1000:15.0f}{1 / each:13.1f}{times:7.1f}{cost.processor / cost.documents * 1000:14.0f}")


def documents(folder: Path, count: int) -> Iterator[Path]:
    template = Template.open(CONVENTION)
    for number in range(count):
        adherent, copy = divmod(number, len(COPIES))
        values = {"tag:nom": f"Commune {adherent}", "tag:code_postal": f"(59{adherent:03})"}
        file = folder / f"convention-{number:03}.docx"
        file.write_bytes(
            template.fill(values | {"tag:exemplaire": f"Exemplaire n°\u00a0{copy + 1}/3 – {COPIES[copy]}"})
        )
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


def ours(office: Office, files: list[Path], workers: int, cost: Cost, *, rewriting: bool) -> None:
    """This converter."""
    with TemporaryDirectory(dir=files[0].parent) as folder, measured(cost, len(files)):
        jobs = (Job(file, Path(folder) / f"{file.stem}.pdf") for file in files)
        assert all(result.done for result in convert(jobs, jobs=workers, office=office, rewriting=rewriting))


def compare(files: list[Path]) -> None:
    """The PDF files of both ways."""
    with TemporaryDirectory(dir=files[0].parent) as folder:
        made: dict[bool, list[Path]] = {}
        for rewriting in (False, True):
            (Path(folder) / str(rewriting)).mkdir()
            made[rewriting] = [Path(folder) / str(rewriting) / f"{file.stem}.pdf" for file in files]
            jobs = map(Job, files, made[rewriting])
            assert all(result.done for result in convert(jobs, jobs=2, rewriting=rewriting))
        pairs = [(old.read_bytes(), new.read_bytes()) for old, new in zip(made[False], made[True], strict=True)]
        rewritten = [pair for pair in pairs if pair[0] != pair[1]]
        differ = sum(not same_pictures(old, new) for old, new in rewritten)
        print(
            f"{len(rewritten)} of {len(pairs)} PDF files made of another copy's; {differ} of them differ in a pixel\n"
        )


def starts(office: Office) -> None:
    """The least of five starts of each kind."""
    print(f"LibreOffice {office.version}\n\n{'settings name':36}{'new, s':>8}{'used, s':>9}")
    for name, one in (("its version", office), ("another version", replace(office, version="1.0"))):
        taken: list[tuple[float, float]] = []
        for _ in range(5):
            with TemporaryDirectory() as folder:
                (file,) = documents(Path(folder), 1)
                taken.append((start(one, file, Path(folder)), start(one, file, Path(folder))))
        new, used = map(min, zip(*taken, strict=True))
        print(f"{name:36}{new:8.2f}{used:9.2f}")


def start(office: Office, file: Path, folder: Path) -> float:
    """Seconds until LibreOffice has converted one document, and ended."""
    began = perf_counter()
    assert office.start([file], folder, Profile.PDFA_2B).wait() == 0
    return perf_counter() - began


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
