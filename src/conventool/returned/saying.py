"""What a document says of its adherent, word by word."""

from __future__ import annotations

from conventool.returned.documents import Compared
from conventool.returned.extraction import Said
from conventool.returned.template_pattern import Hole

__all__ = ["said_by"]


def said_by(compared: Compared) -> tuple[dict[str, Hole], Said]:
    """What a document says of its adherent.

    Returns:
        By the path of the adherent's word: the hole where it stands, and its text.
    """
    holes: dict[str, Hole] = {}
    said: dict[str, str] = {}
    for hole in compared.template.holes.values():
        text = " ".join(compared.values.get(hole.address, "").split())
        is_blank = hole.shows_prompt(text)
        match = None if is_blank else hole.match(text)
        for group, path in hole.words.items():
            holes.setdefault(path, hole)
            value = match[group].strip() if match else "" if is_blank else text
            if value.strip(".…_ "):
                said.setdefault(path, value)
            elif path == "nom_lien" and match:
                said.setdefault(path, "")
    return holes, _settled(said)


def _settled(said: dict[str, str]) -> dict[str, str]:
    """The words with a boundary that only another blank can tell: the name ends the block of signature."""
    titre, signataire = said.get("titre"), said.get("signataire")
    name = said.get("representant", "").partition(" ")[2]
    if titre is not None and signataire is not None and name and signataire != name:
        block = f"{titre} {signataire}"
        if block.endswith(f" {name}"):
            return {**said, "titre": block.removesuffix(f" {name}"), "signataire": name}
    return said
