"""The values of copies, checked against the controls of a document and made ready: all that is wrong is told at once.

The lines of a list and the copies of an adherent repeat nearly everything, so that what texts and dates become in their
controls is remembered, and of a copy only what differs from the one before is made ready.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from conventool.core.errors import FillError
from conventool.core.problems import Place, Problem
from conventool.word.addresses import Addresses
from conventool.word.compiled_part import Path
from conventool.word.compiler import Mode, Structure
from conventool.word.data_binding import BoundData
from conventool.word.document import Document
from conventool.word.values import Blank, Filling, Value, prepare, reflected

__all__ = ["Preparation", "Prepared"]

_MAX_REMEMBERED = 1000
"""Values made ready that are remembered, and sets of addresses: those of some adherents."""
_ALONE = (str, date, Blank)
"""Values that concern one control only, and may be remembered."""
_UNTOUCHABLE = frozenset({"building-block", "group", "citation"})


class Prepared(NamedTuple):
    """The values of one copy, checked against the controls of its template and made ready.

    Attributes:
        values: by address, as they were given.
        fillings: what is written, by the way to each control.
        structure: what they ask of the document's structure.
        controls: are filled controls kept?
    """

    values: Mapping[str, Value]
    fillings: Mapping[Path, Filling]
    structure: Structure
    controls: Mode


class _Scope(NamedTuple):
    """Where the addresses of some values are looked up.

    Attributes:
        addresses: those of the controls that they may mean.
        prefix: the path of the repeated item they stand in; empty for the document.
        mode: what is done with the filled controls.
    """

    addresses: Addresses
    prefix: Path
    mode: Mode


class Preparation:
    """Makes the values of copies ready.

    Args:
        document: whose controls are filled.
        data: what they are bound to.

    Attributes:
        addresses: of its controls.
    """

    def __init__(self, document: Document, data: BoundData) -> None:
        self._controls, self._file, self._data = document.controls, document.package.name, data
        self.addresses = Addresses(self._file, self._controls, range(len(self._controls)))
        self._inside: dict[int, Addresses] = {}
        self._bound_together = self._find_bound_together()
        self._remembered = lru_cache(_MAX_REMEMBERED)(self._filling)
        self._targets = lru_cache(_MAX_REMEMBERED)(self._find_targets)
        self._untouchable = [i for i, control in enumerate(self._controls) if control.kind in _UNTOUCHABLE]

    def prepare(self, values: Mapping[str, Value], controls: Mode = "keep", like: Prepared | None = None) -> Prepared:
        """The values of a copy, ready; see [Template.prepare][conventool.word.template.Template.prepare].

        Raises:
            FillError: every address that means no control, and every value its control does not accept.
        """
        again = None if like is None else self._prepared_again(values, controls, like)
        if again is not None:
            return again
        fillings, problems = self._prepare(values, _Scope(self.addresses, (), controls))
        if problems:
            raise FillError(*problems)
        return Prepared(values, fillings, _structure_of(fillings), controls)

    def _prepared_again(self, values: Mapping[str, Value], controls: Mode, like: Prepared) -> Prepared | None:
        """Another copy with the values that this one has otherwise; None where all are to be prepared.

        That is where a change may concern other controls too, or where a value is refused: then all are looked at.
        """
        if self._bound_together or controls != like.controls or values.keys() != like.values.keys():
            return None
        fillings, alike = dict(like.fillings), True
        for address, value in values.items():
            before = like.values[address]
            if value is before or (type(value) is str and value == before):
                continue
            if not (isinstance(value, _ALONE) and isinstance(before, _ALONE)):
                return None
            for index in self.addresses.indexes(address):
                filling = self._remembered(index, value, controls)
                if isinstance(filling, Problem):
                    return None
                alike = alike and filling.form == fillings[index,].form
                fillings[index,] = filling
        return Prepared(values, fillings, like.structure if alike else _structure_of(fillings), controls)

    def _prepare(self, values: Mapping[str, Value], scope: _Scope) -> tuple[dict[Path, Filling], list[Problem]]:
        """Every value checked against its control, before anything is made."""
        absent = frozenset([address for address, value in values.items() if value is None])
        targets, misaddressed = self._targets(scope.addresses, tuple(values), absent)
        given = {index: values[address] for index, address in targets.items()}
        problems = list(misaddressed)
        fillings: dict[Path, Filling] = {}
        for index, value in given.items():
            # the lines of a list repeat many of them
            ready = self._remembered if isinstance(value, _ALONE) else self._filling
            filling = ready(index, value, scope.mode)
            if isinstance(filling, Problem):
                problems.append(filling)
                continue
            fillings[*scope.prefix, index] = filling
            if index in self._bound_together:
                problems += self._reflect(index, given, fillings, scope)
            if filling.items:
                inner, more = self._prepare_items(index, filling.items, scope)
                fillings |= inner
                problems += more
        return fillings, problems

    def _prepare_items(
        self, section: int, items: Sequence[Mapping[str, Value]], scope: _Scope
    ) -> tuple[dict[Path, Filling], list[Problem]]:
        """The values of every item of a repeating section."""
        fillings: dict[Path, Filling] = {}
        problems: list[Problem] = []
        for rank, item in enumerate(items):
            inside = _Scope(self.inside_first_item(section), (*scope.prefix, section, rank), scope.mode)
            inner, more = self._prepare(item, inside)
            fillings |= inner
            problems += more
        return fillings, problems

    def _filling(self, index: int, value: Value, mode: Mode) -> Filling | Problem:
        control = self._controls[index]
        if isinstance(value, date) and control.kind in {"text", "rich"} and control.tag:
            value = self._as_dated(control.tag, value)
        return prepare(control, value, runs=self._takes_runs(index, mode))

    def _as_dated(self, tag: str, day: date) -> Value:
        """A day as the date control of the same tag shows it, which one value fills together with a text."""
        dated = next((one for one in self._controls if one.tag == tag and one.kind == "date"), None)
        shown = None if dated is None else prepare(dated, day, runs=False)
        return "".join(shown.pieces) if isinstance(shown, Filling) else day

    def _takes_runs(self, index: int, mode: Mode) -> bool:
        """May the control hold several runs? Word allows them in rich text, and where there is no control any more."""
        return mode == "unwrap" or self._controls[index].kind == "rich"

    def _find_targets(
        self, addresses: Addresses, used: tuple[str, ...], absent: frozenset[str]
    ) -> tuple[Mapping[int, str], list[Problem]]:
        """The controls that some addresses fill, in document order, each with its address; and what is wrong with them.

        Args:
            addresses: where they are looked up.
            used: the addresses.
            absent: those without a value, which fill nothing.
        """
        targets: dict[int, str] = {}
        problems: list[Problem] = []
        for address in used:
            try:
                indexes = addresses.indexes(address)
            except FillError as error:
                problems += error.problems
                continue
            for index in () if address in absent else indexes:
                if index in targets:
                    problems.append(self._conflict(index, f"« {address} » désigne un contrôle déjà rempli."))
                targets[index] = address
        problems += self._nested(targets)
        return dict(sorted(targets.items())), problems

    def _reflect(
        self, index: int, given: Mapping[int, Value], fillings: dict[Path, Filling], scope: _Scope
    ) -> Iterator[Problem]:
        """Give the controls bound to the same data the same value; two values for the same data are a conflict."""
        source = fillings[*scope.prefix, index]
        for other in self._bound_together[index]:
            path = (*scope.prefix, other)
            if other in given:
                earlier = fillings.get(path)
                if earlier is not None and earlier.stored != source.stored:
                    around = self._controls[other].address
                    yield self._conflict(index, f"« {around} », lié à la même donnée, reçoit une autre valeur.")
            elif other in scope.addresses and not self._entangled(other, given):
                shown = reflected(self._controls[other], given[index], source, runs=self._takes_runs(other, scope.mode))
                if shown is not None:
                    fillings[path] = shown

    def _conflict(self, index: int, message: str) -> Problem:
        place = Place(part=self._controls[index].part, control=self._controls[index].address)
        return Problem("control-conflict", message, "Ne donnez qu’une valeur.", place=place)

    def _nested(self, given: Collection[int]) -> Iterator[Problem]:
        """Filling a control replaces those inside it: no other value may be lost, nor what must not be emptied."""
        for index in given:
            for outer in self.around(index):
                if outer in given:
                    around = self._controls[outer].address
                    yield self._conflict(index, f"Ce contrôle se trouve dans « {around} », rempli lui aussi.")
        for index in self._untouchable:
            for outer in self.around(index):
                if outer in given and self._controls[outer].kind != "repeat":
                    inside = self._controls[index].address
                    yield self._conflict(outer, f"Remplir ce contrôle effacerait « {inside} », qui s’y trouve.")

    def _entangled(self, index: int, given: Collection[int]) -> bool:
        """Does the control hold one that is filled, or stand in one?"""
        return any(outer in given for outer in self.around(index)) or any(index in self.around(one) for one in given)

    def around(self, index: int) -> Iterator[int]:
        """The controls that a control stands in, the nearest first."""
        outer = self._controls[index].parent
        while outer is not None:
            yield outer
            outer = self._controls[outer].parent

    def _find_bound_together(self) -> dict[int, list[int]]:
        groups: dict[tuple[str, str], list[int]] = {}
        for index, control in enumerate(self._controls):
            key = self._data.key(control.binding) if control.binding else None
            if key is not None:
                groups.setdefault(key, []).append(index)
        return {
            index: [other for other in group if other != index]
            for group in groups.values()
            if len(group) > 1
            for index in group
        }

    def inside_first_item(self, section: int) -> Addresses:
        """The controls of a repeating section's first item, which serves as the pattern of all."""
        if section not in self._inside:
            items = (i for i, c in enumerate(self._controls) if c.parent == section and c.kind == "repeat-item")
            first = next(items, -1)
            inside = [index for index in range(len(self._controls)) if first in self.around(index)]
            self._inside[section] = Addresses(self._file, self._controls, inside)
        return self._inside[section]


def _structure_of(fillings: Mapping[Path, Filling]) -> Structure:
    return tuple([(path, len(filling.items) or filling.form) for path, filling in fillings.items()])
