"""The expressions of a manifest: Jinja, kept from everything but the words it is given."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any, Generic, TypeVar

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

__all__ = ["Expression", "ExpressionError", "Together"]

Key = TypeVar("Key", bound=Hashable)


class ExpressionError(ValueError):
    """An expression cannot be understood, or reaches for what it is not given; the text says why, in French."""


class _Environment(ImmutableSandboxedEnvironment):
    """No attribute of Python's own, and no operator that makes much out of little."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 (Jinja's signature)
        """Refuse the operators that could fill the memory."""
        raise SecurityError(f"l’opérateur « {operator} » n’est pas permis")


_ENVIRONMENT = _Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
_ENVIRONMENT.globals.clear()
_ENVIRONMENT.filters = {
    name: _ENVIRONMENT.filters[name] for name in ("capitalize", "default", "join", "lower", "replace", "trim", "upper")
}


class Expression:
    """A text of the manifest with expressions between double braces.

    A text that is one expression and nothing else gives its value as it is: a date stays a date.

    Args:
        source: the text.

    Raises:
        ExpressionError: it is not well written, or holds a statement (``{% %}``).

    Attributes:
        names: the words it uses.
        node: what Jinja read.
    """

    def __init__(self, source: str) -> None:
        if "{%" in source or "{#" in source:
            raise ExpressionError("une instruction « {% » n’est pas permise ici, seulement « {{ … }} ».")
        try:
            parsed = _ENVIRONMENT.parse(source.strip())
        except TemplateSyntaxError as error:
            raise ExpressionError(f"l’expression est mal écrite ({error.message}).") from error
        if parsed.find(nodes.Call):
            raise ExpressionError("un appel de fonction n’est pas permis ici.")
        pieces = [piece for output in parsed.find_all(nodes.Output) for piece in output.nodes]
        alone = len(pieces) == 1 and not isinstance(pieces[0], nodes.TemplateData)
        self.node: nodes.Expr = pieces[0] if alone else nodes.Concat([_constant(piece) for piece in pieces])
        self.names = frozenset(name.name for name in parsed.find_all(nodes.Name))

    def __call__(self, words: Mapping[str, Any]) -> Any:
        """Evaluate; see [Together][conventool.expressions.Together]."""
        return Together({"": self})(words)[""]


class Together(Generic[Key]):
    """Many expressions compiled into one function: that is what makes start-up and long lists quick.

    Args:
        expressions: by whatever the caller calls them.
    """

    def __init__(self, expressions: Mapping[Key, Expression]) -> None:
        self._expressions = expressions
        assignments: list[nodes.Node] = [
            nodes.Assign(nodes.Name(f"value{rank}", "store"), expression.node)
            for rank, expression in enumerate(expressions.values())
        ]
        tree = nodes.Template(assignments, lineno=1)
        self._template = _ENVIRONMENT.from_string(tree.set_environment(_ENVIRONMENT))  # type: ignore[arg-type]

    def __call__(self, words: Mapping[str, Any]) -> dict[Key, Any]:
        """Evaluate them all.

        Args:
            words: what the expressions may use.

        Raises:
            ExpressionError: one uses a word that does not exist, or one that it must not reach.
        """
        try:
            context = self._template.new_context(dict(words))
            for _ in self._template.root_render_func(context):
                pass
            return {key: _defined(context.vars[f"value{rank}"]) for rank, key in enumerate(self._expressions)}
        except UndefinedError as error:
            word = re.findall(r"'([^']+)'", error.message or "")[-1:] or ["?"]
            raise ExpressionError(f"le mot « {word[0]} » n’existe pas.") from error
        except SecurityError as error:
            raise ExpressionError(f"l’expression sort de ce qui lui est permis ({error.message}).") from error
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise ExpressionError(f"l’expression ne se calcule pas ({error}).") from error

    def failing(self, words: Mapping[str, Any]) -> tuple[Key, ExpressionError] | None:
        """After a failure: the first expression that fails alone, and why."""
        for key, expression in self._expressions.items():
            try:
                expression(words)
            except ExpressionError as error:
                return key, error
        return None


def _constant(piece: nodes.Expr) -> nodes.Expr:
    """Plain text as a constant, so that it can stand beside expressions."""
    return nodes.Const(piece.data) if isinstance(piece, nodes.TemplateData) else piece


def _defined(value: Any) -> Any:
    """An assignment takes an undefined word without complaint."""
    if isinstance(value, StrictUndefined):
        str(value)  # raises, with the name of the word
    return value
