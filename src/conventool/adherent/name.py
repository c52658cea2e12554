"""What an adherent is called: its name and the word that links it, as the official register has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from conventool.adherent.commune_resolver import Fields, Settled, settle
from conventool.adherent.commune_words import chosen_commune
from conventool.adherent.denomination import Denomination, denominate, is_noun, spelled
from conventool.adherent.kinds import Kind, find_kind
from conventool.adherent.plausibility import Nature, nature
from conventool.adherent.statuses import NO_COMMUNE, NO_DEPARTEMENT, SIGNS_TODAY, as_constituted
from conventool.register.communes import place_key
from conventool.text.cleaning import looks_alike
from conventool.text.french import fold, link, of_departement, of_name, of_place, tidy_name
from conventool.text.suggestions import did_you_mean, is_misspelt, listed

if TYPE_CHECKING:
    from conventool.adherent.fields import Given
    from conventool.adherent.reading import Reading
    from conventool.register.communes import Epci, Register
    from conventool.text.french import Gender

__all__ = ["EPCI_TYPES", "Home", "Name", "named_epci", "read_name"]


class Name(NamedTuple):
    """What an adherent is called.

    Attributes:
        genre: of the noun that its name begins with; None where that of its kind says what it is.
        nom: the name: ``Le Quesnoy``.
        denomination: the same as the document says it: ``("La Commune", "du ", "Quesnoy")``.
        code_insee: of the commune that it is, or bears the name of.
        siren: given, or known to the register.
        siret: given, its digits alone.
    """

    genre: Gender | None
    nom: str
    denomination: Denomination
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


class _Named(NamedTuple):
    """A name, and the same as a link and the rest."""

    nom: str
    link: str
    rest: str


class _Identity(NamedTuple):
    """The name of an adherent and its SIREN, where they are known."""

    named: _Named | None
    siren: str | None


_COMMUNES = {"commune", "commune-nouvelle"}
_COMMUNAL = {*_COMMUNES, "ccas", "caisse-des-ecoles"}
EPCI_TYPES = {
    "communaute-de-communes": ("CC",),
    "communaute-d-agglomeration": ("CA",),
    "communaute-urbaine": ("CU",),
    "metropole": ("METRO", "MET69"),
}
"""The kinds of EPCI, and DGCL's codes for them."""
_LISTED = {*_COMMUNAL, *EPCI_TYPES, "departement", "sdis"}
"""Kinds whose names an official list has."""


def read_name(
    given: Given, kind: Kind | None, appellation: str | None, register: Register, reading: Reading
) -> tuple[Name | None, Home | None]:
    """Read what an adherent is called.

    Args:
        given: the fields.
        kind: what the adherent is; None where that is not known.
        appellation: the same with its article, as the data gives it or as its kind is called.
        register: the official register.
        reading: receives the problems.

    Returns:
        The name, None where it is missing or wrong, then reported; and for a commune, and what bears the name
        of its commune, the commune.
    """
    article = _article(given.article, reading)
    siret = read_siret(given.siret, reading)
    if kind is None:
        return None, None
    home = _home(given, kind, register, reading) if kind.key in _COMMUNAL else None
    known = _Identity(None, siret[:9] if siret else None)
    communal = home and _communal(given, kind, home, known, reading)
    identity = communal or _identity(given, kind, known, register, reading)
    if kind.key == "autre" and article is None:
        reading.missing("article", 'Écrivez le mot de liaison (« de », « d’ », « du »…), ou "" pour aucun.')
    if identity.named is None or appellation is None:
        return None, home
    code_insee = home.settled.commune.code if home and home.settled.commune else None
    label = appellation if given.appellation else as_constituted(kind, code_insee).label
    named = identity.named
    if article is not None:
        named = _Named(named.nom, *_linked_by(article, named.nom))
    denomination, genre = Denomination(label, named.link, named.rest), None
    if not (home or given.appellation or article is not None):
        denomination, genre = denominate(kind, *named)
    if not _doubt_capitals(given, kind, named, denomination, reading) and kind.key not in _LISTED and article is None:
        _tell_as_printed(given.nom or "", kind, denomination, reading)
    return Name(genre, named.nom, denomination, code_insee, identity.siren, siret), home


def _identity(given: Given, kind: Kind, known: _Identity, register: Register, reading: Reading) -> _Identity:
    """What neither is a commune nor bears the name of one: as an official list has it, else as the data name it."""
    if kind.key in EPCI_TYPES:
        return _epci(given, kind, known, register, reading)
    return known._replace(named=_own_name(given, kind, register, reading))


