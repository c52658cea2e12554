"""A copy of a document to print: as the paper would be, and with nothing that a converter need not read.

Content controls are taken off: LibreOffice 7.4 loses the look of some, prints prompts in black and moves line breaks;
newer ones make form fields with clipped values. Styles that nothing uses are left out: it sets each up again for every
document. Documents of one template share nearly all their parts; what was made of one of them is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypeVar, cast

from lxml import etree

from conventool.word.control_editing import unwrap
from conventool.word.controls import content_of, sdt_elements
from conventool.word.names import attribute, child, local, value_of, word_children, word_iter
from conventool.word.package import Entry, Package, serialize_xml, zip_bytes
from conventool.word.text_walker import visible_text

__all__ = ["Copier", "PrintCopy"]

_T = TypeVar("_T")
_TEXTS = ("header", "footer", "footnotes", "endnotes", "comments", "numbering")
_MARGINS = ("header", "footer")
_STYLE_REFERENCES = ("pStyle", "rStyle", "tblStyle", "numStyleLink", "styleLink")  # ISO/IEC 29500-1, 17.7.4 and 17.9
_NAMES_A_STYLE = re.compile(r"\b(?:STYLEREF|TOC)\b")  # fields that mean styles by name (17.16.5.59, 17.16.5.68)
_DEFAULT_FONT = "Times New Roman"  # where a document names none
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_REMEMBERED = 256


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
    """

    data: bytes
    body: bytes
    margins: bytes
    families: frozenset[str]
    modified: datetime | None
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A part as it is printed, and what it asks of others: styles by id, fonts by name, ``+minor`` or ``+major``."""

    entry: Entry
    styles: frozenset[str] = frozenset()
    fonts: frozenset[str] = frozenset()
    prompts: tuple[str, ...] = ()


@dataclass
class Copier:
    """Makes copies to print."""

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
        related = [(kind.rpartition("/")[2], package.entries.get(target)) for kind, target in _relationships(package)]
        by_kind = {kind: entry for kind, entry in related if entry is not None}
        styles, theme, core = (by_kind.get(kind) for kind in ("styles", "theme", "core-properties"))
        prompt_styles = self._once(("prompts", styles), lambda: _prompt_styles(package, styles))
        parts = [_text_part(package, package.entries[package.main_part], prompt_styles)]
        for kind, entry in related:
            if entry is not None and kind in _TEXTS:
                make = _maker(package, entry, prompt_styles)
                parts.append(self._once(("text", entry, prompt_styles), make))
        if styles is not None:
            used = frozenset[str]().union(*(part.styles for part in parts))
            parts.append(self._once(("styles", styles, used), lambda: _used_styles(package, styles, used)))
        fonts = frozenset[str]().union(*(part.fonts for part in parts))
        printed = {part.entry.name: part.entry for part in parts}
        entries = [printed.get(entry.name, entry) for entry in package.entries.values()]
        margins = {entry.name for kind, entry in related if entry is not None and kind in _MARGINS}
        return PrintCopy(
            zip_bytes(entries),
            _digest(entry for entry in entries if entry.name not in margins),
            _digest(entry for entry in entries if entry.name in margins),
            self._once(("fonts", theme, fonts), lambda: _families(package, theme, fonts)),
            self._once(("modified", core), lambda: _modified(package, core)),
            tuple(prompt for part in parts for prompt in part.prompts),
        )

    def _once(self, key: Hashable, make: Callable[[], _T]) -> _T:
        if key not in self._memory:
            if len(self._memory) >= _REMEMBERED:
                self._memory.pop(next(iter(self._memory)))
            self._memory[key] = make()
        return cast("_T", self._memory[key])


def _digest(entries: Iterable[Entry]) -> bytes:
    digest = sha256()
    for entry in entries:
        digest.update(f"{entry.name}\0{len(entry.packed)}\0".encode())
        digest.update(entry.packed)
    return digest.digest()


def _relationships(package: Package) -> Iterator[tuple[str, str]]:
    yield from package.relationships()
    yield from package.relationships(package.main_part)


def _maker(package: Package, entry: Entry, prompt_styles: frozenset[str]) -> Callable[[], _Part]:
    return lambda: _text_part(package, entry, prompt_styles)


def _prompt_styles(package: Package, styles: Entry | None) -> frozenset[str]:
    """Ids of the styles that prompts wear: the name is fixed, the id is in the language of who made the file."""
    if styles is None:
        return frozenset()
    return frozenset(
        attribute(style, "styleId") or ""
        for style in word_iter(package.parse(styles.name), "style")
        if (value_of(style, "name") or "").lower() == "placeholder text"
    )


def _text_part(package: Package, entry: Entry, prompt_styles: frozenset[str]) -> _Part:
    """A part of text without its controls, and without the prompts of those unfilled."""
    root = package.parse(entry.name)
    controls = sdt_elements(root)
    prompts = [text for sdt in controls for text in _take_prompt(sdt, prompt_styles)]
    for sdt in reversed(controls):
        unwrap(sdt)
    return _Part(
        Entry.of(entry.name, serialize_xml(root)) if controls else entry,
        _styles_in(root),
        _fonts_in(root),
        tuple(prompts),
    )


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


def _styles_in(root: etree._Element) -> frozenset[str]:
    """Ids of the styles it refers to; ``*`` if a field may mean any of them by name."""
    named = any(_NAMES_A_STYLE.search(code.text or "") for code in word_iter(root, "instrText"))
    named |= any(_NAMES_A_STYLE.search(attribute(simple, "instr") or "") for simple in word_iter(root, "fldSimple"))
    used = {attribute(reference, "val") or "" for reference in word_iter(root, *_STYLE_REFERENCES)}
    return frozenset(used | {"*"} if named else used)


def _fonts_in(root: etree._Element) -> frozenset[str]:
    """Fonts of Latin text; a theme's come before a name (17.3.2.26)."""
    found = set()
    for fonts in word_iter(root, "rFonts"):
        for script in ("ascii", "hAnsi"):
            theme = attribute(fonts, f"{script}Theme")
            found.add(f"+{theme[:5]}" if theme else attribute(fonts, script) or "")
    return frozenset(found - {""})


