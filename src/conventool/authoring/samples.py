"""Adherents of every kind, to try a template on: invented people, real communes, every word that must agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from conventool.adherent.adherent import Adherent, read_adherent
from conventool.adherent.kinds import KINDS, Kind
from conventool.adherent.needs import Chosen, Needs
from conventool.authoring.field_samples import example_row, field_samples
from conventool.catalogue.contribution import Contribution, contribution_of
from conventool.catalogue.tariff import Catalogue
from conventool.catalogue.words import contribution_words
from conventool.core.errors import UnreadableError
from conventool.core.problems import Problem, Severity
from conventool.core.row import Row, Value
from conventool.register.communes import Register
from conventool.sources.yaml_file import read_yaml, yaml_text
from conventool.template.data import DataReader
from conventool.template.fields import Champ, FieldValue
from conventool.template.folder import TemplateFolder
from conventool.template.manifest import Manifest

__all__ = ["EXAMPLE", "FOLDER", "Sample", "example_data", "own_samples", "samples_for"]

FOLDER = "exemples"
"""Folder of a template that may hold YAML files of its own adherents to try."""

EXAMPLE = f"{FOLDER}/exemple.yaml"
"""The one that ``adopt`` writes."""

_DAY = date(2026, 4, 1)  # what is checked must not depend on the day it is checked
_DECISION: Mapping[str, Value] = {"date": "2026-03-01"}
_SEAT: Mapping[str, Value] = {
    "adresse": "4 place du Général-de-Gaulle",
    "code_postal": "59280",
    "commune": "Armentières",
}
_PEOPLE: tuple[Mapping[str, Value], ...] = (
    {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN"},
    {"civilite": "Monsieur", "prenom": "Paul", "nom": "DELATTRE"},
)
# one commune for each way of linking a name: de, d’, du / au, de La / à La, des / aux, de L’ / à L’
_COMMUNES = {
    "59299": "59510",
    "59017": "59280",
    "59481": "59530",
    "59368": "59110",
    "62043": "62730",
    "59006": "59144",
}
_HEM, _ARMENTIERES = "59299", "59017"


@dataclass(frozen=True, slots=True)
class Sample:
    """An adherent to try.

    Attributes:
        name: what makes it different, in French.
        adherent: complete and resolved; None for a template that asks for none.
        usual: are all its words those of its kind, so that lists must offer them?
        champs: the values of the template's own fields.
        contribution: what it chose in the template's catalogue, and pays, as expressions say it.
    """

    name: str
    adherent: Adherent | None
    usual: bool = True
    champs: Mapping[str, FieldValue] = field(default_factory=dict)
    contribution: Mapping[str, Any] = field(default_factory=dict)


@cache  # a command may check many templates, and a template many times
def samples() -> tuple[Sample, ...]:
    """The adherents to try any template on.

    Every kind with each of its titles, in both genders, with each of its bodies; every link to a commune's name; both
    ways of renewal; a delegation.
    """
    register = Register.open()
    found = []
    for usual, given in ((True, _usual()), (False, _unusual())):
        for name, values in given:
            adherent, problems = read_adherent(Row(values), register, today=_DAY)
            assert adherent is not None, f"{name} : {problems}"
            found.append(Sample(name, adherent, usual))
    return tuple(found)


def example_data(champs: Mapping[str, Champ], *, adherent: bool) -> str:
    """A data file for a template: an invented adherent, if it asks for one, and a value for each of its own fields.

    Args:
        champs: as its manifest declares them.
        adherent: does it ask for an adherent?
    """
    given: dict[str, Value] = {**_commune(_ARMENTIERES), "representant": _PEOPLE[0]} if adherent else {}
    given |= example_row(champs)
    dumped = yaml_text(given)
    return f"# Un exemple de données pour ce modèle, inventé : à copier, puis à corriger.\n{dumped}"


def samples_for(template: TemplateFolder) -> Iterator[Sample]:
    """What to try a template on: the adherents, if it asks for one; and its own fields with each of their values.

    Of a template with a catalogue they choose all services that have a price for them.
    """
    by_kind: dict[str, dict[str, Any]] = {}
    register = Register.open()
    for sample in _samples_for(template.manifest):
        adherent, catalogue = sample.adherent, template.catalogue
        if catalogue is None or adherent is None:
            yield sample
            continue
        if adherent.forme not in by_kind:
            by_kind[adherent.forme] = _contribution(adherent, catalogue, register)
        yield replace(sample, contribution=by_kind[adherent.forme])


def _contribution(adherent: Adherent, catalogue: Catalogue, register: Register) -> dict[str, Any]:
    chosen = []
    for key in catalogue.services:
        for quantity in (None, "12"):
            one = Chosen(key, quantity, ("services",))
            if _reckoned(adherent, [one], catalogue, register):
                chosen.append(one)
    return contribution_words(_reckoned(adherent, chosen, catalogue, register), catalogue)


def _reckoned(
    adherent: Adherent, chosen: Sequence[Chosen], catalogue: Catalogue, register: Register
) -> Contribution | None:
    needs = Needs(tuple(chosen), {"municipale": 860, "totale": 876}, 12)
    return contribution_of(adherent._replace(besoins=needs), catalogue, register, Row({}), _DAY)[0]


def _samples_for(manifest: Manifest) -> Iterator[Sample]:
    first, *others = field_samples(manifest.champs)
    if not manifest.adherent:
        yield from (Sample(name, None, champs=champs) for name, champs in (first, *others))
        return
    adherents = samples()
    yield from (replace(sample, champs=first[1]) for sample in adherents)
    yield from (replace(adherents[0], name=name, champs=champs) for name, champs in others)


def own_samples(template: TemplateFolder) -> Iterator[Sample | Problem]:
    """The adherents of a template's own, in ``exemples/*.yaml``; for one that is not sound, its problems."""
    reader = DataReader.of(template, Register.open(), _DAY)
    for path in sorted((template.folder / FOLDER).glob("*.yaml")):
        try:
            rows = list(read_yaml(path))
        except UnreadableError as error:
            yield from error.problems
            continue
        for row in rows:
            data, problems = reader.read(row)
            if data is None:
                yield from (problem for problem in problems if problem.severity is Severity.ERROR)
            else:
                yield Sample(path.name, data.adherent, False, data.champs, data.contribution)


