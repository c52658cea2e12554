"""PDFium is one at a time: it must not be called by two threads of a process at once."""

from __future__ import annotations

import threading

__all__ = ["ALONE"]

ALONE = threading.RLock()
"""Held by whoever opens a document with PDFium, until it is closed."""
