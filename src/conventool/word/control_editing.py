"""One control's elements edited: new content at its own level, no trace of its prompt, or no control any more.

Where a value will stand, a token is put; ``compiled_part`` splits the part at the tokens. So the same few functions
serve a template that is compiled once and filled many times.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from copy import deepcopy

from lxml import etree

from conventool.word.controls import content_of, level_of, sdt_elements
from conventool.word.names import (
    SPACE,
    W14,
    ancestor,
    appended,
    attribute,
    child,
    ensured,
    is_on,
    is_word,
    local,
    make,
    set_attribute,
    value_of,
    word_children,
    word_iter,
)
from conventool.word.text_walker import box_named, visible_text
from conventool.word.values import Form

__all__ = [
    "UNSEEN",
    "Token",
    "box_signs",
    "clone_item",
    "drop",
    "fill_control",
    "remove",
    "run_with_text",
    "split_run",
    "superscript",
    "unwrap",
]

Token = Callable[[str], str]
"""Gives the token for a facet of the value: ``text``, ``er`` and ``after`` for the runs, ``full_date``, ``stored``."""

UNSEEN = ("rPr", "lastRenderedPageBreak", "softHyphen")
"""What may stand in a run and shows nothing."""

_MARKERS = frozenset(
    f"{kind}{end}"
    for kind in (
        "bookmark", "commentRange", "customXmlInsRange", "customXmlDelRange", "customXmlMoveFromRange",
        "customXmlMoveToRange", "moveFromRange", "moveToRange",
    )
    for end in ("Start", "End")
) | {"permStart", "permEnd"}  # fmt: skip
_BLOCKS = ("p", "tbl", "tr", "tc", "sdt", "sdtContent", "customXml", "r")
_MUST_HOLD_A_PARAGRAPH = ("tc", "txbxContent", "hdr", "ftr", "footnote", "endnote", "comment")
_MARK_ONLY = ("ins", "del", "moveFrom", "moveTo", "rPrChange", "specVanish", "vanish")  # of a paragraph's mark
_SYMBOL_FONTS = ("Wingdings", "Webdings", "Symbol")
_PRIVATE_AREA = 0xF000  # where the characters of symbol fonts stand
# what follows vertAlign in the order of CT_RPr (ISO/IEC 29500-1, A.1)
_AFTER_VERT_ALIGN = ("rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath", "rPrChange")
_BEFORE_SHOWING_FLAG = ("rPr", "alias", "tag", "id", "lock", "placeholder", "temporary")


def fill_control(sdt: etree._Element, form: Form, token: Token, prompt_styles: frozenset[str]) -> None:
    """Give a control the content that ``form`` asks for, with tokens where the value will stand.

    Args:
        sdt: the control.
        form: what the value asks of the structure; "items" is ``clone_item``'s matter.
        token: gives the token of each facet.
        prompt_styles: ids of the styles that show prompts.
    """
    properties = ensured(sdt, "sdtPr")
    look = _look_of(sdt, properties, prompt_styles)
    if form in {"checked", "unchecked"}:
        runs = [_glyph(sdt, properties, look, checked=form == "checked")]
    elif form == "ordinal":
        raised = superscript(sdt, look)
        pieces = ((look, "text"), (raised, "er"), (look, "after"))
        runs = [run_with_text(sdt, looks, token(facet)) for looks, facet in pieces]
    else:
        runs = [run_with_text(sdt, look, token("text"))]
    _mark_filled(properties, token, blank=form == "blank")
    _replace_content(sdt, runs)


def unwrap(sdt: etree._Element) -> None:
    """Take the control off and leave its content in its place, at whatever level."""
    holder = sdt.getparent()
    if holder is None:
        return
    content = content_of(sdt)
    at = holder.index(sdt)
    inner = list(content) if content is not None else []
    if not inner and level_of(sdt) == "block":
        inner = [make(sdt, "p")]  # a cell, a note or a text box must hold a paragraph
    for offset, element in enumerate(inner):
        holder.insert(at + offset, element)
    _keep_tail(sdt)
    holder.remove(sdt)


def split_run(run: etree._Element, element: etree._Element, offset: int) -> etree._Element:
    """Cut a run before a character of one of its elements; the run that begins with the character."""
    moved = list(element.itersiblings())
    text = element.text or "" if is_word(element, "t") else " "
    if offset == 0:
        if all(is_word(earlier, *UNSEEN) for earlier in element.itersiblings(preceding=True)):
            return run
        moved.insert(0, element)
    elif offset < len(text):
        rest = make(element, "t")
        element.text, rest.text = text[:offset], text[offset:]
        for piece in (element, rest):
            piece.set(SPACE, "preserve")
        moved.insert(0, rest)
    if not moved:
        return run
    second = etree.Element(run.tag, run.attrib, nsmap=run.nsmap)  # type: ignore[arg-type]  # stubs forbid bytes
    look = child(run, "rPr")
    if look is not None:
        second.append(deepcopy(look))
    second.tail, run.tail = run.tail, None
    run.addnext(second)
    for piece in moved:
        second.append(piece)
    return second


def drop(element: etree._Element) -> None:
    """Take off an element with what cannot stand without it: the table of the last row, the control around it.

    A cell, a note or a text box goes on holding a paragraph.
    """
    holder = element.getparent()
    if holder is None:
        return
    remove(element)
    blocks = [inner for inner in holder if is_word(inner, *_BLOCKS)]
    if is_word(holder, "tbl", "tr", "sdtContent", "sdt") and not blocks:
        drop(holder)
    elif is_word(holder, *_MUST_HOLD_A_PARAGRAPH) and not (blocks and is_word(blocks[-1], "p", "sdt")):
        holder.append(make(holder, "p"))


def clone_item(item: etree._Element, new_id: Callable[[], int]) -> etree._Element:
    """A copy of a repeating section's item, with identifiers of its own.

    Bookmarks, comments and permissions are left out: theirs must be unique in a document.
    """
    clone = deepcopy(item)
    clone.tail = None
    for marker in list(word_iter(clone, *_MARKERS)):
        remove(marker)
    for run in [run for run in word_iter(clone, "r") if _holds_comment(run)]:
        remove(run)
    for element in clone.iter(etree.Element):
        for name in ("paraId", "textId"):
            if f"{{{W14}}}{name}" in element.attrib:
                del element.attrib[f"{{{W14}}}{name}"]
        if local(element) == "docPr":
            element.set("id", str(new_id()))
    for properties in word_iter(clone, "sdtPr"):
        identifier = child(properties, "id")
        if identifier is not None:
            set_attribute(identifier, "val", str(new_id()))
    return clone


def _mark_filled(properties: etree._Element, token: Token, *, blank: bool) -> None:
    """The prompt's flag goes, or for a blank comes; the date and the list keep their value in attributes too."""
    flag = child(properties, "showingPlcHdr")
    if flag is not None and not (blank and is_on(properties, "showingPlcHdr")):
        remove(flag)
    if blank:
        ensured(properties, "showingPlcHdr", _BEFORE_SHOWING_FLAG)
    date = child(properties, "date")
    if date is not None:
        for name in [name for name in date.attrib if str(name).endswith("fullDate")]:
            del date.attrib[name]
        if not blank:
            set_attribute(date, "fullDate", token("full_date"))
    for name in ("dropDownList", "comboBox"):
        choices = child(properties, name)
        if choices is not None and attribute(choices, "lastValue") is not None:
            set_attribute(choices, "lastValue", token("stored"))


