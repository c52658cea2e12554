"""The fixed text of an element: what stands there whatever its controls and fields show.

It tells what is drawn beside a text apart: it is equal in a document and in its template.
"""

from __future__ import annotations

from collections.abc import Container

from lxml import etree

from conventool.text.stories import levelled, squeezed
from conventool.word.field_editing import shown_runs
from conventool.word.field_results import repeats
from conventool.word.fields import fields
from conventool.word.form_fields import form_data
from conventool.word.names import ancestor, child, is_word, local, own, tags, value_of, word_children, word_iter

__all__ = ["fixed_words", "text_of", "word_before", "words_of_boxes"]

_INSERTED = tags("ins", "moveTo")


def fixed_words(element: etree._Element) -> str:
    """The text of an element without white space and without what its fields show.

    Empty for one with controls, which say something else each time: after filling nothing may tell where they were.
    Those that Google Docs adds around words hold what they held.
    """
    if any(not _is_of_google(one) for one in word_iter(element, "sdt")):
        return ""
    if next(word_iter(element, "fldChar", "fldSimple"), None) is None:
        return text_of(element)
    return _text_without(element, {run for field in fields(element) for run in shown_runs(field)})


def _is_of_google(element: etree._Element) -> bool:
    """Whether an element is a control that Google Docs adds, around words that were commented."""
    return is_word(element, "sdt") and (value_of(child(element, "sdtPr"), "tag") or "").startswith("goog_rdk_")


def text_of(element: etree._Element | None) -> str:
    """The text of an element before any tracked change, without white space."""
    if element is None:
        return ""
    texts = element.iter(*tags("t", "delText"))
    if next(element.iter(*_INSERTED), None) is not None:
        texts = (one for one in texts if next(one.iterancestors(*_INSERTED), None) is None)
    return squeezed(levelled("".join(one.text or "" for one in texts)))


def word_before(element: etree._Element) -> str:
    """The word behind which something stands; empty behind a control or a field: these say something else each time."""
    before: list[str] = []
    paragraph = ancestor(element, "p")
    for one in paragraph.iter(element.tag, *tags("t", "sdt", "fldChar", "fldSimple")) if paragraph is not None else ():
        if one is element:
            break
        if local(one) != "t":
            before = before if _is_of_google(one) else []
        elif all(map(_is_of_google, one.iterancestors(*tags("sdt", "fldSimple")))):
            before.append(one.text or "")
    words = "".join(before).split()
    return words[-1] if words else ""


def words_beside(drawing: etree._Element) -> str:
    """The words of the paragraph in which a drawing stands, without its own; empty where these are values."""
    paragraph = ancestor(drawing, "p")
    if paragraph is None or next(word_iter(paragraph, "sdt", "fldChar", "fldSimple"), None) is not None:
        return ""
    texts = (text.text or "" for run in own(paragraph, "r") for text in word_children(run, "t"))
    return squeezed(levelled("".join(texts)))


def words_of_boxes(box: etree._Element) -> str:
    """The text of a box or a note without what its controls and fields say, which is read with the text."""
    varying = {
        run
        for field in fields(box)
        if repeats(field.code) or form_data(field.begin) is not None
        for run in shown_runs(field)
    }
    return _text_without(box, varying)


def _text_without(element: etree._Element, varying: Container[etree._Element | None]) -> str:
    """The text of an element without white space, without its controls and without some runs."""
    apart = {*_INSERTED, *tags("sdt")}
    texts = (
        one.text or ""
        for one in element.iter(*tags("t", "delText"))
        if one.getparent() not in varying and all(map(_is_of_google, one.iterancestors(*apart)))
    )
    return squeezed(levelled("".join(texts)))
