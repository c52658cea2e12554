"""The documents that people mean by files and folders."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterable, Sequence
from pathlib import Path

from conventool.core.errors import UnreadableError, UsageError, reason
from conventool.core.problems import Place, Problem, Severity
from conventool.files.reading import refuse_device

__all__ = ["OTHER_FORMATS", "PICTURES", "RETURNED", "WORD", "documents_in", "other_files", "skipped_folders"]

WORD = frozenset({".docx", ".docm"})
RETURNED = WORD | {".pdf"}
OTHER_FORMATS = re.compile(
    r"\.(?:docx?|dot[xm]?|odt|ott|fodt|rtf|wps|pages|xps|oxps|djvu|jpe?g|png|tiff?|bmp|gif|hei[cf]|webp"
    r"|p7[ms]|asic[es]|zip|rar|7z|gz|tar|eml|msg)",
    re.IGNORECASE,
)
"""What people send back a convention as, beside what is read."""


def documents_in(
    paths: Sequence[Path], suffixes: Container[str] = RETURNED, *, others: Sequence[Path] = ()
) -> list[Path]:
    """The documents meant by files and folders, each once; a folder means all that it holds of some suffixes.

    Args:
        paths: files and folders.
        suffixes: of the documents.
        others: [other_files][conventool.files.documents_in.other_files] of them, where they are told: there may then
            be no document.

    Raises:
        UsageError: there is none.
        UnreadableError: one is a device or a pipe, or there are only folders that cannot be looked into.
    """
    found: dict[Path, None] = {}
    for path in paths:
        refuse_device(path)
        inside = _inside(path) if path.is_dir() else [path]
        for file in inside:
            if file == path or (_is_document(file, suffixes) and file.is_file()):
                found[file] = None
    if not found and (skipped := skipped_folders(paths)):
        raise UnreadableError(*(problem._replace(severity=Severity.ERROR) for problem in skipped))
    if not found and not others:
        listed = ", ".join(str(path) for path in paths)
        kinds = ".docx" if ".pdf" not in suffixes else ".docx ou .pdf"
        where = f" dans « {listed} »" if listed else ""
        raise UsageError(
            Problem("no-document", f"Aucun document {kinds}{where}.", "Donnez des fichiers ou un dossier.")
        )
    return list(found)


def skipped_folders(paths: Iterable[Path]) -> list[Problem]:
    """Tell of the folders in some folders whose files nobody has seen: they cannot be entered, or are links."""
    skipped: dict[str, str] = {}

    def refused(error: OSError) -> None:
        skipped[str(error.filename)] = f"Ce dossier n’a pas pu être parcouru : {reason(error)}."

    for path in paths:
        for folder, inside, _ in os.walk(path, onerror=refused) if path.is_dir() else ():
            for name in inside:
                linked = os.path.join(folder, name)  # noqa: PTH118 (as os.walk gives them)
                if os.path.islink(linked):  # noqa: PTH114
                    skipped[linked] = "Ce dossier n’a pas été parcouru : c’est un lien vers un autre."
    hint = "Donnez le droit d’y entrer, ou ce dossier lui-même."
    return [
        Problem("folder-skipped", message, hint, place=Place(file=folder), severity=Severity.WARNING)
        for folder, message in sorted(skipped.items())
    ]


def other_files(paths: Iterable[Path]) -> list[Path]:
    """The files in some folders that nobody reads as documents: of other formats, hidden, or links that lead nowhere.

    Left out is what no returned document can be: lists, workbooks and calendars, a dossier's own files, the locks and
    notes of programs, the pictures of differences.
    """
    inside = dict.fromkeys(file for path in paths if path.is_dir() for file in _inside(path))
    return [file for file in inside if not (_is_document(file) and file.is_file()) and not _is_beside(file)]


_LISTS = re.compile(r"\.(?:csv|tsv|xlsx|xlsm|xls|ods|ya?ml|json|ics|sqlite(?:-\w+)?|lock)", re.IGNORECASE)
_NOTES = re.compile(r"(?:~\$|\.~lock|\._).*|thumbs\.db|ehthumbs\.db|desktop\.ini", re.IGNORECASE | re.DOTALL)
"""What programs leave: locks of Word and LibreOffice, notes of macOS and Windows."""
PICTURES = "differences.html"
"""The page that lists pictures of differences, beside them."""


def _is_beside(file: Path) -> bool:
    """Whether a file is one that lies beside documents and is none."""
    if file.is_symlink() and not file.exists():
        return False
    is_hidden_note = file.name.startswith(".") and not (
        OTHER_FORMATS.fullmatch(file.suffix) or file.suffix.lower() in RETURNED
    )
    is_picture = file.suffix.lower() in {".html", ".png"} and (file.parent / PICTURES).is_file()
    return bool(_LISTS.fullmatch(file.suffix) or _NOTES.fullmatch(file.name)) or is_hidden_note or is_picture


def _inside(path: Path) -> list[Path]:
    """The files in a folder and below it; nothing is said of folders that cannot be looked into."""
    return sorted(Path(folder, name) for folder, _, names in os.walk(path) for name in names)


def _is_document(file: Path, suffixes: Container[str] = RETURNED) -> bool:
    """Whether a file is one of those looked for in folders: no lock of Word's, nothing hidden."""
    return file.suffix.lower() in suffixes and not file.name.startswith(("~$", "."))
