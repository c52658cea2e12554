"""An adherent whose deadlines are told."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import NamedTuple

from conventool.deadlines.schedule import Deadline

__all__ = ["Dated", "Undated", "event_name"]


class Dated(NamedTuple):
    """An adherent with its deadlines.

    Attributes:
        nom: its name.
        appellation: what it is, with its article.
        code_postal: of its seat.
        identity: a key that no other adherent of the template has, and that stays.
        mode: how its convention is renewed.
        effect: the first day of its convention.
        deadlines: by date.
    """

    nom: str
    appellation: str
    code_postal: str
    identity: str
    mode: str
    effect: date
    deadlines: tuple[Deadline, ...]


class Undated(NamedTuple):
    """An adherent that has no deadlines yet.

    Attributes:
        nom: its name.
        appellation: what it is, with its article.
        code_postal: of its seat.
        why: what is missing, in French.
    """

    nom: str
    appellation: str
    code_postal: str
    why: str


def event_name(adherent: Dated) -> str:
    """The beginning of the identifiers of its events, the same however its dates change."""
    return sha256(adherent.identity.encode("utf-8", "surrogatepass")).hexdigest()[:24]
