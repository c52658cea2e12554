"""Cells that show what is to be written below them: « ex. : Armentières ». A row of such cells is no adherent.

The mark is in each cell, so that a row of examples stays one wherever it is moved, and what is left of it when somebody
writes over a part of it is still told from what they wrote.
"""

from __future__ import annotations

import re

__all__ = ["as_example", "is_example"]

_BEGINNINGS = frozenset({"ex", "Ex", "EX"})
_MARK = re.compile(r"ex(?:\.|emple)?\s*:", re.IGNORECASE)


def as_example(value: str) -> str:
    """A value marked as an example."""
    return f"ex.\u00a0: {value}"


def is_example(text: str) -> bool:
    """Whether a cell begins with « ex. : », « ex : » or « exemple : »."""
    return text[:2] in _BEGINNINGS and _MARK.match(text) is not None
