"""The content controls of a document, and its legacy form fields: what each is (ISO/IEC 29500-1, 17.5.2)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from lxml import etree

from conventool.word.form_fields import entries_of, form_data, marks_of, result_text, shown_sign
from conventool.word.names import (
    MC,
    W14,
    W15,
    attribute,
    child,
    is_on,
    is_word,
    local,
    tags,
    value_of,
    word_children,
    word_iter,
)
from conventool.word.prompts import is_prompt
from conventool.word.text_walker import visible_text

__all__ = [
    "Binding",
    "Control",
    "Item",
    "Kind",
    "Level",
    "Site",
    "around",
    "binding_of",
    "calendar_of",
    "content_of",
    "control_elements",
    "describe",
    "has_changes",
    "is_tracked",
    "level_of",
    "local_name",
    "names_of",
    "original_of",
    "sdt_elements",
    "with_addresses",
]

Kind: TypeAlias = Literal[
    "text", "rich", "list", "combo", "date", "checkbox", "picture",
    "repeat", "repeat-item", "building-block", "group", "citation", "other",
]  # fmt: skip
Level: TypeAlias = Literal["run", "block", "cell", "row"]

_KINDS: Mapping[tuple[str | None, str], Kind] = {
    (None, "text"): "text",
    (None, "richText"): "rich",
    (None, "dropDownList"): "list",
    (None, "comboBox"): "combo",
    (None, "date"): "date",
    (W14, "checkbox"): "checkbox",
    (None, "picture"): "picture",
    (W15, "repeatingSection"): "repeat",
    (W15, "repeatingSectionItem"): "repeat-item",
    (None, "docPartObj"): "building-block",
    (None, "docPartList"): "building-block",
    (None, "group"): "group",
    (None, "citation"): "citation",
    (None, "bibliography"): "other",
    (None, "equation"): "other",
}
_KIND_OF = {tag: kind for (ns, name), kind in _KINDS.items() for tag in ((f"{{{ns}}}{name}",) if ns else tags(name))}
_LEVELS: Mapping[str, Level] = {"p": "run", "tr": "cell", "tbl": "row"}
_STORIES = ("tc", "txbxContent", "body", "hdr", "ftr", "footnote", "endnote", "comment")
_WORDS_AROUND = 40
_REVISED = frozenset({"ins", "del", "moveFrom", "moveTo"})
_CHANGES = _REVISED | {
    "cellIns", "cellDel", "cellMerge", "numberingChange", "pPrChange", "rPrChange", "sectPrChange", "tblGridChange",
    "tblPrChange", "tblPrExChange", "tcPrChange", "trPrChange",
}  # fmt: skip
_MAPPING = re.compile(r"""xmlns:([\w.-]+)\s*=\s*(['"])(.*?)\2""")


class Item(NamedTuple):
    """One choice of a list: what is displayed, and the value that stands for it."""

    text: str
    value: str


class Site(NamedTuple):
    """One place of a control: the part, and its rank among the part's ``control_elements``."""

    part: str
    rank: int


class Binding(NamedTuple):
    """The data that a control is bound to (ISO/IEC 29500-1, 17.5.2.6)."""

    store: str
    xpath: str
    prefixes: Mapping[str, str]


class Control(NamedTuple):
    """One content control, as a person would tell it from the others.

    Attributes:
        address: a key that ``Template.fill`` takes and that means this control only.
        tag: its tag, hidden in Word.
        alias: its title, shown in Word.
        kind: what it accepts.
        level: what it holds: runs, blocks, a cell or a row.
        part: name of the part where it stands.
        items: the choices of a list, the prompt left out.
        date_format: format of a date, in Word's letters ("d MMMM yyyy").
        language: language of a date ("fr-FR").
        placeholder: the prompt it shows when empty.
        text: the text it shows now.
        filled: does it hold something else than its prompt?
        lock: ``w:lock``'s value; told, never obeyed: a lock stops a person in Word, not who prepares the document.
        context: the words around it.
        tracked: does it hold, or stand in, a tracked change?
        sites: where it stands: more than one for the twins of a text box.
        binding: the data it is bound to.
        parent: index of the control that it stands in.
        form_field: the name of a legacy form field; None for a content control.
        max_length: how many characters a legacy form field takes.
    """

    address: str
    tag: str | None
    alias: str | None
    kind: Kind
    level: Level
    part: str
    items: tuple[Item, ...]
    date_format: str | None
    language: str | None
    placeholder: str | None
    text: str
    filled: bool
    lock: str | None
    context: str
    tracked: bool = False
    sites: tuple[Site, ...] = ()
    binding: Binding | None = None
    parent: int | None = None
    store_as: str | None = None
    form_field: str | None = None
    max_length: int | None = None

    @property
    def bound(self) -> bool:
        """Is it bound to data?"""
        return self.binding is not None


def control_elements(root: etree._Element) -> list[etree._Element]:
    """What can be filled below ``root``, in document order, which a ``Site``'s rank counts.

    Every ``w:sdt``, and for each legacy form field the mark that begins it.
    """
    return [one for one in word_iter(root, "sdt", "fldChar") if is_word(one, "sdt") or form_data(one) is not None]


def sdt_elements(root: etree._Element) -> list[etree._Element]:
    """Every ``w:sdt`` below ``root``, in document order."""
    return list(word_iter(root, "sdt"))


def content_of(sdt: etree._Element) -> etree._Element | None:
    """The control's ``w:sdtContent``."""
    return child(sdt, "sdtContent")


def level_of(sdt: etree._Element) -> Level:
    """What the control holds, told by where it stands (ISO/IEC 29500-1, 17.5.2.29 to 17.5.2.32)."""
    for ancestor in sdt.iterancestors():
        if is_word(ancestor, *_LEVELS):
            return _LEVELS[local(ancestor)]
        if is_word(ancestor, *_STORIES):
            break
    return "block"


def describe(
    sdt: etree._Element, site: Site, holder: int | None, prompts: Mapping[str, str], prompt_styles: frozenset[str]
) -> Control:
    """What a control is, without an address, and without a look at what is tracked.

    Args:
        sdt: the control, or the mark that begins a legacy form field.
        site: where it stands.
        holder: index of the control that it stands in.
        prompts: the prompts of the document's glossary, by the name of their building block.
        prompt_styles: ids of the styles of prompts.
    """
    if is_word(sdt, "fldChar"):
        return _form_field(sdt, site, holder)
    properties, content = child(sdt, "sdtPr"), content_of(sdt)
    kind, typed = _kind_of(properties)
    text = visible_text(content)
    prompt = prompts.get(value_of(child(properties, "placeholder"), "docPart") or "")
    showing = is_on(properties, "showingPlcHdr") or _looks_like_a_prompt(content, prompt_styles)
    if showing:
        prompt = text or prompt
    return Control(
        address="", tag=value_of(properties, "tag") or None, alias=value_of(properties, "alias") or None,
        kind=kind, level=level_of(sdt), part=site.part,
        items=_items_of(typed, prompt) if kind in {"list", "combo"} else (),
        date_format=(value_of(typed, "dateFormat") or _short_date(typed)) if kind == "date" else None,
        language=(value_of(typed, "lid") or None) if kind == "date" else None,
        placeholder=prompt, text=text, filled=not showing and bool(text.strip()),
        lock=value_of(properties, "lock"),
        context=_context_of(sdt, sdt, text), sites=(site,),
        binding=binding_of(properties), parent=holder,
        store_as=value_of(typed, "storeMappedDataAs") if kind == "date" else None,
    )  # fmt: skip


def _looks_like_a_prompt(content: etree._Element | None, prompt_styles: frozenset[str]) -> bool:
    """Some programs drop the flag and keep the look: every run that shows text is styled as a prompt."""
    if content is None or not prompt_styles:
        return False
    runs = [run for run in word_iter(content, "r") if visible_text(run).strip()]
    return bool(runs) and all(value_of(child(run, "rPr"), "rStyle") in prompt_styles for run in runs)


def _form_field(begin: etree._Element, site: Site, holder: int | None) -> Control:
    """A legacy form field, described as a control; its name is its tag, its help its title."""
    data = form_data(begin)
    texts, entries = child(data, "textInput"), list(entries_of(begin))
    name, kind = value_of(data, "name") or None, _kind_of_form_field(begin)
    text = result_text(begin) if kind in {"text", "date"} else shown_sign(begin)
    default = value_of(texts, "default") or ""
    marks, length = marks_of(begin), value_of(texts, "maxLength") or ""
    return Control(
        address="",
        tag=name,
        alias=value_of(data, "statusText") or None,
        kind=kind,
        level="run",
        part=site.part,
        items=tuple(Item(entry, str(rank)) for rank, entry in enumerate(entries)) if kind == "list" else (),
        date_format=(value_of(texts, "format") or "dd/MM/yyyy") if kind == "date" else None,
        language="fr-FR" if kind == "date" else None,
        placeholder=default if default.strip() else None,
        text=text,
        filled=bool(text.strip()) and text != default,
        lock=None,
        context=_context_of(begin, marks.end if marks else begin, text),
        sites=(site,),
        parent=holder,
        form_field=name or "",
        max_length=int(length) if length.isdecimal() and int(length) else None,
    )


def _kind_of_form_field(begin: etree._Element) -> Kind:
    """What a form field accepts; what Word calculates, or what goes over several paragraphs, nobody fills."""
    data = form_data(begin)
    if child(data, "checkBox") is not None:
        return "checkbox"
    if child(data, "ddList") is not None:
        return "list"
    kind = value_of(child(data, "textInput"), "type") or "regular"
    if marks_of(begin) is None or kind in {"calculated", "currentDate", "currentTime"}:
        return "other"
    return "date" if kind == "date" else "text"


def _kind_of(properties: etree._Element | None) -> tuple[Kind, etree._Element | None]:
    """The kind, and the element of the properties that says so. None says: rich text (17.5.2.26)."""
    found = {element.tag: element for element in reversed(properties)} if properties is not None else {}
    return next(((kind, found[tag]) for tag, kind in _KIND_OF.items() if tag in found), ("rich", None))


def calendar_of(typed: etree._Element) -> tuple[str, str, str | None]:
    """Of the ``w:date`` of a control: the day that was chosen, in ISO 8601; how it writes days, in which language."""
    day = (attribute(typed, "fullDate") or "")[:10]
    return day, value_of(typed, "dateFormat") or _short_date(typed), value_of(typed, "lid")


def _short_date(typed: etree._Element | None) -> str:
    """How a date without a format is written: as its language does by default (ISO/IEC 29500-1, 17.5.2.8)."""
    return "dd/MM/yyyy" if (value_of(typed, "lid") or "fr").partition("-")[0] == "fr" else "yyyy-MM-dd"


def _items_of(typed: etree._Element | None, prompt: str | None) -> tuple[Item, ...]:
    """The choices, without the prompt, which Word puts first and gives no value of its own.

    With no display text the value is displayed (ISO/IEC 29500-1, 17.5.2.21, 17.5.2.22).
    """
    if typed is None:
        return ()
    items = []
    for element in word_children(typed, "listItem"):
        value = attribute(element, "value")
        text = attribute(element, "displayText") or value
        if text and value != "" and not is_prompt(text, prompt):
            items.append(Item(text, value or text))
    return tuple(items)


def binding_of(properties: etree._Element | None) -> Binding | None:
    """What the control is bound to, by Word's first way or, for sections and rich text, the one of 2012."""
    element = child(properties, "dataBinding")
    if element is None:
        element = child(properties, "dataBinding", W15)
    if element is None:
        return None
    read = {local_name(name): value for name, value in element.attrib.items()}
    prefixes = {prefix: uri for prefix, _, uri in _MAPPING.findall(str(read.get("prefixMappings", "")))}
    return Binding(str(read.get("storeItemID", "")).upper(), str(read.get("xpath", "")), prefixes)


def local_name(name: object) -> str:
    """An attribute's name without its namespace."""
    return str(name).rpartition("}")[2]


def has_changes(root: etree._Element) -> bool:
    """Is anything below ``root`` tracked?"""
    return next(word_iter(root, *_CHANGES), None) is not None


def is_tracked(sdt: etree._Element) -> bool:
    """Is anything in a control tracked, or is it part of what was inserted, deleted or moved?"""
    inside, around = sdt.iter(*tags(*_CHANGES)), sdt.iterancestors(*tags(*_REVISED))
    return next(inside, None) is not None or next(around, None) is not None


def original_of(sdt: etree._Element) -> etree._Element | None:
    """For a control in ``mc:Fallback``: the one of the same rank in ``mc:Choice``, if it has the same identity."""
    fallback = next((a for a in sdt.iterancestors() if a.tag == f"{{{MC}}}Fallback"), None)
    if fallback is None or fallback.getparent() is None:
        return None
    choice = fallback.getparent().find(f"{{{MC}}}Choice")  # type: ignore[union-attr]
    if choice is None:
        return None
    rank = control_elements(fallback).index(sdt)
    originals = control_elements(choice)
    if rank < len(originals) and _identity(originals[rank]) == _identity(sdt):
        return originals[rank]
    return None


def _identity(sdt: etree._Element) -> tuple[object, ...]:
    data = form_data(sdt)
    if data is not None:
        return value_of(data, "name"), None, "form field"
    properties = child(sdt, "sdtPr")
    return value_of(properties, "tag"), value_of(properties, "alias"), _kind_of(properties)[0]


def _context_of(first: etree._Element, last: etree._Element, text: str) -> str:
    """The words before the first element of a control and after its last, its own text in brackets."""
    before = " ".join(_words_beside(first, -1).split())[-_WORDS_AROUND:]
    after = " ".join(_words_beside(last, +1).split())[:_WORDS_AROUND]
    return " ".join(words for words in (before, f"[{' '.join(text.split())[:_WORDS_AROUND]}]", after) if words)


def _words_beside(sdt: etree._Element, step: int) -> str:
    """The text on one side: of the paragraph that holds the control, or else the nearest that there is."""
    words = ""
    element: etree._Element | None = sdt
    while element is not None and not is_word(element, "p", *_STORIES[1:]):
        sibling = element
        while len(words) < _WORDS_AROUND:
            beside = sibling.getprevious() if step < 0 else sibling.getnext()
            if beside is None:
                break
            sibling = beside
            text = visible_text(sibling) + ("" if next(word_iter(sibling, "p"), None) is None else "\n")
            words = text + words if step < 0 else words + text
        element = element.getparent()
    return words


def around(controls: Sequence[Control], control: Control) -> Iterator[Control]:
    """The controls in which one of some controls stands, the nearest first."""
    while control.parent is not None:
        control = controls[control.parent]
        yield control


def names_of(control: Control) -> Iterator[str]:
    """The names a control answers to, the best first; its kind is everybody's."""
    if control.form_field:
        yield f"champ:{control.form_field}"
    if control.tag:
        yield f"tag:{control.tag}"
    if control.alias:
        yield f"alias:{control.alias}"
    prompt = " ".join((control.placeholder or "").split())
    if prompt:
        yield f"text:{prompt}"
    yield f"kind:{control.kind}"


def with_addresses(controls: list[Control]) -> tuple[Control, ...]:
    """Give each control an address that means it alone: its first name that is unique, else its first with its rank."""
    uses = Counter(name for control in controls for name in names_of(control))
    ranks: Counter[str] = Counter()
    given: set[str] = set()
    addressed: list[Control] = []
    for control in controls:
        names = list(names_of(control))
        ranks.update(names)
        alone = [name for name in names[:-1] if uses[name] == 1]
        ranked = [f"{name}#{ranks[name]}" for name in (names[0], names[-1])]
        # a tag may itself read "x#2": no other control's name may be taken for an address
        address = next(name for name in alone + ranked if name not in given and (name in alone or name not in uses))
        given.add(address)
        addressed.append(control._replace(address=address))
    return tuple(addressed)
