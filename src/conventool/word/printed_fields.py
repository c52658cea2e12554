"""What becomes of a document's fields in a copy to print, so that paper and Word agree (ISO/IEC 29500-1, 17.16.5).

LibreOffice renews some fields as Word would: of pages, of counts, tables of contents. Of the others it makes something
else, or nothing at all, so their last result is left as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from lxml import etree

from conventool.word.control_editing import remove, run_with_text
from conventool.word.field_editing import is_whole, leave_result, look_of, replace_result, shown_runs
from conventool.word.field_results import bookmark_of, instruction
from conventool.word.fields import Field, fields
from conventool.word.names import ancestor, is_word, set_attribute, word_iter

__all__ = ["NEEDING_BOOKMARKS", "PrintedFields", "settle_fields"]

NEEDING_BOOKMARKS = frozenset({"PAGEREF", "REF"})
"""The kinds of fields that mean a bookmark."""

_TABLES = frozenset({"INDEX", "TOA", "TOC"})
_OF_CONTENTS = frozenset("chotuwxz")  # the switches of a table of contents that LibreOffice knows
_RENEWED = {"NUMPAGES": "*", "PAGE": "*", "PAGEREF": "*h", "REF": "*h", "SEQ": "*nr"}
"""What LibreOffice renews as Word does, with the switches that it understands."""
_DRAWN = frozenset(
    {
        "ADVANCE", "ASK", "DATE", "EQ", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "GOTOBUTTON", "HYPERLINK",
        "INCLUDEPICTURE", "MACROBUTTON", "PRIVATE", "RD", "SET", "TA", "TC", "TIME", "XE",
    }
)  # fmt: skip
"""What is more than the text of its result, or less: a link, a formula, a mark that shows nothing, the present day."""
_STYLES = re.compile(r'\\t\s*"[^"]*"')
_LOOKS = frozenset({"MERGEFORMAT", "CHARFORMAT"})
_NUMBERED = frozenset({"ALPHABETIC", "ARABIC", "ROMAN"})
_OF_THE_LAYOUT = frozenset(
    {"COMPARE", "IF", "INDEX", "LISTNUM", "NOTEREF", "PAGEREF", "REF", "SECTION", "SECTIONPAGES", "SEQ", "STYLEREF"}
) | _TABLES  # fmt: skip
"""Those that may have been old before: of pages, styles, counts and conditions."""


class PrintedFields(NamedTuple):
    """What became of the fields of a part.

    Attributes:
        changed: was any of them left as plain text?
        tables: does it hold a table of contents that LibreOffice is to renew?
        old: kinds of those that show what Word made of them last, though it may have changed since.
    """

    changed: bool = False
    tables: bool = False
    old: frozenset[str] = frozenset()


def settle_fields(
    root: etree._Element, bookmarks: frozenset[str], file: str, is_current: Callable[[Field], bool]
) -> PrintedFields:
    """Leave as plain text what LibreOffice would make otherwise than Word.

    Args:
        root: of the part; it is changed.
        bookmarks: the names of the document's bookmarks, in small letters.
        file: its name, for FILENAME.
        is_current: whether a field that is left shows what the document says.
    """
    outer = [one for one in fields(root) if one.around is None and ancestor(one.begin, "del", "moveFrom") is None]
    left = [one for one in outer if not _is_renewed(one, bookmarks) and (one.end is None or one.separate is not None)]
    if any(one.kind == "SEQ" for one in left):  # it would count without those that are left
        left = [one for one in outer if one.kind == "SEQ" or one in left]
    old = frozenset(one.kind for one in left if one.kind in _OF_THE_LAYOUT and not is_current(one))
    for one in left:
        if one.kind == "FILENAME" and is_whole(one):
            replace_result(one.begin, [run_with_text(one.begin, look_of(shown_runs(one)), file)])
        _leave(root, one)
    tables = [one for one in outer if one.kind == "TOC" and one not in left]
    for one in tables:
        _say_as_libreoffice(root, one)
    return PrintedFields(bool(left or tables), bool(tables), old)


def _is_renewed(field: Field, bookmarks: frozenset[str]) -> bool:
    """Does LibreOffice print it as Word does?"""
    said, kind = instruction(field.code), field.kind
    if kind in _TABLES:
        return kind == "TOC" and not set(said.switches) - _OF_CONTENTS
    if kind not in _RENEWED:
        return kind in _DRAWN and not (
            kind == "HYPERLINK" and field.inside_code
        )  # it would print what makes the address
    numbered = frozenset() if kind == "REF" else _NUMBERED
    if set(said.switches) - set(_RENEWED[kind]) or said.formats - _LOOKS - numbered:
        return False
    if kind == "SEQ":
        return bool(said.formats & _NUMBERED or "r" in said.switches)
    if kind == "REF":
        return bookmark_of(field.code, bookmarks) is not None
    return kind != "PAGEREF" or bool(said.arguments and said.arguments[0].casefold() in bookmarks)


def _say_as_libreoffice(root: etree._Element, table: Field) -> None:
    """Say of a table of contents what Word means: French styles between semicolons, outline levels only if asked."""
    if "u" not in instruction(table.code).switches:
        for level in list(word_iter(root, "outlineLvl")):
            remove(level)
    code = _STYLES.sub(lambda styles: styles[0].replace(";", ","), table.code)
    if code == table.code:
        return
    if is_word(table.begin, "fldSimple"):
        set_attribute(table.begin, "instr", code)
        return
    written: list[etree._Element] = []
    for mark in word_iter(root, "fldChar", "instrText"):
        if mark in (table.separate, table.end):
            break
        if written or mark is table.begin:
            written.append(mark)
    for rank, mark in enumerate(written[1:]):
        mark.text = "" if rank else code


def _leave(root: etree._Element, field: Field) -> None:
    """Take a field off, and leave its result."""
    if is_whole(field):
        leave_result(field.begin)
        return
    inside = False  # its code, with what other fields show in it?
    for mark in list(word_iter(root, "fldChar", "instrText", "t")):
        inside = inside or mark is field.begin
        if inside or mark is field.end:
            remove(mark)
        if mark is field.separate:
            inside = False
        if mark is field.end:
            break
