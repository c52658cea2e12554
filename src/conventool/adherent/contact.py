"""By what an adherent is reached: addresses of mail and telephone numbers, as lists and people write them.

Neither stands in a convention. One that is none is told and left out, and the convention is made all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from conventool.adherent.fields import Given
    from conventool.adherent.reading import Reading

__all__ = ["Contact", "is_contact", "mail_addresses", "phone_numbers", "read_contact"]

_LONGEST = 254
"""Octets of an address (RFC 5321, 4.5.3.1.3, without its angle brackets); before the @ 64."""
_ATOM, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|xn--[A-Za-z0-9-]+)"
"""An address of RFC 5322, 3.4.1, without quoted words, at a domain of RFC 1035, 2.3.1."""
_BETWEEN = r"\s*[;,\n]\s*|\s+(?:et|ou|/)\s+|\s+(?=[^\s<]+@)|\s*/\s*(?=[+0])"
_CALLED = r"(?i)mailto:(?P<bare>\S+)|[^<>]*<(?P<named>[^<>]+)>"
"""As programs of mail write an address: with a name before it, or as a link."""
_PHONE = (
    r"(?i)(?:t[ée]l[a-zé]*\.?|fixe|portable|mobile|standard)?\s*:?\s*"
    r"(?P<number>(?:0|(?:\+|00)\s?33\s?(?:\(0\))?\s?)[1-9](?:[\s.\-]?\d{2}){4}"
    r"|(?:\+|00)\s?(?!33)[1-9](?:[\s.\-]?(?:\(0\))?\d){8,14}|3\d{3})"
)
"""Ten digits of the French numbering plan, a short number of four, or an international one (E.164: 15 digits)."""
_ZERO_LOST = re.compile(r"[1-9]\d{8}")


class Contact(NamedTuple):
    """By what an adherent is reached.

    Attributes:
        courriel: addresses of mail, separated by « ; ».
        telephone: numbers, likewise, as they were written.
    """

    courriel: str | None = None
    telephone: str | None = None


def read_contact(given: Given, reading: Reading) -> Contact:
    """Read it; what is no address or no number is told, and left out."""
    if given.courriel is None and given.telephone is None:  # as in most lists
        return Contact()
    return Contact(
        _read("courriel", given.courriel, mail_addresses(given.courriel or ""), reading),
        _read("telephone", given.telephone, phone_numbers(given.telephone or ""), reading),
    )


def _read(path: str, text: str | None, found: tuple[list[str], str], reading: Reading) -> str | None:
    several, wrong = found
    if text is None:
        return None
    if wrong:
        what, example = _WHAT[path]
        message = f"« {wrong} » n’est pas {what} : ce champ est tenu pour vide."
        hint = f"Écrivez par exemple « {example} » ; plusieurs se séparent par « ; »."
        reading.warning("bad-contact", path, message, hint, text)
        return None
    read = " ; ".join(several)
    if re.sub(r"[\s;,]", "", read) != re.sub(r"[\s;,]", "", text):
        reading.repaired(path, text, read, code="lost-zero" if read == f"0{text}" else "repaired")
    return read


_WHAT = {
    "courriel": ("une adresse de courriel", "mairie@exemple.fr"),
    "telephone": ("un numéro de téléphone", "03 20 00 00 00"),
}


def is_contact(path: str, text: str) -> bool:
    """Whether a text is what a field of these can hold; ``path`` is ``courriel`` or ``telephone``."""
    found, wrong = mail_addresses(text) if path == "courriel" else phone_numbers(text)
    return bool(found) and not wrong


def mail_addresses(text: str) -> tuple[list[str], str]:
    """The addresses of mail that a text names, each once; and the first part of it that is none, empty without."""
    return _parts(text, _address)


def phone_numbers(text: str) -> tuple[list[str], str]:
    """The telephone numbers that a text names, each once; and the first part of it that is none, empty without."""
    return _parts(text, _number)


def _parts(text: str, read: Callable[[str], str]) -> tuple[list[str], str]:
    """What a text names, each once; and the first part of it that names nothing."""
    found: dict[str, None] = {}
    for part in filter(None, re.split(_BETWEEN, text.strip())):
        if not (one := read(part)):
            return [], part
        found[one] = None
    return list(found), ""


def _address(part: str) -> str:
    called = re.fullmatch(_CALLED, part)
    address = (called["bare"] or called["named"]) if called else part
    return address if len(address) <= _LONGEST and re.fullmatch(_ADDRESS, address) else ""


def _number(part: str) -> str:
    """A number; one that a spreadsheet has taken the zero from has it again."""
    if _ZERO_LOST.fullmatch(part):
        return f"0{part}"
    found = re.fullmatch(_PHONE, part)
    return found["number"] if found else ""
