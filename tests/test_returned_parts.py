"""Ways to draw a text otherwise by the other parts of a Word file, or by what its elements say together.

Each part of the format in turn (ISO/IEC 29500-1, 17 and 20): styles, lists, themes, settings, notes, margins, tables,
drawings. None is intact; beside them what Word and others write of the same elements, and is.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from conventool.commands.adopt import adopt
from conventool.commands.fill import RunOptions, fill
from conventool.commands.verify import VerifyOptions, verify
from documents.printed_forms import FORMS
from test_read_back import adherent_of, copies_of
from test_returned_hiding import (
    FOUND,
    MADE,
    NAMESPACES,
    Forge,
    after,
    by_style,
    fixed_runs,
    in_part,
    looks,
    made,
    of_section,
    of_tables,
    paragraphs,
)
from word_by_hand import Opened, W

DOCUMENT, STYLES, NUMBERING = "word/document.xml", "word/styles.xml", "word/numbering.xml"
SETTINGS, THEME, FOOTER = "word/settings.xml", "word/theme/theme1.xml", "word/footer1.xml"
RELATED, TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def several(*forges: Forge) -> Forge:
    """One after the other, at the same place."""

    def forge(document: Opened, rng: random.Random) -> None:
        state = rng.getstate()
        for one in forges:
            rng.setstate(state)
            one(document, rng)

    return forge


def put(part: str, *changes: tuple[str, str], all_of_them: bool = False) -> Forge:
    """Words of a part are replaced, the first time or everywhere."""

    def forge(document: Opened, rng: random.Random) -> None:
        text = document.parts[part].decode()
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, -1 if all_of_them else 1)
        document.parts[part] = text.encode()

    return forge


def style(xml: str, kind: str = "paragraph", name: str = "Zz") -> Forge:
    """A style more."""
    return in_part(STYLES, "</w:styles>", f'<w:style w:type="{kind}" w:styleId="{name}">{xml}</w:style>')


def styled(own: str, xml: str) -> Forge:
    """A paragraph with a style of its own, which says something, and with what it says itself."""

    def forge(document: Opened, rng: random.Random) -> None:
        style(f'<w:basedOn w:val="Corpsdetexte"/>{xml}')(document, rng)
        root = document.root()
        bodies = [run for run in fixed_runs(root) if root.find(f"{W}body") is run.getparent().getparent()]  # type: ignore[union-attr]
        paragraph = next(rng.choice(bodies).iterancestors(f"{W}p"))
        for properties in paragraph.findall(f"{W}pPr"):
            paragraph.remove(properties)
        paragraph.insert(0, made(f'<w:pPr><w:pStyle w:val="Zz"/>{own}</w:pPr>'))
        document.put(root)

    return forge


def listed(
    levels: str, own: str = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="9"/></w:numPr>', more: str = ""
) -> Forge:
    """A paragraph in a list of its own."""
    definition = f'<w:abstractNum w:abstractNumId="9">{levels}</w:abstractNum>{more}'
    return several(
        in_part(NUMBERING, '<w:num w:numId="1">', definition),
        in_part(NUMBERING, "</w:numbering>", '<w:num w:numId="9"><w:abstractNumId w:val="9"/></w:num>'),
        paragraphs(own),
    )


def level(text: str, rank: int = 0, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{rank}"><w:numFmt w:val="none"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def web_settings(xml: str) -> Forge:
    def forge(document: Opened, rng: random.Random) -> None:
        document.parts["word/webSettings.xml"] = f"<w:webSettings {NAMESPACES}>{xml}</w:webSettings>".encode()
        kind = f'Type="{_OFFICE}/webSettings"'
        in_part(RELATED, "</Relationships>", f'<Relationship Id="rW" {kind} Target="webSettings.xml"/>')(document, rng)
        content = "application/vnd.openxmlformats-officedocument.wordprocessingml.webSettings+xml"
        override = f'<Override PartName="/word/webSettings.xml" ContentType="{content}"/>'
        in_part(TYPES, "</Types>", override)(document, rng)

    return forge


def table_style(xml: str) -> Forge:
    """The style of the table of signatures says something more."""
    return put(STYLES, ('<w:tblPr><w:tblCellMar><w:left w:w="14"', f'{xml}<w:tblPr><w:tblCellMar><w:left w:w="14"'))


def empty_paragraph(properties: str) -> Forge:
    return in_part(DOCUMENT, "<w:p><w:pPr><w:pStyle", f"<w:p><w:pPr>{properties}</w:pPr></w:p>")


def blank(look: str, text: str = " ") -> Forge:
    return after(f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>')


def form_field(kind: str) -> Forge:
    data = f'<w:ffData><w:name w:val="T"/><w:enabled/><w:textInput><w:type w:val="{kind}"/></w:textInput></w:ffData>'
    begin, middle, end = (
        f'<w:r><w:fldChar w:fldCharType="{mark}">{inside}</w:fldChar></w:r>'
        for mark, inside in (("begin", data), ("separate", ""), ("end", ""))
    )
    code, result = "<w:r><w:instrText> FORMTEXT </w:instrText></w:r>", "<w:r><w:t>50</w:t></w:r>"
    return put(DOCUMENT, ("de 50 euros", f"de </w:t></w:r>{begin}{code}{middle}{result}{end}<w:r><w:t> euros"))


def wrapped(part: str, root: str, old: str, xml: str) -> Forge:
    """Something in an element of another program, whose content Word is told to read all the same (29500-3, 9.3)."""
    spaces = f'{NAMESPACES} xmlns:z="urn:z" mc:Ignorable="z" mc:ProcessContent="z:z"'
    spaces = " ".join(one for one in spaces.split() if not one.startswith("xmlns:w="))
    return several(put(part, (f"<{root} ", f"<{root} {spaces} ")), in_part(part, old, f"<z:z>{xml}</z:z>"))


W14 = f"<w14:textFill {NAMESPACES}><w14:noFill/></w14:textFill>"
WAYS: dict[str, Forge] = {
    "no fill, by a style": by_style(W14),
    "no fill, by default": in_part(STYLES, '<w:rFonts w:asciiTheme="minorHAnsi" w:eastAsia', W14),
    "headings folded up by their style": put(
        STYLES, ('<w:outlineLvl w:val="0"/>', f'<w15:collapsed {NAMESPACES}/><w:outlineLvl w:val="0"/>')
    ),
    "an indent of two layers": styled('<w:ind w:firstLine="0"/>', '<w:pPr><w:ind w:left="-12000"/></w:pPr>'),
    "a spacing of two layers": styled(
        '<w:spacing w:after="0"/>', '<w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>'
    ),
    "fonts of two layers": several(
        style('<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>', "character"),
        looks('<w:rStyle w:val="Zz"/><w:rFonts w:eastAsia="Arial"/>'),
    ),
    "borders of two layers": styled(
        '<w:pBdr><w:top w:val="nil"/></w:pBdr>',
        '<w:pPr><w:pBdr><w:bottom w:val="single" w:sz="96" w:space="0"/></w:pBdr></w:pPr>',
    ),
    "a style that is not there": several(
        put(STYLES, ("<w:widowControl/>", "<w:keepNext/>")),
        in_part(STYLES, '<w:style w:type="paragraph" w:styleId="Titre">', ""),
        put(
            STYLES,
            (
                'w:lineRule="auto"/></w:pPr></w:style>',
                'w:lineRule="auto"/></w:pPr><w:rPr><w:vanish/></w:rPr></w:style>',
            ),
        ),
        put(
            STYLES,
            (
                'w:styleId="Corpsdetexte"><w:name w:val="Body Text"/><w:basedOn w:val="Normal"/>',
                'w:styleId="Corpsdetexte"><w:name w:val="Body Text"/>',
            ),
        ),
    ),
    "two sets of properties in a style": style("<w:rPr/><w:rPr><w:vanish/></w:rPr>", "character"),
    "two sets of properties in a run": put(
        DOCUMENT, ('<w:r><w:t xml:space="preserve">Entre :', "<w:r><w:rPr/><w:rPr><w:vanish/></w:rPr><w:t>Entre :")
    ),
    "two indents": put(
        DOCUMENT,
        (
            '<w:pStyle w:val="Corpsdetexte"/>',
            '<w:pStyle w:val="Corpsdetexte"/><w:ind w:left="-12000"/><w:ind w:right="0"/>',
        ),
    ),
    "two defaults": in_part(
        STYLES,
        "<w:latentStyles",
        "<w:docDefaults><w:rPrDefault><w:rPr><w:vanish/></w:rPr></w:rPrDefault></w:docDefaults>",
    ),
    "in another program's element": wrapped(STYLES, "w:styles", "<w:style ", "<w:docDefaults/>"),
    "a setting in another program's element": wrapped(SETTINGS, "w:settings", "<w:zoom", "<w:displayBackgroundShape/>"),
    "a colour that is none": looks('<w:color w:val="FFF"/>'),
    "the end of a paragraph hidden by a style": several(
        style("<w:rPr><w:vanish/></w:rPr>", "character"), paragraphs('<w:rPr><w:rStyle w:val="Zz"/></w:rPr>')
    ),
    "an attribute without its namespace": of_tables("tcPr", '<w:vMerge val="restart"/>'),
    "cut by its line": several(
        paragraphs('<w:spacing w:line="200" w:lineRule="exact"/>'), looks('<w:sz w:val="120"/>')
    ),
    "small and higher": looks('<w:sz w:val="14"/><w:position w:val="6"/>'),
    "far below, in lines": paragraphs('<w:spacing w:beforeLines="100000"/>'),
    "an indent of a list": put(NUMBERING, ('w:left="482"', 'w:left="-12000"')),
    "words of a list by its style": several(
        listed(level("") + level("Sauf accord : ", 3, '<w:pStyle w:val="Zz"/>'), ""),
        styled("", '<w:pPr><w:numPr><w:numId w:val="9"/></w:numPr></w:pPr>'),
    ),
    "words of a list by a style of lists": several(
        listed(
            '<w:numStyleLink w:val="Zl"/>', more=f'<w:abstractNum w:abstractNumId="8">{level("Sauf ")}</w:abstractNum>'
        ),
        in_part(NUMBERING, "</w:numbering>", '<w:num w:numId="8"><w:abstractNumId w:val="8"/></w:num>'),
        style('<w:pPr><w:numPr><w:numId w:val="8"/></w:numPr></w:pPr>', "numbering", "Zl"),
    ),
    "two lists of one number": in_part(
        NUMBERING, "</w:numbering>", '<w:num w:numId="1"><w:abstractNumId w:val="9"/></w:num>'
    ),
    "bullets as high as the page": put(NUMBERING, ('<w:color w:val="1F3864"/>', '<w:sz w:val="1638"/>')),
    "white bullets": put(NUMBERING, ('<w:color w:val="1F3864"/>', '<w:color w:val="FFFFFF"/>')),
    "tables hidden by their whole": table_style(
        '<w:tblStylePr w:type="wholeTable"><w:rPr><w:vanish/></w:rPr></w:tblStylePr>'
    ),
    "tables off the page by their style": table_style('<w:tblPr><w:tblInd w:w="-20000" w:type="dxa"/></w:tblPr>'),
    "rows hidden by their style": table_style("<w:trPr><w:hidden/></w:trPr>"),
    "cells crossed by their style": table_style(
        '<w:tcPr><w:tcBorders><w:tl2br w:val="single"/></w:tcBorders></w:tcPr>'
    ),
    "a table wider than the page": of_tables("tblPr", '<w:tblW w:w="60000" w:type="dxa"/>'),
    "cells pushed by the grid": of_tables("trPr", '<w:gridBefore w:val="3"/>'),
    "margins that fill a cell": of_tables(
        "tcPr",
        '<w:tcW w:w="2975" w:type="dxa"/><w:tcMar><w:left w:w="1480" w:type="dxa"/>'
        '<w:right w:w="1480" w:type="dxa"/></w:tcMar>',
    ),
    "a blank that pulls": blank('<w:spacing w:val="-2000"/>'),
    "a blank as high as the page": blank('<w:sz w:val="3276"/>'),
    "a line over a blank": blank('<w:u w:val="thick"/><w:position w:val="60"/>', " " * 12),
    "a struck blank": blank("<w:dstrike/>", " " * 12),
    "a blank drawn as a line": put(DOCUMENT, ("au moins 3 mois", "au moins \u16803 mois")),
    "a hyphen before a number": put(DOCUMENT, ("de 50 euros", "de \u00ad50 euros")),
    "an empty frame over the text": empty_paragraph(
        '<w:framePr w:w="9000" w:h="2000" w:hRule="exact" w:x="1400" w:y="3000"/><w:shd w:val="clear" w:fill="FFFFFF"/>'
    ),
    "lines down the text": paragraphs('<w:tabs><w:tab w:val="bar" w:pos="500"/></w:tabs>'),
    "a tab off the page": paragraphs('<w:tabs><w:tab w:val="left" w:pos="20000"/></w:tabs>'),
    "the line above notes": after("<w:r><w:separator/></w:r>"),
    "the number of a note": after("<w:r><w:footnoteRef/></w:r>"),
    "a number of pages with words": put(FOOTER, (" PAGE ", " PAGE \\# &quot;0' sauf accord'&quot; ")),
    "numbers of pages exchanged": put(FOOTER, (" PAGE ", " X "), (" NUMPAGES ", " PAGE "), (" X ", " NUMPAGES ")),
    "a form field that works out": form_field("calculated"),
    "a form field that shows the day": form_field("currentDate"),
    "columns beyond the page": of_section('<w:cols w:equalWidth="0"><w:col w:w="30000"/></w:cols>'),
    "two columns by their widths": of_section(
        '<w:cols w:equalWidth="0"><w:col w:w="4000"/><w:col w:w="4000"/></w:cols>'
    ),
    "lines far apart": of_section('<w:docGrid w:type="lines" w:linePitch="14000"/>'),
    "pages numbered by chapters": of_section('<w:pgNumType w:chapStyle="1"/>'),
    "black that is white": several(
        put(THEME, ('<a:sysClr val="windowText" lastClr="000000"/>', '<a:sysClr val="window" lastClr="000000"/>')),
        looks('<w:color w:val="000000" w:themeColor="text1"/>'),
    ),
    "black made white": put(
        THEME, ('<a:srgbClr val="2F5496"/>', '<a:srgbClr val="2F5496"><a:lumOff val="100000"/></a:srgbClr>')
    ),
    "a colour exchanged": put(SETTINGS, ('w:accent1="accent1"', 'w:accent1="light1"')),
    "a font of another script": several(
        put(THEME, ('<a:ea typeface=""/>', '<a:ea typeface="Wingdings"/>'), all_of_them=True),
        looks('<w:rFonts w:asciiTheme="minorEastAsia" w:hAnsiTheme="minorEastAsia"/>'),
    ),
    "two fonts of the theme": put(THEME, ("<a:minorFont>", '<a:minorFont><a:latin typeface="Symbol"/>')),
    "settings of no list": in_part(SETTINGS, "<w:defaultTabStop", "<w:bookFoldPrinting/>"),
    "older layout": in_part(SETTINGS, "<w:compatSetting", "<w:printColBlack/>"),
    "frames of the Web": web_settings("<w:frameset/>"),
    "margins of the Web": web_settings('<w:divs><w:div w:id="5"><w:marLeft w:val="-9000"/></w:div></w:divs>'),
    "lists by a relationship of nobody": put(RELATED, (f"{_OFFICE}/numbering", "http://example.org/numbering")),
}
SOUND: dict[str, Forge] = {
    "a style that sets": styled('<w:ind w:firstLine="200"/>', '<w:pPr><w:ind w:left="400"/></w:pPr>'),
    "tabs of two layers": styled(
        '<w:tabs><w:tab w:val="clear" w:pos="400"/></w:tabs>',
        '<w:pPr><w:tabs><w:tab w:val="left" w:pos="400"/></w:tabs></w:pPr>',
    ),
    "fonts by names and theme": looks(
        '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsiaTheme="minorEastAsia"/>'
    ),
    "a style of paragraphs for a word": looks('<w:rStyle w:val="Titre"/>'),
    "a style that nobody has": looks('<w:rStyle w:val="Absent"/>'),
    "said twice alike": looks('<w:b w:val="0"/><w:b w:val="0"/>'),
    "coloured automatically": looks('<w:color w:val="auto"/>'),
    "ligatures": looks('<w14:ligatures w14:val="standardContextual"/><w:kern w:val="2"/>'),
    "the end of a paragraph, bold and white": paragraphs('<w:rPr><w:b/><w:color w:val="FFFFFF"/></w:rPr>'),
    "empty paragraphs": empty_paragraph('<w:spacing w:line="20" w:lineRule="exact"/>'),
    "an empty paragraph far to the right": empty_paragraph('<w:ind w:left="9000"/>'),
    "hidden blanks": blank("<w:vanish/>"),
    "a blank in a font of symbols": blank('<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'),
    "a soft hyphen in a word": put(DOCUMENT, ("Accusé de Réception", "Accusé de Récep\u00adtion")),
    "an optional hyphen": after("<w:r><w:softHyphen/></w:r>"),
    "tables that say their parts": of_tables("tcPr", '<w:cnfStyle w:val="100000000000"/>'),
    "headed tables": of_tables("trPr", "<w:tblHeader/>"),
    "cells with margins": of_tables("tcPr", '<w:tcMar><w:left w:w="100" w:type="dxa"/></w:tcMar>'),
    "merged pages of the footer": put(
        FOOTER, (" PAGE ", " PAGE \\* MERGEFORMAT "), (" NUMPAGES ", " NUMPAGES \\* Arabic ")
    ),
    "fields to be renewed": put(FOOTER, ('w:instr=" PAGE "', 'w:dirty="true" w:instr=" PAGE "')),
    "a form field": form_field("regular"),
    "a grid of lines": of_section('<w:docGrid w:linePitch="360"/>'),
    "one column of its own": of_section('<w:cols w:equalWidth="0"><w:col w:w="9070"/></w:cols>'),
    "notes numbered as ever": of_section('<w:footnotePr><w:numFmt w:val="decimal"/></w:footnotePr>'),
    "settings of Word": in_part(
        SETTINGS,
        "<w:defaultTabStop",
        '<w:proofState w:spelling="clean"/><w:autoHyphenation/><w:trackRevisions w:val="0"/>',
    ),
    "settings of newer editions": in_part(
        SETTINGS,
        "<w:decimalSymbol",
        f'<w14:docId {NAMESPACES} w14:val="7E0F"/><w15:chartTrackingRefBased {NAMESPACES}/>',
    ),
    "settings of older documents": in_part(SETTINGS, "<w:compatSetting", "<w:useFELayout/><w:growAutofit/>"),
    "fields renewed when opened": in_part(SETTINGS, "<w:compat>", '<w:updateFields w:val="true"/>'),
    "settings for the Web": web_settings("<w:optimizeForBrowser/><w:allowPNG/>"),
    "passages of the Web": web_settings(
        '<w:divs><w:div w:id="5"><w:bodyDiv w:val="1"/><w:marLeft w:val="0"/>'
        '<w:divBdr><w:top w:val="none"/></w:divBdr></w:div></w:divs>'
    ),
    "dashes for bullets": put(NUMBERING, ('w:val="•"', 'w:val="–"')),
    "bullets of a font of symbols": put(
        NUMBERING,
        ('w:val="•"', 'w:val="\uf0b7"'),
        ('w:ascii="Calibri" w:hAnsi="Calibri"', 'w:ascii="Symbol" w:hAnsi="Symbol"'),
    ),
    "identifiers of Word": put(
        DOCUMENT, ("<w:p>", '<w:p w:rsidR="00A1B2C3" w:rsidRDefault="00D4E5F6">'), all_of_them=True
    ),
    "text as CDATA": put(DOCUMENT, ("Entre :", "<![CDATA[Entre :]]>")),
    "columns and pages as ever": of_section('<w:noEndnote/><w:formProt w:val="0"/><w:bidi w:val="0"/>'),
}


def statuses(folder: Path, ways: Mapping[str, Forge], template: str | None = None, base: bytes = b"") -> dict[str, str]:
    """What is said of a document altered in each of some ways."""
    names = {}
    for rank, (way, forge) in enumerate(ways.items()):
        document = Opened.of(base or copies_of(adherent_of(MADE), "keep")[rank % 3])
        forge(document, random.Random(way))
        names[document.saved(folder / f"{rank:03}.docx").name] = way
    report = verify([folder], VerifyOptions(template=template, jobs=1))
    return {names[document.path.name]: document.status for document in report.documents}


EACH = 8
"""Of the ways one of so many is tried in the fast tests."""


def some(ways: Mapping[str, Forge], *, whole: bool) -> dict[str, Forge]:
    return dict(ways) if whole else dict(list(ways.items())[::EACH])


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_nothing_drawn_otherwise_by_other_parts_is_intact(tmp_path: Path, *, whole: bool) -> None:
    found = statuses(tmp_path, ways := some(WAYS, whole=whole))
    assert found.keys() == ways.keys()
    assert {way for way, status in found.items() if status not in FOUND} == set()


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_what_word_writes_of_the_same_elements_is_intact(tmp_path: Path, *, whole: bool) -> None:
    found = statuses(tmp_path, ways := some(SOUND, whole=whole))
    assert found.keys() == ways.keys()
    assert {way: status for way, status in found.items() if status != "intact"} == {}


NOTES = "word/notes.xml"
_CALL = '<w:rStyle w:val="Appel"/></w:rPr><w:footnoteReference w:id="1"/>'
_RUN = f"<w:r><w:rPr>{_CALL}</w:r>"
OF_FORMS: dict[str, dict[str, Forge]] = {
    "listes": {
        "begun anew": put(
            DOCUMENT,
            (
                '<w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:rPr/><w:t xml:space="preserve">Cons',
                '<w:numId w:val="2"/></w:numPr></w:pPr><w:r><w:rPr/><w:t xml:space="preserve">Cons',
            ),
        ),
        "figures for letters": put(
            NUMBERING, ('<w:lvlText w:val="%1.%2.%3"/>', '<w:isLgl/><w:lvlText w:val="%1.%2.%3"/>')
        ),
        "without a blank": put(
            NUMBERING, ('<w:lvlText w:val="%1."/>', '<w:suff w:val="nothing"/><w:lvlText w:val="%1."/>')
        ),
        "struck numbers": put(
            NUMBERING,
            ('</w:pPr></w:lvl><w:lvl w:ilvl="1">', '</w:pPr><w:rPr><w:strike/></w:rPr></w:lvl><w:lvl w:ilvl="1">'),
        ),
        "a white number": put(
            DOCUMENT,
            (
                '<w:numId w:val="3"/></w:numPr>',
                '<w:numId w:val="3"/></w:numPr><w:rPr><w:color w:val="FFFFFF"/></w:rPr>',
            ),
        ),
        "a number more": put(
            DOCUMENT,
            (
                '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/>',
                '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr></w:pPr></w:p>'
                '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/>',
            ),
        ),
    },
    "notes": {
        "exchanged": put(
            DOCUMENT,
            ('Reference w:id="1"', 'Reference w:id="0"'),
            ('Reference w:id="3"', 'Reference w:id="1"'),
            ('Reference w:id="0"', 'Reference w:id="3"'),
        ),
        "called twice": put(DOCUMENT, ('footnoteReference w:id="3"', 'footnoteReference w:id="1"')),
        "a number beside a number": put(STYLES, ('<w:vertAlign w:val="superscript"/>', "")),
        "a hidden call": put(DOCUMENT, (_CALL, _CALL.replace("</w:rPr>", "<w:vanish/></w:rPr>"))),
        "without a number": put(
            DOCUMENT, ('<w:footnoteReference w:id="1"/>', '<w:footnoteReference w:id="1" w:customMarkFollows="1"/>')
        ),
        "called elsewhere": put(DOCUMENT, (_RUN, ""), ("est dû à </w:t></w:r>", f"est dû à </w:t></w:r>{_RUN}")),
        "never shown": put(NOTES, ('<w:footnote w:id="3">', '<w:footnote w:type="continuationNotice" w:id="3">')),
        "counted from seven": put(
            SETTINGS, ("</w:settings>", '<w:footnotePr><w:numStart w:val="7"/></w:footnotePr></w:settings>')
        ),
    },
    "marges": {
        "exchanged": put(DOCUMENT, ('r:id="hf"', 'r:id="x"'), ('r:id="hd"', 'r:id="hf"'), ('r:id="x"', 'r:id="hd"')),
        "exchanged, by their names": put(
            RELATED, ('"he.xml"', '"x.xml"'), ('"hd.xml"', '"he.xml"'), ('"x.xml"', '"hd.xml"')
        ),
    },
    "sections": {
        "exchanged": put(DOCUMENT, ('r:id="f1"', 'r:id="x"'), ('r:id="f2"', 'r:id="f1"'), ('r:id="x"', 'r:id="f2"')),
    },
    "rangee-sur-deux-pages": {
        "a cell in the row before": put(
            DOCUMENT,
            ("Délai</w:t></w:r></w:p></w:tc>", "Délai</w:t></w:r></w:p>"),
            (
                '<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr><w:p><w:pPr/><w:r><w:rPr/>'
                '<w:t xml:space="preserve">Quinze',
                "<w:p><w:r><w:t>Quinze",
            ),
        ),
        "a row of no height": put(DOCUMENT, ("<w:trPr/>", '<w:trPr><w:trHeight w:val="20" w:hRule="exact"/></w:trPr>')),
    },
    "zones-de-texte": {
        "on black": put(
            DOCUMENT, ("</a:prstGeom>", '</a:prstGeom><a:solidFill><a:srgbClr val="000000"/></a:solidFill>')
        ),
        "off the page": put(DOCUMENT, ("<wp:posOffset>100000<", "<wp:posOffset>-30000000<")),
        "over the text": put(DOCUMENT, ('<wp:wrapSquare wrapText="bothSides"/>', "<wp:wrapNone/>")),
        "another shape": put(DOCUMENT, ('prst="rect"', 'prst="mathMultiply"')),
        "upside down": put(DOCUMENT, ("<a:xfrm>", '<a:xfrm rot="10800000">')),
        "pushed out": put(DOCUMENT, ("<wps:bodyPr/>", '<wps:bodyPr lIns="9000000"/>')),
        "hidden": put(DOCUMENT, ('name="Zone"/>', 'name="Zone" hidden="1"/>')),
        "hatched": put(DOCUMENT, ("</a:prstGeom>", '</a:prstGeom><a:pattFill prst="dkDnDiag"/>')),
        "made small": put(DOCUMENT, ("<wps:bodyPr/>", '<wps:bodyPr><a:normAutofit fontScale="1000"/></wps:bodyPr>')),
        "a frame off the page": put(DOCUMENT, ('w:x="7500"', 'w:x="-9000"')),
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("form", OF_FORMS)
def test_nothing_of_a_form_is_drawn_otherwise(tmp_path: Path, form: str) -> None:
    """Lists, notes, margins, tables, boxes that the template itself has."""
    (tmp_path / "f.docx").write_bytes(FORMS[form]())
    adopt(tmp_path / "f.docx", tmp_path / "modele")
    report = fill(
        tmp_path / "modele" / "exemples" / "exemple.yaml", RunOptions(str(tmp_path / "modele"), tmp_path / "s")
    )
    (done,) = report.documents
    folder = tmp_path / "revenus"
    folder.mkdir()
    ways = {"as it is": put(DOCUMENT), **OF_FORMS[form]}
    found = statuses(folder, ways, str(tmp_path / "modele"), done.path.read_bytes())
    assert found.pop("as it is") == "intact"
    assert {way for way, status in found.items() if status not in FOUND} == set()
