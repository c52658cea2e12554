"""Fields that repeat values, in documents that come back: their new results are no alteration, forged ones are."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from edits import MAIN, parts, rezipped

from conventool.commands.fill import RunOptions, fill
from conventool.commands.verify import VerifyOptions, verify

CASES = Path(__file__).parents[1] / "cases" / "forms"
MANIFEST = """\
titre: Convention
document: 01-champs-derives.docx
fichier: "{{ champs.nom }}"
adherent: non
exemplaires: {unique: Original}
champs:
  nom: {type: texte}
  adherent: {type: texte}
  objet: {type: texte}
  montant1: {type: texte}
  montant2: {type: texte}
controles:
  nom: "{{ champs.nom }}"
  adherent: "{{ champs.adherent }}"
  objet: "{{ champs.objet }}"
  montant1: "{{ champs.montant1 }}"
  montant2: "{{ champs.montant2 }}"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template whose fields repeat four of its values, and one of its documents in ``out``."""
    folder = tmp_path_factory.mktemp("modele")
    shutil.copy(CASES / "01-champs-derives.docx", folder)
    (folder / "template.yaml").write_text(MANIFEST, encoding="utf-8")
    report = fill(CASES / "01.yaml", RunOptions(str(folder), folder / "out"))
    assert [document.status for document in report.documents] == ["created"]
    return folder


def codes(path: Path, folder: Path) -> list[str]:
    return sorted(problem.code for problem in verify([path], VerifyOptions(template=str(folder), jobs=1)).problems)


def changed(folder: Path, changes: Mapping[str, str]) -> Path:
    files = parts(next((folder / "out").glob("*.docx")))
    text = files[MAIN].decode()
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / "retour.docx"
    path.write_bytes(rezipped(files | {MAIN: text.encode()}))
    return path


def test_a_document_as_it_was_written_is_sound(folder: Path) -> None:
    """What its fields show is what its values say."""
    path = next((folder / "out").glob("*.docx"))
    assert codes(path, folder) == []


def in_field(text: str) -> str:
    return f'<w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t xml:space="preserve">{text}</w:t>'


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Commune de Vieux-Lavoir", "Commune de Hem", ["altered-value"]),
        ("Commune de Vieux-Lavoir", "Commune de Vieux-Lavoir et de Hem", ["altered-value"]),
        ("2000", "2500", ["altered-value"]),
        ("2000", "0", ["stale-field"]),
    ],
)
def test_a_forged_result_is_found(folder: Path, old: str, new: str, found: list[str]) -> None:
    """A reference that says another thing than the value, a total that is none; an old one is told as such."""
    assert codes(changed(folder, {in_field(old): in_field(new)}), folder) == found


def test_a_planted_word_is_found_and_nothing_else(folder: Path) -> None:
    """Beside the fields."""
    assert codes(changed(folder, {" s’engage.": " s’engage enfin."}), folder) == ["altered-text"]
