"""Pictures of what differs: the page expected beside the page returned, the place marked. A page lists them all.

What has no place on a page is listed too, with the reason: nobody may take a missing picture for nothing to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
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
from conventool.returned.differences_page import Difference, Differences, differences_page
from conventool.returned.font_names import NOBODY_KNOWS, UnnamedLettersError
from conventool.returned.page_ink import differing_places
from conventool.returned.passages import Passage, Reading
from conventool.returned.pdf_glyphs import Box
from conventool.returned.pdf_opening import read_pdf
from conventool.returned.pdf_pages import Page
from conventool.template.bindings import Binder
from conventool.template.folder import TemplateFolder
from conventool.text.dates import date_or_none
from conventool.text.stories import levelled, squeezed
from conventool.word.controls import Control
from conventool.word.values import Value, prepare

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Doubt", "write_pictures"]

_SCALE = 1.6
"""Pixels a point: 115 an inch, so that small letters can be read when they are enlarged."""
_COLOURS = 256
_NO_PAGE = (int(595 * _SCALE), int(842 * _SCALE))
_MARK, _GAP = "#c00000", 24
_MOST_MARKS = 25
_ON_ALL_PAGES = ("En-tête", "Pied de page")
_BEFORE_COLON = re.compile(r"\s: ")
_PAGE_NAMED = re.compile(r"Page (\d+)(?:, )?")
_GROUPED = re.compile(r"comme (?:\d+|un) autres? passages?")
_QUOTED = re.compile(r"«\s(.*?)\s»(?=\s→|$|[.,)\s(])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A document that is not intact, and why.

    Attributes:
        path: of it.
        drawn_from: what is drawn of it: itself, or the Word file that was made of it.
        template: the template that it was filled from; None where that is not known.
        values: by address, what stands in its controls.
        verdict: in French.
        problems: what is told of it.
    """

    path: Path
    drawn_from: Path
    template: TemplateFolder | None
    values: Mapping[str, str]
    verdict: str
    problems: Sequence[Problem]


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
        found = [
            Differences(doubt.path, doubt.verdict, list(_differences(doubt, rank, *drawn[rank])))
            for rank, doubt in enumerate(doubts)
        ]
    files = [Wanted(folder / PICTURES, differences_page(found, today).encode("utf-8", "replace"))]
    files += [Wanted(folder / one.name, one.data) for document in found for one in document.shown if one.name]
    write_as_planned(files, force=force)
    return [file.path for file in files]


def _drawn(doubts: Sequence[Doubt], scratch: Path) -> list[tuple[list[Page], list[Page]]]:
    """Of each document the pages that were expected and those returned; none of what nobody can draw."""
    jobs = []
    for rank, doubt in enumerate(doubts):
        if doubt.template is not None:
            jobs.append(Job(_as_expected(doubt.template, doubt.values), scratch / f"{rank}-expected.pdf"))
            if doubt.drawn_from.suffix.lower() != ".pdf":
                jobs.append(Job(doubt.drawn_from, scratch / f"{rank}-returned.pdf"))
    for result in convert(jobs, jobs=1) if jobs else ():
        del result  # what LibreOffice could not draw is left out below
    drawn = []
    for rank, doubt in enumerate(doubts):
        returned = scratch / f"{rank}-returned.pdf"
        drawn.append((_read(scratch / f"{rank}-expected.pdf"), _read(returned if returned.exists() else doubt.path)))
    return drawn


def _read(path: Path) -> list[Page]:
    """The pages of a PDF; none where it could not be made."""
    try:
        return read_pdf(path) if path.suffix.lower() == ".pdf" else []
    except UnnamedLettersError as error:
        return list(error.pages)
    except ConventoolError:
        return []


def _as_expected(folder: TemplateFolder, read: Mapping[str, str]) -> bytes:
    """The template filled with the values that the document has, as far as its controls take them."""
    template = folder.document
    known = _known_values(folder)
    values: dict[str, Value] = {}
    for address, text in read.items():
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
    """The text of a control as a value for it; a linking word ends with the space that the template has there."""
    day = date_or_none(text) if control.kind == "date" else None
    words = " ".join(text.split())
    linked = control.text.endswith(" ") and not words.endswith(("’", "'"))
    return day or (f"{words} " if linked else words)


