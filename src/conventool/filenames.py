"""File names that are safe on Windows, macOS and Linux, whatever the data holds."""

from __future__ import annotations

from zlib import crc32

from pathvalidate import is_valid_filename
from slugify import slugify

__all__ = ["MAX_LENGTH", "safe_name"]

MAX_LENGTH = 120
"""Room for the folders above: Windows counts 260 characters for the whole path."""


def safe_name(text: str, suffix: str) -> str:
    """A file name for ``text``.

    Accents become plain letters, and whatever is neither letter, digit, ``-`` nor ``_`` becomes a hyphen: no folder
    can be reached, and a name travels through archives and mail unchanged. What is too long keeps both its ends, and
    between them a checksum, so that two names that differ go on differing.

    Args:
        text: anything.
        suffix: what the name ends with, such as ``.docx``.

    Returns:
        The name, in lower case; never one that Windows reserves (``CON``, ``NUL``, ``COM1`` …).
    """
    name = (
        slugify(text.replace("’", "-"), regex_pattern=r"[^-a-z0-9_]+").strip("-_")
        or f"document-{crc32(text.encode('utf-8', 'replace')):08x}"
    )
    longest = MAX_LENGTH - len(suffix)
    if len(name) > longest:
        middle = f"-{_checksum(name)}-"
        tail = longest // 3
        name = name[: longest - tail - len(middle)].rstrip("-_") + middle + name[-tail:].lstrip("-_")
    return f"{name}{suffix}" if is_valid_filename(f"{name}{suffix}", platform="universal") else f"_{name}{suffix}"


def _checksum(text: str) -> str:
    return f"{crc32(text.encode('utf-8', 'backslashreplace')):08x}"
