"""What a run leaves beside its documents: the manifest, the workbook of followed conventions, the rows rejected.

People write in the last two. One that is no longer as it was produced is never touched: the new one goes beside it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import chain, count
from pathlib import Path

from conventool import __version__
from conventool.batch import rejects
from conventool.batch.found import BatchOptions, Found, Outcome, Watch
from conventool.batch.report import BatchReport, Lazy
from conventool.batch.spool import Spool
from conventool.core.problems import decodable
from conventool.core.row import RowSource
from conventool.core.workers import chunks
from conventool.documents.fillers import Maker
from conventool.documents.pdf_files import Paper, annexes_of
from conventool.dossier import manifest
from conventool.dossier import tracking_workbook as followup
from conventool.dossier.entries import Entry, Rejected, Tally
from conventool.dossier.manifest import Manifest, Run, file_sha256, is_touched, is_unchanged
from conventool.files.reading import file_trouble
from conventool.files.writing import Draft, drafting, make_folder, remove
from conventool.template.folder import TemplateFolder

__all__ = ["REJECTS", "file_key", "identify", "register", "still_done"]

REJECTS = "rejets.csv"

_CHECKED_TOGETHER = 200
_READERS = 4


def identify(source: Path, maker: Maker, options: BatchOptions) -> Run:
    """Name all that the documents of a run depend on.

    Raises:
        UnreadableError: a file cannot be read.
    """
    chosen = {
        "controls": options.controls,
        "sheet": options.sheet,
        "columns": _digest(options.columns) if options.columns else None,
        "fixed": "\n".join(f"{field}={value}" for field, value in options.fixed.items()) or None,
        "rows": "visible" if options.visible_only else None,
        **(_on_paper(maker.template, options.paper) if options.paper else {}),
    }
    meaning = sha256("".join(map(_digest, maker.parts)).encode()).hexdigest()
    return Run(
        decodable(source.name), _digest(source), maker.name, meaning, maker.copies, chosen,
        complete=True, rejects=None, version=__version__,
    )  # fmt: skip


def _on_paper(template: TemplateFolder | None, paper: Paper) -> dict[str, str | None]:
    annexes, _ = annexes_of(template)
    digests = " ".join(_digest(annex.path) for annex in annexes)
    return {"pdf": paper.profile.value, "pdf_only": "true" if paper.only else None, "annexes": digests or None}


def _digest(path: Path) -> str:
    """Checksum of a file, or of the files in a folder and their names."""
    try:
        if not path.is_dir():
            return file_sha256(path)
        inside = "".join(f"{file.name} {file_sha256(file)}\n" for file in sorted(path.iterdir()) if file.is_file())
    except OSError as error:
        raise file_trouble(error, path) from error
    return sha256(os.fsencode(inside)).hexdigest()


def file_key(name: str) -> str:
    """How a file name is remembered among what the list holds."""
    return f"file {name.rpartition('.')[0].casefold()}"  # a PDF goes with its document


# --- At the end of a run -----------------------------------------------------------------------------------


@dataclass
class _Kept:
    """What earlier runs left in the folder and this one did not replace."""

    runs: list[Run] = field(default_factory=list)
    entries: Spool[tuple[str, Entry]] = field(default_factory=Spool)
    rejected: Spool[tuple[str, Rejected]] = field(default_factory=Spool)


def register(
    found: Found, produced: Iterable[Entry], run: Run, earlier: Manifest | None, options: BatchOptions
) -> dict[str, Path]:
    """Write what goes with the documents; the manifest last, for it says that all is done.

    Args:
        found: the rows of the list.
        produced: the adherents, as their documents are put on disk; the workbook is written meanwhile.
        run: what was asked.
        earlier: the folder's register.
        options: what is asked besides.

    Returns:
        The files, by what they are.

    Raises:
        OutputError: the folder cannot be written.
    """
    folder, known, key = options.output, _known(earlier), run.key
    files: dict[str, Path] = {}
    kept = _keep(earlier, run, found)
    copies = {cle: whose for one in (*kept.runs, run) for cle, whose in one.copies.items()}
    number = len(kept.entries) + len(found.accepted)
    with drafting(folder) as workbook:
        followup.write(workbook.file, copies, chain((entry for _, entry in kept.entries), produced), number)
        workbook.finish()
        path, rejected = _put_rejects(found, options.rejects or folder / REJECTS, known)
        if rejected:
            files["rejets"] = path
        files["suivi"], digest = _put(workbook, folder / followup.NAME, known)
    run = replace(run, complete=not (found.statuses["conflict"] or found.doubtful), rejects=rejected)
    entries = chain(kept.entries, ((key, entry) for entry in found.entries))
    gone = chain(kept.rejected, ((key, one) for one in found.rejected))
    files["manifeste"] = folder / manifest.NAME
    with _drafted(files["manifeste"], manifest.written(digest, [*kept.runs, run], entries, gone)) as draft:
        draft.put(files["manifeste"])
    return files


def _put_rejects(found: Found, wanted: Path, known: set[str]) -> tuple[Path, str | None]:
    """Put the rejects in their place, or remove those of an earlier run; tell where they go, and their checksum."""
    if found.rejected:
        make_folder(wanted.parent)
        with _drafted(wanted, rejects.written(found.rows.headers, found.rejected)) as draft:
            return _put(draft, wanted, known)
    if wanted.is_file() and file_sha256(wanted) in known:
        remove(wanted)
    return wanted, None


def _keep(earlier: Manifest | None, run: Run, found: Found) -> _Kept:
    """Sort out what the earlier register tells: documents stay, unless they are made anew."""
    kept = _Kept()
    if earlier is None:
        return kept
    used, current = set(), run.key
    for key, entry in earlier.entries():
        if key != current and not found.seen.find(file_key(file.name) for file in entry.files):
            kept.entries.append((key, entry))
            used.add(key)
    replaced = {key for key, one in earlier.runs.items() if key == current or one.source == run.source}
    kept.runs = [one for key, one in earlier.runs.items() if key in used or key not in replaced]
    for key, one in earlier.rejected():
        if key not in replaced:
            kept.rejected.append((key, one))
    return kept


def _known(earlier: Manifest | None) -> set[str]:
    """Checksums of the files that this program wrote for people."""
    runs = earlier.runs.values() if earlier else ()
    found = {earlier.workbook if earlier else None, *(run.rejects for run in runs)}
    return {digest for digest in found if digest}


@contextmanager
def _drafted(path: Path, data: Iterable[bytes]) -> Iterator[Draft]:
    with drafting(path.parent) as draft:
        draft.file.writelines(data)
        draft.finish()
        yield draft


def _put(draft: Draft, wanted: Path, known: set[str]) -> tuple[Path, str]:
    """Put a file in its place, or beside what somebody has written in; tell where it is, and its checksum."""
    digest = file_sha256(draft.path)
    path = next(path for path in _beside(wanted) if not path.exists() or file_sha256(path) in known | {digest})
    if not path.exists() or file_sha256(path) != digest:
        draft.put(path)
    return path, digest


def _beside(path: Path) -> Iterator[Path]:
    """The path, then others beside it: ``suivi-2.xlsx``, ``suivi-3.xlsx`` and so on."""
    yield path
    for number in count(2):
        yield path.with_stem(f"{path.stem}-{number}")


# --- At the beginning of the next --------------------------------------------------------------------------


def still_done(run: Run, earlier: Manifest, rows: RowSource, options: BatchOptions, watch: Watch) -> BatchReport | None:
    """Tell of a run again, if the same was done before and every file is as it was left.

    Args:
        run: what is asked now.
        earlier: the folder's register.
        rows: the list.
        options: what is asked besides.
        watch: looks on.

    Returns:
        The report; None where something is to be done.
    """
    wanted = run.key
    recorded = earlier.runs.get(wanted)
    files = {"suivi": options.output / followup.NAME, "manifeste": earlier.path}
    if recorded and recorded.rejects:
        files["rejets"] = options.rejects or options.output / REJECTS
    if recorded is None or not recorded.complete or not all(path.is_file() for path in files.values()):
        return None
    tally, number, documents, home = Tally(), 0, 0, rows.folder
    tally.add(rows.problems)
    watch.begin("Contrôle", None)
    settled, entries = earlier.settled(wanted), (entry for key, entry in earlier.entries() if key == wanted)
    with ThreadPoolExecutor(_READERS) as readers:
        for some in chunks(entries, _CHECKED_TOGETHER):
            produced = [(options.output, file) for entry in some for file in entry.files]
            annexes = [(home, annex) for entry in some for annex in entry.annexes]
            touched = [(folder, file) for folder, file in (*produced, *annexes) if is_touched(folder, file, settled)]
            if not all(readers.map(lambda one: is_unchanged(*one), touched)):
                return None
            for entry in some:
                tally.add_told(entry.told)
            number += len(some)
            documents += len(produced)
            watch.step(len(some))
    rejected = [one for key, one in earlier.rejected() if key == wanted]
    for one in rejected:
        tally.add(one.problems)
    again = Lazy(number, lambda: (entry for key, entry in earlier.entries() if key == wanted))
    statuses = Counter(identical=documents)
    return Outcome(rows, again, rejected, tally, statuses).report("batch", options.output, files)
