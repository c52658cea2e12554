"""Automatic text on dark grounds, as LibreOffice prints it: white on a shading, black on a highlight."""

from __future__ import annotations

import pytest
from lxml import etree

from conventool.word.looks import Look, Looks

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
AUTO, BLACK, WHITE = (f'<w:color w:val="{colour}"/>' for colour in ("auto", "000000", "FFFFFF"))
STYLES = (
    f'<w:styles xmlns:w="{W}"><w:style w:type="table" w:styleId="Head"><w:tblStylePr w:type="firstRow"><w:tcPr>'
    '<w:shd w:val="clear" w:fill="000000"/></w:tcPr></w:tblStylePr></w:style></w:styles>'
)
THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:clrScheme>'
    '<a:dk1><a:srgbClr val="000000"/></a:dk1><a:lt1><a:srgbClr val="FFFFFF"/></a:lt1>'
    '<a:accent1><a:srgbClr val="1F3864"/></a:accent1></a:clrScheme></a:theme>'
)


def shaded(fill: str, pattern: str = "clear") -> str:
    return f'<w:shd w:val="{pattern}" w:color="auto" w:fill="{fill}"/>'


def paragraph(run: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>euros</w:t></w:r></w:p>"


def table(run: str, properties: str = "", cell: str = "") -> str:
    return (f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tr><w:tc><w:tcPr>{cell}</w:tcPr>{paragraph(run)}</w:tc></w:tr>"
            "</w:tbl>")  # fmt: skip


def look_of(body: str) -> Look:
    """Of the one run of a document."""
    root = etree.fromstring(f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    looks = Looks(etree.fromstring(STYLES), etree.fromstring(THEME))
    (run,) = root.iter(f"{{{W}}}r")
    (around,) = root.iter(f"{{{W}}}p")
    return looks.of(run, looks.around(around, {}))


ACCENT = '<w:shd w:val="clear" w:themeFill="accent1"/>'
PALE_ACCENT = '<w:shd w:val="clear" w:themeFill="accent1" w:themeFillTint="33"/>'
HEAD = '<w:tblStyle w:val="Head"/>'
READABLE = {
    "automatic on a dark paragraph": paragraph(AUTO, shaded("000000")),
    "nothing said on a dark paragraph": paragraph("", shaded("1F3864")),
    "automatic on its own dark shading": paragraph(AUTO + shaded("000000")),
    "automatic on red": paragraph(AUTO, shaded("C00000")),
    "automatic on a dark cell": table(AUTO, cell=shaded("000000")),
    "automatic in the dark head of a table's style": table(AUTO, HEAD),
    "automatic on a dark colour of the theme": paragraph(AUTO, ACCENT),
    "automatic on a pale tint of it": paragraph(AUTO, PALE_ACCENT),
    "automatic on solid black": paragraph(AUTO, '<w:shd w:val="solid" w:color="000000" w:fill="FFFFFF"/>'),
    "automatic on a yellow highlight": paragraph(AUTO + '<w:highlight w:val="yellow"/>'),
    "white on a dark highlight": paragraph(WHITE + '<w:highlight w:val="black"/>'),
    "black where nothing is shaded": paragraph(BLACK, shaded("000000", "nil")),
}
HIDDEN = {
    "black on a dark paragraph": paragraph(BLACK, shaded("000000")),
    "black on a dark cell": table(BLACK, cell=shaded("000000")),
    "black in the dark head of a table's style": table(BLACK, HEAD),
    "automatic on a black highlight": paragraph(AUTO + '<w:highlight w:val="black"/>'),
    "automatic on a dark blue highlight": paragraph('<w:highlight w:val="darkBlue"/>'),
    "black of the theme": paragraph('<w:color w:val="auto" w:themeColor="text1"/>', shaded("000000")),
    "white where nothing is shaded": paragraph(WHITE, shaded("000000", "nil")),
    "white in a head that its table does not ask for": table(WHITE, HEAD + '<w:tblLook w:firstRow="0"/>'),
    "the same, by its bits": table(WHITE, HEAD + '<w:tblLook w:val="0480"/>'),
}


@pytest.mark.parametrize("body", READABLE.values(), ids=READABLE)
def test_what_is_read(body: str) -> None:
    assert look_of(body) == Look()


@pytest.mark.parametrize("body", HIDDEN.values(), ids=HIDDEN)
def test_what_nobody_sees(body: str) -> None:
    assert look_of(body).hidden


def test_what_is_hardly_seen() -> None:
    """On a middle grey automatic text is black."""
    assert look_of(paragraph(AUTO, shaded("404040"))).drawn == ("à peine visible",)
