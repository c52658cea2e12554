"""The numbers and bullets that Word prints before the paragraphs of a list (ISO/IEC 29500-1, 17.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from conventool.word.names import attribute, child, is_on, value_of, word_children

__all__ = ["Labels"]

_BULLETS = frozenset("•·◦▪‣–—-○●■□o»✓*§\uf0b7\uf0a7\uf0d8\uf0fc\uf02d\uf076\u2011\u25ab\ue4c4\u2043")


@dataclass
class Labels:
    """The labels of one document's lists.

    Attributes:
        levels: by number of the list and level: the element that describes it.
        starts: likewise, at what number it begins, where that is not what its description says.
    """

    levels: Mapping[tuple[str, str], etree._Element] = field(default_factory=dict)
    starts: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: etree._Element | None) -> Labels:
        """The labels of a numbering part; a document without one has none."""
        return cls(dict(_levels(root)), dict(_starts(root))) if root is not None else cls()

    def of_paragraph(self, look: Mapping[str, etree._Element]) -> str:
        """What stands before a paragraph with these properties; empty for nothing, "•" for any bullet.

        A number is told by its format and by where its list begins, not counted: numbers follow from the order of
        the paragraphs.
        """
        numbering = look.get("numPr")
        number, level = value_of(numbering, "numId") or "0", value_of(numbering, "ilvl") or "0"
        found = self.levels.get((number, level))
        if found is None:
            return ""
        text = value_of(found, "lvlText") or ""
        if child(found, "lvlPicBulletId") is not None:
            return "une image"
        if is_on(child(found, "rPr"), "vanish"):
            return ""
        kind = value_of(found, "numFmt") or "decimal"
        if kind == "none" or not text.strip():
            return text.strip()
        if kind == "bullet":
            return "•" if text.strip() in _BULLETS else text
        start = self.starts.get((number, level)) or value_of(found, "start") or "1"
        return f"{kind} {text}" if start == "1" else f"{kind} {text} à partir de {start}"


def _levels(root: etree._Element) -> list[tuple[tuple[str, str], etree._Element]]:
    """The levels of each list: its own, or those of the definition that it is made of."""
    abstract = {attribute(one, "abstractNumId"): one for one in word_children(root, "abstractNum")}
    found = []
    for number in word_children(root, "num"):
        name = attribute(number, "numId") or ""
        base = abstract.get(value_of(number, "abstractNumId"))
        if base is not None:
            found += [((name, attribute(level, "ilvl") or "0"), level) for level in word_children(base, "lvl")]
        for override in word_children(number, "lvlOverride"):
            level = child(override, "lvl")
            if level is not None:
                found.append(((name, attribute(override, "ilvl") or "0"), level))
    return found


def _starts(root: etree._Element) -> Iterator[tuple[tuple[str, str], str]]:
    """The numbers at which lists begin otherwise than their definitions say (17.9.26)."""
    for number in word_children(root, "num"):
        for override in word_children(number, "lvlOverride"):
            if start := value_of(override, "startOverride"):
                yield (attribute(number, "numId") or "", attribute(override, "ilvl") or "0"), start
