"""Which parts of a document a reader sees: the body, the headers and footers that its sections name, its notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from conventool.text.stories import StoryKind
from conventool.word.names import attribute, is_on, local, relation_of, word_iter
from conventool.word.package import Package

__all__ = ["Margin", "margins", "shown_parts", "unused_margins"]

_PACKAGES = 4
"""Documents whose sections are remembered: one is asked for them again and again while it is read."""


class Margin(NamedTuple):
    """What stands in the top or bottom margin of some pages of a section.

    Attributes:
        section: rank of the section.
        kind: header or footer.
        pages: on which pages: ``default``, ``first`` or ``even``.
        part: the part that is shown there; empty where there is none.
    """

    section: int
    kind: StoryKind
    pages: str
    part: str


@lru_cache(maxsize=_PACKAGES)
def margins(package: Package) -> tuple[Margin, ...]:
    """The headers and footers that each section shows, those of the section before where it names none (17.10).

    Raises:
        TemplateError: a part is missing or malformed.
    """
    return tuple(_margins(package))


def _margins(package: Package) -> Iterator[Margin]:
    targets = {one.name: one.target for one in package.related(package.main_part) if not one.is_external}
    even = _alternate(package)
    named: dict[tuple[StoryKind, str], str] = {}
    for rank, section in enumerate(word_iter(package.root(package.main_part), "sectPr")):
        parent = section.getparent()
        if parent is None or local(parent) == "sectPrChange":
            continue
        for reference in word_iter(section, "headerReference", "footerReference"):
            kind: StoryKind = "header" if local(reference) == "headerReference" else "footer"
            named[kind, attribute(reference, "type") or "default"] = targets.get(relation_of(reference), "")
        shown = ["default", *(["first"] if is_on(section, "titlePg") else []), *(["even"] if even else [])]
        for kind in ("header", "footer"):
            for pages in shown:
                part = named.get((kind, pages), "")
                yield Margin(rank, kind, pages, part if part in package.entries else "")


def _alternate(package: Package) -> bool:
    """Whether even pages have headers and footers of their own (17.10.1)."""
    settings = package.part_of("settings")
    return settings is not None and is_on(package.root(settings), "evenAndOddHeaders")


@lru_cache(maxsize=_PACKAGES)
def shown_parts(package: Package) -> Mapping[str, StoryKind]:
    """The parts with text that a reader sees, in order, and what each is.

    Raises:
        TemplateError: a part is missing or malformed.
    """
    shown: dict[str, StoryKind] = {package.main_part: "body"}
    shown |= {margin.part: margin.kind for margin in margins(package) if margin.part}
    shown |= dict.fromkeys(package.parts_of("footnotes", "endnotes"), "note")
    return {**shown, **unused_margins(package)}


@lru_cache(maxsize=_PACKAGES)
def unused_margins(package: Package) -> Mapping[str, StoryKind]:
    """The headers, or footers, of a document of which no section names any: as some programs write forms.

    Word shows none of them, but they are read: that no page shows them is told where the template's pages do.

    Raises:
        TemplateError: a part is missing or malformed.
    """
    named = {margin.kind for margin in margins(package) if margin.part}
    unused: dict[str, StoryKind] = {}
    for kind in ("header", "footer"):
        if kind not in named:
            unused |= dict.fromkeys(package.parts_of(kind), kind)
    return unused
