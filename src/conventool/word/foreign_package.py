"""All that a Word document draws besides its text: in its parts, one by one, and by how it is put together of them.

Parts of other kinds, references to other files, settings and fonts that change what is drawn (ISO/IEC 29500-1, 17.8 and
17.15.1) are named, so that they can be compared with the template's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from conventool.text.stories import StoryKind, squeezed
from conventool.word.foreign import ALTERNATIVES, Foreign, foreign_of_part
from conventool.word.harmless import KNOWN_PARTS, SINGLE_PARTS
from conventool.word.looks import Looks, document_looks
from conventool.word.names import attribute, child, is_on, local, value_of, word_children
from conventool.word.package import Package
from conventool.word.placement import number
from conventool.word.sections import margins, shown_parts, unused_margins

__all__ = ["foreign_content"]

_MARGINS: Mapping[StoryKind, str] = {"header": "en-tête", "footer": "pied de page"}
_SYMBOLS = 2
"""The character set of fonts of symbols (17.8.3.2), in hexadecimal digits."""


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
    for styles in package.parts_of("styles"):
        names = Counter(attribute(style, "styleId") for style in word_children(package.root(styles), "style"))
        for identifier, count in names.items():
            if count > 1:
                yield Foreign("drawn-otherwise", f"deux styles du même nom ({identifier})")


def _of_relationships(package: Package) -> Iterator[Foreign]:
    """Parts of kinds that draw, and references to other files."""
    parts = {"", package.main_part, *shown_parts(package), *package.parts_of("numbering", "settings", "fontTable")}
    for source in sorted(parts):
        for one in package.related(source):
            kind = one.kind.rpartition("/")[2]
            if kind not in KNOWN_PARTS and kind not in {"image", "hyperlink"}:
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


_SETTINGS_THAT_DRAW = (
    "displayBackgroundShape",
    "linkStyles",
    "mailMerge",
    "documentType",
    "gutterAtTop",
    "mirrorMargins",
    "printFormsData",
)


def _of_settings(root: etree._Element) -> Iterator[Foreign]:
    """Settings that change what is drawn (17.15.1)."""
    for name in _SETTINGS_THAT_DRAW:
        if is_on(root, name):
            yield Foreign("drawn-otherwise", f"le réglage « {name} »")
    mapping = child(root, "clrSchemeMapping")
    plain = {"bg1": "light1", "t1": "dark1", "bg2": "light2", "t2": "dark2"}
    for name, value in plain.items():
        if mapping is not None and (attribute(mapping, name) or value) != value:
            yield Foreign("drawn-otherwise", "les couleurs du thème échangées")


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
        for one in other.split(","):
            if one.strip() and looks.is_symbolic(one.strip()):
                yield Foreign("drawn-otherwise", f"la police « {one.strip()} » au lieu de « {name} »")
