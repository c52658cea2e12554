"""Lines of a value in a justified paragraph: Word stretches a line that ends with a break, unless a setting says no."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from conventool.word.names import attribute, child, value_of, word_iter

__all__ = ["is_justified", "styles_by_id"]

_STRETCHED = frozenset({"both", "distribute"})


def styles_by_id(styles: etree._Element | None) -> dict[str, etree._Element]:
    """The styles of a document, by their ids; the default one of paragraphs under the empty id too."""
    found = (
        {attribute(style, "styleId") or "": style for style in word_iter(styles, "style")} if styles is not None else {}
    )
    default = next((s for s in found.values() if _is_default(s)), None)
    return found if default is None else {"": default} | found


def is_justified(paragraph: etree._Element, styles: Mapping[str, etree._Element]) -> bool:
    """Does a paragraph stretch its lines, by its own properties or those of its style?"""
    properties = child(paragraph, "pPr")
    own = value_of(properties, "jc")
    style_id, seen = value_of(properties, "pStyle") or "", set[str]()
    while own is None and style_id in styles and style_id not in seen:
        seen.add(style_id)
        own = value_of(child(styles[style_id], "pPr"), "jc")
        style_id = value_of(styles[style_id], "basedOn") or style_id
    return own in _STRETCHED


def _is_default(style: etree._Element) -> bool:
    return attribute(style, "type") == "paragraph" and attribute(style, "default") in {"1", "true", "on"}
