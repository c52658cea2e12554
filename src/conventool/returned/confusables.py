"""Characters that look like others: an edit that no reader of the printed text can see.

Unicode's compatibility forms (UAX #15, NFKC), characters of no width, and the letters of other scripts that are drawn
as Latin ones (a selection of UTS #39, *confusables*).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["disguised", "is_alike", "skeleton", "strangers"]

_LATIN = "aceijopsxyhABCEHIJKMNOPSTXYZd"
_CYRILLIC = "асеіјорѕхуһАВСЕНІЈКМΝОРЅТХҮΖԁ"
_GREEK = {
    **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True)),
    **dict(zip("ονυιαρ", "ovuiap", strict=True)),
}
_PUNCTUATION = {
    **dict.fromkeys("’‘‛ʼ′´`", "'"),
    **dict.fromkeys("“”„″", '"'),
    **dict.fromkeys("–—−‒―", "-"),
    "•": "·",
    "º": "°",
    "˚": "°",
    "⁄": "/",
    "∕": "/",
    "З": "3",
}
_DRAWN_ALIKE = str.maketrans({**dict(zip(_CYRILLIC, _LATIN, strict=True)), **_GREEK, **_PUNCTUATION})


_PLAIN = re.compile(r"[\s!-~À-ÖØ-öø-\u024fÀ-ÿ’‘‛“”«»‹›„…–—−°€§·•†×/º\u2010\u2011\u00a0\u00ad\u202f☐☑☒]*")
"""What French text is written with. A capital alpha, a full-width 4, a superscript or a sign of writing direction is
not: whatever they stand for, a reader takes them for something else."""


def disguised(text: str) -> list[str]:
    """The characters of a value that French does not write, by their names in Unicode."""
    if _PLAIN.fullmatch(text):
        return []
    return strangers("", "".join(char for char in text if not _PLAIN.fullmatch(char)))


@lru_cache(maxsize=8192)
def skeleton(text: str) -> str:
    """The key under which two texts that are drawn alike are equal; white space does not count."""
    alike = unicodedata.normalize("NFKC", text.translate(_DRAWN_ALIKE)).translate(_DRAWN_ALIKE)
    return "".join(char for char in alike if not char.isspace() and unicodedata.category(char) != "Cf")


def is_alike(one: str, other: str) -> bool:
    """Whether two texts are drawn alike."""
    return skeleton(one) == skeleton(other)


def strangers(old: str, new: str) -> list[str]:
    """The characters of a text that its look-alike does not have, by their names in Unicode: ``U+0430 CYRILLIC …``."""
    return [
        f"U+{ord(char):04X} {unicodedata.name(char, '')}".strip()
        for char in dict.fromkeys(new)
        if char not in old and not char.isspace()
    ]
