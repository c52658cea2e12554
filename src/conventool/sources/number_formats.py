"""What a spreadsheet in French shows of a number or a date: format codes (ISO/IEC 29500-1, 18.8.30 and 18.8.31).

A workbook stores 1000 and the code ``00000``; a person sees 01000. The codes are written in English whatever the
language of the spreadsheet; what they give depends on it: decimal comma, no-break spaces between thousands and before
a percent sign (which Excel leaves out, and French printing does not), names of months. No Python library that is kept
up does this (``ssf``, a port of SheetJS, rests since 2020).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from conventool.text.french import NBSP

__all__ = ["BUILT_IN", "GENERAL", "NumberFormat", "number_format"]

GENERAL = "General"

BUILT_IN = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '#,##0\\ "€"', 6: '#,##0\\ "€"',
    7: '#,##0.00\\ "€"', 8: '#,##0.00\\ "€"', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "dd/mm/yyyy", 15: "dd-mmm-yy", 16: "dd-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "hh:mm",
    21: "hh:mm:ss", 22: "dd/mm/yyyy hh:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    41: "#,##0", 42: '#,##0\\ "€"', 43: "#,##0.00", 44: '#,##0.00\\ "€"', 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
    **dict.fromkeys([*range(27, 37), *range(50, 59)], "dd/mm/yyyy"),
}  # fmt: skip
"""The codes that have a number and are not written in the file, as Excel in French shows them."""

_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
           "novembre", "décembre")  # fmt: skip
_SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_OF_THE_SYSTEM = {"[$-F800]": "dddd d mmmm yyyy", "[$-F400]": "hh:mm:ss"}
"""Marks that stand for the long date and the hour of the computer's settings (ISO/IEC 29500-1, 18.8.31)."""

_DIGITS = 1_000
"""Enough for any number of a cell (up to 10³⁰⁸) with any decimals of a code (255 characters)."""

