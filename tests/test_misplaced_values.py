"""Values of one column in another: every document that comes of them holds only what a reviewer finds plausible.

The reviewer below judges what is printed by rules of its own, and the official names by the tables read anew. What it
finds implausible must have been refused. One thing is left to a warning: the name of a place as an address, which may
be that of a hamlet or of an estate. (A first name and a surname in each other's place are both plausible: the program
cannot know whether Martin Bernard is Bernard Martin, and warns where capitals say so.)
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import permutations
from typing import Any

from conventool.adherent.adherent import Adherent, read_adherent
from conventool.core.problems import Problem, Severity
from conventool.core.row import Row
from conventool.register.communes import Register
from conventool.register.table import DATA
from conventool.template.wording import words

REGISTER = Register.open()
TODAY = date(2026, 6, 30)

COLUMNS = (
    "forme", "nom", "adresse", "code_postal", "commune", "siret", "representant.civilite", "representant.prenom",
    "representant.nom", "representant.fonction", "decision.date", "decision.numero", "decision.organe", "reconduction",
)  # fmt: skip
SOUND = (
    ("SIVU", "du Bocage", "1 rue Haute", "59000", "Lille", "", "Madame", "Jeanne", "MARTIN", "Présidente",
     "2026-03-12", "2026-12", "du comité syndical", "tacite"),
    ("syndicat mixte", "Flandre Morinie", "Mairie, place du Marché", "59190", "Hazebrouck", "", "M.", "Paul",
     "Lefebvre-Dubois", "Vice-président délégué", "12/03/2026", "n° 45", "du bureau", "expresse"),
    ("CIAS", "de La Rochelle", "12 bis, avenue de l’Église", "17000", "La Rochelle", "", "Mme", "Marie-Anne",
     "DE LA FONTAINE", "Directrice générale", "12 mars 2026", "D/45", "du conseil d’administration", "tacite"),
    ("PETR", "du Ternois", "Hôtel de ville", "62130", "Saint-Pol-sur-Ternoise", "", "Monsieur", "J.", "d’HONDT",
     "le Président", "2026-03-12T18:30:00", "3 bis", "du comité syndical", "expresse"),
    ("CC", "CC Pévèle-Carembault", "141 rue Nationale", "59710", "Pont-à-Marcq", "200041960", "Madame", "Zoé",
     "LE GOFF", "Présidente", "20260312", "2026/012", "du conseil communautaire", "tacite"),
    ("commune", "Armentières", "4 place du Général-de-Gaulle", "59280", "Armentières", "215900176", "M.", "Loïc",
     "O’NEIL", "Maire", "2026-03-12", "2026.10", "du conseil municipal", "tacite"),
    ("département", "Nord", "51 rue Gustave-Delory", "59000", "Lille", "", "Mme", "Aïcha", "VAN DER BEKEN",
     "Présidente du conseil départemental", "jeudi 12 mars 2026", "DCM 12", "de la commission permanente", "tacite"),
    ("régie", "des eaux", "Zone d’activités (bâtiment B)", "59140", "Dunkerque", "", "M.", "Jean Baptiste", "Œuvrard",
     "Directeur", "12.03.2026", "VII", "du conseil d’administration", "expresse"),
    ("CCAS", "Le Quesnoy", "Le Bourg", "59530", "Le Quesnoy", "", "Mme", "Éloïse", "LEFÈVRE", "Vice-présidente",
     "2026/03/12", "12", "du conseil d’administration", "tacite"),
)  # fmt: skip
STRAYS = (
    "contact@exemple.fr", "www.exemple.fr", "03 20 00 00 00", "+33320000000", "21590350100017", "217 702 885",
    "-", "N/A", "à compléter", "?", "xxx", "12/03/2026", "1er mars 2026", "59000",
    "Mme Jeanne MARTIN", "Pour le Maire et par délégation",
    "LILLE (59000)", "Adjoint(e) au Maire", "Délibération n°2026-12", "tacite",
)  # fmt: skip


def dirty() -> Iterator[tuple[str, dict[str, str]]]:
    """Every column's value in every other one, and every stray in every column."""
    for values in SOUND:
        row = dict(zip(COLUMNS, values, strict=True))
        for taken, given in permutations(COLUMNS, 2):
            if row[taken]:
                yield given, row | {given: row[taken]}
        for column in COLUMNS:
            for stray in STRAYS:
                yield column, row | {column: stray}


# --- The reviewer ------------------------------------------------------------------------------------------


def lines(table: str) -> Iterator[dict[str, str]]:
    with DATA.joinpath(table).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


CODES: defaultdict[str, set[str]] = defaultdict(set)
for line in lines("communes.tsv"):
    CODES[line["nom"]].update(line["codes_postaux"].split(","))
