"""How fast returned PDFs are compared, as pictures, with the PDFs that were sent: as a user starts it.

    python benchmarks/returned_pdf.py [--documents 600] [--folder FOLDER]

``batch --pdf`` makes the documents (not counted). Every PDF comes back saved again by another program, so that none has
the bytes that were sent; one in ten is signed as people do (a day typed, a signature drawn), one in ten has another
digit drawn over one of its text. ``verify --dossier`` must find these, and nothing else.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf

from conventool.register.communes import Register

SIGNED = b"Q q 0 0 0.6 RG 1.5 w 420 330 m 440 370 450 320 470 350 c 480 365 490 330 510 345 c S Q"
FORGED = b"Q q 1 g 200 500 60 9 re f 0 g BT /FZ 9 Tf 200 501 Td (90 euros) Tj ET Q"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=600)
    parser.add_argument("--folder", type=Path, help="where to work; kept, and used again where it is full")
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = arguments.folder or Path(name)
        folder.mkdir(exist_ok=True)
        sent, returned = folder / "conventions", folder / "retours"
        if not returned.is_dir():
            make(folder, sent, arguments.documents)
            returned.mkdir()
            for rank, path in enumerate(sorted(sent.glob("*.pdf"))):
                come_back(path, returned / path.name, rank % 10)
        count = len(list(returned.glob("*.pdf")))
        print(f"{platform.machine()}, {os.cpu_count()} cores; Python {platform.python_version()}; {count} PDFs\n")
        print(f"{'':<24}{'seconds':>9}{'processor s':>13}{'documents/s':>13}")
        for jobs in sorted({1, os.cpu_count() or 1}):
            verify(sent, returned, jobs, count)


def make(folder: Path, sent: Path, count: int) -> None:
    """The documents and their PDFs, as ``batch`` makes them."""
    fields = ("forme", "code_insee", "code_postal", "adresse", "representant_civilite", "representant_prenom",
              "representant_nom", "decision_date")  # fmt: skip
    with (folder / "adherents.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(fields)
        communes = (commune for commune in Register.open() if commune.codes_postaux)
        for rank, commune in enumerate(islice(communes, -(-count // 3))):
            place = f"{rank + 1} place de la Mairie"
            lines.writerow([
                "commune", commune.code, commune.codes_postaux[0], place, "Madame", "Jeanne", "MARTIN", "2026-03-12"
            ])  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "conventool", "batch", str(folder / "adherents.csv"), "-o", str(sent), "--pdf", "-q"],
        check=True,
    )


def come_back(path: Path, target: Path, rank: int) -> None:
    """A PDF as it comes back: signed, forged, or saved again only."""
    drawn = {0: (-1, SIGNED), 5: (2, FORGED)}.get(rank)
    with pikepdf.open(path) as pdf:
        if drawn is not None:
            page = pdf.pages[drawn[0]]
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/FZ"))
            page.contents_add(pikepdf.Stream(pdf, b"q"), prepend=True)
            page.contents_add(pikepdf.Stream(pdf, drawn[1]))
        pdf.save(target, linearize=True)


def verify(sent: Path, returned: Path, jobs: int, count: int) -> None:
    """One run; what it finds must be what was forged."""
    started, before = time.perf_counter(), os.times()
    done = subprocess.run(
        [sys.executable, "-m", "conventool", "verify", str(returned), "--dossier", str(sent), "--jobs", str(jobs),
         "--json"],
        check=False, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    seconds, after = time.perf_counter() - started, os.times()
    found = json.loads(done.stdout)
    forged = {path.name for path in sorted(returned.glob("*.pdf"))[5::10]}
    told = {Path(one["path"]).name for one in found["documents"] if one["status"] != "intact"}
    if told != forged:
        raise SystemExit(f"{sorted(told ^ forged)}\n{done.stdout[-2_000:]}")
    used = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"{f'verify --jobs {jobs}':<24}{seconds:>9.2f}{used:>13.2f}{count / seconds:>13.1f}")


if __name__ == "__main__":
    main()
