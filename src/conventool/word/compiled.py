"""A template compiled once, filled many times.

For a given set of controls to fill, the document's structure after filling is always the same: only texts differ. So
the surgery is done once, with tokens for the texts; each part is cut at its tokens, and the stretches between them are
compressed once. A copy is then those stretches with the values between them, and every other part as it lay in the
template. Nothing is compressed twice, nothing is parsed twice.

A deflate stream may be made of blocks that were compressed apart (RFC 1951, 3.2.3): each stretch ends on a full flush,
each value is a stored block.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from operator import is_
from pathlib import Path
from secrets import token_hex
from typing import Literal, TypeAlias, TypeVar

from lxml import etree

from conventool.errors import FillError
from conventool.problems import Place, Problem
from conventool.word.content import clone_item, fill_control, unwrap
from conventool.word.controls import Binding, Control, Document, Site, binding_of, content_of, local_name
from conventool.word.names import child, value_of, word_children, word_iter
from conventool.word.package import Entry, Package, serialize_xml, zip_bytes
from conventool.word.stores import Stores
from conventool.word.values import RUN_FACETS, Blank, Filling, Form, Value, prepare

__all__ = ["Mode", "Template"]

Mode: TypeAlias = Literal["keep", "unwrap"]
"""Whether a filled control stays a control in the result, or only its content stays."""

_T = TypeVar("_T")
_Path: TypeAlias = tuple[int, ...]
"""The way to a filled control: its index, or for one in a repeated item: section, item's rank, control."""
_Slot: TypeAlias = tuple[_Path, str]
"""A place where a value goes: which control's, and which facet of it."""
_Written: TypeAlias = tuple[bytes, bytes]
"""What stands at a slot: the text, and the same as deflate blocks."""
_Shape: TypeAlias = tuple[tuple[_Path, ...], tuple[Form | int, ...]]
"""The controls filled, and the form of each: everything about the values that the structure depends on."""

_TOKEN_START = f"slot-{token_hex(8)}-"  # no template can hold it; it leaves no trace in what is written
_TOKEN = re.compile(rb"%s(\d+);" % _TOKEN_START.encode("ascii"))
_OPEN_TEXT = re.compile(rb'<([\w.-]+:|)t xml:space="preserve">$')
_PLAIN = re.compile(r"[^&<>\"\n\t]*")
_END_OF_STREAM = b"\x01\x00\x00\xff\xff"  # an empty stored block, marked as the last one
_STORED = struct.Struct("<BHH")
_MAX_STORED = 0xFFFF
_MAX_SHAPES = 64
_NO_FILLING = Filling("text")
_NOT_GIVEN = Blank("")
_TEMPLATE_TYPES = {b"wordprocessingml.template.main": b"wordprocessingml.document.main",
                   b"template.macroEnabledTemplate.main": b"document.macroEnabled.main"}  # fmt: skip


