"""One way through the text of an element, in the order in which it is read (ISO/IEC 29500-1, 17.3).

Whoever reads a document's text, for whatever end, is a subclass of ``TextWalker`` that says what it makes of the signs,
the controls, the paragraphs. What shows as text and what only describes it is known here alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, ClassVar

from lxml import etree

from conventool.word.form_fields import form_data, marks_of, shown_sign
from conventool.word.names import MATH, MC, attribute, local, shown_alternative, tags

__all__ = ["ControlSkipper", "TextWalker", "box_named", "box_sign", "visible_text"]

_SIGNS = {"br": "\n", "cr": "\n", "noBreakHyphen": "\N{NON-BREAKING HYPHEN}", "ptab": "\t", "tab": "\t"}
_METHODS: Mapping[str, tuple[str, ...]] = {
    "_text": ("t",),
    "_sign": tuple(_SIGNS),
    "_symbol": ("sym",),
    "properties": ("rPr", "pPr", "sdtPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "tblPrEx"),
    "change": ("ins", "moveTo", "del", "moveFrom"),
    "deleted_text": ("delText",),
    "paragraph": ("p",),
    "run": ("r",),
    "table": ("tbl",),
    "row": ("tr",),
    "control": ("sdt",),
    "box": ("txbxContent",),
    "field_mark": ("fldChar",),
    "field_code": ("instrText",),
    "simple_field": ("fldSimple",),
    "comment_reference": ("commentReference",),
    "note_mark": ("footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef"),
    "note": ("footnote", "endnote"),
    "imported_file": ("altChunk",),
}
_METHOD_OF = {tag: method for method, names in _METHODS.items() for tag in tags(*names)} | {
    f"{{{MATH}}}t": "_text",
    f"{{{MC}}}AlternateContent": "alternatives",
}


_BOXES: Mapping[tuple[str, str], str] = {
    ("wingdings", "A8"): "☐", ("wingdings", "6F"): "☐", ("wingdings", "71"): "☐", ("wingdings", "72"): "☐",
    ("wingdings", "FC"): "☑", ("wingdings", "FE"): "☑",
    ("wingdings", "78"): "☒", ("wingdings", "FB"): "☒", ("wingdings", "FD"): "☒",
    ("wingdings 2", "A3"): "☐", ("wingdings 2", "50"): "☑", ("wingdings 2", "52"): "☑",
    ("wingdings 2", "4F"): "☒", ("wingdings 2", "53"): "☒", ("wingdings 2", "54"): "☒",
    ("webdings", "63"): "☐", ("webdings", "61"): "☑", ("webdings", "72"): "☒",
}  # fmt: skip
"""Boxes of the symbol fonts that Word offers for a checkbox: by font and last byte of the number."""


class TextWalker:
    """Visits everything below an element that shows text. As it stands it reads what a reader of the paper sees.

    A subclass gives ``sign`` and overrides the visits that mean something to it; each visit goes on to the children
    unless it says otherwise.
    """

    _visits: ClassVar[Mapping[object, Callable[[Any, etree._Element], None]]] = {}

    def __init_subclass__(cls) -> None:
        """Find the method for each tag once for the class."""
        cls._visits = {tag: getattr(cls, method) for tag, method in _METHOD_OF.items()}

    def visit(self, element: etree._Element) -> None:
        """Visit an element by the method for its kind; of a kind that means nothing here, its children."""
        self._visits.get(element.tag, TextWalker.children)(self, element)

    def sign(self, element: etree._Element, text: str) -> None:
        """Some characters, and the element that shows them."""
        raise NotImplementedError

    def children(self, element: etree._Element) -> None:
        """Visit what an element holds."""
        visits = self._visits
        for inner in element:
            visits.get(inner.tag, TextWalker.children)(self, inner)

    def paragraph(self, element: etree._Element) -> None:
        """Visit a ``w:p``."""
        self.children(element)

    def run(self, element: etree._Element) -> None:
        """Visit a ``w:r``."""
        self.children(element)

    def table(self, element: etree._Element) -> None:
        """Visit a ``w:tbl``."""
        self.children(element)

    def row(self, element: etree._Element) -> None:
        """Visit a ``w:tr``."""
        self.children(element)

    def control(self, element: etree._Element) -> None:
        """Visit a ``w:sdt``."""
        self.children(element)

    def box(self, element: etree._Element) -> None:
        """Visit the text of a text box, which is anchored in the paragraph where it is met."""
        self.children(element)

    def change(self, element: etree._Element) -> None:
        """Visit a tracked insertion or deletion, be it of a move: text that is deleted shows no more."""
        if local(element) in {"ins", "moveTo"}:
            self.children(element)

    def deleted_text(self, element: etree._Element) -> None:
        """Visit a ``w:delText``."""

    def alternatives(self, element: etree._Element) -> None:
        """Visit the first of some alternatives that Word understands; the others show in other programs."""
        self.children(shown_alternative(element))

    def field_mark(self, element: etree._Element) -> None:
        """Visit a ``w:fldChar``: the beginning, the middle or the end of a field; a box to tick shows as its first."""
        if sign := shown_sign(element):
            self.sign(element, sign)

    def field_code(self, element: etree._Element) -> None:
        """Visit a ``w:instrText``, which never shows."""

    def simple_field(self, element: etree._Element) -> None:
        """Visit a ``w:fldSimple``, which holds its result."""
        self.children(element)

    def comment_reference(self, element: etree._Element) -> None:
        """Visit the anchor of a comment."""

    def note_mark(self, element: etree._Element) -> None:
        """Visit what prints the number of a note, where it is called and where it stands; the number is not stored."""

    def note(self, element: etree._Element) -> None:
        """Visit a footnote or an endnote."""
        self.children(element)

    def imported_file(self, element: etree._Element) -> None:
        """Visit a ``w:altChunk``: another file, which Word takes in when it opens this one (17.17.2.1)."""

    def properties(self, element: etree._Element) -> None:
        """Visit what describes, and shows nothing."""

    def _text(self, element: etree._Element) -> None:
        """A text; a comment or a processing instruction in it is no part of it, and does not end it."""
        text = "".join([element.text or "", *(inner.tail or "" for inner in element)])
        if text:
            self.sign(element, text)

    def _sign(self, element: etree._Element) -> None:
        self.sign(element, _SIGNS[local(element)])

    def _symbol(self, element: etree._Element) -> None:
        """A character given by its number in a font, often in the private area (17.3.3.30)."""
        with suppress(ValueError, OverflowError):
            self.sign(element, box_sign(element) or chr(int(attribute(element, "char") or "", 16)))


def box_sign(symbol: etree._Element) -> str | None:
    """The box that a ``w:sym`` draws, as the character that Unicode has for it; None for any other symbol."""
    return box_named(attribute(symbol, "font") or "", attribute(symbol, "char") or "")


def box_named(font: str, code: str) -> str | None:
    """The box that a symbol font has under a number in hexadecimal, as the character that Unicode has for it."""
    return _BOXES.get((font.casefold(), code[-2:].upper()))


class ControlSkipper(TextWalker):
    """A walker that may leave out the text of a control, be it a ``w:sdt`` or a form field.

    A subclass gives ``shown`` for the characters that are read, and ``skips``.
    """

    _end: etree._Element | None = None
    """Of the form field whose text is being left out."""

    def shown(self, text: str) -> None:
        """Some characters that are not left out."""
        raise NotImplementedError

    def skips(self, control: etree._Element) -> bool:
        """Whether the text of a control, which begins here, is left out."""
        raise NotImplementedError

    def sign(self, element: etree._Element, text: str) -> None:  # noqa: ARG002
        """Some characters: those of a form field that is left out are passed over."""
        if self._end is None:
            self.shown(text)

    def control(self, element: etree._Element) -> None:
        """Visit a ``w:sdt``, unless it is left out."""
        if not self.skips(element):
            self.children(element)

    def field_mark(self, element: etree._Element) -> None:
        """Visit a ``w:fldChar``, which may begin a form field that is left out."""
        marks = marks_of(element) if form_data(element) is not None else None
        if marks is not None and self.skips(element):
            self._end = marks.end
        elif element is self._end:
            self._end = None
        else:
            super().field_mark(element)


class _VisibleText(ControlSkipper):
    """The text a reader sees, with a newline after each paragraph."""

    def __init__(self, shown: Mapping[etree._Element, str]) -> None:
        self.read: list[str] = []
        self._instead = shown

    def shown(self, text: str) -> None:
        self.read.append(text)

    def skips(self, control: etree._Element) -> bool:
        instead = self._instead.get(control)
        if instead is not None:
            self.read.append(instead)
        return instead is not None

    def paragraph(self, element: etree._Element) -> None:
        self.children(element)
        self.read.append("\n")


def visible_text(element: etree._Element | None, shown: Mapping[etree._Element, str] | None = None) -> str:
    """The text a reader sees in an element.

    Args:
        element: anything that may hold text; None holds none.
        shown: what some controls in it will show, in the place of what they show now.

    Returns:
        The text: paragraphs and breaks as newlines; no deleted text, no field code, no second twin of a text box.
    """
    if element is None:
        return ""
    walker = _VisibleText(shown or {})
    walker.visit(element)
    return "".join(walker.read).removesuffix("\n")
