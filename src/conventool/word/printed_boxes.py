"""Boxes to tick in a copy to print, as characters that every program draws and reads as boxes."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from conventool.word.control_editing import remove, run_with_text
from conventool.word.controls import content_of, sdt_elements
from conventool.word.fields import fields
from conventool.word.form_field_editing import take_field_off
from conventool.word.form_fields import form_data
from conventool.word.names import W14, child, is_on, make, word_iter
from conventool.word.text_walker import box_sign, visible_text

__all__ = ["settle_boxes"]

_PRIVATE_AREA = range(0xE000, 0xF900)  # where symbol fonts have their own signs


def settle_boxes(root: etree._Element) -> bool:
    """Make ☒ and ☐ of the boxes of a part that LibreOffice draws without a character of Unicode; were there any?

    It draws those of legacy fields as pictures, which nobody can read back, and takes the signs of some fonts, as of
    ZapfDingbats, for letters or for nothing.
    """
    legacy = [one for one in fields(root) if child(form_data(one.begin), "checkBox") is not None]
    for one in legacy:
        take_field_off(one.begin)
    odd = [sdt for sdt in sdt_elements(root) if _is_odd_box(sdt)]
    for sdt in odd:
        _draw_plainly(sdt)
    fixed = [symbol for symbol in word_iter(root, "sym") if box_sign(symbol)]
    for symbol in fixed:
        text = make(symbol, "t")
        text.text = box_sign(symbol)
        symbol.addprevious(text)
        remove(symbol)
    return bool(legacy or odd or fixed)


def _is_odd_box(sdt: etree._Element) -> bool:
    """Is it a box whose sign is that of a symbol font, and no character of Unicode?"""
    content = content_of(sdt)
    if content is None or child(child(sdt, "sdtPr"), "checkbox", W14) is None:
        return False
    symbols = next(word_iter(content, "sym"), None) is not None
    return symbols or any(ord(sign) in _PRIVATE_AREA for sign in visible_text(content))


def _draw_plainly(sdt: etree._Element) -> None:
    """Put the character of Unicode for a box, or for what it says, in the place of its sign."""
    runs = list(word_iter(sdt, "r"))
    ticked = is_on(child(child(sdt, "sdtPr"), "checkbox", W14), "checked", W14)
    known = [box_sign(symbol) for symbol in word_iter(sdt, "sym")]
    sign = next(filter(None, known), "☒" if ticked else "☐")
    look = deepcopy(child(runs[0], "rPr"))
    font = child(look, "rFonts")
    if look is not None and font is not None:
        look.remove(font)
    runs[0].addprevious(run_with_text(sdt, look, sign))
    for run in runs:
        remove(run)
