"""Forms with odd tags, dates and boxes, adopted, filled, read and verified."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
import yaml

from conventool.commands.adopt import adopt
from conventool.commands.check import check_template
from conventool.commands.fill import RunOptions, fill
from conventool.commands.read import ReadOptions, read
from conventool.commands.verify import VerifyOptions, verify
from conventool.word.template import Mode
from documents.producers import table
from edits import control, minimal, paragraph


def came_back(
    body: str, folder: Path, given: dict[str, Any] | None = None, controls: Mode = "keep"
) -> tuple[dict[str, Any], list[str]]:
    """What is read of a form filled with some data, or with its example, less what was given; and every code told."""
    (folder / "f.docx").write_bytes(minimal(body))
    template, data = folder / "modele", folder / "modele" / "exemples" / "exemple.yaml"
    adopt(folder / "f.docx", template)
    if given is not None:
        data.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    report = fill(data, RunOptions(str(template), folder / "o", controls))
    assert report.errors == []
    wanted = yaml.safe_load(data.read_text(encoding="utf-8"))
    (done,) = report.documents
    found = read([done.path], ReadOptions(str(template)))
    told = verify([done.path], VerifyOptions(str(template), data, jobs=1)).problems
    odd = {name: value for name, value in (found.data or [{}])[0].items() if wanted.get(name) != value}
    missing = dict.fromkeys(wanted.keys() - (found.data or [{}])[0].keys())
    return odd | missing, [problem.code for problem in (*found.problems, *told)]


TAGS = ["a b", "é/ü", "x.y", "1", "#", "tag:x", "{{x}}", "'q'", '"d"', "- a", "null", "oui", "a:b#2", "ünï 😀", "<b>&",
        "*", "&x", "!t", "%", "@a", "~", "a\\b", "champ:nom", "[x]"]  # fmt: skip


def test_any_tag_is_served(tmp_path: Path) -> None:
    """All of them in one form."""
    named = (control("<w:text/>", "Valeur.", properties=f"<w:tag w:val={quoteattr(tag)}/>") for tag in TAGS)
    assert came_back("".join(paragraph("Valeur : ", one, ", fin.") for one in named), tmp_path) == ({}, [])


def date_control(picture: str, language: str) -> str:
    kind = f"<w:date><w:dateFormat w:val={quoteattr(picture)}/><w:lid w:val='{language}'/></w:date>"
    return paragraph("Le ", control(kind, "Date.", tag="jour"), " à Lille.")


@pytest.mark.parametrize(
    ("picture", "language"),
    [("d MMMM yyyy", "fr-FR"), ("dd/MM/yy", "fr-FR"), ("dddd d MMMM yyyy", "fr-FR"), ("M/d/yyyy", "fr-FR"),
     ("", "fr-FR"), ("MMMM d, yyyy", "en-US"), ("d. MMMM yyyy", "de-DE")],
)  # fmt: skip
def test_dates_of_any_picture_come_back(picture: str, language: str, tmp_path: Path) -> None:
    """Two figures for the year, the month first, another language."""
    assert came_back(date_control(picture, language), tmp_path, {"jour": "2026-03-12"}) == ({}, [])


@pytest.mark.parametrize("picture", ["dddd", "MMMM yyyy"])
def test_a_date_that_says_no_day_is_that_of_its_calendar_or_told(picture: str, tmp_path: Path) -> None:
    """A note where the control is gone: the document does not say it."""
    body = date_control(picture, "fr-FR") + paragraph(control("<w:text/>", "T.", tag="t"))
    assert came_back(body, tmp_path) == ({}, [])
    (tmp_path / "unwrapped").mkdir()
    assert came_back(body, tmp_path / "unwrapped", controls="unwrap") == ({"jour": None}, ["not-read-back"])


@pytest.mark.parametrize("ticked", ["oui", "non"])
@pytest.mark.parametrize(
    ("font", "on", "off"),
    [("MS Gothic", "2612", "2610"), ("MS Gothic", "2714", "2B1C"), ("Wingdings", "F0FC", "F071"),
     ("Wingdings 2", "F050", "F0A3"), ("Webdings", "F061", "F063"), ("Arial", "0058", "005F")],
)  # fmt: skip
def test_boxes_of_any_sign_come_back(ticked: str, font: str, on: str, off: str, tmp_path: Path) -> None:
    """The sign of the control, whatever it is, says whether it is ticked."""
    state = '<w14:{} w14:val="{}" w14:font="' + font + '"/>'
    kind = f'<w14:checkbox><w14:checked w14:val="0"/>{state.format("checkedState", on)}'
    kind += f"{state.format('uncheckedState', off)}</w14:checkbox>"
    box = control(kind, "☐", tag="accord", prompt=False)
    odd, told = came_back(paragraph("Accord ", box, " donné."), tmp_path, {"accord": ticked})
    assert (odd, set(told) - {"drawn-otherwise"}) == ({}, set())


def test_a_box_that_is_ticked_in_the_form_is_ticked_by_default(tmp_path: Path) -> None:
    """A control, and a legacy form field; what the form says already is what is taken without data."""
    kind = '<w14:checkbox><w14:checked w14:val="{}"/></w14:checkbox>'
    legacy = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="{}"/><w:enabled/><w:checkBox>'
        '<w:sizeAuto/><w:default w:val="{}"/></w:checkBox></w:ffData></w:fldChar></w:r>'
        '<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    boxes = [control(kind.format(value), "☐☒"[value], tag=f"case_{value}", prompt=False) for value in (0, 1)]
    boxes += [legacy.format(f"vieille_{value}", value) for value in (0, 1)]
    (tmp_path / "f.docx").write_bytes(minimal("".join(paragraph("Oui ", box) for box in boxes)))
    adopt(tmp_path / "f.docx", tmp_path / "m")
    champs = yaml.safe_load((tmp_path / "m" / "template.yaml").read_text(encoding="utf-8"))["champs"]
    assert {name: one["defaut"] for name, one in champs.items()} == {
        "case_0": "non", "case_1": "oui", "vieille_0": "non", "vieille_1": "oui",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("items", "possible"),
    [
        (("Choisir", "SA", "SARL"), ["SA", "SARL"]),
        (("--- Sélectionnez ---", "SA", "SARL"), ["SA", "SARL"]),
        (("---", "SA", "SARL"), ["SA", "SARL"]),
        (("SA", "Choisir plus tard"), ["SA", "Choisir plus tard"]),
        (("Choisir",), ["Choisir"]),
    ],
)
def test_what_asks_for_a_choice_is_none(tmp_path: Path, items: tuple[str, ...], possible: list[str]) -> None:
    """The first item of many lists; an original would print it."""
    told = "".join(f"<w:listItem w:displayText={quoteattr(item)} w:value={quoteattr(item)}/>" for item in items)
    form = control(f"<w:dropDownList>{told}</w:dropDownList>", "Votre choix", tag="statut")
    (tmp_path / "f.docx").write_bytes(minimal(paragraph("Statut : ", form)))
    adopt(tmp_path / "f.docx", tmp_path / "m")
    manifest = yaml.safe_load((tmp_path / "m" / "template.yaml").read_text(encoding="utf-8"))
    assert manifest["champs"]["statut"]["choix"] == possible


def test_the_elements_of_a_section_with_boxes_are_held_against_the_data(tmp_path: Path) -> None:
    """Word's own boxes are text like any other; a section alone is enough to tell whose a document is."""
    box = (
        '<w14:checkbox><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
    )
    line = paragraph(control(box, "☐", tag="neuf", prompt=False), " ", control("<w:text/>", "Matériel.", tag="quoi"))
    item = f"<w:sdt><w:sdtPr><w15:repeatingSectionItem/></w:sdtPr><w:sdtContent>{line}</w:sdtContent></w:sdt>"
    section = '<w:sdt><w:sdtPr><w:tag w:val="lots"/><w15:repeatingSection/></w:sdtPr>'
    body = paragraph("Matériel prêté par la commune") + f"{section}<w:sdtContent>{item}</w:sdtContent></w:sdt>"
    given = {"lots": [{"neuf": "oui", "quoi": "Tente"}, {"neuf": "non", "quoi": "Grille"}]}
    assert came_back(body, tmp_path, given)[1] == []
    data = tmp_path / "modele" / "exemples" / "exemple.yaml"
    data.write_text(yaml.safe_dump({"lots": [{"neuf": "oui", "quoi": "Tente"}, {"neuf": "oui", "quoi": "Grille"}]}))
    (done,) = (tmp_path / "o").glob("*.docx")
    told = verify([done], VerifyOptions(str(tmp_path / "modele"), data, jobs=1)).problems
    assert [problem.code for problem in told] == ["altered-value"]


