"""The words by which forms ask for what is known of an adherent, and only for that.

A title, a prompt or a label speaks of a field if each of its words belongs to it: « Nom de la commune » does, « Nom du
chantier » does not, nor does « Date de début de mission » speak of the date of a decision.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import NamedTuple

from conventool.text.french import fold

__all__ = ["is_neutral_tag", "speaks_of_something_else", "subject"]


class _Words(NamedTuple):
    """What speaks of a field: one of ``key`` at least, and besides them any of ``also``."""

    key: frozenset[str]
    also: frozenset[str] = frozenset()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _words(key: str, also: str = "") -> _Words:
    return _Words(_set(key), _set(also))


_WHO = _set(
    "adherent adherente collectivite territoriale commune ville mairie etablissement public structure organisme"
    " syndicat epci membre signataire partie"
)
_FILLING = _set(
    "a au aux d de des du en et l la le les ou par pour sur un une ci dessous officiel officielle complet complete"
    " exact exacte votre cliquez appuyez ici entrer taper saisir indiquer preciser accord mot lien liaison entre"
    " parentheses texte"
)
_PERSON = "nom prenom civilite madame monsieur maire president presidente legal legale habilite habilitee"
_FUNCTION = "representant signataire maire president presidente"
_FIELDS = {
    "code_postal": _words("postal cp", "code siege"),
    "siret": _words("siret", "numero n no"),
    "code_insee": _words("insee", "code numero n no"),
    "organe": _words("organe assemblee", "deliberant deliberante"),
    "representant": _words("representant representante representee represente signataire", _PERSON),
    "fonction": _words("fonction qualite", f"titre {_FUNCTION}"),
    "titre": _words("titre", _FUNCTION),
    "nom": _words("nom denomination raison intitule", "sociale"),
    "forme": _words("forme", "juridique"),
    "commune": _words("commune ville", "siege nom"),
    "adresse": _words("adresse siege", "social postale rue voie numero"),
    "decision_date": _words("deliberation decision", "date organe deliberant conseil assemblee seance"),
    "date": _words("date", "signature jour fait"),
    "exemplaire": _words("exemplaire", "mention numero n no"),
    "reconduction": _words("reconduction renouvellement", "tacite expresse mode"),
    "sise": _words("sis sise"),
    "autorise": _words("autorise autorisee", "habilite habilitee dument"),
    "representee": _words("represente representee"),
    "designee": _words("designe designee denomme denommee"),
}
_SAME_WORDS = {
    "nom_lien": "nom", "commune_lien": "commune", "signature_nom": "representant", "signature_titre": "titre",
    "signature_date": "date",
}  # fmt: skip
_OF_SIGNATURES = _set("signature fonction qualite nom")
_NEUTRAL = _set("champ champs texte text txt zone controle control field sdt cc saisie valeur donnee")
_OF_WORD = _set("caseacocher listederoulante check checkbox dropdown")  # its names of legacy form fields
_ALONE_SAYS_LITTLE = _set("nom intitule titre")  # of a person, of a project…
_EXECUTIVES = _set("maire president presidente")


def subject(words: str, names: AbstractSet[str] = frozenset()) -> str | None:
    """The field that some words speak of, as a whole; None where they say nothing or speak of something else.

    Args:
        words: what the form says.
        names: words of the parties' names, which say whose the field is.
    """
    said = _meaning(words) - (names - _WHO)
    if not said or said <= _ALONE_SAYS_LITTLE:
        return None
    if said & _EXECUTIVES and said & {"nom", "prenom"} and said <= _set(_PERSON):
        return "representant"
    for field, (key, also) in _FIELDS.items():
        if said & key and said <= key | also | _WHO:
            return field
    return "nom" if said <= {"adherent", "collectivite"} else None


def speaks_of_something_else(words: str, field: str, names: AbstractSet[str] = frozenset()) -> bool:
    """Does a title, a prompt, a label or a tag hold words that have nothing to do with a field?

    Args:
        words: what the form says.
        field: what it is taken for.
        names: as ``subject`` has them.
    """
    key, also = _FIELDS[_SAME_WORDS.get(field, field)]
    signing = _OF_SIGNATURES if field.startswith("signature_") else frozenset[str]()
    return bool(_meaning(words) - key - also - signing - _WHO - names)


def is_neutral_tag(tag: str) -> bool:
    """Does a tag say nothing to a person: a number, « Texte12 », some program's own data?"""
    words = [word.rstrip("0123456789") for word in fold(tag).split()]
    if tag.startswith(("{", "[")) or "".join(words) in _OF_WORD:
        return True
    return all(not word or word in _NEUTRAL for word in words)


def _meaning(words: str) -> frozenset[str]:
    return frozenset(word for word in fold(words).split() if word not in _FILLING)
