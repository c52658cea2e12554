"""What hundreds of tests ask for again and gives the same each time, worked out once a process.

Each is a function of what it is given alone: what the outside judge finds in a document, an expression as Jinja reads
it, some of them compiled, the register of communes; a template folder and its pattern while the same files lie there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import typer.main
import typer.testing

from conventool.register.communes import Register
from conventool.returned import comparison
from conventool.template.expressions import Expression, Together
from conventool.template.folder import TemplateFolder
from conventool.word import validation

__all__ = ["remember"]


def remember(patch: pytest.MonkeyPatch) -> None:
    """Let this process remember, as long as the patch lasts."""
    patch.setattr(typer.testing, "_get_command", cache(typer.main.get_command))
    patch.setattr(Register, "open", cache(Register.open))
    patch.setattr(TemplateFolder, "open", _of_files(TemplateFolder.open))
    patch.setattr(comparison, "_patterns_of", _of_files(comparison._patterns_of))
    judge = validation._validator()
    patch.setattr(validation, "_validator", lambda: judge and _Judge(judge))
    _remember_expressions(patch)


def _of_files(work_out: Callable[[Path], Any]) -> Callable[[Path], Any]:
    """What a folder gives, as long as the same files lie there; a refusal is made anew each time."""
    made: dict[tuple[str, str, bytes], Any] = {}

    def remembered(folder: Path) -> Any:
        try:
            files = [(str(path.resolve()), path.is_file() and _digest(path)) for path in sorted(folder.rglob("*"))]
        except OSError:
            return work_out(folder)
        key = str(folder), str(Path.cwd()), sha256(repr(files).encode()).digest()
        if key not in made:
            made[key] = work_out(folder)
        return made[key]

    return remembered


def _digest(path: Path) -> bytes:
    return sha256(path.read_bytes()).digest()


_SAID: dict[tuple[bytes, str], Any] = {}


class _Judge:
    """The outside judge, which is asked of the same bytes under the same kind of name but once."""

    def __init__(self, judge: Any) -> None:
        self._judge = judge

    def validate(self, path: str) -> Any:
        key = _digest(Path(path)), Path(path).suffix
        if key not in _SAID:
            _SAID[key] = self._judge.validate(path)
        return _SAID[key]


def _remember_expressions(patch: pytest.MonkeyPatch) -> None:
    """Expressions of the same text share what Jinja read; the same ones together share their function."""
    read: dict[str, dict[str, Any]] = {}
    shared: set[int] = set()
    compiled: dict[tuple[int, ...], Any] = {}
    reading, compiling = Expression.__init__, Together.__init__

    def read_once(self: Expression, source: str) -> None:
        if source not in read:
            reading(self, source)
            read[source] = dict(vars(self))
            shared.add(id(self.node))
        vars(self).update(read[source])

    def compile_once(self: Together[Any], expressions: Any) -> None:
        nodes = tuple(id(expression.node) for expression in expressions.values())
        if nodes not in compiled:
            compiling(self, expressions)
            if not shared.issuperset(nodes):
                return  # made by renaming: it does not last, and its identity may be another's then
            compiled[nodes] = self._template
        self.keys, self._expressions, self._template = tuple(expressions), expressions, compiled[nodes]

    patch.setattr(Expression, "__init__", read_once)
    patch.setattr(Together, "__init__", compile_once)
