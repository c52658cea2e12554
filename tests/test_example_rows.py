"""Rows of examples, as the workbook to fill in has one: never an adherent, wherever they stand and however edited."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conventool.sources import read_rows
from in_process import command

HEADERS = ["Forme", "Commune", "Adresse", "Code postal", "Maire", "Date de délibération", "Remarque"]
REAL = ["Commune", "Armentières (59017)", "4 place Haute", "59280", "Mme Zoé LEROY", "12/03/2026", "vue"]
KNOWN = range(len(HEADERS) - 1)


def listed(path: Path, *lines: list[str]) -> Path:
    path.write_text("\n".join(";".join(line) for line in (HEADERS, *lines)), encoding="utf-8")
    return path


@pytest.mark.parametrize("mark", ["ex. : ", "ex.\u00a0: ", "Ex : ", "EX: ", "exemple : ", "Exemple: "])
def test_a_row_of_examples_is_told_and_left_aside(mark: str, tmp_path: Path) -> None:
    example = [f"{mark}{value}" for value in REAL[:-1]] + ["n’importe quoi"]
    rows = read_rows(listed(tmp_path / "liste.csv", REAL, example, REAL))
    assert [row.place.line for row in rows] == [2, 4]
    (told,) = [problem for problem in rows.problems if problem.code == "row-left-aside"]
    assert "exemple" in told.message
    assert f"ligne 3 («\u00a0{mark}Commune\u00a0»)" in told.message


@given(
    kept=st.sets(st.sampled_from(KNOWN), min_size=1, max_size=len(KNOWN) - 1), emptied=st.sets(st.sampled_from(KNOWN))
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_left_of_an_example_is_refused(kept: set[int], emptied: set[int], tmp_path: Path) -> None:
    """Whatever was written over it: every cell that is still the example is told, at its column; a row of nothing else
    is none."""
    cells = [f"ex. : {text}" if rank in kept else "" if rank in emptied else text for rank, text in enumerate(REAL)]
    rows = list(read_rows(listed(tmp_path / "liste.csv", cells)))
    if all(cells[rank].startswith("ex") or not cells[rank] for rank in KNOWN):
        assert rows == []
        return
    (row,) = rows
    told = {problem.place.column for problem in row.problems if problem.code == "example-left"}
    assert told == {HEADERS[rank] for rank in kept}


def test_such_a_row_is_never_produced_and_comes_back_as_it_was(tmp_path: Path) -> None:
    half = [*REAL[:2], "ex. : 4 place Haute", *REAL[3:]]
    done = command("batch", listed(tmp_path / "liste.csv", half), "-o", tmp_path / "lot", "--json")
    assert (done.code, done.told["documents"]) == (1, [])
    errors = [one for one in done.told["problems"] if one["severity"] == "error"]
    assert [(one["code"], one["field"], one["place"]["line"], one["place"]["column"]) for one in errors] == [
        ("example-left", "adresse", 2, "Adresse")
    ]
    again = command("validate", tmp_path / "lot" / "rejets.csv", "--json")
    assert [one["code"] for one in again.told["problems"] if one["severity"] == "error"] == ["example-left"]


def test_a_list_of_nothing_else_is_nobodys(tmp_path: Path) -> None:
    done = command("batch", listed(tmp_path / "liste.csv", [f"ex. : {one}" for one in REAL]), "-o", tmp_path / "lot")
    assert done.code == 3
    assert "ne contient aucun adhérent" in done.err
    assert not (tmp_path / "lot").exists()


def test_the_text_of_a_control_may_begin_so(tmp_path: Path) -> None:
    rows = read_rows(listed(tmp_path / "liste.csv", [f"ex. : {one}" for one in REAL]), addresses=True)
    assert [row.values["Adresse"] for row in rows] == ["ex. : 4 place Haute"]
