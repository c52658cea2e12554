"""A workbook is read as a person sees it: what cells show, which sheet is the list, what is hidden."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conventool.batch.options import RunOptions
from conventool.commands.batch import batch, validate
from conventool.commands.fill import fill
from conventool.core.errors import UnreadableError, UsageError
from conventool.core.problems import Severity
from conventool.core.row import RowSource, TypedCell, shown
from conventool.core.watch import NOBODY
from conventool.sources import read_rows
from conventool.sources.number_formats import BUILT_IN
from conventool.sources.sheets import numbered

CASES = Path(__file__).parent / "cases"
LISTS = CASES / "lists"
HEADERS = ["Forme", "Code INSEE", "Adresse", "Civilité", "Prénom", "Nom du représentant", "Date de délibération",
           "N° de délibération"]  # fmt: skip
ROW = ["commune", "59017", "1 rue Haute", "Mme", "Jeanne", "LECOQTEST", "27/03/2026", "12"]
MOMENT = datetime(2026, 3, 9, 18, 30)  # noqa: DTZ001 (a cell has no zone)


def book_of(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Path:
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    for name, lines in sheets:
        sheet = book.add_worksheet(name)
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    book.close()
    return path


def told(source: RowSource) -> list[tuple[Severity, str]]:
    list(source)
    return [(problem.severity, problem.code) for problem in source.problems]


# --- What cells show ---------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """With plain spaces; before a percent sign French printing has one, which spreadsheets leave out."""
    return " ".join(text.replace("\u202f", " ").replace("\u00a0", " ").replace(" %", "%").split())


FORMATS = [line.split("\t") for line in (CASES / "formats-de-nombres.tsv").read_text("utf-8").splitlines()[1:]]
"""Numbers, their formats, and what LibreOffice 7.4 in French shows of them; ``n° 14`` is a format of that number."""


@pytest.mark.parametrize(("value", "code", "shown"), FORMATS)
def test_a_number_is_read_as_a_spreadsheet_in_french_shows_it(value: str, code: str, shown: str) -> None:
    code = BUILT_IN[int(code.removeprefix("n° "))] if code.startswith("n° ") else code
    assert plain(numbered(value, code).shown) == plain(shown)


def test_what_libreoffice_saves_as_ods_is_read_as_it_shows_it() -> None:
    source = read_rows(CASES / "formats-de-nombres.ods", addresses=True)
    found = [plain(text) for text in (source.headers[0], *(shown(row.cells[0]) for row in source))]
    assert found == [plain(text) for _, _, text in FORMATS]


OLD = Path(__file__).parent / "data" / "formats-et-masques.xls"
"""The same formats, and a list, made an .xls by LibreOffice: where the system's own format of days is meant it writes
the English one, Excel a number."""


def test_an_old_workbook_is_read_as_it_is_shown() -> None:
    source = read_rows(OLD, addresses=True, sheet="Formats")
    found = [plain(text) for text in (source.headers[0], *(shown(row.cells[0]) for row in source))]
    local = {"n° 14", "n° 15", "n° 16", "n° 22"}
    expected = [(code, plain(text)) for _, code, text in FORMATS]
    assert [text for text, (code, _) in zip(found, expected, strict=True) if code not in local] == [
        text for code, text in expected if code not in local
    ]


def test_what_an_old_workbook_hides_or_could_not_calculate_is_told() -> None:
    source = read_rows(OLD)
    rows = list(source)
    assert [row.values["code_postal"] for row in rows] == ["01510", "59280", "59000", "59190"]
    assert [[problem.code for problem in row.problems] for row in rows] == [[], [], [], ["failed-cell"]]
    assert [problem.code for problem in source.problems] == ["hidden-sheet", "hidden-columns", "hidden-rows"]
    assert len(list(read_rows(OLD, visible_only=True))) == 3


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_old_workbook_is_said_to_be_so(seed: int, tmp_path: Path) -> None:
    chance, data = random.Random(seed), bytearray(OLD.read_bytes())
    for _ in range(chance.choice([1, 20, 200])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    (tmp_path / "a.xls").write_bytes(data[: chance.randrange(600, len(data))] if seed % 5 == 0 else data)
    try:
        list(read_rows(tmp_path / "a.xls", sheet="Liste"))
    except (UnreadableError, UsageError) as error:
        assert error.problems[0].hint  # noqa: PT017 (some damage leaves it readable)


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (5.5, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "5,50 €"),
        (0, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-;_-* "-"??\\ "€"_-;_-@_-', "- €"),
        (1234.5, "[$€-40C] #,##0.00", "€ 1 234,50"),
        (12, ";;;", ""),
        (46090, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "lundi 9 mars 2026"),
        (46090, "jj/mm/aaaa", "09/03/2026"),
        (0.5, '0 "unité(s)"', "1 unité(s)"),
        (3, '"\\"0', "\\3"),
        (3, "Standard", "3"),
        (1e300, "dd/mm/yyyy", "1" + "0" * 300),
        (-1, "dd/mm/yyyy", "-1"),
    ],
)
def test_formats_that_people_write_by_hand(number: float, code: str, shown: str) -> None:
    assert plain(numbered(repr(number), code).shown) == shown


def test_days_are_counted_from_either_origin() -> None:
    """ISO/IEC 29500-1, 18.17.4.1: day 1 is 1 January 1900, with a 29 February that never was; or 2 January 1904."""
    for serial, since_1904, day in (
        ("1", False, date(1900, 1, 1)),
        ("59", False, date(1900, 2, 28)),
        ("61", False, date(1900, 3, 1)),
        ("46090", False, date(2026, 3, 9)),
        ("44628", True, date(2026, 3, 9)),
        ("2958465", False, date(9999, 12, 31)),
        ("2957003", True, date(9999, 12, 31)),
    ):
        assert numbered(serial, "dd/mm/yyyy", since_1904=since_1904).value == day
    assert numbered("46090.75", "dd/mm/yyyy hh:mm").value == MOMENT.replace(minute=0)
    assert numbered("0.4375", "hh:mm").value == 0.4375


@pytest.mark.parametrize(
    ("serial", "since_1904"), [("2958466", False), ("2957004", True), ("2957003.9999999999", True)]
)
def test_there_is_no_day_after_the_year_9999(serial: str, since_1904: bool) -> None:
    assert not isinstance(numbered(serial, "dd/mm/yyyy", since_1904=since_1904).value, date)


@settings(deadline=None, max_examples=500)
@example(1e300, "0.00", False)
@example(1e28, "# ?/?", True)
@example(2_958_465.99999, "dd/mm/yyyy hh:mm:ss", True)
@given(
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-1_000_000, 1_000_000).map(float),
    st.text(alphabet='0#?.,%/E+-;"\\_*[]$€40C <>=@ymdhsjaG eneralAMP/x: ', max_size=30),
    st.booleans(),
)
def test_any_format_shows_something_or_nothing_but_never_fails(number: float, code: str, since_1904: bool) -> None:
    assert isinstance(numbered(repr(number), code, since_1904=since_1904).shown, str)


def test_the_formats_of_an_agents_sheet_reach_the_fields_of_a_form() -> None:
    (row,) = read_rows(LISTS / "04b-formats.xlsx", addresses=True)
    assert {name: plain(str(value)) for name, value in row.values.items() if name != "note"} == {
        "nom": "Vieux-Lavoir", "montant": "1 200,50 €", "taux": "5,5%", "cp": "01000", "tel": "06 12 34 56 78",
        "jour": "1er mars 2026", "heure": "14:30", "somme": "0,30", "actif": "oui", "entier": "3",
        "compte": "(1 250 €)", "surface": "12,50 m²",
    }  # fmt: skip


def test_a_date_is_carried_with_what_its_cell_shows(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Nom du maire", "Jour"])
    sheet.write_string(1, 0, "x")
    sheet.write_datetime(1, 1, MOMENT, book.add_format({"num_format": "d mmmm yyyy"}))
    book.close()
    (row,) = read_rows(tmp_path / "a.xlsx", addresses=True)
    assert row.values["Jour"] == date(2026, 3, 9)
    assert row.texts == {("Jour",): "9 mars 2026"}
    assert row.cells[1] == TypedCell(MOMENT, "9 mars 2026", "d mmmm yyyy")


@pytest.mark.parametrize(
    ("code", "shown"), [("mmm-yy", "déc.-26"), ("d-mmm", "1-déc."), ("mmmm yyyy", "décembre 2026"), ("yyyy", "2026")]
)
def test_a_date_whose_cell_does_not_show_it_was_made_up_by_the_spreadsheet(
    code: str, shown: str, tmp_path: Path
) -> None:
    """« 2026-12 » typed into Excel becomes the first of December, shown « déc.-26 »."""
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADERS)
    sheet.write_row(1, 0, ROW)
    sheet.write_datetime(1, 6, date(2026, 12, 1), book.add_format({"num_format": code}))
    book.close()
    (row,) = read_rows(tmp_path / "a.xlsx")
    (problem,) = row.problems
    assert (problem.code, problem.field, problem.value) == ("ambiguous-date", "decision.date", shown)
    assert "decision" not in row.values or "date" not in row.values["decision"]  # type: ignore[operator]


def test_a_formula_that_was_never_calculated_is_no_empty_cell(tmp_path: Path) -> None:
    """As a program writes it that does not calculate: openpyxl."""
    book = openpyxl.Workbook()
    book.active.append(HEADERS)
    book.active.append([*ROW[:2], '=CONCATENATE("1 rue"," Haute")', *ROW[3:]])
    book.save(tmp_path / "a.xlsx")
    (row,) = read_rows(tmp_path / "a.xlsx")
    (problem,) = row.problems
    assert (problem.code, problem.field) == ("failed-cell", "adresse")
    assert row.cells[2] == TypedCell(None, "#N/A")


def test_a_formula_that_gives_a_text_is_that_text_and_an_empty_one_an_empty_cell(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADERS)
    sheet.write_row(1, 0, ROW)
    sheet.write_formula(1, 2, '="1 rue"&" Basse"', None, "1 rue Basse")
    sheet.write_formula(1, 7, '=""', None, "")
    book.close()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        for name, part in parts.items():  # as Excel writes it, which gives the type of the text
            archive.writestr(name, part.replace(b'<c r="H2"><f>""</f>', b'<c r="H2" t="str"><f>""</f>'))
    (row,) = read_rows(tmp_path / "a.xlsx")
    assert row.values["adresse"] == "1 rue Basse"
    assert "numero" not in row.values["decision"]  # type: ignore[operator]
    assert not row.problems


# --- Sheets ------------------------------------------------------------------------------------------------


def test_two_lists_are_a_question_that_names_them() -> None:
    with pytest.raises(UsageError) as asked:
        read_rows(LISTS / "deux-feuilles.xlsx")
    (problem,) = asked.value.problems
    assert problem.code == "ambiguous-sheet"
    assert all(word in plain(str(problem)) for word in ("« 2025 »", "« 2026 »", "--sheet"))
    assert len(list(read_rows(LISTS / "deux-feuilles.xlsx", sheet="2025"))) == 1
    assert len(list(read_rows(LISTS / "deux-feuilles.xlsx", sheet="2026"))) == 2


def test_the_only_sheet_that_looks_like_a_list_is_it(tmp_path: Path) -> None:
    about = [["Comment remplir ce classeur"], ["Forme", "commune ou CCAS"], ["Adresse", "sans code postal"]]
    empty = [HEADERS]
    path = book_of(tmp_path / "a.xlsx", ("Lisez-moi", about), ("Modèle", empty), ("Adhérents", [HEADERS, ROW]))
    source = read_rows(path)
    assert "feuille Adhérents" in source.described
    assert told(source) == []


def test_a_sheet_of_choices_or_of_communes_is_no_second_list(tmp_path: Path) -> None:
    choices = [["Forme", "Civilité", "Fonction"], ["commune", "Madame", "Maire"], ["CCAS", "Monsieur", "Président"]]
    communes = [["Code INSEE", "Nom commune", "Code postal"], ["59017", "Armentières", "59280"]]
    path = book_of(tmp_path / "a.xlsx", ("Choix", choices), ("Communes", communes), ("Adhérents", [HEADERS, ROW]))
    source = read_rows(path)
    assert "feuille Adhérents" in source.described
    assert told(source) == []


def test_a_list_in_a_hidden_sheet_is_told_and_read_only_by_its_name(tmp_path: Path) -> None:
    for state in ("hidden", "veryHidden"):
        book = openpyxl.Workbook()
        book.active.title = "2026"
        book.create_sheet("2025").sheet_state = state
        for sheet in book:
            sheet.append(HEADERS)
            sheet.append(ROW)
        book.save(tmp_path / "a.xlsx")
        source = read_rows(tmp_path / "a.xlsx")
        assert "feuille 2026" in source.described
        assert told(source) == [(Severity.WARNING, "hidden-sheet")]
        assert "feuille 2025" in read_rows(tmp_path / "a.xlsx", sheet="2025").described


def test_columns_decide_which_sheet_is_the_list(tmp_path: Path) -> None:
    path = book_of(
        tmp_path / "a.xlsx", ("Prix", [["Article", "Type"], ["x", "y"]]), ("Gens", [["Qui", "Où"], ["x", "1 rue"]])
    )
    columns = tmp_path / "columns.yaml"
    columns.write_text("Qui: nom\nOù: adresse\n", encoding="utf-8")
    assert "feuille Gens" in read_rows(path, columns=columns).described


# --- What is hidden, and what is no row --------------------------------------------------------------------


def test_a_list_by_hand_is_read_with_its_hidden_row_told() -> None:
    """A title, groups of columns above the headers, a filter, a total, a note."""
    path = LISTS / "liste-main.xlsx"
    source = read_rows(path)
    assert [row.place.line for row in source] == [5, 6, 7]
    assert [(one.severity, one.code) for one in source.problems] == [
        (Severity.NOTICE, "hidden-columns"),
        (Severity.WARNING, "hidden-rows"),
        (Severity.NOTICE, "row-left-aside"),
    ]
    assert "Code postal" in source.problems[0].message
    assert "6" in source.problems[1].message
    assert "--visible" in (source.problems[1].hint or "")
    assert all(words in plain(source.problems[2].message) for words in ("9 (« TOTAL »)", "10 (« * sous réserve »)"))
    visible = read_rows(path, visible_only=True)
    assert [row.place.line for row in visible] == [5, 7]
    assert (Severity.NOTICE, "hidden-rows") in told(visible)
    assert told(visible) == told(visible), "what is said is said once, however often the rows are read"


def test_what_is_hidden_or_no_row_is_told_by_every_command(tmp_path: Path) -> None:
    options = RunOptions("convention-services-numeriques", tmp_path / "out")
    for command in (validate, batch, batch):
        report = command(LISTS / "liste-main.xlsx", options, NOBODY)
        assert report.summary["adherents"] == 3
        assert {"hidden-columns", "hidden-rows", "row-left-aside"} <= {problem.code for problem in report.problems}
    visible = validate(LISTS / "liste-main.xlsx", options._replace(visible_only=True), NOBODY)
    assert visible.summary["adherents"] == 2


def test_what_libreoffice_hides_is_told_too(tmp_path: Path) -> None:
    """OpenDocument 1.3, 19.752: ``collapse`` for a row hidden by hand, ``filter`` for one that a filter left out."""
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(CASES / "formules-en-echec.ods") as archive, zipfile.ZipFile(path, "w") as changed:
        text = archive.read("content.xml").decode()
        before, mark, after = text.rpartition("<table:table-row ")
        for _ in range(3):
            if "LECOQ" in after or "rue" in after or "commune" in after.lower():
                break
            before, _, more = before.rpartition("<table:table-row ")
            after = more + mark + after
        changed.writestr("content.xml", f'{before}{mark}table:visibility="filter" {after}')
    shown, all_of_them = read_rows(path, sheet="Liste", visible_only=True), read_rows(path, sheet="Liste")
    assert len(list(shown)) == len(list(all_of_them)) - 1
    assert (Severity.WARNING, "hidden-rows") in [(one.severity, one.code) for one in all_of_them.problems]


def test_headers_repeated_on_every_printed_page_are_no_rows(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", ("Liste", [HEADERS, ROW, [], HEADERS, ROW, ["Total : 2"]]))
    source = read_rows(path)
    assert [row.place.line for row in source] == [2, 5]
    (problem,) = source.problems
    assert problem.code == "row-left-aside"


def test_the_second_line_of_a_questionnaire_is_no_row(tmp_path: Path) -> None:
    kinds = ["Response", "Open-Ended Response", "Open-Ended Response", "Response"]
    source = read_rows(book_of(tmp_path / "a.xlsx", ("Liste", [HEADERS, kinds, ROW])))
    assert [row.place.line for row in source] == [3]
    assert told(source) == [(Severity.NOTICE, "row-left-aside")]


def test_an_adherent_is_never_left_aside_for_its_name(tmp_path: Path) -> None:
    rows = [["Total", *ROW[1:]], ["Notes", *ROW[1:]], ["commune", "59017"], ["* commune", *ROW[1:]]]
    path = book_of(tmp_path / "a.xlsx", ("Liste", [HEADERS, *rows]))
    assert len(list(read_rows(path))) == len(rows)


def test_groups_above_the_headers_say_whose_name_it_is(tmp_path: Path) -> None:
    groups = ["Adhérent", "", "", "Signataire", "", "", "Décision", ""]
    headers = ["Forme", "Nom", "Adresse", "Civilité", "Prénom", "Nom", "Date", "N°"]
    path = book_of(tmp_path / "a.xlsx", ("Liste", [["Adhésions 2026"], groups, headers, ROW]))
    assert list(read_rows(path).recognised.values()) == [
        "forme", "nom", "adresse", "representant.civilite", "representant.prenom", "representant.nom",
        "decision.date", "decision.numero",
    ]  # fmt: skip


def test_headers_of_two_lines_are_read_as_one(tmp_path: Path) -> None:
    """Some cells two lines high, others parted below a wider one; given back, one line says the same."""
    above = ["Forme", "Code INSEE", "Siège", "", "", "Signataire", "", "", "Décision", ""]
    below = ["", "", "Adresse", "CP", "Ville", "Civilité", "Prénom", "Nom", "Date", "N°"]
    row = [*ROW[:3], "59280", "Armentières", *ROW[3:]]
    source = read_rows(book_of(tmp_path / "a.xlsx", ("Liste", [["Adhésions 2026"], above, below, row])))
    (read,) = source
    again = read_rows(book_of(tmp_path / "b.xlsx", ("Liste", [source.headers, read.cells])))
    assert list(source.recognised.values()) == list(again.recognised.values())
    assert list(source.recognised.values()) == [
        "forme", "code_insee", "adresse", "code_postal", "commune", "representant.civilite", "representant.prenom",
        "representant.nom", "decision.date", "decision.numero",
    ]  # fmt: skip
    assert [one.values for one in again] == [read.values]


def test_a_table_need_not_begin_in_the_first_cell(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.merge_range("C2:I2", "Adhésions 2026")
    sheet.write_row("C5", HEADERS)
    sheet.write_row("C6", ROW)
    book.close()
    (row,) = read_rows(tmp_path / "a.xlsx")
    assert row.values["code_insee"] == "59017"
    assert not row.problems


# --- Files that are not what they seem ---------------------------------------------------------------------


def test_a_workbook_is_read_for_what_it_is_whatever_its_name(tmp_path: Path) -> None:
    renamed = {"a.csv": LISTS / "xls-renomme.xlsx", "b.xls": LISTS / "numero-date.xlsx",
               "c.csv": LISTS / "numero-date.xlsx", "d.xlsx": CASES / "formules-en-echec.ods"}  # fmt: skip
    for name, source in renamed.items():
        (tmp_path / name).write_bytes(source.read_bytes())
        sheet = "Liste" if name == "d.xlsx" else None
        assert len(list(read_rows(tmp_path / name, sheet=sheet))) >= 2
    assert told(read_rows(LISTS / "xls-renomme.xlsx")) == []


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.xls", "<html><table><tr><td>Forme", "page web"),
        ("b.xls", "\ufeff<!DOCTYPE html>\n<html>", "page web"),
        ("c.xls", '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML 2003"),
        ("d.csv", "%PDF-1.7", "PDF"),
        ("e.xls", '{"erreur": "session expirée"}', "n’en est pas un malgré son nom"),
    ],
)
def test_what_is_no_table_is_named_for_what_it_is(name: str, data: str, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data.encode())
    with pytest.raises(UnreadableError, match=words):
        read_rows(tmp_path / name)


def test_a_word_document_is_named_for_what_it_is(tmp_path: Path) -> None:
    template = Path(__file__).parents[1] / "templates" / "convention-services-numeriques" / "convention.docx"
    (tmp_path / "a.xlsx").write_bytes(template.read_bytes())
    with pytest.raises(UnreadableError, match="document Word"):
        read_rows(tmp_path / "a.xlsx")


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("name", ["export.xls", "export.xlsx", "export.ods"])
def test_a_text_with_columns_is_read_whatever_its_name(name: str, charset: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("Forme\tNom\tCivilité\ncommune\tLiévin\tMadame\n", encoding=charset)
    source = read_rows(tmp_path / name)
    assert [row.values["nom"] for row in source] == ["Liévin"]
    assert source.described.startswith("CSV")
    assert "tabulation" in source.described


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("lille.csv", {"sheet": "2026"}, "Un CSV n’a pas de feuilles"),
        ("lille.csv", {"visible_only": True}, "Un CSV n’a pas de lignes masquées"),
        ("merville.yaml", {"sheet": "2026"}, "Du YAML n’a pas de feuilles"),
        ("merville.yaml", {"visible_only": True}, "Du YAML n’a pas de lignes masquées"),
        ("merville.yaml", {"columns": LISTS / "limesurvey-colonnes.yaml"}, "Du YAML n’a pas de colonnes"),
    ],
)
def test_an_option_that_says_nothing_of_such_a_file_is_a_mistake_of_the_command(
    name: str, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        read_rows(LISTS / name, **options)


def test_all_such_options_are_told_at_once() -> None:
    columns = LISTS / "limesurvey-colonnes.yaml"
    with pytest.raises(UsageError) as caught:
        read_rows(LISTS / "merville.yaml", sheet="2026", columns=columns, visible_only=True)
    assert [problem.hint.partition(",")[0] for problem in caught.value.problems if problem.hint] == [
        "Ôtez «\u00a0--sheet\u00a0»", "Ôtez «\u00a0--columns\u00a0»", "Ôtez «\u00a0--visible\u00a0»"
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["liste.xlsx", "liste.csv", "liste.XLS", "liste"])
def test_fill_names_the_command_for_a_list(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes((LISTS / "numero-date.xlsx").read_bytes())
    with pytest.raises(UsageError, match=rf"conventool batch .*{name}"):
        fill(tmp_path / name, RunOptions("convention-services-numeriques", tmp_path / "out"))


def test_fill_takes_a_value_from_the_command(tmp_path: Path) -> None:
    options = RunOptions("convention-services-numeriques", tmp_path / "out", fixed={"N° de délibération": "2026-44"})
    report = fill(LISTS / "merville.yaml", options)
    assert report.summary["accepted"] == 1
    assert "2026-44" in report.texts[0]
