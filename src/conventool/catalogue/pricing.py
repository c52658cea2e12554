"""What an adherent pays: the rules of prices, applied to what is known of it.

Nothing here rounds but the end of each line: the amount half up to the cent, then the VAT of that amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from conventool.catalogue.tariff import Band, Catalogue, Price, Vat
from conventool.text.numbers import plural, short_number

__all__ = ["Line", "OnQuotationError", "Total", "label", "line", "total", "yearly"]


def cents(euros: Decimal) -> Decimal:
    """Round an amount to the cent, half up: the one rounding of each line."""
    return euros.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


class OnQuotationError(ValueError):
    """The tariff sets no price here; the text says for what, in French."""


class Line(NamedTuple):
    """A line of the contribution, for one year.

    Attributes:
        service: key of the service.
        libelle: what it is called.
        calcul: what its price went by, in French.
        ht: without VAT, in euros.
        tva: of the line.
        ttc: with VAT.
        taux: of VAT, in percent; None where there is none.
        sans: why there is none.
        montants: which amount the tariff says, ``HT`` or ``TTC``; the other is reckoned from it.
    """

    service: str
    libelle: str
    calcul: str
    ht: Decimal
    tva: Decimal
    ttc: Decimal
    taux: Decimal | None
    sans: str | None
    montants: str


class Total(NamedTuple):
    """The sum of lines."""

    ht: Decimal
    tva: Decimal
    ttc: Decimal


def line(catalogue: Catalogue, key: str, price: Price, known: Mapping[str, Decimal], year: int) -> Line:
    """A line of the contribution.

    Args:
        catalogue: which says what the price does not.
        key: of the service.
        price: the rule of its price.
        known: by base, the number of inhabitants, of agents, the quantity.
        year: of the convention, from 1.

    Raises:
        OnQuotationError: the tariff sets no price for this adherent.
    """
    amount = cents(yearly(price, known, year))
    vat = price.tva or catalogue.tva
    assert vat is not None, "a catalogue whose VAT is undecided is refused"
    return Line(
        key,
        label(catalogue, key, price),
        basis(price, catalogue, known),
        *_with_vat(amount, vat),
        vat.taux,
        vat.sans,
        vat.montants or "HT",
    )


def label(catalogue: Catalogue, key: str, price: Price) -> str:
    """What a line is called: its service, and the price's own name."""
    return " – ".join(filter(None, [catalogue.services[key].libelle, price.libelle]))


def yearly(price: Price, known: Mapping[str, Decimal], year: int) -> Decimal:
    """The exact amount of a year, floor and ceiling applied, not rounded.

    Raises:
        OnQuotationError: the tariff sets no price for this adherent.
    """
    amount = _amount(price, [known.get(base, Decimal(1)) for base in price.base], year)
    if price.plancher is not None:
        amount = max(amount, price.plancher)
    return amount if price.plafond is None else min(amount, price.plafond)


def band_of(bands: Sequence[Band], value: Decimal) -> Band:
    """The one band that holds a number: the first whose limit is not below it.

    Raises:
        OnQuotationError: it lies between two bands, as half a unit may where « jusqu_a: 10 » precedes « de: 11 ».
    """
    rank = next(rank for rank, band in enumerate(bands) if band.jusqu_a is None or value <= band.jusqu_a)
    band = bands[rank]
    if rank and band.de is not None and value < band.de:
        raise OnQuotationError(f"aucune tranche du catalogue ne contient {short_number(value)}.")
    return band


def _amount(rule: Price | Band, values: list[Decimal], year: int) -> Decimal:
    """What a rule gives: bands go by the first value, a rate multiplies the last."""
    if rule.sur_devis:
        raise OnQuotationError(f"le catalogue ne fixe pas de prix pour {short_number(values[0])}.")
    if rule.tranches:
        band = band_of(rule.tranches, values[0])
        if band.sur_devis:
            raise OnQuotationError(f"le catalogue ne fixe pas de prix pour {short_number(values[0])}.")
        return _amount(band, values[1:] or values, year)
    price = rule.montant if rule.montant is not None else rule.taux
    assert price is not None, "a rule that says nothing is refused"
    if year > 1 and rule.ensuite is not None:
        price = rule.ensuite
    return price if rule.taux is None else price * values[-1]


def basis(price: Price, catalogue: Catalogue, known: Mapping[str, Decimal]) -> str:
    """What a price went by: ``876 habitants (population municipale 2023)``, ``50 Go``, ``forfait``."""
    population = price.population or catalogue.population
    words = {
        "population": lambda number: f"{short_number(number)} {plural(number, 'habitant')} ({population})",
        "agents": lambda number: f"{short_number(number)} {plural(number, 'agent')}",
        "quantite": lambda number: f"{short_number(number)} {price.unite}",
    }
    return " × ".join(words[base](known[base]) if base in words else base for base in price.base)


def _with_vat(amount: Decimal, vat: Vat) -> tuple[Decimal, Decimal, Decimal]:
    """Without VAT, the VAT, with it, of an amount that is one of the two."""
    if vat.taux is None:
        return amount, Decimal("0.00"), amount
    if vat.montants == "TTC":
        without = cents(amount / (1 + vat.taux / 100))
        return without, amount - without, amount
    tax = cents(amount * vat.taux / 100)
    return amount, tax, amount + tax


def total(lines: Iterable[Line]) -> Total:
    """The sum of lines, each rounded already."""
    zero = Decimal("0.00")
    lines = list(lines)
    return Total(*(sum((getattr(one, name) for one in lines), zero) for name in Total._fields))
