"""From a command's work to the exit code: its report printed, every trouble told in French, none as a traceback."""

from __future__ import annotations

import errno
import inspect
import os
import platform
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import typer

from conventool import __version__
from conventool.cli import options as opt
from conventool.cli.plain import show_plainly
from conventool.cli.settings import find_settings
from conventool.cli.terminal import silence
from conventool.core.errors import ConventoolError, ExitCode, culprit, lacks_memory, lacks_room, reason
from conventool.core.problems import NOWHERE, Place, Problem
from conventool.core.report import Report

__all__ = ["empty_report", "reported", "run", "show"]

_OWN_KEYS: Mapping[str, Mapping[str, Any]] = {
    "check": {"templates": []},
    "communes": {"vintage": "", "attribution": "", "communes": [], "epci": [], "departements": []},
    "echeances": {"assumptions": [], "adherents": [], "undated": []},
    "inspect": {"file": "", "controls": []},
    "modele": {"fields": []},
    "read": {"adherents": []},
    "schema": {"adherents": [], "schema": {}},
    "suivi": {"states": {}, "adherents": []},
}
"""By command, the keys of its object that not every command has, empty: a script finds them where no work was done."""


def run(command: str, work: Callable[[], Report], *, as_json: bool, quiet: bool) -> None:
    """Do the work of a command, print its report, and end with its exit code.

    Args:
        command: its name.
        work: does it.
        as_json: print one JSON object.
        quiet: print problems only.

    Raises:
        typer.Exit: always, with the exit code.
    """
    try:
        report = work()
        report.settings = find_settings(Path.cwd()).path if report.template else None
    except (Exception, KeyboardInterrupt) as error:
        report = _failed(command, error)
    try:
        code = show(report, as_json=as_json, quiet=quiet)
    except Exception as error:  # of a dossier that is read while it is told; Ctrl-C has nothing to undo any more
        code = show(_failed(command, error), as_json=as_json, quiet=quiet)
    raise typer.Exit(code)


def reported(function: Callable[..., Report | None]) -> Callable[..., None]:
    """A command of the program, made of a function that does its work.

    Beside the options that are arguments of the function it has ``--json`` and ``--quiet``. A function with an argument
    ``watch`` is given one, which shows how its work goes on.

    Args:
        function: of the command's name; one that gives no report prints by itself, and is the command.
    """
    own = inspect.signature(function, eval_str=True)
    if own.return_annotation is None:
        return cast("Callable[..., None]", function)
    shared = {"as_json": opt.Json, "quiet": opt.Quiet}

    def command(**given: Any) -> None:
        shown = {name: given[name] for name in shared}
        arguments = {name: value for name, value in given.items() if name in own.parameters}

        def work() -> Any:
            if "watch" not in own.parameters:
                return function(**arguments)
            from conventool.cli.console import progress  # noqa: PLC0415 (Rich takes long to import)

            with progress(shown=not any(shown.values()), unit=_COUNTED.get(function.__name__, "adhérents")) as watch:
                return function(watch=watch, **arguments)

        run(function.__name__, work, **shown)

    added = {name: kind for name, kind in shared.items() if name not in own.parameters}
    parameters = [one.replace(kind=one.KEYWORD_ONLY) for name, one in own.parameters.items() if name != "watch"]
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind)
        for name, kind in added.items()
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # by which Typer makes options
    command.__name__, command.__doc__ = function.__name__, function.__doc__
    return command


_COUNTED = {"pdf": "documents", "read": "documents", "verify": "documents"}
"""By command, what is counted while it works, where that is not adherents."""


def empty_report(command: str, *problems: Problem, exit_code: ExitCode) -> Report:
    """The report of a command that did nothing, with all its keys."""
    return Report(command, problems=problems, exit_code=exit_code, own=_OWN_KEYS.get(command, {}))


def _failed(command: str, error: BaseException) -> Report:
    """The report of a command that could not do its work, or not read from a dossier what it had to tell."""
    if isinstance(error.__cause__, KeyboardInterrupt):  # Python wraps one that comes while a class is made
        error = error.__cause__
    match error:
        case ConventoolError():
            return empty_report(command, *error.problems, exit_code=error.exit_code)
        case KeyboardInterrupt():
            return empty_report(command, _INTERRUPTED, exit_code=ExitCode.INTERRUPTED)
        case _ if lacks_memory(error):
            return empty_report(command, _NO_MEMORY, exit_code=ExitCode.UNREADABLE)
        case OSError() if lacks_room(error) or error.errno == errno.EFBIG:
            return empty_report(command, _no_room(error), exit_code=ExitCode.UNWRITABLE)
        case OSError():  # of a path that was taken for granted
            return empty_report(command, _refused(error), exit_code=ExitCode.UNREADABLE)
    return empty_report(command, _bug(error), exit_code=ExitCode.BUG)  # whatever it is, it is ours


_INTERRUPTED = Problem("interrupted", "Interrompu.", "Rien d’incomplet n’a été laissé ; relancez la même commande.")


_NO_MEMORY = Problem(
    "unreadable", "La mémoire ne suffit pas à ces fichiers.", "Fermez d’autres programmes, ou partagez la liste."
)


def _no_room(error: OSError) -> Problem:
    """Tell of a disk that is full, files that may not grow, or a folder for temporary files that is missing."""
    path = culprit(error, Path(os.environ.get("TMPDIR", "/tmp"), "*"))  # noqa: S108 (only named)
    folder = path if path.is_dir() else path.parent
    message = f"Le système ne le permet pas : {reason(error)}."
    remedy = f"Faites de la place dans {folder}" if lacks_room(error) else "Levez cette limite (« ulimit -f »)"
    hint = f"{remedy}, puis relancez la même commande."
    return Problem("unwritable", message, hint, place=Place(file=str(folder)))


def _refused(error: OSError) -> Problem:
    place = Place(file=str(error.filename)) if error.filename else NOWHERE
    return Problem("unreadable", f"Le système ne le permet pas : {reason(error)}.", place=place)


def _bug(error: BaseException) -> Problem:
    """Tell of a bug: what a developer needs goes into a file, which the user can send."""
    from tempfile import NamedTemporaryFile  # noqa: PLC0415 (bugs are few)

    hint = "Signalez-le à l’équipe du projet, avec la commande tapée."
    with (
        suppress(OSError),
        NamedTemporaryFile(
            "w", prefix="conventool-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as log,
    ):
        log.write(f"conventool {__version__}, Python {platform.python_version()}, {platform.platform()}\n\n")
        traceback.print_exception(error, file=log)
        hint = f"Signalez-le à l’équipe du projet, avec la commande tapée et ce fichier : {log.name}"
    return Problem("bug", f"Le programme s’est trompé ({type(error).__name__}) ; vos données n’y sont pour rien.", hint)


def show(report: Report, *, as_json: bool, quiet: bool) -> ExitCode:
    """Print a report; the exit code says so when it cannot be printed."""
    if quiet and not as_json and report.uneventful:
        return report.exit_code
    try:
        if as_json or not show_plainly(report):
            from conventool.cli.console import show as show_richly  # noqa: PLC0415 (Rich takes long to import)

            show_richly(report, as_json=as_json, quiet=quiet)
        sys.stdout.flush()
    except BrokenPipeError:  # as of "| head": who listened has enough
        silence("stdout")
    except OSError as error:
        silence("stdout")
        from conventool.cli.console import show_problems  # noqa: PLC0415

        with suppress(OSError):
            show_problems([Problem("unwritable", f"Le résultat ne peut pas être affiché : {reason(error)}.")])
        return ExitCode.UNWRITABLE
    return report.exit_code
