"""PDFs that draw otherwise than their text layer says: transparency, masks, outlines under text that is not drawn,
fonts that lie, pages cut off or turned. None is intact; a page that is only turned is."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from conventool.commands.verify import VerifyOptions, verify
from conventool.core.problems import Problem, Severity
from conventool.returned.comparison import known_patterns
from conventool.returned.pdf_layout import PdfLayout
from conventool.returned.pdf_opening import read_pdf
from test_returned_hiding import DATA, PDF, drawing_annotation, drawn_last, words_of

Rect: TypeAlias = tuple[float, float, float, float]
Forge: TypeAlias = Callable[[pikepdf.Pdf, int, Rect], None]
PLACES = 2


def content(pdf: pikepdf.Pdf, page: int) -> bytes:
    found = pdf.pages[page].Contents
    return b"\n".join(one.read_bytes() for one in (found if isinstance(found, Array) else [found]))


def before(text: str, **resources: tuple[str, Callable[[pikepdf.Pdf], Any]]) -> Forge:
    """Something is drawn, or set, before the page's own content: ``{left}``… are the word's, ``{words}`` each box."""

    def forge(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
        for kind, (name, what) in resources.items():
            pdf.pages[page].add_resource(pdf.make_indirect(what(pdf)), Name(f"/{kind}"), Name(f"/{name}"))
        left, bottom, right, top = box
        boxes = (place for _, place in words_of(page))
        words = " ".join(f"{a - 1:f} {b - 1:f} {c - a + 2:f} {d - b + 2:f} re" for a, b, c, d in boxes)
        named = {"left": left, "bottom": bottom, "width": right - left, "height": top - bottom, "words": words}
        pdf.pages[page].Contents = Stream(pdf, text.format(**named).encode() + b"\n" + content(pdf, page))

    return forge


def state(**settings: Any) -> Forge:
    return before("/GZ gs", ExtGState=("GZ", lambda _: Dictionary(Type=Name.ExtGState, **settings)))


def form(pdf: pikepdf.Pdf, data: bytes, **more: Any) -> Stream:
    return Stream(pdf, data, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 600, 850]), **more)


def masked(pdf: pikepdf.Pdf) -> Any:
    group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    mask = Dictionary(S=Name.Luminosity, G=pdf.make_indirect(form(pdf, b"0.1 g 0 0 600 850 re f", Group=group)))
    return Dictionary(Type=Name.ExtGState, SMask=mask)


def tiles(pdf: pikepdf.Pdf) -> Any:
    return Stream(pdf, b"0 g 0 0 3 6 re f", Type=Name.Pattern, PatternType=1, PaintType=1, TilingType=1, XStep=5,
                  YStep=8, BBox=Array([0, 0, 5, 8]), Resources=Dictionary())  # fmt: skip


def shades(_: pikepdf.Pdf) -> Any:
    ramp = Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array([0]), C1=Array([1]), N=1)
    return Dictionary(ShadingType=2, ColorSpace=Name.DeviceGray, Coords=Array([0, 0, 3, 0]), Function=ramp,
                      Extend=Array([True, True]))  # fmt: skip


def outlined(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    """Curves where each letter was, and the letters themselves not drawn."""
    curves = []
    for line in read_pdf(PDF)[page].lines:
        for glyph in line.glyphs:
            left, top, right, bottom = glyph.box
            low, high, middle = 841.89 - bottom, 841.89 - top, (left + right) / 2
            curves.append(f"{left} {low} m {left} {high} {middle} {high} {middle} {low} c")
    before(f"q 0 g {' '.join(curves)} f Q 3 Tr")(pdf, page, box)


def in_strips(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    """Pictures of the page, none of them large, under the text that is not drawn."""
    picture = read_pdf(PDF)[page].render(2).convert("RGB")
    drawn = []
    for rank in range(10):
        strip, data = picture.crop((0, rank * 168, picture.width, rank * 168 + 168)), BytesIO()
        strip.save(data, "JPEG")
        image = Stream(pdf, data.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=strip.width, Height=168,
                       ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=Name.DCTDecode)  # fmt: skip
        pdf.pages[page].add_resource(image, Name.XObject, Name(f"/Strip{rank}"))
        drawn.append(f"q {picture.width / 2} 0 0 84 0 {841.89 - rank * 84 - 84} cm /Strip{rank} Do Q")
    before(" ".join([*drawn, "3 Tr"]))(pdf, page, box)


def cut(name: str, edge: int) -> Forge:
    """The page ends in the middle of a word."""

    def forge(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
        shown = [float(one) for one in pdf.pages[page].mediabox]
        shown[edge] = (box[0] + 4, box[1] + 2, box[2] - 4, box[3] - 2)[edge]
        pdf.pages[page].obj[name] = Array(shown)

    return forge


def turned_and_cut(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    pdf.pages[page].Rotate = 90
    cut("/CropBox", 1)(pdf, page, box)


def replaced(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    """Drawn as "non", called a space, in a form in a form."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    words = b"/Span <</ActualText (mais)>> BDC 0 g BT /F 9 Tf %f %f Td (non) Tj ET EMC" % (box[0], box[1])
    inner = pdf.make_indirect(form(pdf, words, Resources=Dictionary(Font=Dictionary(F=font))))
    outer = pdf.make_indirect(form(pdf, b"/X Do", Resources=Dictionary(XObject=Dictionary(X=inner))))
    pdf.pages[page].add_resource(outer, Name.XObject, Name("/XZ"))
    pdf.pages[page].Contents = Stream(pdf, content(pdf, page) + b"\nq /XZ Do Q")


