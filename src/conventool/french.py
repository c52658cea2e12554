"""French as these documents need it: keys to compare by, links, agreements, dates, numbers.

Pure functions on text: no file, no register, nothing heavy to import.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum

__all__ = ["Gender", "fold", "typographic"]

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
_BETWEEN_WORDS = re.compile(r"[\W_]+")


class Gender(Enum):
    """Grammatical gender, of a person or of the noun that names an entity."""

    MASCULINE = "m"
    FEMININE = "f"


def fold(text: str) -> str:
    """Make the key under which two spellings of the same words are equal.

    Accents, case, ligatures, hyphens, apostrophes, dots and spaces of all sorts are forgiven.

    Returns:
        Words of plain lower-case letters and digits, one space between: ``"l oree de mormal"``.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _BETWEEN_WORDS.sub(" ", letters.casefold()).strip()


def typographic(text: str) -> str:
    """Give ``text`` the apostrophes that French printing uses: ``’`` for ``'``."""
    return text.replace("'", "’")
