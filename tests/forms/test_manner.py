"""Values in the document's manner: lines in a justified paragraph, items of a list, boxes."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]

from conventool.commands.adopt import adopt
from conventool.commands.fill import RunOptions, fill
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.word.package import Package
from conventool.word.template import Mode, Template
from conventool.word.text_walker import visible_text
from documents.producers import control, p
from edits import MAIN, minimal, parts

CASES = Path(__file__).parents[1] / "cases" / "forms"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ITEM = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:jc w:val="both"/></w:pPr>'


def paragraphs(data: bytes) -> list[tuple[str, bool]]:
    """Each paragraph's text, and whether it is an item."""
    root = Package(data, "x.docx").parse(MAIN)
    return [(visible_text(one), one.find(f"{W}pPr/{W}numPr") is not None) for one in root.iter(f"{W}p")]


def item(*pieces: str) -> str:
    return p(*pieces).replace("<w:p>", f'<w:p w14:paraId="00000001">{ITEM}', 1)


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
@pytest.mark.parametrize(
    "body",
    [
        item(control("<w:text/>", "Points.", "points")),
        item(control("", "Points.", "points")),
        control("", "", "points", content=item("Points.")),
        f"<w:tbl><w:tr>{control('', '', 'points', content=f'<w:tc>{item(chr(46))}</w:tc>')}</w:tr></w:tbl>",
    ],
)
def test_each_line_is_an_item_where_a_control_is_all_that_one_holds(body: str, mode: Mode) -> None:
    """In the look of the first, with no identifier twice; the document stays one that Word takes."""
    template = Template.from_bytes(minimal(body + p("Fin.")))
    data = template.fill({"points": "un & deux\ntrois\n\nquatre"}, mode)
    assert paragraphs(data) == [("un & deux", True), ("trois", True), ("", True), ("quatre", True), ("Fin.", False)]
    assert parts(data)[MAIN].count(b"paraId") <= 1
    again = [one.text for one in Template.from_bytes(data).controls]
    assert again == (["un & deux\ntrois\n\nquatre"] if mode == "keep" else [])
    assert paragraphs(template.fill({"points": "un"}, mode))[0] == ("un", True)


@pytest.mark.parametrize(
    "body",
    [
        item("Points : ", control("<w:text/>", "Points.", "points")),
        p(control("<w:text/>", "Points.", "points")),
        item(
            '<w:bookmarkStart w:id="1" w:name="a"/>', control("<w:text/>", "P.", "points"), '<w:bookmarkEnd w:id="1"/>'
        ),
        item(control("<w:text/>", "Points.", "points")).replace('numId w:val="1"', 'numId w:val="0"'),
    ],
)
def test_elsewhere_a_line_ends_with_a_break(body: str) -> None:
    """Beside other words, outside lists, where a bookmark would stand twice."""
    data = Template.from_bytes(minimal(body)).fill({"points": "un\ndeux"})
    assert len(paragraphs(data)) == 1
    assert parts(data)[MAIN].count(b"<w:br/>") == 1


def test_the_case_of_lines(tmp_path: Path) -> None:
    """No line is stretched, none is empty at the end, each line of the list is an item; Word would take it."""
    report = fill(CASES / "10.yaml", RunOptions(str(CASES / "10-multiligne.docx"), tmp_path))
    path = tmp_path / next(iter(report.documents)).path
    read = paragraphs(path.read_bytes())
    assert read[-3:] == [("un point", True), ("un autre point", True), ("Après.", False)]
    assert not any(text.endswith("\n") for text, _ in read)
    assert b"doNotExpandShiftReturn" in parts(path)["word/settings.xml"]
    before = {
        str(error) for error in OpenXmlValidator(FileFormat.MICROSOFT_365).validate(CASES / "10-multiligne.docx").errors
    }
    assert {str(error) for error in OpenXmlValidator(FileFormat.MICROSOFT_365).validate(path).errors} <= before


def test_boxes_are_symbols_of_their_font(tmp_path: Path) -> None:
    """Ticked and not, in the fonts that the controls name."""
    report = fill(CASES / "08b.yaml", RunOptions(str(CASES / "08b-cases-wingdings.docx"), tmp_path))
    main = parts(tmp_path / next(iter(report.documents)).path)[MAIN].decode()
    given = yaml.safe_load((CASES / "08b.yaml").read_text(encoding="utf-8"))
    assert set(given.values()) <= {True, False, "oui", "non"}
    assert len(re.findall(r'<w:sym w:font="Wingdings[ 23]*" w:char="F0[0-9A-F]{2}"', main)) == 4


def test_a_section_without_items_is_gone() -> None:
    """With its row, or its paragraph; what is around it stays."""
    section = (
        '<w:sdt><w:sdtPr><w:tag w:val="lots"/><w15:repeatingSection/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
    )
    one = "<w:sdt><w:sdtPr><w15:repeatingSectionItem/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = f"<w:tr><w:tc>{p('Lot ', control('<w:text/>', 'Objet.', 'objet'))}</w:tc></w:tr>"
    head = f"<w:tr><w:tc>{p('Lots')}</w:tc></w:tr>"
    body = f"{p('Avant')}<w:tbl>{head}{section.format(one.format(row))}</w:tbl>{p('Après')}"
    data = Template.from_bytes(minimal(body)).fill({"lots": []})
    assert [text for text, _ in paragraphs(data)] == ["Avant", "Lots", "Après"]
    etree.fromstring(parts(data)[MAIN])


def test_a_path_of_two_slashes_is_followed() -> None:
    """The store, and the other control that shows it, get the value."""
    values = yaml.safe_load((CASES / "o3-donnees.yaml").read_text(encoding="utf-8"))
    template = Template.open(CASES / "o3-liaison-double-barre.docx")
    filled = Template.from_bytes(template.fill(values))
    [value] = set(values.values())
    assert {one.text for one in filled.controls} == {value}
    stores = [
        data for name, data in parts(template.fill(values)).items() if re.fullmatch(r"customXml/item\d+\.xml", name)
    ]
    assert any(str(value).encode() in data for data in stores)


def symbols(data: bytes, old: str, new: str) -> bytes:
    """A document with other symbols in the place of some."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(f'w:char="{old}"'.encode(), f'w:char="{new}"'.encode()))
    return out.getvalue()


def test_boxes_of_symbol_fonts_are_read_as_boxes(tmp_path: Path) -> None:
    """Adopted and ticked, it is intact and its data come back; a box unticked afterwards, or another sign, is told."""
    adopt(CASES / "08b-cases-wingdings.docx", tmp_path / "m")
    data = tmp_path / "m" / "exemples" / "exemple.yaml"
    (done,) = fill(data, RunOptions(str(tmp_path / "m"), tmp_path / "o")).documents
    assert read([done.path], ReadOptions(str(tmp_path / "m"))).data == [{"w2": "oui", "c2": "oui", "c3": "oui"}]
    sound = done.path.read_bytes()
    for new, status in (("F0FE", "intact"), ("F0A8", "altered"), ("F04A", "altered")):
        done.path.write_bytes(symbols(sound, "F0FE", new))
        report = verify([done.path], VerifyOptions(str(tmp_path / "m"), data))
        assert [one.status for one in report.documents] == [status], new
