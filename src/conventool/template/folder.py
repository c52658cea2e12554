"""A template folder: ``template.yaml``, which holds the meaning, and the Word document, which holds the text."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conventool.catalogue import CATALOGUE
from conventool.core.errors import FillError, TemplateError, reason
from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import Path as Way
from conventool.core.row import Row, dotted
from conventool.files.inside import leads_out
from conventool.sources.yaml_file import read_yaml
from conventool.template.manifest import MANIFEST, Manifest, at_odds, read_manifest
from conventool.template.pieces import CONVENTION, piece_rows
from conventool.text.suggestions import did_you_mean
from conventool.word.controls import Control, around
from conventool.word.template import Template
from conventool.word.values import UNFILLABLE

if TYPE_CHECKING:
    from conventool.catalogue.tariff import Catalogue

__all__ = [
    "LOCAL",
    "TemplateFolder",
    "find_template",
    "hidden_by",
    "is_word_form",
    "known_templates",
    "local_templates",
]

LOCAL = Path("templates")
"""The folder beside the work whose templates come before those of the program."""

_WORD_SUFFIXES = frozenset({".docx", ".docm", ".dotx", ".dotm"})


@dataclass(eq=False, repr=False)
class TemplateFolder:
    """A manifest and its document, checked against each other.

    Attributes:
        folder: where they are.
        manifest: what the manifest says.
        row: of the manifest, or of what it says of this piece.
        key: of the piece that this is.
        others: by key, the other pieces, each a template of its own; only the first one has them.
        is_first: is this the first piece, the document that the data are those of?
    """

    folder: Path
    manifest: Manifest
    row: Row
    key: str = CONVENTION
    others: Mapping[str, TemplateFolder] = field(default_factory=dict)
    is_first: bool = True

    @classmethod
    def open(cls, folder: Path) -> TemplateFolder:
        """Read the manifest in a folder.

        Raises:
            UnreadableError: it is missing or is no YAML.
            TemplateError: it does not say what a manifest must say: every problem, with line and column.
        """
        row = next(read_yaml(folder / MANIFEST))
        rows = piece_rows(row)
        manifests = {}
        problems: list[Problem] = []
        for key, one in rows.items():
            try:
                manifests[key] = read_manifest(one)
            except TemplateError as error:
                problems += error.problems
            else:
                problems += _outside(folder, manifests[key], one)
        problems = problems or list(at_odds(manifests, rows))
        if problems:
            raise TemplateError(*dict.fromkeys(problems))
        (first, main), *others = manifests.items()
        pieces = {key: cls(folder, manifest, rows[key], key, is_first=False) for key, manifest in others}
        return cls(folder, main, rows[first], first, pieces)

    @property
    def named(self) -> dict[str, str]:
        """Its name and its folder, as reports tell them."""
        return {"name": self.folder.name, "folder": str(self.folder)}

    @property
    def pieces(self) -> Mapping[str, TemplateFolder]:
        """By key, all the pieces, this one first."""
        return {self.key: self, **self.others}

    def source_of(self, address: str) -> str | None:
        """The expression of a control, as the manifest writes it; None where it serves no such control."""
        controles: Any = self.row.values.get("controles")
        source = controles.get(address) if isinstance(controles, Mapping) else None
        return source if isinstance(source, str) else None

    @cached_property
    def document(self) -> Template:
        """The Word document, every control of which is served.

        Raises:
            TemplateError: it is not sound, or it and the manifest do not fit: every problem.
        """
        document = Template.open(self.folder / self.manifest.document, renew=self.manifest.actualiser)
        problems = self.misfits(document)
        if problems:
            raise TemplateError(*problems)
        return document

    @cached_property
    def catalogue(self) -> Catalogue | None:
        """The services and prices beside the manifest; None where there are none.

        Raises:
            TemplateError: it is not sound: every problem, with its line.
        """
        from conventool.catalogue.catalogue import read_catalogue  # noqa: PLC0415 (few data need it)

        path = self.folder / CATALOGUE
        return read_catalogue(path) if path.is_file() else None

    def placed(self, problem: Problem, row: Place) -> Problem:
        """The refusal of a control, at the line of the manifest that gives it its value.

        Args:
            problem: as [Template.prepare][conventool.word.template.Template.prepare] tells it.
            row: where the data are from which the value was made.
        """
        address = self._address_of.get(problem.place.control or "")
        if address is None:
            return problem
        place = self.row.where(("controles", address))._replace(control=problem.place.control)
        about = f"La valeur vient de cette ligne du modèle, pour les données de {row}."
        return problem._replace(place=place, hint=" ".join(filter(None, [problem.hint, about])))

    @cached_property
    def _address_of(self) -> dict[str, str]:
        """By the address of each control, the address by which the manifest calls it."""
        return {
            control.address: address
            for address in self.manifest.controles
            for control in self.document.find_all(address)
        }

    @staticmethod
    def _unknown(document: Template, address: str, place: Place) -> list[Problem]:
        """Why an address means no control, or several without a tag in common."""
        try:
            document.find_all(address)
        except FillError as error:
            nearest = did_you_mean(address, (control.tag for control in document.controls if control.tag))
            return [problem._replace(place=place, hint=nearest or problem.hint) for problem in error.problems]
        return []

    def misfits(self, document: Template) -> list[Problem]:
        """Where manifest and document do not fit.

        Returns:
            A problem for each entry that meets no control, or several without a tag in common, and for each control
            that no entry serves or leaves: its prompt would stay in the signed original.
        """
        problems: list[Problem] = []
        met: dict[str, str] = {}
        manifest, row = self.manifest, self.row
        served = ((address, row.where_named(("controles", address)), True) for address in manifest.controles)
        left = ((address, row.where(("laisser", rank)), False) for rank, address in enumerate(manifest.laisser))
        for address, place, is_served in (*served, *left):
            if unknown := self._unknown(document, address, place):
                problems += unknown
                continue
            controls = document.find_all(address)
            others = {met[control.address] for control in controls if control.address in met}
            met |= {control.address: address for control in controls}
            for other in sorted(others):
                message = f"« {address} » désigne le même contrôle que « {other} »."
                problems.append(Problem("control-conflict", message, "Gardez une des deux lignes.", place=place))
            problems += self._misfits_inside(document, address, controls[0]) if is_served else ()
        if self.manifest.apercu is not None:
            problems += self._unknown(document, self.manifest.apercu, self.row.where(("apercu",)))
        if self.manifest.actualiser and not document.has_settings:
            message = "« actualiser » demande un réglage que ce document ne peut pas porter : il n’a pas de paramètres."
            place = self.row.where(("actualiser",))
            problems.append(Problem("bad-value", message, "Enregistrez-le de nouveau dans Word.", place=place))
        unserved = (c for c in document.controls if c.kind not in UNFILLABLE and not _is_met(c, document, met))
        return problems + [self._unserved(control) for control in unserved]

    @cached_property
    def told_when_filled(self) -> tuple[Problem, ...]:
        """What concerns every copy: what leaves with it, what it shows that is old or still to be filled."""
        return (*self.document.told_when_filled, *self.left_prompts(self.document))

    def left_prompts(self, document: Template) -> list[Problem]:
        """The controls that the manifest leaves as they are although they show their prompt, told at once."""
        served = {control.address for address in self.manifest.controles for control in document.meant(address)}
        left = list(document.prompting(served))
        left = [one for one in left if any(map(str.isalpha, one.text))]
        if not left:
            return []
        listed = ", ".join(f"« {one.alias or one.tag or one.address} »" for one in left)
        which = "ce contrôle, laissé tel quel, garde" if len(left) == 1 else "ces contrôles, laissés tels, gardent"
        message = f"Dans chaque exemplaire, {which} le texte d’espace réservé : {listed}."
        hint = "Donnez une valeur sous « controles » ; « {{ blanc }} » laisse une ligne à remplir à la main."
        place = Place(file=str(self.folder / self.manifest.document), context=left[0].context)
        return [Problem("leftover-placeholder", message, hint, place=place, severity=Severity.WARNING)]

    def misfits_of_signatures(self, document: Template) -> Iterator[Problem]:
        """The texts below which it is to be signed that a document does not have, or has several times."""
        for party, text in self.manifest.signatures.items():
            if (times := document.count(text)) != 1:
                message = f"« {text} » est {times} fois dans le texte du document ; il y faut une fois."
                hint = "Écrivez un texte du bloc de ce signataire, sous lequel il y a la place de signer."
                place = self.row.where(("signatures", party))
                yield Problem("no-signature-block", message, hint, f"signatures.{party}", text, place)

    def _misfits_inside(self, document: Template, address: str, section: Control) -> Iterator[Problem]:
        """Where the fields of a ``liste`` and the controls of its repeating section do not fit."""
        names = self.manifest.names_in(address)
        if names is None:
            return
        place = self.row.where(("controles", address))
        if section.kind != "repeat":
            message = f"« {address} » reçoit une liste, et n’est pas une section répétée."
            yield Problem("bad-value", message, "Dans Word, entourez ces lignes d’une section répétée.", place=place)
            return
        inside = document.first_item(section)
        served: set[str] = set()
        for name in names:
            try:
                served |= {control.address for control in document.find_all(name, section)}
            except FillError as error:
                hint = did_you_mean(name, (control.tag for control in inside if control.tag))
                yield from (problem._replace(place=place, hint=hint or problem.hint) for problem in error.problems)
        others = (c for c in inside if c.kind not in UNFILLABLE and c.address not in served)
        yield from (self._unserved(control) for control in others)

    def _unserved(self, control: Control) -> Problem:
        file = str(self.folder / self.manifest.document)
        return Problem(
            "control-unbound",
            f"Rien dans le manifeste ne remplit le contrôle « {control.alias or control.address} » du document.",
            f"Ajoutez sous « controles », dans {MANIFEST}, une ligne pour « {control.tag or control.address} ».",
            place=Place(file=file, part=control.part, control=control.address, context=control.context),
        )


def _is_met(control: Control, document: Template, met: Mapping[str, str]) -> bool:
    """Does an entry serve or leave the control, or one that it stands in?"""
    return any(one.address in met for one in (control, *around(document.controls, control)))


def known_templates() -> dict[str, Path]:
    """The templates that come with the program, by name."""
    return {path.name: path for path in sorted(_home().iterdir()) if (path / MANIFEST).is_file()}


def local_templates() -> list[Path]:
    """The folders of the templates that are beside the work, by name."""
    return [path.parent for path in sorted(LOCAL.glob(f"*/{MANIFEST}"))]


def is_word_form(template: str) -> bool:
    """Does ``--template`` name a Word document, not a template folder?"""
    return Path(template).suffix.lower() in _WORD_SUFFIXES


def find_template(name: str) -> Path:
    """The folder that a name or a path means: one beside the work comes before one of the program's.

    Args:
        name: the name of a template, in ``templates/`` or here or of those that come with the program; or the path of a
            template folder.

    Raises:
        TemplateError: there is none.
    """
    known = known_templates()
    try:
        for path in (LOCAL / name, Path(name)):
            if (path / MANIFEST).is_file():
                return path
        what = f"Le dossier « {name} » ne contient pas de {MANIFEST}." if Path(name).is_dir() else None
    except OSError as error:
        what = f"Le modèle « {name} » ne peut pas être lu : {reason(error)}."
    if name in known:
        return known[name]
    listed = ", ".join(f"« {other} »" for other in known)
    hint = f"Donnez un dossier de modèle, un .docx, ou un de ces noms : {listed}."
    raise TemplateError(Problem("unreadable", what or f"Aucun modèle « {name} ».", hint))


def hidden_by(folder: Path) -> Problem | None:
    """Tell that a folder is used in the place of the template of the program that has its name."""
    known = known_templates().get(folder.absolute().name)
    if known is None or known.samefile(folder):
        return None
    message = f"Le modèle est celui du dossier {folder}, non celui du programme qui porte le même nom."
    return Problem("local-template", message, place=Place(file=str(folder / MANIFEST)), severity=Severity.NOTICE)


def _home() -> Path:
    """The templates' folder: in the installed package, or beside the sources."""
    installed = Path(__file__).parents[1] / "templates"
    return installed if installed.is_dir() else Path(__file__).parents[3] / "templates"


def _outside(folder: Path, manifest: Manifest, row: Row) -> Iterator[Problem]:
    """The files that the manifest names and that are not in its folder, which may be a link to another."""
    named: list[tuple[Way, str]] = [(("document",), manifest.document)]
    named += [(("annexes", rank, "fichier"), one.fichier) for rank, one in enumerate(manifest.annexes)]
    homes = (folder, Path(os.path.realpath(folder / MANIFEST)).parent)
    for way, name in named:
        reasons = [leads_out(home, name) for home in homes]
        if why := all(reasons) and reasons[0]:
            message = f"« {name} » n’est pas dans le dossier du modèle : ce chemin {why}."
            hint = "Copiez ce fichier dans ce dossier, et donnez son chemin à partir de là."
            yield Problem("path-outside", message, hint, dotted(way), name, row.where(way))