def _look_of(sdt: etree._Element, properties: etree._Element, prompt_styles: frozenset[str]) -> etree._Element | None:
    """The run properties of the new content: the control's own, else those of what it held, else the paragraph's."""
    content = content_of(sdt)
    runs = list(word_iter(content, "r")) if content is not None else []
    first = next((run for run in runs if visible_text(run)), runs[0] if runs else None)
    paragraph = next(word_iter(content, "p"), None) if content is not None else None
    if paragraph is None:
        paragraph = ancestor(sdt, "p")
    held = child(first, "rPr")
    prompted = is_on(properties, "showingPlcHdr") or value_of(held, "rStyle") in prompt_styles
    look = child(properties, "rPr")
    if look is None:
        look = child(child(paragraph, "pPr"), "rPr") if prompted else held
    if look is None:
        return None
    copied = deepcopy(look)
    copied.tail = None
    for element in list(copied):
        prompt_style = is_word(element, "rStyle") and attribute(element, "val") in prompt_styles
        if prompt_style or (look is not held and is_word(element, *_MARK_ONLY)):
            copied.remove(element)
    return copied


def run_with_text(like: etree._Element, look: etree._Element | None, text: str) -> etree._Element:
    """A run of a text, in the namespace of ``like`` and with a copy of a look."""
    run = make(like, "r")
    if look is not None and len(look):
        run.append(deepcopy(look))
    piece = appended(run, "t")
    piece.set(SPACE, "preserve")
    piece.text = text
    return run


