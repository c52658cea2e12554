"""Letters of a PDF that something cuts, covers in part or adds to; signs drawn beside text; letters drawn for others
that look alike; lines that stand in another order. None is intact; what only looks like it is."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name, Stream

from conventool.returned.page_ink import unexplained
from conventool.returned.pdf_glyphs import Box, Glyph
from conventool.returned.pdf_opening import read_pdf
from conventool.returned.pdf_pages import Page
from test_returned_drawing import Forge, Rect, before, code_of, content, forged, lies, told
from test_returned_hiding import PDF, drawn_last


def glyphs(page: Page) -> Iterator[Glyph]:
    return (glyph for line in page.lines[2:-2] for glyph in line.glyphs)


def at(chars: str, drawn: str) -> Forge:
    """Something is drawn over one of some characters, in the measures of its ink: one across, one up."""

    def forge(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
        number = next(n for n in (page, 2, 3) if any(one.char in chars for one in glyphs(read_pdf(PDF)[n])))
        sheet = read_pdf(PDF)[number]
        box = next(one.box for one in glyphs(sheet) if one.char in chars)
        matrix = f"{box.width} 0 0 {box.height} {box.left} {sheet.height - box.bottom}"
        drawn_last(f"{matrix} cm {drawn}")(pdf, number, (box.left, box.top, box.right, box.bottom))

    return forge


def clipped(path: str) -> Forge:
    """What a page draws is cut by a path, in which ``{left}``… are a word's."""

    def forge(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
        before(f"q 0 0 600 850 re {path} W* n")(pdf, page, box)
        pdf.pages[page].contents_add(Stream(pdf, b"\nQ"))

    return forge


def named(code: str, shown: str) -> Forge:
    """A font names its letters otherwise than it draws them, in the margin before a line or behind a word."""

    def forge(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
        chars = "\n".join(f"<{ord(one):02X}> <{code}>" for one in dict.fromkeys(shown))
        names = f"1 begincodespacerange <00> <FF> endcodespacerange {len(set(shown))} beginbfchar\n{chars}\nendbfchar"
        drawn_last(f"0 g BT /FZ 9 Tf {{right}} {{bottom}} Td ({shown}) Tj ET")(pdf, page, box)
        pdf.pages[page].Resources.Font["/FZ"].ToUnicode = Stream(pdf, names.encode())

    return forge


def exchanged_lines(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    """Two lines stand in each other's place."""
    data = content(pdf, page)
    one, other = list(re.finditer(rb"BT\n71 ([\d.]+) Td /F2 11 Tf\[", data))[5:8:2]
    data = data[: one.start(1)] + other[1] + data[one.end(1) : other.start(1)] + one[1] + data[other.end(1) :]
    pdf.pages[page].Contents = Stream(pdf, data)


def stroked_white(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    """A line is filled, and its outline drawn in white, which leaves nearly nothing of it."""
    data = content(pdf, page)
    start = list(re.finditer(rb"BT\n71 [\d.]+ Td /F2 11 Tf\[", data))[5].start()
    pdf.pages[page].Contents = Stream(pdf, data[:start] + b"q 1 G 0.7 w BT 2 Tr" + data[start + 2 :] + b" Q")


def unseen(sign: str, operators: str, again: str) -> Forge:
    """A sign is set so that it is not to be seen, and what follows it as before."""

    def forge(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
        for number in range(4):
            code = b"<%02X>" % code_of(pdf.pages[number].Resources.Font["/F2"], sign)
            parted = b"\\1]TJ %s[%s]TJ %s[" % (operators.encode(), code, again.encode())
            pattern = rb"(/F2 11 Tf\[[^\]]*)" + re.escape(code)
            data, count = re.subn(pattern, parted, content(pdf, number), count=1)
            if count:
                pdf.pages[number].Contents = Stream(pdf, data)
                return
        raise AssertionError(sign)

    return forge


def low_letters(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    """Letters made of strokes, as low as a rule, where a page has room between its lines."""
    picture = read_pdf(PDF)[page].image
    rows = [min(picture.crop((60, y, 540, y + 1)).tobytes()) > 250 for y in range(picture.height)]
    top = next(y for y in range(100, picture.height) if all(rows[y : y + 9]))
    low = picture.height - top - 6
    strokes = " ".join(
        f"{x} {low} m {x} {low + 3.6} l {x + 2.5} {low} l {x + 2.5} {low + 3.6} l S" for x in range(100, 200, 4)
    )
    drawn_last(f"0 G 0.6 w {strokes}")(pdf, page, box)


def unread(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    """A picture on a word that PDFium cannot draw; Poppler can, and covers the word."""
    image = Stream(pdf, b"\xff" * 64, Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8,
                   ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.JBIG2Decode)  # fmt: skip
    pdf.pages[page].add_resource(image, Name.XObject, Name("/XZ"))
    drawn_last("{width} 0 0 {height} {left} {bottom} cm /XZ Do")(pdf, page, box)


def in_blue(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    data = content(pdf, page)
    assert b"0 0 0 rg" in data
    pdf.pages[page].Contents = Stream(pdf, data.replace(b"0 0 0 rg", b"0.1 0.2 0.6 rg"))


WAYS: dict[str, Forge] = {
    "a white comma": unseen(",", "1 g", "0 g"),
    "a comma that is not drawn": unseen(",", "3 Tr", "0 Tr"),
    "a white bracket": unseen("(", "1 g", "0 g"),
    "a white point": unseen(".", "1 g", "0 g"),
    "a point covered": at(".", "1 g -0.2 -0.2 1.4 1.4 re f"),
    "an upright rule behind a digit": at("0123456789", "0 g 1.15 -0.6 0.12 2.2 re f"),
    "letters as low as a rule": low_letters,
    "a picture that PDFium cannot draw": unread,
    "the lower half of a word cut off": clipped("{left} {bottom} {width} 3 re"),
    "a corner of a word cut off": clipped("{left} {bottom} m {left} 850 l 600 {bottom} l h"),
    "the left of a digit covered": at("0123456789", "1 g -0.05 -0.05 0.4 1.1 re f"),
    "the middle of an e covered": at("e", "1 g 0.2 0.4 1 0.2 re f"),
    "the dot of an i covered": at("i", "1 g -0.1 0.75 1.2 0.3 re f"),
    "the accent of an é covered": at("é", "1 g -0.1 0.75 1.2 0.3 re f"),
    "a stroke added to a digit": at("0123456789", "0 G 0.12 w 0 0.5 m 1 0.5 l S"),
    "a nought behind a digit": at("0123456789", "0 G 0.15 w 1.2 0.5 m 1.2 1 2 1 2 0.5 c 2 0 1.2 0 1.2 0.5 c S"),
    "a comma behind a digit": at("0123456789", "0 g 1.1 -0.15 0.15 0.3 re f"),
    "a one behind a digit": at("0123456789", "0 g 1.2 0 0.18 1 re f"),
    "a minus before a digit": at("0123456789", "0 g -1.1 0.4 0.8 0.12 re f"),
    "stroked in white": stroked_white,
    "a word named bullets": named("F0B7", "sauf"),
    "a word named hyphens": named("00AD", "sauf"),
    "a word named spaces": named("0020", "sauf"),
    "a pale word of strokes": before("0.75 G 9 w 200 400 m 200 460 l 240 400 l 240 460 l S"),
    "two lines exchanged": exchanged_lines,
    **{f"an {one} that is an {other}": lies(one, other) for one, other in ("il", "eo", "éè")},
    **{f"a {one} that is a {other}": lies(one, other) for one, other in ("56", "O0")},
    "an i that is an l, on one page": lies("i", "l", here=True),
}


@pytest.mark.slow
def test_no_letter_is_changed_in_part_unseen(tmp_path: Path) -> None:
    rng = random.Random(0)
    files = [forged(way, tmp_path / f"{name}.pdf", rng) for name, way in WAYS.items()]
    seen = {Path(problem.place.file or "").name for problem in told(files)}
    assert {path.name for path in files} - seen == set()


def underlined(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    left, bottom, right, _ = box
    drawn_last(f"0 G 0.5 w {left} {bottom - 1.5} m {right} {bottom - 1.5} l S")(pdf, page, box)


def underlined_twice(pdf: pikepdf.Pdf, page: int, box: Rect) -> None:
    left, bottom, right, top = box
    for below in (0.0, 1.8):
        underlined(pdf, page, (left, bottom - below, right, top))


SOUND: dict[str, Forge] = {
    "letters made bold by a stroke": before("2 Tr 0.2 w 0 G"),
    "a clip as wide as the page": clipped(""),
    "a clip as wide as the text": before("60 30 480 790 re W n"),
    "a word underlined": underlined,
    "a word underlined twice": underlined_twice,
    "letters in blue": in_blue,
}


@pytest.mark.parametrize("place", ["100 900", "700 300", "100 -90", "-300 300"])
def test_what_is_drawn_beyond_the_page_hides_nothing(tmp_path: Path, place: str) -> None:
    """A coloured cell beyond an edge, on a page whose tables may be coloured; the drawing on the page is found."""
    file = tmp_path / "revenu.pdf"
    with pikepdf.open(PDF) as pdf:
        page = pdf.pages[0]
        page.contents_add(Stream(pdf, b"q"), prepend=True)
        drawn = f"Q q 0.5 g {place} 200 30 re f Q q 0 g 300 20 40 14 re 310 40 m 330 60 l 350 35 l f Q"
        page.contents_add(Stream(pdf, drawn.encode()))
        pdf.save(file)
    (found,) = unexplained(read_pdf(file)[0], ruled=True)
    assert found.meets(Box(310, 782, 350, 807))


@pytest.mark.slow
def test_what_leaves_each_letter_whole_is_no_alarm(tmp_path: Path) -> None:
    rng = random.Random(0)
    files = [forged(way, tmp_path / f"{name}.pdf", rng) for name, way in SOUND.items()]
    assert [str(problem) for problem in told(files)] == []
