"""Numbers as French files write them → exact decimals; never a float."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["NumberError", "cents", "plain", "read_number"]

_CENT = Decimal("0.01")
_NUMBER = re.compile("([+-]?)([0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]{1,12})(?:[,.]([0-9]{1,6}))?")
"""Groups of three digits may be apart; decimals stand behind a comma or a point."""


class NumberError(ValueError):
    """A text that is no number; the text of the error says so in French."""


def read_number(text: str) -> Decimal:
    """Read ``1 234,56``, ``1234.56``, ``-3``; a sign of euro or percent behind it is for the caller to take off.

    Raises:
        NumberError: the text is no number, or has over twelve digits before its comma or six behind.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise NumberError(f"« {text.strip()} » n’est pas un nombre.")
    sign, whole, decimals = match.groups()
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{sign}{digits}.{decimals or 0}")


def cents(euros: Decimal) -> Decimal:
    """Round an amount to the cent, half up: the one rounding of each line."""
    return euros.quantize(_CENT, rounding=ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """Write a number in French, its thousands apart, without zeros that say nothing: ``1 500``, ``0,5``."""
    whole, _, decimals = f"{number:,f}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", "\u00a0") + (f",{decimals}" if decimals else "")
