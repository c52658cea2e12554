"""A PDF as its template tells its texts apart, and what its pages show otherwise than their text layer says.

PDFium reads it (``pypdfium2``): in the order in which it was written, so that cells stay whole, and fast enough for
hundreds of files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property, reduce
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path

from conventool.core.errors import UnreadableError
from conventool.returned.drawn_digits import misnamed_digits
from conventool.returned.font_proofs import FontsRead, read_fonts
from conventool.returned.page_comparison import differences, is_same_page, is_same_print
from conventool.returned.page_numbers import PageNumber, miscounted
from conventool.returned.pdf_foreign import Own, Zones, drawn_otherwise, page_foreign, rare_fonts, words_with
from conventool.returned.pdf_glyphs import Box, box_of, spelled
from conventool.returned.pdf_inserts import take_split_notes
from conventool.returned.pdf_opening import read_pdf
from conventool.returned.pdf_pages import Page
from conventool.returned.pdf_sheets import Sheet, columns_of, names_of, sheet_of, zones_of
from conventool.returned.pdf_stories import BULLETS, stories_of
from conventool.returned.pdf_structure import structure_foreign
from conventool.returned.read_aloud import read_aloud
from conventool.returned.right_to_left import lost_letters
from conventool.returned.stray_rules import stray_rules
from conventool.returned.template_pattern import TemplatePattern
from conventool.text.stories import Story, levelled, squeezed
from conventool.word.foreign import Foreign
from conventool.word.page_layout import PageLayout

__all__ = ["PdfLayout"]

_WHITE = 255
_MUCH_LARGER = 2.1
"""How many times as wide a page is that was made larger without its text; one that shows four is twice as wide."""
_HIGHEST_BULLET, _A4_HIGH = 5.5, 842.0
"""Points; on a page that was made larger a bullet is, too."""


class PdfLayout:
    """A PDF as its template tells its texts apart.

    Args:
        path: of the PDF.
        pages: its pages.
        template: whose headers and footers are looked for on each page; its annexes are left out, as far as they are
            whole.
        sent: the pages of the PDF that was sent, where it is there.
    """

    def __init__(self, path: Path, pages: Sequence[Page], template: TemplatePattern, sent: Sequence[Page] = ()) -> None:
        folder = template.folder
        annexes: dict[str, Page] = {}
        for annex in folder.manifest.annexes:
            annexes |= _pages_by_text(folder.folder / annex.fichier)
        self._path, self._pages, self._template = path, pages, template
        numbers = {page.number for page in pages}  # of a piece, some
        self._sent = [page for page in sent if page.number in numbers]
        self._annexes = [(page, annexes[key]) for page in pages if (key := squeezed(page.text)) in annexes]
        own = [page for page in pages if squeezed(page.text) not in annexes]
        columns, names = columns_of(own, template), names_of(own, template)
        self._sheets = [sheet_of(page, template, columns.get(round(page.width)), names) for page in own]
        for sheet, following in pairwise(self._sheets):
            _join_notes(sheet, following, template)

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """The body, then each distinct header and footer, then each page put behind the last."""
        return stories_of(self._sheets, self._template)

    @cached_property
    def foreign(self) -> tuple[Foreign, ...]:
        """What its pages draw besides their text, or otherwise than it says."""
        return tuple(map(self._under_its_article, self._foreign()))

    def _under_its_article(self, foreign: Foreign) -> Foreign:
        """The same with its article behind its page; what was added by hand belongs to none."""
        page = foreign.under.removeprefix("Page ")
        if foreign.at is None or foreign.code == "by-hand" or not page.isdecimal():
            return foreign
        article = self._headings.at(int(page), Box(*foreign.at))
        return foreign._replace(under=f"{foreign.under}, {article}" if article else foreign.under)

    @cached_property
    def _headings(self) -> _Headings:
        return _Headings(self._sheets, self._template)

    def _foreign(self) -> Iterator[Foreign]:
        sheets, layout, changed = self._sheets, self._template.layout, self._changed
        yield from (one for sheet in sheets for one in sheet.foreign)
        zones = {sheet.page.number: zones_of(sheet, self._template) for sheet in sheets}
        blanks = [sheet for sheet in sheets if _is_blank(sheet)]
        for sheet in changed:
            if sheet in blanks[: layout.blanks]:
                continue
            printed = [line.glyphs for line in sheet.own]
            added = [glyph for line in sheet.added for glyph in line.glyphs]
            own = Own(layout.ruled, frozenset(sheet.parted), self._template.struck, self._template.rules.raised)
            told = list(page_foreign(sheet.page, printed, added, zones[sheet.page.number], own))
            drawn = [Box(*one.at) for one in told if one.at and one.code == "foreign-content"]
            strays = _strays(sheet, zones[sheet.page.number], self._template)
            yield from (*told, *(one for one in strays if one.at and not any(map(Box(*one.at).meets, drawn))))
        yield from (one for sheet in changed for one in _out_of_order(sheet))
        yield from (one for sheet in changed for one in _false_bullets(sheet))
        lines = {sheet.page.number: [line.glyphs for line in sheet.printed] for sheet in sheets}
        yield from rare_fonts(lines, layout.emphases, self._template.fixed_text, labels=layout.apart_labels)
        yield from drawn_otherwise([sheet.page for sheet in sheets], layout, self._fonts.forms)
        yield from (one for sheet in changed for one in _misnamed(sheet, zones[sheet.page.number], self._fonts.plain))
        yield from self._misnamed_letters()
        beyond = {page.number: _annex_zones(page) for page, _ in self._annexes}
        yield from structure_foreign(self._path, self._pages, zones, beyond)
        yield from (one for page, template in self._annexes for one in _unlike_annex(page, template))
        yield from lost_letters((sheet.page.lines for sheet in sheets), self._template.right_to_left)
        yield from _mixed(sheets, self._template)
        yield from _miscounted(sheets, layout)
        yield from (one for sheet in sheets for one in _shown_small(sheet, zones[sheet.page.number], layout))
        yield from self._unlike_aloud()
        if self._sent:
            yield from self._unlike_sent(zones)

    @cached_property
    def _changed(self) -> list[Sheet]:
        """The pages that do not read or look, to the last pixel, as they were sent; all where that is not known."""
        sent = {page.number: page for page in self._sent}
        return [one for one in self._sheets
                if one.page.number not in sent or not is_same_page(one.page, sent[one.page.number])]  # fmt: skip

    @cached_property
    def _fonts(self) -> FontsRead:
        glyphs = (one for sheet in self._sheets for line in sheet.own for one in line.glyphs)
        return read_fonts(self._pages[0].file, {(one.font, one.char) for one in glyphs})

    def _misnamed_letters(self) -> Iterator[Foreign]:
        """What the fonts themselves draw otherwise than they name it."""
        for name, chars in groupby(self._fonts.misnamed, itemgetter(0)):
            shown = "".join(char for _, char in chars)
            what = f"la police « {name} », qui dessine d’autres signes que ceux qu’elle nomme"
            yield Foreign("drawn-otherwise", what, shown.strip(), under="Toutes les pages")

    def _unlike_aloud(self) -> Iterator[Foreign]:
        """What a screen reader leaves out of its pages, or reads elsewhere than it stands."""
        aloud = read_aloud(self._pages[0].file or self._path)
        repeated = "\0".join(self._template.layout.repeated)
        for sheet in self._sheets:
            for what, lines in aloud.differences(sheet.page, sheet.printed, repeated) if aloud else ():
                words = " ".join(" ".join(line.text.split()) for line in lines)
                yield Foreign("drawn-otherwise", what, words, under=f"Page {sheet.page.number}", at=box_of(lines[0]))

    def _unlike_sent(self, zones: Mapping[int, Zones]) -> Iterator[Foreign]:
        """Where its pages do not look like those that were sent, signatures and margins apart."""
        if not is_same_print(self._pages, self._sent):
            what = "un autre programme les a imprimées de nouveau ; leurs images ne se comparent pas au PDF envoyé"
            yield Foreign("reprinted", what, under="Toutes les pages")
            return
        added = [(sheet.page.number, glyph) for sheet in self._sheets for line in sheet.added for glyph in line.glyphs]
        pages = {page.number: page for page in self._pages}
        for number, box in differences(self._pages, self._sent, added, zones):
            words = " ".join(_words_at(pages[number], box))
            what = "un dessin autre que dans le PDF envoyé"
            yield Foreign("unlike-sent", what, words, under=f"Page {number}", at=box)


def _words_at(page: Page, box: Box) -> list[str]:
    """The words of a page that are at a place, whole."""
    return list(words_with(page, [glyph for line in page.lines for glyph in line.glyphs if glyph.box.meets(box)]))


def _join_notes(sheet: Sheet, following: Sheet, template: TemplatePattern) -> None:
    """Take the notes that go on to the next page for notes."""
    for rank, said, here, there in take_split_notes(sheet.printed, following.printed, template):
        sheet.inserts.append((rank, said))
        sheet.apart += here
        following.apart += there


def _is_blank(sheet: Sheet) -> bool:
    """Whether a page shows nothing at all."""
    return not any(line.glyphs for line in sheet.page.lines) and sheet.page.image.getextrema()[0] == _WHITE


class _Headings:
    """The articles of a PDF's pages, by the template's.

    Args:
        sheets: the pages, their lines told apart.
        template: the template.
    """

    def __init__(self, sheets: Sequence[Sheet], template: TemplatePattern) -> None:
        passages = [(squeezed(passage.text), passage.heading) for passage in template.body.passages]
        self._begun: list[tuple[int, float, str]] = []
        for sheet in sheets:
            for line in sheet.printed:
                key = squeezed(spelled(line))
                heading = next((heading for text, heading in passages if text == key == squeezed(heading)), "")
                if heading:
                    self._begun.append((sheet.page.number, box_of(line).top, heading))

    def at(self, number: int, box: Box) -> str:
        """The article that a place stands in; empty before the first."""
        before = [heading for page, top, heading in self._begun if (page, top) <= (number, box.bottom)]
        return before[-1] if before else ""


@cache
def _pages_by_text(path: Path) -> dict[str, Page]:
    """The pages of an annex by their text without white space; none of a file that cannot be read, told elsewhere."""
    try:
        return {squeezed(page.text): page for page in read_pdf(path)}
    except UnreadableError:
        return {}


def _annex_zones(page: Page) -> Zones:
    """On a page of an annex, all beyond its text is margin."""
    boxes = [glyph.box for line in page.lines for glyph in line.glyphs]
    return Zones(reduce(Box.around, boxes) if boxes else Box(0, 0, page.width, page.height), None)


def _unlike_annex(page: Page, template: Page) -> Iterator[Foreign]:
    """What a page draws otherwise than the template's annex that has its text."""
    if page.image.tobytes() == template.image.tobytes():
        return
    zones, under = _annex_zones(template), f"Page {page.number}"
    if is_same_print([page], [template]):
        if any(differences([page], [template], (), {page.number: zones})):
            yield Foreign("drawn-otherwise", "un dessin autre que dans l’annexe du modèle", under=under)
        return
    here, there = (
        list(page_foreign(one, [line.glyphs for line in one.lines], (), zones, Own())) for one in (page, template)
    )
    known = {one[:2] for one in there}
    yield from (one for one in here if one[:2] not in known)


