"""A template compiled once, filled many times.

For a given set of controls to fill, the document's structure after filling is always the same: only texts differ. So
the controls are edited once, with tokens where the texts will stand; each part is split at its tokens, and the bytes
between them are compressed once. A copy is then those bytes with the values between them, and every other part as it
lies in the template.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from os import PathLike
from pathlib import Path as FilePath
from typing import get_args

from conventool.core.arguments import must_be, must_be_one_of
from conventool.core.errors import FillError
from conventool.core.problems import Problem
from conventool.word.compiled_part import CompiledPart, Slots
from conventool.word.compiler import Compilation, Mode, Structure
from conventool.word.control_editing import box_signs
from conventool.word.controls import Control
from conventool.word.data_binding import BoundData
from conventool.word.document import Document
from conventool.word.line_breaks import item_around
from conventool.word.package import Package, serialize_xml
from conventool.word.preparation import Preparation, Prepared
from conventool.word.prompts import is_prompt
from conventool.word.repetitions import Repetition, repetitions
from conventool.word.text import paragraph_around, paragraphs
from conventool.word.values import Value
from conventool.word.warnings import warnings_of, what_leaves, what_stays_old
from conventool.word.zip_file import Entry, Record, join_records

__all__ = ["Mode", "Template"]

_MAX_STRUCTURES = 64


class Template:
    """A Word document whose content controls can be filled, any number of times; threads may share it.

    Example:
        >>> template = Template.open("convention.docx")
        >>> data = template.fill({"tag:nom": "Armentières", "tag:decision_date": date(2026, 3, 12)})

    Raises:
        TemplateError: it is no sound Word document; the message says what is wrong, and where.
    """

    def __init__(self, package: Package, *, renew: bool = False) -> None:
        self._package = package
        self._renew = renew
        self._document = Document(package)
        self._data = BoundData(package)
        self._preparation = Preparation(self._document, self._data)
        self._addresses = self._preparation.addresses
        self._compiled = lru_cache(_MAX_STRUCTURES)(self._compile)

    @classmethod
    def open(cls, path: str | PathLike[str], *, renew: bool = False) -> Template:
        """Read the ``.docx``, ``.docm``, ``.dotx`` or ``.dotm`` at ``path``.

        Args:
            path: where it is.
            renew: is Word to renew every field when it opens a copy (``w:updateFields``)?

        Raises:
            TemplateError: it cannot be read or is no sound Word document.
            TypeError: it is no path.
        """
        must_be("path", path, (str, PathLike), "a path (from_bytes takes bytes)")
        return cls(Package.open(FilePath(path)), renew=renew)

    @classmethod
    def from_bytes(cls, data: bytes, name: str = "document.docx") -> Template:
        """The same from bytes; messages call it ``name``.

        Raises:
            TemplateError: it is no sound Word document.
        """
        return cls(Package(data, name))

    @property
    def package(self) -> Package:
        """The file that was read; nobody changes it."""
        return self._package

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
        return ".docm" if self._package.has_macros else ".docx"

    @property
    def signed(self) -> bool:
        """Does it carry a digital signature, which filling will break?"""
        return self._package.is_signed

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is worth telling about the document: nothing that keeps it from being filled."""
        return warnings_of(self._document, self._data)

    @property
    def has_settings(self) -> bool:
        """Does it have a part of settings, without which Word cannot be asked to renew fields?"""
        return self._document.settings_part is not None

    @cached_property
    def told_when_filled(self) -> tuple[Problem, ...]:
        """The warnings that concern every copy: what leaves with it, and what it shows that is old."""
        return (*what_leaves(self._document, in_controls=True), *what_stays_old(self._document))

    def prompting(self, served: AbstractSet[str]) -> Iterator[Control]:
        """The controls that still show their prompt once others are filled, the innermost only.

        Args:
            served: the addresses of the controls that are filled; what stands in them is filled with them.
        """
        filled = {self._data.key(one.binding) for one in self.controls if one.address in served and one.binding}
        around = {outer for index in range(len(self.controls)) for outer in self._preparation.around(index)}
        for index, control in enumerate(self.controls):
            holders = {control.address, *(self.controls[outer].address for outer in self._preparation.around(index))}
            shown = index not in around and is_prompt(control.text, control.placeholder)
            shared = control.binding is not None and self._data.key(control.binding) in filled
            if shown and not shared and holders.isdisjoint(served):
                yield control

    def find(self, address: str, inside: Control | None = None) -> Control:
        """The control that an address means, the first of those that ``find_all`` gives.

        Raises:
            FillError: as ``find_all``.
        """
        return self.find_all(address, inside)[0]

    def find_all(self, address: str, inside: Control | None = None) -> tuple[Control, ...]:
        """The controls that an address means: one, or all of the same tag, which one value fills alike.

        Args:
            address: ``tag:x``, ``alias:x``, ``text:prompt``, ``kind:date``, each optionally followed by ``#2`` for
                the second such; or a bare word, looked up as tag, then alias, then prompt.
            inside: a repeating section, to look in its first item only, the pattern of all.

        Raises:
            FillError: it means none, or several that have no tag in common; the hint lists what there is.
        """
        addresses = self._addresses
        if inside is not None:
            addresses = self._preparation.inside_first_item(self.controls.index(inside))
        return tuple(self.controls[index] for index in addresses.indexes(address))

    def meant(self, address: str) -> tuple[Control, ...]:
        """The controls that ``find_all`` gives for an address; none where it would refuse it."""
        try:
            return self.find_all(address)
        except FillError:
            return ()

    def first_item(self, section: Control) -> tuple[Control, ...]:
        """The controls of a repeating section's first item, the pattern of all."""
        addresses = self._preparation.inside_first_item(self.controls.index(section))
        return tuple(control for index, control in enumerate(self.controls) if index in addresses)

    def empty_box(self, control: Control) -> str:
        """The character that a checkbox shows while it is not ticked."""
        return box_signs(self._document.element(control.sites[0]))[0]

    def draws_box(self, control: Control) -> bool:
        """Is it a box to tick whose signs are others than those of Unicode that Word has at first, ☐ and ☒?"""
        element = self._document.element(control.sites[0])
        return control.kind == "checkbox" and box_signs(element) != ("☐", "☒")

    def is_list_item(self, control: Control) -> bool:
        """Is each line of a control's value an item of a list, a paragraph?"""
        document = self._document
        return any(item_around(document.element(site), document.styles) is not None for site in control.sites)

    def fill(self, values: Mapping[str, Value], controls: Mode = "keep", file: str | None = None) -> bytes:
        """A filled copy of the document.

        Args:
            values: by address, a text, a number, a date, a truth value for a checkbox, a list of such mappings for a
                repeating section, a [Blank][conventool.word.values.Blank], or None to leave a control as it is.
            controls: "keep" the filled controls as controls, or "unwrap" them.
            file: the name that the copy will have, which fields may print; by default that of the document.

        Returns:
            The bytes of the new document: the same for the same values.

        Raises:
            FillError: every address that means no control, and every value its control does not accept.
            TypeError: the values are no mapping, or an address is no text.
            ValueError: ``controls`` is neither.
        """
        must_be("values", values, Mapping, "a mapping of addresses to values")
        for address in values:
            must_be("an address", address, str, "a text")
        must_be_one_of("controls", controls, get_args(Mode))
        return self.fill_prepared(self.prepare(values, controls), file)

    def prepare(self, values: Mapping[str, Value], controls: Mode = "keep", like: Prepared | None = None) -> Prepared:
        """The values of a copy checked against the controls and made ready; nothing is filled yet.

        Args:
            values: as [fill][conventool.word.template.Template.fill] takes them.
            controls: likewise.
            like: another copy, as the one before: what both have alike is not made ready again.

        Raises:
            FillError: as ``fill``.
        """
        return self._preparation.prepare(values, controls, like)

    def fill_prepared(self, prepared: Prepared, file: str | None = None) -> bytes:
        """The copy with values that this template has made ready; its fields may print the name of its file."""
        parts, slots = self._compiled(prepared.structure, prepared.controls)
        shown = slots.with_results(prepared.fillings, file or FilePath(self.name).name)
        return join_records([part.filled(shown) if isinstance(part, CompiledPart) else part for part in parts])

    def count(self, text: str) -> int:
        """How often the main text says something, whatever white space is in it."""
        main = self._document.package.main_part
        said = "".join(one.text for one in paragraphs(self._document) if one.part == main)
        return "".join(said.split()).count("".join(text.split()))

    def paragraph(self, address: str, prepared: Prepared) -> str:
        """How the paragraph around a control reads once these values are filled in.

        Raises:
            FillError: the address means no control.
        """
        texts = {path[0]: "".join(filling.pieces) for path, filling in prepared.fillings.items() if len(path) == 1}
        return paragraph_around(self._document, self._addresses.indexes(address)[0], texts)

    def repetitions(self, addresses: Iterable[str]) -> dict[tuple[str, str], Repetition]:
        """What fields will show once the controls of some addresses are filled, by their parts and names.

        Raises:
            FillError: an address means no control.
        """
        served = {index for address in addresses for index in self._addresses.indexes(address)}
        outermost = {index for index in served if served.isdisjoint(self._preparation.around(index))}
        return repetitions(self._document, self._data, outermost)

    def _entries(self) -> Iterator[Entry]:
        """The package's entries; a template's main part becomes a document's, or Word would refuse a ``.docx``."""
        changed = self._package.as_document()
        for entry in self._package.entries.values():
            data = changed.get(entry.name)
            yield entry if data is None else Entry.of(entry.name, data)

    def _compile(self, structure: Structure, mode: Mode) -> tuple[list[Record | CompiledPart], Slots]:
        """Edit the controls as this structure asks, and make the parts they stand in ready to take values."""
        compilation = Compilation(self._document, self._data, tuple(sorted(structure)), mode, renew=self._renew)
        touched = {
            name: CompiledPart(name, serialize_xml(root), compilation.slots) for name, root in compilation.roots.items()
        }
        return [touched.get(entry.name) or entry.record() for entry in self._entries()], compilation.slots
