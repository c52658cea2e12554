"""The services that an adherent chooses: said in several ways, refused at their place, paid to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from conventool.adherent.adherent import read_adherent
from conventool.catalogue.catalogue import read_catalogue
from conventool.catalogue.contribution import Contribution, contribution_of
from conventool.core.problems import Problem
from conventool.core.row import Row
from conventool.register.communes import Register
from conventool.sources import read_rows
from conventool.sources.yaml_file import parse_yaml

CASES = Path(__file__).parent / "cases" / "catalogue"
CATALOGUE = read_catalogue(CASES / "catalogue.yaml")
REGISTER = Register.open()
DAY = date(2026, 4, 1)
ADHERENT = """forme: commune
code_insee: "59017"
adresse: 4 place du Général-de-Gaulle
representant: {civilite: Madame, prenom: Jeanne, nom: MARTIN}
decision: {date: 2026-03-12}
"""
CCAS = ADHERENT.replace("forme: commune", "forme: ccas\nnom: Armentières\ncode_postal: '59280'\ncommune: Armentières")


def _reckoned(row: Row, day: date = DAY) -> tuple[Contribution | None, list[Problem]]:
    adherent, problems = read_adherent(row, REGISTER, today=day)
    if adherent is None:
        return None, problems
    contribution, found = contribution_of(adherent, CATALOGUE, REGISTER, row, day)
    return contribution, problems + found


def _of(text: str, base: str = ADHERENT) -> tuple[Contribution | None, list[Problem]]:
    return _reckoned(next(parse_yaml(base + text, "a.yaml")))


SAID_ALIKE = [
    "services: [parapheur, {sauvegarde: {quantite: 50}}]",
    "services: [parapheur, {sauvegarde: 50}]",
    "services: [Parapheur électronique, sauvegarde × 50]",
    "services: parapheur ; sauvegarde × 50",
    "services: |\n  PARAPHEUR ELECTRONIQUE\n  Sauvegarde externalisée x 50\n",
    "services: sauvegarde * 50;parapheur;",
    "services: 'sauvegarde : 50 ; parapheur'",
    "services: {parapheur: oui, sauvegarde: {quantite: '50,0'}, messagerie: non}",
    "services: {PARAPHEUR: X, Sauvegarde externalisée: '50 ', messagerie: '-', ancien: N/A, devis: 0, ecoles: ''}",
    "services: {parapheur: 1, sauvegarde: 50, messagerie: faux}",
    "services: {parapheur: ✓, sauvegarde: 50, messagerie: ☐}",
    "services: 'parapheur × 1 ; SAUVEGARDE×50 '",
]


@pytest.mark.parametrize("text", SAID_ALIKE)
def test_services_are_said_in_several_ways(text: str) -> None:
    contribution, problems = _of(text)
    assert contribution is not None, problems
    assert contribution.services == ("parapheur", "sauvegarde")
    first, second = contribution.premiere, contribution.suivante
    # Armentières has over 1,000 inhabitants: 250 then 200; 50 Go at 0,45 are 22,50; VAT 20 %
    assert [(one.ht, one.tva, one.ttc) for one in first.lignes] == [
        (Decimal("250.00"), Decimal("50.00"), Decimal("300.00")),
        (Decimal("22.50"), Decimal("4.50"), Decimal("27.00")),
    ]
    assert (first.total.ttc, second.total.ttc) == (Decimal("327.00"), Decimal("267.00"))
    assert [contribution.of_year(year).total for year in (2, 3, 4)] == [second.total] * 3
    assert "population municipale 2023" in first.lignes[0].calcul
    assert first.lignes[1].calcul == "50\u00a0Go" or first.lignes[1].calcul == "50 Go"


REFUSED = [
    ("services: [parafeur]", "unknown-service", (6, 12), "Vouliez-vous dire « parapheur » ?"),
    ("services: [parapheur, parapheur]", "unknown-service", (6, 23), "Ôtez-en un."),
    ("services:\n  - parapheur\n  - sauvegarde", "bad-quantity", (8, 5), "sauvegarde × 50"),
    ("services: [{sauvegarde: {quantite: -3}}]", "bad-quantity", (6, 36), "Corrigez-la."),
    ("services: [{sauvegarde: {quantite: beaucoup}}]", "bad-quantity", (6, 36), "Écrivez le nombre seul."),
    ("services: [sauvegarde × ]", "bad-quantity", (6, 12), "Écrivez le nombre seul."),
    ("services: ['sauvegarde × 1e3']", "bad-quantity", (6, 12), "Écrivez le nombre seul."),
    ("services: ['sauvegarde × 1.500']", "bad-quantity", (6, 12), "Écrivez le nombre seul."),
    ("services: ['sauvegarde × 50 Go']", "bad-quantity", (6, 12), "Écrivez le nombre seul."),
    ("services: ['sauvegarde × 50 €']", "bad-quantity", (6, 12), "Écrivez le nombre seul."),
    ("services: {parapheur: -1}", "bad-quantity", (6, 23), "« oui » ou « non »"),
    ("services: {parapheur: '1,0'}", "bad-quantity", (6, 23), "« oui » ou « non »"),
    ("services: ['sauvegarde × 9999999999']", "bad-quantity", (6, 12), "Corrigez-la."),
    ("services: {sauvegarde: oui}", "bad-quantity", (6, 24), "sauvegarde × 50"),
    ("services: {parapheur: beaucoup}", "bad-quantity", (6, 23), "« oui » ou « non »"),
    ("services: 'sauvegarde × 50 ; Sauvegarde externalisée × 3'", "unknown-service", (6, 11), "Ôtez-en un."),
    ("services: ['×50']", "unknown-service", (6, 12), "Services : parapheur"),
    ("services: ['50 × sauvegarde']", "unknown-service", (6, 12), "Écrivez « sauvegarde × 50 »."),
    ("services: Sauvegarde externalisée (50 Go)", "unknown-service", (6, 11), "Écrivez « sauvegarde × 50 »."),
    ("services: sauvegarde x50", "unknown-service", (6, 11), "Écrivez « sauvegarde × 50 »."),
    ("services: messagerie • parapheur", "unknown-service", (6, 11), "Séparez les services par un point-virgule."),
    ("services: 'parapheur, messagerie'", "unknown-service", (6, 11), "Séparez les services par un point-virgule."),
    ("services: 'parapheur et Messagerie'", "unknown-service", (6, 11), "Séparez les services"),
    ("services: 5", "unknown-service", (6, 11), "Services : parapheur"),
    ("services: [parapheur]\npopulation: 1e3", "bad-value", (7, 13), "Écrivez le nombre seul"),
    ("services: [parapheur]\npopulation: -3", "bad-value", (7, 13), "Écrivez le nombre seul"),
    ("services: [parapheur]\npopulation: 1,5", "bad-value", (7, 13), "Écrivez le nombre seul"),
    ("services: [parapheur × 3]", "bad-quantity", (6, 12), "Ôtez la quantité."),
    ("services: [{sauvegarde: {quantité: 3}}]", "unknown-field", (6, 26), "Écrivez « quantite »."),
    ("services: [[parapheur]]", "bad-value", (6, 11), "Écrivez chaque service"),
    ("services: [messagerie]", "missing-field", (1, 1), "Ajoutez « agents »"),
    ("services: [messagerie]\nagents: douze", "bad-value", (7, 9), "Écrivez le nombre seul"),
    ("services: [ancien]", "no-price", (6, 12), "Mettez le catalogue à jour"),
    ("services: [devis]", "no-price", (6, 12), "Demandez un devis"),
    ("services: [recensement]", "unknown-population", (1, 1), "Ajoutez « population_totale »."),
    ("services: [recensement]\npopulation_municipale: 860", "unknown-population", (1, 1), "ne la remplace pas"),
    ("facturation: {siret: 21590017000014}", "bad-siret", (6, 22), "quatorze chiffres"),
    ("facturation: {siret: 215900170}", "bad-siret", (6, 22), "quatorze chiffres"),
]


@pytest.mark.parametrize(("text", "code", "place", "hint"), REFUSED)
def test_what_cannot_be_priced_is_refused_at_its_place(text: str, code: str, place: tuple[int, int], hint: str) -> None:
    contribution, problems = _of(text)
    assert contribution is None
    (problem,) = [one for one in problems if one.severity == "error"]
    assert (problem.code, (problem.place.line, problem.place.column)) == (code, place)
    assert hint in (problem.hint or "").replace("\u00a0", " ")


def test_a_kind_without_population_must_be_given_one_and_its_own_prices() -> None:
    contribution, problems = _of("services: [parapheur, ecoles]", CCAS)
    assert contribution is None
    assert {one.code for one in problems if one.severity == "error"} == {"unknown-population", "no-price"}
    contribution, problems = _of("services: [parapheur]\npopulation_municipale: 1000", CCAS)
    assert contribution is not None
    assert contribution.premiere.total.ht == 100


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("population: 876", "population-mismatch"),
        ("population_municipale: 876", None),
        ("population_totale: 876", None),
    ],
)
def test_a_bare_population_is_never_taken_in_silence(text: str, code: str | None) -> None:
    contribution, problems = _of(f"services: [parapheur]\n{text}")
    assert contribution is not None
    paid = contribution.premiere.total.ht
    assert paid == (250 if "totale" in text else 100)  # of the total population this tariff makes nothing
    assert [one.code for one in problems if "population" in (one.field or "")] == ([code] if code else [])


def test_a_bare_population_is_that_of_the_tariff_and_said_to_be() -> None:
    contribution, problems = _of("services: [recensement]\npopulation: 876")
    assert contribution is not None
    assert contribution.premiere.total.ht == Decimal("87.60")
    (notice,) = [one for one in problems if one.field == "population"]
    assert notice.message == "876 est pris pour la population totale 2023, celle du tarif."


@pytest.mark.parametrize("text", ["services: aucun", "services: '-'", "services: {parapheur: néant}"])
def test_a_word_for_nothing_chooses_nothing_and_is_told(text: str) -> None:
    contribution, problems = _of(text)
    assert contribution is None
    assert [one.code for one in problems if (one.field or "").startswith("services")] == ["placeholder"]
    assert not [one for one in problems if one.severity == "error"]


def test_nobody_is_a_number_and_not_a_missing_one() -> None:
    contribution, problems = _of("services: [messagerie, parapheur]\nagents: 0\npopulation_municipale: 0")
    assert contribution is not None, problems
    assert [(one.calcul, one.ht) for one in contribution.premiere.lignes] == [
        ("0 habitant (population municipale 2023)", Decimal(100)),
        ("0 agent", Decimal(0)),
    ]


def test_a_list_says_services_in_one_column(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    known = "commune;59017;4 place du Général-de-Gaulle;Madame;Jeanne;MARTIN;12/03/2026"
    path.write_text(
        "Forme;Code INSEE;Adresse;Civilité;Prénom;Nom du représentant;Date de délibération;Services;Population\n"
        f'{known};"parapheur ; sauvegarde × 50";\n{known};parafeur;1 000\n',
        encoding="utf-8",
    )
    first, second = read_rows(path)
    contribution, _ = _reckoned(first)
    assert contribution is not None
    assert contribution.premiere.total.ttc == Decimal("327.00")
    _, problems = _reckoned(second)
    (problem,) = [one for one in problems if one.severity == "error"]
    assert (problem.code, problem.place.line, problem.place.column) == ("unknown-service", 3, "Services")


def test_an_intercommunality_has_the_inhabitants_of_its_communes() -> None:
    siren = next(epci.siren for epci in REGISTER.epci() if epci.nom.endswith("Pévèle-Carembault"))
    members = [commune for commune in REGISTER if commune.epci == siren]
    assert REGISTER.population_of_epci(siren) == sum(commune.population or 0 for commune in members)
    assert REGISTER.population_of_epci("000000000") is None
