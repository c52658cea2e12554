"""Paths that a data file, a template or a dossier names: they begin at a folder, and stay in it."""

from __future__ import annotations

import os
import re
from pathlib import Path, PureWindowsPath

__all__ = ["leads_out"]

_UPWARDS = re.compile(r"(?:^|[/\\])\.\.[. ]*(?:$|[/\\])")  # Windows takes no heed of dots and spaces at the end


def leads_out(folder: Path, name: str) -> str | None:
    """Tell why a path that somebody else has written is not to be followed.

    A path is judged by the rules of every system, so that the same data mean the same everywhere. A link is followed
    to where it leads.

    Args:
        folder: where the path begins, and must stay.
        name: the path as it is written.

    Returns:
        What is wrong with it, in French, to follow "ce chemin"; None if it stays in the folder.
    """
    if name.startswith(("/", "\\", "~/", "~\\")) or PureWindowsPath(name).drive:
        return "est absolu"
    if _UPWARDS.search(name):
        return "remonte au-dessus de ce dossier"
    try:
        inside = Path(os.path.realpath(folder / name)).is_relative_to(os.path.realpath(folder))
    except (OSError, ValueError):  # no such name may be: whoever opens it says so
        return None
    return None if inside else "passe par un lien qui en sort"
