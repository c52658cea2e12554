"""What a screen reader says of a tagged PDF beside what its pages show (ISO 32000-1, 14.7 and 14.8).

A page that is tagged is read by the structure of the file, and not as it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from conventool.returned.pdf_glyphs import Glyph, Line
from conventool.returned.pdf_opening import opened
from conventool.returned.pdf_pages import Page
from conventool.text.stories import squeezed

__all__ = ["ReadAloud", "read_aloud"]

_DESCRIBED = frozenset({"/Figure", "/Formula", "/Form"})
"""Elements that are read by their description, if they have one (14.9.3)."""
_UNREAD = "/Artifact"
_MOST_ELEMENTS = 200_000
_Content: TypeAlias = tuple[int, int]
"""The number of a page and that of a passage of it."""


class ReadAloud(NamedTuple):
    """The passages of a PDF as they are read aloud.

    Attributes:
        order: each passage with its place.
        described: those in whose place a description is read.
        pages: the numbers of those that it has passages of.
    """

    order: Mapping[_Content, int]
    described: frozenset[_Content]
    pages: frozenset[int]

    def differences(self, page: Page, lines: Sequence[Line], repeated: str) -> Iterator[tuple[str, list[Line]]]:
        """The lines of a page that are not read, or by a description, and those read before others which they follow.

        Args:
            page: the page.
            lines: of its text.
            repeated: the rows that tables repeat on each page, which are read once, without white space.

        Of a page that the structure does not know, as those that were joined from another file, nothing is said.
        """
        lines = [line for line in lines if squeezed(line.text) not in repeated]
        passages = [(page.number, page.passage_of(_first_letter(line))) for line in lines]
        if page.number not in self.pages:
            return
        unread, moved, last = list[Line](), list[Line](), -1
        for line, passage in zip(lines, passages, strict=True):
            place = self.order.get(passage)
            if place is None or passage in self.described:
                unread.append(line)
                continue
            if place < last:
                moved.append(line)
            last = max(last, place)
        found = {
            "des lignes qui ne se lisent pas à haute voix": unread,
            "des lignes qui se lisent à haute voix dans un autre ordre": moved,
        }
        yield from ((what, some) for what, some in found.items() if some)


def _first_letter(line: Line) -> Glyph:
    """The first letter or digit of a line: the bullet before it may be of no passage, as Chromium prints it."""
    return next((glyph for glyph in line.glyphs if glyph.char.isalnum()), line.glyphs[0])


def read_aloud(file: Path | bytes) -> ReadAloud | None:
    """How a PDF is read aloud; None where its structure says nothing of its pages.

    Args:
        file: the PDF.
    """
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    with pikepdf.open(opened(file)) as pdf:
        root = pdf.Root.get("/StructTreeRoot")
        if not isinstance(root, pikepdf.Dictionary):
            return None
        numbers: dict[object, int] = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        order: dict[_Content, int] = {}
        described = set[_Content]()
        for page, passage, is_described in _passages(root):
            content = numbers.get(page, 0), passage
            order.setdefault(content, len(order))
            if is_described:
                described.add(content)
    return ReadAloud(order, frozenset(described), frozenset(page for page, _ in order)) if order else None


def _passages(root: Any) -> Iterator[tuple[object, int, bool]]:
    """The passages in the order of a structure: of which page, which number, and whether described."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    roles: Any = root.get("/RoleMap", {})
    pending: list[tuple[Any, object, bool]] = [(root.get("/K"), None, False)]
    for _ in range(_MOST_ELEMENTS):
        if not pending:
            return
        one, page, is_described = pending.pop()
        if isinstance(one, int):
            yield page, one, is_described
        elif isinstance(one, pikepdf.Array):
            pending += [(kid, page, is_described) for kid in reversed(list(one))]
        elif isinstance(one, pikepdf.Dictionary):
            page = one.Pg.objgen if "/Pg" in one else page
            kind = str(one.get("/S", ""))
            kind = str(roles.get(kind, kind))
            if kind != _UNREAD:
                is_described = is_described or ("/Alt" in one and kind in _DESCRIBED)
                pending.append((one.get("/MCID", one.get("/K")), page, is_described))
