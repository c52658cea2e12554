"""Ways to hide, to add or to replace, from what the formats can draw: at many places, in every copy, none is intact."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree
from PIL import Image

from conventool.commands.verify import VerifyOptions, verify
from conventool.word.template import Mode
from test_read_back import adherent_of, copies_of
from word_by_hand import Opened, W

PDF = Path(__file__).parent / "cases" / "returns" / "pdf" / "sound.pdf"
DATA = PDF.parents[1] / "other" / "adherent.csv"
"""Those of the adherent of that PDF, who chose no services: no annexes are missing from it."""
FOUND = {"altered", "doubtful"}
PLACES = 9
"""Places for each way and copy."""
NAMESPACES = (
    f'xmlns:w="{W[1:-1]}" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
MADE = {
    "forme": "commune", "code_insee": "59017", "adresse": "4 place du Général-de-Gaulle",
    "representant": {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN"}, "decision": {"date": "2026-03-12"},
}  # fmt: skip
Forge = Callable[[Opened, random.Random], None]


def made(xml: str) -> etree._Element:
    return etree.fromstring(f"<x {NAMESPACES}>{xml}</x>")[0]


def fixed_runs(root: etree._Element) -> list[etree._Element]:
    """The runs of text with some words, outside of controls."""
    return [
        run
        for run in root.iter(f"{W}r")
        if len(re.findall(r"[^\W\d_]{2,}", said(run))) > 2 and next(run.iterancestors(f"{W}sdt"), None) is None
    ]


def said(element: etree._Element) -> str:
    return "".join(map(str, element.itertext(f"{W}t")))


def split(root: etree._Element, rng: random.Random) -> etree._Element:
    """Choose a word of the fixed text and give it a run of its own."""
    run = rng.choice(fixed_runs(root))
    t = run.find(f"{W}t")
    assert t is not None
    words = (t.text or "").split(" ")
    rank = rng.choice([rank for rank, word in enumerate(words) if any(map(str.isalnum, word))])
    before, word, after = " ".join(words[:rank]), words[rank], " ".join(words[rank + 1 :])
    look = run.find(f"{W}rPr")
    copies = []
    for text in (f"{before} " if before else "", word, f" {after}" if after else ""):
        copy = made('<w:r><w:t xml:space="preserve"/></w:r>')
        if look is not None:
            copy.insert(0, etree.fromstring(etree.tostring(look)))
        inner = copy.find(f"{W}t")
        assert inner is not None
        inner.text = text
        copies.append(copy)
    parent = run.getparent()
    assert parent is not None
    at = parent.index(run)
    parent[at : at + 1] = copies
    return copies[1]


def looks(xml: str) -> Forge:
    """The word gets a look."""

    def forge(document: Opened, rng: random.Random) -> None:
        root = document.root()
        run = split(root, rng)
        look = run.find(f"{W}rPr")
        if look is None:
            look = etree.SubElement(run, f"{W}rPr")
            run.insert(0, look)
        for one in etree.fromstring(f"<x {NAMESPACES}>{xml}</x>"):
            look.append(one)
        document.put(root)

    return forge


def by_style(xml: str) -> Forge:
    """The word gets a style that has a look."""

    def forge(document: Opened, rng: random.Random) -> None:
        looks('<w:rStyle w:val="Zz"/>')(document, rng)
        styles = document.root("word/styles.xml")
        styles.append(
            made(f'<w:style w:type="character" w:styleId="Zz"><w:name w:val="Zz"/><w:rPr>{xml}</w:rPr></w:style>')
        )
        document.put(styles, "word/styles.xml")

    return forge


def after(xml: str) -> Forge:
    """Something stands after the word."""

    def forge(document: Opened, rng: random.Random) -> None:
        root = document.root()
        split(root, rng).addnext(made(xml))
        document.put(root)

    return forge


def around(xml: str) -> Forge:
    """The word stands in something, at the place of the element ``w:here``."""

    def forge(document: Opened, rng: random.Random) -> None:
        root = document.root()
        run = split(root, rng)
        outer = made(xml)
        run.addprevious(outer)
        here = next(outer.iter(f"{W}here"))
        parent = here.getparent()
        assert parent is not None
        parent.replace(here, run)
        document.put(root)

    return forge


def paragraphs(xml: str) -> Forge:
    """The paragraph is set otherwise."""

    def forge(document: Opened, rng: random.Random) -> None:
        root = document.root()
        run = rng.choice(fixed_runs(root))
        paragraph = next(run.iterancestors(f"{W}p"))
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            properties = etree.SubElement(paragraph, f"{W}pPr")
            paragraph.insert(0, properties)
        for one in etree.fromstring(f"<x {NAMESPACES}>{xml}</x>"):
            properties.append(one)
        document.put(root)

    return forge


def table(row: str, cell: str) -> Forge:
    """The paragraph stands in a table."""

    def forge(document: Opened, rng: random.Random) -> None:
        root = document.root()
        bodies = [run for run in fixed_runs(root) if run.getparent().getparent().tag == f"{W}body"]  # type: ignore[union-attr]
        paragraph = next(rng.choice(bodies).iterancestors(f"{W}p"))
        outer = made(f"<w:tbl><w:tr>{row}<w:tc><w:tcPr>{cell}</w:tcPr></w:tc></w:tr></w:tbl>")
        paragraph.addprevious(outer)
        next(outer.iter(f"{W}tc")).append(paragraph)
        document.put(root)

    return forge


def defaults(part: str, old: bytes, new: bytes) -> Forge:
    """A part of the document is changed, and with it the whole text."""

    def forge(document: Opened, rng: random.Random) -> None:
        assert old in document.parts[part]
        document.parts[part] = document.parts[part].replace(old, new, 1)

    return forge


def in_part(part: str, old: str, xml: str) -> Forge:
    """A part of the document gets something before one of its tags."""
    return defaults(part, old.encode(), xml.encode() + old.encode())


def of_section(xml: str = "", **margins: str) -> Forge:
    """The pages of the last section are set otherwise."""

    def forge(document: Opened, rng: random.Random) -> None:
        root = document.root()
        section = list(root.iter(f"{W}sectPr"))[-1]
        section.extend(etree.fromstring(f"<x {NAMESPACES}>{xml}</x>"))
        for margin in section.iter(f"{W}pgMar"):
            for name, value in margins.items():
                margin.set(f"{W}{name}", value)
        document.put(root)

    return forge


def of_tables(properties: str, xml: str) -> Forge:
    """The template's own tables, their rows or cells are set otherwise."""

    def forge(document: Opened, rng: random.Random) -> None:
        root = document.root()
        for holder in root.iter(f"{W}{properties.removesuffix('Pr')}"):
            own = holder.find(f"{W}{properties}")
            if own is None:
                own = etree.SubElement(holder, f"{W}{properties}")
                holder.insert(0, own)
            for one in etree.fromstring(f"<x {NAMESPACES}>{xml}</x>"):
                for before in own.findall(str(one.tag)):
                    own.remove(before)
                own.append(one)
        document.put(root)

    return forge


