"""Pictures of what differs: the page expected beside the page returned, the place marked. A page lists them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from conventool.core.errors import ConventoolError
from conventool.core.problems import Problem, Severity
from conventool.files.documents_in import PICTURES
from conventool.files.plan import Wanted
from conventool.files.scratch import scratch_folder
from conventool.files.writing import write_as_planned
from conventool.pdf.convert import convert
from conventool.pdf.jobs import Job
from conventool.returned.pdf_foreign import differing_places
from conventool.returned.pdf_glyphs import Box, Glyph
from conventool.returned.pdf_opening import read_pdf
from conventool.returned.pdf_pages import Page
from conventool.template.bindings import Binder
from conventool.template.folder import TemplateFolder
from conventool.text.dates import date_or_none, long_date
from conventool.text.stories import levelled, squeezed
from conventool.word.controls import Control
from conventool.word.values import Value, prepare

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Doubt", "write_pictures"]

_SCALE = 1.4
_NO_PAGE = (int(595 * _SCALE), int(842 * _SCALE))
_MARK, _GAP = "#c00000", 24
_MOST_MARKS = 25
_PAGE_NAMED = re.compile(r"Page (\d+)")
_QUOTED = re.compile(r"«\s(.*?)\s»(?=\s→|$|[.,)\s(])", re.DOTALL)
_STYLE = """
body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #222 }
h1 { font-size: 1.5em } h2 { border-bottom: 1px solid #999; font-size: 1.2em; margin-top: 2em }
figure { margin: 1.5em 0; break-inside: avoid } figcaption { margin-bottom: .5em }
img { border: 1px solid #ccc; max-width: 100% } .what { font-weight: bold }
@media print { body { margin: 0; max-width: none } h2 { break-before: page } }
"""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A document that is not intact, and why.

    Attributes:
        path: of it.
        drawn_from: what is drawn of it: itself, or the Word file that was made of it.
        template: the template that it was filled from.
        values: by address, what stands in its controls.
        verdict: in French.
        problems: what is told of it.
    """

    path: Path
    drawn_from: Path
    template: TemplateFolder
    values: Mapping[str, str]
    verdict: str
    problems: Sequence[Problem]


class _Picture(NamedTuple):
    """One difference as it is shown."""

    name: str
    data: bytes
    caption: str


def write_pictures(folder: Path, doubts: Sequence[Doubt], today: date, *, force: bool) -> list[Path]:
    """Write a picture for each difference, and a page that lists them.

    Args:
        folder: where to; made if it is missing.
        doubts: the documents that are not intact.
        today: the day that the page bears.
        force: may files that differ be replaced?

    Returns:
        The files written, the page first.

    Raises:
        ProgramError: LibreOffice, which draws Word documents, is missing or failed.
        OutputError: the folder refuses, or holds other files of these names.
    """
    with scratch_folder() as scratch:
        drawn = _drawn(doubts, scratch)
        found = [list(_pictures(doubt, rank, drawn)) for rank, doubt in enumerate(doubts)]
    files = [Wanted(folder / PICTURES, _html(doubts, found, today).encode("utf-8"))]
    files += [Wanted(folder / picture.name, picture.data) for pictures in found for picture in pictures]
    write_as_planned(files, force=force)
    return [file.path for file in files]


def _drawn(doubts: Sequence[Doubt], scratch: Path) -> Mapping[tuple[int, str], list[Page]]:
    """By rank, the pages of each document ("returned") and those that were expected ("expected")."""
    jobs = []
    for rank, doubt in enumerate(doubts):
        expected = scratch / f"{rank}-expected.pdf"
        jobs.append(Job(_as_expected(doubt), expected))
        if doubt.drawn_from.suffix.lower() != ".pdf":
            jobs.append(Job(doubt.drawn_from, scratch / f"{rank}-returned.pdf"))
    for result in convert(jobs, jobs=1):
        del result  # what LibreOffice could not draw is left out below
    drawn = {}
    for rank, doubt in enumerate(doubts):
        returned = scratch / f"{rank}-returned.pdf"
        drawn[rank, "returned"] = _read(returned if returned.exists() else doubt.path)
        drawn[rank, "expected"] = _read(scratch / f"{rank}-expected.pdf")
    return drawn


def _read(path: Path) -> list[Page]:
    """The pages of a PDF; none where it could not be made."""
    try:
        return read_pdf(path) if path.suffix.lower() == ".pdf" else []
    except ConventoolError:
        return []


def _as_expected(doubt: Doubt) -> bytes:
    """The template filled with the values that the document has, as far as its controls take them."""
    template = doubt.template.document
    known = _known_values(doubt.template)
    values: dict[str, Value] = {}
    for address, text in doubt.values.items():
        for control in template.meant(address)[:1]:  # a field that prints by itself is none
            value = known.get((address, squeezed(levelled(text)))) or _value(control, text)
            if not isinstance(prepare(control, value, runs=True), Problem):
                values[address] = value
    return template.fill(values, "unwrap")


def _known_values(template: TemplateFolder) -> Mapping[tuple[str, str], Value]:
    """By address and text, what the template itself says there: with its own spaces, that no line end parts."""
    binder = Binder(template)
    sources = (binder.constants(), *binder.marks().values())
    return {
        (a, squeezed(levelled(value))): value for own in sources for a, value in own.items() if isinstance(value, str)
    }


def _value(control: Control, text: str) -> Value:
    """The text of a control as a value for it."""
    day = date_or_none(text) if control.kind == "date" else None
    return day or " ".join(text.split())


# --- Pictures ----------------------------------------------------------------------------------------------


def _pictures(doubt: Doubt, rank: int, drawn: Mapping[tuple[int, str], list[Page]]) -> Iterator[_Picture]:
    """A picture for each difference of a document."""
    returned, expected = drawn[rank, "returned"], drawn[rank, "expected"]
    told = [problem for problem in doubt.problems if problem.severity is not Severity.NOTICE]
    for number, problem in enumerate(told, 1):
        quotes = _QUOTED.findall(problem.message) or ([problem.value] if problem.value else [])
        here = _find(returned, quotes[-1]) if quotes else {}
        there = _find(expected, quotes[0]) if quotes else {}
        named = _PAGE_NAMED.search(problem.message)
        under = {} if here or there or named else _find(returned, problem.message.partition(" : ")[0])
        at = int(named[1]) if named else min(here or there or under, default=1)
        pages = [next((page for page in side if page.number == at), None) for side in (expected, returned)]
        marks = [there.get(at, []), here.get(at, [])]
        if not marks[1] and pages[0] and pages[1]:
            marks[1] = differing_places(pages[0].image, pages[1].image)[:_MOST_MARKS]
        if any(pages):
            stem = re.sub(r"[^\w-]+", "-", doubt.path.stem)[:60]
            name = f"{rank + 1:03}-{stem}-{number}.png"
            yield _Picture(name, _side_by_side(pages, marks), f"Page {at}. {problem.message}")


def _find(pages: Iterable[Page], words: str) -> dict[int, list[Box]]:
    """Where some words stand: by number of the page, a box for each line."""
    wanted = squeezed(levelled(words.split("[…]", maxsplit=1)[0].replace("…", "")))
    found: dict[int, list[Box]] = {}
    for page in pages:
        glyphs = [glyph for line in page.lines for glyph in line.glyphs]
        text = "".join(levelled(glyph.char)[:1] or "\0" for glyph in glyphs)
        at = text.find(wanted) if wanted else -1
        if at >= 0:
            found[page.number] = list(_boxes(glyphs[at : at + len(wanted)]))
            break
    return found


def _boxes(glyphs: Sequence[Glyph]) -> Iterator[Box]:
    """A box around the characters of each line."""
    box: Box | None = None
    height = 0.0
    for glyph in glyphs:
        if box is not None and abs(glyph.y - height) > 3:
            yield box
            box = None
        box = glyph.box if box is None else box.around(glyph.box)
        height = glyph.y
    if box is not None:
        yield box


def _side_by_side(pages: Sequence[Page | None], marks: Sequence[Sequence[Box]]) -> bytes:
    """The page expected, at the left, and the page returned, with frames around what differs."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 (only where pictures are asked for)

    sides: list[Image.Image] = []
    for page, boxes in zip(pages, marks, strict=True):
        side = page.render(_SCALE, grey=False) if page else Image.new("RGB", _NO_PAGE, "#ddd")
        draw = ImageDraw.Draw(side)
        for box in boxes:
            left, top, right, bottom = (round(one * _SCALE) for one in box)
            draw.rectangle((left - 4, top - 4, right + 4, bottom + 4), outline=_MARK, width=2)
        sides.append(side)
    whole = Image.new("RGB", (sum(side.width for side in sides) + _GAP, max(side.height for side in sides)), "white")
    whole.paste(sides[0], (0, 0))
    whole.paste(sides[1], (sides[0].width + _GAP, 0))
    return _png(whole)


def _png(image: Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


# --- The page ----------------------------------------------------------------------------------------------


def _html(doubts: Sequence[Doubt], found: Sequence[Sequence[_Picture]], today: date) -> str:
    """One page, without scripts, that can be printed."""
    title = "Documents reçus : ce qui diffère"
    parts = [
        f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>",
        f"<p>Vérifié le {long_date(today)}. À gauche, la page attendue : le modèle avec les valeurs du document. ",
        "À droite, la page reçue. Un cadre rouge entoure ce qui diffère.</p>",
    ]
    for doubt, pictures in zip(doubts, found, strict=True):
        parts.append(f"<h2>{escape(doubt.path.name)} : {escape(doubt.verdict)}</h2>")
        if not pictures:
            parts.append("<p>Ce document n’a pas pu être dessiné.</p>")
        for picture in pictures:
            parts.append(f'<figure><figcaption class="what">{escape(picture.caption)}</figcaption>')
            parts.append(f'<img src="{escape(picture.name)}" alt="{escape(picture.caption)}"></figure>')
    return "\n".join([*parts, "</body></html>", ""])