class Template:
    """A Word document whose content controls can be filled, any number of times.

    Example:
        >>> template = Template.open("convention.docx")
        >>> data = template.fill({"tag:nom": "Armentières", "tag:decision_date": date(2026, 3, 12)})

    Raises:
        TemplateError: it is no sound Word document; the message says what is wrong, and where.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        self._document = Document(package)
        self._stores = Stores(package)
        self._indexes: dict[str, int] = {}
        self._compiled: dict[tuple[_Shape, Mode], list[Entry | _Part]] = {}
        self._bound_together = self._find_bound_together()
        self._routes: dict[tuple[tuple[str, ...], Mode], _Route] = {}
        self._last_prepared: dict[tuple[int, Mode], tuple[Value, Filling | Problem]] = {}

    @classmethod
    def open(cls, path: str | Path) -> Template:
        """Read the ``.docx``, ``.docm``, ``.dotx`` or ``.dotm`` at ``path``.

        Raises:
            TemplateError: it cannot be read or is no sound Word document.
        """
        return cls(Package.open(Path(path)))

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "document.docx") -> Template:
        """The same from bytes; messages call it ``name``.

        Raises:
            TemplateError: it is no sound Word document.
        """
        return cls(Package(data, name))

    @property
    def name(self) -> str:
        """How messages call the document."""
        return self._package.name

    @property
    def controls(self) -> tuple[Control, ...]:
        """Every content control, in document order, the main text first."""
        return self._document.controls

    @property
    def suffix(self) -> str:
        """The suffix that a filled copy must have for Word to open it: ``.docx``, or ``.docm`` with macros."""
        return ".docm" if "macroEnabled" in self._package.content_types[self._package.main_part] else ".docx"

    @property
    def signed(self) -> bool:
        """Does it carry a digital signature, which filling will break?"""
        return any(name.startswith("_xmlsignatures/") for name in self._package.entries)

    def find(self, address: str) -> Control:
        """The control that an address means.

        Args:
            address: ``tag:x``, ``alias:x``, ``text:prompt``, ``kind:date``, each optionally followed by ``#2`` for
                the second such; or a bare word, looked up as tag, then alias, then prompt.

        Raises:
            FillError: it means none or several; the hint lists what there is.
        """
        return self.controls[self._index(address, range(len(self.controls)))]

    def check(self, values: Mapping[str, Value], controls: Mode = "keep") -> list[Problem]:
        """What [fill][conventool.word.compiled.Template.fill] would refuse, without filling anything."""
        return self._prepare_all(values, controls)[1]

    def fill(self, values: Mapping[str, Value], controls: Mode = "keep") -> bytes:
        """A filled copy of the document.

        Args:
            values: by address, a text, a number, a date, a truth value for a checkbox, a list of such mappings for a
                repeating section, a [Blank][conventool.word.values.Blank], or None to leave a control as it is.
            controls: "keep" the filled controls as controls, or "unwrap" them.

        Returns:
            The bytes of the new document: the same for the same values.

        Raises:
            FillError: every address that means no control, and every value its control does not accept.
        """
        fillings, problems = self._prepare_all(values, controls)
        if problems:
            raise FillError(*problems)
        shape = tuple(fillings), tuple([len(f.items) or f.form for f in fillings.values()])
        compiled = self._compiled.get((shape, controls))
        if compiled is None:
            if len(self._compiled) >= _MAX_SHAPES:
                self._compiled.pop(next(iter(self._compiled)))
            compiled = self._compiled[shape, controls] = self._compile(shape, controls)
        return zip_bytes(part if isinstance(part, Entry) else part.filled(fillings) for part in compiled)

    def flat(self) -> bytes:
        """The document as it is, with every control unwrapped: for a converter that prints controls badly."""
        parts = {}
        for part in self._document.roots:
            root = self._package.parse(part)
            wrappers = list(word_iter(root, "sdt"))
            for sdt in reversed(wrappers):
                unwrap(sdt)
            if wrappers:
                parts[part] = Entry.of(part, serialize_xml(root))
        return zip_bytes(parts.get(entry.name, entry) for entry in self._entries())

    # ------------------------------------------------------------------------------------------ values

    def _prepare_all(self, values: Mapping[str, Value], mode: Mode) -> tuple[dict[_Path, Filling], list[Problem]]:
        """Every value checked against its control; for addresses that were sound before, the values alone."""
        known = (tuple(values), mode)
        given = tuple(values.values())
        route = self._routes.get(known)
        if route is not None and None not in given:
            fillings = self._prepare_again(route, given, mode)
            if fillings is not None:
                return fillings, []
        fillings, problems = self._prepare(values, range(len(self.controls)), (), mode)
        if not problems and None not in given and len(self._routes) < _MAX_SHAPES:
            ranks = self._with_bound({self._indexes[address]: rank for rank, address in enumerate(values)})
            paths: list[list[_Path]] = [
                [(index,) for index, other in ranks.items() if other == rank] for rank in range(len(given))
            ]
            self._routes[known] = _Route(paths)
        return fillings, problems

    def _prepare_again(self, route: _Route, given: tuple[Value, ...], mode: Mode) -> dict[_Path, Filling] | None:
        """The same for addresses that are known to be sound; None where a value has to be looked at closer."""
        fillings = route.fillings.copy()
        for rank, (value, last) in enumerate(zip(given, route.given, strict=True)):
            if value is not last and (type(value) is not type(last) or value != last):
                for path in route.paths[rank]:
                    ready = self._prepared(path[0], value, mode)
                    if isinstance(ready, Problem) or ready.items:
                        return None
                    fillings[path] = ready
        route.given, route.fillings = given, fillings
        return fillings

    def _prepare(
        self, values: Mapping[str, Value], within: range | list[int], prefix: _Path, mode: Mode
    ) -> tuple[dict[_Path, Filling], list[Problem]]:
        """Every value checked against its control, before anything is made."""
        given: dict[int, Value] = {}
        problems: list[Problem] = []
        for address, value in values.items():
            try:
                index = self._index(address, within)
            except FillError as error:
                problems += error.problems
                continue
            if value is None:
                continue
            if index in given:
                problems.append(self._conflict(index, f"« {address} » désigne un contrôle déjà rempli."))
            given[index] = value
        problems += self._nested(given)
        fillings: dict[_Path, Filling] = {}
        for index, value in self._with_bound(given).items():
            filling = self._prepared(index, value, mode)
            if isinstance(filling, Problem):
                problems.append(filling)
                continue
            fillings[*prefix, index] = filling
            for rank, item in enumerate(filling.items):
                inner, more = self._prepare(item, self._inside_first_item(index), (*prefix, index, rank), mode)
                fillings |= inner
                problems += more
        return fillings, problems

    def _prepared(self, index: int, value: Value, mode: Mode) -> Filling | Problem:
        """A value made ready, at once if it is the one this control had last: copies differ little."""
        last = self._last_prepared.get((index, mode))
        if last is not None and (last[0] is value or (type(last[0]) is type(value) and last[0] == value)):
            return last[1]
        control = self.controls[index]
        ready = prepare(control, value, runs=mode == "unwrap" or control.kind == "rich")
        if isinstance(value, (str, date, Blank)):
            self._last_prepared[index, mode] = value, ready
        return ready

    def _index(self, address: str, within: range | list[int]) -> int:
        """The index of the control that ``address`` means, among those of ``within``."""
        whole = isinstance(within, range)
        if whole and address in self._indexes:
            return self._indexes[address]
        found = [index for index in within if address == self.controls[index].address] or self._matches(address, within)
        if len(found) != 1:
            raise FillError(self._not_one(address, [self.controls[index] for index in found], within))
        if whole:
            self._indexes[address] = found[0]
        return found[0]

    def _matches(self, address: str, within: range | list[int]) -> list[int]:
        name, mark, rank = address.rpartition("#")
        if mark and rank.isdecimal():
            ranked = self._matches(name, within)
            return ranked[int(rank) - 1 : int(rank)] if int(rank) else []
        prefix, colon, rest = address.partition(":")
        for kind in (prefix,) if colon and prefix in _LOOK_UPS else _LOOK_UPS:
            wanted = rest if colon and prefix in _LOOK_UPS else address
            found = [index for index in within if _LOOK_UPS[kind](self.controls[index]) == " ".join(wanted.split())]
            if found:
                return found
        return []

    def _not_one(self, address: str, found: list[Control], within: range | list[int]) -> Problem:
        known = found or [self.controls[index] for index in within]
        listed = ", ".join(f"« {control.address} »" for control in known) or "aucun"
        place = Place(file=self.name)
        if found:
            message = f"« {address} » désigne {len(found)} contrôles."
            return Problem("control-ambiguous", message, f"Précisez lequel : {listed}.", value=address, place=place)
        message = f"Aucun contrôle ne répond à « {address} »."
        return Problem("control-missing", message, f"Contrôles du document : {listed}.", value=address, place=place)

    def _conflict(self, index: int, message: str) -> Problem:
        return Problem(
            "control-conflict", message, "Ne donnez qu’une valeur.", place=Place(control=self.controls[index].address)
        )

    def _nested(self, given: Mapping[int, Value]) -> Iterator[Problem]:
        """A control whose outer control is filled as well would vanish with its value."""
        for index in given:
            outer = self.controls[index].parent
            while outer is not None:
                if outer in given:
                    around = self.controls[outer].address
                    yield self._conflict(index, f"Ce contrôle se trouve dans « {around} », rempli lui aussi.")
                outer = self.controls[outer].parent

    def _with_bound(self, given: Mapping[int, _T]) -> dict[int, _T]:
        """The same value for every other control bound to the same data, unless it has its own."""
        values = dict(given)
        for index, value in given.items():
            for other in self._bound_together.get(index, ()):
                values.setdefault(other, value)
        return values

    def _find_bound_together(self) -> dict[int, list[int]]:
        groups: dict[tuple[str, str], list[int]] = {}
        for index, control in enumerate(self.controls):
            key = self._stores.key(control.binding) if control.binding else None
            if key is not None:
                groups.setdefault(key, []).append(index)
        return {index: [other for other in group if other != index] for group in groups.values() for index in group}

    def _inside_first_item(self, section: int) -> list[int]:
        """The controls of a repeating section's first item, which serves as the pattern of all."""
        item = next((i for i, c in enumerate(self.controls) if c.parent == section and c.kind == "repeat-item"), None)
        inside: list[int] = []
        for index, control in enumerate(self.controls):
            if control.parent is not None and (control.parent == item or control.parent in inside):
                inside.append(index)
        return inside

    # --------------------------------------------------------------------------------------- structure

    def _entries(self) -> Iterator[Entry]:
        """The package's entries; a template's main part becomes a document's, or Word would refuse a ``.docx``."""
        for entry in self._package.entries.values():
            if entry.name == "[Content_Types].xml":
                data = types = self._package.read(entry.name)
                for template, document in _TEMPLATE_TYPES.items():
                    types = types.replace(template, document)
                yield entry if types == data else Entry.of(entry.name, types)
            else:
                yield entry

    def _compile(self, shape: _Shape, mode: Mode) -> list[Entry | _Part]:
        """Do the surgery that this shape asks for, once, with tokens where the values will stand."""
        surgery = _Surgery(self._package, self._document, self._stores, dict(sorted(zip(*shape, strict=True))))
        surgery.operate(mode)
        parts = {name: _Part(name, serialize_xml(root), surgery.slots) for name, root in surgery.roots.items()}
        return [parts.get(entry.name, entry) for entry in self._entries()]


