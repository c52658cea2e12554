"""What a calendar says of a day: a Sunday, a public holiday. No date is moved: a contract is not procedure."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

__all__ = ["about_day"]

_SATURDAY, _SUNDAY = 5, 6


@lru_cache(maxsize=1)
def _holidays() -> HolidayBase:
    from holidays import country_holidays  # noqa: PLC0415 (slow to import)

    return country_holidays("FR", language="fr")


@lru_cache(maxsize=20_000)
def about_day(day: date) -> str:
    """« dimanche », « jour férié (Lundi de Pâques) »; empty for another day.

    Holidays are those of all of France: not those of Alsace, Moselle and overseas.
    """
    weekday = {_SATURDAY: "samedi", _SUNDAY: "dimanche"}.get(day.weekday())
    name = _holidays().get(day)
    return ", ".join(filter(None, [weekday, name and f"jour férié ({name})"]))
