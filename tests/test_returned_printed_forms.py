"""The program's own PDFs of forms of which paper shows more than Word stores, or elsewhere; and the same altered."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pikepdf
import pytest
import yaml

from conventool.commands.adopt import adopt
from conventool.commands.fill import RunOptions, fill
from conventool.commands.pdf import PdfOptions, pdf
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.watch import NOBODY
from conventool.returned.pdf_opening import read_pdf
from documents.printed_forms import FORMS, RIGHT_TO_LEFT
from edits import edited

_ITEM = '"/></w:numPr></w:pPr><w:r><w:rPr/><w:t xml:space="preserve">'
"""Between the number of a list and what a paragraph of it says."""
ALTERED = {
    "a-cote-du-texte": ("word/document.xml", "450 euros", "540 euros"),
    "comptes-repris": ("word/document.xml", f"1{_ITEM}Consultation", f"2{_ITEM}Consultation"),
    "droite-a-gauche": ("word/document.xml", "La Commune confie", "La Commune laisse"),
    "en-tete-long": ("word/hd.xml", "registre", "cahier"),
    "initiales": ("word/document.xml", "est de 1 250 euros", "est de 1 520 euros"),
    "lettres": ("word/document.xml", "Entre les soussignés", "Entre les signataires"),
    "listes": ("word/numbering.xml", 'w:lvlText w:val="%1."', 'w:lvlText w:val="%1.1"'),
    "marges": ("word/hf.xml", "Nord", "Var"),
    "notes": ("word/notes.xml", "alinéa 2", "alinéa 3"),
    "notes-longues": ("word/notes.xml", "Clause 239", "Clause 293"),
    "pointilles": ("word/document.xml", "Caution", "Avance"),
    "rangee-sur-deux-pages": ("word/document.xml", "indice publié. Clause 44", "indice publique. Clause 44"),
    "rangee-sur-trois-pages": ("word/document.xml", "45 euros. Clause 147", "48 euros. Clause 147"),
    "sections": ("word/f2.xml", "barème", "montants"),
    "zones-de-texte": ("word/document.xml", "Poste 4512", "Poste 4513"),
}  # fmt: skip
"""Of each form a part, what stands in it, and what is put there instead."""
VALUES = {
    "en-tete-long": {
        "reference": "archives-communales-et-intercommunales-du-littoral-et-de-l-arrière-pays-versement-2026-complément"
    },
    "notes-longues": {
        "renvoi": "le règlement des archives départementales, dont un exemplaire est remis à chacune des parties, et "
        "que le comité syndical tient à jour chaque année"
    },
}
"""What a form is filled with, besides its example."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the template of each form, its PDF, and the PDF of the same with one word altered."""
    folder = tmp_path_factory.mktemp("imprimes")
    for name, make in {**FORMS, "droite-a-gauche": RIGHT_TO_LEFT}.items():
        (folder / "f.docx").write_bytes(make())
        adopt(folder / "f.docx", folder / name)
        data = folder / name / "exemples" / "exemple.yaml"
        given = yaml.safe_load(data.read_text(encoding="utf-8")) | VALUES.get(name, {})
        data.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
        report = fill(data, RunOptions(str(folder / name), folder / "sortie" / name))
        assert report.errors == []
        (done,) = report.documents
        part, old, new = ALTERED[name]
        (folder / f"{name}-change.docx").write_bytes(edited(done.path, lambda text: text.replace(old, new), part))  # noqa: B023
        done.path.rename(folder / f"{name}.docx")
    (folder / "f.docx").unlink()
    assert pdf(sorted(folder.glob("*.docx")), PdfOptions(jobs=1), NOBODY).errors == []
    return folder


def told(folder: Path, name: str, document: str, *, with_data: bool) -> tuple[str, list[str]]:
    """The verdict on one of its PDFs, and what is said of it."""
    data = folder / name / "exemples" / "exemple.yaml" if with_data else None
    report = verify([folder / f"{document}.pdf"], VerifyOptions(str(folder / name), data, jobs=1))
    (document_done,) = report.documents
    return document_done.status, [problem.message for problem in report.problems]


@pytest.mark.parametrize("name", sorted(FORMS))
def test_its_own_pdf_is_intact(name: str, printed: Path) -> None:
    assert told(printed, name, name, with_data=True) == ("intact", [])
    assert told(printed, name, name, with_data=False) == ("intact", [])


@pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not installed")
@pytest.mark.parametrize("name", ["lettres", "rangee-sur-deux-pages", "sections"])
def test_ghostscript_s_print_of_it_is_intact(name: str, printed: Path) -> None:
    """Its pen is ten times as wide, and all is drawn ten times as small."""
    again = printed / f"{name}-gs.pdf"
    order = [
        "gs",
        "-q",
        "-dBATCH",
        "-dNOPAUSE",
        "-sDEVICE=pdfwrite",
        f"-sOutputFile={again}",
        str(printed / f"{name}.pdf"),
    ]
    subprocess.run(order, check=True, capture_output=True)
    assert told(printed, name, again.stem, with_data=True)[0] == "intact"


def test_what_is_written_from_right_to_left_is_to_be_read_again(printed: Path) -> None:
    """All else in it is held against the template."""
    status, messages = told(printed, "droite-a-gauche", "droite-a-gauche", with_data=True)
    assert (status, len(messages), "de droite à gauche" in messages[0]) == ("doubtful", 1, True)
    assert told(printed, "droite-a-gauche", "droite-a-gauche-change", with_data=False)[0] == "altered"


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_word_changed_in_it_is_found(name: str, printed: Path) -> None:
    status, messages = told(printed, name, f"{name}-change", with_data=False)
    assert (status, bool(messages)) == ("altered", True)


def test_a_cross_on_a_coloured_ground_is_found(printed: Path) -> None:
    """Of what is drawn on a band only its one colour and its letters are the template's."""
    own = printed / "lettres.pdf"
    (page, *_) = read_pdf(own)
    band = max((one.box for one in page.drawings if 13 < one.box.height < 60), key=lambda box: box.width)
    left, middle = band.right - 60, page.height - (band.top + band.bottom) / 2
    with pikepdf.open(own) as whole:
        strokes = (left, middle - 4, left + 8, middle + 4), (left, middle + 4, left + 8, middle - 4)
        drawn = " ".join("{:.1f} {:.1f} m {:.1f} {:.1f} l S".format(*stroke) for stroke in strokes)
        whole.pages[0].contents_add(f"q 1 1 1 RG 1.2 w {drawn} Q".encode())
        whole.save(printed / "lettres-croix.pdf")
    status, messages = told(printed, "lettres", "lettres-croix", with_data=False)
    assert (status, len(messages)) == ("doubtful", 1)