def _usual() -> Iterator[tuple[str, dict[str, Value]]]:
    for kind in KINDS.values():
        for titles in kind.executives:
            for body in kind.bodies:
                for person, title in zip(_PEOPLE, reversed(titles), strict=True):
                    name = f"{kind.key}, {title} ({person['civilite']})"
                    yield name, _of_kind(kind, {**person, "fonction": title}, body)
    for code in _COMMUNES:
        yield f"commune {code}", {**_commune(code), "representant": _PEOPLE[0]}
    for renewal in ("tacite", "expresse"):
        values = {**_commune(_HEM), "representant": _PEOPLE[1], "reconduction": renewal}
        yield f"reconduction {renewal}", values


def _unusual() -> Iterator[tuple[str, dict[str, Value]]]:
    """Words that the data give, and that no list can foresee."""
    delegation = {"texte": "Pour le Maire et par délégation", "arrete": "2026-12", "date": "2026-03-02"}
    deputy: dict[str, Value] = {**_PEOPLE[0], "fonction": "Adjointe au Maire", "delegation": delegation}
    yield "commune, délégation de signature", {**_commune(_ARMENTIERES), "representant": deputy}
    other: dict[str, Value] = {
        **_SEAT,
        "forme": "autre",
        "appellation": "Le Groupement d’intérêt public",
        "nom": "Exemple numérique",
        "article": "",
        "representant": {**_PEOPLE[1], "fonction": "Directeur"},
        "decision": {**_DECISION, "organe": "de l’assemblée générale"},
    }
    yield "autre forme", other


def _of_kind(kind: Kind, person: Mapping[str, Value], body: str) -> dict[str, Value]:
    is_commune = kind.key in {"commune", "commune-nouvelle"}
    named = _commune(_ARMENTIERES) if is_commune else {**_SEAT, "nom": "Exemple", "article": ""}
    return {**named, "forme": kind.key, "representant": person, "decision": {**_DECISION, "organe": body}}


def _commune(code: str) -> dict[str, Value]:
    return {
        "forme": "commune",
        "code_insee": code,
        "adresse": _SEAT["adresse"],
        "code_postal": _COMMUNES[code],
        "decision": _DECISION,
    }
