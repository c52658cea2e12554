"""A manifest that names several documents → for each of these pieces, the manifest it would have alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from conventool.core.errors import TemplateError
from conventool.core.problems import Problem
from conventool.core.row import Row

__all__ = ["CONVENTION", "piece_rows"]

CONVENTION = "convention"
"""Key of the document that a manifest without ``pieces`` names, or names beside them."""

_PIECES = "pieces"
_OWN = frozenset(
    {"document", "fichier", "exemplaires", "apercu", "annexes", "controles", "laisser", "suit", "si", "annonce"}
    | {"signatures"}
)
"""What a manifest says of one document; all else is said once for all pieces."""
_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


def piece_rows(row: Row) -> dict[str, Row]:
    """By key of the piece, the manifest that it would have alone, each value at its place in the file.

    A manifest without ``pieces`` is that of one piece. Beside ``pieces``, a ``document`` named at the top is the first.

    Raises:
        TemplateError: ``pieces`` holds something else than pieces.
    """
    given = row.values.get(_PIECES)
    if given is None:
        return {CONVENTION: row}
    problems = [*row.problems, *_misshapen(given, row)]
    if problems or not isinstance(given, Mapping):
        raise TemplateError(*problems)
    top = {name: value for name, value in row.values.items() if name != _PIECES}
    shared = {name: value for name, value in top.items() if name not in _OWN}
    alone = {CONVENTION: row._replace(values=top)} if "document" in top else {}
    return alone | {key: _alone(key, shared, row) for key in given}


def _misshapen(given: Any, row: Row) -> Iterator[Problem]:
    if not isinstance(given, Mapping) or not given:
        hint = "Écrivez dessous, en retrait, le nom de chaque pièce, puis ses champs."
        yield Problem("bad-value", "« pieces » doit nommer des pièces.", hint, _PIECES, place=row.where((_PIECES,)))
        return
    taken = {CONVENTION} if "document" in row.values else set()
    for key, said in given.items():
        place = row.where_named((_PIECES, key))
        if not _KEY.fullmatch(key):
            hint = "Écrivez-le en minuscules sans accent, avec des tirets : annexe-1."
            yield Problem("bad-value", f"« {key} » n’est pas le nom d’une pièce.", hint, place=place)
        elif key in taken:
            hint = "Donnez-lui un autre nom : le document nommé en haut du manifeste est « convention »."
            yield Problem("duplicate-field", f"Deux pièces s’appellent « {key} ».", hint, place=place)
        if not isinstance(said, Mapping):
            hint = "Écrivez dessous, en retrait : document, fichier, controles."
            yield Problem("bad-value", f"La pièce « {key} » ne dit rien.", hint, place=place)
    if "document" not in row.values:
        for name in sorted(_OWN & row.values.keys()):
            message = f"« {name} » est propre à chaque pièce."
            yield Problem("unknown-field", message, "Écrivez-le sous chacune.", name, place=row.where_named((name,)))


def _alone(key: str, shared: Mapping[str, Any], row: Row) -> Row:
    """The manifest of one piece: what is shared, and what is its own. Without copies it is written once."""
    own: Any = row.values[_PIECES]
    values = {**shared, **own[key]}
    values.setdefault("exemplaires", {key: values.get("titre") or key})
    way = (_PIECES, key)
    places = {path: place for path, place in row.places.items() if path[:1] != (_PIECES,)}
    keys = {path: place for path, place in row.keys.items() if path[:1] != (_PIECES,)}
    places |= {path[2:]: place for path, place in row.places.items() if path[:2] == way}
    keys |= {path[2:]: place for path, place in row.keys.items() if path[:2] == way and len(path) > 2}
    return row._replace(values=values, place=row.where_named(way), places=places, keys=keys, problems=())
