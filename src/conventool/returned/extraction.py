"""The words of a convention read backwards: the data that, put through the same words, give the same text.

Nothing is trusted because it looks right. Every reading that the words allow is put through
[read_adherent][conventool.adherent.adherent.read_adherent] and [words][conventool.template.wording.words] again,
and the first that says what the document says is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any, TypeAlias

from conventool.adherent.adherent import Adherent, read_adherent
from conventool.adherent.denomination import denominate, is_noun
from conventool.adherent.kinds import KINDS, Kind, fits_no_kind, hint_for, split_kind, why_refused
from conventool.adherent.name import EPCI_TYPES
from conventool.adherent.statuses import PARIS, as_constituted
from conventool.core.problems import Place, Problem, Severity
from conventool.core.row import Row
from conventool.register.communes import Commune, Register
from conventool.returned.confusables import is_alike
from conventool.returned.said_words import Words
from conventool.template.bindings import adherent_words
from conventool.text.dates import date_or_none, long_date
from conventool.text.french import Gender, with_article
from conventool.text.stories import squeezed
from conventool.text.suggestions import listed

__all__ = ["Extraction", "extract", "iso_day"]

Data: TypeAlias = dict[str, Any]

_COMMUNAL = ("commune", "ccas", "caisse-des-ecoles")
_MOST_READINGS = 400
_TOGETHER = (("forme", "nom_lien", "nom"), ("titre", "signataire"))
"""Words that follow each other: without its controls, a document does not say where one ends."""
_NO_LINK = "aucun"
_CONTRACTED = {"du": ("Le ",), "au": ("Le ",), "des": ("Les ", "Aux "), "aux": ("Les ", "Aux ")}
_OWN_NAME = re.compile(r"(?<= )(?:(?P<link>de la|de|du|des) |(?P<elided>(?:de l|d)’))?(?=[A-ZÀ-ÖØ-Þ])")
_DELEGATED = re.compile(r"(?P<fonction>.+?), agissant par délégation \(arrêté n° (?P<arrete>.+) du (?P<date>[^()]+)\)")
_PARTICLE = re.compile(
    r" (?=(?i:(?:d[eu]s?|d[aio]|dos|das|del|dell[ao]|le|la|van|vanden|vander|von|den|der|ten|ter|zu|el|ben|bin|ould|"
    r"mac|saint|sainte) |d[’'])+\S)"
)


@dataclass(frozen=True, slots=True)
class Extraction:
    """The data that a document's words mean.

    Attributes:
        data: the fields, as a data file gives them.
        adherent: what they make, None where they are not complete.
        problems: what is missing or wrong in them, and what the words leave open.
        differences: by path, what the document says and what these data would say in its place.
    """

    data: Data
    adherent: Adherent | None
    problems: tuple[Problem, ...]
    differences: Mapping[str, tuple[str, str]]


def extract(said: Words, register: Register, place: Place, today: date) -> Extraction:
    """Find the data that a document's words mean.

    Args:
        said: the words.
        register: the official register.
        place: of the document, for the problems.
        today: the day that dates are judged by.

    Returns:
        The first reading that says the same again, or the one that comes nearest.
    """
    best: Extraction | None = None
    for tried, (entity, person, decision) in enumerate(
        product(list(_entities(said, register)), list(_persons(said)), list(_decisions(said)))
    ):
        found = _tried({**entity, **person, **decision, **_rest(said)}, said, register, place, today)
        if best is None or _merit(found) > _merit(best):
            best = found
        if (found.adherent and not found.differences) or tried >= _MOST_READINGS:
            break
    assert best is not None  # each part has a reading at least
    doubts = [*_doubtful_kind(best.data, said, register, place), *_doubtful_name(best.data, said, place)]
    wrong = [one for one in best.problems if one.severity is not Severity.NOTICE]
    return replace(best, problems=(*wrong, *doubts))


def _doubtful_kind(data: Data, said: Words, register: Register, place: Place) -> Iterator[Problem]:
    """A body whose words do not say its kind: "La Ville d’Armentières", "L’EHPAD Les Lilas", a syndicat's sigle."""
    forme, name, whole = str(data.get("forme")), str(data.get("nom") or ""), _whole(said)
    message = hint = None
    guessed = f"« {whole or name} » ne dit pas sa forme ; lu comme « {forme} »."
    if forme == "autre":
        message, hint = None if fits_no_kind(whole) else guessed, _hint_of_kind(whole, name, register)
    elif forme == "etablissement-public" and is_noun(KINDS[forme], name.partition(" ")[0]):
        message, hint = guessed, hint_for(name)
    elif forme == "syndicat-mixte" and denominate(KINDS[forme], name, "", name)[0].noun == "Le":
        message = f"« {name} » ne dit pas de quelle forme est ce syndicat ; lu comme « syndicat-mixte »."
        hint = "Corrigez-la d’après les statuts, si c’est un « sivu » ou un « sivom »."
    if message:
        severity = Severity.NOTICE if forme == "autre" and hint is None else Severity.WARNING
        yield Problem("unknown-kind", message, hint, "forme", whole or name, place, severity)


