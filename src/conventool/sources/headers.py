"""Headers → fields: what people and official files write above a column, told by its words.

A header is the set of its words, without articles, abbreviations written out: « Date délib. », « Date de la
délibération » and « Délibération (date) » are one. A rule says which words it must have, and which it may have besides;
one word too many, and the header means something else: « Adresse (courriel) » is no address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from conventool.adherent.fields import FIELDS
from conventool.sources.own_columns import Meaning
from conventool.text.cleaning import repair_mojibake
from conventool.text.french import fold

__all__ = ["EXAMPLES", "is_left_aside", "meaning_of", "words_of"]

EXAMPLES: Mapping[str, str] = {
    "forme": "Forme juridique",
    "appellation": "Appellation de l’adhérent",
    "genre": "Genre de l’appellation",
    "code_insee": "Code INSEE",
    "nom": "Nom de l’adhérent",
    "article": "Mot de liaison avant le nom",
    "siret": "SIRET",
    "adresse": "Adresse du siège",
    "code_postal": "Code postal",
    "commune": "Commune du siège",
    "representant.civilite": "Civilité",
    "representant.prenom": "Prénom",
    "representant.nom": "Nom du représentant",
    "representant.fonction": "Fonction",
    "representant.delegation.texte": "Formule de délégation",
    "representant.delegation.arrete": "N° de l’arrêté de délégation",
    "representant.delegation.date": "Date de l’arrêté de délégation",
    "decision.organe": "Organe délibérant",
    "decision.date": "Date de délibération",
    "decision.numero": "N° de délibération",
    "decision.recue_le": "Date de réception en préfecture",
    "courriel": "Courriel",
    "telephone": "Téléphone",
    "reconduction": "Reconduction",
    "signatures.fibre": "Signature de La Fibre Numérique 59 62",
    "signatures.cdg59": "Signature du CDG 59",
    "signatures.collectivite": "Signature de la collectivité",
    "services": "Services",
    "population": "Population",
    "population_municipale": "Population municipale",
    "population_totale": "Population totale",
    "agents": "Nombre d’agents",
    "facturation.siret": "SIRET de facturation",
    "facturation.code_service": "Code service de facturation",
    "facturation.numero_engagement": "N° d’engagement",
    "protection.dpo": "Délégué à la protection des données",
    "protection.violations": "Contact en cas de violation de données",
    "protection.sort": "Sort des données au terme",
    "annexes": "Annexes",
}
"""For each field, the header to write for a new column."""

_ARTICLES = frozenset(["de", "du", "des", "d", "la", "le", "les", "l", "un", "une", "en", "au", "aux", "et", "a", "ou",
                       "sur", "par", "pour", "cette", "s"])  # fmt: skip
_ASKING = frozenset(
    ["quel", "quelle", "quels", "quelles", "est", "sont", "votre", "vos", "son", "sa", "ses", "notre", "nos", "svp",
     "merci", "indiquer", "indiquez", "preciser", "precisez", "saisir", "saisissez", "renseigner", "champ",
     "obligatoire", "facultatif", "facultative", "optionnel", "requis", "si", "connu", "exact", "exacte", "complet",
     "complete", "format", "jj", "mm", "aaaa", "jjmmaaaa", "dd", "yyyy", "ex", "exemple", "majuscule", "majuscules",
     "capitales", "lettres", "toutes", "chiffres", "caracteres", "texte", "court", "long", "officiel", "officielle",
     "actuel", "actuelle"]
)  # fmt: skip
"""Words of a question, or of a note on how to answer it."""

_WRITTEN_FOR = {
    "civilite": "civ",
    "prenom": "pren prenoms",
    "nom": "noms",
    "fonction": "fct fonct fonctions mandat poste",
    "qualite": "qual",
    "numero": "n no num nr",
    "date": "dt dte",
    "deliberation": "delib del deliber delibe delibere deliberee deliberations dcm",
    "decision": "dec",
    "reference": "ref",
    "conseil": "cm ca cc bureau municipal communautaire syndical comite seance reunion administration",
    "code": "cd",
    "postal": "cp codepostal cpostal post zip",
    "ville": "localite",
    "adresse": "adr adresses ad",
    "complement": "compl cplt comp complementaire suite",
    "collectivite": "coll col collect collectivites",
    "adherent": "adh adherents adherente",
    "etablissement": "etab etabl ets",
    "commune": "cne com commun communes",
    "organisme": "orga",
    "structure": "struct",
    "groupement": "groupt",
    "representant": "rep repr represent representante",
    "president": "pres presid presidente pdt pdte",
    "elu": "elue",
    "signataire": "signataires sign",
    "responsable": "resp",
    "directeur": "directrice",
    "nombre": "nb nbr nbre",
    "telephone": "tel portable mobile",
    "courriel": "mel mail email",
    "prefecture": "pref prefectures sousprefecture",
    "recue": "recu recus recues",
    "departement": "dept dep",
    "arrete": "arr",
    "reconduction": "reconduc",
    "libelle": "lib intitule",
    "service": "services",
    "prestation": "prestations",
    "habitant": "habitants hab",
    "population": "pop",
    "municipale": "mun",
    "totale": "tot",
    "agent": "agents",
    "donnees": "donnee",
    "personnelles": "personnelle personnel perso",
    "violation": "violations",
    "effectif": "effectifs",
    "facturation": "facture factures",
    "choisi": "choisis choisie choisies",
    "souscrit": "souscrits souscrite souscrites",
    "retenu": "retenus retenue retenues",
    "demande": "demandes demandees",
    "denomination": "denom",
    "juridique": "juridiq jurid jur",
}
"""How the words that rules speak of are written besides."""

_WRITTEN_OUT = {short: word for word, others in _WRITTEN_FOR.items() for short in others.split()}

_NAMED_PERSONS = (
    "representant signataire maire president elu executif responsable directeur autorite mandataire famille "
    "patronymique usage naissance"
)
_PERSON = f"{_NAMED_PERSONS} territoriale legal personne habilitee habilite signer chef identite represente representee"
_NAMELESS = (
    "adherent collectivite structure etablissement groupement organisme entite epci syndicat membre beneficiaire "
    "cocontractant cocontractante demandeur intercommunalite client"
)
"""Nouns for an adherent that alone say that its name stands below."""

_ENTITY = f"{_NAMELESS} commune mairie ville territoriale publique public personne morale signataire"
_SEAT = f"{_NAMELESS} siege social mairie administratif principal geographique adresse postale hotel"
_DECISION = "deliberation decision conseil vote adoption assemblee organe deliberant"
_CIVILITIES = "m mr mme madame monsieur mlle"
_KINDS = "commune cc cu sivu sivom ccas cias petr sdis oph epci syndicat conseil"


class _Rule(NamedTuple):
    """A header that has all words of one of the sets, and none but those and the words allowed, means this."""

    meaning: Meaning
    needed: tuple[frozenset[str], ...]
    allowed: frozenset[str]


def _rule(fields: str, needed: str, allowed: str = "", rank: int = 0) -> _Rule:
    sets = tuple(frozenset(words.split()) for words in needed.split("|"))
    return _Rule(Meaning(tuple(fields.split()), rank), sets, frozenset(allowed.split()))


def _person(fields: str, words: str) -> _Rule:
    """Several of civilité, first name and name in one column, whoever the person is said to be."""
    return _rule(fields, words, f"{_PERSON} nom prenom civilite famille usage {_CIVILITIES}")


_RULES = (
    _rule("forme", "forme|type|nature|categorie", f"juridique legale statut type {_ENTITY} {_KINDS}"),
    _rule("forme", "statut juridique", _ENTITY),
    _rule("appellation", "appellation", f"avec article {_ENTITY}"),
    _rule("genre", "genre appellation"),
    _rule("code_insee", "insee|code commune|code geo|codgeo|depcom|cog", f"code geo numero geographique {_ENTITY}"),
    _rule("nom", "nom|libelle|denomination|raison sociale|commune membre|commune adherent",
          f"nom libelle denomination raison sociale usuel court legal {_ENTITY}"),
    _rule("nom", "|".join(_NAMELESS.split()), f"{_NAMELESS} territoriale public publique"),
    _rule("article", "article|mot liaison", "avant nom"),
    _rule("siret", "siret|siren", f"numero code identifiant siren {_ENTITY} {_SEAT}"),
    _rule("adresse", "numero voie|numero rue|numero adresse|numero voirie", f"{_SEAT} voirie", rank=1),
    _rule("adresse", "type voie|nature voie", _SEAT, rank=2),
    _rule("adresse", "adresse|rue|voie|siege", f"{_SEAT} rue voie voirie", rank=3),
    _rule("adresse", "nom voie|nom rue|libelle voie|numero nom voie|numero nom rue", f"{_SEAT}", rank=3),
    *(
        _rule("adresse", f"adresse {line}|rue {line}|voie {line}|ligne {line}", f"{_SEAT} ligne rue voie", 3 + line)
        for line in (1, 2, 3, 4)
    ),
    _rule("adresse", "complement|lieu dit|lieudit", f"{_SEAT} lieu dit 1 2 3 ligne voie", rank=8),
    _rule("code_postal", "postal", f"code {_SEAT}"),
    _rule("commune", "commune|ville", _SEAT),
    _rule("commune", "commune siege|ville siege", f"nom libelle {_SEAT}"),
    _rule("code_postal commune", "postal ville|postal commune", f"code {_SEAT}"),
    _rule("representant.civilite", "civilite|sexe|politesse|titre|m mme|madame monsieur|mr mme",
          f"code titre formule {_CIVILITIES} {_PERSON} {_ENTITY}"),
    _rule("representant.prenom", "prenom", f"usuel usage {_PERSON} {_ENTITY}"),
    _rule("representant.nom", "|".join(f"nom {word}" for word in _NAMED_PERSONS.split()),
          f"famille usage patronymique naissance {_PERSON} {_ENTITY}"),
    _rule("representant.fonction", "fonction|qualite",
          f"libelle fonction qualite titre elective exercee {_PERSON} {_ENTITY}"),
    _rule("representant.delegation.arrete", "arrete", "numero reference delegation signature fonction"),
    _rule("representant.delegation.date", "arrete date", "delegation signature fonction"),
    _rule("representant.delegation.texte", "delegation", "formule texte mention signature"),
    _rule("decision.organe", "organe|assemblee|instance", "deliberant deliberante decision competent nom conseil"),
    _rule("decision.date", "|".join(f"date {word}" for word in _DECISION.split()),
          f"{_DECISION} {_ENTITY} autorisant adhesion"),
    _rule("decision.numero",
          "numero deliberation|numero decision|numero acte|reference deliberation|reference decision",
          f"{_DECISION} {_ENTITY} reference numero acte"),
    _rule("decision.numero", "deliberation"),
    _rule("decision.recue_le",
          "recue prefecture|reception prefecture|recue legalite|reception legalite|date ar prefecture",
          f"{_DECISION} {_ENTITY} date accuse ar acte controle sous prefecture legalite"),
    _rule("decision.numero decision.date", "numero date deliberation|numero date decision|reference date deliberation",
          f"{_DECISION} {_ENTITY} reference"),
    _rule("courriel", "courriel|adresse courriel|adresse electronique|courrier electronique",
          f"e adresse electronique contact principal {_NAMED_PERSONS} {_ENTITY}"),
    _rule("telephone", "telephone", f"numero contact principal fixe standard accueil {_NAMED_PERSONS} {_ENTITY}"),
    _rule("reconduction", "reconduction", "mode type tacite expresse choix convention"),
    _rule("signatures.fibre", "signature fibre", "date numerique 59 62"),
    _rule("signatures.cdg59", "signature cdg 59", "date centre gestion"),
    _rule("signatures.collectivite", "signature date|signature collectivite|signature adherent",
          f"{_ENTITY} date convention"),
    _rule("services", "service|prestation", f"choisi souscrit retenu demande numerique {_ENTITY}"),
    _rule("population", "population|nombre habitant|habitant", f"nombre legale insee habitant {_ENTITY}"),
    _rule("population_municipale", "population municipale|pmun", f"nombre legale insee habitant {_ENTITY}"),
    _rule("population_totale", "population totale|ptot", f"nombre legale insee habitant {_ENTITY}"),
    _rule("agents", "agent|effectif", f"nombre total employe {_ENTITY}"),
    _rule("facturation.siret", "siret facturation", f"numero {_ENTITY}"),
    _rule("facturation.code_service", "code service", "facturation chorus executant"),
    _rule("facturation.numero_engagement", "engagement", "numero juridique facturation chorus"),
    _rule("protection.dpo", "dpo|delegue protection donnees",
          f"dpo e coordonnees contact nom personnelles rgpd {_ENTITY}"),
    _rule("protection.violations", "violation", f"contact donnees personnelles rgpd cas referent {_ENTITY}"),
    _rule("protection.sort", "sort donnees|restitution suppression",
          "donnees personnelles rgpd terme fin prestation convention"),
    _rule("annexes", "annexe|annexes", f"fichier fichiers pieces piece {_ENTITY}"),
    _person("representant.civilite representant.prenom representant.nom", "civilite nom prenom|titre nom prenom"),
    _person("representant.civilite representant.nom", "civilite nom|titre nom"),
    _person("representant.prenom representant.nom", "nom prenom"),
    _rule("representant.civilite representant.prenom representant.nom",
          "maire|president|signataire|representant|elu|executif|autorite territoriale|personne habilitee",
          f"{_PERSON} identite {_ENTITY}"),
)  # fmt: skip

_LEFT_ASIDE = """
    code du département, libellé du département, code de la collectivité à statut particulier,
    libellé de la collectivité à statut particulier, date de naissance, lieu de naissance, code nationalité,
    code de la catégorie socio-professionnelle, libellé de la catégorie socio-professionnelle,
    date de début du mandat, date de début de la fonction, ligne 5,
    libellé d’acheminement, typecom, reg, dep, ctcd, arr, tncc, ncc, nccenr, can, comparent,
    région siège, département siège, arrondissement siège, commune (département), établissement siège social,
    établissement numero voie, région, département, arrondissement
