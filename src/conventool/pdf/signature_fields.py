"""Empty signature fields in a finished PDF (ISO 32000-1, 12.7.4.5), which stays PDF/A; and those that one has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name

from conventool.pdf.jobs import SignatureField
from conventool.pdf.signature_places import Box, Place, find_places

__all__ = ["FieldInPdf", "add_fields", "fields_of", "has_other_fields"]

_PRINTED = 4  # a flag of annotations; PDF/A asks for it (ISO 19005-2, 6.3.2)
_EXIST = 1  # a flag of forms: there is a signature field (ISO 32000-1, 12.7.2)
_FAMILIES = 16  # PDF files of first copies, of whose places the other copies are made


class FieldInPdf(NamedTuple):
    """A signature field that a PDF has.

    Attributes:
        name: of the field.
        page: the number of its page, from 1.
        box: on that page.
    """

    name: str
    page: int
    box: Box


def add_fields(pdf: pikepdf.Pdf, made: bytes, fields: tuple[SignatureField, ...]) -> bool:
    """Put empty signature fields on the pages of a document.

    Args:
        pdf: the document, without annexes; it is changed.
        made: the bytes of the document, or of another copy of it, which differs in its mark alone.
        fields: what is to be placed.

    Returns:
        Whether it was done; it is not where the document has none of their texts.

    Raises:
        NoPlaceError: there is no place for one of them.
    """
    places = _places(made, fields)
    if not places:
        return False
    widgets = [_widget(pdf, place) for place in places]
    for place, widget in zip(places, widgets, strict=True):
        page = pdf.pages[place.page].obj
        page.Annots = Array([*page.get("/Annots", []), widget])
        page.Tabs = Name.S
    before = pdf.Root.get("/AcroForm", Dictionary())
    pdf.Root.AcroForm = pdf.make_indirect(
        Dictionary({**before, "/Fields": Array([*before.get("/Fields", []), *widgets]), "/SigFlags": _EXIST})
    )
    _tag(pdf, widgets)
    return True


@lru_cache(_FAMILIES)
def _places(made: bytes, fields: tuple[SignatureField, ...]) -> list[Place]:
    return find_places(made, fields)


def _widget(pdf: pikepdf.Pdf, place: Place) -> pikepdf.Object:
    """A field that is its own widget. Its look is empty: PDF/A wants one of all that have room (ISO 19005-2, 6.3.3)."""
    left, bottom, right, top = box = [int(edge) for edge in place.box]
    frame = [0, 0, right - left, top - bottom]
    look = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=frame, Resources=Dictionary())
    widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, Rect=box, F=_PRINTED, AP=Dictionary(N=look))
    widget.T, widget.TU, widget.P = place.field.name, place.field.label, pdf.pages[place.page].obj
    return pdf.make_indirect(widget)


def _tag(pdf: pikepdf.Pdf, widgets: Sequence[pikepdf.Object]) -> None:
    """Name the fields in the structure of the document, after all else (ISO 14289-1, 7.18.4)."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is None or "/ParentTree" not in root:
        return
    kids = root.get("/K")
    top = kids[0] if isinstance(kids, Array) and len(kids) else kids if isinstance(kids, Dictionary) else root
    parents = pikepdf.NumberTree(root.ParentTree)
    free = max(parents, default=-1) + 1
    for number, widget in enumerate(widgets, max(free, int(root.get("/ParentTreeNextKey", 0)))):
        of_page = Dictionary(Type=Name.OBJR, Obj=widget, Pg=widget.P)
        element = pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Form, P=top, Pg=widget.P, Alt=widget.TU, K=of_page)
        )
        top.K = Array([*(top.K if isinstance(top.get("/K"), Array) else [top.K] if "/K" in top else []), element])
        widget.StructParent = number
        parents[number] = element
        root.ParentTreeNextKey = number + 1


def has_other_fields(pdf: pikepdf.Pdf) -> bool:
    """Whether a PDF has fields of a form, or a form, other than empty signature fields."""
    form = pdf.Root.get("/AcroForm")
    if form is None:
        return False
    fields = form.get("/Fields", Array())
    own = set(form.keys()) <= {"/Fields", "/SigFlags"} and len(fields) > 0
    return not own or any(_is_other(field) for field in fields)


def _is_other(field: pikepdf.Object) -> bool:
    return field.get("/FT") != "/Sig" or "/V" in field or "/Kids" in field


def fields_of(path: Path) -> Iterator[FieldInPdf]:
    """The signature fields of a PDF that this program made.

    Raises:
        OSError, pikepdf.PdfError: it cannot be read.
    """
    with pikepdf.open(path) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        for field in pdf.Root.get("/AcroForm", Dictionary()).get("/Fields", Array()):
            if field.get("/FT") == "/Sig" and "/P" in field:
                yield FieldInPdf(
                    str(field.T), numbers.get(field.P.objgen, 1), Box(*(float(edge) for edge in field.Rect))
                )
