"""The result of a field edited, whichever way it is written (ISO/IEC 29500-1, 17.16.18 and 17.16.19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy

from lxml import etree

from conventool.word.control_editing import remove, split_run
from conventool.word.fields import Field
from conventool.word.form_fields import FieldMarks, marks_of, result_text
from conventool.word.names import ancestor, appended, child, is_word, make, own, set_attribute, tags, word_iter
from conventool.word.text_walker import visible_text

__all__ = [
    "TEXT_SIGNS",
    "is_whole",
    "isolated_runs",
    "leave_result",
    "look_of",
    "replace_result",
    "result_runs",
    "shown_runs",
    "shown_text",
]

TEXT_SIGNS = ("t", "br", "cr", "tab", "noBreakHyphen", "sym")
"""What shows as text in a run."""


def isolated_runs(begin: etree._Element, marks: FieldMarks) -> list[etree._Element]:
    """The runs of a field, cut so that none holds anything else, nor its marks and its result together."""
    split_run(_run_of(marks.end), marks.end, 1)
    split_run(_run_of(marks.end), marks.end, 0)
    if marks.separate is not None:
        split_run(_run_of(marks.separate), marks.separate, 1)
    first = split_run(_run_of(begin), begin, 0)
    runs = own(next(first.iterancestors(*tags("p"))), "r")
    return runs[runs.index(first) : runs.index(_run_of(marks.end)) + 1]


def result_runs(isolated: Sequence[etree._Element], marks: FieldMarks) -> list[etree._Element]:
    """Those of a field's isolated runs that hold its result."""
    if marks.separate is None:
        return []
    return list(isolated[isolated.index(_run_of(marks.separate)) + 1 : -1])


def look_of(runs: Iterable[etree._Element]) -> etree._Element | None:
    """A copy of the look of the first run that has one."""
    look = next((look for run in runs if (look := child(run, "rPr")) is not None), None)
    return deepcopy(look) if look is not None else None


def replace_result(begin: etree._Element, runs: Iterable[etree._Element]) -> None:
    """Put runs in the place of a field's result.

    Args:
        begin: its first mark, or its ``w:fldSimple``; a field of marks ends in the paragraph in which it begins.
        runs: the new result.
    """
    if is_word(begin, "fldSimple"):
        for old in [element for element in begin if not is_word(element, "fldData")]:
            remove(old)
        begin.extend(runs)
        return
    marks = marks_of(begin)
    assert marks is not None
    for old in result_runs(isolated_runs(begin, marks), marks):
        remove(old)
    last = _run_of(marks.end)
    if marks.separate is None:
        holder = make(last, "r")
        mark = appended(holder, "fldChar")
        set_attribute(mark, "fldCharType", "separate")
        last.addprevious(holder)
    for run in runs:
        last.addprevious(run)


def leave_result(begin: etree._Element) -> None:
    """Take a field off and leave its result as plain text; one that ends in another paragraph stays."""
    if is_word(begin, "fldSimple"):
        for inner in [element for element in begin if not is_word(element, "fldData")]:
            begin.addprevious(inner)
        remove(begin)
        return
    marks = marks_of(begin)
    if marks is not None:
        isolated = isolated_runs(begin, marks)
        result = result_runs(isolated, marks)
        for run in isolated:
            if run not in result:
                remove(run)


def is_whole(field: Field) -> bool:
    """Does it stand in one paragraph, and is it there at all?"""
    paragraph = ancestor(field.begin, "p")
    if paragraph is None or ancestor(field.begin, "del", "moveFrom") is not None:
        return False
    return field.end is None or paragraph in field.end.iterancestors()


def shown_runs(field: Field) -> Iterator[etree._Element]:
    """The runs in which a field's result begins."""
    if field.end is None:
        yield from word_iter(field.begin, "r")
    elif field.separate is not None:
        paragraph = next(field.begin.iterancestors(*tags("p")))
        pieces = list(word_iter(paragraph, "fldChar", *TEXT_SIGNS))
        for piece in pieces[pieces.index(field.separate) + 1 : pieces.index(field.end)]:
            run = piece.getparent()
            if run is not None:
                yield run


def shown_text(field: Field) -> str:
    """The text of a field's result."""
    return visible_text(field.begin) if field.end is None else result_text(field.begin)


def _run_of(mark: etree._Element) -> etree._Element:
    run = mark.getparent()
    assert run is not None
    return run
