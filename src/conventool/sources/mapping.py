"""What the user decided of columns: ``--columns`` and ``--set``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conventool.adherent.fields import FIELDS
from conventool.core.errors import UsageError
from conventool.core.problems import Problem
from conventool.files.reading import unreadable
from conventool.sources.headers import EXAMPLES
from conventool.sources.own_columns import ADHERENTS, Meaning, OwnColumns
from conventool.text.suggestions import closest, did_you_mean

if TYPE_CHECKING:
    from conventool.core.row import Row

__all__ = ["field_named", "read_mapping"]


def read_mapping(row: Row, own: OwnColumns = ADHERENTS, *, addresses: bool = False) -> dict[str, Meaning | None]:
    """Check what the user decided of the columns.

    Args:
        row: the only row of a YAML file: from header to field or usual header, null to leave a column aside.
        own: what headers mean to the template.
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
        elif isinstance(target, str) and (meaning := Meaning((target,)) if addresses else _target_of(target, own)):
            mapping[header] = meaning
        else:
            nearest = closest(target, _choices(own)) if isinstance(target, str) else None
            hint = f"Vouliez-vous dire « {nearest} » ?" if nearest else _possible(own)
            raise unreadable(f"La colonne « {header} » n’a pas un champ connu.", hint, row.where((header,)))
    return mapping


def field_named(name: str, own: OwnColumns = ADHERENTS) -> str:
    """The path of the field that a name means: its path, or a usual header.

    Raises:
        UsageError: it means none, or several.
    """
    meaning = _target_of(name, own)
    if meaning is None or len(meaning.fields) > 1:
        hint = did_you_mean(name, _choices(own)) or _possible(own)
        raise UsageError(
            Problem(
                "unknown-field",
                f"« --set », ou « [set] » de conventool.toml, ne connaît pas le champ « {name} ».",
                hint,
                value=name,
            )
        )
    return meaning.fields[0]


def _target_of(text: str, own: OwnColumns) -> Meaning | None:
    return Meaning((text,)) if own.adherent and text in FIELDS else own.meaning_of(text)


def _choices(own: OwnColumns) -> tuple[str, ...]:
    return (*own.headers, *((*FIELDS, *EXAMPLES.values()) if own.adherent else ()))


def _possible(own: OwnColumns) -> str:
    """The hint that lists the fields: an adherent's by their paths, for a template's have many headers each."""
    hint = f"Champs possibles : {', '.join(FIELDS if own.adherent else own.headers)}."
    return f"{hint} « conventool modele » dit aussi ceux du modèle." if own.adherent and own.headers else hint
