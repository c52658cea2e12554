"""Documents per second and peak memory of filling the convention, beside what others do with the same values.

    python benchmarks/fill.py [--documents 300] [--folder FOLDER]

Each contender fills the same values into the same text, in a process of its own, on one core, and writes the results
to the same disk; ``--folder /dev/shm`` writes to memory, where the disk's moods do not count. The others get
templates of their own kind, made here from the convention: ``{{ nom }}`` for docxtpl, MERGEFIELDs for
docx-mailmerge2. Only ratios mean anything: they are of one run on one machine.

Nothing is deleted before all is measured: ext4 without a journal makes files up to ten times as slowly for some minutes
after many were deleted, and whoever writes next would pay for it. So leave five minutes between two runs on a disk.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

TEMPLATE = Path(__file__).parents[1] / "templates/convention-services-numeriques/convention.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SIGNED = ("signature_fibre_date", "signature_cdg59_date", "signature_collectivite_date")


def values(number: int) -> dict[str, str | date]:
    """The values of one document: every control, each document different from the one before."""
    return {
        "fibre_representant": "Monsieur Christophe COULON",
        "fibre_fonction": "son Président,",
        "fibre_autorise": "autorisé",
        "fibre_decision_date": date(2024, 2, 21),
        "cdg59_representant": "Monsieur Éric DURAND",
        "cdg59_fonction": "son Président,",
        "cdg59_autorise": "autorisé",
        "cdg59_decision_date": date(2025, 6, 23),
        "forme": "La Commune",
        "nom_lien": "d’",
        "nom": f"Armentières-{number}",
        "sise": "sise",
        "adresse": f"{number} place du Général-de-Gaulle",
        "commune_lien": "à ",
        "commune": "Armentières",
        "code_postal": f"({59000 + number % 1000})",
        "representee": "représentée",
        "representant": "Madame Jeanne MARTIN",
        "fonction": "sa Maire,",
        "autorise": "autorisée",
        "organe": "du conseil municipal",
        "decision_date": date(2026, 1, 2) + timedelta(days=number % 27),
        "designee": "désignée",
        "reconduction": "tacite",
        "signature_fibre_titre": "Le Président",
        "signature_fibre_nom": "Christophe COULON",
        "signature_cdg59_titre": "Le Président",
        "signature_cdg59_nom": "Éric DURAND",
        "signature_collectivite_titre": "La Maire",
        "signature_collectivite_nom": "Jeanne MARTIN",
        "exemplaire": f"Exemplaire n°\N{NO-BREAK SPACE}{number % 3 + 1}/3",
        **{address: date(2026, 3, 12) for address in SIGNED},
    }


def texts(number: int) -> dict[str, str]:
    """The same values for those who take texts only."""
    return {name: f"{value:%d/%m/%Y}" if isinstance(value, date) else value for name, value in values(number).items()}


def conventool_fill(folder: Path, count: int) -> None:
    from conventool import Template

    template = Template.open(TEMPLATE)
    for start in range(0, count, TOGETHER):
        numbers = range(start, min(start + TOGETHER, count))
        for number, data in zip(numbers, [template.fill(values(number)) for number in numbers], strict=True):
            (folder / f"{number}.docx").write_bytes(data)


def docxtpl(folder: Path, count: int) -> None:
    from docxtpl import DocxTemplate

    source = BytesIO(converted(lambda name: [run("t", text=f"{{{{ {name} }}}}")]))
    for number in range(count):
        source.seek(0)
        document = DocxTemplate(source)
        document.render(texts(number), autoescape=True)
        document.save(folder / f"{number}.docx")


def mailmerge(folder: Path, count: int) -> None:
    from mailmerge import MailMerge

    source = folder / "source.docx"
    source.write_bytes(converted(merge_field))
    for number in range(count):
        with MailMerge(source) as document:
            document.merge(**texts(number))
            document.write(folder / f"{number}.docx")
    source.unlink()


def plain_writing(folder: Path, count: int) -> None:
    from conventool import Template

    data = Template.open(TEMPLATE).fill(values(0))
    started_writing()
    for number in range(count):
        (folder / f"{number}.docx").write_bytes(data)


TOGETHER = 20
"""Documents that are filled, then written, as ``conventool batch`` does it too: a processor that goes to and fro
between the two for each document does both more slowly. With 1 here the rate is a fifth lower."""

TURNS = 5
"""The contenders take turns, so that a machine whose speed drifts slows them all."""

CONTENDERS: dict[str, tuple[Callable[[Path, int], None], float]] = {
    # how many times the documents asked for: enough that start-up does not count
    "conventool": (conventool_fill, 20),
    "docxtpl": (docxtpl, 0.2),
    "docx-mailmerge2": (mailmerge, 0.2),
    "plain writing": (plain_writing, 20),
}


def converted(replacement: Callable[[str], list[etree._Element]]) -> bytes:
    """The convention with each control replaced by what another library understands."""
    out = BytesIO()
    with ZipFile(TEMPLATE) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith(("word/document", "word/footer")):
                root = etree.fromstring(data)
                for sdt in list(root.iter(f"{W}sdt")):
                    tag = sdt.find(f"{W}sdtPr/{W}tag")
                    holder = sdt.getparent()
                    assert tag is not None
                    assert holder is not None
                    for element in replacement(str(tag.get(f"{W}val"))):
                        holder.insert(holder.index(sdt), element)
                    holder.remove(sdt)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            target.writestr(name, data)
    return out.getvalue()


def run(name: str, text: str = "", **attributes: str) -> etree._Element:
    """A run that holds one element."""
    element = etree.Element(f"{W}r")
    inner = etree.SubElement(element, f"{W}{name}", {f"{W}{key}": value for key, value in attributes.items()})
    inner.text = text
    return element


def merge_field(name: str) -> list[etree._Element]:
    """A MERGEFIELD, in the runs that Word makes of it."""
    return [
        run("fldChar", fldCharType="begin"),
        run("instrText", text=f" MERGEFIELD {name} "),
        run("fldChar", fldCharType="separate"),
        run("t", text=f"«{name}»"),
        run("fldChar", fldCharType="end"),
    ]


_started = 0.0


def started_writing() -> None:
    """From here on the clock counts."""
    global _started  # noqa: PLW0603 (one process, one measure)
    _started = time.perf_counter()


def measure(name: str, count: int, holder: Path) -> None:
    """In a process of its own: fill ``count`` documents and print what it took."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    work, _ = CONTENDERS[name]
    folder = Path(tempfile.mkdtemp(dir=holder))
    work(folder, 1)  # imports and caches warm
    started_writing()
    worked = time.process_time()
    work(folder, count)
    seconds, processor = time.perf_counter() - _started, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rate": count / seconds, "memory": memory, "processor": processor / count}))


