"""Who signs, in what capacity, and what authorised it.

The capacity is read from a title as people write it ("maire", "La Maire", "sa Présidente,"), kept as the bare
title with the gender it is said in. That gender is the person's, told by the civilité; a masculine title for
a woman stays only where an article says that it is meant ("le Maire").
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from conventool.adherent.decision import read_day, read_number
from conventool.adherent.fields import GivenDelegation, GivenRepresentant
from conventool.adherent.kinds import KINDS, Kind, split_kind
from conventool.adherent.person import Person, gender_of_civility, read_person
from conventool.adherent.reading import Reading
from conventool.adherent.titles import Title, read_title
from conventool.register.communes import place_key
from conventool.text.french import Gender, elides, fold

if TYPE_CHECKING:
    from conventool.register.communes import Register

__all__ = ["Delegation", "Representant", "check_whose_title", "read_representant"]


class Delegation(NamedTuple):
    """The arrêté by which the executive lets someone else sign (CGCT, art. L. 2122-18 and L. 5211-9).

    Attributes:
        texte: what the signature begins with: ``Pour le Maire et par délégation``.
        arrete: number of the arrêté.
        date: its day.
    """

    texte: str
    arrete: str
    date: date


class Representant(NamedTuple):
    """Who signs.

    Attributes:
        civilite: Madame or Monsieur.
        prenom: as given.
        nom: as given, never re-cased.
        fonction: the bare title: ``Maire``, ``Adjointe au Maire``.
        genre_fonction: the gender that the title is said in.
        delegation: None for the executive.
    """

    civilite: Literal["Madame", "Monsieur"]
    prenom: str
    nom: str
    fonction: str
    genre_fonction: Gender
    delegation: Delegation | None

    @property
    def genre(self) -> Gender:
        """The person's gender, from the civilité alone, never from the first name."""
        return Gender.FEMININE if self.civilite == "Madame" else Gender.MASCULINE


def read_representant(given: GivenRepresentant, kind: Kind | None, reading: Reading) -> Representant | None:
    """Read who signs.

    Args:
        given: the fields ``representant``.
        kind: of the adherent, for the usual title; None where it is not known.
        reading: receives the problems.

    Returns:
        The representative; None where something is missing or wrong, then reported.
    """
    person = read_person(given, reading)
    delegation = _delegation(given.delegation, kind, reading) if given.delegation else None
    title = _title(given, person, kind, reading)
    if not (person.civilite and person.prenom and person.nom and title) or (given.delegation and not delegation):
        return None
    return Representant(person.civilite, person.prenom, person.nom, *title, delegation)


def _delegation(given: GivenDelegation, kind: Kind | None, reading: Reading) -> Delegation | None:
    path = "representant.delegation"
    texte = given.texte and given.texte.rstrip(" ,.")
    if texte and texte[0].islower():
        texte = texte[0].upper() + texte[1:]
        reading.repaired(f"{path}.texte", given.texte or "", texte)
    if not texte and kind and kind.executives:
        executive = kind.executives[0][0]
        texte = f"Pour le {executive} et par délégation"
        reading.default(f"{path}.texte", texte)
    elif not texte:
        reading.missing(f"{path}.texte")
    if not given.arrete:
        reading.missing(f"{path}.arrete")
    day = read_day(f"{path}.date", given.date, reading, latest=reading.today, what="La délégation")
    arrete = read_number(f"{path}.arrete", given.arrete, day, reading)
    if day is None:
        reading.missing(f"{path}.date")
    if not (texte and arrete and day):
        return None
    return Delegation(texte=texte, arrete=arrete, date=day)


# --- The title ---------------------------------------------------------------------------------------------

_FONCTION, _CIVILITE = "representant.fonction", "representant.civilite"
_WRITTEN = (
    r"(?i)(?:(?P<civility>M\.|Mr\.?|Monsieur|Mme\.?|Madame|Mlle\.?)\s+)?"
    r"(?:(?P<article>le/la|le|la|son|sa|une|un)\s+|l[’'])?(?P<bare>.*?)[\s,.]*"
)
_SAID_IN = {"le": Gender.MASCULINE, "un": Gender.MASCULINE}
_SAID_IN |= dict.fromkeys(("la", "sa", "une"), Gender.FEMININE)

_Title = tuple[str, Gender]


