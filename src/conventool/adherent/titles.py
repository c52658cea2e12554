"""Titles of office: spelled well, in the gender of who bears them.

A title is read as people write it (« Président(e) », « 1ère adjointe », « DIRECTEUR GENERAL DES SERVICES »). The words
before its complement agree, each by the dictionary ``titles.tsv``; so do « délégué » and « chargé » behind one
("Adjointe au Maire déléguée aux finances"). A word that is not there is left as it is, and told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from conventool.text.french import Gender, fold

__all__ = ["Title", "read_title"]

_M, _F = Gender.MASCULINE, Gender.FEMININE


class Title(NamedTuple):
    """A title, read.

    Attributes:
        masculine: as a man bears it: ``Adjoint au Maire``.
        feminine: as a woman does: ``Adjointe au Maire``.
        written: as it was written, well spelled.
        genders: those that the words written show: none for ``Maire``, both for ``1er adjointe``.
        open: whether it leaves the gender open: ``Président(e)``.
        known: whether every word that has to agree is in the dictionary.
        recognised: whether one of them is, and names an office.
    """

    masculine: str
    feminine: str
    written: str
    genders: frozenset[Gender]
    open: bool
    known: bool
    recognised: bool


class _Word(NamedTuple):
    """One word of a title in both genders, and as it was written."""

    masculine: str
    feminine: str
    written: str
    gender: Gender | None = None
    known: bool = True


_OPENED = re.compile(r"(?<=\w)(?:\(\w{1,5}\)|-(?:e|ne|[tr]+ice|euse|i?[èe]re)\b|[.·•‧]\w{1,5}\b|/\w{1,10}(?=\s|$))")
"""What leaves a gender open behind a masculine: (e), (trice), .e, ·ne, /e, /Présidente."""
_COMPLEMENT = {
    *("a", "au", "aux", "aupres", "d", "de", "des", "du", "en", "hors"),
    *("l", "le", "la", "les", "par", "pour", "pres", "sur"),
}
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_JOINED = re.compile(r"(?<=\bvice)\s+(?=pr[ée]s)", re.IGNORECASE)
_AGREE_BEHIND = {
    "delegue": {"a", "au", "aux"},
    "deleguee": {"a", "au", "aux"},
    "charge": {"de", "du", "des", "d"},
    "chargee": {"de", "du", "des", "d"},
}
"""Participles that agree behind a complement too, and the words that tell them from the complement's own."""
_ORDINAL = re.compile(
    r"(?P<number>\d{1,2}|(?-i:[IVX]{1,5}))(?P<end>ers?|[èe]?res?|nde?|[èe](?:me)?|i[èe]me)", re.IGNORECASE
)


@lru_cache(maxsize=256)  # the lines of a list repeat their titles
def read_title(text: str) -> Title:
    """Read a title, without its article.

    Args:
        text: on one line: ``Vice-président(e) délégué(e) aux finances``.
    """
    words: list[_Word] = []
    agreeing: list[str] = []
    head = True
    parts = _JOINED.sub("-", _OPENED.sub("", _DOTTED.sub(_without_dots, text))).split()
    keys = [fold(part).partition(" ")[0] for part in parts]
    for rank, (part, key) in enumerate(zip(parts, keys, strict=True)):
        head = head and not (words and key in _COMPLEMENT)
        is_participle = bool(_AGREE_BEHIND.get(key, set()).intersection(keys[rank + 1 : rank + 2]))
        if head or (is_participle and keys[rank - 1] != "en"):
            words.append(_agreeing(part))
            agreeing.append(part)
        else:
            words.append(_complement(part, shouted=text.isupper()))
        if part.endswith(",") or key == "et" or part == "&":
            head = True  # a second title begins
    return Title(
        masculine=_sentence(word.masculine for word in words),
        feminine=_sentence(word.feminine for word in words),
        written=_sentence(word.written for word in words),
        genders=frozenset(word.gender for word in words if word.gender),
        open=bool(_OPENED.search(text)),
        known=all(word.known for word in words),
        recognised=any(fold(piece) in _nouns() for part in agreeing for piece in re.split(r"[-,]", part)),
    )


