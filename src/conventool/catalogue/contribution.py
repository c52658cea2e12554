"""An adherent's services → its contribution: the lines of each year, or every reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from conventool.adherent.adherent import Adherent
from conventool.adherent.name import EPCI_TYPES
from conventool.adherent.needs import Chosen
from conventool.catalogue.pricing import Line, OnQuotationError, Total, line, total
from conventool.catalogue.tariff import MOST, Catalogue, Population, Price
from conventool.core.problems import Problem, Severity
from conventool.core.row import Row, dotted
from conventool.register.communes import POPULATION, Register
from conventool.text.dates import long_date
from conventool.text.french import fold
from conventool.text.numbers import NumberError, parse_number, short_number
from conventool.text.suggestions import did_you_mean

__all__ = ["Contribution", "Year", "contribution_of", "signed_on"]

_SEPARATORS = re.compile(r"[,/+&|•·]| et ")
"""What people write between services instead of a semicolon."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_COMMUNES = frozenset({"commune", "commune-nouvelle"})


class Year(NamedTuple):
    """What is paid for a year: its lines and their sum."""

    lignes: tuple[Line, ...]
    total: Total


class Contribution(NamedTuple):
    """What an adherent pays.

    Attributes:
        services: keys of those it chose, in the catalogue's order.
        premiere: for the first year of the convention.
        suivante: for each of the following ones.
    """

    services: tuple[str, ...]
    premiere: Year
    suivante: Year

    def of_year(self, rank: int) -> Year:
        """What it pays for a year, from 1."""
        return self.premiere if rank == 1 else self.suivante


def signed_on(adherent: Adherent, today: date) -> date:
    """The day whose prices a convention takes: that of its last signature, where all are known; else today."""
    dates = adherent.signatures
    return max(day for day in dates if day) if all(dates) else today


def contribution_of(
    adherent: Adherent, catalogue: Catalogue, register: Register, row: Row, day: date
) -> tuple[Contribution | None, list[Problem]]:
    """Apply a catalogue to an adherent.

    Args:
        adherent: whose services are chosen by name.
        catalogue: the services and their prices.
        register: which knows the population of communes.
        row: where the data come from.
        day: of the convention; its prices are those of that day.

    Returns:
        None if a price cannot be set, or no service is chosen; and all problems, each at its place.
    """
    reckoning = _Reckoning(adherent, catalogue, register, row, day)
    wanted = reckoning.wanted()
    years = [reckoning.lines(wanted, year) for year in (1, 2)]
    if not wanted or any(problem.severity is Severity.ERROR for problem in reckoning.problems):
        return None, list(dict.fromkeys(reckoning.problems))
    first, following = (Year(tuple(lines), total(lines)) for lines in years)
    contribution = Contribution(tuple(one.key for one in wanted), first, following)
    return contribution, list(dict.fromkeys(reckoning.problems))


class _Wanted(NamedTuple):
    """A service of the catalogue that was chosen, its prices on the day, and how much of it."""

    key: str
    prices: tuple[Price, ...]
    quantity: Decimal | None
    chosen: Chosen


