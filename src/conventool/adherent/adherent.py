"""A row → an adherent, complete and resolved, or every problem that stands in the way.

Defaults and safe repairs are told as notices; what cannot be known is asked back, never guessed.
"""

from __future__ import annotations

import os
import re
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from conventool.adherent.contact import read_contact
from conventool.adherent.decision import Decision, Signatures, read_decision, read_signatures
from conventool.adherent.denomination import Denomination
from conventool.adherent.fields import ABOUT, Given
from conventool.adherent.kinds import KINDS, Kind, find_kind, hint_for, why_refused
from conventool.adherent.name import read_name
from conventool.adherent.needs import NOTHING, Needs, read_needs
from conventool.adherent.plausibility import Nature
from conventool.adherent.protection import UNSAID, Protection, read_protection
from conventool.adherent.reading import Reading, printable
from conventool.adherent.seat import read_seat
from conventool.adherent.signatory import Representant, check_whose_title, read_representant
from conventool.adherent.statuses import as_constituted, led_otherwise
from conventool.core.problems import Problem, Severity
from conventool.files.inside import leads_out
from conventool.text.french import Gender, fold
from conventool.text.suggestions import did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from conventool.adherent.name import Name
    from conventool.core.row import Row
    from conventool.register.communes import Register

__all__ = ["Adherent", "read_adherent"]


class Adherent(NamedTuple):
    """An adherent as the document needs it.

    Attributes:
        forme: key of its kind in [KINDS][conventool.adherent.kinds.KINDS].
        appellation: what it is, with its article: ``La Commune``.
        genre: of that noun.
        nom: its full name: ``Le Quesnoy``.
        denomination: noun, link and rest as the document says them: ``("La Commune", "du ", "Quesnoy")``.
        code_insee: of the commune that it is, or bears the name of, where the register knows it.
        siren: of the adherent, given or known to the register.
        siret: as given, its digits alone.
        adresse: of the seat, without the town.
        code_postal: of the seat.
        commune: town of the seat: ``Le Quesnoy``.
        commune_liee: "at" that town, as link and rest: ``("au ", "Quesnoy")``.
        representant: who signs.
        decision: what authorised it.
        reconduction: None for the template's default.
        signatures: where they are known.
        annexes: files that follow its documents on paper; their paths begin where the data are.
        besoins: the services it chose, and what their prices go by.
        protection: whom it names for personal data, and what becomes of these at the end.
        courriel: addresses of mail, separated by « ; ».
        telephone: numbers, likewise.
    """

    forme: str
    appellation: str
    genre: Gender
    nom: str
    denomination: Denomination
    code_insee: str | None
    siren: str | None
    siret: str | None
    adresse: str
    code_postal: str
    commune: str
    commune_liee: tuple[str, str]
    representant: Representant
    decision: Decision
    reconduction: Literal["tacite", "expresse"] | None
    signatures: Signatures
    annexes: tuple[str, ...] = ()
    besoins: Needs = NOTHING
    protection: Protection = UNSAID
    courriel: str | None = None
    telephone: str | None = None


