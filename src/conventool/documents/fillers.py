"""What a row becomes: the copies of a convention, by its manifest; or one bare Word form, by the addresses it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol

from conventool.adherent.adherent import Adherent, read_adherent
from conventool.core.problems import Problem, Severity, decodable
from conventool.core.row import Row
from conventool.documents.form_values import direct_values, is_word_form, left_empty
from conventool.files.filenames import safe_name
from conventool.register.communes import Register
from conventool.template.bindings import Binder, Bound, Copy
from conventool.template.folder import MANIFEST, TemplateFolder, find_template
from conventool.text.french import fold
from conventool.word.template import Template

__all__ = ["Made", "Maker", "open_maker"]


class Made(NamedTuple):
    """What a row becomes.

    Attributes:
        nom: what its documents are called after.
        appellation: what it is, with its article.
        code_postal: of its seat.
        identities: keys that no other row of the list may have.
        bound: what its documents say of it alone.
        annexes: files that follow them on paper, as its data name them.
    """

    nom: str
    appellation: str
    code_postal: str
    identities: tuple[str, ...]
    bound: Bound
    annexes: tuple[str, ...] = ()


class Maker(Protocol):
    """Who makes rows into documents' values.

    Attributes:
        name: of the template.
        parts: the files that it is.
        copies: by key, whose each copy is.
        addresses: are the columns of a table addresses of controls?
        template: the template folder, where there is one.
    """

    name: str
    parts: tuple[Path, ...]
    copies: Mapping[str, str]
    addresses: bool
    template: TemplateFolder | None

    @property
    def document(self) -> Template:
        """The Word document."""

    def make(self, rows: Sequence[tuple[int, Row]]) -> list[tuple[Made | None, list[Problem]]]:
        """What each row, given with its rank, becomes: None if any problem is an error; and all its problems."""

    def unfold(self, bound: Bound) -> Iterator[Copy]:
        """The documents of a row, with all that they say."""


def open_maker(template: str, today: date) -> Maker:
    """Open the template that is asked for.

    Args:
        template: name or folder of a template, or a bare Word document.
        today: the day that dates are judged by.

    Raises:
        TemplateError: there is none, or it is not sound.
    """
    return _Form(Path(template)) if is_word_form(template) else _Convention(find_template(template), today)


class _Convention:
    """A template folder, filled with adherents."""

    addresses = False

    def __init__(self, folder: Path, today: date) -> None:
        self._template = TemplateFolder.open(folder)
        self.template: TemplateFolder | None = self._template
        self._today = today
        self._register = Register.open()
        manifest = self._template.manifest
        self.name = decodable(self._template.folder.name)
        self.parts: tuple[Path, ...] = (folder / MANIFEST, folder / manifest.document)
        self.copies: Mapping[str, str] = dict(manifest.exemplaires)

    @property
    def document(self) -> Template:
        return self._template.document

    @cached_property
    def _binder(self) -> Binder:
        return Binder(self._template, self.document.suffix)

    def make(self, rows: Sequence[tuple[int, Row]]) -> list[tuple[Made | None, list[Problem]]]:
        # all are read before any is bound: a processor is at its quickest at what it has just done
        read = [read_adherent(row, self._register, today=self._today) for _, row in rows]
        return [(self._made(adherent) if adherent else None, problems) for adherent, problems in read]

    def _made(self, adherent: Adherent) -> Made:
        identities, bound = tuple(_identities(adherent)), self._binder.bind(adherent)
        return Made(adherent.nom, adherent.appellation, adherent.code_postal, identities, bound, adherent.annexes)

    def unfold(self, bound: Bound) -> Iterator[Copy]:
        return self._binder.unfold(bound)


class _Form:
    """A bare Word document: each row is one copy, named after the form, the row's rank and its first text."""

    addresses = True
    template: TemplateFolder | None = None

    def __init__(self, path: Path) -> None:
        self.document = Template.open(path)
        self.name = decodable(path.name)
        self.parts: tuple[Path, ...] = (path,)
        self.copies: Mapping[str, str] = {"": decodable(path.stem)}

    def make(self, rows: Sequence[tuple[int, Row]]) -> list[tuple[Made | None, list[Problem]]]:
        return [self._made(rank, row) for rank, row in rows]

    def _made(self, rank: int, row: Row) -> tuple[Made | None, list[Problem]]:
        values, problems = direct_values(self.document, row)
        if any(problem.severity is Severity.ERROR for problem in problems):
            return None, problems
        first = next((value for value in values.values() if isinstance(value, str) and value), "")
        fichier = safe_name(f"{Path(self.name).stem}_{rank:04}_{first}", self.document.suffix)
        bound = Bound((fichier,), (values,), ((),))
        return Made(first or f"ligne {rank}", "", "", (), bound), problems + left_empty(self.document, values, row)

    def unfold(self, bound: Bound) -> Iterator[Copy]:
        return (Copy("", fichier, values) for fichier, values in zip(bound.files, bound.common, strict=True))


def _identities(adherent: Adherent) -> Iterator[str]:
    """What makes two rows the same adherent: the legal person's number, or its kind, name and town."""
    if adherent.siren:
        yield f"siren {adherent.siren}"
    yield f"{adherent.forme} {adherent.code_insee or fold(adherent.nom) or adherent.nom} {adherent.code_postal}"
