"""A document whose controls are taken off, wherever they stand: what a program that knows none makes of it."""

from __future__ import annotations

from conventool.word.control_editing import unwrap
from conventool.word.controls import sdt_elements
from conventool.word.document import Document
from conventool.word.package import Package, serialize_xml, with_parts

__all__ = ["flat"]


def flat(data: bytes) -> bytes:
    """The same document, as plain text of the same look."""
    package = Package(data, "document.docx")
    parts: dict[str, bytes | None] = {}
    for part in Document(package).roots:
        root = package.parse(part)
        wrappers = sdt_elements(root)
        for sdt in reversed(wrappers):
            unwrap(sdt)
        if wrappers:
            parts[part] = serialize_xml(root)
    return with_parts(package, parts | package.as_document())
