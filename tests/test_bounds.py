"""Files that announce or hold far more than any list or form: refused in time, in little memory, by exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conventool.core.workers import chunks
from conventool.sources.sheets import FAR_CELLS
from conventool.sources.xlsb_file import read_sheets
from hostile_documents import pdf, with_body
from hostile_workbooks import WORKBOOKS, xlsb
from in_process import command

NOT_REFUSED = {
    "announced.xlsx",
    "corner.xlsx",
    "empty-rows.ods",
    "spaces.ods",
    "beyond.xlsx",
    "columns.ods",
    "corner.xls",
}
"""Those whose far cells cost nothing: there are few of them, and they are read as they are."""
SMALL = sorted(name for name in WORKBOOKS if name.startswith(("corner", "announced", "rows", "empty", "spaces", "bey")))


@pytest.mark.parametrize("name", SMALL)
def test_what_a_workbook_announces_is_not_believed(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_bytes(WORKBOOKS[name]())
    said = command("validate", source, "--json")
    assert said.code in ({1, 3} if name in NOT_REFUSED else {3})
    if name == "corner.xlsb":
        assert said.told["problems"][0]["message"] == FAR_CELLS[0]


CONTROL = (
    '<w:p><w:sdt><w:sdtPr><w:tag w:val="a"/><w:text/></w:sdtPr>'
    "<w:sdtContent><w:r><w:t>x</w:t></w:r></w:sdtContent></w:sdt></w:p>"
)
PDFS = {
    "content.pdf": {"content": b" " * 140_000_000},
    "twice.pdf": {"content": b"0 " * 70_000_000, "times": 2},
    "text.pdf": {"content": b"BT /F1 12 Tf 9 9 Td (Convention) Tj ET\n" * 500_000},
    "saved.pdf": {"content": b"BT /F1 12 Tf 9 9 Td (Convention) Tj ET " + b"q " * 200_000},
    "forms.pdf": {"content": b"BT /F1 12 Tf 9 9 Td (Convention) Tj ET /X Do", "levels": 9},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_that_inflates_is_refused_before_it_is_read(name: str, tmp_path: Path) -> None:
    source = tmp_path / name
    source.write_bytes(pdf(**PDFS[name]))  # type: ignore[arg-type]
    for asked in ("verify", "read"):
        said = command(asked, source, "--json")
        assert said.code == 3
        assert "démesuré" in said.told["problems"][0]["message"]


def test_a_form_with_controls_without_number_is_refused(tmp_path: Path) -> None:
    for number, code in ((200, 0), (5_001, 3)):
        source = tmp_path / f"{number}.docx"
        source.write_bytes(with_body(CONTROL * number))
        said = command("inspect", source, "--json")
        assert said.code == code
    assert said.told["problems"][0]["code"] == "unsafe-document"


def test_a_paragraph_of_placeholders_without_number_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "a.docx"
    source.write_bytes(with_body(f"<w:p><w:r><w:t>{'…… et ' * 20_000}</w:t></w:r></w:p>"))
    assert command("adopt", source, "-o", tmp_path / "modele", "--placeholder", "……").code == 3


def test_documents_are_held_in_memory_by_their_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a large form those of few rows at a time: of one, where one alone is larger than what may be held."""
    from conventool.batch import worker

    form = tmp_path / "form.docx"
    form.write_bytes(with_body(CONTROL))
    rows = tmp_path / "liste.csv"
    rows.write_text("a\n" + "".join(f"texte {n}\n" for n in range(7)), encoding="utf-8")
    sizes: list[int] = []

    def chunked(items: list[object], size: int) -> object:
        sizes.append(size)
        return chunks(items, size)

    monkeypatch.setattr(worker, "chunks", chunked)
    for limit, together in ((1, 1), (form.stat().st_size * 3, 3), (1 << 30, 20)):
        monkeypatch.setattr(worker, "_FILLED_BYTES", limit)
        assert command("batch", rows, "-t", form, "-o", tmp_path / f"out-{together}").code == 0
        assert sizes.pop() == together


def test_a_binary_workbook_of_ordinary_size_is_read(tmp_path: Path) -> None:
    """The reader apart gives what it is asked for, also of a sheet that begins and ends with empty rows."""
    source = tmp_path / "liste.xlsb"
    source.write_bytes(xlsb([(2, 1, 5.0), (2, 3, 7.5), (9_999, 2, 1.0)]))
    ((name, visible, lines, _),) = read_sheets(source)
    assert (name, visible) == ("Liste", True)
    for _ in range(2):
        found = [(line.number, [getattr(cell, "value", cell) for cell in line.cells]) for line in lines()]
        assert found == [(3, ["", 5, "", 7.5]), (10_000, ["", "", 1])]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is told in another unit")
@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_hostile_workbook_costs_little(name: str, tmp_path: Path) -> None:
    """Under 20 s of processor and 500 MB, the process that reads old workbooks included."""
    source = tmp_path / name
    source.write_bytes(WORKBOOKS[name]())
    measured = f"""
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "conventool", "validate", {str(source)!r}], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
    done = subprocess.run([sys.executable, "-c", measured], capture_output=True, text=True, check=True)
    code, seconds, kilobytes = map(float, done.stdout.split())
    assert code in {1, 2, 3}
    assert seconds < 20
    assert kilobytes < 500_000
