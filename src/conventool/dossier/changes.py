"""Is what was made still there?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from conventool.core.problems import Place, Problem, Severity
from conventool.dossier.database import NAME, refusing
from conventool.dossier.reading import Folder
from conventool.files.reading import is_unchanged

__all__ = ["changes", "outdated_pdf"]


def changes(folder: Folder) -> Iterator[Problem]:
    """Compare the files of a folder with what its dossier knows.

    Yields:
        A problem for each file that is missing (``file-missing``) or differs (``file-changed``), and for each PDF that
        was made of another document than the one beside it (``pdf-outdated``).

    Raises:
        UnreadableError: the dossier is damaged.
    """
    with refusing(folder.path / NAME):
        for _, nom, piece in folder.pieces():
            path = folder.path / piece.path
            if not path.is_file():
                yield _change("file-missing", "Ce document a disparu.", nom, path)
            elif not is_unchanged(path, piece.sha256, piece.bytes):
                yield _change("file-changed", "Ce document n’est plus celui qui a été produit.", nom, path)
        for nom, path_of_pdf in folder.outdated():
            yield outdated_pdf(nom, folder.path / path_of_pdf)


def outdated_pdf(nom: str, path: Path) -> Problem:
    """Tell that a PDF was made of another document than the one beside it."""
    message = "Ce PDF vient d’une version précédente du document Word qui est à côté de lui."
    hint = "Relancez la commande avec --pdf pour le refaire."
    return Problem("pdf-outdated", message, hint, value=nom, place=Place(file=str(path)), severity=Severity.WARNING)


def _change(code: str, message: str, nom: str, path: Path) -> Problem:
    hint = "Relancez la commande qui l’a produit, avec --force s’il faut le remplacer."
    return Problem(code, message, hint, value=nom, place=Place(file=str(path)))
