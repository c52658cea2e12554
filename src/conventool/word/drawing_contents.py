"""What a drawing shows: its text, or its size and the files that it refers to; and whether it may be a signature."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import dropwhile

from lxml import etree

from conventool.text.stories import levelled, squeezed
from conventool.word.controls import local_name
from conventool.word.drawings import is_small_picture
from conventool.word.fixed_text import text_of, words_of_boxes
from conventool.word.looks import Context, Looks
from conventool.word.names import MC, VML, ancestor, is_understood, local, shown_alternative, tags
from conventool.word.package import Package
from conventool.word.placement import EMU, LENGTHS, coarse

__all__ = ["DRAWING", "PICTURE", "TEXT_BOX", "contents_of", "is_drawn", "is_like_a_signature", "text_behind"]

TEXT_BOX, PICTURE, DRAWING = "une zone de texte", "une image", "un dessin ou un objet"
_PLAIN_AROUND = frozenset(["r", "p", "tc", "tr", "tbl", "body", "document"])
"""What a picture stands in that is neither tracked, nor a variant, nor a part of another drawing."""

_NUMBERED = frozenset({"ObjectID", "ShapeID", "alt", "gfxdata", "id", "name", "relid", "shapeid", "spid", "title"})
"""The attributes of older drawings by which they are called, or that repeat them for other programs."""
_TEN_POINTS = 200
_BEHIND = frozenset({"package", "oleObject"})
"""By the last words of their relationships, files that a drawing was made of."""


def is_drawn(drawing: etree._Element) -> bool:
    """Whether a drawing may be seen: that of an edition of Word newer than those known here may (29500-3, 9.4)."""
    alternatives = next(drawing.iterancestors(f"{{{MC}}}AlternateContent"), None)
    if alternatives is None or drawing in set(shown_alternative(alternatives).iter()):
        return True
    choice = next(one for one in drawing.iterancestors(f"{{{MC}}}Choice", f"{{{MC}}}Fallback"))
    return local(choice) == "Choice" and not is_understood(choice)


def contents_of(drawing: etree._Element, package: Package, part: str) -> tuple[str, str]:
    """What a drawing is, in French, and its text or, where it has none, its size and the files that it shows.

    Args:
        drawing: the element.
        package: the document.
        part: name of the part in which it stands.
    """
    extent = drawing.find(".//{*}extent")
    sizes = [extent.get(name) for name in ("cx", "cy")] if extent is not None else []
    size = "×".join(coarse(one, 63_500, EMU) for one in sizes)
    pictures = sorted(_digest(package, part, name) for one in drawing.iter() for name in _references(one))
    boxes = list(drawing.iter(*tags("txbxContent")))
    text = "".join(map(words_of_boxes, boxes))
    what = TEXT_BOX if any(map(text_of, boxes)) else PICTURE if pictures else DRAWING
    older = list(drawing.iter(f"{{{VML}}}*"))
    drawn = [text or " ".join([size, *pictures]), *(one.get("string", "") for one in older)]
    shapes = "".join(map(_shape_of, older)).encode()
    return what, " ".join(filter(None, [*map(str, drawn), sha256(shapes).hexdigest()[:8] if shapes else ""]))


def _shape_of(element: etree._Element) -> str:
    """How an element of an older drawing is drawn (ISO/IEC 29500-4, 19.1), without what Word numbers on saving."""
    said = {local_name(name): str(value) for name, value in element.attrib.items()}
    pairs = (one.partition(":") for one in said.pop("style", "").split(";"))
    style = {name.strip(): value.strip() for name, _, value in pairs if name.strip()}
    said |= {name: coarse(value, _TEN_POINTS) if value[-2:] in LENGTHS else value for name, value in style.items()}
    said["z-index"] = "behind" if said.get("z-index", "").startswith("-") else ""
    return f"<{local(element)} {sorted((name, value) for name, value in said.items() if name not in _NUMBERED)}>"


def _references(element: etree._Element) -> Iterator[str]:
    """The relationships that an element of a drawing refers to."""
    for name, value in element.attrib.items():
        if str(name).rpartition("}")[0].endswith("/relationships"):
            yield str(value)


def _digest(package: Package, part: str, name: str) -> str:
    """What a relationship leads to: a digest of all that is drawn there, or an address outside of the file."""
    found = next((one for one in package.related(part) if one.name == name), None)
    if found is None or found.target not in package.entries:
        return found.target if found is not None and found.is_external else name
    digest = sha256()
    for one in _drawn_parts(package, part, found.target, set()):
        digest.update(package.read(one))
    return digest.hexdigest()[:8]


def _drawn_parts(package: Package, source: str, part: str, seen: set[str]) -> Iterator[str]:
    """A part and those that it is drawn with: pictures and texts over a chart, the shapes of a diagram.

    What a diagram's data call by a name is related to the part in which the diagram stands; a chart's own workbook
    is drawn only by whoever changes the chart.
    """
    if part in seen or part not in package.entries:
        return
    seen.add(part)
    yield part
    for one in package.related(part):
        if not one.is_external and one.kind.rpartition("/")[2] not in _BEHIND:
            yield from _drawn_parts(package, part, one.target, seen)
    if any(one.target == part and one.kind.endswith("/diagramData") for one in package.related(source)):
        named = {str(one.get("relId")) for one in package.root(part).iter("{*}dataModelExt")}
        for one in package.related(source):
            if one.name in named:
                yield from _drawn_parts(package, source, one.target, seen)


def is_like_a_signature(drawing: etree._Element, looks: Looks, contexts: dict[etree._Element, Context]) -> bool:
    """Whether a drawing is a small picture that is drawn where its run stands, and covers nothing."""
    run, paragraph = drawing.getparent(), ancestor(drawing, "p")
    if run is None or paragraph is None or not is_small_picture(drawing):
        return False
    context = looks.around(paragraph, contexts)
    is_plain = all(local(one) in _PLAIN_AROUND for one in drawing.iterancestors())
    is_in_line = not (context.layout.odd or context.layout.line)
    return is_plain and is_in_line and not looks.is_raised(run, context)


def text_behind(drawing: etree._Element, root: etree._Element) -> int:
    """How many characters of a part stand behind a drawing, white space aside."""
    there = dropwhile(lambda one: one is not drawing, root.iter(drawing.tag, *tags("t")))
    return len(squeezed(levelled("".join(one.text or "" for one in there if local(one) == "t"))))
