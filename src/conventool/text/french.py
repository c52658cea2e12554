"""French for these documents: keys to compare by, links to names, agreements, dates, numbers.

Pure functions on text: no file, no register, nothing heavy to import. Rules come from INSEE's *Code officiel
géographique* (TNCC, the kind of a name), the *Lexique des règles typographiques en usage à l'Imprimerie
nationale*, and the usage of French administrations where these are silent.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from contextlib import suppress
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import lru_cache

from conventool.core.errors import MisreadError

__all__ = [
    "NBSP",
    "DateError",
    "Gender",
    "agree",
    "amount",
    "anniversary",
    "at_place",
    "date_from_serial",
    "elides",
    "fold",
    "grouped",
    "link",
    "long_date",
    "months_before",
    "numbered",
    "of_departement",
    "of_name",
    "of_place",
    "parse_date",
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
"""By TNCC: "commune …", "à …", and the article of the name that these words have swallowed.

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


_LINKED = re.compile(
    r"(DE LA |DE L’|[Dd]e la |[Dd]e l’|De La |De L’|d[eu] |des |d’|D(?:[eu]|es) |D[EU] |DES |D’)(?=\S)"
)
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
    if linked := _LINKED.match(nom):
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
    return folded[:1] in set("aeiouh") and not _NOT_ELIDED.match(folded)


_ROMAN = re.compile(r"[IVX]+(?:er|re|e|d|de)\b")
_NOT_ELIDED = re.compile(
    r"onz|oui\b|ouistiti|ouate|uhlan|ululement"
    r"|h(?:ab?leu|ach|add|agar|ai[en]|all(?!u)|alte\b|amac|ameau|anche?|and|angar|ann[ei]t|ant|appe|ara[nsn]|arc|ard"
    r"|aricot|arnais|arp[eo]n?|asard|at[ei]|auban|aut|avre|ennir|eraut|ere\b|eris|ernie|eron|eros\b|ers[ei]|etre"
    r"|eurt|ibou|ideu|ierarch|iss|ocke|ollan|omard|ongr|ont|oquet|ors\b|otte|oub|ouille|oule|ous|uche|uee|uguenot|uit"
    r"|ulott|un\b|upp|url|ussard|utte)"
)
"""What begins with a vowel or an h and takes no elision, folded (aspirated h: *Dictionnaire de l'Académie*)."""


def possessive(title: str, gender: Gender) -> str:
    """Put the possessive before a title: "sa Maire", "son Président", "son Adjointe" before a vowel."""
    feminine = gender is Gender.FEMININE and not elides(title)
    return f"{'sa' if feminine else 'son'} {typographic(title)}"


def with_article(title: str, gender: Gender) -> str:
    """Put the article before a title, as a signature begins: "Le Maire", "La Maire", "L’Adjointe"."""
    if elides(title):
        return f"L’{typographic(title)}"
    return f"{'La' if gender is Gender.FEMININE else 'Le'} {typographic(title)}"


# --- Dates -------------------------------------------------------------------------------------------------

_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_WEEKDAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
_MONTH_NUMBERS = {fold(month): number for number, month in enumerate(_MONTHS, 1)}
_MONTH_NUMBERS |= {
    word: number
    for number, words in enumerate(
        ("janv jan", "fevr fev", "", "avr", "", "", "juil", "", "sept sep", "oct", "nov", "dec"), 1
    )
    for word in words.split()
}
_MONTH_NUMBERS |= {"mar": 3, "aou": 8, "juill": 7, "fevri": 2, "septemb": 9}
# compiled by their first use: most dates are written in the first way
_ISO = r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
_DAY_FIRST = r"(?:[Ll]e )?(\d{1,2}) ?[-/.\\– ] ?(\d{1,2}) ?[-/.\\– ] ?(\d{4})"
_TWO_DIGITS = r"(?:[Ll]e )?(\d{1,2})([-/.])(\d{1,2})\2(\d{2})"
_COMPACT = r"\d{8}"
_SERIAL = r"\d{5}(?:[.,]\d+)?"
_IN_WORDS = r"(?:le )?(?:([a-z]+) )?(\d{1,2}|premier)(?: ?er)? ?([a-z]+) ?(\d{4}|\d{2})"
_TIME = (
    r"(?:[T,]| (?:[àa] )?) ?(?P<hour>[01]?\d|2[0-4]) ?(?:[hH] ?(?:[0-5]\d ?(?:min)?)?|(?::[0-5]\d){1,2}(?:[.,]\d+)?)"
    r" ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?$"
)
_UTC = {"Z", "UTC", "+00:00", "+0000", "-00:00", "-0000"}