def _prompt(control: Control) -> str | None:
    return " ".join((control.placeholder or "").split()) or None


_LOOK_UPS: Mapping[str, Callable[[Control], str | None]] = {
    "tag": lambda control: control.tag,
    "alias": lambda control: control.alias,
    "text": _prompt,
    "kind": lambda control: control.kind,
}


@dataclass
class _Surgery:
    """The surgery for one shape: fresh trees of the parts it touches, and the slots it leaves in them."""

    package: Package
    document: Document
    stores: Stores
    forms: Mapping[_Path, Form | int]
    roots: dict[str, etree._Element] = field(default_factory=dict)
    slots: list[_Slot] = field(default_factory=list)
    filled: list[etree._Element] = field(default_factory=list)

    def operate(self, mode: Mode) -> None:
        """Fill every control of ``forms``, then take off the wrappers if asked."""
        self._ids = count(1 + max(self._used_ids(), default=0))
        parts = {site.part for path in self._under(()) for site in self.document.controls[path[0]].sites}
        for part in sorted(parts):
            self._fill_under((), part, list(word_iter(self._root(part), "sdt")), 0)
        if mode == "unwrap":
            for sdt in reversed(self.filled):
                unwrap(sdt)

    def _under(self, prefix: _Path) -> list[_Path]:
        """The paths of the controls that stand directly in the document, or in one repeated item."""
        return [path for path in self.forms if path[:-1] == prefix]

    def _fill_under(self, prefix: _Path, part: str, elements: list[etree._Element], first: int) -> None:
        """Fill the controls under ``prefix``, whose elements are given from the one of rank ``first`` on."""
        for path in self._under(prefix):
            for site in self.document.controls[path[-1]].sites:
                if site.part == part and first <= site.rank < first + len(elements):
                    self._fill(elements[site.rank - first], path, site)

    def _fill(self, sdt: etree._Element, path: _Path, site: Site) -> None:
        form = self.forms[path]
        binding = binding_of(child(sdt, "sdtPr"))
        self.filled.append(sdt)
        if isinstance(form, int):
            self._repeat(sdt, path, site, form, binding)
            return
        fill_control(sdt, form, lambda facet: self._token(path, facet), self.document.prompt_styles)
        if binding is not None and form != "blank":
            self._store(binding, path)

    def _token(self, path: _Path, facet: str) -> str:
        self.slots.append((path, facet))
        return f"{_TOKEN_START}{len(self.slots) - 1};"

    def _repeat(self, sdt: etree._Element, path: _Path, site: Site, times: int, binding: Binding | None) -> None:
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
            self.filled.append(item)
            self._fill_under((*path, rank), site.part, list(word_iter(item, "sdt")), first)

    def _rank_of_first_item(self, section: int, site: Site) -> int:
        ranks = (s.rank for c in self.document.controls if c.parent == section for s in c.sites if s.part == site.part)
        return min((rank for rank in ranks if rank > site.rank), default=site.rank)

    def _store(self, binding: Binding, path: _Path) -> None:
        """Put the value into the data that the control is bound to."""
        part = self.stores.part(binding)
        nodes = self.stores.nodes(binding, self._root(part)) if part else []
        for element, name in nodes[:1]:
            if name is not None:
                element.set(name, self._token(path, "stored"))
                continue
            for inner in list(element):
                element.remove(inner)
            element.text = self._token(path, "stored")

    def _repeat_stored(self, binding: Binding, times: int) -> None:
        """Give the data of a repeating section as many elements as it has items."""
        part = self.stores.part(binding)
        nodes = self.stores.nodes(binding, self._root(part)) if part else []
        elements = [element for element, name in nodes if name is None]
        for extra in elements[times:]:
            extra.getparent().remove(extra)  # type: ignore[union-attr]  # a repeated element has a parent
        for _ in range(times - len(elements) if elements else 0):
            elements[0].addnext(deepcopy(elements[0]))

    def _root(self, part: str) -> etree._Element:
        if part not in self.roots:
            self.roots[part] = self.package.parse(part)
        return self.roots[part]

    def _used_ids(self) -> Iterator[int]:
        for root in self.document.roots.values():
            for properties in word_iter(root, "sdtPr"):
                yield _number(value_of(properties, "id"))
            yield from (_number(element.get("id")) for element in root.iter("{*}docPr"))


