"""The fields of a shown part as they come by, told by their names and by how they show their results.

Clauses are of ISO/IEC 29500-1: 17.16.
"""

from __future__ import annotations

import re

from lxml import etree

from conventool.word.names import attribute, local
from conventool.word.stories import PAGE_FIELDS

__all__ = ["RunningFields"]

_TYPED_FIELDS = frozenset({"FORMTEXT", "FILLIN"})
"""Fields that show what was typed into them, as controls do; programs that know no controls make them of those."""
_PLAIN_SWITCHES = re.compile(r"\\\*\s*(?:MERGEFORMAT|CHARFORMAT|Arabic)\b", re.IGNORECASE)
"""What Word and others add to a field that shows the same without (17.16.4.3)."""
_FORMATS = re.compile(r"\\[#@*]\s*(?:\"[^\"]*\"|\S+)")
"""By which picture a field shows its result."""


class RunningFields:
    """The fields of one part, in the order of its text."""

    def __init__(self) -> None:
        self._open: list[list[str]] = []
        self._page_numbers = 0

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
        form = f"un champ « {' '.join([name.upper() or '?', *_FORMATS.findall(asked)])} »"
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