def superscript(like: etree._Element, look: etree._Element | None) -> etree._Element:
    """A copy of a look, raised."""
    raised = deepcopy(look) if look is not None else make(like, "rPr")
    for element in list(word_children(raised, "vertAlign")):
        raised.remove(element)
    align = make(like, "vertAlign")
    set_attribute(align, "val", "superscript")
    later = next(word_children(raised, *_AFTER_VERT_ALIGN), None)
    raised.insert(raised.index(later) if later is not None else len(raised), align)
    return raised


def box_signs(sdt: etree._Element) -> tuple[str, str]:
    """The characters that a checkbox shows while it is not ticked and while it is, as its text is read."""
    return _box_sign(sdt, "uncheckedState", "☐"), _box_sign(sdt, "checkedState", "☒")


def _box_sign(sdt: etree._Element, name: str, usual: str) -> str:
    state = child(child(child(sdt, "sdtPr"), "checkbox", W14), name, W14)
    code, font = attribute(state, "val") or f"{ord(usual):04X}", attribute(state, "font") or ""
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return usual
    if not font.startswith(_SYMBOL_FONTS):
        return sign
    return box_named(font, code) or chr(_PRIVATE_AREA | ord(sign))


def _glyph(
    sdt: etree._Element, properties: etree._Element, look: etree._Element | None, *, checked: bool
) -> etree._Element:
    """The run of a checkbox: the character of its state in that state's font ([MS-DOCX], checkbox)."""
    box = child(properties, "checkbox", W14)
    state = child(box, "checkedState" if checked else "uncheckedState", W14)
    code, font = attribute(state, "val") or ("2612" if checked else "2610"), attribute(state, "font") or "MS Gothic"
    if box is not None:
        mark = child(box, "checked", W14)
        if mark is None:
            mark = etree.Element(f"{{{W14}}}checked")
            box.insert(0, mark)
        mark.set(f"{{{W14}}}val", "1" if checked else "0")
    try:
        character = int(code, 16)
    except ValueError:
        character = ord("☒" if checked else "☐")
    if font.startswith(_SYMBOL_FONTS):
        return _symbol(sdt, look, font, character)
    look = deepcopy(look) if look is not None else make(sdt, "rPr")
    for element in list(word_children(look, "rFonts")):
        look.remove(element)
    fonts = make(sdt, "rFonts")
    for script in ("ascii", "eastAsia", "hAnsi"):
        set_attribute(fonts, script, font)
    set_attribute(fonts, "hint", "eastAsia")
    style = child(look, "rStyle")
    look.insert(0 if style is None else 1, fonts)
    return run_with_text(sdt, look, chr(character) if character <= sys.maxunicode else "☒" if checked else "☐")


