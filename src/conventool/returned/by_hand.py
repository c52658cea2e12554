"""What is added to a printed convention when it is signed and filed: dates, formulas, stamps, banners."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conventool.register.communes import Register
from conventool.returned.pdf_glyphs import Box, Glyph, Line
from conventool.returned.pdf_pages import Page
from conventool.text.dates import date_or_none

__all__ = ["day_in", "first_dots", "is_formula", "on_dots", "part_of", "segments"]

_GAP = 18.0
_DOTS = frozenset(".…_·")
_TO_PAGE = re.compile(r"[.…_·]{4,}\s*\d+\s*$")
"""The end of a line of a table of contents: its dots lead to a number, and are nothing to write on."""
_MOST = 110
_FORMULAS = re.compile(
    r"(?:mention manuscrite ?:? ?)?lue?s? et approuvée?s?\W*"
    r"|bon pour (?:accord|acceptation|pouvoir|engagement)\W*"
    r"|(?:document )?signée? (?:électroniquement|numériquement|le|par|avec|via)\b.*"
    r"|(?:envoyé|reçu|affiché|publié|transmis|télétransmis|notifié|enregistré|déposé|arrivé|visé)e?s?"
    r" (?:en|à|le|au|par|aux)\b.*"
    r"|(?:acte |certifiée? )?exécutoire\b.*|certifiée? (?:conforme|exact)\b.*|accusé de réception\b.*|id ?: ?[\w.-]+"
    r"|(?:docusign|yousign|universign|adobe sign|i-parapheur|docuseal|esup-signature|certinomis|lex persona)\b.*"
    r"|(?:ged|courrier|chrono|réf|référence)[ .:n°-]*[\w/-]+|paraphes? ?:?|signatures? ?:?|cachet ?:?|tampon ?:?"
    r"|(?-i:[A-ZÉÈ]{2,3})|(?:fait )?(?:à [\w’' -]{2,40}, )?le",
    re.IGNORECASE,
)
_PLACE_AND_DAY = re.compile(
    r"(?:(?:fait|signé) )?(?:(?P<at>à )?(?P<place>[\w’' -]{2,40}?)(?:, ?| (?=le )))?(?:le )?(?P<day>.+)", re.IGNORECASE
)
_SHORT_YEAR = re.compile(r"(?<=[^\W\d] )\d\d$")
"""The year of a day whose month is in letters, in two figures."""


def is_formula(text: str) -> bool:
    """Whether a text is one that is added by hand or by those who file: "Lu et approuvé", "Reçu en préfecture le …"."""
    text = " ".join(text.split())
    return 0 < len(text) <= _MOST and (_FORMULAS.fullmatch(text) is not None or day_in(text) is not None)


def day_in(text: str) -> str | None:
    """The day of a text that says nothing else but its place: "Fait à Lille, le 2 avril 2026"; None for any other.

    A place without "à" is a commune: "Résilié, le 2 avril 2026" is no date.
    """
    match = _PLACE_AND_DAY.fullmatch(" ".join(text.split()))
    day = _SHORT_YEAR.sub(lambda year: f"20{year[0]}", match["day"]) if match else ""
    if match is None or date_or_none(day) is None:
        return None
    is_place = match["at"] or not match["place"] or any(Register.open().by_name(match["place"]))
    return day if is_place else None


def segments(line: Line) -> Iterator[Line]:
    """A line cut where its characters are far from each other: three dates are three, though read as one line."""
    part: list[Glyph] = []
    for glyph in line.glyphs:
        if part and not -_GAP < glyph.box.left - part[-1].box.right < _GAP:
            yield part_of(line, part)
            part = []
        part.append(glyph)
    if part:
        yield part_of(line, part)


def part_of(line: Line, part: list[Glyph]) -> Line:
    """Some characters of a line that follow each other, with its spaces, as a line."""
    wanted = "".join(glyph.char for glyph in part)
    pattern = r"\s*".join(map(re.escape, wanted))
    found = re.search(pattern, line.text)
    return Line(found[0] if found else wanted, part)


def on_dots(lines: Sequence[Line], box: Box) -> Line | None:
    """The line of dots that a text is written over, or just above."""
    wide = Box(box.left, box.top - 2, box.right, box.bottom + 8)
    for line in lines:
        dots = [glyph for glyph in line.glyphs if glyph.char in _DOTS]
        if len(dots) >= 4 and any(glyph.box.meets(wide) for glyph in dots):
            return line
    return None


def first_dots(page: Page) -> float | None:
    """How high the first line of dots stands on a page; None for a page without."""
    tops = [
        line.glyphs[0].box.top
        for line in page.lines
        if sum(glyph.char in _DOTS for glyph in line.glyphs) >= 4 and not _TO_PAGE.search(line.text)
    ]
    return min(tops, default=None)
