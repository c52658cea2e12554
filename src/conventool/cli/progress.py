"""The bar that shows how a long work goes on."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

__all__ = ["Bar"]


class _Rate(ProgressColumn):
    """How many in a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "", style="dim")


class Bar(Progress):
    """A bar for each stage: how many are done, rate, time remaining. It leaves no trace."""

    def __init__(self, console: Console, unit: str) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn(f"{{task.completed}} {unit}"),
            _Rate(),
            TimeRemainingColumn(),
        )
        super().__init__(*columns, console=console, transient=True)
        self._stage: TaskID | None = None

    def begin(self, stage: str, total: int | None) -> None:
        """A stage begins, of so many if that is known."""
        if self._stage is not None:
            self.remove_task(self._stage)
        self._stage = self.add_task(stage, total=total)

    def step(self, number: int, /) -> None:
        """So many more are done."""
        if self._stage is not None:
            self.advance(self._stage, number)
