"""The catalogue of services: real tariffs to the cent, faults at their lines, one band for any number."""

from __future__ import annotations

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventool.catalogue.catalogue import catalogue_of, read_catalogue
from conventool.catalogue.pricing import Line, OnQuotationError, line, total, yearly
from conventool.catalogue.tariff import Catalogue, Price
from conventool.core.errors import TemplateError
from conventool.sources.yaml_file import parse_yaml

CASES = Path(__file__).parent / "cases" / "catalogue"
DAY = date(2026, 3, 12)


@pytest.fixture(scope="module")
def tariffs() -> Catalogue:
    return read_catalogue(CASES / "tarifs.yaml")


def _cases() -> list[dict[str, str]]:
    with (CASES / "montants.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", restval=""))


@pytest.mark.parametrize("case", _cases(), ids=lambda case: " ".join(filter(None, case.values())))
def test_a_real_tariff_is_applied_to_the_cent(case: dict[str, str], tariffs: Catalogue) -> None:
    known = {base: Decimal(case[base]) for base in ("population", "quantite", "agents") if case[base]}
    service = tariffs.services[case["service"]]
    prices = service.prices(case["forme"], DAY)
    assert prices
    if case["ht"] == "devis":
        with pytest.raises(OnQuotationError, match=r"ne fixe pas de prix|aucune tranche"):
            line(tariffs, case["service"], prices[0], known, int(case["annee"]))
        return
    lines = [line(tariffs, case["service"], price, known, int(case["annee"])) for price in prices]
    assert [str(amount) for amount in total(lines)] == [case["ht"], case["tva"], case["ttc"]]


def _expected(path: Path) -> list[tuple[int, str, str]]:
    found = re.compile(r"#! (\S+) (.+)$")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(n, match[1], match[2]) for n, text in enumerate(lines, 1) if (match := found.search(text))]


@pytest.mark.parametrize("path", sorted((CASES / "fautes").iterdir()), ids=lambda path: path.stem)
def test_every_fault_of_a_catalogue_is_told_at_its_line(path: Path) -> None:
    with pytest.raises(TemplateError) as refused:
        read_catalogue(path)
    told = [(p.place.line, p.code, p.message.replace("\u00a0", " ")) for p in refused.value.problems]
    expected = _expected(path)
    assert [(n, code) for n, code, _ in told] == [(n, code) for n, code, _ in expected]
    for (_, _, message), (_, _, passage) in zip(told, expected, strict=True):
        assert passage in message
    assert all(problem.hint for problem in refused.value.problems)


def test_a_rate_has_six_decimals_at_most() -> None:
    """With one more it is refused (``fautes/sens.yaml``); amounts stay exact before they are rounded once."""
    price = Price.model_validate({"base": "quantite", "taux": "0,123456", "tva": {"sans": "x"}})
    assert yearly(price, {"quantite": Decimal(1_000_000)}, 1) == Decimal(123_456)


LIMITS = st.lists(st.integers(0, 100_000), min_size=1, max_size=8, unique=True).map(sorted)
CENTS = st.integers(0, 10_000_000)


def _tariff(limits: list[int], amounts: list[int]) -> Catalogue:
    bands = [
        f"        - {{jusqu_a: {limit}, montant: {c // 100}.{c % 100:02}}}"
        for limit, c in zip(limits, amounts, strict=False)
    ]
    last = amounts[-1]
    text = "\n".join([
        "tva: {taux: 20, montants: HT}", "population: {nature: totale, annee: 2023}", "services:", "  un:",
        "    libelle: Un", "    presentation: Texte.", "    prix:", "      base: population", "      tranches:",
        *bands, f"        - {{montant: {last // 100}.{last % 100:02}}}",
    ])  # fmt: skip
    return catalogue_of(next(parse_yaml(text)))


@settings(max_examples=60, deadline=None)
@given(LIMITS, st.data())
def test_any_population_has_one_band_and_more_inhabitants_never_pay_less(
    limits: list[int], data: st.DataObject
) -> None:
    amounts = sorted(data.draw(st.lists(CENTS, min_size=len(limits) + 1, max_size=len(limits) + 1)))
    catalogue = _tariff(limits, amounts)
    service = catalogue.services["un"]
    (price,) = service.prices("commune", DAY)
    people = sorted(
        {0, *(limit + d for limit in limits for d in (0, 1)), *data.draw(st.lists(st.integers(0, 200_000)))}
    )
    paid = [line(catalogue, "un", price, {"population": Decimal(n)}, 1) for n in people]
    for n, one in zip(people, paid, strict=True):
        rank = sum(n > limit for limit in limits)  # the bands that end below it
        assert one.ht == Decimal(amounts[rank]) / 100
        assert one.ht + one.tva == one.ttc
    assert [one.ttc for one in paid] == sorted(one.ttc for one in paid)


COUNTS = st.integers(0, 50_000).map(Decimal)
BASES = {"population": COUNTS, "agents": COUNTS, "quantite": st.decimals(0, 50_000, places=1)}
MONOTONE = {"cdg38", "inforoutes", "cdg34", "te90", "borne", "cdg59", "etablissements"}
"""Of the real tariffs and their forms, those that set a price for all."""


def _paid(catalogue: Catalogue, key: str, known: dict[str, Decimal], year: int) -> list[Line]:
    service = catalogue.services[key]
    kind = next((kind for price in service.prix for kind in price.pour if kind != "autres"), "ccas")
    return [line(catalogue, key, price, known, year) for price in service.prices(kind, DAY)]


@pytest.mark.parametrize("key", sorted(MONOTONE))
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_who_has_more_of_everything_pays_no_less(tariffs: Catalogue, key: str, data: st.DataObject) -> None:
    year = data.draw(st.integers(1, 4))
    known = {base: data.draw(numbers) for base, numbers in BASES.items()}
    larger = {base: number + data.draw(BASES[base]) for base, number in known.items()}
    one, other = (_paid(tariffs, key, numbers, year) for numbers in (known, larger))
    assert one
    for less, much in zip(one, other, strict=True):
        assert less.ht <= much.ht
        assert less.ttc <= much.ttc
    for found in (one, other):
        sums = total(found)
        assert sums.ht + sums.tva == sums.ttc == sum(each.ttc for each in found)
        assert all(each.ht == each.ht.quantize(Decimal("0.01")) for each in found)


@settings(max_examples=60, deadline=None)
@given(LIMITS, st.integers(0, 120_000))
def test_bands_written_with_both_ends_hold_each_number_once(limits: list[int], people: int) -> None:
    starts = [0, *(limit + 1 for limit in limits)]
    ends: list[int | None] = [*limits, None]
    bands = [
        {"de": str(low), "montant": str(rank), **({"jusqu_a": str(high)} if high is not None else {})}
        for rank, (low, high) in enumerate(zip(starts, ends, strict=True))
    ]
    bands[0].pop("de")
    price = Price.model_validate({"base": "population", "tranches": bands, "tva": {"sans": "x"},
                                  "population": {"nature": "totale", "annee": 2023}})  # fmt: skip
    holding = [rank for rank, (low, high) in enumerate(zip(starts, ends, strict=True))
               if low <= people and (high is None or people <= high)]  # fmt: skip
    assert [int(yearly(price, {"population": Decimal(people)}, 1))] == holding
