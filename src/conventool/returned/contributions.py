"""What a document says of a contribution, held against the catalogue and against itself: for who has no data.

The document tells which services it is about and what each price went by; the catalogue makes of these the texts and
the amounts again. Where it makes others, the document still must agree with itself: each line with its VAT, each sum
with its lines.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from conventool.adherent.name import EPCI_TYPES
from conventool.catalogue.contribution import Contribution, Year
from conventool.catalogue.pricing import Line, OnQuotationError, line, total
from conventool.catalogue.tariff import MOST, Catalogue
from conventool.catalogue.words import catalogue_words, contribution_words
from conventool.core.problems import NOWHERE, Problem, Severity
from conventool.register.communes import POPULATION, Register
from conventool.returned.chosen_services import elements_of, known_numbers, priced_by, printed_lists
from conventool.returned.comparison import EARLIER, Comparison
from conventool.returned.expectations import Expected, controls_of, differing_values, printed, told_apart
from conventool.returned.extraction import extract
from conventool.returned.following import named_in, says_a_page_twice
from conventool.returned.slots import Slot
from conventool.returned.template_pattern import TemplatePattern
from conventool.template.expressions import Expression
from conventool.text.french import fold
from conventool.text.numbers import number_text, plural, short_number

__all__ = ["contribution_problems", "contribution_said"]

_YEARS = {"lignes": 1, "lignes_suivantes": 2}
"""By the name of a list of lines, the year of the convention that it is for."""
_SUMS = {"lignes": "total", "lignes_suivantes": "total_suivant"}
_LISTS = ("services", "autres", "traitements")
_OF_CHOICE = ("services", "autres", "libelles", "traitements")
_LABELS = re.compile(r"\{\{\s*contribution\.libelles\s*\}\}")
_AMOUNTS = ("ht", "tva", "ttc")
_LONGEST = 300
"""Characters of a value that is priced or told: what a hostile document says beyond takes no time."""
_ASIDE = "Sans les données, rien ne dit lequel est juste : comparez avec --data ou --dossier."


@dataclass(frozen=True)
class _Printed:
    """What one piece prints of a contribution.

    Attributes:
        services: keys of the services chosen, in the catalogue's order; None where it does not say them all.
        treated: keys of those whose personal data it tells; None where it tells none.
        lines: by the name of the list, the lines of a year.
        unread: the sections and controls that hold something else than the catalogue's services, and what that is.
    """

    services: tuple[str, ...] | None
    treated: tuple[str, ...] | None
    lines: Mapping[str, Sequence[Mapping[str, str]]]
    unread: Sequence[tuple[Slot, str]]

    @property
    def known(self) -> frozenset[str]:
        """The words of ``contribution`` that these give."""
        found = set(_OF_CHOICE) if self.services is not None else {"traitements"} if self.treated is not None else set()
        for name, lines in self.lines.items():
            columns = _AMOUNTS if not lines else [one for one in _AMOUNTS if one in lines[0]]
            found |= {name, *(f"{_SUMS[name]}.{column}" for column in columns)}
        return frozenset(found)


def _printed_of(piece: Comparison, catalogue: Catalogue) -> _Printed:
    keys: dict[str, tuple[str, ...] | None] = {}
    lines: dict[str, Sequence[Mapping[str, str]]] = {}
    unread: list[tuple[Slot, str]] = []
    for slot, name, text in printed_lists(piece, (*_LISTS, *_YEARS)):
        elements = _elements(piece, slot, text, name, catalogue)
        of = [(_key(one, name, catalogue), one) for one in elements or ()]
        strange = [" ".join(one.values()) for key, one in of if key is None] or ([""] if elements is None else [])
        unread += [(slot, text) for text in strange]
        chosen = {key for key, _ in of}
        keys[name] = None if strange else tuple(key for key in catalogue.services if key in chosen)
        if name in _YEARS and elements is not None:
            lines[name] = elements
    unread += _unsold(piece, catalogue)
    services = keys.get("services", keys.get("lignes"))
    return _Printed(services, keys.get("traitements"), lines, unread)


def _unsold(piece: Comparison, catalogue: Catalogue) -> Iterator[tuple[Slot, str]]:
    """The controls that name the services chosen, in a row, and say something else than the catalogue's."""
    label = "|".join(re.escape(fold(one.libelle)) for one in catalogue.services.values())
    for address, slot in piece.template.slots.items():
        text = " ".join(piece.values.get(address, "").split())
        alone = _LABELS.fullmatch(piece.template.folder.source_of(address) or "")
        if (
            alone
            and text
            and not slot.shows_prompt(text)
            and not re.fullmatch(f"(?:(?:^| )(?:{label})(?= |$))+", fold(text))
        ):
            yield slot, text[:_LONGEST]


