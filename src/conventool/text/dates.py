"""Dates: read as French files write them, written in full, counted from one another.

Pure functions on text: no file, no clock.
"""

from __future__ import annotations

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache

from conventool.core.errors import MisreadError
from conventool.text.french import NBSP, fold

__all__ = ["DateError", "anniversary", "date_from_serial", "date_or_none", "long_date", "months_before", "parse_date"]

_SPACES = re.compile(r"\s+")
_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
_MONTH_NUMBERS = {fold(month): number for number, month in enumerate(_MONTHS, 1)}
_MONTH_NUMBERS |= {
    word: number
    for number, words in enumerate(
        ("janv jan", "fevr fev", "", "avr", "", "", "juil", "", "sept sep", "oct", "nov", "dec"), 1
    )
    for word in words.split()
}
_MONTH_NUMBERS |= {"mar": 3, "aou": 8, "juill": 7, "fevri": 2, "septemb": 9}
# compiled by their first use: most dates are written in the first way
_ISO = r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
_DAY_FIRST = r"(\d{1,2}) ?[-/.\\– ] ?(\d{1,2}) ?[-/.\\– ] ?(\d{4})"
_TWO_DIGITS = r"(\d{1,2})([-/.])(\d{1,2})\2(\d{2})"
_COMPACT = r"\d{8}"
_SERIAL = r"\d{5}(?:[.,]\d+)?"
_IN_WORDS = r"(?:([a-z]+) )?(\d{1,2}|premier)(?: ?er)? ?([a-z]+) ?(\d{4}|\d{2})"
_TIME = (
    r"(?:[T,]| (?:[àa] )?) ?(?P<hour>[01]?\d|2[0-4]) ?(?:[hH] ?(?:[0-5]\d ?(?:min)?)?|(?::[0-5]\d){1,2}(?:[.,]\d+)?)"
    r" ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?$"
)
_BEFORE_A_DAY = r"(?i)\(|(?:(?:en )?date du|(?:en )?s[ée]ance du|du|le) "
_BEHIND_A_DAY = re.compile(r"[.)]+$")
_UTC = {"Z", "UTC", "+00:00", "+0000", "-00:00", "-0000"}


class DateError(MisreadError):
    """A text that gives no date (``bad-date``), or could give several (``ambiguous-date``)."""


@lru_cache(maxsize=256)  # the lines of a list repeat their dates
def parse_date(text: str) -> date:
    """Read a date as French files write it: year first, or day first, or in words; a time of day behind it is dropped.

    ``2026-03-12``, ``12/03/2026``, ``12.03.2026``, ``20260312``, ``12 mars 2026``, ``Le 1er mars 2026``, ``jeudi 12
    mars 2026``, ``séance du 12/03/2026``, ``12 mars 2026 à 18 h 30``, ``2026-03-12T18:30:00``. A slash means day first,
    always. A year of two digits is refused, since "12/03/26" reads as 12 March 2026 or 26 March 2012; so is a bare
    Excel number, which its calendar moves by four years, and a late hour of universal time, the next day in France.

    Raises:
        DateError: the text is no date (``bad-date``) or has several readings (``ambiguous-date``).
    """
    text = _SPACES.sub(" ", text).strip()
    day = _without_time(text)
    if not day[:1].isdigit() or not day[-1:].isdigit():
        day = _BEHIND_A_DAY.sub("", re.sub(_BEFORE_A_DAY, "", day, count=1))
    if match := re.fullmatch(_ISO, day):
        return _checked(text, int(match[1]), int(match[3]), int(match[4]))
    if match := re.fullmatch(_DAY_FIRST, day):
        return _checked(text, int(match[3]), int(match[2]), int(match[1]))
    if match := re.fullmatch(_TWO_DIGITS, day):
        raise _two_digits(text, int(match[1]), int(match[3]), int(match[4]))
    if re.fullmatch(_COMPACT, day):
        return _compact(day)
    if re.fullmatch(_SERIAL, day):
        raise _bare_serial(day)
    if match := re.fullmatch(_IN_WORDS, fold(day)):
        return _in_words(text, match)
    raise DateError(
        "bad-date",
        f"«{NBSP}{text}{NBSP}» n’est pas une date.",
        "Écrivez par exemple 2026-03-12 ou 12/03/2026.",
    )


def date_or_none(text: str) -> date | None:
    """The date that a text is, as `parse_date` reads it; None where it is none, or has several readings."""
    try:
        return parse_date(text)
    except DateError:
        return None


def _without_time(text: str) -> str:
    """The text without the time of day behind a date."""
    match = re.search(_TIME, text) if "h" in text.lower() or ":" in text else None
    if match is None:
        return text
    if match["zone"] in _UTC and int(match["hour"]) >= _LATE:
        raise DateError(
            "ambiguous-date",
            f"«{NBSP}{text}{NBSP}» est une heure universelle{NBSP}: en France, c’est peut-être déjà le lendemain.",
            "Écrivez le jour seul, par exemple 12/03/2026.",
        )
    return text[: match.start()]


_LATE = 22
"""The hour of universal time from which France, two hours ahead in summer, has the next day."""


