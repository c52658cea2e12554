"""Returned documents as stories, whatever their format, and the template that each was filled from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from conventool.core.errors import UnreadableError, UsageError
from conventool.core.problems import Place, Problem
from conventool.files.documents_in import OTHER_FORMATS
from conventool.returned.alignment import align
from conventool.returned.confusables import skeleton
from conventool.returned.edits import Alignment
from conventool.returned.pdf_pages import Page
from conventool.returned.story_pattern import StoryPattern
from conventool.returned.template_pattern import TemplatePattern, template_pattern
from conventool.template.folder import TemplateFolder, find_template, is_word_form, known_templates
from conventool.template.manifest import MANIFEST
from conventool.text.stories import Story, StoryKind, squeezed
from conventool.word.foreign import TEXT_BOX, Foreign
from conventool.word.foreign_package import foreign_content
from conventool.word.package import Package
from conventool.word.stories import read_stories

__all__ = [
    "EARLIER",
    "SAVE_AS",
    "Comparison",
    "Returned",
    "StoryComparison",
    "best_template",
    "known_patterns",
    "unknown_template",
]

EARLIER = "anciennes"
"""The folder, in a template's, that keeps the templates which it has replaced."""

_WORD_FORMATS = re.compile(r"\.do[ct][xm]", re.IGNORECASE)
SAVE_AS = "Ouvrez-le et enregistrez-le au format .docx, ou demandez un PDF."
"""What to do with a file of another format."""
_LEAST_SIGN = 8
_LEAST_LIKENESS, _LEAST_SHARED = 0.3, 0.7
_AS_LIKE = 0.1
"""Templates that are less like a document by no more than this are compared with it as well."""


class Reading(Protocol):
    """A document as a template tells its texts apart."""

    @property
    def stories(self) -> tuple[Story, ...]:
        """The body first."""
        ...

    @property
    def foreign(self) -> tuple[Foreign, ...]:
        """What it draws besides its text."""
        ...


