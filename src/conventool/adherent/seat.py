"""Where an adherent has its seat: street, postal code, town, and how one says "at" that town."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from conventool.adherent.commune_resolver import Fields, Settled, delivery_words, settle
from conventool.text.french import at_place

if TYPE_CHECKING:
    from conventool.adherent.fields import Given, Reading
    from conventool.adherent.kinds import Kind
    from conventool.adherent.name import Home
    from conventool.register.communes import Register

__all__ = ["Seat", "read_seat"]


class Seat(NamedTuple):
    """Where an adherent has its seat.

    Attributes:
        adresse: the street address, without the town.
        code_postal: five digits.
        commune: the town: ``Le Quesnoy``.
        commune_liee: the word for "at", and what follows it: ``("au ", "Quesnoy")``.
    """

    adresse: str
    code_postal: str
    commune: str
    commune_liee: tuple[str, str]


def read_seat(given: Given, kind: Kind | None, home: Home | None, register: Register, reading: Reading) -> Seat | None:
    """Read where an adherent has its seat.

    Args:
        given: the fields.
        kind: what the adherent is; where that is not known, neither is what may be left out.
        home: the commune that the adherent is, or bears the name of.
        register: the official register.
        reading: receives the problems.

    Returns:
        The seat; None where something is missing or wrong, then reported.
    """
    adresse = _adresse(given.adresse, reading)
    if home and home.is_seat:
        settled = home.settled
    elif kind or given.code_insee or given.commune:
        settled = _settle_town(given, home, register, reading)
    else:
        return None
    commune = settled.commune
    if commune is None:
        town = given.commune and _unknown_town(given.commune)
        postal = given.code_postal if re.fullmatch(r"[0-9]{5}", given.code_postal or "") else None
        return Seat(adresse, postal, *town) if adresse and postal and town else None
    if given.commune is None:
        reading.default("commune", commune.nom)
    elif given.nom and home and home.is_seat and given.commune != commune.nom:
        message = f"« {given.commune} » est lu « {commune.nom} »."
        reading.notice("respelled", "commune", message, given.commune)
    if not (adresse and settled.code_postal):
        return None
    return Seat(adresse, settled.code_postal, commune.nom, at_place(commune.nom, commune.tncc))


def _settle_town(given: Given, home: Home | None, register: Register, reading: Reading) -> Settled:
    """Find the town of a seat; one that is no commune, or none any more, is left to the reader's eye."""
    fields = Fields(nom="commune")
    code_insee = None if home else given.code_insee
    settled = settle(register, code_insee, given.commune, given.code_postal, fields=fields)
    reading.adopt(settled.problems, soften={"unknown-commune", "former-commune"} if given.commune else ())
    if not given.code_postal and settled.commune is None:
        reading.missing("code_postal")
    return settled


def _unknown_town(town: str) -> tuple[str, tuple[str, str]]:
    """A town that the register does not know: its article contracts, as that of any place name does."""
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if town.startswith(article):
            return town, (contracted, town.removeprefix(article))
    return town, ("à ", town)


def _adresse(text: str | None, reading: Reading) -> str | None:
    """The street of the seat: what only tells the post where to bring mail is no part of it."""
    if not text:
        reading.missing("adresse")
        return None
    delivery = delivery_words(text)
    if re.search(r"\b[0-9]{5}\b", text.replace(delivery or "", "")) or "cedex" in text.lower():
        message = "L’adresse contient aussi le code postal ou la ville."
        hint = "N’y laissez que la voie ; « code_postal » et « commune » disent le reste."
        reading.error("bad-address", "adresse", message, hint, text)
        return None
    street = text
    while delivery:
        street = re.sub(r"\s*[,–-]?\s*" + re.escape(delivery) + r"\s*[,–-]?\s*", " ", street).strip()
        delivery = delivery_words(street)
    if not street:
        hint = "Donnez la voie où est le siège."
        reading.error("bad-address", "adresse", "Une boîte postale n’est pas l’adresse d’un siège.", hint, text)
        return None
    if street != text:
        message = f"« {text} » est lu « {street} » : le siège se dit sans boîte postale."
        reading.notice("repaired", "adresse", message, text)
    return street
