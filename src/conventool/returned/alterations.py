"""Every difference of a returned document from its template, told with its article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from conventool.core.problems import Problem, Severity
from conventool.returned.comparison import Comparison, StoryComparison
from conventool.returned.confusables import strangers
from conventool.returned.edits import Edit
from conventool.text.french import agree_with, of_person
from conventool.text.stories import LINE_END, Mark, MarkKind, StoryKind, levelled, squeezed
from conventool.text.suggestions import count_others
from conventool.word.foreign import Foreign

__all__ = ["DISGUISED", "alterations", "group_alike", "shortened"]

_PLACES: Mapping[StoryKind, str] = {
    "box": "Zone de texte",
    "header": "En-tête",
    "footer": "Pied de page",
    "note": "Note",
    "page": "Page ajoutée",
}
_BEGINNING = "Début du document"
_LONGEST_SHOWN = 300
_MOST_TOLD = 3
_NEAR = 2
"""Passages from one that is gone to the next in a block: a heading or a short line may stay between."""
DISGUISED = "On peut y lire autre chose que ce qui est écrit ; vérifiez d’où vient ce document."
"""What to do about characters that French does not write, in a value."""
_LOOK_ALIKE = "À l’œil, rien ne change ; vérifiez d’où vient ce document."
"""What to do about letters of another script."""
_RESTORE = "Le texte de la convention ne se modifie pas : redemandez un exemplaire conforme, ou passez un avenant."


def alterations(comparison: Comparison) -> Iterator[Problem]:
    """Everything in the document that is not the template's: its text, how it is drawn, what is drawn beside it."""
    alike: dict[object, list[Problem]] = {}
    for pair in comparison.stories:
        yield from _cut_numbers(pair)
        for edit in pair.alignment.told:
            if edit.kind == "alike":
                told = _altered(edit, _where(pair, edit.passage))
                alike.setdefault(tuple(strangers(edit.old, edit.new)), []).append(told)
        yield from _edited(pair)
        own = Counter((mark.kind, squeezed(mark.text)) for mark in pair.pattern.marks)
        if pair.story.marks and comparison.returned.is_word:
            own |= comparison.template.signs(comparison.values)
        for mark in pair.story.marks:
            if own[mark.kind, squeezed(mark.text)] > 0:
                own[mark.kind, squeezed(mark.text)] -= 1
            else:
                where = _where(pair, pair.alignment.passage_at(mark.at))
                alike.setdefault((mark.kind, mark.how, mark.author), []).append(_marked(mark, where))
        yield from _no_longer_marked(pair)
    for foreign in comparison.foreign:
        alike.setdefault(foreign.key[:2], []).append(_foreign(foreign, _spaced(foreign.text, comparison)))
    for missing in _missing_beside(comparison):
        alike.setdefault(("missing", missing.what), []).append(_missing(missing, comparison))
    for problems in alike.values():
        yield from group_alike(problems)


def group_alike(problems: list[Problem]) -> Iterator[Problem]:
    """Problems of one kind: a few each for itself, many as one, as when every apostrophe was replaced."""
    if len(problems) <= _MOST_TOLD:
        yield from problems
        return
    first = problems[0]
    yield first._replace(message=f"{first.message.rstrip('.')}, comme {count_others(len(problems) - 1)} passages.")


def _cut_numbers(pair: StoryComparison) -> Iterator[Problem]:
    """The template's numbers that a Word document writes in two pieces: no other white space can be read as a change.

    In a PDF lines and letters are set apart as the page has room; there nothing is said.
    """
    if pair.alignment.edits or pair.story.pages:
        return
    left = Counter(re.findall(r"\d+", pair.story.text))
    left.subtract(re.findall(r"\d+", "\n".join(pair.alignment.values.values())))
    for number, rank in pair.pattern.numbers:
        left[number] -= 1
        if left[number] < 0:
            message = f"{_where(pair, rank)} : le nombre « {number} » est coupé par un blanc, et se lit autrement."
            yield Problem("drawn-otherwise", message, _LOOK, value=number, severity=Severity.WARNING)


def _where(pair: StoryComparison, passage: int) -> str:
    """The article, or the part of the page."""
    if pair.pattern.kind != "body":
        under = pair.pattern.under or pair.story.under
        return f"{under}, {_PLACES[pair.pattern.kind].lower()}" if under else _PLACES[pair.pattern.kind]
    passages = pair.pattern.passages
    return (passages[passage].heading if passage < len(passages) else "") or _BEGINNING


