"""``verify`` of what goes beside a convention, as other programs save it: annexes, letters, amendments."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from in_process import command

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "adherent-complet.yaml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
OWN = """
objet: l’ajout d’un service
article_modifie: L’article 2.1
redaction: L’Adhérent choisit aussi la signature électronique.
deliberation: 2026-11-11
convention_effet: 2026-04-02
"""


@pytest.fixture(scope="module")
def annexes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("annexes")
    assert command("fill", EXAMPLE, "--pieces", "annexe-1,annexe-2,annexe-3", "-o", folder).code == 0
    return folder


def as_libreoffice_saves(path: Path, target: Path) -> Path:
    """Without the repeating sections, whose title the first control in them bears, and without tags."""
    with zipfile.ZipFile(path) as was, zipfile.ZipFile(target, "w") as becomes:
        for name in was.namelist():
            data = was.read(name)
            if name == "word/document.xml":
                root: Any = etree.fromstring(data)
                _take_sections_off(root)
                data = etree.tostring(root)
            becomes.writestr(name, data)
    return target


def _take_sections_off(root: Any) -> None:
    for section in [one for one in root.iter(f"{W}sdt") if one.find(f"{W}sdtPr/{W15}repeatingSection") is not None]:
        title = section.find(f"{W}sdtPr/{W}alias").get(f"{W}val")
        first = next(one for one in section.iter(f"{W}sdt") if one.find(f"{W}sdtPr/{W}text") is not None)
        first.find(f"{W}sdtPr/{W}alias").set(f"{W}val", title)
    for kind in ("repeatingSectionItem", "repeatingSection"):
        for control in [one.getparent().getparent() for one in root.iter(f"{W15}{kind}")]:
            for row in control.find(f"{W}sdtContent"):
                control.addprevious(row)
            control.getparent().remove(control)
    for tag in list(root.iter(f"{W}tag")):
        tag.getparent().remove(tag)


def test_rows_whose_repeating_section_libreoffice_took_off_are_read(annexes: Path, tmp_path: Path) -> None:
    saved = [as_libreoffice_saves(path, tmp_path / path.name) for path in sorted(annexes.glob("*.docx"))]
    for known in ([], ["--data", EXAMPLE]):
        said = command("verify", *saved, *known, "--json").told
        assert [one["status"] for one in said["documents"]] == ["intact"] * 3, said["problems"]


def with_texts(path: Path, old: str, new: str, *, paragraph: str = "") -> Path:
    """The same document where one text is another, and a paragraph follows the last one that holds it."""
    with zipfile.ZipFile(path) as was:
        parts = {name: was.read(name) for name in was.namelist()}
    root: Any = etree.fromstring(parts["word/document.xml"])
    texts = [one for one in root.iter(f"{W}t") if one.text == old]
    assert texts
    for one in texts:
        one.text = new
    if paragraph:
        run = etree.fromstring(f'<w:p xmlns:w="{W[1:-1]}"><w:r><w:t>{paragraph}</w:t></w:r></w:p>')
        next(texts[-1].iterancestors(f"{W}p")).addnext(run)
    with zipfile.ZipFile(path, "w") as becomes:
        for name, data in {**parts, "word/document.xml": etree.tostring(root)}.items():
            becomes.writestr(name, data)
    return path


@pytest.mark.parametrize(("old", "new"), [("50 Go", "500 Go"), ("Sauvegarde externalisée", "Archivage")])
def test_and_what_was_changed_in_them_is_found(annexes: Path, tmp_path: Path, old: str, new: str) -> None:
    (annexe,) = annexes.glob("annexe-2*")
    saved = with_texts(as_libreoffice_saves(annexe, tmp_path / annexe.name), old, new)
    assert command("verify", saved, "--json").told["documents"][0]["status"] == "doubtful"
    assert command("verify", saved, "--data", EXAMPLE, "--json").told["documents"][0]["status"] == "altered"


def test_data_that_lack_what_an_amendment_asks_for_make_no_alteration_of_it(tmp_path: Path) -> None:
    plain = ROOT / "examples" / "adherent.yaml"
    whole = tmp_path / "avenant.yaml"
    whole.write_text(plain.read_text(encoding="utf-8") + OWN, encoding="utf-8")
    assert command("fill", whole, "-t", "avenant", "-o", tmp_path / "lot").code == 0
    (first, *_) = sorted((tmp_path / "lot").glob("*.docx"))
    assert command("verify", first, "--data", whole, "--json").told["problems"] == []
    (problem,) = command("verify", first, "--data", plain, "--json").told["problems"]
    assert (problem["code"], problem["severity"]) == ("not-compared", "warning")


SIGNED = {
    "where people sign": ("Pour la Collectivité", "Lu et approuvé", "intact", "by-hand"),
    "more than that": ("Pour la Collectivité", "Lu et approuvé, sauf l’article 2", "altered", "altered-text"),
    "elsewhere": ("ARTICLE 1. OBJET", "Lu et approuvé", "altered", "altered-text"),
}


@pytest.mark.parametrize("case", SIGNED)
def test_what_people_type_as_they_sign_a_word_document(tmp_path: Path, case: str) -> None:
    under, words, status, code = SIGNED[case]
    data = tmp_path / "avenant.yaml"
    data.write_text((ROOT / "examples" / "adherent.yaml").read_text(encoding="utf-8") + OWN, encoding="utf-8")
    assert command("fill", data, "-t", "avenant", "-o", tmp_path / "lot").code == 0
    (first, *_) = sorted((tmp_path / "lot").glob("*.docx"))
    told = command("verify", with_texts(first, under, under, paragraph=words), "--json").told
    assert (told["documents"][0]["status"], [one["code"] for one in told["problems"]]) == (status, [code])


LETTER = """
auteur: La Collectivité
date: 2026-11-29
convention_effet: 2026-04-02
convention_sortie: 2027-04-02
"""


def test_a_text_that_no_choice_of_the_template_gives_is_told(tmp_path: Path) -> None:
    data = tmp_path / "lettre.yaml"
    data.write_text((ROOT / "examples" / "adherent.yaml").read_text(encoding="utf-8") + LETTER, encoding="utf-8")
    assert command("fill", data, "-t", "denonciation", "-o", tmp_path / "lot").code == 0
    (letter,) = (tmp_path / "lot").glob("*.docx")
    assert command("verify", letter, "--json").told["problems"] == []
    (problem,) = command("verify", with_texts(letter, "trois mois", "deux mois"), "--json").told["problems"]
    assert (problem["code"], "« deux mois »" in problem["message"].replace("\u00a0", " ")) == ("altered-value", True)


def test_a_service_that_is_not_sold_is_told_of_a_deliberation_alone(tmp_path: Path) -> None:
    assert command("fill", EXAMPLE, "--pieces", "deliberation", "-o", tmp_path).code == 0
    (model,) = tmp_path.glob("*.docx")
    services = "Parapheur électronique, Télétransmission des actes, Sauvegarde externalisée, Intervention du CDG 59"
    assert command("verify", model, "--json").told["problems"] == []
    fewer = "Parapheur électronique, Télétransmission des actes"
    altered = with_texts(model, services, fewer)
    assert command("verify", altered, "--json").told["problems"] == []
    (problem,) = command("verify", with_texts(altered, fewer, f"{fewer}, Archivage"), "--json").told["problems"]
    assert (problem["code"], problem["severity"], "Archivage" in problem["message"]) == (
        "not-reproduced", "warning", True,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None or shutil.which("gs") is None, reason="LibreOffice, Ghostscript")
def test_what_libreoffice_and_ghostscript_make_of_a_whole_file(tmp_path: Path) -> None:
    """A cell left blank beside one on two lines; a letter printed again, whose letters moved by less than a point."""
    data, sent, back = tmp_path / "adherent.yaml", tmp_path / "lot", tmp_path / "revenus"
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    data.write_text("".join(line for line in lines if "violations" not in line), encoding="utf-8")
    assert command("fill", data, "-o", sent, "--pieces", "convention,annexe-3,deliberation,courrier", "--pdf").code == 0
    back.mkdir()
    for path in sorted(sent.glob("*.pdf")):
        if "_2-" not in path.name and "_3-" not in path.name:
            subprocess.run(["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-o", back / path.name, path],
                           check=True)  # fmt: skip
    for known in (["--dossier", sent], ["--data", data]):
        told = command("verify", back, *known, "--json").told["problems"]
        assert {one["code"] for one in told} <= {"reprinted", "missing-content"}, told
