"""Surgery on a Word form as received: tags for its controls, and controls in the place of its bare placeholders.

Parts that nothing changes stay byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from itertools import count

from lxml import etree

from conventool.text.french import fold
from conventool.word.comments import with_parts
from conventool.word.controls import Document
from conventool.word.names import (
    attribute,
    child,
    is_word,
    make,
    set_attribute,
    value_of,
    word_children,
    word_iter,
)
from conventool.word.package import Package, serialize_xml

__all__ = ["MERGE_FIELDS", "placeholder_pattern", "tagged", "with_controls"]

MERGE_FIELDS = "MERGEFIELD"
"""The placeholder that stands for every field of a mail merge."""

_FAMILIES = {
    "[…]": r"\[[^\[\]\n]{1,120}\]",
    "……": r"…{2,}[….]*|\.{4,}|_{4,}",
    "{{…}}": r"\{\{[^{}]{1,120}\}\}",
    "«…»": r"«\w[\w ]{0,60}»",
}
_FIELD = re.compile(r'^\s*MERGEFIELD\s+(?:"([^"]+)"|(\S+))', re.IGNORECASE)
_FIELD_END = {"begin": 1, "end": -1}
_BEFORE_TAG = ("rPr", "alias")
_NO_TEXT = "\0"


def placeholder_pattern(asked: str) -> re.Pattern[str] | None:
    """What ``--placeholder`` means.

    Args:
        asked: the text of the placeholder; or a family by its sign: ``[…]`` for anything in brackets, ``……`` for dots
            or underscores to write on, ``{{ x }}`` for another program's expressions, ``«…»`` for a mail merge's
            marks, ``MERGEFIELD`` for its fields.

    Returns:
        The pattern of the texts meant; None for the fields, which are no text.
    """
    if asked.strip().upper() == MERGE_FIELDS:
        return None
    family = _FAMILIES.get(asked.replace(" ", "").replace("...", "…").replace("x", "…"))
    if family is None and set(asked) <= {"…", "."} and len(asked) > 1:
        family = _FAMILIES["……"]
    if family is not None:
        return re.compile(family)
    words = r"\s+".join(map(re.escape, asked.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)")


def with_controls(package: Package, placeholders: Sequence[str]) -> bytes:
    """A copy of a document in which bare placeholders have become controls that show them as their prompts.

    A placeholder is found across runs; one that stands in a control or in a tracked change is left alone. It becomes a
    date picker if it speaks of a date, else a text; its look stays.

    Args:
        package: the document; used up.
        placeholders: what ``--placeholder`` was given.
    """
    document = Document(package)
    patterns = [pattern for asked in placeholders if (pattern := placeholder_pattern(asked))]
    fields = any(placeholder_pattern(asked) is None for asked in placeholders)
    ids = count(1 + max(_used_ids(document), default=0))
    changed: dict[str, bytes] = {}
    for part, root in document.roots.items():
        done = 0
        for paragraph in list(word_iter(root, "p")):
            if fields:
                done += sum(_wrap(runs, name, next(ids)) for runs, name in list(_merge_fields(paragraph)))
            for pattern in patterns:
                done += _wrap_matches(paragraph, pattern, ids)
        if done:
            changed[part] = serialize_xml(root)
    return with_parts(package, changed)


def tagged(package: Package, tags: Mapping[str, str]) -> bytes:
    """A copy of a document whose controls have new tags.

    Args:
        package: the document; used up.
        tags: by address, the tag of a control that has none.
    """
    document = Document(package)
    changed: dict[str, bytes] = {}
    for control in document.controls:
        for site in control.sites if control.address in tags else ():
            _set_tag(document.element(site), tags[control.address])
            changed[site.part] = b""
    return with_parts(package, {part: serialize_xml(document.roots[part]) for part in changed})


def _set_tag(sdt: etree._Element, name: str) -> None:
    properties = child(sdt, "sdtPr")
    if properties is None:
        properties = make(sdt, "sdtPr")
        sdt.insert(0, properties)
    tag = child(properties, "tag")
    if tag is None:
        tag = make(properties, "tag")
        earlier = list(word_children(properties, *_BEFORE_TAG))
        properties.insert(properties.index(earlier[-1]) + 1 if earlier else 0, tag)
    set_attribute(tag, "val", name)


def _used_ids(document: Document) -> Iterator[int]:
    for root in document.roots.values():
        for properties in word_iter(root, "sdtPr"):
            text = value_of(properties, "id") or ""
            if text.isdecimal() and int(text) < 0x3FFFFFFF:
                yield int(text)


# ------------------------------------------------------------------------------------------- texts


def _wrap_matches(paragraph: etree._Element, pattern: re.Pattern[str], ids: Iterator[int]) -> int:
    """Make a control of each match in a paragraph; from the last to the first, so that offsets stay true."""
    text = "".join(_signs(run) for run in _runs(paragraph))
    matches = [match for match in pattern.finditer(text) if _NO_TEXT not in match[0]]
    for match in reversed(matches):
        _split_at(paragraph, match.end())
        _split_at(paragraph, match.start())
        _wrap(_between(paragraph, match.start(), match.end()), match[0], next(ids))
    return len(matches)


def _runs(paragraph: etree._Element) -> list[etree._Element]:
    """The runs that stand in the paragraph itself: not in a control, a link, a field or a tracked change."""
    depth, runs = 0, []
    for element in paragraph:
        if not is_word(element, "r"):
            runs.append(element)
            continue
        marks = [attribute(mark, "fldCharType") or "" for mark in word_children(element, "fldChar")]
        depth += sum(_FIELD_END.get(mark, 0) for mark in marks)
        if not depth and not marks:
            runs.append(element)
    return runs


def _signs(element: etree._Element) -> str:
    """The characters of a run; one that no pattern matches for each thing that is no text, and for what is no run."""
    if not is_word(element, "r"):
        return _NO_TEXT
    return "".join((inner.text or "") if is_word(inner, "t") else _NO_TEXT for inner in element if not _is_look(inner))


def _is_look(element: etree._Element) -> bool:
    return is_word(element, "rPr")


def _split_at(paragraph: etree._Element, offset: int) -> None:
    """Cut the run in which a character stands, so that a run begins with it."""
    start = 0
    for run in _runs(paragraph):
        length = len(_signs(run))
        if start < offset < start + length:
            second = deepcopy(run)
            _keep(run, 0, offset - start)
            _keep(second, offset - start, length)
            run.addnext(second)
            return
        start += length


def _keep(run: etree._Element, first: int, last: int) -> None:
    """Keep the characters of a run from ``first`` up to ``last``."""
    at = 0
    for inner in [element for element in run if not _is_look(element)]:
        text = inner.text or "" if is_word(inner, "t") else _NO_TEXT
        kept = text[max(0, first - at) : max(0, last - at)]
        at += len(text)
        if not kept:
            run.remove(inner)
        elif kept != text:
            inner.text = kept
            inner.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _between(paragraph: etree._Element, first: int, last: int) -> list[etree._Element]:
    start, runs = 0, []
    for run in _runs(paragraph):
        length = len(_signs(run))
        if first <= start and start + length <= last and length:
            runs.append(run)
        start += length
    return runs


# ------------------------------------------------------------------------------------------ fields


def _merge_fields(paragraph: etree._Element) -> Iterator[tuple[list[etree._Element], str]]:
    """The elements and the name of each mail merge field that stands in the paragraph itself."""
    elements: list[etree._Element] = []
    depth = 0
    for element in list(paragraph):
        if is_word(element, "fldSimple"):
            named = _FIELD.match(attribute(element, "instr") or "")
            if named:
                yield [element], named[1] or named[2]
            continue
        marks = [attribute(mark, "fldCharType") or "" for mark in word_iter(element, "fldChar")]
        depth += sum(_FIELD_END.get(mark, 0) for mark in marks)
        if depth or marks:
            elements.append(element)
        if marks and not depth:
            instruction = "".join(text.text or "" for one in elements for text in word_iter(one, "instrText"))
            named = _FIELD.match(instruction)
            if named:
                yield elements, named[1] or named[2]
            elements = []


def _shown(elements: Sequence[etree._Element]) -> Iterator[etree._Element]:
    """The runs that show a field's result, or the runs themselves."""
    for element in elements:
        runs = [element] if is_word(element, "r") else list(word_iter(element, "r"))
        yield from (run for run in runs if child(run, "t") is not None)


