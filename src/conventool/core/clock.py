"""The day it is, or the one that a rerun is told, so that the same command gives the same files again."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from time import perf_counter

from conventool.core.errors import UsageError
from conventool.core.problems import Problem

__all__ = ["seconds_since", "source_date", "today"]

_VARIABLE = "SOURCE_DATE_EPOCH"


def source_date() -> datetime | None:
    """The moment that ``SOURCE_DATE_EPOCH`` names (reproducible-builds.org: seconds since 1970, in UTC), None without.

    Raises:
        UsageError: it names none.
    """
    text = os.environ.get(_VARIABLE)
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError) as error:
        message = f"La variable {_VARIABLE} ne dit pas une date."
        hint = "Donnez-lui un nombre de secondes depuis le 1er janvier 1970, ou supprimez-la."
        raise UsageError(Problem("usage", message, hint, value=text)) from error


def today() -> date:
    """The day that dates are judged by: the user's, unless ``SOURCE_DATE_EPOCH`` says another.

    Raises:
        UsageError: that variable names no moment.
    """
    told = source_date()
    return told.date() if told else date.today()  # noqa: DTZ011 (the user's calendar)


def seconds_since(started: float) -> float:
    """How many seconds a work took, as its report tells them; ``started`` is of ``time.perf_counter``."""
    return round(perf_counter() - started, 3)
