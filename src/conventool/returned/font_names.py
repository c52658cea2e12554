"""Names for the codes of fonts that name none, by what they draw: Ghostscript's prints of PostScript have such fonts.

Without a map of names (ISO 32000-1, 9.10.3), a glyph's name or a known encoding, nothing in a PDF says what a code is.
So each is drawn alone and held against the letters of a font that is known: the one of the PDF that was sent, the one
of its name that is installed here, a usual one. What is drawn like a letter of it, to the last pixel or nearly, is that
letter.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category

from conventool.core.errors import UnreadableError
from conventool.core.problems import Place, Problem
from conventool.returned.pdf_glyphs import font_name
from conventool.returned.pdf_pages import Page
from conventool.returned.pdf_resources import fonts_of
from conventool.returned.proof_sheets import (
    SAME,
    USUAL_FONTS,
    add_sheet,
    cells,
    codes_of,
    drawn_sheets,
    installed_file,
    to_unicode,
    unlikeness,
)

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["NOBODY_KNOWS", "UnnamedLettersError", "by_glyph", "has_names", "unnamed_letters", "with_names"]

NOBODY_KNOWS = "\ufffd"
"""What a letter is called that no known font draws."""
_NOT_READABLE = frozenset({"Cc", "Cn", "Cs"})
_MEANINGLESS = re.compile(r"/(?:[a-zA-Z]|cid|gid|glyph|index|char|uniF0)?[0-9A-F]+|/\.notdef", re.IGNORECASE)
"""Names of glyphs that only count them."""
_FEWEST_LETTERS = 0.6
"""The share of a text's signs that are letters; of one in French, nine in ten."""
_SYMBOLIC = 4
_NEARLY_ALL = 0.9
_MOST_CODES = 0.1
"""The share of a map's names that may be codes; of one with more the others are such too, and look like letters."""
_IN_A_BLOCK = 100
"""Codes that one section of a map may name."""
_LIGATURE = re.compile(r"[A-Za-z]{2,3}")
_SIGNS = {*bytes(range(32, 256)).decode("cp1252", "ignore"), *"‐‑‒–—―•◦▪…−≤≥→☐☑☒✓✗№"}


class UnnamedLettersError(UnreadableError):
    """The fonts of a PDF do not say what they draw, and are not known here.

    Attributes:
        pages: of the PDF, such letters called U+FFFD.
    """

    def __init__(self, *problems: Problem, pages: Sequence[Page] = ()) -> None:
        super().__init__(*problems)
        self.pages = pages


def has_names(text: str) -> bool:
    """Whether a text layer is made of letters; of codes, it has some without a meaning, or few letters."""
    signs = "".join(text.split())
    letters = sum(map(str.isalpha, signs))
    return letters >= _FEWEST_LETTERS * len(signs) and not any(map(_is_code, set(signs)))


def _is_code(char: str) -> bool:
    return category(char) in _NOT_READABLE and char not in "\x02\ufffe"  # PDFium's signs for a hyphen at a line's end


def with_names(path: Path, sent: Path | None) -> bytes | None:
    """A PDF with names for the codes of its fonts that name none, as far as they are known.

    Args:
        path: of the PDF.
        sent: the PDF that was sent, whose fonts are known, where it is there.

    Returns:
        The file; None where its fonts name all. What is drawn like nothing that is known is called U+FFFD.
    """
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with pikepdf.open(path) as pdf, pikepdf.new() as sheets:
        nameless = [(font, codes) for font in fonts_of(pdf) if (codes := _codes_without_name(font))]
        for font, codes in nameless:
            add_sheet(sheets, sheets.copy_foreign(font), codes)
        for (font, codes), page in zip(nameless, drawn_sheets(sheets) if nameless else (), strict=True):
            pictures = [proof.cell for proof in cells(page, codes)]
            names = _names(pictures, _known_fonts(font, sent))
            font.ToUnicode = pdf.make_stream(_map_of((to_unicode(font) or {}) | dict(zip(codes, names, strict=True))))
        if not nameless:
            return None
        with BytesIO() as out:
            pdf.save(out)
            return out.getvalue()


