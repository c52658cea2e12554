"""Word documents made of raw XML, small and clean: what neither Word's heirs nor a library would write.

The namespace edition, the prefix, the encoding and the names of the parts can all be chosen, because real files choose.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

__all__ = [
    "Part", "bookmark", "bound", "cell", "custom_xml", "docx", "files_of", "p", "prompt", "r", "rezip", "row", "sdt",
    "story", "table", "text_box", "zip_of",
]  # fmt: skip

TRANSITIONAL = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DECLARED = {
    "w": TRANSITIONAL,
    "r": RELATIONSHIPS,
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "w16du": "http://schemas.microsoft.com/office/word/2023/wordml/word16du",  # listed as ignorable, never used
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
}
_ROOT_ATTRIBUTES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _DECLARED.items())
_ROOT_ATTRIBUTES += ' mc:Ignorable="w14 w15 w16du"'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
MAIN_TYPES = {
    "docx": f"{_TYPE}document.main+xml",
    "dotx": f"{_TYPE}template.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
}
_STYLES = """<w:styles %s>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="character" w:styleId="%s"><w:name w:val="Placeholder Text"/>
<w:rPr><w:color w:val="808080"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Gras"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
</w:styles>"""


@dataclass(frozen=True)
class Part:
    """A part beside the main one: what it holds, and how it is announced.

    Attributes:
        xml: its root element's inside for a story (header, notes…), else the whole part.
        kind: the last word of its relationship's type; empty for none.
        content_type: its content type; empty leaves it to the extension's default.
        source: the part whose relationship leads to it; empty for the package.
        root: for a story, the name of its root element.
    """

    xml: str | bytes
    kind: str = ""
    content_type: str = ""
    source: str = "main"
    root: str = ""


def story(kind: str, inside: str) -> Part:
    """A header, footer, footnotes, endnotes or comments part."""
    roots = {"header": "hdr", "footer": "ftr"}
    return Part(inside, kind, f"{_TYPE}{kind}+xml", root=roots.get(kind, kind))


def p(inside: str = "", properties: str = "") -> str:
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{inside}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r>{properties and f"<w:rPr>{properties}</w:rPr>"}<w:t xml:space="preserve">{text}</w:t></w:r>'


def prompt(text: str = "Cliquez ici.", style: str = "PlaceholderText") -> str:
    return r(text, f'<w:rStyle w:val="{style}"/>')


def cell(inside: str) -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>{inside}</w:tc>'


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def table(*rows: str, columns: int = 1) -> str:
    grid = '<w:gridCol w:w="2000"/>' * columns
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def sdt(
    content: str,
    kind: str = "",
    *,
    tag: str = "",
    alias: str = "",
    identifier: int | None = None,
    showing: bool = False,
    extra: str = "",
) -> str:
    """A content control.

    Args:
        content: what ``w:sdtContent`` holds.
        kind: the element that says its kind, such as ``<w:text/>``.
        tag: its tag.
        alias: its title.
        identifier: its ``w:id``.
        showing: does it show its prompt?
        extra: what else its properties hold, between the prompt's flag and the kind.
    """
    properties = "".join(
        (
            f'<w:alias w:val="{alias}"/>' if alias else "",
            f'<w:tag w:val="{tag}"/>' if tag else "",
            f'<w:id w:val="{identifier}"/>' if identifier is not None else "",
            "<w:showingPlcHdr/>" if showing else "",
            extra,
            kind,
        )
    )
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def bound(xpath: str, store: str, prefixes: str = "", element: str = "w:dataBinding") -> str:
    mappings = f' w:prefixMappings="{prefixes}"' if prefixes else ""
    return f'<{element}{mappings} w:xpath="{xpath}" w:storeItemID="{store}"/>'


def bookmark(number: int, inside: str) -> str:
    return f'<w:bookmarkStart w:id="{number}" w:name="signet{number}"/>{inside}<w:bookmarkEnd w:id="{number}"/>'


def text_box(inside: str, fallback: str | None = None) -> str:
    """A run with a text box, as Word writes it: once as a shape, once again as VML for older programs."""
    shape = (
        '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="1000000" cy="500000"/>'
        '<wp:docPr id="7" name="Zone 7"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1000000" cy="500000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr>'
        f"<wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    older = (
        '<w:pict><v:shape id="Zone7" style="width:80pt;height:40pt"><v:textbox>'
        f"<w:txbxContent>{inside if fallback is None else fallback}</w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{shape}</mc:Choice>'
        f"<mc:Fallback>{older}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def custom_xml(xml: str, store: str, number: int = 1) -> dict[str, Part]:
    """A custom XML part with the properties that give it an identifier."""
    properties = (
        f'<ds:datastoreItem ds:itemID="{store}" '
        'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs/></ds:datastoreItem>'
    )
    name = f"customXml/item{number}.xml"
    return {
        name: Part(xml, "customXml"),
        f"customXml/itemProps{number}.xml": Part(
            properties,
            "customXmlProps",
            "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
            source=name,
        ),
    }


def docx(
    body: str,
    parts: Mapping[str, Part] | None = None,
    *,
    main: str = "word/document.xml",
    suffix: str = "docx",
    prefix: str = "w",
    strict: bool = False,
    encoding: str = "UTF-8",
    absolute: bool = False,
    prompt_style: str = "PlaceholderText",
    core: str = "<dc:title>Titre</dc:title>",
) -> bytes:
    """A whole document.

    Args:
        body: what ``w:body`` holds, without the section's properties.
        parts: the parts beside it, by name.
        main: name of the main part.
        suffix: docx, dotx or docm: the content type of the main part.
        prefix: the prefix of WordprocessingML; empty for the default namespace.
        strict: the strict edition's namespace?
        encoding: encoding of the XML parts.
        absolute: write the targets of relationships from the package's root?
        prompt_style: id of the style "Placeholder Text".
        core: what the core properties hold.
    """
    folder = main.rpartition("/")[0]
    beside = f"{folder}/" if folder else ""
    section = (
        '<w:sectPr>%s<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" '
        'w:left="1134" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>'
    )
    everything = {
        "docProps/core.xml": Part(
            '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{core}</cp:coreProperties>',
            "metadata/core-properties",
            "application/vnd.openxmlformats-package.core-properties+xml",
            source="",
        ),
        main: Part("", "officeDocument", MAIN_TYPES[suffix], source=""),
        f"{beside}styles.xml": Part(_STYLES % (_ROOT_ATTRIBUTES, prompt_style), "styles", f"{_TYPE}styles+xml"),
        **(parts or {}),
    }
    references: dict[str, list[tuple[str, str, str]]] = {}
    for number, (name, part) in enumerate(everything.items()):
        if part.kind:
            source = main if part.source == "main" else part.source
            references.setdefault(source, []).append((f"rId{number}", part.kind, name))
    margins = "".join(
        f'<w:{kind}Reference w:type="default" r:id="{identifier}"/>'
        for identifier, kind, _ in references.get(main, [])
        if kind in {"header", "footer"}
    )
    document = f"<w:document {_ROOT_ATTRIBUTES}><w:body>{body}{section % margins}</w:body></w:document>"
    files: dict[str, bytes] = {"[Content_Types].xml": _content_types(everything).encode(encoding)}
    for source, targets in references.items():
        files[_rels_of(source)] = _relationships(targets, source, absolute=absolute, strict=strict).encode(encoding)
    for name, part in everything.items():
        if isinstance(part.xml, bytes):
            files[name] = part.xml
            continue
        xml = document if name == main else part.xml
        if part.root:
            xml = f"<w:{part.root} {_ROOT_ATTRIBUTES}>{part.xml}</w:{part.root}>"
        declaration = f'<?xml version="1.0" encoding="{encoding}" standalone="yes"?>\n'
        files[name] = (declaration + _dressed(xml, prefix, strict=strict)).encode(encoding)
    return zip_of(files)


def zip_of(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with these files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def files_of(data: bytes) -> dict[str, bytes]:
    """The files of a zip."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezip(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The same zip with files changed, added, or, for None, left out."""
    files = {**files_of(data), **changes}
    return zip_of({name: content for name, content in files.items() if content is not None})