def replaced_by_name(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    text = Dictionary(ActualText=pikepdf.String(" "))
    pdf.pages[page].add_resource(pdf.make_indirect(text), Name.Properties, Name("/MZ"))
    drawn_last("/Span /MZ BDC 0 g BT /FZ 9 Tf {left} {bottom} Td (non) Tj ET EMC")(pdf, page, box)


def drawn_digit(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    """A type 3 font: what it calls a 5 is a bar."""
    bar = Stream(pdf, b"500 0 d0 50 0 400 650 re f")
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 500, 700]), Widths=Array([500]), FirstChar=53,
        LastChar=53, FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), CharProcs=Dictionary(five=bar),
        Resources=Dictionary(), Encoding=Dictionary(Differences=Array([53, Name.five])),
    )  # fmt: skip
    pdf.pages[page].add_resource(pdf.make_indirect(font), Name.Font, Name("/T3"))
    drawn_last("0 g BT /T3 9 Tf {left} {bottom} Td (5) Tj ET")(pdf, page, box)


def layers_for_print(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    """What is seen on the screen is not what is printed."""
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("impression")))
    event = Dictionary(Event=Name.Print, OCGs=Array([group]), Category=Array([Name.Print]))
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array([group]), D=Dictionary(OFF=Array([group]), AS=Array([event]), Order=Array([]))
    )
    shown = pdf.make_indirect(form(pdf, b"0 g %f %f 20 8 re f" % (box[0], box[1]), OC=group))
    pdf.pages[page].add_resource(shown, Name.XObject, Name("/XZ"))
    pdf.pages[page].Contents = Stream(pdf, content(pdf, page) + b"\nq /XZ Do Q")


# --- Fonts -------------------------------------------------------------------------------------------------


