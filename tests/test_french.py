"""The pure French: links, agreements, dates, numbers."""

from __future__ import annotations

import string
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventool.text.dates import DateError, anniversary, date_from_serial, long_date, months_before, parse_date
from conventool.text.french import (
    Gender,
    agree,
    agree_with,
    amount,
    at_place,
    fold,
    grouped,
    link,
    numbered,
    of_departement,
    of_name,
    of_person,
    of_place,
    possessive,
    tidy_name,
    typographic,
    with_article,
)

FRENCH = st.text(string.ascii_letters + "àâäéèêëîïôöùûüÿçœæÀÂÄÉÈÊËÎÏÔÖÙÛÜŸÇŒÆ -’'")
DATES = st.dates(date(1900, 1, 1), date(2199, 12, 31))
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre")
M, F = Gender.MASCULINE, Gender.FEMININE


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    """Folding a folded text changes nothing."""
    assert fold(fold(text)) == fold(text)


@given(FRENCH)
def test_a_key_forgets_case_hyphens_apostrophes_and_spaces(text: str) -> None:
    """However these are written, the key is the same."""
    assert fold(text.upper()) == fold(text)
    assert fold(f"\u00a0{text.replace('-', chr(0x2011)).replace(' ', chr(0x202F) * 2)} ") == fold(text)
    assert fold(text.replace("'", "’").replace("-", " ")) == fold(text)


def test_a_key_is_plain_words() -> None:
    """The key of a name holds lower-case ASCII words only."""
    assert fold("L’Orée-de\u2011Mormal") == "l oree de mormal"
    assert fold("NŒUX-LES-MINES") == fold("Noeux les Mines") == "noeux les mines"


@pytest.mark.parametrize(
    ("nom", "tncc", "of", "at"),
    [
        ("Houlle", 0, "de Houlle", "à Houlle"),
        ("Hazebrouck", 1, "d’Hazebrouck", "à Hazebrouck"),
        ("Le Quesnoy", 2, "du Quesnoy", "au Quesnoy"),
        ("La Madeleine", 3, "de La Madeleine", "à La Madeleine"),
        ("Les Attaques", 4, "des Attaques", "aux Attaques"),
        ("L'Orée de Mormal", 5, "de L’Orée de Mormal", "à L’Orée de Mormal"),
        ("Aux Marais", 6, "des Marais", "aux Marais"),
        ("Las Illas", 7, "de Las Illas", "à Las Illas"),
        ("Los Masos", 8, "de Los Masos", "à Los Masos"),
    ],
)
def test_each_kind_of_name_is_linked_by_its_rule(nom: str, tncc: int, of: str, at: str) -> None:
    """INSEE's nine kinds of names, in both phrases."""
    assert "".join(of_place(nom, tncc)) == of
    assert "".join(at_place(nom, tncc)) == at


def test_the_link_keeps_its_space_and_the_name_stands_alone() -> None:
    """Two controls hold link and name: each part is what its control receives."""
    assert of_place("Le Quesnoy", 2) == ("du ", "Quesnoy")
    assert of_place("Armentières", 1) == ("d’", "Armentières")
    assert of_place("La Madeleine", 3) == ("de ", "La Madeleine")


def test_an_unknown_kind_of_name_is_refused() -> None:
    """No rule is made up for a TNCC that INSEE does not have."""
    with pytest.raises(KeyError):
        of_place("Hem", 9)


@pytest.mark.parametrize(
    ("nom", "tncc", "phrase"),
    [
        ("Nord", 2, "du Nord"),
        ("Aisne", 5, "de l’Aisne"),
        ("Somme", 3, "de la Somme"),
        ("Ardennes", 4, "des Ardennes"),
        ("Ille-et-Vilaine", 1, "d’Ille-et-Vilaine"),
        ("Seine-et-Marne", 0, "de Seine-et-Marne"),
    ],
)
def test_departements_have_articles_in_lower_case(nom: str, tncc: int, phrase: str) -> None:
    """Unlike those of communes, these articles are no part of the name."""
    assert "".join(of_departement(nom, tncc)) == phrase


