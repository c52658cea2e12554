"""Values as files really hold them: each row of ``cases/dirty-values.csv`` is a test.

To add one, add a line to that table (a spreadsheet opens it; save it as CSV, UTF-8, semicolons). *Attendu* is
the repaired value or the code of the problem; *Avis*, for a commune, the codes of the repairs told.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from conventool.adherent.commune_resolver import settle
from conventool.adherent.commune_words import delivery_words
from conventool.adherent.kinds import find_kind, split_kind, why_refused
from conventool.core.problems import Severity
from conventool.register.communes import Register
from conventool.text.cleaning import repair_mojibake
from conventool.text.dates import DateError, parse_date
from conventool.text.french import numbered, of_name

REGISTER = Register.open()

with Path(__file__).with_name("cases").joinpath("dirty-values.csv").open(encoding="utf-8-sig") as file:
    CASES = list(csv.DictReader(file, delimiter=";"))


def read_date(value: str) -> str:
    try:
        return parse_date(value).isoformat()
    except DateError as refusal:
        return refusal.code


def read_kind(value: str) -> str:
    kind = find_kind(value)
    if kind:
        return kind.key
    return "cannot-sign" if why_refused(value) else "unknown-kind"


def read_full_name(value: str) -> str:
    kind, rest = split_kind(value) or (None, value)
    return f"{kind.label} {rest}" if kind else rest


READERS: dict[str, Callable[[str], str | None]] = {
    "date": read_date,
    "forme": read_kind,
    "nom complet": read_full_name,
    "lien": lambda value: "".join(of_name(value)),
    "adresse": delivery_words,
    "accents": repair_mojibake,
    "numéro": numbered,
}


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["Quoi"] != "commune"],
    ids=lambda case: f"{case['Quoi']} {case['Valeur']}",
)
def test_a_dirty_value_is_repaired_or_refused(case: dict[str, str]) -> None:
    """As the table says."""
    assert (READERS[case["Quoi"]](case["Valeur"]) or "") == case["Attendu"]


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["Quoi"] == "commune"],
    ids=lambda case: f"{case['Code INSEE']} {case['Valeur']} {case['Code postal']}",
)
def test_a_dirty_commune_is_repaired_or_refused(case: dict[str, str]) -> None:
    """One error, with a proposal, or the commune and its postal code with a notice of each repair."""
    commune, postal, problems = settle(REGISTER, case["Code INSEE"], case["Valeur"], case["Code postal"])
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        assert [error.code for error in errors] == [case["Attendu"]]
        assert errors[0].hint
    else:
        assert commune is not None
        assert f"{commune.code} {commune.nom} {postal}" == case["Attendu"]
        notices = {problem.code for problem in problems}
        assert notices == set(filter(None, case["Avis"].split(",")))


def test_the_table_is_long_enough() -> None:
    """And no case stands in it twice."""
    assert len(CASES) >= 100
    keys = [(case["Quoi"], case["Valeur"], case["Code INSEE"], case["Code postal"]) for case in CASES]
    assert len(set(keys)) == len(keys)
