"""All that a part of a Word document draws besides its text, held against what is known to be harmless.

The list of what is harmless is closed: markup that describes, or that Word and other programs add on saving and that
draws nothing (ISO/IEC 29500-1, 17). Whatever else a shown part holds is named, so that it can be compared with the
template's own: drawings, fields, symbols, mathematics, tables, frames, labels of lists, sections, other documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple, TypeAlias

from lxml import etree

from conventool.text.stories import StoryKind, levelled, squeezed
from conventool.word.controls import content_of
from conventool.word.data_binding import BoundData
from conventool.word.drawing_contents import contents_of, is_drawn, is_like_a_signature, text_behind
from conventool.word.drawings import PLACED, PLACED_BEHIND, drawing_oddities
from conventool.word.field_names import RunningFields, stale_fields
from conventool.word.fixed_text import fixed_words, text_of, word_before, words_beside
from conventool.word.harmless import DRAWINGS, KNOWN_TAGS, PARENTS
from conventool.word.labels import COUNTED, TOGETHER
from conventool.word.looks import Context, Looks, contexts_of
from conventool.word.names import (
    MATH,
    MC,
    W14,
    W15,
    WORD,
    ancestor,
    attribute,
    child,
    is_on,
    is_understood,
    local,
    namespace,
    shown_alternative,
    tags,
    value_of,
    word_children,
    word_iter,
)
from conventool.word.notes import note_format, note_numbers, notes_of
from conventool.word.package import Package
from conventool.word.placement import DRAWN_ALONE, coarse, section_oddities, table_oddities
from conventool.word.table_shapes import shape_of
from conventool.word.text_walker import box_sign, visible_text

__all__ = ["ALTERNATIVES", "UNSEEN", "Foreign", "foreign_of_part"]

_BOUND = "un contrôle lié à une donnée"
_BOUND_ELSEWHERE = "un contrôle où Word mettra une autre donnée"
_STALE = "un champ qui montrera autre chose une fois mis à jour"
UNSEEN = frozenset({_BOUND, _BOUND_ELSEWHERE, _STALE})
"""What leaves nothing to be seen where it is gone."""
ALTERNATIVES = f"{{{MC}}}AlternateContent"


class Foreign(NamedTuple):
    """Something in a document that draws, or may draw, what its text does not say.

    Attributes:
        code: of the problem that it is: ``foreign-content``, ``drawn-otherwise``, ``hidden-text``, ``tracked-change``.
        what: in French.
        text: the text that it is about, of a Word file without white space; empty where it is about none.
        kind: of the story in which it stands.
        under: the heading under which it stands; of a PDF the page.
        at: of a PDF, its place on the page: left, top, right, bottom, in points.
        behind: of a picture in a Word file as small as a signature: how many characters of its part stand behind it,
            white space aside; None of anything else.
    """

    code: str
    what: str
    text: str = ""
    kind: StoryKind = "body"
    under: str = ""
    at: tuple[float, float, float, float] | None = None
    behind: int | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Equal for two that are the same, wherever they stand."""
        return self[:4]


def foreign_of_part(package: Package, part: str, kind: StoryKind, looks: Looks) -> Iterator[Foreign]:
    """All in a shown part that is not known to be harmless.

    Args:
        package: the document.
        part: name of the part.
        kind: of its story.
        looks: of the document.

    Raises:
        TemplateError: the part is missing or malformed.
    """
    return _Part(package, part, kind, looks).foreign()


_Judge: TypeAlias = "Callable[[_Part, etree._Element], Iterator[Foreign]]"