class DateError(MisreadError):
    """A text that gives no date (``bad-date``), or could give several (``ambiguous-date``)."""


@lru_cache(maxsize=256)  # the lines of a list repeat their dates
def parse_date(text: str) -> date:
    """Read a date as French files write it: year first, or day first, or in words; a time of day behind it is dropped.

    ``2026-03-12``, ``12/03/2026``, ``12.03.2026``, ``20260312``, ``12 mars 2026``, ``Le 1er mars 2026``, ``jeudi 12
    mars 2026``, ``12 mars 2026 à 18 h 30``, ``2026-03-12T18:30:00``. A slash means day first, always. A year of two
    digits is refused, since "12/03/26" reads as 12 March 2026 or 26 March 2012; so is a bare Excel number, which its
    calendar moves by four years, and a late hour of universal time, which is the next day in France.

    Raises:
        DateError: the text is no date (``bad-date``) or has several readings (``ambiguous-date``).
    """
    text = _SPACES.sub(" ", text).strip()
    day = _without_time(text)
    if match := re.fullmatch(_ISO, day):
        return _checked(text, int(match[1]), int(match[3]), int(match[4]))
    if match := re.fullmatch(_DAY_FIRST, day):
        return _checked(text, int(match[3]), int(match[2]), int(match[1]))
    if match := re.fullmatch(_TWO_DIGITS, day):
        raise _two_digits(text, int(match[1]), int(match[3]), int(match[4]))
    if re.fullmatch(_COMPACT, day):
        return _compact(day)
    if re.fullmatch(_SERIAL, day):
        raise _bare_serial(day)
    if match := re.fullmatch(_IN_WORDS, fold(day)):
        return _in_words(text, match)
    raise DateError(
        "bad-date",
        f"«{NBSP}{text}{NBSP}» n’est pas une date.",
        "Écrivez par exemple 2026-03-12 ou 12/03/2026.",
    )


def _without_time(text: str) -> str:
    """The text without the time of day behind a date."""
    match = re.search(_TIME, text) if "h" in text.lower() or ":" in text else None
    if match is None:
        return text
    if match["zone"] in _UTC and int(match["hour"]) >= _LATE:
        raise DateError(
            "ambiguous-date",
            f"«{NBSP}{text}{NBSP}» est une heure universelle{NBSP}: en France, c’est peut-être déjà le lendemain.",
            "Écrivez le jour seul, par exemple 12/03/2026.",
        )
    return text[: match.start()]


_LATE = 22
"""The hour of universal time from which France, two hours ahead in summer, has the next day."""


def _compact(text: str) -> date:
    """Eight digits, year first or day first, where only one of the two is a date."""
    found = []
    for year, month, day in ((text[:4], text[4:6], text[6:]), (text[4:], text[2:4], text[:2])):
        with suppress(DateError):
            found.append(_checked(text, int(year), int(month), int(day)))
    if len(found) == 1:
        return found[0]
    choices = " ou ".join(f"{day:%d/%m/%Y}" for day in found)
    hint = f"Écrivez-la avec ses barres{NBSP}: {choices}." if found else "Écrivez par exemple 12/03/2026."
    code = "ambiguous-date" if found else "bad-date"
    raise DateError(code, f"«{NBSP}{text}{NBSP}» n’est pas une date sûre.", hint)