def _misnamed(sheet: Sheet, zones: Zones, plain: Collection[tuple[str, str]]) -> Iterator[Foreign]:
    """The digits of a page that are drawn as others, but for those that a signature may lie over.

    Args:
        sheet: the page.
        zones: where something may be added by hand.
        plain: names of fonts, each with a digit that it draws as itself.
    """
    page = sheet.page
    digits = (
        one for line in sheet.own for one in line.glyphs if one.char.isdigit() and (one.font, one.char) not in plain
    )
    upright = (one for one in digits if not page.is_slanted(one))
    free = [glyph for glyph in upright if zones.signature is None or glyph.box.top < zones.signature]
    if odd := list(misnamed_digits(page, free)):
        what = "des chiffres qui se voient autrement qu’ils ne sont écrits dans le fichier"
        text = "".join(digit.char for digit in odd)
        yield Foreign("drawn-otherwise", what, text, under=f"Page {page.number}", at=odd[0].box)


def _out_of_order(sheet: Sheet) -> Iterator[Foreign]:
    """The lines of a page that stand above others which they follow in the text."""
    if sheet.moved:
        what = "des lignes qui ne se lisent pas dans l’ordre où elles sont écrites"
        words = " ".join(" ".join(line.text.split()) for line in sheet.moved)
        yield Foreign("drawn-otherwise", what, words, under=f"Page {sheet.page.number}", at=box_of(sheet.moved[0]))


