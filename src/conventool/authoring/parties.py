"""The parties that a form names, where each stands in it, and for which one a cell is signed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os.path import commonprefix

from slugify import slugify

from conventool.adherent.fields import GivenSignatures
from conventool.text.french import fold
from conventool.word.controls import Control
from conventool.word.document import Document
from conventool.word.text import Surroundings, paragraphs

__all__ = ["ADHERENT", "PartyFound", "find_parties", "party_at", "signing"]

ADHERENT = "collectivite"
"""Key of the party whose data come from outside."""

_NAMED_PARTY = re.compile(r"^\W*ci-après\s+\w*(?:désigné|dénommé)\w*\s+(.+)$", re.IGNORECASE)
_QUOTED = re.compile(r"«\s*(.+?)\s*»|“(.+?)”|\"(.+?)\"")


@dataclass(frozen=True, slots=True)
class PartyFound:
    """A party of the document.

    Attributes:
        key: its name in the manifest: that of its date of signature in the data where one resembles it.
        name: how the document calls it.
        first: rank of its first paragraph in the main text.
        last: of its last.
    """

    key: str
    name: str
    first: int
    last: int


def find_parties(
    document: Document, controls: Sequence[Control], where: Mapping[str, Surroundings]
) -> list[PartyFound]:
    """The parties that the document names, each with its paragraphs."""
    main = document.package.main_part
    found: list[tuple[str, int, int]] = []
    first = 1
    for paragraph in paragraphs(document):
        named = _NAMED_PARTY.match(paragraph.text) if paragraph.part == main else None
        quoted = _QUOTED.search(named[1]) if named else None
        if quoted:
            found.append((next(text for text in quoted.groups() if text), first, paragraph.number))
            first = paragraph.number + 1
    if not found:
        return []
    empty = [_empty_between(controls, where, main, first, last) for _, first, last in found]
    adherent = empty.index(max(empty))
    parties: list[PartyFound] = []
    for rank, (name, first, last) in enumerate(found):
        key = ADHERENT if rank == adherent else _key(name, {party.key for party in parties})
        parties.append(PartyFound(key, name[0].upper() + name[1:], first, last))
    return parties


def _empty_between(
    controls: Sequence[Control], where: Mapping[str, Surroundings], part: str, first: int, last: int
) -> int:
    around_empty = [where[control.address] for control in controls if not control.filled]
    return sum(around.part == part and first <= (around.paragraph or 0) <= last for around in around_empty)


def _key(name: str, taken: set[str]) -> str:
    """A key for a party: the data's own for its date of signature, where its name holds it."""
    squeezed = fold(name).replace(" ", "")
    known = (key for key in GivenSignatures.model_fields if key != ADHERENT and key in squeezed and key not in taken)
    return next(known, None) or slugify(name, separator="_", stopwords=("le", "la", "l", "les"))


def party_at(around: Surroundings, parties: Sequence[PartyFound]) -> PartyFound | None:
    """The party among whose paragraphs a control stands; a margin is nobody's."""
    if around.part.rpartition("/")[2].startswith(("header", "footer")):
        return None
    return next((party for party in parties if party.first <= (around.paragraph or 0) <= party.last), None)


def signing(around: Surroundings, parties: Sequence[PartyFound]) -> PartyFound | None:
    """The party for which a control's table cell is signed."""
    said = [fold(text).removeprefix("pour ").replace(" ", "") for text in around.cell if fold(text).startswith("pour ")]
    if not said or not parties:
        return None

    def likeness(party: PartyFound) -> int:
        """How many characters its name shares with what is said, from the beginning on."""
        name = fold(party.name).replace(" ", "")
        return max(len(commonprefix((name, words))) for words in said)  # noqa: RUF071 (by characters)

    return max(parties, key=likeness)
