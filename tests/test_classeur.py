"""``classeur``: the workbook to fill in is what ``batch`` reads; a list brought into it says what it said."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adherents_at_random import adherents
from conventool.adherent.adherent import Adherent
from conventool.adherent.commune_resolver import settle
from conventool.adherent.fields import FIELDS
from conventool.adherent.kinds import KINDS, find_kind
from conventool.commands.classeur import classeur
from conventool.core.errors import ExitCode, OutputError, UnreadableError, UsageError
from conventool.core.problems import Severity
from conventool.core.row import shown
from conventool.lists.columns import COMMUNAL, Column, Need, columns_of, kind_words, needed_by
from conventool.lists.transfer import bring, choice
from conventool.lists.workbook import Contents, write
from conventool.register.communes import Register
from conventool.sources import read_rows
from conventool.sources.own_columns import OwnColumns
from conventool.template.data import DataReader, own_columns
from conventool.template.folder import TemplateFolder, find_template
from in_process import command
from test_own_fields import DOCUMENT, MANIFEST

ROOT = Path(__file__).parent.parent
CONVENTION = "convention-services-numeriques"
REGISTER = Register.open()
TODAY = date(2026, 6, 30)
SHIPPED = sorted(
    path.parent for folder in ("templates", "examples") for path in (ROOT / folder).glob("*/template.yaml")
)


WORDS_OF_OTHERS = (
    MANIFEST.replace("adherent: non", "adherent: oui")
    .replace("Date de début", "Date de délibération")
    .replace("Durée en mois", "Code postal")
    .replace("facultatif: oui, champs", "libelle: Lot 2, min: 4, champs")
)
"""A template whose own fields have the names of an adherent's, and a list whose name holds a number."""


@pytest.fixture(params=[*SHIPPED, "adherent: non", "mots des autres"], ids=lambda one: getattr(one, "name", one))
def template(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each template of the repository; one that asks for no adherent, and a hard one."""
    if isinstance(request.param, Path):
        return str(request.param)
    folder = tmp_path / "modele"
    folder.mkdir()
    (folder / "form.docx").write_bytes(DOCUMENT)
    manifest = MANIFEST if request.param == "adherent: non" else WORDS_OF_OTHERS
    (folder / "template.yaml").write_text(manifest, encoding="utf-8")
    return str(folder)


@pytest.fixture(autouse=True)
def few_communes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One commune is offered, since openpyxl takes seconds for all those of France; slow tests have them all."""
    if request.node.get_closest_marker("slow") is None:
        monkeypatch.setattr(Register, "__iter__", lambda self: iter([self.by_code("59017")]))


@cache
def columns(template: str = CONVENTION) -> tuple[list[Column], OwnColumns]:
    return columns_of(TemplateFolder.open(find_template(template)))


@cache
def empty(template: str = CONVENTION) -> bytes:
    """An empty workbook."""
    offered, own = columns(template)
    data = BytesIO()
    write(data, Contents("Essai", offered, [], [], ["Armentières (59017)"], own.adherent, own.sheets))
    return data.getvalue()


def typed(rows: Iterable[Mapping[str, Any]], path: Path, data: bytes | None = None) -> Path:
    """A workbook filled in by openpyxl: each row by header."""
    book = openpyxl.load_workbook(BytesIO(data or empty()))
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[2]}
    for number, row in enumerate(rows, 4):
        for header, value in row.items():
            sheet.cell(number, places[header], value)
    book.save(path)
    return path


def read(path: Path, template: str = CONVENTION, **how: Any) -> list[tuple[Adherent | None, list[str], str]]:
    """Of each row: its adherent, what was repaired, and what is wrong."""
    folder = TemplateFolder.open(find_template(template))
    reader = DataReader(folder.manifest, REGISTER, TODAY)
    found = []
    for row in read_rows(path, own=own_columns(folder.manifest, folder.catalogue), **how):
        data, problems = reader.read(row)
        repaired = [one.message for one in problems if one.code in {"repaired", "respelled", "lost-zero"}]
        wrong = "\n".join(one.message for one in problems if one.severity is Severity.ERROR)
        found.append((data and data.adherent, repaired, wrong))
    return found


# --- Its columns -------------------------------------------------------------------------------------------


def test_every_column_is_read_as_its_field(template: str) -> None:
    offered, own = columns_of(TemplateFolder.open(find_template(template)))
    assert {one.header: (one.field,) for one in offered} == {
        one.header: own.meaning_of(one.header).fields  # type: ignore[union-attr]
        for one in offered
    }
    assert len({one.field for one in offered}) == len({one.header for one in offered}) == len(offered)


