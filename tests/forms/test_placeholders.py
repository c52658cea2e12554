"""Placeholders in plain text and merge fields: only their own characters are taken, and nothing else moves.

What a document says before and after is read here by lxml alone.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator  # type: ignore[import-untyped]

from conventool.core.problems import Problem
from conventool.word.adoption import prepare_form
from conventool.word.package import Package
from conventool.word.template import Template
from edits import MAIN, control, minimal, paragraph, parts

CASES = Path(__file__).parents[1] / "cases" / "forms"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KEPT = ("drawing", "pict", "tbl", "footnoteReference", "bookmarkStart", "bookmarkEnd", "permStart", "permEnd",
        "hyperlink", "smartTag", "ins", "del", "br", "tab", "proofErr", "lastRenderedPageBreak", "txbxContent",
        "p")  # fmt: skip


def adopted(form: bytes | Path, *placeholders: str) -> tuple[bytes, list[Problem]]:
    data = form.read_bytes() if isinstance(form, Path) else form
    return prepare_form(Package(data, "x.docx"), placeholders)[:2]


def texts(data: bytes, part: str = MAIN) -> list[str]:
    """The text of each paragraph, that of text boxes in their own place."""
    root = etree.fromstring(parts(data)[part])
    return ["".join(t.text or "" for t in p.iter(f"{W}t", f"{W}delText")) for p in root.iter(f"{W}p")]


def counts(data: bytes, part: str = MAIN) -> dict[str, int]:
    root = etree.fromstring(parts(data)[part])
    fields = [one.get(f"{W}instr") or "" for one in root.iter(f"{W}fldSimple")]
    kept = sum("MERGEFIELD" not in instruction for instruction in fields)
    return {"fldSimple": kept} | {name: sum(1 for _ in root.iter(f"{W}{name}")) for name in KEPT}


def prompts(data: bytes) -> list[str | None]:
    return [one.placeholder for one in Template.from_bytes(data).controls]


def test_a_reference_in_brackets_keeps_its_place() -> None:
    """A field is a boundary: the sentence in brackets around it is no placeholder, and keeps its order."""
    form = CASES / "p1-renvoi-entre-crochets.docx"
    data, _ = adopted(form, "[…]")
    assert prompts(data) == ["[nom de la commune]"]
    assert texts(data) == texts(form.read_bytes())
    assert b"REF _Ref1" in parts(data)[MAIN]


@pytest.mark.parametrize("name", ["p2-champ-de-fusion-en-zone-de-texte", "03-publipostage", "27-un-seul-run"])
def test_a_merge_field_gives_its_own_place_only(name: str) -> None:
    """Text boxes, the text after it in its run, fields of other kinds: all stay as they are."""
    form = CASES / f"{name}.docx"
    data, _ = adopted(form, "MERGEFIELD")
    for part in parts(form):
        if part.startswith("word/") and part.endswith(".xml") and part != "word/settings.xml":
            before, after = counts(form.read_bytes(), part), counts(data, part)
            assert (texts(data, part), after) == (texts(form.read_bytes(), part), before)


def test_of_a_mail_merge_what_cannot_be_kept_is_told() -> None:
    """Fields inside others, switches that change a value, the tie to the list."""
    data, problems = adopted(CASES / "03-publipostage.docx", "MERGEFIELD")
    told = [(problem.code, re.findall(r"«\s(.+?)\s»|champ ([A-Z]+) d", problem.message)[0:1]) for problem in problems]
    told = [(code, ["".join(name) for name in names]) for code, names in told]
    assert told == [
        ("merge-field-left", ["ASK"]),
        ("merge-field-left", ["FILLIN"]),
        ("merge-field-left", ["NEXT"]),
        ("merge-field-left", ["Civilite"]),
        ("merge-field-left", ["Site"]),
        ("mail-merge-removed", []),
    ]
    files = parts(data)
    assert b"mailMerge" not in files["word/settings.xml"]
    assert files[MAIN].count(b"MERGEFIELD") == 2
    dates = {one.alias: one.date_format for one in Template.from_bytes(data).controls if one.kind == "date"}
    assert dates["Echeance"] == "dddd d MMMM yyyy"


def test_fields_that_no_single_value_can_replace_are_told() -> None:
    """They stay; a merge field that goes over paragraphs, or holds another, does too."""
    block = FIELD.replace("REF a", "ADDRESSBLOCK")
    begin, end = MERGE.split("<w:r><w:t>", 1)
    nested = MERGE.replace("MERGEFIELD", f"MERGEFIELD </w:instrText></w:r>{FIELD}<w:r><w:instrText>")
    form = minimal(paragraph(block) + paragraph(begin) + paragraph("<w:r><w:t>" + end) + paragraph(nested))
    data, problems = adopted(form, "MERGEFIELD")
    assert [problem.code for problem in problems] == ["merge-field-left"] * len(problems)
    assert "ADDRESSBLOCK" in problems[0].message
    assert "plusieurs paragraphes" in problems[1].message
    assert (texts(data), counts(data)) == (texts(form), counts(form))
    assert Template.from_bytes(data).controls == ()


def test_the_words_after_a_field_in_one_run_stay_when_it_is_filled() -> None:
    """The whole field stands in one run with what surrounds it."""
    data, _ = adopted(CASES / "27-un-seul-run.docx", "MERGEFIELD")
    template = Template.from_bytes(data)
    assert texts(template.fill({"alias:Nom": "Hem"})) == ["Bonjour Hem, suite du contrat."]


def test_placeholders_are_found_wherever_word_has_cut_them() -> None:
    """By spelling marks, bookmarks, a page's end, looks, permissions, links, hyphens and tabs."""
    form = CASES / "17-reperes-coupes.docx"
    data, _ = adopted(form, "[…]", "{{ x }}", "……")
    assert prompts(data) == [
        "[nom_commune]", "[adresse du siège]", "[date de signature]", "[nom du maire]", "{{ prix }}", "..........",
        "________", "………", "[motif]", "[courriel]", "[sous\N{NON-BREAKING HYPHEN}préfecture]", "[nom\tprénom]",
        "{{ nom|upper }}",
    ]  # fmt: skip
    assert texts(data) == texts(form.read_bytes())
    assert counts(data) == counts(form.read_bytes())


