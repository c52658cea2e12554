"""A row → what a template needs of it: its adherent, and the fields that the template declares of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from conventool.adherent.adherent import Adherent, read_adherent
from conventool.catalogue.words import contribution_words
from conventool.core.problems import Problem, Severity
from conventool.core.row import Row
from conventool.register.communes import Register
from conventool.sources.own_columns import OwnColumns, OwnField
from conventool.template.field_values import FieldReader, label
from conventool.template.fields import Champ, FieldValue
from conventool.template.folder import TemplateFolder
from conventool.template.manifest import Manifest

if TYPE_CHECKING:
    from conventool.catalogue.tariff import Catalogue

__all__ = ["NO_FIELDS", "Data", "DataReader", "own_columns"]

NO_FIELDS: Mapping[str, FieldValue] = MappingProxyType({})
"""The fields of a template that declares none."""


class Data(NamedTuple):
    """What a row says.

    Attributes:
        adherent: None where the template asks for none.
        champs: the values of the template's own fields, all of them.
        contribution: what the adherent chose in the template's catalogue, and pays, as expressions say it.
    """

    adherent: Adherent | None
    champs: Mapping[str, FieldValue] = NO_FIELDS
    contribution: Mapping[str, Any] = NO_FIELDS


def own_columns(manifest: Manifest, catalogue: Catalogue | None = None) -> OwnColumns:
    """What the columns of a list mean to a template: its own fields, and each service of its catalogue."""
    services = catalogue.services.items() if catalogue and manifest.adherent else ()
    chosen = [OwnField(f"services.{key}", name) for key, one in services for name in (one.libelle, key)]
    return OwnColumns([*_columns(manifest.champs), *chosen], adherent=manifest.adherent)


def _columns(champs: Mapping[str, Champ]) -> list[OwnField]:
    return [
        OwnField(name, label(name, champ), champ.required, _columns(champ.champs)) for name, champ in champs.items()
    ]


class DataReader:
    """Reads rows as a template needs them.

    Args:
        manifest: of the template.
        register: the official register.
        today: the day that dates are judged by.
        catalogue: gives that of the template, where it has one; read only for those who choose a service.
    """

    def __init__(
        self,
        manifest: Manifest,
        register: Register,
        today: date,
        catalogue: Callable[[], Catalogue | None] = lambda: None,
    ) -> None:
        self._register, self._today, self._adherent = register, today, manifest.adherent
        self._catalogue = catalogue
        own = manifest.champs or not manifest.adherent
        self._fields = FieldReader(manifest.champs, adherent=manifest.adherent) if own else None

    @classmethod
    def of(cls, template: TemplateFolder, register: Register, today: date) -> DataReader:
        """That of a template; its catalogue is read only for those who choose a service."""
        return cls(template.manifest, register, today, lambda: template.catalogue)

    def read(self, row: Row) -> tuple[Data | None, list[Problem]]:
        """Read a row.

        Returns:
            What it says, or None if any problem is an error; and all problems.
        """
        data, problems = self._data(row)
        adherent = data and data.adherent
        if data is None or adherent is None or not adherent.besoins.services:
            return data, problems
        catalogue = self._catalogue()
        if catalogue is None:
            return data, problems
        from conventool.catalogue.contribution import contribution_of, signed_on  # noqa: PLC0415 (few data need it)

        day = signed_on(adherent, self._today)
        contribution, found = contribution_of(adherent, catalogue, self._register, row, day)
        if contribution is None:
            return None, [*problems, *found]
        return data._replace(contribution=contribution_words(contribution, catalogue)), [*problems, *found]

    def _data(self, row: Row) -> tuple[Data | None, list[Problem]]:
        if self._fields is None:
            adherent, problems = read_adherent(row, self._register, today=self._today)
            return adherent and Data(adherent), problems
        if row.problems and not row.values:  # the file could not be read: nothing is missing from it
            return None, list(row.problems)
        champs, rest, problems = self._fields.read(row)
        if not self._adherent:
            problems = [*row.problems, *problems]
            sound = all(problem.severity is not Severity.ERROR for problem in row.problems)
            return (Data(None, champs) if champs is not None and sound else None), problems
        adherent, others = read_adherent(rest, self._register, today=self._today)
        return (Data(adherent, champs) if adherent and champs is not None else None), [*others, *problems]
