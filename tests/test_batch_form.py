"""A list for a bare Word form: columns are addresses of its controls, each row one document."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import pytest

from conventool.batch.options import RunOptions
from conventool.batch.report import BatchReport
from conventool.commands.batch import batch
from conventool.core.errors import ExitCode, UnreadableError, UsageError
from conventool.core.problems import Severity
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


FORMS = Path(__file__).parent / "cases" / "forms"
SIMPLE = FORMS / "05-simple.docx"


def run(folder: Path, text: str, name: str | None = None, form: Path = SIMPLE) -> BatchReport:
    (folder / "liste.csv").write_text(text, encoding="utf-8")
    return batch(folder / "liste.csv", RunOptions(str(form), folder / "sortie", name=name), NOBODY)


def test_an_extra_column_is_a_warning_told_once(tmp_path: Path) -> None:
    """As in lists of adherents; the documents are made, and columns that mean several controls are no extra ones."""
    report = run(tmp_path, "nom;jour;Courriel;Téléphone\nA;1er mars 2026;a@x.fr;1\nB;2026-03-02;b@x.fr;2\n")
    assert report.summary["accepted"] == 2
    assert [(one.code, one.severity, one.value) for one in report.problems] == [
        ("unknown-field", Severity.WARNING, "Courriel, Téléphone")
    ]
    with pytest.raises(UnreadableError) as caught:
        run(tmp_path, "Courriel;Téléphone\na@x.fr;1\n")
    assert "tag:nom" in str(caught.value.problems[0].hint)


def test_what_several_controls_of_a_tag_refuse_is_told_once(tmp_path: Path) -> None:
    """One value goes to three controls; a character that none can hold is one problem."""
    report = run(tmp_path, "nom;jour\nA\x07;bientôt\n")
    assert sorted(problem.code for problem in report.problems) == ["bad-date", "illegal-character"]


def test_files_are_called_by_a_pattern(tmp_path: Path) -> None:
    """Of values, dates and the row's rank; two rows of one name are told, and so is a row that gives none."""
    text = "nom;jour\nÉlise Été;1er mars 2026\nB;2026-03-02\nB;2026-03-03\n;2026-03-04\n"
    report = run(tmp_path, text, "{{ nom }}")
    assert sorted(document.path.name for document in report.documents) == ["b.docx", "elise-ete.docx"]
    assert [(one.code, one.place.line) for one in report.errors] == [("same-file-name", 4), ("missing-field", 5)]
    named = run(tmp_path, text, "{{ rang }}_{{ jour }}")
    assert "1_1er-mars-2026.docx" in {document.path.name for document in named.documents}
    assert named.errors == []


@pytest.mark.parametrize(
    ("name", "form"), [("{{ nim }}", SIMPLE), ("{{ nom ", SIMPLE), ("{{ nom }}", FORM.parent), ("{{ 2 ** 9 }}", SIMPLE)]
)
def test_a_pattern_that_is_none_is_refused(name: str, form: Path, tmp_path: Path) -> None:
    """Before anything is read: an unknown word, a brace too few, a template that names its files itself."""
    with pytest.raises(UsageError) as caught:
        run(tmp_path, "nom\nA\n", name, form)
    assert caught.value.problems[0].hint
    assert not (tmp_path / "sortie").exists()


def test_a_pattern_may_say_the_ending_and_no_name_is_made_of_signs_alone(tmp_path: Path) -> None:
    """Names that Windows keeps for itself, signs that it does not allow, and more than it takes become others."""
    long = "é" * 300
    text = f'nom;jour\nCON;1\n"a/b\\c:d*e?""f<g>h|i";2\nFin...;3\n;4\n-;5\n{long};6\n'.replace(";1\n", ";2026-03-02\n")
    report = run(tmp_path, re.sub(r";[2-6]$", ";2026-03-02", text, flags=re.MULTILINE), "{{ nom }}/{{ nom }}.docx")
    names = sorted(document.path.name for document in report.documents)
    assert names[:3] == ["a-b-c-d-e-f-g-h-i-a-b-c-d-e-f-g-h-i.docx", "con-con.docx", names[2]]
    assert len(names[2]) == 120
    assert names[3:] == ["fin-fin.docx"]
    assert [(one.code, one.place.line) for one in report.errors] == [("missing-field", 5), ("missing-field", 6)]
    with pytest.raises(UsageError, match="vide"):
        run(tmp_path, "nom\nA\n", "  ")
