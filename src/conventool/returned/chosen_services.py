"""What the pieces beside a convention say that its adherent chose, and the data that would say it again.

The catalogue tells the names of its services and the units of their quantities; what it does not know is not read.
Nothing is trusted because it looks right: the services are priced again, and must give the lines that are printed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from conventool.adherent.adherent import read_adherent
from conventool.catalogue.contribution import contribution_of, signed_on
from conventool.catalogue.pricing import label
from conventool.catalogue.tariff import Catalogue, Price
from conventool.catalogue.words import contribution_words
from conventool.core.problems import NOWHERE, Place, Problem, Severity
from conventool.core.row import Row
from conventool.register.communes import Register
from conventool.returned.comparison import Comparison
from conventool.returned.item_pattern import curled, spaced
from conventool.returned.said_words import words_of
from conventool.returned.slots import Slot
from conventool.text.french import fold
from conventool.text.numbers import NumberError, parse_number
from conventool.text.stories import squeezed

__all__ = ["Annexed", "PieceReader", "elements_of", "known_numbers", "priced_by", "printed_lists"]

_NUMBER = r"\d[\d\s]*(?:,\d+)?"
_AMOUNT = rf"[-−]?{_NUMBER}\s*€"
_POPULATION = re.compile(rf"(?P<number>{_NUMBER})\s*habitants?\s*\(population\s+(?P<nature>municipale|totale)\s+\d+\)")
_COUNTED = re.compile(rf"(?P<number>{_NUMBER})\s*\D.*", re.DOTALL)
_WITHOUT_VAT = re.compile(r",\s*sans\s+TVA\s*\(.*\)$", re.DOTALL)
_PROTECTION = "protection."


class Annexed(NamedTuple):
    """What the pieces of one adherent say.

    Attributes:
        services: by key, how much of each, as data write it; None where it is not counted.
        population: by nature, the inhabitants by which a price went.
        agents: how many, where a price went by them.
        lignes: the printed lines of the first year, by what each value is.
        place: where these are.
        protection: by field, whom the adherent names for personal data, and what becomes of these.
        problems: what is printed and cannot be read.
    """

    services: Mapping[str, str | None] = {}
    population: Mapping[str, int] = {}
    agents: int | None = None
    lignes: Sequence[Mapping[str, str]] = ()
    place: Place = NOWHERE
    protection: Mapping[str, str] = {}
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, slots=True)
class PieceReader:
    """Reads the pieces beside the conventions of one template.

    Attributes:
        catalogue: of the template, which knows the services; None where it has none.
        register: the official register, whose population need not be written.
        today: the day that dates are judged by.
    """

    catalogue: Catalogue | None
    register: Register
    today: date

    def read(self, pieces: Iterable[Comparison]) -> Annexed:
        """What the pieces of one adherent say, each beside its template."""
        presented: list[str] = []
        lignes: list[Mapping[str, str]] = []
        place = NOWHERE
        protection: dict[str, str] = {}
        problems: list[Problem] = []
        for piece in pieces:
            said, untold = _protection(piece)
            protection |= said
            problems += untold
            if self.catalogue is None:
                continue
            for slot, name, text in printed_lists(piece, ("services", "lignes")):
                elements = elements_of(slot, text, name, self.catalogue)
                if elements is None:
                    problems.append(_unread(slot.label, piece))
                elif name == "services":
                    presented = [one["libelle"] for one in elements]
                else:
                    lignes, place = elements, Place(file=str(piece.path))
        chosen = _chosen(lignes, presented, self.catalogue) if self.catalogue else Annexed()
        return chosen._replace(place=place, protection=protection, problems=problems)

    def is_telling(self, piece: Comparison) -> bool:
        """Does a piece say anything that data hold?"""
        said = self.read([piece])
        fields = any(slot.own for slot in piece.template.slots.values())
        return bool(said.services or said.protection or said.problems or fields)

    def completed(self, data: Mapping[str, Any], said: Annexed) -> tuple[dict[str, Any], list[Problem]]:
        """The data of a convention with what its other pieces say.

        Args:
            data: of the convention.
            said: what the pieces say.

        Returns:
            The data; and what is printed that they do not give again.
        """
        whole: dict[str, Any] = dict(data)
        if said.protection:
            whole["protection"] = {**data.get("protection", {}), **said.protection}
        if not said.services:
            return whole, [*said.problems]
        whole["services"] = " ; ".join(f"{key} × {n}" if n else key for key, n in said.services.items())
        if said.agents is not None:
            whole["agents"] = str(said.agents)
        counted = {**whole, **{f"population_{nature}": str(number) for nature, number in said.population.items()}}
        tried = [(one, self._unlike(one, said)) for one in (whole, counted)]
        whole, problems = min(tried, key=lambda one: len(one[1]))
        return whole, [*said.problems, *problems]

    def _unlike(self, data: Mapping[str, Any], said: Annexed) -> list[Problem]:
        """What stands in the way of pricing these data, or differs from the lines that are printed."""
        row = Row(dict(data), said.place)
        adherent, _ = read_adherent(row, self.register, today=self.today)
        if adherent is None or self.catalogue is None:  # why, is told of the convention
            return []
        day = signed_on(adherent, self.today)
        contribution, found = contribution_of(adherent, self.catalogue, self.register, row, day)
        problems = [one._replace(place=said.place) for one in found if one.severity is not Severity.NOTICE]
        if contribution is None or not said.lignes:
            return problems
        again = contribution_words(contribution, self.catalogue)["lignes"]
        printed = [_in_one(one) for one in said.lignes]
        told = [_in_one({name: line[name] for name in said.lignes[0]}) for line in again]
        return [*problems, *_changed(printed, told, said.place)]


def _chosen(lignes: Sequence[Mapping[str, str]], presented: Sequence[str], catalogue: Catalogue) -> Annexed:
    """What lines of prices say; without any, the services that are presented by their names."""
    services: dict[str, str | None] = {}
    numbers: dict[str, Decimal] = {}
    for one in lignes:
        ((key, price), *_), parts = priced_by(one, catalogue)
        found = {name: number for _, name, number in known_numbers(price, parts)}
        quantity = found.pop("quantite", None)
        services[key] = services.get(key) or (_written(quantity) if quantity is not None else None)
        numbers |= found
    services = services or dict.fromkeys(catalogue.keys[fold(name)] for name in presented)
    agents = numbers.pop("agents", None)
    counts = {nature: int(number) for nature, number in numbers.items()}
    return Annexed(services, counts, None if agents is None else int(agents), lignes)


def _changed(printed: Sequence[str], told: Sequence[str], place: Place) -> Iterator[Problem]:
    """The lines that are printed and would not be again."""
    ours, theirs = ([squeezed(one) for one in lines] for lines in (printed, told))
    gone = [one for one in printed if squeezed(one) not in theirs]
    new = [one for one in told if squeezed(one) not in ours]
    if gone or new:
        was, becomes = (" / ".join(lines) or "rien" for lines in (gone, new))
        message = f"Le document dit « {was} » ; refait avec ces données et ce catalogue, il dirait « {becomes} »."
        hint = "La ligne a été changée, ou le tarif l’a été depuis : vérifiez."
        yield Problem("not-reproduced", message, hint, "services", was, place, Severity.WARNING)


def _in_one(line: Mapping[str, str]) -> str:
    return " ".join(" ".join(line.values()).split())


# --- The lists that are printed ----------------------------------------------------------------------------


def printed_lists(piece: Comparison, names: Collection[str]) -> Iterator[tuple[Slot, str, str]]:
    """The repeating sections of a piece that say lists of ``contribution``: each, the list's name, and what it says.

    Args:
        piece: beside its template.
        names: of the lists that are asked for.
    """
    controls = piece.template.folder.manifest.controles
    for slot in piece.template.slots.values():
        found = controls[slot.address].members("contribution") if slot.items and slot.address in controls else ()
        yield from ((slot, name, piece.values.get(slot.address, "")) for name in found if name in names)


def _patterns(name: str, catalogue: Catalogue) -> dict[str, str]:
    """By what a value is, what may stand for it."""
    services = catalogue.services.items()
    if name not in {"lignes", "lignes_suivantes"}:
        return {"libelle": _one_of(one.libelle for _, one in services),
                "presentation": _one_of(one.presentation for _, one in services)}  # fmt: skip
    units = _one_of(price.unite for _, one in services for price in one.prix)
    base = rf"(?:forfait|{_NUMBER}\s*(?:habitants?\s*\([^()]*\)|agents?|{units}))"
    names = (label(catalogue, key, price) for key, one in services for price in one.prix)
    return {
        "libelle": _one_of(names),
        "calcul": rf"{base}(?:\s*×\s*{base})*(?:,\s*sans\s+TVA\s*\({_one_of(_reasons(catalogue))}\))?",
        **dict.fromkeys(("ht", "tva", "ttc"), _AMOUNT),
    }


def _reasons(catalogue: Catalogue) -> Iterator[str]:
    """Why there is no VAT, of any price."""
    for service in catalogue.services.values():
        for price in service.prix:
            vat = price.tva or catalogue.tva
            if vat and vat.sans:
                yield vat.sans


def _one_of(texts: Iterable[str]) -> str:
    """A pattern for any of some texts, however they are spaced; the longest that fits."""
    known = sorted({" ".join(text.split()) for text in texts}, key=lambda text: -len(text))
    return f"(?:{'|'.join(spaced(text) for text in known) or '(?!)'})"


def elements_of(slot: Slot, text: str, name: str, catalogue: Catalogue) -> list[Mapping[str, str]] | None:
    """The elements of a section, each with its values; None where anything else stands there than the catalogue's.

    Args:
        slot: of the section.
        text: what it says, its lines broken anywhere.
        name: of its list in ``contribution``.
        catalogue: which knows what may stand there.
    """
    assert slot.items is not None
    patterns = _patterns(name, catalogue)
    first, *others = slot.items.fixed
    pattern = rf"\s*{spaced(first)}"
    for rank, (value, after) in enumerate(zip(slot.items.names, others, strict=True)):
        pattern += rf"\s*(?P<v{rank}>{patterns.get(value, '.*?')})\s*{spaced(after)}"
    element, text = re.compile(rf"{pattern}\s*", re.DOTALL), curled(text)
    found: list[Mapping[str, str]] = []
    at = 0
    while at < len(text):
        match = element.match(text, at)
        if match is None or match.end() == at:
            return None
        values = (" ".join(value.split()) for value in match.groups())
        found.append(dict(zip(slot.items.names, values, strict=True)))
        at = match.end()
    return found


def priced_by(line: Mapping[str, str], catalogue: Catalogue) -> tuple[list[tuple[str, Price]], list[str]]:
    """The services and prices that a line may be of, the likeliest first, and the parts of its calculation."""
    parts = re.split(r"\s*×\s*", _WITHOUT_VAT.sub("", line.get("calcul", "")))
    candidates = [
        (key, price)
        for key, service in catalogue.services.items()
        for price in service.prix
        if squeezed(curled(label(catalogue, key, price))) == squeezed(line["libelle"])
    ]
    return sorted(candidates, key=lambda one: len(one[1].base) != len(parts)), parts


def known_numbers(price: Price, parts: Sequence[str]) -> Iterator[tuple[str, str, Decimal]]:
    """What a price went by: each base, which of its kind (the nature of a population), and how much."""
    for base, part in zip(price.base, parts, strict=False):
        pattern = _POPULATION if base == "population" else _COUNTED
        if base != "forfait" and (match := pattern.fullmatch(part)):
            number = Decimal(re.sub(r"\s", "", match["number"]).replace(",", "."))
            yield base, match["nature"] if base == "population" else base, number


def _written(quantity: Decimal) -> str:
    """A quantity as data write it, such that it has one reading."""
    text = f"{quantity:f}".replace(".", ",")
    try:
        parse_number(text)
    except NumberError:
        return f"{text}0"
    return text


# --- Personal data -----------------------------------------------------------------------------------------


def _protection(piece: Comparison) -> tuple[dict[str, str], list[Problem]]:
    """What a piece says of personal data; on paper nothing tells where one of two values side by side ends."""
    slots, said = words_of(piece)
    told = {path.removeprefix(_PROTECTION): text for path, text in said.items() if path.startswith(_PROTECTION)}
    if piece.returned.is_word:
        return told, []
    together = {address for group in piece.template.neighbours if len(group) > 1 for address in group}
    unsure = [name for name in told if slots[f"{_PROTECTION}{name}"].address in together]
    problems = [_unread(slots[f"{_PROTECTION}{name}"].label, piece) for name in unsure]
    return {name: text for name, text in told.items() if name not in unsure}, problems


def _unread(what: str, piece: Comparison) -> Problem:
    message = f"{what} : ce qui est imprimé ne se relit pas sûrement, et n’est pas repris."
    place = Place(file=str(piece.path))
    return Problem("not-read-back", message, "Complétez les données à la main.", place=place, severity=Severity.NOTICE)