class Returned:
    """A document that came back.

    Args:
        path: where it is.
        sent: the PDF that was sent, where the document is one and that is there.

    Raises:
        UnreadableError: it cannot be read, or must not be trusted.
    """

    def __init__(self, path: Path, sent: Path | None = None) -> None:
        self.path, self._sent = path, sent
        self._pages: list[Page] | None = None
        self._package: Package | None = None
        if path.suffix.lower() == ".pdf":
            self._word: tuple[Story, ...] = ()
            self._pages = _pages_with_text(path, sent)
        elif OTHER_FORMATS.fullmatch(path.suffix) and not _WORD_FORMATS.fullmatch(path.suffix):
            message = f"Ce fichier ({path.suffix.lower()}) n’est ni un .docx ni un PDF."
            raise UnreadableError(Problem("unreadable", message, SAVE_AS, place=Place(file=str(path))))
        else:
            self._package = Package.open(path)
            self._word = read_stories(self._package)

    @cached_property
    def _text(self) -> str:
        """All that it says, hidden or not."""
        if self._pages is not None:
            return "\n".join(page.text for page in self._pages)
        hidden = (mark.text for story in self._word for mark in story.marks if mark.kind == "hidden")
        return "\n".join([*(story.text for story in self._word), *hidden])

    @cached_property
    def key(self) -> str:
        """Its text without white space."""
        return squeezed(self._text)

    @property
    def is_word(self) -> bool:
        """Whether it is a Word document."""
        return self._package is not None

    @property
    def pages(self) -> Sequence[Page]:
        """Of a PDF; a Word document has none."""
        return self._pages or ()

    def parted(self, templates: Sequence[TemplatePattern]) -> Iterator[tuple[Returned, Sequence[TemplatePattern]]]:
        """A PDF by its pieces, each with the templates that it may have been filled from.

        Args:
            templates: all of them. A page is of a piece that follows another if it bears its header or its footer.

        Yields:
            What is of no such piece, then the pages of each; a Word document, or one of such a piece alone, as it is.
        """
        pages = self._pages or []
        following = [one for one in templates if one.folder.manifest.suit] if pages else []
        signs = {sign: one for one in following if (sign := _page_sign(one))}
        whose = {page.number: one for page in pages for sign, one in signs.items() if sign in squeezed(page.text)}
        if not whose:
            yield self, templates
            return
        if rest := [page for page in pages if page.number not in whose]:
            yield self._only(rest), templates
        for one in signs.values():
            if own := [page for page in pages if whose.get(page.number) is one]:
                yield self._only(own), [one]

    def _only(self, pages: Iterable[Page]) -> Returned:
        """The same PDF as if it had these pages alone."""
        part = copy(self)
        part._pages = list(pages)  # noqa: SLF001 (its own)
        for name in ("_text", "key", "words"):
            part.__dict__.pop(name, None)
        return part

    def read(self, template: TemplatePattern) -> Reading:
        """Its stories, before any tracked change, and what it draws besides them."""
        if self._pages is None:
            return self
        from conventool.returned.pdf_layout import PdfLayout  # noqa: PLC0415 (for PDFs only)

        return PdfLayout(self.path, self._pages, template, self._sent_pages)

    @property
    def is_drawn_as_sent(self) -> bool:
        """Whether it is a PDF that shows what the one sent shows, to the last pixel."""
        if self._pages is None or self._sent is None:
            return False
        from conventool.returned.page_comparison import is_drawn_alike  # noqa: PLC0415 (for PDFs only)

        return is_drawn_alike(self.path, self._pages, self._sent, self._sent_pages)

    @cached_property
    def _sent_pages(self) -> list[Page]:
        from conventool.returned.pdf_opening import read_pdf  # noqa: PLC0415 (for PDFs only)

        return read_pdf(self._sent) if self._sent else []

    @property
    def stories(self) -> tuple[Story, ...]:
        """Of a Word document; those of a PDF are told apart by its template."""
        return self._word

    @cached_property
    def foreign(self) -> tuple[Foreign, ...]:
        """What a Word document draws besides its text."""
        return tuple(foreign_content(self._package)) if self._package else ()

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words, by how they are drawn."""
        return frozenset(map(skeleton, re.findall(r"\w+", self._text)))

    @cached_property
    def accepted(self) -> tuple[Story, ...] | None:
        """Its stories with tracked changes accepted, None where there are none."""
        if self._package is None or not any(
            mark.author or mark.kind in {"inserted", "deleted"} for s in self._word for mark in s.marks
        ):
            return None
        return read_stories(self._package, accepted=True)


def _pages_with_text(path: Path, sent: Path | None) -> list[Page]:
    """The pages of a PDF.

    Raises:
        UnreadableError: it cannot be read, or holds pictures of pages only.
    """
    from conventool.returned.pdf_opening import read_pdf, unreadable  # noqa: PLC0415 (for PDFs only)

    pages = read_pdf(path, sent)
    if not any(page.text_layer.strip() for page in pages):
        hint = "C’est sans doute un document numérisé : passez-le par une reconnaissance de caractères, ou relisez-le."
        raise unreadable(path, "Ce PDF n’a pas de couche de texte.", hint)
    return pages


def _page_sign(template: TemplatePattern) -> str:
    """What each page of a piece bears: the longest fixed words of its header or its footer, without white space."""
    edges = (
        passage.key for story in template.stories if story.kind in {"header", "footer"} for passage in story.passages
    )
    words = (piece for key in edges for piece in re.split(r"\0|(?<!\w)\d+/\d+", key))
    found = max(words, key=len, default="")
    found = found.rstrip("/")  # what stands between the number of the page and that of all
    return found if len(found) >= _LEAST_SIGN else ""


@dataclass(frozen=True)
class StoryComparison:
    """One story of a document beside the template's; either may be missing."""

    pattern: StoryPattern
    story: Story
    alignment: Alignment


