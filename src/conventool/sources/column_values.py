"""What the values of a column say that it holds, where its header does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from conventool.adherent.kinds import find_kind, split_kind
from conventool.adherent.split_cells import decision_of, split_cell, town_of
from conventool.text.dates import date_or_none
from conventool.text.french import fold

__all__ = ["AMBIGUOUS", "BY_VALUES", "PERSONS", "mostly", "whole_names"]

Fits = Callable[[str], object]


def mostly(sample: Sequence[str], fits: Fits, share: float = 0.8) -> bool:
    """Whether a share of the values of a column fit, of at least one."""
    values = [value for value in sample if value]
    return bool(values) and sum(bool(fits(value)) for value in values) >= share * len(values)


def _is_civility(text: str) -> bool:
    return fold(text).split(" ")[0] in {"m", "mr", "mme", "mlle", "madame", "monsieur", "mademoiselle"}


def _is_date(text: str) -> bool:
    return not text.isdigit() and date_or_none(text) is not None


def _is_siret(text: str) -> bool:
    from stdnum.fr import siren, siret  # noqa: PLC0415 (only for columns that nobody knows)

    digits = "".join(text.split())
    return digits.isdigit() and (siret.is_valid(digits) or siren.is_valid(digits))


def _is_person(text: str) -> bool:
    return _is_civility(text) and bool(split_cell(_PERSON_FIELDS, text))


def whole_names(sample: Sequence[str]) -> str | None:
    """The header of a column of whole names, « Madame Anne DURAND », whose own header says « Nom » alone.

    Capitals tell the surname. Where they stand nowhere, or now before the first name and now behind it, the order of
    the two is not known.
    """
    for header, fits in (("Civilité Prénom NOM", _is_person), ("Prénom NOM", _is_two_names)):
        if mostly(sample, fits, 0.5):
            orders = {found for text in sample if (found := _surname_first(text)) is not None}
            if len(orders) == 1:
                return header if False in orders else header.replace("Prénom NOM", "NOM Prénom")
    return None


def _surname_first(text: str) -> bool | None:
    """Whether the word in capitals comes before the others; None where capitals do not tell."""
    words = [word for word in text.split() if not _is_civility(word)]
    capitals = [len(word) > 1 and word.isupper() for word in words]
    return capitals[0] if any(capitals) and capitals[0] != capitals[-1] else None


def _is_two_names(text: str) -> bool:
    words = text.split()
    some_capitals = any(word.isupper() for word in words) and not all(word.isupper() for word in words)
    return some_capitals and bool(split_cell(_PERSON_FIELDS, text))


_PERSON_FIELDS = ("representant.civilite", "representant.prenom", "representant.nom")
PERSONS = ("Civilité Prénom NOM", "Prénom NOM")
BY_VALUES: Mapping[str, Fits] = {
    "Code postal et ville": lambda text: town_of(text) is not None,
    "Civilité Prénom NOM": _is_person,
    "Civilité": lambda text: _is_civility(text) and len(text.split()) == 1,
    "SIRET": _is_siret,
    "Forme juridique": lambda text: find_kind(text) is not None,
    "Nom de l’adhérent": lambda text: split_kind(text) is not None,
    "Prénom NOM": _is_two_names,
    "Date de délibération": _is_date,
}
"""Headers, and how a value that belongs below them looks; the plainest first."""

AMBIGUOUS: Mapping[tuple[str, ...], Sequence[tuple[Fits, str]]] = {
    ("titre",): ((_is_civility, "civilité"), (str, "fonction")),
    ("deliberation",): (
        (_is_date, "date"),
        (lambda text: decision_of(text) is not None, "numéro et date"),
        (str, "numéro"),
    ),
}
"""The words of headers that may mean several things; how values look of each, and what tells it in a header."""
