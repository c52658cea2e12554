"""The field of its own that a template gets for a control that is no adherent's: typed by what the control takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slugify import slugify

from conventool.adherent.fields import CONTACT, Given
from conventool.adherent.plausibility import is_placeholder
from conventool.text.dates import date_or_none
from conventool.text.french import fold
from conventool.word.adoption import rich_content, shows_ticked_box
from conventool.word.controls import Control, around
from conventool.word.document import Document
from conventool.word.names import is_word
from conventool.word.prompts import is_prompt, says_nothing
from conventool.word.text import Surroundings, beside

__all__ = [
    "choices",
    "declaration",
    "field_name",
    "field_type",
    "holding",
    "inner_tags",
    "label_before",
    "label_of_box",
    "says_something",
    "unique",
]

_TYPES: Mapping[str, str] = {
    "text": "texte", "rich": "texte", "date": "date", "list": "choix", "combo": "choix", "checkbox": "oui-non",
    "repeat": "liste",
}  # fmt: skip
"""By the kind of a control, the type of its field; a combo box without choices takes any text."""

_WORDS_OF_A_NAME = 5
_WORDS_OF_A_LABEL = 12
_WORDS_BEFORE = 6


def field_type(control: Control) -> str:
    """The type of the field that a control takes."""
    return "texte" if control.kind == "combo" and not choices(control) else _TYPES[control.kind]


def field_name(tag: str, words: str, control: Control, taken: set[str]) -> str:
    """A name for a field: of its tag, else of how the form calls it, else of its type; then it is taken."""
    name = _slug(tag) or _slug(_thing(words)) or _slug(field_type(control))
    if name[0].isdigit() or name in Given.model_fields.keys() - set(CONTACT):
        name = f"champ_{name}"
    return unique(name, taken)


def label_before(text: str) -> str:
    """What the words before a control call it: the end of their sentence, from its last comma, if it says anything."""
    parts = re.split("[.;:!?]", text.rstrip(" \u00a0:"))[-1].split(",")
    return next((" ".join(part.split()[-_WORDS_BEFORE:]) for part in reversed(parts) if _thing(part)), "")


def says_something(prompt: str | None) -> bool:
    """Does a prompt say what is wanted: more than Word's own, than signs to write over, than « saisissez »?"""
    return not says_nothing(prompt) and not _SILENT.fullmatch(prompt or "") and bool(_thing(prompt or ""))


_SILENT = re.compile(r"[\W\d_x]*|j+/m+/a+", re.IGNORECASE)
"""A prompt that says nothing: dots, figures, « XXX », « jj/mm/aaaa »."""


def label_of_box(around: Surroundings) -> str:
    """What is ticked: the words after the box, or before it where it is alone or a line of boxes ends with one.

    « Oui » and the like go with the words before the first box of the line, or with those of the cell beside.
    """
    before, after = _BOX.split(around.before), _BOX.split(around.after)
    stem, alone = before[0].strip(), len(before) == len(after) == 1
    if stem and not stem.endswith(":") and (alone or not after[-1].strip()):
        return label_before(_BOX.split(around.since)[-1])
    own = _thing(re.split("[.;:!?]", after[0])[0])
    asked = label_before(stem) or label_of_cell(around)
    if not own or not asked or len(own.split()) > _WORDS_OF_AN_ANSWER:
        return own
    return f"{asked} : {own if own[1:2].isupper() else own[:1].lower() + own[1:]}"


_BOX = re.compile(r"[☐☑☒□▢◻⬜❏❑❒]|\t|\n|\s{3,}")
_WORDS_OF_AN_ANSWER = 2


def label_of_cell(around: Surroundings) -> str:
    """What the cell beside says."""
    return _thing(around.beside)


def _thing(words: str) -> str:
    """What the words of a form name, without the verb that tells to write it and without little words at the ends."""
    text = re.sub(r"[\s:.…_,]+$", "", " ".join(words.split()))
    if re.match("(?:cliquez|appuyez|click|tap)\\b", text, re.IGNORECASE):
        return ""  # what Word says, in one language or another
    text = re.sub(f"^(?:{_TELLING})+", "", text, flags=re.IGNORECASE)
    text = re.sub(_LITTLE, "", text, flags=re.IGNORECASE).strip(" ,’'")
    return text[:1].upper() + text[1:] if any(map(str.isalnum, text)) else ""


_ARTICLES = r"(?:(?:le|la|les|une|un|des|du|de|votre|vos|ici)\b|[ld][’'])"
_TELLING = (
    r"(?:merci de |veuillez |ou |et )?"
    r"(?:choisi|sélectionn|saisi|indiqu|précis|entr|écri|décri|renseign|inscri|tap|not|don)"
    rf"\w*(?:ez|r|re|ir|er)\b\s*(?:{_ARTICLES}\s*)*"
)
_LITTLE = (
    r"^(?:et|ou|en|,)\s+|^(?:et|le|la|du|de|à|en|par)$"
    r"|(?:[\s,]+(?:le|la|les|l’|du|de|des|d’|à|au|aux|en|et|est|par|un|une|date du))+$"
)


