"""A Word document as a package of parts (ISO/IEC 29500-2), every one checked before any is used."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple, NoReturn

from lxml import etree

from conventool.core.errors import TemplateError, reason
from conventool.core.problems import Place, Problem
from conventool.files.reading import open_file
from conventool.word.zip_file import Entry, entries_of, inflate, remember, zip_bytes

__all__ = ["Package", "Relationship", "serialize_xml", "with_parts"]

MAX_PARTS = 5_000
MAX_PART_SIZE = 128 << 20
MAX_TOTAL_SIZE = 512 << 20
MAX_RATIO = 2_000  # deflate itself ends near 1,030: beyond, the declared sizes are false
MAX_XML_SIZE = 64 << 20

_XML_SUFFIXES = (".xml", ".rels", ".vml")
_UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
# What may stand before the root element (XML 1.0, 2.8); possessive, so that no text can make it slow.
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?(?>.*?\?>)|<!--(?>.*?-->))*+", re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)")
# Those in which "<!DOCTYPE" is spelt in ASCII; in UTF-7 or EBCDIC it could hide.
_PLAIN_ENCODINGS = re.compile(rb"utf-?(8|16)|us-ascii|ascii|iso-8859-\d+|windows-125\d", re.IGNORECASE)

_HEAD = 1 << 20
_ZIP = b"PK"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CONTENT_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_OFFICE_DOCUMENT = "/relationships/officeDocument"
_WORD_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
}
_AS_DOCUMENT = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    ),
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml": (
        "application/vnd.ms-word.document.macroEnabled.main+xml"
    ),
}
_TYPES_PART = "[Content_Types].xml"
_DANGEROUS = frozenset("\\:\0")
"""What in a name may mean another place than the file it is in."""
_OTHER_PROGRAMS = {"spreadsheetml": "un classeur Excel", "presentationml": "une présentation PowerPoint"}


class Relationship(NamedTuple):
    """What a part, or the package, says of another part (ISO/IEC 29500-2, 6.5).

    Attributes:
        name: by which the part's own XML refers to it.
        kind: the type, an address.
        target: the part, or an address outside of the package.
        is_external: whether it is outside.
    """

    name: str
    kind: str
    target: str
    is_external: bool


class Package:
    """A Word document's parts, every one checked before any is used.

    Args:
        data: the bytes of the ``.docx``, ``.docm``, ``.dotx`` or ``.dotm``.
        name: how messages call it.

    Raises:
        TemplateError: the file is no Word document, is damaged, or must not be trusted.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self.entries: dict[str, Entry] = {}
        self._roots: dict[str, etree._Element] = {}
        self._plain: dict[str, bytes] = {}
        self._related: dict[str, tuple[Relationship, ...]] = {}
        self._refuse_other_formats(data)
        try:
            self._admit(entries_of(data))
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            OverflowError,
            ValueError,
            struct.error,
        ):
            self.refuse("le fichier est tronqué ou abîmé.", "Reprenez-en une copie intacte.")
        self.main_part = self._find_main_part()

    @classmethod
    def open(cls, path: Path) -> Package:
        """Read the document at ``path``.

        Raises:
            TemplateError: as the class says, or the file cannot be read.
        """
        if path.name.startswith("~$"):
            _refuse(
                str(path),
                "ce fichier est le verrou que Word pose à côté d’un document ouvert.",
                f"Donnez le document lui-même, dont le nom finit par « {path.name[2:]} ».",
            )
        try:
            if path.is_dir():
                _refuse(str(path), "c’est un dossier.", "Donnez le fichier .docx de la convention.")
            if path.stat().st_size > MAX_TOTAL_SIZE:
                _refuse(str(path), "il est démesuré.", "Allégez le document.", code="unsafe-document")
            data = _bytes_of(path)
        except FileNotFoundError:
            _refuse(str(path), "il n’existe pas.", "Vérifiez le chemin.")
        except OSError as error:
            _refuse(str(path), f"il ne peut pas être lu ({reason(error)}).", "Vérifiez le chemin et vos droits.")
        except ValueError:  # a null character
            _refuse(str(path), "son nom est impossible.", "Vérifiez le chemin.")
        return cls(data, str(path))

    def refuse(self, why: str, hint: str, part: str | None = None, code: str = "unreadable") -> NoReturn:
        """Raise the TemplateError that says what is wrong with this document, and where."""
        _refuse(self.name, why, hint, part, code)

    def read(self, part: str) -> bytes:
        """The plain bytes of a part.

        Raises:
            TemplateError: the part is missing, or is not what its checksum says.
        """
        entry = self.entries.get(part)
        if entry is None:
            self.refuse(f"il manque la partie « {part} ».", "Enregistrez-le de nouveau dans Word.", part)
        return self._plain.pop(part, None) or inflate(entry)

    def parse(self, part: str) -> etree._Element:
        """The root element of an XML part.

        Raises:
            TemplateError: the part is missing or is no well-formed XML.
        """
        # huge_tree stays off: libxml2's own limits on depth and text guard against what is merely too big
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            root = etree.fromstring(self.read(part), parser)
        except etree.XMLSyntaxError as error:
            self.refuse(
                f"la partie « {part} » n’est pas du XML bien formé (ligne {error.lineno}).",
                "Ouvrez le document dans Word et enregistrez-le de nouveau.",
                part,
            )
        if root.getroottree().docinfo.internalDTD is not None:
            self._refuse_doctype(part)
        return root

    def root(self, part: str) -> etree._Element:
        """The same, parsed once: for those who only read it. Hundreds of documents share most of their small parts.

        Raises:
            TemplateError: as `parse` says.
        """
        if part not in self._roots:
            entry = self.entries.get(part)
            root = _roots_read.get(entry)
            if root is None:
                root = self.parse(part)
                remember(_roots_read, entry, root)
            self._roots[part] = root
        return self._roots[part]

    @cached_property
    def content_types(self) -> dict[str, str]:
        """The content type of every part (ISO/IEC 29500-2)."""
        root = self.root(_TYPES_PART)
        defaults = {
            el.get("Extension", "").lower(): el.get("ContentType", "") for el in root.iter(f"{_CONTENT_TYPES}Default")
        }
        overrides = {
            el.get("PartName", "").lstrip("/").lower(): el.get("ContentType", "")
            for el in root.iter(f"{_CONTENT_TYPES}Override")
        }
        return {
            name: overrides.get(name.lower()) or defaults.get(name.rpartition(".")[2].lower(), "")
            for name in self.entries
        }

    def relationships(self, part: str = "") -> Iterator[tuple[str, str]]:
        """Type and target part of each internal relationship of ``part`` (of the package itself when empty)."""
        return ((one.kind, one.target) for one in self.related(part) if not one.is_external)

    def parts_of(self, *kinds: str, source: str | None = None) -> list[str]:
        """The parts that the main part is related to as one of some kinds, such as ``settings``; those that are there.

        Args:
            kinds: the last steps of types of relationships, which are the same in both editions.
            source: to which part; empty: to the package itself; None: to the main part.
        """
        return [
            target
            for kind, target in self.relationships(self.main_part if source is None else source)
            if kind.rpartition("/")[2] in kinds and target in self.entries
        ]

    def part_of(self, kind: str) -> str | None:
        """The first part that is related as of that kind to the main part; None where there is none."""
        return next(iter(self.parts_of(kind)), None)

    def related(self, part: str = "") -> tuple[Relationship, ...]:
        """Each relationship of ``part``, those to what is outside of the package included."""
        if part not in self._related:
            self._related[part] = tuple(self._relationships_of(part))
        return self._related[part]

    def _relationships_of(self, part: str) -> Iterator[Relationship]:
        folder = part.rpartition("/")[0]
        rels = self.relationships_part(part)
        if rels not in self.entries:
            return
        for el in self.root(rels).iter(_RELATIONSHIPS):
            target, is_external = el.get("Target", ""), el.get("TargetMode") == "External"
            if not is_external:
                target = _resolve(folder, target)
                target = self._by_lower.get(target.lower(), target)
            yield Relationship(el.get("Id", ""), el.get("Type", ""), target, is_external)

    @property
    def is_signed(self) -> bool:
        """Does it carry a digital signature?"""
        return any(name.startswith("_xmlsignatures/") for name in self.entries)

    @property
    def has_macros(self) -> bool:
        """Is it of the kind that may hold macros?"""
        return "macroEnabled" in self.content_types[self.main_part]

    @property
    def people(self) -> tuple[str, ...]:
        """Who wrote a document and who saved it last, where its core properties say the latter (29500-2, 11.1)."""
        for part in self.parts_of("core-properties", source=""):
            root = self.parse(part)
            author, last = ((root.findtext(f"{{*}}{name}") or "").strip() for name in ("creator", "lastModifiedBy"))
            return tuple(dict.fromkeys(filter(None, (author, last)))) if last else ()
        return ()

    @staticmethod
    def relationships_part(part: str = "") -> str:
        """The name of the part that holds the relationships of ``part`` (of the package itself when empty)."""
        folder, slash, name = part.rpartition("/")
        return f"{folder}{slash}_rels/{name}.rels"

    def as_document(self) -> dict[str, bytes | None]:
        """What to change so that a Word template is a document, which Word opens to be edited; empty if it is one."""
        root = self.parse(_TYPES_PART)
        changed = [element for element in root if element.get("ContentType") in _AS_DOCUMENT]
        for element in changed:
            element.set("ContentType", _AS_DOCUMENT[element.get("ContentType", "")])
        return {_TYPES_PART: serialize_xml(root)} if changed else {}

    @cached_property
    def _by_lower(self) -> dict[str, str]:
        """The names of parts are compared without their case (ISO/IEC 29500-2)."""
        return {name.lower(): name for name in self.entries}

    def _admit(self, entries: Iterable[Entry]) -> None:
        """Take the entries in, or refuse the whole file."""
        known: set[str] = set()
        total = 0
        for entry in entries:
            name = entry.name
            total += entry.size
            if name.startswith("/") or ".." in name.split("/") or not _DANGEROUS.isdisjoint(name):
                self._distrust(f"il contient un nom de fichier dangereux : « {name} ».")
            if name.lower() in known:
                self.refuse(
                    f"il contient deux fois la partie « {name} ».", "Enregistrez-le de nouveau dans Word.", name
                )
            if (
                len(known) >= MAX_PARTS
                or entry.size > MAX_PART_SIZE
                or total > MAX_TOTAL_SIZE
                or entry.size > MAX_RATIO * max(1, len(entry.packed))
            ):
                self._distrust(f"une fois décompressé il serait démesuré (« {name} »).", name)
            data = inflate(entry)
            if name.lower().endswith(_XML_SUFFIXES):
                self._check_prolog(name, data)
                self._plain[name] = data
            known.add(name.lower())
            self.entries[name] = entry

    def _check_prolog(self, name: str, data: bytes) -> None:
        """No part may declare a document type, which may hold entities without end or from the network."""
        if len(data) > MAX_XML_SIZE:
            self._distrust(f"la partie « {name} » est démesurée.", name)
        if data[:2] in _UTF_16:
            data = data.decode(_UTF_16[data[:2]], "replace").encode("utf-8")
        prolog = _PROLOG.match(data)
        begin = prolog.end() if prolog else 0
        declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
        if data.startswith(b"<!DOCTYPE", begin):
            self._refuse_doctype(name)
        strange = declared is not None and not _PLAIN_ENCODINGS.fullmatch(declared[1])
        if strange or b"\0" in data or data[begin : begin + 1] not in {b"", b"<"}:
            self.refuse(
                f"la partie « {name} » n’est pas du XML en UTF-8 ou UTF-16.",
                "Ouvrez le document dans Word et enregistrez-le de nouveau.",
                name,
            )

    def _refuse_doctype(self, part: str) -> NoReturn:
        self._distrust(f"la partie « {part} » déclare un type de document (DOCTYPE), ce que Word ne fait jamais.", part)

    def _distrust(self, why: str, part: str | None = None) -> NoReturn:
        hint = "N’utilisez pas ce fichier ; demandez-en un autre à qui vous l’a remis."
        self.refuse(why, hint, part, "unsafe-document")

    def _refuse_other_formats(self, data: bytes) -> None:
        if data.startswith(_OLE2):
            self.refuse(
                "il est protégé par un mot de passe, ou c’est un ancien « .doc ».",
                "Ouvrez-le dans Word, ôtez le mot de passe et enregistrez-le au format .docx.",
            )
        if not data:
            self.refuse("il est vide.", "Donnez le fichier .docx de la convention.")
        if not data.startswith(_ZIP):
            self.refuse("ce n’est pas un document Word (.docx).", "Donnez le fichier .docx de la convention.")

    def _find_main_part(self) -> str:
        if _TYPES_PART not in self.entries:
            self.refuse(
                "c’est une archive zip, mais pas un document Word.",
                "Donnez le fichier .docx de la convention.",
            )
        for kind, target in self.relationships():
            if kind.endswith(_OFFICE_DOCUMENT) and target in self.entries:
                content_type = self.content_types[target]
                if content_type in _WORD_MAIN:
                    return target
                program = next((what for key, what in _OTHER_PROGRAMS.items() if key in content_type), None)
                self.refuse(
                    f"c’est {program or 'un autre document'}, pas un document Word.",
                    "Donnez le fichier .docx de la convention.",
                )
        self.refuse("il n’a pas de texte principal.", "Ouvrez-le dans Word et enregistrez-le de nouveau.")


