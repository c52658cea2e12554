"""What people write of communes: postal codes, words for the post, a name with its code; and how we list them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from conventool.register.communes import Commune, Former, Register, place_key
from conventool.text.suggestions import and_others

__all__ = [
    "STATES",
    "bare_key",
    "chosen_commune",
    "delivery_words",
    "either",
    "formers_meant",
    "listed_communes",
    "of_departement",
    "other_of_code",
    "postal_digits",
    "without_delivery",
    "without_town_words",
]

STATES = {
    "commune-deleguee": "est une commune déléguée",
    "commune-associee": "est une commune associée",
    "commune-fusionnee": "a été réunie à celle",
}


def postal_digits(written: str | None) -> str | None:
    """The five digits of a postal code, its spaces, country prefix, CEDEX and lost zero seen to; None if it is none."""
    if written and _POSTAL_CODE.fullmatch(written):
        return written
    bare = without_delivery(written or "")
    digits = re.sub(r"^(?:F|FR)-?(?=\d)|[\s.]", "", bare, flags=re.IGNORECASE)
    if re.fullmatch(r"[0-9]{4}", digits):
        return "0" + digits
    return digits if _POSTAL_CODE.fullmatch(digits) else None


_POSTAL_CODE = re.compile(r"[0-9]{5}")
_DELIVERY = re.compile(
    r"\b(?:cedex(?: *\d{1,2}\b)?|(?:b\.? ?p\.?|bo[iî]te postale|c\.? ?s\.?|t\.? ?s\.? ?a\.?) ?(?:n° ?)?"
    r"(?:\d{2} (?:0\d{2}|\d{3}(?!,? (?!cedex)[^\W\d_]))|\d+)\b)",
    re.IGNORECASE,
)
"""« BP 63 », « CS 10 028 », whose second number is that of a house where a word follows: « BP 10 128 rue Haute »."""


def delivery_words(text: str) -> str | None:
    """Find what sends mail elsewhere than to a street address: CEDEX, "BP 80", "CS 10028", "TSA 12345".

    The seat of a public body is a place, which none of these names.

    Returns:
        The words as they stand, or None.
    """
    found = _DELIVERY.search(re.sub(r"\s", " ", text))
    return found[0].strip() if found else None


def without_delivery(text: str) -> str:
    """A text without those words."""
    return _DELIVERY.sub("", text)


def chosen_commune(text: str | None, register: Register) -> Commune | None:
    """The commune that « Armentières (59017) » means: its name, then its INSEE code in parentheses.

    Lists and people write a postal code in the same place, and most postal codes of the Nord are the INSEE code of
    another commune: so it is the name that tells which code it is. No two communes make that ambiguous.

    Returns:
        The commune of that code if it bears that name, however it is spelled; else None.
    """
    match = re.fullmatch(_CHOSEN, text) if text and text.rstrip().endswith(")") else None
    commune = register.by_code(match["code"].upper()) if match else None
    same = commune and match and place_key(match["name"]) in {place_key(commune.nom), bare_key(commune)}
    return commune if same else None


_CHOSEN = r"(?i)\s*(?P<name>.*\S)\s*\(\s*(?P<code>\d[\dAB]\d{3})\s*\)\s*"


def formers_meant(nom: str, postal: str | None, register: Register) -> list[Former]:
    """What is no commune any more and is called so, or alone begins so where the postal code says: « Hellemmes »."""
    formers = register.formers_called(nom)
    if not formers or register.former_by_name(nom):
        return formers
    begun = f"{place_key(nom)} "
    if postal and any(place_key(one.nom).startswith(begun) for one in register.by_postal_code(postal)):
        return []
    there = [former for former in formers if postal is None or postal in former.successor.codes_postaux]
    return there if len({former.nom for former in there}) == 1 else []


def bare_key(commune: Commune) -> str:
    """The key of its name without what tells it from its homonym: « Château-Chinon (Ville) »."""
    return place_key(commune.nom.partition(" (")[0])


def of_departement(postal: str, communes: Iterable[Commune]) -> list[Commune]:
    """Those of the communes that lie where the postal code begins as their département does."""
    prefixes = {"20": {"2A", "2B"}}.get(postal[:2], {postal[:2], postal[:3]})
    return [commune for commune in communes if commune.departement in prefixes]


def listed_communes(communes: Iterable[Commune], limit: int = 8) -> str:
    """Communes with their codes, for a hint; of many the first, and how many more."""
    listed = [_described(commune) for commune in communes]
    more = and_others(len(listed) - limit)
    return ", ".join(listed[:limit]) + more


def either(codes: Sequence[str]) -> str:
    """Codes of which one is right: « 59000, 59160 ou 59260 »."""
    return " ou ".join(", ".join(part) for part in (codes[:-1], codes[-1:]) if part)


def _described(commune: Commune) -> str:
    codes = commune.codes_postaux
    posted = f", code postal {'/'.join(codes[:3])}{'…' if len(codes) > 3 else ''}" if codes else ""
    return f"{commune.nom} (code INSEE {commune.code}{posted})"


def without_town_words(name: str, register: Register) -> str:
    """Lille for « Ville de Lille », Le Quesnoy for « au Quesnoy », where the register knows the rest."""
    match = re.match(_TOWN_WORDS, name)
    if match is None:
        return name
    rest = name[match.end() :]
    article = {"du": "Le ", "au": "Le ", "des": "Les ", "aux": "Les "}.get(match[0].split()[-1].lower(), "")
    known = (one for one in (article + rest, rest) if register.by_name(one) or register.former_by_name(one))
    return next(known, name)


_TOWN_WORDS = r"(?i)(?:(?:de )?(?:la )?(?:ville|commune|mairie) (?:de l’|d’|(?:de la|de|du|des) )|(?:à|aux?) )"
"""What stands before a town's name: a "de la" keeps La Madeleine's article out, which `place_key` forgives."""


def other_of_code(code: str, name: str, register: Register) -> Commune | None:
    """The commune of an INSEE code behind a name, if the code is in no way one of what bears that name."""
    named = register.by_name(name)
    successors = [former.successor for former in register.former_by_name(name)]
    theirs = {one.code for one in named} | {code for one in named + successors for code in one.codes_postaux}
    return register.by_code(code) if named and code not in theirs else None
