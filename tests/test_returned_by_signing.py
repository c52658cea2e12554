"""What signing and filing add to a PDF, at the places that are theirs, is told and is no alarm; elsewhere it is one."""

from __future__ import annotations

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from docx import Document
from PIL import Image, ImageDraw

from conventool.commands.verify import VerifyOptions, verify
from conventool.returned.by_hand import day_in
from test_returned_hiding import DATA, PDF, drawn_last
from test_verify_own_output import written

MARGINS = {
    "platform, foot": (0, 72, 22, "Signé électroniquement par Madame Jeanne MARTIN le 3 avril 2026"),
    "platform, head": (1, 200, 822, "Docusign Envelope ID: 7A4C1F30-0B6E-4D3C-9A55-1C0E2B7D9A11"),
    "initials": (2, 548, 30, "JM"),
    "registry": (0, 430, 815, "GED 2026-0412"),
    "prefecture": (3, 380, 815, "Reçu en préfecture le 03/04/2026"),
}
SIGNATURES = {
    "read and approved": (4, 420, 330, "Lu et approuvé"),
    "agreed": (4, 420, 340, "Bon pour accord"),
    "place and day": (4, 410, 345, "À Armentières, le 3 avril 2026"),
    "quality": (4, 420, 340, "La Maire d'Armentières"),
    "party": (4, 130, 300, "CDG 59"),
}
ELSEWHERE = {
    "formula in the text": (2, 100, 520, "Lu et approuvé"),
    "words in the margin": (1, 72, 20, "Sous réserve de financement"),
    "words by the signature": (4, 420, 340, "sous réserve de financement"),
    "day in the text": (2, 430, 300, "3 avril 2027"),
    "name in the text": (2, 100, 520, "Jeanne MARTIN"),
    "name in the margin": (4, 72, 20, "Jeanne MARTIN"),
    "another's name": (4, 420, 340, "Paul DUVAL"),
    "a heading's word": (4, 420, 340, "Résiliation"),
}


def typed(path: Path, page: int, x: float, y: float, text: str, *, first: bool = False, on: Path = PDF) -> Path:
    """The convention with some words typed on a page, behind all that it draws or before."""
    with pikepdf.open(on, allow_overwriting_input=True) as pdf:
        shown = text.encode("cp1252").decode("latin-1").replace("(", r"\(").replace(")", r"\)")
        content = f"0 g BT /FZ 9 Tf {x} {y} Td ({shown}) Tj ET"
        drawn_last("")(pdf, page, (0, 0, 0, 0))  # the font
        font = pdf.pages[page].Resources.Font["/FZ"]
        font.Encoding = pikepdf.Name.WinAnsiEncoding
        pdf.pages[page].contents_add(pikepdf.Stream(pdf, content.encode("latin-1")), prepend=first)
        pdf.save(path)
    return path


def verdict(path: Path) -> tuple[str, list[str]]:
    report = verify([path], VerifyOptions(data=DATA, jobs=1))
    (status,) = (document.status for document in report.documents)
    return status, [problem.code for problem in report.problems]


@pytest.mark.parametrize("what", [*MARGINS, *SIGNATURES])
def test_what_belongs_to_signing_is_a_note(tmp_path: Path, what: str) -> None:
    assert verdict(typed(tmp_path / "revenu.pdf", *(MARGINS | SIGNATURES)[what])) == ("intact", ["by-hand"])


@pytest.mark.slow
@pytest.mark.parametrize("what", ELSEWHERE)
def test_elsewhere_it_is_told(tmp_path: Path, what: str) -> None:
    status, _ = verdict(typed(tmp_path / "revenu.pdf", *ELSEWHERE[what]))
    assert status in {"doubtful", "altered"}


OVER_DOTS, BELOW = (4, 418, 446), (4, 418, 340)


