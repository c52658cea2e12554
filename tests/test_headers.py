"""What people write above a column: a table of headers by hand, and how columns make an adherent's fields together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from conventool.adherent.adherent import read_adherent
from conventool.adherent.fields import FIELDS
from conventool.adherent.reading import Reading
from conventool.core.errors import UnreadableError, UsageError
from conventool.core.problems import Severity
from conventool.core.row import Row, RowSource
from conventool.register.communes import Register
from conventool.sources import read_rows
from conventool.sources.headers import EXAMPLES, meaning_of

CASES = Path(__file__).parent / "cases"
LISTS = CASES / "lists"
HEADERS = [line.split("\t") for line in (CASES / "en-tetes.tsv").read_text("utf-8").splitlines()[1:]]
"""Headers as lists have them, and the fields that each gives in the order of its cells; ``-`` for none."""

TODAY = date(2026, 6, 30)

SOUND = {
    "Forme": "commune", "Code INSEE": "59017", "Adresse": "1 rue Haute", "Civilité": "Mme", "Prénom": "Jeanne",
    "Nom du représentant": "LECOQTEST", "Date de délibération": "27/03/2026",
}  # fmt: skip


def source_of(
    folder: Path, columns: Mapping[str, str] | Sequence[Sequence[str]], mapping: str = "", **how: object
) -> RowSource:
    """A list of one row, or of several, with what ``--columns`` says."""
    lines = [list(columns), list(columns.values())] if isinstance(columns, Mapping) else columns
    (folder / "a.csv").write_text("\n".join("\t".join(line) for line in lines), encoding="utf-8")
    (folder / "columns.yaml").write_text(mapping, encoding="utf-8")
    return read_rows(folder / "a.csv", columns=folder / "columns.yaml" if mapping else None, **how)  # type: ignore[arg-type]


def without(*headers: str) -> dict[str, str]:
    return {header: value for header, value in SOUND.items() if header not in headers}


def person(row: Row) -> dict[str, str]:
    return dict(row.values["representant"])  # type: ignore[arg-type]


@pytest.mark.parametrize(("header", "fields"), HEADERS)
def test_a_header_is_known_by_its_words(header: str, fields: str) -> None:
    meaning = meaning_of(header)
    assert (" + ".join(meaning.fields) if meaning else "-") == fields


def test_a_header_is_proposed_for_every_field_and_is_known() -> None:
    assert {field: meaning_of(header) and meaning_of(header).fields for field, header in EXAMPLES.items()} == {  # type: ignore[union-attr]
        field: (field,) for field in FIELDS
    }


@pytest.mark.parametrize("path", FIELDS)
def test_the_column_that_a_row_is_said_to_lack_is_known(path: str, tmp_path: Path) -> None:
    (row,) = source_of(tmp_path, without("Adresse"))
    reading = Reading(row, TODAY)
    reading.missing(path)
    (problem,) = reading.problems
    header = re.search(r"colonne «\u00a0(.*?)\u00a0»", problem.hint or "")
    assert header
    meaning = meaning_of(header[1])
    assert header[1] in SOUND or (meaning and meaning.fields == (path,))


@pytest.mark.parametrize(
    "value",
    ["Armentières", "59280", "4 place du Général-de-Gaulle", "27/03/2026", "Mme", "LECOQTEST", "Jeanne",
     "contact@exemple.fr", "CC Pévèle-Carembault", "SIVU du Bocage", "Le Quesnoy", "2026-12", "du conseil municipal"],
)  # fmt: skip
def test_a_value_is_no_header(value: str) -> None:
    assert meaning_of(value) is None


# --- Which line is that of headers -------------------------------------------------------------------------


def test_columns_decide_before_any_guess(tmp_path: Path) -> None:
    """The headers of a questionnaire, none known; below, values that are headers elsewhere."""
    lines = [["Q1", "Q2", "Q3"], ["Commune", "Maire", "Ville"], ["Commune", "Maire", "Adresse"]]
    source = source_of(tmp_path, lines, "Q1: forme\nQ2: Fonction\nQ3: Nom de l’adhérent\n")
    assert [row.values for row in source] == [
        {"forme": "Commune", "representant": {"fonction": "Maire"}, "nom": "Ville"},
        {"forme": "Commune", "representant": {"fonction": "Maire"}, "nom": "Adresse"},
    ]


def test_a_questionnaire_keeps_its_rows_with_and_without_a_file_of_columns() -> None:
    """Rows 2 to 4 of LimeSurvey were lost, because a value of the fourth reads « Commune »."""
    for columns in (None, LISTS / "limesurvey-colonnes.yaml"):
        source = read_rows(LISTS / "limesurvey.csv", columns=columns)
        assert [row.values["nom"] for row in source] == ["Armentières", "Les Attaques", "Le Quesnoy", "Hem"]


@pytest.mark.parametrize("above", [["Liste des communes"], ["Commune", "", "", "", "", "", ""], ["Adhésions", "Maire"]])
def test_a_title_is_no_line_of_headers(above: list[str], tmp_path: Path) -> None:
    source = source_of(tmp_path, [above, [], list(SOUND), list(SOUND.values())])
    assert [row.place.line for row in source] == [4]


# --- Several columns, one field; one column, several fields ------------------------------------------------


def test_the_three_columns_of_a_commune_in_demarches_simplifiees_are_understood(tmp_path: Path) -> None:
    columns = LISTS / "demarches-simplifiees-colonnes.yaml"
    (row,) = (source := read_rows(LISTS / "demarches-simplifiees.csv", columns=columns, fixed={"forme": "commune"}))
    assert row.values["code_insee"] == "59017"
    assert row.values["adresse"] == "4 place du Général-de-Gaulle"
    assert source.recognised["Établissement SIRET"] == "siret"
    assert "Commune (Département)" not in " ".join(problem.message for problem in source.problems)
    unmapped = [
        ["Commune", "Commune (Code INSEE)", "Commune (Département)"],
        ["Armentières (59280)", "59017", "59 - Nord"],
    ]
    (row,) = (source := source_of(tmp_path, unmapped))
    assert row.values == {"commune": "Armentières (59280)", "code_insee": "59017"}
    assert not source.problems


def test_a_list_of_banatic_is_understood_whole() -> None:
    source = read_rows(LISTS / "banatic.txt")
    rows = list(source)
    assert source.incomplete is None
    assert rows[0].values["adresse"] == "141 rue Nationale, BP 63"
    assert (rows[0].values["code_postal"], rows[0].values["commune"]) == ("59710", "Pont-à-Marcq")
    assert person(rows[1]) == {"civilite": "Mme", "prenom": "Anne", "nom": "FICTIVEAU"}
    assert [row.values["forme"] for row in rows][2:4] == ["METRO", "MET69"]


def test_the_function_in_an_export_of_the_rne_counts(tmp_path: Path) -> None:
    (row,) = source_of(tmp_path, {**SOUND, "Libellé de la fonction": "1er adjoint au Maire"})
    assert person(row)["fonction"] == "1er adjoint au Maire"


@pytest.mark.parametrize(
    ("parts", "street"),
    [
        ({"N°": "4", "Rue": "place du Général-de-Gaulle", "Complément": "Bâtiment B"},
         "4 place du Général-de-Gaulle, Bâtiment B"),
        ({"Adresse 1": "Hôtel de Ville", "Adresse 2": "1 rue Haute"}, "Hôtel de Ville, 1 rue Haute"),
        ({"Adresse 1": "1 rue Haute", "Adresse 2": ""}, "1 rue Haute"),
        ({"N° de voie": "12 bis", "Nom de la voie": "rue Haute"}, "12 bis rue Haute"),
        ({"Rue": "rue Haute", "N° de voie": "12"}, "12 rue Haute"),
        ({"N° de voie": "", "Rue": "Le Bourg"}, "Le Bourg"),
    ],
)  # fmt: skip
def test_an_address_in_several_columns_is_put_together_and_told(
    parts: dict[str, str], street: str, tmp_path: Path
) -> None:
    (row,) = (source := source_of(tmp_path, {**without("Adresse"), **parts}))
    assert row.values["adresse"] == street
    assert [(problem.severity, problem.code) for problem in source.problems] == [(Severity.NOTICE, "shared-column")]


@pytest.mark.parametrize(
    ("header", "value", "found"),
    [
        ("NOM Prénom", "LECOQTEST Jeanne", {"prenom": "Jeanne", "nom": "LECOQTEST"}),
        ("Prénom NOM", "LECOQTEST Jeanne", {"prenom": "Jeanne", "nom": "LECOQTEST"}),
        ("Nom et prénom du maire", "Lecoqtest Jeanne", {"prenom": "Jeanne", "nom": "Lecoqtest"}),
        ("Prénom et nom", "Jeanne Lecoqtest", {"prenom": "Jeanne", "nom": "Lecoqtest"}),
        ("Prénom Nom", "Jean-Paul de LA TOUR", {"prenom": "Jean-Paul", "nom": "de LA TOUR"}),
        ("Nom Prénom", "LE GOFF Yann", {"prenom": "Yann", "nom": "LE GOFF"}),
        ("Nom Prénom", "d’HŒUR Élie", {"prenom": "Élie", "nom": "d’HŒUR"}),
        ("Maire", "M. Yann LE GOFF", {"civilite": "M", "prenom": "Yann", "nom": "LE GOFF"}),
        ("Civilité Prénom NOM", "Madame Anne Marie DUTESTOIS",
         {"civilite": "Madame", "prenom": "Anne Marie", "nom": "DUTESTOIS"}),
    ],
)  # fmt: skip
def test_a_person_in_one_cell_is_parted_by_a_stated_rule(
    header: str, value: str, found: dict[str, str], tmp_path: Path
) -> None:
    (row,) = (source := source_of(tmp_path, {**without("Civilité", "Prénom", "Nom du représentant"), header: value}))
    assert person(row) == found
    assert not row.problems
    (told,) = source.problems
    assert told.code == "shared-column"
    assert "capitales" in told.message


@pytest.mark.parametrize("value", ["Dupont de la Tour Jeanne", "M. le Maire", "Jeanne", "oui", "Anne Marie Dutestois"])
def test_a_person_whom_no_rule_parts_is_an_error_of_the_row(value: str, tmp_path: Path) -> None:
    (row,) = source_of(tmp_path, {**without("Civilité", "Prénom", "Nom du représentant"), "Maire": value})
    assert {problem.code for problem in row.problems} == {"shared-cell"}
    assert "representant" not in row.values


def test_a_name_with_its_civilite_is_parted_beside_a_first_name(tmp_path: Path) -> None:
    columns = {**without("Civilité", "Nom du représentant"), "Civilité Nom": "Mme LECOQTEST"}
    (row,) = source_of(tmp_path, columns)
    assert person(row) == {"prenom": "Jeanne", "civilite": "Mme", "nom": "LECOQTEST"}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("59280 Armentières", ("59280", "Armentières")),
        ("Armentières (59280)", ("59280", "Armentières")),
        ("Le Quesnoy 59530", ("59530", "Le Quesnoy")),
        ("59 280 - ARMENTIERES", ("59 280", "ARMENTIERES")),
        ("59040 Lille Cedex", ("59040", "Lille Cedex")),
        ("1300 Belley", ("1300", "Belley")),
        ("F-59280 Armentières", ("59280", "Armentières")),
    ],
)
def test_a_postal_code_and_a_town_in_one_cell_are_parted(value: str, found: tuple[str, str], tmp_path: Path) -> None:
    (row,) = source_of(tmp_path, {**SOUND, "CP Ville": value})
    assert (row.values["code_postal"], row.values["commune"]) == found


@pytest.mark.parametrize("value", ["Lille", "59280", "2 bis", "à compléter"])
def test_what_is_no_postal_code_and_town_is_an_error_of_the_row(value: str, tmp_path: Path) -> None:
    (row,) = source_of(tmp_path, {**SOUND, "Code postal et ville": value})
    assert {problem.code for problem in row.problems} == {"shared-cell"}


def test_a_column_that_says_nothing_more_is_left_aside_and_told(tmp_path: Path) -> None:
    (row,) = (source := source_of(tmp_path, {**SOUND, "Maire": "Mme Jeanne LECOQTEST"}))
    assert person(row) == {"civilite": "Mme", "prenom": "Jeanne", "nom": "LECOQTEST"}
    assert [(problem.code, problem.value) for problem in source.problems] == [("column-left-aside", "Maire")]


def test_a_number_and_a_date_in_one_cell_are_parted(tmp_path: Path) -> None:
    columns = {**without("Date de délibération"), "N° et date de délibération": "n° 2026-12 du 27 mars 2026"}
    (row,) = source_of(tmp_path, columns)
    assert row.values["decision"] == {"numero": "n° 2026-12", "date": "27 mars 2026"}
    (row,) = source_of(tmp_path, {**columns, "N° et date de délibération": "2026-12"})
    assert {problem.code for problem in row.problems} == {"shared-cell"}


def test_the_town_of_a_commune_says_who_it_is(tmp_path: Path) -> None:
    columns = {**without("Code INSEE", "Nom du représentant", "Prénom"), "Nom": "LECOQTEST", "Prénom": "Jeanne"}
    order = ["Forme", "Adresse", "Civilité", "Nom", "Prénom", "Date de délibération"]
    (row,) = (
        source := source_of(tmp_path, {"Commune": "Armentières", **{header: columns[header] for header in order}})
    )
    assert source.incomplete is None
    assert (row.values["commune"], person(row)["nom"]) == ("Armentières", "LECOQTEST")


def test_a_file_of_columns_takes_usual_headers_as_targets(tmp_path: Path) -> None:
    columns = {**without("Adresse", "Civilité", "Prénom", "Nom du représentant"), "Qui": "Mme Jeanne LECOQTEST",
               "Où": "59280 Armentières", "R1": "1 rue Haute", "R2": "Bât. A"}  # fmt: skip
    mapping = "Qui: Civilité Prénom NOM\nOù: Code postal et ville\nR1: Adresse 1\nR2: Adresse 2\n"
    (row,) = source_of(tmp_path, columns, mapping)
    assert person(row) == {"civilite": "Mme", "prenom": "Jeanne", "nom": "LECOQTEST"}
    assert (row.values["adresse"], row.values["code_postal"]) == ("1 rue Haute, Bât. A", "59280")
    with pytest.raises(UnreadableError, match="n’a pas un champ connu"):
        source_of(tmp_path, columns, "R1: Adresse de messagerie\n")


# --- In a doubt --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Titre", ["Mme", "M."], "representant.civilite"),
        ("Titre", ["Maire", "Président"], "representant.fonction"),
        ("Délibération", ["27/03/2026", "2026-03-28"], "decision.date"),
        ("Délibération", ["2026-12", "n° 13"], "decision.numero"),
        ("Délibération", ["n° 2026-12 du 27/03/2026", "13 du 28 mars 2026"], "decision.numero + decision.date"),
    ],
)
def test_a_header_that_may_mean_two_things_is_decided_by_its_values(
    header: str, values: list[str], field: str, tmp_path: Path
) -> None:
    columns = without("Civilité", "Date de délibération")
    lines = [[*columns, header], *([*columns.values(), value] for value in values)]
    source = source_of(tmp_path, lines)
    assert source.recognised[header] == field
    given_back = source_of(tmp_path, [source.headers, [*columns.values(), "?"]])
    assert field in given_back.recognised.values(), "given back, the same header means the same, whatever its values"


def test_nom_beside_prenom_is_the_persons_where_another_column_names_the_adherent(tmp_path: Path) -> None:
    columns = {
        **without("Nom du représentant", "Code INSEE"),
        "Nom de la collectivité": "Armentières",
        "Nom": "LECOQTEST",
    }
    (row,) = source_of(tmp_path, columns)
    assert (row.values["nom"], person(row)["nom"]) == ("Armentières", "LECOQTEST")


@pytest.mark.parametrize(
    "order", [["Civilité", "Nom", "Prénom"], ["Civilité", "Prénom", "Nom"], ["Nom", "Prénom", "Civilité"]]
)
def test_nom_with_a_civilite_and_a_first_name_is_the_persons_and_that_is_told(order: list[str], tmp_path: Path) -> None:
    values = {**SOUND, "Nom": "LECOQTEST"}
    columns = {header: values[header] for header in ("Forme", "Code INSEE", "Adresse", *order, "Date de délibération")}
    (row,) = (source := source_of(tmp_path, columns))
    assert person(row)["nom"] == "LECOQTEST"
    assert [(problem.severity, problem.code) for problem in source.problems] == [(Severity.NOTICE, "filled-in")]
    with pytest.raises(UnreadableError, match="peut être le nom de l’adhérent"):
        source_of(tmp_path, {header: columns[header] for header in columns if header != "Code INSEE"})


def test_where_nom_may_be_either_the_line_to_write_is_proposed(tmp_path: Path) -> None:
    columns = {**without("Nom du représentant"), "Nom": "LECOQTEST"}
    with pytest.raises(UnreadableError, match=r"«.Nom: representant\.nom.»"):
        source_of(tmp_path, columns)
    (row,) = source_of(tmp_path, columns, "Nom: representant.nom\n")
    assert person(row)["nom"] == "LECOQTEST"


@pytest.mark.parametrize("header", ["Nom du maire", "Nom du signataire", "NOM DU PRÉSIDENT", "Nom représentant"])
@pytest.mark.parametrize(
    ("values", "names"),
    [
        (["Mme Jeanne LECOQTEST", "M. Paul DUTESTOIS", "Mme Anne Fictive"], ["Jeanne", "Paul", "Anne"]),
        (["Mme LECOQTEST Jeanne", "M. DUTESTOIS Paul", "Mme Fictive Anne"], ["Jeanne", "Paul", "Anne"]),
        (["Madame Jeanne Rose LECOQTEST", "Monsieur Paul de LA FICTIVE"], ["Jeanne Rose", "Paul"]),
    ],
)
def test_whole_names_below_a_header_for_a_name_alone_are_parted(
    header: str, values: Sequence[str], names: Sequence[str], tmp_path: Path
) -> None:
    kept = without("Civilité", "Prénom", "Nom du représentant")
    lines = [[*kept, header], *([*kept.values(), value] for value in values)]
    source = source_of(tmp_path, lines)
    rows = [person(row) for row in source]
    assert [row["prenom"] for row in rows] == names
    assert all(row["civilite"] and row["nom"] for row in rows)
    assert source.incomplete is None
    (told,) = [problem for problem in source.problems if problem.code == "shared-column"]
    assert f"«\u00a0{header}\u00a0»" in told.message
    assert "capitales" in told.message
    again = source_of(tmp_path, [source.headers, [*kept.values(), values[-1]]])  # a row given back alone
    assert [person(row) for row in again] == rows[-1:]


@pytest.mark.parametrize(
    "values",
    [
        ["Mme Jeanne Lecoqtest", "M. Paul Dutestois"],  # which word is the surname?
        ["Mme Jeanne LECOQTEST", "M. DUTESTOIS Paul", "M. Paul Dutestois"],  # two orders, and one that shows none
        ["LECOQTEST", "DUTESTOIS"],
    ],
)
def test_whole_names_whose_order_is_not_shown_are_not_guessed(values: Sequence[str], tmp_path: Path) -> None:
    kept = without("Civilité", "Prénom", "Nom du représentant")
    source = source_of(tmp_path, [[*kept, "Nom du maire"], *([*kept.values(), value] for value in values)])
    assert source.incomplete
    assert "Prénom" in source.incomplete.message


def test_a_name_alone_stays_one_beside_a_first_name(tmp_path: Path) -> None:
    columns = {**without("Nom du représentant"), "Nom du maire": "Jeanne LECOQTEST"}
    (row,) = source_of(tmp_path, columns)
    assert person(row) == {"civilite": "Mme", "prenom": "Jeanne", "nom": "Jeanne LECOQTEST"}


# --- What the adherents are, where no column says it -------------------------------------------------------

TOWNS = [
    {"Commune": "Armentières", "CP": "59280"},
    {"Commune": "LE QUESNOY", "CP": "59530"},
    {"Commune": "Ville de Lille", "CP": "59000"},
]


def towns(folder: Path, others: Sequence[Mapping[str, str]] = (), **more: str) -> RowSource:
    """A list of communes as it comes out of a spreadsheet, without « Forme »; and what stands in it besides."""
    rest = {"Adresse": "1 rue Haute", "Maire": "Mme Jeanne LECOQTEST", "Date de délibération": "27/03/2026"} | more
    rows = [{**row, **rest, **{key: row[key] for key in row if key in rest}} for row in (*TOWNS, *others)]
    return source_of(folder, [list(rows[0]), *([row[header] for header in rows[0]] for row in rows)])


def test_a_list_whose_rows_are_all_communes_is_one_of_communes_and_says_so_once(tmp_path: Path) -> None:
    source = towns(tmp_path)
    assert source.incomplete is None
    assert [row.values["forme"] for row in source] == ["commune"] * 3
    (told,) = [problem for problem in source.problems if problem.field == "forme"]
    assert (told.severity, told.code) == (Severity.NOTICE, "filled-in")
    assert told.message == "Sans colonne «\u00a0forme\u00a0», cette liste est lue comme une liste de communes."


@pytest.mark.parametrize(
    ("others", "more"),
    [
        ([{"Commune": "CCAS de Lille", "CP": "59000"}], {}),
        ([{"Commune": "Métropole européenne de Lille", "CP": "59000"}], {}),
        ([{"Commune": "SIVOM", "CP": "59000"}], {}),
        ([{"Commune": "Flandre Lys", "CP": "59660"}], {}),  # a communauté de communes
        ([{"Commune": "MEL", "CP": "59000"}], {}),
        ([{"Commune": "Le Nord", "CP": "59000"}], {}),  # a département
        ([], {"SIRET": "20009320100013"}),  # of an intercommunality
        ([], {"Qualité": "Présidente"}),
        ([], {"Organe": "Conseil d’administration"}),
    ],
)
def test_a_list_of_which_one_row_may_be_another_body_asks_for_the_kind(
    others: Sequence[Mapping[str, str]], more: Mapping[str, str], tmp_path: Path
) -> None:
    source = towns(tmp_path, others, **more)
    assert source.incomplete
    assert "Forme juridique" in source.incomplete.message
    assert source.incomplete.hint
    assert "--set forme=commune" in source.incomplete.hint
    assert f"ligne {5 if others else 2}." in source.incomplete.hint


MISSPELT = {"Commune": "Lile", "CP": "59000"}


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        (MISSPELT, {"unknown-commune"}),
        ({"Commune": "Lille", "CP": "62000"}, {"postal-code-mismatch"}),
        ({"Commune": "Noréade", "CP": "59000"}, {"unknown-commune"}),
        ({"Commune": "", "CP": "59000"}, {"missing-field"}),
        ({"Commune": "Hellemmes", "CP": "59260"}, {"former-commune"}),
        ({"Commune": "Armentières", "CP": ""}, set()),
        ({"Commune": "Armentières", "CP": "59280", "SIRET": "21590001000004"}, {"bad-siret"}),  # of another commune
    ],
)
def test_a_row_of_which_nothing_is_known_is_judged_alone_among_communes(
    other: Mapping[str, str], codes: set[str], tmp_path: Path
) -> None:
    source = towns(tmp_path, [other], SIRET="")
    assert source.incomplete is None
    *sound, judged = (read_adherent(row, Register.open(), today=date(2026, 6, 30))[1] for row in source)
    assert not any(problem.severity is Severity.ERROR for problems in sound for problem in problems)
    assert {problem.code for problem in judged if problem.severity is Severity.ERROR} == codes
    (told,) = [problem for problem in source.problems if problem.field == "forme"]
    assert "3 lignes sur 4 sont celles d’une commune du répertoire, et aucune ne dit autre chose" in told.message


def test_rows_given_back_are_what_the_list_was_that_they_come_from(tmp_path: Path) -> None:
    """Of a list of communes only those that are unknown come back."""
    source = source_of(tmp_path, {**MISSPELT, "Adresse": "1 rue Haute", "Maire": "Mme Jeanne LECOQTEST",
                                   "Date de délibération": "27/03/2026", "Motifs du rejet": "…"})  # fmt: skip
    assert source.incomplete is None
    assert [row.values["forme"] for row in source] == ["commune"]


@pytest.mark.parametrize(("number", "asks"), [(3, False), (4, True)])
def test_at_least_every_second_row_must_be_a_commune(number: int, asks: bool, tmp_path: Path) -> None:
    source = towns(tmp_path, [MISSPELT] * number)
    assert bool(source.incomplete) is asks
    if source.incomplete:
        assert "ligne 5." in (source.incomplete.hint or "")


def test_a_list_of_communes_that_lacks_another_column_is_not_asked_for_the_kind(tmp_path: Path) -> None:
    lines = [[*TOWNS[0], "Maire", "Date de délibération"],
             *([*town.values(), "Mme Jeanne LECOQTEST", "27/03/2026"] for town in TOWNS)]  # fmt: skip
    source = source_of(tmp_path, lines)
    assert source.incomplete
    assert "Adresse du siège" in source.incomplete.message
    assert "Forme" not in source.incomplete.message


def test_a_list_that_presidents_sign_asks_for_the_kind(tmp_path: Path) -> None:
    lines = [[*TOWNS[0], "Adresse", "Président", "Date de délibération"],
             [*TOWNS[0].values(), "1 rue Haute", "Mme Jeanne LECOQTEST", "27/03/2026"]]  # fmt: skip
    assert source_of(tmp_path, lines).incomplete


@pytest.mark.parametrize(
    ("gone", "header", "value", "line"),
    [
        (("Civilité", "Prénom", "Nom du représentant"), "Contact", "Mme Jeanne LECOQTEST", "Civilité Prénom NOM"),
        (("Prénom", "Nom du représentant"), "Contact", "Jeanne LECOQTEST", "Prénom NOM"),
        ((), "Localisation", "59280 Armentières", "Code postal et ville"),
        (("Forme",), "Statut", "commune", "Forme juridique"),
        (("Code INSEE",), "Identifiant", "200041960", "SIRET"),
        (("Civilité",), "Mme ou M", "Mme", "Civilité"),
    ],
)
def test_where_values_are_plain_the_line_to_add_is_proposed(
    gone: tuple[str, ...], header: str, value: str, line: str, tmp_path: Path
) -> None:
    columns = {**without(*gone), header: value}
    source = source_of(tmp_path, columns)
    told = [problem.hint or "" for problem in (source.incomplete, *source.problems) if problem]
    if header == "Mme ou M":  # known by its words alone
        assert source.recognised[header] == "representant.civilite"
        return
    assert any(f"«\u00a0{header}: {line}\u00a0»" in hint for hint in told), told
    (row,) = source_of(tmp_path, columns, f"{header}: {line}\n")
    assert not row.problems


@pytest.mark.parametrize(
    "others",
    [["Date de naissance"], ["Date de début du mandat"], ["Horodateur"], ["Vue le", "Reçue le"]],
    ids=" et ".join,
)
def test_a_column_of_other_days_or_one_of_two_is_not_proposed(others: list[str], tmp_path: Path) -> None:
    """A birthday is no deliberation; of two columns alike, none is plainly the one."""
    columns = {**without("Date de délibération"), **dict.fromkeys(others, "27/03/2026")}
    source = source_of(tmp_path, columns)
    assert source.incomplete
    assert not any(header in (source.incomplete.hint or "") for header in others)
    alone = source_of(tmp_path, {**without("Date de délibération"), "Vue le": "27/03/2026"})
    assert alone.incomplete
    assert "Vue le: Date de délibération" in (alone.incomplete.hint or "")


# --- Columns that are not there ----------------------------------------------------------------------------


def test_missing_columns_are_one_problem_that_names_them(tmp_path: Path) -> None:
    source = source_of(tmp_path, without("Adresse", "Date de délibération"))
    assert source.incomplete
    assert source.incomplete.code == "missing-column"
    assert "« Adresse du siège », « Date de délibération »" in source.incomplete.message.replace("\u00a0", " ")
    assert "decision.date" not in str(source.incomplete)
    assert source_of(tmp_path, SOUND).incomplete is None


def test_a_field_that_all_rows_have_is_given_by_the_command(tmp_path: Path) -> None:
    source = source_of(
        tmp_path, without("Forme"), fixed={"forme": "commune", "Organe délibérant": "du conseil municipal"}
    )
    (row,) = source
    assert source.incomplete is None
    assert row.values["forme"] == "commune"
    assert row.values["decision"] == {"organe": "du conseil municipal", "date": "27/03/2026"}
    (row,) = (source := source_of(tmp_path, SOUND, fixed={"forme": "CCAS"}))
    assert row.values["forme"] == "CCAS"
    assert [(problem.severity, problem.code) for problem in source.problems] == [
        (Severity.WARNING, "column-left-aside")
    ]
    with pytest.raises(UsageError, match="Vouliez-vous dire"):
        source_of(tmp_path, SOUND, fixed={"form": "commune"})


def test_the_value_of_a_control_is_given_by_the_command(tmp_path: Path) -> None:
    (row,) = source_of(tmp_path, {"tag:a.b": "1", "c": "2"}, addresses=True, fixed={"tag:a.b": "x", "d.e": "y"})
    assert row.values == {"tag:a.b": "x", "d.e": "y", "c": "2"}


def test_a_field_that_all_rows_have_is_given_to_yaml_too(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- nom: A\n  decision: {numero: 1}\n- nom: B\n", encoding="utf-8")
    rows = read_rows(tmp_path / "a.yaml", fixed={"forme": "ccas", "decision_date": "2026-03-27"})
    assert [row.values for row in rows] == [
        {"nom": "A", "forme": "ccas", "decision": {"numero": "1", "date": "2026-03-27"}},
        {"nom": "B", "forme": "ccas", "decision": {"date": "2026-03-27"}},
    ]


def test_headers_of_columns_that_are_not_there_are_told_once(tmp_path: Path) -> None:
    source = source_of(tmp_path, SOUND, "Absent: siret\nAbsente: nom\n")
    (problem,) = source.problems
    assert problem.value == "Absent, Absente"
