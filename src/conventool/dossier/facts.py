"""What became of a convention: when it was sent, signed, renewed; a remark; what people note in their own columns."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Literal, NamedTuple, TypeAlias

from conventool.dossier.records import as_json, or_damaged, value_from
from conventool.text.french import fold

__all__ = [
    "DENOUNCED",
    "DENOUNCED_BY",
    "ENFORCEABLE",
    "MAIL",
    "OWN",
    "PHONE",
    "REMARK",
    "RENEWED",
    "RETURNED",
    "SENT",
    "SIGNED",
    "Fact",
    "FactValue",
    "Formula",
    "canonical",
    "cells_of",
    "day_of",
    "fact_json",
    "fact_value",
    "facts_from",
    "facts_of",
    "own_headers",
    "phone_in",
    "set_fact",
    "stray_lines",
]

SENT, ENFORCEABLE, RENEWED, DENOUNCED = "envoyee", "executoire", "reconduite", "denoncee"
DENOUNCED_BY = "denoncee_par"
MAIL, PHONE, REMARK = "courriel", "telephone", "remarque"
SIGNED, RETURNED = "signature.", "retour."
"""Followed by the key of a party, or of a copy."""
OWN = "="
"""Followed by the header of a column of the workbook that people added."""

FactValue: TypeAlias = "str | int | float | bool | date | datetime | time | None"


class Formula(str):
    """A formula that somebody typed, with its « = »."""

    __slots__ = ()


Source = Literal["typed", "command", "returned"]


class Fact(NamedTuple):
    """Something that is known of a convention.

    Attributes:
        value: a day, or as it was typed: a text that is no date stays one; None where it was erased.
        source: who said it: the workbook, a command, a returned document.
    """

    value: FactValue
    source: Source


def facts_of(database: sqlite3.Connection, adherent: int) -> dict[str, Fact]:
    """What is known of an adherent's convention, by name."""
    return facts_from(
        database.execute("SELECT name, value, source FROM fact WHERE adherent = ? ORDER BY name", (adherent,))
    )


def facts_from(rows: Iterable[tuple[str, str, Source]]) -> dict[str, Fact]:
    """Facts by name, of rows of their table: name, value, source."""
    return {name: Fact(fact_value(value), source) for name, value, source in rows}


def set_fact(database: sqlite3.Connection, adherent: int, name: str, fact: Fact) -> None:
    """Note a fact in the place of the one that is known."""
    value = fact_json(fact.value)
    database.execute("INSERT OR REPLACE INTO fact VALUES (?, ?, ?, ?)", (adherent, name, value, fact.source))


def fact_json(value: FactValue) -> str:
    """A value as the dossier holds it."""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    for kind, name in _KINDS.items():
        if isinstance(value, kind):
            return as_json({name: value.isoformat()})
    return as_json({"formula": str(value)} if isinstance(value, Formula) else value)


@or_damaged
def fact_value(text: str) -> FactValue:
    """The value that such JSON tells of."""
    told: Any = value_from(text)
    if isinstance(told, Mapping):
        ((name, iso),) = told.items()
        if name == "formula":
            return Formula(iso)
        kind = next(kind for kind, known in _KINDS.items() if known == name)
        return kind.fromisoformat(iso)
    return told  # type: ignore[no-any-return]


_KINDS: Mapping[type[datetime | date | time], str] = {datetime: "datetime", date: "date", time: "time"}


def canonical(value: FactValue) -> str:
    """A value as it is compared: one that a spreadsheet reads and writes again stays the same."""
    if isinstance(value, bool):
        return f"{value}"
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{value:.15g}"
    return "" if value is None else value.replace("\r\n", "\n").strip()


def day_of(fact: Fact | None) -> date | None:
    """The day that a fact tells, without its time; None where it tells none."""
    value = fact.value if fact else None
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None


def phone_in(known: Mapping[str, Fact]) -> FactValue:
    """The telephone number that is known, else that of a column that people added for it."""
    if PHONE in known:
        return known[PHONE].value
    own = (fact for name, fact in known.items() if _CALLED_PHONE.fullmatch(fold(name.removeprefix(OWN))))
    return next((fact.value for fact in own if fact.value), None)


_CALLED_PHONE = re.compile(r"(?:numero de )?tel(?:ephone)?\b.*")
"""Headers, folded, of such columns."""


def stray_lines(database: sqlite3.Connection) -> Iterator[dict[str, FactValue]]:
    """The lines of the workbook that are nobody's, by header."""
    for (cells,) in database.execute("SELECT cells FROM line WHERE adherent IS NULL ORDER BY position"):
        yield {header: fact_value(text) for header, text in dict(value_from(cells)).items()}


def cells_of(values: Mapping[str, FactValue]) -> str:
    """Such a line as the dossier holds it."""
    return as_json({header: fact_json(value) for header, value in values.items()})


def own_headers(database: sqlite3.Connection) -> Iterable[tuple[str, float | None]]:
    """The columns as people arranged them: header and width."""
    return database.execute("SELECT header, width FROM layout ORDER BY position").fetchall()
