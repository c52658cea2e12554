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
from conventool.adherent.name import read_name
from conventool.adherent.reading import Reading
from conventool.core.problems import Problem, Severity
from conventool.core.row import Row
from conventool.register.communes import Register
from conventool.template.bindings import adherent_words
from conventool.template.wording import words
from conventool.text.dates import long_date

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


def sentence_of(adherent: Adherent) -> str:
    said = words(adherent)
    return plain(
        f"{entity(adherent)} {said.sise} {said.adresse}, {said.commune_lien}{said.commune} ({said.code_postal}), "
        f"{said.representee} par {said.representant}, {said.fonction} dûment {said.autorise} à signer la présente "
        f"convention par décision {said.organe} du {long_date(adherent.decision.date)}"
    )


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
    assert sentence_of(adherent) == case["Dans la convention"]
    assert words(adherent).titre == case["Sous la signature"]


def test_the_table_holds_every_kind_both_genders_delegated_or_not() -> None:
    """« autre » aside, whose words are the data's."""
    kinds = {kind.key for case in KIND_CASES if (kind := find_kind(case["Forme"]))}
    assert kinds == set(KINDS) - {"autre"}
    for forme, nom in {(case["Forme"], case["Nom"]) for case in KIND_CASES}:
        same = [case for case in KIND_CASES if (case["Forme"], case["Nom"]) == (forme, nom)]
        assert len({(case["Civilité"], bool(case["Formule de délégation"])) for case in same}) == 4


BY_DELEGATION = {
    "fonction": "Vice-Président",
    "delegation": {"texte": "Pour le Président et par délégation", "arrete": "2026-12", "date": "2026-03-03"},
}
SIGNATORIES = [
    ({"civilite": "Monsieur", "prenom": "Paul"}, "Monsieur Paul MARTIN, son Président, dûment autorisé"),
    ({"civilite": "Madame", "prenom": "Jeanne"}, "Madame Jeanne MARTIN, sa Présidente, dûment autorisée"),
    (
        {"civilite": "Monsieur", "prenom": "Paul", **BY_DELEGATION},
        "Monsieur Paul MARTIN, son Vice-Président, agissant par délégation (arrêté n° 2026-12 du 3 mars 2026), "
        "dûment autorisé",
    ),
    (
        {"civilite": "Madame", "prenom": "Jeanne", **BY_DELEGATION},
        "Madame Jeanne MARTIN, sa Vice-Présidente, agissant par délégation (arrêté n° 2026-12 du 3 mars 2026), "
        "dûment autorisée",
    ),
]


