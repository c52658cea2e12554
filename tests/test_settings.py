"""``conventool.toml``: what it sets, who wins, and what it may not say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from test_command import EXAMPLE, EXAMPLE_LIST, TEMPLATE, run


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder to work in, and one below it."""
    (tmp_path / "2026").mkdir()
    shutil.copy(EXAMPLE, tmp_path / "2026" / "adherent.yaml")
    return tmp_path


def settings(work: Path, text: str) -> Path:
    """Write the file of settings."""
    path = work / "conventool.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_output_of_a_folder_above(work: Path) -> None:
    """The path leads from the file of settings, not from the folder where one stands; and the file is named."""
    path = settings(work, 'output = "sorties/Mairies"\n')
    done = run("fill", "adherent.yaml", cwd=work / "2026")
    assert done.returncode == 0, done.stderr
    assert len(list((work / "sorties" / "Mairies").glob("*.docx"))) == 3
    assert f"Réglages : {path}" in done.stdout


def test_the_nearest_wins(work: Path) -> None:
    """Files are not added up."""
    settings(work, 'output = "loin"\n')
    settings(work / "2026", 'output = "près"\n')
    assert run("fill", "adherent.yaml", cwd=work / "2026").returncode == 0
    assert not (work / "loin").exists()
    assert len(list((work / "2026" / "près").glob("*.docx"))) == 3


def test_the_command_wins(work: Path) -> None:
    """An option that is written, and of ``[set]`` each field that is."""
    settings(work, 'output = "sortie"\n[set]\nreconduction = "expresse"\ncommune = "Armentières"\n')
    done = run("fill", "adherent.yaml", "-o", "ailleurs", "--set", "reconduction=tacite", cwd=work / "2026")
    assert done.returncode == 0, done.stderr
    assert (work / "2026" / "ailleurs").is_dir()
    assert not (work / "sortie").exists()
    read = json.loads(run("read", work / "2026" / "ailleurs", "--json", cwd=work).stdout)
    assert read["adherents"][0]["reconduction"] == "tacite"


def test_set_reaches_lists(work: Path) -> None:
    """Every row has the value."""
    path = settings(work, '[set]\nreconduction = "expresse"\n')
    done = run("batch", EXAMPLE_LIST, "--json", "--jobs", "1", "-o", "sortie", cwd=work)
    said = json.loads(done.stdout)
    assert said["settings"] == str(path)
    read = json.loads(run("read", work / "sortie", "--json", cwd=work).stdout)
    assert {adherent["reconduction"] for adherent in read["adherents"]} == {"expresse"}


def test_a_template_beside_the_settings(work: Path) -> None:
    """Its name is a path from there; one that is not there is looked for as any name is."""
    shutil.copytree(TEMPLATE, work / "le-modele")
    settings(work, 'template = "le-modele"\n')
    done = run("fill", "adherent.yaml", cwd=work / "2026")
    assert done.returncode == 0, done.stderr
    assert "Modèle : le-modele" in done.stdout


def test_help_tells_them(work: Path) -> None:
    """``--help`` of the program says what holds here, of a command its default."""
    settings(work, 'output = "sortie"\npdf = false\n[set]\nreconduction = "tacite"\n')
    told = run("--help", cwd=work / "2026").stdout
    assert "conventool.toml" in told
    assert "pdf = false" in told
    assert "set : reconduction = tacite" in told


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('outpt = "x"', 1, "Vouliez-vous dire « output » ?"),
        ('\nsortie = "x"', 2, "Réglages possibles"),
        ("output = 3", 1, "attend un texte"),
        ('pdf = "oui"', 1, "true ou false"),
        ("jobs = true", 1, "nombre entier"),
        ("jobs = -1", 1, "nombre entier"),
        ('set = "x"', 1, "une table"),
        ('template = ""', 1, "est vide"),
        ("a = " + "[" * 10_000, None, "ce n’est pas du TOML"),
        ("[set]\nreconduction = 3", 2, "entre guillemets"),
        ('output = "../x"', 1, "sort du dossier"),
        ('output = "/x"', 1, "sort du dossier"),
        ("output = 'C:x'", 1, "sort du dossier"),
        ("output = '\\\\serveur\\x'", 1, "sort du dossier"),
        ("output = 'a\\..\\..\\x'", 1, "sort du dossier"),
        ('template = "~/x"', 1, "sort du dossier"),
        ("[set", None, "ce n’est pas du TOML"),
        ("jobs = 1\njobs = 2", None, "dit deux fois"),
        ("pdf = true\njobs = \n", 2, "ce n’est pas du TOML"),
        ("jobs = 65", 1, "de 0 à 64"),
        ("jobs = 99999999999999999999", 1, "de 0 à 64"),
        ('template = "modeles/x"', 1, "n’est pas à côté de ce fichier"),
        ('[set]\ndecision = {date = "2026-03-12"}', 2, '"decision.date" = "…"'),
    ],
)
def test_what_it_may_not_say(work: Path, text: str, line: int | None, words: str) -> None:
    """Exit 2, the line, and nothing is begun."""
    path = settings(work, text)
    done = run("fill", "adherent.yaml", "--json", cwd=work / "2026")
    problem = json.loads(done.stdout)["problems"][0]
    assert done.returncode == 2
    assert problem["code"] == "bad-settings"
    assert (problem["place"]["file"], problem["place"]["line"]) == (str(path), line)
    assert words in f"{problem['message']} {problem['hint']}".replace("\N{NO-BREAK SPACE}", " ")
    assert not (work / "2026" / "conventions").exists()


def test_all_that_is_wrong_at_once(work: Path) -> None:
    """Not the first fault alone."""
    settings(work, 'outpt = "x"\njobs = "2"\n')
    said = json.loads(run("fill", "adherent.yaml", "--json", cwd=work / "2026").stdout)
    assert len(said["problems"]) == 2


@pytest.mark.parametrize("charset", ["cp1252", "utf-16"])
def test_one_that_is_not_in_utf8_is_told_in_french(work: Path, charset: str) -> None:
    (work / "conventool.toml").write_bytes('[set]\nreconduction = "exprès"\n'.encode(charset))
    done = run("fill", "adherent.yaml", "--json", cwd=work / "2026")
    (problem,) = json.loads(done.stdout)["problems"]
    assert (done.returncode, problem["hint"]) == (2, "Enregistrez-le en UTF-8.")


def test_the_template_of_a_folder_is_that_of_its_examples_too(work: Path) -> None:
    """What « modele » writes is for the template that « fill » takes there."""
    settings(work, 'template = "avenant"\n')
    assert json.loads(run("modele", "--json", cwd=work).stdout)["template"]["name"] == "avenant"


def test_a_zero_too_many_starts_no_thousand_processes(work: Path) -> None:
    done = run("validate", "adherent.yaml", "--jobs", "5000", cwd=work / "2026")
    assert done.returncode == 2
    assert "64" in done.stderr
