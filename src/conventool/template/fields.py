"""The fields that a template declares of its own, under ``champs``: what each takes, and what it looks like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from conventool.adherent.plausibility import is_placeholder
from conventool.core.errors import MisreadError
from conventool.text.dates import long_date, parse_date
from conventool.text.french import NBSP, fold
from conventool.text.numbers import NumberError, number_text, parse_number, yes_or_no
from conventool.text.suggestions import did_you_mean, listed

__all__ = ["Champ", "FieldError", "FieldType", "FieldValue", "Name", "YesNo"]

FieldType: TypeAlias = Literal["texte", "entier", "date", "montant", "choix", "oui-non", "liste"]

FieldValue: TypeAlias = "str | int | date | Decimal | bool | Sequence[Mapping[str, FieldValue]]"
"""What a field holds: an amount is a ``Decimal``, always; a ``liste`` holds mappings of its own fields."""

_LONGEST_TEXT = 20_000
_LARGEST = Decimal(10) ** 15
_FEW_CHOICES = 10
_CENT = Decimal("0.01")
_USUAL: Mapping[str, Any] = {"entier": 12, "montant": Decimal("1234.56"), "date": date(2026, 3, 12)}
"""What examples say."""


class FieldError(MisreadError):
    """A value that a field cannot take."""


def _yes_no(value: Any) -> Any:
    read = yes_or_no(value) if isinstance(value, str) else value
    if not isinstance(read, bool):
        raise FieldError("bad-choice", "ni oui, ni non.", "Écrivez « oui » ou « non ».")
    return read


YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Name = Annotated[str, Field(pattern=r"^[^\W\d_]\w*$")]


class Champ(BaseModel):
    """One field, as the manifest declares it.

    Attributes:
        type: what it holds.
        libelle: how people call it; also the header of its column in lists.
        exemple: a value, as one would write it.
        choix: the values of a ``choix``.
        champs: what each element of a ``liste`` holds.
        min: the least number, amount, date, length of a text, number of elements.
        max: the greatest.
        defaut: what is taken where the data say nothing.
        facultatif: may it be left empty?
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_min_length=1)

    type: FieldType
    libelle: str | None = None
    exemple: str | None = None
    choix: tuple[str, ...] = ()
    champs: Mapping[str, Champ] = Field(default_factory=dict)
    min: Any = None
    max: Any = None
    defaut: Any = None
    facultatif: YesNo = False

    @field_validator("choix", "champs", mode="after")
    @classmethod
    def _belongs(cls, value: Any, info: ValidationInfo) -> Any:
        kind = {"choix": "choix", "champs": "liste"}[info.field_name or ""]
        if info.data.get("type") != kind and value:
            message = f"n’a de sens que pour le type « {kind} »."
            raise FieldError("bad-value", message, f"Écrivez « type: {kind} », ou ôtez cette ligne.")
        if any(champ.type == "liste" for champ in value.values()) if isinstance(value, Mapping) else False:
            raise FieldError("bad-value", "une liste n’en contient pas une autre.", "Faites-en deux listes.")
        return value

    @field_validator("min", "max", mode="after")
    @classmethod
    def _bound(cls, value: Any, info: ValidationInfo) -> Any:
        kind = info.data.get("type")
        if kind not in _BOUNDED:
            raise FieldError("bad-value", f"n’a pas de sens pour le type « {kind} ».", "Ôtez cette ligne.")
        read = _READERS[_BOUNDED[kind]](value)
        least = info.data.get("min")
        if info.field_name == "max" and least is not None and read < least:
            raise FieldError("bad-value", "est plus petit que « min ».", "Corrigez l’un des deux.")
        return read

    @field_validator("defaut", mode="after")
    @classmethod
    def _default(cls, value: Any, info: ValidationInfo) -> Any:
        data = info.data
        if "type" not in data or data["type"] == "liste":
            message = "une liste n’a pas de valeur par défaut."
            raise FieldError("bad-value", message, "Écrivez « facultatif: oui » si elle peut être vide.")
        if not {"choix", "min", "max"} <= data.keys() or (data["type"] == "choix" and not data["choix"]):
            return value  # what is wrong there is told there
        return cls.model_construct(**data).read(value)

    @model_validator(mode="after")
    def _whole(self) -> Champ:
        wanted = {"choix": "choix", "liste": "champs"}.get(self.type)
        if wanted and not getattr(self, wanted):
            raise FieldError("missing-field", f"il manque « {wanted} ».", f"Ajoutez une ligne « {wanted}: … ».")
        if any("." in name or not name.strip() for name in self.champs):
            raise FieldError("bad-value", "le nom d’un champ ne contient pas de point.", "Renommez-le.")
        if self.exemple is not None and self.type != "liste":
            self.read(self.exemple)
        return self

    @property
    def required(self) -> bool:
        """Must the data give it?"""
        return not self.facultatif and self.defaut is None and not (self.type == "liste" and self.min == 0)

    def read(self, raw: Any) -> Any:
        """The value that a field of data gives, a ``liste`` excepted.

        Args:
            raw: a text as it is written, or what a workbook's cell holds: a date, a truth value.

        Raises:
            FieldError: this field cannot hold it.
            DateError: it is no date.
            NumberError: it is no number.
        """
        if isinstance(raw, Mapping) or (isinstance(raw, Sequence) and not isinstance(raw, str)):
            raise FieldError("bad-value", "une simple valeur est attendue.", f"Écrivez par exemple {self.example}.")
        if self.type == "choix":
            return self._chosen(raw)
        value = _READERS[self.type](raw)
        self._check_bounds(value)
        return value

    def _chosen(self, raw: Any) -> str:
        text = str(raw)
        exact = [choice for choice in self.choix if choice == text]
        found = exact or [choice for choice in self.choix if fold(choice) == fold(text)]
        if not found:
            few = len(self.choix) <= _FEW_CHOICES
            hint = (None if few else did_you_mean(text, self.choix)) or f"Écrivez {listed(self.choix)}."
            raise FieldError("bad-choice", f"« {text} » n’est pas un des choix.", hint)
        return found[0]

    def _check_bounds(self, value: Any) -> None:
        measured = len(value) if isinstance(value, str) else value
        if self.min is not None and measured < self.min:
            raise FieldError("out-of-bounds", self._beyond(measured, self.min, "moins"), self._between())
        if self.max is not None and measured > self.max:
            raise FieldError("out-of-bounds", self._beyond(measured, self.max, "plus"), self._between())

    def _beyond(self, measured: Any, bound: Any, way: str) -> str:
        if self.type == "texte":
            return f"{measured} caractères, pour {bound} au {way}."
        if self.type == "date":
            return f"le {long_date(measured)} est {'avant' if way == 'moins' else 'après'} le {long_date(bound)}."
        return f"{number_text(measured)}, pour {number_text(bound)} au {way}."

    def _between(self) -> str:
        shown = [
            f"{word} {long_date(bound) if isinstance(bound, date) else number_text(bound)}"
            for word, bound in (("au moins", self.min), ("au plus", self.max))
            if bound is not None
        ]
        return f"Il faut {' et '.join(shown)}{' caractères' if self.type == 'texte' else ''}."

    @property
    def example(self) -> str:
        """A value as one would write it in data."""
        if self.exemple:
            return self.exemple
        if self.type in _USUAL:
            return str(_within(_USUAL[self.type], self.min, self.max)).replace(".", ",")
        if self.type in {"choix", "oui-non"}:
            return next(iter(self.choix), "oui")
        text = f"Exemple ({self.libelle})" if self.libelle else "Exemple de texte"
        text = "Exemple de texte" if is_placeholder(text, "") else text
        return text.ljust(self.min or 0, "x")[: self.max]

    @property
    def json_type(self) -> dict[str, Any]:
        """What a YAML editor may be told of its value, as JSON Schema; a ``liste`` excepted."""
        match self.type:
            case "choix":
                return _optional({"enum": [*self.choix, *(int(one) for one in self.choix if _is_number(one))]}, self)
            case "oui-non":
                return _optional({"enum": ["oui", "non", True, False]}, self)
            case "entier" | "montant":
                number = "integer" if self.type == "entier" else "number"
                bounds = {"minimum": self.min, "maximum": self.max}
                told = {name: float(bound) for name, bound in bounds.items() if bound is not None}
                return _optional({"type": [number, "string"], **told}, self)
            case "date":
                return _optional({"type": ["string"]}, self)
        return _optional({"type": ["string", "number"]}, self)