def inherited(run: str = "", paragraph: str = "") -> Forge:
    """The paragraph has a style that is based on one based on one that has the look."""

    def forge(document: Opened, rng: random.Random) -> None:
        paragraphs('<w:pStyle w:val="Zc"/>')(document, rng)
        root = document.root()
        for style in root.iter(f"{W}pStyle"):
            for other in style.itersiblings(f"{W}pStyle", preceding=True):
                if style.get(f"{W}val") == "Zc":
                    other.getparent().remove(other)  # type: ignore[union-attr]
        document.put(root)
        styles = document.root("word/styles.xml")
        for name, base in (("Za", ""), ("Zb", "Za"), ("Zc", "Zb")):
            on = f'<w:basedOn w:val="{base}"/>' if base else ""
            own = "" if base else f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr>"
            xml = f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>{on}{own}</w:style>'
            styles.append(made(xml))
        document.put(styles, "word/styles.xml")

    return forge


def ends_hidden(xml: str) -> Forge:
    """The end of the paragraph is set otherwise than its text."""
    return paragraphs(f"<w:rPr>{xml}</w:rPr>")


def in_numbers(xml: str) -> Forge:
    """Something stands within a number of the fixed text."""

    def forge(document: Opened, rng: random.Random) -> None:
        root = document.root()
        texts = [text for run in fixed_runs(root) for text in run.iter(f"{W}t") if re.search(r"\d\d", text.text or "")]
        text = rng.choice(texts)
        at = re.search(r"\d\d", text.text or "").start() + 1  # type: ignore[union-attr]
        before, after = (text.text or "")[:at], (text.text or "")[at:]
        text.text = before
        *inside, rest = etree.fromstring(f"<x {NAMESPACES}>{xml}<w:t xml:space='preserve'/></x>")
        rest.text = after
        for one in (rest, *reversed(inside)):
            text.addnext(one)
        document.put(root)

    return forge