def _dressed(xml: str, prefix: str, *, strict: bool) -> str:
    """The same XML with another prefix or edition."""
    if strict:
        xml = xml.replace(TRANSITIONAL, STRICT).replace(
            RELATIONSHIPS, "http://purl.oclc.org/ooxml/officeDocument/relationships"
        )
    if prefix == "":
        xml = re.sub(r"<(/?)w:", r"<\1", xml)
        return xml.replace("xmlns:w=", f'xmlns="{STRICT if strict else TRANSITIONAL}" xmlns:w=', 1)
    if prefix != "w":
        xml = re.sub(r"(?<=[</ ])w:(?=\w)", f"{prefix}:", xml).replace("xmlns:w=", f"xmlns:{prefix}=")
    return xml


def _rels_of(source: str) -> str:
    folder, _, name = source.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/") if source else "_rels/.rels"


def _relationships(targets: list[tuple[str, str, str]], source: str, *, absolute: bool, strict: bool) -> str:
    up = "../" * source.count("/")
    base = "http://purl.oclc.org/ooxml/officeDocument/relationships" if strict else RELATIONSHIPS
    lines = [
        f'<Relationship Id="{identifier}" Type="{_relationship_type(kind, base)}" '
        f'Target="{"/" if absolute else up}{name}"/>'
        for identifier, kind, name in targets
    ]
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{''.join(lines)}</Relationships>"
    )


def _relationship_type(kind: str, base: str) -> str:
    return f"http://schemas.openxmlformats.org/package/2006/relationships/{kind}" if "/" in kind else f"{base}/{kind}"


def _content_types(parts: Mapping[str, Part]) -> str:
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{part.content_type}"/>'
        for name, part in parts.items()
        if part.content_type
    )
    return (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        f"{overrides}</Types>"
    )
