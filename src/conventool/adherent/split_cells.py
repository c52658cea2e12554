"""One cell for several fields: « 59280 Armentières », « Mme Jeanne LECOQTEST », « n° 2026-12 du 27/03/2026 ».

The rule for persons: a civilité comes first; of the other words, those in capitals are the name, the others the first
name; where capitals do not tell, the header's order does, of two words only. What no rule parts is not parted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from conventool.text.french import fold

__all__ = ["decision_of", "split_cell", "town_of"]

_POSTAL = r"(?:F-?)?(\d{5}|\d{2} \d{3}|\d{4})"
_POSTAL_FIRST = re.compile(rf"{_POSTAL}[\s,;–-]+(\D.*)", re.IGNORECASE)
_TOWN_FIRST = re.compile(rf"(.*\D)[\s,;(–-]+{_POSTAL}\)?", re.IGNORECASE)
_NUMBER_AND_DATE = re.compile(r"(.*\d\S*?),? (?:en date )?du (\S.*)", re.IGNORECASE)
_CIVILITY = re.compile(r"(mme|madame|m\.|m|mr|monsieur|mlle|mademoiselle)\b\.?(?:\s+|$)", re.IGNORECASE)
_TITLES = frozenset(
    ["maire", "president", "presidente", "adjoint", "adjointe", "directeur", "directrice", "conseiller", "conseillere"]
)
"""Words that are no one's name where a cell says who signs: « M. le Maire »."""

_PARTICLES = frozenset(["de", "du", "des", "d", "la", "le", "les", "van", "von", "der", "den", "ten"])


def split_cell(fields: Sequence[str], text: str) -> Mapping[str, str] | None:
    """Part a cell between the fields that its column holds.

    Args:
        fields: paths of fields, in the order that the header names them.
        text: the cell.

    Returns:
        By field, its text, and the civilité that stands before a name be it asked or not; None where no rule parts the
        cell.
    """
    if "code_postal" in fields:
        town = town_of(text)
        return dict(zip(("code_postal", "commune"), town, strict=True)) if town else None
    if "decision.date" in fields:
        decision = decision_of(text)
        return dict(zip(("decision.numero", "decision.date"), decision, strict=True)) if decision else None
    civility, words = _without_civility(text)
    parted: tuple[str | None, str] | None
    if "representant.prenom" in fields:
        first = next(field for field in fields if field != "representant.civilite")
        parted = _names(words, name_first=first == "representant.nom")
    else:
        parted = (None, " ".join(words)) if words else None
    if parted is None or any(fold(word) in _TITLES for word in words):
        return None
    found = zip(("representant.civilite", "representant.prenom", "representant.nom"), (civility, *parted), strict=True)
    return {field: value for field, value in found if value and field in {"representant.civilite", *fields}}


def town_of(text: str) -> tuple[str, str] | None:
    """The postal code and the town in a text, whichever comes first; None where there are not both."""
    text = " ".join(text.split())
    if found := _POSTAL_FIRST.fullmatch(text):
        return found[1], found[2]
    if found := _TOWN_FIRST.fullmatch(text):
        return found[2], found[1].strip(" ,;(–-")
    return None


def decision_of(text: str) -> tuple[str, str] | None:
    """The number and the date in « n° 2026-12 du 27/03/2026 »; None where there are not both."""
    found = _NUMBER_AND_DATE.fullmatch(" ".join(text.split()))
    return (found[1], found[2]) if found else None


def _without_civility(text: str) -> tuple[str | None, list[str]]:
    """The civilité that a text begins with, and its other words."""
    text = text.strip()
    found = _CIVILITY.match(text)
    return (found[1], text[found.end() :].split()) if found else (None, text.split())


def _names(words: Sequence[str], *, name_first: bool) -> tuple[str, str] | None:
    """The first name and the name in the words of both; None where one cannot tell them apart."""
    capitals = [rank for rank, word in enumerate(words) if _in_capitals(word)]
    if capitals and len(capitals) < len(words):
        first, last = capitals[0], capitals[-1] + 1
        while first > 0 and _is_particle(words[first - 1]):
            first -= 1
        names, others = words[first:last], [*words[:first], *words[last:]]
        if others and (first == 0 or last == len(words)) and all(_in_capitals(w) or _is_particle(w) for w in names):
            return " ".join(others), " ".join(names)
    if len(words) == 2 and not any(map(_is_particle, words)):
        name, other = words if name_first else reversed(words)
        return other, name
    return None


def _in_capitals(word: str) -> bool:
    letters = [letter for letter in re.sub(r"^[dD][’']", "", word) if letter.isalpha()]
    return len(letters) > 1 and all(letter.isupper() for letter in letters)


def _is_particle(word: str) -> bool:
    return word.lower().strip("’'") in _PARTICLES
