"""Lines of a value: stretched where the paragraph is justified, items where it is one of a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from conventool.word.names import child, is_word, value_of, word_iter
from conventool.word.styles import with_bases

__all__ = ["holds_items", "is_justified", "item_around", "numbering_of"]

_STRETCHED = frozenset({"both", "distribute"})
_MARKERS = ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd", "sdt")


def is_justified(paragraph: etree._Element, styles: Mapping[str, etree._Element]) -> bool:
    """Does a paragraph stretch its lines, by its own properties or those of its style?

    Word then stretches a line that ends with a break too, unless a setting says no.
    """
    return (
        next((value_of(one, "jc") for one in _properties(paragraph, styles) if value_of(one, "jc")), None) in _STRETCHED
    )


def numbering_of(paragraph: etree._Element, styles: Mapping[str, etree._Element]) -> etree._Element | None:
    """What says that a paragraph has a number or a bullet: its own properties or those of its style (17.9.18)."""
    return next((n for one in _properties(paragraph, styles) if (n := child(one, "numPr")) is not None), None)


def item_around(sdt: etree._Element, styles: Mapping[str, etree._Element]) -> etree._Element | None:
    """The paragraph of which each line of a control's value may be one: it is an item of a list, all in the control.

    None where a line ends with a break instead.
    """
    content, holder = child(sdt, "sdtContent"), sdt.getparent()
    if content is None or holder is None or child(child(sdt, "sdtPr"), "dataBinding") is not None:
        return None
    paragraph = holder if is_word(holder, "p") else next(word_iter(content, "p"), None)
    if paragraph is None or any(True for _ in word_iter(content, *_MARKERS)):
        return None
    if (value_of(numbering_of(paragraph, styles), "numId") or "0") == "0":
        return None
    if paragraph is holder and any(one is not sdt and not is_word(one, "pPr") for one in paragraph):
        return None
    return paragraph


def holds_items(sdt: etree._Element, styles: Mapping[str, etree._Element]) -> bool:
    """Make each line of a control's value a paragraph, where that may be; else say no.

    The control around the runs of such a paragraph is put around the paragraph, and takes rich text from then on:
    plain text has no paragraphs.
    """
    paragraph, content, properties = item_around(sdt, styles), child(sdt, "sdtContent"), child(sdt, "sdtPr")
    if paragraph is None or content is None:
        return False
    if paragraph is sdt.getparent():
        _put_around(sdt, paragraph, content)
    plain = child(properties, "text")
    if properties is not None and plain is not None:
        properties.remove(plain)
    for name in [name for name in paragraph.attrib if str(name).endswith(("}paraId", "}textId"))]:
        del paragraph.attrib[name]
    return True


def _put_around(sdt: etree._Element, paragraph: etree._Element, content: etree._Element) -> None:
    runs = list(content)
    sdt.tail, paragraph.tail = paragraph.tail, None
    paragraph.addprevious(sdt)
    paragraph.extend(runs)
    content.append(paragraph)


def _properties(paragraph: etree._Element, styles: Mapping[str, etree._Element]) -> Iterator[etree._Element]:
    """The properties of a paragraph, then those of its style and of the styles that this one is based on."""
    own = child(paragraph, "pPr")
    if own is not None:
        yield own
    for style in with_bases(styles, value_of(own, "pStyle") or ""):
        properties = child(style, "pPr")
        if properties is not None:
            yield properties
