"""What a run leaves beside its documents for people: the tracking workbook, and the file of rejected rows.

People write in both. One that is no longer as this program wrote it is never touched: the new one goes beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from conventool.core.errors import OutputError
from conventool.core.problems import Problem
from conventool.core.row import RowSource
from conventool.dossier.dossier import Dossier
from conventool.dossier.outputs import put_output
from conventool.dossier.run_view import RunView
from conventool.dossier.tracking import bring_together
from conventool.files.plan import conflict
from conventool.files.reading import file_sha256
from conventool.files.writing import drafting, make_folder, remove

__all__ = ["Outputs", "refuse_in_the_way", "rejects_name", "write_outputs"]

_WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}


class Outputs(NamedTuple):
    """What was written for people.

    Attributes:
        files: by what it is, where each is: ``workbook``, ``rejects``.
        rejects: name and checksum of the file of rejected rows, where there is one.
        written_at: when the workbook was written, in nanoseconds since 1970, by the clock of the disk.
        problems: why one of them could not be written.
    """

    files: dict[str, Path]
    rejects: tuple[str, str] | None
    written_at: int
    problems: list[Problem]


def rejects_name(rows: RowSource) -> str:
    """The name of the file of rejected rows of a source: of the same kind."""
    if not rows.headers:
        return "rejets.yaml"
    return f"rejets{'.xlsx' if Path(rows.file).suffix.lower() in _WORKBOOKS else '.csv'}"


def refuse_in_the_way(dossier: Dossier, wanted: Path) -> None:
    """Say before anything is made that the file of rejected rows that was asked for would replace another one.

    Raises:
        OutputError: there is one, and this program has not written it so.
    """
    with suppress(OSError):  # who writes there will say so
        if wanted.exists() and file_sha256(wanted) != dossier.output_known(wanted.name):
            raise OutputError(conflict(wanted))


def write_outputs(
    dossier: Dossier, view: RunView, folder: Path, rows: RowSource, wanted: Path | None, *, force: bool, today: date
) -> Outputs:
    """Write the tracking workbook and the rejected rows of a run.

    Args:
        dossier: what they tell.
        view: of the run.
        folder: of the documents.
        rows: the source.
        wanted: where the rejected rows go, if not beside the documents.
        force: may they replace another file there?
        today: the day by which states are told.

    Raises:
        OutputError: the folder cannot be written.
    """
    files: dict[str, Path] = {}
    rejected = _put_rejects(
        dossier, view, wanted or folder / rejects_name(rows), rows.headers, force=wanted is not None and force
    )
    if rejected:
        files["rejects"] = rejected[0]
    tracked = bring_together(dossier, folder, today)
    if tracked.path:
        files["workbook"] = tracked.path
    told = (rejected[0].name, rejected[1]) if rejected else None
    return Outputs(files, told, tracked.written_at, tracked.problems)


def _put_rejects(
    dossier: Dossier, view: RunView, wanted: Path, headers: Sequence[str], *, force: bool
) -> tuple[Path, str] | None:
    """Put the rejected rows in their place, or remove those of an earlier run; tell where, and their checksum."""
    if not view.rejected:
        with suppress(OSError):  # a file that nobody may read is not to be removed either
            if wanted.is_file() and dossier.output_known(wanted.name) == file_sha256(wanted):
                remove(wanted)
        return None
    make_folder(wanted.parent)
    with drafting(wanted.parent) as draft:
        from conventool.batch.rejects import write  # noqa: PLC0415 (most runs reject nothing)

        write(draft.file, wanted.suffix.lower(), headers, view.rejected_rows)
        draft.finish()
        return put_output(dossier, draft, wanted, force=force)
