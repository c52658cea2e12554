"""What a PDF says of itself: title, author, dates, the standards it claims. Written anew, so that it is reproducible.

ISO 19005-2, 6.6 asks that the document information and the XMP packet agree: both are written here from one place.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape

import pikepdf

from conventool.core.clock import source_date

__all__ = ["Claims", "claimed_part", "date_to_tell", "describe"]

_LANGUAGE = "fr-FR"
_BIRTH = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
_PART = re.compile(rb"pdfaid:part\s*(?:>|=\s*[\"'])\s*(\d)")
_KEPT = ("/Author", "/Subject", "/Keywords", "/Creator", "/Producer")
_TEXTS = {"/Keywords": "pdf:Keywords", "/Producer": "pdf:Producer", "/Creator": "xmp:CreatorTool"}
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
{properties}
</rdf:Description>
{schemas}</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
# PDF/A allows no property of a schema it does not know, unless the packet describes it (ISO 19005-2, 6.6.2.3)
_UA_SCHEMA = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


@dataclass(frozen=True, slots=True)
class Claims:
    """The standards a PDF may claim: the part of ISO 19005 or None, and ISO 14289-1."""

    part: int | None
    accessible: bool


def claimed_part(pdf: pikepdf.Pdf) -> int | None:
    """The part of ISO 19005 (PDF/A) that a PDF says it follows."""
    metadata = pdf.Root.get("/Metadata")
    found = _PART.search(metadata.read_bytes()) if isinstance(metadata, pikepdf.Stream) else None
    return int(found[1]) if found else None


def date_to_tell(modified: datetime | None) -> datetime | None:
    """The date that goes into the PDF: that of ``SOURCE_DATE_EPOCH``, else the document's own, else none.

    Raises:
        UsageError: that variable names no moment.
    """
    return source_date() or modified


def describe(pdf: pikepdf.Pdf, title: str, date: datetime | None, claims: Claims) -> None:
    """Write what a PDF says of itself; of what it said, the author, the subject and the programs stay."""
    info = pdf.docinfo
    told = {key: text for key in _KEPT if (text := str(info.get(key, "")))}
    for key in list(info.keys()):
        del info[key]
    info["/Title"] = title
    for key, text in told.items():
        info[key] = text
    if date is not None:
        info["/CreationDate"] = f"D:{date:%Y%m%d%H%M%S}Z"
    packet = _PACKET.format(
        properties="\n".join(_properties(title, told, date, claims)), schemas=_UA_SCHEMA if claims.accessible else ""
    )
    pdf.Root.Metadata = pdf.make_stream(packet.encode("utf-8"), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
    pdf.Root.Lang = _LANGUAGE
    preferences = pdf.Root.get("/ViewerPreferences", pikepdf.Dictionary())
    preferences.DisplayDocTitle = True
    pdf.Root.ViewerPreferences = preferences
    _fix_birth_of_colours(pdf)
    for key in ("/ID", "/DocChecksum"):  # of LibreOffice's own, new each time
        if key in pdf.trailer:
            del pdf.trailer[key]


def _fix_birth_of_colours(pdf: pikepdf.Pdf) -> None:
    """LibreOffice makes its colour profile each time anew: a fixed date goes into its header (ICC.1:2010, 7.2.1)."""
    for intent in pdf.Root.get("/OutputIntents", pikepdf.Array()):
        profile = intent.get("/DestOutputProfile")
        if isinstance(profile, pikepdf.Stream):
            icc = profile.read_bytes()
            profile.write(icc[:24] + _BIRTH + icc[36:])


def _properties(title: str, told: dict[str, str], date: datetime | None, claims: Claims) -> Iterator[str]:
    yield f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title, quote=False)}</rdf:li></rdf:Alt></dc:title>'
    yield f"<dc:language><rdf:Bag><rdf:li>{_LANGUAGE}</rdf:li></rdf:Bag></dc:language>"
    if "/Author" in told:
        yield f"<dc:creator><rdf:Seq><rdf:li>{escape(told['/Author'], quote=False)}</rdf:li></rdf:Seq></dc:creator>"
    if "/Subject" in told:
        subject = escape(told["/Subject"], quote=False)
        yield f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>'
    for key, name in _TEXTS.items():
        if key in told:
            yield f"<{name}>{escape(told[key], quote=False)}</{name}>"
    if date is not None:
        yield f"<xmp:CreateDate>{date:%Y-%m-%dT%H:%M:%S}Z</xmp:CreateDate>"
    if claims.part is not None:
        yield f"<pdfaid:part>{claims.part}</pdfaid:part>"
        yield "<pdfaid:conformance>B</pdfaid:conformance>"
    if claims.accessible:
        yield "<pdfuaid:part>1</pdfuaid:part>"