def two_styles(document: Opened, rng: random.Random) -> None:
    """Two styles of one name: programs may take the one or the other."""
    by_style("<w:b/>")(document, rng)
    in_part(
        "word/styles.xml",
        "<w:style ",
        '<w:style w:type="character" w:styleId="Zz"><w:rPr><w:vanish/></w:rPr></w:style>',
    )(document, rng)


def font_of_symbols(document: Opened, rng: random.Random) -> None:
    """A font of letters that is said to be one of symbols."""
    looks('<w:rFonts w:ascii="Verdana" w:hAnsi="Verdana"/>')(document, rng)
    xml = '<w:font w:name="Verdana"><w:charset w:val="02"/></w:font>'
    in_part("word/fontTable.xml", "<w:font ", xml)(document, rng)


def with_leader(document: Opened, rng: random.Random) -> None:
    """A tab after the word, filled with a line."""
    paragraphs('<w:tabs><w:tab w:val="left" w:leader="hyphen" w:pos="9000"/></w:tabs>')(document, rng)
    root = document.root()
    (line,) = (
        tab for tab in root.iter(f"{W}tab") if tab.get(f"{W}leader") == "hyphen" and tab.get(f"{W}pos") == "9000"
    )
    run = next(run for run in next(line.iterancestors(f"{W}p")).iter(f"{W}r") if said(run))
    run.addnext(made("<w:r><w:tab/></w:r>"))
    document.put(root)


VARIANT = '<mc:AlternateContent><mc:Choice Requires="w14">{}</mc:Choice><mc:Fallback/></mc:AlternateContent>'
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> {} </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{}</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def field(code: str, result: str) -> Forge:
    def forge(document: Opened, rng: random.Random) -> None:
        root = document.root()
        run = split(root, rng)
        for one in reversed(list(etree.fromstring(f"<x {NAMESPACES}>{FIELD.format(code, result)}</x>"))):
            run.addnext(one)
        document.put(root)

    return forge


