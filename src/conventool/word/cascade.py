"""Properties in force where several speak: defaults, styles, lists, the text itself (ISO/IEC 29500-1, 17.7.2).

What is nearer to the text replaces what is farther; of an indent, a spacing or the fonts each attribute does so by
itself, of tabs, borders and numbering each part.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import TypeAlias

from lxml import etree

from conventool.word.names import WORD, attribute, local, namespace

__all__ = ["Properties", "by_name", "in_force"]

Properties: TypeAlias = "Mapping[str, etree._Element]"
"""By local name, the properties in force; by their whole tag those that are not Word's own."""

_BY_ATTRIBUTE = frozenset({"ind", "spacing", "rFonts"})
_BY_PART = frozenset({"tabs", "pBdr", "numPr"})
_SAME = {
    "start": "left", "end": "right", "hanging": "firstLine", "startChars": "leftChars", "endChars": "rightChars",
    "hangingChars": "firstLineChars", "asciiTheme": "ascii", "hAnsiTheme": "hAnsi", "eastAsiaTheme": "eastAsia",
    "cstheme": "cs",
}  # fmt: skip
"""Attributes that say the same as another, so that the nearer of the two counts."""


def by_name(properties: Iterable[etree._Element] | None) -> dict[str, etree._Element]:
    """The properties that an element such as ``w:rPr`` holds."""
    if properties is None:
        return {}
    return {local(one) if namespace(one) in WORD else str(one.tag): one for one in properties}


def in_force(layers: Iterable[Properties]) -> dict[str, etree._Element]:
    """What some layers say together, the nearest to the text given last."""
    found: dict[str, etree._Element] = {}
    for layer in layers:
        for name, nearer in layer.items():
            farther = found.get(name)
            if farther is None or name not in _BY_ATTRIBUTE | _BY_PART:
                found[name] = nearer
            elif name in _BY_ATTRIBUTE:
                found[name] = _with_attributes(farther, nearer)
            else:
                found[name] = _with_parts(farther, nearer)
    return found


def _with_attributes(farther: etree._Element, nearer: etree._Element) -> etree._Element:
    together = deepcopy(nearer)
    said = {_sense(str(name)) for name in nearer.attrib}
    for name, value in farther.attrib.items():
        if _sense(str(name)) not in said:
            together.set(name, value)
    return together


def _sense(name: str) -> str:
    name = name.rpartition("}")[2]
    return _SAME.get(name, name)


def _with_parts(farther: etree._Element, nearer: etree._Element) -> etree._Element:
    together = deepcopy(nearer)
    said = {_place(one) for one in nearer}
    together.extend(deepcopy(one) for one in farther if _place(one) not in said)
    return together


def _place(part: etree._Element) -> tuple[str, str | None]:
    """What a part is: a border of that side, a tab at that place (17.3.1.37)."""
    return local(part), attribute(part, "pos")
