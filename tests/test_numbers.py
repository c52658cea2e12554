"""Numbers of French files: read exactly, refused where they have two readings, written in figures and in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventool.template.expressions import Expression, ExpressionError
from conventool.text.french import amount
from conventool.text.numbers import NumberError, number_text, parse_number, plural, words, yes_or_no

READ = [
    ("1 234,56 €", "1234.56"), ("1\u202f234,56\u00a0€", "1234.56"), ("1234.56", "1234.56"), ("1234,5", "1234.5"),
    ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("1.234.567", "1234567"), ("12 345 678,90 EUR", "12345678.90"),
    ("800", "800"), ("800 euros", "800"), ("1 euro", "1"), ("-5", "-5"), ("−5,50", "-5.50"), ("0,5", "0.5"),
    ("0.125", "0.125"), ("1234,567", "1234.567"), ("  12  ", "12"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ)
def test_a_number_is_read(text: str, value: str) -> None:
    """As French, English and accounting programs write it, to the last digit."""
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.000", "999,999 €"])
def test_two_readings_are_refused(text: str) -> None:
    """Three digits behind one sign are a thousand or a fraction."""
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert caught.value.code == "ambiguous-number"
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["", "€", "douze", "12 mois", "12 €50", "1 23 456", "12 34", "1.23.456", "12,", "1e3", "(12)", "5 %", "１２", "NaN",
     "1 234.567.8", "12/3", "0x1F"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    """Nothing is dropped to make a number of it."""
    with pytest.raises(NumberError) as caught:
        parse_number(text)
    assert caught.value.code == "bad-value"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_an_amount_written_is_read_again(value: Decimal) -> None:
    """In French figures with its spaces and its sign, in plain figures, with the euro or without."""
    assert parse_number(number_text(value)) == value
    assert parse_number(amount(value)) == value
    assert parse_number(str(value)) == value


WORDS = [
    (0, "zéro"), (1, "un"), (21, "vingt et un"), (71, "soixante et onze"), (80, "quatre-vingts"),
    (81, "quatre-vingt-un"), (200, "deux cents"), (201, "deux cent un"), (1000, "mille"),
    (80_000, "quatre-vingt mille"),
    (2_000_000, "deux millions"), (-3, "moins trois"),
    (Decimal(0), "zéro euro"), (Decimal(1), "un euro"), (Decimal(80), "quatre-vingts euros"),
    (Decimal("1.50"), "un euro et cinquante centimes"), (Decimal("0.01"), "un centime"),
    (Decimal("1234.56"), "mille deux cent trente-quatre euros et cinquante-six centimes"),
    (Decimal(1_000_000), "un million d’euros"), (Decimal(1_500_000), "un million cinq cent mille euros"),
    (Decimal("-2.02"), "moins deux euros et deux centimes"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "told"), WORDS)
def test_in_words(value: Decimal | int, told: str) -> None:
    """As a teacher of French writes it: « quatre-vingts » and « quatre-vingt-un », « un million d’euros »."""
    assert words(value) == told


PLURALS = [
    (0, "agent", "agent"), (1, "agent", "agent"), (2, "agent", "agents"), (Decimal("1.5"), "jour", "jour"),
    (3, "mois", "mois"), (3, "prix", "prix"), (3, "cheval", "chevaux"), (3, "tableau", "tableaux"),
    (3, "lieu", "lieux"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "noun", "told"), PLURALS)
def test_a_noun_behind_a_number(number: Decimal | int, noun: str, told: str) -> None:
    """In the plural from two on; « 1,5 jour »."""
    assert plural(number, noun) == told


def test_a_noun_with_a_plural_of_its_own() -> None:
    """As it is told."""
    assert plural(2, "œil", "yeux") == "yeux"
    assert plural(1, "œil", "yeux") == "œil"


@pytest.mark.parametrize(
    ("text", "read"),
    [("Oui", True), ("x", True), ("NON", False), ("0", False), ("?", None), ("-1", None), ("1,0", None), ("x.", True)],
)
def test_yes_or_no(text: str, read: bool | None) -> None:
    """Case forgiven; what is neither is neither."""
    assert yes_or_no(text) is read


FILTERS = [
    ("{{ mission | majuscule }}", {"mission": "Été"}, "ÉTÉ"),
    ("{{ n | en_lettres }} ({{ n }}) {{ n | pluriel('jour') }}", {"n": 80}, "quatre-vingts (80) jours"),
    ("{{ prix | euros }}", {"prix": Decimal("1234.5")}, "1\u00a0234,50\u00a0€"),
    ("{{ prix | en_lettres }}", {"prix": Decimal("2.10")}, "deux euros et dix centimes"),
    ("le {{ jour | date_longue }}", {"jour": date(2026, 3, 1)}, "le 1er\u00a0mars\u00a02026"),
    ("{{ prix }} €", {"prix": Decimal("1234.5")}, "1\u00a0234,50 €"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "given_words", "told"), FILTERS)
def test_filters(source: str, given_words: dict[str, object], told: str) -> None:
    """Those that French documents need."""
    assert Expression(source)(given_words) == told


@pytest.mark.parametrize(
    "source", ["{{ x | euros }}", "{{ x | date_longue }}", "{{ x | en_lettres }}", "{{ x | pluriel('a') }}"]
)
def test_a_filter_refuses_what_it_cannot_say(source: str) -> None:
    """A text is no amount, no date and no number."""
    with pytest.raises(ExpressionError):
        Expression(source)({"x": "Audit"})