@pytest.mark.parametrize(
    ("place", "text", "first"),
    [
        (OVER_DOTS, "Le 03 AVRIL 2026", False),
        (OVER_DOTS, "avril 2026", False),
        pytest.param(BELOW, "Le 3 avril 2026", False, marks=pytest.mark.slow),
        pytest.param(OVER_DOTS, "2026-12", False, marks=pytest.mark.slow),
        pytest.param(BELOW, "Jeanne MARTIN", True, marks=pytest.mark.slow),
        pytest.param(BELOW, "La Maire d'Armentières", True, marks=pytest.mark.slow),
    ],
)
def test_a_day_over_dots_and_a_name_that_is_drawn_first(
    tmp_path: Path, place: tuple[int, float, float], text: str, *, first: bool
) -> None:
    assert verdict(typed(tmp_path / "revenu.pdf", *place, text, first=first)) == ("intact", ["by-hand"])


@pytest.mark.slow
@pytest.mark.parametrize("height", [809, 831])
def test_the_lines_of_a_stamp_are_one(tmp_path: Path, height: float) -> None:
    """A name in the margin is told by itself, and belongs to the line of a stamp that it stands below or above."""
    path = tmp_path / "revenu.pdf"
    typed(path, 0, 430, 820, "REÇU LE 03 AVR. 2026")
    assert verdict(typed(path, 0, 430, height, "CDG 59", on=path)) == ("intact", ["by-hand", "by-hand"])
    assert verdict(typed(path, 0, 430, 820, "CDG 59"))[0] == "doubtful"


def test_what_is_typed_in_the_margin_is_no_part_of_the_footer(tmp_path: Path) -> None:
    """Though it is drawn behind it, as the next line of a footer would be."""
    path = typed(tmp_path / "revenu.pdf", 0, 300, 820, "à revoir en avril 2026")
    (problem,) = verify([path], VerifyOptions(data=DATA, jobs=1)).problems
    assert (problem.code, problem.value) == ("foreign-content", "àrevoirenavril2026")


def footer_first(path: Path, page: int) -> Path:
    """The convention, the last line of a page drawn before the others, as some programs draw a footer."""
    with pikepdf.open(PDF) as pdf:
        drawn = pikepdf.parse_content_stream(pdf.pages[page])
        last = max(at for at, one in enumerate(drawn) if str(one.operator) == "BDC" and "/MCID" in one.operands[1])
        start = next(at for at in range(last, len(drawn)) if str(drawn[at].operator) == "BMC")
        drawn = [*drawn[:1], *drawn[start:], *drawn[1:start]]
        pdf.pages[page].Contents = pikepdf.Stream(pdf, pikepdf.unparse_content_stream(drawn))
        pdf.save(path)
    return path


@pytest.mark.slow
def test_the_names_of_a_document_are_its_own_wherever_its_footer_is_drawn(tmp_path: Path) -> None:
    assert verdict(footer_first(tmp_path / "revenu.pdf", 4)) == ("intact", [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2 avril 2026", "2 avril 2026"), ("Fait le 2 avril 2026", "2 avril 2026"), ("le 02.04.2026", "02.04.2026"),
        ("Lille, le 2 avril 2026", "2 avril 2026"), ("Aix-en-Pévèle le 2/4/2026", "2/4/2026"),
        ("Fait à l’hôtel de ville, le 2 avril 2026", "2 avril 2026"), ("02 avril 26", "02 avril 2026"),
        ("Résilié, le 2 avril 2026", None), ("Nul le 2 avril 2026", None), ("sauf Lille, le 2 avril 2026", None),
        ("Fait à Lille", None), ("5 euros le 2 avril 2026", None),
    ],
)  # fmt: skip
def test_a_day_may_have_its_place_before_it_and_nothing_else(text: str, day: str | None) -> None:
    assert day_in(text) == day


