"""The elements of a repeating section as text: each the template's own words, with a value between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

__all__ = ["ItemPattern", "curled", "label_sign", "spaced"]

_MOST_LINES = 300
_LINES_OF_ONE = 30
_MOST_BLANKS = 50
"""In a row: to look for words among more takes the square of their number."""
_FIRST_SIGN = 0xE000
_SIGN = re.compile(r"([\ue000-\uf8ff]) ?")
_LONG_BLANK = re.compile(rf"[^\S\n]{{{_MOST_BLANKS},}}")


def curled(text: str) -> str:
    """The text with the apostrophes that the program prints; a keyboard has but the straight one."""
    return text.replace("'", "’")


def label_sign(rank: int) -> str:
    """What stands in the words of an element for the number of a list in it."""
    return chr(_FIRST_SIGN + rank)


def spaced(text: str) -> str:
    """A pattern for a text, however its words are spaced."""
    words = [re.escape(curled(word)) for word in text.split()]
    return (r"\s*" if text[:1].isspace() else "") + r"\s*".join(words) + (r"\s*" if text[-1:].isspace() else "")


def _by_paragraphs(text: str) -> str:
    """The same, where a paragraph ends only where the text has it."""
    return r"[^\S\n]*\n[^\S\n]*".join(map(spaced, text.split("\n")))


def _between(text: str, patterns: Sequence[re.Pattern[str]]) -> list[str] | None:
    """What stands between the first matches of some patterns, the last at the end; None where they are not all there.

    The first match of each is as good as any other, so that no text takes longer than it is long.
    """
    begun = patterns[0].match(text)
    values, at = [], begun.end() if begun else 0
    for pattern in patterns[1:] if begun else ():
        found = pattern.search(text, at)
        if found is None:
            return None
        values.append(text[at : found.start()].strip())
        at = found.end()
    return values if begun and at == len(text) else None


@dataclass(frozen=True)
class ItemPattern:
    """What one element says.

    Attributes:
        fixed: the template's words before, between and after the values.
        names: what each value is.
        in_paragraphs: the values of which each line is a paragraph.
        controls: tag and title of the controls that hold the values.
        labels: patterns of the numbers of lists among the fixed words, where `label_sign` stands for each.
    """

    fixed: tuple[str, ...]
    names: tuple[str, ...]
    in_paragraphs: frozenset[str] = frozenset()
    controls: frozenset[tuple[str | None, str | None]] = frozenset()
    labels: tuple[str, ...] = ()

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], ...], ...]:
        """What stands between values: where paragraphs end as in the template; and by its words alone, as on paper."""
        first, *others = self.fixed
        fixed = [first.lstrip("\n"), *others[:-1], *(text.rstrip("\n") for text in others[-1:])]
        return tuple(
            (*(self._compiled(how(text)) for text in fixed[:-1]), self._compiled(rf"{how(fixed[-1])}\s*\Z"))
            for how in (_by_paragraphs, spaced)
        )

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        return re.compile(_SIGN.sub(lambda sign: f"(?:{self.labels[ord(sign[1]) - _FIRST_SIGN]})", pattern))

    def split(self, text: str, *, on_paper: bool) -> list[dict[str, str]] | None:
        """The values of each element of a section.

        Args:
            text: what the section says.
            on_paper: may a line end anywhere? Else a paragraph does, only where the template has it.

        Returns:
            For each element, by name, its values; None where anything else stands among them.
        """
        text = _LONG_BLANK.sub(lambda blank: blank[0][:_MOST_BLANKS], text.strip())
        lines = curled(text).split("\n") if text else []
        if len(lines) > _MOST_LINES:
            return None
        by_paragraphs, by_words = self._patterns
        items = self._split(lines, by_paragraphs, self._fits)
        return self._split(lines, by_words, lambda _: True) if items is None and on_paper else items

    def _fits(self, values: Sequence[str]) -> bool:
        """Has no value more paragraphs than it may have?"""
        return not any(
            "\n" in text and name not in self.in_paragraphs for name, text in zip(self.names, values, strict=True)
        )

    def _split(
        self, lines: Sequence[str], patterns: Sequence[re.Pattern[str]], fit: Callable[[Sequence[str]], bool]
    ) -> list[dict[str, str]] | None:
        found: dict[int, list[dict[str, str]]] = {0: []}
        for end in range(1, len(lines) + 1):  # the fewest lines first: a value may itself have several
            for start in range(end - 1, max(end - _LINES_OF_ONE, 0) - 1, -1):
                values = _between("\n".join(lines[start:end]), patterns) if start in found else None
                if values is not None and fit(values):
                    found[end] = [*found[start], dict(zip(self.names, values, strict=True))]
                    break
        return found.get(len(lines))

    def text(self, items: Sequence[Mapping[str, str]], labels: Sequence[str] = ()) -> str:
        """What a section with these elements says, with the numbers of lists in it or without."""
        text, numbers = "\n".join("".join(self._pieces(item)) for item in items), iter(labels)
        return _SIGN.sub(lambda _: f"{next(numbers)} " if labels else "", text) if self.labels else text

    def _pieces(self, item: Mapping[str, str]) -> Iterator[str]:
        yield self.fixed[0]
        for name, text in zip(self.names, self.fixed[1:], strict=True):
            yield item.get(name, "")
            yield text
