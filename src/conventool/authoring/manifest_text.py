"""The text of a manifest: what is proposed, with comments that say why; what was decided before is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from conventool.authoring.recognition import ADHERENT, PartyFound, Proposal, constants
from conventool.text.french import NBSP

__all__ = ["Draft", "manifest_text"]

_HEADER = """\
# Le sens de {document} : ce que reçoit chaque contrôle de contenu, les exemplaires, les parties.
# Proposé par « conventool adopt » ; ce qui est marqué « À décider » ou « À vérifier » attend une décision.
# Ensuite : conventool check {folder}
"""
_COPY_NAME = "_{{ adherent.designation }}_{{ adherent.code_postal }}_{{ exemplaire.rang }}-{{ exemplaire.cle }}"
_DECIDED = ("titre", "fichier", "exemplaires", "parties", "reconduction")
_ALSO_DECIDED = ("date_en_blanc", "apercu", "annexes")


@dataclass(frozen=True)
class Draft:
    """What a manifest is made of.

    Attributes:
        document: name of the Word document.
        folder: name of the template's folder.
        title: the document's first words.
        parties: those of the document.
        proposals: what is proposed for each control.
        names: by the tag of a proposal, how the manifest names its controls.
        decided: what an earlier manifest says, which stays.
    """

    document: str
    folder: str
    title: str
    parties: Sequence[PartyFound]
    proposals: Sequence[Proposal]
    names: Mapping[str, str]
    decided: Mapping[str, Any] = field(default_factory=dict)

    @property
    def known_parties(self) -> dict[str, Mapping[str, str | date]]:
        """What the document says of the parties whose data are the template's, where it says all."""
        said = {one.key: constants(self.proposals, one.key) for one in self.parties if one.key != ADHERENT}
        return {key: values for key, values in said.items() if values}


def manifest_text(draft: Draft) -> str:
    """The manifest, each scalar quoted as YAML needs it."""
    head = [_HEADER.format(document=draft.document, folder=draft.folder).rstrip()]
    sections = [head, *(list(_section(draft, key)) for key in _DECIDED)]
    sections[1].append(f"document: {_quoted(draft.document)}")
    sections += [_dumped({key: draft.decided[key]}) for key in _ALSO_DECIDED if key in draft.decided]
    sections += [list(_served(draft)), list(_left(draft))]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _section(draft: Draft, key: str) -> Iterator[str]:
    """One of the manifest's first entries: as it was decided, else as it is proposed."""
    if key in draft.decided:
        yield from _dumped({key: draft.decided[key]})
    elif key == "titre":
        yield f"titre: {_quoted(draft.title)}  # À vérifier"
    elif key == "fichier":
        yield f"fichier: {_quoted(Path(draft.document).stem + _COPY_NAME)}"
    elif key == "exemplaires":
        yield "exemplaires:  # À vérifier : un par partie"
        copies = {party.key: party.name for party in draft.parties} or {"original": "Original"}
        yield from (f"  {_key(cle)}: {_quoted(name)}" for cle, name in copies.items())
    elif key == "parties" and draft.known_parties:
        yield from ("# Relevé dans le document ; à tenir à jour.", "parties:")
        for party, values in draft.known_parties.items():
            yield f"  {_key(party)}:"
            yield from (f"    {name}: {_scalar(value)}" for name, value in values.items())
    elif key == "reconduction":
        yield "reconduction: tacite"


def _served(draft: Draft) -> Iterator[str]:
    decided = _mapping(draft.decided.get("controles"))
    left = set(_texts(draft.decided.get("laisser")))
    served = [one for one in draft.proposals if draft.names[one.tag] not in left]
    lines = []
    for one in served:
        name = draft.names[one.tag]
        if name in decided:
            lines.append(f"  {_key(name)}: {_quoted(decided[name])}")
        elif one.expression is not None:
            lines.append(f"  {_key(name)}: {_quoted(one.expression)}  # {_comment(one.why)}")
    if lines:
        yield from ("controles:", *lines)


def _left(draft: Draft) -> Iterator[str]:
    decided = _mapping(draft.decided.get("controles"))
    before = set(_texts(draft.decided.get("laisser")))
    lines = []
    for one in draft.proposals:
        name = draft.names[one.tag]
        if name in before:
            lines.append(f"  - {_key(name)}")
        elif one.expression is None and name not in decided:
            lines.append(f"  - {_key(name)}  # À décider : {_comment(one.why)}")
    return iter(
        ["# Ces contrôles restent tels quels, avec ce qu’ils contiennent.", "laisser:", *lines] if lines else []
    )


def _mapping(value: object) -> dict[str, str]:
    return {str(key): str(one) for key, one in value.items()} if isinstance(value, Mapping) else {}


def _texts(value: object) -> Iterable[str]:
    return map(str, value) if isinstance(value, list | tuple) else ()


def _dumped(data: Mapping[str, Any]) -> list[str]:
    return yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False, width=10_000).splitlines()


def _key(name: str) -> str:
    """A key, or an item of a list: plain where YAML takes it for a text, else quoted."""
    return yaml.safe_dump({name: 0}, allow_unicode=True, width=10_000).rpartition(": 0")[0]


def _quoted(text: str) -> str:
    """A double-quoted scalar; a space that does not break is written so that it shows."""
    dumped = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10_000)
    return dumped.rstrip("\n").replace(NBSP, r"\u00A0")


def _scalar(value: str | date) -> str:
    return value.isoformat() if isinstance(value, date) else _quoted(value)


def _comment(text: str) -> str:
    """A comment on one line, without quotes that a reader could take for those of the value."""
    return " ".join(text.replace('"', "’’").split())
