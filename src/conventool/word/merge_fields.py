"""Fields of Word (ISO/IEC 29500-1, 17.16), and those of a mail merge that a control can replace (17.16.5.35)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from conventool.word.names import attribute, is_word, word_iter

__all__ = ["Field", "MergeField", "fields", "merge_fields"]

_CODE = re.compile(r'\s*MERGEFIELD\s+(?:"([^"]+)"|([^\s"\\]+))(.*)', re.IGNORECASE | re.DOTALL)
_KIND = re.compile(r"\s*(=|\w*)")
_SWITCH = re.compile(r'\\([*#@bfmv])\s*(?:"([^"]*)"|([^\s\\"]+))?', re.IGNORECASE)
_KEPT_ANYWAY = frozenset({"MERGEFORMAT", "CHARFORMAT"})  # they ask for the look of the field, which a control has
_CASES = frozenset({"UPPER", "LOWER"})
_DATE_LETTERS = re.compile(r"[dMy]")


@dataclass(eq=False)
class MergeField:
    """One mail merge field, of which no other field is a part.

    Attributes:
        name: that of the column of the mail merge.
        begin: its first ``w:fldChar``, or its ``w:fldSimple``.
        separate: the mark between its code and its result, where it has one.
        end: its last mark; None for a ``w:fldSimple``.
        obstacle: why no control can take its place, in French; None where one can.
        date_format: its picture of a date, which a date control keeps.
        case: UPPER or LOWER, where it says that its letters are all large or all small.
        switches: those that a control does not keep, as they are written.
    """

    name: str
    begin: etree._Element
    separate: etree._Element | None
    end: etree._Element | None
    obstacle: str | None
    date_format: str | None
    case: str | None
    switches: tuple[str, ...]


@dataclass(eq=False)
class Field:
    """A field of Word.

    Attributes:
        begin: its first ``w:fldChar``, or its ``w:fldSimple``.
        around: the field in whose code or result it stands.
        code: what it computes.
        separate: the mark between its code and its result, where it has one.
        end: its last mark; None for a ``w:fldSimple``.
        inside: the fields that are part of it.
    """

    begin: etree._Element
    around: Field | None
    code: str = ""
    separate: etree._Element | None = None
    end: etree._Element | None = None
    inside: list[Field] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The first word of its code, ``=`` for a formula."""
        found = _KIND.match(self.code)
        return found[1].upper() if found else ""


def fields(root: etree._Element) -> Iterator[Field]:
    """Every field of a part, in document order of their ends."""
    opened: list[Field] = []
    for element in word_iter(root, "fldChar", "instrText", "fldSimple"):
        if is_word(element, "instrText"):
            if opened and opened[-1].separate is None:
                opened[-1].code += element.text or ""
            continue
        around = opened[-1] if opened else None
        kind = attribute(element, "fldCharType")
        if is_word(element, "fldSimple"):
            yield Field(element, around, attribute(element, "instr") or "")
        elif kind == "begin":
            opened.append(Field(element, around))
        elif kind == "separate" and opened:
            opened[-1].separate = element
        elif kind == "end" and opened:
            closed = opened.pop()
            closed.end = element
            if opened:
                opened[-1].inside.append(closed)
            yield closed


def merge_fields(root: etree._Element) -> list[MergeField]:
    """Every mail merge field of a part, in document order of their ends."""
    return [merge for one in list(fields(root)) for merge in _merge_field(one)]


def _merge_field(read: Field) -> Iterator[MergeField]:
    code = _CODE.match(read.code)
    if code is None:
        return
    date_format, case, switches = None, None, []
    for switch in _SWITCH.finditer(code[3]):
        value = switch[2] or switch[3] or ""
        if switch[1] == "@" and _DATE_LETTERS.search(value):
            date_format = value
        elif switch[1] == "*" and value.upper() in _CASES:
            case = value.upper()
        elif switch[1] != "*" or value.upper() not in _KEPT_ANYWAY:
            switches.append(switch[0].strip())
    name, obstacle = (code[1] or code[2]).strip(), _obstacle(read)
    yield MergeField(name, read.begin, read.separate, read.end, obstacle, date_format, case, tuple(switches))


def _obstacle(read: Field) -> str | None:
    """Why no control can take the field's place; None where one can."""
    if read.around is not None:
        return f"fait partie d’un champ {read.around.kind or 'de Word'}"
    if read.inside:
        return f"contient un champ {read.inside[0].kind or 'de Word'}"
    around = list(read.begin.iterancestors())
    for names, what in (
        (("ins", "del", "moveFrom", "moveTo"), "se trouve dans une modification suivie"),
        (("sdt",), "se trouve dans un contrôle"),
        (("fldSimple",), "fait partie d’un autre champ"),
    ):
        if any(is_word(ancestor, *names) for ancestor in around):
            return what
    if read.end is not None and _paragraph_of(read.end) is not _paragraph_of(read.begin):
        return "s’étend sur plusieurs paragraphes"
    return None


def _paragraph_of(element: etree._Element) -> etree._Element | None:
    return next((ancestor for ancestor in element.iterancestors() if is_word(ancestor, "p")), None)