# --- Pictures ----------------------------------------------------------------------------------------------


class _Shown(NamedTuple):
    """The two pages of a difference, and what is framed on each."""

    expected: Passage
    returned: Passage


@dataclass
class _Pair:
    """A document as it was expected and as it is."""

    expected: Reading
    returned: Reading
    _differing: dict[tuple[int, int], list[Box]] = field(default_factory=dict)

    @cached_property
    def unlike(self) -> list[_Shown]:
        """All pages whose pictures differ, those too that the template has not."""
        numbers = list(self.returned.pages)
        pages = [_Shown(Passage(number, []), Passage(number, self.differing(number, number))) for number in numbers]
        return [one for one in pages if one.returned.boxes or one.returned.page not in self.expected.pages]

    def differing(self, expected: int, returned: int) -> list[Box]:
        """Where two pages differ as pictures; nowhere if one of them is not there."""
        if (expected, returned) not in self._differing:
            one, other = self.expected.pages.get(expected), self.returned.pages.get(returned)
            places = differing_places(one.image, other.image)[:_MOST_MARKS] if one and other else []
            self._differing[expected, returned] = places
        return self._differing[expected, returned]

    def shown(self, problem: Problem, rank: int = 0) -> list[_Shown]:
        """The pages that show a difference; none if it has no place on them.

        Args:
            problem: what is told of it.
            rank: how many of the same words were shown before.
        """
        if problem.code == "unnamed-letters":
            return [_Shown(Passage(one.page, []), one) for one in self.returned.marked(NOBODY_KNOWS)]
        if problem.code == "scanned" and _GROUPED.search(problem.message):
            return [_Shown(Passage(number, []), Passage(number, [])) for number in self.returned.pages]
        first = self._place(problem, rank)
        told = [first] if first else []
        if _GROUPED.search(problem.message):  # only the first of several is told in full
            told += [one for one in self.unlike if first is None or one.returned.page != first.returned.page]
        return told

    def _place(self, problem: Problem, rank: int) -> _Shown | None:
        """The page of a difference and the place on it: its words, else what is drawn otherwise, else its heading."""
        where = _BEFORE_COLON.split(problem.message, maxsplit=1)[0]
        named = _PAGE_NAMED.match(where)
        page, heading = (int(named[1]), where[named.end() :]) if named else (0, where)
        quotes = _QUOTED.findall(problem.message) or ([problem.value] if problem.value else [])
        there = self._find(self.expected, quotes[:1], heading, page, rank)
        here = self._find(self.returned, quotes[-1:], heading, page, rank)
        if found := here or there:
            there, here = there or Passage(found.page, []), here or Passage(found.page, [])
            return _Shown(there, here if here.boxes else Passage(here.page, self.differing(there.page, here.page)))
        if where in _ON_ALL_PAGES:
            return next(iter(self.unlike), None)
        return self._page(page, heading)

    def _page(self, page: int, heading: str) -> _Shown | None:
        """The page that is named, or that of a heading, with what is drawn otherwise there, else the heading."""
        headings = [next(side.passages(heading), None) for side in (self.expected, self.returned)]
        there, here = (one or Passage(page, []) for one in headings)
        at = page or here.page or there.page
        if at == 0:
            return None
        places = self.differing(at, at)
        return (
            _Shown(there, here) if not (places or page) and here.page else _Shown(Passage(at, []), Passage(at, places))
        )

    def _find(self, side: Reading, quotes: Sequence[str], heading: str, page: int, rank: int) -> Passage | None:
        """The words that a message quotes: where the pages differ, if they stand there, else the first of them."""
        found = [one for words in quotes for one in side.passages(words, under=heading, page=page)]
        places = [one for one in found if one.meets(self.differing(one.page, one.page))] or found
        return places[min(rank, len(places) - 1)] if places else None