class _Part:
    """One shown part, element by element."""

    def __init__(self, package: Package, part: str, kind: StoryKind, looks: Looks) -> None:
        self._package, self._part, self._kind, self._looks = package, part, kind, looks
        self._root, self._contexts = package.root(part), contexts_of(package)
        self._heading = ""
        self._fields = RunningFields()
        self._coded: dict[etree._Element, str] = {}  # the marks behind codes of fields, and the headings above
        self._labels = looks.running_labels()

    def foreign(self) -> Iterator[Foreign]:
        """All that is not known to be harmless."""
        tags_there = {element.tag for element in self._root.iter(etree.Element)}
        suspicious = not tags_there <= _KNOWN_OR_JUDGED or _has_misplaced_text(self._root)
        if _reads_in_two_ways(self._root):
            yield self._found("drawn-otherwise", "des éléments que les programmes lisent de deux façons")
        for element in self._root.iter(*(() if suspicious else tags_there & _RARE)):
            judge = _JUDGES.get(element.tag)
            if judge is not None:
                yield from judge(self, element)
            elif element.tag not in KNOWN_TAGS and isinstance(element.tag, str):
                yield from self._unknown(element)
        if self._fields.may_be_stale:
            for mark, text in stale_fields(self._root, self._package.root(self._package.main_part)):
                yield self._found("drawn-otherwise", _STALE, text)._replace(under=self._coded.get(mark, ""))

    @cached_property
    def _data(self) -> BoundData:
        return BoundData(self._package)

    def _found(self, code: str, what: str, text: str = "") -> Foreign:
        return Foreign(code, what, text, self._kind, self._heading)

    def _unknown(self, element: etree._Element) -> Iterator[Foreign]:
        """An element that is on no list; what a drawing is made of counts with the drawing."""
        space = namespace(element)
        parent = element.getparent()
        inside = parent is not None and (
            parent.tag in DRAWINGS or (namespace(parent) not in WORD and namespace(parent) not in {MC, W14, W15})
        )
        if inside and space not in WORD:
            return
        name = local(element)
        if space == W14 and self._is_plain_effect(element):
            return
        if space == MATH:
            yield self._found("foreign-content", "une formule mathématique")
        elif parent is not None and local(parent) == "rPr":
            yield self._found("drawn-otherwise", f"un texte dessiné autrement ({name})", text_of(parent.getparent()))
        elif name == "collapsed":
            yield self._found("hidden-text", "un titre replié, qui cache ce qu’il a sous lui")
        elif parent is None or local(parent) not in {"sdtPr", "sdtEndPr"}:
            yield self._found("foreign-content", f"un élément « {name} »")
        elif name != "dataBinding" and space in WORD:
            yield self._found("foreign-content", f"un contrôle « {name} »")

    def _is_plain_effect(self, element: etree._Element) -> bool:
        """Whether an element is, or is part of, an effect that draws its text as plain text is drawn."""
        properties, paragraph = ancestor(element, "rPr"), ancestor(element, "p")
        if properties is None or paragraph is None:
            return False
        return not self._looks.has_effects(properties, self._looks.around(paragraph, self._contexts))

    # --- Text and its paragraphs ---------------------------------------------------------------------------

    def text(self, element: etree._Element) -> Iterator[Foreign]:
        parent = element.getparent()
        if parent is not None and parent.tag not in PARENTS[element.tag] and (element.text or "").strip():
            yield self._found("hidden-text", "un texte que Word ne montre pas", squeezed(element.text or ""))

    def instruction(self, element: etree._Element) -> Iterator[Foreign]:
        self._fields.add(element)
        yield from self.text(element)

    def run(self, run: etree._Element) -> Iterator[Foreign]:
        parent = run.getparent()
        if parent is not None and parent.tag not in PARENTS[run.tag] and text_of(run):
            yield self._found("hidden-text", "un texte que Word ne montre pas", text_of(run))

    def paragraph(self, paragraph: etree._Element) -> Iterator[Foreign]:
        parent = paragraph.getparent()
        if parent is not None and parent.tag not in PARENTS[paragraph.tag] and text_of(paragraph):
            yield self._found("hidden-text", "un texte que Word ne montre pas", text_of(paragraph))
        context = self._looks.around(paragraph, self._contexts)
        layout = context.layout
        if layout.is_heading:
            self._heading = " ".join("".join(map(str, paragraph.itertext(*tags("t")))).split()) or self._heading
        if layout.hides_end:
            what = "une fin de paragraphe cachée, qui le joint au suivant"
            yield self._found("hidden-text", what, text_of(paragraph))
        if layout.odd:
            text = text_of(paragraph)
            odd = (what for what in layout.odd if text or what in DRAWN_ALONE)
            yield from (self._found("drawn-otherwise", what, text) for what in odd)
        if layout.has_leaders and (
            layout.label or any(next(word_children(run, "tab"), None) is not None for run in word_iter(paragraph, "r"))
        ):
            yield self._found(
                "drawn-otherwise", "une tabulation remplie de points ou d’un trait", fixed_words(paragraph)
            )
        if layout.numbering and (label := self._label(paragraph, context)):
            yield self._found("drawn-otherwise", f"une liste numérotée ou à puces ({label})", fixed_words(paragraph))

    def _label(self, paragraph: etree._Element, context: Context) -> str:
        """What stands before a paragraph of a list, and how it is drawn; empty where nothing is seen."""
        layout = context.layout
        printed, look = (
            self._labels.label(*layout.numbering, repeated=False).text,
            self._looks.of_label(paragraph, context),
        )
        if not layout.label or look.hidden:
            return ""
        kind, _, form = layout.label.partition(" ")
        shown = layout.label if not re.search(r"%\d", form) else printed if kind in COUNTED else f"{printed}, {kind}"
        together = [TOGETHER] if form.endswith(TOGETHER) else []
        return ", ".join([shown, *together, *(["barré"] if look.struck else []), *look.drawn])

    def changed_mark(self, element: etree._Element) -> Iterator[Foreign]:
        """A tracked change of a paragraph's end, a row or a cell (17.13.5)."""
        parent = element.getparent()
        around = parent.getparent() if parent is not None else None
        if parent is not None and local(parent) == "trPr":
            yield self._found("tracked-change", "une ligne de tableau supprimée ou ajoutée")
        elif parent is not None and local(parent) == "rPr" and around is not None and local(around) == "pPr":
            yield self._found("tracked-change", "une fin de paragraphe supprimée ou ajoutée")

    # --- Fields --------------------------------------------------------------------------------------------

    def field(self, element: etree._Element) -> Iterator[Foreign]:
        if told := self._fields.told(element):
            self._coded[element] = self._heading
            yield self._found("foreign-content", told)
        yield from self.text(element)

    def simple_field(self, element: etree._Element) -> Iterator[Foreign]:
        if told := self._fields.told(element):
            self._coded[element] = self._heading
            yield self._found("foreign-content", told)

    def typed(self, element: etree._Element) -> Iterator[Foreign]:
        """A form field that works out what it shows (17.16.34)."""
        if (value_of(element, "type") or "regular") not in {"regular", "number", "date"}:
            yield self._found("foreign-content", "un champ de formulaire calculé")

    # --- Objects -------------------------------------------------------------------------------------------

    def drawing(self, element: etree._Element) -> Iterator[Foreign]:
        """A drawing, by its size and the pictures or the text in it; what else it is made of is not told apart."""
        if not is_drawn(element):
            return
        found = self._found("foreign-content", *contents_of(element, self._package, self._part))
        if self._kind == "body" and is_like_a_signature(element, self._looks, self._contexts):
            found = found._replace(behind=text_behind(element, self._root))
        yield found
        for odd in drawing_oddities(element):
            is_placed = odd.startswith((PLACED, PLACED_BEHIND))
            yield self._found("drawn-otherwise", odd, words_beside(element) if is_placed else "")

    def symbol(self, element: etree._Element) -> Iterator[Foreign]:
        if box_sign(element):  # it is read as text
            return
        code = f"{attribute(element, 'font')} {attribute(element, 'char')}"
        yield self._found("foreign-content", f"un symbole ({code})")

    def bound(self, element: etree._Element) -> Iterator[Foreign]:
        """A control that shows what is stored elsewhere in the file, as soon as Word opens it (17.5.2.6)."""
        yield self._found("foreign-content", _BOUND, squeezed(attribute(element, "xpath") or ""))
        control = ancestor(element, "sdt")
        stored = self._data.text(control) if control is not None else None
        if control is None or stored is None or (not stored and is_on(child(control, "sdtPr"), "showingPlcHdr")):
            return
        stored, content = squeezed(levelled(stored)), content_of(control)
        if squeezed(levelled(visible_text(content))) != stored:
            yield self._found("drawn-otherwise", _BOUND_ELSEWHERE, stored)

    # --- Tables and sections -------------------------------------------------------------------------------

    def table(self, table: etree._Element) -> Iterator[Foreign]:
        yield self._found("foreign-content", "un tableau", shape_of(table))
        styles = self._looks.sheet.of_tables(value_of(child(table, "tblPr"), "tblStyle"))
        yield from (self._found("drawn-otherwise", what) for what in table_oddities(table, styles))

    def section(self, section: etree._Element) -> Iterator[Foreign]:
        yield from (self._found("drawn-otherwise", what) for what in section_oddities(section))

    def alternatives(self, element: etree._Element) -> Iterator[Foreign]:
        """Variants, of which each program takes the first that it knows (29500-3, 9.4).

        No reader of properties looks into them; and what one edition shows may be another text than here.
        """
        parent = element.getparent()
        inner = [local(one) for choice in element for one in choice]
        if (parent is not None and local(parent).endswith("Pr")) or any(name.endswith("Pr") for name in inner):
            yield self._found("drawn-otherwise", "une variante de présentation", text_of(element.getparent()))
        shown = _beside_boxes(shown_alternative(element))
        for one in element:
            is_newer = local(one) == "Choice" and not is_understood(one)
            if (text := text_of(one)) and (is_newer or _beside_boxes(one) != shown):
                yield self._found("drawn-otherwise", "un passage que d’autres programmes montrent à sa place", text)

    def leading_tab(self, tab: etree._Element) -> Iterator[Foreign]:
        if (attribute(tab, "leader") or "none") != "none":
            yield self._found("drawn-otherwise", "une tabulation remplie de points ou d’un trait")

    def height(self, element: etree._Element) -> Iterator[Foreign]:
        if attribute(element, "hRule") == "exact":
            yield self._found("hidden-text", "une ligne de tableau d’une hauteur fixe")

    def merged(self, element: etree._Element) -> Iterator[Foreign]:
        """A cell that is part of the one before: its own text is not shown (17.4.85)."""
        cell = ancestor(element, "tc")
        if (attribute(element, "val") or "continue") == "continue" and cell is not None and text_of(cell):
            yield self._found("hidden-text", "une cellule fusionnée, qui cache son texte", text_of(cell))

    def page(self, element: etree._Element) -> Iterator[Foreign]:
        """The size and the margins of a section's pages, to the nearest half centimetre."""
        values = [f"{name}={coarse(attribute(element, name), 283)}" for name in _PAGE_SIZES[local(element)]]
        yield self._found("drawn-otherwise", f"une autre mise en page ({', '.join(values)})")

    def columns(self, element: etree._Element) -> Iterator[Foreign]:
        if (attribute(element, "num") or "1") != "1":
            yield self._found("drawn-otherwise", "des colonnes")

    def reference(self, element: etree._Element) -> Iterator[Foreign]:
        """The call of a note: with which number, what the note says, and behind which word it stands (17.11)."""
        kind = local(element).removesuffix("Reference")
        note = notes_of(self._package, kind).get(attribute(element, "id") or "")
        number = note_numbers(self._package).get((kind, attribute(element, "id") or ""), "")
        form = note_format(self._package, kind)
        what = f"un appel de note {number}".rstrip() + (f" ({form})" if form not in COUNTED else "")
        yield self._found("foreign-content", what, fixed_words(note) if note is not None else "")
        yield self._found("drawn-otherwise", f"{what}, derrière ce mot", word_before(element))

    def of_notes(self, element: etree._Element) -> Iterator[Foreign]:
        """What draws the line above notes, or a note's own number; elsewhere it draws what nobody wrote (17.11.23)."""
        if self._kind != "note":
            yield self._found("foreign-content", f"un trait ou un numéro de note ({local(element)})")


