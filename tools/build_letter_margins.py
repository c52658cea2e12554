"""Makes `letter_margins.tsv`: how near each letter and digit of fonts in print comes to the shapes of another one.

    python tools/build_letter_margins.py FOLDER…

Run it after `build_letter_shapes.py`, with the same fonts and others that are not in its sheet. For each letter the
file has a line: the letter, then for each of its group the least, over all fonts, of its distance from that letter's
shapes by its distance from its own, in percent. Fonts that draw a letter as another one are left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from build_letter_shapes import SMALL, faces, shapes_of_file

from conventool.returned.letter_shapes import GROUPS, MARGINS, distances

if TYPE_CHECKING:
    from PIL.Image import Image

OUT = Path(__file__).parents[1] / "src" / "conventool" / "returned" / MARGINS
FARTHEST = 150
"""Percent: what is farther can be told anyhow."""
ODD = 50
"""Percent: what is as near to another letter is drawn as that."""


def main(folders: Sequence[str]) -> None:
    """Measure the fonts of some folders, and write the file."""
    files = (file for folder in folders for file in sorted(Path(folder).rglob("*.?tf")) if file.is_file())
    least: dict[str, int] = {}
    count = 0
    for file in faces(files):
        shares = list(_shares(shapes_of_file(file)))
        count += bool(shares)
        for pair, share in shares:
            least[pair] = min(least.get(pair, FARTHEST), share)
    with OUT.open("w", encoding="utf-8", newline="\n") as out:
        for group in GROUPS:
            for one in group:
                out.write("\t".join([one, *(str(least[one + other]) for other in group)]) + "\n")
    sys.stderr.write(f"{count} fonts\n")


def _shares(shapes: Mapping[str, Image]) -> Iterator[tuple[str, int]]:
    """By pair of letters, how far the first is from the shapes of the second, in percent of how far from its own.

    Small letters are measured as small capitals too. A font that lacks a letter, or draws one as another, has none.
    """
    own = [pair for group in GROUPS for pair in _of_group(shapes, "", group)] if shapes else []
    if all(share >= ODD for _, share in own):
        yield from own
        yield from _of_group(shapes, SMALL, GROUPS[0]) if own else ()


def _of_group(shapes: Mapping[str, Image], before: str, group: str) -> Iterator[tuple[str, int]]:
    """The same of one group of letters; before each stands the name of its kind."""
    for one, row in distances({char: shapes[before + char] for char in group}, group).items():
        for other, far in row.items():
            yield one + other, int(100 * far / max(row[one], 0.001))


if __name__ == "__main__":
    main(sys.argv[1:])