def _title(given: GivenRepresentant, person: Person, kind: Kind | None, reading: Reading) -> _Title | None:
    """The bare title and the gender it is said in: as the data states it anywhere, else the usual one."""
    gender = Gender.FEMININE if person.civilite == "Madame" else Gender.MASCULINE
    if person.capacity and given.fonction:
        _check_one_capacity(given.fonction, person.capacity, reading)
    path, text = (_FONCTION, given.fonction) if given.fonction else (_CIVILITE, person.capacity)
    if text and person.civilite:
        title = _given_title(path, text, gender, kind, reading)
        if title and kind and not given.delegation and not _is_executive(title[0], kind):
            _report_unusual(path, title[0], text, kind, reading)
        if title and kind and kind.executives and given.delegation and title[0] in kind.executives[0]:
            message = f"« {title[0]} » est l’exécutif de cette forme d’adhérent : il signe sans délégation."
            hint = "Dites la fonction de qui a reçu la délégation, ou ôtez celle-ci."
            reading.warning("unusual-title", path, message, hint, text)
        return title
    if text:
        return None
    if given.delegation or (kind and not kind.executives):
        by_itself = "Écrivez par exemple « Directrice » ou « Principal »." if kind and kind.bodies else None
        reading.missing(_FONCTION, "Écrivez par exemple « Adjointe au Maire »." if given.delegation else by_itself)
    elif person.civilite and kind and not reading.spoilt(_FONCTION):
        bare = kind.executives[0][gender is Gender.FEMININE]
        reading.default(_FONCTION, bare)
        return bare, gender
    return None


def _check_one_capacity(fonction: str, capacity: str, reading: Reading) -> None:
    """Warn where the civilité and the title state different capacities."""
    stated = (re.fullmatch(_WRITTEN, text) for text in (fonction, capacity))
    titles = {read_title(match["bare"]).masculine.casefold() for match in stated if match}
    if len(titles) > 1:
        message = f"La civilité dit « {capacity} », la fonction « {fonction} » : c’est la fonction qui est retenue."
        reading.warning("title-mismatch", _FONCTION, message, "Corrigez celle des deux qui est fausse.", fonction)


def _given_title(path: str, text: str, person: Gender, kind: Kind | None, reading: Reading) -> _Title | None:
    """A title as somebody wrote it: in the gender of its article if it has one, else of the person."""
    match = re.fullmatch(_WRITTEN, text)
    assert match  # it matches any line
    if re.search(r"\d{4}| / ", match["bare"]):
        hint = "Écrivez la fonction seule, celle de la personne qui signe."
        reading.error("unknown-title", path, f"« {text} » dit plus qu’une fonction.", hint, text)
        return None
    title = _executive(match["bare"], kind) or read_title(match["bare"])
    said_in = _SAID_IN.get((match["article"] or "").lower())
    gender = said_in or person
    if not _agrees(title, match["civility"], said_in, person):
        _report_mismatch(path, text, person, reading)
        return None
    if not title.recognised and not said_in:
        message = f"« {text} » n’est pas un titre connu : son genre n’est pas sûr."
        hint = "Écrivez-le avec son article, « le … » ou « la … », ou corrigez-le."
        reading.error("unknown-title", path, message, hint, text)
        return None
    bare = title.feminine if gender is Gender.FEMININE else title.masculine
    if gender is Gender.FEMININE and Gender.MASCULINE in title.genders and not title.open:
        message = f"« {text} » est accordé : « {bare} »."
        if not elides(title.masculine):
            message += f" Pour garder le masculin, écrivez « le {title.masculine} »."
        reading.notice("repaired", path, message, text)
    elif bare != match["bare"] and path == _FONCTION:
        reading.repaired(path, text, bare)
    if gender is Gender.FEMININE and said_in is None and not title.known:
        message = f"L’accord de « {bare} » n’est pas vérifié : un de ses mots n’est pas connu."
        reading.warning("unknown-title", path, message, "Écrivez-le comme il doit être imprimé, après « la ».", text)
    return bare, gender


def _agrees(title: Title, civility: str | None, said_in: Gender | None, person: Gender) -> bool:
    """Whether a title, the civilité and the article before it can be those of this person.

    A masculine title for a woman can: without article it is made to agree, with one it is meant.
    """
    if civility and gender_of_civility(civility) is not person:
        return False
    shown = set() if title.open else title.genders
    if said_in:
        is_meant = said_in is person or said_in is Gender.MASCULINE
        return bool(title.masculine) and is_meant and shown <= {said_in}
    return bool(title.masculine) and (person is Gender.FEMININE or Gender.FEMININE not in shown)