SHAPE = (
    '<w:r><w:pict><v:rect style="position:absolute;width:400pt;height:12pt" fillcolor="white" stroked="f"/></w:pict>'
    "</w:r>"
)
PICTURE = (
    '<w:r><w:drawing><wp:inline><wp:extent cx="5000000" cy="200000"/><a:graphic>'
    '<a:graphicData uri="x"><a:blip r:embed="rId1"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
)
WAYS: dict[str, Forge] = {
    "struck": looks("<w:strike/>"),
    "struck twice": looks("<w:dstrike/>"),
    "struck by a style": by_style("<w:strike/>"),
    "hidden": looks("<w:vanish/>"),
    "hidden by a style": by_style("<w:vanish/>"),
    "white": looks('<w:color w:val="FFFFFF"/>'),
    "nearly white": looks('<w:color w:val="EAEAEA"/>'),
    "white of the theme": looks('<w:color w:val="000000" w:themeColor="background1"/>'),
    "white by a style": by_style('<w:color w:val="FFFFFF"/>'),
    "on its own colour": looks('<w:color w:val="1F3864"/><w:shd w:val="clear" w:fill="1F3864"/>'),
    "on black": looks('<w:color w:val="000000"/><w:highlight w:val="black"/>'),
    "solid shading": looks('<w:color w:val="000000"/><w:shd w:val="solid" w:color="000000"/>'),
    "one point": looks('<w:sz w:val="2"/>'),
    "four points": looks('<w:sz w:val="8"/>'),
    "squeezed": looks('<w:w w:val="5"/>'),
    "condensed": looks('<w:spacing w:val="-300"/>'),
    "raised away": looks('<w:position w:val="900"/>'),
    "superscript": looks('<w:vertAlign w:val="superscript"/>'),
    "font of symbols": looks('<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
    "unknown font": looks('<w:rFonts w:ascii="Zz Digits" w:hAnsi="Zz Digits"/>'),
    "right to left": looks("<w:rtl/>"),
    "outlined in white": looks('<w14:textFill><w14:noFill/></w14:textFill>'),
    "small capitals": looks("<w:smallCaps/>"),
    "symbol": after('<w:r><w:sym w:font="Symbol" w:char="F0D8"/></w:r>'),
    "shape": after(SHAPE),
    "picture": after(PICTURE),
    "mathematics": after("<m:oMath><m:r><m:t>0</m:t></m:r></m:oMath>"),
    "page number": after("<w:r><w:pgNum/></w:r>"),
    "ruby": after("<w:r><w:ruby><w:rubyBase><w:r><w:t>0</w:t></w:r></w:rubyBase></w:ruby></w:r>"),
    "footnote mark": after('<w:r><w:footnoteReference w:id="4"/></w:r>'),
    "field of a symbol": field('SYMBOL 48 \\f "Calibri"', ""),
    "field of a page": field("PAGE", "0"),
    "quoted field": field('QUOTE "non"', ""),
    "field with a picture": field('INCLUDEPICTURE "a.png"', ""),
    "bound": around('<w:sdt><w:sdtPr><w:dataBinding w:xpath="/d/x"/></w:sdtPr>'
                    "<w:sdtContent><w:here/></w:sdtContent></w:sdt>"),
    "unknown element": around('<w:q><w:here/></w:q>'),
    "overridden direction": around('<w:bdo w:val="rtl"><w:here/></w:bdo>'),
    "other programs only": around('<mc:AlternateContent><mc:Choice Requires="m"><w:here/></mc:Choice>'
                                  "<mc:Fallback><w:r><w:t>non</w:t></w:r></mc:Fallback></mc:AlternateContent>"),
    "out of place": around("<w:rPr><w:here/></w:rPr>"),
    "a variant of a look": looks(VARIANT.format("<w:vanish/>")),
    "a variant of a colour": looks(VARIANT.format('<w:color w:val="FFFFFF"/>')),
    "a variant of an indent": paragraphs(VARIANT.format('<w:ind w:left="-12000"/>')),
    "a variant around a look": around("<w:r>" + VARIANT.format("<w:rPr><w:vanish/></w:rPr>") + "<w:here/></w:r>"),
    "bound, the new way": around('<w:sdt><w:sdtPr><w15:dataBinding w:xpath="/d/x"/></w:sdtPr>'
                                 "<w:sdtContent><w:here/></w:sdtContent></w:sdt>"),
    "hidden by inheritance": inherited("<w:vanish/>"),
    "tiny by inheritance": inherited('<w:sz w:val="3"/>'),
    "off the page by inheritance": inherited(paragraph='<w:ind w:left="-12000"/>'),
    "tiny in complex script": looks('<w:cs/><w:szCs w:val="2"/>'),
    "nearly black shading": looks('<w:color w:val="000000"/><w:shd w:val="pct95" w:color="000000" w:fill="FFFFFF"/>'),
    "stripes": looks('<w:shd w:val="horzStripe" w:color="000000" w:fill="FFFFFF"/>'),
    "crosses": paragraphs('<w:shd w:val="diagCross" w:color="000000" w:fill="FFFFFF"/>'),
    "two styles of one name": two_styles,
    "font said to be of symbols": font_of_symbols,
    "tab filled with a line": with_leader,
    "positional tab filled": after('<w:r><w:ptab w:alignment="right" w:relativeTo="margin" w:leader="hyphen"/></w:r>'),
    "indent in characters": paragraphs('<w:ind w:leftChars="-12000"/>'),
    "hanging off the page": paragraphs('<w:ind w:hanging="14000"/>'),
    "first line far away": paragraphs('<w:ind w:firstLineChars="9000"/>'),
    "thick border": paragraphs('<w:pBdr><w:bottom w:val="single" w:sz="96" w:space="0"/></w:pBdr>'),
    "border on the text": paragraphs('<w:pBdr><w:top w:val="single" w:sz="8" w:space="-12"/></w:pBdr>'),
    "grid of characters": of_section('<w:docGrid w:type="linesAndChars" w:charSpace="-40000"/>'),
    "narrow column": of_section('<w:cols w:equalWidth="0"><w:col w:w="200"/></w:cols>'),
    "pages written downwards": of_section('<w:textDirection w:val="tbRl"/>'),
    "top margin": of_section(top="-2000"),
    "bottom margin": of_section(bottom="15000"),
    "footer below the page": of_section(footer="-3000"),
    "gutter": of_section(gutter="8000"),
    "table off the page": of_tables("tblPr", '<w:tblInd w:w="-20000" w:type="dxa"/>'),
    "table floating": of_tables("tblPr", '<w:tblpPr w:tblpX="-9000" w:tblpY="-9000"/>'),
    "table without width": of_tables("tblPr", '<w:tblW w:w="5" w:type="dxa"/><w:tblLayout w:type="fixed"/>'),
    "cells apart": of_tables("tblPr", '<w:tblCellSpacing w:w="9000" w:type="dxa"/>'),
    "cells pushed away": of_tables("tcPr", '<w:tcMar><w:left w:w="20000" w:type="dxa"/></w:tcMar>'),
    "narrow cells": of_tables("tcPr", '<w:tcW w:w="10" w:type="dxa"/>'),
    "cells read upwards": of_tables("tcPr", '<w:textDirection w:val="btLr"/>'),
    "crossed cells": of_tables("tcPr", '<w:tcBorders><w:tr2bl w:val="single" w:sz="24"/></w:tcBorders>'),
    "rows pushed away": of_tables("trPr", '<w:gridBefore w:val="1"/><w:wBefore w:w="15000" w:type="dxa"/>'),
    "frame": paragraphs('<w:framePr w:x="-9000" w:y="-9000" w:hAnchor="page" w:vAnchor="page"/>'),
    "no height": paragraphs('<w:spacing w:line="2" w:lineRule="exact"/>'),
    "off the page": paragraphs('<w:ind w:left="-12000"/>'),
    "one character wide": paragraphs('<w:ind w:left="4500" w:right="4500"/>'),
    "read upwards": paragraphs('<w:textDirection w:val="btLr"/>'),
    "row of no height": table('<w:trPr><w:trHeight w:val="10" w:hRule="exact"/></w:trPr>', ""),
    "hidden row": table("<w:trPr><w:hidden/></w:trPr>", ""),
    "deleted row": table('<w:trPr><w:del w:author="X"/></w:trPr>', ""),
    "merged cell": table("", "<w:vMerge/>"),
    "white by default": defaults("word/styles.xml", b"<w:rPrDefault><w:rPr>",
                                 b'<w:rPrDefault><w:rPr><w:color w:val="FFFFFF"/>'),
    "struck by default": defaults("word/styles.xml", b"<w:rPrDefault><w:rPr>", b"<w:rPrDefault><w:rPr><w:strike/>"),
    "colours exchanged": defaults("word/settings.xml", b'w:bg1="light1" w:t1="dark1"', b'w:bg1="dark1" w:t1="light1"'),
    "words in the bullets": defaults("word/numbering.xml", "w:val=\"•\"".encode(), "w:val=\"• sauf\"".encode()),
    "end of a paragraph hidden": ends_hidden("<w:vanish/>"),
    "only filled fields printed": in_part("word/settings.xml", "<w:clrSchemeMapping", "<w:printFormsData/>"),
    "pages counted from seven": of_section('<w:pgNumType w:start="7"/>'),
    "pages counted in letters": of_section('<w:pgNumType w:fmt="upperRoman"/>'),
    "a space in a number": in_numbers("<w:t xml:space='preserve'> </w:t>"),
    "a tab in a number": in_numbers("<w:tab/>"),
    "a line's end in a number": in_numbers("<w:br/>"),
    "a page's end in a number": in_numbers('<w:br w:type="page"/>'),
    "bullets hidden": defaults("word/numbering.xml", b"<w:rPr>", b"<w:rPr><w:vanish/>"),
    "margins": defaults("word/document.xml", b'w:right="1418"', b'w:right="9000"'),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["keep", "unwrap"])
@pytest.mark.parametrize("way", WAYS)
def test_nothing_hidden_in_word_is_intact(tmp_path: Path, way: str, mode: Mode) -> None:
    rng = random.Random(f"{way} {mode}")
    for rank, data in enumerate(copies_of(adherent_of(MADE), mode)):
        for place in range(PLACES):
            document = Opened.of(data)
            WAYS[way](document, rng)
            document.saved(tmp_path / f"{rank}-{place}.docx")
    report = verify([tmp_path], VerifyOptions(jobs=1))
    assert len(report.documents) == 3 * PLACES
    assert {document.path.name for document in report.documents if document.status not in FOUND} == set()


# --- PDF ---------------------------------------------------------------------------------------------------


@cache
def words_of(page: int) -> list[tuple[str, tuple[float, float, float, float]]]:
    """The words of a page in the text that runs on, and where they are (left, bottom, right, top)."""
    from conventool.returned.pdf_opening import read_pdf

    drawn = read_pdf(PDF)[page]
    found = []
    for line in drawn.lines[1:-1]:
        start = 0
        for word in line.text.split():
            glyphs = line.glyphs[start : start + len(word)]
            start += len(word)
            if len(word) > 2 and word.isalpha():
                box = glyphs[0].box.around(glyphs[-1].box)
                found.append((word, (box.left, drawn.height - box.bottom, box.right, drawn.height - box.top)))
    return found


def drawn_last(content: str) -> Callable[[pikepdf.Pdf, int, tuple[float, float, float, float]], None]:
    """Something is drawn at the place of a word, after the rest of the page."""

    def forge(pdf: pikepdf.Pdf, page: int, box: tuple[float, float, float, float]) -> None:
        left, bottom, right, top = box
        sizes = {"width": right - left, "height": top - bottom, "middle": (bottom + top) / 2}
        text = content.format(left=left, bottom=bottom, right=right, **sizes)
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        pdf.pages[page].add_resource(font, pikepdf.Name.Font, pikepdf.Name("/FZ"))
        pdf.pages[page].contents_add(pikepdf.Stream(pdf, b"q"), prepend=True)
        pdf.pages[page].contents_add(pikepdf.Stream(pdf, f"Q q {text} Q".encode()))

    return forge


def annotated(kind: str, **more: Any) -> Callable[[pikepdf.Pdf, int, tuple[float, float, float, float]], None]:
    """An annotation lies at the place of a word."""

    def forge(pdf: pikepdf.Pdf, page: int, box: tuple[float, float, float, float]) -> None:
        named: dict[str, Any] = {"Type": pikepdf.Name.Annot, "Subtype": pikepdf.Name(kind), "Rect": list(box), "F": 4}
        annotation = pikepdf.Dictionary(**named, **more)
        pdf.pages[page].obj["/Annots"] = pdf.make_indirect(pikepdf.Array([annotation]))

    return forge


def pictured(pdf: pikepdf.Pdf, page: int, box: tuple[float, float, float, float]) -> None:
    """A picture of white lies over a word."""
    data = BytesIO()
    Image.new("RGB", (60, 12), "white").save(data, "JPEG")
    image = pikepdf.Stream(pdf, data.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=60,
                           Height=12, ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
                           Filter=pikepdf.Name.DCTDecode)  # fmt: skip
    pdf.pages[page].add_resource(image, pikepdf.Name.XObject, pikepdf.Name("/IZ"))
    drawn_last("{width} 0 0 {height} {left} {bottom} cm /IZ Do")(pdf, page, box)


def named_blank(name: str) -> Callable[[pikepdf.Pdf, int, tuple[float, float, float, float]], None]:
    """A digit drawn behind a word, by a font that calls it a blank."""

    def forge(pdf: pikepdf.Pdf, page: int, box: tuple[float, float, float, float]) -> None:
        drawn_last("0 g BT /FZ 9 Tf {right} {bottom} Td (0) Tj ET")(pdf, page, box)
        names = f"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <30> <{name}> endbfchar"
        pdf.pages[page].Resources.Font["/FZ"].ToUnicode = pikepdf.Stream(pdf, names.encode())

    return forge


def layered(pdf: pikepdf.Pdf, page: int, box: tuple[float, float, float, float]) -> None:
    """A layer that is not shown at first."""
    group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="calque"))
    off = pikepdf.Dictionary(OFF=pikepdf.Array([group]))
    pdf.Root["/OCProperties"] = pikepdf.Dictionary(OCGs=pikepdf.Array([group]), D=off)


