"""The styles of tables, and the conditions under which each of their parts holds (ISO/IEC 29500-1, 17.7.6)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from lxml import etree

from conventool.word.cascade import by_name
from conventool.word.colours import WHITE, Colour
from conventool.word.names import attribute, child, local, tags, value_of, word_children
from conventool.word.placement import OFF
from conventool.word.style_sheet import StyleSheet
from conventool.word.theme import Theme

__all__ = ["TableStyles"]

_BANDS = frozenset(
    {"wholeTable", "band1Horz", "band2Horz", "band1Vert", "band2Vert", "neCell", "nwCell", "seCell", "swCell"}
)
"""Parts of a table style that may hold for any cell; they are taken as if they did."""
_ASKED = {"firstRow": 0x20, "lastRow": 0x40, "firstCol": 0x80, "lastCol": 0x100}
"""The bits of what a table asks of its style (17.4.55)."""


_CONDITIONS = ("firstRow", "lastRow", "firstCol", "lastCol")


class TableStyles:
    """What the styles of a document's tables say of the cells.

    Args:
        sheet: the styles.
    """

    def __init__(self, sheet: StyleSheet) -> None:
        self._sheet = sheet
        self.properties = lru_cache(maxsize=None)(self._properties)
        self._has_conditions = lru_cache(maxsize=None)(self._find_conditions)

    def ground(self, cells: tuple[etree._Element, ...], tables: tuple[str, ...], theme: Theme) -> Colour:
        """What lies behind the paragraphs of a cell: its shading, its table's, or the page, white."""
        of_styles = (properties.get("cell:shd") for table in tables for properties in self.properties(table))
        shadings = chain(map(_shading_of, cells), of_styles)
        return next((colour for one in shadings if (colour := theme.shading(one))), WHITE)

    def around(self, cells: tuple[etree._Element, ...]) -> tuple[str, ...]:
        """The table styles around a paragraph, and the conditions under which it stands: ``Grid|firstRow``."""
        found = []
        for cell in cells:
            row, table = cell.getparent(), next(cell.iterancestors(*tags("tbl")), None)
            if table is None or row is None:
                continue
            properties = child(table, "tblPr")
            style = self._sheet.known(value_of(properties, "tblStyle"), "table")
            if not self._has_conditions(style):
                found.append(style)
                continue
            rows, asked = list(word_children(table, "tr")), child(properties, "tblLook")
            where = [
                name
                for name, holds in (
                    ("firstRow", rows and row is rows[0]),
                    ("lastRow", rows and row is rows[-1]),
                    ("firstCol", cell is next(word_children(row, "tc"), None)),
                    ("lastCol", not any(True for _ in cell.itersiblings(*tags("tc")))),
                )
                if (holds and _is_asked(asked, name)) or name in _said_conditions(cell, row)
            ]
            found.append("|".join([style, *where]))
        return tuple(found)

    def _find_conditions(self, style: str) -> bool:
        """Whether a table style draws some rows or columns otherwise (17.7.6)."""
        return any(child(one, "tblStylePr") is not None for one in self._sheet.chain(style))

    def parts(self, table: str) -> Iterator[etree._Element]:
        """What of a table style holds under some conditions (17.7.6), the strongest last."""
        name, *conditions = table.split("|")
        for style in reversed(list(self._sheet.chain(name))):
            yield style
            yield from (one for one in word_children(style, "tblStylePr") if attribute(one, "type") in _BANDS)
            yield from (one for one in word_children(style, "tblStylePr") if attribute(one, "type") in conditions)

    def _properties(self, table: str) -> tuple[dict[str, etree._Element], ...]:
        """The run properties of a table style under some conditions; a cell's shading as ``cell:shd``."""
        found = []
        for part in self.parts(table):
            shading = child(child(part, "tcPr"), "shd")
            found.append(by_name(child(part, "rPr")) | ({"cell:shd": shading} if shading is not None else {}))
        return tuple(found)


def _said_conditions(*holders: etree._Element) -> Iterator[str]:
    """The parts of its table in which a cell or a row says to be, which some programs believe (17.3.1.8)."""
    for holder in holders:
        said = value_of(child(holder, f"{local(holder)}Pr"), "cnfStyle") or ""
        yield from (name for name, bit in zip(_CONDITIONS, said, strict=False) if bit == "1")


def _is_asked(look: etree._Element | None, condition: str) -> bool:
    """Whether a table asks its style for what it has for some rows or columns; one that says nothing does."""
    if look is None:
        return True
    named = attribute(look, condition.replace("Col", "Column"))
    if named is not None:
        return named not in OFF
    try:
        return bool(int(attribute(look, "val") or "FFFF", 16) & _ASKED[condition])
    except ValueError:
        return True


def _shading_of(cell: etree._Element) -> etree._Element | None:
    """What a cell is shaded with: by itself, by its row's exception from the table, by the table (17.4.60)."""
    row, table = cell.getparent(), next(cell.iterancestors(*tags("tbl")), None)
    holders = ((cell, "tcPr"), (row, "tblPrEx"), (table, "tblPr"))
    return next((shading for one, name in holders if (shading := child(child(one, name), "shd")) is not None), None)