def _compact(text: str) -> date:
    """Eight digits, year first or day first, where only one of the two is a date."""
    found = []
    for year, month, day in ((text[:4], text[4:6], text[6:]), (text[4:], text[2:4], text[:2])):
        with suppress(DateError):
            found.append(_checked(text, int(year), int(month), int(day)))
    if len(found) == 1:
        return found[0]
    choices = " ou ".join(f"{day:%d/%m/%Y}" for day in found)
    hint = f"Écrivez-la avec ses barres{NBSP}: {choices}." if found else "Écrivez par exemple 12/03/2026."
    code = "ambiguous-date" if found else "bad-date"
    raise DateError(code, f"«{NBSP}{text}{NBSP}» n’est pas une date sûre.", hint)


def _checked(text: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        found = None
    if found and year >= _FIRST_YEAR:
        return found
    if found:
        hint = "Écrivez l’année en quatre chiffres, par exemple 12/03/2026."
        raise DateError("bad-date", f"L’année de «{NBSP}{text}{NBSP}» n’est pas vraisemblable.", hint)
    hint = "Écrivez le jour, le mois, puis l’année, par exemple 12/03/2026."
    if month > 12 >= day:
        hint = f"Le jour vient d’abord{NBSP}: écrivez {month:02d}/{day:02d}/{year}."
    raise DateError("bad-date", f"La date «{NBSP}{text}{NBSP}» n’existe pas au calendrier.", hint)


_FIRST_YEAR = 1800
"""No French decision that still counts is older: the communes' councils are of 1789, their prefects of 1800."""


def _two_digits(text: str, first: int, second: int, third: int) -> DateError:
    readings = []
    for year, day in ((2000 + third, first), (2000 + first, third)):
        try:
            readings.append(date(year, second, day))
        except ValueError:
            continue
    if not readings:
        return DateError(
            "bad-date",
            f"La date «{NBSP}{text}{NBSP}» n’existe pas au calendrier.",
            "Écrivez le jour, le mois, puis l’année, par exemple 12/03/2026.",
        )
    choices = " ou ".join(f"{reading:%d/%m/%Y}" for reading in dict.fromkeys(readings))
    return DateError(
        "ambiguous-date",
        f"L’année de «{NBSP}{text}{NBSP}» n’a que deux chiffres.",
        f"Écrivez l’année en entier{NBSP}: {choices}.",
    )


def _bare_serial(text: str) -> DateError:
    serial = int(text[:5])
    since_1900, since_1904 = date_from_serial(serial), date_from_serial(serial, since_1904=True)
    return DateError(
        "ambiguous-date",
        f"«{NBSP}{text}{NBSP}» est un numéro de jour d’Excel, pas une date.",
        f"Écrivez la date en entier{NBSP}: {since_1900:%d/%m/%Y} (ou {since_1904:%d/%m/%Y} "
        "si le classeur compte depuis 1904).",
    )


def _in_words(text: str, match: re.Match[str]) -> date:
    weekday, month, year = match[1], _MONTH_NUMBERS.get(match[3]), match[4]
    if weekday and weekday not in _WEEKDAYS:
        raise DateError("bad-date", f"«{NBSP}{text}{NBSP}» n’est pas une date.", "Écrivez par exemple 12 mars 2026.")
    day = 1 if match[2] == "premier" else int(match[2])
    if month is None:
        raise DateError(
            "bad-date",
            f"«{NBSP}{text}{NBSP}» n’est pas une date{NBSP}: aucun mois ne s’écrit ainsi.",
            "Écrivez par exemple 12 mars 2026.",
        )
    if len(year) == 2:
        found = _checked(text, 2000 + int(year), month, day)
        raise DateError(
            "ambiguous-date",
            f"L’année de «{NBSP}{text}{NBSP}» n’a que deux chiffres.",
            f"Écrivez l’année en entier{NBSP}: {long_date(found)}.",
        )
    found = _checked(text, int(year), month, day)
    actual = _WEEKDAYS[found.weekday()]
    if weekday is not None and weekday != actual:
        raise DateError(
            "bad-date",
            f"«{NBSP}{text}{NBSP}» se contredit{NBSP}: le {long_date(found)} est un {actual}.",
            "Corrigez le jour de la semaine ou la date.",
        )
    return found


def date_from_serial(serial: int, *, since_1904: bool = False) -> date:
    """Read a day number of Excel, in the calendar that the workbook says is its own.

    The 1900 calendar counts a 29 February 1900 that never was (kept from Lotus 1-2-3), hence its origin on 30
    December 1899, true from 1 March 1900 on (ISO/IEC 29500-1, 18.17.4.1).
    """
    return (date(1904, 1, 1) if since_1904 else date(1899, 12, 30)) + timedelta(days=serial)


def long_date(day: date) -> str:
    """Write a date in full: ``1er mars 2026``, ``12 mars 2026``, with spaces that do not break.

    The first of the month alone is an ordinal; who prints it may set its "er" superscript.
    """
    return NBSP.join(("1er" if day.day == 1 else str(day.day), _MONTHS[day.month - 1], str(day.year)))


def anniversary(origin: date, years: int) -> date:
    """Find the date ``years`` years after the origin, on the last of February for a 29 that is missing.

    Always from the origin, never from the anniversary before: what began on 29 February 2024 has its
    anniversaries on 28 February 2025, 2026 and 2027, then on 29 February 2028.
    """
    year = origin.year + years
    return origin.replace(year=year, day=min(origin.day, monthrange(year, origin.month)[1]))


def months_before(day: date, months: int) -> date:
    """Find the last day on which notice of so many months can be given for ``day``.

    The same day of the earlier month, or that month's last.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
