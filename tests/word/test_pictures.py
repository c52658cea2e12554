"""Pictures keep what they draw and lose what they name; what draws nothing else keeps its bytes."""

from __future__ import annotations

import struct
from base64 import b64encode

import pytest
from lxml import etree

from conventool.word.pictures import BLANK, harmless_picture

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
PIXEL = f"data:image/png;base64,{b64encode(BLANK).decode()}"
NAMED = (b"file:", b"http://x", b"x.png", b"x.svg", b"import", b"script", b"onload", b"foreign", b"\\72", b"base64")
HIDDEN = f"data:image/png;base64,{b64encode(SVG.format('<image href=%22file:///x%22/>').encode()).decode()}"


def svg(inside: str) -> bytes:
    return SVG.format(inside).encode()


@pytest.mark.parametrize("data", [
    BLANK, b"\xff\xd8\xff\xe0JFIF", b"GIF89a....", b"BM......", b"II*\0....", b"MM\0*....",
    svg('<rect width="9" height="9" fill="url(#g)"/>'),
    svg('<use xlink:href="#g"/><a href="#x"><text>Mairie</text></a>'),
    svg(f'<image href="{PIXEL}"/>'),
    svg('<style>rect { fill: red } .a { fill: url(#g) }</style><rect class="a"/>'),
])  # fmt: skip
def test_what_names_nothing_else_keeps_its_bytes(data: bytes) -> None:
    assert harmless_picture(data) == (data, "")


@pytest.mark.parametrize("inside", [
    '<image href="file:///x.png"/>', '<image xlink:href="http://x/a.png"/>', '<image href="x.png"/>',
    '<image href=" file:///x.png"/>', '<image href="\\\\serveur\\x.png"/>', f'<image href="{HIDDEN}"/>',
    '<image href="data:image/svg+xml,&lt;svg/&gt;"/>', '<use href="file:///x.svg#g"/>',
    '<rect style="fill:url(file:///x.svg#g)"/>', '<rect fill="url( \'http://x#g\' )"/>',
    "<rect style='fill:u\\72l(x)'/>",
    '<style>@import "http://x/a.css";</style>', '<style>rect { fill: url(x.svg#g) }</style>',
    '<script>1</script>', '<rect onload="1"/>', '<foreignObject><p/></foreignObject>', '<g xml:base="file:///"/>',
    '<feImage xlink:href="file:///x.png"/>', '<?xml-stylesheet href="file:///x.css"?>',
])  # fmt: skip
def test_an_svg_loses_what_it_names(inside: str) -> None:
    data, lost = harmless_picture(svg(f'<rect id="own"/>{inside}'))
    assert lost
    root = etree.fromstring(data)
    assert root.find("{*}rect").get("id") == "own"  # type: ignore[union-attr]
    for sign in (
        b"file:",
        b"http://x",
        b"x.png",
        b"x.svg",
        b"import",
        b"script",
        b"onload",
        b"foreign",
        b"\\72",
        b"base64",
    ):
        assert sign not in data


@pytest.mark.parametrize("data", [
    b"", b"%!PS-Adobe-3.0 EPSF-3.0", b"\xc5\xd0\xd3\xc6", b"%PDF-1.4", b"\x1f\x8b\x08svgz",
    b"<html><img src='x'/></html>",
    b'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&e;</svg>',
    b"<svg", b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0", b"\1\0\0\0" + bytes(36) + b" EMF",
])  # fmt: skip
def test_any_other_format_is_a_white_pixel(data: bytes) -> None:
    picture, lost = harmless_picture(data)
    assert picture == BLANK
    assert lost


def emf(*comments: bytes) -> bytes:
    """A metafile with a rectangle and these comments."""
    records = [struct.pack("<III", 70, 12 + len(comment), len(comment)) + comment for comment in comments]
    records += [struct.pack("<II4i", 43, 24, 0, 0, 9, 9), struct.pack("<IIIII", 14, 20, 0, 16, 20)]
    size = 108 + sum(map(len, records))
    header = (
        struct.pack("<II4i4i", 1, 108, 0, 0, 9, 9, 0, 0, 99, 99)
        + b" EMF"
        + struct.pack("<III", 0x10000, size, len(records) + 1)
    )
    return header.ljust(108, b"\0") + b"".join(records)


def test_the_comments_of_an_emf_stay_where_they_only_draw() -> None:
    drawing = b"EMF+" + struct.pack("<HHII", 0x4001, 0, 12, 0)
    assert harmless_picture(emf(drawing)) == (emf(drawing), "")


@pytest.mark.parametrize("comment", [
    b"EMF+" + struct.pack("<HHII", 0x4008, 0x0500, 28, 16) + b"<svg/>..........",
    b"EMF+" + struct.pack("<HHII", 0x4008, 0x8500, 28, 16) + b"<sv.............",
    b"GDIC\x05\0\0\x40" + b"%!PS....",
    b"EPSF....",
])  # fmt: skip
def test_an_emf_loses_comments_that_may_hold_another_format(comment: bytes) -> None:
    """Also where that is cut over several of them. The rectangle is still drawn, the header tells what is there."""
    data, lost = harmless_picture(emf(comment))
    assert lost
    assert data == emf()


def test_a_wmf_loses_the_emf_that_it_hides() -> None:
    def wmf(*records: bytes) -> bytes:
        body = b"".join((*records, struct.pack("<IH", 3, 0)))
        return struct.pack("<HHHIHIH", 1, 9, 0x300, (18 + len(body)) // 2, 0, 9, 0) + body

    line = struct.pack("<IHHH", 5, 0x0213, 9, 9)
    hidden = struct.pack("<IHHH", 9, 0x0626, 15, 8) + b"WMFC...."
    plain = struct.pack("<IHHH", 7, 0x0626, 1, 4) + b"...."
    assert harmless_picture(wmf(line, plain)) == (wmf(line, plain), "")
    assert harmless_picture(wmf(line, hidden, plain))[0] == wmf(line, plain)
