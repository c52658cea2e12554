"""The dossier and its workbook brought together: what people typed is read back, then the workbook is written again.

What they typed wins over what the dossier knows; where both changed, it is told. Nothing typed is lost: a line, a
column or a sheet that is nobody's is kept as it is, and a workbook that cannot be read is left in its place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from conventool.core.errors import OutputError
from conventool.core.problems import Place, Problem, Severity
from conventool.dossier import facts, tracking_workbook
from conventool.dossier.dossier import Dossier
from conventool.dossier.facts import Fact, FactValue, Formula, canonical, cells_of, fact_json, fact_value, set_fact
from conventool.dossier.outputs import put_output
from conventool.dossier.reading import Folder
from conventool.dossier.records import as_json
from conventool.dossier.standing import doubts, told
from conventool.dossier.tracking_columns import as_day, checksum, columns
from conventool.dossier.typed_workbook import TypedBook, TypedLine, UnreadableBookError, read_book
from conventool.files.filenames import beside
from conventool.files.reading import file_sha256
from conventool.files.writing import drafting
from conventool.text.french import fold
from conventool.text.suggestions import and_others

__all__ = ["Tracked", "bring_together", "read_back"]

_NAME = tracking_workbook.NAME
_NAMED = 5
"""Lines of nobody that a message names."""
_TYPED = " (saisi)"
"""Behind the header of a column that the program writes: the name of the one that keeps what was typed in it."""


class Tracked(NamedTuple):
    """What became of the workbook.

    Attributes:
        path: where it was written; None if it could not be.
        written_at: when, in nanoseconds since 1970, by the clock of the disk.
        problems: what is to be said of it.
    """

    path: Path | None
    written_at: int
    problems: list[Problem]


def bring_together(dossier: Dossier, folder: Path, today: date) -> Tracked:
    """Read back what people typed in the workbook, and write it again.

    Args:
        dossier: of the folder; a transaction is open.
        folder: in which the workbook is.
        today: the day by which states are told.

    Raises:
        OutputError: the folder cannot be written.
    """
    path = folder / _NAME
    before = file_sha256(path) if path.is_file() else None
    problems = read_back(dossier, folder)
    readable = all(problem.code != "workbook-unreadable" for problem in problems)
    everything = Folder(dossier.database, folder)
    problems += _doubted(everything, path, today)
    with drafting(folder) as draft:
        tracking_workbook.write(draft.file, tracking_workbook.contents_of(everything, today))
        draft.finish()
        written_at = draft.path.stat().st_mtime_ns
        if _is_open(path) or (readable and path.is_file() and file_sha256(path) != before):
            return Tracked(None, written_at, [*problems, _held_open(path)])
        try:
            placed, _ = put_output(dossier, draft, path, force=readable)
        except OutputError:
            return Tracked(None, written_at, [*problems, _held_open(path)])
    return Tracked(placed, written_at, problems)


def read_back(dossier: Dossier, folder: Path) -> list[Problem]:
    """Note what people typed in the workbook since it was written, and tell what is to be said of that.

    Args:
        dossier: of the folder; a transaction is open.
        folder: in which the workbook is.
    """
    path, known = folder / _NAME, dossier.output_known(_NAME)
    unread = list(_of_another_format(folder))
    if not path.is_file() or file_sha256(path) == known:
        return unread
    try:
        book = read_book(path)
    except UnreadableBookError:
        return [*unread, _unreadable(path)]
    unread += [_copied(path, name) for name in book.copies]
    problems = unread + _Taking(dossier.database, folder, trusts_numbers=known is not None).take(book)
    return [*problems, _set_aside(path)] if book.holds_more else problems


def _of_another_format(folder: Path) -> Iterator[Problem]:
    """Tell of a tracking workbook that was saved in another format, beside: it is not read."""
    for path in (Path(folder / _NAME).with_suffix(suffix) for suffix in (".ods", ".csv", ".xls", ".xlsm", ".xlsb")):
        if path.is_file():
            message = f"« {path.name} » n’est pas lu : ce qui y a été saisi n’est pas repris."
            hint = f"Reportez-le dans {_NAME}, puis supprimez ce fichier ; enregistrez le tableau au format xlsx."
            yield _problem("workbook-not-read", message, hint, path)


def _copied(path: Path, name: str) -> Problem:
    """Tell of a copy of the tracking sheet: only the sheet itself is read."""
    message = f"La feuille « {name} » est une copie du suivi : ce qui y a été saisi n’est pas repris."
    hint = "Reportez-le dans la feuille d’origine, puis supprimez la copie ou ses en-têtes."
    return _problem("workbook-not-read", message, hint, path)


def _is_open(path: Path) -> bool:
    """Whether Excel or LibreOffice has left beside a workbook the file by which they tell others that it is open."""
    return any(path.with_name(name).exists() for name in (f"~${path.name}", f".~lock.{path.name}#"))


def _set_aside(path: Path) -> Problem:
    """Keep a workbook that holds more than is read, beside the new one."""
    kept = next(one for one in beside(path) if one != path and not one.exists())
    path.replace(kept)
    message = (
        "Ce tableau contenait des commentaires, des images, des cellules fusionnées ou des lignes au-dessus des "
        f"en-têtes, que le nouveau n’a pas : il est gardé, {kept.name}."
    )
    return _problem("workbook-kept", message, "Reprenez-y ce qui sert, puis supprimez-le.", path)


def _unreadable(path: Path) -> Problem:
    message = "Ce tableau de suivi ne se lit pas : rien n’y est repris, il reste en place, et le nouveau est à côté."
    return _problem(
        "workbook-unreadable", message, "Ouvrez-le, reportez ce qui sert dans le nouveau, puis supprimez-le.", path
    )


def _held_open(path: Path) -> Problem:
    message = "Le tableau de suivi n’a pas été remplacé : il est sans doute ouvert. Le reste, lui, est écrit."
    return _problem("workbook-open", message, f"Fermez {path.name} dans Excel, puis relancez la même commande.", path)


def _problem(code: str, message: str, hint: str | None, path: Path) -> Problem:
    return Problem(code, message, hint, place=Place(file=str(path)), severity=Severity.WARNING)


def _doubted(folder: Folder, path: Path, today: date) -> Iterator[Problem]:
    """The dates that are known and cannot be: they are kept as they are, and not counted."""
    for one in folder.adherents(noted=True):
        for why in doubts(one, today).values():
            message = f"{one.nom} : {why}. Cette date n’est pas comptée."
            yield _problem("date-order", message, "Corrigez-la dans le tableau.", path)._replace(value=one.nom)


class _Taking:
    """Takes what people typed into the dossier.

    Args:
        database: of the dossier.
        folder: of the workbook.
        trusts_numbers: has this dossier written the workbook? Else a number means nobody.
    """

    def __init__(self, database: sqlite3.Connection, folder: Path, *, trusts_numbers: bool) -> None:
        self._database = database
        self._path = folder / _NAME
        self._trusts = trusts_numbers
        everything = Folder(database, folder)
        own = columns(everything.copies(), everything.titles(), everything.listed(), pdf=True)
        self._typed = {column.title: column for column in own if column.name}
        self._told = {column.title for column in own if not column.name}
        self._names = dict(database.execute("SELECT id, nom || char(10) || code_postal FROM adherent").fetchall())
        self._by_name: dict[str, list[int]] = {}
        for number, name in self._names.items():
            self._by_name.setdefault(name, []).append(number)
        self._by_identity = dict(database.execute("SELECT key, adherent FROM identity").fetchall())
        self._seen: set[int] = set()

    def take(self, book: TypedBook) -> list[Problem]:
        """Note what was typed; tell where that and the dossier contradict each other."""
        problems: list[Problem] = []
        book = self._under_our_headers(book)
        for table in ("line", "layout", "sheet"):
            self._database.execute(f"DELETE FROM {table}")
        extra: dict[str, None] = {}
        nobodys: list[TypedLine] = []
        for position, line in enumerate(self._under_their_names(book.lines)):
            number = self._adherent(line)
            cells = None
            if number is None:
                cells = cells_of({header: value for header, value in line.values.items() if value is not None})
                nobodys.append(line)
            else:
                for header, name, value in self._changed(line):
                    problems += self._set(line, number, header, name, value)
                    if name.endswith(_TYPED):
                        extra[name.removeprefix(facts.OWN)] = None
            self._database.execute("INSERT INTO line VALUES (?, ?, ?)", (position, number, cells))
        arranged = dict(book.arrangement)
        arrangement = [*book.arrangement, *((header, None) for header in extra if header not in arranged)]
        self._database.executemany("INSERT INTO layout (header, width) VALUES (?, ?)", arrangement)
        for rank, (name, lines) in enumerate(book.sheets):
            told_lines = as_json([[fact_json(value) for value in line] for line in lines])
            self._database.execute("INSERT INTO sheet VALUES (?, ?, ?)", (name, rank, told_lines))
        return [*problems, *self._told_nobodys(nobodys)]

    def _under_our_headers(self, book: TypedBook) -> TypedBook:
        """The same; headers typed again with other accents, capitals or spaces are those of the program."""
        ours = {fold(title): title for title in (*self._typed, *self._told)}
        there = dict(book.arrangement)
        meant: dict[str, str] = {}
        for header in there:
            title = ours.get(fold(header), header)
            if title not in there and title not in meant.values():
                meant[header] = title
        if not meant:
            return book
        lines = [
            line._replace(
                sums={meant.get(header, header): one for header, one in line.sums.items()},
                values={meant.get(header, header): one for header, one in line.values.items()},
            )
            for line in book.lines
        ]
        return book._replace(lines=lines, arrangement=[(meant.get(one, one), width) for one, width in book.arrangement])

    def _under_their_names(self, lines: Sequence[TypedLine]) -> Iterator[TypedLine]:
        """The lines, each with the checksums of the adherent whom it names.

        Who sorts some of the columns parts the lines from their hidden cells: a name that was not there when the line
        was written, and is that of another adherent, says whose the line is.
        """
        written = {line.adherent: line for line in lines if line.adherent is not None}
        for line in lines:
            named = self._by_name.get(self._name(line), [])
            moved = len(named) == 1 and line.adherent != named[0] and named[0] in written and self._trusts
            if moved and line.sums.get("Adhérent") != checksum(line.values.get("Adhérent")):
                whose = written[named[0]]
                yield line._replace(adherent=whose.adherent, identity=whose.identity, sums=whose.sums)
            else:
                yield line

    def _told_nobodys(self, lines: Sequence[TypedLine]) -> Iterator[Problem]:
        """Tell once which lines are nobody's; a line of totals is one."""
        if not lines:
            return
        shown = [str(one.values.get("Adhérent") or f"ligne {one.number}") for one in lines[:_NAMED]]
        more = and_others(len(lines) - _NAMED, ", et ")
        message = f"Ces lignes ne sont celles d’aucun adhérent, ou de l’un déjà là : {', '.join(shown)}{more}."
        hint = "Elles restent dans le tableau, et rien n’y est compté."
        place = Place(file=str(self._path), sheet=lines[0].sheet, line=lines[0].number)
        yield Problem("line-of-nobody", message, hint, place=place, severity=Severity.NOTICE)

    def _name(self, line: TypedLine) -> str:
        return f"{canonical(line.values.get('Adhérent'))}\n{canonical(line.values.get('Code postal'))}"

    def _adherent(self, line: TypedLine) -> int | None:
        """Whose a line is: by the hidden column, else by name and postal code; each adherent has one line."""
        found: list[int] = []
        if line.adherent is not None and self._trusts and line.adherent in self._names:
            found = [line.adherent]
        elif line.identity in self._by_identity:
            found = [self._by_identity[line.identity]]
        else:
            found = self._by_name.get(self._name(line), [])
        if len(found) != 1 or found[0] in self._seen:
            return None
        self._seen.add(found[0])
        return found[0]

    def _changed(self, line: TypedLine) -> Iterator[tuple[str, str, FactValue]]:
        """The cells of a line in which somebody typed: header, name of the fact, value."""
        for header, value in line.values.items():
            before = line.sums.get(header)
            if before == checksum(value) or (before is None and value is None):
                continue
            if header in self._told:
                typed = before is not None and value is not None and not isinstance(value, Formula)
                if typed:
                    yield header, f"{facts.OWN}{header}{_TYPED}", value
                continue
            column = self._typed.get(header)
            yield (
                header,
                column.name if column else facts.OWN + header,
                as_day(value) if column and column.is_date else value,
            )

    def _set(self, line: TypedLine, number: int, header: str, name: str, value: FactValue) -> Iterator[Problem]:
        """Note a value that was typed."""
        found = self._database.execute("SELECT value, source FROM fact WHERE adherent = ? AND name = ?", (number, name))
        row = found.fetchone()
        known = Fact(fact_value(row[0]), row[1]) if row else None
        place = Place(file=str(self._path), sheet=line.sheet, line=line.number, column=header)
        nom = self._names[number].partition("\n")[0]
        differs = known is not None and known.value is not None and canonical(known.value) != canonical(value)
        if known and differs and checksum(known.value) != line.sums.get(header):
            what = f"le tableau dit {told(Fact(value, 'typed'))}, le dossier disait {told(known)}"
            message, hint = (
                f"{nom} : {what}. Le tableau l’emporte.",
                "Si le dossier avait raison, retapez sa valeur.",
            )
            yield _problem("tracking-contradiction", message, hint, self._path)._replace(value=nom, place=place)
        if header in self._told:
            message = (
                f"{nom} : « {header} » est écrit par le programme ; ce qui y a été saisi passe dans une autre colonne."
            )
            yield _problem("typed-over", message, f"Voyez « {header}{_TYPED} ».", self._path)._replace(place=place)
        set_fact(self._database, number, name, Fact(value, "typed"))