def _hint_of_kind(whole: str, name: str, register: Register) -> str | None:
    """What another body of no known kind may be; None where nothing speaks against « autre »."""
    if told := why_refused(whole) or hint_for(whole):
        return told
    bare = re.sub(r"^(?:L[ea] |L’)", "", whole)
    if is_noun(KINDS["etablissement-public"], bare.partition(" ")[0]):
        return "Écrivez « forme: etablissement-public » si c’en est un."
    if known := register.epci_called(whole):
        return f"Si c’est {listed(one.nom for one in known)}, écrivez sa forme et son nom entier."
    if re.fullmatch(r"[A-Z][A-Z\d.-]+(?: \d+)?", bare):
        return "Un sigle ne dit pas la forme : si ce n’est pas « autre », écrivez-la, et le nom entier."
    if any(register.by_name(name)):
        return f"« {name} » est une commune : écrivez « forme: commune » si c’en est une."
    return None


def _whole(said: Words) -> str:
    """The adherent as a document names it."""
    forme, link, nom = (said.get(path, "").strip() for path in ("forme", "nom_lien", "nom"))
    return _joined(forme, _joined(link, nom)) if forme or nom else said.get("designation", "").strip()


def _doubtful_name(data: Data, said: Words, place: Place) -> Iterator[Problem]:
    """A person's name that does not say where its surname begins."""
    name = said.get("representant", "").partition(" ")[2]
    if not _is_guess(name):
        return
    person = data["representant"]
    message = f"Où finit le prénom dans « {name} » ? Lu : « {person['prenom']} », puis « {person['nom']} »."
    hint, severity = "Le texte ne le dit pas ; corrigez au besoin.", Severity.WARNING
    yield Problem("ambiguous-name", message, hint, "representant.nom", name, place, severity)


def _tried(data: Data, said: Words, register: Register, place: Place, today: date) -> Extraction:
    """Put data through the words of the convention, and hold the result against the document."""
    data = _without_blanks(data)
    adherent, problems = read_adherent(Row(data, place), register, today=today)
    if adherent is None:
        return Extraction(data, None, tuple(problems), {})
    again = adherent_words(adherent)
    differences = {}
    for path, text in said.items():
        name, _, inner = path.partition(".")
        value = again[name][inner] if inner else again[name]
        told = long_date(value) if hasattr(value, "isoformat") else str(value or "")
        read = _as_long_date(text) if hasattr(value, "isoformat") else text
        if not is_alike(told, read):
            differences[path] = (text, told.strip())
    for together in _TOGETHER:
        if is_alike("".join(said.get(path, "") for path in together), "".join(again[path] for path in together)):
            differences = {path: both for path, both in differences.items() if path not in together}
    return Extraction(data, adherent, tuple(problems), differences)


def _merit(found: Extraction) -> tuple[bool, int, int]:
    return found.adherent is not None, -len(found.differences), -len(found.problems)


def _without_blanks(data: Mapping[str, Any]) -> Data:
    """The fields that hold something."""
    kept: Data = {}
    for name, value in data.items():
        filled = _without_blanks(value) if isinstance(value, Mapping) else value
        if filled not in (None, "", {}):
            kept[name] = filled
    return kept


# --- The entity and its seat -------------------------------------------------------------------------------


