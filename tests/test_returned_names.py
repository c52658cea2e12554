"""PDFs whose fonts name none of their letters, as Ghostscript makes them of PostScript: read by what they draw."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from conventool.commands.verify import VerifyOptions, verify
from conventool.core.report import Report
from conventool.returned.font_names import has_names
from test_returned_compared import with_swapped_digits
from test_returned_drawing import tables
from test_returned_hiding import DATA, PDF


def nameless(path: Path, change: Callable[[Any], None] = lambda _: None, of: Path = PDF) -> Path:
    """A PDF without the names of its fonts, each changed."""
    with pikepdf.open(of) as pdf:
        for page in pdf.pages:
            for font in page.Resources.Font.values():
                if "/ToUnicode" in font:
                    change(font)
                    del font.ToUnicode
        pdf.save(path)
    return path


def judged(path: Path) -> tuple[str, list[str], Report]:
    report = verify([path], VerifyOptions(data=DATA, jobs=1))
    codes = [problem.code for problem in report.problems if problem.severity.value != "notice"]
    return next(iter(report.documents)).status, codes, report


@pytest.mark.slow
def test_letters_without_names_are_read_by_what_they_draw(tmp_path: Path) -> None:
    assert judged(nameless(tmp_path / "sans-noms.pdf"))[:2] == ("intact", [])


@pytest.mark.slow
def test_what_is_drawn_is_what_is_read(tmp_path: Path) -> None:
    """Every 5 is a 9: its text says so, at its place, since nothing but its picture names it."""
    swapped = with_swapped_digits(tmp_path / "autre.pdf")
    status, codes, report = judged(nameless(tmp_path / "sans-noms.pdf", of=swapped))
    assert (status, set(codes)) == ("altered", {"altered-text", "altered-value"})
    assert any("50 euros" in problem.message and "90 euros" in problem.message for problem in report.problems)


def larger(font: Any) -> None:
    """All the letters of a font are drawn larger: it is none that is known."""
    data = font.FontDescriptor.FontFile2.read_bytes()
    head = dict(tables(data))[b"head"]
    (units,) = struct.unpack_from(">H", head, 18)
    changed = head[:18] + struct.pack(">H", units * 5 // 6) + head[20:]
    font.FontDescriptor.FontFile2.write(data.replace(head, changed))


def test_a_font_that_nobody_knows_is_to_be_looked_at(tmp_path: Path) -> None:
    """No word is taken for altered: nobody can say what its letters are."""
    status, codes, report = judged(nameless(tmp_path / "inconnue.pdf", larger))
    assert (status, codes) == ("doubtful", ["unnamed-letters"])
    assert "« Carlito »" in next(iter(report.problems)).message


@pytest.mark.parametrize(("text", "named"), [("Article 1er : 12 €", True), ("\x04\x05 \x06", False),
                                             ("!\"# $%&'()* +,-./0", False), ("", True)])  # fmt: skip
def test_a_text_layer_of_codes(text: str, named: bool) -> None:
    assert has_names(text) is named


@pytest.mark.slow
@pytest.mark.parametrize("level", ["-level2", "-level3"])
def test_printed_to_postscript_and_back(tmp_path: Path, level: str) -> None:
    if shutil.which("pdftops") is None or shutil.which("ps2pdf") is None:
        pytest.skip("pdftops or ps2pdf is not installed")
    paper, path = tmp_path / "papier.ps", tmp_path / "retour.pdf"
    subprocess.run(["pdftops", level, PDF, paper], check=True, timeout=60)
    subprocess.run(["ps2pdf", paper, path], check=True, timeout=60)
    assert judged(path)[:2] == ("intact", [])