def _tell_as_printed(written: str, kind: Kind, denomination: Denomination, reading: Reading) -> None:
    """Tell how a name of its own is said, where the document does not end on it as it was written."""
    printed = str(denomination)
    if printed.endswith(written):  # as nearly always
        return
    begun = _kind_begun(written)
    bare = begun[2] if begun and begun[0] == kind else written
    own = re.sub(r"(?i)^(?:les? |la |l’)", "", bare)
    says_kind_otherwise = bare != written and denomination.noun == "Le"
    if says_kind_otherwise or not looks_alike(printed[-len(own) :], own):
        reading.repaired("nom", written, printed)


def _wants_capitals(given: Given, link: str) -> bool:
    """Whether a name whose own words have no capital was written without care: all of it, or « CIAS flandre lys »."""
    if given.appellation and link:  # « La Régie » + « des » + « eaux »
        return False
    written = given.nom or ""
    return written.islower() or (written.partition(" ")[0].isupper() and not link)


def _doubt_capitals(given: Given, kind: Kind, named: _Named, printed: Denomination, reading: Reading) -> bool:
    """Whether a name has no capital, and would be printed so, which is then told: no official list spells it."""
    if not (named.nom.islower() and _wants_capitals(given, named.link)):
        return False
    written, proposed = given.nom or "", printed._replace(rest=spelled(printed.rest))
    if not given.appellation and printed.noun not in {kind.label, "Le"}:  # begun by words of the name
        own = spelled(re.sub(r"^(?:L[ea] |L’)", "", str(printed)).lower())
        proposed, _ = denominate(kind, own, *of_name(own))
    message = f"« {written} » est écrit sans majuscule : le document dirait « {printed} »."
    hint = f"Vouliez-vous dire « {proposed} » ? Écrivez le nom comme dans les statuts."
    reading.warning("doubtful-name", "nom", message, hint, written)
    return True


# --- Communes, and what bears their name -------------------------------------------------------------------


def _home(given: Given, kind: Kind, register: Register, reading: Reading) -> Home:
    nom = _communal_name(given, kind, register, reading)
    chosen, chosen_name = chosen_commune(given.commune, register), chosen_commune(nom, register)
    town = chosen.nom if chosen else given.commune and re.sub(r"(?i)\bcedex\b.*", "", given.commune)
    is_seat = not (nom and town) or place_key(chosen_name.nom if chosen_name else nom) == place_key(town)
    if not (given.code_insee or nom or given.commune) and any(map(reading.spoilt, ("code_insee", "nom"))):
        return Home(Settled(None, None, []), is_seat=True)
    settled = settle(
        register,
        given.code_insee or (chosen.code if chosen and is_seat else None),
        nom or given.commune,
        given.code_postal if is_seat else None,
        fields=Fields(nom="nom" if nom or not given.commune else "commune"),
    )
    problems = [problem for problem in settled.problems if is_seat or problem.field != "code_postal"]
    if reading.spoilt("nom"):  # by the kind that it says: what is left of it is no commune's
        problems = [problem for problem in problems if (problem.code, problem.field) != ("unknown-commune", "nom")]
    newer_than_register = given.article is not None and nom and given.commune and given.code_postal
    reading.adopt(problems, soften={"unknown-commune"} if newer_than_register else ())
    if settled.commune and not (nom or given.code_insee):
        reading.default("nom", settled.commune.nom)
    if settled.commune and kind.key in _COMMUNES and settled.commune.code in NO_COMMUNE:
        what, hint = NO_COMMUNE[settled.commune.code]
        field, written = ("nom", given.nom) if given.nom else ("code_insee", given.code_insee)
        reading.error("cannot-sign", field, f"{settled.commune.nom} n’est pas une commune, mais {what}.", hint, written)
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


def _communal(given: Given, kind: Kind, home: Home, identity: _Identity, reading: Reading) -> _Identity:
    commune = home.settled.commune
    if commune is None:
        return identity._replace(named=_Named(given.nom, "", given.nom) if given.nom else None)
    named = _Named(commune.nom, *of_place(commune.nom, commune.tncc))
    return _Identity(named, _checked_siren(identity.siren, commune.siren, kind, reading, given.siret))


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


def _own_name(given: Given, kind: Kind, register: Register, reading: Reading) -> _Named | None:
    if kind.key in {"departement", "sdis"}:
        return _departement(given, kind, register, reading)
    if not given.nom:
        reading.missing("nom")
        return None
    nom = tidy_name(_without_kind(given.nom, kind, reading))
    found = nature(nom)
    if found in _NO_NAMES or is_noun(kind, nom):
        reading.implausible("nom", found or Nature.KIND, given.nom)
        return None
    if not re.search(r"[^\W\d_]{2}", nom):
        hint = "Écrivez le nom en toutes lettres."
        reading.error("implausible-value", "nom", f"« {given.nom} » n’est pas un nom.", hint, given.nom)
        return None
    if 2 * sum(map(str.isalpha, nom)) <= len(nom) or re.search(r"\d{5}|@", nom):
        message = f"« {given.nom} » est-il bien le nom de l’adhérent ?"
        reading.warning("doubtful-name", "nom", message, "Vérifiez-le.", given.nom)
    if _ACRONYM.match(nom) and not nom.isupper():  # « du SMIRTOM » would be a part of the body
        nom = _ACRONYM.sub("", nom)
    return _Named(nom, *of_name(nom))


