"""Fill the content controls of Word conventions, in correct French.

    from conventool import Template, communes, fill, read, verify

``fill`` makes the copies of an adherent's convention from a mapping; ``read`` and ``verify`` take what came back;
``communes`` asks the official register; ``Template`` fills any Word document with content controls.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conventool.commands.library import Document, Extracted, Filled, Verified, communes, fill, read, verify
    from conventool.core.errors import ConventoolError, FillError, TemplateError
    from conventool.core.problems import Place, Problem, Severity
    from conventool.word.controls import Control
    from conventool.word.template import Template
    from conventool.word.values import Blank

__all__ = [
    "Blank",
    "Control",
    "ConventoolError",
    "Document",
    "Extracted",
    "FillError",
    "Filled",
    "Place",
    "Problem",
    "Severity",
    "Template",
    "TemplateError",
    "Verified",
    "__version__",
    "communes",
    "fill",
    "read",
    "verify",
]

__version__ = "0.1.0"

_HOMES = {
    "Blank": "conventool.word.values",
    "Control": "conventool.word.controls",
    "ConventoolError": "conventool.core.errors",
    "Document": "conventool.commands.library",
    "Extracted": "conventool.commands.library",
    "FillError": "conventool.core.errors",
    "Filled": "conventool.commands.library",
    "Place": "conventool.core.problems",
    "Problem": "conventool.core.problems",
    "Severity": "conventool.core.problems",
    "Template": "conventool.word.template",
    "TemplateError": "conventool.core.errors",
    "Verified": "conventool.commands.library",
    "communes": "conventool.commands.library",
    "fill": "conventool.commands.library",
    "read": "conventool.commands.library",
    "verify": "conventool.commands.library",
}


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: ``conventool --version`` needs no XML."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """What a prompt offers: the public names, imported or not yet."""
    return sorted(__all__)
