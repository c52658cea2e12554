"""The model of a mail: its subject and text with expressions, and which files of each adherent go with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from conventool.core.errors import TemplateError
from conventool.core.problems import Problem
from conventool.core.row import Row
from conventool.sources.yaml_file import read_yaml
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
            TemplateError: an expression names what there is not.
        """
        formulas: dict[tuple[str | int, ...], Expression] = {("sujet",): self.sujet}
        formulas |= {("texte", rank): one for rank, one in enumerate(self.texte) if isinstance(one, Expression)}
        together = Together(formulas)
        context = {"adherent": words}
        try:
            found = together(context)
        except ExpressionError as error:
            way, cause = together.failing(context) or (("texte",), error)
            raise TemplateError(_wrong(self.row, str(way[0]), str(cause))) from error
        text = "".join(str(found["texte", rank]) if isinstance(one, Expression) else one
                       for rank, one in enumerate(self.texte))  # fmt: skip
        return " ".join(str(found["sujet",]).split()), text


def read_mail_model(path: Path) -> MailModel:
    """Read the model of a mail.

    Raises:
        UnreadableError: the file is missing or no YAML.
        TemplateError: it does not say what it must: every problem, with its line.
    """
    row = next(read_yaml(path))
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
    return found


def _wrong(row: Row, name: str, why: str) -> Problem:
    message, hint = f"« {name} » : {why}", "Corrigez cette ligne du modèle."
    return Problem("bad-expression", message, hint, name, place=row.where((name,)))
