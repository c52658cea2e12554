"""The person who signs: civilité, first name and surname, as a list has them in any of its columns.

A surname is printed as it is given, never re-cased. What is no part of a name is taken out where that is safe, and
told: a title before it, a first name written again beside the surname. What cannot be a name is an error.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from conventool.adherent.plausibility import Nature, is_placeholder, nature
from conventool.adherent.titles import read_title
from conventool.text.french import Gender, fold

if TYPE_CHECKING:
    from conventool.adherent.fields import GivenRepresentant
    from conventool.adherent.reading import Reading

__all__ = ["Civilite", "Person", "gender_of_civility", "read_person"]

Civilite = Literal["Madame", "Monsieur"]


class Person(NamedTuple):
    """Who signs, as far as that could be read.

    Attributes:
        civilite: Madame or Monsieur.
        prenom: the first name.
        nom: the surname.
        capacity: the title that the civilité states behind it, with its article: ``l’Adjoint au Maire``.
    """

    civilite: Civilite | None
    prenom: str | None
    nom: str | None
    capacity: str | None


_CIVILITIES: dict[str, Civilite] = {
    **dict.fromkeys(["madame", "mme", "f", "femme", "feminin", "mademoiselle", "mlle"], "Madame"),
    **dict.fromkeys(["monsieur", "m", "mr", "h", "homme", "masculin"], "Monsieur"),
}
_BEFORE_A_NAME = (
    r"(?i)(?P<title>M\.|Mr\.?|Monsieur|Mme\.?|Madame|Mlle\.?|Mademoiselle|Dr\.?|Docteur|Me\.?|Maître|Pr\.?|Professeur)"
    r"\s+(?=\w)"
)
_RANKS = (
    r"(?P<title>Général|Gal|Colonel|Lieutenant(?:-[Cc]olonel)?|Commandant|Cdt|Capitaine|Comte(?:sse)?|Vicomte(?:sse)?|Marquise?"
    r"|Baron(?:ne)?|Monseigneur|Mgr|Abbé|Père|Sœur|Frère|Sénateur|Sénatrice|Députée?|Ministre)\s+"
)
_RANK_BEFORE = {
    "representant.prenom": rf"{_RANKS}(?=[A-ZÀ-Ý])",
    "representant.nom": rf"{_RANKS}(?=(?:(?:d[eu]|des|l[ae]) |d’)*[A-ZÀ-Ý]{{2}})",
}
"""Ranks, which are surnames too: none where all is in capitals, as in « BARON LECOQTEST »."""
_BEHIND_A_NAME = re.compile(r",?\s+\(?(M\.|Mr\.?|Monsieur|Mme\.?|Madame|Mlle\.?|Mademoiselle)\)?$", re.IGNORECASE)
_PRENOM, _NOM, _CIVILITE = "representant.prenom", "representant.nom", "representant.civilite"


def read_person(given: GivenRepresentant, reading: Reading) -> Person:
    """Read who signs.

    Args:
        given: the fields ``representant``.
        reading: receives the problems; a part that is missing or wrong is reported.
    """
    prenom, by_prenom = _without_title(_PRENOM, given.prenom, reading)
    nom, by_nom = _without_title(_NOM, given.nom, reading)
    civilite, capacity = _civilite(given, by_nom or by_prenom, reading)
    if prenom and nom:
        prenom, nom = _parted(prenom, nom, reading)
    for path, name in ((_PRENOM, prenom), (_NOM, nom)):
        if not name:
            reading.missing(path)
        elif not _is_name(path, name, reading):
            return Person(civilite, None, None, capacity)
    if prenom and prenom == nom:
        hint = "Donnez les deux, chacun dans son champ."
        reading.error("bad-name", _NOM, f"« {nom} » est à la fois le prénom et le nom.", hint, nom)
        return Person(civilite, None, None, capacity)
    if prenom and nom and prenom.isupper() and re.search(r"\w\w", prenom) and not nom.isupper():
        message = f"Prénom et nom semblent inversés : « {prenom} {nom} »."
        reading.warning("swapped-names", _NOM, message, "Le prénom vient d’abord.", nom)
    return Person(civilite, prenom, nom, capacity)


def gender_of_civility(civility: str) -> Gender | None:
    """The gender that a civilité says, however it is written; None for what is none."""
    found = _CIVILITIES.get(fold(civility))
    return found and (Gender.FEMININE if found == "Madame" else Gender.MASCULINE)


def _civilite(given: GivenRepresentant, by_name: str | None, reading: Reading) -> tuple[Civilite | None, str | None]:
    """The civilité, and the capacity that it states; that before a name counts where it stands alone."""
    text = given.civilite
    named = _CIVILITIES.get(fold(by_name)) if by_name else None
    if not text:
        if named is None:
            reading.missing(_CIVILITE)
        else:
            reading.default(_CIVILITE, named)
        return named, None
    word, _, rest = text.strip().partition(" ")
    rest = rest.strip(" ,.")
    found = _CIVILITIES.get(fold(word))
    if found is None or (rest and not re.match(r"(?i)(?:le|la)\s|l’", rest)):
        hint = "Écrivez « Madame » ou « Monsieur »."
        reading.error("civility", _CIVILITE, f"« {text} » n’est pas une civilité.", hint, text)
        return None, None
    if named and named != found:
        message = f"Le nom dit « {by_name} », la civilité « {text} »."
        reading.error("civility", _CIVILITE, message, "Corrigez l’une ou l’autre.", text)
        return None, None
    if text != found:
        told = f" ; sa fonction est « {rest} »" if rest else ""
        told = f" ; sa fonction reste « {given.fonction} »" if rest and given.fonction else told
        reading.repaired(_CIVILITE, text, found, told)
    return found, rest or None


def _without_title(path: str, name: str | None, reading: Reading) -> tuple[str | None, str | None]:
    """The name without the titles around it, and the civilité among them."""
    bare = name and name.strip(" ,;")
    rest, civility = bare, None
    while rest and " " in rest and (match := re.match(_BEFORE_A_NAME, rest) or re.match(_RANK_BEFORE[path], rest)):
        rest = rest[match.end() :]
        civility = match["title"] if fold(match["title"]) in _CIVILITIES else civility
    if rest and (match := _BEHIND_A_NAME.search(rest)):
        rest, civility = rest[: match.start()], match[1]
    if rest != name and rest:
        why = " : le titre n’est pas du nom" if rest != bare else ""
        reading.repaired(path, name or "", rest, why)
    return rest, civility


def _parted(prenom: str, nom: str, reading: Reading) -> tuple[str, str]:
    """First name and surname apart, where one of the two fields holds both."""
    if prenom == nom and " " in nom:
        words = nom.split()
        capitals = [word.isupper() and len(word) > 1 for word in words]
        first = capitals.index(True) if True in capitals else 0
        if first and all(capitals[first:]):
            prenom, nom = " ".join(words[:first]), " ".join(words[first:])
    elif nom.startswith(f"{prenom} ") or nom.endswith(f" {prenom}"):
        nom = nom.removeprefix(f"{prenom} ").removesuffix(f" {prenom}").strip(" ,")
    elif prenom.startswith(f"{nom} ") or prenom.endswith(f" {nom}"):
        prenom = prenom.removeprefix(f"{nom} ").removesuffix(f" {nom}").strip(" ,")
    else:
        return prenom, nom
    message = f"Prénom et nom sont écrits deux fois : lu « {prenom} », puis « {nom} »."
    reading.notice("repaired", _NOM, message, nom)
    return prenom, nom


# --- What can be a name ------------------------------------------------------------------------------------

_LETTERS = re.compile(r"[^\W\d_]")
_NO_PERSON = r"(?i)\bcedex\b"
_STRANGE = re.compile(r"[^\w\s’'.()«»-]|[\d_]")
_TWO = re.compile(r"\s(?:et|ou|and)\s|[/&;+]", re.IGNORECASE)
_PARTICLE = re.compile(r"(?:du|de|des) |d’")
_COMPLEMENT = re.compile(r"(?i)\s(?:de la|du|des|de|d’|au|aux)\b")


def _is_name(path: str, name: str, reading: Reading) -> bool:
    """Whether a text can be somebody's name; what cannot is an error, what is odd a warning."""
    hint = "Donnez le nom d’une seule personne, celle qui signe."
    if _LETTERS.search(name) and _TWO.search(name):
        reading.error("bad-name", path, f"« {name} » semble dire deux personnes.", hint, name)
    elif not _LETTERS.search(name) or _STRANGE.search(name) or re.search(_NO_PERSON, name):
        reading.error("bad-name", path, f"« {name} » n’est pas le nom d’une personne.", hint, name)
    elif "(" in name or ")" in name:
        hint = "Écrivez par exemple « MARTIN épouse DURAND » dans le nom."
        reading.error("bad-name", path, f"Un nom ne s’imprime pas avec des parenthèses : « {name} ».", hint, name)
    elif path == _PRENOM and _PARTICLE.match(name):
        reading.error("bad-name", path, f"« {name} » n’est pas un prénom.", hint, name)
    elif title := _title_in(name):
        message = f"« {name} » contient une fonction : « {title} »."
        reading.error("bad-name", path, message, "Elle se dit dans « representant.fonction ».", name)
    else:
        if name.islower() and len(name) > 1:
            message = f"« {name} » est écrit sans majuscule, et serait imprimé ainsi."
            reading.warning("doubtful-name", path, message, "Corrigez la casse au besoin.", name)
        elif _is_doubtful(path, name):
            message = f"« {name} » est-il bien le nom d’une personne ?"
            reading.warning("doubtful-name", path, message, "Vérifiez-le.", name)
        return True
    return False


