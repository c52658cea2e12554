"""Makes `letter_shapes.png`: the shapes that each letter and digit has in the fonts of a folder.

    python tools/build_letter_shapes.py FOLDER…

The fonts are those that Debian packages under free licences, unpacked (`apt-get download`, `dpkg -x`). Of each family
the faces called Regular, Bold, Italic and alike are drawn by PDFium, letter by letter. Shapes alike are made one, their
mean; small letters have small capitals besides, and each letter the oddest that it has anywhere.
"""

from __future__ import annotations

import re
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING

import pikepdf
from fontTools.ttLib import TTFont, TTLibError
from PIL import Image, ImageChops

from conventool.returned.font_names import by_glyph
from conventool.returned.letter_shapes import GROUPS, SHAPE, SHAPES, SHEET, USUAL_SHAPES, shapes_of
from conventool.returned.proof_sheets import add_sheet, cells, drawn_sheets

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

OUT = Path(__file__).parents[1] / "src" / "conventool" / "returned" / SHEET
LETTERS = "".join(GROUPS)
FACES = re.compile(r"(?i)(regular|roman|book|normal|medium|std)?(bold)?(italic|oblique)?")
ROUNDS = 4
SMALL_CAPITALS = 3
GREY = 17
"""Of the 256 greys 16 are kept: the file is half as large."""
SMALL = "small "
"""Small capitals: capitals as high as an x, in the place of small letters."""


def main(folders: Sequence[str]) -> None:
    """Draw the fonts of some folders, and write the sheet."""
    files = (file for folder in folders for file in sorted(Path(folder).rglob("*.?tf")) if file.is_file())
    fonts = [shapes for file in faces(files) if (shapes := shapes_of_file(file))]
    wide, high = SHAPE
    sheet = Image.new("L", (wide * SHAPES, high * len(LETTERS)))
    for row, char in enumerate(LETTERS):
        for column, shape in enumerate(_shapes_in_print(fonts, char)):
            sheet.paste(shape, (wide * column, high * row))
    sheet.point([grey // GREY * GREY for grey in range(256)]).save(OUT, optimize=True)
    sys.stderr.write(f"{len(fonts)} fonts, {OUT.stat().st_size} bytes\n")


def faces(files: Iterator[Path]) -> Iterator[Path]:
    """Of each family the upright face, the bold, the italic and the bold italic one; each once."""
    seen: set[str] = set()
    for file in files:
        _, _, face = file.stem.rpartition("-")
        if file.stem not in seen and (face == file.stem or FACES.fullmatch(face)):
            seen.add(file.stem)
            yield file


def shapes_of_file(file: Path) -> dict[str, Picture]:
    """The shapes of a font; none of one that lacks a letter or cannot be read."""
    data = file.read_bytes()
    try:
        font = TTFont(BytesIO(data), lazy=True)
        named = font.getBestCmap() or {}
        glyphs = [font.getGlyphID(named[ord(char)]) for char in LETTERS]
    except (TTLibError, KeyError, struct.error):
        return {}
    with pikepdf.new() as sheets:
        add_sheet(sheets, by_glyph(sheets, data), (f"{glyph:04X}" for glyph in glyphs))
        (page,) = drawn_sheets(sheets)
    proofs = {proof.char: proof.cell for proof in cells(page, LETTERS)}
    small = shapes_of({char: proofs[char.upper()] for char in ascii_lowercase})
    found = shapes_of(proofs) | {SMALL + char: shape for char, shape in small.items()}
    return found if len(found) == len(LETTERS) + len(ascii_lowercase) else {}


def _shapes_in_print(fonts: Sequence[Mapping[str, Picture]], char: str) -> list[Picture]:
    """The shapes of a letter: the means of those alike, small capitals for a small one, and the oddest."""
    own = [font[char] for font in fonts]
    found = _means(own, USUAL_SHAPES)
    if char in ascii_lowercase:
        found += _means([font[SMALL + char] for font in fonts], SMALL_CAPITALS)
    return _with_farthest(found, own, SHAPES)


def _with_farthest(chosen: Sequence[Picture], shapes: Sequence[Picture], count: int) -> list[Picture]:
    """Some shapes, and of others those farthest from all, up to a count."""
    found = list(chosen)
    far = [min(_far(shape, one) for one in found) for shape in shapes]
    while len(found) < count:
        found.append(shapes[far.index(max(far))])
        far = [min(before, _far(shape, found[-1])) for before, shape in zip(far, shapes, strict=True)]
    return found


def _means(shapes: Sequence[Picture], count: int) -> list[Picture]:
    """Some shapes, those alike made one."""
    by_ink = sorted(shapes, key=lambda shape: sum(shape.tobytes()))
    centres = _with_farthest(by_ink[:: -(-2 * len(by_ink) // count)], shapes, count)
    for _ in range(ROUNDS):
        groups: list[list[Picture]] = [[] for _ in centres]
        for shape in shapes:
            far = [_far(shape, centre) for centre in centres]
            groups[far.index(min(far))].append(shape)
        centres = [_mean(group) if group else centre for group, centre in zip(groups, centres, strict=True)]
    return centres


def _far(one: Picture, other: Picture) -> int:
    levels = ImageChops.difference(one, other).histogram()
    return sum(level * count for level, count in enumerate(levels))


def _mean(shapes: Sequence[Picture]) -> Picture:
    points = zip(*(shape.tobytes() for shape in shapes), strict=True)
    return Image.frombytes("L", SHAPE, bytes(sum(point) // len(shapes) for point in points))


if __name__ == "__main__":
    main(sys.argv[1:])
