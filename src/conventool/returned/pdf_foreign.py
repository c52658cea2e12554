"""All that a page of a PDF draws and its text layer does not say, or says otherwise.

A text layer proves nothing by itself. So each of its characters must leave ink at its place, be drawn like the same
character elsewhere, and stand where it is read; and all ink must be that of a character, a thin rule, or be told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from conventool.returned.page_ink import HIGH, INK, NEAR, THIN, joined, laid_over, unexplained, unseen_pictures
from conventool.returned.pdf_glyphs import Box, Glyph
from conventool.returned.pdf_pages import Page
from conventool.returned.right_to_left import is_right_to_left
from conventool.returned.text_ink import unnamed_ink
from conventool.word.foreign import Foreign
from conventool.word.page_layout import PageLayout

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["SCANNED", "Own", "Zones", "drawn_otherwise", "page_foreign", "rare_fonts", "words_with"]

_SEEN = 80
"""How far, out of 255, the darkest and the lightest point of a character that can be read differ at least.

On white that is a contrast of 2.2, as it is asked of Word files (WCAG 2.1); of two greys it is more.
"""
_WIDE = 3.5
"""Points: a narrower character, as an I is, may fill its place with ink."""
_CLOSER = 4
"""Pixels for a point where a narrow character is looked at closer."""
_LOWEST = 2.0
"""Points: the letters of what can be read are higher."""
_STEP = 0.45
"""By what share of its ink at least a letter stands before the next: of a Q with a long tail, half of it."""
_JOINED = 0.01
"""Points between two parts of one place."""
_LIGATED = frozenset("fhijltT")
"""What ligatures are made of."""
_CUT_OFF = 0.5
"""Points: a character that reaches farther beyond the edge of its page is cut off."""
_NEXT, _RAISED = 3.0, 1.2
"""Points: a character is no farther from the next one of its word, and stands no higher or lower than that."""
_FAR = 8
_PARTED = 3.0
"""Points between a text and the cell beside it at least."""
_INITIAL = 3
"""How many times as high as others a letter is that begins a paragraph and is several lines high."""
_COLUMN = 3
"""Lines that begin at one place from the left make a column."""
_ONE_DRAWING = 100.0
"""Points: parts of one drawing, between which is text, are no farther from each other."""
_LABEL = re.compile(r"\d{1,4}|[a-zA-Z]{1,2}|[ivxlcIVXLC]+")
"""The number of a list, or a letter for a bullet, without its signs."""
_RARE = 12
"""Characters: a font that draws no more of a document's text is told."""
_TELLING = 4
"""Characters of a word of which one line has a part only, or that a control may hold."""
_LARGEST_BY_HAND = (230.0, 120.0)
"""Points: width and height of a signature, a stamp, initials. A clause put in as a picture is wider or goes unseen."""


SCANNED = "une page numérisée : c’est son image qui compte, à relire"
"""What is told of a page that is a picture, whatever text is laid under it."""


class Zones(NamedTuple):
    """Where on a page people may add something by hand.

    Attributes:
        block: the place of the printed text; beyond it are the margins.
        signature: from which height on it is the place of the signatures; None for a page without any.
    """

    block: Box
    signature: float | None

    def allow(self, box: Box) -> bool:
        """Whether something may be added here by hand."""
        margin = not box.meets(self.block)
        return margin or (self.signature is not None and box.top >= self.signature)


class Own(NamedTuple):
    """What a template has drawn on a page that would be told of another.

    Attributes:
        ruled: may rules cross there, as those of a table do?
        parted: the characters that begin a line beside another.
        struck: the words that it strikes out itself, without white space.
        raised: are letters of it higher or lower than their line?
    """

    ruled: bool = False
    parted: Collection[Glyph] = ()
    struck: Collection[str] = ()
    raised: bool = False