def unnamed_letters(path: Path, named: bytes) -> UnnamedLettersError | None:
    """What is to be said of a PDF some of whose signs have no name in the end; None where there are none."""
    import pypdfium2  # noqa: PLC0415 (for PDFs only)

    pages = [Page(number, page, is_turned=False) for number, page in enumerate(pypdfium2.PdfDocument(named), 1)]
    glyphs = (glyph for page in pages for line in page.lines for glyph in line.glyphs)
    names = dict.fromkeys(glyph.font for glyph in glyphs if glyph.char == NOBODY_KNOWS)
    fonts = [f"« {name} »" if name else "faite de dessins" for name in names]
    if not fonts:
        return None
    message = (
        f"Ce PDF ne dit pas quelles lettres une de ses polices dessine ({', '.join(fonts)}), et ce poste ne la"
        " connaît pas : son texte ne se lit pas en entier."
    )
    hint = "Relisez-le à côté de l’original, ou redemandez le PDF tel que le traitement de texte l’a fait."
    return UnnamedLettersError(Problem("unnamed-letters", message, hint, place=Place(file=str(path))), pages=pages)


def _codes_without_name(font: Any) -> list[str]:
    """The codes of a font, in hexadecimal, for which it has no name that can be read."""
    names = to_unicode(font)
    if names is None and _is_encoded(font):
        return []
    named = {code for code, text in (names or {}).items() if text and not any(map(_is_code, text))}
    if len(names or {}) - len(named) > _MOST_CODES * len(named):  # MuPDF 1.21 numbers all of them so
        named = set()
    return [code for code in codes_of(font) if code not in named]


def _is_encoded(font: Any) -> bool:
    """Whether the encoding of a font of single bytes says what each code is (9.6.6), or the font's own."""
    if font.get("/Subtype") == "/Type0":
        return False
    encoding = font.get("/Encoding")
    if hasattr(encoding, "keys"):
        glyphs = [str(one) for one in encoding.get("/Differences", []) if str(one).startswith("/")]
        return not glyphs or not all(map(_MEANINGLESS.fullmatch, glyphs))
    is_symbolic = int(font.get("/FontDescriptor", {}).get("/Flags", 0)) & _SYMBOLIC
    return encoding is not None or (font.get("/Subtype") != "/TrueType" and not is_symbolic)


# --- What codes draw ---------------------------------------------------------------------------------------


def _names(pictures: Sequence[Image], known_fonts: Iterable[Mapping[bytes, str]]) -> list[str]:
    """What the pictures of some codes are, by the known font that most of them are drawn like."""
    keys = [picture.tobytes() for picture in pictures]
    distinct = dict(zip(keys, pictures, strict=True))
    best, most = dict.fromkeys(keys, NOBODY_KNOWS), 0
    for known in known_fonts:
        names = {key: _name_of(picture, known) for key, picture in distinct.items()}
        count = sum(text != NOBODY_KNOWS for text in names.values())
        if count > most:
            best, most = names, count
        if most >= _NEARLY_ALL * len(distinct):
            break
    return [best[key] for key in keys]


def _known_fonts(font: Any, sent: Path | None) -> Iterator[Mapping[bytes, str]]:
    """Fonts that a font may be, the likeliest first: by picture, the text of each code; none for a font of drawings."""
    if font.get("/Subtype") == "/Type3":
        return
    name = font_name(str(font.get("/BaseFont", "/"))[1:])
    if sent is not None:
        yield _font_sent(sent, name)
    files = dict.fromkeys(installed_file(candidate) for candidate in (name, *USUAL_FONTS))
    yield from map(_font_of, files)


def _name_of(picture: Image, known: Mapping[bytes, str]) -> str:
    """What a picture is in a font that is known: that with the least difference, where that is nearly none."""
    from PIL.Image import frombytes  # noqa: PLC0415 (for PDFs only)

    data = picture.tobytes()
    if data in known or not known:
        return known.get(data, NOBODY_KNOWS)
    ink = _ink(data)
    near = {one: text for one, text in known.items() if abs(_ink(one) - ink) <= SAME * _ink(one)}
    found = ((unlikeness(picture, frombytes("L", picture.size, one)), text) for one, text in near.items())
    least, text = min(found, key=itemgetter(0), default=(1.0, NOBODY_KNOWS))
    return (text if least <= SAME else NOBODY_KNOWS) if ink else " "


