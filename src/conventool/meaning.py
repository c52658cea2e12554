"""What ``template.yaml`` says: the meaning of a template's document, or every problem with its line and column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, TypeAlias

from conventool.errors import TemplateError
from conventool.expressions import Expression, ExpressionError
from conventool.french import DateError, parse_date
from conventool.problems import Place, Problem
from conventool.sources.row import Path as Way
from conventool.sources.row import Row

__all__ = ["MANIFEST", "Annexed", "Manifest", "Party", "read_manifest"]

MANIFEST = "template.yaml"


class Party(NamedTuple):
    """A party whose signatory and decision are the template's: those change with elections."""

    civilite: Literal["Madame", "Monsieur"]
    prenom: str
    nom: str
    fonction: str
    decision: date


class Annexed(NamedTuple):
    """A PDF file that is put behind the documents; its path begins at the template's folder."""

    fichier: str
    titre: str


class Manifest(NamedTuple):
    """What ``template.yaml`` says.

    Attributes:
        titre: the document's title.
        document: name of the Word document, in the same folder.
        fichier: the name of the files produced, without suffix.
        exemplaires: the copies, key and whose each is, in order.
        controles: by address, what each control receives.
        parties: the parties whose data are the template's.
        reconduction: the default where the data say nothing.
        date_en_blanc: what an unknown date of signature prints.
        apercu: address of the control whose paragraph is shown after filling.
        annexes: what is put behind the documents that become PDF.
    """

    titre: str
    document: str
    fichier: Expression
    exemplaires: Mapping[str, str]
    controles: Mapping[str, Expression]
    parties: Mapping[str, Party] = {}
    reconduction: Literal["tacite", "expresse"] = "tacite"
    date_en_blanc: str = "………………………………"
    apercu: str | None = None
    annexes: Sequence[Annexed] = ()


def read_manifest(row: Row) -> Manifest:
    """Read a manifest.

    Args:
        row: what its file holds.

    Raises:
        TemplateError: it does not say what a manifest must say: every problem, with line and column.
    """
    reading = _Reading(row)
    manifest = _section(Manifest, _MANIFEST)(reading, row.values, ())
    if reading.problems:
        raise TemplateError(*reading.problems)
    assert isinstance(manifest, Manifest)
    return manifest


class _Reading:
    """A manifest being read, and the problems met so far."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.problems = list(row.problems)

    def refuse(self, way: Way, value: Any, said: _Said, place: Place | None = None) -> Any:
        """Report a value, in the words of who keeps the manifest; None takes its place."""
        code, message, hint = said
        field = ".".join(map(str, way))
        shown = value if isinstance(value, str) else None
        self.problems.append(Problem(code, f"« {field} » {message}", hint, field, shown, place or self.row.where(way)))
        return None


_Said: TypeAlias = tuple[str, str, str]
"""Code, message behind the field's name, and hint."""
_Check: TypeAlias = Callable[[_Reading, Any, Way], Any]
"""Takes a value and its way; returns it as the program needs it, or reports it."""

_NO_TEXT = ("bad-value", "doit être un simple texte.", "Voyez la documentation des modèles.")
_EMPTY = ("bad-value", "est vide.", "Complétez cette ligne.")
_MISSING = ("missing-field", "manque dans le manifeste.", "Ajoutez cette ligne.")
_NO_SECTION = ("bad-value", "doit contenir des lignes « nom: valeur ».", "Écrivez-les dessous, en retrait.")
_NO_LIST = ("bad-value", "doit être une liste.", "Écrivez chaque élément après un tiret.")
_NO_FILE_NAME = ("bad-value", "n’est pas un nom de fichier.", f"Le document est voisin de {MANIFEST}.")
_EXPRESSIONS = "Les expressions s’écrivent « {{ adherent.nom }} » ; la documentation des modèles dit leurs mots."
_NO_EXPRESSION = ("bad-expression", ': il manque un texte ; pour ne rien imprimer, écrivez "".', _EXPRESSIONS)


