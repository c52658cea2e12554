"""The slots of a template's text: what may stand at a control or a field of it, by what its manifest writes there."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from conventool.adherent.fields import TEXT_LIMIT
from conventool.adherent.kinds import KINDS
from conventool.core.problems import Problem
from conventool.returned.item_pattern import ItemPattern, curled, label_sign, spaced
from conventool.template.expressions import Expression
from conventool.template.fields import Champ
from conventool.template.folder import TemplateFolder
from conventool.text.stories import Span, Story, levelled, squeezed
from conventool.word.controls import Control
from conventool.word.field_results import instruction
from conventool.word.repetitions import Repetition
from conventool.word.values import Blank, Filling, prepare

__all__ = ["COUNTED", "FREE", "Slot", "at_control", "at_field", "at_section", "field_name", "is_label"]

_DATE = r"(?:[^\W\d]{5,8}\s+)?\d{1,2}(?:er)?\s*[^\W\d]{3,9}\.?\s*\d{4}|\d{1,4}[/.\-]\d{1,2}[/.\-]\d{2,4}"
_LINE = r"[.…_\s]*"
_WORDS: Mapping[str, str] = {
    "forme": "|".join(
        re.escape(label).replace(r"\ ", r"\s+")
        for label in sorted((kind.label for kind in KINDS.values() if kind.label), key=len, reverse=True)
    )
    + "|.+?",
    "nom_lien": r"de\s+la|de\s+l’|du|des|de|d’|",
    "commune_lien": r"à|au|aux",
    "commune": r"[^,(]+(?:\([^()\d]+\)\s*)?",
    "ville": r"[^,(]+(?:\([^()\d]+\)\s*)?",
    "code_postal": r"\d{5}",
    "sise": r"sise?",
    "representee": r"représentée?",
    "designee": r"désignée?",
    "autorise": r"autorisée?",
    "representant": r"(?:Madame|Monsieur)\s.+",
    "fonction": r".+,",
    "decision_date": _DATE,
    "signatures": rf"(?:le\s+)?(?:{_DATE})|{_LINE}",
    "reconduction": r"tacite|expresse",
    "protection.sort": rf"(?i:restitution|suppression)|{_LINE}",
}
"""What may stand for each word of an adherent, or those below it, where not just anything can: a pattern of text."""

_EMPTY_BOXES = "☐□▢◻⬜❏❑❒\uf0a8"
_BOXES = {"checked": rf"[^\s{_EMPTY_BOXES}]", "unchecked": rf"[{_EMPTY_BOXES}]"}
_BOX = r"\S"
FREE = r".*"
"""Any text, a pattern."""
_ANYTHING = r".+"
_BRACES = re.compile(r"\{\{\s*(.*?)\s*\}\}")
_LITERAL = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_FILTER = re.compile(rf"\s*\|\s*(\w+)(?:\(\s*({_LITERAL})\s*\))?")
_OWN_OF = re.compile(rf"champs\.(?P<name>\w+)(?P<filters>(?:{_FILTER.pattern})*)(?:\s+or\s+\w+)?")
_KEEP_THE_VALUE = frozenset(["majuscule", "upper", "lower", "initiale", "initiales", "euros", "date_longue"])
_PICTURES = frozenset(["nombre", "date"])
_DIGITS = r"[-−]?\d[\d\s.,]*(?:\s*€)?"
_WORD_OF = re.compile(r"adherent\.(?P<path>\w+(?:\.\w+)?)(?:\s+or\s+\w+)?")
_PERSONS = re.compile(r"\b(?:adherent|parties\.\w+)\.(\w+)")
_DAY_PRINTED = rf"(?:{_DATE}|[\d\s./:-]*)"
COUNTED = r"[\divxlcIVXLC.]*"
"""The number of a page or of a note, a pattern of text."""
_PRINTED = {
    **dict.fromkeys(("CREATEDATE", "DATE", "PRINTDATE", "SAVEDATE", "TIME"), _DAY_PRINTED),
    **dict.fromkeys(("NOTEREF", "PAGEREF", "SEQ"), COUNTED),
    "NOTE": rf"{COUNTED}|[^\w\s]{{1,3}}",
    **dict.fromkeys(("PRINTED-PAGE", "PRINTED-NUMPAGES", "PRINTED-SECTIONPAGES"), COUNTED),
    "BULLET": r"[^\w\s]?",
    "FILENAME": r"[^\n]{1,300}\.[A-Za-z]{3,4}",
}
"""What Word prints for a field on its own."""
_BESIDE = {"avant": "(?:{text}{value})?", "apres": "(?:{value}{text})?"}
"""What stands beside a value if there is one."""


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A place for a value.

    Attributes:
        address: of the control, as the manifest has it.
        tag: of the control.
        alias: of the control.
        prompt: what it shows empty, without white space.
        pattern: what may stand in it, its prompt left out; the words of the adherent are its named groups.
        words: the paths of these words, by group.
        is_mark: whether one of a few texts stands here that tell the copies apart, or nothing.
        choices: what its list proposes and its prompt, without white space; none where it has no list.
        date_format: how its control writes a day, empty where it is no date.
        repeated: for a field, what its result is made of the values by address, where that is known.
        may_be_old: whether Word alone renews it, so that it may be old.
        own: by group, the fields of the template's own that stand in it.
        pictures: by group, the filter and the picture that such a field is written with.
        items: of a repeating section, what each of its elements says.
        in_paragraphs: is each line of its value a paragraph?
        empty_box: what a checkbox shows while it is not ticked; empty where there is none.
        language: in which its control writes a day.
        is_label: is it the number of a list that depends on how many elements a repeating section has?
        in_capitals: is its value printed in capitals?
        is_sign: is it a sign that a font of symbols may draw?
        is_signatory: is it the name of whoever signs, and nothing else?
    """

    address: str
    tag: str | None
    alias: str | None
    prompt: str
    pattern: str
    words: Mapping[str, str] = field(default_factory=dict)
    is_mark: bool = False
    choices: frozenset[str] = frozenset()
    date_format: str = ""
    repeated: Callable[[Mapping[str, str]], str | None] | None = None
    may_be_old: bool = False
    own: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    items: ItemPattern | None = None
    in_paragraphs: bool = False
    empty_box: str = ""
    language: str = ""
    is_label: bool = False
    in_capitals: bool = False
    is_sign: bool = False
    is_signatory: bool = False

    @property
    def label(self) -> str:
        """How a person calls it."""
        return self.alias or self.address

    @property
    def is_signing_day(self) -> bool:
        """Does the day of a signature stand here?"""
        return any(path.startswith("signatures.") for path in self.words.values())

    @property
    def is_day(self) -> bool:
        """Does a day stand here?"""
        return bool(self.date_format) or self.is_signing_day

    @property
    def longest(self) -> int:
        """How many characters a value may have: those of a few fields, or any number where no field is told."""
        return 3 * TEXT_LIMIT if self.words else sys.maxsize

    def picture(self, group: str) -> str:
        """How a day is written in one of its groups."""
        way, picture = self.pictures.get(group, ("", ""))
        return picture if way == "date" else self.date_format

    def compared(self, text: str) -> str:
        """A value as others are held against it: of a box its state, of a list its words; in capitals or not."""
        if self.items and self.items.labels:
            items = self.items.split(text, on_paper=True)
            return text if items is None else self.items.text(items)
        if self.in_capitals:
            return text.upper()
        if not self.empty_box:
            return text
        return "☐" if text.strip() in {"", self.empty_box, *_EMPTY_BOXES} else "☒"

    @property
    def as_capitals(self) -> Slot:
        """The same where the text is printed in capitals."""
        return replace(self, pattern=f"(?i:{self.pattern})", in_capitals=True)

    def is_control(self, span: Span) -> bool:
        """Whether a control of a document is this one: it has its tag, or without any its title.

        LibreOffice saves no repeating section of rows: its title goes to the control in the first cell.
        """
        if self.items is not None and not span.repeats:
            return False
        return span.tag == self.tag if span.tag else bool(span.alias) and span.alias == self.alias

    def accepts(self, text: str, *, on_paper: bool) -> bool:
        """Whether a text may stand here: a value, or the prompt that nobody replaced; on paper lines end anywhere."""
        if self.items is not None:
            return self.items.split(text, on_paper=on_paper) is not None
        return self.match(text) is not None or self.shows_prompt(text) or (self.is_mark and not text.strip())

    def match(self, text: str) -> re.Match[str] | None:
        """The words of the adherent in a value, by the groups of ``words``; None where it is no such value."""
        return _match(self.pattern, text, self.longest)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place in a text that could be a value, as whole words."""
        return re.search(rf"(?<!\w)(?:{self.pattern})(?!\w)", curled(text), re.DOTALL)

    def shows_prompt(self, text: str) -> bool:
        """Whether this is the prompt, which nobody replaced."""
        begins_alike = bool(self.prompt) and text.lstrip().startswith(self.prompt[0])  # cheaper, and mostly false
        return begins_alike and squeezed(text) == self.prompt


@lru_cache(maxsize=4096)
def _match(pattern: str, text: str, longest: int) -> re.Match[str] | None:
    """Whether a text is of a pattern: the copies of an adherent, and those who judge them, ask it many times."""
    text = curled(text.strip())
    return re.fullmatch(pattern, text, re.DOTALL) if len(text) <= longest else None


def at_control(
    folder: TemplateFolder,
    control: Control,
    address: str,
    constants: Mapping[str, Any],
    copies: Mapping[str, Mapping[str, str]],
) -> str | Slot:
    """What stands at a control: a text that is the same for all, or a slot."""
    if control.kind == "checkbox":
        wanted = prepare(control, constants[address], runs=True) if address in constants else None
        pattern = _BOXES.get(wanted.form, _BOX) if isinstance(wanted, Filling) else _BOX
        alone = _OWN_OF.fullmatch(_BRACES.sub(r"\1", folder.source_of(address) or ""))
        empty, own = folder.document.empty_box(control), {"": alone["name"]} if alone else {}
        return Slot(address, control.tag, control.alias, "", pattern, own=own, empty_box=empty)
    if address in constants and not isinstance(constants[address], Blank):
        filling = prepare(control, constants[address], runs=True)
        if not isinstance(filling, Problem):
            return levelled("".join(filling.pieces))
    prompt = squeezed(levelled(control.placeholder or ""))
    choices = frozenset([prompt, *(squeezed(levelled(item.text)) for item in control.items)]) - {""}
    choices = choices if control.items else frozenset()
    in_paragraphs = folder.document.is_list_item(control)
    slot = Slot(address, control.tag, control.alias, prompt, FREE, choices=choices, in_paragraphs=in_paragraphs)
    if control.kind == "date":
        slot = replace(slot, date_format=control.date_format or "", language=control.language or "")
    marks = [own[address] for own in copies.values() if address in own]
    if marks:
        return replace(slot, pattern="(?:" + "|".join(map(spaced, marks)) + ")", is_mark=True)
    source = folder.source_of(address)
    return _with_words(slot, source, folder.manifest.champs) if source is not None else slot


def _with_words(slot: Slot, source: str, champs: Mapping[str, Champ]) -> Slot:
    """The slot with what its expression may print: literal text, words of the adherent, fields of its own."""
    pieces = _BRACES.split(source)
    pattern, words, own = spaced(pieces[0]), {}, {}
    pictures: dict[str, tuple[str, str]] = {}
    for rank, (expression, literal) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True)):
        word = _WORD_OF.fullmatch(expression)
        field_of = _OWN_OF.fullmatch(expression)
        filters = _filters(field_of["filters"]) if field_of else None
        if field_of is not None and filters is not None and field_of["name"] in champs:
            own[f"w{rank}"] = field_of["name"]
            pictures |= {f"w{rank}": (name, text) for name, text in filters if name in _PICTURES}
            written = FREE if filters else _own_pattern(champs[field_of["name"]])
            pattern += _beside(f"(?P<w{rank}>{written})", filters)
        elif word is None:
            pattern += f"(?:{_chosen(expression)})"
        else:
            path = words[f"w{rank}"] = word["path"]
            pattern += f"(?P<w{rank}>{_WORDS.get(path) or _WORDS.get(path.partition('.')[0], _ANYTHING)})"
        pattern += spaced(literal)
    alone = _BRACES.fullmatch(source.strip())
    is_signatory = alone is not None and {*_PERSONS.findall(alone[1])} == {"signataire"}
    return replace(slot, pattern=pattern, words=words, own=own, pictures=pictures, is_signatory=is_signatory)


def _chosen(expression: str) -> str:
    """What may stand for an expression that is no word of ours: one of its own texts, or anything."""
    texts = Expression(f"{{{{ {expression} }}}}").texts
    return FREE if texts is None else "|".join(spaced(text) for text in sorted(texts, key=len, reverse=True))


def _filters(written: str) -> list[tuple[str, str]] | None:
    """The filters of a field and what each is given; None where one of them makes a value that cannot be read back."""
    found = [(name, _unquoted(text)) for name, text in _FILTER.findall(written)]
    return found if all(name in {*_KEEP_THE_VALUE, *_PICTURES, *_BESIDE} for name, _ in found) else None


def _beside(pattern: str, filters: Sequence[tuple[str, str]]) -> str:
    for name, text in filters:
        pattern = _BESIDE[name].format(text=spaced(text), value=pattern) if name in _BESIDE else pattern
    return pattern


def _unquoted(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1])


def _own_pattern(champ: Champ) -> str:
    """What may stand for a field of the template's own."""
    pattern = _DIGITS if champ.type in {"entier", "montant"} else FREE
    return pattern if champ.required else f"{pattern}|{_LINE}"


