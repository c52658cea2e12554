"""Commands as processes without their start: forks of one process that has imported everything.

``run`` gives what a process of its own gives (exit code, streams, files), some four tenths of a second sooner. What is
read when Python starts (encodings, hash seed, time zone) is that of the tests: whoever tests it starts a process.
"""

from __future__ import annotations

import atexit
import json
import os
import pkgutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["run"]

_SRC = Path(__file__).parents[1] / "src"
_SECONDS = 60


def run(
    arguments: Sequence[object], cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """``conventool`` with these arguments, to its end.

    It is ended after a minute.

    Args:
        arguments: of the command line.
        cwd: the folder it runs in; this process's if None.
        environment: what it has besides this process's environment.
    """
    words = [str(argument) for argument in arguments]
    whole = {**os.environ, "PYTHONPATH": str(_SRC), **(environment or {})}
    if not hasattr(os, "fork"):
        command = [sys.executable, "-X", "utf8", "-m", "conventool", *words]
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", errors="replace", cwd=cwd, env=whole, check=False
        )
    server = _server()
    assert server.stdin
    assert server.stdout
    server.stdin.write(json.dumps([words, str(cwd or Path.cwd()), whole]) + "\n")
    server.stdin.flush()
    code, out, err = json.loads(server.stdout.readline())
    return subprocess.CompletedProcess(words, code, out, err)


@cache
def _server() -> subprocess.Popen[str]:
    """The process that forks, until this one ends."""
    server = subprocess.Popen(
        [sys.executable, "-X", "utf8", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        encoding="utf-8", env=os.environ | {"PYTHONPATH": str(_SRC)},
    )  # fmt: skip
    atexit.register(server.communicate)
    return server


def _serve() -> None:
    """Run what each line of the standard input orders; answer each with a line."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    import conventool

    for module in pkgutil.walk_packages(conventool.__path__, "conventool."):
        if not module.name.startswith("conventool.page") and not module.name.endswith("__main__"):
            import_module(module.name)
    for line in sys.stdin:
        print(json.dumps(_ran(*json.loads(line))), file=answers, flush=True)


def _ran(words: list[str], cwd: str, environment: dict[str, str]) -> tuple[int, str, str]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            with open(os.devnull, "rb") as nothing:  # noqa: PTH123
                for stream, number in ((nothing, 0), (out, 1), (err, 2)):
                    os.dup2(stream.fileno(), number)
            os.chdir(cwd)
            os.environ.clear()
            os.environ.update(environment)
            signal.alarm(_SECONDS)
            os._exit(_begin(words))
        _, status = os.waitpid(child, 0)
        for stream in (out, err):
            stream.seek(0)
        said = [stream.read().decode("utf-8", "replace") for stream in (out, err)]
    return os.waitstatus_to_exitcode(status), said[0], said[1]


def _begin(words: list[str]) -> int:
    """The command in a child; its exit code."""
    from conventool.__main__ import main

    sys.argv = ["conventool", *words]
    code: Any = 0
    try:
        main()
    except SystemExit as end:
        code = end.code
    except BaseException:  # nothing else may come out of it
        sys.excepthook(*sys.exc_info())
        code = 99
    sys.stdout.flush()
    sys.stderr.flush()
    return int(code or 0)


if __name__ == "__main__":
    _serve()
