"""The notes of a document: what each says, and the number that is printed for it (ISO/IEC 29500-1, 17.11)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from lxml import etree

from conventool.word.labels import counted
from conventool.word.names import attribute, child, local, value_of, word_children, word_iter
from conventool.word.package import Package

__all__ = ["called_notes", "note_format", "note_numbers", "notes_of"]

_PACKAGES = 4
_USUAL = {"footnote": "decimal", "endnote": "lowerRoman"}


@lru_cache(maxsize=_PACKAGES)
def notes_of(package: Package, kind: str) -> Mapping[str, etree._Element]:
    """The notes of a kind, ``footnote`` or ``endnote``, by their ids; the lines above notes are none.

    Raises:
        TemplateError: a part is malformed.
    """
    return {
        attribute(note, "id") or "": note
        for part in package.parts_of(f"{kind}s")
        for note in word_children(package.root(part), kind)
        if (attribute(note, "type") or "normal") == "normal"
    }


@lru_cache(maxsize=_PACKAGES)
def note_numbers(package: Package) -> Mapping[tuple[str, str], str]:
    """By kind and id of a note, the number that is printed for it; none where the call has a sign of its own.

    It is empty where notes are counted anew on each page or in each section.

    Raises:
        TemplateError: a part is malformed.
    """
    root, found = package.root(package.main_part), {}
    for kind in _USUAL:
        asked, shape = _asked(package, kind), note_format(package, kind)
        start = next((value for one in asked if (value := value_of(one, "numStart"))), "1")
        calls = [one for one in word_iter(root, f"{kind}Reference") if attribute(one, "customMarkFollows") is None]
        anew = any((value_of(one, "numRestart") or "continuous") != "continuous" for one in asked)
        for rank, call in enumerate(calls, int(start) if start.isdecimal() else 1):
            found[kind, attribute(call, "id") or ""] = "" if anew else counted(rank, shape)
    return found


def note_format(package: Package, kind: str) -> str:
    """How the notes of a kind are numbered (17.18.59): by the first section that says it, else by the settings.

    Raises:
        TemplateError: a part is malformed.
    """
    return next((value for one in _asked(package, kind) if (value := value_of(one, "numFmt"))), _USUAL[kind])


def _asked(package: Package, kind: str) -> list[etree._Element | None]:
    """What the sections and the settings of a document say of the numbers of its notes."""
    part, root = package.part_of("settings"), package.root(package.main_part)
    return [child(one, f"{kind}Pr") for one in (*word_iter(root, "sectPr"), package.root(part) if part else None)]


@lru_cache(maxsize=_PACKAGES)
def called_notes(package: Package) -> frozenset[tuple[str, str]]:
    """Kind and id of each note that the main text calls.

    Raises:
        TemplateError: the main part is malformed.
    """
    calls = word_iter(package.root(package.main_part), "footnoteReference", "endnoteReference")
    return frozenset((local(call).removesuffix("Reference"), attribute(call, "id") or "") for call in calls)
