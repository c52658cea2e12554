"""The pieces that end a convention's PDF, held together: which are missing, misplaced, or another adherent's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from conventool.core.problems import Problem, Severity
from conventool.returned.comparison import Comparison
from conventool.returned.confusables import is_alike
from conventool.returned.said_words import words_of
from conventool.template.folder import TemplateFolder
from conventool.text.stories import squeezed

__all__ = ["misplaced_pages", "missing_pieces", "named_in", "owed_beside", "pieces_of_others", "says_a_page_twice"]


def missing_pieces(pieces: Sequence[Comparison], due: Collection[str] | None) -> Iterator[Problem]:
    """The pieces that a PDF should end with, and does not.

    Args:
        pieces: what is in the document, the convention first.
        due: keys of the pieces that were written for its adherent; None where nothing says which.

    Yields:
        An error for each piece that was written; where that is not known, a warning for each that goes with one that is
        there, and one notice for the others, for most conventions have none.
    """
    first = pieces[0]
    if first.returned.is_word:  # its other pieces are files of their own
        return
    whole, there = first.template.folder, {piece.template.folder.key for piece in pieces}
    owed = owed_beside(whole, there, due)
    for title in (whole.others[key].manifest.titre for key in owed):
        why = "devait terminer ce PDF" if due is not None else "va avec les autres annexes de ce PDF"
        message = f"« {title} » {why}, et n’y est pas."
        severity = Severity.ERROR if due is not None else Severity.WARNING
        yield Problem("missing-content", message, "Redemandez un exemplaire entier.", severity=severity)
    titles = [piece.manifest.titre for key, piece in _following(whole).items() if key not in {*there, *owed}]
    if due is None and titles:
        message = f"Ce PDF se termine sans {', '.join(f'« {title} »' for title in titles)} ; "
        message += "rien ne dit si cet adhérent devait l’avoir."
        hint = "Comparez-le avec --data ou --dossier, qui disent ce qui a été envoyé."
        yield Problem("missing-content", message, hint, severity=Severity.NOTICE)


def owed_beside(whole: TemplateFolder, there: Collection[str], due: Collection[str] | None) -> list[str]:
    """Keys of the pieces that follow a convention, are not there, and were written for its adherent.

    Args:
        whole: the template, with all its pieces.
        there: keys of those that are there.
        due: keys of those that were written; None where nothing says which: then one was where another one of the same
            condition is there.
    """
    following = _following(whole)
    met = {piece.row.values.get("si") for key, piece in following.items() if key in there}
    return [
        key
        for key, piece in following.items()
        if key not in there and (piece.row.values.get("si") in met if due is None else key in due)
    ]


def _following(whole: TemplateFolder) -> dict[str, TemplateFolder]:
    return {key: piece for key, piece in whole.others.items() if piece.manifest.suit == whole.key}


def misplaced_pages(pieces: Sequence[Comparison]) -> Iterator[Problem]:
    """The pages of a PDF that say again what another one says, and the pieces that begin before the end of another."""
    known: dict[str, int] = {}
    for piece in pieces:
        for page in piece.returned.pages:
            text = squeezed(page.text)
            first = known.setdefault(text, page.number)
            if first != page.number and len(text) >= _LEAST_SAID:
                yield _to_look_at(f"La page {page.number} redit la page {first}.", "Une page est en double")
    order = [pieces[0].template.folder.key, *pieces[0].template.folder.others]
    there = [
        ([page.number for page in piece.returned.pages], piece.template.folder)
        for key in order
        for piece in pieces
        if piece.returned.pages and piece.template.folder.key == key
    ]
    for (before, _), (numbers, folder) in pairwise(there):
        if min(numbers) < max(before):
            message = f"« {folder.manifest.titre} » commence avant la fin de la pièce qui devait précéder."
            yield _to_look_at(message, "Des pages ont changé de place")


def says_a_page_twice(piece: Comparison) -> bool:
    """Does a page of a PDF's piece say what another one says?"""
    pages = [squeezed(page.text) for page in piece.returned.pages]
    return len(set(pages)) < len(pages)


_LEAST_SAID = 100
"""Characters: pages that say less, as one that is left blank, may be alike."""


def _to_look_at(message: str, why: str) -> Problem:
    hint = f"{why} : remettez l’exemplaire en ordre, ou redemandez-en un."
    return Problem("misplaced-page", message, hint, severity=Severity.WARNING)


def pieces_of_others(pieces: Sequence[Comparison]) -> Iterator[Problem]:
    """The pieces that name another adherent than the convention before them."""
    named = [(piece, name) for piece in pieces if (name := named_in(piece))]
    if not named or named[0][0] is not pieces[0]:
        return
    (_, name), *others = named
    for piece, other in others:
        if not is_alike(squeezed(name), squeezed(other)):
            title = piece.template.folder.manifest.titre
            message = f"« {title} » est au nom de « {other} », et la convention à celui de « {name} »."
            hint = "Cette pièce vient du document d’un autre adhérent ; redemandez un exemplaire entier."
            yield Problem("altered-value", message, hint, value=other)


def named_in(piece: Comparison) -> str:
    """The adherent that a piece names, as pieces do: « Commune d’Armentières »; empty where it does not."""
    _, said = words_of(piece)
    if "forme" in said and "nom" in said:  # on paper nothing tells where the one ends
        link = said.get("nom_lien", "")
        whole = f"{said['forme']} {link}{'' if link.endswith('’') or not link else ' '}{said['nom']}"
        return _ARTICLE.sub("", whole)
    return said.get("designation", "")


_ARTICLE = re.compile(r"^(?:(?:La|Le|Les) |L’)")
