"""The workbook in which people follow what becomes of the conventions: a line for each adherent of the dossier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from conventool.core.clock import source_date
from conventool.dossier.reading import Followed
from conventool.text.cleaning import NOT_IN_XML

if TYPE_CHECKING:
    from xlsxwriter import Workbook

__all__ = ["NAME", "write"]

NAME = "suivi.xlsx"

_ROWS = 1_000_000
"""Adherents on a sheet, where Excel has room for 1 048 576 rows."""
_OLDEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first day that a zip can tell: the date of a workbook that is given none."""
_HEAD_HEIGHT = 48
"""Of the headers, in points: three lines, which not every program makes room for by itself."""
_A4 = 9
"""As ISO/IEC 29500-1, 18.3.1.63, counts paper."""
_LONGEST = 32_767
"""Characters that a cell holds."""


def write(file: IO[bytes], copies: Mapping[str, str], adherents: Iterable[Followed]) -> None:
    """Write the workbook.

    Args:
        file: receives it.
        copies: by key, whose each copy is: a column of links, and one for the date of that party's signature.
        adherents: each is written as it comes.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 (slow to import)

    created = source_date() or _OLDEST
    with Workbook(file, {"constant_memory": True, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": "Suivi des conventions", "created": created.replace(tzinfo=None)})
        sheet = _Sheet(workbook, "Suivi", copies)
        for number, adherent in enumerate(adherents):
            if number and number % _ROWS == 0:
                sheet.finish()
                sheet = _Sheet(workbook, f"Suivi {number // _ROWS + 1}", copies)
            sheet.add(adherent)
        sheet.finish()


class _Column(NamedTuple):
    """A column of the workbook.

    Attributes:
        title: its header.
        width: in characters.
        value: what it says of an adherent.
        is_date: do people write a date in it?
        shown: of the path of a file, the words of its link.
    """

    title: str
    width: int
    value: Callable[[Followed], str]
    is_date: bool = False
    shown: str = ""


def _columns(copies: Mapping[str, str]) -> list[_Column]:
    """The columns, in their order."""
    return [
        _Column("Adhérent", 34, lambda one: one.nom),
        _Column("Forme", 26, lambda one: one.appellation),
        _Column("Code postal", 8, lambda one: one.code_postal),
        *(
            _Column(f"Exemplaire {whose}", min(30, max(16, len(whose) + 1)), partial(_path_of, key), shown=whose)
            for key, whose in copies.items()
        ),
        _Column("État", 24, _state),
        *(_Column(f"Date de signature : {whose}", 16, lambda _: "", is_date=True) for whose in copies.values()),
        _Column("Ce qui a été supposé", 80, lambda one: " ".join(one.messages)),  # a line break would need a taller row
    ]


def _path_of(copy: str, adherent: Followed) -> str:
    """The file of a copy; of a document and its PDF, the document."""
    return next((piece.path for piece in adherent.pieces if piece.copy == copy), "")


class _Sheet:
    """A sheet, to which lines are added.

    Args:
        workbook: in which it is.
        name: its name.
        copies: by key, whose each copy is.
    """

    def __init__(self, workbook: Workbook, name: str, copies: Mapping[str, str]) -> None:
        self._sheet = workbook.add_worksheet(name)
        # XlsxWriter looks for thirty functions of newer Excels in each formula: no link has one, and it takes long
        self._sheet._prepare_formula = lambda formula, *_: formula  # noqa: SLF001
        self._link = workbook.add_format({"font_color": "#0563C1", "underline": 1})
        self._columns = _columns(copies)
        self._row = 0
        head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        date = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for rank, column in enumerate(self._columns):
            self._sheet.set_column(rank, rank, column.width, date if column.is_date else None)
            self._sheet.write_string(0, rank, column.title, head)
        self._sheet.set_row(0, _HEAD_HEIGHT)
        self._sheet.freeze_panes(1, 1)
        self._lay_out_for_paper()

    def _lay_out_for_paper(self) -> None:
        """As wide as a page of A4 lies, the headers on each page."""
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)

    def add(self, adherent: Followed) -> None:
        """Write the line of an adherent."""
        self._row += 1
        for rank, column in enumerate(self._columns):
            text = NOT_IN_XML.sub("", column.value(adherent))[:_LONGEST]
            if text and column.shown:
                # a formula, since Excel refuses a sheet with more than 65 530 links
                shown = column.shown.replace('"', '""')
                link = f'HYPERLINK("{quote(text)}","{shown}")'
                self._sheet.write_formula(self._row, rank, link, self._link, column.shown)
            elif text:
                self._sheet.write_string(self._row, rank, text)

    def finish(self) -> None:
        """Add what needs to know how many lines there are."""
        self._sheet.autofilter(0, 0, self._row, len(self._columns) - 1)


def _state(adherent: Followed) -> str:
    if adherent.superseded:
        return "Remplacée"
    statuses = {piece.status for piece in adherent.pieces}
    if "conflict" in statuses:
        return "Non écrite : un autre fichier porte ce nom"
    if "failed" in statuses:
        return "PDF non produit"
    return "À signer"
