"""What ``catalogue.yaml`` may say: services, the rules of their prices, and what becomes of personal data.

Each fault that one value has is Pydantic's to find. What several values say together (bands that overlap, dates that
cross) is found by the validators below, which name the value at fault: `FaultsError` carries the way to each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import combinations, pairwise
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from conventool.adherent.kinds import KINDS
from conventool.core.row import Path as Way
from conventool.text.dates import parse_date
from conventool.text.french import fold
from conventool.text.numbers import parse_number, short_number, yes_or_no
from conventool.text.suggestions import did_you_mean

__all__ = [
    "MOST",
    "Band",
    "Base",
    "Catalogue",
    "Fault",
    "FaultsError",
    "Population",
    "Price",
    "Processing",
    "Service",
    "Vat",
]

Base = Literal["population", "agents", "quantite", "forfait"]
MOST = 1_000_000_000
"""Of euros, inhabitants, units."""
OTHERS = "autres"
"""The word of ``pour`` that means every kind of adherent which no other price of the service names."""


class Fault(NamedTuple):
    """A fault of what several values say together.

    Attributes:
        way: to the value at fault, from the section that was read.
        message: what is wrong, in French.
        hint: what to write instead.
    """

    way: Way
    message: str
    hint: str


class FaultsError(ValueError):
    """Faults within one section, each with the way to it.

    Attributes:
        found: all of them.
    """

    def __init__(self, found: tuple[Fault, ...]) -> None:
        self.found = found
        super().__init__()


def _number(value: Any) -> Any:
    return parse_number(value) + 0 if isinstance(value, str) else value  # + 0: there is no zero below zero


def _euros(value: Any) -> Any:
    """An amount: a sign of euro may stand behind it, a part of a cent may not."""
    amount = _number(value)
    if isinstance(amount, Decimal) and _decimals(amount) > 2:
        raise ValueError(f"« {value} » n’est pas un montant au centime.")
    return amount


def _rate(value: Any) -> Any:
    """A price by unit, with no more decimals than every multiple of it keeps exactly."""
    rate = _number(value)
    if isinstance(rate, Decimal) and _decimals(rate) > _MOST_DECIMALS:
        raise ValueError(f"« {value} » a plus de {_MOST_DECIMALS} décimales.")
    return rate


def _decimals(number: Decimal) -> int:
    return -int(number.normalize().as_tuple().exponent)


_MOST_DECIMALS = 6


def _percent(value: Any) -> Any:
    return parse_number(value.strip().removesuffix("%")) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    return parse_date(value) if isinstance(value, str) else value


def _whether(value: Any) -> Any:
    return {"oui": True, "non": False}.get(value.casefold(), value) if isinstance(value, str) else value


def _several(value: Any) -> Any:
    """One thing is a list of one."""
    return (value,) if isinstance(value, str | Mapping) else value


Euros = Annotated[Decimal, BeforeValidator(_euros), Field(ge=0, le=MOST)]
Rate = Annotated[Decimal, BeforeValidator(_rate), Field(ge=0, le=MOST)]
Limit = Annotated[Decimal, BeforeValidator(_number), Field(ge=0, le=MOST)]
Percent = Annotated[Decimal, BeforeValidator(_percent), Field(gt=0, le=100)]
Day = Annotated[date, BeforeValidator(_day)]
Yes = Annotated[bool, BeforeValidator(_whether)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1, str_strip_whitespace=True)

    @model_validator(mode="after")
    def _as_a_whole(self, info: ValidationInfo) -> _Section:
        if found := tuple(self.faults(info.context or frozenset())):
            raise FaultsError(found)
        return self

    def faults(self, _defaults: frozenset[str]) -> Iterator[Fault]:
        """What the values of this section say that cannot stand together.

        Args:
            _defaults: the names of those that the catalogue says once for all.
        """
        yield from ()


class Population(_Section):
    """Which population a price goes by: INSEE publishes two, a year."""

    nature: Literal["municipale", "totale"]
    annee: Annotated[int, Field(ge=1990, le=2100)]

    def __str__(self) -> str:
        """``population municipale 2023``."""
        return f"population {self.nature} {self.annee}"


class Vat(_Section):
    """Whether amounts are without or with VAT, and its rate; or why there is none."""

    taux: Percent | None = None
    montants: Literal["HT", "TTC"] | None = None
    sans: str | None = None

    def faults(self, _defaults: frozenset[str]) -> Iterator[Fault]:
        """VAT that is not decided, or decided twice."""
        if self.sans and (self.taux or self.montants):
            yield Fault(
                ("sans",), "« sans » dit qu’il n’y a pas de TVA, et un taux est donné.", "Gardez l’un des deux."
            )
        elif self.sans and len(self.sans) > 1 and yes_or_no(self.sans) is not None:
            yield Fault(("sans",), f"« {self.sans} » n’est pas une raison.", "Dites pourquoi il n’y a pas de TVA.")
        elif not self.sans and not (self.taux and self.montants):
            yield Fault((), "la TVA n’est pas décidée.", _VAT)
        if self.taux is not None and self.taux < _LEAST_VAT:
            meant = f"{short_number(self.taux * 100)} %"
            what = f"{short_number(self.taux)} % n’est pas un taux de TVA."
            yield Fault(("taux",), what, f"Un taux se dit en pour cent : « {meant} ».")


_LEAST_VAT = Decimal("0.9")
"""Percent: of France's rates the lowest, which Corsica has (Code général des impôts, article 297)."""
_VAT = "Écrivez « {taux: 20 %, montants: HT} » ou « montants: TTC » ; sans TVA, « {sans: raison} », avec sa raison."


