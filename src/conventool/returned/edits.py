"""Where a document's fixed text differs from its template's, and what stands in its blanks."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = ["Alignment", "Edit", "EditKind"]

EditKind: TypeAlias = Literal["changed", "inserted", "deleted", "moved", "alike"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One place where the fixed text differs.

    Attributes:
        kind: what was done; ``alike`` changes no letter that a reader could see.
        old: the template's words, empty for an insertion.
        new: the document's.
        before: the fixed word before.
        after: the fixed word after.
        passage: rank of the template's paragraph.
        at: where it is in the document's text.
    """

    kind: EditKind
    old: str
    new: str
    before: str
    after: str
    passage: int
    at: int


@dataclass
class Alignment:
    """A story of a document laid beside one of its template.

    Attributes:
        values: by address, the text in each slot.
        edits: where the fixed text differs, in order.
        rewritten: by paragraph of which few words are left, the edit that replaces it and those around it as one: it
            tells in one piece what ``edits`` hold in some.
        starts: where the template's paragraphs begin in the document: place and rank.
    """

    values: dict[str, str] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    rewritten: dict[int, Edit] = field(default_factory=dict)
    starts: list[tuple[int, int]] = field(default_factory=list)

    @property
    def told(self) -> list[Edit]:
        """The edits, those of a stretch that was rewritten as one."""
        as_one = ((edit if edit.kind == "moved" else self.rewritten.get(edit.passage, edit)) for edit in self.edits)
        return list(dict.fromkeys(as_one))

    def passage_at(self, at: int) -> int:
        """The template's paragraph that a place of the document belongs to."""
        place = bisect_right(self.starts, (at, 1 << 30)) - 1
        return self.starts[place][1] if place >= 0 else 0
