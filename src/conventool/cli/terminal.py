"""The standard streams, made to refuse nothing: no console stops a program for a character that it cannot show."""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from contextlib import suppress

__all__ = ["prepare_streams", "silence"]

_PLAIN = str.maketrans(
    {"’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "œ": "oe", "Œ": "OE"}
    | {"→": "->", "✓": "+", "✗": "x"}
)


def prepare_streams() -> None:
    """Let every console show every text, if need be in plainer signs; a stream that is closed takes all and keeps none.

    A Windows code page or a C locale lacks accents or curly apostrophes: it gets the letter or the sign beneath.
    """
    codecs.register_error("plainer", _plainer)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            silence(name)
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plainer")


def silence(name: str) -> None:
    """Replace ``stdout`` or ``stderr``, which nobody can read any longer, by nothing, to the end of the process."""
    nothing = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (open until the process ends)
    with suppress(AttributeError, OSError, ValueError):  # a stream without a file
        os.dup2(nothing.fileno(), getattr(sys, name).fileno())
    setattr(sys, name, nothing)


def _plainer(error: UnicodeError) -> tuple[str, int]:
    """The error handler: the letter under an accent, the straight quote for the curly one, else a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end].translate(_PLAIN)
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c if c.isascii() else "?" for c in decomposed if not unicodedata.combining(c)), error.end
