"""The official register: communes present and former, intercommunalities, départements.

Its tables are written by ``tools/build_register.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from conventool.register.table import Table
from conventool.text.french import at_place, fold, of_departement, of_place

__all__ = [
    "ATTRIBUTION",
    "PACKAGE",
    "VINTAGE",
    "Commune",
    "Departement",
    "Epci",
    "Former",
    "Register",
    "epci_key",
    "place_key",
]

VINTAGE = 2026
"""The year of INSEE's Code officiel géographique that the tables hold, as on 1 January."""

PACKAGE = "@etalab/decoupage-administratif 6.0.0"
"""The npm package that the tables were built from."""

ATTRIBUTION = (
    f"Répertoire {VINTAGE}\u00a0: INSEE (Code officiel géographique), DGCL, La Poste, "
    f"via Etalab ({PACKAGE}), Licence Ouverte."
)
"""What the licence of the data asks to be shown, in French."""

_LIKENESS = 82
"""Of a hundred: how much a name must look like that of an intercommunality to be one that was meant."""

_FEW, _MOST_FOUND = 3, 20
"""Intercommunalities that may be meant, and that a search finds."""

_WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "lez": "les", "s": "sur"}
_ARTICLES = ("le", "la", "les", "l")


@lru_cache(maxsize=4096)  # an adherent's name and its town are looked at several times
def place_key(text: str) -> str:
    """Make the key under which two spellings of a place's name are equal.

    Beyond `fold`: st and ste, lez and lès and les, s/ and s/s are forgiven, and an article set behind the
    name, as in "QUESNOY (LE)".
    """
    words = re.sub(r"\bs s\b|\bss\b", "sous", fold(text)).split()
    if len(words) > 1 and words[-1] in _ARTICLES:
        words.insert(0, words.pop())
    return " ".join(_WORDS.get(word, word) for word in words)


def epci_key(nom: str) -> str:
    """Make the key under which two spellings of an intercommunality's name are equal.

    Beyond `place_key`: DGCL's abbreviation of the kind, which begins the name ("CC du Pays de Mormal"), and the
    word that links the rest to it are left out.
    """
    return _without_link(place_key(_EPCI_KIND.sub("", nom.strip())))


def _without_link(key: str) -> str:
    return _LINK.sub("", key)


_EPCI_KIND = re.compile(r"^(?:CC|CA|CU|Métropole)\s+", re.IGNORECASE)
_LINK = re.compile(r"^(?:de la|de l|du|des|de|d|le|la|les|l) (?=\S)")


POPULATION = ("municipale", 2023)
"""Which of INSEE's populations the register holds, and of which year: both change with its vintage."""


class Commune(NamedTuple):
    """A commune that exists.

    Attributes:
        code: its INSEE code: ``59017``.
        nom: its official name, with its article and typographic apostrophes: ``Le Quesnoy``.
        tncc: INSEE's kind of name, which governs the words that link it.
        siren: its SIREN; None for a few overseas.
        codes_postaux: its geographic postal codes.
        population: its municipal population, where known.
        epci: SIREN of the intercommunality it belongs to, where there is one.
        anciens_codes: INSEE codes of the communes that merged into it.
    """

    code: str
    nom: str
    tncc: int
    siren: str | None
    codes_postaux: tuple[str, ...]
    population: int | None
    epci: str | None
    anciens_codes: tuple[str, ...]

    @property
    def departement(self) -> str:
        """Code of its département, or of its overseas collectivity."""
        return self.code[:3] if self.code.startswith(("97", "98")) else self.code[:2]

    @property
    def de(self) -> str:
        """How it follows a noun: "d’Armentières", "du Quesnoy"."""
        return "".join(of_place(self.nom, self.tncc))

    @property
    def a(self) -> str:
        """How one says "at": "à Armentières", "au Quesnoy"."""
        return "".join(at_place(self.nom, self.tncc))


