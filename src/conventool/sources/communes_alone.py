"""A list without a column for what its adherents are: whether each of them can only be a commune."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from conventool.adherent.commune_resolver import settle
from conventool.core.problems import Severity
from conventool.register.communes import Register
from conventool.sources.headers import words_of
from conventool.text.french import fold

if TYPE_CHECKING:
    from conventool.core.row import Row
    from conventool.sources.columns import Columns

__all__ = ["first_other", "says_no_kind"]

_OF_OTHERS = re.compile(r"president|directeur|directrice|administration|syndical|communautaire|comite")
"""In a title or a deliberating body: it is not a commune's."""


def says_no_kind(columns: Columns, headers: Sequence[str]) -> bool:
    """Whether nothing of the columns says what the adherents are, nor that a president signs."""
    given = {*columns.defaults, *(field for meaning in columns.meanings if meaning for field in meaning.fields)}
    words = [words_of(header) for header in headers]
    return not given & {"forme", "appellation"} and not any(
        "president" in each and "maire" not in each for each in words
    )


def first_other(rows: Iterable[Row]) -> str | None:
    """Say which is the first row that is not surely a commune.

    A row is one whose INSEE code, or name with its postal code, is that of a commune, and of which nothing else says
    otherwise: not its name (« CCAS de Lille »), its SIRET, the title of who signs or the body that decided.

    Returns:
        A sentence with its line; None where all rows are communes. Without a row, an empty text.
    """
    register, seen = Register.open(), False
    for row in rows:
        seen = True
        if not _is_commune(row, register):
            return (
                f"La forme « commune » n’est supposée que si chaque ligne en est une : voyez la ligne {row.place.line}."
            )
    return None if seen else ""


def _is_commune(row: Row, register: Register) -> bool:
    code, name, postal = _text(row, "code_insee"), _text(row, "nom") or _text(row, "commune"), _text(row, "code_postal")
    if not (code or (name and postal)):
        return False
    settled = settle(register, code, name, postal)
    wrong = any(problem.severity is Severity.ERROR for problem in settled.problems)
    if settled.commune is None or (wrong and not code):
        return False
    siren = re.sub(r"\D", "", _text(row, "siret") or "")[:9]
    says = f"{_text(row, 'representant', 'fonction') or ''} {_text(row, 'decision', 'organe') or ''}"
    return siren in {"", settled.commune.siren} and not _OF_OTHERS.search(fold(says))


def _text(row: Row, *path: str) -> str | None:
    value: object = row.values
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
