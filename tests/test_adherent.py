"""Each case is a folder: an adherent's data, and what the convention says of it, or what is wrong with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventool.adherent.adherent import Adherent, read_adherent
from conventool.adherent.fields import FIELDS
from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import Row, Value
from conventool.register.communes import Register
from conventool.sources.yaml_file import read_yaml
from conventool.template.wording import words
from conventool.text.dates import long_date

CASES = Path(__file__).parent / "cases" / "adherents"
TODAY = date(2026, 6, 30)
REGISTER = Register.open()


def party(adherent: Adherent) -> str:
    """The convention's paragraph about the third party, and its block of signature."""
    said = words(adherent)
    return (
        f"{said.forme} {said.nom_lien}{said.nom} {said.sise} {said.adresse}, "
        f"{said.commune_lien}{said.commune} ({said.code_postal}), {said.representee} par "
        f"{said.representant}, {said.fonction} dûment {said.autorise} à signer la présente "
        f"convention par décision {said.organe} du {long_date(adherent.decision.date)}\n"
        f"Ci-après {said.designee} « la Collectivité » ou « l’établissement public »\n"
        f"\n{said.titre}\n{said.signataire}\n"
    )


def told(problems: list[Problem]) -> str:
    """The problems as a person reads them, one paragraph each."""
    return "\n".join(
        f"{problem.severity} {problem.code} {problem.field}, ligne {problem.place.line}, "
        f"colonne {problem.place.column}\n  {problem.message}\n" + f"  {problem.hint}\n" * bool(problem.hint)
        for problem in problems
    )


def expected(case: Path, name: str) -> str:
    path = case / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: case.name)
def test_an_adherent_is_told_in_the_words_expected_or_its_problems_are(case: Path) -> None:
    (row,) = read_yaml(case / "adherent.yaml")
    adherent, problems = read_adherent(row, REGISTER, today=TODAY)
    assert told(problems) == expected(case, "problems.txt")
    assert (party(adherent) if adherent else "") == expected(case, "words.txt")


def test_the_cases_hold_every_kind_and_both_genders() -> None:
    from conventool.adherent.kinds import KINDS

    accepted = [
        adherent
        for case in CASES.iterdir()
        if (adherent := read_adherent(next(iter(read_yaml(case / "adherent.yaml"))), REGISTER, today=TODAY)[0])
    ]
    assert {adherent.forme for adherent in accepted} == set(KINDS)
    assert {adherent.representant.civilite for adherent in accepted} == {"Madame", "Monsieur"}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.dates() | st.text() | st.sampled_from(["59017", "Lille", "1er mars 2026", "Mme"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def nested(fields: dict[str, Value]) -> dict[str, Value]:
    """Fields by path, as a YAML file nests them; one that is in the way of another is left out."""
    values: dict[str, Value] = {}
    for path, value in fields.items():
        *sections, name = path.split(".")
        here = values
        for section in sections:
            here = here.setdefault(section, {})  # type: ignore[assignment]
        here[name] = value
    return values


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING), st.dictionaries(st.text(), ANYTHING, max_size=2))
def test_whatever_the_fields_hold_is_read_or_refused_with_a_reason(
    fields: dict[str, Value], more: dict[str, Value]
) -> None:
    place = Place(file="x.yaml", line=1)
    adherent, problems = read_adherent(Row(nested(fields) | more, place), REGISTER, today=TODAY)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert (adherent is None) == bool(errors)
    assert all(problem.message and problem.field is not None and problem.place == place for problem in problems)


SOUND: dict[str, Value] = {
    "forme": "commune",
    "code_insee": "59017",
    "adresse": "4 place du Général-de-Gaulle",
    "representant.civilite": "Madame",
    "representant.prenom": "Jeanne",
    "representant.nom": "MARTIN",
    "decision.date": "2026-03-12",
}
LETTERS = st.text(st.characters(categories=["L"]), min_size=4, max_size=15)
SURNAMES = st.builds(str.join, st.sampled_from(["-", "’"]), st.lists(LETTERS, min_size=2, max_size=3))


@given(st.sampled_from(sorted(set(SOUND) - {"forme"})), st.text())
def test_one_wild_value_is_used_as_it_is_or_reported_at_its_field(field: str, value: str) -> None:
    adherent, problems = read_adherent(Row(nested(SOUND | {field: value})), REGISTER, today=TODAY)
    if adherent is None:
        assert {problem.field for problem in problems if problem.severity is Severity.ERROR} <= {
            field,
            "nom" if field == "code_insee" else field,
            "representant.fonction" if field == "representant.civilite" else field,
        }


@given(SURNAMES)
def test_a_surname_is_never_re_cased_nor_spelled_otherwise(nom: str) -> None:
    from conventool.adherent.plausibility import nature
    from conventool.text.cleaning import clean, repair_mojibake

    adherent, _ = read_adherent(Row(nested(SOUND | {"representant.nom": nom})), REGISTER, today=TODAY)
    if repair_mojibake(nom) is None and clean(nom) == (nom, []) and nature(nom) is None:
        assert adherent is not None
        assert words(adherent).signataire == f"Jeanne {nom}"


def test_a_row_whose_file_could_not_be_read_lacks_nothing() -> None:
    unread = Problem("unreadable", "Ce fichier est vide.")
    assert read_adherent(Row({}, problems=(unread,)), REGISTER, today=TODAY) == (None, [unread])


def test_of_very_many_unknown_fields_the_first_are_told_one_by_one() -> None:
    """To seek what each was meant for would take minutes, and nobody would read it."""
    unknown = {f"champ {number}": "x" for number in range(20_000)}
    _, problems = read_adherent(Row(unknown), REGISTER, today=TODAY)
    told = [problem for problem in problems if problem.code == "unknown-field"]
    assert [problem.field for problem in told[:2]] == ["champ 0", "champ 1"]
    assert 10 < len(told) < 100
    assert f" {20_000 - len(told) + 1}." in told[-1].message


def test_the_adherent_is_frozen_and_comes_back_from_its_own_dump() -> None:
    adherent, _ = read_adherent(Row(nested(SOUND)), REGISTER, today=TODAY)
    assert adherent is not None
    assert Adherent(**adherent._asdict()) == adherent
    with pytest.raises(AttributeError, match="can't set attribute"):
        adherent.nom = "Lille"  # type: ignore[misc]
