"""Signs that the document's font lacks: who draws them is told, or that nobody does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conventool.core.problems import Severity
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job

from .conftest import make_docx

NOWHERE = "\u2fe0"  # no sign has this number, so no font has it
STYLE = (
    '<w:style w:type="paragraph" w:styleId="Normal" w:default="1"><w:name w:val="Normal"/>'
    '<w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri"/></w:rPr></w:style>'
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("L’œuvre coûte 12,50 € – « ça va » ☐ ☒ ✓ n° 3 ⅔", []),
        (f"Hem {NOWHERE} {NOWHERE}", [(Severity.WARNING, ["2FE0"])]),
        ("Hem 😀 ✈", [(Severity.NOTICE, ["2708", "1F600"])]),
    ],
)
def test_signs_that_the_font_lacks_are_told(text: str, told: list[tuple[Severity, list[str]]], tmp_path: Path) -> None:
    """Once each, by their numbers too, for one cannot see them; letters, punctuation and boxes are no matter."""
    body = f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    [result] = convert([Job(make_docx(body, STYLE), tmp_path / "x.pdf")], jobs=1)
    found = [problem for problem in result.problems if problem.code == "sign-missing"]
    assert [(one.severity, re.findall(r"U\+(\w+)", one.message)) for one in found] == told
