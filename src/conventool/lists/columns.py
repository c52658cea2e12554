"""What a template asks for, as the columns of a list: how each is called, what its cells take, who must fill it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from conventool.adherent.fields import ABOUT, CHOICES, FIELDS, REQUIRED
from conventool.adherent.kinds import KINDS, find_kind
from conventool.catalogue.tariff import Catalogue, Service
from conventool.sources.headers import EXAMPLES
from conventool.sources.own_columns import OwnColumns
from conventool.template.data import own_columns
from conventool.template.field_values import label, shown
from conventool.template.fields import Champ
from conventool.template.folder import TemplateFolder
from conventool.text.dates import date_or_none

__all__ = ["COMMUNAL", "Check", "Column", "Need", "column_of", "columns_of", "is_read", "kind_words", "needed_by"]


class Need(StrEnum):
    """Whether a column must be filled; the value is what the workbook says above it."""

    ALWAYS = "obligatoire"
    SOMETIMES = "selon le cas"
    NEVER = "facultatif"


class Check(NamedTuple):
    """What a spreadsheet lets be typed in a column.

    Attributes:
        kind: ``texte``, ``code``, ``code-postal``, ``commune``, ``date``, ``entier``, ``nombre`` or ``choix``.
        choices: of a ``choix``.
        only: may nothing else be typed?
        least: the least number, day or length.
        most: the greatest.
    """

    kind: str
    choices: tuple[str, ...] = ()
    only: bool = True
    least: Any = None
    most: Any = None


class Column(NamedTuple):
    """A column of a list.

    Attributes:
        field: path of the field that it holds: ``representant.nom``, ``lignes.1.quoi``.
        header: as lists are read by it.
        about: what it is, in French.
        example: a value.
        need: whether it must be filled.
        when: in which cases, where that depends; or what is taken where it is empty.
        check: what may be typed.
        shown: does the row of examples have it?
    """

    field: str
    header: str
    about: str
    example: str
    need: Need = Need.NEVER
    when: str = ""
    check: Check = Check("texte")
    shown: bool = False


def columns_of(template: TemplateFolder) -> tuple[list[Column], OwnColumns]:
    """The columns that a list for a template has, in their order; and what headers mean to it.

    Raises:
        TemplateError: its catalogue is not sound.
    """
    manifest = template.manifest
    catalogue = template.catalogue if manifest.adherent else None
    own = own_columns(manifest, catalogue)
    asked = [column for name, champ in manifest.champs.items() for column in _own(name, champ, own)]
    if not manifest.adherent:
        return [one for one in asked if is_read(one, own)], own
    services = list(_services(catalogue, own)) if catalogue else []
    hidden = _NOT_OFFERED | manifest.champs.keys()
    wanted = [path for path in FIELDS if path not in hidden and (catalogue or path not in _OF_PRICES)]
    wanted += _populations(catalogue) if catalogue else []
    first = [column_of(path, own) for path in _FIRST if path in wanted]
    then = [column_of(path, own) for path in _THEN if path in wanted]
    rest = [column_of(path, own) for path in wanted if path not in {*_FIRST, *_THEN}]
    return [one for one in (*first, *asked, *services, *then, *rest) if is_read(one, own)], own


def is_read(column: Column, own: OwnColumns) -> bool:
    """Whether lists can give its field: a field of the template may have the only headers of another one."""
    meaning = own.meaning_of(column.header)
    return meaning is not None and meaning.fields == (column.field,)


def column_of(path: str, own: OwnColumns) -> Column:
    """The column of any field of an adherent, or of a template's own, that a list gives."""
    about, example = ABOUT.get(path, (path, ""))
    need = Need.ALWAYS if path in REQUIRED else Need.SOMETIMES if path in _WHEN else Need.NEVER
    return Column(
        path, _header(path, (EXAMPLES.get(path, path), path.replace(".", "_")), own), about[0].upper() + about[1:],
        _EXAMPLE.get(path) or _as_typed(example), need, _WHEN.get(path, _DEFAULTS.get(path, "")), _check(path),
        shown=path in REQUIRED or path in _ALSO_SHOWN,
    )  # fmt: skip


# --- The fields of an adherent -----------------------------------------------------------------------------

