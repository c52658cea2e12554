"""A list as long as one likes, kept in a temporary file instead of the memory."""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections.abc import Collection, Iterator
from typing import Generic, TypeVar
from weakref import finalize

__all__ = ["Spool"]

T = TypeVar("T")

_BLOCK = 400


class Spool(Collection[T], Generic[T]):
    """Items in the order they were added. Its file has no name: it goes with the process, however that ends."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (it lives as long as the spool)
        finalize(self, self._file.close)
        self._offsets = array("Q")
        self._block: list[T] = []
        self._length = 0

    def append(self, item: T) -> None:
        """Add an item; it is pickled, and comes back as a copy."""
        self._block.append(item)
        self._length += 1
        if len(self._block) == _BLOCK:
            self._flush()

    def __len__(self) -> int:
        """How many items there are."""
        return self._length

    def __iter__(self) -> Iterator[T]:
        """The items, from the first."""
        return (item for block in self.blocks() for item in block)

    def __contains__(self, item: object) -> bool:
        """Whether an item is there, found by reading them all."""
        return any(item == other for other in self)

    def blocks(self) -> Iterator[list[T]]:
        """The items, some dozens at a time."""
        self._flush()
        for offset in self._offsets:
            self._file.seek(offset)  # each time: another reader may have moved it
            yield pickle.load(self._file)  # noqa: S301 (this process wrote it, nobody else can)

    def _flush(self) -> None:
        if self._block:
            self._offsets.append(self._file.seek(0, 2))
            pickle.dump(self._block, self._file, pickle.HIGHEST_PROTOCOL)
            self._block = []