class _Amount(_Section):
    """What is paid: a sum, a rate by unit of the last base, or bands of the next base; else a quotation."""

    montant: Euros | None = None
    taux: Rate | None = None
    tranches: tuple[Band, ...] | None = None
    sur_devis: Yes = False
    ensuite: Rate | None = None

    def faults(self, _defaults: frozenset[str]) -> Iterator[Fault]:
        """Anything but one way of paying; bands that overlap, or between which nothing is paid."""
        ways = [name for name in ("montant", "taux", "tranches") if getattr(self, name) is not None]
        ways += ["sur_devis"] if self.sur_devis else []
        if len(ways) != 1:
            what = f"{' et '.join(f'« {way} »' for way in ways)} se contredisent." if ways else "aucun prix n’est dit."
            yield Fault(tuple(ways[1:2]), what, "Écrivez « montant », « taux », « tranches » ou « sur_devis: oui ».")
        if self.ensuite is not None and self.montant is None and self.taux is None:
            yield Fault(("ensuite",), "« ensuite » n’a rien à suivre.", "Écrivez-le dans chaque tranche.")
        if self.ensuite is not None and self.montant is not None and self.ensuite % Decimal("0.01"):
            yield Fault(
                ("ensuite",), f"« {self.ensuite} » n’est pas un montant au centime.", "Deux décimales suffisent."
            )
        if self.tranches is not None:
            yield from _badly_joined(self.tranches)

    def depth(self) -> int:
        """How many bases its bands go by."""
        return 1 + max((band.depth() for band in self.tranches), default=0) if self.tranches else 0


class Band(_Amount):
    """What is paid up to a limit, which belongs to it; without limit, for all that is above the band before."""

    de: Limit | None = None
    jusqu_a: Limit | None = None


def _badly_joined(bands: tuple[Band, ...]) -> Iterator[Fault]:
    """Where two bands overlap, where one is missing between two, below the first or above the last."""
    if not bands:
        yield Fault(("tranches",), "n’a aucune tranche.", "Écrivez chaque tranche après un tiret.")
        return
    first, limit = bands[0].de, bands[0].jusqu_a
    if first is not None and first > 1:
        message = f"rien n’est dit en dessous de {short_number(first)}."
        yield Fault(("tranches", 0, "de"), message, "Ajoutez la tranche qui précède, ou ôtez « de ».")
    elif first is not None and limit is not None and limit < first:
        message = f"cette tranche commence à {short_number(first)} et finit avant."
        yield Fault(("tranches", 0, "jusqu_a"), message, "Donnez-lui une limite plus haute.")
    for rank, (band, following) in enumerate(pairwise(bands), 1):
        below = band.jusqu_a
        if below is None:
            yield Fault(
                ("tranches", rank), "la tranche d’avant n’a pas de limite : elle couvre aussi celle-ci.", _UP_TO
            )
            continue
        where: Way = ("tranches", rank, "de" if following.de is not None else "jusqu_a")
        if following.de is not None and following.de > below + 1:
            low, high = short_number(below + 1), short_number(following.de - 1)
            what = low if low == high else f"{low} à {high}"
            hint = f"Écrivez « de: {low} », ou ôtez « de »."
            yield Fault(where, f"aucune tranche ne contient {what}.", hint)
        overlaps = following.de is not None and following.de <= below
        if overlaps or (following.jusqu_a is not None and following.jusqu_a <= below):
            message = f"cette tranche en recouvre une autre, qui va jusqu’à {short_number(below)}."
            yield Fault(where, message, "Écrivez les tranches de la plus basse à la plus haute, sans recouvrement.")
    if (last := bands[-1].jusqu_a) is not None:
        message = f"rien n’est dit au-dessus de {short_number(last)}."
        hint = "Ajoutez une tranche sans « jusqu_a » : son prix, ou « sur_devis: oui »."
        yield Fault(("tranches", len(bands) - 1, "jusqu_a"), message, hint)


