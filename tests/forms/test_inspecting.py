"""Every control of a form, with an address that works, readable on a screen of eighty columns."""

from __future__ import annotations

import json
import re
import sys
from io import StringIO
from pathlib import Path
from typing import get_args

import docx
import pytest

from conventool.cli.console import show
from conventool.commands.inspect import KINDS, inspect
from conventool.core.errors import TemplateError
from conventool.word.controls import Kind
from conventool.word.template import Template
from edits import DOCUMENT, control, minimal, paragraph

SCREEN = Path(__file__).parent / "inspect.txt"
FORMAT = '<w:dateFormat w:val="d MMMM yyyy"/><w:lid w:val="fr-FR"/>'
FORM = minimal(
    paragraph("Entre la commune de ", control("<w:text/>", "Nom de la commune."), ", représentée par son maire")
    + paragraph(control(f"<w:date>{FORMAT}</w:date>", "Date", tag="jour"))
    + paragraph(control('<w:comboBox><w:listItem w:value="Choisissez un élément."/>'
                        + "".join(f'<w:listItem w:displayText="Choix {n}" w:value="{n}"/>' for n in range(7))
                        + "</w:comboBox>", "Choisissez un élément."))
    + paragraph(control("<w:text/>", "Choisissez un élément."))
    + paragraph(control("<w:text/>", "rempli", prompt=False,
                        properties='<w:alias w:val="Titre du champ"/><w:lock w:val="sdtLocked"/>'))
)  # fmt: skip


def screen(path: Path, monkeypatch: pytest.MonkeyPatch, width: int = 80) -> str:
    out = StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", StringIO())
    monkeypatch.setenv("COLUMNS", str(width))
    show(inspect(path), as_json=False, quiet=False)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def test_screen_of_eighty_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is kept beside this test; no line is longer than the screen."""
    form = tmp_path / "formulaire.docx"
    form.write_bytes(FORM)
    seen = screen(form, monkeypatch)
    assert max(map(len, seen.splitlines())) <= 80
    assert seen == SCREEN.read_text(encoding="utf-8")


def test_the_project_s_form_fits_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every address is whole on its line: it can be copied."""
    lines = screen(DOCUMENT, monkeypatch).splitlines()
    assert max(map(len, lines)) <= 80
    for one in Template.open(DOCUMENT).controls:
        assert any(line.split("  ")[0] == one.address for line in lines)


def test_json_has_what_scripts_need(tmp_path: Path) -> None:
    """The shape that is promised; every address means its control."""
    form = tmp_path / "formulaire.docx"
    form.write_bytes(FORM)
    told = json.loads(json.dumps(inspect(form).as_json()))
    assert told["file"] == str(form)
    template = Template.open(form)
    for one in told["controls"]:
        assert template.find(one["address"]).text == one["text"]
    assert told["controls"][1] == {
        "address": "tag:jour",
        "tag": "jour",
        "alias": None,
        "kind": "date",
        "level": "run",
        "part": "word/document.xml",
        "items": [],
        "date_format": "d MMMM yyyy",
        "language": "fr-FR",
        "placeholder": "Date",
        "text": "Date",
        "filled": False,
        "bound": False,
        "lock": None,
        "context": "[Date]",
    }
    assert told["controls"][2]["items"][:1] == [{"text": "Choix 0", "value": "0"}]


def test_what_is_no_word_document_is_refused(tmp_path: Path) -> None:
    """With the reason."""
    path = tmp_path / "x.docx"
    path.write_bytes(b"%PDF")
    with pytest.raises(TemplateError):
        inspect(path)


def test_what_is_odd_is_told_once_with_the_controls_it_concerns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three controls without a tag are one line on the screen."""
    form = tmp_path / "formulaire.docx"
    form.write_bytes(FORM)
    monkeypatch.setenv("COLUMNS", "200")
    show(inspect(form), as_json=False, quiet=False)
    told = [line for line in capsys.readouterr().err.splitlines() if "balise" in line]
    assert len(told) == 1
    assert "text:Choisissez un élément.#2, alias:Titre du champ." in told[0]


def test_what_would_leave_with_every_copy_is_told() -> None:
    """Tracked changes and comments, with their authors; fields that keep their old result; who saved the file."""
    cases = Path(__file__).parents[1] / "cases" / "forms"
    told = {one.code: one.message for one in inspect(cases / "16b-suivi.docx").problems}
    assert "modifications suivies d’Agent" in told["tracked-change"]
    assert "commentaires d’Agent" in told["comment-left"]
    [stale] = [one for one in inspect(cases / "01-champs-derives.docx").problems if one.code == "stale-field"]
    assert re.findall(r"[A-Z=]{1,11}(?=[,.])", stale.message) == ["TOC"]


def test_who_saved_a_document_is_told(tmp_path: Path) -> None:
    """Word writes it into every file."""
    document = docx.Document()
    document.core_properties.last_modified_by = "Jeanne MARTIN"
    document.save(str(tmp_path / "x.docx"))
    [problem] = [one for one in inspect(tmp_path / "x.docx").problems if one.code == "personal-metadata"]
    assert "Jeanne MARTIN" in problem.message


def test_every_kind_of_control_has_a_name_in_french() -> None:
    """A kind that is new joins them."""
    assert set(KINDS) == set(get_args(Kind))
