"""The elements of a repeating section as text: each the template's own words, with a value between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

__all__ = ["ItemPattern", "curled", "spaced"]

_MOST_LINES = 300


def curled(text: str) -> str:
    """The text with the apostrophes that the program prints; a keyboard has but the straight one."""
    return text.replace("'", "’")


def spaced(text: str) -> str:
    """A pattern for a text, however its words are spaced."""
    words = [re.escape(curled(word)) for word in text.split()]
    return (r"\s*" if text[:1].isspace() else "") + r"\s*".join(words) + (r"\s*" if text[-1:].isspace() else "")


@dataclass(frozen=True)
class ItemPattern:
    """What one element says.

    Attributes:
        fixed: the template's words before, between and after the values.
        names: what each value is.
    """

    fixed: tuple[str, ...]
    names: tuple[str, ...]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        gaps = "".join(f"(.*?){spaced(text)}" for text in self.fixed[1:])
        return re.compile(rf"\s*{spaced(self.fixed[0])}{gaps}\s*", re.DOTALL)

    def split(self, text: str) -> list[dict[str, str]] | None:
        """The values of each element of a section.

        Args:
            text: what the section says.

        Returns:
            For each element, by name, its values; None where anything else stands among them.
        """
        lines = curled(text.strip()).split("\n") if text.strip() else []
        if len(lines) > _MOST_LINES:
            return None
        found: dict[int, list[dict[str, str]]] = {0: []}
        height = max("".join(self.fixed).strip("\n").count("\n") + 1, 1)
        for end in range(1, len(lines) + 1):  # the fewest lines first: a value may itself have several
            for start in range(end - height, -1, -1):
                match = self._pattern.fullmatch("\n".join(lines[start:end])) if start in found else None
                if match is not None:
                    values = dict(zip(self.names, (one.strip() for one in match.groups()), strict=True))
                    found[end] = [*found[start], values]
                    break
        return found.get(len(lines))

    def text(self, items: Sequence[Mapping[str, str]]) -> str:
        """What a section with these elements says."""
        return "\n".join("".join(self._pieces(item)) for item in items)

    def _pieces(self, item: Mapping[str, str]) -> Iterator[str]:
        yield self.fixed[0]
        for name, text in zip(self.names, self.fixed[1:], strict=True):
            yield item.get(name, "")
            yield text
