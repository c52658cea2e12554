"""Who signs, in what capacity, and what authorised it.

The capacity is read from a title as people write it ("maire", "La Maire", "sa Présidente,"), kept as the bare
title with the gender it is said in. That gender is the person's, told by the civilité; a masculine title for
a woman stays only where an article says that it is meant ("le Maire").
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from conventool.adherent.fields import GivenDecision, GivenDelegation, GivenRepresentant, GivenSignatures, Reading
from conventool.adherent.kinds import KINDS, Kind
from conventool.text.french import NBSP, DateError, Gender, elides, fold, long_date, parse_date
from conventool.text.suggestions import listed

__all__ = [
    "Decision",
    "Delegation",
    "Representant",
    "Signatures",
    "read_decision",
    "read_representant",
    "read_signatures",
]


class Delegation(NamedTuple):
    """The arrêté by which the executive lets someone else sign (CGCT, art. L. 2122-18 and L. 5211-9).

    Attributes:
        texte: what the signature begins with: ``Pour le Maire et par délégation``.
        arrete: number of the arrêté.
        date: its day.
    """

    texte: str
    arrete: str
    date: date


class Representant(NamedTuple):
    """Who signs.

    Attributes:
        civilite: Madame or Monsieur.
        prenom: as given.
        nom: as given, never re-cased.
        fonction: the bare title: ``Maire``, ``Adjointe au Maire``.
        genre_fonction: the gender that the title is said in.
        delegation: None for the executive.
    """

    civilite: Literal["Madame", "Monsieur"]
    prenom: str
    nom: str
    fonction: str
    genre_fonction: Gender
    delegation: Delegation | None

    @property
    def genre(self) -> Gender:
        """The person's gender, from the civilité alone, never from the first name."""
        return Gender.FEMININE if self.civilite == "Madame" else Gender.MASCULINE


class Decision(NamedTuple):
    """What authorised the signature: the body with its preposition, the day, the number."""

    organe: str
    date: date
    numero: str | None


class Signatures(NamedTuple):
    """The day each party signed, None while its line is left blank."""

    fibre: date | None
    cdg59: date | None
    collectivite: date | None


# --- The person --------------------------------------------------------------------------------------------

_CIVILITIES = {
    **dict.fromkeys(["madame", "mme", "f", "femme", "feminin", "mademoiselle", "mlle"], "Madame"),
    **dict.fromkeys(["monsieur", "m", "mr", "h", "homme", "masculin"], "Monsieur"),
}


def read_representant(given: GivenRepresentant, kind: Kind | None, reading: Reading) -> Representant | None:
    """Read who signs.

    Args:
        given: the fields ``representant``.
        kind: of the adherent, for the usual title; None where it is not known.
        reading: receives the problems.

    Returns:
        The representative; None where something is missing or wrong, then reported.
    """
    civilite = _civilite(given.civilite, reading)
    prenom, nom = given.prenom, given.nom
    if not prenom:
        reading.missing("representant.prenom")
    if not nom:
        reading.missing("representant.nom")
    if prenom and nom and prenom.isupper() and len(prenom) > 1 and not nom.isupper():
        message = f"Prénom et nom semblent inversés : « {prenom} {nom} »."
        reading.warning("swapped-names", "representant.nom", message, "Le prénom vient d’abord.", nom)
    delegation = _delegation(given.delegation, kind, reading) if given.delegation else None
    title = _title(given, civilite, kind, reading)
    if not (civilite and prenom and nom and title) or (given.delegation and not delegation):
        return None
    return Representant(
        civilite=civilite,
        prenom=prenom,
        nom=nom,
        fonction=title[0],
        genre_fonction=title[1],
        delegation=delegation,
    )


def _civilite(text: str | None, reading: Reading) -> Literal["Madame", "Monsieur"] | None:
    path = "representant.civilite"
    if not text:
        reading.missing(path)
        return None
    words = fold(text).split()
    found = _CIVILITIES.get(words[0]) if words else None
    rest = words[1:]
    if found is None or (rest and rest[0] not in {"le", "la", "l"}):
        hint = "Écrivez « Madame » ou « Monsieur »."
        reading.error("civility", path, f"« {text} » n’est pas une civilité.", hint, text)
        return None
    if text != found:
        dropped = " ; la fonction se dit dans « fonction »" if rest else ""
        reading.notice("repaired", path, f"« {text} » est lu « {found} »{dropped}.", text)
    return "Madame" if found == "Madame" else "Monsieur"