_UP_TO = "Donnez « jusqu_a » à toutes les tranches sauf la dernière."


class Price(_Amount):
    """The rule of a price: one line of the contribution.

    Attributes:
        libelle: what the line is called; the service's own name otherwise.
        pour: the kinds of adherents that pay it, all without it; ``autres`` for those that no other price names.
        base: what the price goes by. Of two, the bands go by the first and a rate multiplies the second.
        unite: of the quantity: ``Go``, ``jour``.
        population: which one, where the price goes by it; the catalogue's otherwise.
        plancher: the least that is paid a year.
        plafond: the most that is paid a year.
        tva: the catalogue's otherwise.
        du: the first day on which it can be signed.
        au: the last.
    """

    libelle: str | None = None
    pour: Texts = ()
    base: Annotated[tuple[Base, ...], BeforeValidator(_several), Field(min_length=1, max_length=2)]
    unite: str = "unité"
    population: Population | None = None
    plancher: Euros | None = None
    plafond: Euros | None = None
    tva: Vat | None = None
    du: Day | None = None
    au: Day | None = None

    def faults(self, defaults: frozenset[str]) -> Iterator[Fault]:
        """What does not go with the base; limits and dates that cross; kinds that do not exist."""
        yield from super().faults(defaults)
        yield from self._faults_of_base()
        yield from self._useless()
        for base, way, limit in _limits(self, self.base, ()):
            if base in _COUNTED and limit % 1:
                yield Fault(
                    way, f"{short_number(limit)} n’est pas un nombre entier.", "On ne compte là que des entiers."
                )
        if self.tva is None and "tva" not in defaults:
            yield Fault((), "la TVA n’est pas décidée.", f"Sous « tva », ici ou au début du catalogue. {_VAT}")
        if "population" in self.base and self.population is None and "population" not in defaults:
            yield Fault((), "il n’est pas dit laquelle des populations compte.", _WHICH)
        if self.plancher is not None and self.plafond is not None and self.plancher > self.plafond:
            yield Fault(("plafond",), "le plafond est sous le plancher.", "Échangez-les.")
        if self.du and self.au and self.du > self.au:
            yield Fault(("au",), "cette date est avant celle de « du ».", "Corrigez l’une des deux.")
        for rank, kind in enumerate(self.pour):
            if kind not in {*KINDS, OTHERS}:
                hint = did_you_mean(kind, KINDS) or f"Formes : {', '.join(KINDS)}, ou « {OTHERS} »."
                yield Fault(("pour", rank), f"« {kind} » n’est pas une forme d’adhérent.", hint)

    def _faults_of_base(self) -> Iterator[Fault]:
        if len(set(self.base)) < len(self.base) or ("forfait" in self.base and len(self.base) > 1):
            yield Fault(
                ("base",), "ces deux bases ne vont pas ensemble.", "Donnez deux bases différentes, sans forfait."
            )
        if self.base == ("forfait",) and self.montant is None and not self.sur_devis:
            yield Fault(("base",), "un forfait est un montant.", "Écrivez « montant », ou changez de base.")
        elif self.base != ("forfait",) and self.montant is not None:
            yield Fault(("montant",), "un montant qui ne dépend de rien est un forfait.", "Écrivez « base: forfait ».")
        if self.depth() > len(self.base) or (len(self.base) > 1 and not self.tranches and not self.sur_devis):
            message = "la première base choisit une tranche, la seconde une tranche de celle-ci, ou multiplie son taux."
            yield Fault(("base",), message, "Donnez une base à chaque rang de tranches.")

    def _useless(self) -> Iterator[Fault]:
        """What is written and changes nothing, so that its author meant something else."""
        if self.base == ("forfait",):
            for name in ("plancher", "plafond"):
                if getattr(self, name) is not None:
                    yield Fault((name,), "un forfait est ce qu’on paie, ni plus ni moins.", "Ôtez cette ligne.")
        for name, base in (("population", "population"), ("unite", "quantite")):
            if name in self.model_fields_set and base not in self.base:
                hint = f"Ôtez cette ligne, ou écrivez « {base} » sous « base »."
                yield Fault((name,), "le prix n’en dépend pas.", hint)
        if len(self.base) > 1 and self.tranches and not _uses_second(self):
            hint = "Ôtez-la, ou écrivez un « taux » ou des « tranches » dans une tranche."
            yield Fault(("base",), f"le prix ne dépend pas de « {self.base[1]} ».", hint)

    def covers(self, day: date) -> bool:
        """Can it be signed on a day?"""
        return (self.du or date.min) <= day <= (self.au or date.max)


