"""A template's own fields: declared in its manifest, read in data, said in its expressions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlsxwriter
import yaml

from conventool.batch.options import RunOptions
from conventool.commands.batch import batch, validate
from conventool.commands.check import check_template
from conventool.commands.fill import fill
from conventool.commands.read import ReadOptions
from conventool.commands.read import read as read_documents
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import TemplateError, UnreadableError
from conventool.core.problems import Problem, Severity
from conventool.core.watch import NOBODY
from conventool.register.communes import Register
from conventool.sources.yaml_file import parse_yaml
from conventool.template.data import DataReader
from conventool.template.folder import TemplateFolder
from conventool.word.template import Mode
from documents.make import docx, p, prompt, r, sdt, zip_of
from documents.zoo import CHECKBOX, FRENCH_DATE, FRENCH_LIST, ITEM, SECTION, TEXT
from wordtext import paragraphs, parts

AGENTS = FRENCH_LIST.replace("La Commune", "Agents").replace("L’Établissement public", "Élus")
ELEMENT = sdt(
    p(sdt(prompt(), TEXT, tag="quoi", showing=True) + r(" : ") + sdt(prompt(), TEXT, tag="prix", showing=True)), ITEM
)
DOCUMENT = docx(
    p(r("Mission : ") + sdt(prompt(), TEXT, tag="mission", showing=True))
    + p(r("À partir du ") + sdt(prompt(), FRENCH_DATE, tag="debut", showing=True))
    + p(r("Durée : ") + sdt(prompt(), TEXT, tag="duree", showing=True))
    + p(r("Public : ") + sdt(prompt(), AGENTS, tag="public", showing=True))
    + p(r("Urgent : ") + sdt(r("☐"), CHECKBOX, tag="urgent"))
    + p(r("Montant : ") + sdt(prompt(), TEXT, tag="montant", showing=True))
    + p(r("Note : ") + sdt(prompt(), TEXT, tag="note", showing=True))
    + p(r("Détail :"))
    + sdt(ELEMENT, SECTION, tag="lignes")
)
MANIFEST = """\
titre: Mise à disposition
document: form.docx
fichier: "mission_{{ champs.mission }}"
adherent: non
exemplaires: {original: Original}
champs:
  mission: {type: texte, libelle: Mission confiée}
  debut: {type: date, libelle: Date de début}
  duree: {type: entier, libelle: Durée en mois, min: 1, max: 48}
  public: {type: choix, choix: [Agents, Élus]}
  urgent: {type: oui-non, defaut: non}
  montant: {type: montant, defaut: "0"}
  note: {type: texte, facultatif: oui}
  lignes: {type: liste, facultatif: oui, champs: {quoi: {type: texte}, prix: {type: montant, libelle: Prix unitaire}}}
controles:
  mission: "{{ champs.mission }}"
  debut: "{{ champs.debut }}"
  duree: "{{ champs.duree }} {{ champs.duree | pluriel('an', 'ans') }} ({{ champs.duree | en_lettres }})"
  public: "{{ champs.public }}"
  urgent: "{{ champs.urgent }}"
  montant: "{{ champs.montant | euros }}"
  note: "{{ champs.note }}"
  lignes: "{{ champs.lignes }}"