def serialize_xml(root: etree._Element) -> bytes:
    """The part as UTF-8 bytes. lxml keeps every namespace declaration, which ``mc:Ignorable`` depends on."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)


def with_parts(package: Package, changed: Mapping[str, bytes | None]) -> bytes:
    """The document with some parts changed, added or (None) left out; all others as they lie, in their order."""
    names = dict.fromkeys((*package.entries, *changed))
    plain = ((name, changed.get(name, package.entries.get(name))) for name in names)
    return zip_bytes(
        Entry.of(name, data) if isinstance(data, bytes) else data for name, data in plain if data is not None
    )


def _bytes_of(path: Path) -> bytes:
    """The bytes of a file; of one that is no zip, or has no end as a device may, enough to refuse it."""
    with open_file(path) as file:
        head = file.read(_HEAD)
        more = len(head) == _HEAD and head.startswith(_ZIP)
        return head + file.read(MAX_TOTAL_SIZE) if more else head


def _refuse(file: str, why: str, hint: str, part: str | None = None, code: str = "unreadable") -> NoReturn:
    message = f"Ce fichier ne peut pas servir : {why}"
    raise TemplateError(Problem(code, message, hint, place=Place(file=file, part=part))) from None


_roots_read: dict[Entry | None, etree._Element] = {}
"""Of small parts, which hundreds of documents share, the trees."""


@lru_cache(maxsize=100)
def _resolve(folder: str, target: str) -> str:
    """The part that a relationship's target names (ISO/IEC 29500-2: relative to the source, or absolute)."""
    parts: list[str] = []
    steps = PurePosixPath(target.lstrip("/")).parts if target.startswith("/") else PurePosixPath(folder, target).parts
    for step in steps:
        if step == "..":
            parts = parts[:-1]
        elif step != ".":
            parts.append(step)
    return "/".join(parts)
