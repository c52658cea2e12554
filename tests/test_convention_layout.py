"""The blank convention on paper: its pages and its lines, as LibreOffice sets them with Carlito."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree

DOCUMENT = Path(__file__).parent.parent / "templates" / "convention-services-numeriques" / "convention.docx"
SEED = Path(__file__).parent / "data" / "seed.txt"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

BEGINNINGS = [
    "CONVENTION RELATIVE AUX PRESTATIONS ET A",
    "PREAMBULE",
    "Dans le cadre d’une reconduction tacite, si l’une",
    "ARTICLE 5.2.",
    "ARTICLE 8. LITIGES",
]

pytestmark = pytest.mark.slow


def missing() -> list[str]:
    programs = [name for name in ("soffice", "pdftotext", "fc-match") if shutil.which(name) is None]
    if "fc-match" in programs:
        return programs
    font = subprocess.run(["fc-match", "Carlito"], capture_output=True, text=True, check=True).stdout
    return programs if "Carlito" in font else [*programs, "Carlito"]


def unwrapped(source: Path, target: Path) -> Path:
    """The same document, each control replaced by what it holds."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name in {"word/document.xml", "word/footer1.xml"}:
                root = etree.fromstring(data)
                for control in list(root.iter(f"{W}sdt")):
                    parent, content = control.getparent(), control.find(f"{W}sdtContent")
                    assert parent is not None
                    assert content is not None
                    at = parent.index(control)
                    parent[at : at + 1] = list(content)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            new.writestr(name, data)
    return target


def printed(document: Path, folder: Path) -> list[list[str]]:
    """The lines of each page of the document once printed, the footer's page number checked and taken off."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    pdf_without_forms = 'pdf:writer_pdf_Export:{"ExportFormFields":{"type":"boolean","value":"false"}}'
    command = ["soffice", "--headless", "--norestore", profile, "--convert-to", pdf_without_forms]
    subprocess.run([*command, "--outdir", str(folder), str(document)], capture_output=True, check=True, timeout=240)
    pdf = folder / f"{document.stem}.pdf"
    text = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-"], capture_output=True, check=True)
    pages = [lines_of(page) for page in text.stdout.decode("utf-8").split("\f")[:-1]]
    for number, page in enumerate(pages, 1):
        page.remove(f"{number}/{len(pages)}")
    return pages


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def spans(lines: list[str]) -> dict[tuple[int, int], str]:
    """Each line by where it begins and ends in the text without its spaces."""
    found, at = {}, 0
    for line in lines:
        end = at + len(re.sub(r"\s", "", line))
        found[at, end] = line
        at = end
    return found


@pytest.fixture(scope="module", params=["controls kept", "controls unwrapped"])
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    if lacking := missing():
        message = f"not installed: {', '.join(lacking)}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("printed")
    document = DOCUMENT if request.param == "controls kept" else unwrapped(DOCUMENT, folder / "unwrapped.docx")
    return printed(document, folder)


def test_five_pages_begin_as_the_seed_does(pages: list[list[str]]) -> None:
    """Nobody who knows the convention has to look for an article."""
    assert len(pages) == len(BEGINNINGS)
    for page, beginning in zip(pages, BEGINNINGS, strict=True):
        assert page[0].startswith(beginning)


def test_printed_words_are_those_of_the_seed_in_order(pages: list[list[str]]) -> None:
    """Nothing is lost, doubled or moved on the way to paper."""
    words = re.sub(r"(?<=\w)-\s+", "-", " ".join(line for page in pages for line in page)).split()
    assert words == re.sub(r"(?<=\w)-\s+", "-", SEED.read_text(encoding="utf-8")).split()


def test_lines_break_where_the_seed_breaks_them(pages: list[list[str]]) -> None:
    """At least 98 % of the seed's lines begin and end at the same words."""
    wanted = spans(lines_of(SEED.read_text(encoding="utf-8")))
    got = spans([line for page in pages for line in page])
    moved = [line for span, line in wanted.items() if span not in got]
    share = 1 - len(moved) / len(wanted)
    assert share >= 0.98, f"{share:.1%} of {len(wanted)} lines; moved:\n" + "\n".join(moved)
