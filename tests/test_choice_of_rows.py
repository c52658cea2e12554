"""``--lignes`` and ``--seulement``: some rows of a list, and what becomes of the others."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

from conventool.cli.app import app

HEADERS = ["Forme", "Nom", "Code INSEE", "Adresse", "Civilité", "Prénom", "Nom du représentant", "Date de délibération"]
ROWS = [
    ["commune", "Armentières", "59017", "4 place du Général-de-Gaulle", "Madame", "Jeanne", "MARTIN", "12/03/2026"],
    ["commune", "Bailleul", "59043", "Grand-Place", "Monsieur", "Paul", "LEROY", "13/03/2026"],
    ["commune", "Cassel", "59135", "1 Grand-Place", "Madame", "Anne", "DUPONT", "14/03/2026"],
    ["commune", "Hazebrouck", "59295", "2 rue de Thérouanne", "Monsieur", "Luc", "MARTIN", "16/03/2026"],
]  # the header is line 1, Armentières line 2


@pytest.fixture
def communes(tmp_path: Path) -> Path:
    """The list as a CSV."""
    path = tmp_path / "communes.csv"
    path.write_text("\n".join(";".join(row) for row in [HEADERS, *ROWS]), encoding="utf-8")
    return path


def names(source: Path, *options: str) -> list[str]:
    """The communes whose documents a run makes."""
    output = source.parent / "sortie"
    done = CliRunner().invoke(app, ["batch", str(source), "-o", str(output), "--json", *options])
    assert done.exit_code == 0, done.output
    documents = json.loads(done.stdout)["documents"]
    return list(dict.fromkeys(document["adherent"].removeprefix("Commune de ") for document in documents))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--lignes", "2"], ["Armentières"]),
        (["--lignes", "3-4"], ["Bailleul", "Cassel"]),
        (["--lignes", " 2 , 4 – 5"], ["Armentières", "Cassel", "Hazebrouck"]),
        (["--lignes", "4-"], ["Cassel", "Hazebrouck"]),
        (["--seulement", "martin"], ["Armentières", "Hazebrouck"]),
        (["--seulement", "THEROUANNE"], ["Hazebrouck"]),
        (["--seulement", "Grand place"], ["Bailleul", "Cassel"]),
        (["--seulement", "Martin", "--lignes", "3-5"], ["Hazebrouck"]),
    ],
)
def test_rows_chosen(communes: Path, options: list[str], expected: list[str]) -> None:
    """By the lines of the file, by a text; by both, those that answer to both."""
    assert [name.split()[-1] for name in names(communes, *options)] == expected


def test_lines_of_a_sheet(tmp_path: Path) -> None:
    """They are numbered as the sheet numbers them, whatever stands above the headers."""
    workbook = openpyxl.Workbook()
    for row in [["Liste des communes"], [], HEADERS, *ROWS]:
        workbook.active.append(row)
    workbook.save(tmp_path / "communes.xlsx")
    assert [name.split()[-1] for name in names(tmp_path / "communes.xlsx", "--lignes", "5")] == ["Bailleul"]


def test_the_others_stay(communes: Path) -> None:
    """An adherent that was not chosen is not gone from its list: nothing of it is superseded."""
    assert len(names(communes)) == len(ROWS)
    output = communes.parent / "sortie"
    before = {path.name: path.read_bytes() for path in output.glob("*.docx")}
    done = CliRunner().invoke(app, ["batch", str(communes), "-o", str(output), "--lignes", "3", "--json"])
    assert "no-longer-listed" not in done.stdout
    assert {path.name: path.read_bytes() for path in output.glob("*.docx")} == before


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--lignes", "x"], "usage"),
        (["--lignes", "7-3"], "usage"),
        (["--lignes", "0"], "usage"),
        (["--lignes", "3,,4"], "usage"),
        (["--lignes", "1"], "no-row-chosen"),
        (["--lignes", "90-"], "no-row-chosen"),
        (["--seulement", "Dunkerque"], "no-row-chosen"),
        (["--seulement", " "], "usage"),
    ],
)
def test_no_choice(communes: Path, options: list[str], code: str) -> None:
    """What chooses nothing is a wrong command: nothing is written."""
    output = communes.parent / "sortie"
    done = CliRunner().invoke(app, ["batch", str(communes), "-o", str(output), "--json", *options])
    assert done.exit_code == 2
    assert [problem["code"] for problem in json.loads(done.stdout)["problems"]] == [code]
    assert not list(output.glob("*.docx"))


def test_a_folder_has_no_lines(tmp_path: Path) -> None:
    """The files of a folder are chosen by a text."""
    for name in ("Armentières", "Bailleul"):
        text = f"forme: commune\nnom: {name}\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    by_line = CliRunner().invoke(app, ["validate", str(tmp_path), "--lignes", "1", "--json"])
    by_text = CliRunner().invoke(app, ["validate", str(tmp_path), "--seulement", "bailleul", "--json"])
    assert by_line.exit_code == 2
    assert json.loads(by_text.stdout)["summary"]["rejected"] == 1
