"""What is told as added by those who sign and file, and what only begins like it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from conventool.returned.by_hand import day_in, is_formula, is_signatory, names_in, parties_in

NAMES = names_in(
    [
        "Madame Jeanne MARTIN, sa Maire, dûment autorisée",
        "La Commune d’Armentières, sise 4 place du Général-de-Gaulle à Armentières",
        "à Lille (59000), représenté par Monsieur Christophe COULON",
        "Le CDG59, représenté par Monsieur Éric DURAND",
    ]
)
with (Path(__file__).parent / "cases" / "mentions.tsv").open(encoding="utf-8", newline="") as _file:
    MENTIONS = [(row["mention"], row["ajout"] == "oui") for row in csv.DictReader(_file, delimiter="\t")]


@pytest.mark.parametrize(("mention", "belongs"), MENTIONS)
def test_a_mention_is_of_signing_by_all_its_words(mention: str, *, belongs: bool) -> None:
    assert is_formula(mention, NAMES) is belongs


def test_a_name_that_the_document_does_not_say_is_told() -> None:
    assert is_formula("Signé par Jeanne MARTIN le 3 avril 2026", NAMES)
    assert not is_formula("Signé par Paul DUVAL le 3 avril 2026", NAMES)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Jeanne MARTIN", True), ("Mme Jeanne Martin", True), ("La Maire", True), ("La Maire d’Armentières", True),
        ("Jeanne MARTIN, Maire d’Armentières", True), ("CDG 59", True), ("CDG59", True), ("2026-12", True),
        ("Paul DUVAL", False), ("Jeanne MARTIN, Adjointe", False), ("Pour la Maire", False), ("le", False),
        ("59", False), ("2026-13", False), ("Jeanne MARTIN refuse", False), ("", False),
    ],
)  # fmt: skip
def test_who_signs_is_who_the_document_says(text: str, *, says: bool) -> None:
    parties = parties_in(["Madame Jeanne MARTIN", "Armentières", "du conseil municipal n° 2026-12", "Pour le CDG59"])
    assert is_signatory(text, parties) is says


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("le 3 avril 2026", "3 avril 2026"),
        ("03 / 04 / 2026", "03/04/2026"),
        ("03 avril 2026 à 14h32", "3 avril 2026"),
        ("À Lille, le 1er avril 2026", "1er avril 2026"),
        ("03/04/26", None),
        ("3.IV.2026", None),
        ("3 mois", None),
    ],
)
def test_a_day_over_dots_is_read_where_it_has_one_meaning(text: str, day: str | None) -> None:
    said = day_in(text)
    assert (said and said.replace("\u00a0", " ")) == day
