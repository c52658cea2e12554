"""Workbooks for people: the same bytes for the same contents, and pages that print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from conventool.core.clock import source_date
from conventool.files.reading import naming
from conventool.files.scratch import scratch_folder

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["LINE_HEIGHT", "begin_table", "lay_out_for_paper", "lines_of", "new_workbook", "set_height", "xlsx_writer"]

LINE_HEIGHT = 15
"""Of a line of text, in points; LibreOffice makes no room by itself for more lines than one."""
_OLDEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first day that a zip can tell: the date of a workbook that is given none."""
_A4 = 9
"""As ISO/IEC 29500-1, 18.3.1.63, counts paper."""


@contextmanager
def new_workbook(file: IO[bytes], title: str = "") -> Iterator[Workbook]:
    """Begin a workbook whose lines are written in their order, and end it.

    Args:
        file: receives it.
        title: among its properties; empty for none.

    Raises:
        OSError: the system refuses to write.
        UsageError: ``SOURCE_DATE_EPOCH`` names no moment.
    """
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsx_writer(file, options, title, source_date() or _OLDEST) as workbook:
        yield workbook


def set_height(sheet: Worksheet, row: int, points: float) -> None:
    """Set the height of a row that is to be written next, and forget those that are written.

    XlsxWriter holds the height of each row, twice, though it has written all rows but the one before.
    """
    for known in (sheet.row_info, sheet.row_sizes):
        for written in [one for one in known if one < row - 1]:
            del known[written]
    sheet.set_row(row, points)


@contextmanager
def xlsx_writer(
    file: IO[bytes], options: dict[str, bool], title: str | None = None, created: datetime = _OLDEST
) -> Iterator[Workbook]:
    """A workbook of XlsxWriter; it is in the file when the context ends.

    Args:
        file: receives it.
        options: of XlsxWriter, which keeps rows and parts in a temporary folder of ours meanwhile.
        title: among its properties; None for none.
        created: likewise, in universal time.

    Raises:
        OSError: the system refuses to write, in the file or in the temporary folder.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 (slow to import)
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415

    tolerant = _TolerantFile(file)
    try:
        with scratch_folder() as aside, naming(aside):
            try:
                with Workbook(tolerant, {**options, "tmpdir": str(aside)}) as workbook:
                    named = {} if title is None else {"title": title}
                    workbook.set_properties({**named, "created": created.replace(tzinfo=None)})
                    yield workbook
            except FileCreateError as error:
                raise error.args[0] from None
    finally:
        tolerant.ends()
    if tolerant.refused:
        raise tolerant.refused


class _TolerantFile:
    """A file that ignores what is written to it once the system has refused, so that its writer ends in the usual way.

    A zip that cannot be ended is ended again when Python discards it, and what that meets is printed as an error.

    Attributes:
        refused: the first refusal.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file: IO[bytes] | None = file
        self._at = 0
        self.refused: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write at the place where the last writing ended."""
        if self._file:
            try:
                self._file.write(data)
            except OSError as error:
                self._refuse(error)
        self._at += len(data)
        return len(data)

    def seek(self, at: int) -> int:
        """Go to a place, counted in bytes from the beginning."""
        self._at = at
        if self._file:
            try:
                self._file.seek(at)
            except OSError as error:
                self._refuse(error)
        return at

    def tell(self) -> int:
        """The place."""
        return self._at

    def flush(self) -> None:
        """Do nothing: whoever opened the file flushes it."""

    def ends(self) -> None:
        """Take no more."""
        self._file = None

    def _refuse(self, error: OSError) -> None:
        self.refused = error
        self.ends()


def begin_table(workbook: Workbook, name: str, columns: Iterable[tuple[str, float]], *, names: int = 0) -> Worksheet:
    """A sheet that begins with headers, which stay in sight; ready for paper.

    Args:
        workbook: in which it is.
        name: its name.
        columns: the header and the width of each, in characters.
        names: how many columns tell what a line is about, and stay in sight too.
    """
    sheet = workbook.add_worksheet(name)
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    for rank, (title, width) in enumerate(columns):
        sheet.set_column(rank, rank, width)
        sheet.write_string(0, rank, title, head)
    sheet.freeze_panes(1, names)
    lay_out_for_paper(sheet)
    return sheet


def lay_out_for_paper(sheet: Worksheet, *, across: int = 1, heads: int = 1, names: int = 1) -> None:
    """Print a sheet on A4 across, as wide as some pages; headers on each, the first columns on each of several.

    Args:
        sheet: any sheet.
        across: how many pages.
        heads: how many lines of headers.
        names: how many columns tell what a line is about.
    """
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.fit_to_pages(across, 0)
    sheet.hide_gridlines(0)  # nor are they on paper, where they lead the eye along a line
    sheet.repeat_rows(0, heads - 1)
    if across > 1:
        sheet.repeat_columns(0, names - 1)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column, whose words are broken between lines: at least as many as it needs."""
    return sum([1 + int(len(line) * 1.1 // width) for line in text.split("\n")])
