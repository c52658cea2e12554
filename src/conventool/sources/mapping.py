"""What the user decided of columns: ``--columns`` and ``--set``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conventool.adherent.fields import FIELDS
from conventool.core.errors import UsageError
from conventool.core.problems import Problem
from conventool.files.reading import unreadable
from conventool.sources.headers import EXAMPLES, Meaning, meaning_of
from conventool.text.suggestions import closest, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conventool.core.row import Row

__all__ = ["field_named", "read_mapping"]


def read_mapping(row: Row, *, addresses: bool = False) -> dict[str, Meaning | None]:
    """Check what the user decided of the columns.

    Args:
        row: the only row of a YAML file: from header to field or usual header, null to leave a column aside.
        addresses: whether columns hold controls' addresses, which any text may be, in the place of fields.

    Returns:
        From header to its meaning.

    Raises:
        UnreadableError: what stands for a field is none.
    """
    mapping: dict[str, Meaning | None] = {}
    for header, target in row.values.items():
        if target is None:
            mapping[header] = None
        elif isinstance(target, str) and (meaning := Meaning((target,)) if addresses else _target_of(target)):
            mapping[header] = meaning
        else:
            choices: Iterable[str] = (*FIELDS, *EXAMPLES.values())
            nearest = closest(target, choices) if isinstance(target, str) else None
            hint = f"Vouliez-vous dire « {nearest} » ?" if nearest else f"Champs possibles : {', '.join(FIELDS)}."
            raise unreadable(f"La colonne « {header} » n’a pas un champ connu.", hint, row.where((header,)))
    return mapping


def field_named(name: str) -> str:
    """The path of the field that a name means: its path, or a usual header.

    Raises:
        UsageError: it means none, or several.
    """
    meaning = _target_of(name)
    if meaning is None or len(meaning.fields) > 1:
        hint = did_you_mean(name, (*FIELDS, *EXAMPLES.values())) or f"Champs possibles : {', '.join(FIELDS)}."
        raise UsageError(Problem("unknown-field", f"« --set » ne connaît pas le champ « {name} ».", hint, value=name))
    return meaning.fields[0]


def _target_of(text: str) -> Meaning | None:
    return Meaning((text,)) if text in FIELDS else meaning_of(text)
