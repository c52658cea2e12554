"""What people type in suivi.xlsx comes into the dossier and stays in the workbook, whatever they do with it."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import threading
import zipfile
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conventool.batch.options import RunOptions
from conventool.commands.batch import batch
from conventool.commands.suivi import Signed, suivi
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ConventoolError, ExitCode, UsageError
from conventool.core.report import Report
from conventool.core.watch import NOBODY
from conventool.dossier import database
from conventool.dossier.database import connect
from conventool.dossier.reading import Folder
from conventool.dossier.typed_workbook import UnreadableBookError, read_book
from conventool.files.writing import writing_in
from conventool.template import DEFAULT

docx: Any = pytest.importorskip("docx")
openpyxl: Any = pytest.importorskip("openpyxl")

HEAD = "forme;code_insee;adresse;code_postal;representant_civilite;representant_prenom;representant_nom;decision_date\n"
ROW = "commune;{};1 rue A;{};Madame;Jeanne;MARTIN;2026-03-12\n"
NAMES = ("Armentières", "Lille", "Hazebrouck", "Hem")
LIST = HEAD + "".join(map(ROW.format, ("59017", "59350", "59295", "59299"), ("59280", "59000", "59190", "59510")))
BROKEN = HEAD + ROW.format("59017", "59280") + ROW.format("99999", "59000")
SIGNED = "Date de signature\xa0: CDG 59"
TYPED = ("Envoyée le", "Date de signature : CDG 59", "Exécutoire le", "Remarque")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four conventions."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "liste.csv").write_text(LIST, "utf-8")
    batch(folder / "liste.csv", RunOptions(DEFAULT, folder / "lot"), NOBODY)
    return folder / "lot"


@pytest.fixture
def lot(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "lot"))


class Book:
    """The workbook as somebody opens it, types in it and saves it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "suivi.xlsx"
        self.book = openpyxl.load_workbook(self.path)
        self.sheet = self.book["Suivi"]

    @property
    def headers(self) -> list[str]:
        return [str(cell.value or "") for cell in self.sheet[1]]

    def row(self, name: str) -> int:
        return next(row for row in range(2, self.sheet.max_row + 1) if name in [cell.value for cell in self.sheet[row]])

    def cell(self, name: str, header: str) -> Any:
        return self.sheet.cell(self.row(name), self.headers.index(header) + 1)

    def says(self, name: str, header: str) -> Any:
        value = self.cell(name, header).value
        return value.date() if isinstance(value, datetime) else value

    def save(self) -> None:
        self.book.save(self.path)


def typed(folder: Path, name: str, header: str, value: Any) -> None:
    book = Book(folder)
    book.cell(name, header).value = value
    book.save()


def facts(folder: Path, name: str) -> dict[str, Any]:
    database = connect(folder)
    assert database
    (one,) = [one for one in Folder(database, folder).adherents() if one.nom == name]
    return {key: fact.value for key, fact in one.facts.items()}


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


# --- Whatever they do --------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.dates(date(2026, 3, 12), date(2027, 1, 1)),
    st.text("aé’=<&\n 1", min_size=1, max_size=12).map(lambda text: f"x{text}y"),
    st.integers(-5, 10**6),
    st.booleans(),
)
EDITS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "type",
                "type",
                "type",
                "add",
                "move",
                "drop",
                "erase",
                "sort",
                "filter",
                "remove",
                "stray",
                "widen",
                "batch",
            ]
        ),
        VALUES,
        st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=8,
)


