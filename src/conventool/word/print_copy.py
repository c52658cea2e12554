"""A copy of a document to print: as the paper would be, and with nothing that a converter need not read.

Of its parts only those that are printed are copied, and what they refer to outside of the document is taken off.
Content controls are taken off too: LibreOffice 7.4 loses the look of some, prints prompts in black and moves line
breaks; newer ones make form fields with clipped values. Documents of one template share nearly all their parts; what
was made of one is remembered.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

from lxml import etree

from conventool.word.control_editing import unwrap
from conventool.word.controls import content_of, sdt_elements
from conventool.word.field_editing import shown_text
from conventool.word.field_results import bookmarks_in, instruction
from conventool.word.fields import Field, fields
from conventool.word.names import child, value_of, word_iter
from conventool.word.package import Package, serialize_xml
from conventool.word.pictures import harmless_picture
from conventool.word.printed_boxes import settle_boxes
from conventool.word.printed_fields import NEEDING_BOOKMARKS, PrintedFields, settle_fields
from conventool.word.printed_styles import families, fonts_in, keep_used_styles, styles_in
from conventool.word.references import Relations, relations_of, take_off_references
from conventool.word.revisions import accept_changes, tracked_changes
from conventool.word.styled_text import styled_paragraph
from conventool.word.styles import prompt_style_ids, styles_by_id
from conventool.word.text_walker import visible_text
from conventool.word.undrawn import Undrawn, undrawn
from conventool.word.zip_file import Entry, zip_bytes

__all__ = ["Copier", "PrintCopy"]

_T = TypeVar("_T")
_TYPES = "[Content_Types].xml"
_TEXTS = ("officeDocument", "header", "footer", "footnotes", "endnotes", "comments", "numbering")
_DRAWN = (
    "settings", "chart", "chartUserShapes", "diagramData", "diagramLayout", "diagramQuickStyle", "diagramColors",
    "diagramDrawing", "theme", "themeOverride",
)  # fmt: skip
_MARGINS = ("header", "footer")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_REMEMBERED = 256
_NO_FIELDS = PrintedFields()
_NOTHING = Undrawn()


@dataclass(frozen=True, slots=True)
class PrintCopy:
    """A document made ready for LibreOffice, and what its PDF will be judged by.

    Attributes:
        data: the bytes of the copy.
        body: a digest of all that it holds but its headers and footers.
        margins: a digest of its headers and footers.
        families: the fonts that it asks for.
        modified: when it was last saved, if it says so.
        prompts: the prompts of controls that are still unfilled; they are not printed.
        removed: in French, what the document refers to outside of itself, or in a form that may; it is not printed.
        revised: whether it has tracked changes; it is printed as if they were accepted.
        tables: whether it has tables of contents, which LibreOffice is to renew.
        old: kinds of the fields that show what Word made of them last, though it may have changed since.
        undrawn: what LibreOffice leaves out of it, or may; formulas and cells outside headers and footers only.
    """

    data: bytes
    body: bytes
    margins: bytes
    families: frozenset[str]
    modified: datetime | None
    prompts: tuple[str, ...]
    removed: tuple[str, ...]
    revised: bool = False
    tables: bool = False
    old: tuple[str, ...] = ()
    undrawn: Undrawn = _NOTHING


@dataclass(frozen=True, slots=True)
class _Part:
    """A part as it is printed, and what it asks of others.

    Attributes:
        entry: the part.
        relations: the part that holds its relationships.
        styles: those that it uses, by id.
        fonts: those that it uses, by name, or as ``+minor`` or ``+major``.
        prompts: of controls that are still unfilled.
        removed: in French, what it referred to outside of the document.
        revised: whether it had tracked changes.
        fields: what became of its fields.
        undrawn: what LibreOffice leaves out of it, or may.
    """

    entry: Entry
    relations: Entry | None = None
    styles: frozenset[str] = frozenset()
    fonts: frozenset[str] = frozenset()
    prompts: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    revised: bool = False
    fields: PrintedFields = _NO_FIELDS
    undrawn: Undrawn = _NOTHING


@dataclass
class Copier:
    """Makes copies to print.

    Attributes:
        nested: whether the documents are inside others; those inside them are left out.
    """

    nested: bool = False
    _memory: dict[Hashable, object] = field(default_factory=dict)

    def copy(self, data: bytes, name: str) -> PrintCopy:
        """The copy of a document to print.

        Args:
            data: the bytes of the document.
            name: how messages call it.

        Raises:
            TemplateError: it is no sound Word document.
        """
        package = Package(data, name)
        reached = list(_reached(package, nested=self.nested))
        by_kind = {part.kind: part.entry for part in reversed(reached)}
        styles, theme, core = (by_kind.get(kind) for kind in ("styles", "theme", "core-properties"))
        prompt_styles = self._once(("prompts", styles), lambda: prompt_style_ids(styles and package.parse(styles.name)))
        bookmarks = self._bookmarks(package, reached)
        parts = [
            self._part(package, one, prompt_styles, bookmarks, styles) for one in reached if one.entry is not styles
        ]
        if styles is not None:
            used = frozenset[str]().union(*(part.styles for part in parts))
            parts.append(self._once(("styles", styles, used), lambda: _used_styles(package, styles, used)))
        fonts = frozenset[str]().union(*(part.fonts for part in parts))
        margins = {one.entry.name for one in reached if one.kind in _MARGINS}
        printed = {entry.name: entry for part in parts for entry in (part.entry, part.relations) if entry is not None}
        printed |= _package_parts(package, nested=self.nested)
        entries = [printed[name] for name in package.entries if name in printed]
        return PrintCopy(
            zip_bytes(entries),
            _digest(entry for entry in entries if entry.name not in margins),
            _digest(entry for entry in entries if entry.name in margins),
            self._once(("fonts", theme, fonts), lambda: families(theme and package.parse(theme.name), fonts)),
            self._once(("modified", core), lambda: _modified(package, core)),
            tuple(prompt for part in parts for prompt in part.prompts),
            tuple(dict.fromkeys(told for part in parts for told in part.removed)),
            any(part.revised for part in parts),
            any(part.fields.tables for part in parts),
            tuple(sorted(frozenset[str]().union(*(part.fields.old for part in parts)))),
            _undrawn(part for part in parts if part.undrawn is not _NOTHING),
        )

    def _part(
        self,
        package: Package,
        one: _Reached,
        prompt_styles: frozenset[str],
        bookmarks: frozenset[str],
        styles: Entry | None,
    ) -> _Part:
        """A part as it is printed; one that prints the name of its file is another for each."""
        kinds = self._kinds(package, one)
        needs = _Needs(
            prompt_styles,
            Path(package.name).name if "FILENAME" in kinds else "",
            bookmarks if NEEDING_BOOKMARKS & kinds else frozenset(),
            *((package.entries[package.main_part], styles) if "STYLEREF" in kinds else ()),
        )
        return self._once((one, needs), partial(_part, package, one, needs))

    def _kinds(self, package: Package, one: _Reached) -> frozenset[str]:
        """The kinds of a part's fields."""
        if one.kind not in _TEXTS:
            return frozenset()
        name = one.entry.name
        return self._once(("kinds", one.entry), lambda: frozenset(field.kind for field in fields(package.parse(name))))

    def _bookmarks(self, package: Package, reached: Iterable[_Reached]) -> frozenset[str]:
        """The names of all bookmarks, where a field asks for one."""
        texts = [one for one in reached if one.kind in _TEXTS]
        if not any(NEEDING_BOOKMARKS & self._kinds(package, one) for one in texts):
            return frozenset()
        found = [self._once(("marks", one.entry), partial(_bookmarks_of, package, one.entry)) for one in texts]
        return frozenset[str]().union(*found)

    def _once(self, key: Hashable, make: Callable[[], _T]) -> _T:
        if key not in self._memory:
            if len(self._memory) >= _REMEMBERED:
                self._memory.pop(next(iter(self._memory)))
            self._memory[key] = make()
        return cast("_T", self._memory[key])


