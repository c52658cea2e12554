"""Effects of text that Word has had since 2010 (MS-DOCX 2.2.4, ``w14``): those that draw nothing more than plain text.

Apple's Pages writes an outline of nothing and a fill in the text's own colour on each run; Word says so of each effect
that somebody took away. A fill of one colour is a colour like another, if the text can be read in it. Any other effect
is told: Word draws it, and most programs do not.
"""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from conventool.word.colours import FAINT, Colour, contrast_of, rgb
from conventool.word.names import W14, local

__all__ = ["is_plain_effect"]

_LINE_ENDS = frozenset({"prstDash", "round", "bevel", "miter"})


def is_plain_effect(effect: etree._Element, ground: Colour) -> bool:
    """Whether a text is drawn with an effect as one that can be read is drawn without any.

    Args:
        effect: what the run's properties hold of another namespace than Word's first.
        ground: the colour that lies behind the text.
    """
    judge = _JUDGES.get(str(effect.tag))
    return judge is not None and judge(effect, ground)


def _is_no_outline(outline: etree._Element, _: Colour) -> bool:
    names = {local(one) for one in outline}
    return "noFill" in names and names <= {"noFill", *_LINE_ENDS}


def _is_legible(fill: etree._Element, ground: Colour) -> bool:
    """Whether a fill is of one opaque colour, said by its number, in which a text can be read."""
    colours = [one for solid in fill for one in solid if local(solid) == "solidFill"]
    if len(fill) != 1 or len(colours) != 1 or local(colours[0]) != "srgbClr":
        return False
    colour = rgb(_said(colours[0], "val"))
    opaque = all(local(one) == "alpha" and _said(one, "val") == "0" for one in colours[0])
    return opaque and colour is not None and contrast_of(colour, ground) >= FAINT


def _is_nought(*names: str) -> Callable[[etree._Element, Colour], bool]:
    """A judge of an effect that draws nothing where its measures of these names are said to be nought."""
    return lambda effect, _: all(_said(effect, name) == "0" for name in names)


def _said(element: etree._Element, name: str) -> str | None:
    return element.get(f"{{{W14}}}{name}")


_JUDGES = {
    f"{{{W14}}}{name}": judge
    for name, judge in (
        ("textOutline", _is_no_outline),
        ("textFill", _is_legible),
        ("glow", _is_nought("rad")),
        ("shadow", _is_nought("sx", "sy")),
        ("reflection", _is_nought("stA", "endA")),
    )
}