_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | _(?P<width>.) | \*(?P<fill>.)
    | \[(?P<elapsed>h+|m+|s+)\] | \[\$(?P<currency>[^\]-]*)[^\]]*\]
    | \[(?P<condition>[<>=]=?|<>)(?P<limit>-?[\d.]+)\] | \[[^\]]*\]
    | (?P<general>general|standard) | (?P<noon>am/pm|a/p) | E(?P<exponent>[+-]) | (?<=[s\]])\.(?P<fraction>0+)
    | (?P<date>[ymdhsjea]+) | (?P<digit>[0#?]) | (?P<sign>[.,%/@]) | (?P<literal>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


class _Token(NamedTuple):
    """A piece of a format code: what it is, and its text."""

    kind: str
    text: str


class _Section(NamedTuple):
    """A section of a format code: for which numbers, and its pieces."""

    condition: tuple[str, Decimal] | None
    tokens: tuple[_Token, ...]

    def has(self, *kinds: str) -> bool:
        return any(token.kind in kinds for token in self.tokens)


class NumberFormat:
    """A format code, read once and used for many numbers.

    Attributes:
        code: as the file writes it.
        is_date: whether it shows a number as a moment: a date, an hour or a duration.
        shows_date: whether it shows anything of a date, not an hour alone.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self._sections = _sections(code)
        first = self._sections[0]
        self.is_date = first.has("date", "elapsed") and not first.has("digit", "general")
        letters = {token.text[0] for token in first.tokens if token.kind == "date"}
        months = any(token.kind == "date" and token.text[0] == "m" for token in first.tokens)
        self.shows_date = self.is_date and bool(letters & {"y", "d"} or (months and not letters & {"h", "s"}))

    def render(self, number: Decimal, moment: datetime | None = None) -> str:
        """Write a number as the sheet shows it.

        Args:
            number: the number that the cell holds.
            moment: for a code of dates, the moment that the number stands for; None where it stands for none.

        Returns:
            The text, without spaces at its ends; of a code that is not understood, the number in full.
        """
        section, number = self._choose(number)
        if section.has("date", "elapsed") and not section.has("digit", "general"):
            return _General.render(number) if moment is None else _moment(section, number, moment)
        if section.has("general") or not section.has("digit"):
            return _literals(section, number)
        with localcontext(prec=_DIGITS):
            text = _Number(section, number).text()
        return re.sub(" {2,}", " ", text).strip()

    def _choose(self, number: Decimal) -> tuple[_Section, Decimal]:
        """The section for a number, and the number without the sign that the section itself shows."""
        sections = self._sections
        if any(section.condition for section in sections):
            for section in sections:
                if section.condition is None or _meets(number, *section.condition):
                    return section, number
            return sections[-1], number
        if number < 0 and len(sections) > 1:
            return sections[1], -number
        return (sections[2] if number == 0 and len(sections) > 2 else sections[0]), number


@lru_cache(maxsize=1000)
def number_format(code: str) -> NumberFormat:
    """Read a format code; the last ones read are kept."""
    return NumberFormat(code)


def _sections(code: str) -> tuple[_Section, ...]:
    parts = re.findall(r'(?:"[^"]*"?|\\.|\[[^\]]*\]|[^;"\\\[]|[\[\\])+|(?<=;)(?=;|$)|^(?=;)', code) or [GENERAL]
    return tuple(_section(part) for part in parts[:3])


def _section(part: str) -> _Section:
    condition = None
    tokens: list[_Token] = []
    part = next((code for mark, code in _OF_THE_SYSTEM.items() if mark in part), part)
    french = "j" in re.sub(r'"[^"]*"?', "", part).lower()  # as a program writes that takes the codes for French
    for found in _TOKEN.finditer(part):
        kind = found.lastgroup or ""
        text = found[kind] if kind else ""
        if kind == "limit":
            condition = (found["condition"], Decimal(found["limit"]))
        elif kind in {"quoted", "escaped", "literal", "currency"}:
            tokens.append(_Token("text", text))
        elif kind == "width":
            tokens.append(_Token("text", " "))
        elif kind == "date":
            tokens.extend(_date_letters(text, french=french))
        elif kind not in {"", "fill"}:
            tokens.append(_Token(kind, text))
    return _Section(condition, _with_minutes(tokens))


_FRENCH_LETTERS = str.maketrans("ja", "dy")


def _date_letters(text: str, *, french: bool) -> list[_Token]:
    """The codes of dates in a run of letters: ``yyyymmdd`` has three."""
    translated = text.lower().translate(_FRENCH_LETTERS) if french else text.lower().replace("j", "d")
    found = [run[0] for run in re.finditer(r"(.)\1*", translated)]
    if any(run[0] in "ae" for run in found):  # no code of a date in English: plain letters
        return [_Token("text", text)]
    return [_Token("date", run) for run in found]


def _with_minutes(tokens: list[_Token]) -> tuple[_Token, ...]:
    """Tell minutes from months: an m after an hour or before seconds."""
    places = [place for place, token in enumerate(tokens) if token.kind in {"date", "elapsed"}]
    for rank, place in enumerate(places):
        if tokens[place].kind == "date" and tokens[place].text[0] == "m" and len(tokens[place].text) <= 2:
            before = tokens[places[rank - 1]].text[0] if rank else ""
            after = tokens[places[rank + 1]].text[0] if rank + 1 < len(places) else ""
            if before == "h" or after == "s":
                tokens[place] = _Token("date", "n" * len(tokens[place].text))
    return tuple(tokens)


def _meets(number: Decimal, sign: str, limit: Decimal) -> bool:
    return {
        "<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit,
        "=": number == limit, "<>": number != limit,
    }[sign]  # fmt: skip


# --- Numbers -----------------------------------------------------------------------------------------------


class _General:
    """The format of a cell that nobody formatted."""

    @staticmethod
    def render(number: Decimal) -> str:
        """All digits, decimal comma; a spreadsheet would round to the width of its column."""
        text = f"{number:f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _literals(section: _Section, number: Decimal) -> str:
    general = _General.render(number)
    return "".join(
        general if token.kind in {"general", "sign"} and token.text != "%" else token.text for token in section.tokens
    ).strip()


class _Number:
    """A number on its way into the digits of a section."""

    def __init__(self, section: _Section, number: Decimal) -> None:
        self._tokens = section.tokens
        digits = [place for place, token in enumerate(self._tokens) if token.kind == "digit"]
        self._point = next((place for place, token in enumerate(self._tokens) if token == ("sign", ".")), None)
        end = len(self._tokens) if self._point is None else self._point
        self._whole = [place for place in digits if place < end]
        self._decimals = [place for place in digits if place > end]
        self._exponent = next((place for place, token in enumerate(self._tokens) if token.kind == "exponent"), None)
        self._commas = {place for place, token in enumerate(self._tokens) if token == ("sign", ",")}
        self._grouped = any(digits[0] < place < digits[-1] for place in self._commas)
        number *= 100 ** sum(token == ("sign", "%") for token in self._tokens)
        self._number = number / 1000 ** sum(place > digits[-1] for place in self._commas)

    def text(self) -> str:
        """The whole section with its digits."""
        if self._exponent is not None:
            return self._scientific(self._exponent)
        slash = next((place for place, token in enumerate(self._tokens) if token == ("sign", "/")), None)
        if slash is not None:
            return self._fraction()
        return self._plain(self._number, self._tokens)

    def _plain(self, number: Decimal, tokens: tuple[_Token, ...]) -> str:
        rounded = number.quantize(Decimal(1).scaleb(-len(self._decimals)), ROUND_HALF_UP)
        whole, _, decimals = f"{abs(rounded):f}".partition(".")
        given = {**self._whole_digits(whole), **self._decimal_digits(decimals)}
        shown = [self._piece(place, token, given) for place, token in enumerate(tokens)]
        sign = "-" if rounded < 0 else ""
        return sign + "".join(shown)

    def _whole_digits(self, whole: str) -> dict[int, str]:
        """The digits before the comma, given out from the right; what is too much stands at the first place."""
        left = whole.lstrip("0")
        given: dict[int, str] = {}
        for rank, place in enumerate(reversed(self._whole)):
            first = rank == len(self._whole) - 1
            digits, left = (left, "") if first else (left[-1:], left[:-1])
            given[place] = digits or {"0": "0", "?": " ", "#": ""}[self._tokens[place].text]
        return self._with_spaces(given) if self._grouped else given

    def _with_spaces(self, given: dict[int, str]) -> dict[int, str]:
        """The same digits with a space between thousands."""
        number, spaced = 0, {}
        for place, digits in given.items():
            text = ""
            for digit in reversed(digits):
                text = f"{digit}{NBSP}{text}" if number and number % 3 == 0 and digit.strip() else f"{digit}{text}"
                number += 1
            spaced[place] = text
        return spaced

    def _decimal_digits(self, decimals: str) -> dict[int, str]:
        given: dict[int, str] = {}
        for rank, place in reversed(list(enumerate(self._decimals))):
            optional = not any(given.values()) and decimals[rank] == "0"
            given[place] = {"#": "", "?": " "}.get(self._tokens[place].text, "0") if optional else decimals[rank]
        return given

    def _piece(self, place: int, token: _Token, given: dict[int, str]) -> str:
        if token.kind == "digit":
            return given.get(place, "")
        if token == ("sign", "."):
            return ","
        if token == ("sign", "%"):
            return token.text if self._tokens[place - 1].text.endswith((" ", NBSP)) else f"{NBSP}%"
        return "" if place in self._commas else token.text

    def _scientific(self, exponent: int) -> str:
        """A mantissa with as many digits before the comma as the code has, and the power of ten."""
        power = self._number.adjusted() if self._number else 0
        step = len([place for place in self._whole if place < exponent])
        power -= power % step if step > 1 else 0
        in_exponent = [place for place in (*self._whole, *self._decimals) if place > exponent]
        self._whole = [place for place in self._whole if place < exponent]
        self._decimals = [place for place in self._decimals if place < exponent]
        mantissa = self._plain(self._number.scaleb(-power), self._tokens[:exponent])
        sign = "-" if power < 0 else "+" if self._tokens[exponent].text == "+" else ""
        return f"{mantissa}E{sign}{abs(power):0{len(in_exponent)}}"

    def _fraction(self) -> str:
        """A whole number and a fraction whose denominator has at most as many digits as the code."""
        denominators = "".join(token.text for token in self._tokens).partition("/")[2]
        fixed = re.search(r"\d*[1-9]\d*", denominators)
        limit = int(fixed[0]) if fixed else 10 ** max(1, len(re.findall(r"[0#?]", denominators))) - 1
        whole, rest = divmod(abs(self._number), 1)
        part = Fraction(round(rest * limit), limit) if fixed else Fraction(rest).limit_denominator(limit)
        whole, part = (whole + 1, Fraction(0)) if part == 1 else (whole, part)
        shown = " ".join(
            text for text in (f"{whole:f}" if whole or not part else "", str(part) if part else "") if text
        )
        return f"-{shown}" if self._number < 0 else shown


# --- Dates and hours ---------------------------------------------------------------------------------------


def _moment(section: _Section, number: Decimal, moment: datetime) -> str:
    """A moment, rounded to the second where no fraction of it is shown."""
    if not section.has("fraction"):
        moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    elapsed = round(number * 86400)
    half = section.has("noon")
    pieces: list[str] = []
    for token in section.tokens:
        if token.kind == "elapsed":
            pieces.append(f"{_elapsed(elapsed, token.text[0].lower()):0{len(token.text)}}")
        elif token.kind == "noon":
            pieces.append("AM" if moment.hour < 12 else "PM")
        elif token.kind == "fraction":
            pieces.append(f",{moment.microsecond:06}"[: len(token.text) + 1])
        elif token.kind == "date":
            pieces.append(_part_of_moment(moment, token.text, half=half))
        elif token.kind != "digit" and token.text != "@":
            pieces.append(token.text)
    return "".join(pieces).strip()


def _elapsed(seconds: int, unit: str) -> int:
    return seconds // {"h": 3600, "m": 60, "s": 1}[unit]


def _part_of_moment(moment: datetime, code: str, *, half: bool) -> str:
    """What one code shows of a moment: ``dd``, ``mmmm``, ``yy``; ``n`` for minutes."""
    unit, width = code[0], len(code)
    match unit:
        case "y":
            return f"{moment.year % 100:02}" if width <= 2 else str(moment.year)
        case "m" if width >= 3:
            month = moment.month - 1
            return _SHORT_MONTHS[month] if width == 3 else _MONTHS[month] if width == 4 else _MONTHS[month][0]
        case "d" if width >= 3:
            day = _DAYS[moment.weekday()]
            return f"{day[:3]}." if width == 3 else day
    hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}[unit]
    return f"{number:0{min(width, 2)}}"