@pytest.mark.parametrize(
    ("nom", "parts"),
    [
        ("de la Vallée de la Lys", ("de la ", "Vallée de la Lys")),
        ("d'Armentières", ("d’", "Armentières")),
        ("Du Pays de Lumbres", ("du ", "Pays de Lumbres")),
        ("Le Val", ("du ", "Val")),
        ("Les Deux Vallées", ("des ", "Deux Vallées")),
        ("La Lys", ("de ", "La Lys")),
        ("L'Escaut", ("de ", "L’Escaut")),
        ("Alliance", ("", "Alliance")),
        ("Desvres", ("", "Desvres")),
    ],
)
def test_a_name_of_no_register_is_linked_without_guessing(nom: str, parts: tuple[str, str]) -> None:
    """The link that is written stays, an article contracts, any other name stands in apposition."""
    assert of_name(nom) == parts


@pytest.mark.parametrize(
    ("article", "nom", "phrase"),
    [
        ("du", "Le Quesnoy", "du Quesnoy"),
        ("de", "Le Vernet", "de Le Vernet"),
        ("d'", "Hem", "d’Hem"),
        ("des", "Attaques", "des Attaques"),
        ("de la", "La Vallée", "de la Vallée"),
        ("De  l’", "Escaut", "de l’Escaut"),
        ("", "Alliance", "Alliance"),
    ],
)
def test_the_word_of_the_data_wins(article: str, nom: str, phrase: str) -> None:
    """An explicit link is taken as it is, and swallows the article it holds already."""
    assert "".join(link(article, nom)) == phrase


def test_participles_agree() -> None:
    """The words that the convention has in both genders."""
    assert [agree(word, F) for word in ("sis", "représenté", "désigné", "autorisé")] == [
        "sise",
        "représentée",
        "désignée",
        "autorisée",
    ]
    assert agree("sis", M) == "sis"


@pytest.mark.parametrize(
    ("noun", "agreed"),
    [
        ("une signature électronique de Word", "ajoutée"), ("Une image", "ajoutée"), ("la police", "ajoutée"),
        ("un dessin ou une image", "ajouté"), ("« une réserve »", "ajouté"), ("le fichier joint", "ajouté"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_thing_agrees_with_it(noun: str, agreed: str) -> None:
    assert agree_with(noun, "ajouté") == agreed


def test_de_loses_its_vowel_before_the_name_of_a_person() -> None:
    names = ("Paul Durand", "Anne Petit", "Éric Durand", "Hélène Roux", "59 Agent")
    assert [of_person(name) for name in names] == [
        "de Paul Durand", "d’Anne Petit", "d’Éric Durand", "d’Hélène Roux", "de 59 Agent",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "gender", "hers", "the"),
    [
        ("Maire", M, "son Maire", "Le Maire"),
        ("Maire", F, "sa Maire", "La Maire"),
        ("Adjointe au Maire", F, "son Adjointe au Maire", "L’Adjointe au Maire"),
        ("Élue déléguée", F, "son Élue déléguée", "L’Élue déléguée"),
        ("Présidente", F, "sa Présidente", "La Présidente"),
        ("Administrateur", M, "son Administrateur", "L’Administrateur"),
        ("Haute fonctionnaire", F, "sa Haute fonctionnaire", "La Haute fonctionnaire"),
    ],
)
def test_titles_take_possessive_and_article(title: str, gender: Gender, hers: str, the: str) -> None:
    """Before a vowel "son" and "L’", whatever the gender."""
    assert possessive(title, gender) == hers
    assert with_article(title, gender) == the


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("de Lens - Liévin", "de Lens-Liévin"),
        ("Haut Nivernais - Val d'Yonne", "Haut Nivernais - Val d’Yonne"),
        ("de Domme- Villefranche du Périgord", "de Domme - Villefranche du Périgord"),
        ("Coeur  de\u00a0Flandre", "Cœur de Flandre"),
        ("COEUR DE FLANDRE", "CŒUR DE FLANDRE"),
        ("Boeil-Bezing", "Boeil-Bezing"),
        ("Boeschepe", "Boeschepe"),
        ("de Blois ’’Agglopolys’’", "de Blois «\u00a0Agglopolys\u00a0»"),
        ('"Sources de lumière"', "«\u00a0Sources de lumière\u00a0»"),
    ],
)
def test_a_name_is_cleaned_and_keeps_its_words(written: str, clean: str) -> None:
    """Spaces, apostrophes, ligatures and guillemets; nothing else."""
    assert tidy_name(written) == clean
    assert tidy_name(clean) == clean


