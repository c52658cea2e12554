"""How much memory long lists and large forms take: that of the process which does the work, as the system counts it."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="the system counts otherwise")]

FORM = Path(__file__).parent / "documents" / "kinds_in_runs.docx"
ROWS = int(os.environ.get("CONVENTOOL_ROWS", "12000"))
"""Of the long list. The whole number is 350,000, which takes some minutes."""
MOST = 130
"""Megabytes, for however many rows: 60 are the program's own; of 350,000, 600 were allowed and 114 were measured."""
COLUMNS = (
    "forme", "nom", "adresse", "code_postal", "commune", "representant_civilite", "representant_prenom",
    "representant_nom", "decision_date",
)  # fmt: skip
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override '
    'PartName="/xl/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/></Relationships>'
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
MEASURED = """
import re, sys
from conventool.__main__ import main
try:
    main()
except SystemExit as end:
    status = open("/proc/self/status").read()
    print(end.code or 0, re.search(r"VmHWM:\\s+(\\d+)", status)[1], file=sys.stderr)
"""


def megabytes_of(*words: object) -> float:
    """The most memory that a command takes which ends well."""
    arguments = [sys.executable, "-c", MEASURED, *map(str, words)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    found = re.fullmatch(r"[01] (\d+)", done.stderr.splitlines()[-1])
    assert found, done.stderr[-2000:]
    return int(found[1]) / 1000


def sheet(rows: int) -> Iterator[str]:
    """A sheet of as many adherents, each another, its texts in its cells."""
    yield f"<worksheet {MAIN}><sheetData>"
    yield row(COLUMNS)
    for number in range(rows):
        yield row(("syndicat mixte", f"Eaux {number}", "1 rue Haute", "59280", "Armentières", "Madame", "Camille",
                   "MARTIN", "2026-03-12"))  # fmt: skip
    yield "</sheetData></worksheet>"


def row(texts: tuple[str, ...]) -> str:
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts) + "</row>"


def test_a_long_workbook_is_checked_in_bounded_memory(tmp_path: Path) -> None:
    source = tmp_path / "liste.xlsx"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        made.writestr("[Content_Types].xml", CONTENT_TYPES)
        made.writestr("_rels/.rels", RELATIONS.format("officeDocument", "xl/workbook.xml"))
        made.writestr("xl/_rels/workbook.xml.rels", RELATIONS.format("worksheet", "sheet1.xml"))
        sheets = '<sheets><sheet name="Liste" sheetId="1" r:id="rId1"/></sheets>'
        made.writestr("xl/workbook.xml", f"<workbook {MAIN} {OFFICE}>{sheets}</workbook>")
        with made.open("xl/sheet1.xml", "w") as part:
            for piece in sheet(ROWS):
                part.write(piece.encode())
    assert megabytes_of("validate", source, "-q") < MOST


def test_documents_of_a_large_form_take_little(tmp_path: Path) -> None:
    """Twenty-four of ten megabytes: all together in memory would be 240."""
    form, source = tmp_path / "grand.docx", tmp_path / "liste.csv"
    with zipfile.ZipFile(FORM) as small, zipfile.ZipFile(form, "w") as large:
        for name in small.namelist():
            data = small.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"</Types>", b'<Default Extension="bin" ContentType="image/png"/></Types>')
            large.writestr(name, data)
        large.writestr("word/media/grand.bin", random.Random(5962).randbytes(10_000_000))
    source.write_text("\n".join(["kind:text#1", *(f"Document {n}" for n in range(24))]), encoding="utf-8")
    out = tmp_path / "out"
    assert megabytes_of("batch", source, "-t", form, "-o", out, "--jobs", "1", "-q") < 150
    assert len(list(out.glob("*.docx"))) == 24
