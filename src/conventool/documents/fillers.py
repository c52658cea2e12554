"""What a row becomes: the copies of a convention, by its manifest; or one bare Word form, by the addresses it gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

from conventool.adherent.adherent import Adherent
from conventool.core.errors import FillError, UsageError
from conventool.core.problems import Problem, decodable
from conventool.core.row import Row
from conventool.documents.form_values import bare_names, form_values, is_word_form
from conventool.documents.name_pattern import NamePattern
from conventool.dossier.records import BY_FILE, Facts, as_json
from conventool.files.filenames import safe_name
from conventool.register.communes import Register
from conventool.sources.own_columns import AddressColumns, OwnColumns
from conventool.template.bindings import Binder, Copy
from conventool.template.data import Data, DataReader, own_columns
from conventool.template.folder import MANIFEST, TemplateFolder, find_template
from conventool.text.french import fold
from conventool.word.template import Mode, Prepared, Template

__all__ = ["Filler", "Made", "identities", "open_filler"]


class Made(NamedTuple):
    """What a row becomes.

    Attributes:
        facts: what the dossier keeps of its adherent.
        files: for each of its copies, the name of the file.
        copies: what each says, checked and made ready.
        annexes: files that its PDF files end with, as its data name them.
    """

    facts: Facts
    files: tuple[str, ...]
    copies: tuple[Prepared, ...]
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
        """What a row becomes, given its rank in its source: None if any problem is an error; and all its problems."""


def open_filler(
    template: str, today: date, controls: Mode = "keep", *, alone: str | None = None, name: str | None = None
) -> Filler:
    """Open the template that is asked for.

    Args:
        template: name or folder of a template, or a bare Word document.
        today: the day that dates are judged by.
        controls: do filled controls stay controls?
        alone: the name of the only row, where there is one only: that of its file.
        name: how the files of a bare form are called; see [NamePattern][conventool.documents.name_pattern.NamePattern].

    Raises:
        TemplateError: there is none, or it is not sound.
        UsageError: the names are no pattern, or those of a template folder, which says them itself.
    """
    if is_word_form(template):
        return _FormFiller(Path(template), controls, alone, name)
    if name is not None:
        message = "« --name » nomme les documents d’un formulaire sans manifeste."
        hint = f"Ce modèle dit leur nom lui-même : « fichier », dans son {MANIFEST}."
        raise UsageError(Problem("usage", message, hint, value=name))
    return _ConventionFiller(find_template(template), today, controls, alone)


class _ConventionFiller:
    """Fills the document of a template folder with adherents, or with the template's own fields alone."""

    addresses = False

    def __init__(self, folder: Path, today: date, controls: Mode, alone: str | None) -> None:
        self._template = TemplateFolder.open(folder)
        self.template: TemplateFolder | None = self._template
        manifest = self._template.manifest
        self._reader = DataReader(manifest, Register.open(), today)
        self.own = own_columns(manifest)
        self._controls, self._alone = controls, alone
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
        copies = list(self._binder.copies(data.adherent, data.champs))
        ready, misfits = self._prepared(copies, row)
        if misfits:
            return None, [*problems, *misfits]
        files = tuple(copy.fichier for copy in copies)
        annexes = data.adherent.annexes if data.adherent else ()
        return Made(self._facts(rank, row, data, files), files, ready, annexes), problems

    def _prepared(self, copies: Iterable[Copy], row: Row) -> tuple[tuple[Prepared, ...], list[Problem]]:
        """The values of copies, ready; and what their controls refuse, told once, though it stands in every copy."""
        ready: list[Prepared] = []
        refused: list[Problem] = []
        for copy in copies:
            try:
                ready.append(self.document.prepare(copy.values, self._controls, ready[-1] if ready else None))
            except FillError as error:
                refused += error.problems
        return tuple(ready), list(dict.fromkeys(self._template.placed(problem, row.place) for problem in refused))

    def _facts(self, rank: int, row: Row, data: Data, files: Sequence[str]) -> Facts:
        adherent, given = data.adherent, as_json(row.values)
        if adherent is None:
            first = next((value for value in data.champs.values() if isinstance(value, str) and value), "")
            called = decodable(self._alone or first or f"ligne {rank}")
            return Facts(called, "", "", (f"{BY_FILE}{files[0]}",), given, as_json({"champs": data.champs}))
        understood = as_json({**adherent._asdict(), "champs": data.champs} if data.champs else adherent)
        return Facts(
            adherent.nom, adherent.appellation, adherent.code_postal, tuple(identities(adherent)), given, understood
        )


class _FormFiller:
    """Fills a bare Word document: each row is one copy, named by a pattern, or after the form, the rank and a text."""

    addresses = True
    template: TemplateFolder | None = None

    def __init__(self, path: Path, controls: Mode, alone: str | None, name: str | None) -> None:
        self.document = Template.open(path)
        self.own: OwnColumns = AddressColumns(
            [called for control in self.document.controls for called in bare_names(control)], self._means_any
        )
        self._pattern = NamePattern(name, self.document) if name is not None else None
        self.name = decodable(path.name)
        self.folder = path.parent
        self.parts: tuple[Path, ...] = (path,)
        self.copies: Mapping[str, str] = {"": decodable(path.stem)}
        self._controls, self._alone = controls, alone

    def make(self, rank: int, row: Row) -> tuple[Made | None, list[Problem]]:
        values, ready, problems = form_values(self.document, row, self._controls)
        if ready is None:
            return None, problems
        first = next((value for value in values.values() if isinstance(value, str) and value), "")
        nom = f"{Path(self.name).stem}_{self._alone or f'{rank:04}_{first}'}"
        if self._pattern is not None and not (nom := self._pattern.name(values, rank)):
            message = "« --name » ne donne ici aucun nom de fichier."
            hint = "Donnez à cette ligne les valeurs qu’il nomme, ou ajoutez-y « {{ rang }} »."
            return None, [*problems, Problem("missing-field", message, hint, place=row.place)]
        fichier = safe_name(nom, self.document.suffix)
        called = decodable(self._alone or first or f"ligne {rank}")
        facts = Facts(called, "", "", (f"{BY_FILE}{fichier}",), as_json(row.values), as_json(values))
        return Made(facts, (fichier,), (ready,)), problems

    def _means_any(self, address: str) -> bool:
        """Does an address mean any control? One that means several is for its rows to tell."""
        try:
            return bool(self.document.find_all(address))
        except FillError as error:
            return any(problem.code != "control-missing" for problem in error.problems)


def identities(adherent: Adherent) -> Iterator[str]:
    """What makes two rows the same adherent: the legal person's number; else its kind, and its commune or its name."""
    if adherent.siren:
        yield f"siren {adherent.siren}"
    if adherent.code_insee:
        yield f"{adherent.forme} {adherent.code_insee}"
    elif not adherent.siren:
        yield f"{adherent.forme} {fold(adherent.nom) or adherent.nom}"
