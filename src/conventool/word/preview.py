"""A paragraph as it will read once filled, without making the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from conventool.word.controls import Document, visible_text
from conventool.word.names import is_word, word_iter

__all__ = ["paragraph_around"]


def paragraph_around(document: Document, index: int, texts: Mapping[int, str]) -> str:
    """The paragraph that a control stands in, or that it holds.

    Args:
        document: the template's.
        index: the control's.
        texts: what the controls will show, by index; the others show what they do now.
    """
    part, rank = document.controls[index].sites[0].part, document.controls[index].sites[0].rank
    elements = list(word_iter(document.roots[part], "sdt"))
    shown = {
        elements[site.rank]: text
        for other, text in texts.items()
        for site in document.controls[other].sites
        if site.part == part
    }
    control = elements[rank]
    paragraph = next((ancestor for ancestor in control.iterancestors() if is_word(ancestor, "p")), control)
    return "".join(_spoken(paragraph, shown)).strip()


def _spoken(element: etree._Element, shown: Mapping[etree._Element, str]) -> Iterator[str]:
    if element in shown:
        yield shown[element]
    elif any(inner in shown for inner in element.iter()):
        for inner in element:
            yield from _spoken(inner, shown)
    else:
        yield visible_text(element)
