"""Fill the content controls of Word conventions, in correct French."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conventool.core.errors import ConventoolError, FillError, TemplateError
    from conventool.word.controls import Control
    from conventool.word.template import Template
    from conventool.word.values import Blank

__all__ = ["Blank", "Control", "ConventoolError", "FillError", "Template", "TemplateError", "__version__"]

__version__ = "0.1.0"

_HOMES = {
    "Blank": "conventool.word.values",
    "Control": "conventool.word.controls",
    "ConventoolError": "conventool.core.errors",
    "FillError": "conventool.core.errors",
    "Template": "conventool.word.template",
    "TemplateError": "conventool.core.errors",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: ``conventool --version`` needs no XML."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)
