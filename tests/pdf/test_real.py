"""With the LibreOffice that is installed: the convention on paper is the convention in Word."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from base64 import b64decode
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from conventool import Blank, Template
from conventool.core.errors import ProgramError
from conventool.core.problems import Severity
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Annex, Job, Result
from conventool.pdf.office import find_office
from conventool.pdf.profiles import Profile
from conventool.word.values import Value

from .conftest import commands_naming

page = pytest.importorskip("page")
pytestmark = [pytest.mark.slow]

CONVENTION = Path(__file__).parents[2] / "templates" / "convention-services-numeriques" / "convention.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
VALUES: dict[str, Value] = {
    "forme": "La Commune", "nom_lien": "d’", "nom": "Armentières", "adresse": "4 place du Général-de-Gaulle",
    "commune": "Armentières", "code_postal": "(59280)", "representant": "Madame Jeanne MARTIN", "fonction": "sa Maire,",
    "organe": "du conseil municipal", "decision_date": date(2026, 3, 12), "signature_fibre_date": Blank("…………"),
    "signature_cdg59_date": Blank("…………"), "signature_collectivite_date": Blank("…………"),
    "signature_collectivite_titre": "La Maire", "signature_collectivite_nom": "Jeanne MARTIN",
    "exemplaire": "Exemplaire n° 2/3 – CDG 59",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    try:
        find_office()
    except ProgramError as error:
        pytest.skip(str(error))
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")


@pytest.fixture(scope="module")
def filled() -> bytes:
    return Template.open(CONVENTION).fill({f"tag:{tag}": value for tag, value in VALUES.items()})


@pytest.fixture(scope="module")
def result(filled: bytes, tmp_path_factory: pytest.TempPathFactory) -> Result:
    target = tmp_path_factory.mktemp("pdf") / "convention.pdf"
    (made,) = convert([Job(filled, target, pages=5)])
    return made


def letters_of_docx(data: bytes) -> str:
    """All that the body says, in order, without white space."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    return "".join("".join(text.text or "" for text in root.iter(f"{W}t")).split())


def letters_of_pdf(path: Path) -> str:
    """All that Poppler reads on the pages, in order, without white space, footers and bullets."""
    text = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout.decode("utf-8")
    lines = [line for line in text.replace("\f", "\n").splitlines() if not re.match(r"Exemplaire n° 2/3.*\d/5$", line)]
    return "".join("".join(lines).replace("•", "").split())


def test_it_reads_as_the_document(result: Result, filled: bytes) -> None:
    """The same letters in the same order, five pages, nothing to tell."""
    assert (result.done, result.pages, result.problems) == (True, 5, ())
    assert letters_of_pdf(result.job.target) == letters_of_docx(filled)


def test_it_is_a_sound_pdfa(result: Result) -> None:
    report = page.validate_pdf(str(result.job.target), profile="2b")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []


def test_it_is_tagged_french_titled_and_has_no_field(result: Result) -> None:
    with pikepdf.open(result.job.target) as pdf:
        assert "/AcroForm" not in pdf.Root
        assert pdf.Root.Lang == "fr-FR"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo["/Title"]).startswith("Convention relative aux prestations")
    fonts = subprocess.run(["pdffonts", result.job.target], capture_output=True, text=True, check=True).stdout
    rows = [row.split() for row in fonts.splitlines()[2:]]
    assert {row[0].partition("+")[2].partition("-")[0] for row in rows} == {"Carlito"}
    assert {row[-5] for row in rows} == {"yes"}


@pytest.mark.parametrize(("profile", "standards"), [
    (Profile.PDFA_3B, ["3b"]), (Profile.PDFA_2B_UA, ["2b", "ua1"]), (Profile.PDF, []),
])  # fmt: skip
def test_other_profiles(filled: bytes, tmp_path: Path, profile: Profile, standards: list[str]) -> None:
    (made,) = convert([Job(filled, tmp_path / "a.pdf")], profile=profile)
    assert made.done
    for standard in standards:
        report = page.validate_pdf(str(tmp_path / "a.pdf"), profile=standard)
        assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    with pikepdf.open(tmp_path / "a.pdf") as pdf, pdf.open_metadata() as metadata:
        assert metadata.pdfa_status == {"pdfa-3b": "3B", "pdfa-2b-ua": "2B", "pdf": ""}[profile]


def test_the_same_bytes_alone_and_among_others(result: Result, filled: bytes, tmp_path: Path) -> None:
    """Other documents before it, another minute, two workers: nothing of it is in the file."""
    template = Template.open(CONVENTION)
    jobs = [Job(template.fill({"tag:nom": f"Commune {n}"}), tmp_path / f"{n}.pdf") for n in range(16)]
    list(convert([*jobs, Job(filled, tmp_path / "convention.pdf")], jobs=2))
    assert (tmp_path / "convention.pdf").read_bytes() == result.job.target.read_bytes()