def test_a_letter_is_addressed_to_a_title_without_its_delegation() -> None:
    person = {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN", **BY_DELEGATION}
    adherent, _ = read(representant=person, forme="syndicat-mixte", nom="du Canal", code_insee=None)
    assert adherent is not None
    said = adherent_words(adherent)
    assert (said["qualite"], said["titre"]) == (
        "La Vice-Présidente", "Pour le Président et par délégation, La Vice-Présidente")  # fmt: skip


@pytest.mark.parametrize(("person", "told"), SIGNATORIES, ids=["Monsieur", "Madame", "son délégué", "sa déléguée"])
def test_every_intercommunality_is_named_as_the_table_says(person: dict[str, Any], told: str) -> None:
    """All 1,255 sentences, by DGCL's names, without a word about the name."""
    cases = table("parties", "intercommunalites.csv")
    assert len(cases) == 1255
    changed = {
        "CA ECLA  (Espace Communautaire Lons Agglomération)": "repaired",
        "Grenoble-Alpes-Métropole": "respelled",
    }
    for case in cases:
        epci = REGISTER.epci_by_siren(case["SIREN"])
        assert epci
        assert epci.nom == case["Nom au répertoire"]
        adherent, problems = read(forme=DGCL[epci.type], nom=epci.nom, representant={"nom": "MARTIN", **person})
        assert adherent, problems
        body = "du conseil de la métropole" if epci.type.startswith("MET") else "du conseil communautaire"
        assert sentence_of(adherent) == (
            f"{case['Dans la convention']} sise 1 rue Haute, à Lille (59000), représentée par {told} à signer "
            f"la présente convention par décision {body} du 12 mars 2026"
        )
        assert [problem.code for problem in problems if problem.field == "nom"] == [
            *filter(None, [changed.get(epci.nom)])
        ]
        assert adherent.siren in {case["SIREN"], None}  # None for two of one name


NOUNS = {"CC": "La Communauté de communes", "CA": "La Communauté d’agglomération", "CU": "La Communauté urbaine"}
READ_ONE_BY_ONE = {
    # Métropoles, and communities whose name holds the noun of their kind: it is not said twice (DOMAIN.md, § 9).
    "Bordeaux Métropole": "Bordeaux Métropole",
    "Brest Métropole": "Brest Métropole",
    "Clermont Auvergne Métropole": "Clermont Auvergne Métropole",
    "Dijon Métropole": "Dijon Métropole",
    "Eurométropole de Strasbourg": "L’Eurométropole de Strasbourg",
    "Grenoble-Alpes-Métropole": "Grenoble-Alpes Métropole",  # as the body writes itself
    "Metz Métropole": "Metz Métropole",
    "Montpellier Méditerranée Métropole": "Montpellier Méditerranée Métropole",
    "Métropole Européenne de Lille": "La Métropole Européenne de Lille",
    "Métropole Nice Côte d’Azur": "La Métropole Nice Côte d’Azur",
    "Métropole Rouen Normandie": "La Métropole Rouen Normandie",
    "Métropole Toulon-Provence-Méditerranée": "La Métropole Toulon-Provence-Méditerranée",
    "Métropole de Lyon": "La Métropole de Lyon",
    "Métropole du Grand Nancy": "La Métropole du Grand Nancy",
    "Métropole du Grand Paris": "La Métropole du Grand Paris",
    "Métropole d’Aix-Marseille-Provence": "La Métropole d’Aix-Marseille-Provence",
    "Nantes Métropole": "Nantes Métropole",
    "Orléans Métropole": "Orléans Métropole",
    "Rennes Métropole": "Rennes Métropole",
    "Saint-Étienne Métropole": "Saint-Étienne Métropole",
    "Toulouse Métropole": "Toulouse Métropole",
    "Tours Métropole Val de Loire": "Tours Métropole Val de Loire",
    "CA Agglo Pays d’Issoire": "L’Agglo Pays d’Issoire",
    "CA Agglo du Pays de Dreux": "L’Agglo du Pays de Dreux",
    "CA Agglomération d’Agen": "L’Agglomération d’Agen",
    "CA Communauté Paris-Saclay": "La Communauté Paris-Saclay",
    "CA L’Agglo Foix-Varilhes": "L’Agglo Foix-Varilhes",
    "CC Communauté Lesneven Côte des Légendes": "La Communauté Lesneven Côte des Légendes",
    "CC Grand Orb Communauté de Communes en Languedoc": "Grand Orb Communauté de Communes en Languedoc",
    # Quotation marks and spaces of the file.
    'CA "Saintes - Grandes Rives - L’Agglo"': ("La Communauté d’agglomération « Saintes - Grandes Rives - L’Agglo »"),
    "CA de Blois ’’Agglopolys’’": "La Communauté d’agglomération de Blois « Agglopolys »",
    'CC Alpes-Provence-Verdon "Sources de lumière"': (
        "La Communauté de communes Alpes-Provence-Verdon « Sources de lumière »"
    ),
    "CA ECLA  (Espace Communautaire Lons Agglomération)": (
        "La Communauté d’agglomération ECLA (Espace Communautaire Lons Agglomération)"
    ),
    "CC de Domme- Villefranche du Périgord": ("La Communauté de communes de Domme - Villefranche du Périgord"),
    # Places of one word each, joined as compound names are.
    "CA de Lens - Liévin": "La Communauté d’agglomération de Lens-Liévin",
    "CC Andaine - Passais": "La Communauté de communes Andaine-Passais",
    "CC Caux - Austreberthe": "La Communauté de communes Caux-Austreberthe",
    "CC Faucigny - Glières": "La Communauté de communes Faucigny-Glières",
    "CC Mâconnais - Tournugeois": "La Communauté de communes Mâconnais-Tournugeois",
    "CC Quercy - Bouriane": "La Communauté de communes Quercy-Bouriane",
    "CC Randon - Margeride": "La Communauté de communes Randon-Margeride",
    "CC Sumène - Artense": "La Communauté de communes Sumène-Artense",
    "CC de Commercy - Void - Vaucouleurs": "La Communauté de communes de Commercy-Void-Vaucouleurs",
    "CC de Ventadour - Egletons - Monédières": "La Communauté de communes de Ventadour-Egletons-Monédières",
}


def test_the_table_of_intercommunalities_says_what_was_read_one_by_one() -> None:
    """The table against a rule of its own: the noun for DGCL’s abbreviation, then the name as it is; or a line above.

    « La Communauté de communes Albret Communauté », « La Communauté d’agglomération Alès Agglomération » are said so:
    the last word is a trade name, and only the first ones tell of which kind the body is.
    """
    cases = table("parties", "intercommunalites.csv")
    for case in cases:
        written = case["Nom au répertoire"]
        abbreviation, _, rest = written.partition(" ")
        plainly = f"{NOUNS.get(abbreviation, '')} {rest}".replace("oeur", "œur")  # Cœur, Sœurs
        assert case["Dans la convention"] == READ_ONE_BY_ONE.get(written, plainly)
        assert written in READ_ONE_BY_ONE or abbreviation in NOUNS
    assert set(READ_ONE_BY_ONE) <= {case["Nom au répertoire"] for case in cases}


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
def test_a_letter_dropped_from_an_intercommunality_is_never_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each letter of each name, its kind's abbreviation too: refused, or read as a name of the register, and told."""
    monkeypatch.setattr(Register, "resembling_epci", lambda *_: [])  # the hint alone: a minute of likenesses
    names = {one.nom for one in REGISTER.epci()}
    official = {rest for case in table("parties", "intercommunalites.csv") for rest in named_alone(case)}
    tried, silent = 0, []
    for epci in REGISTER.epci():
        kind = find_kind(DGCL[epci.type])
        assert kind
        less_a_letter = {epci.nom[:at] + epci.nom[at + 1 :] for at, letter in enumerate(epci.nom) if letter.isalpha()}
        for written in less_a_letter - names:
            tried += 1
            reading = Reading(Row({"nom": written}), date(2026, 6, 30))
            name, _ = read_name(reading.given(), kind, kind.label, REGISTER, reading)
            told = {problem.code for problem in reading.problems}
            if not told & {"unknown-epci", "kind-mismatch"}:
                assert name
                if not (told & {"respelled", "repaired"} and plain(name.nom) in official):
                    silent.append((epci.nom, written))
    assert tried > 23_000
    assert not silent


def named_alone(case: dict[str, str]) -> set[str]:
    """The name that a line of the table may have without its kind's noun."""
    said = case["Dans la convention"]
    return {said, *(said.removeprefix(f"{noun} ") for noun in [*NOUNS.values(), "La Métropole", "La"])}


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


NAMES = table("parties", "denominations.csv")


@pytest.mark.parametrize("case", NAMES, ids=lambda case: f"{case['Forme']}, {case['Nom']}")
def test_a_name_holds_its_noun_once_and_what_is_odd_of_it_is_told(case: dict[str, str]) -> None:
    signs = {"fonction": "Directrice", "delegation": BY_DELEGATION["delegation"]}
    person: dict[str, Any] = {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN", **signs}
    adherent, problems = read(forme=case["Forme"], nom=case["Nom"], representant=person)
    assert adherent, problems
    assert f"{entity(adherent)} {words(adherent).sise}" == case["Dans la convention"]
    assert words(adherent).representee.endswith("e") == words(adherent).sise.endswith("e")
    assert adherent_words(adherent)["designation"] == case["Désignation"]
    told = {problem.code for problem in problems if problem.field == "nom"}
    assert told == set(filter(None, [case["À dire"]]))


@pytest.mark.parametrize("forme", [kind.key for kind in KINDS.values()])
def test_a_name_without_capitals_is_read_or_refused_for_every_kind(forme: str) -> None:
    """« autre » and an appellation of the data's own too; no proposal is empty."""
    for nom in ("lycée de la vallée", "smirtom", "flandre lys", "du val"):
        for more in ({}, {"appellation": "Le Groupement", "genre": "m"}):
            person = {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN", "fonction": "Présidente"}
            words_of_data = {"article": "", "decision": {"date": "2026-03-12", "organe": "du conseil"}}
            _, problems = read(forme=forme, nom=nom, representant=person, **words_of_data, **more)
            assert all(problem.hint for problem in problems if problem.code == "doubtful-name")
