"""Words written from right to left, whose order a PDF does not keep: they are told, and not compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from unicodedata import bidirectional, category

from conventool.returned.pdf_glyphs import Line
from conventool.returned.story_pattern import Passage, StoryPattern
from conventool.word.foreign import Foreign

__all__ = ["is_right_to_left", "left_to_right", "lost_letters", "without_right_to_left"]

_MIRRORED = str.maketrans("()[]{}", ")(][}{")


def is_right_to_left(sign: str) -> bool:
    """Is a letter, or a ligature, of a script that is written from right to left, as Arabic and Hebrew are (UAX #9)?"""
    return any(bidirectional(char) in {"R", "AL"} for char in sign)


def _has_some(text: str) -> bool:
    """Has a text such letters?"""
    return not text.isascii() and any(map(is_right_to_left, text))


def without_right_to_left(pattern: StoryPattern) -> StoryPattern:
    """A template's story without its words from right to left, and without the paragraphs that are mostly such."""
    kept = (_kept(passage) for passage in pattern.passages)
    return replace(pattern, passages=tuple(passage for passage in kept if passage))


def _kept(passage: Passage) -> Passage | None:
    if not _has_some(passage.text):
        return passage
    items = tuple(_left(item) if isinstance(item, str) else item for item in passage.items)
    return None if _is_mostly_so(passage.source) else replace(passage, items=items)


def left_to_right(lines: Iterable[Line], under: str) -> tuple[list[Line], list[Foreign]]:
    """Some lines without what is written from right to left, and what is told of that.

    Args:
        lines: of a page.
        under: how the page is called.
    """
    kept, so = list[Line](), list[Line]()
    for line in lines:
        (so if _has_some(line.text) else kept).append(line)
        if line in so and not _is_mostly_so(line.text):
            kept.append(Line(_left(line.text, mirrored=True), [one for one in line.glyphs if not _is_so(one.char)]))
    text = " ".join(line.text.strip() for line in so)
    what = "une écriture de droite à gauche, à relire, car un PDF n’en garde pas l’ordre"
    return kept, [Foreign("right-to-left", what, text, under=under, at=so[0].box)] if so else []


def lost_letters(pages: Iterable[Iterable[Line]], wanted: str) -> Iterator[Foreign]:
    """What is told of pages that have not all letters from right to left that a template has."""
    chars = (char for lines in pages for line in lines for char in line.text)
    if Counter(wanted) - Counter(filter(is_right_to_left, chars)):
        yield Foreign(
            "right-to-left", "l’écriture de droite à gauche du modèle n’y est pas toute", under="Toutes les pages"
        )


def _is_so(char: str) -> bool:
    return is_right_to_left(char) or category(char) == "Mn"


def _is_mostly_so(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return 2 * sum(map(is_right_to_left, letters)) >= len(letters)


def _left(text: str, *, mirrored: bool = False) -> str:
    """A text without its letters from right to left; brackets beside them may be mirrored."""
    return "".join(_words(text, mirrored=mirrored))


def _words(text: str, *, mirrored: bool) -> Iterator[str]:
    for rank, word in enumerate(text.split(" ")):
        left = "".join(char for char in word if not _is_so(char))
        yield " " if rank else ""
        yield left.translate(_MIRRORED) if mirrored and left != word else left
