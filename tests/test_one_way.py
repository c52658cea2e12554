"""``fill`` is a list of one: whatever it says and writes, ``batch`` says and writes of the same file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conventool.batch.options import RunOptions
from conventool.commands.batch import batch
from conventool.commands.fill import fill
from conventool.core.errors import ConventoolError, ExitCode
from conventool.core.problems import Problem
from conventool.core.watch import NOBODY
from conventool.template import DEFAULT
from dossiers import documents_in, told_by

CASES = Path(__file__).parent / "cases"
SOURCES = sorted([*CASES.glob("adherents/*/*.yaml"), *CASES.glob("fill/*/adherent.yaml")])
FORM = Path(__file__).parents[1] / "templates/convention-services-numeriques/convention.docx"


def by_fill(source: Path, template: str, output: Path) -> tuple[ExitCode, list[Problem]]:
    try:
        report = fill(source, RunOptions(template, output))
    except ConventoolError as error:
        return error.exit_code, list(error.problems)
    return report.exit_code, list(report.problems)


def by_batch(source: Path, template: str, output: Path) -> tuple[ExitCode, list[Problem]]:
    try:
        report = batch(source, RunOptions(template, output), NOBODY)
    except ConventoolError as error:
        return error.exit_code, list(error.problems)
    return report.exit_code, list(report.problems)


def test_there_are_cases() -> None:
    assert len(SOURCES) > 80


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.parent.name)
def test_every_case_gives_the_same_documents_and_problems_both_ways(source: Path, tmp_path: Path) -> None:
    alone, listed = tmp_path / "fill", tmp_path / "batch"
    assert by_fill(source, DEFAULT, alone) == by_batch(source, DEFAULT, listed)
    assert documents_in(alone) == documents_in(listed)


@pytest.mark.parametrize(
    "text",
    [
        "nom: Hem\ntag:adresse: 1 rue A\n",
        "nom: Hem\ntag:nom: Hem\n",
        "nom: Hem\ndecision_date: bientôt\nnon: x\n",
        "reconduction: peut-être\n",
    ],
    ids=["sound", "conflict", "several", "choice"],
)
def test_a_bare_form_too_but_for_the_name_of_its_file(text: str, tmp_path: Path) -> None:
    """Also where two values meet in one control: the prompts left are told by both or by neither."""
    source = tmp_path / "hem.yaml"
    source.write_text(text, encoding="utf-8")
    alone, listed = tmp_path / "fill", tmp_path / "batch"
    assert by_fill(source, str(FORM), alone) == by_batch(source, str(FORM), listed)
    assert list(documents_in(alone).values()) == list(documents_in(listed).values())


def test_a_date_to_come_is_warned_of_by_both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both judge by the same clock, which is asked once."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")  # 15 June 2025
    source = Path(__file__).parents[1] / "examples/adherent.yaml"
    code, problems = by_fill(source, DEFAULT, tmp_path / "fill")
    assert (code, problems) == by_batch(source, DEFAULT, tmp_path / "batch")
    assert [problem.severity for problem in problems if problem.field == "decision.date"] == ["warning"]
    assert {run["day"] for run in told_by(tmp_path / "fill")["run"]} == {"2025-06-15"}


def test_a_value_of_the_manifest_that_a_list_refuses_is_blamed_on_its_line_by_both(tmp_path: Path) -> None:
    template = tmp_path / "essai"
    shutil.copytree(FORM.parent, template)
    manifest = template / "template.yaml"
    text = manifest.read_text(encoding="utf-8")
    line = text[: text.index('"{{ adherent.reconduction or reconduction }}"')].count("\n") + 1
    manifest.write_text(text.replace('"{{ adherent.reconduction or reconduction }}"', '"tacit"'), encoding="utf-8")
    source = Path(__file__).parents[1] / "examples/adherent.yaml"
    code, problems = by_fill(source, str(template), tmp_path / "fill")
    assert (code, problems) == by_batch(source, str(template), tmp_path / "batch")
    (refused,) = [problem for problem in problems if problem.code == "bad-choice"]
    assert (refused.place.file, refused.place.line) == (str(manifest), line)
    assert str(source) in (refused.hint or "")
