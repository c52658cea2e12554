"""A Word form as received → a template folder that works at once; what is left to decide is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from conventool.authoring.golden_text import golden_text
from conventool.authoring.manifest_text import Draft, manifest_text
from conventool.authoring.merge_filters import with_switches
from conventool.authoring.recognition import Proposal, fixed_words, propose
from conventool.authoring.samples import EXAMPLE, example_data
from conventool.commands.check import check_template
from conventool.core.errors import ConventoolError, UsageError
from conventool.core.problems import Place, Problem, Severity, decodable
from conventool.core.report import Report, Table
from conventool.files.plan import Wanted
from conventool.files.scratch import scratch_folder
from conventool.files.writing import write_as_planned
from conventool.sources.yaml_file import read_yaml
from conventool.template.fields import Champ
from conventool.template.manifest import MANIFEST
from conventool.word.adoption import prepare_form, tagged
from conventool.word.document import Document
from conventool.word.form_fields import form_data
from conventool.word.merge_fields import Switch, switches_of_form_field
from conventool.word.names import child, is_word, value_of
from conventool.word.package import Package
from conventool.word.placeholders import placeholder_pattern
from conventool.word.template import Template
from conventool.word.text import text_outside_controls

__all__ = ["Adopted", "adopt", "adopted"]


@dataclass(frozen=True)
class Adopted:
    """What a form becomes.

    Attributes:
        document: the bytes of the document, every control tagged.
        text: the golden text.
        draft: what its manifest is made of.
        problems: what is left to decide, and what the document lost on the way.
    """

    document: bytes
    text: str
    draft: Draft
    problems: Sequence[Problem]

    @property
    def manifest(self) -> str:
        """The text of the manifest."""
        return manifest_text(self.draft)

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the template's folder, by name."""
        name = self.draft.document
        files = {
            name: self.document,
            MANIFEST: self.manifest.encode("utf-8"),
            str(Path(name).with_suffix(".txt")): self.text.encode("utf-8"),
        }
        if not self.draft.decided:
            champs = {name: Champ.model_validate(one) for name, one in self.draft.champs.items()}
            files[EXAMPLE] = example_data(champs, adherent=self.draft.adherent).encode("utf-8")
        return files


def adopt(path: Path, output: Path, *, placeholders: Sequence[str] = (), force: bool = False) -> Report:
    """Make a template folder of a Word form. It is filled with samples and checked before it is written.

    Args:
        path: the form.
        output: the folder to make.
        placeholders: bare placeholders to turn into controls; see
            [placeholder_pattern][conventool.word.placeholders.placeholder_pattern].
        force: may files that differ be replaced? What the folder's manifest decided stays.

    Raises:
        TemplateError: it is no sound Word document.
        UsageError: it holds no control, and no placeholder was found.
        OutputError: the folder cannot be written, or holds other files.
    """
    stem = "".join(char if char.isprintable() and char not in "/\\:" else "_" for char in path.stem)
    name = stem + {".dotx": ".docx", ".dotm": ".docm"}.get(path.suffix.lower(), path.suffix.lower())
    decided = _decided(output) if force else {}
    package = Package.open(path)
    proposed = adopted(package, placeholders, name=name, folder=decodable(output.name), decided=decided)
    result, defects = _tried(proposed)
    files = [Wanted(output / file, data) for file, data in result.files.items()]
    write_as_planned(files, force=force)
    proposals = result.draft.proposals
    champs = sum(proposal.champ is not None for proposal in proposals)
    recognised = sum(proposal.expression is not None for proposal in proposals) - champs
    undecided = [*result.problems, *_undecided(package.name, proposals)]
    return Report(
        "adopt",
        summary={
            "controls": len(proposals),
            "recognised": recognised,
            "champs": champs,
            "undecided": sum(one.severity is not Severity.NOTICE for one in undecided),
        },
        problems=[*undecided, *defects],
        texts=[_told(recognised, champs, len(proposals), output)],
        tables=[_table(proposals)],
        files={file.path.name: file.path for file in files},
    )


