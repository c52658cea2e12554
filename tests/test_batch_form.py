"""A list for a bare Word form: columns are addresses of its controls, each row one document."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from conventool.batch.options import RunOptions
from conventool.commands.batch import batch
from conventool.core.errors import ExitCode
from conventool.core.watch import NOBODY

FORM = Path(__file__).parents[1] / "templates/convention-services-numeriques/convention.docx"
LIST = """nom;tag:adresse;decision_date;reconduction
Laon;1 rue A;12/03/2026;Expresse
Hem;2 rue B;bientôt;peut-être
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_row_fills_the_form(jobs: int, tmp_path: Path) -> None:
    """What the controls accept is filled and written; the row they refuse is told with its line and column."""
    source = tmp_path / "liste.csv"
    source.write_text(LIST, encoding="utf-8")
    options = RunOptions(str(FORM), tmp_path / "out", jobs=jobs)
    report = batch(source, options, NOBODY)
    assert report.exit_code is ExitCode.PROBLEMS
    (written,) = report.documents
    assert written.path.name == "convention_0001_laon.docx"
    text = docx.Document(str(written.path)).element.body.xpath("string(.)")
    assert "Laon" in text
    assert "12\N{NO-BREAK SPACE}mars\N{NO-BREAK SPACE}2026" in text
    assert "La Collectivité opte pour une reconduction expresse" in text
    refused = {(p.code, p.place.line, p.place.column) for p in report.problems if p.severity == "error"}
    assert refused == {("bad-date", 3, "decision_date"), ("bad-choice", 3, "reconduction")}


def test_the_same_command_again_changes_nothing(tmp_path: Path) -> None:
    """A form's list resumes as a convention's does."""
    source = tmp_path / "liste.csv"
    source.write_text(LIST.replace("bientôt", "13/03/2026").replace("peut-être", "tacite"), encoding="utf-8")
    options = RunOptions(str(FORM), tmp_path / "out")
    assert batch(source, options, NOBODY).summary["created"] == 2
    assert batch(source, options, NOBODY).summary["identical"] == 2