def first_lines(old: bytes, new: bytes) -> Callable[[pikepdf.Pdf, int, tuple[float, float, float, float]], None]:
    """The text of some lines is drawn otherwise, by what stands in the content before it."""

    def forge(pdf: pikepdf.Pdf, page: int, box: tuple[float, float, float, float]) -> None:
        content = pdf.pages[page].Contents.read_bytes()
        at = len(content) // 3
        changed = content[:at] + content[at:].replace(old, new, 12)
        assert changed != content
        pdf.pages[page].Contents = pikepdf.Stream(pdf, changed)

    return forge


def drawing_annotation(kind: str, **more: Any) -> Callable[[pikepdf.Pdf, int, tuple[float, float, float, float]], None]:
    """An annotation that has a look of its own."""

    def forge(pdf: pikepdf.Pdf, page: int, box: tuple[float, float, float, float]) -> None:
        look = pikepdf.Stream(pdf, b"BT /F 9 Tf 0 5 Td (sauf accord) Tj ET")
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, pikepdf.Array([0, 0, 200, 20])
        look.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        annotated(kind, AP=pikepdf.Dictionary(N=pdf.make_indirect(look)), **more)(pdf, page, box)
        if kind == "/Widget":
            pdf.pages[page].Annots[0] = pdf.make_indirect(pdf.pages[page].Annots[0])
            pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([pdf.pages[page].Annots[0]]))

    return forge


