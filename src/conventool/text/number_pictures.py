"""Numbers as Word's pictures write them (ISO/IEC 29500-1, 17.16.4.2): ``# ##0,00``, ``00 00 00 00 00``."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import NamedTuple

from conventool.text.french import NBSP
from conventool.text.numbers import NumberError, parse_number

__all__ = ["PictureError", "keeps_zeros", "number_in_picture", "number_like_picture", "places_after"]

_TOKENS = r"(?s)'(?P<quoted>[^']*)'|(?P<place>[0#xX])|(?P<mark>[,. \u00a0\u202f])|(?P<other>.)"
_SPACES = frozenset(" \u00a0\u202f")
_SIGNS = frozenset("+-−")
_FOREIGN_GROUPS = r"(?i)#,##[0#]|(?<![0#x]),[0#]"
"""A comma that parts groups of three, as English has it: ``#,##0`` and ``,0``."""
_LONGEST = 100


class PictureError(ValueError):
    """A picture that says no number; the text says why, in French."""


class _Piece(NamedTuple):
    """A sign of a picture.

    Attributes:
        kind: ``place`` of a digit, ``sign``, ``group`` or ``literal``.
        text: what is written there.
    """

    kind: str
    text: str


class _Picture(NamedTuple):
    """What is written for numbers of one sign.

    Attributes:
        whole: the pieces before the decimal sign.
        decimals: those after it; None where it has none.
        groups: are the digits parted by threes, however many there are?
    """

    whole: tuple[_Piece, ...]
    decimals: tuple[_Piece, ...] | None
    groups: bool

    @property
    def places(self) -> int:
        """How many decimals it writes."""
        return sum(piece.kind == "place" for piece in self.decimals or ())


def number_like_picture(value: Decimal | int | str, picture: str) -> str:
    """Write a number as a picture asks; a text that is no number stays as it is, as in Word.

    ``0`` is a digit, or a zero; ``#`` a digit, or a space; ``x`` cuts what is before it, or rounds at it. A second
    section is for negative numbers, a third for zero. The decimal sign is the comma of French, digits are parted by
    spaces that do not break, whichever of the two manners the picture was written in: ``# ##0,00`` or ``#,##0.00``.

    Raises:
        PictureError: the picture has no place for a digit, or is too long.
    """
    sections = _sections(picture)
    if isinstance(value, str):
        try:
            number = _number(value, sections[0])
        except NumberError:
            return value
    else:
        number = Decimal(value)
    section = sections[1] if number < 0 and len(sections) > 1 else sections[0]
    if not number and len(sections) > 2:
        section = sections[2]
    return _written(number, section, signed=section is sections[0])


def number_in_picture(text: str, picture: str) -> Decimal | str | None:
    """The number that a picture wrote so; its digits where it is counted by them; None for no such.

    Raises:
        PictureError: the picture is none of numbers.
    """
    for rank, section in enumerate(_sections(picture)):
        bare = "".join(char for char in _without_literals(text, section) if char.isdigit() or char in ",-−")
        digits = re.fullmatch(r"[-−]?(\d+)(?:,(\d+))?", bare)
        if digits is None:
            continue
        if keeps_zeros(picture):
            found: Decimal | str = digits[1]
        else:
            found = Decimal(f"{digits[1]}.{digits[2] or 0}" if digits[2] else digits[1])
            found = -found if rank == 1 or bare[:1] in {"-", "−"} else found
        if "".join(number_like_picture(found, picture).split()) == "".join(text.split()):
            return found
    return None


def keeps_zeros(picture: str) -> bool:
    """Is it of a number that is counted by its digits, as those of telephones and postal codes are?

    Raises:
        PictureError: it is none of numbers.
    """
    section = _sections(picture)[0]
    places = [piece.text for piece in section.whole if piece.kind == "place"]
    return section.decimals is None and len(places) > 1 and set(places) == {"0"}


def places_after(picture: str) -> int:
    """How many decimals it writes.

    Raises:
        PictureError: it is none of numbers.
    """
    return _sections(picture)[0].places


def _number(text: str, section: _Picture) -> Decimal:
    """The number that a text gives; one that is counted by its digits may be parted anyhow."""
    bare = re.sub(r"[\s.]", "", text)
    if section.decimals is None and bare.isascii() and bare.isdigit():
        return Decimal(bare)
    if section.places > 2 and re.fullmatch(r"[0-9]+,[0-9]+", bare):
        return Decimal(bare.replace(",", "."))
    return parse_number(text)


@lru_cache(maxsize=256)
def _sections(picture: str) -> tuple[_Picture, ...]:
    if len(picture) > _LONGEST:
        raise PictureError(f"l’image de nombre dépasse {_LONGEST} caractères.")
    texts = re.findall(r"(?:'[^']*'|[^';]|')+", picture) or [""]
    sections = tuple(map(_section, texts))
    if not any(piece.kind == "place" for piece in sections[0].whole + (sections[0].decimals or ())):
        raise PictureError(f"l’image de nombre « {picture} » n’a aucun chiffre : ni « 0 », ni « # ».")
    return sections


