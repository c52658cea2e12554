"""What whoever prepares a template should know of its document; no reason not to fill it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from lxml import etree

from conventool.core.problems import Place, Problem, Severity
from conventool.text.french import of_person
from conventool.word.controls import Control, content_of
from conventool.word.data_binding import BoundData
from conventool.word.document import Document
from conventool.word.names import ancestor, attribute, child, is_on, value_of, word_iter
from conventool.word.old_fields import old_fields
from conventool.word.revisions import tracked_changes

__all__ = ["warnings_of", "what_leaves", "what_stays_old"]

_SHORTEST_PROMPT = 5  # a shorter one, such as dots, may stand anywhere
_RENEWED_ON_PAPER = frozenset({"PAGEREF", "SEQ", "TOC"})  # of the simple kinds; a PDF tells of the others itself
_SAVE_AGAIN = "Enregistrez-le de nouveau dans Word."


def warnings_of(document: Document, data: BoundData) -> tuple[Problem, ...]:
    """Warnings and notices about a document, the file's own first, then its controls' in their order.

    Args:
        document: the document and its controls.
        data: the data that its controls are bound to.
    """
    return (
        *_of_the_file(document),
        *what_leaves(document, in_controls=False),
        *what_stays_old(document),
        *_of_the_elements(document),
        *_of_the_controls(document, data),
    )


def _of_the_file(document: Document) -> Iterator[Problem]:
    package = document.package
    place = Place(file=package.name)
    if package.is_signed:
        yield _warning(
            "signed-document", "Ce document est signé : une fois rempli, la signature ne vaudra plus.",
            "Partez du document avant signature.", place,
        )  # fmt: skip
    if package.has_macros:
        yield _notice("macros", "Ce document contient des macros ; elles sont gardées telles quelles.", None, place)
    flagged = any(
        is_on(properties, "showingPlcHdr")
        for root in document.roots.values()
        for properties in word_iter(root, "sdtPr")
    )
    if flagged and not document.prompt_styles:
        yield _notice(
            "prompt-style-missing",
            "Le style des textes d’espace réservé (« Placeholder Text ») manque.",
            _SAVE_AGAIN,
            place,
        )


def what_leaves(document: Document, *, in_controls: bool) -> Iterator[Problem]:
    """What goes out with every copy, and is nobody's business: tracked changes, comments, who wrote and saved it.

    Args:
        document: the document.
        in_controls: whether changes in controls count, of which each control tells.
    """
    place = Place(file=document.package.name)
    changes = [
        change
        for root in document.roots.values()
        for change in tracked_changes(root)
        if in_controls or ancestor(change, "sdt") is None
    ]
    comments = [comment for root in document.roots.values() for comment in word_iter(root, "comment")]
    if changes:
        message = f"Ce document contient des modifications suivies{_by(changes)}, qui partiraient avec lui."
        hint = "Dans Word, onglet Révision, acceptez-les ou refusez-les."
        yield _warning("tracked-change", message, hint, place)
    if comments:
        yield _warning(
            "comment-left", f"Ce document contient des commentaires{_by(comments)}, qui partiraient avec lui.",
            "Dans Word, onglet Révision, supprimez-les.", place,
        )  # fmt: skip
    if people := document.package.people:
        names = ", ".join(f"« {name} »" for name in people)
        yield _notice(
            "personal-metadata", f"Les propriétés de ce document nomment qui l’a écrit ou enregistré : {names}.",
            "Dans Word, Fichier, Informations, Inspecter le document.", place,
        )  # fmt: skip


def _by(elements: Sequence[etree._Element]) -> str:
    names = sorted({attribute(element, "author") or "" for element in elements} - {""})
    return f" {of_person(', '.join(names))}" if names else ""


def what_stays_old(document: Document) -> Iterator[Problem]:
    """The fields that a filled value may change and that nobody but Word renews; the prompts that they show."""
    if not document.controls:
        return
    old = old_fields(document)
    place = Place(file=document.package.name)
    if old:
        kinds = {one.field.kind for one in old}
        listed, renewed = ", ".join(sorted(kinds)), ", ".join(sorted(kinds & _RENEWED_ON_PAPER))
        on_paper = f" Un PDF les montre à jour : {renewed}." if renewed else ""
        yield _notice(
            "stale-field", f"Ces champs montrent leur ancien résultat jusqu’à ce que Word les mette à jour : {listed}.",
            f"Dans Word, Ctrl+A puis F9 ; ou mettez un contrôle à leur place.{on_paper}", place,
        )  # fmt: skip
    for one in old:
        prompt = next((prompt for prompt in _prompts(document) if prompt in one.shown), None)
        if prompt is not None:
            message = f"Le résultat d’un champ {one.field.kind} montre le texte d’espace réservé « {prompt} »."
            hint = "Dans Word, Ctrl+A puis F9 une fois le document rempli ; ou mettez un contrôle à sa place."
            yield _warning("leftover-placeholder", message, hint, place._replace(part=one.part))


def _prompts(document: Document) -> Iterator[str]:
    """What the controls show while they are empty, the longest first."""
    shown = {" ".join((one.placeholder or "").split()) for one in document.controls if not one.filled}
    yield from sorted((prompt for prompt in shown if len(prompt) >= _SHORTEST_PROMPT), key=len, reverse=True)


def _of_the_elements(document: Document) -> Iterator[Problem]:
    """What concerns the controls' elements: a control has several where a text box has twins."""
    for control in document.controls:
        place = _place(control)
        for site in control.sites[:1] if control.form_field is None else ():
            sdt = document.element(site)
            if child(sdt, "sdtPr") is None:
                yield _notice("control-without-properties", "Ce contrôle n’a pas de propriétés.", _SAVE_AGAIN, place)
            if content_of(sdt) is None:
                yield _notice("control-without-content", "Ce contrôle n’a pas de contenu.", _SAVE_AGAIN, place)
    identifiers = Counter(
        (value_of(child(document.element(control.sites[0]), "sdtPr"), "id"), control.part)
        for control in document.controls
    )
    for (identifier, part), uses in identifiers.items():
        if identifier is not None and uses > 1:
            yield _notice(
                "duplicate-control-id", f"{uses} contrôles ont le même identifiant interne ({identifier}).",
                _SAVE_AGAIN, Place(part=part),
            )  # fmt: skip


