"""Where a convention stands: made, sent, signed by whom, in force, over; and whether somebody should act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from conventool.deadlines.schedule import Course, Deadline, effect_of, end_of, schedule
from conventool.deadlines.terms import Terms
from conventool.dossier import facts
from conventool.dossier.facts import Fact, Formula, day_of
from conventool.dossier.reading import Followed
from conventool.text.dates import long_date
from conventool.text.french import NBSP, fold
from conventool.text.suggestions import listed

__all__ = [
    "ADHERENT",
    "Standing",
    "State",
    "course_of",
    "doubts",
    "impossible",
    "party",
    "signatures",
    "signed_on",
    "standing",
    "told",
]

ADHERENT = "collectivite"
"""Key of the party that the adherent is."""
_PATIENCE = timedelta(30)
"""After so long without every signature, a convention that was sent is late."""


class State(StrEnum):
    """Where a convention stands, in the order of its life."""

    UNWRITTEN = "non écrite"
    MADE = "produite"
    SENT = "envoyée"
    RETURNED = "revenue"
    ALTERED = "altérée"
    PARTLY_SIGNED = "signée en partie"
    SIGNED = "signée"
    ENFORCEABLE = "exécutoire"
    DENOUNCED = "dénoncée"
    OVER = "échue"
    SUPERSEDED = "remplacée"


class Standing(NamedTuple):
    """Where a convention stands.

    Attributes:
        state: in a word.
        text: in some words.
        late: was it sent long ago, and is it not signed by all?
        effect: its first day; None while a signature is missing.
        deadlines: all of them; none without a first day.
    """

    state: State
    text: str
    late: bool = False
    effect: date | None = None
    deadlines: tuple[Deadline, ...] = ()

    def next(self, today: date) -> Deadline | None:
        """The next deadline."""
        return next((one for one in self.deadlines if one.day >= today), None)


def signatures(one: Followed, today: date) -> dict[str, date | None]:
    """By party, the day of its signature."""
    return {key: signed_on(key, one, today) for key in one.copies}


def signed_on(key: str, one: Followed, today: date) -> date | None:
    """The day that a party signed: what was typed or read, else what the data say; not one that cannot be."""
    if facts.SIGNED + key in one.facts:
        return _day(facts.SIGNED + key, one, today)
    told = _section(one, "signatures").get(key)
    day = date.fromisoformat(told) if told else None
    return None if day and _before_the_decision(key, day, one) else day


def _day(name: str, one: Followed, today: date) -> date | None:
    """The day that a fact tells, unless it cannot be."""
    day = day_of(one.facts.get(name))
    return None if day and impossible(name, day, one, today) else day


def _section(one: Followed, name: str) -> Mapping[str, str]:
    """Some data of an adherent; of a bare form, whose names mean something else, none."""
    found = one.understood.get(name)
    return found if isinstance(found, Mapping) else {}


def doubts(one: Followed, today: date) -> dict[str, str]:
    """By name of the fact, why it is not taken."""
    found = {}
    for name, fact in one.facts.items():
        if name in _DAYS or name.startswith(facts.SIGNED):
            day = day_of(fact)
            if fact.value is not None and day is None:
                is_formula = isinstance(fact.value, Formula)
                what = "est une formule, dont le résultat peut changer" if is_formula else "n’est pas une date"
                found[name] = f"« {fact.value} » {what}"
            elif day and (why := impossible(name, day, one, today)):
                found[name] = why
        elif name == facts.DENOUNCED_BY and fact.value is not None and party(str(fact.value), one.copies) is None:
            found[name] = f"« {fact.value} » n’est pas une des parties ({listed(list(one.copies.values()))})"
    return found


_DAYS = {facts.SENT, facts.ENFORCEABLE, facts.RENEWED, facts.DENOUNCED}


def impossible(name: str, day: date, one: Followed, today: date) -> str | None:
    """Why what a fact is about cannot have been that day, in French; None where it can."""
    if day > today:
        return f"le {long_date(day)} n’est pas encore venu"
    if name.startswith(facts.SIGNED):
        return _before_the_decision(name.removeprefix(facts.SIGNED), day, one)
    if name in _ONCE_SIGNED:
        effect = effect_of(tuple(signatures(one, today).values()))
        if effect and day < effect:
            return f"{_ONCE_SIGNED[name]} le {long_date(day)}, avant la dernière signature, le {long_date(effect)}"
    return None


_ONCE_SIGNED = {
    facts.ENFORCEABLE: "la convention serait exécutoire",
    facts.RENEWED: "la convention aurait été reconduite",
    facts.DENOUNCED: "la convention aurait été dénoncée",
}
"""What can only be of a convention that all have signed."""


def _before_the_decision(key: str, day: date, one: Followed) -> str | None:
    """Why a party cannot have signed that day by what allowed it to, in French."""
    decision, delegation = _section(one, "decision"), _section(one, "representant").get("delegation")
    allowed = {
        "la délibération du": decision.get("date"),
        "la réception de la délibération par la préfecture, le": decision.get("recue_le"),
        "l’arrêté de délégation du": delegation.get("date") if isinstance(delegation, Mapping) else None,
    }
    for what, iso in allowed.items() if key == ADHERENT else ():
        if iso and day < (before := date.fromisoformat(iso)):
            return f"la collectivité aurait signé le {long_date(day)}, avant {what} {long_date(before)}"
    return None


def standing(one: Followed, today: date) -> Standing:
    """Tell where a convention stands on a day."""
    if one.superseded:
        return Standing(State.SUPERSEDED, "Remplacée")
    where = _of_convention(one, today)
    later = dict.fromkeys(piece.beside for piece in one.pieces if piece.beside)
    if not later:
        return where
    made = ", ".join(f"{title[:1].lower()}{title[1:]}" for title in later)
    return where._replace(text=f"{where.text}{NBSP}; écrit depuis{NBSP}: {made}")


def _of_convention(one: Followed, today: date) -> Standing:
    """Where the convention itself stands, whatever was made later."""
    statuses = {piece.status for piece in one.pieces if not piece.beside}
    if "conflict" in statuses:
        return Standing(State.UNWRITTEN, "Non écrite : un autre fichier porte ce nom")
    if "failed" in statuses:
        return Standing(State.UNWRITTEN, "PDF non produit")
    signed = signatures(one, today)
    effect = effect_of(tuple(signed.values()))
    return _in_force(one, effect, today) if effect else _on_its_way(one, signed, today)


def _in_force(one: Followed, effect: date, today: date) -> Standing:
    """Of a convention that all have signed."""
    denounced, end = _day(facts.DENOUNCED, one, today), None
    deadlines: tuple[Deadline, ...] = ()
    if found := course_of(one, effect, today):
        deadlines, end = schedule(*found), end_of(*found)
    if end and end <= today:
        state, text = State.OVER, f"Échue le {long_date(end)}"
    elif denounced:
        state, text = (
            State.DENOUNCED,
            f"Dénoncée le {long_date(denounced)}" + (f", fin le {long_date(end)}" if end else ""),
        )
    elif day := _day(facts.ENFORCEABLE, one, today):
        state, text = State.ENFORCEABLE, f"Exécutoire le {long_date(day)}"
    else:
        state, text = State.SIGNED, f"Signée, effet le {long_date(effect)}"
    return Standing(state, text, effect=effect, deadlines=deadlines)


def course_of(one: Followed, effect: date, today: date) -> tuple[Course, Terms] | None:
    """What is known of a convention that all have signed, and its rules; None where the template gives none."""
    if one.terms is None:
        return None
    terms, mode = one.terms
    mode = one.understood.get("reconduction") or mode
    renewed = int(_day(facts.RENEWED, one, today) is not None)
    who = one.facts.get(facts.DENOUNCED_BY)
    by_another = who is not None and party(str(who.value), one.copies) not in {None, ADHERENT}
    return Course(effect, mode, renewed, _day(facts.DENOUNCED, one, today), by_another), terms


def party(text: str, copies: Mapping[str, str]) -> str | None:
    """The key of a party that a text names by its key or its name; None where it names none."""
    return next((key for key, whose in copies.items() if fold(text) in {fold(key), fold(whose)}), None)


def _on_its_way(one: Followed, signed: Mapping[str, date | None], today: date) -> Standing:
    """Of a convention that somebody has still to sign."""
    sent = _day(facts.SENT, one, today)
    late = sent is not None and today - sent > _PATIENCE
    by = [one.copies[key] for key, day in signed.items() if day]
    returned = {name: fact.value for name, fact in one.facts.items() if name.startswith(facts.RETURNED)}
    altered = [_whose(name, one) for name, value in returned.items() if value == "altered"]
    if altered:
        return Standing(State.ALTERED, f"Altérée : {', '.join(altered)}", late)
    if by:
        return Standing(State.PARTLY_SIGNED, f"Signée par {', '.join(by)}", late)
    if returned:
        doubtful = [_whose(name, one) for name, value in returned.items() if value == "doubtful"]
        told = f", à regarder : {', '.join(doubtful)}" if doubtful else ""
        return Standing(State.RETURNED, f"Revenue{told}", late)
    if sent:
        return Standing(State.SENT, f"Envoyée le {long_date(sent)}", late)
    return Standing(State.MADE, "Produite")


def _whose(name: str, one: Followed) -> str:
    """Whose the copy is that a fact is about."""
    key = name.removeprefix(facts.RETURNED)
    return one.copies.get(key, key)


def told(fact: Fact) -> str:
    """A fact in French, as a message quotes it."""
    return long_date(fact.value) if isinstance(fact.value, date) else f"« {fact.value} »" if fact.value else "rien"
