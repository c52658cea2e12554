"""Rows of a table over two pages of a PDF, read cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from conventool.returned.pdf_glyphs import Box
from conventool.returned.split_rows import Placed, in_order_of_cells

LEFT, MIDDLE, RIGHT = 70.0, 220.0, 370.0


def line(page: int, left: float, top: float, key: str, width: float = 120) -> Placed:
    return Placed(page, Box(left, top, left + width, top + 10), key)


def read(lines: Sequence[Placed], *said: str, tables: str | None = None) -> list[str]:
    """The lines in order, beside a template that says some texts one after the other."""
    flow = " ".join(said).split()
    joints = set(pairwise(flow))
    known = set((tables or " ".join(flow)).split())
    order = in_order_of_cells(lines, lambda one, other: (one, other) in joints, lambda keys: set(keys) <= known)
    return [lines[rank].key for rank in order]


TWO = [
    line(0, LEFT, 600, "before", 400), line(0, LEFT, 700, "a1"), line(0, LEFT, 715, "a2"),
    line(0, MIDDLE, 700, "b1"), line(0, MIDDLE, 715, "b2"),
    line(1, LEFT, 70, "a3"), line(1, MIDDLE, 70, "b3"), line(1, MIDDLE, 85, "b4"), line(1, LEFT, 120, "after", 400),
]  # fmt: skip

RIGHTLY = "before a1 a2 a3 b1 b2 b3 b4 after"


def test_two_cells_over_two_pages() -> None:
    assert read(TWO, RIGHTLY) == RIGHTLY.split()


def test_an_order_that_the_template_has_is_left() -> None:
    """As of columns of text, which are filled page by page."""
    natural = [one.key for one in TWO]
    assert read(TWO, " ".join(natural)) == natural


def test_three_pages_and_a_table_in_a_cell() -> None:
    lines = [
        line(0, LEFT, 700, "a1"), line(0, MIDDLE, 700, "b1"), line(0, MIDDLE, 715, "c1", 40),
        line(0, MIDDLE + 60, 715, "d1", 40),
        line(1, LEFT, 70, "a2"), line(1, MIDDLE, 70, "c2", 40), line(1, MIDDLE + 60, 70, "d2", 40),
        line(2, LEFT, 70, "a3"), line(2, MIDDLE, 70, "c3", 40), line(2, MIDDLE + 60, 70, "d3", 40),
        line(2, MIDDLE, 85, "b2"), line(2, LEFT, 120, "after", 400),
    ]  # fmt: skip
    said = "a1 a2 a3 b1 c1 c2 c3 d1 d2 d3 b2 after"
    assert read(lines, said) == said.split()
