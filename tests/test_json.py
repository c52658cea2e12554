"""``--json`` of every command, when all goes well and when it does not, held against the schema in docs/."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import typer
from typer.testing import CliRunner

from conventool.batch.report import BatchReport
from conventool.cli.app import app, execute
from conventool.cli.execution import run
from conventool.core.errors import OutputError
from conventool.core.problems import Problem
from conventool.core.report import DocumentDone
from writing_commands import COMMANDS as WRITING
from writing_commands import make_world

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
COMMANDS: dict[str, tuple[str, str]] = {
    "fill": ("fill adherent.yaml -o lot", "fill communes.csv"),
    "batch": ("batch communes.csv -o lot", "batch absent.csv"),
    "validate": ("validate communes.csv", "validate communes.csv --sheet x"),
    "pdf": ("pdf form.docx -o papier", "pdf absent.docx"),
    "classeur": ("classeur communes.csv -o liste.xlsx", "classeur absent.csv -o autre.xlsx"),
    "participations": ("participations communes.csv -o budget", "participations absent.csv"),
    "communes": ("communes Armentières", "communes Xyzzy"),
    "inspect": ("inspect form.docx", "inspect communes.csv"),
    "adopt": ("adopt form.docx -o modele", "adopt adherent.yaml -o modele"),
    "check": ("check convention-services-numeriques --junit junit.xml", "check absent"),
    "read": ("read lot -o relu.csv", "read absent"),
    "verify": ("verify lot", "verify communes.csv"),
    "echeances": ("echeances communes.csv -o echeances", "echeances absent"),
    "suivi": ("suivi lot", "suivi absent"),
    "modele": ("modele", "modele -t absent"),
    "schema": ("schema", "schema -t absent"),
}
"""A command line that does its work, and one that cannot; others have no ``--json`` or need more than files."""
OTHERWISE = {"completion", "courriels", "page"}
"""Commands that print no object, or need more than files."""


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with data, a form and documents."""
    for name in ("adherent.yaml", "communes.csv"):
        shutil.copy(ROOT / "examples" / name, tmp_path)
    shutil.copy(ROOT / "templates" / "convention-services-numeriques" / "convention.docx", tmp_path / "form.docx")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["fill", "adherent.yaml", "-o", "lot"]).exit_code == 0
    return tmp_path


def told(line: str) -> dict[str, Any]:
    """The object that a command prints."""
    done = CliRunner().invoke(app, [*line.split(), "--json"])
    return {"exit": done.exit_code, **json.loads(done.stdout)}


def on_disk(folder: Path) -> set[str]:
    """Every file in a folder, but locks."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_each_command(command: str, work: Path) -> None:
    """The object is of the schema, its keys are the same, and it tells every file that came to be."""
    well, badly = COMMANDS[command]
    before = on_disk(work)
    good = told(well)
    new = on_disk(work) - before
    bad = told(badly)
    assert (good["exit"], good["exit_code"]) == (good["exit_code"], good["exit"])
    assert bad["exit_code"] not in {0, 70}
    if command not in OTHERWISE:
        assert set(bad) == set(good)
        assert good["exit_code"] == 0, good["problems"]
        jsonschema.validate(good, SCHEMA)
        jsonschema.validate(bad, SCHEMA)
        named = {str(Path(one["path"])) for one in good["documents"]} | {one for one in good["files"].values() if one}
        assert {name for name in new if not any(Path(name).is_relative_to(one) for one in named)} == set()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_line_that_is_not_understood(
    command: str, work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It names its command, and has the keys of its object."""
    bad = told(COMMANDS[command][1])
    monkeypatch.setattr("sys.argv", ["conventool", command, "--no-such-option", "--json"])
    code = execute()
    misused = json.loads(capsys.readouterr().out)
    jsonschema.validate(misused, SCHEMA)
    assert (code, misused["exit_code"], misused["command"]) == (2, 2, command)
    assert set(misused) | {"exit"} == set(bad)


def test_what_cannot_be_told_to_its_end_is_one_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    """A dossier that fails while it is printed."""

    def documents() -> Iterator[DocumentDone]:
        yield DocumentDone("Hem", "cdg59", Path("a.docx"), "docx", "created", "0" * 64, 1)
        raise OutputError(Problem("unwritable", "Le disque ne répond plus."))

    report = BatchReport("batch", documents=cast("Any", documents()))
    with pytest.raises(typer.Exit) as ended:
        run("batch", lambda: report, as_json=True, quiet=False)
    told = json.loads(capsys.readouterr().out)
    assert (ended.value.exit_code, told["exit_code"]) == (4, 4)
    assert (told["documents"], told["problems"][0]["code"]) == ([], "unwritable")
    jsonschema.validate(told, SCHEMA)


def test_every_command_is_here() -> None:
    """A new command joins the table."""
    shown = CliRunner().invoke(app, ["--help"]).stdout.partition("Commandes")[2]
    assert set(re.findall(r"^  (\w+)  ", shown, re.MULTILINE)) - OTHERWISE <= set(COMMANDS)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.slow
def test_each_command_that_writes_tells_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever comes to be or changes on the disk stands in the object, under every option that writes."""
    (tmp_path / "world").mkdir()
    make_world(tmp_path / "world")
    written = 0
    for number, (name, line) in enumerate(WRITING.items()):
        home = tmp_path / str(number)
        shutil.copytree(tmp_path / "world", home)
        monkeypatch.chdir(home)
        before = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file()}
        good = told(line)
        assert good["exit_code"] in {0, 1}, name
        after = (path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock")
        new = {path.relative_to(home) for path in after if before.get(path) != path.stat().st_mtime_ns}
        named = {Path(one["path"]) for one in good["documents"]} | {Path(one) for one in good["files"].values() if one}
        untold = {str(one) for one in new if not any(one.is_relative_to(path) for path in named)}
        assert not untold, (name, untold)
        written += bool(new)
    assert written >= len(WRITING) - 2  # one was done before, one lacks data
