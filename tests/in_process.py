"""Commands run in this process, which spares their start: exit code, what they print, and never a traceback."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from typer.testing import CliRunner

from conventool.cli.app import app

__all__ = ["Said", "command"]


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        """The object that ``--json`` printed."""
        found: dict[str, Any] = json.loads(self.out)
        return found


def command(*arguments: object) -> Said:
    """Run ``conventool`` with these arguments."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Said(done.exit_code, done.stdout, done.stderr)