def _elements(
    piece: Comparison, slot: Slot, text: str, name: str, catalogue: Catalogue
) -> Sequence[Mapping[str, str]] | None:
    """The elements of a section: whatever they say where something parts their values, else the catalogue's."""
    assert slot.items is not None
    if piece.returned.is_word or name == "traitements":
        found = slot.items.split(text, on_paper=not piece.returned.is_word)
        return found and [{name: " ".join(value.split())[:_LONGEST] for name, value in one.items()} for one in found]
    return elements_of(slot, text, name, catalogue)


def _key(element: Mapping[str, str], name: str, catalogue: Catalogue) -> str | None:
    """The service that an element of a list is about; of a line of prices, only if the catalogue has that price."""
    if name in _YEARS:
        made = _made(element, catalogue, _YEARS[name])
        return made[0].service if made else None
    return catalogue.keys.get(fold(" ".join(element.get("libelle", "").split())))


# --- What the catalogue makes of it, and what it makes of itself -------------------------------------------


def _words(said: _Printed, catalogue: Catalogue, *, by_tariff: bool) -> dict[str, Any]:
    """What expressions say of the contribution that a piece prints.

    Args:
        said: what the piece prints.
        catalogue: the services and their prices.
        by_tariff: are the amounts those of the catalogue, where it makes any? Else they are the printed ones, added up.
    """
    years = []
    for name, year in _YEARS.items():
        printed_lines = said.lines.get(name, ())
        made = tuple(_priced(one, catalogue, year) if by_tariff else _as_printed(one) for one in printed_lines)
        years.append(Year(made, total(made)))
    chosen = said.services if said.services is not None else said.treated or ()
    return contribution_words(Contribution(chosen, *years), catalogue)


def _priced(said: Mapping[str, str], catalogue: Catalogue, year: int) -> Line:
    """What the catalogue makes of a printed line: of several prices that of which it makes the same, else the first.

    The line as it is printed, where it makes nothing of it.
    """
    made = _made(said, catalogue, year)
    amounts = {name: _number(said[name]) for name in _AMOUNTS if name in said}
    same = (one for one in made if all(getattr(one, name) == amount for name, amount in amounts.items()))
    return next(same, made[0] if made else _as_printed(said))


def _made(said: Mapping[str, str], catalogue: Catalogue, year: int) -> list[Line]:
    """The lines that the catalogue makes of what a printed one went by, one for each price that it may be of."""
    candidates, parts = priced_by(said, catalogue)
    found = []
    for key, price in candidates:
        known = {base: number for base, _, number in known_numbers(price, parts)}
        if set(price.base) - {"forfait"} <= known.keys() and all(number <= MOST for number in known.values()):
            with suppress(OnQuotationError):
                found.append(line(catalogue, key, price, known, year))
    return found


def _as_printed(said: Mapping[str, str]) -> Line:
    """A line as it is printed, but with VAT for what it is without and the VAT."""
    ht, tva, ttc = (_number(said.get(name, "")) for name in _AMOUNTS)
    whole = ht + tva if {"ht", "tva"} <= said.keys() else ttc
    return Line("", said["libelle"], said.get("calcul", ""), ht, tva, whole, None, None, "")


def _number(text: str) -> Decimal:
    digits = re.sub(r"[^\d,−-]", "", text).replace("−", "-").replace(",", ".")
    try:
        amount = Decimal(digits or 0)
    except InvalidOperation:  # two commas, a sign amid the digits
        return Decimal(0)
    return amount if abs(amount) <= MOST else Decimal(0)


