"""The filters of a manifest's expressions that do what the switches of a merge field did, as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conventool.word.merge_fields import Switch

__all__ = ["filtered", "filters_of"]

_OF_CASE = {"UPPER": "majuscule", "LOWER": "lower", "CAPS": "initiales", "FIRSTCAP": "initiale"}
_WITH_TEXT = {"number": "nombre", "date": "date", "before": "avant", "after": "apres"}
_ALONE = re.compile(r"\{\{ (?:(?!\}\}).)* \}\}")
_BESIDE = ("avant(", "apres(")


def filters_of(switches: Sequence[Switch]) -> Iterator[str]:
    """Each as an expression has it: ``majuscule``, ``nombre('# ##0,00')``."""
    for switch in switches:
        yield _OF_CASE[switch.text] if switch.kind == "case" else f"{_WITH_TEXT[switch.kind]}({_literal(switch.text)})"


def filtered(expression: str, filters: Sequence[str]) -> str:
    """An expression whose values go through filters.

    Of several with words between them, the first gets what is put before a value, the last what is put after it.
    """
    pieces = list(_ALONE.finditer(expression))
    for rank, piece in reversed(list(enumerate(pieces))):
        own = [one for one in filters if not one.startswith(_BESIDE)]
        own += [one for one in filters if one.startswith("avant(") and rank == 0]
        own += [one for one in filters if one.startswith("apres(") and rank == len(pieces) - 1]
        word = piece[0][3:-3]
        word = f"({word})" if " " in word and own else word
        through = " | ".join([word, *own])
        expression = f"{expression[: piece.start()]}{{{{ {through} }}}}{expression[piece.end() :]}"
    return expression


def _literal(text: str) -> str:
    """A text as an expression has it, in the quotes that it does not hold."""
    quote = '"' if "'" in text else "'"
    return quote + text.replace("\\", r"\\").replace(quote, f"\\{quote}") + quote