def adopted(
    package: Package, placeholders: Sequence[str], *, name: str, folder: str, decided: Mapping[str, Any] | None = None
) -> Adopted:
    """What a form becomes, before it is tried and written.

    Args:
        package: the form; used up.
        placeholders: bare placeholders to turn into controls.
        name: of the document in its folder.
        folder: name of the folder.
        decided: what an earlier manifest says, which stays.

    Raises:
        UsageError: there is no control, and no placeholder was found.
    """
    file = package.name
    data, converted, switches = prepare_form(package, placeholders)
    document = Document(Package(data, file))
    parties, proposals = propose(document)
    proposals = [_with_switches(document, proposal, switches) for proposal in proposals]
    if not proposals:
        message = "Ce document n’a aucun contrôle de contenu, et aucun des textes demandés n’y a été trouvé."
        hint = 'Nommez ce qui est à remplir : --placeholder "Nom de l’adhérent.", "[…]", "……", MERGEFIELD, "{{ x }}".'
        raise UsageError(Problem("no-control", message, hint, place=Place(file=file)))
    data = tagged(Package(data, file), dict(_new_tags(proposals)))
    text = golden_text(document)
    title = next((line for line in text.splitlines() if line.strip()), name)
    draft = Draft(
        document=name,
        folder=folder,
        title=" ".join(title.split()),
        parties=parties,
        proposals=proposals,
        names=_names(Template.from_bytes(data, file), proposals),
        decided=decided or {},
    )
    complete = [_without_missing_party(draft, proposal) for proposal in proposals]
    problems = [*converted, *_fixed(file, document, draft), *_blanks(file, document)]
    return Adopted(data, text, replace(draft, proposals=complete), problems)


def _with_switches(document: Document, proposal: Proposal, switches: Mapping[str, Sequence[Switch]]) -> Proposal:
    """What a merge field or a legacy form field asks of its value is done by filters."""
    element = document.element(proposal.control.sites[0])
    if form_data(element) is not None:
        return with_switches(proposal, list(switches_of_form_field(element)))
    return with_switches(proposal, switches.get(value_of(child(element, "sdtPr"), "id") or "", ()))


def _new_tags(proposals: Sequence[Proposal]) -> Iterator[tuple[str, str]]:
    """By address, the tag of each control that has none."""
    for proposal in proposals:
        if not proposal.control.tag:
            yield proposal.control.address, proposal.tag
        yield from proposal.inside.items()


def _decided(folder: Path) -> Mapping[str, Any]:
    """What the manifest of a folder says already; nothing where there is none that can be read."""
    try:
        return next(read_yaml(folder / MANIFEST)).values if (folder / MANIFEST).is_file() else {}
    except ConventoolError:
        return {}


def _names(template: Template, proposals: Sequence[Proposal]) -> dict[str, str]:
    """By tag, the address that means all controls of the tag: the tag itself, unless it reads as another address."""
    names = {}
    for tag in (proposal.tag for proposal in proposals):
        same = [control for control in template.controls if control.tag == tag]
        names[tag] = next((name for name in (tag, f"tag:{tag}") if list(template.meant(name)) == same), same[0].address)
    return names


def _without_missing_party(draft: Draft, proposal: Proposal) -> Proposal:
    """What belongs to a party of which the document does not say all keeps its text."""
    if "parties." in (proposal.expression or "") and proposal.party not in draft.known_parties:
        why = "appartient à une partie dont le document ne dit pas tout"
        return replace(proposal, expression=None, why=why)
    return proposal


def _tried(proposed: Adopted) -> tuple[Adopted, list[Problem]]:
    """The template with nothing in it that fails when it is filled with samples; and what else ``check`` finds."""
    while True:
        with scratch_folder() as folder:
            for name, data in proposed.files.items():
                Path(folder, name).parent.mkdir(exist_ok=True)
                Path(folder, name).write_bytes(data)
            found = check_template(folder).problems
        failed = _failed(proposed, [problem for problem in found if problem.severity is Severity.ERROR])
        if not failed:
            return proposed, [_of_the_form(problem, proposed) for problem in found]
        kept = [one.as_field(failed[one.tag]) if one.tag in failed else one for one in proposed.draft.proposals]
        proposed = replace(proposed, draft=replace(proposed.draft, proposals=kept))


