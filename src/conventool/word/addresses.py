"""What addresses mean: which control, among those of a document or of a repeated item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conventool.core.errors import FillError
from conventool.core.problems import Place, Problem
from conventool.word.controls import Control, names_of

__all__ = ["Addresses"]

_PREFIXES = ("tag:", "alias:", "text:", "kind:")
_MAX_DIGITS = 9


class Addresses:
    """The addresses of some controls of a document.

    Args:
        file: how messages call the document.
        controls: all the controls of the document.
        within: the indexes of those that an address may mean.
    """

    def __init__(self, file: str, controls: Sequence[Control], within: Iterable[int]) -> None:
        self._file = file
        self._controls = controls
        self._met: dict[str, int] = {}  # the controls' own addresses, then whatever was looked up once
        self._called: dict[str, list[int]] = {}
        for index in within:
            self._met[controls[index].address] = index
            for name in names_of(controls[index]):
                self._called.setdefault(name, []).append(index)
        self._indexes = frozenset(self._met.values())

    def __contains__(self, index: int) -> bool:
        """Is the control of that index one of them?"""
        return index in self._indexes

    def index(self, address: str) -> int:
        """The index of the control that ``address`` means.

        Args:
            address: a control's own; or ``tag:x``, ``alias:x``, ``text:prompt``, ``kind:date``, or a bare word, which
                is a tag, else a title, else a prompt; each optionally followed by ``#2`` for the second such.

        Raises:
            FillError: it means none or several; the hint lists what there is.
        """
        met = self._met.get(address)
        if met is not None:
            return met
        found = self._all(address)
        if len(found) != 1:
            raise FillError(self._not_one(address, found))
        return self._met.setdefault(address, found[0])

    def _all(self, address: str) -> list[int]:
        name, mark, rank = address.rpartition("#")
        if mark and rank.isdecimal() and len(rank) <= _MAX_DIGITS:
            return self._named(name)[max(0, int(rank) - 1) : int(rank)]
        return self._named(address)

    def _named(self, name: str) -> list[int]:
        spaced = " ".join(name.split())
        for prefix in _PREFIXES if not name.startswith(_PREFIXES) else ("",):
            found = self._called.get(prefix + name) or self._called.get(prefix + spaced)
            if found:
                return found
        return []

    def _not_one(self, address: str, found: list[int]) -> Problem:
        place = Place(file=self._file)
        listed = (
            ", ".join(f"« {self._controls[index].address} »" for index in found or sorted(self._indexes)) or "aucun"
        )
        if found:
            message = f"« {address} » désigne {len(found)} contrôles."
            return Problem("control-ambiguous", message, f"Précisez lequel : {listed}.", value=address, place=place)
        message = f"Aucun contrôle ne répond à « {address} »."
        return Problem("control-missing", message, f"Contrôles du document : {listed}.", value=address, place=place)
