"""``suivi``: who has signed, who is late, what is due; the dossier of a folder and its workbook brought together."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

from conventool.core.clock import seconds_since, today
from conventool.core.errors import UsageError
from conventool.core.problems import Problem
from conventool.core.report import Report, Table, exit_code_of
from conventool.dossier import facts
from conventool.dossier.database import NAME, connect_for_writing, no_dossier
from conventool.dossier.dossier import Dossier
from conventool.dossier.facts import Fact, set_fact
from conventool.dossier.known_dates import missing_signatures
from conventool.dossier.reading import Folder, Followed
from conventool.dossier.search import adherents_named
from conventool.dossier.standing import Standing, State, impossible, party, signatures, standing
from conventool.dossier.tracking import bring_together
from conventool.text.dates import DateError, long_date, parse_date
from conventool.text.suggestions import listed

__all__ = ["Signed", "suivi"]

_SOON = timedelta(60)
_MOST = 20
"""Lines of a table on the screen."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature to note.

    Attributes:
        adherents: each by its name, its INSEE code, its SIREN, or its kind and one of these.
        day: of the signature, as it was typed.
        party: key of who signed, or its name.
    """

    adherents: Sequence[str]
    day: str
    party: str


def suivi(path: Path, signed: Signed | None = None, *, details: bool = False) -> Report:
    """Read back what people typed, note a signature if one is given, write the workbook, tell where conventions stand.

    Args:
        path: the folder that ``batch`` or ``fill`` wrote.
        signed: a signature to note.
        details: is every adherent to be told in the report, for a program?

    Raises:
        ConventoolError: there is no dossier, it cannot be read or written, or the signature is nobody's.
    """
    started, day = time.perf_counter(), today()
    if not (path / NAME).is_file():
        raise no_dossier(path)
    with connect_for_writing(path, writes=True) as database:
        dossier, folder = Dossier(database, path), Folder(database, path)
        with dossier.transaction():
            problems = _note(folder, dossier, signed, day) if signed else []
            tracked = bring_together(dossier, path, day)
        report = _told(folder, day, details=details)
    report.problems = [*problems, *tracked.problems]
    report.files = {"dossier": path / NAME, "workbook": tracked.path}
    report.summary = {**report.summary, "seconds": seconds_since(started)}
    report.exit_code = exit_code_of(problems)
    return report


# --- A signature by hand -----------------------------------------------------------------------------------


def _note(folder: Folder, dossier: Dossier, signed: Signed, today: date) -> list[Problem]:
    """Note a signature; one that cannot be is told and not taken.

    Raises:
        UsageError: the date, the party or an adherent is not known.
    """
    try:
        day = parse_date(signed.day)
    except DateError as error:
        raise UsageError(Problem(error.code, str(error), error.hint, "--le", signed.day)) from error
    problems = []
    for one in adherents_named(folder, signed.adherents, "--signer"):
        key = _party(signed.party, one.copies)
        if why := impossible(facts.SIGNED + key, day, one, today):
            message = f"{one.nom} : {why}. La signature n’est pas notée."
            problems.append(Problem("date-order", message, "Corrigez la date.", "--le", signed.day))
        else:
            set_fact(dossier.database, one.number, facts.SIGNED + key, Fact(day, "command"))
    return problems


def _party(text: str, copies: Mapping[str, str]) -> str:
    found = party(text, copies)
    if found is None:
        message = f"« {text} » n’est pas une des parties."
        raise UsageError(Problem("bad-choice", message, f"Écrivez {listed(list(copies))}.", "--par", text))
    return found


# --- Where the conventions stand ---------------------------------------------------------------------------


def _told(folder: Folder, day: date, *, details: bool) -> Report:
    states: Counter[State] = Counter()
    late: list[tuple[str, ...]] = []
    due: list[tuple[date, str, str]] = []
    adherents = []
    for one in folder.adherents():
        where = standing(one, day)
        states[where.state] += 1
        if where.late:
            late.append((one.nom, where.text, missing_signatures(one, day)))
        coming = (deadline for deadline in where.deadlines if day <= deadline.day <= day + _SOON)
        due += [(deadline.day, one.nom, deadline.text) for deadline in coming]
        if details:
            adherents.append(_as_json(one, where, day))
    summary = {
        "adherents": states.total(),
        "late": len(late),
        "due": len(due),
    }
    counts = " ; ".join(f"{state.value} : {states[state]}" for state in State if states[state])
    texts = [f"Conventions, par état : {counts}." if counts else "Aucun adhérent."]
    own = {"states": {state.value: states[state] for state in State if states[state]}, "adherents": adherents}
    return Report("suivi", summary, texts=texts, tables=list(_tables(late, due)), own=own)


def _tables(late: list[tuple[str, ...]], due: list[tuple[date, str, str]]) -> Iterator[Table]:
    if late:
        yield Table(_title("À relancer", len(late)), ("Adhérent", "État", "N’a pas signé"), late[:_MOST])
    if due:
        rows = [(long_date(day), nom, text) for day, nom, text in sorted(due)[:_MOST]]
        yield Table(_title("Dans les deux mois", len(due)), ("Date", "Adhérent", "Échéance"), rows)


def _title(what: str, number: int) -> str:
    return f"{what} ({number}, dont les {_MOST} premiers)" if number > _MOST else f"{what} ({number})"


def _as_json(one: Followed, where: Standing, day: date) -> dict[str, Any]:
    deadline = where.next(day)
    return {
        "nom": one.nom,
        "appellation": one.appellation,
        "code_postal": one.code_postal,
        "state": where.state.value,
        "text": where.text,
        "late": where.late,
        "effect": where.effect and where.effect.isoformat(),
        "signatures": {key: signed and signed.isoformat() for key, signed in signatures(one, day).items()},
        "next": deadline and {"day": deadline.day.isoformat(), "text": deadline.text},
        "facts": {name: {"value": _plain(fact), "source": fact.source} for name, fact in one.facts.items()},
        "documents": [piece.path for piece in one.pieces],
    }


def _plain(fact: Fact) -> object:
    return fact.value.isoformat() if isinstance(fact.value, date | clock_time) else fact.value
