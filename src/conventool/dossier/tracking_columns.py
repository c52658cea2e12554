"""The columns of the tracking workbook: what it tells, where people type, and those that they added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple
from zlib import crc32

import orjson

from conventool.dossier import facts
from conventool.dossier.facts import FactValue, Formula, canonical
from conventool.dossier.reading import Followed
from conventool.dossier.standing import Standing, signed_on
from conventool.text.dates import date_or_none, long_date
from conventool.text.french import fold

__all__ = [
    "ASSUMED",
    "KEY",
    "SHEET",
    "Column",
    "arranged",
    "as_day",
    "checksum",
    "columns",
    "fact_listed",
    "is_ours",
    "key_header",
    "key_of",
    "read_key",
    "read_key_header",
]

SHEET, ASSUMED = "Suivi", "Suppositions"
"""Names of the sheets: a line for each adherent, what was assumed for each."""
KEY = "conventool"
"""Beginning of the header of the hidden column that tells whose a line is, and what the program wrote in it."""


class Column(NamedTuple):
    """A column of the workbook.

    Attributes:
        title: its header.
        width: in characters.
        value: what it says of an adherent, given where its convention stands; None where people alone write.
        name: of the fact that people type in it, which then stands for the value; empty where they type none.
        is_date: is a date expected in it?
        shown: of the path of a file, the words of its link.
        choices: what people choose from; empty where they write what they like.
        on_paper: is it printed? Links are not, nor what would make the sheet too wide to be read.
    """

    title: str
    width: float
    value: Callable[[Followed, Standing, date], FactValue] | None = None
    name: str = ""
    is_date: bool = False
    shown: str = ""
    choices: tuple[str, ...] = ()
    on_paper: bool = True


def columns(
    copies: Mapping[str, str], titles: Mapping[str, str], listed: Iterable[str] = (), *, pdf: bool = False
) -> list[Column]:
    """The program's own columns, in their order: what is printed comes first.

    Args:
        copies: by key, whose each copy is.
        titles: by key, that of each other piece.
        listed: headers of the lists that mean nothing to the templates.
        pdf: has any of them a PDF?
    """
    own = [*_printed(copies), *_CONTACT]
    names = dict.fromkeys(name for header in listed for name, _ in [fact_listed(header, own)])
    theirs = [name.removeprefix(facts.OWN) for name in names if name.startswith(facts.OWN)]
    kinds = [("", "Exemplaire")] + ([(".pdf", "PDF")] if pdf else [])
    links = [
        *(
            Column(f"{kind} {whose}", min(24, max(12, len(whose) + 1)), partial(_path_of, key, suffix), shown=whose)
            for suffix, kind in kinds
            for key, whose in copies.items()
        ),
        *(
            Column(title, 16, partial(_latest, title) if key == title else partial(_path_of, key, ""), shown=title)
            for key, title in titles.items()
        ),
    ]
    return [
        *own,
        *(Column(header, 16, name=facts.OWN + header, on_paper=False) for header in theirs),
        *(column._replace(on_paper=False) for column in links),
    ]


def _printed(copies: Mapping[str, str]) -> list[Column]:
    """Those that fit on a page of A4 that lies, and can be read there."""
    parties = tuple(copies.values())
    return [
        Column("Adhérent", 24, lambda one, *_: one.nom),
        Column("Forme", 14, lambda one, *_: one.appellation),
        Column("Code postal", 7, lambda one, *_: one.code_postal),
        Column("État", 20, lambda _, where, __: where.text),
        Column("À relancer", 9, lambda _, where, __: "oui" if where.late else ""),
        Column("Prochaine échéance", 27, _next),
        Column("Envoyée le", 10.5, name=facts.SENT, is_date=True),
        *(
            Column(f"Date de signature : {whose}", 10.5, partial(_signed, key), facts.SIGNED + key, is_date=True)
            for key, whose in copies.items()
        ),
        *(Column(title, 10.5, name=name, is_date=True) for title, name in _DATES.items()),
        Column("Dénoncée par", 13, name=facts.DENOUNCED_BY, choices=parties),
        Column("Remarque", 26, name=facts.REMARK),
    ]


_DATES = {"Exécutoire le": facts.ENFORCEABLE, "Reconduite par écrit le": facts.RENEWED, "Dénoncée le": facts.DENOUNCED}


def arranged(own: Sequence[Column], arrangement: Iterable[tuple[str, float | None]]) -> list[Column]:
    """The columns in the order and the widths that people gave them, theirs among them; new ones at the end."""
    left = {column.title: column for column in own}
    titles = {fold(title): title for title in left}  # an earlier version may have written them with other spaces
    found = []
    for header, width in arrangement:
        known = left.pop(header, None) or left.pop(titles.get(fold(header), ""), None)
        column = known or Column(header, 16, name=facts.OWN + header)
        found.append(column._replace(width=width or column.width))
    return [*found, *left.values()]


def _path_of(copy: str, suffix: str, one: Followed, *_: object) -> str:
    """The file of a copy; of a document and its PDF, the document, unless the PDF is asked for."""
    for piece in one.pieces:
        if piece.copy == copy and piece.path.endswith(suffix):
            return piece.path
    return ""


def _latest(title: str, one: Followed, *_: object) -> str:
    """The last document of this title that was made beside the convention; of Word and PDF, Word's."""
    found = [piece for piece in one.pieces if piece.beside == title]
    words = [piece for piece in found if piece.format != "pdf"]
    return (words or found)[-1].path if found else ""


