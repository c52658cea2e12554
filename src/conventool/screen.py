"""What a terminal shows: lines that break as French breaks them, colours, tables. Rich takes a while to import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import IO, TYPE_CHECKING, TypeAlias

from rich.box import SIMPLE
from rich.console import Console
from rich.segment import Segment
from rich.table import Table as Grid
from rich.text import Text

from conventool.french import NBSP
from conventool.problems import printable

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, RenderableType

    from conventool.report import Table

__all__ = ["Piece", "open_console", "paragraph", "table", "tally"]

Piece: TypeAlias = "str | tuple[str, str]"
"""A stretch of text, or one and its style."""

_BEFORE_SIGN = re.compile(r"(?<=«) | (?=[»:;?!])")
_GLUE = "\ue000"
"""Stands for a non-breaking space until it is shown: Rich breaks lines at any space."""


class _Console(Console):
    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """Render with nothing in it that a terminal would obey, but what is Rich's own."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else printable(segment.text.replace(_GLUE, NBSP))
            yield segment._replace(text=text)

    def on_broken_pipe(self) -> None:
        """Let the caller say what it means; Rich would end the program with an exit code of its own."""
        raise  # noqa: PLE0704 (Rich calls this while it handles the BrokenPipeError)


@lru_cache(maxsize=2)
def open_console(stream: IO[str]) -> Console:
    """A console that marks nothing up by itself: names and numbers of the data keep their look."""
    return _Console(file=stream, highlight=False, markup=False, emoji=False)


def paragraph(stream: IO[str], pieces: Iterable[Piece], *, indent: int, whole: bool) -> None:
    """Print a text in its own paragraph.

    Args:
        stream: where.
        pieces: the text.
        indent: so many spaces before each line.
        whole: leave it to the terminal to break what is too long, such as a path that is to be copied.
    """
    console, text = open_console(stream), Text.assemble(*pieces)
    lines = [text] if whole or not console.is_terminal else _spaced(text).wrap(console, console.width - indent)
    for line in lines:
        line.rstrip()
        console.print(Text(" " * indent).append_text(line), soft_wrap=True)


def table(stream: IO[str], shown: Table) -> None:
    """Columns as wide as the terminal allows; what is too long goes on below."""
    grid = Grid(
        title=shown.title,
        title_justify="left",
        title_style="bold",
        box=SIMPLE,
        show_edge=False,
        pad_edge=False,
        leading=1 if any("\n" in cell for row in shown.rows for cell in row) else 0,
    )
    for rank, head in enumerate(shown.columns):
        grid.add_column(head, overflow="fold", ratio=None if rank == 0 else 1, style="bold" if rank == 0 else None)
    for row in shown.rows:
        grid.add_row(*map(_cell, row))
    console = open_console(stream)
    console.print(grid)
    console.print()


def _cell(text: str) -> Text | Grid:
    """A cell; lines that begin with a label and a tab keep their labels in a column of their own."""
    if "\t" not in text:
        return Text(text)
    inner = Grid.grid(padding=(0, 1, 0, 0))
    inner.add_column(style="dim", no_wrap=True)
    inner.add_column(overflow="fold")
    for line in text.split("\n"):
        label, _, value = line.partition("\t")
        inner.add_row(Text(label), Text(value))
    return inner


def tally(stream: IO[str], rows: Iterable[tuple[Piece, str, Sequence[Piece]]]) -> None:
    """Problems by kind: how grave, how many, what."""
    grid = Grid(box=SIMPLE, pad_edge=False, show_edge=False)
    grid.add_column("Gravité", no_wrap=True)
    grid.add_column("Nombre", justify="right", no_wrap=True)
    grid.add_column("Problème", ratio=1)
    for severity, number, problems in rows:
        grid.add_row(Text.assemble(severity), number, _spaced(Text.assemble(*map(_measurable, problems))))
    console = open_console(stream)
    console.print()
    console.print(grid)


def _measurable(piece: Piece) -> Piece:
    """A piece whose width in a column is that of what will be shown."""
    return printable(piece) if isinstance(piece, str) else (printable(piece[0]), piece[1])


def _spaced(text: Text) -> Text:
    """The text, whose lines are not broken where French puts a space that does not break."""
    glued = _BEFORE_SIGN.sub(_GLUE, text.plain).replace(NBSP, _GLUE)  # of the same length: styles stay where they are
    return Text(glued, style=text.style, spans=text.spans)
