"""A report of documents, all well, for a file or another program: lines of text, which do not wait for Rich."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from conventool.core.problems import Problem
    from conventool.core.report import DocumentDone, Report

__all__ = ["by_folder", "notices", "show_plainly", "template_line", "visible"]

_STATUSES = {
    "created": ("créé", "green"),
    "identical": ("inchangé", "dim"),
    "replaced": ("remplacé", "yellow"),
    "planned": ("à écrire", "cyan"),
    "intact": ("intact", "green"),
    "doubtful": ("à regarder", "yellow"),
    "altered": ("modifié", "bold red"),
    "changed": ("changé", "yellow"),
    "unknown": ("inconnu", "yellow"),
    "unverified": ("non vérifié", "yellow"),
    "unreadable": ("illisible", "red"),
}
"""The word and the style of each status of a document."""
_MOST_LISTED = 30
_NARROWEST = 8
"""Signs in the column of the words, whatever they are."""
_SPACES = "\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


def show_plainly(report: Report) -> bool:
    """Print a report of documents that holds nothing a person must look at, where no terminal shows it.

    Returns:
        Was it printed? Anything else is the console's.
    """
    forced = {"FORCE_COLOR", "TTY_COMPATIBLE"} & os.environ.keys()  # by which Rich takes anything for a terminal
    simple = report.shape == "documents" and report.uneventful and not report.tables
    if forced or not simple or sys.stdout.isatty() or sys.stderr.isatty():
        return False
    for text in report.texts:
        sys.stdout.write(f"{visible(text)}\n\n")
    if report.template and report.documents:
        sys.stdout.write(f"{visible(template_line(report))}\n")
    for head, folder, lines in by_folder(report.documents):
        sys.stdout.write(f"{head}{visible(str(folder))}\n")
        sys.stdout.writelines(f"  {word}{visible(name)}\n" for word, _, name in lines)
    if report.problems:
        sys.stderr.write("\nÀ savoir :\n")
        sys.stderr.writelines(f"  - {visible(line)}\n" for line in notices(list(report.problems)))
    return True


def template_line(report: Report) -> str:
    """Which template served, and which file of settings."""
    template = f"Modèle : {report.template['name']} ({report.template['folder']})"
    return f"{template}\nRéglages : {report.settings}" if report.settings else template


def by_folder(documents: Collection[DocumentDone]) -> Iterator[tuple[str, Path, list[tuple[str, str, str]]]]:
    """Documents by folder; of very many, those that need no look are left out.

    Yields:
        How to say that they are there; the folder; and of each the word of its status in a column as wide as all of
        them need, the style of that, and the name of the file.
    """
    planned = any(document.status == "planned" for document in documents)
    listed = [one for one in documents if one.status != "intact" or len(documents) <= _MOST_LISTED]
    width = 1 + max([_NARROWEST, *(len(_STATUSES[one.status][0]) for one in listed)])
    for folder, inside in groupby(listed, lambda document: document.path.parent):
        told = [(*_STATUSES[one.status], one.path.name) for one in inside]
        lines = [(f"{word:<{width}}", style, name) for word, style, name in told]
        yield "Seraient écrits dans " if planned else "Dossier ", folder, lines


def notices(found: Sequence[Problem]) -> Iterator[str]:
    """Notices in a line each; the same one about several controls names them together."""
    controls: dict[str, list[str]] = {}
    for notice in found:
        controls.setdefault(notice.message, []).extend(filter(None, [notice.place.control]))
    for message, named in controls.items():
        yield f"{message.rstrip('.')} : {', '.join(named)}." if named else message


_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[)", re.MULTILINE)


def visible(text: str) -> str:
    """The text with nothing in it that a terminal would obey, or the runner of a CI in what a program prints.

    Source: GitHub Actions, "Workflow commands": a line that begins with ``::``, or holds ``##[``.
    """
    if ":" in text or "#" in text:
        text = _COMMAND.sub(lambda sign: f"{sign[1] or ''}\\u{ord(sign[0][-1]):04x}", text)
    return "".join(char if char.isprintable() or char in _SPACES else f"\\u{ord(char):04x}" for char in text)
