"""Numbers as French files write them → exact numbers, and back into figures, amounts and words."""

from __future__ import annotations

import re
from decimal import Decimal

from conventool.core.errors import MisreadError
from conventool.text.french import NBSP, amount, fold

__all__ = ["NumberError", "number_text", "parse_number", "plural", "short_number", "words", "yes_or_no"]

_CURRENCY = r"(?i)\s*(?:€|EUR|euros?)$"
_NUMBER = r"(?P<sign>[-+−]?)(?P<digits>[0-9][0-9\s.,]*)"
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_GROUPED = r"[0-9]{1,3}(?P<mark>[\s.,])[0-9]{3}(?:(?P=mark)[0-9]{3})*(?:(?P<decimal>[.,])[0-9]+)?"
_TWO_READINGS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_YES = frozenset({"oui", "o", "vrai", "x", "1", "yes", "true", "coche"})
_BOXES = {**dict.fromkeys("✓✔☑☒", "oui"), **dict.fromkeys("☐□", "non")}
_NO = frozenset({"non", "n", "faux", "0", "no", "false", "decoche"})


class NumberError(MisreadError):
    """A text that is no number (``bad-value``), or several (``ambiguous-number``)."""


def parse_number(text: str) -> Decimal:
    """Read a number or an amount in euros: ``1 234,56 €``, ``1234.56``, ``1.234,56``, ``-12``.

    A comma or a point is the decimal sign where it stands once; groups of three digits may be parted by spaces, or by
    the sign that is not the decimal one. ``1.234`` and ``1,234`` are refused: a thousand for some, one and a fraction
    for others.

    Raises:
        NumberError: the text is no number (``bad-value``), or has two readings (``ambiguous-number``).
    """
    bare = re.sub(_CURRENCY, "", text.strip())
    found = re.fullmatch(_NUMBER, bare)
    digits = _ungrouped(found["digits"].strip()) if found else None
    if found is None or digits is None:
        message = f"«{NBSP}{text}{NBSP}» n’est pas un nombre."
        raise NumberError("bad-value", message, "Écrivez par exemple 1234,56, sans autre mot.")
    if _TWO_READINGS.fullmatch(digits):
        whole, fraction = re.split("[.,]", digits)
        message = (
            f"«{NBSP}{text}{NBSP}» se lit de deux façons{NBSP}: {whole}{NBSP}{fraction}, ou {whole} et une fraction."
        )
        raise NumberError("ambiguous-number", message, f"Écrivez {whole}{fraction}, ou {whole},{fraction[:2]}.")
    value = Decimal(digits.replace(",", "."))
    return -value if found["sign"] in {"-", "−"} else value


def _ungrouped(digits: str) -> str | None:
    """The digits and their decimal sign, without what parts the groups of three; None where it parts others."""
    if _PLAIN.fullmatch(digits):
        return digits
    grouped = re.fullmatch(_GROUPED, digits)
    if grouped is None or grouped["mark"] == grouped["decimal"]:
        return None
    return digits.replace(grouped["mark"], "")


def yes_or_no(text: str) -> bool | None:
    """Read ``oui``, ``non``, ``x``, ``vrai``, ``0``, ``✓``… ; None for what is neither."""
    bare = text.strip()
    if any(char.isdigit() for char in bare) and not bare.isdigit():
        return None  # « -1 » is no yes, though its sign is no letter
    key = _BOXES.get(bare) or fold(bare)
    return True if key in _YES else False if key in _NO else None


def short_number(value: Decimal | int) -> str:
    """Write a number in figures without zeros that say nothing: ``1 500``, ``0,5``."""
    whole, _, decimals = f"{value:,f}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", NBSP) + (f",{decimals}" if decimals else "")


def number_text(value: Decimal | int) -> str:
    """Write a number in figures: ``1 234,56``, an amount with its two decimals, spaces that do not break."""
    if isinstance(value, int):
        return f"{value:,}".replace(",", NBSP)
    return amount(value).removesuffix(f"{NBSP}€")


def words(value: Decimal | int) -> str:
    """Write a number in words: ``douze``; an amount, which a ``Decimal`` is, with its euros and centimes."""
    from num2words import num2words  # noqa: PLC0415 (a tenth of a second, that most documents can spare)

    def spelt(number: int) -> str:
        return str(num2words(number, lang="fr"))

    if isinstance(value, int):
        return spelt(value)
    sign, (euros, cents) = "moins " if value < 0 else "", divmod(round(abs(value) * 100), 100)
    told = []
    if euros or not cents:
        of = " d’euros" if euros and euros % 1_000_000 == 0 else plural(euros, " euro")
        told.append(f"{spelt(euros)}{of}")
    if cents:
        told.append(f"{spelt(cents)}{plural(cents, ' centime')}")
    return sign + " et ".join(told)


def plural(number: Decimal | int, singular: str, irregular: str | None = None) -> str:
    """A noun as it stands behind a number: in the plural from two on.

    Args:
        number: how many.
        singular: the noun.
        irregular: its plural, where the common rules do not make it.
    """
    if -2 < number < 2:
        return singular
    if irregular is not None:
        return irregular
    if singular.endswith(("s", "x", "z")):
        return singular
    if singular.endswith("al"):
        return f"{singular[:-2]}aux"
    return f"{singular}x" if singular.endswith(("au", "eu")) else f"{singular}s"
