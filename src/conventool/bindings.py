"""An adherent and a copy → the value of each control, by the manifest's expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conventool.word.values import Value

__all__ = ["Copy", "bind", "copies_of"]


@dataclass(frozen=True, slots=True)
class Copy:
    """One of the copies of an adherent's document.

    Attributes:
        cle: whose it is, as the manifest's key.
        nom: whose it is, as printed.
        rang: its number, from 1.
        total: how many there are.
        fichier: the name of its file, as the manifest makes it, not yet made safe; no suffix.
        values: by address, the value of each control.
    """

    cle: str
    nom: str
    rang: int
    total: int
    fichier: str
    values: Mapping[str, Value]
