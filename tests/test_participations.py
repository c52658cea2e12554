"""``participations``: a budget whose sums a spreadsheet finds anew, and the lines for the finance software."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import forks
from conventool.adherent.needs import Billing
from conventool.catalogue.budget import Payer, budget_csv, budget_workbook
from conventool.catalogue.contribution import Contribution, Year
from conventool.catalogue.pricing import line, total
from conventool.catalogue.tariff import Catalogue
from conventool.deadlines.schedule import Course, Kind, schedule
from conventool.deadlines.terms import Period, Terms, yearly_invoices
from in_process import command

ROOT = Path(__file__).parents[1]
SOFFICE = shutil.which("soffice")
HEAD = "Forme;Code INSEE;Adresse;Civilité;Prénom;Nom du représentant;Date de délibération;SIRET;Services;Agents\n"
ARMENTIERES = "Commune;59017;4 place du Général-de-Gaulle;Madame;Jeanne;MARTIN;12/03/2026"
JOLIMETZ = "Commune;59325;1 place de la Mairie;Monsieur;Paul;LECOQTEST;27/03/2026"


def run(tmp_path: Path, rows: str, *options: str) -> tuple[int, dict[str, Any]]:
    source = tmp_path / "liste.csv"
    source.write_text(HEAD + rows, encoding="utf-8")
    done = forks.run(["participations", source, "--json", *options, "-o", tmp_path / "out"], ROOT)
    return done.returncode, json.loads(done.stdout)


def lines_of(tmp_path: Path) -> list[dict[str, str]]:
    with (tmp_path / "out" / "participations.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_each_adherent_pays_line_by_line_and_year_by_year(tmp_path: Path) -> None:
    rows = f'{ARMENTIERES};21590017600011;"parapheur ; sauvegarde × 50";\n{JOLIMETZ};;"actes ; messagerie";12\n'
    code, told = run(tmp_path, rows)
    assert code == 0
    assert [problem["code"] for problem in told["problems"]] == ["missing-siret"]
    found = [
        (row["adherent"], row["siret"], row["annee"], row["prestation"], row["ht"], row["tva"], row["ttc"])
        for row in lines_of(tmp_path)
        if row["annee"] in {"1", "2"}
    ]
    siret = "21590017600011"
    assert found == [
        ("Armentières", siret, "1", "Parapheur électronique", "800,00", "160,00", "960,00"),
        ("Armentières", siret, "1", "Sauvegarde externalisée", "22,50", "4,50", "27,00"),
        ("Armentières", siret, "2", "Parapheur électronique", "640,00", "128,00", "768,00"),
        ("Armentières", siret, "2", "Sauvegarde externalisée", "22,50", "4,50", "27,00"),
        ("Jolimetz", "", "1", "Télétransmission des actes", "60,00", "12,00", "72,00"),
        ("Jolimetz", "", "1", "Messagerie professionnelle", "288,00", "57,60", "345,60"),
        ("Jolimetz", "", "2", "Télétransmission des actes", "60,00", "12,00", "72,00"),
        ("Jolimetz", "", "2", "Messagerie professionnelle", "288,00", "57,60", "345,60"),
    ]
    code, told = run(tmp_path, rows)
    assert [document["status"] for document in told["documents"]] == ["identical", "identical"]


def test_a_row_refused_pays_nothing_and_another_file_is_left_alone(tmp_path: Path) -> None:
    rows = f"{ARMENTIERES};;actes;\n{ARMENTIERES};;actes;\n{JOLIMETZ};;parafeur;\n"
    code, told = run(tmp_path, rows)
    assert code == 1
    errors = {problem["code"]: problem["place"] for problem in told["problems"] if problem["severity"] == "error"}
    assert {name: (place["line"], place["column"]) for name, place in errors.items()} == {
        "duplicate-adherent": (3, None),
        "unknown-service": (4, "Services"),
    }
    assert {row["adherent"] for row in lines_of(tmp_path)} == {"Armentières"}
    (tmp_path / "out" / "participations.csv").write_text("à moi", encoding="utf-8")
    assert run(tmp_path, rows)[0] == 4
    assert (tmp_path / "out" / "participations.csv").read_text(encoding="utf-8") == "à moi"
    assert run(tmp_path, rows, "--force")[0] == 1


def test_who_chose_nothing_is_told_once(tmp_path: Path) -> None:
    code, told = run(tmp_path, f"{ARMENTIERES};21590017600011;;\n{JOLIMETZ};;;\n")
    assert code == 0
    (notice,) = told["problems"]
    assert (notice["code"], notice["severity"]) == ("no-service", "notice")
    assert "Armentières, Jolimetz" in notice["message"]
    assert told["documents"] == []


DUE = ["à la prise d’effet", "au 1er anniversaire", "au 2e anniversaire", "au 3e anniversaire"]
CENTS = st.integers(0, 99_999_999)
VAT = st.sampled_from([{"taux": "20", "montants": "HT"}, {"taux": "5,5", "montants": "TTC"}, {"sans": "hors champ"}])


@st.composite
def payers(draw: st.DrawFn) -> Payer:
    prices = draw(st.lists(st.tuples(CENTS, VAT), min_size=1, max_size=5))
    services = {
        f"s{rank}": {"libelle": f"Service {rank}", "presentation": "…", "prix": {
            "base": "quantite", "taux": f"{cents // 100}.{cents % 100:02}", "tva": vat}}
        for rank, (cents, vat) in enumerate(prices)
    }  # fmt: skip
    catalogue = Catalogue.model_validate({"services": services})
    known = {"quantite": Decimal(draw(st.integers(0, 1000))) / 8}
    years = []
    for rang in (1, 2):
        lines = tuple(line(catalogue, key, one.prix[0], known, rang) for key, one in catalogue.services.items())
        years.append(Year(lines, total(lines)))
    return Payer("=Nom", Billing(None, None, None), Contribution(tuple(services), *years))


def _sums(found: list[Payer]) -> list[list[Decimal]]:
    """Each adherent's amounts, summed from the lines of the CSV."""
    rows = list(csv.DictReader(budget_csv(found, DUE).decode("utf-8-sig").splitlines(), delimiter=";"))
    per = [0]
    for payer in found:
        per.append(per[-1] + sum(len(payer.contribution.of_year(year).lignes) for year in range(1, 5)))
    return [
        [
            sum(
                (Decimal(row[kind].replace(",", ".")) for row in rows[first:last] if row["annee"] == str(year)),
                Decimal(0),
            )
            for year in range(1, 5)
            for kind in ("ht", "tva", "ttc")
        ]
        for first, last in pairwise(per)
    ]


