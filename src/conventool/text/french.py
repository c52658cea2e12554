"""French for these documents: keys to compare by, links to names, agreements, numbers.

Pure functions on text: no file, no register, nothing heavy to import. Rules come from INSEE's *Code officiel
géographique* (TNCC, the kind of a name), the *Lexique des règles typographiques en usage à l'Imprimerie
nationale*, and the usage of French administrations where these are silent.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import lru_cache

__all__ = [
    "NBSP",
    "Gender",
    "agree",
    "agree_with",
    "amount",
    "at_place",
    "elides",
    "fold",
    "grouped",
    "link",
    "numbered",
    "of_departement",
    "of_name",
    "of_person",
    "of_place",
    "possessive",
    "tidy_name",
    "typographic",
    "with_article",
]

NBSP = "\u00a0"
"""The space that no line breaks at."""


class Gender(Enum):
    """Grammatical gender, of a person or of the noun that names an entity."""

    MASCULINE = "m"
    FEMININE = "f"


# --- Keys and spelling -------------------------------------------------------------------------------------

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=4096)  # the lines of a list repeat their forms and titles, documents their prompts
def fold(text: str) -> str:
    """Make the key under which two spellings of the same words are equal.

    Accents, case, ligatures, hyphens, apostrophes, dots and spaces of all sorts are forgiven.

    Returns:
        Words of plain lower-case letters and digits, one space between: ``"l oree de mormal"``.
    """
    letters = text
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
        letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _BETWEEN_WORDS.sub(" ", letters.casefold()).strip()


def typographic(text: str) -> str:
    """Give ``text`` the apostrophes that French printing uses: ``’`` for ``'``."""
    return text.replace("'", "’")


def tidy_name(text: str) -> str:
    """Clean a proper name as official files write it, its words and capitals kept.

    Single spaces, typographic apostrophes and guillemets, ``œ`` where French has it (before u, and in
    "œil"). Spaces around a hyphen go where each side is one word, as in ``de Lens - Liévin``; between longer
    names they stay: ``Haut Nivernais - Val d’Yonne``.
    """
    text = _SPACES.sub(" ", typographic(text)).strip()
    text = re.sub(r"([Oo])[Ee](?=[Uu])|\b([Oo])e(?=il\b)", _ligature, text)
    text = re.sub(r'(?:["«]|’’) ?([^"«»]*?) ?(?:["»]|’’)', rf"«{NBSP}\1{NBSP}»", text)
    sides = re.split(r" - ?|- ", text)
    single = all(re.fullmatch(r"(?:(?:de|du|des|la|le|les) |[dl]’)*[^\s-]+", side) for side in sides)
    return ("-" if single else " - ").join(sides)


def _ligature(match: re.Match[str]) -> str:
    return "Œ" if match[0].startswith("O") else "œ"


# --- Links to a name ---------------------------------------------------------------------------------------

_OF_AT_BY_TNCC: dict[int, tuple[str, str, str]] = {
    0: ("de ", "à ", ""),
    1: ("d’", "à ", ""),
    2: ("du ", "au ", "Le "),
    3: ("de ", "à ", ""),
    4: ("des ", "aux ", "Les "),
    5: ("de ", "à ", ""),
    6: ("des ", "aux ", "Aux "),
    7: ("de ", "à ", ""),
    8: ("de ", "à ", ""),
}
"""By TNCC: "commune …", "à …", and the article of the name that these words hold.

INSEE, *Code officiel géographique*, modalités de TNCC: 0 no article before a consonant, 1 no article before a
vowel or mute h, 2 Le, 3 La, 4 Les, 5 L', 6 Aux, 7 Las, 8 Los. La, L', Las and Los stay part of the name, with
their capital.
"""

_DEPARTEMENT_BY_TNCC = {0: "de ", 1: "d’", 2: "du ", 3: "de la ", 4: "des ", 5: "de l’"}


def of_place(nom: str, tncc: int) -> tuple[str, str]:
    """Link a commune's name to a noun: ``("d’", "Armentières")``, ``("du ", "Quesnoy")``.

    Args:
        nom: the official name, its article included.
        tncc: INSEE's kind of name, from 0 to 8; never to be guessed from the first letter.

    Returns:
        The link with its space or apostrophe, and what follows it; joined they read "de La Madeleine".

    Raises:
        KeyError: INSEE knows no such TNCC.
    """
    link_of, _, swallowed = _OF_AT_BY_TNCC[tncc]
    return link_of, typographic(nom).removeprefix(swallowed)


def at_place(nom: str, tncc: int) -> tuple[str, str]:
    """Say "at" a commune: ``("à ", "Hem")``, ``("au ", "Quesnoy")``, ``("aux ", "Attaques")``.

    Arguments, result and errors are those of `of_place`.
    """
    _, link_at, swallowed = _OF_AT_BY_TNCC[tncc]
    return link_at, typographic(nom).removeprefix(swallowed)


def of_departement(nom: str, tncc: int) -> tuple[str, str]:
    """Link a département's name to a noun: ``("du ", "Nord")``, ``("de l’", "Aisne")``.

    INSEE's TNCC has the same values for départements, whose article is written in lower case and is no part
    of the name.

    Raises:
        KeyError: no département has such a TNCC.
    """
    return _DEPARTEMENT_BY_TNCC[tncc], typographic(nom)


_LINKED = r"(DE LA |DE L’|[Dd]e la |[Dd]e l’|De La |De L’|d[eu] |des |d’|D(?:[eu]|es) |D[EU] |DES |D’)(?=\S)"
"""The capital of an article behind a small "de" belongs to the name: "de La Rochelle"."""


