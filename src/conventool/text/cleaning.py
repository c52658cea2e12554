"""Damage that other programs do to a text: repaired where that is safe, recognised and proposed where it is not."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["NOT_IN_XML", "clean", "damage", "find_illegal", "looks_alike", "repair_mojibake", "without_signs"]

# these patterns list what is forbidden: a class of nearly all of Unicode would take milliseconds to compile; they are
# compiled when first used, since most data is sound
NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no XML part can hold as text; a carriage return too, which parsers turn into a newline (XML 1.0, 2.2, 2.11)."""
_ILLEGAL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
_INVISIBLE = "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
_APOSTROPHE = "(?<=\\w)['\u2018\u02bc\u00b4`\u2032](?=\\w)|'"
_HYPHEN = "[\u2010\u2011]"
_SPACES = r"\s+"

_CP1252 = {bytes([byte]).decode("cp1252", "replace"): byte for byte in range(0x80, 0xC0)}
_TRAIL = {chr(byte): byte for byte in range(0x80, 0xC0)} | {c: b for c, b in _CP1252.items() if c != "\ufffd"}
_ANY_TRAIL = f"[{re.escape(''.join(_TRAIL))}]"
_MISREAD = f"[ÂÃÅÆË]{_ANY_TRAIL}|â{_ANY_TRAIL}{{2}}|Ã "
_C1 = "[\x80-\x9f]"


def find_illegal(text: str) -> str | None:
    """Find a character that no document can hold: a control, half a surrogate pair, a non-character.

    XML 1.0 §2.2 allows the C1 controls (U+007F to U+009F); here they are refused too, as nobody means them.

    Returns:
        The first such character, or None.
    """
    found = None if text.isprintable() else re.search(_ILLEGAL, text)
    return found[0] if found else None


def repair_mojibake(text: str) -> str | None:
    """Recognise a text that was decoded with the wrong charset ("LiÃ©vin"), and undo it.

    UTF-8 read as cp1252, once or several times over, and cp1252 read as ISO-8859-1 are undone; a character
    already lost (U+FFFD) stays.

    Returns:
        What was probably meant, to be proposed and never applied unseen; None for a sound text.
    """
    if text.isascii() or not _DAMAGED.search(text):
        return None
    repaired = text
    for _ in range(3):
        repaired = re.sub(_MISREAD, _reread, repaired)
    repaired = re.sub(_C1, lambda found: found[0].encode("latin-1").decode("cp1252", "ignore"), repaired)
    return None if repaired == text and "\ufffd" not in text else repaired


_DAMAGED = re.compile(f"{_MISREAD}|{_C1}|\ufffd")


def _reread(found: re.Match[str]) -> str:
    """The UTF-8 bytes that were taken for cp1252, read as what they are."""
    text = found[0]
    if text == "Ã ":  # "à" was C3 A0, whose no-break space became an ordinary one
        return "à"
    read = bytes([ord(text[0]), *(_TRAIL[char] for char in text[1:])]).decode("utf-8", "ignore")
    return read if read and _is_cp1252(read) else text


def _is_cp1252(char: str) -> bool:
    return (char in _TRAIL and not re.match(_C1, char)) or "\xc0" <= char <= "\xff"


def clean(text: str) -> tuple[str, list[str]]:
    """Repair what cannot be meant: odd spaces, invisible characters, straight apostrophes, split accents.

    Returns:
        The repaired text, on one line; and in French what was repaired, nothing for the line break that ends
        a YAML block.
    """
    text = text.rstrip("\n")
    if _TIDY.fullmatch(text) and "  " not in text and text == text.strip() and unicodedata.is_normalized("NFC", text):
        return text, []
    repairs = []
    for what, repair in (
        ("accents recomposés", _compose),
        ("caractères invisibles supprimés", lambda text: re.sub(_INVISIBLE, "", text)),
        ("espaces superflus supprimés", lambda text: re.sub(_SPACES, " ", text).strip()),
        ("apostrophe typographique", lambda text: re.sub(_APOSTROPHE, "’", text)),
        ("trait d’union ordinaire", lambda text: re.sub(_HYPHEN, "-", text)),
    ):
        repaired = repair(text)
        if repaired != text:
            repairs.append(what)
        text = repaired
    return text, repairs


_TIDY = re.compile(r"[\w .,;:()/&’«»–-]*")


def looks_alike(first: str, second: str) -> bool:
    """Whether a reader sees no difference between two texts: kinds of spaces and hyphens, split accents, ends."""
    return _drawn(first) == _drawn(second)


def _drawn(text: str) -> str:
    """The text with one sign for all that are drawn as it is."""
    return re.sub(_HYPHEN, "-", re.sub(r"[^\S\n\t]", " ", _compose(text))).strip()


def _compose(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def without_signs(text: str) -> str:
    """A value without the signs that people set around it: « - Armentières, », « (Armentières) », « Armentières * ».

    A point stays behind an abbreviation, and guillemets, quotation marks and brackets around a part of the value.
    """
    bare = re.sub(_LEADING, "", re.sub(_TRAILING, "", text))
    while (match := re.fullmatch(_WRAPPED, bare)) and not re.search(_PAIRS, match["inner"]):
        bare = re.sub(_LEADING, "", re.sub(_TRAILING, "", match["inner"].strip()))
    return bare if any(map(str.isalnum, bare)) else text


_LEADING = r"^(?:[-–—•·*] +|[,;:*•_\s]+|’(?=[^\W_a-z]))+"
_TRAILING = r"(?: +[-–—]|[,;:*_\s]+|(?<=\w{4})\.|(?<=\d)\.)+$"
_WRAPPED = r"[\"“«(\[](?P<inner>.*)[\"”»)\]]"
_PAIRS = r"[\"“”«»()\[\]]"


def damage(text: str) -> tuple[str, str, str] | None:
    """What makes a text unusable: a problem code, what is wrong and what to do, in French; None for a usable one."""
    if meant := repair_mojibake(text):
        hint = "Enregistrez de nouveau le fichier en UTF-8, ou corrigez la valeur."
        if "\ufffd" not in meant:
            hint = f"Vouliez-vous dire « {clean(meant)[0]} » ? {hint}"
        return "mojibake", "Les accents de cette valeur ont été abîmés.", hint
    if illegal := find_illegal(text):
        message = f"Cette valeur contient le caractère interdit U+{ord(illegal):04X}, invisible."
        return "illegal-character", message, "Retapez la valeur."
    return None
