"""``echeances``: what the conventions make due, from the dossier of a folder or from a list → a workbook, calendars."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from conventool.core.clock import seconds_since, today
from conventool.core.errors import OutputError, TemplateError
from conventool.core.problems import Place, Problem, Severity
from conventool.core.report import Report, Table, exit_code_of
from conventool.deadlines.calendar_file import is_our_calendar, write_calendar
from conventool.deadlines.days import about_day
from conventool.deadlines.followed import Dated, Undated
from conventool.deadlines.schedule import Deadline, assumptions
from conventool.deadlines.terms import Terms, from_json
from conventool.deadlines.workbook import write_workbook
from conventool.documents.fillers import open_filler
from conventool.dossier.database import NAME, connect_for_writing
from conventool.dossier.dossier import Dossier
from conventool.dossier.known_dates import missing_signatures
from conventool.dossier.outputs import put_output
from conventool.dossier.reading import Folder, Followed
from conventool.dossier.records import object_from
from conventool.dossier.standing import standing
from conventool.files.filenames import free_name
from conventool.files.plan import conflict
from conventool.files.reading import file_sha256
from conventool.files.writing import drafting, writing_in
from conventool.sources import read_rows
from conventool.template.manifest import MANIFEST
from conventool.text.dates import long_date

__all__ = ["DeadlinesOptions", "echeances"]

_WORKBOOK, _CALENDAR, _CALENDARS = "echeances.xlsx", "echeances.ics", "echeances"
_NEXT = 12
"""Deadlines on the screen."""


@dataclass(frozen=True, slots=True)
class DeadlinesOptions:
    """What ``echeances`` is asked.

    Attributes:
        template: of a list; a dossier knows its own.
        output: folder of the result; None for the dossier's own.
        each: is a calendar wanted for each adherent too?
        force: may a workbook that differs be replaced?
        sheet: of a workbook.
        columns: file that tells the fields of a table's headers.
    """

    template: str
    output: Path | None = None
    each: bool = False
    force: bool = False
    sheet: str | None = None
    columns: Path | None = None


def echeances(source: Path, options: DeadlinesOptions) -> Report:
    """A dossier, a list or one adherent → every deadline, in a workbook and in calendars.

    Args:
        source: the folder that ``batch`` or ``fill`` wrote, or a file of data.
        options: what is asked.

    Raises:
        ConventoolError: the source or the template cannot be read, or the result cannot be written.
    """
    started, day = time.perf_counter(), today()
    is_dossier = (source / NAME).is_file()
    output = options.output or (source if is_dossier else Path())
    found = _Found()
    if is_dossier:
        is_own = output.resolve() == source.resolve()
        with connect_for_writing(source, writes=is_own) as database:
            found.read_dossier(Folder(database, source), day)
            files = _write(found, output, options, day, Dossier(database, source) if is_own else None)
    else:
        found.read_list(source, options, day)
        files = _write(found, output, options, day, None)
    return _report(found, files, day, started)


class _Found:
    """The adherents of a source, with deadlines or without."""

    def __init__(self) -> None:
        self.dated: list[Dated] = []
        self.undated: list[Undated] = []
        self.problems: list[Problem] = []
        self.terms: dict[Terms, None] = {}

    @property
    def assumed(self) -> list[str]:
        """What the dates suppose."""
        return assumptions(self.terms)

    def read_dossier(self, folder: Folder, day: date) -> None:
        """Read the adherents that a dossier knows."""
        for one in folder.adherents():
            if not one.superseded:
                self._add(one, day)

    def read_list(self, source: Path, options: DeadlinesOptions, day: date) -> None:
        """Read the adherents of a list; a row that cannot be read is told.

        Raises:
            ConventoolError: the list or the template cannot be read.
        """
        filler = open_filler(options.template, day)
        if filler.template is None:
            message = "Un document Word seul ne dit rien de ses échéances."
            hint = f"Donnez un dossier de modèle, dont {MANIFEST} dit « duree »."
            raise TemplateError(Problem("no-deadlines", message, hint, place=Place(file=str(filler.parts[0]))))
        told = filler.template.manifest.terms_as_json
        terms = from_json(told) if told else None
        rows = read_rows(source, sheet=options.sheet, columns=options.columns, addresses=False)
        for rank, row in enumerate(rows, 1):
            [(made, problems)] = filler.make([(rank, row)])
            self.problems += [one for one in problems if one.severity is Severity.ERROR]
            if made:
                named, understood = made.facts[:3], object_from(made.facts.understood)
                identity = min(made.facts.identities, key=lambda key: (key.startswith("siren "), key))
                self._add(Followed(*named, False, (), (), 0, identity, filler.copies, understood, {}, terms), day)

    def _add(self, one: Followed, day: date) -> None:
        named = (one.nom, one.appellation, one.code_postal)
        if one.terms is None:
            self.undated.append(Undated(*named, _NO_RULES))
            return
        where = standing(one, day)
        if where.effect is None:
            self.undated.append(Undated(*named, f"Signature manquante : {missing_signatures(one, day)}."))
            return
        terms, mode = one.terms
        mode = one.understood.get("reconduction") or mode
        self.terms[terms] = None
        self.dated.append(Dated(*named, one.identity, mode, where.effect, where.deadlines))


_NO_RULES = f"Le modèle ne dit pas ses échéances : complétez « duree » dans {MANIFEST}, puis relancez batch ou fill."


# --- The files ---------------------------------------------------------------------------------------------


def _write(
    found: _Found, output: Path, options: DeadlinesOptions, day: date, own: Dossier | None
) -> dict[str, Path | None]:
    """Write the files; ``own`` is the dossier of the folder where they go, which nobody else writes in meanwhile."""
    with nullcontext() if own else writing_in(output):
        files: dict[str, Path | None] = {
            "workbook": _write_workbook(found, output, options, own),
            "calendar": _write_calendar(output / _CALENDAR, found.dated, day),
        }
        if own:  # it notes what was written
            files["dossier"] = output / NAME
        if options.each:
            files["calendars"] = inside = output / _CALENDARS
            with writing_in(inside):
                for name, adherent in _named(found.dated):
                    _write_calendar(inside / name, [adherent], day)
    return files


def _write_workbook(found: _Found, output: Path, options: DeadlinesOptions, own: Dossier | None) -> Path:
    """Write the workbook, where it does not replace another file unasked.

    Raises:
        OutputError: another file is there, or the folder refuses.
    """
    path = output / _WORKBOOK
    with drafting(output) as draft:
        write_workbook(draft.file, found.dated, found.undated, found.assumed)
        draft.finish()
        if own:
            return put_output(own, draft, path)[0]
        if not options.force and path.exists() and file_sha256(path) != file_sha256(draft.path):
            raise OutputError(conflict(path))
        draft.put(path)
    return path


def _write_calendar(path: Path, adherents: list[Dated], day: date) -> Path:
    """Write a calendar in the place of the one that this program wrote before.

    Raises:
        OutputError: another file is there, or the folder refuses.
    """
    if path.exists() and not is_our_calendar(path):
        raise OutputError(conflict(path))
    with drafting(path.parent) as draft:
        write_calendar(draft.file, adherents, day)
        draft.finish()
        draft.put(path)
    return path


def _named(adherents: list[Dated]) -> Iterator[tuple[str, Dated]]:
    """Each adherent with the name of its calendar; names that are alike are told apart by the kind, then a number."""
    taken: set[str] = set()
    for adherent in adherents:
        wanted = [
            f"{adherent.nom} {adherent.code_postal}",
            f"{adherent.appellation} {adherent.nom} {adherent.code_postal}",
        ]
        wanted += [f"{wanted[1]} {number}" for number in range(2, 100)]
        yield free_name(wanted, ".ics", taken), adherent


# --- What is told ------------------------------------------------------------------------------------------


@dataclass(eq=False, repr=False)
class DeadlinesReport(Report):
    """What is due.

    Attributes:
        found: the adherents, with deadlines or without.
    """

    found: _Found = field(default_factory=_Found)

    def own_keys(self) -> dict[str, Any]:
        """The adherents with what is due; those without dates and why; what the dates suppose."""
        return {
            "assumptions": self.found.assumed,
            "adherents": [_adherent_as_json(one) for one in self.found.dated],
            "undated": [one._asdict() for one in self.found.undated],
        }


def _adherent_as_json(one: Dated) -> dict[str, Any]:
    head = {name: value for name, value in one._asdict().items() if name not in {"identity", "deadlines"}}
    deadlines = [
        deadline._asdict() | {"day": deadline.day.isoformat(), "about_day": about_day(deadline.day)}
        for deadline in one.deadlines
    ]
    return head | {"effect": one.effect.isoformat(), "deadlines": deadlines}


def _report(found: _Found, files: Mapping[str, Path | None], day: date, started: float) -> Report:
    number = sum(len(one.deadlines) for one in found.dated)
    summary = {
        "adherents": len(found.dated) + len(found.undated),
        "dated": len(found.dated),
        "undated": len(found.undated),
        "deadlines": number,
        "seconds": seconds_since(started),
    }
    texts = [
        f"Adhérents datés : {len(found.dated)} ; sans date : {len(found.undated)}. Échéances : {number}.",
        *found.assumed[:2],
        *(f"{_FILES[kind]} : {path}" for kind, path in files.items() if kind in _FILES),
    ]
    return DeadlinesReport(
        "echeances", summary, (), found.problems, texts, list(_next(found.dated, day)),
        exit_code=exit_code_of(found.problems), files=files, found=found,
    )  # fmt: skip


_FILES = {"workbook": "Classeur", "calendar": "Calendrier", "calendars": "Calendriers, un par adhérent"}


def _next(adherents: list[Dated], day: date) -> Iterator[Table]:
    """The next deadlines."""
    to_come = sorted(
        (deadline.day, rank, number)
        for rank, one in enumerate(adherents)
        for number, deadline in enumerate(one.deadlines)
        if deadline.day >= day
    )[:_NEXT]
    if to_come:
        rows = [_line(adherents[rank], adherents[rank].deadlines[number]) for _, rank, number in to_come]
        yield Table("Prochaines échéances", ("Date", "Adhérent", "Échéance"), rows)


def _line(adherent: Dated, deadline: Deadline) -> tuple[str, str, str]:
    day = " ; ".join(filter(None, [long_date(deadline.day), about_day(deadline.day)]))
    return day, adherent.nom, "\n".join(filter(None, [deadline.text, deadline.condition]))
