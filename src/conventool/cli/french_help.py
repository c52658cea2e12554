"""Typer's own words in French: help, usage, and errors of the command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from typer import Typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from conventool.cli.execution import reported
from conventool.cli.settings import find_settings
from conventool.core.report import Report

__all__ = ["FrenchCommand", "FrenchGroup", "usage_problem"]


def _without_type(entry: re.Match[str]) -> str:
    """An argument with its meaning, the lines of which begin below each other: the type before it is taken out."""
    name, kind, first, more = entry.groups()
    more = re.sub(r"\s+\[required\]$", "", more.replace("\n" + " " * len(kind), "\n"))
    return f"{name}{first}{more}"


_HELP: Mapping[str, str | Callable[[re.Match[str]], str]] = {
    r"^(Usage: .*)\{(.+)\}": r"\1\2",
    r"^Usage: ": "Utilisation : ",
    r"COMMAND \[ARGS\]\.\.\.": "COMMANDE [ARGUMENTS]…",
    r"^Options:$": "Options :",
    r"^Arguments:$": "Arguments :",
    r"^Commands:$": "Commandes :",
    r"Show this message and exit\.": "Affiche cette aide.",
    r"…?(\]?)\.\.\.": r"…\1",
    r"^(  \S+)( <[\w\[\]]+>)(  .+?)(?:\s+\[required\])?((?:\n {8,}\S.*)*)$": _without_type,
    r";\s+(?:\d+<=)?x[<>]=\d+\]": "]",
    r"\s+\[(?:\d+<=)?x[<>]=\d+\]": "",
    r"\[required\]": "[obligatoire]",
    r"\[default:(\s+)": r"[par défaut :\1",
    r"; required\]": " ; obligatoire]",
}
_ERRORS: Mapping[str, str] = {
    r"' / '": " / ",
    r"^No such command '(.+?)'\.": r"La commande « \1 » n’existe pas.",
    r"^No such option: (\S+)": r"L’option « \1 » n’existe pas.",
    r"^Missing argument '(.+?)'\.": r"Il manque « \1 ».",
    r"^Missing option '(.+?)'\.": r"Il manque l’option « \1 ».",
    r"^Missing command\.": "Il manque la commande.",
    r"^Option '(.+?)' requires an argument\.": r"L’option « \1 » attend une valeur.",
    r"^Option '(.+?)' does not take a value\.": r"L’option « \1 » ne prend pas de valeur.",
    r"^Got unexpected extra argument\S* \((.+?)\)\.?": r"En trop : « \1 ».",
    r"^Invalid value for '?(.+?)'?: Input should be a valid integer.*": r"Il faut un nombre entier pour \1.",
    r"^Invalid value for '?(.+?)'?: Input should be greater than or equal to (\d+)": r"Il faut au moins \2 pour \1.",
    r"^Invalid value for '?(.+?)'?: (?:Value error, )?'(.*?)' is not one of '(.+)'\.?$": (
        r"« \2 » n’est pas possible pour \1 ; on peut écrire « \3 »."
    ),
    r"', '": " », « ",
    r"^Invalid value for '?(.+?)'?: ": r"Valeur impossible pour \1 : ",
    r"Did you mean '?(.+?)'?\?": r"Vouliez-vous dire « \1 » ?",
    r"\(Possible options: (.+?)\)": r"Options proches : \1.",
}


def _translated(text: str, table: Mapping[str, str] | Mapping[str, str | Callable[[re.Match[str]], str]]) -> str:
    for english, french in table.items():
        text = re.sub(english, french, text, flags=re.MULTILINE)
    return text


class FrenchCommand(TyperCommand):
    """A command whose help is in French throughout."""

    def get_help(self, ctx: Any) -> str:
        """The help page."""
        return _translated(super().get_help(ctx), _HELP)


class _LazyCommands(Mapping[str, Any]):
    """Commands by name, each built when it is asked for: to build them all takes as long as a convention to fill."""

    def __init__(self) -> None:
        self._functions: dict[str, Callable[..., Report | None]] = {}
        self._built = cache(self._build)

    def add(self, function: Callable[..., Report | None]) -> None:
        self._functions[function.__name__.replace("_", "-")] = function

    def senses(self) -> list[tuple[str, str]]:
        """What each does: the first paragraph of its function, so that none is built for it."""
        paragraphs = {name: (one.__doc__ or "").partition("\n\n")[0] for name, one in self._functions.items()}
        return [(name, re.sub(r"\s*\n\s*", " ", text)) for name, text in paragraphs.items()]

    def _build(self, name: str) -> Any:
        alone = Typer(add_completion=False, rich_markup_mode=None)
        alone.command(cls=FrenchCommand)(reported(self._functions[name]))
        return get_command(alone)

    def __getitem__(self, name: str) -> Any:
        return self._built(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)


_COMMANDS = _LazyCommands()

AnyCommand = TypeVar("AnyCommand", bound=Callable[..., Report | None])


class FrenchGroup(TyperGroup):
    """The program itself, its commands in the order of their use."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**told)
        self.commands = _COMMANDS  # type: ignore[assignment]  # nothing is added to it by Typer

    @staticmethod
    def command(function: AnyCommand) -> AnyCommand:
        """Make a function a command of its name; see [reported][conventool.cli.execution.reported]."""
        _COMMANDS.add(function)
        return function

    def get_help(self, ctx: Any) -> str:
        """The help page, and the settings that hold in the working folder."""
        lines = [_translated(super().get_help(ctx), _HELP)]
        settings = find_settings(Path.cwd())
        if settings.path:
            lines += ["", f"Réglages de {settings.path} :", *settings.lines()]
        return "\n".join(lines)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 (Typer's signature)
        """The commands, and what each does."""
        with formatter.section("Commands"):
            formatter.write_dl(_COMMANDS.senses())

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 (Typer's signature)
        """The commands as they are written down, not by the alphabet."""
        return list(self.commands)


def usage_problem(error: Any) -> str:
    """What is wrong with the command line, in French.

    Args:
        error: the exception by which Typer tells it.
    """
    return _translated(error.format_message(), _ERRORS)
