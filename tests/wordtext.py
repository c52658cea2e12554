"""What a Word document says, read by lxml alone: the package under test has no part in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SIGNS = {f"{W}tab": "\t", f"{W}br": "\n"}

__all__ = ["W", "document_text", "paragraphs", "parts"]


def parts(document: Path) -> dict[str, bytes]:
    """Every part of a package, by name."""
    with zipfile.ZipFile(document) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def paragraphs(document: Path, part: str = "word/document.xml") -> list[tuple[str, bool]]:
    """The text of each paragraph of a part, and whether a content control stands in it."""
    root = etree.fromstring(parts(document)[part])
    return [(_text_of(p), next(p.iter(f"{W}sdt"), None) is not None) for p in root.iter(f"{W}p")]


def document_text(document: Path) -> list[tuple[str, bool]]:
    """The paragraphs that say something, then after an empty line the footer's."""
    said = [found for found in paragraphs(document) if found[0]]
    return [*said, ("", False), *paragraphs(document, "word/footer1.xml")]


def _text_of(paragraph: etree._Element) -> str:
    pieces = (child for run in paragraph.iter(f"{W}r") for child in run)
    return "".join(_SIGNS.get(str(piece.tag), piece.text or "") for piece in pieces)
