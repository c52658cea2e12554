"""The text of a manifest: what is proposed, with comments that say why; what was decided before is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from conventool.authoring.parties import ADHERENT, PartyFound
from conventool.authoring.recognition import Proposal, constants
from conventool.sources.yaml_file import yaml_text
from conventool.text.french import NBSP

__all__ = ["Draft", "manifest_text"]

_HEADER = """\
# Le sens de {document} : ce que reçoit chaque contrôle de contenu, les exemplaires, les parties.
# Proposé par « conventool adopt » ; ce qui est marqué « À décider » ou « À vérifier » attend une décision.
# Ce que les données doivent dire, avec un exemple : conventool modele -t {folder}
# Ensuite : conventool check {folder}
"""
_ADHERENT_NAME = "_{{ adherent.designation }}_{{ adherent.code_postal }}"
_COPY_NAME = "_{{ exemplaire.rang }}-{{ exemplaire.cle }}"
_DECIDED = ("titre", "fichier", "adherent", "exemplaires", "parties", "reconduction", "champs")
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

    @property
    def champs(self) -> dict[str, Mapping[str, Any]]:
        """The template's own fields: those decided, and those that the proposals receive."""
        served = _mapping(self.decided.get("controles"))
        left = set(_texts(self.decided.get("laisser")))
        named = [(self.names[one.tag], one.champ) for one in self.proposals if one.champ is not None]
        proposed = {champ[0]: champ[1] for name, champ in named if name not in served and name not in left}
        decided = self.decided.get("champs")
        return {**proposed, **(decided if isinstance(decided, Mapping) else {})}

    @property
    def adherent(self) -> bool:
        """Does the document need an adherent? One that has fields of its own only needs none."""
        texts = [one.expression or "" for one in self.proposals] + list(
            _mapping(self.decided.get("controles")).values()
        )
        return not self.champs or any("adherent." in text for text in texts)


def manifest_text(draft: Draft) -> str:
    """The manifest, each scalar quoted as YAML needs it."""
    head = [_HEADER.format(document=draft.document, folder=_comment(draft.folder)).rstrip()]
    sections = [head, *(list(_section(draft, key)) for key in _DECIDED)]
    sections[1].append(f"document: {_quoted(draft.document)}")
    sections += [_dumped({key: draft.decided[key]}) for key in _ALSO_DECIDED if key in draft.decided]
    sections += [list(_served(draft)), list(_left(draft))]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _section(draft: Draft, key: str) -> Iterator[str]:
    """One of the manifest's first entries: as it was decided, else as it is proposed."""
    if key in draft.decided and key != "champs":
        yield from _dumped({key: draft.decided[key]})
    elif key == "titre":
        yield f"titre: {_quoted(draft.title)}  # À vérifier"
    elif key == "fichier":
        yield f"fichier: {_quoted(Path(draft.document).stem + _file_name(draft))}"
    elif key == "adherent" and not draft.adherent:
        yield "adherent: non  # rien de ce document ne dit qui signe pour une collectivité"
    elif key == "exemplaires":
        yield "exemplaires:  # À vérifier : un par partie"
        yield from (f"  {_key(cle)}: {_quoted(name)}" for cle, name in _copies(draft).items())
    elif key == "parties" and draft.known_parties:
        yield from ("# Relevé dans le document ; à tenir à jour.", "parties:")
        for party, values in draft.known_parties.items():
            yield f"  {_key(party)}:"
            yield from (f"    {name}: {_scalar(value)}" for name, value in values.items())
    elif key == "reconduction" and draft.adherent:
        yield "reconduction: tacite"
    elif key == "champs" and draft.champs:
        yield "# À vérifier : ce que disent les données ; types : texte, entier, date, montant, choix, oui-non, liste."
        yield from ("champs:", *(f"  {_key(name)}: {_flow(one)}" for name, one in draft.champs.items()))


def _copies(draft: Draft) -> dict[str, str]:
    return {party.key: party.name for party in draft.parties} or {"original": "Original"}


def _file_name(draft: Draft) -> str:
    """What tells the files of one document from those of another."""
    if draft.adherent:
        return _ADHERENT_NAME + _COPY_NAME
    champs = [name for name, one in draft.champs.items() if one.get("type") not in {"liste", "oui-non"}]
    told = [name for name in champs if draft.champs[name].get("type") == "texte"] or champs
    return "".join(f"_{{{{ champs.{name} }}}}" for name in told[:1]) + (_COPY_NAME if len(_copies(draft)) > 1 else "")


def _served(draft: Draft) -> Iterator[str]:
    decided = _mapping(draft.decided.get("controles"))
    left = set(_texts(draft.decided.get("laisser")))
    served = [one for one in draft.proposals if draft.names[one.tag] not in left]
    lines = []
    for one in served:
        name = draft.names[one.tag]
        if name in decided:
            lines.append(f"  {_key(name)}: {_quoted(decided[name])}")
        elif one.written is not None:
            lines.append(f"  {_key(name)}: {_quoted(one.written)}  # {_comment(one.why)}")
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
    return yaml_text(dict(data)).rstrip("\n").split("\n")


def _key(name: str) -> str:
    """A key, or an item of a list: plain where YAML takes it for a text, else quoted."""
    dumped = yaml_text({name: 0}).removesuffix(": 0\n")
    return _quoted(name) if dumped.startswith("? ") else dumped


def _flow(value: Any) -> str:
    """A mapping on one line."""
    return yaml_text(value, default_flow_style=True).strip()


def _quoted(text: str) -> str:
    """A double-quoted scalar; a space that does not break is written so that it shows."""
    return yaml_text(text, default_style='"').rstrip("\n").replace(NBSP, r"\u00A0")


def _scalar(value: str | date) -> str:
    return value.isoformat() if isinstance(value, date) else _quoted(value)


def _comment(text: str) -> str:
    """A comment on one line, without quotes that a reader could take for those of the value."""
    words = " ".join(text.replace('"', "’’").split())
    return "".join(char if char.isprintable() or char == NBSP else "\N{REPLACEMENT CHARACTER}" for char in words)