@dataclass(frozen=True, eq=False)
class Comparison:
    """A document laid beside its template.

    Attributes:
        returned: the document.
        template: the template.
        stories: the body first.
        values: by address, the text in each slot, tracked changes accepted.
    """

    returned: Returned
    template: TemplatePattern
    stories: tuple[StoryComparison, ...]
    values: Mapping[str, str]
    _reading: Reading

    @property
    def path(self) -> Path:
        """Where the document is."""
        return self.returned.path

    @property
    def foreign(self) -> tuple[Foreign, ...]:
        """What the document draws besides its text and its template does not."""
        return self._unmatched[0]

    @property
    def missing(self) -> tuple[Foreign, ...]:
        """What the template draws besides its text and the document does not."""
        return self._unmatched[1]

    @cached_property
    def _unmatched(self) -> tuple[tuple[Foreign, ...], tuple[Foreign, ...]]:
        """Both, found when they are asked for: whoever reads the values alone need not wait for them."""
        drawn = self.template.drawn(self.values) if self.returned.is_word else ()
        foreign, missing = _unmatched(self._reading.foreign, drawn)
        if any(pair.alignment.edits or len(pair.story.marks) > len(pair.pattern.marks) for pair in self.stories):
            return _without_pairs(foreign, missing)
        return foreign, missing

    @property
    def differences(self) -> int:
        """How many edits there are."""
        return sum(len(pair.alignment.edits) for pair in self.stories)

    @property
    def version(self) -> str:
        """Name of the earlier version that the document was filled from; empty for a template in use."""
        folder = self.template.folder.folder
        return folder.name if folder.parent.name == EARLIER else ""

    def beside(self, address: str) -> tuple[str, ...]:
        """The addresses of an address's value and of those that nothing parts from it: on paper there may be some."""
        groups = () if self.returned.is_word else self.template.neighbours
        return next((group for group in groups if address in group), (address,))

    @classmethod
    def of(cls, returned: Returned, template: TemplatePattern) -> Comparison:
        """Lay a document beside a template."""
        template = template if returned.is_word else template.on_paper
        reading = returned.read(template)
        stories = tuple(_side_by_side(template, reading.stories))
        final = stories if returned.accepted is None else tuple(_side_by_side(template, returned.accepted))
        values = {address: text for pair in final for address, text in pair.alignment.values.items()}
        return cls(returned, template, stories, values, reading)


def best_template(returned: Returned, templates: Sequence[TemplatePattern]) -> Comparison | None:
    """Lay a document beside the template that it was filled from.

    Args:
        returned: the document.
        templates: those that it may have been filled from, the current ones first.

    Returns:
        The comparison with the fewest differences, or None where the document is like none of them.
    """
    templates = templates if returned.is_word else [template.on_paper for template in templates]
    likely, best, whole = [], 0.0, None
    for template in templates:
        likeness = _likeness(returned, template, best - _AS_LIKE)
        if likeness == 1:  # where nothing differs, no other template need be looked at
            whole = Comparison.of(returned, template)
            if not whole.differences:
                return whole
        likely.append((likeness, template))
        best = max(best, likeness)
    if best < _LEAST_LIKENESS:  # other words, or the same everywhere altered
        likely = [(_shared_words(returned, template), template) for template in templates]
        best = max((likeness for likeness, _ in likely), default=0.0)
        if best < _LEAST_SHARED:
            return None
    near = [template for likeness, template in likely if likeness >= best - _AS_LIKE]
    found: Comparison | None = None
    for template in near:
        comparison = whole if whole and whole.template is template else Comparison.of(returned, template)
        if found is None or comparison.differences < found.differences:
            found = comparison
        if not found.differences:
            break
    return found


def known_patterns(name: str | None) -> list[TemplatePattern]:
    """The patterns of a template and of what it has replaced, or of every template of the program.

    Args:
        name: name or folder of a template, or its document in that folder; None for all.

    Raises:
        TemplateError: a template is missing or not sound.
        UsageError: it is a Word form without a manifest, which does not say what its controls mean.
    """
    folders = [_folder(name)] if name else list(known_templates().values())
    folders += [
        path for folder in folders for path in sorted((folder / EARLIER).glob("*")) if (path / MANIFEST).is_file()
    ]
    return [pattern for folder in folders for pattern in _patterns_of(folder)]


def _patterns_of(folder: Path) -> list[TemplatePattern]:
    """The patterns of a template's pieces."""
    return [template_pattern(piece) for piece in TemplateFolder.open(folder).pieces.values()]


