"""conventool as a library: values of every type, what is refused, and the pages that show it."""

from __future__ import annotations

import doctest
import io
import os
import re
import shutil
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import conventool
from conventool import fill, read, verify
from conventool.commands import library
from conventool.template import DEFAULT

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "library.md"
FORM = ROOT / "templates" / "convention-services-numeriques" / "convention.docx"
ADHERENT: dict[str, Any] = {
    "forme": "commune",
    "nom": "Armentières",
    "adresse": "4 place du Général-de-Gaulle",
    "code_postal": "59280",
    "representant": {"civilite": "Madame", "prenom": "Jeanne", "nom": "MARTIN"},
    "decision": {"date": "2026-03-12", "numero": "12"},
}
DAY = date(2026, 4, 1)
ANY: Any = conventool
"""For what no checker of types would let through."""
RECURSIVE: dict[str, Any] = {}
RECURSIVE["representant"] = RECURSIVE


class NotANumber(float):
    """As numpy's: a subclass of float."""


@pytest.mark.parametrize(
    "changes",
    [
        {"code_postal": 59280},
        {"code_postal": Decimal(59280)},
        {"decision": {"date": date(2026, 3, 12), "numero": 12}},
        {"decision": {"date": datetime(2026, 3, 12, 18, 30), "numero": Decimal(12)}},  # noqa: DTZ001 (as pandas has it)
        {"siret": None},
        {"siret": float("nan")},
        {"siret": NotANumber("nan")},
        {"annexes": ()},
    ],
)
def test_the_same_documents(changes: dict[str, Any]) -> None:
    """Whatever the type of a value, the text is what a person would have written."""
    assert fill(ADHERENT | changes, day=DAY).documents == fill(ADHERENT, day=DAY).documents


def test_dotted_paths() -> None:
    """As a flat row has them."""
    flat = {f"representant.{name}": text for name, text in ADHERENT["representant"].items()}
    flat |= {name: value for name, value in ADHERENT.items() if name != "representant"}
    assert fill(flat, day=DAY).documents == fill(ADHERENT, day=DAY).documents


def test_what_is_given_stays_as_it_was() -> None:
    """A dotted path beside its section changes nothing in the caller's mapping."""
    section = {"civilite": "Madame", "prenom": "Jeanne"}
    given = ADHERENT | {"representant": section, "representant.nom": "MARTIN"}
    assert fill(given, day=DAY).documents == fill(ADHERENT, day=DAY).documents
    assert section == {"civilite": "Madame", "prenom": "Jeanne"}


@pytest.mark.parametrize("value", [59280.0, b"59280", object(), {1, 2}, 1 + 2j])
def test_a_wrong_type(value: object) -> None:
    """It is refused with the path of its field, in words, and all such values at once."""
    filled = fill(ADHERENT | {"code_postal": value, "representant": {"nom": value}}, day=DAY)
    assert filled.documents == ()
    assert [problem.field for problem in filled.errors] == ["code_postal", "representant.nom"]
    assert all("ne peut pas être écrite" in problem.message for problem in filled.errors)


def test_the_command_writes_the_same(tmp_path: Path) -> None:
    """Written, they are found identical by the command."""
    from conventool.batch.options import RunOptions
    from conventool.commands.fill import fill as command

    source = ROOT / "examples" / "adherent.yaml"
    told = command(source, RunOptions(DEFAULT, tmp_path / "a"))
    written = {document.path.name: document.path.read_bytes() for document in told.documents}
    filled = fill(read(next(iter(written.values()))).data or {})
    assert {document.name: document.content for document in filled.documents} == written
    assert sorted(path.name for path in filled.write(tmp_path / "b")) == sorted(written)
    assert filled.write(tmp_path / "a", force=False)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file that differs stays, and none is written."""
    filled = fill(ADHERENT, day=DAY)
    (tmp_path / filled.documents[1].name).write_bytes(b"another")
    with pytest.raises(conventool.ConventoolError):
        filled.write(tmp_path)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"another"]
    assert len(filled.write(tmp_path, force=True)) == 3


def test_a_template_edited_meanwhile(tmp_path: Path) -> None:
    """It is opened again: a server must not go on with yesterday's text."""
    folder = tmp_path / "modele"
    shutil.copytree(FORM.parent, folder)
    before = fill(ADHERENT, folder, day=DAY)
    manifest = folder / "template.yaml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("convention_", "acte_"), encoding="utf-8")
    os.utime(manifest, ns=(1, 1))
    after = fill(ADHERENT, folder, day=DAY)
    assert before.documents[0].name.startswith("convention_")
    assert after.documents[0].name.startswith("acte_")


def test_altered_bytes() -> None:
    """Verify sees through bytes as through files."""
    filled = fill(ADHERENT, day=DAY)
    assert verify(filled.documents[2].content).status == "intact"
    assert verify(b"%PDF-1.7 broken").status == "unreadable"
    assert read(b"PK broken").data is None