def _within(value: Any, least: Any, most: Any) -> Any:
    """The value, or the nearest that the bounds allow."""
    if least is not None and value < least:
        return least
    return most if most is not None and value > most else value


def _optional(schema: dict[str, Any], champ: Champ) -> dict[str, Any]:
    """The schema, of a field that may be empty with null besides."""
    if champ.required:
        return schema
    nothing = {"type": "null", "enum": None}
    return {name: [*value, nothing[name]] if name in nothing else value for name, value in schema.items()}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0"))


# --- What each type reads ----------------------------------------------------------------------------------


def _text(raw: Any) -> str:
    text = str(raw).strip()
    if len(text) > _LONGEST_TEXT:
        raise FieldError("too-long", f"{len(text)} caractères, pour {_LONGEST_TEXT} au plus.", "Abrégez.")
    return text


def _number(raw: Any) -> Decimal:
    if isinstance(raw, date):
        message = "la cellule contient une date, sans doute devinée par le tableur."
        raise FieldError("bad-value", message, "Mettez la cellule au format Nombre et retapez-la.")
    if isinstance(raw, bool):
        raise NumberError("bad-value", "vrai ou faux n’est pas un nombre.", "Écrivez un nombre.")
    value = parse_number(str(raw))
    if abs(value) >= _LARGEST:
        raise FieldError("out-of-bounds", "ce nombre est trop grand.", "Vérifiez ses chiffres.")
    return value


def _whole(raw: Any) -> int:
    value = _number(raw)
    if value % 1:
        message = f"«{NBSP}{raw}{NBSP}» n’est pas un nombre entier."
        raise FieldError("bad-value", message, "Écrivez un nombre sans décimales.")
    return int(value)


def _amount(raw: Any) -> Decimal:
    value = _number(raw)
    if value != value.quantize(_CENT):
        message = f"«{NBSP}{raw}{NBSP}» a plus de deux décimales."
        raise FieldError("bad-value", message, "Écrivez le montant en euros et centimes.")
    return value.quantize(_CENT)


def _day(raw: Any) -> date:
    return raw if isinstance(raw, date) else parse_date(str(raw))


_READERS: Mapping[str, Any] = {
    "texte": _text, "entier": _whole, "montant": _amount, "date": _day, "oui-non": _yes_no,
}  # fmt: skip
_BOUNDED = {"texte": "entier", "entier": "entier", "montant": "montant", "date": "date", "liste": "entier"}
"""By type, that of its bounds."""
