"""How a Word document draws its text: whether a reader sees it, struck out or not, as text or as something else.

A look is what document defaults, table, paragraph and character styles and the run itself say together (ISO/IEC
29500-1, 17.7.2). Whatever would draw a text otherwise than as plain legible text is named; what only sets it (bold,
a size, another text font) is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import lru_cache
from html import escape
from typing import NamedTuple
from weakref import WeakKeyDictionary

from lxml import etree

from conventool.text.numbers import plural
from conventool.word.cascade import Properties, by_name, in_force
from conventool.word.colours import FAINT, WHITE, Colour, contrast_of, rgb
from conventool.word.effects import is_plain_effect
from conventool.word.harmless import KNOWN_TAGS
from conventool.word.labels import Labels, RunningLabels
from conventool.word.names import attribute, child, local, tags, value_of, word_children
from conventool.word.package import Package
from conventool.word.placement import OFF, fixed_line, is_ambiguous, is_patterned, number, paragraph_oddities
from conventool.word.style_sheet import StyleSheet
from conventool.word.table_styles import TableStyles
from conventool.word.theme import Theme

__all__ = [
    "NO_CONTEXT",
    "PLAIN",
    "SEEN_OF_BLANKS",
    "Context",
    "Layout",
    "Look",
    "Looks",
    "contexts_of",
    "document_looks",
]

_STRUCK = ("strike", "dstrike")
_HIDDEN = ("vanish", "specVanish")
_DRAWN = {
    "outline": "en contour",
    "shadow": "ombré",
    "emboss": "en relief",
    "imprint": "gravé",
    "caps": "en capitales",
    "smallCaps": "en petites capitales",
    "rtl": "de droite à gauche",
    "cs": "en écriture complexe",
    "webHidden": "caché à l’écran",
}
"""Switches that draw a text otherwise."""
_TOGGLES = frozenset({*_STRUCK, *_HIDDEN, *_DRAWN})
_PRESENT = {
    "effect": "animé",
    "em": "avec signes d’emphase",
    "fitText": "comprimé",
    "eastAsianLayout": "en mise en page asiatique",
    "bdr": "encadré",
}
"""Properties that draw a text otherwise unless they say "none"."""
_OTHERWISE = "autrement"
SEEN_OF_BLANKS = ("déplacé", "écrasé", "espacé", "encadré", "haut de", _OTHERWISE)
"""How the looks begin that show in a blank, or push the text beside it."""
_HALF_POINT = 10  # twips
_RANGES = (
    ("position", (-6, 0, 6), _HALF_POINT, "déplacé"),
    ("w", (66, 100, 150), 1, "écrasé"),
    ("spacing", (-20, 0, 60), 1, "espacé autrement"),
)
"""Of a measure the least, the usual and the most, and the twips in one, as of half-points."""
_TINY, _SMALL, _HUGE = 6, 12, 144  # half-points
_PALE = 1.6  # contrast: nobody sees a text of less
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLE_TAG = f"{{{_W}}}pStyle"
_BODY = frozenset(tags("body", "hdr", "ftr"))
_ORDINALS = frozenset({"er", "re", "ère", "nd", "nde", "e", "ème", "o", "os"})
"""What French sets raised; anything else that is raised or lowered reads otherwise: 5² is not 52."""
_TEXT_FONTS = frozenset(
    re.split(
        r"\s*;\s*",
        """aptos; aptos display; aptos narrow; arial; arial mt; arial narrow; arial unicode ms; arialmt; avenir;
        avenir next; bahnschrift; bitstream vera sans; bitstream vera serif; book antiqua; bookman old style; caladea;
        calibri; calibri light; cambria; candara; carlito; century; century gothic; cochin; consolas; constantia;
        corbel; courier; courier new; dejavu sans; dejavu sans mono; dejavu serif; didot; franklin gothic book; futura;
        garamond; geneva; georgia; gill sans; gill sans mt; helvetica; helvetica neue; inter; lato; liberation mono;
        liberation sans; liberation sans narrow; liberation serif; linux biolinum g; linux libertine g; lucida grande;
        lucida sans; lucida sans unicode; luciole; marianne; microsoft sans serif; monaco; montserrat; ms gothic;
        ms mincho; noto sans; noto serif; open sans; optima; palatino; palatino linotype; perpetua; pt sans; pt serif;
        raleway; roboto; rockwell; segoe ui; segoe ui symbol; source sans pro; source serif pro; spectral; tahoma;
        thorndale; times; times new roman;
        trebuchet ms; ubuntu; verdana""",
    )
)
"""Fonts whose letters are those that the text names; a font of symbols, or an unknown one, draws what it likes."""
_DESCRIBED = tags("style", "docDefaults", "rPrDefault", "pPrDefault", "rPr", "pPr", "tblPr", "trPr", "tcPr", "lvl")


_MOST_REMEMBERED = 4096


class Look(NamedTuple):
    """How a run is drawn.

    Attributes:
        hidden: whether nobody sees it.
        struck: whether a line goes through it.
        drawn: what else makes it no plain text, in French; empty for plain text.
    """

    hidden: bool = False
    struck: bool = False
    drawn: tuple[str, ...] = ()


class Layout(NamedTuple):
    """How a paragraph is set.

    Attributes:
        style: its style.
        is_heading: whether it is a heading.
        label: the number or bullet before it, as `Labels` names it.
        numbering: the number of its list and its level in it; empty where it is in none.
        odd: what puts it elsewhere than in the text, in French.
        ground: the colour that it is shaded with; None for none.
        has_leaders: whether its tabs are drawn as dots or lines.
        line: the height that all its lines have, in twips; 0 where they are as high as their text.
        hides_end: whether its end is hidden, so that the next one goes on behind it.
    """

    style: str
    is_heading: bool
    label: str
    numbering: tuple[str, str] | tuple[()]
    odd: tuple[str, ...]
    ground: Colour | None
    has_leaders: bool
    line: float = 0
    hides_end: bool = False


class Context(NamedTuple):
    """What the look of a run has from where it stands.

    Attributes:
        layout: of its paragraph.
        ground: the colour that it lies on.
        tables: the table styles around it, and the conditions under which they hold: ``Grid|firstRow``.
        bare: the look of a run without properties of its own; None where that depends on its text.
    """

    layout: Layout
    ground: Colour
    tables: tuple[str, ...]
    bare: Look | None


PLAIN = Look()
NO_CONTEXT = Context(Layout("", False, "", (), (), None, False), WHITE, (), None)


class Looks:
    """The looks of one document's text.

    Args:
        styles: root of the style part, None where there is none.
        theme: root of the theme part.
        lists: root of the numbering part.

    Attributes:
        is_ambiguous: whether its styles say something twice, so that programs may read it in two ways.
    """

    def __init__(
        self,
        styles: etree._Element | None,
        theme: etree._Element | None = None,
        lists: etree._Element | None = None,
    ) -> None:
        self.sheet, self._theme = StyleSheet(styles), Theme(theme)
        self._tables = TableStyles(self.sheet)
        described = [one for part in (styles, lists) if part is not None for one in part.iter(*_DESCRIBED)]
        self.is_ambiguous = any(map(is_ambiguous, described)) or _are_two(styles, "docDefaults")
        self._labels = Labels.of(lists, styles)
        self.layout = lru_cache(maxsize=8192)(self._layout)
        self._judged = lru_cache(maxsize=8192)(self._judge)
        self._label = lru_cache(maxsize=8192)(self._label_look)
        self._context = lru_cache(maxsize=8192)(self._make_context)
        self.paragraphs: dict[str, tuple[Context, list[str]]] = {}

    # --- Paragraphs read before ----------------------------------------------------------------------------

    def key_of(self, paragraph: etree._Element) -> str | None:
        """What a paragraph that stands in no table is known by: all that it is."""
        parent = paragraph.getparent()
        alone = parent is not None and parent.tag in _BODY
        return etree.tostring(paragraph, encoding="unicode", with_tail=False) if alone else None

    def remember(self, key: str, context: Context, texts: list[str]) -> None:
        """Keep what a paragraph says, where it holds text only."""
        if len(self.paragraphs) >= _MOST_REMEMBERED:
            self.paragraphs.clear()
        self.paragraphs[key] = context, texts

    # --- Paragraphs ----------------------------------------------------------------------------------------

    def _layout(self, properties: bytes, tables: tuple[str, ...]) -> Layout:
        """How a paragraph is set: by its ``w:pPr`` as XML, and the styles of the tables around it."""
        direct = etree.fromstring(properties) if properties else None
        own = by_name(direct)
        style = self.sheet.known(attribute(own.get("pStyle"), "val"), "paragraph")
        layers = [self.sheet.paragraph_defaults]
        layers += [by_name(child(part, "pPr")) for table in tables for part in self._tables.parts(table)]
        of_style = self.sheet.of_style(style, "pPr")
        look = in_force([*layers, of_style, own])
        numbering = self._labels.place(look, style)
        level = by_name(child(self._labels.levels.get(numbering), "pPr")) if numbering else {}
        # what a list says of its paragraphs comes before or after their style, by who names the list
        both = (
            [look] if not level else [in_force([*layers, *two, own]) for two in ((level, of_style), (of_style, level))]
        )
        odd = [what for one in both for what in paragraph_oddities(one)]
        if is_ambiguous(direct):
            odd.append("un paragraphe décrit de deux façons")
        leaders = any((attribute(tab, "leader") or "none") != "none" for one in both for tab in one.get("tabs", ()))
        label = self._labels.of_paragraph(numbering)
        ground, fixed = self._theme.shading(look.get("shd")), fixed_line(look)
        odd_ways, hides_end = tuple(dict.fromkeys(odd)), self._hides_end(own.get("rPr"))
        is_heading = self.sheet.is_heading(style)
        return Layout(style, is_heading, label, numbering, odd_ways, ground, leaders, fixed, hides_end)

    # --- Runs ----------------------------------------------------------------------------------------------

    def around(self, paragraph: etree._Element, known: dict[etree._Element, Context]) -> Context:
        """What the look of a paragraph's runs has from it and from the tables that it stands in.

        Args:
            paragraph: a ``w:p``.
            known: what was found of others of its document; see `contexts_of`.
        """
        found = known.get(paragraph)
        if found is None:
            found = known[paragraph] = self._around(paragraph)
        return found

    def _around(self, paragraph: etree._Element) -> Context:
        parent, properties = paragraph.getparent(), child(paragraph, "pPr")
        own = _xml_of(properties)
        if parent is None or parent.tag in _BODY:
            return self._context(own, None, ())
        cells = tuple(paragraph.iterancestors(*tags("tc")))
        tables = self._tables.around(cells)
        return self._context(own, self._tables.ground(cells, tables, self._theme), tables)

    def _make_context(self, own: bytes, behind: Colour | None, tables: tuple[str, ...]) -> Context:
        """A paragraph's own properties, what lies behind it, the styles of the tables around it."""
        layout = self.layout(own, tables)
        context = Context(layout, layout.ground or behind or WHITE, tables, None)
        return context if self._raises(layout.style) else context._replace(bare=self._judge(b"", context, ""))

    def of(self, run: etree._Element, context: Context) -> Look:
        """How a run is drawn (``w:r``) where it stands."""
        properties = child(run, "rPr")
        direct = _xml_of(properties) if properties is not None and len(properties) else b""
        if not direct and context.bare is not None:
            return context.bare
        raised = context.bare is None or b"vertAlign" in direct or b"position" in direct
        raised = raised or (b"rStyle" in direct and self._raises(value_of(properties, "rStyle") or ""))
        text = "".join(t.text or "" for t in word_children(run, "t")) if raised else ""
        return self._judged(direct, context, text)

    def _raises(self, style: str) -> bool:
        return not {"vertAlign", "position"}.isdisjoint(self.sheet.of_style(style, "rPr"))

    def _layers(self, own: Properties, context: Context) -> list[Properties]:
        """What others than the run itself say of it, the farthest first."""
        return [
            self.sheet.run_defaults,
            *(properties for table in context.tables for properties in self._tables.properties(table)),
            self.sheet.of_style(context.layout.style, "rPr"),
            self.sheet.of_style(self.sheet.known(attribute(own.get("rStyle"), "val"), "character"), "rPr"),
        ]

    def is_raised(self, run: etree._Element, context: Context) -> bool:
        """Whether a run is set higher than the text, as the number of a note is."""
        own = by_name(child(run, "rPr"))
        merged = in_force([*self._layers(own, context), own])
        return _height(merged) > 0

    def _judge(self, direct: bytes, context: Context, text: str) -> Look:
        """The look of a run by its own properties, its paragraph's style, and what lies behind."""
        ground, element = context.ground, etree.fromstring(direct) if direct else None
        own = by_name(element)
        layers = self._layers(own, context)
        merged = in_force([*layers, own])
        on = {name for name in _TOGGLES if _toggled(name, layers, own)}
        size = number(attribute(merged.get("sz"), "val"), 20, _HALF_POINT)
        behind = self._theme.behind(merged, ground)
        contrast = contrast_of(self._theme.ink(merged, ground), behind)
        hidden = bool(on & set(_HIDDEN)) or size <= _TINY or contrast < _PALE
        drawn = [_DRAWN[name] for name in sorted(on) if name in _DRAWN]
        drawn += self._oddly_drawn(merged, size, text)
        drawn += [
            f"{_OTHERWISE} ({local(one)})"
            for one in merged.values()
            if one.tag not in KNOWN_TAGS and not is_plain_effect(one, behind)
        ]
        if context.layout.line and size * 10 > context.layout.line * 1.25:
            drawn.append("coupé par un interligne trop petit")
        if contrast < FAINT:
            drawn.append("à peine visible")
        if is_patterned(merged.get("shd")):
            drawn.append("sur un fond à motifs")
        if is_ambiguous(element):
            drawn.append("décrit de deux façons")
        found = Look(hidden, bool(on & set(_STRUCK)), tuple(drawn))
        return found if found != PLAIN else PLAIN

    def _oddly_drawn(self, merged: Properties, size: float, text: str) -> Iterator[str]:
        """What makes a text no plain text beside its switches."""
        for name, how in _PRESENT.items():
            if name in merged and (attribute(merged[name], "val") or "on") not in {"none", "nil", *OFF}:
                yield how
        if not _SMALL <= size <= _HUGE:
            points = f"{size / 2:g}".replace(".", ",")
            yield f"haut de {points} {plural(int(min(size, _HUGE) / 2), 'point')}"
        for name, (least, usual, most), unit, how in _RANGES:
            if not least <= number((attribute(merged.get(name), "val") or "").rstrip("%"), usual, unit) <= most:
                yield how
        if (height := _height(merged)) and text.strip() and text.strip().casefold() not in _ORDINALS:
            yield "en exposant" if height > 0 else "en indice"
        if _colour_name(merged.get("color")) is None:
            yield "d’une couleur qui n’en est pas une"
        for font in self._theme.fonts(merged):
            if font.casefold() not in _TEXT_FONTS:
                yield f"en police « {font} »"

    def of_label(self, paragraph: etree._Element, context: Context) -> Look:
        """How the number or the bullet before a paragraph is drawn: as the paragraph's end, and as its list says."""
        mark = child(child(paragraph, "pPr"), "rPr")
        return self._label(_xml_of(mark) if mark is not None and len(mark) else b"", context)

    def _label_look(self, mark: bytes, context: Context) -> Look:
        place = context.layout.numbering
        level = self._labels.levels.get(place) if place else None
        own = in_force([by_name(etree.fromstring(mark) if mark else None), by_name(child(level, "rPr"))])
        properties = etree.Element(f"{{{_W}}}rPr")
        properties.extend(deepcopy(one) for one in own.values())
        look = self._judged(etree.tostring(properties), context, "")
        if value_of(level, "numFmt") == "bullet":  # any font draws one, or another like it
            look = look._replace(drawn=tuple(how for how in look.drawn if not how.startswith("en police")))
        return look

    def has_effects(self, properties: etree._Element, context: Context) -> bool:
        """Whether the properties of a run, or of a paragraph's end, draw it with effects that plain text has not."""
        look = self._judged(_xml_of(properties), context, "")
        return any(how.startswith(f"{_OTHERWISE} (") for how in look.drawn)

    def _hides_end(self, mark: etree._Element | None) -> bool:
        """Whether the end of a paragraph is hidden, by its ``w:rPr``."""
        if mark is None or not len(mark):
            return False
        layers = [self.sheet.of_style(self.sheet.known(value_of(mark, "rStyle"), "character"), "rPr")]
        return any(_toggled(name, layers, by_name(mark)) for name in _HIDDEN)

    def running_labels(self) -> RunningLabels:
        """Counts the paragraphs of its lists from the first one on."""
        return RunningLabels(self._labels)

    def is_symbolic(self, font: str) -> bool:
        """Whether a font is not known to draw letters as they are."""
        return font.casefold() not in _TEXT_FONTS


