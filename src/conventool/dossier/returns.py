"""What came back of a folder's documents, noted in its dossier: sound or altered, and when the parties signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from conventool.core.problems import Place, Problem, Severity
from conventool.dossier import facts
from conventool.dossier.dossier import Dossier
from conventool.dossier.facts import Fact, set_fact
from conventool.dossier.reading import Folder, Followed
from conventool.dossier.records import BESIDE, stem_of
from conventool.dossier.standing import impossible, told

__all__ = ["CameBack", "note_returns"]

_NOTED = frozenset({"intact", "doubtful", "altered"})


class CameBack(NamedTuple):
    """A document that came back.

    Attributes:
        path: where it is.
        sent: name of the file that it was when it was sent.
        copy: key of whose copy it is.
        status: ``intact``, ``doubtful``, ``altered``; others are not noted.
        signed: by party, the day that it says it was signed, in ISO 8601.
    """

    path: Path
    sent: str
    copy: str
    status: str
    signed: Mapping[str, str]


def note_returns(dossier: Dossier, folder: Path, returned: Iterable[CameBack], today: date) -> list[Problem]:
    """Note what came back.

    Args:
        dossier: of the folder; a transaction is open.
        folder: in which the documents were made.
        returned: what came back.
        today: after which nobody can have signed.

    Of what was made beside a convention nothing is noted: its dates are not the convention's.

    Returns:
        A problem for each date that cannot be, or that the dossier contradicts: it is not taken.
    """
    adherents = {one.number: one for one in Folder(dossier.database, folder).adherents()}
    problems: list[Problem] = []
    for one in returned:
        row = dossier.database.execute(
            "SELECT adherent FROM piece WHERE stem = ? AND path = ? AND state = 'current' AND NOT instr(copy, ?)",
            (stem_of(one.sent), one.sent, BESIDE),
        ).fetchone()
        if row and one.status in _NOTED:
            adherent = adherents[row[0]]
            set_fact(dossier.database, adherent.number, facts.RETURNED + one.copy, Fact(one.status, "returned"))
            if one.status != "altered":
                problems += _sign(dossier, adherent, one, today)
    return problems


def _sign(dossier: Dossier, adherent: Followed, one: CameBack, today: date) -> Iterator[Problem]:
    """Note when the parties signed."""
    known = facts.facts_of(dossier.database, adherent.number)
    for party, iso in one.signed.items():
        if party not in adherent.copies:
            continue
        day, name = date.fromisoformat(iso), facts.SIGNED + party
        fact, before = Fact(day, "returned"), known.get(name)
        if why := impossible(name, day, adherent, today):
            yield _problem("date-order", f"{adherent.nom} : {why}. Cette date n’est pas prise.", one.path)
        elif before and before.value not in {None, day}:
            what = f"le document dit {told(fact)}, le dossier {told(before)}"
            yield _problem("tracking-contradiction", f"{adherent.nom} : {what}. Le dossier garde la sienne.", one.path)
        else:
            set_fact(dossier.database, adherent.number, name, fact)


def _problem(code: str, message: str, path: Path) -> Problem:
    hint = "Corrigez la date dans le tableau de suivi, s’il le faut."
    return Problem(code, message, hint, place=Place(file=str(path)), severity=Severity.WARNING)