def tables(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The tables of a TrueType font."""
    for rank in range(struct.unpack_from(">H", data, 4)[0]):
        tag, _, start, size = struct.unpack_from(">4sLLL", data, 12 + 16 * rank)
        yield tag, data[start : start + size]


def with_glyph(data: bytes, place: int, source: int) -> bytes:
    """A font that draws for one code what it draws for another, by its ``glyf`` table."""
    found = dict(tables(data))
    is_long = struct.unpack_from(">h", found[b"head"], 50)[0]
    size, kind, unit = (4, "L", 1) if is_long else (2, "H", 2)
    count = len(found[b"loca"]) // size
    ends = [unit * one for one in struct.unpack(f">{count}{kind}", found[b"loca"])]
    glyphs = [found[b"glyf"][start:end] for start, end in pairwise(ends)]
    glyphs[place] = glyphs[source]
    glyphs = [glyph + bytes(-len(glyph) % 4) for glyph in glyphs]
    starts = [0]
    for glyph in glyphs:
        starts.append(starts[-1] + len(glyph))
    found |= {b"glyf": b"".join(glyphs), b"loca": struct.pack(f">{count}{kind}", *(one // unit for one in starts))}
    head, lines, body = data[:12], b"", b""
    for tag, table in found.items():
        lines += struct.pack(">4sLLL", tag, 0, len(head) + 16 * len(found) + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return head + lines + body


def glyph_of(data: bytes, code: int) -> int:
    """The glyph of a code, by the map that LibreOffice writes: (1, 0), format 0 or 6, or (3, 0), format 4."""
    table = dict(tables(data))[b"cmap"]
    start = struct.unpack_from(">L", table, 8)[0]
    kind = struct.unpack_from(">H", table, start)[0]
    if kind == 0:
        return int(table[start + 6 + code])
    if kind == 6:
        first = struct.unpack_from(">H", table, start + 6)[0]
        return int(struct.unpack_from(">H", table, start + 10 + 2 * (code - first))[0])
    segments = struct.unpack_from(">H", table, start + 6)[0] // 2
    ends, begins, steps = (
        struct.unpack_from(f">{segments}H", table, start + at) for at in (14, 16 + 2 * segments, 16 + 4 * segments)
    )
    for end, begin, step in zip(ends, begins, steps, strict=True):
        if begin <= 0xF000 + code <= end or begin <= code <= end:
            return int((step + (0xF000 + code if begin > 0xFF else code)) & 0xFFFF)
    raise AssertionError(code)


def code_of(font: Any, char: str) -> int:
    names = font.ToUnicode.read_bytes().decode("latin-1").split("\n")
    return next(int(line[1:3], 16) for line in names if line.upper().endswith(f"> <{ord(char):04X}>"))


def lies(called: str, drawn: str, *, here: bool = False) -> Forge:
    """The text font draws one character as another: throughout, or on one page by a second font of its name."""

    def forge(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
        font = pdf.pages[page].Resources.Font["/F2"]
        data = font.FontDescriptor.FontFile2.read_bytes()
        places = [glyph_of(data, code_of(font, one)) for one in (called, drawn)]
        changed = with_glyph(data, *places)
        file = pdf.make_indirect(Stream(pdf, changed, Length1=len(changed)))
        if not here:
            font.FontDescriptor.FontFile2 = file
            return
        described = pdf.make_indirect(Dictionary({**dict(font.FontDescriptor.items()), "/FontFile2": file}))
        second = pdf.make_indirect(Dictionary({**dict(font.items()), "/FontDescriptor": described}))
        pdf.pages[page].add_resource(second, Name.Font, Name("/FZ2"))
        pdf.pages[page].Contents = Stream(pdf, content(pdf, page).replace(b"/F2 ", b"/FZ2 "))

    return forge


WAYS: dict[str, Forge] = {
    "transparent": state(ca=0.0),
    "hardly there": state(ca=0.08),
    "blended away": state(BM=Name.Screen),
    "one of two modes": state(BM=[Name.Difference, Name.Normal]),
    "masked": before("/GZ gs", ExtGState=("GZ", masked)),
    "outlines under text not drawn": outlined,
    "tiles under text not drawn": before("q /Pattern cs /PZ scn {words} f Q 3 Tr", Pattern=("PZ", tiles)),
    "a gradient": before("q {left} {bottom} {width} {height} re W n /SZ sh Q", Shading=("SZ", shades)),
    "strips of pictures": in_strips,
    **{f"cut off at edge {edge}": cut("/CropBox", edge) for edge in range(4)},
    **{f"ended at edge {edge}": cut("/MediaBox", edge) for edge in range(4)},
    "turned and cut off": turned_and_cut,
    "replaced, two forms deep": replaced,
    "replaced, by a named property": replaced_by_name,
    "a type 3 font": drawn_digit,
    "layers for print": layers_for_print,
    "a 5 that is a 9": lies("5", "9"),
    "a 3 that is an 8": lies("3", "8"),
    "a 1 that is a 4": lies("1", "4"),
    "a 5 that is two letters wide": lies("5", "m"),
    "an e that is an a, on one page": lies("e", "a", here=True),
    "an n that is an m, on one page": lies("n", "m", here=True),
    "an e that is an a": lies("e", "a"),
    "an n that is a u": lies("n", "u"),
    "an A that is an E": lies("A", "E"),
    "a highlight with a look": drawing_annotation("/Highlight"),
    "a watermark": drawing_annotation("/Watermark"),
    "a button": drawing_annotation("/Widget", FT=Name.Btn, Ff=65536, T="b"),
}


def forged(way: Forge, path: Path, rng: random.Random) -> Path:
    page = rng.randrange(4)
    _, box = rng.choice(words_of(page))
    with pikepdf.open(PDF) as pdf:
        way(pdf, page, box)
        pdf.save(path)
    return path


def told(paths: list[Path]) -> list[Problem]:
    """What is not only noted."""
    problems = verify(paths, VerifyOptions(data=DATA, jobs=1)).problems
    return [one for one in problems if one.severity is not Severity.NOTICE]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_nothing_drawn_otherwise_is_intact(tmp_path: Path, way: str) -> None:
    rng = random.Random(way)
    files = [forged(WAYS[way], tmp_path / f"{rank}.pdf", rng) for rank in range(PLACES)]
    assert {Path(problem.place.file or "") for problem in told(files)} == set(files)


@pytest.mark.parametrize("turn", [90, 180])
def test_a_page_that_is_only_turned_is_sound(tmp_path: Path, turn: int) -> None:
    with pikepdf.open(PDF) as pdf:
        pdf.pages[1].Rotate = turn
        pdf.save(tmp_path / "tournee.pdf")
    assert [str(problem) for problem in told([tmp_path])] == []


def test_a_page_that_does_not_begin_at_nought_is_sound(tmp_path: Path) -> None:
    with pikepdf.open(PDF) as pdf:
        for page in pdf.pages:
            left, bottom, right, top = (float(one) for one in page.mediabox)
            page.MediaBox = Array([left - 20, bottom - 30, right + 10, top + 15])
            page.CropBox = Array([left, bottom, right, top])
        pdf.save(tmp_path / "ailleurs.pdf")
    assert [str(problem) for problem in told([tmp_path])] == []


def test_raised_letters_taken_for_another_line_are_read_with_theirs() -> None:
    """The « er » of a first of a month, where PDFium ends a line before it."""
    (template, *_) = known_patterns(None)
    pages = read_pdf(PDF)
    sound = PdfLayout(PDF, pages, template).stories[0].text
    line = next(line for line in pages[0].lines if "12 mars 2026" in line.text)
    before, _, after = line.text.partition("12 mars 2026")
    line.text = f"{before}1\ner mars 2026{after}"
    assert PdfLayout(PDF, pages, template).stories[0].text == sound.replace("12 mars 2026", "1er mars 2026", 1)
