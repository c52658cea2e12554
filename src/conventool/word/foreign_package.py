"""All that a Word document draws besides its text: in its parts, one by one, and by how it is put together of them.

Parts of other kinds, references to other files, settings and fonts that change what is drawn (ISO/IEC 29500-1, 17.8 and
17.15.1) are named, so that they can be compared with the template's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from lxml import etree

from conventool.text.stories import StoryKind, squeezed
from conventool.word.fixed_text import fixed_words
from conventool.word.foreign import ALTERNATIVES, Foreign, foreign_of_part
from conventool.word.harmless import (
    EAST_ASIAN_FONTS,
    KNOWN_PARTS,
    KNOWN_SETTINGS,
    KNOWN_TYPES,
    KNOWN_WEB_SETTINGS,
    SINGLE_PARTS,
)
from conventool.word.looks import Looks, document_looks
from conventool.word.names import (
    KNOWN_EXTENSIONS,
    MATH,
    MC,
    WORD,
    attribute,
    child,
    local,
    namespace,
    tags,
    value_of,
    word_children,
)
from conventool.word.package import Package
from conventool.word.placement import OFF, number
from conventool.word.sections import Margin, margins, shown_parts, unused_margins

__all__ = ["foreign_content"]

_MARGINS: Mapping[StoryKind, str] = {"header": "en-tête", "footer": "pied de page"}
_PAGES = {"default": "des pages", "first": "de la première page", "even": "des pages paires"}
_PARTS = 32
_SIGNATURE = "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
"""The type of the relationship to a document's signatures (ISO/IEC 29500-2, 12.2.4)."""
_SYMBOLS = 2
"""The character set of fonts of symbols (17.8.3.2), in hexadecimal digits."""


_Finder: TypeAlias = "Callable[..., Iterator[Foreign]]"


def _remembered(find: _Finder) -> Callable[..., tuple[Foreign, ...]]:
    """The same, found once of a part that hundreds of documents share (`Package.root`)."""
    return lru_cache(maxsize=_PARTS)(lambda *of: tuple(find(*of)))


def foreign_content(package: Package) -> list[Foreign]:
    """All in a document that is not known to be harmless.

    Raises:
        TemplateError: a part is missing or malformed.
    """
    looks = document_looks(package)
    found = list(_of_package(package))
    for part, kind in shown_parts(package).items():
        found += foreign_of_part(package, part, kind, looks)
    return found


def _of_package(package: Package) -> Iterator[Foreign]:
    """Parts of other kinds, a second one where there is one only, sections and settings."""
    for source in ("", package.main_part):
        kinds = Counter(one.kind.rpartition("/")[2] for one in package.related(source))
        for name in SINGLE_PARTS:
            if kinds[name] > 1:
                yield Foreign("foreign-content", f"une seconde partie « {name} »")
    yield from _of_relationships(package)
    yield from _blank_margins(package)
    for settings in package.parts_of("settings"):
        yield from _of_settings(package.root(settings))
    for theme in package.parts_of("theme"):
        yield from _of_theme(package.root(theme))
    for settings in package.parts_of("webSettings"):
        yield from _of_web_settings(package.root(settings))
    for fonts in package.parts_of("fontTable"):
        yield from _of_fonts(package.root(fonts), document_looks(package))
    yield from _of_described_parts(package)


def _of_described_parts(package: Package) -> Iterator[Foreign]:
    """What the parts that describe say twice, so that programs may read it in two ways."""
    for part in package.parts_of("styles", "numbering", "settings", "fontTable"):
        if next(package.root(part).iter(ALTERNATIVES), None) is not None:
            yield Foreign("drawn-otherwise", f"des variantes pour d’autres programmes ({part.rpartition('/')[2]})")
    if document_looks(package).is_ambiguous:
        yield Foreign("drawn-otherwise", "des styles décrits de deux façons")
    for kind, name, identifier, what in _NAMED:
        for part in package.parts_of(kind):
            yield from _of_the_same_name(package.root(part), name, identifier, what)
    describing = package.parts_of("styles", "numbering", "settings", "fontTable")
    if any(b"ProcessContent" in package.read(part) for part in describing):
        yield Foreign("drawn-otherwise", "des éléments que Word lit dans ceux d’un autre programme")