class _Route:
    """The way of values to their controls, found sound once; and the last values that went it.

    Attributes:
        paths: for each value, the controls that it fills.
        given: the last values.
        fillings: what was made of them.
    """

    def __init__(self, paths: list[list[_Path]]) -> None:
        self.paths = paths
        self.given: tuple[Value, ...] = (_NOT_GIVEN,) * len(paths)
        self.fillings: dict[_Path, Filling] = {}


class _Part:
    """A part cut at its tokens: the stretches between them compressed, the slots to be filled."""

    def __init__(self, name: str, data: bytes, slots: list[_Slot]) -> None:
        pieces = _TOKEN.split(data)  # stretch, slot number, stretch, slot number, … stretch
        self._name = name
        self._stretches = [(stretch, _flushed(stretch)) for stretch in pieces[0::2]]
        self._slots = [slots[int(number)] for number in pieces[1::2]]
        self._escapes = [
            _escapes(stretch, facet) for stretch, (_, facet) in zip(pieces[0::2], self._slots, strict=False)
        ]
        self._last: tuple[list[Filling], list[_Written], Entry] | None = None

    def filled(self, fillings: Mapping[_Path, Filling]) -> Entry:
        """The part with these values. The copies of one adherent differ in few parts: the last result is kept."""
        now = [fillings[path] for path, _ in self._slots]
        if self._last is not None and all(map(is_, now, self._last[0])):
            return self._last[2]
        written = self._written(now)
        stretch, flushed = self._stretches[0]
        packed, crc, size = [flushed], zlib.crc32(stretch), len(stretch)
        for (value, stored), (stretch, flushed) in zip(written, self._stretches[1:], strict=True):
            packed += (stored, flushed)
            crc = zlib.crc32(stretch, zlib.crc32(value, crc))
            size += len(stretch) + len(value)
        packed.append(_END_OF_STREAM)
        entry = Entry(self._name, zipfile.ZIP_DEFLATED, crc, size, b"".join(packed))
        self._last = now, written, entry
        return entry

    def _written(self, now: list[Filling]) -> list[_Written]:
        """What stands at each slot; what was there last time need not be made again."""
        last, before = self._last[:2] if self._last else ([_NO_FILLING] * len(now), [(b"", b"")] * len(now))
        written = list(before)
        for rank, (filling, old) in enumerate(zip(now, last, strict=True)):
            if filling is not old:
                text = _escaped(filling.facet(self._slots[rank][1]), self._escapes[rank]).encode("utf-8")
                written[rank] = text, _stored(text)
        return written