def _entities(said: Words, register: Register) -> Iterator[Data]:
    """What the adherent is called, and where it has its seat."""
    forme, link, nom = (said.get(path, "").strip() for path in ("forme", "nom_lien", "nom"))
    if not (forme or nom):
        forme, link, nom = _of_designation(said.get("designation", "").strip())
    if not forme:
        yield {
            "nom": _joined(link, nom),
            "adresse": said.get("adresse"),
            "code_postal": said.get("code_postal"),
            "commune": said.get("ville", said.get("commune")),
        }
        return
    kind = next((kind for kind in KINDS.values() if kind.label and squeezed(kind.label) == squeezed(forme)), None)
    if kind is None and any(squeezed(one.label).startswith(squeezed(forme)) for one in KINDS.values()):
        # on paper nothing tells where the kind ends and the name begins
        joined = _of_designation(re.sub(r"^(?:La |Le |L’)", "", _joined(forme, _joined(link, nom))))
        kind = next((kind for kind in KINDS.values() if joined[0] and kind.label == joined[0]), None)
        forme, link, nom = joined if kind else (forme, link, nom)
    seat = {"adresse": said.get("adresse"), "code_postal": said.get("code_postal")}
    towns: list[str | None] = [
        *([said["ville"]] if "ville" in said else ()),
        *_whole_names(said.get("commune_lien", "").strip(), said.get("commune", "").strip()),
    ] or [None]
    named: Iterator[Data]
    if kind:
        named = ({"forme": kind.key, **name} for name in _names(kind, link, nom, said.get("code_postal"), register))
    else:
        named = _names_of_others(forme, link, nom, said.get("sise", ""), register)
    for name in named:
        for town in towns:
            yield {**name, **seat, "commune": town}


def _of_designation(designation: str) -> tuple[str, str, str]:
    """The noun with its article, the link and the name that a designation alone gives: "Commune de Hem"."""
    for kind in sorted(KINDS.values(), key=lambda one: -len(one.label)):
        noun = re.sub(r"^(?:La |Le |L’)", "", kind.label)
        if noun and designation.casefold().startswith(f"{noun.casefold()} "):
            rest = re.fullmatch(r"(?P<link>de la |de l’|du |des |de |d’|)(?P<name>.+)", designation[len(noun) + 1 :])
            if rest:
                return kind.label, rest["link"].strip(), rest["name"]
    return "", "", designation


def _names_of_others(forme: str, link: str, nom: str, sise: str, register: Register) -> Iterator[Data]:
    """The name of a body that no noun of a kind begins: Paris, an EPCI that has a noun of its own, or another body.

    The latter's is parted as the document's controls part it, else by its capitals.
    """
    whole = _joined(forme, _joined(link, nom))
    paris = register.by_code(PARIS)
    if paris and is_alike(whole, f"{as_constituted(KINDS['commune'], PARIS).label} {paris.de}"):
        yield from ({"forme": "commune", **data} for data in _communal(paris))
    for epci in register.epci_by_name(whole):
        yield {"forme": next(key for key, types in EPCI_TYPES.items() if epci.type in types), "nom": epci.bare}
    bare = re.sub(r"^(?:L[ea] |L’)", "", whole)
    begins_one = is_noun(KINDS["etablissement-public"], bare.partition(" ")[0]) and not split_kind(bare)
    if begins_one and hint_for(bare) and not fits_no_kind(bare):
        yield {"forme": "etablissement-public", "nom": bare}
    genre = "f" if sise == "sise" else "m"
    parted = [(forme, link, nom)] if len(re.findall(r"[^ ’]+", forme)) > 1 else []
    for appellation, word, own in [*parted, _parted(whole)]:
        data = {"appellation": appellation, "genre": genre, "nom": own, "article": word or _NO_LINK}
        yield {"forme": "autre", **data}
    if re.fullmatch(r"Le [A-Z\d.-]+", whole):  # a sigle alone, behind which « autre » has no name
        yield {"forme": "syndicat-mixte", "nom": whole}


def _parted(entity: str) -> tuple[str, str, str]:
    """A name of no known kind: its own name begins with its first capital after the noun, with the link before it."""
    for match in _OWN_NAME.finditer(entity):
        if entity[: match.start()].strip().count(" ") or "’" in entity[: match.start()]:
            return entity[: match.start()].strip(), match["link"] or match["elided"] or "", entity[match.end() :]
    return entity, "", ""


