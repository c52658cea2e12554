"""A Word form as received → a template folder: tags for its controls, a manifest proposed, what is left to decide."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from conventool.authoring.golden_text import golden_text
from conventool.authoring.recognition import ADHERENT, PartyFound, Proposal, constants, fixed_words, propose
from conventool.core.errors import ExitCode, UsageError
from conventool.core.problems import Place, Problem, Severity, decodable
from conventool.core.report import Report, Table
from conventool.files.plan import Wanted, plan
from conventool.files.writing import make_folder, write_together
from conventool.template.folder import MANIFEST
from conventool.text.french import NBSP
from conventool.word.adoption import prepare_form, tagged
from conventool.word.controls import Document
from conventool.word.package import Package

__all__ = ["Adopted", "adopt", "adopted"]

_HEADER = """\
# Le sens de {document} : ce que reçoit chaque contrôle de contenu, les exemplaires, les parties.
# Proposé par « conventool adopt » ; ce qui est marqué « À décider » ou « À vérifier » attend une décision.
# Ensuite : conventool check {folder}
"""


@dataclass(frozen=True)
class Adopted:
    """What a form becomes.

    Attributes:
        document: the bytes of the document, every control tagged.
        manifest: the text of the manifest.
        text: the golden text.
        proposals: what is proposed for each control.
        undecided: what is left to decide.
    """

    document: bytes
    manifest: str
    text: str
    proposals: Sequence[Proposal]
    undecided: Sequence[Problem]


def adopt(path: Path, output: Path, *, placeholders: Sequence[str] = (), force: bool = False) -> Report:
    """Make a template folder of a Word form.

    Args:
        path: the form.
        output: the folder to make.
        placeholders: bare placeholders to turn into controls; see
            [placeholder_pattern][conventool.word.placeholders.placeholder_pattern].
        force: may files that differ be replaced?

    Raises:
        TemplateError: it is no sound Word document.
        UsageError: it holds no control, and no placeholder was found.
        OutputError: the folder cannot be written, or holds other files.
    """
    stem = re.sub("[\ud800-\udfff]", "_", path.stem)  # what the system could not decode, no manifest can name
    name = stem + {".dotx": ".docx", ".dotm": ".docm"}.get(path.suffix.lower(), path.suffix.lower())
    result = adopted(Package.open(path), placeholders, name=name, folder=decodable(output.name))
    files = [
        Wanted(output / name, result.document),
        Wanted(output / MANIFEST, result.manifest.encode("utf-8")),
        Wanted((output / name).with_suffix(".txt"), result.text.encode("utf-8")),
    ]
    planned = plan(files, force=force)
    make_folder(output)
    changed = {one.wanted.path: one.wanted.data for one in planned if one.action.writes}
    if changed:
        write_together(changed)
    recognised = sum(proposal.why is None for proposal in result.proposals)
    return Report(
        "adopt",
        summary={"controls": len(result.proposals), "recognised": recognised, "undecided": len(result.undecided)},
        problems=result.undecided,
        texts=[f"{recognised} contrôles reconnus sur {len(result.proposals)} ; modèle écrit dans {output}."],
        tables=[_table(result.proposals)],
        exit_code=ExitCode.DONE,
    )


def adopted(package: Package, placeholders: Sequence[str], *, name: str, folder: str) -> Adopted:
    """What a form becomes, before anything is written.

    Args:
        package: the form; used up.
        placeholders: bare placeholders to turn into controls.
        name: of the document in its folder.
        folder: name of the folder.

    Raises:
        UsageError: there is no control, and no placeholder was found.
    """
    file = package.name
    data, converted = prepare_form(package, placeholders)
    document = Document(Package(data, file))
    parties, proposals = propose(document)
    if not proposals:
        message = "Ce document n’a aucun contrôle de contenu, et aucune des invites demandées n’y a été trouvée."
        hint = 'Nommez ce qui est à remplir : --placeholder "Nom de l’adhérent.", "[…]", "……", MERGEFIELD, "{{ x }}".'
        raise UsageError(Problem("no-control", message, hint, place=Place(file=file)))
    tags = {proposal.control.address: proposal.tag for proposal in proposals if not proposal.control.tag}
    data = tagged(Package(data, file), tags)
    return Adopted(
        document=data,
        manifest=_manifest(name, folder, document, parties, proposals),
        text=golden_text(document),
        proposals=proposals,
        undecided=[*converted, *_undecided(file, proposals), *_fixed(file, document, parties, proposals)],
    )


def _undecided(file: str, proposals: Sequence[Proposal]) -> Iterator[Problem]:
    for proposal in proposals:
        if proposal.why:
            place = Place(file=file, part=proposal.control.part, control=proposal.tag, context=proposal.control.context)
            message = f"À décider : le contrôle « {proposal.tag} » {proposal.why}."
            hint = f"Complétez sa ligne dans {MANIFEST}."
            yield Problem("control-undecided", message, hint, place=place, severity=Severity.WARNING)


def _fixed(
    file: str, document: Document, parties: Sequence[PartyFound], proposals: Sequence[Proposal]
) -> Iterator[Problem]:
    for word, number in fixed_words(document, parties, proposals):
        message = f"À décider : « {word} » devrait s’accorder avec l’adhérent, mais c’est un texte fixe."
        hint = "Dans Word, faites-en un contrôle (onglet Développeur, Texte brut) ; ou gardez-le tel quel."
        place = Place(file=file, part=document.package.main_part, paragraph=number)
        yield Problem("fixed-word", message, hint, place=place, severity=Severity.WARNING)


def _manifest(
    name: str, folder: str, document: Document, parties: Sequence[PartyFound], proposals: Sequence[Proposal]
) -> str:
    """The manifest's text, with what is left to decide as comments."""
    title = next((line for line in golden_text(document).splitlines() if line.strip()), name)
    lines = [_HEADER.format(document=name, folder=folder), f"titre: {_quoted(' '.join(title.split()))}  # À vérifier"]
    lines += [f"document: {_quoted(name)}", ""]
    pattern = "_{{ adherent.designation }}_{{ adherent.code_postal }}_{{ exemplaire.rang }}-{{ exemplaire.cle }}"
    lines += [f"fichier: {_quoted(Path(name).stem + pattern)}", "", "exemplaires:  # À vérifier : un par partie"]
    copies = {party.key: party.name for party in parties} or {"original": "Original"}
    lines += [f"  {key}: {_quoted(copy)}" for key, copy in copies.items()]
    said = {party.key: constants(proposals, party.key) for party in parties if party.key != ADHERENT}
    known = {key: values for key, values in said.items() if values}
    if known:
        lines += ["", "# Relevé dans le document ; à tenir à jour.", "parties:"]
    for key, values in known.items():
        lines += [f"  {key}:", *(f"    {field}: {_scalar(value)}" for field, value in values.items())]
    lines += ["", "reconduction: tacite", "", "controles:"]
    for proposal in proposals:
        lines += _entry(proposal, known)
    return "\n".join(lines) + "\n"


def _entry(proposal: Proposal, known: Mapping[str, object]) -> Iterator[str]:
    """A control's line. What belongs to a party of which the document does not say all keeps its text."""
    expression, why = proposal.expression, proposal.why
    if "parties." in expression and proposal.party not in known:
        expression, why = " ".join(proposal.control.text.split()), "les données de cette partie sont incomplètes"
    comment = f"  # À décider : {' '.join(why.split())}" if why else ""
    yield f"  {proposal.tag}: {_quoted(expression)}{comment}"


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar, as JSON's strings are; a space that does not break is written so that it shows."""
    return json.dumps(text, ensure_ascii=False).replace(NBSP, r"\u00A0")


def _scalar(value: str | date) -> str:
    return value.isoformat() if isinstance(value, date) else _quoted(value)


def _table(proposals: Sequence[Proposal]) -> Table:
    rows = [
        (proposal.tag, f"{'À décider : ' if proposal.why else ''}{proposal.why or proposal.expression}")
        for proposal in proposals
    ]
    return Table("Contrôles", ("Balise", "Reçoit"), rows)
