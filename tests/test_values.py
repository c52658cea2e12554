"""Values as lists hold them, in the fields of an adherent: each row of ``cases/valeurs.csv`` is a test.

*Attendu* is what is printed, or the code of the error; *Avis* the codes of what is told beside it, at that field.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from conventool.adherent.adherent import Adherent, read_adherent
from conventool.adherent.commune_resolver import settle
from conventool.adherent.plausibility import is_placeholder
from conventool.core.errors import ConventoolError
from conventool.core.problems import NOWHERE, Problem, Severity
from conventool.core.row import Row
from conventool.register.communes import Register
from conventool.sources import read_rows
from conventool.sources.columns import unknown_columns
from conventool.template.wording import words
from conventool.text.suggestions import closest

REGISTER = Register.open()
TODAY = date(2026, 6, 30)

with Path(__file__).with_name("cases").joinpath("valeurs.csv").open(encoding="utf-8-sig", newline="") as file:
    CASES = list(csv.DictReader(file, delimiter=";"))


def read(path: str, value: str, **more: Any) -> tuple[Adherent | None, list[Problem]]:
    """A SIVU with that value in that field."""
    data: dict[str, Any] = {
        "forme": "SIVU",
        "nom": "du Bocage",
        "adresse": "1 rue Haute",
        "code_postal": "59000",
        "commune": "Lille",
        "representant": {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN"},
        "decision": {"date": "2026-03-12"},
        **more,
    }
    *sections, name = path.split(".")
    here = data
    for section in sections:
        here = here[section]
    here[name] = value
    return read_adherent(Row(data), REGISTER, today=TODAY)


PRINTED: dict[str, Callable[[Adherent], str]] = {
    "adresse": lambda adherent: adherent.adresse,
    "commune": lambda adherent: adherent.commune,
    "code_postal": lambda adherent: adherent.code_postal,
    "siret": lambda adherent: adherent.siret or "",
    "nom": lambda adherent: "".join(adherent.denomination[1:]),
    "representant.prenom": lambda adherent: adherent.representant.prenom,
    "representant.nom": lambda adherent: adherent.representant.nom,
    "decision.numero": lambda adherent: adherent.decision.numero or "",
    "decision.date": lambda adherent: adherent.decision.date.isoformat(),
    "decision.organe": lambda adherent: adherent.decision.organe,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['Champ']} {case['Valeur']}")
def test_a_value_is_printed_repaired_or_refused(case: dict[str, str]) -> None:
    adherent, problems = read(case["Champ"], case["Valeur"])
    errors = {problem.code for problem in problems if problem.severity is Severity.ERROR}
    section = case["Champ"].partition(".")[0]
    told = {
        problem.code
        for problem in problems
        if problem.severity is not Severity.ERROR
        and problem.code != "filled-in"
        and (problem.field or "").startswith(section)
    }
    if adherent:
        assert PRINTED[case["Champ"]](adherent) == case["Attendu"]
    else:
        assert case["Attendu"] in errors
        assert all(problem.hint for problem in problems if problem.severity is Severity.ERROR)
    assert told == set(filter(None, case["Avis"].split(",")))


def test_the_commune_that_only_a_code_names_is_no_name_of_its_mayor() -> None:
    of_a_code = {"forme": "commune", "nom": None, "code_insee": "59017", "code_postal": "59280", "commune": None}
    adherent, problems = read("representant.nom", "Armentières", **of_a_code)
    assert adherent
    assert [problem.code for problem in problems if problem.severity is Severity.WARNING] == ["doubtful-name"]


def test_no_name_of_the_register_stands_for_nothing() -> None:
    """A commune is called Aucun, one Y, and an intercommunality Sud."""
    for path in ("nom", "commune"):
        assert not [commune.nom for commune in REGISTER if is_placeholder(commune.nom, path)]
        assert not [former.nom for former in REGISTER.formers() if former.nom and is_placeholder(former.nom, path)]
        assert not [epci.nom for epci in REGISTER.epci() if is_placeholder(epci.bare, path)]


@pytest.mark.parametrize(("received", "codes"), [("2026-03-11", {"date-order"}), ("2026-03-12", set())])
def test_the_prefecture_may_have_a_decision_on_its_own_day(received: str, codes: set[str]) -> None:
    _, problems = read("decision.recue_le", received)
    assert {problem.code for problem in problems if problem.field == "decision.recue_le"} == codes


@pytest.mark.parametrize(
    ("days", "codes"), [(-1, {"date-order"}), (0, set()), (1, set())], ids=["the day before", "its own day", "after"]
)
def test_the_adherent_may_sign_on_the_day_of_its_decision(days: int, codes: set[str]) -> None:
    """And on that of the arrêté; not before."""
    signed = (date(2026, 3, 12) + timedelta(days)).isoformat()
    _, problems = read("nom", "du Bocage", signatures={"collectivite": signed})
    assert {problem.code for problem in problems if problem.field == "signatures.collectivite"} == codes
    person = {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN", "fonction": "Vice-présidente"}
    delegation = {"arrete": "1", "date": "2026-03-12"}
    _, problems = read(
        "decision.date",
        "2026-03-01",
        signatures={"collectivite": signed},
        representant={**person, "delegation": delegation},
    )
    assert {problem.code for problem in problems if problem.field == "signatures.collectivite"} == codes


@pytest.mark.parametrize(("days", "codes"), [(365, set()), (366, {"future-date"})])
def test_a_signature_over_a_year_ahead_is_doubted(days: int, codes: set[str]) -> None:
    signed = (TODAY + timedelta(days)).isoformat()
    _, problems = read("nom", "du Bocage", signatures={"fibre": signed})
    assert {problem.code for problem in problems if problem.field == "signatures.fibre"} == codes


@pytest.mark.parametrize(
    ("nom", "is_found"),
    [
        ("Armentière", True),
        ("Armentire", True),
        ("Armentiare", True),  # ten letters, nine of them among the eleven in their order: 18/21, 85.7 %
        ("Armentie", False),  # eight, all of them among the eleven: 16/19, 84.2 %
        ("Amentere", False),
    ],
)
def test_a_misspelt_name_is_the_commune_of_its_code_while_it_is_85_percent_alike(nom: str, is_found: bool) -> None:
    """Letters that both have in one order, twice, of all letters of both; else code and name contradict each other."""
    settled = settle(REGISTER, "59017", nom, "59280")
    assert (settled.commune is not None) == is_found
    assert [problem.code for problem in settled.problems] == ["respelled" if is_found else "insee-code-mismatch"]


@pytest.mark.parametrize(
    ("word", "known", "is_proposed"),
    [
        ("signatio", "signature", True),  # 12/17, 70.6 %
        ("collections", "collectivite", False),  # 16/23, 69.6 %
    ],
)
def test_a_known_word_is_proposed_for_one_that_is_70_percent_alike(word: str, known: str, is_proposed: bool) -> None:
    assert closest(word, ["zzz", known]) == (known if is_proposed else None)


@pytest.mark.parametrize(
    ("header", "known", "is_proposed"),
    [
        ("Code pastl", "Code postal", True),  # 18/21, 85.7 %
        ("Code inze", "Code INSEE", False),  # 16/19, 84.2 %
    ],
)
def test_a_known_header_is_proposed_for_one_that_is_85_percent_alike(
    header: str, known: str, is_proposed: bool
) -> None:
    told = unknown_columns(NOWHERE, [header], [known])
    assert (told.hint is not None and known in told.hint) == is_proposed


@pytest.mark.parametrize(
    ("code", "nom", "postal"),
    [("2A004", "Ajaccio", "20179"), ("2B033", "Bastia", "20298"), ("59350", "Lille", "59033")],
)
def test_a_postal_code_of_nobody_in_the_same_departement_is_one_of_a_cedex(code: str, nom: str, postal: str) -> None:
    """Corsica's two départements share the prefix 20."""
    settled = settle(REGISTER, code, nom, postal)
    assert [problem.code for problem in settled.problems] == ["postal-code-cedex"]
    elsewhere = settle(REGISTER, code, nom, "98999")
    assert [problem.code for problem in elsewhere.problems] == ["bad-postal-code"]


