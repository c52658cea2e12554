"""The fields of a shown part as they come by, told by their names and by how they show their results.

Clauses are of ISO/IEC 29500-1: 17.16.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import dropwhile

from lxml import etree

from conventool.text.stories import levelled, squeezed
from conventool.word.field_editing import shown_text
from conventool.word.field_results import Instruction, instruction
from conventool.word.fields import fields
from conventool.word.names import ancestor, attribute, in_fallback, local, word_iter
from conventool.word.stories import PAGE_FIELDS

__all__ = ["RunningFields", "stale_fields"]

_TYPED_FIELDS = frozenset({"FORMTEXT", "FILLIN"})
"""Fields that show what was typed into them, as controls do; programs that know no controls make them of those."""
_PLAIN_SWITCHES = re.compile(r"\\\*\s*(?:MERGEFORMAT|CHARFORMAT|Arabic)\b", re.IGNORECASE)
"""What Word and others add to a field that shows the same without (17.16.4.3)."""
_FORMATS = re.compile(r"\\[#@*]\s*(?:\"[^\"]*\"|\S+)")
"""By which picture a field shows its result."""
_ASKING = {
    "SEQ": r"\\[rcsnh](?:\s+\d+)?", "REF": r"\\[nrwpt]", "NOTEREF": r"\\[pf]|(?<!\\)\b(?!_)\w+",
    "PAGEREF": r"\\p|(?<!\\)\b(?!_)\w+",
}  # fmt: skip
"""What of their codes tells what some fields show (17.16.5): switches, bookmarks but for those that programs name."""


class RunningFields:
    """The fields of one part, in the order of its text.

    Attributes:
        may_be_stale: whether one of them so far repeats a bookmark or counts.
    """

    def __init__(self) -> None:
        self._open: list[list[str]] = []
        self._page_numbers = 0
        self.may_be_stale = False

    def add(self, instruction: etree._Element) -> None:
        """Take in a piece of the code of the field that is open (17.16.23)."""
        if self._open:
            self._open[-1].append(instruction.text or "")

    def told(self, element: etree._Element) -> str:
        """What to tell of the field whose code ends at a ``w:fldChar`` or ``w:fldSimple``; empty for nothing.

        Of a page's number also its rank in the part: what other fields show is read as text, where it stands.
        """
        code = self._code(element)
        said = " ".join(_PLAIN_SWITCHES.sub(" ", code or "").split())
        name, _, asked = said.partition(" ")
        if code is None or (name.upper() in _TYPED_FIELDS and "\\" not in asked):
            return ""
        self.may_be_stale |= name.upper() in {"REF", "SEQ"}
        switches = [] if name.upper() not in _ASKING else re.findall(_ASKING[name.upper()], asked)
        form = f"un champ « {' '.join([name.upper() or '?', *_FORMATS.findall(asked), *sorted(switches)])} »"
        if name.upper() not in PAGE_FIELDS:
            return form
        self._page_numbers += 1
        return form + (f" ({self._page_numbers}e numéro)" if self._page_numbers > 1 else "")

    def _code(self, element: etree._Element) -> str | None:
        """The code that ends at an element; None where none does."""
        if local(element) == "fldSimple":
            return attribute(element, "instr") or ""
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._open.append([])
        elif kind == "separate" and self._open:
            code = "".join(self._open[-1])
            self._open[-1] = []
            return code
        elif kind == "end" and self._open:
            return "".join(self._open.pop()) or None
        return None


def stale_fields(root: etree._Element, main: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Fields that show otherwise than they will once they are renewed, as LibreOffice does when it opens a document.

    They repeat a bookmark of fixed text, or count (17.16.5.51 and 17.16.5.56).

    Args:
        root: of the part.
        main: of the part with the bookmarks.

    Yields:
        The mark behind the code of the field, and what it will show, without white space.
    """
    marks = reversed(list(word_iter(main, "bookmarkStart")))
    starts = {(attribute(one, "name") or "").casefold(): one for one in marks}
    counts: Counter[str] = Counter()
    for field in fields(root):
        said = instruction(field.code)
        text = None
        if said.name == "SEQ" and not in_fallback(field.begin):
            text = _next_number(said, counts)
        elif said.name == "REF" and len(said.arguments) == 1 and said.switches.keys() <= {"*", "h"}:
            start = starts.get(said.arguments[0].casefold())
            text = _marked_text(main, start) if start is not None else None
        if text is not None and text.casefold() != squeezed(levelled(shown_text(field))).casefold():
            yield field.begin if field.separate is None else field.separate, text


def _next_number(said: Instruction, counts: Counter[str]) -> str | None:
    """The number that a field of a sequence shows, which is counted; None where it is no plain one."""
    name = "".join(said.arguments[:1]).casefold()
    if said.switches.keys() & set("crs"):
        del counts[name]
    counts[name] += 1
    is_plain = said.switches.keys() <= {"*", "n"} and said.formats <= {"ARABIC", "MERGEFORMAT", "CHARFORMAT"}
    return str(counts[name]) if is_plain else None


def _marked_text(root: etree._Element, start: etree._Element) -> str | None:
    """The text of a bookmark without white space; None where it has no end, or values or fields are part of it."""
    number = attribute(start, "id")
    marks = word_iter(root, "bookmarkStart", "bookmarkEnd", "t", "sdt", "fldChar", "fldSimple")
    behind = list(dropwhile(lambda mark: mark is not start, marks))
    ends = (rank for rank, one in enumerate(behind) if local(one) == "bookmarkEnd" and attribute(one, "id") == number)
    inside = behind[: next(ends, 0)]
    holds_more = any(local(one) in {"sdt", "fldChar", "fldSimple"} for one in inside)
    if not inside or holds_more or ancestor(start, "sdt") is not None:
        return None
    texts = [one.text or "" for one in inside if local(one) == "t"]
    return squeezed(levelled("".join(texts)))
