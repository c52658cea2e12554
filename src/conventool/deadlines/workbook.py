"""Deadlines → a workbook sorted by date, with those that have no date yet, and what was assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import IO, TYPE_CHECKING

from conventool.deadlines.days import about_day
from conventool.deadlines.followed import Dated, Undated
from conventool.deadlines.schedule import Deadline
from conventool.files.workbook import begin_table, new_workbook
from conventool.text.cleaning import NOT_IN_XML

if TYPE_CHECKING:
    from xlsxwriter import Workbook

__all__ = ["write_workbook"]

_ROWS = 1_000_000
"""Deadlines on a sheet, where Excel has room for 1 048 576 rows."""
_EPOCH = date(1899, 12, 30).toordinal()
"""Day 0 of a workbook (ISO/IEC 29500-1, 18.17.4.1), as later days are counted."""
_DUE = (("Date", 12), ("Adhérent", 34), ("Échéance", 98), ("À savoir", 52))
_UNDATED = (("Adhérent", 32), ("Forme", 28), ("Code postal", 8), ("Ce qui manque", 80))


def write_workbook(
    file: IO[bytes], adherents: Sequence[Dated], undated: Iterable[Undated], assumptions: Iterable[str]
) -> None:
    """Write the workbook.

    Args:
        file: receives it.
        adherents: whose deadlines are told.
        undated: those that have none yet.
        assumptions: what is to be known of all the dates.
    """
    with new_workbook(file, "Échéances des conventions") as workbook:
        _write_due(workbook, adherents)
        sheet = begin_table(workbook, "Sans date", _UNDATED)
        for row, one in enumerate(undated, 1):
            for column, text in enumerate((one.nom, one.appellation, one.code_postal, one.why)):
                sheet.write_string(row, column, NOT_IN_XML.sub("", text))
        sheet = begin_table(workbook, "À savoir", (("Ce que ces dates supposent", 110),))
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        for row, text in enumerate(assumptions, 1):
            sheet.write_string(row, 0, text, wrapped)


def _write_due(workbook: Workbook, adherents: Sequence[Dated]) -> None:
    order = sorted(
        (deadline.day.toordinal(), rank, number)
        for rank, adherent in enumerate(adherents)
        for number, deadline in enumerate(adherent.deadlines)
    )
    shown = workbook.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
    names = [NOT_IN_XML.sub("", f"{adherent.nom} ({adherent.code_postal})") for adherent in adherents]
    sheet, row = begin_table(workbook, "Échéances", _DUE), 0
    for place, (day, rank, number) in enumerate(order):
        if place and place % _ROWS == 0:
            sheet.autofilter(0, 0, row, len(_DUE) - 1)
            sheet, row = begin_table(workbook, f"Échéances {place // _ROWS + 1}", _DUE), 0
        row += 1
        text, note = _texts(adherents[rank].deadlines[number])
        sheet.write_number(row, 0, day - _EPOCH, shown)
        sheet.write_string(row, 1, names[rank])
        sheet.write_string(row, 2, text)
        if note:
            sheet.write_string(row, 3, note)
    sheet.autofilter(0, 0, row, len(_DUE) - 1)


@lru_cache(maxsize=50_000)
def _texts(deadline: Deadline) -> tuple[str, str]:
    """What is due, and what is to be known of it."""
    text = f"{deadline.text} ({deadline.article})" if deadline.article else deadline.text
    return text, " ; ".join(filter(None, [deadline.condition, about_day(deadline.day)]))
