"""Data files → rows, each value with its place."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from conventool.core.errors import UnreadableError, UsageError, reason
from conventool.core.problems import Place, Problem
from conventool.core.row import REJECTS_HEAD, Row, RowSource
from conventool.files.reading import file_trouble, is_folder, open_file, refuse_device, unreadable
from conventool.sources.own_columns import ADHERENTS, OwnColumns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conventool.sources.own_columns import Meaning
    from conventool.sources.table import Wishes

__all__ = ["read_rows", "refuse_table", "with_fixed"]

_YAML = {".yaml", ".yml"}
_TABLES = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


def read_rows(
    path: Path,
    *,
    sheet: str | None = None,
    columns: Path | None = None,
    addresses: bool = False,
    fixed: Mapping[str, str] | None = None,
    visible_only: bool = False,
    own: OwnColumns = ADHERENTS,
) -> RowSource:
    """Open a file of adherents, of any kind that is read.

    Args:
        path: a YAML file, a folder of them, a CSV or a workbook. YAML is told by its suffix, tables by their content.
        sheet: in a workbook, name of the sheet.
        columns: a YAML file that says which header means which field.
        addresses: whether columns are addresses of a document's controls, in the place of fields.
        fixed: by field, or by a usual header of one, the value that every row has, whatever the file says.
        visible_only: whether rows that a sheet does not show are left out.
        own: what fields and headers mean to the template.

    Returns:
        Its rows, read as a stream.

    Raises:
        UnreadableError: the file cannot be read; of a single YAML file, told while its rows are read.
        UsageError: there is no such sheet, several may be the list, or an option does not fit the file.
    """
    _refuse_what_is_no_data(path)
    for file in filter(None, (path, columns)):
        refuse_device(file)
    if is_folder(path) or path.suffix.lower() in _YAML:
        _refuse_options({"--sheet": sheet, "--columns": columns, "--visible": visible_only}, "Du YAML", path)
        rows = _folder(path) if is_folder(path) else _yaml(path)
        return with_fixed(rows, fixed or {}, own, addresses=addresses)
    from conventool.sources.table import Wishes  # noqa: PLC0415 (each kind of file loads its reader)

    mapping = _mapping(columns, own, addresses=addresses)
    given = _fields(fixed or {}, own, addresses=addresses)
    return _table(path, sheet, Wishes(mapping, given, addresses, visible_only, own))


def _refuse_what_is_no_data(path: Path) -> None:
    """Refuse by its name a file that holds no list, if it is there."""
    place = Place(file=str(path))
    if path.name.startswith(("~$", ".~lock.")):
        hint = "Donnez le classeur lui-même, après l’avoir fermé."
        raise unreadable("C’est le verrou que pose un tableur, non la liste.", hint, place)
    if path.suffix.lower() in _YAML | _TABLES or is_folder(path):
        return
    try:
        path.stat()
    except OSError as error:
        raise file_trouble(error, path) from error
    hint = f"Fichiers lus : {', '.join(sorted(_YAML | _TABLES))}, ou un dossier de fichiers YAML."
    raise unreadable("Ce genre de fichier n’est pas lu.", hint, place)


_CONCERNS = {"--sheet": "de feuilles", "--columns": "de colonnes", "--visible": "de lignes masquées"}
"""What a file must have for these options to say anything of it."""


def _refuse_options(options: Mapping[str, object], what: str, path: Path) -> None:
    """Refuse the options, by their names, that say nothing of such a file."""
    problems = [
        Problem(
            "unknown-sheet" if option == "--sheet" else "usage",
            f"{what} n’a pas {_CONCERNS[option]}.",
            f"Ôtez « {option} », ou donnez {'le tableau' if option == '--columns' else 'le classeur'}.",
            value=None if value is True else str(value),
            place=Place(file=str(path)),
        )
        for option, value in options.items()
        if value
    ]
    if problems:
        raise UsageError(*problems)


def _yaml(path: Path) -> RowSource:
    from conventool.sources.yaml_file import read_yaml  # noqa: PLC0415 (each kind of file loads its reader)

    return RowSource(str(path), "YAML", partial(read_yaml, path), {}, given_back=_holds_rejects(path))


def _holds_rejects(path: Path) -> bool:
    """Whether a YAML file is one of rejected rows; one that cannot be read says so when its rows are read."""
    head = REJECTS_HEAD.encode()
    try:
        with open_file(path) as file:
            return file.read(len(head) + 3).removeprefix(b"\xef\xbb\xbf").startswith(head)
    except OSError:
        return False


def _folder(path: Path) -> RowSource:
    try:
        inside = sorted(path.iterdir())
    except OSError as error:
        message = f"Ce dossier ne peut pas être lu : {reason(error)}."
        raise unreadable(message, None, Place(file=str(path))) from error
    files = [file for file in inside if file.suffix.lower() in _YAML and not file.name.startswith(".")]
    if not files:
        raise unreadable("Ce dossier ne contient aucun fichier YAML.", None, Place(file=str(path)))
    return RowSource(str(path), f"dossier de {len(files)} fichiers YAML", partial(_rows_of_all, files), {})


def _rows_of_all(files: list[Path]) -> Iterator[Row]:
    return chain.from_iterable(map(_rows_of_one, files))


def _rows_of_one(file: Path) -> Iterator[Row]:
    """A file's rows; one that cannot be read is a row with its problems, and does not stop the others."""
    from conventool.sources.yaml_file import read_yaml  # noqa: PLC0415

    try:
        yield from read_yaml(file)
    except UnreadableError as error:
        yield Row({}, Place(file=str(file)), problems=error.problems)


