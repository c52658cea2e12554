"""What a drawing shows: its text, or its size and the files that it refers to; and whether it may be a signature."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import dropwhile

from lxml import etree

from conventool.text.stories import levelled, squeezed
from conventool.word.drawings import is_small_picture
from conventool.word.fixed_text import text_of, words_of_boxes
from conventool.word.looks import Context, Looks
from conventool.word.names import MC, ancestor, local, shown_alternative, tags
from conventool.word.package import Package
from conventool.word.placement import EMU, coarse

__all__ = ["TEXT_BOX", "contents_of", "is_drawn", "is_like_a_signature", "text_behind"]

TEXT_BOX = "une zone de texte"
_PLAIN_AROUND = frozenset(["r", "p", "tc", "tr", "tbl", "body", "document"])
"""What a picture stands in that is neither tracked, nor a variant, nor a part of another drawing."""


def is_drawn(drawing: etree._Element) -> bool:
    """Whether a drawing is none of those that Word passes over for another one (ISO/IEC 29500-3, 9.4)."""
    alternatives = next(drawing.iterancestors(f"{{{MC}}}AlternateContent"), None)
    return alternatives is None or drawing in set(shown_alternative(alternatives).iter())


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
    what = TEXT_BOX if any(map(text_of, boxes)) else "une image" if pictures else "un dessin ou un objet"
    return what, text or " ".join([size, *pictures])


def _references(element: etree._Element) -> Iterator[str]:
    """The relationships that an element of a drawing refers to."""
    for name, value in element.attrib.items():
        if str(name).rpartition("}")[0].endswith("/relationships"):
            yield str(value)


def _digest(package: Package, part: str, name: str) -> str:
    target = next((one.target for one in package.related(part) if one.name == name), "")
    return sha256(package.read(target)).hexdigest()[:8] if target in package.entries else name


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
