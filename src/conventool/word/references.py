"""What a document refers to outside of itself, taken off: links to files and addresses, documents inside it, fields.

A converter that follows them would print what is not in the document, or tell a stranger that it is printed. Kept are
the parts of a document that are printed, by an allow-list of relationships, and links of text to the web and to mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from conventool.core.errors import TemplateError
from conventool.word.names import attribute, is_word, local, relation_of, tags, word_iter
from conventool.word.package import Package, Relationship

__all__ = ["Relations", "included_document", "relations_of", "take_off_references"]

_PRINTED = {
    "officeDocument", "core-properties", "extended-properties", "custom-properties", "styles", "numbering", "settings",
    "fontTable", "font", "theme", "themeOverride", "header", "footer", "footnotes", "endnotes", "comments", "image",
    "chart", "chartUserShapes", "diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors", "diagramDrawing",
    "aFChunk",
}  # fmt: skip
_LINKS = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_TOLD = {
    "image": "une image liée",
    "oleObject": "un objet incorporé, imprimé comme son image",
    "package": "un objet incorporé, imprimé comme son image",
    "control": "un contrôle ActiveX, imprimé comme son image",
    "aFChunk": "un fichier incorporé au texte",
    "subDocument": "un sous-document",
    "frame": "un cadre",
    "hyperlink": "un lien",
    "video": "une vidéo",
    "audio": "un son",
    "media": "un son ou une vidéo",
}
_SHOWN = 80  # characters of an address
_REFERENCES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_OFFICE_VML = "urn:schemas-microsoft-com:office:office"
_RELATION_OF_VML = f"{{{_OFFICE_VML}}}relid"
_VML = [f"{{urn:schemas-microsoft-com:vml}}{name}" for name in ("imagedata", "fill", "stroke", "image")]
_SHAPE = "{urn:schemas-microsoft-com:vml}*"
_ADDRESSES = {"src", "href", f"{{{_OFFICE_VML}}}href", f"{{{_OFFICE_VML}}}althref"}
_SVG = "{*}svgBlip"
# elements that stay without what they referred to; of any other nothing is left
_STAY = {"blip", "imagedata", "fill", "stroke", "hyperlink", "shape"}
_SETTINGS = ("attachedTemplate", "mailMerge", "attachedSchema", "saveThroughXslt")
# fields that print what the document holds or knows of itself (ISO/IEC 29500-1, 17.16.5, and Word's own); of the others
# some read files or start programs, and the name of one may be hidden in ways that converters see through
_OWN_FIELDS = {
    "=", "ADDIN", "ADDRESSBLOCK", "ADVANCE", "ASK", "AUTHOR", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "AUTOTEXT",
    "AUTOTEXTLIST", "BARCODE", "BIBLIOGRAPHY", "BIDIOUTLINE", "CITATION", "COMMENTS", "COMPARE", "CREATEDATE",
    "DATE", "DISPLAYBARCODE", "DOCPROPERTY", "DOCVARIABLE", "EDITTIME", "EMBED", "EQ", "FILENAME", "FILESIZE",
    "FILLIN", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "FORMULA", "GOTOBUTTON", "GREETINGLINE", "IF", "INDEX",
    "INFO", "KEYWORDS", "LASTSAVEDBY", "LISTNUM", "MACROBUTTON", "MERGEBARCODE", "MERGEFIELD", "MERGEREC",
    "MERGESEQ", "NEXT", "NEXTIF", "NOTEREF", "NUMCHARS", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF", "PRINT",
    "PRINTDATE", "PRIVATE", "QUOTE", "REF", "REVNUM", "SAVEDATE", "SECTION", "SECTIONPAGES", "SEQ", "SET", "SHAPE",
    "SKIPIF", "STYLEREF", "SUBJECT", "SYMBOL", "TA", "TC", "TEMPLATE", "TIME", "TITLE", "TOA", "TOC", "USERADDRESS",
    "USERINITIALS", "USERNAME", "XE",
}  # fmt: skip
_SWITCHES = r'(?:\s*\\[mn]\b|\s*\\[lot]\s*(?:"[^"]*"|[^\s"\\]+))*'
_WEB_FIELD = re.compile(rf'\s*HYPERLINK\b{_SWITCHES}\s*(?:$|""|"?(?:https?:|mailto:|tel:|#))', re.IGNORECASE)
_TEXTS = ("t", "sym", "delText", "delInstrText", "noBreakHyphen", "softHyphen", "tab", "ptab", "br", "cr")
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BRANCHES = (f"{_COMPATIBILITY}Choice", f"{_COMPATIBILITY}Fallback")
_FIELD_NAME = re.compile(r"\s*(=|\w*)")


@dataclass(frozen=True, slots=True)
class Relations:
    """The relationships of a part, sorted.

    Attributes:
        kept: kind and target part of those that stay.
        removed: the ids of the others.
        told: in French, what of the others would have been printed or used.
    """

    kept: tuple[tuple[str, str], ...]
    removed: frozenset[str]
    told: tuple[str, ...]


def relations_of(package: Package, part: str = "", *, nested: bool = False) -> Relations:
    """Sort the relationships of a part (of the package itself when empty).

    Args:
        package: the document.
        part: of it.
        nested: whether the document is itself inside another: no further one inside it is printed.
    """
    related = package.related(part)
    removed = [one for one in related if not _stays(package, one) or (_kind(one) == "aFChunk" and nested)]
    return Relations(
        tuple((_kind(one), one.target) for one in related if one not in removed and one.target in package.entries),
        frozenset(one.name for one in removed),
        tuple(filter(None, map(_telling, removed))),
    )


def _kind(one: Relationship) -> str:
    """The last word of its type: it is the same in both editions of the format."""
    return one.kind.rpartition("/")[2]


def _stays(package: Package, one: Relationship) -> bool:
    if _kind(one) == "hyperlink":
        return bool(_LINKS.match(one.target)) if one.is_external else "#" in one.target
    if one.is_external or _kind(one) not in _PRINTED or one.target not in package.entries:
        return False
    return _kind(one) != "aFChunk" or _is_document(package.read(one.target))


def included_document(package: Package, part: str, element: etree._Element) -> Package | None:
    """The Word document that is printed at a ``w:altChunk`` of a part; None where the file is another, or none."""
    name = relation_of(element)
    one = next((one for one in package.related(part) if one.name == name and _stays(package, one)), None)
    return Package(package.read(one.target), one.target) if one and _kind(one) == "aFChunk" else None


def _is_document(data: bytes) -> bool:
    try:
        Package(data, "")
    except TemplateError:
        return False
    return True


def _telling(one: Relationship) -> str:
    what = _TOLD.get(_kind(one), "")
    if what and one.is_external:
        shown = one.target if len(one.target) <= _SHOWN else f"{one.target[: _SHOWN - 1]}…"
        return f"{what} (« {shown} »)"
    return what


def take_off_references(root: etree._Element, removed: frozenset[str]) -> list[str] | None:
    """Take off, in place, what an XML part says of things that are not in the document.

    Args:
        root: of the part.
        removed: ids of the relationships that do not stay.

    Returns:
        In French, what was taken off and would have been printed; None if the part is as it was.
    """
    told: list[str] = []
    changed = False
    for element in list(root.iter(*tags(*_SETTINGS))):
        _remove(element)
        changed = True
    for svg in list(root.iter(_SVG)):
        told += _prefer_pixels(svg)
    for element in root.iter(*_VML):
        addresses = _ADDRESSES & set(element.attrib)
        for name in addresses:
            del element.attrib[name]
        changed |= bool(addresses)
        if addresses and not any(map(_is_reference, map(str, element.attrib))):
            told.append(_TOLD["image"])
    for linked in [one for one in root.iter(_SHAPE) if not _LINKS.match(one.get("href", "tel:"))]:
        del linked.attrib["href"]
        told.append(_TOLD["hyperlink"])
    if removed:
        changed |= _cut(root, removed)
    told += _take_off_fields(root)
    return told if told or changed else None


def _prefer_pixels(svg: etree._Element) -> Iterator[str]:
    """Word keeps an SVG beside its picture in pixels: that one is printed. Where there is none the SVG itself is."""
    picture = next((one for one in svg.iterancestors() if local(one) == "blip"), None)
    if picture is not None:
        ids = {key: value for key, value in picture.attrib.items() if _is_reference(str(key))}
        if ids:
            yield "une image SVG, imprimée comme son image en points"
        else:
            picture.attrib.update({key: value for key, value in svg.attrib.items() if _is_reference(str(key))})
    _remove(svg)


def _is_reference(name: str) -> bool:
    return name == _RELATION_OF_VML or name[1:].partition("}")[0] in _REFERENCES


def _cut(root: etree._Element, removed: frozenset[str]) -> bool:
    """Take off the attributes, or the elements, that name relationships which do not stay; were there any?"""
    changed = False
    for element in list(root.iter("*")) if removed else ():
        names = [name for name, value in element.attrib.items() if value in removed and _is_reference(str(name))]
        if names and local(element) not in _STAY:
            _remove(element)
        for name in names:
            del element.attrib[name]
            changed = True
    return changed


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _take_off_fields(root: etree._Element) -> Iterator[str]:
    """Leave the result of fields that read other files, as text like any other."""
    for simple in list(word_iter(root, "fldSimple")):
        code = attribute(simple, "instr") or ""
        if _leads_outside(code):
            yield f"un champ {_field_name(code)}"
            parent = simple.getparent()
            assert parent is not None
            parent[parent.index(simple) : parent.index(simple) + 1] = list(simple)
    reading = [field for field in _fields(root) if field.is_strange or _leads_outside(field.code)]
    if reading:
        order = {element: rank for rank, element in enumerate(root.iter())}
        for field in reading:
            yield f"un champ {_field_name(field.code)}".rstrip()
            _leave_result(root, order, field)


def _leads_outside(code: str) -> bool:
    """May a field read another file, or lead to one?"""
    name = _field_name(code)
    return not _WEB_FIELD.match(code) if name == "HYPERLINK" else name not in _OWN_FIELDS


def _field_name(code: str) -> str:
    found = _FIELD_NAME.match(code)
    return found[1].upper() if found else ""


@dataclass(slots=True, eq=False)
class _Field:
    """A field over several runs.

    Attributes:
        marks: what makes it one.
        code: its own.
        in_code: whether its code has not ended yet.
        is_strange: whether readers may differ about its code: a text stands in it, or a choice for some of them.
    """

    marks: list[etree._Element]
    code: str = ""
    in_code: bool = True
    is_strange: bool = False


def _fields(root: etree._Element) -> Iterator[_Field]:
    """The fields over several runs (ISO/IEC 29500-1, 17.16.18)."""
    open_fields: list[_Field] = []
    for element in word_iter(root, "fldChar", "instrText", *_TEXTS):
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            open_fields.append(_Field([element]))
        elif open_fields and (is_word(element, "fldChar") or open_fields[-1].in_code):
            field = open_fields[-1]
            field.marks.append(element)
            if is_word(element, "instrText"):
                field.code += _text(element)
            field.is_strange |= is_word(element, *_TEXTS) or _branch(element) is not _branch(field.marks[0])
            field.in_code &= kind is None
            if kind == "end":
                yield open_fields.pop()
        elif is_word(element, "instrText"):
            yield _Field([element], _text(element))
    yield from open_fields


def _text(element: etree._Element) -> str:
    """The text of an element, whatever comments stand in it."""
    return (element.text or "") + "".join(comment.tail or "" for comment in element)


def _branch(element: etree._Element) -> etree._Element | None:
    """The choice that an element is part of, by what a reader understands (ISO/IEC 29500-3, 9.3)."""
    return next(element.iterancestors(*_BRANCHES), None)


def _leave_result(root: etree._Element, order: dict[etree._Element, int], field: _Field) -> None:
    """Take off a field's marks and all that stands in its code."""
    end_of_code = next((mark for mark in field.marks if attribute(mark, "fldCharType") in {"separate", "end"}), None)
    first, last = (order[mark] for mark in (field.marks[0], field.marks[-1] if end_of_code is None else end_of_code))
    for run in list(word_iter(root, "r")):
        for element in list(run):
            if not is_word(element, "rPr") and first <= order.get(element, -1) <= last:
                run.remove(element)
    for mark in field.marks:
        _remove(mark)