def page_foreign(
    page: Page,
    printed: Sequence[Sequence[Glyph]],
    added: Sequence[Glyph],
    zones: Zones,
    own: Own,
) -> Iterator[Foreign]:
    """What one page draws otherwise than its text layer says.

    Args:
        page: the page.
        printed: the characters of the document, line by line.
        added: those that were added by hand.
        zones: where they may be.
        own: what its template has drawn so.
    """
    under = f"Page {page.number}"
    glyphs = [glyph for line in printed for glyph in line]
    if page.is_scanned:
        yield Foreign("scanned", SCANNED, under=under)
        return
    if not glyphs:
        yield Foreign("foreign-content", "une page sans texte", under=under)
        return
    own = own._replace(parted={*own.parted, *(_beside_cells(page, printed) if own.ruled else ())})
    yield from (one._replace(under=under) for one in _odd_characters(page, glyphs, added, own))
    drawn = unexplained(page, ruled=own.ruled)
    by_hand = [box for box in drawn if _is_small(box) and zones.allow(box)]
    foreign = joined((box for box in drawn if box not in by_hand), _ONE_DRAWING)
    for box in (*by_hand, *foreign):
        code = "by-hand" if box in by_hand else "foreign-content"
        size = f"{box.width / 28.35:.1f} × {box.height / 28.35:.1f} cm".replace(".", ",")
        yield Foreign(code, f"un dessin ou une image ({size})", under=under, at=box)


def _is_small(box: Box) -> bool:
    return box.width <= _LARGEST_BY_HAND[0] and box.height <= _LARGEST_BY_HAND[1]


# --- Characters --------------------------------------------------------------------------------------------


def _odd_characters(page: Page, glyphs: Sequence[Glyph], added: Sequence[Glyph], own: Own) -> Iterator[Foreign]:
    """The characters of a page that nobody sees as they are read."""
    hidden = dict.fromkeys(_hidden(page, glyphs))
    yield from _about(page, "hidden-text", "un texte qui ne se voit pas, ou à peine", hidden)
    if any(line.disguised for line in page.lines):
        what = "un ou plusieurs signes que le fichier dit blancs, et qui se voient"
        yield Foreign("drawn-otherwise", what)
    if any(unnamed_ink(page)):
        yield Foreign("drawn-otherwise", "un signe que la page dessine sans le nommer")
    what = "un texte qui ne se lit pas dans l’ordre où il est écrit"
    yield from _about(page, "drawn-otherwise", what, _displaced(glyphs, own.parted))
    yield from _about(page, "drawn-otherwise", "un texte écrit sur un autre", _overlapping(glyphs, added))
    if not own.raised:
        what = "un ou plusieurs chiffres plus haut ou plus bas que leur ligne"
        yield from _about(page, "drawn-otherwise", what, _raised(page))
    struck, over, cut = laid_over(page, [glyph for glyph in glyphs if glyph not in hidden])
    yield from _about(page, "struck-out", "un texte barré", _without(own.struck, struck))
    yield from _about(page, "foreign-content", "un dessin ou une image sur le texte", over)
    yield from _about(page, "drawn-otherwise", "des lettres ou des signes coupés, épaissis ou effacés", cut)
    for box in unseen_pictures(page, glyphs):
        what = "une image sur le texte, que d’autres programmes peuvent montrer"
        yield Foreign("foreign-content", what, at=box)


