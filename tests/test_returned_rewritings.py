"""What Word's editions, add-ins and other programs leave in a document that is the same; what only looks like it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from conventool.commands.verify import VerifyOptions, verify
from test_read_back import adherent_of, copies_of
from test_returned_hiding import MADE
from word_by_hand import Opened, W

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
OFFICE = "http://schemas.microsoft.com/office"
SIGNATURE = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
OPEN = "http://schemas.openxmlformats.org"
STRICT = {
    "wordprocessingml/2006/main": "wordprocessingml/main",
    "officeDocument/2006/relationships": "officeDocument/relationships",
    "officeDocument/2006/math": "officeDocument/math",
    "drawingml/2006/main": "drawingml/main",
}
BODY, STYLES = "word/document.xml", "word/styles.xml"
Rewrite = Callable[[Opened], object]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def filled() -> bytes:
    return copies_of(adherent_of(MADE), "keep")[0]


def verdict(document: Opened, path: Path) -> tuple[str, set[str]]:
    report = verify([document.saved(path / "revenu.docx")], VerifyOptions(jobs=1))
    (status,) = (one.status for one in report.documents)
    return status, {problem.code for problem in report.problems}


def related(kind: str, source: str = "") -> Rewrite:
    """With a part that another is related to."""

    def rewrite(document: Opened) -> None:
        rels = "word/_rels/document.xml.rels" if source else "_rels/.rels"
        one = f'<Relationship Id="rId900" Type="{kind}" Target="{"" if source else "word/"}other.xml"/></Relationships>'
        document.parts[rels] = document.parts[rels].replace(b"</Relationships>", one.encode())
        document.parts["word/other.xml"] = b"<other/>"

    return rewrite


def run_effects(effects: str) -> Rewrite:
    """With effects on each run."""

    def add(root: etree._Element) -> None:
        for run in root.iter(f"{W}r"):
            look = run.find(f"{W}rPr")
            if look is None:
                look = etree.Element(f"{W}rPr")
                run.insert(0, look)
            look.extend(etree.fromstring(f'<e xmlns:w14="{W14}">{effects}</e>'))

    return lambda document: document.change(add)


def style_effects(effects: str) -> Rewrite:
    """With effects in the styles of all paragraphs."""

    def rewrite(document: Opened) -> None:
        own = f'<w:rPr xmlns:w14="{W14}">{effects}</w:rPr>'
        text = re.sub(r"</w:rPr>(?=</w:style>)", f"{effects}</w:rPr>", document.parts[STYLES].decode())
        text = text.replace("<w:rPr>", f'<w:rPr xmlns:w14="{W14}">')
        text = re.sub(r"(?<!</w:rPr>)(?=</w:style>)", own, text)
        document.parts[STYLES] = text.encode()

    return rewrite


def printer_of_section(document: Opened) -> None:
    def add(root: etree._Element) -> None:
        for section in root.iter(f"{W}sectPr"):
            etree.SubElement(section, f"{W}printerSettings")

    document.change(add)


def control_around_item(document: Opened) -> None:
    """Google Docs puts one around what was commented."""

    def add(root: etree._Element) -> None:
        items = [one for one in root.iter(f"{W}p") if one.find(f"{W}pPr/{W}pStyle[@{W}val='Puce']") is not None]
        run = (items or list(root.iter(f"{W}p")))[0].find(f"{W}r")
        assert run is not None
        control = etree.Element(f"{W}sdt")
        described = etree.SubElement(control, f"{W}sdtPr")
        etree.SubElement(described, f"{W}tag", {f"{W}val": "goog_rdk_0"})
        run.addprevious(control)
        etree.SubElement(control, f"{W}sdtContent").append(run)

    document.change(add)


def controls_of_margins(document: Opened) -> None:
    """Google Docs puts them into headers and footers too, and a word in one is fixed text all the same."""
    for part in [name for name in document.parts if re.fullmatch(r"word/(header|footer)\d*\.xml", name)]:
        root = etree.fromstring(document.parts[part])
        for rank, run in enumerate(list(root.iterfind(f".//{W}p/{W}r"))):
            control = etree.Element(f"{W}sdt")
            etree.SubElement(etree.SubElement(control, f"{W}sdtPr"), f"{W}tag", {f"{W}val": f"goog_rdk_{rank}"})
            run.addprevious(control)
            etree.SubElement(control, f"{W}sdtContent").append(run)
        document.parts[part] = etree.tostring(root)


def strict(document: Opened) -> None:
    """Word's « Document Open XML Strict », with the settings of formulas that Word always writes."""
    settings = document.parts["word/settings.xml"].decode()
    if "mathPr" not in settings:
        formulas = f'<m:mathPr xmlns:m="{OPEN}/officeDocument/2006/math"><m:mathFont m:val="Cambria"/></m:mathPr>'
        document.parts["word/settings.xml"] = settings.replace("</w:settings>", f"{formulas}</w:settings>").encode()
    for name in [one for one in document.parts if one.endswith((".xml", ".rels")) and one != "[Content_Types].xml"]:
        text = document.parts[name].decode()
        for words, strictly in STRICT.items():
            text = text.replace(f"{OPEN}/{words}", f"http://purl.oclc.org/ooxml/{strictly}")
        document.parts[name] = text.encode()


TWIPS = r'(<w:(?:pgSz|pgMar|ind|spacing|tab|gridCol|tcW|tblW|defaultTabStop)\b[^>]*? w:{}=")(-?\d+)"'
HALF_POINTS = r'(<w:szC?s? w:val=")(\d+)"'


