"""The colours and fonts that a document names, by themselves or by their place in its theme."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from conventool.word.cascade import Properties
from conventool.word.colours import BLACK, WHITE, Colour, is_dark, rgb, tinted
from conventool.word.names import attribute, local
from conventool.word.placement import number

__all__ = ["Theme"]

_THEME_NAMES = {
    "text1": "dk1", "dark1": "dk1", "background1": "lt1", "light1": "lt1", "text2": "dk2", "dark2": "dk2",
    "background2": "lt2", "light2": "lt2", "hyperlink": "hlink", "followedHyperlink": "folHlink",
}  # fmt: skip
"""The places of a theme's colours by the names that a document gives them (17.18.97)."""


_OF_THE_SYSTEM = {"windowText": BLACK, "window": WHITE}
"""Whatever a theme says that they were last."""
_FONTS = {"latin": ("HAnsi", "Ascii"), "ea": ("EastAsia",), "cs": ("Bidi",)}
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip


class Theme:
    """What a document names by its theme, and what it names outright.

    Args:
        root: of the theme part, None where there is none.
    """

    def __init__(self, root: etree._Element | None) -> None:
        self._colours, self._fonts = _theme_of(root)

    def fonts(self, merged: Properties) -> Iterator[str]:
        """The fonts that draw Latin letters: a theme's come before those named (17.3.2.26)."""
        fonts = merged.get("rFonts")
        if fonts is None:
            return
        hinted = attribute(fonts, "hint") in {"eastAsia", "cs"}
        for name in ("ascii", "hAnsi", *([str(attribute(fonts, "hint"))] if hinted else [])):
            theme = attribute(fonts, f"{name}Theme")
            named = self._fonts.get(theme) if theme else attribute(fonts, name)
            if not named and theme and not theme.endswith(("Ascii", "HAnsi")) and name in {"ascii", "hAnsi"}:
                named = theme  # letters of another script, by the language of the document
            if named:
                yield named.split(";")[0].strip()

    def ink(self, merged: Properties, ground: Colour) -> Colour:
        """The colour of a text; automatic is black, or white where its shading is dark.

        ISO/IEC 29500-1, 17.3.2.6, leaves automatic to the program. LibreOffice looks at shadings alone: on a dark
        highlight what is automatic stays black.
        """
        colour = self._colour(merged.get("color"), "val", "theme")
        return colour or (WHITE if is_dark(self.shading(merged.get("shd")) or ground) else BLACK)

    def behind(self, merged: Properties, ground: Colour) -> Colour:
        """What lies behind a run: its highlight, its own shading, or what its paragraph and cell lie on."""
        highlight = _HIGHLIGHTS.get(attribute(merged.get("highlight"), "val") or "")
        return (rgb(highlight) if highlight else None) or self.shading(merged.get("shd")) or ground

    def shading(self, shading: etree._Element | None) -> Colour | None:
        """The colour that a shading fills with (17.3.5), None where it fills with none, as "nil" does."""
        if shading is None or (pattern := attribute(shading, "val") or "clear") == "nil":
            return None
        fill = self._colour(shading, "fill", "themeFill")
        share = 100.0 if pattern == "solid" else number(pattern.removeprefix("pct"), 0) if pattern[:3] == "pct" else 0.0
        if not 0 < share <= 100:
            return fill
        over = self._colour(shading, "color", "theme") or BLACK
        red, green, blue = (
            round((a * share + b * (100 - share)) / 100) for a, b in zip(over, fill or WHITE, strict=True)
        )
        return red, green, blue

    def _colour(self, element: etree._Element | None, name: str, theme: str) -> Colour | None:
        """A colour by its number or its place in the theme; None for automatic."""
        if element is None:
            return None
        prefix = "theme" if theme == "theme" else "themeFill"
        named = attribute(element, "themeColor" if theme == "theme" else "themeFill")
        found = self._colours.get(_THEME_NAMES.get(named, named)) if named else None
        if found is None:
            return rgb(attribute(element, name))
        shade, tint = (attribute(element, f"{prefix}{how}") for how in ("Shade", "Tint"))
        return tinted(found, shade, tint)


def _theme_of(theme: etree._Element | None) -> tuple[dict[str, Colour], dict[str, str]]:
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
