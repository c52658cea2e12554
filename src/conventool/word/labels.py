"""The numbers and bullets that Word prints before the paragraphs of a list (ISO/IEC 29500-1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from conventool.word.names import attribute, child, is_on, value_of, word_children

__all__ = ["COUNTED", "LETTERED", "TOGETHER", "Label", "Labels", "RunningLabels", "counted"]

LETTERED = frozenset({"lowerLetter", "lowerRoman", "upperLetter", "upperRoman"})
"""The formats of numbers that are written in letters."""
_PLACE = re.compile(r"%([1-9])")
"""Where a label has the number of a level."""
_BULLETS = frozenset("•·◦▪‣–—-○●■□o»✓*§\uf0b7\uf0a7\uf0d8\uf0fc\uf02d\uf076\u2011\u25ab\ue4c4\u2043")

COUNTED = frozenset({"decimal", "decimalZero", "lowerRoman", "upperRoman", "lowerLetter", "upperLetter"})
"""The formats of numbers that `counted` prints as Word does."""
TOGETHER = "accolé au texte"
"""What is said of a number without a blank behind it."""
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass
class Labels:
    """The labels of one document's lists.

    Attributes:
        levels: by number of the list and level: the element that describes it.
        starts: likewise, at what number it begins, where that is not what its description says.
        definitions: by number of the list, what it is made of; lists of one definition are counted together.
    """

    levels: Mapping[tuple[str, str], etree._Element] = field(default_factory=dict)
    starts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, root: etree._Element | None, styles: etree._Element | None = None) -> Labels:
        """The labels of a numbering part, whose lists may be told by styles; a document without one has none."""
        if root is None:
            return cls()
        return cls(dict(_levels(root, styles)), dict(_starts(root)), dict(_definitions(root)))

    def place(self, look: Mapping[str, etree._Element], style: str) -> tuple[str, str] | tuple[()]:
        """The number of the list that a paragraph with these properties is in, and its level; empty for none.

        A style that names a list without a level stands at the level that names the style (17.9.23).
        """
        numbering = look.get("numPr")
        number, level = value_of(numbering, "numId") or "0", value_of(numbering, "ilvl")
        if level is None:
            levels = ((one, value_of(found, "pStyle")) for (of, one), found in self.levels.items() if of == number)
            level = next((one for one, named in levels if named == style), "0")
        return (number, level) if (number, level) in self.levels else ()

    def of_paragraph(self, place: tuple[str, str] | tuple[()]) -> str:
        """What stands before a paragraph at a place in a list; empty for nothing, "•" for any bullet.

        A number is told by its format, not counted: `RunningLabels` does that.
        """
        found = self.levels.get(place) if place else None
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
        return f"{kind} {text}" + (f" {TOGETHER}" if value_of(found, "suff") == "nothing" else "")


class Label(NamedTuple):
    """What stands before a paragraph of a list.

    Attributes:
        text: as it is printed; empty for nothing.
        pattern: a pattern of it if a number in it depends on how many paragraphs a repeating section prints.
    """

    text: str
    pattern: str = ""


class RunningLabels:
    """The labels of a document's paragraphs as they are printed, one after the other.

    Args:
        labels: of its lists.
    """

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, str]] = set()
        self._unsure: set[tuple[str, int]] = set()

    def label(self, number: str, level: str, *, repeated: bool) -> Label:
        """The label of the next paragraph of a list at a level.

        Args:
            number: of the list.
            level: the paragraph's in it.
            repeated: does it stand in a repeating section?
        """
        labels, rank, definition = self._labels, _whole(level), self._labels.definitions.get(number, number)
        counts = self._counts.setdefault(definition, {})
        restart = labels.starts.get((number, level)) if (number, level) not in self._begun else None
        self._begun.add((number, level))
        if restart is not None or rank not in counts:
            counts[rank] = _whole(restart or self._start(number, rank))
            self._unsure.discard((definition, rank))
        else:
            counts[rank] += 1
        for deeper in [one for one in counts if one > rank and self._restarts(number, one, rank)]:
            del counts[deeper]
        if repeated:
            self._unsure.add((definition, rank))
        return self._printed(number, level, definition)

    def _printed(self, number: str, level: str, definition: str) -> Label:
        labels, described, counts = self._labels, self._labels.levels[number, level], self._counts[definition]
        if is_on(child(described, "rPr"), "vanish") or child(described, "lvlPicBulletId") is not None:
            return Label("")
        plain = is_on(described, "isLgl")

        def shown(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            count = counts.setdefault(place, _whole(self._start(number, place)))
            kind = value_of(labels.levels.get((number, str(place))), "numFmt") or "decimal"
            return counted(count, "decimal" if plain else kind)

        text = value_of(described, "lvlText") or ""
        places = {int(place) - 1 for place in _PLACE.findall(text)}
        unsure = any((definition, place) in self._unsure for place in places)
        pattern = r"\w{1,9}".join(re.escape(part) for part in _PLACE.split(text)[::2]) if unsure else ""
        return Label(_PLACE.sub(shown, text), pattern)

    def _restarts(self, number: str, level: int, after: int) -> bool:
        """Whether a level begins anew after a paragraph of a higher one: after any, unless it says which (17.9.10)."""
        said = value_of(self._labels.levels.get((number, str(level))), "lvlRestart")
        return said is None or after < _whole(said)

    def _start(self, number: str, rank: int) -> str:
        place = number, str(rank)
        return self._labels.starts.get(place) or value_of(self._labels.levels.get(place), "start") or "1"


def _whole(text: str) -> int:
    """A number as a list says it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() else 0


def counted(number: int, kind: str) -> str:
    """A number as a list or a note prints it (17.18.59, ``ST_NumberFormat``); in figures where the kind is another."""
    if kind in {"lowerRoman", "upperRoman"}:
        roman, left = "", number
        for value, letters in _ROMAN:
            roman += letters * (left // value)
            left %= value
        return roman if kind == "lowerRoman" else roman.upper()
    if kind in {"lowerLetter", "upperLetter"} and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    return f"{number:02}" if kind == "decimalZero" else str(number)


def _definitions(root: etree._Element) -> Iterator[tuple[str, str]]:
    for number in word_children(root, "num"):
        yield attribute(number, "numId") or "", value_of(number, "abstractNumId") or ""


def _levels(root: etree._Element, styles: etree._Element | None) -> list[tuple[tuple[str, str], etree._Element]]:
    """The levels of each list: its own, or those of the definition that it is made of."""
    abstract = {attribute(one, "abstractNumId"): one for one in word_children(root, "abstractNum")}
    of_number = {attribute(one, "numId"): value_of(one, "abstractNumId") for one in word_children(root, "num")}
    of_style = {
        attribute(one, "styleId"): value_of(child(child(one, "pPr"), "numPr"), "numId")
        for one in (word_children(styles, "style") if styles is not None else ())
    }
    found = []
    for number in word_children(root, "num"):
        name = attribute(number, "numId") or ""
        base = abstract.get(value_of(number, "abstractNumId"))
        linked = value_of(base, "numStyleLink")
        if linked is not None:  # what a style of lists says (17.9.21)
            base = abstract.get(of_number.get(of_style.get(linked)))
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