def read_adherent(row: Row, register: Register, *, today: date) -> tuple[Adherent | None, list[Problem]]:
    """Read one adherent's data.

    Args:
        row: the data as a file gives it.
        register: the official register.
        today: the day that dates are judged by.

    Returns:
        The adherent, or None if any problem is an error; and all problems, warnings and notices, each with
        its field and its place in the file.
    """
    reading = Reading(row, today)
    if reading.failed and not row.values:  # the file could not be read: nothing is missing from it
        return None, reading.problems
    given = reading.given()
    kind = _kind(given, reading)
    appellation, genre = _appellation(given, kind, reading)
    name, home = read_name(given, kind, appellation, register, reading)
    kind = kind and as_constituted(kind, name.code_insee if name else None)
    seat = read_seat(given, kind, home, register, reading)
    kind = _as_led(kind, name.nom, given, register, reading) if kind and name else kind
    representant = read_representant(given.representant, kind, reading)
    decision = read_decision(given.decision, kind, reading)
    _compare_values(given, name, register, reading)
    signatures = read_signatures(given.signatures, decision, representant and representant.delegation, reading)
    reconduction = _reconduction(given.reconduction, reading)
    _look_for_annexes(given.annexes, row, reading)
    needs, protection = read_needs(given, reading), read_protection(given.protection, reading)
    contact = read_contact(given, reading)
    if not (kind and appellation and genre and name and seat and representant and decision):
        reading.refuse({"forme": kind, "appellation": appellation, "nom": name, "adresse": seat,
                        "representant": representant, "decision": decision})  # fmt: skip
        return None, reading.problems
    if reading.failed:
        return None, reading.problems
    appellation = appellation if given.appellation else kind.label
    entity = (kind.key, appellation, name.genre or genre, *name[1:], *seat)
    settled = (representant, decision, reconduction, signatures)
    return Adherent(*entity, *settled, given.annexes, needs, protection, *contact), reading.problems


def _as_led(kind: Kind, nom: str, given: Given, register: Register, reading: Reading) -> Kind:
    """The kind with the titles of who leads it; that of the person who signs must be of this body."""
    led = led_otherwise(kind, nom)
    check_whose_title(given.representant, led, nom, register, reading)
    return led


_APART = {
    "adresse": (
        "representant.prenom",
        "representant.nom",
        "representant.fonction",
        "decision.numero",
        "decision.organe",
    ),
    "representant.fonction": ("nom", "commune", "adresse", "representant.nom", "decision.organe"),
    "decision.numero": ("code_insee", "code_postal"),
    "nom": ("decision.numero", "decision.organe"),
}
"""Fields, and those whose value they cannot have too: one of the two is in the wrong place."""
_ARTICLE = re.compile(r"l(?:es?|a) |l’", re.IGNORECASE)
_SELDOM_THE_SAME = {"representant.prenom": ("nom", "commune"), "representant.nom": ("nom", "commune")}
"""The same, where it happens: some people have the name of a town, seldom of theirs."""


def _compare_values(given: Given, name: Name | None, register: Register, reading: Reading) -> None:
    """Report a value that stands in two fields of which one cannot hold it, as where a column was shifted.

    A name that the data do not give, but the register does, is one of them.
    """
    found = name.nom if name and name.nom != given.commune else None
    said = {
        "nom": given.nom or found,
        "adresse": given.adresse,
        "code_insee": given.code_insee,
        "code_postal": given.code_postal,
        "commune": given.commune,
        "representant.prenom": given.representant.prenom,
        "representant.nom": given.representant.nom,
        "representant.fonction": given.representant.fonction,
        "decision.numero": given.decision.numero,
        "decision.organe": given.decision.organe,
    }
    title = given.representant.fonction
    if title and _ARTICLE.match(title) and register.by_name(title):  # without its article it is no title at all
        reading.implausible("representant.fonction", Nature.PLACE, title)
    written = [value for value in said.values() if value]
    if len(set(written)) == len(written):  # as in nearly every row
        return
    for fields, report, code in (
        (_APART, reading.error, "implausible-value"),
        (_SELDOM_THE_SAME, reading.warning, "doubtful-name"),
    ):
        for path, others in fields.items():
            value = said[path]
            same = next((other for other in others if value and said[other] == value), None)
            if same and not reading.spoilt(path):
                message = f"« {value} » est aussi {ABOUT[same][0]}."
                example = f"« {ABOUT[path][1]} »"
                if path == "decision.numero":
                    example += f", ou « n° {value} » si c’est bien lui"
                report(code, path, message, f"Écrivez par exemple {example}.", value)


