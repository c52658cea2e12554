"""The problems of a list on the screen: what was repaired and assumed first, in words; then the rest by kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from conventool.adherent.fields import ABOUT
from conventool.core.problem_codes import PROBLEM_CODES
from conventool.core.problems import NOWHERE, Problem, Severity
from conventool.dossier.run_view import Noticed, Tally
from conventool.text.french import NBSP
from conventool.text.numbers import number_text

__all__ = ["Kind", "changes_told", "kinds_told", "told"]


class Kind(NamedTuple):
    """Problems of one kind.

    Attributes:
        severity: of them.
        number: how often there is one, as it is shown.
        words: what it is.
        code: its code.
        examples: those to show.
        more: are there others?
    """

    severity: Severity
    number: str
    words: str
    code: str
    examples: Sequence[Problem]
    more: bool


_REPAIRS = "Corrigé à la lecture"
_ASSUMED = "Supposé, faute d’indication"
_TITLES = {"repaired": _REPAIRS, "lost-zero": _REPAIRS, "filled-in": _ASSUMED}


def changes_told(tally: Tally) -> Iterator[tuple[str, str]]:
    """What was repaired, then what was assumed: a title, and by field how often.

    Each repair has an example, and what was assumed once its own words.

    Args:
        tally: of a run.
    """
    for title in (_REPAIRS, _ASSUMED):
        fields = [notice for notice in tally.notices if _TITLES.get(notice.code) == title]
        if fields:
            number = sum(notice.number for notice in fields)
            yield f"{title} ({_counted(number)})", " ; ".join(_of_field(one, title) for one in fields)


def _of_field(notice: Noticed, title: str) -> str:
    field, number = notice.field, notice.number
    about = ABOUT[field][0] if field and field in ABOUT else field or "autre chose"
    named = about.removeprefix("le ").removeprefix("la ").removeprefix("les ").removeprefix("l’")
    shown = f" : {notice.example.message.rstrip('.')}" if title == _REPAIRS or number == 1 else ""
    return f"{named}, {_counted(number)}{shown}"


def _counted(number: int) -> str:
    return f"{number_text(number)}{NBSP}fois"


def kinds_told(tally: Tally, *, quiet: bool) -> Iterator[Kind]:
    """The other kinds of problems, the gravest and most frequent first.

    Args:
        tally: of a run.
        quiet: leave out what a person need not look at.
    """
    for severity, code, number, examples in tally.kinds:
        is_notice = severity is Severity.NOTICE
        if is_notice and (quiet or code in _TITLES):
            continue
        shown = examples[:1] if is_notice else examples
        yield Kind(severity, number_text(number), PROBLEM_CODES[code].sense, code, shown, number > len(shown))


def told(problem: Problem) -> str:
    """An example: where, and what."""
    return f"{problem.place} : {problem.message}" if problem.place != NOWHERE else problem.message