_FIRST = (
    "forme", "nom", "commune", "adresse", "code_postal", "representant.civilite", "representant.prenom",
    "representant.nom", "representant.fonction", "decision.date", "decision.numero", "decision.organe", "reconduction",
    "courriel", "telephone",
)  # fmt: skip
"""Those that most adherents have, as one thinks of them."""
_THEN = (
    "decision.recue_le",
    "population_municipale", "population_totale", "agents", "siret", "facturation.siret", "facturation.code_service",
    "facturation.numero_engagement", "representant.delegation.texte", "representant.delegation.arrete",
    "representant.delegation.date",
)  # fmt: skip
"""Those after the template's own and its services."""
_NOT_OFFERED = {"code_insee", "services", "population", "population_municipale", "population_totale"}
"""Fields that others give better: a commune is chosen, each service has its column, a price says which population."""
_OF_PRICES = {"agents", "facturation.siret", "facturation.code_service", "facturation.numero_engagement"}
"""Fields that nothing needs where there are no prices."""
_ALSO_SHOWN = {"commune", "code_postal", "decision.numero"}
_EXAMPLE = {"forme": "Commune", "commune": "Armentières (59017)", "genre": "f"}

COMMUNAL = frozenset({"commune", "commune-nouvelle", "ccas", "caisse-des-ecoles"})
"""Kinds whose name is that of their commune."""

_WHEN = {
    "nom": (
        "Sauf pour une commune, un CCAS ou une caisse des écoles, qui ont celui de leur commune ; le SIREN d’une "
        "intercommunalité en tient lieu."
    ),
    "commune": "Toujours, sauf si le nom est déjà celui de la commune (commune, CCAS, caisse des écoles).",
    "code_postal": "Si la commune en a plusieurs ; sinon, il est celui du répertoire.",
    "representant.fonction": "Pour la forme « autre » et pour qui signe par délégation ; sinon, son exécutif.",
    "representant.delegation.texte": "Pour la forme « autre », si la signature est déléguée.",
    "representant.delegation.arrete": "Pour qui signe par délégation.",
    "representant.delegation.date": "Pour qui signe par délégation.",
    "decision.organe": "Pour la forme « autre » ; sinon, celui de la forme.",
    "appellation": "Pour la forme « autre ».",
    "genre": "Pour la forme « autre », si l’appellation commence par « L’ ».",
    "article": "Pour la forme « autre ».",
    "agents": "Si un service choisi en dépend.",
    **dict.fromkeys(
        ("population_municipale", "population_totale"),
        "Si un service choisi en dépend, et que le répertoire ne la connaît pas.",
    ),
}  # fmt: skip
"""When a field must be given that not everybody must give."""
_DEFAULTS = {
    "reconduction": "À défaut, celle du modèle.",
    **dict.fromkeys(
        ("protection.dpo", "protection.violations", "protection.sort"), "À défaut, sa place reste à remplir à la main."
    ),
    "facturation.siret": "À défaut, le SIRET de l’adhérent.",
    "annexes": "Chemins de fichiers PDF, à partir du dossier de ce classeur, séparés par « ; ».",
    **dict.fromkeys(
        ("signatures.fibre", "signatures.cdg59", "signatures.collectivite"), "Seulement si elle est déjà connue."
    ),
}

_NEEDED_BY: Mapping[str, frozenset[str]] = {
    "nom": frozenset(KINDS) - COMMUNAL,
    "commune": frozenset(KINDS) - COMMUNAL,
    **dict.fromkeys(
        ("appellation", "article", "representant.fonction", "decision.organe"), frozenset({"autre"})
    ),
}  # fmt: skip


def needed_by(kind: str) -> tuple[str, ...]:
    """The fields that a kind of adherent must give, besides those that all must; of a commune, see `COMMUNAL`."""
    return tuple(path for path, kinds in _NEEDED_BY.items() if kind in kinds)


def kind_words(key: str) -> str:
    """A kind of adherent as people choose it: « Communauté de communes »."""
    words = KINDS[key].label.removeprefix("Le ").removeprefix("La ").removeprefix("L’")
    if not words or find_kind(words) != KINDS[key]:
        words = key.replace("-", " ")
    return words[0].upper() + words[1:]


def _check(path: str) -> Check:
    if path in _CHOICES:
        return Check("choix", _CHOICES[path], only=path not in _SUGGESTED)
    if path in {"commune", "code_postal"}:
        return Check(path.replace("_", "-"))
    if _DAY.fullmatch(ABOUT.get(path, ("", ""))[1]):
        return Check("date", least=_FIRST_DAY)
    if path.startswith("population") or path == "agents":
        return Check("entier", least=0)
    return Check("code" if path in _CODES else "texte")