class Former(NamedTuple):
    """A place that was a commune, or a part of one: it has no legal personality of its own and cannot sign.

    Attributes:
        code: its INSEE code, which may have become that of its successor.
        nom: its name; None for most of those that left no commune déléguée or associée behind.
        nature: ``commune-deleguee``, ``commune-associee``, ``commune-fusionnee`` or
            ``arrondissement-municipal``.
        successor: the commune that it is part of today, and that signs.
    """

    code: str
    nom: str | None
    nature: str
    successor: Commune


class Epci(NamedTuple):
    """An intercommunality with its own taxes.

    Attributes:
        siren: its SIREN.
        type: CC, CA, CU, METRO, or MET69 for that of Lyon.
        nom: its name as DGCL gives it: ``CA de Lens - Liévin``.
    """

    siren: str
    type: str
    nom: str

    @property
    def bare(self) -> str:
        """Its name without the abbreviation of its kind: ``de Lens - Liévin``, ``Dijon Métropole``."""
        return _EPCI_KIND.sub("", self.nom)


class Departement(NamedTuple):
    """A département or an overseas collectivity: code, name, INSEE's kind of name."""

    code: str
    nom: str
    tncc: int

    @property
    def de(self) -> str:
        """How it follows a noun: "du Nord", "de l’Aisne"."""
        return "".join(of_departement(self.nom, self.tncc))


