"""Texts of several lines and repeating sections beside other fields: read back as given, and verified.

The documents keep their controls, or have lost them; no line that somebody adds to one that kept them goes unseen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from conventool.commands.adopt import adopt
from conventool.commands.fill import RunOptions, fill
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from documents.producers import control, p
from edits import MAIN, minimal, parts, rezipped

ITEM = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
SECTION = (
    '<w:sdt><w:sdtPr><w:tag w:val="lots"/><w:id w:val="@ID@"/><w15:repeatingSection/></w:sdtPr><w:sdtContent>'
    '<w:sdt><w:sdtPr><w:id w:val="@ID@"/><w15:repeatingSectionItem/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
    "</w:sdtContent></w:sdt>"
)
LEGACY = (
    '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="ancien"/><w:enabled/><w:textInput/></w:ffData>'
    "</w:fldChar></w:r><w:r><w:instrText>FORMTEXT</w:instrText></w:r>"
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>     </w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


def text_control(name: str) -> str:
    return control("<w:text/>", f"{name.capitalize()}.", name)


def item(*pieces: str) -> str:
    return p(*pieces).replace("<w:p>", f"<w:p>{ITEM}", 1)


def form(path: Path, body: str) -> Path:
    numbers = count(100)
    path.write_bytes(minimal(re.sub("@ID@", lambda _: str(next(numbers)), body)))
    return path


def codes(file: Path, template: Path, data: Path | None = None) -> list[str]:
    return [problem.code for problem in verify([file], VerifyOptions(str(template), data, jobs=1)).problems]


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
def test_lines_come_back(mode: Any, tmp_path: Path) -> None:
    """Of a control, of an item of a list, of a placeholder, of a legacy field, of rich text, of an element."""
    body = (
        p("Objet : ", text_control("objet"), ", suite.")
        + item(text_control("points"))
        + p("Entre [Adresse longue] et.")
        + p("Ancien : ", LEGACY, ".")
        + control("", "", "riche", content=p("Riche."))
        + SECTION.format(
            p("Lot ", text_control("quoi"), ", soit ", text_control("prix"), " euros.") + item(text_control("sous"))
        )
        + p("Fin.")
    )
    given = {
        "objet": "un\ndeux",
        "points": "a\nb\n\nc",
        "adresse_longue": "l1\nl2",
        "ancien": "v1\nv2",
        "riche": "r1\nr2",
        "lots": [{"quoi": "x\ny", "prix": "3", "sous": "s"}, {"quoi": "z", "prix": "4\n5", "sous": "t\nu"}],
    }
    template, data = tmp_path / "modele", tmp_path / "donnees.yaml"
    adopt(form(tmp_path / "f.docx", body), template, placeholders=["[…]"])
    data.write_text(yaml.safe_dump(given), encoding="utf-8")
    (done,) = fill(data, RunOptions(str(template), tmp_path / "o", controls=mode)).documents
    report = read([done.path], ReadOptions(str(template)))
    assert (report.data, report.problems) == ([given], [])
    assert "objet: |-\n  un\n  deux\n" in report.raw
    assert codes(done.path, template) == codes(done.path, template, data) == []
    changed = tmp_path / "autre.yaml"
    changed.write_text(yaml.safe_dump(given | {"points": "a\nb"}), encoding="utf-8")
    assert codes(done.path, template, changed) == ["altered-value"]


MANIFEST = """\
titre: T
document: f.docx
fichier: "x"
adherent: non
exemplaires: {original: Original}
champs:
  note: {type: texte, facultatif: oui}
  suite: {type: texte, facultatif: oui}
  lots: {type: liste, facultatif: oui, champs: {quoi: {type: texte}, prix: {type: texte, facultatif: oui}}}
controles: {note: "{{ champs.note }}", lots: "{{ champs.lots }}", suite: "{{ champs.suite }}"}
"""
ELEMENTS = {
    "phrase": p("Lot ", text_control("quoi"), ", soit ", text_control("prix"), " euros."),
    "deux controles": p(text_control("quoi")) + p(text_control("prix")),
    "ligne": f"<w:tr><w:tc>{p(text_control('quoi'))}</w:tc><w:tc>{p(text_control('prix'))}</w:tc></w:tr>",
}
TWO = [{"quoi": "objet", "prix": "12"}, {"quoi": "autre", "prix": "3"}]
GIVEN: list[Mapping[str, Any]] = [
    {"note": "N 1"},
    {"lots": TWO[:1]},
    {"note": "a\nb", "lots": TWO},
    {"lots": TWO, "suite": "S 1"},
    {"note": "N 1", "lots": TWO, "suite": "S 1"},
    {"note": "N 1", "suite": "S 1"},
]


@pytest.fixture(scope="module", params=ELEMENTS)
def template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A section between two fields that may be empty, nothing else between them."""
    folder = tmp_path_factory.mktemp("modele")
    section = SECTION.format(ELEMENTS[request.param])
    section = f"<w:tbl>{section}</w:tbl>" if request.param == "ligne" else section
    form(folder / "f.docx", p("Début.") + p(text_control("note")) + section + p(text_control("suite")) + p("Fin."))
    (folder / "template.yaml").write_text(MANIFEST, encoding="utf-8")
    return folder


@pytest.mark.parametrize("given", GIVEN, ids="+".join)
@pytest.mark.parametrize("mode", ["keep", "unwrap"])
def test_a_section_between_fields_that_may_be_empty(
    mode: Any, given: Mapping[str, Any], template: Path, tmp_path: Path
) -> None:
    """Each value is read where it stands; the document is sound, even where the table of the section is gone."""
    data = tmp_path / "donnees.yaml"
    data.write_text(yaml.safe_dump(given), encoding="utf-8")
    (done,) = fill(data, RunOptions(str(template), tmp_path / "o", controls=mode)).documents
    assert read([done.path], ReadOptions(str(template))).data == [given]
    assert codes(done.path, template) == codes(done.path, template, data) == []


@pytest.mark.parametrize("given", [GIVEN[0], GIVEN[2]], ids="+".join)
def test_no_added_line_goes_unseen(given: Mapping[str, Any], template: Path, tmp_path: Path) -> None:
    """Behind each paragraph of a document that kept its controls, without the data; with them, in one without any."""
    data, returned = tmp_path / "donnees.yaml", tmp_path / "retour.docx"
    data.write_text(yaml.safe_dump(given), encoding="utf-8")
    for mode, known in (("keep", None), ("unwrap", data)):
        (done,) = fill(data, RunOptions(str(template), tmp_path / mode, controls=mode)).documents  # type: ignore[arg-type]
        files = parts(done.path)
        text = files[MAIN].decode()
        for end in re.finditer("</w:p>", text):
            added = f"{text[: end.end()]}{p('Ligne ajoutée.')}{text[end.end() :]}"
            returned.write_bytes(rezipped(files | {MAIN: added.encode()}))
            assert codes(returned, template, known), (mode, end.start())
