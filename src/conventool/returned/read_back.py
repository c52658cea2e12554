"""The data that returned documents say, of each adherent once: its convention's, and what its other pieces add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from conventool.core.errors import ConventoolError
from conventool.core.problems import Place, Problem, Severity
from conventool.register.communes import Register
from conventool.returned.chosen_services import PieceReader
from conventool.returned.comparison import Comparison, best_template, unknown_template
from conventool.returned.confusables import skeleton
from conventool.returned.documents import Returned
from conventool.returned.extraction import extract
from conventool.returned.following import named_in
from conventool.returned.own_fields import own_fields
from conventool.returned.said_words import words_of
from conventool.returned.slots import Slot
from conventool.returned.template_pattern import TemplatePattern
from conventool.template.folder import TemplateFolder
from conventool.text.suggestions import listed

__all__ = ["Convention", "read_one", "together"]

_SAID_IN = {
    "appellation": "forme",
    "genre": "sise",
    "article": "nom_lien",
    **{f"representant.{name}": "representant" for name in ("civilite", "prenom", "nom")},
    **{f"representant.{name}": "fonction" for name in ("fonction", "delegation.arrete", "delegation.date")},
    "representant.delegation.texte": "titre",
    **{f"decision.{name}": "organe" for name in ("organe", "numero")},
    "decision.date": "decision_date",
}
"""The word of the text in which a field is told, where it has not the field's own name."""


@dataclass(frozen=True, slots=True)
class Convention:
    """The data of a convention, its adherent as its pieces name it, and those of its pieces that follow it."""

    comparison: Comparison
    name: str
    data: dict[str, Any]
    pieces: Sequence[Comparison]

    @property
    def folder(self) -> TemplateFolder:
        """Its template."""
        return self.comparison.template.folder


def read_one(
    file: Path, word_file: Path | None, templates: Sequence[TemplatePattern], register: Register, now: date
) -> tuple[Convention | None, Sequence[Comparison], list[Problem]]:
    """The data of one document, or the piece that it is alone; and what could not be read of it.

    Args:
        file: a document.
        word_file: what LibreOffice saved it as, where it is neither a Word document nor a PDF.
        templates: those that it may be of.
        register: the official register.
        now: the day that dates are judged by.
    """
    place = Place(file=str(file))
    try:
        compared = [
            best_template(part, likely) for part, likely in Returned(file, word_file=word_file).parted(templates)
        ]
    except ConventoolError as error:
        return None, (), [one._replace(place=one.place._replace(file=place.file)) for one in error.problems]
    comparison, *following = compared
    if comparison is None:
        return None, (), [unknown_template(templates)._replace(place=place)]
    if not comparison.template.folder.is_first:
        return None, [one for one in compared if one], []
    data, problems = _data_of(comparison, place, register, now)
    if data is None:
        return None, (), problems
    return Convention(comparison, named_in(comparison), data, [one for one in following if one]), (), problems


def _data_of(
    comparison: Comparison, place: Place, register: Register, now: date
) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The data of an adherent that a convention says, and what could not be read; of a blank one that it is."""
    own, _ = own_fields([comparison], place)
    slots, said = words_of(comparison)
    if not comparison.template.folder.manifest.adherent:
        if not own:
            return None, [_not_filled(place, "aucun de ses champs n’a de valeur")]
        return {}, []
    naming = {"forme", "nom", "designation", "representant"} & slots.keys() or slots.keys()
    if not own and not naming & said.keys():
        return None, [_not_filled(place, "ni l’adhérent ni son représentant n’y sont nommés")]
    extraction = extract(said, register, place, now)
    untold = [one for one in extraction.problems if one.code == "missing-field" and not _is_printed(one.field, slots)]
    problems = [_placed(problem, comparison.path, slots) for problem in extraction.problems if problem not in untold]
    problems += [_not_printed([one.field or "" for one in untold], place)] if untold else []
    for path, (text, told) in extraction.differences.items():
        message = f"Le document dit « {text} » ; refait avec ces données, il dirait « {told} »."
        hint = "Le document a été rempli ou accordé autrement ; vérifiez ce champ."
        where = place._replace(control=slots[path].address)
        problems.append(Problem("not-reproduced", message, hint, path, text, where, Severity.WARNING))
    return extraction.data, problems


def together(
    conventions: Sequence[Convention], loose: Sequence[Comparison], register: Register, now: date
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The data of each adherent once, with what its other pieces say: those of its PDF, or the files that name it.

    Returns:
        The data; and what is wrong with the pieces, or was not read in them.
    """
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    filed: dict[tuple[Path, str], list[Comparison]] = {}
    for piece in loose:
        filed.setdefault((piece.template.folder.folder, skeleton(named_in(piece))), []).append(piece)
    same: dict[tuple[Path, str], list[dict[str, Any]]] = {}
    for one in conventions:
        said = same.setdefault((one.folder.folder, skeleton(one.name)), [])
        said += [one.data] if one.data not in said else []
    used: set[int] = set()
    for one in conventions:
        key, pieces = (one.folder.folder, skeleton(one.name)), one.pieces
        reader = PieceReader(one.folder.catalogue, register, now)
        if not pieces and one.name and len(same[key]) == 1:  # of two adherents of one name, neither is told from it
            pieces = [piece for piece in _agreeing(filed.get(key, ())) if reader.is_telling(piece)]
        used |= {id(piece) for piece in pieces}
        own, unsound = own_fields([one.comparison, *pieces], Place(file=str(one.comparison.path)))
        data, wrong = reader.completed(one.data | own, reader.read(pieces))
        problems += [*unsound, *wrong]
        found += [data] if data not in found else []
    return found, [*dict.fromkeys(problems), *(_other_piece(piece) for piece in loose if id(piece) not in used)]


def _agreeing(pieces: Sequence[Comparison]) -> list[Comparison]:
    """Those that no other file of the same piece contradicts."""
    values = {piece.template.folder.key: piece.values for piece in pieces}
    odd = {piece.template.folder.key for piece in pieces if piece.values != values[piece.template.folder.key]}
    return [piece for piece in pieces if piece.template.folder.key not in odd]


def _is_printed(field: str | None, slots: Mapping[str, Slot]) -> bool:
    """Does the template print the word in which a field is told, so that a filled document must say it?"""
    word = _SAID_IN.get(field or "", field or "")
    return word in slots or (word in {"forme", "nom"} and "designation" in slots)


def _not_printed(fields: Sequence[str], place: Place) -> Problem:
    message = f"Ce modèle n’imprime pas {listed(fields)} : le document n’en dit rien."
    hint = "Pour le remplir à nouveau, ajoutez-les aux données lues."
    return Problem("not-printed", message, hint, place=place, severity=Severity.NOTICE)


def _not_filled(place: Place, why: str) -> Problem:
    return Problem("not-filled", f"Ce document n’est pas rempli : {why}.", None, place=place)


def _other_piece(comparison: Comparison) -> Problem:
    title = comparison.template.folder.manifest.titre
    message = f"De cette pièce (« {title} »), rien n’est repris dans les données."
    return Problem("other-piece", message, place=Place(file=str(comparison.path)), severity=Severity.NOTICE)


def _placed(problem: Problem, file: Path, slots: Mapping[str, Slot]) -> Problem:
    slot = slots.get(_SAID_IN.get(problem.field or "", problem.field or ""))
    place = Place(file=str(file), control=slot.address if slot else None)
    return Problem(problem.code, problem.message, problem.hint, problem.field, problem.value, place, problem.severity)
