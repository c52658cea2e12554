"""The list comes as the agent has it: one adherent's data are the same whatever file holds them."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl  # type: ignore[import-untyped]
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.styles import PatternFill  # type: ignore[import-untyped]

from conventool.adherent.adherent import Adherent, read_adherent
from conventool.core.errors import ExitCode, UnreadableError, UsageError
from conventool.core.problems import Place, Severity
from conventool.core.row import TypedCell
from conventool.register.communes import Register
from conventool.sources import read_rows

REGISTER = Register.open()
TODAY = date(2026, 6, 30)

HEADERS = ["Forme", "Code INSEE", "Nom de l'adhérent", "Adresse", "CP", "Commune", "Civilité", "Prénom",
           "Nom du représentant", "Date de délibération"]  # fmt: skip
ROWS: list[list[str | date]] = [
    ["commune", "59017", "", "4 place du Général-de-Gaulle", "59280", "", "Madame", "Jeanne", "MARTIN",
     date(2026, 3, 12)],
    ["Commune", "", "Le Quesnoy", "1 rue de l’Église ; bât. A", "59530", "", "M.", "Paul", "LEFÈBVRE",
     date(2026, 3, 1)],
    ["CCAS", "02722", "", 'dit "le Château"', "02200", "", "Mme", "Zoé", "DUPONT", date(2025, 12, 31)],
    ["CA", "", "CA Cœur de Flandre", "222 bis rue de Vieux-Berquin", "59190", "Hazebrouck", "M", "Léo", "NOËL",
     date(2026, 4, 2)],
]  # fmt: skip


def as_csv(delimiter: str, charset: str, newline: str = "\r\n", title: str = "") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerow(HEADERS)
    for row in ROWS:
        writer.writerow([f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row])
    return (title + text.getvalue()).encode(charset)


def as_xlsx(path: Path, *, since_1904: bool = False, above: int = 0) -> None:
    book = xlsxwriter.Workbook(path, {"date_1904": since_1904})
    book.add_worksheet("Lisez-moi").write(0, 0, "Liste des adhérents")
    sheet = book.add_worksheet("Adhérents")
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    lines: list[list[str | date]] = [[*HEADERS], *ROWS]
    for number, row in enumerate(lines, above):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif cell.isdigit() and not cell.startswith("0"):
                sheet.write_number(number, column, int(cell))
            else:
                sheet.write_string(number, column, cell)
    book.close()


def as_ods(path: Path) -> None:
    """The least that OpenDocument 1.3 asks of a spreadsheet."""

    def cell(value: str | date) -> str:
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'

    lines: list[list[str | date]] = [[*HEADERS], *ROWS]
    rows = "".join(f"<table:table-row>{''.join(map(cell, line))}</table:table-row>" for line in lines)
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content{names} office:version="1.3"><office:body>'
            f'<office:spreadsheet><table:table table:name="Adhérents">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )


FILES = {
    "utf8.csv": as_csv(",", "utf-8", "\n"),
    "bom.csv": as_csv(";", "utf-8-sig"),
    "excel.csv": as_csv(";", "cp1252"),
    "tabs.tsv": as_csv("\t", "utf-8", "\n"),
    "unicode.txt": as_csv("\t", "utf-16"),
    "title.csv": as_csv(";", "cp1252", title="Adhésions 2026 ; Commune de référence\r\n;;\r\n"),
    "sep.csv": as_csv(";", "cp1252", title="sep=;\r\n"),
}


def adherents(path: Path) -> list[Adherent]:
    found = [read_adherent(row, REGISTER, today=TODAY) for row in read_rows(path)]
    assert all(adherent for adherent, _ in found), found
    return [adherent for adherent, _ in found if adherent]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[Adherent]:
    """The same four adherents as a YAML list."""
    paths = ["forme", "code_insee", "nom", "adresse", "code_postal", "commune", "civilite", "prenom", "nom", "date"]
    text = ""
    for row in ROWS:
        values = [f"'{str(cell).replace(chr(39), chr(39) * 2)}'" if cell else "null" for cell in row]
        pairs = [f"{name}: {value}" for name, value in zip(paths, values, strict=True)]
        text += f"- {{{', '.join(pairs[:6])}, representant: {{{', '.join(pairs[6:9])}}}, decision: {{{pairs[9]}}}}}\n"
    path = tmp_path_factory.mktemp("yaml") / "list.yaml"
    path.write_text(text, encoding="utf-8")
    found = adherents(path)
    assert [adherent.nom for adherent in found] == ["Armentières", "Le Quesnoy", "Soissons", "Cœur de Flandre"]
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_csv_is_read_whatever_its_charset_separator_and_title(
    name: str, tmp_path: Path, expected: list[Adherent]
) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    assert adherents(tmp_path / name) == expected


@pytest.mark.parametrize("since_1904", [False, True])
@pytest.mark.parametrize("above", [0, 3])
def test_a_workbook_is_read_with_its_real_dates(
    since_1904: bool, above: int, tmp_path: Path, expected: list[Adherent]
) -> None:
    as_xlsx(tmp_path / "a.xlsx", since_1904=since_1904, above=above)
    assert adherents(tmp_path / "a.xlsx") == expected
    assert [row.place.line for row in read_rows(tmp_path / "a.xlsx")] == [above + 2, above + 3, above + 4, above + 5]


def test_an_open_document_sheet_is_read(tmp_path: Path, expected: list[Adherent]) -> None:
    as_ods(tmp_path / "a.ods")
    assert adherents(tmp_path / "a.ods") == expected


def test_an_old_excel_sheet_is_read(expected: list[Adherent]) -> None:
    """The file holds HEADERS and ROWS; xlwt 1.3.0 made it, which nothing here depends on."""
    assert adherents(Path(__file__).parent / "data" / "adherents.xls") == expected


def test_a_folder_of_yaml_files_is_read_and_one_bad_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("- nom: B\n- nom: C\n", encoding="utf-8")
    (tmp_path / "a.yml").write_text("nom: A\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("nom: !!x", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("…", encoding="utf-8")
    rows = list(read_rows(tmp_path))
    assert [row.values for row in rows] == [{"nom": "A"}, {"nom": "B"}, {"nom": "C"}, {}]
    assert [problem.code for problem in rows[3].problems] == ["unreadable"]
    assert rows[3].place.file == str(tmp_path / "c.yaml")


def test_lines_and_columns_are_those_of_the_editor(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('titre\r\nForme;Adresse;CP\r\n\r\ncommune;"1 rue\r\nHaute";59000\r\nccas;;1\r\n', encoding="utf-8")
    first, second = read_rows(path)
    assert first.place == Place(str(path), line=4)
    assert first.values == {"forme": "commune", "adresse": "1 rue\r\nHaute", "code_postal": "59000"}
    assert second.where(("code_postal",)) == Place(str(path), line=6, column="CP")
    assert second.where_named(("adresse",)) == Place(str(path), line=6, column="Adresse")
    assert second.where(("representant", "nom")) == second.place
    assert second.cells == ["ccas", "", "1"]


def test_a_cell_of_a_sheet_is_told_by_sheet_row_and_header(tmp_path: Path) -> None:
    as_xlsx(tmp_path / "a.xlsx")
    row = next(iter(read_rows(tmp_path / "a.xlsx")))
    place = row.where(("code_postal",))
    assert str(place).endswith("a.xlsx, feuille Adhérents, ligne 2, colonne CP")
    assert row.values["decision"] == {"date": date(2026, 3, 12)}
    assert row.cells[HEADERS.index("Date de délibération")] == TypedCell(date(2026, 3, 12), "12/03/2026", "dd/mm/yyyy")


RNE = (
    "Code du département;Libellé du département;Code de la collectivité à statut particulier;"
    "Libellé de la collectivité à statut particulier;Code de la commune;Libellé de la commune;Nom de l'élu;"
    "Prénom de l'élu;Code sexe;Date de naissance;Code de la catégorie socio-professionnelle;"
    "Libellé de la catégorie socio-professionnelle;Date de début du mandat;Date de début de la fonction"
)


def test_an_export_of_the_rne_completed_with_two_columns_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rne.csv"
    path.write_text(
        f"{RNE};Adresse;Date de délibération\n"
        "59;Nord;;;59017;Armentières;MARTIN;Jeanne;F;01/01/1970;46;Professions;18/03/2026;25/03/2026;"
        "4 place du Général-de-Gaulle;2026-03-12\n",
        encoding="utf-8",
    )
    source = read_rows(path)
    assert [(problem.severity, problem.field) for problem in source.problems] == [(Severity.NOTICE, "forme")]
    assert source.recognised["Nom de l'élu"] == "representant.nom"
    (adherent,) = adherents(path)
    assert (adherent.forme, adherent.nom, adherent.representant.civilite) == ("commune", "Armentières", "Madame")
    assert (adherent.representant.prenom, adherent.representant.nom) == ("Jeanne", "MARTIN")


@pytest.mark.parametrize(
    ("header", "recognised"),
    [
        (
            "#Code_commune_INSEE;Nom_de_la_commune;Code_postal;Libellé_d_acheminement;Ligne_5",
            {"#Code_commune_INSEE": "code_insee", "Nom_de_la_commune": "nom", "Code_postal": "code_postal"},
        ),
        (
            "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT",
            {"COM": "code_insee", "LIBELLE": "nom"},
        ),
        (
            "forme;representant_nom;DECISION_DATE;signatures_cdg59;representant_delegation_arrete",
            {
                "forme": "forme",
                "representant_nom": "representant.nom",
                "DECISION_DATE": "decision.date",
                "signatures_cdg59": "signatures.cdg59",
                "representant_delegation_arrete": "representant.delegation.arrete",
            },
        ),
        (
            " code  INSEE ;Nom de l’adhérent (obligatoire);PRENOM;Qualité;Organe délibérant",
            {
                "code  INSEE": "code_insee",
                "Nom de l’adhérent (obligatoire)": "nom",
                "PRENOM": "representant.prenom",
                "Qualité": "representant.fonction",
                "Organe délibérant": "decision.organe",
            },
        ),
    ],
)
def test_headers_of_every_origin_are_recognised(header: str, recognised: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(header + "\n", encoding="utf-8")
    source = read_rows(tmp_path / "a.csv")
    assert source.recognised == recognised
    assert not [problem for problem in source.problems if problem.severity is not Severity.NOTICE]
    assert list(source) == []


def test_an_unknown_column_is_a_warning_with_a_proposal(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Forme;Code postale;Couleur\ncommune;59000;bleu\n", encoding="utf-8")
    source = read_rows(path)
    (problem,) = source.problems
    assert (problem.severity, problem.code, problem.place) == (
        Severity.WARNING,
        "unknown-field",
        Place(str(path), line=1),
    )
    assert problem.value == "Code postale, Couleur"
    assert problem.hint == "Vouliez-vous dire, pour «\u00a0Code postale\u00a0», «\u00a0Code postal\u00a0»\u00a0?"
    assert [row.values for row in source] == [{"forme": "commune"}]


def test_a_file_of_columns_decides_what_headers_mean(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Type;Nom;Ville;Élu\ncommune;X;Lille;MARTIN\n", encoding="utf-8")
    columns = tmp_path / "columns.yaml"
    columns.write_text("type: forme\nnom: null\nÉlu: representant_nom\nAbsent: siret\n", encoding="utf-8")
    source = read_rows(tmp_path / "a.csv", columns=columns)
    assert source.recognised == {"Type": "forme", "Ville": "commune", "Élu": "representant.nom"}
    assert [problem.value for problem in source.problems] == ["Absent"]
    columns.write_text("Type: form\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match=r"Vouliez-vous dire.*forme"):
        read_rows(tmp_path / "a.csv", columns=columns)


def test_columns_may_be_addresses_of_controls(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("tag:forme;Nom du maire;Vide\nLa Commune;MARTIN;\n", encoding="utf-8")
    (row,) = read_rows(tmp_path / "a.csv", addresses=True)
    assert row.values == {"tag:forme": "La Commune", "Nom du maire": "MARTIN"}
    assert row.where(("Nom du maire",)).column == "Nom du maire"


REFUSED = {
    "twice.csv": (b"Nom de la commune;Nom\nLille;MARTIN\n", "Plusieurs colonnes"),
    "whose.csv": ("Code INSEE;Nom;Prénom\n59017;MARTIN;Jeanne\n".encode(), "de l’adhérent ou celui du représentant"),
    "unknown.csv": (b"a;b\n1;2\n", "Aucune colonne"),
    "empty.csv": (b"", "vide"),
    "blank.csv": (b"\n;;\n", "vide"),
    "quote.csv": (b'Forme;Nom\n"commune;Lille\nx;y\n', "CSV lisible"),
    "a.docx": (b"PK", "genre de fichier"),
    "~$a.xlsx": (b"x", "verrou"),
    "a.xlsx": (b"Forme\n", "abîmé"),
    "b.xls": (b"<html><table>", "abîmé"),
    "c.ods": (b"PK\x03\x04 tronqu\xc3\xa9", "abîmé"),
    "d.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "mot de passe"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_in_french(name: str, tmp_path: Path) -> None:
    data, words = REFUSED[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableError, match=words) as caught:
        list(read_rows(tmp_path / name))
    assert caught.value.exit_code is ExitCode.UNREADABLE
    assert caught.value.problems[0].place.file == str(tmp_path / name)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no device without end")
@pytest.mark.parametrize("name", ["a.yaml", "a.csv", "a.xlsx", "a.ods", "sound.csv"])
def test_a_device_is_refused_unread(name: str, tmp_path: Path) -> None:
    """As the list or as the file of columns."""
    (tmp_path / "sound.csv").write_text("Forme;Nom\ncommune;Lille\n", encoding="utf-8")
    endless = tmp_path / "endless.yaml" if name == "sound.csv" else tmp_path / name
    endless.symlink_to("/dev/zero")
    with pytest.raises(UnreadableError, match="périphérique") as caught:
        list(read_rows(tmp_path / name, columns=None if name == endless.name else endless))
    assert caught.value.problems[0].place.file == str(endless)


@pytest.mark.slow
def test_a_line_without_end_is_not_taken_into_memory(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("wb") as file:
        file.truncate(1 << 30)
    tracemalloc.start()
    with pytest.raises(UnreadableError, match="CSV lisible"):
        list(read_rows(tmp_path / "a.csv"))
    assert tracemalloc.get_traced_memory()[1] < 1 << 26
    tracemalloc.stop()


@pytest.mark.parametrize("name", ["a.yaml", "a.csv", "a.xlsx", "a.ods", "a", "a.pdf"])
def test_a_missing_file_is_said_to_be_missing(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="n’existe pas"):
        list(read_rows(tmp_path / name))


def test_a_folder_without_yaml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="aucun fichier YAML"):
        read_rows(tmp_path)


def test_a_sheet_is_chosen_by_name_or_the_names_are_listed(tmp_path: Path) -> None:
    as_xlsx(tmp_path / "a.xlsx")
    assert len(list(read_rows(tmp_path / "a.xlsx", sheet="ADHERENTS"))) == len(ROWS)
    with pytest.raises(UsageError, match=r"Lisez-moi.*Adhérents"):
        read_rows(tmp_path / "a.xlsx", sheet="Feuil1")


def test_a_line_with_a_separator_too_many_is_an_error_of_that_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Forme;Adresse\ncommune;1 rue;bât. A\n", encoding="utf-8")
    (row,) = read_rows(tmp_path / "a.csv")
    assert [problem.code for problem in row.problems] == ["extra-cells"]


@pytest.mark.parametrize(("civility", "told"), [("M.", "Le nom dit"), ("Madame", ""), ("", "")])
def test_a_cell_that_names_a_person_does_not_hide_another_civility(civility: str, told: str, tmp_path: Path) -> None:
    """Neither of the two is believed; where both say the same, that is it."""
    path = tmp_path / "liste.csv"
    path.write_text(
        "Forme;Commune;Adresse;Date de délibération;Civilité;Maire\n"
        f"commune;Armentières;4 place Haute;12/03/2026;{civility};Mme Zoé LEROY\n", encoding="utf-8")  # fmt: skip
    (row,) = read_rows(path)
    adherent, problems = read_adherent(row, REGISTER, today=TODAY)
    errors = [problem.message for problem in problems if problem.severity is Severity.ERROR]
    assert (adherent is None) == bool(told)
    assert all(told in message for message in errors)


def test_a_person_whose_name_another_column_gives_is_still_parted(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Maire;Nom du maire;Forme;Insee\nMme Zoé LEROY;LE ROY;commune;59017\n", encoding="utf-8")
    (row,) = read_rows(path)
    assert row.values["representant"] == {"civilite": "Mme", "prenom": "Zoé", "nom": "LE ROY"}


def test_columns_without_a_name_or_with_the_same_are_given_back_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Forme;;Note;Note;\ncommune;a;b;c;\n", encoding="utf-8")
    source = read_rows(tmp_path / "a.csv")
    (row,) = source
    assert row.cells == ["commune", "a", "b", "c", ""]
    assert source.headers == ("Forme", "", "Note", "Note", "")
    assert [problem.value for problem in source.problems] == ["Note, Note (4)"]


ROW = [*map(str, ROWS[0])]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
@pytest.mark.parametrize("above", [0, 3])
def test_a_formula_that_failed_is_an_error_and_no_empty_cell(error: str, above: int, tmp_path: Path) -> None:
    """A title that failed must not become the usual one."""
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    book.add_worksheet("Avant").write_formula(0, 0, "=NA()", None, "#N/A")
    sheet = book.add_worksheet("Liste")
    sheet.write_row(above, 1, [*HEADERS, "Fonction"])
    sheet.write_row(above + 1, 1, ROW)
    sheet.write_row(above + 2, 1, [*ROW, "Maire"])
    sheet.write_formula(above + 1, 11, "=NA()", None, error)
    book.close()
    wrong, sound = read_rows(tmp_path / "a.xlsx", sheet="Liste")
    adherent, problems = read_adherent(wrong, REGISTER, today=TODAY)
    assert adherent is None
    (told,) = [problem for problem in problems if problem.severity is Severity.ERROR]
    assert (told.code, told.field) == ("failed-cell", "representant.fonction")
    assert str(told.place).endswith(f"feuille Liste, ligne {above + 2}, colonne Fonction")
    assert wrong.cells[11] == TypedCell(None, error)
    assert read_adherent(sound, REGISTER, today=TODAY)[0]


FAILED_IN_ODS = Path(__file__).parent / "cases" / "formules-en-echec.ods"
"""Made by LibreOffice 7.4: two sheets, the list of the second from its fourth row and second column on."""


def test_in_a_workbook_of_libreoffice_too() -> None:
    found = [read_adherent(row, REGISTER, today=TODAY) for row in read_rows(FAILED_IN_ODS, sheet="Liste")]
    told = [
        [(one.field, one.place.line) for one in problems if one.severity is Severity.ERROR] for _, problems in found
    ]
    assert told == [
        [("representant.fonction", 5)],
        [],
        [("adresse", 9), ("representant.fonction", 9)],
    ]
    assert [adherent is None for adherent, _ in found] == [True, False, True]


def test_failed_cells_side_by_side_are_all_found_but_not_without_end(tmp_path: Path) -> None:
    def with_cells(repeated: str) -> Path:
        path = tmp_path / "a.ods"
        with zipfile.ZipFile(FAILED_IN_ODS) as archive, zipfile.ZipFile(path, "w") as changed:
            text = archive.read("content.xml").decode()
            head, _, tail = text.partition('<table:table-cell table:formula="of:=SQRT(-1)"')
            above, mark, row = head.rpartition("<table:table-row ")
            assert tail
            changed.writestr("content.xml", f"{above}{mark}{repeated}{row}<table:table-cell {repeated}{tail}")
        return path

    twice = 'table:number-rows-repeated="2" table:number-columns-repeated="3" '
    rows = list(read_rows(with_cells(twice), sheet="Liste"))
    failed = {
        row.place.line: {rank: cell.shown for rank, cell in enumerate(row.cells, 1) if not isinstance(cell, str)
                         and cell.value is None}
        for row in rows
    }  # fmt: skip
    repeated = {5: "#DIV/0!", 12: "Err:502", 13: "Err:502", 14: "Err:502"}
    assert {line: cells for line, cells in failed.items() if cells} == {5: {12: "#N/A"}, 9: repeated, 10: repeated}
    many = twice.replace('"2"', '"1048576"').replace('"3"', '"16384"')
    with pytest.raises(UnreadableError, match="répétée 1048576 fois"):
        list(read_rows(with_cells(many), sheet="Liste"))


@pytest.mark.parametrize("error", ["#REF!", "#VALEUR!", "Err:502"])
def test_a_failed_formula_saved_as_csv_is_never_printed(error: str, tmp_path: Path) -> None:
    row = [*ROW[:3], error, *ROW[4:]]
    (tmp_path / "a.csv").write_text("\n".join(map(";".join, [HEADERS, row])), encoding="utf-8")
    _, problems = read_adherent(next(iter(read_rows(tmp_path / "a.csv"))), REGISTER, today=TODAY)
    assert [(one.code, one.field) for one in problems if one.severity is Severity.ERROR] == [("failed-cell", "adresse")]


def test_a_text_that_the_spreadsheet_took_for_a_date_is_an_error(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Forme", "N° de délibération", "Adresse"])
    sheet.write_row(1, 0, ["commune"])
    sheet.write_datetime(1, 1, date(2026, 1, 1), book.add_format({"num_format": "yyyy-mm"}))
    sheet.write_boolean(1, 2, True)
    book.close()
    (row,) = read_rows(tmp_path / "a.xlsx")
    _, problems = read_adherent(row, REGISTER, today=TODAY)
    told = {problem.field: problem for problem in problems if problem.code == "bad-value"}
    assert set(told) == {"decision.numero", "adresse"}
    assert "devinée par le tableur" in told["decision.numero"].message
    assert str(told["decision.numero"].place).endswith("feuille Sheet1, ligne 2, colonne N° de délibération")


def test_a_workbook_that_expands_beyond_reason_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from conventool.sources import workbook

    as_xlsx(tmp_path / "a.xlsx")
    monkeypatch.setattr(workbook, "_EXPANDED_LIMIT", 1000)
    with pytest.raises(UnreadableError, match="trop gros"):
        read_rows(tmp_path / "a.xlsx")


def test_a_value_far_from_the_list_is_told_and_takes_no_memory(tmp_path: Path) -> None:
    """It is a line like another, with a cell too many; the millions of cells between are not made."""
    for name, far in (("value.xlsx", "x"), ("colour.xlsx", None)):
        as_xlsx(tmp_path / name)
        book = openpyxl.load_workbook(tmp_path / name)
        cell = book["Adhérents"]["XFD1048576"]
        cell.value, cell.fill = far, PatternFill("solid", fgColor="FFFF00")
        book.save(tmp_path / name)
    tracemalloc.start()
    *rows, last = read_rows(tmp_path / "value.xlsx")
    assert tracemalloc.get_traced_memory()[1] < 1 << 24
    tracemalloc.stop()
    assert len(rows) == len(ROWS)
    assert last.place.line == 1_048_576
    assert [problem.code for problem in last.problems] == ["extra-cells"]
    assert len(list(read_rows(tmp_path / "colour.xlsx"))) == len(ROWS)


def test_a_workbook_with_a_damaged_sheet_is_told_to_be_damaged(tmp_path: Path) -> None:
    """Found when the sheet is read, long after the workbook has opened."""
    as_xlsx(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as whole, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as damaged:
        for name in whole.namelist():
            part = whole.read(name)
            damaged.writestr(name, part[: len(part) // 2] if name.startswith("xl/worksheets/") else part)
    with pytest.raises(UnreadableError, match="abîmé"):
        read_rows(tmp_path / "b.xlsx")


def test_a_truncated_xls_is_told_to_be_damaged(tmp_path: Path) -> None:
    """Its reader panics, which Python does not count among its exceptions."""
    whole = (Path(__file__).parent / "data" / "adherents.xls").read_bytes()
    (tmp_path / "a.xls").write_bytes(whole[:-1000])
    with pytest.raises(UnreadableError, match="abîmé"):
        read_rows(tmp_path / "a.xls")


@pytest.mark.parametrize("charset", ["cp1252", "cp850", "mac_roman", "utf-8"])
def test_accents_are_right_in_every_charset_of_an_office(charset: str, tmp_path: Path) -> None:
    text = "Forme;Adhérent;Prénom\r\ncommune;Liévin;Zoë\r\ncommune;Œuf-en-Ternois;Françoise\r\n"
    if charset == "cp850":
        text = text.replace("Œ", "OE")
    (tmp_path / "a.csv").write_bytes(text.encode(charset))
    first, second = read_rows(tmp_path / "a.csv")
    assert first.values == {"forme": "commune", "nom": "Liévin", "representant": {"prenom": "Zoë"}}
    assert second.values["representant"] == {"prenom": "Françoise"}


def test_mojibake_in_a_cell_is_refused_with_what_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Forme;Code INSEE;PrÃ©nom\ncommune;59017;ZoÃ«\n".encode())
    (row,) = read_rows(path)
    _, problems = read_adherent(row, REGISTER, today=TODAY)
    (problem,) = [problem for problem in problems if problem.code == "mojibake"]
    assert problem.field == "representant.prenom"
    assert problem.place.column == "PrÃ©nom"
    assert "Zoë" in (problem.hint or "")


def test_the_rows_are_a_stream_that_begins_anew_each_time(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"

    def lines() -> Iterator[str]:
        yield "Forme;Nom\n"
        for number in range(50_000):
            yield f"commune;Commune {number}\n"

    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines())
    source = read_rows(path)
    assert next(iter(source)).values["nom"] == "Commune 0"
    assert sum(1 for _ in source) == 50_000
    assert sum(1 for _ in source) == 50_000


@pytest.mark.slow
def test_memory_does_not_grow_with_a_csv(tmp_path: Path) -> None:
    import tracemalloc

    def peak(count: int) -> int:
        path = tmp_path / f"{count}.csv"
        path.write_text("Forme;Nom\n" + "commune;Liévin\n" * count, encoding="utf-8")
        tracemalloc.start()
        try:
            assert sum(1 for _ in read_rows(path)) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(10)
    assert peak(40_000) < peak(4_000) + 2_000_000


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_as_csv_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(b"Forme;Nom\n" + data)
    try:
        rows = list(read_rows(path))
    except UnreadableError as refused:
        assert refused.problems[0].place.line  # noqa: PT017
    else:
        assert all(isinstance(row.values, dict) for row in rows)
