"""``schema``: the JSON Schema of a template's data, for the completion of a YAML editor."""

from __future__ import annotations

import json
from pathlib import Path

from conventool.core.report import DataReport
from conventool.files.plan import Wanted
from conventool.files.writing import write_as_planned
from conventool.template.data_schema import data_schema
from conventool.template.folder import TemplateFolder, find_template

__all__ = ["schema"]


def schema(template: str, output: Path | None, *, force: bool = False) -> DataReport:
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
    return DataReport(
        "schema", {"fields": len(told["$defs"]["Donnees"].get("properties", {}))}, raw="" if output else text,
        files={"schema": output} if output else {}, own={"schema": told},
        template=folder.named,
    )  # fmt: skip