@_remembered
def _of_the_same_name(root: etree._Element, name: str, identifier: str, what: str) -> Iterator[Foreign]:
    names = Counter(attribute(one, identifier) for one in word_children(root, name))
    for called in (called for called, count in names.items() if count > 1):
        yield Foreign("drawn-otherwise", f"deux {what} du même nom ({called})")


_NAMED = (
    ("styles", "style", "styleId", "styles"),
    ("numbering", "num", "numId", "listes"),
    ("numbering", "abstractNum", "abstractNumId", "définitions de listes"),
    *((f"{kind}s", kind, "id", "notes") for kind in ("footnote", "endnote")),
)
"""By kind of part, what is called by a name of its own, the attribute that holds it, and how several are called."""


def _of_relationships(package: Package) -> Iterator[Foreign]:
    """Parts of kinds that draw, and references to other files."""
    describing = package.parts_of("numbering", "settings", "fontTable", "webSettings")
    parts = {"", package.main_part, *shown_parts(package), *describing}
    for source in sorted(parts):
        for one in package.related(source):
            kind = one.kind.rpartition("/")[2]
            is_known = kind in KNOWN_PARTS or kind in {"image", "hyperlink"}
            if one.kind == _SIGNATURE:
                yield Foreign("by-hand", "une signature électronique de Word")
            elif not is_known or not one.kind.startswith(KNOWN_TYPES):
                yield Foreign("foreign-content", f"une partie « {kind} »")
            elif one.is_external and kind not in {"hyperlink", "attachedTemplate"}:
                yield Foreign("foreign-content", f"un renvoi à un autre fichier ({kind})")


def _blank_margins(package: Package) -> Iterator[Foreign]:
    """Pages without a header or footer that other pages of the document have."""
    for kind in unused_margins(package).values():
        yield Foreign("drawn-otherwise", f"un {_MARGINS[kind]} qu’aucune page n’affiche", kind=kind)
    shown = list(margins(package))
    parts = {one.part for one in shown if one.part}
    texts = {part: squeezed("".join(map(str, package.root(part).itertext()))) for part in parts}
    for kind, name in _MARGINS.items():
        mine = [one for one in shown if one.kind == kind]
        if any(texts.get(one.part) for one in mine):
            for one in mine:
                if not texts.get(one.part):
                    pages = {"first": "la première page", "even": "les pages paires"}.get(one.pages, "des pages")
                    yield Foreign("drawn-otherwise", f"{pages} sans {name}", kind=one.kind)
            yield from _pages_of_margins(package, mine, texts)


def _pages_of_margins(package: Package, shown: list[Margin], texts: Mapping[str, str]) -> Iterator[Foreign]:
    """The headers, or footers, by the pages that show them, and by the parts of the document where these change."""
    for pages in dict.fromkeys(one.pages for one in shown):
        own = [one for one in shown if one.pages == pages]
        before = ["", *(texts.get(one.part, "") for one in own)]
        changes = [one for one, last in zip(own, before, strict=False) if texts.get(one.part, "") != last]
        for rank, one in enumerate(changes, 1):
            where = _PAGES[pages] + (f", partie {rank} du document" if len(changes) > 1 else "")
            if texts.get(one.part):
                words = fixed_words(package.root(one.part))
                yield Foreign("drawn-otherwise", f"un {_MARGINS[one.kind]} {where}", words, one.kind)