def _used_styles(package: Package, entry: Entry, used: frozenset[str]) -> _Part:
    """The styles that are used, those they build on, and the defaults."""
    root = package.parse(entry.name)
    styles = {attribute(style, "styleId") or "": style for style in word_children(root, "style")}
    if "*" not in used:
        wanted = used | {id_ for id_, style in styles.items() if attribute(style, "default") in {"1", "true", "on"}}
        kept = _with_their_bases(wanted, styles)
        for id_, style in styles.items():
            if id_ not in kept:
                root.remove(style)
        for latent in list(word_children(root, "latentStyles")):
            root.remove(latent)
    defaults = child(child(child(root, "docDefaults"), "rPrDefault"), "rPr")
    fonts = _fonts_in(root)
    if child(defaults, "rFonts") is None:
        fonts |= {_DEFAULT_FONT}
    return _Part(Entry.of(entry.name, serialize_xml(root)), fonts=fonts)


def _with_their_bases(wanted: Iterable[str], styles: dict[str, etree._Element]) -> set[str]:
    kept: set[str] = set()
    waiting = list(wanted)
    while waiting:
        id_ = waiting.pop()
        if id_ in kept or id_ not in styles:
            continue
        kept.add(id_)
        waiting += [attribute(base, "val") or "" for base in word_children(styles[id_], "basedOn", "link")]
    return kept


def _families(package: Package, theme: Entry | None, fonts: frozenset[str]) -> frozenset[str]:
    """The fonts' names, a theme's looked up in it (ISO/IEC 29500-1, 20.1.4.1.24 and 25)."""
    families = {font for font in fonts if not font.startswith("+")}
    if theme is not None and len(families) < len(fonts):
        for element in package.parse(theme.name).iter("{*}majorFont", "{*}minorFont"):
            latin = element.find("{*}latin")
            if f"+{local(element)[:5]}" in fonts and latin is not None:
                families.add(latin.get("typeface", ""))
    return frozenset(families - {""})


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
