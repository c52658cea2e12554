"""Prompts that stand in a document as plain text, outside any control: nothing can ever fill them."""

from __future__ import annotations

import re

from conventool.core.problems import Place, Problem
from conventool.word.controls import Document
from conventool.word.names import fold, is_word
from conventool.word.text import text_outside_controls

__all__ = ["is_prompt", "stray_prompts"]

_WORDS_AROUND = 40
# what Word itself writes in an empty control, in French and English; and what other tools' templates are marked with
_PROMPT = re.compile(
    r"Choisissez un (?:élément|bloc de construction)\."
    r"|Cliquez (?:ou appuyez )?ici pour (?:entrer|taper) (?:une date|du texte)\."
    r"|Choose an item\.|Click or tap (?:here )?to enter (?:a date|text)\.|Click here to enter (?:a date|text)\."
    r"|\{\{.{1,80}?\}\}|«\w{1,40}»",
    re.IGNORECASE,
)


def is_prompt(text: str, prompt: str | None) -> bool:
    """Is what a control holds still its prompt, its own or one of Word's?"""
    said = fold(text)
    return bool(said) and (said == fold(prompt or "") or _PROMPT.fullmatch(" ".join(text.split())) is not None)


def stray_prompts(document: Document) -> list[Problem]:
    """A problem for each prompt outside the controls, with its paragraph."""
    problems = []
    for part, root in document.roots.items():
        for number, text in text_outside_controls(root) if not is_word(root, "comments") else ():
            for match in _PROMPT.finditer(text):
                context = text[max(0, match.start() - _WORDS_AROUND) : match.end() + _WORDS_AROUND].strip()
                place = Place(file=document.package.name, part=part, paragraph=number, context=context)
                message = f"« {match[0]} » est écrit hors de tout contrôle : il restera dans chaque exemplaire."
                hint = "Faites-en un contrôle (« conventool adopt » sait le faire), ou supprimez-le."
                problems.append(Problem("leftover-placeholder", message, hint, place=place))
    return problems
