"""Every difference of a returned document from its template, told with its article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conventool.core.problems import Problem, Severity
from conventool.returned.confusables import strangers
from conventool.returned.documents import Comparison, StoryComparison
from conventool.returned.edits import Edit
from conventool.text.stories import Mark, StoryKind, squeezed

__all__ = ["LOOK_ALIKE", "alterations", "shortened"]

_PLACES: Mapping[StoryKind, str] = {
    "box": "Zone de texte",
    "header": "En-tête",
    "footer": "Pied de page",
    "note": "Note",
    "page": "Page ajoutée",
}
_LONGEST_SHOWN = 300
_MOST_TOLD = 3
LOOK_ALIKE = "À l’œil, rien ne change ; vérifiez d’où vient ce document."
"""What to do about letters of another script."""
_RESTORE = "Le texte de la convention ne se modifie pas : redemandez un exemplaire conforme, ou passez un avenant."


def alterations(comparison: Comparison) -> Iterator[Problem]:
    """Everything in the document that is not the template's text."""
    alike: dict[tuple[str, ...], list[Problem]] = {}
    for pair in comparison.stories:
        for edit in pair.alignment.edits:
            problem = _altered(edit, _where(pair, edit.passage))
            if edit.kind == "alike":
                alike.setdefault(tuple(strangers(edit.old, edit.new)), []).append(problem)
            else:
                yield problem
        own = {(mark.kind, squeezed(mark.text)) for mark in pair.pattern.marks}
        for mark in pair.story.marks:
            if (mark.kind, squeezed(mark.text)) not in own:
                yield _hidden(mark, _where(pair, pair.alignment.passage_at(mark.at)))
    for problems in alike.values():
        yield from _group_alike(problems)


def _group_alike(problems: list[Problem]) -> Iterator[Problem]:
    """Look-alikes by the same characters: a few each for itself, many as one, as when every apostrophe was replaced."""
    if len(problems) <= _MOST_TOLD:
        yield from problems
        return
    first = problems[0]
    yield first._replace(message=f"{first.message.rstrip('.')}, comme {len(problems) - 1} autres passages.")


def _where(pair: StoryComparison, passage: int) -> str:
    """The article, or the part of the page."""
    if pair.pattern.kind != "body":
        under = pair.pattern.under or pair.story.under
        return f"{under}, {_PLACES[pair.pattern.kind].lower()}" if under else _PLACES[pair.pattern.kind]
    passages = pair.pattern.passages
    return (passages[passage].heading if passage < len(passages) else "") or "Début du document"


def _altered(edit: Edit, where: str) -> Problem:
    old, new = (shortened(" ".join(f"{edit.before}{words}{edit.after}".split())) for words in (edit.old, edit.new))
    if edit.kind == "alike":
        signs = ", ".join(strangers(edit.old, edit.new)) or "signes invisibles"
        message = f"{where} : « {new} » imite le texte du modèle avec d’autres caractères ({signs})."
        return Problem("look-alike", message, LOOK_ALIKE, value=edit.new, severity=Severity.WARNING)
    whole = not (edit.before or edit.after)
    if edit.kind == "moved":
        message = f"{where} : passage déplacé, « {shortened(edit.new)} »"
    elif edit.kind == "inserted" and whole:
        message = f"{where} : passage ajouté, « {new} »"
    elif edit.kind == "deleted" and whole:
        message = f"{where} : passage supprimé, « {old} »"
    else:
        message = f"{where} : « {old} » → « {new} »"
    return Problem("altered-text", message, _RESTORE, value=edit.new or edit.old)


def _hidden(mark: Mark, where: str) -> Problem:
    """What a reader would not see as such."""
    words, by = shortened(" ".join(mark.text.split())), f" de {mark.author}" if mark.author else ""
    match mark.kind:
        case "inserted" | "deleted":
            done = "insertion" if mark.kind == "inserted" else "suppression"
            message, hint = f"{where} : {done} suivie{by}, « {words} »", "Dans Word, onglet Révision, refusez-la."
            return Problem("tracked-change", message, hint, value=mark.text)
        case "hidden":
            message = f"{where} : texte caché, « {words} »"
            return Problem("hidden-text", message, "Il ne s’imprime pas, ou ne se voit pas.", value=mark.text)
    message = f"{where} : commentaire{by}, « {words} »"
    hint = "Répondez-y, puis supprimez-le du document."
    return Problem("comment", message, hint, value=mark.text, severity=Severity.WARNING)


def shortened(text: str) -> str:
    """The text, or its two ends where it is too long to be shown."""
    if len(text) <= _LONGEST_SHOWN:
        return text
    return f"{text[: _LONGEST_SHOWN // 2].rstrip()} […] {text[-_LONGEST_SHOWN // 2 :].lstrip()}"
