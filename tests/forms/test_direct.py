"""A bare Word form filled: the data's fields are addresses of its controls, checked by the controls themselves."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]

from conventool.batch.options import RunOptions
from conventool.commands.fill import fill
from conventool.core.errors import ExitCode, OutputError
from conventool.core.problems import Problem, Severity
from conventool.core.row import Row
from conventool.documents.form_values import form_values
from conventool.sources.yaml_file import parse_yaml
from conventool.word.template import Template
from edits import MAIN, control, minimal, paragraph, parts

DATE = '<w:date><w:dateFormat w:val="{}"/><w:lid w:val="{}"/></w:date>'
LIST = (
    '<w:dropDownList><w:listItem w:value="Choisissez un élément."/><w:listItem w:displayText="Tacite" w:value="t"/>'
    '<w:listItem w:displayText="Expresse à terme" w:value="e"/></w:dropDownList>'
)
CHECKBOX = '<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>'

CASES = Path(__file__).parents[1] / "cases" / "forms"


def fill_row(template: Template, one: Row) -> tuple[bytes | None, list[Problem]]:
    """The document that a row makes of a form, or None if any problem is an error; and all problems."""
    _, ready, problems = form_values(template, one)
    assert (ready is None) == any(problem.severity is Severity.ERROR for problem in problems)
    return ready and template.fill_prepared(ready), problems


def section(*items: str) -> str:
    repeated = "".join(
        f"<w:sdt><w:sdtPr><w15:repeatingSectionItem/></w:sdtPr><w:sdtContent>{item}</w:sdtContent></w:sdt>"
        for item in items
    )
    return (
        '<w:sdt><w:sdtPr><w:tag w:val="lots"/><w15:repeatingSection/></w:sdtPr>'
        f"<w:sdtContent>{repeated}</w:sdtContent></w:sdt>"
    )


ITEM = paragraph(
    control("<w:text/>", "Lot", tag="lot"), " ", control(DATE.format("dd/MM/yyyy", "fr-FR"), "Date", tag="le")
)
FORM = minimal(
    paragraph(control("<w:text/>", "Nom", tag="nom"))
    + paragraph(control(DATE.format("d MMMM yyyy", "fr-FR"), "Date", tag="jour"))
    + paragraph(control(LIST, "Choisissez un élément.", tag="mode"))
    + paragraph(control(CHECKBOX, "☐", tag="accord", prompt=False))
    + paragraph(control("<w:text/>", "Entrez la ville", properties='<w:alias w:val="Ville du siège"/>'))
    + section(ITEM)
)


def row(text: str) -> Row:
    return next(parse_yaml(text, "donnees.yaml"))


def texts(data: bytes | None) -> dict[str, str]:
    assert data is not None
    return {found.address: found.text for found in Template.from_bytes(data).controls if found.kind != "repeat"}


def filled(text: str) -> bytes | None:
    return fill_row(Template.from_bytes(FORM), row(text))[0]


@pytest.mark.parametrize(
    ("line", "address", "shown"),
    [
        ("nom: 02100", "tag:nom", "02100"),
        ('"tag:nom": Hem', "tag:nom", "Hem"),
        ("Ville du siège: Hem", "alias:Ville du siège", "Hem"),
        ("text:Entrez la ville: Hem", "alias:Ville du siège", "Hem"),
        ("jour: 1er mars 2026", "tag:jour", "1er\N{NO-BREAK SPACE}mars\N{NO-BREAK SPACE}2026"),
        ("jour: 12/03/2026", "tag:jour", "12\N{NO-BREAK SPACE}mars\N{NO-BREAK SPACE}2026"),
        ("mode: tacite", "tag:mode", "Tacite"),
        ("mode: e", "tag:mode", "Expresse à terme"),
        ("mode: EXPRESSE A TERME", "tag:mode", "Expresse à terme"),
        ("accord: oui", "tag:accord", "☒"),
        ("accord: non", "tag:accord", "☐"),
    ],
)
def test_a_value_is_read_as_its_control_asks(line: str, address: str, shown: str) -> None:
    """By tag, title or prompt; dates in French, lists by text or value, boxes by yes or no."""
    assert texts(filled(line))[address] == shown


def test_a_repeating_section_takes_a_list() -> None:
    """An item for each mapping, its dates read in French as well."""
    data = filled("lots:\n  - {lot: un, le: 1er mars 2026}\n  - {lot: deux, le: 2026-03-02}\n")
    assert data is not None
    shown = [found.text for found in Template.from_bytes(data).controls if found.tag in {"lot", "le"}]
    assert shown == ["un", "01/03/2026", "deux", "02/03/2026"]


def test_a_workbook_s_own_date_is_a_date() -> None:
    """Not every row is written by hand."""
    data, _ = fill_row(Template.from_bytes(FORM), Row({"jour": date(2026, 3, 12), "accord": True}))
    assert texts(data)["tag:jour"] == "12\N{NO-BREAK SPACE}mars\N{NO-BREAK SPACE}2026"


@pytest.mark.parametrize(
    ("text", "code", "place", "hint"),
    [
        (
            "nom: x\nmod: tacite\n",
            "control-missing",
            (2, 1),
            "Vouliez-vous dire «\N{NO-BREAK SPACE}mode\N{NO-BREAK SPACE}»",
        ),
        ("nom: x\nmode: tacit\n", "bad-choice", (2, 7), "« Tacite », « Expresse à terme »"),
        ("mode: Choisissez un élément.\n", "bad-choice", (1, 7), "« Tacite »"),
        ("jour: demain\n", "bad-date", (1, 7), "2026-03-12"),
        ("jour: 12/03/26\n", "ambiguous-date", (1, 7), "12/03/2026"),
        ("accord: peut-être\n", "bad-choice", (1, 9), "oui ou non"),
        ("nom: [a, b]\n", "bad-value", (1, 6), "texte"),
        ("nom: {a: b}\n", "bad-value", (1, 6), "une ligne"),
        ("lots: x\n", "bad-value", (1, 7), "liste"),
        (
            "lots:\n  - lot: un\n  - lots: deux\n",
            "control-missing",
            (3, 5),
            "«\N{NO-BREAK SPACE}lot\N{NO-BREAK SPACE}»",
        ),
        ("lots:\n  - le: un\n", "bad-date", (2, 9), "2026-03-12"),
    ],
)
def test_what_is_wrong_is_told_where_it_is_written(text: str, code: str, place: tuple[int, int], hint: str) -> None:
    """One problem, at its line and column, with what to write; nothing is made."""
    data, problems = fill_row(Template.from_bytes(FORM), row(text))
    assert data is None
    [problem] = problems
    assert (problem.code, problem.place.line, problem.place.column) == (code, *place)
    assert problem.place.file == "donnees.yaml"
    assert hint in (problem.hint or "")


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Every problem of the row, not the first."""
    _, problems = fill_row(Template.from_bytes(FORM), row("mode: x\njour: y\nrien: z\n"))
    assert [problem.code for problem in problems] == ["bad-choice", "bad-date", "control-missing"]


