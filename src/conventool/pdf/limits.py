"""Bounds on what a PDF may make of itself in memory: a stream of some kilobytes can inflate to gigabytes."""

from __future__ import annotations

from pathlib import Path

import pikepdf
from pikepdf.settings import set_qpdf_limits

__all__ = ["LARGEST_FILE", "open_pdf"]

LARGEST_FILE = 512 << 20
"""Bytes of a PDF file that is still opened."""
_LARGEST_STREAM = 128 << 20
"""Bytes of a stream once it is decoded."""

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
    if path.stat().st_size > LARGEST_FILE:
        raise pikepdf.PdfError("fichier démesuré")
    return pikepdf.open(path)