# ----------------------------------------------------------------------------------------- controls


def _wrap(elements: Sequence[etree._Element], prompt: str, identifier: int) -> bool:
    """Put a control in the place of some elements of a paragraph; it shows their runs as its prompt."""
    if not elements:
        return False
    first = elements[0]
    sdt = make(first, "sdt")
    properties = etree.SubElement(sdt, make(first, "sdtPr").tag)
    runs = list(_shown(elements))
    look = child(runs[0], "rPr") if runs else None
    if look is not None:
        properties.append(deepcopy(look))
    _with_value(properties, "alias", _title(prompt))
    _with_value(properties, "id", str(identifier))
    etree.SubElement(properties, make(first, "showingPlcHdr").tag)
    _add_kind(properties, is_date="date" in fold(prompt).split())
    content = etree.SubElement(sdt, make(first, "sdtContent").tag)
    first.addprevious(sdt)
    for element in elements:
        if element not in runs and element.getparent() is not None:
            element.getparent().remove(element)  # type: ignore[union-attr]
    for run in runs:
        run.tail = None
        content.append(run)
    return True


def _title(prompt: str) -> str:
    """What a placeholder says, without the signs around it."""
    return " ".join(prompt.strip("[]{}«»…._ \t").replace("_", " ").split())[:64]


def _add_kind(properties: etree._Element, *, is_date: bool) -> None:
    if not is_date:
        etree.SubElement(properties, make(properties, "text").tag)
        return
    date = etree.SubElement(properties, make(properties, "date").tag)
    for name, value in (
        ("dateFormat", "d MMMM yyyy"),
        ("lid", "fr-FR"),
        ("storeMappedDataAs", "dateTime"),
        ("calendar", "gregorian"),
    ):
        _with_value(date, name, value)


def _with_value(holder: etree._Element, name: str, value: str) -> None:
    if value:
        set_attribute(etree.SubElement(holder, make(holder, name).tag), "val", value)