def refuse_table(path: Path) -> None:
    """Refuse a table where the data of one adherent are expected, and name the command for it.

    Raises:
        UsageError: the file is a table, by its name or its content.
    """
    from conventool.sources.file_kinds import holds_workbook  # noqa: PLC0415 (each kind of file loads its reader)

    suffix = path.suffix.lower()
    if suffix in _TABLES or (suffix not in _YAML and holds_workbook(path)):
        message = "C’est un tableau, et « fill » attend les données d’un seul adhérent, en YAML."
        hint = f"Écrivez : conventool batch {path}"
        if Path(path.stem).suffix.lower() in _YAML:  # as Notepad calls what is saved as a text
            message, hint = "Ce fichier a le nom d’un texte.", f"Renommez-le en « {path.stem} »."
        raise UsageError(Problem("wrong-command", message, hint, place=Place(file=str(path))))


def _fields(fixed: Mapping[str, str], own: OwnColumns, *, addresses: bool) -> dict[str, str]:
    """The values that every row has, by path of their field."""
    if addresses or not fixed:
        return dict(fixed)
    from conventool.sources.mapping import field_named  # noqa: PLC0415 (each kind of file loads its reader)

    return {field_named(name, own): value for name, value in fixed.items()}


def with_fixed(
    source: RowSource, fixed: Mapping[str, str], own: OwnColumns = ADHERENTS, *, addresses: bool
) -> RowSource:
    """Give the same values to every row of a source that is no table.

    Args:
        source: the rows.
        fixed: by field, or by a usual header of one, the value.
        own: what fields mean to the template.
        addresses: whether the names are addresses of a document's controls, in the place of fields.

    Raises:
        UsageError: a fixed field is none.
    """
    if not fixed:
        return source
    read, given = source.read, _fields(fixed, own, addresses=addresses)
    values = {(name,) if addresses else tuple(name.split(".")): value for name, value in given.items()}
    return replace(source, read=lambda: (row.with_values(values) for row in read()))


def _mapping(columns: Path | None, own: OwnColumns, *, addresses: bool) -> dict[str, Meaning | None]:
    from conventool.sources.mapping import read_mapping  # noqa: PLC0415
    from conventool.sources.yaml_file import read_yaml  # noqa: PLC0415

    mapping: dict[str, Meaning | None] = {}
    for row in read_yaml(columns) if columns else ():
        mapping |= read_mapping(row, own, addresses=addresses)
    return mapping


def _table(path: Path, sheet: str | None, wishes: Wishes) -> RowSource:
    from conventool.sources.file_kinds import FileKind, find_kind  # noqa: PLC0415
    from conventool.sources.table import open_table  # noqa: PLC0415

    kind = find_kind(path)
    if kind is FileKind.TEXT:
        from conventool.sources.csv_file import open_csv  # noqa: PLC0415

        _refuse_options({"--sheet": sheet, "--visible": wishes.visible_only}, "Un CSV", path)
        return open_table(open_csv(path, wishes.mapping, wishes.own), wishes)
    from conventool.sources.head import likeness_to_list  # noqa: PLC0415
    from conventool.sources.workbook import open_workbook  # noqa: PLC0415

    likeness = partial(likeness_to_list, mapping=wishes.mapping, own=wishes.own, addresses=wishes.addresses)
    table = open_workbook(path, kind, sheet, likeness, wishes.own.sheets)
    if wishes.own.sheets and not wishes.addresses:
        from conventool.sources.element_sheets import with_elements  # noqa: PLC0415
        from conventool.sources.workbook import open_sheets  # noqa: PLC0415

        table = with_elements(table, open_sheets(path, kind, wishes.own.sheets), wishes)
    return open_table(table, wishes)
