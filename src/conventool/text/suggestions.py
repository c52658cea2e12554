"""« Vouliez-vous dire » : the known word nearest to one that is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conventool.text.french import NBSP, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["and_others", "closest", "count_others", "did_you_mean", "is_misspelt", "listed"]

_LIKENESS = 70
_MISSPELT = 85


def closest(word: str, choices: Iterable[str], likeness: int = _LIKENESS) -> str | None:
    """Find the choice that ``word`` most likely was meant to be.

    Args:
        word: what was written.
        choices: what could have been meant.
        likeness: how much alike they must be, of 100.

    Returns:
        The choice nearest in letters, accents and case forgiven; None where none is near.
    """
    from rapidfuzz import fuzz, process  # noqa: PLC0415 (only a mistake needs it)

    found = process.extractOne(word, list(choices), scorer=fuzz.ratio, processor=fold, score_cutoff=likeness)
    return found[0] if found else None


def is_misspelt(word: str, official: str) -> bool:
    """Whether ``word`` is near enough to ``official`` to be a slip of it, where something else says that it is meant.

    About two letters in twelve may differ (a similarity of 85 %); accents, case and hyphens are forgiven.
    """
    from rapidfuzz import fuzz  # noqa: PLC0415 (only a mistake needs it)

    return fuzz.ratio(fold(word), fold(official)) >= _MISSPELT


def did_you_mean(word: str, choices: Iterable[str]) -> str | None:
    """Ask whether the nearest choice was meant, in French; None where none is near."""
    choice = closest(word, choices)
    return choice and f"Vouliez-vous dire «{NBSP}{choice}{NBSP}»{NBSP}?"


def count_others(number: int) -> str:
    """How many are not named: « 1 autre », « 4 autres »."""
    return f"{number} autre{'s' if number > 1 else ''}"


def and_others(number: int, joined: str = " et ") -> str:
    """What follows those that are named: « et 4 autres »; nothing where all are."""
    return f"{joined}{count_others(number)}" if number > 0 else ""


def listed(choices: Iterable[str]) -> str:
    """Write choices for a sentence: « a », « b » ou « c »; of none, that there is none."""
    *most, last = [f"«{NBSP}{choice}{NBSP}»" for choice in choices] or ["l’un des choix, mais il n’y en a aucun"]
    return f"{', '.join(most)} ou {last}" if most else last
