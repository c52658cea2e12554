"""Deadlines → a calendar file (iCalendar, RFC 5545): all-day events, whose identifiers stay when it is written again.

The lines are written here: the package ``icalendar`` takes 0.7 ms for an event, five minutes for a long list. It is the
tests' judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import IO

from conventool.deadlines.days import about_day
from conventool.deadlines.followed import Dated, event_name
from conventool.deadlines.schedule import Deadline, Kind
from conventool.text.cleaning import NOT_IN_XML

__all__ = ["is_our_calendar", "write_calendar"]

_TO_ESCAPE = re.compile(r"[\\;,]")
_LINE = 74
"""Octets of a line, without its end and the space that it begins with (RFC 5545, 3.1)."""
_AT_NINE = "DT15H"
"""An alarm so long before midnight of the next day rings at nine in the morning."""
_ALARMS: Mapping[Kind, tuple[int, ...]] = {Kind.NOTICE: (60, 15), Kind.EXIT: (30,), Kind.END: (90,)}
"""Days before; of the others, a week."""


def write_calendar(file: IO[bytes], adherents: Iterable[Dated], today: date) -> None:
    """Write a calendar.

    Args:
        file: receives it.
        adherents: whose deadlines are told.
        today: the day that the events say they were written on.
    """
    file.write(_HEAD)
    for adherent in adherents:
        identifier = f"BEGIN:VEVENT\r\nUID:{event_name(adherent)}"
        summary = _folded(f"{adherent.nom} : ")
        about = _folded(f"{adherent.appellation} {adherent.code_postal}, reconduction {adherent.mode}.\n")
        for deadline in adherent.deadlines:
            dates, text, details = _body(deadline, today)
            file.write(f"{identifier}{dates}{summary}{text}{about}{details}".encode())
    file.write(b"END:VCALENDAR\r\n")


@lru_cache(maxsize=50_000)
def _body(deadline: Deadline, today: date) -> tuple[str, str, str]:
    """An event, without what is its adherent's own: between the three parts its name and its description stand."""
    day, text = deadline.day, f"{deadline.text[0].lower()}{deadline.text[1:]}"
    dates = (
        f"-{deadline.kind}-{deadline.number}@conventool\r\nDTSTAMP:{today:%Y%m%d}T000000Z\r\n"
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nDTEND;VALUE=DATE:{day + timedelta(1):%Y%m%d}\r\nSUMMARY:"
    )
    alarms = "".join(
        f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P{days - 1}{_AT_NINE}\r\n"
        f"DESCRIPTION:{_folded(deadline.text)}\r\nEND:VALARM\r\n"
        for days in _ALARMS.get(deadline.kind, (7,))
    )
    end = f"\r\nCATEGORIES:{deadline.kind.capitalize()}\r\nTRANSP:TRANSPARENT\r\n{alarms}END:VEVENT\r\n"
    return dates, f"{_folded(text)}\r\nDESCRIPTION:", _folded("\n".join(_details(deadline))) + end


def _details(deadline: Deadline) -> Iterator[str]:
    if deadline.article:
        yield f"Convention, {deadline.article}."
    if deadline.condition:
        yield f"Vaut {deadline.condition}."
    if told := about_day(deadline.day):
        yield f"Ce jour est un {told} ; la date n’est pas déplacée."
    yield "La convention est supposée prendre effet le jour de la dernière signature."


def _folded(text: str) -> str:
    """A text as part of a property: escaped, in lines of 75 octets at most, never broken inside a character.

    It begins a line of its own, as every part may: lines may be broken anywhere (RFC 5545, 3.1).
    """
    data = _TO_ESCAPE.sub(r"\\\g<0>", NOT_IN_XML.sub("", text)).replace("\n", "\\n").encode()
    lines = [b""]
    while data:
        cut = min(len(data), _LINE)
        while cut < len(data) and data[cut] & 0xC0 == 0x80:  # inside a character
            cut -= 1
        lines.append(data[:cut])
        data = data[cut:]
    return b"\r\n ".join(lines).decode()


_HEAD = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//conventool//echeances//FR\r\nCALSCALE:GREGORIAN\r\n"
    "METHOD:PUBLISH\r\nX-WR-CALNAME:Échéances des conventions\r\nX-WR-TIMEZONE:Europe/Paris\r\n"
).encode()


def is_our_calendar(path: Path) -> bool:
    """Whether this program wrote a file."""
    with path.open("rb") as file:
        return file.read(len(_HEAD)) == _HEAD