def field_name(span: Span) -> str:
    """The code of a field, by which the template's repetitions are found."""
    return (span.tag or "").removeprefix("champ ")


def at_field(
    span: Span,
    shown: str,
    fields: Mapping[tuple[str, str], Repetition],
    filling_of: Callable[[int], str | Slot],
) -> str | Slot | None:
    """What stands at a field: what it repeats, or what Word puts there; None where it is text like any other."""
    name = field_name(span)
    kind = name.split(maxsplit=1)[0].partition("#")[0].upper() if name.strip() else ""
    slot = Slot(f"{span.tag} ({span.part})", span.tag, span.alias, squeezed(levelled(shown)), FREE)
    if kind in _PRINTED:
        return replace(slot, prompt="", pattern=_PRINTED[kind], is_sign=kind == "BULLET")
    if kind == "LABEL":
        return replace(slot, prompt="", alias="Numéro de liste", pattern=_label_pattern(span), is_label=True)
    if kind == "IF":
        results = [levelled(text) for text in instruction(name.rpartition("#")[0]).arguments[-2:]]
        known = squeezed(levelled(shown)) in map(squeezed, results)
        return replace(slot, prompt="", pattern="(?:" + "|".join(map(spaced, results)) + ")") if known else None
    field = fields.get((span.part, name))
    if field is None:
        return None
    if field.is_fixed:
        return levelled(field.text(lambda _: None) or "")

    def repeated(values: Mapping[str, str]) -> str | None:
        def value(index: int) -> str | None:
            filling = filling_of(index)
            return filling if isinstance(filling, str) else values.get(filling.address)

        return field.text(value)

    return replace(slot, repeated=repeated)