_COUNTED = frozenset({"population", "agents"})
"""Bases that are whole numbers."""


def _limits(rule: _Amount, bases: tuple[Base, ...], way: Way) -> Iterator[tuple[Base, Way, Decimal]]:
    """Every limit of the bands of a rule, with the base that it limits and the way to it."""
    for rank, band in enumerate(rule.tranches or () if bases else ()):
        here = (*way, "tranches", rank)
        for name in ("de", "jusqu_a"):
            if (limit := getattr(band, name)) is not None:
                yield bases[0], (*here, name), limit
        yield from _limits(band, bases[1:], here)


def _uses_second(price: Price) -> bool:
    """Does a band go by the second base? One on quotation is not told to."""
    return any(band.taux is not None or band.tranches or band.sur_devis for band in price.tranches or ())


_WHICH = (
    "Écrivez, ici ou au début du catalogue, « population: {nature: municipale, annee: 2023} » ou « nature: totale »."
)


class Processing(_Section):
    """What becomes of personal data in a service (GDPR, article 28 § 3)."""

    objet: str
    finalite: str
    nature: str
    duree: str
    donnees: Texts
    personnes: Texts
    lieu: str
    sous_traitants: Texts = ()


class Contact(_Section):
    """Whom a party names for personal data."""

    dpo: str
    violations: str


class Service(_Section):
    """A service: its name, what annexe 1 says of it, what it costs, what it does with personal data."""

    libelle: str
    presentation: str
    prix: Annotated[tuple[Price, ...], BeforeValidator(_several), Field(min_length=1)]
    donnees_personnelles: Processing | None = None

    def faults(self, _defaults: frozenset[str]) -> Iterator[Fault]:
        """Two prices for the same thing, the same adherents and the same day."""
        for (_, one), (rank, other) in combinations(enumerate(self.prix), 2):
            same = one.libelle == other.libelle and (not (one.pour and other.pour) or {*one.pour} & {*other.pour})
            first, last = max(one.du or date.min, other.du or date.min), min(one.au or date.max, other.au or date.max)
            if same and first <= last:
                message = "à la même date, deux prix valent pour la même prestation et les mêmes adhérents."
                hint = "Distinguez-les par « libelle », « pour », « du » ou « au »."
                yield Fault(("prix", rank, *(("du",) if other.du else ())), message, hint)

    def prices(self, kind: str, day: date) -> tuple[Price, ...]:
        """The prices that an adherent of a kind pays who signs on a day."""
        named = {other for price in self.prix for other in price.pour}
        return tuple(price for price in self.for_kind(kind, named) if price.covers(day))

    def for_kind(self, kind: str, named: set[str] | None = None) -> tuple[Price, ...]:
        """The prices of all times for a kind of adherent."""
        named = {other for price in self.prix for other in price.pour} if named is None else named
        return tuple(
            price for price in self.prix if not price.pour or kind in price.pour
            or (OTHERS in price.pour and kind not in named)
        )  # fmt: skip


class Catalogue(_Section):
    """What a ``catalogue.yaml`` says.

    Attributes:
        fictif: is it an example, which its documents must say of themselves?
        population: which one prices go by that do not say it.
        tva: that of prices that do not say it.
        protection: by party, whom it names for personal data.
        services: by key, in the order of annexe 1.
    """

    fictif: Yes = False
    population: Population | None = None
    tva: Vat | None = None
    protection: Mapping[str, Contact] = Field(default_factory=dict)
    services: Annotated[Mapping[str, Service], Field(min_length=1)]

    def faults(self, _defaults: frozenset[str]) -> Iterator[Fault]:
        """Two services that data may call by the same name."""
        taken: dict[str, str] = {}
        for key, service in self.services.items():
            for name in dict.fromkeys([fold(key), fold(service.libelle)]):
                if (other := taken.setdefault(name, key)) != key:
                    way: Way = ("services", key, *(("libelle",) if name == fold(service.libelle) else ()))
                    yield Fault(way, f"« {other} » a le même nom.", "Donnez à chacun le sien, accents et casse à part.")

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """By what a service may be called, folded, its key."""
        return {fold(name): key for key, one in self.services.items() for name in (one.libelle, key)}
