"""Forms that a person filled in Word, with and without named controls: read and verified all the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode
from word_by_hand import CONVENTION, Opened, W, filled_in_word, flattened, stripped_of_names, typed_over

PROMPT = "Cliquez ou appuyez ici pour entrer une date."

TYPED: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "commune": (
        {
            "forme": "La Commune", "nom_lien": "d’", "nom": "Armentières", "adresse": "4 place du Général-de-Gaulle",
            "commune": "Armentières", "code_postal": "(59280)", "representant": "Madame Jeanne MARTIN",
            "fonction": "sa Maire,", "autorise": "autorisée", "organe": "du conseil municipal",
            "decision_date": "12 mars 2026", "signature_collectivite_date": "2 avril 2026",
            "signature_collectivite_titre": "La Maire", "signature_collectivite_nom": "Jeanne MARTIN",
        },
        {
            "forme": "commune", "code_insee": "59017", "nom": "Armentières", "adresse": "4 place du Général-de-Gaulle",
            "code_postal": "59280", "commune": "Armentières",
            "representant": {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN", "fonction": "Maire"},
            "decision": {"organe": "du conseil municipal", "date": "2026-03-12"},
            "reconduction": "tacite", "signatures": {"collectivite": "2026-04-02"},
        },
    ),
    "communauté": (
        {
            "forme": "La Communauté de communes", "nom_lien": "", "nom": "Flandre Lys", "adresse": "500 rue de la Lys",
            "commune_lien": "à ", "commune": "La Gorgue", "code_postal": "(59253)",
            "representant": "Monsieur Jean Baptiste LE GOFF", "fonction": "son Président,",
            "organe": "du conseil communautaire", "decision_date": "1er juin 2026", "reconduction": "expresse",
            "signature_fibre_date": "3 juin 2026", "signature_cdg59_date": "4/06/2026",
            "signature_collectivite_date": "5 juin 2026", "signature_collectivite_titre": "Le Président",
            "signature_collectivite_nom": "Jean Baptiste LE GOFF",
        },
        {
            "forme": "communaute-de-communes", "nom": "Flandre Lys", "adresse": "500 rue de la Lys",
            "code_postal": "59253", "commune": "La Gorgue",
            "representant": {
                "civilite": "Monsieur", "prenom": "Jean Baptiste", "nom": "LE GOFF", "fonction": "Président",
            },
            "decision": {"organe": "du conseil communautaire", "date": "2026-06-01"},
            "reconduction": "expresse",
            "signatures": {"fibre": "2026-06-03", "cdg59": "2026-06-04", "collectivite": "2026-06-05"},
        },
    ),
    "CCAS": (
        {
            "forme": "Le CCAS", "nom_lien": "des ", "nom": "Attaques", "sise": "sis",
            "adresse": "Mairie, 1 Grand-Place",
            "commune_lien": "aux ", "commune": "Attaques", "code_postal": "(62730)", "representee": "représenté",
            "representant": "Madame Éloïse DE LA FONTAINE", "fonction": "sa Présidente,", "autorise": "autorisée",
            "organe": "du conseil d’administration", "decision_date": "12/03/2026", "designee": "désigné",
            "signature_collectivite_titre": "La Présidente", "signature_collectivite_nom": "Éloïse DE LA FONTAINE",
        },
        {
            "forme": "ccas", "code_insee": "62043", "nom": "Les Attaques", "adresse": "Mairie, 1 Grand-Place",
            "code_postal": "62730", "commune": "Les Attaques",
            "representant": {
                "civilite": "Madame", "prenom": "Éloïse", "nom": "DE LA FONTAINE", "fonction": "Présidente",
            },
            "decision": {"organe": "du conseil d’administration", "date": "2026-03-12"},
            "reconduction": "tacite",
        },
    ),
}  # fmt: skip
DAYS = {"decision_date": "2026-03-12", "signature_collectivite_date": "2026-04-02"}

Form = Callable[[etree._Element], None]
FORMS: dict[str, Form] = {"named": lambda _: None, "nameless": stripped_of_names, "flat": flattened}


def by_hand(typed: dict[str, str], form: Form, path: Path) -> Path:
    days = {tag: day for tag, day in DAYS.items() if tag in typed}
    document = Opened.of((CONVENTION / "convention.docx").read_bytes())
    return document.change(filled_in_word(typed, days)).change(form).saved(path / "rempli.docx")


def codes_and_fields(path: Path) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in verify([path], VerifyOptions()).problems]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("who", TYPED)
def test_what_was_typed_is_read(tmp_path: Path, who: str, form: str) -> None:
    """Several runs, spelling marks, dates by the calendar or by hand: the data are those that were typed."""
    typed, expected = TYPED[who]
    report = read([by_hand(typed, FORMS[form], tmp_path)], ReadOptions())
    assert [str(problem) for problem in report.problems] == []
    assert list(report.data) == [expected]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("who", TYPED)
def test_filling_by_hand_is_no_alteration(tmp_path: Path, who: str, form: str) -> None:
    """All that is told is each prompt that was left."""
    typed, _ = TYPED[who]
    dates = ("signature_fibre_date", "signature_cdg59_date", "signature_collectivite_date")
    left = [("leftover-placeholder", f"tag:{tag}") for tag in dates if tag not in typed]
    found = codes_and_fields(by_hand(typed, FORMS[form], tmp_path))
    assert [(code, f"tag:{(field or '').removeprefix('tag:')}") for code, field in found] == left


@pytest.mark.parametrize("form", FORMS)
def test_straight_apostrophes_are_read_as_curled_ones(tmp_path: Path, form: str) -> None:
    """A keyboard has no other; the data are the same and nothing is told."""
    typed, expected = TYPED["commune"]
    path = by_hand(typed | {"nom_lien": "d'", "adresse": "4 place de l'Abbé"}, FORMS[form], tmp_path)
    report = read([path], ReadOptions())
    assert report.problems == []
    assert list(report.data) == [expected | {"adresse": "4 place de l’Abbé"}]
    assert {code for code, _ in codes_and_fields(path)} == {"leftover-placeholder"}


@pytest.mark.parametrize("form", ["named", "nameless"])
@pytest.mark.parametrize(
    ("shown", "picture", "day"),
    [
        ("3/12/2026", "M/d/yyyy", "2026-03-12"), ("12/3/2026", "d/M/yyyy", "2026-03-12"),
        ("mars 26", "MMM yy", "2026-03-12"), ("jeudi 12 mars 2026", "dddd d MMMM yyyy", "2026-03-12"),
        ("12 mars 2025", "d MMMM yyyy", "2025-03-12"),
    ],
)  # fmt: skip
def test_a_day_is_the_one_chosen_in_the_calendar(tmp_path: Path, shown: str, picture: str, day: str, form: str) -> None:
    """Where the control writes that day so, whatever another reader makes of the figures; else the text is the day."""

    def repictured(root: etree._Element) -> None:
        for date in root.iter(f"{W}date"):
            if date.get(f"{W}fullDate") == "2026-03-12T00:00:00Z":
                for old in date.findall(f"{W}dateFormat"):
                    old.set(f"{W}val", picture)

    typed = TYPED["commune"][0] | {"decision_date": shown}
    document = Opened.of((CONVENTION / "convention.docx").read_bytes())
    path = (
        document.change(filled_in_word(typed, DAYS)).change(repictured).change(FORMS[form]).saved(tmp_path / "a.docx")
    )
    (data,) = read([path], ReadOptions()).data
    assert data["decision"]["date"] == day
    assert "date-order" not in dict(codes_and_fields(path))


@pytest.mark.parametrize(
    ("shown", "status", "day"),
    [
        ("Lille, le 2 avril 2026", "intact", "2026-04-02"), ("…… 2/4/2026 ……", "intact", "2026-04-02"),
        ("Lille, avril 2026", "intact", None), ("3.IV.2026", "intact", None),
        ("Nul le 2 avril 2026", "altered", None), ("fin avril 2026", "altered", None),
    ],
)  # fmt: skip
def test_the_day_of_a_signature_may_have_its_place(tmp_path: Path, shown: str, status: str, day: str | None) -> None:
    """Written over the dots, and nothing else there; where it has no one meaning, reading it is told."""
    sound = (Path(__file__).parent / "cases/returns/sound.docx").read_bytes()
    path = Opened.of(sound).change(typed_over({"…………………………………": shown})).saved(tmp_path / "a.docx")
    assert [document.status for document in verify([path], VerifyOptions()).documents] == [status]
    if status == "intact":
        report = read([path], ReadOptions())
        assert [problem.code for problem in report.problems] == ([] if day else ["bad-date"])
        assert not day or set(next(iter(report.data))["signatures"].values()) == {day}


@pytest.mark.parametrize("form", FORMS)
def test_a_blank_form_is_no_adherent(tmp_path: Path, form: str) -> None:
    report = read([by_hand({}, FORMS[form], tmp_path)], ReadOptions())
    assert [problem.code for problem in report.problems] == ["not-filled"]
    assert report.exit_code is ExitCode.PROBLEMS
    assert not report.data


@pytest.mark.parametrize("form", FORMS)
def test_what_was_not_filled_is_said(tmp_path: Path, form: str) -> None:
    """A form filled in half gives the half, and a problem for each field that is missing."""
    typed = {"forme": "La Commune", "nom_lien": "", "nom": "Hem", "representant": "Monsieur Paul DURAND"}
    report = read([by_hand(typed, FORMS[form], tmp_path)], ReadOptions())
    (data,) = report.data
    assert data["representant"] == {"civilite": "Monsieur", "prenom": "Paul", "nom": "DURAND"}
    assert data["nom"] == "Hem"
    missing = {problem.field for problem in report.problems if problem.code == "missing-field"}
    assert missing >= {"adresse", "decision.date"}
    assert not missing & {"nom", "representant.nom", "representant.prenom"}


@pytest.mark.parametrize("form", FORMS)
def test_words_that_nobody_made_agree_are_told(tmp_path: Path, form: str) -> None:
    """Old forms print "de" and "autorisé" for everyone: the data come back as they stand, the difference is said."""
    typed = {tag: text for tag, text in TYPED["commune"][0].items() if tag not in {"nom_lien", "autorise"}}
    report = read([by_hand(typed, FORMS[form], tmp_path)], ReadOptions())
    (data,) = report.data
    assert (data["nom"], data["article"]) == ("Armentières", "de")
    (problem,) = report.problems
    assert problem.code == "not-reproduced"
    assert "« autorisé »" in problem.message
    assert "« autorisée »" in problem.message


@pytest.mark.parametrize(
    ("name", "prenom", "nom"),
    [
        ("Marie Claude MARTIN", "Marie Claude", "MARTIN"),
        ("Anne MARTIN épouse DURAND", "Anne", "MARTIN épouse DURAND"),
        ("Anne Le Guen", "Anne", "Le Guen"),
        ("Zoé Durand", "Zoé", "Durand"),
    ],
)
def test_a_surname_is_told_by_its_capitals_or_its_particle(tmp_path: Path, name: str, prenom: str, nom: str) -> None:
    typed = TYPED["commune"][0] | {"representant": f"Madame {name}", "signature_collectivite_nom": name}
    report = read([by_hand(typed, FORMS["flat"], tmp_path)], ReadOptions())
    assert report.problems == []
    assert (report.data[0]["representant"]["prenom"], report.data[0]["representant"]["nom"]) == (prenom, nom)


def test_where_a_surname_begins_is_no_secret_guess(tmp_path: Path) -> None:
    """Nothing in "Marie Claude Durand" says whether Claude is a first name."""
    name = "Marie Claude Durand"
    typed = TYPED["commune"][0] | {"representant": f"Madame {name}", "signature_collectivite_nom": name}
    (problem,) = read([by_hand(typed, FORMS["named"], tmp_path)], ReadOptions()).problems
    assert (problem.code, problem.field, problem.value) == ("ambiguous-name", "representant.nom", name)


def test_what_was_typed_over_plain_text_is_read(tmp_path: Path) -> None:
    """No control was ever there: the prompts were words like others, and somebody typed over them."""
    changes = {
        "Nom de l’adhérent.": "Hem", "Adresse.": "1 rue de la Mairie", "Commune.": "Hem", "(Code postal.)": "(59510)",
        "Organe délibérant.": "du conseil municipal",
    }  # fmt: skip
    document = Opened.of((CONVENTION / "convention.docx").read_bytes()).change(flattened).change(typed_over(changes))
    document.change(
        typed_over({"Choisissez un élément.": "La Commune", "Nom du représentant.": "Monsieur Paul DURAND"})
    )
    document.change(typed_over({"Choisissez un élément.": "son Maire,", "Nom du représentant.": "Paul DURAND"}))
    document.change(typed_over({"Choisissez un élément.": "Le Maire"}))
    document.change(typed_over({PROMPT: "le 3 février 2026"}))
    path = document.saved(tmp_path / "tape.docx")
    report = read([path], ReadOptions())
    (data,) = report.data
    assert data["representant"] == {"civilite": "Monsieur", "prenom": "Paul", "nom": "DURAND", "fonction": "Maire"}
    assert (data["nom"], data["adresse"], data["code_postal"]) == ("Hem", "1 rue de la Mairie", "59510")
    assert data["decision"]["organe"] == "du conseil municipal"


@pytest.mark.parametrize("form", FORMS)
def test_a_clause_changed_by_the_way_is_found(tmp_path: Path, form: str) -> None:
    path = by_hand(TYPED["commune"][0], FORMS[form], tmp_path)
    Opened.of(path.read_bytes()).change(typed_over({"au moins 3 mois": "au moins 1 mois"})).saved(path)
    altered = [p.message for p in verify([path], VerifyOptions()).problems if p.code == "altered-text"]
    assert len(altered) == 1
    assert altered[0].startswith("ARTICLE 6.")
    assert "« moins 3 mois » → « moins 1 mois »" in altered[0]