def signed(path: Path, page: int, left: float, bottom: float) -> Path:
    """The convention with the picture of a signature."""
    image = Image.new("RGB", (240, 90), "white")
    ImageDraw.Draw(image).line([(5, 80), (60, 10), (90, 80), (140, 20), (170, 70), (235, 30)], fill="navy", width=5)
    data = BytesIO()
    image.save(data, "JPEG")
    with pikepdf.open(PDF) as pdf:
        picture = pikepdf.Stream(pdf, data.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=240,
                                 Height=90, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
                                 Filter=pikepdf.Name.DCTDecode)  # fmt: skip
        pdf.pages[page].add_resource(picture, pikepdf.Name.XObject, pikepdf.Name("/IZ"))
        drawn_last(f"110 0 0 40 {left} {bottom} cm /IZ Do")(pdf, page, (0, 0, 0, 0))
        pdf.save(path)
    return path


@pytest.mark.slow
def test_the_picture_of_a_signature(tmp_path: Path) -> None:
    assert verdict(signed(tmp_path / "en-place.pdf", 4, 400, 340)) == ("intact", ["by-hand"])
    status, codes = verdict(signed(tmp_path / "sur-le-texte.pdf", 2, 200, 480))
    assert (status, set(codes)) == ("doubtful", {"foreign-content", "hidden-text"})


def rewritten(path: Path, target: Path, how: str) -> None:
    if how == "pikepdf":
        with pikepdf.open(path) as pdf:
            pdf.save(target, linearize=True, recompress_flate=True)
    elif how == "pdftocairo":
        subprocess.run(["pdftocairo", "-pdf", str(path), str(target)], check=True)
    else:
        subprocess.run(["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", f"-sOutputFile={target}", str(path)],
                       check=True)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("how", ["pikepdf", "pdftocairo", "gs"])
def test_a_pdf_that_another_program_wrote_again(tmp_path: Path, how: str) -> None:
    if how != "pikepdf" and shutil.which(how) is None:
        pytest.skip(f"{how} is not installed")
    rewritten(PDF, tmp_path / "revenu.pdf", how)
    assert verdict(tmp_path / "revenu.pdf") == ("intact", [])


@pytest.mark.slow
def test_word_documents_that_python_docx_wrote_again(tmp_path: Path) -> None:
    data = written(tmp_path, 5)
    files = sorted(tmp_path.glob("*.docx"))
    for path in files:
        document = Document(str(path))
        document.core_properties.comments = "Relu."
        document.save(str(path))
    report = verify([tmp_path], VerifyOptions(data=data, jobs=1))
    assert [str(problem) for problem in report.problems] == []
    assert len(report.documents) == len(files) == 100


@pytest.mark.slow
@pytest.mark.parametrize("name", ["/ZAAAAA+Carlito", "/ZAAAAA+Autre"])
def test_a_font_that_lies(tmp_path: Path, name: str) -> None:
    """ "50 euros" drawn as "90 euros", by a font whose sign of a 9 calls itself a 5."""
    with pikepdf.open(PDF) as pdf:
        page = pdf.pages[2]
        font = pikepdf.Dictionary(dict(page.Resources.Font["/F2"].items()))
        nine_as_five = font.ToUnicode.read_bytes().replace(b"<1C> <0039>", b"<1C> <0035>")
        font.ToUnicode, font.BaseFont = pikepdf.Stream(pdf, nine_as_five), pikepdf.Name(name)
        page.Resources.Font["/FL"] = pdf.make_indirect(font)
        content = page.Contents.read_bytes()
        five = re.search(rb"1B>(?=-?[\d.]*<26>)", content)
        assert five is not None
        drawn = b">]TJ /FL 11 Tf [<1C>]TJ /F2 11 Tf ["
        page.Contents = pikepdf.Stream(pdf, content[: five.start()] + drawn + content[five.end() :])
        pdf.save(tmp_path / "revenu.pdf")
    status, codes = verdict(tmp_path / "revenu.pdf")
    assert (status, set(codes)) == ("doubtful", {"drawn-otherwise"})
