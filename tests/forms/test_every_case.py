"""Each document of ``cases/forms``, whose right result ``expected.tsv`` says: adopted, filled, read, verified.

What is particular to one stands in the test of its kind; here every row of the table has its document, and the reverse.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
import yaml

from conventool.commands.adopt import adopt
from conventool.commands.check import check_template
from conventool.commands.fill import RunOptions, fill
from conventool.commands.pdf import PdfOptions, pdf
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import TemplateError
from conventool.core.problems import Severity
from conventool.core.watch import NOBODY
from edits import edited

CASES = Path(__file__).parents[1] / "cases" / "forms"
with (CASES / "expected.tsv").open(encoding="utf-8", newline="") as table:
    EXPECTED = {row["file"]: row["what is right"] for row in csv.DictReader(table, delimiter="\t")}
TRACKED = "16b-suivi.docx"
PRINTED_OTHERWISE = [
    "01-champs-derives", "03-publipostage", "16b-suivi", "47-controles-accoles", "48-notes-entetes-zone",
    "o2-annexe-docx-incluse",
]  # fmt: skip
"""A table of contents beside a value in brackets, fields in fields, tracked changes, values that touch, a note that has
no place for its number, a Word file in another."""
PRINTED = {"03-publipostage.docx": {"champ_nom": "EXEMPLE (NOM)"}}
"""What comes back otherwise than it was given: in the capitals that the form asks for."""


def test_the_table_is_complete() -> None:
    """One row a document, one document a row."""
    assert {path.name for path in CASES.glob("*.do[ct]x")} == set(EXPECTED)


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name < "40" else pytest.mark.slow) for name in sorted(set(EXPECTED) - {TRACKED})],
)
def test_a_form_is_filled_at_once_and_comes_back(name: str, tmp_path: Path) -> None:
    """With the example that comes with it: no error, every field of its own read back, nothing to say of the text."""
    folder = tmp_path / "modele"
    adopt(CASES / name, folder, placeholders=["[…]", "MERGEFIELD"])
    data = folder / "exemples" / "exemple.yaml"
    report = fill(data, RunOptions(str(folder), tmp_path / "sortie"))
    assert report.errors == []
    documents = [document.path for document in report.documents]
    given = yaml.safe_load(data.read_text(encoding="utf-8"))
    own = yaml.safe_load((folder / "template.yaml").read_text(encoding="utf-8")).get("champs", {})
    found = read(documents, ReadOptions(str(folder)))
    assert found.exit_code == 0
    wanted = {field: given[field] for field in own} | PRINTED.get(name, {})
    assert {field: found.data[0].get(field) for field in own} == wanted
    assert verify(documents, VerifyOptions(str(folder), data, jobs=1)).problems == []


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_its_own_pdf_is_intact(tmp_path: Path) -> None:
    """Of forms of which LibreOffice prints more than Word stores: all in one call."""
    for name in PRINTED_OTHERWISE:
        folder = tmp_path / name
        adopt(CASES / f"{name}.docx", folder, placeholders=["[…]", "MERGEFIELD"])
        data = folder / "exemples" / "exemple.yaml"
        report = fill(data, RunOptions(str(folder), tmp_path / "sortie" / name, allow_revisions=True))
        next(iter(report.documents)).path.rename(tmp_path / f"{name}.docx")
    assert pdf(sorted(tmp_path.glob("*.docx")), PdfOptions(jobs=1), NOBODY).errors == []
    told = {}
    for name in PRINTED_OTHERWISE:
        folder = tmp_path / name
        for given in (None, folder / "exemples" / "exemple.yaml"):
            found = verify([tmp_path / f"{name}.pdf"], VerifyOptions(str(folder), given, jobs=1))
            told[name, given is None] = [problem.message for problem in found.problems]
    assert {key: messages for key, messages in told.items() if messages} == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in sorted(EXPECTED) if "41" <= name < "50"])
def test_a_word_changed_in_it_is_found_and_nothing_else(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "modele"
    adopt(CASES / name, folder, placeholders=["MERGEFIELD"])
    data = folder / "exemples" / "exemple.yaml"
    (done,) = fill(data, RunOptions(str(folder), tmp_path / "sortie")).documents
    done.path.write_bytes(edited(done.path, lambda text: text.replace("Lille.", "Douai.")))
    told = verify([done.path], VerifyOptions(str(folder), data, jobs=1)).problems
    assert [one.code for one in told] == ["altered-text"]
    assert {one.code for one in check_template(folder).problems if one.severity is Severity.ERROR} == set()


def test_tracked_changes_are_not_filled(tmp_path: Path) -> None:
    """Unless a draft is asked for."""
    folder = tmp_path / "modele"
    adopt(CASES / TRACKED, folder)
    data = folder / "exemples" / "exemple.yaml"
    with pytest.raises(TemplateError, match="modifications suivies"):
        fill(data, RunOptions(str(folder), tmp_path / "sortie"))
    report = fill(data, RunOptions(str(folder), tmp_path / "sortie", allow_revisions=True))
    assert (report.errors, len(report.documents)) == ([], 1)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("a4-controle-dans-un-controle", "La commune de", "La ville de"), ("14-clause-riche", ">Forfait<", ">Option<")],
)
def test_the_text_of_a_control_that_is_left_is_the_template_s(name: str, old: str, new: str, tmp_path: Path) -> None:
    """Rich text that holds other controls, or a table: a word changed in it is an alteration."""
    folder = tmp_path / "modele"
    adopt(CASES / f"{name}.docx", folder)
    data = folder / "exemples" / "exemple.yaml"
    (done,) = fill(data, RunOptions(str(folder), tmp_path / "sortie")).documents
    done.path.write_bytes(edited(done.path, lambda text: text.replace(old, new)))
    told = verify([done.path], VerifyOptions(str(folder), data, jobs=1)).problems
    assert "altered-text" in {one.code for one in told}
