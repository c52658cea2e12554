"""The schema of a template's data, judged by jsonschema; and what ``modele`` tells of it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from typer.testing import CliRunner

from conventool.cli.app import app
from conventool.template.data_schema import data_schema
from conventool.template.folder import TemplateFolder
from conventool.template.manifest import Manifest

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "templates" / "convention-services-numeriques"
CHAMPS = {
    "mission": {"type": "texte", "libelle": "Mission confiée"},
    "debut": {"type": "date"},
    "duree": {"type": "entier", "min": "1", "max": "48"},
    "montant": {"type": "montant", "defaut": "0"},
    "public": {"type": "choix", "choix": ["Agents", "Élus", "12"]},
    "urgent": {"type": "oui-non", "defaut": "non"},
    "lignes": {
        "type": "liste",
        "facultatif": "oui",
        "champs": {"quoi": {"type": "texte"}, "prix": {"type": "montant"}},
    },
}
SOUND = """\
mission: Audit
debut: 2026-03-12
duree: 12
public: Élus
"""


class Core(yaml.SafeLoader):
    """Scalars as YAML 1.2 and its editors read them (core schema, 10.3.2): « oui » is a text, so is a date."""


Core.yaml_implicit_resolvers = {}
for tag, pattern in (
    ("null", r"null|Null|NULL|~|"),
    ("bool", r"true|True|TRUE|false|False|FALSE"),
    ("int", r"[-+]?[0-9]+"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{pattern})$"), None)


def manifest(**more: Any) -> Manifest:
    base = {"titre": "Essai", "document": "x.docx", "fichier": "x", "exemplaires": {"original": "Original"}}
    return Manifest.model_validate({**base, **more})


def faults(of: Manifest, text: str) -> list[str]:
    """What an editor would underline."""
    schema = data_schema(of)
    Draft7Validator.check_schema(schema)
    return [error.message for error in Draft7Validator(schema).iter_errors(yaml.load(text, Core))]


def examples() -> list[Path]:
    return sorted((ROOT / "examples").rglob("*.yaml"))


@pytest.mark.parametrize(
    "path", [path for path in examples() if re.search("^forme:", path.read_text(encoding="utf-8"), re.MULTILINE)]
)
def test_the_examples_of_the_project_are_sound(path: Path) -> None:
    """One adherent or a list, codes without quotation marks, dates however they are written."""
    folder = path.parents[1] if path.parent.name == "exemples" else TEMPLATE
    assert faults(TemplateFolder.open(folder).manifest, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "more",
    ["", "montant: 1 234,56 €\n", "montant: 1234.56\nurgent: oui\n", "urgent: true\n", "montant: null\n",
     "lignes:\n  - {quoi: Étude, prix: 800}\n"],
)  # fmt: skip
def test_what_the_program_reads_is_sound(more: str) -> None:
    """Numbers as texts, yes and no in French, an optional field left out or null."""
    assert faults(manifest(adherent="non", champs=CHAMPS), SOUND + more) == []
    listed = "- " + (SOUND + more).rstrip("\n").replace("\n", "\n  ") + "\n"
    assert faults(manifest(adherent="non", champs=CHAMPS), listed) == []


@pytest.mark.parametrize(
    "text",
    [SOUND.replace("mission", "mision"), SOUND.replace("Élus", "Tous"), SOUND.replace("duree: 12\n", ""),
     SOUND.replace("duree: 12", "duree: 49"), SOUND.replace("debut: 2026-03-12", "debut: [a]"),
     SOUND + "urgent: peut-être\n", SOUND + "lignes:\n  - {quoi: Étude}\n",
     SOUND + "lignes:\n  - {quoi: a, pris: 1}\n"],
)  # fmt: skip
def test_what_the_program_refuses_is_underlined(text: str) -> None:
    """An unknown field, one that is missing, a value that is no choice or beyond the bounds."""
    assert faults(manifest(adherent="non", champs=CHAMPS), text) != []


def test_fields_stand_beside_the_adherent_s() -> None:
    """One schema for both, with the label of each field and its choices."""
    schema = data_schema(manifest(champs=CHAMPS))
    fields = schema["$defs"]["Donnees"]["properties"]
    assert fields["mission"]["title"] == "Mission confiée"
    assert fields["public"]["enum"] == ["Agents", "Élus", "12", 12]
    assert {"forme", "representant", "mission"} <= fields.keys()
    assert {"forme", "adresse", "mission", "duree"} <= set(schema["$defs"]["Donnees"]["required"])
    assert "urgent" not in schema["$defs"]["Donnees"]["required"]


def test_the_commands(tmp_path: Path) -> None:
    """``schema`` prints JSON alone, or writes it; ``modele`` tells each field, if it is required, an example."""
    runner = CliRunner()
    printed = runner.invoke(app, ["schema"])
    runner.invoke(app, ["schema", "-o", str(tmp_path / "s.json")])
    assert json.loads(printed.stdout) == json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    told = json.loads(runner.invoke(app, ["modele", "--json"]).stdout)
    fields = {field["path"]: (field["required"], field["example"]) for field in told["fields"]}
    assert fields["forme"] == (True, "commune")
    assert fields["representant.nom"] == (True, "MARTIN")
    assert fields["reconduction"] == (False, "tacite")
