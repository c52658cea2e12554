"""What the pages of a PDF draw with: their content, their fonts, colours, pictures; what of it is no plain text.

(ISO 32000-1: 7.8.3 resources, 8.6 colours, 8.8 external objects, 9.6.5 type 3 fonts, 11.6 transparency,
14.9.4 replacement text.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["fonts_of", "inherited", "is_harmless", "shows_text", "ways_of"]

_TEXT = re.compile(rb"(?<![A-Za-z])T[jJ](?![A-Za-z])")
_DEEPEST = 64
_PLAIN_MODES = frozenset({"/Normal", "/Compatible"})
_PLAIN_FUNCTIONS = frozenset({"/Identity", "/Default"})
_DEFAULTS = frozenset({"/DefaultGray", "/DefaultRGB", "/DefaultCMYK"})
_MEASURED = frozenset({"/ICCBased", "/CalGray", "/CalRGB"})
_INKS = frozenset({"/Cyan", "/Magenta", "/Yellow", "/Black"})
"""Those that each printer has; another is shown by some programs, or printers, as what stands for it."""
_DRAWN_FOR_SOME = ("/Alternates", "/OPI", "/Ref", "/PS", "/Subtype2")


def ways_of(page: Any) -> Iterator[str]:
    """What a page does that no plain text needs, in French.

    Args:
        page: as pikepdf has it.
    """
    yield from _sizes_of(page.obj)
    for streams, resources in _streams(page.obj):
        content = b"\n".join(one.read_bytes() for one in streams)
        if any("/F" in one for one in streams):
            yield "un contenu qui est dans un autre fichier"
        if _replaces(content) or any(map(_gives_text, _named(resources, "/Properties"))):
            yield "un texte de remplacement (ActualText), qui n’est pas celui qui est dessiné"
        if any(font.get("/Subtype") == "/Type3" for font in _named(resources, "/Font")):
            yield "une police faite de dessins (Type 3)"
        if any(_blends(state) for state in _named(resources, "/ExtGState")):
            yield "un mode de fusion, un masque, une surimpression ou une trame, que chaque programme montre à sa façon"
        if any(True for kind in ("/Pattern", "/Shading") for _ in _named(resources, kind)):
            yield "un motif ou un dégradé"
        if any(_is_unsure(name, space) for name, space in (resources.get("/ColorSpace") or {}).items()):
            yield "une couleur que chaque programme montre à sa façon, ou ne montre pas"
        if any(_is_for_some(item) for item in _named(resources, "/XObject")):
            yield "un dessin à la place duquel des programmes en montrent ou en impriment un autre"


def _sizes_of(page: Any) -> Iterator[str]:
    """How a page is shown larger or smaller, or turned by an angle that is none (7.7.3.3)."""
    if float(page.get("/UserUnit", 1)) != 1:
        yield "une page agrandie ou réduite (UserUnit)"
    if int(inherited(page, "/Rotate") or 0) % 90:
        yield "une page tournée d’un angle que chaque programme prend à sa façon"


def fonts_of(pdf: Any) -> Iterator[Any]:
    """Each font that the pages of a PDF draw with, once."""
    seen: set[object] = set()
    for page in pdf.pages:
        for _, resources in _streams(page.obj):
            for font in _named(resources, "/Font"):
                if font.objgen not in seen:
                    seen |= {font.objgen} - {(0, 0)}  # that of any font that is no object of its own
                    yield font


def shows_text(form: Any) -> bool:
    """Whether a form, or what it draws with it, shows a text (9.4.3): that of an annotation is in no text layer."""
    drawn = _streams({"/Contents": [form], "/Resources": form.get("/Resources")})
    return any(_TEXT.search(one.read_bytes()) for streams, _ in drawn for one in streams)


def _streams(page: Any) -> Iterator[tuple[list[Any], Any]]:
    """The streams that a page is drawn by, and each form that it draws, once, each with its resources."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    contents = page.get("/Contents", [])
    parts = contents if isinstance(contents, (list, pikepdf.Array)) else [contents]
    pending, seen = [(list(parts), inherited(page, "/Resources"))], set[object]()
    while pending:
        streams, resources = pending.pop()
        yield streams, resources or {}
        for item in _named(resources or {}, "/XObject"):
            if item.get("/Subtype") == "/Form" and item.objgen not in seen:
                seen.add(item.objgen)
                pending.append(([item], item.get("/Resources")))


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
        or any(bool(state.get(name, False)) for name in ("/OP", "/op"))
        or str(state.get("/HT", "/Default")) != "/Default"
    )


def inherited(owner: Any, name: str) -> Any:
    """What a page or a form field says of itself, or what is above it says of all below (7.7.3.4, 12.7.3.1).

    Args:
        owner: the page or the field.
        name: of what is said, with its slash.

    Returns:
        None where nothing is said.
    """
    for _ in range(_DEEPEST):
        if owner is None or name in owner:
            break
        owner = owner.get("/Parent")
    return None if owner is None else owner.get(name)


def _is_unsure(name: str, space: Any) -> bool:
    """Whether a colour space is an ink that not all have (8.6.6.4), or stands for the plain one with some (8.6.5.6)."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    if not isinstance(space, pikepdf.Array) or not len(space):
        return False
    kind = str(space[0])
    if name in _DEFAULTS and kind not in _MEASURED:
        return True
    if kind in {"/Indexed", "/Pattern"} and len(space) > 1:
        return _is_unsure("", space[1])
    inks = {"/Separation": space[1:2], "/DeviceN": space[1] if len(space) > 1 else ()}.get(kind, ())
    return bool(len(inks)) and any(str(ink) not in _INKS for ink in inks)


def _is_for_some(item: Any) -> bool:
    """Whether programs may show something else in the place of a picture or a form, or print it (8.8.2, 8.9.5.4)."""
    return item.get("/Subtype") == "/PS" or any(name in item for name in _DRAWN_FOR_SOME)


_ACTUAL = re.compile(rb"/ActualText\s*(<[0-9A-Fa-f\s]*>|\((?:[^()\\]|\\.)*\))", re.DOTALL)
_SAID_OTHERWISE = re.compile(rb"/(?:Alt|E)\s*(?:\(|<(?!<))")
_LIGATURE = re.compile(r"f?f[bfhijklt]|t[tif]|tti|Th")
_HARMLESS = re.compile(r"[\s\u00a0\u00ad\u2010-\u2015\u202f\u200b-\u200f\u2060\ufeff-]*")


def is_harmless(text: str) -> bool:
    """Whether a text that stands for others is one of spaces and hyphens, or the letters of a ligature."""
    return _HARMLESS.fullmatch(text) is not None or _LIGATURE.fullmatch(text) is not None


def _gives_text(properties: Any) -> bool:
    """Whether named properties give a text in the place of signs."""
    return any(name in properties for name in ("/ActualText", "/Alt", "/E"))


def _replaces(content: bytes) -> bool:
    """Whether a content stream gives a text in the place of signs, other than spaces and hyphens."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    if b"#" in content:  # names may be written so (7.3.5)
        content = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes.fromhex(code[1].decode()), content)
    given = [match[1] for match in _ACTUAL.finditer(content)]
    if _SAID_OTHERWISE.search(content) or len(given) < content.count(b"/ActualText"):
        return True
    return not all(is_harmless(str(pikepdf.Object.parse(string))) for string in given)
