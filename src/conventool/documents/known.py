"""What a dossier knows of an adherent, as the row of another template: an amendment, a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from conventool.adherent.fields import Given
from conventool.core.errors import UsageError
from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import Row
from conventool.documents.fillers import Filler
from conventool.dossier.database import NAME, connect_for_writing, no_dossier
from conventool.dossier.dossier import Dossier
from conventool.dossier.known_dates import AUTHOR, DATE, EFFECT, END, EXIT, known_dates, missing_signatures
from conventool.dossier.reading import Folder, Followed
from conventool.dossier.search import adherents_named
from conventool.dossier.tracking import read_back
from conventool.template.field_values import label
from conventool.template.manifest import Manifest
from conventool.text.dates import DateError, long_date, parse_date

__all__ = ["Known", "read_known"]

_OF_THE_CONVENTION = frozenset({"annexes", "signatures"})
"""Fields of an adherent that are its convention's own: its files, the days on which that was signed."""
_OF_ITS_DECISION = frozenset({"numero", "recue_le"})
"""The same of the decision that authorised it: « du conseil municipal n° 2026-12 » would be told of another one."""


class Known(NamedTuple):
    """What a dossier knows of an adherent.

    Attributes:
        adherent: who it is.
        row: its data for the template, as far as they are known.
        missing: the parties whose signatures are not known, in words.
        end: the day on which its convention ends, as far as is known.
        problems: what is to be said of the workbook that was read for it.
    """

    adherent: Followed
    row: Row
    missing: str
    end: date | None
    problems: list[Problem]

    def explained(self, problem: Problem) -> Problem:
        """The same problem; of a field that nobody gave, with how to give it here."""
        if problem.code != "missing-field" or problem.field is None or problem.hint is None:
            return problem
        _, _, example = problem.hint.partition(", par exemple ")
        by_hand = f"joutez « --set {problem.field}=… »{example and f', par exemple {example}'}"
        hint = f"A{by_hand}"
        if self.missing and problem.field in {EFFECT, END, EXIT}:
            hint = f"Signature inconnue : {self.missing}. Notez-la dans suivi.xlsx, ou a{by_hand}"
        elif self.end and problem.field == EXIT:
            hint = f"La convention finit le {long_date(self.end)} : aucun préavis ne permet de la quitter avant."
        return problem._replace(hint=hint)


def read_known(
    folder: Path, name: str, filler: Filler, fixed: Mapping[str, str], today: date, *, writes: bool
) -> Known:
    """Read what the dossier of a folder knows of an adherent, what was typed in its workbook a moment ago too.

    Args:
        folder: that ``batch`` or ``fill`` wrote.
        name: of the adherent, its INSEE code or its SIREN.
        filler: of the template that takes the data.
        fixed: by field, the values that come before those of the dossier.
        today: the day that dates are judged by.
        writes: False for a dry run, of which the dossier keeps nothing.

    Raises:
        UnreadableError: there is no dossier, or it cannot be read.
        UsageError: the adherent is not known, or the template is no other than that of its convention.
    """
    if not (folder / NAME).is_file():
        raise no_dossier(folder)
    if filler.template is None:
        message = "Un document Word seul ne dit pas ce qu’il attend d’un dossier."
        raise UsageError(Problem("usage", message, "Donnez un dossier de modèle : --template avenant."))
    with connect_for_writing(folder, writes=writes) as database:
        dossier, view = Dossier(database, folder), Folder(database, folder)
        with dossier.transaction():
            problems = read_back(dossier, folder) if writes else []
        (one,) = adherents_named(view, [name], "--adherent")
        _refuse_own_template(filler, view.template_of(one.number))
        given = view.given(one.number)
    written = today
    with suppress(DateError):  # one that is none is told where the row is read
        written = parse_date(fixed.get(DATE, today.isoformat()))
    dates = known_dates(one, written, fixed.get(AUTHOR, ""), today)
    problems += _too_early(fixed, filler.template.manifest, dates.get(EFFECT))
    row = Row(_values(given, dates, filler.template.manifest), Place(file=str(folder / NAME)))
    return Known(one, row, missing_signatures(one, today), dates.get(END), problems)


def _too_early(fixed: Mapping[str, str], manifest: Manifest, effect: date | None) -> Iterator[Problem]:
    """The days given for what follows a convention that are before its first one."""
    for name in (name for name, champ in manifest.champs.items() if champ.type == "date" and name in fixed):
        with suppress(DateError):
            day = parse_date(fixed[name])
            if effect and day < effect and name != EFFECT:
                what = f"« {label(name, manifest.champs[name])} » est le {long_date(day)}"
                message = f"{what}, avant la prise d’effet de la convention, le {long_date(effect)}."
                hint = f"Corrigez « --set {name}=… », ou les dates de signature dans suivi.xlsx."
                yield Problem("date-order", message, hint, name, fixed[name], severity=Severity.WARNING)


def _refuse_own_template(filler: Filler, own: str) -> None:
    if filler.name == own:
        message = f"« {own} » est le modèle de sa convention, qui est déjà dans le dossier."
        hint = "Donnez le modèle de ce qui la suit : --template avenant, --template denonciation, ou le vôtre."
        raise UsageError(Problem("usage", message, hint, "--template", own))


def _values(given: Mapping[str, Any], dates: Mapping[str, date], manifest: Manifest) -> dict[str, Any]:
    """The data that a template can take: those of the convention, and its dates where the template has a field."""
    taken = {name for name in given if name in manifest.champs}
    if manifest.adherent:
        taken = {*taken, *Given.model_fields} - _OF_THE_CONVENTION
    found = {name: value for name, value in given.items() if name in taken}
    if isinstance(decision := found.get("decision"), Mapping):
        found["decision"] = {name: value for name, value in decision.items() if name not in _OF_ITS_DECISION}
    return found | {name: day.isoformat() for name, day in dates.items() if name in manifest.champs}
