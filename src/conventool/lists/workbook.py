"""The workbook to fill in: the list with its checks, how to fill it, and hidden the choices that its cells offer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from conventool.adherent.kinds import KINDS
from conventool.core.row import Cell
from conventool.files.workbook import LINE_HEIGHT, lay_out_for_paper, lines_of, new_workbook
from conventool.lists.columns import COMMUNAL, Check, Column, Need, kind_words, needed_by
from conventool.register.communes import ATTRIBUTION
from conventool.sources.cell_writer import LONGEST, CellWriter, cell_text
from conventool.sources.example_cells import as_example
from conventool.text.french import NBSP, fold
from conventool.text.numbers import number_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

__all__ = ["MOST_ROWS", "Contents", "write"]

_LAST = 1_048_575
"""The last line of a sheet, from 0 (Excel, LibreOffice)."""
_MARKS, _HEADERS, _EXAMPLE, _FIRST = range(4)
"""Lines of the list, from 0: whether columns must be filled, their headers, the example, the first adherent."""
MOST_ROWS = _LAST - _FIRST + 1
_KEPT = "gardée, non lue"
"""What stands above a column of an earlier list that is no field."""
_PAGE = 190
"""Characters that a page of A4 which lies is to hold beside each other, so that they can be read."""
_NAMES = 3
"""The first columns, which say whose a line is."""


class Contents(NamedTuple):
    """What the workbook holds.

    Attributes:
        title: of the template.
        columns: those that are read.
        kept: headers of columns that were in an earlier list and are not read.
        rows: the cells of each adherent: of the columns, of those kept, and what stands beyond.
        communes: those that a cell offers.
        adherent: is the list one of adherents?
        reserved: names of sheets, folded, that mean something else to the template.
    """

    title: str
    columns: Sequence[Column]
    kept: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    communes: Iterable[str]
    adherent: bool
    reserved: Collection[str]

    def sheet(self, name: str) -> str:
        """A name for a sheet, which means nothing else."""
        return f"{name} (classeur)" if fold(name) in self.reserved else name


def write(file: IO[bytes], contents: Contents) -> None:
    """Write the workbook.

    Args:
        file: receives it.
        contents: what it holds.

    Raises:
        OSError: the system refuses to write.
    """
    with new_workbook(file, contents.title) as workbook:
        sheet = workbook.add_worksheet(contents.sheet("Adhérents" if contents.adherent else "Liste"))
        offered = _Choices(contents.columns)
        _write_list(workbook, sheet, contents, offered)
        _write_guide(workbook, contents)
        offered.write(workbook, contents)


class _Choices:
    """The choices of columns, each list of them a named range: a check cannot hold more than 255 characters.

    Args:
        columns: of the list.
    """

    def __init__(self, columns: Iterable[Column]) -> None:
        lists = dict.fromkeys(column.check.choices for column in columns if column.check.choices)
        self._names = {choices: f"choix_{rank}" for rank, choices in enumerate(lists, 1)}

    def source(self, check: Check) -> str:
        """The range of a check's choices, as a formula."""
        return "=choix_communes" if check.kind == "commune" else f"={self._names[check.choices]}"

    def write(self, workbook: Workbook, contents: Contents) -> None:
        """Write them on sheets that are not shown."""
        lists = {**self._names}
        if any(column.check.kind == "commune" for column in contents.columns):
            _write_lists(workbook, contents.sheet("Communes"), {tuple(contents.communes): "choix_communes"})
        if lists:
            _write_lists(workbook, contents.sheet("Choix"), lists)


def _write_lists(workbook: Workbook, name: str, lists: Mapping[tuple[str, ...], str]) -> None:
    sheet = workbook.add_worksheet(name)
    for rank, (choices, named) in enumerate(lists.items()):
        letter = _letters(rank)
        workbook.define_name(named, f"='{name}'!${letter}$1:${letter}${len(choices)}")
    for row, texts in enumerate(zip_longest(*lists)):
        for rank, text in enumerate(texts):
            if text is not None:
                sheet.write_string(row, rank, cell_text(text))
    sheet.hide()


def _letters(rank: int) -> str:
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 (slow to import)

    name: str = xl_col_to_name(rank)
    return name


# --- The list ----------------------------------------------------------------------------------------------

_COLOURS = {
    Need.ALWAYS: ("#F4CCCC", "#660000"),
    Need.SOMETIMES: ("#FFF2CC", "#5F4700"),
    Need.NEVER: ("#E7E6E6", "#262626"),
}
"""Of a column's mark and header; the words alone tell it too."""
_WIDTHS = {"date": 12, "code-postal": 13, "entier": 11, "nombre": 12, "code": 17, "choix": 14, "commune": 28}
_FORMATS = {"date": "dd/mm/yyyy", "code": "@", "code-postal": "@"}
"""Number formats of columns: a code that a spreadsheet would take for a number or a date is a text."""


