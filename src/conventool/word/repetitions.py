"""What each field of a template that repeats values will show, as what it is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from lxml import etree

from conventool.word.compiled_part import Path, Work
from conventool.word.compiler import Compilation, Structure
from conventool.word.data_binding import BoundData
from conventool.word.document import Document
from conventool.word.field_editing import shown_text
from conventool.word.field_results import instruction, repeats
from conventool.word.fields import Field, fields
from conventool.word.names import ancestor
from conventool.word.styled_text import styled_paragraph

__all__ = ["Repetition", "field_name", "repetitions"]

_TEXTS = frozenset({"text", "rich", "list", "combo", "date"})
_AS_SHOWN = frozenset({"text", "rich", "combo"})  # what data keep of others is not what they show


class Repetition(NamedTuple):
    """The result of a field.

    Attributes:
        texts: what it is made of: each of words, of indexes of controls, of other results; None for what is not known.
        work: makes the result of the texts.
    """

    texts: tuple[tuple[Piece, ...], ...]
    work: Work

    @property
    def is_fixed(self) -> bool:
        """Does no value change it?"""
        return all(isinstance(piece, str) for text in self.texts for piece in text)

    def text(self, value: Callable[[int], str | None]) -> str | None:
        """The result, given what each control shows; None where that is not known."""
        texts = [[_said(piece, value) for piece in text] for text in self.texts]
        if any(piece is None for text in texts for piece in text):
            return None
        return self.work(["".join(filter(None, text)) for text in texts])


Piece: TypeAlias = str | int | Repetition | None


def _said(piece: Piece, value: Callable[[int], str | None]) -> str | None:
    if isinstance(piece, int):
        return value(piece)
    return piece.text(value) if isinstance(piece, Repetition) else piece


def field_name(code: str, seen: Counter[str]) -> str:
    """What tells a field from the others of its part: its code, and its rank among those of the same."""
    code = " ".join(code.split())
    seen[code] += 1
    return f"{code}#{seen[code]}"


def _named_fields(root: etree._Element) -> Iterator[tuple[str, Field]]:
    """The fields of a part that stand in no other and in no control, by their names."""
    seen: Counter[str] = Counter()
    for field in fields(root):
        if field.around is None and ancestor(field.begin, "sdt", "fldSimple") is None:
            yield field_name(field.code, seen), field


def repetitions(document: Document, data: BoundData, served: Iterable[int]) -> dict[tuple[str, str], Repetition]:
    """The results of the fields that repeat what some controls say.

    Args:
        document: the template.
        data: what its controls are bound to.
        served: indexes of the controls that are filled.

    Returns:
        By part and name of the field.
    """
    structure: Structure = tuple(((i,), "text") for i in sorted(served) if document.controls[i].kind in _TEXTS)
    compilation = Compilation(document, data, structure, "keep")

    def piece(path: Path, facet: str) -> int | Repetition | None:
        if path and path[0] < 0:
            split, work = compilation.slots.formulas[-path[0] - 1]
            return Repetition(tuple(made(*one) for one in split), work)
        shown = facet != "stored" or (path and document.controls[path[0]].kind in _AS_SHOWN)
        return path[0] if path and shown else None

    def made(
        fixed: list[bytes], places: list[tuple[tuple[int, ...], str]]
    ) -> tuple[str | int | Repetition | None, ...]:
        first, *rest = (plain.decode() for plain in fixed)
        return (first, *(one for place, plain in zip(places, rest, strict=True) for one in (piece(*place), plain)))

    return {
        (part, name): Repetition((made(*compilation.slots.split(shown_text(field).encode())),), lambda texts: texts[0])
        for part in document.repeating_parts
        for name, field in _named_fields(compilation.roots.get(part, document.roots[part]))
        if repeats(field.code) and (field.kind != "STYLEREF" or _is_known(document, compilation, field))
    }


def _is_known(document: Document, compilation: Compilation, field: Field) -> bool:
    """Is it known which paragraph a STYLEREF repeats?"""
    main = document.package.main_part
    root, arguments = compilation.roots.get(main, document.root(main)), instruction(field.code).arguments
    return len(arguments) == 1 and styled_paragraph(document.styles, root, field, arguments[0]) is not None
