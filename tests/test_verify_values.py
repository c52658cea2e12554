"""What stands in the blanks of a returned document, held against the data, the batch, and what can be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from conventool.batch.options import RunOptions
from conventool.commands.batch import batch
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode
from conventool.core.problems import Problem
from conventool.core.watch import NOBODY
from conventool.template import DEFAULT
from conventool.template.folder import TemplateFolder, find_template
from conventool.word.template import Mode
from conventool.word.values import Value
from test_verify_alterations import VALUES
from word_by_hand import Opened

MODES: tuple[Mode, ...] = ("keep", "unwrap")
HEADER = "Forme;Code INSEE;Code postal;Adresse;Civilité;Prénom;Nom du représentant;Date de délibération\n"
LIST = (
    HEADER
    + "commune;59017;59280;4 place du Général-de-Gaulle;Madame;Jeanne;MARTIN;2026-03-12\n"
    + "commune;59299;59510;1 rue de la Mairie;Monsieur;Paul;DURAND;2026-03-13\n"
)
CHANGES: dict[str, tuple[dict[str, str], list[str]]] = {
    "street": (
        {"4 place du": "5 place du"},
        ["Collectivité : adresse du siège : « 4 place du Général-de-Gaulle » → « 5 place du Général-de-Gaulle »"],
    ),
    "postal code": (
        {"(59280)": "(59820)"},
        ["Collectivité : code postal, entre parenthèses : « (59280) » → « (59820) »"],
    ),
    "signatory": (
        {"Jeanne MARTIN": "Luc PETIT"},
        [
            "Collectivité : représentant : « Madame Jeanne MARTIN » → « Madame Luc PETIT »",
            "Collectivité : nom du signataire : « Jeanne MARTIN » → « Luc PETIT »",
        ],
    ),
    "day": (
        {"12\u00a0mars": "21\u00a0mars"},
        ["Collectivité : date de la délibération : « 12 mars 2026 » → « 21 mars 2026 »"],
    ),
    "accent": (
        {"d’Armentières": "d’Armentieres", ">Armentières": ">Armentieres"},
        [
            "Collectivité : nom de l’adhérent : « Armentières » → « Armentieres »",
            "Collectivité : commune du siège : « Armentières » → « Armentieres »",
        ],
    ),
    "blank in a word": (
        {"Jeanne MARTIN": "JeanneMARTIN", ">4 place": ">4  pla ce"},
        [
            "Collectivité : adresse du siège : « 4 pla ce du Général-de-Gaulle », au lieu de "
            "« 4 place du Général-de-Gaulle » : un blanc change ce qui s’y lit.",
            "Collectivité : représentant : « Madame JeanneMARTIN », au lieu de « Madame Jeanne MARTIN » : "
            "un blanc change ce qui s’y lit.",
            "Collectivité : nom du signataire : « JeanneMARTIN », au lieu de « Jeanne MARTIN » : "
            "un blanc change ce qui s’y lit.",
        ],
    ),
    "other blanks": ({"Jeanne MARTIN": "Jeanne\u00a0MARTIN", ">4 place": "> 4  place"}, []),
    "dates of signature": ({"…………………………………": "2 avril 2026"}, []),
    "nothing": ({}, []),
}
"""What is written over, wherever it stands, and all that must be told of it."""


def replaced(path: Path, changes: Mapping[str, str], to: Path) -> Path:
    document = Opened.of(path.read_bytes())
    for old, new in changes.items():
        document.parts = {name: part.replace(old.encode(), new.encode()) for name, part in document.parts.items()}
    return document.saved(to)


@pytest.fixture(params=MODES)
def sent(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A list, and the batch made of it."""
    (tmp_path / "liste.csv").write_text(LIST, encoding="utf-8")
    batch(tmp_path / "liste.csv", RunOptions(DEFAULT, tmp_path / "lot", controls=request.param), NOBODY)
    return tmp_path


def held_against(sent: Path, how: str) -> VerifyOptions:
    return VerifyOptions(data=sent / "liste.csv") if how == "data" else VerifyOptions(dossier=sent / "lot")


@pytest.mark.parametrize("how", ["data", "dossier"])
@pytest.mark.parametrize("change", CHANGES)
def test_a_wrong_value_is_told_with_the_right_one(sent: Path, how: str, change: str) -> None:
    """Signing, and nothing else, may change what was sent."""
    changes, told = CHANGES[change]
    document = next((sent / "lot").glob("*armentieres*2-cdg59.docx"))
    report = verify([replaced(document, changes, sent / document.name)], held_against(sent, how))
    assert [problem.message.replace("\u00a0", " ") for problem in report.problems] == told
    assert {problem.code for problem in report.problems} <= {"altered-value"}


def test_whoever_is_not_in_the_data_is_told(sent: Path) -> None:
    """One problem, not one for every value."""
    changes = {"Armentières": "Frelinghien", "4 place": "7 place", "Jeanne MARTIN": "Luc PETIT", "(59280)": "(59236)"}
    document = next((sent / "lot").glob("*armentieres*1-fibre.docx"))
    report = verify([replaced(document, changes, sent / "autre.docx")], held_against(sent, "data"))
    assert [problem.code for problem in report.problems] == ["not-in-data"]


