"""What the expressions of a manifest may say of a catalogue, and of what an adherent chose in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from conventool.text.french import amount

if TYPE_CHECKING:
    from conventool.catalogue.contribution import Contribution, Year
    from conventool.catalogue.tariff import Catalogue, Processing

__all__ = ["LISTS", "catalogue_words", "contribution_words"]

_OF_SERVICES = ("libelle", "presentation")
_OF_LINES = ("libelle", "calcul", "ht", "tva", "ttc")
_OF_PROCESSING = (
    *("libelle", "objet", "finalite", "nature", "duree"),
    *("donnees", "personnes", "lieu", "sous_traitants"),
)

LISTS: Mapping[str, tuple[str, ...]] = {
    "services": _OF_SERVICES,
    "autres": _OF_SERVICES,
    "lignes": _OF_LINES,
    "lignes_suivantes": _OF_LINES,
    "traitements": _OF_PROCESSING,
}
"""The lists in ``contribution``, each for a repeating section, and what their elements hold."""


def catalogue_words(catalogue: Catalogue) -> dict[str, Any]:
    """What is the same for all adherents."""
    return {
        "fictif": catalogue.fictif,
        "protection": {key: contact.model_dump() for key, contact in catalogue.protection.items()},
    }


def contribution_words(contribution: Contribution | None, catalogue: Catalogue) -> dict[str, Any]:
    """What an adherent chose and pays: lists for repeating sections, and sums; nothing where it chose nothing."""
    if contribution is None:
        return {}
    chosen = [catalogue.services[key] for key in contribution.services]
    others = [service for key, service in catalogue.services.items() if key not in contribution.services]
    first, following = contribution.premiere, contribution.suivante
    return {
        "services": [{"libelle": one.libelle, "presentation": one.presentation} for one in chosen],
        "autres": [{"libelle": one.libelle, "presentation": one.presentation} for one in others],
        "libelles": ", ".join(one.libelle for one in chosen),
        "lignes": _lines(first),
        "lignes_suivantes": _lines(following),
        "total": first.total._asdict(),
        "total_suivant": following.total._asdict(),
        "traitements": [
            {"libelle": one.libelle, **_processing(one.donnees_personnelles)}
            for one in chosen
            if one.donnees_personnelles
        ],
    }


def _lines(year: Year) -> list[dict[str, str]]:
    return [
        {
            "libelle": line.libelle,
            "calcul": line.calcul if line.sans is None else f"{line.calcul}, sans TVA ({line.sans})",
            "ht": amount(line.ht),
            "tva": amount(line.tva),
            "ttc": amount(line.ttc),
        }
        for line in year.lignes
    ]


def _processing(processing: Processing) -> dict[str, str]:
    """Each point of article 28 § 3 of the GDPR, on one line."""
    said = processing.model_dump()
    return {name: ", ".join(value) or "aucun" if isinstance(value, tuple) else value for name, value in said.items()}
