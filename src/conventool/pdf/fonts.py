"""The fonts of a PDF, held against those that the document asks for.

LibreOffice replaces a missing font without a word, and the lines break elsewhere.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import pikepdf

from conventool.core.problems import Place, Problem, Severity

__all__ = ["Font", "font_name", "font_objects", "font_problems", "fonts_of", "is_asked_for"]

_SUBSET = re.compile(r"^[A-Z]{6}\+")  # ISO 32000-1, 9.6.4
# fonts of the same widths: the lines break at the same words
_SAME_WIDTHS = {
    "calibri": ("carlito",),
    "calibrilight": ("carlito",),
    "cambria": ("caladea",),
    "arial": ("liberationsans", "arimo"),
    "helvetica": ("liberationsans", "arimo", "nimbussans"),
    "timesnewroman": ("liberationserif", "tinos", "timesnewromanps"),
    "times": ("liberationserif", "tinos", "nimbusroman"),
    "couriernew": ("liberationmono", "cousine"),
}
# glyphs of bullets and boxes: whatever font draws them, no line breaks elsewhere
_GLYPHS = ("opensymbol", "symbol", "wingdings", "webdings", "dingbats", "zapfdingbats", "segoeuisymbol", "msgothic")
_PACKAGES = {
    "calibri": ("fonts-crosextra-carlito", "font-carlito"),
    "calibrilight": ("fonts-crosextra-carlito", "font-carlito"),
    "cambria": ("fonts-crosextra-caladea", "font-caladea"),
    "arial": ("fonts-liberation", "font-liberation"),
    "timesnewroman": ("fonts-liberation", "font-liberation"),
    "couriernew": ("fonts-liberation", "font-liberation"),
}


@dataclass(frozen=True, slots=True)
class Font:
    """A font of a PDF: its PostScript name, and whether the PDF holds it."""

    name: str
    embedded: bool


def font_objects(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    """Every font of a PDF, composite fonts and their descendants both (ISO 32000-1, 9.5)."""
    return [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]


def fonts_of(objects: Iterable[pikepdf.Object]) -> Iterator[Font]:
    """What some font objects are (9.8 and 9.9); a composite font's descriptor is its descendant's."""
    for one in objects:
        if "/DescendantFonts" not in one:
            descriptor = one.get("/FontDescriptor", pikepdf.Dictionary())
            files = {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor.keys())
            embedded = bool(files) or one.get("/Subtype") == "/Type3"
            yield Font(font_name(one), embedded)


def font_name(font: pikepdf.Object) -> str:
    """The PostScript name of a font, without what marks a part of it; empty where it has none."""
    return _SUBSET.sub("", str(font.get("/BaseFont", "/"))[1:])


def is_asked_for(font: str, families: Collection[str]) -> bool:
    """Is a font of a PDF one that the document asks for, or one that stands for it, or one of glyphs?"""
    accepted = [known for family in families for known in (_key(family), *_SAME_WIDTHS.get(_key(family), ()))]
    return _key(font).startswith((*_GLYPHS, *accepted))


def font_problems(fonts: Iterable[Font], families: Collection[str], name: str) -> list[Problem]:
    """A warning for the fonts that were missing when the PDF was made.

    A font is missing where the PDF has nothing of it nor of a font of the same widths, and has a font that nothing
    asked for: a declared font that no character needs does not count.

    Args:
        fonts: of the PDF.
        families: the fonts that the document asks for.
        name: how messages call the document.
    """
    there = {_key(font.name): font.name.partition("-")[0] for font in fonts}
    accepted = {family: (_key(family), *_SAME_WIDTHS.get(_key(family), ())) for family in families}
    strangers = {shown for key, shown in there.items() if not is_asked_for(key, families)}
    missing = sorted(
        family
        for family, names in accepted.items()
        if not _key(family).startswith(_GLYPHS) and not any(key.startswith(names) for key in there)
    )
    if not strangers or not missing:
        return []
    message = (
        f"Police absente de cet ordinateur : {', '.join(missing)}, remplacée par {', '.join(sorted(strangers))} ; "
        "les lignes et les pages peuvent se couper ailleurs que dans Word."
    )
    place = Place(file=name)
    return [Problem("font-missing", message, _remedy(missing), place=place, severity=Severity.WARNING)]


def _remedy(missing: list[str]) -> str:
    debian_and_brew = [_PACKAGES[_key(family)] for family in missing if _key(family) in _PACKAGES]
    if not debian_and_brew:
        return "Installez cette police, puis convertissez de nouveau."
    if sys.platform == "win32":
        return "Installez LibreOffice avec ses polices, puis convertissez de nouveau."
    rank, line = (1, "brew install --cask") if sys.platform == "darwin" else (0, "sudo apt install")
    packages = sorted({names[rank] for names in debian_and_brew})
    return f"Pour installer une police aux mêmes largeurs de signes : {line} {' '.join(packages)}"


def _key(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())
