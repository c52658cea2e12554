"""Legacy form fields, which French official forms are full of: seen, filled, taken off, adopted, read back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]

from conventool.commands.adopt import adopt
from conventool.commands.check import check_template
from conventool.commands.inspect import inspect
from conventool.commands.verify import VerifyOptions, verify
from conventool.core.errors import FillError
from conventool.template.folder import TemplateFolder
from conventool.word.package import Package
from conventool.word.stories import read_stories
from conventool.word.template import Mode, Template
from conventool.word.values import Value
from edits import MAIN, minimal, paragraph, parts, rezipped

FORM = Path(__file__).parents[1] / "cases" / "forms" / "06-champs-anciens.docx"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VALUES: dict[str, Value] = {
    "champ:Texte1": "Boutique & fils", "Texte2": "Hem", "Case1": "non", "Case2": True, "Liste1": "SARL", "nom": "X",
}  # fmt: skip


def field(data: str, result: str = "", *, one_run: bool = False, separate: bool = True) -> str:
    """A form field; ``data`` is what its ``w:ffData`` holds."""
    pieces = [
        f'<w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar>',
        '<w:instrText xml:space="preserve"> FORMTEXT </w:instrText>',
        '<w:fldChar w:fldCharType="separate"/>' if separate else "",
        f'<w:t xml:space="preserve">{result}</w:t>' if result else "",
        '<w:fldChar w:fldCharType="end"/>',
    ]
    if one_run:
        return f"<w:r><w:rPr><w:b/></w:rPr><w:t>avant </w:t>{''.join(pieces)}<w:t> après</w:t></w:r>"
    return "".join(f"<w:r><w:rPr><w:b/></w:rPr>{piece}</w:r>" for piece in pieces if piece)


def text_field(name: str, inside: str = "") -> str:
    return f'<w:name w:val="{name}"/><w:enabled/><w:textInput>{inside}</w:textInput>'


def lines(data: bytes) -> list[str]:
    root = etree.fromstring(parts(data)[MAIN])
    return ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in root.iter(f"{W}p")]


def test_form_fields_are_told_with_addresses_that_work() -> None:
    """Beside the content controls, in the order of the document."""
    report = inspect(FORM)
    controls = report.own["controls"]
    told = [(one["address"], one["kind"], one["text"], one["filled"]) for one in controls]
    assert told == [
        ("champ:Texte1", "text", "     ", False), ("champ:Texte2", "text", "(ville)", False),
        ("champ:Case1", "checkbox", "☒", True), ("champ:Case2", "checkbox", "☐", True),
        ("champ:Liste1", "list", "SA", True), ("tag:nom", "text", "Cliquez ici.", False),
    ]  # fmt: skip
    assert [item["text"] for item in controls[4]["items"]] == ["Choisir", "SA", "SARL", "EPCI"]
    assert not any(problem.code == "control-without-properties" for problem in report.problems)


def test_a_form_field_is_filled_and_stays_one(tmp_path: Path) -> None:
    """The text in its result, the box and the choice in its data; bookmarks and all other text stay."""
    filled = Template.open(FORM).fill(VALUES)
    body = parts(filled)[MAIN].decode("utf-8")
    assert lines(filled) == [
        "Nom commercial : Boutique & fils", "Ville : Hem", " le marché public", " l’accord-cadre", "Forme : ",
        "Contrôle moderne : X",
    ]  # fmt: skip
    assert re.findall(r'<w:checked w:val="(.)"/>', body) == ["0", "1"]
    assert '<w:result w:val="2"/>' in body
    assert body.count("<w:ffData>") == 5
    assert body.count("<w:bookmarkStart") == body.count("<w:bookmarkEnd") == 2
    assert [one.text for one in Template.from_bytes(filled).controls] == [
        "Boutique & fils",
        "Hem",
        "☐",
        "☒",
        "SARL",
        "X",
    ]
    path = tmp_path / "rempli.docx"
    path.write_bytes(filled)
    errors = OpenXmlValidator(FileFormat.MICROSOFT_365).validate(path).errors
    assert [one.description for one in errors if "relationship" not in one.description] == []


def test_a_form_field_taken_off_leaves_what_it_shows() -> None:
    """Boxes and choices become text."""
    flat = Template.open(FORM).fill(VALUES, "unwrap")
    assert lines(flat) == [
        "Nom commercial : Boutique & fils", "Ville : Hem", "☐ le marché public", "☒ l’accord-cadre", "Forme : SARL",
        "Contrôle moderne : X",
    ]  # fmt: skip
    assert b"fldChar" not in parts(flat)[MAIN]
    assert b"FORMTEXT" not in parts(flat)[MAIN]


def test_what_a_form_shows_is_read_as_the_paper_shows_it() -> None:
    """A box that is ticked, an entry that is chosen."""
    [story] = read_stories(Package(Template.open(FORM).fill(VALUES), "x.docx"))
    assert story.text.split("\n")[2:5] == ["☐ le marché public", "☒ l’accord-cadre", "Forme : SARL"]
    spans = [(span.tag, story.text[span.start : span.end]) for span in story.spans]
    assert spans[:2] == [("Texte1", "Boutique & fils"), ("Texte2", "Hem")]
    assert spans[4] == ("Liste1", "SARL")


@pytest.mark.parametrize("mode", ["keep", "unwrap"])
@pytest.mark.parametrize(
    "xml",
    [
        field(text_field("a"), "….", one_run=True),
        field(text_field("a"), "", one_run=True),
        "<w:r><w:t>avant </w:t></w:r>" + field(text_field("a"), separate=False) + "<w:r><w:t> après</w:t></w:r>",
        "<w:r><w:t>avant </w:t></w:r>" + field(text_field("a"), "….") + "<w:r><w:t> après</w:t></w:r>",
        '<w:hyperlink w:anchor="x"><w:r><w:t>avant </w:t></w:r>' + field(text_field("a"), "….") + "</w:hyperlink>"
        "<w:r><w:t> après</w:t></w:r>",
    ],
)
def test_only_the_result_changes_however_the_field_is_cut(xml: str, mode: Mode) -> None:
    """In one run with the words around, without a result, in a link; the look stays, a newline is a break."""
    form = Template.from_bytes(minimal(paragraph(xml)))
    filled = form.fill({"a": "un\ndeux"}, mode)
    assert lines(filled) == ["avant undeux après"]
    body = parts(filled)[MAIN].decode("utf-8")
    assert body.count("<w:br/>") == 1
    assert re.search(r'<w:rPr><w:b/></w:rPr><w:t xml:space="preserve">un</w:t>', body)
    assert body.count("fldChar ") == (0 if mode == "unwrap" else 3)


def test_a_date_field_writes_the_date_in_its_format() -> None:
    """As Word's picture has it, in French."""
    data = text_field("jour", '<w:type w:val="date"/><w:format w:val="d MMMM yyyy"/>')
    form = Template.from_bytes(minimal(paragraph(field(data, "date"))))
    assert [one.kind for one in form.controls] == ["date"]
    assert lines(form.fill({"jour": "2026-03-01"}))[0].replace("\u00a0", " ") == "1er mars 2026"


