"""The styles of a document to print: those that it uses, and the fonts that it asks for.

LibreOffice sets up every style again for each document, so that the others are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from conventool.word.names import attribute, child, local, make, set_attribute, value_of, word_children, word_iter
from conventool.word.styles import is_default, styles_by_id

__all__ = ["families", "fonts_in", "keep_used_styles", "styles_in"]

_STYLE_REFERENCES = ("pStyle", "rStyle", "tblStyle", "numStyleLink", "styleLink")  # ISO/IEC 29500-1, 17.7.4 and 17.9
_NAMES_A_STYLE = re.compile(r"\b(?:STYLEREF|TOC)\b")  # fields that mean styles by name (17.16.5.59, 17.16.5.68)
_HEADING = re.compile(r"heading ([1-9])")
_DEFAULT_FONT = "Times New Roman"  # where a document names none


def styles_in(root: etree._Element) -> frozenset[str]:
    """Ids of the styles it refers to; ``*`` if a field may mean any of them by name."""
    named = any(_NAMES_A_STYLE.search(code.text or "") for code in word_iter(root, "instrText"))
    named |= any(_NAMES_A_STYLE.search(attribute(simple, "instr") or "") for simple in word_iter(root, "fldSimple"))
    used = {attribute(reference, "val") or "" for reference in word_iter(root, *_STYLE_REFERENCES)}
    return frozenset(used | {"*"} if named else used)


def fonts_in(root: etree._Element) -> frozenset[str]:
    """Fonts of Latin text; a theme's come before a name (17.3.2.26)."""
    found = set()
    for fonts in word_iter(root, "rFonts"):
        for script in ("ascii", "hAnsi"):
            theme = attribute(fonts, f"{script}Theme")
            found.add(f"+{theme[:5]}" if theme else attribute(fonts, script) or "")
    return frozenset(found - {""})


def keep_used_styles(root: etree._Element, used: frozenset[str]) -> frozenset[str]:
    """Leave of the styles those that are used, those they build on, and the defaults; the fonts that these ask for.

    Args:
        root: of the part of styles.
        used: ids of the styles that the parts of text use, as `styles_in` gives them.
    """
    styles = styles_by_id(root)
    if "*" not in used:
        wanted = used | {id_ for id_, style in styles.items() if is_default(style)}
        kept = _with_their_bases(wanted, styles)
        for id_, style in styles.items():
            if id_ not in kept:
                root.remove(style)
        for latent in list(word_children(root, "latentStyles")):
            root.remove(latent)
    for style in styles.values():
        _say_level(style)
    defaults = child(child(child(root, "docDefaults"), "rPrDefault"), "rPr")
    fonts = fonts_in(root)
    return fonts | {_DEFAULT_FONT} if child(defaults, "rFonts") is None else fonts


def _say_level(style: etree._Element) -> None:
    """Say the level of a heading, which Word knows by the name of the style (17.7.4.9); LibreOffice does not."""
    heading = _HEADING.fullmatch((value_of(style, "name") or "").lower())
    properties = child(style, "pPr")
    if heading is None or child(properties, "outlineLvl") is not None:
        return
    if properties is None:
        properties = make(style, "pPr")
        style.append(properties)
    level = make(style, "outlineLvl")
    set_attribute(level, "val", str(int(heading[1]) - 1))
    properties.append(level)


def _with_their_bases(wanted: Iterable[str], styles: dict[str, etree._Element]) -> set[str]:
    kept: set[str] = set()
    waiting = list(wanted)
    while waiting:
        id_ = waiting.pop()
        if id_ in kept or id_ not in styles:
            continue
        kept.add(id_)
        waiting += [attribute(base, "val") or "" for base in word_children(styles[id_], "basedOn", "link")]
    return kept


def families(theme: etree._Element | None, fonts: frozenset[str]) -> frozenset[str]:
    """The names of fonts, a theme's looked up in it (ISO/IEC 29500-1, 20.1.4.1.24 and 25)."""
    named = {font for font in fonts if not font.startswith("+")}
    if theme is not None and len(named) < len(fonts):
        for element in theme.iter("{*}majorFont", "{*}minorFont"):
            latin = element.find("{*}latin")
            if f"+{local(element)[:5]}" in fonts and latin is not None:
                named.add(latin.get("typeface", ""))
    return frozenset(named - {""})