def _symbol(like: etree._Element, look: etree._Element | None, font: str, character: int) -> etree._Element:
    """A run with a character of a symbol font, which only ``w:sym`` means in every program (17.3.3.30)."""
    run = make(like, "r")
    if look is not None and len(look):
        run.append(deepcopy(look))
    symbol = appended(run, "sym")
    set_attribute(symbol, "font", font)
    set_attribute(symbol, "char", f"{character | _PRIVATE_AREA if character <= 0xFF else character:04X}")
    return run


def _replace_content(sdt: etree._Element, runs: list[etree._Element]) -> None:
    """Put the runs in place of what the control holds, in the frame its level asks for (17.5.2.33 to 17.5.2.36)."""
    content = content_of(sdt)
    if content is None:
        content = make(sdt, "sdtContent")
        sdt.append(content)
    level = level_of(sdt)
    frame = content
    if level in {"row", "cell"}:
        for inner in reversed(sdt_elements(content)):
            unwrap(inner)  # it would go on saying that it shows its prompt
    if level == "row":
        frame = _first(frame, "tr")
    if level in {"row", "cell"}:
        frame = _first(frame, "tc")
    if level != "run":
        frame = _only_paragraph(frame)
    _replace_runs(frame, [element for element in frame if not is_word(element, "pPr")], runs)


def _first(holder: etree._Element, name: str) -> etree._Element:
    """The first element of that name below ``holder``, made where there is none; those beside it stay."""
    found = next((element for element in word_iter(holder, name) if element is not holder), None)
    return found if found is not None else appended(holder, name)


def _only_paragraph(holder: etree._Element) -> etree._Element:
    """The first paragraph below ``holder``, made where there is none; what follows goes, its markers stay."""
    kept = next(word_iter(holder, "p"), None)
    if kept is None:
        kept = appended(holder, "p")
    around = next((element for element in holder if element is kept or kept in element.iterdescendants()), kept)
    if around is not kept:  # it stands in a table, or in another control
        holder.insert(holder.index(around), kept)
    for later in list(kept.itersiblings()):
        for marker in [piece for piece in _markers_and_text(later) if piece is not None]:
            kept.append(marker)
        if later.getparent() is holder:
            remove(later)
    return kept


def _replace_runs(frame: etree._Element, old: list[etree._Element], runs: list[etree._Element]) -> None:
    """Exchange runs; the markers among the old ones stay, on the side of the text where they were."""
    pieces = [piece for element in old for piece in _markers_and_text(element)]
    text_at = pieces.index(None) if None in pieces else len(pieces)
    markers = [piece for piece in pieces if piece is not None]
    for element in old:
        remove(element)
    for piece in (*markers[:text_at], *runs, *markers[text_at:]):
        frame.append(piece)


def _markers_and_text(element: etree._Element) -> Iterable[etree._Element | None]:
    """The range markers in an element, and None where text stands between them. XML's own comments stay too."""
    if not isinstance(element.tag, str) or is_word(element, *_MARKERS) or _holds_comment(element):
        yield element
    elif is_word(element, "r"):
        yield None
    else:
        for inner in list(element):
            yield from _markers_and_text(inner)


def _holds_comment(element: etree._Element) -> bool:
    """A comment's anchor stands in a run of its own; without it the comment would be lost."""
    return is_word(element, "r") and child(element, "commentReference") is not None


def _keep_tail(element: etree._Element) -> None:
    """With an element lxml removes its tail too: white space that nobody misses, but not ours to drop."""
    previous = element.getprevious()
    if element.tail and previous is not None:
        previous.tail = (previous.tail or "") + element.tail
    element.tail = None


def remove(element: etree._Element) -> None:
    """Take an element from where it stands; the white space behind it stays."""
    holder = element.getparent()
    if holder is not None:
        _keep_tail(element)
        holder.remove(element)