@given(DATES)
def test_dates_come_back_from_every_shape(day: date) -> None:
    """Written in any of the shapes, a date reads as itself."""
    for shape in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d 00:00:00"):
        assert parse_date(day.strftime(shape)) == day
    assert parse_date(long_date(day)) == day
    assert parse_date(long_date(day).upper()) == day
    weekday = ("samedi", "dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi")[
        (day - date(2000, 1, 1)).days % 7
    ]
    assert parse_date(f"{weekday} {long_date(day)}") == day
    with pytest.raises(DateError, match="se contredit"):
        parse_date(f"{'mardi' if weekday != 'mardi' else 'lundi'} {long_date(day)}")


@given(DATES)
def test_two_digits_are_never_a_year(day: date) -> None:
    """A short year is refused, with the date meant among the choices when it is of this century."""
    with pytest.raises(DateError) as refusal:
        parse_date(day.strftime("%d/%m/%y"))
    assert refusal.value.code == "ambiguous-date"
    if day.year // 100 == 20:
        assert day.strftime("%d/%m/%Y") in refusal.value.hint


@given(st.text() | st.text("0123456789-/. "))
def test_any_text_is_a_date_or_a_refusal(text: str) -> None:
    """No other exception escapes, and every refusal says what to write."""
    refusal = None
    try:
        parse_date(text)
    except DateError as error:
        refusal = error
    assert refusal is None or (refusal.code in {"bad-date", "ambiguous-date"} and refusal.hint)


def test_long_dates_do_not_break() -> None:
    """An ordinal on the first alone, no leading zero, spaces that hold."""
    assert long_date(date(2026, 3, 1)) == "1er\u00a0mars\u00a02026"
    assert long_date(date(2025, 8, 5)) == "5\u00a0août\u00a02025"
    assert [long_date(date(2026, month, 2)).split("\u00a0")[1] for month in range(1, 11)] == list(MONTHS)


def test_excel_numbers_need_their_calendar() -> None:
    """The same number is four years apart in the two calendars."""
    assert date_from_serial(46093) == date(2026, 3, 12)
    assert date_from_serial(44631, since_1904=True) == date(2026, 3, 12)
    assert date_from_serial(61) == date(1900, 3, 1)


def test_anniversaries_count_from_the_origin() -> None:
    """A 29 February comes back in the leap year."""
    found = [anniversary(date(2024, 2, 29), years) for years in range(1, 5)]
    assert found == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


@given(DATES, st.integers(0, 60))
def test_anniversaries_keep_day_and_month(origin: date, years: int) -> None:
    """Every date but 29 February keeps its day."""
    found = anniversary(origin, years)
    assert found.year == origin.year + years
    if (origin.month, origin.day) != (2, 29):
        assert (found.month, found.day) == (origin.month, origin.day)


@given(DATES, st.integers(0, 24))
def test_notice_is_months_earlier_and_never_later_in_the_month(day: date, months: int) -> None:
    """Month by month back, the same day or the month's last."""
    found = months_before(day, months)
    assert (day.year - found.year) * 12 + day.month - found.month == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


@given(st.decimals(-10_000_000, 10_000_000, places=2))
def test_amounts_are_french(euros: Decimal) -> None:
    """Thousands apart, a comma, the sign of the euro behind; the number unchanged."""
    written = amount(euros)
    assert written.endswith("\u00a0€")
    digits = written.removesuffix("\u00a0€")
    assert Decimal(digits.replace("\u00a0", "").replace(",", ".")) == euros
    assert all(len(group) == 3 for group in digits.split(",")[0].lstrip("-").split("\u00a0")[1:])


def test_numbers_as_administrations_write_them() -> None:
    """An amount, a SIREN, a SIRET, the number of a decision."""
    assert amount(Decimal("1234.565")) == "1\u00a0234,57\u00a0€"
    assert grouped("215900176") == "215\u00a0900\u00a0176"
    assert grouped("215 900 176 00018") == "215\u00a0900\u00a0176\u00a000018"
    assert {numbered(text) for text in ("2026-12", "n° 2026-12", "N°2026-12", "no 2026-12")} == {"n°\u00a02026-12"}


def test_apostrophes_are_curly() -> None:
    """And nothing else is touched."""
    assert typographic("L'Orée d'«or»") == "L’Orée d’«or»"
