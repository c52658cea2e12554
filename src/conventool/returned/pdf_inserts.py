"""The notes and the text boxes of a PDF's pages, taken out of the lines that run on.

One that was altered is none of the template's: it stays among the lines, and is told with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conventool.returned.alignment import matches
from conventool.returned.pdf_glyphs import Line, box_of, spelled
from conventool.returned.story_pattern import Passage, StoryPattern
from conventool.returned.template_pattern import TemplatePattern
from conventool.returned.wrapped_lines import joined_lines
from conventool.text.stories import squeezed

__all__ = ["take_inserts", "take_split_notes"]

_MOST_LINES = 60
"""Of a note or a text box."""
_CLOSE = 1.2
"""How far below a line, in heights of it, the next one of the same paragraph ends at most."""


def take_inserts(lines: list[Line], template: TemplatePattern) -> tuple[list[tuple[int, str]], list[Line]]:
    """Take the notes and the text boxes that stand on a page out of its lines.

    Args:
        lines: of the page; those taken are removed.
        template: the template.

    Returns:
        What each says, by the rank of its story among the template's, and the lines taken.
    """
    inserts, apart = list[tuple[int, str]](), list[Line]()
    for rank, pattern in enumerate(template.stories):
        for part in _parts(pattern):
            found = _insert(lines, StoryPattern(pattern.kind, part), template)
            if found is not None:
                inserts.append((rank, _said(lines[found])))
                apart += lines[found]
                del lines[found]
    return inserts, apart


def take_split_notes(
    page: list[Line], following: list[Line], template: TemplatePattern
) -> Iterator[tuple[int, str, list[Line], list[Line]]]:
    """Take the notes that begin on one page and end on the next out of their lines.

    Args:
        page: the lines of the one, without the notes that stand on it alone; those taken are removed.
        following: those of the next, likewise.
        template: the template.

    Yields:
        For each note the rank of its story among the template's, what it says, and the lines taken of both pages.
    """
    for rank, pattern in enumerate(template.stories):
        for part in _parts(pattern) if pattern.kind == "note" else ():
            found = _split_note(page, following, StoryPattern(pattern.kind, part))
            if found is not None:
                start, rest = found
                here, there = page[start:], following[rest:]
                yield rank, _said([*here, *there]), here, there
                del page[start:], following[rest:]


def _parts(pattern: StoryPattern) -> list[tuple[Passage, ...]]:
    """The paragraphs of a text box together, those of notes one by one."""
    if pattern.kind == "note":
        return [(one,) for one in pattern.passages]
    return [pattern.passages] if pattern.kind == "box" else []


def _said(lines: Sequence[Line]) -> str:
    return joined_lines([(line, line.text) for line in lines], None)


def _insert(lines: Sequence[Line], pattern: StoryPattern, template: TemplatePattern) -> slice | None:
    """Where some lines are all that a note or a text box says; the last such place."""
    first, *_ = pattern.fixed
    texts = [spelled(line) for line in lines]
    for start in range(len(texts) - 1, -1, -1):
        text = ""
        for end in range(start + 1, min(start + _MOST_LINES, len(texts)) + 1):
            text += f"{texts[end - 1]}\n"
            key = squeezed(text)
            if not (first.startswith(key) or key.startswith(first)):
                break
            if all(words in key for words in pattern.fixed) and matches(pattern, text):
                begins = start - _is_number_above(texts, start, text, pattern)
                return slice(begins, _end(lines, end, pattern, template))
    return None


def _end(lines: Sequence[Line], end: int, pattern: StoryPattern, template: TemplatePattern) -> int:
    """Where an insert ends whose last value may go on: above a wider space, or above the next note."""
    if pattern.fixed[-1]:
        return end
    others = [
        one.fixed[0] for story in template.stories for part in _parts(story) for one in [StoryPattern("note", part)]
    ]
    while end < len(lines) and _goes_on(lines[end - 1], lines[end]):
        key = squeezed(spelled(lines[end]))
        if any(other.startswith(key) or key.startswith(other) for other in others if other):
            break
        end += 1
    return end


def _goes_on(line: Line, following: Line) -> bool:
    """Whether a line stands right below another, and begins no farther to the right than that ends."""
    here, there = box_of(line), box_of(following)
    return here.top < there.top and there.bottom - here.bottom < (1 + _CLOSE) * here.height and there.left < here.right


def _split_note(page: Sequence[Line], following: Sequence[Line], note: StoryPattern) -> tuple[int, int] | None:
    """From where on two pages hold a note at their ends, the first place of the one and the last of the other."""
    first, here, there = note.fixed[0], [spelled(line) for line in page], [spelled(line) for line in following]
    for start in range(max(len(here) - _MOST_LINES, 0), len(here)):
        key = squeezed("".join(here[start:]))
        if not (key and first and (first.startswith(key) or key.startswith(first))):
            continue
        for rest in range(len(there) - 1, max(len(there) - _MOST_LINES, 0) - 1, -1):
            if matches(note, "\n".join([*here[start:], *there[rest:]])):
                return start, rest
    return None


def _is_number_above(texts: Sequence[str], start: int, text: str, pattern: StoryPattern) -> bool:
    """Whether the line above a note is the number of it, which its template has not."""
    counts = bool(pattern.slots) and pattern.slots[0].alias == "Champ NOTE" and start > 0
    return counts and matches(pattern, f"{texts[start - 1]}\n{text}")
