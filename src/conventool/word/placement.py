"""What puts a text out of sight by its place: a paragraph, a page, a table (ISO/IEC 29500-1, 17.3.1, 17.4, 17.6).

Measures are in twips, a twentieth of a point. What is told is in French, and names no measure: it must be equal in a
document and in its template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from math import inf, isfinite

from lxml import etree

from conventool.word.harmless import KNOWN_TAGS
from conventool.word.names import attribute, child, local, own, tags, value_of, word_children, word_iter

__all__ = [
    "DRAWN_ALONE",
    "EMU",
    "LENGTHS",
    "OFF",
    "coarse",
    "fixed_line",
    "is_ambiguous",
    "is_patterned",
    "number",
    "paragraph_oddities",
    "section_oddities",
    "table_oddities",
]

OFF = frozenset({"0", "false", "off"})
"""The words for "no"."""
_UNITS: Mapping[str, float] = {"mm": 1440 / 25.4, "cm": 1440 / 2.54, "in": 1440, "pt": 20, "pc": 240, "pi": 240}
"""Twips in each unit."""
LENGTHS = _UNITS.keys()
"""How lengths with a unit end."""
EMU = 1 / 635
"""Twips in one."""
_LINE, _LOWEST_LINE, _CLOSEST_LINES = 240, 160, 168
"""A line; the lowest of a fixed height; the lowest share of a line, in 240ths (17.3.1.33)."""
_FARTHEST = 8000
"""Half a page."""
_WIDEST = 16_000
"""A page of A4 on its side."""
_PLACING = ("framePr", "textDirection", "bidi", "textAlignment")
_FRAME = "un paragraphe placé autrement (framePr)"
_BAR = "un trait vertical dans un paragraphe"
_BORDER = "une bordure épaisse, ou sur le texte"
DRAWN_ALONE = frozenset({_FRAME, _BAR, _BORDER})
"""What is seen of a paragraph though it has no text: a colour over the page, lines."""
_CHARACTER = 2.1
"""Twips in a hundredth of a character, by which East Asian indents are told."""
_FARTHEST_LINES = 1000
"""Twips from line to line, by a grid (17.6.5)."""
_THICKEST_BORDER = 48
"""Eighths of a point."""
_FARTHEST_BORDER = 31
"""Points from the text (17.3.4)."""
_NARROWEST = 300
"""Twips: a column in which no word can be read is narrower."""
_PAGE_MARGINS = {"top": (0, 5000), "bottom": (0, 5000), "header": (0, 4000), "footer": (0, 4000), "gutter": (0, 1500)}
_DENSEST = 4096
"""By how much a grid may set characters nearer or farther: a point, in its own unit (17.6.5)."""
_MANY = frozenset(tags("tblStylePr"))
"""What may be there more than once."""
_LISTS = frozenset(tags("pBdr", "tabs"))
"""What says nothing where it is empty."""
_PLAIN_SHADINGS = frozenset({"clear", "nil", "solid"})


def number(text: str | None, otherwise: float, twips: float = 1) -> float:
    """A measure; infinite for what is none, of which nobody knows what Word may make.

    Args:
        text: as it is stored; with a unit, as in ``210mm``, where Word saves a strict document (22.9.2.15).
        otherwise: what holds where nothing is stored.
        twips: in one of what a number without a unit counts.
    """
    if not text:
        return otherwise
    try:
        found = float(text)
    except ValueError:
        return _with_unit(text) / twips
    return found if -inf < found < inf else inf


def _with_unit(text: str) -> float:
    """A measure with its unit in twips; infinite for what is none."""
    with suppress(ValueError, KeyError):
        return float(text[:-2]) * _UNITS[text[-2:]]
    return inf


def coarse(text: str | None, step: float, twips: float = 1) -> str:
    """A measure to the nearest of some steps; what is none as it is stored."""
    found = number(text, 0, twips)
    return str(round(found / step)) if isfinite(found) else f"« {text} »"


def is_patterned(shading: etree._Element | None) -> bool:
    """Whether a shading draws stripes or crosses, on which no text is plain (17.18.78)."""
    pattern = attribute(shading, "val") or "clear"
    return pattern not in _PLAIN_SHADINGS and not pattern.startswith("pct")


def is_ambiguous(properties: etree._Element | None) -> bool:
    """Whether properties say two things of one, or without its namespace: programs read them in different ways."""
    said: dict[object, etree._Element] = {}
    for one in properties if properties is not None else ():
        if any("{" not in str(name) for name in one.attrib):
            return True
        if one.tag in _MANY or (one.tag in _LISTS and not len(one)):
            continue
        before = said.setdefault(one.tag, one)
        if before is not one and etree.tostring(before, with_tail=False) != etree.tostring(one, with_tail=False):
            return True
    return False


def fixed_line(look: Mapping[str, etree._Element]) -> float:
    """The height that all lines of a paragraph have, in twips; 0 where they are as high as their text (17.3.1.33).

    Nor is one told that no text could be read in.
    """
    spacing = look.get("spacing")
    line = number(attribute(spacing, "line"), _LINE) if attribute(spacing, "lineRule") == "exact" else 0
    return line if line >= _LOWEST_LINE else 0


def paragraph_oddities(look: Mapping[str, etree._Element]) -> Iterator[str]:
    """What puts a paragraph elsewhere than in the text, or makes it too low to be read.

    Args:
        look: its properties in force, by name.
    """
    for name in _PLACING:
        if name in look and attribute(look[name], "val") not in {*OFF, "auto", "lrTb", "baseline"}:
            yield f"un paragraphe placé autrement ({name})"
    if "framePr" in look and any(_frame_oddities(look["framePr"])):
        yield "un cadre hors de la page, ou trop petit pour être lu"
    spacing, indent = look.get("spacing"), look.get("ind")
    rule, line = attribute(spacing, "lineRule") or "auto", number(attribute(spacing, "line"), _LINE)
    if line < {"exact": _LOWEST_LINE, "auto": _CLOSEST_LINES}.get(rule, 0):
        yield "un interligne trop petit pour être lu"
    apart = [number(attribute(spacing, name), 0) for name in ("before", "after")]
    apart += [number(attribute(spacing, f"{name}Lines"), 0) * _LINE / 100 for name in ("before", "after")]
    if max(line, *apart) > _FARTHEST:
        yield "un paragraphe repoussé hors de la page"
    left, right = (_indent(indent, *names) for names in (("left", "start"), ("right", "end")))
    first = _indent(indent, "firstLine") - _indent(indent, "hanging")
    beyond = not -800 <= left <= 6000 or not -800 <= right <= 6000 or left + right > 7600
    if beyond or not -6000 <= first <= 4000 or not -800 <= left + first <= 7600:
        yield "un paragraphe hors de la page"
    if is_patterned(look.get("shd")):
        yield "un paragraphe sur un fond à motifs"
    yield from _tab_oddities(look.get("tabs"))
    yield from (f"un paragraphe placé autrement ({local(one)})" for one in look.values() if one.tag not in KNOWN_TAGS)
    for border in look.get("pBdr", ()):
        far = not 0 <= number(attribute(border, "space"), 0) <= _FARTHEST_BORDER
        if far or number(attribute(border, "sz"), 0) > _THICKEST_BORDER:
            yield _BORDER


def _frame_oddities(frame: etree._Element) -> Iterator[bool]:
    """Whether a frame is off the page, or too small for its text (17.3.1.11)."""
    yield from (not -_LOWEST_LINE * 10 <= number(attribute(frame, name), 0) <= _WIDEST for name in ("x", "y"))
    yield 0 < number(attribute(frame, "w"), 0) < _NARROWEST
    yield attribute(frame, "hRule") == "exact" and number(attribute(frame, "h"), _LINE) < _LINE


def _tab_oddities(tabs: etree._Element | None) -> Iterator[str]:
    """Tabs that draw a line down the paragraph, or put its text off the page (17.3.1.37)."""
    for tab in tabs if tabs is not None else ():
        if attribute(tab, "val") == "bar":
            yield _BAR
        elif attribute(tab, "val") != "clear" and not -2000 <= number(attribute(tab, "pos"), 0) <= _WIDEST:
            yield "une tabulation hors de la page"


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
    if attribute(counted, "chapStyle") is not None:
        yield "des pages numérotées par chapitres"
    if not 0 <= number(attribute(grid, "linePitch"), 0) <= _FARTHEST_LINES:
        yield "des lignes écartées par une grille"
    yield from _column_oddities(section)


def _column_oddities(section: etree._Element) -> Iterator[str]:
    """Columns with widths of their own, which may be too narrow, or go on beyond the page (17.6.4)."""
    columns = [number(attribute(one, "w"), 2000) for one in word_iter(section, "col")]
    if any(width < 2000 for width in columns):
        yield "des colonnes trop étroites"
    if len(columns) > 1 or sum(columns) > number(attribute(child(section, "pgSz"), "w"), _WIDEST):
        yield "des colonnes de leur propre largeur"


def table_oddities(table: etree._Element, styles: tuple[etree._Element, ...]) -> Iterator[str]:
    """What puts a table's text out of sight: its place, its width, that of its columns, what surrounds its cells.

    Args:
        table: a ``w:tbl``.
        styles: the table's style and those that it is based on.
    """
    yield from _style_oddities(styles)
    properties = child(table, "tblPr")
    if not -1500 <= _width(child(properties, "tblInd"), 0) <= 6000:
        yield "un tableau hors de la page"
    columns = [
        number(attribute(one, "w"), 2000)
        for grid in word_children(table, "tblGrid")
        for one in word_children(grid, "gridCol")
    ]
    before = [number(attribute(one, "val"), 0) for one in word_iter(table, "gridBefore")]
    if sum(columns) + max(before, default=0) * max(columns, default=0) > _WIDEST or any(_is_too_wide(table)):
        yield "un tableau plus large que la page"
    is_narrow = 0 < _width(child(properties, "tblW"), 9000) < 2000 or (columns and sum(columns) < 2000)
    cells = [cell for cell in word_iter(table, "tc") if any((text.text or "").strip() for text in word_iter(cell, "t"))]
    widths = (_width(child(child(cell, "tcPr"), "tcW"), 2000) for cell in cells)
    if is_narrow or any(0 < width < _NARROWEST for width in widths) or _has_narrow_column(table, columns):
        yield "un tableau trop étroit pour être lu"
    if _pushes_away(table) or any(_is_filled_by_margins(cell) for cell in cells):
        yield "des cellules repoussées par leurs marges"
    if any(attribute(one, "hRule") == "exact" and _is_low(one) for one in word_iter(table, "trHeight")):
        yield "une ligne de tableau trop basse pour être lue"
    for cell in cells:
        properties = child(cell, "tcPr")
        if (value_of(properties, "textDirection") or "lrTb") != "lrTb":
            yield "une cellule écrite dans un autre sens"
        if is_patterned(child(properties, "shd")):
            yield "une cellule sur un fond à motifs"


def _has_narrow_column(table: etree._Element, columns: list[float]) -> bool:
    """Whether a text stands in columns of the grid that have no room for it: LibreOffice goes by these (17.4.48)."""
    if all(width >= _NARROWEST for width in columns):
        return False
    for row in own(table, "tr"):
        at = int(min(number(value_of(child(row, "trPr"), "gridBefore"), 0), len(columns)))
        for cell in own(row, "tc"):
            span = int(min(number(value_of(child(cell, "tcPr"), "gridSpan"), 1), len(columns)))
            if sum(columns[at : at + span]) < _NARROWEST and any(one.text for one in word_iter(cell, "t")):
                return True
            at += span
    return False


def _is_low(height: etree._Element) -> bool:
    return number(attribute(height, "val"), 0) < _LINE


def _is_too_wide(table: etree._Element) -> Iterator[bool]:
    """For the table and its cells, whether it is wider than any page."""
    yield _width(child(child(table, "tblPr"), "tblW"), 0) > _WIDEST
    cells = [child(cell, "tcPr") for cell in own(table, "tc")]
    yield from (_width(child(one, "tcW"), 0) > _WIDEST for one in cells)
    count = sum(len(list(word_children(grid, "gridCol"))) for grid in word_children(table, "tblGrid"))
    yield from (bool(count) and number(value_of(one, "gridSpan"), 1) > count for one in cells)


def _pushes_away(holder: etree._Element) -> bool:
    """Whether something in a table or a style of tables pushes text out of its cells."""
    around = [*word_iter(holder, "tblCellSpacing"), *word_iter(holder, "wBefore")]
    around += [side for name in ("tcMar", "tblCellMar") for margin in word_iter(holder, name) for side in margin]
    return any(not 0 <= _width(one, 0) <= 1500 for one in around)


def _is_filled_by_margins(cell: etree._Element) -> bool:
    """Whether the margins of a cell leave its text no room."""
    sides = [
        _width(one, 0)
        for margins in word_iter(cell, "tcMar")
        for one in margins
        if local(one) in {"left", "right", "start", "end"}
    ]
    width = _width(child(child(cell, "tcPr"), "tcW"), 0)
    return bool(sides) and 0 < width < sum(sides) + _NARROWEST


@lru_cache(maxsize=64)
def _style_oddities(styles: tuple[etree._Element, ...]) -> tuple[str, ...]:
    """What styles of tables draw, hide or put elsewhere (17.7.6)."""
    return tuple(dict.fromkeys(what for style in styles for what in _of_style(style)))


def _of_style(style: etree._Element) -> Iterator[str]:
    for one in style.iter(*tags("tblPr", "trPr", "tcPr", "tcBorders", "tblBorders")):
        yield from (f"un tableau dessiné autrement ({local(inner)})" for inner in one if inner.tag not in KNOWN_TAGS)
    if not -1500 <= max(map(_indent_of, style.iter(*tags("tblInd"))), key=abs, default=0) <= 6000:
        yield "un tableau hors de la page"
    if any((attribute(one, "val") or "lrTb") != "lrTb" for one in style.iter(*tags("textDirection"))):
        yield "des cellules écrites dans un autre sens"
    if _pushes_away(style):
        yield "des cellules repoussées par leurs marges"
    for borders in style.iter(*tags("tblBorders", "tcBorders")):
        if any(number(attribute(one, "sz"), 0) > _THICKEST_BORDER for one in borders):
            yield _BORDER


def _indent_of(element: etree._Element) -> float:
    return _width(element, 0)


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