def _of_the_controls(document: Document, data: BoundData) -> Iterator[Problem]:
    tags = Counter(control.tag for control in document.controls if control.tag)
    for tag, uses in tags.items():
        if uses > 1:
            yield _notice(
                "duplicate-tag", f"{uses} contrôles ont la même balise « {tag} ».",
                "Une valeur va dans tous. Pour un seul, ajoutez son rang : « #1 », « #2 »…",
                Place(file=document.package.name),
            )  # fmt: skip
    for control in document.controls:
        place = _place(control)
        if not control.tag:
            yield _notice(
                "control-without-tag", "Contrôle sans balise.",
                "Dans Word, onglet Développeur, Propriétés, donnez-lui une balise.", place,
            )  # fmt: skip
        if control.tracked:
            yield _warning(
                "control-tracked", "Ce contrôle contient des modifications suivies : il ne peut pas être rempli.",
                "Dans Word, onglet Révision, acceptez ou refusez les modifications.", place,
            )  # fmt: skip
        if control.binding is not None and data.key(control.binding) is None:
            yield _warning(
                "data-missing", "Ce contrôle est lié à une donnée que le document ne contient pas.",
                "Son texte seul sera rempli.", place,
            )  # fmt: skip


def _place(control: Control) -> Place:
    return Place(part=control.part, control=control.address, context=control.context)


def _warning(code: str, message: str, hint: str | None, place: Place) -> Problem:
    return Problem(code, message, hint, place=place, severity=Severity.WARNING)


def _notice(code: str, message: str, hint: str | None, place: Place) -> Problem:
    return Problem(code, message, hint, place=place, severity=Severity.NOTICE)
