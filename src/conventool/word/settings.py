"""The settings of a document that filling changes (ISO/IEC 29500-1, 17.15.1)."""

from __future__ import annotations

from lxml import etree

from conventool.word.names import child, is_word, make, set_attribute, word_children

__all__ = ["leave_broken_lines", "renew_fields_when_opened"]

_UPDATE_FIELDS = "updateFields"
_BROKEN_LINES = "doNotExpandShiftReturn"
# the settings that come before this one (17.15.3), and the elements that come after all of them, or after the other one
_BEFORE_BROKEN_LINES = (
    "useSingleBorderforContiguousCells", "wpJustification", "noTabHangInd", "noLeading", "spaceForUL",
    "noColumnBalance", "balanceSingleByteDoubleByteWidth", "noExtraLineSpacing", "doNotLeaveBackslashAlone",
    "ulTrailSpace",
)  # fmt: skip
_AFTER_COMPAT = (
    "docVars", "rsids", "attachedSchema", "themeFontLang", "clrSchemeMapping", "doNotIncludeSubdocsInStats",
    "doNotAutoCompressPictures", "forceUpgrade", "captions", "readModeInkLockDown", "smartTagType", "shapeDefaults",
    "doNotEmbedSmartTags", "decimalSymbol", "listSeparator",
)  # fmt: skip
_AFTER_UPDATE_FIELDS = ("hdrShapeDefaults", "footnotePr", "endnotePr", "compat", *_AFTER_COMPAT)


def leave_broken_lines(settings: etree._Element) -> None:
    """Set that no line that ends with a break is stretched (17.15.3.15)."""
    compat = child(settings, "compat")
    if compat is None:
        compat = _put_before(settings, "compat", _AFTER_COMPAT)
    if child(compat, _BROKEN_LINES) is None:
        compat.insert(sum(1 for _ in word_children(compat, *_BEFORE_BROKEN_LINES)), make(compat, _BROKEN_LINES))


def renew_fields_when_opened(settings: etree._Element) -> None:
    """Set that Word renews every field when it opens the document, after asking (17.15.1.90)."""
    setting = child(settings, _UPDATE_FIELDS)
    if setting is None:
        setting = _put_before(settings, _UPDATE_FIELDS, _AFTER_UPDATE_FIELDS)
    set_attribute(setting, "val", "true")


def _put_before(settings: etree._Element, name: str, later: tuple[str, ...]) -> etree._Element:
    made = make(settings, name)
    following = next((one for one in settings if is_word(one, *later) or not is_word(one)), None)
    settings.insert(len(settings) if following is None else settings.index(following), made)
    return made