def test_two_values_for_one_control_are_refused() -> None:
    """By tag and by prompt: it is the same control."""
    data, problems = fill_row(Template.from_bytes(FORM), row("nom: a\ntext:Nom: b\n"))
    assert data is None
    assert [problem.code for problem in problems] == ["control-conflict"]


def test_one_value_fills_every_control_of_a_tag() -> None:
    """In a form as in a list: the same tag means the same value."""
    data, problems = filled_case("05-simple.docx", "05.yaml")
    assert problems == []
    by_tag: dict[str | None, set[str]] = {}
    for one in Template.from_bytes(data).controls:
        by_tag.setdefault(one.tag, set()).add(one.text)
    assert all(len(texts) == 1 for texts in by_tag.values())


def filled_case(form: str, data: str) -> tuple[bytes, list[Problem]]:
    filled, problems = fill_row(Template.open(CASES / form), row((CASES / data).read_text(encoding="utf-8")))
    assert filled is not None
    return filled, problems


def test_prompts_left_in_repeated_items_are_told() -> None:
    """With the rank of the item."""
    _, [problem] = filled_case("12-lots.docx", "12c.yaml")
    assert (problem.code, problem.severity) == ("leftover-placeholder", Severity.WARNING)
    assert re.findall(r"« (.*?) »", problem.message) == [
        "lots, élément 2 : tag:montant", "lots, élément 3 : tag:intitule", "lots, élément 3 : tag:montant",
    ]  # fmt: skip


def test_a_section_that_is_given_no_item_disappears() -> None:
    """Its row goes, and the table with its last row; a cell goes on holding a paragraph."""
    template = Template.open(CASES / "12-lots.docx")
    data, problems = fill_row(template, row("nom: Hem\nlots: []\n"))
    assert problems == []
    assert data is not None
    before, after = parts((CASES / "12-lots.docx").read_bytes())[MAIN], parts(data)[MAIN]
    assert (before.count(b"<w:tr>"), after.count(b"<w:tr>")) == (3, 2)
    assert b"repeatingSection" not in after
    section = (
        '<w:sdt><w:sdtPr><w:tag w:val="s"/><w15:repeatingSection/></w:sdtPr><w:sdtContent><w:sdt><w:sdtPr>'
        "<w15:repeatingSectionItem/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>"
    )
    rows = "<w:tbl>" + section.format("<w:tr><w:tc><w:p/></w:tc></w:tr>") + "</w:tbl>"
    cell = f"<w:tbl><w:tr><w:tc>{section.format(paragraph('x'))}</w:tc></w:tr></w:tbl>"
    assert b"tbl" not in parts(Template.from_bytes(minimal(rows + "<w:p/>")).fill({"s": []}))[MAIN]
    assert b"<w:tc><w:p/></w:tc>" in parts(Template.from_bytes(minimal(cell + "<w:p/>")).fill({"s": []}))[MAIN]


