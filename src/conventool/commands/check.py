"""Does a template still render? Its document sound, its manifest fitting, its text unchanged, for every adherent.

Each check adds the defects it finds under its own name; a defect is found by one check only.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conventool.authoring.golden_text import compare, diff, golden_path, golden_text
from conventool.authoring.trial import try_samples
from conventool.core.errors import ConventoolError, ExitCode, UsageError
from conventool.core.problems import Place, Problem, Severity
from conventool.core.report import Report, Table, problem_as_json
from conventool.files.plan import Action, Wanted, conflict
from conventool.files.plan import compare as held_against_the_disk
from conventool.files.reading import naming
from conventool.files.writing import write_as_planned
from conventool.template.folder import TemplateFolder, find_template, known_templates, local_templates
from conventool.text.numbers import plural
from conventool.word.document import Document
from conventool.word.package import Package
from conventool.word.template import Template
from conventool.word.text import surroundings
from conventool.word.validation import Finding, audit, broken_rules, stray_prompts

__all__ = ["CHECKS", "CheckReport", "Checked", "check", "check_template"]

CHECKS: Mapping[str, str] = {
    "document": "le document s’ouvre",
    "word": "il est valide pour Word",
    "manifest": "chaque contrôle a sa ligne dans le manifeste, chaque ligne son contrôle",
    "text": "le texte est celui de référence",
    "lists": "les listes proposent tout ce que le modèle produit",
    "rendering": "les exemplaires se remplissent, pour toutes les formes d’adhérents",
    "prompts": "aucun texte d’espace réservé ne reste",
}
"""The checks, in order, and what each assures."""

_WORTH_TELLING = frozenset({"personal-metadata", "stale-field"})


@dataclass
class Checked:
    """What was found in one template.

    Attributes:
        name: of its folder; with that of the piece, if it is not the first.
        folder: where it is.
        document: its Word document, once it could be read.
        found: by check, its defects; a check that could not be made is absent.
        documents: how many copies were rendered.
        seconds: how long it took.
        diff: with ``--update``, what changes in the golden text.
        renewed: with ``--update``, the golden text where it was written.
        in_the_way: a golden text that differs and was not to be replaced.
    """

    name: str
    folder: Path
    document: Path | None = None
    found: dict[str, list[Problem]] = field(default_factory=dict)
    documents: int = 0
    seconds: float = 0.0
    diff: str = ""
    renewed: Path | None = None
    in_the_way: Path | None = None

    @property
    def problems(self) -> list[Problem]:
        """All of them, in the order of the checks."""
        return [problem for problems in self.found.values() for problem in problems]

    @property
    def sound(self) -> bool:
        """Is no defect an error?"""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)


@dataclass
class CheckReport(Report):
    """What ``check`` found.

    Attributes:
        templates: one by one.
    """

    templates: Sequence[Checked] = ()

    def own_keys(self) -> dict[str, Any]:
        """The templates with their defects by check."""
        templates = [
            {
                "template": checked.name,
                "folder": str(checked.folder),
                "checks": {
                    name: [problem_as_json(problem) for problem in checked.found[name]]
                    if name in checked.found
                    else None
                    for name in CHECKS
                },
                "rendered": checked.documents,
                "seconds": round(checked.seconds, 3),
            }
            for checked in self.templates
        ]
        return {"templates": templates}


def check(
    names: Sequence[str], *, update: bool = False, annotate: Path | None = None, force: bool = False
) -> CheckReport:
    """Check templates.

    Args:
        names: names or folders of templates; none means every one of the project.
        update: accept the documents' texts as they are, and write them beside the documents.
        annotate: where to write a copy of the document with a comment at each defect, if it can be read.
        force: may files that differ be replaced?

    Raises:
        TemplateError: a name means no template.
        UsageError: ``annotate`` and several templates, or the document itself.
        OutputError: a text or the annotated copy cannot be written, or another file is in the place of the copy.
    """
    folders = [find_template(name) for name in names] if names else _all_templates()
    if annotate:
        _refuse_several(folders)
    pieces = [(folder, key) for folder in folders for key in _pieces(folder)]
    templates = [check_template(folder, update=update, force=force, piece=key) for folder, key in pieces]
    copy = _annotate(templates[0], annotate, force=force) if annotate else None
    problems = [problem for checked in templates for problem in checked.problems]
    problems += [conflict(checked.in_the_way) for checked in templates if checked.in_the_way]
    return CheckReport(
        "check",
        summary={
            "templates": len(templates),
            "sound": sum(checked.sound for checked in templates),
            "rendered": sum(checked.documents for checked in templates),
            "seconds": round(sum(checked.seconds for checked in templates), 3),
        },
        problems=problems,
        texts=[f"Texte de référence de « {checked.name} » :\n{checked.diff}" for checked in templates if checked.diff],
        tables=[_table(checked) for checked in templates],
        exit_code=_exit_code(templates),
        files=_written(templates, copy),
        templates=templates,
    )


def _refuse_several(folders: Sequence[Path]) -> None:
    """One copy can show the defects of one template."""
    if len(folders) != 1:
        message = f"--annotate écrit une seule copie, et il y a {len(folders)} modèles."
        raise UsageError(Problem("usage", message, "Nommez un seul modèle."))


def _written(templates: Sequence[Checked], copy: Path | None) -> dict[str, Path | None]:
    """The files written, by what they are."""
    renewed: dict[str, Path | None] = {f"text {one.name}": one.renewed for one in templates if one.renewed}
    return renewed | ({"annotated": copy} if copy else {})


def _exit_code(templates: Sequence[Checked]) -> ExitCode:
    if any(checked.in_the_way for checked in templates):
        return ExitCode.UNWRITABLE
    return ExitCode.DONE if all(checked.sound for checked in templates) else ExitCode.PROBLEMS


def _pieces(folder: Path) -> Iterable[str]:
    """The keys of a template's pieces; of a template that is not sound, that of the first, which tells of it."""
    try:
        return tuple(TemplateFolder.open(folder).pieces)
    except ConventoolError:
        return ("",)


