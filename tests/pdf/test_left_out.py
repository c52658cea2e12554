"""What Word draws and LibreOffice leaves out is told; of a document that it prints whole nothing is."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job
from conventool.pdf.left_out import left_out
from conventool.word.print_copy import Copier
from conventool.word.undrawn import Undrawn

from .links import document

ROOT = Path(__file__).parents[2]
MORE = (
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
FORMULA = "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>"
OFFICE = "http://schemas.microsoft.com/office"


def paragraph(inside: str) -> str:
    return f"<w:p {MORE}>{inside}</w:p>"


def field(code: str, result: str = "") -> str:
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>' if result else ""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText>{code}</w:instrText></w:r>{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def drawing(uri: str, inside: str = "") -> str:
    return (
        '<w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="7" name="d"/><a:graphic>'
        f'<a:graphicData uri="{uri}">{inside}</a:graphicData></a:graphic></wp:inline></w:drawing>'
    )


def alternative(choice: str, fallback: str) -> str:
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="x">{choice}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def table(properties: str, rows: int, cell: str = "") -> str:
    row = f"<w:tr><w:tc><w:tcPr>{cell}</w:tcPr><w:p><w:r><w:t>X</w:t></w:r></w:p></w:tc></w:tr>"
    grid = '<w:tblGrid><w:gridCol w:w="3000"/></w:tblGrid>'
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{grid}{row * rows}</w:tbl><w:p/>"


INK = f"{OFFICE}/word/2010/wordprocessingInk"
CANVAS = f"{OFFICE}/word/2010/wordprocessingCanvas"
CHART = f"{OFFICE}/drawing/2014/chartex"
FLOATING = '<w:tblpPr w:vertAnchor="text" w:tblpY="100"/>'


@pytest.mark.parametrize(("body", "told"), [
    (paragraph(field(" EQ \\f(1,2) ")), ["un champ «\u00a0EQ\u00a0»"]),
    (paragraph(field(" BARCODE 59000 ") + field(" BARCODE 62000 ")), ["un champ «\u00a0BARCODE\u00a0»"]),
    (paragraph(field(" LISTNUM ", "1)")), []),
    (paragraph(f"<w:r>{drawing(INK)}</w:r>"), ["un dessin à la main"]),
    (paragraph(alternative(drawing(INK, '<w14:contentPart r:id="i"/>'), "")), ["un dessin à la main"]),
    (paragraph(alternative(drawing(INK), "<w:pict/>")), []),
    (paragraph(alternative(drawing(CANVAS), "<w:pict/>")), []),
    (paragraph(alternative(drawing(CANVAS), "")), ["une zone de dessin"]),
    (paragraph(alternative(drawing(CHART), "<w:pict/>")), ["un graphique d’un genre récent"]),
    (paragraph('<w:r><w:object><o:OLEObject Type="Embed"/></w:object></w:r>'), ["un objet sans image"]),
    (paragraph('<w:r><w:object><v:shape><v:imagedata/></v:shape></w:object></w:r>'), []),
    (table("", 1, '<w:tcBorders><w:tl2br w:val="single"/></w:tcBorders>'), ["le trait en diagonale d’une cellule"]),
    (table("", 1, '<w:tcBorders><w:tl2br w:val="nil"/></w:tcBorders>'), []),
    (paragraph(f"<w:ins>{FORMULA}</w:ins><w:del>{field(' EQ x ')}</w:del>"), []),
])  # fmt: skip
def test_what_no_libreoffice_draws(body: str, told: list[str]) -> None:
    assert list(Copier().copy(document(body), "a.docx").undrawn.told) == told


def test_what_may_be_left_out_is_counted() -> None:
    """Formulas once each; cells only where a table floats, those merged into the one above not."""
    merged = table("", 2, "<w:vMerge/>")
    counts = {
        name: Copier().copy(document(body), "a.docx").undrawn[1:]
        for name, body in {
            "formulas": paragraph(FORMULA + f"<m:oMathPara>{FORMULA}</m:oMathPara>"),
            "floating": table(FLOATING, 3) + merged,
            "aligned": table("", 3),
        }.items()
    }
    assert counts == {"formulas": (2, 0), "floating": (0, 3), "aligned": (0, 0)}


def tagged(*kinds: str) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    elements = [pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}")) for kind in kinds]
    root = pikepdf.Dictionary(S=pikepdf.Name.Document, K=pikepdf.Array(elements))
    pdf.Root.StructTreeRoot = pikepdf.Dictionary(K=pdf.make_indirect(root))
    return pdf


@pytest.mark.parametrize(("kinds", "codes"), [
    (("Formula", "TD", "TD"), []),
    (("TH", "TD"), ["formula-missing"]),
    (("Formula", "TD"), ["left-out"]),
])  # fmt: skip
def test_a_pdf_is_judged_by_its_tags(kinds: tuple[str, ...], codes: list[str]) -> None:
    assert [one.code for one in left_out(tagged(*kinds), Undrawn((), 1, 2), "a.docx")] == codes


@pytest.mark.slow
def test_it_is_told_of_the_pdf(tmp_path: Path) -> None:
    """A formula is printed, or its absence is told; so is a floating table, to its last row."""
    bodies = {
        "formula": paragraph(FORMULA),
        "table": table(FLOATING, 120),
        "both": paragraph(field(" EQ x ")),
        "none": "",
    }
    jobs = [Job(document(body), tmp_path / f"{name}.pdf") for name, body in bodies.items()]
    told = {
        result.job.target.stem: [one.code for one in result.problems if one.code in {"formula-missing", "left-out"}]
        for result in convert(jobs)
    }
    with pikepdf.open(tmp_path / "table.pdf") as pdf:
        whole = len(pdf.pages) > 1
    with pikepdf.open(tmp_path / "formula.pdf") as pdf:
        drawn = any(one.get("/S") == "/Formula" for one in pdf.objects if isinstance(one, pikepdf.Dictionary))
    assert told == {
        "formula": [] if drawn else ["formula-missing"], "table": [] if whole else ["left-out"],
        "both": ["left-out"], "none": [],
    }  # fmt: skip


def test_nothing_is_told_of_forms_that_are_printed_whole() -> None:
    files = [*ROOT.glob("templates/**/*.docx"), *ROOT.glob("tests/cases/forms/**/*.docx")]
    assert len(files) > 40
    told = {file.name: Copier().copy(file.read_bytes(), file.name).undrawn for file in files}
    assert {name: one for name, one in told.items() if one.told or one.formulas} == {}
