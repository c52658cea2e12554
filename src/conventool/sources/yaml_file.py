"""YAML → rows: every scalar as the text that was written, every key and value with its place.

Only the structure of YAML is used here, none of its types: the parser's events are read as they come, before
any tag would turn ``02100`` into 1088, ``non`` into False or a date into an object. What a data file has no
use for, and could hide something in, is refused: anchors, aliases, tags, merge keys, several documents.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from conventool.core.problems import Place, Problem
from conventool.core.row import Path, Row, Value, dotted
from conventool.files.reading import read_bytes, unreadable
from conventool.sources.charsets import find_charset

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from conventool.core.errors import UnreadableError

__all__ = ["parse_yaml", "read_yaml", "yaml_text"]

SIZE_LIMIT = 32_000_000
DEPTH_LIMIT = 20

_TOO_DEEP = f"Les données sont imbriquées sur plus de {DEPTH_LIMIT} niveaux."
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Controls, non-characters, and the three line breaks (U+0085, U+2028, U+2029) that no editor shows."""


_BLANKS = "[\n\u00a0\u202f]"
"""What is not printable to Python, and yet is no sign that hides."""


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as such, behind a bar."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """A text, quoted as the caller asks or as YAML needs it."""
        style = "|" if "\n" in text and self.default_style is None else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _Dumper.represent_text)


def yaml_text(value: Any, **style: Any) -> str:
    """A value as YAML that is read here again, whatever its texts hold.

    Args:
        value: mappings, lists and scalars.
        style: as PyYAML names it.

    Returns:
        The YAML; where a text holds signs that are not drawn, which are refused here, with escapes for them.
    """
    text = str(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000, **style))
    if re.sub(_BLANKS, "", text).isprintable():
        return text
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, width=10_000, **style))


def read_yaml(path: pathlib.Path) -> Iterator[Row]:
    """Read the adherents of a YAML file, one after the other.

    Args:
        path: a file that holds one mapping (one adherent) or a list of mappings.

    Yields:
        A row for each adherent; a key written twice is among the row's problems.

    Raises:
        UnreadableError: the file is missing, too big, of no known charset, not YAML, holds what is refused here,
            or is neither a mapping nor a list of mappings. Its problem says line and column.
    """
    file = str(path)
    yield from parse_yaml(_decode(read_bytes(path, SIZE_LIMIT), file), file)


def parse_yaml(text: str, file: str | None = None) -> Iterator[Row]:
    """Read the adherents of a YAML text; see [read_yaml][conventool.sources.yaml_file.read_yaml].

    Args:
        text: the YAML.
        file: name of the file, for the places.

    Yields:
        A row for each adherent.

    Raises:
        UnreadableError: as for a file.
    """
    if unfit := _UNFIT.search(text):
        message = f"Le caractère invisible U+{ord(unfit[0]):04X} n’a pas sa place dans ce fichier."
        hint = "Supprimez-le, ou retapez la ligne."
        raise unreadable(message, hint, _place_at(text, unfit.start(), file))
    try:
        yield from _Reader(text, file).rows()
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, text, file) from error
    except yaml.YAMLError as error:
        raise unreadable("Ce fichier n’est pas du YAML lisible.", None, Place(file=file)) from error


class _Reader:
    """The parser's events, turned into rows."""

    def __init__(self, text: str, file: str | None) -> None:
        self._file = file
        self._text = text
        self._events = yaml.parse(text, Loader=_LOADER)
        self._begin_row()

    def _begin_row(self) -> None:
        self._places: dict[Path, Place] = {}
        self._keys: dict[Path, Place] = {}
        self._problems: list[Problem] = []

    def rows(self) -> Iterator[Row]:
        next(self._events)  # the stream begins
        if isinstance(next(self._events), yaml.StreamEndEvent):
            raise unreadable("Ce fichier est vide.", _SHAPE, Place(file=self._file, line=1, column=1))
        root = next(self._events)
        if isinstance(root, yaml.SequenceStartEvent):
            self._refuse_oddities(root)
            while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
                yield self._row(event)
        else:
            yield self._row(root)
        next(self._events)  # the document ends
        if isinstance(event := next(self._events), yaml.DocumentStartEvent):
            hint = "Pour plusieurs adhérents, écrivez une liste, chacun précédé d’un tiret."
            self._refuse(event, "Ce fichier contient plusieurs documents YAML, séparés par « --- ».", hint)

    def _row(self, event: yaml.Event) -> Row:
        self._begin_row()
        values = self._value(event, ())
        if not isinstance(values, dict):
            self._refuse(event, "On attend ici un adhérent : des lignes « champ: valeur ».", _SHAPE)
        written = self._written(event)
        return Row(values, self._place(event), self._places, tuple(self._problems), keys=self._keys, text=written)

    def _written(self, event: yaml.Event) -> str:
        """How the row is written that begins with an event and has just ended, as if it began in the first column."""
        start, end = event.start_mark, self._end
        assert start is not None
        assert end is not None
        first, *others = self._text[start.index : end.index].rstrip().splitlines()
        indent = " " * start.column
        return "\n".join([first, *(line.removeprefix(indent) for line in others)])

    def _value(self, event: yaml.Event, path: Path) -> Value:
        self._refuse_oddities(event)
        if len(path) > DEPTH_LIMIT:
            self._refuse(event, _TOO_DEEP, None)
        self._places[path] = self._place(event)
        if isinstance(event, yaml.ScalarEvent):
            return None if event.implicit[0] and event.value in _NULLS else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _sequence(self, path: Path) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Value]:
        values: dict[str, Value] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._key(event)
            name = key.value
            if name in values:
                self._problems.append(self._duplicate(key, (*path, name)))
            self._keys[(*path, name)] = self._place(key)
            values[name] = self._value(next(self._events), (*path, name))
        self._end = event.end_mark
        return values

    def _duplicate(self, key: yaml.ScalarEvent, path: Path) -> Problem:
        first = self._keys[path].line
        message = f"Le champ « {key.value} » est écrit deux fois (déjà ligne {first})."
        hint = "Gardez une seule des deux lignes."
        return Problem("duplicate-field", message, hint, dotted(path), place=self._place(key))

    def _key(self, event: yaml.Event) -> yaml.ScalarEvent:
        self._refuse_oddities(event)
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse(event, "Un nom de champ est attendu ici.", "Vérifiez les accolades et les crochets.")
        if event.implicit[0] and event.value == "<<":
            self._refuse(event, "La fusion « << » n’est pas acceptée ici.", "Écrivez chaque champ en entier.")
        return event

    def _refuse_oddities(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            hint = "Écrivez la valeur en entier ; si « & » ou « * » en fait partie, mettez-la entre guillemets."
            self._refuse(event, "Les ancres (&) et les renvois (*) ne sont pas acceptés ici.", hint)
        if getattr(event, "tag", None) is not None:
            hint = "Supprimez-la ; si « ! » fait partie de la valeur, mettez-la entre guillemets."
            self._refuse(event, "Les étiquettes de type (!) ne sont pas acceptées ici.", hint)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None
        return Place(file=self._file, line=mark.line + 1, column=mark.column + 1)

    def _refuse(self, event: yaml.Event, message: str, hint: str | None) -> NoReturn:
        raise unreadable(message, hint, self._place(event))


_SHAPE = 'Partez de l’exemple : « forme: commune », puis « code_insee: "59017" », et la suite.'


def _decode(data: bytes, file: str) -> str:
    """The text of a file, whatever charset it was saved in, without its byte order mark."""
    charset = find_charset([data])
    try:
        return data.decode(charset).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        message = f"L’octet 0x{data[error.start]:02X} n’a pas de sens dans ce fichier, qui semble être en {charset}."
        hint = "Rouvrez-le dans votre éditeur et enregistrez-le avec l’encodage « UTF-8 »."
        raise unreadable(message, hint, Place(file=file)) from error


def _place_at(text: str, index: int, file: str | None) -> Place:
    """Line and column of a character, as an editor counts them."""
    lines = re.split("\r\n|\r|\n", text[:index])
    return Place(file=file, line=len(lines), column=len(lines[-1]) + 1)


def _syntax_error(error: yaml.MarkedYAMLError, text: str, file: str | None) -> UnreadableError:
    """Say what is likely wrong, judged from the text that stands where the parser stopped."""
    # one line more: a parser that has met the end may point behind it
    lines = [*re.split("\r\n|\r|\n", text), ""]
    mark, start = error.problem_mark, error.context_mark
    if mark is None:
        return unreadable("Ce fichier n’est pas du YAML lisible.", None, Place(file=file))
    # the quick parser has a limit of its own
    if sum(map(text[: mark.index].count, "[{")) - sum(map(text[: mark.index].count, "]}")) > DEPTH_LIMIT:
        return unreadable(_TOO_DEEP, None, Place(file=file, line=mark.line + 1, column=mark.column + 1))
    line = lines[mark.line]
    trouble = _trouble_at(line, mark.column)
    if trouble is None and start and (isinstance(error, yaml.scanner.ScannerError) or not line[mark.column :]):
        mark, trouble = start, _unfinished(lines[start.line][start.column :][:1])
    message, hint = trouble or ("La syntaxe YAML est incorrecte ici.", _LOOK_AROUND)
    return unreadable(message, hint, Place(file=file, line=mark.line + 1, column=mark.column + 1))


def _trouble_at(line: str, column: int) -> tuple[str, str] | None:
    """What is wrong with the character at a column of a line, and what to do."""
    if "\t" in line[: len(line) - len(line.lstrip())] or line[column : column + 1] == "\t":
        return "Une tabulation sert ici de retrait.", "Remplacez-la par des espaces."
    if (sign := line[column : column + 1]) in _RESERVED:
        return (
            f"Une valeur ne commence pas par « {sign} » sans guillemets.",
            "Mettez la valeur entre guillemets.",
        )
    if sign == ":":
        return (
            "Deux-points inattendu.",
            "Si la valeur en contient, mettez-la entre guillemets ; sinon voyez le retrait.",
        )
    if "\\" in line[max(0, column - 2) : column + 1]:
        hint = "Doublez-la, ou mettez la valeur entre apostrophes droites."
        return "Barre oblique inverse mal employée entre guillemets.", hint
    return None


def _unfinished(opening: str) -> tuple[str, str]:
    """What lacks its end, judged from its first character, and what to do."""
    if opening and opening in "\"'[{":
        return f"Ce que « {opening} » ouvre ici n’est jamais fermé.", "Ajoutez le signe qui manque à la fin."
    return "Il manque « : » et une espace après ce nom de champ.", _LOOK_AROUND


_RESERVED = frozenset("@`%")
_LOOK_AROUND = "Vérifiez le retrait, les guillemets, et l’espace après les deux-points, ici et à la ligne d’avant."
