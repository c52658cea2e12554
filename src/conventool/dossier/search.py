"""An adherent of a dossier by what people call it: its name, its INSEE code, its SIREN."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conventool.core.errors import UsageError
from conventool.core.problems import Problem
from conventool.dossier.reading import Folder, Followed
from conventool.text.french import fold
from conventool.text.suggestions import and_others, did_you_mean, listed

__all__ = ["adherents_named"]

_MOST = 10
"""Candidates that a message names."""


def adherents_named(folder: Folder, names: Sequence[str], option: str) -> list[Followed]:
    """The adherents that are named; those of earlier lists are none.

    Args:
        folder: whose adherents they are.
        names: of each its name, its INSEE code or its SIREN; or its kind and one of these, which no other has.
        option: of the command line that names them, for messages.

    Raises:
        UsageError: one is not known, or several are called so.
    """
    by_name: dict[str, list[Followed]] = {}
    for one in folder.adherents():
        if not one.superseded:
            for name in set(_names_of(one)):
                by_name.setdefault(name, []).append(one)
    return [_only(name, by_name, option) for name in names]


def _names_of(one: Followed) -> Iterator[str]:
    yield fold(one.nom)
    yield fold(f"{one.appellation} {one.nom}")
    yield fold(one.identity)
    yield from (str(number) for name in ("code_insee", "siren") if (number := one.understood.get(name)))


def _only(name: str, by_name: dict[str, list[Followed]], option: str) -> Followed:
    """The only adherent that is called so."""
    known = by_name.get(fold(name)) or by_name.get("".join(name.split()), [])
    if len(known) == 1:
        return known[0]
    if not known:
        message = f"« {name} » n’est pas un adhérent de ce dossier."
        hint = did_you_mean(name, {one.nom for several in by_name.values() for one in several})
        hint = hint or "Donnez son nom, son code INSEE ou son SIREN, comme dans suivi.xlsx."
    else:
        told = [f"{one.appellation} {one.nom} ({one.code_postal})" for one in known[:_MOST]]
        more = and_others(len(known) - _MOST)
        message = f"Plusieurs adhérents s’appellent « {name} » : {listed(told)}{more}."
        hint = f"Écrivez {listed([one.identity for one in known[:_MOST]])}."
    raise UsageError(Problem("unknown-adherent", message, hint, option, name))