def test_anothers_document_under_ones_name_is_told(sent: Path) -> None:
    """Its bytes are those of a document that was sent, to somebody else."""
    one, other = (next((sent / "lot").glob(f"*{name}*1-fibre.docx")) for name in ("armentieres", "hem"))
    (sent / one.name).write_bytes(other.read_bytes())
    report = verify([sent / one.name], VerifyOptions(dossier=sent / "lot"))
    assert [document.status for document in report.documents] == ["altered"]
    assert verify([other], VerifyOptions(dossier=sent / "lot")).exit_code == 0


def test_two_adherents_of_one_name_are_told_apart_in_a_dossier(tmp_path: Path) -> None:
    """A commune and its école fund have the name of the commune; the one's annexes are not the other's, given twice."""
    schools = "caisse-des-ecoles;59017;59280;2 rue de la Mairie;Monsieur;Luc;PETIT;2026-03-20;actes\n"
    header, first, _ = LIST.splitlines()
    data = f"{header};Services\n{first};parapheur\n{schools}"
    (tmp_path / "liste.csv").write_text(data, encoding="utf-8")
    batch(tmp_path / "liste.csv", RunOptions(DEFAULT, tmp_path / "lot"), watch=NOBODY)
    (tmp_path / "retours").mkdir()
    for path in (tmp_path / "lot").glob("*.docx"):
        replaced(path, {}, tmp_path / "retours" / path.name)
    report = verify([tmp_path / "retours"], VerifyOptions(dossier=tmp_path / "lot"))
    assert [str(problem) for problem in report.problems] == []
    assert report.summary["intact"] == 16


def test_rows_that_are_not_sound_do_not_stop_the_others(sent: Path) -> None:
    (sent / "liste.csv").write_text(LIST + "commune;59350;;1 place;Monsieur;Luc;PETIT;2026-03-13\n", encoding="utf-8")
    report = verify([sent / "lot"], held_against(sent, "data"))
    assert report.summary["intact"] == report.summary["documents"] == 6
    assert [(problem.code, problem.place.line) for problem in report.problems] == [("missing-field", 4)]


def test_a_document_that_cannot_be_compared_is_told(sent: Path) -> None:
    """Under another name, a changed document could be anyone's; an unchanged one is known by its bytes."""
    document = next((sent / "lot").glob("*armentieres*1-fibre.docx"))
    changed = replaced(document, {"MARTIN": "MARTEL"}, sent / "numerise.docx")
    same = sent / "copie.docx"
    same.write_bytes(document.read_bytes())
    report = verify([same, changed], held_against(sent, "dossier"))
    assert [(p.code, p.place.file) for p in report.problems] == [("not-compared", str(changed))]
    assert [d.adherent for d in report.documents] == ["Armentières", ""]


def problems_of(values: Mapping[str, Value], mode: Mode, folder: Path) -> list[Problem]:
    document = TemplateFolder.open(find_template(DEFAULT)).document
    path = folder / "revenu.docx"
    path.write_bytes(document.fill({**VALUES, **values}, mode))
    return list(verify([path], VerifyOptions()).problems)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("control", "signed", "decided"),
    [
        ("signature_collectivite_date", date(2026, 3, 11), "12 mars 2026"),
        ("signature_fibre_date", date(2024, 2, 20), "21 février 2024"),
        ("signature_cdg59_date", date(2025, 6, 22), "23 juin 2025"),
    ],
)
def test_who_signs_before_the_decision_is_told(
    tmp_path: Path, mode: Mode, control: str, signed: date, decided: str
) -> None:
    """Each party by its own decision: the adherent's in the document, the others' in the template."""
    (problem,) = problems_of({control: signed}, mode, tmp_path)
    assert (problem.code, problem.value) == ("date-order", signed.isoformat())
    assert decided in problem.message.replace("\u00a0", " ")


@pytest.mark.parametrize("mode", MODES)
def test_the_day_of_the_decision_is_no_wrong_order(tmp_path: Path, mode: Mode) -> None:
    days = {"signature_collectivite_date": date(2026, 3, 12), "signature_fibre_date": date(2024, 2, 21)}
    assert problems_of(days, mode, tmp_path) == []


@pytest.mark.parametrize("mode", MODES)
def test_letters_of_another_script_in_a_value_are_told(tmp_path: Path, mode: Mode) -> None:
    """U+0410 is drawn as an A."""
    (problem,) = problems_of({"nom": "\u0410rmentières"}, mode, tmp_path)
    assert (problem.code, problem.field) == ("look-alike", "nom")
    assert "U+0410" in problem.message


@pytest.mark.parametrize("mode", MODES)
def test_a_value_that_cannot_stand_there_is_told(tmp_path: Path, mode: Mode) -> None:
    """The text around it is the template's, so that it is no alteration of that."""
    document = Opened.of(TemplateFolder.open(find_template(DEFAULT)).document.fill(VALUES, mode))
    part = document.parts["word/document.xml"]
    document.parts["word/document.xml"] = part.replace(b"(59280)", "(à compléter)".encode())
    report = verify([document.saved(tmp_path / "revenu.docx")], VerifyOptions())
    assert report.exit_code is ExitCode.PROBLEMS
    assert [(p.code, p.value) for p in report.problems] == [("altered-value", "(à compléter)")]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("signed", ["Luc PETIT", "Jeanne MARTIN, sous réserve"])
def test_who_signs_is_who_was_named(tmp_path: Path, mode: Mode, signed: str) -> None:
    (problem,) = problems_of({"signature_collectivite_nom": signed}, mode, tmp_path)
    assert problem.code == "signatory-mismatch"
    assert "« Jeanne MARTIN »" in problem.message
    assert f"« {signed} »" in problem.message
