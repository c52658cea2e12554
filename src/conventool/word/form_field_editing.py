"""Legacy form fields edited: another result, a box ticked, an entry chosen; or the field taken off."""

from __future__ import annotations

from lxml import etree

from conventool.word.control_editing import Token, run_with_text, superscript
from conventool.word.field_editing import isolated_runs, leave_result, look_of, replace_result, result_runs
from conventool.word.form_fields import FieldMarks, form_data, marks_of, shown_sign
from conventool.word.names import child, ensured, set_attribute
from conventool.word.values import Form

__all__ = ["fill_form_field", "take_field_off"]

_BEFORE_CHECKED = ("size", "sizeAuto", "default")  # ISO/IEC 29500-1, 17.16.7


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
        set_attribute(ensured(box, "checked", _BEFORE_CHECKED), "val", "1" if form == "checked" else "0")
    elif choices is not None:
        set_attribute(ensured(choices, "result"), "val", token("stored"))
    else:
        _put_result(begin, marks, form, token)


def take_field_off(begin: etree._Element, token: Token | None = None) -> None:
    """Leave what a form field shows as plain text; ``token`` gives that of the entry chosen from a list."""
    marks = marks_of(begin)
    if marks is None:
        return
    sign, entries = shown_sign(begin), child(form_data(begin), "ddList")
    isolated = isolated_runs(begin, marks)
    if entries is not None and token is not None:
        sign = token("text")
    if sign:
        isolated[0].addprevious(run_with_text(begin, look_of(isolated), sign))
    leave_result(begin)


def _put_result(begin: etree._Element, marks: FieldMarks, form: Form, token: Token) -> None:
    isolated = isolated_runs(begin, marks)
    look = look_of(result_runs(isolated, marks) or isolated)
    pieces = [(look, "text")]
    if form == "ordinal":
        pieces += [(superscript(begin, look), "er"), (look, "after")]
    replace_result(begin, [run_with_text(begin, looks, token(facet)) for looks, facet in pieces])
