"""Rejected rows given back unchanged stay rejected, for the same reasons; corrected, they pass."""

from __future__ import annotations

import csv
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conventool.batch.options import RunOptions
from conventool.batch.report import BatchReport
from conventool.commands.batch import batch
from conventool.core.errors import ConventoolError
from conventool.core.problems import Problem, Severity
from conventool.core.row import TypedCell, shown
from conventool.core.watch import NOBODY
from conventool.files.workbook import new_workbook
from conventool.sources.cell_writer import CellWriter
from conventool.sources.xlsx_file import read_sheets
from conventool.template import DEFAULT

CASES = Path(__file__).parent / "cases"
LISTS = sorted(
    path
    for path in [*CASES.glob("lists/*"), *CASES.glob("batch/quatre-adherents/*"), CASES / "formules-en-echec.ods"]
    if not path.stem.endswith("-colonnes")
)
FORM = Path(__file__).parents[1] / "templates/convention-services-numeriques/convention.docx"


def columns_of(source: Path) -> Path | None:
    columns = source.with_name(f"{source.stem}-colonnes.yaml")
    return columns if columns.exists() else None


def run(source: Path, output: Path, columns: Path | None = None, template: str = DEFAULT) -> BatchReport | None:
    """The report of a run; None of a list that is refused as a whole, and so has no rejected rows."""
    try:
        return batch(source, RunOptions(template, output, columns=columns), NOBODY)
    except ConventoolError:
        return None


def reasons(report: BatchReport) -> list[list[tuple[str, str, str | None]]]:
    """By row, in order, what its errors say: code, message and field; where rows stand is another matter."""
    rows: dict[int | None, list[tuple[str, str, str | None]]] = {}
    for problem in report.problems:
        if problem.severity is Severity.ERROR and problem.place.line:
            rows.setdefault(problem.place.line, []).append(said(problem))
    return [sorted(row, key=str) for _, row in sorted(rows.items(), key=str)]


def said(problem: Problem) -> tuple[str, str, str | None]:
    message = re.sub(r"ligne \d+", "ligne …", problem.message)
    if problem.code in {"duplicate-adherent", "same-file-name"}:  # it tells where the other row was
        message = message.partition("(")[0]
    return problem.code, message, problem.field


def rejects_in(output: Path) -> Path:
    (found,) = output.glob("rejets.*")
    return found


def test_there_are_lists() -> None:
    assert len(LISTS) > 30


@pytest.mark.parametrize("source", LISTS, ids=lambda path: path.name)
def test_given_back_unchanged_each_row_is_rejected_for_the_same_reasons(source: Path, tmp_path: Path) -> None:
    out, columns = tmp_path / "out", columns_of(source)
    first = run(source, out, columns)
    if first is None or not first.summary["rejected"]:
        pytest.skip("nothing of it is rejected row by row")
    for _ in range(2):
        again = run(rejects_in(out), out, columns)
        assert again
        assert (again.summary["accepted"], again.summary["rejected"]) == (0, first.summary["rejected"])
        assert sorted(reasons(again), key=str) == sorted(reasons(first), key=str)


@pytest.mark.parametrize("kind", [".csv", ".yaml"])
def test_of_a_bare_form_too(kind: str, tmp_path: Path) -> None:
    source, out = tmp_path / f"liste{kind}", tmp_path / "out"
    if kind == ".csv":
        source.write_text("nom;decision_date\nHem;bientôt\nYtres;2026-03-12\nLaon;jamais\n", encoding="utf-8")
    else:
        source.write_text(
            "- {nom: Hem, decision_date: bientôt}\n- nom: Laon\n  decision_date: jamais\n", encoding="utf-8"
        )
    first = run(source, out, template=str(FORM))
    assert first
    assert first.summary["rejected"] == 2
    again = run(rejects_in(out), out, template=str(FORM))
    assert again
    assert (again.summary["accepted"], again.summary["rejected"]) == (0, 2)
    assert reasons(again) == reasons(first)
    text = (
        rejects_in(out).read_text(encoding="utf-8-sig").replace("bientôt", "2026-03-12").replace("jamais", "2026-03-13")
    )
    rejects_in(out).write_text(text, encoding="utf-8")
    corrected = run(rejects_in(out), out, template=str(FORM))
    assert corrected
    assert (corrected.summary["accepted"], corrected.summary["rejected"]) == (2, 0)


