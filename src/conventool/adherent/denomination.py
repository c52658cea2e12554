"""How a document begins a party: a noun with its article, the link, and the rest of the name.

The noun is that of the kind, « La Commune » + « d’ » + « Armentières », unless the name holds it already: French says
"Dijon Métropole", "l’Agglomération d’Agen" and "le Syndicat intercommunal d’assainissement de la Vallée", not the
noun twice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from conventool.text.french import Gender, fold, of_name, with_article

if TYPE_CHECKING:
    from conventool.adherent.kinds import Kind

__all__ = ["Denomination", "denominate"]


class Denomination(NamedTuple):
    """The words that name a party, in their order.

    Attributes:
        noun: what it is, with its article: ``La Commune``, ``L’Agglomération``.
        link: between both, with its space or apostrophe, or nothing: ``d’``.
        rest: what follows: ``Armentières``.
    """

    noun: str
    link: str
    rest: str


_OTHER_NOUNS = {
    "communaute-de-communes": ("agglomeration", "agglo"),
    "communaute-d-agglomeration": ("agglomeration", "agglo"),
    "communaute-urbaine": ("agglomeration",),
    "metropole": ("eurometropole",),
    "ccas": ("centre",),
    "cias": ("centre",),
}
"""Nouns that begin the names of some bodies beside the one that begins their kind; all of that one's gender."""

_LINK_WORDS = {"de", "du", "des", "d’"}


def denominate(kind: Kind, nom: str, link: str, rest: str) -> Denomination:
    """Put the noun of its kind before a name, or take it from a name that holds it.

    Args:
        kind: what the body is; it has a label.
        nom: its name, without the abbreviation of its kind.
        link: what its kind needs before the rest of the name: ``d’``, or nothing.
        rest: what follows that link.

    Returns:
        The three parts; read one after the other, with a space behind the first, they are correct French.
    """
    _, *noun = fold(kind.label).split()
    own = re.sub(r"(?i)^(?:le |la |l’)", "", nom)
    first, _, more = own.partition(" ")
    if more and kind.gender and fold(first) in {noun[0], *_OTHER_NOUNS.get(kind.key, ())}:
        return _begun_by_its_noun(own, kind.gender)
    first, _, more = nom.partition(" ")
    if more and f" {' '.join(noun)} " in f" {fold(nom)} ":
        return Denomination(first, "", more)
    return Denomination(kind.label, link, rest)


def _begun_by_its_noun(nom: str, gender: Gender) -> Denomination:
    """Part a name after its noun and the lower-case words that belong to it: "Syndicat intercommunal" + "d’eau"."""
    words = nom.replace("’", "’ ").split()
    count = 1
    while count < len(words) - 1 and words[count].islower() and words[count] not in _LINK_WORDS:
        count += 1
    noun = " ".join(words[:count])
    rest = nom[len(noun) :].strip()
    link, rest = of_name(rest) if words[count].lower() in _LINK_WORDS else ("", rest)
    return Denomination(with_article(noun[0].upper() + noun[1:].lower(), gender), link, rest)
