"""Legacy form fields (ISO/IEC 29500-1, 17.16.7 to 17.16.35): texts, boxes to tick and lists in the manner of Word 97.

A form field is a complex field whose first mark holds ``w:ffData``. That mark stands for it, as a ``w:sdt`` for a
content control.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from conventool.word.names import (
    ancestor,
    attribute,
    child,
    is_on,
    is_word,
    local,
    tags,
    value_of,
    word_children,
    word_iter,
)

__all__ = ["FieldMarks", "entries_of", "form_data", "is_list", "is_ticked", "marks_of", "result_text", "shown_sign"]

_SIGNS = {"br": "\n", "cr": "\n", "noBreakHyphen": "\N{NON-BREAKING HYPHEN}", "tab": "\t"}


class FieldMarks(NamedTuple):
    """The marks of a field in its paragraph: where its result begins, and where it ends."""

    separate: etree._Element | None
    end: etree._Element


def form_data(mark: etree._Element) -> etree._Element | None:
    """The ``w:ffData`` of a mark that begins a form field; None for any other element."""
    if not is_word(mark, "fldChar") or attribute(mark, "fldCharType") != "begin":
        return None
    return child(mark, "ffData")


def marks_of(begin: etree._Element) -> FieldMarks | None:
    """The other marks of a field; None where it does not end in the paragraph in which it begins."""
    paragraph = ancestor(begin, "p")
    if paragraph is None:
        return None
    marks = list(word_iter(paragraph, "fldChar"))
    depth, separate = 0, None
    for mark in marks[marks.index(begin) :]:
        kind = attribute(mark, "fldCharType")
        depth += {"begin": 1, "end": -1}.get(kind or "", 0)
        if depth == 1 and kind == "separate":
            separate = mark
        if depth == 0:
            return FieldMarks(separate, mark)
    return None


def result_text(begin: etree._Element) -> str:
    """The text that a text field shows."""
    marks = marks_of(begin)
    if marks is None or marks.separate is None:
        return ""
    paragraph = next(begin.iterancestors(*tags("p")))
    pieces = list(word_iter(paragraph, "fldChar", "t", *_SIGNS))
    shown = pieces[pieces.index(marks.separate) + 1 : pieces.index(marks.end)]
    return "".join(_SIGNS.get(local(piece), piece.text or "") for piece in shown if not is_word(piece, "fldChar"))


def shown_sign(begin: etree._Element) -> str:
    """What Word draws for a box or a list, which is no text of the document; empty for a text."""
    data = form_data(begin)
    if data is None:
        return ""
    if child(data, "checkBox") is not None:
        return "☒" if is_ticked(begin) else "☐"
    entries = list(entries_of(begin))
    chosen = child(data, "ddList")
    rank = value_of(chosen, "result") or value_of(chosen, "default") or "0"
    return entries[int(rank)] if rank.isdecimal() and int(rank) < len(entries) else ""


def entries_of(begin: etree._Element) -> Iterator[str]:
    """The choices of a list, in their order."""
    choices = child(form_data(begin), "ddList")
    for entry in word_children(choices, "listEntry") if choices is not None else ():
        yield attribute(entry, "val") or ""


def is_list(begin: etree._Element) -> bool:
    """Is it a list to choose from?"""
    return child(form_data(begin), "ddList") is not None


def is_ticked(begin: etree._Element) -> bool:
    """Is the box ticked, by hand or at first?"""
    box = child(form_data(begin), "checkBox")
    return is_on(box, "default" if child(box, "checked") is None else "checked")
