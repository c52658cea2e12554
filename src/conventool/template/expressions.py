"""The expressions of a manifest: Jinja, kept from everything but the words it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from copy import copy, deepcopy
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import do_default
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from conventool.text.dates import long_date
from conventool.text.french import amount
from conventool.text.number_pictures import PictureError, number_like_picture
from conventool.text.numbers import number_text, plural, words
from conventool.word.values import Blank, date_text

__all__ = ["Expression", "ExpressionError", "Together"]

Key = TypeVar("Key", bound=Hashable)


class ExpressionError(ValueError):
    """An expression cannot be understood, or reaches for what it is not given; the text says why, in French."""


_PERMITTED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Concat),
    *(nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.Tuple),
    *(nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.CondExpr, nodes.Filter),
)
"""What an expression is made of. Nothing here makes much out of little, so that none can fill the memory."""


def _of_given(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter for what may be left empty: of nothing it makes nothing."""

    def filtered(value: Any, *arguments: Any) -> Any:
        return "" if isinstance(value, Blank) and not value else function(value, *arguments)

    return filtered


def _date(value: date | str, picture: str) -> str:
    """A day as Word's picture of dates writes it (ISO/IEC 29500-1, 17.16.4.1); what is no date as it is."""
    return "".join(date_text(value, picture, None)) if isinstance(value, date) else value


def _upper(found: re.Match[str]) -> str:
    return found[0].upper()


def _before(value: Any, text: str) -> str:
    return f"{text}{_as_text(value)}" if value is not None and _as_text(value) else ""


def _after(value: Any, text: str) -> str:
    return f"{_as_text(value)}{text}" if value is not None and _as_text(value) else ""


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "apres": _of_given(_after),
    "avant": _of_given(_before),
    "capitalize": _of_given(str.capitalize),
    "date": _of_given(_date),
    "date_longue": _of_given(long_date),
    "default": do_default,
    "en_lettres": _of_given(words),
    "euros": _of_given(amount),
    "initiale": _of_given(lambda text: re.sub(r"\w", _upper, text, count=1)),
    "initiales": _of_given(lambda text: re.sub(r"(?<![\w’'])\w", _upper, text)),
    "lower": _of_given(str.lower),
    "majuscule": _of_given(str.upper),
    "nombre": _of_given(number_like_picture),
    "pluriel": _of_given(plural),
    "trim": _of_given(str.strip),
    "upper": _of_given(str.upper),
}
_LONGEST = 1_000
_MOST_NODES = 60
_COMPLICATED = "l’expression est trop compliquée."
_AS_TEXT = " texte"
"""The filter that every piece among others passes through; no expression can name it."""
_VALUES = "_values"
"""What the compiled function calls its result."""


def _as_text(value: Any) -> str:
    """What a value reads as among words: never "None", a date in French."""
    if type(value) is str:  # as nearly all are
        return value
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, Blank) and not value:
        return ""
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, bool) or not isinstance(value, str | int | Undefined):
        raise TypeError(type(value))
    return str(value)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's own, which need not ask whether a word of ours may be had."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What ``obj.attribute`` means: a word in a plain dictionary, else what the sandbox lets through."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def _environment() -> ImmutableSandboxedEnvironment:
    """Jinja without its functions: an expression chooses among words and joins them, it computes nothing."""
    environment = _Sandbox(undefined=StrictUndefined, autoescape=False, optimized=False, keep_trailing_newline=True)
    environment.globals.clear()
    environment.filters = {**_FILTERS, _AS_TEXT: _as_text}
    return environment


_ENVIRONMENT = _environment()


class Expression:
    """A text of the manifest with expressions between double braces.

    A text that is one expression and nothing else gives its value as it is: a date stays a date.

    Args:
        source: the text.

    Raises:
        ExpressionError: it is not well written, or does more than choose and join words.

    Attributes:
        names: the words it uses.
        node: what Jinja read.
    """

    def __init__(self, source: str) -> None:
        if len(source) > _LONGEST:
            raise ExpressionError(f"le texte dépasse {_LONGEST} caractères.")
        try:
            parsed = _ENVIRONMENT.parse(source.removesuffix("\n"))
            found = list(parsed.find_all(nodes.Node))
            _check(found)
            for joined in found:
                if isinstance(joined, nodes.Concat):
                    joined.nodes = [_piece(piece) for piece in joined.nodes]
            pieces = [piece for output in found if isinstance(output, nodes.Output) for piece in output.nodes]
            alone = len(pieces) == 1 and not isinstance(pieces[0], nodes.TemplateData)
            self.node: nodes.Expr = pieces[0] if alone else nodes.Concat([_piece(piece) for piece in pieces])
            self.names = frozenset(name.name for name in found if isinstance(name, nodes.Name))
        except TemplateSyntaxError as error:
            raise ExpressionError("l’expression est mal écrite : voyez ses accolades et ses guillemets.") from error
        except RecursionError as error:
            raise ExpressionError(_COMPLICATED) from error

    def members(self, word: str) -> frozenset[str]:
        """What the expression takes of a word: ``mission`` of ``champs`` in ``{{ champs.mission }}``.

        Args:
            word: ``champs``, or a word of a word: ``adherent.protection``.
        """
        whole = nodes.Tuple([self.node], "load")
        return frozenset(get.attr for get in whole.find_all(nodes.Getattr) if _dotted(get.node) == word)

    @property
    def texts(self) -> frozenset[str] | None:
        """The texts among which it chooses, as ``'trois mois' if … else 'six mois'`` does; None where it says more."""
        return _texts(self.node)

    def renaming(self, word: str, other: str) -> Expression:
        """The same expression, where a word is called otherwise."""
        same = copy(self)
        same.node = deepcopy(self.node, {id(_ENVIRONMENT): _ENVIRONMENT})
        for name in nodes.Tuple([same.node], "load").find_all(nodes.Name):
            if name.name == word:
                name.name = other
        same.names = frozenset(other if name == word else name for name in self.names)
        return same

    def __call__(self, words: Mapping[str, Any]) -> Any:
        """Evaluate; see [Together][conventool.template.expressions.Together]."""
        return Together({"": self})(words)[""]


