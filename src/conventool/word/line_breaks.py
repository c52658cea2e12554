"""Lines of a value in a justified paragraph: Word stretches a line that ends with a break, unless a setting says no."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from conventool.word.names import attribute, child, is_word, make, value_of, word_children, word_iter

__all__ = ["is_justified", "leave_broken_lines", "styles_by_id"]

_STRETCHED = frozenset({"both", "distribute"})
_SETTING = "doNotExpandShiftReturn"
# the settings that come before this one (ISO/IEC 29500-1, 17.15.3), and the elements that come after all of them
_BEFORE = (
    "useSingleBorderforContiguousCells", "wpJustification", "noTabHangInd", "noLeading", "spaceForUL",
    "noColumnBalance", "balanceSingleByteDoubleByteWidth", "noExtraLineSpacing", "doNotLeaveBackslashAlone",
    "ulTrailSpace",
)  # fmt: skip
_AFTER_COMPAT = (
    "docVars", "rsids", "attachedSchema", "themeFontLang", "clrSchemeMapping", "doNotIncludeSubdocsInStats",
    "doNotAutoCompressPictures", "forceUpgrade", "captions", "readModeInkLockDown", "smartTagType", "shapeDefaults",
    "doNotEmbedSmartTags", "decimalSymbol", "listSeparator",
)  # fmt: skip


def styles_by_id(styles: etree._Element | None) -> dict[str, etree._Element]:
    """The styles of a document, by their ids; the default one of paragraphs under the empty id too."""
    found = (
        {attribute(style, "styleId") or "": style for style in word_iter(styles, "style")} if styles is not None else {}
    )
    default = next((s for s in found.values() if _is_default(s)), None)
    return found if default is None else {"": default} | found


def is_justified(paragraph: etree._Element, styles: Mapping[str, etree._Element]) -> bool:
    """Does a paragraph stretch its lines, by its own properties or those of its style?"""
    properties = child(paragraph, "pPr")
    own = value_of(properties, "jc")
    style_id, seen = value_of(properties, "pStyle") or "", set[str]()
    while own is None and style_id in styles and style_id not in seen:
        seen.add(style_id)
        own = value_of(child(styles[style_id], "pPr"), "jc")
        style_id = value_of(styles[style_id], "basedOn") or style_id
    return own in _STRETCHED


def leave_broken_lines(settings: etree._Element) -> None:
    """Set in a document's settings that no line that ends with a break is stretched (17.15.3.15)."""
    compat = child(settings, "compat")
    if compat is None:
        compat = make(settings, "compat")
        following = next((one for one in settings if is_word(one, *_AFTER_COMPAT) or not is_word(one)), None)
        settings.insert(len(settings) if following is None else settings.index(following), compat)
    if child(compat, _SETTING) is None:
        compat.insert(sum(1 for _ in word_children(compat, *_BEFORE)), make(compat, _SETTING))


def _is_default(style: etree._Element) -> bool:
    return attribute(style, "type") == "paragraph" and attribute(style, "default") in {"1", "true", "on"}