def _section(text: str) -> _Picture:
    decimal = _decimal_sign(text)
    tokens = list(re.finditer(_TOKENS, text))
    at = next((rank for rank, one in enumerate(tokens) if one["mark"] and one.start() == decimal), None)
    whole, rest = (tokens, None) if at is None else (tokens[:at], tokens[at + 1 :])
    groups = _is_grouped(whole)
    return _Picture(_pieces(whole, groups=groups), None if rest is None else _pieces(rest, groups=False), groups)


def _decimal_sign(text: str) -> int | None:
    """Where the decimal sign of a picture stands: the last of its commas and points, unless it parts groups."""
    bare = re.sub(r"'[^']*'", lambda quoted: "_" * len(quoted[0]), text)
    marks = [at for at, char in enumerate(bare) if char in ",." and re.match(r"[0#xX]", bare[at + 1 :])]
    if not marks:
        return None
    last = marks[-1]
    if bare[last] == "," and re.search(_FOREIGN_GROUPS, bare):
        return None
    return last


def _is_grouped(tokens: list[re.Match[str]]) -> bool:
    """Are the digits parted by threes? So where a mark parts three places from others, and one of them is a ``#``."""
    text = "".join(one[0] if one["place"] else "," if one["mark"] else "'" for one in tokens).strip("',")
    return bool(re.fullmatch(r"[0#xX]{0,3}(?:,[0#xX]{3})+|,?[0#xX]", text)) and ("#" in text or _has_comma(tokens))


def _has_comma(tokens: list[re.Match[str]]) -> bool:
    return any(one["mark"] == "," for one in tokens)


def _pieces(tokens: list[re.Match[str]], *, groups: bool) -> tuple[_Piece, ...]:
    places = [rank for rank, one in enumerate(tokens) if one["place"]]
    pieces = []
    for rank, one in enumerate(tokens):
        if one["place"]:
            pieces.append(_Piece("place", one["place"].lower()))
        elif one["other"] and one["other"] in _SIGNS:
            pieces.append(_Piece("sign", one["other"]))
        elif groups and one["mark"] and places and rank < places[-1]:
            continue  # the digits are parted as they come
        elif one["mark"] in {",", "."} and places and rank < places[-1]:
            continue
        else:
            pieces.append(_Piece("literal", one["quoted"] if one["quoted"] is not None else one[0]))
    return tuple(pieces)


def _written(number: Decimal, section: _Picture, *, signed: bool) -> str:
    with localcontext() as context:
        context.prec = 60
        rounded = abs(number).quantize(Decimal(1).scaleb(-section.places), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    negative = number < 0 and bool(rounded)
    text = _whole(whole, section, negative=negative)
    if section.decimals is not None:
        text += _fraction(fraction, section)
    has_sign = any(piece.kind == "sign" for piece in section.whole)
    return ("-" if negative and signed and not has_sign else "") + text.strip()


def _whole(digits: str, section: _Picture, *, negative: bool) -> str:
    """The digits before the decimal sign, in their places from the last to the first."""
    left = digits.lstrip("0")
    first = next((rank for rank, piece in enumerate(section.whole) if piece.kind == "place"), None)
    out: list[str] = []
    count = 0
    for rank in range(len(section.whole) - 1, -1, -1):
        piece = section.whole[rank]
        if piece.kind != "place":
            out.append(_sign(piece.text, negative=negative) if piece.kind == "sign" else piece.text)
            continue
        taken, left = left[-1:], left[:-1]
        if taken or piece.text == "0":
            out.append(NBSP if section.groups and count and count % 3 == 0 else "")
            out.append(taken or "0")
        else:
            out.append(" ")
        count += 1
        while rank == first and left and piece.text != "x":  # more digits than places
            out += [NBSP if section.groups and count % 3 == 0 else "", left[-1]]
            left, count = left[:-1], count + 1
    return "".join(reversed(out))


def _fraction(digits: str, section: _Picture) -> str:
    places = [piece for piece in section.decimals or () if piece.kind == "place"]
    needed = [rank for rank, place in enumerate(places, 1) if place.text != "#" or digits[rank - 1 :].strip("0")]
    last = max(needed, default=0)
    out, rank = [], 0
    for piece in section.decimals or ():
        if piece.kind == "place":
            out.append(digits[rank] if rank < last else " ")
            rank += 1
        else:
            out.append(piece.text)
    return f",{''.join(out)}" if last else "".join(out).lstrip()


def _sign(sign: str, *, negative: bool) -> str:
    return "-" if negative else "+" if sign == "+" else " "


def _without_literals(text: str, section: _Picture) -> str:
    for piece in (*section.whole, *(section.decimals or ())):
        if piece.kind == "literal" and piece.text.strip():
            text = text.replace(piece.text, "", 1)
    return text
