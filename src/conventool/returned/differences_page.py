"""The page that lists what differs in returned documents, picture by picture: without scripts, to be printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path
from typing import NamedTuple

from conventool.text.dates import long_date

__all__ = ["Difference", "Differences", "differences_page"]

_STYLE = """
body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #222 }
h1 { font-size: 1.5em } h2 { border-bottom: 1px solid #999; font-size: 1.2em; margin-top: 2em }
figure { margin: 1.5em 0; break-inside: avoid } figcaption { margin-bottom: .5em }
img { border: 1px solid #ccc; max-width: 100%; box-sizing: border-box }
.what { font-weight: bold; overflow-wrap: anywhere }
@page { size: A4 landscape; margin: 1cm }
@media print { body { margin: 0; max-width: none; font-size: 10px } h2 { break-before: page } img { max-height: 15cm } }
"""


class Difference(NamedTuple):
    """One difference as it is shown: drawn, or why it is not.

    Attributes:
        caption: what differs.
        name: of the picture; empty where there is none.
        data: of the picture, PNG.
        words: what the picture shows, for those who do not see it; without a picture, why there is none.
    """

    caption: str
    name: str
    data: bytes
    words: str


class Differences(NamedTuple):
    """A document that is not intact: its verdict in French, and what differs."""

    path: Path
    verdict: str
    shown: Sequence[Difference]


def differences_page(documents: Sequence[Differences], today: date) -> str:
    """The page as HTML.

    Args:
        documents: in the order of their numbers.
        today: the day that it bears.
    """
    title = "Documents reçus : ce qui diffère"
    names = Counter(one.path.name for one in documents)
    headings = [
        f"<bdi>{escape(one.path.name if names[one.path.name] == 1 else str(one.path))}</bdi> : {escape(one.verdict)}"
        for one in documents
    ]
    parts = [
        f'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>",
        f"<p>Vérifié le {long_date(today)}. À gauche, la page attendue : le modèle avec les valeurs du document. ",
        "À droite, la page reçue. Un cadre rouge entoure ce qui diffère, ou le titre au-dessous duquel c’est. ",
        "Un clic sur une image l’agrandit.</p>",
        "<nav><ul>",
        *(f'<li><a href="#d{rank}">{heading}</a></li>' for rank, heading in enumerate(headings, 1)),
        "</ul></nav>",
    ]
    for rank, (heading, document) in enumerate(zip(headings, documents, strict=True), 1):
        parts += [f'<h2 id="d{rank}">{heading}</h2>', *map(_figure, document.shown)]
    return "\n".join([*parts, "</main></body></html>", ""])


def _figure(one: Difference) -> str:
    caption, words = escape(one.caption), escape(one.words)
    name = escape(one.name)
    shown = f'<a href="{name}"><img src="{name}" alt="{words}"></a>' if name else f"<p>{words}</p>"
    return f'<figure><figcaption class="what">{caption}</figcaption>{shown}</figure>'
