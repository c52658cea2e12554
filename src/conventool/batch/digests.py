"""The SHA-256 of documents that begin alike, as the copies of an adherent do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

__all__ = ["digests"]

_A_FEW = 200
"""Bytes that are digested sooner than looked into."""


def digests(documents: Sequence[bytes]) -> Iterator[str]:
    """The SHA-256 of each document, in hexadecimal; the beginning that they share is gone through once."""
    alike = min((_alike(documents[0], other) for other in documents[1:]), default=0)
    begun = sha256(documents[0][:alike])
    for data in documents:
        digest = begun.copy()
        digest.update(data[alike:])
        yield digest.hexdigest()


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes begin both, to a few."""
    low, high = 0, min(len(one), len(other))
    while high - low > _A_FEW:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low