def _false_bullets(sheet: Sheet) -> Iterator[Foreign]:
    """Signs that are called bullets, and are as high as letters."""
    glyphs = (glyph for line in sheet.page.lines for glyph in (*line.glyphs, *line.others))
    highest = _HIGHEST_BULLET * max(sheet.page.height / _A4_HIGH, 1)
    if any(glyph.char in BULLETS and glyph.box.height > highest for glyph in glyphs):
        what = "un ou plusieurs signes que le fichier dit des puces, et qui n’en sont pas"
        yield Foreign("drawn-otherwise", what, under=f"Page {sheet.page.number}")


def _strays(sheet: Sheet, zones: Zones, template: TemplatePattern) -> Iterator[Foreign]:
    """The thin rules of a page that its template does not draw."""
    for box in stray_rules(sheet.page, sheet.printed, sheet.margin, zones, template.rules):
        yield Foreign("foreign-content", "un filet", under=f"Page {sheet.page.number}", at=box)


def _shown_small(sheet: Sheet, zones: Zones, layout: PageLayout) -> Iterator[Foreign]:
    """A page so much larger than the template's that its text, which is not, is small where all of it is shown."""
    page, least = sheet.page, _MUCH_LARGER * max(layout.columns, default=_A4_HIGH)
    if min(page.width, page.height) > least and zones.block.width < page.width / 2:
        what = "une page bien plus grande que son texte, qui s’y voit petit"
        yield Foreign("drawn-otherwise", what, under=f"Page {page.number}")


