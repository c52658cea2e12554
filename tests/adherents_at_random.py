"""Adherents of every kind, as an agent's list could hold them. No person here is real; the communes are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from conventool.adherent.kinds import KINDS
from conventool.adherent.statuses import NO_COMMUNE
from conventool.register.communes import Register

REGISTER = Register.open()
TODAY = date(2026, 6, 30)

_COMMUNES = [
    "59017", "59350", "59481", "59386", "59005", "62001", "62215", "62757", "59260", "62041", "59643", "62623",
    "59009", "59279", "59421", "59512", "62752", "62318", "62498", "02408", "75056", "97411", "13055", "80021",
]  # fmt: skip
"""All sorts of links: Armentières, Lille, Le Quesnoy, Mormal’s, Les Attaques, La Madeleine, Aire-sur-la-Lys…"""
_ANYWHERE = [commune.code for commune in REGISTER if commune.codes_postaux and commune.code not in NO_COMMUNE]

_OWN_NAMES = [
    "de la Vallée de l’Aa", "du Val de Lys", "des Deux Vallées", "d’Électrification rurale", "Alliance Nord",
    "de l’Avesnois", "Le Grand Large", "La Flandre maritime", "Les Weppes", "Cœur d’Ostrevent", "L’Audomarois",
    "« Les Petits Pas »", "Hauts-de-Flandre", "Scarpe-Escaut",
]  # fmt: skip
_EPCI = {
    "communaute-de-communes": ["Pévèle-Carembault", "Flandre Lys", "du Haut-Pays du Montreuillois", "des 7 Vallées",
                               "Communauté Lesneven Côte des Légendes", "du Sud"],
    "communaute-d-agglomeration": ["de Lens-Liévin", "Cœur de Flandre", "Agglomération d’Agen",
                                   "L’Agglo Foix-Varilhes"],
    "communaute-urbaine": ["d’Arras", "de Dunkerque", "Le Mans Métropole"],
    "metropole": ["Métropole Européenne de Lille", "Dijon Métropole", "Eurométropole de Strasbourg",
                  "Métropole de Lyon", "Grenoble-Alpes-Métropole"],
}  # fmt: skip
_STREETS = [
    "4 place du Général-de-Gaulle", "12, rue de l’Église", "1 bis rue Jean-Jaurès", "Hôtel de ville, Grand-Place",
    "Le Bourg", "165 avenue de Bretagne", "Mairie annexe, à côté de l’école, 3 rue Haute", "2 au Pont",
    "Zone d’activités (bâtiment B)", "Rue du 8 mai 1945", "Mairie, à l’étage",
    "Hameau de la Neuville, à gauche du pont", "5 rue de la Commune de Paris, Le Bourg-à-la-Reine",
]  # fmt: skip
_FIRST = ["Jeanne", "Éloïse", "Marie-Anne", "Paul", "Jean Baptiste", "Aïcha", "Loïc", "Zoé", "J.", "Marie-Ange Louise"]
_LAST = ["MARTIN", "DE LA FONTAINE", "LEFÈVRE", "d’Hondt", "VAN DER BEKEN", "Dupont", "O’NEIL", "LE GOFF", "Œuvrard",
         "MARTIN épouse DURAND", "Le Guen", "DE LA TOUR D’AUVERGNE", "de Saint-Exupéry", "Dupont-Durand"]  # fmt: skip
_TITLES = ["Adjointe au Maire", "Première adjointe", "Conseillère déléguée"]
_TITLES_M = ["Adjoint au Maire", "1er adjoint", "Conseiller délégué"]


@st.composite
def adherents(draw: st.DrawFn, kinds: tuple[str, ...] = tuple(KINDS)) -> dict[str, Any]:
    """The fields of one adherent, as a YAML file gives them."""
    kind = KINDS[draw(st.sampled_from(kinds))]
    decided = draw(st.dates(date(2025, 7, 1), date(2026, 6, 30)))
    data: dict[str, Any] = {
        "forme": kind.key,
        "adresse": draw(st.sampled_from(_STREETS)),
        "decision": {"date": decided.isoformat()},
        "reconduction": draw(st.sampled_from([None, "tacite", "expresse"])),
        "signatures": draw(_signatures(decided)),
    }
    data |= draw(_named(kind.key))
    data["representant"] = draw(_person(kind.key))
    if kind.key == "autre" or draw(st.booleans()):
        data["decision"]["organe"] = (
            draw(st.sampled_from(kind.bodies))
            if kind.bodies
            else draw(st.sampled_from(["du bureau", "de l’assemblée générale"]))
        )
    if draw(st.booleans()):
        data["decision"]["numero"] = draw(st.sampled_from(["2026-12", "D/45", "3 bis"]))
    return data


@st.composite
def _named(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    code = draw(st.one_of(st.sampled_from(_COMMUNES), st.sampled_from(_ANYWHERE)))
    commune = REGISTER.by_code(code)
    assert commune, code
    seat = {"commune": commune.nom, "code_postal": draw(st.sampled_from(commune.codes_postaux))}
    match kind:
        case "commune" | "commune-nouvelle" | "ccas" | "caisse-des-ecoles":
            return {"code_insee": code, **seat}
        case "departement":
            return {"nom": draw(st.sampled_from(["Nord", "Pas-de-Calais", "Aisne", "Somme"])), **seat}
        case "communaute-de-communes" | "communaute-d-agglomeration" | "communaute-urbaine" | "metropole":
            return {"nom": draw(st.sampled_from(_EPCI[kind])), **seat}
        case "autre":
            appellation = draw(
                st.sampled_from(["Le Groupement d’intérêt public", "La Société publique locale", "L’Agence"])
            )
            article = draw(st.sampled_from(["de", "d’", "du", "des", ""]))
            nom = {"d’": "Artois", "du": "Littoral", "des": "Flandres", "de": "Lille"}.get(article, "Numérique 59")
            return {
                "appellation": appellation,
                "genre": "f" if "Ag" in appellation else None,
                "nom": nom,
                "article": article,
                **seat,
            }
    return {"nom": draw(st.sampled_from(_OWN_NAMES)), **seat}


@st.composite
def _person(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    civilite = draw(st.sampled_from(["Madame", "Monsieur"]))
    person: dict[str, Any] = {
        "civilite": civilite,
        "prenom": draw(st.sampled_from(_FIRST)),
        "nom": draw(st.sampled_from(_LAST)),
    }
    if kind == "autre" or draw(st.integers(0, 3)) == 0:
        person["fonction"] = draw(st.sampled_from(_TITLES if civilite == "Madame" else _TITLES_M))
        person["delegation"] = {
            "texte": draw(st.sampled_from(["Pour le Maire et par délégation", "Par délégation du Président, empêché"])),
            "arrete": draw(st.sampled_from(["2026-12", "A 45/2025"])),
            "date": "2020-01-01",
        }
    elif civilite == "Madame" and KINDS[kind].executives and draw(st.booleans()):
        person["fonction"] = f"le {KINDS[kind].executives[0][0]}"
    return person


@st.composite
def _signatures(draw: st.DrawFn, decided: date) -> dict[str, str | None]:
    days = st.one_of(st.none(), st.integers(0, 400).map(lambda after: (decided + timedelta(after)).isoformat()))
    return {party: draw(days) for party in ("fibre", "cdg59", "collectivite")}