def test_names() -> None:
    """What a prompt offers is what there is."""
    assert dir(conventool) == sorted(conventool.__all__)
    assert all(getattr(conventool, name) is not None for name in conventool.__all__)
    assert all(getattr(conventool, name).__doc__ for name in conventool.__all__)
    with pytest.raises(AttributeError):
        _ = conventool.nothing


def test_examples_in_docstrings() -> None:
    """They say what is so."""
    assert doctest.testmod(library).failed == 0


BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
FRAMES = ("pandas", "polars")


def recipes(*frames: str) -> list[str]:
    """The page's code; of the lists from data frames, those of some packages."""
    return [block for block in BLOCKS if not any(f"import {name}\n" in block for name in FRAMES if name not in frames)]


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each recipe in turn, and every public name is in one."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(FORM, "formulaire.docx")
    names: dict[str, Any] = {}
    assert len(recipes()) >= 6
    for block in recipes():
        exec(compile(block, str(PAGE), "exec"), names)
    assert names["status"] == 422
    assert len(list((tmp_path / "conventions").iterdir())) == 3
    shown = " ".join(BLOCKS)
    assert [name for name in conventool.__all__ if name != "__version__" and not re.search(rf"\b{name}\b", shown)] == []


@pytest.mark.parametrize("frames", FRAMES)
def test_the_rows_of_a_data_frame(frames: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the package is there, its recipe fills a row, and tells what another lacks."""
    pytest.importorskip(frames)
    first, recipe = BLOCKS[0], next(block for block in BLOCKS if f"import {frames}\n" in block)
    exec(compile(first + recipe, str(PAGE), "exec"), {})
    filled, lacking = capsys.readouterr().out.splitlines()
    assert filled.count(".docx") == 3
    assert "Cassel" in lacking
    assert ("missing-field" in lacking) is (frames == "pandas")  # whose second row has no address


@pytest.mark.slow
def test_the_page_is_typed(tmp_path: Path) -> None:
    """What a reader copies is accepted by a strict checker of types."""
    there = [name for name in FRAMES if find_spec(name)]
    (tmp_path / "recipes.py").write_text("\n\n".join(recipes(*there)), encoding="utf-8")
    check = [sys.executable, "-m", "mypy", "--strict", str(tmp_path / "recipes.py")]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("data", [3, "forme: commune", [("forme", "commune")], None])
def test_data_that_are_no_mapping_are_refused_in_words(data: Any) -> None:
    with pytest.raises(TypeError, match="data must be a mapping of fields to values"):
        fill(data)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: ANY.fill(ADHERENT, 3), "template must be a name or a path, not int"),
        (lambda: ANY.fill(ADHERENT, day="2026-04-01"), "day must be a date or None, not str"),
        (lambda: ANY.fill(ADHERENT, controls="drop"), "controls must be 'keep' or 'unwrap', not 'drop'"),
        (lambda: ANY.fill(RECURSIVE), "data must not hold themselves"),
        (lambda: ANY.fill(ADHERENT).write(b"lot"), "folder must be a path, not bytes"),
        (lambda: ANY.read(None), "document must be a path or the bytes of a document, not NoneType"),
        (lambda: ANY.read(io.BytesIO(b"PK")), "document must be a path or the bytes of a document, not BytesIO"),
        (lambda: ANY.verify(b"", 3), "template must be a name, a path or None, not int"),
        (lambda: ANY.verify(b"", data=ADHERENT), "data must be the path of a file of data, not dict"),
        (lambda: ANY.communes(None), "words must be a name or a code, not NoneType"),
        (lambda: ANY.Template.open(b"PK"), "path must be a path \\(from_bytes takes bytes\\), not bytes"),
        (
            lambda: ANY.Template.open(FORM).fill([("Date", "x")]),
            "values must be a mapping of addresses to values, not list",
        ),
        (lambda: ANY.Template.open(FORM).fill({3: "x"}), "an address must be a text, not int"),
        (lambda: ANY.Template.open(FORM).fill({}, "drop"), "controls must be 'keep' or 'unwrap'"),
    ],
)
def test_a_wrong_argument_is_refused_in_words(wrong: Any, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        wrong()


@pytest.mark.parametrize(
    "number", [10**5000, Decimal("Infinity"), Decimal("-1E500")], ids=["long", "infinite", "negative"]
)
def test_a_number_that_no_field_holds(number: Any) -> None:
    (problem,) = fill(ADHERENT | {"siret": number}).errors
    assert (problem.field, problem.code) == ("siret", "bad-value")


def test_what_takes_the_place_of_usual_types() -> None:
    """A signalling not-a-number is no value, a datetime is its day, a buffer is bytes, a number is a code."""
    made = fill(ADHERENT | {"siret": Decimal("sNaN")}, day=datetime(2026, 4, 1, 9)).documents  # noqa: DTZ001 (as pandas has it)
    assert made == fill(ADHERENT, day=DAY).documents
    assert verify(bytearray(made[0].content)).status == verify(memoryview(made[0].content)).status == "intact"
    assert conventool.communes(59017) == conventool.communes("59017")
