"""What a file is, told by its first bytes: many are not what their name says.

A web application that "exports to Excel" gives an HTML page, or a text with tabs, named ``.xls``; a colleague renames
an ``.xls`` to ``.xlsx``; a workbook arrives as ``liste.csv``.
"""

from __future__ import annotations

import zipfile
from codecs import BOM_UTF8
from enum import Enum
from typing import TYPE_CHECKING

from conventool.core.problems import Place
from conventool.files.reading import file_trouble, open_file, read_bytes, unreadable
from conventool.sources.charsets import find_charset

if TYPE_CHECKING:
    from pathlib import Path

    from conventool.core.errors import UnreadableError

__all__ = ["FileKind", "find_kind", "holds_workbook"]

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096
_LARGEST_COMPOUND = 200_000_000
_SAVE_AGAIN = "Rouvrez-le dans le tableur et enregistrez-le de nouveau, en .xlsx ou en .csv."


class FileKind(Enum):
    """What is read as a table."""

    TEXT = "csv"
    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"


def find_kind(path: Path) -> FileKind:
    """Tell what a file holds, whatever its name.

    Args:
        path: the file.

    Returns:
        Its kind; text for all that is none of the others.

    Raises:
        UnreadableError: it cannot be opened, is protected by a password, or is not read; its kind is said.
    """
    try:
        with open_file(path) as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise file_trouble(error, path) from error
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path)
    if head.startswith(_COMPOUND_FILE):
        return _compound(path)
    text = head.removeprefix(BOM_UTF8).lstrip().lower()
    for mark, what in _NOT_READ.items():
        if text.startswith((b"<", b"%")) and mark in text:
            raise unreadable(f"{_NO_WORKBOOK} : {what}.", _SAVE_AGAIN, Place(file=str(path)))
    if not head:
        raise unreadable("Ce fichier est vide.", None, Place(file=str(path)))
    if path.suffix.lower() in _WORKBOOKS and not _has_columns(head):
        raise _damaged(path)
    return FileKind.TEXT


def _has_columns(head: bytes) -> bool:
    """Whether the first line of a text has separators: web applications name so what they export for Excel."""
    text = head.decode(find_charset([head]), "replace").strip()
    return "\0" not in text and any(mark in text.partition("\n")[0] for mark in "\t;")


_WORKBOOKS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_NO_WORKBOOK = "Ce classeur est abîmé, ou n’en est pas un malgré son nom"
_NOT_READ = {
    b"%pdf-": "c’est un PDF",
    b"urn:schemas-microsoft-com:office:spreadsheet": "c’est un « classeur XML 2003 »",
    b"<html": "c’est une page web (HTML)",
    b"<table": "c’est une page web (HTML)",
}


def holds_workbook(path: Path) -> bool:
    """Whether a file begins as workbooks do; one that cannot be opened does not."""
    try:
        with open_file(path) as file:
            return file.read(8).startswith((b"PK\x03\x04", _COMPOUND_FILE))
    except OSError:
        return False


def _zipped(path: Path) -> FileKind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            about = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            kind = archive.read("mimetype").strip() if "mimetype" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, KeyError, ValueError) as error:
        raise _damaged(path) from error
    if b"encryption-data" in about:  # OpenDocument 1.3, part 2, 4.8
        raise _protected(path)
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet") or (not kind and "content.xml" in names):
        return FileKind.ODS
    if any(name.endswith("workbook.bin") for name in names):
        return FileKind.XLSB
    if any(name.startswith("xl/") for name in names):
        return FileKind.XLSX
    if any(name.startswith("word/") for name in names):
        raise _word_document(path)
    raise _damaged(path)


def _compound(path: Path) -> FileKind:
    """An old workbook, or a newer one behind a password ([MS-OFFCRYPTO], 2.3: a stream "EncryptedPackage")."""
    data = read_bytes(path, _LARGEST_COMPOUND)
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _protected(path)
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return FileKind.XLS
    if "WordDocument".encode("utf-16-le") in data:
        raise _word_document(path)
    raise _damaged(path) if path.suffix.lower() == ".xls" else _protected(path)


def _word_document(path: Path) -> UnreadableError:
    return unreadable("C’est un document Word, et il faut ici une liste.", None, Place(file=str(path)))


def _protected(path: Path) -> UnreadableError:
    hint = "Ouvrez-le, ôtez le mot de passe (Fichier, Informations, Protéger), enregistrez."
    return unreadable("Ce classeur est protégé par un mot de passe.", hint, Place(file=str(path)))


def _damaged(path: Path) -> UnreadableError:
    return unreadable(f"{_NO_WORKBOOK}.", _SAVE_AGAIN, Place(file=str(path)))
