"""Cells that a spreadsheet would take for formulas, made harmless and brought back.

Source: OWASP, CSV Injection: a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return is given
an apostrophe. One that begins so already gets another, so that what comes back is always what went.
"""

from __future__ import annotations

import re

__all__ = ["harmless", "restored"]

_FORMULA = re.compile("'*[=+\\-@\t\r]")
_HARMLESS = re.compile("'+[=+\\-@\t\r]")


def harmless(text: str) -> str:
    """The text of a cell that no spreadsheet will calculate."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """The text that [harmless][conventool.sources.formulas.harmless] was given."""
    return text[1:] if _HARMLESS.match(text) else text