def _checked(text: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        found = None
    if found and year >= _FIRST_YEAR:
        return found
    if found:
        hint = "Écrivez l’année en quatre chiffres, par exemple 12/03/2026."
        raise DateError("bad-date", f"L’année de «{NBSP}{text}{NBSP}» n’est pas vraisemblable.", hint)
    hint = "Écrivez le jour, le mois, puis l’année, par exemple 12/03/2026."
    if month > 12 >= day:
        hint = f"Le jour vient d’abord{NBSP}: écrivez {month:02d}/{day:02d}/{year}."
    raise DateError("bad-date", f"La date «{NBSP}{text}{NBSP}» n’existe pas au calendrier.", hint)


_FIRST_YEAR = 1800
"""No French decision that still counts is older: the communes' councils are of 1789, their prefects of 1800."""


def _two_digits(text: str, first: int, second: int, third: int) -> DateError:
    readings = []
    for year, day in ((2000 + third, first), (2000 + first, third)):
        try:
            readings.append(date(year, second, day))
        except ValueError:
            continue
    if not readings:
        return DateError(
            "bad-date",
            f"La date «{NBSP}{text}{NBSP}» n’existe pas au calendrier.",
            "Écrivez le jour, le mois, puis l’année, par exemple 12/03/2026.",
        )
    choices = " ou ".join(f"{reading:%d/%m/%Y}" for reading in dict.fromkeys(readings))
    return DateError(
        "ambiguous-date",
        f"L’année de «{NBSP}{text}{NBSP}» n’a que deux chiffres.",
        f"Écrivez l’année en entier{NBSP}: {choices}.",
    )


def _bare_serial(text: str) -> DateError:
    serial = int(text[:5])
    since_1900, since_1904 = date_from_serial(serial), date_from_serial(serial, since_1904=True)
    return DateError(
        "ambiguous-date",
        f"«{NBSP}{text}{NBSP}» est un numéro de jour d’Excel, pas une date.",
        f"Écrivez la date en entier{NBSP}: {since_1900:%d/%m/%Y} (ou {since_1904:%d/%m/%Y} "
        "si le classeur compte depuis 1904).",
    )


def _in_words(text: str, match: re.Match[str]) -> date:
    weekday, month, year = match[1], _MONTH_NUMBERS.get(match[3]), match[4]
    day = 1 if match[2] == "premier" else int(match[2])
    if month is None:
        raise DateError(
            "bad-date",
            f"«{NBSP}{text}{NBSP}» n’est pas une date{NBSP}: aucun mois ne s’écrit ainsi.",
            "Écrivez par exemple 12 mars 2026.",
        )
    if len(year) == 2:
        found = _checked(text, 2000 + int(year), month, day)
        raise DateError(
            "ambiguous-date",
            f"L’année de «{NBSP}{text}{NBSP}» n’a que deux chiffres.",
            f"Écrivez l’année en entier{NBSP}: {long_date(found)}.",
        )
    found = _checked(text, int(year), month, day)
    actual = _WEEKDAYS[found.weekday()]
    if weekday is not None and weekday != actual:
        raise DateError(
            "bad-date",
            f"«{NBSP}{text}{NBSP}» se contredit{NBSP}: le {long_date(found)} est un {actual}.",
            "Corrigez le jour de la semaine ou la date.",
        )
    return found


def date_from_serial(serial: int, *, since_1904: bool = False) -> date:
    """Read a day number of Excel, in the calendar that the workbook says is its own.

    The 1900 calendar counts a 29 February 1900 that never was (kept from Lotus 1-2-3), hence its origin on 30
    December 1899, true from 1 March 1900 on (ISO/IEC 29500-1, 18.17.4.1).
    """
    return (date(1904, 1, 1) if since_1904 else date(1899, 12, 30)) + timedelta(days=serial)


def long_date(day: date) -> str:
    """Write a date in full: ``1er mars 2026``, ``12 mars 2026``, with spaces that do not break.

    The first of the month alone is an ordinal; who prints it may set its "er" superscript.
    """
    return NBSP.join(("1er" if day.day == 1 else str(day.day), _MONTHS[day.month - 1], str(day.year)))


def anniversary(origin: date, years: int) -> date:
    """Find the date ``years`` years after the origin, on the last of February for a 29 that is missing.

    Always from the origin, never from the anniversary before: what began on 29 February 2024 has its
    anniversaries on 28 February 2025, 2026 and 2027, then on 29 February 2028.
    """
    year = origin.year + years
    return origin.replace(year=year, day=min(origin.day, monthrange(year, origin.month)[1]))


def months_before(day: date, months: int) -> date:
    """Find the last day on which notice of so many months can be given for ``day``.

    The same day of the earlier month, or that month's last.
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


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
