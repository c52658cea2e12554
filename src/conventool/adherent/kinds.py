"""The kinds of public bodies that can sign: how each is named, who speaks for it, who decides for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from conventool.text.french import Gender, fold, tidy_name

__all__ = ["KINDS", "Kind", "find_kind", "fits_no_kind", "hint_for", "split_kind", "why_refused"]


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
    "communaute-de-communes": "cc, cdc, comcom, com com, com de com, codecom",
    "communaute-d-agglomeration": "ca, communauté d’agglo, agglomération, agglo",
    "communaute-urbaine": "cu",
    "metropole": "metro, met69, met, métropole de lyon, métropole à statut particulier",
    "sivu": "syndicat à vocation unique",
    "sivom": "syndicat à vocation multiple, syndicat intercommunal à vocations multiples",
    "pole-metropolitain": "polem, pm",
    "syndicat-mixte": (
        "sm, smo, smf, smfermé, smouvert, sm fermé, sm ouvert, syndicat mixte ouvert, syndicat mixte fermé"
    ),
    "petr": "pôle d’équilibre, pôle d’équilibre territorial, pôle territorial",
    "ccas": "centre communal d’action sociale, centre d’action sociale",
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

_EPCI = "Dites laquelle : communauté de communes, d’agglomération, urbaine, ou métropole."
_SYNDICATE_HINT = "Dites lequel : « sivu », « sivom » ou « syndicat-mixte », d’après ses statuts."
_RETIREMENT = (
    "Autonome, c’est un « etablissement-public » ; géré par un CCAS ou un CIAS, c’est celui-ci qui signe : "
    "« ccas », « cias »."
)
_SCHOOL = "Une école n’a pas la personnalité morale : c’est la « commune » qui signe, ou sa « caisse-des-ecoles »."
_PUBLIC_BODY = "S’il a la personnalité morale, c’est un « etablissement-public »."
_OTHER = "Écrivez « forme: autre », avec l’appellation, le titre et l’organe que donnent ses statuts."
_HINTS = {
    "epci, intercommunalité, interco, communauté, groupement de communes": _EPCI,
    "syndicat, syndicat intercommunal, syndicat de communes, siaep, siea, sictom, sirtom, sivos": _SYNDICATE_HINT,
    "smictom, smirtom, sde, syndicat d’énergie, syndicat des eaux, syndicat d’assainissement": _SYNDICATE_HINT,
    "parc naturel régional, pnr, scot": "C’est d’ordinaire un « syndicat-mixte ».",
    "pays": "Un pays constitué en pôle d’équilibre est un « petr ».",
    "ehpad, maison de retraite, résidence autonomie, foyer logement": _RETIREMENT,
    "collège, lycée, eple, établissement scolaire, cité scolaire": (
        "Un collège ou un lycée public est un « etablissement-public » ; dites aussi la fonction de qui signe."
    ),
    "service d’incendie, sapeurs-pompiers, pompiers, corps de sapeurs-pompiers": "C’est d’ordinaire un « sdis ».",
    "école, groupe scolaire, école primaire, école maternelle, école élémentaire": _SCHOOL,
    "hôpital, centre hospitalier, ch, chu, université, epcc, epic, epf, asa, cfa, conservatoire": _PUBLIC_BODY,
    "office de tourisme, musée, médiathèque, théâtre, centre de gestion, cdg, centre social, crèche": _PUBLIC_BODY,
    "office hlm, office public d’hlm, ophlm, opdhlm, opac": "C’est un « oph » depuis l’ordonnance n° 2007-137.",
    "région, conseil régional, collectivité de corse, collectivité européenne d’alsace, préfecture, état": _OTHER,
    "association, société, sem, spl, sas, sa, sarl, entreprise, fondation, gip, groupement d’intérêt public": _OTHER,
    "mission locale, chambre de commerce, cci, chambre d’agriculture, chambre de métiers, cma": _OTHER,
}
_HINT_BY_NAME = {fold(name): hint for names, hint in _HINTS.items() for name in names.split(", ")}


def hint_for(text: str) -> str | None:
    """Tell where something that is no kind of adherent belongs: « EHPAD », « EPCI », « CCAS d’Armentières ».

    Returns:
        The hint, in French, or None where nothing is known of it.
    """
    if parted := split_kind(text):
        kind, rest = parted
        return f"La forme seule est « {kind.key} » ; « {rest} » est le nom."
    words = _key(text).split()
    begun = (" ".join(words[:count]) for count in range(len(words), 0, -1))
    return next((_HINT_BY_NAME[name] for name in begun if name in _HINT_BY_NAME), None)


def fits_no_kind(text: str) -> bool:
    """Whether what a text names is of the kind « autre », whose every word the data give: an association, a région."""
    return hint_for(text) == _OTHER


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


_EPT = KINDS["etablissement-public"]._replace(
    label="L’Établissement public territorial", executives=(_PRESIDENT,), bodies=("du conseil de territoire",)
)
"""One of Grand Paris (CGCT, art. L. 5219-2): an établissement public with words of its own."""
_VARIANTS = dict.fromkeys(map(_key, ("ept", "établissement public territorial")), _EPT)


def find_kind(text: str) -> Kind | None:
    """Find the kind that ``text`` names: its key, its label or a usual abbreviation of it.

    Accents, case, hyphens, apostrophes and the article are forgiven: ``La communauté d'agglo``, ``C.C.A.S.``

    Returns:
        The kind, or None where the words name none, or could name several ("syndicat intercommunal").
    """
    name = _key(text)
    key = _BY_NAME.get(name)
    return KINDS[key] if key else _VARIANTS.get(name)


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