"""
"""Columns of official files, and what démarches-simplifiées adds to a commune, that no convention needs."""

_IGNORED = frozenset(fold(header) for header in _LEFT_ASIDE.split(","))
_VOCABULARY = frozenset(
    word for rule in _RULES for words in (rule.allowed, *rule.needed) for word in words
) | frozenset({"date"})
_BY_PATH = {fold(path.replace(".", "_")): path for path in FIELDS} | {"com": "code_insee"}
"""Names of fields as headers; and the one header of INSEE's that is no word."""

_BEFORE_A_DATE = re.compile(r"\b(?:le|du)\s*:?\s*$", re.IGNORECASE)
"""« Délibéré le », « Délibération du »: the word that a date follows stands for it."""

_QUESTION_CODE = re.compile(r"^(?:g\d+)?(?:sq|q)\d+[a-z]?\b", re.IGNORECASE)


def is_left_aside(header: str) -> bool:
    """Whether a header is one of those, of official files, that no convention needs."""
    return fold(header) in _IGNORED


@lru_cache(maxsize=5000)
def meaning_of(header: str) -> Meaning | None:
    """Tell what a header says that its column holds; None where no rule knows it."""
    if path := _BY_PATH.get(fold(header)):
        return Meaning((path,))
    if is_left_aside(header):
        return None
    words = words_of(header)
    known = frozenset(words)
    if not known or known - _VOCABULARY:
        return None
    if _BEFORE_A_DATE.search(header) and known <= set(_DECISION.split()):
        return Meaning(("decision.date",))
    found = [
        (len(needed), rule) for rule in _RULES for needed in rule.needed if needed <= known <= needed | rule.allowed
    ]
    if not found:
        return None
    return _in_order(max(found, key=lambda one: one[0])[1].meaning, words)


