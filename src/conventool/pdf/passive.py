"""Pages that only show: a PDF from others without what acts when it is opened, read or clicked.

Of each page the entries that draw it stay, by an allow-list (ISO 32000-1, 7.7.3.3). What notes and form fields show
becomes part of the page, as on paper; of the rest only links to the web and to mail stay. What belongs to the document
and not to its pages (scripts, attached files, forms, what is done at opening) does not come along with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pikepdf

__all__ = ["make_passive"]

_DRAWS = {
    "/Type", "/Parent", "/Resources", "/Contents", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox",
    "/Rotate", "/UserUnit", "/Group",
}  # fmt: skip
_WEB = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_ACTIONS = {
    "/Launch": "le lancement d’un programme",
    "/JavaScript": "du JavaScript",
    "/SubmitForm": "l’envoi d’un formulaire",
    "/ImportData": "la lecture de données",
    "/GoToR": "un renvoi vers un autre fichier",
    "/GoToE": "un renvoi vers un fichier joint",
    "/Rendition": "un son ou une vidéo",
    "/Movie": "un son ou une vidéo",
    "/Sound": "un son ou une vidéo",
    "/RichMediaExecute": "un son ou une vidéo",
}
_NOTES = {
    "/FileAttachment": "un fichier joint",
    "/RichMedia": "un son ou une vidéo",
    "/Movie": "un son ou une vidéo",
    "/Screen": "un son ou une vidéo",
    "/Sound": "un son ou une vidéo",
    "/3D": "une vue en trois dimensions",
}
# in the dictionary of a stream: its bytes are in another file, or another file is drawn in its place
_OUTSIDE = ("/F", "/FFilter", "/FDecodeParms", "/Ref", "/OPI", "/Alternates")
_MOST_ACTIONS = 1000
"""At one place: they may follow each other in a circle."""


def make_passive(pdf: pikepdf.Pdf, *, links: bool) -> list[str]:
    """Make the pages of a PDF show only, in place.

    Args:
        pdf: made by others.
        links: whether links to the web and to mail stay.

    Returns:
        In French, what acted and is gone; each once.
    """
    gone = list(dict.fromkeys([*_of_document(pdf), *(what for page in pdf.pages for what in _of_page(page))]))
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()
    pdf.flatten_annotations("print")
    for page in pdf.pages:
        kept = [_link(pdf, note) for note in page.obj.get("/Annots", []) if links and _leads_to_the_web(note)]
        for key in set(page.obj.keys()) - _DRAWS:
            del page.obj[key]
        if kept:
            page.obj.Annots = pikepdf.Array(kept)
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            gone += _close(thing)
        gone += _detach(thing)
    return list(dict.fromkeys(gone))


def _of_document(pdf: pikepdf.Pdf) -> Iterator[str]:
    names = pdf.Root.get("/Names", pikepdf.Dictionary())
    if "/JavaScript" in names:
        yield _ACTIONS["/JavaScript"]
    if "/EmbeddedFiles" in names or "/AF" in pdf.Root:
        yield _NOTES["/FileAttachment"]
    if "/AcroForm" in pdf.Root:
        yield "un formulaire, imprimé tel qu’il est rempli"
    for key in ("/OpenAction", "/AA"):
        yield from _actions(pdf.Root.get(key))


def _of_page(page: pikepdf.Page) -> Iterator[str]:
    yield from _actions(page.obj.get("/AA"))
    for note in page.obj.get("/Annots", pikepdf.Array()):
        if isinstance(note, pikepdf.Dictionary):
            yield from filter(None, [_NOTES.get(str(note.get("/Subtype")))])
            yield from _actions(note.get("/A"))
            yield from _actions(note.get("/AA"))


def _actions(thing: object) -> Iterator[str]:
    """What an action does, with those after it, or what each action of a dictionary does (ISO 32000-1, 12.6)."""
    if not isinstance(thing, pikepdf.Dictionary):
        return
    waiting = [thing] if "/S" in thing else [one for one in thing.values() if isinstance(one, pikepdf.Dictionary)]
    for _ in range(_MOST_ACTIONS):
        if not waiting:
            return
        action = waiting.pop()
        what = _ACTIONS.get(str(action.get("/S")), "")
        if what:
            yield what
        after = action.get("/Next")
        following = list(after) if isinstance(after, pikepdf.Array) else [after]
        waiting += [one for one in following if isinstance(one, pikepdf.Dictionary)]


def _leads_to_the_web(note: pikepdf.Object) -> bool:
    """Is it a link to an address of the web, and nothing else?"""
    if not isinstance(note, pikepdf.Dictionary) or note.get("/Subtype") != "/Link":
        return False
    action = note.get("/A")
    return (
        isinstance(action, pikepdf.Dictionary)
        and action.get("/S") == "/URI"
        and isinstance(action.get("/URI"), pikepdf.String)
        and _WEB.match(str(action.URI)) is not None
    )


def _link(pdf: pikepdf.Pdf, note: pikepdf.Object) -> pikepdf.Object:
    """A new link to the same address."""
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=note.Rect, F=4, Border=[0, 0, 0],
        A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=note.A.URI),
    )  # fmt: skip
    if "/QuadPoints" in note:
        link.QuadPoints = note.QuadPoints
    return pdf.make_indirect(link)


def _detach(thing: pikepdf.Object) -> Iterator[str]:
    """Take off the files and the actions that go with what a page draws, as a picture or a font."""
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        if "/AF" in thing:
            del thing["/AF"]
            yield _NOTES["/FileAttachment"]
        if "/AA" in thing:
            yield from _actions(thing["/AA"])
            del thing["/AA"]
    elif not isinstance(thing, pikepdf.Array):
        return
    inside = thing if isinstance(thing, pikepdf.Array) else thing.values()
    for one in inside:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Array) and not one.is_indirect:
            yield from _detach(one)


def _close(stream: pikepdf.Stream) -> Iterator[str]:
    """Take off what draws another file in place of this stream, and programs in PostScript."""
    for key in _OUTSIDE:
        if key in stream:
            del stream[key]
            yield "un renvoi vers un autre fichier"
    if stream.get("/Subtype") == "/PS" or stream.get("/Subtype2") == "/PS":
        stream.write(b"")
        stream.Subtype = pikepdf.Name.Form
        stream.BBox = pikepdf.Array([0, 0, 0, 0])
        yield "un programme PostScript"