def in_points(document: Opened) -> None:
    """Strict, each measure with its unit (22.9.2.14)."""
    strict(document)
    names = ("w", "h", "top", "left", "bottom", "right", "header", "footer", "gutter", "hanging", "firstLine")
    for part in (BODY, STYLES, "word/settings.xml"):
        text = document.parts[part].decode()
        for name in (*names, "before", "after", "line", "pos", "val"):
            text = re.sub(TWIPS.format(name), lambda found: f'{found[1]}{int(found[2]) / 20:.2f}pt"', text)
        text = re.sub(HALF_POINTS, lambda found: f'{found[1]}{int(found[2]) / 2:g}pt"', text)
        document.parts[part] = text.encode()
    assert b'w:w="595.30pt"' in document.parts[BODY]


def frame_by_default(document: Opened) -> None:
    """Apple's Pages gives all paragraphs a frame of no size, as none."""
    frame = '<w:framePr w:anchorLock="0" w:w="0" w:h="0" w:vSpace="0" w:hSpace="0" w:xAlign="left" w:y="0"/>'
    text = document.parts[STYLES].decode()
    default = re.search(r"<w:pPrDefault>\s*<w:pPr>", text)
    if default:
        text = text[: default.end()] + frame + text[default.end() :]
    else:
        text = re.sub(r"<w:pPrDefault ?/>", "", text)
        whole = f"<w:pPrDefault><w:pPr>{frame}</w:pPr></w:pPrDefault></w:docDefaults>"
        text = text.replace("</w:docDefaults>", whole, 1)
    document.parts[STYLES] = text.encode()


def font_of_japan(document: Opened) -> None:
    font = '<w:font w:name="MS Mincho"><w:altName w:val="ＭＳ 明朝"/></w:font></w:fonts>'
    document.parts["word/fontTable.xml"] = document.parts["word/fontTable.xml"].replace(b"</w:fonts>", font.encode())


NO_OUTLINE = '<w14:textOutline w14:w="12700"><w14:noFill/><w14:miter w14:lim="400000"/></w14:textOutline>'
BLACK = '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="000000"/></w14:solidFill></w14:textFill>'
TAKEN_AWAY = (
    '<w14:glow w14:rad="0"><w14:srgbClr w14:val="000000"/></w14:glow>'
    '<w14:shadow w14:blurRad="0" w14:sx="0" w14:sy="0"><w14:srgbClr w14:val="000000"/></w14:shadow>'
    '<w14:reflection w14:stA="0" w14:endA="0" w14:sx="0"/>'
)
SOUND: dict[str, Rewrite] = {
    "Word in a browser": related(f"{OFFICE}/2020/10/relationships/intelligence", BODY),
    "an add-in": related(f"{OFFICE}/2011/relationships/webextensiontaskpanes"),
    "a printer": printer_of_section,
    "Google Docs": control_around_item,
    "Google Docs, in margins": controls_of_margins,
    "Pages": run_effects(NO_OUTLINE + BLACK),
    "Pages, by default": frame_by_default,
    "Word, effects taken away": run_effects(TAKEN_AWAY),
    "Word, effects taken away in styles": style_effects(TAKEN_AWAY),
    "Word, strictly": strict,
    "Word, strictly, in points": in_points,
    "a font of Japan": font_of_japan,
}
HIDDEN: dict[str, str] = {
    "no fill": "<w14:textFill><w14:noFill/></w14:textFill>",
    "white": '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill></w14:textFill>',
    "pale": '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="EEEEEE"/></w14:solidFill></w14:textFill>',
    "two fills": f"{BLACK[:-15]}<w14:noFill/></w14:textFill>",
    "dark outline": '<w14:textOutline w14:w="50000"><w14:solidFill/><w14:noFill/></w14:textOutline>',
    "shadow": '<w14:shadow w14:blurRad="0" w14:sx="0" w14:sy="100000"><w14:srgbClr w14:val="000000"/></w14:shadow>',
    "faded": '<w14:textFill><w14:solidFill><w14:srgbClr w14:val="000000"><w14:alpha w14:val="99000"/></w14:srgbClr>'
    "</w14:solidFill></w14:textFill>",
    "white outline": '<w14:textOutline w14:w="50000"><w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill>'
    "</w14:textOutline>",
    "glow": '<w14:glow w14:rad="200000"><w14:srgbClr w14:val="000000"/></w14:glow>',
}


@pytest.mark.parametrize("program", SOUND)
def test_what_programs_leave_is_no_alarm(filled: bytes, tmp_path: Path, program: str) -> None:
    document = Opened.of(filled)
    SOUND[program](document)
    assert verdict(document, tmp_path) == ("intact", set())


@pytest.mark.parametrize("where", [run_effects, style_effects])
@pytest.mark.parametrize("effect", HIDDEN)
def test_effects_that_hide_are_told(
    filled: bytes, tmp_path: Path, effect: str, where: Callable[[str], Rewrite]
) -> None:
    document = Opened.of(filled)
    where(HIDDEN[effect])(document)
    status, _ = verdict(document, tmp_path)
    assert status in {"doubtful", "altered"}


def test_a_signature_of_word_is_a_note(filled: bytes, tmp_path: Path) -> None:
    document = Opened.of(filled)
    related(SIGNATURE)(document)
    assert verdict(document, tmp_path) == ("intact", {"by-hand"})
    (note,) = verify([tmp_path / "revenu.docx"], VerifyOptions(jobs=1)).problems
    assert note.message.endswith("une signature électronique de Word, ajoutée à la main.")


def test_another_font_under_a_known_name_is_told(filled: bytes, tmp_path: Path) -> None:
    document = Opened.of(filled)
    font = b'<w:font w:name="Calibri"><w:altName w:val="Wingdings"/></w:font></w:fonts>'
    document.parts["word/fontTable.xml"] = document.parts["word/fontTable.xml"].replace(b"</w:fonts>", font)
    assert verdict(document, tmp_path) == ("doubtful", {"drawn-otherwise"})
