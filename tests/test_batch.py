"""A list in, three copies each: checked whole, interrupted at will, taken up again, never at the price of a file."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest

from conventool.batch.options import RunOptions
from conventool.batch.report import BatchReport
from conventool.commands.batch import batch, validate
from conventool.core.errors import ExitCode, OutputError, UnreadableError, UsageError
from conventool.core.watch import NOBODY
from conventool.dossier.changes import changes
from conventool.dossier.database import connect
from conventool.dossier.reading import Folder
from conventool.register.communes import Register
from conventool.template import DEFAULT
from conventool.template.folder import find_template
from conventool.template.manifest import MANIFEST
from dossiers import told_by

CASES = Path(__file__).parent / "cases/batch"
FOUR = CASES / "quatre-adherents"
HEADERS = ["Forme", "Code INSEE", "Code postal", "Adresse", "Civilité", "Prénom", "Nom du représentant", "Date"]
COLUMNS = "Date: decision.date\n"
NOT_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no time of change beside the date")


def write_list(path: Path, count: int, faulty: int = 0) -> list[int]:
    """A list of communes as CSV; the lines of its faulty rows, spread over it."""
    communes = list(islice((commune for commune in Register.open() if commune.codes_postaux), count))
    wrong = set(range(0, count, count // faulty)) if faulty else set()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(HEADERS)
        for rank, commune in enumerate(communes):
            code_postal = "99999" if rank in wrong else commune.codes_postaux[0]
            civilite = ("Madame", "Monsieur")[rank % 2]
            street = f"{rank} rue de la Paix"
            out.writerow(["commune", commune.code, code_postal, street, civilite, "Camille", "MARTIN", "2026-03-12"])
    path.with_suffix(".yaml").write_text(COLUMNS, encoding="utf-8")
    return [rank + 2 for rank in sorted(wrong)]


def run(source: Path, output: Path, **options: object) -> BatchReport:
    columns = source.with_suffix(".yaml")
    if columns.exists() and columns != source:
        options.setdefault("columns", columns)
    template = "convention-services-numeriques"
    return batch(source, RunOptions(template, output, **options), NOBODY)  # type: ignore[arg-type]


def content(folder: Path) -> dict[str, bytes]:
    """The files of a folder, but its dossier, which tells of the runs."""
    there = sorted(folder.iterdir()) if folder.is_dir() else []
    return {path.name: path.read_bytes() for path in there if not path.name.startswith("suivi.sqlite")}


def documents(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in content(folder).items() if name.endswith(".docx")}


def command(source: Path, output: Path, *options: str) -> list[str]:
    columns = ["--columns", str(source.with_suffix(".yaml"))]
    return [sys.executable, "-m", "conventool", "batch", str(source), "-o", str(output), *columns, *options]


# --- What comes out ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The documents of the four adherents as a YAML list."""
    folder = tmp_path_factory.mktemp("four")
    run(FOUR / "adherents.yaml", folder)
    return documents(folder)


@pytest.mark.parametrize("source", sorted(FOUR.iterdir()), ids=lambda path: path.name)
def test_the_same_adherents_give_the_same_documents_whatever_file_holds_them(
    source: Path, four: dict[str, bytes], tmp_path: Path
) -> None:
    report = run(source, tmp_path)
    assert report.exit_code is ExitCode.DONE
    assert len(four) == 12
    assert documents(tmp_path) == four


def test_the_dossier_tells_every_file_with_its_checksum(tmp_path: Path) -> None:
    run(FOUR / "utf-8.csv", tmp_path)
    told = told_by(tmp_path)
    found = {file["path"]: (file["sha256"], file["bytes"]) for file in told["piece"]}
    assert found == {name: (sha256(data).hexdigest(), len(data)) for name, data in documents(tmp_path).items()}
    assert [json.loads(adherent["place"]) for adherent in told["adherent"]] == [
        {"file": "utf-8.csv", "line": line, "source": True} for line in (2, 3, 4, 5)
    ]
    assert str(tmp_path) not in json.dumps(told)