def of_name(nom: str) -> tuple[str, str]:
    """Link a name that no register knows, without guessing.

    A name written with its link keeps it ("de la Vallée"); one written with Le or Les is contracted ("du
    Val", "des Deux Vallées"), one with La or L’ preceded by "de". Any other is set in apposition, with no
    link, as French does with a name of its own ("le SIVOM Alliance"); where a link is wanted, the data gives
    it.

    Returns:
        The link with its space or apostrophe, or nothing, and what follows it.
    """
    nom = tidy_name(nom)
    if linked := re.match(_LINKED, nom):
        return linked[0].lower(), nom[linked.end() :]
    for article, contracted in (("le ", "du "), ("les ", "des ")):
        if nom.lower().startswith(article):
            return contracted, nom[len(article) :]
    return ("de " if nom.lower().startswith(("la ", "l’")) else ""), nom


_SWALLOWED_BY = {
    "du": ("le ",),
    "au": ("le ",),
    "des": ("les ", "aux "),
    "aux": ("les ", "aux "),
    "de la": ("la ",),
    "à la": ("la ",),
    "de l’": ("l’",),
    "à l’": ("l’",),
}


def link(article: str, nom: str) -> tuple[str, str]:
    """Link a name by the word that the data gives: de, d’, du, de la, des, or nothing.

    The name loses the article that this word holds already: ``link("du", "Le Quesnoy")`` is
    ``("du ", "Quesnoy")``.
    """
    word = typographic(_SPACES.sub(" ", article)).strip().lower()
    nom = typographic(nom)
    held = next((held for held in _SWALLOWED_BY.get(word, ()) if nom.lower().startswith(held)), "")
    return word + ("" if word.endswith("’") or not word else " "), nom[len(held) :]


# --- Agreements --------------------------------------------------------------------------------------------


def agree(participle: str, gender: Gender) -> str:
    """Make a masculine participle or adjective agree: sis → sise, représenté → représentée."""
    return participle + "e" if gender is Gender.FEMININE else participle


def agree_with(noun: str, participle: str) -> str:
    """Make a masculine participle agree with a noun in the singular: its article says which gender it has.

    Args:
        noun: with what follows it: "une signature électronique de Word"; a quotation alone is masculine.
        participle: "ajouté".
    """
    return agree(participle, Gender.FEMININE if re.match(r"(?:une|la) ", noun, re.IGNORECASE) else Gender.MASCULINE)


@lru_cache(maxsize=256)  # the lines of a list repeat their titles
def elides(word: str) -> bool:
    """Whether le, la or de lose their vowel before ``word``, a common noun or a title.

    They do before a vowel or a mute h; not before an aspirated h ("le Haut-Commissaire", "le huitième adjoint") nor
    before onze, oui, uhlan and the like; y is a vowel only before a consonant (« l’Yonnaise », « le yaourt »).
    """
    folded = fold(word)
    if _ROMAN.match(word):
        return False
    if folded.startswith("y"):
        return folded[1:2] not in set("aeiou")
    return folded[:1] in set("aeiouh") and not re.match(_NOT_ELIDED, folded)


_ROMAN = re.compile(r"[IVX]+(?:er|re|e|d|de)\b")
_NOT_ELIDED = (
    r"onz|oui\b|ouistiti|ouate|uhlan|ululement"
    r"|h(?:ab?leu|ach|add|agar|ai[en]|all(?!u)|alte\b|amac|ameau|anche?|and|angar|ann[ei]t|ant|appe|ara[nsn]|arc|ard"
    r"|aricot|arnais|arp[eo]n?|asard|at[ei]|auban|aut|avre|ennir|eraut|ere\b|eris|ernie|eron|eros\b|ers[ei]|etre"
    r"|eurt|ibou|ideu|ierarch|iss|ocke|ollan|omard|ongr|ont|oquet|ors\b|otte|oub|ouille|oule|ous|uche|uee|uguenot|uit"
    r"|ulott|un\b|upp|url|ussard|utte)"
)
"""What begins with a vowel or an h and takes no elision, folded (aspirated h: *Dictionnaire de l'Académie*)."""


def of_person(name: str) -> str:
    """Put "de" before the name of a person, or of a program that writes as one: "de Paul Durand", "d’Anne Petit"."""
    return f"{'d’' if elides(name) else 'de '}{name}"


def possessive(title: str, gender: Gender) -> str:
    """Put the possessive before a title: "sa Maire", "son Président", "son Adjointe" before a vowel."""
    feminine = gender is Gender.FEMININE and not elides(title)
    return f"{'sa' if feminine else 'son'} {typographic(title)}"


def with_article(title: str, gender: Gender) -> str:
    """Put the article before a title, as a signature begins: "Le Maire", "La Maire", "L’Adjointe"."""
    if elides(title):
        return f"L’{typographic(title)}"
    return f"{'La' if gender is Gender.FEMININE else 'Le'} {typographic(title)}"


# --- Numbers -----------------------------------------------------------------------------------------------


def amount(euros: Decimal | int) -> str:
    """Write an amount of money: ``1 234,56 €``, with spaces that do not break."""
    rounded = Decimal(euros).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{rounded:,}".translate({ord(","): NBSP, ord("."): ","}) + f"{NBSP}€"


def grouped(digits: str) -> str:
    """Write a SIREN 3-3-3 or a SIRET 3-3-3-5, with spaces that do not break."""
    digits = _SPACES.sub("", digits)
    return NBSP.join(part for part in (digits[:3], digits[3:6], digits[6:9], digits[9:]) if part)


def numbered(number: str) -> str:
    """Write the number of a decision: ``n° 2026-12``, the space never broken, never "n°" twice."""
    bare = re.sub(r"^(?:n\s*[°ºo]|no\.?|numéro)\s*(?=\w*\d)", "", number.strip(), flags=re.IGNORECASE)
    return f"n°{NBSP}{bare}"