class Register:
    """Every commune of France, looked up in the tables that this package holds.

    Open it once and keep it: each table is read when first needed.
    """

    _communes = cached_property(lambda _: Table("communes.tsv"))
    _former = cached_property(lambda _: Table("former.tsv"))
    _names = cached_property(lambda _: Table("names.tsv"))
    _postal_codes = cached_property(lambda _: Table("postal_codes.tsv"))
    _epci = cached_property(lambda _: Table("epci.tsv"))
    _departements = cached_property(lambda _: Table("departements.tsv"))

    @classmethod
    def open(cls) -> Register:
        """Open the register; nothing is read yet."""
        return cls()

    def __iter__(self) -> Iterator[Commune]:
        """Every present commune, by code."""
        return (_commune(row) for row in self._communes.rows())

    def by_code(self, code: str) -> Commune | None:
        """The present commune that has this INSEE code."""
        row = self._communes.find(code)
        return _commune(row) if row else None

    def by_name(self, nom: str, code_postal: str | None = None) -> list[Commune]:
        """The present communes of this name, however it is spelled; of this postal code, if it is given."""
        row = self._names.find(place_key(nom))
        found = self._present(row[1]) if row else []
        return [commune for commune in found if code_postal is None or code_postal in commune.codes_postaux]

    def by_postal_code(self, code_postal: str) -> list[Commune]:
        """The present communes that this geographic postal code serves."""
        row = self._postal_codes.find(code_postal)
        return self._present(row[1]) if row else []

    def former(self, code: str) -> Former | None:
        """What had this INSEE code and is no commune any more; its successor may have the same code."""
        row = self._former.find(code)
        return self._as_former(row) if row else None

    def former_by_name(self, nom: str) -> list[Former]:
        """What had this name and is no commune any more, however it is spelled."""
        row = self._names.find(place_key(nom))
        return self._formers(row[2]) if row else []

    def formers_called(self, words: str) -> list[Former]:
        """What is no commune any more and has this name or INSEE code, else a name that begins so: « Hellemmes »."""
        if (code := words.strip().upper()) and (found := self.former(code)):
            return [found]
        if named := self.former_by_name(words):
            return named
        beginning = f"{place_key(words)} "
        begun = (row[2] for row in self._names.rows() if row[0].startswith(beginning))
        return [former for codes in begun for former in self._formers(codes)]

    def formers(self) -> Iterator[Former]:
        """Every former commune, commune déléguée or associée and municipal arrondissement, by code."""
        return (self._as_former(row) for row in self._former.rows())

    def epci_by_siren(self, siren: str) -> Epci | None:
        """The intercommunality that has this SIREN."""
        row = self._epci.find(siren)
        return Epci(*row) if row else None

    def population_of_epci(self, siren: str | None) -> int | None:
        """How many live in the communes of an intercommunality; None if the register does not know it."""
        return self._populations.get(siren or "")

    def epci_by_name(self, nom: str) -> list[Epci]:
        """The intercommunalities of this name: with DGCL's abbreviation of its kind or without, linked or not."""
        return self._epci_by_key.get(epci_key(nom), [])

    def departement(self, code_or_name: str) -> Departement | None:
        """The département of this code or name, however it is spelled, with its article or without."""
        return self._departements_by_key.get(_without_link(fold(code_or_name)))

    def search(self, words: str, limit: int = 20, *, fuzzy: bool = True) -> list[Commune]:
        """Find what a person types: an INSEE or postal code, a name, its beginning, or nearly so.

        Names of former communes find their successor.

        Args:
            words: what was typed.
            limit: at most so many.
            fuzzy: whether names that only look like it are found, where there is no other.

        Returns:
            The best matches first: same name, then all words begun, the most populated first; where there
            is none, the names that look most like it.
        """
        code = words.strip().upper()
        if re.fullmatch(r"\d[\dAB]\d{3}", code):
            former = self.former(code)
            by_code = self.by_code(code) or (former.successor if former else None)
            return ([by_code] if by_code else []) + self.by_postal_code(code)[:limit]
        key = place_key(words)
        exact = self._named([key])
        keys = (row[0] for row in self._names.rows() if _has_begun(row[0], key.split()))
        begun = self._named(keys) if key else []
        found = exact + [commune for commune in begun if commune not in exact]
        return (found or (self.resembling(words, limit) if fuzzy else []))[:limit]

    def search_epci(self, words: str) -> list[Epci]:
        """Find the intercommunalities that a person types: a SIREN, a name, its initials, or all words begun in it."""
        siren = re.sub(r"\s", "", words)
        if siren.isdigit():
            return [one] if (one := self.epci_by_siren(siren)) else []
        beginnings = place_key(words).split()
        if not beginnings:
            return []
        begun = [one for key, found in self._epci_by_key.items() if _has_begun(key, beginnings) for one in found]
        return list(dict.fromkeys([*self.epci_called(words), *begun]))[:_MOST_FOUND]

    def epci_called(self, words: str) -> list[Epci]:
        """The intercommunalities that have just this name or these initials: « MEL », « la CCFL »."""
        return [*self.epci_by_name(words), *self._epci_by_initials.get(_as_initials(words), ())]

    def search_departements(self, words: str) -> list[Departement]:
        """Find the départements that a person types: a code, a name, or all words begun in it."""
        if found := self.departement(words):
            return [found]
        beginnings = fold(words).split()
        return [one for one in self.departements() if beginnings and _has_begun(fold(one.nom), beginnings)]

    def resembling(self, nom: str, limit: int = 5) -> list[Commune]:
        """The communes whose names look most like a misspelt one, the nearest first."""
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a misspelt name needs it

        keys = [row[0] for row in self._names.rows()]
        best = process.extract(place_key(nom), keys, scorer=fuzz.ratio, limit=limit, score_cutoff=70)
        return list(dict.fromkeys(commune for key, _, _ in best for commune in self._named([key])))[:limit]

    def describe(self, commune: Commune) -> Mapping[str, object]:
        """All that the register says of a commune, in plain values for JSON."""
        epci = self.epci_by_siren(commune.epci) if commune.epci else None
        formers = (self.former(code) for code in (commune.code, *commune.anciens_codes))
        names = {former.nom for former in formers if former and former.nom}
        return {
            "code": commune.code,
            "nom": commune.nom,
            "de": commune.de,
            "a": commune.a,
            "departement": commune.departement,
            "siren": commune.siren,
            "codes_postaux": list(commune.codes_postaux),
            "population": commune.population,
            "population_nature": POPULATION[0],
            "population_annee": POPULATION[1],
            "epci": {"siren": epci.siren, "nom": epci.nom} if epci else None,
            "anciens_noms": sorted(names - {commune.nom}, key=fold),
        }

    def _named(self, keys: Iterable[str]) -> list[Commune]:
        """Present communes that bear or have taken over one of the names, the most populated first."""
        found: dict[Commune, None] = {}
        for key in keys:
            if row := self._names.find(key):
                found |= dict.fromkeys(self._present(row[1]))
                found |= dict.fromkeys(former.successor for former in self._formers(row[2]))
        return sorted(found, key=lambda commune: -(commune.population or 0))

    def _present(self, codes: str) -> list[Commune]:
        return [commune for code in _split(codes) if (commune := self.by_code(code))]

    def _formers(self, codes: str) -> list[Former]:
        return [former for code in _split(codes) if (former := self.former(code))]

    def _as_former(self, row: list[str]) -> Former:
        successor = self.by_code(row[3])
        assert successor, f"{row[0]} has no successor in the register"
        return Former(row[0], row[1] or None, row[2], successor)

    def epci(self) -> Iterator[Epci]:
        """Every intercommunality, by SIREN."""
        return (Epci(*row) for row in self._epci.rows())

    def departements(self) -> Iterable[Departement]:
        """Every département and overseas collectivity, by code."""
        return dict.fromkeys(self._departements_by_key.values())

    def resembling_epci(self, nom: str, types: Collection[str] = ()) -> list[Epci]:
        """The intercommunalities whose names look most like a misspelt one, or that it abbreviates ("MEL").

        Args:
            nom: what was written.
            types: DGCL's codes of the kinds to choose from; all if empty.
        """
        from rapidfuzz import fuzz, process  # noqa: PLC0415 - only a misspelt name needs it

        known = {
            key: one for key, found in self._epci_by_key.items() for one in found if not types or one.type in types
        }
        initials = self._epci_by_initials.get(_as_initials(nom), ())
        meant = [one for one in initials if not types or one.type in types]
        best = process.extract(epci_key(nom), list(known), scorer=fuzz.WRatio, limit=_FEW, score_cutoff=_LIKENESS)
        return list(dict.fromkeys([*meant, *(known[key] for key, _, _ in best)]))[:_FEW]

    @cached_property
    def _epci_by_key(self) -> dict[str, list[Epci]]:
        found: dict[str, list[Epci]] = {}
        for epci in self.epci():
            found.setdefault(epci_key(epci.nom), []).append(epci)
        return found

    @cached_property
    def _epci_by_initials(self) -> dict[str, list[Epci]]:
        found: dict[str, list[Epci]] = {}
        for epci in self.epci():
            found.setdefault(_initials(epci.nom), []).append(epci)
        return found

    @cached_property
    def _populations(self) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for commune in self:
            if commune.epci:
                found[commune.epci] += commune.population or 0
        return found

    @cached_property
    def _departements_by_key(self) -> dict[str, Departement]:
        known = [Departement(code, nom, int(tncc)) for code, nom, tncc in self._departements.rows()]
        by_name = {_without_link(fold(one.nom)): one for one in known}
        return by_name | {one.code.lower(): one for one in known}


def _has_begun(name: str, beginnings: Iterable[str]) -> bool:
    """Is a word of a folded name begun by each, so that "quesn" finds "le quesnoy"?"""
    return all(f" {beginning}" in f" {name}" for beginning in beginnings)


def _initials(nom: str) -> str:
    """What people shorten a name to: MEL for "Métropole Européenne de Lille", CCPC for "CC Pévèle-Carembault"."""
    words = re.split(r"[\s’-]+", nom)
    return "".join(word if word in {"CC", "CA", "CU"} else word[0] for word in words if word[:1].isupper())


def _as_initials(words: str) -> str:
    """What was typed as `_initials` would give it: MEL for « la M.E.L. »."""
    return re.sub(r"^L[AE] |\.", "", words.strip().upper())


def _split(codes: str) -> tuple[str, ...]:
    return tuple(codes.split(",")) if codes else ()


def _commune(row: list[str]) -> Commune:
    code, nom, tncc, siren, codes_postaux, population, epci, anciens_codes = row
    return Commune(
        code,
        nom,
        int(tncc),
        siren or None,
        _split(codes_postaux),
        int(population) if population else None,
        epci or None,
        _split(anciens_codes),
    )