def unique(name: str, taken: set[str]) -> str:
    """The name, with a number if it is taken; then it is."""
    names = (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3)))
    found = next(one for one in names if one not in taken)
    taken.add(found)
    return found


def holding(document: Document, control: Control) -> str | None:
    """Why a control must stay as it is, in French: no value may take the place of what it holds; None where one may."""
    index = document.controls.index(control)
    held = rich_content(document, control) if control.kind != "repeat" else None
    if untouchable := _untouchable(document, control):
        return untouchable
    if control.kind == "repeat":
        return _holding_of_section(document, control)
    if any(other.parent == index for other in document.controls):
        return "contient d’autres contrôles"
    if control.kind == "list" and not choices(control):
        return "est une liste sans choix"
    return f"contient {held}" if held else None


def _untouchable(document: Document, control: Control) -> str | None:
    """Why nothing may be written into a control, whatever it holds, in French; None where it may."""
    if is_word(document.root(control.part), "comments"):
        return "est dans un commentaire"
    if control.tracked:
        return "contient des modifications suivies"
    return "a un contenu verrouillé" if control.lock in {"contentLocked", "sdtContentLocked"} else None


def _holding_of_section(document: Document, section: Control) -> str | None:
    inside = list(_fillable_inside(document, section))
    if not inside:
        return "contient des lignes qui se répètent, sans rien à y remplir"
    for control in inside:
        why = "contient des lignes qui se répètent" if control.kind == "repeat" else holding(document, control)
        if why or "." in (control.tag or ""):
            return f"contient un contrôle qui {why}" if why else "contient une balise avec un point"
    tags = [control.tag for control in inside if control.tag]
    return "contient plusieurs contrôles de même balise" if len(set(tags)) < len(tags) else None


def _fillable_inside(document: Document, section: Control) -> Iterator[Control]:
    """The controls of a section's first item that take a value."""
    at = document.controls.index(section)
    items = (c for c in document.controls if c.parent == at and c.kind == "repeat-item")
    first = next(items, None)
    return (c for c in document.controls if c.kind in _TYPES and first and first in around(document.controls, c))


def inner_tags(document: Document, section: Control) -> dict[str, str]:
    """By address, a tag for each control of a section's first item that has none."""
    inside = list(_fillable_inside(document, section))
    taken = {control.tag for control in inside if control.tag}
    return {
        control.address: unique(_slug(_thing(_words(document, control))) or _slug(field_type(control)), taken)
        for control in inside
        if not control.tag
    }


def _slug(words: str) -> str:
    return "_".join(slugify(words, separator="_").split("_")[:_WORDS_OF_A_NAME])


def declaration(document: Document, control: Control, words: str, tags: Mapping[str, str]) -> dict[str, Any]:
    """What a manifest says of the field of a control.

    Args:
        document: where it stands.
        control: the control.
        words: how the form calls it; empty where it does not.
        tags: by address, the tags that its inner controls get.
    """
    declared: dict[str, Any] = {"type": field_type(control)}
    label = " ".join(_thing(words).split()[:_WORDS_OF_A_LABEL])
    if label:
        declared["libelle"] = label
    if control.kind == "repeat":
        declared["facultatif"] = "oui"
        declared["champs"] = {
            control.tag or tags[control.address]: declaration(document, control, _words(document, control), tags)
            for control in _fillable_inside(document, control)
        }
    if control.max_length and declared["type"] == "texte":
        declared["max"] = control.max_length
    if declared["type"] == "choix":
        declared["choix"] = choices(control)
    if control.kind == "checkbox":
        return declared | {"defaut": "oui" if shows_ticked_box(document, control) else "non"}
    default = _default(control, declared.get("choix"))
    return declared | ({"defaut": default} if default else {})


_ASKS = re.compile(r"(?:choisir|choisissez|selectionner|selectionnez|choose|select)\b.*|")
"""What the first item of a list says, folded, where it asks for a choice and is none: « Choisir », « --- »."""


def choices(control: Control) -> list[str]:
    """The items of its list, its prompt left out."""
    texts = (" ".join(item.text.split()) for item in control.items)
    found = list(dict.fromkeys(text for text in texts if text and not is_prompt(text, control.placeholder)))
    return found[1:] if len(found) > 1 and _ASKS.fullmatch(fold(found[0])) else found


def _default(control: Control, possible: Sequence[str] | None) -> str | None:
    """What the form says already, where that is a value of the field."""
    text = " ".join(control.text.split())
    if not control.filled or control.kind == "repeat" or not text:
        return None
    if control.kind == "date":
        day = date_or_none(text)
        return day.isoformat() if day else None
    stands_for_none = is_placeholder(text, "") if possible is None else text not in possible
    return None if stands_for_none else text


def _words(document: Document, control: Control) -> str:
    """Its title, else its prompt if that says something, else what the cell beside or above it says."""
    if control.alias or says_something(control.placeholder):
        return control.alias or control.placeholder or ""
    return beside(document, control)
