"""What of a drawing draws it, or its text, otherwise than as it is stored (ISO/IEC 29500-1, 20.1, 20.4 and 21.1).

Measures are in EMU, 360,000 to the centimetre. What is told is in French; where it names a measure, one so coarse that
it is equal after another program has saved the document.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from lxml import etree

from conventool.word.colours import BLACK, FAINT, contrast_of, rgb
from conventool.word.names import local
from conventool.word.placement import OFF, coarse, number

__all__ = ["PLACED", "PLACED_BEHIND", "drawing_oddities", "is_small_picture"]

PLACED, PLACED_BEHIND = "un dessin posé sur le texte", "un dessin derrière le texte"
_FROM = {"column": "colonne", "margin": "marge", "paragraph": "paragraphe", "line": "ligne", "character": "caractère"}
_ALIGNED = {"left": "à gauche", "center": "au milieu", "right": "à droite", "top": "en haut", "bottom": "en bas"}
_CENTIMETRE = 360_000
_NEAREST, _FARTHEST = -5 * _CENTIMETRE, 33 * _CENTIMETRE
"""From the margin or the paragraph: beyond, nothing is on a page of A4."""
_SIGNATURE = 8 * _CENTIMETRE, 4 * _CENTIMETRE
"""The most that the picture of a signature or a stamp is wide and high."""
_WIDEST_INSET = 2 * _CENTIMETRE
_THICKEST = 6 * 12_700
_PLAIN = frozenset(
    [
        "spPr", "xfrm", "off", "ext", "prstGeom", "custGeom", "avLst", "gd", "gdLst", "ahLst", "cxnLst",
        "rect", "pathLst", "path", "moveTo", "lnTo", "close", "pt", "noFill", "solidFill", "srgbClr",
        "schemeClr", "sysClr", "lumMod", "lumOff", "shade", "tint", "alpha", "ln", "prstDash", "round",
        "miter", "bevel", "headEnd", "tailEnd", "effectLst", "extLst", "hiddenLine", "hiddenFill", "bodyPr",
        "noAutofit", "spAutoFit", "normAutofit", "prstTxWarp",
    ]
)  # fmt: skip
"""What shapes and their text are made of that are filled and drawn plainly (20.1.2, 20.1.8)."""
_DARK = frozenset({"tx1", "tx2", "dk1", "dk2"})


def drawing_oddities(drawing: etree._Element) -> Iterator[str]:
    """What is unusual in a ``w:drawing``: where it is, how it is turned, cut, shaped, filled.

    Args:
        drawing: the element.
    """
    yield from dict.fromkeys(_oddities(drawing))


def _oddities(drawing: etree._Element) -> Iterator[str]:
    for one in drawing.iter(etree.Element):
        judge = _JUDGES.get(local(one))
        if judge is not None and "wordprocessingml" not in str(one.tag):
            yield from judge(one)


def is_small_picture(drawing: etree._Element) -> bool:
    """Whether a drawing is one picture of the file, no larger than a signature, that text makes room for.

    Args:
        drawing: the ``w:drawing``, or the ``w:pict`` of VML.
    """
    if local(drawing) == "pict":
        return _is_small_shape(drawing)
    pictures = [data.find("{*}pic") for data in drawing.iter("{*}graphicData") if len(data) == 1]
    sizes = [one for one in drawing.iter("{*}extent", "{*}ext") if one.get("cx") is not None]
    references = [
        name.rpartition("}")[2]
        for one in drawing.iter(etree.Element)
        for name in map(str, one.attrib)
        if name.rpartition("}")[0].endswith("/relationships")
    ]
    return (
        len(drawing) == 1
        and len(pictures) == 1
        and pictures[0] is not None
        and references == ["embed"]
        and len(sizes) > 1
        and all(0 < number(one.get(name), 0) <= most for one in sizes for name, most in _MOST)
        and all(local(one) != "anchor" or _stands_by_its_paragraph(one) for one in drawing)
        and not any(_oddities(drawing))
    )


_MOST = ("cx", _SIGNATURE[0]), ("cy", _SIGNATURE[1])


def _is_small_shape(pict: etree._Element) -> bool:
    """Whether a ``w:pict`` is a picture in the line (ISO/IEC 29500-4, 14.1.2.19) with no other look than its size."""
    shapes = [one for one in pict if local(one) != "shapetype"]
    kinds = [one for one in pict if local(one) == "shapetype"]
    if [local(one) for one in shapes] != ["shape"] or not all(map(_is_picture_frame, kinds)):
        return False
    (shape,) = shapes
    style = dict(re.findall(r"([^:;]+):([^:;]*)", shape.get("style", "")))
    sizes = [_LENGTH.fullmatch(style.get(name, "").strip()) for name, _ in _SHAPE_SIZES]
    return (
        style.keys() == {name for name, _ in _SHAPE_SIZES}
        and all(
            size and float(size[1]) * _EMU[size[2]] <= most for size, (_, most) in zip(sizes, _SHAPE_SIZES, strict=True)
        )
        and _attributes(shape) <= {"id", "type", "style", "spid", "alt"}
        and shape.get("type", _FRAME) == _FRAME
        and [local(one) for one in shape] == ["imagedata"]
        and _attributes(shape[0]) <= {"id", "title"}
    )


def _attributes(element: etree._Element) -> set[str]:
    return {str(name).rpartition("}")[2] for name in element.attrib}


def _is_picture_frame(kind: etree._Element) -> bool:
    """Whether a ``v:shapetype`` is Word's own for pictures, which draws nothing itself."""
    path = re.sub(r"\s", "", kind.get("path", ""))
    inner = {local(one) for one in kind.iter(etree.Element)} - {"shapetype"}
    off = all(kind.get(name) == "f" for name in ("filled", "stroked"))
    return f"#{kind.get('id')}" == _FRAME and off and path == _FRAME_PATH and inner <= _FRAME_PARTS


