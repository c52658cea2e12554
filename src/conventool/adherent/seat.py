"""Where an adherent has its seat: street, postal code, town, and how one says "at" that town."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from conventool.adherent.commune_resolver import Fields, Settled, settle
from conventool.adherent.commune_words import chosen_commune, formers_meant, postal_digits
from conventool.adherent.street import read_street
from conventool.text.french import at_place
from conventool.text.suggestions import listed

if TYPE_CHECKING:
    from conventool.adherent.fields import Given
    from conventool.adherent.kinds import Kind
    from conventool.adherent.name import Home
    from conventool.adherent.reading import Reading
    from conventool.core.problems import Problem
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
    adresse = read_street(given, home, register, reading)
    if home and home.is_seat:
        settled = home.settled
    elif kind or given.code_insee or given.commune:
        settled = _settle_town(given, home, register, reading)
    else:
        return None
    commune = settled.commune
    if commune is None:
        town = _former_town(given, register, reading) or _new_town(given, home)
        return Seat(adresse, *town) if adresse and town else None
    if given.commune is None:
        reading.default("commune", commune.nom)
    elif (
        given.nom
        and home
        and home.is_seat
        and given.commune != commune.nom
        and not chosen_commune(given.commune, register)
    ):
        reading.repaired("commune", given.commune, commune.nom, code="respelled")
    if not (adresse and settled.code_postal):
        return None
    return Seat(adresse, settled.code_postal, commune.nom, at_place(commune.nom, commune.tncc))


def _settle_town(given: Given, home: Home | None, register: Register, reading: Reading) -> Settled:
    """Find the town of a seat; one that is no commune any more may still be where it is, and is left to the reader."""
    fields = Fields(nom="commune")
    code_insee = None if home else given.code_insee
    town = _without_arrondissement(given, reading)
    settled = settle(register, code_insee, town, given.code_postal, fields=fields)
    problems = (_as_seat(problem) if problem.code == "former-commune" else problem for problem in settled.problems)
    reading.adopt(problems, soften={"former-commune"} if given.commune else ())
    if not given.code_postal and settled.commune is None:
        reading.missing("code_postal")
    return settled


def _as_seat(problem: Problem) -> Problem:
    """What is told of a town that is no commune any more, where only a seat is in it."""
    message = problem.message.partition("\u00a0:")[0]
    hint = "Un siège peut s’y trouver ; sinon, écrivez la commune d’aujourd’hui."
    return problem._replace(message=f"{message}.", hint=hint)


_ARRONDISSEMENT = (
    r"(?i)(Paris|Lyon|Marseille)(?: |-| \()0?(\d{1,2})(?: ?(?:er|e|[èe]me))?(?: arr(?:\.|ondissement)?)?\)?"
)


def _without_arrondissement(given: Given, reading: Reading) -> str | None:
    """The city of a municipal arrondissement: a seat is in Paris, whose postal code says the rest."""
    town = given.commune
    match = re.fullmatch(_ARRONDISSEMENT, town or "")
    if match is None:
        return town
    city = match[1].capitalize()
    postal = postal_digits(given.code_postal)
    if postal and postal[3:] != f"{int(match[2]):02}" and (postal, match[2]) != ("75116", "16"):
        message = f"« {town} » contredit le code postal, {postal}."
        reading.error("postal-code-mismatch", "commune", message, "Corrigez celui des deux qui est faux.", town)
    reading.repaired("commune", match[0], city)
    return city


def _former_town(given: Given, register: Register, reading: Reading) -> tuple[str, str, tuple[str, str]] | None:
    """Postal code, name and "at" of a town that was a commune, whose code its successor has."""
    postal = postal_digits(given.code_postal)
    formers = formers_meant(given.commune, postal, register) if given.commune else []
    for former in formers:
        if former.nom and postal in former.successor.codes_postaux:
            if postal != given.code_postal:
                reading.notice("respelled", "code_postal", f"Code postal lu {postal}.", given.code_postal)
            if given.commune != former.nom:
                message = f"Nom écrit comme au répertoire : {former.nom}."
                reading.notice("respelled", "commune", message, given.commune)
            return postal, former.nom, _at_town(former.nom)
    if formers and given.commune and not register.by_name(given.commune):
        message = "Ce code postal n’est pas celui de la commune dont cette ancienne commune fait partie."
        there = [commune.nom for commune in register.by_postal_code(postal or "")]
        hint = f"C’est celui de {listed(there)} : corrigez l’un ou l’autre." if there else "Vérifiez-le."
        reading.error("postal-code-mismatch", "code_postal", message, hint, given.code_postal)
    return None


def _new_town(given: Given, home: Home | None) -> tuple[str, str, tuple[str, str]] | None:
    """The same for a commune that the data says is newer than the register, which is its own seat."""
    postal = re.fullmatch(r"[0-9]{5}", given.code_postal or "")
    if not (home and home.is_seat and given.commune and postal):
        return None
    return postal[0], given.commune, _at_town(given.commune)


def _at_town(town: str) -> tuple[str, str]:
    """Say "at" a town of which only the name is known: its article contracts, as that of any place name does."""
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if town.startswith(article):
            return contracted, town.removeprefix(article)
    return "à ", town
