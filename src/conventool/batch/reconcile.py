"""The folder compared with what a run wanted: adherents no longer listed, PDF files out of date, files to remove."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conventool.batch.options import RunOptions
from conventool.core.problems import Place, Problem, Severity
from conventool.dossier.changes import outdated_pdf
from conventool.dossier.dossier import Dossier, Superseded
from conventool.dossier.reading import Folder
from conventool.dossier.run_view import RunView
from conventool.files.reading import is_unchanged
from conventool.files.writing import remove
from conventool.text.french import fold

__all__ = ["reconcile", "superseded_problem"]

_PRUNE = "Ajoutez --prune pour les retirer ; avec --dry-run, la commande dit seulement lesquels."


def reconcile(dossier: Dossier, view: RunView, options: RunOptions, *, whole: bool) -> Iterator[Problem]:
    """Compare the folder with what a run wanted.

    Args:
        dossier: of the folder.
        view: of the run.
        options: what is asked.
        whole: did the run read the whole of its source, so that whoever is not in it is gone from it?

    Yields:
        What is to be said of it.
    """
    if whole:
        for one in dossier.supersede_absent(_still_listed(dossier, view)):
            if not options.prune:
                yield _no_longer_listed(one)
    folder = Folder(dossier.database, options.output)
    for nom, path in folder.outdated(dossier.run):
        yield outdated_pdf(nom, options.output / path)
    replaced = view.statuses()["replaced"]
    for document in view.documents(options.output) if replaced else ():
        pdf = document.path.with_suffix(".pdf")
        if document.status == "replaced" and not folder.piece_at(pdf.name) and os.path.isfile(pdf):  # noqa: PTH113
            yield outdated_pdf(document.adherent, pdf)
    if options.prune:
        yield from _prune(dossier, folder, dry_run=options.dry_run)


def superseded_problem(one: Superseded, place: Place) -> Problem:
    """Tell that an adherent has other files now than those that stay in the folder."""
    message = f"D’autres fichiers de « {one.nom} » sont remplacés et restent dans le dossier : {', '.join(one.paths)}."
    return Problem("superseded", message, _PRUNE, place=place, severity=Severity.WARNING)


def _no_longer_listed(one: Superseded) -> Problem:
    message = f"« {one.nom} » n’est plus dans la liste."
    if one.paths:
        message = f"{message[:-1]} ; ses fichiers restent dans le dossier : {', '.join(one.paths)}."
    return Problem("no-longer-listed", message, _PRUNE, severity=Severity.WARNING)


def _still_listed(dossier: Dossier, view: RunView) -> Iterator[int]:
    """The adherents of earlier runs whose row was rejected this time: they are still in the list."""
    names: dict[str, list[int]] = {}
    for adherent, given, place in dossier.absent():
        for name in _names_in(given, place, dossier.source):
            names.setdefault(name, []).append(adherent)
    if names:
        for row in view.rejected_rows():
            for name in _names_in(row.given, row.place, dossier.source):
                yield from names.get(name, ())


def _names_in(given: Mapping[str, Any], place: Place, source: Path) -> Iterator[str]:
    """What an adherent may be known by, in data that may be wrong.

    Yields:
        Its file, of a folder of files; its number, its commune's code, its name.
    """
    if place.file != str(source):
        yield f"fichier {place.file}"
    number = re.sub(r"\D", "", str(given.get("siret") or ""))
    if number:
        yield f"siren {number[:9]}"
    for field in ("code_insee", "nom"):
        if given.get(field):
            yield f"{field} {fold(str(given[field]))}"


def _prune(dossier: Dossier, folder: Folder, *, dry_run: bool) -> Iterator[Problem]:
    """Remove the superseded files that nobody has changed since they were made."""
    for _, nom, piece in folder.pieces("superseded"):
        path = folder.path / piece.path
        place = Place(file=str(path))
        if not path.exists():
            dossier.forget_piece(piece.path)
        elif not is_unchanged(path, piece.sha256, piece.bytes):
            message = f"Ce fichier de « {nom} » est remplacé, mais quelqu’un l’a changé : il est gardé."
            yield Problem("kept", message, "Supprimez-le vous-même, s’il ne sert plus.", place=place,
                          severity=Severity.WARNING)  # fmt: skip
        elif dry_run:
            yield Problem("pruned", f"Ce fichier de « {nom} » serait retiré.", place=place, severity=Severity.NOTICE)
        else:
            remove(path)
            dossier.forget_piece(piece.path)
            yield Problem("pruned", f"Ce fichier de « {nom} » a été retiré.", place=place, severity=Severity.NOTICE)