def _edited(pair: StoryComparison) -> Iterator[Problem]:
    """What was changed in a story, but for what is drawn alike."""
    for block in _blocks([edit for edit in pair.alignment.told if edit.kind != "alike"]):
        if len(block) > _MOST_TOLD:
            yield _altered_block(block, *(_where(pair, edit.passage) for edit in (block[0], block[-1])))
        else:
            yield from (_altered(edit, _where(pair, edit.passage)) for edit in block)


def _blocks(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """The edits; whole paragraphs gone, added or moved, as a page's are, together: headings may stand between."""
    block: list[Edit] = []
    for edit in edits:
        last = block[-1] if block else edit
        follows = edit.kind == last.kind and edit.passage - last.passage <= _NEAR
        if block and not (follows and _is_whole(edit) and _is_whole(last)):
            yield block
            block = []
        block.append(edit)
    if block:
        yield block


def _is_whole(edit: Edit) -> bool:
    return edit.kind in {"inserted", "deleted", "moved"} and not (edit.before or edit.after)


def _altered_block(block: Sequence[Edit], where: str, end: str) -> Problem:
    """Many paragraphs that are gone, added or moved, nearly or all in a row, as one."""
    where = where if where == end else f"{where}, jusqu’à {end}"
    in_a_row = all(after.passage - before.passage <= 1 for before, after in pairwise(block))
    ends = [shortened(" ".join((edit.new or edit.old).split())) for edit in (block[0], block[-1])]
    done = {"inserted": "ajoutés", "moved": "déplacés"}.get(block[0].kind, "supprimés")
    done += " d’affilée" if in_a_row else ""
    message = f"{where} : {len(block)} passages {done}, de « {ends[0]} » à « {ends[1]} »"
    return Problem("altered-text", message, _RESTORE, value=block[0].new or block[0].old)


def _altered(edit: Edit, where: str) -> Problem:
    old, new = (shortened(" ".join(f"{edit.before}{words}{edit.after}".split())) for words in (edit.old, edit.new))
    if edit.kind == "alike":
        signs = ", ".join(strangers(edit.old, edit.new)) or "signes invisibles"
        message = f"{where} : « {new} » imite le texte du modèle avec d’autres caractères ({signs})."
        return Problem("look-alike", message, _LOOK_ALIKE, value=edit.new, severity=Severity.WARNING)
    whole = not (edit.before or edit.after)
    if edit.kind == "moved":
        message = f"{where} : passage déplacé, « {shortened(edit.new)} »"
    elif edit.kind == "inserted" and whole:
        message = f"{where} : passage ajouté, « {new} »"
    elif edit.kind == "deleted" and whole:
        message = f"{where} : passage supprimé, « {old} »"
    else:
        message = f"{where} : « {old} » → « {new} »"
    return Problem("altered-text", message, _RESTORE, value=edit.new or edit.old)


_MARKS: Mapping[MarkKind, tuple[str, str, str]] = {
    "inserted": ("tracked-change", "insertion suivie", "Dans Word, onglet Révision, refusez-la."),
    "deleted": ("tracked-change", "suppression suivie", "Dans Word, onglet Révision, refusez-la."),
    "hidden": ("hidden-text", "texte caché", "Il ne s’imprime pas, ou ne se voit pas."),
    "struck": (
        "struck-out",
        "texte barré",
        "Un texte barré se lit comme supprimé.",
    ),
    "drawn": ("drawn-otherwise", "texte", "Regardez ce passage dans Word : il peut ne pas se lire comme il est écrit."),
    "comment": ("comment", "commentaire", "Répondez-y, puis supprimez-le du document."),
}
"""Code, words and hint for each mark of a story."""
_DOUBTFUL = frozenset({"comment", "drawn"})


def _marked(mark: Mark, where: str) -> Problem:
    """What a reader would not see as such, or not read as it is written."""
    code, what, hint = _MARKS[mark.kind]
    words, by = (
        shortened(" ".join(mark.text.split())) or "(un blanc)",
        f" {of_person(mark.author)}" if mark.author else "",
    )
    how = f" {mark.how}" if mark.how else ""
    severity = Severity.WARNING if mark.kind in _DOUBTFUL else Severity.ERROR
    return Problem(code, f"{where} : {what}{how}{by}, « {words} »", hint, value=mark.text, severity=severity)


def _no_longer_marked(pair: StoryComparison) -> Iterator[Problem]:
    """What the template strikes out, or draws otherwise, in a Word document that has it as plain text.

    A mark is there if one like it says its words under the same heading: of a value beside it, it may say more.
    """
    if not pair.pattern.shown or pair.story.pages:
        return
    in_body = pair.pattern.kind == "body"
    wanted = Counter(
        (mark.kind, mark.how, " ".join(mark.text.split()), (heading or _BEGINNING) if in_body else _where(pair, 0))
        for heading, mark in pair.pattern.shown
    )
    said = [
        ((mark.kind, _ways(mark.how), _where(pair, pair.alignment.passage_at(mark.at))), squeezed(levelled(mark.text)))
        for mark in pair.story.marks
    ]
    for (kind, how, words, where), count in wanted.items():
        key = squeezed(levelled(words))
        is_gone = any(key in squeezed(edit.old) for edit in pair.alignment.edits)
        if not is_gone and sum(text.count(key) for of, text in said if of == (kind, _ways(how), where)) < count:
            yield _unmarked(kind, how, words, where)


def _ways(how: str) -> frozenset[str]:
    """How a text is drawn, each way once: programs say some of them twice."""
    return frozenset(how.split(", "))


def _unmarked(kind: MarkKind, how: str, words: str, where: str) -> Problem:
    if kind == "struck":
        message = f"{where} : « {shortened(words)} » est barré dans le modèle, et ne l’est plus."
        return Problem("struck-out", message, _RESTORE, value=words)
    message = f"{where} : « {shortened(words)} » n’est plus dessiné comme dans le modèle ({how})."
    return Problem("drawn-otherwise", message, _LOOK, value=words, severity=Severity.WARNING)


_LOOK = "Ouvrez le document et regardez ce passage : le texte seul ne dit pas ce qui s’y voit."
_SEVERITIES = {
    "struck-out": Severity.ERROR,
    "mixed-copies": Severity.ERROR,
    "by-hand": Severity.NOTICE,
    "reprinted": Severity.NOTICE,
    "attached-file": Severity.NOTICE,
}
_HOW = {
    "unlike-sent": "",
    "reprinted": "",
    "right-to-left": "",
    "scanned": "",
    "misplaced-page": "",
    "attached-file": ", qui n’a pas été lu",
}
"""What is said behind it; of all others, that the template has it not."""


def _spaced(text: str, comparison: Comparison) -> str:
    """A text without white space as the document writes it, or the template; as it is where neither has it."""
    pattern = re.compile(r"\s*".join(map(re.escape, text)))
    for pair in comparison.stories if text and comparison.returned.is_word else ():
        for written in (pair.story.text, *(passage.text for passage in pair.pattern.passages)):
            if text in squeezed(written) and (found := pattern.search(written)):
                return " ".join(found[0].split())
    return text


def _missing_beside(comparison: Comparison) -> Iterator[Foreign]:
    """What is missing beside the text; the list or the tab of a text that is gone itself is told with it."""
    is_altered = any(pair.alignment.edits for pair in comparison.stories)
    said = "".join(squeezed(pair.story.text) for pair in comparison.stories if is_altered)
    return (one for one in comparison.missing if not is_altered or one.text in said)


def _foreign(foreign: Foreign, words: str) -> Problem:
    """What the document draws and its template does not; ``words`` is what it is about, as they are read."""
    text = f" (« {shortened(words)} »)" if words and squeezed(words) not in squeezed(foreign.what) else ""
    how = _HOW.get(foreign.code, ", que le modèle n’a pas")
    if foreign.code == "by-hand":
        how = f", {agree_with(foreign.what, 'ajouté')} à la main"
    message = f"{_place(foreign)} : {foreign.what}{text}{how}."
    severity = _SEVERITIES.get(foreign.code, Severity.WARNING)
    hint = None if severity is Severity.NOTICE else _LOOK
    return Problem(foreign.code, message, hint, value=words or None, severity=severity)


def _missing(foreign: Foreign, comparison: Comparison) -> Problem:
    """What the template draws and the document does not."""
    message = f"{_place(foreign)} : il manque {foreign.what}, que le modèle a."
    return Problem(
        "missing-content", message, _LOOK, value=_spaced(foreign.text, comparison) or None, severity=Severity.WARNING
    )


def _place(foreign: Foreign) -> str:
    if foreign.kind != "body":
        return _PLACES[foreign.kind]
    return foreign.under or _BEGINNING


def shortened(text: str) -> str:
    """The text, or its two ends where it is too long to be shown."""
    text = text.replace(LINE_END, " ")
    if len(text) <= _LONGEST_SHOWN:
        return text
    start, _, cut = text[: _LONGEST_SHOWN // 2].rpartition(" ")
    rest, _, end = text[-_LONGEST_SHOWN // 2 :].partition(" ")
    return f"{start or cut} […] {end or rest}"
