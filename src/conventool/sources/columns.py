"""Headers → fields: names of fields, usual French headers, those of the RNE, of La Poste and of INSEE's COG."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from conventool.adherent.fields import FIELDS
from conventool.core.problems import Place, Problem, Severity
from conventool.files.reading import unreadable
from conventool.text.cleaning import repair_mojibake
from conventool.text.french import NBSP, fold
from conventool.text.suggestions import closest, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conventool.core.row import Row

__all__ = ["REASONS", "Columns", "field_of", "read_mapping", "recognise"]

REASONS = "Motifs du rejet"
"""The column that a file of rejects adds, and that is left aside when the file is given back."""

_ALIASES = {
    "forme": "forme juridique, forme de l’adhérent, type d’adhérent, type de collectivité, nature juridique",
    "appellation": "appellation de l’adhérent",
    "code_insee": "code insee, insee, n° insee, code commune, code de la commune, code insee de la commune, "
    "code commune insee, com",
    "nom": "nom de l’adhérent, adhérent, collectivité, nom de la collectivité, structure, nom de la structure, "
    "établissement, nom de l’établissement, dénomination, raison sociale, nom de la commune, nom commune, "
    "libellé de la commune, libellé",
    "article": "mot de liaison",
    "siret": "n° siret, numéro siret, siren, n° siren, numéro siren",
    "adresse": "adresse du siège, adresse postale, adresse de la mairie, siège, rue, voie",
    "code_postal": "cp, code postal du siège",
    "commune": "commune du siège, ville, ville du siège, localité",
    "representant.civilite": "civilité, civilité du représentant, civilité du signataire, civilité du maire, "
    "code sexe, sexe",
    "representant.prenom": "prénom, prénom du représentant, prénom du signataire, prénom du maire, prénom de l’élu",
    "representant.nom": "nom du représentant, nom du signataire, nom du maire, nom du président, nom de l’élu, "
    "nom de famille",
    "representant.fonction": "fonction, qualité, fonction du représentant, qualité du représentant, "
    "fonction du signataire, qualité du signataire",
    "representant.delegation.texte": "formule de délégation, délégation",
    "representant.delegation.arrete": "arrêté, n° d’arrêté, numéro d’arrêté, arrêté de délégation, "
    "n° de l’arrêté, numéro de l’arrêté",
    "representant.delegation.date": "date de l’arrêté, date d’arrêté, date de l’arrêté de délégation",
    "decision.organe": "organe délibérant, organe, assemblée délibérante, instance",
    "decision.date": "date de délibération, date de la délibération, date délibération, date de décision, "
    "date de la décision",
    "decision.numero": "n° de délibération, numéro de délibération, numéro de la délibération, n° délibération, "
    "n° de la délibération, numéro de décision, n° de décision",
    "reconduction": "mode de reconduction, type de reconduction",
    "signatures.fibre": "date de signature de la fibre, date de signature fibre, signature fibre",
    "signatures.cdg59": "date de signature du cdg 59, date de signature cdg 59, signature cdg 59, signature cdg59",
    "signatures.collectivite": "date de signature, date de signature de la collectivité, signature collectivité, "
    "date de signature de l’adhérent",
    "annexes": "annexe, fichiers annexes, annexes de l’adhérent, pièces annexes",
}

_UNUSED = """
    code du département, libellé du département, code de la collectivité à statut particulier,
    libellé de la collectivité à statut particulier, date de naissance, lieu de naissance, code nationalité,
    code de la catégorie socio-professionnelle, libellé de la catégorie socio-professionnelle,
    date de début du mandat, date de début de la fonction, libellé de la fonction, ligne 5,
    libellé d’acheminement, typecom, reg, dep, ctcd, arr, tncc, ncc, nccenr, can, comparent