_ACRONYM = re.compile(r"(?:L[ea] |L’)(?=[A-Z]{3,}\b)")
_NO_NAMES = {Nature.BODY, Nature.KIND, Nature.TITLE, Nature.NUMBER, Nature.POSTAL_CODE, Nature.WAY}
"""What a body with a name of its own is not called; a commune or a département is looked up."""


def _departement(given: Given, kind: Kind, register: Register, reading: Reading) -> _Named | None:
    """The name of a département, or of what bears its name (CGCT, art. L. 1424-1 for the SDIS)."""
    if not given.nom:
        reading.missing("nom", "Écrivez par exemple « nom: Nord ».")
        return None
    bare = tidy_name(_without_kind(given.nom, kind, reading))
    found = register.departement(bare)
    if found is None:
        _report_unknown_departement(given, kind, register, reading)
        return _Named(bare, *of_name(bare))
    named = _Named(found.nom, *of_departement(found.nom, found.tncc))
    if bare not in {found.nom, found.de}:
        reading.repaired("nom", given.nom, found.nom, code="respelled")
    if kind.key == "departement" and (today := NO_DEPARTEMENT.get(found.code)):
        message = f"{found.nom} n’a plus, ou n’a pas, de département qui signe : c’est {today}."
        hint = "Vérifiez ; « forme: autre » prend l’appellation, le titre et l’organe que vous donnez."
        reading.warning("former-departement", "nom", message, hint, given.nom)
    return named


def _report_unknown_departement(given: Given, kind: Kind, register: Register, reading: Reading) -> None:
    message = f"Aucun département ne s’appelle « {given.nom} »."
    hint = did_you_mean(given.nom or "", (one.nom for one in register.departements()))
    hint = hint or "Corrigez le nom, ou donnez son mot de liaison dans « article »."
    if today := SIGNS_TODAY.get(fold(given.nom or "")):
        hint = f"C’est {today} qui signe : écrivez « forme: autre », avec son appellation, le titre et l’organe."
    report = reading.error if kind.key == "departement" and given.article is None else reading.warning
    report("unknown-departement", "nom", message, hint, given.nom)


# --- Intercommunalities ------------------------------------------------------------------------------------


def _epci(given: Given, kind: Kind, identity: _Identity, register: Register, reading: Reading) -> _Identity:
    """The name and SIREN of an EPCI; its name follows the kind as it is, no link is put in (DGCL's names)."""
    by_siren = register.epci_by_siren(identity.siren) if identity.siren else None
    if not given.nom:
        if by_siren is None:
            reading.missing("nom")
            return identity
        if _is_of_kind(by_siren, kind, given, reading):
            reading.default("nom", _bare(by_siren))
        return _Identity(_named(_bare(by_siren)), by_siren.siren)
    nom = tidy_name(_without_kind(given.nom, kind, reading))
    known = register.epci_by_name(given.nom) or register.epci_by_name(nom)
    found = [epci for epci in known if epci.type in EPCI_TYPES[kind.key]] or known
    if by_siren and not found and is_misspelt(nom, _bare(by_siren)):
        found = [by_siren]
    if not found:
        _report_unknown_epci(given, kind, by_siren, register, reading)
        return _Identity(_named(nom), identity.siren)
    epci = by_siren if by_siren in found else found[0]
    if not _is_of_kind(epci, kind, given, reading):
        return identity
    if identity.siren and identity.siren != epci.siren:
        hint = f"Le répertoire donne {epci.siren}."
        reading.error("bad-siret", "siret", f"Ce SIREN n’est pas celui de {epci.nom}.", hint, given.siret)
    if _bare(epci) not in {nom, tidy_name(given.nom)}:
        message = f"Nom écrit comme au répertoire : {_bare(epci)}."
        reading.notice("respelled", "nom", message, given.nom)
    alone = len(found) == 1 or by_siren
    return _Identity(_named(_bare(epci)), identity.siren or (epci.siren if alone else None))


def _is_of_kind(epci: Epci, kind: Kind, given: Given, reading: Reading) -> bool:
    """Whether an EPCI is of the kind that the data says; reported where it is not."""
    if epci.type in EPCI_TYPES[kind.key]:
        return True
    key = next(key for key, types in EPCI_TYPES.items() if epci.type in types)
    message = f"Au répertoire, {epci.nom} n’est pas de la forme « {kind.key} »."
    reading.error("kind-mismatch", "forme", message, f"Écrivez « forme: {key} ».", given.forme)
    return False


