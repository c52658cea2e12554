"""Paths that others have written stay in their folder; what leads out is refused where it stands."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventool.core.errors import TemplateError
from conventool.files.inside import leads_out
from conventool.template.folder import TemplateFolder, find_template
from in_process import command

EXAMPLE = Path(__file__).parents[1] / "examples" / "adherent.yaml"
OUT = [
    "/etc/passwd", "../a.pdf", "sous/../../a.pdf", "..", "\\\\serveur\\partage\\a.pdf", "//serveur/partage/a.pdf",
    "C:\\a.pdf", "c:a.pdf", "C:/a.pdf", "..\\a.pdf", "sous\\..\\..\\a.pdf", "\\a.pdf", "lien/a.pdf", "lien.pdf",
    "\\\\?\\C:\\a.pdf", ".. /a.pdf", "sous/.. ./../a.pdf", "...", "chaine.pdf", "~/a.pdf",
]  # fmt: skip
IN = ["a.pdf", "sous/a.pdf", "./a.pdf", "a..b.pdf", "…/a.pdf", "vers-a.pdf", "absent.pdf", "Annexe : tarifs.pdf",
      "$HOME/a.pdf", "%USERPROFILE%/a.pdf", "~a.pdf", "file:a.pdf", "a..", "a. ", "boucle/a.pdf",
      "．．/a.pdf"]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file, one below it, and links that stay in it and that lead out."""
    home = tmp_path / "dossier"
    (home / "sous").mkdir(parents=True)
    (tmp_path / "dehors").mkdir()
    for path in (home / "a.pdf", home / "sous" / "a.pdf", tmp_path / "dehors" / "a.pdf", tmp_path / "a.pdf"):
        path.write_bytes(b"%PDF-1.4")
    if sys.platform != "win32":
        (home / "lien").symlink_to(tmp_path / "dehors")
        (home / "lien.pdf").symlink_to(tmp_path / "a.pdf")
        (home / "vers-a.pdf").symlink_to("a.pdf")
        (home / "chaine.pdf").symlink_to("lien.pdf")
        (home / "boucle").symlink_to("boucle")
    return home


links = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")


@links
@pytest.mark.parametrize("name", OUT)
def test_what_leads_out_is_told(name: str, folder: Path) -> None:
    assert leads_out(folder, name)


@links
@pytest.mark.parametrize("name", IN)
def test_what_stays_is_let_be(name: str, folder: Path) -> None:
    assert leads_out(folder, name) is None


@given(st.lists(st.sampled_from(["..", ".", "a", "", "/", "\\", "C:", "~", "\0", "é"]), max_size=6).map("/".join))
def test_no_path_that_is_let_be_reaches_out(name: str) -> None:
    home = Path("/srv/dossier")
    if "\0" not in name and leads_out(home, name) is None:
        assert (home / name).resolve().is_relative_to(home.resolve())


@links
@pytest.mark.parametrize("kind", ["csv", "yaml"])
def test_annexes_of_the_data_that_lead_out_are_refused_at_their_line(kind: str, folder: Path) -> None:
    """The row is rejected, whether PDF files are asked for or not; those inside are let be."""
    example = EXAMPLE.read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = []
    for rank, name in enumerate([*OUT, *IN]):
        rows.append({"forme": "syndicat mixte", "nom": f"Eaux {rank}", "adresse": "1 rue Haute", "code_postal": "59280",
                     "commune": "Armentières", "representant_civilite": "Madame", "representant_prenom": "Camille",
                     "representant_nom": "MARTIN", "decision_date": "2026-03-12", "annexes": name})  # fmt: skip
    if kind == "csv":
        lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
        source = folder / "liste.csv"
        source.write_text("\n".join(lines), encoding="utf-8")
        problems = command("validate", source, "--json").told["problems"]
        found = [one["place"] for one in problems if one["code"] == "path-outside"]
        assert [place["line"] for place in found] == [rank + 2 for rank in range(len(OUT))]
        assert {place["column"] for place in found} == {"annexes"}
        assert not [one for one in problems if one["severity"] == "error" and one["code"] != "path-outside"]
        return
    source = folder / "un.yaml"
    listed = "".join(f"  - {json.dumps(name)}\n" for name in OUT)
    source.write_text(f"{example}\nannexes:\n{listed}", encoding="utf-8")
    said = command("fill", source, "-o", folder / "conventions", "--json")
    assert said.code == 1
    first = source.read_text(encoding="utf-8").splitlines().index("annexes:") + 2
    assert [one["place"]["line"] for one in said.told["problems"] if one["code"] == "path-outside"] == [
        *range(first, first + len(OUT))
    ]
    assert not list((folder / "conventions").glob("*.docx"))


@links
def test_paths_of_a_template_that_lead_out_are_refused_at_their_line(folder: Path) -> None:
    template = folder / "modele"
    shutil.copytree(find_template("convention-services-numeriques"), template)
    manifest = template / "template.yaml"
    text = manifest.read_text(encoding="utf-8")
    (template / "lien.pdf").symlink_to(folder.parent / "a.pdf")
    (template / "chaine.pdf").symlink_to("lien.pdf")
    (template / "lien").symlink_to(folder.parent / "dehors")
    listed = "".join(f"  - {{fichier: {json.dumps(name)}, titre: A}}\n" for name in OUT)
    manifest.write_text(f"{text}\nannexes:\n{listed}", encoding="utf-8")
    with pytest.raises(TemplateError) as refused:
        TemplateFolder.open(template)
    first = len(text.splitlines()) + 3
    assert [(p.code, p.place.line) for p in refused.value.problems] == [
        ("path-outside", first + rank) for rank in range(len(OUT))
    ]


@links
def test_a_template_may_be_a_link_or_made_of_links_to_one_folder(folder: Path) -> None:
    """As package managers install: what leads out of the folder leads to where the manifest is as well."""
    home = find_template("convention-services-numeriques").resolve()
    (folder / "lien-au-modele").symlink_to(home)
    (folder / "liens").mkdir()
    for file in home.iterdir():
        (folder / "liens" / file.name).symlink_to(file)
    for name in ("lien-au-modele", "liens"):
        assert TemplateFolder.open(folder / name).document.controls
    (folder / "liens" / "template.yaml").unlink()
    shutil.copy(home / "template.yaml", folder / "liens")
    with pytest.raises(TemplateError, match="passe par un lien qui en sort"):
        TemplateFolder.open(folder / "liens")
