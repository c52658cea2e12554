"""The columns of a template's own fields: a header is the name of a field, or its label.

The elements of a list stand side by side, numbered from 1: « Lignes 1 Quoi », « lignes_2_quoi », « Prix 2 ».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from conventool.text.french import fold

__all__ = ["ADHERENTS", "AddressColumns", "Meaning", "OwnColumns", "OwnField"]

_NUMBERED = r"(?P<before>.*?)\s*(?<!\d)(?P<number>[1-9]\d?)(?!\d)\s*(?P<after>.*)"


class Meaning(NamedTuple):
    """What a header says that its column holds.

    Attributes:
        fields: one field; or several, in the order in which they stand in each cell.
        rank: where several columns give the one field together, the place of this one: « Adresse 1 », « Adresse 2 ».
    """

    fields: tuple[str, ...]
    rank: int = 0


class OwnField(NamedTuple):
    """A field of a template's own, as lists may call it.

    Attributes:
        name: of the field.
        label: how people call it.
        required: must every row give it?
        inside: of a list, the fields of its elements.
    """

    name: str
    label: str
    required: bool = False
    inside: Sequence[OwnField] = ()


class OwnColumns:
    """What headers mean to a template.

    Args:
        fields: the template's own.
        adherent: do headers mean the fields of an adherent too?

    Attributes:
        adherent: likewise.
        labels: the header of each column, to be proposed.
        sheets: by the name of a sheet, folded, the label of the list whose elements it holds.
        needed: by path, the header of each column that every row needs.
    """

    def __init__(self, fields: Iterable[OwnField] = (), *, adherent: bool = True) -> None:
        self.adherent = adherent
        fields = list(fields)
        alone = [field for field in fields if not field.inside]
        self.labels = tuple(field.label for field in alone)
        self.needed: Mapping[str, str] = {field.name: field.label for field in alone if field.required}
        self._paths = _by_header(alone)
        self.sheets: Mapping[str, str] = {
            fold(called): field.label for field in fields if field.inside for called in (field.label, field.name)
        }
        self._elements: dict[str, str] = {}
        for field in (field for field in fields if field.inside):
            for header, name in _by_header(field.inside).items():
                path = f"{field.name}.%d.{name}"
                self._elements.setdefault(header, path)
                for listed in (fold(field.label), fold(field.name)):
                    self._elements[f"{listed} {header}"] = path

    @property
    def headers(self) -> Iterable[str]:
        """Every header that is known, without its number."""
        return (*self._paths, *self._elements)

    def meaning_of(self, header: str) -> Meaning | None:
        """What a header says that its column holds, the template's own fields first."""
        from conventool.sources.headers import meaning_of  # noqa: PLC0415 (YAML has no headers)

        return self.own_meaning_of(header) or (meaning_of(header) if self.adherent else None)

    def is_left_aside(self, header: str) -> bool:
        """Is the header known, and its column of no use?"""
        from conventool.sources.headers import is_left_aside  # noqa: PLC0415

        return self.adherent and is_left_aside(header)

    def is_address(self, header: str) -> bool:  # noqa: ARG002 (as forms need it)
        """Where columns are addresses of controls: may a header be one?"""
        return True

    def own_meaning_of(self, header: str) -> Meaning | None:
        """The same, of the template's own fields only."""
        if not self._paths and not self._elements:
            return None
        key = fold(header)
        if key in self._paths:
            return Meaning((self._paths[key],))
        numbered = re.fullmatch(_NUMBERED, key) if self._elements else None
        if numbered is None:
            return None
        path = self._elements.get(" ".join(filter(None, (numbered["before"], numbered["after"]))))
        return Meaning((path % int(numbered["number"]),)) if path else None


class AddressColumns(OwnColumns):
    """The columns of a bare Word form: addresses of its controls.

    Args:
        names: of the controls, to be proposed.
        means_any: does a text mean any of them?
    """

    def __init__(self, names: Iterable[str], means_any: Callable[[str], bool]) -> None:
        super().__init__(adherent=False)
        self.labels = tuple(dict.fromkeys(names))
        self._means_any = means_any

    def is_address(self, header: str) -> bool:
        """Does a header mean a control?"""
        return self._means_any(header)


def _by_header(fields: Iterable[OwnField]) -> dict[str, str]:
    return {fold(header): field.name for field in fields for header in (field.label, field.name)}


ADHERENTS = OwnColumns()
"""Those of a template that declares no field."""
