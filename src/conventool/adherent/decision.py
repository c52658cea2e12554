"""What authorised the signature, and when the parties signed."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from conventool.adherent.fields import GivenSignatures
from conventool.adherent.kinds import KINDS, Kind
from conventool.text.dates import DateError, anniversary, date_or_none, long_date, parse_date
from conventool.text.french import NBSP, fold, numbered
from conventool.text.suggestions import listed

if TYPE_CHECKING:
    from conventool.adherent.fields import GivenDecision
    from conventool.adherent.reading import Reading
    from conventool.adherent.signatory import Delegation

__all__ = ["Decision", "Signatures", "read_day", "read_decision", "read_number", "read_signatures"]


Day: TypeAlias = date
"""The type, in a class that has a field of its name."""


class Decision(NamedTuple):
    """What authorised the signature: the body with its preposition, the day, the number; when the préfecture had it.

    Before its receipt a decision of a collectivité does not bind (CGCT L. 2131-1), and nobody can have signed by it.
    """

    organe: str
    date: date
    numero: str | None
    recue_le: Day | None = None


class Signatures(NamedTuple):
    """The day each party signed, None while its line is left blank."""

    fibre: date | None
    cdg59: date | None
    collectivite: date | None


_BODY = r"(?i)(?:(?P<link>du|de la|des|de l[’'])\s*\b|(?:le|la|les)\s+|l[’'])?(?P<bare>.*)"
_DECIDE = (
    r"conseil|comite|bureau|commission|assemblee|college|directoire|congres|chambre|section|gouvernement|maires?|organe"
    r"|presidente?|directeur|directrice|gerante?|administrateur|administratrice|delegation|representants?|membres"
    r"|associes|actionnaires|societaires|conference"
)
"""What can decide: the first word of a body's name."""
_LINKS = {"conseil": "du ", "comite": "du ", "bureau": "du ", "commission": "de la ", "assemblee": "de l’"}


def read_decision(given: GivenDecision, kind: Kind | None, reading: Reading) -> Decision | None:
    """Read what authorised the signature.

    Args:
        given: the fields ``decision``.
        kind: of the adherent, for the usual body; None where it is not known.
        reading: receives the problems; a decision after its ``today`` is a warning.

    Returns:
        The decision; None where something is missing or wrong, then reported.
    """
    organe = _organe(given.organe, kind, reading)
    day = read_day("decision.date", given.date, reading, latest=reading.today)
    if day is None:
        reading.missing("decision.date")
    numero = read_number("decision.numero", given.numero, day, reading)
    received = read_day("decision.recue_le", given.recue_le, reading, latest=reading.today, what="La réception")
    if received and day and received < day:
        message = f"La préfecture aurait reçu le {long_date(received)} une décision du {long_date(day)}."
        reading.error("date-order", "decision.recue_le", message, "Corrigez l’une des deux dates.", str(given.recue_le))
    if not (organe and day):
        return None
    return Decision(organe=organe, date=day, numero=numero, recue_le=received)


def _organe(text: str | None, kind: Kind | None, reading: Reading) -> str | None:
    path = "decision.organe"
    usual = kind.bodies if kind else ()
    if not text and usual:
        reading.default(path, usual[0])
        return usual[0]
    if not text:
        if kind:
            reading.missing(path)
        return None
    match = re.fullmatch(_BODY, text)
    assert match  # it matches any line
    organe = _known_body(match["bare"], kind) or _linked_body(match["link"], match["bare"])
    if organe is None:
        hint = "Commencez par « du », « de la », « de l’ » ou « des » : « du conseil municipal »."
        message = f"Le texte dirait « par décision {text} », qui n’est pas du français."
        reading.error("bad-choice", path, message, hint, text)
    elif organe != text:
        reading.repaired(path, text or "", organe)
    others = organe and usual and organe not in usual and any(organe in other.bodies for other in KINDS.values())
    if others or (organe and kind and _is_foreign_body(organe, kind)):
        message = f"« {organe} » n’est pas l’organe délibérant de cette forme d’adhérent."
        reading.warning("unusual-body", path, message, f"On attend {listed(usual)}.", text)
    return organe


