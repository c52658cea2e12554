"""The dates that a dossier knows of a convention, as fields that a template of an amendment or a letter may declare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from conventool.deadlines.schedule import end_of
from conventool.dossier.reading import Followed
from conventool.dossier.standing import ADHERENT, course_of, party, signatures, standing

__all__ = ["AUTHOR", "DATE", "EFFECT", "END", "EXIT", "known_dates", "missing_signatures"]

DATE = "date"
"""Of the document itself: today, if nothing else is said."""
AUTHOR = "auteur"
"""The party that writes it."""
EFFECT, END = "convention_effet", "convention_fin"
EXIT = "convention_sortie"
"""The day on which the convention ends, sooner than else, if its author leaves it by a letter of that date."""
_SIGNED = "convention_signature_"
"""Followed by the key of a party."""


def known_dates(one: Followed, written: date, author: str, today: date) -> Mapping[str, date]:
    """What is known of a convention, by the name of a field; what hangs on a missing signature is not there.

    Args:
        one: its adherent.
        written: the day of the document.
        author: who writes it, by key or name; empty where that is not known.
        today: the day by which the convention stands where it stands.
    """
    signed = {f"{_SIGNED}{key}": day for key, day in signatures(one, today).items() if day}
    found = {DATE: written, **signed}
    effect = standing(one, today).effect
    course = effect and course_of(one, effect, today)
    if effect:
        found[EFFECT] = effect
    if course:
        found[END] = end_of(*course)
        if (key := party(author, one.copies)) and effect and written >= effect:
            leaving = course[0]._replace(denounced=written, by_another=key != ADHERENT)
            if (end := end_of(leaving, course[1])) < found[END]:
                found[EXIT] = end
    return found


def missing_signatures(one: Followed, today: date) -> str:
    """The parties whose signatures are not known, in words; empty where all are."""
    return ", ".join(one.copies[key] for key, day in signatures(one, today).items() if day is None)
