"""What Word draws and LibreOffice leaves out without a word, or may leave out, by what is in a part.

Some things no LibreOffice draws in a text; formulas need its program Math, which is installed apart; and of a floating
table that is longer than its page some versions print only the page's share (7.4; not 24.2 and newer).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from conventool.word.field_editing import shown_text
from conventool.word.fields import Field, fields
from conventool.word.names import MATH, MC, ancestor, attribute, child, is_word, local, word_iter

__all__ = ["Undrawn", "undrawn"]

_FORMULA = f"{{{MATH}}}oMath"
_GRAPHIC = "{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData"
_ALTERNATIVE, _FALLBACK = f"{{{MC}}}AlternateContent", f"{{{MC}}}Fallback"
_INK = "{*}contentPart"
_DRAWINGS = {
    "wordprocessingInk": "un dessin à la main",
    "wordprocessingCanvas": "une zone de dessin",
    "model3d": "un modèle en trois dimensions",
    "chartex": "un graphique d’un genre récent",
}
"""What no LibreOffice draws, by the last word of ``a:graphicData``'s ``uri`` (ISO/IEC 29500-1, 20.1.2.2.17)."""
_NEVER = "chartex"
"""What Word writes besides, for other programs, only says that they do not draw it."""
_DIAGONALS = ("tl2br", "tr2bl")
# fields that Word draws from their code: what they show is not in the file
_DRAWN_FROM_CODE = {"ADVANCE", "BARCODE", "DISPLAYBARCODE", "EQ", "GOTOBUTTON", "LISTNUM", "MERGEBARCODE"}


class Undrawn(NamedTuple):
    """What a part has that LibreOffice leaves out, or may.

    Attributes:
        told: in French, what it leaves out.
        formulas: how many there are.
        cells: how many cells its tables have, if one of these floats; else 0.
    """

    told: tuple[str, ...] = ()
    formulas: int = 0
    cells: int = 0


def undrawn(root: etree._Element) -> Undrawn:
    """What LibreOffice leaves out of a part, without its tracked changes."""
    told = dict.fromkeys((*_drawings(root), *_diagonals(root), *_codes(root)))
    formulas = sum(1 for one in root.iter(_FORMULA) if next(one.iterancestors(_FORMULA), None) is None)
    floats = next(word_iter(root, "tblpPr"), None) is not None
    return Undrawn(tuple(told), formulas, sum(map(_begins, word_iter(root, "tc"))) if floats else 0)


def _drawings(root: etree._Element) -> Iterator[str]:
    for graphic in root.iter(_GRAPHIC, _INK):
        kind = "wordprocessingInk" if local(graphic) == "contentPart" else graphic.get("uri", "").rpartition("/")[2]
        if kind in _DRAWINGS and (kind == _NEVER or not _has_fallback(graphic)):
            yield _DRAWINGS[kind]
    for thing in word_iter(root, "object"):
        if next(thing.iter("{*}imagedata", "{*}blip"), None) is None:
            yield "un objet sans image"


def _has_fallback(element: etree._Element) -> bool:
    """Whether the document says what is to be drawn in its place (ISO/IEC 29500-3, 9.3)."""
    fallbacks = (one.find(_FALLBACK) for one in element.iterancestors(_ALTERNATIVE))
    return any(one is not None and len(one) for one in fallbacks)


def _diagonals(root: etree._Element) -> Iterator[str]:
    if any(attribute(border, "val") not in {None, "nil", "none"} for border in word_iter(root, *_DIAGONALS)):
        yield "le trait en diagonale d’une cellule"


def _codes(root: etree._Element) -> Iterator[str]:
    for field in fields(root):
        if field.kind in _DRAWN_FROM_CODE and not _shows(field):
            yield f"un champ « {field.kind} »"


def _shows(field: Field) -> bool:
    """Whether a field has a result, or its paragraph a picture, which may be that."""
    written = field.separate is not None or is_word(field.begin, "fldSimple")
    paragraph = ancestor(field.begin, "p")
    pictures = () if paragraph is None else word_iter(paragraph, "drawing", "pict")
    return (written and bool(shown_text(field).strip())) or next(iter(pictures), None) is not None


def _begins(cell: etree._Element) -> bool:
    """Whether a cell is not the rest of the one above it (ISO/IEC 29500-1, 17.4.84)."""
    merged = child(child(cell, "tcPr"), "vMerge")
    return merged is None or attribute(merged, "val") == "restart"
