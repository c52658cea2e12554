"""What an adherent is called: its name and the word that links it, as the official register has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from conventool.adherent.commune_resolver import Fields, Settled, settle
from conventool.adherent.kinds import Kind, find_kind
from conventool.register.communes import place_key
from conventool.text.french import fold, link, of_departement, of_name, of_place, tidy_name
from conventool.text.suggestions import did_you_mean, listed

if TYPE_CHECKING:
    from conventool.adherent.fields import Given, Reading
    from conventool.register.communes import Epci, Register

__all__ = ["Home", "Name", "read_name"]


class Name(NamedTuple):
    """What an adherent is called.

    Attributes:
        nom: the name: ``Le Quesnoy``.
        nom_lie: the link that joins it to "La Commune", and what follows the link: ``("du ", "Quesnoy")``.
        code_insee: of the commune that it is, or bears the name of.
        siren: given, or known to the register.
        siret: given, its digits alone.
    """

    nom: str
    nom_lie: tuple[str, str]
    code_insee: str | None
    siren: str | None
    siret: str | None


class Home(NamedTuple):
    """The commune that an adherent is, or bears the name of.

    Attributes:
        settled: what the register says.
        is_seat: whether its seat is there too, as far as the data says.
    """

    settled: Settled
    is_seat: bool


_Named = tuple[str, tuple[str, str]]
"""A name, and the same as link and rest."""

_COMMUNES = {"commune", "commune-nouvelle"}
_COMMUNAL = {*_COMMUNES, "ccas", "caisse-des-ecoles"}
_EPCI = {
    "communaute-de-communes": "CC ",
    "communaute-d-agglomeration": "CA ",
    "communaute-urbaine": "CU ",
    "metropole": "Métropole ",
}
"""The kinds of EPCI, and how DGCL begins their names."""


def read_name(given: Given, kind: Kind | None, register: Register, reading: Reading) -> tuple[Name | None, Home | None]:
    """Read what an adherent is called.

    Args:
        given: the fields.
        kind: what the adherent is; None where that is not known.
        register: the official register.
        reading: receives the problems.

    Returns:
        The name, None where it is missing or wrong, then reported; and for a commune, and what bears the name
        of its commune, the commune.
    """
    article = _article(given.article, reading)
    siret = _siret(given.siret, reading)
    siren = siret[:9] if siret else None
    if kind is None:
        return None, None
    home = _home(given, kind, register, reading) if kind.key in _COMMUNAL else None
    code_insee = None
    named: _Named | None
    if home and (commune := home.settled.commune):
        named = commune.nom, of_place(commune.nom, commune.tncc)
        code_insee = commune.code
        siren = _checked_siren(siren, commune.siren, kind, reading, given.siret)
    elif home:
        named = (given.nom, ("", given.nom)) if given.nom else None
    elif kind.key in _EPCI:
        named, siren = _epci_name(given, kind, siren, register, reading)
    elif kind.key == "departement":
        named = _departement_name(given, kind, register, reading)
    else:
        named = _own_name(given, kind, reading)
    if kind.key == "autre" and article is None:
        reading.missing("article", 'Écrivez le mot de liaison (« de », « d’ », « du »…), ou "" pour aucun.')
    if named is None:
        return None, home
    nom, nom_lie = named
    return Name(nom, nom_lie if article is None else _linked_by(article, nom), code_insee, siren, siret), home


# --- Communes, and what bears their name -------------------------------------------------------------------


def _home(given: Given, kind: Kind, register: Register, reading: Reading) -> Home:
    nom = _communal_name(given, kind, register, reading)
    town = given.commune and re.sub(r"(?i)\bcedex\b.*", "", given.commune)
    is_seat = not (nom and town) or place_key(nom) == place_key(town)
    if not (given.code_insee or nom or given.commune) and any(map(reading.spoilt, ("code_insee", "nom"))):
        return Home(Settled(None, None, []), is_seat=True)
    settled = settle(
        register,
        given.code_insee,
        nom or given.commune,
        given.code_postal if is_seat else None,
        fields=Fields(nom="nom" if nom or not given.commune else "commune"),
    )
    problems = [problem for problem in settled.problems if is_seat or problem.field != "code_postal"]
    newer_than_register = given.article is not None and nom and given.commune and given.code_postal
    reading.adopt(problems, soften={"unknown-commune"} if newer_than_register else ())
    if settled.commune and not (nom or given.code_insee):
        reading.default("nom", settled.commune.nom)
    return Home(settled, is_seat)


def _communal_name(given: Given, kind: Kind, register: Register, reading: Reading) -> str | None:
    """The name of the commune in the name given: that of "CCAS d’Armentières" is Armentières."""
    nom = given.nom
    if not nom or not (_LINKED.match(nom) or _kind_begun(nom)):
        return nom
    if register.by_name(nom) or register.former_by_name(nom):
        return nom
    bare = _without_kind(nom, kind, reading)
    linked = _LINKED.match(bare)
    if linked is None:
        return bare
    named = _ARTICLE_IN.get(linked[0].lower(), "") + bare[linked.end() :]
    return named if register.by_name(named) else bare


_LINKED = re.compile(r"(?:du|des|de) |d’", re.IGNORECASE)
_ARTICLE_IN = {"du ": "Le ", "des ": "Les "}


def _checked_siren(
    siren: str | None, of_commune: str | None, kind: Kind, reading: Reading, written: str | None
) -> str | None:
    """The adherent's SIREN, held against that of its commune."""
    if kind.key in _COMMUNES:
        if siren and of_commune and siren != of_commune:
            hint = f"Le SIREN de cette commune est {of_commune}."
            reading.error("bad-siret", "siret", "Ce SIREN n’est pas celui de la commune.", hint, written)
        return of_commune or siren
    if siren and siren == of_commune:
        hint = "Un CCAS ou une caisse des écoles a le sien."
        reading.warning("bad-siret", "siret", "Ce SIREN est celui de la commune elle-même.", hint, written)
    return siren


