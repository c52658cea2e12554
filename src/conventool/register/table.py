"""The tables of the register: text, a header, then lines sorted by their first column.

A table is searched by bisection, so that one look-up costs little more than reading the file; a long list gets an
index.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

__all__ = ["DATA", "Table"]

DATA = Path(__file__).with_name("data")
"""The folder of the tables."""

_OFTEN = 1_000
"""After so many searches a table gets an index."""


class Table:
    """One table of `DATA`: a header, then lines sorted by their first column."""

    def __init__(self, name: str) -> None:
        self._text = DATA.joinpath(name).read_bytes()
        self._start = self._text.index(b"\n") + 1
        self._sought = 0

    def find(self, key: str) -> list[str] | None:
        """The columns of the line whose first column is ``key``, by bisection, or by the index once there is one."""
        self._sought += 1
        if self._sought <= _OFTEN:
            return self._by_halves(key)
        line = self._index.get(key)
        return line.split("\t") if line else None

    @cached_property
    def _index(self) -> dict[str, str]:
        """The lines by their first column; it costs as much as some two thousand searches by bisection."""
        return {line.partition("\t")[0]: line for line in self._lines()}

    def _by_halves(self, key: str) -> list[str] | None:
        text, wanted = self._text, key.encode()
        low, high = self._start, len(text)
        while low < high:
            start = text.rfind(b"\n", low - 1, (low + high) // 2) + 1
            tab = text.index(b"\t", start)
            end = text.index(b"\n", tab)
            found = text[start:tab]
            if found == wanted:
                return text[start:end].decode().split("\t")
            if found < wanted:
                low = end + 1
            else:
                high = start
        return None

    def rows(self) -> Iterator[list[str]]:
        """The columns of every line."""
        return (line.split("\t") for line in self._lines())

    def _lines(self) -> list[str]:
        return self._text[self._start :].decode().split("\n")[:-1]