"""
DATA = """\
mission: Audit du système d’information
debut: 12/03/2026
duree: 12
public: elus
urgent: oui
montant: 1 234,56 €
lignes:
  - quoi: Étude
    prix: 800
  - quoi: Rapport
    prix: 434,56
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template folder whose every control is a field of its own."""
    folder = tmp_path / "modele"
    folder.mkdir()
    (folder / "form.docx").write_bytes(DOCUMENT)
    (folder / "template.yaml").write_text(MANIFEST, encoding="utf-8")
    return folder


def read(template: Path, data: str) -> tuple[Mapping[str, Any] | None, list[Problem]]:
    """The fields that a YAML text gives."""
    (row,) = parse_yaml(data, "donnees.yaml")
    manifest = TemplateFolder.open(template).manifest
    found, problems = DataReader(manifest, Register.open(), date(2026, 4, 1)).read(row)
    return found and found.champs, problems


def test_values_have_their_types(template: Path) -> None:
    """Amounts are exact, dates are dates, a choice is as it was declared, and what was assumed is told."""
    values, problems = read(template, DATA)
    assert values is not None
    assert values["montant"] == Decimal("1234.56")
    assert values["debut"] == date(2026, 3, 12)
    assert values["public"] == "Élus"
    assert values["urgent"] is True
    assert [(one["quoi"], one["prix"]) for one in values["lignes"]] == [
        ("Étude", Decimal(800)), ("Rapport", Decimal("434.56")),
    ]  # fmt: skip
    assert problems == []


def test_defaults_are_told(template: Path) -> None:
    """« urgent » and « montant » are left out; « note » and « lignes » may be empty, of which nothing is to be said."""
    values, problems = read(template, "mission: Audit\ndebut: 2026-03-12\nduree: 3\npublic: Agents\n")
    assert values is not None
    assert (values["urgent"], values["montant"]) == (False, Decimal(0))
    assert [(one.code, one.severity, one.field) for one in problems] == [
        ("filled-in", Severity.NOTICE, "urgent"),
        ("filled-in", Severity.NOTICE, "montant"),
    ]


WRONG = [
    ("duree: douze", "bad-value", 3, 8),
    ("duree: 49", "out-of-bounds", 3, 8),
    ("duree: 12,5", "bad-value", 3, 8),
    ("duree: 1.200", "ambiguous-number", 3, 8),
    ("montant: 12 €50", "bad-value", 6, 10),
    ("montant: 1,234", "ambiguous-number", 6, 10),
    ("montant: 12,345", "ambiguous-number", 6, 10),
    ("montant: 0,125", "bad-value", 6, 10),
    ("debut: 31/02/2026", "bad-date", 2, 8),
    ("debut: 03/04/26", "ambiguous-date", 2, 8),
    ("public: Tous", "bad-choice", 4, 9),
    ("urgent: peut-être", "bad-choice", 5, 9),
    ("mission: LiÃ©vin", "mojibake", 1, 10),
    ("mission: [a, b]", "bad-value", 1, 10),
    ("mission: à compléter", "missing-field", 1, 1),
    ("mision: Audit", "unknown-field", 1, 1),
    ("    prix: cher", "bad-value", 9, 11),
    ("    pris: 12", "unknown-field", 9, 5),
]


@pytest.mark.parametrize(("line", "code", "number", "column"), WRONG)
def test_what_is_wrong_has_its_place(template: Path, line: str, code: str, number: int, column: int) -> None:
    """One line of sound data is replaced: one error, at its line and column, with what to write instead."""
    lines = DATA.splitlines()
    lines[number - 1] = line
    values, problems = read(template, "\n".join(lines))
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert values is None
    assert [(one.code, one.place.line, one.place.column) for one in errors] == [(code, number, column)], errors
    assert errors[0].hint


def test_everything_missing_is_told_at_once(template: Path) -> None:
    """Each field without which there is no document, by its label, with an example."""
    values, problems = read(template, "note: rien\n")
    assert values is None
    missing = [problem for problem in problems if problem.code == "missing-field"]
    assert [problem.field for problem in missing] == ["mission", "debut", "duree", "public"]
    assert missing[2].message == "Il manque «\u00a0Durée en mois\u00a0»."
    assert missing[2].hint == "Ajoutez «\u00a0duree\u00a0», par exemple «\u00a012\u00a0»."


def test_fill_prints_every_type(template: Path, tmp_path: Path) -> None:
    """The text of the filled document, word for word; two elements become two lines."""
    (tmp_path / "audit.yaml").write_text(DATA, encoding="utf-8")
    report = fill(tmp_path / "audit.yaml", RunOptions(str(template), tmp_path / "sortie"))
    assert report.errors == []
    (document,) = report.documents
    assert document.path.name == "mission_audit-du-systeme-d-information.docx"
    assert [text for text, _ in paragraphs(document.path)] == [
        "Mission : Audit du système d’information",
        "À partir du 12\u00a0mars\u00a02026",
        "Durée : 12 ans (douze)",
        "Public : Élus",
        "Urgent : ☒",
        "Montant : 1\u00a0234,56\u00a0€",
        "Note : ",
        "Détail :",
        "Étude : 800,00",
        "Rapport : 434,56",
    ]


def test_the_template_is_sound_with_every_value(template: Path) -> None:
    """``check`` tries each choice, yes and no, no element and several, and what may be empty."""
    checked = check_template(template, update=True)
    assert checked.problems == []
    assert checked.documents == 3


FAULTS = [
    ("mission: {type: texte, libelle: Mission confiée}", "mission: {type: text}", "bad-choice", "champs.mission.type"),
    ("max: 48", "max: 0", "bad-value", "champs.duree.max"),
    ("max: 48", "max: beaucoup", "bad-value", "champs.duree.max"),
    ("max: 48", "maxi: 48", "unknown-field", "champs.duree.maxi"),
    ('defaut: "0"', "defaut: rien", "bad-value", "champs.montant.defaut"),
    ('defaut: "0"', "min: 10, defaut: 5", "out-of-bounds", "champs.montant.defaut"),
    ("choix: [Agents, Élus]", "defaut: Agents", "missing-field", "champs.public"),
    ("note: {type: texte", "note: {type: texte, choix: [a]", "bad-value", "champs.note.choix"),
    ("note: {type: texte", "no te: {type: texte", "bad-value", "champs.no te"),
    ("facultatif: oui, champs", "facultatif: peut-être, champs", "bad-choice", "champs.lignes.facultatif"),
    ("prix: {type: montant", "prix: {type: liste", "missing-field", "champs.lignes.champs.prix"),
    ("adherent: non", "adherent: jamais", "bad-choice", "adherent"),
    ('champs.mission }}"\n  debut', 'champs.misson }}"\n  debut', "bad-expression", "controles.mission"),
    ('champs.mission }}"\n  debut', 'adherent.nom }}"\n  debut', "bad-expression", "controles.mission"),
]


@pytest.mark.parametrize(("before", "after", "code", "field"), FAULTS)
def test_a_wrong_declaration_has_its_place(template: Path, before: str, after: str, code: str, field: str) -> None:
    """One fault in the manifest: told at its line, before any document is made."""
    text = MANIFEST.replace(before, after, 1)
    assert text != MANIFEST
    (template / "template.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        TemplateFolder.open(template)
    told = [(problem.code, problem.field) for problem in caught.value.problems]
    assert (code, field) in told, caught.value.problems
    first = next(problem for problem in caught.value.problems if problem.field == field)
    at = text[: text.index(after)].count("\n") + 1
    assert first.place.line in {at, at + 1}
    assert first.hint


def test_a_list_and_its_section_fit(template: Path) -> None:
    """A field of the list without control, and a control of the section without field, are told."""
    text = MANIFEST.replace("quoi: {type: texte}", "objet: {type: texte}")
    (template / "template.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        _ = TemplateFolder.open(template).document
    assert {problem.code for problem in caught.value.problems} == {"control-missing", "control-unbound"}


def test_an_adherent_keeps_its_names(template: Path) -> None:
    """A field may be called « nom » only where no adherent is asked for."""
    renamed = MANIFEST.replace("  mission: {type", "  nom: {type").replace("champs.mission", "champs.nom")
    (template / "template.yaml").write_text(renamed, encoding="utf-8")
    assert "nom" in TemplateFolder.open(template).manifest.champs
    (template / "template.yaml").write_text(renamed.replace("adherent: non", "adherent: oui"), encoding="utf-8")
    with pytest.raises(TemplateError) as caught:
        TemplateFolder.open(template)
    assert [problem.code for problem in caught.value.problems] == ["duplicate-field"]


LIST = """\
Mission confiée;Date de début;duree;Public;Urgent;Montant;Lignes 1 Quoi;Prix unitaire 1;lignes_2_quoi;lignes_2_prix
Audit;12/03/2026;12;élus;x;1 234,56 €;Étude;800;Rapport;434,56
Conseil;1er avril 2026;3;Agents;;;;;Seul;10
"""


def texts(path: Path) -> list[str]:
    return [text for text, _ in paragraphs(path)]


def test_a_list_has_a_column_for_each_field(template: Path, tmp_path: Path) -> None:
    """By name or by label; the elements of a list by numbered columns, of which a row may leave some empty."""
    (tmp_path / "liste.csv").write_text(LIST, encoding="utf-8")
    report = batch(tmp_path / "liste.csv", RunOptions(str(template), tmp_path / "sortie"), NOBODY)
    assert report.errors == []
    first, second = sorted((tmp_path / "sortie").glob("*.docx"))
    assert texts(first) == [
        "Mission : Audit", "À partir du 12\u00a0mars\u00a02026", "Durée : 12 ans (douze)", "Public : Élus",
        "Urgent : ☒", "Montant : 1\u00a0234,56\u00a0€", "Note : ", "Détail :", "Étude : 800,00", "Rapport : 434,56",
    ]  # fmt: skip
    assert texts(second)[3:] == [
        "Public : Agents",
        "Urgent : ☐",
        "Montant : 0,00\u00a0€",
        "Note : ",
        "Détail :",
        "Seul : 10,00",
    ]


def test_a_file_of_columns_names_own_fields(template: Path, tmp_path: Path) -> None:
    """By name, by label, with the numbers of elements; a column left aside, one that is no field told at its line."""
    header, rows = LIST.split("\n", 1)
    old = header.split(";")
    new = ["Travail", "Début", "Mois", "Qui", "Presse", "Somme", "Ligne A", "Prix A", "Ligne B", "Prix B"]
    (tmp_path / "liste.csv").write_text(
        f"{';'.join(new)};Divers\n{rows.replace(chr(10), ';x' + chr(10))}", encoding="utf-8"
    )
    columns = tmp_path / "colonnes.yaml"
    columns.write_text(
        "".join(f"{a}: {b}\n" for a, b in zip(new, old, strict=True)) + "Divers: null\n", encoding="utf-8"
    )
    options = RunOptions(str(template), tmp_path / "sortie", columns=columns)
    report = batch(tmp_path / "liste.csv", options, NOBODY)
    assert (report.errors, report.summary["accepted"]) == ([], 2)
    assert texts(min((tmp_path / "sortie").glob("*.docx")))[-2:] == ["Étude : 800,00", "Rapport : 434,56"]
    columns.write_text("Travail: missionn\n", encoding="utf-8")
    with pytest.raises(UnreadableError) as refused:
        batch(tmp_path / "liste.csv", options, NOBODY)
    [problem] = refused.value.problems
    assert (problem.place.line, "mission" in (problem.hint or "")) == (1, True)


def test_what_is_wrong_in_a_list_has_its_cell(template: Path, tmp_path: Path) -> None:
    """Line and header of the cell, for a field and for one of an element; the other row is made."""
    text = LIST.replace("Audit;12/03", "Audit;31/02").replace("434,56", "cher")
    (tmp_path / "liste.csv").write_text(text, encoding="utf-8")
    report = batch(tmp_path / "liste.csv", RunOptions(str(template), tmp_path / "sortie"), NOBODY)
    assert [(one.code, one.place.line, one.place.column) for one in report.errors] == [
        ("bad-date", 2, "Date de début"),
        ("bad-value", 2, "lignes_2_prix"),
    ]
    assert report.summary["accepted"] == 1


def test_a_list_without_a_column_that_all_need(template: Path, tmp_path: Path) -> None:
    """It is refused once, with the header to add; a misspelt header is proposed."""
    (tmp_path / "liste.csv").write_text(LIST.replace("Date de début", "Date de debuts"), encoding="utf-8")
    with pytest.raises(UnreadableError) as caught:
        validate(tmp_path / "liste.csv", RunOptions(str(template), tmp_path / "sortie"), NOBODY)
    missing, unknown = caught.value.problems
    assert (missing.code, "Date de début" in missing.message) == ("missing-column", True)
    assert (unknown.code, unknown.hint) == ("unknown-field", "Vouliez-vous dire «\u00a0Date de début\u00a0»\u00a0?")


def test_set_gives_a_field_to_all(template: Path, tmp_path: Path) -> None:
    """By name or by label, in a list and in YAML."""
    (tmp_path / "liste.csv").write_text("mission;duree;Public\nAudit;3;Agents\nConseil;4;Élus\n", encoding="utf-8")
    options = RunOptions(str(template), tmp_path / "sortie", fixed={"Date de début": "2026-03-12", "montant": "5"})
    report = batch(tmp_path / "liste.csv", options, NOBODY)
    assert report.errors == []
    assert [texts(path)[1] for path in (tmp_path / "sortie").glob("*.docx")] == [
        "À partir du 12\u00a0mars\u00a02026"
    ] * 2


def test_a_workbook_gives_typed_cells(template: Path, tmp_path: Path) -> None:
    """Dates, numbers as the sheet shows them, true and false; a title stands above the headers."""
    with xlsxwriter.Workbook(tmp_path / "liste.xlsx") as book:
        sheet = book.add_worksheet("Missions")
        sheet.write_row(0, 0, ["Missions de l’année"])
        sheet.write_row(
            2, 0, ["Mission confiée", "Date de début", "Durée en mois", "Public", "Urgent", "Montant", "Note"]
        )
        sheet.write_row(3, 0, ["Audit"])
        sheet.write_datetime(3, 1, datetime(2026, 3, 12), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001
        sheet.write_number(3, 2, 12)
        sheet.write_string(3, 3, "Agents")
        sheet.write_boolean(3, 4, True)
        sheet.write_number(3, 5, 1234.5, book.add_format({"num_format": "#,##0.00 €"}))
        sheet.write_datetime(3, 6, datetime(2026, 4, 1), book.add_format({"num_format": "d/m/yyyy"}))  # noqa: DTZ001
    report = batch(tmp_path / "liste.xlsx", RunOptions(str(template), tmp_path / "sortie"), NOBODY)
    assert report.errors == []
    (document,) = (tmp_path / "sortie").glob("*.docx")
    assert texts(document) == [
        "Mission : Audit", "À partir du 12\u00a0mars\u00a02026", "Durée : 12 ans (douze)", "Public : Agents",
        "Urgent : ☒", "Montant : 1\u00a0234,50\u00a0€", "Note : 1/4/2026", "Détail :",
    ]  # fmt: skip


ROWS = [
    DATA,
    "mission: Conseil\ndebut: 2026-04-01\nduree: '3'\npublic: Agents\nurgent: non\nmontant: '0,00'\nnote: À relire\n",
    "mission: Deux mots\ndebut: 2026-12-31\nduree: '48'\npublic: Élus\nurgent: oui\nmontant: '-5,10'\n",
]


@pytest.mark.parametrize("data", ROWS)
@pytest.mark.parametrize("controls", ["keep", "unwrap"])
def test_values_come_back_and_are_verified(template: Path, tmp_path: Path, data: str, controls: Mode) -> None:
    """``read`` gives data that mean the same; ``verify`` finds nothing, then a planted word, then another value."""
    (tmp_path / "un.yaml").write_text(data, encoding="utf-8")
    fill(tmp_path / "un.yaml", RunOptions(str(template), tmp_path / "sortie", controls=controls))
    (document,) = (tmp_path / "sortie").glob("*.docx")
    report = read_documents([document], ReadOptions(str(template)))
    assert [str(problem) for problem in report.problems] == []
    again, problems = read(template, yaml.safe_dump(dict(report.data[0]), allow_unicode=True))
    wanted, _ = read(template, data)
    assert (again, problems) == (wanted, [])
    options = VerifyOptions(template=str(template), data=tmp_path / "un.yaml", jobs=1)
    assert [str(problem) for problem in verify([document], options).problems] == []
    files = parts(document)
    box = ("☒", "☐") if "urgent: oui" in data else ("☐", "☒")
    changes = [("Mission : ", "Mission annulée : ", "altered-text"), (*box, "altered-value"), *altered(data)]
    for before, after, code in ((old.encode(), new.encode(), code) for old, new, code in changes):
        assert before in files["word/document.xml"]
        changed = files["word/document.xml"].replace(before, after)
        (tmp_path / "retour.docx").write_bytes(zip_of(files | {"word/document.xml": changed}))
        assert code in {problem.code for problem in verify([tmp_path / "retour.docx"], options).problems}


def altered(data: str) -> list[tuple[str, str, str]]:
    """Another amount in an element, and another word between its values, where there are elements."""
    if "lignes" not in data:
        return []
    between = '<w:t xml:space="preserve"> : </w:t>'
    return [("800,00", "80,00", "altered-value"), (between, between.replace(" : ", " sauf "), "altered-value")]


def workbook(path: Path, rows: list[list[str]], elements: list[list[str]], sheet: str = "Lignes") -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, lines in (("Missions", rows), (sheet, elements)):
            page = book.add_worksheet(name)
            for rank, line in enumerate(lines):
                page.write_row(rank, 0, line)


ROWS_OF_TWO = [
    ["Mission confiée", "Date de début", "Durée en mois", "Public"],
    ["Audit", "12/03/2026", "12", "Agents"],
    ["Conseil", "01/04/2026", "3", "Élus"],
]


def test_elements_stand_on_a_sheet_of_their_own(template: Path, tmp_path: Path) -> None:
    """They find their row by a column that both sheets have; those without a row, and unknown columns, are told."""
    elements = [
        ["Mission confiée", "Quoi", "Prix unitaire", "Remarque"],
        ["conseil", "Seul", "10", ""],
        ["Audit", "Étude", "800", ""],
        ["Audit", "Rapport", "434,56", ""],
        ["Ailleurs", "Perdu", "1", ""],
    ]
    workbook(tmp_path / "liste.xlsx", ROWS_OF_TWO, elements)
    report = batch(tmp_path / "liste.xlsx", RunOptions(str(template), tmp_path / "sortie"), NOBODY)
    assert report.errors == []
    told = {(one.code, one.place.sheet) for one in report.problems if one.severity is Severity.WARNING}
    assert told == {("row-left-aside", "Lignes"), ("unknown-field", "Lignes")}
    [unknown] = [one for one in report.problems if one.code == "unknown-field"]
    assert unknown.place.column == "Remarque"
    first, second = sorted((tmp_path / "sortie").glob("*.docx"))
    assert texts(first)[-2:] == ["Étude : 800,00", "Rapport : 434,56"]
    assert texts(second)[-2:] == ["Détail :", "Seul : 10,00"]


def test_a_rejected_row_keeps_its_elements(template: Path, tmp_path: Path) -> None:
    """The file of rejects, corrected and given back, has them as numbered columns."""
    rows = [ROWS_OF_TWO[0], ["Audit", "31/02/2026", "12", "Agents"]]
    workbook(tmp_path / "liste.xlsx", rows, [["Mission confiée", "Quoi", "Prix"], ["Audit", "Étude", "800"]])
    report = batch(tmp_path / "liste.xlsx", RunOptions(str(template), tmp_path / "sortie"), NOBODY)
    assert [problem.code for problem in report.errors] == ["bad-date"]
    book = openpyxl.load_workbook(tmp_path / "sortie" / "rejets.xlsx")
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    sheet.cell(2, headers.index("Date de début") + 1).value = "28/02/2026"
    book.save(tmp_path / "corrige.xlsx")
    again = batch(tmp_path / "corrige.xlsx", RunOptions(str(template), tmp_path / "sortie"), NOBODY)
    assert again.errors == []
    (document,) = (tmp_path / "sortie").glob("*.docx")
    assert texts(document)[-1] == "Étude : 800,00"


@pytest.mark.parametrize(
    ("rows", "elements"),
    [
        (ROWS_OF_TWO, [["Quoi", "Prix"], ["Étude", "800"]]),
        ([*ROWS_OF_TWO, ROWS_OF_TWO[1]], [["Mission confiée", "Quoi", "Prix"], ["Audit", "a", "1"]]),
    ],
)  # fmt: skip
def test_elements_that_no_row_or_two_might_have(
    template: Path, tmp_path: Path, rows: list[list[str]], elements: list[list[str]]
) -> None:
    """No column in common, or a value on two rows: nothing is guessed."""
    workbook(tmp_path / "liste.xlsx", rows, elements)
    with pytest.raises(UnreadableError) as caught:
        batch(tmp_path / "liste.xlsx", RunOptions(str(template), tmp_path / "sortie"), NOBODY)
    assert caught.value.problems[0].place.sheet == "Lignes"
    assert caught.value.problems[0].hint