def check_template(folder: Path, *, update: bool = False, force: bool = False, piece: str = "") -> Checked:
    """Check one template, from its file to the copies of every adherent.

    Args:
        folder: of the template.
        update: accept the document's text as it is.
        force: may the text that was accepted before be replaced?
        piece: key of the one to check; the first if it is empty.
    """
    started = time.perf_counter()
    checked = Checked(folder.name, folder)
    try:
        template, document, form = _open(checked, piece)
    except ConventoolError as error:
        checked.found["document"] = list(error.problems)
    else:
        checked.found["word"] = _valid(document, form)
        checked.found["manifest"] = [*template.misfits(form), *template.misfits_of_signatures(form)]
        checked.found["text"] = _text(checked, document, update=update, force=force)
        trial = try_samples(template, form, document)
        checked.found["lists"] = trial.lists
        checked.found["rendering"] = trial.rendering
        checked.found["prompts"] = [*stray_prompts(document), *trial.prompts, *template.left_prompts(form)]
        checked.found["word"] += trial.invalid
        checked.documents = trial.documents
        _locate(checked, document)
    checked.seconds = time.perf_counter() - started
    return checked


def _all_templates() -> list[Path]:
    """Those of the program and those of the folder ``templates``, each once."""
    folders = (*known_templates().values(), *local_templates())
    return list({folder.resolve(): folder for folder in folders}.values())


def _open(checked: Checked, piece: str) -> tuple[TemplateFolder, Document, Template]:
    first = TemplateFolder.open(checked.folder)
    template = first.pieces[piece] if piece else first
    if template is not first:
        checked.name = f"{checked.folder.name}, {piece}"
    path = checked.folder / template.manifest.document
    form = Template.open(path)
    document = Document(Package.open(path))
    checked.found["document"] = [warning for warning in form.warnings if _matters(warning)]
    checked.document = path
    return template, document, form


