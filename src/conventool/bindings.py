"""An adherent and a copy → the value of each control, by the manifest's expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from conventool.adherent import Adherent
from conventool.errors import TemplateError
from conventool.expressions import Expression, ExpressionError
from conventool.french import Gender, agree
from conventool.problems import Problem
from conventool.template import Manifest, Party, TemplateFolder
from conventool.word.values import Blank, Value
from conventool.wording import words

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