def _differences(doubt: Doubt, rank: int, expected: Sequence[Page], returned: Sequence[Page]) -> Iterator[Difference]:
    """What is told of a document, with a picture or more, or with the reason why there is none."""
    pair = _Pair(Reading(expected), Reading(returned))
    stem = re.sub(r"[^\w-]+", "-", doubt.path.stem)[:60]
    told = [problem for problem in doubt.problems if problem.severity is not Severity.NOTICE]
    alike: dict[str, list[Problem]] = {}
    for problem in told:
        alike.setdefault(problem.message, []).append(problem)
    for number, (problem, *others) in enumerate(alike.values(), 1):
        places = (one for rank, same in enumerate([problem, *others]) for one in pair.shown(same, rank))
        shown = _by_page(places) if returned else []
        if not shown:
            yield Difference(problem.message, "", b"", _why_none(doubt, is_drawn=bool(returned)))
        for place, (there, here) in enumerate(shown, 1):
            sides = [(pair.expected.pages.get(there.page), there.boxes)] if expected else []
            sides.append((pair.returned.pages.get(here.page), here.boxes))
            name = f"{rank + 1:03}-{stem}-{number}{f'-{place}' if place > 1 else ''}.png"
            caption = _caption(problem, here.page) if place == 1 else f"Page {here.page}, pour la même raison."
            yield Difference(caption, name, _side_by_side(sides), _words(there, here, len(sides)))


def _by_page(places: Iterable[_Shown]) -> list[_Shown]:
    """Places on the same two pages together, each framed."""
    pages: dict[tuple[int, int], _Shown] = {}
    for there, here in places:
        of_both = pages.setdefault((there.page, here.page), _Shown(there._replace(boxes=[]), here._replace(boxes=[])))
        for side, more in zip(of_both, (there, here), strict=True):
            side.boxes.extend(box for box in more.boxes if box not in side.boxes)
    return list(pages.values())


def _caption(problem: Problem, page: int) -> str:
    return problem.message if problem.message.startswith(f"Page {page}") else f"Page {page}. {problem.message}"


def _words(there: Passage, here: Passage, sides: int) -> str:
    """What a picture shows, for those who do not see it."""
    framed = ", un cadre autour du passage" if here.boxes or there.boxes else ""
    returned = f"la page {here.page} reçue{framed}."
    return f"À gauche la page {there.page} attendue, à droite {returned}" if sides > 1 else returned.capitalize()


def _why_none(doubt: Doubt, *, is_drawn: bool) -> str:
    """Why a difference has no picture."""
    if is_drawn:
        return "Sans image : ceci n’a pas de place sur les pages, ou rien n’en paraît."
    if doubt.template is None:
        return "Sans image : les pages de ce fichier n’ont pas été comparées."
    return "Sans image : LibreOffice n’a pas pu dessiner ce document."


def _side_by_side(pages: Sequence[tuple[Page | None, Sequence[Box]]]) -> bytes:
    """The page expected, at the left, and the page returned, or that one alone; with frames around what differs."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 (only where pictures are asked for)

    sides: list[Image.Image] = []
    for page, boxes in pages:
        side = page.render(_SCALE, grey=False) if page else Image.new("RGB", _NO_PAGE, "#ddd")
        draw = ImageDraw.Draw(side)
        for box in boxes:
            left, top, right, bottom = (round(one * _SCALE) for one in box)
            draw.rectangle((left - 4, top - 4, right + 4, bottom + 4), outline=_MARK, width=2)
        sides.append(side)
    width = sum(side.width + _GAP for side in sides) - _GAP
    whole = Image.new("RGB", (width, max(side.height for side in sides)), "white")
    left = 0
    for side in sides:
        whole.paste(side, (left, 0))
        left += side.width + _GAP
    out = BytesIO()
    palette = whole.quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    palette.save(out, "PNG")  # of the size by 2.6, and no shade differs by more than one of 256
    return out.getvalue()
