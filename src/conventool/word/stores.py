"""The data that controls can be bound to: custom XML parts and document properties (ISO/IEC 29500-1, 17.5.2.6)."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, TypeAlias

from lxml import etree

from conventool.word.controls import Binding, local_name
from conventool.word.package import Package

__all__ = ["Stores"]

_ITEM_PROPS = "/customXmlProps"
# Word's own names for the package's properties ([MS-OI29500] 2.1.528)
_BUILT_IN = {
    "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}": "/metadata/core-properties",
    "{6668398D-A668-4E3E-A5EB-62B293D839F1}": "/extended-properties",
}
# Only plain steps are followed: an expression that computes could take for ever, and Word writes none.
_STEP = r"(?:@?(?:[\w.-]+:)?[\w.-]+(?:\[\d+\])?|text\(\))"
_PLAIN_PATH = re.compile(rf"/{_STEP}(?:/{_STEP})*")

Node: TypeAlias = "tuple[etree._Element, str | None]"
"""An element, and the name of its attribute if that is what is bound."""


class Stores:
    """The stores of one package."""

    def __init__(self, package: Package) -> None:
        self._package = package

    @cached_property
    def _parts(self) -> dict[str, str]:
        """The part that holds each store, by the store's identifier."""
        parts: dict[str, str] = {}
        for kind, target in self._package.relationships():
            for identifier, suffix in _BUILT_IN.items():
                if kind.endswith(suffix) and target in self._package.entries:
                    parts[identifier] = target
        for name in list(self._package.entries):
            for kind, target in self._package.relationships(name) if name.startswith("customXml/") else ():
                if kind.endswith(_ITEM_PROPS) and target in self._package.entries:
                    attributes = self._package.parse(target).attrib.items()
                    parts.update((str(value).upper(), name) for key, value in attributes if local_name(key) == "itemID")
        return parts

    def part(self, binding: Binding) -> str | None:
        """The part that holds the bound data; None where it is missing, and only the text is filled."""
        return self._parts.get(binding.store)

    def nodes(self, binding: Binding, root: etree._Element) -> list[Node]:
        """The bound nodes under ``root``: none where the path leads nowhere, several for a repeating section."""
        if not _PLAIN_PATH.fullmatch(binding.xpath):
            return []
        try:
            found = root.getroottree().xpath(binding.xpath, namespaces=dict(binding.prefixes) or None)
        except etree.XPathError:
            return []
        return [_node(one) for one in found] if isinstance(found, list) else []

    def key(self, binding: Binding) -> tuple[str, str] | None:
        """What two bindings to the same data have in common."""
        part = self.part(binding)
        if part is None:
            return None
        root = self._package.parse(part)
        nodes = self.nodes(binding, root)
        return (part, f"{root.getroottree().getpath(nodes[0][0])}@{nodes[0][1]}") if nodes else None


def _node(found: Any) -> Node:
    """An XPath's result is an element, or a text that knows which element and attribute it is from."""
    if etree.iselement(found):
        return found, None
    return found.getparent(), str(found.attrname) if found.is_attribute else None