def _without_dots(acronym: re.Match[str]) -> str:
    return acronym[0].replace(".", "")


def _sentence(words: Iterable[str]) -> str:
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _agreeing(part: str) -> _Word:
    """A word before the complement: an ordinal, or pieces of the dictionary joined by hyphens."""
    bare = part.rstrip(",")
    comma = part[len(bare) :]
    if ordinal := _ORDINAL.fullmatch(bare):
        return _ordinal(ordinal["number"], ordinal["end"].lower(), comma)
    if fold(bare) == "et" or bare == "&":
        return _invariable(part)
    pieces = [_piece(piece) for piece in re.split(r"(-)", bare)]
    masculine, feminine, written = (
        "".join(forms) + comma for forms in zip(*(piece[:3] for piece in pieces), strict=True)
    )
    gender = next((piece.gender for piece in pieces if piece.gender), None)
    return _Word(masculine, feminine, written, gender, all(piece.known for piece in pieces))


def _piece(text: str) -> _Word:
    """A word of the dictionary, in the case that it was written in unless that is all capitals."""
    forms = _dictionary().get(fold(text))
    if text == "-" or forms is None:
        return _Word(text, text, text, known=text == "-")
    masculine, feminine = forms
    if masculine.isupper():  # as the dictionary has acronyms
        return _invariable(masculine)
    gender = None
    if masculine != feminine:
        gender = _F if fold(text) == fold(feminine) else _M
    if fold(text) == "cheffe":
        return _Word("chef", "cheffe", "cheffe", _F)
    if text[:1].isupper() and not (len(text) > 1 and text.isupper()):
        masculine, feminine = masculine.capitalize(), feminine.capitalize()
    return _Word(masculine, feminine, feminine if gender is _F else masculine, gender)


def _invariable(text: str) -> _Word:
    return _Word(text, text, text)


def _ordinal(number: str, end: str, comma: str) -> _Word:
    """1er and 1re, 2d and 2de, 2e: the short forms of the Imprimerie nationale."""
    number = number.upper()
    if number in {"1", "I"}:
        masculine, feminine = f"{number}er{comma}", f"{number}re{comma}"
        gender = _M if end in {"er", "ers"} else _F if "r" in end else None
        return _Word(masculine, feminine, feminine if gender is _F else masculine, gender)
    if end in {"nd", "nde"}:
        masculine, feminine = f"{number}d{comma}", f"{number}de{comma}"
        gender = _F if end == "nde" else _M
        return _Word(masculine, feminine, feminine if gender is _F else masculine, gender)
    return _invariable(f"{number}e{comma}")


def _complement(part: str, *, shouted: bool) -> _Word:
    """A word that does not agree; in a title all of capitals, one of the dictionary or a link is written small."""
    if shouted:
        forms = _dictionary().get(fold(part))
        if forms and forms[0] in _CAPITALISED:
            part = forms[0].capitalize()
        elif forms:
            part = forms[fold(part) == fold(forms[1])]
        elif fold(part).partition(" ")[0] in {*_COMPLEMENT, *_SMALL} and "’" not in part:
            part = part.lower()
    return _invariable(part)


_CAPITALISED = {"maire", "président"}
_SMALL = {"administration", "affaires", "conseil", "finances", "mairie", "ressources", "services", "travaux"}


@cache
def _lines() -> list[list[str]]:
    """The lines of the dictionary: masculine, feminine, and a mark where the word names no office by itself."""
    text = Path(__file__).with_name("titles.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


@cache
def _dictionary() -> dict[str, tuple[str, str]]:
    """Masculine and feminine by the key of either."""
    found = {
        fold(word): (masculine, feminine) for masculine, feminine, *_ in _lines() for word in (masculine, feminine)
    }
    return found | {"cheffe": ("chef", "cheffe")}


@cache
def _nouns() -> frozenset[str]:
    """The keys of the words that name an office."""
    return frozenset(fold(word) for line in _lines() if len(line) == len(("m", "f")) for word in line) | {"cheffe"}
