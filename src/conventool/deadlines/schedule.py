"""The rules of a convention and its first day → every day on which something is due.

The convention takes effect on the day of the last signature. Every date is counted from that day, never from the date
before: what began on 29 February has its anniversaries on the 28th, then on the 29th of the leap year.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from conventool.deadlines.terms import Mode, Period, Terms
from conventool.text.dates import long_date, months_before

__all__ = ["Course", "Deadline", "Kind", "assumptions", "effect_of", "end_of", "schedule"]

_YEAR = 12
"""Months."""


def assumptions(rules: Iterable[Terms]) -> list[str]:
    """What every output states of its dates: the text is silent, or can be read otherwise; nothing without rules."""
    rules = list(rules)
    told = [*_ASSUMED] if rules else []
    for others in dict.fromkeys(one.others_exit for one in rules if one.others_exit):
        article = f" ({others.article})" if others.article else ""
        when = f"à tout moment, {others} après leur lettre{article}"
        told.append(f"Les autres parties peuvent sortir {when} : ce n’est pas une date.")
    return told


_ASSUMED = (
    "La convention est supposée prendre effet le jour de la dernière des signatures : le texte ne le dit pas."
    " Tant qu’une signature manque, aucune date n’est calculée.",
    "Les préavis sont comptés avant l’échéance. C’est la lecture prudente : à la lettre, « au plus tard trois mois à"
    " compter de la date d’échéance » viendrait après elle.",
    "Chaque date est comptée depuis la prise d’effet ; dans un mois qui n’a pas ce jour, c’est son dernier jour.",
    "En reconduction tacite, la convention est reconduite si aucune partie ne refuse. En reconduction expresse, sans"
    " écrit, elle ne l’est pas.",
    "Une date qui tombe un dimanche ou un jour férié n’est pas déplacée : c’est dit à côté d’elle.",
)


class Kind(StrEnum):
    """What is due; the values are part of the identifiers of calendar events, and never change."""

    EFFECT = "effet"
    INVOICE = "facture"
    NOTICE = "preavis"
    EXIT = "sortie"
    ANNIVERSARY = "anniversaire"
    RENEWAL = "reconduction"
    END = "fin"


class Course(NamedTuple):
    """What is known of one adherent's convention.

    Attributes:
        effect: its first day.
        mode: how it is renewed.
        renewed: how many renewals were written down.
        denounced: the day of the letter by which the adherent leaves, or a party refuses the renewal.
        by_another: did another party than the adherent write it? It may leave on any day, after its own notice.
    """

    effect: date
    mode: Mode
    renewed: int = 0
    denounced: date | None = None
    by_another: bool = False


class Deadline(NamedTuple):
    """A day on which something is due.

    Attributes:
        day: when.
        kind: what.
        number: of the year since the effect, or of the period, from 0; with the kind it names the deadline.
        text: the same in French.
        article: of the convention.
        condition: what it hangs on, in French; empty where on nothing.
    """

    day: date
    kind: Kind
    number: int
    text: str
    article: str = ""
    condition: str = ""


def effect_of(signatures: Collection[date | None]) -> date | None:
    """The first day of a convention: that of the last signature; None while one is missing."""
    days = [day for day in signatures if day is not None]
    return max(days) if days and len(days) == len(signatures) else None


def end_of(course: Course, terms: Terms) -> date:
    """The day on which a convention ends, as far as it is known: tacit renewals take place, others if written."""
    end = months_before(course.effect, -_length(course, terms))
    return min(end, _left_by_another(course, terms) or end)


def _left_by_another(course: Course, terms: Terms) -> date | None:
    """The day on which another party than the adherent leaves; None where none does."""
    if course.denounced is None or not course.by_another or terms.others_exit is None:
        return None
    return months_before(course.denounced, -terms.others_exit.months)


@lru_cache(maxsize=5_000)
def schedule(course: Course, terms: Terms) -> tuple[Deadline, ...]:
    """Every deadline of a convention, by date."""
    length = _length(course, terms)
    found = [
        *_periods(course, terms, length),
        *_years(course, terms, length),
        *_invoices(course, terms, length),
    ]
    left = _left_by_another(course, terms)
    kept = (one for one in found if left is None or one.kind is Kind.END or one.day < left)
    return tuple(sorted(kept, key=lambda one: (one.day, list(Kind).index(one.kind))))


def _length(course: Course, terms: Terms) -> int:
    """How long it lasts, in months."""
    renewals = terms.renewals if course.mode == "tacite" else min(course.renewed, terms.renewals)
    length = terms.duration.months * (1 + renewals)
    if course.denounced and not course.by_another:
        for months, notice in _ways_out(terms, length):
            if course.denounced <= _day_before(course.effect, months, notice):
                return months
    return length


def _ways_out(terms: Terms, length: int) -> Iterator[tuple[int, Period]]:
    """The days on which the convention may end early, in months from its effect, with the notice that each asks for."""
    for months in range(1, length):
        if terms.notice and months % terms.duration.months == 0:
            yield months, terms.notice
        elif terms.exit and months % _YEAR == 0:
            yield months, terms.exit


def _day_before(effect: date, months: int, notice: Period) -> date:
    return months_before(months_before(effect, -months), notice.months)


def _condition(course: Course, terms: Terms, months: int) -> str:
    """What must happen for the convention to be in force after so many months."""
    period = (months - 1) // terms.duration.months  # the last day of a period belongs to it
    if period < 1 or course.mode == "expresse" or course.renewed >= period:
        return ""
    return "si aucune partie n’a refusé la reconduction"


def _periods(course: Course, terms: Terms, length: int) -> Iterator[Deadline]:
    """The first day, each renewal with the last day to answer, and the end."""
    effect, duration = course.effect, terms.duration
    yield Deadline(effect, Kind.EFFECT, 0, "Prise d’effet de la convention", duration.article)
    for number in range(1, terms.renewals + 1):
        months = duration.months * number
        if months > length:
            break
        until = _condition(course, terms, months)
        if terms.notice:
            text = _ANSWERS[course.mode].format(jour=long_date(months_before(effect, -months)))
            day = _day_before(effect, months, terms.notice)
            yield Deadline(day, Kind.NOTICE, number, text, terms.notice.article, until)
        if months < length:
            after = _condition(course, terms, months + 1)
            text = f"Reconduction {course.mode} pour {duration}"
            yield Deadline(months_before(effect, -months), Kind.RENEWAL, number, text, duration.article, after)
    end = end_of(course, terms)
    last = end == months_before(effect, -duration.months * (terms.renewals + 1))
    text = "Fin de la convention" if last else f"Fin de la convention, {_WHY_ENDS[bool(course.denounced)]}"
    months = next(months for months in range(1, length + 1) if months_before(effect, -months) >= end)
    yield Deadline(end, Kind.END, 0, text, duration.article, _condition(course, terms, months))


_ANSWERS = {
    "tacite": "Dernier jour pour refuser la reconduction tacite au {jour} (lecture prudente)",
    "expresse": "Dernier jour pour dire par écrit si la convention est reconduite au {jour} (lecture prudente) ; sans écrit, elle ne l’est pas",  # noqa: E501
}
_WHY_ENDS = {True: "dénoncée", False: "faute de reconduction écrite"}


def _years(course: Course, terms: Terms, length: int) -> Iterator[Deadline]:
    """Each anniversary, and the last day for the adherent to leave on it."""
    for number, months in enumerate(range(_YEAR, length, _YEAR), 1):
        day, until = months_before(course.effect, -months), _condition(course, terms, months)
        if terms.exit:
            text = f"Dernier jour pour que l’adhérent annonce sa sortie au {long_date(day)}"
            before = months_before(day, terms.exit.months)
            yield Deadline(before, Kind.EXIT, number, text, terms.exit.article, until)
        if months % terms.duration.months:
            nth = "1er" if number == 1 else f"{number}e"
            yield Deadline(day, Kind.ANNIVERSARY, number, f"{nth} anniversaire de la convention", "", until)


def _invoices(course: Course, terms: Terms, length: int) -> Iterator[Deadline]:
    if terms.invoices is None:
        return
    for number, months in enumerate(range(0, length, terms.invoices.months)):
        text = f"Facture de l’année {number + 1}" if terms.invoices.months == _YEAR else f"Facture n° {number + 1}"
        until = _condition(course, terms, months + 1)
        day = months_before(course.effect, -months)
        yield Deadline(day, Kind.INVOICE, number, text, terms.invoices.article, until)
