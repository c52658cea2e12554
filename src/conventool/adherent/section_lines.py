"""A section of the data that was written as one text, or under another name: the line of YAML to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping

from conventool.adherent.person import gender_of_civility
from conventool.adherent.split_cells import decision_of, split_cell
from conventool.text.dates import date_or_none
from conventool.text.french import Gender, fold

__all__ = ["as_section", "section_called"]

_PERSON = ("representant.civilite", "representant.prenom", "representant.nom")
_CALLED = {
    "representant": "maire president presidente signataire elu elue executif autorite",
    "decision": "deliberation delibere",
}
"""By section, the words by which people call it, or a field of it."""

_PLAIN = re.compile(r"[^\W_][\w’' °./-]*")
"""A text that YAML takes as it is, inside braces."""


def section_called(name: str) -> str | None:
    """The section that an unknown field most likely means: ``representant`` for « Nom du maire »."""
    words = set(fold(name).replace("_", " ").split())
    return next((section for section, called in _CALLED.items() if words & set(called.split())), None)


def as_section(section: str, text: str | None, examples: Mapping[str, str]) -> tuple[str, bool]:
    """Write a section of the data on one line of YAML.

    Args:
        section: its name: ``representant``.
        text: what was written in the place of its fields; None where that is not known.
        examples: by field, in their order, what may stand there where the text does not tell.

    Returns:
        ``representant: {civilite: Madame, prenom: Anne, nom: DURAND}``; and whether the text tells all of that.
    """
    fields = _parted(section, text.strip()) if text else None
    inside = ", ".join(f"{name}: {value}" for name, value in (fields or examples).items())
    return f"{section.rpartition('.')[2]}: {{{inside}}}", fields is not None


def _parted(section: str, text: str) -> Mapping[str, str] | None:
    """What a text says of each field of a section; None where it does not say all of them plainly."""
    if section == "decision":
        number, day = decision_of(text) or (None, text)
        found = {"date": day, **({"numero": number} if number else {})} if date_or_none(day) else None
    elif section == "representant":
        parts = split_cell(_PERSON, text) or {}
        found = {path.partition(".")[2]: value for path, value in parts.items()} if len(parts) == len(_PERSON) else None
        if found:
            found["civilite"] = "Madame" if gender_of_civility(found["civilite"]) is Gender.FEMININE else "Monsieur"
    else:
        return None
    return found if found and all(map(_PLAIN.fullmatch, found.values())) else None
