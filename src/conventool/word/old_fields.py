"""Fields that filling may make untrue and that only Word renews: of pages, styles, conditions (17.16.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from conventool.word.document import Document
from conventool.word.field_editing import shown_text
from conventool.word.field_results import FieldResults, bookmark_of, instruction
from conventool.word.fields import Field, fields
from conventool.word.form_fields import form_data
from conventool.word.names import ancestor, attribute, child, value_of, word_iter
from conventool.word.styled_text import style_ids

__all__ = ["OldField", "old_fields"]

_OF_PAGES = frozenset({"INDEX", "PAGEREF", "TOA", "TOC"})
_OF_CONDITIONS = frozenset({"COMPARE", "IF"})
_OF_COUNTS = frozenset({"NOTEREF", "SEQ"})
_NUMBERS = frozenset("nprw")  # of REF: the number of a paragraph, which no value changes


class OldField(NamedTuple):
    """A field that may show what was true before.

    Attributes:
        field: the field.
        part: the part where it stands.
        shown: what it shows.
    """

    field: Field
    part: str
    shown: str


def old_fields(document: Document) -> list[OldField]:
    """The fields of a document that its controls may change, and that are not renewed when it is filled."""
    results = FieldResults(document, document.root)
    return [
        OldField(field, part, " ".join(shown_text(field).split()))
        for part in document.repeating_parts
        for field in fields(document.root(part))
        if _changes(document, field, results) and results.result(field) is None
    ]


def _changes(document: Document, field: Field, results: FieldResults) -> bool:
    """May a value change what it shows?"""
    said, kind = instruction(field.code), field.kind
    if kind in _OF_PAGES:
        return True
    if kind in _OF_COUNTS:
        return any(control.kind == "repeat" for control in document.controls)
    if kind in _OF_CONDITIONS:
        return bool(field.inside) or any(word.casefold() in results.bookmarks for word in said.arguments)
    if kind == "STYLEREF":
        return bool(said.arguments) and _is_styled(document, said.arguments[0])
    if kind == "FORMTEXT":
        return value_of(child(form_data(field.begin), "textInput"), "type") == "calculated"
    marked = bookmark_of(field.code, results.bookmarks)
    return kind == "=" or (marked is not None and not _NUMBERS & set(said.switches))


def _is_styled(document: Document, name: str) -> bool:
    """Does a control stand in text of a style, which a field calls by its name or by the level of its heading?"""
    ids = style_ids(document.styles, name)
    return not ids or any(ids & set(_styles_around(document.element(one.sites[0]))) for one in document.controls)


def _styles_around(control: etree._Element) -> Iterator[str]:
    paragraph = ancestor(control, "p")
    for style in word_iter(control if paragraph is None else paragraph, "pStyle", "rStyle"):
        yield attribute(style, "val") or ""
