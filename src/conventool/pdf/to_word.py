"""Documents of other word processors as Word files, by LibreOffice, so that they can be read.

What such a document names outside itself cannot be taken out of it, as it is out of a Word file by
``word/print_copy.py``: a picture that an .rtf names is read from the disk. So LibreOffice is given none unless the
system keeps all other files and the network from it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from conventool.core.errors import ProgramError
from conventool.files.reading import open_file
from conventool.files.scratch import fast_folder, scratch_folder

if TYPE_CHECKING:
    from conventool.pdf.office import Office

__all__ = ["as_word"]

_BEGINNINGS = {".odt": b"PK\x03\x04", ".doc": b"\xd0\xcf\x11\xe0", ".rtf": b"{\\rtf"}
"""By suffix, the bytes that such a file begins with; another is not what it is called."""
_LARGEST = 1 << 28
"""Bytes, decompressed: no convention is larger."""


@contextmanager
def as_word(files: Iterable[Path]) -> Iterator[dict[Path, Path]]:
    """Save documents (.odt, .doc, .rtf) as Word files, which last as long as the context.

    Args:
        files: some of them may be of other formats.

    Yields:
        By document, its Word file; none where it could not be made, or LibreOffice is missing or not confined.
    """
    wanted = [file for file in files if _is_sound(file)]
    if not wanted:
        yield {}
        return
    from conventool.pdf.office import find_office  # noqa: PLC0415 (only where LibreOffice is wanted)

    with scratch_folder(fast_folder()) as folder:
        found: dict[Path, Path] = {}
        with suppress(ProgramError, OSError):  # LibreOffice is missing, or there is no place for its files
            office = find_office()
            if office.confinement.name == "bubblewrap":
                found |= _converted(wanted, folder, office)
        yield found


def _is_sound(file: Path) -> bool:
    """Whether a file is what it is called, and of a size that can be."""
    beginning = _BEGINNINGS.get(file.suffix.lower())
    if beginning is None:
        return False
    try:
        with open_file(file) as opened:
            if opened.read(len(beginning)) != beginning:
                return False
        if file.suffix.lower() == ".odt":
            with ZipFile(file) as package:
                return sum(one.file_size for one in package.infolist()) <= _LARGEST
        return file.stat().st_size <= _LARGEST
    except (OSError, BadZipFile):
        return False


def _converted(files: Iterable[Path], folder: Path, office: Office) -> Iterator[tuple[Path, Path]]:
    """Each file, by a LibreOffice of its own call: one at which it fails takes no other along."""
    from conventool.pdf.office import kill  # noqa: PLC0415 (likewise)

    for rank, file in enumerate(files):
        source = folder / "sources" / f"{rank}{file.suffix.lower()}"
        source.parent.mkdir(exist_ok=True)
        with open_file(file) as opened:
            source.write_bytes(opened.read())
        process = office.start([source], folder / "office", None)
        try:
            with suppress(subprocess.TimeoutExpired):
                process.wait(office.timeout)
        finally:
            kill(process)
        made = folder / "office" / "made" / f"{rank}.docx"
        if made.is_file():
            yield file, made
        else:
            office.reset(folder / "office")
