"""Bounds on what a PDF may make of itself in memory: a stream of some kilobytes can inflate to gigabytes."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf.settings import set_qpdf_limits

__all__ = ["is_excessive", "open_pdf"]

_LARGEST_FILE = 512 << 20
"""Bytes of a PDF file that is still opened."""
_LARGEST_STREAM = 128 << 20
"""Bytes of a stream once it is decoded."""
_LARGEST_TOTAL = 256 << 20
"""Bytes of all streams of a file once they are decoded, but for pictures: these are drawn by their size."""
_LARGEST_CONTENT, _MOST_SAVED = 16 << 20, 100_000
"""Bytes of what a page draws once it is decoded; how often it may keep aside how it draws, which costs most."""
_LARGEST_PICTURE = 100_000_000
"""Pixels of a picture: a page scanned at 1,000 dots an inch."""
_MOST_OBJECTS = 400_000
_GROWTH = 1032
"""How many bytes one byte of deflate can become at most."""

# they hold for the whole process, and are to be set before threads use the library
set_qpdf_limits(
    flate_max_memory=_LARGEST_STREAM,
    png_max_memory=_LARGEST_STREAM,
    tiff_max_memory=_LARGEST_STREAM,
    run_length_max_memory=_LARGEST_STREAM,
    dct_max_memory=_LARGEST_STREAM,
    dct_max_progressive_scans=100,
    doc_max_warnings=1000,
)


def open_pdf(path: Path) -> pikepdf.Pdf:
    """Open a PDF that others made.

    Raises:
        OSError: it cannot be read.
        pikepdf.PdfError: it is damaged, has a password, or is out of all measure.
    """
    if path.stat().st_size > _LARGEST_FILE:
        raise pikepdf.PdfError("fichier démesuré")
    return pikepdf.open(path)


def is_excessive(path: Path) -> bool:
    """Whether a PDF holds more than any convention does, so that it would fill the memory of who reads or draws it.

    Of one that has a password nothing is said: whoever reads it says so.

    Raises:
        OSError: it cannot be read.
        pikepdf.PdfError: it is damaged, as is what its pages draw.
    """
    try:
        with open_pdf(path) as pdf:
            return len(pdf.objects) > _MOST_OBJECTS or _inflates(pdf) or any(map(_draws_too_much, pdf.pages))
    except pikepdf.PasswordError:
        return False
    except pikepdf.PdfError as error:
        if "limit exceeded" in str(error) or "démesuré" in str(error):
            return True
        raise


def _inflates(pdf: pikepdf.Pdf) -> bool:
    total = 0
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Stream):
            continue
        if (
            thing.get("/Subtype") == "/Image"
            and int(thing.get("/Width", 0)) * int(thing.get("/Height", 0)) > _LARGEST_PICTURE
        ):
            return True
        total += _decoded_size(thing)
        if total > _LARGEST_TOTAL:
            return True
    return False


def _decoded_size(stream: pikepdf.Stream) -> int:
    """Bytes of a stream once it is decoded; of a small one at most."""
    filters = stream.get("/Filter", pikepdf.Array())
    several = isinstance(filters, pikepdf.Array) and len(filters) > 1
    if several or (stream.get("/Subtype") != "/Image" and int(stream.get("/Length", 0)) * _GROWTH > _LARGEST_CONTENT):
        try:
            return len(stream.read_bytes())
        except pikepdf.PdfError as error:
            if "limit exceeded" in str(error):
                raise
            return 0  # of a filter that is not known here: a picture's
    return 0


def _draws_too_much(page: pikepdf.Page) -> bool:
    contents = page.obj.get("/Contents", pikepdf.Array())
    data = b"\n".join(one.read_bytes() for one in (contents if isinstance(contents, pikepdf.Array) else [contents]))
    return len(_SAVED.findall(data)) > _MOST_SAVED or _drawn(data, page.resources, {}) > _LARGEST_CONTENT


def _drawn(data: bytes, resources: pikepdf.Object, known: dict[tuple[int, int], int]) -> int:
    """How many bytes of content are drawn, a form as often as it is: one that draws others may mean millions.

    Args:
        data: the content of a page or a form.
        resources: what it names.
        known: by form, the answer; of one that is being looked at, 0, since none may draw itself.
    """
    total = len(data)
    forms: Any = resources.get("/XObject", {}) if isinstance(resources, pikepdf.Dictionary) else {}
    times = Counter(_DRAWN.findall(data))
    for name, form in forms.items():
        if not isinstance(form, pikepdf.Stream) or form.get("/Subtype") != "/Form":
            continue
        if form.objgen not in known:
            known[form.objgen] = 0
            known[form.objgen] = _drawn(form.read_bytes(), form.get("/Resources", resources), known)
        total += times[name[1:].encode("latin-1", "replace")] * known[form.objgen]
    return total


_DRAWN = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_SAVED = re.compile(rb"\bq\b")
