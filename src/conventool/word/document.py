"""A Word document opened: its parts that hold text, the controls in them, its styles and prompts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from lxml import etree

from conventool.word.controls import (
    Control,
    Site,
    control_elements,
    describe,
    has_changes,
    is_tracked,
    original_of,
    with_addresses,
)
from conventool.word.names import attribute, child, value_of, word_children, word_iter
from conventool.word.package import Package
from conventool.word.styles import is_default, prompt_style_ids, styles_by_id
from conventool.word.text_walker import visible_text

__all__ = ["Document"]

_PART_TYPES = (".main+xml", ".header+xml", ".footer+xml", ".footnotes+xml", ".endnotes+xml", ".comments+xml")
_MOST_CONTROLS = 5_000
"""A form of a hundred pages has some hundreds; of more than this each would take minutes to tell apart."""


class Document:
    """The parts of a package that hold text, and the content controls in them.

    Raises:
        TemplateError: a part that is needed is missing or malformed, or there are several bodies.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self.roots = {part: package.parse(part) for part in self._text_parts()}
        bodies = len(list(word_children(self.roots[package.main_part], "body")))
        if bodies != 1:
            package.refuse(
                f"son texte principal a {bodies} corps au lieu d’un.", "Enregistrez-le de nouveau dans Word.",
                package.main_part,
            )  # fmt: skip
        number = sum(map(len, self._elements.values()))
        if number > _MOST_CONTROLS:
            hint = f"Donnez un formulaire qui en ait {_MOST_CONTROLS} au plus."
            package.refuse(f"il a {number} contrôles de contenu.", hint, package.main_part, "unsafe-document")
        self.controls = with_addresses(self._controls())

    def element(self, site: Site) -> etree._Element:
        """The ``w:sdt`` at a site."""
        return self._elements[site.part][site.rank]

    def root(self, part: str) -> etree._Element:
        """The tree of any part of the package, to be read only."""
        return self.roots[part] if part in self.roots else self.package.root(part)

    @cached_property
    def _elements(self) -> Mapping[str, list[etree._Element]]:
        return {part: control_elements(root) for part, root in self.roots.items()}

    @cached_property
    def prompt_styles(self) -> frozenset[str]:
        """Ids of the styles of prompts."""
        return prompt_style_ids(self._styles_root)

    @cached_property
    def styles(self) -> Mapping[str, etree._Element]:
        """The styles, by their ids; the default one of paragraphs under the empty id too."""
        found = styles_by_id(self._styles_root)
        default = (one for one in found.values() if attribute(one, "type") == "paragraph" and is_default(one))
        first = next(default, None)
        return found if first is None else {"": first} | found

    @cached_property
    def _styles_root(self) -> etree._Element | None:
        target = self.package.part_of("styles")
        return self.package.parse(target) if target is not None else None

    @property
    def settings_part(self) -> str | None:
        """The name of the part of the settings; None where there is none."""
        return self.package.part_of("settings")

    @cached_property
    def repeating_parts(self) -> tuple[str, ...]:
        """The parts that hold fields."""
        return tuple(
            part
            for part, root in self.roots.items()
            if next(word_iter(root, "instrText", "fldSimple"), None) is not None
        )

    @cached_property
    def _prompts(self) -> Mapping[str, str]:
        """The prompts kept in the glossary part, by the name of their building block."""
        target = self.package.part_of("glossaryDocument")
        if target is None:
            return {}
        return {
            value_of(child(block, "docPartPr"), "name") or "": visible_text(block)
            for block in word_iter(self.package.parse(target), "docPart")
        }

    def _text_parts(self) -> list[str]:
        """The main part, then its headers, footers, notes and comments. The glossary's are other documents' words."""
        main = self.package.main_part
        related = {
            target
            for kind, target in self.package.relationships(main)
            if target in self.package.entries and not kind.endswith("/aFChunk")  # another file, whatever its type
        }
        return [main] + [
            part
            for part in self.package.entries
            if part in related and part != main and self.package.content_types[part].endswith(_PART_TYPES)
        ]

    def _controls(self) -> list[Control]:
        """Every control in document order, the main part first; a text box's twin joined to its original."""
        found: list[Control] = []
        for part, root in self.roots.items():
            index_of: dict[etree._Element, int] = {}
            changed = has_changes(root)
            for rank, sdt in enumerate(self._elements[part]):
                original = original_of(sdt)
                if original is not None and original in index_of:
                    index = index_of[sdt] = index_of[original]
                    twins = (*found[index].sites, Site(part, rank))
                    found[index] = found[index]._replace(sites=twins)
                    continue
                holder = next((index_of[a] for a in sdt.iterancestors() if a in index_of), None)
                index_of[sdt] = len(found)
                control = describe(sdt, Site(part, rank), holder, self._prompts, self.prompt_styles)
                found.append(control._replace(tracked=is_tracked(sdt)) if changed else control)
        return found
