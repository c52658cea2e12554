"""Judges of filled documents that share nothing with the engine: lxml, the audit of the Open XML SDK, plain zip."""

from __future__ import annotations

import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from lxml import etree
from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped]

from documents.make import STRICT, TRANSITIONAL

__all__ = ["audit", "entries_of", "structure_faults", "text_of", "texts_of"]

_SKIPPED = {"del", "moveFrom"}
_FORBIDDEN = {
    "run": {"tbl", "tr", "tc", "p"},
    "block": {"r", "t", "tr", "tc", "hyperlink"},
    "cell": {"r", "t", "p", "tbl", "tr"},
    "row": {"r", "t", "p", "tbl", "tc"},
}
_BEFORE_FLAG = {"rPr", "alias", "tag", "id", "lock", "placeholder", "temporary"}


@lru_cache(maxsize=256)
def audit(data: bytes, scratch: Path) -> Counter[tuple[str, str]]:
    """What the audit finds: kind of finding and its words, without its place, which filling may move."""
    file = scratch / "audit.docx"
    file.write_bytes(data)
    found = _validator().validate(str(file)).errors
    # the unknown element of one document is reproached to its parent, which changes
    return Counter((e.part_uri, e.description) for e in found if "inconnu" not in e.description)


@cache
def _validator() -> OpenXmlValidator:
    return OpenXmlValidator(max_errors=0)


def entries_of(data: bytes) -> dict[str, tuple[bytes, bytes]]:
    """Of each file of a zip, the plain bytes and the bytes as they lie there."""
    found = {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        for info in archive.infolist():
            name_length, extra_length = struct.unpack_from("<2H", data, info.header_offset + 26)
            start = info.header_offset + 30 + name_length + extra_length
            found[info.filename] = (archive.read(info), data[start : start + info.compress_size])
    return found


def text_of(element: etree._Element) -> str:
    """The text a reader sees, newlines for breaks and at the ends of paragraphs."""
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if name == "t":
        return element.text or ""
    if name in {"br", "cr"}:
        return "\n"
    if name == "tab" and etree.QName(element.getparent()).localname == "r":
        return "\t"
    if name in _SKIPPED or not name:
        return ""
    return "".join(map(text_of, element)) + ("\n" if name == "p" else "")


def texts_of(data: bytes) -> str:
    """The text of every story of a document, in the order of the zip."""
    return "\n".join(text_of(root) for name, root in _stories(data) if "glossary" not in name)


def _stories(data: bytes) -> Iterator[tuple[str, etree._Element]]:
    """The parts in WordprocessingML, whatever their encoding."""
    for name, (plain, _) in entries_of(data).items():
        if name.endswith(".xml") and plain:
            root = etree.fromstring(plain)
            if etree.QName(root).namespace in {TRANSITIONAL, STRICT}:
                yield name, root


def structure_faults(data: bytes) -> Counter[str]:
    """What Word would not accept around content controls, and the audit does not look at."""
    return Counter(f"{name}: {fault}" for name, root in _stories(data) for fault in _faults_of(root))


def _faults_of(root: etree._Element) -> Iterator[str]:
    for content in root.iter("{*}sdtContent"):
        level = _level(content)
        yield from (f"{wrong} in a {level} control" for wrong in _names(content) & _FORBIDDEN[level])
    for flag in root.iter("{*}showingPlcHdr"):
        before = {etree.QName(e).localname for e in flag.itersiblings(preceding=True, tag=etree.Element)}
        yield from (f"{name} before the prompt's flag" for name in before - _BEFORE_FLAG)
    for first in root.iter("{*}sdtPr", "{*}pPr", "{*}tcPr"):
        if list(first.itersiblings(preceding=True, tag=etree.Element)):
            yield f"{etree.QName(first).localname} is not first"
    yield from ("a cell without paragraph" for tc in root.iter("{*}tc") if next(tc.iter("{*}p"), None) is None)
    identifiers = Counter(
        element.get(next(iter(element.attrib)))
        for element in root.iterfind(".//{*}sdtPr/{*}id")
        if next(element.iterancestors("{*}Fallback"), None) is None
    )
    yield from (f"control id {one} twice" for one, uses in identifiers.items() if uses > 1)


def _names(element: etree._Element) -> set[str]:
    return {etree.QName(child).localname for child in element.iterchildren(etree.Element)}


def _level(content: etree._Element) -> str:
    for ancestor in content.iterancestors():
        name = etree.QName(ancestor).localname
        if name in {"p", "tr", "tbl"}:
            return {"p": "run", "tr": "cell", "tbl": "row"}[name]
        if name in {"tc", "txbxContent", "body", "hdr", "ftr", "footnote", "endnote", "comment", "docPartBody"}:
            break
    return "block"