def _miscounted(sheets: Sequence[Sheet], layout: PageLayout) -> Iterator[Foreign]:
    """The numbers of pages that were changed; of sheets that show several pages nothing is said."""
    numbers = [PageNumber(sheet.page.number, said) for sheet in sheets for said in sheet.numbers]
    if any(len(sheet.numbers) > 1 or sheet.page.width > sheet.page.height for sheet in sheets):
        return
    for page, said in miscounted(numbers, len(sheets), layout.starts, sections=layout.marks.sections):
        what = f"le numéro « {'/'.join(map(str, said))} », qui n’est pas celui de cette page"
        yield Foreign("misplaced-page", what, under=f"Page {page}")


def _mixed(sheets: Sequence[Sheet], template: TemplatePattern) -> Iterator[Foreign]:
    """Pages of another copy among those of one."""
    marks = {key: {squeezed(text) for text in own.values()} for key, own in template.copies.items()}
    said: dict[int, str] = {}
    for sheet in sheets:
        text = squeezed(levelled("".join(sheet.edges.values())))
        own = [key for key, texts in marks.items() if texts and all(one in text for one in texts)]
        if len(own) == 1:
            said[sheet.page.number] = own[0]
    usual = Counter(said.values()).most_common(1)
    for number, key in said.items():
        if key != usual[0][0]:
            yield Foreign("mixed-copies", "une page d’un autre exemplaire", under=f"Page {number}")