def test_the_workbook_has_a_line_for_each_adherent_and_links_that_lead_to_the_files(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    run(FOUR / "utf-8.csv", tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "suivi.xlsx").active
    header, *rows = sheet.iter_rows(values_only=True)
    assert [row[0] for row in rows] == ["Armentières", "Le Quesnoy", "Les Attaques", "Laon"]
    links = [cell for row in rows for cell in row if str(cell).startswith("=HYPERLINK")]
    assert {link.split('"')[1] for link in links} == set(documents(tmp_path))
    dates = [rank for rank, title in enumerate(header) if str(title).startswith("Date de signature")]
    assert len(dates) == 3
    assert all(row[rank] is None for row in rows for rank in dates)
    assert sheet.freeze_panes == "B2"


def test_the_workbook_holds_a_name_as_it_is(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    run(listed(tmp_path / "l.yaml", adherent("Eaux & <Bois> _x0041_ d’Œuf")), tmp_path / "out")
    (row,) = openpyxl.load_workbook(tmp_path / "out/suivi.xlsx").active.iter_rows(min_row=2, values_only=True)
    assert openpyxl.utils.escape.unescape(row[0]) == "Eaux & <Bois> _x0041_ d’Œuf"
    links = [cell.split('"')[1] for cell in row if str(cell).startswith("=HYPERLINK")]
    assert links == sorted(documents(tmp_path / "out"))


def test_a_row_that_is_wrong_stops_no_other_and_is_told_by_line_and_column(tmp_path: Path) -> None:
    wrong = write_list(tmp_path / "l.csv", 40, faulty=4)
    report = run(tmp_path / "l.csv", tmp_path / "out")
    assert report.exit_code is ExitCode.PROBLEMS
    assert report.summary["rejected"] == 4
    assert len(documents(tmp_path / "out")) == 36 * 3
    assert [problem.place.line for problem in report.errors] == wrong
    assert {problem.place.column for problem in report.errors} == {"Code postal"}


@pytest.mark.slow
def test_a_long_list_with_two_hundred_faulty_rows(tmp_path: Path) -> None:
    wrong = write_list(tmp_path / "l.csv", 2000, faulty=200)
    done = subprocess.run(
        command(tmp_path / "l.csv", tmp_path / "out", "--json"), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    told = json.loads(done.stdout)
    errors = [problem for problem in told["problems"] if problem["severity"] == "error"]
    assert [(error["place"]["line"], error["place"]["column"]) for error in errors] == [
        (line, "Code postal") for line in wrong
    ]
    assert len(wrong) == 200
    assert told["summary"] | {"seconds": 0} == {
        "adherents": 2000,
        "accepted": 1800,
        "rejected": 200,
        "documents": 5400,
        "created": 5400,
        "identical": 0,
        "replaced": 0,
        "seconds": 0,
    }
    assert {item["sha256"] for item in told["documents"]} == {
        sha256(data).hexdigest() for data in documents(tmp_path / "out").values()
    }
    with (tmp_path / "out/rejets.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")
    assert header == ["Motifs du rejet", *HEADERS]
    assert [row[4] for row in rows] == [f"{line - 2} rue de la Paix" for line in wrong]


def test_several_processes_write_what_one_does(tmp_path: Path) -> None:
    write_list(tmp_path / "l.csv", 130, faulty=5)
    one = run(tmp_path / "l.csv", tmp_path / "one")
    two = run(tmp_path / "l.csv", tmp_path / "two", jobs=2)
    assert content(tmp_path / "one") == content(tmp_path / "two")
    assert list(one.problems) == list(two.problems)
    assert [done.sha256 for done in one.documents] == [done.sha256 for done in two.documents]


# --- What is refused ---------------------------------------------------------------------------------------


def test_strict_writes_nothing_if_a_row_is_wrong(tmp_path: Path) -> None:
    write_list(tmp_path / "l.csv", 10, faulty=1)
    report = run(tmp_path / "l.csv", tmp_path / "out", strict=True)
    assert report.exit_code is ExitCode.PROBLEMS
    assert not (tmp_path / "out").exists()
    assert report.summary["documents"] == 0
    assert len(report.errors) == 1


def test_a_dry_run_tells_and_writes_nothing(tmp_path: Path) -> None:
    report = run(FOUR / "utf-8.csv", tmp_path / "out", dry_run=True)
    assert {done.status for done in report.documents} == {"planned"}
    assert report.summary["documents"] == 12
    assert not (tmp_path / "out").exists()


def test_validation_tells_the_same_problems_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_list(tmp_path / "l.csv", 10, faulty=2)
    options = RunOptions("convention-services-numeriques", Path(), columns=tmp_path / "l.yaml")
    found = validate(tmp_path / "l.csv", options, NOBODY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["l.csv", "l.yaml"]
    assert list(found.problems) == list(run(tmp_path / "l.csv", tmp_path / "out").problems)
    assert found.exit_code is ExitCode.PROBLEMS


def adherent(nom: str, code_postal: str = "59280", siret: str | None = None) -> dict[str, object]:
    return {
        "forme": "syndicat mixte",
        "nom": nom,
        "adresse": "1 rue Haute",
        "code_postal": code_postal,
        "commune": "Armentières",
        "siret": siret,
        "representant": {"civilite": "Madame", "prenom": "Camille", "nom": "MARTIN"},
        "decision": {"date": "2026-03-12"},
    }


def listed(path: Path, *adherents: dict[str, object]) -> Path:
    path.write_text(json.dumps(adherents), encoding="utf-8")
    return path


def codes(report: BatchReport) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.place.line) for problem in report.errors]


@pytest.mark.parametrize(
    ("expression", "rejected"),
    [
        ("{{ 'jamais' if exemplaire.cle == 'cdg59' else reconduction }}", 20),
        ("{{ 'jamais' if exemplaire.cle == 'cdg59' and adherent.code_insee == '01008' else reconduction }}", 1),
        ("{{ 'jamais' if adherent.code_insee == '01008' else reconduction }}", 1),
    ],
)
def test_what_only_one_copy_says_is_checked_too(expression: str, rejected: int, tmp_path: Path) -> None:
    """Whether it says so of every adherent or of one; each row tells it once."""
    template = tmp_path / "template"
    shutil.copytree(find_template(DEFAULT), template)
    text = (template / MANIFEST).read_text(encoding="utf-8")
    changed = text.replace("{{ adherent.reconduction or reconduction }}", expression)
    assert changed != text
    (template / MANIFEST).write_text(changed, encoding="utf-8")
    write_list(tmp_path / "list.csv", 20)

    columns = tmp_path / "list.yaml"
    options = RunOptions(str(template), tmp_path / "out", columns=columns)
    report = batch(tmp_path / "list.csv", options, NOBODY)

    assert (report.summary["accepted"], report.summary["rejected"]) == (20 - rejected, rejected)
    assert [problem.code for problem in report.problems if problem.code == "bad-choice"] == ["bad-choice"] * rejected
    assert len(documents(tmp_path / "out")) == 3 * (20 - rejected)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name is Unicode")
@pytest.mark.parametrize("name", ["l\udcff.csv", "d\udcff/l.csv", "folder\udcff"])
def test_names_that_the_system_cannot_decode_are_told_with_escapes(name: str, tmp_path: Path) -> None:
    """Of the list, of its folder, of a YAML file in it, and of a file that may be the annex that is missing."""
    source = tmp_path / name
    if source.suffix:
        source.parent.mkdir(exist_ok=True)
        write_list(source, 2)
    else:
        source.mkdir()
        one = {**adherent("Énergie"), "annexes": ["annexe.pdf"]}
        (source / "a\udcff.yaml").write_text(json.dumps(one), encoding="utf-8")
        (source / "annexe\udcff.pdf").touch()
    report = run(source, tmp_path / "out")
    assert report.exit_code is ExitCode.DONE
    assert told_by(tmp_path / "out")["run"][0]["source"] == source.name.replace("\udcff", "\\udcff")
    hints = [problem.hint for problem in report.problems if problem.code == "annex-missing"]
    assert hints == ([] if source.suffix else ["Vouliez-vous dire «\u00a0annexe\\udcff.pdf\u00a0»\u00a0?"])
    assert all(str(problem).encode() for problem in report.problems)
    assert run(source, tmp_path / "out").summary["identical"] == report.summary["created"] > 0


def test_what_each_copy_says_of_each_adherent_stands_in_that_copy_alone(tmp_path: Path) -> None:
    template = tmp_path / "template"
    shutil.copytree(find_template(DEFAULT), template)
    text = (template / MANIFEST).read_text(encoding="utf-8")
    for control in ("adherent.adresse", "adherent.representant"):
        assert f"{{{{ {control} }}}}" in text  # of the convention first, of the pieces behind it too
        text = text.replace(f"{{{{ {control} }}}}", f"{{{{ {control} }}}}, pour {{{{ exemplaire.cle }}}}", 1)
    (template / MANIFEST).write_text(text, encoding="utf-8")
    write_list(tmp_path / "list.csv", 3)
    batch(
        tmp_path / "list.csv",
        RunOptions(str(template), tmp_path / "out", columns=tmp_path / "list.yaml"),
        NOBODY,
    )
    for name, data in documents(tmp_path / "out").items():
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            said = archive.read("word/document.xml").decode()
        found = re.findall(r"(rue de la Paix|MARTIN), pour (\w+)", said)
        whose = name.removesuffix(".docx").rpartition("-")[2]
        assert found == [("rue de la Paix", whose), ("MARTIN", whose)]


def test_rejects_for_a_folder_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    write_list(tmp_path / "l.csv", 3, faulty=1)
    with pytest.raises(OutputError, match="Un dossier porte ce nom"):
        run(tmp_path / "l.csv", tmp_path / "out", rejects=tmp_path)
    assert not (tmp_path / "out").exists()


def test_an_adherent_listed_twice_is_rejected_the_second_time(tmp_path: Path) -> None:
    with (FOUR / "utf-8.csv").open(encoding="utf-8") as file:
        header, *rows = file.read().splitlines()
    (tmp_path / "l.csv").write_text("\n".join([header, *rows, rows[1]]), encoding="utf-8")
    report = run(tmp_path / "l.csv", tmp_path / "out")
    assert codes(report) == [("duplicate-adherent", 6)]
    assert "ligne 3" in report.errors[0].message
    assert len(documents(tmp_path / "out")) == 12


def test_one_legal_person_under_two_names_is_found_by_its_number(tmp_path: Path) -> None:
    number = "73282932000074"
    source = listed(tmp_path / "l.yaml", adherent("de l’Est", siret=number), adherent("du Nord", siret=number[:9]))
    assert [code for code, _ in codes(run(source, tmp_path / "out"))] == ["duplicate-adherent"]


def test_two_adherents_whose_files_would_have_one_name_are_told_before_writing(tmp_path: Path) -> None:
    source = listed(tmp_path / "l.yaml", adherent("Énergie O"), adherent("Énergie Ω"))
    report = run(source, tmp_path / "out", strict=True)
    assert [code for code, _ in codes(report)] == ["same-file-name"]
    assert not (tmp_path / "out").exists()


def test_a_different_file_is_never_replaced_without_force(tmp_path: Path) -> None:
    run(FOUR / "utf-8.csv", tmp_path)
    sound = content(tmp_path)
    names = list(documents(tmp_path))
    (tmp_path / names[0]).write_bytes(b"mine")
    (tmp_path / names[1]).unlink()
    report = run(FOUR / "utf-8.csv", tmp_path)
    assert report.exit_code is ExitCode.UNWRITABLE
    assert [(problem.code, problem.place.file) for problem in report.errors] == [
        ("file-differs", str(tmp_path / names[0]))
    ]
    (shown,) = [examples for _, code, _, examples in report.tally.kinds if code == "file-differs"]
    assert [problem.place.file for problem in shown] == [str(tmp_path / names[0])]
    assert report.summary["created"] == 1
    assert report.summary["conflicts"] == 1
    assert (tmp_path / names[0]).read_bytes() == b"mine"
    report = run(FOUR / "utf-8.csv", tmp_path, force=True)
    assert (report.exit_code, report.summary["replaced"]) == (ExitCode.DONE, 1)
    assert documents(tmp_path) == {name: data for name, data in sound.items() if name.endswith(".docx")}


def test_killed_when_all_was_done_the_sign_of_its_work_goes_with_the_next_run(tmp_path: Path) -> None:
    source, out = FOUR / "adherents.yaml", tmp_path / "out"
    run(source, out)
    wanted = content(out)
    sign = out / ".conventool-en-cours"
    sign.touch()
    assert run(source, out).summary["created"] == 0
    assert not sign.exists()
    assert content(out) == wanted


# --- Correcting, and starting again ------------------------------------------------------------------------


def test_rejected_rows_corrected_and_given_back_complete_the_folder(tmp_path: Path) -> None:
    """And the sheet they are in is left alone: it was corrected by hand."""
    write_list(tmp_path / "l.csv", 12, faulty=3)
    write_list(tmp_path / "sound.csv", 12)
    run(tmp_path / "l.csv", tmp_path / "out")
    rejects = tmp_path / "out/rejets.csv"
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert all(row["Motifs du rejet"].startswith("Code postal\u00a0: ") for row in rows)
    for row in rows[:2]:
        commune = Register.open().by_code(row["Code INSEE"])
        assert commune
        row["Code postal"] = commune.codes_postaux[0]
    with rejects.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0], delimiter=";")
        out.writeheader()
        out.writerows(rows)
    corrected = rejects.read_bytes()
    report = run(rejects, tmp_path / "out", columns=tmp_path / "l.yaml")
    assert (report.summary["accepted"], report.summary["rejected"]) == (2, 1)
    assert not [problem for problem in report.problems if problem.code == "unknown-field"]
    assert rejects.read_bytes() == corrected
    assert (tmp_path / "out/rejets-2.csv").exists()
    run(tmp_path / "sound.csv", tmp_path / "sound")
    made, wanted = documents(tmp_path / "out"), documents(tmp_path / "sound")
    assert len(made) == 11 * 3
    assert made.items() <= wanted.items()
    assert {file["path"] for file in told_by(tmp_path / "out")["piece"]} == set(made)


