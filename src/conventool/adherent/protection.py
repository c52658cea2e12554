"""Whom an adherent names for personal data, and what it wants done with them at the end (GDPR, article 28 § 3 g)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from conventool.text.french import fold
from conventool.text.suggestions import did_you_mean, listed

if TYPE_CHECKING:
    from conventool.adherent.fields import GivenProtection
    from conventool.adherent.reading import Reading

__all__ = ["UNSAID", "Fate", "Protection", "read_protection"]

Fate = Literal["restitution", "suppression"]


class Protection(NamedTuple):
    """What an adherent says of personal data; None for what it does not say.

    Attributes:
        dpo: its délégué à la protection des données, and how to reach them.
        violations: whom to tell of a breach.
        sort: are the data returned or deleted at the end?
    """

    dpo: str | None = None
    violations: str | None = None
    sort: Fate | None = None


UNSAID = Protection()


def read_protection(given: GivenProtection, reading: Reading) -> Protection:
    """Read it; a choice that is none is reported."""
    return Protection(given.dpo, given.violations, _fate(given.sort, reading))


def _fate(text: str | None, reading: Reading) -> Fate | None:
    choices: tuple[Fate, ...] = get_args(Fate)
    if text is None:
        return None
    chosen = next((choice for choice in choices if fold(text) == choice), None)
    if chosen is None:
        hint = did_you_mean(text, choices) or f"Écrivez {listed(choices)}."
        message = f"« {text} » ne dit pas ce que deviennent les données au terme de la prestation."
        reading.error("bad-choice", "protection.sort", message, hint, text)
    return chosen
