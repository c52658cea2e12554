"""No command overwrites a file that differs unless told to: exit 4 without ``--force``, and the file untouched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conventool.template.folder import find_template
from in_process import Said, command

EXAMPLES = Path(__file__).parents[1] / "examples"
EXAMPLE = EXAMPLES / "adherent.yaml"
FORM = Path(__file__).parent / "documents" / "kinds_in_runs.docx"
SOMEBODYS = b"le travail de quelqu\xe2\x80\x99un"
Asked = Callable[[Path, Path], list[object]]

COMMANDS: dict[str, Asked] = {
    "check --annotate": lambda target, home: ["check", home / "modele", "--annotate", target],
    "check --junit": lambda target, home: ["check", home / "modele", "--junit", target],
    "batch --rejects": lambda target, home: ["batch", home / "liste.yaml", "-o", home / "out", "--rejects", target],
    "read -o": lambda target, home: ["read", home / "rempli", "-o", target],
}
SUFFIXES = {"check --annotate": ".docx", "check --junit": ".xml", "batch --rejects": ".csv", "read -o": ".csv"}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Filled documents, which no test writes to."""
    folder = tmp_path_factory.mktemp("rempli")
    assert command("fill", EXAMPLE, "-o", folder).code == 0
    return folder


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    """A template of one document, a list with a faulty row, and filled documents."""
    shutil.copytree(find_template("denonciation"), tmp_path / "modele")
    rows = [{"forme": "commune", "nom": "Nulle-Part"}, {"forme": "commune"}]
    (tmp_path / "liste.yaml").write_text(json.dumps(rows), encoding="utf-8")
    (tmp_path / "rempli").symlink_to(filled)
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_a_file_that_differs_is_in_the_way(name: str, home: Path) -> None:
    """It is named and stays; with ``--force`` it is replaced; and the same again is no conflict."""
    target = home / f"cible{SUFFIXES[name]}"
    target.write_bytes(SOMEBODYS)
    refused = command(*COMMANDS[name](target, home), "--json")
    assert refused.code == 4
    (problem,) = (one for one in refused.told["problems"] if one["code"] == "file-differs")
    assert problem["place"]["file"] == str(target)
    assert "--force" in problem["hint"]
    assert target.read_bytes() == SOMEBODYS
    assert command(*COMMANDS[name](target, home), "--force").code in {0, 1}
    written = target.read_bytes()
    assert written != SOMEBODYS
    if name != "check --junit":  # it tells how long the check took
        assert command(*COMMANDS[name](target, home)).code in {0, 1}
        assert target.read_bytes() == written
    assert not list(home.glob("cible-*"))


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_new_file_is_simply_written(name: str, home: Path) -> None:
    target = home / "nouveau" / f"cible{SUFFIXES[name]}"
    assert command(*COMMANDS[name](target, home)).code in {0, 1}
    assert target.stat().st_size


@pytest.mark.parametrize("how", ["same path", "other spelling", "link", "manifest"])
def test_a_template_is_never_its_own_annotated_copy(how: str, home: Path) -> None:
    """Not with ``--force`` either: the copy would take the place of the text that was approved."""
    document = home / "modele" / "lettre.docx"
    before = {path.name: path.read_bytes() for path in (home / "modele").iterdir()}
    target = {
        "same path": document,
        "other spelling": home / "modele" / ".." / "modele" / "lettre.docx",
        "link": home / "lien.docx",
        "manifest": home / "modele" / "template.yaml",
    }[how]
    if how == "link":
        target.symlink_to(document)
    refused = command("check", home / "modele", "--annotate", target, "--force")
    assert refused.code == 2
    assert "copie annotée" in " ".join(refused.err.split())
    assert {path.name: path.read_bytes() for path in (home / "modele").iterdir()} == before


@pytest.mark.slow
def test_update_shows_the_difference_and_waits_for_force(home: Path) -> None:
    golden = home / "modele" / "lettre.txt"
    approved = golden.read_bytes()
    golden.write_bytes(approved + b"Un article de plus.\n")
    refused = command("check", home / "modele", "--update")
    assert refused.code == 4
    assert "-Un article de plus." in refused.out
    assert golden.read_bytes() != approved
    assert command("check", home / "modele", "--update", "--force").code == 0
    assert golden.read_bytes() == approved
    assert command("check", home / "modele", "--update").code == 0


def adopted(*more: object) -> Said:
    return command("adopt", FORM, *more)


def test_adopt_overwrites_nothing_but_by_force(home: Path) -> None:
    folder = home / "adopte"
    assert adopted("-o", folder).code == 0
    manifest = folder / "template.yaml"
    manifest.write_bytes(manifest.read_bytes() + b"# decide\n")
    changed = manifest.read_bytes()
    assert adopted("-o", folder).code == 4
    assert manifest.read_bytes() == changed
    assert adopted("-o", folder, "--force").code == 0


def test_verify_does_not_write_over_pictures_that_are_there(home: Path) -> None:
    """That is said before anything is verified."""
    page = home / "images" / "differences.html"
    page.parent.mkdir()
    page.write_bytes(SOMEBODYS)
    refused = command("verify", home / "rempli", "--images", page.parent, "--json")
    assert refused.code == 4
    assert refused.told["problems"][0]["place"]["file"] == str(page)
    assert page.read_bytes() == SOMEBODYS


def test_rejected_rows_beside_the_documents_still_go_beside_what_somebody_wrote(home: Path) -> None:
    """Where nobody has named a file, the new one is put beside the one that was typed into."""
    out = home / "out"
    assert command("batch", home / "liste.yaml", "-o", out).code == 1
    (rejects,) = out.glob("rejets.*")
    rejects.write_bytes(SOMEBODYS)
    (home / "liste.yaml").write_text(json.dumps([{"forme": "commune"}] * 2), encoding="utf-8")
    assert command("batch", home / "liste.yaml", "-o", out).code == 1
    assert rejects.read_bytes() == SOMEBODYS
    assert rejects.with_stem("rejets-2").is_file()
