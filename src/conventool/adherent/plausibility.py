"""What a value is, whatever its column says: an address of mail, a telephone number, a word for nothing.

A list filled in by hand has values in the wrong column, and words that stand for none. Each field names what it cannot
hold (`REFUSED`); what it cannot hold is an error, and a word for nothing is a missing value, told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import lru_cache

from conventool.adherent.kinds import find_kind
from conventool.adherent.titles import read_title
from conventool.text.dates import DateError, parse_date
from conventool.text.french import fold

__all__ = ["REFUSED", "Nature", "is_placeholder", "nature"]


class Nature(Enum):
    """What a value can be told to be by its form alone; the values are French, for messages."""

    EMAIL = "une adresse électronique"
    WEB = "une adresse web"
    PHONE = "un numéro de téléphone"
    SIRET = "un numéro SIRET"
    SIREN = "un numéro SIREN"
    POSTAL_CODE = "un code postal"
    NUMBER = "un nombre"
    DATE = "une date"
    CIVILITY = "une civilité"
    PERSON = "le nom d’une personne"
    TITLE = "une fonction"
    KIND = "une forme d’adhérent"
    STREET = "une adresse"
    WAY = "le nom d’une voie"
    BODY = "un organe délibérant"
    DELEGATION = "une formule de délégation"
    TERM = "un mode de reconduction"
    ACT = "le numéro d’un acte"
    PLACE = "le nom d’une commune"


_N = Nature
_CONTACT = {_N.EMAIL, _N.WEB, _N.PHONE, _N.SIRET, _N.SIREN}
_WORDS = {_N.CIVILITY, _N.TERM, _N.BODY, _N.DELEGATION}
_NUMBERS = {_N.POSTAL_CODE, _N.NUMBER, _N.DATE, _N.ACT}

REFUSED: Mapping[str, frozenset[Nature]] = {
    path: frozenset(natures)
    for path, natures in {
        "appellation": {*_CONTACT, *_WORDS, *_NUMBERS, _N.PERSON, _N.STREET, _N.WAY},
        "nom": {*_CONTACT, _N.CIVILITY, _N.TERM, _N.DELEGATION, _N.DATE, _N.ACT, _N.PERSON, _N.STREET},
        "adresse": {*_CONTACT, *_WORDS, *_NUMBERS, _N.PERSON, _N.TITLE, _N.KIND},
        "commune": {*_CONTACT, *_WORDS, _N.DATE, _N.ACT, _N.PERSON, _N.STREET},
        "representant.prenom": set(_N) - {_N.PERSON},
        "representant.nom": set(_N) - {_N.PERSON, _N.TITLE},
        "representant.fonction": {*_CONTACT, *_WORDS, *_NUMBERS, _N.KIND, _N.STREET, _N.WAY},
        "representant.delegation.texte": set(_N) - {_N.DELEGATION},
        "representant.delegation.arrete": set(_N) - {*_NUMBERS},
        "decision.organe": set(_N) - {_N.BODY, _N.TITLE},
        "decision.numero": set(_N) - {*_NUMBERS},
    }.items()
}
"""By field, what it cannot hold. A date in the place of a number is looked at where both are read."""


# --- Words for nothing -------------------------------------------------------------------------------------

_NOTHING = re.compile(
    r"0+|x|na|n a|nc|n c|nr|n r|nd|n d|so|s o|sans objet|sans|sans nom|sans numero|neant|aucune?|rien|indisponible"
    r"|indeterminee?|vide|(?:poste |siege )?vacante?|tbd|tba|tbc|to ?do|null|none|nil|nan|undefined|unknown|empty"
    r"|missing|not applicable"
    r"|idem|id|ditto|ibid|pareil|([a-z])\1\1+|xx|x x x|lorem ipsum|blabla|(?:comme )?ci dessus|ne sait pas|nsp"
)
"""Words for no value at all, folded."""
_NOTHING_YET = re.compile(
    r"(?:cliquez|choisissez|selectionnez|saisissez|saisir|entrez|indiquez|tapez) (?!.*\d).*"
    r"|(?:reste |tout |info )?a (?:ajouter|choisir|communiquer|completer|confirmer|corriger|definir|demander|designer"
    r"|determiner|donner|elire|faire|fixer|fournir|indiquer|nommer|preciser|prendre|prevoir|rechercher|remplir"
    r"|renseigner|revoir|saisir|signer|suivre|transmettre|trouver|valider|venir|verifier|voir)"
    r"|(?:non|pas|pas encore) (?:connue?s?|communiquee?s?|definie?s?|designee?s?|disponible|elue?s?|fournie?s?"
    r"|nommee?s?|precisee?s?|renseignee?s?|transmise?s?|applicable|concernee?s?)"
    r"|cf .*|(?:voir|se reporter) (?:(?!.*\d).*|.*\b(?:mail|courriel|annexe|piece|fiche|onglet|feuille|site)\b.*)"
    r"|(?:nom|prenom|adresse|date|fonction|qualite|numero) (?:et|du|des?|d|l) (?!.*\d).*"
    r"|inconnue?s?(?: .*)?|en (?:cours|attente)(?: .*)?"
    r"|pas d(?:e|u)? (?:nom|prenom|numero|adresse|date|siret|code|arrete|deliberation|delegation|fonction)s?"
)
"""Words for a value that is still to come, folded: « à désigner », « non désigné », « en cours de désignation »."""
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\{+[^{}]*\}+|<[^<>]*>|x{3,}|X{3,}|_+[^_]*_+")
_NAMES = frozenset({"na", "so", "nil", "sans", "id", "nan"})
"""Words for nothing that are surnames or first names too, and are doubted there, not left out."""
_PLACES = frozenset({"aucun", "sans", "so", "id", "na", "nil"})
"""The same for places: Aucun (65045) is a commune."""
_NOT_NOTHING = {
    "representant.nom": _NAMES,
    "representant.prenom": _NAMES,
    "nom": _PLACES,
    "commune": _PLACES,
    **dict.fromkeys(("population", "population_municipale", "population_totale", "agents"), frozenset({"0"})),
}


@lru_cache(maxsize=4096)  # the lines of a list repeat their placeholders
def is_placeholder(text: str, path: str) -> bool:
    """Whether a value stands for none: punctuation alone, « N/A », « à compléter », « xxx », a prompt of Word.

    Args:
        text: the value, on one clean line.
        path: its field; some of these words are names of people or of places.
    """
    if text.isascii() and text.isdecimal() and text.strip("0"):  # a code, as in every row
        return False
    if not any(char.isalnum() for char in text):
        return True
    if _BRACKETED.fullmatch(text):
        return True
    key = fold(text)
    if _NOTHING.fullmatch(key):
        return "/" in text or key not in _NOT_NOTHING.get(path, ())
    return _NOTHING_YET.fullmatch(key) is not None


# --- What a value is ---------------------------------------------------------------------------------------

_EMAIL = re.compile(r"\S+@\S+|.*\barobase\b.*", re.IGNORECASE)
_WEB = re.compile(r".*(?:https?:|www\.)\S+.*|[\w.-]+\.(?:fr|com|org|net|eu|info|gouv|bzh)(?:/\S*)?", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:t[ée]l\w*\.?|fax|port\w*\.?)?\s*:?\s*(?:(?:\+|00)\s?33\s?(?:\(0\))?\s?|0)[1-9](?:[\s.\-/]?\d{2}){4}",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\d{1,4}\s?(?:bis|ter|quater|[a-d])?,?\s+(?:rue|place|avenue|av|boulevard|bd|bld|chemin|impasse|allées?|route|"
    r"square|quai|cours|passage|sentier|ruelle|faubourg|esplanade|mail|parvis|rond-point|lotissement|résidence|hameau|"
    r"grand|petite|lieu|le|la|les|l’)\b.*",
    re.IGNORECASE,
)
_WAY = re.compile(
    r"(?:rue|place|avenue|boulevard|chemin|impasse|allées?|route|square|quai|hôtel de ville|hotel de ville|mairie)"
    r"\s+(?:de|du|des|d’|l’|la|le|les|saint|sainte|notre)\b.*|(?:mairie|h[ôo]tel de ville)\b.*",
    re.IGNORECASE,
)
_CIVILITY = re.compile(r"(?:m|mr|mme|mlle|monsieur|madame|mademoiselle)\.?", re.IGNORECASE)
_CIVIL_PERSON = re.compile(rf"(?:{_CIVILITY.pattern})\s.*", re.IGNORECASE)
_BODY = re.compile(
    r"(?:(?:du|de la|de l|le|la) )?(?:conseil|comite|bureau|commission|assemblee) "
    r"(?:d |de |du |syndical|municipal|communautaire|departemental|permanente|generale|metropolitain).*"
)
_DELEGATION = re.compile(
    r"(?:pour|par|p)\b.*\b(?:delegation|deleguee?|empechement|empechee?|ordre|interim|suppleance)\b.*"
)
_ACT = r"(?i)(?:d[ée]lib[ée]ration|d[ée]lib\.|d[ée]cision|arr[êe]t[ée])\b.*|n ?° ?\S+(?: bis| ter)?"
_TERMS = {"tacite", "expresse", "reconduction tacite", "reconduction expresse"}
_CALLED_SO = {"mairie", "ville", "hotel de ville", "autre", "autres"}
"""Kinds of bodies whose names are also those of buildings or people."""


def _is_number(text: str, *lengths: int) -> bool:
    """Whether a text is digits, of one of these lengths if any; 12/03/2026 and 12-2026 are no numbers."""
    bare = re.sub(r"[\s.\-]", "", text)
    return bare.isdecimal() and not re.fullmatch(_PARTED, text) and (not lengths or len(bare) in lengths)


_PARTED = r"\d{1,4}([-./ ])\d{1,2}\1\d{1,4}|\d{1,4}[-.]\d{1,4}"


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except DateError as error:
        return error.code == "ambiguous-date"
    return True


def _is_title(text: str) -> bool:
    title = read_title(re.sub(r"(?i)^(?:(?:le|la|un|une) |l’)", "", text))
    return title.recognised and title.known


def _is_kind(key: str) -> bool:
    return len(key) > len("cc") and key not in _CALLED_SO and find_kind(key) is not None


_Test = Callable[[str, str], object]
_CONTACTS: tuple[tuple[Nature, _Test], ...] = (
    (Nature.EMAIL, lambda text, _: _EMAIL.fullmatch(text)),
    (Nature.WEB, lambda text, _: _WEB.fullmatch(text)),
)
_CIVILITIES: tuple[tuple[Nature, _Test], ...] = (
    (Nature.CIVILITY, lambda text, _: _CIVILITY.fullmatch(text)),
    (Nature.PERSON, lambda text, _: _CIVIL_PERSON.fullmatch(text)),
)
_WITH_DIGITS: tuple[tuple[Nature, _Test], ...] = (
    *_CONTACTS,
    (Nature.PHONE, lambda text, _: _PHONE.fullmatch(text)),
    (Nature.POSTAL_CODE, lambda text, _: _is_number(text, 5)),
    (Nature.SIREN, lambda text, _: _is_number(text, 9)),
    (Nature.SIRET, lambda text, _: _is_number(text, 14)),
    (Nature.NUMBER, lambda text, _: _is_number(text)),
    (Nature.STREET, lambda text, _: _STREET.fullmatch(text)),
    (Nature.ACT, lambda text, _: re.fullmatch(_ACT, text)),
    (Nature.DATE, lambda text, _: _is_date(text)),
    *_CIVILITIES,
)
_WITHOUT_DIGITS: tuple[tuple[Nature, _Test], ...] = (
    *_CONTACTS,
    *_CIVILITIES,
    (Nature.TERM, lambda _, key: key in _TERMS),
    (Nature.DELEGATION, lambda _, key: _DELEGATION.fullmatch(key)),
    (Nature.BODY, lambda _, key: _BODY.fullmatch(key)),
    (Nature.WAY, lambda text, _: _WAY.fullmatch(text)),
    (Nature.KIND, lambda _, key: _is_kind(key)),
    (Nature.TITLE, lambda text, _: _is_title(text)),
)


@lru_cache(maxsize=4096)  # the lines of a list repeat their streets, titles and bodies
def nature(text: str) -> Nature | None:
    """Tell what a value is by its form; None for one that could be anything.

    Args:
        text: the value, on one clean line.
    """
    tests = _WITH_DIGITS if any(char.isdigit() for char in text) else _WITHOUT_DIGITS
    key = fold(text)
    return next((found for found, holds in tests if holds(text, key)), None)
