"""Texts that a terminal, a spreadsheet, a CI or our own readers would obey or refuse: shown and written as texts."""

from __future__ import annotations

import csv
import random
import re
import unicodedata
import xml.etree.ElementTree as ET
from html import escape
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conventool.cli.console import MOST_TOLD, show_problems
from conventool.cli.findings import github_annotations, junit_xml
from conventool.cli.plain import visible
from conventool.commands.check import Checked, CheckReport
from conventool.core.problems import Place, Problem, Severity
from conventool.sources.formulas import harmless, restored
from conventool.template.folder import TemplateFolder
from hostile_documents import with_body
from in_process import command

HOSTILE = Path(__file__).parent / "cases" / "hostile"
ESCAPES = [
    "\x1b[2J",
    "\x1b]0;titre\x07",
    "\x9b31m",
    "\x85",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufeff",
    "\u061c",
    "\x7f",
    "\r",
]
COMMANDS = [
    "\n::error::faux",
    "\n  ::stop-commands::x",
    "##[error]faux",
    "a\r::set-output name=x::y",
    "\n::add-mask::e",
]


def obeyed(text: str) -> list[str]:
    """What a terminal or GitHub's runner would obey in a text: controls, marks of direction, workflow commands."""
    controls = [char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Zl", "Zp"} and char != "\n"]
    return controls + re.findall(r"^\s*::\S*|##\[\w*", text, re.MULTILINE)


@given(st.text() | st.lists(st.sampled_from([*ESCAPES, *COMMANDS, "é", "::", "##", "[", ":", " "])).map("".join))
@example("::error::x")
@example(":::x")
def test_nothing_that_is_shown_commands(text: str) -> None:
    shown = visible(text)
    assert obeyed(shown) == []
    assert len(shown) >= len(text)


@pytest.mark.parametrize("text", [*ESCAPES, *COMMANDS])
def test_no_output_commands_whatever_a_file_says(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    problem = Problem("code", f"dit « {text} »", f"écrire{text}", "champ", text, Place(f"a{text}.docx", control=text))
    show_problems([problem, problem._replace(severity=Severity.NOTICE)])
    assert obeyed(capsys.readouterr().err) == []
    checked = Checked(f"modele{text}", Path(), found={"text": [problem]})
    report = CheckReport("check", problems=[problem], templates=[checked])
    (annotation,) = github_annotations(report)
    assert annotation.startswith("::error ")
    assert obeyed(annotation.removeprefix("::error ")) == []
    assert "\n" not in annotation
    root = ET.fromstring(junit_xml(report))
    told = [value for element in root.iter() for value in (element.text or "", *element.attrib.values())]
    assert [one for one in told if obeyed(one)] == []
    assert any("dit « " in one for one in told)


def test_of_very_many_problems_the_first_of_each_kind_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    grave = [Problem("bad-date", f"date {number}") for number in range(1_000)]
    small = [Problem("mojibake", "accents", severity=Severity.WARNING)]
    notices = [Problem("repaired", f"lu {number}", severity=Severity.NOTICE) for number in range(500)]
    show_problems([*grave, *small, *notices])
    err = capsys.readouterr().err
    assert re.findall(r"date (\d+)", err) == [str(number) for number in range(MOST_TOLD)]
    assert "[bad-date]\N{NO-BREAK SPACE}: encore 980 autres" in err
    assert "[mojibake]" in err
    assert "et 480 autres" in err
    assert len(err) < 10_000


# --- Spreadsheets ------------------------------------------------------------------------------------------

HIDDEN = ["", "\ufeff", "\u200b", "\u200e\u202e", "\u00ad", "\u2060", " ", "\u00a0", "'", "'\ufeff"]


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("sign", "=+-@\t\r\uff1d\uff0b\uff0d\uff20")
def test_no_sign_that_begins_a_formula_is_first(hidden: str, sign: str) -> None:
    text = f"{hidden}{sign}HYPERLINK(1)"
    cell = harmless(text)
    assert cell.lstrip("\ufeff\u200b\u200e\u202e\u00ad\u2060 \u00a0").startswith("'")
    assert restored(cell) == text


@given(st.text(alphabet="'=+-@ \t\ufeff\u200bab"))
def test_what_was_made_harmless_comes_back(text: str) -> None:
    assert restored(harmless(text)) == text


def test_headers_of_rejected_rows_are_harmless(tmp_path: Path) -> None:
    """Of a list whose header begins a formula behind a byte order mark; what is given back is read as it was."""
    head = (HOSTILE / "header-formula.csv").read_text(encoding="utf-8").splitlines()[0]
    usual = "nom;adresse;code_postal;commune;representant_civilite;representant_prenom;representant_nom;decision_date"
    source = tmp_path / "liste.csv"
    source.write_text(f"{head};{usual}\na;commune;c;d;Nulle-Part;;;;;;;\n", encoding="utf-8")
    assert command("batch", source, "-o", tmp_path / "out").code == 1
    rejects = tmp_path / "out" / "rejets.csv"
    for row in csv.reader(rejects.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"):
        assert not [cell for cell in row if re.match(r"[\s\ufeff\u200b]*[=+@-]", cell)]
    again = command("batch", rejects, "-o", tmp_path / "out")
    assert again.code == 1
    assert "SUM" in again.err


# --- What adopt writes -------------------------------------------------------------------------------------

SIGNS = [
    "\x92", "\x7f", "\ufdd0", "\x85", "\u2028", "\u202e", "\ufeff", "\u200b", "#", " # ", ": ", "- ", "{", "[", '"',
    "'", "&a", "*a", "!!x", "%", "@", "`", "|", ">", "?", ",", "~", "null", "yes", "1", "{{ x }}", "\\", "=", "<<",
    "---", "...", "\xa0", "&#10;", "&#9;",
]  # fmt: skip
WORDS = ["nom", "maire", "date", "commune"]
NAMES = ["a", "a\nb", "a\x92", "a #", "a\u202e", "a: b", "a\x7f", "a\ufeff", "- a"]


def form(seed: int) -> bytes:
    """A form whose tags, titles and texts are any of those signs."""
    chance = random.Random(seed)

    def some() -> str:
        text = "".join(chance.choice([chance.choice(SIGNS), *WORDS]) for _ in range(chance.randrange(1, 4)))
        return escape(text).replace("&amp;#", "&#")

    return with_body("".join(
        f'<w:p><w:r><w:t>Le {some()} </w:t></w:r><w:sdt><w:sdtPr><w:alias w:val="{some()}"/><w:tag w:val="{some()}"/>'
        f"<w:showingPlcHdr/><w:text/></w:sdtPr><w:sdtContent><w:r><w:t>{some()}</w:t></w:r></w:sdtContent></w:sdt></w:p>"
        for _ in range(chance.randrange(1, 4))
    ))  # fmt: skip


@pytest.mark.parametrize("seed", [*range(18), *(pytest.param(n, marks=pytest.mark.slow) for n in range(18, 120))])
def test_what_adopt_writes_is_what_its_readers_take(seed: int, tmp_path: Path) -> None:
    source = tmp_path / f"{NAMES[seed % len(NAMES)]}.docx"
    source.write_bytes(form(seed))
    folder = tmp_path / f"modele{NAMES[seed // 2 % len(NAMES)]}"
    adopted = command("adopt", source, "-o", folder)
    assert adopted.code in {0, 2}
    if adopted.code == 0:
        template = TemplateFolder.open(folder)
        assert template.document.controls
        told = command("check", folder, "--json").told["problems"]
        mistaken = {"unreadable", "bad-value", "unknown-field", "bad-expression", "golden-missing", "altered-text"}
        assert [one for one in told if one["code"] in mistaken] == []


def test_a_form_with_an_apostrophe_of_windows_1252_is_adopted(tmp_path: Path) -> None:
    assert command("adopt", HOSTILE / "adopt-u0092.docx", "-o", tmp_path / "modele").code == 0
    assert TemplateFolder.open(tmp_path / "modele").document.controls


def test_an_interruption_while_a_class_is_made_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Python tells of it as of an error whose cause it is."""

    def interrupted(*_: object, **__: object) -> None:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr("conventool.commands.inspect.inspect", interrupted)
    assert command("inspect", tmp_path / "a.docx").code == 130
