"""A choice among the rows of a list: ``--lignes`` and ``--seulement``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from conventool.core.errors import UsageError
from conventool.core.problems import Place, Problem
from conventool.core.row import Row, RowSource, Value, shown
from conventool.text.french import fold

__all__ = ["chosen", "parse_lines"]

_RANGE = r"(\d{1,7})(?:\s*(?P<to>[-–])\s*(\d{1,7})?)?"
_LAST = 10**7


def parse_lines(text: str) -> tuple[range, ...]:
    """The lines that a text names: ``3-7,12`` or, from one to the end, ``20-``.

    Raises:
        UsageError: it names none.
    """
    return tuple(map(_parse_range, re.split(r"[,;]", text)))


def _parse_range(text: str) -> range:
    match = re.fullmatch(_RANGE, text.strip())
    first = int(match[1]) if match else 0
    last = int(match[3] or (_LAST if match["to"] else first)) if match else 0
    if not 0 < first <= last:
        message = f"« --lignes {text.strip()} » ne désigne pas de lignes."
        hint = "Écrivez par exemple --lignes 3-7,12, ou --lignes 20- jusqu’à la fin."
        raise UsageError(Problem("usage", message, hint, value=text))
    return range(first, last + 1)


def chosen(source: RowSource, lines: str | None, text: str | None) -> RowSource:
    """Keep of a list the rows on some lines, or that hold a text.

    Args:
        source: the list.
        lines: as [parse_lines][conventool.sources.choice.parse_lines] reads them, numbered as the file or the sheet
            numbers them; None for all.
        text: what one of a row's values must hold, accents and case forgiven; None for all.

    Raises:
        UsageError: the lines are none, or are those of a folder; while the rows are read, none of them was chosen.
    """
    if lines is None and text is None:
        return source
    if lines is not None and source.is_folder:
        hint = "Pour choisir parmi des fichiers, écrivez --seulement et un mot du nom de l’adhérent."
        raise UsageError(Problem("usage", "« --lignes » choisit les lignes d’un fichier, non d’un dossier.", hint))
    if text is not None and not fold(text):
        raise UsageError(
            Problem("usage", "« --seulement » attend un texte.", "Écrivez par exemple --seulement Dunkerque.")
        )
    ranges = None if lines is None else parse_lines(lines)
    return replace(source, read=partial(_choose, source, ranges, None if text is None else fold(text)))


def _choose(source: RowSource, ranges: Sequence[range] | None, text: str | None) -> Iterator[Row]:
    any_row, any_chosen = False, False
    for row in source.read():
        any_row = True
        if ranges is not None and not any((row.place.line or 0) in lines for lines in ranges):
            continue
        if text is not None and not any(text in fold(one) for one in _texts(row)):
            continue
        any_chosen = True
        yield row
    if any_row and not any_chosen:
        hint = "Les lignes sont comptées comme dans le fichier, celle des en-têtes comprise."
        if text is not None:
            hint = "« --seulement » cherche dans les cellules de la liste, non dans le répertoire des communes."
        message = "Aucun adhérent de la liste n’est choisi."
        raise UsageError(Problem("no-row-chosen", message, hint, place=Place(file=source.file)))


def _texts(row: Row) -> Iterator[str]:
    """What a row says: its cells in a table, its values elsewhere."""
    yield from map(shown, row.cells) if row.cells else _leaves(row.values)


def _leaves(value: Value) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None:
        yield str(value)