def _texts(node: nodes.Expr | None) -> frozenset[str] | None:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        return frozenset([node.value])
    if not isinstance(node, nodes.CondExpr):
        return None
    one, other = _texts(node.expr1), _texts(node.expr2)
    return None if one is None or other is None else one | other


class Together(Generic[Key]):
    """Many expressions compiled into one function: that is what makes start-up and long lists quick.

    Args:
        expressions: by whatever the caller calls them.

    Attributes:
        keys: what the caller calls them.
    """

    def __init__(self, expressions: Mapping[Key, Expression]) -> None:
        self.keys = tuple(expressions)
        self._expressions = expressions
        together = nodes.Tuple([expression.node for expression in expressions.values()], "load")
        tree = nodes.Template([nodes.Assign(nodes.Name(_VALUES, "store"), together)], lineno=1)
        self._template = _ENVIRONMENT.from_string(tree.set_environment(_ENVIRONMENT))  # type: ignore[arg-type]

    def __call__(self, words: Mapping[str, Any]) -> dict[Key, Any]:
        """Evaluate them all; see [values][conventool.template.expressions.Together.values]."""
        return dict(zip(self.keys, self.values(words), strict=True))

    def values(self, words: Mapping[str, Any]) -> tuple[Any, ...]:
        """Evaluate them all, in their order.

        Args:
            words: what the expressions may use.

        Raises:
            ExpressionError: one uses a word that does not exist, or one that it must not reach.
        """
        try:
            context = Context(_ENVIRONMENT, dict(words), None, {})  # the template's own would look for globals first
            for _ in self._template.root_render_func(context):
                pass
            values: tuple[Any, ...] = context.vars[_VALUES]
            if StrictUndefined in map(type, values):  # a tuple takes an undefined word without complaint
                list(map(str, values))  # raises, with the name of the word
            return values
        except UndefinedError as error:
            word = re.findall(r"'([^']+)'", error.message or "")[-1:] or ["?"]
            raise ExpressionError(f"le mot « {word[0]} » n’existe pas.") from error
        except PictureError as error:
            raise ExpressionError(str(error)) from error
        except SecurityError as error:
            raise ExpressionError("l’expression sort de ce qui lui est permis.") from error
        except (
            ArithmeticError,
            AttributeError,
            TemplateError,
            LookupError,
            RecursionError,
            TypeError,
            ValueError,
        ) as error:
            raise ExpressionError("l’expression ne donne ni texte, ni nombre, ni date.") from error

    def failing(self, words: Mapping[str, Any]) -> tuple[Key, ExpressionError] | None:
        """After a failure: the first expression that fails alone, and why."""
        for key, expression in self._expressions.items():
            try:
                expression(words)
            except ExpressionError as error:
                return key, error
        return None


def _dotted(node: nodes.Node) -> str:
    """The word that a node is, as it is written; of anything else nothing that could be one."""
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else ""


def _check(found: Sequence[nodes.Node]) -> None:
    """Refuse whatever does more than choose and join words, or is nested deeper than Python could compile."""
    if len(found) > _MOST_NODES:
        raise ExpressionError(_COMPLICATED)
    for node in found:
        if isinstance(node, nodes.Stmt) and not isinstance(node, nodes.Output):
            raise ExpressionError("une instruction « {% » n’est pas permise ici, seulement « {{ … }} ».")
        if not isinstance(node, _PERMITTED) or (isinstance(node, nodes.Const) and isinstance(node.value, float)):
            raise ExpressionError("l’expression sort de ce qui lui est permis : ni calcul, ni appel, ni liste.")
        if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            raise ExpressionError(f"le filtre « {node.name} » n’existe pas ici ; il y a {', '.join(_FILTERS)}.")
        if isinstance(node, nodes.CondExpr) and node.expr2 is None:
            raise ExpressionError("un « if » a besoin de son « else ».")


def _piece(piece: nodes.Expr) -> nodes.Expr:
    """One piece of a text: its words as a constant, the value of an expression as words."""
    if isinstance(piece, nodes.TemplateData):
        return nodes.Const(piece.data)
    return nodes.Filter(piece, _AS_TEXT, [], [], None, None)