@lru_cache(maxsize=4096)
def _ink(picture: bytes) -> int:
    """How much ink a picture has: what two of them differ by, they differ by at least somewhere."""
    return 255 * len(picture) - sum(picture)


@lru_cache(maxsize=64)
def _font_sent(path: Path, name: str) -> Mapping[bytes, str]:
    """What the font of a name draws in a PDF that is known, by picture."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with pikepdf.open(path) as pdf, pikepdf.new() as sheets:
        for font in fonts_of(pdf):
            if font_name(str(font.get("/BaseFont", "/"))[1:]) == name and (names := to_unicode(font)):
                add_sheet(sheets, sheets.copy_foreign(font), names)
                (page,) = drawn_sheets(sheets)
                return {proof.cell.tobytes(): proof.char for proof in cells(page, names.values())}
    return {}


@lru_cache(maxsize=16)
def _font_of(data: bytes) -> Mapping[bytes, str]:
    """What a font draws, by its file: by picture, signs of French and ligatures."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    glyphs = _glyphs_of(data)
    if not glyphs:
        return {}
    with pikepdf.new() as sheets:
        add_sheet(sheets, by_glyph(sheets, data), (f"{glyph:04X}" for glyph in glyphs))
        (page,) = drawn_sheets(sheets)
    found: dict[bytes, str] = {}
    for proof in cells(page, glyphs.values()):
        found.setdefault(proof.cell.tobytes(), proof.char)
    return found


def _glyphs_of(data: bytes) -> dict[int, str]:
    """The glyphs of a font file that draw signs of French or ligatures of letters, by number; none of an odd one."""
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 (seldom needed)

    try:
        font = TTFont(BytesIO(data), lazy=True, fontNumber=0)
        named = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
        found = {font.getGlyphID(glyph): char for glyph, char in named.items() if char in _SIGNS}
        for lookup in font["GSUB"].table.LookupList.Lookup if "GSUB" in font else ():
            for table in (getattr(one, "ExtSubTable", one) for one in lookup.SubTable):
                for first, ligatures in getattr(table, "ligatures", {}).items():
                    for one in ligatures:
                        text = "".join(named.get(glyph, "?") for glyph in (first, *one.Component))
                        if _LIGATURE.fullmatch(text):
                            found.setdefault(font.getGlyphID(one.LigGlyph), text)
    except (TTLibError, KeyError, AttributeError, struct.error):
        return {}
    return found


def by_glyph(pdf: Any, data: bytes) -> Any:
    """A font whose codes are the numbers of its glyphs (9.7.4)."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    is_outlines = data.startswith(b"OTTO")
    described = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name.F, Flags=4, ItalicAngle=0, Ascent=0, Descent=0,
        CapHeight=0, StemV=80, FontBBox=pikepdf.Array([0, 0, 1000, 1000]),
    )  # fmt: skip
    file = pdf.make_stream(data)
    if is_outlines:
        file.Subtype = pikepdf.Name.OpenType
    described["/FontFile3" if is_outlines else "/FontFile2"] = file
    inner = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, BaseFont=pikepdf.Name.F, FontDescriptor=described,
        Subtype=pikepdf.Name.CIDFontType0 if is_outlines else pikepdf.Name.CIDFontType2,
        CIDSystemInfo=pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
    )  # fmt: skip
    if not is_outlines:
        inner.CIDToGIDMap = pikepdf.Name.Identity
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=pikepdf.Name.F,
        Encoding=pikepdf.Name("/Identity-H"), DescendantFonts=pikepdf.Array([pdf.make_indirect(inner)]),
    )  # fmt: skip


def _map_of(names: Mapping[str, str]) -> bytes:
    """A map of names, as a PDF keeps it (9.10.3)."""
    lines = [f"<{code}> <{text.encode('utf-16-be').hex()}>" for code, text in names.items()]
    blocks = (lines[start : start + _IN_A_BLOCK] for start in range(0, len(lines), _IN_A_BLOCK))
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    length = len(next(iter(names), "00"))
    head = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        f"1 begincodespacerange\n<{'0' * length}> <{'F' * length}>\nendcodespacerange\n"
    )
    return f"{head}{body}\nendcmap end end".encode()
