"""What an adherent chose, and what its prices go by: services, inhabitants, agents; and where invoices go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from conventool.adherent.plausibility import is_placeholder
from conventool.core.row import dotted
from conventool.text.cleaning import clean
from conventool.text.numbers import yes_or_no

if TYPE_CHECKING:
    from conventool.adherent.fields import Given, GivenFacturation
    from conventool.adherent.reading import Reading
    from conventool.core.row import Path as Way

__all__ = ["Billing", "Chosen", "Needs", "chosen_in", "read_needs"]

_COUNTED = r"(?P<nom>.*?\S)\s*(?:×|\*|\s[xX]\s|:)\s*(?P<quantite>[-+]?[0-9].*|\S*)"
_COUNT = r"[0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]{1,9}"
_CODE = re.compile(r"[^\s;]{1,100}")


class Chosen(NamedTuple):
    """A service that an adherent chose, as its data call it.

    Attributes:
        nom: its key or its name in the catalogue.
        quantite: how much of it, as written; None where nothing is.
        way: to what says so, in the data.
    """

    nom: str
    quantite: str | None
    way: Way


class Billing(NamedTuple):
    """What Chorus Pro asks of an invoice, where the adherent gave it."""

    siret: str | None
    code_service: str | None
    numero_engagement: str | None


class Needs(NamedTuple):
    """What prices go by.

    Attributes:
        services: those chosen, in the order of the data.
        population: inhabitants, by which population: ``municipale``, ``totale``, or ``""`` where the data do not say.
        agents: how many it employs.
        facturation: for its invoices.
    """

    services: tuple[Chosen, ...] = ()
    population: Mapping[str, int] = {}
    agents: int | None = None
    facturation: Billing = Billing(None, None, None)


NOTHING = Needs()


def read_needs(given: Given, reading: Reading) -> Needs:
    """Read them; what cannot be read is reported at its place."""
    counts = {
        "": ("population", given.population),
        "municipale": ("population_municipale", given.population_municipale),
        "totale": ("population_totale", given.population_totale),
    }
    population = {kind: n for kind, (path, text) in counts.items() if (n := _count(text, path, reading)) is not None}
    return Needs(
        tuple(_services(given.services, reading)) if given.services else (),
        population,
        _count(given.agents, "agents", reading),
        _billing(given.facturation, reading),
    )


def _count(text: str | None, path: str, reading: Reading) -> int | None:
    if text is None:
        return None
    if not re.fullmatch(_COUNT, text):
        hint = "Écrivez le nombre seul, sans autre mot."
        reading.error("bad-value", path, f"« {text} » n’est pas un nombre entier.", hint, text)
        return None
    return int(re.sub(r"\D", "", text))


def _billing(given: GivenFacturation, reading: Reading) -> Billing:
    siret = given.siret
    if siret:
        from stdnum.fr import siret as numbers  # noqa: PLC0415 (few data have one)

        siret = numbers.compact(siret)
        if not numbers.is_valid(siret):
            hint = "Écrivez ses quatorze chiffres ; un SIREN ne suffit pas à Chorus Pro."
            message = f"« {given.siret} » n’est pas un SIRET valable."
            reading.error("bad-siret", "facturation.siret", message, hint, given.siret)
    return Billing(siret, given.code_service, given.numero_engagement)


def _services(given: Any, reading: Reading) -> Iterator[Chosen]:
    """Those of a text, of a list, or of columns, one a service."""
    if isinstance(given, str) and _is_nothing(given, "services", reading):
        return
    if isinstance(given, str):
        yield from chosen_in(given)
    elif isinstance(given, Mapping):
        yield from _in_columns(given, reading)
    elif isinstance(given, Sequence):
        for rank, item in enumerate(given):
            yield from _listed(item, ("services", rank), reading)
    else:
        _refuse(str(given), reading)


def chosen_in(text: str) -> Iterator[Chosen]:
    """The services that a text names, each with its quantity: « parapheur ; sauvegarde × 50 »."""
    for part in filter(None, (clean(part)[0] for part in re.split("[;\n]", text))):
        yield _counted(part, ("services",))


def _in_columns(given: Mapping[str, Any], reading: Reading) -> Iterator[Chosen]:
    """A column for each service: « oui » or « x » where it is chosen, or how much of it."""
    for name, value in given.items():
        way: Way = ("services", name)
        if isinstance(value, Mapping):
            yield from _detailed(name, value, way, reading)
        elif not isinstance(value, str):
            if value:  # a workbook's own « VRAI »
                yield Chosen(name, None, way)
        elif value.strip() == "1":  # a quantity as well as a yes
            yield Chosen(name, "1", way)
        elif (answer := yes_or_no(value)) is True:
            yield Chosen(name, None, way)
        elif value.strip() and answer is None and not _is_nothing(value, f"services.{name}", reading):
            yield Chosen(name, clean(value)[0], way)


def _is_nothing(value: str, path: str, reading: Reading) -> bool:
    """Is it a word for nothing: « aucun », « - »? That is told."""
    text = clean(value)[0]
    if nothing := bool(text) and is_placeholder(text, path):
        reading.notice("placeholder", path, f"« {text} » ne dit rien : ce champ est tenu pour vide.", value)
    return nothing


def _listed(item: Any, way: Way, reading: Reading) -> Iterator[Chosen]:
    """An element of a list: a name, or a name with its quantity below."""
    if isinstance(item, str):
        yield _counted(clean(item)[0], way)
    elif isinstance(item, Mapping):
        for name, value in item.items():
            yield from _detailed(name, value, (*way, name), reading)
    else:
        _refuse(str(item), reading)


def _counted(text: str, way: Way) -> Chosen:
    """« sauvegarde × 50 »: the name, and the quantity behind a sign of multiplication."""
    match = re.fullmatch(_COUNTED, text)
    return Chosen(match["nom"], match["quantite"], way) if match else Chosen(text, None, way)


def _detailed(name: str, value: Any, way: Way, reading: Reading) -> Iterator[Chosen]:
    """A service with what is said below it: its quantity, alone or under its name."""
    if isinstance(value, Mapping):
        for field in value:
            if field != "quantite":
                path = dotted((*way, field))
                reading.error(
                    "unknown-field", path, f"Le champ « {field} » n’existe pas.", "Écrivez « quantite ».", None
                )
        value, way = value.get("quantite"), (*way, "quantite") if "quantite" in value else way
    if value is None or isinstance(value, str):
        yield Chosen(name, value and clean(value)[0], way)
    else:
        _refuse(str(value), reading)


def _refuse(value: str, reading: Reading) -> None:
    hint = "Écrivez chaque service après un tiret ; dans un tableau, « parapheur ; sauvegarde × 50 »."
    reading.error("bad-value", "services", "« services » attend les noms des services choisis.", hint, value)
