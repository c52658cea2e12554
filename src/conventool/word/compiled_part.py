"""A part split where values go, so that a copy of it costs no more than its values.

A deflate stream may be made of blocks that were compressed apart (RFC 1951, 3.2.3): the bytes between two values are
compressed once and end on a full flush, each value is a stored block.
"""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from zlib_ng.zlib_ng import crc32

from conventool.word.values import PARAGRAPHS, RUN_FACETS, Filling
from conventool.word.zip_file import Entry, Record

__all__ = ["CompiledPart", "Formula", "Path", "Slots", "Work"]

Path: TypeAlias = tuple[int, ...]
"""The way to a filled control: its index, or for one in a repeated item: section, item's rank, control."""

_TOKEN_START = f"slot-{os.urandom(8).hex()}-"  # no template can hold it; it leaves no trace in what is written
_TOKEN = re.compile(rb"%s(\d+);" % _TOKEN_START.encode("ascii"))
_OPEN_TEXT = re.compile(rb'<((?:[^<>/\s:]+:)?)t xml:space="preserve">$')
_OPEN_PARAGRAPH = re.compile(rb"(?s).*(<((?:[^<>/\s:]+:)?)p(?: [^<>]*)?>.*)$")
_TO_ESCAPE = re.compile(r"[&<>\"\n\t]")
_END_OF_STREAM = b"\x01\x00\x00\xff\xff"  # an empty stored block, marked as the last one
_STORED = struct.Struct("<BHH")
_MAX_STORED = 0xFFFF
_REMEMBERED = 4
"""Of a part with one value, as the footer that marks a copy, so many as they were written: each adherent has them."""


Work: TypeAlias = Callable[[Sequence[str]], str]
"""Makes one text of some."""

_FILE: Path = ()  # the way to no control
_Split: TypeAlias = tuple[list[bytes], list[tuple[Path, str]]]


class Formula(NamedTuple):
    """What is worked out of texts in which values stand."""

    texts: Sequence[_Split]
    work: Work


class _Results(dict[Path, Filling]):
    """Fillings, and the results of formulas as they are asked for: each may be made of others."""

    def __init__(self, fillings: Mapping[Path, Filling], formulas: Sequence[Formula]) -> None:
        super().__init__(fillings)
        self._formulas = formulas

    def __missing__(self, path: Path) -> Filling:
        self[path] = Filling("text")  # for one that is made of itself
        formula = self._formulas[-path[0] - 1]
        text = formula.work([self._put_in(split) for split in formula.texts])
        self[path] = Filling("text", (text,), text)
        return self[path]

    def _put_in(self, split: _Split) -> str:
        first, *rest = split[0]
        values = (self[path].facet(facet) for path, facet in split[1])
        return first.decode() + "".join(value + plain.decode() for value, plain in zip(values, rest, strict=True))


class Slots:
    """The places of one template where values go: each a control's path and a facet of its value.

    Attributes:
        formulas: what is worked out of values; the path of the first is (-1,).
    """

    def __init__(self) -> None:
        self._places: list[tuple[Path, str]] = []
        self.formulas: list[Formula] = []
        self._name_file = False

    def token(self, path: Path, facet: str) -> str:
        """A text to put where that facet of that control's value will stand."""
        self._places.append((path, facet))
        return f"{_TOKEN_START}{len(self._places) - 1};"

    def file_name(self) -> str:
        """A text to put where the name of the file will stand."""
        self._name_file = True
        return self.token(_FILE, "text")

    def formula(self, texts: Sequence[str], work: Work) -> str:
        """A text to put where what is worked out of other texts will stand.

        Args:
            texts: with tokens; without any the result is known.
            work: makes one text of them, once the values are in.
        """
        split = [self.split(text.encode("utf-8")) for text in texts]
        if not any(places for _, places in split):
            return work(texts)
        self.formulas.append(Formula(split, work))
        return self.token((-len(self.formulas),), "text")

    def with_results(self, fillings: Mapping[Path, Filling], file: str) -> Mapping[Path, Filling]:
        """The fillings, and what the results of fields are made of besides: the name of the file, formulas."""
        if not self.formulas and not self._name_file:
            return fillings
        return _Results({**fillings, _FILE: Filling("text", (file,), file)}, self.formulas)

    def split(self, data: bytes) -> _Split:
        """The bytes of a part between its tokens, and the places that the tokens stand for."""
        pieces = _TOKEN.split(data)
        return pieces[0::2], [self._places[int(number)] for number in pieces[1::2]]


