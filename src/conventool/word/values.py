"""What each kind of control accepts, and what a value becomes in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from conventool.core.problems import Place, Problem, decodable
from conventool.text.cleaning import NOT_IN_XML
from conventool.text.dates import long_date
from conventool.text.french import fold
from conventool.text.numbers import yes_or_no
from conventool.word.controls import Control, Item
from conventool.word.prompts import is_prompt

__all__ = [
    "PARAGRAPHS",
    "RUN_FACETS",
    "Blank",
    "Filling",
    "Form",
    "Value",
    "choice",
    "date_text",
    "prepare",
    "reflected",
]

Value: TypeAlias = "str | int | bool | date | Blank | Sequence[Mapping[str, Value]] | None"
"""What ``Template.fill`` takes for a control. None leaves the control as it is in the template."""

Form: TypeAlias = Literal["text", "lines", "ordinal", "blank", "checked", "unchecked", "items"]
"""What the value asks of the document's structure: documents of the same forms share one compiled template."""

RUN_FACETS = ("text", "er", "after")
"""The pieces of a text, each in a run of its own."""

PARAGRAPHS = "paragraphs"
"""The text whose lines are paragraphs."""

# compiled by its first use, which French dates never make
_DATE_LETTERS = r"(?s)'([^']*)'|(d{1,4}|M{1,4}|y{1,4}|H{1,2}|h{1,2}|m{1,2}|s{1,2}|am/pm|AM/PM)|(.)"
_CLDR = {"ddd": "EEE", "dddd": "EEEE", "am/pm": "a", "AM/PM": "a", "y": "yy", "yyy": "yyyy"}
UNFILLABLE = {
    "picture": "une image",
    "repeat-item": "un élément d’une section répétée",
    "building-block": "un bloc de construction (table des matières, page de garde…)",
    "group": "un groupe",
    "citation": "une citation",
    "other": "un contenu que Word calcule",
}
"""The kinds of controls that take no value, and what such a control holds, in French."""
_DEFAULT_LANGUAGE = "fr-FR"
_MONTHS_WITH_ARTICLE = frozenset({"ast", "ca"})  # CLDR writes "de març", "d’abril" where a day goes before


@dataclass(frozen=True)  # with slots, each would be pickled by Python, not by C
class Blank:
    """A text to print in a control that stays to be filled: dots to write on, in Word still a prompt."""

    text: str

    def __bool__(self) -> bool:
        """Is anything printed?"""
        return bool(self.text)


class Filling(NamedTuple):
    """A value made ready for its control.

    Attributes:
        form: what it asks of the structure.
        pieces: the texts of its runs: one, or for an ordinal what precedes "er", "er" itself, what follows.
        stored: what bound data and lists keep for it.
        full_date: the date as ``w:fullDate`` has it (xsd:dateTime), empty where there is none.
        items: for a repeating section, the raw values of each item.
    """

    form: Form
    pieces: tuple[str, ...] = ("",)
    stored: str = ""
    full_date: str = ""
    items: tuple[Mapping[str, Value], ...] = ()

    def facet(self, name: str) -> str:
        """What stands at a slot: a piece of the text, or the value that goes with it in attributes and data.

        ``paragraphs`` is the text, of which each line is a paragraph.
        """
        if name in ("text", PARAGRAPHS):
            return self.pieces[0]
        if name in RUN_FACETS:
            return self.pieces[RUN_FACETS.index(name)]
        return self.full_date if name == "full_date" else self.stored


def prepare(control: Control, value: Value, *, runs: bool) -> Filling | Problem:
    """Check a value against its control.

    Args:
        control: the control to fill.
        value: what to put there.
        runs: may the content hold several runs (a superscript)?

    Returns:
        What to write, or the problem that tells what the control accepts.
    """
    refused = _refusal(control)
    if refused is not None:
        return refused
    if isinstance(value, Blank) and control.kind not in {"repeat", "checkbox"}:
        text = _clean(control, value.text)
        return text if isinstance(text, Problem) else Filling("blank", (text,))
    if control.kind == "repeat":
        return _prepare_items(control, value)
    if control.kind == "checkbox":
        return _prepare_checkbox(control, value)
    if control.kind == "date":
        return _prepare_date(control, value, runs=runs)
    return _prepare_text(control, value)


