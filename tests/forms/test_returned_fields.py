"""Fields that repeat values, in documents that come back: their new results are no alteration, forged ones are."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]

from conventool.commands.fill import RunOptions, fill
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import TemplateError
from documents.producers import control, field, p
from edits import MAIN, minimal, parts, rezipped

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


def test_what_word_renews_is_no_alteration(folder: Path) -> None:
    """A table of contents with the new heading and another page, a header that copies it; a planted word there is."""
    source = next((folder / "out").glob("*.docx"))
    files = parts(source)
    old, header = "Convention avec Cliquez ici.", "word/header1.xml"
    renewed = files[MAIN].decode().replace(f">{old}\t1<", ">Convention avec Vieux-Lavoir\t3<")
    assert renewed != files[MAIN].decode()
    files |= {MAIN: renewed.encode(), header: files[header].replace(old.encode(), b"Convention avec Vieux-Lavoir")}
    path = folder / "retour.docx"
    path.write_bytes(rezipped(files))
    assert codes(path, folder) == []
    forged = renewed.replace("avec Vieux-Lavoir\t3", "sans Vieux-Lavoir\t3")
    path.write_bytes(rezipped(files | {MAIN: forged.encode()}))
    assert "altered-text" in codes(path, folder)
    other = renewed.replace("avec Vieux-Lavoir\t3", "avec Douai\t3")
    path.write_bytes(rezipped(files | {MAIN: other.encode()}))
    assert codes(path, folder) == ["altered-value"]


def test_of_a_condition_either_result_is_sound(tmp_path: Path) -> None:
    """A third one is not."""
    condition = field('IF "a" = "b" "oui, sans réserve" "non"', "non")
    (tmp_path / "x.docx").write_bytes(minimal(p("Accord : ", condition, ".") + p(control("<w:text/>", "Nom.", "nom"))))
    manifest = MANIFEST.partition("champs:")[0].replace("01-champs-derives", "x") + "champs: {nom: {type: texte}}\n"
    manifest += 'controles: {nom: "{{ champs.nom }}"}\n'
    (tmp_path / "template.yaml").write_text(manifest, encoding="utf-8")
    (tmp_path / "x.yaml").write_text("nom: Hem\n", encoding="utf-8")
    fill(tmp_path / "x.yaml", RunOptions(str(tmp_path), tmp_path / "out"))
    for shown, found in (("non", []), ("oui, sans réserve", []), ("oui, avec réserve", ["altered-value"])):
        assert codes(changed(tmp_path, {">non<": f">{shown}<"} if shown != "non" else {}), tmp_path) == found


def test_a_manifest_may_ask_word_to_renew_all_fields(folder: Path, tmp_path: Path) -> None:
    """In the settings of each copy, at their place; a document without settings is refused, at the line."""
    shutil.copytree(folder, tmp_path / "modele", ignore=shutil.ignore_patterns("out", "*.yaml"))
    asked = MANIFEST + "actualiser: oui\n"
    (tmp_path / "modele" / "template.yaml").write_text(asked, encoding="utf-8")
    report = fill(CASES / "01.yaml", RunOptions(str(tmp_path / "modele"), tmp_path / "out"))
    copy, before = next(iter(report.documents)).path, next((folder / "out").glob("*.docx"))
    assert b'<w:updateFields w:val="true"/>' in parts(copy)["word/settings.xml"]
    assert b"updateFields" not in parts(before)["word/settings.xml"]
    validate = OpenXmlValidator(FileFormat.MICROSOFT_365).validate
    assert {str(one) for one in validate(copy).errors} <= {str(one) for one in validate(before).errors}
    (tmp_path / "modele" / "01-champs-derives.docx").write_bytes(minimal(p(control("<w:text/>", "Nom.", "nom"))))
    bare = asked.partition("controles:")[0] + 'controles: {nom: "{{ champs.nom }}"}\nactualiser: oui\n'
    (tmp_path / "modele" / "template.yaml").write_text(bare, encoding="utf-8")
    with pytest.raises(TemplateError, match="actualiser"):
        fill(CASES / "01.yaml", RunOptions(str(tmp_path / "modele"), tmp_path / "out2"))
