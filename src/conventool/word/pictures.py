"""Pictures inside a document, made harmless: what a converter draws of them comes from the document alone.

LibreOffice tells a picture's format by its first bytes, not by its name. Formats of pixels refer to nothing. An SVG may
name other files, and so may one that is hidden in a metafile (EMF, WMF): those references are removed. Any other format
is replaced by a white pixel: some, as EPS, would have LibreOffice start other programs.
"""

from __future__ import annotations

import re
import struct
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import TypeAlias

from lxml import etree

from conventool.word.names import local

__all__ = ["BLANK", "harmless_picture"]

BLANK = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==")
"""A picture of one white pixel, as PNG."""

_PIXELS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\0", b"MM\0*")
_EMF = re.compile(rb"\x01\0\0\0.{36} EMF", re.DOTALL)  # [MS-EMF] 2.3.4.2
_EMF_COUNTS = 48  # where its header tells its size in bytes and its records
_EMF_COMMENT = 70
_EMF_PLUS_PICTURE = re.compile(rb"\x08\x40.[\x05\x85]", re.DOTALL)  # [MS-EMFPLUS] 2.3.5.1, an object that is an image
_WMF = (b"\1\0\x09\0", b"\2\0\x09\0")  # [MS-WMF] 2.3.2.2
_WMF_PLACEABLE, _WMF_PLACEABLE_SIZE = b"\xd7\xcd\xc6\x9a", 22  # 2.3.2.3
_WMF_HEADER_SIZE = 18
_WMF_ESCAPE = 0x0626  # 2.3.6; one of them can hold a whole EMF
_WMF_HIDDEN = b"WMFC"
_DATA_URL = re.compile(r"\s*data:image/[\w.+-]+;base64,(.*)", re.DOTALL)
_ACTIVE = {
    "script", "foreignObject", "handler", "listener", "iframe", "audio", "video", "set", "animate", "animateMotion",
    "animateTransform",
}  # fmt: skip
_REFERS = re.compile(r"url\s*\(\s*['\"]?(?!#)|@|\\", re.IGNORECASE)  # a backslash may spell "url" in another way

_Record: TypeAlias = tuple[int, bytes]


def harmless_picture(data: bytes) -> tuple[bytes, str]:
    """A picture without references to anything else.

    Returns:
        Its bytes, and in French what was removed; empty if nothing was.
    """
    if data.startswith(_PIXELS):
        return data, ""
    try:
        if _EMF.match(data):
            return _emf(data)
        if data.startswith((*_WMF, _WMF_PLACEABLE)):
            return _wmf(data)
        return _svg(data)
    except (struct.error, etree.XMLSyntaxError, ValueError):
        return BLANK, "une image d’un format que conventool n’imprime pas"


def _emf(data: bytes) -> tuple[bytes, str]:
    """Without the comments in which a picture of another format may be; the other records draw the same."""
    records = list(_records(data, 0, lambda at: struct.unpack_from("<II", data, at)))
    comments = b"".join(record for kind, record in records if kind == _EMF_COMMENT)
    strange = any(kind == _EMF_COMMENT and record[12:16] != b"EMF+" for kind, record in records)
    if not strange and not _EMF_PLUS_PICTURE.search(comments):
        return data, ""
    kept = [record for kind, record in records if kind != _EMF_COMMENT]
    out = bytearray(b"".join(kept))
    struct.pack_into("<II", out, _EMF_COUNTS, len(out), len(kept))
    return bytes(out), "ce qu’une image EMF contient dans un autre format"


def _wmf(data: bytes) -> tuple[bytes, str]:
    """Without the comments in which an EMF may be; the other records draw the same.

    Raises:
        ValueError, struct.error: it is cut off.
    """
    head = _WMF_PLACEABLE_SIZE if data.startswith(_WMF_PLACEABLE) else 0
    start = head + _WMF_HEADER_SIZE
    if len(data) < start:
        raise ValueError

    def read(at: int) -> tuple[int, int]:
        words, kind = struct.unpack_from("<IH", data, at)
        return kind, 2 * words

    records = list(_records(data, start, read))
    kept = [record for kind, record in records if kind != _WMF_ESCAPE or _WMF_HIDDEN not in record]
    if len(kept) == len(records):
        return data, ""
    out = bytearray(data[:start] + b"".join(kept))
    struct.pack_into("<I", out, head + 6, (len(out) - head) // 2)
    return bytes(out), "ce qu’une image WMF contient dans un autre format"


def _records(data: bytes, at: int, read: Callable[[int], tuple[int, int]]) -> Iterator[_Record]:
    """The records of a metafile, each with its kind.

    Raises:
        ValueError: they are not what they say.
    """
    while at < len(data):
        kind, size = read(at)
        if size < 4 or at + size > len(data):
            raise ValueError
        yield kind, data[at : at + size]
        at += size


def _svg(data: bytes) -> tuple[bytes, str]:
    """Without what acts, and without references but to its own parts and to pictures of pixels that it holds.

    Raises:
        ValueError, etree.XMLSyntaxError: it is no SVG.
    """
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    if local(root) != "svg" or root.getroottree().docinfo.internalDTD is not None:
        raise ValueError
    removed: list[etree._Element] = [*root.itersiblings(etree.PI, preceding=True), *root.iter(etree.PI)]
    removed += [element for element in root.iter() if local(element) in _ACTIVE or _is_strange_style(element)]
    harmful = [(element, name) for element in root.iter("*") for name in element.attrib if _harms(element, str(name))]
    for element, name in harmful:
        del element.attrib[str(name)]
    for element in removed:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    if not removed and not harmful:
        return data, ""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True), "ce à quoi une image SVG renvoie"


def _is_strange_style(element: etree._Element) -> bool:
    return local(element) == "style" and _REFERS.search("".join(map(str, element.itertext()))) is not None


def _harms(element: etree._Element, name: str) -> bool:
    """Does an attribute act, or refer to something that is not in the picture?"""
    value, key = element.get(name, ""), name.rpartition("}")[2].lower()
    if key in {"href", "src", "base"}:
        held = _DATA_URL.match(value)
        return not (held and b64decode(held[1]).startswith(_PIXELS)) and not value.strip().startswith("#")
    return key.startswith("on") or ("(" in value and _REFERS.search(value) is not None)