def reflected(control: Control, value: Value, source: Filling, *, runs: bool) -> Filling | None:
    """What a control shows when the data that it is bound to changes through another control.

    Args:
        control: the control that is bound to the same data.
        value: what was put into the other one.
        source: what became of it there.
        runs: may the content hold several runs?

    Returns:
        What to write; None where this control cannot show it, and Word will do so when it opens the document.
    """
    if control.kind == "repeat" or source.form == "items":
        return None
    shown = prepare(control, value if isinstance(value, Blank) else source.stored, runs=runs)
    if isinstance(shown, Filling):
        return shown._replace(stored=source.stored)
    if control.kind in {"list", "combo"} and not control.tracked:
        return Filling("text", (source.stored,), source.stored)
    return None


def choice(items: Sequence[Item], text: str) -> Item | None:
    """The item that ``text`` names by its display text or its value, exactly if possible, else forgivingly."""
    exact = [item for item in items if item.text == text] or [item for item in items if item.value == text]
    if exact:
        return exact[0]
    key = fold(text)
    close = [item for item in items if key and key in {fold(item.text), fold(item.value)}]
    return close[0] if len({item.text for item in close}) == 1 else None


@lru_cache(maxsize=4096)
def date_text(day: date, pattern: str, language: str | None) -> tuple[str, ...]:
    """A date in Word's own letters and the control's language.

    Args:
        day: the date, or date and time.
        pattern: ``w:dateFormat``, such as "dddd d MMMM yyyy" (ISO/IEC 29500-1, 17.16.4.1).
        language: ``w:lid``, such as "fr-FR"; French where there is none or none that is known.

    Returns:
        One text, or three where French writes the first of the month as an ordinal: "1", "er", " mars 2026".
        In French the spaces of a date in letters are non-breaking.
    """
    if (language or _DEFAULT_LANGUAGE) == _DEFAULT_LANGUAGE and pattern == "d MMMM yyyy":
        text = long_date(day)
        return text.partition("er") if day.day == 1 else (text,)
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 (a second's twentieth, that French dates can spare)
    from babel.dates import format_datetime  # noqa: PLC0415

    try:
        locale = Locale.parse(language or _DEFAULT_LANGUAGE, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(_DEFAULT_LANGUAGE, sep="-")
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a day has no zone)
    tokens = re.findall(_DATE_LETTERS, pattern)
    in_french_letters = locale.language == "fr" and "MMM" in pattern
    # a month alone, or after a "de" that the pattern brings itself, is in the nominative
    alone = locale.language in _MONTHS_WITH_ARTICLE or not any(letters in {"d", "dd"} for _, letters, _ in tokens)
    texts = [""]
    for quoted, letters, other in tokens:
        code = _CLDR.get(letters, letters)
        if alone:
            code = code.replace("M", "L")
        texts[-1] += str(format_datetime(moment, code, locale=locale)) if code else quoted or other
        if letters == "d" and in_french_letters and day.day == 1:
            texts.append("")
    if in_french_letters:
        texts = [text.replace(" ", "\N{NO-BREAK SPACE}") for text in texts]
    return (texts[0], "er", "".join(texts[1:])) if len(texts) > 1 else (texts[0],)


def _refusal(control: Control) -> Problem | None:
    """Why nothing at all can be put in this control."""
    if control.kind in UNFILLABLE:
        return _problem(
            control, "control-unfillable", f"Ce contrôle contient {UNFILLABLE[control.kind]} : il ne se remplit pas.",
            "Retirez-le des données.",
        )  # fmt: skip
    if control.tracked:
        return _problem(
            control, "control-tracked", "Ce contrôle contient des modifications suivies.",
            "Dans Word, onglet Révision, acceptez ou refusez les modifications du modèle.",
        )  # fmt: skip
    return None


def _prepare_items(control: Control, value: Value) -> Filling | Problem:
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(v, Mapping) for v in value):
        return _problem(
            control, "bad-value", "Cette section répétée attend une liste.",
            "Donnez une liste, avec pour chaque élément les adresses de ses contrôles et leurs valeurs.", value,
        )  # fmt: skip
    return Filling("items", items=tuple(value))


