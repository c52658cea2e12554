"""The expressions of a manifest: Jinja, kept from everything but the words it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

__all__ = ["Expression", "ExpressionError"]


class ExpressionError(ValueError):
    """An expression cannot be understood, or reaches for what it is not given; the text says why, in French."""


class _Environment(ImmutableSandboxedEnvironment):
    """No attribute of Python's own, and no operator that makes much out of little."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002 (Jinja's signature)
        """Refuse the operators that could fill the memory."""
        raise SecurityError(f"l’opérateur « {operator} » n’est pas permis")


_ENVIRONMENT = _Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)


class Expression:
    """A text of the manifest with expressions between double braces.

    A text that is one expression and nothing else gives its value as it is: a date stays a date.

    Args:
        source: the text.

    Raises:
        ExpressionError: it is not well written, or holds a statement (``{% %}``).

    Attributes:
        names: the words it uses.
    """

    def __init__(self, source: str) -> None:
        if "{%" in source or "{#" in source:
            raise ExpressionError("une instruction « {% » n’est pas permise ici, seulement « {{ … }} ».")
        try:
            self.names = frozenset(find_undeclared_variables(_ENVIRONMENT.parse(source)))
            self._evaluate = self._compile(source)
        except TemplateSyntaxError as error:
            raise ExpressionError(f"l’expression est mal écrite ({error.message}).") from error

    def __call__(self, words: Mapping[str, Any]) -> Any:
        """Evaluate.

        Args:
            words: what the expression may use.

        Raises:
            ExpressionError: it uses a word that does not exist, or one that it must not reach.
        """
        try:
            return self._evaluate(words)
        except UndefinedError as error:
            word = re.findall(r"'([^']+)'", error.message or "")[-1:] or ["?"]
            raise ExpressionError(f"le mot « {word[0]} » n’existe pas.") from error
        except SecurityError as error:
            raise ExpressionError(f"l’expression sort de ce qui lui est permis ({error.message}).") from error
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise ExpressionError(f"l’expression ne se calcule pas ({error}).") from error

    @staticmethod
    def _compile(source: str) -> Callable[[Mapping[str, Any]], Any]:
        inner = source.strip()
        if inner.startswith("{{") and inner.endswith("}}") and "{{" not in inner[2:]:
            alone = _ENVIRONMENT.compile_expression(inner[2:-2], undefined_to_none=False)
            return lambda words: _defined(alone(words))
        return _ENVIRONMENT.from_string(source).render


def _defined(value: Any) -> Any:
    """A lone expression gives an undefined word back instead of refusing it."""
    if isinstance(value, StrictUndefined):
        str(value)  # raises, with the name of the word
    return value
