"""The path of a convention, as an agent's commands walk it: filled, sent, returned, verified, read, filled again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conventool.cli.console import show_problems
from conventool.core.problems import Place, Problem
from dossiers import documents_in as documents
from test_command import EXAMPLE, run
from word_by_hand import Opened, typed_over

LIST = """\
- {forme: commune, code_insee: "59017", adresse: 4 place du Général-de-Gaulle, decision: {date: 2026-03-12},
   representant: {civilite: Madame, prenom: Jeanne, nom: MARTIN}, signatures: {collectivite: 2026-04-02}}
- {forme: communaute-de-communes, nom: Flandre Lys, adresse: "- bâtiment A, 500 rue de la Lys", code_postal: "59253",
   commune: La Gorgue, decision: {date: 2026-03-13, numero: 2026-12}, reconduction: expresse,
   representant: {civilite: Monsieur, prenom: Paul, nom: LE GOFF}}
- {forme: ccas, code_insee: "62043", adresse: 1 Grand-Place, decision: {date: 2026-03-14},
   representant: {civilite: Monsieur, prenom: Luc, nom: d’Hondt}}
- {forme: commune, code_insee: "59386", adresse: 2 rue de la Mairie, decision: {date: 2026-03-15},
   representant: {civilite: Madame, prenom: Zoé, nom: DURAND, fonction: Adjointe au Maire,
   delegation: {texte: Pour le Maire et par délégation, arrete: A 45/2025, date: 2025-09-01}}}
"""
CHANGE = {"au moins 3 mois": "au moins 1 mois"}


@pytest.fixture
def lot(tmp_path: Path) -> Path:
    (tmp_path / "liste.yaml").write_text(LIST, encoding="utf-8")
    done = run("batch", "liste.yaml", "-o", "lot", "-q", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path / "lot"


def alter(path: Path) -> None:
    Opened.of(path.read_bytes()).change(typed_over(CHANGE)).saved(path)


def docx(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in documents(folder).items() if name.endswith(".docx")}


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "yaml"])
def test_what_is_read_makes_the_same_documents(lot: Path, suffix: str) -> None:
    """Byte for byte, under the same names, from whichever format the data were written to."""
    read = run("read", "lot", "-o", f"lu.{suffix}", cwd=lot.parent)
    assert (read.returncode, read.stderr) == (0, "")
    again = run("batch", f"lu.{suffix}", "-o", "encore", "-q", cwd=lot.parent)
    assert again.returncode == 0, again.stderr
    assert docx(lot.parent / "encore") == docx(lot)
    assert len(docx(lot)) == 12


def test_one_document_is_read_for_fill(tmp_path: Path) -> None:
    """What ``read`` prints is what ``fill`` takes."""
    assert run("fill", EXAMPLE, "-o", "envoye", cwd=tmp_path).returncode == 0
    read = run("read", next((tmp_path / "envoye").glob("*.docx")), cwd=tmp_path)
    (tmp_path / "lu.yaml").write_text(read.stdout, encoding="utf-8")
    assert run("fill", "lu.yaml", "-o", "encore", cwd=tmp_path).returncode == 0
    assert documents(tmp_path / "encore") == documents(tmp_path / "envoye")


def test_sound_documents_end_with_0_and_altered_ones_with_1(lot: Path) -> None:
    sound = run("verify", "lot", cwd=lot.parent)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert "12 documents vérifiés : 12 intacts." in sound.stdout
    alter(next(lot.glob("*armentieres*cdg59.docx")))
    altered = run("verify", "lot", "--data", "liste.yaml", cwd=lot.parent)
    assert altered.returncode == 1
    assert "12 documents vérifiés : 11 intacts, 1 modifié." in altered.stdout
    assert "ARTICLE 6. RESILIATION DE LA CONVENTION : « moins 3 mois » → « moins 1 mois »" in altered.stderr


def test_json_tells_each_document_and_each_problem(lot: Path) -> None:
    altered = next(lot.glob("*armentieres*cdg59.docx"))
    alter(altered)
    done = run("verify", "lot", "--json", cwd=lot.parent)
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (report["exit_code"], "") == (1, "")
    assert report["summary"]["documents"] == len(report["documents"]) == 12
    assert [Path(one["path"]).name for one in report["documents"] if one["status"] == "altered"] == [altered.name]
    (problem,) = report["problems"]
    assert (problem["code"], problem["severity"]) == ("altered-text", "error")
    assert Path(problem["place"]["file"]).name == altered.name


def test_the_same_alteration_of_many_is_told_once(lot: Path) -> None:
    """Three files are named, the others counted; ``--json`` names all."""
    for path in lot.glob("*.docx"):
        alter(path)
    done = run("verify", "lot", cwd=lot.parent)
    assert done.stderr.count("[altered-text]") == 1
    assert done.stderr.count(".docx") == 3
    assert "et 9 autres" in done.stderr
    assert len(json.loads(run("verify", "lot", "--json", cwd=lot.parent).stdout)["problems"]) == 12


def test_each_altered_document_is_told_of_before_a_second_time(capsys: pytest.CaptureFixture[str]) -> None:
    """Of one problem code twenty are told; one document with more leaves room for the others."""
    many = [Problem("altered-text", f"Passage {rank}", place=Place(file="a.docx")) for rank in range(30)]
    others = [Problem("altered-text", f"Autre {rank}", place=Place(file=f"{rank}.docx")) for rank in range(15)]
    show_problems([*many, *others])
    said = capsys.readouterr().err
    assert [rank for rank in range(15) if f"Autre {rank}" in said] == list(range(15))
    assert [rank for rank in range(30) if f"Passage {rank}\n" in said] == list(range(5))
    assert "encore 25 autres" in said


def test_the_same_change_twice_in_a_document_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    twice = [Problem("altered-text", "Passage", place=Place(file=name)) for name in "aabbccdd"]
    show_problems(twice)
    assert "a, b, c et 1 autre\n" in capsys.readouterr().err


@pytest.mark.slow
def test_two_processes_find_what_one_finds(lot: Path) -> None:
    """A folder large enough to be shared: the same report, in the same order."""
    alter(next(lot.glob("*armentieres*cdg59.docx")))
    folder = lot.parent / "retours"
    folder.mkdir()
    for name, data in docx(lot).items():
        for copy in range(18):
            (folder / f"{copy:02} {name}").write_bytes(data)
    one, two = (json.loads(run("verify", folder, "--json", "-j", jobs, cwd=lot.parent).stdout) for jobs in (1, 2))
    for report in (one, two):
        del report["summary"]["seconds"]
    assert one == two
    assert (one["summary"]["documents"], one["summary"]["altered"]) == (216, 18)


@pytest.mark.parametrize("name", ["retour.odt", "retour.doc", "retour.RTF"])
@pytest.mark.parametrize("command", ["verify", "read"])
def test_another_format_given_by_name_says_what_to_do(tmp_path: Path, command: str, name: str) -> None:
    (tmp_path / name).write_bytes(b"none of these")
    done = run(command, name, cwd=tmp_path)
    assert done.returncode != 0
    assert "enregistrez-le au format .docx, ou demandez un PDF" in " ".join((done.stdout + done.stderr).split())


def test_problems_of_one_file_say_once_what_to_do(tmp_path: Path) -> None:
    """Where they follow each other and are of one kind."""
    document = Path(__file__).parent / "cases/returns/docx/docdefaults-white.docx"
    said = run("verify", document, cwd=tmp_path).stderr
    assert said.count("passages supprimés") == 4
    assert said.count("[altered-text]") == said.count("redemandez un exemplaire") == 1