_PAGE_SIZES = {"pgSz": ("w", "h"), "pgMar": ("left", "right")}


_JUDGES: Mapping[object, _Judge] = {
    f"{{{W15}}}dataBinding": _Part.bound,
    ALTERNATIVES: _Part.alternatives,
} | {
    tag: judge
    for names, judge in (
        ("t delText", _Part.text),
        ("instrText", _Part.instruction),
        ("r", _Part.run),
        ("p", _Part.paragraph),
        ("fldChar", _Part.field),
        ("fldSimple", _Part.simple_field),
        ("textInput", _Part.typed),
        ("separator continuationSeparator footnoteRef endnoteRef annotationRef", _Part.of_notes),
        ("drawing pict object", _Part.drawing),
        ("sym", _Part.symbol),
        ("dataBinding", _Part.bound),
        ("tbl", _Part.table),
        ("trHeight", _Part.height),
        ("vMerge hMerge", _Part.merged),
        ("pgSz pgMar", _Part.page),
        ("cols", _Part.columns),
        ("footnoteReference endnoteReference", _Part.reference),
        ("ins del", _Part.changed_mark),
        ("sectPr", _Part.section),
        ("ptab", _Part.leading_tab),
    )
    for tag in tags(*names.split())
}
_RARE = frozenset(_JUDGES) - frozenset(tags("t", "delText", "r"))
"""What is judged even where all text stands where it should."""
_KNOWN_OR_JUDGED = KNOWN_TAGS | _JUDGES.keys()


def _has_misplaced_text(root: etree._Element) -> bool:
    """Whether an element with text stands where Word shows none."""
    found = {
        (element.tag, parent.tag) for element in root.iter(*PARENTS) if (parent := element.getparent()) is not None
    }
    return any(parent not in PARENTS[tag] for tag, parent in found)


def _beside_boxes(variant: etree._Element) -> str:
    """The text of a variant without that of its text boxes, which is read in whichever variant it stands."""
    around = ancestor(variant, "txbxContent")
    texts = (one.text or "" for one in word_iter(variant, "t") if ancestor(one, "txbxContent") is around)
    return squeezed("".join(texts))


def _reads_in_two_ways(root: etree._Element) -> bool:
    """Whether properties stand twice, or not before what they are of."""
    for one in root.iter(*_PROPERTIES):
        before, parent = one.getprevious(), one.getparent()
        if before is None or parent is None:
            continue
        if parent.tag in _HEADED or next(one.itersiblings(one.tag, preceding=True), None) is not None:
            return True
    return False


_PROPERTIES = tags("rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr")
_HEADED = frozenset(tags("r", "p"))
"""What begins with its properties."""
