"""What every reader of workbooks gives: sheets, their lines, and cells as they are shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from conventool.core.row import Cell, TypedCell
from conventool.sources.number_formats import GENERAL, NumberFormat, number_format

if TYPE_CHECKING:
    from typing import IO
    from xml.etree.ElementTree import Element

__all__ = [
    "FAR_CELLS",
    "MOST_COLUMNS",
    "MOST_ELEMENTS",
    "MOST_UNWRITTEN",
    "Bounded",
    "Line",
    "Sheet",
    "children_of",
    "dated",
    "local_name",
    "numbered",
]

MOST_COLUMNS = 16_384
"""How many columns a sheet of Excel or LibreOffice may have."""
MOST_UNWRITTEN = 20_000_000
"""Cells of a sheet that are not written out, since they are empty or said to be repeated: what is beyond is no list."""
FAR_CELLS = (
    "Une cellule de ce classeur se trouve démesurément loin des autres.",
    "Supprimez les lignes et les colonnes au-delà de la liste, ou enregistrez la liste seule en CSV.",
)
"""What is told of a sheet that announces more cells than a list can have, and what to do."""
_LARGEST_CELL = 1_000_000
"""Bytes between two tags of a sheet, where Excel takes 32,767 characters."""
MOST_ELEMENTS = 400_000
"""XML elements of one row, where Excel takes 16,384 cells."""

_DAY, _MOMENT, _HOUR = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "hh:mm"


class Line(NamedTuple):
    """One line of a table.

    Attributes:
        number: as an editor or the sheet counts, from 1.
        cells: from the first column on; nothing is said of empty ones at the end.
        hidden: whether the sheet does not show it: hidden by hand, by a filter, or in a closed group.
    """

    number: int
    cells: Sequence[Cell]
    hidden: bool = False


class Sheet(NamedTuple):
    """A sheet of a workbook.

    Attributes:
        name: as its tab shows it.
        visible: whether there is such a tab.
        lines: begins to read its lines, those without any text or value left out.
        hidden_columns: reads which columns it does not show, from 0.
    """

    name: str
    visible: bool
    lines: Callable[[], Iterator[Line]]
    hidden_columns: Callable[[], Collection[int]] = tuple


@lru_cache(maxsize=20_000)  # the days and codes of a list come back
def numbered(text: str, code: str, *, since_1904: bool = False) -> TypedCell:
    """Read a cell that holds a number, which may stand for a date.

    Args:
        text: the number as the file writes it.
        code: its number format.
        since_1904: whether the workbook counts its days from 1904.

    Returns:
        The cell; a number without a format has all its digits, whatever the width of its column.

    Raises:
        ValueError: it is no number.
    """
    value = float(text)
    number = Decimal(f"{value:.15g}")
    form = number_format(code)
    if form.is_date:
        moment = _moment(value, since_1904=since_1904)
        shown = form.render(number, moment)
        if moment and form.shows_date:
            return TypedCell(moment if moment.time() != time() else moment.date(), shown, code)
        return TypedCell(value, shown, code)
    return TypedCell(int(number) if number == number.to_integral_value() else value, form.render(number), code)


def dated(moment: date, shown: str | None, code: str = "") -> TypedCell:
    """Make the cell of a date.

    Args:
        moment: the day, or the moment.
        shown: what the file says that the sheet shows, if it does.
        code: the number format, if it is known.
    """
    if isinstance(moment, datetime) and moment.time() == time():
        moment = moment.date()
    if not shown:
        at = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)  # noqa: DTZ001 (a cell has no zone)
        usual = _MOMENT if isinstance(moment, datetime) else _DAY
        form: NumberFormat = number_format(code if code and code != GENERAL else usual)
        shown = form.render(Decimal(0), at)
    return TypedCell(moment, shown, code)


_LAST_DAY = 2_958_465
"""31 December 9999, the last day of Excel and of Python, counted from 1900."""


def _moment(serial: float, *, since_1904: bool) -> datetime | None:
    """The moment that a serial number stands for; None before or after what Excel can show.

    The 1900 calendar counts a 29 February 1900 that never was (ISO/IEC 29500-1, 18.17.4.1): days before it are one
    further from its origin.
    """
    origin = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 (a cell has no zone)
    if not 0 <= serial < _LAST_DAY + 1:
        return None
    if not since_1904 and 0 < serial < 60:
        serial += 1
    moment = timedelta(milliseconds=round(serial * 86_400_000))
    try:
        return origin + moment
    except OverflowError:  # of less than a millisecond, or from 1904 of four years
        return None


class Bounded:
    """The bytes of an XML part, which is refused where there is no tag in too many of them.

    Args:
        data: the part.
    """

    def __init__(self, data: IO[bytes]) -> None:
        self._data = data
        self._since_tag = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes.

        Raises:
            ValueError: a text is longer than any cell.
        """
        some = self._data.read(size)
        tag = some.rfind(b"<")
        self._since_tag = self._since_tag + len(some) if tag < 0 else len(some) - tag
        if self._since_tag > _LARGEST_CELL:
            raise ValueError("a text without end")
        return some


def local_name(tag: str) -> str:
    """The name of an element or attribute without its namespace: two vocabularies have the same (strict and not)."""
    return tag.rpartition("}")[2]


def children_of(data: IO[bytes], parent: str, *names: str) -> Iterator[Element]:
    """Read the children that an element of an XML part has, each forgotten once it was looked at.

    Args:
        data: the part.
        parent: local name of the element.
        names: local names of the children wanted.

    Yields:
        Each child, whole.

    Raises:
        ParseError: the part is no XML.
    """
    from xml.etree.ElementTree import iterparse  # noqa: PLC0415 (expat fetches nothing, and bounds expansion)

    holder: Element | None = None
    wanted: set[str] = set()
    elements = 0
    for event, element in iterparse(Bounded(data), ("start", "end")):  # noqa: S314
        if event == "start":
            elements += 1
            if elements > MOST_ELEMENTS:
                raise ValueError("a row without end")
            if holder is None and local_name(element.tag) == parent:
                holder = element
                namespace = element.tag[: -len(parent)]
                wanted = {namespace + name for name in names}
        elif holder is not None and element.tag in wanted:
            yield element
            holder.clear()
            elements = 0
        elif element is holder:
            return