def _report_unknown_epci(given: Given, kind: Kind, by_siren: Epci | None, register: Register, reading: Reading) -> None:
    assert given.nom
    near = [by_siren] if by_siren else register.resembling_epci(given.nom, EPCI_TYPES[kind.key])
    message = f"Aucune intercommunalité de cette forme ne s’appelle « {given.nom} »."
    hint = (
        f"Vouliez-vous dire {listed(epci.nom for epci in near)} ?"
        if near
        else "Cherchez-la avec « conventool communes »."
    )
    hint += " Si elle est plus récente que le répertoire, donnez son mot de liaison dans « article »."
    report = reading.error if given.article is None else reading.warning
    report("unknown-epci", "nom", message, hint, given.nom)


_AS_IT_SIGNS = {"200040715": "Grenoble-Alpes Métropole"}  # INSEE joins the words by a second hyphen
"""Names that the register joins into one word; the sentence of the parties has a space after its first."""


def _bare(epci: Epci) -> str:
    return _AS_IT_SIGNS.get(epci.siren) or tidy_name(epci.bare)


def named_epci(epci: Epci) -> tuple[str, str, str]:
    """The name of an intercommunality without the abbreviation of its kind, and the same as a link and the rest."""
    return _named(_bare(epci))


def _named(nom: str) -> _Named:
    """A name with the link that it begins with itself, or none."""
    linked = of_name(nom)
    return _Named(nom, *(linked if "".join(linked) == nom else ("", nom)))


def _without_kind(nom: str, kind: Kind, reading: Reading) -> str:
    """The name without the kind that it begins with: "CC Pévèle-Carembault" → "Pévèle-Carembault".

    Another kind stays, as it may be part of the name ("Régie des eaux" of an établissement public), unless
    the two exclude each other.
    """
    begun = _kind_begun(nom)
    if begun is None:
        return nom
    found, said, rest = begun
    if found == kind or {found.key, kind.key} <= _COMMUNES:
        if re.search(_NARROWER, fold(said)):
            message = f"« {said} » est lu « {kind.label} » : le document ne dit que la forme."
            reading.notice("repaired", "nom", message, nom)
        return rest if kind.key in EPCI_TYPES else _without_kind(rest, kind, reading)  # « SIVOM Syndicat à … »
    if {found.key, kind.key} <= {*_COMMUNAL, *EPCI_TYPES}:
        message = f"Le nom dit « {said} », mais la forme est « {kind.key} »."
        hint = f"Si c’est le nom qui a raison, écrivez « forme: {found.key} »."
        reading.error("kind-mismatch", "nom", message, hint, nom)
        return rest
    if {found.key, kind.key} <= _SYNDICATES:
        message = f"Le nom dit « {said} », mais la forme est « {kind.key} »."
        reading.warning("kind-mismatch", "nom", message, "Vérifiez la forme d’après les statuts.", nom)
    return nom


_SYNDICATES = {"sivu", "sivom", "syndicat-mixte"}
_NARROWER = r"\b(?:ouvert|ferme|smo|smf|smouvert|smferme|administratif|local|autonome|personnalisee)\b"
"""Words that say more than the kind does: « Syndicat mixte ouvert »."""


def _kind_begun(nom: str) -> tuple[Kind, str, str] | None:
    """The kind that a name begins with, the words that say so, and the rest."""
    words = nom.split(" ")
    for count in range(len(words) - 1, 0, -1):
        said = " ".join(words[:count])
        if words[count - 1][-1:].isalnum() and (found := find_kind(said)):
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


def read_siret(text: str | None, reading: Reading) -> str | None:
    """Read a SIRET, or a SIREN: its digits, if its check digit is right (Luhn; La Poste's sum)."""
    if not text:
        return None
    from stdnum.fr import siren, siret  # noqa: PLC0415 (slow to import, and seldom needed)

    digits = re.sub(r"[\s.\-]", "", text)
    rule = {9: siren, 14: siret}.get(len(digits))
    if rule is None or not digits.isascii() or not digits.isdigit():
        hint = "Un SIRET compte 14 chiffres, un SIREN 9."
        if re.search(r"\d[Ee]\+?\d", text):
            hint += " Le tableur l’a arrondi : mettez la colonne au format Texte et reprenez le numéro."
        reading.error("bad-siret", "siret", "Ce n’est ni un SIRET ni un SIREN.", hint, text)
        return None
    if not rule.is_valid(digits):
        hint = "Un chiffre est faux, ou deux sont intervertis."
        reading.error("bad-siret", "siret", "La clé de contrôle de ce numéro est fausse.", hint, text)
        return None
    return digits