def _delegation(given: GivenDelegation, kind: Kind | None, reading: Reading) -> Delegation | None:
    path = "representant.delegation"
    texte = given.texte and given.texte.rstrip(" ,.")
    if not texte and kind and kind.executives:
        executive = kind.executives[0][0]
        texte = f"Pour le {executive} et par délégation"
        reading.default(f"{path}.texte", texte)
    elif not texte:
        reading.missing(f"{path}.texte")
    if not given.arrete:
        reading.missing(f"{path}.arrete")
    day = read_day(f"{path}.date", given.date, reading)
    if day is None:
        reading.missing(f"{path}.date")
    if not (texte and given.arrete and day):
        return None
    return Delegation(texte=texte, arrete=given.arrete, date=day)


# --- The title ---------------------------------------------------------------------------------------------

_TITLE = re.compile(r"(?:(?P<article>le|la|son|sa)\s+|l[’'])?(?P<bare>.*?)[\s,.]*", re.IGNORECASE)
_SAID_IN = {"le": Gender.MASCULINE, "la": Gender.FEMININE, "sa": Gender.FEMININE}
_FEMININES = {
    "adjoint": "adjointe",
    "administrateur": "administratrice",
    "conseiller": "conseillère",
    "delegue": "déléguée",
    "directeur": "directrice",
    "gerant": "gérante",
    "premier": "première",
    "president": "présidente",
    "representant": "représentante",
    "vice president": "vice-présidente",
}
_MASCULINE_STARTS = (*_FEMININES, "1er")
_FEMININE_STARTS = (*(fold(feminine) for feminine in _FEMININES.values()), "1re", "1ere")

_COMPLEMENT = {"a", "au", "aux", "d", "de", "des", "du", "en"}

_Title = tuple[str, Gender]


def _title(given: GivenRepresentant, civilite: str | None, kind: Kind | None, reading: Reading) -> _Title | None:
    """The bare title and the gender it is said in."""
    path = "representant.fonction"
    person = Gender.FEMININE if civilite == "Madame" else Gender.MASCULINE
    if given.fonction and civilite:
        title = _given_title(given.fonction, person, kind, reading)
        if title and kind and not given.delegation:
            _check_usual(title[0], given.fonction, kind, reading)
        return title
    if not given.fonction and (given.delegation or (kind and not kind.executives)):
        reading.missing(path, "Écrivez par exemple « Adjointe au Maire »." if given.delegation else None)
    elif not given.fonction and civilite and kind:
        bare = kind.executives[0][person is Gender.FEMININE]
        reading.default(path, bare)
        return bare, person
    return None


def _given_title(text: str, person: Gender, kind: Kind | None, reading: Reading) -> _Title | None:
    path = "representant.fonction"
    match = _TITLE.fullmatch(text)
    assert match  # it matches any line
    said_in = _SAID_IN.get((match["article"] or "").lower())
    bare, own, feminine = _known_title(match["bare"], kind)
    gender = said_in or own or person
    contradicts_itself = said_in and own and said_in is not own
    if not bare or contradicts_itself or (person is Gender.MASCULINE and gender is Gender.FEMININE):
        _report_mismatch(text, person, reading)
        return None
    if person is Gender.FEMININE and own is Gender.MASCULINE and said_in is None:
        if feminine is None:
            _report_mismatch(text, person, reading)
            return None
        message = f"« {text} » est accordé : « {feminine} »."
        if not elides(bare):
            message += f" Pour garder le masculin, écrivez « le {bare} »."
        reading.notice("repaired", path, message, text)
        bare, gender = feminine, person
    elif bare != match["bare"]:
        reading.notice("repaired", path, f"« {text} » est lu « {bare} ».", text)
    return bare, gender


def _report_mismatch(text: str, person: Gender, reading: Reading) -> None:
    civilite = "Madame" if person is Gender.FEMININE else "Monsieur"
    message = f"La fonction « {text} » ne s’accorde pas avec la civilité « {civilite} »."
    hint = "Corrigez l’une ou l’autre ; un masculin voulu pour une femme s’écrit avec son article, « le … »."
    reading.error("title-mismatch", "representant.fonction", message, hint, text)


def _check_usual(bare: str, text: str, kind: Kind, reading: Reading) -> None:
    """Warn of a title that cannot sign by itself for this kind of body."""
    usual = [title for pair in kind.executives for title in dict.fromkeys(pair)]
    if usual and bare not in usual:
        message = f"« {bare} » n’est pas l’exécutif de cette forme d’adhérent ({', '.join(usual)})."
        hint = "Si la signature est déléguée, remplissez « representant.delegation »."
        reading.warning("unusual-title", "representant.fonction", message, hint, text)


def _known_title(bare: str, kind: Kind | None) -> tuple[str, Gender | None, str | None]:
    """The title well spelled, the gender that its words show, and its feminine if they are masculine."""
    key = fold(bare)
    for masculine, feminine in (pair for one in (kind, *KINDS.values()) if one for pair in one.executives):
        if key == fold(masculine):
            return masculine, None if masculine == feminine else Gender.MASCULINE, feminine
        if key == fold(feminine):
            return feminine, Gender.FEMININE, None
    return _other_title(bare)


