"""A returned document laid beside its template, and which template it was filled from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from conventool.core.errors import UsageError
from conventool.core.problems import Place, Problem
from conventool.returned.additions import signing_length, take_additions
from conventool.returned.alignment import align
from conventool.returned.documents import Reading, Returned
from conventool.returned.edits import Alignment
from conventool.returned.story_pattern import StoryPattern
from conventool.returned.template_pattern import TemplatePattern, template_pattern
from conventool.template import DEFAULT
from conventool.template.folder import TemplateFolder, find_template, is_word_form, known_templates
from conventool.template.manifest import MANIFEST
from conventool.text.stories import Story, StoryKind
from conventool.word.drawing_contents import DRAWING, PICTURE, TEXT_BOX
from conventool.word.foreign import UNSEEN, Foreign

__all__ = ["EARLIER", "Comparison", "StoryComparison", "best_template", "known_patterns", "unknown_template"]

EARLIER = "anciennes"
"""The folder, in a template's, that keeps the templates which it has replaced."""

_LEAST_LIKENESS, _LEAST_SHARED = 0.3, 0.7
_AS_LIKE = 0.1
"""Templates that are less like a document by no more than this are compared with it as well."""


@dataclass(frozen=True)
class StoryComparison:
    """One story of a document beside the template's; either may be missing.

    Attributes:
        pattern: the template's.
        story: the document's.
        alignment: of both.
        added: what signing added to it.
    """

    pattern: StoryPattern
    story: Story
    alignment: Alignment
    added: tuple[Foreign, ...] = ()

    def has_where_one_signs(self, foreign: Foreign) -> bool:
        """Whether the picture of a signature stands at the place of signatures."""
        length = signing_length(self.pattern, self.alignment, self.added)
        return foreign.behind is not None and foreign.behind <= length and foreign.kind == self.pattern.kind


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
        return (*(one for pair in self.stories for one in pair.added), *self._unmatched[0])

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
            foreign, missing = _without_pairs(foreign, missing)
        return tuple(map(self._as_signature, foreign)), missing

    def _as_signature(self, foreign: Foreign) -> Foreign:
        if any(pair.has_where_one_signs(foreign) for pair in self.stories):
            return foreign._replace(code="by-hand", what="un dessin ou une image", text="")
        return foreign

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
    folders = [_folder(name)] if name else sorted(known_templates().values(), key=lambda one: one.name != DEFAULT)
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

    A paragraph of the template with controls is one whatever stands in them. A control that is bound to nothing any
    more, or a field that Word has renewed, is not missing.
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
    return tuple(foreign), tuple(one for ones in left.values() for one in ones if one.what not in UNSEEN)


def _without_pairs(
    foreign: Iterable[Foreign], missing: Iterable[Foreign]
) -> tuple[tuple[Foreign, ...], tuple[Foreign, ...]]:
    """Without those that differ in the text alone that they are about, and boxes of text, which is told as such.

    Another picture is about no text.
    """
    left = list(missing)
    found = []
    for one in foreign:
        alike = (other for other in left if other._replace(text=one.text).key == one.key)
        same = next(alike, None) if one.what not in {PICTURE, DRAWING} else None
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
            if not patterns:
                yield StoryComparison(empty := StoryPattern(kind, ()), story, align(empty, story))
                continue
            tried = [(pattern, align(pattern, story)) for pattern in patterns]
            nearest, found = (
                tried[0] if len(tried) == 1 else min(tried, key=lambda one: _distance(one[0], one[1], story))
            )
            yield StoryComparison(nearest, story, found, take_additions(nearest, story, found))
            missing = [pattern for pattern in missing if pattern is not nearest]
        if not (on_paper and kind in {"header", "footer"}) and kind != "body":
            yield from (
                StoryComparison(pattern, empty_story, align(pattern, empty_story))
                for pattern in missing
                for empty_story in [Story(kind, "")]
            )


def _distance(pattern: StoryPattern, alignment: Alignment, story: Story) -> tuple[int, int, int]:
    """How little a story is the pattern's: by its words, else by its controls, as two footers with the same words."""
    own = sum(any(slot.is_control(span) for span in story.spans) for slot in pattern.slots)
    return len(alignment.edits), -own, len(pattern.slots) - own