class _Wanted(NamedTuple):
    """What a piece must say, and the addresses at which it does not."""

    expected: Expected
    differing: list[str]


def _held_against(piece: Comparison, words: Mapping[str, Any], known: frozenset[str], catalogue: Catalogue) -> _Wanted:
    """A piece beside what some words of ``contribution`` make of its controls."""
    template, context = piece.template, {"contribution": words, "catalogue": catalogue_words(catalogue)}
    values = {
        address: _value(expression(context))
        for address, expression in template.folder.manifest.controles.items()
        if _used(expression) and _used(expression) <= known and expression.names <= context.keys()
    }
    expected = Expected.of("", "", printed(template, values, controls_of(template)))
    return _Wanted(expected, differing_values(piece, expected))


def _value(value: Any) -> Any:
    return number_text(value) if isinstance(value, Decimal) else value


def _used(expression: Expression) -> frozenset[str]:
    """The words of ``contribution`` that an expression takes: ``services``, ``total.ttc``."""
    members = expression.members("contribution")
    sums = {name: expression.members(f"contribution.{name}") for name in members & set(_SUMS.values())}
    return frozenset({*(members - sums.keys()), *(f"{name}.{one}" for name, ones in sums.items() for one in ones)})


def _read(piece: Comparison, catalogues: Sequence[Catalogue]) -> tuple[_Printed, Catalogue, _Wanted]:
    """What a piece prints and what the catalogue makes of that, of several the one to which it is nearest."""
    tried = []
    for catalogue in catalogues:
        said = _printed_of(piece, catalogue)
        words = _words(said, catalogue, by_tariff=True)
        tried.append((said, catalogue, _held_against(piece, words, said.known, catalogue)))
    return min(tried, key=lambda one: len(one[0].unread) + len(one[2].differing))


def _catalogues(template: TemplatePattern, templates: Iterable[TemplatePattern]) -> list[Catalogue]:
    """The catalogue of a template, then those of its other versions; none where it prints nothing of any.

    Args:
        template: of one piece.
        templates: all that are known, with what they have replaced.
    """
    if not any("contribution" in expression.names for expression in template.folder.manifest.controles.values()):
        return []

    def versions(one: TemplatePattern) -> Path:
        folder = one.folder.folder
        return folder.parent.parent if folder.parent.name == EARLIER else folder

    same = (one for one in templates if one.folder.key == template.folder.key and versions(one) == versions(template))
    found = [one.folder.catalogue for one in (template, *same) if one.folder.catalogue is not None]
    return list({id(one): one for one in found}.values())


# --- What is told ------------------------------------------------------------------------------------------


def contribution_problems(piece: Comparison, templates: Sequence[TemplatePattern], today: date) -> Iterator[Problem]:
    """What a piece says of services and prices and cannot be, or cannot be vouched for.

    Args:
        piece: beside its template.
        templates: all that are known, with what they have replaced.
        today: the day that dates are judged by.

    Yields:
        An error where the piece contradicts itself; a warning where the catalogue says otherwise, for it may have
        changed since.
    """
    catalogues = _catalogues(piece.template, templates)
    if not catalogues or says_a_page_twice(piece):  # which is told
        return
    said, catalogue, by_tariff = _read(piece, catalogues)
    for slot, text in said.unread:
        what = f"« {text} » n’est pas de ce catalogue" if text else "ce qui s’y trouve ne se lit pas avec ce catalogue"
        message = f"{slot.label} : {what}, et n’a pas pu être comparé."
        yield Problem("not-reproduced", message, _ASIDE, slot.address, text, severity=Severity.WARNING)
    amounts = said.known - set(_OF_CHOICE)
    by_itself = _held_against(piece, _words(said, catalogue, by_tariff=False), amounts, catalogue)
    contradicted = by_itself.differing
    nearest = by_itself if contradicted and len(contradicted) < len(by_tariff.differing) else by_tariff
    slots, amounts_at = piece.template.slots, by_itself.expected.values.keys()
    told = [a for a in nearest.differing if contradicted or a not in amounts_at or slots[a].items]  # sums follow lines
    yield from _differences(piece, told, nearest.expected, amounts_at if contradicted else (), catalogue)
    yield from _population(piece, said, today)