@settings(max_examples=15, deadline=None)
@given(st.lists(payers(), min_size=1, max_size=4))
def test_the_workbook_says_the_sums_of_the_lines(found: list[Payer]) -> None:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    sheet = load_workbook(BytesIO(budget_workbook(found, DUE)), data_only=True)["Par adhérent"]
    expected = _sums(found)
    expected.append([sum(column, Decimal(0)) for column in zip(*expected, strict=True)])
    values = [[round(Decimal(str(cell.value)), 2) for cell in row[4:]] for row in sheet.iter_rows(min_row=2)]
    assert values == expected
    annual = [[amount for year in range(1, 5) for amount in payer.contribution.of_year(year).total] for payer in found]
    assert annual == expected[:-1]


def _many() -> list[Payer]:
    """Adherents by whose amounts half a cent is often met."""
    found: list[Payer] = []
    for number in range(200):
        rate = f"{number}.{number % 100:02}"
        vats: list[dict[str, str]] = [
            {"taux": "20", "montants": "HT"},
            {"taux": "5,5", "montants": "TTC"},
            {"sans": "…"},
        ]
        services = {
            f"s{rank}": {
                "libelle": f"S{rank}",
                "presentation": "…",
                "prix": {"base": "quantite", "taux": rate, "tva": vat},
            }
            for rank, vat in enumerate(vats)
        }
        catalogue = Catalogue.model_validate({"services": services})
        known = {"quantite": Decimal(number) / 8}
        lines = tuple(line(catalogue, key, one.prix[0], known, 1) for key, one in catalogue.services.items())
        year = Year(lines, total(lines))
        found.append(Payer(f"Adhérent {number}", Billing(None, None, None), Contribution(tuple(services), year, year)))
    return found


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_spreadsheet_finds_the_same_sums(tmp_path: Path) -> None:
    """What the formulas give was taken out first: LibreOffice must reckon them."""
    from openpyxl import load_workbook

    found = _many()
    book = load_workbook(BytesIO(budget_workbook(found, DUE)))
    book.save(tmp_path / "a.xlsx")
    assert SOFFICE is not None
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
         "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,false,false,false,false,1",
         "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (made,) = tmp_path.glob("*.csv")
    lines = list(csv.reader(made.read_text("utf-8").splitlines(), delimiter=";"))
    values = [[round(Decimal(cell), 2) for cell in row[4:16]] for row in lines[1:]]
    expected = _sums(found)
    expected.append([sum(column, Decimal(0)) for column in zip(*expected, strict=True)])
    assert values == expected