def _undrawn(parts: Iterable[_Part]) -> Undrawn:
    """What LibreOffice leaves out of some parts."""
    found = [part.undrawn for part in parts]
    told = tuple(dict.fromkeys(told for one in found for told in one.told))
    return Undrawn(told, sum(one.formulas for one in found), sum(one.cells for one in found)) if found else _NOTHING


def _digest(entries: Iterable[Entry]) -> bytes:
    digest = sha256()
    for entry in entries:
        digest.update(f"{entry.name}\0{len(entry.packed)}\0".encode())
        digest.update(entry.packed)
    return digest.digest()


class _Reached(NamedTuple):
    """A part that is printed: its kind of relationship, its entry, that of its own relationships, and these sorted."""

    kind: str
    entry: Entry
    relations_entry: Entry | None
    relations: Relations


class _Needs(NamedTuple):
    """What a part of text asks of the whole.

    Attributes:
        prompt_styles: ids of the styles of prompts.
        file: the file's name, where a field prints it.
        bookmarks: the names of all bookmarks, where a field means one.
        main: the main part, where a field repeats a paragraph of it.
        styles: the styles, likewise.
    """

    prompt_styles: frozenset[str]
    file: str = ""
    bookmarks: frozenset[str] = frozenset()
    main: Entry | None = None
    styles: Entry | None = None


def _reached(package: Package, *, nested: bool) -> Iterator[_Reached]:
    """The parts that are printed, from the main one on, each once.

    Raises:
        TemplateError: a part is reached as two kinds: what is harmless as the one may not be as the other.
    """
    waiting = deque([("", "")])
    kinds = {"": ""}
    while waiting:
        kind, name = waiting.popleft()
        relations = relations_of(package, name, nested=nested)
        if name:
            relations_entry = package.entries.get(package.relationships_part(name))
            yield _Reached(kind, package.entries[name], relations_entry, relations)
        for kind_of_kept, kept in relations.kept:
            if kept not in kinds:
                waiting.append((kind_of_kept, kept))
            if kinds.setdefault(kept, kind_of_kept) != kind_of_kept:
                hint = "N’utilisez pas ce fichier ; demandez-en un autre à qui vous l’a remis."
                package.refuse(f"la partie « {kept} » y sert à deux usages.", hint, kept, "unsafe-document")


