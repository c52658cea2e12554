"""Dates read by the picture of their control (ISO/IEC 29500-1, 17.16.4.1)."""

from __future__ import annotations

import pytest

from conventool.returned.written_dates import day_written, says_a_day

WRITTEN = [
    ("1er mars 2026", "d MMMM yyyy", "2026-03-01"),
    ("12/08/26", "dd/MM/yy", "2026-08-12"),
    ("mercredi 12 août 2026", "dddd d MMMM yyyy", "2026-08-12"),
    ("3/1/2026", "M/d/yyyy", "2026-03-01"),
    ("12-août-26", "d-MMM-yy", "2026-08-12"),
    ("mer. 12 août 26", "ddd d MMM yy", "2026-08-12"),
    ("2026.03.01", "yyyy.MM.dd", "2026-03-01"),
    ("01032026", "ddMMyyyy", "2026-03-01"),
    ("le 12 août 2026", "'le' d MMMM yyyy", "2026-08-12"),
    ("1er mars 2026 09:30", "d MMMM yyyy HH:mm", "2026-03-01"),
    ("3/12/2026 9:05 a.m.", "M/d/yyyy h:mm am/pm", "2026-03-12"),
    ("JEUDI 12 MARS 2026", "dddd d MMMM yyyy", "2026-03-12"),
]


@pytest.mark.parametrize(("text", "picture", "day"), WRITTEN)
def test_a_date_is_read_by_its_picture(text: str, picture: str, day: str) -> None:
    """A year of two figures has one reading where the picture says which figures it is."""
    assert day_written(text, picture) == day
    assert says_a_day(picture)


@pytest.mark.parametrize(
    ("text", "picture", "language"),
    [
        ("March 12, 2026", "MMMM d, yyyy", "en-US"),
        ("12. März 2026", "d. MMMM yyyy", "de-DE"),
        ("quinta-feira 12 março 2026", "dddd d MMMM yyyy", "pt-PT"),
    ],
)
def test_a_month_is_read_in_the_language_of_its_control(text: str, picture: str, language: str) -> None:
    """As it is written there."""
    assert day_written(text, picture, language) == "2026-03-12"
    assert day_written(text, picture, "it-IT") == text


@pytest.mark.parametrize("picture", ["MMMM yyyy", "dddd", "HH:mm", "yyyy", "'Fait le' d MMMM"])
def test_a_picture_may_say_no_day(picture: str) -> None:
    """A month, an hour."""
    assert not says_a_day(picture)


@pytest.mark.parametrize(
    ("text", "picture"),
    [("mars 2026", "MMMM yyyy"), ("jeudi", "dddd"), ("31/02/26", "dd/MM/yy"), ("12 mars", ""), ("à définir", "d/M/yy")],
)
def test_what_says_no_day_stays_as_it_is(text: str, picture: str) -> None:
    """Whoever reads it then says why it is none."""
    assert day_written(text, picture) == text