def _report_mismatch(path: str, text: str, person: Gender, reading: Reading) -> None:
    civilite = "Madame" if person is Gender.FEMININE else "Monsieur"
    message = f"La fonction « {text} » ne s’accorde pas avec la civilité « {civilite} »."
    hint = "Corrigez l’une ou l’autre ; un masculin voulu pour une femme s’écrit avec son article, « le … »."
    reading.error("title-mismatch", path, message, hint, text)


def _executive(bare: str, kind: Kind | None) -> Title | None:
    """The title of the executive of some kind, this one first."""
    key = fold(bare)
    own = kind.executives[0] if kind and kind.executives else ("", "")
    if key in {"president", "presidente"} and own[0].startswith("Président "):  # short for that of this kind
        key = fold(own[key == "presidente"])
    for masculine, feminine in (pair for one in (kind, *KINDS.values()) if one for pair in one.executives):
        if key in {fold(masculine), fold(feminine)}:
            shown = Gender.MASCULINE if key == fold(masculine) else Gender.FEMININE
            genders = frozenset[Gender]() if masculine == feminine else frozenset({shown})
            return Title(masculine, feminine, bare, genders, open=False, known=True, recognised=True)
    return None


_BEHIND_AN_EXECUTIVE = re.compile(
    r",(?!.*(?:adjoint|délég|empêch|suppl))|\s(?:du|de|des|en|par|à|au)\s|\sd’", re.IGNORECASE
)


def _is_executive(bare: str, kind: Kind) -> bool:
    """Whether a title signs by itself for this kind of body: « Maire », « Maire de Lille », not « Maire délégué »."""
    usual = [title for pair in kind.executives for title in pair]
    begun = [title for title in usual if bare.casefold().startswith(title.casefold())]
    return not usual or any(bare == title or _BEHIND_AN_EXECUTIVE.match(bare, len(title)) for title in begun)


def check_whose_title(given: GivenRepresentant, kind: Kind, nom: str, register: Register, reading: Reading) -> None:
    """Report a title that is another body's: « Maire de Lille » for Armentières, « Président de la CC … » for a CA.

    Args:
        given: the fields ``representant``.
        kind: of the adherent.
        nom: its name.
        register: tells the communes.
        reading: receives the problem.
    """
    match = re.match(_WHOSE, given.fonction) if given.fonction and " " in given.fonction else None
    if match is None:
        return
    place, body = match["place"], split_kind(match["body"] or "")
    ours = {place_key(nom), re.sub("^(?:le|les) ", "", place_key(nom))}
    others = (
        bool(place) and place_key(place) not in ours and (register.by_name(place) or register.by_name(f"Le {place}"))
    )
    if (kind.key in {"commune", "commune-nouvelle"} and others) or (body and body[0].key != kind.key):
        message = f"« {given.fonction} » n’est pas une fonction de cet adhérent, « {nom} »."
        hint = "Corrigez la fonction ou l’adhérent ; sans complément, elle est celle de l’adhérent."
        reading.error("title-mismatch", _FONCTION, message, hint, given.fonction)


_WHOSE = (
    r"(?i)^(?:(?:le|la|l’|m\.|mme|monsieur|madame) ?)*(?:maire (?:d’|du |de |des )(?P<place>[^,]+)"
    r"|présidente? (?:du |de la |de l’)(?P<body>[^,]+))$"
)


def _report_unusual(path: str, bare: str, text: str, kind: Kind, reading: Reading) -> None:
    """Warn of a title that cannot sign by itself; one that the civilité alone states is not taken for meant."""
    usual = ", ".join(dict.fromkeys(title for pair in kind.executives for title in pair))
    message = f"« {bare} » n’est pas l’exécutif de cette forme d’adhérent ({usual})."
    hint = (
        "Si la signature est déléguée, dites l’arrêté dans « representant.delegation.arrete » "
        "et sa date dans « representant.delegation.date »."
    )
    if path == _FONCTION:
        reading.warning("unusual-title", path, message, hint, text)
    else:
        hint += " Sinon, dites la fonction dans « representant.fonction »."
        reading.error("missing-delegation", path, message, hint, text)
