"""Bare placeholders of a Word form, in its text or as mail merge fields, turned into content controls.

Only a placeholder's own characters are taken, wherever Word has cut them: what marks a range, a spelling mistake or a
page's end between them stays where it is, as do a link or a smart tag around them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import NamedTuple

from lxml import etree

from conventool.text.french import fold
from conventool.word.control_editing import UNSEEN, remove, run_with_text, split_run
from conventool.word.field_editing import isolated_runs, result_runs
from conventool.word.form_fields import FieldMarks
from conventool.word.merge_fields import MergeField
from conventool.word.names import ancestor, appended, attribute, child, is_word, local, make, set_attribute, word_iter
from conventool.word.text_walker import TextWalker

__all__ = ["control_of_field", "controls_of_matches", "placeholder_pattern"]

_MERGE_FIELDS = "MERGEFIELD"
"""The placeholder that stands for every field of a mail merge."""

_COMB = r"(?:\|[ \u00a0]?_+[ \u00a0]?)+\|"
_DOTS = r"(?<![.…])(?=…[.…]*…|…\.\.|\.\.+…|\.{4})[.…]+"
_SPACED = r"(?<![.…_])(?:[.…]+(?:[ \u00a0][.…]+){3,}|_+(?:[ \u00a0]_+){2,})"
_TO_WRITE_ON = rf"(?:{_COMB}|[.…]+|_+)"
_DATE = rf"(?<![.…_|]){_TO_WRITE_ON}(?:[ \u00a0]?/[ \u00a0]?{_TO_WRITE_ON}){{2}}"
_FAMILIES = {
    "[…]": r"\[(?!\s*[xX]?\s*\])[^\[\]\n]{1,120}\]",  # not « [x] » or « [ ] », which are boxes to tick
    "……": "|".join((_DATE, _COMB, _SPACED, _DOTS, "_{3,}")),
    "{{…}}": r"\{\{[^{}]{1,120}\}\}",
    "«…»": r"«\w[\w ]{0,60}»",
}
_FIGURES_OF_A_DATE = re.compile(rf"{_DATE}|\W*j+/m+/a+\W*", re.IGNORECASE)
"""What shows where the day, the month and the year go: the control that takes its place writes them so."""
_BOUNDARY = "\0"  # no placeholder goes across what it stands for, and no pattern matches it
_SIGNS = {"tab": "\t", "noBreakHyphen": "-"}


def placeholder_pattern(asked: str) -> re.Pattern[str] | None:
    """What ``--placeholder`` means.

    Args:
        asked: the text of the placeholder; or a family by its sign: ``[…]`` for anything in brackets, ``……`` for dots,
            underscores or combs to write on, three of them with slashes for a date, ``{{ x }}`` for another program's
            expressions, ``«…»`` for a mail merge's marks, ``MERGEFIELD`` for its fields.

    Returns:
        The pattern of the texts meant; None for the fields, which are no text.
    """
    if asked.strip().upper() == _MERGE_FIELDS:
        return None
    family = _FAMILIES.get(asked.replace(" ", "").replace("...", "…").replace("x", "…"))
    if family is None and set(asked) <= {"…", "."} and len(asked) > 1:
        family = _FAMILIES["……"]
    if family is not None:
        return re.compile(family)
    words = r"\s+".join(map(re.escape, asked.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)")


MOST_PLACEHOLDERS = 500
"""Of one paragraph."""


def controls_of_matches(paragraph: etree._Element, pattern: re.Pattern[str], ids: Iterator[int]) -> int:
    """Make a control of each match in a paragraph's own text.

    Text of fields, of tracked changes, of other controls and of text boxes is left alone.

    Args:
        paragraph: the ``w:p``.
        pattern: of the placeholders.
        ids: identifiers that no control has.

    Returns:
        How many controls were made.

    Raises:
        OverflowError: there are more of them than any form has.
    """
    characters = _Characters(paragraph)
    matches = [match for match in pattern.finditer(characters.text) if _BOUNDARY not in match[0]]
    if len(matches) > MOST_PLACEHOLDERS:
        raise OverflowError
    for match in reversed(matches):  # from the last to the first, so that those before stay where they are
        runs = characters.isolated(match.start(), match.end())
        _put_control(runs[0], runs, match[0], next(ids))
    return len(matches)


def control_of_field(merge: MergeField, identifier: int) -> None:
    """Put a control in the place of a mail merge field; what the field shows becomes its prompt."""
    begin, end = merge.field.begin, merge.field.end
    if end is None:
        runs = isolated = [run for run in word_iter(begin, "r") if ancestor(run, "p") is ancestor(begin, "p")]
    else:
        marks = FieldMarks(merge.field.separate, end)
        isolated = isolated_runs(begin, marks)
        runs = result_runs(isolated, marks)
    anchor = begin if end is None else isolated[0]
    shown = [run for run in runs if any(not is_word(inner, *UNSEEN) for inner in run)]
    result = shown or [run_with_text(anchor, child(anchor, "rPr"), f"«{merge.name}»")]
    _put_control(anchor, result, merge.name, identifier, merge.date_format)
    for run in isolated:
        if run not in runs or all(is_word(inner, "rPr") for inner in run):
            remove(run)
    if end is None:
        for marker in list(begin):
            begin.addprevious(marker)
        remove(begin)


class _Character(NamedTuple):
    """Where a character of a paragraph stands.

    Attributes:
        run: the run.
        element: the ``w:t``, or the sign.
        offset: the rank of the character in the element's text.
    """

    run: etree._Element
    element: etree._Element
    offset: int


class _Characters(TextWalker):
    """The characters of a paragraph that a placeholder may be made of, and where each of them stands."""

    def __init__(self, paragraph: etree._Element) -> None:
        self.text = ""
        self._where: list[_Character] = []
        self._depth = 0  # of fields
        self.children(paragraph)

    def isolated(self, start: int, end: int) -> list[etree._Element]:
        """The runs that hold the characters from ``start`` up to ``end``, cut so that they hold nothing else."""
        first, last = self._where[start], self._where[end - 1]
        split_run(last.run, last.element, last.offset + 1)
        runs = list(dict.fromkeys(where.run for where in self._where[start:end]))
        return [split_run(first.run, first.element, first.offset), *runs[1:]]

    def run(self, element: etree._Element) -> None:
        for inner in element:
            if is_word(inner, "fldChar"):
                self._depth += {"begin": 1, "end": -1}.get(attribute(inner, "fldCharType") or "", 0)
                self._add(element, inner, _BOUNDARY)
            elif self._depth:
                self._add(element, inner, _BOUNDARY)
            elif is_word(inner, "t"):
                self._add(element, inner, inner.text or "")
            elif not is_word(inner, *UNSEEN):
                self._add(element, inner, _SIGNS.get(local(inner), _BOUNDARY) if is_word(inner) else _BOUNDARY)

    def sign(self, element: etree._Element, text: str) -> None:  # noqa: ARG002
        """Mathematical text, the only one that stands in no ``w:r``."""
        self._add(element, element, _BOUNDARY)

    def control(self, element: etree._Element) -> None:
        self._add(element, element, _BOUNDARY)

    def change(self, element: etree._Element) -> None:
        self._add(element, element, _BOUNDARY)

    def simple_field(self, element: etree._Element) -> None:
        self._add(element, element, _BOUNDARY)

    def _add(self, run: etree._Element, element: etree._Element, text: str) -> None:
        self.text += text
        self._where += [_Character(run, element, offset) for offset in range(len(text))]


def _put_control(
    before: etree._Element, runs: Sequence[etree._Element], prompt: str, identifier: int, date_format: str | None = None
) -> None:
    """Put a control before an element; it takes some runs in and shows them as its prompt."""
    sdt = make(before, "sdt")
    before.addprevious(sdt)
    properties = appended(sdt, "sdtPr")
    look = child(runs[0], "rPr")
    if look is not None:
        properties.append(deepcopy(look))
    _with_value(properties, "alias", _title(prompt))
    _with_value(properties, "id", str(identifier))
    appended(properties, "showingPlcHdr")
    if date_format is None and _FIGURES_OF_A_DATE.fullmatch(prompt):
        date_format = "dd/MM/yyyy"
    elif date_format is None and "date" in fold(prompt).split():
        date_format = "d MMMM yyyy"
    _add_kind(properties, date_format or None)
    content = appended(sdt, "sdtContent")
    for run in runs:
        remove(run)
        content.append(run)


def _title(prompt: str) -> str:
    """What a placeholder says, without the signs around it."""
    return " ".join(prompt.strip("[]{}«»…._|/ \u00a0\t").replace("_", " ").split())[:64]


def _add_kind(properties: etree._Element, date_format: str | None) -> None:
    if date_format is None:
        appended(properties, "text")
        return
    date = appended(properties, "date")
    for name, value in (
        ("dateFormat", date_format),
        ("lid", "fr-FR"),
        ("storeMappedDataAs", "dateTime"),
        ("calendar", "gregorian"),
    ):
        _with_value(date, name, value)


def _with_value(holder: etree._Element, name: str, value: str) -> None:
    if value:
        set_attribute(appended(holder, name), "val", value)
