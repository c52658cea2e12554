"""What a caller of the library gives: refused where it is of a wrong type, in words that say what to give."""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["must_be", "must_be_one_of"]


def must_be(name: str, value: object, kinds: type | tuple[type, ...], wanted: str) -> None:
    """Refuse an argument of another type.

    Args:
        name: of the argument.
        value: what was given.
        kinds: what it may be.
        wanted: the same in words.

    Raises:
        TypeError: it is of none of these types.
    """
    if not isinstance(value, kinds):
        raise TypeError(f"{name} must be {wanted}, not {type(value).__name__}")


def must_be_one_of(name: str, value: object, choices: Collection[object]) -> None:
    """Refuse an argument that is none of some values.

    Raises:
        ValueError: it is none of them.
    """
    if value not in choices:
        raise ValueError(f"{name} must be {' or '.join(map(repr, choices))}, not {value!r}")
