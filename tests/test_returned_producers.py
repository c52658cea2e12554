"""What other programs make of a document without changing it: no alarm, by the template and by the data.

Word documents saved by python-docx and docxcompose; PDFs rewritten by pdftocairo, Ghostscript, qpdf, pikepdf and
PyMuPDF; what Chromium prints of docx-preview. LibreOffice's are in ``test_returned_conversions``. EACH is how many
adherents of each kind there are; ``REWRITTEN_EACH=4`` makes more than three hundred files.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pikepdf
import pytest

from conventool.commands.verify import VerifyOptions, verify
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job
from test_verify_own_output import written

EACH = int(os.environ.get("REWRITTEN_EACH", "1"))
pytestmark = pytest.mark.slow
Rewrite = Callable[[Path, Path], object]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A document for an adherent of each kind, and their data."""
    folder = tmp_path_factory.mktemp("filled")
    return folder, written(folder, EACH)


@pytest.fixture(scope="module")
def printed(filled: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF of each."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("printed")
    jobs = [Job(path, folder / f"{path.stem}.pdf") for path in sorted(filled[0].glob("*.docx"))]
    assert all(result.done for result in convert(jobs))
    return folder


def sound(folder: Path, count: int, data: Path) -> None:
    report = verify([folder], VerifyOptions(data=data, jobs=1))
    assert [f"{problem.place.file}: {problem}" for problem in report.problems if problem.code != "reprinted"] == []
    assert len(report.documents) == count


def by_docx(path: Path, out: Path) -> None:
    docx.Document(str(path)).save(str(out))


def by_docxcompose(path: Path, out: Path) -> None:
    composer = pytest.importorskip("docxcompose.composer")
    composer.Composer(docx.Document(str(path))).save(str(out))


@pytest.mark.parametrize("rewrite", [by_docx, by_docxcompose])
def test_word_documents(filled: tuple[Path, Path], tmp_path: Path, rewrite: Rewrite) -> None:
    folder, data = filled
    files = sorted(folder.glob("*.docx"))
    for path in files:
        rewrite(path, tmp_path / path.name)
    sound(tmp_path, len(files), data)


def by_pikepdf(path: Path, out: Path) -> None:
    with pikepdf.open(path) as pdf:
        pdf.save(out, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def by_pymupdf(path: Path, out: Path) -> None:
    pymupdf = pytest.importorskip("pymupdf")
    with pymupdf.open(path) as pdf:
        pdf.save(out, garbage=4, deflate=True, clean=True)


def by_command(*command: str) -> Rewrite:
    """By a program, whose arguments are the two files, as ``{old}`` and ``{new}``."""

    def rewrite(path: Path, out: Path) -> None:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        arguments = [one.format(old=path, new=out) for one in command]
        subprocess.run(arguments, check=True, capture_output=True, timeout=120)

    return rewrite


@pytest.mark.parametrize(
    "rewrite",
    [
        pytest.param(by_pikepdf, id="pikepdf"),
        pytest.param(by_pymupdf, id="pymupdf"),
        pytest.param(by_command("qpdf", "--object-streams=generate", "{old}", "{new}"), id="qpdf"),
        pytest.param(by_command("pdftocairo", "-pdf", "{old}", "{new}"), id="pdftocairo"),
        pytest.param(by_command("gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-o", "{new}", "{old}"),
                     id="ghostscript"),
    ],
)  # fmt: skip
def test_pdf_files(filled: tuple[Path, Path], printed: Path, tmp_path: Path, rewrite: Rewrite) -> None:
    files = sorted(printed.glob("*.pdf"))
    for path in files:
        rewrite(path, tmp_path / path.name)
    sound(tmp_path, len(files), filled[1])


@pytest.mark.skipif(not shutil.which("chromium") or not shutil.which("node"), reason="no browser here")
def test_what_chromium_prints_of_docx_preview(filled: tuple[Path, Path], tmp_path: Path) -> None:
    modules, folder = tmp_path / "npm", tmp_path / "printed"
    packages = ["docx-preview@0.3", "jszip@3", "puppeteer-core@23"]
    install = ["npm", "install", "--silent", "--no-save", "--prefix", str(modules), *packages]
    if subprocess.run(install, capture_output=True, timeout=300, check=False).returncode:
        pytest.skip("no registry here")
    folder.mkdir()
    files = sorted(filled[0].glob("*.docx"))
    for path in files:
        shutil.copy(path, folder)
    script = Path(__file__).parent / "print_previews.mjs"
    done = subprocess.run(["node", str(script), str(modules), str(folder)], capture_output=True, text=True,
                          timeout=600, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    for path in folder.glob("*.docx"):
        path.unlink()
    sound(folder, len(files), filled[1])