@lru_cache(maxsize=4)
def document_looks(package: Package) -> Looks:
    """The looks of a document's text; styles are mostly the same in hundreds of documents.

    Raises:
        TemplateError: a part is malformed.
    """
    parts = [package.part_of(kind) for kind in ("styles", "theme", "numbering")]
    key = tuple(package.read(part) if part else b"" for part in parts)
    if key not in _known:
        if len(_known) >= 16:
            _known.clear()
        _known[key] = Looks(*(package.root(part) if part else None for part in parts))
    return _known[key]


_known: dict[tuple[bytes, ...], Looks] = {}


def contexts_of(package: Package) -> dict[etree._Element, Context]:
    """What was found of the paragraphs of a document, by their elements; those who read it twice share it."""
    return _contexts.setdefault(package, {})


_contexts: WeakKeyDictionary[Package, dict[etree._Element, Context]] = WeakKeyDictionary()


@lru_cache(maxsize=4096)
def _only_style(style: str) -> bytes:
    return f'<w:pPr xmlns:w="{_W}"><w:pStyle w:val="{escape(style)}"/></w:pPr>'.encode()


def _xml_of(properties: etree._Element | None) -> bytes:
    """Properties as XML, the key under which what follows from them is remembered."""
    if properties is None:
        return b""
    if len(properties) == 1 and properties[0].tag == _STYLE_TAG:  # the most frequent, and sooner had than serialised
        return _only_style(attribute(properties[0], "val") or "")
    return etree.tostring(properties, with_tail=False)


def _height(merged: Properties) -> float:
    """Above nought where a text is set higher than the line, below where lower."""
    moved = {"superscript": 1, "subscript": -1}.get(attribute(merged.get("vertAlign"), "val") or "")
    return moved or number(attribute(merged.get("position"), "val"), 0, _HALF_POINT)


def _toggled(name: str, layers: Sequence[Properties], own: Properties) -> bool:
    """Whether a switch is on: the run's own word counts, else any style's (a style's "off" takes no other's back)."""
    if name in own:
        return _is_on(own[name])
    return any(name in layer and _is_on(layer[name]) for layer in layers)


def _is_on(toggle: etree._Element) -> bool:
    return (attribute(toggle, "val") or "true") not in OFF


def _colour_name(colour: etree._Element | None) -> str | None:
    """What a colour says, None where that is neither automatic nor six digits: programs guess what it may be."""
    said = attribute(colour, "val") or "auto"
    return said if said == "auto" or rgb(said) is not None else None


def _are_two(parent: etree._Element | None, name: str) -> bool:
    return parent is not None and len(list(word_children(parent, name))) > 1
