"""How a document begins a party: a noun with its article, the link, and the rest of the name.

The noun is that of the kind, « La Commune » + « d’ » + « Armentières », unless the name holds it already: French says
"Dijon Métropole", "l’Agglomération d’Agen" and "le Syndicat intercommunal d’assainissement de la Vallée", not the
noun twice. A sigle of a syndicat says it too: « le SMIRTOM du Vexin » is a syndicat mixte.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from conventool.text.french import Gender, fold, of_name, with_article

if TYPE_CHECKING:
    from conventool.adherent.kinds import Kind

__all__ = ["Denomination", "denominate", "is_noun", "spelled"]


class Denomination(NamedTuple):
    """The words that name a party, in their order.

    Attributes:
        noun: what it is, with its article: ``La Commune``, ``L’Agglomération``; before a sigle the article alone.
        link: between both, with its space or apostrophe, or nothing: ``d’``.
        rest: what follows: ``Armentières``.
    """

    noun: str
    link: str
    rest: str

    def __str__(self) -> str:
        """The three as the document says them."""
        return f"{self.noun} {self.link}{self.rest}"


def _words(text: str, gender: Gender) -> dict[str, Gender]:
    return dict.fromkeys(text.split(), gender)


_M, _F = Gender.MASCULINE, Gender.FEMININE
_OTHER_NOUNS = {
    "communaute-de-communes": _words("Agglomération Agglo", _F),
    "communaute-d-agglomeration": _words("Agglomération Agglo", _F),
    "communaute-urbaine": _words("Agglomération", _F),
    "metropole": _words("Eurométropole", _F),
    "ccas": _words("Centre", _M),
    "cias": _words("Centre", _M),
    "etablissement-public": {
        **_words("Lycée Collège EHPAD Centre Hôpital CH CHU CHRU CHI CDG EPSM ESAT IME Foyer Office EPF EPFL EPCC", _M),
        **_words("EPIC CFA CREPS Conservatoire Musée Institut Théâtre Opéra Orchestre Port Parc Laboratoire", _M),
        **_words("École Université Agence Résidence Maison Cité Régie Médiathèque Bibliothèque Crèche Académie", _F),
        **_words("Chambre", _F),
    },
}
"""Nouns that begin the names of some bodies beside the one that begins their kind, and their gender."""

_NOUNS = {kind: {fold(noun): (noun, gender) for noun, gender in nouns.items()} for kind, nouns in _OTHER_NOUNS.items()}
_LINK_WORDS = {"de", "du", "des", "d’"}
_SYNDICATES = {"sivu", "sivom", "syndicat-mixte"}
_SIGLE = r"S[DEIMY][A-Z]{1,12}\d{0,3}(?:-[A-Z]+)*"
_SIGLES = frozenset(
    re.findall(
        r"\w+",
        "si sivu sivom sivos siaep siaepa siae sia siea siep sie sirs sitom sictom sirtom siom siden sian siaap "
        "sipperec sigeif smictom smirtom smitom smictoma smaep smaepa smage smav smtd smtu smbv smitvad sde sdea sdec "
        "sdef sdem sdeer sdehg sdey sydec sydela sydeme sydev syane syctom symevad symsagel",
    )
)
"""Sigles of syndicats, folded: in a name all in capitals no other word can be told from one."""
_SMALL = frozenset(re.findall(r"\w+", "de du des d la le les l à au aux et en sur sous lez lès près pour par"))


def denominate(kind: Kind, nom: str, link: str, rest: str) -> tuple[Denomination, Gender | None]:
    """Put the noun of its kind before a name, or take it from a name that holds it.

    Args:
        kind: what the body is; it has a label.
        nom: its name, without the abbreviation of its kind.
        link: what its kind needs before the rest of the name: ``d’``, or nothing.
        rest: what follows that link.

    Returns:
        The three parts; read one after the other, with a space behind the first, they are correct French. And the
        gender of the noun.
    """
    _, *noun = fold(kind.label).split()
    own = re.sub(r"(?i)^(?:le |la |l’)", "", nom)
    first, _, more = own.partition(" ")
    if kind.key in _SYNDICATES and _is_sigle(first, own):
        return Denomination("Le", "", own), kind.gender
    label = re.sub(r"^(?:L[ea] |L’)", "", kind.label).partition(" ")[0]
    spelling, gender = _NOUNS.get(kind.key, {}).get(_key(first)) or (label, kind.gender)
    if more and gender and _key(first) == fold(spelling):
        return _begun_by_its_noun(spelling + own[len(first) :], gender), gender
    first, _, more = nom.partition(" ")
    if more and f" {' '.join(noun)} " in f" {fold(nom)} ":
        return Denomination(first, "", more), kind.gender
    return Denomination(kind.label, link, rest), kind.gender


def is_noun(kind: Kind, text: str) -> bool:
    """Whether a text is but a noun that begins names of this kind: « Lycée »."""
    return _key(text) in _NOUNS.get(kind.key, ())


def _key(word: str) -> str:
    """The folded word, a sigle without its dots."""
    return fold(word.replace(".", ""))


def _is_sigle(word: str, nom: str) -> bool:
    """Whether the first word of a name is the sigle of a syndicat: « SMIRTOM du Vexin », « S.I.A.E.P. »."""
    bare = word.replace(".", "")
    is_known = bool(bare) and all(part in _SIGLES for part in fold(bare).split())
    return is_known or (not nom.isupper() and re.fullmatch(_SIGLE, bare) is not None)


def _begun_by_its_noun(nom: str, gender: Gender) -> Denomination:
    """Part a name after its noun and the lower-case words that belong to it: "Syndicat intercommunal" + "d’eau"."""
    words = nom.replace("’", "’ ").split()
    count = 1
    while count < len(words) - 1 and words[count].islower() and words[count] not in _LINK_WORDS:
        count += 1
    noun = " ".join(words[:count])
    rest = nom[len(noun) :].strip()
    link, rest = of_name(rest) if words[count].lower() in _LINK_WORDS else ("", rest)
    return Denomination(with_article(noun, gender), link, rest)


def spelled(nom: str) -> str:
    """A name written without capitals as it may be meant: « SMIRTOM des Eaux de la Lys »."""

    def capital(word: re.Match[str]) -> str:
        if word[0] in _SIGLES:
            return word[0].upper()
        return word[0] if word[0] in _SMALL else word[0].capitalize()

    return re.sub(r"[^\W\d_]+", capital, nom)
