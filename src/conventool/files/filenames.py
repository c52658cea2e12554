"""File names that are safe on Windows, macOS and Linux, whatever the data holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from zlib import crc32

__all__ = ["MAX_LENGTH", "beside", "free_name", "safe_name"]

_ACCENTS = re.compile("[\u0300\u0301\u0302\u0308\u0327]")
_PLAIN = re.compile(r"[A-Za-z0-9 _/-]*")
_OTHERS = re.compile(r"[^a-z0-9_]+")

_RESERVED = 10
"""No name that Windows reserves has more letters; of what is left of a text, nothing else can be unfit."""

MAX_LENGTH = 120
"""Room for the folders above: Windows counts 260 characters for the whole path."""


def safe_name(text: str, suffix: str) -> str:
    """A file name for ``text``.

    Accents become plain letters, and whatever is neither letter, digit, ``-`` nor ``_`` becomes a hyphen: no folder
    can be reached, and a name travels through archives and mail unchanged. What is too long keeps both its ends, and
    between them a checksum of what is left out, so that two names that differ go on differing. The end kept begins
    behind a ``_`` if it can: names that differ behind it alone stay side by side in a sorted list.

    Args:
        text: anything.
        suffix: what the name ends with, such as ``.docx``.

    Returns:
        The name, in lower case; never one that Windows reserves (``CON``, ``NUL``, ``COM1`` …).
    """
    name = _slug(text).strip("-_") or f"document-{crc32(text.encode('utf-8', 'replace')):08x}"
    longest = MAX_LENGTH - len(suffix)
    if len(name) > longest:
        room = longest // 3
        head = name[: longest - room - len("-checksum-")].rstrip("-_")
        tail = name[max(name.find("_", -room), len(name) - room) :].lstrip("-_")
        name = f"{head}-{_checksum(name[len(head) : -len(tail)])}-{tail}"
    return f"_{name}{suffix}" if len(name) <= _RESERVED and _is_reserved(f"{name}{suffix}") else f"{name}{suffix}"


def free_name(texts: Iterable[str], suffix: str, taken: set[str]) -> str:
    """A file name for the first of some texts whose name is not taken yet; then it is."""
    name = next(name for name in (safe_name(text, suffix) for text in texts) if name not in taken)
    taken.add(name)
    return name


def beside(path: Path) -> Iterator[Path]:
    """The path, then others beside it: ``suivi-2.xlsx``, ``suivi-3.xlsx`` and so on."""
    yield path
    for number in count(2):
        yield path.with_stem(f"{path.stem}-{number}")


def _is_reserved(name: str) -> bool:
    from pathvalidate import is_valid_filename  # noqa: PLC0415 (few names are so short, and start-up counts)

    return not is_valid_filename(name, platform="universal")


def _slug(text: str) -> str:
    """What is left of a text in plain letters. Ordinary French goes a short way, to the same end."""
    text = text.replace("’", "-")
    plain = text if text.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    if _PLAIN.fullmatch(plain):
        return _OTHERS.sub("-", plain.lower())
    from slugify import slugify  # noqa: PLC0415 (ordinary French does without it)

    return slugify(text, regex_pattern=r"[^-a-z0-9_]+")


def _checksum(text: str) -> str:
    return f"{crc32(text.encode('utf-8', 'backslashreplace')):08x}"
