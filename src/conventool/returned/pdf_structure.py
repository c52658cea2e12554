"""What the file of a PDF lays over its pages, shows only sometimes, or has read otherwise than they are drawn.

(ISO 32000-1: 7.3.7 dictionaries, 8.11 optional content, 12.2 viewer preferences, 12.5 annotations, 12.7 forms,
14.7 structure, 14.9 replacement text.)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from conventool.returned.pdf_actions import has_program, leads_elsewhere
from conventool.returned.pdf_foreign import Zones
from conventool.returned.pdf_glyphs import Box
from conventool.returned.pdf_opening import opened
from conventool.returned.pdf_pages import Page
from conventool.returned.pdf_resources import inherited, is_harmless, shows_text, ways_of
from conventool.text.stories import levelled, squeezed
from conventool.word.foreign import Foreign

__all__ = ["structure_foreign"]

_HIDDEN, _SHOWN_OTHERWISE = 2, 8 | 16 | 32 | 256
"""Flags of annotations: those never shown; those shown of another size, unturned, or on paper alone (12.5.3)."""
_PARTS = ("/ViewArea", "/ViewClip", "/PrintArea", "/PrintClip")
_WITH_ALT = frozenset({"/Figure", "/Formula", "/Form", "/Link", "/Annot", "/Table"})
"""Elements of a structure that are no text, and may be described by one (14.9.3)."""
_MOST_ELEMENTS = 200_000


def structure_foreign(
    path: Path, pages: Sequence[Page], zones: Mapping[int, Zones], annexes: Mapping[int, Zones] = MappingProxyType({})
) -> Iterator[Foreign]:
    """What the file lays over its pages, shows only sometimes, or draws otherwise than as text.

    Args:
        path: of the PDF.
        pages: its pages.
        zones: by number of the page, where something may be added by hand.
        annexes: the same for pages whose pictures are held against those of an annex.
    """
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with pikepdf.open(path) as pdf:
        yield from _of_file(pdf)
    with pikepdf.open(opened(pages[0].file or path)) as pdf:  # its pages upright
        for drawn in pages:
            page = pdf.pages[drawn.number - 1]
            zone = zones.get(drawn.number) or annexes[drawn.number]
            under = f"Page {drawn.number}"
            for annotation in page.obj.get("/Annots", []):
                kind, box = str(annotation.get("/Subtype", "?")), _box_of(annotation, drawn)
                if not (_is_plain(annotation, kind, zone.allow(box)) or int(annotation.get("/F", 0)) & _HIDDEN):
                    yield from _annotation(annotation, kind, box, zone, under)
            ways = ways_of(page) if drawn.number in zones else ()
            yield from (Foreign("drawn-otherwise", what, under=under) for what in dict.fromkeys(ways))


def _of_file(pdf: Any) -> Iterator[Foreign]:
    """What is to be told of a file as a whole."""
    if "/OCProperties" in pdf.Root:
        yield Foreign("foreign-content", "des calques, qui peuvent se cacher ou s’afficher")
    if "/XFA" in pdf.Root.get("/AcroForm", {}):
        yield Foreign("foreign-content", "un formulaire dynamique (XFA)")
    if "/Collection" in pdf.Root:
        yield Foreign("foreign-content", "un porte-documents, qui montre d’autres fichiers à la place de ses pages")
    if has_program(pdf):
        yield Foreign("foreign-content", "un programme, qui peut changer ce qui se voit")
    preferences = pdf.Root.get("/ViewerPreferences", {})
    parts = (str(preferences.get(name, "/CropBox")) for name in _PARTS)
    if "/PrintPageRange" in preferences or any(part != "/CropBox" for part in parts):
        yield Foreign("foreign-content", "un réglage qui ne montre ou n’imprime qu’une partie des pages")
    if _is_read_otherwise(pdf.Root.get("/StructTreeRoot")):
        yield Foreign("drawn-otherwise", "un texte lu à haute voix ou copié à la place de celui qui est dessiné")
    if _says_twice(pdf):
        what = "une même chose que le fichier dit de deux façons, et que chaque programme peut prendre à la sienne"
        yield Foreign("drawn-otherwise", what)
    joined = (one.get("/UF", one.get("/F", "?")) for one in pdf.Root.get("/AF", ()))  # maybe in no list of names
    for name in dict.fromkeys([*pdf.attachments, *map(str, joined)]):
        yield Foreign("attached-file", f"le fichier joint « {squeezed(name)} »")


def _says_twice(pdf: Any) -> bool:
    """Whether a dictionary of the file has one key with two values (7.3.7): which of them counts is not defined."""
    for _ in pdf.objects:  # each is read
        pass
    return any("duplicated key" in str(warning) for warning in pdf.get_warnings())


def _is_read_otherwise(root: Any) -> bool:
    """Whether the structure of a document gives texts in the place of those that are drawn."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    if not isinstance(root, pikepdf.Dictionary):
        return False
    roles: Any = root.get("/RoleMap", {})
    pending, seen = [root.get("/K")], set[object]()
    while pending and len(seen) < _MOST_ELEMENTS:
        one = pending.pop()
        if isinstance(one, pikepdf.Array):
            pending += [kid for kid in one if isinstance(kid, (pikepdf.Array, pikepdf.Dictionary))]
        if not isinstance(one, pikepdf.Dictionary) or one.objgen in seen:
            continue
        seen |= {one.objgen} - {(0, 0)}
        kind = str(one.get("/S", ""))
        has_alt = "/Alt" in one and str(roles.get(kind, kind)) not in _WITH_ALT
        if has_alt or "/E" in one or not is_harmless(str(one.get("/ActualText", ""))):
            return True
        pending.append(one.get("/K"))
    return bool(pending)


