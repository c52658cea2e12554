"""Files for people beside the documents: one that is no longer as this program wrote it is never touched.

The new one then goes beside it.
"""

from __future__ import annotations

import re
from pathlib import Path

from conventool.dossier.dossier import Dossier
from conventool.files.filenames import beside
from conventool.files.reading import file_sha256
from conventool.files.writing import Draft

__all__ = ["is_beside", "put_output"]


def put_output(dossier: Dossier, draft: Draft, wanted: Path, *, force: bool = False) -> tuple[Path, str]:
    """Put a file in its place, or beside one in which somebody has written; tell where it is, and its checksum.

    Raises:
        OutputError: another program holds the file open that is to be replaced.
    """
    digest = file_sha256(draft.path)
    path = wanted if force else next(path for path in beside(wanted) if _is_ours(dossier, path, digest))
    if not path.exists() or file_sha256(path) != digest:
        draft.put(path)
    dossier.note_output(path.name, digest)
    return path, digest


def _is_ours(dossier: Dossier, path: Path, digest: str) -> bool:
    return not path.exists() or file_sha256(path) in {dossier.output_known(path.name), digest}


def is_beside(name: str, wanted: Path) -> bool:
    """Whether a file of this name is the one wanted, or the new one beside one in which somebody has written."""
    return re.fullmatch(rf"{re.escape(wanted.stem)}(-\d+)?{re.escape(wanted.suffix)}", name) is not None
