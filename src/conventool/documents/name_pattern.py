"""``--name``: how the files of a bare Word form are called, by a pattern of the values that they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from conventool.core.errors import UsageError
from conventool.core.problems import Problem
from conventool.template.expressions import Expression, ExpressionError
from conventool.text.suggestions import did_you_mean
from conventool.word.controls import names_of
from conventool.word.template import Template
from conventool.word.values import Value

__all__ = ["NamePattern"]


class NamePattern:
    """A pattern, checked against the controls of a form.

    Args:
        source: a text with expressions: ``{{ nom }}_{{ rang }}``. Their words are the names of the form's controls,
            spaces and accents replaced: ``{{ nom_du_maire }}`` for « Nom du maire »; and ``rang``, that of the row. The
            ending of a file is left out of it.
        form: the form.

    Raises:
        UsageError: it is not well written, or names no control.
    """

    def __init__(self, source: str, form: Template) -> None:
        names = (name for control in form.controls for name in names_of(control) if not name.startswith("kind:"))
        self._words: dict[str, Value] = {word: "" for word in map(_word, names) if word} | {"rang": 1}
        if not source.strip():
            raise UsageError(Problem("usage", "« --name » est vide.", _EXAMPLE, value=source))
        try:
            self._expression = Expression(_SUFFIX.sub("", source))
        except ExpressionError as error:
            raise UsageError(Problem("usage", f"« --name » : {error}", _EXAMPLE, value=source)) from error
        for word in sorted(self._expression.names - self._words.keys()):
            told = f"Mots possibles : {', '.join(self._words)}."
            hint = did_you_mean(word, self._words) or told
            raise UsageError(Problem("usage", f"« --name » : aucun contrôle ne répond à « {word} ».", hint))

    def name(self, values: Mapping[str, Value], rank: int) -> str:
        """The name of a row's file, empty where the row gives nothing that it is made of: no letter, no digit.

        Raises:
            UsageError: a value cannot stand in a name.
        """
        given = {_word(address): value for address, value in values.items() if isinstance(value, str | int | date)}
        try:
            text = str(self._expression({**self._words, **given, "rang": rank})).strip()
        except ExpressionError as error:
            raise UsageError(Problem("usage", f"« --name » : {error}", _EXAMPLE)) from error
        return text if re.search(r"[^\W_]", text) else ""


_SUFFIX = re.compile(r"\.(?:doc[xm]?|pdf)\s*$", re.IGNORECASE)
_EXAMPLE = 'Écrivez par exemple --name "{{ nom }}", ou "{{ nom }}_{{ rang }}".'


def _word(address: str) -> str:
    """The word by which a pattern calls a control."""
    from slugify import slugify  # noqa: PLC0415 (slow to import, and few forms name their files so)

    bare = re.sub(r"^(?:tag|alias|text|champ):|#\d+$", "", address)
    return slugify(bare, separator="_")
