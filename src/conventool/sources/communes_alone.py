"""A list without a column for what its adherents are: whether they can only be communes.

They are where at least every second row is surely a commune's and no row says otherwise. A row of which neither can be
said, as that of a misspelt commune, is read as the others are: it has its own errors, and stops nobody else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from conventool.adherent.commune_resolver import settle
from conventool.adherent.kinds import find_kind, split_kind
from conventool.core.problems import Severity
from conventool.register.communes import Register
from conventool.sources.headers import words_of
from conventool.text.french import fold

if TYPE_CHECKING:
    from conventool.core.row import Row
    from conventool.sources.columns import Columns

__all__ = ["Supposed", "says_no_kind", "suppose_communes"]

_OF_OTHERS = re.compile(r"president|directeur|directrice|administration|syndical|communautaire|comite")
"""In a title or a deliberating body: it is not a commune's."""
_COMMUNES = {"commune", "commune-nouvelle"}
_OF_COMMUNES = "21"
"""How the SIREN of every commune begins (INSEE, catégorie juridique 7210)."""
_TOO_MANY = 500
"""Rows of which nothing is known, after which a list of fewer communes is read no further."""


class Supposed(NamedTuple):
    """What the rows of a list say that its adherents are.

    Attributes:
        refusal: a sentence that says why they are not supposed to be communes, with a line, empty where there is none;
            None where they are.
        why: what speaks for it, to follow what is said of the list; nothing where all rows do.
    """

    refusal: str | None
    why: str = ""


def says_no_kind(columns: Columns, headers: Sequence[str]) -> bool:
    """Whether nothing of the columns says what the adherents are, nor that a president signs."""
    given = {*columns.defaults, *(field for meaning in columns.meanings if meaning for field in meaning.fields)}
    words = [words_of(header) for header in headers]
    return not given & {"forme", "appellation"} and not any(
        "president" in each and "maire" not in each for each in words
    )


def suppose_communes(rows: Iterable[Row], *, given_back: bool) -> Supposed:
    """Suppose that all rows are communes, where at least every second is one and none says otherwise.

    Of rows that a run rejected, the list that they come from had enough, or they would not have been read one by one.

    A row is one whose INSEE code, or name with its postal code, is that of a commune. It says otherwise by its name
    (« CCAS de Lille »), its SIRET, the title of who signs or the body that decided.
    """
    register = Register.open()
    communes, unknown = 0, []
    for row in rows:
        is_commune = _is_commune(row, register)
        if is_commune is False:
            return Supposed(_refusal(row.place.line))
        if is_commune:
            communes += 1
        else:
            unknown.append(row.place.line)
            if len(unknown) > max(_TOO_MANY, communes) and not given_back:
                break
    if given_back and unknown:
        return Supposed(None, ", comme celle dont viennent ces lignes")
    if len(unknown) > communes:
        return Supposed(_refusal(unknown[0]))
    if not unknown:
        return Supposed(None if communes else "")
    of_all = (
        f"{communes} lignes sur {communes + len(unknown)} sont celles"
        if communes > 1
        else "une ligne sur deux est celle"
    )
    return Supposed(None, f" : {of_all} d’une commune du répertoire, et aucune ne dit autre chose")


def _refusal(line: int | None) -> str:
    return (
        "La forme « commune » n’est supposée que si une ligne sur deux au moins en est une et qu’aucune ne dit autre "
        f"chose : voyez la ligne {line}."
    )


def _is_commune(row: Row, register: Register) -> bool | None:
    """Whether a row is a commune's; None where that cannot be said."""
    code, name, postal = _text(row, "code_insee"), _text(row, "nom") or _text(row, "commune"), _text(row, "code_postal")
    says = f"{_text(row, 'representant', 'fonction') or ''} {_text(row, 'decision', 'organe') or ''}"
    if _OF_OTHERS.search(fold(says)):
        return False
    commune = None
    if code or (name and postal):
        settled = settle(register, code, name, postal)
        wrong = any(problem.severity is Severity.ERROR for problem in settled.problems)
        commune = settled.commune if code or not wrong else None
    siren = re.sub(r"\D", "", _text(row, "siret") or "")[:9]
    if siren and siren != (commune and commune.siren):
        return None if siren.startswith(_OF_COMMUNES) else False
    if commune:
        return True
    return False if name and _is_another(name, register) else None


def _is_another(name: str, register: Register) -> bool:
    """Whether a name is that of a body of another kind."""
    begun = split_kind(name)
    kind = begun[0] if begun else find_kind(name)
    if kind or register.by_name(name):
        return kind is not None and kind.key not in _COMMUNES
    return bool(register.epci_called(name)) or (not name.isdigit() and register.departement(name) is not None)


def _text(row: Row, *path: str) -> str | None:
    value: object = row.values
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else None