def _is_foreign_body(organe: str, kind: Kind) -> bool:
    """Whether a body says by its adjective that it is of another kind: « du bureau syndical » of a commune."""
    said = next((word for word in _OF_KINDS if word in fold(organe).split()), None)
    return (
        said is not None
        and bool(kind.bodies)
        and not any(said in fold(body).split() for body in kind.bodies)
        and kind.key not in _OF_KINDS[said]
    )


_OF_KINDS = {
    "municipal": {"ccas", "caisse-des-ecoles"},
    "communautaire": {"metropole"},
    "metropolitain": {"metropole", "pole-metropolitain"},
    "syndical": {"petr"},
    "departemental": {"sdis"},
    "regional": set(),
}
"""Adjectives of assemblies, and the kinds that may have one so called though their usual one is not."""


_SHORT = {
    "cm": "conseil municipal",
    "cc": "conseil communautaire",
    "cs": "comité syndical",
    "ca": "conseil d’administration",
    "casdis": "conseil d’administration",
    "cd": "conseil départemental",
    "cp": "commission permanente",
}
"""What lists shorten a body to, folded."""


def _known_body(bare: str, kind: Kind | None) -> str | None:
    """The deliberating body of some kind that these words or their abbreviation name, with its preposition."""
    bare = _SHORT.get(fold(bare), bare)
    bodies = [body for one in (kind, *KINDS.values()) if one for body in one.bodies]
    return next((body for body in bodies if fold(body).partition(" ")[2].removeprefix("la ") == fold(bare)), None)


def _linked_body(link: str | None, bare: str) -> str | None:
    """Another body, with the preposition that is given or that its first word takes."""
    bare = bare[:1].lower() + bare[1:]
    head = fold(bare).partition(" ")[0]
    if link and re.fullmatch(_DECIDE, head):
        return link.lower() + ("" if link.endswith("’") else " ") + bare
    linked = _LINKS.get(head)
    return linked + bare if linked and not link else None


def read_signatures(
    given: GivenSignatures, decision: Decision | None, delegation: Delegation | None, reading: Reading
) -> Signatures:
    """Read when the parties signed, and check that the adherent was allowed to by then.

    Args:
        given: the fields ``signatures``.
        decision: what authorised the adherent's signature.
        delegation: what allowed the signatory.
        reading: receives the problems.

    Returns:
        The days that are known.
    """
    days = {
        party: read_day(f"signatures.{party}", getattr(given, party), reading) for party in GivenSignatures.model_fields
    }
    signed = days["collectivite"]
    earlier = {
        "la décision du": decision and decision.date,
        "la réception de la décision par la préfecture, le": decision and decision.recue_le,
        "l’arrêté de délégation du": delegation and delegation.date,
    }
    for what, before in earlier.items():
        if signed and before and signed < before:
            days_told = f"le {long_date(signed)}, avant {what} {long_date(before)}"
            message = f"La collectivité aurait signé {days_told}."
            hint = "Corrigez l’une des deux dates."
            reading.error("date-order", "signatures.collectivite", message, hint, str(given.collectivite))
    return Signatures(**days)


