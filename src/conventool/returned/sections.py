"""A repeating section of a returned document: what stands in it, and in none of the controls of its values."""

from __future__ import annotations

from conventool.returned.slots import Slot
from conventool.returned.story_pattern import StoryPattern
from conventool.text.stories import Story, squeezed

__all__ = ["unheld"]


def unheld(slot: Slot, pattern: StoryPattern, story: Story, value: str) -> str:
    """The words of a section that no control holds, though the document has kept its controls.

    Args:
        slot: of the section.
        pattern: the template's story.
        story: the document's.
        value: what the section says.

    Returns:
        The words; empty where there are none, or where the document has lost its controls, as some programs take
        them off.
    """
    assert slot.items is not None
    titles = {alias for _, alias in slot.items.controls if alias}
    held = [
        span
        for span in story.spans
        if ((span.tag, span.alias) in slot.items.controls if span.tag else span.alias in titles)
    ]
    sections = [span for span in story.spans if slot.is_control(span)]
    if not sections:
        others = [one for one in pattern.slots if one is not slot]
        kept = any(one.is_control(span) for span in story.spans for one in others)
        return value if kept and not held else ""
    left, at = [], sections[0].start
    for span in held:
        if at <= span.start and span.end <= sections[0].end:
            left.append(story.text[at : span.start])
            at = span.end
    left.append(story.text[at : sections[0].end])
    fixed = [squeezed(text) for text in slot.items.fixed]
    return _unlike(left, fixed)


def _unlike(texts: list[str], fixed: list[str]) -> str:
    """The first of some texts around controls that is not what the template has there."""
    width = len(fixed) - 1
    for rank, text in enumerate(texts):
        place = rank % width
        wanted = fixed[place] if place else (fixed[-1] if rank else "") + (fixed[0] if rank < len(texts) - 1 else "")
        if squeezed(text) != wanted:
            return text
    return ""
