"""A date as its control's picture writes it (ISO/IEC 29500-1, 17.16.4.1) → the day that it is."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from functools import lru_cache

from conventool.text.dates import DateError, parse_date
from conventool.text.stories import levelled, squeezed
from conventool.word.values import date_text

__all__ = ["day_written", "says_a_day"]

_TOKENS = re.compile(r"'([^']*)'|(d{1,4}|M{1,4}|y{1,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|am/pm|AM/PM)|(.)", re.DOTALL)
_WORD = r"[^\W\d]+(?:-[^\W\d]+)*\.?"
_PLACES = {
    **dict.fromkeys(("d", "dd"), r"(?P<day>\d{1,2})(?:er)?"),
    **dict.fromkeys(("ddd", "dddd"), _WORD),
    **dict.fromkeys(("M", "MM"), r"(?P<month>\d{1,2})"),
    **dict.fromkeys(("MMM", "MMMM"), rf"(?P<name>{_WORD})"),
    **dict.fromkeys(("y", "yy"), r"(?P<year>\d{2})"),
    **dict.fromkeys(("yyy", "yyyy"), r"(?P<year>\d{4})"),
    **dict.fromkeys(("am/pm", "AM/PM"), r"[\w.\s]*"),
}
_OF_TIME = r"\d{1,2}"


def day_written(text: str, picture: str, language: str = "") -> str:
    """The day in ISO 8601, where a text is one as the picture writes it; else the text, for others to read.

    Two figures for the year are one of this century: a picture that has no more leaves nothing to doubt.
    """
    found = _pattern(picture).fullmatch(" ".join(text.split())) if picture else None
    if found is None:
        return text
    parts = found.groupdict()
    day, year = parts.get("day"), parts.get("year")
    if day is None or year is None:
        return text
    year = year.zfill(4) if len(year) > 2 else f"20{year}"
    month, name = parts.get("month"), parts.get("name")
    with suppress(DateError):
        return parse_date(f"{year}-{int(month):02}-{int(day):02}" if month else f"{day} {name} {year}").isoformat()
    return _by_trial(text, picture, language, int(year), int(day)) if name else text


def _by_trial(text: str, picture: str, language: str, year: int, day: int) -> str:
    """The day whose month the control's language calls so."""
    told = squeezed(levelled(text)).casefold()
    for month in range(1, 13):
        with suppress(ValueError):
            one = date(year, month, day)
            if squeezed(levelled("".join(date_text(one, picture, language)))).casefold() == told:
                return one.isoformat()
    return text


def says_a_day(picture: str) -> bool:
    """Does what a picture writes say which day it is?"""
    return not picture or set(_pattern(picture).groupindex) >= {"day", "year"}


@lru_cache(maxsize=256)
def _pattern(picture: str) -> re.Pattern[str]:
    pieces, seen = [], set[str]()
    for quoted, letters, other in _TOKENS.findall(picture):
        place = _PLACES.get(letters, _OF_TIME) if letters else ""
        name = re.search(r"\?P<(\w+)>", place)
        if name and name[1] in seen:
            place = place.replace(name[0], "?:")
        seen |= {name[1]} if name else set()
        pieces.append(place or re.sub(r"\\?\s+", r"\\s*", re.escape(quoted or other)))
    return re.compile("".join(pieces), re.IGNORECASE)