def _other_title(bare: str) -> tuple[str, Gender | None, str | None]:
    """The same for a title that is no executive's; only its first word is known."""
    key = fold(bare)
    capitalised = bare[:1].upper() + bare[1:]
    if key.startswith(tuple(f"{start} " for start in _FEMININE_STARTS)) or key in _FEMININE_STARTS:
        return capitalised, Gender.FEMININE, None
    start = next((start for start in _MASCULINE_STARTS if f"{key} ".startswith(f"{start} ")), None)
    if start is None:
        return capitalised, None, None
    rest = key[len(start) :].split()
    if start in _FEMININES and (not rest or rest[0] in _COMPLEMENT):
        feminine = _FEMININES[start] + bare[len(start) :]
        return capitalised, Gender.MASCULINE, feminine[0].upper() + feminine[1:]
    return capitalised, Gender.MASCULINE, None


# --- The decision and the dates ----------------------------------------------------------------------------

_BODY = re.compile(r"(?:(?P<link>du|de la|des|de l[’'])\s*\b|(?:le|la|les)\s+|l[’'])?(?P<bare>.*)", re.IGNORECASE)
_LINKS = {"conseil": "du ", "comite": "du ", "bureau": "du ", "commission": "de la ", "assemblee": "de l’"}


def read_decision(given: GivenDecision, kind: Kind | None, today: date, reading: Reading) -> Decision | None:
    """Read what authorised the signature.

    Args:
        given: the fields ``decision``.
        kind: of the adherent, for the usual body; None where it is not known.
        today: a decision after it is a warning.
        reading: receives the problems.

    Returns:
        The decision; None where something is missing or wrong, then reported.
    """
    organe = _organe(given.organe, kind, reading)
    day = read_day("decision.date", given.date, reading)
    if day is None:
        reading.missing("decision.date")
    elif day > today:
        message = f"La décision est datée du {long_date(day)}, qui n’est pas encore venu."
        reading.warning("future-date", "decision.date", message, "Vérifiez l’année.", str(given.date))
    if not (organe and day):
        return None
    return Decision(organe=organe, date=day, numero=given.numero)


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
    match = _BODY.fullmatch(text)
    assert match  # it matches any line
    organe = _known_body(match["bare"], kind) or _linked_body(match["link"], match["bare"])
    if organe is None:
        hint = "Commencez par « du », « de la », « de l’ » ou « des » : « du conseil municipal »."
        reading.error("bad-choice", path, f"On ne sait pas dire « par décision … {text} ».", hint, text)
    elif organe != text:
        reading.notice("repaired", path, f"« {text} » est lu « {organe} ».", text)
    if organe and usual and organe not in usual and any(organe in other.bodies for other in KINDS.values()):
        message = f"« {organe} » n’est pas l’organe délibérant de cette forme d’adhérent."
        reading.warning("unusual-body", path, message, f"On attend {listed(usual)}.", text)
    return organe


def _known_body(bare: str, kind: Kind | None) -> str | None:
    """The deliberating body of some kind that these words name, with its preposition."""
    bodies = [body for one in (kind, *KINDS.values()) if one for body in one.bodies]
    return next((body for body in bodies if fold(body).partition(" ")[2].removeprefix("la ") == fold(bare)), None)


def _linked_body(link: str | None, bare: str) -> str | None:
    """Another body, with the preposition that is given or that its first word takes."""
    bare = bare[:1].lower() + bare[1:]
    if link:
        return link.lower() + ("" if link.endswith("’") else " ") + bare
    linked = _LINKS.get(fold(bare).partition(" ")[0])
    return linked + bare if linked else None


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
    for what, before in (("la décision", decision), ("l’arrêté de délégation", delegation)):
        if signed and before and signed < before.date:
            days_told = f"le {long_date(signed)}, avant {what} du {long_date(before.date)}"
            message = f"La collectivité aurait signé {days_told}."
            hint = "Corrigez l’une des deux dates."
            reading.error("date-order", "signatures.collectivite", message, hint, str(given.collectivite))
    return Signatures(**days)


def read_day(path: str, value: date | str | None, reading: Reading) -> date | None:
    """Read a date field.

    Args:
        path: the field.
        value: a date of the file's own, or a text.
        reading: receives what is wrong with it, and how a text that is not ISO 8601 was understood.

    Returns:
        The day; None where there is none, or none that can be trusted.
    """
    if value is None or isinstance(value, date):
        return value
    try:
        day = parse_date(value)
    except DateError as error:
        reading.error(error.code, path, str(error), error.hint, value)
        return None
    if value not in {day.isoformat(), long_date(day).replace(NBSP, " ")}:
        reading.notice("repaired", path, f"« {value} » est lu {long_date(day)}.", value)
    return day
