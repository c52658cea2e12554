"""What a PDF does when it is opened, printed, turned over or clicked on (ISO 32000-1, 12.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

__all__ = ["has_program", "leads_elsewhere"]

_LEADING = frozenset({"/URI", "/GoTo", "/GoToR", "/GoToE", "/Named"})
"""What a link may do: it leads elsewhere. Others hide, run, send (12.6.4)."""
_OPENING = frozenset({"/GoTo", "/Named"})
"""What may be done without being asked for: another place of the same file is shown."""
_MOST = 10_000
"""Actions in a row, or bookmarks, that are looked at."""


def leads_elsewhere(action: Any, kinds: Collection[str] = _LEADING) -> bool:
    """Whether an action, and all that follow it, only lead elsewhere.

    Args:
        action: a dictionary; None or a place where there is none.
        kinds: those that do.
    """
    return all(str(one.get("/S", "/GoTo")) in kinds for one in _in_a_row(action))


def _in_a_row(action: Any) -> Iterator[Any]:
    """An action and those that are done after it (12.6.2)."""
    return _reached(action, ("/Next",))


def has_program(pdf: Any) -> bool:
    """Whether a file runs a program, or shows something else, when it is opened, printed, turned over or clicked on.

    Args:
        pdf: as pikepdf opens it.
    """
    return (
        "/JavaScript" in pdf.Root.get("/Names", {})
        or "/AA" in pdf.Root
        or not leads_elsewhere(pdf.Root.get("/OpenAction"), _OPENING)
        or any("/AA" in page.obj or "/PresSteps" in page.obj for page in pdf.pages)
        or not all(leads_elsewhere(one.get("/A")) for one in _bookmarks(pdf.Root.get("/Outlines")))
        or any("/AA" in one for one in _reached(pdf.Root.get("/AcroForm", {}).get("/Fields"), ("/Kids",)))
    )


def _bookmarks(root: Any) -> Iterator[Any]:
    """The bookmarks of a file (12.3.3)."""
    return _reached(root, ("/First", "/Next"))


def _reached(first: Any, ways: Collection[str]) -> Iterator[Any]:
    """A dictionary, and those to which the entries of that name lead from it, one by one or several at once."""
    import pikepdf  # noqa: PLC0415 (for PDFs only)

    pending, seen = [first], set[object]()
    while pending and len(seen) < _MOST:
        one = pending.pop()
        if isinstance(one, pikepdf.Array):
            pending += list(one)
        elif isinstance(one, pikepdf.Dictionary) and one.objgen not in seen:
            seen |= {one.objgen} - {(0, 0)}
            yield one
            pending += [one.get(way) for way in ways]