FORMER = {line["nom"] for line in lines("former.tsv")}
LETTER = "A-Za-zÀ-ÖØ-öø-ÿŒœ"
NAME = re.compile(rf"[{LETTER}][{LETTER} ’.-]*")
NO_NAME = re.compile(
    r"(?i)\b(rue|avenue|mairie|h[ôo]tel|b[âa]timent|conseil|comit[ée]|commission|commune|ccas|cias|sivu|petr|r[ée]gie"
    r"|syndicat|tacite|expresse|d[ée]l[ée]gation|direct\w+|pr[ée]sidente?|vice|adjoint|mme|madame|monsieur|d[ée]partement)\b"
)
CONTACT = re.compile(r"@|www|\.fr\b|(?:\d[ .]?){9,}")
TITLES = re.compile(r"(?i)(son|sa) (1er |1re |premi\w+ )?(maire|pr[ée]sidente?|vice|direct\w+|adjointe?)\b.*,$")
BODIES = re.compile(r"(du|de la|de l’) ?(conseil|comité|bureau|commission|assemblée)\b[^@\d]*( n°\s.+)?$")
WHOLE_DATE = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{1,2}(er)? [a-zéû]+ \d{4}|\d{4}[-/]\d{2}[-/]\d{2}.*")
PLACE = re.compile(rf"(?i)\d+.* [{LETTER}]|mairie|h[ôo]tel de ville|zone|place|rue|bourg")
CIVIL = re.compile(r"(?i)(mme|m\.|madame|monsieur)\b")
NO_BODY = re.compile(
    r"(?i)\b(rue|place) |^(sivu|petr|tacite|expresse|madame|monsieur|mme|m\.)\b|\bconseil\b|\bcomité\b"
)


def of_the_person(adherent: Adherent) -> Iterator[tuple[str, str]]:
    person = adherent.representant
    for path, name in (("representant.prenom", person.prenom), ("representant.nom", person.nom)):
        if not NAME.fullmatch(name) or NO_NAME.search(name):
            yield path, name
    if person.prenom[0].islower() or person.prenom in {person.nom, "Maire"}:
        yield "representant.prenom", person.prenom
    title = words(adherent).fonction
    if not TITLES.match(title) or CONTACT.search(title):
        yield "representant.fonction", title


def of_the_seat(adherent: Adherent) -> Iterator[tuple[str, str]]:
    street, town = adherent.adresse, adherent.commune
    if not PLACE.search(street) or CONTACT.search(street) or re.search(r"\b\d{5}\b", street):
        yield "adresse", street
    if WHOLE_DATE.fullmatch(street) or CIVIL.match(street) or street == town:
        yield "adresse", street
    if town not in CODES and town not in FORMER:
        yield "commune", town
    if town in CODES and adherent.code_postal not in CODES[town]:
        yield "code_postal", adherent.code_postal


def of_the_rest(adherent: Adherent) -> Iterator[tuple[str, str]]:
    said, decision = words(adherent), adherent.decision
    if not BODIES.fullmatch(said.organe):
        yield "decision.organe", said.organe
    number = decision.numero or "1"
    if not re.search(r"\d|^[IVX]+$", number) or WHOLE_DATE.fullmatch(number) or CONTACT.search(number):
        yield "decision.numero", number
    if number == said.code_postal:
        yield "decision.numero", number
    if not re.search(f"[{LETTER}]{{2}}", said.nom) or CONTACT.search(said.nom) or WHOLE_DATE.fullmatch(said.nom):
        yield "nom", said.nom
    if NO_BODY.search(said.nom):
        yield "nom", said.nom
    if not 1900 <= decision.date.year <= 2026:
        yield "decision.date", str(decision.date)


def objections(adherent: Adherent) -> list[tuple[str, str]]:
    """The fields whose printed values are not plausible, and these."""
    return [*of_the_person(adherent), *of_the_seat(adherent), *of_the_rest(adherent)]


def nested(row: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {"representant": {}, "decision": {}}
    for path, value in row.items():
        section, _, name = path.rpartition(".")
        (values[section] if section else values)[name] = value
    return values


NAMES_OF_PLACES = {values[COLUMNS.index("nom")] for values in SOUND}


def left_to_a_warning(problems: list[Problem], path: str, text: str) -> bool:
    told = any(problem.field == path and problem.severity is Severity.WARNING for problem in problems)
    return told and path == "adresse" and text in NAMES_OF_PLACES


def test_the_sound_rows_are_accepted_by_both() -> None:
    for values in SOUND:
        adherent, problems = read_adherent(Row(nested(dict(zip(COLUMNS, values, strict=True)))), REGISTER, today=TODAY)
        assert adherent, problems
        assert not objections(adherent)


def test_a_value_in_the_wrong_column_is_refused_or_plausible_there() -> None:
    rows = list(dirty())
    assert len(rows) >= 2_000
    accepted = 0
    for column, row in rows:
        adherent, problems = read_adherent(Row(nested(row)), REGISTER, today=TODAY)
        if adherent is None:
            assert any(problem.severity is Severity.ERROR for problem in problems)
            continue
        accepted += 1
        found = [(path, text) for path, text in objections(adherent) if not left_to_a_warning(problems, path, text)]
        assert not found, (column, row[column], found)
    assert accepted > 200
