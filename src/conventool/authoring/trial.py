"""A template tried on adherents of every kind: what does not fill, what lists lack, what prompts stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conventool.authoring.samples import Sample, own_samples, samples_for
from conventool.core.errors import FillError, TemplateError
from conventool.core.problems import Place, Problem, Severity
from conventool.template.bindings import Binder, Conditions, Copy
from conventool.template.expressions import Expression
from conventool.template.folder import TemplateFolder
from conventool.word.controls import Control
from conventool.word.document import Document
from conventool.word.package import Package
from conventool.word.readback import ReadBack
from conventool.word.template import Template
from conventool.word.validation import audit
from conventool.word.values import Value, choice

__all__ = ["Trial", "try_samples"]


@dataclass
class Trial:
    """What came of it.

    Attributes:
        lists: values that the model can produce and a list does not offer.
        rendering: expressions that fail, values that controls refuse, files that would collide.
        prompts: controls that still show their prompt when filled.
        invalid: what filling would add to the document that Word refuses.
        documents: how many copies were rendered.
    """

    lists: list[Problem] = field(default_factory=list)
    rendering: list[Problem] = field(default_factory=list)
    prompts: list[Problem] = field(default_factory=list)
    invalid: list[Problem] = field(default_factory=list)
    documents: int = 0


def try_samples(template: TemplateFolder, form: Template, document: Document) -> Trial:
    """Fill every copy of every sample, and read each back.

    Args:
        template: whose manifest gives the values. Entries that meet no control are left out: told elsewhere.
        form: its document, to be filled.
        document: the same, to be read.
    """
    trying = _Trying(template, form, document)
    for sample in (*samples_for(template), *own_samples(template)):
        if isinstance(sample, Problem):
            trying.trial.rendering.append(sample)
        else:
            trying.try_one(sample)
    return trying.trial


class _Trying:
    def __init__(self, template: TemplateFolder, form: Template, document: Document) -> None:
        self.trial = Trial()
        self._form = form
        self._bind(self._fitting(template))
        self._read_back = ReadBack(document)
        self._seen: set[tuple[object, ...]] = set()

    def _bind(self, template: TemplateFolder) -> None:
        self._template, self._binder = template, Binder(template)
        self._served = {
            control.address for address in template.manifest.controles for control in self._form.find_all(address)
        }

    def try_one(self, sample: Sample) -> None:
        for copy in self._copies(sample):
            if sample.usual:
                self._compare_with_items(copy.values)
            self._render(copy, sample)

    def _copies(self, sample: Sample) -> list[Copy]:
        """The copies; an expression that fails is noted and left out, so that the others are tried all the same."""
        while True:
            try:
                given = (sample.adherent, sample.champs, sample.contribution)
                return list(self._binder.copies(*given)) if Conditions({"": self._template}).met(*given) else []
            except TemplateError as error:
                for problem in error.problems:
                    self._note(self.trial.rendering, _with_sample(problem, sample))
                self._bind(_without(self._template, error.problems[0].field or ""))

    def _compare_with_items(self, values: Mapping[str, Value]) -> None:
        for address, value in values.items():
            for control in self._form.find_all(address):
                lists = control.kind in {"list", "combo"}
                if lists and isinstance(value, str) and choice(control.items, value) is None:
                    self._note(self.trial.lists, _not_offered(control, value))

    def _render(self, copy: Copy, sample: Sample) -> None:
        try:
            data = self._form.fill(copy.values)
            if not self.trial.documents:
                self._judge(data)
                self._form.fill(copy.values, "unwrap")
        except FillError as error:
            for problem in error.problems:
                refused_by_list = problem.code == "bad-choice" and sample.usual
                if not refused_by_list:  # told once already, by the lists
                    self._note(self.trial.rendering, _with_sample(problem, sample))
            return
        self.trial.documents += 1
        self._look_at(Package(data, self._form.name))

    def _look_at(self, package: Package) -> None:
        prompting, altered = self._read_back.look(package)
        for control in prompting:
            if control.address in self._served:
                self._note(self.trial.prompts, _left(control))
        if altered:
            message = "Le texte hors des contrôles change quand on remplit le document."
            self._note(self.trial.invalid, Problem("altered-text", message, place=Place(file=self._form.name)))

    def _judge(self, data: bytes) -> None:
        """What the outside judge says of a filled copy and not of the template."""
        suffix = self._form.suffix
        findings = audit(data, suffix)
        before = set(audit(self._form.fill({}), suffix) or ()) if findings else set()
        for finding in findings or ():
            if finding not in before:
                message = f"Une fois rempli, Word pourrait refuser le document : {finding.what}"
                message = f"{message} (« {finding.description} »)."
                place = Place(file=self._form.name, part=finding.part or None)
                self._note(self.trial.invalid, Problem("invalid-for-word", message, place=place))

    def _fitting(self, template: TemplateFolder) -> TemplateFolder:
        entries = template.manifest.controles.items()
        return _with(template, controles={a: expression for a, expression in entries if self._form.meant(a)})

    def _note(self, problems: list[Problem], problem: Problem) -> None:
        """Each defect once, however many adherents meet it."""
        key = (problem.code, problem.place.control, problem.place.line, problem.value)
        if key not in self._seen:
            self._seen.add(key)
            problems.append(problem)


def _with(template: TemplateFolder, **entries: Any) -> TemplateFolder:
    """The template with other entries of its manifest."""
    return replace(template, manifest=template.manifest.model_copy(update=entries))


def _without(template: TemplateFolder, field_name: str) -> TemplateFolder:
    """The template without the expression that failed."""
    if field_name == "si":
        return _with(template, si=None)
    if field_name == "fichier":
        return _with(template, fichier=Expression("{{ exemplaire.cle }}"))
    failed = field_name.removeprefix("controles.")
    return _with(template, controles={a: e for a, e in template.manifest.controles.items() if a != failed})


def _not_offered(control: Control, value: str) -> Problem:
    closed = control.kind == "list"
    message = f"La liste « {control.alias or control.address} » ne propose pas « {value} », que le modèle produit."
    hint = "Ajoutez cet élément à la liste dans Word (onglet Développeur, Propriétés), ou corrigez le manifeste."
    severity = Severity.ERROR if closed else Severity.WARNING  # a combo box takes it all the same
    place = Place(control=control.address)
    return Problem("list-item-missing", message, hint, value=value, place=place, severity=severity)


def _left(control: Control) -> Problem:
    message = f"Rempli, le contrôle « {control.alias or control.address} » montre encore son texte d’espace réservé."
    hint = "Donnez-lui une valeur dans le manifeste ; « {{ blanc }} » laisse une ligne à remplir à la main."
    return Problem("leftover-placeholder", message, hint, place=Place(control=control.address))


def _with_sample(problem: Problem, sample: Sample) -> Problem:
    return problem._replace(message=f"{problem.message} (Exemple : {sample.name}.)")
