"""``conventool.toml``: what the options of every command are worth in a folder, and in those below it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from conventool.core.errors import UsageError, reason
from conventool.core.problems import Place, Problem
from conventool.files.inside import leads_out

__all__ = ["MOST_JOBS", "NAME", "Settings", "find_settings"]

NAME = "conventool.toml"
MOST_JOBS = 64
"""Processes at once: a zero too many must not take all the memory of a machine."""

_SORTS: Mapping[type, str] = {
    str: "un texte entre guillemets",
    bool: "true ou false",
    int: f"un nombre entier, de 0 à {MOST_JOBS}",
    dict: "une table",
}
_KEYS: Mapping[str, type] = {"template": str, "output": str, "pdf": bool, "jobs": int, "set": dict}
_BY_COMMAND: Mapping[str, tuple[str, ...]] = {
    "fill": ("template", "output", "pdf"),
    "batch": ("template", "output", "pdf", "jobs"),
    "validate": ("template", "jobs"),
    "participations": ("template", "output"),
    "page": ("template", "output"),
    "pdf": ("template", "jobs"),
    "classeur": ("template",),
    "modele": ("template",),
    "schema": ("template",),
}
"""The options that each command takes from the file: those that mean the same thing in it."""


class Settings(NamedTuple):
    """What the file says.

    Attributes:
        path: where it is; None if there is none.
        options: the value of each option, by its long name without dashes; paths lead from the working folder.
        fixed: by field, the value that it has in every row.
    """

    path: Path | None = None
    options: Mapping[str, Any] = MappingProxyType({})
    fixed: Mapping[str, str] = MappingProxyType({})

    def lines(self) -> list[str]:
        """What it says, a line for each setting."""
        plain = [
            f"  {name} = {str(value).lower() if value is True or value is False else value}"
            for name, value in self.options.items()
        ]
        return plain + [f"  set : {field} = {value}" for field, value in self.fixed.items()]

    def by_command(self) -> dict[str, dict[str, Any]]:
        """The default of each option, by command."""
        return {
            command: {name: self.options[name] for name in names if name in self.options}
            for command, names in _BY_COMMAND.items()
        }


@cache
def find_settings(folder: Path) -> Settings:
    """Read the file in a folder, or in the nearest one above that has one.

    Raises:
        UsageError: it cannot be read, or says what it cannot say; all of it is told.
    """
    for home in (folder, *folder.parents):
        path = home / NAME
        if os.path.isfile(path):  # noqa: PTH113 (pathlib raises for a folder that may not be looked into)
            return _read(path)
    return Settings()


def _read(path: Path) -> Settings:
    import tomllib  # noqa: PLC0415 (few folders have such a file)

    try:
        text = path.read_text(encoding="utf-8-sig")
        said = tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(_unread(path, error)) from error
    given = said.get("set")
    fixed = given if isinstance(given, dict) else {}
    wrong = [problem for name, value in said.items() if (problem := _wrong(name, value, path.parent))]
    wrong += [_no_text(field, value) for field, value in fixed.items() if not isinstance(value, str)]
    if wrong:
        raise UsageError(*(problem._replace(place=_place(path, text, problem.field)) for problem in wrong))
    options = {name: value for name, value in said.items() if name != "set"}
    for name in ("template", "output"):
        if name in options and (name == "output" or (path.parent / options[name]).exists()):
            options[name] = str(path.parent / options[name])
    return Settings(path, options, dict(fixed))


def _unread(path: Path, error: Exception) -> Problem:
    """Why a file is none of settings."""
    message, hint, place = "Ces réglages ne peuvent pas être lus : ", None, Place(file=str(path))
    if isinstance(error, OSError):
        message += f"{reason(error)}."
    elif isinstance(error, UnicodeDecodeError):
        message, hint = f"{message}le fichier n’est pas en UTF-8.", "Enregistrez-le en UTF-8."
    else:
        where = re.search(r"line (\d+), column (\d+)", str(error))
        place = place._replace(line=int(where[1]), column=int(where[2])) if where else place
        message += "ce n’est pas du TOML, ou un réglage y est dit deux fois."
        hint = 'Écrivez par exemple : output = "conventions"'
    return Problem("bad-settings", message, hint, place=place)


def _wrong(name: str, value: object, home: Path) -> Problem | None:
    """What is wrong with a line of the file of a folder, if anything."""
    sort = _KEYS.get(name)
    if sort is None:
        from conventool.text.suggestions import did_you_mean  # noqa: PLC0415 (only a mistake needs it)

        hint = did_you_mean(name, _KEYS) or f"Réglages possibles : {', '.join(_KEYS)}."
        return Problem("bad-settings", f"Le réglage « {name} » n’existe pas.", hint, field=name)
    if type(value) is not sort or (name == "jobs" and isinstance(value, int) and not 0 <= value <= MOST_JOBS):
        return Problem("bad-settings", f"« {name} » attend {_SORTS[sort]}.", None, field=name, value=str(value))
    if value == "":
        return Problem("bad-settings", f"« {name} » est vide.", "Écrivez une valeur, ou ôtez la ligne.", field=name)
    if name in ("template", "output") and (why := leads_out(home, str(value))):
        hint = "Écrivez un chemin qui part du dossier de ce fichier et y reste."
        return Problem(
            "bad-settings", f"« {name} » sort du dossier : ce chemin {why}.", hint, field=name, value=str(value)
        )
    if name == "template" and re.search(r"[/\\]", str(value)) and not (home / str(value)).exists():
        message = f"« {name} » nomme un dossier qui n’est pas à côté de ce fichier."
        return Problem(
            "bad-settings", message, "Écrivez son chemin depuis là, ou un nom.", field=name, value=str(value)
        )
    return None


def _no_text(field: str, value: object) -> Problem:
    inner = next(iter(value), "…") if isinstance(value, dict) else None
    written = f'"{field}.{inner}"' if inner else field
    hint = f'Écrivez la valeur entre guillemets : {written} = "…"'
    return Problem("bad-settings", f"« {field} » attend {_SORTS[str]}.", hint, field=field)


def _place(path: Path, text: str, key: str | None) -> Place:
    """The line that names a key."""
    pattern = re.compile(rf"\s*\[?\s*[\"']?{re.escape(key or '')}\b")
    line = next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), None)
    return Place(file=str(path), line=line)
