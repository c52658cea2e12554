"""Texts damaged on their way are repaired where that is safe, recognised where it is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventool.text.cleaning import clean, find_illegal, repair_mojibake

FRENCH = "àâäçéèêëîïôöùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛÜŒÆ’–—«»°€…"


@pytest.mark.parametrize(
    "sound", ["Liévin", "L’Haÿ-les-Roses", "CITÉ\xa0»", "ÂGE", "À’", "Cœur", "Île", "«\xa0É\xa0»", "È…"]
)
def test_sound_french_is_no_mojibake(sound: str) -> None:
    assert repair_mojibake(sound) is None


@given(st.text(FRENCH + "abc -'", min_size=1))
def test_sound_french_letters_in_any_order_are_no_mojibake_unless_they_spell_it(text: str) -> None:
    if repair_mojibake(text) is not None:
        assert any(lead in text for lead in "ÂÃÅÆËâ")


@given(st.text("abcdefgh -", min_size=1), st.text("àâçéèêëîôùûüœæÀÇÉÈÊÎÔÛŒ’–", min_size=1), st.booleans())
def test_utf8_read_as_cp1252_is_recognised_and_undone(plain: str, accents: str, twice: bool) -> None:
    meant = misread = plain + accents
    for _ in range(2 if twice else 1):
        misread = "".join(
            bytes([byte]).decode("cp1252") if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else chr(byte)
            for byte in misread.encode("utf-8")
        )
    assert repair_mojibake(misread) == meant


def test_no_break_spaces_lost_after_misreading_are_understood() -> None:
    assert repair_mojibake("Ã  cÃ´tÃ©") == "à côté"


def test_cp1252_read_as_latin1_is_undone() -> None:
    assert repair_mojibake("L\x92Or\xe9e c\x9cur") == "L’Orée cœur"


def test_a_lost_character_is_recognised_though_nobody_can_undo_it() -> None:
    assert repair_mojibake("Li\ufffdvin") == "Li\ufffdvin"


@pytest.mark.parametrize(
    ("written", "repaired", "repairs"),
    [
        ("Armentières", "Armentières", 0),
        ("Armentières\n", "Armentières", 0),
        ("  Armentières ", "Armentières", 1),
        ("Le\xa0 Quesnoy", "Le Quesnoy", 1),
        ("a\nb\tc", "a b c", 1),
        ("L'Orée d`Or", "L’Orée d’Or", 1),
        (unicodedata.normalize("NFD", "Liévin"), "Liévin", 1),
        ("Saint\u2011Aubin", "Saint-Aubin", 1),
        ("Saint\u00ad-Aubin\u200b", "Saint-Aubin", 1),
        (" l'Eau\u200b ", "l’Eau", 3),
    ],
)
def test_safe_repairs_are_made_and_told(written: str, repaired: str, repairs: int) -> None:
    text, told = clean(written)
    assert (text, len(told)) == (repaired, repairs)


@given(st.text())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once, _ = clean(text)
    assert clean(once) == (once, [])


@pytest.mark.parametrize("char", ["\0", "\x07", "\x1f", "\x7f", "\x9d", "\ud800", "\ufffe", "\uffff"])
def test_what_no_document_can_hold_is_found(char: str) -> None:
    assert find_illegal(f"a{char}b") == char
    assert find_illegal("a\tb\r\nc é 𝄞") is None
