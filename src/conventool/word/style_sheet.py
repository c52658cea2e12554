"""The styles of a document by type, what each is based on, and the defaults that come before them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile

from lxml import etree

from conventool.word.cascade import by_name, in_force
from conventool.word.names import attribute, child, value_of
from conventool.word.placement import OFF
from conventool.word.styles import styles_by_id, with_bases

__all__ = ["StyleSheet"]


class StyleSheet:
    """What the styles of a document say.

    Args:
        root: of the style part, None where there is none.

    Attributes:
        run_defaults: the properties of every run.
        paragraph_defaults: the properties of every paragraph.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self._styles = styles_by_id(root)
        self._defaults = {
            attribute(style, "type"): name
            for name, style in self._styles.items()
            if (attribute(style, "default") or "0") not in OFF
        }
        defaults = child(root, "docDefaults")
        self.run_defaults = by_name(child(child(defaults, "rPrDefault"), "rPr"))
        self.paragraph_defaults = by_name(child(child(defaults, "pPrDefault"), "pPr"))
        frame = self.paragraph_defaults.get("framePr")
        if frame is not None and _is_nowhere(frame):
            del self.paragraph_defaults["framePr"]
        self.of_style = lru_cache(maxsize=None)(self._of_style)

    def chain(self, name: str | None) -> Iterator[etree._Element]:
        """A style and those of its type that it is based on, the nearest first."""
        bases = list(with_bases(self._styles, name or None))
        return takewhile(lambda one: _type_of(one) == _type_of(bases[0]), bases)

    def known(self, name: str | None, kind: str) -> str:
        """The name of a style, if there is one of that type; else the one that all have who name none (17.7.4.17)."""
        found = self._styles.get(name or "")
        if (
            found is not None and kind == "character" and _type_of(found) != kind
        ):  # a paragraph's has one for words beside it
            name = value_of(found, "link") or ""
            found = self._styles.get(name)
        return name if name and found is not None and _type_of(found) == kind else self._defaults.get(kind, "")

    def of_tables(self, name: str | None) -> tuple[etree._Element, ...]:
        """The styles that hold for a table that names one, the nearest first."""
        return tuple(self.chain(self.known(name, "table")))

    def is_heading(self, name: str | None) -> bool:
        """Whether a paragraph style is a heading's: it has a level of the outline (17.3.1.20)."""
        level = self.of_style(name or "", "pPr").get("outlineLvl")
        value = attribute(level, "val") or "9"
        return value.isdecimal() and int(value) < 9

    def _of_style(self, name: str, kind: str) -> dict[str, etree._Element]:
        """The properties that a style gives, those it is based on included: ``rPr`` or ``pPr``."""
        return in_force(by_name(child(style, kind)) for style in reversed(list(self.chain(name))))


def _type_of(style: etree._Element) -> str:
    return attribute(style, "type") or "paragraph"


def _is_nowhere(frame: etree._Element) -> bool:
    """Whether a frame has no size and no place: Apple's Pages gives all paragraphs such a one by default, as none."""
    return attribute(frame, "x") is None and all(attribute(frame, name) == "0" for name in ("w", "h", "y"))