"""
"""Columns of the official files that no convention needs."""

_OFFICIAL = frozenset(map(fold, ["code de la commune", "code commune insee", "com"]))
"""Headers that only the official lists of communes have."""


def _by_header() -> dict[str, str]:
    found = {fold(path.replace(".", "_")): path for path in FIELDS}
    for path, headers in _ALIASES.items():
        found |= {fold(header): path for header in headers.split(", ")}
    return found


_BY_HEADER = _by_header()
_IGNORED = frozenset(fold(header) for header in (REASONS, *_UNUSED.split(",")))


class Columns(NamedTuple):
    """What the columns of a table hold.

    Attributes:
        fields: for each column, the field it holds; None for one that is left aside.
        defaults: fields that the kind of table implies for every row.
        problems: columns that nobody knows, and what was assumed.
    """

    fields: tuple[str | None, ...]
    defaults: Mapping[str, str]
    problems: tuple[Problem, ...]


def field_of(header: str) -> str | None:
    """Tell which field a header names; accents, case, apostrophes and what stands in brackets are forgiven."""
    header = repair_mojibake(header) or header
    return _BY_HEADER.get(fold(header)) or _BY_HEADER.get(fold(re.sub(r"\(.*?\)|\[.*?\]", "", header)))


def recognise(headers: Sequence[str], place: Place, mapping: Mapping[str, str | None]) -> Columns:
    """Tell which field each column holds.

    Args:
        headers: as written.
        place: the line they stand on.
        mapping: from a header to its field, as the user decided; None to leave the column aside.

    Returns:
        The columns.

    Raises:
        UnreadableError: no column is known, or two hold the same field.
    """
    decided = {fold(header): field for header, field in mapping.items()}
    fields = tuple(decided[fold(header)] if fold(header) in decided else field_of(header) for header in headers)
    if not any(fields):
        hint = f"La première ligne doit nommer les colonnes, par exemple{NBSP}: Code INSEE, Code postal, Civilité."
        raise unreadable("Aucune colonne n’est reconnue.", hint, place)
    _refuse_doubles(headers, fields, place)
    _refuse_whose_name(headers, fields, decided, place)
    problems = [
        _unknown(header, place)
        for header, field in zip(headers, fields, strict=True)
        if field is None and not header.startswith("(") and fold(header) not in _IGNORED | set(decided)
    ]
    problems += [_absent(header, headers, place) for header in mapping if fold(header) not in map(fold, headers)]
    defaults = {}
    if "forme" not in fields and any(fold(header) in _OFFICIAL for header in headers):
        defaults["forme"] = "commune"
        message = "Sans colonne « forme », cette liste est lue comme une liste de communes."
        problems.append(Problem("filled-in", message, field="forme", place=place, severity=Severity.NOTICE))
    return Columns(fields, defaults, tuple(problems))


def _refuse_doubles(headers: Sequence[str], fields: Sequence[str | None], place: Place) -> None:
    for field in dict.fromkeys(field for field in fields if field):
        rivals = [header for header, held in zip(headers, fields, strict=True) if held == field]
        if len(rivals) > 1:
            named = ", ".join(f"« {header} »" for header in rivals)
            message = f"Plusieurs colonnes donnent le champ « {field} » : {named}."
            hint = "Renommez-en une, ou dites laquelle garder dans un fichier « --columns »."
            raise unreadable(message, hint, place)


def _refuse_whose_name(
    headers: Sequence[str], fields: Sequence[str | None], decided: Iterable[str], place: Place
) -> None:
    """Ask back when "Nom" beside "Prénom" may be the person's as well as the adherent's."""
    bare = {fold(header) for header in headers} - set(decided)
    if {"nom", "prenom"} <= bare and "representant.nom" not in fields:
        hint = "Renommez-la « Nom du représentant » ou « Nom de l’adhérent »."
        raise unreadable("La colonne « Nom » peut être le nom de l’adhérent ou celui du représentant.", hint, place)


def _unknown(header: str, place: Place) -> Problem:
    message = f"La colonne « {header} » n’est pas reconnue : elle est laissée de côté."
    hint = did_you_mean(header, [*FIELDS, *(name for names in _ALIASES.values() for name in names.split(", "))])
    column = Place(place.file, place.sheet, place.line, header)
    return Problem("unknown-field", message, hint, value=header, place=column, severity=Severity.WARNING)


def _absent(header: str, headers: Iterable[str], place: Place) -> Problem:
    message = f"Le fichier « --columns » nomme la colonne « {header} », que la table n’a pas."
    hint = did_you_mean(header, headers)
    return Problem("unknown-field", message, hint, value=header, place=place, severity=Severity.WARNING)


def read_mapping(row: Row, *, addresses: bool = False) -> dict[str, str | None]:
    """Check what the user decided of the columns.

    Args:
        row: the only row of a YAML file: from header to field, null to leave a column aside.
        addresses: whether columns hold controls' addresses, which any text may be, in the place of fields.

    Returns:
        From header to the path of a field.

    Raises:
        UnreadableError: what stands for a field is none.
    """
    mapping: dict[str, str | None] = {}
    paths = {path: path for path in FIELDS} | {path.replace(".", "_"): path for path in FIELDS}
    for header, field in row.values.items():
        if field is None or (addresses and isinstance(field, str)):
            mapping[header] = field
        elif isinstance(field, str) and field in paths:
            mapping[header] = paths[field]
        else:
            nearest = closest(field, FIELDS) if isinstance(field, str) else None
            hint = f"Vouliez-vous dire « {nearest} » ?" if nearest else f"Champs possibles : {', '.join(FIELDS)}."
            raise unreadable(f"La colonne « {header} » n’a pas un champ connu.", hint, row.where((header,)))
    return mapping