def test_a_row_of_several_cells_stays_as_it_is(tmp_path: Path) -> None:
    """One value would go in the first, and the prompts of the others would stay."""
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Poste", "Coût"))
    row = f"<w:sdt><w:sdtPr><w:tag w:val='ligne'/><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:tr>{cells}</w:tr>"
    body = paragraph(control("<w:text/>", "Objet.", tag="objet")) + f"<w:tbl>{row}</w:sdtContent></w:sdt></w:tbl>"
    (tmp_path / "f.docx").write_bytes(minimal(body + paragraph("Fin.")))
    report = adopt(tmp_path / "f.docx", tmp_path / "modele")
    assert "plusieurs cellules" in next(one.message for one in report.problems if one.code == "control-undecided")


def test_a_prompt_in_a_control_that_is_left_is_told(tmp_path: Path) -> None:
    """By the check and whenever the form is filled."""
    left = "<w:sdt><w:sdtPr><w:tag w:val='tarif'/><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
    left += f"{table(paragraph('Montant à indiquer'))}</w:sdtContent></w:sdt>"
    body = paragraph("Objet : ", control("<w:text/>", "Objet.", tag="objet")) + left + paragraph("Fin.")
    (tmp_path / "f.docx").write_bytes(minimal(body))
    template = tmp_path / "modele"
    adopt(tmp_path / "f.docx", template)
    report = fill(template / "exemples" / "exemple.yaml", RunOptions(str(template), tmp_path / "o"))
    for problems in (check_template(template).problems, report.problems):
        (one,) = problems
        assert (one.code, "«\u00a0tarif\u00a0»" in one.message) == ("leftover-placeholder", True)
