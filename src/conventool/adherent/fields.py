"""The fields of an adherent: their structure, and what each is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

if TYPE_CHECKING:
    pass

__all__ = [
    "ABOUT",
    "CHOICES",
    "CONTACT",
    "FIELDS",
    "REQUIRED",
    "SECTIONS",
    "TEXT_LIMIT",
    "Given",
    "GivenDecision",
    "GivenDelegation",
    "GivenFacturation",
    "GivenProtection",
    "GivenRepresentant",
    "GivenSignatures",
]

TEXT_LIMIT = 250

Day = Annotated[date, Field(strict=True)] | str


def _listed(value: Any) -> Any:
    """A list; in one text, as a table's cell holds it, semicolons or line breaks stand between."""
    return [part.strip() for part in re.split("[;\n]", value) if part.strip()] if isinstance(value, str) else value


Files = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=TEXT_LIMIT)


class GivenDelegation(_Section):
    """By which decision someone else than the executive signs."""

    texte: str | None = Field(
        None, description="la formule de délégation", examples=["Pour le Maire et par délégation"]
    )
    arrete: str | None = Field(None, description="le numéro de l’arrêté de délégation", examples=["2026-12"])
    date: Day | None = Field(None, description="la date de l’arrêté de délégation", examples=["2026-03-03"])


class GivenRepresentant(_Section):
    """Who signs."""

    civilite: str | None = Field(None, description="la civilité du représentant", examples=["Madame"])
    prenom: str | None = Field(None, description="le prénom du représentant", examples=["Jeanne"])
    nom: str | None = Field(None, description="le nom du représentant", examples=["MARTIN"])
    fonction: str | None = Field(None, description="la fonction du représentant", examples=["Maire"])
    delegation: GivenDelegation | None = Field(None, description="la délégation de signature")


class GivenDecision(_Section):
    """What authorised the signature."""

    organe: str | None = Field(None, description="l’organe délibérant", examples=["du conseil municipal"])
    date: Day | None = Field(None, description="la date de la décision", examples=["2026-03-12"])
    numero: str | None = Field(None, description="le numéro de la décision", examples=["2026-12"])
    recue_le: Day | None = Field(
        None, description="la date de réception de la décision par la préfecture", examples=["2026-03-16"]
    )


class GivenSignatures(_Section):
    """When each party signed, where that is known."""

    fibre: Day | None = Field(None, description="la date de signature de La Fibre Numérique 59 62")
    cdg59: Day | None = Field(None, description="la date de signature du CDG 59")
    collectivite: Day | None = Field(None, description="la date de signature de la collectivité")


class GivenFacturation(_Section):
    """Where invoices go, as Chorus Pro asks."""

    siret: str | None = Field(None, description="le SIRET de facturation", examples=["21590017600011"])
    code_service: str | None = Field(None, description="le code service", examples=["FACTURES"])
    numero_engagement: str | None = Field(None, description="le numéro d’engagement", examples=["2026-123"])


class GivenProtection(_Section):
    """Personal data: whom the adherent names, and what it wants done with them."""

    dpo: str | None = Field(
        None,
        description="le délégué à la protection des données",
        examples=["Mme Claire VASSEUR, dpo@armentieres.example"],
    )
    violations: str | None = Field(
        None,
        description="le contact en cas de violation de données",
        examples=["03 00 00 00 00, alerte@armentieres.example"],
    )
    sort: str | None = Field(
        None,
        description="le sort des données au terme de la prestation",
        examples=["restitution", "suppression"],
    )


class Given(_Section):
    """An adherent's data as given: every field optional, texts on one clean line.

    ``appellation`` and ``genre`` serve the kind ``autre``, whose every word the data gives; ``appellation`` may also
    replace the usual name of any other kind.
    """

    forme: str | None = Field(None, description="la forme de l’adhérent", examples=["commune"])
    appellation: str | None = Field(
        None,
        description="l’appellation de l’adhérent, avec son article",
        examples=["Le Groupement d’intérêt public"],
    )
    genre: str | None = Field(None, description="le genre de cette appellation", examples=["m", "f"])
    code_insee: str | None = Field(None, description="le code INSEE de la commune", examples=["59017"])
    nom: str | None = Field(None, description="le nom de l’adhérent", examples=["Armentières"])
    article: str | None = Field(None, description="le mot de liaison avant le nom", examples=["d’", "du", "de la"])
    siret: str | None = Field(None, description="le SIRET ou le SIREN de l’adhérent", examples=["21590017600011"])
    adresse: str | None = Field(None, description="l’adresse du siège", examples=["4 place du Général-de-Gaulle"])
    code_postal: str | None = Field(None, description="le code postal du siège", examples=["59280"])
    commune: str | None = Field(None, description="la commune du siège", examples=["Armentières"])
    representant: GivenRepresentant = Field(GivenRepresentant(), description="le représentant")
    decision: GivenDecision = Field(GivenDecision(), description="la décision qui autorise à signer")
    courriel: str | None = Field(None, description="l’adresse de courriel", examples=["mairie@armentieres.example"])
    telephone: str | None = Field(None, description="le numéro de téléphone", examples=["03 20 00 00 00"])
    reconduction: str | None = Field(None, description="le mode de reconduction", examples=["tacite", "expresse"])
    signatures: GivenSignatures = Field(GivenSignatures(), description="les dates de signature")
    services: Any = Field(None, description="les services choisis", examples=["parapheur ; sauvegarde × 50"])
    population: str | None = Field(None, description="la population de l’adhérent", examples=["876"])
    population_municipale: str | None = Field(None, description="la population municipale", examples=["860"])
    population_totale: str | None = Field(None, description="la population totale", examples=["876"])
    agents: str | None = Field(None, description="le nombre d’agents", examples=["12"])
    facturation: GivenFacturation = Field(GivenFacturation(), description="la facturation")
    protection: GivenProtection = Field(GivenProtection(), description="la protection des données personnelles")
    annexes: Files = Field((), description="les annexes de l’adhérent", examples=["annexes/1.pdf ; annexes/2.pdf"])


SECTIONS: Mapping[str, type[_Section]] = {
    "representant": GivenRepresentant,
    "representant.delegation": GivenDelegation,
    "decision": GivenDecision,
    "signatures": GivenSignatures,
    "facturation": GivenFacturation,
    "protection": GivenProtection,
}


def _leaves() -> Iterator[tuple[str, tuple[str, str]]]:
    sections: dict[str, type[_Section]] = {"": Given, **SECTIONS}
    for section, model in sections.items():
        for name, field in model.model_fields.items():
            path = f"{section}.{name}" if section else name
            example = field.examples[0] if field.examples else "2026-03-20"
            yield path, (field.description or name, str(example))


ABOUT: Mapping[str, tuple[str, str]] = dict(_leaves())
"""By the path of a field or a section, what it is, in French with its article, and an example."""
FIELDS: tuple[str, ...] = tuple(path for path in ABOUT if path not in SECTIONS)
"""The path of every field that holds a value: ``representant.nom``."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "genre": ("m", "f"),
    "representant.civilite": ("Madame", "Monsieur"),
    "reconduction": ("tacite", "expresse"),
    "protection.sort": ("restitution", "suppression"),
}
"""What some fields take, as one writes it; other spellings are read too."""

REQUIRED = ("forme", "adresse", "representant.civilite", "representant.prenom", "representant.nom", "decision.date")
"""Those without which no data can be accepted, whatever the adherent is."""

CONTACT = ("courriel", "telephone")
"""Those by which an adherent is reached. A template may have fields of its own of these names, which give both."""