def _kind(given: Given, reading: Reading) -> Kind | None:
    text = given.forme
    if not text:
        reading.missing("forme", f"Formes possibles : {', '.join(KINDS)}.")
        return None
    if why := why_refused(text):
        reading.error("cannot-sign", "forme", why, "Changez l’adhérent pour qui signe.", text)
        return None
    kind = find_kind(text)
    if kind is None:
        hint = hint_for(text) or did_you_mean(text, KINDS) or f"Formes possibles : {', '.join(KINDS)}."
        reading.error("unknown-kind", "forme", f"« {text} » n’est pas une forme connue.", hint, text)
    return kind


_GENRES = {
    **dict.fromkeys(["m", "masculin"], Gender.MASCULINE),
    **dict.fromkeys(["f", "feminin"], Gender.FEMININE),
}


def _appellation(given: Given, kind: Kind | None, reading: Reading) -> tuple[str | None, Gender | None]:
    """What the adherent is, with its article, and the gender of that noun."""
    text = given.appellation
    told = _GENRES.get(fold(given.genre)) if given.genre else None
    if given.genre and told is None:
        reading.error("bad-choice", "genre", "Ce genre n’existe pas.", "Écrivez « m » ou « f ».", given.genre)
    if not text:
        if kind and not kind.label:
            reading.missing("appellation")
        return (kind.label or None, kind.gender) if kind else (None, None)
    article, _, noun = text.replace("’", "’ ", 1).partition(" ")
    said = {"le": Gender.MASCULINE, "la": Gender.FEMININE}.get(article.lower())
    if article.lower() not in {"le", "la", "l’"} or not noun:
        hint = "Commencez par « Le », « La » ou « L’ » : « Le Groupement d’intérêt public »."
        reading.error("bad-choice", "appellation", "L’appellation a besoin de son article.", hint, text)
        return None, None
    if said and told and said is not told:
        message = "Le genre donné contredit l’article de l’appellation."
        reading.error("bad-choice", "genre", message, "Corrigez l’un ou l’autre.", given.genre)
    genre = said or told or (kind.gender if kind else None)
    if genre is None:
        reading.missing("genre")
    return text[0].upper() + text[1:], genre


def _reconduction(text: str | None, reading: Reading) -> Literal["tacite", "expresse"] | None:
    if not text:
        return None
    choices: tuple[Literal["tacite", "expresse"], ...] = ("tacite", "expresse")
    for choice in choices:
        if fold(text) == choice:
            return choice
        if fold(text) in {f"reconduction {choice}", f"{choice} reconduction", f"{choice}ment"}:
            reading.repaired("reconduction", text, choice)
            return choice
    hint = did_you_mean(text, choices) or f"Écrivez {listed(choices)}."
    reading.error("bad-choice", "reconduction", f"« {text} » n’est pas un mode de reconduction.", hint, text)
    return None


def _look_for_annexes(annexes: Sequence[str], row: Row, reading: Reading) -> None:
    """Refuse those that are out of the folder of the data; warn of those that are not there: they are left out."""
    for rank, name in enumerate(annexes):
        path = row.folder / name
        place, value = row.where(("annexes", rank)), printable(name)
        if why := leads_out(row.folder, name):
            message = f"L’annexe « {value} » n’est pas dans le dossier de ces données : ce chemin {why}."
            hint = "Copiez ce fichier dans ce dossier, et donnez son chemin à partir de là."
            reading.problems.append(Problem("path-outside", message, hint, "annexes", value, place))
        elif not os.path.isfile(path):  # noqa: PTH113 (pathlib raises where a folder may not be entered)
            message = f"L’annexe « {printable(name)} » est absente ; les PDF sont faits sans elle."
            hint = "Mettez ce fichier en place, ou corrigez son chemin, qui part du dossier de ces données."
            hint = did_you_mean(path.name, _files_beside(path)) or hint
            reading.problems.append(Problem("annex-missing", message, hint, "annexes", value, place, Severity.WARNING))


def _files_beside(path: Path) -> list[str]:
    """The names in its folder, where these are few."""
    try:
        with os.scandir(path.parent) as entries:
            return [printable(entry.name) for entry in islice(entries, _FEW)]
    except (OSError, ValueError):
        return []


_FEW = 100