def _matters(warning: Problem) -> bool:
    """Is it more than a curiosity? A control with tracked changes is told when it refuses its value."""
    return (warning.severity is not Severity.NOTICE or warning.code in _WORTH_TELLING) and (
        warning.code != "control-tracked"
    )


def _valid(document: Document, form: Template) -> list[Problem]:
    """Our own rules, and those of the outside judge where it is installed."""
    problems = broken_rules(document)
    if problems:
        return problems
    with naming(Path(form.name)):
        data = Path(form.name).read_bytes()
    return [_invalid(form.name, finding) for finding in audit(data, Path(form.name).suffix.lower()) or ()]


def _invalid(file: str, finding: Finding) -> Problem:
    message = f"Word pourrait refuser ce document : {finding.what} (« {finding.description} »)."
    hint = "Ouvrez le document dans Word, enregistrez-le de nouveau, puis relancez la vérification."
    return Problem("invalid-for-word", message, hint, place=Place(file=file, part=finding.part or None))


def _text(checked: Checked, document: Document, *, update: bool, force: bool) -> list[Problem]:
    """What differs from the golden text; to renew that is to replace a file, which wants ``force``."""
    assert checked.document is not None
    golden = golden_path(checked.document)
    if update:
        checked.diff = diff(document, golden)
        data = golden_text(document).encode("utf-8")
        action = held_against_the_disk(golden, data, force=force)
        if action.writes:
            write_as_planned([Wanted(golden, data)], force=True)
            checked.renewed = golden
        elif action is Action.CONFLICT:
            checked.in_the_way = golden
    return compare(document, golden)


def _locate(checked: Checked, document: Document) -> None:
    """Give each defect of a control its file, part, paragraph and the words around."""
    where, controls = surroundings(document), {control.address: control for control in document.controls}

    def located(problem: Problem) -> Problem:
        control = controls.get(problem.place.control or "")
        if control is None or problem.place.line is not None:
            return problem
        place = problem.place._replace(
            file=document.package.name,
            part=control.part,
            paragraph=where[control.address].paragraph,
            context=control.context,
        )
        return problem._replace(place=place)

    for name, problems in checked.found.items():
        checked.found[name] = [located(problem) for problem in problems]


def _annotate(checked: Checked, path: Path, *, force: bool) -> Path | None:
    """Write a copy with comments, unless the document could not be read; where it is."""
    from conventool.word.comments import Note, annotated  # noqa: PLC0415 (only --annotate needs it)

    if checked.document is None:
        return None
    if os.path.realpath(path) in {os.path.realpath(file) for file in checked.folder.iterdir()}:
        message = "Ce fichier est du modèle : il ne peut pas être sa propre copie annotée."
        raise UsageError(Problem("usage", message, "Donnez un autre nom à la copie.", place=Place(file=str(path))))
    notes = [
        Note(_sentence(problem), problem.place.part, problem.place.paragraph, problem.place.control)
        for problem in checked.problems
    ]
    write_as_planned([Wanted(path, annotated(Package.open(checked.document), notes))], force=force)
    return path


def _sentence(problem: Problem) -> str:
    file = Path(problem.place.file or "").name
    place = f"{file}, ligne {problem.place.line} :" if problem.place.line else ""
    return " ".join(text for text in (place, problem.message, problem.hint) if text)


def _table(checked: Checked) -> Table:
    rows = list(_rows(checked.found, checked.documents))
    return Table(f"{checked.name} ({checked.seconds:.1f} s)".replace(".", ","), ("", "Vérification"), rows)


def _rows(found: Mapping[str, Iterable[Problem]], documents: int) -> Iterator[tuple[str, str]]:
    for name, assured in CHECKS.items():
        if name not in found:
            yield "–", f"{assured} (pas vérifié)"
            continue
        problems = list(found[name])
        errors = sum(problem.severity is Severity.ERROR for problem in problems)
        mark = "✗" if errors else "!" if problems else "✓"
        count = f" : {len(problems)} {plural(len(problems), 'défaut')}" if problems else ""
        rendered = f" ({documents} rendus)" if name == "rendering" else ""
        yield mark, f"{assured}{rendered}{count}"