def test_formulas_are_harmless_in_the_rejects_and_come_back_as_they_were(tmp_path: Path) -> None:
    nasty = ["=HYPERLINK(1)", "+33", "-1", "@x", "'=x", "l’Est"]
    rows = ["commune;59017;99999;" + cell + ";Madame;Jeanne;MARTIN;2026-03-12" for cell in nasty]
    (tmp_path / "l.csv").write_text("\n".join([";".join(HEADERS), *rows]), encoding="utf-8")
    (tmp_path / "l.yaml").write_text(COLUMNS, encoding="utf-8")
    run(tmp_path / "l.csv", tmp_path / "out")
    first = (tmp_path / "out/rejets.csv").read_bytes()
    with (tmp_path / "out/rejets.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file, delimiter=";") for cell in row]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    run(tmp_path / "out/rejets.csv", tmp_path / "again", columns=tmp_path / "l.yaml")
    assert (tmp_path / "again/rejets.csv").read_bytes() == first


def test_when_nothing_is_rejected_any_more_the_rejects_are_gone(tmp_path: Path) -> None:
    write_list(tmp_path / "l.csv", 6, faulty=1)
    run(tmp_path / "l.csv", tmp_path / "out")
    assert (tmp_path / "out/rejets.csv").exists()
    write_list(tmp_path / "l.csv", 6)
    report = run(tmp_path / "l.csv", tmp_path / "out")
    assert report.exit_code is ExitCode.DONE
    assert not (tmp_path / "out/rejets.csv").exists()
    assert report.summary["created"] == 3


def test_the_second_run_has_nothing_to_do_and_tells_the_same(tmp_path: Path) -> None:
    write_list(tmp_path / "l.csv", 12, faulty=2)
    first = run(tmp_path / "l.csv", tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    second = run(tmp_path / "l.csv", tmp_path / "out")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == before
    assert list(second.problems) == list(first.problems)
    groups = [[(code, number) for _, code, number, _ in report.tally.kinds] for report in (first, second)]
    assert groups[0] == groups[1]
    shown = [problem.place for _, _, _, examples in second.tally.kinds for problem in examples]
    assert {place.file for place in shown if place.line} == {str(tmp_path / "l.csv")}
    assert second.summary["identical"] == 30
    assert second.exit_code is first.exit_code
    assert [(done.path, done.sha256) for done in second.documents] == [
        (done.path, done.sha256) for done in first.documents
    ]


def altered(path: Path) -> None:
    """One byte of a document's text changed, and nothing of its size."""
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))


