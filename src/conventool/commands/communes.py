"""``conventool communes``: what the register says of a place, for a person or a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conventool.adherent.commune_words import STATES
from conventool.adherent.denomination import denominate
from conventool.adherent.kinds import KINDS
from conventool.adherent.name import EPCI_TYPES, named_epci
from conventool.core.errors import ExitCode
from conventool.core.problems import Problem, Severity
from conventool.core.report import Report
from conventool.register.communes import ATTRIBUTION, POPULATION, VINTAGE, Epci, Former, Register, place_key

__all__ = ["CommunesReport", "communes"]


@dataclass
class CommunesReport(Report):
    """What was found.

    Attributes:
        found: for each commune, the register's plain values.
        epci: the same for each intercommunality.
        departements: the same for each département.
        exact: which of these are called just as what was typed; a person sees them first.
        attribution: whose data these are, and of which year, as their licence asks.
    """

    shape = "communes"

    found: tuple[Mapping[str, Any], ...] = ()
    epci: tuple[Mapping[str, Any], ...] = ()
    departements: tuple[Mapping[str, Any], ...] = ()
    exact: frozenset[str] = frozenset()
    attribution: str = ATTRIBUTION

    def own_keys(self) -> dict[str, Any]:
        """Whose data these are, and what was found."""
        found = {"communes": self.found, "epci": self.epci, "departements": self.departements}
        source = {"vintage": VINTAGE, "attribution": self.attribution}
        return source | {name: list(map(dict, entries)) for name, entries in found.items()}


def communes(words: str) -> CommunesReport:
    """Look into the register.

    Args:
        words: a name or its beginning, accents, case, hyphens and "st" forgiven, former names too; an INSEE code, a
            postal code, the SIREN of an EPCI or the number of a département.
    """
    register = Register.open()
    departements = register.search_departements(words)
    epci = register.search_epci(words)
    found = register.search(words, fuzzy=not (epci or departements))
    epci = epci or ([] if found or departements else register.resembling_epci(words))
    summary = {"communes": len(found), "epci": len(epci), "departements": len(departements)}
    if not any(summary.values()):
        hint = "Essayez le début du nom, le code INSEE, le code postal ou le SIREN."
        nothing = Problem("unknown-commune", f"Rien ne répond à « {words} » dans le répertoire.", hint, value=words)
        return CommunesReport("communes", summary, problems=[nothing], exit_code=ExitCode.PROBLEMS)
    is_commune = any(place_key(one.nom) == place_key(words) for one in found)
    formers = register.former_by_name(words) if is_commune else register.formers_called(words)
    exact = {
        "communes": is_commune or bool(register.former_by_name(words)),
        "epci": bool(register.epci_called(words)),
        "departements": register.departement(words) is not None,
    }
    return CommunesReport(
        "communes",
        summary,
        problems=[_former(one) for one in formers[:_FORMERS] if one.nom],
        exact=frozenset(name for name, is_exact in exact.items() if is_exact),
        found=tuple(map(register.describe, found)),
        epci=tuple(_described(one, register) for one in epci),
        departements=tuple({"code": one.code, "nom": one.nom, "de": one.de} for one in departements),
    )


_FORMERS = 5
"""Former communes that are told of those that begin as what was typed."""


def _former(former: Former) -> Problem:
    """Tell what a place is today that was a commune, and who signs."""
    state, signs = STATES.get(former.nature, "est une partie"), former.successor
    message = f"{former.nom} {state} {signs.de} : c’est {signs.nom} qui signe (code INSEE {signs.code})."
    return Problem("former-commune", message, value=former.nom, severity=Severity.NOTICE)


def _described(epci: Epci, register: Register) -> dict[str, object]:
    """What the register says of an intercommunality, and how a convention names it."""
    kind = next(KINDS[key] for key, types in EPCI_TYPES.items() if epci.type in types)
    denomination, _ = denominate(kind, *named_epci(epci))
    members = [commune for commune in register if commune.epci == epci.siren]
    return {
        "siren": epci.siren,
        "type": epci.type,
        "forme": kind.key,
        "nom": epci.nom,
        "denomination": str(denomination),
        "communes": len(members),
        "population": register.population_of_epci(epci.siren),
        "population_nature": POPULATION[0],
        "population_annee": POPULATION[1],
    }
