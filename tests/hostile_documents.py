"""Documents of others made by hand: a body in a sound Word document, PDF files whose streams inflate."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pikepdf

__all__ = ["pdf", "with_body"]

_SOUND = Path(__file__).parent / "documents" / "kinds_in_runs.docx"


def with_body(xml: str) -> bytes:
    """A sound Word document with another text."""
    out = BytesIO()
    with zipfile.ZipFile(_SOUND) as sound, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in sound.infolist():
            data = sound.read(part)
            if part.filename == "word/document.xml":
                text = re.sub(r"(<w:body>).*?(<w:sectPr|</w:body>)", r"\1\2", data.decode(), count=1, flags=re.DOTALL)
                data = text.replace("<w:body>", f"<w:body>{xml}", 1).encode()
            made.writestr(part.filename, data)
    return out.getvalue()


def pdf(content: bytes, *, times: int = 1, levels: int = 0) -> bytes:
    """A page that draws a content.

    Args:
        content: what it draws; ``/F1`` is a font, ``/X`` a form.
        times: how often the content is compressed.
        levels: how many forms deep ``/X`` goes, each drawing the next ten times.
    """
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=made.make_indirect(font)))
    for level in range(levels):
        form = made.make_stream(b"/X Do " * 10 if level else b"BT /F1 9 Tf (a) Tj ET")
        form.Subtype, form.BBox = pikepdf.Name.Form, pikepdf.Array([0, 0, 595, 842])
        form.Resources = resources
        resources = pikepdf.Dictionary(Font=resources.Font, XObject=pikepdf.Dictionary(X=form))
    page.obj.Resources = resources
    for _ in range(times):
        content = zlib.compress(content, 9)
    stream = pikepdf.Stream(made, content)
    stream.Filter = pikepdf.Array([pikepdf.Name.FlateDecode] * times)
    page.obj.Contents = made.make_indirect(stream)
    out = BytesIO()
    made.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()
