"""How a long work tells of its progress, to a bar on the screen or to nobody."""

from __future__ import annotations

from typing import Protocol

__all__ = ["NOBODY", "Watch"]


class Watch(Protocol):
    """Receives the progress of a long work."""

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins; it has ``total`` steps where that is known."""

    def step(self, number: int, /) -> None:
        """``number`` more steps are done."""


class _Nobody:
    def begin(self, stage: str, total: int | None) -> None:
        """Show nothing."""

    def step(self, number: int, /) -> None:
        """Show nothing."""


NOBODY: Watch = _Nobody()
"""Shows nothing."""
