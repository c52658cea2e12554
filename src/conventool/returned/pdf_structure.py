"""What the file of a PDF lays over its pages, shows only sometimes, or draws in a way that its text does not tell.

(ISO 32000-1: 8.11 optional content, 9.6.5 type 3 fonts, 11.6 transparency, 12.5 annotations, 12.7 forms,
14.9.4 replacement text.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from conventool.returned.pdf_foreign import Zones
from conventool.returned.pdf_glyphs import Box
from conventool.returned.pdf_pages import Page
from conventool.text.stories import levelled, squeezed
from conventool.word.foreign import Foreign

__all__ = ["fonts_of", "structure_foreign"]

_SHOWN_ANNOTATIONS = frozenset({"/Link", "/Popup"})
_LEADING = frozenset({"/URI", "/GoTo", "/GoToR", "/GoToE", "/Named"})
"""What a link may do: it leads elsewhere. Others hide, run, send (12.6.4)."""
_DEEPEST = 12
_PLAIN_MODES = frozenset({"/Normal", "/Compatible"})
_PLAIN_FUNCTIONS = frozenset({"/Identity", "/Default"})


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
        if "/OCProperties" in pdf.Root:
            yield Foreign("foreign-content", "des calques, qui peuvent se cacher ou s’afficher")
        if "/XFA" in pdf.Root.get("/AcroForm", {}):
            yield Foreign("foreign-content", "un formulaire dynamique (XFA)")
        if "/Collection" in pdf.Root:
            yield Foreign("foreign-content", "un porte-documents, qui montre d’autres fichiers à la place de ses pages")
        if _has_program(pdf):
            yield Foreign("foreign-content", "un programme, qui peut changer ce qui se voit")
        for drawn in pages:
            page = pdf.pages[drawn.number - 1]
            zone = zones.get(drawn.number) or annexes[drawn.number]
            under = f"Page {drawn.number}"
            for annotation in page.obj.get("/Annots", []):
                kind = str(annotation.get("/Subtype", "?"))
                if _is_plain(annotation, kind) or int(annotation.get("/F", 0)) & 2:
                    continue
                yield from _annotation(annotation, kind, drawn, zone)
            ways = _ways(page.obj) if drawn.number in zones else ()
            yield from (Foreign("drawn-otherwise", what, under=under) for what in dict.fromkeys(ways))


def _has_program(pdf: Any) -> bool:
    """Whether the file runs a program when it is opened, printed or turned over (12.6.4.16)."""
    opened = pdf.Root.get("/OpenAction")
    named = "/JavaScript" in pdf.Root.get("/Names", {})
    runs = hasattr(opened, "keys") and str(opened.get("/S", "/GoTo")) not in _LEADING
    return named or runs or "/AA" in pdf.Root or any("/AA" in page.obj for page in pdf.pages)


def _is_plain(annotation: Any, kind: str) -> bool:
    """Whether an annotation of a page draws nothing: a link that only leads elsewhere, without a look of its own."""
    if "/AA" in annotation or str(annotation.get("/A", {}).get("/S", "/URI")) not in _LEADING:
        return False
    border = [float(one) for one in annotation.get("/Border", [0, 0, 1])[:3]]
    width = max(border[2] if len(border) > 2 else 1.0, float(annotation.get("/BS", {}).get("/W", 0)))
    return kind in _SHOWN_ANNOTATIONS and "/AP" not in annotation and width <= 2


def _annotation(annotation: Any, kind: str, page: Page, zone: Zones) -> Iterator[Foreign]:
    """An annotation, a form field; an empty signature field shows nothing, and one that is signed belongs there."""
    left, bottom, right, top = (float(one) for one in annotation.get("/Rect", [0, 0, 0, 0]))
    box = Box(left, page.height - top, right, page.height - bottom)
    under = f"Page {page.number}"
    if kind == "/Widget":
        field = annotation if "/FT" in annotation else annotation.get("/Parent", annotation)
        if field.get("/FT") == "/Sig":
            if "/V" in field:
                code = "by-hand" if zone.allow(box) or not box.width * box.height else "foreign-content"
                yield Foreign(code, "une signature électronique", under=under, at=box)
        elif str(field.get("/V", "")).strip(" ()/") not in {"", "Off"} or "/AP" in annotation:
            value = str(field.get("/V", ""))
            yield Foreign("foreign-content", "un champ de formulaire rempli", squeezed(value), under=under, at=box)
        return
    words = " ".join(levelled(str(annotation.get("/Contents", ""))).split())
    allowed = kind in {"/Ink", "/Stamp"} and zone.allow(box)
    code = "by-hand" if allowed and not words else "foreign-content"
    yield Foreign(code, f"une annotation ({kind[1:]})", words, under=under, at=box)


def _ways(page: Any) -> Iterator[str]:
    """What a page does that no plain text needs, in French."""
    if float(page.get("/UserUnit", 1)) != 1:
        yield "une page agrandie ou réduite (UserUnit)"
    for content, resources in _streams(page):
        if _replaces(content) or any("/ActualText" in one for one in _named(resources, "/Properties")):
            yield "un texte de remplacement (ActualText), qui n’est pas celui qui est dessiné"
        if any(font.get("/Subtype") == "/Type3" for font in _named(resources, "/Font")):
            yield "une police faite de dessins (Type 3)"
        if any(_blends(state) for state in _named(resources, "/ExtGState")):
            yield "un mode de fusion ou un masque, que chaque programme montre à sa façon"
        if any(True for kind in ("/Pattern", "/Shading") for _ in _named(resources, kind)):
            yield "un motif ou un dégradé"


def fonts_of(pdf: Any) -> Iterator[Any]:
    """Each font that the pages of a PDF draw with, once."""
    seen: set[object] = set()
    for page in pdf.pages:
        for _, resources in _streams(page.obj):
            for font in _named(resources, "/Font"):
                if font.objgen not in seen:
                    seen |= {font.objgen} - {(0, 0)}  # that of any font that is no object of its own
                    yield font


def _streams(owner: Any, depth: int = 0) -> Iterator[tuple[bytes, Any]]:
    """The content of a page, and of what it draws with it, each with its resources."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    is_page = not isinstance(owner, pikepdf.Stream)
    contents = owner.get("/Contents", []) if is_page else [owner]
    parts = contents if isinstance(contents, (list, pikepdf.Array)) else [contents]
    resources = owner.get("/Resources") or {}
    yield b"\n".join(one.read_bytes() for one in parts), resources
    for item in _named(resources, "/XObject") if depth < _DEEPEST else ():
        if item.get("/Subtype") == "/Form":
            yield from _streams(item, depth + 1)