@dataclass(eq=False, repr=False)
class _Reckoning:
    """One adherent on its way to a contribution, and what was wrong."""

    adherent: Adherent
    catalogue: Catalogue
    register: Register
    row: Row
    day: date
    problems: list[Problem] = field(default_factory=list)

    def wanted(self) -> list[_Wanted]:
        """The services chosen, in the catalogue's order."""
        found: dict[str, _Wanted] = {}
        for chosen in self.adherent.besoins.services:
            key = self.catalogue.keys.get(fold(chosen.nom))
            if key is None:
                message = f"Le service « {chosen.nom} » n’est pas au catalogue."
                self._refuse("unknown-service", chosen, message, self._meant(chosen))
            elif key in found:
                self._refuse(
                    "unknown-service", chosen, f"Le service « {chosen.nom} » est choisi deux fois.", "Ôtez-en un."
                )
            elif prices := self._prices(key, chosen):
                found[key] = _Wanted(key, prices, self._quantity(prices, chosen), chosen)
        return [found[key] for key in self.catalogue.services if key in found]

    def _meant(self, chosen: Chosen) -> str:
        """What to write in the place of a name that is no service's."""
        name, known = chosen.nom, self.catalogue.keys
        if sum(fold(part) in known for part in _SEPARATORS.split(name)) > 1:
            return "Séparez les services par un point-virgule."
        written = f"{name} {chosen.quantite or ''}"
        if (number := _NUMBER.search(written)) and (key := self._counted(_NUMBER.sub(" ", written))):
            return f"Écrivez « {key} × {number[0]} »."
        names = (*self.catalogue.services, *(one.libelle for one in self.catalogue.services.values()))
        return did_you_mean(name, names) or f"Services : {', '.join(self.catalogue.services)}."

    def _counted(self, text: str) -> str | None:
        """The service with a quantity that a text begins with, whatever signs and units stand beside it."""
        words = re.findall(r"[^\W_]{2,}", text)
        beginnings = (fold(" ".join(words[:count])) for count in range(len(words), 0, -1))
        key = next((self.catalogue.keys[one] for one in beginnings if one in self.catalogue.keys), None)
        return key if key and any("quantite" in price.base for price in self.catalogue.services[key].prix) else None

    def lines(self, wanted: list[_Wanted], year: int) -> list[Line]:
        """The lines of a year, from 1; all that follow the first are alike."""
        return [made for one in wanted for price in one.prices if (made := self._line(one, price, year))]

    def _line(self, one: _Wanted, price: Price, year: int) -> Line | None:
        known = self._known(one, price)
        if known is None:
            return None
        try:
            return line(self.catalogue, one.key, price, known, year)
        except OnQuotationError as error:
            hint = "Demandez un devis, et portez son prix au catalogue ; ou ôtez ce service."
            self._refuse("no-price", one.chosen, f"Pour « {one.chosen.nom} », {error}", hint)
            return None

    def _prices(self, key: str, chosen: Chosen) -> tuple[Price, ...]:
        service, kind = self.catalogue.services[key], self.adherent.forme
        prices = service.prices(kind, self.day)
        if not prices and (at_other_times := service.for_kind(kind)):
            told = " ; ".join(_period(price) for price in at_other_times)
            message = f"Le {long_date(self.day)}, « {chosen.nom} » n’a pas de tarif en vigueur ({told})."
            self._refuse("no-price", chosen, message, "Mettez le catalogue à jour, ou ôtez ce service.")
        elif not prices:
            message = f"Le catalogue n’a pas de prix de « {chosen.nom} » pour cette forme d’adhérent ({kind})."
            self._refuse("no-price", chosen, message, "Ajoutez-le sous « pour », ou ôtez ce service.")
        return prices

    def _quantity(self, prices: tuple[Price, ...], chosen: Chosen) -> Decimal | None:
        counted = [price for price in prices if "quantite" in price.base]
        if chosen.quantite is None:
            if counted:
                example = f"« {chosen.nom} × 50 », ou « quantite: 50 »"
                what = f"Il manque la quantité de « {chosen.nom} », en {counted[0].unite}."
                self._refuse("bad-quantity", chosen, what, f"Écrivez par exemple {example}.")
            return None
        if not counted:
            if chosen.quantite != "1":
                hint = "Ôtez la quantité. Dans une colonne, écrivez « oui » ou « non »."
                self._refuse("bad-quantity", chosen, f"« {chosen.nom} » ne se compte pas.", hint)
            return None
        try:
            quantity = _number_alone(chosen.quantite)
        except NumberError as error:
            self._refuse(
                "bad-quantity", chosen, f"La quantité de « {chosen.nom} » : {error}", "Écrivez le nombre seul."
            )
            return None
        if not 0 <= quantity <= MOST:
            self._refuse(
                "bad-quantity", chosen, f"La quantité de « {chosen.nom} » est hors des limites.", "Corrigez-la."
            )
            return None
        return quantity

    def _known(self, one: _Wanted, price: Price) -> Mapping[str, Decimal] | None:
        """By base, the numbers that a price goes by; None where one is not known, which is told."""
        found: dict[str, Decimal | None] = {base: self._number(base, one, price) for base in price.base}
        known = {base: number for base, number in found.items() if number is not None}
        return known if len(known) == len(found) else None

    def _number(self, base: str, one: _Wanted, price: Price) -> Decimal | None:
        if base == "quantite":
            return one.quantity
        if base == "forfait":
            return Decimal(1)
        if base == "population":
            which = price.population or self.catalogue.population
            assert which is not None, "a catalogue that does not say which population is refused"
            number = self._population(which, one)
        else:
            number = self.adherent.besoins.agents
            if number is None:
                message = f"Il manque le nombre d’agents, dont dépend « {one.chosen.nom} »."
                self._lacking("missing-field", "agents", message, "Ajoutez « agents », par exemple « 12 ».")
        return None if number is None else Decimal(number)

    def _population(self, which: Population, one: _Wanted) -> int | None:
        """The inhabitants by which a price goes: as the data give them, else as the register knows them."""
        given, registered = self.adherent.besoins.population, self._registered(which)
        if which.nature in given:
            return given[which.nature]
        if "" in given:
            self._compare(given[""], which, registered)
            return given[""]
        if registered is None:
            message = f"La {which}, dont dépend « {one.chosen.nom} », n’est pas connue."
            hint = f"Ajoutez « population_{which.nature} »."
            if _other(which) in given:
                hint = f"{hint} « population_{_other(which)} » est une autre population, qui ne la remplace pas."
            self._lacking("unknown-population", "population", message, hint)
        return registered

    def _compare(self, given: int, which: Population, registered: int | None) -> None:
        """Tell for which population a bare number was taken, and that the register has another."""
        message = f"{short_number(Decimal(given))} est pris pour la {which}, celle du tarif"
        if registered is None:
            self._lacking("filled-in", "population", f"{message}.", None, Severity.NOTICE)
        elif given != registered:
            hint = f"Si c’est l’autre population, écrivez « population_{_other(which)}: {given} »."
            message = f"{message} ; le répertoire dit {short_number(Decimal(registered))}."
            self._lacking("population-mismatch", "population", message, hint, Severity.WARNING)

    def _registered(self, which: Population) -> int | None:
        """What the register knows, if it is the population of that kind and year."""
        adherent = self.adherent
        if (which.nature, which.annee) != POPULATION:
            return None
        if adherent.forme in _COMMUNES and adherent.code_insee:
            commune = self.register.by_code(adherent.code_insee)
            return commune.population if commune else None
        return self.register.population_of_epci(adherent.siren) if adherent.forme in EPCI_TYPES else None

    def _refuse(self, code: str, chosen: Chosen, message: str, hint: str) -> None:
        way = chosen.way
        written = " × ".join(filter(None, [chosen.nom, chosen.quantite]))
        self.problems.append(Problem(code, message, hint, dotted(way), written, self.row.where(way)))

    def _lacking(
        self, code: str, name: str, message: str, hint: str | None, severity: Severity = Severity.ERROR
    ) -> None:
        self.problems.append(Problem(code, message, hint, name, None, self.row.where_named((name,)), severity))


def _number_alone(text: str) -> Decimal:
    """A quantity, which no sign of euro follows.

    Raises:
        NumberError: it is no number, or one of euros.
    """
    if not text[-1:].isdigit():
        raise NumberError("bad-value", f"« {text} » n’est pas un nombre.", "Écrivez le nombre seul.")
    return parse_number(text)


def _other(which: Population) -> str:
    return "totale" if which.nature == "municipale" else "municipale"


def _period(price: Price) -> str:
    since = f"à partir du {long_date(price.du)}" if price.du else ""
    until = f"jusqu’au {long_date(price.au)}" if price.au else ""
    return " ".join(filter(None, [since, until]))