@_remembered
def _of_settings(root: etree._Element) -> Iterator[Foreign]:
    """Settings that change what is drawn, or may (17.15.1)."""
    for one in (*root, *(inner for compat in word_children(root, "compat") for inner in compat)):
        known = one.tag in KNOWN_SETTINGS or (namespace(one) not in WORD and namespace(one) in _DESCRIBING)
        if not known and isinstance(one.tag, str) and attribute(one, "val") not in OFF:
            yield Foreign("drawn-otherwise", f"le réglage « {local(one)} »")
    if number(value_of(root, "defaultTabStop"), 0) > _FARTHEST_TAB:
        yield Foreign("drawn-otherwise", "le réglage « defaultTabStop »")
    mapping = child(root, "clrSchemeMapping")
    plain = {"bg1": "light1", "t1": "dark1", "bg2": "light2", "t2": "dark2"}
    for name in map(_without_space, mapping.attrib if mapping is not None else ()):
        if attribute(mapping, name) != plain.get(name, name):
            yield Foreign("drawn-otherwise", "les couleurs du thème échangées")


def _without_space(name: object) -> str:
    return str(name).rpartition("}")[2]


_DESCRIBING = {
    *KNOWN_EXTENSIONS,
    MC,
    MATH,
    "http://purl.oclc.org/ooxml/officeDocument/math",  # strict
    "http://schemas.openxmlformats.org/schemaLibrary/2006/main",
    "http://purl.oclc.org/ooxml/schemaLibrary/main",  # strict
}
_FARTHEST_TAB = 5000
_WIDEST_MARGIN = 1500


@_remembered
def _of_theme(root: etree._Element) -> Iterator[Foreign]:
    """Colours that are worked out of others, and fonts that are named twice: programs read them in different ways."""
    for named in (one for scheme in root.iter("{*}clrScheme") for one in scheme):
        plain = [one for one in named if local(one) == "srgbClr" or one.get("val") in {"window", "windowText"}]
        if len(named) != 1 or len(plain) != 1 or len(plain[0]):
            yield Foreign("drawn-otherwise", f"la couleur du thème « {local(named)} » décrite autrement")
    for fonts in root.iter("{*}majorFont", "{*}minorFont"):
        names = [local(one) for one in fonts if local(one) in {"latin", "ea", "cs"}]
        if len(set(names)) < len(names):
            yield Foreign("drawn-otherwise", "les polices du thème décrites de deux façons")


@_remembered
def _of_web_settings(root: etree._Element) -> Iterator[Foreign]:
    """Frames that show other documents, margins and borders of passages (17.15.2)."""
    for one in root.iter(etree.Element):
        if one.tag not in KNOWN_WEB_SETTINGS:
            yield Foreign("foreign-content", f"le réglage pour le Web « {local(one)} »")
            return
    for one in root.iter(*tags("marLeft", "marRight", "marTop", "marBottom")):
        if not 0 <= number(attribute(one, "val"), 0) <= _WIDEST_MARGIN:
            yield Foreign("drawn-otherwise", "des passages hors de la page, par les réglages pour le Web")


@_remembered
def _of_fonts(root: etree._Element, looks: Looks) -> Iterator[Foreign]:
    """Fonts that come with the document, or that others stand for (17.8.3)."""
    for font in root:
        embedded = [one for one in font if local(one).startswith("embed")]
        other = value_of(font, "altName") or ""
        name = attribute(font, "name") or ""
        if number(f"0{value_of(font, 'charset') or ''}", 0) == _SYMBOLS and not looks.is_symbolic(name):
            yield Foreign("drawn-otherwise", f"la police « {name} » donnée pour une police de symboles")
        if embedded:
            yield Foreign("drawn-otherwise", f"la police « {name} » jointe au document")
        for one in filter(None, map(str.strip, other.split(","))):
            if looks.is_symbolic(one) and EAST_ASIAN_FONTS.get(name.casefold(), "").casefold() != one.casefold():
                yield Foreign("drawn-otherwise", f"la police « {one} » au lieu de « {name} »")