def _failed(proposed: Adopted, errors: Sequence[Problem]) -> dict[str, str]:
    """By tag, why a control that the manifest serves cannot be served so."""
    template = Template.from_bytes(proposed.document)
    failed = {}
    for one in proposed.draft.proposals:
        name = proposed.draft.names[one.tag]
        means = {control.address for control in template.find_all(name)}
        why = next((e.message for e in errors if e.place.control in means or e.field == f"controles.{name}"), None)
        if why is not None and one.expression is not None:
            failed[one.tag] = f"ne se remplit pas ainsi : {why.rstrip('.')}"
    return failed


def _of_the_form(problem: Problem, result: Adopted) -> Problem:
    """A defect that was there before: told as a warning, in the document as it will be called."""
    return problem._replace(place=problem.place._replace(file=result.draft.document), severity=Severity.WARNING)


def _undecided(file: str, proposals: Sequence[Proposal]) -> Iterator[Problem]:
    for proposal in proposals:
        if proposal.expression is None:
            place = Place(file=file, part=proposal.control.part, control=proposal.tag, context=proposal.control.context)
            message = f"À décider : le contrôle « {proposal.tag} » reste tel quel : il {proposal.why}."
            hint = f"Pour le remplir, déplacez-le dans {MANIFEST} de « laisser » à « controles », avec ce qu’il reçoit."
            yield Problem("control-undecided", message, hint, place=place, severity=Severity.WARNING)


def _fixed(file: str, document: Document, draft: Draft) -> Iterator[Problem]:
    for word, number in fixed_words(document, draft.parties, draft.proposals):
        message = f"À décider : « {word} » devrait s’accorder avec l’adhérent, mais c’est un texte fixe."
        hint = "Dans Word, faites-en un contrôle (onglet Développeur, Texte brut) ; ou gardez-le tel quel."
        place = Place(file=file, part=document.package.main_part, paragraph=number)
        yield Problem("fixed-word", message, hint, place=place, severity=Severity.WARNING)


def _blanks(file: str, document: Document) -> Iterator[Problem]:
    """The lines to write on and the brackets that are in no control: one notice for each family of them."""
    texts = [
        (part, number, text)
        for part, root in document.roots.items()
        if not is_word(root, "comments")
        for number, text in text_outside_controls(root)
    ]
    for family in ("……", "[…]"):
        pattern = placeholder_pattern(family)
        found = (
            [(part, number, match[0]) for part, number, text in texts for match in pattern.finditer(text)]
            if pattern
            else []
        )
        for part, number, text in found[:1]:
            message = f"Texte à remplir hors de tout contrôle ({len(found)}) : « {text} ». Il restera tel quel."
            hint = f'Pour en faire des contrôles : --placeholder "{family}" ; sinon, il se remplit à la main.'
            place = Place(file=file, part=part, paragraph=number)
            yield Problem("blank-in-text", message, hint, place=place, severity=Severity.NOTICE)


def _told(recognised: int, champs: int, controls: int, output: Path) -> str:
    own = f", {champs} deviennent des champs du modèle" if champs else ""
    return f"{recognised} contrôles reconnus sur {controls}{own} ; modèle écrit dans {output}."


def _table(proposals: Sequence[Proposal]) -> Table:
    rows = []
    for one in proposals:
        title = one.control.alias or one.control.placeholder or ""
        certainty = "à vérifier" if one.champ else "reconnu" if one.expression else "à décider"
        received = one.expression or f"reste tel quel : {one.why}"
        received += f" ({one.champ[1]['type']})" if one.champ else ""
        rows.append((one.tag, " ".join(title.split()), received, certainty))
    return Table("Contrôles", ("Balise", "Titre", "Reçoit", "Certitude"), rows)
