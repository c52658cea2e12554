"""Values for the fields that a template declares of its own, to try it on: every choice, yes and no, and nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from conventool.core.row import Value
from conventool.template.field_values import FieldReader, label
from conventool.template.fields import Champ, FieldValue

__all__ = ["example_row", "field_samples"]

_ELEMENTS = 2


def field_samples(champs: Mapping[str, Champ]) -> Iterator[tuple[str, Mapping[str, FieldValue]]]:
    """Sets of values in which every field takes each of its values, and none where it may be empty.

    Yields:
        What makes a set different, in French, and the values of all fields; the first set leaves none empty.
    """
    options = {name: list(_options(champ)) for name, champ in champs.items()}
    reader = FieldReader(champs, adherent=False)
    for rank in range(max(map(len, options.values()), default=1)):
        raw = {name: some[rank % len(some)] for name, some in options.items()}
        told = ", ".join(f"{label(n, champs[n])} : {_told(v)}" for n, v in raw.items() if len(options[n]) > rank)
        yield told, reader.parsed({name: value for name, value in raw.items() if value is not None})


def example_row(champs: Mapping[str, Champ]) -> dict[str, Value]:
    """The fields as one would write them in a data file, none empty."""
    return {name: next(_options(champ)) for name, champ in champs.items()}


def _options(champ: Champ) -> Iterator[Value]:
    if champ.type == "liste":
        least, most = champ.min or 0, champ.max or _ELEMENTS
        for number in dict.fromkeys([max(least, min(_ELEMENTS, most)), max(least, 1)]):
            yield [example_row(champ.champs) for _ in range(number)]
        if not champ.required and not least:
            yield []
        return
    yield from {"choix": champ.choix, "oui-non": ("oui", "non")}.get(champ.type, (champ.example,))
    if not champ.required:
        yield None


def _told(value: Value) -> str:
    return f"{len(value)} éléments" if isinstance(value, list) else str(value or "rien")
