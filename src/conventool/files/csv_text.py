"""CSV as a spreadsheet in French opens it: UTF-8 with a byte order mark, semicolons, lines that end in CR LF."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable
from io import StringIO

__all__ = ["BOM_UTF8", "csv_line"]


def csv_line(cells: Iterable[object]) -> bytes:
    """A line of a CSV, which begins with ``BOM_UTF8``."""
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()
