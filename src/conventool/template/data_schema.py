"""The data that a template asks for, as JSON Schema: what a YAML editor completes and checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, create_model
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from conventool.adherent.fields import CHOICES, REQUIRED, Given
from conventool.adherent.kinds import KINDS
from conventool.template.field_values import field_definitions
from conventool.template.manifest import Manifest

__all__ = ["data_schema"]

_DIALECT = "http://json-schema.org/draft-07/schema#"
"""The one that every YAML editor knows."""

_CHOICES = {"forme": [*KINDS], **{path.rpartition(".")[2]: [*values] for path, values in CHOICES.items()}}
"""Of an adherent's fields, the usual values: proposed; others are for the program to judge."""


class _Written(GenerateJsonSchema):
    """Texts as data files write them: a postal code without quotation marks is a number to a YAML editor."""

    def str_schema(self, schema: core_schema.StringSchema) -> dict[str, Any]:
        return {**super().str_schema(schema), "type": ["string", "number"]}

    def date_schema(self, schema: core_schema.DateSchema) -> dict[str, Any]:  # noqa: ARG002 (as Pydantic calls it)
        return {"type": "string"}


def data_schema(manifest: Manifest) -> dict[str, Any]:
    """The JSON Schema of a data file: one adherent, or a list of them."""
    config = None if manifest.adherent else ConfigDict(extra="forbid")
    base: Any = Given if manifest.adherent else None
    definitions: Mapping[str, Any] = field_definitions(manifest.champs)
    model: type[BaseModel] = create_model("Donnees", __base__=base, __config__=config, **definitions)
    schema = model.model_json_schema(by_alias=True, schema_generator=_Written)
    shared = schema.pop("$defs", {})
    if manifest.adherent:
        for section in (schema, *shared.values()):
            _propose(section)
        schema["required"] = sorted({*schema.get("required", ()), *(path for path in REQUIRED if "." not in path)})
    for section in (schema, *shared.values()):
        section.pop("description", None)  # of our code, for programmers
        for field in section.get("properties", {}).values():
            if not isinstance(field.get("default"), str):
                field.pop("default", None)
    schema["title"] = manifest.titre
    whole = {"$ref": "#/$defs/Donnees"}
    return {
        "$schema": _DIALECT,
        "title": manifest.titre,
        "anyOf": [whole, {"type": "array", "items": whole}],
        "$defs": {**shared, "Donnees": schema},
    }


def _propose(schema: dict[str, Any]) -> None:
    """Add the usual values of the fields that have some."""
    for name, values in _CHOICES.items():
        if name in schema.get("properties", {}):
            schema["properties"][name]["anyOf"] = [{"enum": values}, {"type": ["string", "null"]}]