_CHOICES = {
    "forme": tuple(map(kind_words, KINDS)),
    **CHOICES,
    "article": ("de", "d’", "du", "de la", "de l’", "des"),
    "decision.organe": tuple(dict.fromkeys(body for kind in KINDS.values() for body in kind.bodies)),
}
_SUGGESTED = {"article", "decision.organe"}
"""Fields whose choices are the usual ones: others are typed."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
"""The example of a field that holds a date."""
_FIRST_DAY = date(1990, 1, 1)
_CODES = {"siret", "facturation.siret", "code_insee", "decision.numero", "representant.delegation.arrete",
          "facturation.code_service", "facturation.numero_engagement", "telephone"}  # fmt: skip
"""Fields that a spreadsheet would take for a number or a date."""


def _as_typed(example: str) -> str:
    """An example with its date as a French spreadsheet writes it."""
    day = date_or_none(example)
    return f"{day:%d/%m/%Y}" if day else example


def _header(path: str, wished: Iterable[str], own: OwnColumns) -> str:
    """The first of some headers by which lists are read so; the path itself where others of the template hide it."""
    known = (header for header in wished if (meaning := own.meaning_of(header)) and meaning.fields == (path,))
    return next(known, path)


# --- The catalogue -----------------------------------------------------------------------------------------


def _services(catalogue: Catalogue, own: OwnColumns) -> Iterator[Column]:
    """A column for each service: whether it is chosen, or how much of it."""
    for key, service in catalogue.services.items():
        counted = _units(service)
        when = f"Combien, en {counted[0]}, s’il est choisi." if counted else "« oui » s’il est choisi."
        mixed = counted and any("quantite" not in price.base for price in service.prix)
        check = Check("texte") if mixed else Check("nombre", least=0) if counted else Check("choix", ("oui", "non"))
        header = _header(f"services.{key}", (service.libelle, key), own)
        example = "50" if counted else "oui"
        yield Column(f"services.{key}", header, f"Service : {service.libelle}", example, when=when, check=check)


def _units(service: Service) -> list[str]:
    """What a service is counted in, for each of its prices that counts."""
    return [price.unite or "unités" for price in service.prix if "quantite" in price.base]


def _populations(catalogue: Catalogue) -> list[str]:
    """The populations that prices go by."""
    which = [
        price.population or catalogue.population
        for service in catalogue.services.values()
        for price in service.prix
        if "population" in price.base
    ]
    return list(dict.fromkeys(f"population_{one.nature}" for one in which if one))


# --- The fields of the template's own ----------------------------------------------------------------------

_ELEMENTS = 3
"""Of a list, those that have their columns, if it may have so many."""


def _own(name: str, champ: Champ, own: OwnColumns) -> Iterator[Column]:
    if champ.type != "liste":
        header = _header(name, (label(name, champ), name), own)
        yield _of_champ(name, header, label(name, champ), champ, required=champ.required)
        return
    least = champ.min if champ.min is not None else int(champ.required)
    offered = max(least, _ELEMENTS if champ.max is None else min(_ELEMENTS, champ.max))
    elements = [column for number in range(1, offered + 1) for column in _element(name, champ, number, least)]
    if all(is_read(column, own) for column in elements):
        yield from elements
    else:  # their words mean something else, as where the name of the list holds a number
        yield from (column._replace(header=column.field.replace(".", " ")) for column in elements)


def _element(name: str, champ: Champ, number: int, least: int) -> Iterator[Column]:
    """The columns of one element of a list, of which some are required."""
    for inner, one in champ.champs.items():
        header = f"{label(name, champ)} {number} {label(inner, one)}"
        about = f"{label(name, champ)}, élément {number} : {label(inner, one)}"
        column = _of_champ(f"{name}.{number}.{inner}", header, about, one, required=one.required and number <= least)
        if one.required and number > least:
            column = column._replace(need=Need.SOMETIMES, when=f"Si l’élément {number} est rempli.")
        yield column._replace(shown=number <= max(least, 1))


def _of_champ(path: str, header: str, about: str, champ: Champ, *, required: bool) -> Column:
    default = f"À défaut : « {shown(champ.defaut)} »." if champ.defaut is not None else ""
    kind = {"oui-non": "choix", "montant": "nombre"}.get(champ.type, champ.type)
    choices = ("oui", "non") if champ.type == "oui-non" else champ.choix
    check = Check(kind, choices, least=champ.min, most=champ.max)
    example = _as_typed(champ.example) if champ.type == "date" else champ.example
    need = Need.ALWAYS if required else Need.NEVER
    return Column(path, header, about, example, need, default, check, shown=True)