def test_compressed_data_that_ends_in_a_carriage_return_is_judged_sound(tmp_path: Path) -> None:
    """A validator may take that byte for the end of a line; saved anew, every stream's length is told right."""
    template = Template.open(CONVENTION)
    jobs = [Job(template.fill({"tag:nom": f"Commune {n}"}), tmp_path / f"{n}.pdf") for n in range(120)]
    assert all(made.done for made in convert(jobs, jobs=2))
    unsound = {job.target.name: [failure.rule_id for failure in report.failures]
               for job in jobs if (report := page.validate_pdf(str(job.target), profile="2b")).failures}  # fmt: skip
    assert unsound == {}


def test_annexes_in_pdfa_keep_the_whole_pdfa(result: Result, filled: bytes, tmp_path: Path) -> None:
    annexes = (Annex(result.job.target, "Annexe 1"), Annex(tmp_path / "absente.pdf", "Annexe 2"))
    (made,) = convert([Job(filled, tmp_path / "a.pdf", annexes=annexes)])
    assert (made.pages, [problem.code for problem in made.problems]) == (10, ["annex-missing"])
    assert page.validate_pdf(str(tmp_path / "a.pdf"), profile="2b").is_compliant


def test_annexes_that_are_no_pdfa_cost_the_claim_and_nothing_else(filled: bytes, tmp_path: Path) -> None:
    """Of plain PDF pages the whole is a plain PDF, and says so."""
    with pikepdf.new() as annex:
        annex.add_blank_page()
        annex.save(tmp_path / "plan.pdf")
    (made,) = convert([Job(filled, tmp_path / "a.pdf", annexes=(Annex(tmp_path / "plan.pdf", "Plan"),))])
    assert (made.pages, [problem.code for problem in made.problems]) == (6, ["annex-not-pdfa"])
    with pikepdf.open(tmp_path / "a.pdf") as pdf, pdf.open_metadata() as metadata, pdf.open_outline() as outline:
        assert metadata.pdfa_status == ""
        assert [item.title for item in outline.root][1:] == ["Plan"]
    assert letters_of_pdf(tmp_path / "a.pdf") == letters_of_docx(filled)


@pytest.mark.parametrize("profile", list(Profile))
def test_two_runs_give_the_same_bytes(
    result: Result, filled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: Profile
) -> None:
    """In every profile, with annexes, whatever the clock's zone and the language of the system."""
    annexes = (Annex(result.job.target, "Annexe"),)
    for name, zone, language in [("a", "Pacific/Auckland", "fr_FR.UTF-8"), ("b", "America/Lima", "C")]:
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LANG", language)
        (made,) = convert([Job(filled, tmp_path / f"{name}.pdf", annexes=annexes)], profile=profile)
        assert made.done
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_font_that_is_missing_is_told_with_its_package(
    filled: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a computer with neither Calibri nor Carlito."""
    fonts = Path("/usr/share/fonts/truetype/dejavu")
    if not fonts.is_dir():
        pytest.skip("the only fonts that the test leaves are not installed")
    settings = tmp_path / "fonts.conf"
    settings.write_text(f"<fontconfig><dir>{fonts}</dir><cachedir>{tmp_path}</cachedir></fontconfig>", encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(settings))
    (made,) = convert([Job(filled, tmp_path / "a.pdf")])
    assert made.done
    (problem,) = made.problems
    assert (problem.code, problem.severity) == ("font-missing", Severity.WARNING)
    assert "Calibri" in problem.message
    assert problem.hint == (
        "Pour installer une police aux mêmes largeurs de signes : sudo apt install fonts-crosextra-carlito"
    )


def test_an_interruption_ends_it_and_all_it_started(tmp_path: Path) -> None:
    """Ctrl-C while two LibreOffices work: nothing torn, no process, no temporary file; the same command goes on."""
    template, temporary = Template.open(CONVENTION), tmp_path / "temporary"
    temporary.mkdir()
    for n in range(60):
        (tmp_path / f"{n:02}.docx").write_bytes(template.fill({"tag:nom": f"Commune {n}"}))
    documents = sorted(path.name for path in tmp_path.glob("*.docx"))
    command = [sys.executable, "-m", "conventool", "pdf", *documents, "--jobs", "2"]
    environment = os.environ | {"TMPDIR": str(temporary)}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while len(list(tmp_path.glob("*.pdf"))) < 5 and time.monotonic() < until:
        time.sleep(0.02)
    assert commands_naming(temporary)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert commands_naming(temporary) == []
    assert list(temporary.iterdir()) == []
    made = {path: path.read_bytes() for path in tmp_path.glob("*.pdf")}
    assert 5 <= len(made) < 60
    for path in made:
        assert page.validate_pdf(str(path), profile="2b").failures == []
    assert {path.suffix for path in tmp_path.iterdir() if path.is_file()} == {".docx", ".pdf"}
    assert subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False).returncode == 0
    assert len(list(tmp_path.glob("*.pdf"))) == 60
    assert {path: path.read_bytes() for path in made} == made
