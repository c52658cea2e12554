"""A template's controls edited for one structure of values, on fresh trees of the parts where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from itertools import count
from typing import Literal, TypeAlias

from lxml import etree

from conventool.word.compiled_part import Path, Slots
from conventool.word.control_editing import Token, clone_item, drop, fill_control, unwrap
from conventool.word.controls import Binding, Site, binding_of, content_of, control_elements, local_name
from conventool.word.data_binding import BoundData
from conventool.word.document import Document
from conventool.word.field_results import FieldResults
from conventool.word.form_field_editing import fill_form_field, take_field_off
from conventool.word.form_fields import is_list
from conventool.word.line_breaks import holds_items, is_justified
from conventool.word.names import ancestor, child, is_word, value_of, word_children, word_iter
from conventool.word.settings import leave_broken_lines, renew_fields_when_opened
from conventool.word.values import PARAGRAPHS, Form

__all__ = ["Compilation", "Mode", "Structure"]

Mode: TypeAlias = Literal["keep", "unwrap"]
"""Whether a filled control stays a control in the result, or only its content stays."""

Structure: TypeAlias = tuple[tuple[Path, Form | int], ...]
"""Everything about the values that the structure depends on: the form of each, or how many items it has."""


_PASSES = 4
"""How often fields are renewed: no known document has fields that repeat each other in more steps."""


class Compilation:
    """The edited trees of the parts that one structure touches, with tokens where the values will stand.

    Args:
        document: the document; it stays as it is.
        data: the data its controls are bound to.
        structure: what to fill, and with what forms.
        mode: whether to keep the filled controls.
        renew: whether Word is to renew every field when it opens the document.

    Attributes:
        roots: the trees of the parts that are no longer those of the document, by name.
        slots: what the tokens in them stand for.
    """

    def __init__(
        self, document: Document, data: BoundData, structure: Structure, mode: Mode, *, renew: bool = False
    ) -> None:
        self.roots: dict[str, etree._Element] = {}
        self.slots = Slots()
        self._document = document
        self._data = data
        self._forms = dict(structure)
        self._under: dict[Path, list[Path]] = {}
        for path, _ in structure:
            self._under.setdefault(path[:-1], []).append(path)
        self._ids = count(1 + max(self._used_ids(), default=0))
        self._filled: list[etree._Element] = []
        self._filled_fields: list[tuple[etree._Element, Token]] = []
        self._edit(mode)
        self._renew_fields(mode)
        if renew and document.settings_part is not None:
            renew_fields_when_opened(self._root(document.settings_part))

    def _edit(self, mode: Mode) -> None:
        """Fill every control of the structure, then take off the wrappers if asked."""
        parts = {site.part for path in self._under.get((), ()) for site in self._document.controls[path[0]].sites}
        for part in sorted(parts):
            self._fill_under((), part, control_elements(self._root(part)), 0)
        if mode == "unwrap":
            for sdt in reversed(self._filled):
                unwrap(sdt)
            for begin, token in self._filled_fields:
                take_field_off(begin, token)

    def _renew_fields(self, mode: Mode) -> None:
        """Let the fields that repeat a value show the new one; one that repeats another field comes after it."""
        if not self._under:
            return
        trees = {part: self._document.package.parse(part) for part in self._document.repeating_parts} | self.roots
        lists = (one for one in self._filled_fields if mode == "keep" and is_list(one[0]))
        chosen = {begin: token("text") for begin, token in lists}
        results = FieldResults(
            self._document,
            lambda part: trees[part] if part in trees else self._document.root(part),
            self.slots.formula,
            self.slots.file_name,
            chosen,
        )
        for _ in range(_PASSES):
            renewed = [part for part in self._document.repeating_parts if results.renew(trees[part])]
            self.roots |= {part: trees[part] for part in renewed}
            if not renewed:
                break

    def _fill_under(self, prefix: Path, part: str, elements: list[etree._Element], first: int) -> None:
        """Fill the controls that stand directly in the document, or in one repeated item.

        Args:
            prefix: the path of the item; empty for the document.
            part: the part that is being filled.
            elements: its controls, or those of the item.
            first: the rank of the first of them.
        """
        for path in self._under.get(prefix, ()):
            for site in self._document.controls[path[-1]].sites:
                if site.part == part and first <= site.rank < first + len(elements):
                    self._fill(elements[site.rank - first], path, site)

    def _fill(self, sdt: etree._Element, path: Path, site: Site) -> None:
        form = self._forms[path]
        if is_word(sdt, "fldChar") and not isinstance(form, int):
            token = partial(self.slots.token, path)
            fill_form_field(sdt, form, token)
            self._filled_fields.append((sdt, token))
            return
        binding = binding_of(child(sdt, "sdtPr"))
        self._filled.append(sdt)
        if isinstance(form, int):
            self._repeat(sdt, path, site, form, binding)
            return
        if form == "items":  # a section that is given none disappears, with its data
            if binding is not None:
                self._repeat_stored(binding, 0)
            drop(sdt)
            return
        items = False
        if form == "lines":
            self._leave_lines(sdt)
            items = holds_items(sdt, self._document.styles)
        fill_control(
            sdt,
            form,
            lambda facet: self.slots.token(path, PARAGRAPHS if items and facet == "text" else facet),
            self._document.prompt_styles,
        )
        if binding is not None:
            self._store(binding, path)

    def _repeat(self, sdt: etree._Element, path: Path, site: Site, times: int, binding: Binding | None) -> None:
        """Make the section's first item as many as the value has, and fill each with its own."""
        content = content_of(sdt)
        items = list(word_children(content, "sdt")) if content is not None else []
        if content is None or not items:
            return
        at, first = content.index(items[0]), self._rank_of_first_item(path[-1], site)
        copies = [items[0], *(clone_item(items[0], lambda: next(self._ids)) for _ in range(times - 1))]
        for old in items[1:]:
            content.remove(old)
        if binding is not None:
            self._repeat_stored(binding, times)
        for rank, item in enumerate(copies):
            content.insert(at + rank, item)
            if binding is not None:
                _aim_at_item(item, binding.xpath, rank + 1)
            self._filled.append(item)
            self._fill_under((*path, rank), site.part, control_elements(item), first)

    def _leave_lines(self, sdt: etree._Element) -> None:
        """See to it that the lines of a value in a justified paragraph are not stretched."""
        around = ancestor(sdt, "p")
        paragraph = around if around is not None else next(word_iter(sdt, "p"), None)
        settings = self._document.settings_part
        if settings is not None and paragraph is not None and is_justified(paragraph, self._document.styles):
            leave_broken_lines(self._root(settings))

    def _rank_of_first_item(self, section: int, site: Site) -> int:
        ranks = (s.rank for c in self._document.controls if c.parent == section for s in c.sites if s.part == site.part)
        return min((rank for rank in ranks if rank > site.rank), default=site.rank)

    def _store(self, binding: Binding, path: Path) -> None:
        """Put the value into the data that the control is bound to."""
        part = self._data.part(binding)
        nodes = self._data.nodes(binding, self._root(part)) if part else []
        for element, name in nodes[:1]:
            if name is not None:
                element.set(name, self.slots.token(path, "stored"))
                continue
            for inner in list(element):
                element.remove(inner)
            element.text = self.slots.token(path, "stored")

    def _repeat_stored(self, binding: Binding, times: int) -> None:
        """Give the data of a repeating section as many elements as it has items."""
        part = self._data.part(binding)
        nodes = self._data.nodes(binding, self._root(part)) if part else []
        elements = [element for element, name in nodes if name is None]
        for extra in elements[times:]:
            extra.getparent().remove(extra)  # type: ignore[union-attr]  # a repeated element has a parent
        for _ in range(times - len(elements) if elements else 0):
            elements[0].addnext(deepcopy(elements[0]))

    def _root(self, part: str) -> etree._Element:
        if part not in self.roots:
            self.roots[part] = self._document.package.parse(part)
        return self.roots[part]

    def _used_ids(self) -> Iterator[int]:
        for root in self._document.roots.values():
            for properties in word_iter(root, "sdtPr"):
                yield _number(value_of(properties, "id"))
            yield from (_number(element.get("id")) for element in root.iter("{*}docPr"))


def _aim_at_item(item: etree._Element, xpath: str, rank: int) -> None:
    """Point the bindings inside a repeated item to that item's own data."""
    for element in item.iter("{*}dataBinding"):
        for name, value in element.attrib.items():
            if local_name(name) == "xpath":
                element.set(name, re.sub(rf"^{re.escape(xpath)}\[\d+\]", lambda _: f"{xpath}[{rank}]", str(value)))


def _number(text: str | None) -> int:
    """An identifier that may be missing, negative or no number at all; the largest half is left for new ones."""
    return int(text) & 0x3FFFFFFF if text and text.isdecimal() and len(text) < 20 else 0
