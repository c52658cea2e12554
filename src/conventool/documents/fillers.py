"""What a row becomes: the copies of a convention, by its manifest; or one bare Word form, by the addresses it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

from conventool.adherent.adherent import Adherent
from conventool.core.problems import Problem, Severity, decodable
from conventool.core.row import Row
from conventool.documents.form_values import form_values, is_word_form
from conventool.dossier.records import Facts, as_json
from conventool.files.filenames import safe_name
from conventool.register.communes import Register
from conventool.sources.own_columns import ADHERENTS, OwnColumns
from conventool.template.bindings import Binder, Bound, Copy
from conventool.template.data import Data, DataReader, own_columns
from conventool.template.folder import MANIFEST, TemplateFolder, find_template
from conventool.text.french import fold
from conventool.word.template import Template

__all__ = ["Filler", "Made", "identities", "open_filler"]


class Made(NamedTuple):
    """What a row becomes.

    Attributes:
        facts: what the dossier keeps of its adherent.
        bound: what its documents say of it alone.
        annexes: files that its PDF files end with, as its data name them.
    """

    facts: Facts
    bound: Bound
    annexes: tuple[str, ...] = ()


class Filler(Protocol):
    """Turns rows into the values of documents.

    Attributes:
        name: of the template.
        folder: where it is.
        parts: the files that it consists of.
        copies: by key, whose each copy is.
        addresses: are the columns of a table addresses of controls?
        own: what fields and columns mean to the template.
        template: the template folder, where there is one.
    """

    name: str
    folder: Path
    parts: tuple[Path, ...]
    copies: Mapping[str, str]
    addresses: bool
    own: OwnColumns
    template: TemplateFolder | None

    @property
    def document(self) -> Template:
        """The Word document."""

    def make(self, rank: int, row: Row) -> tuple[Made | None, list[Problem]]:
        """What a row becomes, given its rank in its source: None if it cannot be read; and all its problems."""

    def unfold(self, bound: Bound) -> Iterator[Copy]:
        """The documents of a row, with all that they say."""

    def placed(self, problem: Problem, row: Row) -> Problem:
        """The refusal of a control, at the place that gave it its value."""


def open_filler(template: str, today: date, *, alone: str | None = None) -> Filler:
    """Open the template that is asked for.

    Args:
        template: name or folder of a template, or a bare Word document.
        today: the day that dates are judged by.
        alone: the name of the only row, where there is one only: that of its file.

    Raises:
        TemplateError: there is none, or it is not sound.
    """
    if is_word_form(template):
        return _FormFiller(Path(template), alone)
    return _ConventionFiller(find_template(template), today, alone)


class _ConventionFiller:
    """Fills the document of a template folder with adherents, or with the template's own fields alone."""

    addresses = False

    def __init__(self, folder: Path, today: date, alone: str | None) -> None:
        self._template = TemplateFolder.open(folder)
        self.template: TemplateFolder | None = self._template
        manifest = self._template.manifest
        self._reader = DataReader(manifest, Register.open(), today)
        self.own = own_columns(manifest)
        self._alone = alone
        self.folder = folder
        self.name = decodable(folder.absolute().name)
        self.parts: tuple[Path, ...] = (folder / MANIFEST, folder / manifest.document)
        self.copies: Mapping[str, str] = dict(manifest.exemplaires)

    @property
    def document(self) -> Template:
        return self._template.document

    @cached_property
    def _binder(self) -> Binder:
        return Binder(self._template, self.document.suffix)

    def make(self, rank: int, row: Row) -> tuple[Made | None, list[Problem]]:
        data, problems = self._reader.read(row)
        if data is None:
            return None, problems
        bound = self._binder.bind(data.adherent, data.champs)
        annexes = data.adherent.annexes if data.adherent else ()
        return Made(self._facts(rank, row, data, bound), bound, annexes), problems

    def _facts(self, rank: int, row: Row, data: Data, bound: Bound) -> Facts:
        adherent, given = data.adherent, as_json(row.values)
        if adherent is None:
            first = next((value for value in data.champs.values() if isinstance(value, str) and value), "")
            called = decodable(self._alone or first or f"ligne {rank}")
            return Facts(called, "", "", (f"fichier {bound.files[0]}",), given, as_json({"champs": data.champs}))
        understood = as_json({**adherent._asdict(), "champs": data.champs} if data.champs else adherent)
        return Facts(
            adherent.nom, adherent.appellation, adherent.code_postal, tuple(identities(adherent)), given, understood
        )

    def unfold(self, bound: Bound) -> Iterator[Copy]:
        return self._binder.unfold(bound)

    def placed(self, problem: Problem, row: Row) -> Problem:
        return self._template.placed(problem, row.place)


class _FormFiller:
    """Fills a bare Word document: each row is one copy, named after the form, the row's rank and its first text."""

    addresses = True
    own = ADHERENTS
    template: TemplateFolder | None = None

    def __init__(self, path: Path, alone: str | None) -> None:
        self.document = Template.open(path)
        self.name = decodable(path.name)
        self.folder = path.parent
        self.parts: tuple[Path, ...] = (path,)
        self.copies: Mapping[str, str] = {"": decodable(path.stem)}
        self._alone = alone

    def make(self, rank: int, row: Row) -> tuple[Made | None, list[Problem]]:
        values, problems = form_values(self.document, row)
        if any(problem.severity is Severity.ERROR for problem in problems):
            return None, problems
        first = next((value for value in values.values() if isinstance(value, str) and value), "")
        nom = self._alone or f"{rank:04}_{first}"
        fichier = safe_name(f"{Path(self.name).stem}_{nom}", self.document.suffix)
        called = decodable(self._alone or first or f"ligne {rank}")
        facts = Facts(called, "", "", (f"fichier {fichier}",), as_json(row.values), as_json(values))
        bound = Bound((fichier,), (values,), ((),))
        return Made(facts, bound), problems

    def unfold(self, bound: Bound) -> Iterator[Copy]:
        return (Copy("", fichier, values) for fichier, values in zip(bound.files, bound.common, strict=True))

    def placed(self, problem: Problem, row: Row) -> Problem:
        return problem._replace(place=row.place._replace(control=problem.place.control))


def identities(adherent: Adherent) -> Iterator[str]:
    """What makes two rows the same adherent: the legal person's number; else its kind, and its commune or its name."""
    if adherent.siren:
        yield f"siren {adherent.siren}"
    if adherent.code_insee:
        yield f"{adherent.forme} {adherent.code_insee}"
    elif not adherent.siren:
        yield f"{adherent.forme} {fold(adherent.nom) or adherent.nom}"
