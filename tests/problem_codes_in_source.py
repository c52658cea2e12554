"""The problem codes that the program's source uses, found by reading it, not by importing it.

A code is a string at the place of a parameter or field called ``code``, or one that a variable of that name receives.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "conventool"
CODE = re.compile(r"[a-z]+(-[a-z]+)*")
_OTHER_CODES = {"register", "number_formats", "merge_fields", "sheets", "samples"}
"""Modules and rooms whose ``code`` is INSEE's, a number format's or a field's of Word."""


_NEVER_TOLD = {"blank"}
"""What only marks a value in `returned.expectations`."""


_CONSTANT_CODES = {"DIFFERS": "file-differs"}
"""Codes that have a name in the source, since they are compared elsewhere."""


@cache
def codes_used() -> dict[str, set[str]]:
    """Each code with the modules that use it."""
    trees = {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
        if not _OTHER_CODES & {path.stem, path.parent.name}
    }
    takers: defaultdict[str, set[int]] = defaultdict(set)
    for tree in trees.values():
        for name, rank in _takers(tree):
            takers[name].add(rank)
    for node in (node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for base in node.bases:  # which is made as its base is
            takers[node.name] |= takers[base.id] if isinstance(base, ast.Name) and base.id in takers else set()
    used: defaultdict[str, set[str]] = defaultdict(set)
    for path, tree in trees.items():
        for text in _codes(tree, takers):
            if CODE.fullmatch(text) and text not in _NEVER_TOLD:
                used[text].add(path.relative_to(SOURCE).as_posix())
    return dict(used)


def _takers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Functions and classes that take a code, and its rank among their positional arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg not in {"self", "cls"}]
            if "code" in names and node.name != "__init__":
                yield node.name, names.index("code")
        elif isinstance(node, ast.ClassDef):
            fields = [
                line.target.id
                for line in node.body
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            ]
            made = [line for line in node.body if isinstance(line, ast.FunctionDef) and line.name == "__init__"]
            names = [argument.arg for line in made for argument in line.args.args[1:]] or fields
            if "code" in names:
                yield node.name, names.index("code")


def _codes(tree: ast.AST, takers: Mapping[str, set[int]]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            is_alias = isinstance(function, ast.Name) and name == "report"  # an error or a warning
            ranks = {0} if is_alias else takers.get(name, set())
            found = (text for rank in ranks if rank < len(node.args) for text in _texts(node.args[rank]))
            yield from (text for text in found if "-" in text or not is_alias)
            yield from (text for keyword in node.keywords if keyword.arg == "code" for text in _texts(keyword.value))
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                yield from _assigned(target, node.value)
        elif isinstance(node, ast.FunctionDef):
            for argument, default in zip(reversed(node.args.args), reversed(node.args.defaults), strict=False):
                if argument.arg == "code":
                    yield from _texts(default)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Name) and target.id == "code":
        yield from _texts(value)
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from _assigned(one, its)


def _texts(node: ast.expr) -> Iterator[str]:
    """The strings that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id in _CONSTANT_CODES:
        yield _CONSTANT_CODES[node.id]
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