class CompiledPart:
    """A part split at its tokens: what stands between them is compressed, what stands at them is to be filled.

    A copy differs from the one before in few values, and in few parts: only these are written anew.

    Args:
        name: the part's name.
        data: its bytes, with tokens.
        slots: what the tokens stand for.
    """

    def __init__(self, name: str, data: bytes, slots: Slots) -> None:
        fixed, places = slots.split(data)
        self._name = name
        self._paths = [path for path, _ in places]
        self._slots = [(facet, _escapes(before, facet)) for before, (_, facet) in zip(fixed, places, strict=False)]
        self._remembered = _REMEMBERED if len(places) == 1 else 1
        blank = _Written([None] * len(places), _with_gaps(fixed), _with_gaps(list(map(_flushed, fixed))))
        self._last: tuple[_Written, ...] = (blank,)

    def filled(self, fillings: Mapping[Path, Filling]) -> Record:
        """The part with these values."""
        given = [fillings[path] for path in self._paths]
        last = self._last  # looked at once, since another thread may put its own there
        for before in last:
            if before.record and before.given == given:
                return before.record
        written = self._written(given, last[0])
        self._last = (written, *last[: self._remembered - 1])
        assert written.record
        return written.record

    def _written(self, given: list[Filling], last: _Written) -> _Written:
        """The part with these values, those that the last one has too as they are there."""
        plain, packed = last.plain.copy(), last.packed.copy()
        changed = [rank for rank, (now, before) in enumerate(zip(given, last.given, strict=True)) if now is not before]
        for rank in changed:
            facet, escapes = self._slots[rank]
            value = _escaped(given[rank].facet(facet), escapes)
            plain[2 * rank + 1], packed[2 * rank + 1] = value, _stored(value)
        data, deflated = b"".join(plain), b"".join((*packed, _END_OF_STREAM))
        entry = Entry(self._name, zipfile.ZIP_DEFLATED, crc32(data), len(data), deflated)
        return _Written(given, plain, packed, entry.record())


class _Written(NamedTuple):
    """A part as it was written.

    Attributes:
        given: the value of each slot; None for one that is empty.
        plain: the bytes between the slots and, at every other place, those in them.
        packed: the same, compressed.
        record: the part in the zip; None while the slots are empty.
    """

    given: Sequence[Filling | None]
    plain: list[bytes]
    packed: list[bytes]
    record: Record | None = None


def _with_gaps(fixed: list[bytes]) -> list[bytes]:
    """The bytes with an empty place for a value between each two."""
    gapped = [b""] * (2 * len(fixed) - 1)
    gapped[0::2] = fixed
    return gapped


def _flushed(data: bytes) -> bytes:
    """Bytes as deflate blocks that end on a byte and refer to nothing before them."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return deflate.compress(data) + deflate.flush(zlib.Z_FULL_FLUSH)


def _stored(value: bytes) -> bytes:
    """A value as stored blocks: the cheapest to make, and values are short."""
    if len(value) > _MAX_STORED:
        return b"".join(_stored(value[start : start + _MAX_STORED]) for start in range(0, len(value), _MAX_STORED))
    return _STORED.pack(0, len(value), len(value) ^ _MAX_STORED) + value


def _escapes(before: bytes, facet: str) -> dict[int, str]:
    """How characters are written where a value goes: a newline in a run is a break, in an attribute a reference.

    Where lines are paragraphs it is the end of one, and what the first begins with.
    """
    escapes = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
    opened = _OPEN_TEXT.search(before)
    if facet in {*RUN_FACETS, PARAGRAPHS} and opened:
        prefix = opened[1].decode("utf-8")
        for char, name in (("\n", "br"), ("\t", "tab")):
            escapes[char] = f'</{prefix}t><{prefix}{name}/><{prefix}t xml:space="preserve">'
    begun = _OPEN_PARAGRAPH.search(before) if facet == PARAGRAPHS else None
    if opened and begun:
        prefix = opened[1].decode("utf-8")
        escapes["\n"] = f"</{prefix}t></{prefix}r></{prefix}p>{begun[1].decode('utf-8')}"
    return str.maketrans(escapes)


def _escaped(text: str, escapes: dict[int, str]) -> bytes:
    return (text.translate(escapes) if _TO_ESCAPE.search(text) else text).encode("utf-8")
