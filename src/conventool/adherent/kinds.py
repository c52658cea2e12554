"""The kinds of public bodies that can sign: how each is named, who speaks for it, who decides for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from conventool.text.french import Gender, fold, tidy_name

__all__ = ["KINDS", "Kind", "find_kind", "split_kind", "why_refused"]


class Kind(NamedTuple):
    """One kind of adherent.

    Attributes:
        key: how data and code name it, in ASCII: ``communaute-de-communes``.
        label: with its article, as the document begins the party: ``La Communauté de communes``.
        gender: of that noun; None for ``autre``, whose every word the data gives.
        executives: titles of who may represent it, each as masculine and feminine; the usual one first.
        bodies: the assemblies that may decide, with their preposition; the usual one first.
    """

    key: str
    label: str
    gender: Gender | None
    executives: tuple[tuple[str, str], ...]
    bodies: tuple[str, ...]


_PRESIDENT = ("Président", "Présidente")
_DIRECTOR = ("Directeur", "Directrice")
_M, _F = Gender.MASCULINE, Gender.FEMININE
_COMMUNITY = ((_PRESIDENT,), ("du conseil communautaire",))
_SYNDICATE = ((_PRESIDENT,), ("du comité syndical",))
_BOARD = ("du conseil d’administration",)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            Kind("commune", "La Commune", _F, (("Maire", "Maire"),), ("du conseil municipal",)),
            Kind("commune-nouvelle", "La Commune", _F, (("Maire", "Maire"),), ("du conseil municipal",)),
            Kind("communaute-de-communes", "La Communauté de communes", _F, *_COMMUNITY),
            Kind("communaute-d-agglomeration", "La Communauté d’agglomération", _F, *_COMMUNITY),
            Kind("communaute-urbaine", "La Communauté urbaine", _F, *_COMMUNITY),
            Kind("metropole", "La Métropole", _F, (_PRESIDENT,), ("du conseil de la métropole",)),
            Kind("sivu", "Le Syndicat intercommunal à vocation unique", _M, *_SYNDICATE),
            Kind("sivom", "Le Syndicat intercommunal à vocation multiple", _M, *_SYNDICATE),
            Kind("syndicat-mixte", "Le Syndicat mixte", _M, *_SYNDICATE),
            Kind("petr", "Le Pôle d’équilibre territorial et rural", _M, *_SYNDICATE),
            Kind("pole-metropolitain", "Le Pôle métropolitain", _M, *_SYNDICATE),
            Kind("ccas", "Le CCAS", _M, (_PRESIDENT,), _BOARD),
            Kind("cias", "Le CIAS", _M, (_PRESIDENT,), _BOARD),
            Kind("caisse-des-ecoles", "La Caisse des écoles", _F, (_PRESIDENT,), ("du comité de la caisse",)),
            Kind("etablissement-public", "L’Établissement public", _M, (_PRESIDENT, _DIRECTOR), _BOARD),
            Kind(
                "departement",
                "Le Département",
                _M,
                (("Président du conseil départemental", "Présidente du conseil départemental"),),
                ("du conseil départemental", "de la commission permanente"),
            ),
            Kind(
                "oph",
                "L’Office public de l’habitat",
                _M,
                (("Directeur général", "Directrice générale"),),
                _BOARD,
            ),
            Kind(
                "sdis",
                "Le Service départemental d’incendie et de secours",
                _M,
                (("Président du conseil d’administration", "Présidente du conseil d’administration"),),
                _BOARD,
            ),
            Kind("regie", "La Régie", _F, (_PRESIDENT, _DIRECTOR), _BOARD),
            Kind("autre", "", None, (), ()),
        )
    }
)
"""Every kind by its key."""

_OTHER_NAMES = {
    "commune": "ville, mairie",
    "communaute-de-communes": "cc, cdc, comcom, com com, codecom",
    "communaute-d-agglomeration": "ca, communauté d’agglo, agglomération, agglo",
    "communaute-urbaine": "cu",
    "sivu": "syndicat à vocation unique",
    "sivom": "syndicat à vocation multiple, syndicat intercommunal à vocations multiples",
    "syndicat-mixte": "sm, smo, smf, syndicat mixte ouvert, syndicat mixte fermé",
    "petr": "pôle d’équilibre, pôle d’équilibre territorial, pôle territorial",
    "ccas": "centre communal d’action sociale",
    "cias": "centre intercommunal d’action sociale",
    "caisse-des-ecoles": "caisse d’école, caisse des école",
    "etablissement-public": "ep, epa, établissement public administratif, établissement public local",
    "departement": "conseil départemental, cd",
    "oph": "office public d’habitat, office de l’habitat",
    "sdis": "service d’incendie et de secours, sis",
    "regie": "régie personnalisée, régie autonome, régie à personnalité morale, régie dotée de la personnalité morale",
    "autre": "autres",
}

_REGIE = (
    "Une régie sans personnalité morale ne peut pas signer : c’est la collectivité dont elle dépend "
    "qui signe, par son exécutif (CGCT, art. L. 2221-14)."
)
_DELEGUEE = (
    "Une commune déléguée n’a pas la personnalité morale : c’est la commune nouvelle qui signe, "
    "par son maire (CGCT, art. L. 2113-10)."
)
_ASSOCIEE = (
    "Une commune associée n’a pas la personnalité morale : c’est la commune née de la fusion qui signe, "
    "par son maire (loi n° 71-588 du 16 juillet 1971)."
)
_ARRONDISSEMENT = (
    "Un arrondissement municipal n’a pas la personnalité morale : c’est la commune qui signe, "
    "par son maire (CGCT, art. L. 2511-1 et suivants)."
)
_REFUSED = {
    "régie sans personnalité": _REGIE,
    "régie sans personnalité morale": _REGIE,
    "régie non personnalisée": _REGIE,
    "régie à simple autonomie financière": _REGIE,
    "régie dotée de la seule autonomie financière": _REGIE,
    "commune déléguée": _DELEGUEE,
    "mairie déléguée": _DELEGUEE,
    "commune associée": _ASSOCIEE,
    "arrondissement": _ARRONDISSEMENT,
    "arrondissement municipal": _ARRONDISSEMENT,
    "mairie d’arrondissement": _ARRONDISSEMENT,
}

_ARTICLE = re.compile(r"^(?:la|le|les|l|une|un)\s+")


@lru_cache(maxsize=256)  # the lines of a list repeat their forms
def _key(text: str) -> str:
    """The folded text without its article; abbreviations without their dots."""
    abbreviated = text.replace(".", "") if re.fullmatch(r"\s*(?:\w\.\s?)+\w?\s*", text) else text
    return _ARTICLE.sub("", fold(abbreviated))


_BY_NAME = {_key(kind.label): key for key, kind in KINDS.items() if kind.label}
_BY_NAME |= {_key(key): key for key in KINDS}
_BY_NAME |= {_key(name): key for key, names in _OTHER_NAMES.items() for name in names.split(", ")}
_WHY_REFUSED = {_key(name): why for name, why in _REFUSED.items()}


def find_kind(text: str) -> Kind | None:
    """Find the kind that ``text`` names: its key, its label or a usual abbreviation of it.

    Accents, case, hyphens, apostrophes and the article are forgiven: ``La communauté d'agglo``, ``C.C.A.S.``

    Returns:
        The kind, or None where the words name none, or could name several ("syndicat intercommunal").
    """
    key = _BY_NAME.get(_key(text))
    return KINDS[key] if key else None


def split_kind(text: str) -> tuple[Kind, str] | None:
    """Part a full name into its kind and the rest, as official lists join them.

    ``CA de Lens - Liévin`` is the kind ``communaute-d-agglomeration`` and "de Lens-Liévin"; ``Métropole
    Européenne de Lille``, ``CCAS d'Armentières`` part alike. The rest keeps its words, whether it has a "de"
    or not ("CC Coeur de Flandre" gives "Cœur de Flandre"), so that label and rest joined read as French.

    Returns:
        The kind and the rest, or None where the text begins with the name of no kind, or is nothing but one.
    """
    words = text.split()
    for length in range(len(words) - 1, 0, -1):
        if kind := find_kind(" ".join(words[:length])):
            return kind, tidy_name(" ".join(words[length:]))
    return None


def why_refused(text: str) -> str | None:
    """Tell why what ``text`` names cannot sign, and who signs in its place, in French.

    Returns:
        The reason, or None where ``text`` names no such thing.
    """
    return _WHY_REFUSED.get(_key(text))
