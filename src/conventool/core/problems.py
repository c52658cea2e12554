"""Problems: bad data as a value, collected all of it and reported together."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

__all__ = ["NOWHERE", "Place", "Problem", "Severity", "bound", "decodable"]


def bound(text: str) -> str:
    """A text in French, with the spaces at which no line may break: as long as it was.

    Before two-part signs and inside guillemets, behind n° and art., between a number and its unit (*Lexique des règles
    typographiques en usage à l'Imprimerie nationale*).
    """
    return re.sub(_UNBREAKABLE, "\u00a0", text)


_UNBREAKABLE = (
    r"(?<=«) | (?=[»:;?!])|(?<=\bn°) (?=\w)|(?<=\bart\.) (?=\w)"
    r"|(?<=\d) (?=[€%]|(?:[kKMG]?o|h|min|s|mm|cm|ans?|mois|jours?|lignes?|colonnes?|pages?|caract[èe]res?|fois)\b)"
)


def decodable(text: str) -> str:
    """A text, such as a file's name, with what its system could not decode, and nothing can write, as an escape."""
    return text if text.isprintable() else text.encode("utf-8", "backslashreplace").decode()


class Severity(StrEnum):
    """How far a problem goes."""

    ERROR = "error"
    """What it concerns is not produced."""
    WARNING = "warning"
    """Produced, but a person should look."""
    NOTICE = "notice"
    """A safe repair or a default: told, nothing to do."""


class Place(NamedTuple):
    """Where something stands, as the user's own program counts.

    Attributes:
        file: path or name of the file, as the user gave it.
        sheet: name of the sheet in a workbook.
        line: line in an editor or row in a sheet, from 1.
        column: a column number from 1 in a text, or the header of a table's column.
        part: name of the part inside a Word document, such as ``word/document.xml``.
        paragraph: rank of the paragraph in that part, from 1.
        control: address of the content control.
        context: the words around, for a place in a Word document.
    """

    file: str | None = None
    sheet: str | None = None
    line: int | None = None
    column: int | str | None = None
    part: str | None = None
    paragraph: int | None = None
    control: str | None = None
    context: str | None = None

    def __str__(self) -> str:
        """The place in French, on one line: ``adherent.yaml, ligne 3, colonne 7``."""
        return ", ".join(
            text
            for text in (
                self.file and decodable(self.file),
                self.sheet and f"feuille {self.sheet}",
                self.line and f"ligne {self.line}",
                self.column and f"colonne {self.column}".rstrip(" :\u00a0"),  # as a question ends
                self.part,
                self.paragraph and f"paragraphe {self.paragraph}",
                self.control and f"contrôle {self.control}",
                self.context and f"« {self.context} »",
            )
            if text
        )


NOWHERE = Place()
"""No place is known: the program itself, or its command line."""


class Problem(NamedTuple):
    """One thing that is wrong, or was assumed.

    Attributes:
        code: stable English code that scripts match on, such as ``bad-date``.
        message: what is wrong and why, in French.
        hint: what to write instead, in French.
        field: path of the data field, joined by dots: ``representant.nom``.
        value: the offending value, as the user wrote it.
        place: where it stands.
        severity: an error unless said otherwise.
    """

    code: str
    message: str
    hint: str | None = None
    field: str | None = None
    value: str | None = None
    place: Place = NOWHERE
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Place, message and hint on one line, for logs and exceptions."""
        place = f"{self.place} :" if self.place != NOWHERE else None
        return " ".join(text for text in (place, self.message, self.hint) if text)
