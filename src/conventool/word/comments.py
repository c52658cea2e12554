"""Word comments put into a copy of a document, each where what it speaks of stands (ISO/IEC 29500-1, 17.13.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree

from conventool.word.document import Document
from conventool.word.names import SPACE, ancestor, appended, attribute, child, is_word, make, set_attribute, word_iter
from conventool.word.package import Package, serialize_xml, with_parts
from conventool.word.text import paragraphs

__all__ = ["Note", "annotated"]

_AUTHOR = "conventool"
_INITIALS = "ct"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass(frozen=True, slots=True)
class Note:
    """What to say, and where.

    Attributes:
        text: the comment.
        part: the part it is about; none for the document as a whole.
        paragraph: rank of the paragraph in that part, from 1.
        control: address of a control.
    """

    text: str
    part: str | None = None
    paragraph: int | None = None
    control: str | None = None


def annotated(package: Package, notes: Sequence[Note]) -> bytes:
    """A copy of a document with a comment for each note.

    Only the main text can hold comments: a note about a header, a footer or the document as a whole stands at the first
    paragraph.

    Args:
        package: the document; used up.
        notes: what to say.

    Returns:
        The bytes of the copy; parts that hold no comment are those of the document.

    Raises:
        TemplateError: it is no sound document.
    """
    document = Document(package)
    main = document.roots[package.main_part]
    places = _Places(document)
    anchors = [places.find(note) for note in notes]
    name, comments = _comments_part(package, main)
    first = 1 + max((int(attribute(one, "id") or 0) for one in word_iter(comments, "comment")), default=-1)
    for identifier, (note, anchor) in enumerate(zip(notes, anchors, strict=True), first):
        _anchor(anchor, str(identifier))
        comments.append(_comment(comments, str(identifier), note.text))
    changed: dict[str, bytes | None] = {package.main_part: serialize_xml(main), name: serialize_xml(comments)}
    if name not in package.entries:
        changed |= _declared(package, name, strict="purl.oclc.org" in (main.tag or ""))
    return with_parts(package, changed)


class _Places:
    """The elements that notes speak of."""

    def __init__(self, document: Document) -> None:
        self._main = document.package.main_part
        self._paragraphs = {(p.part, p.number): p.element for p in paragraphs(document)}
        self._controls = {
            control.address: document.element(control.sites[0])
            for control in document.controls
            if control.part == self._main
        }

    def find(self, note: Note) -> etree._Element:
        """The control, if it stands in a paragraph; else the paragraph; else the first one."""
        control = self._controls.get(note.control or "")
        if control is not None and is_word(control, "sdt") and ancestor(control, "p") is not None:
            return control
        part = note.part if note.part == self._main else None
        paragraph = self._paragraphs.get((part or self._main, note.paragraph or 1 if part else 1))
        return paragraph if paragraph is not None else next(iter(self._paragraphs.values()))


def _anchor(element: etree._Element, identifier: str) -> None:
    """Mark the range of a comment around an element, or around what a paragraph holds."""
    start, end, reference = (make(element, name) for name in ("commentRangeStart", "commentRangeEnd", "r"))
    mark = appended(reference, "commentReference")
    for marker in (start, end, mark):
        set_attribute(marker, "id", identifier)
    if is_word(element, "p"):
        properties = child(element, "pPr")
        element.insert(0 if properties is None else element.index(properties) + 1, start)
        element.append(end)
        element.append(reference)
    else:
        tail, element.tail = element.tail, None
        element.addprevious(start)
        element.addnext(reference)
        element.addnext(end)
        reference.tail = tail


def _comment(like: etree._Element, identifier: str, text: str) -> etree._Element:
    comment = make(like, "comment")
    for name, value in (("id", identifier), ("author", _AUTHOR), ("initials", _INITIALS)):
        set_attribute(comment, name, value)
    paragraph = appended(comment, "p")
    run = appended(paragraph, "r")
    piece = appended(run, "t")
    piece.set(SPACE, "preserve")
    piece.text = text
    return comment


def _comments_part(package: Package, main: etree._Element) -> tuple[str, etree._Element]:
    """The part of the comments and its root, made where there is none."""
    if there := package.part_of("comments"):
        return there, package.parse(there)
    root = make(main, "comments")
    return str(PurePosixPath(package.main_part).parent / "comments.xml"), root


def _declared(package: Package, name: str, *, strict: bool) -> dict[str, bytes | None]:
    """Content types and relationships that know the new part."""
    types = package.parse("[Content_Types].xml")
    etree.SubElement(types, f"{_TYPES}Override", PartName=f"/{name}", ContentType=_CONTENT_TYPE)
    path = package.relationships_part(package.main_part)
    rels = (
        package.parse(path)
        if path in package.entries
        else etree.Element(
            f"{_RELS}Relationships",
            nsmap={None: _RELS.strip("{}")},  # type: ignore[dict-item]
        )
    )
    host = "http://purl.oclc.org/ooxml" if strict else "http://schemas.openxmlformats.org"
    year = "" if strict else "2006/"
    etree.SubElement(
        rels,
        f"{_RELS}Relationship",
        Id=_free_id(element.get("Id", "") for element in rels),
        Type=f"{host}/officeDocument/{year}relationships/comments",
        Target=f"/{name}",
    )
    return {"[Content_Types].xml": serialize_xml(types), path: serialize_xml(rels)}


def _free_id(used: Iterable[str]) -> str:
    taken = set(used)
    return next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
