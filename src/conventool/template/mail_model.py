"""The model of a mail: its subject and text with expressions, and which files of each adherent go with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from conventool.core.errors import TemplateError, UnreadableError
from conventool.core.problems import Problem
from conventool.core.row import Row
from conventool.sources.yaml_file import read_yaml
from conventool.template.bindings import WORDS_OF_ADHERENT
from conventool.template.expressions import Expression, ExpressionError, Together
from conventool.text.suggestions import did_you_mean, listed

__all__ = ["MailModel", "read_mail_model"]

_FIELDS = ("sujet", "texte", "pieces", "format")
_FORMATS = ("pdf", "docx")
_PARAGRAPHS = re.compile(r"(\n{2,})")


class MailModel(NamedTuple):
    """The model of a mail.

    Attributes:
        sujet: its subject.
        texte: its paragraphs, and the blank lines between them.
        pieces: keys of the copies that are attached; none for all of them.
        format: ``pdf`` or ``docx``.
        row: the file, to tell where something is wrong.
    """

    sujet: Expression
    texte: tuple[Expression | str, ...]
    pieces: tuple[str, ...]
    format: str
    row: Row

    def written(self, words: Mapping[str, Any]) -> tuple[str, str]:
        """Subject and text for one adherent.

        Raises:
            TemplateError: an expression needs a value that its data do not give.
        """
        formulas: dict[tuple[str | int, ...], Expression] = {("sujet",): self.sujet}
        formulas |= {("texte", rank): one for rank, one in enumerate(self.texte) if isinstance(one, Expression)}
        together = Together(formulas)
        context = {"adherent": words}
        try:
            found = together(context)
        except ExpressionError as error:
            way, _ = together.failing(context) or (("texte",), error)
            raise self._valueless(str(way[0])) from error
        if none := next((way for way, value in found.items() if value is None), None):
            raise self._valueless(str(none[0]))
        text = "".join(str(found["texte", rank]) if isinstance(one, Expression) else one
                       for rank, one in enumerate(self.texte))  # fmt: skip
        return " ".join(str(found["sujet",]).split()), text

    def _valueless(self, name: str) -> TemplateError:
        message = f"« {name} » nomme une valeur que ses données ne disent pas."
        hint = "Complétez ses données ; ou écrivez par exemple « {{ adherent.siret or 'inconnu' }} » dans le modèle."
        return TemplateError(Problem("missing-field", message, hint, name, place=self.row.where((name,))))


def read_mail_model(path: Path) -> MailModel:
    """Read the model of a mail.

    Raises:
        UnreadableError: the file is missing or no YAML.
        TemplateError: it does not say what it must: every problem, with its line.
    """
    row = _only_row(path)
    values = row.values
    problems = list(row.problems)
    for name in values:
        if name not in _FIELDS:
            hint = did_you_mean(name, _FIELDS) or f"Champs d’ici : {', '.join(_FIELDS)}."
            message = f"« {name} » n’est pas un champ d’un courriel."
            problems.append(Problem("unknown-field", message, hint, name, place=row.where_named((name,))))
    sujet = next(iter(_formulas(row, "sujet", problems)), None)
    texte = _formulas(row, "texte", problems)
    pieces: Any = values.get("pieces") or ()
    kind = values.get("format") or "pdf"
    if isinstance(pieces, str):
        pieces = [one.strip() for one in pieces.split(",")]
    if kind not in _FORMATS:
        problems.append(_wrong(row, "format", f"« {kind} » n’est pas un format : écrivez {listed(_FORMATS)}."))
    if not isinstance(pieces, list | tuple) or not all(isinstance(one, str) for one in pieces):
        problems.append(_wrong(row, "pieces", "écrivez les clés des exemplaires : collectivite, cdg59."))
    if problems or not isinstance(sujet, Expression):
        raise TemplateError(*problems)
    return MailModel(sujet, tuple(texte), tuple(map(str, pieces)), str(kind), row)


def _only_row(path: Path) -> Row:
    """What the file says, its fields by name.

    Raises:
        UnreadableError: the file is missing, empty, a list or no YAML.
    """
    try:
        return next(read_yaml(path))
    except UnreadableError as error:
        hint = "Partez de l’exemple : « sujet: … », puis « texte: … », « pieces: … » et « format: … »."
        shaped = [one._replace(hint=hint) if "forme: commune" in (one.hint or "") else one for one in error.problems]
        raise UnreadableError(*shaped) from error


def _formulas(row: Row, name: str, problems: list[Problem]) -> list[Expression | str]:
    """The paragraphs of a text, each an expression, and the blank lines between them."""
    text = row.values.get(name)
    if not isinstance(text, str) or not text.strip():
        message = f"« {name} » manque dans ce modèle de courriel."
        problems.append(Problem("missing-field", message, "Ajoutez cette ligne.", name, place=row.place))
        return []
    found: list[Expression | str] = []
    for piece in _PARAGRAPHS.split(text):
        try:
            found.append(piece if not piece.strip() else Expression(piece))
        except ExpressionError as error:
            problems.append(_wrong(row, name, str(error)))
    problems += [one for part in found if isinstance(part, Expression) for one in _unknown_words(row, name, part)]
    return found


def _unknown_words(row: Row, name: str, expression: Expression) -> Iterator[Problem]:
    """The words of an expression that nothing gives, whoever the adherent is."""
    unknown: list[tuple[str, tuple[str, ...]]]
    unknown = [(word, ("adherent",)) for word in sorted(expression.names - {"adherent"})]
    for above, known in WORDS_OF_ADHERENT.items():
        unknown += [(word, known) for word in sorted(expression.members(above) - set(known))]
    for word, known in unknown:
        hint = did_you_mean(word, known) or f"On peut écrire : {', '.join(known)}."
        message = f"« {name} » : le mot « {word} » n’existe pas."
        yield Problem("bad-expression", message, hint, name, place=row.where((name,)))


def _wrong(row: Row, name: str, why: str) -> Problem:
    message, hint = f"« {name} » : {why}", "Corrigez cette ligne du modèle."
    return Problem("bad-expression", message, hint, name, place=row.where((name,)))
