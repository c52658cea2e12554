"""``schema``: the JSON Schema of a template's data, for the completion of a YAML editor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conventool.core.report import DataReport
from conventool.files.plan import Wanted
from conventool.files.writing import write_as_planned
from conventool.template.data_schema import data_schema
from conventool.template.folder import TemplateFolder, find_template

__all__ = ["SchemaReport", "schema"]


@dataclass(eq=False, repr=False)
class SchemaReport(DataReport):
    """What the data of a template look like.

    Attributes:
        schema: the JSON Schema.
    """

    schema: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The one object that ``--json`` prints."""
        return DataReport.as_json(self) | {"schema": dict(self.schema)}


def schema(template: str, output: Path | None, *, force: bool = False) -> SchemaReport:
    """Tell the JSON Schema of a template's data.

    Args:
        template: its name or folder.
        output: the file to write; None for the standard output.
        force: may a file that differs be replaced?

    Raises:
        TemplateError: the template is missing, or is not sound.
        OutputError: another file is in the way, or the folder refuses.
    """
    folder = TemplateFolder.open(find_template(template))
    told = data_schema(folder.manifest)
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    if output:
        write_as_planned([Wanted(output, text.encode("utf-8"))], force=force)
    return SchemaReport(
        "schema", {"fields": len(told["$defs"]["Donnees"].get("properties", {}))}, raw="" if output else text,
        files={"schema": output} if output else {}, schema=told,
        template={"name": folder.folder.name, "folder": str(folder.folder)},
    )  # fmt: skip