def test_a_box_of_a_symbol_font_is_written_as_a_symbol() -> None:
    """As Word does: as text, other programs print a letter."""
    filled, _ = filled_case("08b-cases-wingdings.docx", "08b.yaml")
    signs = re.findall(rb'<w:sym w:font="([^"]+)" w:char="([^"]+)"/>', parts(filled)[MAIN])
    assert signs == [
        (b"Wingdings", b"F0FE"), (b"Wingdings 2", b"F052"), (b"Wingdings", b"F0FE"), (b"Wingdings", b"F0A8"),
    ]  # fmt: skip


def test_data_bound_by_a_path_from_anywhere_is_filled() -> None:
    """« //tel » as XPath has it: the store and the other control get the value."""
    filled, _ = filled_case("o3-liaison-double-barre.docx", "o3-donnees.yaml")
    assert [one.text for one in Template.from_bytes(filled).controls] == ["03 20 00 00 00"] * 2
    stores = [data for name, data in parts(filled).items() if name.startswith("customXml/item") and b"<" in data]
    assert any(b"03 20 00 00 00" in data for data in stores)


def test_lines_in_a_justified_paragraph_are_not_stretched(tmp_path: Path) -> None:
    """By Word's own setting, put where it belongs, and only where such a value asks for it."""
    settings = "word/settings.xml"
    template = Template.open(CASES / "10-multiligne.docx")
    filled, _ = filled_case("10-multiligne.docx", "10.yaml")
    assert parts(filled)[settings].count(b"<w:compat><w:doNotExpandShiftReturn/><w:compatSetting ") == 1
    (tmp_path / "x.docx").write_bytes(filled)
    errors = OpenXmlValidator(FileFormat.MICROSOFT_365).validate(tmp_path / "x.docx").errors
    assert [one.description for one in errors if "settings" in (one.part_uri or "")] == []
    before = parts((CASES / "10-multiligne.docx").read_bytes())[settings]
    for values in ({"multi": "une seule ligne"}, {"zone": "ici\nrien n’est justifié"}):
        assert parts(template.fill(values))[settings] == before


def test_the_last_newline_of_a_value_is_no_line() -> None:
    """A text of several lines ends with one in YAML."""
    filled, _ = fill_row(Template.from_bytes(FORM), row("nom: |\n  Hem\n  Nord\n"))
    assert filled is not None
    assert parts(filled)[MAIN].count(b"<w:br/>") == 1


def test_a_control_that_keeps_its_prompt_is_a_warning() -> None:
    """The document is made; a null leaves a control to be filled in Word, knowingly or not."""
    data, [problem] = fill_row(Template.from_bytes(FORM), row("nom: Hem\njour: null\nlots: [{lot: un}]\n"))
    assert data is not None
    assert (problem.code, problem.severity) == ("leftover-placeholder", Severity.WARNING)
    assert "« tag:jour », « tag:mode », « alias:Ville du siège »" in problem.message
    assert "tag:nom" not in problem.message


def test_fill_writes_one_document_named_after_form_and_data(tmp_path: Path) -> None:
    """Planned like the others: the same again is identical, another is not overwritten."""
    form, data = tmp_path / "Formulaire d’été.docx", tmp_path / "hem.yaml"
    form.write_bytes(FORM)
    data.write_text("nom: Hem\n", encoding="utf-8")
    options = RunOptions(str(form), tmp_path / "sortie")
    [document] = fill(data, options).documents
    assert document.path.name == "formulaire-d-ete_hem.docx"
    assert b"Hem" in parts(document.path)[MAIN]
    assert [one.status for one in fill(data, options).documents] == ["identical"]
    data.write_text("nom: Ytres\n", encoding="utf-8")
    with pytest.raises(OutputError):
        fill(data, options)
    data.write_text("non: Ytres\n", encoding="utf-8")
    report = fill(data, options)
    assert (report.exit_code, report.documents) == (ExitCode.PROBLEMS, ())
