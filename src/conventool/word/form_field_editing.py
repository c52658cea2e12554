"""Legacy form fields edited: another result, a box ticked, an entry chosen; or the field taken off."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from conventool.word.control_editing import Token, remove, run_with_text, split_run, superscript
from conventool.word.form_fields import FieldMarks, form_data, marks_of, shown_sign
from conventool.word.names import child, is_word, make, set_attribute, word_iter
from conventool.word.values import Form

__all__ = ["fill_form_field", "take_field_off"]


def fill_form_field(begin: etree._Element, form: Form, token: Token) -> None:
    """Give a form field the content that ``form`` asks for, with tokens where the value will stand.

    Args:
        begin: the mark that stands for it.
        form: what the value asks of the structure.
        token: gives the token of each facet; a list keeps the rank of its entry as ``stored``.
    """
    data, marks = form_data(begin), marks_of(begin)
    if data is None or marks is None:
        return
    box, choices = child(data, "checkBox"), child(data, "ddList")
    if box is not None:
        _set_first(box, "checked", "1" if form == "checked" else "0", at=len(box))
    elif choices is not None:
        _set_first(choices, "result", token("stored"), at=0)
    else:
        _put_result(begin, marks, form, token)


def take_field_off(begin: etree._Element, token: Token | None = None) -> None:
    """Leave what a form field shows as plain text; ``token`` gives that of the entry chosen from a list."""
    marks = marks_of(begin)
    if marks is None:
        return
    sign, entries = shown_sign(begin), child(form_data(begin), "ddList")
    isolated = _isolated(begin, marks)
    if entries is not None and token is not None:
        sign = token("text")
    if sign:
        isolated[0].addprevious(run_with_text(begin, _look(isolated), sign))
    result = _result(isolated, marks)
    for run in isolated:
        if run not in result:
            remove(run)


def _set_first(holder: etree._Element, name: str, value: str, at: int) -> None:
    """Set the value of a child, made at its place where there is none."""
    element = child(holder, name)
    if element is None:
        element = make(holder, name)
        holder.insert(at, element)
    set_attribute(element, "val", value)


def _put_result(begin: etree._Element, marks: FieldMarks, form: Form, token: Token) -> None:
    isolated = _isolated(begin, marks)
    look = _look(_result(isolated, marks) or isolated)
    for old in _result(isolated, marks):
        remove(old)
    last = _run_of(marks.end)
    if marks.separate is None:
        holder = make(last, "r")
        mark = etree.SubElement(holder, make(holder, "fldChar").tag)
        set_attribute(mark, "fldCharType", "separate")
        last.addprevious(holder)
    pieces = [(look, "text")]
    if form == "ordinal":
        pieces += [(superscript(last, look), "er"), (look, "after")]
    for looks, facet in pieces:
        last.addprevious(run_with_text(last, looks, token(facet)))


def _isolated(begin: etree._Element, marks: FieldMarks) -> list[etree._Element]:
    """The runs of a field, cut so that none holds anything else, nor its marks and its result together."""
    split_run(_run_of(marks.end), marks.end, 1)
    split_run(_run_of(marks.end), marks.end, 0)
    if marks.separate is not None:
        split_run(_run_of(marks.separate), marks.separate, 1)
    first = split_run(_run_of(begin), begin, 0)
    paragraph = next(ancestor for ancestor in first.iterancestors() if is_word(ancestor, "p"))
    runs = list(word_iter(paragraph, "r"))
    return runs[runs.index(first) : runs.index(_run_of(marks.end)) + 1]


def _result(isolated: Sequence[etree._Element], marks: FieldMarks) -> list[etree._Element]:
    """Those of the field's runs that hold its result."""
    if marks.separate is None:
        return []
    return list(isolated[isolated.index(_run_of(marks.separate)) + 1 : -1])


def _look(runs: Sequence[etree._Element]) -> etree._Element | None:
    look = next((look for run in runs if (look := child(run, "rPr")) is not None), None)
    return deepcopy(look) if look is not None else None


def _run_of(mark: etree._Element) -> etree._Element:
    run = mark.getparent()
    assert run is not None
    return run
