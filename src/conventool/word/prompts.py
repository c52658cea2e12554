"""What an empty control shows: the prompts that programs write, whatever the document."""

from __future__ import annotations

import re

from conventool.text.french import fold

__all__ = ["PROMPT", "is_prompt", "says_nothing"]

_SENTENCES = (
    "Choisissez un élément.",
    "Sélectionnez un élément.",
    "Choisissez un bloc de construction.",
    "Cliquez ici pour entrer du texte.",
    "Cliquez ou appuyez ici pour entrer du texte.",
    "Cliquez ici pour taper du texte.",
    "Cliquez ou appuyez ici pour taper du texte.",
    "Cliquez ici pour entrer une date.",
    "Cliquez ou appuyez ici pour entrer une date.",
    "Cliquez ici pour taper une date.",
    "Cliquez ou appuyez ici pour taper une date.",
    "Choose an item.",
    "Choose a building block.",
    "Click here to enter text.",
    "Click or tap here to enter text.",
    "Click or tap to enter text.",
    "Click here to enter a date.",
    "Click or tap here to enter a date.",
    "Click or tap to enter a date.",
    "Wählen Sie ein Element aus.",
)
_FOLDED = frozenset(map(fold, _SENTENCES))

_MARK = re.compile(r"\{\{.{1,80}?\}\}|«\w{1,40}»")
"""What other tools' templates are marked with."""

_SPACED = (r"\s+".join(map(re.escape, sentence.split())) for sentence in _SENTENCES)
PROMPT = f"(?i:{'|'.join(_SPACED)})|{_MARK.pattern}"
"""The pattern of both: what Word itself writes in an empty control, and those marks."""


def is_prompt(text: str, prompt: str | None) -> bool:
    """Is a text what a control shows while it is empty: its own prompt, or one of those that programs write?"""
    key = fold(text)
    return bool(key) and (key == fold(prompt or "") or key in _FOLDED or _MARK.fullmatch(text.strip()) is not None)


def says_nothing(prompt: str | None) -> bool:
    """Does a prompt say nothing of what is wanted, since it is missing or Word's own?"""
    key = fold(prompt or "")
    return not key or key in _FOLDED
