"""What addresses mean: which control, among those of a document or of a repeated item."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conventool.core.errors import FillError
from conventool.core.problems import Place, Problem
from conventool.word.controls import Control, names_of

__all__ = ["Addresses"]

_PREFIXES = ("tag:", "champ:", "alias:", "text:", "kind:")
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
        self._known: dict[str, tuple[int, ...]] = {}  # the controls' own addresses, then whatever was looked up once
        self._called: dict[str, list[int]] = {}
        for index in within:
            self._known[controls[index].address] = (index,)
            for name in names_of(controls[index]):
                self._called.setdefault(name, []).append(index)
        self._indexes = frozenset(index for indexes in self._known.values() for index in indexes)

    def __contains__(self, index: int) -> bool:
        """Is the control of that index one of them?"""
        return index in self._indexes

    def indexes(self, address: str) -> tuple[int, ...]:
        """The indexes of the controls that ``address`` means: one, or several that have the same tag.

        Args:
            address: a control's own; or ``tag:x``, ``alias:x``, ``text:prompt``, ``kind:date``, or a bare word, which
                is a tag, else a title, else a prompt; each optionally followed by ``#2`` for the second such.

        Raises:
            FillError: it means none, or several that have no tag in common; the hint lists what there is.
        """
        known = self._known.get(address)
        if known is not None:
            return known
        found = tuple(self._all(address))
        if not found or (len(found) > 1 and not self._same_tag(found)):
            raise FillError(self._not_one(address, found))
        return self._known.setdefault(address, found)

    def _all(self, address: str) -> Sequence[int]:
        name, mark, rank = address.rpartition("#")
        if mark and rank.isdecimal() and len(rank) <= _MAX_DIGITS:
            return self._named(name)[max(0, int(rank) - 1) : int(rank)]
        return self._named(address)

    def _same_tag(self, indexes: Sequence[int]) -> bool:
        tags = {self._controls[index].tag for index in indexes}
        return len(tags) == 1 and None not in tags

    def _named(self, name: str) -> list[int]:
        spaced = " ".join(name.split())
        for prefix in _PREFIXES if not name.startswith(_PREFIXES) else ("",):
            found = self._called.get(prefix + name) or self._called.get(prefix + spaced)
            if found:
                return found
        return []

    def _not_one(self, address: str, found: Sequence[int]) -> Problem:
        place = Place(file=self._file)
        listed = (
            ", ".join(f"« {self._controls[index].address} »" for index in found or sorted(self._indexes)) or "aucun"
        )
        if found:
            message = f"« {address} » désigne {len(found)} contrôles."
            return Problem("control-ambiguous", message, f"Précisez lequel : {listed}.", value=address, place=place)
        message = f"Aucun contrôle ne répond à « {address} »."
        return Problem("control-missing", message, f"Contrôles du document : {listed}.", value=address, place=place)