@pytest.mark.parametrize("dated", ["now", pytest.param("before", marks=NOT_WINDOWS)])
def test_the_second_run_finds_a_file_altered_without_a_change_of_size(dated: str, tmp_path: Path) -> None:
    """Even with the date that it had: the system knows when that was set."""
    run(FOUR / "utf-8.csv", tmp_path)
    first, *_ = documents(tmp_path)
    before = (tmp_path / first).stat()
    time.sleep(0.05)
    altered(tmp_path / first)
    if dated == "before":
        os.utime(tmp_path / first, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (tmp_path / first).stat().st_size == before.st_size
    assert run(FOUR / "utf-8.csv", tmp_path).summary["conflicts"] == 1


def test_a_run_of_another_list_does_not_vouch_for_the_files_of_this_one(tmp_path: Path) -> None:
    run(FOUR / "utf-8.csv", tmp_path)
    altered(tmp_path / next(iter(documents(tmp_path))))
    time.sleep(0.05)
    write_list(tmp_path / "more.csv", 2)
    run(tmp_path / "more.csv", tmp_path)
    assert run(FOUR / "utf-8.csv", tmp_path).summary["conflicts"] == 1


def test_a_workbook_that_somebody_wrote_in_is_left_alone(tmp_path: Path) -> None:
    run(FOUR / "utf-8.csv", tmp_path)
    (tmp_path / "suivi.xlsx").write_bytes(b"dates of signature")
    write_list(tmp_path / "more.csv", 2)
    report = run(tmp_path / "more.csv", tmp_path)
    assert (tmp_path / "suivi.xlsx").read_bytes() == b"dates of signature"
    assert report.files["workbook"] == tmp_path / "suivi-2.xlsx"


def folder_of(path: Path) -> Folder:
    database = connect(path)
    assert database
    return Folder(database, path)


def test_the_dossier_finds_files_changed_and_missing(tmp_path: Path) -> None:
    run(FOUR / "utf-8.csv", tmp_path)
    first, second, *_ = documents(tmp_path)
    assert list(changes(folder_of(tmp_path))) == []
    (tmp_path / first).write_bytes((tmp_path / first).read_bytes()[:-1] + b"x")
    (tmp_path / second).unlink()
    found = {Path(problem.place.file or "").name: problem.code for problem in changes(folder_of(tmp_path))}
    assert found == {first: "file-changed", second: "file-missing"}


@pytest.mark.parametrize("named", ["output", "rejects"])
def test_a_name_longer_than_the_disk_takes_is_said_to_be_unwritable(named: str, tmp_path: Path) -> None:
    write_list(tmp_path / "l.csv", 2, faulty=1)
    too_long = tmp_path / ("x" * 300)
    with pytest.raises(OutputError, match="trop long"):
        run(tmp_path / "l.csv", **{"output": tmp_path / "out", named: too_long})


@pytest.mark.parametrize(
    ("name", "text"), [("l.csv", "Forme;Code INSEE\n"), ("l.csv", "Forme;Nom\n;\n"), ("l.yaml", "[]")]
)
def test_a_list_of_nobody_is_refused(name: str, text: str, tmp_path: Path) -> None:
    """An export that failed must not look like work that is done."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    options = RunOptions("convention-services-numeriques", tmp_path / "out")
    for work in (batch, validate):
        with pytest.raises(UnreadableError, match="aucun adhérent"):
            work(tmp_path / name, options, NOBODY)
    assert not (tmp_path / "out").exists()


def test_a_date_of_the_source_that_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_list(tmp_path / "l.csv", 2)
    for text in ("hier", "1e9", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
        with pytest.raises(UsageError) as caught:
            run(tmp_path / "l.csv", tmp_path / "out")
        assert caught.value.problems[0].value == text
    assert not (tmp_path / "out").exists()


# --- Interruptions -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes], float]:
    """A list, what an undisturbed run makes of it, and how long that takes."""
    folder = tmp_path_factory.mktemp("undisturbed")
    write_list(folder / "l.csv", 150, faulty=3)
    started = time.perf_counter()
    done = subprocess.run(command(folder / "l.csv", folder / "out", "-q"), capture_output=True, check=False)
    assert done.returncode == 1
    return folder / "l.csv", content(folder / "out"), time.perf_counter() - started


def processes_of(group: int) -> Iterator[int]:
    """The living processes of a process group."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            yield int(stat.parent.name)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_while_two_processes_write_nothing_is_torn_and_the_same_command_completes_the_work(
    undisturbed: tuple[Path, dict[str, bytes], float], tmp_path: Path
) -> None:
    """The workers live a moment longer than the one that is killed; one process alone: ``test_faults.py``."""
    source, wanted, seconds = undisturbed
    moments = random.Random(59)
    survived = halfway = 0
    for number in range(10):
        output = tmp_path / str(number)
        process = subprocess.Popen(
            command(source, output, "-q", "-j", "2"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if number % 2:  # at a moment, or when so many documents are there
            with suppress(subprocess.TimeoutExpired):
                process.wait(moments.uniform(0.35, 1.05) * seconds)
        else:
            enough = moments.randrange(1, len(wanted) - 10)
            while process.poll() is None and sum(1 for _ in output.glob("*.docx")) < enough:
                pass
        survived += process.poll() is not None
        process.kill()
        process.wait()
        # not the unfinished ones: a worker that outlives the killed process by a moment may still rename them
        whole = (path for path in output.glob("*") if not path.name.startswith((".conventool-", "suivi.sqlite")))
        found = {path.name: path.read_bytes() for path in whole}
        assert found.items() <= wanted.items(), number
        halfway += 0 < len(found) < len(wanted)
        done = subprocess.run(command(source, output, "-q"), capture_output=True, check=False)
        assert done.returncode == 1, done.stderr.decode()
        assert content(output) == wanted, number
        assert len(told_by(output)["adherent"]) == 147, number  # and the dossier is sound
    assert survived < 5
    assert halfway > 1


def test_while_a_list_is_written_no_other_is_in_its_folder(tmp_path: Path) -> None:
    """The second is refused, and takes nothing from the first; done after it, the dossier tells of both."""
    write_list(tmp_path / "long.csv", 400)
    (tmp_path / "short.yaml").write_bytes((FOUR / "adherents.yaml").read_bytes())
    out = tmp_path / "out"
    first = subprocess.Popen(command(tmp_path / "long.csv", out, "-q"), stderr=subprocess.PIPE)
    while not list(out.glob(".conventool-*.tmp")):
        assert first.poll() is None
    with pytest.raises(OutputError, match="Une autre commande"):
        run(tmp_path / "short.yaml", out)
    assert first.communicate()[1] == b""
    assert (first.returncode, len(documents(out))) == (0, 1200)

    assert run(tmp_path / "short.yaml", out).summary["created"] == 12
    assert len(told_by(out)["adherent"]) == 404
    assert not list(out.glob(".conventool-*"))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interrupted_it_says_so_and_leaves_no_process_and_no_leftover(
    jobs: str, undisturbed: tuple[Path, dict[str, bytes], float], tmp_path: Path
) -> None:
    source, wanted, _ = undisturbed
    process = subprocess.Popen(
        command(source, tmp_path / "out", "-q", "-j", jobs), stderr=subprocess.PIPE, start_new_session=True
    )
    while not list((tmp_path / "out").glob("*.docx")):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, complaint = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in complaint.decode()
    given_up = time.monotonic() + 10  # workers that were told to end may take a moment on a busy machine
    while list(processes_of(process.pid)) and time.monotonic() < given_up:
        time.sleep(0.05)
    assert list(processes_of(process.pid)) == []
    assert not list((tmp_path / "out").glob(".conventool-*"))
    assert content(tmp_path / "out").items() <= wanted.items()


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX")
def test_a_disk_that_refuses_leaves_nothing_torn(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: a document does not fit, what it is made from does."""
    write_list(tmp_path / "l.csv", 3)
    limited = ["bash", "-c", 'ulimit -f 16 && exec "$@"', "-", *command(tmp_path / "l.csv", tmp_path / "out")]
    done = subprocess.run(limited, capture_output=True, text=True, check=False)
    assert done.returncode == 4, done.stderr
    assert "ne peut pas être écrit" in done.stderr
    assert content(tmp_path / "out") == {}


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a small disk")
def test_a_full_disk_leaves_whole_files_only(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "none", small], capture_output=True, check=False
    ).returncode:
        pytest.skip("may not mount")
    try:
        write_list(tmp_path / "l.csv", 300)
        done = subprocess.run(command(tmp_path / "l.csv", small / "out"), capture_output=True, text=True, check=False)
        assert done.returncode == 4, done.stderr
        found = content(small / "out")
    finally:
        subprocess.run(["umount", small], check=True)
    run(tmp_path / "l.csv", tmp_path / "out")
    whole = documents(tmp_path / "out")
    assert 0 < len(found) < len(whole) == 900
    assert found.items() <= whole.items()


def test_a_failing_folder_stops_the_run_with_its_reason_from_a_worker_too(tmp_path: Path) -> None:
    write_list(tmp_path / "l.csv", 60)
    (tmp_path / "out").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(OutputError, match="dossier"):
        run(tmp_path / "l.csv", tmp_path / "out", jobs=2)
