"""Was the same done before, and is every file still as it was left? Then there is nothing to do but to tell of it."""

from __future__ import annotations

import os
from collections import deque
from functools import partial
from pathlib import Path

from conventool.batch.options import RunOptions
from conventool.batch.outputs import rejects_name
from conventool.batch.report import BatchReport, report_of
from conventool.core.row import RowSource
from conventool.core.threads import Call
from conventool.core.watch import Watch
from conventool.core.workers import chunks
from conventool.dossier import database as dossier_database
from conventool.dossier import tracking_workbook
from conventool.dossier.outputs import is_beside
from conventool.dossier.reading import Folder
from conventool.dossier.records import Run
from conventool.dossier.run_view import RunView
from conventool.files.inside import leads_out
from conventool.files.reading import is_unchanged
from conventool.files.writing import is_written_in

__all__ = ["finished_before"]

_TOGETHER = 600
_READERS = 4


def finished_before(run: Run, rows: RowSource, options: RunOptions, watch: Watch) -> BatchReport | None:
    """Tell of a run again, if the same was done before and every file is as it was left.

    Files are looked at as ``make`` does, by size and date; one that was touched since is read.

    Args:
        run: what is asked now.
        rows: its source.
        options: what is asked besides.
        watch: told how the work goes on.

    Returns:
        The report; None where something is to be done.
    """
    database = dossier_database.connect(options.output)
    to_sign = options.paper is not None and options.paper.to_sign
    if database is None or options.prune or to_sign:  # whom a mail reaches may have changed since
        return None
    if is_written_in(options.output):
        return None
    with dossier_database.refusing(options.output / dossier_database.NAME):
        before = Folder(database, options.output).run_settled(run.key)
        if before is None:
            return None
        view = RunView(database, before[0], Path(rows.file))
        files = {"dossier": options.output / dossier_database.NAME, "workbook": options.output / tracking_workbook.NAME}
        if view.rejected:
            wanted = options.rejects or options.output / rejects_name(rows)
            name = before[2] or wanted.name
            files["rejects"] = wanted.with_name(name) if is_beside(name, wanted) else wanted
        if not all(path.is_file() for path in files.values()):
            return None
        if not _all_unchanged(view, options.output, rows.folder, before[1], watch):
            return None
        deque(view.problems(), maxlen=0)  # one that cannot be told is to be refused before anything is printed
        return report_of(run.command, view, rows, options.output, files, again=True)


def _all_unchanged(view: RunView, output: Path, home: Path, since: int, watch: Watch) -> bool:
    """Whether each file of a run is as it was when the run was settled."""
    watch.begin("Contrôle", None)
    for some in chunks(view.files(), _TOGETHER):
        touched = []
        for path, sha256, size, is_annexe in some:
            if is_annexe and leads_out(home, path):
                return False
            place = f"{home if is_annexe else output}{os.sep}{path}"
            if _is_touched(place, size, since):
                touched.append((Path(place), sha256, size))
        if touched and not _are_unchanged(touched):
            return False
        watch.step(len(some))
    return True


def _are_unchanged(files: list[tuple[Path, str, int]]) -> bool:
    """Whether each file still has its checksum and size; several are read at a time."""
    shares = [files[first::_READERS] for first in range(min(_READERS, len(files)))]
    readers = [Call(partial(_each_unchanged, share)) for share in shares]
    return all(reader.result() for reader in readers)


def _each_unchanged(files: list[tuple[Path, str, int]]) -> bool:
    return all(is_unchanged(*file) for file in files)


def _is_touched(path: str, size: int, since: int) -> bool:
    """Whether a file is gone, has another size, or was written, renamed or put there since a moment."""
    try:
        found = os.stat(path)  # noqa: PTH116 (a Path takes longer to make than a file to look at)
    except OSError:
        return True
    # the time of change too, which nobody can set back; on Windows it is that of creation, which a copy has anew
    return found.st_size != size or max(found.st_mtime_ns, found.st_ctime_ns) >= since
