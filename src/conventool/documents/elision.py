"""Names that a form's own words link badly: « la commune de Armentières », where « de » is fixed or a list's choice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from conventool.core.problems import Problem, Severity
from conventool.core.row import Row
from conventool.register.communes import Register
from conventool.text.french import elides, fold
from conventool.text.stories import levelled
from conventool.word.preparation import Prepared
from conventool.word.template import Template

__all__ = ["badly_linked"]

_LONGEST = 100
_VOWELS = frozenset("aeiou")
_LINKED = frozenset("aeiouyh")
_CONTRACTED = {"Le ": "du ", "Les ": "des "}
_ARTICLES = (*_CONTRACTED, "Aux ")


def badly_linked(
    template: Template, said: Prepared, texts: Mapping[str, tuple[str, str]], row: Row
) -> Iterator[Problem]:
    """Tell the names before which a filled document says « de », where French says « d’ », « du » or « des ».

    Args:
        template: the document.
        said: what it is filled with.
        texts: by address, the field that a control shows and its text.
        row: that these come from.
    """
    told = set()
    for address, (field, text) in texts.items():
        right = None if (field, text) in told else _rightly(text)
        if right is None:
            continue
        paragraph = levelled(template.paragraph(address, said))
        if re.search(rf"(?<!\w)de {re.escape(levelled(text))}(?!\w)", paragraph):
            told.add((field, text))
            message = f"Le document dit « de {text} », au lieu de « {right} »."
            hint = "Ce « de » est fixe, ou le choix d’une liste : dans Word, ôtez-le, ou mettez-le dans le contrôle."
            yield Problem("bad-link", message, hint, field, text, row.where_named((field,)), Severity.WARNING)


def _rightly(text: str) -> str | None:
    """How « de » and a name are written together; None where so, or where nobody can say."""
    first = fold(text)[:1]
    if not first or len(text) > _LONGEST or "\n" in text or not (first in _LINKED or text.startswith(_ARTICLES)):
        return None
    communes = Register.open().by_name(text)
    if communes:
        linked = {fold(commune.de): commune.de for commune in communes}
        return None if fold(f"de {text}") in linked else next(iter(linked.values()))
    for article, contracted in _CONTRACTED.items():
        if text.startswith(article):
            return contracted + text.removeprefix(article)
    sure = first in _VOWELS or text[:1].islower()  # of a name that begins with an h, the register alone knows
    return f"d’{text}" if sure and elides(text) else None