RUN = '<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF a </w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>[6.1]</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
MERGE = FIELD.replace("REF a", 'MERGEFIELD "Nom"')
ONE_RUN = "<w:r><w:t>avant </w:t>{}<w:t> après</w:t></w:r>".format(re.sub("</?w:r>", "", MERGE))
BOX = (
    '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent><w:p>'
    f"<w:r><w:t>Cadre [a] </w:t></w:r>{MERGE}</w:p><w:p><w:r><w:t>Caution</w:t></w:r></w:p></w:txbxContent></v:textbox>"
    "</v:shape></w:pict></w:r>"
)
BETWEEN = (
    "", '<w:proofErr w:type="spellStart"/>', '<w:bookmarkStart w:id="{n}" w:name="b{n}"/><w:bookmarkEnd w:id="{n}"/>',
    '<w:permStart w:id="{n}" w:edGrp="everyone"/><w:permEnd w:id="{n}"/>', "<w:r><w:lastRenderedPageBreak/></w:r>",
)  # fmt: skip
AROUND = (
    "{}", '<w:hyperlink w:anchor="x">{}</w:hyperlink>', '<w:smartTag w:uri="u" w:element="e">{}</w:smartTag>',
    '<w:sdt><w:sdtPr><w:tag w:val="goog_rdk_{n}"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>',
)  # fmt: skip
ALONE = (
    FIELD, BOX, '<w:r><w:br/></w:r>', '<w:r><w:footnoteReference w:id="2"/></w:r>',
    '<w:ins w:id="90" w:author="x"><w:r><w:t>[ajout]</w:t></w:r></w:ins>',
    '<w:del w:id="91" w:author="x"><w:r><w:delText>[retrait]</w:delText></w:r></w:del>',
    control("<w:text/>", "[c]", tag="c", prompt=False),
    "<w:r><w:t>du texte</w:t><w:tab/></w:r>", '<w:fldSimple w:instr=" PAGE "><w:r><w:t>[1]</w:t></w:r></w:fldSimple>',
)  # fmt: skip


