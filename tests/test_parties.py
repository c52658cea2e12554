"""The sentence of the parties, against tables that a lawyer can read: ``cases/parties/`` and ``cases/titres.csv``.

They were written from the rules of French and of the official lists, not by the program. A spreadsheet opens them; save
them as CSV, UTF-8, semicolons.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conventool.adherent.adherent import Adherent, read_adherent
from conventool.adherent.kinds import KINDS, find_kind
from conventool.core.problems import Problem, Severity
from conventool.core.row import Row
from conventool.register.communes import Register
from conventool.template.wording import words
from conventool.text.french import long_date

CASES = Path(__file__).parent / "cases"
REGISTER = Register.open()
DGCL = {
    "CC": "communauté de communes",
    "CA": "communauté d’agglomération",
    "CU": "communauté urbaine",
    "METRO": "métropole",
    "MET69": "métropole",
}


def table(*name: str) -> list[dict[str, str]]:
    with CASES.joinpath(*name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def read(**fields: Any) -> tuple[Adherent | None, list[Problem]]:
    data: dict[str, Any] = {
        "adresse": "1 rue Haute",
        "code_postal": "59000",
        "commune": "Lille",
        "representant": {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN"},
        "decision": {"date": "2026-03-12"},
    }
    return read_adherent(Row(data | fields), REGISTER, today=date(2026, 6, 30))


def entity(adherent: Adherent) -> str:
    said = words(adherent)
    return f"{said.forme} {said.nom_lien}{said.nom}"


def plain(text: str) -> str:
    """The text with the spaces that a table can show."""
    return text.replace("\u00a0", " ")


KIND_CASES = table("parties", "formes.csv")


@pytest.mark.parametrize(
    "case", KIND_CASES, ids=lambda case: f"{case['Nom']}, {case['Civilité']} {case['Fonction']}".strip()
)
def test_a_kind_a_gender_and_a_delegation_make_the_sentence_of_the_table(case: dict[str, str]) -> None:
    person: dict[str, Any] = {"civilite": case["Civilité"], "fonction": case["Fonction"] or None}
    person |= (
        {"prenom": "Jeanne", "nom": "MARTIN"} if case["Civilité"] == "Madame" else {"prenom": "Paul", "nom": "LEFEBVRE"}
    )
    if case["Formule de délégation"]:
        person["delegation"] = {"arrete": "2026-12", "date": "2026-03-03"}
    adherent, problems = read(forme=case["Forme"], nom=case["Nom"], representant=person)
    assert adherent, problems
    said = words(adherent)
    sentence = (
        f"{entity(adherent)} {said.sise} {said.adresse}, {said.commune_lien}{said.commune} ({said.code_postal}), "
        f"{said.representee} par {said.representant}, {said.fonction} dûment {said.autorise} à signer la présente "
        f"convention par décision {said.organe} du {long_date(adherent.decision.date)}"
    )
    assert plain(sentence) == case["Dans la convention"]
    assert said.titre == case["Sous la signature"]


def test_the_table_holds_every_kind_both_genders_delegated_or_not() -> None:
    """« autre » aside, whose words are the data's."""
    kinds = {kind.key for case in KIND_CASES if (kind := find_kind(case["Forme"]))}
    assert kinds == set(KINDS) - {"autre"}
    for forme, nom in {(case["Forme"], case["Nom"]) for case in KIND_CASES}:
        same = [case for case in KIND_CASES if (case["Forme"], case["Nom"]) == (forme, nom)]
        assert len({(case["Civilité"], bool(case["Formule de délégation"])) for case in same}) == 4


def test_every_intercommunality_is_named_as_the_table_says() -> None:
    """All 1,255, by DGCL's names, without a word about the name."""
    cases = table("parties", "intercommunalites.csv")
    assert len(cases) == 1255
    for case in cases:
        epci = REGISTER.epci_by_siren(case["SIREN"])
        assert epci
        assert epci.nom == case["Nom au répertoire"]
        adherent, problems = read(forme=DGCL[epci.type], nom=epci.nom)
        assert adherent, problems
        assert plain(entity(adherent)) == case["Dans la convention"]
        assert {problem.code for problem in problems if problem.field == "nom"} <= {
            "repaired"
        }  # two spaces in one name
        assert adherent.siren in {case["SIREN"], None}  # None for two of one name


def test_every_departement_is_named_as_the_table_says() -> None:
    """All 101 by name and by code, and what bears their names; those that are none any more are doubted."""
    cases = table("parties", "departements.csv")
    assert len(cases) == 101
    for case in cases:
        named = case["Le Département…"].removeprefix("Le Département ")
        for written in (case["Code"], named):
            adherent, problems = read(forme="département", nom=written)
            assert adherent, problems
            assert entity(adherent) == case["Le Département…"]
            doubts = [problem.code for problem in problems if problem.severity is Severity.WARNING]
            assert doubts == (["former-departement"] if case["À vérifier"] else [])
            fire_service, _ = read(forme="SDIS", nom=written)
            assert fire_service
            assert entity(fire_service) == case["Le SDIS…"]


@pytest.mark.slow
def test_a_letter_dropped_from_an_intercommunality_is_never_silent() -> None:
    """Refused, or read as a name of the register, and told: for every name, a letter at its middle and its last one."""
    names = {one.nom for one in REGISTER.epci()}
    silent = []
    for epci in REGISTER.epci():
        start = len(epci.nom) - len(epci.bare)
        letters = [place for place in range(start, len(epci.nom)) if epci.nom[place].isalpha()]
        for place in {letters[len(letters) // 2], letters[-1]}:
            written = epci.nom[:place] + epci.nom[place + 1 :]
            adherent, problems = read(forme=DGCL[epci.type], nom=written)
            told = {problem.code for problem in problems if problem.field in {"nom", "forme"}}
            if adherent is None:
                assert told & {"unknown-epci", "kind-mismatch"}, (epci.nom, written, told)
            elif not told & {"respelled", "repaired"} and written not in names:
                silent.append((epci.nom, written))
    assert not silent


@pytest.mark.parametrize("case", table("titres.csv"), ids=lambda case: case["Écrit"])
@pytest.mark.parametrize(("civilite", "column"), [("Monsieur", "Pour un homme"), ("Madame", "Pour une femme")])
def test_a_title_agrees_with_the_person(case: dict[str, str], civilite: str, column: str) -> None:
    """Or is refused, where it cannot be that person's."""
    delegation = {"texte": "Pour le Maire et par délégation", "arrete": "1", "date": "2026-03-03"}
    person = {"civilite": civilite, "prenom": "Dominique", "nom": "MARTIN", "fonction": case["Écrit"]}
    adherent, problems = read(forme="SIVU", nom="du Bocage", representant={**person, "delegation": delegation})
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if case[column]:
        assert adherent, problems
        assert words(adherent).fonction.partition(", agissant")[0] == case[column]
        printed = case[column].partition(" ")[2]
        told = [problem for problem in problems if problem.field == "representant.fonction"]
        assert told or printed in case["Écrit"]
    else:
        assert [problem.field for problem in errors] == ["representant.fonction"]
        assert errors[0].hint