def read_day(
    path: str, value: date | str | None, reading: Reading, latest: date | None = None, what: str = "La décision"
) -> date | None:
    """Read a date field.

    Args:
        path: the field.
        value: a date of the file's own, or a text.
        reading: receives what is wrong with it, and how a text that is not ISO 8601 was understood.
        latest: the last day that needs no warning; a year from today, unless it is said.
        what: happened that day, for the warning.

    Returns:
        The day; None where there is none, or none that can be trusted.
    """
    if value is None:
        return None
    try:
        day = parse_date(value) if isinstance(value, str) else value
    except DateError as error:
        reading.error(error.code, path, str(error), error.hint, str(value))
        return None
    if isinstance(value, str) and value not in {day.isoformat(), long_date(day).replace(NBSP, " ")}:
        reading.notice("repaired", path, f"« {value} » est lu {long_date(day)}.", value)
    if day > (latest or anniversary(reading.today, 1)):
        told = f"{what} est datée du {long_date(day)}, qui n’est pas encore venu."
        if latest is None:
            told = f"« {value} » est dans plus d’un an."
        reading.warning("future-date", path, told, "Vérifiez l’année.", str(value))
    elif day.year < _OLD:
        message = f"« {value} » est d’avant {_OLD}."
        reading.warning("old-date", path, message, "Vérifiez l’année.", str(value))
    return day


_OLD = 1900


# --- Numbers -----------------------------------------------------------------------------------------------

_NUMBER = (
    r"(?i)(?:(?:d[ée]lib[ée]ration|d[ée]lib\.?|d[ée]cision|arr[êe]t[ée]|acte)(?=[ .:n°#])"
    r"(?: (?:du|de la) (?:conseil|comit[ée]|bureau|commission|maire|pr[ée]sident)(?: (?!n\b)[a-zé]+)?)? ?)?"
    r"(?:n ?[°ºo][.:]? ?|n[ro]?\.? ?(?=\d)|num[ée]ro |#)?[\s:]*«?\s?"
    r"(?P<bare>.*?)\s?»?(?: (?:du|de la) (?:conseil|comit[ée]|bureau|commission)(?: [a-zé]{5,})?)?"
    r"(?:,? (?:du|en date du) (?P<day>.*\d{4}))?"
)
_HAS_A_NUMBER = re.compile(r".*\d.*|[IVX]+")
_NO_NUMBER = (
    r"(?i)[%€]|\b(?:assembl[ée]e|bureau|comit[ée]|commission|conseil|r[ée]union|s[ée]ance|vote|cedex|du|des?|la|le)\b"
)


def read_number(path: str, text: str | None, day: date | None, reading: Reading) -> str | None:
    """Read the number of a decision or an arrêté: « Délibération n° 2026-12 du 12/03/2026 » is 2026-12.

    Args:
        path: the field.
        text: as written.
        day: of the decision, for a date in the number to agree with; None where it is not known.
        reading: receives the problems.

    Returns:
        The number alone; None where there is none, or none that can be printed.
    """
    if not text:
        return None
    match = re.fullmatch(_NUMBER, text)
    assert match  # it matches any line
    bare, written = match["bare"], match["day"]
    stated = date_or_none(written or bare)
    if written and stated and day and stated != day:
        message = f"« {text} » dit le {long_date(stated)}, la date de la décision est le {long_date(day)}."
        reading.error("date-order", path, message, "Corrigez l’une des deux dates.", text)
    elif not written and stated and (stated == day or not bare.startswith(str(stated.year))):
        reading.error("bad-number", path, f"« {text} » est une date, non un numéro.", _NUMBER_HINT, text)
    elif not _HAS_A_NUMBER.fullmatch(bare) or re.search(_NO_NUMBER, bare):
        reading.error("bad-number", path, f"« {text} » n’est pas un numéro.", _NUMBER_HINT, text)
    else:
        if re.search(_SEVERAL, bare):
            message = f"« {text} » contient plus qu’un numéro : il est imprimé tel quel."
            reading.warning("bad-number", path, message, "N’en laissez qu’un.", text)
        if stated and not written:
            message = f"« {text} » est peut-être une date : il est imprimé comme un numéro."
            reading.warning("bad-number", path, message, "Vérifiez-le.", text)
        elif numbered(text) != numbered(bare):
            reading.repaired(path, text, bare)
        return bare
    return None


_SEVERAL = r"\d,? (?:et|ou|&) |\d ?[,;] \w|;|\("
_NUMBER_HINT = "Écrivez le numéro seul, par exemple « 2026-12 », ou laissez le champ vide."