def _in_order(meaning: Meaning, words: tuple[str, ...]) -> Meaning:
    """The fields of a column that holds several, in the order of the header's words."""
    if len(meaning.fields) == 1:
        return meaning
    if len(words) == 1:  # « Maire »
        return meaning
    marks = {"representant.civilite": ("civilite", "titre"), "representant.prenom": ("prenom",),
             "representant.nom": ("nom",), "code_postal": ("postal",), "commune": ("ville", "commune"),
             "decision.numero": ("numero", "reference"), "decision.date": ("date",)}  # fmt: skip
    place = {field: min((words.index(mark) for mark in marks[field] if mark in words), default=0) for field in marks}
    return meaning._replace(fields=tuple(sorted(meaning.fields, key=place.__getitem__)))


def words_of(header: str) -> tuple[str, ...]:
    """The words of a header that tell what it means, in their order, each once, abbreviations written out."""
    text = repair_mojibake(header) or header
    text = re.sub(r"[\[(]?\b(?:sq|q)\d+\b[\])]?", " ", _QUESTION_CODE.sub(" ", text.strip()), flags=re.IGNORECASE)
    text = re.sub(r"(?<=[a-zéè])(?=[A-ZÉ][a-zé])", " ", text)  # CodePostal
    text = re.sub(r"\b([A-Za-z])\.([A-Za-z])\.", r"\1\2 ", text)  # C.P.
    text = re.sub(r"\b[Nn]\s?[°º]", " numero ", text)
    text = re.sub(r"(?<=[a-zé])[(.·](?:e|ne|se|rice|trice)s?\)?(?=\W|$)", "", text)  # Président(e), élu·e
    text = re.sub(r"\b\d+ chiffres", " ", text)
    text = re.sub(r"(?<!code )\bde la (?:commune|ville)\b(?! du si)", " collectivite ", text, flags=re.IGNORECASE)
    text = re.sub(r"(?<=[a-z])(?=\d)", " ", fold(text))  # adresse1
    words = (_WRITTEN_OUT.get(word, word) for word in text.split() if word not in _ARTICLES)
    return tuple(dict.fromkeys(word for word in words if word not in _ASKING))