_FRAME, _FRAME_PATH = "#_x0000_t75", "m@4@5l@4@11@9@11@9@5xe"
_FRAME_PARTS = {"stroke", "formulas", "f", "path", "lock"}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(pt|in|cm|mm)")
_EMU = {"pt": 12_700, "in": 914_400, "cm": 360_000, "mm": 36_000}
_SHAPE_SIZES = ("width", _SIGNATURE[0]), ("height", _SIGNATURE[1])


def _stands_by_its_paragraph(anchor: etree._Element) -> bool:
    """Whether a picture that text runs around is near the paragraph that it is anchored in (20.4.2.10, 20.4.2.11)."""
    wraps = anchor.find("{*}wrapSquare") is not None or anchor.find("{*}wrapTopAndBottom") is not None
    places = [(anchor.find(f"{{*}}position{way}"), allowed, most) for way, allowed, most in _NEAR]
    return (
        wraps
        and all(anchor.get(name, "0") in OFF for name in ("behindDoc", "simplePos"))
        and all(place is not None and _is_near(place, allowed, most) for place, allowed, most in places)
    )


_NEAR = (
    ("H", frozenset({"column", "character"}), _SIGNATURE[0]),
    ("V", frozenset({"paragraph", "line"}), _SIGNATURE[1]),
)
"""Of each way: from where a picture may be placed, and how far."""


def _is_near(place: etree._Element, allowed: Container[str | None], most: int) -> bool:
    offset = place.find("{*}posOffset")
    is_close = len(place) == 1 and (offset is None or 0 <= number((offset.text or "").strip(), -1) <= most)
    return place.get("relativeFrom") in allowed and is_close


def _place(offset: etree._Element) -> Iterator[str]:
    if not _NEAREST <= number((offset.text or "").strip(), 0) <= _FARTHEST:
        yield "un dessin hors de la page"


def _anchor(anchor: etree._Element) -> Iterator[str]:
    if anchor.find("{*}wrapNone") is not None:
        how = PLACED if anchor.get("behindDoc", "0") in OFF else PLACED_BEHIND
        yield f"{how} ({', '.join(_placed(anchor, way) for way in 'HV')})"


def _placed(anchor: etree._Element, way: str) -> str:
    """Where an anchor is, across or down the page: from where, and how far, to the nearest centimetre."""
    place = anchor.find(f"{{*}}position{way}")
    if place is None or anchor.get("simplePos", "0") not in OFF:
        return "?"
    source, aligned = place.get("relativeFrom", ""), [one.text or "" for one in place.iter("{*}align")]
    far = [f"{coarse((one.text or '').strip(), _CENTIMETRE)} cm" for one in place.iter("{*}posOffset")]
    return " ".join([_FROM.get(source, source), *far, *(_ALIGNED.get(one, one) for one in aligned)])


def _hidden(properties: etree._Element) -> Iterator[str]:
    if properties.get("hidden", "0") not in OFF:
        yield "un dessin caché"


def _turned(transform: etree._Element) -> Iterator[str]:
    if any(transform.get(name, "0") not in OFF for name in ("rot", "flipH", "flipV")):
        yield "un dessin tourné"


def _text_body(body: etree._Element) -> Iterator[str]:
    if body.get("vert", "horz") != "horz" or body.get("rot", "0") != "0":
        yield "une zone de texte écrite dans un autre sens"
    yield from _made(body)
    if any(one.get("fontScale") or one.get("prst", "textNoShape") != "textNoShape" for one in body):
        yield "une zone dont le texte est réduit ou déformé"
    if any(not 0 <= number(body.get(name), 0) <= _WIDEST_INSET for name in ("lIns", "tIns", "rIns", "bIns")):
        yield "une zone dont le texte est repoussé par ses marges"


def _made(holder: etree._Element) -> Iterator[str]:
    """What a shape is filled with or drawn by beside plain colours and lines."""
    names = [local(one) for one in holder.iter(etree.Element)]
    yield from (f"une forme dessinée autrement ({name})" for name in names if name not in _PLAIN)


def _shape(geometry: etree._Element) -> Iterator[str]:
    form = geometry.get("prst", "libre")
    if form != "rect":
        yield f"une forme « {form} »"


def _line(line: etree._Element) -> Iterator[str]:
    if number(line.get("w"), 0) > _THICKEST:
        yield "un trait épais"


def _fill(fill: etree._Element) -> Iterator[str]:
    parent = fill.getparent()
    if parent is None or local(parent) != "spPr":
        return
    for colour in fill:
        said = rgb(colour.get("val"))
        if colour.get("val") in _DARK or (said and contrast_of(said, BLACK) < FAINT):
            yield "une zone sur un fond sombre"


def _cut(edges: etree._Element) -> Iterator[str]:
    kept = [round(number(edges.get(name), 0) / 10_000) * 10 for name in ("l", "t", "r", "b")]
    if any(kept):
        yield f"une image rognée ({', '.join(map(str, kept))} %)"


def _picture(picture: etree._Element) -> Iterator[str]:
    yield from (f"une image retouchée ({local(one)})" for one in picture if local(one) != "extLst")


_JUDGES = {
    "posOffset": _place,
    "anchor": _anchor,
    "docPr": _hidden,
    "xfrm": _turned,
    "bodyPr": _text_body,
    "spPr": _made,
    "prstGeom": _shape,
    "custGeom": _shape,
    "ln": _line,
    "solidFill": _fill,
    "srcRect": _cut,
    "blip": _picture,
}
