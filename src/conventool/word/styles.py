"""The styles of a document: by their ids, those of prompts, those that one is based on (ISO/IEC 29500-1, 17.7.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from conventool.word.names import attribute, value_of, word_children

__all__ = ["is_default", "prompt_style_ids", "styles_by_id", "with_bases"]


def styles_by_id(root: etree._Element | None) -> dict[str, etree._Element]:
    """The styles of a part of styles, by their ids; none without such a part."""
    return {} if root is None else {attribute(style, "styleId") or "": style for style in word_children(root, "style")}


def prompt_style_ids(root: etree._Element | None) -> frozenset[str]:
    """Ids of the styles that prompts wear: the name is fixed, the id is in the language of who made the file."""
    styles = styles_by_id(root).items()
    return frozenset(id_ for id_, style in styles if (value_of(style, "name") or "").lower() == "placeholder text")


def is_default(style: etree._Element) -> bool:
    """Has whatever is of its type that style, where it names none?"""
    return attribute(style, "default") in {"1", "true", "on"}


def with_bases(styles: Mapping[str, etree._Element], style_id: str | None) -> Iterator[etree._Element]:
    """The style of an id, the one that it is based on, and so on."""
    seen = set[str]()
    while style_id is not None and style_id in styles and style_id not in seen:
        seen.add(style_id)
        yield styles[style_id]
        style_id = value_of(styles[style_id], "basedOn")