LISTS = Path(__file__).with_name("cases") / "lists"
SHOWN: dict[str, Callable[[Adherent], str]] = {
    "personnes": lambda adherent: f"{words(adherent).representant}, {words(adherent).fonction}",
    "delegations": lambda adherent: (
        f"{words(adherent).fonction.partition(', agissant')[0]} / {words(adherent).titre.partition(', ')[2]}"
    ),
    "civilite-et-fonction": lambda adherent: words(adherent).fonction,
    "signataires": lambda adherent: "{}, {}".format("".join(adherent.commune_liee), words(adherent).fonction),
    "epci-inconnus": lambda adherent: "{} {}{}".format(*adherent.denomination),
    "noms-propres": lambda adherent: "{} {}{}".format(*adherent.denomination),
    "numeros": lambda adherent: words(adherent).organe,
    "dates": lambda adherent: adherent.decision.date.isoformat(),
    "parentheses": lambda adherent: adherent.adresse,
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_list_gives_what_its_readers_expect(name: str) -> None:
    """``cases/listes-attendues.csv``: what is printed with the doubts told, or the codes of the errors."""
    with LISTS.with_name("listes-attendues.csv").open(encoding="utf-8-sig", newline="") as file:
        expected = {row["Ligne"]: row["Attendu"] for row in csv.DictReader(file, delimiter=";") if row["Liste"] == name}
    found = {}
    for row in read_rows(LISTS / f"{name}.csv"):
        adherent, problems = read_adherent(row, REGISTER, today=TODAY)
        severity = Severity.WARNING if adherent else Severity.ERROR
        codes = ", ".join(sorted({problem.code for problem in problems if problem.severity is severity}))
        text = f"{SHOWN[name](adherent)}{f' [{codes}]' if codes else ''}" if adherent else f"refusé : {codes}"
        found[str(row.place.line)] = text.replace("\u00a0", " ")
    assert found == expected


LISTS = Path(__file__).with_name("cases") / "lists"
HINTED = (
    "\ufeffForme;Nom;Adresse;Code postal;Commune;Civilité;Prénom;Nom du représentant;Date de délibération\n"
    + "".join(
        f"{forme};{nom};{adresse};59280;Armentières;{civilite};Jeanne;{name};2026-03-12\n"
        for forme, nom, adresse, civilite, name in (
            ("commune", "Armentières", "1 rue Haute", "M. l’Adjoint au Maire", "MARTIN"),
            ("commune", "Armentières", "1 rue Haute 59000 Lille", "Mme", "MARTIN Maire de Lille"),
            ("CC", "CA d’Ailleurs", "1 rue Haute", "Mme", "MARTIN"),
            ("CC", "d’Ailleurs", "1 rue Haute", "Mme", "MARTIN"),
            ("commune", "Saint-Barthélemy", "1 rue Haute", "Mme", "MARTIN"),
            ("département", "", "1 rue Haute", "Mme", "MARTIN"),
            ("SDIS", "d’Ailleurs", "1 rue Haute", "Mme", "MARTIN"),
            ("Conseil régional", "", "1 rue Haute", "Mme", "MARTIN"),
        )
    )
)


def test_a_hint_for_a_table_names_columns_never_fields(tmp_path: Path) -> None:
    """Those that it has by their headers, others by what they could be called."""
    (tmp_path / "liste.csv").write_text(HINTED, encoding="utf-8")
    files = [tmp_path / "liste.csv", *LISTS.glob("*.csv"), *LISTS.glob("*.xlsx")]
    hints = {
        problem.hint
        for file in files
        for row in _rows_of(file)
        for problem in read_adherent(row, REGISTER, today=TODAY)[1]
        if problem.hint
    }
    assert not [hint for hint in hints if re.search(r"«\s[a-z_]+(\.[a-z_]+|:.*)\s»|«\sarticle\s»|code_", hint)]
    told = " ".join(hints)
    assert "dans la colonne «\u00a0Forme\u00a0»" in told
    assert "dans une colonne «\u00a0Numéro de l’arrêté de délégation\u00a0»" in told
    assert "dans une colonne «\u00a0Mot de liaison avant le nom\u00a0»" in told


def _rows_of(file: Path) -> list[Row]:
    try:
        return list(read_rows(file))
    except ConventoolError:  # the list is refused as a whole
        return []


def test_a_repair_is_told_where_a_reader_sees_it() -> None:
    """No kind of space, hyphen or accent is drawn otherwise; a line break and what no one sees are shown by a sign."""
    for value in ("5,5\u00a0rue Haute", " 1 rue Haute", "1 rue de l’E\u0301glise", "1 rue Saint\u2011Jean"):
        adherent, problems = read("adresse", value)
        assert adherent
        assert not [problem for problem in problems if problem.field == "adresse"]
    for value, told in (
        ("1 rue\nHaute", "« 1 rue⏎Haute » est lu « 1 rue Haute » (espaces superflus supprimés)."),
        ("1 rue H\u200baute", "« 1 rue H\\u200baute » est lu « 1 rue Haute » (caractères invisibles supprimés)."),
        ("1  rue Haute", "« 1  rue Haute » est lu « 1 rue Haute » (espaces superflus supprimés)."),
    ):
        _, problems = read("adresse", value)
        (problem,) = [problem for problem in problems if problem.field == "adresse"]
        assert problem.message.replace("\u00a0", " ") == told
