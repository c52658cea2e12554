"""The rules by which a convention makes things due, as its manifest writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

__all__ = ["Mode", "Period", "PeriodError", "Terms", "as_json", "from_json", "parse_period", "yearly_invoices"]

Mode = Literal["tacite", "expresse"]

_PERIOD = re.compile(r"(?P<number>\d{1,3})\s+(?P<unit>ans?|mois)(?:\s+\((?P<article>[^()]+)\))?")


class PeriodError(ValueError):
    """A text is no period."""

    code = "bad-value"
    hint = "Écrivez par exemple « 2 ans », « 3 mois », ou « 3 mois (article 6) »."


class Period(NamedTuple):
    """A length of time.

    Attributes:
        months: how many.
        article: of the convention, that says so; empty where the manifest does not tell.
    """

    months: int
    article: str = ""

    def __str__(self) -> str:
        """The length in French: « 2 ans », « 18 mois »."""
        years, rest = divmod(self.months, 12)
        return f"{self.months} mois" if rest else f"{years} an{'s' * (years > 1)}"


class Terms(NamedTuple):
    """The rules of a convention.

    Attributes:
        duration: of the first period, and of each renewal.
        renewals: how often it may be renewed.
        notice: how long before the end of a period a party must have answered; None where nothing is to be answered.
        invoices: from one invoice to the next, the first being due on the first day; None where there are none.
        exit: how long before an anniversary the adherent must have written in order to leave on it; None where it may
            not.
        others_exit: how long before leaving another party must have written, on any day; None where it may not.
    """

    duration: Period
    renewals: int = 0
    notice: Period | None = None
    invoices: Period | None = None
    exit: Period | None = None
    others_exit: Period | None = None


def yearly_invoices(terms: Terms) -> list[str]:
    """When the invoice of each year is due, renewals included, in French: « au 2e anniversaire, si … »."""
    told = []
    for year in range((terms.duration.months * (1 + terms.renewals) + 11) // 12):
        when = f"au {'1er' if year == 1 else f'{year}e'} anniversaire" if year else "à la prise d’effet"
        told.append(f"{when}, si la convention est reconduite" if 12 * year >= terms.duration.months else when)
    return told


def parse_period(text: str) -> Period:
    """Read « 2 ans », « 3 mois (article 6) ».

    Raises:
        PeriodError: it is none, or of no length.
    """
    match = _PERIOD.fullmatch(text.strip())
    if match is None or not int(match["number"]):
        raise PeriodError(f"« {text} » n’est pas une durée.")
    return Period(int(match["number"]) * (1 if match["unit"] == "mois" else 12), match["article"] or "")


def as_json(terms: Terms, mode: Mode) -> dict[str, Any]:
    """The rules, and how a convention is renewed where the data do not say, as an object of JSON."""
    told = {name: list(value) if isinstance(value, Period) else value for name, value in terms._asdict().items()}
    return told | {"mode": mode}


def from_json(told: Mapping[str, Any]) -> tuple[Terms, Mode]:
    """The rules and the way of renewal that such an object tells of."""
    values: dict[str, Any] = {name: Period(*one) if isinstance(one, list) else one for name, one in told.items()}
    mode: Mode = values.pop("mode")
    return Terms(**values), mode
