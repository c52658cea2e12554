"""What signing adds to a Word file: a note where one signs, an alteration anywhere else or in other words."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Opened
from docx.oxml import parse_xml
from docx.shared import Cm
from docx.text.paragraph import Paragraph
from PIL import Image

from conventool.commands.verify import VerifyOptions, verify
from word_by_hand import W

SOUND = Path(__file__).parent / "cases" / "returns" / "sound.docx"
OUR_CELL, LAST_CELL = 0, 2
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
REFERENCES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PLACE = """<wp:{way} xmlns:wp="{space}" relativeFrom="{origin}"><wp:posOffset>0</wp:posOffset></wp:{way}>"""

Change = Callable[[Opened], object]


def verdict(path: Path, change: Change) -> tuple[str, list[str | None]]:
    document = Document(str(SOUND))
    change(document)
    document.save(str(path))
    report = verify([path], VerifyOptions(jobs=1))
    (status,) = (one.status for one in report.documents)
    return status, [problem.value for problem in report.problems if problem.code == "by-hand"]


def cell(document: Opened, rank: int) -> list[Paragraph]:
    paragraphs: list[Paragraph] = document.tables[-1].rows[0].cells[rank].paragraphs
    return paragraphs


def in_cell(*texts: str, rank: int = LAST_CELL) -> Change:
    return lambda document: [document.tables[-1].rows[0].cells[rank].add_paragraph(text) for text in texts]


def behind_dots(text: str) -> Change:
    return lambda document: cell(document, OUR_CELL)[0].add_run(f" {text}")


def in_control(text: str) -> Change:
    def write(document: Opened) -> None:
        shown = next(one for one in cell(document, OUR_CELL)[0]._p.iter() if "…" in (one.text or ""))
        shown.text = f"{shown.text} {text}"

    return write


def paragraph(document: Opened, begin: str) -> Paragraph:
    return next(one for one in document.paragraphs if one.text.startswith(begin))


ADDED: dict[str, tuple[Change, list[str]]] = {
    "read and approved": (in_cell("Lu et approuvé"), ["Lu et approuvé"]),
    "several": (in_cell("Bon pour accord, le 3 avril 2026", "JM"), ["Bon pour accord, le 3 avril 2026", "JM"]),
    "who signs": (in_cell("Jeanne MARTIN, Maire d’Armentières"), ["Jeanne MARTIN, Maire d’Armentières"]),
    "a party": (in_cell("CDG 59", rank=OUR_CELL), ["CDG 59"]),
    "below the block": (lambda document: document.add_paragraph("Lu et approuvé"), ["Lu et approuvé"]),
    "behind the dots": (behind_dots("JM"), ["JM"]),
    "in the control of the date": (in_control("Lu et approuvé"), ["Lu et approuvé"]),
}
TOLD: dict[str, Change] = {
    "under reserve": in_cell("Lu et approuvé sous réserve de financement"),
    "one line of two": in_cell("Lu et approuvé", "sauf l’article 5"),
    "another signatory": in_cell("Paul DUVAL, Adjoint"),
    "for another": in_cell("Pour la Maire"),
    "no initials": in_cell("NON"),
    "no initials in the control": in_control("NON"),
    "in an article": lambda document: paragraph(document, "ARTICLE 6").insert_paragraph_before("Lu et approuvé"),
    "initials in the text": lambda document: paragraph(document, "Fait en").add_run(" JM"),
    "behind a name": lambda document: cell(document, OUR_CELL)[1].add_run(" JM"),
    "struck out": lambda document: setattr(
        document.tables[-1].rows[0].cells[0].add_paragraph().add_run("Lu et approuvé").font, "strike", True
    ),
}


@pytest.mark.parametrize("what", ADDED)
def test_what_signing_adds_is_a_note_with_its_text(tmp_path: Path, what: str) -> None:
    change, texts = ADDED[what]
    status, notes = verdict(tmp_path / "revenu.docx", change)
    assert (status, ["".join((note or "").split()) for note in notes]) == (
        "intact",
        ["".join(t.split()) for t in texts],
    )


@pytest.mark.parametrize("what", TOLD)
def test_other_words_and_other_places_are_told(tmp_path: Path, what: str) -> None:
    assert verdict(tmp_path / "revenu.docx", TOLD[what])[0] == "altered"


def picture(where: Callable[[Opened], Paragraph], width: float = 5, height: float = 2, wrap: str = "") -> Change:
    """The picture of a signature in the line, or beside its paragraph with text around it or none, in centimetres."""

    def put(document: Opened) -> None:
        data = BytesIO()
        Image.new("RGB", (200, 80), "navy").save(data, "PNG")
        shape = where(document).add_run().add_picture(data, width=Cm(width), height=Cm(height))
        if wrap:
            line = shape._inline
            anchor = parse_xml(f'<wp:anchor xmlns:wp="{WP}" behindDoc="0" simplePos="0" distT="0" distB="0"/>')
            for way, origin in (("positionH", "column"), ("positionV", "paragraph")):
                anchor.append(parse_xml(PLACE.format(way=way, space=WP, origin=origin)))
            around, sides = f'<wp:{wrap} xmlns:wp="{WP}"', ' wrapText="bothSides"' if wrap == "wrapSquare" else ""
            for child in list(line):
                anchor.append(child)
                if child.tag == f"{{{WP}}}extent":
                    anchor.append(parse_xml(f"{around}{sides}/>"))
            drawing = line.getparent()
            assert drawing is not None
            drawing.replace(line, anchor)

    return put


VML = """<w:r xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="{r}" xmlns:w="{w}"><w:pict>{before}
<v:shape id="s1" type="#_x0000_t75" style="{style}"{more}><v:imagedata r:id="{name}"/></v:shape></w:pict></w:r>"""
FRAME = (
    """<v:shapetype id="_x0000_t75" path="{path}" filled="f" stroked="f"><v:stroke joinstyle="miter"/></v:shapetype>"""
)


def shape(style: str, before: str = "", more: str = "") -> Change:
    """The picture of a signature as older versions of Word write it."""

    def put(document: Opened) -> None:
        data = BytesIO()
        Image.new("RGB", (200, 80), "navy").save(data, "PNG")
        name, _ = document.part.get_or_add_image(data)
        spaces = {"r": REFERENCES, "w": W[1:-1]}
        run = VML.format(style=style, name=name, before=before, more=more, **spaces)
        signature_line(document)._p.append(parse_xml(run))

    return put


def signature_line(document: Opened) -> Paragraph:
    return cell(document, LAST_CELL)[-1]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (picture(signature_line), "intact"),
        (picture(signature_line, 8, 4), "intact"),
        (picture(signature_line, wrap="wrapSquare"), "intact"),
        (picture(signature_line, wrap="wrapNone"), "doubtful"),
        (shape("width:140pt;height:60pt"), "intact"),
        (shape("width:5cm;height:2cm", FRAME.format(path="m@4@5l@4@11@9@11@9@5xe")), "intact"),
        (shape("width:140pt;height:60pt", FRAME.format(path="m0,0l9,9e")), "doubtful"),
        (shape("width:400pt;height:60pt"), "doubtful"),
        (shape("position:absolute;margin-left:0;margin-top:0;width:140pt;height:60pt"), "doubtful"),
        (shape("width:140pt;height:60pt", more=' strokecolor="red"'), "doubtful"),
        (picture(signature_line, 8.5, 2), "doubtful"),
        (picture(signature_line, 5, 4.5), "doubtful"),
        (picture(lambda document: paragraph(document, "ARTICLE 6")), "doubtful"),
        (picture(lambda document: paragraph(document, "Les pièces suivantes")), "doubtful"),
    ],
)
def test_the_picture_of_a_signature_is_small_beside_the_text_and_where_one_signs(
    tmp_path: Path, change: Change, status: str
) -> None:
    found, notes = verdict(tmp_path / "revenu.docx", change)
    assert (found, len(notes)) == (status, int(status == "intact"))