def rooted(name: str, **what: Any) -> Callable[[pikepdf.Pdf, int, tuple[float, float, float, float]], None]:
    """The file itself says something of how it is shown."""

    def forge(pdf: pikepdf.Pdf, page: int, box: tuple[float, float, float, float]) -> None:
        pdf.Root[name] = pikepdf.Dictionary(**what)

    return forge


PDF_WAYS = {
    "a sign called a space": named_blank("0020"),
    "a sign called nothing": named_blank("200B"),
    "a link that hides": annotated("/Link", Border=[0, 0, 0], A=pikepdf.Dictionary(S=pikepdf.Name.Hide, H=True)),
    "raised away": first_lines(b"BT", b"BT 900 Ts"),
    "tiny": first_lines(b"/F2 11 Tf", b"/F2 2 Tf"),
    "hardly visible": first_lines(b"BT", b"BT 0.85 g"),
    "squeezed": first_lines(b"BT", b"BT 8 Tz"),
    "clipped": first_lines(b"BT", b"BT 7 Tr"),
    "outlined in white": first_lines(b"BT", b"BT 1 Tr 1 G"),
    "a point behind a word": drawn_last("0 g {right} {bottom} 1.4 1.4 re f"),
    "a minus before a word": drawn_last("0 g {left} {middle} -4 0.8 re f"),
    "a link with a wide border": annotated("/Link", Border=[0, 0, 14], C=[1, 1, 1]),
    "a link with a look": drawing_annotation("/Link"),
    "a popup with a look": drawing_annotation("/Popup"),
    "a signature over the text": drawing_annotation(
        "/Widget", FT=pikepdf.Name.Sig, T="s", V=pikepdf.Dictionary(Type=pikepdf.Name.Sig)
    ),
    "other files in its place": rooted("/Collection", View=pikepdf.Name.T),
    "a program": rooted("/OpenAction", S=pikepdf.Name.JavaScript, JS="1"),
    "white over a word": drawn_last("1 g {left} {bottom} {width} {height} re f"),
    "black over a word": drawn_last("0 g {left} {bottom} {width} {height} re f"),
    "grey over a word": drawn_last("0.5 g {left} {bottom} {width} {height} re f"),
    "a line through": drawn_last("0.8 w {left} {middle} m {right} {middle} l S"),
    "a thin box through": drawn_last("0 g {left} {middle} {width} 0.7 re f"),
    "another word over": drawn_last("1 g {left} {bottom} {width} {height} re f "
                                    "0 g BT /FZ 9 Tf {left} {bottom} Td (non) Tj ET"),
    "a word over": drawn_last("0 g BT /FZ 10 Tf {left} {bottom} Td (sauf accord) Tj ET"),
    "curves": drawn_last("1.2 w {left} {bottom} m {left} 500 {right} 510 {right} {middle} c S"),
    "a picture over": pictured,
    "a layer": layered,
    "a free text": annotated("/FreeText", Contents="5 euros", DA="/Helv 9 Tf 0 g"),
    "struck by a note": annotated("/StrikeOut"),
    "a caret": annotated("/Caret", Contents="sauf accord"),
    "a square": annotated("/Square", C=[1, 1, 1], IC=[1, 1, 1]),
    "redacted": annotated("/Redact"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("way", PDF_WAYS)
def test_nothing_hidden_in_a_pdf_is_intact(tmp_path: Path, way: str) -> None:
    rng = random.Random(way)
    for rank in range(10):
        page = rng.randrange(4)
        _, box = rng.choice(words_of(page))
        with pikepdf.open(PDF) as pdf:
            PDF_WAYS[way](pdf, page, box)
            pdf.save(tmp_path / f"{rank}.pdf")
    report = verify([tmp_path], VerifyOptions(data=DATA, jobs=1))
    assert {document.path.name for document in report.documents if document.status not in FOUND} == set()
