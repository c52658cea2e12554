"""What an adherent says of personal data: annexe 3 prints it, and leaves a line where it says nothing, told."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from typing import Any

import pytest

from conventool.word.package import Package
from conventool.word.stories import read_stories
from in_process import command

ROOT = Path(__file__).parents[1]
DATA = (ROOT / "examples" / "adherent-complet.yaml").read_text(encoding="utf-8")
ADHERENT, SAID = DATA.split("protection:\n")
DPO = "Madame Claire VASSEUR, dpo@armentieres.example"
BLANK = "…………………………………"


def run(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    said = command(*arguments, "--json")
    return said.code, said.told


def filled(tmp_path: Path, data: str) -> tuple[int, dict[str, Any], Path]:
    source, out = tmp_path / "a.yaml", tmp_path / "out"
    source.write_text(data, encoding="utf-8")
    code, told = run("fill", source, "-o", out, "--pieces", "annexe-3")
    return code, told, next(out.glob("annexe-3*"), out)


def text_of(path: Path) -> str:
    return "\n".join(story.text for story in read_stories(Package.open(path))).replace("\u00a0", " ")


def test_annexe_3_prints_what_the_adherent_says(tmp_path: Path) -> None:
    code, told, annexe = filled(tmp_path, DATA)
    assert (code, [one["code"] for one in told["problems"] if one["code"] == "left-blank"]) == (0, [])
    text = text_of(annexe)
    assert f"La Collectivité\n{DPO}\n03 00 00 00 00, alerte@armentieres.example\n" in text
    assert "la Collectivité demande (restitution ou suppression) : restitution\n" in text
    assert BLANK not in text


@pytest.mark.parametrize(
    ("said", "missing", "blanks"),
    [
        (
            "",
            "le délégué à la protection des données, le contact en cas de violation de données, "
            "le sort des données au terme de la prestation.",
            3,
        ),
        ("protection: {dpo: à compléter, violations: M. X, sort: Suppression}", "données.", 1),
    ],
)
def test_what_is_not_given_leaves_a_line_and_is_told(tmp_path: Path, said: str, missing: str, blanks: int) -> None:
    code, told, annexe = filled(tmp_path, ADHERENT + said)
    assert code == 0
    (notice,) = [one for one in told["problems"] if one["code"] == "left-blank"]
    assert (notice["severity"], notice["field"]) == ("notice", "protection")
    assert notice["message"].endswith(f"à remplir à la main : {missing}") or "délégué" in notice["message"]
    assert text_of(annexe).count(BLANK) == blanks


def test_the_pieces_that_print_none_of_it_say_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(ADHERENT, encoding="utf-8")
    code, told = run("fill", tmp_path / "a.yaml", "-o", tmp_path / "out", "--pieces", "convention,annexe-2")
    assert (code, "left-blank" in {one["code"] for one in told["problems"]}) == (0, False)


@pytest.mark.parametrize(
    ("said", "code", "place", "hint"),
    [
        ("protection: {sort: restitutoin}", "bad-choice", (1, 20), "Vouliez-vous dire « restitution » ?"),
        ("protection: {sort: cession}", "bad-choice", (1, 20), "« restitution » ou « suppression »"),
        ("protection: {sort: oui}", "bad-choice", (1, 20), "« restitution » ou « suppression »"),
        ("protection: {delegue: X}", "unknown-field", (1, 14), "dpo, violations, sort"),
        ("protection: Claire", "bad-value", (1, 13), "protection: {dpo: "),
    ],
)
def test_a_fate_that_is_none_and_a_field_that_is_none_are_refused_at_their_place(
    tmp_path: Path, said: str, code: str, place: tuple[int, int], hint: str
) -> None:
    (tmp_path / "a.yaml").write_text(f"{said}\n{ADHERENT}", encoding="utf-8")
    status, told = run("validate", tmp_path / "a.yaml")
    (error,) = [one for one in told["problems"] if one["severity"] == "error"]
    assert (status, error["code"], (error["place"]["line"], error["place"]["column"])) == (1, code, place)
    assert hint in error["hint"].replace("\u00a0", " ")


def test_a_list_gives_it_in_three_columns(tmp_path: Path) -> None:
    rows = list(
        csv.reader((ROOT / "examples" / "services.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    )
    head = ["Délégué à la protection des données", "Contact violations", "Sort des données"]
    rows = [[*rows[0], *head], *([*row, DPO, "M. X", "suppression"] for row in rows[1:])]
    text = "\n".join(";".join(f'"{cell}"' for cell in row) for row in rows)
    (tmp_path / "liste.csv").write_text(text, encoding="utf-8")
    code, told = run("batch", tmp_path / "liste.csv", "-o", tmp_path / "out", "--pieces", "annexe-3")
    assert code == 0, told["problems"]
    annexes = list((tmp_path / "out").glob("annexe-3*"))
    assert annexes
    assert all(DPO in text_of(path) and "suppression) : suppression" in text_of(path) for path in annexes)


def test_another_fate_of_the_data_in_a_returned_annexe_is_found_without_the_data(tmp_path: Path) -> None:
    _, _, annexe = filled(tmp_path, DATA)
    assert run("verify", annexe)[1]["documents"][0]["status"] == "intact"
    back = tmp_path / annexe.name
    with zipfile.ZipFile(annexe) as was, zipfile.ZipFile(back, "w") as becomes:
        for entry in was.infolist():
            becomes.writestr(entry, was.read(entry).replace(b">restitution<", b">cession<"))
    code, told = run("verify", back)
    assert (code, told["documents"][0]["status"]) == (1, "altered")
    assert any("« cession »" in one["message"] for one in told["problems"])
