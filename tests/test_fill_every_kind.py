"""Every kind of adherent, a woman and a man, controls kept and unwrapped: sound for Word, whole on paper."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]

from conventool.adherent.kinds import KINDS
from conventool.batch.options import RunOptions
from conventool.commands.fill import fill
from wordtext import document_text

TEMPLATE = Path(__file__).parent.parent / "templates" / "convention-services-numeriques"
PEOPLE = {
    "Madame": {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN"},
    "Monsieur": {"civilite": "Monsieur", "prenom": "Paul", "nom": "D’HULST"},
}
OTHER = {"appellation": "Le Groupement d’intérêt public", "article": ""}
NAMES = dict.fromkeys(["commune", "commune-nouvelle", "ccas", "caisse-des-ecoles"], "Armentières") | {
    "departement": "Nord",
    "communaute-de-communes": "Flandre Lys",
    "communaute-d-agglomeration": "de Lens-Liévin",
    "communaute-urbaine": "de Dunkerque",
    "metropole": "Européenne de Lille",
}
PROMPTS = ("Choisissez un", "Cliquez ou", "Nom de l’adhérent.", "Nom du représentant.", "Organe délibérant.", "(Code")

pytestmark = pytest.mark.slow


def made(kind: str, civilite: str, controls: str, folder: Path) -> Path:
    """One copy for an adherent of a kind."""
    data = {
        "forme": kind,
        "nom": NAMES.get(kind, "de la Lys"),
        "adresse": "4 place du Général-de-Gaulle & fils <y>",
        "code_postal": "59280",
        "commune": "Armentières",
        "representant": dict(PEOPLE[civilite]),
        "decision": {"date": "2026-03-01"},
    }
    if kind == "autre":
        data |= OTHER
        data["representant"]["fonction"] = "Directrice" if civilite == "Madame" else "Directeur"  # type: ignore[index]
        data["decision"]["organe"] = "de l’assemblée générale"  # type: ignore[index]
    source = folder / f"{kind}-{civilite}-{controls}.yaml"
    source.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    report = fill(source, RunOptions(str(TEMPLATE), folder / source.stem, controls))  # type: ignore[arg-type]
    assert not report.errors, [str(problem) for problem in report.errors]
    *_, last = report.documents
    return last.path.rename(folder / f"{source.stem}.docx")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("kinds")
    combinations = [(k, c, m) for k in KINDS for c in PEOPLE for m in ("keep", "unwrap")]
    return [made(*combination, folder) for combination in combinations]


def test_outside_judge_finds_nothing(documents: list[Path]) -> None:
    """Open XML SDK's rules, as ported by openxml-audit, have no complaint of any filled document."""
    judge = OpenXmlValidator(FileFormat.MICROSOFT_365)
    findings = {path.name: [str(error) for error in judge.validate(path).errors] for path in documents}
    assert {name: errors for name, errors in findings.items() if errors} == {}


def words(text: str) -> list[str]:
    """The words of a text, one broken at the end of a line after its own hyphen put together again."""
    return re.sub(r"(?<=\w)-\s+(?=\w)", "-", text).split()


def test_whole_on_paper(documents: list[Path], tmp_path: Path) -> None:
    """LibreOffice opens each, sets it on five pages, and prints every word in order, no prompt among them."""
    if not (shutil.which("soffice") and shutil.which("pdftotext")):
        if os.environ.get("CI"):
            pytest.fail("LibreOffice or poppler is not installed")
        pytest.skip("LibreOffice or poppler is not installed")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    plain = 'pdf:writer_pdf_Export:{"ExportFormFields":{"type":"boolean","value":"false"}}'
    command = ["soffice", "--headless", "--norestore", profile, "--convert-to", plain, "--outdir", str(tmp_path)]
    subprocess.run([*command, *map(str, documents)], capture_output=True, check=True, timeout=500)
    for document in documents:
        pdf = tmp_path / f"{document.stem}.pdf"
        command = ["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-"]
        text = subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8")
        pages = text.split("\f")[:-1]
        assert len(pages) == 5, document.name
        said = [text for text, _ in document_text(document)]
        for number, page in enumerate(pages, 1):
            mark = said[-1].replace("\t1/5", "")
            assert words(page)[-len(words(mark)) - 1 :] == [*words(mark), f"{number}/5"], document.name
        printed = [word for page in pages for word in words(page)[: -len(words(mark)) - 1] if word != "•"]
        assert words(" ".join(printed)) == words(" ".join(said[:-1])), document.name
        assert not [prompt for prompt in PROMPTS if prompt in text], document.name
