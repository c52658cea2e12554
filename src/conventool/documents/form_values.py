"""A row whose fields are addresses of controls → the values of a bare Word form, each checked by its control."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from conventool.core.errors import FillError
from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import Path as Way
from conventool.core.row import Row, dotted
from conventool.core.row import Value as Raw
from conventool.word.controls import Control, around
from conventool.word.preparation import Prepared
from conventool.word.template import Mode, Template
from conventool.word.values import Value, prepare

__all__ = ["bare_names", "form_values"]

_FILLABLE = frozenset({"text", "rich", "list", "combo", "date", "checkbox"})


def form_values(
    template: Template, row: Row, controls: Mode = "keep"
) -> tuple[dict[str, Value], Prepared | None, list[Problem]]:
    """Read one row for a form.

    Args:
        template: the form.
        row: by address, the values; a repeating section takes a list of such mappings.
        controls: whether filled controls stay controls.

    Returns:
        By address, what ``Template.fill`` takes; the same made ready, None if any problem is an error; and every
        problem at its place in the row's file: values that a control refuses, else two values for one control or one
        inside another, else prompts left, which are a warning.
    """
    reading = _Reading(template, row, list(row.problems))
    values, problems = reading.values(row.values, (), None), reading.problems
    if any(problem.severity is Severity.ERROR for problem in problems):
        return values, None, problems
    try:
        ready = template.prepare(values, controls)
    except FillError as error:
        conflicts = [problem._replace(place=_joined(row.place, problem)) for problem in error.problems]
        return values, None, problems + conflicts
    return values, ready, problems + _prompts_left(template, values, row)


@dataclass(eq=False, repr=False)
class _Reading:
    """One row on its way into a form, and what was wrong."""

    template: Template
    row: Row
    problems: list[Problem]

    def values(self, given: Mapping[str, Raw], way: Way, inside: Control | None) -> dict[str, Value]:
        """The values of a mapping whose keys are addresses, in the whole form or inside a repeating section."""
        values: dict[str, Value] = {}
        for address, raw in given.items():
            if raw is None:
                continue
            try:
                controls = self.template.find_all(address, inside)
            except FillError as error:
                self.problems += [self._unmet(problem, (*way, address), inside) for problem in error.problems]
                continue
            known = len(self.problems)
            for control in controls:
                values[address] = self._value(control, raw, (*way, address))
                if len(self.problems) > known:
                    break  # what one refuses is told once, not for each control of its tag
        return values

    def _value(self, control: Control, raw: Raw, way: Way) -> Value:
        if control.kind == "repeat" and isinstance(raw, Sequence) and not isinstance(raw, str):
            items = [
                self.values(item, (*way, rank), control) for rank, item in enumerate(raw) if isinstance(item, Mapping)
            ]
            if items and len(items) == len(raw):
                return items
        if isinstance(raw, Mapping):
            self._refuse(control, "Ce contrôle attend une seule valeur.", way)
            return None
        # the last newline of a YAML text is no line; what is left of lists the control itself refuses
        value: Value = raw.removesuffix("\n") if isinstance(raw, str) else raw  # type: ignore[assignment]
        if control.kind not in {"date", "checkbox"}:  # a text is written as the sheet shows it
            value = self.row.texts.get(way, value)
        if control.kind == "date" and isinstance(raw, str):
            value = self._date(control, raw, way)
        if value is not None:
            ready = prepare(control, value, runs=False)
            if isinstance(ready, Problem):
                place = _joined(self.row.where(way), ready)
                self.problems.append(ready._replace(field=dotted(way), place=place))
        return value

    def _date(self, control: Control, text: str, way: Way) -> date | None:
        from conventool.text.dates import DateError, parse_date  # noqa: PLC0415 (a form without dates needs no French)

        try:
            return parse_date(text)
        except DateError as error:
            place = self.row.where(way)._replace(control=control.address)
            self.problems.append(Problem(error.code, str(error), error.hint, dotted(way), text, place))
            return None

    def _refuse(self, control: Control, message: str, way: Way) -> None:
        place = self.row.where(way)._replace(control=control.address)
        self.problems.append(Problem("bad-value", message, "Écrivez-la sur une ligne.", dotted(way), place=place))

    def _unmet(self, problem: Problem, way: Way, inside: Control | None) -> Problem:
        """An address that means no control, or several: at its own place, with the nearest that would do."""
        from conventool.text.suggestions import did_you_mean  # noqa: PLC0415 (only a mistake needs it)

        hint = problem.hint
        if problem.code == "control-missing":
            known = dict.fromkeys(name for control in self._controls(inside) for name in bare_names(control))
            hint = did_you_mean(str(way[-1]), known) or hint
        return problem._replace(hint=hint, field=dotted(way), place=self.row.where_named(way))

    def _controls(self, inside: Control | None) -> Iterator[Control]:
        for control in self.template.controls:
            if inside is None or inside in around(self.template.controls, control):
                yield control


def bare_names(control: Control) -> Iterator[str]:
    """What a person may have meant to write, shortest first."""
    yield from (name for name in (control.tag, control.alias, control.placeholder) if name)
    yield control.address


def _prompts_left(template: Template, values: Mapping[str, Value], row: Row) -> list[Problem]:
    """The controls that nothing fills and whose prompt would be printed, those of repeated items too."""
    left = list(_left_empty(template, values, None))
    if not left:
        return []
    listed = ", ".join(f"« {address} »" for address in left)
    which = "ce contrôle garde son texte d’espace réservé" if len(left) == 1 else "ces contrôles gardent le leur"
    hint = "Donnez une valeur, ou complétez le document dans Word."
    message = f"Sans valeur, {which} : {listed}."
    return [Problem("leftover-placeholder", message, hint, place=row.place, severity=Severity.WARNING)]


def _left_empty(template: Template, values: Mapping[str, Value], inside: Control | None) -> Iterator[str]:
    """Their addresses; behind that of a repeating section, the rank of the item and the address in it."""
    found = {address: template.find_all(address, inside) for address in values}
    filled = [control for controls in found.values() for control in controls]
    data = [control.binding for control in filled if control.binding]
    sections = [control for control in template.controls if control.kind == "repeat" and control != inside]
    if inside is not None:
        sections = [section for section in sections if inside in around(template.controls, section)]
    given = {section for section in sections if section in filled}
    for control in template.controls:
        shows = control.kind in _FILLABLE and control.placeholder and not control.filled and control not in filled
        here = inside is None or control in template.first_item(inside)
        if shows and here and control.binding not in data and given.isdisjoint(around(template.controls, control)):
            yield control.address
    for address, controls in found.items():
        value = values[address]
        if controls[0].kind == "repeat" and isinstance(value, Sequence) and not isinstance(value, str):
            for rank, item in enumerate(value, 1):
                yield from (f"{address}, élément {rank} : {one}" for one in _left_empty(template, item, controls[0]))


def _joined(place: Place, problem: Problem) -> Place:
    """A place in the data, and the control that refused."""
    return place._replace(control=problem.place.control)