def _flushed(stretch: bytes) -> bytes:
    """A stretch as deflate blocks that end on a byte and refer to nothing before them."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(stretch) + deflate.flush(zlib.Z_FULL_FLUSH)


def _stored(value: bytes) -> bytes:
    """A value as stored blocks: the cheapest to make, and values are short."""
    blocks: list[bytes] = []
    for start in range(0, len(value), _MAX_STORED):
        block = value[start : start + _MAX_STORED]
        blocks += (_STORED.pack(0, len(block), len(block) ^ _MAX_STORED), block)
    return b"".join(blocks)


def _escapes(before: bytes, facet: str) -> dict[int, str]:
    """How characters are written where a value goes: a newline in a run is a break, in an attribute a reference."""
    escapes = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
    opened = _OPEN_TEXT.search(before)
    if facet in RUN_FACETS and opened:
        prefix = opened[1].decode("ascii")
        for char, name in (("\n", "br"), ("\t", "tab")):
            escapes[char] = f'</{prefix}t><{prefix}{name}/><{prefix}t xml:space="preserve">'
    return str.maketrans(escapes)


def _escaped(text: str, escapes: dict[int, str]) -> str:
    return text if _PLAIN.fullmatch(text) else text.translate(escapes)


def _aim_at_item(item: etree._Element, xpath: str, rank: int) -> None:
    """Point the bindings inside a repeated item to that item's own data."""
    for element in item.iter("{*}dataBinding"):
        for name, value in element.attrib.items():
            if local_name(name) == "xpath":
                element.set(name, re.sub(rf"^{re.escape(xpath)}\[\d+\]", lambda _: f"{xpath}[{rank}]", str(value)))


def _number(text: str | None) -> int:
    """An identifier that may be missing, negative or no number at all; the largest half is left for new ones."""
    return int(text) & 0x3FFFFFFF if text and text.isdecimal() else 0