def _prepare_checkbox(control: Control, value: Value) -> Filling | Problem:
    checked = value if isinstance(value, bool) else yes_or_no(str(value))
    if checked is not None:
        return Filling("checked" if checked else "unchecked", stored=str(checked).lower())
    return _problem(control, "bad-choice", "Cette case à cocher attend oui ou non.", "Écrivez oui ou non.", value)


def _prepare_date(control: Control, value: Value, *, runs: bool) -> Filling | Problem:
    if isinstance(value, str):
        with suppress(ValueError):
            value = datetime.fromisoformat(value.strip()) if "T" in value else date.fromisoformat(value.strip())
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    if not isinstance(value, date):
        return _problem(control, "bad-date", "Ce contrôle attend une date.", "Écrivez-la ainsi : 2026-03-12.", value)
    pieces = date_text(value, control.date_format or "", control.language)
    text = "".join(pieces)
    full = value.isoformat(timespec="seconds") if isinstance(value, datetime) else f"{value.isoformat()}T00:00:00"
    stored = {"text": text, "date": full[:10]}.get(control.store_as or "", full)
    if len(pieces) > 1 and runs:
        return Filling("ordinal", pieces, stored, f"{full}Z")
    return Filling("text", (text,), stored, f"{full}Z")


def _prepare_text(control: Control, value: Value) -> Filling | Problem:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        hint = "Écrivez un texte."
        if isinstance(value, date):
            hint = "Écrivez un texte ; dans un modèle, « | date_longue » derrière le champ en fait un de cette date."
        return _problem(control, "bad-value", "Ce contrôle attend un texte.", hint, value)
    text = _clean(control, str(value))
    if isinstance(text, Problem):
        return text
    if control.max_length is not None and len(text) > control.max_length:
        return _problem(
            control, "too-long", f"Ce champ prend {control.max_length} caractères au plus, et non {len(text)}.",
            "Écrivez un texte plus court.", text,
        )  # fmt: skip
    if control.kind in {"list", "combo"}:
        return _prepare_choice(control, text)
    return Filling("lines" if "\n" in text else "text", (text,), text)


def _prepare_choice(control: Control, text: str) -> Filling | Problem:
    item = choice(control.items, text)
    if item is not None:
        return Filling("text", (item.text,), item.value)
    if control.kind == "combo" and text.strip() and not is_prompt(text, control.placeholder):
        return Filling("text", (text,), text)
    choices = ", ".join(f"« {item.text} »" for item in control.items) or "rien"
    return _problem(
        control, "bad-choice", "Cette liste ne contient pas cette valeur.", f"Elle propose : {choices}.", text
    )


def _clean(control: Control, text: str) -> str | Problem:
    """The text with newlines of one sort, if XML 1.0 (2.2) has all its characters."""
    illegal = NOT_IN_XML.search(text)
    if illegal is None:
        return text
    if illegal[0] == "\r":
        return _clean(control, text.replace("\r\n", "\n").replace("\r", "\n"))
    return _problem(
        control, "illegal-character",
        f"Le caractère U+{ord(illegal[0]):04X} (position {illegal.start() + 1}) n’est pas permis dans un document.",
        "Retapez ce passage au lieu de le coller.", text,
    )  # fmt: skip


def _problem(control: Control, code: str, message: str, hint: str, value: object = None) -> Problem:
    place = Place(part=control.part, control=control.address, context=control.context)
    shown = None if value is None else decodable(str(value))
    return Problem(code, message, hint, value=shown, place=place)