def _differences(
    piece: Comparison, differing: Sequence[str], wanted: Expected, wrong: Container[str], catalogue: Catalogue
) -> Iterator[Problem]:
    """The values that are not what the rest of the piece, or the catalogue, makes of them.

    Args:
        piece: beside its template.
        differing: the addresses of these values.
        wanted: what they should be.
        wrong: the addresses of those that cannot be; of the others, the catalogue may have changed.
        catalogue: which knows what may stand there.
    """
    lists = {slot.address: name for slot, name, _ in printed_lists(piece, (*_LISTS, *_YEARS))}

    def elements(slot: Slot, text: str) -> Sequence[Mapping[str, str]] | None:
        return _elements(piece, slot, text, lists.get(slot.address, ""), catalogue)

    for label, address, was, found in told_apart(piece, differing, wanted, elements):
        if address in wrong:
            message = f"{label} : « {was} » → « {found} »"
            hint = "Les autres montants du document, ou son tarif, donnent le premier : vérifiez qui l’a changé."
            yield Problem("altered-value", message, hint, address, found)
        else:
            message = f"{label} : le document dit « {found} » ; d’après le catalogue, ce serait « {was} »."
            hint = f"La ligne a été changée, ou le catalogue l’a été depuis. {_ASIDE}"
            yield Problem("not-reproduced", message, hint, address, found, severity=Severity.WARNING)


_INHABITANTS = re.compile(r"(\d[\d\s]*)habitants?\s*\(population\s+(\w+)\s+(\d+)\)")


def _population(piece: Comparison, said: _Printed, today: date) -> Iterator[Problem]:
    """A population by which a price went, and that is not the one that the register has of this adherent."""
    given = {
        int(re.sub(r"\s", "", number))
        for lines in said.lines.values()
        for one in lines
        for number, nature, year in _INHABITANTS.findall(one.get("calcul", ""))
        if (nature, int(year)) == POPULATION
    }
    known = _inhabitants(named_in(piece), Register.open(), today) if given else set()
    for number in sorted(given - known if known else ()):
        (nature, year), other = POPULATION, " ou ".join(short_number(Decimal(one)) for one in sorted(known))
        message = f"Le prix est celui de {short_number(Decimal(number))} {plural(number, 'habitant')} ; "
        message += f"la population {nature} {year} "
        message += f"de cet adhérent, au répertoire, est de {other}."
        yield Problem("population-mismatch", message, _ASIDE, value=str(number), severity=Severity.WARNING)


def _inhabitants(name: str, register: Register, today: date) -> set[int]:
    """How many inhabitants the adherents of a name have, as far as the register knows."""
    if not name:
        return set()
    data = extract({"designation": name}, register, NOWHERE, today).data
    forme, nom = data.get("forme"), str(data.get("nom", ""))
    if forme in EPCI_TYPES:
        found = (register.population_of_epci(one.siren) for one in register.epci_by_name(nom))
        return {number for number in found if number is not None}
    communes = register.by_name(nom) if forme in {"commune", "commune-nouvelle"} else ()
    return {one.population for one in communes if one.population is not None}


def contribution_said(
    piece: Comparison, templates: Sequence[TemplatePattern], shared: Mapping[str, Expression]
) -> dict[str, str]:
    """What follows from the services and amounts that a piece prints, and that other pieces say too.

    Args:
        piece: beside its template.
        templates: as for `contribution_problems`.
        shared: by how it is called, an expression that other pieces print.

    Returns:
        What each of these would print; the services chosen, and those whose personal data are told.
    """
    catalogues = _catalogues(piece.template, templates)
    if not catalogues:
        return {}
    said, catalogue, _ = _read(piece, catalogues)
    words = _words(said, catalogue, by_tariff=False)
    if _held_against(piece, words, said.known - set(_OF_CHOICE), catalogue).differing:
        return {}  # it contradicts itself, which is told
    told = {
        name: str(_value(expression({"contribution": words})))
        for name, expression in shared.items()
        if expression.names == {"contribution"} and _used(expression) <= said.known
    }
    for name in {"services", "traitements"} & said.known:
        told[name] = ", ".join(one["libelle"] for one in words[name])
    return told
