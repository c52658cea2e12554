"""``=SUM`` in a table, worked out as Word does (ISO/IEC 29500-1, 17.16.3), with numbers as French writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from lxml import etree

from conventool.word.names import ancestor, attribute, child, own
from conventool.word.text_walker import visible_text

__all__ = ["Sum", "is_table_sum", "table_sum"]

_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_SUM = re.compile(r"\s*=\s*SUM\s*\(\s*(?P<cells>[^()\\]+?)\s*\)\s*(?P<switches>(?:\\.*)?)", re.IGNORECASE | re.DOTALL)
_CELLS = r"(?i)([A-Z]{1,2})(\d{1,3})(?:\s*:\s*([A-Z]{1,2})(\d{1,3}))?"
_PICTURE = r"\\#\s*(?:\"([^\"]*)\"|([^\s\"\\]+))"
_SWITCH = r"\\[#*]\s*(?:\"[^\"]*\"|[^\s\"\\]+)\s*"
_NUMBER = rf"[-\N{{MINUS SIGN}}(]?\s*(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d+)(?:[.,]\d+)*"
_DIGITS = rf"[#0x](?:[#0x.,{_SPACES}]*[#0x])?"
_EURO = rf"\d([{_SPACES}]?€)"
_CENTS = 2


class Sum(NamedTuple):
    """A sum of cells.

    Attributes:
        texts: what the cells show, the nearest to the sum first.
        gapless: does an empty cell end them?
        picture: how the result is written; None for the manner of the cells.
    """

    texts: tuple[str, ...]
    gapless: bool
    picture: str | None

    def result(self, texts: Sequence[str]) -> str:
        """The sum of what the cells turn out to show, as Word writes it in French.

        Without a picture it has the thousands apart, the decimals and the euro sign that the cells have.
        """
        if self.gapless:
            end = next((rank for rank, text in enumerate(texts) if not text.strip()), len(texts))
            texts = texts[:end]
        numbers = [found[0] for text in texts if (found := re.search(_NUMBER, text))]
        total = sum(map(_value, numbers), Decimal(0))
        if self.picture is not None:
            return _pictured(total, self.picture)
        euro = next((found[1] for text in reversed(texts) if (found := re.search(_EURO, text))), "")
        decimals = _CENTS if euro else max(0, -int(total.normalize().as_tuple().exponent))
        gap = next((space for number in numbers for space in _SPACES if space in number.strip(_SPACES)), "")
        return _written(total, decimals, gap, ",") + euro


def is_table_sum(code: str) -> bool:
    """Does a field sum cells?"""
    return _SUM.fullmatch(code) is not None


def table_sum(begin: etree._Element, code: str) -> Sum | None:
    """Read a field that sums cells of the table in which it stands.

    Args:
        begin: the first element of the field.
        code: what it computes.

    Returns:
        The sum; None where it is another formula, stands in no table, or means cells that there are not.
    """
    formula = _SUM.fullmatch(code)
    cell = ancestor(begin, "tc")
    table = ancestor(cell, "tbl")
    if formula is None or cell is None or table is None or re.sub(_SWITCH, "", formula["switches"]).strip():
        return None
    rows = [own(row, "tc") for row in own(table, "tr")]
    cells = _cells(formula["cells"].upper(), rows, cell)
    if cells is None:
        return None
    picture = re.search(_PICTURE, formula["switches"])
    texts = tuple(visible_text(one) for one in cells)
    return Sum(texts, formula["cells"].isalpha(), (picture[1] or picture[2] or "") if picture else None)


def _cells(wanted: str, rows: list[list[etree._Element]], cell: etree._Element) -> list[etree._Element] | None:
    """The cells that a formula means, the nearest first; None where there is none such."""
    line = next(rank for rank, row in enumerate(rows) if cell in row)
    at = rows[line].index(cell)
    edge = _edge(rows[line], at)
    directions = {
        "LEFT": lambda: rows[line][:at][::-1],
        "RIGHT": lambda: rows[line][at + 1 :],
        "ABOVE": lambda: list(_column(rows[:line][::-1], edge)),
        "BELOW": lambda: list(_column(rows[line + 1 :], edge)),
    }
    if wanted in directions:
        return directions[wanted]()
    named = [re.fullmatch(_CELLS, one) for one in re.split(r"\s*[;,]\s*", wanted)]
    found = [one for name in named if name is not None for one in _named(name, rows)]
    return found if found and all(named) and cell not in found else None


def _named(name: re.Match[str], rows: list[list[etree._Element]]) -> Iterator[etree._Element]:
    """The cells of a range such as B2:C4, or of one cell."""
    column, row, last_column, last_row = name[1], int(name[2]), name[3] or name[1], int(name[4] or name[2])
    for cells in rows[max(row - 1, 0) : last_row]:
        yield from cells[_rank(column) : _rank(last_column) + 1]


def _column(rows: list[list[etree._Element]], edge: int) -> Iterator[etree._Element]:
    """The cell of each row that lies over an edge of the grid."""
    for row in rows:
        over = [rank for rank in range(len(row)) if _edge(row, rank) <= edge < _edge(row, rank + 1)]
        yield from (row[rank] for rank in over)


def _edge(row: list[etree._Element], rank: int) -> int:
    """How many columns of the grid precede a cell (17.4.17, 17.4.15)."""
    properties = child(row[0].getparent(), "trPr")
    before = attribute(child(properties, "gridBefore"), "val") or "0"
    spans = (attribute(child(child(cell, "tcPr"), "gridSpan"), "val") or "1" for cell in row[:rank])
    return sum(int(width) for width in (before, *spans) if width.isdecimal())


def _rank(letters: str) -> int:
    rank = 0
    for letter in letters.upper():
        rank = 26 * rank + ord(letter) - ord("A") + 1
    return rank - 1


def _value(number: str) -> Decimal:
    """A number as French or English writes it; the last of its two signs is the decimal one."""
    digits = re.sub(rf"[{_SPACES}(\N{{MINUS SIGN}}-]", "", number)
    whole, sign, decimals = digits.rpartition(max(",", ".", key=digits.rfind))
    whole = whole if sign else decimals
    value = Decimal(f"{re.sub('[.,]', '', whole)}.{decimals if sign else 0}")
    return -value if number[0] in "(-\N{MINUS SIGN}" else value


def _pictured(total: Decimal, picture: str) -> str:
    """A number in the manner of a numeric picture (17.16.4.2); its second part is for numbers below zero."""
    positive, _, rest = picture.partition(";")
    chosen = rest.partition(";")[0] if rest and total < 0 else positive
    if rest and total < 0:
        total = -total
    digits = re.search(_DIGITS, chosen)
    if digits is None:
        return chosen.replace("'", "")
    decimal_at = max(digits[0].rfind(","), digits[0].rfind("."))
    if decimal_at >= 0 and re.fullmatch(r"#[,.]#{2}[#0]", digits[0]):
        decimal_at = -1  # "#,##0" parts thousands
    whole, decimals = (digits[0], "") if decimal_at < 0 else (digits[0][:decimal_at], digits[0][decimal_at + 1 :])
    gap = next((sign for sign in whole if sign not in "#0x"), "")
    sign = "," if decimal_at < 0 else digits[0][decimal_at]
    text = _written(total, len(decimals), gap, sign, whole.count("0"))
    for _ in range(len(decimals) - len(decimals.rstrip("#"))):
        text = text.removesuffix("0")
    text = text.removesuffix(sign)
    return "".join((chosen[: digits.start()], text, chosen[digits.end() :])).replace("'", "")


def _written(number: Decimal, decimals: int, gap: str, sign: str, least: int = 1) -> str:
    rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, rest = f"{abs(rounded):f}".partition(".")
    whole = whole.zfill(least) if least or whole != "0" else ""
    if gap:
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", gap, whole)
    return ("-" if rounded < 0 else "") + whole + (sign + rest if rest else "")
