"""The street where an adherent has its seat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conventool.adherent.commune_words import delivery_words
from conventool.adherent.kinds import find_kind
from conventool.adherent.plausibility import Nature
from conventool.register.communes import place_key
from conventool.text.french import fold

if TYPE_CHECKING:
    from conventool.adherent.fields import Given
    from conventool.adherent.name import Home
    from conventool.adherent.reading import Reading
    from conventool.register.communes import Register

__all__ = ["read_street"]


def read_street(given: Given, home: Home | None, register: Register, reading: Reading) -> str | None:
    """Read the street of a seat, without what only tells the post where to bring mail, and without the town.

    Args:
        given: the fields.
        home: the commune that the adherent is, or bears the name of.
        register: the official register.
        reading: receives the problems.

    Returns:
        The street; None where it is missing or wrong, then reported.
    """
    text = given.adresse
    if not text:
        reading.missing("adresse")
        return None
    street = _without_town(text, given, home, reading)
    if reading.spoilt("adresse"):
        return None
    without = street
    while delivery := delivery_words(without):
        without = re.sub(r"\s*[,–-]?\s*" + re.escape(delivery) + r"\s*[,–-]?\s*", " ", without).strip()
    if "cedex" in street.lower() or not _is_address(without, text, reading):
        _report_town(text, reading)
        return None
    if without != street:
        reading.repaired("adresse", text, without, " : le siège se dit sans boîte postale")
    bare = _without_country(without)
    if bare != without:
        reading.repaired("adresse", text, bare)
    if doubt := _doubt(bare, given, register):
        message = f"« {text} » {doubt}."
        reading.warning("doubtful-address", "adresse", message, "Vérifiez que c’est bien l’adresse du siège.", text)
    return bare


def _without_country(street: str) -> str:
    """The street without the country behind it, which may be its name, too."""
    country = re.search(_COUNTRY, street) if "rance" in street[-7:].lower() else None
    *_, last = fold(street[: country.start()]).split() if country else [""]
    return street[: country.start()] if country and last and last not in _LINKS | _WAYS else street


_COUNTRY = r"(?i)[\s,(–-]+france\)?$"


def _doubt(street: str, given: Given, register: Register) -> str | None:
    """What is odd about an address that may still be one, in words that follow it; None where nothing is."""
    key = fold(street)
    if key in _WAYS or _NUMBER.fullmatch(key) or not (re.search(_SOMEWHERE, key) or _ARTICLE.match(street)):
        return "ne dit ni voie ni numéro"
    if not _JOINED.search(street):  # as nearly always
        return None
    if re.search(_TO_A_PERSON, street):
        return "nomme aussi une personne"
    if re.search(_TWO, street):
        return "semble dire deux adresses"
    apart = re.search(_BEHIND_A_SIGN, street)
    town = apart and apart["town"]
    if town and not _ARTICLE.match(town) and place_key(town) != place_key(given.commune or given.nom or ""):
        around = (given.code_postal or "").strip()[:2]
        if any(commune.departement[:2] == around for commune in register.by_name(town)):
            return f"nomme aussi une autre commune, « {town} »"
    return None


_NUMBER = re.compile(r"\d+ ?(?:bis|ter|quater|[a-d])?")
_JOINED = re.compile(r"[,;/–]| - | et \d|attention|chez", re.IGNORECASE)
_TO_A_PERSON = r"(?i)\b(?:à|a) l’attention\b|\bc/o\b|\bchez\b|(?:^|[,;–-] ?)(?:M\.|Mr|Mme|Mlle|Monsieur|Madame|Dr|Me)\s"
_TWO = r"(?i)\s/\s|;|[^\W\d_] et \d+,? (?:rue|place|avenue|boulevard|route|chemin)\b"
_BEHIND_A_SIGN = r".(?:,|\s[–-])\s*(?P<town>[^\d,–]+)$"


def _report_town(text: str, reading: Reading) -> None:
    """Report an address that holds a postal code or a town that are not those of the seat, unless it was reported."""
    if not reading.spoilt("adresse"):
        message = "L’adresse contient aussi le code postal ou la ville."
        hint = "N’y laissez que la voie : le code postal et la ville sont dits à part."
        reading.error("bad-address", "adresse", message, hint, text)


def _is_address(street: str, text: str, reading: Reading) -> bool:
    """Whether what is left of an address is one: no postal code, no kind of body, a word at least."""
    if re.search(r"\b[0-9]{5}\b", street):
        return False
    if _MAY_BE_CONTACT.search(street) and (told := re.search(_CONTACT, street)):
        message = f"L’adresse contient aussi un contact ou un numéro : « {told[0].strip()} »."
        reading.error("bad-address", "adresse", message, "N’y laissez que la voie.", text)
        return False
    if find_kind(street) and len(street) == len("CC"):
        reading.implausible("adresse", Nature.KIND, street)
        return False
    if not re.search(r"[^\W\d_]", street):
        what = "Une boîte postale n’est" if street != text else f"« {text} » n’est"
        hint = "Donnez la voie où est le siège."
        reading.error("bad-address", "adresse", f"{what} pas l’adresse d’un siège.", hint, text)
        return False
    return True


_MAY_BE_CONTACT = re.compile(r"[@:]|\d(?:\D?\d){7}")
_CONTACT = (
    r"(?i)\S+@\S+|\b(?:t[ée]l(?:[ée]phone)?|fax|courriel|mail)\.? ?:.*|\bt[ée]l\.? ?\d.*"
    r"|(?:\+ ?33 ?|\b0)[1-9](?:[ .-]?\d{2}){4}\b|\b\d{3} ?\d{3} ?\d{3}(?: ?\d{5})?\b|\b\d{2}/\d{2}/\d{4}\b"
)
_SOMEWHERE = (
    r"\d.*[a-z]{3}|\b(?:mairie|hotel|bourg|village|lieu|lieudit|zone|za|zi|zac|parc|centre"
    r"|maison|chateau|ferme|hameau|residence|batiment|immeuble|cite|tour|port|gare|ecole|domaine|campus|prefecture|palais|ccas"
    r"|rue|ruelle|place|avenue|boulevard|bd|chemin|impasse|allees?|route|square|quai|cours|passage|sentier|faubourg"
    r"|esplanade|mail|parvis|rond|lotissement|montee|cote|porte|voie|villa|clos|traverse|promenade|venelle)\b|place$"
)
"""What tells that a text is an address, folded: a number before a word, or a word for a place."""
_ARTICLE = re.compile(r"[Ll]e [A-Z][a-z]|[Ll]a |[Ll]es |[Ll]’|[Aa]ux? ")
_LINKS = frozenset(re.findall(r"\w+", "de du des d la le les l a au aux sur en vers saint sainte"))
_WAYS = frozenset(re.findall(r"\w+", "rue place avenue boulevard chemin impasse allee route square quai cours porte"))


def _without_town(text: str, given: Given, home: Home | None, reading: Reading) -> str:
    """The street without the town of the seat that is repeated behind it, with its postal code or not."""
    commune = home.settled.commune if home and home.is_seat else None
    town = given.commune or ""
    named = town and re.sub(r"[(\s]*\d{5}[)\s]*", " ", town), commune.nom if commune else ""
    towns = {place_key(nom) for nom in named if nom.strip()}
    if place_key(text) in towns:
        message = "L’adresse ne dit que la ville."
        reading.error("bad-address", "adresse", message, "Donnez la voie où est le siège.", text)
        return text
    ends = {town.rpartition(" ")[2] for town in towns}
    if fold(text).rpartition(" ")[2] not in ends:  # as nearly always
        return text
    codes = {given.code_postal, *re.findall(r"\d{5}", town), *(commune.codes_postaux if commune else ())}
    for match in re.finditer(r"[\s,–-]+(?=[^\s,–-])", text):
        street, end = text[: match.start()], text[match.end() :]
        code = re.match(r"(?:FR?-?)?(\d{5})[\s,–-]+", end)
        if place_key(end[code.end() :] if code else end) not in towns or (code and code[1] not in codes):
            continue
        *_, last = fold(street).split() or [""]
        if last == "a" and not code:
            street, last = street.rsplit(maxsplit=1)[0].rstrip(" ,–-"), ","
        elif last in _LINKS or (last in _WAYS and not code):
            return text
        message = f"« {text} » est lu « {street} » : la ville est dite après."
        apart = code or "," in match[0] or "–" in match[0] or "- " in match[0] or last == ","
        if apart:
            reading.notice("repaired", "adresse", message, text)
        else:
            reading.warning("repaired", "adresse", message, "Vérifiez que ce nom n’est pas celui de la voie.", text)
        return street
    return text
