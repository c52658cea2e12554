"""Forms that are no convention of ours, filled and sent back: a ticked box, a day of the week, white on blue."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from conventool.commands.adopt import adopt
from conventool.commands.fill import RunOptions, fill
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from edits import edited

FORMS = Path(__file__).parent / "cases" / "returned-forms"


def verified(form: str, document: str) -> str:
    report = verify([FORMS / form / document], VerifyOptions(template=str(FORMS / form), jobs=1))
    (status,) = (one.status for one in report.documents)
    return status


@pytest.mark.parametrize("form", sorted(path.name for path in FORMS.iterdir()))
def test_a_form_as_filled_is_intact(form: str) -> None:
    assert verified(form, "rempli.docx") == "intact"


@pytest.mark.parametrize("change", ["change", "neuf", "supprime"])
def test_white_on_a_colour_is_text(change: str) -> None:
    assert verified("v6-tarif-blanc-sur-bleu", f"revenu-tarif-{change}.docx") == "altered"


@pytest.mark.parametrize("rank", [0, 1])
def test_a_text_and_a_date_of_one_tag_are_both_held_against_the_data(tmp_path: Path, rank: int) -> None:
    """One value fills both; the text shows it as the date control does."""
    shutil.copy(FORMS.parent / "forms" / "43-balise-texte-liste-date.docx", tmp_path / "form.docx")
    adopt(tmp_path / "form.docx", tmp_path / "modele")
    data = tmp_path / "modele" / "exemples" / "exemple.yaml"
    (done,) = fill(data, RunOptions(str(tmp_path / "modele"), tmp_path / "lot")).documents

    def change(text: str) -> str:
        places = [found.start() for found in re.finditer(r"2026<", text)]
        assert len(places) == 2
        return f"{text[: places[rank]]}2027{text[places[rank] + 4 :]}"

    back = tmp_path / "revenu.docx"
    for path, status in ((done.path, "intact"), (back, "altered")):
        back.write_bytes(edited(done.path, change))
        report = verify([path], VerifyOptions(str(tmp_path / "modele"), data, jobs=1))
        assert [one.status for one in report.documents] == [status]


def test_an_unticked_box_is_altered(tmp_path: Path) -> None:
    """The manifest ticks it for everybody; the form itself has it empty."""
    shutil.copy(FORMS / "v1-case-cochee" / "form.docx", tmp_path / "revenu.docx")
    report = verify([tmp_path / "revenu.docx"], VerifyOptions(template=str(FORMS / "v1-case-cochee"), jobs=1))
    assert {document.status for document in report.documents} == {"altered"}
    assert any("☐" in str(problem.value) for problem in report.problems)


@pytest.mark.parametrize(
    ("form", "path", "value"),
    [
        ("v7-deux-pieds-de-page", ("commune",), "Armentières"),
        ("v9-trois-mots-un-controle", ("nom",), "Armentières"),
        ("v9-trois-mots-un-controle", ("forme",), "commune"),
        ("v2-date-avec-le-jour", ("decision", "date"), "2026-03-12"),
    ],
)
def test_what_is_read_of_a_form(form: str, path: tuple[str, ...], value: str) -> None:
    found = yaml.safe_load(read([FORMS / form / "rempli.docx"], ReadOptions(template=str(FORMS / form))).raw)
    for name in path:
        found = found[name]
    assert found == value