def _box_of(annotation: Any, page: Page) -> Box:
    """The place of an annotation."""
    left, bottom, right, top = (float(one) for one in annotation.get("/Rect", [0, 0, 0, 0]))
    return Box(min(left, right), page.height - max(bottom, top), max(left, right), page.height - min(bottom, top))


def _is_plain(annotation: Any, kind: str, is_free: bool) -> bool:
    """Whether an annotation draws nothing on the text: a link that only leads elsewhere, without a look of its own.

    Args:
        annotation: of a page.
        kind: of it.
        is_free: is there nothing at its place?
    """
    if "/AA" in annotation or not all(leads_elsewhere(annotation.get(name)) for name in ("/A", "/PA")):
        return False
    if kind == "/Popup":
        return "/AP" not in annotation and "/Contents" not in annotation
    border = [float(one) for one in list(annotation.get("/Border", [0, 0, 1]))[:3]]
    width = annotation.get("/BS", {}).get("/W", border[2] if len(border) > 2 else 1.0)
    return kind == "/Link" and "/AP" not in annotation and (not float(width) or (is_free and float(width) <= 2))


def _annotation(annotation: Any, kind: str, box: Box, zone: Zones, under: str) -> Iterator[Foreign]:
    """An annotation, a form field; an empty signature field shows nothing, and one that is signed belongs there."""
    if kind == "/Widget":
        yield from _field(annotation, box, zone, under)
        return
    words = " ".join(levelled(str(annotation.get("/Contents", ""))).split())
    is_stamp = kind in {"/Ink", "/Stamp"} and not int(annotation.get("/F", 0)) & _SHOWN_OTHERWISE
    look = annotation.get("/AP", {}).get("/N")
    has_text = bool(words) or (hasattr(look, "read_bytes") and shows_text(look))
    code = "by-hand" if is_stamp and zone.allow(box) and not has_text else "foreign-content"
    yield Foreign(code, f"une annotation ({kind[1:]})", words, under=under, at=box)


def _changes_look(widget: Any) -> bool:
    """Whether a field looks otherwise under the mouse (12.5.5), or of another size, unturned, or on paper alone."""
    moving = any(name in widget.AP for name in ("/R", "/D"))
    return moving or bool(int(widget.get("/F", 0)) & _SHOWN_OTHERWISE)


def _field(widget: Any, box: Box, zone: Zones, under: str) -> Iterator[Foreign]:
    """A form field: of an empty one for a signature only a look of its own is told, where its page does not show it."""
    value, look = inherited(widget, "/V"), widget.get("/MK", {})
    has_look = any(len(look.get(name, ())) for name in ("/BG", "/BC")) or bool(str(look.get("/CA", "")))
    if inherited(widget, "/FT") == "/Sig":
        if value is not None:
            code = "by-hand" if zone.allow(box) or not box.width * box.height else "foreign-content"
            yield Foreign(code, "une signature électronique", under=under, at=box)
        elif has_look or ("/AP" in widget and _changes_look(widget)):
            yield Foreign("foreign-content", "un champ de signature vide, qui dessine", under=under, at=box)
        return
    texts = (str(one) for one in (value, inherited(widget, "/DV")) if one is not None)
    text = next((one for one in texts if one.strip(" ()/") not in {"", "Off"}), "")
    if text:
        yield Foreign("foreign-content", "un champ de formulaire rempli", squeezed(text), under=under, at=box)
    elif has_look or any(name in widget for name in ("/AP", "/A", "/AA")):
        yield Foreign("foreign-content", "un champ de formulaire", under=under, at=box)