# --- What has a name of its own ----------------------------------------------------------------------------


def _own_name(given: Given, kind: Kind, reading: Reading) -> _Named | None:
    if not given.nom:
        reading.missing("nom")
        return None
    nom = tidy_name(_without_kind(given.nom, kind, reading))
    return nom, of_name(nom)


def _departement_name(given: Given, kind: Kind, register: Register, reading: Reading) -> _Named | None:
    if not given.nom:
        reading.missing("nom", "Écrivez par exemple « nom: Nord ».")
        return None
    bare = tidy_name(_without_kind(given.nom, kind, reading))
    unlinked = re.sub(r"(?i)^(?:de la |de l’|du |des |de |d’)", "", bare)
    departement = register.departement(bare) or register.departement(unlinked)
    if departement:
        return departement.nom, of_departement(departement.nom, departement.tncc)
    if given.article is None:
        message = f"Aucun département ne s’appelle « {given.nom} »."
        hint = "Corrigez le nom, ou donnez son mot de liaison dans « article »."
        reading.error("unknown-departement", "nom", message, hint, given.nom)
    return bare, ("", bare)


def _epci_name(
    given: Given, kind: Kind, siren: str | None, register: Register, reading: Reading
) -> tuple[_Named | None, str | None]:
    """The name and SIREN of an EPCI; its name follows the kind as it is, no link is put in (DGCL's names)."""
    prefix = _EPCI[kind.key]
    by_siren = register.epci_by_siren(siren) if siren else None
    if not given.nom:
        if by_siren is None:
            reading.missing("nom")
            return None, siren
        nom = _bare_epci_name(by_siren, prefix)
        reading.default("nom", nom)
        return (nom, _kept_link(nom)), siren
    nom = tidy_name(_without_kind(given.nom, kind, reading))
    found = register.epci_by_name(prefix + nom) or register.epci_by_name(nom)
    if len(found) == 1:
        nom = _bare_epci_name(found[0], prefix)
        if siren and siren != found[0].siren:
            hint = f"Le répertoire donne {found[0].siren}."
            reading.error("bad-siret", "siret", f"Ce SIREN n’est pas celui de {found[0].nom}.", hint, given.siret)
        siren = siren or found[0].siren
    elif by_siren and fold(_bare_epci_name(by_siren, prefix)) != fold(nom):
        message = f"Ce SIREN est celui de {by_siren.nom}."
        reading.warning("bad-siret", "siret", message, "Vérifiez le nom ou le SIREN.", given.siret)
    return (nom, _kept_link(nom)), siren