def at_section(
    folder: TemplateFolder, section: Control, address: str, story: Story, index_of: Mapping[tuple[str, int], int]
) -> Slot:
    """The slot of a repeating section, whose elements are each the first one with other values."""
    controls, manifest = folder.document.controls, folder.manifest
    at = controls.index(section)
    own = {"": name for name, champ in manifest.champs.items() if champ is manifest.list_in(address)}  # noqa: B035 (one)
    fields = {
        control.address: name
        for name in manifest.names_in(address) or ()
        for control in folder.document.find_all(name, section)
    }
    spans = [
        (span, controls[index_of[span.part, span.rank]]) for span in story.spans if (span.part, span.rank) in index_of
    ]
    first = next(span for span, control in spans if control.parent == at)
    inside = [(span, fields[control.address]) for span, control in spans if control.address in fields]
    inside = [(span, name) for span, name in inside if first.start <= span.start and span.end <= first.end]
    # what holds whole paragraphs, as a cell does, ends the last of them
    ends = [first.start, *(span.end - story.text[span.start : span.end].endswith("\n") for span, _ in inside)]
    starts = [*(span.start for span, _ in inside), first.end]
    labels = [one for one in story.spans if is_label(one) and first.start <= one.start and one.end <= first.end]
    fixed = tuple(_with_signs(story, end, start, labels) for end, start in zip(ends, starts, strict=True))
    lists = {fields[one.address] for one in controls if one.address in fields and folder.document.is_list_item(one)}
    holders = frozenset((span.tag, span.alias) for span, _ in inside)
    patterns = tuple(map(_label_pattern, labels))
    items = ItemPattern(fixed, tuple(name for _, name in inside), frozenset(lists), holders, patterns)
    return Slot(address, section.tag, section.alias, "", FREE, items=items, own=own)


def _with_signs(story: Story, start: int, end: int, labels: Sequence[Span]) -> str:
    """Some text of a story, each number of a list in it by its sign."""
    text = ""
    for rank, label in enumerate(labels):
        if start <= label.start < end:
            text += story.text[start : label.start] + label_sign(rank)
            start = label.end
    return text + story.text[start:end]


def is_label(span: Span) -> bool:
    """Is it the number of a list that depends on how many elements a repeating section has?"""
    return field_name(span).startswith("LABEL ")


def _label_pattern(span: Span) -> str:
    return field_name(span).removeprefix("LABEL ").rpartition("#")[0]
