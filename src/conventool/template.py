"""A template folder: ``template.yaml``, which holds the meaning, and the Word document, which holds the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from conventool.errors import FillError, TemplateError, reason
from conventool.meaning import MANIFEST, Manifest, read_manifest
from conventool.problems import Place, Problem
from conventool.proposals import did_you_mean
from conventool.sources.row import Row
from conventool.sources.yaml_file import read_yaml
from conventool.word.compiled import Mode, Template
from conventool.word.controls import Control
from conventool.word.values import Value

__all__ = ["DEFAULT", "TemplateFolder", "find_template", "known_templates"]

DEFAULT = "convention-services-numeriques"


@dataclass(frozen=True)
class TemplateFolder:
    """A manifest and its document, checked against each other.

    Attributes:
        folder: where they are.
        manifest: what the manifest says.
    """

    folder: Path
    manifest: Manifest
    row: Row

    @classmethod
    def open(cls, folder: Path) -> TemplateFolder:
        """Read the manifest in a folder.

        Raises:
            UnreadableError: it is missing or is no YAML.
            TemplateError: it does not say what a manifest must say: every problem, with line and column.
        """
        row = next(read_yaml(folder / MANIFEST))
        return cls(folder, read_manifest(row), row)

    @cached_property
    def document(self) -> Template:
        """The Word document, every control of which is served.

        Raises:
            TemplateError: it is not sound, or it and the manifest do not fit: every problem.
        """
        document = Template.open(self.folder / self.manifest.document)
        problems = self.misfits(document)
        if problems:
            raise TemplateError(*problems)
        return document

    def fill(self, values: Mapping[str, Value], controls: Mode = "keep") -> bytes:
        """A filled copy of the document.

        Args:
            values: by the manifest's addresses.
            controls: what is done with the filled controls.

        Raises:
            FillError: controls refuse their values: every problem, with the manifest's line that gave the value.
        """
        try:
            return self.document.fill(values, controls)
        except FillError as error:
            ways = {self.document.find(address).address: ("controles", address) for address in values}
            raise FillError(
                *(
                    replace(problem, place=replace(self.row.where(ways[control]), control=control))
                    if (control := problem.place.control) in ways
                    else problem
                    for problem in error.problems
                )
            ) from error

    def misfits(self, document: Template) -> list[Problem]:
        """Where manifest and document do not fit.

        Returns:
            A problem for each entry that meets no control, or several, and for each control that no entry serves:
            its prompt would stay in the signed original.
        """
        problems: list[Problem] = []
        served: dict[str, str] = {}
        for address in self.manifest.controles:
            place = self.row.where_named(("controles", address))
            try:
                control = document.find(address).address
            except FillError as error:
                nearest = did_you_mean(address, (control.tag for control in document.controls if control.tag))
                problems += [replace(problem, place=place, hint=nearest or problem.hint) for problem in error.problems]
                continue
            if (other := served.setdefault(control, address)) != address:
                message = f"« {address} » désigne le même contrôle que « {other} »."
                problems.append(Problem("control-conflict", message, "Gardez une des deux lignes.", place=place))
        unserved = (c for c in document.controls if c.address not in served and c.kind not in _NOT_TO_FILL)
        return problems + [self._unserved(control) for control in unserved]

    def _unserved(self, control: Control) -> Problem:
        file = str(self.folder / self.manifest.document)
        return Problem(
            "control-unbound",
            f"Rien dans le manifeste ne remplit le contrôle « {control.alias or control.address} » du document.",
            f"Ajoutez sous « controles », dans {MANIFEST}, une ligne pour « {control.tag or control.address} ».",
            place=Place(file=file, part=control.part, control=control.address, context=control.context),
        )


_NOT_TO_FILL = frozenset({"building-block", "group", "citation", "picture", "repeat-item", "other"})


def known_templates() -> dict[str, Path]:
    """The templates that come with the program, by name."""
    return {path.name: path for path in sorted(_home().iterdir()) if (path / MANIFEST).is_file()}


def find_template(name: str) -> Path:
    """The folder that a name or a path means.

    Args:
        name: the name of a template that comes with the program, or the path of a template folder.

    Raises:
        TemplateError: there is none.
    """
    known = known_templates()
    if name in known:
        return known[name]
    path = Path(name)
    try:
        if (path / MANIFEST).is_file():
            return path
    except OSError as error:
        what = f"Le modèle « {name} » ne peut pas être lu : {reason(error)}."
    else:
        what = f"Le dossier « {name} » ne contient pas de {MANIFEST}." if path.is_dir() else f"Aucun modèle « {name} »."
    listed = ", ".join(f"« {other} »" for other in known)
    raise TemplateError(
        Problem("unreadable", what, f"Donnez un dossier de modèle, un .docx, ou un de ces noms : {listed}.")
    )


def _home() -> Path:
    """The templates' folder: in the installed package, or beside the sources."""
    installed = Path(__file__).with_name("templates")
    return installed if installed.is_dir() else Path(__file__).parents[2] / "templates"