def _is_doubtful(path: str, name: str) -> bool:
    """Whether a name is also a word for nothing, for a name or for a trial, a title, or holds an initial."""
    is_title = nature(name) is Nature.TITLE and (not name.isupper() or read_title(name).masculine.isupper())  # DGS
    return (
        is_placeholder(name, "")
        or is_title
        or fold(name) in _MADE_UP
        or (" " in name and any(fold(word) in _MADE_UP or is_placeholder(word, path) for word in name.split()))
        or " - " in name
        or (path == _NOM and _INITIAL.search(name) is not None)
        or _has_odd_word(name)
    )


def _has_odd_word(name: str) -> bool:
    """Whether a name in capitals holds words that are not: « LECOQTEST absent », « Veuve » and particles aside."""
    if name.isupper() or name.isalpha():
        return False
    if any(piece.islower() or not piece for piece in re.split(r"\s?-\s?", name)):
        return True
    words = [_ELIDED.sub("", word) for word in name.split()]
    words = [word for word in words if fold(word) not in _PARTICLES]
    shouted = any(word.isupper() and len(word) > 1 for word in words)
    return any(word.islower() or (shouted and word[:1].isupper() and word[1:].islower()) for word in words)


_ELIDED = re.compile(r"^[^\W\d_]’(?=\w)")
_PARTICLES = frozenset(
    re.findall(
        r"\w+",
        "de du des d la le les l van von vander der den ter ten t di da das do dos del della dal dalla y e i"
        " ben bin ibn el al ould zu zur mac mc o saint sainte st ste epouse ep epse nee ne veuve vve dit dite",
    )
)


