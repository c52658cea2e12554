"""Tables on paper: rows that are printed again on each page, amounts at the right margin, rules that cross."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from pypdfium2 import PdfDocument

from conventool.returned.pdf_stories import _without_head_rows
from conventool.word.package import Package
from conventool.word.page_layout import page_layout

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "templates" / "convention-services-numeriques"
LENDING = ROOT / "examples" / "mise-a-disposition"
with_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-X", "utf8", "-m", "conventool", *map(str, arguments), "--json"]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=ROOT)
    return done.returncode, json.loads(done.stdout)


def test_layout_says_where_text_reaches_and_which_rows_come_again() -> None:
    layout = page_layout(Package.open(SHIPPED / "annexe-2.docx"))
    # A4, 2.5 cm on each side: 70.9 points of 595.3
    assert {width: tuple(map(round, ends)) for width, ends in layout.columns.items()} == {595: (71, 524)}
    assert layout.repeated == {"PrestationCalculHTTVATTC"}
    assert layout.ruled
    assert not page_layout(Package.open(SHIPPED / "courrier.docx")).ruled


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["Prestation Calcul", "Parapheur 12"], ["Parapheur 12"]),
        (["Prestation", "Calcul", "Parapheur 12"], ["Parapheur 12"]),
        (["Prestation Calcul", "en euros", "Parapheur 12"], ["Parapheur 12"]),
        (["Prestation", "Parapheur 12"], ["Prestation", "Parapheur 12"]),
        (["Parapheur 12", "Prestation Calcul"], ["Parapheur 12", "Prestation Calcul"]),
        (["Prestation Calcul"], []),
        ([], []),
    ],
)
def test_rows_that_come_again_are_left_out_at_the_top_of_a_page(lines: list[str], left: list[str]) -> None:
    assert _without_head_rows(lines, frozenset({"PrestationCalcul", "eneuros"})) == left


def long_template(folder: Path, services: int) -> None:
    """The shipped template, whose catalogue has so many services that its tables go on to other pages."""
    shutil.copytree(SHIPPED, folder)
    catalogue = yaml.safe_load((SHIPPED / "catalogue.yaml").read_text("utf-8"))
    models = list(catalogue["services"].values())
    catalogue["services"] = {
        f"s{rank}": {
            **models[rank % len(models)],
            "libelle": f"{models[rank % len(models)]['libelle']} {rank}",
            "presentation": "Un service. " + "Ce qu’il apporte aux élus et aux agents, en peu de mots. " * (rank % 4),
            "prix": {"base": "forfait", "montant": 10 + rank},
        }
        for rank in range(services)
    }
    text = json.dumps(catalogue, ensure_ascii=False)  # which is YAML, without anchors
    (folder / "catalogue.yaml").write_text(text, encoding="utf-8")


@pytest.mark.slow
@with_office
def test_tables_over_several_pages_are_intact_and_no_service_is_cut(tmp_path: Path) -> None:
    long_template(tmp_path / "modele", 14)
    data = (ROOT / "examples" / "adherent-complet.yaml").read_text("utf-8")
    chosen = "services: [" + ", ".join(f"s{rank}" for rank in range(14) if rank % 5) + "]\n"
    (tmp_path / "a.yaml").write_text(re.sub(r"(?s)services:.*?(?=facturation)", chosen, data), encoding="utf-8")
    code, told = run("fill", tmp_path / "a.yaml", "-t", tmp_path / "modele", "-o", tmp_path / "out", "--pdf")
    assert code == 0
    pdf = next(Path(one["path"]) for one in told["documents"] if one["path"].endswith("fibre.pdf"))
    code, told = run("verify", pdf, "-t", tmp_path / "modele", "--data", tmp_path / "a.yaml")
    assert (code, told["documents"][0]["status"], told["problems"]) == (0, "intact", [])
    pages = [page.get_textpage().get_text_bounded() for page in PdfDocument(pdf)]
    treatments = [page for page in pages if "Annexe n°3" in page.replace("\u00a0", " ")]
    assert len(treatments) > 2
    assert all(page.count("Objet :") == page.count("Sous-traitants ultérieurs :") for page in treatments)


@pytest.mark.slow
@with_office
def test_rules_that_cross_are_a_table_s_and_a_drawing_is_none(tmp_path: Path) -> None:
    import pikepdf

    folder = tmp_path / "modele"
    shutil.copytree(LENDING, folder)
    with zipfile.ZipFile(folder / "annexe-1.docx") as before:
        parts = {name: before.read(name) for name in before.namelist()}
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="8" w:space="0" w:color="000000"/>' for side in sides)
    main = parts["word/document.xml"].decode()
    main, found = re.subn(r"(<w:tblW [^>]*/>)", rf"\1<w:tblBorders>{borders}</w:tblBorders>", main)
    assert found == 1
    parts["word/document.xml"] = main.encode()
    with zipfile.ZipFile(folder / "annexe-1.docx", "w") as after:
        for name, part in parts.items():
            after.writestr(name, part)
    data = folder / "exemples" / "jolimetz.yaml"
    code, told = run("fill", data, "-t", folder, "-o", tmp_path / "out", "--pdf")
    assert code == 0
    pdf = next(Path(one["path"]) for one in told["documents"] if one["path"].endswith("preteur.pdf"))
    code, told = run("verify", pdf, "-t", folder, "--data", data)
    assert (code, told["documents"][0]["status"], told["problems"]) == (0, "intact", [])
    with pikepdf.open(pdf) as whole:  # a cross as thick as a letter's strokes, and no longer
        whole.pages[1].contents_add(b"q 0 0 0 RG 1 w 480 632 m 490 632 l S 485 627 m 485 637 l S Q")
        whole.save(tmp_path / "drawn.pdf")
    code, told = run("verify", tmp_path / "drawn.pdf", "-t", folder, "--data", data)
    assert told["documents"][0]["status"] != "intact"
