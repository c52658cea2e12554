"""What an output folder knows, and how it is compared with what a run wants: nothing is removed unasked."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from conventool.batch.options import RunOptions
from conventool.batch.report import BatchReport
from conventool.commands.batch import batch
from conventool.commands.fill import fill
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import ExitCode, OutputError, UnreadableError
from conventool.core.problems import Severity
from conventool.core.watch import NOBODY
from conventool.dossier.dossier import note_pdf
from conventool.dossier.records import Piece
from conventool.files.reading import file_sha256
from conventool.template import DEFAULT
from dossiers import documents_in, told_by
from in_process import command

openpyxl = pytest.importorskip("openpyxl")


def syndicat(nom: str, code_postal: str = "59280", **others: Any) -> dict[str, Any]:
    return {
        "forme": "syndicat mixte",
        "nom": nom,
        "adresse": "1 rue Haute",
        "code_postal": code_postal,
        "commune": {"59280": "Armentières", "59190": "Hazebrouck"}.get(code_postal, "Armentières"),
        "representant": {"civilite": "Madame", "prenom": "Camille", "nom": "MARTIN"},
        "decision": {"date": "2026-03-12"},
        **others,
    }


def listed(path: Path, *adherents: dict[str, Any]) -> Path:
    path.write_text(json.dumps(adherents), encoding="utf-8")
    return path


def run(source: Path, output: Path, **options: Any) -> BatchReport:
    return batch(source, RunOptions(DEFAULT, output, **options), NOBODY)


def told(report: BatchReport, *codes: str) -> list[str]:
    return [problem.message for problem in report.problems if problem.code in codes]


def followed(folder: Path) -> list[tuple[str, str]]:
    """Name and state of each line of the workbook."""
    sheet = openpyxl.load_workbook(folder / "suivi.xlsx").active
    head, *rows = sheet.iter_rows(values_only=True)
    return [(row[0], row[head.index("État")]) for row in rows]


# --- What a run replaces -----------------------------------------------------------------------------------


def test_a_corrected_adherent_stands_once_and_its_former_files_are_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux"), syndicat("Bois")), out)
    before = documents_in(out)
    report = run(listed(tmp_path / "l.yaml", syndicat("Eaux", "59190"), syndicat("Bois")), out)
    assert report.exit_code is ExitCode.DONE
    (message,) = told(report, "superseded")
    former = [name for name in before if "eaux_59280" in name]
    assert len(former) == 3
    assert all(name in message for name in former)
    assert documents_in(out).items() >= before.items()
    assert followed(out) == [("Eaux", "Produite"), ("Bois", "Produite")]
    assert {row["nom"] for row in told_by(out)["adherent"]} == {"Eaux", "Bois"}


def test_a_row_removed_from_the_list_is_told_and_no_longer_to_sign(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux"), syndicat("Bois")), out)
    report = run(listed(tmp_path / "l.yaml", syndicat("Bois")), out)
    (message,) = told(report, "no-longer-listed")
    assert "Eaux" in message
    assert len(documents_in(out)) == 6
    assert followed(out) == [("Bois", "Produite"), ("Eaux", "Remplacée")]


def test_a_row_that_is_rejected_this_time_is_still_in_the_list(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux"), syndicat("Bois")), out)
    report = run(listed(tmp_path / "l.yaml", syndicat("Eaux", decision={}), syndicat("Bois")), out)
    assert (report.summary["rejected"], told(report, "no-longer-listed")) == (1, [])
    assert ("Eaux", "Produite") in followed(out)


@pytest.mark.parametrize("how", ["another list", "fill", "rejects"])
def test_only_a_whole_run_of_the_same_list_finds_rows_gone(how: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux"), syndicat("Bois", decision={})), out)
    if how == "another list":
        report: Any = run(listed(tmp_path / "m.yaml", syndicat("Bois")), out)
    elif how == "fill":
        listed(tmp_path / "bois.yaml", syndicat("Bois"))
        report = fill(tmp_path / "bois.yaml", RunOptions(DEFAULT, out))
    else:
        rejects = out / "rejets.yaml"
        text = rejects.read_text(encoding="utf-8").replace('"decision": {}', '"decision": {"date": "2026-03-12"}')
        rejects.write_text(text, encoding="utf-8")
        report = run(rejects, out)
        assert report.summary["accepted"] == 1
    assert told(report, "no-longer-listed", "superseded") == []
    assert sorted(followed(out)) == [("Bois", "Produite"), ("Eaux", "Produite")]


def test_prune_says_what_it_would_remove_then_removes_it_and_nothing_that_somebody_changed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux"), syndicat("Bois")), out)
    changed = next(path for path in sorted(out.glob("*eaux*")))
    source = listed(tmp_path / "l.yaml", syndicat("Bois"))
    run(source, out)
    changed.write_bytes(b"signed by hand")
    before = documents_in(out)
    report = run(source, out, prune=True, dry_run=True)
    assert len(told(report, "pruned")) == 2
    assert documents_in(out) == before
    report = run(source, out, prune=True)
    assert len(told(report, "pruned")) == 2
    assert len(told(report, "kept")) == 1
    assert set(before) - set(documents_in(out)) == {name for name in before if "eaux" in name} - {changed.name}
    assert changed.read_bytes() == b"signed by hand"
    assert told(run(source, out, prune=True), "pruned") == []


def test_an_adherent_keeps_its_place_under_another_name_by_its_number(tmp_path: Path) -> None:
    out, number = tmp_path / "out", "732829320"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux", siret=number)), out)
    run(listed(tmp_path / "l.yaml", syndicat("Eaux du Nord", siret=number)), out)
    assert followed(out) == [("Eaux du Nord", "Produite")]


def test_an_adherent_whose_files_another_takes_by_force_is_superseded(tmp_path: Path) -> None:
    """The two would have files of one name; the list knows only the second."""
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Énergie O")), out)
    report = run(listed(tmp_path / "m.yaml", syndicat("Énergie Ω")), out)
    assert report.exit_code is ExitCode.UNWRITABLE
    assert ("Énergie O", "Produite") in followed(out)
    run(tmp_path / "m.yaml", out, force=True)
    assert followed(out)[0] == ("Énergie Ω", "Produite")
    assert dict(followed(out))["Énergie O"] == "Remplacée"


# --- Rejected rows given back ------------------------------------------------------------------------------


HEADERS = "Forme;Nom;Adresse;Code postal;Commune;Civilité;Prénom;Nom du représentant;Date de délibération"
SOUND = "syndicat mixte;{};1 rue Haute;59280;Armentières;Madame;Camille;MARTIN;2026-03-12"


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEADERS, *rows]), encoding="utf-8")
    return path


def test_a_duplicate_given_back_alone_is_one_still(tmp_path: Path) -> None:
    """It is judged by the run that rejected it, not by the file that it is alone in."""
    out = tmp_path / "out"
    source = table(tmp_path / "l.csv", SOUND.format("Eaux"), SOUND.format("Eaux"), SOUND.format("Bois"))
    assert [problem.code for problem in run(source, out).errors] == ["duplicate-adherent"]
    for _ in range(2):
        report = run(out / "rejets.csv", out)
        assert (report.summary["accepted"], [problem.code for problem in report.errors]) == (0, ["duplicate-adherent"])
        assert "(l.csv, ligne 2)" in report.errors[0].message
    corrected = (out / "rejets.csv").read_text(encoding="utf-8-sig").replace("Eaux", "Eaux de l’Est")
    (out / "rejets.csv").write_text(corrected, encoding="utf-8")
    report = run(out / "rejets.csv", out)
    assert (report.summary["accepted"], report.errors) == (1, [])
    assert [name for name, _ in followed(out)] == ["Eaux", "Bois", "Eaux de l’Est"]


def test_a_row_corrected_and_given_back_replaces_what_an_earlier_run_made_of_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(table(tmp_path / "l.csv", SOUND.format("Eaux")), out)
    run(table(tmp_path / "l.csv", SOUND.format("Eaux").replace("2026-03-12", "2026-33-12")), out)
    text = (out / "rejets.csv").read_text(encoding="utf-8-sig").replace("2026-33-12", "2026-03-13")
    (out / "rejets.csv").write_text(text, encoding="utf-8")
    report = run(out / "rejets.csv", out, force=True)
    assert (report.summary["accepted"], report.summary["replaced"], report.errors) == (1, 3, [])


# --- A dossier that cannot serve ---------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["text", "torn", "empty tables", "newer"])
def test_a_dossier_that_cannot_serve_is_refused_and_the_documents_are_safe(how: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    source = listed(tmp_path / "l.yaml", *(syndicat(f"Eaux {number}") for number in range(30)))
    run(source, out)
    path, before = out / "suivi.sqlite", documents_in(out)
    if how == "text":
        path.write_text("SQLite ?", encoding="utf-8")
    elif how == "torn":
        path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 30_000)
    else:
        database = sqlite3.connect(path)
        script = "DROP TABLE piece; DROP TABLE identity" if how == "empty tables" else "PRAGMA user_version = 99"
        database.executescript(script)
        database.close()
    damaged = path.read_bytes()
    for name in ("batch", "verify"):
        with pytest.raises(UnreadableError) as caught:
            run(source, out) if name == "batch" else verify([], VerifyOptions(dossier=out))
        assert caught.value.problems[0].place.file == str(path)
        assert caught.value.problems[0].hint
    assert documents_in(out) == before
    assert path.read_bytes() == damaged
    path.unlink()
    assert run(source, out).summary["identical"] == 90


def test_an_old_manifest_is_left_and_told_and_the_documents_are_recognised(tmp_path: Path) -> None:
    out = tmp_path / "out"
    source = listed(tmp_path / "l.yaml", syndicat("Eaux"))
    run(source, out)
    for name in ("suivi.sqlite", "suivi.xlsx"):
        (out / name).unlink()
    (out / "manifeste.json").write_text("{}", encoding="utf-8")
    report = run(source, out)
    assert report.summary["identical"] == 3
    (notice,) = [problem for problem in report.problems if problem.code == "old-manifest"]
    assert notice.severity is Severity.NOTICE
    assert (out / "manifeste.json").read_text(encoding="utf-8") == "{}"


def test_a_workbook_that_excel_holds_open_is_told_and_written_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows refuses to replace it; the documents are there all the same."""
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux")), out)
    source = listed(tmp_path / "m.yaml", syndicat("Bois"))
    replace = os.replace

    def held(draft: str | Path, target: str | Path) -> None:
        if Path(target).name == "suivi.xlsx":
            raise PermissionError(13, "Permission denied")
        replace(draft, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", held)
        report = run(source, out)
    (problem,) = [problem for problem in report.problems if problem.code == "workbook-open"]
    assert "suivi.xlsx dans Excel" in (problem.hint or "")
    assert (report.exit_code, report.summary["created"]) == (ExitCode.DONE, 3)
    assert [name for name, _ in followed(out)] == ["Eaux"]
    run(source, out)
    assert [name for name, _ in followed(out)] == ["Eaux", "Bois"]


# --- One way in --------------------------------------------------------------------------------------------


def test_fill_writes_into_the_dossier_and_is_alone_in_the_folder(tmp_path: Path) -> None:
    from conventool.files.writing import alone_in

    out = tmp_path / "out"
    listed(tmp_path / "eaux.yaml", syndicat("Eaux"))
    options = RunOptions(DEFAULT, out)
    fill(tmp_path / "eaux.yaml", options)
    (row,) = told_by(out)["run"]
    assert (row["command"], row["source"]) == ("fill", "eaux.yaml")
    assert json.loads(told_by(out)["adherent"][0]["given"])["nom"] == "Eaux"
    assert json.loads(told_by(out)["adherent"][0]["understood"])["commune"] == "Armentières"
    (out / "x").write_bytes(b"")
    with alone_in(out), pytest.raises(OutputError, match="Une autre commande"):
        fill(tmp_path / "eaux.yaml", RunOptions(DEFAULT, out, force=True, controls="unwrap"))


def test_the_data_are_kept_as_given_and_as_understood(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(table(tmp_path / "l.csv", SOUND.format("Eaux").replace("2026-03-12", "12/03/2026")), out)
    (one,) = told_by(out)["adherent"]
    assert json.loads(one["given"])["decision"] == {"date": "12/03/2026"}
    assert json.loads(one["understood"])["decision"]["date"] == "2026-03-12"


def test_the_json_of_a_run_tells_its_template_and_its_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    report = run(table(tmp_path / "l.csv", SOUND.format("Eaux"), "x"), out)
    head = report.json_head()
    assert head["template"]["name"] == DEFAULT
    assert Path(head["template"]["folder"], "template.yaml").is_file()
    assert head["files"] == {
        "dossier": str(out / "suivi.sqlite"),
        "workbook": str(out / "suivi.xlsx"),
        "rejects": str(out / "rejets.csv"),
    }


@pytest.mark.parametrize("place", ["templates", "."])
def test_a_folder_beside_the_work_comes_before_a_template_of_the_program_and_is_told(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    from conventool.template.folder import known_templates

    shutil.copytree(known_templates()[DEFAULT], tmp_path / place / DEFAULT)
    monkeypatch.chdir(tmp_path)
    report = run(listed(tmp_path / "l.yaml", syndicat("Eaux")), tmp_path / "out")
    (notice,) = [problem for problem in report.problems if problem.code == "local-template"]
    assert Path(report.template["folder"]) == Path(place) / DEFAULT
    assert DEFAULT in str(notice.place.file)


def test_a_pdf_of_another_document_than_the_one_beside_it_is_told_by_all(tmp_path: Path) -> None:
    """One that nobody noted is known by its name."""
    out = tmp_path / "out"
    source = listed(tmp_path / "l.yaml", syndicat("Eaux"), syndicat("Bois"))
    run(source, out)
    word = next(out.glob("*eaux*1-fibre.docx"))
    word.with_suffix(".pdf").write_bytes(b"%PDF, made by hand")
    listed(tmp_path / "l.yaml", syndicat("Eaux", decision={"date": "2026-03-13"}), syndicat("Bois"))
    report = run(source, out, force=True)
    (problem,) = [problem for problem in report.problems if problem.code == "pdf-outdated"]
    assert problem.place.file == str(word.with_suffix(".pdf"))


def test_the_json_of_verify_tells_what_the_dossier_knows(tmp_path: Path) -> None:
    """Runs, adherents with files and data, rejected rows: what programs read of a folder."""
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux"), syndicat("Bois", decision={})), out)
    told_of = json.loads(json.dumps(verify([], VerifyOptions(dossier=out)).as_json()))["dossier"]
    assert [one["source"] for one in told_of["runs"]] == ["l.yaml"]
    (adherent,) = told_of["adherents"]
    assert (adherent["nom"], adherent["given"]["code_postal"]) == ("Eaux", "59280")
    digests = {name: sha256(data).hexdigest() for name, data in documents_in(out).items()}
    assert {one["path"]: one["sha256"] for one in adherent["documents"]} == digests
    assert {one["format"] for one in adherent["documents"]} == {"docx"}
    (rejected,) = told_of["rejected"]
    assert rejected["given"]["nom"] == "Bois"
    assert "missing-field" in {problem["code"] for problem in rejected["problems"]}


# --- Who owns a file ---------------------------------------------------------------------------------------

EAUX, GAZ = "732829320", "552100554"
"""Two numbers that no real adherent of ours has."""


@pytest.mark.parametrize("how", ["at once", "one after the other"])
def test_two_adherents_that_exchange_their_file_names_both_stay(how: str, tmp_path: Path) -> None:
    """What one leaves the other takes; nothing that either has now is to be removed."""
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux", siret=EAUX), syndicat("Eaux", "59190", siret=GAZ)), out)
    before = documents_in(out)
    if how == "at once":
        listed(tmp_path / "l.yaml", syndicat("Eaux", "59190", siret=EAUX), syndicat("Eaux", siret=GAZ))
        run(tmp_path / "l.yaml", out, force=True)
    else:
        for nom, code_postal, number in [("Gaz", "59280", GAZ), ("Eaux", "59190", EAUX), ("Eaux", "59280", GAZ)]:
            listed(tmp_path / "one.yaml", syndicat(nom, code_postal, siret=number))
            fill(tmp_path / "one.yaml", RunOptions(DEFAULT, out, force=True))
    assert followed(out) == [("Eaux", "Produite"), ("Eaux", "Produite")]
    run(listed(tmp_path / "m.yaml", syndicat("Bois")), out, prune=True)
    assert before.keys() <= documents_in(out).keys()


def test_an_adherent_whose_former_place_another_takes_stays(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux", siret=EAUX)), out)
    run(listed(tmp_path / "l.yaml", syndicat("Eaux", "59190", siret=EAUX)), out)
    report = run(listed(tmp_path / "m.yaml", syndicat("Eaux", siret=GAZ)), out, force=True)
    assert told(report, "superseded") == []
    assert followed(out) == [("Eaux", "Produite"), ("Eaux", "Produite")]


def test_files_that_another_replaces_are_not_told_as_left_in_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Énergie O")), out)
    report = run(listed(tmp_path / "m.yaml", syndicat("Énergie Ω")), out, force=True)
    assert (report.summary["replaced"], told(report, "superseded")) == (3, [])


def test_a_pdf_follows_the_document_beside_it_to_its_new_owner(tmp_path: Path) -> None:
    """The same adherent with a number and without one; no run of the second has made a PDF."""
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux")), out)
    word = next(out.glob("*1-fibre.docx"))
    word.with_suffix(".pdf").write_bytes(b"%PDF")
    made = Piece("", word.with_suffix(".pdf").name, file_sha256(word.with_suffix(".pdf")), 4, "created")
    database = sqlite3.connect(out / "suivi.sqlite", isolation_level=None)
    note_pdf(database, word.name, made)
    database.close()
    run(listed(tmp_path / "l.yaml", syndicat("Eaux", siret=EAUX)), out, prune=True)
    assert word.with_suffix(".pdf").is_file()
    assert len([row for row in told_by(out)["piece"] if row["state"] == "current"]) == 4


def test_a_code_that_was_corrected_is_free_for_the_adherent_that_has_it(tmp_path: Path) -> None:
    out = tmp_path / "out"

    def ccas(code: str, **others: Any) -> dict[str, Any]:
        signatory = {"civilite": "Madame", "prenom": "Camille", "nom": "MARTIN"}
        common = {"adresse": "1 rue Haute", "representant": signatory, "decision": {"date": "2026-03-12"}}
        return {"forme": "CCAS", "code_insee": code, **common, **others}

    run(listed(tmp_path / "l.yaml", ccas("62043", siret=EAUX)), out)
    report = run(listed(tmp_path / "l.yaml", ccas("59017", siret=EAUX), ccas("62043")), out)
    assert (report.summary["accepted"], report.errors) == (2, [])


def test_a_document_that_could_not_be_replaced_is_not_forgotten(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux"), syndicat("Bois")), out)
    source = listed(tmp_path / "l.yaml", syndicat("Eaux", decision={"date": "2026-03-13"}), syndicat("Bois"))
    assert run(source, out).exit_code is ExitCode.UNWRITABLE
    report = run(listed(source, syndicat("Bois")), out)
    (message,) = told(report, "no-longer-listed")
    assert "eaux_59280_1-fibre.docx" in message
    assert len(told(run(source, out, prune=True), "pruned")) == 3


def test_one_that_was_never_written_is_told_without_files(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Énergie O")), out)
    run(listed(tmp_path / "m.yaml", syndicat("Énergie Ω")), out)
    report = run(listed(tmp_path / "m.yaml", syndicat("Bois")), out)
    assert told(report, "no-longer-listed") == ["« Énergie Ω » n’est plus dans la liste."]
    assert ("Énergie O", "Produite") in followed(out)


# --- Which list is the same --------------------------------------------------------------------------------


def test_a_list_as_it_was_two_runs_ago_is_not_done_already(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for nom in ("Eaux", "Bois"):
        run(listed(tmp_path / "l.yaml", syndicat(nom)), out)
    report = run(listed(tmp_path / "l.yaml", syndicat("Eaux")), out)
    assert report.summary["identical"] == 3
    assert len(told(report, "no-longer-listed")) == 1
    assert followed(out) == [("Eaux", "Produite"), ("Bois", "Remplacée")]


def test_a_list_whose_files_another_has_taken_is_not_done_already(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Énergie O")), out)
    run(listed(tmp_path / "m.yaml", syndicat("Énergie Ω")), out, force=True)
    assert run(tmp_path / "l.yaml", out).summary["conflicts"] == 3


def test_two_folders_that_are_both_called_here_are_two_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("eaux", "bois"):
        (tmp_path / name).mkdir()
        listed(tmp_path / name / "x.yaml", syndicat(name))
        monkeypatch.chdir(tmp_path / name)
        report = run(Path(), tmp_path / "out")
    assert told(report, "no-longer-listed") == []


def test_an_adherent_whose_file_cannot_be_read_this_time_is_still_in_the_folder(tmp_path: Path) -> None:
    source, out = tmp_path / "d", tmp_path / "out"
    source.mkdir()
    for name in ("eaux", "bois"):
        listed(source / f"{name}.yaml", syndicat(name))
    run(source, out)
    (source / "eaux.yaml").write_text("a: [", encoding="utf-8")
    report = run(source, out, prune=True)
    assert (report.summary["rejected"], len(documents_in(out))) == (1, 6)
    assert ("eaux", "Produite") in followed(out)


def test_a_choice_of_rows_or_another_sheet_finds_nobody_gone(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Un"
    for sheet, named in ((book.active, ("Eaux", "Bois")), (book.create_sheet("Deux"), ("Gaz",))):
        for row in (HEADERS, *map(SOUND.format, named)):
            sheet.append(row.split(";"))
    book["Un"].row_dimensions[3].hidden = True
    book.save(tmp_path / "l.xlsx")
    for options in ({"sheet": "Un"}, {"sheet": "Deux"}, {"sheet": "Un", "visible_only": True}):
        report = run(tmp_path / "l.xlsx", tmp_path / "out", **options)
        assert told(report, "no-longer-listed") == []
    assert len(followed(tmp_path / "out")) == 3


# --- What is told, and what is left alone ------------------------------------------------------------------


def test_told_again_the_rejected_rows_are_where_they_were_put(tmp_path: Path) -> None:
    """Beside the file in which somebody has written; asked for elsewhere, they are put there."""
    out = tmp_path / "out"
    run(table(tmp_path / "l.csv", SOUND.format("Eaux"), "x"), out)
    (out / "rejets.csv").write_text("à moi", encoding="utf-8")
    source = table(tmp_path / "l.csv", SOUND.format("Eaux"), "y")
    assert [run(source, out).files["rejects"] for _ in range(2)] == [out / "rejets-2.csv"] * 2
    assert run(source, out, rejects=out / "motifs.csv").files["rejects"] == out / "motifs.csv"


@pytest.mark.parametrize("strict", [False, True])
def test_a_dry_run_leaves_an_empty_dossier_as_it_is(strict: bool, tmp_path: Path) -> None:
    path = tmp_path / "suivi.sqlite"
    path.touch()
    run(listed(tmp_path / "l.yaml", syndicat("Eaux")), tmp_path, dry_run=True, strict=strict)
    assert path.stat().st_size == 0


def test_no_file_out_of_the_folder_is_removed_whatever_a_dossier_says(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(listed(tmp_path / "l.yaml", syndicat("Eaux"), syndicat("Bois")), out)
    name = next(out.glob("*eaux*")).name
    (out / name).rename(tmp_path / "precious")
    database = sqlite3.connect(out / "suivi.sqlite")
    database.execute("UPDATE piece SET path = '../precious' WHERE path = ?", (name,))
    database.commit()
    database.close()
    with pytest.raises(UnreadableError, match="hors de son dossier"):
        run(listed(tmp_path / "l.yaml", syndicat("Bois")), out, prune=True)
    assert (tmp_path / "precious").is_file()


TAMPERED = [
    "UPDATE run SET copies = '[]'",
    "UPDATE problem SET place = '[1]'",
    "UPDATE adherent SET place = '{\"nowhere\": 1}'",
    "UPDATE adherent SET given = '7'",
    "UPDATE piece SET path = '/etc/passwd' WHERE position = 0",
    "UPDATE piece SET path = 'C:\\nul' WHERE position = 1",
    "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM adherent; END",
    "CREATE VIEW v AS SELECT 1",
    "DROP TABLE output; CREATE TABLE output (path, sha256)",
]


@pytest.mark.parametrize("change", TAMPERED)
def test_a_dossier_that_somebody_has_written_in_is_refused_with_what_to_do(change: str, tmp_path: Path) -> None:
    """Nothing of it is followed, nothing changes, and no command takes it for a mistake of its own."""
    source, out = tmp_path / "l.yaml", tmp_path / "out"
    run(listed(source, syndicat("Eaux"), syndicat("Bois")), out)
    with closing(sqlite3.connect(out / "suivi.sqlite")) as database:
        database.executescript(change)
    before = documents_in(out)
    again = command("batch", source, "-o", out, "--json")
    listed(source, syndicat("Bois"), syndicat("Sel"))
    said = [
        again,
        command("batch", source, "-o", out, "--json"),
        command("verify", "--dossier", out, "--json"),
    ]
    assert 3 in {one.code for one in said}
    for one in said:
        assert one.code in {0, 1, 3}
        assert one.code != 3 or "Rétablissez-le" in one.told["problems"][0]["hint"]
    assert documents_in(out).items() >= before.items()


@pytest.mark.parametrize("damage", ["DROP TABLE piece", "UPDATE run SET copies = '?'"])
@pytest.mark.parametrize("strict", [False, True])
def test_a_dossier_damaged_by_hand_is_refused_by_a_strict_run_too(damage: str, strict: bool, tmp_path: Path) -> None:
    source = listed(tmp_path / "l.yaml", syndicat("Eaux"))
    run(source, tmp_path)
    database = sqlite3.connect(tmp_path / "suivi.sqlite")
    database.executescript(damage)
    database.close()
    with pytest.raises(UnreadableError):
        run(listed(source, syndicat("Bois")), tmp_path, strict=strict)


def test_a_folder_in_the_place_of_the_dossier_is_told(tmp_path: Path) -> None:
    (tmp_path / "suivi.sqlite").mkdir()
    with pytest.raises(OutputError, match="ne peut pas être ouvert"):
        run(listed(tmp_path / "l.yaml", syndicat("Eaux")), tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a name is always text")
def test_an_adherent_in_a_file_whose_name_the_system_cannot_decode_is_filled(tmp_path: Path) -> None:
    source = listed(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9.yaml")), syndicat("Eaux"))
    assert fill(source, RunOptions(DEFAULT, tmp_path / "out")).summary["created"] == 3