def test_every_field_of_an_adherent_can_be_given() -> None:
    """Those that are not offered, a commune's code apart, are of a price that this catalogue has not."""
    assert set(FIELDS) - {one.field for one in columns()[0]} == {
        "code_insee", "services", "population", "population_totale"
    }  # fmt: skip


def test_the_elements_of_a_list_have_their_columns() -> None:
    offered, _ = columns(str(ROOT / "examples" / "mise-a-disposition"))
    inside = [(one.field, one.header, one.need) for one in offered if one.field.startswith("materiel.")]
    assert inside[:4] == [
        ("materiel.1.designation", "Matériel 1 designation", Need.ALWAYS),
        ("materiel.1.serie", "Matériel 1 serie", Need.ALWAYS),
        ("materiel.1.valeur", "Matériel 1 valeur", Need.ALWAYS),
        ("materiel.2.designation", "Matériel 2 designation", Need.SOMETIMES),
    ]


def test_left_empty_it_is_nobodys(template: str, tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    assert classeur(None, template, path).exit_code is ExitCode.DONE
    done = command("batch", path, "-t", template, "-o", tmp_path / "lot")
    assert (done.code, (tmp_path / "lot").exists()) == (3, False)
    assert "aucun adhérent" in done.err


def test_what_the_example_shows_is_accepted(template: str, tmp_path: Path) -> None:
    """The values of its row without their mark, and nothing else."""
    offered, _ = columns_of(TemplateFolder.open(find_template(template)))
    path = tmp_path / "liste.xlsx"
    path.write_bytes(empty(template))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    example = {sheet.cell(2, cell.column).value: cell.value for cell in sheet[3] if cell.value}
    assert set(example) == {one.header for one in offered if one.shown}
    assert {one.header for one in offered if one.need is Need.ALWAYS} <= set(example)
    assert all(value.startswith("ex.\u00a0: ") for value in example.values())
    filled = {header: value.removeprefix("ex.\u00a0: ") for header, value in example.items()}
    done = command("validate", typed([filled], path, empty(template)), "-t", template, "--json")
    assert (done.code, done.told["summary"]["accepted"]) == (0, 1), done.out


# --- What must be filled -----------------------------------------------------------------------------------

PERSON = {"Civilité": "Madame", "Prénom": "Zoé", "Nom du représentant": "LEROY"}
WHOLE = {
    "Adresse du siège": "4 place Haute", "Commune du siège": "Armentières (59017)", "Code postal": "59280", **PERSON,
    "Fonction": "la Présidente", "Date de délibération": "12/03/2026", "Organe délibérant": "du bureau",
}  # fmt: skip
NAMES = {
    "departement": "Nord", "sdis": "Nord", "communaute-de-communes": "Flandre Lys", "metropole": "Dijon Métropole",
    "communaute-d-agglomeration": "Cœur de Flandre", "communaute-urbaine": "d’Arras",
}  # fmt: skip


def whole_row(kind: str) -> dict[str, Any]:
    """A row in which every column is filled that this kind may need."""
    whole = {**WHOLE, "Forme juridique": kind_words(kind)}
    if kind not in COMMUNAL:
        whole["Nom de l’adhérent"] = NAMES.get(kind, "Alliance Nord")
    if kind == "autre":
        whole |= {"Appellation de l’adhérent": "L’Agence", "Genre de l’appellation": "f",
                  "Mot de liaison avant le nom": "d’"}  # fmt: skip
    if kind in {"commune", "commune-nouvelle"}:
        whole["Fonction"] = "Maire"
    return whole


@pytest.fixture(scope="module")
def refused_without(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str | None]]:
    """By kind, the columns of its whole row without which it is refused; None stands for the row itself."""
    cases = [(kind, header) for kind in KINDS for header in (None, *whole_row(kind))]
    rows = [whole_row(kind) | ({header: None} if header else {}) for kind, header in cases]
    found = read(typed(rows, tmp_path_factory.mktemp("formes") / "liste.xlsx"))
    refused: dict[str, set[str | None]] = {kind: set() for kind in KINDS}
    for (kind, header), (adherent, _, _) in zip(cases, found, strict=True):
        if adherent is None:
            refused[kind].add(header)
    return refused


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_that_must_be_filled_are_those_without_which_nothing_is_made(
    kind: str, refused_without: dict[str, set[str | None]]
) -> None:
    """Each column of a row emptied in turn: refused if and only if the workbook says that this kind needs it."""
    headers = {one.field: one.header for one in columns()[0]}
    said = {one.header for one in columns()[0] if one.need is Need.ALWAYS}
    said |= {headers[path] for path in needed_by(kind)}
    said |= {headers["commune"]} if kind in COMMUNAL else set()  # as no name is given
    said |= {headers["genre"]} if kind == "autre" else set()  # as the appellation begins with L’
    assert refused_without[kind] == said


