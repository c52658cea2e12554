"""One list with every kind of adherent, a woman and a man, through the command: each of its PDF files is judged."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml

from conventool.core.errors import ProgramError
from conventool.pdf.office import find_office

from .test_real import letters_of_docx

page = pytest.importorskip("page")
pytestmark = pytest.mark.slow

FORMS = [
    "commune", "commune nouvelle", "communauté de communes", "communauté d’agglomération", "communauté urbaine",
    "métropole", "SIVU", "SIVOM", "syndicat mixte", "PETR", "pôle métropolitain", "CCAS", "CIAS", "caisse des écoles",
    "établissement public", "département", "office public de l’habitat", "SDIS", "régie personnalisée", "autre",
]  # fmt: skip
SEATS = {
    "Madame": {"adresse": "4 place du Général-de-Gaulle", "code_postal": "59280", "commune": "Armentières"},
    "Monsieur": {"adresse": "1 place du Général-de-Gaulle", "code_postal": "59190", "commune": "Hazebrouck"},
}
PEOPLE = {
    "Madame": {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN"},
    "Monsieur": {"civilite": "Monsieur", "prenom": "Élie", "nom": "d’HŒUR"},
}
OTHER_SEATS = {  # a town cannot be twice in the list
    "Madame": {"adresse": "1 rue de l’Église", "code_postal": "59270", "commune": "Bailleul"},
    "Monsieur": {"adresse": "Le Bourg", "code_postal": "59660", "commune": "Merville"},
}
BORNE_BY_A_TOWN = {"commune", "commune nouvelle", "CCAS", "caisse des écoles"}
INTERCOMMUNAL = {"communauté de communes", "communauté d’agglomération", "communauté urbaine", "métropole"}
DEPARTMENTS = {"Madame": "Nord", "Monsieur": "Pas-de-Calais"}
OTHERS = {"Madame": "de la Lys", "Monsieur": "de l’Escaut"}


def adherents() -> Iterator[dict[str, Any]]:
    for form in FORMS:
        for civilite, seat in (OTHER_SEATS if form == "commune nouvelle" else SEATS).items():
            name = seat["commune"] if form in BORNE_BY_A_TOWN else OTHERS[civilite]
            name = DEPARTMENTS[civilite] if form == "département" else name
            one: dict[str, Any] = {"forme": form, "nom": name, **seat, "representant": dict(PEOPLE[civilite])}
            one["decision"] = {"date": "2026-03-01"}
            if form in INTERCOMMUNAL:
                one["article"] = ""  # the register knows none of that name
            if form == "autre":
                one |= {"appellation": "Le Groupement d’intérêt public", "article": ""}
                one["representant"]["fonction"] = "Directrice" if civilite == "Madame" else "Directeur"
                one["decision"]["organe"] = "de l’assemblée générale"
            yield one
    delegation = {"texte": "Pour le Président et par délégation", "arrete": "2026-12", "date": "2026-03-03"}
    deputy = {**PEOPLE["Madame"], "fonction": "Vice-présidente", "delegation": delegation}
    seat = {"adresse": "2 rue du Maréchal-Joffre", "code_postal": "59530", "commune": "Le Quesnoy"}
    yield {"forme": "CCAS", "nom": "Le Quesnoy", **seat, "representant": deputy, "decision": {"date": "2026-03-01"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one ``batch --pdf`` makes of them."""
    try:
        find_office()
    except ProgramError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "liste.yaml").write_text(yaml.safe_dump(list(adherents()), allow_unicode=True), encoding="utf-8")
    command = [sys.executable, "-m", "conventool", "batch", "liste.yaml", "--pdf", "--jobs", "2", "--json"]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"PYTHONIOENCODING": "utf-8"}, capture_output=True, check=False
    )
    told = json.loads(done.stdout)
    expected = {"unknown-epci", "unknown-departement"}  # some names are invented
    assert [one for one in told["problems"] if one["severity"] != "notice" and one["code"] not in expected] == []
    assert (done.returncode, told["summary"]["documents"]) == (0, 2 * 3 * (2 * len(FORMS) + 1))
    return folder / "conventions"


@pytest.fixture(scope="module")
def papers(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.pdf"))


def test_each_is_a_sound_pdfa_of_five_pages(papers: list[Path]) -> None:
    """By an outside validator's rules of PDF/A-2b."""
    unsound = {}
    for path in papers:
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) == 5, path.name
        report = page.validate_pdf(str(path), profile="2b")
        if not report.is_compliant or report.failures:
            unsound[path.name] = [failure.rule_id for failure in report.failures]
    assert unsound == {}


def test_each_reads_as_its_document(papers: list[Path]) -> None:
    """The same letters in the same order, on each page the mark of the copy and the page's number, and no more."""
    for path in papers:
        text = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode("utf-8")
        lines = [line for line in text.replace("\f", "\n").splitlines() if line.strip()]
        marks = [line for line in lines if re.fullmatch(r"Exemplaire n°\s[123]/3 – .+ \d/5", line)]
        assert [mark[-3:] for mark in marks] == [f"{number}/5" for number in range(1, 6)], path.name
        body = "".join("".join(line for line in lines if line not in marks).replace("•", "").split())
        assert body == letters_of_docx(path.with_suffix(".docx").read_bytes()), path.name
