"""A conversion reads nothing but the document: no address is called, no file is drawn, whatever the document names."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from conventool.core.errors import ProgramError, TemplateError
from conventool.pdf.confinement import Confinement
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job
from conventool.pdf.office import Office, find_office, kill
from conventool.pdf.profiles import Profile
from conventool.word.print_copy import Copier

from .conftest import WORD, commands_naming, make_docx, paragraph
from .links import Rel, document, documents_that_point_out, field, picture, svg


@pytest.fixture(scope="module")
def office() -> Office:
    try:
        return find_office()
    except ProgramError as error:
        pytest.skip(str(error))


def shows_a_canary(pdf: Path) -> bool:
    with pypdfium2.PdfDocument(pdf) as opened:
        for page in opened:
            colours = page.render(scale=0.5).to_pil().convert("RGB").getcolors(1 << 24) or []
            if any(red > 200 and green < 90 and blue > 200 for _, (red, green, blue) in colours):
                return True
            if WORD in page.get_textpage().get_text_range():
                return True
    return False


def files_read(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir() if file.stat().st_atime != 1]


@pytest.mark.slow
@pytest.mark.parametrize("where", ["file", "file-localhost", "http"])
def test_the_copy_alone_keeps_a_document_to_itself(
    office: Office, canaries: Path, tmp_path: Path, listener: tuple[str, list[object]], where: str
) -> None:
    """Where the system has no second wall."""
    address, callers = listener
    local = canaries.as_uri()
    base = {"file": local, "file-localhost": local.replace("file://", "file://localhost"), "http": address}[where]
    jobs = [Job(data, tmp_path / f"{name}.pdf") for name, data in documents_that_point_out(base)]
    results = list(convert(jobs, office=replace(office, confinement=Confinement("none"))))
    assert len(results) == len(jobs) > 35
    assert [result.job.target.stem for result in results if not result.done] == []
    assert [job.target.stem for job in jobs if shows_a_canary(job.target)] == []
    assert callers == []
    assert files_read(canaries) == []


@pytest.mark.slow
def test_the_confinement_alone_keeps_libreoffice_to_the_document(
    office: Office, canaries: Path, tmp_path: Path, listener: tuple[str, list[object]]
) -> None:
    """Documents as they came, without the first wall; without the second either, a file of this computer is drawn."""
    if office.confinement.name != "bubblewrap":
        pytest.skip("this system confines no files")
    sources = tmp_path / "sources"
    sources.mkdir()
    address, callers = listener
    for base in (canaries.as_uri(), address):
        for name, data in documents_that_point_out(base):
            (sources / f"{base[:4]}-{name}.docx").write_bytes(data)
    shown = {}
    for confinement in (office.confinement, Confinement("none")):
        folder = tmp_path / confinement.name
        confined = confinement is office.confinement
        documents = sorted(sources.iterdir()) if confined else [sources / "file-svg-image.docx"]
        process = replace(office, confinement=confinement).start(documents, folder, Profile.PDF)
        process.wait(120)
        kill(process)
        shown[confinement.name] = [pdf.stem for pdf in sorted((folder / "made").iterdir()) if shows_a_canary(pdf)]
        if confined:
            assert callers == []
            assert files_read(canaries) == []
    assert shown["bubblewrap"] == []
    assert shown["none"] == ["file-svg-image"]  # a canary would have been seen


def test_no_copy_names_what_is_outside() -> None:
    """But as a text that a reader sees, and a part that nothing refers to any more."""
    for name, data in documents_that_point_out("file:///x"):
        with zipfile.ZipFile(BytesIO(Copier().copy(data, name).data)) as archive:
            naming = [part for part in archive.namelist() if b"canari" in archive.read(part)]
        assert naming == [], name


def test_what_is_not_printed_is_told() -> None:
    """Each way of pointing out but those that print nothing anyhow: a template, a list for mailing, frames, a font."""
    told = {name: Copier().copy(data, name).removed for name, data in documents_that_point_out("file:///x")}
    assert {name for name, removed in told.items() if not removed} == {"template", "mail-merge", "frames", "font"}
    assert told["blip-link"] == ("une image liée (« file:///x/canari.png »)",)
    assert told["svg-with-twin"][0] == "une image SVG, imprimée comme son image en points"
    assert told["includepicture"] == ("un champ INCLUDEPICTURE",)


def test_the_result_of_a_field_stays() -> None:
    for name, data in documents_that_point_out("file:///x"):
        if name in {"includetext", "link-field", "ddeauto"}:
            assert b"r\xc3\xa9sultat" in _part(Copier().copy(data, name).data)
            assert b"instrText" not in _part(Copier().copy(data, name).data)


def _part(data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read("word/document.xml")


@pytest.mark.parametrize("name", ["text-link", "link-to-a-file"])
def test_links_of_text_to_the_web_stay(name: str) -> None:
    data = dict(documents_that_point_out("https://exemple.fr"))[name]
    assert Copier().copy(data, "a").removed == ()


@pytest.mark.parametrize(
    "code", ['HYPERLINK \\l "article_3"', "PAGE", "NUMPAGES", 'TOC \\o "1-3"', "SEQ Figure \\* ARABIC"]
)
def test_other_fields_stay(code: str) -> None:
    copy = Copier().copy(document(field(code)), "a")
    assert copy.removed == ()
    assert b"instrText" in _part(copy.data)


def test_a_part_with_two_uses_is_refused() -> None:
    """As the properties of a document it would be copied as it is, as a picture LibreOffice would draw it."""
    rels = {"rId8": Rel("custom-properties", "media/a.svg"), "rId9": Rel("image", "media/a.svg")}
    data = document(picture('r:embed="rId9"'), rels, {"word/media/a.svg": svg("")})
    with pytest.raises(TemplateError, match="deux usages"):
        Copier().copy(data, "a")


@pytest.mark.slow
@pytest.mark.parametrize("hidden", [set(), {"bwrap"}, {"bwrap", "unshare"}], ids=["all", "no-bwrap", "neither"])
@pytest.mark.skipif(sys.platform != "linux", reason="the programs are hidden as Linux has them")
def test_what_libreoffice_left_of_a_killed_run_goes(office: Office, tmp_path: Path, hidden: set[str]) -> None:
    """By SIGKILL: its processes end, the next run sweeps its folders and its sockets."""
    programs, temporary = tmp_path / "bin", tmp_path / "temporary"
    for folder in (programs, temporary):
        folder.mkdir()
    for program in Path("/usr/bin").iterdir():
        if program.name not in hidden:
            (programs / program.name).symlink_to(program)
    for n in range(60):
        (tmp_path / f"{n:02}.docx").write_bytes(make_docx(paragraph(f"Commune {n}")))
    command = [sys.executable, "-m", "conventool", "pdf", *sorted(path.name for path in tmp_path.glob("*.docx"))]
    environment = os.environ | {"TMPDIR": str(temporary), "PATH": f"{programs}"}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while not list(tmp_path.glob("*.pdf")) and time.monotonic() < until:
        time.sleep(0.02)
    assert commands_naming(temporary)
    process.kill()
    process.communicate(timeout=20)
    while commands_naming(temporary) and time.monotonic() < until:
        time.sleep(0.05)
    assert commands_naming(temporary) == []
    assert list(temporary.glob("conventool-pdf-*"))
    again = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=120, check=False)
    assert again.returncode == 0
    assert len(list(tmp_path.glob("*.pdf"))) == 60
    assert list(temporary.glob("conventool-pdf-*")) == []
    assert [path for path in Path("/tmp").glob(f"OSL_PIPE_{os.geteuid()}_*") if is_dead(path)] == []


def is_dead(pipe: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as asking:
        return asking.connect_ex(str(pipe)) == errno.ECONNREFUSED