def _write_list(workbook: Workbook, sheet: Worksheet, contents: Contents, offered: _Choices) -> None:
    looks = {
        need: workbook.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": back, "font_color": front, "border": 1,
             "border_color": "#BFBFBF"}
        )
        for need, (back, front) in _COLOURS.items()
    }  # fmt: skip
    heads = [(one.need.value, one.header, looks[one.need]) for one in contents.columns]
    heads += [(_KEPT, header, looks[Need.NEVER]) for header in contents.kept]
    example = workbook.add_format({"italic": True, "font_color": "#7F7F7F", "text_wrap": True, "valign": "top"})
    for rank, column in enumerate(contents.columns):
        look = workbook.add_format({"num_format": _FORMATS.get(column.check.kind, "General"), "valign": "top"})
        sheet.set_column(rank, rank, _width(column), look)
    sheet.set_column(len(contents.columns), max(len(heads), 1) - 1 + _BEYOND, 18)
    lines = max(lines_of(column.header, _width(column)) for column in contents.columns) if contents.columns else 1
    sheet.set_row(_HEADERS, LINE_HEIGHT * min(lines, 4))
    for rank, (mark, _, look) in enumerate(heads):
        sheet.write_string(_MARKS, rank, mark, look)
    for rank, (_, header, look) in enumerate(heads):
        sheet.write_string(_HEADERS, rank, cell_text(header), look)
    sheet.set_row(_EXAMPLE, 2 * LINE_HEIGHT)
    for rank, column in enumerate(contents.columns):
        if column.shown:
            sheet.write_string(_EXAMPLE, rank, cell_text(as_example(column.example)), example)
    writer, row = CellWriter(workbook, sheet), _EXAMPLE
    for row, cells in enumerate(contents.rows, _FIRST):
        for rank, cell in enumerate(cells):
            writer.write(row, rank, cell)
    for rank, column in enumerate(contents.columns):
        sheet.data_validation(_FIRST, rank, _LAST, rank, _validation(column, _letters(rank), offered))
    sheet.autofilter(_HEADERS, 0, row, max(len(heads), 1) - 1)
    names = _NAMES if contents.adherent else 1
    sheet.freeze_panes(_EXAMPLE, names)
    across = -(-sum(map(_width, contents.columns)) // _PAGE) or 1
    lay_out_for_paper(sheet, across=int(across), heads=_HEADERS + 1, names=names)


_BEYOND = 3
"""Columns beyond the headers that are as wide."""


def _width(column: Column) -> float:
    longest = max(map(len, column.check.choices), default=0)
    width = min(longest + 4, 30) if longest else _WIDTHS.get(column.check.kind, 22)
    return max(width, max(map(len, column.header.split())) + 3)


# --- The checks --------------------------------------------------------------------------------------------


def _validation(column: Column, letter: str, offered: _Choices) -> dict[str, Any]:
    """What a spreadsheet checks of a column's cells, and says of them."""
    check = column.check
    closed = check.only and check.kind != "commune"
    told = f"{column.about}. {_mark(column)}"
    expected = f"On attend {_takes(check)}, par exemple{NBSP}: {column.example}."
    return {
        "ignore_blank": True, "error_type": "stop" if closed else "warning",
        "input_title": _shortened(column.header, 32),
        "input_message": _shortened(f"{told}\nExemple{NBSP}: {column.example}", 255),
        "error_title": "Valeur inattendue",
        "error_message": _shortened(expected if closed else f"{expected} Gardez cette valeur si elle est juste.", 255),
        **_rule(check, f"{letter}{_FIRST + 1}", offered),
    }  # fmt: skip


def _rule(check: Check, cell: str, offered: _Choices) -> dict[str, Any]:
    if check.kind in {"choix", "commune"}:
        return {"validate": "list", "source": offered.source(check)}
    if check.kind == "code-postal":
        return {"validate": "custom", "value": f"=AND(LEN({cell})=5,ISNUMBER(VALUE({cell})))"}
    bounded = check.least is not None or check.most is not None
    if check.kind not in _BOUNDS or (check.kind == "texte" and not bounded):
        return {"validate": "any"}
    named, least, most = _BOUNDS[check.kind]
    least, most = (
        float(bound) if isinstance(bound, Decimal) else default if bound is None else bound
        for bound, default in ((check.least, least), (check.most, most))
    )
    return {"validate": named, "criteria": "between", "minimum": least, "maximum": most}


_LARGEST = 10**15
_BOUNDS: Mapping[str, tuple[str, Any, Any]] = {
    "date": ("date", date(1900, 1, 1), date(9999, 12, 31)),
    "entier": ("integer", -_LARGEST, _LARGEST),
    "nombre": ("decimal", -_LARGEST, _LARGEST),
    "texte": ("length", 0, LONGEST),
}
"""By kind of check, how XlsxWriter calls it, and the bounds of what has none."""

_NOUNS = {
    "date": "une date", "entier": "un nombre entier", "nombre": "un nombre", "code-postal": "cinq chiffres, sans CEDEX",
    "commune": "une commune de la liste, avec son code INSEE",
}  # fmt: skip


_FEW = 10
"""Choices that a sentence names."""


def _takes(check: Check) -> str:
    """What a column's cells take, as a noun."""
    if len(check.choices) > _FEW:
        return "un des choix de la liste" + ("" if check.only else ", ou un autre texte")
    if check.choices:
        return f"un de ces choix{'' if check.only else ', ou un autre texte'}{NBSP}: {', '.join(check.choices)}"
    bounds = [
        f"{day} {bound:%d/%m/%Y}" if isinstance(bound, date) else f"{number} {number_text(bound)}"
        for number, day, bound in (("au moins", "depuis le", check.least), ("au plus", "jusqu’au", check.most))
        if bound is not None
    ]
    noun = _NOUNS.get(check.kind, "un texte")
    unit = " caractères" if bounds and check.kind == "texte" else ""
    return f"{noun}{', ' if bounds else ''}{' et '.join(bounds)}{unit}"


def _mark(column: Column) -> str:
    """Whether and when a column must be filled, as a sentence."""
    return f"{column.need.value.capitalize()}. {column.when}".strip()


def _sentence(noun: str) -> str:
    return f"{noun[0].upper()}{noun[1:]}."


def _shortened(text: str, most: int) -> str:
    """A text as long as a check may have it."""
    text = cell_text(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


# --- How to fill it ----------------------------------------------------------------------------------------

_GUIDE = (("Colonne", 30), ("Ce que c’est", 46), ("À remplir", 46), ("Ce qui peut y être écrit", 46), ("Exemple", 30))
_STEPS = (
    "Une ligne par adhérent, sous la ligne d’exemple de la feuille « {sheet} ». Les colonnes peuvent être déplacées, "
    "élargies, triées, filtrées ; d’autres peuvent être ajoutées, elles ne sont pas lues.",
    "Les cellules qui commencent par « ex. : » sont un exemple. Une ligne qui n’a que de telles cellules n’est jamais "
    "produite, où qu’elle soit ; une ligne où il en reste est refusée, et ces cellules sont nommées.",
    "Une cellule qui offre une liste se remplit en y choisissant ; pour une commune, tapez le début de son nom.",
    "Enregistrez, puis : conventool validate CLASSEUR vérifie tout sans rien écrire ; conventool batch CLASSEUR "
    "produit les documents.",
)


def _write_guide(workbook: Workbook, contents: Contents) -> None:
    """The sheet that tells each column: what it is, whether it must be filled, an example."""
    sheet = workbook.add_worksheet(contents.sheet("Mode d’emploi"))
    title = workbook.add_format({"bold": True, "font_size": 14})
    head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    text = workbook.add_format({"text_wrap": True, "valign": "top"})
    looks = {
        need: workbook.add_format({"text_wrap": True, "valign": "top", "bg_color": back, "font_color": front})
        for need, (back, front) in _COLOURS.items()
    }
    for rank, (_, width) in enumerate(_GUIDE):
        sheet.set_column(rank, rank, width)
    whole = sum(width for _, width in _GUIDE)
    sheet.write_string(0, 0, cell_text(contents.title), title)
    row = 1
    for step in _steps(contents):
        sheet.merge_range(row, 0, row, len(_GUIDE) - 1, step, text)
        sheet.set_row(row, LINE_HEIGHT * lines_of(step, whole))
        row += 1
    for heads, lines in _tables(contents):
        row += 1
        for rank, one in enumerate(heads):
            sheet.write_string(row, rank, one, head)
        for need, *texts in lines:
            row += 1
            widths = [width for _, width in _GUIDE]
            sheet.set_row(row, LINE_HEIGHT * max(map(lines_of, texts, widths)))
            for rank, one in enumerate(texts):
                sheet.write_string(row, rank, cell_text(one), looks[need] if rank == 2 and need else text)
        row += 1
    lay_out_for_paper(sheet)


def _steps(contents: Contents) -> Iterator[str]:
    name = contents.sheet("Adhérents" if contents.adherent else "Liste")
    for step in _STEPS:
        yield step.format(sheet=name)
    if any(column.check.kind == "commune" for column in contents.columns):
        yield f"Communes{NBSP}: {ATTRIBUTION}"


def _tables(contents: Contents) -> Iterator[tuple[Sequence[str], list[tuple[Any, ...]]]]:
    yield [title for title, _ in _GUIDE], [
        (one.need, one.header, one.about, _mark(one), _sentence(_takes(one.check)), one.example)
        for one in contents.columns
    ]  # fmt: skip
    if contents.kept:
        yield ["Colonnes gardées"], [(None, header, "Gardée de la liste reprise, telle quelle ; elle n’est pas lue.")
                                     for header in contents.kept]  # fmt: skip
    if contents.adherent:
        headers = {one.field: one.header for one in contents.columns}
        yield ["Forme", "À remplir, en plus de ce qui est toujours obligatoire"], list(_by_kind(headers))


def _by_kind(headers: Mapping[str, str]) -> Iterator[tuple[Any, ...]]:
    for kind in KINDS:
        if kind in COMMUNAL:
            needed = f"{headers.get('commune', '')}, ou {headers.get('nom', '')}"
        else:
            needed = ", ".join(headers[path] for path in needed_by(kind) if path in headers)
        yield None, kind_words(kind), needed