def _folder(name: str) -> Path:
    if not is_word_form(name):
        return find_template(name)
    if (Path(name).parent / MANIFEST).is_file():
        return Path(name).parent
    message = "Un formulaire Word seul ne dit pas ce que ses contrôles veulent dire."
    hint = f"Faites-en un modèle : conventool adopt {name}, puis donnez le dossier obtenu."
    raise UsageError(Problem("no-manifest", message, hint, place=Place(file=name)))


def unknown_template(templates: Sequence[TemplatePattern]) -> Problem:
    """What is to be said of a document that is like none of these."""
    known = ", ".join(dict.fromkeys(f"« {template.name} »" for template in templates))
    message = f"Ce document ne ressemble à aucun modèle connu ({known})."
    return Problem("unknown-template", message, "Donnez son modèle avec --template.")


def _likeness(returned: Returned, template: TemplatePattern, least: float) -> float:
    """The share of the template's paragraphs that the document holds word for word; 0 where that is less than some."""
    anchors = template.body.anchors.values()
    missing, most = 0, (1 - least) * len(anchors)
    for key in anchors:
        missing += key not in returned.key
        if missing > most:
            return 0.0
    return 1 - missing / len(anchors) if anchors else 1.0


def _shared_words(returned: Returned, template: TemplatePattern) -> float:
    """The share of the template's words that the document has, or has others drawn alike."""
    return len(template.vocabulary & returned.words) / len(template.vocabulary) if template.vocabulary else 0.0


def _unmatched(
    returned: Iterable[Foreign], template: Iterable[Foreign]
) -> tuple[tuple[Foreign, ...], tuple[Foreign, ...]]:
    """What has no counterpart: of the document, and of the template.

    A paragraph of the template with controls is one whatever stands in them.
    """
    left: dict[object, list[Foreign]] = {}
    for one in template:
        left.setdefault(one.key, []).append(one)
    foreign = []
    for one in returned:
        same = left.get(one.key) or left.get(one._replace(text="").key)
        if same:
            same.pop()
        else:
            foreign.append(one)
    return tuple(foreign), tuple(one for ones in left.values() for one in ones)


def _without_pairs(
    foreign: Iterable[Foreign], missing: Iterable[Foreign]
) -> tuple[tuple[Foreign, ...], tuple[Foreign, ...]]:
    """Without those that differ in the text alone that they are about, and boxes of text, which is told as such."""
    left = list(missing)
    found = []
    for one in foreign:
        same = next((other for other in left if other._replace(text=one.text).key == one.key), None)
        if same is not None:
            left.remove(same)
        elif one.what != TEXT_BOX:
            found.append(one)
    return tuple(found), tuple(one for one in left if one.what != TEXT_BOX)


_KINDS: tuple[StoryKind, ...] = ("body", "header", "footer", "box", "note", "page")


def _side_by_side(template: TemplatePattern, stories: Iterable[Story]) -> Iterable[StoryComparison]:
    """Each story beside the template's of its kind that it is most like; what has no counterpart beside nothing."""
    stories = list(stories)
    on_paper = any(story.pages for story in stories)  # a header or footer that a page lacks is there, empty
    for kind in _KINDS:
        patterns = [pattern for pattern in template.stories if pattern.kind == kind and pattern.passages]
        given = [story for story in stories if story.kind == kind]
        missing = list(patterns)
        for story in given:
            tried = [
                (len(found.edits), *_strangeness(pattern, story), rank, found)
                for rank, pattern in enumerate(patterns)
                for found in [align(pattern, story)]
            ]
            if not tried:
                yield StoryComparison(empty := StoryPattern(kind, ()), story, align(empty, story))
                continue
            *_, rank, found = min(tried, key=lambda one: one[:4])
            yield StoryComparison(patterns[rank], story, found)
            missing = [pattern for pattern in missing if pattern is not patterns[rank]]
        if not (on_paper and kind in {"header", "footer"}) and kind != "body":
            yield from (
                StoryComparison(pattern, empty_story, align(pattern, empty_story))
                for pattern in missing
                for empty_story in [Story(kind, "")]
            )


def _strangeness(pattern: StoryPattern, story: Story) -> tuple[int, int]:
    """How little the controls of a story are the pattern's: two footers with the same words are told apart by them."""
    own = sum(any(slot.is_control(span) for span in story.spans) for slot in pattern.slots)
    return -own, len(pattern.slots) - own