@pytest.mark.parametrize(
    ("data", "value", "code"),
    [
        (text_field("a", '<w:maxLength w:val="5"/>'), "abcdef", "too-long"),
        (text_field("a", '<w:type w:val="calculated"/>'), "x", "control-unfillable"),
        (text_field("a", '<w:type w:val="date"/>'), "hier", "bad-date"),
        ('<w:name w:val="a"/><w:checkBox><w:default w:val="0"/></w:checkBox>', "peut-être", "bad-choice"),
        ('<w:name w:val="a"/><w:ddList><w:listEntry w:val="un"/></w:ddList>', "deux", "bad-choice"),
    ],
)
def test_a_value_that_a_form_field_does_not_take_is_refused(data: str, value: str, code: str) -> None:
    """As by a content control of its kind."""
    form = Template.from_bytes(minimal(paragraph(field(data, "…"))))
    with pytest.raises(FillError) as refused:
        form.fill({"champ:a": value})
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_form_of_form_fields_becomes_a_template(tmp_path: Path) -> None:
    """Every field is served, by what it takes; a filled copy is found sound, a planted word is not."""
    adopt(FORM, tmp_path / "modele")
    template = TemplateFolder.open(tmp_path / "modele")
    assert {name: champ.type for name, champ in template.manifest.champs.items()} == {
        "nom_commercial": "texte",
        "case1": "oui-non",
        "case2": "oui-non",
        "liste1": "choix",
        "champ_nom": "texte",
    }
    assert template.manifest.laisser == ()
    assert check_template(tmp_path / "modele").problems == []
    returned = tmp_path / "retour.docx"
    returned.write_bytes(template.document.fill({"Texte2": "Hem"}))
    options = VerifyOptions(template=str(tmp_path / "modele"), jobs=1)
    left = ["leftover-placeholder"]  # that of the control that is left
    assert [problem.code for problem in verify([returned], options).problems] == left
    files = parts(returned)
    files[MAIN] = files[MAIN].replace("le marché public".encode(), "le marché privé".encode())
    returned.write_bytes(rezipped(files))
    assert sorted(problem.code for problem in verify([returned], options).problems) == ["altered-text", *left]