@st.composite
def placeholders(draw: st.DrawFn) -> str:
    """A placeholder cut anywhere, with anything that Word puts between; perhaps words of its first and last run."""
    text = draw(st.sampled_from(["[nom de la commune]", "[date]", "[a b]"]))
    cuts = sorted(draw(st.sets(st.integers(1, len(text) - 1), max_size=3)))
    pieces = [text[i:j] for i, j in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    pieces[0] = draw(st.sampled_from(["", "avant "])) + pieces[0]
    pieces[-1] += draw(st.sampled_from(["", " après", ", fin [ ] "]))
    xml = ""
    for piece in pieces:
        n = draw(st.integers(100, 10**6))
        look = draw(st.sampled_from(["", "<w:rPr><w:b/></w:rPr>"]))
        run = RUN.format(look=look, text=piece)
        xml += draw(st.sampled_from(BETWEEN)).format(n=n)
        xml += draw(st.sampled_from(AROUND)).format(run, n=n)
    return xml


PIECES = st.one_of(placeholders(), st.sampled_from(ALONE))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(PIECES, max_size=4), min_size=1, max_size=3))
def test_nothing_but_placeholders_changes(pieces: list[list[str]]) -> None:
    """The text, and every drawing, table, field, note, range and change, are those of the form."""
    form = minimal("".join(paragraph(*[RUN.format(look="", text="."), *row]) for row in pieces))
    data, _ = adopted(form, "[…]")
    assert texts(data) == texts(form)
    assert counts(data) == counts(form)
    planted = sum(piece not in ALONE for row in pieces for piece in row)
    boxes = sum(piece == BOX for row in pieces for piece in row)
    controls = sum('w:val="c"' in piece for row in pieces for piece in row)
    made = Template.from_bytes(data).controls
    assert len(made) == planted + boxes + controls
    assert all(re.fullmatch(r"\[.+\]", one.text) for one in made)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*ALONE, MERGE, ONE_RUN]), min_size=1, max_size=6))
def test_nothing_but_merge_fields_changes(pieces: list[str]) -> None:
    """What shares the paragraph, the run or the text box of a merge field is left as it is."""
    form = minimal(paragraph(*pieces) + "<w:tbl><w:tr><w:tc>" + paragraph(MERGE) + "</w:tc></w:tr></w:tbl>")
    data, _ = adopted(form, "MERGEFIELD")
    assert texts(data) == texts(form)
    assert counts(data) == counts(form)
    body = parts(data)[MAIN]
    assert b"MERGEFIELD" not in body
    assert body.count(b" REF a ") == sum(piece == FIELD for piece in pieces)


def test_the_result_is_one_that_word_opens(tmp_path: Path) -> None:
    """By the outside judge, on every form of the kind."""
    for name in ("p1-renvoi-entre-crochets", "p2-champ-de-fusion-en-zone-de-texte", "03-publipostage",
                 "27-un-seul-run", "17-reperes-coupes"):  # fmt: skip
        form, made = CASES / f"{name}.docx", tmp_path / f"{name}.docx"
        made.write_bytes(adopted(form, "[…]", "MERGEFIELD")[0])
        before, after = (
            {error.description for error in OpenXmlValidator(FileFormat.MICROSOFT_365).validate(path).errors}
            for path in (form, made)
        )
        assert after <= before
