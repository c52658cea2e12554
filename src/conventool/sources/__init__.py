"""Data files → rows, each value with its place."""

from __future__ import annotations

from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from conventool.core.errors import UnreadableError, reason
from conventool.core.problems import Place
from conventool.core.row import Row, RowSource
from conventool.files.reading import file_trouble, is_folder, refuse_device, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_rows"]

_YAML = {".yaml", ".yml"}
_CSV = {".csv", ".tsv", ".txt"}
_WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


def read_rows(
    path: Path, *, sheet: str | None = None, columns: Path | None = None, addresses: bool = False
) -> RowSource:
    """Open a file of adherents, of any kind that is read.

    Args:
        path: a YAML file, a folder of them, a CSV or a workbook, told by its suffix.
        sheet: in a workbook, name of the sheet.
        columns: a YAML file that says which header means which field.
        addresses: whether columns are addresses of a document's controls, in the place of fields.

    Returns:
        Its rows, read as a stream.

    Raises:
        UnreadableError: the file is missing, of another kind, damaged, or its columns make no sense; for a
            single YAML file, told while its rows are read.
        UsageError: the workbook has no such sheet.
    """
    suffix = path.suffix.lower()
    if path.name.startswith(("~$", ".~lock.")):
        hint = "Donnez le classeur lui-même, après l’avoir fermé."
        raise unreadable("C’est le verrou que pose un tableur, non la liste.", hint, Place(file=str(path)))
    for file in filter(None, (path, columns)):
        refuse_device(file)
    if is_folder(path):
        return _folder(path)
    if suffix in _YAML:
        return _yaml(path)
    if suffix in _CSV | _WORKBOOKS:
        return _table(path, sheet, columns, addresses=addresses)
    try:
        path.stat()
    except OSError as error:
        raise file_trouble(error, path) from error
    hint = f"Fichiers lus : {', '.join(sorted(_YAML | _CSV | _WORKBOOKS))}, ou un dossier de fichiers YAML."
    raise unreadable("Ce genre de fichier n’est pas lu.", hint, Place(file=str(path)))


def _yaml(path: Path) -> RowSource:
    from conventool.sources.yaml_file import read_yaml  # noqa: PLC0415 (each kind of file loads its reader)

    return RowSource(str(path), "YAML", partial(read_yaml, path), {})


def _folder(path: Path) -> RowSource:
    try:
        inside = sorted(path.iterdir())
    except OSError as error:
        message = f"Ce dossier ne peut pas être lu : {reason(error)}."
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


def _table(path: Path, sheet: str | None, columns: Path | None, *, addresses: bool) -> RowSource:
    from conventool.sources.columns import read_mapping  # noqa: PLC0415
    from conventool.sources.table import open_table  # noqa: PLC0415
    from conventool.sources.yaml_file import read_yaml  # noqa: PLC0415

    mapping: dict[str, str | None] = {}
    if columns:
        for row in read_yaml(columns):
            mapping |= read_mapping(row, addresses=addresses)
    if path.suffix.lower() in _CSV:
        from conventool.sources.csv_file import open_csv  # noqa: PLC0415

        table = open_csv(path)
    else:
        from conventool.sources.workbook import open_workbook  # noqa: PLC0415

        table = open_workbook(path, sheet)
    return open_table(table, mapping, addresses=addresses)
