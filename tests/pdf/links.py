"""Word documents that point outside of themselves, one for each way that the format has."""

from __future__ import annotations

import gzip
import struct
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

from .conftest import OFFICE_RELS, PACKAGE_RELS, make_docx, paragraph

NAMESPACES = (
    f'xmlns:r="{OFFICE_RELS}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63f80f00010101001b"
    "b6ee560000000049454e44ae426082"
)
SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="300" height="200"'


class Rel(NamedTuple):
    """A relationship of the main part."""

    kind: str
    target: str
    external: bool = False


def document(body: str, rels: dict[str, Rel] | None = None, parts: dict[str, bytes] | None = None) -> bytes:
    """A Word document with ``body``, the main part's relationships and more parts."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(make_docx(""))) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name).decode("utf-8")
            if name == "word/document.xml":
                data = data.replace("<w:document ", f"<w:document {NAMESPACES} ")
                data = data.replace("<w:body></w:body>", f"<w:body>{paragraph('Texte propre.')}{body}</w:body>")
            elif name == "word/_rels/document.xml.rels":
                more = "".join(
                    f'<Relationship Id="{id_}" Type="{OFFICE_RELS}/{rel.kind}" Target="{rel.target}"'
                    f"{' TargetMode=' + chr(34) + 'External' + chr(34) if rel.external else ''}/>"
                    for id_, rel in (rels or {}).items()
                )
                data = data.replace("</Relationships>", f"{more}</Relationships>")
            elif name == "[Content_Types].xml":
                kinds = {"png": "image/png", "svg": "image/svg+xml", "emf": "image/x-emf", "html": "text/html",
                         "docx": "application/octet-stream", "bin": "application/octet-stream"}  # fmt: skip
                more = "".join(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in kinds.items())
                word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
                for part in ("header", "settings", "footnotes", "numbering", "webSettings"):
                    more += f'<Override PartName="/word/{part}.xml" ContentType="{word}.{part}+xml"/>'
                data = data.replace("</Types>", f"{more}</Types>")
            new.writestr(name, data)
        for name, content in (parts or {}).items():
            new.writestr(name, content)
    return out.getvalue()


def picture(attributes: str, inside: str = "") -> str:
    """A drawing with a picture, its ``a:blip`` with these attributes."""
    return (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="2857500" cy="1905000"/><wp:docPr id="1" name="i"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="i"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f"<a:blip {attributes}>{inside}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        '<a:off x="0" y="0"/><a:ext cx="2857500" cy="1905000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        "</pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def svg(inside: str) -> bytes:
    return f"<svg {SVG}><rect width='10' height='10' fill='blue'/>{inside}</svg>".encode()


def embedded(data: bytes, name: str = "image.svg") -> bytes:
    return document(picture('r:embed="rId9"'), {"rId9": Rel("image", f"media/{name}")}, {f"word/media/{name}": data})


def field(code: str, result: str = "résultat") -> str:
    half = len(code) // 2
    runs = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code[:half]}</w:instrText></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code[half:]} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return f"<w:p>{runs}</w:p>"


def emf_with_comment(data: bytes) -> bytes:
    """An EMF whose comment holds a picture of another format, as EMF+ does."""
    kept = b"EMF+" + struct.pack("<HHII", 0x4008, 0x0500, len(data) + 16, len(data) + 4) + struct.pack("<I", 1) + data
    kept += b"\0" * (-len(kept) % 4)
    comment = struct.pack("<III", 70, len(kept) + 12, len(kept)) + kept
    end = struct.pack("<IIIII", 14, 20, 0, 16, 20)
    header = struct.pack("<II4i4i", 1, 108, 0, 0, 100, 100, 0, 0, 2000, 2000) + b" EMF"
    header += struct.pack("<IIIHHIIIiiii", 0x10000, 108 + len(comment) + len(end), 3, 1, 0, 0, 0, 0, 800, 600, 300, 200)
    return header.ljust(108, b"\0") + comment + end


def documents_that_point_out(base: str) -> Iterator[tuple[str, bytes]]:
    """Documents by the kind of link, each to ``base/canari.…``: a ``file:`` or ``http:`` address."""
    png, other_svg, text = f"{base}/canari.png", f"{base}/canari.svg", f"{base}/canari.txt"
    linked = Rel("image", png, external=True)
    yield "blip-link", document(picture('r:link="rId9"'), {"rId9": linked})
    yield "blip-link-internal-mode", document(picture('r:embed="rId9"'), {"rId9": Rel("image", png)})
    yield "blip-link-and-twin", document(
        picture('r:embed="rId8" r:link="rId9"'), {"rId8": Rel("image", "media/a.png"), "rId9": linked},
        {"word/media/a.png": PIXEL},
    )  # fmt: skip
    image = f'<image width="300" height="200" href="{png}"/>'
    old_image = f'<image width="300" height="200" xlink:href="{png}"/>'
    yield "svg-image", embedded(svg(image))
    yield "svg-image-xlink", embedded(svg(old_image))
    yield "svg-named-png", embedded(svg(old_image), "image.png")
    yield "svg-use", embedded(svg(f'<use xlink:href="{other_svg}#g"/>'))
    yield "svg-style", embedded(svg(f'<rect width="300" height="200" style="fill:url({other_svg}#g)"/>'))
    yield "svg-import", embedded(svg(f'<style>@import url("{base}/canari.css");</style>'))
    yield "svg-filter", embedded(svg(f'<filter id="f"><feImage xlink:href="{png}"/></filter>'
                                     '<rect width="300" height="200" filter="url(#f)"/>'))  # fmt: skip
    nested = b64encode(svg(old_image)).decode()
    for kind in ("svg+xml", "png"):
        yield (
            f"svg-in-svg-as-{kind}",
            embedded(svg(f'<image width="300" height="200" xlink:href="data:image/{kind};base64,{nested}"/>')),
        )
    yield "svgz", embedded(gzip.compress(svg(old_image)), "image.svgz")
    yield "svg-with-twin", document(
        picture('r:embed="rId8"', '<a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">'
                                  '<asvg:svgBlip r:embed="rId9"/></a:ext></a:extLst>'),
        {"rId8": Rel("image", "media/a.png"), "rId9": Rel("image", "media/b.svg")},
        {"word/media/a.png": PIXEL, "word/media/b.svg": svg(old_image)},
    )  # fmt: skip
    yield "emf-comment", embedded(emf_with_comment(svg(old_image)), "image.emf")
    shape = '<w:p><w:r><w:pict><v:shape style="width:300pt;height:200pt">{}</v:shape></w:pict></w:r></w:p>'
    yield "vml-src", document(shape.format(f'<v:imagedata src="{png}"/>'))
    yield "vml-href", document(shape.format(f'<v:imagedata o:href="{png}"/>'))
    yield "vml-relationship", document(shape.format('<v:imagedata r:id="rId9"/>'), {"rId9": linked})
    yield "vml-office-relationship", document(shape.format('<v:imagedata o:relid="rId9"/>'), {"rId9": linked})
    yield "vml-fill", document(shape.format('<v:fill r:id="rId9" type="frame"/>'), {"rId9": linked})
    yield "includepicture", document(field(f'INCLUDEPICTURE "{png}" \\d'))
    yield "includetext", document(field(f'INCLUDETEXT "{text}"'))
    yield (
        "include-in-simple-field",
        document(
            f'<w:p><w:fldSimple w:instr=" INCLUDETEXT &quot;{text}&quot; "><w:r><w:t>x</w:t></w:r></w:fldSimple></w:p>'
        ),
    )
    yield "link-field", document(field(f'LINK Word.Document.12 "{base}/canari.docx" "" \\a \\t'))
    yield "link-to-a-file", document(field(f'HYPERLINK "{text}"'))
    yield "ddeauto", document(field(f'DDEAUTO soffice "{text}" all'))
    yield "html-chunk", document(
        '<w:altChunk r:id="rId9"/>', {"rId9": Rel("aFChunk", "chunk.html")},
        {"word/chunk.html": f'<html><body><img src="{png}"><p>HTML</p></body></html>'.encode()},
    )  # fmt: skip
    yield "document-chunk", document(
        '<w:altChunk r:id="rId9"/>', {"rId9": Rel("aFChunk", "chunk.docx")},
        {"word/chunk.docx": embedded(svg(old_image))},
    )  # fmt: skip
    yield "outside-chunk", document('<w:altChunk r:id="rId9"/>', {"rId9": Rel("aFChunk", f"{base}/canari.docx", True)})
    yield (
        "sub-document",
        document('<w:subDoc r:id="rId9"/>', {"rId9": Rel("subDocument", f"{base}/canari.docx", external=True)}),
    )
    ole = (
        '<w:p><w:r><w:object><v:shape id="s" style="width:300pt;height:200pt"><v:imagedata r:id="rId8"/></v:shape>{}'
        "</w:object></w:r></w:p>"
    )
    link = '<o:OLEObject Type="Link" ProgID="Word.Document.12" ShapeID="s" ObjectID="_1" r:id="rId9"/>'
    yield (
        "linked-object",
        document(
            ole.format(link),
            {"rId8": Rel("image", "media/a.png"), "rId9": Rel("oleObject", f"{base}/canari.docx", external=True)},
            {"word/media/a.png": PIXEL},
        ),
    )
    yield (
        "embedded-object",
        document(
            ole.format('<o:OLEObject Type="Embed" ProgID="Word.Document.12" ShapeID="s" ObjectID="_1" r:id="rId9"/>'),
            {"rId8": Rel("image", "media/a.png"), "rId9": Rel("package", "embeddings/a.docx")},
            {"word/media/a.png": PIXEL, "word/embeddings/a.docx": embedded(svg(old_image))},
        ),
    )
    yield from _through_other_parts(base, linked, old_image)
    yield from _under_another_name(base, png, text)


def _rels(target: str, kind: str = "image") -> bytes:
    return (
        f'<Relationships xmlns="{PACKAGE_RELS}"><Relationship Id="rId9" Type="{OFFICE_RELS}/{kind}" '
        f'Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()


def _through_other_parts(base: str, linked: Rel, image: str) -> Iterator[tuple[str, bytes]]:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    header = picture('r:link="rId9"')
    yield "header", document(
        '<w:sectPr><w:headerReference r:id="rId8" w:type="default"/></w:sectPr>', {"rId8": Rel("header", "header.xml")},
        {"word/header.xml": f"<w:hdr {w} {NAMESPACES}>{header}</w:hdr>".encode(),
         "word/_rels/header.xml.rels": _rels(linked.target)},
    )  # fmt: skip
    yield "template", document(
        "", {"rId8": Rel("settings", "settings.xml")},
        {"word/settings.xml": f'<w:settings {w} {NAMESPACES}><w:attachedTemplate r:id="rId9"/></w:settings>'.encode(),
         "word/_rels/settings.xml.rels": _rels(f"{base}/canari.dotx", "attachedTemplate")},
    )  # fmt: skip
    yield "mail-merge", document(
        "", {"rId8": Rel("settings", "settings.xml")},
        {"word/settings.xml": f'<w:settings {w} {NAMESPACES}><w:mailMerge><w:mainDocumentType w:val="formLetters"/>'
         f'<w:dataType w:val="textFile"/><w:query w:val="SELECT * FROM {base}/canari.txt"/><w:dataSource r:id="rId9"/>'
         "</w:mailMerge></w:settings>".encode(),
         "word/_rels/settings.xml.rels": _rels(f"{base}/canari.txt", "mailMergeSource")},
    )  # fmt: skip
    yield "frames", document(
        "", {"rId8": Rel("webSettings", "webSettings.xml")},
        {"word/webSettings.xml": f'<w:webSettings {w} {NAMESPACES}><w:frameset><w:frame><w:sourceFileName r:id="rId9"/>'
         "</w:frame></w:frameset></w:webSettings>".encode(),
         "word/_rels/webSettings.xml.rels": _rels(f"{base}/canari.html", "frame")},
    )  # fmt: skip
    yield "bullet", document(
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>',
        {"rId8": Rel("numbering", "numbering.xml")},
        {"word/numbering.xml": f'<w:numbering {w} {NAMESPACES}><w:numPicBullet w:numPicBulletId="0"><w:pict>'
         '<v:shape style="width:99pt;height:99pt"><v:imagedata r:id="rId9"/></v:shape></w:pict></w:numPicBullet>'
         '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="x"/>'
         '<w:lvlPicBulletId w:val="0"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
         "</w:numbering>".encode(), "word/_rels/numbering.xml.rels": _rels(linked.target)},
    )  # fmt: skip
    yield (
        "text-link",
        document(
            '<w:p><w:hyperlink r:id="rId9"><w:r><w:t>lien</w:t></w:r></w:hyperlink></w:p>',
            {"rId9": Rel("hyperlink", f"{base}/canari.txt", external=True)},
        ),
    )


def _under_another_name(base: str, png: str, text: str) -> Iterator[tuple[str, bytes]]:
    """Fields that are read as INCLUDEPICTURE or INCLUDETEXT though no element says so, and links behind switches."""
    reads = f'INCLUDEPICTURE "{png}"'
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    result = '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>résultat</w:t></w:r>'

    def code(words: str) -> str:
        return f'<w:r><w:instrText xml:space="preserve">{words}</w:instrText></w:r>'

    compatibility = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:x="urn:x"'
    box = f'<w:r><w:pict><v:shape style="width:9pt;height:9pt"><v:textbox><w:txbxContent><w:p>{end}</w:p>'
    box += "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    hidden = {
        "a text in the code": f"<w:r><w:t>INCLUDE</w:t></w:r>{code(f'PICTURE {reads[15:]}')}",
        "a text before the code": f"<w:r><w:t>{reads} </w:t></w:r>{code('PAGE')}",
        "a symbol": f'<w:r><w:sym w:char="0049" w:font="Arial"/></w:r>{code(reads[1:])}',
        "a comment": code(f"IN<!-- -->{reads[2:]}"),
        "an instruction": code(f"IN<?x y?>{reads[2:]}"),
        "a choice": f'<w:r><mc:AlternateContent {compatibility}><mc:Choice Requires="x"><w:instrText>PAGE '
        "</w:instrText>"
        f"</mc:Choice><mc:Fallback><w:instrText>{reads}</w:instrText></mc:Fallback></mc:AlternateContent></w:r>",
        "an end in a box": f"{code('IN')}{box}{code(reads[2:])}",
        "a backslash": code("\\" + reads),
        "quotes": code(reads.replace("INCLUDEPICTURE", '"INCLUDEPICTURE"')),
    }
    for name, inside in hidden.items():
        yield f"hidden by {name}", document(f"<w:p>{begin}{inside}{result}{end}</w:p>")
    for name, instruction in {
        "a backslash": f"\\{reads}",
        "quotes": f'"INCLUDETEXT" "{text}"',
        "a tip": f'HYPERLINK \\o "bulle" "{text}"',
    }.items():
        escaped = instruction.replace('"', "&quot;")
        simple = f'<w:fldSimple w:instr="{escaped}"><w:r><w:t>x</w:t></w:r></w:fldSimple>'
        yield f"simple, hidden by {name}", document(f"<w:p>{simple}</w:p>")
    yield "link behind a tip", document(field(f'HYPERLINK \\o "bulle" "{text}"'))
    yield "link behind an anchor", document(field(f'HYPERLINK \\l "signet" "{text}"'))
    drawn = f'<w:p><w:r><w:pict><v:shape href="{text}" style="width:9pt;height:9pt"/></w:pict></w:r></w:p>'
    yield "link of a shape", document(drawn)
    moved = f'<image width="9" height="9"><set attributeName="href" to="{png}"/></image>'
    yield "svg-set", embedded(svg(moved))
    yield "svg-foreign", embedded(svg(f'<foreignObject><iframe src="{base}/canari.html"/></foreignObject>'))
    yield "svg-base", embedded(svg(f'<g xml:base="{base}/canari/"><use xlink:href="#a"/></g>'))
    control = '<w:p><w:r><w:object><w:control r:id="rId9" w:name="c" w:shapeid="s"/></w:object></w:r></w:p>'
    yield "activex", document(control, {"rId9": Rel("control", f"{base}/canari.bin", external=True)})
    rtf = f"{{\\rtf1{{\\field{{\\*\\fldinst {reads}}}{{\\fldrslt x}}}}}}".encode()
    chunk = {"rId9": Rel("aFChunk", "chunk.rtf")}
    yield "rtf-chunk", document('<w:altChunk r:id="rId9"/>', chunk, {"word/chunk.rtf": rtf})
    font = '<w:font w:name="Canaille"><w:embedRegular r:id="rId9"/></w:font>'
    fonts = f'<w:fonts xmlns:w="{WORD}" {NAMESPACES}>{font}</w:fonts>'
    yield "font", document(
        "", {"rId8": Rel("fontTable", "fontTable.xml")},
        {"word/fontTable.xml": fonts.encode(), "word/_rels/fontTable.xml.rels": _rels(f"{base}/canari.ttf", "font")},
    )  # fmt: skip