def fact_listed(header: str, own: Iterable[Column]) -> tuple[str, bool]:
    """The fact that a column of a list tells, and whether that is a date.

    Args:
        header: of the column.
        own: the program's columns: one in which people type takes what the list says, beside another it has a place.
    """
    column = next((column for column in own if column.title == header), None)
    if column and column.name:
        return column.name, column.is_date
    return facts.OWN + (f"{header} (liste)" if column else header), False


def as_day(value: FactValue) -> FactValue:
    """A date typed as a text; another text stays as it is."""
    if not isinstance(value, str) or isinstance(value, Formula):
        return value
    return date_or_none(value) or value


def _phone(one: Followed, *_: object) -> FactValue:
    """What stood in a column of this name before it was the program's."""
    fact = one.facts.get(f"{facts.OWN}Téléphone")
    return fact.value if fact else None


_CONTACT = (
    Column("Courriel", 28, name=facts.MAIL, on_paper=False),
    Column("Téléphone", 16, _phone, facts.PHONE, on_paper=False),
)


def _signed(key: str, one: Followed, _: Standing, today: date) -> FactValue:
    return signed_on(key, one, today) if key in one.copies else None


def _next(_: Followed, where: Standing, today: date) -> str:
    deadline = where.next(today)
    return f"{long_date(deadline.day)} : {deadline.text}" if deadline else ""


# --- The hidden column -------------------------------------------------------------------------------------


@lru_cache(maxsize=4096, typed=True)  # most cells of a column hold the same, or nothing
def checksum(value: FactValue) -> str:
    """Of a cell as it was written, so that one in which somebody has typed is told from the others."""
    text = canonical(value)
    return f"{crc32(text.encode('utf-8', 'surrogatepass')):x}" if text else ""


def key_of(one: Followed, cells: Mapping[int, FactValue], number: int) -> str:
    """Whose a line is, and the checksums of its cells.

    Args:
        one: the adherent.
        cells: those that hold something, by column.
        number: of columns.
    """
    sums = ["-"] * number
    for rank, value in cells.items():
        sums[rank] = checksum(value) or "-"
    return f"{one.number}|{one.identity}|{' '.join(sums)}"


def key_header(titles: Iterable[str]) -> str:
    """The header of the hidden column: it tells which columns the checksums are of."""
    return f"{KEY} {orjson.dumps(list(titles)).decode()}"


def read_key(text: str) -> tuple[int, str, list[str]] | None:
    """The number, the identity and the checksums that a cell of that column holds; None if it is not as written."""
    number, _, rest = text.partition("|")
    identity, _, sums = rest.rpartition("|")
    if not number.isdecimal():
        return None
    return int(number), identity, ["" if one == "-" else one for one in sums.split(" ")]


def read_key_header(text: str) -> list[str] | None:
    """The headers that it tells; None if it is another header."""
    try:
        told = orjson.loads(text.removeprefix(KEY)) if text.startswith(f"{KEY} [") else None
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, list) and all(isinstance(one, str) for one in told) else None


def is_ours(sheet: str) -> bool:
    """Whether the program writes a sheet of this name: « Suivi », « Suivi 2 », « Suppositions »."""
    name, _, number = sheet.partition(" ")
    return name in {SHEET, ASSUMED} and (not number or number.isdecimal())
