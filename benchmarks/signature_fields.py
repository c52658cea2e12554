"""Empty signature fields for communes of Nord and Pas-de-Calais: each PDF is judged by programs that are not ours.

    python benchmarks/signature_fields.py [--communes 1534] [--jobs 2] [--keep FOLDER]

Every ninth mayor lets somebody sign by delegation, with a title of several lines; every seventh has a name too long for
one line. Of each PDF are judged: PDF/A-2b by page-validation (veraPDF's rules); that pikepdf finds the three
fields, empty; that pyHanko finds them and would sign them; and that no word of the page, as Poppler places it, meets a
field's box, nor does one field another. ``signataires.csv`` must tell the same boxes.
"""

from __future__ import annotations

import argparse
import csv
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import yaml
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

import page as pdf_standards
from conventool.register.communes import Register

NAMES = ["1_collectivite", "2_cdg59", "3_fibre"]
JUDGES = ("pikepdf", "pyHanko", "PDF/A-2b", "clear of words", "clear of each other", "as told")
LONG = "MARTIN-DUPONT DE LA TOUR D’AUVERGNE-LAURAGUAIS épouse VAN DER BEKEN"
TITLE = "Adjointe au Maire déléguée aux finances, à la transition numérique, à la modernisation et à l’état civil"
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">')
PAGE = re.compile(r'<page width="[\d.]+" height="([\d.]+)">')

Box = tuple[float, float, float, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--communes", type=int, default=1534)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--keep", type=Path, help="make the documents here, and leave them; what was made and judged there is not again"
    )
    options = parser.parse_args()
    with TemporaryDirectory() as aside:
        folder = options.keep or Path(aside)
        folder.mkdir(parents=True, exist_ok=True)
        data = folder / "communes.yaml"
        data.write_text(yaml.safe_dump(list(islice(adherents(), options.communes)), allow_unicode=True), "utf-8")
        started = time.perf_counter()
        command = [sys.executable, "-m", "conventool", "batch", str(data), "--pdf-only", "--signature", "champs"]
        command += ["--jobs", str(options.jobs), "-o", str(folder / "lot"), "-q"]
        subprocess.run(command, check=False)
        print(f"made in {time.perf_counter() - started:.0f} s")
        judge(folder / "lot")


def adherents() -> Iterator[dict[str, Any]]:
    """The communes of both départements, with people who do not exist."""
    sound = (one for one in Register.open() if one.code[:2] in {"59", "62"} and one.codes_postaux)
    for rank, commune in enumerate(sound):
        person: dict[str, Any] = {"civilite": "Madame", "prenom": "Jeanne", "nom": LONG if rank % 7 == 6 else "MARTIN"}
        if rank % 9 == 8:
            person |= {"fonction": TITLE, "delegation": {"arrete": "2026-12", "date": "2026-02-03"}}
        yield {
            "forme": "commune", "code_insee": commune.code, "adresse": "1 place de la Mairie",
            "code_postal": commune.codes_postaux[0], "representant": person, "decision": {"date": "2026-03-01"},
        }  # fmt: skip


def judge(folder: Path) -> None:
    """Count what each judge says, and name the first files that one refuses.

    ``verdicts.tsv`` beside the documents keeps each verdict as it is given: stopped and started again, this goes on.
    """
    told = boxes_told(folder)
    papers = sorted(folder.glob("*.pdf"))
    known = folder.parent / "verdicts.tsv"
    given = (
        {line.split("\t")[0]: line.split("\t")[1:] for line in known.read_text("utf-8").splitlines()}
        if known.exists()
        else {}
    )
    with known.open("a", encoding="utf-8") as kept:
        for path in papers:
            if path.name not in given:
                given[path.name] = faults_of(path, told)
                kept.write("\t".join([path.name, *given[path.name]]) + "\n")
                kept.flush()
    print(f"{len(papers)} PDF files; pages of the fields: {dict(Counter(told[path.name][0][0] for path in papers))}")
    for judged in JUDGES:
        wrong = [path.name for path in papers if judged in given[path.name]]
        print(f"{judged:20} {len(wrong)} at fault {wrong[:3] or ''}")


def faults_of(path: Path, told: dict[str, list[tuple[int, int, int, int, int]]]) -> list[str]:
    """The judges that refuse one PDF."""
    with pikepdf.open(path) as pdf:
        fields = list(pdf.Root.AcroForm.Fields)
        names = [str(field.T) for field in fields if field.FT == "/Sig" and "/V" not in field]
        page = {one.obj.objgen: number for number, one in enumerate(pdf.pages, 1)}[fields[0].P.objgen]
        boxes: list[Box] = [tuple(float(edge) for edge in field.Rect) for field in fields]  # type: ignore[misc]
    with path.open("rb") as file:
        found = [(name, value) for name, value, _ in enumerate_sig_fields(PdfFileReader(file))]
    printed = words(path, page)
    verdicts = (
        names == NAMES,
        found == [(name, None) for name in NAMES],
        not pdf_standards.validate_pdf(str(path), profile="2b").failures,
        not any(meets(box, word) for box in boxes for word in printed),
        not any(meets(one, other) for one, other in combinations(boxes, 2)),
        told.get(path.name) == [(page, *map(round, box)) for box in boxes],
    )
    return [judged for judged, sound in zip(JUDGES, verdicts, strict=True) if not sound]


def words(path: Path, page: int) -> list[Box]:
    """The place of each word, from the lower left corner."""
    command = ["pdftotext", "-bbox", "-f", str(page), "-l", str(page), str(path), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    found = PAGE.search(text)
    assert found
    height = float(found[1])
    boxes = (tuple(map(float, box)) for box in WORD.findall(text))
    return [(left, height - bottom, right, height - top) for left, top, right, bottom in boxes]


def meets(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def boxes_told(folder: Path) -> dict[str, list[tuple[int, int, int, int, int]]]:
    """By file, the page and the box of each field in ``signataires.csv``, in the order of signing."""
    told: dict[str, list[tuple[int, int, int, int, int]]] = {}
    with (folder / "signataires.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            page, left, bottom, width, height = (
                int(row[name]) for name in ("page", "gauche", "bas", "largeur", "hauteur")
            )
            told.setdefault(row["fichier"], []).append((page, left, bottom, left + width, bottom + height))
    return told


if __name__ == "__main__":
    main()
