"""conventool as a library: from a mapping to documents, and back, in memory; problems are values.

Nothing is printed, and nothing written but by [Filled.write][conventool.commands.library.Filled.write].
"""

from __future__ import annotations

import os
import reprlib
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from numbers import Integral
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias, get_args

from conventool.commands import communes as communes_command
from conventool.commands import read as read_command
from conventool.commands import verify as verify_command
from conventool.core.arguments import must_be, must_be_one_of
from conventool.core.clock import today
from conventool.core.problems import Problem, Severity
from conventool.core.row import Row, Value
from conventool.documents.fillers import Filler, open_filler
from conventool.files.plan import Wanted, plan
from conventool.files.scratch import scratch_folder
from conventool.files.writing import make_folder, write_together
from conventool.template import DEFAULT
from conventool.template.folder import find_template, is_word_form
from conventool.word.template import Mode

__all__ = ["Document", "Extracted", "Filled", "Verified", "communes", "fill", "read", "verify"]

_AnyData: TypeAlias = "Mapping[str, Any] | Mapping[Hashable, Any]"
_AnyPath: TypeAlias = str | os.PathLike[str]
_AnyDocument: TypeAlias = _AnyPath | bytes | bytearray | memoryview
_PATH = (str, os.PathLike)
_LARGEST = 10**30
"""A number that some field may hold is far below it."""


class Document(NamedTuple):
    """A filled copy.

    Attributes:
        name: the file name that the template gives it, legal on every system.
        copy: key of whose copy it is: ``fibre``.
        content: the bytes of the Word document.
    """

    name: str
    copy: str
    content: bytes


class Filled(NamedTuple):
    """What came of an adherent's data.

    Attributes:
        documents: the copies; none if a problem is an error.
        problems: all that is wrong, was repaired or was assumed.
    """

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which there are no documents."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    def write(self, folder: _AnyPath, *, force: bool = False) -> tuple[Path, ...]:
        """Write the documents, all of them or none, each whole or not at all.

        Args:
            folder: made if it is not there.
            force: may files that differ be replaced?

        Returns:
            Where they are.

        Raises:
            OutputError: another file is in the way, or the folder refuses.
            TypeError: the folder is no path.
        """
        must_be("folder", folder, _PATH, "a path")
        home = Path(folder)
        planned = plan([Wanted(home / one.name, one.content) for one in self.documents], force=force)
        make_folder(home)
        write_together({one.wanted.path: one.wanted.data for one in planned if one.action.writes})
        return tuple(one.wanted.path for one in planned)


class Extracted(NamedTuple):
    """What a document says.

    Attributes:
        data: as [fill][conventool.commands.library.fill] takes them; None where they cannot be read.
        problems: what could not be read, or reads in several ways.
    """

    data: Mapping[str, Any] | None
    problems: tuple[Problem, ...]


class Verified(NamedTuple):
    """Whether a document is still what was sent.

    Attributes:
        status: ``intact``, ``doubtful``, ``altered``, ``unknown`` or ``unreadable``.
        problems: each alteration and each doubt, with its place.
    """

    status: str
    problems: tuple[Problem, ...]


def fill(data: _AnyData, template: _AnyPath = DEFAULT, *, controls: Mode = "keep", day: date | None = None) -> Filled:
    """One adherent's data → its copies, as bytes.

    Args:
        data: the fields of docs/donnees.md, named by texts, nested as in YAML or with a dotted path as the key; of a
            bare form, values by the addresses of its controls. A value is a text, a date, a truth value, an ``int`` or
            a ``Decimal`` (taken as the text that it prints), a list or a mapping of such; None and not-a-number are no
            value.
        template: name of a template, its folder, or a bare Word form.
        controls: "keep" the filled controls as controls, or "unwrap" them.
        day: the day that dates are judged by; today if not given.

    Raises:
        TemplateError: the template is missing, or is not sound.
        TypeError: the data are no mapping, or hold themselves; another argument is of a wrong type.
        ValueError: ``controls`` is neither.

    Example:
        >>> filled = fill({"forme": "commune", "nom": "Armentières", "adresse": "4 place du Général-de-Gaulle",
        ...                "representant": {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN"},
        ...                "decision": {"date": "2026-03-12"}}, day=date(2026, 4, 1))
        >>> [document.copy for document in filled.documents]
        ['fibre', 'cdg59', 'collectivite']
        >>> filled.errors
        ()
    """
    must_be("data", data, Mapping, "a mapping of fields to values")
    must_be("template", template, _PATH, "a name or a path")
    must_be("day", day, (date, type(None)), "a date or None")
    must_be_one_of("controls", controls, get_args(Mode))
    values, refused = _as_values(data)
    if refused:
        return Filled((), tuple(refused))
    judged = day.date() if isinstance(day, datetime) else day or today()
    return _filled(_opened(str(template), _stamps(str(template)), judged, controls), Row(values))


def _filled(filler: Filler, row: Row) -> Filled:
    [(made, problems)] = filler.make([(1, row)])
    documents = made.documents if made else ()
    return Filled(tuple(Document(one.fichier, one.cle, one.fill()) for one in documents), tuple(problems))


