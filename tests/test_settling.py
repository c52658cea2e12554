"""Which commune the data means."""

from __future__ import annotations

from collections import defaultdict

import pytest

from conventool.adherent.commune_resolver import Fields, settle
from conventool.core.problems import Severity
from conventool.register.communes import Register, place_key

REGISTER = Register.open()
COMMUNES = list(REGISTER)
FORMERS = list(REGISTER.formers())


def test_a_code_alone_is_enough_for_every_commune() -> None:
    """Every one is found; its postal code is filled in when it has one, else asked back with choices."""
    for commune in COMMUNES:
        settled = settle(REGISTER, commune.code)
        assert settled.commune == commune
        (problem,) = [problem for problem in settled.problems if problem.code != "insee-code-mismatch"]
        if len(commune.codes_postaux) == 1:
            assert settled.code_postal == commune.codes_postaux[0]
            assert (problem.severity, problem.code) == (Severity.NOTICE, "filled-in")
        else:
            assert settled.code_postal is None
            assert (problem.severity, problem.code) == (Severity.ERROR, "missing-field")
            assert all(code in (problem.hint or "") for code in commune.codes_postaux)


def test_a_code_that_is_a_postal_code_too_is_told() -> None:
    """59270: the INSEE code of Grand-Fayt, the postal code of Bailleul."""
    settled = settle(REGISTER, "59270")
    assert settled.commune
    assert settled.commune.nom == "Grand-Fayt"
    (told,) = [problem for problem in settled.problems if problem.code == "insee-code-mismatch"]
    assert told.severity is Severity.NOTICE
    assert "c’est aussi le code postal de Bailleul" in told.message
    assert "insee-code-mismatch" not in {problem.code for problem in settle(REGISTER, "59270", "Grand-Fayt").problems}


def test_what_agrees_is_accepted_without_a_word() -> None:
    """Code, name and each postal code of every commune, as official data has them."""
    for commune in COMMUNES:
        for postal in commune.codes_postaux:
            assert settle(REGISTER, commune.code, commune.nom, postal) == (commune, postal, [])


def test_every_former_commune_is_refused_with_its_successor() -> None:
    """By its code where no commune has it today, and by its name with the postal code of today."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for commune in COMMUNES:
        for postal in commune.codes_postaux:
            by_name[f"{place_key(commune.nom.partition(' (')[0])} {postal}"].add(commune.code)
    for former in FORMERS:
        municipal = former.nature == "arrondissement-municipal"
        expected = "unknown-commune" if municipal else "former-commune"
        refusals = []
        if REGISTER.by_code(former.code) is None:
            refusals.append(settle(REGISTER, former.code))
        if former.nom and place_key(former.nom) != place_key(former.successor.nom):
            refusals.append(settle(REGISTER, former.successor.code, former.nom) if not municipal else refusals[0])
            refusals += [
                settle(REGISTER, None, former.nom, postal)
                for postal in former.successor.codes_postaux
                if not by_name[f"{place_key(former.nom)} {postal}"]
            ]
        for refusal in refusals:
            assert refusal.commune is None, former
            assert [problem.code for problem in refusal.problems] == [expected], former
            assert former.successor.code in (refusal.problems[0].hint or ""), former


def test_homonyms_are_asked_back_with_their_candidates() -> None:
    """Two present communes of one name are never told apart by guessing."""
    by_key = defaultdict(list)
    for commune in COMMUNES:
        by_key[place_key(commune.nom)].append(commune)
    for same in by_key.values():
        if len(same) > 1:
            settled = settle(REGISTER, None, same[0].nom)
            assert settled.commune is None
            assert [problem.code for problem in settled.problems] == ["ambiguous-commune"]
            assert any(commune.code in (settled.problems[0].hint or "") for commune in same)


def test_every_insee_code_that_is_a_postal_code_elsewhere_is_read_as_labelled() -> None:
    """In the postal column, Lille's INSEE code is not silently taken for a neighbour's postal code."""
    served = {postal for commune in COMMUNES for postal in commune.codes_postaux}
    both = [commune for commune in COMMUNES if commune.code in served]
    area = [commune for commune in both if commune.departement in {"59", "62"}]
    assert len(area) == 344
    for commune in both:
        settled = settle(REGISTER, commune.code, commune.nom, commune.code)
        assert settled.commune == commune
        if commune.code not in commune.codes_postaux:
            assert settled.code_postal is None
            assert [problem.code for problem in settled.problems] == ["postal-code-mismatch"]


def test_problems_name_the_fields_that_the_caller_reads() -> None:
    """The town of a seat is checked like a commune, and its problems point at its own field."""
    settled = settle(REGISTER, None, "LILLE", "59033", fields=Fields(nom="commune"))
    assert [(problem.field, problem.value, problem.code) for problem in settled.problems] == [
        ("commune", "LILLE", "respelled"),
        ("code_postal", "59033", "postal-code-cedex"),
    ]


@pytest.mark.parametrize("nothing", [None, "", "   "])
def test_nothing_is_missing(nothing: str | None) -> None:
    """Blank values are absent ones."""
    settled = settle(REGISTER, nothing, nothing, nothing)
    assert settled.commune is None
    assert [problem.code for problem in settled.problems] == ["missing-field"]


def test_every_message_is_typographic() -> None:
    """No straight apostrophe, no breaking space before a double sign or inside guillemets."""
    for code, nom in (
        ("99999", None),
        (None, "Lill"),
        ("59017", "Hem"),
        (None, "Les Moëres"),
        ("59280", None),
    ):
        for problem in settle(REGISTER, code, nom, "59 CEDEX").problems:
            text = str(problem)
            assert not any(wrong in text for wrong in ("'", " :", " ?", " ;", "« ", " »")), text


@pytest.mark.parametrize(
    ("nom", "postal", "codes"),
    [
        ("Hellemmes", "59260", ["former-commune"]),
        ("Hellemmes", None, ["former-commune"]),
        ("hellemmes", "59160", ["former-commune"]),
        ("Hellemmes", "62000", ["unknown-commune"]),
        ("Saint-Pol", "59430", ["former-commune"]),
        ("Saint", "59430", ["former-commune"]),
        ("Saint", "59280", ["unknown-commune"]),
        ("Saint", None, ["unknown-commune"]),
    ],
)
def test_a_former_commune_is_known_by_how_its_name_begins(nom: str, postal: str | None, codes: list[str]) -> None:
    """Where the postal code is its successor's, or no other begins so."""
    settled = settle(REGISTER, None, nom, postal)
    assert settled.commune is None
    assert [problem.code for problem in settled.problems] == codes
