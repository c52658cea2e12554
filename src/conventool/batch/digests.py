"""The SHA-256 of documents that begin alike: all those of a template, and still more the copies of an adherent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

__all__ = ["Digests"]

_A_FEW = 200
"""Bytes that are digested sooner than looked into."""


class Digests:
    """Goes once through what all documents have begun with so far, and once through what some share."""

    def __init__(self) -> None:
        self._common: bytes | None = None
        self._begun = sha256()
        self._apart = 0

    def __call__(self, documents: Sequence[bytes]) -> Iterator[str]:
        """The SHA-256 of each document, in hexadecimal."""
        common = self._shared_with(documents)
        alike = max(len(common), self._alike(documents))
        begun = self._begun.copy()
        begun.update(documents[0][len(common) : alike])
        for data in documents:
            digest = begun.copy()
            digest.update(data[alike:])
            yield digest.hexdigest()

    def _shared_with(self, documents: Sequence[bytes]) -> bytes:
        """What all documents have begun with so far, these among them."""
        common = documents[0] if self._common is None else self._common
        for data in documents:
            if not data.startswith(common):
                common = common[: _alike(common, data)]
        if common is not self._common:
            self._common, self._begun = common, sha256(common)
        return common

    def _alike(self, documents: Sequence[bytes]) -> int:
        """How many bytes begin these documents, to a few less: most likely all but as many as the last time."""
        first = documents[0]
        likely = first[: max(0, len(first) - self._apart)]
        if all(data.startswith(likely) for data in documents):
            return len(likely)
        alike = min(_alike(first, other) for other in documents)
        self._apart = len(first) - alike
        return alike


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes begin both, to a few less."""
    low, high = 0, min(len(one), len(other))
    while high - low > _A_FEW:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low
