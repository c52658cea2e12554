"""``catalogue.yaml`` → a catalogue, or every fault with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from conventool.catalogue.tariff import Catalogue, FaultsError
from conventool.core.errors import TemplateError
from conventool.core.problems import Place, Problem
from conventool.sources.yaml_file import read_yaml
from conventool.text.dates import DateError
from conventool.text.numbers import NumberError
from conventool.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conventool.core.row import Path as Way
    from conventool.core.row import Row

__all__ = ["catalogue_of", "read_catalogue"]


def read_catalogue(path: Path) -> Catalogue:
    """Read a file of services and prices.

    Raises:
        UnreadableError: it is missing or is no YAML.
        TemplateError: it does not say what a catalogue must say: every problem, with line and column.
    """
    rows = list(read_yaml(path))
    if len(rows) != 1:
        message, hint = "Un catalogue n’est pas une liste.", "Commencez par « services: », puis un service par ligne."
        raise TemplateError(Problem("bad-value", message, hint, place=Place(file=str(path), line=1)))
    return catalogue_of(rows[0])


def catalogue_of(row: Row) -> Catalogue:
    """The catalogue that a mapping says.

    Raises:
        TemplateError: it does not say what a catalogue must say: every problem, with line and column.
    """
    problems = list(row.problems)
    defaults = frozenset(name for name in ("tva", "population") if row.values.get(name) is not None)
    try:
        catalogue = Catalogue.model_validate(row.values, context=defaults)
    except ValidationError as error:
        problems += [problem for detail in error.errors() for problem in _problems(row, detail)]
    else:
        if not problems:
            return catalogue
    raise TemplateError(*sorted(problems, key=lambda problem: (problem.place.line or 0, problem.place.column or 0)))


def _problems(row: Row, detail: Any) -> Iterator[Problem]:
    """Pydantic's finding, or those that a section found in its values together, each at its own line."""
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    error = detail.get("ctx", {}).get("error")
    if isinstance(error, FaultsError):
        for fault in error.found:
            yield _problem(row, (*loc, *fault.way), "bad-price", fault.message, fault.hint)
        return
    way = _written(row, loc)
    if detail["type"] == "extra_forbidden":
        names = _names_beside(loc)
        hint = did_you_mean(str(way[-1]), names) or f"Champs d’ici : {', '.join(names)}."
        if str(way[-1]).isdigit():  # {montant: 12,50}, where the comma ends the value
            hint = 'Entre accolades, un nombre à virgule se met entre guillemets : "12,50".'
        place = row.where_named(way)
        yield Problem(
            "unknown-field", f"« {_dotted(way)} » n’est pas un champ du catalogue.", hint, _dotted(way), place=place
        )
        return
    if isinstance(error, DateError | NumberError):
        yield _problem(row, loc, error.code, f": {error}", error.hint)
        return
    problem = _problem(row, loc, *_said(detail, error))
    yield problem._replace(place=row.where_named(loc[:-1])) if detail["type"] == "missing" else problem


def _problem(row: Row, loc: Way, code: str, message: str, hint: str | None) -> Problem:
    way = _written(row, loc)
    value: Any = row.values
    for step in way:
        value = _inside(value, step)
    shown = value if isinstance(value, str) else None
    return Problem(
        code, f"« {_dotted(way)} » : {message.removeprefix(': ')}", hint, _dotted(way), shown, row.where(way)
    )


def _written(row: Row, loc: Way) -> Way:
    """The way to a value as the file has it: what was read as a list of one has no rank there."""
    way: list[str | int] = []
    value: Any = row.values
    for step in loc:
        if isinstance(step, int) and not isinstance(value, list):
            continue
        way.append(step)
        value = _inside(value, step)
    return tuple(way)


def _inside(value: Any, step: str | int) -> Any:
    """What stands one step further; None where nothing does."""
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def _dotted(way: Way) -> str:
    """The way as a person reads it: ranks from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in way)


def _names_beside(loc: Way) -> list[str]:
    """The fields that may stand where an unknown one was found."""
    model: Any = Catalogue
    for step in loc[:-1]:
        field = getattr(model, "model_fields", {}).get(step)
        model = _model_in(field.annotation) if field else model
    return list(model.model_fields)


def _model_in(annotation: Any) -> Any:
    """The section that a field's type holds, inside a list, a mapping or an option."""
    if hasattr(annotation, "model_fields"):
        return annotation
    return next((found for inner in getattr(annotation, "__args__", ()) if (found := _model_in(inner))), None)


def _said(detail: Mapping[str, Any], error: object) -> tuple[str, str, str]:
    """Code, message and hint for one of Pydantic's findings about one value."""
    match detail["type"]:
        case "greater_than_equal" | "greater_than" | "less_than_equal":
            number = detail["input"]
            limits = {"ge": "au moins", "gt": "plus de", "le": "au plus"}
            bound = next(f"{limits[key]} {value}" for key, value in detail["ctx"].items())
            return "bad-price", f"{number} est hors des limites.", f"Il faut {bound}."
        case "literal_error":
            choices = detail["ctx"]["expected"].replace("' or '", "', '").strip("'").split("', '")
            nearest = did_you_mean(str(detail["input"]), choices)
            hint = nearest or f"Écrivez {' ou '.join(f'« {choice} »' for choice in choices)}."
            return "bad-choice", f"« {detail['input']} » n’a pas de sens ici.", hint
        case "value_error":
            return "bad-price", str(error), "Écrivez par exemple 1 234,56."
    return _SAID.get(detail["type"], ("bad-value", "cette valeur n’est pas du type attendu.", "Voyez docs/annexes.md."))


_EMPTY = ("missing-field", "est vide.", "Complétez cette ligne.")
_SECTION = ("bad-value", "doit contenir des lignes « nom: valeur ».", "Écrivez-les dessous, en retrait.")
_SAID = {
    "missing": ("missing-field", "manque.", "Ajoutez cette ligne."),
    **dict.fromkeys(["string_too_short", "too_short"], _EMPTY),
    **dict.fromkeys(["model_type", "dict_type", "mapping_type", "model_attributes_type"], _SECTION),
    "too_long": ("bad-price", "deux bases au plus.", "Voyez docs/annexes.md."),
    "tuple_type": ("bad-value", "doit être une liste.", "Écrivez chaque élément après un tiret."),
    "bool_parsing": ("bad-choice", "n’est ni oui ni non.", "Écrivez « oui » ou « non »."),
    "int_parsing": ("bad-value", "n’est pas une année.", "Écrivez quatre chiffres."),
    "decimal_type": ("bad-price", "n’est pas un nombre.", "Écrivez par exemple 1 234,56."),
}
