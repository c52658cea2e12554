"""Colours as a document names them, and how far two of them can be told apart."""

from __future__ import annotations

from typing import TypeAlias

__all__ = ["BLACK", "FAINT", "WHITE", "Colour", "contrast_of", "is_dark", "rgb", "tinted"]

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, from 0 to 255."""
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
FAINT = 2.2
"""The contrast below which a text is hardly seen, from 1 (none) to 21 (black on white), as WCAG 2.1 defines it."""


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
