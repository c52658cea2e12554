"""The data that controls can be bound to: custom XML parts and document properties (ISO/IEC 29500-1, 17.5.2.6)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

from lxml import etree

from conventool.word.controls import Binding, binding_of, calendar_of, local_name
from conventool.word.names import attribute, child, local, word_iter
from conventool.word.package import Package
from conventool.word.values import date_text

__all__ = ["BoundData"]

# The identifiers by which Word means the package's own properties, and what relates to them in either edition.
_PROPERTIES = {
    "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}": ("core-properties",),
    "{6668398D-A668-4E3E-A5EB-62B293D839F1}": ("extended-properties", "extendedProperties"),
}
# Only plain steps are followed: an expression that computes could take for ever, and Word writes none.
_STEP = r"(?:@?(?:[\w.-]+:)?[\w.-]+(?:\[\d+\])?|text\(\))"
_PLAIN_PATH = rf"//?{_STEP}(?://?{_STEP})*"
_ELEMENT_PATH = r"(?P<parent>/.+)/(?P<prefix>[\w.-]+):(?P<name>[\w.-]+)(?:\[1\])?"

_NO_TEXTS = frozenset({"checkbox", "group", "picture", "repeatingSection", "repeatingSectionItem", "richText"})

Node: TypeAlias = "tuple[etree._Element, str | None]"
"""An element, and the name of its attribute if that is what is bound."""


class BoundData:
    """The data of one package that its controls are bound to: one store in each part."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._roots: dict[str, etree._Element] = {}
        self._ambiguous: set[str] = set()

    @cached_property
    def _parts(self) -> dict[str, str]:
        """The part that holds each store, by the store's identifier."""
        package = self._package
        parts: dict[str, str] = {}
        for source in ("", package.main_part):
            for item in package.parts_of("customXml", source=source):
                named = self._identifiers(item)
                self._ambiguous |= {one for one in named if parts.get(one, item) != item}
                parts |= dict.fromkeys(named, item)
            for identifier, kinds in _PROPERTIES.items():
                for part in package.parts_of(*kinds, source=source):
                    parts[identifier] = part
        return parts

    def _identifiers(self, item: str) -> list[str]:
        """The identifiers that the properties of a custom XML part give it: one, where the file is sound."""
        return [
            str(value).upper()
            for part in self._package.parts_of("customXmlProps", source=item)
            for name, value in self._package.parse(part).attrib.items()
            if local_name(name) == "itemID"
        ]

    def part(self, binding: Binding) -> str | None:
        """The part that holds the bound data; None where it is missing, and only the text is filled.

        With no identifier it is the first part where the path leads somewhere (ISO/IEC 29500-1, 17.5.2.6).
        """
        if binding.store:
            return self._parts.get(binding.store)
        parts = (part for store, part in self._parts.items() if store not in _PROPERTIES)
        return next((part for part in parts if _followed(binding.xpath, binding, self._root(part))), None)

    def nodes(self, binding: Binding, root: etree._Element) -> list[Node]:
        """The bound nodes under ``root``: none where the path leads nowhere, several for a repeating section.

        A document property that has no element yet is given one: in Word it exists, empty.
        """
        found = _followed(binding.xpath, binding, root)
        path = re.fullmatch(_ELEMENT_PATH, binding.xpath)
        if found or path is None or binding.store not in _PROPERTIES or path["prefix"] not in binding.prefixes:
            return found
        return [
            (etree.SubElement(parent, f"{{{binding.prefixes[path['prefix']]}}}{path['name']}"), None)
            for parent, attribute in _followed(path["parent"], binding, root)[:1]
            if attribute is None
        ]

    def key(self, binding: Binding) -> tuple[str, str] | None:
        """What two bindings to the same data have in common."""
        part = self.part(binding)
        if part is None:
            return None
        root = self._root(part)
        nodes = self.nodes(binding, root)
        return (part, f"{root.getroottree().getpath(nodes[0][0])}@{nodes[0][1]}") if nodes else None

    def text(self, sdt: etree._Element) -> str | None:
        """What Word puts into a control when it opens the document; None for what is no text, or leads nowhere.

        Of two stores of one name nobody knows which one it takes: then it is nothing.
        """
        properties = child(sdt, "sdtPr")
        binding = binding_of(properties)
        part = self.part(binding) if binding else None
        if binding is None or part is None or properties is None or any(local(one) in _NO_TEXTS for one in properties):
            return None
        nodes = _followed(binding.xpath, binding, self._root(part))
        if len(nodes) != 1:
            return None
        ((element, name),) = nodes
        stored = "" if binding.store in self._ambiguous else element.get(name, "") if name else _text_in(element)
        _, picture, language = calendar_of(sdt)
        if picture:
            with suppress(ValueError):
                return "".join(date_text(date.fromisoformat(stored[:10]), picture, language))
        items = word_iter(properties, "listItem")
        texts = {attribute(one, "value"): attribute(one, "displayText") or attribute(one, "value") for one in items}
        return texts.get(stored) or stored

    def _root(self, part: str) -> etree._Element:
        if part not in self._roots:
            self._roots[part] = self._package.parse(part)
        return self._roots[part]


def _text_in(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _followed(xpath: str, binding: Binding, root: etree._Element) -> list[Node]:
    if not re.fullmatch(_PLAIN_PATH, xpath):
        return []
    try:
        found = root.getroottree().xpath(xpath, namespaces=dict(binding.prefixes) or None)
    except (etree.XPathError, TypeError, ValueError):  # an undeclared prefix, or one that XPath does not take
        return []
    return [_node(one) for one in found] if isinstance(found, list) else []


def _node(found: Any) -> Node:
    """An XPath's result is an element, or a text that knows which element and attribute it is from."""
    if etree.iselement(found):
        return found, None
    return found.getparent(), str(found.attrname) if found.is_attribute else None
