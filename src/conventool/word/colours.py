"""Colours as a document names them, and how far two of them can be told apart."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

from conventool.word.names import local

__all__ = ["BLACK", "THEME_NAMES", "WHITE", "Colour", "contrast_of", "is_dark", "rgb", "theme_of", "tinted"]

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, from 0 to 255."""
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
THEME_NAMES = {
    "text1": "dk1", "dark1": "dk1", "background1": "lt1", "light1": "lt1", "text2": "dk2", "dark2": "dk2",
    "background2": "lt2", "light2": "lt2", "hyperlink": "hlink", "followedHyperlink": "folHlink",
}  # fmt: skip
"""The places of a theme's colours by the names that a document gives them (17.18.97)."""


_OF_THE_SYSTEM = {"windowText": BLACK, "window": WHITE}
"""Whatever a theme says that they were last."""
_FONTS = {"latin": ("HAnsi", "Ascii"), "ea": ("EastAsia",), "cs": ("Bidi",)}


def theme_of(theme: etree._Element | None) -> tuple[dict[str, Colour], dict[str, str]]:
    """The colours of a theme by name, and its fonts by what a text names them: ``minorHAnsi`` (17.18.96)."""
    colours: dict[str, Colour] = {}
    fonts: dict[str, str] = {}
    for element in theme.iter("{*}clrScheme", "{*}majorFont", "{*}minorFont") if theme is not None else ():
        if local(element) == "clrScheme":
            for named in element:
                for value in named:
                    colour = _OF_THE_SYSTEM.get(value.get("val") or "") or rgb(value.get("lastClr") or value.get("val"))
                    if colour:
                        colours.setdefault(local(named), colour)
        else:
            for font in element:
                for name in _FONTS.get(local(font), ()):
                    fonts.setdefault(local(element)[:5] + name, font.get("typeface") or "")
    return colours, fonts


def rgb(text: str | None) -> Colour | None:
    """A colour by its six hexadecimal digits; None for another text, "auto" among them."""
    if text is None or len(text) != 6:
        return None
    try:
        red, green, blue = bytes.fromhex(text)
    except ValueError:
        return None
    return red, green, blue


def tinted(colour: Colour, shade: str | None, tint: str | None) -> Colour:
    """A colour of the theme made darker or lighter: how much of it stays, out of 255 (17.3.2.6)."""
    for part, towards in ((shade, 0), (tint, 255)):
        if part:
            try:
                kept = int(part, 16) / 255
            except ValueError:
                continue
            red, green, blue = (round(one * kept + towards * (1 - kept)) for one in colour)
            colour = red, green, blue
    return colour


def is_dark(colour: Colour) -> bool:
    """Whether automatic text is white on a colour, as LibreOffice has it (Word's own limit is not known)."""
    red, green, blue = colour
    return 77 * red + 151 * green + 28 * blue < 63 * 256


def _luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.1)."""
    linear = [one / 255 / 12.92 if one <= 10 else ((one / 255 + 0.055) / 1.055) ** 2.4 for one in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_of(one: Colour, other: Colour) -> float:
    """Contrast of two colours, from 1 to 21 (WCAG 2.1)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
