"""The workbook in which people follow what becomes of the conventions: a line for each adherent of the dossier.

What people type in it is read back by [typed_workbook][conventool.dossier.typed_workbook] before it is written again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from conventool.dossier.facts import MAIL, PHONE, FactValue, Formula
from conventool.dossier.reading import Folder, Followed
from conventool.dossier.standing import standing
from conventool.dossier.tracking_columns import (
    ASSUMED,
    SHEET,
    Column,
    arranged,
    columns,
    key_header,
    key_of,
)
from conventool.files.workbook import LINE_HEIGHT, lay_out_for_paper, lines_of, new_workbook, set_height
from conventool.text.cleaning import NOT_IN_XML

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["NAME", "Contents", "contents_of", "write"]

NAME = "suivi.xlsx"

_ROWS = 1_000_000
"""Adherents on a sheet, where Excel has room for 1 048 576 rows."""
_HEAD_HEIGHT = 75
"""Of the headers, in points: five lines, which not every program makes room for by itself."""
_MOST_LINES = 20
_ASSUMED_LINES = 3
"""Of what is usually assumed of an adherent: the lines of that sheet are so high, unless they need more."""
_ASSUMED_WIDTH = 100
_A_PAGE = 230
"""Characters beside each other that can still be read on a page of A4 that lies; of more, two pages are made."""
_LONGEST = 32_767
"""Characters that a cell holds."""
_DAY = "dd/mm/yyyy"


class Contents(NamedTuple):
    """What the workbook tells.

    Attributes:
        copies: by key, whose each copy is: a column of links, and one for the date of that party's signature.
        adherents: each is written as it comes.
        today: the day by which states are told.
        pdf: has any copy a PDF?
        arrangement: the columns as people arranged them: header and width.
        strays: lines that are nobody's, by header.
        sheets: those that people added.
        titles: by key, that of each piece beside the copies: a column of links.
        listed: headers of the lists that mean nothing to the templates.
    """

    copies: Mapping[str, str]
    adherents: Iterable[Followed]
    today: date
    pdf: bool = False
    arrangement: Sequence[tuple[str, float | None]] = ()
    strays: Iterable[Mapping[str, FactValue]] = ()
    sheets: Iterable[tuple[str, list[list[FactValue]]]] = ()
    titles: Mapping[str, str] = MappingProxyType({})
    listed: Sequence[str] = ()

    @property
    def columns(self) -> list[Column]:
        """Its columns, as people arranged them."""
        return arranged(columns(self.copies, self.titles, self.listed, pdf=self.pdf), self.arrangement)


def contents_of(folder: Folder, today: date) -> Contents:
    """All that the workbook of a folder tells."""
    arrangement, strays, sheets = folder.arrangement(), folder.strays(), folder.sheets()
    told = (folder.copies(), folder.adherents(), today, folder.has_pdf())
    return Contents(*told, arrangement, strays, sheets, folder.titles(), folder.listed())


def write(file: IO[bytes], contents: Contents) -> None:
    """Write the workbook.

    Args:
        file: receives it.
        contents: what it tells.
    """
    with new_workbook(file, "Suivi des conventions") as workbook:
        formats = _Formats(workbook)
        sheet, assumed = _Sheet(workbook, SHEET, contents, formats), _assumed_sheet(workbook, formats)
        for number, adherent in enumerate(contents.adherents):
            if number and number % _ROWS == 0:
                sheet.finish()
                sheet = _Sheet(workbook, f"{SHEET} {number // _ROWS + 1}", contents, formats)
            sheet.add(adherent)
            assumed.add(adherent)
        for stray in contents.strays:
            sheet.add_stray(stray)
        sheet.finish()
        for name, lines in contents.sheets:
            theirs = workbook.add_worksheet(name)
            for row, line in enumerate(lines):
                for column, value in enumerate(line):
                    _write_cell(theirs, row, column, _as_written(value), formats)


class _Formats:
    """How cells look, one for a workbook: XlsxWriter compares one that is equal to another with it at each cell."""

    def __init__(self, workbook: Workbook) -> None:
        self.head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.link = workbook.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"})
        self.text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self.digits = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self.day = workbook.add_format({"num_format": _DAY, "align": "left", "valign": "top"})
        self.moment = workbook.add_format({"num_format": f"{_DAY} hh:mm", "align": "left", "valign": "top"})
        self.clock = workbook.add_format({"num_format": "hh:mm:ss", "align": "left", "valign": "top"})
        self.states = {words: workbook.add_format(look) for words, look in _COLOURS.items()}


_COLOURS: Mapping[str, Mapping[str, str]] = {
    "Signée, ": {"bg_color": "#D9EAD3", "font_color": "#1E4620"},
    "Exécutoire": {"bg_color": "#D9EAD3", "font_color": "#1E4620"},
    "Signée par": {"bg_color": "#FFF2CC", "font_color": "#5F4700"},
    "Envoyée": {"bg_color": "#DDEBF7", "font_color": "#1F3864"},
    "Revenue": {"bg_color": "#DDEBF7", "font_color": "#1F3864"},
    "Altérée": {"bg_color": "#F4CCCC", "font_color": "#660000"},
    "Non écrite": {"bg_color": "#F4CCCC", "font_color": "#660000"},
    "PDF non produit": {"bg_color": "#F4CCCC", "font_color": "#660000"},
    "Dénoncée": {"bg_color": "#E4DFEC", "font_color": "#3F2A56"},
    "Échue": {"bg_color": "#D9D9D9", "font_color": "#262626"},
    "Remplacée": {"bg_color": "#D9D9D9", "font_color": "#262626"},
}
"""By the first words of a state, its colours; the words alone tell it too."""


class _Sheet:
    """A sheet, to which lines are added.

    Args:
        workbook: in which it is.
        name: its name.
        contents: what the workbook tells.
        formats: of the workbook.
    """

    def __init__(self, workbook: Workbook, name: str, contents: Contents, formats: _Formats) -> None:
        self._sheet = workbook.add_worksheet(name)
        # XlsxWriter looks for thirty functions of newer Excels in each formula: no link has one, and it takes long;
        # one that somebody typed is written as it was read
        self._sheet._prepare_formula = lambda formula, *_: formula  # noqa: SLF001
        self._formats = formats
        self._columns, self._today = contents.columns, contents.today
        ranked = list(enumerate(self._columns))
        self._told = [(rank, column.value) for rank, column in ranked if column.value and not column.shown]
        self._typed = {column.name: rank for rank, column in ranked if column.name}
        self._phone = self._typed.get(PHONE)
        self._links = [(rank, column.value, column.shown) for rank, column in ranked if column.value and column.shown]
        self._row = 0
        for rank, column in ranked:
            self._sheet.set_column(rank, rank, column.width, self._formats.digits if column.name == PHONE else None)
            self._sheet.write_string(0, rank, NOT_IN_XML.sub("", column.title), self._formats.head)
        key = len(self._columns)
        self._sheet.set_column(key, key, 8, None, {"hidden": True})
        self._sheet.write_string(0, key, key_header(NOT_IN_XML.sub("", one.title) for one in self._columns))
        self._sheet.set_row(0, _HEAD_HEIGHT)
        self._sheet.freeze_panes(1, 1)
        self._printed = max((rank for rank, column in enumerate(self._columns) if column.on_paper), default=0)
        width = sum(column.width for column in self._columns[: self._printed + 1])
        lay_out_for_paper(self._sheet, across=1 if width <= _A_PAGE else 2)

    def add(self, adherent: Followed) -> None:
        """Write the line of an adherent."""
        where = standing(adherent, self._today)
        told = {rank: value(adherent, where, self._today) for rank, value in self._told}
        typed = {self._typed[name]: fact.value for name, fact in adherent.facts.items() if name in self._typed}
        cells = self._add_line(told | typed)
        for rank, path, words in self._links:
            self._write_link(rank, str(path(adherent, where, self._today)), words)
        self._sheet.write_string(self._row, len(self._columns), key_of(adherent, cells, len(self._columns)))

    def add_stray(self, cells: Mapping[str, FactValue]) -> None:
        """Write a line that people added."""
        self._add_line({rank: cells.get(column.title) for rank, column in enumerate(self._columns)})

    def _add_line(self, values: Mapping[int, FactValue]) -> dict[int, FactValue]:
        """Write the next line, given its values by column; those that it then holds."""
        self._row += 1
        cells = {rank: _as_written(value) for rank, value in values.items() if value is not None and value != ""}
        self._make_room(cells)
        for rank, value in cells.items():
            if rank == self._phone and isinstance(value, str):  # typed over, its zero stays
                self._sheet.write_string(self._row, rank, value, self._formats.digits)
            else:
                _write_cell(self._sheet, self._row, rank, value, self._formats)
        return cells

    def _make_room(self, cells: Mapping[int, FactValue]) -> None:
        """Make a line as high as its longest text: LibreOffice does not, and prints one line over the other."""
        texts = [(self._columns[rank], text) for rank, text in cells.items() if isinstance(text, str)]
        lines = max([lines_of(text, column.width) for column, text in texts if not column.shown], default=1)
        if lines > 1:
            set_height(self._sheet, self._row, LINE_HEIGHT * min(lines, _MOST_LINES))

    def _write_link(self, rank: int, path: str, words: str) -> None:
        """A formula, since Excel refuses a sheet with more than 65 530 links."""
        if path:
            shown = words.replace('"', '""')
            self._sheet.write_formula(
                self._row, rank, f'HYPERLINK("{quote(path)}","{shown}")', self._formats.link, words
            )

    def finish(self) -> None:
        """Add what needs to know how many lines there are."""
        last = max(self._row, 1)
        self._sheet.print_area(0, 0, last, self._printed)
        self._sheet.autofilter(0, 0, self._row, len(self._columns))  # who sorts by its buttons sorts the hidden cells
        for rank, column in enumerate(self._columns):
            if column.title == "État":
                for words, look in self._formats.states.items():
                    rule = {"type": "text", "criteria": "begins with", "value": words, "format": look}
                    self._sheet.conditional_format(1, rank, last, rank, rule)
            if expected := _expected(column, rank):
                self._sheet.data_validation(1, rank, last, rank, {**expected, "error_type": "warning"})


def _expected(column: Column, rank: int) -> dict[str, Any] | None:
    """What a spreadsheet checks in a column as people type: it asks whether something else is meant, and takes it."""
    if column.is_date:
        return _DATE_EXPECTED
    choices = [choice.replace('"', '""') for choice in column.choices]  # the list is one text between quotes
    if choices and len(",".join(choices)) <= _LONGEST_LIST and not any("," in one for one in choices):
        return {**_PARTY_EXPECTED, "source": choices}
    if column.name == MAIL:
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 (slow to import)

        return {**_MAIL_EXPECTED, "value": f'=ISNUMBER(SEARCH("?@?*.?",{xl_col_to_name(rank)}2))'}
    return None


_LONGEST_LIST = 255
"""Characters of the choices of a list, commas included (ISO/IEC 29500-1, 18.3.1.32)."""
_DATE_EXPECTED = {
    "validate": "date",
    "criteria": "between",
    "minimum": date(1990, 1, 1),
    "maximum": "=TODAY()",
    "error_title": "Une date passée est attendue",
    "error_message": "Écrivez par exemple 02/04/2026. Un autre texte est gardé, mais n’est pas compté comme une date.",
}
_PARTY_EXPECTED = {
    "validate": "list",
    "error_title": "Une partie est attendue",
    "error_message": "Choisissez dans la liste. Un autre nom est gardé, mais n’est pas compté.",
}
_MAIL_EXPECTED = {
    "validate": "custom",
    "error_title": "Une adresse est attendue",
    "error_message": "Écrivez par exemple mairie@exemple.fr ; plusieurs : séparez-les par des points-virgules.",
}


class _Assumed:
    """The sheet that tells what was assumed of each adherent."""

    def __init__(self, sheet: Worksheet, text: Any) -> None:
        self._sheet, self._text, self._row = sheet, text, 0

    def add(self, adherent: Followed) -> None:
        if adherent.messages:
            self._row += 1
            told = "\n".join(adherent.messages)
            lines = lines_of(told, _ASSUMED_WIDTH)
            if lines > _ASSUMED_LINES:
                set_height(self._sheet, self._row, LINE_HEIGHT * min(lines, _MOST_LINES))
            self._sheet.write_string(self._row, 0, _as_written(adherent.nom), self._text)
            self._sheet.write_string(self._row, 1, _as_written(told), self._text)


def _assumed_sheet(workbook: Workbook, formats: _Formats) -> _Assumed:
    sheet = workbook.add_worksheet(ASSUMED)
    for rank, (title, width) in enumerate((("Adhérent", 34), ("Ce qui a été supposé ou signalé", _ASSUMED_WIDTH))):
        sheet.set_column(rank, rank, width)
        sheet.write_string(0, rank, title, formats.head)
    sheet.set_default_row(LINE_HEIGHT * _ASSUMED_LINES)
    sheet.set_row(0, LINE_HEIGHT)
    sheet.freeze_panes(1, 0)
    lay_out_for_paper(sheet)
    return _Assumed(sheet, formats.text)


def _as_written(value: FactValue) -> FactValue:
    """A value as the sheet holds it; of a text of many megabytes the rest is not even read."""
    if isinstance(value, Formula):
        return value
    return NOT_IN_XML.sub("", value[: 2 * _LONGEST])[:_LONGEST] if isinstance(value, str) else value


def _write_cell(sheet: Worksheet, row: int, column: int, value: FactValue, formats: _Formats) -> None:
    """Write a value as the sheet holds it, with its type."""
    if value is None or value == "":
        return
    if isinstance(value, Formula):
        sheet.write_formula(row, column, value[1:], formats.text)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, formats.text)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, formats.text)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, formats.text)
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, value, formats.moment)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, formats.day)
    else:
        sheet.write_datetime(row, column, value, formats.clock)