_MADE_UP = frozenset(
    [
        *("nom", "prenom", "nom prenom", "test", "essai", "exemple", "azerty", "vrai", "faux", "true", "false", "rue"),
        *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "oui", "nord", "sud", "est", "ouest"),
        *("collectivite", "departement", "region", "epci", "ehpad", "college", "lycee", "etablissement", "batiment"),
    ]
)
_INITIAL = re.compile(r"(?:^|\s)[^\W\d_]\b(?![’'])")


def _title_in(name: str) -> str | None:
    """A title in the place of a name, or behind one: « LECOQTEST Maire de Lille », « Vice-présidente ».

    One word alone, as Maire or Sergent, may be a surname; and so may what follows an article.
    """
    words = name.split()
    if "-" in words or "–" in words:
        title = next((piece for piece in re.split(r" [-–] ", name)[1:] if nature(piece) is Nature.TITLE), None)
        if title:
            return title
    if len(words) > 1 and words[0].istitle() and fold(words[0]) in _EXECUTIVES:
        return words[0]
    if nature(name) is Nature.TITLE and ("-" in name or _ARTICLE.sub("", fold(name)) in _EXECUTIVES):
        return name
    for start in range(len(words) - 1):
        if start and fold(words[start - 1]) in {"le", "la", "de", "du"}:
            continue
        rest = " ".join(words[start:])
        title = read_title(rest)
        if title.recognised and (title.known or _COMPLEMENT.search(rest)):
            return rest
    return None


_ARTICLE = re.compile(r"^l[ea] ")
_EXECUTIVES = {"president", "presidente", "directeur", "directrice"}
