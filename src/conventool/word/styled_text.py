"""The paragraph that a STYLEREF repeats, where that does not depend on pages (ISO/IEC 29500-1, 17.16.5.59)."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from conventool.word.fields import Field
from conventool.word.names import is_word, value_of, word_children, word_iter
from conventool.word.text_walker import visible_text

__all__ = ["style_ids", "styled_paragraph"]

_FRENCH_HEADING, _HEADING = "titre ", "heading "
_MARGINS = ("hdr", "ftr")


def style_ids(styles: Mapping[str, etree._Element], name: str) -> set[str]:
    """Ids of the styles that a field calls by their name, in English or French, or by the level of a heading."""
    wanted = _HEADING + name if name.isdecimal() else name.casefold()
    wanted = wanted.replace(_FRENCH_HEADING, _HEADING) if wanted.startswith(_FRENCH_HEADING) else wanted
    return {
        id_ for id_, style in styles.items() if wanted in {id_.casefold(), (value_of(style, "name") or "").casefold()}
    }


def styled_paragraph(
    styles: Mapping[str, etree._Element], main: etree._Element, field: Field, name: str
) -> etree._Element | None:
    """The paragraph whose text a field repeats: in the main text the last before it, else the first behind it.

    In a header or footer it depends on the page, unless there is only one.

    Args:
        styles: of the document, by id.
        main: the tree of its main part.
        field: the field, in that tree or another.
        name: of the style, as the field says it.
    """
    ids = style_ids(styles, name)
    if not ids or any(value_of(look, "rStyle") in ids for look in word_iter(main, "rPr")):
        return None  # not any more the text of a whole paragraph
    body = next(word_children(main, "body"), main)
    around = set(field.begin.iterancestors())
    found: list[etree._Element] = []
    before = 0
    for paragraph in word_iter(body, "p"):
        if paragraph in around:
            before = len(found)
        elif _style(paragraph) in ids and visible_text(paragraph).strip():
            found.append(paragraph)
    if body in around:
        return found[max(before - 1, 0)] if found else None
    in_margin = is_word(field.begin.getroottree().getroot(), *_MARGINS)
    return found[0] if in_margin and len(found) == 1 else None


def _style(paragraph: etree._Element) -> str | None:
    properties = next(word_children(paragraph, "pPr"), None)
    return None if properties is None else value_of(properties, "pStyle")