def _without(texts: Collection[str], glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Some characters without those that make one of some texts, each once."""
    left = list(glyphs)
    for text in sorted(texts, key=len, reverse=True):
        letters = "".join(filter(str.isalnum, text))
        at = "".join(glyph.char for glyph in left).find(letters)
        if letters and at >= 0:
            del left[at : at + len(letters)]
    return left


def _about(page: Page, code: str, what: str, glyphs: Iterable[Glyph]) -> Iterator[Foreign]:
    """What is told of some characters of a page, if there are any: the words that they are of, and where they begin."""
    odd = dict.fromkeys(glyphs)
    if odd:
        words = " ".join(words_with(page, odd)) or "".join(glyph.char for glyph in odd)
        under, first = f"Page {page.number}", next(iter(odd))
        yield Foreign(code, what, words, under=under, at=first.box)


def words_with(page: Page, glyphs: Collection[Glyph]) -> Iterator[str]:
    """The words of a page that some characters are of; a short one with another of its line, by which it is found."""
    for line in page.lines:
        rest, words = iter(line.glyphs), line.text.split()
        parts = [list(islice(rest, len(word))) for word in words]
        own = {rank for rank, part in enumerate(parts) if any(glyph in glyphs for glyph in part)}
        beside = {rank + 1 if rank + 1 < len(words) else rank - 1 for rank in own if len(words[rank]) < _TELLING}
        yield from (word for rank, word in enumerate(words) if rank in own | beside)


def _hidden(page: Page, glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """The characters at whose place there is no ink, or only ink; too small to be read, cut off, or not drawn."""
    data, width, height = page.image.tobytes(), page.image.width, page.image.height
    whole, even = Box(-_CUT_OFF, -_CUT_OFF, page.width + _CUT_OFF, page.height + _CUT_OFF), list[Glyph]()
    for glyph in glyphs:
        is_low = glyph.char.isalnum() and glyph.box.height < _LOWEST
        if is_low or not glyph.is_painted or whole.around(glyph.box) != whole:
            yield glyph
            continue
        if not glyph.char.isalnum() or glyph.box.width < 1.5 or glyph.box.height < _LOWEST:
            continue
        left, top, right, bottom = glyph.box
        columns = range(max(int(left), 0), min(max(round(right), int(left) + 2), width))
        rows = range(max(int(top), 0), min(max(round(bottom), int(top) + 2), height))
        darkest, lightest = 255, 0
        enough = _SEEN if glyph.box.width >= _WIDE else INK
        for y in rows if columns else ():
            levels = data[y * width + columns.start : y * width + columns.stop]
            darkest, lightest = min(darkest, *levels), max(lightest, *levels)
            if lightest - darkest >= enough:
                break
        else:
            even.append(glyph)
    if even:
        closer = page.render(_CLOSER)
        yield from (glyph for glyph in even if not _is_filled(closer, glyph))


def _is_filled(closer: Image, glyph: Glyph) -> bool:
    """Whether a character fills its place with ink, looked at closer.

    One as narrow as an I is told from what is beside it; an m of even stems, by the white between these.
    """
    beside = (1, 2) if glyph.box.width < _WIDE else (0, 0)
    left, top, right, bottom = (int(edge * _CLOSER) for edge in glyph.box)
    levels = closer.crop((left - beside[0], top, right + beside[1], bottom)).tobytes()
    return bool(levels) and max(levels) - min(levels) >= _SEEN


def _beside_cells(page: Page, lines: Sequence[Sequence[Glyph]]) -> Iterator[Glyph]:
    """The characters that begin a cell: a line begins with each, where others do or behind an upright rule."""
    starts = Counter(round(line[0].x) for line in lines if line)
    rules = [box for box, *_ in page.drawings if box.width <= THIN and box.height >= HIGH]
    for first in (line[0] for line in lines if line):
        x, y = first.box.left, first.y
        ruled = any(x - NEAR < box.left < x and box.top < y < box.bottom for box in rules)
        if ruled or starts[round(first.x)] >= _COLUMN:
            yield first


def _displaced(glyphs: Sequence[Glyph], beside: Collection[Glyph]) -> Iterator[Glyph]:
    """The characters that stand beside others which they do not follow in the text, unless they begin a cell."""
    lines: dict[int, list[int]] = {}
    for index, glyph in enumerate(glyphs):
        lines.setdefault(round(glyph.y), []).append(index)
    for indices in lines.values():
        indices.sort(key=lambda index: glyphs[index].x)
        for one, other in pairwise(indices):
            gap = glyphs[other].box.left - glyphs[one].box.right
            if _is_initial(glyphs[one], glyphs[other]):
                continue
            if gap < (_PARTED if glyphs[other] in beside else NEAR) and not 0 < other - one <= _FAR:
                yield glyphs[other]


def _is_initial(glyph: Glyph, other: Glyph) -> bool:
    """Whether one of two letters is as high as several lines of the other."""
    heights = sorted((glyph.box.height, other.box.height))
    return glyph.char.isalnum() and other.char.isalnum() and heights[1] > _INITIAL * heights[0]


def _raised(page: Page) -> Iterator[Glyph]:
    """The digits that stand higher or lower than their line, and than the letter or digit right before or behind."""
    for line in page.lines:
        levels = Counter(round(glyph.y, 1) for glyph in line.glyphs)
        if len(levels) < 2:
            continue
        level = levels.most_common(1)[0][0]
        for one, other in pairwise(line.glyphs):
            gap = other.box.left - one.box.right
            is_pair = one.char.isalnum() and other.char.isalnum() and -_NEXT < gap < _NEXT
            apart, height = abs(one.y - other.y), max(one.box.height, other.box.height)
            if is_pair and _RAISED < apart < height and not _is_initial(one, other):
                odd = max(one, other, key=lambda glyph: abs(glyph.y - level))
                yield from [odd] if odd.char.isdigit() else ()


def _overlapping(glyphs: Sequence[Glyph], added: Sequence[Glyph]) -> Iterator[Glyph]:
    """The letters and digits over which others are drawn."""
    places: dict[tuple[int, int], list[Glyph]] = {}
    ends = _ends_of_ligatures(glyphs)
    for glyph in glyphs:
        if glyph.char.isalnum():
            places.setdefault((int(glyph.x) // 8, int(glyph.y) // 8), []).append(glyph)
    for glyph in [*glyphs, *added]:
        if not glyph.char.isalnum():
            continue
        x, y = (glyph.box.left + glyph.box.right) / 2, (glyph.box.top + glyph.box.bottom) / 2
        column, row = int(glyph.x) // 8, int(glyph.y) // 8
        around = (one for dx in (-1, 0, 1) for dy in (-1, 0, 1) for one in places.get((column + dx, row + dy), ()))
        for one in around:
            same = one is glyph or one.char == glyph.char or one.box == glyph.box or _follow(one, glyph, ends)
            if not same and one.box.left < x < one.box.right and one.box.top < y < one.box.bottom:
                yield one


def _ends_of_ligatures(glyphs: Sequence[Glyph]) -> dict[int, tuple[int, int]]:
    """By the rank of each character of a ligature, which all have one place, the ranks of its first and last."""
    found = {}
    for _, run in groupby(glyphs, attrgetter("box")):
        ranks = [glyph.rank for glyph in run]
        if len(ranks) > 1:
            found.update(dict.fromkeys(ranks, (ranks[0], ranks[-1])))
    return found


def _follow(one: Glyph, other: Glyph, ends: Mapping[int, tuple[int, int]]) -> bool:
    """Whether two characters stand side by side, though the tail of one, as of a Q, reaches below the other."""
    first, second = sorted((one, other), key=lambda glyph: glyph.rank)
    (_, last), (start, _) = (ends.get(glyph.rank, (glyph.rank, glyph.rank)) for glyph in (first, second))
    is_next = start - last == 1 and abs(first.y - second.y) < _JOINED
    return is_next and second.x - first.x >= _STEP * first.box.width


def drawn_otherwise(pages: Sequence[Page], layout: PageLayout, forms: Collection[tuple[str, str]]) -> Iterator[Foreign]:
    """Characters that a font draws in two ways: the text layer calls two signs by one name.

    Characters of a ligature have one place together, and are left out.

    Args:
        pages: of the document.
        layout: of its template; where it has letters that are stretched, or run upwards, they are known for such.
        forms: names of fonts, each with a letter that it draws in several ways.
    """
    shapes: dict[tuple[str, str], Counter[tuple[int, ...]]] = {}
    single = [(page, list(_single(page, layout))) for page in pages]
    for _, glyphs in single:
        for glyph in glyphs:
            shapes.setdefault((glyph.font, glyph.char), Counter())[glyph.shape] += 1
    odd = {key: _outliers(counts) for key, counts in shapes.items() if len(counts) > 1 and key not in forms}
    if any(odd.values()):  # letters slanted for want of italics are as they should be
        odd = {key: _outliers(counts) for key, counts in _upright_shapes(single, odd).items()}
    for page, glyphs in single:
        found = (glyph for glyph in glyphs if glyph.shape in odd.get((glyph.font, glyph.char), ()))
        what = "des caractères qui ne sont pas dessinés comme ailleurs"
        yield from _about(page, "drawn-otherwise", what, (glyph for glyph in found if not page.is_slanted(glyph)))


def _upright_shapes(
    single: Iterable[tuple[Page, Sequence[Glyph]]], odd: Mapping[tuple[str, str], Collection[tuple[int, ...]]]
) -> dict[tuple[str, str], Counter[tuple[int, ...]]]:
    """By font and character, of those with odd shapes, the shapes that are not slanted."""
    found: dict[tuple[str, str], Counter[tuple[int, ...]]] = {}
    for page, glyphs in single:
        for glyph in glyphs:
            key = glyph.font, glyph.char
            if odd.get(key) and not page.is_slanted(glyph):
                found.setdefault(key, Counter())[glyph.shape] += 1
    return found


def rare_fonts(
    lines: Mapping[int, Sequence[Sequence[Glyph]]], emphases: Collection[str], fixed_text: str, *, labels: bool = False
) -> Iterator[Foreign]:
    """Letters and digits that a font of their own draws, among others: what it draws for them nothing else shows.

    Args:
        lines: by number of the page, the characters of the document's own text.
        emphases: the words that the template sets so; "" among them for its controls, whatever they say.
        fixed_text: all its words that stand in no control.
        labels: may a line begin with the number or the bullet of a list in a font of its own?
    """
    fixed = "".join(filter(str.isalnum, fixed_text)).casefold()

    def is_emphasis(word: str, font: str) -> bool:
        if word in emphases:
            return True
        if len(word) < _TELLING:
            return False
        is_value = "" in emphases and word not in fixed and _family(font) == _family(usual)
        return is_value or any(known.startswith(word) or known.endswith(word) for known in emphases)

    own = [glyph for page in lines.values() for line in page for glyph in line if glyph.char.isalnum()]
    counts = Counter(glyph.font for glyph in own)
    usual = max(counts, key=lambda font: counts[font], default="")
    for number, page in lines.items():
        chars = ""
        for line in page:
            letters = [glyph for glyph in line if glyph.char.isalnum()]
            parts = groupby(letters, key=lambda glyph: glyph.font)
            words = [(font, list(part)) for font, part in parts if counts[font] <= _RARE]
            rare = [(font, "".join(glyph.char for glyph in word)) for font, word in words if not _are_ligatures(word)]
            if labels and rare and _LABEL.fullmatch(rare[0][1]) and line[0].font == rare[0][0]:
                del rare[0]
            if sum(len(word) for _, word in rare) < len(letters):
                chars += "".join(word for font, word in rare if not is_emphasis(word.casefold(), font))
        if chars:
            yield Foreign("drawn-otherwise", "quelques caractères d’une autre police", chars, under=f"Page {number}")


def _are_ligatures(glyphs: Sequence[Glyph]) -> bool:
    """Whether some characters are ligatures alone, which some programs make a font of their own."""
    places = Counter(glyph.box for glyph in glyphs)
    return all(places[glyph.box] > 1 and glyph.char in _LIGATED for glyph in glyphs)


def _family(font: str) -> str:
    """The name of a font without its style: "Carlito-Bold" and "Arial,Italic" are of two families."""
    return re.split("[-,]", font)[0]


def _single(page: Page, layout: PageLayout) -> Iterator[Glyph]:
    """The letters and digits of a page that are no part of a ligature, as wide as their font has them, and level."""
    for line in page.lines:
        for rank, glyph in enumerate(line.glyphs):
            if not glyph.char.isalnum() or is_right_to_left(glyph.char) or glyph.box.height <= 1:
                continue
            beside = [*line.glyphs[max(rank - 2, 0) : rank], *line.glyphs[rank + 1 : rank + 3]]
            if any(_is_ligature(glyph, one) for one in beside):
                continue
            if not (layout.upright and page.is_upright(glyph)):
                yield _unstretched(page, glyph) if layout.stretched else glyph


def _unstretched(page: Page, glyph: Glyph) -> Glyph:
    width, height, right, above = glyph.shape
    wide = page.stretch(glyph)
    return glyph._replace(shape=(round(width / wide), height, round(right / wide), above))


def _is_ligature(glyph: Glyph, other: Glyph) -> bool:
    """Whether two letters share one place: PDFium gives each all of it, or a part that ends where the other begins."""
    if glyph.box == other.box:
        return True
    if glyph.char not in _LIGATED or other.char not in _LIGATED:
        return False
    (left, top, right, bottom), (other_left, other_top, other_right, other_bottom) = glyph.box, other.box
    joined = min(abs(right - other_left), abs(left - other_right)) < _JOINED
    return joined and (top, bottom) == (other_top, other_bottom)


def _outliers(counts: Counter[tuple[int, ...]]) -> set[tuple[int, ...]]:
    """The shapes that differ from the usual one by more than rounding."""
    (usual, _), *_ = counts.most_common(1)
    return {shape for shape in counts if max(abs(one - other) for one, other in zip(shape, usual, strict=True)) > 2}
