"""Tracked changes and comments, told and taken off (ISO/IEC 29500-1, 17.13.4 and 17.13.5)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from conventool.word.control_editing import drop, remove
from conventool.word.names import child, is_word, tags, word_iter

__all__ = ["accept_changes", "tracked_changes"]

_KEPT, _GONE = ("ins", "moveTo"), ("del", "moveFrom")
_MOVED = tuple(f"move{way}Range{end}" for way in ("From", "To") for end in ("Start", "End"))
_FORMER = (
    "numberingChange", "pPrChange", "rPrChange", "sectPrChange", "tblGridChange", "tblPrChange", "tblPrExChange",
    "tcPrChange", "trPrChange", "cellMerge",
)  # fmt: skip
_CELLS = ("cellIns", "cellDel")
_COMMENTS = ("commentRangeStart", "commentRangeEnd", "commentReference")


def tracked_changes(root: etree._Element) -> Iterator[etree._Element]:
    """What a part holds of tracked changes: of its text, its tables, its looks."""
    return word_iter(root, *_KEPT, *_GONE, *_FORMER, *_CELLS)


def accept_changes(root: etree._Element) -> bool:
    """Accept every tracked change of a part, and take its comments off; were there any?"""
    changed = False
    for element in list(word_iter(root, *_COMMENTS, *_MOVED, *_FORMER)):
        remove(element)
        changed = True
    for element in list(word_iter(root, *_CELLS)):
        cell = next(element.iterancestors(*tags("tc")))
        remove(element if is_word(element, "cellIns") else cell)
        changed = True
    for element in list(word_iter(root, *_KEPT, *_GONE)):
        if element.getroottree().getroot() is root:  # it did not go with one around it
            _accept(element)
            changed = True
    return changed


def _accept(change: etree._Element) -> None:
    holder = change.getparent()
    assert holder is not None
    if is_word(holder, "rPr") and is_word(holder.getparent(), "pPr"):  # type: ignore[arg-type]  # it has a parent
        paragraph = next(holder.iterancestors(*tags("p")))
        remove(change)
        if is_word(change, *_GONE):
            _join_with_next(paragraph)
    elif is_word(holder, "trPr"):
        row = next(holder.iterancestors(*tags("tr")))
        remove(change)
        if is_word(change, *_GONE):
            drop(row)
    elif is_word(change, *_GONE):
        remove(change)
    else:
        for inner in list(change):
            change.addprevious(inner)
        remove(change)


def _join_with_next(paragraph: etree._Element) -> None:
    """A paragraph whose mark is deleted is the beginning of the next one, which keeps its own properties."""
    following = paragraph.getnext()
    if following is None or not is_word(following, "p"):
        return
    properties = child(following, "pPr")
    at = 0 if properties is None else following.index(properties) + 1
    for inner in [element for element in paragraph if not is_word(element, "pPr")]:
        following.insert(at, inner)
        at += 1
    remove(paragraph)
