"""The fields of Word: what each computes, its marks, those that are part of it (ISO/IEC 29500-1, 17.16)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from conventool.word.names import attribute, is_word, word_iter

__all__ = ["Field", "fields"]

_KIND = re.compile(r"\s*(=|\w*)")


@dataclass(eq=False, repr=False)
class Field:
    """A field of Word.

    Attributes:
        begin: its first ``w:fldChar``, or its ``w:fldSimple``.
        around: the field in whose code or result it stands.
        code: what it computes.
        separate: the mark between its code and its result, where it has one.
        end: its last mark; None for a ``w:fldSimple``.
        inside: the fields that are part of it.
        inside_code: does one of them make a part of its code?
    """

    begin: etree._Element
    around: Field | None
    code: str = ""
    separate: etree._Element | None = None
    end: etree._Element | None = None
    inside: list[Field] = field(default_factory=list)
    inside_code: bool = False

    @property
    def kind(self) -> str:
        """The first word of its code, ``=`` for a formula."""
        found = _KIND.match(self.code)
        return found[1].upper() if found else ""


def fields(root: etree._Element) -> Iterator[Field]:
    """Every field of a part, in document order of their ends."""
    opened: list[Field] = []
    for element in word_iter(root, "fldChar", "instrText", "fldSimple"):
        if is_word(element, "instrText"):
            if opened and opened[-1].separate is None:
                opened[-1].code += element.text or ""
            continue
        around = opened[-1] if opened else None
        kind = attribute(element, "fldCharType")
        if is_word(element, "fldSimple"):
            yield Field(element, around, attribute(element, "instr") or "")
        elif kind == "begin":
            opened.append(Field(element, around))
        elif kind == "separate" and opened:
            opened[-1].separate = element
        elif kind == "end" and opened:
            closed = opened.pop()
            closed.end = element
            if opened:
                opened[-1].inside.append(closed)
                opened[-1].inside_code |= opened[-1].separate is None
            yield closed
