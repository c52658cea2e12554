"""The fields of a mail merge, and what a control that replaces one must keep of it (ISO/IEC 29500-1, 17.16.5.35)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from lxml import etree

from conventool.word.fields import Field, fields
from conventool.word.form_fields import form_data
from conventool.word.names import ancestor, child, value_of

__all__ = ["MergeField", "Switch", "merge_fields", "switches_of_form_field"]

_CODE = re.compile(r'\s*MERGEFIELD\s+(?:"([^"]+)"|([^\s"\\]+))(.*)', re.IGNORECASE | re.DOTALL)
_SWITCH = re.compile(r'\\([*#@bfmv])\s*(?:"([^"]*)"|([^\s\\"]+))?', re.IGNORECASE)
_EXPRESSION_SIGNS = re.compile(r"\{\{|\}\}|\{%|\{#|[\x00-\x1f]")  # no text of a manifest's expression may have them
_KEPT_ANYWAY = frozenset({"MERGEFORMAT", "CHARFORMAT"})  # they ask for the look of the field, which a control has
_CASES = frozenset({"UPPER", "LOWER", "CAPS", "FIRSTCAP"})
_DATE_LETTERS = re.compile(r"[dMy]")
_DIGIT_PLACES = re.compile(r"[0#x]", re.IGNORECASE)


class Switch(NamedTuple):
    """What a mail merge field asks of its value, beyond printing it (17.16.4, 17.16.5.35).

    Attributes:
        kind: the letters it is printed in, a picture of a number or a date, a text before or after it.
        text: UPPER, LOWER, CAPS or FIRSTCAP; the picture; the text.
    """

    kind: Literal["case", "number", "date", "before", "after"]
    text: str


@dataclass(eq=False)
class MergeField:
    """One mail merge field, of which no other field is a part.

    Attributes:
        name: that of the column of the mail merge.
        field: where it stands.
        obstacle: why no control can take its place, in French; None where one can.
        around: the kind of the field that it is part of, empty where it is part of none.
        switches: what it asks of its value, in the order in which Word does it.
        lost: the switches that nothing keeps, as they are written.
    """

    name: str
    field: Field
    obstacle: str | None
    around: str
    switches: tuple[Switch, ...]
    lost: tuple[str, ...]

    @property
    def date_format(self) -> str | None:
        """The format of the date control that shows the same; empty for a text, None where nothing is asked."""
        if not self.switches:
            return None
        only = self.switches[0]
        return only.text if len(self.switches) == 1 and only.kind == "date" else ""


def merge_fields(root: etree._Element) -> list[MergeField]:
    """Every mail merge field of a part, in document order of their ends."""
    return [merge for one in list(fields(root)) for merge in _merge_field(one)]


def _merge_field(read: Field) -> Iterator[MergeField]:
    code = _CODE.match(read.code)
    if code is None:
        return
    kept: list[Switch] = []
    lost: list[str] = []
    for written in _SWITCH.finditer(code[3]):
        sign, value = written[1].lower(), written[3] or written[2] or ""
        switch = _switch(sign, value)
        if switch is not None:
            kept.append(switch)
        elif sign != "*" or value.upper() not in _KEPT_ANYWAY:
            lost.append(written[0].strip())
    kept.sort(key=lambda one: _ORDER[one.kind])
    name, around = (code[1] or code[2]).strip(), read.around.kind if read.around else ""
    yield MergeField(name, read, _obstacle(read), around, tuple(kept), tuple(lost))


_ORDER = {"number": 0, "date": 0, "case": 1, "before": 2, "after": 3}
_AROUND: Mapping[str, Literal["before", "after"]] = {"b": "before", "f": "after"}


def _switch(sign: str, value: str) -> Switch | None:
    """What a switch asks; None where nothing here does that."""
    if sign == "*":
        return Switch("case", value.upper()) if value.upper() in _CASES else None
    if not value or _EXPRESSION_SIGNS.search(value):
        return None
    if sign == "@" and _DATE_LETTERS.search(value):
        return Switch("date", value)
    if sign == "#" and _DIGIT_PLACES.search(value) and "`" not in value:
        return Switch("number", value)
    return Switch(_AROUND[sign], value) if sign in _AROUND else None


def switches_of_form_field(begin: etree._Element) -> Iterator[Switch]:
    """What a legacy text asks of its value: the picture of its number, or its capitals (17.16.17)."""
    text = child(form_data(begin), "textInput")
    kind, written = value_of(text, "type") or "regular", value_of(text, "format") or ""
    asked = {"number": ("#", written), "regular": ("*", _CASES_OF_FORM_FIELDS.get(written.upper(), ""))}.get(kind)
    switch = _switch(*asked) if asked else None
    if switch is not None:
        yield switch


_CASES_OF_FORM_FIELDS = {
    "UPPERCASE": "UPPER", "LOWERCASE": "LOWER", "FIRST CAPITAL": "FIRSTCAP", "TITLE CASE": "CAPS",
}  # fmt: skip


def _obstacle(read: Field) -> str | None:
    """Why no control can take the field's place; None where one can."""
    if read.around is not None:
        return f"fait partie d’un champ {read.around.kind or 'de Word'}"
    if read.inside:
        return f"contient un champ {read.inside[0].kind or 'de Word'}"
    for names, what in (
        (("ins", "del", "moveFrom", "moveTo"), "se trouve dans une modification suivie"),
        (("sdt",), "se trouve dans un contrôle"),
        (("fldSimple",), "fait partie d’un autre champ"),
    ):
        if ancestor(read.begin, *names) is not None:
            return what
    if read.end is not None and ancestor(read.end, "p") is not ancestor(read.begin, "p"):
        return "s’étend sur plusieurs paragraphes"
    return None
