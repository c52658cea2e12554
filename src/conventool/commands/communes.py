"""``conventool communes``: what the register says of a place, for a person or a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conventool.core.errors import ExitCode
from conventool.core.problems import Problem
from conventool.core.report import Report
from conventool.register.communes import ATTRIBUTION, VINTAGE, Register

__all__ = ["CommunesReport", "communes"]


@dataclass
class CommunesReport(Report):
    """What was found.

    Attributes:
        found: for each commune, the register's plain values.
        attribution: whose data these are, and of which year, as their licence asks.
    """

    shape = "communes"

    found: tuple[dict[str, Any], ...] = ()
    attribution: str = ATTRIBUTION

    def as_json(self) -> dict[str, Any]:
        """The one object that ``--json`` prints."""
        source = {"vintage": VINTAGE, "attribution": self.attribution}
        return super().as_json() | source | {"communes": list(self.found)}


def communes(words: str) -> CommunesReport:
    """Look into the register.

    Args:
        words: a name or its beginning, accents, case, hyphens and "st" forgiven, former names too; or an INSEE code
            or a postal code.
    """
    register = Register.open()
    found = tuple(dict(register.describe(commune)) for commune in register.search(words))
    if found:
        return CommunesReport("communes", {"communes": len(found)}, found=found)
    hint = "Essayez le début du nom, le code INSEE ou le code postal."
    nothing = Problem("unknown-commune", f"Aucune commune ne répond à « {words} ».", hint, value=words)
    return CommunesReport("communes", {"communes": 0}, problems=[nothing], exit_code=ExitCode.PROBLEMS)