def read(document: _AnyDocument, template: _AnyPath | None = None) -> Extracted:
    """What a filled document says, as data that would say it again.

    Args:
        document: a Word document or a PDF: its path, or its bytes.
        template: name or folder of its template; None to find it among those of the program.

    Raises:
        ConventoolError: there is no such template or document.
        TypeError: an argument is neither.

    Example:
        >>> read(b"no document").data is None
        True
    """
    with _as_file(document) as path:
        report = read_command.read([path], read_command.ReadOptions(_as_text(template)))
    return Extracted(next(iter(report.data), None), tuple(report.problems))


def verify(document: _AnyDocument, template: _AnyPath | None = None, *, data: _AnyPath | None = None) -> Verified:
    """Whether the text of a returned document is still the template's, and its values those of the data.

    Args:
        document: a Word document or a PDF: its path, or its bytes.
        template: name or folder of its template; None to find it among those of the program.
        data: a file of data, to hold the values against.

    Raises:
        ConventoolError: there is no such template, document or file of data.
        TypeError: an argument is neither.

    Example:
        >>> verify(b"no document").status
        'unreadable'
    """
    must_be("data", data, (*_PATH, type(None)), "the path of a file of data")
    with _as_file(document) as path:
        options = verify_command.VerifyOptions(_as_text(template), None if data is None else Path(data))
        report = verify_command.verify([path], options)
    (verified,) = report.documents
    return Verified(verified.status, tuple(report.problems))


def communes(words: str | int) -> list[Mapping[str, Any]]:
    """What the official register says of the communes that some words name: a name or its beginning, a code.

    Raises:
        TypeError: they are no text.

    Example:
        >>> [(commune["nom"], commune["code"]) for commune in communes("59017")]
        [('Armentières', '59017')]
    """
    must_be("words", words, (str, int), "a name or a code")
    return list(communes_command.communes(str(words)).found)


# --- Values ------------------------------------------------------------------------------------------------


def _as_values(data: Mapping[Any, Any]) -> tuple[Mapping[str, Value], list[Problem]]:
    """A caller's mapping as a row's values, and what in it is of a wrong type.

    Raises:
        TypeError: it holds itself.
    """
    refused: list[Problem] = []
    try:
        given = {tuple(_way(str(name))): _as_value(value, str(name), refused) for name, value in data.items()}
    except RecursionError:
        raise TypeError("data must not hold themselves") from None
    return Row({}).with_values(given).values, refused


def _way(name: str) -> list[str]:
    """The way to a value: in the address of a form's control a dot is a dot."""
    return [name] if ":" in name else name.split(".")


def _as_value(value: Any, path: str, refused: list[Problem]) -> Value:
    match None if _is_nothing(value) else value:
        case Mapping() as section:
            return {str(name): _as_value(inner, f"{path}.{name}", refused) for name, inner in section.items()}
        case list() | tuple() as several:
            return [_as_value(inner, path, refused) for inner in several]
        case datetime() as moment:
            return moment.date()
        case (None | str() | bool() | date()) as plain:
            return plain
        case (Decimal() | Integral()) as number if _is_written(number):
            return f"{number:f}" if isinstance(number, Decimal) else str(number)
    shown = None if isinstance(value, Integral) else reprlib.repr(value)  # an int may be too long to be written
    home, kind = type(value).__module__.partition(".")[0], type(value).__name__
    message = f"Une valeur de type « {kind if home == 'builtins' else f'{home}.{kind}'} » ne peut pas être écrite."
    hint = "Donnez un texte, une date, un booléen, un int ou un Decimal ; d’un float, le texte qu’il faut lire."
    refused.append(Problem("bad-value", message, hint, path, shown))
    return None


def _is_written(number: Decimal | Integral) -> bool:
    """Is it short enough for any field?"""
    size = abs(number) if isinstance(number, Decimal) else abs(int(number))
    return size < _LARGEST


def _is_nothing(value: Any) -> bool:
    """Is it what pandas has for a missing value: unlike itself (IEEE 754 not-a-number, NaT), or neither (NA)?"""
    try:
        return bool(value != value)  # noqa: PLR0124 (that is the test)
    except (TypeError, ValueError, ArithmeticError):
        return not hasattr(value, "__len__")


# --- Templates and files -----------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def _opened(template: str, stamps: tuple[tuple[str, int, int], ...], day: date, controls: Mode) -> Filler:  # noqa: ARG001 (see _stamps)
    return open_filler(template, day, controls, alone="1" if is_word_form(template) else None)


def _stamps(template: str) -> tuple[tuple[str, int, int], ...]:
    """The files of a template and when they changed, so that one that was edited is opened anew."""
    place = Path(template) if is_word_form(template) else find_template(template)
    files = [place] if place.is_file() else sorted(file for file in place.iterdir() if file.is_file())
    return tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.exists())


def _as_text(template: _AnyPath | None) -> str | None:
    must_be("template", template, (*_PATH, type(None)), "a name, a path or None")
    return None if template is None else str(template)


@contextmanager
def _as_file(document: _AnyDocument) -> Iterator[Path]:
    """The path of a document; bytes stand in a private folder meanwhile."""
    must_be("document", document, (*_PATH, bytes, bytearray, memoryview), "a path or the bytes of a document")
    if isinstance(document, _PATH):
        yield Path(document)
        return
    document = bytes(document)
    suffix = ".pdf" if document.lstrip().startswith(b"%PDF-") else ".docx"
    with scratch_folder() as folder:
        path = folder / f"document{suffix}"
        path.write_bytes(document)
        yield path
