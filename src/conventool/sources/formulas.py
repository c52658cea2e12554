"""Cells that are formulas: those that failed, and texts that a spreadsheet would take for one.

Source of the second: OWASP, CSV Injection: a cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage
return is given an apostrophe. One that begins so already gets another, so that what comes back is always what went.
"""

from __future__ import annotations

import re

__all__ = ["ERRORS", "NOT_AVAILABLE", "harmless", "restored", "text_of_formula"]

NOT_AVAILABLE = "#N/A"
"""What is shown of a formula that was never calculated: the file holds no value for it."""

ERRORS = frozenset(
    {
        *(NOT_AVAILABLE, "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
        *("#VALEUR!", "#NOM?", "#NOMBRE!", "#NUL!", "#N/D", "#PROPAGATION!", "#CALCUL!"),
        *(f"Err{between}{number}" for between in (":", "\u00a0:") for number in range(501, 541)),
    }
)
"""What Excel and LibreOffice show of a formula that failed, in English and in French."""

# a mark that is not drawn hides the sign from people only, and a wide one is as good as the other
_BEGINS = "[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]"
_FORMULA = re.compile(f"'*{_BEGINS}")
_HARMLESS = re.compile(f"'+{_BEGINS}")


def harmless(text: str) -> str:
    """The text of a cell that no spreadsheet will calculate."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """The text that [harmless][conventool.sources.formulas.harmless] was given."""
    return text[1:] if _HARMLESS.match(text) else text


def text_of_formula(text: str) -> str:
    """The text that a formula of a CSV only quotes, as exports write a code that is to keep its zero: ``="01000"``."""
    return text[2:-1].replace('""', '"') if _QUOTED.fullmatch(text) else text


_QUOTED = re.compile(r'="(?:[^"]|"")*"')