def _names(kind: Kind, link: str, nom: str, code_postal: str | None, register: Register) -> Iterator[Data]:
    """The name as data may give it, the simplest first; of communes of one name, the one with the postal code."""
    if kind.key in _COMMUNAL:
        for name in _whole_names(link, nom):
            for commune in sorted(register.by_name(name), key=lambda one: code_postal not in one.codes_postaux):
                if is_alike(commune.de, _joined(link, nom)):
                    yield from _communal(commune)
    else:
        yield {"nom": _joined(link, nom)}
    for name in _whole_names(link, nom):
        yield {"nom": name}
    yield {"nom": nom, "article": link or _NO_LINK}


def _communal(commune: Commune) -> Iterator[Data]:
    yield {"code_insee": commune.code, "nom": commune.nom}
    yield {"nom": commune.nom}


def _whole_names(link: str, rest: str) -> Iterator[str]:
    """The names that a link may have been taken from: "du" and "Quesnoy" come from "Le Quesnoy"."""
    if rest:
        yield from (f"{article}{rest}" for article in _CONTRACTED.get(link, ()))
        yield rest


def _joined(link: str, rest: str) -> str:
    elided = link.endswith("’") or rest.startswith("’")
    return f"{link}{'' if elided or not (link and rest) else ' '}{rest}"


# --- The person --------------------------------------------------------------------------------------------


def _persons(said: Words) -> Iterator[Data]:
    """Who signs: civilité, first name and surname, and in what capacity."""
    civilite, _, name = said.get("representant", "").partition(" ")
    capacities = list(_capacities(said, civilite))
    for prenom, nom in dict.fromkeys(_parted_names(name)):
        for capacity in capacities:
            person = {"civilite": civilite, "prenom": prenom, "nom": nom, **capacity}
            yield {"representant": person}


def _parted_names(name: str) -> Iterator[tuple[str, str]]:
    """First name and surname: the surname begins with the capitals, or with a particle, or is the last word."""
    words = name.split()
    for capitals, word in enumerate(words):
        if capitals and word.isupper() and not word.endswith("."):
            yield " ".join(words[:capitals]), " ".join(words[capitals:])
            break
    particle = _PARTICLE.search(name)
    if particle:
        yield name[: particle.start()], name[particle.end() :]
    yield " ".join(words[:-1]), words[-1] if words else ""


def _is_guess(name: str) -> bool:
    """Whether nothing but its place tells the surname: "Marie Claude Durand", "Xavier Dubois de la Rue"."""
    words = name.split()
    if any(word.isupper() and not word.endswith(".") for word in words[1:]):
        return False
    particle = _PARTICLE.search(name)
    return len((name[: particle.start()] if particle else " ".join(words[:-1])).split()) > 1


def _capacities(said: Words, civilite: str) -> Iterator[Data]:
    """The title, and the delegation that it may rest on."""
    told = said.get("fonction", "").strip().rstrip(",").strip()
    delegated = _DELEGATED.fullmatch(told)
    delegation = None
    title = re.sub(r"^(?:son|sa) ", "", delegated["fonction"] if delegated else told)
    titre = said.get("titre", "").strip()
    if delegated:
        ends = [f", {with_article(title, gender)}" for gender in Gender]
        texte = next((titre.removesuffix(end) for end in ends if titre.endswith(end)), None)
        delegation = {"texte": texte, "arrete": delegated["arrete"], "date": iso_day(delegated["date"])}
    yield {"fonction": title, "delegation": delegation}
    if civilite == "Madame":
        yield {"fonction": f"le {title}", "delegation": delegation}
    yield {"fonction": None, "delegation": delegation}


# --- The decision and the rest -----------------------------------------------------------------------------


def _decisions(said: Words) -> Iterator[Data]:
    """Who decided, when, and under what number."""
    told, day = said.get("organe", "").strip(), iso_day(said.get("decision_date"))
    organe, _, numero = told.rpartition(" n° ")
    if organe:
        yield {"decision": {"organe": organe, "date": day, "numero": numero}}
    yield {"decision": {"organe": told, "date": day}}


def _rest(said: Words) -> Data:
    signatures = {
        path.partition(".")[2]: iso_day(text) for path, text in said.items() if path.startswith("signatures.")
    }
    return {"reconduction": said.get("reconduction"), "signatures": signatures}


def iso_day(text: str | None) -> str | None:
    """A date as data files have it; a text that is none as it is, for the problem that it will be."""
    if not text or not text.strip():
        return None
    day = date_or_none(text)
    return day.isoformat() if day else text


def _as_long_date(text: str) -> str:
    day = date_or_none(text)
    return long_date(day) if day else text