def test_an_adherent_written_in_yaml_is_given_back_as_it_was_written(tmp_path: Path) -> None:
    """What is wrong with the writing, a field written twice, is in it still."""
    source, out = tmp_path / "l.yaml", tmp_path / "out"
    text = (CASES / "adherents/yaml-champ-double/adherent.yaml").read_text(encoding="utf-8")
    source.write_text("- " + text.strip().replace("\n", "\n  ") + "\n", encoding="utf-8")
    first = run(source, out)
    assert first
    assert "duplicate-field" in {problem.code for problem in first.errors}
    again = run(rejects_in(out), out)
    assert again
    assert reasons(again) == reasons(first)


def test_cells_beyond_the_last_header_keep_their_place(tmp_path: Path) -> None:
    source = CASES / "lists" / "cellules-en-trop.csv"
    run(source, tmp_path / "out")
    with rejects_in(tmp_path / "out").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    assert header[0] == "Motifs du rejet"
    assert max(map(len, rows)) > len(header)


def test_a_workbook_is_given_back_as_one_whose_cells_keep_their_types(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    source = CASES / "lists" / "numero-date.xlsx"
    run(source, tmp_path / "out")
    sheet = openpyxl.load_workbook(rejects_in(tmp_path / "out")).active
    assert sheet["A1"].value == "Motifs du rejet"
    dates = [cell.value for row in sheet.iter_rows(min_row=2) for cell in row if cell.is_date]
    assert dates
    assert [cell for row in sheet.iter_rows(min_row=2, min_col=2) for cell in row if cell.comment]


def test_cells_whose_format_is_not_known_are_given_back_as_they_were_shown(tmp_path: Path) -> None:
    """As those of an .ods: what is shown is what an error rests on."""
    cells = [
        TypedCell(date(2026, 12, 1), "déc.-26"),
        TypedCell(date(2026, 5, 8), "8 mai"),
        TypedCell(date(2026, 3, 13), "vendredi 13 mars 2026"),
        TypedCell(date(2026, 3, 13), "13/03/2026"),
        TypedCell(2026.1, "2026,10"),
        TypedCell(0.055, "5,5 %"),
        TypedCell(1000, "01000"),
        TypedCell(620000000, "06 20 00 00 00"),
        TypedCell(59280, "59280"),
        TypedCell(1.5, "1,5"),
    ]
    path = tmp_path / "cellules.xlsx"
    with path.open("wb") as file, new_workbook(file) as book:
        writer = CellWriter(book, book.add_worksheet())
        for column, cell in enumerate(cells):
            writer.write(0, column, cell)
    (sheet,) = read_sheets(path)
    (line,) = sheet.lines()
    assert [shown(cell) for cell in line.cells] == [cell.shown for cell in cells]
    assert [isinstance(cell, TypedCell) for cell in line.cells] == [True] * 4 + [False] * 4 + [True] * 2
    days = [cell.value for cell in line.cells if isinstance(cell, TypedCell)][:4]
    assert days == [cell.value for cell in cells[:4]]


# --- Generated dirt ----------------------------------------------------------------------------------------

HEADERS = ["Forme", "Code INSEE", "Nom", "Adresse", "Code postal", "Commune", "Civilité", "Prénom",
           "Nom du représentant", "Date de délibération", "N° de délibération", "SIRET"]  # fmt: skip
SOUND = ["commune", "59017", "Armentières", "4 place Haute", "59280", "Armentières", "Madame", "Jeanne", "MARTIN",
         "2026-03-12", "2026-12", ""]  # fmt: skip
DIRT = ["", "-", "N/A", "à compléter", "mairie@exemple.fr", "03 20 00 00 00", "59017", "12/13/2026", "=1+1", "'=x",
        "31/02/2026", "Monsieur", "x" * 300, "LiÃ©vin", "21590017000013", "Lille ; Lens", "a\tb", '"', "«"]  # fmt: skip


def dirty_rows() -> st.SearchStrategy[list[list[str]]]:
    cell = st.sampled_from(DIRT + SOUND) | st.text("aé1;\"'=@ -\u00a0", max_size=6)
    row = st.lists(st.tuples(st.integers(0, len(SOUND) - 1), cell), min_size=1, max_size=3)
    return st.lists(row.map(spoilt) | st.just([*SOUND, "de trop"]), min_size=1, max_size=6)


def spoilt(changes: list[tuple[int, str]]) -> list[str]:
    row = list(SOUND)
    for rank, cell in changes:
        row[rank] = cell
    return row


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=dirty_rows())
def test_generated_dirt_given_back_unchanged_stays_rejected(
    rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("dirt")
    source, out = folder / "l.csv", folder / "out"
    with source.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADERS, *rows])
    first = run(source, out)
    if first and first.summary["rejected"]:
        again = run(rejects_in(out), out)
        assert again
        assert (again.summary["accepted"], again.summary["rejected"]) == (0, first.summary["rejected"])
        assert reasons(again) == reasons(first)
    shutil.rmtree(folder)
