"""What puts a text out of sight by its place: a paragraph, a page, a table (ISO/IEC 29500-1, 17.3.1, 17.4, 17.6).

Measures are in twips, a twentieth of a point. What is told is in French, and names no measure: it must be equal in a
document and in its template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from lxml import etree

from conventool.word.names import attribute, child, value_of, word_iter

__all__ = ["OFF", "is_ambiguous", "is_patterned", "number", "paragraph_oddities", "section_oddities", "table_oddities"]

OFF = frozenset({"0", "false", "off"})
"""The words for "no"."""
_LINE, _LOWEST_LINE, _CLOSEST_LINES = 240, 160, 168
"""A line; the lowest of a fixed height; the lowest share of a line, in 240ths (17.3.1.33)."""
_FARTHEST = 8000
"""Half a page."""
_PLACING = ("framePr", "textDirection", "bidi", "textAlignment")
_CHARACTER = 2.1
"""Twips in a hundredth of a character, by which East Asian indents are told."""
_THICKEST_BORDER = 48
"""Eighths of a point."""
_FARTHEST_BORDER = 31
"""Points from the text (17.3.4)."""
_NARROWEST = 300
"""Twips: a column in which no word can be read is narrower."""
_PAGE_MARGINS = {"top": (0, 5000), "bottom": (0, 5000), "header": (0, 4000), "footer": (0, 4000), "gutter": (0, 1500)}
_DENSEST = 4096
"""By how much a grid may set characters nearer or farther: a point, in its own unit (17.6.5)."""
_PLAIN_SHADINGS = frozenset({"clear", "nil", "solid"})


def number(text: str | None, otherwise: float) -> float:
    """A measure; infinite for what is none, of which nobody knows what Word may make."""
    try:
        return float(text) if text else otherwise
    except ValueError:
        return float("inf")


def is_patterned(shading: etree._Element | None) -> bool:
    """Whether a shading draws stripes or crosses, on which no text is plain (17.18.78)."""
    pattern = attribute(shading, "val") or "clear"
    return pattern not in _PLAIN_SHADINGS and not pattern.startswith("pct")


def is_ambiguous(properties: etree._Element | None) -> bool:
    """Whether properties say something twice, or without its namespace: programs read them in different ways."""
    if properties is None:
        return False
    names = [one.tag for one in properties]
    return len(set(names)) < len(names) or any("{" not in str(name) for one in properties for name in one.attrib)


def paragraph_oddities(look: Mapping[str, etree._Element]) -> Iterator[str]:
    """What puts a paragraph elsewhere than in the text, or makes it too low to be read.

    Args:
        look: its properties in force, by name.
    """
    for name in _PLACING:
        if name in look and attribute(look[name], "val") not in {*OFF, "auto", "lrTb", "baseline"}:
            yield f"un paragraphe placé autrement ({name})"
    spacing, indent = look.get("spacing"), look.get("ind")
    rule, line = attribute(spacing, "lineRule") or "auto", number(attribute(spacing, "line"), _LINE)
    if line < {"exact": _LOWEST_LINE, "auto": _CLOSEST_LINES}.get(rule, 0):
        yield "un interligne trop petit pour être lu"
    if max(line, *(number(attribute(spacing, name), 0) for name in ("before", "after"))) > _FARTHEST:
        yield "un paragraphe repoussé hors de la page"
    left, right = (_indent(indent, *names) for names in (("left", "start"), ("right", "end")))
    first = _indent(indent, "firstLine") - _indent(indent, "hanging")
    beyond = not -800 <= left <= 6000 or not -800 <= right <= 6000 or left + right > 7600
    if beyond or not -6000 <= first <= 4000 or not -800 <= left + first <= 7600:
        yield "un paragraphe hors de la page"
    if is_patterned(look.get("shd")):
        yield "un paragraphe sur un fond à motifs"
    for border in look.get("pBdr", ()):
        far = not 0 <= number(attribute(border, "space"), 0) <= _FARTHEST_BORDER
        if far or number(attribute(border, "sz"), 0) > _THICKEST_BORDER:
            yield "une bordure épaisse, ou sur le texte"


def _indent(indent: etree._Element | None, *names: str) -> float:
    """An indent by one of its names; counted in characters it comes first (17.3.1.12)."""
    for name in names:
        if characters := number(attribute(indent, f"{name}Chars"), 0):
            return characters * _CHARACTER
    return next((number(value, 0) for name in names if (value := attribute(indent, name)) is not None), 0.0)


def section_oddities(section: etree._Element) -> Iterator[str]:
    """What puts the text of a section's pages out of sight: its margins, its columns, its grid."""
    margin, grid = child(section, "pgMar"), child(section, "docGrid")
    for name, (least, most) in _PAGE_MARGINS.items():
        if not least <= number(attribute(margin, name), 0) <= most:
            yield "des marges hors de la page"
            break
    if (value_of(section, "textDirection") or "lrTb") != "lrTb":
        yield "des pages écrites dans un autre sens"
    if attribute(grid, "type") in {"linesAndChars", "snapToChars"}:
        apart = number(attribute(grid, "charSpace"), 0)
        if not -_DENSEST <= apart <= _DENSEST:
            yield "des caractères écrasés ou espacés par une grille"
    counted = child(section, "pgNumType")
    start, form = attribute(counted, "start") or "1", attribute(counted, "fmt") or "decimal"
    if start not in {"0", "1"} or form != "decimal":
        yield f"des pages numérotées autrement ({form}, à partir de {start})"
    if any(number(attribute(one, "w"), 2000) < 2000 for one in word_iter(section, "col")):
        yield "des colonnes trop étroites"


def table_oddities(table: etree._Element) -> Iterator[str]:
    """What puts a table's text out of sight: its place, its width, that of its columns, what surrounds its cells."""
    properties = child(table, "tblPr")
    if not -1500 <= _width(child(properties, "tblInd"), 0) <= 6000:
        yield "un tableau hors de la page"
    columns = [number(attribute(one, "w"), 2000) for one in word_iter(table, "gridCol")]
    is_narrow = 0 < _width(child(properties, "tblW"), 9000) < 2000 or (columns and sum(columns) < 2000)
    cells = [cell for cell in word_iter(table, "tc") if any((text.text or "").strip() for text in word_iter(cell, "t"))]
    widths = (_width(child(child(cell, "tcPr"), "tcW"), 2000) for cell in cells)
    if is_narrow or any(0 < width < _NARROWEST for width in widths):
        yield "un tableau trop étroit pour être lu"
    around = [*word_iter(table, "tblCellSpacing"), *word_iter(table, "wBefore")]
    around += [side for name in ("tcMar", "tblCellMar") for margin in word_iter(table, name) for side in margin]
    if any(not 0 <= _width(one, 0) <= 1500 for one in around):
        yield "des cellules repoussées par leurs marges"
    for cell in cells:
        own = child(cell, "tcPr")
        if (value_of(own, "textDirection") or "lrTb") != "lrTb":
            yield "une cellule écrite dans un autre sens"
        if is_patterned(child(own, "shd")):
            yield "une cellule sur un fond à motifs"


def _width(element: etree._Element | None, otherwise: float) -> float:
    """A width in twips; of a percentage, its part of a page (17.4.87); what is automatic is as wide as need be."""
    kind = attribute(element, "type") or "dxa"
    text = attribute(element, "w")
    if element is None or kind in {"auto", "nil"} or text in {None, "0"}:
        return otherwise
    if kind == "pct":
        with suppress(ValueError):
            return float(str(text).rstrip("%")) * (90 if str(text).endswith("%") else 9000 / 5000)
    return number(text, otherwise)
