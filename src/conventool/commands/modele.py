"""``modele``: what a template asks for, field by field, with whether it is required and an example."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from conventool.adherent.fields import ABOUT, CHOICES, FIELDS, REQUIRED
from conventool.adherent.kinds import KINDS
from conventool.authoring.samples import example_data
from conventool.core.report import Report, Table
from conventool.files.plan import Wanted
from conventool.files.writing import write_as_planned
from conventool.template import DEFAULT
from conventool.template.field_values import label, shown
from conventool.template.fields import Champ
from conventool.template.folder import TemplateFolder, find_template, known_templates, local_templates

__all__ = ["kinds", "modele", "templates"]


def modele(template: str, output: Path | None = None, *, force: bool = False) -> Report:
    """Tell each field of a template's data.

    Args:
        template: its name or folder.
        output: a file to write the example to, as data to correct; None for none.
        force: may a file that differs be replaced?

    Raises:
        TemplateError: the template is missing, or is not sound.
        OutputError: another file is in the way, or the folder refuses.
    """
    folder = TemplateFolder.open(find_template(template))
    manifest = folder.manifest
    own = tuple(_own(manifest.champs))
    adherents = tuple(_adherents(manifest.champs)) if manifest.adherent else ()
    example = example_data(manifest.champs, adherent=manifest.adherent)
    if output:
        write_as_planned([Wanted(output, example.encode("utf-8"))], force=force)
    tables = [_table("Champs du modèle", own)] if own else []
    tables += [_table("Champs de l’adhérent", adherents)] if adherents else []
    copies = ", ".join(manifest.exemplaires.values())
    return Report(
        "modele", {"fields": len(own) + len(adherents), "copies": len(manifest.exemplaires)},
        texts=[
            f"{manifest.titre}\nDocument : {manifest.document} ; exemplaires : {copies}.",
            _written(output, template) if output else example.rstrip(),
        ],
        tables=[] if output else tables, files={"example": output} if output else {},
        own={"fields": [*own, *adherents]}, template=folder.named,
    )  # fmt: skip


def _written(output: Path, template: str) -> str:
    """What to do with the example."""
    asked = "" if template == DEFAULT else f" -t {template}"
    return f"Un exemple inventé est écrit dans {output} : corrigez-le, puis « conventool fill{asked} {output} »."


def _own(champs: Mapping[str, Champ], above: str = "") -> Iterator[Mapping[str, Any]]:
    for name, champ in champs.items():
        told = {
            "path": f"{above}{name}", "label": label(name, champ), "type": champ.type, "required": champ.required,
            "example": None if champ.type == "liste" else champ.example,
        }  # fmt: skip
        bounds = {"min": champ.min, "max": champ.max, "default": champ.defaut}
        told |= {key: shown(value) for key, value in bounds.items() if value is not None}
        yield told | ({"choices": list(champ.choix)} if champ.choix else {})
        yield from _own(champ.champs, f"{above}{name}[].")


def _adherents(own: Collection[str]) -> Iterator[Mapping[str, Any]]:
    choices: Mapping[str, Iterable[str]] = {"forme": kinds(), **CHOICES}
    for path in (path for path in FIELDS if path not in own):
        about, example = ABOUT[path]
        told = {"path": path, "label": about, "type": "texte", "required": path in REQUIRED, "example": example}
        yield told | ({"choices": list(choices[path])} if path in choices else {})


def kinds() -> tuple[str, ...]:
    """What an adherent may be, as data say it."""
    return tuple(KINDS)


def templates() -> list[str]:
    """The names of the templates: those beside the work, and those of the program."""
    return sorted({*(folder.name for folder in local_templates()), *known_templates()})


def _table(title: str, fields: tuple[Mapping[str, Any], ...]) -> Table:
    rows = [(one["path"], one["label"], _asked(one), one["example"] or "") for one in fields]
    return Table(title, ("Champ", "Ce que c’est", "Requis", "Exemple"), rows)


def _asked(one: Mapping[str, Any]) -> str:
    """Whether a field is required, and what may stand in it."""
    default = f" : « {one['default']} » à défaut" if "default" in one else ""
    asked = "oui" if one["required"] else f"non{default}"
    kind = "" if one["type"] == "texte" else f"\n{one['type']}"
    bounds = [f"{word} {one[key]}" for key, word in (("min", "au moins"), ("max", "au plus")) if key in one]
    choices = f" : {', '.join(one['choices'])}" if "choices" in one else ""
    return f"{asked}{kind}{choices}{', '.join(['', *bounds])}"