def _text(reading: _Reading, value: Any, way: Way) -> Any:
    if isinstance(value, str) and value:
        return value
    return reading.refuse(way, value, _EMPTY if value == "" else _NO_TEXT)


def _text_or_none(reading: _Reading, value: Any, way: Way) -> Any:
    return None if value is None else _text(reading, value, way)


def _file_name(reading: _Reading, value: Any, way: Way) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"[^/\\:\x00-\x1f]+\.\w+", value):
        return reading.refuse(way, value, _NO_FILE_NAME)
    return _text(reading, value, way)


def _formula(reading: _Reading, value: Any, way: Way) -> Any:
    if not isinstance(value, str):
        return reading.refuse(way, value, _NO_EXPRESSION)
    try:
        return Expression(value)
    except ExpressionError as error:
        return reading.refuse(way, value, ("bad-expression", f": {error}", _EXPRESSIONS))


def _day(reading: _Reading, value: Any, way: Way) -> Any:
    """A date as the data of an adherent may write it."""
    if not isinstance(value, str):
        return reading.refuse(way, value, _NO_TEXT)
    try:
        return parse_date(value)
    except DateError as error:
        return reading.refuse(way, value, (error.code, f": {error}", error.hint))


def _one_of(*choices: str) -> _Check:
    def check(reading: _Reading, value: Any, way: Way) -> Any:
        if value in choices:
            return str(value)
        hint = f"Écrivez « {' » ou « '.join(choices)} »."
        return reading.refuse(way, value, ("bad-choice", "n’a pas une valeur possible.", hint))

    return check


def _by_name(check: _Check, *, filled: bool = False) -> _Check:
    """Lines of any name, each with a value of the same sort; ``filled``: there must be one."""

    def check_all(reading: _Reading, value: Any, way: Way) -> Any:
        if not isinstance(value, Mapping):
            return reading.refuse(way, value, _NO_SECTION)
        if filled and not value:
            return reading.refuse(way, value, _EMPTY)
        return {name: check(reading, one, (*way, name)) for name, one in value.items()}

    return check_all


def _each(check: _Check) -> _Check:
    """A list of values of the same sort."""

    def check_all(reading: _Reading, value: Any, way: Way) -> Any:
        if not isinstance(value, list):
            return reading.refuse(way, value, _NO_LIST)
        return [check(reading, one, (*way, rank)) for rank, one in enumerate(value)]

    return check_all


def _section(model: Any, checks: Mapping[str, _Check]) -> _Check:
    """Lines whose names are the fields of ``model``, each with its own check; those with a default may be missing."""

    def check(reading: _Reading, value: Any, way: Way) -> Any:
        if not isinstance(value, Mapping):
            return reading.refuse(way, value, _NO_SECTION)
        taken: dict[str, Any] = {}
        for name in model._fields:
            if name in value:
                taken[name] = checks[name](reading, value[name], (*way, name))
            elif name not in model._field_defaults:
                taken[name] = reading.refuse((*way, name), None, _MISSING)
        unknown = ("unknown-field", "n’est pas un champ du manifeste.", f"Champs d’ici : {', '.join(model._fields)}.")
        for name in value:
            if name not in checks:
                here = (*way, name)
                reading.refuse(here, value[name], unknown, reading.row.where_named(here))
        return model(**taken)

    return check


_PARTY: Mapping[str, _Check] = {
    "civilite": _one_of("Madame", "Monsieur"),
    "prenom": _text,
    "nom": _text,
    "fonction": _text,
    "decision": _day,
}
_MANIFEST: Mapping[str, _Check] = {
    "titre": _text,
    "document": _file_name,
    "fichier": _formula,
    "exemplaires": _by_name(_text, filled=True),
    "controles": _by_name(_formula, filled=True),
    "parties": _by_name(_section(Party, _PARTY)),
    "reconduction": _one_of("tacite", "expresse"),
    "date_en_blanc": _text,
    "apercu": _text_or_none,
    "annexes": _each(_section(Annexed, {"fichier": _text, "titre": _text})),
}