class Person:
    """Edits a workbook at random, and remembers what she typed: the model that the program is held against."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.own: set[str] = set()
        self.expected: dict[tuple[str, str], Any] = {}
        self.strays: set[str] = set()
        self.known: dict[tuple[str, str], Any] = {}  # to the program, since it last read

    def do(self, action: str, value: Any, seed: int) -> None:  # noqa: C901, PLR0912, PLR0915 (a kind of edit after the other)
        chance = random.Random(seed)
        book = Book(self.folder)
        sheet, headers = book.sheet, book.headers
        key = next(rank for rank, header in enumerate(headers, 1) if header.startswith("conventool"))
        if action == "type":
            there = [header for header in TYPED if header in headers]
            name, header = chance.choice(NAMES), chance.choice([*there, *sorted(self.own & set(headers))] or [""])
            if header and any(name in [cell.value for cell in row] for row in sheet.iter_rows(min_row=2)):
                cell = book.cell(name, header)
                cell.value, cell.number_format = value, "dd/mm/yyyy" if isinstance(value, date) else "General"
                self.expected[name, header] = value
        elif action == "add":
            header = f"Colonne {len(self.own)}"
            at = chance.randint(1, key + 1)
            sheet.insert_cols(at)
            sheet.cell(1, at, header)
            self.own.add(header)
        elif action == "move":
            source, target = chance.randint(1, key), chance.randint(1, key)
            cells = [sheet.cell(row, source).value for row in range(1, sheet.max_row + 1)]
            sheet.delete_cols(source)
            sheet.insert_cols(target)
            for row, one in enumerate(cells, 1):
                sheet.cell(row, target, one)
        elif action == "drop" and self.own & set(headers):
            header = chance.choice(sorted(self.own & set(headers)))
            sheet.delete_cols(headers.index(header) + 1)
            self.own.discard(header)
            self.expected = {at: one for at, one in self.expected.items() if at[1] != header}
        elif action == "erase" and set(TYPED) & set(headers):
            header = chance.choice(sorted(set(TYPED) & set(headers)))
            sheet.delete_cols(headers.index(header) + 1)  # the program's own comes back, with what it had read before
            self.expected = {at: one for at, one in self.expected.items() if at[1] != header}
            self.expected |= {at: one for at, one in self.known.items() if at[1] == header}
        elif action == "filter":
            sheet.auto_filter.ref = f"A1:{sheet.cell(1, key).column_letter}{sheet.max_row}"
            sheet.auto_filter.add_filter_column(chance.randint(0, key - 1), ["rien de tel"])
            for row in range(2, sheet.max_row + 1):
                sheet.row_dimensions[row].hidden = chance.random() < 0.5
        elif action == "sort":
            rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
            chance.shuffle(rows)
            for row, cells in enumerate(rows, 2):
                for rank, one in enumerate(cells, 1):
                    sheet.cell(row, rank).value = one
        elif action == "remove":
            row = chance.randint(2, max(sheet.max_row, 2))
            gone = {cell.value for cell in sheet[row]} & set(NAMES)
            sheet.delete_rows(row)  # what she had just typed in it goes with it; what was read before comes back
            self.expected = {at: one for at, one in self.expected.items() if at[0] not in gone}
            self.expected |= {
                at: one for at, one in self.known.items() if at[0] in gone and at[1] in {*TYPED, *self.own}
            }
        elif action == "stray":
            self.strays.add(f"note {seed}")
            sheet.cell(sheet.max_row + 1, 1 if key != 1 else 2, f"note {seed}")
        elif action == "widen":
            sheet.column_dimensions["B"].width = 50
        book.save()
        if action == "remove":
            left = {str(cell.value) for row in book.sheet.iter_rows() for cell in row}
            self.strays &= left
        if action == "batch":
            self.run_the_list(broken=bool(seed % 2))

    def run_the_list(self, *, broken: bool) -> None:
        """Another run of the program in the same folder."""
        listed, workbook = self.folder.parent / "liste.csv", self.folder / "suivi.xlsx"
        listed.write_text(BROKEN if broken else LIST, "utf-8")
        before = workbook.read_bytes()
        batch(listed, RunOptions(DEFAULT, self.folder), NOBODY)
        if workbook.read_bytes() != before:  # it was not done already
            self.known = dict(self.expected)

    def check(self) -> None:
        book = Book(self.folder)
        self.known = dict(self.expected)
        for (name, header), value in self.expected.items():
            assert book.says(name, header) == value, (name, header)
        everything = [cell.value for row in book.sheet.iter_rows() for cell in row]
        assert self.strays <= set(everything)
        assert all(everything.count(name) >= 1 for name in NAMES)


@settings(deadline=None, max_examples=12)
@given(EDITS, st.booleans())
def test_nothing_typed_is_lost_whatever_is_done(made: Path, edits: list[Any], each: bool) -> None:
    play(made, edits, each=each)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(EDITS, st.booleans())
def test_nothing_typed_is_lost_in_many_plays(made: Path, edits: list[Any], each: bool) -> None:
    play(made, edits, each=each)


def play(made: Path, edits: list[Any], *, each: bool) -> None:
    """Play edits on a copy of a folder; the dossier is brought up to date after each, or at the end, then twice."""
    folder = made.parent / "play" / "lot"
    shutil.rmtree(folder.parent, ignore_errors=True)
    shutil.copytree(made, folder)
    person = Person(folder)
    for action, value, seed in edits:
        person.do(action, value, seed)
        if each:
            suivi(folder)
            person.check()
    suivi(folder)
    person.check()
    suivi(folder)
    person.check()


# --- Case by case ------------------------------------------------------------------------------------------


def test_what_is_typed_is_known_counted_and_still_there(lot: Path) -> None:
    book = Book(lot)
    book.cell("Lille", "Envoyée le").value = date(2026, 3, 20)
    book.cell("Lille", "Date de signature : CDG 59").value = "2 avril 2026"
    book.cell("Hem", "Remarque").value = "Appeler\nle matin"
    book.save()
    report = suivi(lot)
    assert report.exit_code is ExitCode.DONE
    assert facts(lot, "Lille") == {"envoyee": date(2026, 3, 20), "signature.cdg59": date(2026, 4, 2)}
    assert Book(lot).says("Lille", "État") == "Signée par CDG 59"
    assert Book(lot).says("Hem", "Remarque") == "Appeler\nle matin"
    typed(lot, "Lille", "Envoyée le", None)
    suivi(lot)
    assert facts(lot, "Lille")["envoyee"] is None
    assert Book(lot).says("Lille", "Envoyée le") is None


def test_order_widths_own_columns_and_sheets_stay(lot: Path) -> None:
    book = Book(lot)
    column = book.headers.index("Remarque") + 1
    letter = book.sheet.cell(1, column).column_letter
    book.sheet.move_range(f"{letter}1:{letter}5", cols=3)  # behind the hidden column
    book.sheet.cell(1, column + 2, "Suivi par")
    book.sheet.cell(2, column + 2, "Paul")
    book.sheet.column_dimensions["A"].width = 51
    notes = book.book.create_sheet("Notes")
    notes.append([1, "é", None, "=1+1", date(2026, 4, 2)])
    book.save()
    suivi(lot)
    again = Book(lot)
    assert [title for title in again.headers if title in {"Remarque", "Suivi par"}] == ["Suivi par", "Remarque"]
    assert again.says("Armentières", "Suivi par") == "Paul"
    assert again.sheet.column_dimensions["A"].width == pytest.approx(51, abs=1 / 7)  # a pixel
    (cells,) = again.book["Notes"].iter_rows(values_only=True)
    assert [cell.date() if isinstance(cell, datetime) else cell for cell in cells] == [
        1, "é", None, "=1+1", date(2026, 4, 2),
    ]  # fmt: skip


def test_widths_and_heights_stay_to_the_pixel(lot: Path) -> None:
    """What the program itself had chosen is not made wider by reading it back from a workbook that was typed into."""

    def layout() -> tuple[dict[str, float], dict[int, float | None]]:
        sheet = Book(lot).sheet
        widths = {letter: one.width for letter, one in sheet.column_dimensions.items()}
        return widths, {number: one.height for number, one in sheet.row_dimensions.items()}

    before = layout()
    book = Book(lot)
    book.sheet.cell(2, book.headers.index("Remarque") + 1, "vu")
    book.save()
    suivi(lot)
    assert Book(lot).says("Armentières", "Remarque") == "vu"
    assert layout() == before


def test_a_contradiction_is_told_and_the_workbook_wins(lot: Path) -> None:
    suivi(lot, Signed(["Lille"], "2026-04-02", "cdg59"))
    shown = Book(lot)
    suivi(lot, Signed(["59350"], "2026-04-07", "CDG 59"))  # while the workbook is open with the day before
    shown.cell("Lille", "Date de signature : CDG 59").value = date(2026, 4, 9)
    shown.save()
    report = suivi(lot)
    (problem,) = [one for one in report.problems if one.code == "tracking-contradiction"]
    assert "9 avril 2026" in problem.message.replace("\xa0", " ")
    assert "7 avril 2026" in problem.message.replace("\xa0", " ")
    assert (problem.place.sheet, problem.place.column) == ("Suivi", "Date de signature : CDG 59")
    assert facts(lot, "Lille")["signature.cdg59"] == date(2026, 4, 9)
    assert suivi(lot).problems == []


def test_a_workbook_saved_without_change_takes_nothing_back(lot: Path) -> None:
    suivi(lot, Signed(["Lille"], "2026-04-02", "cdg59"))
    old = Book(lot)
    suivi(lot, Signed(["Lille"], "2026-04-07", "cdg59"))
    old.save()
    assert suivi(lot).problems == []
    assert Book(lot).says("Lille", "Date de signature : CDG 59") == date(2026, 4, 7)


def test_what_is_typed_over_the_programs_own_words_goes_into_a_column(lot: Path) -> None:
    typed(lot, "Lille", "État", "Perdue ?")
    assert codes(suivi(lot)) == ["typed-over"]
    assert (Book(lot).says("Lille", "État"), Book(lot).says("Lille", "État (saisi)")) == ("Produite", "Perdue ?")
    assert suivi(lot).problems == []
    assert Book(lot).says("Lille", "État (saisi)") == "Perdue ?"


def test_an_impossible_date_is_kept_told_and_not_counted(lot: Path) -> None:
    typed(lot, "Lille", "Date de signature : La Collectivité", date(2026, 3, 11))
    typed(lot, "Hem", "Date de signature : CDG 59", "avant Noël")
    report = suivi(lot)
    assert codes(report) == ["date-order", "date-order"]
    assert Book(lot).says("Lille", "Date de signature : La Collectivité") == date(2026, 3, 11)
    assert Book(lot).says("Hem", "Date de signature : CDG 59") == "avant Noël"
    assert {Book(lot).says(name, "État") for name in ("Lille", "Hem")} == {"Produite"}


def test_nobody_signs_before_the_prefecture_had_the_decision(tmp_path: Path) -> None:
    listed = tmp_path / "liste.csv"
    head, row = HEAD.replace("\n", ";Reçue en préfecture le\n"), ROW.format("59350", "59000")
    listed.write_text(head + row.replace("\n", ";16/03/2026\n"), "utf-8")
    batch(listed, RunOptions(DEFAULT, tmp_path / "lot"), NOBODY)
    typed(tmp_path / "lot", "Lille", "Date de signature : La Collectivité", date(2026, 3, 13))
    (problem,) = suivi(tmp_path / "lot").problems
    assert problem.code == "date-order"
    assert "la réception de la délibération par la préfecture, le 16 mars 2026" in problem.message.replace("\xa0", " ")
    assert Book(tmp_path / "lot").says("Lille", "État") == "Produite"
    report = suivi(tmp_path / "lot", Signed(["Lille"], "2026-03-15", "collectivite"))
    assert (report.exit_code, "date-order" in codes(report)) == (ExitCode.PROBLEMS, True)
    assert suivi(tmp_path / "lot", Signed(["Lille"], "2026-03-16", "collectivite")).exit_code is ExitCode.DONE
    assert Book(tmp_path / "lot").says("Lille", "État") == "Signée par La Collectivité"


HEAD_MORE = HEAD.replace("\n", ";Téléphone;Remarque;État\n")


def test_the_lists_own_columns_are_kept_and_what_is_typed_there_wins(tmp_path: Path) -> None:
    listed, lot = tmp_path / "liste.csv", tmp_path / "lot"

    def run(telephone: str, remark: str, state: str = "urgent") -> None:
        more = f";{telephone};{remark};{state}\n"
        listed.write_text(HEAD_MORE + ROW.format("59350", "59000").replace("\n", more), "utf-8")
        batch(listed, RunOptions(DEFAULT, lot), NOBODY)

    run("03 20 00 00 00", "à rappeler")
    book = Book(lot)
    assert (book.says("Lille", "Téléphone"), book.says("Lille", "Remarque")) == ("03 20 00 00 00", "à rappeler")
    assert (book.says("Lille", "État"), book.says("Lille", "État (liste)")) == ("Produite", "urgent")
    run("03 20 11 11 11", "", "")  # what the list no longer says stays as it was
    assert Book(lot).says("Lille", "Téléphone") == "03 20 11 11 11"
    assert Book(lot).says("Lille", "Remarque") == "à rappeler"
    typed(lot, "Lille", "Téléphone", "03 20 22 22 22")
    run("03 20 33 33 33", "autre")
    assert (Book(lot).says("Lille", "Téléphone"), Book(lot).says("Lille", "Remarque")) == ("03 20 22 22 22", "autre")
    book = Book(lot)
    book.sheet.delete_cols(book.headers.index("Téléphone") + 1)
    book.save()
    assert suivi(lot).problems == []
    assert Book(lot).says("Lille", "Téléphone") == "03 20 22 22 22"
    listed.write_text(HEAD + ROW.format("59350", "59000"), "utf-8")  # a list without those columns takes nothing back
    batch(listed, RunOptions(DEFAULT, lot), NOBODY)
    assert Book(lot).says("Lille", "Téléphone") == "03 20 22 22 22"


def test_a_party_that_denounces_is_chosen_and_counts(lot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1799000000")  # 3 January 2027
    for party in ("fibre", "cdg59", "collectivite"):
        suivi(lot, Signed(["Hem", "Lille"], "2026-04-07", party))
    for name, author in (("Hem", "CDG 59"), ("Lille", "La Collectivité"), ("Armentières", "la mairie")):
        typed(lot, name, "Dénoncée le", date(2026, 12, 15))
        typed(lot, name, "Dénoncée par", author)
    (problem,) = suivi(lot).problems
    assert "la mairie" in problem.message
    told = {name: Book(lot).says(name, "État").replace("\xa0", " ") for name in ("Hem", "Lille")}
    assert told == {
        "Hem": "Dénoncée le 15 décembre 2026, fin le 15 juin 2027",
        "Lille": "Dénoncée le 15 décembre 2026, fin le 7 avril 2027",
    }


@pytest.mark.parametrize("lock", ["~$suivi.xlsx", ".~lock.suivi.xlsx#"])
def test_an_open_workbook_is_read_told_and_written_later(lot: Path, lock: str) -> None:
    typed(lot, "Lille", "Remarque", "oui")
    before = (lot / "suivi.xlsx").read_bytes()
    (lot / lock).write_bytes(b"x")
    assert codes(suivi(lot)) == ["workbook-open"]
    assert (lot / "suivi.xlsx").read_bytes() == before
    assert facts(lot, "Lille") == {"remarque": "oui"}
    (lot / lock).unlink()
    assert suivi(lot).problems == []
    assert Book(lot).says("Lille", "Remarque") == "oui"


def test_a_workbook_that_cannot_be_read_or_holds_notes_is_kept(lot: Path) -> None:
    book = Book(lot)
    book.cell("Lille", "Remarque").comment = openpyxl.comments.Comment("important", "Paul")
    book.save()
    assert codes(suivi(lot)) == ["workbook-kept"]
    assert openpyxl.load_workbook(lot / "suivi-2.xlsx")["Suivi"].max_row == 5
    assert suivi(lot).problems == []
    (lot / "suivi.xlsx").write_bytes(b"PK no workbook")
    report = suivi(lot)
    assert codes(report) == ["workbook-unreadable"]
    assert (lot / "suivi.xlsx").read_bytes() == b"PK no workbook"
    assert report.files["workbook"] == lot / "suivi-3.xlsx"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not tell which files are open")
def test_a_damaged_workbook_is_kept_and_not_left_open(lot: Path, part: str) -> None:
    with zipfile.ZipFile(lot / "suivi.xlsx") as sound:
        parts = {name: sound.read(name) for name in sound.namelist()}
    with zipfile.ZipFile(lot / "suivi.xlsx", "w") as damaged:
        for name, data in parts.items():
            damaged.writestr(name, data[: len(data) // 2] if name == part else data)
    with pytest.raises(UnreadableBookError) as failure:
        read_book(lot / "suivi.xlsx")
    assert lot / "suivi.xlsx" not in {link.resolve() for link in Path("/proc/self/fd").iterdir()}, failure
    assert codes(suivi(lot)) == ["workbook-unreadable"]


def test_a_dossier_made_again_takes_the_typed_workbook(lot: Path) -> None:
    typed(lot, "Hazebrouck", "Remarque", "à la main")
    (lot / "suivi.sqlite").unlink()
    (lot.parent / "liste.csv").write_text(HEAD + ROW.format("59295", "59190") + ROW.format("59017", "59280"), "utf-8")
    batch(lot.parent / "liste.csv", RunOptions(DEFAULT, lot), NOBODY)
    assert facts(lot, "Hazebrouck") == {"remarque": "à la main"}
    assert facts(lot, "Armentières") == {}


def test_a_folder_of_the_version_before_is_read_as_it_is_and_migrated_when_it_is_written_in(lot: Path) -> None:
    with closing(sqlite3.connect(lot / "suivi.sqlite")) as database:
        for table in ("fact", "layout", "line", "sheet"):
            database.execute(f"DROP TABLE {table}")
        database.execute("ALTER TABLE run DROP COLUMN terms")
        database.execute("PRAGMA user_version = 1")
    before = (lot / "suivi.sqlite").read_bytes()
    assert facts(lot, "Lille") == {}
    assert (lot / "suivi.sqlite").read_bytes() == before
    typed(lot, "Lille", "Remarque", "oui")
    suivi(lot)
    assert facts(lot, "Lille") == {"remarque": "oui"}
    with closing(sqlite3.connect(lot / "suivi.sqlite")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (2,)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- By hand, and what is told -----------------------------------------------------------------------------


def test_signatures_by_hand_of_several_and_what_cannot_be(lot: Path) -> None:
    suivi(lot, Signed(["lille", "59299"], "2/4/2026", "collectivite"))
    assert facts(lot, "Lille") == facts(lot, "Hem") == {"signature.collectivite": date(2026, 4, 2)}
    report = suivi(lot, Signed(["Lille"], "2026-03-11", "collectivite"))
    assert (codes(report), report.exit_code) == (["date-order"], ExitCode.PROBLEMS)
    report = suivi(lot, Signed(["Lille"], "2090-03-11", "cdg59"))
    assert (codes(report), report.exit_code) == (["date-order"], ExitCode.PROBLEMS)
    assert facts(lot, "Lille") == {"signature.collectivite": date(2026, 4, 2)}


@pytest.mark.parametrize(
    ("signed", "code"),
    [
        (Signed(["Lile"], "2026-04-02", "cdg59"), "unknown-adherent"),
        (Signed(["Lille"], "2026-04-02", "mairie"), "bad-choice"),
        (Signed(["Lille"], "31/02/2026", "cdg59"), "bad-date"),
    ],
)
def test_a_signature_of_nobody_is_refused_and_nothing_changes(lot: Path, signed: Signed, code: str) -> None:
    before = {path.name: path.read_bytes() for path in lot.iterdir()}
    with pytest.raises(UsageError) as raised:
        suivi(lot, signed)
    assert [problem.code for problem in raised.value.problems] == [code]
    assert {path.name: path.read_bytes() for path in lot.iterdir()} == before


def test_who_is_late_and_what_is_due_is_told(lot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(lot, "Lille", "Envoyée le", date(2026, 3, 20))
    for party in ("fibre", "cdg59", "collectivite"):
        suivi(lot, Signed(["Hem"], "2026-04-07", party))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1799000000")  # 3 January 2027
    report = suivi(lot, details=True)
    tables = {table.title.partition(" (")[0]: table.rows for table in report.tables}
    assert [row[0] for row in tables["À relancer"]] == ["Lille"]
    assert [row[1] for row in tables["Dans les deux mois"]] == ["Hem"]
    assert report.as_json()["states"] == {"produite": 2, "envoyée": 1, "signée": 1}
    told = {one["nom"]: one for one in report.as_json()["adherents"]}
    assert told["Hem"]["effect"] == "2026-04-07"
    assert told["Hem"]["next"]["day"] == "2027-01-07"


def test_a_folder_without_a_dossier_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConventoolError) as raised:
        suivi(tmp_path)
    assert raised.value.exit_code is ExitCode.UNREADABLE


# --- What comes back ---------------------------------------------------------------------------------------


def returned(lot: Path, dates: dict[str, str], altered: str = "") -> Path:
    """Copies of Lille as they come back: dates filled in, perhaps a word of the text changed in one of them."""
    folder = lot.parent / "retours"
    head, row = HEAD.rstrip("\n"), ROW.format("59350", "59000").rstrip("\n")
    cells = "".join(f";{value}" for value in dates.values())
    names = "".join(f";signatures_{party}" for party in dates)
    source = lot.parent / "signes.csv"
    source.write_text(f"{head}{names}\n{row}{cells}\n", "utf-8")
    batch(source, RunOptions(DEFAULT, folder), NOBODY)
    for path in folder.glob("*.docx"):
        if altered and altered in path.name:
            document = docx.Document(path)
            paragraph = next(one for one in document.paragraphs if "deux (2) ans" in one.text)
            run = next(one for one in paragraph.runs if "deux" in one.text)
            run.text = run.text.replace("deux", "trois", 1)
            document.save(path)
    for path in folder.glob("[sr][ue]*"):
        path.unlink()
    return folder


def test_what_came_back_and_when_it_was_signed_is_noted(lot: Path) -> None:
    folder = returned(lot, {"fibre": "2026-04-02", "collectivite": "2026-04-03"})
    report = verify([folder], VerifyOptions(dossier=lot))
    assert report.exit_code is ExitCode.DONE, report.problems
    assert facts(lot, "Lille") == {
        "retour.fibre": "intact", "retour.cdg59": "intact", "retour.collectivite": "intact",
        "signature.fibre": date(2026, 4, 2), "signature.collectivite": date(2026, 4, 3),
    }  # fmt: skip
    assert Book(lot).says("Lille", "Date de signature : La Collectivité") == date(2026, 4, 3)
    assert Book(lot).says("Lille", "État") == "Signée par La Fibre Numérique 59 62, La Collectivité"
    assert facts(lot, "Hem") == {}


def test_an_altered_copy_is_told_and_its_dates_are_not_taken(lot: Path) -> None:
    folder = returned(lot, {"cdg59": "2026-04-02"}, altered="cdg59")
    for path in folder.glob("*.docx"):
        if "cdg59" not in path.name:
            path.unlink()
    assert verify([folder], VerifyOptions(dossier=lot)).exit_code is ExitCode.PROBLEMS
    assert facts(lot, "Lille") == {"retour.cdg59": "altered"}
    assert Book(lot).says("Lille", "État") == "Altérée : CDG 59"


def test_a_date_that_the_dossier_contradicts_or_that_is_to_come_is_told_and_not_taken(lot: Path) -> None:
    suivi(lot, Signed(["Lille"], "2026-04-07", "fibre"))
    folder = returned(lot, {"fibre": "2026-04-02", "cdg59": "2027-04-02"})
    report = verify([folder], VerifyOptions(dossier=lot))
    assert {code for code in codes(report) if code != "future-date"} == {"tracking-contradiction", "date-order"}
    assert facts(lot, "Lille")["signature.fibre"] == date(2026, 4, 7)
    assert "signature.cdg59" not in facts(lot, "Lille")


def test_what_was_verified_is_told_though_another_command_keeps_the_dossier(
    lot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = returned(lot, {})
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    with writing_in(lot):
        report = verify([folder], VerifyOptions(dossier=lot))
    assert {one.status for one in report.documents} == {"intact"}
    assert (codes(report), report.exit_code) == (["unwritable"], ExitCode.UNWRITABLE)
    (problem,) = report.problems
    assert problem.hint == "Relancez celle-ci quand l’autre aura fini."


def test_a_note_waits_for_a_command_that_ends(lot: Path) -> None:
    folder = returned(lot, {})
    begun, done = threading.Event(), threading.Event()

    def at_work() -> None:
        with writing_in(lot):
            begun.set()
            done.wait(10)

    other = threading.Thread(target=at_work)
    other.start()
    begun.wait(10)
    threading.Timer(0.3, done.set).start()
    assert verify([folder], VerifyOptions(dossier=lot)).exit_code is ExitCode.DONE
    other.join()


def test_the_files_of_the_folder_itself_did_not_come_back(lot: Path) -> None:
    verify([lot], VerifyOptions(dossier=lot))
    verify([], VerifyOptions(dossier=lot))
    assert facts(lot, "Lille") == {}


# --- As agents do it ---------------------------------------------------------------------------------------


def sorted_without_the_hidden_cells(book: Book) -> None:
    """As a program sorts a choice of columns, or the filter of a workbook of an earlier version."""
    last = len(book.headers) - 1
    lines = [[book.sheet.cell(row, column).value for column in range(1, last + 1)] for row in range(2, 6)]
    for row, line in enumerate(sorted(lines, key=lambda line: str(line[0]), reverse=True), 2):
        for column, value in enumerate(line, 1):
            book.sheet.cell(row, column).value = value


def test_lines_that_were_sorted_apart_from_their_hidden_cells_are_whose_they_say(lot: Path) -> None:
    for name in NAMES:
        typed(lot, name, "Remarque", f"note de {name}")
    suivi(lot)
    book = Book(lot)
    sorted_without_the_hidden_cells(book)
    book.cell("Lille", "Envoyée le").value = date(2026, 3, 20)
    book.save()
    for _ in range(2):
        assert suivi(lot).problems == []
        assert {name: facts(lot, name)["remarque"] for name in NAMES} == {name: f"note de {name}" for name in NAMES}
        assert [name for name in NAMES if "envoyee" in facts(lot, name)] == ["Lille"]
        assert [Book(lot).sheet.cell(row, 1).value for row in range(2, 6)] == sorted(NAMES, reverse=True)


def test_a_day_with_its_hour_is_that_day(lot: Path) -> None:
    typed(lot, "Hem", "Envoyée le", datetime.combine(date(2026, 3, 21), time(14, 30)))
    assert suivi(lot).problems == []
    assert Book(lot).says("Hem", "État").replace("\xa0", " ") == "Envoyée le 21 mars 2026"
    sheet = Book(lot)
    assert sheet.cell("Hem", "Envoyée le").value == datetime.combine(date(2026, 3, 21), time(14, 30))


def test_a_formula_is_no_date_and_is_kept(lot: Path) -> None:
    typed(lot, "Hem", "Envoyée le", "=TODAY()")
    (problem,) = suivi(lot).problems
    assert "« =TODAY() » est une formule" in problem.message
    assert (Book(lot).says("Hem", "État"), Book(lot).says("Hem", "Envoyée le")) == ("Produite", "=TODAY()")


def test_a_title_above_and_joined_cells_are_kept_beside(lot: Path) -> None:
    book = Book(lot)
    book.sheet.insert_rows(1, 2)
    book.sheet.cell(1, 1, "Suivi de l’année")
    book.save()
    assert codes(suivi(lot)) == ["workbook-kept"]
    assert openpyxl.load_workbook(lot / "suivi-2.xlsx")["Suivi"]["A1"].value == "Suivi de l’année"
    assert codes(suivi(lot)) == []
    book = Book(lot)
    book.sheet.merge_cells("O2:O3")
    book.save()
    assert codes(suivi(lot)) == ["workbook-kept"]


def test_a_sheet_or_headers_that_somebody_renamed_are_found(lot: Path) -> None:
    book = Book(lot)
    book.cell("Hem", "Envoyée le").value = date(2026, 3, 20)
    book.sheet.cell(1, book.headers.index("Envoyée le") + 1).value = "ENVOYEE LE"
    book.cell("Hem", SIGNED).value = date(2026, 3, 21)
    book.sheet.cell(1, book.headers.index(SIGNED) + 1).value = SIGNED.replace("\xa0", " ")
    book.sheet.title = "Mon suivi"
    book.save()
    assert suivi(lot).problems == []
    assert facts(lot, "Hem") == {"envoyee": date(2026, 3, 20), "signature.cdg59": date(2026, 3, 21)}
    assert SIGNED in Book(lot).headers
    assert "ENVOYEE LE" not in Book(lot).headers


def test_lines_of_nobody_are_named_once(lot: Path) -> None:
    book = Book(lot)
    book.sheet.append(["TOTAL", None, None, 4])
    book.sheet.append([cell.value for cell in book.sheet[2]])
    book.save()
    (problem,) = suivi(lot).problems
    assert (problem.code, problem.place.line) == ("line-of-nobody", 6)
    assert "TOTAL, Armentières" in problem.message
    assert suivi(lot).problems == []
    assert Book(lot).sheet["A6"].value == "TOTAL"


@pytest.mark.parametrize(
    ("header", "day", "why"),
    [
        ("Date de signature\xa0: CDG 59", date(2026, 12, 1), "n’est pas encore venu"),
        ("Envoyée le", date(2026, 12, 1), "n’est pas encore venu"),
        ("Exécutoire le", date(2026, 4, 5), "avant la dernière signature, le 6 avril 2026"),
        ("Reconduite par écrit le", date(2026, 4, 5), "avant la dernière signature"),
        ("Dénoncée le", date(2024, 2, 29), "avant la dernière signature"),
        ("Date de signature\xa0: La Collectivité", date(2026, 3, 11), "avant la délibération du 12 mars 2026"),
    ],
)
def test_a_day_that_cannot_be_is_told_and_not_counted(
    lot: Path, monkeypatch: pytest.MonkeyPatch, header: str, day: date, why: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780000000")  # 28 May 2026
    for party in ("fibre", "cdg59", "collectivite"):
        suivi(lot, Signed(["Hem"], "2026-04-06", party))
    before = Book(lot).says("Hem", "État")
    typed(lot, "Hem", header, day)
    (problem,) = suivi(lot).problems
    assert (problem.code, why in problem.message.replace("\xa0", " ")) == ("date-order", True)
    assert Book(lot).says("Hem", header) == day
    unsigned = header.startswith("Date de signature")
    assert (
        Book(lot).says("Hem", "État").startswith("Signée par") if unsigned else Book(lot).says("Hem", "État") == before
    )


@pytest.mark.parametrize("name", ["suivi.ods", "suivi.csv"])
def test_one_saved_in_another_format_is_told(lot: Path, name: str) -> None:
    (lot / name).write_text("x", "utf-8")
    (problem,) = suivi(lot).problems
    assert (problem.code, name in problem.message) == ("workbook-not-read", True)
    assert (lot / name).read_text("utf-8") == "x"


def test_what_is_typed_in_a_copy_of_the_sheet_is_told(lot: Path) -> None:
    """Of two sheets with the same headers only the first one is read; the other stays, and what stands there."""
    book = openpyxl.load_workbook(lot / "suivi.xlsx")
    copied = book.copy_worksheet(book.active)
    copied.title = "Copie"
    header = [cell.value for cell in copied[1]].index("Envoyée le") + 1
    copied.cell(2, header).value = date(2026, 4, 9)
    book.move_sheet(copied, -len(book.sheetnames) + 1)
    book.save(lot / "suivi.xlsx")
    (problem,) = suivi(lot).problems
    assert (problem.code, "Copie" in problem.message) == ("workbook-not-read", True)
    kept = openpyxl.load_workbook(lot / "suivi.xlsx")["Copie"]
    assert kept.cell(2, header).value == datetime(2026, 4, 9)  # noqa: DTZ001 (a cell has no zone)


# --- LibreOffice -------------------------------------------------------------------------------------------

SOFFICE = shutil.which("soffice")


BASIC = """Sub Work
Dim hidden(0) As New com.sun.star.beans.PropertyValue
hidden(0).Name = "Hidden" : hidden(0).Value = True
book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, hidden())
sheet = book.Sheets.getByName("Suivi")
{work}
Dim kind(0) As New com.sun.star.beans.PropertyValue
kind(0).Name = "FilterName" : kind(0).Value = "Calc MS Excel 2007 XML"
book.storeToURL("{target}", kind())
book.close(True)
StarDesktop.terminate()
End Sub
"""
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">{}</script:module>
"""  # noqa: E501
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Module1"/></library:library>
"""


def done_in_libreoffice(workbook: Path, aside: Path, work: list[str]) -> None:
    """Open a workbook in LibreOffice itself, do something there by its own Basic, and save it as one of Excel."""

    def office(argument: str) -> None:
        profile = f"-env:UserInstallation={(aside / 'profile').as_uri()}"
        command = [str(SOFFICE), profile, "--headless", "--norestore", argument]
        subprocess.run(command, check=True, capture_output=True, timeout=120)

    office("--terminate_after_init")  # it makes the profile, in the place of what is there
    home = aside / "profile/user/basic/Standard"
    told = BASIC.format(source=workbook.as_uri(), target=(aside / "saved.xlsx").as_uri(), work="\n".join(work))
    (home / "Module1.xba").write_text(MODULE.format(escape(told)), "utf-8")
    (home / "script.xlb").write_text(LIBRARY, "utf-8")
    office("macro:///Standard.Module1.Work")
    shutil.move(aside / "saved.xlsx", workbook)


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_what_is_typed_sorted_and_filtered_in_libreoffice_is_there_twice(lot: Path, tmp_path: Path) -> None:
    book = Book(lot)
    at = {(name, header): (book.headers.index(header), book.row(name) - 1) for name in NAMES for header in book.headers}

    def type_in(name: str, header: str, text: str) -> str:
        column, row = at[name, header]
        return f'sheet.getCellByPosition({column}, {row}).FormulaLocal = "{text}"'

    last = len(book.headers) - 1
    done_in_libreoffice(lot / "suivi.xlsx", tmp_path, [
        type_in("Lille", "Envoyée le", "2026-03-20"),
        type_in("Hem", "Dénoncée par", "CDG 59"),
        type_in("Hem", "Remarque", "Appeler l’après-midi, « ça presse »"),
        type_in("Hazebrouck", "Courriel", "mairie@exemple.fr"),
        "Dim order(0) As New com.sun.star.table.TableSortField",
        "order(0).Field = 0 : order(0).IsAscending = False",
        "Dim how(1) As New com.sun.star.beans.PropertyValue",
        'how(0).Name = "SortFields" : how(0).Value = order()',
        'how(1).Name = "ContainsHeader" : how(1).Value = True',
        f"sheet.getCellRangeByPosition(0, 0, {last}, {len(NAMES)}).sort(how())",
        "sheet.Rows.getByIndex(2).IsVisible = False",
        "sheet.Columns.insertByIndex(1, 1)",
        'sheet.getCellByPosition(1, 0).FormulaLocal = "Suivi par"',
        'sheet.getCellByPosition(1, 1).FormulaLocal = "Paul"',
    ])  # fmt: skip
    wanted: dict[str, dict[str, Any]] = {
        "Lille": {"envoyee": date(2026, 3, 20), "=Suivi par": "Paul"},
        "Hem": {"denoncee_par": "CDG 59", "remarque": "Appeler l’après-midi, « ça presse »"},
        "Hazebrouck": {"courriel": "mairie@exemple.fr"},
        "Armentières": {},
    }
    listed = lot.parent / "liste.csv"
    for text in (LIST, BROKEN, LIST):  # a run of rejects after it too
        assert suivi(lot).problems == []
        assert {name: facts(lot, name) for name in NAMES} == wanted
        assert Book(lot).headers[:2] == ["Adhérent", "Suivi par"]
        assert [Book(lot).sheet.cell(row, 1).value for row in range(2, 6)] == sorted(NAMES, reverse=True)
        listed.write_text(text, "utf-8")
        batch(listed, RunOptions(DEFAULT, lot), NOBODY)


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_what_libreoffice_saves_is_read_as_it_was(lot: Path, tmp_path: Path) -> None:
    book = Book(lot)
    book.cell("Lille", "Envoyée le").value = date(2026, 3, 20)
    book.cell("Hem", "Remarque").value = "Appeler & <demander>\nl’après-midi"
    book.sheet.insert_cols(2)
    book.sheet.cell(1, 2, "À moi")
    book.sheet.cell(2, 2, 12.5)
    book.save()
    assert SOFFICE is not None
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "saved"), str(lot / "suivi.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    shutil.copy(tmp_path / "saved/suivi.xlsx", lot / "suivi.xlsx")
    assert suivi(lot).problems == []
    assert facts(lot, "Lille") == {"envoyee": date(2026, 3, 20)}
    assert facts(lot, "Hem") == {"remarque": "Appeler & <demander>\nl’après-midi"}
    assert facts(lot, "Armentières") == {"=À moi": 12.5}
    assert Book(lot).headers[:3] == ["Adhérent", "À moi", "Forme"]