def _package_parts(package: Package, *, nested: bool) -> dict[str, Entry]:
    """The parts that say what the others are: the list of their types, and the package's own relationships."""
    relations = package.entries[package.relationships_part()]
    kept = _kept_relations(package, relations, relations_of(package, nested=nested).removed)
    return {_TYPES: package.entries[_TYPES], relations.name: kept}


def _part(package: Package, one: _Reached, needs: _Needs) -> _Part:
    """A part as it is printed."""
    name, removed = one.entry.name, one.relations.removed
    relations = one.relations_entry and _kept_relations(package, one.relations_entry, removed)
    if one.kind in _TEXTS:
        part = _text_part(package, one, needs)
    elif one.kind in _DRAWN:
        root = package.parse(name)
        told = take_off_references(root, removed)
        part = _Part(one.entry if told is None else Entry.of(name, serialize_xml(root)), removed=tuple(told or ()))
    elif one.kind == "image":
        data = package.read(name)
        picture, lost = harmless_picture(data)
        part = _Part(one.entry if picture is data else Entry.of(name, picture), removed=(lost,) if lost else ())
    elif one.kind == "aFChunk":
        inside = Copier(nested=True).copy(package.read(name), name)
        part = _Part(Entry.of(name, inside.data), prompts=inside.prompts, removed=inside.removed)
    else:
        part = _Part(one.entry)
    return replace(part, relations=relations, removed=(*one.relations.told, *part.removed))


def _kept_relations(package: Package, entry: Entry, removed: frozenset[str]) -> Entry:
    if not removed:
        return entry
    root = package.parse(entry.name)
    for relationship in list(root):
        if relationship.get("Id") in removed:
            root.remove(relationship)
    return Entry.of(entry.name, serialize_xml(root))


def _bookmarks_of(package: Package, entry: Entry) -> frozenset[str]:
    return bookmarks_in(package.parse(entry.name))


def _text_part(package: Package, one: _Reached, needs: _Needs) -> _Part:
    """A part of text without its controls and revisions, the prompts of those unfilled, and references outside."""
    entry = one.entry
    root = package.parse(entry.name)
    revised = next(tracked_changes(root), None) is not None
    changed = accept_changes(root)
    lacking = undrawn(root)
    if one.kind in _MARGINS:  # what is drawn there has no tags to be counted by
        lacking = Undrawn(lacking.told)
    changed |= settle_boxes(root)
    told = take_off_references(root, one.relations.removed)
    settled = settle_fields(root, needs.bookmarks, needs.file, partial(_is_current, package, root, entry, needs))
    changed |= settled.changed
    controls = sdt_elements(root)
    prompts = [text for sdt in controls for text in _take_prompt(sdt, needs.prompt_styles)]
    for sdt in reversed(controls):
        unwrap(sdt)
    return _Part(
        Entry.of(entry.name, serialize_xml(root)) if controls or told is not None or changed else entry,
        styles=styles_in(root),
        fonts=fonts_in(root),
        prompts=tuple(prompts),
        removed=tuple(told or ()),
        revised=revised,
        fields=settled,
        undrawn=lacking,
    )


def _is_current(package: Package, root: etree._Element, entry: Entry, needs: _Needs, field: Field) -> bool:
    """Does a field show the text of the paragraph that it repeats?"""
    arguments = instruction(field.code).arguments
    if field.kind != "STYLEREF" or needs.main is None or needs.styles is None or len(arguments) != 1:
        return False
    main = root if entry == needs.main else package.parse(needs.main.name)
    paragraph = styled_paragraph(styles_by_id(package.parse(needs.styles.name)), main, field, arguments[0])
    return paragraph is not None and visible_text(paragraph).split() == shown_text(field).split()


def _take_prompt(sdt: etree._Element, prompt_styles: frozenset[str]) -> Iterator[str]:
    """Empty a control that shows its prompt. A line left to write on has the flag of a prompt, but not its style."""
    content = content_of(sdt)
    if content is None or child(child(sdt, "sdtPr"), "showingPlcHdr") is None:
        return
    for run in list(word_iter(content, "r")):
        holder = run.getparent()
        if holder is not None and value_of(child(run, "rPr"), "rStyle") in prompt_styles:
            text = visible_text(run).strip()
            if text:
                yield text
            holder.remove(run)


def _used_styles(package: Package, entry: Entry, used: frozenset[str]) -> _Part:
    """The part of styles with those only that are used."""
    root = package.parse(entry.name)
    fonts = keep_used_styles(root, used)
    return _Part(Entry.of(entry.name, serialize_xml(root)), fonts=fonts)


def _modified(package: Package, core: Entry | None) -> datetime | None:
    """When the document was last saved, else made (ISO/IEC 29500-2, 11.1)."""
    if core is None:
        return None
    root = package.parse(core.name)
    for name in ("modified", "created"):
        found = _DATE.match((root.findtext(f"{{*}}{name}") or "").strip())
        if found:
            with suppress(ValueError):
                return datetime.fromisoformat(found[0]).replace(tzinfo=UTC)
    return None
