"""What a row becomes: the copies of a convention, by its manifest; or one bare Word form, by the addresses it gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

from conventool.adherent.adherent import Adherent
from conventool.adherent.fields import ABOUT, CONTACT
from conventool.adherent.protection import Protection
from conventool.catalogue import CATALOGUE
from conventool.core.errors import FillError, UsageError
from conventool.core.problems import Problem, Severity, decodable
from conventool.core.row import Row
from conventool.dossier.records import BY_FILE, Facts, as_json
from conventool.register.communes import Register
from conventool.sources.own_columns import OwnColumns
from conventool.template.bindings import Binder, Conditions, Copy
from conventool.template.data import Data, DataReader, own_columns
from conventool.template.folder import TemplateFolder, find_template, is_word_form
from conventool.template.manifest import MANIFEST
from conventool.text.french import fold
from conventool.text.suggestions import did_you_mean
from conventool.word.preparation import Prepared
from conventool.word.template import Mode, Template

__all__ = ["Filler", "Made", "NumberedRow", "Outcome", "Ready", "identities", "open_filler"]


class Ready(NamedTuple):
    """A document ready to be written.

    Attributes:
        cle: whose copy it is, or which piece.
        fichier: the name of its file.
        template: the Word document that it is filled from.
        said: what it says, checked and made ready.
    """

    cle: str
    fichier: str
    template: Template
    said: Prepared

    def fill(self) -> bytes:
        """Its bytes."""
        return self.template.fill_prepared(self.said, self.fichier)


class Made(NamedTuple):
    """What a row becomes.

    Attributes:
        facts: what the dossier keeps of its adherent.
        documents: those to be written, of the first piece first.
        annexes: files that its PDF files end with, as its data name them.
    """

    facts: Facts
    documents: tuple[Ready, ...]
    annexes: tuple[str, ...] = ()


NumberedRow: TypeAlias = tuple[int, Row]
"""A row with its rank in its source, from 1."""

Outcome: TypeAlias = tuple[Made | None, list[Problem]]
"""What a row becomes, None if any of its problems is an error; and all its problems."""


class Filler(Protocol):
    """Turns rows into the values of documents.

    Attributes:
        name: of the template.
        folder: where it is.
        parts: the files that it consists of.
        copies: by key, whose each copy is.
        addresses: are the columns of a table addresses of controls?
        template: the template folder, where there is one.
        pieces: by key, those of its pieces that are wanted.
    """

    name: str
    folder: Path
    parts: tuple[Path, ...]
    copies: Mapping[str, str]
    addresses: bool
    template: TemplateFolder | None
    pieces: Mapping[str, TemplateFolder]

    @property
    def own(self) -> OwnColumns:
        """What fields and columns mean to the template."""

    @property
    def document(self) -> Template:
        """The Word document; of several pieces, that of the first."""

    @property
    def told_beforehand(self) -> Sequence[Problem]:
        """What concerns every copy of every piece: what leaves with it, what it shows that is old or to be filled."""

    def make(self, rows: Sequence[NumberedRow]) -> list[Outcome]:
        """What rows become."""


def open_filler(
    template: str,
    today: date,
    controls: Mode = "keep",
    *,
    alone: str | None = None,
    name: str | None = None,
    pieces: Sequence[str] | None = None,
) -> Filler:
    """Open the template that is asked for.

    Args:
        template: name or folder of a template, or a bare Word document.
        today: the day that dates are judged by.
        controls: do filled controls stay controls?
        alone: the name of the only row, where there is one only: that of its file.
        name: how the files of a bare form are called; see [NamePattern][conventool.documents.name_pattern.NamePattern].
        pieces: keys of the pieces that are wanted; all where None.

    Raises:
        TemplateError: there is none, or it is not sound.
        UsageError: it has no such piece; the names are no pattern, or a template folder says them itself.
    """
    if is_word_form(template):
        if pieces:
            hint = "Ôtez « --pieces », ou donnez un dossier de modèle."
            raise UsageError(Problem("usage", "Un document Word seul n’a pas de pièces.", hint))
        from conventool.documents.form_filler import FormFiller  # noqa: PLC0415 (most templates are folders)

        return FormFiller(Path(template), controls, alone, name)
    if name is not None:
        message = "« --name » nomme les documents d’un formulaire sans manifeste."
        hint = f"Ce modèle dit leur nom lui-même : « fichier », dans son {MANIFEST}."
        raise UsageError(Problem("usage", message, hint, value=name))
    filler = _ConventionFiller(find_template(template), today, controls, alone)
    filler.choose(pieces)
    return filler


class _ConventionFiller:
    """Fills the pieces of a template folder with adherents, or with the template's own fields alone."""

    addresses = False

    def __init__(self, folder: Path, today: date, controls: Mode, alone: str | None) -> None:
        self._template = TemplateFolder.open(folder)
        self.template: TemplateFolder | None = self._template
        manifest = self._template.manifest
        self._reader = DataReader.of(self._template, Register.open(), today)
        self._controls, self._alone = controls, alone
        self.folder = folder
        self.name = decodable(folder.absolute().name)
        self.copies: Mapping[str, str] = dict(manifest.exemplaires)
        self.pieces: Mapping[str, TemplateFolder] = self._template.pieces
        self.parts: tuple[Path, ...] = self._files()
        self._binders: dict[str, Binder] = {}
        self._last: dict[str, Prepared] = {}  # by piece, what was said last: the next copy says nearly the same

    def choose(self, wanted: Sequence[str] | None) -> None:
        """Write these pieces only.

        Raises:
            UsageError: one is none of the template's.
        """
        for key in wanted or ():
            if key not in self.pieces:
                hint = did_you_mean(key, self.pieces) or f"Pièces de ce modèle : {', '.join(self.pieces)}."
                raise UsageError(Problem("usage", f"Ce modèle n’a pas de pièce « {key} ».", hint, value=key))
        self.pieces = {key: piece for key, piece in self.pieces.items() if wanted is None or key in wanted}
        self.parts = self._files()

    def _files(self) -> tuple[Path, ...]:
        named = [MANIFEST, *(piece.manifest.document for piece in self.pieces.values())]
        catalogue = self.folder / CATALOGUE
        return (*(self.folder / name for name in named), *((catalogue,) if catalogue.is_file() else ()))

    @cached_property
    def own(self) -> OwnColumns:
        return own_columns(self._template.manifest, self._template.catalogue)

    @property
    def document(self) -> Template:
        return self._template.document

    @cached_property
    def told_beforehand(self) -> tuple[Problem, ...]:
        return tuple(problem for piece in self.pieces.values() for problem in piece.told_when_filled)

    def _binder(self, key: str) -> Binder:
        """The binder of a piece, whose document is opened where it is first written."""
        if key not in self._binders:
            piece = self.pieces[key]
            self._binders[key] = Binder(piece, piece.document.suffix)
        return self._binders[key]

    @cached_property
    def _conditions(self) -> Conditions:
        return Conditions(self.pieces)

    def make(self, rows: Sequence[NumberedRow]) -> list[Outcome]:
        read = [self._reader.read(row) for _, row in rows]  # all of them first, which keeps the processor's caches
        return [self._made(*one, *found) for one, found in zip(rows, read, strict=True)]

    def _made(self, rank: int, row: Row, data: Data | None, problems: list[Problem]) -> Outcome:
        if data is None:
            return None, problems
        documents: list[Ready] = []
        misfits: list[Problem] = []
        for key in self._conditions.met(*data):
            ready, refused = self._prepared(key, self._binder(key).copies(*data), row)
            documents += ready
            misfits += refused
            problems = [*problems, *self._left_blank(key, data, row), *self._badly_linked(key, ready, data, row)]
        misfits = misfits or list(self._misnamed(documents, row))
        if misfits:
            return None, [*problems, *misfits]
        annexes = data.adherent.annexes if data.adherent else ()
        facts = self._facts(rank, row, data, [one.fichier for one in documents])
        return Made(facts, tuple(documents), annexes), problems

    @cached_property
    def _protection(self) -> dict[str, tuple[str, ...]]:
        """By piece, what it prints of the protection of personal data, which an adherent need not give."""
        printed = {
            key: {name for _, one in piece.manifest.formulas for name in one.members("adherent.protection")}
            for key, piece in self.pieces.items()
        }
        return {key: tuple(name for name in Protection._fields if name in names) for key, names in printed.items()}

    @cached_property
    def _texts(self) -> dict[str, dict[str, str]]:
        """By piece and address, the field of text of the template's own that a control shows."""
        champs = self._template.manifest.champs
        shown = {
            key: {address: one.members("champs") for address, one in piece.manifest.controles.items()}
            for key, piece in self.pieces.items()
        }
        return {
            key: {
                address: name
                for address, names in controls.items()
                for name in names
                if len(names) == 1 and name in champs and champs[name].type == "texte"
            }
            for key, controls in shown.items()
        }

    def _badly_linked(self, key: str, ready: Sequence[Ready], data: Data, row: Row) -> Iterator[Problem]:
        """Tell the names that the words of a piece link badly; all its copies say the same."""
        fields = self._texts[key]
        if fields and ready:
            texts = {address: (name, data.champs[name]) for address, name in fields.items()}
            shown = {address: (name, text) for address, (name, text) in texts.items() if isinstance(text, str)}
            from conventool.documents.elision import badly_linked  # noqa: PLC0415 (few templates have texts of their own)

            yield from badly_linked(ready[0].template, ready[0].said, shown, row)

    def _left_blank(self, key: str, data: Data, row: Row) -> Iterator[Problem]:
        """Tell what of it a piece leaves blank because the data do not say it."""
        given = data.adherent.protection if data.adherent else Protection()
        missing = [name for name in self._protection[key] if getattr(given, name) is None]
        if missing:
            what = ", ".join(ABOUT[f"protection.{name}"][0] for name in missing)
            message = f"« {self.pieces[key].manifest.titre} » laisse à remplir à la main : {what}."
            hint = "Sous « protection » : dpo, violations, sort ; dans un tableau, une colonne pour chacun."
            place = row.where_named(("protection",))
            yield Problem("left-blank", message, hint, "protection", None, place, Severity.NOTICE)

    def _misnamed(self, documents: Sequence[Ready], row: Row) -> Iterator[Problem]:
        """Nothing to write; or two pieces in one file."""
        if not documents:
            asked = ", ".join(f"« {key} »" for key in self.pieces)
            message = f"Aucune des pièces demandées n’est à écrire pour cet adhérent : {asked}."
            hint = "Leur condition, « si », est dans le manifeste ; sans services, il n’y a pas d’annexes."
            yield Problem("no-piece", message, hint, place=row.place)
        elif len({one.fichier for one in documents}) < len(documents):
            message = "Deux pièces de cet adhérent auraient le même nom de fichier."
            hint = "Distinguez-les par « fichier », dans le manifeste."
            yield Problem("same-file-name", message, hint, place=row.place)

    def _prepared(self, key: str, copies: Iterable[Copy], row: Row) -> tuple[list[Ready], list[Problem]]:
        """The copies of a piece, ready; and what their controls refuse, told once, though it stands in every copy."""
        piece = self.pieces[key]
        ready: list[Ready] = []
        refused: list[Problem] = []
        for copy in copies:
            try:
                said = piece.document.prepare(copy.values, self._controls, self._last.get(key))
            except FillError as error:
                refused += error.problems
            else:
                self._last[key] = said
                ready.append(Ready(copy.cle, copy.fichier, piece.document, said))
        return ready, list(dict.fromkeys(piece.placed(problem, row.place) for problem in refused))

    def _facts(self, rank: int, row: Row, data: Data, files: Sequence[str]) -> Facts:
        adherent, given = data.adherent, as_json(row.values)
        if adherent is None:
            first = next((value for value in data.champs.values() if isinstance(value, str) and value), "")
            called = decodable(self._alone or first or f"ligne {rank}")
            return Facts(called, "", "", (f"{BY_FILE}{files[0]}",), given, as_json({"champs": data.champs}))
        understood = as_json({**adherent._asdict(), "champs": data.champs} if data.champs else adherent)
        contact = {name: text for name in CONTACT if (text := getattr(adherent, name))}
        named = (adherent.nom, adherent.appellation, adherent.code_postal, tuple(identities(adherent)))
        return Facts(*named, given, understood, contact)


def identities(adherent: Adherent) -> Iterator[str]:
    """What makes two rows the same adherent: the legal person's number; else its kind, and its commune or its name."""
    if adherent.siren:
        yield f"siren {adherent.siren}"
    if adherent.code_insee:
        yield f"{adherent.forme} {adherent.code_insee}"
    elif not adherent.siren:
        yield f"{adherent.forme} {fold(adherent.nom) or adherent.nom}"