TEMPLATE = ROOT / "templates" / "convention-services-numeriques"
IF_RENEWED = ", si la convention est reconduite"


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("duree: 2 ans (article 3)\nrenouvellements: 1\nfactures: 1 an (article 4.2.2)",
         ["à la prise d’effet", "au 1er anniversaire", f"au 2e anniversaire{IF_RENEWED}",
          f"au 3e anniversaire{IF_RENEWED}"]),
        ("duree: 1 an\nfactures: 12 mois", ["à la prise d’effet"]),
        ("duree: 18 mois\nrenouvellements: 1\nfactures: 1 an",
         ["à la prise d’effet", "au 1er anniversaire", f"au 2e anniversaire{IF_RENEWED}"]),
        ("duree: 1 an\nrenouvellements: 2\nfactures: 1 an",
         ["à la prise d’effet", f"au 1er anniversaire{IF_RENEWED}", f"au 2e anniversaire{IF_RENEWED}"]),
        ("duree: 2 ans\nfactures: 6 mois", None),
        ("duree: 2 ans", None),
        ("renouvellements: 1", None),
    ],
)  # fmt: skip
def test_the_years_to_invoice_are_those_of_the_manifest(tmp_path: Path, terms: str, due: list[str] | None) -> None:
    folder = tmp_path / "modele"
    shutil.copytree(TEMPLATE, folder)
    manifest = (folder / "template.yaml").read_text(encoding="utf-8")
    shipped = re.search(r"^duree:.*\n(?:\w+:.*\n)*", manifest, re.MULTILINE)
    assert shipped
    (folder / "template.yaml").write_text(manifest.replace(shipped[0], f"{terms}\n"), encoding="utf-8")
    (tmp_path / "liste.csv").write_text(f"{HEAD}{ARMENTIERES};;parapheur;\n", encoding="utf-8")
    said = command("participations", tmp_path / "liste.csv", "-t", folder, "-o", tmp_path / "out", "--json")
    if due is None:
        (problem,) = said.told["problems"]
        assert (said.code, problem["field"]) == (3, "factures")
        line = 4 if "factures" not in terms else manifest[: shipped.start()].count("\n") + 2
        assert problem["place"]["line"] == line
        return
    assert said.code == 0
    found = {row["annee"]: (row["echeance"], row["ht"]) for row in lines_of(tmp_path)}
    assert found == {str(n): (when, "800,00" if n == 1 else "640,00") for n, when in enumerate(due, 1)}


def test_there_are_as_many_years_to_invoice_as_invoices_due() -> None:
    for months, renewals in product(range(1, 61), range(4)):
        terms = Terms(Period(months), renewals, invoices=Period(12))
        due = [one for one in schedule(Course(date(2026, 3, 12), "tacite"), terms) if one.kind is Kind.INVOICE]
        hanging = [bool(one.condition) for one in due]
        assert [when.endswith(IF_RENEWED) for when in yearly_invoices(terms)] == hanging