def _named(resources: Any, kind: str) -> Iterator[Any]:
    """What some resources hold of a kind: each a dictionary, or a stream, which has one."""
    return (one for one in (resources.get(kind) or {}).values() if hasattr(one, "keys"))


def _blends(state: Any) -> bool:
    """Whether a graphics state mixes colours otherwise than by laying one over the other (11.3.5, 10.5)."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    modes = state.get("/BM", pikepdf.Name.Normal)
    modes = list(modes) if isinstance(modes, pikepdf.Array) else [modes]
    transfers = (state[name] for name in ("/TR", "/TR2") if name in state)
    return (
        any(str(mode) not in _PLAIN_MODES for mode in modes)
        or state.get("/SMask", pikepdf.Name("/None")) != pikepdf.Name("/None")
        or any(str(one) not in _PLAIN_FUNCTIONS for one in transfers)
    )


_ACTUAL = re.compile(rb"/ActualText\s*(?:<([0-9A-Fa-f\s]*)>|\(((?:[^()\\]|\\.)*)\))", re.DOTALL)
_LIGATURE = re.compile(r"f?f[bfhijklt]|t[tif]|tti|Th")
_HARMLESS = re.compile(r"[\s\u00a0\u00ad\u2010-\u2015\u202f\u200b-\u200f\u2060\ufeff-]*")


def _replaces(content: bytes) -> bool:
    """Whether a content stream gives a text in the place of signs, other than spaces and hyphens."""
    for hexadecimal, literal in _ACTUAL.findall(content):
        data = bytes.fromhex(re.sub(rb"\s", b"", hexadecimal).decode()) if hexadecimal else literal
        text = data[2:].decode("utf-16-be", "replace") if data.startswith(b"\xfe\xff") else data.decode("latin-1")
        if not (_HARMLESS.fullmatch(text) or _LIGATURE.fullmatch(text)):
            return True
    return False
