"""The properties of a document that fields print (ISO/IEC 29500-2, 11; 29500-1, 22.2 and 22.3)."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from conventool.word.names import local
from conventool.word.package import Package

__all__ = ["property_text"]

_CORE, _CUSTOM = ("core-properties",), ("custom-properties", "customProperties")
_EXTENDED = ("extended-properties", "extendedProperties")
_ELEMENTS = {
    "title": (_CORE, "title"),
    "subject": (_CORE, "subject"),
    "author": (_CORE, "creator"),
    "keywords": (_CORE, "keywords"),
    "comments": (_CORE, "description"),
    "category": (_CORE, "category"),
    "lastsavedby": (_CORE, "lastModifiedBy"),
    "company": (_EXTENDED, "Company"),
    "manager": (_EXTENDED, "Manager"),
}
"""By the name that a field has for it, where a property is kept."""
_PLAIN = frozenset({"lpwstr", "lpstr", "bstr", "i2", "i4", "int", "ui4"})  # what a field prints as it is kept


def property_text(package: Package, name: str, read: Callable[[str], etree._Element]) -> str | None:
    """What a field prints for a property of the document; None where there is no such property, or it is no text.

    Args:
        package: the document.
        name: as the field has it; a custom property comes before one of Word's own.
        read: gives the tree of a part.
    """
    for part in package.parts_of(*_CUSTOM, source=""):
        for one in read(part):
            if (one.get("name") or "").casefold() == name.casefold() and len(one):
                return one[0].text or "" if local(one[0]) in _PLAIN else None
    kinds, element = _ELEMENTS.get(name.casefold(), ((), ""))
    for part in package.parts_of(*kinds, source=""):
        found = next(read(part).iter(f"{{*}}{element}"), None)
        if found is not None:
            return found.text or ""
    return None
