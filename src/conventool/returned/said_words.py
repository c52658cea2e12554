"""The words of an adherent that a document says, each with the slot where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import TypeAlias
from weakref import WeakKeyDictionary

from conventool.returned.by_hand import day_in
from conventool.returned.comparison import Comparison
from conventool.returned.slots import Slot
from conventool.returned.written_dates import day_written
from conventool.text.dates import DateError, parse_date
from conventool.text.stories import squeezed

__all__ = ["Words", "day_said", "signature_days", "words_of"]

Words: TypeAlias = Mapping[str, str]
"""What a document says: by the path of the adherent's word, its text. What is blank or left out is missing."""

_SIGNED = "signatures."
_DOTS = ".…_ "
"""What a blank to be written on is made of."""


def words_of(comparison: Comparison) -> tuple[Mapping[str, Slot], Words]:
    """What a document says of its adherent.

    Returns:
        By the path of the adherent's word: the slot where it stands, and its text.
    """
    if comparison not in _words_read:  # several who judge a document ask
        _words_read[comparison] = _read_words(comparison)
    return _words_read[comparison]


_words_read: WeakKeyDictionary[Comparison, tuple[Mapping[str, Slot], Words]] = WeakKeyDictionary()


def _read_words(comparison: Comparison) -> tuple[dict[str, Slot], Words]:
    slots: dict[str, Slot] = {}
    said: dict[str, str] = {}
    for slot in comparison.template.slots.values():
        text = " ".join(comparison.values.get(slot.address, "").split())
        is_blank = slot.shows_prompt(text)
        match = None if is_blank else slot.match(text)
        for group, path in slot.words.items():
            slots.setdefault(path, slot)
            value = match[group].strip() if match else "" if is_blank else text
            value = day_said(comparison, slot, value)
            if path.startswith(_SIGNED):
                value = day_in(value.strip(_DOTS)) or value
            if value.strip(_DOTS):
                said.setdefault(path, value)
            elif path == "nom_lien" and match:
                said.setdefault(path, "")
    return slots, _settled(said)


def day_said(comparison: Comparison, slot: Slot, text: str, picture: str = "") -> str:
    """The day in ISO 8601 that a text says at a slot; one that says none as it is.

    Args:
        comparison: the document beside its template.
        slot: where the text stands.
        text: all of it, or that of a group.
        picture: how days are written there; empty as the slot's control does.
    """
    if slot.date_format:
        spans = ((span, pair.story.text) for pair in comparison.stories for span in pair.story.spans if span.day)
        for span, story in spans:
            is_its = slot.is_control(span) or not (span.tag or span.alias)
            if is_its and squeezed(story[span.start : span.end]) == squeezed(text):
                return span.day
    return day_written(text, picture or slot.date_format, slot.language)


def signature_days(comparison: Comparison) -> dict[str, str]:
    """By party, the day that a document says it was signed, in ISO 8601; without what is blank or no date."""
    _, said = words_of(comparison)
    found = {}
    for path, text in said.items():
        if path.startswith(_SIGNED):
            with suppress(DateError):
                found[path.removeprefix(_SIGNED)] = parse_date(text).isoformat()
    return found


def _settled(said: dict[str, str]) -> dict[str, str]:
    """The words with a boundary that only another blank can tell: the name ends the block of signature."""
    titre, signataire = said.get("titre"), said.get("signataire")
    name = said.get("representant", "").partition(" ")[2]
    if titre is not None and signataire is not None and name and signataire != name:
        block = f"{titre} {signataire}"
        if block.endswith(f" {name}"):
            return {**said, "titre": block.removesuffix(f" {name}"), "signataire": name}
    return said