def test_a_commune_is_known_by_its_name_too(tmp_path: Path) -> None:
    row = {**WHOLE, "Forme juridique": "Commune", "Fonction": None, "Nom de l’adhérent": "Armentières",
           "Commune du siège": None}  # fmt: skip
    ((adherent, _, _),) = read(typed([row], tmp_path / "liste.xlsx"))
    assert adherent
    assert adherent.code_insee == "59017"


# --- Its checks --------------------------------------------------------------------------------------------


def test_what_cells_offer_is_what_is_read(template: str) -> None:
    """Each list is that of its column; what it offers is read without repair; no message is longer than Excel takes."""
    offered, _ = columns_of(TemplateFolder.open(find_template(template)))
    book = openpyxl.load_workbook(BytesIO(empty(template)))
    sheet = book.worksheets[0]
    checks = {str(one.sqref).partition("4:")[0]: one for one in sheet.data_validations.dataValidation}
    for rank, column in enumerate(offered, 1):
        check = checks[openpyxl.utils.get_column_letter(rank)]
        assert check.promptTitle
        assert len(check.promptTitle) <= 32
        assert len(check.prompt) <= 255
        assert len(check.error) <= 255
        assert (check.type == "list") == bool(column.check.choices or column.check.kind == "commune")
        if check.type == "list":
            assert not check.showDropDown  # which hides the arrow, whatever its name says
            (place,) = book.defined_names[check.formula1].destinations
            cells = [cell.value for line in book[place[0]][place[1]] for cell in line]
            assert cells == list(column.check.choices or ["Armentières (59017)"])
    assert [one.sheet_state for one in book.worksheets] == [
        "visible",
        "visible",
        *["hidden"] * (len(book.worksheets) - 2),
    ]


@pytest.mark.parametrize(
    ("header", "kind", "closed"),
    [("Date de délibération", "date", True), ("Code postal", "custom", True), ("Commune du siège", "list", False),
     ("Forme juridique", "list", True), ("Organe délibérant", "list", False), ("Nombre d’agents", "whole", True)],
)  # fmt: skip
def test_what_is_typed_is_checked(header: str, kind: str, closed: bool) -> None:
    sheet = openpyxl.load_workbook(BytesIO(empty())).worksheets[0]
    letter = next(cell.column_letter for cell in sheet[2] if cell.value == header)
    (check,) = [one for one in sheet.data_validations.dataValidation if str(one.sqref) == f"{letter}4:{letter}1048576"]
    assert (check.type, check.errorStyle != "warning") == (kind, closed)


def test_each_kind_of_the_list_is_its_own() -> None:
    assert {key: find_kind(kind_words(key)) for key in KINDS} == dict(KINDS)


@pytest.mark.slow
def test_every_commune_is_offered(tmp_path: Path) -> None:
    classeur(None, CONVENTION, tmp_path / "liste.xlsx")
    book = openpyxl.load_workbook(tmp_path / "liste.xlsx", read_only=True)
    cells = {row[0] for row in book["Communes"].iter_rows(values_only=True)}
    assert cells == {f"{one.nom} ({one.code})" for one in REGISTER}


@pytest.mark.slow
def test_every_commune_that_is_offered_is_read_as_itself() -> None:
    """Its name and its code, without the other homonyms, and without a word of repair."""
    for commune in REGISTER:
        settled = settle(REGISTER, nom=choice(commune), code_postal=(commune.codes_postaux or (None,))[0])
        assert settled.commune == commune
        assert not settled.problems or not commune.codes_postaux


def test_a_sheet_never_has_the_name_of_a_list_of_the_template(tmp_path: Path) -> None:
    (tmp_path / "form.docx").write_bytes(DOCUMENT)
    manifest = MANIFEST.replace("lignes: {type: liste", "lignes: {libelle: Liste, type: liste")
    (tmp_path / "template.yaml").write_text(manifest, encoding="utf-8")
    classeur(None, str(tmp_path), tmp_path / "liste.xlsx")
    assert openpyxl.load_workbook(tmp_path / "liste.xlsx").sheetnames[0] == "Liste (classeur)"