def turn(name: str, documents: int, holder: Path) -> tuple[float, float]:
    """Documents per second and peak memory in MiB of a contender, in a process of its own."""
    count = max(20, int(documents * CONTENDERS[name][1]))
    command = [sys.executable, __file__, "--only", name, "--documents", str(count), "--folder", str(holder)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found["rate"], found["memory"]


def results(documents: int, holder: Path) -> list[tuple[str, float, float]]:
    """Name, documents per second and peak memory in MiB of each contender: the medians of its turns."""
    turns = [{name: turn(name, documents, holder) for name in CONTENDERS} for _ in range(TURNS)]
    return [
        (name, statistics.median(one[name][0] for one in turns), max(one[name][1] for one in turns))
        for name in CONTENDERS
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where to write")
    parser.add_argument("--only", choices=CONTENDERS)
    arguments = parser.parse_args()
    if arguments.only:
        measure(arguments.only, arguments.documents, arguments.folder)
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, one used; Python {platform.python_version()}\n")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as holder:
        table = results(arguments.documents, Path(holder))
    base = {name: rate for name, rate, _ in table}
    print(f"{'':<18}{'documents/s':>12}{'peak MiB':>10}{'× docxtpl':>11}{'× writing':>11}")
    for name, rate, memory in table:
        print(
            f"{name:<18}{rate:>12,.0f}{memory:>10.0f}"
            f"{rate / base['docxtpl']:>11.1f}{rate / base['plain writing']:>11.2f}"
        )


if __name__ == "__main__":
    main()