def _bare_epci_name(epci: Epci, prefix: str) -> str:
    return tidy_name(epci.nom.removeprefix(prefix))


def _kept_link(nom: str) -> tuple[str, str]:
    """The link that the name itself begins with, or none."""
    linked = of_name(nom)
    return linked if "".join(linked) == nom else ("", nom)


def _without_kind(nom: str, kind: Kind, reading: Reading) -> str:
    """The name without the kind that it begins with: "CC Pévèle-Carembault" → "Pévèle-Carembault".

    Another kind stays, as it may be part of the name ("Régie des eaux" of an établissement public), unless
    the two exclude each other.
    """
    begun = _kind_begun(nom)
    if begun is None:
        return nom
    found, said, rest = begun
    if found is kind or {found.key, kind.key} <= _COMMUNES:
        return rest
    if {found.key, kind.key} <= {*_COMMUNAL, *_EPCI}:
        message = f"Le nom dit « {said} », mais la forme est « {kind.key} »."
        hint = f"Si c’est le nom qui a raison, écrivez « forme: {found.key} »."
        reading.error("kind-mismatch", "nom", message, hint, nom)
        return rest
    return nom


def _kind_begun(nom: str) -> tuple[Kind, str, str] | None:
    """The kind that a name begins with, the words that say so, and the rest."""
    words = nom.split(" ")
    for count in range(len(words) - 1, 0, -1):
        said = " ".join(words[:count])
        if found := find_kind(said):
            return found, said, " ".join(words[count:])
    return None


# --- The link and the number -------------------------------------------------------------------------------


def _linked_by(article: str, nom: str) -> tuple[str, str]:
    """The name linked as the data wants, in the place of any link of its own."""
    if not article:
        return "", nom
    own, rest = of_name(nom)
    return link(article, rest if (own + rest).casefold() == nom.casefold() else nom)


_ARTICLES = {
    "de": "de",
    "d": "d’",
    "du": "du",
    "de la": "de la",
    "de l": "de l’",
    "des": "des",
    "": "",
    "aucun": "",
    "sans": "",
    "neant": "",
}


def _article(text: str | None, reading: Reading) -> str | None:
    """The link that the data gives: nothing at all is "", not given is None."""
    if text is None:
        return None
    article = _ARTICLES.get(fold(text))
    if article is None:
        choices = ["de", "d’", "du", "de la", "de l’", "des"]
        hint = did_you_mean(text, choices) or f'Écrivez {listed(choices)}, ou "" pour aucun.'
        reading.error("bad-choice", "article", f"« {text} » n’est pas un mot de liaison.", hint, text)
    return article


def _siret(text: str | None, reading: Reading) -> str | None:
    """The digits of a SIRET, or of a SIREN, whose check digits are right (Luhn; La Poste's sum)."""
    if not text:
        return None
    from stdnum.fr import siren, siret  # noqa: PLC0415 (slow to import, and seldom needed)

    digits = re.sub(r"[\s.\-]", "", text)
    rule = {9: siren, 14: siret}.get(len(digits))
    if rule is None or not digits.isascii() or not digits.isdigit():
        hint = "Un SIRET compte 14 chiffres, un SIREN 9."
        reading.error("bad-siret", "siret", "Ce n’est ni un SIRET ni un SIREN.", hint, text)
        return None
    if not rule.is_valid(digits):
        hint = "Un chiffre est faux, ou deux sont intervertis."
        reading.error("bad-siret", "siret", "La clé de contrôle de ce numéro est fausse.", hint, text)
        return None
    return digits