# --- Filled in ---------------------------------------------------------------------------------------------


def flat(data: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{above}{name}.")
        elif value:
            yield f"{above}{name}", value


def as_typed(data: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    """An adherent as somebody fills in the workbook: choices chosen, days as days."""
    values: dict[str, Any] = dict(flat(data))
    if code := values.pop("code_insee", None):
        values["commune"] = f"{values['commune']} ({code})"
    values["forme"] = kind_words(values["forme"])
    days = {path for path in values if path.endswith(".date") or path.startswith("signatures.")}
    return {headers[path]: date.fromisoformat(value) if path in days else value for path, value in values.items()}


@given(st.lists(adherents().filter(lambda one: one.get("article") != ""), min_size=15, max_size=15))
@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_adherents_typed_in_are_those_of_a_csv(tmp_path: Path, some: list[dict[str, Any]]) -> None:
    """The same data, whichever holds them, and nothing that the program had to repair which the CSV has not."""
    import csv

    headers = {one.field: one.header for one in columns()[0]}
    paths = sorted({path for one in some for path, _ in flat(one)})
    with (tmp_path / "liste.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [path.replace(".", "_") for path in paths], delimiter=";")
        writer.writeheader()
        writer.writerows({path.replace(".", "_"): value for path, value in flat(one)} for one in some)
    filled = read(typed([as_typed(one, headers) for one in some], tmp_path / "liste.xlsx"))
    of_csv = read(tmp_path / "liste.csv")
    assert [adherent for adherent, _, _ in filled] == [adherent for adherent, _, _ in of_csv]
    for (adherent, repaired, wrong), (_, of_text, _) in zip(filled, of_csv, strict=True):
        assert adherent, wrong
        assert set(repaired) <= set(of_text)


THREE = [
    {"Forme juridique": "Commune", "Commune du siège": "Le Quesnoy (59481)", "Adresse du siège": "1 rue Haute",
     "Date de délibération": date(2026, 3, 1), "Parapheur électronique": "oui", "Sauvegarde externalisée": 50,
     **PERSON},
    {"Forme juridique": "CCAS", "Commune du siège": "Lille (59350)", "Code postal": "59800", "Reconduction": "expresse",
     "Adresse du siège": "2 rue de la Mairie", "Date de délibération": date(2026, 3, 20), **PERSON},
    {"Forme juridique": "Communauté d’agglomération", "Nom de l’adhérent": "Cœur de Flandre",
     "Commune du siège": "Hazebrouck (59295)", "Adresse du siège": "222 bis rue de Vieux-Berquin",
     "Date de délibération": date(2026, 4, 2), **PERSON},
]  # fmt: skip


def test_three_adherents_are_filled_in_and_produced(tmp_path: Path) -> None:
    """As an agent does it, the whole workbook: no repair, no error, and the example is nobody."""
    done = command("classeur", "-o", tmp_path / "vide.xlsx", "--json")
    assert done.told["files"] == {"workbook": str(tmp_path / "vide.xlsx")}
    path = typed(THREE, tmp_path / "liste.xlsx", (tmp_path / "vide.xlsx").read_bytes())
    done = command("batch", path, "-o", tmp_path / "lot", "--json")
    assert (done.code, done.told["summary"]["adherents"], done.told["summary"]["accepted"]) == (0, 3, 3)
    told = {one["code"] for one in done.told["problems"]}
    assert told <= {"filled-in", "row-left-aside", "no-service", "left-blank"}
    named = {one["adherent"] for one in done.told["documents"]}
    assert named == {"Le Quesnoy", "Lille", "Cœur de Flandre"}


@given(seed=st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_and_columns_may_be_moved(tmp_path: Path, seed: Any) -> None:
    """Sorted, moved, with columns of their own between: the same adherents, and never that of the example."""
    book = openpyxl.load_workbook(typed(THREE, tmp_path / "liste.xlsx"))
    sheet = book.worksheets[0]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=1, max_row=6)]
    order = [*range(len(lines[0])), None, None]
    seed.shuffle(order)
    heads, body = lines[:2], lines[2:]
    seed.shuffle(body)
    sheet.delete_rows(1, sheet.max_row)
    for number, line in enumerate((*heads, *body), 1):
        for place, rank in enumerate(order, 1):
            sheet.cell(number, place, f"à moi {place}" if rank is None else line[rank])
    book.save(tmp_path / "liste.xlsx")
    found = read(tmp_path / "liste.xlsx")
    assert sorted(adherent.nom for adherent, _, _ in found if adherent) == ["Cœur de Flandre", "Le Quesnoy", "Lille"]
    assert len(found) == 3


@given(st.sets(st.sampled_from([one.header for one in columns()[0] if one.shown]), min_size=1))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_example_written_over_in_part_is_never_produced(tmp_path: Path, over: set[str]) -> None:
    """Only once nothing of it is left."""
    book = openpyxl.load_workbook(BytesIO(empty()))
    sheet = book.worksheets[0]
    shown_in = {sheet.cell(2, cell.column).value: cell for cell in sheet[3] if cell.value}
    for header in over:
        shown_in[header].value = shown_in[header].value.removeprefix("ex.\u00a0: ")
    book.save(tmp_path / "liste.xlsx")
    found = read(tmp_path / "liste.xlsx")
    assert [adherent is not None for adherent, _, _ in found] == [over == set(shown_in)]


# --- A list brought into it --------------------------------------------------------------------------------

LISTS = [
    path for path in sorted((ROOT / "tests" / "cases" / "lists").iterdir())
    if not path.stem.endswith("-colonnes") and path.stem != "deux-feuilles"
] + [ROOT / "examples" / name for name in ("communes.csv", "services.csv", "adherent.yaml")]  # fmt: skip


def brought(path: Path, output: Path) -> Mapping[str, Any]:
    """Bring a list into a workbook that offers one commune; returns how the list is read."""
    beside = path.with_name(f"{path.stem}-colonnes.yaml")
    how: dict[str, Any] = {"columns": beside} if beside.exists() else {}
    offered, own = columns()
    found = bring(read_rows(path, own=own, **how), offered, own, REGISTER)
    data = BytesIO()
    write(data, Contents("Essai", found.columns, found.kept, found.rows, ["Armentières (59017)"], True, ()))
    output.write_bytes(data.getvalue())
    return how


QUICK = {"cellules-partagees.csv", "numero-rue.csv", "cellules-typees.xlsx", "dates.csv", "merville.yaml"}


@pytest.mark.parametrize(
    "path", [pytest.param(one, marks=[] if one.name in QUICK else pytest.mark.slow, id=one.name) for one in LISTS]
)
def test_a_list_says_the_same_in_the_workbook(path: Path, tmp_path: Path) -> None:
    """The same adherents; what was refused is refused; no word is lost; and once more, the same."""
    how = brought(path, tmp_path / "liste.xlsx")
    was, now = read(path, **how), read(tmp_path / "liste.xlsx")
    assert [without_ways(adherent) for adherent, _, _ in now] == [without_ways(adherent) for adherent, _, _ in was]
    source = read_rows(path, own=columns()[1], **how)
    services = {rank for rank, fields in enumerate(source.fields) if fields == ("services",)}  # which become headers
    for row, there in zip(source, read_rows(tmp_path / "liste.xlsx"), strict=True):
        held = " ".join(map(shown, there.cells))
        words = [word for rank, cell in enumerate(row.cells) if rank not in services for word in shown(cell).split()]
        assert [word for word in words if word.strip(",;()–-°") not in held] == []
    brought(tmp_path / "liste.xlsx", tmp_path / "encore.xlsx")
    assert [one[0] for one in read(tmp_path / "encore.xlsx")] == [one[0] for one in now]


POOL = {
    "Forme": ["commune", "CCAS", "CA", "sivu", "autre", "", "régie"],
    "Code INSEE": ["59017", "59350", "59280", "", "59999", "62742", "2A004", "1004"],
    "Nom": ["", "Armentières", "ARMENTIERES", "Hem", "Cœur de Flandre", "CCAS d’Armentières", "Saint-Aubin"],
    "Commune": ["", "Armentières", "Armentières (59017)", "Armentières (59350)", "Saint-Aubin (62742)", "Hesdin"],
    "CP": ["", "59280", "59800", "59611", "2100", "59017", "59 280", "abc"],
    "CP Ville": ["59280 Armentières", "Lille 59800", "", "Armentières", "59280"],
    "Adresse": ["4 place Haute", "", "12", "1 rue Basse, 59280 Armentières"],
    "Adresse 2": ["Bât A", "", "étage 2"],
    "Civilité": ["Mme", "M.", "Madame", "", "Monsieur le Maire", "?"],
    "Prénom": ["Zoé", "", "Léo"],
    "Nom du maire": ["LEROY", "", "Mme LEROY"],
    "Maire": ["Mme Zoé LEROY", "M. Léo PETIT", "Zoé Leroy Petit", "", "la mairie"],
    "NOM Prénom": ["LEROY Zoé", "PETIT", "", "Mme LEROY Zoé"],
    "Fonction": ["", "Maire", "Présidente", "1er adjoint"],
    "Date de délibération": ["12/03/2026", "31/02/2026", "12 mars 2026", "", "12/03/26"],
    "N° et date de délibération": ["n° 2026-12 du 27/03/2026", "27/03/2026", "", "2026-12"],
    "Services": ["", "parapheur", "parapheur ; sauvegarde × 50", "fax"],
    "Reconduction": ["tacite", "expresse", "", "peut-être"],
    "Remarque": ["ex. : rien", "à voir", ""],
    "": ["", "sans titre"],
}


@given(st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_list_says_the_same(tmp_path: Path, data: st.DataObject) -> None:
    """Whatever columns it has and whatever they hold; only a cell that could not be parted may say something now."""
    heads = data.draw(st.lists(st.sampled_from(sorted(POOL)), min_size=4, unique=True))
    rows = data.draw(st.lists(st.tuples(*(st.sampled_from(POOL[head]) for head in heads)), min_size=1, max_size=5))
    path = tmp_path / "liste.csv"
    path.write_text("\n".join(";".join(f'"{cell}"' for cell in row) for row in [heads, *rows]), encoding="utf-8")
    try:
        was = read(path)
    except UnreadableError:
        return
    brought(path, tmp_path / "liste.xlsx")
    source = list(read_rows(path, own=columns()[1]))
    for row, (before, _, _), (now, _, _) in zip(source, was, read(tmp_path / "liste.xlsx"), strict=True):
        unparted = any(problem.code == "shared-cell" for problem in row.problems)
        assert (unparted and before is None) or without_ways(now) == without_ways(before)


def without_ways(adherent: Adherent | None) -> Adherent | None:
    """An adherent without the places in its data that say what it chose, nor their order, which is the catalogue's."""
    if adherent is None:
        return None
    services = tuple(sorted(one._replace(way=()) for one in adherent.besoins.services))
    return adherent._replace(besoins=adherent.besoins._replace(services=services))


def lines_of(path: Path) -> tuple[list[str], list[dict[str, Any]]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    return heads, [
        {head: cell for head, cell in zip(heads, line, strict=True) if cell is not None}
        for line in sheet.iter_rows(min_row=4, values_only=True)
    ]


def test_columns_of_its_own_are_kept_and_told(tmp_path: Path) -> None:
    source = tmp_path / "liste.csv"
    source.write_text(
        "Forme;Insee;Remarque;Ancienne adresse;Adresse;Civ.;Prénom;Nom du maire;Date délib.;;\n"
        "commune;59017;à relancer;1 rue Basse;4 place Haute;Mme;Zoé;LEROY;12/03/2026;sans titre;\n"
        "commune;59350;;;2 rue Haute;M.;Léo;PETIT;31/02/2026;;de trop;\n", encoding="utf-8")  # fmt: skip
    (tmp_path / "colonnes.yaml").write_text("Ancienne adresse: null\n", encoding="utf-8")
    done = command("classeur", source, "--columns", tmp_path / "colonnes.yaml", "-o", tmp_path / "a.xlsx", "--json")
    assert done.code == 0
    (told,) = [one for one in done.told["problems"] if one["code"] == "column-kept"]
    assert told["value"] == "Remarque, Ancienne adresse, (colonne 10), (colonne 11)"
    heads, (first, second) = lines_of(tmp_path / "a.xlsx")
    assert heads[-4:] == ["Remarque", "Ancienne adresse", "(colonne 10)", "(colonne 11)"]
    assert (first["Commune du siège"], first["Remarque"]) == ("Armentières (59017)", "à relancer")
    assert (first["(colonne 10)"], second["(colonne 11)"]) == ("sans titre", "de trop")
    assert first["Date de délibération"].date() == date(2026, 3, 12)
    assert second["Date de délibération"] == "31/02/2026"
    assert "Code INSEE" not in heads


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        ("commune;59017;;;59280", "Armentières (59017)"),
        ("commune;59017;ARMENTIERES;", "Armentières (59017)"),
        ("commune;59017;;Armentieres", "Armentières (59017)"),
        ("sivu;59017;Alliance Nord;", "Armentières (59017)"),
        ("commune;59017;Hem;", None),
        ("commune;59017;;Hem", "Hem"),
        ("commune;59000;;", None),
        ("commune;59280;;;59017", None),
        (";59017;Alliance Nord;", None),
    ],
)
def test_a_code_is_put_in_the_cell_of_its_commune_where_all_agree(
    given: str, chosen: str | None, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(f"Forme;Insee;Nom;Ville;CP\n{given}\n", encoding="utf-8")
    brought(tmp_path / "a.csv", tmp_path / "a.xlsx")
    _, (line,) = lines_of(tmp_path / "a.xlsx")
    assert line.get("Commune du siège") == chosen
    assert line.get("Code INSEE") == (None if chosen and "(" in chosen else given.split(";")[1])


def test_what_a_cell_cannot_hold_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"Forme;Remarque\ncommune;{'x' * 40_000}\n", encoding="utf-8")
    report = classeur(tmp_path / "a.csv", CONVENTION, tmp_path / "a.xlsx")
    assert report.exit_code is ExitCode.PROBLEMS
    assert [(one.code, one.place.line) for one in report.problems if one.severity is Severity.ERROR] == [
        ("too-long", 2)
    ]


def test_yaml_is_brought_too(tmp_path: Path) -> None:
    classeur(ROOT / "examples" / "adherent-complet.yaml", CONVENTION, tmp_path / "a.xlsx")
    heads, (line,) = lines_of(tmp_path / "a.xlsx")
    chosen = (
        "Parapheur électronique",
        "Télétransmission des actes",
        "Sauvegarde externalisée",
        "Intervention du CDG 59",
    )
    assert [line[name] for name in chosen] == ["oui", "oui", "50", "6"]
    assert "Services" not in heads
    source = ROOT / "examples" / "mise-a-disposition"
    classeur(source / "exemples" / "jolimetz.yaml", str(source), tmp_path / "b.xlsx")
    done = command("validate", tmp_path / "b.xlsx", "-t", source, "--json")
    assert (done.code, done.told["summary"]["accepted"]) == (0, 1), done.out


@pytest.mark.parametrize("cell", ["parapheur ; fax", "actes ; actes", "sauvegarde × 0", "parapheur, actes"])
def test_services_that_have_no_column_stay_as_they_are(cell: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'Forme;Services\nCommune;"{cell}"\nCommune;actes\n', encoding="utf-8")
    brought(tmp_path / "a.csv", tmp_path / "a.xlsx")
    heads, lines = lines_of(tmp_path / "a.xlsx")
    assert [line["Services"] for line in lines] == [cell, "actes"]
    assert "Parapheur électronique" not in heads


def test_more_elements_have_more_columns(tmp_path: Path) -> None:
    """From a second sheet, each behind those of its list; the column that joined them is kept."""
    template = str(ROOT / "examples" / "mise-a-disposition")
    book = openpyxl.Workbook()
    book.active.append(["Forme", "Réf", "Fin", "Usage"])
    book.active.append(["commune", "R1", "31/10/2026", "le prêt"])
    sheet = book.create_sheet("Matériel")
    sheet.append(["Réf", "designation", "valeur"])
    for number in range(1, 6):
        sheet.append(["R1", f"Chaise {number}", number])
    book.save(tmp_path / "a.xlsx")
    classeur(tmp_path / "a.xlsx", template, tmp_path / "b.xlsx")
    heads, (line,) = lines_of(tmp_path / "b.xlsx")
    first = heads.index("Matériel 1 designation")
    assert (
        heads[first + 9 : first + 15]
        == [f"Matériel {number} {field}" for number in (4, 5) for field in ("designation", "valeur")]
        + heads[first + 13 : first + 15]
    )
    assert [line[f"Matériel {number} designation"] for number in range(1, 6)] == [f"Chaise {n}" for n in range(1, 6)]
    assert (heads[-1], line["Réf"]) == ("Réf", "R1")


# --- The file ----------------------------------------------------------------------------------------------


def test_how_a_list_is_read_is_no_matter_without_one(tmp_path: Path) -> None:
    done = command("classeur", "-o", tmp_path / "liste.xlsx", "--sheet", "2026")
    assert (done.code, (tmp_path / "liste.xlsx").exists()) == (2, False)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "liste.xlsx"
    classeur(None, CONVENTION, path)
    before = path.read_bytes()
    classeur(None, CONVENTION, path)
    path.write_bytes(before + b" ")
    with pytest.raises(OutputError) as refused:
        classeur(None, CONVENTION, path)
    assert refused.value.exit_code is ExitCode.UNWRITABLE
    assert path.read_bytes() == before + b" "
    classeur(None, CONVENTION, path, force=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("template", "name", "told"),
    [(CONVENTION, "liste.csv", "-o liste.xlsx"), (CONVENTION, "liste", "-o liste.xlsx"),
     ("formulaire.docx", "liste.xlsx", "conventool adopt formulaire.docx")],
)  # fmt: skip
def test_what_it_cannot_make_is_told(template: str, name: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        classeur(None, template, Path(name))
    assert told in (refused.value.problems[0].hint or "")


# --- LibreOffice -------------------------------------------------------------------------------------------

SOFFICE = shutil.which("soffice")
MACRO = """
Sub Fill(source As String, typed As String, target As String, kind As String)
    Dim options(0) As New com.sun.star.beans.PropertyValue
    Dim entry As String
    options(0).Name = "Hidden"
    options(0).Value = True
    book = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, options())
    sheet = book.Sheets.getByIndex(0)
    Open typed For Input As #1
    Do While Not EOF(1)
        Line Input #1, entry
        parts = Split(entry, "|")
        sheet.getCellByPosition(CInt(parts(0)), CInt(parts(1))).FormulaLocal = parts(2)
    Loop
    Close #1
    options(0).Name = "FilterName"
    options(0).Value = kind
    book.storeToURL(ConvertToURL(target), options())
    book.close(True)
End Sub
"""
"""Types cells as a person does, by what they show, and saves the workbook."""
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{}</script:module>"""
REGISTRY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale"><value>fr-FR</value></prop></item>
</oor:items>"""


def typed_in_libreoffice(source: Path, cells: Iterable[tuple[int, int, str]], target: Path, kind: str) -> None:
    """Type cells, counted from 0, in a French LibreOffice."""
    assert SOFFICE is not None
    user = target.parent / "profile" / "user"
    start = [SOFFICE, f"-env:UserInstallation={user.parent.as_uri()}", "--headless", "--norestore"]
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(REGISTRY, encoding="utf-8")
    subprocess.run([*start, "--terminate_after_init"], check=True, capture_output=True, timeout=180)  # copies its own
    (user / "basic" / "Standard" / "Module1.xba").write_text(MODULE.format(escape(MACRO)), encoding="utf-8")
    lines = target.parent / "cells.txt"
    lines.write_text("".join(f"{column}|{row}|{text}\n" for column, row, text in cells), encoding="utf-8")
    call = f"macro:///Standard.Module1.Fill({source},{lines},{target},{kind})"
    subprocess.run([*start, call], check=True, capture_output=True, timeout=180)


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(("suffix", "kind"), [("xlsx", "Calc MS Excel 2007 XML"), ("ods", "calc8")])
def test_what_is_typed_in_libreoffice_is_produced(suffix: str, kind: str, tmp_path: Path) -> None:
    """As with openpyxl: no repair; its checks and lists are those of the workbook, after LibreOffice saved it."""
    classeur(None, CONVENTION, tmp_path / "vide.xlsx")
    places = {one.header: rank for rank, one in enumerate(columns()[0])}
    cells = [
        (places[header], row, f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value))
        for row, one in enumerate(THREE, 3)
        for header, value in one.items()
    ]
    path = tmp_path / f"liste.{suffix}"
    typed_in_libreoffice(tmp_path / "vide.xlsx", cells, path, kind)
    done = command("batch", path, "-o", tmp_path / "lot", "--json")
    assert (done.code, done.told["summary"]["accepted"]) == (0, 3)
    assert {one["code"] for one in done.told["problems"]} <= {"filled-in", "row-left-aside", "no-service", "left-blank"}
    of_openpyxl = read(typed(THREE, tmp_path / "autre.xlsx"))
    assert [one[0] for one in read(path)] == [one[0] for one in of_openpyxl]
    if suffix == "xlsx":
        book = openpyxl.load_workbook(path)
        lists = {str(one.sqref).partition(":")[0]: one.formula1 for one in
                 book.worksheets[0].data_validations.dataValidation if one.type == "list"}  # fmt: skip
        assert (lists["A4"], lists["C4"]) == ("choix_1", "choix_communes")
        assert [one.sheet_state for one in book.worksheets] == ["visible", "visible", "hidden", "hidden"]
